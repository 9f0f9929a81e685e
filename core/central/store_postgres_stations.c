#include "core/central/store_postgres.h"

enum {
	DIGEST_BYTES = 32
};

/* A station that enrols anew keeps its id, and its old token until the new code is used. */
enum err postgres_station_add(struct central_store *store, const char *name, bool renew,
	const unsigned char code_digest[32], int64_t until_ms, int64_t now_ms)
{
	struct postgres_store *s = postgres_store_of(store);
	struct pg_stmt *st = pg_prepare(s->pg,
		"INSERT INTO station (name, code_digest, code_until_ms, added_ms)"
		" VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO UPDATE SET"
		" code_digest = excluded.code_digest, code_until_ms = excluded.code_until_ms"
		" WHERE $5 <> 0 OR station.token_digest IS NULL");
	int64_t rows;
	enum err e;

	pg_bind_text(st, 1, name);
	pg_bind_blob(st, 2, code_digest, DIGEST_BYTES);
	pg_bind_int(st, 3, until_ms);
	pg_bind_int(st, 4, now_ms);
	pg_bind_int(st, 5, renew);
	pg_send(st);
	pg_notify(s->pg, NEWS_STATIONS);
	pg_row(st);
	rows = pg_changes(st);
	e = pg_done(st);
	return e == OK && rows == 0 ? ERR_EXISTS : e;
}

/* Whether the token is in force by now: nobody else can have made it. */
static enum err look_up(
	struct postgres_store *s, const unsigned char token_digest[32], struct buf *name)
{
	struct pg_stmt *st;
	bool found;
	enum err e = pg_ready(s->pg, POSTGRES_PATIENCE_MS);

	if (e != OK)
		return e;
	st = pg_prepare(s->pg, "SELECT name FROM station WHERE token_digest = $1");
	pg_bind_blob(st, 1, token_digest, DIGEST_BYTES);
	found = pg_row(st);
	if (found)
		buf_adds(name, pg_text(st, 0));
	e = pg_done(st);
	return e == OK && !found ? ERR_BUSY : e;
}

enum err postgres_station_enrol(struct central_store *store, const unsigned char code_digest[32],
	const unsigned char token_digest[32], int64_t now_ms, struct buf *name)
{
	struct postgres_store *s = postgres_store_of(store);
	struct pg_stmt *st;
	bool found;
	enum err e;

	pg_begin(s->pg);
	st = pg_prepare(s->pg,
		"UPDATE station SET code_digest = NULL, code_until_ms = NULL, token_digest = $2,"
		" enrolled_ms = $3 WHERE code_digest = $1 AND code_until_ms >= $3 RETURNING name");
	pg_bind_blob(st, 1, code_digest, DIGEST_BYTES);
	pg_bind_blob(st, 2, token_digest, DIGEST_BYTES);
	pg_bind_int(st, 3, now_ms);
	pg_send(st);
	pg_notify(s->pg, NEWS_STATIONS);
	e = pg_commit(s->pg);
	found = e == OK && pg_row(st);
	if (found)
		buf_adds(name, pg_text(st, 0));
	pg_done(st);
	if (e == ERR_UNSURE)
		return look_up(s, token_digest, name);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

static enum err take_id(struct pg_stmt *st, int64_t *id)
{
	bool found = pg_row(st);
	enum err e;

	if (found)
		*id = pg_int(st, 0);
	e = pg_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

enum err postgres_station_of(
	struct central_store *store, const unsigned char token_digest[32], int64_t *id)
{
	struct pg_stmt *st = pg_prepare(
		postgres_store_of(store)->pg, "SELECT id FROM station WHERE token_digest = $1");

	pg_bind_blob(st, 1, token_digest, DIGEST_BYTES);
	return take_id(st, id);
}

enum err postgres_station_by_name(struct central_store *store, const char *name, int64_t *id)
{
	struct pg_stmt *st =
		pg_prepare(postgres_store_of(store)->pg, "SELECT id FROM station WHERE name = $1");

	pg_bind_text(st, 1, name);
	return take_id(st, id);
}

enum err postgres_station_revoke(struct central_store *store, const char *name)
{
	struct postgres_store *s = postgres_store_of(store);
	struct pg_stmt *st = pg_prepare(s->pg,
		"UPDATE station SET code_digest = NULL, code_until_ms = NULL, token_digest = NULL,"
		" enrolled_ms = NULL WHERE name = $1");
	int64_t rows;
	enum err e;

	pg_bind_text(st, 1, name);
	pg_send(st);
	pg_notify(s->pg, NEWS_STATIONS);
	pg_row(st);
	rows = pg_changes(st);
	e = pg_done(st);
	return e == OK && rows == 0 ? ERR_NOT_FOUND : e;
}

enum err postgres_station_each(struct central_store *store,
	void (*each)(void *arg, const struct station_record *r), void *arg)
{
	struct pg_stmt *st = pg_prepare(postgres_store_of(store)->pg,
		"SELECT id, name, added_ms, enrolled_ms FROM station ORDER BY name");

	while (pg_row(st)) {
		struct station_record r = {
			.id = pg_int(st, 0),
			.name = pg_text(st, 1),
			.added_ms = pg_int(st, 2),
			.enrolled_ms = pg_int(st, 3),
		};
		each(arg, &r);
	}
	return pg_done(st);
}
