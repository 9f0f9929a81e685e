/* Of reconcile.c: which version of a case each side goes by. */
#ifndef YIMEN_CORE_STATION_RECONCILE_PRIVATE_H
#define YIMEN_CORE_STATION_RECONCILE_PRIVATE_H

#include "core/base/err.h"
#include "core/base/id.h"
#include "core/station/reconcile.h"

#include <stdbool.h>

struct store;

struct version_verdict {
	bool differs;
	enum reconcile_kind kind; /* when it differs */
	char here[ID_UUID_SIZE];  /* the newest version that was submitted here; "" none */
};

/* there: the key of the version that the centre goes by. */
enum err reconcile_version(
	struct store *s, const char *case_id, const char *there, struct version_verdict *out);

/* How many letters of it the centre has taken, by their receipts. */
enum err reconcile_count_letters(struct store *s, const char *case_id, int64_t *count);

/* Whether a case of this station, of which nothing waits or is held here, has another state. */
enum err reconcile_stands_elsewhere(
	struct store *s, const char *case_id, const char *state, bool *elsewhere);

/* Cases submitted on another day of which a later version was submitted, or a step taken, on this
 * one. number NULL: the centre has not given one. Each must not use the store. */
enum err reconcile_each_continued(struct store *s, int32_t day,
	void (*each)(void *arg, const char *case_id, const char *local_receipt, const char *number),
	void *arg);

#endif
