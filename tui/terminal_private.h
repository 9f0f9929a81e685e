/*
 * Shared by the parts of the terminal: opening (terminal_open.c), painting and keys (terminal.c),
 * clipboard and printer (terminal_output.c). Nobody else includes this: it is ncursesw's home.
 */
#ifndef YIMEN_TUI_TERMINAL_PRIVATE_H
#define YIMEN_TUI_TERMINAL_PRIVATE_H

#include <stddef.h>
#include <stdio.h>

#include "core/base/buf.h"
#include "tui/canvas.h"
#include "tui/pace.h"
#include "tui/terminal.h" /* before curses.h, whose OK is a macro */

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

struct decoder;

struct terminal {
	const struct clock *clock;
	SCREEN *screen;
	FILE *out; /* what ncurses writes to: the terminal, or the frame that is being gathered */
	int frame_fd; /* memory for one frame; -1: there is none, ncurses writes by itself */
	struct buf frame;
	struct decoder *decoder;
	struct canvas *shown; /* what the last paint put on the screen */
	bool forgotten;	      /* shown is not to be trusted */
	bool colours_begun;
	enum theme theme;
	attr_t attrs[ROLE__MAX];
	short pairs[ROLE__MAX];
	char charset[16];
	int64_t read_ms; /* when the last bytes came */
	struct pace pace;
	bool slow;
	enum alert alert;
};

/* Attributes and colours of each role, as the theme and the terminal have them. */
void terminal_init_looks(struct terminal *t);
/* Modes of the screens: taken after opening and after a pause, given back before both. */
void terminal_enter(struct terminal *t);
void terminal_leave(void);
bool terminal_row_same(const struct canvas *a, const struct canvas *b, int row);
/* Puts a row of the canvas on a screen of ncurses, `cols` columns of it. */
void terminal_draw_row(
	const struct terminal *t, WINDOW *to, const struct canvas *c, int row, int cols);
/* What a row costs that is drawn over another (NULL: over a blank one), about. */
size_t terminal_row_bytes(const struct cell *now, const struct cell *before, int cols);
/* Where rows of the canvas stand elsewhere on the terminal: moves them, in ncurses' screen and in
 * t->shown. true: the screen is to be brought to the terminal before anything else is drawn. */
bool terminal_move_rows(struct terminal *t, const struct canvas *c);
/* Whether a row is many short runs of one look between blanks, and the terminal can step over
 * these. */
bool terminal_has_runs(const struct terminal *t, const struct cell *cells, int cols);
/* Adds the rows to the frame that t->shown lacks: they have runs, and are blank on the terminal.
 * false: the terminal has not taken them. */
bool terminal_draw_runs(struct terminal *t, const struct canvas *c);
/* All of it, waiting a little when the line is full. */
bool terminal_write(const char *s, size_t len_bytes);

/*
 * ncurses 6.4 flushes after each movement of the cursor: a frame is up to fifty small writes, each
 * of which wakes the reader (an sshd sends a packet for each). Between these two calls its writes
 * go to memory; the second brings them to the terminal as one.
 */
bool terminal_frame_open(struct terminal *t);
void terminal_frame_close(struct terminal *t);
void terminal_frame_begin(struct terminal *t);
/* Bytes after what ncurses has written. */
bool terminal_frame_add(struct terminal *t, const char *s, size_t len_bytes);
/* false: the terminal has not taken all of it, or it was not all there. */
bool terminal_frame_end(struct terminal *t);

#endif
