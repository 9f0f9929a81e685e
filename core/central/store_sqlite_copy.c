#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/central/store_sqlite.h"

/* 8 KiB each (set_page_size): some milliseconds, for which letters wait. */
enum {
	SLICE_PAGES = 128
};

enum err store_sqlite_copy(
	struct db_copy **out, struct central_store *s, const char *path, struct buf *why)
{
	struct sqlite_store *of = sqlite_store_of(s);
	enum err e = sqlite_keep(of);

	if (e != OK)
		buf_why(why,
			tr("数据文件里还缺已经答应收下的申请, 现在写不进去: %s。请腾出空间、检查磁盘, 再备份。"),
			err_text(e));
	return e == OK ? db_copy_begin(out, of->db, path, why) : e;
}

enum err store_sqlite_copy_step(
	struct central_store *s, struct db_copy *c, int64_t *left, int64_t *all)
{
	/* the writer is not in the file meanwhile */
	enum err e = sqlite_keep(sqlite_store_of(s));

	return e == OK ? db_copy_step(c, SLICE_PAGES, left, all) : e;
}

void store_sqlite_copy_end(struct central_store *s, struct db_copy *c)
{
	sqlite_store_of(s); /* its thread keeps the copy up with what it writes */
	db_copy_end(c);
}
