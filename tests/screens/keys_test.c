/* The keys that are always there: help and commands wherever one is, and labels that are read
 * whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/screens/hall.h"

/* In a field that is typed every character is text; where one chooses, ? and : are keys. */
static void help_is_there_while_filling(void **state)
{
	struct term *t = hall_today(*state);

	hall_to_the_form(t);
	term_wait(t, "Ctrl-X 命令");
	term_keys(t, "?:");
	term_wait(t, "> 姓名");
	term_wait(t, "?:");
	term_keys(t, "<C-u>陈晓燕<Enter>");
	term_wait(t, "?帮助  :命令");
	term_keys(t, "?");
	term_wait(t, "帮助 / 填表");
	term_keys(t, "<Esc>");
	term_wait(t, "> 证件类型");
	term_keys(t, ":");
	term_wait(t, "命令 / 填表");
	term_keys(t, "<Esc>");
	term_wait(t, "> 证件类型");
	term_keys(t, "/"); /* text: it does not leave the form */
	term_wait(t, "选择: 证件类型");
	term_keys(t, "<Esc>");
	term_wait(t, "> 证件类型");
	term_keys(t, "<Down><C-x>");
	term_wait(t, "命令 / 填表");
	term_stop(t);
}

/* A question longer than the column of labels stands above its answer, to its last word. */
static void long_questions_are_read_whole(void **state)
{
	struct term *t = hall_today(*state);

	hall_to_the_form(t);
	term_keys(t, "<Tab><Tab><Down><Down>");
	term_wait(t, "近三年内是否已经享受过其他部门发放的同类补贴或者一次性补助金?");
	term_keys(t, "没有<Enter>");
	term_wait(t, "没有");
	term_stop(t);
	t = hall_open(*state, "xterm-256color", "C.UTF-8", "en", 24, 80);
	hall_sign_in(t, "Wants you");
	term_keys(t, "残疾人证新");
	term_wait(t, "残疾人证新办");
	term_keys(t, "<C-e>");
	term_wait(t, "[ ]");
	term_keys(t, "12<Enter>");
	term_wait(t, "Screen test form");
	term_keys(t, "<Tab><Tab><Down><Down>");
	term_wait(t, "Has the applicant already received an aid of the same kind");
	term_wait(t, "in the last three years?");
	term_stop(t);
}

/* A wrong answer and a refused act ring when that is asked for; else the hall stays quiet. */
static void errors_ring_when_asked_to(void **state)
{
	struct hall *h = *state;
	size_t n = 0;

	for (int ring = 0; ring < 2; ring++) {
		struct term *t;
		for (n = 0; h->env[n]; n++)
			continue;
		if (ring) {
			h->env[n] = "YIMEN_SCREEN_ALERT=bell";
			h->env[n + 1] = NULL;
		}
		t = hall_today(h);
		hall_to_the_form(t);
		term_keys(t, "<Down><Down><Down>138<Enter>");
		term_wait(t, "手机号 11 位");
		term_rest(t, 200); /* it may ring after it has painted */
		assert_int_equal(term_bells(t), ring);
		term_keys(t, "<C-g>");
		term_wait(t, "1 处要改、3 处没填");
		term_rest(t, 200); /* it may ring after it has painted */
		assert_int_equal(term_bells(t), ring);
		term_keys(t, "1<Down>");
		term_rest(t, 100);
		assert_int_equal(term_bells(t), 0);
		term_stop(t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			help_is_there_while_filling, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			long_questions_are_read_whole, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			errors_ring_when_asked_to, hall_setup, hall_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
