/* A type that is none, a list that is not there: what was probably meant. */
#include "forms/form_check.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/msg.h"
#include "forms/form_types.h"
#include "forms/near.h"

/* Words of those who do not know XLSForm's. */
static const struct {
	const char *written, *type;
} others[] = {{"文本", "text"}, {"文字", "text"}, {"字符", "text"}, {"单行文本", "text"},
	{"多行文本", "text"}, {"填空", "text"}, {"整数", "integer"}, {"数字", "integer"},
	{"数值", "decimal"}, {"小数", "decimal"}, {"金额", "decimal"}, {"number", "integer"},
	{"num", "integer"}, {"numeric", "decimal"}, {"float", "decimal"}, {"double", "decimal"},
	{"日期", "date"}, {"时间", "time"}, {"日期时间", "dateTime"}, {"单选", "select_one"},
	{"单选题", "select_one"}, {"下拉", "select_one"}, {"选择", "select_one"},
	{"selectone", "select_one"}, {"select", "select_one"}, {"radio", "select_one"},
	{"dropdown", "select_one"}, {"select-one", "select_one"}, {"多选", "select_multiple"},
	{"多选题", "select_multiple"}, {"checkbox", "select_multiple"},
	{"select_many", "select_multiple"}, {"selectmultiple", "select_multiple"},
	{"select-multiple", "select_multiple"}, {"排序", "rank"}, {"说明", "note"},
	{"提示", "note"}, {"计算", "calculate"}, {"公式", "calculate"}, {"隐藏", "hidden"},
	{"附件", "file"}, {"文件", "file"}, {"扫描件", "file"}, {"照片", "image"},
	{"图片", "image"}, {"确认", "acknowledge"}, {"是否", "acknowledge"},
	{"boolean", "acknowledge"}, {"begin", "begin_group"}, {"分组", "begin_group"},
	{"group", "begin_group"}, {"end", "end_group"}, {"重复组", "begin_repeat"},
	{"repeat", "begin_repeat"}};

static bool takes_list(const char *type)
{
	return strncmp(type, "select_", 7) == 0 || strcmp(type, "rank") == 0;
}

static const char *type_meant(const char *word)
{
	static const char *const common[] = {"text", "integer", "decimal", "date", "time",
		"datetime", "note", "calculate", "hidden", "acknowledge", "range", "file", "image",
		"begin_group", "end_group", "begin_repeat", "end_repeat", "select_one",
		"select_multiple", "select_one_from_file", "select_multiple_from_file", "rank",
		NULL};

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (strcmp(others[i].written, word) == 0)
			return others[i].type;
	return near_of(word, common);
}

/* select_oneh: the list's name sticks to the type. */
static const char *stuck_to(const char *word)
{
	static const char *const selects[] = {"select_one", "select_multiple", "rank"};

	for (size_t i = 0; i < sizeof selects / sizeof selects[0]; i++)
		if (strncmp(word, selects[i], strlen(selects[i])) == 0)
			return selects[i];
	return NULL;
}

/* Blanks that only look like one: from a web page, or a Chinese keyboard. */
static bool has_odd_blank(const char *cell)
{
	return strstr(cell, "\xC2\xA0") != NULL || strstr(cell, "\xE3\x80\x80") != NULL ||
	       strpbrk(cell, "\t\r\n") != NULL;
}

void say_unknown_type(struct builder *b, const char *cell, int at)
{
	size_t first = strcspn(cell, " ");
	struct buf word = {0};
	const char *meant, *stuck;

	for (size_t i = 0; i < first; i++)
		buf_addc(&word, (char)tolower((unsigned char)cell[i]));
	meant = type_meant(buf_str(&word));
	stuck = stuck_to(buf_str(&word));
	if (has_odd_blank(cell))
		builder_fault(b, at, tr("类型 %s 里有全角空格、制表符或换行, 请改成一个普通的空格"),
			cell);
	else if (stuck != NULL)
		builder_fault(b, at, tr("不认识类型 %s: %s 后面空一格写列表的名字, 如 %s 住房"),
			cell, stuck, stuck);
	else if (meant != NULL && takes_list(meant))
		builder_fault(
			b, at, tr("不认识类型 %s, 是不是 %s? 后面空一格写列表的名字"), cell, meant);
	else if (meant != NULL)
		builder_fault(b, at, tr("不认识类型 %s, 是不是 %s?"), cell, meant);
	else
		builder_fault(b, at,
			tr("不认识类型 %s, 常用的有: text integer decimal date time select_one "
			   "select_multiple note calculate begin_group begin_repeat"),
			cell);
	buf_fini(&word);
}

void say_unknown_list(struct builder *b, const char *name, int at)
{
	struct near n = {name, NULL, 0};
	size_t first = strcspn(name, " ");

	for (size_t i = 0; i < b->form->list_count; i++) {
		const char *l = b->form->lists[i].name;
		near_try(&n, l);
		if (name[first] == ' ' && strlen(l) == first && strncmp(l, name, first) == 0) {
			builder_fault(b, at, tr("列表 %s 后面多了“%s”: 列表名后面只能写 or_other"),
				l, name + first + 1);
			return;
		}
	}
	if (!b->has_choices)
		builder_fault(
			b, at, tr("没有 choices 表, 列表 %s 的选项请写在叫 choices 的表里"), name);
	else if (n.best != NULL)
		builder_fault(b, at, tr("choices 表里没有选项列表 %s, 是不是 %s?"), name, n.best);
	else
		builder_fault(b, at, tr("choices 表里没有选项列表 %s, 请补上或改名"), name);
}
