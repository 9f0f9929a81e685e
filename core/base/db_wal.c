#include <sqlite3.h>

#include "core/base/db_gather.h"
#include "core/base/db_private.h"
#include "core/base/mem.h"

/* What db.h says of a DB_SINGLE file alone: when its WAL is flushed, and when it is brought in. */

struct db *db_none(enum err why)
{
	struct db *db = mem_alloc(sizeof *db);

	db->path = mem_strdup("");
	db->denied = why;
	return db;
}

enum err db_checkpoint(struct db *db, int64_t wal_bytes)
{
	enum err e;
	int rc;

	db_gather_put_off(db->handle, wal_bytes);
	rc = sqlite3_wal_checkpoint_v2(db->handle, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	db_gather_put_off(db->handle, 0);
	if (rc == SQLITE_OK)
		rc = db_gather_flush_wal(db->handle);
	if (rc == SQLITE_OK && wal_bytes == 0)
		rc = db_gather_catch_up(db->handle);
	e = db_complain(db, rc, "checkpoint");
	return db_gather_is_lost(db->handle) ? ERR_UNSURE : e;
}

void db_begin_writing(struct db *db, size_t pieces)
{
	db_gather_begin(db->handle, pieces);
}

enum db_flush db_flush_of(struct db *db)
{
	if (db_gather_is_lost(db->handle))
		return DB_LOST;
	return db_gather_is_behind(db->handle) ? DB_PUT_OFF : DB_FLUSHED;
}

enum err db_commit_unflushed(struct db *db)
{
	enum err e;

	db_gather_linger(db->handle, true);
	e = db_commit(db);
	db_gather_linger(db->handle, false);
	return e;
}

enum err db_flush(struct db *db)
{
	return db_complain(db, db_gather_flush_wal(db->handle), "flush") == OK ? OK : ERR_UNSURE;
}

bool db_is_in_doubt(struct db *db)
{
	return db->astray || db_gather_is_in_doubt(db->handle) || db_gather_is_lost(db->handle);
}
