/* 评价 on the turned screen: the visitor's keys count, the clerk's do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/clock.h"
#include "core/station/evaluation.h"
#include "core/station/operator.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tests/screens/hall.h"

struct seen {
	int count, mark;
	enum evaluation_state state;
	enum complaint_cause cause;
};

static void see(void *arg, const struct evaluation *e)
{
	*(struct seen *)arg =
		(struct seen){((struct seen *)arg)->count + 1, e->mark, e->state, e->cause};
}

static void is_now(
	struct hall *h, enum evaluation_state state, int mark, enum complaint_cause cause)
{
	struct store *s = hall_store(h);
	int32_t day = clock_day(store_now_ms(s));
	struct seen seen = {0};

	evaluation_each(s, day, day, see, &seen);
	assert_int_equal(seen.count, 1);
	assert_int_equal(seen.state, state);
	assert_int_equal(seen.mark, mark);
	assert_int_equal(seen.cause, cause);
	store_close(s);
}

static struct term *at_the_screen(struct hall *h)
{
	struct term *t = hall_today(h);

	hall_submit(t);
	term_keys(t, "<C-w>");
	term_wait(t, "请把屏幕转向办事人");
	term_keys(t, "1<Enter>"); /* too early: counts for nothing */
	term_wait(t, "请您评价这次服务");
	term_wait(t, "请按一个数字");
	return t;
}

static void the_visitor_answers(void **state)
{
	struct hall *h = *state;
	struct term *t = at_the_screen(h);

	assert_false(term_has(t, "陈"));       /* no name, */
	assert_false(term_has(t, "今日受理")); /* no other work, */
	assert_false(term_has(t, "待发"));     /* no keys of the clerk's */
	/* none of the clerk's keys leaves it or chooses */
	term_keys(t, "<Esc>");
	term_keys(t, "<C-c><C-x><C-o><M-1><M-9><C-g>?:/q");
	term_keys(t, "<Enter>");
	term_burst(t, "110101199003070011<Enter>"); /* a card reader is nobody's choice */
	term_rest(t, 200);
	is_now(h, EVALUATION_OFFERED, 0, CAUSE_NONE);
	term_keys(t, "4");
	term_wait(t, "您选的是 4 不满意");
	term_keys(t, "1");
	term_wait(t, "您选的是 1 非常满意");
	term_keys(t, "<Enter>");
	term_wait(t, "谢谢您的评价");
	assert_false(term_has(t, "非常满意"));
	is_now(h, EVALUATION_ANSWERED, 1, CAUSE_NONE);
	term_wait(t, "按 Esc 回到办理");
	term_keys(t, "<Esc>");
	term_wait(t, "已提交, 存在本机");
	term_wait(t, "待发 2");
	term_keys(t, "<C-w>"); /* once a service */
	term_keys(t, "<M-3>");
	term_wait(t, "查办件");
	term_keys(t, "<Enter>");
	term_wait(t, "办事人已评价");
	assert_false(term_has(t, "请评价"));
	term_stop(t);
}

static void a_bad_mark_goes_into_the_ledger(void **state)
{
	struct hall *h = *state;
	struct store *s = hall_store(h);
	struct term *t;

	assert_int_equal(operator_add(s, "0318", "赵示例", "zhaoshili0318", NULL), OK);
	store_close(s);
	t = at_the_screen(h);
	term_keys(t, "5");
	term_wait(t, "您选的是 5 非常不满意");
	term_keys(t, "<Enter>");
	term_wait(t, "哪里让您不满意");
	term_keys(t, "2");
	term_wait(t, "> 2");
	term_keys(t, "<Enter>");
	term_wait(t, "谢谢您的评价");
	is_now(h, EVALUATION_ANSWERED, 5, CAUSE_SPEED);
	term_wait(t, "按 Esc 回到办理");
	term_keys(t, "<Esc>");
	term_wait(t, "已提交, 存在本机");
	term_keys(t, "<M-1>");
	term_wait(t, "没有退回的"); /* one's own bad mark is for others */
	term_stop(t);

	t = hall_open(h, "xterm-256color", "C.UTF-8", "", 24, 80);
	term_wait(t, ">");
	term_keys(t, "0318<Tab>zhaoshili0318<Tab><C-u>05<Enter>");
	term_wait(t, "差评: 残疾人证新办");
	term_wait(t, "待核实  ");
	term_keys(t, "<Enter>");
	term_wait(t, "办事太慢");
	term_keys(t, "<Enter>");
	term_wait(t, "核实: 不属实");
	term_keys(t, "1");
	term_wait(t, "查明的情况");
	term_keys(t, "<Enter>");
	term_wait(t, "要写明情况");
	term_keys(t, "<Enter>");
	term_wait(t, "核实: 不属实");
	term_keys(t, "1");
	term_wait(t, "查明的情况");
	term_keys(t, "等了四十分钟<Enter>");
	term_wait(t, "属实, 待整改");
	term_wait(t, "等了四十分钟 (0318)");
	term_keys(t, "<Enter>");
	term_wait(t, "延期整改");
	term_keys(t, "2");
	term_wait(t, "做了什么");
	term_keys(t, "加开窗口, 已电话致歉<Enter>");
	term_wait(t, "整改完成: 已记入台账");
	term_keys(t, "<Tab>");
	term_wait(t, "已整改");
	term_wait(t, "加开窗口, 已电话致歉 (0318)");
	term_stop(t);
}

static void nobody_has_to(void **state)
{
	struct hall *h = *state;
	struct term *t = at_the_screen(h);

	term_keys(t, "0");
	term_wait(t, "您选的是不评价");
	term_keys(t, "<Enter>");
	term_wait(t, "祝您一切顺利");
	is_now(h, EVALUATION_DECLINED, 0, CAUSE_NONE);
	term_stop(t);
}

static void time_runs_out(void **state)
{
	struct hall *h = *state;
	char path[400];
	struct term *t;
	FILE *f;

	snprintf(path, sizeof(path), "%s/yimen.conf", strchr(h->home_env, '=') + 1);
	f = fopen(path, "w");
	fputs("evaluation.seconds = 2\n", f);
	fclose(f);
	t = at_the_screen(h);
	term_keys(t, "1"); /* chosen and not confirmed */
	term_wait(t, "评价时间已过");
	is_now(h, EVALUATION_TIMED_OUT, 0, CAUSE_NONE);
	term_stop(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_visitor_answers, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_bad_mark_goes_into_the_ledger, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(nobody_has_to, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(time_runs_out, hall_setup, hall_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
