/* Which letters go into a file: those that were asked for, and of them those that can go. Part of
 * outbox_export.c. */
#ifndef YIMEN_CORE_STATION_OUTBOX_CHOICE_H
#define YIMEN_CORE_STATION_OUTBOX_CHOICE_H

#include "core/base/err.h"
#include "core/base/id.h"

#include <stddef.h>
#include <stdint.h>

struct buf;
struct outbox_order;
struct store;

/* Letters in the order of posting, each once. Zeroed: none. */
struct outbox_choice {
	struct outbox_chosen {
		int64_t seq;
		char id[ID_UUID_SIZE], case_id[ID_UUID_SIZE];
	} * list;
	size_t count;
	size_t left; /* that were to go and cannot */
};
void outbox_choice_fini(struct outbox_choice *c);

/* What was asked for, whether it can go or not; none is no error. ERR_NOT_FOUND, ERR_STATE: as of
 * outbox_export. */
enum err outbox_choose(struct store *s, const struct outbox_order *order, struct outbox_choice *out,
	struct buf *why);

/* Those that are held for want of a scan, and what stands behind them. */
enum err outbox_choose_held(struct store *s, struct outbox_choice *out);

/*
 * The same without the letters whose scans are not here as they should be, and without what stands
 * behind those; each is told to order->left. One whose own copy is lost is held for a correction,
 * as the deliverer would hold it, and a newer version behind it goes in its stead.
 */
enum err outbox_choose_fit(struct store *s, const struct outbox_order *order,
	struct outbox_choice *out, struct buf *why);

#endif
