/* What can be told of an expression: its rule in words, and the fields that it depends on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "forms/expr.h"

struct row {
	const char *expr, *value;
};

static const char *label(void *arg, const char *name)
{
	static const char *const labels[][2] = {{"age", "年龄"}, {"sex", "性别"}, {"name", "姓名"},
		{"sex=2", "女"}, {"hobbies", "爱好"}};

	(void)arg;
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (strcmp(labels[i][0], name) == 0)
			return labels[i][1];
	return NULL;
}

static bool is_day(void *arg, const char *name)
{
	(void)arg;
	return strcmp(name, "born") == 0;
}

static size_t choices(void *arg, const char *name)
{
	(void)arg;
	return strcmp(name, "hobbies") == 0 ? 2 : 0;
}

static void test_rules_in_words(void **state)
{
	static const struct expr_words words = {
		.label = label, .is_day = is_day, .choices = choices};
	static const struct row rows[] = {
		{"${age} >= 60", "年龄 不小于 60"},
		{"${sex} = '2'", "性别 为 “女”"},
		{"'2' = ${sex}", "“女” 为 性别"},
		{"${name} != ''", "姓名 已填"},
		{"${name}", "姓名 已填"},
		{". = ''", "本项 未填"},
		{"${age} > 17 and (${sex} = '1' or ${name})",
			"年龄 大于 17，并且（性别 为 “1”，或者 姓名 已填）"},
		{"not(selected(${hobbies}, 'sing'))", "爱好 没有选 “sing”"},
		{"string-length(.) = 18", "本项 是 18 个字"},
		{"regex(., '^[0-9]{6}$')", "本项 是 6 位数字"},
		{"regex(${name}, '^\\p{Han}{2,4}$')", "姓名 是 2 到 4 个汉字"},
		{"regex(., '^\\d+$')", "本项 是 纯数字"},
		{"regex(., '^[0-9]{6}x$')", "本项 合乎表里定的格式"},
		{"not(regex(., '^[0-9]{6}x$'))", "本项 不合表里定的格式"},
		{"regex(., '^[A-Z][0-9]{9}$')", "本项 是 1 个大写字母，接着 9 位数字"},
		{"regex(., '^[A-Z]?[0-9]{9}$')", "本项 合乎表里定的格式"},
		{"regex(., '[0-9号村]')", "本项 写有数字或“号村”中的一个字"},
		{"regex(., '\\p{L}')", "本项 写有文字"},
		{"regex(., '[0-9a-z]')", "本项 合乎表里定的格式"},
		{"${age} != '' and ${age} < 18", "年龄 小于 18"},
		{"${sex} != '' and ${sex} != '2'", "性别 已填 且 不为 “女”"},
		{". >= 0 and . <= 100", "本项 不小于 0 且 不大于 100"},
		{"${sex} = '1' or ${sex} = '2' or ${sex} = '9'", "性别 为 “1”、“女” 或 “9”"},
		{"${sex} != '1' and ${sex} != '2'", "性别 不为 “1” 或 “女”"},
		{"not(${sex} = '1' or ${age} > 3)", "性别 不为 “1”，并且 年龄 不大于 3"},
		{"(${sex} = '1' and ${age} > 3) or (${age} > 3 and ${sex} = '2')",
			"年龄 大于 3，并且 性别 为 “1” 或 “女”"},
		{"selected(${hobbies}, 'a') or selected(${hobbies}, 'b')", "爱好 不论选了哪一项"},
		{"${age} > 3 and (selected(${hobbies}, 'a') or selected(${hobbies}, 'b'))",
			"年龄 大于 3"},
		{"selected(join(' ', ${sex}), '2')", "性别 选了 “女”"},
		{"${age} > 3 or (${age} > 3 and ${sex} = '2')", "年龄 大于 3"},
		{"${age} > 3 and (${age} <= 3 or ${name})", "年龄 大于 3，并且 姓名 已填"},
		{"${age} > 3 and ${age} <= 3", "从不"},
		{"${age} > 3 or not(${age} > 3)", "总是"},
		{"not(id-card-valid(.)) or age(id-card-birth(.)) >= 18",
			"若 本项 是居民身份证号，则 按 本项 上的出生日期 已满 18 周岁"},
		{"age(.) < 60", "按 本项 未满 60 周岁"},
		{"id-card-sex(.) = '2'", "本项 上的性别 为 “女”"},
		{". <= today()", "本项 不晚于 今天"},
		{"${born} < ${died}", "born 早于 died"},
		{". = 'yes'", "本项 为 “是”"},
		{"not(${age} + 1 * 2 > 3)", "年龄 加（1 乘以 2）不大于 3"},
		{"id-card-valid(.)", "本项 是居民身份证号"},
		{"workday-add(today(), 5) > .", "今天 后的第 5 个工作日 晚于 本项"},
		{"../age + 1 < today()", "年龄 加 1 早于 今天"},
		{"concat(${name}, 'a') = 'x'", "姓名 接上 “a” 为 “x”"},
		{"if(${age} > 60, 1, 2) = 1", "年龄 大于 60"},
		{". != ${name}", "本项 与 姓名 不同"},
		{"${name} = ../name", "姓名 与 姓名 相同"},
		{"person-id-type(.) = '' or person-id-type(.) = '111'",
			"本项 未填 或 是居民身份证号"},
		{"person-id-type(${name}) != '' and person-id-type(${name}) != '111'",
			"姓名 已填 且 不是居民身份证号"},
		{"person-id-type(.) = '414'", "本项 是护照号"},
		{"person-id-type(.) = '999'", "本项 的证件种类 为 “999”"},
		{"${sex} = '' or ${sex} = '1' or ${sex} = '2'", "性别 未填 或 为 “1” 或 “女”"},
		{"count(${hobbies}[. = 'a']) > 0", "爱好 里有（本项 为 “a”）的"},
		{"count(${hobbies}[. = 'a']) = 0", "爱好 里没有（本项 为 “a”）的"},
		{"not(count(${hobbies}[. = 'a']) >= 1)", "爱好 里没有（本项 为 “a”）的"},
		{"count(${hobbies}[. = 'a']) < 2", "爱好（本项 为 “a”）的个数 小于 2"},
		{"count(${hobbies}[2]) > 0", "爱好 的个数 大于 0"},
		/* what several choices of one question ask for is said once */
		{"(selected(${h}, 'a') and ${age} > 3) or (selected(${h}, 'b') and ${age} > 3) or "
		 "(selected(${h}, 'c') and ${name})",
			"（h 选了 “a” 或 “b”，并且 年龄 大于 3），或者（h 选了 “c”，并且 姓名 已填）"},
		{"(selected(${h}, 'a') and (${age} > 3 or ${name})) or (selected(${h}, 'b') and "
		 "${age} > 3)",
			"（h 选了 “a” 或 “b”，并且 年龄 大于 3），或者（h 选了 “a”，并且 姓名 已填）"},
		{"(selected(${h}, 'a') and ((${age} > 3 and ${sex}) or ${name})) or "
		 "(selected(${h}, 'b') and ${age} > 3 and ${sex})",
			"（h 选了 “a” 或 “b”，并且 年龄 大于 3，并且 性别 已填），或者（h 选了 “a”，"
			"并且 姓名 已填）"},
		{"(selected(${h}, 'a') and ${age} > 3) or (selected(${name}, 'b') and ${age} > 3)",
			"年龄 大于 3，并且（h 选了 “a”，或者 姓名 选了 “b”）"},
	};
	struct buf out = {0};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct expr *e = NULL;
		size_t at;

		assert_int_equal(expr_compile(&e, rows[i].expr, &at, NULL), OK);
		buf_clear(&out);
		expr_explain(e, &words, &out);
		if (strcmp(buf_str(&out), rows[i].value) != 0)
			fail_msg("%s\n  says %s\n  not  %s", rows[i].expr, buf_str(&out),
				rows[i].value);
		expr_free(e);
	}
	buf_fini(&out);
}

static void note(void *arg, const char *name, bool path)
{
	buf_printf(arg, "%s%s ", path ? "/" : "$", name);
}

static void test_what_it_depends_on(void **state)
{
	static const struct row rows[] = {
		{"${a} + ../b/c + count(/data/x[y = ${z}])", "$a /../b/c //data/x /y $z "},
		{". > 5 and regex(., '^a')", ""},
		{"current()/../b = 1", "/../b "},
		{"instance('t')/root/item[name = ${a} and county = current()/../b]/label",
			"$a /../b "},
		{"(instance('t')/root/item)[name = 'x'][1]", "/name "},
		{"${r}[x = 1]/y", "/*/y $r /x "},
		{"/", "// "},
	};
	struct buf seen = {0};
	struct expr *e = NULL;
	size_t at;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(expr_compile(&e, rows[i].expr, &at, NULL), OK);
		buf_clear(&seen);
		expr_references(e, note, &seen);
		assert_string_equal(buf_str(&seen), rows[i].value);
		assert_false(expr_volatile(e));
		expr_free(e);
	}
	assert_int_equal(expr_compile(&e, "if(${a}, 1, today())", &at, NULL), OK);
	assert_true(expr_volatile(e));
	expr_free(e);
	buf_fini(&seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules_in_words),
		cmocka_unit_test(test_what_it_depends_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
