#include "core/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t system_wall_ms(void *arg)
{
	struct timespec t;

	(void)arg;
	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t system_mono_ms(void *arg)
{
	struct timespec t;

	(void)arg;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const struct clock clock_system = {system_wall_ms, system_mono_ms, NULL};

int64_t clock_wall_ms(const struct clock *c)
{
	return c->wall_ms(c->arg);
}

int64_t clock_mono_ms(const struct clock *c)
{
	return c->mono_ms(c->arg);
}

/* Whole seconds since 1970, rounded down also before it. */
static time_t seconds_of(int64_t wall_ms)
{
	return (time_t)(wall_ms / 1000 - (wall_ms % 1000 < 0));
}

/* The last n digits of v, then the separator; returns where it goes on. */
static char *put_digits(char *at, int n, int v, char separator)
{
	int i;

	for (i = n - 1; i >= 0; i--, v /= 10)
		at[i] = (char)('0' + v % 10);
	at[n] = separator;
	return at + n + 1;
}

const char *clock_iso(int64_t wall_ms, char out[CLOCK_ISO_SIZE])
{
	time_t s = seconds_of(wall_ms);
	struct tm tm;
	int zone;
	char *at;

	localtime_r(&s, &tm);
	zone = (int)(tm.tm_gmtoff / 60);
	at = put_digits(out, 4, (int)((unsigned)(tm.tm_year + 1900) % 10000), '-');
	at = put_digits(at, 2, tm.tm_mon + 1, '-');
	at = put_digits(at, 2, tm.tm_mday, 'T');
	at = put_digits(at, 2, tm.tm_hour, ':');
	at = put_digits(at, 2, tm.tm_min, ':');
	at = put_digits(at, 2, tm.tm_sec, '.');
	at = put_digits(at, 3, (int)(wall_ms - (int64_t)s * 1000), zone < 0 ? '-' : '+');
	at = put_digits(at, 2, abs(zone) / 60, ':');
	put_digits(at, 2, abs(zone) % 60, '\0');
	return out;
}

const char *clock_format(int64_t wall_ms, const char *fmt, char *out, int size)
{
	time_t s = seconds_of(wall_ms);
	struct tm tm;

	localtime_r(&s, &tm);
	if (strftime(out, (size_t)size, fmt, &tm) == 0)
		out[0] = '\0';
	return out;
}

/* Reads exactly n digits; -1 when they are not digits. */
static int digits(const char *s, int n)
{
	int v = 0;

	while (n-- > 0) {
		if (*s < '0' || *s > '9')
			return -1;
		v = v * 10 + (*s++ - '0');
	}
	return v;
}

static bool parse_zone(const char *s, int *minutes)
{
	int h, m;

	if ((*s == 'Z' || *s == 'z') && s[1] == '\0') {
		*minutes = 0;
		return true;
	}
	if ((*s != '+' && *s != '-') || strlen(s) != 6 || s[3] != ':')
		return false;
	h = digits(s + 1, 2);
	m = digits(s + 4, 2);
	if (h < 0 || h > 23 || m < 0 || m > 59)
		return false;
	*minutes = (h * 60 + m) * (*s == '-' ? -1 : 1);
	return true;
}

bool clock_parse_iso(const char *s, int64_t *wall_ms)
{
	char day[11];
	struct date d;
	int h, m, sec, zone, ms = 0, scale = 100;

	if (strlen(s) < 20 || (s[10] != 'T' && s[10] != 't') || s[13] != ':' || s[16] != ':')
		return false;
	memcpy(day, s, 10);
	day[10] = '\0';
	h = digits(s + 11, 2);
	m = digits(s + 14, 2);
	sec = digits(s + 17, 2);
	if (!date_parse(day, &d) || h < 0 || h > 23 || m < 0 || m > 59 || sec < 0 || sec > 60)
		return false;
	s += 19;
	if (*s == '.') {
		if (digits(++s, 1) < 0)
			return false;
		for (; *s >= '0' && *s <= '9'; s++, scale /= 10)
			ms += (*s - '0') * scale;
	}
	if (!parse_zone(s, &zone))
		return false;
	*wall_ms =
		((int64_t)date_to_day(d) * 86400 + h * 3600 + m * 60 + sec - zone * 60) * 1000 + ms;
	return true;
}

int64_t clock_day_begin(int32_t day)
{
	const struct date d = date_from_day(day);
	struct tm tm = {
		.tm_year = d.year - 1900, .tm_mon = d.month - 1, .tm_mday = d.day, .tm_isdst = -1};

	return (int64_t)mktime(&tm) * 1000;
}

int32_t clock_day(int64_t wall_ms)
{
	time_t s = seconds_of(wall_ms);
	struct tm tm;

	localtime_r(&s, &tm);
	return date_to_day((struct date){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday});
}

static bool leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool date_valid(struct date d)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (d.year < 1 || d.year > 9999 || d.month < 1 || d.month > 12 || d.day < 1)
		return false;
	return d.day <= days[d.month - 1] + (d.month == 2 && leap(d.year));
}

/* Days from civil, by eras of 400 years counted from March. */
int32_t date_to_day(struct date d)
{
	int y = d.year - (d.month <= 2);
	int era = (y >= 0 ? y : y - 399) / 400;
	int yoe = y - era * 400;
	int doy = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
	int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

struct date date_from_day(int32_t day)
{
	int z = day + 719468;
	int era = (z >= 0 ? z : z - 146096) / 146097;
	int doe = z - era * 146097;
	int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int mp = (5 * doy + 2) / 153;
	int month = mp + (mp < 10 ? 3 : -9);

	return (struct date){yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) / 5 + 1};
}

bool date_parse(const char *s, struct date *out)
{
	struct date d;

	if (strlen(s) != 10 || s[4] != '-' || s[7] != '-')
		return false;
	d = (struct date){digits(s, 4), digits(s + 5, 2), digits(s + 8, 2)};
	if (!date_valid(d))
		return false;
	*out = d;
	return true;
}

const char *date_format(struct date d, char out[DATE_SIZE])
{
	snprintf(out, DATE_SIZE, "%04u-%02u-%02u", (unsigned)d.year % 10000,
		(unsigned)d.month % 100, (unsigned)d.day % 100);
	return out;
}
