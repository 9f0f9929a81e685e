/*
 * The rules of a demo back office: a table (CSV) that says what is decided on a case of a matter in
 * a state, after how long, and how often. Which rule a case meets is drawn from a seed and the
 * case's running number of the day: the same day with the same seed goes the same way.
 *
 * Columns: state · matter (its code, or part of its name; empty: any) · weight (among the rules
 * that fit) · after ("40" seconds, "2d" demo days, "limit+1d" demo days after the promised limit) ·
 * spread (up to so many seconds more) · act (of core/domain/lifecycle.h; "deny": decided against;
 * "wait": nothing) · corrections and documents (as in commands_office.h; the material "*" is one of
 * the case's own) · reason · days · who · note.
 */
#ifndef YIMEN_CORE_CENTRAL_OFFICE_RULES_H
#define YIMEN_CORE_CENTRAL_OFFICE_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/domain/lifecycle.h"

struct buf;

enum office_wait {
	WAIT_SECONDS,
	WAIT_DAYS,
	WAIT_LIMIT /* days after the limit; fewer than 0: before it */
};

struct office_rule {
	enum case_state state;
	char *matter;
	int weight;
	enum office_wait unit;
	int after, spread_s;
	bool acts; /* false: "wait" */
	bool denies;
	enum case_act act;
	int days;
	char *corrections, *documents, *reason, *who, *note; /* "" none */
};

struct office_rules;

/* ERR_INVALID: why has each fault as file:row:column; ERR_NOT_FOUND. */
enum err office_rules_read(struct office_rules **out, const char *path, struct buf *why);
void office_rules_free(struct office_rules *r); /* NULL does nothing */
size_t office_rules_count(const struct office_rules *r);

struct office_look {
	const char *task_code, *task_name;
	enum case_state state;
	unsigned running; /* number of the case in its day */
	unsigned events;  /* in its history so far */
	unsigned done;	  /* acts of the office so far, a bit each (1u << act) */
	uint64_t seed;
};
/*
 * NULL: no rule fits. To correct, to extend and to suspend come once in a case's life. *spread_s:
 * seconds beyond its time.
 */
const struct office_rule *office_rules_pick(
	const struct office_rules *r, const struct office_look *l, int *spread_s);
/* A number from the same source, below n, for another question. */
unsigned office_rules_draw(const struct office_look *l, unsigned question, unsigned n);

#endif
