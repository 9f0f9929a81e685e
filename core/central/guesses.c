#include "core/central/guesses.h"

#include <stddef.h>

enum {
	MINUTE_MS = 60000
};

/* Neighbours are not in one place: a multiplication stirs all bits (Knuth, 6.4). */
static size_t place_of(uint64_t from)
{
	return (size_t)(from * UINT64_C(11400714819323198485) >> 32) % GUESSES_PLACES;
}

void guesses_wrong(struct guesses *g, uint64_t from, int64_t mono_ms)
{
	size_t i = place_of(from);

	if (g->of[i].wrong == 0 || mono_ms - g->of[i].since_ms >= MINUTE_MS) {
		g->of[i].since_ms = mono_ms;
		g->of[i].wrong = 0;
	}
	g->of[i].wrong++;
}

bool guesses_spent(const struct guesses *g, uint64_t from, int64_t mono_ms)
{
	size_t i = place_of(from);

	return mono_ms - g->of[i].since_ms < MINUTE_MS && g->of[i].wrong >= GUESSES_A_MINUTE;
}
