/*
 * A file system below SQLite's own for tests: it counts the flushes of a database and of its WAL,
 * knows what a power cut could take, and fails when told to. Of one database at a time.
 */
#ifndef YIMEN_TESTS_UNIT_WATCHED_FILES_H
#define YIMEN_TESTS_UNIT_WATCHED_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sqlite3.h>

enum kind {
	THE_FILE,
	THE_WAL,
	KINDS
};

struct watched {
	sqlite3_io_methods methods;
	const sqlite3_io_methods *real;
	bool unflushed; /* has what a power cut could take */
	int flushes;
	sqlite3_int64 written; /* bytes */
	int failing;	       /* so many flushes fail */
	int unwritten;	       /* so many writes fail */
};

extern struct watched files[KINDS];
extern int failing;	     /* so many flushes fail, of whichever */
extern int written_too_soon; /* into one file while the other was not safe */
extern bool wal_is_full;     /* its writes fail as on a full disk */
extern int wal_says_full;    /* … so many do, and have gone well all the same */

/* A group set-up of cmocka: before the first database, what gathers stands on the system as it is
 * then. */
int watch(void **state);
/* How often the file was flushed since it was asked last. */
int flushes(enum kind kind);

#endif
