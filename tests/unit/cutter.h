/*
 * A line to a PostgreSQL server that can be cut: a process between the two sockets, told by a word
 * in shared memory what to do with the next transaction.
 */
#ifndef YIMEN_TESTS_UNIT_CUTTER_H
#define YIMEN_TESTS_UNIT_CUTTER_H

#include <sys/types.h>

#include "tests/unit/postgres.h"

enum cut {
	CUT_NOTHING,
	CUT_ANSWER, /* the commit is made, and its answer does not come */
	CUT_FIRST,  /* the next round trip does not get there: of a transaction that has one only */
	CUT_COMMIT, /* the second one: of a transaction that reads before it writes and commits */
	CUT_REFUSE  /* no connection at all, until it is told otherwise */
};

struct cutter {
	char dir[64];
	pid_t pid;
	volatile int *cut; /* goes back to CUT_NOTHING when it was done, but for CUT_REFUSE */
};

/* conninfo: of the database name, through it. */
void cutter_start(struct cutter *c, const struct postgres *p, const char *name, char conninfo[256]);
void cutter_stop(struct cutter *c);

#endif
