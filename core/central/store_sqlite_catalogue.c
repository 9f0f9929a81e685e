#include "core/central/store_sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/crypto.h"

#define META_IMPORT  "catalogue.import"
#define META_VERSION "catalogue.version"
#define META_COUNT   "catalogue.matters"

/* 0 when it was never written; what cannot be read is not 0. */
static enum err meta_int(struct central_store *s, const char *key, int64_t *n)
{
	struct buf b = {0};
	enum err e = s->ops->meta_get(s, key, &b);

	*n = e == OK ? strtoll(buf_str(&b), NULL, 10) : 0;
	buf_fini(&b);
	return e == ERR_NOT_FOUND ? OK : e;
}

static enum err meta_set_int(struct central_store *s, const char *key, int64_t n)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)n);
	return s->ops->meta_set(s, key, text);
}

static enum err drop_rows(struct sqlite_store *s, const char *sql, int64_t import_id)
{
	struct stmt *st = db_prepare(s->db, sql);

	db_bind_int(st, 1, import_id);
	return db_run(st);
}

enum err sqlite_import_forget(struct central_store *store)
{
	struct sqlite_store *s = sqlite_store_of(store);
	int64_t in_force;
	enum err e = meta_int(store, META_IMPORT, &in_force);

	if (e != OK)
		return e;
	e = drop_rows(s, "DELETE FROM matter WHERE import_id > ?1", in_force);
	s->import_id = e == OK ? 0 : in_force + 1;
	return e;
}

enum err sqlite_import_begin(struct central_store *store)
{
	struct sqlite_store *s = sqlite_store_of(store);
	int64_t in_force;
	enum err e;

	if (s->importing)
		return ERR_BUSY;
	e = sqlite_import_forget(store);
	if (e == OK)
		e = meta_int(store, META_IMPORT, &in_force);
	s->importing = e == OK;
	if (e == OK)
		s->import_id = in_force + 1;
	return e;
}

static bool same_as_in_force(struct sqlite_store *s, const char *code, const unsigned char *digest)
{
	struct stmt *st = db_prepare(s->db, "SELECT digest, import_id FROM matter WHERE code = ?1"
					    " ORDER BY import_id DESC LIMIT 1");
	size_t len = 0;
	const void *known = NULL;
	bool same = false;

	db_bind_text(st, 1, code);
	if (db_row(st)) {
		known = db_blob(st, 0, &len);
		same = len == 32 && memcmp(known, digest, len) == 0;
	}
	return db_done(st) == OK && same;
}

static enum err put_matter(struct sqlite_store *s, const struct matter_row *row)
{
	unsigned char digest[64];
	struct stmt *st;

	crypto_digest(DIGEST_SHA256, row->body, strlen(row->body), digest);
	if (same_as_in_force(s, row->code, digest))
		return OK;
	st = db_prepare(s->db,
		"INSERT INTO matter (code, import_id, name, digest, body)"
		" VALUES (?1,?2,?3,?4,?5) ON CONFLICT DO UPDATE SET"
		" name = excluded.name, digest = excluded.digest, body = excluded.body");
	db_bind_text(st, 1, row->code);
	db_bind_int(st, 2, s->import_id);
	db_bind_text(st, 3, row->name);
	db_bind_blob(st, 4, digest, 32);
	db_bind_text(st, 5, row->body);
	s->wal_bytes += ROW_BYTES + (int64_t)strlen(row->body);
	return db_run(st);
}

enum err sqlite_import_put(struct central_store *store, const struct matter_row *rows, size_t count)
{
	struct sqlite_store *s = sqlite_store_of(store);
	enum err e = db_begin(s->db);
	size_t i;

	if (e != OK)
		return e;
	for (i = 0; i < count && e == OK; i++)
		e = put_matter(s, &rows[i]);
	if (e == OK)
		return db_commit(s->db);
	db_rollback(s->db);
	return e;
}

/* Equal content, equal version: a digest over codes and digests in order of code. */
static enum err compute_version(struct sqlite_store *s, char version[17], int64_t *count)
{
	struct stmt *st = db_prepare(s->db, "SELECT code, digest FROM matter ORDER BY code");
	struct buf all = {0};
	char hex[CRYPTO_HEX_SIZE];
	enum err e;

	*count = 0;
	while (db_row(st)) {
		size_t len;
		const void *digest = db_blob(st, 1, &len);
		buf_adds(&all, db_text(st, 0));
		buf_addc(&all, '\n');
		buf_add(&all, digest, len);
		(*count)++;
	}
	e = db_done(st);
	snprintf(version, 17, "%.16s", crypto_hex(DIGEST_SHA256, buf_str(&all), all.len, hex));
	buf_fini(&all);
	return e;
}

static enum err end_rows(struct central_store *store, int64_t now_ms)
{
	struct sqlite_store *s = sqlite_store_of(store);
	struct catalogue_state before;
	char version[17];
	int64_t count;
	struct event_row row = {.at_ms = now_ms, .kind = "catalogue", .source = -1};
	enum err e = sqlite_catalogue(store, false, &before);

	/* One row a code remains; what is older than the newest row of its code is gone. */
	if (e == OK)
		e = drop_rows(s,
			"DELETE FROM matter WHERE import_id < ?1 AND code IN"
			" (SELECT code FROM matter WHERE import_id = ?1)",
			s->import_id);
	if (e == OK)
		e = compute_version(s, version, &count);
	if (e == OK && strcmp(version, before.version) != 0) {
		row.note = version;
		e = sqlite_event_put(s, &row, NULL);
	}
	if (e == OK)
		e = store->ops->meta_set(store, META_VERSION, version);
	if (e == OK)
		e = meta_set_int(store, META_COUNT, count);
	return e == OK ? meta_set_int(store, META_IMPORT, s->import_id) : e;
}

/* The commit's outcome is open: the file, opened again, knows. */
static enum err look_up_end(struct central_store *store, int64_t import_id)
{
	int64_t in_force;

	return meta_int(store, META_IMPORT, &in_force) == OK && in_force == import_id ? OK : ERR_IO;
}

enum err sqlite_import_end(struct central_store *store, int64_t now_ms)
{
	struct sqlite_store *s = sqlite_store_of(store);
	enum err e = db_begin(s->db);

	if (e == OK)
		e = end_rows(store, now_ms);
	if (e == OK)
		e = db_commit(s->db);
	else
		db_rollback(s->db);
	if (e == ERR_UNSURE)
		e = look_up_end(store, s->import_id);
	s->catalogue_known = false;
	if (e == OK) {
		s->importing = false;
		s->import_id = 0;
	}
	return e;
}

void sqlite_import_drop(struct central_store *store)
{
	struct sqlite_store *s = sqlite_store_of(store);

	s->importing = false;
	if (s->import_id != 0)
		sqlite_import_forget(store);
}

static enum err read_catalogue(struct central_store *store, struct catalogue_state *out)
{
	struct buf version = {0}, count = {0};
	enum err e = store->ops->meta_get(store, META_VERSION, &version);

	if (e == OK || e == ERR_NOT_FOUND)
		e = store->ops->meta_get(store, META_COUNT, &count);
	if (e == OK || e == ERR_NOT_FOUND) {
		snprintf(out->version, sizeof out->version, "%s", buf_str(&version));
		out->matters = strtoll(buf_str(&count), NULL, 10);
		e = OK;
	}
	buf_fini(&version);
	buf_fini(&count);
	return e;
}

/* Asked for with every letter, and only the end of an import changes it. */
enum err sqlite_catalogue(struct central_store *store, bool fresh, struct catalogue_state *out)
{
	struct sqlite_store *s = sqlite_store_at_once(store);
	enum err e = s->catalogue_known ? OK : read_catalogue(store, &s->catalogue);

	(void)fresh; /* nobody else writes */
	s->catalogue_known = e == OK;
	if (e == OK)
		*out = s->catalogue;
	return e;
}

bool sqlite_matter_known(struct central_store *store, const char *code)
{
	struct sqlite_store *s = sqlite_store_of(store);
	struct stmt *st = db_prepare(
		s->db, "SELECT 1 FROM matter WHERE code = ?1 AND (?2 = 0 OR import_id < ?2)");
	bool known;

	db_bind_text(st, 1, code);
	db_bind_int(st, 2, s->import_id);
	known = db_row(st);
	/* What could not be looked up is not refused: a file in trouble says so when it is stored.
	 */
	return db_done(st) != OK || known;
}

enum err sqlite_matter_each(struct central_store *store, const char *after, size_t limit,
	void (*each)(void *arg, const char *code, const char *body), void *arg)
{
	struct sqlite_store *s = sqlite_store_of(store);
	struct stmt *st = db_prepare(s->db,
		"SELECT code, body FROM matter WHERE code > ?1 AND (?2 = 0 OR import_id < ?2)"
		" ORDER BY code LIMIT ?3");

	db_bind_text(st, 1, after);
	db_bind_int(st, 2, s->import_id);
	db_bind_int(st, 3, (int64_t)limit);
	while (db_row(st))
		each(arg, db_text(st, 0), db_text(st, 1));
	return db_done(st);
}

enum err sqlite_matter_get(struct central_store *store, const char *code, struct buf *out)
{
	struct sqlite_store *s = sqlite_store_of(store);
	struct stmt *st = db_prepare(s->db,
		"SELECT body FROM matter WHERE code = ?1 AND (?2 = 0 OR import_id < ?2)"
		" ORDER BY import_id DESC LIMIT 1");
	bool found;
	enum err e;

	db_bind_text(st, 1, code);
	db_bind_int(st, 2, s->import_id);
	found = db_row(st);
	if (found)
		buf_adds(out, db_text(st, 0));
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}
