/*
 * Whose turn it is to deliver: one program a station, by locks of the system (flock), never by a
 * flag in a row. HOME/deliver.lock is held by whoever delivers. HOME/deliver.want is held by a
 * workstation as long as it runs: the deliverer in the background gives way to it, because the
 * screen wants to show the line, and takes its turn again when the workstation has gone, however it
 * went. HOME/deliver.watch is held, together, by those in the background as long as they run: a
 * workstation that is left can say who sends what waits.
 */
#ifndef YIMEN_CORE_STATION_DELIVER_LOCK_H
#define YIMEN_CORE_STATION_DELIVER_LOCK_H

#include "core/base/err.h"

#include <stdbool.h>

struct deliver_lock {
	int turn_fd, wish_fd, watch_fd;
};

/* ERR_IO: the files cannot be opened; errno says why. */
enum err deliver_lock_open(struct deliver_lock *l, const char *home);
void deliver_lock_close(struct deliver_lock *l); /* gives up what it holds */

/* None of these waits. true: it is ours now (or was already). */
bool deliver_lock_take(struct deliver_lock *l);
bool deliver_lock_wish(struct deliver_lock *l);
bool deliver_lock_watch(struct deliver_lock *l);
void deliver_lock_give(struct deliver_lock *l); /* the turn; a wish stays */
/* Another one wishes for the turn. */
bool deliver_lock_is_wished(const struct deliver_lock *l);
/* A workstation is open, and delivers as long as it is. */
bool deliver_lock_is_manned(const char *home);
/* A deliverer runs in the background. */
bool deliver_lock_is_watched(const char *home);

#endif
