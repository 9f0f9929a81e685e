#include "tui/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "tui/glyph.h"

struct canvas {
	int rows, cols;
	int cursor_row, cursor_col;
	int clip_top, clip_bottom;
	struct cell *cells;
};

static const struct cell blank = {' ', ROLE_TEXT, 1};

struct canvas *canvas_new(int rows, int cols)
{
	struct canvas *c = mem_alloc(sizeof(*c));

	canvas_resize(c, rows, cols);
	return c;
}

void canvas_free(struct canvas *c)
{
	if (!c)
		return;
	free(c->cells);
	free(c);
}

void canvas_resize(struct canvas *c, int rows, int cols)
{
	free(c->cells);
	c->rows = rows < 1 ? 1 : rows;
	c->cols = cols < 2 ? 2 : cols;
	c->cells = mem_array((size_t)c->rows * (size_t)c->cols, sizeof(*c->cells));
	canvas_clear(c);
}

void canvas_clear(struct canvas *c)
{
	for (int i = 0; i < c->rows * c->cols; i++)
		c->cells[i] = blank;
	c->cursor_row = c->cursor_col = 0;
	canvas_clip(c, 0, c->rows);
}

void canvas_clip(struct canvas *c, int top, int bottom)
{
	c->clip_top = top < 0 ? 0 : top;
	c->clip_bottom = bottom > c->rows ? c->rows : bottom;
}

int canvas_rows(const struct canvas *c)
{
	return c->rows;
}

int canvas_cols(const struct canvas *c)
{
	return c->cols;
}

const struct cell *canvas_row(const struct canvas *c, int row)
{
	return c->cells + (size_t)row * (size_t)c->cols;
}

void canvas_copy_row(struct canvas *to, const struct canvas *from, int row)
{
	canvas_copy_part(to, row, from, row, 1, 0);
}

void canvas_copy_part(
	struct canvas *to, int row, const struct canvas *from, int from_row, int rows, int col)
{
	for (int i = 0; i < rows && row + i < to->rows && from_row + i < from->rows; i++) {
		struct cell *cells = to->cells + (size_t)(row + i) * (size_t)to->cols;
		memcpy(cells + col, canvas_row(from, from_row + i) + col,
			sizeof(*cells) * (size_t)(to->cols - col));
		if (col > 0 && cells[col - 1].cols == 2 && cells[col].cols != 0)
			cells[col - 1] = blank;
		if (cells[col].cols == 0 && (col == 0 || cells[col - 1].cols != 2))
			cells[col] = blank;
	}
}

static bool is_outside(const struct canvas *c, int row, int col)
{
	return row < c->clip_top || row >= c->clip_bottom || col < 0;
}

/* The first column of a row that must not be written. */
static int row_end(const struct canvas *c, int row)
{
	return row == c->rows - 1 ? c->cols - 1 : c->cols;
}

/* The same for the right half of a wide character. */
static int wide_end(const struct canvas *c, int row, int end)
{
	int most = row == c->rows - 1 ? c->cols - 2 : c->cols;

	return end < most ? end : most;
}

/* Writes one cell; a wide character that is cut in half becomes blank on its other half. */
static void set_cell(struct canvas *c, int row, int col, uint32_t cp, int cols, enum role role)
{
	struct cell *line = c->cells + (size_t)row * (size_t)c->cols;
	int last = col + cols - 1;

	if (line[col].cols == 0 && col > 0)
		line[col - 1] = (struct cell){' ', line[col - 1].role, 1};
	if (line[last].cols == 2 && last + 1 < c->cols)
		line[last + 1] = (struct cell){' ', line[last + 1].role, 1};
	line[col] = (struct cell){cp, (uint8_t)role, (uint8_t)cols};
	if (cols == 2)
		line[col + 1] = (struct cell){0, (uint8_t)role, 0};
}

/* Puts text that is already replaced. */
static int put_drawn(
	struct canvas *c, int row, int col, int max_cols, enum role role, const char *s, size_t len)
{
	int start = col, end;

	if (is_outside(c, row, 0))
		return 0;
	end = row_end(c, row);
	if (max_cols < end - col)
		end = col + max_cols;
	for (size_t at = 0; at < len;) {
		uint32_t cp;
		at += text_decode(s + at, len - at, &cp);
		int cols = text_cp_cols(cp);
		if (cols == 0)
			continue;
		if (col < 0) { /* left of the screen */
			col += cols;
			continue;
		}
		if (col + cols > (cols == 2 ? wide_end(c, row, end) : end))
			break;
		set_cell(c, row, col, cp, cols, role);
		col += cols;
	}
	return col - start;
}

int canvas_put(struct canvas *c, int row, int col, int max_cols, enum role role, const char *text)
{
	struct buf b = {0};
	int used;

	glyph_text(&b, text, strlen(text));
	used = put_drawn(c, row, col, max_cols, role, buf_str(&b), b.len);
	buf_fini(&b);
	return used;
}

/* Goes on behind its text; other looks (an underlined heading) would be taken for a field there. */
static bool is_bar(enum role role)
{
	return role == ROLE_TITLE || role == ROLE_STATUS || role == ROLE_SELECTED ||
	       role == ROLE_MATCH_ON || role == ROLE_FIELD;
}

void canvas_pad(struct canvas *c, int row, int col, int cols, enum role role, const char *text)
{
	struct buf b = {0}, exact = {0};
	size_t len;
	int used;

	glyph_text(&b, text, strlen(text));
	text_pad(&exact, buf_str(&b), cols);
	for (len = exact.len; len > 0 && exact.data[len - 1] == ' '; len--)
		continue;
	used = put_drawn(c, row, col, cols, role, buf_str(&exact), len);
	canvas_fill(c, row, col + used, cols - used, is_bar(role) ? role : ROLE_TEXT);
	buf_fini(&exact);
	buf_fini(&b);
}

int canvas_right(struct canvas *c, int row, int from, int end, enum role role, const char *text)
{
	struct buf b = {0};
	int col;

	glyph_text(&b, text, strlen(text));
	if (b.len > 0 && (unsigned char)b.data[b.len - 1] >= 0x80)
		end = wide_end(c, row, end);
	col = end - text_cols(buf_str(&b));
	if (col < from)
		col = from;
	put_drawn(c, row, col, end - col, role, buf_str(&b), b.len);
	buf_fini(&b);
	return col;
}

void canvas_fill(struct canvas *c, int row, int col, int cols, enum role role)
{
	if (is_outside(c, row, col))
		return;
	for (int i = col; i < col + cols && i < row_end(c, row); i++)
		set_cell(c, row, i, ' ', 1, role);
}

void canvas_role(struct canvas *c, int row, int col, int cols, enum role role)
{
	if (is_outside(c, row, col))
		return;
	struct cell *line = c->cells + (size_t)row * (size_t)c->cols;
	int end = col + cols < row_end(c, row) ? col + cols : row_end(c, row);
	if (end > 0 && end < c->cols && line[end].cols == 0)
		end--; /* not half of a wide character */
	for (int i = col; i < end; i++)
		line[i].role = (uint8_t)role;
}

void canvas_rule(struct canvas *c, int row, int col, int cols)
{
	if (is_outside(c, row, col))
		return;
	for (int i = col; i < col + cols && i < row_end(c, row); i++)
		set_cell(c, row, i, '-', 1, ROLE_TEXT);
}

void canvas_cursor(struct canvas *c, int row, int col)
{
	c->cursor_row = row < 0 ? 0 : row >= c->rows ? c->rows - 1 : row;
	c->cursor_col = col < 0 ? 0 : col >= c->cols ? c->cols - 1 : col;
}

void canvas_cursor_at(const struct canvas *c, int *row, int *col)
{
	*row = c->cursor_row;
	*col = c->cursor_col;
}
