/*
 * A summary of the day counted a second time, from the rows of the audit trail alone and by code of
 * its own: nothing of core/station/summary.h, no other table. What the two say must be the same.
 */
#ifndef YIMEN_TESTS_UNIT_RECOUNT_H
#define YIMEN_TESTS_UNIT_RECOUNT_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct store;
struct recount;

/* The days from .. to (exclusive) of this station's trail. */
struct recount *recount_make(struct store *s, int32_t from_day, int32_t to_day, int late_minutes);
void recount_free(struct recount *r);

/*
 * Holds a summary (`yimen day --json`: one object a line) against it. Returns how many figures are
 * the same; *wrong: how many are not, or stand on one side only, each with a line in `said`.
 */
size_t recount_compare(
	const struct recount *r, const char *json_lines, size_t *wrong, struct buf *said);

#endif
