/* Shared by queue.c, queue_look.c and queue_feed.c. Nobody else includes this. */
#ifndef YIMEN_CORE_STATION_QUEUE_PRIVATE_H
#define YIMEN_CORE_STATION_QUEUE_PRIVATE_H

#include "core/station/queue.h"

struct stmt;

#define QUEUE_COLUMNS \
	"id, day, number, letter, for_window, priority, machine, state, window, operator_name," \
	" outcome, calls, taken_ms, called_ms, started_ms, finished_ms, served_ms, since_ms"
/* Who is called first among those that wait; ?1 the day, ?2 letters, ?3 the window. */
#define QUEUE_WAITING \
	" FROM ticket WHERE day = ?1 AND state = 'waiting' AND (for_window = ?3 OR (for_window = ''" \
	" AND (?2 = '' OR instr(?2, ' ' || letter || ' '))))"
#define QUEUE_ORDER " ORDER BY for_window = ?3 AND ?3 <> '' DESC, priority DESC, taken_ms, number"

void queue_take_row(struct stmt *st, struct ticket *t);
/* A draft begun for it is still open. */
bool queue_is_unfinished(struct store *s, const struct ticket *t);
/* A new ticket inside the caller's transaction, with its audit row. ERR_STATE: too many today. */
enum err queue_insert(
	struct store *s, const struct ticket *t, const char *operator_name, struct buf *why);

#endif
