/*
 * A slow line between the workstation and its terminal: so many bytes a second, and a delay each
 * way. It is reckoned, not waited for: a millisecond is a step of the test's own clock, and the
 * same keys bring the same figures each time. What the program writes is taken from it at once, as
 * an ssh or a modem would, so whatever is written too early queues and is shown late.
 */
#ifndef YIMEN_TESTS_SCREENS_WIRE_H
#define YIMEN_TESTS_SCREENS_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "tests/screens/inside.h"

struct wire;

/* bits_a_second with ten bits a byte; round_trip_ms: half of it each way. */
struct wire *wire_new(struct inside *in, int bits_a_second, int round_trip_ms);
void wire_free(struct wire *w);

/* A key is pressed now: the program has it after half a round trip. */
void wire_key(struct wire *w, const char *key);
void wire_pass(struct wire *w, int ms);
/* Until the text is seen on the terminal, or fails the test. */
void wire_wait(struct wire *w, const char *text);
/* Until nothing is on its way and the program has nothing left to draw. */
void wire_rest(struct wire *w);

/* What the last key brought: the bytes of the paint in which it was drawn, and when the last of
 * them was seen, in ms from the pressing. */
struct wire_figure {
	size_t bytes;
	int64_t after_ms;
};
/* Waits for it. */
struct wire_figure wire_shown(struct wire *w);
/* The most bytes that ever waited for the line since the last call. */
size_t wire_queued(struct wire *w);
size_t wire_bytes(const struct wire *w); /* written in all */
int64_t wire_now(const struct wire *w);

#endif
