/*
 * The workstation inside the test's own process: the same program behind the same pseudo-terminal,
 * but it moves on only when the test looks, and its clock is the test's. Nothing waits, so millions
 * of keys and hundreds of whole screens are possible, and what the program means to show (its
 * canvas) can be held against what the terminal shows.
 *
 * A process has one terminal: tests that need another charset or language fork.
 */
#ifndef YIMEN_TESTS_SCREENS_INSIDE_H
#define YIMEN_TESTS_SCREENS_INSIDE_H

#include <stddef.h>

#include "tests/screens/hall.h"
#include "tui/terminal.h"

struct app;
struct inside;

struct inside_options {
	const char *type, *locale, *language; /* as in struct term_options */
	int rows, cols;
	enum theme theme;
	bool slow;
	bool sign_in;	 /* begins at the sign-in screen; else signed in at window 03 */
	uint64_t chance; /* not 0: the clock begins at inside_clock, and chance repeats from here */
	bool theme_set;	 /* as if a setting said the theme */
};

/* A Tuesday at work, 2026-11-24 14:32 in Shanghai; it stands still. */
extern const struct clock inside_clock;

/* Takes standard input and output until it is closed. Fails the test when it cannot be opened. */
struct inside *inside_open(struct hall *h, const struct inside_options *o);
void inside_close(struct inside *in);
struct term *inside_term(struct inside *in);
struct app *inside_app(struct inside *in);
/* Time passes for the program, and it does what falls due. */
void inside_pass(struct inside *in, int ms);
/* The same by the test's own clock and without the terminal: what was written waits for
 * term_take. */
void inside_step(struct inside *in, int ms);
/* The clerk has left: open it anew. */
bool inside_ended(const struct inside *in);

/*
 * Holds each cell of the terminal, its character and its look, and the cursor against the canvas.
 * true: the same; else says in out (may be NULL) where they differ first.
 */
bool inside_same(struct inside *in, char *out, size_t size);
/* The same after the program has drawn everything anew. */
bool inside_same_repainted(struct inside *in, char *out, size_t size);

#endif
