/*
 * One line of text being typed: cursor by whole characters (a Chinese character, a letter with its
 * marks), scrolls sideways, remembers what Ctrl-U took. Text is UTF-8, any length up to max_cps.
 */
#ifndef YIMEN_TUI_WIDGET_LINE_H
#define YIMEN_TUI_WIDGET_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/buf.h"
#include "tui/canvas.h"
#include "tui/key.h"

struct line {
	struct buf text;
	size_t at;	/* cursor, in bytes */
	size_t first;	/* the first byte shown */
	size_t max_cps; /* 0: 4 000 */
	size_t lost;	/* characters of the last key that found no room */
	bool secret;	/* shown as asterisks */
};

enum line_result {
	LINE_IGNORED, /* not a key of text */
	LINE_MOVED,
	LINE_CHANGED
};

/* A zeroed struct line is an empty one. */
void line_fini(struct line *l);
void line_set(struct line *l, const char *text); /* cursor at the end */
const char *line_text(const struct line *l);	 /* borrowed until a change */
size_t line_max_cps(const struct line *l);
size_t line_cursor_cps(const struct line *l);
void line_move_cps(struct line *l, size_t cps);

/*
 * Characters, pastes (full-width digits and letters come out half-width), Left Right Home End,
 * Backspace, Delete, Ctrl-U clears.
 */
enum line_result line_key(struct line *l, const struct key *k);

/*
 * Draws it in exactly `cols` columns: the text plain, the room that is left in `role`, so that a
 * typed character costs its own bytes and no more. With focus the hardware cursor stands in it.
 */
void line_draw(
	struct line *l, struct canvas *c, int row, int col, int cols, enum role role, bool focus);

#endif
