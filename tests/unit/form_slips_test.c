/* Slips of the pen in a definition: what could never be meant is refused where it stands, what is
 * probably not meant is told with the form, and what is right is taken without a word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "forms/form.h"

#define CHOICES \
	"| choices |\n| | list_name | name | label |\n| | h | own | 自有 |\n" \
	"| | h | rent | 租赁 |\n| | h | married | 已婚 |\n| | g | 1 | 一 |\n| | g | 02 | 二 |\n" \
	"| | five | 优 | 优 |\n| | five | 良好 | 良好 |\n"

enum outcome {
	TAKEN,	 /* without a word */
	DOUBTED, /* taken, and said */
	REFUSED
};

/* The last field, x, of this type has this cell in this column. */
struct slip {
	const char *type, *column, *cell;
	enum outcome outcome;
	const char *said; /* a part of the sentence */
};

static const char *before_more = ""; /* rows after those of every form */

static void definition(struct buf *out, const struct slip *s)
{
	static const char *const before[] = {"select_one h | zz", "select_multiple h | m",
		"date | d", "integer | n", "select_one g | g", "acknowledge | ok",
		"select_one five | mark", "text | t", "dateTime | dt"};

	buf_printf(out, "| survey |\n| | type | name | label | %s |%s\n", s->column,
		before_more[0] != '\0' ? " appearance |" : "");
	for (size_t i = 0; i < sizeof before / sizeof before[0]; i++)
		buf_printf(out, "| | %s | L | |\n", before[i]);
	buf_adds(out, before_more);
	buf_printf(out, "| | %s | x | 成员 | %s |\n", s->type, s->cell);
	if (strncmp(s->type, "begin_repeat", 12) == 0)
		buf_adds(out, "| | text | inside | I | |\n| | end_repeat | | | |\n");
	buf_adds(out, CHOICES);
}

/* One sentence, which begins with the place and has these words. */
static void said_once(const struct slip *s, const char *sentences, const char *place)
{
	if (strncmp(sentences, place, strlen(place)) != 0 || strstr(sentences, s->said) == NULL ||
		strchr(sentences, '\n') != strrchr(sentences, '\n'))
		fail_msg("%s %s: said %s instead of %s%s", s->column, s->cell, sentences, place,
			s->said);
}

static void try_one(const struct slip *s)
{
	const char *place = before_more[0] != '\0' ? "survey:15:4: " : "survey:12:4: ",
		   *doubt = before_more[0] != '\0' ? "survey:15:4: 提醒: " : "survey:12:4: 提醒: ";
	struct buf text = {0}, faults = {0};
	struct form *f = NULL;
	enum err e;

	definition(&text, s);
	e = form_read_markdown(&f, buf_str(&text), text.len, &faults);
	if ((e == OK) != (s->outcome != REFUSED))
		fail_msg("%s %s: %s: %s", s->column, s->cell, e == OK ? "taken" : "refused",
			buf_str(&faults));
	if (s->outcome == REFUSED)
		said_once(s, buf_str(&faults), place);
	else if (s->outcome == DOUBTED)
		said_once(s, f->doubts, doubt);
	else if (f->doubts[0] != '\0')
		fail_msg("%s %s: doubted: %s", s->column, s->cell, f->doubts);
	form_free(f);
	buf_fini(&faults);
	buf_fini(&text);
}

static void each(const struct slip *slips, size_t count)
{
	for (size_t i = 0; i < count; i++)
		try_one(&slips[i]);
}

/* The number of a card or a telephone is no number to count with. */
static void numbers_of_people_are_not_counted_with(void **state)
{
	static const struct slip slips[] = {
		{"calculate", "calculation", "number(${id})", REFUSED, "substr(${id}, 6, 10)"},
		{"calculate", "calculation", "int(${id} div 10) mod 2", REFUSED, "(div)"},
		{"calculate", "calculation", "${n} + ${card}", REFUSED, "card (bank-card)"},
		{"calculate", "calculation", "-${id}", REFUSED, "(-)"},
		{"calculate", "calculation", "max(${n}, ../card)", REFUSED, "max()"},
		{"calculate", "calculation", "if(${id} > 0, 1, 2)", REFUSED, "(>)"},
		{"text", "relevant", "${id} = 110101199003071233", REFUSED, "加引号"},
		{"text", "relevant", "110101199003071233 != ${id}", REFUSED, "加引号"},
		{"text", "relevant", "${id} >= '110101199003071233'", REFUSED, "(>=)"},
		{"text", "relevant", "${tel} > 13900000000", DOUBTED, "开头的 0 会丢"},
		{"text", "relevant", "${tel} * 2 = 4", DOUBTED, "tel (mobile)"},
		{"text", "relevant", "${t} = 110101199003071233", DOUBTED, "'110101199003071233'"},
		{"text", "relevant", "${n} < 12345678901234.567", DOUBTED, "17 位"},
		{"text", "relevant", "${id} = '110101199003071233' or ${id} != ${card}", TAKEN,
			NULL},
		{"text", "relevant",
			"number(substr(${id}, 6, 10)) < 2008 and string-length(${card}) > 15 and "
			"starts-with(${tel}, '139') and ${id} = ''",
			TAKEN, NULL},
		{"text", "relevant", "${n} < 1000000000000000000 and ${n} > 0.000000000000000001",
			TAKEN, NULL},
		{"calculate", "calculation", "age(id-card-birth(${id})) + count(${tel})", TAKEN,
			NULL},
		{"calculate", "calculation", "number(${t}) + ${n}", TAKEN, NULL}};

	(void)state;
	before_more = "| | text | id | L | | id-card |\n| | text | card | L | | bank-card |\n"
		      "| | text | tel | L | | mobile |\n";
	each(slips, sizeof slips / sizeof slips[0]);
	before_more = "";
}

static void constants_are_among_the_choices(void **state)
{
	static const struct slip slips[] = {
		{"text", "relevant", "${zz}='自有'", REFUSED, "请写它的代号 'own'"},
		{"text", "relevant", "${zz} != 'onw'", REFUSED, "是不是 'own'"},
		{"text", "relevant", "'Own' = ${zz}", REFUSED, "是不是 'own'"},
		{"text", "relevant", "${zz} = 'lent'", REFUSED, "是不是 'rent'"},
		{"text", "relevant", "${zz} = 'nobody'", DOUBTED, "own, rent, married"},
		{"text", "relevant", "selected(${m},'marry')", DOUBTED, "'marry'"},
		{"text", "relevant", "selected(${m},'own rent')", DOUBTED, "'own rent'"},
		{"text", "relevant", "selected-at(${m}, 0) = 'renta'", REFUSED, "是不是 'rent'"},
		{"text", "relevant", "${m} = 'own rant'", REFUSED, "是不是 'rent'"},
		{"text", "relevant", "${g} = 3", DOUBTED, "1, 02"},
		{"text", "relevant", "../zz = 'nobody'", DOUBTED, "'nobody'"},
		{"text", "relevant", "if(${n} > 1, ${zz} = 'no', true())", DOUBTED, "'no'"},
		{"text", "relevant", "${mark} = '良'", REFUSED, "是不是 '良好'"},
		{"select_one h", "constraint", ". != 'marred'", REFUSED, "'married'"},
		{"select_multiple h", "constraint", "not(selected(., 'ren'))", REFUSED, "'rent'"},
		{"text", "calculation", "if(selected(${zz}, '租赁'), 1, 2)", REFUSED, "'rent'"},
		{"text", "relevant", "${ok} = 'yes'", REFUSED, "'OK'"},
		{"text", "relevant", "${zz} = 'own' or ${zz} = '' or ${g} = 2 or ${g} = '02'",
			TAKEN, NULL},
		{"text", "relevant", "${m} = 'own rent' and selected(${m}, 'married')", TAKEN,
			NULL},
		{"text", "relevant", "selected(${t}, 'x') or ${t} = 'own' or ${g} > 5", TAKEN,
			NULL},
		{"text", "relevant", "${ok} = 'OK' or ${mark} = '优'", TAKEN, NULL},
		{"select_one h or_other", "constraint", ". != 'other'", TAKEN, NULL},
		{"text", "relevant", "count-selected(${m}) = 9 and ${m} != ''", TAKEN, NULL},
	};

	(void)state;
	each(slips, sizeof slips / sizeof slips[0]);
}

static void days_and_numbers_are_compared_with_their_like(void **state)
{
	static const struct slip slips[] = {
		{"text", "relevant", "${n} = '二'", REFUSED, "n 是数"},
		{"text", "relevant", "${n} > '十八'", REFUSED, "n 是数"},
		{"text", "relevant", "${d} > '2026-02-30'", REFUSED, "没有这一天"},
		{"text", "relevant", "${d} > '2026/2/3'", REFUSED, "'2026-12-31'"},
		{"date", "constraint", ". <= '31.12.2026'", REFUSED, "'2026-12-31'"},
		{"date", "constraint", ". >= 1990", DOUBTED, "1970"},
		{"text", "relevant", "${n} > '18' or ${n} = -1 and ${n} != ''", TAKEN, NULL},
		{"text", "relevant", "${n} != 'NaN' and string(${n} * 2) != 'NaN'", TAKEN, NULL},
		{"date", "constraint", ". <= '2026-12-31' and . <= today()", TAKEN, NULL},
		{"text", "relevant", "${dt} > '2026-12-31T08:00' or ${dt} < '2026-01-01'", TAKEN,
			NULL},
		{"text", "relevant", "${d} - today() > 30 or ${d} = ''", TAKEN, NULL},
	};

	(void)state;
	each(slips, sizeof slips / sizeof slips[0]);
}

static void words_alone_are_neither_texts_nor_fields(void **state)
{
	static const struct slip slips[] = {
		{"text", "relevant", "n > 1", REFUSED, "引用它请写 ${n}"},
		{"text", "relevant", "${zz} = own", REFUSED, "加引号写成 'own'"},
		{"text", "relevant", "${n} = null", DOUBTED, "两个单引号"},
		{"text", "relevant", "False", DOUBTED, "请写成 false()"},
		{"text", "relevant", "${n} = 1 or true", REFUSED, "请写成 true()"},
		{"text", "relevant", "${n}/mark > 1", REFUSED, "${n} div ${mark}"},
		{"text", "relevant", "/data/n/mark > 1", REFUSED, "${n} div ${mark}"},
		{"text", "calculation", "today() > '2026-2-3'", REFUSED, "没有这一天"},
		{"text", "calculation", "today() > 20261231", DOUBTED, "1970"},
		{"text", "calculation", "'2026-12-31' >= today()", TAKEN, NULL},
	};

	(void)state;
	each(slips, sizeof slips / sizeof slips[0]);
}

static void defaults_can_be_answers(void **state)
{
	static const struct slip slips[] = {
		{"select_one h", "default", "rnet", REFUSED, "是不是 'rent'"},
		{"select_multiple h", "default", "own rend", REFUSED, "是不是 'rent'"},
		{"select_one h", "default", "other", REFUSED, "own, rent, married"},
		{"date", "default", "2026-02-30", REFUSED, "2026-02-30 不存在"},
		{"date", "default", "明天", REFUSED, "2026-11-24"},
		{"time", "default", "25:00", REFUSED, "25 时"},
		{"dateTime", "default", "2026-13-01T08:00", REFUSED, "不存在"},
		{"acknowledge", "default", "maybe", REFUSED, "OK"},
		{"integer", "default", "3人", DOUBTED, "只写数字"},
		{"integer", "default", "2.5", DOUBTED, "decimal"},
		{"decimal", "default", "一半", DOUBTED, "只写数字"},
		{"range", "default", "12", REFUSED, "1 到 10"},
		{"select_one h", "default", "租赁", TAKEN, NULL},
		{"select_one h or_other", "default", "other", TAKEN, NULL},
		{"select_multiple h", "default", "own rent", TAKEN, NULL},
		{"select_one h", "default", "${zz}", TAKEN, NULL},
		{"date", "default", "2026/2/3", TAKEN, NULL},
		{"date", "default", "today()", TAKEN, NULL},
		{"time", "default", "930", TAKEN, NULL},
		{"integer", "default", "12,000", TAKEN, NULL},
		{"integer", "default", "1 + 1", TAKEN, NULL},
		{"decimal", "default", "-.5", TAKEN, NULL},
		{"range", "default", "10", TAKEN, NULL},
		{"text", "default", "(见附件)", TAKEN, NULL},
	};

	(void)state;
	each(slips, sizeof slips / sizeof slips[0]);
}

static void words_of_ours_are_known_by_their_slips(void **state)
{
	static const struct slip slips[] = {
		{"text", "appearance", "idcard", REFUSED, "是不是 id-card"},
		{"text", "appearance", "ID-card", REFUSED, "是不是 id-card"},
		{"text", "appearance", "w1 moblie", REFUSED, "是不是 mobile"},
		{"text", "appearance", "身份证", REFUSED, "是不是 id-card"},
		{"text", "appearance", "bank_card twice", REFUSED, "是不是 bank-card"},
		{"text", "appearance", "uscc twise", REFUSED, "是不是 twice"},
		{"text", "appearance", "same_as:zz", REFUSED, "same-as:栏名"},
		{"text", "appearance", "same-as", REFUSED, "same-as:栏名"},
		{"text", "appearance", "大号", DOUBTED, "不起作用"},
		{"integer", "appearance", "mobile", DOUBTED, "text"},
		{"date", "appearance", "id-card", DOUBTED, "text"},
		{"text", "appearance", "quick minimal w1 likert name multiline numbers url", TAKEN,
			NULL},
		{"text", "appearance", "map horizontal columns-2 no-calendar ex:my.app(x='phones')",
			TAKEN, NULL},
		{"text", "appearance", "search('moblie', 'matches')", TAKEN, NULL},
		{"text", "appearance", "bank-card twice", TAKEN, NULL},
	};

	(void)state;
	each(slips, sizeof slips / sizeof slips[0]);
}

static void links_lead_to_what_somebody_answers(void **state)
{
	static const struct slip slips[] = {
		{"text", "appearance", "same-as:x", REFUSED, "指着自己"},
		{"text", "appearance", "same-as:nothing", REFUSED, "没有这一栏"},
		{"text", "appearance", "same-as:zz", REFUSED, "没有 calculation"},
		{"text", "trigger", "${x}", REFUSED, "它自己"},
		{"text", "trigger", "${marc}", REFUSED, "是不是 ${mark}"},
		{"text", "relevant", "${marc} = 1", REFUSED, "是不是 ${mark}"},
		{"begin_repeat", "repeat_count", "${k}", REFUSED, "“成员” (x) 有几份"},
		{"begin_repeat", "repeat_count", "${makr}", REFUSED, "是不是 mark"},
		{"begin_repeat", "repeat_count", "${d}", REFUSED, "“L” (d), 那一栏填的不是数"},
		{"begin_repeat", "repeat_count", "2.5", REFUSED, "0 以上的整数"},
		{"begin_repeat", "repeat_count", "'三'", REFUSED, "0 以上的整数"},
		{"begin_repeat", "repeat_count", "${m}", DOUBTED, "count-selected(${m})"},
		{"begin_repeat", "repeat_count", "${t}", DOUBTED, "文字栏"},
		{"begin_repeat", "repeat_count", "${n}", TAKEN, NULL},
		{"begin_repeat", "repeat_count", "3", TAKEN, NULL},
		{"begin_repeat", "repeat_count", "count-selected(${m}) + 1", TAKEN, NULL},
	};

	(void)state;
	each(slips, sizeof slips / sizeof slips[0]);
}

static void rules_that_say_nothing_are_told(void **state)
{
	static const struct slip slips[] = {
		{"text", "constraint_message", "不对", DOUBTED, "没有写 constraint"},
		{"text", "required_message", "要填", DOUBTED, "没有写 required"},
		{"text", "repeat_count", "3", DOUBTED, "begin_repeat"},
		{"text", "choice_filter", "1", DOUBTED, "没有选项"},
		{"integer", "constraint", "18-60", DOUBTED, "不看任何一栏"},
		{"integer", "relevant", "1 = 1", DOUBTED, "不看任何一栏"},
		{"integer", "constraint", "1 < . < 10", DOUBTED, "拆成两个"},
		{"select_one h", "choice_filter", "name = 'nobody'", DOUBTED, "一个也没有"},
		{"select_one h", "calculation", "if(${n} > 1, 'own', 'rnet')", DOUBTED,
			"是不是 'rent'"},
		{"select_one h", "default", "if(${n} > 1, 'own', '租赁')", DOUBTED, "代号 'rent'"},
		{"select_one h", "choice_filter", "name = 'own' or label = '租赁' or name = ''",
			TAKEN, NULL},
		{"select_one h", "calculation", "if(${n} > 1, 'own', '')", TAKEN, NULL},
		{"integer", "constraint", ">= 18", REFUSED, ". >= 18"},
		{"text", "constraint", "regex('^[0-9]{6}$', .)", REFUSED, "写反了"},
		{"text", "hint", "填 $ {n}", DOUBTED, "${栏名}"},
		{"text", "hint", "填 $｛n｝", DOUBTED, "${栏名}"},
		{"select_one h", "choice_filter", "lable = 'x'", REFUSED, "是不是 label"},
		{"integer", "constraint", "true() or . > 1", TAKEN, NULL},
		{"integer", "relevant", "true()", TAKEN, NULL},
		{"integer", "constraint", "(. > 1) = (. < 5)", TAKEN, NULL},
		{"text", "constraint", "regex(., ${t}) and regex('a1', ${t})", TAKEN, NULL},
		{"text", "hint", "填 ${n} 元, $100", TAKEN, NULL},
	};

	(void)state;
	each(slips, sizeof slips / sizeof slips[0]);
}

static void conditions_that_exclude_each_other_are_told(void **state)
{
	static const struct slip slips[] = {
		{"integer", "constraint", ". > 5 and . < 3", REFUSED, "> 5 又要 < 3"},
		{"integer", "constraint", "60 <= . and . <= 18", REFUSED, ">= 60 又要 <= 18"},
		{"integer", "constraint", ". > 5 and . < 6", REFUSED, "没有一个值"},
		{"decimal", "constraint", ". > 5 and . < 5", REFUSED, "没有一个值"},
		{"decimal", "constraint", ". >= 5 and . > 2 and . < 4", REFUSED, ">= 5 又要 < 4"},
		{"date", "constraint", ". > '2026-12-31' and . < '2026-01-01'", REFUSED,
			"'2026-12-31' 又要"},
		{"text", "constraint", "string-length(.) > 10 and string-length(.) < 10", REFUSED,
			"又要 < 10"},
		{"text", "relevant", "${zz} = 'own' and ${zz} = 'rent'", REFUSED, "请写 or"},
		{"text", "relevant", "${n} = 1 and ${n} != 1", REFUSED, "= 1 又要 != 1"},
		{"text", "relevant", "${n} = -1 and ${n} = '1'", REFUSED, "= -1 又要 = '1'"},
		{"text", "relevant", "${t} != '' or (${n} > 5 and ${n} < 3)", DOUBTED,
			"没有一个值"},
		{"calculate", "calculation", "if(${n} > 5 and ../n < 3, 1, 2)", DOUBTED,
			"没有一个值"},
		{"integer", "constraint", ". < 60 or . > 18", DOUBTED, "请写 and"},
		{"integer", "constraint", ". <= 5 or . >= 6", DOUBTED, "都成立"},
		{"text", "relevant", "${zz} != 'own' or ${zz} != 'rent'", DOUBTED, "都成立"},
		{"decimal", "constraint", ". >= 5 and . <= 5", TAKEN, NULL},
		{"decimal", "constraint", ". > 5 and . < 6", TAKEN, NULL},
		{"decimal", "constraint", ". < 5 or . >= 6", TAKEN, NULL},
		{"decimal", "constraint", ". < 5 or . > 5", TAKEN, NULL},
		{"text", "constraint", "string-length(.) > 5 and string-length(${t}) < 3", TAKEN,
			NULL},
		{"text", "relevant", "${zz} != 'own' and ${zz} != 'rent'", TAKEN, NULL},
		{"text", "relevant", "selected(${m}, 'own') and selected(${m}, 'rent')", TAKEN,
			NULL},
		{"text", "relevant", "${n} > 5 and ${g} < 3 and ${n} != 7 and ${n} < 9", TAKEN,
			NULL},
		{"text", "relevant", "${n} = 2 or ${n} = 3 or ${n} != 4", TAKEN, NULL},
		{"text", "relevant", "${d} > '2026-12-31' and ${d} < today()", TAKEN, NULL},
	};

	(void)state;
	each(slips, sizeof slips / sizeof slips[0]);
}

/* Of several repetitions one may be more and another less. */
static void repetitions_differ(void **state)
{
	static const struct slip slips[] = {
		{"text", "relevant", "${sum} > 5 and ${sum} < 3", TAKEN, NULL},
		{"text", "relevant", "${sum} = 1 and ${sum} = 2", TAKEN, NULL},
	};

	(void)state;
	before_more = "| | begin_repeat | r | R | | |\n| | integer | sum | L | | |\n"
		      "| | end_repeat | | | | |\n";
	each(slips, sizeof slips / sizeof slips[0]);
	before_more = "";
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_of_people_are_not_counted_with),
		cmocka_unit_test(constants_are_among_the_choices),
		cmocka_unit_test(days_and_numbers_are_compared_with_their_like),
		cmocka_unit_test(words_alone_are_neither_texts_nor_fields),
		cmocka_unit_test(defaults_can_be_answers),
		cmocka_unit_test(words_of_ours_are_known_by_their_slips),
		cmocka_unit_test(links_lead_to_what_somebody_answers),
		cmocka_unit_test(rules_that_say_nothing_are_told),
		cmocka_unit_test(conditions_that_exclude_each_other_are_told),
		cmocka_unit_test(repetitions_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
