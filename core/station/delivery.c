#include "core/station/delivery.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/station/answer.h"
#include "core/station/backoff.h"
#include "core/station/store.h"

enum {
	FLYING_MAX = 16,
	IDLE_WAIT_MS = 60 * 1000,
	FILE_REST_MS = 1000,
	BUSY_LOOK_MS = 50
};

struct delivery {
	struct store *store;
	struct transport transport;
	struct delivery_events events;
	struct letter flying[FLYING_MAX];
	size_t flying_count;
	enum link_state link;
	int line_failures;	/* in a row */
	int64_t line_next_mono; /* the line rests until then; 0: free */
	bool sweeping;
	int64_t sweep_seq;	/* letters up to this one have been tried in this sweep */
	int64_t sweep_end;	/* the newest letter when it began */
	int64_t file_next_mono; /* the station's file could not be written: rest until then */
};

struct delivery *delivery_new(struct store *s, struct transport t, const struct delivery_events *ev)
{
	struct delivery *d = mem_alloc(sizeof *d);

	d->store = s;
	d->transport = t;
	if (ev != NULL)
		d->events = *ev;
	return d;
}

void delivery_free(struct delivery *d)
{
	if (d == NULL)
		return;
	while (d->flying_count > 0)
		letter_fini(&d->flying[--d->flying_count]);
	free(d);
}

size_t delivery_in_flight(const struct delivery *d)
{
	return d->flying_count;
}

enum link_state delivery_link(const struct delivery *d)
{
	return d->link;
}

static int64_t mono_now(const struct delivery *d)
{
	return clock_mono_ms(store_clock(d->store));
}

int64_t delivery_line_pause_ms(const struct delivery *d)
{
	int64_t left = d->line_next_mono - mono_now(d);

	return d->line_next_mono == 0 || left < 0 ? 0 : left;
}

void delivery_hurry(struct delivery *d)
{
	d->line_next_mono = 0;
	d->line_failures = 0;
}

static void set_link(
	struct delivery *d, enum link_state state, int64_t round_trip_ms, const char *reason)
{
	d->link = state;
	if (d->events.link != NULL)
		d->events.link(d->events.arg, state, round_trip_ms, reason);
}

static void line_failed(struct delivery *d, const struct answer_reading *r)
{
	int64_t pause;

	d->line_failures++;
	pause = r->has_delay ? r->delay_ms
			     : backoff_pause_ms(store_entropy(d->store), d->line_failures);
	d->line_next_mono = mono_now(d) + pause;
	if (d->line_failures == 1)
		log_warn("delivery", "line down: %s", buf_str(&r->reason));
	set_link(d, LINK_DOWN, 0, buf_str(&r->reason));
}

static void line_worked(struct delivery *d, int64_t round_trip_ms)
{
	if (d->line_failures > 0)
		log_info("delivery", "line up after %d failures", d->line_failures);
	delivery_hurry(d);
	set_link(d, LINK_UP, round_trip_ms, "");
}

/* ---- sending ---- */

static enum err send_letter(struct delivery *d, struct letter *l)
{
	struct transport_request r = {.tag = NULL,
		.method = "POST",
		.path = l->path,
		.key = l->id,
		.body = l->body,
		.body_len = l->body_len};
	enum err e;

	/* The slot's address is no tag: slots move. The number is. */
	r.tag = (void *)(intptr_t)l->seq;
	e = d->transport.send(d->transport.arg, &r);
	if (e == OK)
		d->flying[d->flying_count++] = *l;
	else
		letter_fini(l);
	return e;
}

/* How many letters may be in the air: one while the line is in doubt. */
static size_t allowance(const struct delivery *d)
{
	if (delivery_line_pause_ms(d) > 0 || mono_now(d) < d->file_next_mono)
		return 0;
	return d->line_failures > 0 ? 1 : FLYING_MAX;
}

static size_t next_letters(struct delivery *d, struct letter *out, size_t limit)
{
	const char *busy[FLYING_MAX];
	size_t i;

	for (i = 0; i < d->flying_count; i++)
		busy[i] = d->flying[i].case_id;
	if (d->sweeping)
		return outbox_sweep(
			d->store, d->sweep_seq, d->sweep_end, busy, d->flying_count, out, limit);
	return outbox_due(d->store, store_now_ms(d->store), busy, d->flying_count, out, limit);
}

static void start_letters(struct delivery *d)
{
	struct letter due[FLYING_MAX];
	size_t limit = allowance(d), count, i;

	if (limit <= d->flying_count)
		return;
	count = next_letters(d, due, limit - d->flying_count);
	for (i = 0; i < count; i++) {
		if (d->sweeping && due[i].seq > d->sweep_seq)
			d->sweep_seq = due[i].seq;
		send_letter(d, &due[i]);
	}
	if (d->sweeping && count == 0 && d->flying_count == 0)
		d->sweeping = false;
}

void delivery_sweep(struct delivery *d)
{
	delivery_hurry(d);
	d->sweeping = true;
	d->sweep_seq = 0;
	d->sweep_end = outbox_newest(d->store);
}

bool delivery_idle(const struct delivery *d)
{
	return d->flying_count == 0 && !d->sweeping;
}

/* ---- answers ---- */

/* An answer with what it was made of, until it is settled. */
struct settled {
	struct letter letter;
	struct answer_reading reading;
};

static bool take_flying(struct delivery *d, const void *tag, struct letter *out)
{
	size_t i;

	for (i = 0; i < d->flying_count; i++) {
		if (d->flying[i].seq != (int64_t)(intptr_t)tag)
			continue;
		*out = d->flying[i];
		d->flying[i] = d->flying[--d->flying_count];
		return true;
	}
	return false;
}

static void fill_outcome(struct delivery *d, const struct settled *s,
	const struct transport_answer *a, struct outbox_outcome *o)
{
	const struct answer_reading *r = &s->reading;
	const char *json_text = a->body_len > 0 ? a->body : NULL;

	*o = (struct outbox_outcome){.state = LETTER_WAITING, .reason = buf_str(&r->reason)};
	memcpy(o->id, s->letter.id, sizeof o->id);
	switch (r->meaning) {
	case ANSWER_RECEIPT:
		o->state = LETTER_DELIVERED;
		o->receipt = json_text;
		o->reason = NULL;
		break;
	case ANSWER_REFUSED:
	case ANSWER_PERSON:
		o->state = LETTER_HELD;
		o->hold = r->meaning == ANSWER_REFUSED ? HOLD_REFUSED : HOLD_PERSON;
		o->problem = json_text;
		break;
	case ANSWER_LATER:
		o->next_ms = store_now_ms(d->store) +
			     (r->has_delay ? r->delay_ms
					   : backoff_pause_ms(
						     store_entropy(d->store), s->letter.tries + 1));
		break;
	case ANSWER_LINE:
		break; /* the line's own pause decides */
	}
}

static void announce(struct delivery *d, const struct settled *s, const struct outbox_outcome *o)
{
	if (d->events.letter != NULL)
		d->events.letter(d->events.arg, &s->letter, o->state,
			buf_str(&s->reading.project_no), o->reason);
}

/* One pass over the answers of a poll: the line first, then one transaction for all letters. */
static enum err settle(struct delivery *d, const struct transport_answer *answers, size_t count)
{
	struct settled done[FLYING_MAX] = {0};
	struct outbox_outcome outcomes[FLYING_MAX];
	const struct settled *bad_line = NULL;
	int64_t round_trip_ms = -1;
	size_t n = 0, i;
	enum err e = OK;

	for (i = 0; i < count; i++) {
		if (!take_flying(d, answers[i].tag, &done[n].letter)) {
			if (d->events.other != NULL)
				d->events.other(d->events.arg, &answers[i]);
			continue;
		}
		answer_read(
			&answers[i], done[n].letter.id, store_now_ms(d->store), &done[n].reading);
		fill_outcome(d, &done[n], &answers[i], &outcomes[n]);
		if (done[n].reading.meaning == ANSWER_LINE)
			bad_line = &done[n];
		else
			round_trip_ms = answers[i].elapsed_ms;
		n++;
	}
	if (n > 0)
		e = outbox_settle(d->store, outcomes, n);
	if (e != OK)
		d->file_next_mono = mono_now(d) + FILE_REST_MS;
	if (round_trip_ms >= 0)
		line_worked(d, round_trip_ms);
	else if (bad_line != NULL)
		line_failed(d, &bad_line->reading);
	if (bad_line != NULL)
		d->sweeping = false; /* trouble with the line stops the round */
	for (i = 0; i < n; i++) {
		if (e == OK)
			announce(d, &done[i], &outcomes[i]);
		letter_fini(&done[i].letter);
		answer_reading_fini(&done[i].reading);
	}
	return e;
}

static int wait_ms(struct delivery *d, int max_wait_ms)
{
	int64_t wait = max_wait_ms, pause = delivery_line_pause_ms(d), next;
	struct outbox_counts c;

	if (mono_now(d) < d->file_next_mono)
		return max_wait_ms < FILE_REST_MS ? max_wait_ms : FILE_REST_MS;
	if (pause > 0 && d->flying_count == 0)
		return (int)(pause < wait ? pause : wait);
	if (outbox_counts(d->store, &c) == OK && c.waiting > d->flying_count) {
		next = outbox_next_ms(d->store, store_now_ms(d->store)) - store_now_ms(d->store);
		if (next < wait)
			wait = next < 0 ? 0 : next;
		if (wait == 0) /* due already but not sent: its case is busy, an answer will come */
			wait = d->flying_count > 0 ? max_wait_ms : BUSY_LOOK_MS;
	}
	return (int)(wait < IDLE_WAIT_MS ? wait : IDLE_WAIT_MS);
}

enum err delivery_ask(struct delivery *d, const struct transport_request *r)
{
	return d->transport.send(d->transport.arg, r);
}

void delivery_heard(struct delivery *d, bool reached, int64_t round_trip_ms, const char *reason)
{
	struct answer_reading r = {0};

	if (reached) {
		line_worked(d, round_trip_ms);
		return;
	}
	buf_adds(&r.reason, reason);
	line_failed(d, &r);
	answer_reading_fini(&r);
}

enum err delivery_turn(struct delivery *d, int max_wait_ms, const int *wake_fds, size_t wake_count)
{
	struct transport_answer answers[FLYING_MAX];
	bool was_sweeping = d->sweeping;
	size_t count;

	start_letters(d);
	if (was_sweeping && d->flying_count == 0)
		return OK; /* the sweep is over: nothing to wait for */
	count = d->transport.poll(d->transport.arg, wait_ms(d, max_wait_ms), wake_fds, wake_count,
		answers, FLYING_MAX);
	return settle(d, answers, count);
}
