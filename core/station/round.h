/*
 * What came of one round of delivery: the letters that were held in it, whoever found that they
 * cannot go (the centre refused them, or their scans are not to be had).
 */
#ifndef YIMEN_CORE_STATION_ROUND_H
#define YIMEN_CORE_STATION_ROUND_H

#include <stddef.h>
#include <stdint.h>

struct letter;
struct store;

/* Before it: the place in the trail from which round_each_held counts. */
int64_t round_begin(struct store *s);
/* Those that were held since and are held still, in order; how many. Each may use the store. */
size_t round_each_held(
	struct store *s, int64_t since, void (*each)(void *arg, const struct letter *l), void *arg);

#endif
