#include "core/central/commands_move.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/central/admin.h"
#include "core/central/commands_call.h"
#include "core/central/store.h"
#include "core/central/store_move.h"

static enum err move(
	const char *dir, const char *conninfo, struct move_result *out, struct buf *why)
{
	struct central_store *from = NULL, *to = NULL;
	enum err e = central_store_may_move(dir, conninfo, why);

	if (e == OK)
		e = store_sqlite_open(&from, dir, why);
	if (e == OK)
		e = store_postgres_open(&to, conninfo, why);
	if (e == OK)
		e = store_move(from, to, out, why);
	if (to != NULL)
		to->ops->close(to);
	if (from != NULL)
		from->ops->close(from);
	return e == OK ? central_store_moved(dir, conninfo, why) : e;
}

static void report(const char *dir, const struct move_result *r)
{
	printf(r->again ? tr("先前已搬成: 办件 %lld, 经过 %lld 条, 事项 %lld, 窗口机 %lld, 附件 %lld\n")
			: tr("已搬完, 逐行核对一致: 办件 %lld, 经过 %lld 条, 事项 %lld, 窗口机 %lld, 附件 %lld\n"),
		(long long)r->cases, (long long)r->events, (long long)r->matters,
		(long long)r->stations, (long long)r->papers);
	fprintf(stderr,
		tr("今后照常用 --data %s 启动, 数据在 PostgreSQL 里。原文件留作 central.db.moved; "
		   "附件仍在 papers 目录, 别的机器要共用它。\n"),
		dir);
}

int commands_move(const char *dir, char **words)
{
	struct move_result result = {0};
	struct buf why = {0};
	int lock = -1;
	enum err e;

	if (!command_words(words, 1, 1))
		return command_usage(tr("move 连接串"));
	e = admin_lock(dir, &lock, &why);
	if (e == ERR_BUSY) {
		buf_clear(&why);
		buf_why(&why, tr("中心正在运行: 请先停下它, 再搬"));
	}
	if (e == OK)
		e = move(dir, words[0], &result, &why);
	if (e == OK)
		report(dir, &result);
	else
		fprintf(stderr, "%s\n", why.len > 0 ? why.data : err_text(e));
	if (lock >= 0)
		close(lock);
	buf_fini(&why);
	return e == ERR_INVALID ? EXIT_USAGE : e == ERR_EXISTS ? EXIT_REFUSED : (int)err_exit(e);
}
