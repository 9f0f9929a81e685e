/* The one form an answer is written in, however it was typed; and what is said when it is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "forms/entry.h"
#include "forms/instance.h"
#include "tests/unit/small_form.h"

static const char kinds_of_answers[] =
	"| survey |\n| | type | name | label | parameters |\n| | integer | n | n | |\n| | decimal | d | d | |\n"
	"| | date | day | day | |\n| | time | hour | hour | |\n| | dateTime | moment | moment | |\n"
	"| | select_multiple l | some | some | |\n| | rank l | order | order | |\n| | acknowledge | read | read | |\n"
	"| | range | marks | marks | start=1 end=9 step=2 |\n"
	"| choices |\n| | list_name | name | label |\n| | l | a | 甲 |\n| | l | b | 乙 |\n"
	"| | l | c | 丙 丁 |\n";

struct written {
	const char *place, *typed, *stands;
	bool wrong;
};

static void answers_have_one_form(void **state)
{
	static const struct written rows[] = {{"n", "１２,０００", "12000", false},
		{"n", "+5", "5", false}, {"n", "-1,234", "-1234", false},
		{"n", "12,00", "12,00", true}, {"n", "5元", "5元", true}, {"n", "1.5", "1.5", true},
		{"d", "1,234,567.5", "1234567.5", false}, {"d", "1e5", "1e5", true},
		{"d", "0x10", "0x10", true}, {"d", "nan", "nan", true}, {"d", "-", "-", true},
		{"n", "0012", "12", false}, {"n", "-0", "0", false}, {"n", "000", "0", false},
		{"n", "0,123", "0,123", true}, {"n", "-007", "-7", false},
		{"n", "123456789012345", "123456789012345", false},
		{"n", "1234567890123456", "1234567890123456", true}, {"d", ".5", "0.5", false},
		{"d", "00.50", "0.50", false}, {"d", "-.5", "-0.5", false}, {"d", "5.", "5", false},
		{"d", "1.2.3", "1.2.3", true}, {"d", ".", ".", true},
		{"d", "0.00000000000000012", "0.00000000000000012", false},
		{"d", "1.50000000000000000000", "1.50000000000000000000", false},
		{"d", "3.141592653589793", "3.141592653589793", true},
		{"hour", "1430", "14:30", false}, {"hour", "930", "09:30", false},
		{"hour", "１４３０", "14:30", false}, {"hour", "143005", "14:30:05", false},
		{"hour", "2430", "2430", true}, {"hour", "1460", "1460", true},
		{"hour", "14", "14", true}, {"moment", "20260102 1430", "2026-01-02T14:30", false},
		{"day", "2026年1月2日", "2026-01-02", false},
		{"day", "2026-01-01T10:00", "2026-01-01T10:00", true},
		{"day", "2026-01-01abc", "2026-01-01abc", true},
		{"day", "2026-02-30", "2026-02-30", true}, {"hour", "9:5", "09:05", false},
		{"hour", "9：05", "09:05", false}, {"hour", "14时30分", "14:30", false},
		{"hour", "9点", "09:00", false}, {"hour", "9:05:61", "09:05:61", true},
		{"hour", "24:00", "24:00", true}, {"hour", "12:00+08:00", "12:00+08:00", false},
		{"hour", "noon", "noon", true},
		{"moment", "2026/1/2 9:05", "2026-01-02T09:05", false},
		{"moment", "2026-01-02", "2026-01-02", true},
		{"moment", "2026-01-02T09:05:00+08:00", "2026-01-02T09:05:00+08:00", false},
		{"some", "b a b", "b a", false}, {"some", "乙、丙 丁", "b c", false},
		{"some", "甲, 戊", "甲, 戊", true}, {"order", "c a b", "c a b", false},
		{"order", "c a", "c a", true}, {"order", "丙 丁、甲、乙", "c a b", false},
		{"read", "是", "OK", false}, {"read", "no", "", false},
		{"read", "maybe", "maybe", true}, {"marks", "3", "3", false},
		{"marks", "4", "4", true}, {"marks", "11", "11", true}};
	struct form *f = small_form(kinds_of_answers);
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct node *n = entry_find(e, rows[i].place);
		entry_set(e, n, rows[i].typed);
		if (strcmp(n->value, rows[i].stands) != 0)
			fail_msg("%s: %s, want %s", rows[i].typed, n->value, rows[i].stands);
		if ((entry_finding(e, n)->verdict == VERDICT_ERROR) != rows[i].wrong)
			fail_msg("%s in %s: %s", rows[i].typed, rows[i].place,
				buf_str(&entry_finding(e, n)->message));
	}
	entry_free(e);
	form_free(f);
}

static void a_day_or_hour_that_is_none_is_told_so(void **state)
{
	static const struct written rows[] = {/* stands: what the sentence begins with */
		{"day", "19900230", "1990-02-30 不存在", true},
		{"day", "1990.2.30", "1990-02-30 不存在", true},
		{"day", "1990年2月30日", "1990-02-30 不存在", true},
		{"day", "1990-02-30", "1990-02-30 不存在", true},
		{"day", "1990/13/1", "1990-13-01 不存在", true},
		{"day", "90-2-3", "年份要写四位", true}, {"day", "1990", "日期要写成", true},
		{"day", "1990--2-3", "日期要写成", true},
		{"day", "2026-01-01T10:00", "日期要写成", true}, {"day", "1992-2-29", "", false},
		{"hour", "1460", "没有 14 时 60 分", true},
		{"hour", "24:00", "没有 24 时 00 分", true},
		{"hour", "2530", "没有 25 时 30 分", true},
		{"hour", "25点", "没有 25 时 00 分", true},
		{"hour", "9:5:61", "没有 9 时 05 分 61 秒", true},
		{"hour", "090561", "没有 9 时 05 分 61 秒", true},
		{"hour", "-1:30", "时间要写成", true}, {"hour", "12:00x", "时间要写成", true},
		{"moment", "19900230 1430", "1990-02-30 不存在", true},
		{"moment", "2026-1-2 2460", "没有 24 时 60 分", true},
		{"moment", "2026-01-02", "日期时间要写成", true},
		{"moment", "2026年100000000000月2日 9:00", "日期时间要写成", true},
		{"moment", "2026年11月24日 9:00", "", false}};
	struct form *f = small_form(kinds_of_answers);
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct node *n = entry_find(e, rows[i].place);
		const struct finding *found;
		entry_set(e, n, rows[i].typed);
		found = entry_finding(e, n);
		if ((found->verdict == VERDICT_ERROR) != rows[i].wrong ||
			strncmp(buf_str(&found->message), rows[i].stands, strlen(rows[i].stands)) !=
				0)
			fail_msg("%s: %s, want %s", rows[i].typed, buf_str(&found->message),
				rows[i].stands);
	}
	entry_free(e);
	form_free(f);
}

/* The number of a paper is taken however it was typed. */
static void a_code_is_written_as_it_is_printed(void **state)
{
	struct form *f = NULL;
	struct entry *e;
	static const char md[] = "| survey |\n| | type | name | label | appearance | constraint |\n"
				 "| | text | no | 编号 | code | regex(., '^[A-Z][0-9]{4}$') |\n"
				 "| | text | other | 附注 | | |\n";

	(void)state;
	assert_int_equal(form_read_markdown(&f, md, strlen(md), NULL), OK);
	assert_string_equal(f->doubts, "");
	e = entry_new(f, &clock_system);
	entry_set_place(e, "no", " ｘ37 ０１ ");
	assert_string_equal(entry_find(e, "no")->value, "X3701");
	entry_set_place(e, "other", "ｘ37 ０１");
	assert_string_equal(entry_find(e, "other")->value, "ｘ37 ０１");
	entry_free(e);
	form_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_have_one_form),
		cmocka_unit_test(a_day_or_hour_that_is_none_is_told_so),
		cmocka_unit_test(a_code_is_written_as_it_is_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
