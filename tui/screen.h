/*
 * A screen: a few functions over its own state. Screens stand on a stack; Esc takes the top one off
 * and the one below is as it was left. A screen draws rows 3 to rows-4 of the canvas and tells the
 * rest (title, message, keys) through app.h; it never touches the terminal, and it never waits.
 */
#ifndef YIMEN_TUI_SCREEN_H
#define YIMEN_TUI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/keys.h"

struct app;
struct canvas;
struct screen;

enum {
	BODY_TOP = 3,	 /* the first row of a screen's own */
	FRAME_BELOW = 3, /* rows under the body: message, keys, status */
	FULL_ROWS = 24,	 /* below it no rows are left to part things */
	FULL_COLS = 80,	 /* below it two rows are kept for the message */
	WIDE_COLS = 110, /* from here on there is a second pane */
	PANE_LEFT_COLS = 76,
	PANE_RIGHT_COL = 79,
	COMMANDS_MAX = 48
};

struct screen_ops {
	/* It has the whole canvas: no title, no keys, no status (a screen turned to the visitor).
	 */
	bool bare;
	/* The row of pages has one that is this screen's; CMD_NONE: none, CMD_QUIT: no such row. */
	enum command page;
	/* A digit does at once what is not undone: it counts only when it came alone. */
	bool by_hand;
	/* Draws the body and sets the cursor: the focus. */
	void (*draw)(struct screen *s, struct canvas *c);
	/* Appends the title ("查事项 / 个体工商户设立登记"). */
	void (*title)(struct screen *s, struct buf *out);
	/* Appends the message row when the program has nothing newer to say; may be NULL. */
	void (*message)(struct screen *s, struct buf *out);
	/* Appends what stays in view under whatever the message row says; may be NULL. */
	void (*below)(struct screen *s, struct buf *out);
	/* The acts possible now, the most wanted first; returns how many (at most COMMANDS_MAX). */
	size_t (*commands)(struct screen *s, enum command *out);
	/* Does one of them; false: not this screen's. */
	bool (*command)(struct screen *s, enum command c);
	/* Sees each key first, whatever it will do; may be NULL. */
	void (*before)(struct screen *s, const struct key *k);
	/* Any other key: text, movement. false: not wanted. */
	bool (*key)(struct screen *s, const struct key *k);
	/* How much of the keyboard is text now; NULL: TYPING_NONE. */
	enum typing (*typing)(struct screen *s);
	/* Time passed. Returns when to come again (monotonic ms), -1: not needed; may be NULL. */
	int64_t (*tick)(struct screen *s, int64_t mono_ms);
	/* On top again, or something changed on disk: read anew; may be NULL. */
	void (*refresh)(struct screen *s);
	/* Leaving for good: put away what is typed, then free(s). */
	void (*close)(struct screen *s);
};

/* The first member of every screen's own structure. */
struct screen {
	const struct screen_ops *ops;
	struct app *app;
};

/* The rows of the body: from BODY_TOP up to this one, exclusive. */
int screen_bottom(const struct canvas *c);

#endif
