#include "core/central/numbering.h"

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/central/store.h"

static bool meet(void *arg, const struct case_record *c)
{
	(void)c;
	*(bool *)arg = true;
	return false;
}

enum err numbering_settle(struct central_store *s, const char *region, bool in_earnest,
	struct buf *warning, struct buf *why)
{
	const struct case_filter one = {.limit = 1};
	struct buf kept = {0};
	bool begun = false;
	enum err e;

	if (region != NULL)
		return s->ops->meta_set(s, "region", region);
	e = s->ops->meta_get(s, "region", &kept);
	buf_fini(&kept);
	if (e != ERR_NOT_FOUND)
		return e;
	e = s->ops->case_each(s, &one, meet, &begun);
	if (e == OK && in_earnest && !begun) {
		buf_why(why,
			tr("没有给过行政区划代码, 没有启动: 办件编号会以 000000 开头, 给出去的改不了。"
			   "请加 --region 代码 (6 到 12 位, 如 --region 371323), 给一次就记住; "
			   "只是练习的写 --region 000000"));
		e = ERR_INVALID;
	} else if (e == OK) {
		buf_why(warning,
			tr("提醒: 没有给过行政区划代码, 办件编号以 000000 开头。正式使用请加 --region 代码 "
			   "(6 到 12 位), 给一次就记住, 以后的编号用它; 练习写 --region 000000 就不再提醒"));
	}
	return e;
}
