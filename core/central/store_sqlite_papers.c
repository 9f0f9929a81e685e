#include "core/central/store_sqlite.h"

#include <stdio.h>

static void read_row(struct stmt *st, struct paper_row *out)
{
	const char *sm3 = db_text(st, 1);

	snprintf(out->sha256, sizeof out->sha256, "%s", db_text(st, 0));
	snprintf(out->sm3, sizeof out->sm3, "%s", sm3 != NULL ? sm3 : "");
	out->size = db_int(st, 2);
	out->station = db_int(st, 3);
	out->at_ms = db_int(st, 4);
}

enum err sqlite_paper_get(struct central_store *store, const char *sha256, struct paper_row *out)
{
	struct stmt *st = db_prepare(sqlite_store_of(store)->db,
		"SELECT sha256, sm3, size, station, at_ms FROM paper WHERE sha256 = ?1");
	bool found;
	enum err e;

	db_bind_text(st, 1, sha256);
	found = db_row(st);
	if (found)
		read_row(st, out);
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

enum err sqlite_paper_put(struct central_store *store, const struct paper_row *row)
{
	struct sqlite_store *s = sqlite_store_of(store);
	struct stmt *st =
		db_prepare(s->db, "INSERT OR REPLACE INTO paper (sha256, sm3, size, station, at_ms)"
				  " VALUES (?1,?2,?3,?4,?5)");

	db_bind_text(st, 1, row->sha256);
	db_bind_text(st, 2, row->sm3[0] != '\0' ? row->sm3 : NULL);
	db_bind_int(st, 3, row->size);
	db_bind_int(st, 4, row->station);
	db_bind_int(st, 5, row->at_ms);
	s->wal_bytes += ROW_BYTES;
	return db_run(st);
}

enum err sqlite_paper_drop(struct central_store *store, const char *sha256)
{
	struct sqlite_store *s = sqlite_store_of(store);
	struct stmt *st = db_prepare(s->db, "DELETE FROM paper WHERE sha256 = ?1");

	db_bind_text(st, 1, sha256);
	s->wal_bytes += ROW_BYTES;
	return db_run(st);
}

enum err sqlite_paper_each_part(struct central_store *store, int64_t station,
	void (*each)(void *arg, const struct paper_row *row), void *arg)
{
	struct stmt *st = db_prepare(sqlite_store_of(store)->db,
		"SELECT sha256, sm3, size, station, at_ms FROM paper WHERE sm3 IS NULL"
		" AND (?1 = -1 OR station = ?1)");

	db_bind_int(st, 1, station);
	while (db_row(st)) {
		struct paper_row row;
		read_row(st, &row);
		each(arg, &row);
	}
	return db_done(st);
}
