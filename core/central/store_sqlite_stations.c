#include "core/central/store_sqlite.h"

#include "core/base/buf.h"

enum {
	DIGEST_BYTES = 32
};

static bool is_enrolled(struct sqlite_store *s, const char *name)
{
	struct stmt *st = db_prepare(
		s->db, "SELECT 1 FROM station WHERE name = ?1 AND token_digest IS NOT NULL");
	bool enrolled;

	db_bind_text(st, 1, name);
	enrolled = db_row(st);
	db_done(st);
	return enrolled;
}

/* A station that enrols anew keeps its id, and its old token until the new code is used. */
enum err sqlite_station_add(struct central_store *store, const char *name, bool renew,
	const unsigned char code_digest[32], int64_t until_ms, int64_t now_ms)
{
	struct sqlite_store *s = sqlite_store_of(store);
	struct stmt *st;

	if (!renew && is_enrolled(s, name))
		return ERR_EXISTS;
	st = db_prepare(s->db,
		"INSERT INTO station (name, code_digest, code_until_ms, added_ms)"
		" VALUES (?1,?2,?3,?4) ON CONFLICT (name) DO UPDATE SET"
		" code_digest = excluded.code_digest, code_until_ms = excluded.code_until_ms");
	db_bind_text(st, 1, name);
	db_bind_blob(st, 2, code_digest, DIGEST_BYTES);
	db_bind_int(st, 3, until_ms);
	db_bind_int(st, 4, now_ms);
	return db_run(st);
}

enum err sqlite_station_enrol(struct central_store *store, const unsigned char code_digest[32],
	const unsigned char token_digest[32], int64_t now_ms, struct buf *name)
{
	struct sqlite_store *s = sqlite_store_of(store);
	struct stmt *st = db_prepare(s->db,
		"UPDATE station SET code_digest = NULL, code_until_ms = NULL, token_digest = ?2,"
		" enrolled_ms = ?3 WHERE code_digest = ?1 AND code_until_ms >= ?3 RETURNING name");
	bool found = false;
	int64_t id;
	enum err e;

	db_bind_blob(st, 1, code_digest, DIGEST_BYTES);
	db_bind_blob(st, 2, token_digest, DIGEST_BYTES);
	db_bind_int(st, 3, now_ms);
	while (db_row(st)) {
		found = true;
		buf_adds(name, db_text(st, 0));
	}
	e = db_done(st);
	/* where it is open whether the code is used up, the file, opened again, knows the token */
	if (e != OK && found && db_is_in_doubt(s->db) &&
		sqlite_station_of(store, token_digest, &id) == OK)
		e = OK;
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

static enum err take_id(struct stmt *st, int64_t *id)
{
	bool found = db_row(st);
	enum err e;

	if (found)
		*id = db_int(st, 0);
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

enum err sqlite_station_of(
	struct central_store *store, const unsigned char token_digest[32], int64_t *id)
{
	struct stmt *st = db_prepare(
		sqlite_store_of(store)->db, "SELECT id FROM station WHERE token_digest = ?1");

	db_bind_blob(st, 1, token_digest, DIGEST_BYTES);
	return take_id(st, id);
}

enum err sqlite_station_by_name(struct central_store *store, const char *name, int64_t *id)
{
	struct stmt *st =
		db_prepare(sqlite_store_of(store)->db, "SELECT id FROM station WHERE name = ?1");

	db_bind_text(st, 1, name);
	return take_id(st, id);
}

enum err sqlite_station_revoke(struct central_store *store, const char *name)
{
	struct sqlite_store *s = sqlite_store_of(store);
	struct stmt *st = db_prepare(s->db,
		"UPDATE station SET code_digest = NULL, code_until_ms = NULL, token_digest = NULL,"
		" enrolled_ms = NULL WHERE name = ?1 RETURNING id");
	bool found = false;
	enum err e;

	db_bind_text(st, 1, name);
	while (db_row(st))
		found = true;
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

enum err sqlite_station_each(struct central_store *store,
	void (*each)(void *arg, const struct station_record *r), void *arg)
{
	struct stmt *st = db_prepare(sqlite_store_of(store)->db,
		"SELECT id, name, added_ms, enrolled_ms FROM station ORDER BY name");

	while (db_row(st)) {
		struct station_record r = {
			.id = db_int(st, 0),
			.name = db_text(st, 1),
			.added_ms = db_int(st, 2),
			.enrolled_ms = db_int(st, 3),
		};
		each(arg, &r);
	}
	return db_done(st);
}
