/* The differences of a reconciliation, kept until it is over: each is only lent while it is told.
 */
#ifndef YIMEN_CORE_STATION_RECONCILE_KEPT_H
#define YIMEN_CORE_STATION_RECONCILE_KEPT_H

#include "core/station/reconcile.h"

/* A zeroed one is empty. The texts are copies; versions are not kept. */
struct reconcile_kept {
	struct reconcile_line *lines;
	size_t count;
};

void reconcile_keep(struct reconcile_kept *k, const struct reconcile_line *l);
void reconcile_kept_fini(struct reconcile_kept *k);

#endif
