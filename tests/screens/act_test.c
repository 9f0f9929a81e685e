/* What the window decides on a case, by keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/buf.h"
#include "core/station/act_begun.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/operator.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tests/screens/hall.h"

/* A case just submitted, its page open and the acts listed. */
static struct term *at_the_acts(struct hall *h)
{
	struct term *t = hall_today(h);

	hall_submit(t);
	term_keys(t, "<M-3>");
	term_wait(t, "查办件");
	term_keys(t, "<Enter>");
	term_wait(t, "经过");
	term_keys(t, "<Enter>");
	term_wait(t, "办理这一件");
	return t;
}

static void take_id(void *arg, const struct case_view *v)
{
	strcpy(arg, v->id);
}

static void see_begun(void *arg, const struct act_begun *b)
{
	buf_adds(arg, b->case_id);
}

struct found {
	char state[40], letter[40];
};

static void take_case(void *arg, const struct case_view *v)
{
	strncpy(((struct found *)arg)->state, v->state, 39);
}

static void take_letter(void *arg, const struct letter *l)
{
	struct found *f = arg;

	if (f->letter[0] == '\0') /* newest first */
		strncpy(f->letter, l->kind, 39);
}

static void is_now(struct hall *h, const char *state, const char *kind)
{
	struct store *s = hall_store(h);
	struct found f = {0};

	case_each(s, -1, NULL, take_case, &f);
	outbox_each(s, NULL, take_letter, &f);
	assert_string_equal(f.state, state);
	assert_string_equal(f.letter, kind);
	store_close(s);
}

static void a_case_is_accepted(void **state)
{
	struct hall *h = *state;
	struct term *t = at_the_acts(h);

	term_wait(t, "现在可以");
	term_wait(t, "受理以后、送达以前才能补交"); /* what is not possible says why */
	term_keys(t, "1");
	term_wait(t, "办结到期日");
	term_wait(t, "陈*燕  L2"); /* whose case it is */
	term_keys(t, "<C-g>");
	term_wait(t, "受理: 就这样办?");
	term_keys(t, "1");
	term_wait(t, "受理: 已办");
	term_wait(t, "待发 2");
	is_now(h, "accepted", "accept");
	/* it goes with the rest to the centre, and is told as what it is */
	term_keys(t, "<M-4>");
	term_wait(t, "受理: 残疾人证新");
	term_keys(t, "<M-1>");
	term_wait(t, "4 待发");
	term_wait(t, "受理: 残疾人证新");
	term_stop(t);
}

/* In a narrow window why something cannot be done now is read whole of the row that is marked. */
static void what_is_cut_is_told_below(void **state)
{
	struct hall *h = *state;
	struct term *t = at_the_acts(h);

	term_stop(t);
	t = hall_open(h, "xterm-256color", "C.UTF-8", "en", 16, 60);
	hall_sign_in(t, "Wants you");
	term_keys(t, "<M-3>");
	term_wait(t, "陈*燕");
	term_keys(t, "<Down><Enter>");
	term_wait(t, "Taken by");
	term_keys(t, "<Enter>");
	term_wait(t, "Act on this case");
	assert_false(term_has(t, "only between acceptance and handing over"));
	for (int i = 0; i < 6; i++)
		term_keys(t, "<Down>");
	term_wait(t, "only between acceptance and handing over");
	term_stop(t);
}

static void corrections_are_listed_all_at_once(void **state)
{
	struct hall *h = *state;
	struct term *t = at_the_acts(h);

	term_keys(t, "2");
	term_wait(t, "> 材料或内容");
	term_keys(t, "<C-g>"); /* not with nothing in it */
	term_wait(t, "1 处没填");
	term_keys(t, "2<Enter>");
	term_wait(t, "两寸免冠照片");
	term_keys(t, "不是白底<Enter>");
	term_wait(t, "> 怎样补正");
	term_keys(t, "重拍<Enter>");
	term_wait(t, "重拍");
	term_keys(t, "<C-g>");
	term_wait(t, "一次性告知补正: 就这样办?");
	term_keys(t, "1");
	term_wait(t, "两寸免冠照片: 不是白底");
	is_now(h, "correcting", "correction");
	term_stop(t);
	/* in English too each label is one, beside what it names */
	t = hall_open(h, "xterm-256color", "C.UTF-8", "en", 24, 80);
	hall_sign_in(t, "Wants you");
	term_keys(t, "<M-3>");
	term_wait(t, "陈*燕");
	term_keys(t, "<Down><Enter>");
	term_wait(t, "To correct    1 两寸免冠照片: 不是白底; 重拍");
	term_wait(t, "Correct by    20");
	term_stop(t);
}

static void a_void_takes_two(void **state)
{
	struct hall *h = *state;
	struct store *s = hall_store(h);
	struct term *t;

	assert_int_equal(operator_add(s, "0318", "赵示例", "zhaoshili0318", NULL), OK);
	store_close(s);
	t = at_the_acts(h);
	term_keys(t, "5");
	term_wait(t, "> 作废的原因");
	term_keys(t, "重复录入<C-g>");
	term_wait(t, "作废: 就这样办?");
	term_keys(t, "1");
	term_wait(t, "请他输入工号");
	term_keys(t, HALL_OPERATOR "<Enter>");
	term_wait(t, "确认的要是另一位");
	term_keys(t, "<C-g>");
	term_wait(t, "作废: 就这样办?");
	term_keys(t, "1");
	term_wait(t, "请他输入工号");
	term_keys(t, "0318<Enter>");
	term_wait(t, "另一位的口令");
	term_keys(t, "wrong<Enter>");
	term_wait(t, "工号或口令不对");
	is_now(h, "received", "application");
	term_keys(t, "<C-g>");
	term_wait(t, "作废: 就这样办?");
	term_keys(t, "1");
	term_wait(t, "请他输入工号");
	term_keys(t, "0318<Enter>");
	term_wait(t, "另一位的口令");
	term_keys(t, "zhaoshili0318");
	term_wait(t, "*************"); /* never in clear */
	term_keys(t, "<Enter>");
	term_wait(t, "作废: 已办");
	is_now(h, "voided", "void");
	term_stop(t);
}

/* Who only asks gets the list and the notice; nothing of it stays. */
static void a_consultation_leaves_nothing(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_guide(t);
	term_keys(t, "<C-k>");
	term_wait(t, "咨询 / 核对材料");
	term_keys(t, "1");
	term_wait(t, "已收 1");
	term_keys(t, "<Enter>");
	term_wait(t, "一次性告知单");
	term_keys(t, "<PgDn>");
	term_wait(t, "两寸免冠照片");
	term_keys(t, "<Esc>");
	term_wait(t, "咨询 / 核对材料");
	term_keys(t, "<Esc><Esc><Esc>");
	term_wait(t, "没有草稿");
	term_stop(t);
}

/* A question that becomes an application keeps what was asked and ticked. */
static void a_consultation_is_taken_up(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_guide(t);
	term_keys(t, "<C-k>");
	term_wait(t, "咨询 / 核对材料");
	term_keys(t, "12");
	term_wait(t, "已收 2");
	term_keys(t, "<C-e>");
	term_wait(t, "填表 / 残疾人证新办");
	term_keys(t, "陈晓燕<Enter>");
	term_wait(t, "居民身份证  2");
	term_keys(t, "<M-1>");
	term_wait(t, "陈*燕");
	term_keys(t, "3<Enter>");
	term_wait(t, "填表 / 残疾人证新办");
	term_keys(t, "<Esc>");
	term_wait(t, "已收 2");
	term_stop(t);
}

static void see_answer(void *arg, const char *place, const char *value)
{
	(void)place;
	buf_printf(arg, "%s;", value);
}

/* What is typed is on disk within a second, the field not left. */
static void wait_on_disk(struct hall *h, struct term *t, enum case_act act, const char *value)
{
	struct store *s = hall_store(h);
	time_t deadline = time(NULL) + 10;
	char id[ID_UUID_SIZE] = "";
	struct buf have = {0};

	case_each(s, -1, NULL, take_id, id);
	do {
		term_rest(t, 20);
		buf_clear(&have);
		act_begun_each_answer(s, id, act, see_answer, &have);
	} while (strstr(buf_str(&have), value) == NULL && time(NULL) < deadline);
	if (strstr(buf_str(&have), value) == NULL)
		fail_msg("%s is not on disk: %s", value, buf_str(&have));
	buf_fini(&have);
	store_close(s);
}

/* Killed in the middle of a word of a correction: it is among what is not done, goes on at that
 * word, and goes with the act. */
static void a_killed_correction_goes_on(void **state)
{
	struct hall *h = *state;
	struct term *t = at_the_acts(h);
	struct buf none = {0};
	struct store *s;

	term_keys(t, "2");
	term_wait(t, "> 材料或内容");
	term_keys(t, "2<Enter>");
	term_wait(t, "两寸免冠照片");
	term_keys(t, "不是白底<Enter>");
	term_wait(t, "> 怎样补正");
	term_keys(t, "到楼下重");
	wait_on_disk(h, t, ACT_REQUEST_CORRECTION, "到楼下重;");
	kill(term_pid(t), SIGKILL);
	term_wait_exit(t);
	term_stop(t);
	t = hall_today(h);
	term_wait(t, "一次性告知补正 没填完");
	term_golden(t, "filled-begun-zh-80x24.txt");
	term_keys(t, "3<Enter>");
	term_wait(t, "接着填");
	term_wait(t, "不是白底");
	term_wait(t, "> 怎样补正");
	term_keys(t, "拍");
	term_wait(t, "到楼下重拍");
	term_keys(t, "<Esc>");
	term_wait(t, "没填完");
	term_keys(t, "<M-3>");
	term_wait(t, "查办件");
	term_keys(t, "<Enter>");
	term_wait(t, "一次性告知补正: "); /* the case says so too */
	term_keys(t, "<Enter>");
	term_wait(t, "现在可以, 没填完: ");
	term_keys(t, "2");
	term_wait(t, "到楼下重拍");
	term_keys(t, "<C-g>");
	term_wait(t, "一次性告知补正: 就这样办?");
	term_keys(t, "1");
	term_wait(t, "两寸免冠照片: 不是白底");
	is_now(h, "correcting", "correction");
	term_keys(t, "<M-1>");
	term_wait(t, "没有草稿");
	s = hall_store(h);
	act_begun_each(s, NULL, NULL, see_begun, &none);
	assert_int_equal(none.len, 0);
	store_close(s);
	term_stop(t);
}

/* What was begun is left behind with one key, and nothing of it comes back. */
static void an_act_is_begun_anew(void **state)
{
	struct hall *h = *state;
	struct term *t = at_the_acts(h);

	term_keys(t, "4"); /* 撤回 */
	term_wait(t, "撤回 / ");
	term_keys(t, "申请人写错了日期<Esc>");
	term_wait(t, "撤回: ");
	term_keys(t, "<M-1>");
	term_wait(t, "撤回 没填完");
	term_keys(t, "3<Enter>");
	term_wait(t, "申请人写错了日期");
	term_keys(t, "<C-e>");
	term_wait(t, "从头填?");
	term_keys(t, "2");
	term_wait(t, "申请人写错了日期");
	term_keys(t, "<C-e>");
	term_wait(t, "从头填?");
	term_keys(t, "1");
	term_wait_gone(t, "申请人写错了日期");
	term_wait(t, "撤回 / ");
	term_keys(t, "<Esc>");
	term_wait(t, "没有草稿");
	term_stop(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_case_is_accepted, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			what_is_cut_is_told_below, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			corrections_are_listed_all_at_once, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_consultation_leaves_nothing, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_consultation_is_taken_up, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(a_void_takes_two, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_killed_correction_goes_on, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(an_act_is_begun_anew, hall_setup, hall_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
