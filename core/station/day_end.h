/*
 * The end of a day: what the last reconciliation with the centre said, kept until the next one, and
 * who closed the day knowing how much was still open. Closing forbids nothing afterwards; it is a
 * statement, in the audit trail.
 */
#ifndef YIMEN_CORE_STATION_DAY_END_H
#define YIMEN_CORE_STATION_DAY_END_H

#include "core/base/err.h"

#include <stddef.h>
#include <stdint.h>

struct reconcile_line;
struct reconcile_sum;
struct store;

struct day_check {
	int64_t at_ms; /* 0: never done */
	size_t here, there, differences;
	char *failure; /* a sentence: why it could not be done; NULL: it was */
};
void day_check_fini(struct day_check *c);

/* Takes the place of the one before of that day, with its row in the audit trail. failure NULL: sum
 * and the lines hold. */
enum err day_check_put(struct store *s, int32_t day, const struct reconcile_sum *sum,
	const struct reconcile_line *lines, size_t count, const char *failure);
enum err day_check_get(struct store *s, int32_t day, struct day_check *out);
/* Its differences, in order; each may use the store. */
void day_check_each(struct store *s, int32_t day,
	void (*each)(void *arg, const struct reconcile_line *l), void *arg);

struct day_close {
	int64_t at_ms; /* 0: not closed */
	char *operator_name, *window;
	size_t open_items;
};
void day_close_fini(struct day_close *c);

enum err day_close(struct store *s, int32_t day, const char *operator_name, const char *window,
	size_t open_items);
enum err day_close_last(struct store *s, int32_t day, struct day_close *out);

#endif
