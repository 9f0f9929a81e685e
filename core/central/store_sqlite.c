#include "core/central/store_sqlite.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/central/posting.h"
#include "core/central/writer.h"

static const char *const steps[] = {
#include "sql_central_1.h"
	,
#include "sql_central_2.h"
	,
#include "sql_central_3.h"
	,
#include "sql_central_4.h"
	,
#include "sql_central_5.h"
	,
};

enum {
	CACHE_KB = 2 << 10,    /* see keep_little() */
	OWED_MS = 1000,	       /* between two tries to make rows again, or to open the file */
	QUIET_MS = 20,	       /* a checkpoint waits for so long a silence, */
	WAL_LENGTH = 16 << 20, /* and so long the WAL becomes where there is none */
	LONE = 3,	       /* letters that are about at once */
	CROWD = 32,
	WAL_BYTES_MAX = 3 << 18,
	WAL_BYTES_CROWD = 3 << 17,
	AHEAD_BYTES = 1 << 16, /* before a checkpoint what it finds open is committed */
	PIECES_LONE = 8,       /* that the disk begins to write beside each group */
	PIECES_FEW = 32
};

/* … but there may not be more in the WAL than this: see checkpoint(). A few wait for it once in so
 * many letters; of a crowd all of them do. */
static int64_t wal_bytes_max(size_t crowd)
{
	return crowd >= CROWD ? WAL_BYTES_CROWD : WAL_BYTES_MAX;
}

/* What a checkpoint brings to the disk is in the way of the next flush. One letter does not wait
 * for all of it where others can have their part; of a crowd each has to wait for it anyhow. */
static size_t pieces_at_once(size_t crowd)
{
	return crowd >= CROWD ? SIZE_MAX : crowd > LONE ? PIECES_FEW : PIECES_LONE;
}

struct sqlite_store *sqlite_store_at_once(struct central_store *s)
{
	return (struct sqlite_store *)(void *)s; /* public is its first member */
}

struct sqlite_store *sqlite_store_of(struct central_store *store)
{
	struct sqlite_store *s = sqlite_store_at_once(store);

	writer_rest(s->writer);
	sqlite_keep(s);
	return s;
}

enum err sqlite_event_put(struct sqlite_store *s, const struct event_row *row, int64_t *seq)
{
	struct stmt *st = db_prepare(s->db,
		"INSERT INTO event (at_ms, kind, project_no, prev, state, owner, source, note, key,"
		" digest, body, answer) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)");
	const struct posting *p = row->letter;
	int64_t bytes;
	enum err e;

	db_bind_int(st, 1, row->at_ms);
	db_lend_text(st, 2, row->kind);
	db_lend_text(st, 3, row->project_no);
	if (row->prev > 0)
		db_bind_int(st, 4, row->prev);
	db_lend_text(st, 5, row->state);
	if (row->project_no != NULL)
		db_bind_int(st, 6, row->owner);
	if (row->source >= 0)
		db_bind_int(st, 7, row->source);
	db_lend_text(st, 8, row->note);
	if (row->facts != NULL)
		db_lend_blob(st, 11, row->facts, strlen(row->facts));
	if (p != NULL) {
		db_lend_text(st, 9, p->key);
		db_lend_blob(st, 10, p->digest, sizeof p->digest);
		db_lend_blob(st, 11, p->body, p->body_len_bytes);
		db_lend_text(st, 12, buf_str(&p->answer));
	}
	e = db_run(st);
	if (e == OK && seq != NULL)
		*seq = db_last_id(s->db);
	bytes = ROW_BYTES + (p != NULL ? (int64_t)(p->body_len_bytes + p->answer.len) : 0);
	s->wal_bytes += bytes;
	s->open_bytes += bytes;
	return e;
}

static enum err meta_get(struct central_store *store, const char *key, struct buf *out)
{
	struct stmt *st =
		db_prepare(sqlite_store_of(store)->db, "SELECT value FROM meta WHERE key = ?1");
	bool found;
	enum err e;

	db_bind_text(st, 1, key);
	found = db_row(st);
	if (found)
		buf_adds(out, db_text(st, 0));
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

static enum err meta_set(struct central_store *store, const char *key, const char *value)
{
	struct stmt *st = db_prepare(sqlite_store_of(store)->db,
		"INSERT INTO meta (key, value) VALUES (?1, ?2)"
		" ON CONFLICT DO UPDATE SET value = excluded.value");

	db_bind_text(st, 1, key);
	db_bind_text(st, 2, value);
	return db_run(st);
}

static enum err meta_add(struct central_store *store, const char *key, const char *value)
{
	struct stmt *st = db_prepare(
		sqlite_store_of(store)->db, "INSERT INTO meta (key, value) VALUES (?1, ?2)");

	db_bind_text(st, 1, key);
	db_bind_text(st, 2, value);
	return db_run(st);
}

enum err sqlite_last_seq(struct sqlite_store *s, int64_t *out)
{
	struct stmt *st = db_prepare(s->db, "SELECT coalesce(max(seq), 0) FROM event");
	int64_t n = db_row(st) ? db_int(st, 0) : 0;
	enum err e = db_done(st);

	if (e == OK)
		*out = n;
	return e;
}

static enum err last_seq(struct central_store *store, int64_t *out)
{
	return sqlite_last_seq(sqlite_store_of(store), out);
}

static bool has_event(struct sqlite_store *s, const struct event_row *row, int64_t seq)
{
	struct stmt *st = db_prepare(
		s->db, "SELECT 1 FROM event WHERE seq = ?1 AND kind = ?2 AND at_ms = ?3");
	bool found;

	db_bind_int(st, 1, seq);
	db_lend_text(st, 2, row->kind);
	db_bind_int(st, 3, row->at_ms);
	found = db_row(st);
	return db_done(st) == OK && found;
}

enum err sqlite_event_commit(struct sqlite_store *s, const struct event_row *row, int64_t seq)
{
	enum err e = db_commit(s->db);

	if (e == ERR_UNSURE)
		e = sqlite_settle(s) == OK && has_event(s, row, seq) ? OK : ERR_IO;
	return e;
}

/*
 * Little at a time: a checkpoint holds up all letters as long as it takes to write out what the WAL
 * holds, so it is short when it comes often. Nobody waits for its flush (db_checkpoint), until one
 * has failed: then each does until one goes well.
 */
static void checkpoint(struct sqlite_store *s, int64_t wal_bytes)
{
	enum err e = sqlite_keep(s);

	if (e == OK)
		e = db_checkpoint(s->db, s->wary ? 0 : wal_bytes);
	if (e == OK)
		sqlite_kept_by_checkpoint(s);
	if (e == ERR_UNSURE) {
		log_error("store",
			"%s: the disk has not kept what it took: taken from the log again",
			s->path);
		sqlite_open_again(s);
	}
	s->wary = e != OK;
	s->ahead = false;
	if (e == OK)
		s->wal_bytes = 0;
	else if (s->wal_bytes == 0)
		s->wal_bytes = 1; /* tried again at the next quiet moment */
}

/* What waits for a quiet moment. */
static bool has_work(const struct sqlite_store *s)
{
	return s->open || s->owed || s->away != OK || s->wal_bytes > 0 ||
	       db_flush_of(s->db) != DB_FLUSHED;
}

/* What cannot: the WAL is long, or a read found that the disk has not kept what it took, and none
 * would go well from then on. */
static bool is_pressed(const struct sqlite_store *s, size_t crowd)
{
	return s->wal_bytes >= wal_bytes_max(crowd) || db_flush_of(s->db) == DB_LOST;
}

/* Its first part some letters before the rest: by then the disk has written most of it. */
static bool is_time_to_commit(const struct sqlite_store *s, size_t crowd)
{
	return s->open && !s->ahead && s->wal_bytes >= wal_bytes_max(crowd) - AHEAD_BYTES;
}

static void commit_ahead(struct sqlite_store *s)
{
	s->ahead = true;
	sqlite_keep(s);
}

/* After each group, and when it is quiet. */
static void tend(void *arg, size_t crowd)
{
	struct sqlite_store *s = arg;

	if (s->quiet)
		sqlite_log_may_be_made(s);
	if (s->quiet && has_work(s))
		checkpoint(s, 0);
	else if (is_pressed(s, crowd))
		checkpoint(s, WAL_LENGTH);
	else if (is_time_to_commit(s, crowd))
		commit_ahead(s);
	db_begin_writing(s->db, pieces_at_once(crowd));
	s->quiet = false;
}

static int64_t idle(struct central_store *store, int64_t quiet_ms)
{
	struct sqlite_store *s = sqlite_store_at_once(store);
	int64_t next_ms;

	if (s->writer != NULL && !writer_is_idle(s->writer))
		return QUIET_MS;
	if (!has_work(s))
		return -1;
	if (quiet_ms < QUIET_MS && !is_pressed(s, LONE) && !is_time_to_commit(s, LONE)) {
		db_begin_writing(s->db, pieces_at_once(LONE));
		return QUIET_MS - quiet_ms;
	}
	s->quiet = quiet_ms >= QUIET_MS;
	next_ms = s->quiet ? OWED_MS : QUIET_MS - quiet_ms;
	if (s->writer != NULL)
		writer_tend(s->writer);
	else
		tend(s, 0);
	return next_ms;
}

/* ---- the writer ---- */

static void take_for_writer(void *arg, struct posting **postings, size_t count)
{
	posting_sum(postings, count);
	sqlite_take_group(arg, postings, count);
}

static bool post(struct central_store *store, struct posting *p)
{
	struct sqlite_store *s = sqlite_store_at_once(store);
	const struct writer_work work = {.take = take_for_writer, .tend = tend, .arg = s};

	if (s->writer == NULL && !s->writer_refused) {
		s->writer = writer_new(&work);
		s->writer_refused = s->writer == NULL;
		if (s->writer_refused)
			log_warn("store", "no thread for the store: letters wait for each other");
	}
	if (s->writer == NULL)
		return false;
	writer_post(s->writer, p);
	return true;
}

static void settled(struct central_store *store, bool wait,
	void (*each)(void *arg, struct posting **postings, size_t count, int64_t took_us),
	void *arg)
{
	struct sqlite_store *s = sqlite_store_at_once(store);

	if (wait)
		writer_rest(s->writer);
	if (s->writer != NULL)
		writer_settled(s->writer, each, arg);
}

static int descriptor(struct central_store *store)
{
	struct sqlite_store *s = sqlite_store_at_once(store);

	return s->writer != NULL ? writer_descriptor(s->writer) : -1;
}

/* ---- nobody else has the file ---- */

/* What is owed to it may have room by now, and its disk may be well. */
static enum err ready(struct central_store *store)
{
	struct sqlite_store *s = sqlite_store_at_once(store);

	if (s->writer != NULL && !writer_is_idle(s->writer))
		return s->owed ? ERR_IO : s->away;
	return s->owed || s->away != OK ? sqlite_keep(s) : OK;
}

static unsigned news(struct central_store *store)
{
	(void)store;
	return 0;
}

static uint64_t losses(struct central_store *store)
{
	const struct sqlite_store *s = sqlite_store_of(store);

	return s->losses;
}

static void close_store(struct central_store *store)
{
	struct sqlite_store *s = sqlite_store_at_once(store);

	writer_free(s->writer);
	sqlite_end_log(s);
	db_close(s->db);
	free(s->path);
	free(s->log_path);
	free(s);
}

static const struct central_store_ops ops = {
	.take = sqlite_take,
	.post = post,
	.settled = settled,
	.descriptor = descriptor,
	.case_get = sqlite_case_get,
	.case_each = sqlite_case_each,
	.history = sqlite_history,
	.bodies = sqlite_bodies,
	.advance = sqlite_advance,
	.evaluations = sqlite_evaluations,
	.notice = sqlite_notice,
	.changes = sqlite_changes,
	.letter_get = sqlite_letter_get,
	.touches = sqlite_touches,
	.event_at = sqlite_event_at,
	.import_begin = sqlite_import_begin,
	.import_put = sqlite_import_put,
	.import_end = sqlite_import_end,
	.import_drop = sqlite_import_drop,
	.catalogue = sqlite_catalogue,
	.matter_known = sqlite_matter_known,
	.matter_get = sqlite_matter_get,
	.matter_each = sqlite_matter_each,
	.station_add = sqlite_station_add,
	.station_enrol = sqlite_station_enrol,
	.station_of = sqlite_station_of,
	.station_by_name = sqlite_station_by_name,
	.station_revoke = sqlite_station_revoke,
	.station_each = sqlite_station_each,
	.paper_get = sqlite_paper_get,
	.paper_put = sqlite_paper_put,
	.paper_drop = sqlite_paper_drop,
	.paper_each_part = sqlite_paper_each_part,
	.meta_get = meta_get,
	.meta_set = meta_set,
	.meta_add = meta_add,
	.last_seq = last_seq,
	.idle = idle,
	.ready = ready,
	.news = news,
	.losses = losses,
	.close = close_store,
};

/*
 * Before the first table. A commit writes each page that it touches as a whole: a letter that comes
 * alone touches five. With the rows of 2 KB letters, 4 KiB pages hold one each and are half empty,
 * 16 KiB ones make small commits write twice as much as 8 KiB ones, which hold three.
 */
static enum err set_page_size(struct db *db)
{
	struct stmt *st = db_prepare(db, "PRAGMA user_version");
	bool fresh = db_row(st) && db_int(st, 0) == 0;
	enum err e = db_done(st);

	/* In WAL mode the size cannot change; leave it for the moment of the VACUUM. */
	if (e == OK && fresh)
		e = db_exec(db, "PRAGMA journal_mode = DELETE; PRAGMA page_size = 8192; VACUUM;"
				"PRAGMA journal_mode = WAL;");
	return e;
}

/*
 * Pages of letters are written once and hardly read again. With room for many, each new one is
 * memory that the system has to clear, and far from the processor: 32 MiB took letters at two
 * thirds of the pace of 2 MiB, which the upper pages of all trees and the rows of a group find room
 * in. What else is read comes from the system's own cache. After the page size, by which SQLite
 * counts.
 */
static void keep_little(struct db *db)
{
	db_keep_kb(db, CACHE_KB);
}

enum err sqlite_open_file(struct sqlite_store *s, struct buf *why)
{
	enum err e = db_open(&s->db, s->path, DB_SINGLE, why);

	if (e == OK)
		e = set_page_size(s->db);
	if (e != OK)
		return e;
	keep_little(s->db);
	return db_exec(s->db, "PRAGMA journal_size_limit = 67108864");
}

static void say_not_redone(const struct sqlite_store *s, enum err e, struct buf *why)
{
	if (why == NULL || why->len > 0)
		return;
	buf_why(why,
		e == ERR_STATE
			? tr("%s 是更新版本的程序写的 (%s)。请升级程序。")
			: tr("%s 里有已经答应收下、还没有写进数据文件的申请, 现在写不进去: %s。请腾出空间、检查磁盘, 再启动中心; 这个文件不要删。"),
		s->log_path, err_text(e));
}

enum err store_sqlite_open(struct central_store **out, const char *dir, struct buf *why)
{
	struct sqlite_store *s = mem_alloc(sizeof *s);
	enum err e;

	s->public.ops = &ops;
	s->path = paths_join(dir, "central.db");
	s->log_path = paths_join(dir, "letters.log");
	s->series_n = -1;
	e = sqlite_open_file(s, why);
	if (e == OK)
		e = db_migrate(s->db, steps, sizeof steps / sizeof *steps, why);
	if (e == OK && (e = sqlite_redo(s, why)) != OK)
		say_not_redone(s, e, why);
	if (e == OK && sqlite_import_forget(&s->public) != OK)
		log_warn("store",
			"what a broken-off import left cannot be removed yet: it counts for nothing");
	if (e == ERR_DAMAGED)
		buf_why(why,
			tr("数据文件 %s 坏了: 请停下中心, 把整个数据目录挪开, 换回最近的备份再启动 "
			   "(见手册里的 backup)"),
			s->path);
	if (e != OK) {
		close_store(&s->public);
		return e;
	}
	s->wal_bytes = 1; /* a WAL left by a kill is worked off at the first quiet moment */
	*out = &s->public;
	return OK;
}
