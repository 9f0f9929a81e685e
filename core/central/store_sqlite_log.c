#include "core/central/store_sqlite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/msg.h"
#include "core/central/letter_log.h"
#include "core/central/posting.h"

enum {
	COMMIT_BYTES = 5 * 8192,  /* the last page of each tree, beside those that the rows fill */
	OPEN_BYTES_MAX = 1 << 18, /* of rows in the open transaction, an eighth of the cache */
	CROWD = 24 /* so many letters fill pages: their commit is as short as their log */
};

/* ---- the log ---- */

static void drop_log(struct sqlite_store *s)
{
	letter_log_close(s->log);
	s->log = NULL;
	unlink(s->log_path);
}

/* All that it has promised is in the file for good. */
static void is_kept(struct sqlite_store *s)
{
	s->promised = false;
	if (s->log == NULL)
		return;
	if (letter_log_is_broken(s->log))
		drop_log(s);
	else
		letter_log_begin_again(s->log);
}

static enum err write_owner(struct sqlite_store *s)
{
	struct stmt *st =
		db_prepare(s->db, "INSERT INTO meta (key, value) VALUES ('letters.log', ?1)"
				  " ON CONFLICT DO UPDATE SET value = excluded.value");

	db_bind_int(st, 1, (int64_t)letter_log_owner(s->log));
	return db_run(st);
}

static enum err read_owner(struct sqlite_store *s, uint64_t *owner)
{
	struct stmt *st = db_prepare(s->db, "SELECT value FROM meta WHERE key = 'letters.log'");

	*owner = db_row(st) ? (uint64_t)strtoll(db_text(st, 0), NULL, 10) : 0;
	return db_done(st);
}

/* The file knows its log before the first letter is in it. */
void sqlite_want_log(struct sqlite_store *s)
{
	if (s->log != NULL || s->no_log || s->open || s->owed)
		return;
	if (letter_log_make(&s->log, s->log_path) == OK && write_owner(s) != OK)
		drop_log(s);
	s->no_log = s->log == NULL;
}

static enum err promise(struct sqlite_store *s, struct posting **postings, size_t count)
{
	enum err e;

	if (count >= CROWD || s->log == NULL)
		return ERR_FULL;
	e = letter_log_put(s->log, postings, count);
	s->no_log = letter_log_is_broken(s->log);
	s->promised |= e == OK;
	return e;
}

/* ---- making rows again ---- */

struct redo {
	struct sqlite_store *s;
	int64_t last_seq; /* of the file: what came up to there is in it */
	enum err e;
	size_t count;
	bool fits;
};

/* What no table takes was never in one, and so was not answered by who has this file: it lacks
 * something, or is another file's. */
static bool is_misfit(enum err e)
{
	return e == ERR_INVALID || e == ERR_EXISTS;
}

/* As it was taken before, under the same number, or not at all. */
static enum err take_again(struct sqlite_store *s, struct posting *p, bool *same)
{
	char number[PROJECT_NO_SIZE];
	int64_t seq = p->seq;
	enum err e = db_savepoint(s->db), undone;

	if (e != OK)
		return e;
	snprintf(number, sizeof number, "%s", p->project_no);
	e = sqlite_take_rows(s, p);
	*same = e == OK && p->result == POSTING_TAKEN && p->seq == seq &&
		strcmp(p->project_no, number) == 0;
	if (*same)
		return db_release(s->db);
	undone = db_rollback_to(s->db);
	return e == OK || is_misfit(e) ? undone : e;
}

/* What stands at its place in the file is this letter. */
static enum err look_up(struct sqlite_store *s, const struct posting *p, bool *same)
{
	struct stmt *st = db_prepare(s->db, "SELECT key = ?2 FROM event WHERE seq = ?1");

	db_bind_int(st, 1, p->seq);
	db_lend_text(st, 2, p->key);
	*same = db_row(st) && db_int(st, 0) != 0;
	return db_done(st);
}

static bool redo_one(void *arg, struct posting *p)
{
	struct redo *r = arg;
	bool is_new = p->seq > r->last_seq;

	r->e = is_new ? take_again(r->s, p, &r->fits) : look_up(r->s, p, &r->fits);
	r->count += is_new && r->e == OK && r->fits;
	return r->e == OK && r->fits;
}

static enum err redo_rows(struct sqlite_store *s, struct redo *r)
{
	uint64_t owner;
	enum err e = db_begin(s->db);

	if (e == OK)
		e = sqlite_last_seq(s, &r->last_seq);
	if (e == OK)
		e = read_owner(s, &owner);
	if (e == OK)
		e = letter_log_each(s->log, owner, redo_one, r);
	if (e == ERR_INVALID) {
		r->fits = false;
		e = OK;
	}
	if (e == OK)
		e = r->e;
	if (e == OK && r->count > 0)
		e = db_commit(s->db);
	db_rollback(s->db);
	s->series_n = -1; /* the numbers were given before: it was not counted on */
	return e;
}

/* A log of another file, of this one from another time, or that nobody can read: for whoever has
 * put it there. */
static enum err put_log_aside(struct sqlite_store *s, struct buf *why)
{
	struct buf aside = {0};
	enum err e = OK;

	buf_printf(&aside, "%s" LETTER_LOG_ASIDE "%lld", s->log_path,
		(long long)clock_wall_ms(&clock_system));
	if (rename(s->log_path, buf_str(&aside)) != 0) {
		e = ERR_DENIED;
		buf_why(why,
			tr("%s 里的申请不是数据文件 %s 这时候的, 或者读不懂, 没有收; 要把它搁到一边, "
			   "可是改不了名: %s。请自己把它挪开 (不要删): mv %s %s, 再启动中心"),
			s->log_path, s->path, err_cause(errno), s->log_path, buf_str(&aside));
	}
	log_error("store",
		"%s does not fit %s: what does not is not taken, and it is %s %s; what "
		"windows have a receipt for they send again by yimen reconcile DAY --send-again",
		s->log_path, s->path, e == OK ? "kept as" : "not to be renamed", buf_str(&aside));
	buf_fini(&aside);
	if (e != OK)
		return e;
	letter_log_close(s->log);
	s->log = NULL;
	return OK;
}

/* Nobody is to read a file that lacks what was promised: until it has gone well every statement
 * fails. */
static enum err redo_all(struct sqlite_store *s, struct buf *why)
{
	struct redo r = {.s = s, .fits = true};
	enum err e;

	if (s->away == OK && s->promised && db_is_in_doubt(s->db))
		sqlite_open_file_again(s);
	if (s->away != OK || !s->promised)
		return s->away;
	db_deny(s->db, OK);
	e = redo_rows(s, &r);
	if (e == OK)
		e = db_flush(s->db); /* what was there already may have lingered */
	if (e == OK && !r.fits)
		e = put_log_aside(s, why);
	if (e == OK)
		is_kept(s);
	if (e == OK && r.count > 0)
		log_info("store", "%zu letters made again from the log", r.count);
	if (e != OK)
		log_error("store", "letters that were promised cannot be made again: %s",
			err_text(e));
	s->owed = e != OK;
	if (e == ERR_UNSURE) {
		sqlite_open_file_again(s);
		e = ERR_IO;
	}
	db_deny(s->db, sqlite_trouble(e));
	return e;
}

static enum err redo(struct sqlite_store *s)
{
	return redo_all(s, NULL);
}

enum err sqlite_redo(struct sqlite_store *s, struct buf *why)
{
	enum err e = letter_log_open(&s->log, s->log_path);

	if (e == ERR_NOT_FOUND)
		return OK;
	s->promised = e == OK;
	e = e == OK ? redo_all(s, why) : e;
	if (e == OK && s->log != NULL)
		drop_log(s); /* it may be of any length: the next is made */
	return e;
}

enum err sqlite_open_again(struct sqlite_store *s)
{
	sqlite_open_file_again(s);
	return redo(s);
}

enum err sqlite_settle(struct sqlite_store *s)
{
	if (s->away != OK)
		return sqlite_come_back(s) == OK ? redo(s) : s->away;
	if (db_is_in_doubt(s->db))
		return sqlite_open_again(s);
	return s->owed ? redo(s) : OK;
}

/* ---- the open transaction ---- */

/* It is gone, and with it what came before this group. */
enum err sqlite_undo(struct sqlite_store *s)
{
	bool was_open = s->open;

	db_rollback(s->db);
	s->open = false;
	s->open_bytes = 0;
	s->series_n = -1;
	return was_open ? redo(s) : OK;
}

static enum err commit(struct sqlite_store *s, enum err (*how)(struct db *db))
{
	enum err e = how(s->db);

	s->open = false;
	s->open_bytes = 0;
	s->wal_bytes += COMMIT_BYTES;
	if (e == OK)
		return OK;
	s->series_n = -1;
	log_error("store", "letters were not committed: %s", err_text(e));
	return e;
}

enum err sqlite_keep(struct sqlite_store *s)
{
	enum err e;

	if (!s->open && db_in_transaction(s->db))
		return OK;
	if (!s->open || db_is_in_doubt(s->db))
		return sqlite_settle(s);
	e = commit(s, db_commit_unflushed);
	if (e == OK)
		return OK;
	if (e == ERR_UNSURE)
		sqlite_open_file_again(s);
	return redo(s);
}

enum err sqlite_keep_group(struct sqlite_store *s, struct posting **postings, size_t count)
{
	enum err e = promise(s, postings, count);

	if (e == OK) {
		s->open = true;
		if (s->open_bytes >= OPEN_BYTES_MAX)
			sqlite_keep(s);
		return OK;
	}
	e = commit(s, db_commit);
	if (e == OK)
		is_kept(s);
	else if (e == ERR_UNSURE)
		sqlite_open_again(s);
	else
		redo(s);
	return e;
}

void sqlite_kept_by_checkpoint(struct sqlite_store *s)
{
	if (!s->open && !s->owed)
		is_kept(s);
}

void sqlite_log_may_be_made(struct sqlite_store *s)
{
	s->no_log = false;
}

void sqlite_end_log(struct sqlite_store *s)
{
	bool kept = s->db != NULL && sqlite_keep(s) == OK && db_checkpoint(s->db, 0) == OK;

	if (kept && s->log != NULL)
		drop_log(s);
	letter_log_close(s->log);
	s->log = NULL;
}
