/*
 * The line mode at the fields of a form: what can be done at each, a card that is read, a warning
 * that is taken with a reason, repetitions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/paths.h"
#include "core/station/draft.h"
#include "core/station/store.h"
#include "tests/screens/hall.h"
#include "tests/screens/lines.h"

static const struct lines_options chinese = {"dumb", "C.UTF-8", "", false};

/* Signs in and stands at the first field of 残疾人证新办. */
static void go_to_the_form(struct lines *l, struct hall *h)
{
	static const char *const answers[] = {
		HALL_OPERATOR, HALL_PASS, "03", "残疾人证新", "1", "1", "1", "1", "", "", NULL};

	lines_start(l, h, &chinese);
	lines_answers(l, answers);
}

static void count_draft(void *arg, const struct draft *d)
{
	(void)d;
	++*(size_t *)arg;
}

static size_t drafts_of(struct hall *h)
{
	struct store *s = hall_store(h);
	size_t count = 0;

	draft_each(s, NULL, count_draft, &count);
	store_close(s);
	return count;
}

static void windows_are_set(const struct hall *h)
{
	static const char line[] = "station.windows = 03 综合受理, 05 社保医保\n";
	char path[512];

	snprintf(path, sizeof(path), "%s/yimen.conf", strchr(h->home_env, '=') + 1);
	assert_int_equal(paths_replace(path, line, strlen(line)), OK);
}

/* What can be done at a field: the list, back, undo, why, a number that is a word of the menu. */
static void a_field_has_its_acts(void **state)
{
	struct lines l;

	windows_are_set(*state);
	go_to_the_form(&l, *state);
	lines_answer(&l, "陈晓燕");
	lines_answer(&l, "hz"); /* 护照, by initials */
	lines_expect(&l, "普通护照: 选上");
	lines_answer(&l, "-");
	lines_expect(&l, "证件类型, 必填, 现在是 普通护照");
	lines_answer(&l, "1");
	lines_answer(&l, HALL_PERSON);
	lines_answer(&l, "*");
	lines_expect(&l, "3 证件号码: 110101********0011");
	lines_expect(&l, "4 联系电话: 必填, 空着");
	lines_answer(&l, "1");
	lines_expect(&l, "姓名, 必填, 与证件一致, 现在是 陈晓燕");
	lines_answer(&l, "李样例");
	lines_answer(&l, ":撤销");
	lines_expect(&l, "已撤销一步。");
	lines_expect(&l, "现在是 陈晓燕");
	lines_answer(&l, ":wsm");
	lines_expect(&l, "要收的材料, 为什么");
	lines_answer(&l, "/");
	lines_expect(&l, "1 核对提交");
	lines_answer(&l, "1");
	lines_expect(&l, "还有 1 处要处理:");
	lines_answer(&l, "");
	lines_expect(&l, "联系电话, 必填");
	lines_answer(&l, " -"); /* an answer, not a sign */
	lines_expect(&l, "错误: 没有填");
	lines_answer(&l, ":暂存");
	lines_answer(&l, "去拿手机");
	lines_answer(&l, "2");
	lines_expect(&l, "暂存: 去拿手机");
	lines_answer(&l, "1");
	lines_answer(&l, "4"); /* a number that nobody has */
	lines_answer(&l, "0599");
	lines_answer(&l, "");
	lines_expect(&l, "没有 0599 这个工号, 也没有这个窗口。");
	lines_answer(&l, "1");
	lines_answer(&l, "4"); /* handed to a window, then dropped all the same */
	lines_answer(&l, "05");
	lines_answer(&l, "他熟");
	lines_expect(&l, "已交给 05");
	lines_answer(&l, "1");
	lines_answer(&l, "3");
	lines_answer(&l, "1");
	lines_expect(&l, "没有没办完的。");
	assert_int_equal(lines_end(&l), EXIT_DONE);
	assert_int_equal(drafts_of(*state), 0);
	lines_fini(&l);
}

#define CARD  "陈晓燕|女|汉|19900307|示范镇人民路18号|" HALL_PERSON "|示范县公安局"
#define OTHER "陈另例|女|汉|19920512|示范镇人民路20号|371323199205129964|示范县公安局"

/* What a card has filled is told, masked, and not asked; a way back to it is told and there. */
static void what_a_card_fills_is_not_asked(void **state)
{
	struct lines l;

	go_to_the_form(&l, *state);
	lines_answer(&l, CARD);
	lines_expect(&l, "读到一张证, 已各归各栏。\n由证填上 姓名: 陈晓燕\n"
			 "由证填上 证件号码: 110101********0011\n");
	lines_expect(&l, "要改打减号往回, 或打星号去那一栏。");
	lines_expect(&l, "\n证件类型, 必填");
	lines_answer(&l, "1");
	lines_expect(&l, "联系电话, 必填"); /* not the number */
	lines_answer(&l, "-");
	lines_expect(&l, "证件号码, 必填, 现在是 " HALL_PERSON);
	lines_answer(&l, "");
	lines_expect(&l, "联系电话, 必填");
	lines_answer(&l, HALL_MOBILE);
	lines_answer(&l, "*");
	lines_expect(&l, "5 出生日期");
	lines_answer(&l, "0");
	lines_answer(&l, ":撤销");
	lines_expect(&l, "已撤销一步。");
	assert_int_equal(lines_end(&l), EXIT_DONE);
	lines_fini(&l);
}

/* Once more is no news, and another person's card is not taken: not even where one chooses. */
static void a_card_may_be_read_anywhere(void **state)
{
	struct lines l;

	go_to_the_form(&l, *state);
	lines_answer(&l, "");
	lines_answer(&l, CARD); /* where the kind of the certificate is chosen */
	lines_expect(&l, "由证填上 证件号码: 110101********0011");
	lines_expect(&l, "\n证件类型, 必填"); /* it is still open */
	lines_answer(&l, CARD);
	lines_expect(&l, "读到一张证, 与已填的一致。");
	lines_answer(&l, OTHER);
	lines_expect(&l, "错误: 读出的与已填的不同: 证件号码、姓名。是另一个人的证");
	lines_expect(&l, "\n证件类型, 打数字选");
	lines_answer(&l, "1");
	lines_answer(&l, "*");
	lines_expect(&l, "1 姓名: 陈晓燕");
	assert_int_equal(lines_end(&l), EXIT_DONE);
	lines_fini(&l);
}

/* The same value once more: its reason stands, and is not asked for again. */
static void a_reason_is_given_once(void **state)
{
	static const char *const first[] = {
		"陈晓燕", "1", HALL_PERSON, "14100000000", "当面拨打过", NULL};
	struct lines l;

	go_to_the_form(&l, *state);
	lines_answers(&l, first);
	lines_expect(&l, "已记下原因, 随件报送。");
	lines_expect(&l, "\n出生日期");
	lines_answer(&l, "-");
	lines_expect(&l, "现在是 14100000000");
	lines_answer(&l, "14100000000");
	lines_expect(&l, "已写明: 当面拨打过。\n申请内容 部分\n出生日期");
	assert_int_equal(lines_end(&l), EXIT_DONE);
	lines_fini(&l);
}

/* Each repetition is announced with how many there are; a bank card is typed twice. */
static void repetitions_are_counted(void **state)
{
	struct lines l;

	go_to_the_form(&l, *state);
	for (int i = 0; i < 6; i++)
		lines_answer(&l, i == 0 ? "陈晓燕" : "");
	lines_expect(&l, "银行卡号");
	lines_answer(&l, "6228480402564890018");
	lines_expect(&l, "再输一遍 银行卡号");
	lines_answer(&l, "6228480402564890019");
	lines_expect(&l, "两遍不一致, 已清空。");
	lines_answer(&l, "6228480402564890018");
	lines_answer(&l, "6228480402564890018");
	lines_expect(&l, "家庭成员, 第 1 份, 共 1 份");
	lines_answer(&l, "陈大");
	lines_answer(&l, "1");
	lines_expect(&l, "家庭成员, 第 2 份, 共 2 份");
	lines_answer(&l, "陈二");
	lines_answer(&l, "-");
	lines_answer(&l, ":删去");
	lines_answer(&l, "1");
	lines_expect(&l, "已删去。");
	lines_expect(&l, "家庭成员, 再加一份?");
	lines_answer(&l, "-");
	lines_expect(&l, "家庭成员, 第 1 份, 共 1 份");
	lines_expect(&l, "现在是 陈大");
	assert_int_equal(lines_end(&l), EXIT_DONE);
	lines_fini(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_field_has_its_acts, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			what_a_card_fills_is_not_asked, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_card_may_be_read_anywhere, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(a_reason_is_given_once, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(repetitions_are_counted, hall_setup, hall_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
