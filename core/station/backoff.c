#include "core/station/backoff.h"

#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/id.h"

enum {
	LEAST_MS = 250,
	LONGEST_DATE = 64
};

int64_t backoff_top_ms(int64_t base_ms, int64_t cap_ms, int tries)
{
	int64_t top = base_ms;

	for (; tries > 1 && top < cap_ms; tries--)
		top *= 2;
	return top < cap_ms ? top : cap_ms;
}

int64_t backoff_pause_ms(const struct entropy *e, int tries)
{
	int64_t top = backoff_top_ms(BACKOFF_BASE_MS, BACKOFF_CAP_MS, tries);
	uint32_t chance;

	e->fill(e->arg, &chance, sizeof chance);
	return LEAST_MS + (int64_t)(chance % (uint32_t)(top - LEAST_MS + 1));
}

static int month_of(const char *name)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *at = strlen(name) == 3 ? strstr(months, name) : NULL;

	return at != NULL && (at - months) % 3 == 0 ? (int)(at - months) / 3 + 1 : 0;
}

struct moment {
	int day, month, year, hour, minute, second;
};

/* A year of two digits: not more than fifty years ahead, else the last that ended so (RFC 9110
 * §5.6.7). */
static int full_year(int two, int64_t now_wall_ms)
{
	int now = date_from_day((int32_t)(now_wall_ms / 86400000)).year,
	    year = now / 100 * 100 + two;

	return year > now + 50 ? year - 100 : year;
}

/* IMF-fixdate (a day of one digit and UTC for GMT are seen and harmless), obsolete RFC 850,
 * asctime. */
static bool http_date(const char *s, int64_t now_wall_ms, struct moment *m)
{
	char name[12], month[4], zone[4], tail;
	bool zoned = true;

	if (sscanf(s, "%3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d %3[A-Z]%c", name, &m->day, month,
		    &m->year, &m->hour, &m->minute, &m->second, zone, &tail) == 8) {
		m->month = month_of(month);
	} else if (sscanf(s, "%9[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d %3[A-Z]%c", name, &m->day,
			   month, &m->year, &m->hour, &m->minute, &m->second, zone, &tail) == 8) {
		m->month = month_of(month);
		m->year = full_year(m->year, now_wall_ms);
	} else if (sscanf(s, "%3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%c", name, month, &m->day,
			   &m->hour, &m->minute, &m->second, &m->year, &tail) == 7) {
		m->month = month_of(month);
		zoned = false;
	} else {
		return false;
	}
	return (!zoned || strcmp(zone, "GMT") == 0 || strcmp(zone, "UTC") == 0) &&
	       m->year >= 1000 && date_valid((struct date){m->year, m->month, m->day}) &&
	       m->hour >= 0 && m->hour < 24 && m->minute >= 0 && m->minute < 60 && m->second >= 0 &&
	       m->second <= 60;
}

static int64_t clamp(int64_t ms)
{
	return ms < 0 ? 0 : ms > BACKOFF_RETRY_AFTER_MAX_MS ? BACKOFF_RETRY_AFTER_MAX_MS : ms;
}

bool backoff_retry_after(const char *value, int64_t now_wall_ms, int64_t *delay_ms)
{
	struct moment m;
	int64_t n = 0;
	const char *at = value;
	char text[LONGEST_DATE];
	size_t len;

	while (*at == ' ' || *at == '\t') /* optional white space is not part of a field value */
		at++;
	len = strlen(at);
	while (len > 0 && (at[len - 1] == ' ' || at[len - 1] == '\t'))
		len--;
	if (len > 0 && strspn(at, "0123456789") == len) {
		for (; len > 0; len--, at++)
			if (n < BACKOFF_RETRY_AFTER_MAX_MS)
				n = n * 10 + (*at - '0');
		*delay_ms = clamp(n * 1000);
		return true;
	}
	if (len >= sizeof text)
		return false;
	memcpy(text, at, len);
	text[len] = '\0';
	if (!http_date(text, now_wall_ms, &m))
		return false;
	n = date_to_day((struct date){m.year, m.month, m.day});
	n = ((n * 24 + m.hour) * 60 + m.minute) * 60 + m.second;
	*delay_ms = clamp(n * 1000 - now_wall_ms);
	return true;
}
