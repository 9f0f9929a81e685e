#include "core/central/store_sqlite.h"

#include <stdio.h>
#include <string.h>

#include "core/central/posting.h"

#define CASE_COLUMNS \
	"project_no, case_id, key, station, task_code, task_name, applyer_name, local_receipt," \
	" query_password, state, received_ms, updated_ms"
#define LETTERS \
	"(WITH RECURSIVE chain (seq) AS (SELECT case_.last_seq UNION ALL SELECT event.prev" \
	" FROM chain JOIN event ON event.seq = chain.seq WHERE event.prev > 0)" \
	" SELECT count(event.key) FROM chain JOIN event ON event.seq = chain.seq)"

static struct case_record case_row(struct stmt *st)
{
	return (struct case_record){
		.project_no = db_text(st, 0),
		.case_id = db_text(st, 1),
		.key = db_text(st, 2),
		.station = db_int(st, 3),
		.task_code = db_text(st, 4),
		.task_name = db_text(st, 5),
		.applyer_name = db_text(st, 6),
		.local_receipt = db_text(st, 7),
		.query_password = db_text(st, 8),
		.state = db_text(st, 9),
		.received_ms = db_int(st, 10),
		.updated_ms = db_int(st, 11),
		.letters = db_int(st, 12),
	};
}

enum err sqlite_case_get(struct central_store *store, const char *by,
	void (*each)(void *arg, const struct case_record *c), void *arg)
{
	struct stmt *st = db_prepare(sqlite_store_of(store)->db,
		"SELECT " CASE_COLUMNS "," LETTERS
		" FROM case_ WHERE project_no = ?1 OR case_id = ?1");
	bool found = false;
	enum err e;

	db_bind_text(st, 1, by);
	while (db_row(st)) {
		struct case_record c = case_row(st);
		found = true;
		each(arg, &c);
	}
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

enum err sqlite_case_each(struct central_store *store, const struct case_filter *f,
	bool (*each)(void *arg, const struct case_record *c), void *arg)
{
	struct stmt *st = db_prepare(sqlite_store_of(store)->db,
		"SELECT " CASE_COLUMNS ", CASE WHEN ?6 THEN " LETTERS " ELSE -1 END"
		" FROM case_ WHERE project_no > ?1 AND (?2 = 0 OR station = ?2)"
		" AND (?4 = 0 OR received_ms BETWEEN ?3 AND ?4 - 1) ORDER BY project_no LIMIT ?5");

	db_bind_text(st, 1, f->after != NULL ? f->after : "");
	db_bind_int(st, 2, f->station);
	db_bind_int(st, 3, f->from_ms);
	db_bind_int(st, 4, f->until_ms);
	db_bind_int(st, 5, (int64_t)f->limit);
	db_bind_int(st, 6, f->count_letters);
	while (db_row(st)) {
		struct case_record c = case_row(st);
		if (!each(arg, &c))
			break;
	}
	return db_done(st);
}

static enum err last_event(struct sqlite_store *s, const char *project_no, int64_t *seq)
{
	struct stmt *st = db_prepare(s->db, "SELECT last_seq FROM case_ WHERE project_no = ?1");
	enum err e;

	*seq = 0;
	db_bind_text(st, 1, project_no);
	while (db_row(st))
		*seq = db_int(st, 0);
	e = db_done(st);
	return e == OK && *seq == 0 ? ERR_NOT_FOUND : e;
}

/* A person: who sent the letter, or who decided at the office; read off the body. */
#define WHO \
	" CASE WHEN json_valid(CAST(body AS TEXT)) THEN json_extract(CAST(body AS TEXT)," \
	" iif(event.key IS NULL, '$.handle_user_name', '$.operator')) END"
#define FACTS " iif(event.key IS NULL, CAST(body AS TEXT), NULL)"

enum err sqlite_bodies(struct central_store *store, const char *project_no,
	void (*each)(void *arg, const struct event_body *b), void *arg)
{
	struct sqlite_store *s = sqlite_store_of(store);
	int64_t seq;
	enum err e = last_event(s, project_no, &seq);

	while (e == OK && seq != 0) {
		struct stmt *st = db_prepare(s->db,
			"SELECT kind, at_ms, key IS NULL, prev, body FROM event WHERE seq = ?1");
		db_bind_int(st, 1, seq);
		seq = 0;
		while (db_row(st)) {
			struct event_body b = {.kind = db_text(st, 0),
				.at_ms = db_int(st, 1),
				.of_office = db_int(st, 2) != 0};
			b.text = db_blob(st, 4, &b.len_bytes);
			if (b.text != NULL)
				each(arg, &b);
			seq = db_int(st, 3);
		}
		e = db_done(st);
	}
	return e;
}

enum err sqlite_history(struct central_store *store, const char *project_no,
	void (*each)(void *arg, const struct event_record *e), void *arg)
{
	struct sqlite_store *s = sqlite_store_of(store);
	int64_t seq;
	enum err e = last_event(s, project_no, &seq);

	while (e == OK && seq != 0) {
		struct stmt *st =
			db_prepare(s->db, "SELECT seq, at_ms, kind, state, note, prev," WHO
					  "," FACTS " FROM event WHERE seq = ?1");
		db_bind_int(st, 1, seq);
		seq = 0;
		while (db_row(st)) {
			struct event_record r = {
				.seq = db_int(st, 0),
				.at_ms = db_int(st, 1),
				.kind = db_text(st, 2),
				.project_no = project_no,
				.state = db_text(st, 3),
				.note = db_text(st, 4),
				.who = db_text(st, 6),
				.facts = db_text(st, 7),
			};
			each(arg, &r);
			seq = db_int(st, 5);
		}
		e = db_done(st);
	}
	return e;
}

/* ---- acts of the centre ---- */

static enum err advance_rows(
	struct sqlite_store *s, const struct case_advance *a, struct event_row *row, int64_t *seq)
{
	struct stmt *st = db_prepare(
		s->db, "SELECT state, last_seq, station FROM case_ WHERE project_no = ?1");
	bool found;
	enum err e;

	db_bind_text(st, 1, a->project_no);
	found = db_row(st);
	if (found) {
		row->project_no = a->project_no;
		row->state = a->judge(a->arg, db_text(st, 0));
		row->prev = db_int(st, 1);
		row->owner = db_int(st, 2);
	}
	e = db_done(st);
	if (e == OK && found && a->before_seq != 0 && a->before_seq != row->prev)
		return ERR_EXISTS;
	if (e != OK || !found || row->state == NULL)
		return e != OK ? e : found ? ERR_STATE : ERR_NOT_FOUND;
	e = sqlite_event_put(s, row, seq);
	if (e != OK)
		return e;
	st = db_prepare(s->db, "UPDATE case_ SET state = ?2, updated_ms = ?3, last_seq = ?4"
			       " WHERE project_no = ?1");
	db_bind_text(st, 1, a->project_no);
	db_bind_text(st, 2, row->state);
	db_bind_int(st, 3, a->now_ms);
	db_bind_int(st, 4, *seq);
	return db_run(st);
}

enum err sqlite_advance(
	struct central_store *store, const struct case_advance *a, const char **state)
{
	struct sqlite_store *s = sqlite_store_of(store);
	struct event_row row = {.at_ms = a->now_ms,
		.kind = a->kind != NULL ? a->kind : "advance",
		.source = -1,
		.note = a->note,
		.facts = a->facts};
	int64_t seq = 0;
	enum err e = db_begin(s->db);

	if (e != OK)
		return e;
	e = advance_rows(s, a, &row, &seq);
	if (e != OK) {
		db_rollback(s->db);
		return e;
	}
	e = sqlite_event_commit(s, &row, seq);
	if (e == OK)
		*state = row.state;
	return e;
}

enum err sqlite_evaluations(struct central_store *store, int64_t after, size_t limit,
	void (*each)(void *arg, const struct evaluation_record *r), void *arg)
{
	struct stmt *st = db_prepare(sqlite_store_of(store)->db,
		"SELECT e.seq, e.at_ms, e.project_no, c.task_name, CAST(e.body AS TEXT)"
		" FROM event e LEFT JOIN case_ c ON c.project_no = e.project_no"
		" WHERE e.kind = 'evaluation' AND e.seq > ?1 ORDER BY e.seq LIMIT ?2");

	db_bind_int(st, 1, after);
	db_bind_int(st, 2, (int64_t)limit);
	while (db_row(st)) {
		struct evaluation_record r = {db_int(st, 0), db_int(st, 1), db_text(st, 2),
			db_text(st, 3), db_text(st, 4)};
		each(arg, &r);
	}
	return db_done(st);
}

enum err sqlite_notice(struct central_store *store, const char *text, int64_t now_ms)
{
	struct sqlite_store *s = sqlite_store_of(store);
	struct event_row row = {.at_ms = now_ms, .kind = "notice", .source = -1, .note = text};
	int64_t seq = 0;
	enum err e = db_begin(s->db);

	if (e == OK)
		e = sqlite_event_put(s, &row, &seq);
	if (e == OK)
		return sqlite_event_commit(s, &row, seq);
	db_rollback(s->db);
	return e;
}

/* ---- the feed ---- */

/* Rows looked at in one call: a station of which nothing is said must not scan for ever. */
enum {
	SCAN_MAX = 20000
};

enum err sqlite_changes(struct central_store *store, int64_t station, bool own, int64_t cursor,
	size_t limit, void (*each)(void *arg, const struct event_record *e), void *arg,
	int64_t *next)
{
	struct sqlite_store *s = sqlite_store_of(store);
	struct stmt *st = db_prepare(s->db,
		"SELECT seq, at_ms, kind, event.project_no, event.state, note, case_.case_id,"
		" event.key," WHO "," FACTS ", case_.state, ?2 <> 0 AND source IS ?2"
		" FROM event LEFT JOIN case_ ON case_.project_no = event.project_no"
		" WHERE seq > ?1 AND seq <= ?1 + ?4 AND (?2 = 0 OR owner IS NULL OR owner = ?2)"
		" AND (?2 = 0 OR ?5 OR source IS NULL OR source <> ?2) ORDER BY seq LIMIT ?3");
	int64_t last = cursor, newest = cursor;
	size_t n = 0;
	enum err e;

	db_bind_int(st, 1, cursor);
	db_bind_int(st, 2, station);
	db_bind_int(st, 3, (int64_t)limit);
	db_bind_int(st, 4, SCAN_MAX);
	db_bind_int(st, 5, own);
	while (db_row(st)) {
		struct event_record r = {
			.seq = db_int(st, 0),
			.at_ms = db_int(st, 1),
			.kind = db_text(st, 2),
			.project_no = db_text(st, 3),
			.state = db_text(st, 4),
			.note = db_text(st, 5),
			.case_id = db_text(st, 6),
			.key = db_text(st, 7),
			.who = db_text(st, 8),
			.facts = db_text(st, 9),
			.case_state = db_text(st, 10),
			.own = db_int(st, 11) != 0,
		};
		each(arg, &r);
		last = r.seq;
		n++;
	}
	e = db_done(st);
	if (e != OK)
		return e;
	st = db_prepare(s->db, "SELECT coalesce(max(seq), 0) FROM event");
	if (db_row(st))
		newest = db_int(st, 0);
	e = db_done(st);
	if (n < limit)
		last = newest > cursor + SCAN_MAX ? cursor + SCAN_MAX : newest;
	if (e == OK)
		*next = last > cursor ? last : cursor;
	return e;
}

enum err sqlite_touches(struct central_store *store, int64_t cursor, size_t limit,
	void (*each)(void *arg, const struct event_touch *t), void *arg)
{
	struct stmt *st = db_prepare(sqlite_store_of(store)->db,
		"SELECT seq, coalesce(owner, -1), coalesce(source, -1) FROM event WHERE seq > ?1"
		" ORDER BY seq LIMIT ?2");

	db_bind_int(st, 1, cursor);
	db_bind_int(st, 2, (int64_t)limit);
	while (db_row(st)) {
		const struct event_touch t = {db_int(st, 0), db_int(st, 1), db_int(st, 2)};
		each(arg, &t);
	}
	return db_done(st);
}

enum err sqlite_letter_get(
	struct central_store *store, const char *key, int64_t *owner, struct buf *body)
{
	struct stmt *st = db_prepare(sqlite_store_of(store)->db,
		"SELECT body, coalesce(owner, -1) FROM event WHERE key = ?1 AND body IS NOT NULL");
	const void *bytes;
	size_t len_bytes;
	bool found;
	enum err e;

	db_bind_text(st, 1, key);
	found = db_row(st);
	if (found) {
		bytes = db_blob(st, 0, &len_bytes);
		buf_add(body, bytes, len_bytes);
		*owner = db_int(st, 1);
	}
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

enum err sqlite_event_at(struct central_store *store, int64_t seq, int64_t *at_ms)
{
	struct stmt *st =
		db_prepare(sqlite_store_of(store)->db, "SELECT at_ms FROM event WHERE seq = ?1");
	bool found;
	enum err e;

	db_bind_int(st, 1, seq);
	found = db_row(st);
	if (found)
		*at_ms = db_int(st, 0);
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}
