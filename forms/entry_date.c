/* Days and hours as they are typed: their parts, and what is wrong with them. */
#include "forms/entry_private.h"

#include <stdio.h>
#include <string.h>

#include "core/base/msg.h"

enum {
	FIRST_YEAR = 1000 /* an earlier one is a year of two digits */
};

bool entry_day_parts(const char *s, struct date *out)
{
	static const char *const writings[] = {
		"%4d-%2d-%2d%c", "%4d/%2d/%2d%c", "%4d.%2d.%2d%c", "%4d年%2d月%2d日%c"};
	struct date d = {0, 0, 0};
	char tail;
	bool read = strlen(s) == 8 && strspn(s, "0123456789") == 8 &&
		    sscanf(s, "%4d%2d%2d%c", &d.year, &d.month, &d.day, &tail) == 3;

	for (size_t i = 0; !read && i < sizeof writings / sizeof writings[0]; i++)
		read = sscanf(s, writings[i], &d.year, &d.month, &d.day, &tail) == 3;
	if (!read || d.year < 0 || d.month < 0 || d.day < 0)
		return false;
	*out = d;
	return true;
}

static int two(const char *s)
{
	return (s[0] - '0') * 10 + s[1] - '0';
}

bool entry_digits_time(const char *s, int *hour, int *minute, int *second)
{
	size_t n = strlen(s), hours = n == 3 ? 1 : 2;

	if ((n != 3 && n != 4 && n != 6) || strspn(s, "0123456789") != n)
		return false;
	*hour = hours == 1 ? s[0] - '0' : two(s);
	*minute = two(s + hours);
	*second = n == 6 ? two(s + 4) : -1;
	return true;
}

/* 1430, or 14:30 and 14:30:05 with anything behind them. */
static bool time_parts(const char *s, int *hour, int *minute, int *second)
{
	int used = 0;

	if (entry_digits_time(s, hour, minute, second))
		return true;
	if (*s < '0' || *s > '9' || sscanf(s, "%2d:%2d%n", hour, minute, &used) != 2 || used < 3 ||
		*minute < 0)
		return false;
	if (s[used] != ':' || sscanf(s + used + 1, "%2d", second) != 1 || *second < 0)
		*second = -1;
	return true;
}

static bool two_digits(const char *s, int limit)
{
	return strspn(s, "0123456789") >= 2 && two(s) < limit;
}

/* 14:30, 14:30:05, 14:30:05.123, each with Z or +08:00 behind it. */
static bool is_time(const char *s)
{
	if (!two_digits(s, 24) || s[2] != ':' || !two_digits(s + 3, 60))
		return false;
	s += 5;
	if (*s == ':') {
		if (!two_digits(s + 1, 60))
			return false;
		s += 3;
		if (*s == '.')
			s += 1 + strspn(s + 1, "0123456789");
	}
	if (*s == 'Z')
		return s[1] == '\0';
	if (*s == '+' || *s == '-')
		return two_digits(s + 1, 15) && s[3] == ':' && two_digits(s + 4, 60) &&
		       s[6] == '\0';
	return *s == '\0';
}

/* Says that there is no such day; false: it is one, or nothing that reads like one. */
static bool is_no_day(const char *s, struct buf *fault)
{
	struct date d;

	if (!entry_day_parts(s, &d))
		return false;
	if (d.year < FIRST_YEAR)
		buf_adds(fault, tr("年份要写四位, 如 2026-11-24"));
	else if (!date_valid(d))
		buf_printf(fault, tr("%04d-%02d-%02d 不存在, 请核对日期"), d.year, d.month, d.day);
	return fault->len > 0;
}

/* The same of an hour. */
static bool is_no_hour(const char *s, struct buf *fault)
{
	int hour, minute, second;

	if (!time_parts(s, &hour, &minute, &second) || (hour < 24 && minute < 60 && second < 60))
		return false;
	if (second >= 60)
		buf_printf(fault, tr("没有 %d 时 %02d 分 %02d 秒, 分和秒都只到 59"), hour, minute,
			second);
	else
		buf_printf(fault, tr("没有 %d 时 %02d 分, 一天从 00:00 到 23:59"), hour, minute);
	return true;
}

static bool moment_right(const char *value, struct buf *fault)
{
	size_t day_len = strcspn(value, "T ");
	char day[24]; /* 2026年11月24日 has 17 bytes */
	struct date d;
	int64_t ms;

	snprintf(day, sizeof day, "%.*s", day_len < sizeof day ? (int)day_len : 0, value);
	if (date_parse(day, &d) && (clock_parse_iso(value, &ms) ||
					   (value[day_len] == 'T' && is_time(value + day_len + 1))))
		return true;
	if (is_no_day(day, fault) ||
		(value[day_len] != '\0' && is_no_hour(value + day_len + 1, fault)))
		return false;
	buf_adds(fault, tr("日期时间要写成 2026-11-24T14:30"));
	return false;
}

bool entry_date_right(enum field_type type, const char *value, struct buf *fault)
{
	struct date d;

	if (type == FIELD_DATETIME)
		return moment_right(value, fault);
	if (type == FIELD_TIME ? is_time(value) : date_parse(value, &d))
		return true;
	if (type == FIELD_TIME ? !is_no_hour(value, fault) : !is_no_day(value, fault))
		buf_adds(fault,
			type == FIELD_TIME ? tr("时间要写成 14:30") : tr("日期要写成 2026-11-24"));
	return false;
}
