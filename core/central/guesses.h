/*
 * Wrong codes and passwords: whoever tries too many has to wait, and nobody else for them. Counted
 * by where they come from, in a fixed room: two that share a place there are counted as one, so
 * that all guessers together have bounds too.
 */
#ifndef YIMEN_CORE_CENTRAL_GUESSES_H
#define YIMEN_CORE_CENTRAL_GUESSES_H

#include <stdbool.h>
#include <stdint.h>

enum {
	GUESSES_A_MINUTE = 60,
	GUESSES_PLACES = 64
};

/* Zeroed: none. */
struct guesses {
	struct {
		int64_t since_ms; /* monotonic */
		unsigned wrong;
	} of[GUESSES_PLACES];
};

/* from: any number that tells apart where requests come from. */
void guesses_wrong(struct guesses *g, uint64_t from, int64_t mono_ms);
/* No more now: a minute has not passed since the first of too many. */
bool guesses_spent(const struct guesses *g, uint64_t from, int64_t mono_ms);

#endif
