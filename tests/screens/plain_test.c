/*
 * The line mode: the whole road by questions and answers, over a pipe and on a terminal that can do
 * nothing, in each language and charset; killed in the middle, ended anywhere, and fed with
 * rubbish.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/station/cases.h"
#include "core/station/draft.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tests/screens/hall.h"
#include "tests/screens/lines.h"

static const struct lines_options chinese = {"dumb", "C.UTF-8", "", false};
static const struct lines_options english = {"dumb", "C.UTF-8", "en", false};
static const struct lines_options gb18030 = {"dumb", "zh_CN.GB18030", "", false};
static const struct lines_options on_terminal = {"dumb", "C.UTF-8", "", true};
static const struct lines_options unknown_terminal = {"no-such-terminal", "C.UTF-8", "", true};
static const struct lines_options no_terminal = {NULL, "C.UTF-8", "", false};

static const char *const sign_in[] = {HALL_OPERATOR, HALL_PASS, "03", NULL};
static const char *const to_the_form[] = {"残疾人证新", "1", "1", "1", "1", "", "", NULL};
/* A wrong number, then the right one; the mobile number's warning is answered with a reason. */
static const char *const fill_in[] = {"陈晓燕", "1", "110101199003070012", HALL_PERSON,
	"14100000000", "当面拨打过", "1990-03-07", "示范村18号", "", "", "", "没有享受过", NULL};
static const char *const submit[] = {"2", "1", NULL};

static void start(struct lines *l, void **state, const struct lines_options *o)
{
	lines_start(l, *state, o);
}

/* Submits, then looks at what waits for the centre. */
static void whole_road(struct lines *l)
{
	static const char *const look[] = {"0", "4", "1", "0", "0", NULL};

	lines_answers(l, sign_in);
	lines_answers(l, to_the_form);
	lines_answers(l, fill_in);
	lines_answers(l, submit);
	lines_answers(l, look);
}

static void goes(void **state, const struct lines_options *o, const char *golden)
{
	struct lines l;

	start(&l, state, o);
	whole_road(&l);
	assert_int_equal(lines_end(&l), EXIT_DONE);
	lines_golden(&l, golden);
	assert_int_equal(hall_waiting(*state), 1);
	assert_null(strchr(buf_str(&l.said), '\033'));
	assert_null(strchr(buf_str(&l.said), '\a'));
	lines_fini(&l);
}

static void the_road_in_chinese(void **state)
{
	goes(state, &chinese, "plain-road");
}

static void the_road_in_english(void **state)
{
	goes(state, &english, "plain-road-english");
}

/* Other bytes in and out, the same words. */
static void the_road_in_gb18030(void **state)
{
	goes(state, &gb18030, "plain-road");
}

static void the_road_without_a_terminal_type(void **state)
{
	goes(state, &no_terminal, "plain-road");
}

static void goes_on_terminal(void **state, const struct lines_options *o)
{
	struct lines l;

	start(&l, state, o);
	whole_road(&l);
	assert_int_equal(lines_end(&l), EXIT_DONE);
	assert_int_equal(hall_waiting(*state), 1);
	assert_null(strstr(buf_str(&l.said), HALL_PASS));
	assert_null(strchr(buf_str(&l.said), '\033'));
	assert_non_null(strstr(buf_str(&l.said), "证件号码, 必填: 110101199003070012\n"
						 "错误: 第 18 位校验码应为 1"));
	lines_fini(&l);
}

/* Nothing but lines, and a pass phrase is not shown. */
static void the_road_on_a_dumb_terminal(void **state)
{
	goes_on_terminal(state, &on_terminal);
}

static void the_road_on_a_terminal_nobody_knows(void **state)
{
	goes_on_terminal(state, &unknown_terminal);
}

/* Words after a colon that mean nothing in a menu are told: it is not just said once more. */
static void unknown_words_are_told(void **state)
{
	struct lines l;

	start(&l, state, &chinese);
	lines_answers(&l, sign_in);
	lines_answer(&l, ":没有这样的");
	lines_expect(&l, "这里没有: 没有这样的");
	lines_answers(&l, (const char *const[]){"残疾人证新", ":yxdw", NULL});
	lines_expect(&l, "这里没有: yxdw");
	lines_answer(&l, "：查事项");
	lines_expect(&l, "这里没有: 查事项");
	assert_int_equal(lines_end(&l), EXIT_DONE);
	lines_fini(&l);
}

/* Nothing but what a Chinese input method sends: full-width digits and signs. */
static void the_road_with_an_input_method(void **state)
{
	static const char *const answers[] = {HALL_OPERATOR, HALL_PASS, "０３", "残疾人证新", "１",
		"＝", "１", "１", "１", "", "", "陈晓燕", "１",
		"１１０１０１１９９００３０７００１１", "—", "", "１３８００１３８０００", "＊",
		"０", "？", "、", "０", "１９９０－０３－０７", "示范村１８号", "：核对", "２",
		"１", "０", NULL};
	struct lines l;

	start(&l, state, &chinese);
	lines_answers(&l, answers);
	lines_expect(&l, "主菜单");
	assert_int_equal(lines_end(&l), EXIT_DONE);
	assert_int_equal(hall_waiting(*state), 1);
	lines_fini(&l);
}

struct seen {
	char id[ID_UUID_SIZE], place[64];
	size_t count;
};

static void see_draft(void *arg, const struct draft *d)
{
	struct seen *s = arg;

	memcpy(s->id, d->id, sizeof(s->id));
	snprintf(s->place, sizeof(s->place), "%s", d->place);
	s->count++;
}

static struct seen drafts(struct hall *h)
{
	struct store *s = hall_store(h);
	struct seen found = {"", "", 0};

	draft_each(s, NULL, see_draft, &found);
	store_close(s);
	return found;
}

/* ---- the rest of the work ---- */

static void submit_one(struct lines *l)
{
	lines_answers(l, sign_in);
	lines_answers(l, to_the_form);
	lines_answers(l, fill_in);
	lines_answers(l, submit);
	lines_answer(l, "0");
}

/* Who only asks hears what is still to be brought, and nothing of it stays. */
static void who_asks_leaves_nothing(void **state)
{
	struct lines l;

	start(&l, state, &chinese);
	lines_answers(&l, sign_in);
	lines_answer(&l, "残疾人证新");
	lines_answer(&l, "1");
	lines_answer(&l, "2");
	lines_answer(&l, "2");
	lines_expect(&l, "1 居民身份证, 原件 1");
	lines_answer(&l, "0");
	lines_answer(&l, "3");
	lines_answer(&l, "1");
	lines_answer(&l, "");
	lines_answer(&l, "");
	lines_answer(&l, "2");
	lines_expect(&l, "一次性告知单");
	lines_expect(&l, "两寸免冠照片");
	lines_answer(&l, "1");
	lines_expect(&l, "主菜单");
	assert_int_equal(lines_end(&l), EXIT_DONE);
	assert_int_equal(drafts(*state).count, 0);
	lines_fini(&l);
}

/* What waits can be kept back and let go; a case tells its story and takes an act. */
static void letters_and_cases(void **state)
{
	struct lines l;

	start(&l, state, &chinese);
	submit_one(&l);
	lines_answer(&l, ":待发");
	lines_answer(&l, "1");
	lines_answer(&l, ":暂缓");
	lines_answer(&l, "等证明");
	lines_expect(&l, "已暂缓: 放行以前不会报送。");
	lines_expect(&l, "状态: 暂缓");
	lines_expect(&l, "原因: 等证明");
	lines_answer(&l, ":放行");
	lines_expect(&l, "已放行");
	lines_answer(&l, "0");
	lines_answer(&l, "0");
	lines_answer(&l, ":办件");
	lines_expect(&l, "1 残疾人证新办, 陈*燕, 待发");
	lines_answer(&l, "cxy"); /* by initials, on all days */
	lines_expect(&l, "cxy 找到 1 件");
	lines_answer(&l, "1");
	lines_expect(&l, "本地收件号: L");
	lines_answer(&l, ":办理");
	lines_answer(&l, ":受理");
	lines_expect(&l, "受理");
	assert_int_equal(lines_end(&l), EXIT_DONE);
	lines_fini(&l);
}

/* What the centre wrote of the only letter. */
static void settle(struct hall *h, struct outbox_outcome o)
{
	struct store *s = hall_store(h);
	struct letter letter[1];

	assert_int_equal(outbox_due(s, INT64_MAX, NULL, 0, letter, 1), 1);
	memcpy(o.id, letter[0].id, sizeof(o.id));
	assert_int_equal(outbox_settle(s, &o, 1), OK);
	letter_fini(&letter[0]);
	store_close(s);
}

/* It is told, opens at its field with what the centre said, and goes again as a new version. */
static void a_refusal_is_corrected(void **state)
{
	struct lines l;

	start(&l, state, &chinese);
	submit_one(&l);
	assert_int_equal(lines_end(&l), EXIT_DONE);
	lines_fini(&l);
	settle(*state,
		(struct outbox_outcome){.state = LETTER_HELD,
			.hold = HOLD_REFUSED,
			.reason = "核对没有通过",
			.problem =
				"{\"type\":\"urn:yimen:problem:invalid\",\"title\":\"核对没有通过\","
				"\"status\":422,\"errors\":[{\"pointer\":\"/answers/applicant_mobile\","
				"\"detail\":\"手机号已注销\"}]}"});
	start(&l, state, &chinese);
	lines_answers(&l, sign_in);
	lines_expect(&l, "消息: 有 1 件退回或等人处理, 在待发里。");
	lines_answer(&l, ":待发");
	lines_answer(&l, "1");
	lines_expect(&l, "联系电话: 手机号已注销");
	lines_answer(&l, ":更正");
	lines_expect(&l, "更正已提交的一件");
	lines_expect(&l, "提醒: 1) 中心退回: 手机号已注销; 2) 141 号段未见启用, 请与本人核对");
	lines_expect(&l, "联系电话, 必填, 11 位手机号, 现在是 14100000000");
	lines_answer(&l, HALL_MOBILE);
	lines_answer(&l, ":核对");
	lines_expect(&l, "与上一版相比改了 1 处: 联系电话");
	lines_expect(&l, "联系电话: 138****8000 (原为 141****0000)");
	lines_answer(&l, "2");
	lines_expect(&l, "提交后这一版接替原来的, 收件号不变。");
	lines_answer(&l, "1");
	lines_expect(&l, "已提交, 存在本机, 不会丢。");
	assert_int_equal(lines_end(&l), EXIT_DONE);
	assert_int_equal(hall_waiting(*state), 1);
	lines_fini(&l);
}

/* A version that changes nothing goes only when it is meant to. */
static void a_correction_without_a_change_is_told(void **state)
{
	static const char same[] = "与上一版相同, 没有改动: 中心会再收到一遍同样的内容。仍要提交?";
	struct lines l;

	start(&l, state, &chinese);
	submit_one(&l);
	assert_int_equal(lines_end(&l), EXIT_DONE);
	lines_fini(&l);
	settle(*state, (struct outbox_outcome){.state = LETTER_DELIVERED,
			       .receipt = "{\"project_no\":\"37012300000020261128000001\","
					  "\"query_password\":\"ABCD2345\"}"});
	start(&l, state, &chinese);
	lines_answers(&l, sign_in);
	lines_answer(&l, ":办件");
	lines_answer(&l, "1");
	lines_answer(&l, ":更正");
	lines_answer(&l, ":核对");
	lines_expect(&l, "与上一版相同, 没有改动。");
	lines_answer(&l, "2");
	lines_expect(&l, same);
	lines_answer(&l, "2");
	lines_expect(&l, "听一遍全部内容");
	assert_int_equal(hall_waiting(*state), 0);
	lines_answer(&l, "2");
	lines_expect(&l, same);
	lines_answer(&l, "1");
	lines_expect(&l, "已提交, 存在本机, 不会丢。");
	assert_int_equal(lines_end(&l), EXIT_DONE);
	assert_int_equal(hall_waiting(*state), 1);
	lines_fini(&l);
}

/* A case that has arrived is accepted by its few questions; killed between them, they go on. */
static void an_act_goes_on_after_a_kill(void **state)
{
	struct lines l;

	start(&l, state, &chinese);
	submit_one(&l);
	assert_int_equal(lines_end(&l), EXIT_DONE);
	lines_fini(&l);
	settle(*state, (struct outbox_outcome){.state = LETTER_DELIVERED,
			       .receipt = "{\"project_no\":\"37012300000020261128000001\","
					  "\"query_password\":\"ABCD2345\"}"});
	start(&l, state, &chinese);
	lines_answers(&l, sign_in);
	lines_answer(&l, ":办件");
	lines_answer(&l, "1");
	lines_expect(&l, "办件编号: 37012300000020261128000001");
	lines_answer(&l, ":办理");
	lines_answer(&l, ":不予受理");
	lines_asked(&l);
	lines_answer(&l, "1");
	lines_asked(&l);
	lines_kill(&l);
	lines_fini(&l);

	start(&l, state, &chinese);
	lines_answers(&l, sign_in);
	lines_answer(&l, "2");
	lines_expect(&l, "不予受理 没填完");
	lines_answer(&l, "1");
	lines_expect(&l, "接着填");
	assert_int_equal(lines_end(&l), EXIT_DONE);
	lines_fini(&l);
}

/* The same person again: known, and told of the case there is. */
static void who_comes_again_is_known(void **state)
{
	struct lines l;

	start(&l, state, &chinese);
	submit_one(&l);
	lines_answers(&l, to_the_form);
	lines_answer(&l, "");
	lines_answer(&l, "1");
	lines_answer(&l, HALL_PERSON);
	lines_expect(&l, "这个人在本机办过事");
	lines_answer(&l, "");
	lines_expect(&l, "联系电话, 必填, 11 位手机号, 上次填的 141****0000, 打加号取用");
	lines_answer(&l, "+");
	lines_answer(&l, "当面拨打过");
	lines_answer(&l, ":核对");
	lines_answer(&l, "");
	lines_answer(&l, "+");
	lines_expect(&l, "这个人同一事项已有一件");
	lines_answer(&l, "1");
	lines_expect(&l, "核对提交");
	assert_int_equal(lines_end(&l), EXIT_DONE);
	lines_fini(&l);
}

/* Signing in, the day at its end, signing out. */
static void a_day_begins_and_ends(void **state)
{
	struct lines l;

	start(&l, state, &chinese);
	lines_answer(&l, HALL_OPERATOR);
	lines_answer(&l, "wrong-pass");
	lines_answer(&l, "03");
	lines_expect(&l, "没有登录: ");
	lines_expect(&l, "工号: ");
	lines_answers(&l, sign_in);
	lines_expect(&l, "已登录: 王小明, 03号窗口。");
	lines_answer(&l, ":今日");
	lines_expect(&l, "今日没有要处理的。");
	lines_answer(&l, "0");
	lines_answer(&l, ":日结");
	lines_answer(&l, ":还开着的");
	lines_expect(&l, "没有还开着的。");
	lines_answer(&l, ":记下日结");
	lines_expect(&l, "没有和中心对账");
	lines_answer(&l, "1");
	lines_expect(&l, "已记下日结。");
	lines_answer(&l, "0");
	lines_answer(&l, "0");
	lines_answer(&l, "1");
	lines_expect(&l, "工号: ");
	assert_int_equal(lines_end(&l), EXIT_DONE);
	lines_fini(&l);
}

static void say_where_the_centre_is(struct hall *h, const char *url)
{
	char path[400];
	FILE *f;

	snprintf(path, sizeof(path), "%s/yimen.conf", strchr(h->home_env, '=') + 1);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "centre.url = %s\n", url);
	fclose(f);
}

/* Said once, before a question; what is submitted then waits. */
static void a_cut_line_is_told(void **state)
{
	struct lines l;
	int asked = 0;

	say_where_the_centre_is(*state, "http://127.0.0.1:9"); /* nobody listens there */
	start(&l, state, &chinese);
	lines_answers(&l, sign_in);
	while (strstr(buf_str(&l.said), "消息: 网络断了。") == NULL && asked++ < 20000)
		lines_answer(&l, "=");
	assert_non_null(strstr(buf_str(&l.said), "消息: 网络断了。"));
	lines_answers(&l, to_the_form);
	lines_answers(&l, fill_in);
	lines_answer(&l, "2");
	lines_expect(&l, "网络已断: 提交后先存本机待发");
	lines_answer(&l, "1");
	lines_expect(&l, "网络已断, 这一件在待发里, 恢复后自动报送一次。");
	lines_answer(&l, ":文书");
	lines_answer(&l, "1");
	lines_expect(&l, "收件凭证");
	lines_expect(&l, "1 居民身份证; ");
	assert_int_equal(lines_end(&l), EXIT_DONE);
	assert_int_equal(hall_waiting(*state), 1);
	lines_fini(&l);
}

/* ---- cut short ---- */

/* The draft goes on at the field it stopped at, here and on the screen. */
static void killed_it_goes_on(void **state)
{
	struct lines l;
	struct term *t;

	start(&l, state, &chinese);
	lines_answers(&l, sign_in);
	lines_answers(&l, to_the_form);
	for (int i = 0; i < 4; i++)
		lines_answer(&l, fill_in[i]);
	lines_expect(&l, "联系电话");
	lines_kill(&l);
	lines_fini(&l);
	assert_int_equal(drafts(*state).count, 1);
	assert_string_equal(drafts(*state).place, "applicant_mobile");

	start(&l, state, &chinese);
	lines_answers(&l, sign_in);
	lines_answer(&l, "2");
	lines_expect(&l, "1 残疾人证新办, 陈*燕, 填表");
	lines_answer(&l, "1");
	lines_answer(&l, "1");
	lines_expect(&l, "接着办: 残疾人证新办");
	lines_expect(&l, "联系电话, 必填");
	lines_kill(&l);
	lines_fini(&l);

	t = hall_today(*state);
	term_wait(t, "残疾人证新办");
	term_keys(t, "<Enter>");
	term_wait(t, "> 联系电话");
	term_wait(t, HALL_PERSON);
	term_stop(t);
}

/* The input may end at any question: it says goodbye, and what was answered is on disk. */
static void the_input_ends_anywhere(void **state)
{
	const char *all[64];
	size_t n = 0, form = 0;

	for (size_t i = 0; sign_in[i]; i++)
		all[n++] = sign_in[i];
	for (size_t i = 0; to_the_form[i]; i++)
		all[n++] = to_the_form[i];
	form = n;
	for (size_t i = 0; fill_in[i]; i++)
		all[n++] = fill_in[i];
	for (size_t cut = 0; cut <= n; cut++) {
		struct lines l;
		size_t before = drafts(*state).count;
		start(&l, state, &chinese);
		for (size_t i = 0; i < cut; i++)
			lines_answer(&l, all[i]);
		assert_int_equal(lines_end(&l), EXIT_DONE);
		assert_non_null(strstr(buf_str(&l.said), "再见。填过的都存着。"));
		if (cut > form)
			assert_int_equal(drafts(*state).count, before + 1);
		lines_fini(&l);
	}
	assert_int_equal(hall_waiting(*state), 0);
}

/* ---- rubbish ---- */

static void send_rubbish(struct lines *l)
{
	static const char controls[] =
		"\033[2J\033]0;x\a\b\b\177\r\t\v\f\016陈\033[31m晓\302\205燕";
	static const char wrong[] = "\377\376\200\355\240\200\300\257\364\220\200\200";
	static const char nul[] = "陈\0晓\0燕";
	char *longest = calloc(1, (1 << 20) + 1);

	memset(longest, 'x', 1 << 20);
	lines_bytes(l, longest, 1 << 20);
	lines_expect(l, "这一行太长");
	lines_bytes(l, wrong, sizeof(wrong) - 1);
	lines_asked(l);
	lines_answer(l, "-");
	lines_asked(l);
	lines_answer(l, "陈");
	lines_bytes(l, controls, sizeof(controls) - 1);
	lines_asked(l);
	lines_answer(l, "-");
	lines_bytes(l, nul, sizeof(nul) - 1);
	lines_asked(l);
	free(longest);
}

static void rubbish_is_an_answer_like_any_other(void **state)
{
	static const struct lines_options *const kinds[] = {&chinese, &gb18030};

	for (size_t i = 0; i < 2; i++) {
		struct lines l;
		start(&l, state, kinds[i]);
		lines_answers(&l, sign_in);
		lines_answers(&l, to_the_form);
		send_rubbish(&l);
		assert_null(strchr(buf_str(&l.said), '\033'));
		assert_null(strchr(buf_str(&l.said), '\a'));
		assert_int_equal(lines_end(&l), EXIT_DONE);
		lines_fini(&l);
	}
}

/* ---- the way here ---- */

/* A terminal cuts a long line unasked: what may have been cut is no answer, and it is said. */
static void what_a_terminal_cuts_is_not_taken(void **state)
{
	char text[5001];
	struct lines l;

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	start(&l, state, &on_terminal);
	lines_answers(&l, sign_in);
	lines_answers(&l, to_the_form);
	lines_answer(&l, text);
	lines_expect(&l, "这一行太长 (超过 4094 字节), 没有取用");
	text[4094] = '\0';
	lines_answer(&l, text);
	lines_asked(&l);
	assert_null(strstr(buf_str(&l.said) + l.bytes_from, "太长"));
	lines_kill(&l);
	lines_fini(&l);
}

/* A terminal that cannot show the screens is told of the lines. */
static void a_dumb_terminal_is_told(void **state)
{
	struct term *t = hall_open(*state, "dumb", "C.UTF-8", "", 24, 80);

	term_wait(t, "yimen --plain");
	term_wait_exit(t);
	term_stop(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_road_in_chinese, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(the_road_in_english, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(the_road_in_gb18030, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			the_road_without_a_terminal_type, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			the_road_on_a_dumb_terminal, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			the_road_on_a_terminal_nobody_knows, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			the_road_with_an_input_method, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(unknown_words_are_told, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(who_asks_leaves_nothing, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(letters_and_cases, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			who_comes_again_is_known, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(a_day_begins_and_ends, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(a_refusal_is_corrected, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_correction_without_a_change_is_told, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			an_act_goes_on_after_a_kill, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(a_cut_line_is_told, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(killed_it_goes_on, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(the_input_ends_anywhere, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			rubbish_is_an_answer_like_any_other, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			what_a_terminal_cuts_is_not_taken, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(a_dumb_terminal_is_told, hall_setup, hall_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
