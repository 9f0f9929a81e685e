/* The centre's view of the one state machine (core/domain/lifecycle.h): by names, as they travel.
 */
#include "core/central/states.h"

#include <stddef.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/domain/lifecycle.h"

const char *const state_first = "received";

/* A draft never leaves its station: here it is no state. */
static bool parse(const char *name, enum case_state *out)
{
	return name != NULL && case_state_parse(name, out) && *out != CASE_DRAFT;
}

bool state_known(const char *name)
{
	enum case_state s;

	return parse(name, &s);
}

const char *state_constant(const char *name)
{
	enum case_state s;

	return parse(name, &s) ? case_state_name(s) : NULL;
}

const char *state_label(const char *name)
{
	enum case_state s;

	return parse(name, &s) ? case_state_label(s) : name;
}

/* Some act of somebody leads from one to the other. */
static bool leads(enum case_state from, enum case_state to)
{
	enum case_state next;
	int act, actor;

	for (act = 0; act < CASE_ACT__MAX; act++)
		for (actor = 0; actor < CASE_ACTOR__MAX; actor++)
			if (lifecycle_next(from, (enum case_act)act, (enum case_actor)actor, &next,
				    NULL) &&
				next == to)
				return true;
	return false;
}

bool state_may_follow(const char *from, const char *to)
{
	enum case_state a, b;

	return parse(from, &a) && parse(to, &b) && leads(a, b);
}

const char *state_next(const char *from)
{
	static const enum case_act ordinary[] = {ACT_ACCEPT, ACT_DECIDE, ACT_DELIVER, ACT_ARCHIVE};
	enum case_state s, next;
	size_t i;

	for (i = 0; parse(from, &s) && i < sizeof ordinary / sizeof ordinary[0]; i++)
		if (lifecycle_next(s, ordinary[i], ACTOR_OFFICE, &next, NULL))
			return case_state_name(next);
	return NULL;
}

void state_list_following(struct buf *out, const char *from)
{
	enum case_state s;
	bool first = true;
	int to;

	for (to = 0; parse(from, &s) && to < CASE_STATE__MAX; to++) {
		if (!leads(s, (enum case_state)to))
			continue;
		buf_printf(out, "%s%s", first ? "" : ", ", case_state_name((enum case_state)to));
		first = false;
	}
}
