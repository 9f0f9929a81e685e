#include "core/base/db.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/db_private.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"

struct db_copy {
	struct db *of; /* NULL: it was closed meanwhile */
	sqlite3 *to;
	sqlite3_backup *backup;
	char *path;
	bool whole;
};

void db_leave_copy(struct db *db)
{
	struct db_copy *c = db->copy;

	if (c == NULL)
		return;
	sqlite3_backup_finish(c->backup);
	c->backup = NULL;
	c->of = NULL;
	db->copy = NULL;
}

enum err db_copy_begin(struct db_copy **out, struct db *db, const char *path, struct buf *why)
{
	struct db_copy *c = mem_alloc(sizeof *c);
	int fd, rc;

	c->path = mem_strdup(path);
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	rc = sqlite3_open_v2(path, &c->to,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(c->to, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		c->backup = sqlite3_backup_init(c->to, "main", db->handle, "main");
	if (c->backup == NULL) {
		enum err e = db_from_sqlite(sqlite3_errcode(c->to));
		buf_why(why, tr("写不了 %s: %s"), path, err_text(e != OK ? e : ERR_IO));
		db_copy_end(c);
		return e != OK ? e : ERR_IO;
	}
	c->of = db;
	*out = db->copy = c;
	return OK;
}

enum err db_copy_step(struct db_copy *c, int pages, int64_t *left, int64_t *all)
{
	int rc;

	if (c->backup == NULL)
		return ERR_STATE;
	rc = sqlite3_backup_step(c->backup, pages);
	*left = sqlite3_backup_remaining(c->backup);
	*all = sqlite3_backup_pagecount(c->backup);
	c->whole = rc == SQLITE_DONE;
	if (rc == SQLITE_OK || rc == SQLITE_DONE)
		return OK;
	log_error("db", "%s: copy: %s", c->path, sqlite3_errstr(rc));
	return db_from_sqlite(rc);
}

bool db_copy_is_whole(const struct db_copy *c)
{
	return c->whole;
}

void db_copy_end(struct db_copy *c)
{
	if (c == NULL)
		return;
	if (c->of != NULL)
		db_leave_copy(c->of);
	sqlite3_close_v2(c->to);
	if (!c->whole)
		unlink(c->path);
	free(c->path);
	free(c);
}
