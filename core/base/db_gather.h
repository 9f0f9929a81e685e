/*
 * The file of one connection, and its WAL: locked for good at the first look, with the index of the
 * WAL in this program's memory, writes gathered, and flushes that can be put off.
 *
 * Gathered: SQLite writes a WAL in pieces of 24 bytes and a page, and at a checkpoint the file in
 * pages; the system takes one piece of all of them for a fraction of the price. So pieces that
 * follow one another are held until the file is flushed, read, or written elsewhere. What is held
 * was promised to nobody: SQLite counts on nothing before a flush, and the flush, like whatever
 * else needs the bytes, hands them on first and fails if that fails.
 *
 * Put off: a checkpoint lays pages into the file and flushes it, lest the WAL be written over
 * before they are on the disk; whoever waits for the next commit waits for that flush. Put off, the
 * system is only told to begin to write them, some at a time lest the next commit wait behind all
 * of them, and the WAL is written on behind its end, as if somebody still read it from its
 * beginning (the locks of readers: sqlite.org/walformat.html, 2.3). It begins again when it has
 * become long, after the flush. Until that has gone well
 *   - nothing of the WAL is written over,
 *   - nothing is read of the file: who reads waits for the flush,
 *   - the file is not closed without it, or its WAL stays.
 * So after a kill or a power cut the WAL has all of it. Where the flush fails, SQLite takes pages
 * to be in the file that may not be there: it reads no more of it and commits on into the WAL, and
 * the file, closed and opened again, is taken from the WAL anew.
 *
 * Lingering: a commit whose rows are on the disk elsewhere need not wait for its WAL either. The
 * system begins to write it; it is flushed with the next commit that does not linger, and before a
 * checkpoint lays any of it into the file. The header that a WAL begins with is flushed whoever
 * wrote it: new frames under an old header are what the next reader would take for old ones. Where
 * the flush fails no later one is believed: closed and opened again, what lingered is made anew by
 * whoever has it elsewhere.
 *
 * Only core/base/db.c and db_wal.c include this.
 */
#ifndef YIMEN_CORE_BASE_DB_GATHER_H
#define YIMEN_CORE_BASE_DB_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sqlite3;

/* The name for sqlite3_open_v2, registered at the first call. */
const char *db_gather_vfs(void);

/* For a checkpoint: the flush of the file that it ends with is put off, and the WAL not begun again
 * before it has so many bytes. 0: no longer, which flushes nothing yet. */
void db_gather_put_off(struct sqlite3 *handle, int64_t wal_bytes);
/* The system begins to write so many pieces, each of pages that follow one another, of what
 * checkpoints have laid into the file since its last flush. */
void db_gather_begin(struct sqlite3 *handle, size_t pieces);
/* Now: SQLITE_OK when nothing is left to flush, or the database is not such a one. */
int db_gather_catch_up(struct sqlite3 *handle);
/* Commits linger from now on, or no longer, which flushes nothing yet. */
void db_gather_linger(struct sqlite3 *handle, bool on);
/* Those that lingered are on the disk, or SQLite's result. */
int db_gather_flush_wal(struct sqlite3 *handle);
/* A write or a flush of the WAL has failed: who opens the file now may find a commit in it that
 * SQLite has undone here. */
bool db_gather_is_in_doubt(struct sqlite3 *handle);
/* A flush was put off and has not gone well since; it has failed. */
bool db_gather_is_behind(struct sqlite3 *handle);
bool db_gather_is_lost(struct sqlite3 *handle);

#endif
