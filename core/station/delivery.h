/*
 * Delivery: takes what is due from the outbox, sends it, reads the answers, settles those of a poll
 * in one transaction; the next letters travel while it is written. Trouble with the line stops the
 * round and is tried again with one letter; trouble with one letter touches no other. Nothing here
 * is remembered on disk but what outbox_settle and the papers' rows say.
 *
 * What an answer means (RFC 9110, RFC 9457, the Idempotency-Key draft):
 *   200, 201, application/json, our key echoed, a project_no	delivered
 *   400 404 405 410 411 413 414 415 422 ... with a JSON problem	held: refused
 *   401, 403 with a JSON problem				held: needs a person
 *   409 with a problem of type case-exists, stale-version, case-state	held: refused
 *   409 attachment-missing					its papers once more, then again
 *   408 409 425 429 5xx					again (Retry-After up to an hour)
 *   4xx problem of more than REFUSAL_BYTES_MAX		again, and a person is told
 *   anything else: redirect, HTML, other key, cut body		not the centre: again
 */
#ifndef YIMEN_CORE_STATION_DELIVERY_H
#define YIMEN_CORE_STATION_DELIVERY_H

#include "core/station/outbox.h"
#include "core/station/transport.h"

#include <stdbool.h>
#include <stdint.h>

struct delivery;

enum link_state {
	LINK_UNKNOWN, /* nothing was tried yet */
	LINK_UP,
	LINK_DOWN
};

/* What happened, for whoever watches. Strings are borrowed during the call. */
struct delivery_events {
	/* round_trip_ms: of LINK_UP; -1: what came back was sent while the line was down. */
	void (*link)(void *arg, enum link_state state, int64_t round_trip_ms, const char *reason);
	/* next_ms: pause before the next try when it stays waiting. */
	void (*letter)(void *arg, const struct letter *l, enum letter_state state,
		const char *project_no, const char *reason);
	/* Papers went on their way: bytes, or whole. */
	void (*papers)(void *arg);
	/* The answer to a request of delivery_ask. */
	void (*other)(void *arg, const struct transport_answer *a);
	void *arg;
};

/* All borrowed; must outlive it. */
struct delivery *delivery_new(
	struct store *s, struct transport t, const struct delivery_events *ev);
void delivery_free(struct delivery *d); /* what is in flight is simply waiting again */

/*
 * One turn: starts what may go, waits for answers at most max_wait_ms (less when something becomes
 * due sooner, or one of wake_fds is readable), settles them. ERR_FULL, ERR_IO …: the station's file
 * could not be written; nothing is lost, the answers will be asked for again.
 */
enum err delivery_turn(struct delivery *d, int max_wait_ms, const int *wake_fds, size_t wake_count);

/* Sends something else over the same line (the change feed); its tag must be a negative number. */
enum err delivery_ask(struct delivery *d, const struct transport_request *r);
/* What such a request told of the line. */
void delivery_heard(struct delivery *d, bool reached, int64_t round_trip_ms, const char *reason);

/* The clerk asked, or the network came back: forget every pause. */
void delivery_hurry(struct delivery *d);
/* Each letter that is waiting now is tried once, whatever its next try says; done when idle. */
void delivery_sweep(struct delivery *d);
/* Nothing in flight and, in a sweep, nothing left that it has not tried. */
bool delivery_idle(const struct delivery *d);
size_t delivery_in_flight(const struct delivery *d);
enum link_state delivery_link(const struct delivery *d);
/* Milliseconds until the line is tried again; 0: now or it is up. */
int64_t delivery_line_pause_ms(const struct delivery *d);

#endif
