/*
 * Rows of short runs of one look between blanks, as large numbers are made of. ncurses takes the
 * look back after each run and writes the blanks, about nine bytes; here it stays on and the cursor
 * steps over the blanks, four bytes. So a frame with such rows is brought in two steps: all else,
 * with these rows blank, then their runs.
 */
#include "tui/terminal_private.h"

#include <string.h>

enum {
	RUNS_MIN = 4 /* in a row; fewer are drawn as quickly */
};

/* Steps with a look on, and needs no pause after a sequence. */
static bool can_step(void)
{
	const char *const needed[] = {
		cursor_address, parm_right_cursor, set_attributes, exit_attribute_mode};

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (!needed[i] || strstr(needed[i], "$<"))
			return false;
	return move_standout_mode;
}

static bool is_blank(const struct cell *cell)
{
	return cell->cp == ' ' && cell->role == ROLE_TEXT;
}

bool terminal_has_runs(const struct terminal *t, const struct cell *cells, int cols)
{
	int runs = 0, first = 0;

	while (first < cols && is_blank(&cells[first]))
		first++;
	if (first == cols || cells[first].role == ROLE_TEXT)
		return false;
	for (int col = first; col < cols; col++) {
		if (is_blank(&cells[col]))
			continue;
		if (cells[col].role != cells[first].role || cells[col].cp <= ' ' ||
			cells[col].cp > '~' || t->pairs[cells[col].role] != 0)
			return false;
		runs += col == first || is_blank(&cells[col - 1]);
	}
	return runs >= RUNS_MIN && can_step();
}

struct pen {
	struct buf out;
	enum role role; /* whose look is on */
};

static void put_look(struct pen *p, const struct terminal *t, enum role role)
{
	attr_t a = t->attrs[role];

	if (p->role == role)
		return;
	p->role = role;
	buf_adds(&p->out, tiparm(set_attributes, 0, (a & A_UNDERLINE) != 0, (a & A_REVERSE) != 0, 0,
				  0, (a & A_BOLD) != 0, 0, 0, 0));
}

static void put_runs(
	struct pen *p, const struct terminal *t, const struct cell *cells, int row, int cols)
{
	int at = -1; /* where the cursor is */

	for (int col = 0; col < cols; col++) {
		if (is_blank(&cells[col]))
			continue;
		if (at < 0)
			buf_adds(&p->out, tiparm(cursor_address, row, col));
		else if (col > at)
			buf_adds(&p->out, tiparm(parm_right_cursor, col - at));
		put_look(p, t, (enum role)cells[col].role);
		buf_addc(&p->out, (char)cells[col].cp);
		at = col + 1;
	}
}

bool terminal_draw_runs(struct terminal *t, const struct canvas *c)
{
	struct pen p = {.role = ROLE_TEXT};
	int cols = canvas_cols(c), row, col;
	bool done;

	for (row = 0; row < canvas_rows(c); row++) {
		if (terminal_row_same(c, t->shown, row))
			continue;
		put_runs(&p, t, canvas_row(c, row), row, cols);
		terminal_draw_row(t, stdscr, c, row, cols);
		terminal_draw_row(t, curscr, c, row, cols);
		canvas_copy_row(t->shown, c, row);
	}
	if (p.out.len) {
		canvas_cursor_at(c, &row, &col);
		buf_adds(&p.out, exit_attribute_mode);
		buf_adds(&p.out, tiparm(cursor_address, row, col));
	}
	done = terminal_frame_add(t, p.out.data, p.out.len);
	buf_fini(&p.out);
	return done;
}
