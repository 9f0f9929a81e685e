/* What saves the clerk from typing: earlier answers, undo, why, a person found, look-alikes. */
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
#include "tests/screens/hall.h"

/* One key after another as a person types: not a scanner's burst. */
static void type_slowly(struct term *t, const char *text)
{
	for (; *text; text++) {
		char one[2] = {*text, '\0'};
		term_keys(t, one);
		term_rest(t, 45);
	}
}

static void a_person_found_and_all_taken(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_submit(t);
	term_keys(t, "<Enter>");
	term_wait(t, "没有草稿");
	hall_to_the_form(t);
	term_keys(t, "<C-a>");
	term_wait(t, "查办事人");
	term_keys(t, "cxy");
	term_wait(t, "110101********0011");
	term_keys(t, "<Enter>");
	term_wait(t, "2 栏有上次填的");
	term_wait(t, "上次: 示范村18号");
	term_wait(t, "上次: 居民身份证");
	term_keys(t, "<C-f>");
	term_wait(t, "取用了 2 栏");
	term_wait_gone(t, "上次: ");
	term_wait(t, "示范村18号");
	/* Taken back, they are there to be taken again. */
	term_keys(t, "<C-z>");
	term_wait(t, "上次: 示范村18号");
	term_keys(t, "<C-f>");
	term_wait(t, "取用了 2 栏");
	term_wait_gone(t, "上次: ");
	/* The same person, the same matter, not ended: side by side before a second one. */
	term_keys(t, "<C-g>");
	term_wait(t, "是不是重复 /");
	term_wait(t, "已有的那一件");
	term_wait(t, "110101********0011");
	term_keys(t, "<Enter>");
	term_wait(t, "请申请人当面确认");
	term_keys(t, "<Esc>");
	term_wait(t, "> 地址");
	term_keys(t, "<C-g>"); /* seen once, not asked again */
	term_wait(t, "请申请人当面确认");
	term_stop(t);
}

/* Keys of a returning applicant's whole application that are not facts only the visitor knows. */
static void few_keys_for_who_comes_again(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);
	static const char *const keys[] = {
		"<Enter>",			    /* the matter found by its words: a fact */
		"<Enter>",			    /* begin */
		"<Enter>",			    /* papers ticked: facts */
		"<C-a>", "<Enter>",		    /* the person, by initials: a fact */
		"<C-f>",			    /* all that is known */
		"<C-g>", "<Enter>", "y", "<Enter>", /* review, not the same case, confirmed */
	};
	static const char *const facts[] = {"残疾人证新", "", "12", "", "cxy", "", "", "", "", ""};
	static const char *const seen[] = {"残疾人证新办", "1概要", "已收 2", "验屏申请表",
		"陈晓燕", "2 栏有上次填的", "取用了 2 栏", "是不是重复", "请申请人当面确认", "> y"};

	hall_submit(t);
	term_keys(t, "<Enter>");
	term_wait(t, "没有草稿");
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (i == 2)
			term_wait(t, "核对材料 /");
		if (i == 4)
			term_wait(t, "查办事人");
		term_keys(t, facts[i]);
		term_wait(t, seen[i]);
		term_keys(t, keys[i]);
	}
	term_wait(t, "今日受理 2");
	assert_true(sizeof(keys) / sizeof(*keys) <= 15);
	print_message("keys beyond the facts: %zu (limit 15)\n", sizeof(keys) / sizeof(*keys));
	term_stop(t);
}

static void one_by_one_and_refused(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_submit(t);
	term_keys(t, "<Enter>");
	term_wait(t, "没有草稿");
	hall_to_the_form(t);
	term_keys(t, "<Down><Down>" HALL_PERSON "<Enter>");
	term_wait(t, "4 栏有上次填的");
	term_wait(t, "上次: 138****8000");
	term_keys(t, "<C-e>");
	term_wait(t, HALL_MOBILE);
	term_keys(t, "<Down>");
	term_wait(t, "上次填的: 示范村18号");
	term_keys(t, "<BS>");
	term_wait_gone(t, "上次: 示范村18号");
	term_keys(t, "<C-p>");
	term_wait(t, "上一位办事人");
	term_keys(t, "1");
	term_wait(t, "示范村18号");
	term_stop(t);
}

/* A computed line cannot be gone to: what it says stands there whole. */
static void an_amount_in_words_is_seen_whole(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	term_keys(t, "老年人优待<Enter>");
	term_wait(t, "1概要");
	term_keys(t, "<Enter>");
	term_wait(t, "金额(元)");
	term_wait(t, "自动得出");
	term_keys(t, "123456.78<Enter>");
	term_wait(t, "壹拾贰万叁仟肆佰伍拾陆元柒角捌分");
	term_keys(t, "<Up><C-u>8<Enter>");
	term_wait(t, "捌元整");
	term_wait(t, "自动得出");
	term_stop(t);
}

static void the_same_visitor_goes_on(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_submit(t);
	term_keys(t, "<C-e>");
	term_wait(t, "同一位办事人");
	term_keys(t, "残疾人证换");
	term_wait(t, "残疾人证换领");
	term_keys(t, "<C-e>");
	term_wait(t, "栏已带到这张表");
	term_stop(t);
}

static void back_and_again(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_form(t);
	term_keys(t, "陈晓燕<Enter>");
	term_wait(t, "居民身份证  2");
	term_keys(t, "9"); /* there are not so many: told here, nothing opens */
	term_wait(t, "没有第 9 项");
	term_keys(t, "1<Enter>1101");
	term_wait(t, "1101");
	term_keys(t, "<C-z>");
	term_wait_gone(t, "1101");
	term_wait(t, "已撤销一步");
	term_keys(t, "<C-z>");
	term_wait_gone(t, "居民身份证 ");
	term_keys(t, "<C-z>");
	term_wait_gone(t, "陈晓燕");
	term_keys(t, "<C-y><C-y><C-y>");
	term_wait(t, "陈晓燕");
	term_wait(t, "1101");
	term_keys(t, "<Tab><Tab><C-w>");
	term_wait(t, "家庭成员 2");
	term_keys(t, "<C-z>");
	term_wait_gone(t, "家庭成员 2");
	term_stop(t);
}

static void why(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_form(t);
	term_keys(t, "<Down><Down>11010119900307001X<Enter><Up>");
	term_wait(t, "> 证件号码");
	term_keys(t, "<C-_>");
	term_wait(t, "GB 11643");
	term_wait(t, "要收的材料, 为什么");
	term_wait(t, "办这个事项都要");
	term_keys(t, "<Enter>");
	term_wait(t, "> 证件号码");
	/* A genuine document that is refused: the rule is noted, the case waits. */
	term_keys(t, "<C-r>");
	term_wait(t, "哪里可疑");
	term_keys(t, "已核原件<Enter>");
	term_wait(t, "已记下存疑的规则");
	term_wait(t, "没办完的");
	term_stop(t);
}

static void a_card_is_read_whole(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_form(t);
	term_paste(t, "陈晓燕|女|汉|19900307|示范村18号|" HALL_PERSON);
	term_keys(t, "<Enter>");
	term_wait(t, HALL_PERSON);
	term_wait_gone(t, "19900307|");
	term_keys(t, "<C-k>");
	term_paste(t, "王小明|男|汉|19450101|示范村20号|371323194501019935");
	term_keys(t, "<Enter>");
	term_wait(t, "读出的与已填的不同");
	term_wait(t, HALL_PERSON);
	term_stop(t);
}

static void a_bank_card_is_typed_twice(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_form(t);
	term_keys(t, "<Tab><Down><Down>");
	term_wait(t, "> 银行卡号");
	type_slowly(t, "6217000000000000012");
	term_keys(t, "<Enter>");
	term_wait(t, "再输一遍");
	term_keys(t, "6217000000000000020<Enter>");
	term_wait(t, "两遍不一致");
	term_wait(t, "> 银行卡号");
	type_slowly(t, "6217000000000000012");
	term_keys(t, "<Enter>");
	term_wait(t, "再输一遍");
	term_keys(t, "6217 0000 0000 0000 012<Enter>");
	term_wait(t, "两遍一致");
	term_stop(t);
}

/* Put aside with the ticket's number, found by it from the cases. */
static void parked_and_found_by_ticket(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_form(t);
	term_keys(t, "陈晓燕<Enter>");
	term_wait(t, "居民身份证  2");
	term_keys(t, "<C-x>");
	term_wait(t, "命令 /");
	term_keys(t, "park<Enter>");
	term_wait(t, "记一句");
	term_keys(t, "A012 去复印<Enter>");
	term_wait(t, "已暂存");
	term_keys(t, "<M-3>");
	term_wait(t, "查办件");
	term_keys(t, "A012");
	term_wait(t, "暂存");
	term_keys(t, "<Enter>");
	term_wait(t, "> 证件类型");
	term_wait(t, "陈晓燕");
	term_stop(t);
}

/* Where papers are ticked or an answer is chosen a reader's line has no place: nothing is ticked or
 * chosen, nothing goes on, and it is said. */
static void a_reader_neither_ticks_nor_chooses(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_papers(t);
	term_burst(t, "121111111111118<Enter>");
	term_wait(t, "先到要填的栏, 再读一次");
	term_rest(t, 100); /* the rule itself is one of time */
	term_wait(t, "核对材料 /");
	term_wait(t, "已收 0");
	term_keys(t, "12");
	term_wait(t, "已收 2");
	term_keys(t, "<Enter>");
	term_wait(t, "> 姓名");
	term_keys(t, "陈晓燕<Enter>");
	term_wait(t, "> 证件类型");
	term_rest(t, 100);
	term_keys(t, "2");
	term_wait(t, "> 证件类型* 普通护照");
	term_rest(t, 100);
	term_burst(t, "111111111111111118<Enter>");
	term_wait(t, "先到要填的栏, 再读一次");
	term_wait(t, "> 证件类型* 普通护照");
	term_rest(t, 100);
	term_burst(t, "13800138000<Enter>"); /* its first is a choice, its third is none */
	term_wait(t, "先到要填的栏, 再读一次");
	term_wait(t, "> 证件类型* 普通护照");
	term_rest(t, 100);
	term_burst(t, HALL_PERSON "|陈晓燕|女|汉<Enter>"); /* a card, its number first */
	term_wait(t, "证件号码* " HALL_PERSON);
	term_wait(t, "> 证件类型* 普通护照");
	term_rest(t, 100);
	term_keys(t, "1<Enter>");
	term_wait(t, "> 证件号码");
	term_stop(t);
}

/* Behind a card the next open field is current, so that the next person's card can follow. */
static void a_card_goes_on_at_what_is_open(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_form(t);
	term_keys(t, "<Down>1<Up>"); /* the kind of certificate, between the name and the number */
	term_wait(t, "> 姓名");
	term_rest(t, 100);
	term_burst(t, "陈晓燕|女|汉|" HALL_PERSON "<Enter>");
	term_wait(t, "证件号码* " HALL_PERSON);
	term_wait(t, "> 联系电话");
	term_stop(t);
}

/* Whoever is known by a number is found by it from the first screen on; a card read where one
 * chooses still goes to its fields; undo and redo never paste. */
static void a_number_finds_its_case_and_a_card_its_fields(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_submit(t);
	term_keys(t, "<Enter>");
	term_wait(t, "没有草稿");
	term_rest(t, 100); /* the rule itself is one of time */
	term_burst(t, HALL_PERSON "<Enter>");
	term_wait(t, "办件 / 查找");
	term_wait(t, "共 1 件");
	term_keys(t, "<M-1>");
	term_wait(t, "没有草稿");
	hall_to_the_form(t);
	term_keys(t, "<Down>");
	term_wait(t, "> 证件类型");
	term_rest(t, 100);
	term_burst(t, "王小明|男|汉|19450101|示范村20号|371323194501019935<Enter>");
	term_wait(t, "371323194501019935");
	term_wait(t, "王小明");
	term_keys(t, "<Up>");
	term_wait(t, "> 姓名");
	term_keys(t, "<C-u>");
	term_keys(t, "<C-y>");
	term_wait(t, "没有可重做的");
	term_wait_gone(t, "姓名    * 王小明王小明");
	term_stop(t);
}

static void paste_too_much(struct term *t)
{
	struct buf text = {0};

	buf_adds(&text, "\033[200~");
	for (int i = 0; i < 4001; i++)
		buf_adds(&text, "字");
	buf_adds(&text, "\033[201~");
	term_send(t, text.data, text.len);
	term_wait(t, "这一栏最多 4000 字, 多出来的没有放进去");
	buf_fini(&text);
}

/* More than a field holds: what is left out is said. */
static void a_paste_too_long_is_told(void **state)
{
	struct term *t = hall_today(*state);

	hall_to_the_form(t);
	paste_too_much(t);
	term_stop(t);
}

/* The line of a question says the same. */
static void a_prompt_too_long_is_told(void **state)
{
	struct term *t = hall_today(*state);

	term_keys(t, "<M-4>");
	term_wait(t, "待发与退回");
	term_keys(t, "<C-f>");
	term_wait(t, "只看含有");
	paste_too_much(t);
	term_wait(t, "只看含有");
	term_keys(t, "<BS>");
	term_wait_gone(t, "多出来的没有放进去");
	term_stop(t);
}

/* Whoever is stopped by a warning reads there how its reason is given. */
static void a_warning_tells_its_way_out(void **state)
{
	struct term *t = hall_today(*state);

	hall_to_the_form(t);
	term_keys(t, "陈晓燕<Enter>1<Enter>" HALL_PERSON "<Enter>14100000000<Enter>");
	term_wait(t, "> 出生日期");
	term_keys(t, "<Down>示范村18号<Enter><C-g>");
	term_wait(t, "1 处提醒要写明原因。这里按 Ctrl-R 写, Ctrl-N 到下一处: 联系电话");
	term_wait(t, "> 联系电话");
	term_wait(t, "Ctrl-R 写明原因");
	term_keys(t, "<Down>");
	term_wait_gone(t, "Ctrl-R 写明原因");
	term_keys(t, "<C-n>");
	term_wait(t, "无误的按 Ctrl-R 写明原因: 141 号段");
	assert_false(term_has(t, "错误 联系电话"));
	term_wait(t, "Ctrl-R 写明原因  ");
	term_keys(t, "<C-r>");
	term_wait(t, "核实的情况和采用的原因");
	term_keys(t, "当面拨打过<Enter>");
	term_wait(t, "已记下原因");
	term_keys(t, "<C-g>");
	term_wait(t, "请申请人当面确认");
	term_stop(t);
}

/* What the field that was left is doubted for and what can be chosen in the next are seen at once.
 */
static void a_warning_leaves_the_choices_in_view(void **state)
{
	static const char matter[] =
		"{\"task_code\":\"11370000000000001A237000100011\",\"task_name\":\"人口试办\","
		"\"dept_name\":\"县残疾人联合会\",\"form\":\"probe\",\"materials\":[],"
		"\"situation\":[{\"name\":\"persons\",\"type\":\"integer\",\"label\":\"几口人\","
		"\"soft_constraint\":\". < 10\",\"soft_constraint_message\":"
		"\"十口以上少见, 请核对户口簿上是不是这么多人, 再往下问\"},"
		"{\"name\":\"agent\",\"type\":\"select_one\",\"label\":\"别人代办?\",\"choices\":"
		"[{\"name\":\"yes\",\"label\":\"是的\"},{\"name\":\"no\",\"label\":\"不是\"}]}]}";
	struct hall *h = *state;
	struct term *t;

	hall_learn(h, &clock_system, matter);
	t = hall_today(h);
	term_keys(t, "人口试办");
	term_wait(t, ">1 人口试办");
	term_keys(t, "<Enter>");
	term_wait(t, "1概要");
	term_keys(t, "<Enter>");
	term_wait(t, "> 几口人");
	term_keys(t, "12<Enter>");
	term_wait(t, "> 别人代办?");
	term_wait(t, "几口人: 十口以上少见");
	assert_true(term_has(t, "1 是的  2 不是"));
	term_keys(t, "3"); /* no such choice */
	term_wait(t, "没有第 3 项");
	assert_true(term_has(t, "1 是的  2 不是"));
	term_keys(t, "1");
	term_wait_gone(t, "十口以上少见, 请核对户口簿上是不是这么多人");
	term_stop(t);
}

/* The same of what is wrong, and when a submission stops at a choice that was not made. */
static void an_error_leaves_the_choices_in_view(void **state)
{
	static const char choices[] = "1 居民身份证  2 ";
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_form(t);
	term_wait(t, "> 姓名");
	term_keys(t, "陈晓燕<Enter>");
	term_wait(t, "> 证件类型");
	term_wait(t, choices);
	term_keys(t, "<C-g>");
	term_wait(t, "处没填。Ctrl-N 到下一处: 证件类型");
	assert_true(term_has(t, choices));
	term_keys(t, "<Enter>");
	term_wait(t, "> 证件号码");
	type_slowly(t, "110101199003070012");
	term_keys(t, "<Up>");
	term_wait(t, "错误 证件号码: ");
	term_wait(t, "> 证件类型");
	assert_true(term_has(t, choices));
	term_keys(t, "1");
	term_wait_gone(t, "错误 证件号码: ");
	term_wait(t, choices);
	term_stop(t);
}

/* An answer longer than its place is seen whole when one has gone on; what is said of it has its
 * place back. */
static void a_long_answer_is_seen_whole(void **state)
{
	static const char address[] = "示范省示范市示范县示范镇示范村示范路一百一十八号院三单元";
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_form(t);
	term_wait(t, "> 姓名");
	for (int i = 0; i < 5; i++)
		term_keys(t, "<Down>");
	term_wait(t, "> 地址");
	term_keys(t, address);
	term_wait(t, "号院三单元");
	assert_false(term_has(t, address));
	term_keys(t, "<Enter>");
	term_wait(t, "> 银行卡号");
	term_wait(t, address);
	term_keys(t, "<Up>");
	term_wait(t, "> 地址");
	term_wait(t, "写到门牌号");
	assert_false(term_has(t, address));
	term_stop(t);
}

/* Left unconfirmed, it says what is missing and the key that confirms it. */
static void what_is_to_be_confirmed_says_how(void **state)
{
	static const char matter[] =
		"{\"task_code\":\"11370000000000001A237000100008\",\"task_name\":\"当面确认试办\","
		"\"dept_name\":\"县残疾人联合会\",\"form\":\"probe\",\"situation\":["
		"{\"name\":\"town\",\"type\":\"text\",\"label\":\"乡镇\"},"
		"{\"name\":\"seen\",\"type\":\"acknowledge\",\"label\":\"已当面确认\"}]}";
	struct hall *h = *state;
	struct term *t;

	hall_learn(h, &clock_system, matter);
	t = hall_today(h);
	term_keys(t, "当面确认");
	term_wait(t, "当面确认试办");
	term_keys(t, "<Enter>");
	term_wait(t, "1概要");
	term_keys(t, "<Enter>");
	term_wait(t, "> 乡镇");
	term_keys(t, "城关<Enter>");
	term_wait(t, "> 已当面确认");
	term_wait(t, "空格确认");
	term_keys(t, "<C-g>");
	term_wait(t, "! 必填, 空格确认");
	term_keys(t, " ");
	term_wait(t, "[x] 已确认");
	term_stop(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_is_to_be_confirmed_says_how, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_person_found_and_all_taken, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			few_keys_for_who_comes_again, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(one_by_one_and_refused, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			the_same_visitor_goes_on, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			an_amount_in_words_is_seen_whole, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(back_and_again, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(why, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(a_card_is_read_whole, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_reader_neither_ticks_nor_chooses, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_card_goes_on_at_what_is_open, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_number_finds_its_case_and_a_card_its_fields, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_paste_too_long_is_told, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_prompt_too_long_is_told, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_bank_card_is_typed_twice, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_warning_leaves_the_choices_in_view, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_long_answer_is_seen_whole, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			an_error_leaves_the_choices_in_view, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			parked_and_found_by_ticket, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_warning_tells_its_way_out, hall_setup, hall_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
