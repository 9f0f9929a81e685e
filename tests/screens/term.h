/*
 * A terminal for tests: a program in a pseudo-terminal of a fixed size, its output read by libvterm
 * into exact cells. Nothing sleeps: each wait polls the pseudo-terminal until the screen is as it
 * should be, or a deadline passes and the test fails with the screen printed.
 */
#ifndef YIMEN_TESTS_SCREENS_TERM_H
#define YIMEN_TESTS_SCREENS_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct term;

struct term_options {
	int rows, cols;
	const char *type;	/* TERM */
	const char *locale;	/* LC_ALL: "C.UTF-8", "zh_CN.GB18030" */
	const char *language;	/* LANGUAGE: "" Chinese, "en" */
	const char *const *env; /* more NAME=VALUE, closed by NULL; may be NULL */
};

/* The environment is cleared but for PATH, HOME and what the options say. Exits when it cannot
 * start. */
struct term *term_start(const char *const *argv, const struct term_options *o);
/* The same without a program of its own: what runs behind it is moved on by turn(arg) each time the
 * test looks, in this process. *slave is the end the program reads and writes. */
struct term *term_within(
	const struct term_options *o, void (*turn)(void *arg), void *arg, int *slave);
/* Ends the program (hangup, as when a line drops) and waits for it. Returns its wait status. */
int term_stop(struct term *t);
int term_pid(const struct term *t);

/* Sends text and <Names>: <Enter> <Tab> <Esc> <Up> <Down> <Left> <Right> <PgUp> <PgDn> <Home> <End>
 * <BS> <C-x> <M-x> <lt>. */
void term_keys(struct term *t, const char *keys);
/* The same as a reader or a scanner sends it: in term_keys a hand rests before <Enter> and <Tab>.
 */
void term_burst(struct term *t, const char *keys);
/* As a terminal sends it between the marks of a bracketed paste. */
void term_paste(struct term *t, const char *text);
void term_resize(struct term *t, int rows, int cols);

/* Waits until the text stands on the screen (or in that row of it; or no longer does; or the cursor
 * is there; or the program has ended). Fails the test at the deadline. */
void term_wait(struct term *t, const char *text);
void term_wait_row(struct term *t, int row, const char *text);
void term_wait_gone(struct term *t, const char *text);
void term_wait_cursor(struct term *t, int row, int col);
int term_wait_exit(struct term *t);

/* What the terminal has at a place, for comparing with what should be there. */
struct term_cell {
	uint32_t cp; /* 0: the right half of a wide character */
	bool bold, reverse, underline;
	int fg, bg; /* 0 to 7; -1: the terminal's own */
};
struct term_cell term_cell(struct term *t, int row, int col);
void term_cursor(struct term *t, int *row, int *col);
/* Moves the program on and reads what it wrote; true while something came. */
bool term_turn(struct term *t);
/* The parts of that, for a line between the two (wire.h): what the program wrote and the terminal
 * has not seen; the terminal sees bytes, and what it answers is put in answer; bytes for the
 * program. */
size_t term_take(struct term *t, char *out, size_t size);
size_t term_see(struct term *t, const char *bytes, size_t n, char *answer, size_t size);
void term_send(struct term *t, const char *bytes, size_t n);
/* Text of one row without blanks at its end; borrowed until the next call. */
const char *term_row(struct term *t, int row);
bool term_has(struct term *t, const char *text);
/* Copies the first text on screen that begins with `prefix` up to the next blank; false: none. */
bool term_word(struct term *t, const char *prefix, char *out, size_t size);

/*
 * Waits until the whole screen, characters and attributes, is that of the file
 * tests/screens/golden/NAME; fails with the rows that differ. With YIMEN_UPDATE_GOLDEN set the file
 * is written instead, once the output has rested. Times (HH:MM, MM-DD), and dates count as equal.
 */
void term_golden(struct term *t, const char *name);

/* Whole screen as a golden file has it: rows, a rule, a row of looks for each, the cursor. Owned by
 * the caller. */
char *term_render(struct term *t);

/* Bytes the program has written since the last call. */
size_t term_bytes(struct term *t);
/* How often it rang since the last call. */
size_t term_bells(struct term *t);
/* Reads until nothing has come for rest_ms: only for counting bytes, never to know that it is done.
 */
void term_rest(struct term *t, int rest_ms);

/* What a key brought: ms from before it was sent (or the start) until the first and the last byte.
 */
struct term_frame {
	double first_ms, last_ms;
	size_t bytes;
};
/* Reads one frame and tells when its bytes came: until nothing came for gap_ms. For benches, right
 * after term_keys or term_start. */
void term_frame(struct term *t, int gap_ms, struct term_frame *out);

#endif
