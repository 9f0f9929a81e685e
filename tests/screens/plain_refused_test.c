/* The line mode where the centre has refused a letter: what it says can be done, by what was
 * refused and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/err.h"
#include "core/station/acts.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tests/screens/hall.h"
#include "tests/screens/lines.h"

static const struct lines_options chinese = {"dumb", "C.UTF-8", "", false};

static const char *const sign_in[] = {HALL_OPERATOR, HALL_PASS, "03", NULL};
static const char *const one_whole[] = {"残疾人证新", "1", "1", "1", "1", "", "", "陈晓燕", "1",
	HALL_PERSON, HALL_MOBILE, "1990-03-07", "示范村18号", "", "", "", "", "2", "1", "0", NULL};

static void start(struct lines *l, void **state, const struct lines_options *o)
{
	lines_start(l, *state, o);
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
static void accept_it(struct hall *h)
{
	struct store *s = hall_store(h);
	struct letter l[1];
	char id[ID_UUID_SIZE];
	struct act_order order = {.case_number = id,
		.act = ACT_ACCEPT,
		.station = "示范",
		.operator_name = "0317",
		.window = "03",
		.facts = "{}"};

	assert_int_equal(outbox_due(s, INT64_MAX, NULL, 0, l, 1), 1);
	memcpy(id, l[0].case_id, sizeof id);
	letter_fini(&l[0]);
	assert_int_equal(act_do(s, &order, NULL), OK);
	store_close(s);
}

static void refused_says(void **state, const char *type, const char *advice)
{
	char problem[100];
	struct lines l;

	snprintf(problem, sizeof problem, "{\"type\":\"urn:yimen:problem:%s\",\"title\":\"x\"}",
		type);
	settle(*state, (struct outbox_outcome){.state = LETTER_HELD,
			       .hold = HOLD_REFUSED,
			       .reason = "不行",
			       .problem = problem});
	start(&l, state, &chinese);
	lines_answers(&l, sign_in);
	lines_answer(&l, ":待发");
	lines_answer(&l, "1");
	lines_expect(&l, advice);
	assert_int_equal(lines_end(&l), EXIT_DONE);
	lines_fini(&l);
}

static void submit_alone(void **state)
{
	struct lines l;

	start(&l, state, &chinese);
	lines_answers(&l, sign_in);
	lines_answers(&l, one_whole);
	assert_int_equal(lines_end(&l), EXIT_DONE);
	lines_fini(&l);
}

/* There is nothing to correct in a step. */
static void a_refused_step_says_what_can_be_done(void **state)
{
	submit_alone(state);
	accept_it(*state);
	settle(*state, (struct outbox_outcome){.state = LETTER_DELIVERED,
			       .receipt = "{\"project_no\":\"37012300000020261128000001\","
					  "\"query_password\":\"ABCD2345\"}"});
	refused_says(
		state, "invalid", "接着: 中心没有接受这一步: 撤回它; 中心弄错的, 重试就原样再送。");
}

static void a_step_of_a_case_that_is_lost_says_so(void **state)
{
	submit_alone(state);
	accept_it(*state);
	settle(*state, (struct outbox_outcome){.state = LETTER_DELIVERED,
			       .receipt = "{\"project_no\":\"37012300000020261128000001\","
					  "\"query_password\":\"ABCD2345\"}"});
	refused_says(state, "unknown-case", "接着: 中心没有这一件 (可能用旧备份恢复过)");
}

/* What the centre says of another version does not go away by sending it again. */
static void a_refusal_for_good_leads_to_the_case(void **state)
{
	submit_alone(state);
	refused_says(state, "case-exists",
		"接着: 中心有别的版本, 或已有这一件: 先看办件, 再更正; 原样重试还会退回。");
}

/* Whoever has just heard it in the outbox is not told it as news as well. */
static void what_the_outbox_has_said_is_no_news(void **state)
{
	struct lines l;

	start(&l, state, &chinese);
	lines_answers(&l, sign_in);
	lines_answers(&l, one_whole);
	lines_asked(&l);
	settle(*state, (struct outbox_outcome){.state = LETTER_HELD,
			       .hold = HOLD_REFUSED,
			       .reason = "不行",
			       .problem = "{\"title\":\"x\"}"});
	lines_answer(&l, ":待发");
	lines_expect(&l, "退回或等人处理 1 件。");
	lines_expect(&l, "1 退回, ");
	lines_answer(&l, "0");
	lines_expect(&l, "主菜单");
	assert_null(strstr(buf_str(&l.said), "消息: 有 1 件"));
	assert_int_equal(lines_end(&l), EXIT_DONE);
	lines_fini(&l);
}

/* The centre has the case and has gone on with it: another correction would not be taken either. */
static void a_correction_that_comes_too_late_is_given_up(void **state)
{
	struct store *s;

	submit_alone(state);
	s = hall_store(*state);
	assert_int_equal(db_exec(store_db(s), "UPDATE case_ SET project_no = 'N1'"), OK);
	store_close(s);
	refused_says(state, "case-state",
		"接着: 这一件在中心已往下办, 现在不收更正: 撤回就放弃这一版; ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_the_outbox_has_said_is_no_news, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_correction_that_comes_too_late_is_given_up, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_refused_step_says_what_can_be_done, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_step_of_a_case_that_is_lost_says_so, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_refusal_for_good_leads_to_the_case, hall_setup, hall_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
