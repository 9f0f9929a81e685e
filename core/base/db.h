/*
 * SQLite's only home. One connection, its prepared statements kept by text, transactions that
 * remember whether they are open, and results sorted by what the caller does next.
 *
 *	struct stmt *s = db_prepare(db, "SELECT name FROM matter WHERE code = ?1");
 *	db_bind_text(s, 1, code);
 *	while (db_row(s))
 *		use(db_text(s, 0));
 *	e = db_done(s);
 *
 * SQL text is constant and ours: a statement that does not compile is a mistake of the program
 * (or a damaged file) and is remembered; db_row then gives no row and db_done the error.
 */
#ifndef YIMEN_CORE_BASE_DB_H
#define YIMEN_CORE_BASE_DB_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct db;
struct stmt;

enum db_mode {
	DB_SHARED, /* several programs write: a rollback journal that stays, synchronous=EXTRA */
	DB_SINGLE, /* one connection, alone: WAL, synchronous=FULL (the centre) */
	DB_READ,   /* read only; the file must exist */
	DB_SCRATCH /* rebuilt when lost: no journal on disk, no flush */
};

/*
 * Opens or creates (0600). A database that another program holds is waited for up to 5 s, then
 * ERR_BUSY. ERR_DAMAGED: not a database of ours. foreign_keys on, trusted_schema off, extensions
 * off, 64 KiB cell size not limited. why may be NULL.
 */
enum err db_open(struct db **out, const char *path, enum db_mode mode, struct buf *why);
void db_close(struct db *db); /* NULL does nothing; an open transaction is rolled back */
/* Where a DB_SINGLE file cannot be opened: nothing is read of it or written, every statement fails
 * with this. */
struct db *db_none(enum err why);

/* How much of the file it keeps in memory once it was read (2 MB unless said). */
void db_keep_kb(struct db *db, int kb);

/* on: what a transaction changes stays in memory, whatever it comes to, until the commit: others
 * can read the file until then. Off again it goes to the file when the memory above is full, and
 * they are locked out from then on. */
void db_hold_back(struct db *db, bool on);

/* One or more statements without parameters or rows. */
enum err db_exec(struct db *db, const char *sql);

/*
 * Brings the file from PRAGMA user_version to n by running steps[user_version..n-1], each in a
 * transaction of its own. ERR_STATE: the file is newer than this program.
 */
enum err db_migrate(struct db *db, const char *const *steps, size_t n, struct buf *why);

/* The statement of this text (cached), reset and with nothing bound. Borrowed. */
struct stmt *db_prepare(struct db *db, const char *sql);
/* Parameters count from 1. Text and blobs are copied. NULL text binds NULL. */
void db_bind_text(struct stmt *s, int i, const char *text);
void db_bind_blob(struct stmt *s, int i, const void *data, size_t len_bytes);
void db_bind_int(struct stmt *s, int i, int64_t n);
void db_bind_real(struct stmt *s, int i, double n);
void db_bind_null(struct stmt *s, int i);
/* The same without a copy: what is lent stays as it is until the statement has ended. */
void db_lend_text(struct stmt *s, int i, const char *text);
void db_lend_blob(struct stmt *s, int i, const void *data, size_t len_bytes);

/* Steps: true with a row. Columns count from 0 and are borrowed until the next step or done. */
bool db_row(struct stmt *s);
const char *db_text(struct stmt *s, int col); /* NULL for NULL */
const void *db_blob(struct stmt *s, int col, size_t *len_bytes);
int64_t db_int(struct stmt *s, int col);
double db_real(struct stmt *s, int col);
bool db_is_null(struct stmt *s, int col);
/* Every statement fails with this from now on: the file is known to lack what it should have. OK:
 * as before. */
void db_deny(struct db *db, enum err e);
/* Ends the statement (needed before the next use) and tells how it went. */
enum err db_done(struct stmt *s);
/*
 * How many reads have ended in an error since the file was opened; why (may be NULL): of the last.
 * Most readers hand out what there is and have no way to say that it is not all: who shows or uses
 * it looks here before and after. In a DB_SHARED file a transaction in which one failed is not
 * committed.
 */
unsigned db_unread(const struct db *db, enum err *why);
/* db_row once and db_done: for statements without rows. ERR_EXISTS: a UNIQUE or PRIMARY KEY.
 * In a DB_SHARED file one that writes is a transaction of its own when none is open. */
enum err db_run(struct stmt *s);

/*
 * begin takes the write lock at once (BEGIN IMMEDIATE). commit: ERR_UNSURE when the system failed
 * in a way that leaves the outcome open: close, open again, look the row up by its id. Any other
 * failure has rolled back. Nesting is a mistake of the program (ERR_STATE).
 */
enum err db_begin(struct db *db);
/*
 * After ERR_UNSURE, before it is opened again: what is read from here on is on the disk, or an
 * error. Another program is waited for as by begin. Reads see to it themselves, but wait only a
 * moment, a key pressed makes many of them: they fail with ERR_BUSY.
 */
enum err db_settle(struct db *db);
/* begin, but another program is waited for only so long: ERR_BUSY, and nothing is logged. */
enum err db_begin_within(struct db *db, int wait_ms);
enum err db_commit(struct db *db);
/*
 * The same for what is on the disk elsewhere until a flush: of a DB_SINGLE file nobody waits for
 * it. A kill may take the transaction, a power cut that and others like it, the last ones first.
 * The next commit with a flush, and the next checkpoint, bring them to the disk.
 */
enum err db_commit_unflushed(struct db *db);
/* Those commits are on the disk. ERR_UNSURE: nobody knows; close and open again. */
enum err db_flush(struct db *db);
/* A transaction is open: some failures, a read's too, end it without being asked. */
bool db_in_transaction(const struct db *db);
/* Of a DB_SINGLE file: a write or a flush of what was committed has failed since it was opened, or
 * something could not be undone, and who opens it next may find more or less in it than this
 * connection does. */
bool db_is_in_doubt(struct db *db);
void db_rollback(struct db *db); /* nothing when no transaction is open */
/* The end of a transaction whose parts went as e says: committed when OK, else rolled back. Returns
 * e, or why it was not committed. */
enum err db_finish(struct db *db, enum err e);

/* A part of an open transaction that can be undone alone. */
enum err db_savepoint(struct db *db);
enum err db_release(struct db *db);
/* Not OK: the whole transaction is undone, and nobody knows how far (db_is_in_doubt). */
enum err db_rollback_to(struct db *db);

/*
 * What the WAL of a DB_SINGLE file holds is brought into the file. wal_bytes 0: it is on the disk
 * there when this returns. Else nobody waits for the disk, and the WAL is not begun again before it
 * is so long (db_gather.h): to be called once more with 0 when there is time. ERR_UNSURE: the disk
 * did not keep what it was given: nothing more can be read; close and open again, nothing is lost.
 */
enum err db_checkpoint(struct db *db, int64_t wal_bytes);
/* Of what that has brought there the disk begins to write so many pieces, a page or some. */
void db_begin_writing(struct db *db, size_t pieces);
/* How it stands with that flush. */
enum db_flush {
	DB_FLUSHED,
	DB_PUT_OFF,
	DB_LOST /* it failed, whoever waited for it: the next checkpoint is ERR_UNSURE */
};
enum db_flush db_flush_of(struct db *db);

int64_t db_changes(struct db *db);
int64_t db_last_id(struct db *db); /* of the last row that an INSERT made */
/* Counts commits by any connection: when it differs from last time, the file has changed. */
int64_t db_data_version(struct db *db);
/*
 * A copy of an open database as a new file (0600, in place of what was there), so many pages at a
 * time while the database is used through the same connection: what changes meanwhile is in the
 * copy too. left, all: pages. It is not flushed, which would hold everything up: whoever takes it
 * away does. Ended before it is whole it is removed. One at a time; when the database is closed the
 * next step is ERR_STATE.
 */
struct db_copy;
enum err db_copy_begin(struct db_copy **out, struct db *db, const char *path, struct buf *why);
enum err db_copy_step(struct db_copy *c, int pages, int64_t *left, int64_t *all);
bool db_copy_is_whole(const struct db_copy *c);
void db_copy_end(struct db_copy *c); /* NULL does nothing */
/* The first value that sql finds in a file that nobody has open, appended; nothing is changed in it
 * or made beside it. ERR_NOT_FOUND: no file, or no row. ERR_INVALID: it has no such table.
 * ERR_DAMAGED: not a database. */
enum err db_peek(const char *path, const char *sql, struct buf *out);
/* PRAGMA quick_check; ERR_DAMAGED with SQLite's own list in why. */
enum err db_check(struct db *db, struct buf *why);

#endif
