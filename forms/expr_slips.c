#include "forms/expr_slips.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/fn.h"
#include "forms/near.h"

/* ---- days ---- */

/* One or two digits; false: none. */
static bool part(const char **s, int *out)
{
	int digits = 0;

	for (*out = 0; digits < 2 && isdigit((unsigned char)**s); digits++, ++*s)
		*out = *out * 10 + (**s - '0');
	return digits > 0;
}

size_t slip_date(const char *s, struct buf *why)
{
	struct date d = {0, 0, 0};
	const char *at;
	size_t len;

	if (strspn(s, "0123456789") != 4 || s[4] == '\0' || strchr("-/.", s[4]) == NULL)
		return 0;
	at = s + 5;
	if (!part(&at, &d.month) || *at++ != s[4] || !part(&at, &d.day) ||
		isalnum((unsigned char)*at))
		return 0;
	d.year = (int)strtol(s, NULL, 10);
	len = (size_t)(at - s);
	if (date_valid(d))
		buf_why(why, tr("日期要加引号，否则会当成算式：把 %.*s 写成 '%04d-%02d-%02d'"),
			(int)len, s, d.year, d.month, d.day);
	else
		buf_why(why, tr("没有 %.*s 这一天；日期请写成 '2026-12-31' 这样，加引号"), (int)len,
			s);
	return len;
}

/* ---- functions ---- */

/* Those of a spreadsheet that have another name here, or are written otherwise. */
static const struct {
	const char *name, *here;
} spreadsheet[] = {
	{"and", N_("A and B")},
	{"or", N_("A or B")},
	{"mod", N_("A mod B")},
	{"len", "string-length(…)"},
	{"lenb", "string-length(…)"},
	{"left", N_("substr(文字, 0, 几个字)")},
	{"mid", N_("substr(文字, 从第几个字起 (从 0 数), 到第几个字)")},
	{"right", N_("substr(文字, -几个字)")},
	{"concatenate", "concat(…)"},
	{"textjoin", N_("join(分隔, …)")},
	{"trim", "normalize-space(…)"},
	{"find", "contains(…)"},
	{"search", "contains(…)"},
	{"substitute", "translate(…)"},
	{"value", "number(…)"},
	{"average", N_("sum(…) div count(…)")},
	{"counta", "count-non-empty(…)"},
	{"countif", N_("count(${重复组}[条件])")},
	{"countifs", N_("count(${重复组}[条件])")},
	{"sumif", N_("sum(${重复组}[条件]/栏名)")},
	{"sumifs", N_("sum(${重复组}[条件]/栏名)")},
	{"power", "pow(…)"},
	{"roundup", "ceiling(…)"},
	{"rounddown", "floor(…)"},
	{"isblank", N_("${栏名} = ''")},
	{"isempty", N_("${栏名} = ''")},
	{"iferror", "coalesce(…)"},
	{"iserror", "coalesce(…)"},
	{"ifblank", "coalesce(…)"},
	{"isnumber", "regex(…, '^[0-9.]+$')"},
	{"exact", "A = B"},
	{"upper", "translate(…, 'abc…z', 'ABC…Z')"},
	{"lower", "translate(…, 'ABC…Z', 'abc…z')"},
	{"text", N_("format-date(日期, '%Y-%m-%d')")},
	{"datevalue", "date(…)"},
	{"days", N_("decimal-date-time(止) - decimal-date-time(起)")},
	{"switch", N_("if(…, …, if(…))")},
	{"ifs", N_("if(…, …, if(…))")},
	{"year", N_("format-date(日期, '%Y')")},
	{"month", N_("format-date(日期, '%n')")},
	{"day", N_("format-date(日期, '%e')")},
	{"datedif", N_("age(出生日期, 某日)")},
	{"networkdays", "workday-count(…)"},
	{"workday", "workday-add(…)"},
	{"vlookup", N_("pulldata('文件', '取哪一列', '按哪一列', 值)")},
	{"xlookup", N_("pulldata('文件', '取哪一列', '按哪一列', 值)")},
};

static const char *in_spreadsheets(const char *name)
{
	for (size_t i = 0; i < sizeof spreadsheet / sizeof spreadsheet[0]; i++)
		if (strcmp(spreadsheet[i].name, name) == 0)
			return tr(spreadsheet[i].here);
	return NULL;
}

static const char *near_function(const char *name)
{
	struct near n = {name, NULL, 0};

	for (size_t i = 0; fn_name(i) != NULL; i++)
		near_try(&n, fn_name(i));
	return n.best;
}

void slip_function(const char *name, size_t len_bytes, struct buf *sentence)
{
	char *lower = mem_strndup(name, len_bytes);
	const char *here, *near;

	for (char *c = lower; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	here = in_spreadsheets(lower);
	near = near_function(lower);
	if (fn_find(lower, strlen(lower)) != NULL)
		buf_why(sentence, tr("没有 %.*s() 这个函数；函数名用小写，请写 %s()"),
			(int)len_bytes, name, lower);
	else if (here != NULL)
		buf_why(sentence, tr("没有 %.*s() 这个函数；请写 %s"), (int)len_bytes, name, here);
	else if (near != NULL)
		buf_why(sentence, tr("没有 %.*s() 这个函数，是不是 %s()？"), (int)len_bytes, name,
			near);
	else
		buf_why(sentence, tr("没有 %.*s() 这个函数；请检查拼写，引用字段请写 ${字段名}"),
			(int)len_bytes, name);
	free(lower);
}

bool slip_arguments(const char *name, int count, struct buf *sentence)
{
	if (strcmp(name, "if") == 0 && count == 2)
		buf_why(sentence, "%s",
			tr("if() 还要写不成立时给什么；什么也不给就写 ''，如 if(条件, 值, '')"));
	else if (strcmp(name, "date") == 0 && count == 3)
		buf_why(sentence, "%s",
			tr("日期写成加引号的 '2026-12-31'；由几栏拼成的写 date(concat(年, '-', 月, '-', 日))"));
	else
		return false;
	return true;
}

bool slip_bare_function(const char *source, size_t at, struct buf *why)
{
	while (at > 0 && source[at - 1] == ' ')
		at--;
	if (at < 3 || strncasecmp(source + at - 3, "not", 3) != 0 ||
		(at > 3 && strchr(" (,", source[at - 4]) == NULL))
		return false;
	buf_why(why, "%s", tr("not 后面要加括号：not(…)"));
	return true;
}

/* ---- operators ---- */

bool slip_operator(const char *word, size_t len_bytes, struct buf *why)
{
	static const struct {
		const char *written, *here;
	} words[] = {{"and", "and"}, {"or", "or"}, {"div", "div"}, {"mod", "mod"}, {"且", "and"},
		{"并且", "and"}, {"而且", "and"}, {"和", "and"}, {"与", "and"}, {"或", "or"},
		{"或者", "or"}, {"等于", "="}, {"不等于", "!="}, {"大于", ">"}, {"小于", "<"},
		{"除以", "div"}, {"乘以", "*"}, {"加", "+"}, {"减", "-"}};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strlen(words[i].written) == len_bytes &&
			strncasecmp(words[i].written, word, len_bytes) == 0) {
			buf_why(why, tr("这里的 %.*s 请写成 %s（英文小写）"), (int)len_bytes, word,
				words[i].here);
			return true;
		}
	return false;
}

void slip_division(struct buf *why)
{
	buf_why(why, tr("这里的 / 会当成路径；相除请写 div，如 ${a} div 2"));
}
