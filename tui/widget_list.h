/*
 * Which row of a list is current and which rows are in view. What stands in a row is the screen's
 * business; the mark, the reversed cells and the hardware cursor are drawn here, one way
 * everywhere.
 */
#ifndef YIMEN_TUI_WIDGET_LIST_H
#define YIMEN_TUI_WIDGET_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/canvas.h"
#include "tui/key.h"

struct list {
	size_t count;
	size_t selected; /* 0 when empty */
	size_t top;	 /* the first one in view */
	size_t rows;	 /* rows in view, from the last list_fit */
	bool moved;	 /* list_key was the last: where there are words to type too, the cursor is
			    here until one types on (the screen says so) */
};

void list_reset(struct list *l, size_t count);
/* A new count; the selection stays where it was as far as it can. */
void list_resize(struct list *l, size_t count);
/*
 * Fits `rows` rows so that the selected one is in view. A step beyond the view turns half a page:
 * what is next is seen before one is there, the numbers beside the rows stay while one steps, and
 * on a slow line it is half a page now and then.
 */
void list_fit(struct list *l, int rows);
/*
 * Up Down PgUp PgDn Home End Ctrl-P Ctrl-N, and with letters k j g G. A digit 1-9 selects that row
 * of the view and sets *picked. false: another key, or it was at the end already.
 */
bool list_key(struct list *l, const struct key *k, bool letters, bool *picked);
/*
 * Marks item i when it is the selected one: > in column 0, `cols` cells from `col` reversed (in
 * slow mode the mark alone: a dozen bytes a step), the cursor in column 0 when the list has the
 * focus.
 */
void list_mark(const struct list *l, struct canvas *c, size_t i, int row, int col, int cols,
	bool slow, bool focus);

#endif
