/*
 * An entry (forms/entry.h) answered field by field: the questions about a situation, a form, the
 * form of an act. Each answer is checked and stored at once, as on the screen; one can go back,
 * list all, take steps back, and leave at any field.
 */
#ifndef YIMEN_TUI_PLAIN_FILL_H
#define YIMEN_TUI_PLAIN_FILL_H

#include "core/station/draft.h"
#include "tui/plain/desk.h"

struct entry;
struct intake;

/* Where the answers go when no draft stands behind them. */
struct fill_keeper {
	enum err (*save)(void *arg);
	void (*at)(void *arg, const char *place); /* the field that is asked */
	void *arg;
};

#define FILL_LAST "/" /* no place is called that */

/* The situation's questions or the form, by step, beginning at `place` (NULL, "" or gone: the first
 * field without an answer; FILL_LAST: the last one). WAY_ON: all is answered and nothing is wrong.
 */
enum way fill_intake(struct desk *d, struct intake *in, enum draft_step step, const char *place);
/* A few questions of their own, like those of an act. */
enum way fill_entry(
	struct desk *d, struct entry *e, const struct fill_keeper *keeper, const char *place);

#endif
