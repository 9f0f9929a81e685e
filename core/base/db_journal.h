/*
 * A rollback journal that stays beside its database (journal_mode = PERSIST), made safe and cheap;
 * a WAL made safe.
 *
 * Safe: SQLite ends a transaction by writing zeros over the journal's header and flushing it. If
 * the program is killed between the two, or one of them fails, then
 *   - whoever reads the file sees the transaction, but a power cut takes it back by the header that
 *     is still on the disk: a case was read, its receipt given, and it is gone;
 *   - the next transaction, of whichever program, writes its own records behind the zeros and
 *     flushes all together: should the power fail before that, the disk may have the old header
 *     over new records, and what is replayed then is neither transaction.
 * So before anything is believed or written - on opening, after a failed write, and in each
 * transaction that comes after another program's - what the journal holds is flushed; and as a
 * flush may have failed before, of a program that is dead by now, and Linux then holds for written
 * what is not, so that the next flush goes well and writes nothing, the header is first written
 * again as it is. For that one needs the lock that lets one program write. The database itself
 * needs no such thing: SQLite lays no zeros before it was flushed, and where that failed it writes
 * back, from the journal, each page that it had changed.
 *
 * A WAL has the first of the two: what a killed program had written into it and not flushed is
 * read by the next. The centre, started again, knew a letter by it, answered that it has it, and a
 * power cut took it. The second it has not: each commit flushes all of it. So a WAL that is there
 * when it is opened is written again, byte for byte, and flushed, before SQLite reads any of it;
 * the centre looks up by opening its file again what became of a commit that failed. Here too the
 * database needs nothing: pages that a checkpoint could not flush stay in the WAL, and the next
 * checkpoint writes all of them again.
 *
 * Cheap: SQLite flushes the folder in each transaction, lest the name of the journal be lost. The
 * name of a journal that stays needs that once: one flush less of five for each answer typed.
 *
 * Only core/base/db.c and db_gather.c include this.
 */
#ifndef YIMEN_CORE_BASE_DB_JOURNAL_H
#define YIMEN_CORE_BASE_DB_JOURNAL_H

#include "core/base/err.h"

#include <stdbool.h>

struct sqlite3;
struct sqlite3_file;

/* The name for sqlite3_open_v2, registered at the first call. NULL: the system's own will do. */
const char *db_journal_vfs(void);

/* false: there is none, or an empty one, and nothing in doubt by it. */
bool db_journal_holds_any(struct sqlite3 *handle);
/* Whoever reads next undoes by it a transaction that was not ended: its header is there. */
bool db_journal_undoes(struct sqlite3 *handle);
/* What the journal holds is flushed. OK: what readers see now is what the disk has, unless a flush
 * has failed before. ERR_IO: not flushed. */
enum err db_journal_flush(struct sqlite3 *handle);
/* The same, whatever failed before; the caller has the lock that lets one program write, and has
 * not written yet. ERR_DENIED: it may not be written. ERR_FULL, ERR_IO: the disk says no. */
enum err db_journal_renew(struct sqlite3 *handle);
/* Of a WAL that was just opened, under the lock that keeps all others out, and of its name: what is
 * read of it from here on is on the disk, whatever happened before. Else SQLite's result. */
int db_journal_renew_wal(struct sqlite3_file *wal, const char *name);

/* Before a database is closed: what is known of its journal is given back. */
void db_journal_forget(struct sqlite3 *handle);

#endif
