#include "core/station/paper_sender.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/crypto.h"
#include "core/base/db.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/backoff.h"
#include "core/station/papers_private.h"
#include "core/station/store.h"

enum {
	AT_ONCE_MAX = 2, /* more would only slow the letters */
	PIECE_MAX_BYTES = 64 << 10,
	PIECE_MIN_BYTES = 4 << 10,
	PIECE_SLOW_MS = 8000, /* a piece should not hold the line longer */
	PIECE_FAST_MS = 1500
};

/* One paper under way. */
struct flight {
	int64_t seq, size;
	int64_t offset; /* so much is at the centre, as far as we know */
	char sha256[PAPER_HEX_SIZE];
	bool piece; /* the request in the air carries a piece; else it asks */
	int tries;
};

struct paper_sender {
	struct store *store;
	struct transport transport;
	struct flight flying[AT_ONCE_MAX];
	size_t count;
	size_t piece_bytes; /* as the line bears it */
	int64_t failed_ms;  /* when one failed last, by the clock of then */
	int64_t *tried;	    /* failed in this sweep */
	size_t tried_count;
};

/* Of whoever sends papers of this station: a clock may be set back between two of them. */
static const char failed_key[] = "papers.failed_ms";

struct paper_sender *paper_sender_new(struct store *s, struct transport t)
{
	struct paper_sender *p = mem_alloc(sizeof *p);
	char *failed = store_get(s, failed_key);

	p->store = s;
	p->transport = t;
	p->piece_bytes = PIECE_MAX_BYTES;
	p->failed_ms = failed != NULL ? strtoll(failed, NULL, 10) : 0;
	free(failed);
	return p;
}

void paper_sender_free(struct paper_sender *p)
{
	if (p == NULL)
		return;
	free(p->tried);
	free(p);
}

size_t paper_sender_in_flight(const struct paper_sender *p)
{
	return p->count;
}

void paper_sender_sweep(struct paper_sender *p)
{
	p->tried_count = 0;
}

/* ---- which ---- */

/* Needed by a letter that waits; the oldest letter's first. */
#define WANTED \
	" FROM paper p WHERE p.state = 0 AND EXISTS (SELECT 1 FROM letter_paper lp" \
	" JOIN letter l ON l.id = lp.letter_id WHERE lp.sha256 = p.sha256 AND l.state = 0)"

static bool was_tried(const struct paper_sender *p, int64_t seq)
{
	size_t i;

	for (i = 0; i < p->tried_count; i++)
		if (p->tried[i] == seq)
			return true;
	return false;
}

static bool is_busy(const struct paper_sender *p, int64_t seq, bool sweeping)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		if (p->flying[i].seq == seq)
			return true;
	return sweeping && was_tried(p, seq);
}

static bool find_next(struct paper_sender *p, bool sweeping, struct flight *out)
{
	struct stmt *st = db_prepare(store_db(p->store),
		"SELECT p.seq, p.sha256, p.size, p.tries, p.sent" WANTED
		" AND (?2 OR p.next_ms <= ?1"
		" OR p.next_ms > ?1 + 3600000) ORDER BY (SELECT min(l.seq) FROM letter_paper lp"
		" JOIN letter l ON l.id = lp.letter_id WHERE lp.sha256 = p.sha256 AND l.state = 0)");
	bool found = false;

	db_bind_int(st, 1, store_now_ms(p->store));
	db_bind_int(st, 2, sweeping);
	while (!found && db_row(st)) {
		if (is_busy(p, db_int(st, 0), sweeping))
			continue;
		*out = (struct flight){
			.seq = db_int(st, 0), .size = db_int(st, 2), .offset = db_int(st, 4)};
		strncat(out->sha256, db_text(st, 1), sizeof out->sha256 - 1);
		out->tries = (int)db_int(st, 3);
		found = true;
	}
	db_done(st);
	return found;
}

int64_t paper_sender_next_ms(struct paper_sender *p, int64_t now_ms)
{
	struct stmt *st = db_prepare(store_db(p->store),
		"SELECT p.seq, iif(p.next_ms > ?1 + 3600000, ?1, max(p.next_ms, ?1))" WANTED
		" ORDER BY 2");
	int64_t next = INT64_MAX;

	db_bind_int(st, 1, now_ms);
	while (next == INT64_MAX && db_row(st))
		if (!is_busy(p, db_int(st, 0), false))
			next = db_int(st, 1);
	db_done(st);
	return next;
}

/* ---- asking and sending ---- */

/* Letters have positive tags, the watch -1 and -2. */
static void *tag_of(const struct flight *f)
{
	return (void *)(intptr_t)(-1000 - f->seq);
}

static enum err send_request(struct paper_sender *p, const struct flight *f, const char *method,
	const char *bytes, size_t len)
{
	char path[sizeof "/v1/attachments/" + PAPER_HEX_SIZE];
	struct transport_request r = {.tag = tag_of(f), .method = method, .path = path};

	snprintf(path, sizeof path, "/v1/attachments/%s", f->sha256);
	if (bytes != NULL) {
		r.body = bytes;
		r.body_len = len;
		r.upload_offset = f->offset;
		r.upload_length = f->size;
	}
	return p->transport.send(p->transport.arg, &r);
}

static bool read_piece(struct paper_sender *p, const struct flight *f, char *out, size_t len)
{
	char *path = paper_path(p->store, f->sha256);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? pread(fd, out, len, (off_t)f->offset) : -1;

	if (fd >= 0)
		close(fd);
	free(path);
	return n == (ssize_t)len;
}

/* ERR_NOT_FOUND: the station's own copy cannot be read. */
static enum err send_piece(struct paper_sender *p, struct flight *f)
{
	int64_t left = f->size - f->offset;
	size_t len = left < (int64_t)p->piece_bytes ? (size_t)left : p->piece_bytes;
	char *bytes = mem_alloc(len);
	enum err e = read_piece(p, f, bytes, len) ? OK : ERR_NOT_FOUND;

	f->piece = true;
	if (e == OK)
		e = send_request(p, f, "PATCH", bytes, len);
	free(bytes);
	return e;
}

static enum err ask(struct paper_sender *p, struct flight *f)
{
	f->piece = false;
	return send_request(p, f, "GET", NULL, 0);
}

static void note_clock(struct paper_sender *p, int64_t failed_ms)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)failed_ms);
	if (store_set(p->store, failed_key, text) == OK)
		p->failed_ms = failed_ms;
}

/* The last failure is still to come: the clock was set back, and what was to wait for some minutes
 * would wait for as much longer. */
static void look_at_clock(struct paper_sender *p)
{
	int64_t now = store_now_ms(p->store);

	if (p->failed_ms <= now)
		return;
	if (db_exec(store_db(p->store),
		    "UPDATE paper SET next_ms = 0 WHERE state = 0 AND next_ms > 0") == OK)
		note_clock(p, now);
}

size_t paper_sender_start(struct paper_sender *p, size_t limit, bool sweeping)
{
	size_t most = p->piece_bytes < PIECE_MAX_BYTES ? 1 : AT_ONCE_MAX, started = 0;
	struct flight f;

	look_at_clock(p);
	while (started < limit && p->count < most && find_next(p, sweeping, &f)) {
		if (ask(p, &f) != OK)
			break;
		p->flying[p->count++] = f;
		started++;
	}
	return started;
}

/* ---- what is kept on disk ---- */

static enum err note_progress(struct paper_sender *p, const struct flight *f, bool complete)
{
	struct stmt *st = db_prepare(store_db(p->store),
		"UPDATE paper SET sent = ?2, state = iif(?3, 1, state), tries = 0, next_ms = 0,"
		" reason = NULL WHERE seq = ?1");

	db_bind_int(st, 1, f->seq);
	db_bind_int(st, 2, complete ? f->size : f->offset);
	db_bind_int(st, 3, complete);
	return db_run(st);
}

static enum err note_failure(
	struct paper_sender *p, const struct flight *f, const char *reason, int64_t next_ms)
{
	struct stmt *st = db_prepare(store_db(p->store),
		"UPDATE paper SET reason = ?2, next_ms = ?3, tries = tries + 1, sent = ?4"
		" WHERE seq = ?1");
	enum err e;

	db_bind_int(st, 1, f->seq);
	db_bind_text(st, 2, reason);
	db_bind_int(st, 3, next_ms);
	db_bind_int(st, 4, f->offset);
	e = db_run(st);
	if (e == OK)
		note_clock(p, store_now_ms(p->store));
	return e;
}

/* The paper is not to be had this way. */
static enum err give_up(
	struct paper_sender *p, const struct flight *f, enum hold_reason hold, const char *reason)
{
	enum err e = db_begin(store_db(p->store));

	return e == OK ? db_finish(store_db(p->store),
				 paper_give_up(p->store, f->sha256, hold, reason))
		       : e;
}

static enum err own_copy_lost(struct paper_sender *p, const struct flight *f)
{
	log_error("papers", "the copy of %.12s cannot be read or has changed", f->sha256);
	return give_up(p, f, HOLD_REFUSED, NULL);
}

static bool own_copy_good(struct paper_sender *p, const struct flight *f)
{
	char *path = paper_path(p->store, f->sha256), hex[CRYPTO_HEX_SIZE];
	bool good = crypto_file(DIGEST_SHA256, path, hex) == OK && strcmp(hex, f->sha256) == 0;

	free(path);
	return good;
}

/* ---- answers ---- */

/* Slow lines get small pieces, so that each of them arrives. */
static void learn_pace(
	struct paper_sender *p, const struct flight *f, const struct transport_answer *a)
{
	if (!f->piece)
		return;
	if ((a->fault != LINE_OK || a->elapsed_ms > PIECE_SLOW_MS) &&
		p->piece_bytes > PIECE_MIN_BYTES)
		p->piece_bytes /= 2;
	else if (a->fault == LINE_OK && a->elapsed_ms < PIECE_FAST_MS &&
		 p->piece_bytes < PIECE_MAX_BYTES)
		p->piece_bytes *= 2;
}

static enum err again_later(struct paper_sender *p, const struct flight *f,
	const struct answer_reading *r, int64_t pause_ms)
{
	if (!was_tried(
		    p, f->seq)) { /* a watcher never sweeps: it must not grow with each failure */
		p->tried = mem_resize(p->tried, p->tried_count + 1, sizeof *p->tried);
		p->tried[p->tried_count++] = f->seq;
	}
	return note_failure(p, f, buf_str(&r->reason), store_now_ms(p->store) + pause_ms);
}

static int64_t pause_of(
	struct paper_sender *p, const struct flight *f, const struct answer_reading *r)
{
	return r->has_delay ? r->delay_ms : backoff_pause_ms(store_entropy(p->store), f->tries + 1);
}

static void fly_on(struct paper_sender *p, const struct flight *f)
{
	p->flying[p->count++] = *f;
}

/* So much has arrived: done, or the next piece. */
static enum err go_on(struct paper_sender *p, struct flight *f, struct answer_reading *r)
{
	bool forward = !f->piece || r->received > f->offset, moved;
	enum err e;

	if (r->complete) {
		e = note_progress(p, f, true);
		if (e == OK)
			log_info("papers", "%.12s: all %lld bytes are at the centre", f->sha256,
				(long long)f->size);
		return e;
	}
	if (r->received < 0 || r->received >= f->size || !forward) {
		r->meaning = ANSWER_LATER;
		buf_adds(&r->reason, tr("中心没有接着收这份扫描件, 稍后再传"));
		return again_later(p, f, r, pause_of(p, f, r));
	}
	/* That the centre tells how much it has is no progress: what failed was the piece. */
	moved = r->received > f->offset;
	f->offset = r->received;
	e = moved ? note_progress(p, f, false) : OK;
	if (e == OK)
		e = send_piece(p, f);
	if (e == OK)
		fly_on(p, f);
	return e == ERR_NOT_FOUND ? own_copy_lost(p, f) : e == ERR_BUSY ? OK : e;
}

/* The centre asks for another place (409), or threw all away (422): there, if that is progress. */
static enum err other_place(struct paper_sender *p, struct flight *f, struct answer_reading *r)
{
	if (r->received == 0 && f->piece && !own_copy_good(p, f))
		return own_copy_lost(p, f);
	if (r->received > f->offset && r->received < f->size && f->piece) {
		r->meaning = ANSWER_RECEIPT;
		return go_on(p, f, r);
	}
	if (r->received >= 0 && r->received < f->size)
		f->offset = r->received;
	return again_later(p, f, r, pause_of(p, f, r));
}

static enum err settle(struct paper_sender *p, struct flight *f, struct answer_reading *r)
{
	switch (r->meaning) {
	case ANSWER_RECEIPT:
		return go_on(p, f, r);
	case ANSWER_REFUSED:
		return give_up(p, f, HOLD_REFUSED, buf_str(&r->reason));
	case ANSWER_PERSON:
		return give_up(p, f, HOLD_PERSON, buf_str(&r->reason));
	case ANSWER_LINE:
		return again_later(p, f, r, r->cut_off ? 0 : pause_of(p, f, r));
	default:
		return other_place(p, f, r);
	}
}

bool paper_sender_answer(struct paper_sender *p, const struct transport_answer *a,
	struct answer_reading *reading, enum err *e)
{
	struct flight f;
	size_t i;

	for (i = 0; i < p->count && tag_of(&p->flying[i]) != a->tag; i++)
		;
	if (i == p->count)
		return false;
	f = p->flying[i];
	p->flying[i] = p->flying[--p->count];
	learn_pace(p, &f, a);
	answer_read_paper(a, f.sha256, f.piece, store_now_ms(p->store), reading);
	*e = settle(p, &f, reading);
	return true;
}
