/*
 * From a file to a database: a centre that has outgrown one program. Everything that the SQLite
 * store holds goes into an empty PostgreSQL database in one transaction, is read back before it is
 * committed and compared by a digest over every row. The database keeps the digest of what it was
 * made from: a move that was cut after its commit is recognised and not made twice.
 */
#ifndef YIMEN_CORE_CENTRAL_STORE_MOVE_H
#define YIMEN_CORE_CENTRAL_STORE_MOVE_H

#include <stdint.h>

#include "core/base/err.h"

struct buf;
struct central_store;

struct move_result {
	int64_t cases, events, matters, stations, papers;
	int again; /* it had been moved before; nothing was copied */
};

/*
 * from: opened by store_sqlite_open; to: by store_postgres_open. Nobody else has them open.
 * ERR_EXISTS: the database holds something else. ERR_DAMAGED: what was read back differs; nothing
 * stays. ERR_UNSURE: the commit's answer was lost: move again, it will be seen. why: a sentence.
 */
enum err store_move(struct central_store *from, struct central_store *to, struct move_result *out,
	struct buf *why);

#endif
