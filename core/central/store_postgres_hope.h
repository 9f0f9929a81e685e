/*
 * What stands in the database as the last group left it, and is hoped to stand there still: then a
 * group of new cases needs to read nothing, and one round trip writes and commits it. The hope is
 * safe because nothing rests on it: whoever else has written an event meanwhile has taken the
 * number that the first letter of the group would get, and a key or case that is there already is
 * there already; the unique indexes refuse the group, and it is taken again with what is read.
 *
 * Where several programs write, hope fails often and then costs a round trip: after each failure as
 * many groups as it has failed in a row, doubled each time, are taken without it.
 */
#ifndef YIMEN_CORE_CENTRAL_STORE_POSTGRES_HOPE_H
#define YIMEN_CORE_CENTRAL_STORE_POSTGRES_HOPE_H

#include <stdbool.h>
#include <stdint.h>

struct group;

/* Zeroed: nothing is known. Of one connection. */
struct hope {
	bool known;
	int64_t last_seq, n; /* of all events; the last number given in the series */
	char series[24];
	uint64_t losses;      /* of the connection, when it was so */
	unsigned failed;      /* in a row */
	unsigned groups_left; /* to be taken without */
};

/* Fills the group as reading would, when every letter of it may be new and something is known.
 * losses: how often the connection was lost so far. false: it must be read. */
bool hope_fill(struct hope *h, struct group *g, uint64_t losses);
/* The group is done; hoped: as it was filled. */
void hope_learn(struct hope *h, const struct group *g, uint64_t losses, bool hoped);
/* It was not as hoped. */
void hope_fail(struct hope *h);

#endif
