/*
 * The screen as it should be: rows and columns of cells, each with a character and a role. Pure
 * memory; tui/terminal.c brings it to the terminal. Text is replaced by tui/glyph.h when it is put,
 * clipped to the column, and never splits a wide character. Row and column count from 0; what lies
 * outside is ignored. The last cell of the last row is never written (terminals scroll there),
 * and no wide character stands directly before it: ncursesw 6.4 takes the right half of one there
 * for that last cell (its PutCharLR, called with the cursor in the last column) and, where a
 * terminal cannot stop its wrapping (screen, tmux), inserts a blank into the character. Text that
 * is put at the right ends a column earlier then.
 */
#ifndef YIMEN_TUI_CANVAS_H
#define YIMEN_TUI_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

/* What a piece of text is; the theme decides how it looks. Colour never carries meaning alone. */
enum role {
	ROLE_TEXT,
	ROLE_TITLE,    /* the title row */
	ROLE_NAV,      /* a page that can be chosen */
	ROLE_NAV_ON,   /* the page one is on */
	ROLE_STATUS,   /* the status row */
	ROLE_SELECTED, /* the current row of a list; its mark is > in column 0 */
	ROLE_MATCH,    /* the part of a name that was typed */
	ROLE_MATCH_ON, /* the same in the current row */
	ROLE_FIELD,    /* where one can type */
	ROLE_LABEL,    /* the name of a field */
	ROLE_STRONG,   /* headings */
	ROLE_KEY,      /* the name of a key */
	ROLE_ERROR,    /* the text says so too */
	ROLE_WARN,
	ROLE_GOOD,
	ROLE__MAX
};

struct cell {
	uint32_t cp;  /* ' ' when empty; 0: the right half of a wide character */
	uint8_t role; /* enum role */
	uint8_t cols; /* 1 or 2; 0: the right half */
};

struct canvas;

struct canvas *canvas_new(int rows, int cols);
void canvas_free(struct canvas *c);
void canvas_resize(struct canvas *c, int rows, int cols); /* empties it */
void canvas_clear(struct canvas *c);
int canvas_rows(const struct canvas *c);
int canvas_cols(const struct canvas *c);
const struct cell *canvas_row(const struct canvas *c, int row);
/* From now on only rows from `top` up to `bottom` (exclusive) are written; the rest is left as it
 * is. canvas_clear and canvas_resize take it back. */
void canvas_clip(struct canvas *c, int top, int bottom);
/* Makes one row of `to` the same as in `from`; both have the same size. */
void canvas_copy_row(struct canvas *to, const struct canvas *from, int row);
/* Of `rows` rows the cells from column `col` on: row `row` gets those of `from_row`, and so on;
 * both have the same size, and are not one. */
void canvas_copy_part(
	struct canvas *to, int row, const struct canvas *from, int from_row, int rows, int col);

/* Puts text at row, col in at most max_cols columns (cut clean); returns the columns used. A
 * negative column: what stands left of the screen is left out. */
int canvas_put(struct canvas *c, int row, int col, int max_cols, enum role role, const char *text);
/* The same, exactly `cols` columns: filled with blanks (plain ones, unless it is a bar or a field),
 * or cut with ".." at its end. */
void canvas_pad(struct canvas *c, int row, int col, int cols, enum role role, const char *text);
/* Ends at column end (exclusive), begins not before `from`. Returns the column where it begins. */
int canvas_right(struct canvas *c, int row, int from, int end, enum role role, const char *text);
/* Blanks. */
void canvas_fill(struct canvas *c, int row, int col, int cols, enum role role);
/* Changes the role of cells and leaves their characters. */
void canvas_role(struct canvas *c, int row, int col, int cols, enum role role);
/* A row of ASCII dashes from col, alone on its row. */
void canvas_rule(struct canvas *c, int row, int col, int cols);

/* Where the hardware cursor rests after the paint: always the focus. */
void canvas_cursor(struct canvas *c, int row, int col);
void canvas_cursor_at(const struct canvas *c, int *row, int *col);

#endif
