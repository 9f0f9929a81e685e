/* Large text on the turned screen: only what is the visitor's, and only one way back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/screens/hall.h"

/* What is confirmed is masked, even when the clerk's own screen shows it whole. */
static void numbers_stay_masked(void **state)
{
	struct term *t = hall_today(*state);

	hall_to_review(t);
	term_keys(t, "<C-v>");
	term_wait(t, HALL_PERSON);
	term_keys(t, "<C-\\>");
	term_wait(t, "请 核 对 您 填 的 内 容");
	term_keys(t, " ");
	term_wait(t, "陈 晓 燕");
	term_wait(t, "1 1 0 1 0 1 * * * * * * * * 0 0 1 1");
	assert_false(term_has(t, "今日受理")); /* no other work */
	assert_false(term_has(t, "王小明"));
	term_keys(t, "<C-v>"); /* not from here */
	term_keys(t, "<PgUp>");
	term_wait(t, "请 核 对");
	term_keys(t, "<PgDn>");
	term_wait(t, "1 1 0 1 0 1 * * * * * * * * 0 0 1 1");
	term_keys(t, "<C-\\>");
	term_wait(t, HALL_PERSON); /* the clerk's screen is as it was */
	term_stop(t);
}

/* No key of the clerk's opens anything of others, or does anything, while it is turned. */
static void only_one_way_back(void **state)
{
	struct term *t = hall_today(*state);

	hall_submit(t);
	term_keys(t, "<C-\\>");
	term_wait(t, "本 地 收 件 号");
	assert_false(term_has(t, "晓")); /* heard, not read from afar */
	term_wait(t, "陈 * 燕");
	term_keys(t, "<M-1>");
	term_keys(t, "<M-3>");
	term_keys(t, "<M-4><C-c><C-x>?:/q<C-e><C-w><C-p><Enter>");
	term_keys(t, "<C-o>"); /* blanked at once, and any key brings it back */
	term_wait_gone(t, "本 地 收 件 号");
	term_keys(t, " ");
	term_wait(t, "本 地 收 件 号");
	term_keys(t, "<C-l>");
	term_wait(t, "本 地 收 件 号");
	term_keys(t, "<Esc>");
	term_wait(t, "已提交, 存在本机");
	term_stop(t);
}

/* What is missing comes first; a digit leads to a page; the ends hold. */
static void the_list_by_pages(void **state)
{
	struct term *t = hall_today(*state);

	term_keys(t, "残疾人证新<Enter>");
	term_wait(t, "2 材料");
	term_keys(t, "<Enter>");
	term_wait(t, "核对材料");
	term_keys(t, "1");
	term_wait(t, "已收 1");
	term_keys(t, "<C-\\>");
	term_wait(t, "还 缺   2   份 材 料");
	term_keys(t, "<Down>");
	term_wait(t, "两 寸 免 冠 照 片");
	term_keys(t, "<Right>");
	term_wait(t, "户 口 簿");
	term_keys(t, "<Space>");
	term_wait(t, "居 民 身 份 证");
	term_wait(t, "已 收");
	term_keys(t, "<Space><Space><Enter>");
	term_wait(t, "第 4 页, 共 4 页");
	term_keys(t, "2");
	term_wait(t, "两 寸 免 冠 照 片");
	term_keys(t, "<Home><Up><PgUp>");
	term_wait(t, "第 1 页, 共 4 页");
	term_resize(t, 16, 60);
	term_wait(t, "还 缺   2   份 材 料");
	term_keys(t, "<Esc>");
	term_wait(t, "已收 1");
	term_stop(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(numbers_stay_masked, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(only_one_way_back, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(the_list_by_pages, hall_setup, hall_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
