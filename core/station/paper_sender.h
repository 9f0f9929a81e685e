/*
 * Sending papers: each that a waiting letter needs, in pieces, going on where it was cut. It first
 * asks how much of it the centre has (a paper may have come from elsewhere, or more of it than we
 * heard of), then sends the rest piece by piece. Part of delivery.c, whose line it uses.
 */
#ifndef YIMEN_CORE_STATION_PAPER_SENDER_H
#define YIMEN_CORE_STATION_PAPER_SENDER_H

#include "core/station/answer.h"
#include "core/station/transport.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct paper_sender;
struct store;

/* s is borrowed. */
struct paper_sender *paper_sender_new(struct store *s, struct transport t);
void paper_sender_free(struct paper_sender *p); /* what is under way is asked for again later */

/* Starts what may go, at most `limit` requests. sweeping: whatever their next try says, each once
 * (paper_sender_sweep). Returns how many it started. */
size_t paper_sender_start(struct paper_sender *p, size_t limit, bool sweeping);
void paper_sender_sweep(struct paper_sender *p); /* a sweep begins: nothing has been tried */
size_t paper_sender_in_flight(const struct paper_sender *p);
/* Monotonic-free: wall time when the next paper may go; INT64_MAX: none waits. */
int64_t paper_sender_next_ms(struct paper_sender *p, int64_t now_ms);

/*
 * Takes an answer; false: it is to none of its requests. *reading tells delivery what it means for
 * the line (free it). ERR_*: the station's file could not be written; the paper is asked for again.
 */
bool paper_sender_answer(struct paper_sender *p, const struct transport_answer *a,
	struct answer_reading *reading, enum err *e);

#endif
