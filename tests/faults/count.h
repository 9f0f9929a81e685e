/*
 * The count after the peace: what the station's own commands list against what the centre's own
 * list. Nothing is read from a data file behind the programs' backs.
 */
#ifndef YIMEN_TESTS_FAULTS_COUNT_H
#define YIMEN_TESTS_FAULTS_COUNT_H

#include <stddef.h>

struct stage;
struct row;

struct count {
	size_t letters, cases;
	size_t lost;	/* a receipt was given, or the letter is delivered: not at the centre */
	size_t twice;	/* at the centre more than once: the same receipt, case or key */
	size_t unequal; /* the number differs on the two sides */
	size_t stuck;	/* waiting or held when all should be over */
	size_t broken;	/* the audit trail, or a command that failed */
};

/* The centre may run or not. */
void count_both(struct stage *s, struct count *out);
/* Adds it to a row: unequal, stuck and broken are "other"; notes what is not nought. */
void count_into(const struct count *c, struct row *r);

#endif
