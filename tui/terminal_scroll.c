/*
 * Rows that have moved are moved on the terminal, where it can, instead of being drawn anew.
 * ncurses does that for rows that are the same cell by cell; beside a list stand the numbers 1 to
 * 9, which stay, and the mark is in another row, so no row of one ever is. So a frame is brought in
 * two steps: as if the rows had moved whole, then what differs.
 */
#include "tui/terminal_private.h"

#include <stdlib.h>
#include <string.h>

enum {
	ROWS_MIN = 3, /* fewer are drawn as quickly */
	FEW = 12,     /* so many characters of a row may differ: numbers, a mark */
	MOVE_BYTES = 40
};

/* Rows top up to end (exclusive) show what stood `by` rows further down (up, when negative). */
struct move {
	int top, end, by;
};

static bool can_move(void)
{
	return (change_scroll_region && scroll_forward && scroll_reverse) ||
	       ((parm_insert_line || insert_line) && (parm_delete_line || delete_line));
}

/* The same text, but for a few characters. */
static bool resembles(const struct cell *now, const struct cell *before, int cols)
{
	int different = 0, same = 0;

	for (int col = 0; col < cols && different <= FEW; col++) {
		different += now[col].cp != before[col].cp;
		same += now[col].cp == before[col].cp && now[col].cp != ' ';
	}
	return different <= FEW && same > FEW;
}

/* Of the rows that moved by so many, the most that stand together. */
static struct move longest(const struct canvas *c, const struct canvas *shown, int by)
{
	int rows = canvas_rows(c) - 1, cols = canvas_cols(c), begun = -1;
	int from = by < 0 ? -by : 0, to = by < 0 ? rows : rows - by;
	struct move best = {0, 0, by};

	for (int row = from; row <= to; row++) {
		bool moved = row < to &&
			     resembles(canvas_row(c, row), canvas_row(shown, row + by), cols);
		if (moved && begun < 0)
			begun = row;
		if (!moved && begun >= 0) {
			if (row - begun > best.end - best.top)
				best = (struct move){begun, row, by};
			begun = -1;
		}
	}
	return best;
}

static int first_of(const struct move *m)
{
	return m->by < 0 ? m->top + m->by : m->top;
}

static int last_of(const struct move *m)
{
	return m->by < 0 ? m->end : m->end + m->by;
}

/* What each row of the region is after the move: NULL for one that is drawn anew. */
static const struct cell *moved_row(const struct canvas *shown, const struct move *m, int row)
{
	return row >= m->top && row < m->end ? canvas_row(shown, row + m->by) : NULL;
}

/* Bytes that it saves, about. */
static long saved(const struct canvas *c, const struct canvas *shown, const struct move *m)
{
	int cols = canvas_cols(c);
	long bytes = -MOVE_BYTES;

	for (int row = first_of(m); row < last_of(m); row++) {
		bytes += (long)terminal_row_bytes(canvas_row(c, row), canvas_row(shown, row), cols);
		bytes -= (long)terminal_row_bytes(
			canvas_row(c, row), moved_row(shown, m, row), cols);
	}
	return bytes;
}

static bool find(const struct canvas *c, const struct canvas *shown, struct move *out)
{
	int half = canvas_rows(c) / 2;
	long best = 0;

	for (int by = -half; by <= half; by++) {
		struct move m = longest(c, shown, by);
		long bytes = by == 0 || m.end - m.top < ROWS_MIN ? 0 : saved(c, shown, &m);
		if (bytes > best) {
			best = bytes;
			*out = m;
		}
	}
	return best > 0;
}

/* So few rows are different that none can have moved. */
static bool little_changed(const struct canvas *c, const struct canvas *shown)
{
	int different = 0;

	for (int row = 0; row < canvas_rows(c); row++)
		different += !terminal_row_same(c, shown, row);
	return different <= ROWS_MIN;
}

bool terminal_move_rows(struct terminal *t, const struct canvas *c)
{
	struct canvas *moved;
	struct move m;

	if (!can_move() || little_changed(c, t->shown) || !find(c, t->shown, &m))
		return false;
	moved = canvas_new(canvas_rows(c), canvas_cols(c));
	for (int row = 0; row < canvas_rows(c); row++)
		canvas_copy_row(moved, t->shown, row);
	for (int row = first_of(&m); row < last_of(&m); row++) {
		if (row >= m.top && row < m.end)
			canvas_copy_part(moved, row, t->shown, row + m.by, 1, 0);
		else
			canvas_copy_row(moved, c, row);
		terminal_draw_row(t, stdscr, moved, row, canvas_cols(c));
	}
	for (int row = first_of(&m); row < last_of(&m); row++)
		canvas_copy_row(t->shown, moved, row);
	canvas_free(moved);
	return true;
}
