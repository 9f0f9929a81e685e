/*
 * Inside of form_merge.c: the choice lists of several forms beside each other. Lists of one name
 * and the same choices are one list; a list of other choices gets a name of its own (towns_2).
 */
#ifndef YIMEN_FORMS_FORM_LISTS_H
#define YIMEN_FORMS_FORM_LISTS_H

#include <stddef.h>

struct item;
struct sheet;
struct joined_list;

/* Zeroed before the first use; lists_fini() it. */
struct joined_lists {
	struct joined_list *lists;
	size_t count;
	char **headers; /* of the choices' other columns */
	size_t header_count;
};

/* The selects of a form get the names that their lists have among the joined ones. choices: the
 * form's own sheet, or NULL. */
void lists_place(struct joined_lists *j, const struct sheet *choices, struct item *in);
/* Writes all as a choices sheet, header first. */
void lists_write(struct joined_lists *j, struct sheet *s);
void lists_fini(struct joined_lists *j);

#endif
