/* The main job by keys alone: find, check, fill, review, submit, receipt; and what may go wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/station/cases.h"
#include "core/station/draft.h"
#include "core/station/store.h"
#include "tests/screens/hall.h"

static void fill(struct term *t)
{
	term_keys(t, "陈晓燕<Enter>");
	term_wait(t, "居民身份证  2");
	term_keys(t, "1<Enter>" HALL_PERSON "<Enter>");
	term_wait(t, HALL_PERSON);
	term_keys(t, HALL_MOBILE "<Tab>");
	term_wait(t, HALL_MOBILE);
}

static void the_whole_road(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);
	char receipt[64];
	struct case_view v;
	struct store *s;

	hall_to_the_form(t);
	fill(t);
	term_keys(t, "<C-g>");
	term_wait(t, "请申请人当面确认");
	term_wait_gone(t, HALL_PERSON); /* masked */
	term_keys(t, "y<Enter>");
	term_wait(t, "已提交, 存在本机");
	term_wait(t, "今日受理 1"); /* the last row: the paint is whole */
	assert_true(term_word(t, "L2", receipt, sizeof(receipt)));
	s = hall_store(h);
	assert_int_equal(case_get(s, receipt, &v), OK);
	assert_string_equal(v.applyer_name, "陈晓燕");
	assert_string_equal(v.task_name, "残疾人证新办");
	case_view_fini(&v);
	store_close(s);
	term_keys(t, "<Enter>");
	term_wait(t, "没有草稿");
	term_keys(t, "<M-4>");
	term_wait(t, receipt);
	term_keys(t, "<M-3>");
	term_wait(t, "查办件");
	term_wait(t, receipt);
	term_keys(t, "<Enter>");
	term_wait(t, "经过");
	term_keys(t, "<M-5>");
	term_wait(t, "按事项");
	term_keys(t, "<C-c>");
	term_wait(t, "1 件待发存在本机");
	term_keys(t, "1");
	assert_int_equal(term_wait_exit(t), 0);
	term_stop(t);
}

/* Killed in the middle of a word: on return the word and the cursor are there. */
static void killed_and_resumed(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_form(t);
	term_keys(t, "陈晓燕<Enter>");
	term_wait(t, "居民身份证  2");
	term_keys(t, "1<Enter>110101");
	hall_wait_on_disk(h, t, "applicant_id", "110101");
	kill(term_pid(t), SIGKILL);
	term_wait_exit(t);
	term_stop(t);
	t = hall_today(h);
	term_wait(t, "填表");
	term_keys(t, "<Enter>");
	term_wait(t, "验屏申请表");
	term_wait(t, "陈晓燕");
	term_wait(t, "> 证件号码");
	term_keys(t, "199003070011<Enter>");
	term_wait(t, HALL_PERSON);
	term_stop(t);
}

struct caret {
	int wanted, seen;
};

static void see_caret(void *arg, const struct draft *d)
{
	((struct caret *)arg)->seen = d->cursor_cps;
}

/* The cursor is moved back into the word, nothing is typed, and it is killed: on return it is in
 * the same place of the word. */
static void the_cursor_in_the_word(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);
	struct caret at = {2, -1};
	struct store *s;
	time_t deadline = time(NULL) + 20;

	hall_to_the_form(t);
	term_keys(t, "欧阳国<Left>");
	s = hall_store(h);
	while (at.seen != at.wanted && time(NULL) < deadline) {
		draft_each(s, NULL, see_caret, &at);
		term_rest(t, 20);
	}
	store_close(s);
	assert_int_equal(at.seen, at.wanted);
	kill(term_pid(t), SIGKILL);
	term_wait_exit(t);
	term_stop(t);
	t = hall_today(h);
	term_wait(t, "填表");
	term_wait(t, "欧*国"); /* known by the name that was never left */
	term_keys(t, "<Enter>");
	term_wait(t, "欧阳国");
	term_keys(t, "建<Enter>");
	term_wait(t, "欧阳建国");
	term_stop(t);
}

/* Esc at every step, and a dropped line: nothing typed is lost. */
static void nothing_typed_is_lost(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_form(t);
	term_keys(t, "欧阳建国");
	term_wait(t, "欧阳建国");
	term_keys(t, "<Esc>");
	term_wait(t, "核对材料 /");
	term_keys(t, "<Enter>");
	term_wait(t, "欧阳建国");
	term_keys(t, "<Esc>");
	term_wait(t, "核对材料 /");
	term_keys(t, "<Esc>");
	term_wait(t, "1概要");
	term_keys(t, "<Esc>");
	term_wait(t, "进列表");
	term_keys(t, "<Esc>");
	term_wait(t, "没办完的");
	term_keys(t, "<Enter>"); /* taken up where it was left */
	term_wait(t, "核对材料 /");
	term_keys(t, "<Enter>");
	term_wait(t, "欧阳建国");
	term_wait(t, "> 证件类型");
	term_keys(t, "<Down>990");
	term_wait(t, "990");
	term_stop(t); /* hangs up */
	t = hall_today(h);
	hall_wait_on_disk(h, t, "applicant_id", "990");
	term_stop(t);
}

/* What a reader sends lands in one field, and its Enter never goes further than the next one. */
static void scanners_do_not_submit(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_form(t);
	fill(t);
	term_keys(t, "<C-g>");
	term_wait(t, "请申请人当面确认");
	term_burst(t, "6901234567892y<Enter>");
	term_rest(t, 400); /* the rule itself is one of time */
	term_keys(t, "是");
	term_wait(t, "> 是");
	term_keys(t, "<Enter>");
	term_wait(t, "已提交, 存在本机");
	term_stop(t);
}

static void faults_are_gathered(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_form(t);
	term_keys(t, "<Down><Down>11010119900307001X<Enter>");
	term_wait(t, "!");
	term_keys(t, "<C-g>");
	term_wait(t, "1 处要改、3 处没填");
	term_wait(t, "> 姓名");
	term_keys(t, "<C-n>");
	term_wait(t, "> 证件类型");
	term_keys(t, "<C-n>");
	term_wait(t, "> 证件号码");
	term_keys(t, "<BS>");
	term_wait_gone(t, "! 第"); /* being corrected: silent */
	term_stop(t);
}

/* The applicant's name in characters of two and of four bytes, on a GB18030 line. */
static void gb18030_in_and_out(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_open(h, "vt100", "zh_CN.GB18030", "", 24, 80);

	hall_sign_in(t, "要您处理");
	hall_to_the_form(t);
	term_keys(t, "欧阳𠮷<Enter>");
	hall_wait_on_disk(h, t, "applicant_name", "欧阳𠮷");
	term_stop(t);
}

static void pasted_text_is_one_answer(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_form(t);
	term_keys(t, "<Esc>"); /* not a paste: a screen back */
	term_wait(t, "核对材料 /");
	term_keys(t, "<Enter>");
	term_wait(t, "> 姓名");
	term_paste(t, "陈\r\n晓燕\x07");
	term_keys(t, "<Enter>");
	hall_wait_on_disk(h, t, "applicant_name", "陈 晓燕");
	term_stop(t);
}

static void repetitions(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_form(t);
	term_keys(t, "<Tab><Tab><Down>");
	term_wait(t, "> 增加一份");
	term_keys(t, "<C-w>陈小明<Enter>");
	hall_wait_on_disk(h, t, "members[2]/member_name", "陈小明");
	term_wait(t, "家庭成员 2");
	term_keys(t, "<Up><C-d>");
	term_wait(t, "删去这一份?");
	term_keys(t, "1");
	term_wait_gone(t, "家庭成员 2");
	term_keys(t, "x");
	term_wait(t, "按 Enter 或空格增加一份");
	term_keys(t, "<Space>");
	term_wait(t, "家庭成员 2");
	term_keys(t, "<C-d>");
	term_wait(t, "删去这一份?");
	term_keys(t, "1");
	term_wait_gone(t, "家庭成员 2");
	term_keys(t, "<C-k>");
	term_wait(t, "> 成员姓名");
	term_stop(t);
}

/* What does not fit beside the field stands in the message until the next key. */
static void a_refusal_is_read_whole(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_form(t);
	term_keys(t, "<Tab><Tab><Down><C-w>陈小明、陈小红<Enter>");
	term_wait(t, "错误 成员姓名: 第 4 个字是 、: 这一栏只填一个人的姓名");
	term_keys(t, "<Down>");
	term_wait_gone(t, "错误 成员姓名");
	term_stop(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_whole_road, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(killed_and_resumed, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(the_cursor_in_the_word, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(nothing_typed_is_lost, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(scanners_do_not_submit, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(faults_are_gathered, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(gb18030_in_and_out, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			pasted_text_is_one_answer, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(repetitions, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(a_refusal_is_read_whole, hall_setup, hall_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
