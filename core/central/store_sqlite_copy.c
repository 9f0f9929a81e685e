#include "core/central/store_sqlite.h"

/* 8 KiB each (set_page_size): some milliseconds, for which letters wait. */
enum {
	SLICE_PAGES = 128
};

enum err store_sqlite_copy(
	struct db_copy **out, struct central_store *s, const char *path, struct buf *why)
{
	return db_copy_begin(out, sqlite_store_of(s)->db, path, why);
}

enum err store_sqlite_copy_step(
	struct central_store *s, struct db_copy *c, int64_t *left, int64_t *all)
{
	sqlite_store_of(s); /* the writer is not in the file meanwhile */
	return db_copy_step(c, SLICE_PAGES, left, all);
}
