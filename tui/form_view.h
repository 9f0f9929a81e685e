/*
 * An entry (forms/entry.h) on the screen: its fields in rows, the current one being typed, what the
 * checks say beside each. What is typed goes to the draft when the field is left, and within a
 * second in any case. Used for the form and for the questions of a matter's situations.
 */
#ifndef YIMEN_TUI_FORM_VIEW_H
#define YIMEN_TUI_FORM_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/station/draft.h"
#include "tui/keys.h"
#include "tui/offers.h"
#include "tui/widget_line.h"

struct app;
struct canvas;
struct entry;
struct history;
struct intake;
struct key;
struct node;

/* Where the answers go when no draft stands behind them; save NULL: nowhere. */
struct form_keeper {
	enum err (*save)(void *arg);
	void (*at)(void *arg, const char *place); /* the field with the focus */
	void *arg;
};

struct form_view {
	struct app *app;
	struct intake *intake; /* borrowed; NULL: no draft stands behind it */
	struct form_keeper keeper;
	struct entry *entry;	 /* the one of its two that is shown */
	enum draft_step step;	 /* DRAFT_AT_SITUATION or DRAFT_AT_FORM: which */
	struct node *at;	 /* the current field; NULL: there is none */
	struct buf place;	 /* its place */
	struct history *history; /* what was done, to be taken back */
	struct offers offers;	 /* what this person answered before */
	struct buf twice;	 /* the place that is to be typed a second time; "" none */
	struct line line;	 /* what is being typed */
	bool typed;		 /* differs from what the entry has */
	bool unsaved;		 /* differs from what the draft has */
	int64_t typed_ms;	 /* when it was first typed (monotonic) */
	bool moved;		 /* the cursor, within the field, since the draft has it */
	int64_t moved_ms;	 /* since when (monotonic) */
	bool checked;		 /* a submission was tried: empty required fields show too */
	size_t errors, missing, warnings, fields;
	struct node *run_at;	/* where the last run of characters began, and */
	struct buf run_before;	/* what stood there: a reader's line may be no answer to it */
	struct buf run_text;	/* and its characters, as far as they came */
	bool card_taken;	/* what was left last was a card, and all of it was put in */
	int run;		/* of the last key: many are a scanner's */
	int top;		/* the first display row in view */
	int rows;		/* in view */
	int note_cols;		/* room beside a field, at the last drawing */
	int held_top, held_all; /* the top and the display rows of the last drawing */
	size_t below;		/* so many fields are under those in view */
};

/* Shows the situation's questions or the form, by step; begins at `place` ("" or gone: the first
 * field without an answer). */
void form_view_init(struct form_view *v, struct app *app, struct intake *intake,
	enum draft_step step, const char *place);
/* A few questions of their own, like those of an act; what is typed goes to the keeper as it goes
 * to a draft. Begins at `place` likewise. e is borrowed. */
void form_view_init_entry(struct form_view *v, struct app *app, struct entry *e,
	const struct form_keeper *keeper, const char *place);
void form_view_fini(struct form_view *v);
/* Puts the cursor before this character of the current field; beyond its text: at its end. */
void form_view_caret(struct form_view *v, size_t cps);

void form_view_draw(struct form_view *v, struct canvas *c, int row, int rows, int cols);
/* The second pane of wide terminals: what the current field is about. */
void form_view_aside(struct form_view *v, struct canvas *c, int row, int rows, int col);
/* Appends what stands in the message row: what is wrong with the current field, or its hint. */
void form_view_message(struct form_view *v, struct buf *out);
/* Appends what stays in view below it: the choices of the current field. */
void form_view_below(struct form_view *v, struct buf *out);

/* The commands of the current field, and among them the one that goes on from here; returns how
 * many. */
size_t form_view_commands(struct form_view *v, enum command go_on, enum command *out);
bool form_view_command(struct form_view *v, enum command c);
bool form_view_key(struct form_view *v, const struct key *k);
/* The key ends what a reader sent to where one chooses; it has been said that it was not used. */
bool form_view_lost_scan(struct form_view *v);
/* Whether characters are the answer itself, or choose one. */
enum typing form_view_typing(struct form_view *v);
int64_t form_view_tick(struct form_view *v, int64_t mono_ms);

/* Takes what is typed as the answer: normalises, checks, stores. */
void form_view_leave(struct form_view *v);
/* To the next (previous) field; false: that was the last (first). */
bool form_view_next(struct form_view *v);
bool form_view_previous(struct form_view *v);
/* Leaves the field and checks all. false: goes to the first fault and says how many there are. */
bool form_view_complete(struct form_view *v);
/* The field with this name has the focus (a letter was refused for it). */
void form_view_focus(struct form_view *v, const char *place);

#endif
