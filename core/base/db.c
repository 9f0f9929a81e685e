#include "core/base/db.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/db_gather.h"
#include "core/base/db_journal.h"
#include "core/base/db_private.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"

enum {
	BUSY_WAIT_MS = 5000,
	READ_WAIT_MS = 200 /* see settle() */
};

struct stmt {
	struct db *db;
	const char *given; /* where the caller keeps the text: nearly always tells it alone */
	char *sql;
	sqlite3_stmt *handle; /* NULL: did not compile, failed says why */
	enum err failed;
	struct stmt *next;
};

enum err db_from_sqlite(int rc)
{
	switch (rc & 0xFF) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return OK;
	case SQLITE_CONSTRAINT:
		return rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY
			       ? ERR_EXISTS
			       : ERR_INVALID;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_BUSY;
	case SQLITE_FULL:
		return ERR_FULL;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return ERR_DENIED;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_DAMAGED;
	case SQLITE_TOOBIG:
		return ERR_INVALID;
	default:
		return ERR_IO;
	}
}

/* SQLite says of a disk that takes no writes what it says of a file without permission, or less. */
static bool is_on_read_only_disk(const struct db *db)
{
	struct statvfs fs;
	char *folder = mem_strdup(db->path), *slash = strrchr(folder, '/');
	bool read_only;

	if (slash != NULL)
		*slash = '\0';
	read_only = slash != NULL && statvfs(folder, &fs) == 0 && (fs.f_flag & ST_RDONLY) != 0;
	free(folder);
	return read_only;
}

enum err db_complain(struct db *db, int rc, const char *doing)
{
	enum err e = db_from_sqlite(rc);

	if ((e == ERR_DENIED || e == ERR_IO) && is_on_read_only_disk(db))
		e = ERR_READ_ONLY;
	if (db->shared && ((rc & 0xFF) == SQLITE_FULL || (rc & 0xFF) == SQLITE_IOERR))
		db->unsettled = true;
	if (db->shared && (rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC))
		db->forsaken = true;
	if (e != OK && e != ERR_EXISTS && !(e == ERR_BUSY && db->wait_ms < BUSY_WAIT_MS))
		log_error("db", "%s: %s: %s (%d)", db->path, doing, sqlite3_errmsg(db->handle),
			sqlite3_extended_errcode(db->handle));
	return e;
}

static void wait_at_most(struct db *db, int ms)
{
	db->wait_ms = ms;
	sqlite3_busy_timeout(db->handle, ms);
}

/* Under the lock, before anything is written. */
static enum err settle_alone(struct db *db)
{
	enum err e = db_journal_renew(db->handle);

	if ((e == ERR_DENIED || e == ERR_IO) && is_on_read_only_disk(db))
		e = ERR_READ_ONLY;
	if (e == ERR_IO)
		log_error("db", "%s: what its journal holds is not on the disk", db->path);
	db->forsaken = (db->forsaken && e != OK) || e == ERR_IO;
	db->unsettled = e != OK;
	return e;
}

static enum err settle_for_reading(struct db *db, int wait_ms)
{
	int rc, before = db->wait_ms;
	enum err e;

	if (!db->forsaken && !db_journal_holds_any(db->handle))
		return OK;
	if (sqlite3_db_readonly(db->handle, "main") == 1)
		return is_on_read_only_disk(db) ? ERR_READ_ONLY : ERR_DENIED;
	wait_at_most(db, wait_ms < before ? wait_ms : before);
	rc = sqlite3_exec(db->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	e = db_complain(db, rc, "settle");
	if (rc == SQLITE_OK) {
		e = settle_alone(db);
		sqlite3_exec(db->handle, "COMMIT", NULL, NULL, NULL); /* of nothing */
	}
	db_rollback(db);
	wait_at_most(db, before);
	return e;
}

/* Nothing can be done any more for a disk that takes no writes: it is read as who opens it now
 * would. Where another program has the lock it has settled the same when it began. */
static bool may_be_flushed(const struct db *db, enum err e)
{
	return e == ERR_READ_ONLY ||
	       (!db->forsaken && (e == ERR_BUSY || e == ERR_DENIED || e == ERR_FULL));
}

/*
 * Before anything is believed. What one of our own flushes has failed to bring to the disk is not
 * read before it is known to be there: a read, of which a key pressed makes many, waits a moment
 * for that and the next ones not at all; they fail with ERR_BUSY.
 */
static enum err settle(struct db *db, int wait_ms)
{
	enum err e = settle_for_reading(db, wait_ms);

	if (may_be_flushed(db, e) && (e = db_journal_flush(db->handle)) != OK)
		db->forsaken = true;
	db->in_vain = e == ERR_BUSY;
	db->unsettled = e != OK;
	return e;
}

enum err db_settle(struct db *db)
{
	return db->unsettled || db->forsaken ? settle(db, BUSY_WAIT_MS) : OK;
}

/* Who writes waits as ever. */
static enum err settle_before(struct db *db, sqlite3_stmt *next)
{
	if (!sqlite3_stmt_readonly(next))
		return settle(db, BUSY_WAIT_MS);
	return settle(db, db->in_vain ? 0 : READ_WAIT_MS);
}

/* Differs from before when anyone has committed since. */
static unsigned file_version(struct db *db)
{
	unsigned version = 0;

	sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_DATA_VERSION, &version);
	return version;
}

static enum err set_mode(struct db *db, enum db_mode mode)
{
	static const char *const pragmas[] = {
		/*
		 * The journal stays and its header is overwritten: making and removing a file at
		 * each commit costs the file system's own journal, more than the flushes of the
		 * data. db_journal.h makes it as safe as one that is made anew.
		 */
		[DB_SHARED] = "PRAGMA journal_mode = PERSIST; PRAGMA journal_size_limit = 262144;"
			      "PRAGMA synchronous = EXTRA;",
		[DB_SINGLE] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
			      "PRAGMA wal_autocheckpoint = 0;",
		[DB_READ] = "PRAGMA query_only = 1;",
		[DB_SCRATCH] = "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;",
	};
	enum err e = db_exec(db,
		"PRAGMA trusted_schema = 0; PRAGMA foreign_keys = 1; PRAGMA temp_store = MEMORY;");

	if (e == OK)
		e = db_exec(db, pragmas[mode]);
	db->shared = mode == DB_SHARED;
	db->unsettled = db->shared;
	return e == OK && db->unsettled ? settle(db, READ_WAIT_MS) : e;
}

/* Our programs use SQLite from one thread: without locks and counts around each allocation it is
 * quicker. Refused, and not needed, when a first database is open already. */
static void keep_plain(void)
{
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

enum err db_open(struct db **out, const char *path, enum db_mode mode, struct buf *why)
{
	int flags =
		mode == DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	struct db *db = mem_alloc(sizeof *db);
	enum err e;
	int rc;

	db->path = mem_strdup(path);
	if (mode != DB_READ && strcmp(path, ":memory:") != 0) {
		int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		if (fd >= 0)
			close(fd); /* made by us so that it is 0600, whatever the umask */
	}
	keep_plain();
	rc = sqlite3_open_v2(path, &db->handle, flags | SQLITE_OPEN_NOMUTEX,
		mode == DB_SINGLE   ? db_gather_vfs()
		: mode == DB_SHARED ? db_journal_vfs()
				    : NULL);
	if (rc == SQLITE_OK) {
		sqlite3_extended_result_codes(db->handle, 1);
		wait_at_most(db, BUSY_WAIT_MS);
		sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
		e = set_mode(db, mode);
	} else {
		e = db_complain(db, rc, "open");
	}
	if (e != OK) {
		if (rc == SQLITE_CANTOPEN && access(path, F_OK) != 0)
			e = ERR_NOT_FOUND;
		buf_why(why, tr("打不开数据文件 %s: %s"), path, err_text(e));
		db_close(db);
		return e;
	}
	*out = db;
	return OK;
}

void db_close(struct db *db)
{
	struct stmt *s;

	if (db == NULL)
		return;
	db_leave_copy(db);
	db_rollback(db);
	if (db->forsaken)
		db_settle(db); /* who has it open would not know */
	while ((s = db->stmts) != NULL) {
		db->stmts = s->next;
		sqlite3_finalize(s->handle);
		free(s->sql);
		free(s);
	}
	db_journal_forget(db->handle);
	/* what is not known to be in the file stays in its WAL, for the next opening */
	if (db_gather_catch_up(db->handle) != SQLITE_OK)
		sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
	sqlite3_close_v2(db->handle);
	free(db->path);
	free(db);
}

void db_keep_kb(struct db *db, int kb)
{
	char sql[48];

	snprintf(sql, sizeof sql, "PRAGMA cache_size = -%d", kb);
	db_exec(db, sql);
}

void db_hold_back(struct db *db, bool on)
{
	db_exec(db, on ? "PRAGMA cache_spill = 0" : "PRAGMA cache_spill = 1");
}

enum err db_exec(struct db *db, const char *sql)
{
	return db_complain(db, sqlite3_exec(db->handle, sql, NULL, NULL, NULL), sql);
}

static int64_t user_version(struct db *db, enum err *e)
{
	struct stmt *s = db_prepare(db, "PRAGMA user_version");
	int64_t version = db_row(s) ? db_int(s, 0) : 0;

	*e = db_done(s);
	return version;
}

static enum err migrate_one(struct db *db, const char *sql, int64_t version)
{
	struct buf b = {0};
	enum err e = db_begin(db);

	if (e != OK)
		return e;
	/* Another program may have made this step while we waited for the lock. */
	if (user_version(db, &e) < version && e == OK) {
		buf_printf(&b, "PRAGMA user_version = %lld", (long long)version);
		e = db_exec(db, sql);
		if (e == OK)
			e = db_exec(db, b.data);
	}
	if (e == OK)
		e = db_commit(db);
	else
		db_rollback(db);
	buf_fini(&b);
	return e;
}

enum err db_migrate(struct db *db, const char *const *steps, size_t n, struct buf *why)
{
	enum err e;
	int64_t version = user_version(db, &e);

	if (e == OK && version > (int64_t)n) {
		buf_why(why,
			tr("数据文件 %s 是更新版本的程序写的 (第 %lld 版, 本程序到第 %zu 版)。"
			   "请升级程序。"),
			db->path, (long long)version, n);
		return ERR_STATE;
	}
	while (e == OK && version < (int64_t)n) {
		e = migrate_one(db, steps[version], version + 1);
		version++;
	}
	if (e != OK)
		buf_why(why, tr("升级数据文件 %s 没有成功: %s"), db->path, err_text(e));
	return e;
}

/* By its place, and only when that is new by its text. */
static struct stmt **find_stmt(struct db *db, const char *sql)
{
	struct stmt **at;

	for (at = &db->stmts; *at != NULL; at = &(*at)->next)
		if ((*at)->given == sql && strcmp((*at)->sql, sql) == 0)
			return at;
	for (at = &db->stmts; *at != NULL; at = &(*at)->next)
		if (strcmp((*at)->sql, sql) == 0)
			break;
	return at;
}

/* The last used stands first. */
static struct stmt *known_stmt(struct db *db, const char *sql)
{
	struct stmt **at = find_stmt(db, sql), *s = *at;

	if (s == NULL) {
		s = mem_alloc(sizeof *s);
		s->db = db;
		s->sql = mem_strdup(sql);
	} else {
		*at = s->next;
	}
	s->given = sql;
	s->next = db->stmts;
	db->stmts = s;
	return s;
}

struct stmt *db_prepare(struct db *db, const char *sql)
{
	struct stmt *s = known_stmt(db, sql);
	int rc;

	if (db->handle == NULL) {
		s->failed = db->denied != OK ? db->denied : ERR_IO; /* see db_none */
		return s;
	}
	if (s->handle == NULL) {
		rc = sqlite3_prepare_v3(
			db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->handle, NULL);
		s->failed = db_complain(db, rc, sql);
	} else {
		sqlite3_reset(s->handle);
		sqlite3_clear_bindings(s->handle);
		s->failed = OK;
	}
	if (s->failed == OK)
		s->failed = db->denied;
	if ((db->unsettled || db->forsaken) && s->failed == OK &&
		sqlite3_get_autocommit(db->handle))
		s->failed = settle_before(db, s->handle);
	return s;
}

static void bound(struct stmt *s, int rc)
{
	if (rc != SQLITE_OK && s->handle != NULL && s->failed == OK)
		s->failed = db_complain(s->db, rc, s->sql);
}

void db_bind_text(struct stmt *s, int i, const char *text)
{
	bound(s, sqlite3_bind_text(s->handle, i, text, -1, SQLITE_TRANSIENT));
}

void db_bind_blob(struct stmt *s, int i, const void *data, size_t len_bytes)
{
	bound(s, sqlite3_bind_blob64(s->handle, i, data, len_bytes, SQLITE_TRANSIENT));
}

void db_lend_text(struct stmt *s, int i, const char *text)
{
	bound(s, sqlite3_bind_text(s->handle, i, text, -1, SQLITE_STATIC));
}

void db_lend_blob(struct stmt *s, int i, const void *data, size_t len_bytes)
{
	bound(s, sqlite3_bind_blob64(s->handle, i, data, len_bytes, SQLITE_STATIC));
}

void db_bind_int(struct stmt *s, int i, int64_t n)
{
	bound(s, sqlite3_bind_int64(s->handle, i, n));
}

void db_bind_real(struct stmt *s, int i, double n)
{
	bound(s, sqlite3_bind_double(s->handle, i, n));
}

void db_bind_null(struct stmt *s, int i)
{
	bound(s, sqlite3_bind_null(s->handle, i));
}

bool db_row(struct stmt *s)
{
	int rc;

	if (s->failed != OK)
		return false;
	rc = sqlite3_step(s->handle);
	if (rc == SQLITE_ROW)
		return true;
	s->failed = db_complain(s->db, rc, s->sql);
	return false;
}

const char *db_text(struct stmt *s, int col)
{
	return (const char *)sqlite3_column_text(s->handle, col);
}

const void *db_blob(struct stmt *s, int col, size_t *len_bytes)
{
	const void *data = sqlite3_column_blob(s->handle, col);

	*len_bytes = (size_t)sqlite3_column_bytes(s->handle, col);
	return data;
}

int64_t db_int(struct stmt *s, int col)
{
	return sqlite3_column_int64(s->handle, col);
}

double db_real(struct stmt *s, int col)
{
	return sqlite3_column_double(s->handle, col);
}

bool db_is_null(struct stmt *s, int col)
{
	return sqlite3_column_type(s->handle, col) == SQLITE_NULL;
}

/* Not BEGIN and its like, which have no columns. */
static bool is_read(const struct stmt *s)
{
	return s->handle == NULL ||
	       (sqlite3_stmt_readonly(s->handle) && sqlite3_column_count(s->handle) > 0);
}

static void note_unread(struct db *db, enum err e)
{
	db->unread++;
	db->unread_why = e;
	if (db->in_transaction)
		db->broken = e;
}

unsigned db_unread(const struct db *db, enum err *why)
{
	if (why != NULL)
		*why = db->unread_why;
	return db->unread;
}

enum err db_done(struct stmt *s)
{
	enum err e = s->failed;

	if (e != OK && is_read(s))
		note_unread(s->db, e);
	if (s->handle != NULL)
		sqlite3_reset(s->handle);
	s->failed = OK;
	return e;
}

static enum err run(struct stmt *s)
{
	while (db_row(s))
		continue;
	return db_done(s);
}

enum err db_run(struct stmt *s)
{
	struct db *db = s->db;
	enum err e;

	if (db->shared && !db->in_transaction && s->failed == OK &&
		!sqlite3_stmt_readonly(s->handle)) {
		e = db_begin(db);
		if (e == OK)
			e = run(s);
		if (e == OK)
			return db_commit(db);
		db_rollback(db);
		return e;
	}
	return run(s);
}

enum err db_begin_within(struct db *db, int wait_ms)
{
	enum err e;

	wait_at_most(db, wait_ms);
	e = db_begin(db);
	wait_at_most(db, BUSY_WAIT_MS);
	return e;
}

/* Another program may have written since, and may have been killed before its last flush. */
static bool has_changed(struct db *db)
{
	return db->unsettled || db->forsaken || file_version(db) != db->own;
}

enum err db_begin(struct db *db)
{
	enum err e;

	if (db->in_transaction)
		return ERR_STATE;
	e = run(db_prepare(db, "BEGIN IMMEDIATE"));
	db->in_transaction = e == OK;
	db->broken = OK;
	if (e == OK && db->shared && has_changed(db))
		e = settle_alone(db);
	if (e != OK)
		db_rollback(db);
	return e;
}

enum err db_commit(struct db *db)
{
	int rc;
	enum err e;

	if (db->shared && db->in_transaction && db->broken != OK) {
		db_rollback(db);
		return db->broken;
	}
	e = run(db_prepare(db, "COMMIT"));
	rc = sqlite3_extended_errcode(db->handle);

	if (e == OK) {
		db->in_transaction = false;
		db->own = file_version(db);
		return OK;
	}
	/* After a failed write or flush the journal may or may not have been made valid: the next
	 * opening decides. A disk may say that it has no room and have emptied it. */
	if ((rc & 0xFF) == SQLITE_IOERR || db_is_in_doubt(db) ||
		(db->shared && e == ERR_FULL && !db_journal_undoes(db->handle)))
		e = ERR_UNSURE;
	db_rollback(db);
	return e;
}

bool db_in_transaction(const struct db *db)
{
	return db->in_transaction && !sqlite3_get_autocommit(db->handle);
}

void db_deny(struct db *db, enum err e)
{
	db->denied = e;
}

void db_rollback(struct db *db)
{
	if (db->handle != NULL && !sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	db->in_transaction = false;
}

enum err db_finish(struct db *db, enum err e)
{
	if (e == OK)
		return db_commit(db);
	db_rollback(db);
	return e;
}

enum err db_savepoint(struct db *db)
{
	return run(db_prepare(db, "SAVEPOINT part"));
}

enum err db_release(struct db *db)
{
	return run(db_prepare(db, "RELEASE part"));
}

/* Some failures have ended the transaction before. */
enum err db_rollback_to(struct db *db)
{
	enum err e;

	if (!db_in_transaction(db))
		return ERR_IO;
	e = run(db_prepare(db, "ROLLBACK TO part"));
	if (e == OK)
		e = db_release(db);
	if (e != OK) {
		log_error("db", "%s: a part of a transaction is not undone: %s", db->path,
			err_text(e));
		db_rollback(db);
		db->astray = true;
	}
	return e;
}

int64_t db_last_id(struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

int64_t db_changes(struct db *db)
{
	return sqlite3_changes64(db->handle);
}

int64_t db_data_version(struct db *db)
{
	struct stmt *s = db_prepare(db, "PRAGMA data_version");
	int64_t version = db_row(s) ? db_int(s, 0) : -1;

	db_done(s);
	return version;
}

enum err db_check(struct db *db, struct buf *why)
{
	struct stmt *s = db_prepare(db, "PRAGMA quick_check(20)");
	struct buf list = {0};
	enum err e;

	while (db_row(s)) {
		if (strcmp(db_text(s, 0), "ok") != 0)
			buf_printf(&list, "%s%s", list.len > 0 ? "; " : "", db_text(s, 0));
	}
	e = db_done(s);
	if (e == OK && list.len > 0) {
		buf_why(why, "%s", list.data);
		e = ERR_DAMAGED;
	}
	buf_fini(&list);
	return e;
}
