/* What people write who know a spreadsheet better: the sentence names what to write instead, and
 * where. Tried out by hand (leniently) a day without quotes stays the subtraction that XPath sees.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "forms/expr.h"

struct slip {
	const char *text;
	size_t at;	  /* bytes before what is wrong */
	const char *mend; /* NULL: nothing is wrong */
};

static void each(const struct slip *slips, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct slip *s = &slips[i];
		struct buf why = {0};
		struct expr *e = NULL;
		size_t at = 0;
		enum err got = expr_compile(&e, s->text, &at, &why);
		if ((got == OK) != (s->mend == NULL) ||
			(got != OK && (at != s->at || strstr(buf_str(&why), s->mend) == NULL)))
			fail_msg("%s: at %zu: %s", s->text, at, buf_str(&why));
		expr_free(e);
		buf_fini(&why);
	}
}

static void days_want_quotes(void **state)
{
	static const struct slip slips[] = {
		{". <= 2026-12-31", 5, "'2026-12-31'"},
		{"2026/1/5 < .", 0, "'2026-01-05'"},
		{". > 2026.1.05", 4, "'2026-01-05'"},
		{"if(. > 2026-02-30, 1, 2)", 7, "没有 2026-02-30 这一天"},
		{". = 2026-99-99", 4, "没有 2026-99-99 这一天"},
		{". <= '2026-12-31'", 0, NULL},
		{"2026-12", 0, NULL},
		{"2026 - 12 - 31", 0, NULL},
		{"12026-12-31", 0, NULL},
		{"${year} - 2026 - 1", 0, NULL},
		{"2026-1-100", 0, NULL},
		{"20261-1-1 + 2026.12 - 1", 0, NULL},
	};

	(void)state;
	each(slips, sizeof slips / sizeof slips[0]);
}

/* What Excel takes, and here wants another writing. */
static void spreadsheet_calls_are_told(void **state)
{
	static const struct slip slips[] = {
		{"if(${a} > 1, 2)", 0, "if(条件, 值, '')"},
		{". <= date(2027, 12, 31)", 5, "'2026-12-31'"},
		{"text(today(), 'yyyy-mm-dd')", 0, "format-date(日期"},
		{"TEXT(today(), 'yyyy-mm-dd')", 0, "format-date(日期"},
		{"18≥.", 2, ">="},
		{"not ${a}", 4, "not(…)"},
		{"1 = 1 and not ${a}", 14, "not(…)"},
		{"NOT ${a}", 4, "not(…)"},
		{"UPPER(.)", 0, "translate("},
		{"if(1 = 1, 2, '')", 0, NULL},
		{"knot + 1", 0, NULL},
	};

	(void)state;
	each(slips, sizeof slips / sizeof slips[0]);
}

static void a_day_tried_out_by_hand_is_a_subtraction(void **state)
{
	const struct expr_env env = {.clock = &clock_system, .no_form = true};
	struct expr *e = NULL;
	struct value v;

	(void)state;
	assert_int_equal(expr_compile_lenient(&e, "2026-12-31", NULL, NULL), OK);
	assert_int_equal(expr_eval(e, &env, NULL, &v, NULL), OK);
	assert_true(value_number(&v) == 1983);
	value_fini(&v);
	expr_free(e);
}

static void functions_are_named_as_they_are_here(void **state)
{
	static const struct slip slips[] = {
		{"IF(1, 2, 3)", 0, "请写 if()"},
		{"1 + SUM(${a})", 4, "请写 sum()"},
		{"Today()", 0, "请写 today()"},
		{"Id-Card-Valid(.)", 0, "请写 id-card-valid()"},
		{"LEN(.) = 3", 0, "string-length(…)"},
		{"vlookup(., 'a', 2)", 0, "pulldata("},
		{"AND(1, 2)", 0, "A and B"},
		{"IsBlank(.)", 0, "${栏名} = ''"},
		{"DATEDIF(., today(), 'Y')", 0, "age("},
		{"seleced(., 'a')", 0, "是不是 selected()"},
		{"cuont(${a})", 0, "是不是 count()"},
		{"rouund(1)", 0, "是不是 round()"},
		{"nothing-like-it(1)", 0, "检查拼写"},
		{"geofence(1)", 0, "不量经纬度"},
	};

	(void)state;
	each(slips, sizeof slips / sizeof slips[0]);
}

static void operators_are_written_as_they_are_here(void **state)
{
	static const struct slip slips[] = {
		{"${a}/2", 5, "div"},
		{"${a}/${b} > 1", 5, "div"},
		{"(${a} + ${b})/(2)", 14, "div"},
		{"10/n", 2, "div"},
		{"'a'/n", 3, "div"},
		{"sum(${a})/count(${a})", 10, "div"},
		{"./2", 2, "div"},
		{"${a}=1 AND ${b}=2", 7, "请写成 and"},
		{"(${a}=1 Or ${b}=2)", 8, "请写成 or"},
		{"${a}=1 且 ${b}=2", 7, "请写成 and"},
		{"${a}=1或者${b}=2", 5, "请写成 or"},
		{"${a} 大于 1", 5, "请写成 >"},
		{"=if(${a}, 1, 2)", 0, "前面不写 ="},
		{"${a} => 18", 5, ">="},
		{"${a} =< 18", 5, "<="},
		{"${a} & ${b}", 5, "concat"},
		{"${a}^2", 4, "pow"},
		{"if(${a}; 1; 2)", 7, "请改为 ,"},
		{"{a} > 1", 0, "${字段名}"},
		{"${a} > １８", 7, "请改为英文的 1"},
		{"${a}！=1", 4, "请改为英文的 !"},
		{"${a}【1】", 4, "请改为英文的 ["},
		{"${a} > 18%", 9, "0.18"},
		{"${r}/x + sum(${r}/x) + ../x/y + instance('l')/root/item[1]/x", 0, NULL},
		{"${a} div 2 and ${b} mod 3", 0, NULL},
		{"${a}[1] = 1", 0, NULL},
	};

	(void)state;
	each(slips, sizeof slips / sizeof slips[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_want_quotes),
		cmocka_unit_test(spreadsheet_calls_are_told),
		cmocka_unit_test(a_day_tried_out_by_hand_is_a_subtraction),
		cmocka_unit_test(functions_are_named_as_they_are_here),
		cmocka_unit_test(operators_are_written_as_they_are_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
