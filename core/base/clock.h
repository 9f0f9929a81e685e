/*
 * Time. A struct clock is handed to whatever needs it, so that tests and the simulator own time.
 * Wall time is milliseconds since 1970 UTC; monotonic time never jumps and has no meaning beyond
 * differences. Calendar days are counted as days since 1970-01-01 (proleptic Gregorian).
 */
#ifndef YIMEN_CORE_BASE_CLOCK_H
#define YIMEN_CORE_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock {
	int64_t (*wall_ms)(void *arg);
	int64_t (*mono_ms)(void *arg);
	void *arg;
};

/* The machine's own. */
extern const struct clock clock_system;

int64_t clock_wall_ms(const struct clock *c);
int64_t clock_mono_ms(const struct clock *c);

#define CLOCK_ISO_SIZE 32
/* 2026-11-24T14:32:05.123+08:00 in the local zone (RFC 3339). Returns out. */
const char *clock_iso(int64_t wall_ms, char out[CLOCK_ISO_SIZE]);
/* strftime of the local time. Returns out. */
const char *clock_format(int64_t wall_ms, const char *fmt, char *out, int size);
/* RFC 3339 back to milliseconds; false: not one. */
bool clock_parse_iso(const char *s, int64_t *wall_ms);

/* The local calendar day of a moment. */
int32_t clock_day(int64_t wall_ms);

/* The first moment of a local calendar day. */
int64_t clock_day_begin(int32_t day);

struct date {
	int year, month, day; /* 1-12, 1-31 */
};
bool date_valid(struct date d); /* years 1 to 9999 */
int32_t date_to_day(struct date d);
struct date date_from_day(int32_t day);
bool date_parse(const char *s, struct date *out); /* exactly YYYY-MM-DD and possible */
#define DATE_SIZE 12
const char *date_format(struct date d, char out[DATE_SIZE]);

#endif
