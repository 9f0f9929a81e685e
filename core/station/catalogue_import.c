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
	SLICE_LINES = 256, /* read in one slice, or so many bytes: some tens of milliseconds */
	SLICE_BYTES = 1 << 20,
	SLICE_MATTERS = 256, /* put in force in one slice */
	SLICE_COUNTED = 4000,
	WAIT_MS = 20,	  /* for another import, in one slice … */
	TRIES_MAX = 3000, /* … and in so many: a minute */
	UNFINISHED = -1	  /* at_ms of an import that is not in force */
};

enum phase {
	READING,  /* lines; what is new is put aside */
	PLACING,  /* matters; the transaction that puts all of it in force is open */
	LEAVING,  /* those that are not in the set any more */
	COUNTING, /* version, generation, number */
	CLOSING,  /* the commit */
	DONE
};

/* What became of a matter: a kind of change, or this. */
enum {
	SAME = -1
};

struct catalogue_intake {
	struct catalogue *c;
	FILE *in;
	struct catalogue_import how;
	struct catalogue_result r;
	struct buf line;
	int64_t bytes, placed; /* read; the last matter put in force */
	enum phase phase;
	enum err e;
	struct catalogue_count counted;
	bool moved; /* something in force differs */
	bool out;   /* another import was in the file: this slice has done nothing */
	int tries;  /* since one has done something */
};

/* Where this import has come: a table of this connection alone, gone with it. */
static enum err make_list(struct catalogue *c)
{
	return db_exec(c->db, "CREATE TEMP TABLE IF NOT EXISTS pending (matter INTEGER PRIMARY KEY,"
			      " was INTEGER NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL,"
			      " digest TEXT NOT NULL);"
			      "DELETE FROM pending");
}

static enum err begin(struct catalogue_intake *im)
{
	struct stmt *s = db_prepare(
		im->c->db, "INSERT INTO import (at_ms, source) VALUES (?1, ?2) RETURNING id");
	db_bind_int(s, 1, UNFINISHED);
	db_bind_text(s, 2, im->how.source ? im->how.source : "");
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

struct known {
	int64_t id;
	int was;  /* the newest version before this import; 0: none */
	int last; /* the newest, those of this import too */
	int kind; /* what this import found of it before */
	bool met; /* this import did */
	bool withdrawn;
	bool same; /* as its newest version */
};

static enum err look_up(
	struct catalogue_intake *im, const char *code, const char *digest, struct known *k)
{
	struct stmt *s = db_prepare(im->c->db,
		"SELECT m.id, m.last, coalesce(p.seq, m.last), p.kind, p.matter IS NOT NULL,"
		" m.withdrawn, v.digest = ?2 FROM matter m LEFT JOIN pending p ON p.matter = m.id"
		" LEFT JOIN version v ON v.matter = m.id AND v.seq = coalesce(p.seq, m.last)"
		" WHERE m.code = ?1");
	db_bind_text(s, 1, code);
	db_bind_text(s, 2, digest);
	*k = (struct known){0};
	if (db_row(s)) {
		k->id = db_int(s, 0);
		k->was = (int)db_int(s, 1);
		k->last = (int)db_int(s, 2);
		k->kind = (int)db_int(s, 3);
		k->met = db_int(s, 4) != 0;
		k->withdrawn = db_int(s, 5) != 0 && !k->met;
		k->same = db_int(s, 6) != 0;
	}
	return db_done(s);
}

static enum err add_matter(struct catalogue_intake *im, const char *code, struct known *k)
{
	struct stmt *s =
		db_prepare(im->c->db, "INSERT INTO matter (code) VALUES (?1) RETURNING id");
	db_bind_text(s, 1, code);
	if (db_row(s))
		k->id = db_int(s, 0);
	return db_done(s);
}

/* In the place of one that an import which did not come to its end has left there, unless it is the
 * same. */
static enum err add_version(struct catalogue_intake *im, const struct matter *m, const char *digest,
	const char *document, int64_t id, int seq)
{
	char effective[DATE_SIZE], cancel[DATE_SIZE];
	struct stmt *s = db_prepare(im->c->db,
		"INSERT INTO version (matter, seq, import, digest, task_version, effective, cancel,"
		" document) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
		" ON CONFLICT (matter, seq) DO UPDATE SET import = excluded.import,"
		" digest = excluded.digest, task_version = excluded.task_version,"
		" effective = excluded.effective, cancel = excluded.cancel,"
		" document = excluded.document WHERE digest <> excluded.digest");
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

static enum err note(
	struct catalogue_intake *im, const struct known *k, int seq, int kind, const char *digest)
{
	struct stmt *s = db_prepare(im->c->db,
		"INSERT OR REPLACE INTO pending (matter, was, seq, kind, digest)"
		" VALUES (?1, ?2, ?3, ?4, ?5)");
	const int64_t values[] = {k->id, k->was, seq, kind};
	for (int i = 0; i < 4; i++)
		db_bind_int(s, i + 1, values[i]);
	db_bind_text(s, 5, digest);
	return db_run(s);
}

/* Puts it aside: nobody looks for a version that is newer than its matter's last one. */
static enum err take(struct catalogue_intake *im, const struct matter *m, const char *document)
{
	char digest[65];
	struct known k;
	matter_digest(m, digest);
	enum err e = look_up(im, m->code, digest, &k);
	if (e != OK)
		return e;
	if (k.same && !k.withdrawn) {
		im->r.same++;
		return k.met ? OK : note(im, &k, k.last, SAME, "");
	}
	int seq = k.same ? k.last : k.last + 1;
	bool added = k.last == 0 || k.withdrawn;
	if (k.id == 0)
		e = add_matter(im, m->code, &k);
	if (e == OK && !k.same)
		e = add_version(im, m, digest, document, k.id, seq);
	if (e == OK)
		e = note(im, &k, seq,
			added || (k.met && k.kind == CATALOGUE_ADDED) ? CATALOGUE_ADDED
								      : CATALOGUE_CHANGED,
			digest);
	if (e == OK && im->how.taken)
		im->how.taken(im->how.arg, im->r.lines, m);
	if (added)
		im->r.added++;
	else
		im->r.changed++;
	return e;
}

static void refuse(struct catalogue_intake *im, const char *reason)
{
	im->r.bad++;
	if (im->how.bad)
		im->how.bad(im->how.arg, im->r.lines, reason);
}

static bool is_blank(const char *s)
{
	return s[strspn(s, " \t\r")] == '\0';
}

static enum err take_line(struct catalogue_intake *im, struct buf *line)
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

/* ERR_STATE: enough, says who asked for it. */
static enum err read_one(struct catalogue_intake *im, bool *end)
{
	enum err e = read_line(im->in, &im->line, end);
	if (e == OK && *end && im->line.len == 0)
		return OK;
	im->r.lines++;
	im->bytes += (int64_t)im->line.len + 1;
	if (e == ERR_INVALID) {
		refuse(im, tr("这一行太长 (超过 4 MB), 不像一个事项"));
		e = OK;
	} else if (e == OK) {
		e = take_line(im, &im->line);
	}
	if (e == OK && im->how.progress && im->r.lines % SLICE_LINES == 0 &&
		!im->how.progress(im->how.arg, im->r.lines, im->bytes))
		e = ERR_STATE;
	return e;
}

/* Another import may be in the file for seconds: whoever takes slices, because something else has
 * to go on, does not wait for it in one of them. */
static enum err enter(struct catalogue_intake *im)
{
	enum err e = db_begin_within(im->c->db, WAIT_MS);

	im->out = e == ERR_BUSY;
	return e;
}

/* A transaction of its own, so that nobody who reads waits for more than this. */
static enum err read_slice(struct catalogue_intake *im)
{
	int64_t until = im->bytes + SLICE_BYTES;
	bool end = false;
	enum err e = enter(im);
	if (e != OK)
		return e;
	if (im->r.id == 0)
		e = begin(im);
	for (int n = 0; e == OK && !end && n < SLICE_LINES && im->bytes < until; n++)
		e = read_one(im, &end);
	e = db_finish(im->c->db, e);
	if (e == OK && end)
		im->phase = PLACING;
	return e;
}

/* ---- into force ---- */

struct placing {
	int64_t id;
	int was, seq, kind;
};

/* What has become meanwhile of a matter and of the version that was put aside for it. */
struct found {
	int last;	/* the newest version in force or before */
	bool ours;	/* that version has what was read */
	int64_t import; /* that put it aside */
};

static enum err find(struct catalogue_intake *im, const struct placing *p, struct found *f)
{
	struct stmt *s = db_prepare(im->c->db,
		"SELECT m.last, v.digest = p.digest, v.import FROM pending p"
		" JOIN matter m ON m.id = p.matter LEFT JOIN version v ON v.matter = p.matter"
		" AND v.seq = p.seq WHERE p.matter = ?1");
	db_bind_int(s, 1, p->id);
	*f = (struct found){-1, false, 0};
	if (db_row(s))
		*f = (struct found){(int)db_int(s, 0), db_int(s, 1) != 0, db_int(s, 2)};
	return db_done(s);
}

/* Another import has put aside the very same, now or before it was cut: it is in force with ours.
 */
static enum err adopt(struct catalogue_intake *im, int64_t import)
{
	struct stmt *s =
		db_prepare(im->c->db, "UPDATE import SET at_ms = ?2 WHERE id = ?1 AND at_ms < 0");
	db_bind_int(s, 1, import);
	db_bind_int(s, 2, im->how.now_ms);
	return db_run(s);
}

static enum err mark_taken(struct catalogue_intake *im, const struct placing *p)
{
	struct stmt *s =
		db_prepare(im->c->db, "UPDATE matter SET seen = ?2, last = ?3, withdrawn = 0,"
				      " set_name = coalesce(?4, set_name) WHERE id = ?1");
	db_bind_int(s, 1, p->id);
	db_bind_int(s, 2, im->r.id);
	db_bind_int(s, 3, p->seq);
	db_bind_text(s, 4, im->how.complete);
	return db_run(s);
}

static enum err log_change(struct catalogue_intake *im, const struct placing *p)
{
	struct stmt *s = db_prepare(im->c->db,
		"INSERT INTO change (import, matter, kind, seq_before, seq_after)"
		" VALUES (?1, ?2, ?3, ?4, ?5)");
	const int64_t values[] = {
		im->r.id, p->id, p->kind, p->kind == CATALOGUE_ADDED ? 0 : p->was, p->seq};
	for (int i = 0; i < 5; i++)
		db_bind_int(s, i + 1, values[i]);
	im->moved = true;
	return db_run(s);
}

/* ERR_BUSY: another import has come between, with something else. */
static enum err place(struct catalogue_intake *im, const struct placing *p)
{
	struct found f;
	enum err e = find(im, p, &f);
	if (e != OK)
		return e;
	if (!f.ours || (f.last != p->was && f.last != p->seq))
		return ERR_BUSY;
	if (f.last != p->was)
		return OK; /* the other one has put the same in force */
	if (f.import != im->r.id)
		e = adopt(im, f.import);
	if (e == OK)
		e = mark_taken(im, p);
	if (e == OK)
		e = catalogue_settle(im->c, p->id, NULL, 0);
	return e == OK ? log_change(im, p) : e;
}

static enum err next_to_place(
	struct catalogue_intake *im, struct placing out[SLICE_MATTERS], size_t *count)
{
	struct stmt *s = db_prepare(im->c->db,
		"SELECT matter, was, seq, kind FROM pending WHERE matter > ?1 AND kind >= 0"
		" ORDER BY matter LIMIT ?2");
	db_bind_int(s, 1, im->placed);
	db_bind_int(s, 2, SLICE_MATTERS);
	for (*count = 0; *count < SLICE_MATTERS && db_row(s); ++*count)
		out[*count] = (struct placing){
			db_int(s, 0), (int)db_int(s, 1), (int)db_int(s, 2), (int)db_int(s, 3)};
	return db_done(s);
}

static enum err place_slice(struct catalogue_intake *im)
{
	struct placing next[SLICE_MATTERS];
	size_t count = 0;
	enum err e = im->placed == 0 ? enter(im) : OK;
	if (e == OK)
		e = next_to_place(im, next, &count);
	for (size_t i = 0; e == OK && i < count; i++)
		e = place(im, &next[i]);
	im->placed = count > 0 ? next[count - 1].id : im->placed;
	if (e == OK && count < SLICE_MATTERS)
		im->phase = LEAVING;
	return e;
}

/* Those that were here already, and in no set or another one. */
static enum err join_set(struct catalogue_intake *im)
{
	struct stmt *s =
		db_prepare(im->c->db, "UPDATE matter SET set_name = ?1 WHERE set_name <> ?1"
				      " AND id IN (SELECT matter FROM pending)");
	db_bind_text(s, 1, im->how.complete);
	return db_run(s);
}

/* The matters of the complete set that this import did not hold. */
static enum err withdraw(struct catalogue_intake *im)
{
	struct stmt *s = db_prepare(im->c->db,
		"INSERT INTO change (import, matter, kind, seq_before, seq_after)"
		" SELECT ?1, id, ?3, last, 0 FROM matter WHERE set_name = ?2 AND withdrawn = 0"
		" AND id NOT IN (SELECT matter FROM pending)");
	db_bind_int(s, 1, im->r.id);
	db_bind_text(s, 2, im->how.complete);
	db_bind_int(s, 3, CATALOGUE_WITHDRAWN);
	enum err e = db_run(s);
	if (e != OK)
		return e;
	s = db_prepare(im->c->db,
		"UPDATE matter SET withdrawn = 1, seq = 0 WHERE set_name = ?1 AND withdrawn = 0"
		" AND id NOT IN (SELECT matter FROM pending)");
	db_bind_text(s, 1, im->how.complete);
	e = db_run(s);
	im->r.withdrawn = db_changes(im->c->db);
	im->moved |= im->r.withdrawn > 0;
	return e;
}

/* What imports that did not come to their end have put aside. */
static enum err drop_leftovers(struct catalogue_intake *im)
{
	return db_run(
		db_prepare(im->c->db, "DELETE FROM version WHERE id IN (SELECT v.id FROM matter m"
				      " JOIN version v ON v.matter = m.id AND v.seq > m.last)"));
}

static enum err leave(struct catalogue_intake *im)
{
	enum err e = im->how.complete ? join_set(im) : OK;
	/* a damaged set says nothing about what is missing from it */
	if (e == OK && im->how.complete && im->r.bad == 0)
		e = withdraw(im);
	if (e == OK)
		e = drop_leftovers(im);
	im->phase = COUNTING;
	return e;
}

static enum err count(struct catalogue_intake *im)
{
	bool more = false;
	enum err e = im->moved ? catalogue_count(im->c, &im->counted, SLICE_COUNTED, &more) : OK;
	if (e == OK && im->moved && !more)
		e = catalogue_bump(im->c, &im->counted);
	if (!more)
		im->phase = CLOSING;
	return e;
}

static enum err finish(struct catalogue_intake *im)
{
	struct stmt *s = db_prepare(im->c->db, "UPDATE import SET at_ms = ?2 WHERE id = ?1");
	db_bind_int(s, 1, im->r.id);
	db_bind_int(s, 2, im->how.now_ms);
	enum err e = db_run(s);
	im->phase = DONE;
	return db_finish(im->c->db, e);
}

/* ---- the whole of it ---- */

enum err catalogue_intake_open(struct catalogue_intake **out, struct catalogue *c, FILE *in,
	const struct catalogue_import *how)
{
	struct catalogue_intake *im;
	enum err e = make_list(c);
	if (e != OK)
		return e;
	im = mem_alloc(sizeof *im);
	im->c = c;
	im->in = in;
	im->how = *how;
	db_hold_back(c->db, true);
	*out = im;
	return OK;
}

bool catalogue_intake_step(struct catalogue_intake *im)
{
	static enum err (*const work[])(struct catalogue_intake * im) = {
		[READING] = read_slice,
		[PLACING] = place_slice,
		[LEAVING] = leave,
		[COUNTING] = count,
		[CLOSING] = finish,
	};
	if (im->e == OK && im->phase != DONE) {
		im->out = false;
		im->e = work[im->phase](im);
		im->tries = im->out ? im->tries + 1 : 0;
		if (im->out && im->tries < TRIES_MAX)
			im->e = OK;
	}
	return im->e == OK && im->phase != DONE;
}

enum err catalogue_intake_close(
	struct catalogue_intake *im, struct catalogue_result *result, struct buf *why)
{
	enum err e = im->e == OK && im->phase != DONE ? ERR_STATE : im->e;
	if (e == ERR_STATE)
		buf_why(why, tr("导入中断, 目录没有改动"));
	else if (e != OK)
		buf_why(why, tr("导入没有成功, 目录没有改动: %s"), err_text(e));
	else
		*result = im->r;
	db_rollback(im->c->db);
	db_hold_back(im->c->db, false);
	buf_fini(&im->line);
	free(im);
	return e;
}

enum err catalogue_import(struct catalogue *c, FILE *in, const struct catalogue_import *how,
	struct catalogue_result *result, struct buf *why)
{
	struct catalogue_intake *im = NULL;
	enum err e = catalogue_intake_open(&im, c, in, how);
	if (e != OK) {
		buf_why(why, tr("导入没有成功, 目录没有改动: %s"), err_text(e));
		return e;
	}
	while (catalogue_intake_step(im))
		continue;
	return catalogue_intake_close(im, result, why);
}
