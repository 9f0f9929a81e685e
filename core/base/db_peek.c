/* A file at rest is asked one thing, and is left as it lies. */
#include "core/base/db.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"

/* "immutable": or SQLite would make files beside one in WAL mode, and leave them. */
static void write_uri(struct buf *uri, const char *path)
{
	buf_adds(uri, "file:");
	for (; *path != '\0'; path++) {
		if (strchr("%?#", *path) != NULL)
			buf_printf(uri, "%%%02X", (unsigned char)*path);
		else
			buf_addc(uri, *path);
	}
	buf_adds(uri, "?immutable=1");
}

static enum err meaning_of(int rc)
{
	switch (rc & 0xFF) {
	case SQLITE_ROW:
		return OK;
	case SQLITE_DONE:
		return ERR_NOT_FOUND;
	case SQLITE_ERROR:
		return ERR_INVALID;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_DAMAGED;
	default:
		return ERR_IO;
	}
}

enum err db_peek(const char *path, const char *sql, struct buf *out)
{
	struct buf uri = {0};
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	int rc;

	if (access(path, F_OK) != 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
	write_uri(&uri, path);
	rc = sqlite3_open_v2(buf_str(&uri), &db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc == SQLITE_ROW && sqlite3_column_text(st, 0) != NULL)
		buf_adds(out, (const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	sqlite3_close(db);
	buf_fini(&uri);
	return meaning_of(rc);
}
