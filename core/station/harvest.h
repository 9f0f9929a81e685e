/*
 * Answers that are here but not on disk yet. Each commit costs several flushes, so the answers of a
 * few polls are written together; one that is lost to a crash before is asked for again, and the
 * centre gives it again. Part of delivery.c.
 */
#ifndef YIMEN_CORE_STATION_HARVEST_H
#define YIMEN_CORE_STATION_HARVEST_H

#include "core/station/answer.h"
#include "core/station/outbox.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	HARVEST_MAX = 256
};

struct harvest {
	struct gathered {
		struct letter letter;
		struct answer_reading reading;
		struct buf document; /* the answer's body */
	} items[HARVEST_MAX];
	size_t count;
	int64_t since_mono; /* when the first of them came */
};

/* Takes letter and reading over and copies the answer's body, if it was read. There must be room.
 */
void harvest_add(struct harvest *h, const struct letter *l, const struct answer_reading *r,
	const struct transport_answer *a);
/* What becomes of an item, as outbox_settle takes it; borrows from the item. next_ms: of a letter
 * that is tried again. */
void harvest_outcome(const struct gathered *g, int64_t next_ms, struct outbox_outcome *out);
void harvest_clear(struct harvest *h);

#endif
