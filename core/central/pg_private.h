/* Inside of pg.h, shared by its files. */
#ifndef YIMEN_CORE_CENTRAL_PG_PRIVATE_H
#define YIMEN_CORE_CENTRAL_PG_PRIVATE_H

#include <libpq-fe.h>

#include "core/base/buf.h"
#include "core/central/pg.h"

enum {
	PG_PARAMS_MAX = 16,
	PG_LIMIT_MS = 5000, /* for an answer; the server gives up before that (pg_dial.c) */
};

struct pg_param {
	Oid type;
	const char *value; /* NULL: NULL */
	size_t len;
	int binary;
	char number[8];
	bool is_array;
	struct buf array;
};

struct pg_stmt {
	struct pg *pg;
	struct pg_stmt *next, *next_sent, *next_in_batch;
	const char *given; /* where the caller keeps the text */
	char *sql;
	char name[16];
	bool prepared, preparing; /* on this connection; an answer to that is awaited */
	bool sent, answered;
	struct pg_param params[PG_PARAMS_MAX];
	int param_count;
	PGresult *result;
	int row;
	enum err failed;
};

/* Connecting, in a thread of its own: names are looked up and dead hosts waited for. It touches
 * nothing but what stands here. */
struct pg_dial;

struct pg {
	struct pg_config config;
	char *conninfo;
	PGconn *conn; /* NULL: away */
	struct pg_dial *dial;
	int64_t dial_at_ms; /* not before */
	struct pg_stmt *stmts;
	unsigned stmt_count;
	struct pg_stmt *sent, **sent_end; /* whose answers are awaited, in order */
	struct pg_stmt *batch;		  /* all of this round trip, the last one first */
	bool in_transaction;
	bool warned, refused; /* by the server, since the transaction began */
	unsigned news;
	char self[17];	  /* goes with what this program notifies */
	enum err failed;  /* the first of the transaction */
	enum err lost_as; /* how the last connection was lost */
	int limit_ms;
	int64_t said_ms; /* when it was last said that it is away */
	uint64_t losses;
};

/* pg.c */
enum err pg_error_of(const PGresult *result, const PGconn *conn);
/* The connection is given up; all that was awaited has failed like this: ERR_IO, it broke;
 * ERR_BUSY, the server is silent. */
void pg_lose(struct pg *pg, enum err as, const char *why);

/* pg_params.c */
void pg_stmt_free(struct pg_stmt *s);

/* pg_dial.c */
/* Connects here and now. NULL: *e and why tell. */
PGconn *pg_dial_now(
	const struct pg_config *config, const char *conninfo, enum err *e, struct buf *why);
void pg_dial_begin(struct pg *pg);
/* True when it has ended, well (*conn) or not (NULL; why). */
bool pg_dial_ended(struct pg *pg, PGconn **conn, struct buf *why);
void pg_dial_abandon(struct pg *pg);

#endif
