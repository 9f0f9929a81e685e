/*
 * The commonest patterns in words: ^[0-9]{6}$ is "6 digits", ^[A-Z][0-9]{9}$ "1 capital letter,
 * then 9 digits", [0-9号村] "with a digit or one of 号村 in it".
 */
#include <stdio.h>
#include <string.h>

#include "core/base/msg.h"
#include "forms/expr_node.h"

/* What a kind of character is called, by how many of it there are. */
struct kind {
	const char *one, *exactly, *between, *at_least_one, *at_least, *only; /* N_() */
};

static const struct kind digits = {N_("1 位数字"), N_("%d 位数字"), N_("%d 到 %d 位数字"),
	N_("至少 1 位数字"), N_("至少 %d 位数字"), N_("纯数字")};
static const struct kind han = {N_("1 个汉字"), N_("%d 个汉字"), N_("%d 到 %d 个汉字"),
	N_("至少 1 个汉字"), N_("至少 %d 个汉字"), N_("纯汉字")};
static const struct kind capitals = {N_("1 个大写字母"), N_("%d 个大写字母"),
	N_("%d 到 %d 个大写字母"), N_("至少 1 个大写字母"), N_("至少 %d 个大写字母"),
	N_("纯大写字母")};
static const struct kind alphabet = {N_("1 个字母"), N_("%d 个字母"), N_("%d 到 %d 个字母"),
	N_("至少 1 个字母"), N_("至少 %d 个字母"), N_("纯字母")};
static const struct kind either = {N_("1 位大写字母或数字"), N_("%d 位大写字母或数字"),
	N_("%d 到 %d 位大写字母或数字"), N_("至少 1 位大写字母或数字"),
	N_("至少 %d 位大写字母或数字"), N_("纯大写字母或数字")};

static const struct character {
	const char *pattern;
	const struct kind *kind;
} characters[] = {
	{"[0-9]", &digits},
	{"\\d", &digits},
	{"\\p{Han}", &han},
	{"[一-龥]", &han},
	{"[\\u4e00-\\u9fa5]", &han},
	{"[A-Z]", &capitals},
	{"[A-Za-z]", &alphabet},
	{"[a-zA-Z]", &alphabet},
	{"[A-Z0-9]", &either},
	{"[0-9A-Z]", &either},
};

static void tell_count(const char *one, const char *several, int count, struct buf *out)
{
	if (count == 1)
		buf_adds(out, tr(one));
	else
		buf_printf(out, tr(several), count);
}

/* How often, as it stands behind the character: {6} {2,4} {2,} + or nothing. Returns its length in
 * the pattern, -1: something else. */
static int tell_often(const struct kind *c, const char *often, struct buf *out)
{
	int least = 1, most = 1, used = 0;

	if (*often == '+')
		return buf_adds(out, tr(c->only)), 1;
	if (*often != '{') {
		if (strchr("*?|(.", *often) && *often)
			return -1;
		return tell_count(c->one, c->exactly, 1, out), 0;
	}
	if (sscanf(often, "{%3d}%n", &least, &used) == 1 && used)
		return tell_count(c->one, c->exactly, least, out), used;
	if (sscanf(often, "{%3d,%3d}%n", &least, &most, &used) == 2 && used)
		return buf_printf(out, tr(c->between), least, most), used;
	if (sscanf(often, "{%3d,}%n", &least, &used) == 1 && used)
		return tell_count(c->at_least_one, c->at_least, least, out), used;
	return -1;
}

/* One character and how often; the rest of the pattern, or NULL. */
static const char *tell_part(const char *pattern, struct buf *out)
{
	for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
		size_t len = strlen(characters[i].pattern);
		int often;

		if (strncmp(pattern, characters[i].pattern, len) != 0)
			continue;
		often = tell_often(characters[i].kind, pattern + len, out);
		if (often >= 0 && strchr("*?+{", pattern[len + (size_t)often]) &&
			pattern[len + (size_t)often])
			return NULL;
		return often < 0 ? NULL : pattern + len + often;
	}
	return NULL;
}

/* ^ parts $ */
static bool tell_parts(const char *pattern, struct buf *out)
{
	struct buf parts = {0};
	bool told;

	while (pattern && *pattern && strcmp(pattern, "$") != 0) {
		if (parts.len > 0)
			buf_adds(&parts, tr("，接着 "));
		pattern = tell_part(pattern, &parts);
	}
	told = pattern && *pattern == '$' && parts.len > 0;
	if (told)
		buf_printf(out, tr("是 %s"), buf_str(&parts));
	buf_fini(&parts);
	return told;
}

/* [0-9 and single characters], anywhere. */
static bool tell_one_of(const char *pattern, struct buf *out)
{
	const char *end = strchr(pattern, ']');
	struct buf letters = {0};
	bool told;

	if (strncmp(pattern, "[0-9", 4) != 0 || !end || end[1])
		return false;
	buf_add(&letters, pattern + 4, (size_t)(end - pattern) - 4);
	told = !strpbrk(buf_str(&letters), "\\-^[");
	if (told && letters.len > 0)
		buf_printf(out, tr("写有数字或“%s”中的一个字"), buf_str(&letters));
	else if (told)
		buf_adds(out, tr("写有数字"));
	buf_fini(&letters);
	return told;
}

/* A letter of any script, or a digit too, anywhere: that it is no points and dashes alone. */
static bool tell_letters(const char *pattern, struct buf *out)
{
	if (strcmp(pattern, "\\p{L}") == 0)
		buf_adds(out, tr("写有文字"));
	else if (strcmp(pattern, "[0-9\\p{L}]") == 0 || strcmp(pattern, "[\\p{L}0-9]") == 0)
		buf_adds(out, tr("写有文字或数字"));
	else
		return false;
	return true;
}

bool expr_pattern_says(const char *pattern, struct buf *out)
{
	if (tell_letters(pattern, out))
		return true;
	return *pattern == '^' ? tell_parts(pattern + 1, out) : tell_one_of(pattern, out);
}
