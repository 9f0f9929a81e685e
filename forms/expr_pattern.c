/* The commonest patterns in words: ^[0-9]{6}$ is "6 digits". */
#include <stdio.h>
#include <string.h>

#include "core/base/msg.h"
#include "forms/expr_node.h"

struct character {
	const char *pattern;
	const char *exactly, *between, *at_least, *only; /* N_() */
};

static const struct character characters[] = {
	{"[0-9]", N_("%d 位数字"), N_("%d 到 %d 位数字"), N_("至少 %d 位数字"), N_("纯数字")},
	{"\\d", N_("%d 位数字"), N_("%d 到 %d 位数字"), N_("至少 %d 位数字"), N_("纯数字")},
	{"\\p{Han}", N_("%d 个汉字"), N_("%d 到 %d 个汉字"), N_("至少 %d 个汉字"), N_("纯汉字")},
	{"[一-龥]", N_("%d 个汉字"), N_("%d 到 %d 个汉字"), N_("至少 %d 个汉字"), N_("纯汉字")},
	{"[\\u4e00-\\u9fa5]", N_("%d 个汉字"), N_("%d 到 %d 个汉字"), N_("至少 %d 个汉字"),
		N_("纯汉字")},
	{"[A-Z]", N_("%d 个大写字母"), N_("%d 到 %d 个大写字母"), N_("至少 %d 个大写字母"),
		N_("纯大写字母")},
	{"[A-Za-z]", N_("%d 个字母"), N_("%d 到 %d 个字母"), N_("至少 %d 个字母"), N_("纯字母")},
	{"[a-zA-Z]", N_("%d 个字母"), N_("%d 到 %d 个字母"), N_("至少 %d 个字母"), N_("纯字母")},
	{"[A-Z0-9]", N_("%d 位大写字母或数字"), N_("%d 到 %d 位大写字母或数字"),
		N_("至少 %d 位大写字母或数字"), N_("纯大写字母或数字")},
};

/* How often, as it stands behind the character: {6} {2,4} {2,} + or nothing; then $ and the end. */
static bool tell_often(const struct character *c, const char *often, struct buf *out)
{
	int least = 1, most = 1, used = 0;

	if (strcmp(often, "+$") == 0)
		buf_adds(out, tr(c->only));
	else if (strcmp(often, "$") == 0 ||
		 (sscanf(often, "{%3d}$%n", &least, &used) == 1 && used && !often[used]))
		buf_printf(out, tr(c->exactly), least);
	else if (sscanf(often, "{%3d,%3d}$%n", &least, &most, &used) == 2 && used && !often[used])
		buf_printf(out, tr(c->between), least, most);
	else if (sscanf(often, "{%3d,}$%n", &least, &used) == 1 && used && !often[used])
		buf_printf(out, tr(c->at_least), least);
	else
		return false;
	return true;
}

bool expr_pattern_says(const char *pattern, struct buf *out)
{
	if (*pattern++ != '^')
		return false;
	for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
		size_t len = strlen(characters[i].pattern);

		if (strncmp(pattern, characters[i].pattern, len) == 0 &&
			tell_often(&characters[i], pattern + len, out))
			return true;
	}
	return false;
}
