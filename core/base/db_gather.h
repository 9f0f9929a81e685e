/*
 * Writes gathered: SQLite writes a WAL in pieces of 24 bytes and a page, and at a checkpoint the
 * file in pages; the system takes one piece of all of them for a fraction of the price. So pieces
 * that follow one another are held until the file is flushed, read, or written elsewhere.
 *
 * What is held was promised to nobody: SQLite counts on nothing before a flush, and the flush, like
 * whatever else needs the bytes, hands them on first and fails if that fails.
 *
 * Only core/base/db.c includes this.
 */
#ifndef YIMEN_CORE_BASE_DB_GATHER_H
#define YIMEN_CORE_BASE_DB_GATHER_H

/* The name for sqlite3_open_v2, registered at the first call. NULL: the system's own will do. For a
 * file that one program alone opens: others would not see what is held. */
const char *db_gather_vfs(void);

#endif
