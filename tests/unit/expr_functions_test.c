/* What expressions reckon: dates in the zone, numbers as people write them, the functions of the
 * counter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/expr_world.h"

static void test_dates_in_the_zone(void **state)
{
	struct expr_world *w = *state;
	static const struct expr_row rows[] = {
		{"today()", "2026-11-24"},
		{"now()", "2026-11-24T14:00:00.123+08:00"},
		{"date(today() + 10)", "2026-12-04"},
		{"format-date(today(), '%Y年%n月%e日')", "2026年11月24日"},
		{"format-date-time('2026-01-02T03:04:05.678Z', '%H:%M:%S.%3 %a %b %y')",
			"11:04:05.678 Fri Jan 26"},
		{"${birth} < today()", "true"},
		{"int((today() - ${birth}) div 365.25)", "61"},
		{"date('1990-02-30')",
			"!“1990-02-30”不是日期；请写成 2026-01-31，或 2026-01-31T09:30:00"},
		{"date(${empty})", ""},
		{"date(${empty} + 3)", ""},
		{"format-date(${empty}, '%Y')", ""},
		{"decimal-time('12:00')", "0.5"},
		{"number('2026-11-24') = number('2026-11-23T16:00:00Z')", "true"},
		{"number('2026-11-24T08:00:00+08:00') = number('2026-11-24T08:00:00.000+08')",
			"true"},
		{"number('2026-11-24T08:00:00+0830') = number('2026-11-24T08:00:00+08:30')",
			"true"},
		{"number('2026-11-24T08:00:00+08:')", "NaN"},
		{"number('2026-11-24T08:00:00+8')", "NaN"},
		{"number('2026-11-24T08:00:00+080')", "NaN"},
		{"number('2026-11-24T08:00:00+0860')", "NaN"},
		{"date(1e9)", "!数字“1”后面紧跟着文字；文字请加引号，单位请去掉"},
		{"date(1000000000)", "!日期超出范围（公元 1 年到 9999 年）；请检查计算"},
		{"date(-719163)", "!日期超出范围（公元 1 年到 9999 年）；请检查计算"},
		{"decimal-time('12')", "NaN"},
	};

	expr_world_rows(w, w->data, rows, sizeof rows / sizeof *rows);
}

static void test_numbers_as_people_write_them(void **state)
{
	struct expr_world *w = *state;
	static const struct expr_row rows[] = {
		{"0.1 + 0.2 = 0.3", "true"},
		{"0.1 + 0.2", "0.30000000000000004"},
		{"1.005 * 100", "100.49999999999999"},
		{"round(1.005, 2)", "1.01"},
		{"round(2.5)", "3"},
		{"round(-2.5)", "-2"},
		{"round(999.995, 2)", "1000"},
		{"round(0.5)", "1"},
		{"round(0.05)", "0"},
		{"round(-0.4)", "0"},
		{"round(1234567, -3)", "1235000"},
		{"round(1, 31)", "NaN"},
		{"round(1 div 0, 2)", "Infinity"},
		{"100000000000000000000000", "100000000000000000000000"},
		{"0.000001", "0.000001"},
		{"1 div 0", "Infinity"},
		{"-1 div 0", "-Infinity"},
		{"0 div 0", "NaN"},
		{"-0", "0"},
		{"number('1,5')", "NaN"},
		{"number('0x10')", "NaN"},
		{"number('1e3')", "NaN"},
		{"number('inf')", "NaN"},
		{"pow(${empty}, 0)", "NaN"},
		{"1div 2", "0.5"},
		{"5 mod3", "2"},
		{"1or0", "true"},
		{"--1", "1"},
		{"---1", "-1"},
		{"7 mod -3", "1"},
		{"boolean-from-string('1')", "true"},
	};

	expr_world_rows(w, w->data, rows, sizeof rows / sizeof *rows);
}

static void test_clerks_functions(void **state)
{
	struct expr_world *w = *state;
	static const struct expr_row rows[] = {
		{"id-card-valid('11010519491231002X')", "true"},
		{"id-card-valid('110105 19491231 002x')", "true"},
		{"id-card-valid('110105194912310021')", "false"},
		{"id-card-valid('')", "false"},
		{"id-card-birth('11010519491231002X')", "1949-12-31"},
		{"id-card-sex('11010519491231002X')", "2"},
		{"person-id-type('110105194912310021')", "111"},
		{"person-id-type(${empty})", ""},
		{"id-card-region('11010519491231002X')", "110105"},
		{"id-card-birth('11010519491331002X')", ""},
		{"id-card-birth(${empty})", ""},
		{"age(id-card-birth('11010519491231002X'))", "76"},
		{"age('1949-11-24')", "77"},
		{"age('1949-11-25')", "76"},
		{"age('2000-02-29', '2018-02-28')", "17"},
		{"age(${empty})", "NaN"},
		{"age('24/11/1949')",
			"!“24/11/1949”不是日期；请写成 2026-01-31，或 2026-01-31T09:30:00"},
		{"mobile-valid('13800138000')", "true"},
		{"mobile-valid('1380013800')", "false"},
		{"mobile-valid('0539-2251234')", "false"},
		{"contact-valid('0539-2251234')", "true"},
		{"postcode-valid('100000')", "true"},
		{"rmb-words(1200)", "壹仟贰佰元整"},
		{"rmb-words(1200.045)", "壹仟贰佰元零伍分"},
		{"rmb-words(${empty})", ""},
		{"rmb-words(1e)", "!数字“1”后面紧跟着文字；文字请加引号，单位请去掉"},
		{"rmb-words(99999999999999.99)", "!金额太大，写不成人民币大写；请检查是否多打了零"},
		{"rmb-words(9999999999999.99)",
			"玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"},
		{"rmb-words(99999999999999999)", "!金额太大，写不成人民币大写；请检查是否多打了零"},
		{"workday-add('2025-09-30', 1)", "2025-10-09"},
		{"workday-add('2025-09-30', 0)", "2025-09-30"},
		{"workday-add('2025-10-09', -1)", "2025-09-30"},
		{"workday-add(${empty}, 1)", ""},
		{"workday-add('2025-09-30', 1000000)",
			"!workday-add() 的天数不能超过 5000；请检查"},
		{"workday-count('2025-09-29', '2025-10-09')", "3"},
	};

	expr_world_rows(w, w->data, rows, sizeof rows / sizeof *rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_dates_in_the_zone, expr_world_make, expr_world_drop),
		cmocka_unit_test_setup_teardown(
			test_numbers_as_people_write_them, expr_world_make, expr_world_drop),
		cmocka_unit_test_setup_teardown(
			test_clerks_functions, expr_world_make, expr_world_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
