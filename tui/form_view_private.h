/*
 * Shared by the parts of the form view: where it is (form_view.c), keys (form_view_keys.c), drawing
 * (form_view_draw.c). Nobody else includes this.
 */
#ifndef YIMEN_TUI_FORM_VIEW_PRIVATE_H
#define YIMEN_TUI_FORM_VIEW_PRIVATE_H

#include "forms/entry.h"
#include "tui/form_line.h"
#include "tui/form_view.h"

/* The line with the focus, NULL: there is none. Borrowed until a change. */
const struct entry_line *form_view_current(struct form_view *v);
/* Its index among *lines; *count when there is none. */
size_t form_view_index(struct form_view *v, size_t *count, const struct entry_line **lines);
/* Gives the focus to a node; what was typed before is forgotten: form_view_leave first. */
void form_view_to(struct form_view *v, struct node *n);
/* After a change of structure: the same place if it is still there, else the first field. */
void form_view_refocus(struct form_view *v);
/* The first field of the next group (by 1) or the one before (by -1). */
void form_view_change_group(struct form_view *v, int by);
/* The next field that blocks a submission, with what is wrong in the message row. */
void form_view_next_fault(struct form_view *v);
/* Counts what is wrong, missing, doubtful. */
void form_view_count(struct form_view *v);
/* Puts what has changed into the draft, in one commit; materials and hidden fields follow. */
void form_view_store(struct form_view *v);

#endif
