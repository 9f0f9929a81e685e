/*
 * Listening to the centre: a heartbeat that tells whether the line is there and how long it takes,
 * and the change feed (GET /v1/changes) whose news are applied exactly once: each batch and the
 * cursor after it are one transaction. Also the catalogue: fetched when the feed names a version
 * that is not ours. A centre that does not admit this station any more counts as a line that is
 * down, with the centre's own words, until it does.
 */
#ifndef YIMEN_CORE_STATION_WATCH_H
#define YIMEN_CORE_STATION_WATCH_H

#include "core/base/err.h"
#include "core/station/transport.h"

#include <stdbool.h>

struct buf;
struct delivery;
struct store;
struct watch;

/* Both borrowed. */
struct watch *watch_new(struct store *s, struct delivery *d);
void watch_free(struct watch *w);

/* Sends what is due: heartbeat, question for changes. */
void watch_turn(struct watch *w);
/* Takes the answer to one of these. true: something in the station's file has changed. */
bool watch_answer(struct watch *w, const struct transport_answer *a);
/* A catalogue has come and is being taken in: watch_work does a slice of it (some tens of
 * milliseconds), between the turns of the delivery. true: there is a new one now. */
bool watch_is_working(const struct watch *w);
bool watch_work(struct watch *w);

/* Who looks on while changes are fetched: how many batches have come, and how many changes of them
 * were news here. */
struct watch_sync_show {
	void (*batch)(void *arg, int batches, size_t applied);
	void *arg;
};

/*
 * Now and whole: all changes that wait, then the catalogue into HOME/catalogue.db with its index.
 * show may be NULL. *applied: how many of the changes changed something here. ERR_BUSY: the centre
 * cannot be reached, or says for ever that there is more: its cursors do not get on, or nothing new
 * has come for very long; what has come is kept, the next time goes on behind it, and the
 * catalogue is fetched all the same. why says how.
 */
enum err watch_sync(struct store *s, struct transport t, const struct watch_sync_show *show,
	size_t *applied, struct buf *why);

#endif
