/*
 * What the guides of the station's catalogue ask before a form is opened (情形): with that, a form
 * is checked for answers that nobody can give.
 */
#ifndef YIMEN_TUI_FORM_ASKED_H
#define YIMEN_TUI_FORM_ASKED_H

#include "forms/form.h"

/* The questions of all guides whose form this is; none when there is no catalogue yet. */
struct form_questions form_asked(const char *home, const char *form_id);
void form_asked_free(struct form_questions *asked);
/* Reads a right form again with them, so that its doubts are of them too. */
void form_check_asked(struct form **form, const char *home, const char *path);

#endif
