/*
 * What is on its way to the terminal. The system takes whatever is written, whole screens ahead of
 * what a line of 9 600 bit/s carries, and a clerk would then watch for seconds what is long past.
 * So now and then the terminal is asked where its cursor is, right after a paint: the answer tells
 * that all before it has arrived. On a slow line a paint waits while more than a few hundred bytes
 * have not: frames are skipped, never queued. Small ones, a step or a typed character, pass.
 *
 * The first answers tell whether the line is slow: a round trip over 150 ms, twice (once may be
 * chance), or fewer than 2 000 bytes a second. A terminal that does not answer within ten
 * seconds is asked no more.
 *
 * Times are monotonic ms. Nothing here writes: functions return true when the question is to be
 * sent now.
 */
#ifndef YIMEN_TUI_PACE_H
#define YIMEN_TUI_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PACE_UNDER_WAY = 400 /* bytes: with more than these the next paint waits */
};

struct pace {
	int64_t asked_ms; /* -1: no question is open */
	size_t under_way; /* painted, not known to have arrived */
	size_t unasked;	  /* of these, painted after the question */
	int64_t first_ms; /* how long the first answer took, -1: none yet */
	size_t first_bytes;
	int64_t round_trip_ms; /* the shortest so far, -1: not known */
	bool sure;	       /* slow says what the line is */
	bool slow;
	bool deaf; /* it does not answer */
};

void pace_init(struct pace *p);
/* On a slow line: may anything be painted now? */
bool pace_may_paint(struct pace *p, int64_t now_ms);
/* So many bytes were painted, as far as one can tell. */
bool pace_painted(struct pace *p, size_t bytes, int64_t now_ms);
/* The terminal has answered. */
bool pace_answered(struct pace *p, int64_t now_ms);

#endif
