/*
 * Dates and times as text (ISO 8601 as the ODK XForms data types write it) and moments in UTC. A
 * text without an offset is local time.
 */
#ifndef YIMEN_FORMS_EXPR_TIME_H
#define YIMEN_FORMS_EXPR_TIME_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct expr_env;

#define TIME_DAY_MS 86400000.0

/* A moment as a calendar and a clock of the local zone show it. */
struct local_time {
	int year, month, day; /* 1-12, 1-31 */
	int hour, minute, second, ms;
	int weekday; /* 0 is Sunday */
	int32_t offset_minutes;
};

/* YYYY-MM-DD, with T and a time of day (hours at least), with Z or an offset; false: not one. */
bool time_read(const struct expr_env *env, const char *s, int64_t *utc_ms);
/* A time of day alone, HH:MM[:SS[.fff]], with Z or an offset: the fraction of the local day. */
bool time_read_clock(const struct expr_env *env, const char *s, double *day_fraction);
/* false: outside years 1 to 9999. */
bool time_local(const struct expr_env *env, int64_t utc_ms, struct local_time *out);
/* Appends YYYY-MM-DDTHH:MM:SS.mmm+HH:MM; with short_day, a local midnight as YYYY-MM-DD alone. */
void time_write(const struct local_time *t, bool short_day, struct buf *out);

#endif
