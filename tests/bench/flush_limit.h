/*
 * The disk alone: as much as one application is written over what was written before, and flushed,
 * nothing else. No centre that is durable before it answers can be quicker, one letter at a time.
 */
#ifndef YIMEN_TESTS_BENCH_FLUSH_LIMIT_H
#define YIMEN_TESTS_BENCH_FLUSH_LIMIT_H

#include <stddef.h>

/* In a file of its own in that folder, for so many seconds; rate: a second, 0: one after the other.
 * Writes how long each took, since it was due, to took_us; returns how many. */
size_t flush_limit(const char *dir, double seconds, int rate, unsigned *took_us, size_t max);

#endif
