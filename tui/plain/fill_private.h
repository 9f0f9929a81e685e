/*
 * Shared by the parts of filling in: walking over the fields (fill.c), asking one (fill_ask.c,
 * fill_choice.c), a card read instead of an answer (fill_card.c), what else can be done at one
 * (fill_acts.c). Nobody else includes this.
 */
#ifndef YIMEN_TUI_PLAIN_FILL_PRIVATE_H
#define YIMEN_TUI_PLAIN_FILL_PRIVATE_H

#include "core/base/buf.h"
#include "forms/entry.h"
#include "tui/offers.h"
#include "tui/plain/fill.h"

struct history;

struct fill {
	struct desk *desk;
	struct talk *talk;
	struct intake *intake; /* NULL: no draft stands behind it */
	const struct fill_keeper *keeper;
	struct entry *entry;
	enum draft_step step;
	struct history *history;
	struct offers offers;
	struct node *at;   /* the field that is asked */
	struct buf place;  /* its place */
	struct buf group;  /* the heading that was said last */
	struct buf card;   /* the places a card has filled, a line each: not asked on the way */
	bool mending;	   /* from one fault to the next, what is right is not asked again */
	bool once_more;	   /* it was asked just now: in fewer words */
	enum way left_for; /* FILL_LEAVE: where to */
};

/* What follows an answer. */
enum fill_next {
	FILL_ON,     /* the next field */
	FILL_OPEN,   /* this one or the next that has no answer, or a wrong one */
	FILL_AGAIN,  /* the same once more */
	FILL_BEFORE, /* the field before */
	FILL_THERE,  /* the one at `place` */
	FILL_CHECK,  /* no more fields: what is wrong? */
	FILL_LEAVE
};

/* Asks for one line of the entry. */
enum fill_next fill_ask(struct fill *f, const struct entry_line *l);
enum fill_next fill_ask_choice(struct fill *f, const struct entry_line *l);
/* A reply that is no answer. */
enum fill_next fill_reply(
	struct fill *f, const struct entry_line *l, enum reply r, const char *words);
/* Takes a value as the answer: normalises, checks, stores, tells what follows. */
enum fill_next fill_put(struct fill *f, const struct entry_line *l, const char *value);

/* "name, required, hint, now X": the question for a line, without what its kind adds. */
void fill_question(struct fill *f, const struct entry_line *l, struct buf *out);

/* ---- what follows from an answer ---- */

/* What the form works out by itself, as it was before an answer. */
struct derived {
	struct derived_value {
		const struct node *node;
		char *value;
	} * list;
	size_t count;
};

void fill_remember(struct fill *f, struct derived *d);
/* Says what has another value since; frees. */
void fill_tell_derived(struct fill *f, struct derived *d);

/* ---- a card reader ---- */

/* A card reader's line: its parts go where they belong, and what was filled is told. false: it is
 * no card, and nothing was done. */
bool fill_card(struct fill *f, const struct entry_line *l, const char *typed, enum fill_next *next);
/* It holds what a card has put there, and nothing is wrong with it. */
bool fill_is_from_card(struct fill *f, const struct entry_line *l);

/* ---- acts ---- */

/* "label: value, wrong", as in lists. */
void fill_field_text(struct fill *f, const struct entry_line *l, struct buf *out);

enum fill_next fill_menu(struct fill *f, const struct entry_line *l, const char *words);
enum fill_next fill_list(struct fill *f);
enum fill_next fill_faults(struct fill *f);
/* A warning: the reason why it is right, or not now. */
enum fill_next fill_accept(struct fill *f, struct node *n);
enum fill_next fill_leave(struct fill *f, enum way w);
/* The same field again, unless the input has ended. */
enum fill_next fill_stay(struct fill *f);

/* Puts what has changed on disk, in one commit; the materials follow. */
void fill_store(struct fill *f);
void fill_to(struct fill *f, struct node *n);
/* It stands in the way of going on: wrong, empty, or a warning without a reason. */
bool fill_is_wrong(struct fill *f, const struct node *n);

/* ---- values from elsewhere ---- */

/* After an answer: another person may have other answers of before. */
void fill_meet(struct fill *f);
void fill_take_all(struct fill *f);
enum fill_next fill_person(struct fill *f);

#endif
