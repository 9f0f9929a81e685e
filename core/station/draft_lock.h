/*
 * A draft that stands open on a screen: a lock of the system on HOME/drafts.lock, one byte a draft,
 * so that it goes when the program goes, however that happens. Nobody else opens the draft, hands
 * it over or takes it meanwhile.
 */
#ifndef YIMEN_CORE_STATION_DRAFT_LOCK_H
#define YIMEN_CORE_STATION_DRAFT_LOCK_H

#include "core/base/err.h"

#include <stdbool.h>

struct draft_lock;
struct store;

/* ERR_BUSY: it is open elsewhere. ERR_IO: the file cannot be opened. *out must be NULL. */
enum err draft_lock_take(struct draft_lock **out, const struct store *s, const char *draft_id);
void draft_lock_free(struct draft_lock *l); /* gives it up; NULL does nothing */
/* Open somewhere, this program included. */
bool draft_lock_held(const struct store *s, const char *draft_id);

#endif
