#include "core/domain/deadline.h"

#include <ctype.h>
#include <string.h>

#include "core/domain/workday.h"

int deadline_legal_workdays(bool joint, bool extended)
{
	if (joint)
		return JOINT_WORKDAYS + (extended ? JOINT_MORE_WORKDAYS : 0);
	return DECIDE_WORKDAYS + (extended ? DECIDE_MORE_WORKDAYS : 0);
}

/* Tables end with a year: what ends in a known year was counted in known ones. */
static struct deadline at(const struct calendar *c, int32_t start_day, int32_t day)
{
	return (struct deadline){
		day, calendar_provisional(c, day) || calendar_provisional(c, start_day)};
}

struct deadline deadline_after(
	const struct calendar *c, int32_t start_day, int limit, char unit, int stopped)
{
	int days = limit + (stopped > 0 ? stopped : 0);

	if (unit == 'Z')
		return at(c, start_day, start_day + days);
	return at(c, start_day, calendar_add(c, start_day, days));
}

int32_t deadline_supplement(const struct calendar *c, int32_t start_day, int days)
{
	return calendar_add(c, start_day + days, 0);
}

bool deadline_decide(const struct calendar *c, int32_t start_day, struct limit promised,
	struct limit legal, int stopped, struct deadline *out)
{
	struct deadline own, law;

	if (promised.days < 0 && legal.days < 0)
		return false;
	own = deadline_after(c, start_day, promised.days, promised.unit, stopped);
	law = deadline_after(c, start_day, legal.days, legal.unit, stopped);
	if (promised.days < 0)
		*out = law;
	else if (legal.days < 0)
		*out = own;
	else
		*out = law.day < own.day ? law : own;
	return true;
}

struct deadline deadline_instant(
	const struct calendar *c, int32_t day, int minute, int closing_minute)
{
	bool open = calendar_is_work(c, day) && (closing_minute < 0 || minute < closing_minute);

	return at(c, day, open ? day : calendar_add(c, day, 1));
}

int deadline_minute(const char *s)
{
	int hour, minute;

	if (s == NULL || strlen(s) != 5 || s[2] != ':' || !isdigit((unsigned char)s[0]) ||
		!isdigit((unsigned char)s[1]) || !isdigit((unsigned char)s[3]) ||
		!isdigit((unsigned char)s[4]))
		return -1;
	hour = (s[0] - '0') * 10 + s[1] - '0';
	minute = (s[3] - '0') * 10 + s[4] - '0';
	return hour < 24 && minute < 60 ? hour * 60 + minute : -1;
}

static bool is_stopped(const struct stop *stops, size_t count, int32_t day)
{
	for (size_t i = 0; i < count; i++)
		if (day >= stops[i].from && day < stops[i].until)
			return true;
	return false;
}

int deadline_stopped(const struct calendar *c, const struct stop *stops, size_t count, char unit)
{
	int total = 0;

	/* Each stop counts the days that none before it has covered. */
	for (size_t i = 0; i < count; i++)
		for (int32_t day = stops[i].from; day < stops[i].until; day++)
			total += (unit == 'Z' || calendar_is_work(c, day)) &&
				 !is_stopped(stops, i, day);
	return total;
}

int deadline_left(const struct calendar *c, int32_t today, int32_t day)
{
	if (day == today)
		return 0;
	return day > today ? calendar_count(c, today + 1, day) : -calendar_count(c, day + 1, today);
}

enum alarm deadline_alarm(const struct calendar *c, int32_t today, int32_t day, int yellow_days)
{
	if (today > day)
		return ALARM_RED;
	return deadline_left(c, today, day) <= yellow_days ? ALARM_YELLOW : ALARM_NONE;
}
