#include "core/central/store_postgres_hope.h"

#include <stdio.h>
#include <string.h>

#include "core/central/store_postgres_group.h"

enum {
	FAILED_MAX = 10 /* doublings: a thousand groups */
};

/* The first letter of a case, as far as the group tells. One that is objected to has no kind. */
static bool may_be_new(const struct group_letter *l)
{
	return l->posting->objection == 0 && l->replaced == NULL &&
	       strcmp(l->posting->kind, "application") == 0;
}

static bool is_for(const struct group *g)
{
	size_t i;

	/* each has a case and a key of its own, all are numbered in one series */
	if (g->case_count != g->count || g->key_count != g->count || g->series_count != 1)
		return false;
	for (i = 0; i < g->count; i++)
		if (!may_be_new(&g->letters[i]))
			return false;
	return true;
}

bool hope_fill(struct hope *h, struct group *g, uint64_t losses)
{
	if (h->groups_left > 0) {
		h->groups_left--;
		return false;
	}
	if (!h->known || h->losses != losses || !is_for(g) ||
		strcmp(h->series, g->series[0].name) != 0)
		return false;
	g->last_seq = h->last_seq;
	g->series[0].n = h->n;
	return true;
}

void hope_learn(struct hope *h, const struct group *g, uint64_t losses, bool hoped)
{
	if (hoped)
		h->failed = 0;
	h->known = g->series_count == 1;
	if (!h->known)
		return;
	h->last_seq = g->last_seq;
	h->n = g->series[0].n;
	snprintf(h->series, sizeof h->series, "%s", g->series[0].name);
	h->losses = losses;
}

void hope_fail(struct hope *h)
{
	h->known = false;
	h->groups_left = 1u << h->failed;
	if (h->failed < FAILED_MAX)
		h->failed++;
}
