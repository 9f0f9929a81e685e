#include "core/central/store_postgres.h"

#include <stdio.h>

static void read_row(const struct pg_stmt *st, struct paper_row *out)
{
	const char *sm3 = pg_text(st, 1);

	snprintf(out->sha256, sizeof out->sha256, "%s", pg_text(st, 0));
	snprintf(out->sm3, sizeof out->sm3, "%s", sm3 != NULL ? sm3 : "");
	out->size = pg_int(st, 2);
	out->station = pg_int(st, 3);
	out->at_ms = pg_int(st, 4);
}

enum err postgres_paper_get(struct central_store *store, const char *sha256, struct paper_row *out)
{
	struct pg_stmt *st = pg_prepare(postgres_store_of(store)->pg,
		"SELECT sha256, sm3, size, station, at_ms FROM paper WHERE sha256 = $1");
	bool found;
	enum err e;

	pg_bind_text(st, 1, sha256);
	found = pg_row(st);
	if (found)
		read_row(st, out);
	e = pg_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

enum err postgres_paper_put(struct central_store *store, const struct paper_row *row)
{
	struct pg_stmt *st = pg_prepare(postgres_store_of(store)->pg,
		"INSERT INTO paper (sha256, sm3, size, station, at_ms)"
		" VALUES ($1, $2, $3, $4, $5) ON CONFLICT (sha256) DO UPDATE SET"
		" sm3 = excluded.sm3, size = excluded.size, station = excluded.station,"
		" at_ms = excluded.at_ms");

	pg_bind_text(st, 1, row->sha256);
	pg_bind_text(st, 2, row->sm3[0] != '\0' ? row->sm3 : NULL);
	pg_bind_int(st, 3, row->size);
	pg_bind_int(st, 4, row->station);
	pg_bind_int(st, 5, row->at_ms);
	return pg_run(st);
}

enum err postgres_paper_drop(struct central_store *store, const char *sha256)
{
	struct pg_stmt *st =
		pg_prepare(postgres_store_of(store)->pg, "DELETE FROM paper WHERE sha256 = $1");

	pg_bind_text(st, 1, sha256);
	return pg_run(st);
}

enum err postgres_paper_each_part(struct central_store *store, int64_t station,
	void (*each)(void *arg, const struct paper_row *row), void *arg)
{
	struct pg_stmt *st = pg_prepare(postgres_store_of(store)->pg,
		"SELECT sha256, sm3, size, station, at_ms FROM paper WHERE sm3 IS NULL"
		" AND ($1 = -1 OR station = $1)");

	pg_bind_int(st, 1, station);
	while (pg_row(st)) {
		struct paper_row row;
		read_row(st, &row);
		each(arg, &row);
	}
	return pg_done(st);
}
