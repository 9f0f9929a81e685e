/*
 * yimen --plain for tests: a program that asks in lines, over pipes or over a pseudo-terminal. Each
 * answer is sent when the program has asked; what was said and answered is one transcript, as a
 * person at a terminal would have it. Nothing sleeps.
 */
#ifndef YIMEN_TESTS_SCREENS_LINES_H
#define YIMEN_TESTS_SCREENS_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/buf.h"
#include "tests/screens/hall.h"

struct lines_options {
	const char *type;     /* TERM; NULL: not set at all */
	const char *locale;   /* LC_ALL */
	const char *language; /* LANGUAGE */
	bool pty;
};

struct lines {
	int pid, in, out;
	bool pty;
	const char *charset;
	struct buf said;   /* the transcript, UTF-8 */
	size_t bytes_from; /* where in it the last question's answer begins */
};

/* Exits the test program when it cannot start. */
void lines_start(struct lines *l, struct hall *h, const struct lines_options *o);
/* Waits until it asks. false: it has ended. */
bool lines_asked(struct lines *l);
/* Waits until it asks, then answers; text in UTF-8, sent in the program's charset. */
void lines_answer(struct lines *l, const char *text);
/* The same with these very bytes. */
void lines_bytes(struct lines *l, const void *bytes, size_t len_bytes);
/* One after the other, closed by NULL. */
void lines_answers(struct lines *l, const char *const *answers);
/* Waits until it asks; was this said since the last answer? Fails the test when it was not. */
void lines_expect(struct lines *l, const char *text);
/* The end of the input, at the next question; returns the exit code, or 128 + the signal. */
int lines_end(struct lines *l);
/* SIGKILL, at once. */
void lines_kill(struct lines *l);
void lines_fini(struct lines *l);

/*
 * Holds the transcript against tests/screens/golden/NAME; with YIMEN_UPDATE_GOLDEN set it is
 * written instead. Dates, times and what follows from them in numbers count as equal.
 */
void lines_golden(const struct lines *l, const char *name);

#endif
