#include "forms/expr_time.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "forms/expr.h"

#define MINUTE_MS ((int64_t)60000)
#define DAY_MS	  ((int64_t)86400000)

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

/* Offset of local time at a moment, in ms; false when the C library has no calendar for it. */
static bool offset_at(const struct expr_env *env, int64_t utc_ms, int64_t *offset_ms)
{
	struct zone_memo *memo = env ? env->zone : NULL;
	struct tm tm;
	time_t t = (time_t)floor_div(utc_ms, 1000);

	if (env && env->tz_fixed) {
		*offset_ms = env->tz_minutes * MINUTE_MS;
		return true;
	}
	if (memo != NULL && memo->known && memo->utc_s == t) {
		*offset_ms = memo->offset_ms;
		return true;
	}
	if (!localtime_r(&t, &tm))
		return false;
	*offset_ms = (int64_t)tm.tm_gmtoff * 1000;
	if (memo != NULL)
		*memo = (struct zone_memo){true, t, *offset_ms};
	return true;
}

/*
 * Local wall time to UTC. Around a change of the clocks the offset depends on the answer: take it
 * at the guess, then at the moment that gives. A wall time that the clocks skipped moves forward.
 */
static bool local_to_utc(const struct expr_env *env, int64_t wall_ms, int64_t *utc_ms)
{
	int64_t offset, again;

	if (!offset_at(env, wall_ms, &offset))
		return false;
	if (!offset_at(env, wall_ms - offset, &again))
		return false;
	*utc_ms = wall_ms - again;
	return true;
}

/* Exactly count digits. */
static bool digits(const char **s, int count, int *out)
{
	int n = 0;

	for (int i = 0; i < count; i++) {
		if ((*s)[i] < '0' || (*s)[i] > '9')
			return false;
		n = n * 10 + ((*s)[i] - '0');
	}
	*s += count;
	*out = n;
	return true;
}

/* .fff…: at least one digit; past the third they are dropped. */
static bool fraction(const char **s, int *ms)
{
	int count = 0;

	*ms = 0;
	for (++*s; **s >= '0' && **s <= '9'; ++*s)
		if (count++ < 3)
			*ms = *ms * 10 + (**s - '0');
	for (int i = count; i < 3; i++)
		*ms *= 10;
	return count > 0;
}

/* HH[:MM[:SS[.fff]]] as ms of the day. */
static bool read_clock(const char **s, bool minutes_too, int64_t *ms_of_day)
{
	int h = 0, m = 0, sec = 0, ms = 0;

	if (!digits(s, 2, &h))
		return false;
	if (**s == ':') {
		++*s;
		if (!digits(s, 2, &m))
			return false;
		if (**s == ':') {
			++*s;
			if (!digits(s, 2, &sec) || (**s == '.' && !fraction(s, &ms)))
				return false;
		}
	} else if (minutes_too) {
		return false;
	}
	*ms_of_day = ((h * 60 + m) * 60 + sec) * (int64_t)1000 + ms;
	return h <= 23 && m <= 59 && sec <= 59;
}

/* Z or ±HH:MM, ±HHMM, ±HH (to 14:59) at the end of s; *given says whether there was one. */
static bool read_offset(const char *s, bool *given, int64_t *offset_ms)
{
	int sign, h, m;

	*given = *s != '\0';
	*offset_ms = 0;
	if (!*given || strcmp(s, "Z") == 0)
		return true;
	if (*s != '+' && *s != '-')
		return false;
	sign = *s++ == '-' ? -1 : 1;
	m = 0;
	if (!digits(&s, 2, &h))
		return false;
	s += *s == ':';
	if ((*s && !digits(&s, 2, &m)) || s[-1] == ':' || *s || h > 14 || m > 59)
		return false;
	*offset_ms = sign * (h * 60 + m) * MINUTE_MS;
	return true;
}

static bool read_date(const char **s, int64_t *days)
{
	struct date d;

	if (!digits(s, 4, &d.year) || *(*s)++ != '-' || !digits(s, 2, &d.month) || *(*s)++ != '-' ||
		!digits(s, 2, &d.day) || !date_valid(d))
		return false;
	*days = date_to_day(d);
	return true;
}

bool time_read(const struct expr_env *env, const char *s, int64_t *utc_ms)
{
	int64_t days, clock_ms = 0, offset_ms = 0, wall_ms;
	bool given = false;

	if (*s < '0' || *s > '9' || !read_date(&s, &days))
		return false;
	if (*s) {
		if (*s++ != 'T' || !read_clock(&s, false, &clock_ms) ||
			!read_offset(s, &given, &offset_ms))
			return false;
	}
	wall_ms = days * DAY_MS + clock_ms;
	if (!given)
		return local_to_utc(env, wall_ms, utc_ms);
	*utc_ms = wall_ms - offset_ms;
	return true;
}

bool time_read_clock(const struct expr_env *env, const char *s, double *day_fraction)
{
	int64_t clock_ms, offset_ms, local_ms;
	bool given;

	if (!read_clock(&s, true, &clock_ms) || !read_offset(s, &given, &offset_ms))
		return false;
	if (given) {
		if (!offset_at(env, clock_ms - offset_ms, &local_ms))
			return false;
		clock_ms += local_ms - offset_ms;
		clock_ms -= floor_div(clock_ms, DAY_MS) * DAY_MS;
	}
	*day_fraction = (double)clock_ms / TIME_DAY_MS;
	return true;
}

bool time_local(const struct expr_env *env, int64_t utc_ms, struct local_time *out)
{
	int64_t offset_ms, wall_ms, day, rest;
	struct date d;

	if (utc_ms < -62135596800000 || utc_ms > 253402300799999 ||
		!offset_at(env, utc_ms, &offset_ms))
		return false;
	wall_ms = utc_ms + offset_ms;
	day = floor_div(wall_ms, DAY_MS);
	rest = wall_ms - day * DAY_MS;
	d = date_from_day((int32_t)day);
	if (!date_valid(d))
		return false;
	out->year = d.year;
	out->month = d.month;
	out->day = d.day;
	out->hour = (int)(rest / 3600000);
	out->minute = (int)(rest / 60000 % 60);
	out->second = (int)(rest / 1000 % 60);
	out->ms = (int)(rest % 1000);
	out->weekday = (int)(((day + 4) % 7 + 7) % 7);
	out->offset_minutes = (int32_t)(offset_ms / MINUTE_MS);
	return true;
}

void time_write(const struct local_time *t, bool short_day, struct buf *out)
{
	int offset = abs(t->offset_minutes);

	buf_printf(out, "%04d-%02d-%02d", t->year, t->month, t->day);
	if (short_day && t->hour == 0 && t->minute == 0 && t->second == 0 && t->ms == 0)
		return;
	buf_printf(out, "T%02d:%02d:%02d.%03d%c%02d:%02d", t->hour, t->minute, t->second, t->ms,
		t->offset_minutes < 0 ? '-' : '+', offset / 60, offset % 60);
}
