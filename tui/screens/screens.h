/*
 * Every screen there is: what it needs to begin. Each gives a screen for app_push.
 */
#ifndef YIMEN_TUI_SCREENS_SCREENS_H
#define YIMEN_TUI_SCREENS_SCREENS_H

#include <stddef.h>
#include <stdint.h>

#include "core/domain/lifecycle.h"
#include "core/station/search.h"
#include "tui/pick_rows.h"

struct app;
struct entry;
struct pager;
struct person;
struct flow;
struct large_text;
struct node;
struct screen;
struct store;

struct screen *sign_in_screen(struct app *a, const char *window);
struct screen *today_screen(struct app *a);
/* Handing over at the end of a shift; then the next one signs in. */
struct screen *shift_screen(struct app *a);
struct screen *help_screen(struct app *a, struct screen *of);
struct screen *palette_screen(struct app *a, struct screen *of);

/* The choices of a select, to be found by typing. chosen is called with a choice's name: once for
 * one answer, each time it is ticked or taken back where several are allowed; read with a reader's
 * line, which is no choice. */
struct screen *choice_screen(struct app *a, struct entry *entry, struct node *node,
	const char *words, void (*chosen)(void *arg, const char *name),
	void (*read)(void *arg, const char *text), void *arg);

/* A page of text; fill is called with an empty pager whenever the width changes. */
struct screen *page_screen(
	struct app *a, const char *title, void (*fill)(void *arg, struct pager *p), void *arg);

/* Large text, turned to a visitor; fill makes its pages, also anew when something has changed. arg
 * must outlive it: it is the screen below. */
struct screen *large_screen(
	struct app *a, void (*fill)(void *arg, struct large_text *t), void *arg);

/* A few values to take one from; the rows are the screen's from then on. */
struct screen *pick_screen(struct app *a, const char *title, struct pick_row *rows, size_t count,
	void (*picked)(void *arg, const char *value), void *arg);

/* Persons served before, in other cases than except_id (borrowed while it is open); chosen gets
 * one, borrowed for the call. */
struct screen *person_screen(struct app *a, const char *words, const char *except_id,
	void (*chosen)(void *arg, const struct person *p), void *arg);

/* words: what is typed already, "" for none. */
struct screen *find_screen(struct app *a, const char *words);
/* What is of one theme, body or place; label: how it is called. */
struct screen *find_within(
	struct app *a, enum search_facet facet, const char *value, const char *label);
/* The places of one name. */
struct screen *places_screen(struct app *a, const char *name);
struct screen *browse_screen(struct app *a);
struct screen *changes_screen(struct app *a);
/* Of the centre; those that are shown count as read. */
struct screen *notices_screen(struct app *a);
/* NULL, and the reason said, when there is no such matter. */
struct screen *guide_screen(struct app *a, const char *task_code);

/* The steps of one application; each holds the flow. place: the field to begin at, NULL: where it
 * is open; cursor_cps: before which character of it, -1 after the last. */
struct screen *situation_screen(struct app *a, struct flow *f, const char *place, int cursor_cps);
struct screen *checklist_screen(struct app *a, struct flow *f);
struct screen *form_screen(struct app *a, struct flow *f, const char *place, int cursor_cps);
struct screen *review_screen(struct app *a, struct flow *f);
/* The application at hand beside a draft or case of the same person and matter. */
struct screen *compare_screen(struct app *a, struct flow *f, const char *other_id);
/* Of a case, by any of its numbers. */
struct screen *receipt_screen(struct app *a, const char *any_number);

/* Preview and printing of slips. number: of a case, whose state says which slip comes first; or
 * the code of a matter, for the notice to a visitor. */
struct screen *slip_screen(struct app *a, const char *number, bool of_case);
/* The notice for a visitor who has only asked; facts: what they have and what they lack, as JSON.
 */
struct screen *slip_notice_screen(struct app *a, const char *task_code, const char *facts);

struct screen *outbox_screen(struct app *a);
struct screen *letter_screen(struct app *a, const char *letter_id);
struct screen *cases_screen(struct app *a);
struct screen *cases_found_screen(struct app *a, const char *words); /* those with these words */
struct screen *case_screen(struct app *a, const char *any_number);
/* Results to hand over. */
struct screen *pickup_screen(struct app *a);
struct screen *counts_screen(struct app *a);
/* Of a case, turned to the visitor. NULL, and the reason said, when it is not to be offered. */
struct screen *evaluation_screen(struct app *a, const char *any_number);
/* The ledger of bad marks. */
struct screen *ledger_screen(struct app *a);
/* The tickets of today. */
struct screen *queue_screen(struct app *a);
/* What is open at the end of this day (since 1970), the reconciliation, closing it. */
struct screen *day_end_screen(struct app *a, int32_t day);

/* Goes to the questions of one act on a case, with what was begun of it; the reason is said when it
 * is not possible now. */
void act_open(struct app *a, const char *any_number, enum case_act act);
/* The acts on a case in this state, for pick_screen: those possible now, then the others with the
 * reason; the value is the act's name. */
void act_rows(struct store *s, const char *case_id, const char *state, struct pick_row **rows,
	size_t *count);

#endif
