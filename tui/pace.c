#include "tui/pace.h"

enum {
	SLOW_ROUND_TRIP_MS = 150,
	SLOW_BYTES_A_SECOND = 2000,
	ASK_AFTER = 512,     /* many small paints */
	ASK_AFTER_ONE = 128, /* or one of some size */
	PATIENCE_MS = 10000
};

void pace_init(struct pace *p)
{
	*p = (struct pace){.asked_ms = -1, .first_ms = -1, .round_trip_ms = -1};
}

bool pace_may_paint(struct pace *p, int64_t now_ms)
{
	if (p->deaf || p->asked_ms < 0 || p->under_way <= PACE_UNDER_WAY)
		return true;
	if (now_ms - p->asked_ms < PATIENCE_MS)
		return false;
	p->deaf = true;
	return true;
}

static bool ask(struct pace *p, int64_t now_ms)
{
	p->asked_ms = now_ms;
	p->unasked = 0;
	return true;
}

bool pace_painted(struct pace *p, size_t bytes, int64_t now_ms)
{
	p->under_way += bytes;
	p->unasked += bytes;
	if (p->deaf || p->asked_ms >= 0)
		return false;
	if (p->first_ms < 0) {
		p->first_bytes = bytes;
		return ask(p, now_ms);
	}
	return p->unasked >= ASK_AFTER || bytes >= ASK_AFTER_ONE ? ask(p, now_ms) : false;
}

/* The first answer came after a whole screen, the second after next to nothing. */
static void judge(struct pace *p, int64_t second_ms)
{
	int64_t carried_ms = p->first_ms - second_ms;

	p->sure = true;
	p->slow = second_ms > SLOW_ROUND_TRIP_MS ||
		  (carried_ms > 0 &&
			  (int64_t)p->first_bytes * 1000 / carried_ms < SLOW_BYTES_A_SECOND);
}

bool pace_answered(struct pace *p, int64_t now_ms)
{
	int64_t took_ms = now_ms - p->asked_ms;

	if (p->asked_ms < 0)
		return false;
	p->asked_ms = -1;
	p->deaf = false;
	p->under_way = p->unasked;
	if (p->round_trip_ms < 0 || took_ms < p->round_trip_ms)
		p->round_trip_ms = took_ms;
	if (p->first_ms < 0) {
		p->first_ms = took_ms;
		p->sure = took_ms <= SLOW_ROUND_TRIP_MS;
		return p->sure ? false : ask(p, now_ms);
	}
	if (!p->sure)
		judge(p, took_ms);
	return p->unasked >= ASK_AFTER_ONE ? ask(p, now_ms) : false;
}
