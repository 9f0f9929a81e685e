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
/* The line becomes what the current field holds, as one writes it. */
void form_view_reline(struct form_view *v);
/* The first field of the next group (by 1) or the one before (by -1). */
void form_view_change_group(struct form_view *v, int by);
/* The next field that blocks a submission, with what is wrong in the message row. */
void form_view_next_fault(struct form_view *v);
/* Counts what is wrong, missing, doubtful. */
void form_view_count(struct form_view *v);
/* Puts what has changed into the draft, in one commit; materials and hidden fields follow. */
void form_view_store(struct form_view *v);
/* Says this after what that has changed in the list of papers. */
void form_view_say_also(struct form_view *v, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* One step back (undo) or on again (redo). */
void form_view_travel(struct form_view *v, bool back);

/* ---- values from elsewhere (form_view_fill.c) ---- */

/* The offer for the current field, if nothing is typed in it; NULL: none. */
struct offer *form_view_offer(struct form_view *v);
/* After an answer: another person may have other offers, and says so. */
void form_view_meet(struct form_view *v);
/* What was typed is a card reader's line: its fields go to where they belong. true: it was. */
bool form_view_card(struct form_view *v);
/* The same of what was read where one chooses (arg: the form_view). */
void form_view_read(void *arg, const char *text);
/* A field that is typed twice was typed once. */
void form_view_ask_twice(struct form_view *v, struct node *n);
void form_view_take_offer(struct form_view *v);
void form_view_take_all(struct form_view *v);
void form_view_refuse_offer(struct form_view *v);
void form_view_recall(struct form_view *v);
void form_view_person(struct form_view *v);
/* Puts a value into the current field as if it had been typed. */
void form_view_put(struct form_view *v, const char *value);

/* ---- why (form_view_why.c) ---- */

void form_view_why(struct form_view *v);

#endif
