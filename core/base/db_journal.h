/*
 * A rollback journal that stays beside its database (journal_mode = PERSIST), made safe. SQLite
 * ends a transaction by writing zeros over the journal's header and flushing it. If the program is
 * killed between the two, or the write fails half-way, the next transaction, of whichever program,
 * finds zeros, writes its own records behind them and flushes all together: should the power fail
 * before that, the disk may still have the old header over new records, and what is replayed then
 * is neither transaction. So what a journal holds is flushed before it is written again.
 *
 * Only core/base/db.c includes this.
 */
#ifndef YIMEN_CORE_BASE_DB_JOURNAL_H
#define YIMEN_CORE_BASE_DB_JOURNAL_H

#include "core/base/err.h"

struct sqlite3;

/* The name of the file system for sqlite3_open_v2: SQLite's default one with that flush. NULL,
 * which is the default, when SQLite cannot begin. */
const char *db_journal_vfs(void);

/*
 * What readers see is what the disk has, once this is OK. It must be called where a commit may have
 * ended before its last flush, by a kill or by a failed write: on opening, and after a failure
 * before anything is believed. Else a case can be read, and its receipt given, that is gone after a
 * power cut: the journal's old header is still on the disk and takes the transaction back.
 * ERR_IO: not flushed.
 */
enum err db_journal_settle(struct sqlite3 *handle);

#endif
