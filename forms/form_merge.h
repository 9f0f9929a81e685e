/*
 * One form of several (一件事): every question once. Questions of the same name are one question,
 * asked when any of the forms asks it; groups of the same name are one group; choice lists of the
 * same name and different choices stay apart.
 */
#ifndef YIMEN_FORMS_FORM_MERGE_H
#define YIMEN_FORMS_FORM_MERGE_H

#include "forms/form.h"

struct form_part {
	const char *path; /* of its definition: a folder or an .xlsx file */
	const char *when; /* the expression that says whether this form takes part */
};

/*
 * item: the hidden field that the expressions speak of, given from outside. ERR_INVALID: faults as
 * form_read_folder, or what cannot be joined.
 */
enum err form_read_merged(struct form **out, const char *id, const char *title, const char *item,
	const struct form_part *parts, size_t count, struct buf *faults);

#endif
