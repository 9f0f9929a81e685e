/* Why nothing is in force: what is said to whoever looks for a matter then. */
#include "core/station/catalogue.h"

#include "core/base/buf.h"
#include "core/base/msg.h"

enum {
	DAY_MS = 86400 * 1000
};

const char *catalogue_none(const struct catalogue_info *i, int64_t now_ms)
{
	if (i->in_force > 0)
		return NULL;
	if (i->imported_ms > now_ms + DAY_MS)
		return tr(
			"本机的日期比收到事项目录的那天还早, 事项都还没有生效: 请先校准本机的日期和时间");
	return tr("事项目录是空的。请用 yimen catalogue import 文件 导入, 或 yimen sync 从中心取");
}

void catalogue_say_missing(struct catalogue *c, const char *code, int64_t now_ms, struct buf *why)
{
	struct catalogue_info i;
	const char *none = catalogue_info(c, &i) == OK ? catalogue_none(&i, now_ms) : NULL;

	if (none != NULL)
		buf_why(why, "%s", none);
	else
		buf_why(why, tr("事项目录里没有编码 %s, 请用 yimen search 查找"), code);
}
