#include "tests/unit/watched_files.h"

struct watched files[KINDS];
int failing, written_too_soon;
bool wal_is_full;
int wal_says_full;

static sqlite3_vfs *below;

static struct watched *watched_of(sqlite3_file *f)
{
	return f->pMethods == &files[THE_WAL].methods ? &files[THE_WAL] : &files[THE_FILE];
}

/* The others wait for nobody: what they wait for does not come. */
static int sleep_not(sqlite3_vfs *v, int us)
{
	(void)v;
	return us;
}

/* Pages leave the WAL for the file when the WAL is safe; the WAL begins anew when the file is. */
static int write_at(sqlite3_file *f, const void *data, int len_bytes, sqlite3_int64 at)
{
	struct watched *w = watched_of(f);

	if (w == &files[THE_WAL] && wal_is_full)
		return SQLITE_FULL;
	if (w->unwritten > 0) {
		w->unwritten--;
		return SQLITE_IOERR_WRITE;
	}
	if (w == &files[THE_FILE])
		written_too_soon += files[THE_WAL].unflushed;
	else if (at == 0)
		written_too_soon += files[THE_FILE].unflushed;
	w->unflushed = true;
	w->written += len_bytes;
	if (w == &files[THE_WAL] && wal_says_full > 0) {
		wal_says_full--;
		w->real->xWrite(f, data, len_bytes, at);
		return SQLITE_FULL;
	}
	return w->real->xWrite(f, data, len_bytes, at);
}

static int truncate_to(sqlite3_file *f, sqlite3_int64 size)
{
	watched_of(f)->unflushed = true;
	return watched_of(f)->real->xTruncate(f, size);
}

static int flush(sqlite3_file *f, int flags)
{
	struct watched *w = watched_of(f);
	int rc;

	w->flushes++;
	if (failing > 0) {
		failing--;
		return SQLITE_IOERR_FSYNC;
	}
	if (w->failing > 0) {
		w->failing--;
		return SQLITE_IOERR_FSYNC;
	}
	rc = w->real->xSync(f, flags);
	w->unflushed = w->unflushed && rc != SQLITE_OK;
	return rc;
}

static int open_file(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *flags_got)
{
	struct watched *w = &files[(flags & SQLITE_OPEN_WAL) != 0 ? THE_WAL : THE_FILE];
	int rc = below->xOpen(v, name, f, flags, flags_got);

	if (rc != SQLITE_OK || (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0)
		return rc;
	w->real = f->pMethods;
	w->methods = *w->real;
	w->methods.xWrite = write_at;
	w->methods.xTruncate = truncate_to;
	w->methods.xSync = flush;
	f->pMethods = &w->methods;
	return rc;
}

int watch(void **state)
{
	static sqlite3_vfs counting;

	(void)state;
	below = sqlite3_vfs_find(NULL);
	counting = *below;
	counting.zName = "counting";
	counting.xOpen = open_file;
	counting.xSleep = sleep_not;
	return sqlite3_vfs_register(&counting, 1);
}

int flushes(enum kind kind)
{
	int n = files[kind].flushes;

	files[kind].flushes = 0;
	return n;
}
