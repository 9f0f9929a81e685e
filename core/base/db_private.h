/* What the files of db.h share: the connection. Not for others. */
#ifndef YIMEN_CORE_BASE_DB_PRIVATE_H
#define YIMEN_CORE_BASE_DB_PRIVATE_H

#include "core/base/db.h"

struct sqlite3;

struct db {
	struct sqlite3 *handle;
	struct stmt *stmts;
	char *path;
	bool in_transaction;
	bool shared;	      /* DB_SHARED */
	bool unsettled;	      /* what is read may not be on the disk (db_journal.h) */
	bool forsaken;	      /* … nor get there by another flush: one has failed */
	bool in_vain;	      /* a read has waited to have that mended: no other waits */
	int wait_ms;	      /* for another program that has it */
	unsigned unread;      /* reads that ended in an error, */
	enum err unread_why;  /* and what the last one said */
	enum err broken;      /* a read of the open transaction did */
	enum err denied;      /* see db_deny */
	bool astray;	      /* it may know more, or less, than the file has */
	unsigned own;	      /* the file's version after our last commit */
	struct db_copy *copy; /* NULL: none is being made of it */
};

/* SQLite's result, extended or not. */
enum err db_from_sqlite(int rc);

/* The same of a connection, and the log has it: what was done, and what SQLite says. */
enum err db_complain(struct db *db, int rc, const char *doing);

/* Before it is closed: SQLite keeps a file open, and locked, of which a copy is being made. */
void db_leave_copy(struct db *db);

#endif
