/* Versions of an application: corrections begun, given up, submitted; what the centre says of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/refusal.h"
#include "core/station/changes.h"
#include "core/station/draft.h"
#include "core/station/evaluation.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tests/unit/world.h"

static const char another_key[] = "018bcfe5-6800-7000-8000-000000000abc";

/* What became of the last letter of a case. */
static void settle(struct world *w, const char *case_id, enum letter_state state,
	const char *receipt, const char *problem)
{
	struct outbox_outcome o = {.state = state,
		.hold = state == LETTER_HELD ? HOLD_REFUSED : HOLD_NONE,
		.reason = state == LETTER_HELD ? "不符" : NULL,
		.receipt = receipt,
		.problem = problem};

	world_settle(w, case_id, &o);
}

static void deliver(struct world *w, const char *case_id, const char *number)
{
	char receipt[100];

	snprintf(receipt, sizeof receipt, "{\"project_no\":\"%s\"}", number);
	settle(w, case_id, LETTER_DELIVERED, receipt, NULL);
}

/* A member of the last letter's body; "" when absent. free it. */
static char *member(struct world *w, const char *case_id, const char *key)
{
	struct letter l;
	json *body;
	char *value;

	assert_int_equal(outbox_get(w->store, case_id, &l), OK);
	assert_int_equal(json_parse(&body, l.body, l.body_len, NULL), OK);
	value = strdup(json_get_str(body, key) != NULL ? json_get_str(body, key) : "");
	json_free(body);
	letter_fini(&l);
	return value;
}

static void expect_member(struct world *w, const char *case_id, const char *key, const char *want)
{
	char *have = member(w, case_id, key);

	assert_string_equal(have, want);
	free(have);
}

static void expect_answer(void *arg, const char *place, const char *value)
{
	if (strcmp(place, "applicant_name") == 0)
		snprintf(arg, 100, "%s", value);
}

static void answer_is(struct world *w, const char *case_id, const char *want)
{
	char have[100] = "";

	draft_each_answer(w->store, case_id, DRAFT_FORM, expect_answer, have);
	assert_string_equal(have, want);
}

static void put(struct world *w, const char *case_id, const char *value)
{
	const struct draft_answer a = {DRAFT_FORM, "applicant_name", value};

	assert_int_equal(draft_put(w->store, case_id, &a, 1), OK);
}

static enum letter_state state_of(struct world *w, const char *letter_id)
{
	enum letter_state state;
	struct letter l;

	assert_int_equal(outbox_get(w->store, letter_id, &l), OK);
	state = l.state;
	letter_fini(&l);
	return state;
}

static void submit_again(struct world *w, const char *case_id, const char *receipt)
{
	struct application a = world_application(case_id);
	char again[LOCAL_RECEIPT_SIZE];

	assert_int_equal(case_submit(w->store, &a, again, NULL), OK);
	assert_string_equal(again, receipt);
}

static void a_refused_one_is_replaced_by_its_correction(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct outbox_counts c;
	struct case_view v;
	struct world w;
	char *first, *second;

	(void)state;
	world_open(&w, 1);
	world_submit(&w, receipt, id);
	first = member(&w, id, "idempotency_key");
	settle(&w, id, LETTER_HELD, NULL, "{\"title\":\"x\"}");
	assert_int_equal(case_revise(w.store, receipt, "0317", NULL), OK);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK); /* goes on */
	put(&w, id, "李改正");
	world_restart(&w);
	assert_int_equal(case_get(w.store, id, &v), OK);
	assert_true(v.revising);
	case_view_fini(&v);
	assert_int_equal(draft_count(w.store, NULL), 1);
	submit_again(&w, id, receipt);
	second = member(&w, id, "idempotency_key");
	assert_string_not_equal(first, second);
	expect_member(&w, id, "case_id", id);
	expect_member(&w, id, "replaces", ""); /* the centre has none */
	assert_int_equal(state_of(&w, first), LETTER_REPLACED);
	assert_int_equal(state_of(&w, second), LETTER_WAITING);
	assert_int_equal(outbox_retry(w.store, first, "0317"), ERR_STATE);
	assert_int_equal(outbox_counts(w.store, &c), OK);
	assert_int_equal(c.waiting, 1);
	assert_int_equal(c.held, 0);
	assert_int_equal(c.replaced, 1);
	assert_int_equal(case_get(w.store, id, &v), OK);
	assert_false(v.revising);
	assert_int_equal(v.version, 2);
	case_view_fini(&v);
	assert_int_equal(outbox_next_ms(w.store, w.wall_ms), w.wall_ms); /* it may go */
	submit_again(&w, id, receipt); /* once more changes nothing */
	assert_int_equal(outbox_counts(w.store, &c), OK);
	assert_int_equal(c.waiting, 1);
	free(first);
	free(second);
	world_close(&w);
}

static void a_delivered_one_is_named_by_the_next(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct world w;
	char *first, *second;

	(void)state;
	world_open(&w, 2);
	world_submit(&w, receipt, id);
	first = member(&w, id, "idempotency_key");
	deliver(&w, id, "N1");
	assert_int_equal(case_revise(w.store, "N1", "0317", NULL), OK);
	submit_again(&w, id, receipt);
	expect_member(&w, id, "replaces", first);
	second = member(&w, id, "idempotency_key");
	/* still under way, and corrected once more: the third names the second */
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	submit_again(&w, id, receipt);
	expect_member(&w, id, "replaces", second);
	/* the second is refused while the third waits: nobody has to look at it, the third goes on
	 */
	{
		struct outbox_outcome o = {
			.state = LETTER_HELD, .hold = HOLD_REFUSED, .reason = "x"};
		struct letter due[2];
		memcpy(o.id, second, sizeof o.id);
		assert_int_equal(outbox_settle(w.store, &o, 1), OK);
		assert_int_equal(state_of(&w, second), LETTER_REPLACED);
		assert_int_equal(outbox_due(w.store, w.wall_ms, NULL, 0, due, 2), 1);
		assert_int_equal(due[0].version, 3);
		letter_fini(&due[0]);
	}
	free(first);
	free(second);
	world_close(&w);
}

static void giving_up_restores_what_was_submitted(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct application a;
	struct world w;

	(void)state;
	world_open(&w, 3);
	world_draft(&w, id);
	put(&w, id, "李样例");
	a = world_application(id);
	assert_int_equal(case_submit(w.store, &a, receipt, NULL), OK);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	put(&w, id, "李改正");
	answer_is(&w, id, "李改正");
	assert_int_equal(draft_drop(w.store, id, "0317"), OK);
	answer_is(&w, id, "李样例");
	assert_int_equal(case_revise_drop(w.store, id, "0317"), ERR_STATE);
	assert_int_equal(draft_count(w.store, NULL), 0);
	submit_again(&w, id, receipt);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	answer_is(&w, id, "李样例");
	world_close(&w);
}

static void add_answer(void *arg, const char *place, const char *value)
{
	char *all = arg;

	snprintf(all + strlen(all), 300 - strlen(all), "%s=%s ", place, value);
}

/* A case of a bundle has its answers in its letter only. */
static void answers_are_read_back_from_the_letter(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE], all[300] = "";
	struct application a;
	struct world w;

	(void)state;
	world_open(&w, 4);
	world_draft(&w, id);
	a = world_application(id);
	a.answers_json = "{\"applicant_name\":\"李样例\",\"tags\":[\"a\",\"b\"],"
			 "\"members\":[{\"applicant_name\":\"x\",\"n\":3},{\"n\":4}]}";
	assert_int_equal(case_submit(w.store, &a, receipt, NULL), OK);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	answer_is(&w, id, "李样例");
	draft_each_answer(w.store, id, DRAFT_FORM, add_answer, all);
	assert_string_equal(all, "applicant_name=李样例 members[1]/applicant_name=x "
				 "members[1]/n=3 members[2]/n=4 tags=a b ");
	world_close(&w);
}

static void not_every_state_lets_one_correct(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct changes_result r;
	struct buf why = {0};
	struct letter l;
	struct outbox_counts c;
	struct world w;
	char news[300];

	(void)state;
	world_open(&w, 5);
	assert_int_equal(case_revise(w.store, "L000000-00-0000-0000", "0317", &why), ERR_NOT_FOUND);
	world_draft(&w, id);
	assert_int_equal(case_revise(w.store, id, "0317", &why), ERR_STATE);
	world_submit(&w, receipt, id);
	assert_int_equal(outbox_get(w.store, id, &l), OK);
	assert_int_equal(outbox_hold(w.store, l.id, "0317", "等家属"), OK);
	assert_int_equal(outbox_counts(w.store, &c), OK);
	assert_int_equal(c.held, 1);
	assert_int_equal(c.kept, 1); /* nobody has refused it */
	assert_int_equal(case_revise(w.store, id, "0317", &why), ERR_STATE);
	assert_true(why.len > 0);
	assert_int_equal(outbox_release(w.store, l.id, "0317"), OK);
	assert_int_equal(outbox_release(w.store, l.id, "0317"), ERR_STATE);
	assert_int_equal(outbox_counts(w.store, &c), OK);
	assert_int_equal(c.held + c.kept, 0);
	deliver(&w, id, "N1");
	snprintf(news, sizeof news,
		"{\"cursor\":\"9\",\"changes\":[{\"seq\":9,\"type\":\"case\",\"at\":"
		"\"2026-11-24T10:00:00+08:00\",\"kind\":\"accept\",\"project_no\":\"N1\","
		"\"state\":\"accepted\"}]}");
	assert_int_equal(changes_apply(w.store, news, strlen(news), &r), OK);
	assert_int_equal(r.applied, 1);
	assert_int_equal(case_revise(w.store, id, "0317", &why), ERR_STATE);
	letter_fini(&l);
	buf_fini(&why);
	world_close(&w);
}

/* The centre changes the case while it is corrected: said, and nothing goes out unknowing. */
static void a_change_meanwhile_is_said(void **state)
{
	static const char version[] =
		"{\"cursor\":\"4\",\"changes\":[{\"seq\":4,\"type\":\"case\",\"at\":"
		"\"2026-11-24T10:00:00+08:00\",\"kind\":\"application\",\"project_no\":\"N1\","
		"\"state\":\"received\",\"note\":\"网上已更正\","
		"\"key\":\"018bcfe5-6800-7000-8000-000000000abc\"}]}";
	char receipt[LOCAL_RECEIPT_SIZE], again[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct changes_result r;
	struct application a;
	struct buf why = {0};
	struct case_view v;
	struct world w;

	(void)state;
	world_open(&w, 6);
	world_submit(&w, receipt, id);
	deliver(&w, id, "N1");
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	assert_int_equal(changes_apply(w.store, version, strlen(version), &r), OK);
	assert_int_equal(r.applied, 1);
	assert_int_equal(case_count_news(w.store), 1);
	assert_int_equal(case_get(w.store, id, &v), OK);
	assert_true(v.news);
	assert_string_equal(v.note, "网上已更正");
	case_view_fini(&v);
	assert_int_equal(case_seen(w.store, id), OK);
	assert_int_equal(case_count_news(w.store), 0);
	a = world_application(id);
	assert_int_equal(case_submit(w.store, &a, again, &why), ERR_STATE);
	assert_non_null(strstr(why.data, "网上已更正"));
	assert_int_equal(case_get(w.store, id, &v), OK);
	assert_true(v.revising); /* nothing is lost of it */
	case_view_fini(&v);
	a.knowing = true;
	assert_int_equal(case_submit(w.store, &a, again, &why), OK);
	expect_member(&w, id, "replaces", another_key);
	/* told again by a centre that begins anew: no news */
	assert_int_equal(store_set(w.store, "changes.cursor", "900"), OK);
	assert_int_equal(changes_apply(w.store, version, strlen(version), &r), OK);
	assert_int_equal(r.applied, 0);
	assert_int_equal(case_count_news(w.store), 0);
	buf_fini(&why);
	world_close(&w);
}

static void the_next_version_replaces_what_the_centre_names(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	world_open(&w, 7);
	world_submit(&w, receipt, id);
	settle(&w, id, LETTER_HELD, NULL,
		"{\"title\":\"x\",\"current_key\":\"018bcfe5-6800-7000-8000-000000000abc\","
		"\"project_no\":\"N7\"}");
	assert_int_equal(case_revise(w.store, "N7", "0317", NULL), OK);
	submit_again(&w, id, receipt);
	expect_member(&w, id, "replaces", another_key);
	settle(&w, id, LETTER_HELD, NULL, "{\"title\":\"x\",\"current_key\":\"no key at all\"}");
	assert_int_equal(case_revise(w.store, "N7", "0317", NULL), OK);
	submit_again(&w, id, receipt);
	expect_member(&w, id, "replaces", another_key);
	world_close(&w);
}

/* A correction that can never be taken: it is given up, and nothing waits for it any more. */
static void a_refused_correction_can_be_given_up(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct outbox_counts c;
	struct letter l;
	struct world w;
	size_t count;

	(void)state;
	world_open(&w, 7);
	world_submit(&w, receipt, id);
	deliver(&w, id, "N1");
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	submit_again(&w, id, receipt);
	settle(&w, id, LETTER_HELD, NULL,
		"{\"type\":\"urn:yimen:problem:case-state\",\"title\":\"x\"}");
	assert_int_equal(outbox_get_application(w.store, id, &l), OK);
	assert_true(refusal_is_final(l.problem));
	assert_int_equal(outbox_retry_refused(w.store, "0317", &count), OK);
	assert_int_equal(count, 0);
	assert_int_equal(act_take_back(w.store, l.id, "0317", NULL), OK);
	letter_fini(&l);
	assert_int_equal(outbox_get_application(w.store, id, &l), OK);
	assert_int_equal(l.state, LETTER_REPLACED);
	letter_fini(&l);
	assert_int_equal(outbox_counts(w.store, &c), OK);
	assert_int_equal(c.held, 0);
	world_close(&w);
}

static void refused_ones_are_tried_again_when_it_is_asked(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct outbox_counts c;
	struct world w;
	size_t count;

	(void)state;
	world_open(&w, 7);
	world_submit(&w, receipt, id);
	settle(&w, id, LETTER_HELD, NULL, "{\"title\":\"x\"}");
	assert_int_equal(outbox_retry_all(w.store, "0317", &count), OK);
	assert_int_equal(count, 0);
	assert_int_equal(outbox_retry_refused(w.store, "0317", &count), OK);
	assert_int_equal(count, 1);
	assert_int_equal(outbox_counts(w.store, &c), OK);
	assert_int_equal(c.waiting, 1);
	world_close(&w);
}

/* A version of elsewhere, told before the correction begins, is not gone over without a word. */
static void a_version_made_elsewhere_is_asked_about(void **state)
{
	static const char version[] =
		"{\"cursor\":\"900\",\"changes\":[{\"seq\":9,\"type\":\"case\",\"project_no\":\"N1\","
		"\"kind\":\"application\",\"state\":\"received\",\"note\":\"网上已更正\","
		"\"key\":\"018bcfe5-6800-7000-8000-000000000abc\",\"at\":\"2026-11-24T10:00:00+08:00\"}]}";
	char receipt[LOCAL_RECEIPT_SIZE], again[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct changes_result r;
	struct application a;
	struct buf why = {0};
	struct world w;

	(void)state;
	world_open(&w, 7);
	world_submit(&w, receipt, id);
	deliver(&w, id, "N1");
	assert_false(case_made_elsewhere(w.store, id));
	assert_int_equal(changes_apply(w.store, version, strlen(version), &r), OK);
	assert_true(case_made_elsewhere(w.store, id));
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	a = world_application(id);
	assert_int_equal(case_submit(w.store, &a, again, &why), ERR_STATE);
	assert_non_null(strstr(why.data, "网上已更正"));
	a.knowing = true;
	assert_int_equal(case_submit(w.store, &a, again, NULL), OK);
	buf_fini(&why);
	world_close(&w);
}

static void state_is(struct world *w, const char *case_id, const char *want)
{
	struct case_view v;

	assert_int_equal(case_get(w->store, case_id, &v), OK);
	assert_string_equal(v.state, want);
	case_view_fini(&v);
}

/* As at the centre: what was to be corrected is received once more, and can be accepted. */
static void a_correction_answers_the_request(void **state)
{
	static const char asked[] =
		"{\"cursor\":\"1\",\"changes\":[{\"seq\":1,\"type\":\"case\",\"at\":"
		"\"2026-11-24T10:00:00+08:00\",\"kind\":\"request-correction\",\"project_no\":\"N1\","
		"\"state\":\"correcting\",\"note\":\"照片不清\",\"facts\":{\"last_day\":\"2026-12-10\"}}]}";
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct changes_result done;
	struct letter l;
	struct world w;
	int32_t due, last_day;
	int i;

	(void)state;
	world_open(&w, 22);
	world_submit(&w, receipt, id);
	deliver(&w, id, "N1");
	assert_int_equal(changes_apply(w.store, asked, strlen(asked), &done), OK);
	state_is(&w, id, "correcting");
	assert_true(due_of_case(w.store, id, &last_day));
	/* refused and corrected once more: still the answer */
	for (i = 0; i < 2; i++) {
		assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
		submit_again(&w, id, receipt);
		state_is(&w, id, "received");
		expect_member(&w, id, "from_state", "correcting");
		assert_true(due_of_case(w.store, id, &due));
		assert_int_not_equal(due, last_day); /* its days run anew */
		settle(&w, id, LETTER_HELD, NULL,
			"{\"type\":\"urn:yimen:problem:case-state\",\"title\":\"x\"}");
	}
	/* given up, it is again as the centre has it */
	assert_int_equal(outbox_get_application(w.store, id, &l), OK);
	assert_int_equal(act_take_back(w.store, l.id, "0317", NULL), OK);
	letter_fini(&l);
	state_is(&w, id, "correcting");
	assert_true(due_of_case(w.store, id, &due));
	assert_int_equal(due, last_day);
	world_close(&w);
}

/* ---- what was done with a case whose application the centre refuses ---- */

static const struct evaluation_answer mark = {
	.mark = 1, .cause = CAUSE_NONE, .source = EVALUATION_SCREEN, .station = "station-1"};

/* The kinds that may go now, one letter a case. */
static void expect_due(struct world *w, const char *kind)
{
	struct letter l[4];

	assert_int_equal(outbox_due(w->store, w->wall_ms, NULL, 0, l, 4), 1);
	assert_string_equal(l[0].kind, kind);
	letter_fini(&l[0]);
}

static void settle_due(struct world *w, enum letter_state state)
{
	struct outbox_outcome o = {.state = state,
		.hold = state == LETTER_HELD ? HOLD_REFUSED : HOLD_NONE,
		.reason = state == LETTER_HELD ? "不符" : NULL,
		.receipt = state == LETTER_DELIVERED ? "{\"project_no\":\"N1\"}" : NULL};
	struct letter l;

	assert_int_equal(outbox_due(w->store, w->wall_ms, NULL, 0, &l, 1), 1);
	memcpy(o.id, l.id, sizeof o.id);
	letter_fini(&l);
	assert_int_equal(outbox_settle(w->store, &o, 1), OK);
}

static void accept_and_rate(struct world *w, const char *case_id)
{
	const struct act_order accept = {.case_number = case_id,
		.act = ACT_ACCEPT,
		.station = "station-1",
		.operator_name = "0317",
		.window = "03",
		.facts = "{}"};
	const struct evaluation_offer offer = {case_id, "0317", "03"};
	char id[ID_UUID_SIZE];

	assert_int_equal(act_do(w->store, &accept, NULL), OK);
	assert_int_equal(evaluation_begin(w->store, &offer, id, NULL), OK);
	assert_int_equal(evaluation_answer(w->store, id, &mark, NULL), OK);
}

static void expect_all_in_order(struct world *w)
{
	struct outbox_counts c;

	expect_due(w, "application");
	settle_due(w, LETTER_DELIVERED);
	expect_due(w, "accept");
	settle_due(w, LETTER_DELIVERED);
	expect_due(w, "evaluation");
	settle_due(w, LETTER_DELIVERED);
	assert_int_equal(outbox_counts(w->store, &c), OK);
	assert_int_equal(c.waiting + c.held, 0);
}

static void what_was_decided_goes_behind_the_correction(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct case_view v;
	struct letter l;
	struct world w;

	(void)state;
	world_open(&w, 20);
	world_submit(&w, receipt, id);
	accept_and_rate(&w, id);
	settle_due(&w, LETTER_HELD);
	assert_int_equal(outbox_due(w.store, w.wall_ms, NULL, 0, &l, 1), 0);
	/* by its number the one in the way is meant; the last says what it waits for */
	assert_int_equal(outbox_get_next(w.store, receipt, &l), OK);
	assert_string_equal(l.kind, "application");
	assert_false(l.behind);
	letter_fini(&l);
	assert_int_equal(outbox_get(w.store, receipt, &l), OK);
	assert_string_equal(l.kind, "evaluation");
	assert_true(l.behind);
	assert_int_equal(l.ahead, HOLD_REFUSED);
	letter_fini(&l);
	assert_true(case_may_revise(w.store, id)); /* accepted though it is */
	assert_int_equal(case_get(w.store, id, &v), OK);
	assert_string_equal(v.letter_state, "held"); /* not that the step waits */
	case_view_fini(&v);
	assert_int_equal(case_revise(w.store, receipt, "0317", NULL), OK);
	submit_again(&w, id, receipt);
	assert_int_equal(case_get(w.store, id, &v), OK);
	assert_string_equal(v.state, "accepted");
	assert_int_equal(v.version, 2); /* the application's, whatever came after it */
	case_view_fini(&v);
	expect_all_in_order(&w);
	/* the centre has it now: there the accepted is not to be corrected */
	assert_false(case_may_revise(w.store, id));
	assert_int_equal(case_revise(w.store, receipt, "0317", NULL), ERR_STATE);
	world_close(&w);
}

/* It can never be right, or nobody wants it any more. */
static void a_refused_application_can_be_given_up(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct outbox_counts c;
	struct letter l;
	struct world w;
	int32_t due;

	(void)state;
	world_open(&w, 23);
	world_submit(&w, receipt, id);
	accept_and_rate(&w, id);
	assert_int_equal(outbox_get_next(w.store, receipt, &l), OK);
	assert_int_equal(case_abandon(w.store, l.id, "0317", NULL), ERR_STATE); /* only waits */
	settle_due(&w, LETTER_HELD);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	assert_int_equal(case_abandon(w.store, l.id, "0317", NULL), ERR_STATE);
	assert_int_equal(case_revise_drop(w.store, id, "0317"), OK);
	assert_int_equal(case_abandon(w.store, l.id, "0317", NULL), OK);
	letter_fini(&l);
	state_is(&w, id, "withdrawn");
	assert_false(due_of_case(w.store, id, &due));
	assert_int_equal(outbox_counts(w.store, &c), OK);
	assert_int_equal(c.waiting + c.held, 0);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), ERR_STATE);
	/* what the centre has is not ended by the station alone */
	world_submit(&w, receipt, id);
	deliver(&w, id, "N1");
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	submit_again(&w, id, receipt);
	settle_due(&w, LETTER_HELD);
	assert_int_equal(outbox_get(w.store, id, &l), OK);
	assert_int_equal(case_abandon(w.store, l.id, "0317", NULL), ERR_STATE);
	letter_fini(&l);
	world_close(&w);
}

static void what_was_rated_before_a_correction_that_waits(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE], evaluation[ID_UUID_SIZE];
	struct evaluation_offer offer = {receipt, "0317", "03"};
	struct outbox_counts c;
	struct world w;

	(void)state;
	world_open(&w, 21);
	world_submit(&w, receipt, id);
	assert_int_equal(evaluation_begin(w.store, &offer, evaluation, NULL), OK);
	assert_int_equal(evaluation_answer(w.store, evaluation, &mark, NULL), OK);
	assert_int_equal(case_revise(w.store, receipt, "0317", NULL), OK);
	submit_again(&w, id, receipt);
	settle_due(&w, LETTER_HELD); /* the first version */
	expect_due(&w, "application");
	settle_due(&w, LETTER_DELIVERED);
	expect_due(&w, "evaluation");
	settle_due(&w, LETTER_DELIVERED);
	assert_int_equal(outbox_counts(w.store, &c), OK);
	assert_int_equal(c.replaced, 1);
	assert_int_equal(c.waiting + c.held, 0);
	world_close(&w);
}

static void act(struct world *w, const char *case_id, enum case_act act)
{
	const struct act_order o = {.case_number = case_id,
		.act = act,
		.station = "station-1",
		.operator_name = "0317",
		.window = "03",
		.facts = "{\"corrections\":[{\"name\":\"照片\",\"defect\":\"不是白底\"}]}"};
	struct buf why = {0};

	if (act_do(w->store, &o, &why) != OK)
		fail_msg("%s", buf_str(&why));
	buf_fini(&why);
}

/* The kinds in the order in which the centre takes them. */
static void expect_taken(struct world *w, const char *const *kinds, size_t count)
{
	struct outbox_counts c;
	size_t i;

	for (i = 0; i < count; i++) {
		expect_due(w, kinds[i]);
		settle_due(w, LETTER_DELIVERED);
	}
	assert_int_equal(outbox_counts(w->store, &c), OK);
	assert_int_equal(c.waiting + c.held, 0);
}

/* All done while the line was down: then the centre refuses the first version. */
static void steps_before_a_correction_stay_before_those_after_it(void **state)
{
	static const char *const kinds[] = {
		"application", "correction", "supplement", "application", "accept"};
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	world_open(&w, 24);
	world_submit(&w, receipt, id);
	act(&w, id, ACT_REQUEST_CORRECTION);
	act(&w, id, ACT_SUPPLEMENT);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	submit_again(&w, id, receipt);
	/* and a third version: the second may still be taken */
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	submit_again(&w, id, receipt);
	act(&w, id, ACT_ACCEPT);
	settle_due(&w, LETTER_HELD);
	expect_taken(&w, kinds, 5);
	state_is(&w, id, "accepted");
	world_close(&w);
}

/* The second version has what was asked for: nobody asks for it once more. */
static void a_request_that_was_answered_does_not_go_behind_its_answer(void **state)
{
	static const char *const kinds[] = {"application", "accept"};
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	world_open(&w, 25);
	world_submit(&w, receipt, id);
	act(&w, id, ACT_REQUEST_CORRECTION);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	submit_again(&w, id, receipt);
	state_is(&w, id, "received");
	act(&w, id, ACT_ACCEPT);
	settle_due(&w, LETTER_HELD);
	expect_taken(&w, kinds, 2);
	state_is(&w, id, "accepted");
	world_close(&w);
}

/* It had been received by hand, which is refused; the correction that waits receives it as well. */
static void a_correction_behind_a_refused_step_stands(void **state)
{
	static const char *const kinds[] = {"application"};
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct letter l;
	struct world w;

	(void)state;
	world_open(&w, 29);
	world_submit(&w, receipt, id);
	deliver(&w, id, "N1");
	act(&w, id, ACT_REQUEST_CORRECTION);
	settle_due(&w, LETTER_DELIVERED);
	act(&w, id, ACT_SUPPLEMENT);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	submit_again(&w, id, receipt);
	settle_due(&w, LETTER_HELD);
	assert_int_equal(outbox_get_next(w.store, id, &l), OK);
	assert_int_equal(act_take_back(w.store, l.id, "0317", NULL), OK);
	letter_fini(&l);
	state_is(&w, id, "received");
	expect_taken(&w, kinds, 1);
	world_close(&w);
}

/* The second answer was posted while the first, which is refused then, still waited. */
static void an_answer_in_the_place_of_another_is_given_up_like_it(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct outbox_counts c;
	struct letter l;
	struct world w;
	int i;

	(void)state;
	world_open(&w, 30);
	world_submit(&w, receipt, id);
	deliver(&w, id, "N1");
	world_pass(&w, 1000);
	act(&w, id, ACT_REQUEST_CORRECTION);
	for (i = 0; i < 2; i++) {
		world_pass(&w, 1000);
		assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
		submit_again(&w, id, receipt);
	}
	act(&w, id, ACT_ACCEPT);
	settle_due(&w, LETTER_DELIVERED);
	settle_due(&w, LETTER_HELD);
	settle_due(&w, LETTER_HELD);
	assert_int_equal(outbox_get_application(w.store, id, &l), OK);
	assert_int_equal(act_take_back(w.store, l.id, "0317", NULL), OK);
	letter_fini(&l);
	assert_int_equal(outbox_counts(w.store, &c), OK);
	assert_int_equal(c.waiting + c.held, 0);
	state_is(&w, id, "correcting");
	world_close(&w);
}

/* The request itself was refused and taken back: at the centre nothing is to be corrected. */
static void an_answer_to_no_request_is_given_up_alone(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct letter l;
	struct world w;
	int i;

	(void)state;
	world_open(&w, 31);
	world_submit(&w, receipt, id);
	deliver(&w, id, "N1");
	act(&w, id, ACT_REQUEST_CORRECTION);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	submit_again(&w, id, receipt);
	for (i = 0; i < 2; i++) {
		settle_due(&w, LETTER_HELD);
		assert_int_equal(outbox_get_next(w.store, id, &l), OK);
		assert_int_equal(act_take_back(w.store, l.id, "0317", NULL), OK);
		letter_fini(&l);
		state_is(&w, id, "received");
	}
	world_close(&w);
}

/* Its scans are neither here nor there: it can never go, and must not stay in the next one's way.
 */
static void a_version_whose_papers_are_gone_gives_way(void **state)
{
	struct outbox_outcome o = {
		.state = LETTER_WAITING, .papers_missing = true, .reason = "缺扫描件"};
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct letter l;
	struct world w;

	(void)state;
	world_open(&w, 32);
	world_submit(&w, receipt, id);
	assert_int_equal(outbox_get(w.store, id, &l), OK);
	memcpy(o.id, l.id, sizeof o.id);
	letter_fini(&l);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	submit_again(&w, id, receipt);
	accept_and_rate(&w, id);
	assert_int_equal(outbox_settle(w.store, &o, 1), OK);
	assert_int_equal(state_of(&w, o.id), LETTER_REPLACED);
	expect_all_in_order(&w);
	world_close(&w);
}

/* The answer itself is refused, too: what was decided after it stands behind the next one. */
static void what_was_decided_after_an_answer_stays_decided(void **state)
{
	static const char *const kinds[] = {"application", "accept"};
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	world_open(&w, 28);
	world_submit(&w, receipt, id);
	act(&w, id, ACT_REQUEST_CORRECTION);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	submit_again(&w, id, receipt);
	act(&w, id, ACT_ACCEPT);
	settle_due(&w, LETTER_HELD);
	settle_due(&w, LETTER_HELD);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	submit_again(&w, id, receipt);
	state_is(&w, id, "accepted");
	expect_taken(&w, kinds, 2);
	world_close(&w);
}

/* What the acceptance was built on is given up: it goes, too, and the case is as at the centre. */
static void an_answer_given_up_takes_back_what_was_built_on_it(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct outbox_counts c;
	struct letter l;
	struct world w;

	(void)state;
	world_open(&w, 26);
	world_submit(&w, receipt, id);
	deliver(&w, id, "N1");
	act(&w, id, ACT_REQUEST_CORRECTION);
	settle_due(&w, LETTER_DELIVERED);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	submit_again(&w, id, receipt);
	act(&w, id, ACT_ACCEPT);
	settle_due(&w, LETTER_HELD);
	assert_int_equal(outbox_get_application(w.store, id, &l), OK);
	assert_int_equal(act_take_back(w.store, l.id, "0317", NULL), OK);
	letter_fini(&l);
	assert_int_equal(outbox_counts(w.store, &c), OK);
	assert_int_equal(c.waiting + c.held, 0);
	state_is(&w, id, "correcting");
	world_close(&w);
}

/* The request is refused, what was corrected is not: it and what was built on it still go. */
static void what_follows_a_correction_is_not_built_on_the_request(void **state)
{
	static const char *const kinds[] = {"application", "accept"};
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct letter l;
	struct world w;

	(void)state;
	world_open(&w, 27);
	world_submit(&w, receipt, id);
	deliver(&w, id, "N1");
	act(&w, id, ACT_REQUEST_CORRECTION);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	submit_again(&w, id, receipt);
	act(&w, id, ACT_ACCEPT);
	settle_due(&w, LETTER_HELD);
	assert_int_equal(outbox_get_next(w.store, id, &l), OK);
	assert_string_equal(l.kind, "correction");
	assert_int_equal(act_take_back(w.store, l.id, "0317", NULL), OK);
	letter_fini(&l);
	state_is(&w, id, "accepted");
	expect_taken(&w, kinds, 2);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refused_one_is_replaced_by_its_correction),
		cmocka_unit_test(a_delivered_one_is_named_by_the_next),
		cmocka_unit_test(giving_up_restores_what_was_submitted),
		cmocka_unit_test(answers_are_read_back_from_the_letter),
		cmocka_unit_test(not_every_state_lets_one_correct),
		cmocka_unit_test(a_change_meanwhile_is_said),
		cmocka_unit_test(the_next_version_replaces_what_the_centre_names),
		cmocka_unit_test(a_refused_correction_can_be_given_up),
		cmocka_unit_test(refused_ones_are_tried_again_when_it_is_asked),
		cmocka_unit_test(a_version_made_elsewhere_is_asked_about),
		cmocka_unit_test(a_correction_answers_the_request),
		cmocka_unit_test(what_was_decided_goes_behind_the_correction),
		cmocka_unit_test(a_refused_application_can_be_given_up),
		cmocka_unit_test(what_was_rated_before_a_correction_that_waits),
		cmocka_unit_test(steps_before_a_correction_stay_before_those_after_it),
		cmocka_unit_test(a_request_that_was_answered_does_not_go_behind_its_answer),
		cmocka_unit_test(what_was_decided_after_an_answer_stays_decided),
		cmocka_unit_test(a_correction_behind_a_refused_step_stands),
		cmocka_unit_test(an_answer_in_the_place_of_another_is_given_up_like_it),
		cmocka_unit_test(an_answer_to_no_request_is_given_up_alone),
		cmocka_unit_test(a_version_whose_papers_are_gone_gives_way),
		cmocka_unit_test(an_answer_given_up_takes_back_what_was_built_on_it),
		cmocka_unit_test(what_follows_a_correction_is_not_built_on_the_request),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
