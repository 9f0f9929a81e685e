#include "core/station/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/catalogue_private.h"
#include "core/station/matter.h"

enum {
	LINE_MAX_BYTES = 4 * 1024 * 1024,
	PROGRESS_LINES = 256
};

struct importer {
	struct catalogue *c;
	const struct catalogue_import *how;
	struct catalogue_result r;
	int64_t bytes;
	bool moved; /* something in force differs */
};

static enum err begin(struct importer *im)
{
	struct stmt *s = db_prepare(
		im->c->db, "INSERT INTO import (at_ms, source) VALUES (?1, ?2) RETURNING id");
	db_bind_int(s, 1, im->how->now_ms);
	db_bind_text(s, 2, im->how->source ? im->how->source : "");
	if (db_row(s))
		im->r.id = db_int(s, 0);
	return db_done(s);
}

/* ERR_INVALID: the line is longer than any matter; it was read over to its end. */
static enum err read_line(FILE *in, struct buf *line, bool *end)
{
	buf_clear(line);
	bool long_line = false;
	int ch;
	while ((ch = getc_unlocked(in)) != EOF && ch != '\n') {
		if (line->len < LINE_MAX_BYTES)
			buf_addc(line, (char)ch);
		else
			long_line = true;
	}
	*end = ch == EOF;
	if (ch == EOF && ferror(in))
		return ERR_IO;
	return long_line ? ERR_INVALID : OK;
}

static enum err log_change(
	struct importer *im, int64_t id, enum catalogue_change_kind kind, int before, int after)
{
	struct stmt *s = db_prepare(im->c->db,
		"INSERT INTO change (import, matter, kind, seq_before, seq_after)"
		" VALUES (?1, ?2, ?3, ?4, ?5)");
	const int64_t values[] = {im->r.id, id, kind, before, after};
	for (int i = 0; i < 5; i++)
		db_bind_int(s, i + 1, values[i]);
	im->moved = true;
	return db_run(s);
}

struct known {
	int64_t id;
	int last;
	bool withdrawn;
	bool same; /* as its newest version */
};

static enum err look_up(struct importer *im, const char *code, const char *digest, struct known *k)
{
	struct stmt *s = db_prepare(im->c->db,
		"SELECT m.id, m.last, m.withdrawn, v.digest = ?2 FROM matter m"
		" LEFT JOIN version v ON v.matter = m.id AND v.seq = m.last WHERE m.code = ?1");
	db_bind_text(s, 1, code);
	db_bind_text(s, 2, digest);
	*k = (struct known){0};
	if (db_row(s)) {
		k->id = db_int(s, 0);
		k->last = (int)db_int(s, 1);
		k->withdrawn = db_int(s, 2) != 0;
		k->same = db_int(s, 3) != 0;
	}
	return db_done(s);
}

static enum err add_matter(struct importer *im, const char *code, struct known *k)
{
	struct stmt *s =
		db_prepare(im->c->db, "INSERT INTO matter (code) VALUES (?1) RETURNING id");
	db_bind_text(s, 1, code);
	if (db_row(s))
		k->id = db_int(s, 0);
	return db_done(s);
}

static enum err add_version(struct importer *im, const struct matter *m, const char *digest,
	const char *document, int64_t id, int seq)
{
	char effective[DATE_SIZE], cancel[DATE_SIZE];
	struct stmt *s = db_prepare(im->c->db,
		"INSERT INTO version (matter, seq, import, digest, task_version, effective, cancel,"
		" document) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
	db_bind_int(s, 1, id);
	db_bind_int(s, 2, seq);
	db_bind_int(s, 3, im->r.id);
	db_bind_text(s, 4, digest);
	db_bind_text(s, 5, m->version);
	db_bind_text(s, 6, catalogue_date(m->effective_date, effective));
	db_bind_text(s, 7, catalogue_date(m->cancel_date, cancel));
	db_bind_text(s, 8, document);
	return db_run(s);
}

static enum err mark_seen(struct importer *im, int64_t id, int last)
{
	struct stmt *s =
		db_prepare(im->c->db, "UPDATE matter SET seen = ?2, last = ?3, withdrawn = 0,"
				      " set_name = coalesce(?4, set_name) WHERE id = ?1");
	db_bind_int(s, 1, id);
	db_bind_int(s, 2, im->r.id);
	db_bind_int(s, 3, last);
	db_bind_text(s, 4, im->how->complete);
	return db_run(s);
}

static enum err take(struct importer *im, const struct matter *m, const char *document)
{
	char digest[65];
	struct known k;
	matter_digest(m, digest);
	enum err e = look_up(im, m->code, digest, &k);
	if (e != OK)
		return e;
	if (k.same && !k.withdrawn) {
		im->r.same++;
		return mark_seen(im, k.id, k.last);
	}
	int seq = k.same ? k.last : k.last + 1;
	bool added = k.id == 0 || k.withdrawn;
	if (k.id == 0)
		e = add_matter(im, m->code, &k);
	if (e == OK && !k.same)
		e = add_version(im, m, digest, document, k.id, seq);
	if (e == OK)
		e = mark_seen(im, k.id, seq);
	if (e == OK)
		e = catalogue_settle(im->c, k.id, m, seq);
	if (e == OK)
		e = log_change(im, k.id, added ? CATALOGUE_ADDED : CATALOGUE_CHANGED,
			added ? 0 : k.last, seq);
	if (e == OK && im->how->taken)
		im->how->taken(im->how->arg, im->r.lines, m);
	if (added)
		im->r.added++;
	else
		im->r.changed++;
	return e;
}

static void refuse(struct importer *im, const char *reason)
{
	im->r.bad++;
	if (im->how->bad)
		im->how->bad(im->how->arg, im->r.lines, reason);
}

static bool is_blank(const char *s)
{
	return s[strspn(s, " \t\r")] == '\0';
}

static enum err take_line(struct importer *im, struct buf *line)
{
	size_t skip = im->r.lines == 1 && strncmp(buf_str(line), "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	const char *text = buf_str(line) + skip;
	size_t len = line->len - skip;
	if (len == strlen(text) && is_blank(text))
		return OK;
	struct buf why = {0};
	struct matter *m = NULL;
	enum err e = OK;
	if (matter_parse(&m, text, len, &why) != OK)
		refuse(im, buf_str(&why));
	else
		e = take(im, m, text);
	matter_free(m);
	buf_fini(&why);
	return e;
}

static enum err read_all(struct importer *im, FILE *in)
{
	struct buf line = {0};
	bool end = false;
	enum err e = OK;
	while (e == OK && !end) {
		e = read_line(in, &line, &end);
		if (end && line.len == 0 && e == OK)
			break;
		im->r.lines++;
		im->bytes += (int64_t)line.len + 1;
		if (e == ERR_INVALID) {
			refuse(im, tr("这一行太长 (超过 4 MB), 不像一个事项"));
			e = OK;
		} else if (e == OK) {
			e = take_line(im, &line);
		}
		if (e == OK && im->how->progress && im->r.lines % PROGRESS_LINES == 0 &&
			!im->how->progress(im->how->arg, im->r.lines, im->bytes))
			e = ERR_STATE;
	}
	buf_fini(&line);
	return e;
}

/* The matters of the complete set that this import did not hold. */
static enum err withdraw(struct importer *im)
{
	struct stmt *s = db_prepare(im->c->db,
		"INSERT INTO change (import, matter, kind, seq_before, seq_after)"
		" SELECT ?1, id, ?3, last, 0 FROM matter"
		" WHERE set_name = ?2 AND seen <> ?1 AND withdrawn = 0");
	db_bind_int(s, 1, im->r.id);
	db_bind_text(s, 2, im->how->complete);
	db_bind_int(s, 3, CATALOGUE_WITHDRAWN);
	enum err e = db_run(s);
	if (e != OK)
		return e;
	s = db_prepare(im->c->db, "UPDATE matter SET withdrawn = 1, seq = 0"
				  " WHERE set_name = ?2 AND seen <> ?1 AND withdrawn = 0");
	db_bind_int(s, 1, im->r.id);
	db_bind_text(s, 2, im->how->complete);
	e = db_run(s);
	im->r.withdrawn = db_changes(im->c->db);
	im->moved |= im->r.withdrawn > 0;
	return e;
}

enum err catalogue_import(struct catalogue *c, FILE *in, const struct catalogue_import *how,
	struct catalogue_result *result, struct buf *why)
{
	struct importer im = {.c = c, .how = how};
	enum err e = db_begin(c->db);
	if (e == OK)
		e = begin(&im);
	if (e == OK)
		e = read_all(&im, in);
	if (e == OK && how->complete && im.r.bad > 0)
		how = NULL; /* a damaged set says nothing about what is missing from it */
	if (e == OK && how && how->complete)
		e = withdraw(&im);
	if (e == OK && im.moved)
		e = catalogue_bump(c);
	e = db_finish(c->db, e);
	if (e == ERR_STATE)
		buf_why(why, tr("导入中断, 目录没有改动"));
	else if (e != OK)
		buf_why(why, tr("导入没有成功, 目录没有改动: %s"), err_text(e));
	else
		*result = im.r;
	return e;
}
