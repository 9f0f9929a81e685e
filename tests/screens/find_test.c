/* Finding without typing, the guide as it is used, and a catalogue that changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/station/catalogue.h"
#include "core/station/draft.h"
#include "core/station/index.h"
#include "core/station/store.h"
#include "tests/screens/hall.h"

static struct term *open_at(struct hall *h, const char *language, const char *today)
{
	struct term *t = hall_open(h, "xterm-256color", "C.UTF-8", language, 24, 80);

	hall_sign_in(t, today);
	return t;
}

static void browsing_without_typing(void **state)
{
	struct term *t = open_at(*state, "", "要您处理");

	term_keys(t, "<C-b>");
	term_wait(t, "浏览 / 主题");
	term_keys(t, "<Tab>");
	term_wait(t, "浏览 / 部门");
	term_keys(t, "<Enter>");
	term_wait(t, "查事项 / ");
	term_keys(t, "<Esc><Tab>");
	term_wait(t, "浏览 / 地区");
	term_keys(t, "1");
	term_wait(t, "查事项 / ");
	term_stop(t);
}

/* What stands in the next column gives way before the body's own name is cut. */
static void a_long_body_goes_without_its_region(void **state)
{
	static const char *const matters[] = {
		"{\"task_code\":\"11370000000000001A237000100021\",\"task_name\":\"试办甲\","
		"\"region_code\":\"371323000000\",\"region_name\":\"沂水县\","
		"\"dept_name\":\"沂水县残疾人联合会\",\"form\":\"probe\",\"materials\":[]}",
		"{\"task_code\":\"11370000000000001A237000100022\",\"task_name\":\"试办乙\","
		"\"region_code\":\"371323000000\",\"region_name\":\"沂水县\","
		"\"dept_name\":\"沂水县民政局\",\"form\":\"probe\",\"materials\":[]}"};
	struct term *t;

	hall_learn(*state, &clock_system, matters[0]);
	hall_learn(*state, &clock_system, matters[1]);
	t = open_at(*state, "", "要您处理");
	term_keys(t, "试办");
	term_wait(t, " 残疾人联合会      沂水县");
	term_wait(t, " 沂水县民政局      沂水县");
	term_stop(t);
}

static void kinds_take_turns(void **state)
{
	struct term *t = open_at(*state, "", "要您处理");

	term_keys(t, "/<C-f>");
	term_wait(t, "/ 个人");
	term_keys(t, "<C-f>");
	term_wait(t, "/ 单位");
	term_keys(t, "<C-f>");
	term_wait(t, "/ 即办");
	term_keys(t, "<C-f>");
	term_wait(t, "/ 可网办");
	term_keys(t, "<C-f>");
	term_wait_gone(t, "/ 可网办");
	term_stop(t);
}

/* Whoever types a visitor's name among the matters is told where persons are found. */
static void a_name_goes_on_to_the_cases(void **state)
{
	struct term *t = open_at(*state, "", "要您处理");

	term_keys(t, "欧阳诗涵");
	term_wait(t, "找人就回车, 到办件里查");
	term_keys(t, "<Enter>");
	term_wait(t, "办件 / 查找");
	term_wait(t, "欧阳诗涵");
	/* one of whose characters stands in the name of a matter */
	term_keys(t, "<M-1>王残例");
	term_wait(t, "的事项, 这些只是有几个字像。找人按 Ctrl-A");
	term_wait(t, "残疾人证新办");
	term_wait(t, "Ctrl-A 查办事人");
	term_keys(t, "<C-a>");
	term_wait(t, "办件 / 查找");
	term_wait(t, "王残例");
	term_keys(t, "<M-1>残疾证"); /* is called so: nobody's name */
	term_wait(t, "残疾人证新办");
	term_wait_gone(t, "查办事人");
	term_keys(t, "<M-1>甲乙丙丁戊己庚");
	term_wait(t, "没有找到。换个说法");
	term_keys(t, "<Enter>");
	term_wait(t, "没有找到。换个说法");
	term_stop(t);
}

/* Too small to work in: the whole sentence is there all the same. */
static void a_window_too_small_says_so_whole(void **state)
{
	struct term *t = open_at(*state, "", "要您处理");

	term_resize(t, 10, 40);
	term_wait(t, "40x10)");
	term_wait(t, "yimen --plain");
	term_resize(t, 5, 20);
	term_wait(t, "20x5)");
	term_wait(t, "--plain");
	term_resize(t, 24, 80);
	term_wait(t, "要您处理");
	term_stop(t);
}

static void pinned_ones_come_first(void **state)
{
	struct term *t = open_at(*state, "", "要您处理");

	term_keys(t, "/残疾人证新");
	term_wait(t, ">1 残疾人证新办");
	term_keys(t, "<C-t>");
	term_wait(t, "已置顶: 残疾人证新办");
	term_keys(t, "<C-u>");
	term_wait(t, ">1 残疾人证新办");
	term_stop(t);
	t = open_at(*state, "", "要您处理");
	term_keys(t, "/");
	term_wait(t, ">1 残疾人证新办");
	term_keys(t, "<C-t>");
	term_wait(t, "已取消置顶");
	term_stop(t);
}

static void a_word_within_the_guide(void **state)
{
	struct term *t = open_at(*state, "", "要您处理");

	term_keys(t, "残疾人证新<Enter>");
	term_wait(t, "1概要");
	term_wait(t, "收到"); /* the version, when it came in */
	term_keys(t, "<C-f>身份证<Enter>");
	term_wait(t, "下一处");
	term_keys(t, "<C-n><C-n>");
	term_keys(t, "<C-f><C-u>绝无此词<Enter>");
	term_wait(t, "绝无此词");
	term_wait(t, "没有");
	term_keys(t, "<C-y>");
	term_wait(t, "剪贴板");
	term_keys(t, "<C-p>");
	term_wait(t, "文书 / 一次性告知单");
	term_keys(t, "<C-p>");
	term_wait(t, "正本和存根已送往终端的打印机");
	term_stop(t);
}

/* ---- the catalogue changes ---- */

/* The same matters again, one of them with another limit. */
static void change_the_catalogue(struct hall *h)
{
	char path[300], index[300], line[65536];
	const char *home = strchr(h->home_env, '=') + 1;
	struct catalogue *c;
	struct catalogue_import how = {
		.source = "second.jsonl", .now_ms = clock_wall_ms(&clock_system)};
	struct catalogue_result r;
	FILE *from = fopen("tests/screens/matters.jsonl", "r"), *to = tmpfile();

	assert_true(from && to);
	while (fgets(line, sizeof(line), from)) {
		char *name = strstr(line, "残疾人证新办"), *brace = strrchr(line, '}');
		if (name && brace)
			strcpy(brace, ",\"handle_flow\":\"先评定, 再办证\"}\n");
		fputs(line, to);
	}
	rewind(to);
	snprintf(path, sizeof(path), "%s/catalogue.db", home);
	snprintf(index, sizeof(index), "%s/catalogue.idx", home);
	assert_int_equal(catalogue_open(&c, path, clock_day(how.now_ms), NULL), OK);
	assert_int_equal(catalogue_import(c, to, &how, &r, NULL), OK);
	assert_int_equal(r.changed, 1);
	assert_int_equal(index_build(c, index, NULL), OK);
	catalogue_close(c);
	fclose(from);
	fclose(to);
}

static void count_draft(void *arg, const struct draft *d)
{
	(void)d;
	++*(int *)arg;
}

static void a_draft_is_told_of_a_new_guide(void **state)
{
	struct hall *h = *state;
	struct term *t = open_at(h, "", "要您处理");
	struct store *s;
	int drafts = 0;

	term_keys(t, "残疾人证新<Enter>");
	term_wait(t, "1概要");
	term_keys(t, "<Enter>");
	term_wait(t, "核对材料 /");
	term_keys(t, "12");
	term_wait(t, "已收 2");
	term_keys(t, "<Enter>");
	term_wait(t, "验屏申请表");
	term_stop(t);
	assert_int_equal(
		store_open(&s, strchr(h->home_env, '=') + 1, &clock_system, &entropy_system, NULL),
		OK);
	draft_each(s, NULL, count_draft, &drafts);
	store_close(s);
	assert_int_equal(drafts, 1);
	change_the_catalogue(h);
	t = open_at(h, "", "要您处理");
	term_keys(t, "<Enter>");
	term_wait(t, "指南在暂存以后变了");
	term_keys(t, "<M-6>");
	term_wait(t, "今日变更");
	term_wait(t, "变更 1 项");
	term_wait(t, "先评定, 再办证");
	term_keys(t, "<Left>");
	term_wait(t, "没有变更");
	term_stop(t);
}

static void a_case_keeps_its_guide(void **state)
{
	struct hall *h = *state;
	struct term *t = open_at(h, "", "要您处理");

	term_keys(t, "残疾人证新<Enter>");
	term_wait(t, "1概要");
	term_keys(t, "<Enter>");
	term_wait(t, "核对材料 /");
	term_keys(t, "12");
	term_wait(t, "已收 2");
	term_keys(t, "<Enter>");
	term_wait(t, "验屏申请表");
	term_keys(t, "陈晓燕<Enter>");
	term_wait(t, "居民身份证  2");
	term_keys(t, "1<Enter>110101199003070011<Enter>13800138000<Tab>");
	term_wait(t, "13800138000");
	term_keys(t, "<C-g>");
	term_wait(t, "请申请人当面确认");
	term_keys(t, "y<Enter>");
	term_wait(t, "今日受理 1");
	term_keys(t, "<M-3>");
	term_wait(t, "陈");
	term_keys(t, "<Enter>");
	term_wait(t, "第 1 版");
	assert_false(term_has(t, "现行为"));
	term_stop(t);
	change_the_catalogue(h);
	t = open_at(h, "", "要您处理");
	term_keys(t, "<M-3>");
	term_wait(t, "陈");
	term_keys(t, "<Enter>");
	term_wait(t, "第 1 版; 现行为第 2 版");
	term_stop(t);
}

static void in_english_too(void **state)
{
	struct term *t = open_at(*state, "en", "Wants you");

	term_keys(t, "<C-b>");
	term_wait(t, "Browse / Theme");
	term_keys(t, "<M-6>");
	term_wait(t, "Changes today");
	term_stop(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(browsing_without_typing, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(kinds_take_turns, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_long_body_goes_without_its_region, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_name_goes_on_to_the_cases, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_window_too_small_says_so_whole, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(pinned_ones_come_first, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(a_word_within_the_guide, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_draft_is_told_of_a_new_guide, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(a_case_keeps_its_guide, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(in_english_too, hall_setup, hall_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
