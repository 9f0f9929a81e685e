#include "core/station/delivery.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/station/answer.h"
#include "core/station/backoff.h"
#include "core/station/harvest.h"
#include "core/station/paper_sender.h"
#include "core/station/store.h"

enum {
	FLYING_MAX = 16, /* letters and papers together */
	IDLE_WAIT_MS = 60 * 1000,
	SWEEP_REST_MAX_MS = 10 * 1000, /* a round does not wait out a longer Retry-After */
	FILE_REST_MS = 1000,
	BUSY_LOOK_MS = 50,
	GATHER_MS = 100, /* that an answer may wait for others before it is written */
	LINE_DOUBTS = 3	 /* failures in a row that are the line's and no letter's */
};

/* What is wrong with the line. */
struct trouble {
	const char *reason; /* borrowed; NULL: nothing */
	bool cut_off;	    /* nobody was reached at all */
	bool away;	    /* no answer came, or not even the heartbeat's was the centre's */
	bool has_delay;	    /* the centre said when */
	int64_t delay_ms;
};

/* A letter that was tried in this sweep and still waits: its seq. */
struct tried {
	int64_t *seqs; /* ascending */
	size_t count;
};

struct delivery {
	struct store *store;
	struct transport transport;
	struct delivery_events events;
	struct paper_sender *papers;
	struct letter flying[FLYING_MAX];
	size_t flying_count;
	struct harvest harvest; /* answers that are here but not on disk yet */
	enum link_state link;
	int line_failures;	/* in a row */
	bool line_was_away;	/* in this row: not only busy */
	int64_t line_next_mono; /* the line rests until then; 0: free */
	bool all_started;	/* nothing more may go now */
	bool sweeping, sweep_moved;
	int64_t sweep_seq; /* this pass of the sweep has come so far */
	int64_t sweep_end; /* the newest letter when it began */
	struct tried tried;
	int64_t file_next_mono; /* the station's file could not be written: rest until then */
};

struct delivery *delivery_new(struct store *s, struct transport t, const struct delivery_events *ev)
{
	struct delivery *d = mem_alloc(sizeof *d);

	d->store = s;
	d->transport = t;
	d->papers = paper_sender_new(s, t);
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
	harvest_clear(&d->harvest);
	paper_sender_free(d->papers);
	free(d->tried.seqs);
	free(d);
}

size_t delivery_in_flight(const struct delivery *d)
{
	return d->flying_count + paper_sender_in_flight(d->papers);
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

static void line_is_free(struct delivery *d)
{
	d->line_next_mono = 0;
	d->line_failures = 0;
	d->line_was_away = false;
}

void delivery_hurry(struct delivery *d)
{
	line_is_free(d);
	outbox_hurry(d->store); /* when it fails they go at their time */
}

static void set_link(
	struct delivery *d, enum link_state state, int64_t round_trip_ms, const char *reason)
{
	d->link = state;
	if (d->events.link != NULL)
		d->events.link(d->events.arg, state, round_trip_ms, reason);
}

static void line_failed(struct delivery *d, const struct trouble *t)
{
	int64_t pause;

	d->line_failures++;
	d->line_was_away |= t->away;
	pause = t->has_delay ? t->delay_ms
			     : backoff_pause_ms(store_entropy(d->store), d->line_failures);
	d->line_next_mono = mono_now(d) + pause;
	if (d->line_failures == 1)
		log_warn("delivery", "line down: %s", t->reason);
	set_link(d, LINK_DOWN, 0, t->reason);
}

/* What was sent while the line was away took as long as that. */
static void line_worked(struct delivery *d, int64_t round_trip_ms)
{
	const int64_t measured_ms = d->link == LINK_DOWN ? -1 : round_trip_ms;

	if (d->line_failures > 0)
		log_info("delivery", "line up after %d failures", d->line_failures);
	/* It was away for all: what it made letters wait for is over. A centre that answered and
	 * could not take them said when, or has its pauses. */
	if (d->line_failures >= LINE_DOUBTS && d->line_was_away)
		outbox_hurry(d->store);
	line_is_free(d);
	set_link(d, LINK_UP, measured_ms, "");
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

/* How many more may be in the air: one at all while the line is in doubt. */
static size_t allowance(const struct delivery *d)
{
	size_t most = d->line_failures > 0 ? 1 : FLYING_MAX, now = delivery_in_flight(d);

	if (delivery_line_pause_ms(d) > 0 || mono_now(d) < d->file_next_mono)
		return 0;
	return now < most ? most - now : 0;
}

static bool was_tried(const void *arg, int64_t seq)
{
	const struct tried *t = arg;
	size_t from = 0, to = t->count;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (t->seqs[mid] == seq)
			return true;
		if (t->seqs[mid] < seq)
			from = mid + 1;
		else
			to = mid;
	}
	return false;
}

static void note_tried(struct tried *t, int64_t seq)
{
	size_t at = t->count;

	t->seqs = mem_resize(t->seqs, t->count + 1, sizeof *t->seqs);
	for (; at > 0 && t->seqs[at - 1] > seq; at--)
		t->seqs[at] = t->seqs[at - 1];
	t->seqs[at] = seq;
	t->count++;
}

static size_t next_letters(struct delivery *d, struct letter *out, size_t limit)
{
	const struct outbox_range range = {d->sweep_seq, d->sweep_end, was_tried, &d->tried};
	const char *busy[FLYING_MAX + HARVEST_MAX];
	size_t count = 0, i;

	for (i = 0; i < d->flying_count; i++)
		busy[count++] = d->flying[i].case_id;
	for (i = 0; i < d->harvest.count; i++)
		busy[count++] = d->harvest.items[i].letter.case_id;
	if (d->sweeping)
		return outbox_sweep(d->store, &range, busy, count, out, limit);
	return outbox_due(d->store, store_now_ms(d->store), busy, count, out, limit);
}

static size_t start_letters(struct delivery *d, size_t limit)
{
	struct letter due[FLYING_MAX];
	size_t count = limit > 0 ? next_letters(d, due, limit) : 0, i;

	for (i = 0; i < count; i++) {
		if (d->sweeping && due[i].seq > d->sweep_seq)
			d->sweep_seq = due[i].seq;
		send_letter(d, &due[i]);
	}
	d->all_started = count < limit;
	return count;
}

/* Papers first, a few at a time: letters wait for them; but a doubtful line is tried with a letter.
 */
static size_t start_some(struct delivery *d)
{
	size_t limit = allowance(d), count = 0;

	if (limit == 0)
		return 0;
	if (d->line_failures > 0)
		count = start_letters(d, limit);
	if (count < limit)
		count += paper_sender_start(d->papers, limit - count, d->sweeping);
	if (d->line_failures == 0)
		count += start_letters(d, limit - count);
	return count;
}

/*
 * A sweep goes through the letters in order. What an answer let go on (the next letter of a case,
 * one whose papers have arrived) is taken by the next pass; it ends with a pass that starts
 * nothing.
 */
static void start(struct delivery *d)
{
	size_t count = start_some(d);

	if (!d->sweeping)
		return;
	d->sweep_moved |= count > 0;
	if (count > 0 || allowance(d) == 0 || delivery_in_flight(d) > 0 || d->harvest.count > 0)
		return;
	if (d->sweep_moved) {
		d->sweep_moved = false;
		d->sweep_seq = 0;
		start(d);
	} else {
		d->sweeping = false;
	}
}

void delivery_sweep(struct delivery *d)
{
	delivery_hurry(d);
	d->sweeping = true;
	d->sweep_moved = false;
	d->sweep_seq = 0;
	d->sweep_end = outbox_newest(d->store);
	d->tried.count = 0;
	paper_sender_sweep(d->papers);
}

bool delivery_idle(const struct delivery *d)
{
	return delivery_in_flight(d) == 0 && d->harvest.count == 0 && !d->sweeping;
}

/* ---- answers ---- */

/* What the answers of one poll told. */
struct tidings {
	int64_t round_trip_ms; /* of one that reached the centre; -1: none did */
	struct trouble trouble;
	struct buf reason; /* its sentence */
	bool papers_changed;
	enum err result; /* of writing what became of papers */
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

/* What an answer tells of the line. */
static void note_line(
	struct tidings *t, const struct answer_reading *r, const struct transport_answer *a)
{
	/* Not admitted: the next letter would fare no better. */
	bool shut_out = r->meaning == ANSWER_PERSON && a->status == 401;

	if (r->meaning != ANSWER_LINE && !shut_out) {
		t->round_trip_ms = a->elapsed_ms;
		return;
	}
	buf_clear(&t->reason);
	buf_adds(&t->reason, buf_str(&r->reason));
	t->trouble =
		(struct trouble){buf_str(&t->reason), t->trouble.cut_off || r->cut_off || shut_out,
			t->trouble.away || a->fault != LINE_OK, r->has_delay, r->delay_ms};
}

/* Still waiting after this answer; once more in this sweep when its papers have come. */
static bool is_tried(const struct letter *l, const struct answer_reading *r)
{
	return r->meaning == ANSWER_LATER || r->meaning == ANSWER_LINE ||
	       (r->meaning == ANSWER_PAPERS && l->tries > 0);
}

static void read_letter_answer(struct delivery *d, struct tidings *t, const struct letter *l,
	const struct transport_answer *a)
{
	struct answer_reading r = {0};

	answer_read(a, l->id, store_now_ms(d->store), &r);
	note_line(t, &r, a);
	if (d->sweeping && is_tried(l, &r))
		note_tried(&d->tried, l->seq);
	if (d->harvest.count == 0)
		d->harvest.since_mono = mono_now(d);
	harvest_add(&d->harvest, l, &r, a);
}

static void read_answer(struct delivery *d, struct tidings *t, const struct transport_answer *a)
{
	struct answer_reading paper = {0};
	struct letter l;
	enum err e = OK;

	if (take_flying(d, a->tag, &l)) {
		read_letter_answer(d, t, &l, a);
	} else if (paper_sender_answer(d->papers, a, &paper, &e)) {
		note_line(t, &paper, a);
		t->papers_changed = true;
		t->result = t->result == OK ? e : t->result;
	} else if (d->events.other != NULL) {
		d->events.other(d->events.arg, a);
	}
	answer_reading_fini(&paper);
}

/*
 * The line is up when any answer was the centre's: what failed beside it is that letter's own
 * trouble and stops nobody. Nobody reached, or nothing but trouble several times in a row, stops
 * the round.
 */
static void settle_line(struct delivery *d, const struct tidings *t)
{
	if (t->round_trip_ms >= 0)
		line_worked(d, t->round_trip_ms);
	else if (t->trouble.reason != NULL)
		line_failed(d, &t->trouble);
	if (t->trouble.cut_off || d->line_failures >= LINE_DOUBTS ||
		delivery_line_pause_ms(d) > SWEEP_REST_MAX_MS)
		d->sweeping = false;
}

/* ---- onto the disk ---- */

/* Nobody there: the line's own pause decides. Else it may be this letter alone. */
static int64_t next_try(struct delivery *d, const struct gathered *g)
{
	const struct answer_reading *r = &g->reading;

	if (r->meaning == ANSWER_LINE && r->cut_off)
		return 0;
	return store_now_ms(d->store) +
	       (r->has_delay ? r->delay_ms
			     : backoff_pause_ms(store_entropy(d->store), g->letter.tries + 1));
}

static void announce(struct delivery *d, const struct gathered *g, const struct outbox_outcome *o)
{
	if (d->events.letter != NULL)
		d->events.letter(d->events.arg, &g->letter, o->state,
			buf_str(&g->reading.project_no), o->reason);
}

static void rest_file(struct delivery *d, enum err e)
{
	if (e != OK)
		d->file_next_mono = mono_now(d) + FILE_REST_MS;
}

/* What stood behind a refused version may have moved to the end, or goes anew: it is of this sweep
 * as well. */
static bool any_held(const struct outbox_outcome *outcomes, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (outcomes[i].state == LETTER_HELD)
			return true;
	return false;
}

/* One transaction for all that was gathered; when it fails the letters simply wait again. */
static enum err settle(struct delivery *d)
{
	struct outbox_outcome outcomes[HARVEST_MAX];
	struct harvest *h = &d->harvest;
	size_t i;
	enum err e;

	if (h->count == 0)
		return OK;
	for (i = 0; i < h->count; i++)
		harvest_outcome(&h->items[i], next_try(d, &h->items[i]), &outcomes[i]);
	e = outbox_settle(d->store, outcomes, h->count);
	if (d->sweeping && any_held(outcomes, h->count))
		d->sweep_end = outbox_newest(d->store);
	for (i = 0; e == OK && i < h->count; i++)
		announce(d, &h->items[i], &outcomes[i]);
	harvest_clear(h);
	d->all_started = false;
	rest_file(d, e);
	return e;
}

/* Milliseconds that the gathered answers may still wait for others; 0: now onto the disk. */
static int64_t patience_ms(const struct delivery *d)
{
	int64_t left = d->harvest.since_mono + GATHER_MS - mono_now(d);

	if (d->flying_count == 0 || d->harvest.count > HARVEST_MAX - FLYING_MAX || left < 0)
		return 0;
	return left;
}

/*
 * The line first, then the next letters into the air; and while they travel what was answered goes
 * onto the disk, once enough of it is there or nothing more will come soon.
 */
static enum err take_answers(
	struct delivery *d, const struct transport_answer *answers, size_t count)
{
	struct tidings t = {.round_trip_ms = -1};
	size_t i;
	enum err e;

	for (i = 0; i < count; i++)
		read_answer(d, &t, &answers[i]);
	settle_line(d, &t);
	rest_file(d, t.result);
	if (count > 0)
		start(d);
	e = patience_ms(d) == 0 ? settle(d) : OK;
	if (t.papers_changed && d->events.papers != NULL)
		d->events.papers(d->events.arg);
	buf_fini(&t.reason);
	return t.result != OK ? t.result : e;
}

/* ---- turns ---- */

/* Until something that waits becomes due; max_wait_ms when all slots are taken: an answer will
 * come.
 */
static int wait_ms(struct delivery *d, int max_wait_ms)
{
	int64_t wait = max_wait_ms, pause = delivery_line_pause_ms(d), now, next, paper;

	if (d->harvest.count > 0 && patience_ms(d) < wait)
		wait = patience_ms(d);
	if (mono_now(d) < d->file_next_mono)
		return (int)(wait < FILE_REST_MS ? wait : FILE_REST_MS);
	if (pause > 0 && delivery_in_flight(d) == 0)
		return (int)(pause < wait ? pause : wait);
	if (pause == 0 && d->all_started && !d->sweeping) {
		now = store_now_ms(d->store);
		next = outbox_next_ms(d->store, now);
		paper = paper_sender_next_ms(d->papers, now);
		next = (paper < next ? paper : next) - now;
		if (next <= 0) /* due already but not sent: its case is busy, an answer will come */
			next = d->harvest.count > 0	   ? patience_ms(d)
			       : delivery_in_flight(d) > 0 ? max_wait_ms
							   : BUSY_LOOK_MS;
		if (next < wait)
			wait = next;
	}
	return (int)(wait < IDLE_WAIT_MS ? wait : IDLE_WAIT_MS);
}

enum err delivery_ask(struct delivery *d, const struct transport_request *r)
{
	return d->transport.send(d->transport.arg, r);
}

void delivery_heard(struct delivery *d, bool reached, int64_t round_trip_ms, const char *reason)
{
	const struct trouble t = {.reason = reason, .away = true};

	if (reached)
		line_worked(d, round_trip_ms);
	else
		line_failed(d, &t);
}

enum err delivery_turn(struct delivery *d, int max_wait_ms, const int *wake_fds, size_t wake_count)
{
	struct transport_answer answers[FLYING_MAX];
	bool was_sweeping = d->sweeping;
	size_t count;

	start(d);
	if (was_sweeping && delivery_idle(d))
		return OK; /* the sweep is over: nothing to wait for */
	count = d->transport.poll(d->transport.arg, wait_ms(d, max_wait_ms), wake_fds, wake_count,
		answers, FLYING_MAX);
	return take_answers(d, answers, count);
}
