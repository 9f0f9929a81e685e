/*
 * What a visitor is shown in large text: of a guide, of the list of materials, of what is to be
 * confirmed, of a case. Few words; numbers are masked whatever the clerk's own screens show, names
 * too but where the name is what is confirmed; no password.
 */
#ifndef YIMEN_TUI_LARGE_FILL_H
#define YIMEN_TUI_LARGE_FILL_H

#include "tui/large_text.h"

struct case_view;
struct checklist;
struct intake;
struct matter;
struct store;

/* How many materials, each with its form, and where to go. */
void large_matter(struct large_text *t, const struct matter *m);
/* What is still missing first, then what is there. */
void large_checklist(struct large_text *t, const struct checklist *c);
/* The answers, a group a page, and the materials. */
void large_answers(struct large_text *t, const struct intake *in);
/* The number to keep; of a bundle that of each matter. */
void large_receipt(struct large_text *t, struct store *s, const struct case_view *v);
/* How it stands: the number, what is to be corrected, what is owed, the result. */
void large_case(struct large_text *t, struct store *s, const struct case_view *v);

#endif
