/*
 * The catalogue. An import is put together in a table of its own and becomes what is in force in
 * one transaction. One import at a time, whichever program: a lock of the session, so that it is
 * gone when the connection is; then the import has failed.
 */
#include "core/central/store_postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/crypto.h"
#include "core/base/log.h"

enum {
	DIGEST_BYTES = 32,
	IMPORT_LIMIT_MS = 180000 /* to put some hundred thousand matters in force */
};

#define META_VERSION "catalogue.version"
#define META_COUNT   "catalogue.matters"

/* ---- importing ---- */

static bool lock_import(struct postgres_store *s, enum err *e)
{
	struct pg_stmt *st = pg_prepare(s->pg,
		"SELECT pg_try_advisory_lock(hashtextextended('yimen_import', 0))::int::bigint");
	bool locked = pg_row(st) && pg_int(st, 0) != 0;

	*e = pg_done(st);
	if (*e == OK && !locked)
		*e = ERR_BUSY;
	return *e == OK;
}

static void unlock_import(struct postgres_store *s)
{
	if (s->importing && s->import_losses == pg_losses(s->pg))
		pg_run(pg_prepare(
			s->pg, "SELECT pg_advisory_unlock(hashtextextended('yimen_import', 0))"));
	s->importing = false;
}

enum err postgres_import_begin(struct central_store *store)
{
	struct postgres_store *s = postgres_store_of(store);
	enum err e;

	if (s->importing)
		return ERR_BUSY;
	if (!lock_import(s, &e))
		return e;
	s->importing = true;
	s->import_losses = pg_losses(s->pg);
	/* What an import that was cut left behind. */
	e = pg_run(pg_prepare(s->pg, "DELETE FROM matter_coming"));
	if (e != OK)
		unlock_import(s);
	return e;
}

static bool is_ours(const struct postgres_store *s)
{
	return s->importing && s->import_losses == pg_losses(s->pg);
}

/* The last row of a code in one call. */
static bool is_last(const struct matter_row *rows, size_t count, size_t i)
{
	size_t k;

	for (k = i + 1; k < count; k++)
		if (strcmp(rows[k].code, rows[i].code) == 0)
			return false;
	return true;
}

enum err postgres_import_put(
	struct central_store *store, const struct matter_row *rows, size_t count)
{
	struct postgres_store *s = postgres_store_of(store);
	struct pg_stmt *st;
	size_t i, distinct = 0;

	if (!is_ours(s))
		return ERR_IO;
	for (i = 0; i < count; i++)
		distinct += is_last(rows, count, i);
	st = pg_prepare(s->pg,
		"INSERT INTO matter_coming (code, name, digest, body)"
		" SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[])"
		" ON CONFLICT (code) DO UPDATE SET"
		" name = excluded.name, digest = excluded.digest, body = excluded.body");
	pg_bind_texts(st, 1, distinct);
	pg_bind_texts(st, 2, distinct);
	pg_bind_blobs(st, 3, distinct);
	pg_bind_texts(st, 4, distinct);
	for (i = 0; i < count; i++) {
		unsigned char digest[64];
		if (!is_last(rows, count, i))
			continue;
		crypto_digest(DIGEST_SHA256, rows[i].body, strlen(rows[i].body), digest);
		pg_add_text(st, 1, rows[i].code);
		pg_add_text(st, 2, rows[i].name);
		pg_add_blob(st, 3, digest, DIGEST_BYTES);
		pg_add_text(st, 4, rows[i].body);
	}
	return pg_run(st);
}

/* Equal content, equal version: a digest over codes and digests in order of code. */
static enum err compute_version(struct postgres_store *s, struct catalogue_state *out)
{
	struct pg_stmt *st = pg_prepare(s->pg, "SELECT code, digest FROM matter ORDER BY code");
	char hex[CRYPTO_HEX_SIZE];
	struct buf all = {0};

	out->matters = 0;
	while (pg_row(st)) {
		size_t len;
		const void *digest = pg_blob(st, 1, &len);
		buf_adds(&all, pg_text(st, 0));
		buf_addc(&all, '\n');
		buf_add(&all, digest, len);
		out->matters++;
	}
	snprintf(out->version, sizeof out->version, "%.16s",
		crypto_hex(DIGEST_SHA256, buf_str(&all), all.len, hex));
	buf_fini(&all);
	return pg_done(st);
}

static void put_in_force(struct postgres_store *s)
{
	pg_begin(s->pg);
	pg_send(pg_prepare(s->pg, "SET LOCAL statement_timeout = '170s'"));
	pg_send(pg_prepare(s->pg,
		"INSERT INTO matter SELECT code, name, digest, body FROM matter_coming"
		" ON CONFLICT (code) DO UPDATE SET"
		" name = excluded.name, digest = excluded.digest, body = excluded.body"
		" WHERE matter.digest <> excluded.digest"));
	pg_send(pg_prepare(s->pg, "DELETE FROM matter_coming"));
}

static void put_state(struct postgres_store *s, const struct catalogue_state *now)
{
	struct pg_stmt *st = pg_prepare(s->pg,
		"INSERT INTO meta (key, value) VALUES ('" META_VERSION "', $1), ('" META_COUNT
		"', $2::bigint::text) ON CONFLICT (key) DO UPDATE SET value = excluded.value");

	pg_bind_text(st, 1, now->version);
	pg_bind_int(st, 2, now->matters);
	pg_send(st);
}

static enum err read_state(struct postgres_store *s, struct catalogue_state *out)
{
	struct pg_stmt *st =
		pg_prepare(s->pg, "SELECT (SELECT value FROM meta WHERE key = '" META_VERSION "'),"
				  " (SELECT value::bigint FROM meta WHERE key = '" META_COUNT "')");
	struct catalogue_state read = {"", 0};
	enum err e;

	if (pg_row(st)) {
		const char *version = pg_text(st, 0);
		snprintf(read.version, sizeof read.version, "%s", version != NULL ? version : "");
		read.matters = pg_int(st, 1);
	}
	e = pg_done(st);
	if (e == OK)
		*out = read;
	return e;
}

/* A commit whose outcome is unknown: the version that is in force tells. */
static enum err look_up(struct postgres_store *s, const struct catalogue_state *wanted)
{
	struct catalogue_state now;
	enum err e = pg_ready(s->pg, POSTGRES_PATIENCE_MS);

	if (e == OK)
		e = read_state(s, &now);
	if (e != OK)
		return ERR_UNSURE;
	return strcmp(now.version, wanted->version) == 0 ? OK : ERR_IO;
}

/* The lock of the events is taken last: letters do not wait for a whole catalogue. */
static enum err end_rows(struct postgres_store *s, int64_t now_ms)
{
	struct catalogue_state before, now;
	struct postgres_act act = {.at_ms = now_ms, .kind = "catalogue", .note = now.version};
	int64_t seq = 0;
	enum err e;

	put_in_force(s);
	e = compute_version(s, &now);
	if (e == OK)
		e = read_state(s, &before);
	if (e == OK && strcmp(now.version, before.version) != 0) {
		postgres_lock(s->pg);
		e = postgres_next_seq(s->pg, &seq);
	}
	if (e != OK) {
		pg_rollback(s->pg);
		return e;
	}
	if (seq != 0)
		postgres_act_put(s, &act, seq);
	put_state(s, &now);
	e = pg_commit(s->pg);
	return e == ERR_UNSURE ? look_up(s, &now) : e;
}

enum err postgres_import_end(struct central_store *store, int64_t now_ms)
{
	struct postgres_store *s = postgres_store_of(store);
	enum err e;

	if (!is_ours(s))
		return ERR_IO;
	pg_limit(s->pg, IMPORT_LIMIT_MS);
	e = end_rows(s, now_ms);
	pg_limit(s->pg, 0);
	s->catalogue_known = false;
	if (e == OK)
		unlock_import(s);
	return e;
}

/* What it brought is thrown away when the next one begins. */
void postgres_import_drop(struct central_store *store)
{
	unlock_import(postgres_store_of(store));
}

/* ---- what is in force ---- */

/* Asked for with every letter, and only the end of an import changes it: then there is news. */
enum err postgres_catalogue(struct central_store *store, bool fresh, struct catalogue_state *out)
{
	struct postgres_store *s = postgres_store_of(store);
	enum err e = s->catalogue_known && !fresh ? OK : read_state(s, &s->catalogue);

	s->catalogue_known = e == OK;
	if (e == OK)
		*out = s->catalogue;
	return e;
}

bool postgres_matter_known(struct central_store *store, const char *code)
{
	struct pg_stmt *st = pg_prepare(
		postgres_store_of(store)->pg, "SELECT 1::bigint FROM matter WHERE code = $1");
	bool known;

	pg_bind_text(st, 1, code);
	known = pg_row(st);
	/* What could not be looked up is not refused: the store in trouble says so when it is
	 * stored. */
	return pg_done(st) != OK || known;
}

/* Never the matters of one version under the name of another: what is remembered of the version may
 * be older than what is read. */
enum err postgres_matter_each(struct central_store *store, const char *after, size_t limit,
	void (*each)(void *arg, const char *code, const char *body), void *arg)
{
	struct postgres_store *s = postgres_store_of(store);
	struct pg_stmt *st = pg_prepare(s->pg,
		"SELECT code, body, (SELECT value FROM meta WHERE key = '" META_VERSION "')"
		" FROM matter WHERE code > $1 ORDER BY code LIMIT $2");
	enum err e;

	pg_bind_text(st, 1, after);
	pg_bind_int(st, 2, (int64_t)limit);
	while (pg_row(st)) {
		const char *version = pg_text(st, 2);
		if (s->catalogue_known && version != NULL &&
			strcmp(version, s->catalogue.version) != 0) {
			s->catalogue_known = false;
			e = pg_done(st);
			return e != OK ? e : ERR_BUSY;
		}
		each(arg, pg_text(st, 0), pg_text(st, 1));
	}
	return pg_done(st);
}

enum err postgres_matter_get(struct central_store *store, const char *code, struct buf *out)
{
	struct postgres_store *s = postgres_store_of(store);
	struct pg_stmt *st = pg_prepare(s->pg, "SELECT body FROM matter WHERE code = $1");
	bool found;
	enum err e;

	pg_bind_text(st, 1, code);
	found = pg_row(st);
	if (found)
		buf_adds(out, pg_text(st, 0));
	e = pg_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}
