/*
 * When to try again. Full-jitter exponential backoff with a cap of five minutes, never giving up; a
 * server's Retry-After (RFC 9110 §10.2.3: seconds or an HTTP date) is obeyed up to an hour.
 */
#ifndef YIMEN_CORE_STATION_BACKOFF_H
#define YIMEN_CORE_STATION_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

struct entropy;

enum {
	BACKOFF_BASE_MS = 1000,
	BACKOFF_CAP_MS = 5 * 60 * 1000,
	BACKOFF_RETRY_AFTER_MAX_MS = 60 * 60 * 1000
};

/* A pause after the tries-th failure in a row (from 1): at random between a quarter second and
 * min(cap, base * 2^(tries-1)). */
int64_t backoff_pause_ms(const struct entropy *e, int tries);

/* Where the pause after the tries-th failure ends at most: min(cap, base * 2^(tries-1)). */
int64_t backoff_top_ms(int64_t base_ms, int64_t cap_ms, int tries);

/*
 * Reads a Retry-After value: delay-seconds (digits only) or one of the three HTTP date forms (RFC
 * 9110 §5.6.7). *delay_ms is clamped to [0, an hour]; a date in the past is 0. false: neither.
 */
bool backoff_retry_after(const char *value, int64_t now_wall_ms, int64_t *delay_ms);

#endif
