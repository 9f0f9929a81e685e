/* Expressions that are refused: with place and mend; and what hostile definitions and answers must
 * not do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "tests/unit/expr_world.h"

/* What is refused, where, and that the sentence names the mend. */
static void test_refusals(void **state)
{
	static const struct {
		const char *expr;
		size_t at;
		const char *says;
	} rows[] = {
		{"${age} >> 3", 8, "看不懂"},
		{"${age", 0, "没有配对的 }"},
		{"${}", 0, "字段名"},
		{"'abc", 0, "没有配对"},
		{"1 +", 3, "没有写完"},
		{"", 0, "空的"},
		{"   ", 0, "空的"},
		{"(1", 2, ")"},
		{"concat('a' 'b')", 11, "逗号或 )"},
		{"count(,)", 6, "看不懂"},
		{"count(${a},)", 11, "看不懂"},
		{"${a} == 1", 5, "请改为 ="},
		{"${a} && ${b}", 5, "请改为 and"},
		{"!${a}", 0, "not"},
		{"${a} = ‘是", 7, "没有配对"},
		{"if（${a}, 1, 2)", 2, "请改为英文的 ("},
		{"selectd(${a}, 'b')", 0, "没有 selectd()"},
		{"selected(${a})", 0, "要 2 个参数"},
		{"1 + cos(2)", 4, "三角函数"},
		{"area(${a})", 0, "地理"},
		{"jr:itext('a')", 0, "label::"},
		{"//a", 0, "任意深度"},
		{"a//b", 1, "任意深度"},
		{"descendant::a", 0, "descendant 轴"},
		{"@id", 0, "属性"},
		{"a/text()", 2, "text()"},
		{"$x", 0, "不支持变量"},
		{"${last-saved#a}", 0, "last-saved"},
		{"regex(., '[')", 0, "没有配对的 ]"},
		{"regex(., '\\p{Hanzi}')", 0, "\\p{Han}"},
		{"regex(., '[\\w-.](')", 0, "第 8 个字符处有误：( 没有配对"},
		{"regex(., '((((((((((((((((((((((((((((((((((((((((((((((((((((((a')", 0, "太深"},
		{"regex(., '((a{999}){999}){999}')", 0, "正则表达式"},
		{"if(${a}, date('2026-02-30'), '')", 9, "不是日期"},
		{"digest(${a}, 'SHA-256') = digest('a', 'sha256')", 26, "sha256"},
		{"count('a')", 0, "字段或路径"},
		{"sum(${a} + ${b})", 0, "字段或路径"},
		{"5元", 0, "单位"},
		{"\xff", 0, "UTF-8"},
		{"weighted-checklist(1, 2, 3)", 0, "成对"},
	};
	struct buf why = {0};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct expr *e = NULL;
		size_t at = 999;

		assert_int_equal(expr_compile(&e, rows[i].expr, &at, &why), ERR_INVALID);
		if (at != rows[i].at || !strstr(buf_str(&why), rows[i].says))
			fail_msg("%s: at %zu: %s", rows[i].expr, at, buf_str(&why));
	}
	buf_fini(&why);
}

static void test_lenient_refuses_what_is_reached(void **state)
{
	struct expr_world *w = *state;
	struct expr *e = NULL;
	struct value v;
	struct buf why = {0};
	size_t at;

	assert_int_equal(expr_compile_lenient(&e, "true() or nonsense(1)", &at, &why), OK);
	assert_int_equal(expr_eval(e, &w->env, NULL, &v, &why), OK);
	assert_true(v.as.boolean);
	expr_free(e);
	assert_int_equal(expr_compile_lenient(&e, "false() or nonsense(1)", &at, &why), OK);
	assert_int_equal(expr_eval(e, &w->env, NULL, &v, &why), ERR_INVALID);
	assert_non_null(strstr(buf_str(&why), "nonsense"));
	expr_free(e);
	buf_fini(&why);
}

static void test_evaluation_refuses(void **state)
{
	struct expr_world *w = *state;
	static const struct {
		const char *expr, *says;
	} rows[] = {
		{"count(if(1, 'a', 'b'))", "要的是字段或路径"},
		{"instance('nowhere')/root/item", "nowhere"},
		{"digest('a', 'CRC')", "CRC"},
		{"uuid(100000)", "1000"},
		{"regex('a', concat('(', ''))", "正则表达式"},
		{"base64-decode('/w==')", "UTF-8"},
		{"regex(concat('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '!'), '^(a|a|aa)+$')", "费时"},
	};
	struct buf got = {0};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		expr_world_value(w, w->data, rows[i].expr, &got);
		if (buf_str(&got)[0] != '!' || !strstr(buf_str(&got), rows[i].says))
			fail_msg("%s: %s", rows[i].expr, buf_str(&got));
	}
	buf_fini(&got);
}

/* text repeated n times. */
static void repeat(struct buf *b, const char *text, size_t n)
{
	while (n-- > 0)
		buf_adds(b, text);
}

static void test_deep_brackets_are_refused(void **state)
{
	static const char *const openings[] = {"(", "not(", "a[", "-(", "if(1,2,"};
	struct expr_world *w = *state;
	struct buf text = {0}, got = {0};

	repeat(&text, "(", 150);
	buf_adds(&text, "1");
	repeat(&text, ")", 150);
	expr_world_value(w, w->data, text.data, &got);
	assert_string_equal(buf_str(&got), "1");
	for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
		buf_clear(&text);
		repeat(&text, openings[i], 100000);
		expr_world_value(w, w->data, text.data, &got);
		assert_non_null(strstr(buf_str(&got), "太深"));
	}
	buf_fini(&text);
	buf_fini(&got);
}

static void test_long_expressions(void **state)
{
	struct expr_world *w = *state;
	struct buf text = {0}, got = {0};

	buf_adds(&text, "0");
	repeat(&text, "+1", 400000);
	expr_world_value(w, w->data, text.data, &got);
	assert_string_equal(buf_str(&got), "400000");
	buf_clear(&text);
	repeat(&text, "-", 500000);
	buf_adds(&text, "1");
	expr_world_value(w, w->data, text.data, &got);
	assert_string_equal(buf_str(&got), "1");
	buf_clear(&text);
	buf_adds(&text, ".");
	repeat(&text, "/..", 200000);
	expr_world_value(w, w->income, text.data, &got);
	assert_string_equal(buf_str(&got), "");
	buf_clear(&text);
	repeat(&text, "1 or ", 300000);
	expr_world_value(w, w->data, text.data, &got);
	assert_non_null(strstr(buf_str(&got), "太长"));
	buf_fini(&text);
	buf_fini(&got);
}

/* Predicates in predicates over a big table would take minutes: they are stopped. */
static void test_endless_work_is_stopped(void **state)
{
	struct expr_world *w = *state;
	struct buf got = {0};

	for (int i = 0; i < 3000; i++)
		expr_world_add(expr_world_add(w->towns, "item", NULL), "name", "n");
	expr_world_value(w, w->data,
		"count(instance('towns')/root/item[count(instance('towns')/root/item[name = "
		"current()/name]) > 0])",
		&got);
	assert_non_null(strstr(buf_str(&got), "算的太多"));
	buf_fini(&got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusals),
		cmocka_unit_test_setup_teardown(
			test_lenient_refuses_what_is_reached, expr_world_make, expr_world_drop),
		cmocka_unit_test_setup_teardown(
			test_evaluation_refuses, expr_world_make, expr_world_drop),
		cmocka_unit_test_setup_teardown(
			test_deep_brackets_are_refused, expr_world_make, expr_world_drop),
		cmocka_unit_test_setup_teardown(
			test_long_expressions, expr_world_make, expr_world_drop),
		cmocka_unit_test_setup_teardown(
			test_endless_work_is_stopped, expr_world_make, expr_world_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
