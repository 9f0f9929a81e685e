#include "core/central/store_postgres.h"

#include <string.h>

#define CASE_COLUMNS \
	"project_no, case_id, key, station, task_code, task_name, applyer_name, local_receipt," \
	" query_password, state, received_ms, updated_ms"
#define LETTERS \
	"(WITH RECURSIVE chain (seq) AS (SELECT case_.last_seq UNION ALL SELECT event.prev" \
	" FROM chain JOIN event ON event.seq = chain.seq WHERE event.prev > 0)" \
	" SELECT count(event.key) FROM chain JOIN event ON event.seq = chain.seq)"

static struct case_record case_row(const struct pg_stmt *st)
{
	return (struct case_record){
		.project_no = pg_text(st, 0),
		.case_id = pg_text(st, 1),
		.key = pg_text(st, 2),
		.station = pg_int(st, 3),
		.task_code = pg_text(st, 4),
		.task_name = pg_text(st, 5),
		.applyer_name = pg_text(st, 6),
		.local_receipt = pg_text(st, 7),
		.query_password = pg_text(st, 8),
		.state = pg_text(st, 9),
		.received_ms = pg_int(st, 10),
		.updated_ms = pg_int(st, 11),
		.letters = pg_int(st, 12),
	};
}

enum err postgres_case_get(struct central_store *store, const char *by,
	void (*each)(void *arg, const struct case_record *c), void *arg)
{
	struct pg_stmt *st = pg_prepare(postgres_store_of(store)->pg,
		"SELECT " CASE_COLUMNS "," LETTERS " FROM case_ WHERE project_no = $1"
		" UNION SELECT " CASE_COLUMNS "," LETTERS " FROM case_ WHERE case_id = $1");
	bool found = false;
	enum err e;

	pg_bind_text(st, 1, by);
	while (pg_row(st)) {
		struct case_record c = case_row(st);
		found = true;
		each(arg, &c);
	}
	e = pg_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

enum err postgres_case_each(struct central_store *store, const struct case_filter *f,
	bool (*each)(void *arg, const struct case_record *c), void *arg)
{
	struct pg_stmt *st = pg_prepare(postgres_store_of(store)->pg,
		"SELECT " CASE_COLUMNS ", CASE WHEN $6 <> 0 THEN " LETTERS " ELSE -1 END"
		" FROM case_ WHERE project_no > $1 AND ($2 = 0 OR station = $2)"
		" AND ($4 = 0 OR received_ms BETWEEN $3 AND $4 - 1) ORDER BY project_no LIMIT $5");

	pg_bind_text(st, 1, f->after != NULL ? f->after : "");
	pg_bind_int(st, 2, f->station);
	pg_bind_int(st, 3, f->from_ms);
	pg_bind_int(st, 4, f->until_ms);
	pg_bind_int(st, 5, (int64_t)f->limit);
	pg_bind_int(st, 6, f->count_letters);
	while (pg_row(st)) {
		struct case_record c = case_row(st);
		if (!each(arg, &c))
			break;
	}
	return pg_done(st);
}

/* ---- what happened to a case: along the chain, newest first ---- */

#define CHAIN \
	"WITH RECURSIVE chain AS (SELECT e.seq, e.prev FROM case_ c" \
	" JOIN event e ON e.seq = c.last_seq WHERE c.project_no = $1" \
	" UNION ALL SELECT e.seq, e.prev FROM chain JOIN event e ON e.seq = chain.prev)"
#define FACTS "CASE WHEN event.key IS NULL THEN convert_from(event.body, 'UTF8') END"

enum err postgres_bodies(struct central_store *store, const char *project_no,
	void (*each)(void *arg, const struct event_body *b), void *arg)
{
	struct pg_stmt *st = pg_prepare(postgres_store_of(store)->pg,
		CHAIN " SELECT event.kind, event.at_ms, (event.key IS NULL)::int::bigint,"
		      " event.body FROM chain JOIN event ON event.seq = chain.seq"
		      " ORDER BY chain.seq DESC");
	bool found = false;
	enum err e;

	pg_bind_text(st, 1, project_no);
	while (pg_row(st)) {
		struct event_body b = {.kind = pg_text(st, 0),
			.at_ms = pg_int(st, 1),
			.of_office = pg_int(st, 2) != 0};
		b.text = pg_blob(st, 3, &b.len_bytes);
		found = true;
		if (b.text != NULL)
			each(arg, &b);
	}
	e = pg_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

enum err postgres_history(struct central_store *store, const char *project_no,
	void (*each)(void *arg, const struct event_record *e), void *arg)
{
	struct pg_stmt *st = pg_prepare(postgres_store_of(store)->pg,
		CHAIN " SELECT event.seq, event.at_ms, event.kind, event.state, event.note,"
		      " event.who, " FACTS " FROM chain JOIN event ON event.seq = chain.seq"
		      " ORDER BY chain.seq DESC");
	bool found = false;
	enum err e;

	pg_bind_text(st, 1, project_no);
	while (pg_row(st)) {
		struct event_record r = {
			.seq = pg_int(st, 0),
			.at_ms = pg_int(st, 1),
			.kind = pg_text(st, 2),
			.project_no = project_no,
			.state = pg_text(st, 3),
			.note = pg_text(st, 4),
			.who = pg_text(st, 5),
			.facts = pg_text(st, 6),
		};
		found = true;
		each(arg, &r);
	}
	e = pg_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

enum err postgres_evaluations(struct central_store *store, int64_t after, size_t limit,
	void (*each)(void *arg, const struct evaluation_record *r), void *arg)
{
	struct pg_stmt *st = pg_prepare(postgres_store_of(store)->pg,
		"SELECT e.seq, e.at_ms, e.project_no, c.task_name, convert_from(e.body, 'UTF8')"
		" FROM event e LEFT JOIN case_ c ON c.project_no = e.project_no"
		" WHERE e.kind = 'evaluation' AND e.seq > $1 ORDER BY e.seq LIMIT $2");

	pg_bind_int(st, 1, after);
	pg_bind_int(st, 2, (int64_t)limit);
	while (pg_row(st)) {
		struct evaluation_record r = {pg_int(st, 0), pg_int(st, 1), pg_text(st, 2),
			pg_text(st, 3), pg_text(st, 4)};
		each(arg, &r);
	}
	return pg_done(st);
}

/* ---- the feed ---- */

/* Rows looked at in one call: a station of which nothing is said must not scan for ever. */
enum {
	SCAN_MAX = 20000
};

static struct event_record change_row(const struct pg_stmt *st)
{
	return (struct event_record){
		.seq = pg_int(st, 0),
		.at_ms = pg_int(st, 1),
		.kind = pg_text(st, 2),
		.project_no = pg_text(st, 3),
		.state = pg_text(st, 4),
		.note = pg_text(st, 5),
		.case_id = pg_text(st, 6),
		.key = pg_text(st, 7),
		.who = pg_text(st, 8),
		.facts = pg_text(st, 9),
		.case_state = pg_text(st, 10),
		.own = pg_int(st, 11) != 0,
	};
}

/* The newest number is asked for first: what is committed between the two is of the next call. */
enum err postgres_changes(struct central_store *store, int64_t station, bool own, int64_t cursor,
	size_t limit, void (*each)(void *arg, const struct event_record *e), void *arg,
	int64_t *next)
{
	struct pg *pg = postgres_store_of(store)->pg;
	struct pg_stmt *head = pg_prepare(pg, "SELECT coalesce(max(seq), 0) FROM event");
	struct pg_stmt *st = pg_prepare(pg,
		"SELECT seq, at_ms, kind, event.project_no, event.state, note, case_.case_id,"
		" event.key, who, " FACTS
		", case_.state, CASE WHEN $2 <> 0 AND source = $2 THEN 1 ELSE 0 END"
		" FROM event LEFT JOIN case_ ON case_.project_no = event.project_no"
		" WHERE seq > $1 AND seq <= $1 + $4 AND ($2 = 0 OR owner IS NULL OR owner = $2)"
		" AND ($2 = 0 OR $5 = 1 OR source IS NULL OR source <> $2) ORDER BY seq LIMIT $3");
	int64_t last = cursor, newest = 0;
	size_t n = 0;
	enum err e;

	pg_bind_int(st, 1, cursor);
	pg_bind_int(st, 2, station);
	pg_bind_int(st, 3, (int64_t)limit);
	pg_bind_int(st, 4, SCAN_MAX);
	pg_bind_int(st, 5, own);
	pg_send(head);
	pg_send(st);
	if (pg_row(head))
		newest = pg_int(head, 0);
	e = pg_done(head);
	while (e == OK && pg_row(st) && pg_int(st, 0) <= newest) {
		struct event_record r = change_row(st);
		each(arg, &r);
		last = r.seq;
		n++;
	}
	if (e == OK)
		e = pg_done(st);
	if (n < limit)
		last = newest > cursor + SCAN_MAX ? cursor + SCAN_MAX : newest;
	if (e == OK)
		*next = last > cursor ? last : cursor;
	return e;
}

enum err postgres_touches(struct central_store *store, int64_t cursor, size_t limit,
	void (*each)(void *arg, const struct event_touch *t), void *arg)
{
	struct pg_stmt *st = pg_prepare(postgres_store_of(store)->pg,
		"SELECT seq, coalesce(owner, -1), coalesce(source, -1) FROM event WHERE seq > $1"
		" ORDER BY seq LIMIT $2");

	pg_bind_int(st, 1, cursor);
	pg_bind_int(st, 2, (int64_t)limit);
	while (pg_row(st)) {
		const struct event_touch t = {pg_int(st, 0), pg_int(st, 1), pg_int(st, 2)};
		each(arg, &t);
	}
	return pg_done(st);
}

enum err postgres_letter_get(
	struct central_store *store, const char *key, int64_t *owner, struct buf *body)
{
	struct pg_stmt *st = pg_prepare(postgres_store_of(store)->pg,
		"SELECT body, coalesce(owner, -1) FROM event WHERE key = $1 AND body IS NOT NULL");
	const void *bytes;
	size_t len_bytes;
	bool found;
	enum err e;

	pg_bind_text(st, 1, key);
	found = pg_row(st);
	if (found) {
		bytes = pg_blob(st, 0, &len_bytes);
		buf_add(body, bytes, len_bytes);
		*owner = pg_int(st, 1);
	}
	e = pg_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

enum err postgres_event_at(struct central_store *store, int64_t seq, int64_t *at_ms)
{
	struct pg_stmt *st =
		pg_prepare(postgres_store_of(store)->pg, "SELECT at_ms FROM event WHERE seq = $1");
	bool found;
	enum err e;

	pg_bind_int(st, 1, seq);
	found = pg_row(st);
	if (found)
		*at_ms = pg_int(st, 0);
	e = pg_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}
