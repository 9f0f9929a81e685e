/*
 * libpq's only home: one connection to PostgreSQL that comes back by itself, statements with typed
 * parameters, results read row by row. Made like core/base/db.h, and one thing more: statements
 * that are sent before the first answer is asked for travel together, in one round trip.
 *
 *	struct pg_stmt *a = pg_prepare(pg, "SELECT …"), *b = pg_prepare(pg, "SELECT …");
 *	pg_bind_text(a, 1, code);
 *	pg_send(a);
 *	pg_send(b);
 *	while (pg_row(a))		waits for both
 *		use(pg_text(a, 0));
 *	e = pg_done(a);
 *
 * The connection string is libpq's own: several hosts are tried in turn, and only a server that
 * takes writes is taken. Nothing here waits for longer than its limit: a server that does not
 *answer is given up, and the outcome of what was asked is then unknown.
 */
#ifndef YIMEN_CORE_CENTRAL_PG_H
#define YIMEN_CORE_CENTRAL_PG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

struct buf;
struct pg;
struct pg_stmt;

struct pg_config {
	const char *conninfo; /* libpq's: postgresql://… or key=value …; copied */
	const char *channel;  /* a constant word; numbers that are notified on it are news */
	/* The schema: as db_migrate, its version kept in the table yimen_schema. */
	const char *const *steps;
	size_t step_count;
	bool deaf; /* hears no news */
};

/* ERR_STATE: the schema is newer than this program. ERR_IO, ERR_DENIED: it cannot be reached. why:
 * a sentence. */
enum err pg_open(struct pg **out, const struct pg_config *config, struct buf *why);
/* Another connection of the same program to the same place, for a thread of its own: not connected
 * yet, deaf, and what it notifies is no news to the first one. */
struct pg *pg_twin(const struct pg *pg);
void pg_close(struct pg *pg); /* NULL does nothing */

/* OK: it is connected. Otherwise connecting goes on in the background; waits for it up to
 * patience_ms, then ERR_BUSY. */
enum err pg_ready(struct pg *pg, int patience_ms);
/* To be called when the descriptor is readable and now and then: takes in what came unasked, goes
 * on with connecting. Returns when it wants to be called again, in ms; -1: no wish. */
int64_t pg_tend(struct pg *pg);
int pg_fd(const struct pg *pg); /* -1: not connected */
/* The bits that other programs have notified since the last call; all, when the connection is a new
 * one. */
unsigned pg_news(struct pg *pg);
/* Queues these bits for the others; they hear of it at the commit. */
void pg_notify(struct pg *pg, unsigned bits);
/* How often a connection was lost. */
uint64_t pg_losses(const struct pg *pg);
/* How long an answer may take from now on; 0: the usual time. */
void pg_limit(struct pg *pg, int limit_ms);

/* The statement of this text (kept prepared), with nothing bound and no rows. Borrowed. Within one
 * round trip each can be sent once. */
struct pg_stmt *pg_prepare(struct pg *pg, const char *sql);
/* Parameters count from 1, and each is always of the same type. What is given stays the caller's
 * and as it is until the statement was sent. NULL text and NULL data are NULL. */
void pg_bind_int(struct pg_stmt *s, int i, int64_t n);
void pg_bind_int_or_null(struct pg_stmt *s, int i, int64_t n, bool null);
void pg_bind_text(struct pg_stmt *s, int i, const char *text);
void pg_bind_blob(struct pg_stmt *s, int i, const void *data, size_t len_bytes);
/* Arrays: begun, then count elements of one kind, in order (bigint[], text[], bytea[]). */
void pg_bind_ints(struct pg_stmt *s, int i, size_t count);
void pg_bind_texts(struct pg_stmt *s, int i, size_t count);
void pg_bind_blobs(struct pg_stmt *s, int i, size_t count);
void pg_add_int(struct pg_stmt *s, int i, int64_t n);
void pg_add_text(struct pg_stmt *s, int i, const char *text); /* NULL: NULL */
void pg_add_blob(struct pg_stmt *s, int i, const void *data, size_t len_bytes);
void pg_add_null(struct pg_stmt *s, int i);

/* Puts it on its way without waiting. */
void pg_send(struct pg_stmt *s);
/* Sends it when that was not done, waits for all that was sent; true with a row. Columns count from
 * 0 and stay until pg_done. Columns are bigint, text or bytea. */
bool pg_row(struct pg_stmt *s);
const char *pg_text(const struct pg_stmt *s, int col); /* NULL for NULL */
const void *pg_blob(const struct pg_stmt *s, int col, size_t *len_bytes);
int64_t pg_int(const struct pg_stmt *s, int col); /* 0 for NULL */
/* Frees the rows and tells how it went. ERR_EXISTS: a unique index; ERR_INVALID: a value that the
 * database does not take; ERR_BUSY: a lock or the time limit; ERR_IO: the connection broke. */
enum err pg_done(struct pg_stmt *s);
enum err pg_run(struct pg_stmt *s);
int64_t pg_changes(const struct pg_stmt *s); /* rows, of a statement that was not done yet */

/* begin only queues: it travels with the first statement. */
void pg_begin(struct pg *pg);
/*
 * Waits for all that was sent, and commits. Durable when OK. ERR_UNSURE: the connection broke over
 * it: look it up by its key. ERR_BUSY: the server is silent, or its standby did not confirm: it may
 * be done, now or later, and nothing may be promised of it. Any other failure has rolled back, and
 * is the first one of the transaction.
 */
enum err pg_commit(struct pg *pg);
void pg_rollback(struct pg *pg); /* nothing when no transaction is open */

#endif
