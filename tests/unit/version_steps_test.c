/* Steps of a case among the versions of its application: what was decided while the centre had not
 * taken it yet, or was to see a correction. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/changes.h"
#include "core/station/evaluation.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tests/unit/versions.h"
#include "tests/unit/world.h"

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

static void accept_and_rate(struct world *w, const char *case_id)
{
	const struct evaluation_offer offer = {case_id, "0317", "03"};
	char id[ID_UUID_SIZE];

	world_accept(w, case_id);
	assert_int_equal(evaluation_begin(w->store, &offer, id, NULL), OK);
	assert_int_equal(evaluation_answer(w->store, id, &mark, NULL), OK);
}

static void expect_all_in_order(struct world *w)
{
	struct outbox_counts c;

	expect_due(w, "application");
	versions_settle_due(w, NULL, LETTER_DELIVERED);
	expect_due(w, "accept");
	versions_settle_due(w, NULL, LETTER_DELIVERED);
	expect_due(w, "evaluation");
	versions_settle_due(w, NULL, LETTER_DELIVERED);
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
	versions_settle_due(&w, NULL, LETTER_HELD);
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
	assert_string_equal(v.letter_hold, "refused");
	case_view_fini(&v);
	assert_int_equal(case_revise(w.store, receipt, "0317", NULL), OK);
	versions_submit(&w, id, receipt);
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
	versions_settle_due(&w, NULL, LETTER_HELD);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	assert_int_equal(case_abandon(w.store, l.id, "0317", NULL), ERR_STATE);
	assert_int_equal(case_revise_drop(w.store, id, "0317"), OK);
	assert_int_equal(case_abandon(w.store, l.id, "0317", NULL), OK);
	letter_fini(&l);
	versions_state_is(&w, id, "withdrawn");
	assert_false(due_of_case(w.store, id, &due));
	assert_int_equal(outbox_counts(w.store, &c), OK);
	assert_int_equal(c.waiting + c.held, 0);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), ERR_STATE);
	/* what the centre has is not ended by the station alone */
	world_submit(&w, receipt, id);
	versions_deliver(&w, id, "N1");
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	versions_submit(&w, id, receipt);
	versions_settle_due(&w, NULL, LETTER_HELD);
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
	versions_submit(&w, id, receipt);
	versions_settle_due(&w, NULL, LETTER_HELD); /* the first version */
	expect_due(&w, "application");
	versions_settle_due(&w, NULL, LETTER_DELIVERED);
	expect_due(&w, "evaluation");
	versions_settle_due(&w, NULL, LETTER_DELIVERED);
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
		versions_settle_due(w, NULL, LETTER_DELIVERED);
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
	versions_submit(&w, id, receipt);
	/* and a third version: the second may still be taken */
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	versions_submit(&w, id, receipt);
	act(&w, id, ACT_ACCEPT);
	versions_settle_due(&w, NULL, LETTER_HELD);
	expect_taken(&w, kinds, 5);
	versions_state_is(&w, id, "accepted");
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
	versions_submit(&w, id, receipt);
	versions_state_is(&w, id, "received");
	act(&w, id, ACT_ACCEPT);
	versions_settle_due(&w, NULL, LETTER_HELD);
	expect_taken(&w, kinds, 2);
	versions_state_is(&w, id, "accepted");
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
	versions_deliver(&w, id, "N1");
	act(&w, id, ACT_REQUEST_CORRECTION);
	versions_settle_due(&w, NULL, LETTER_DELIVERED);
	act(&w, id, ACT_SUPPLEMENT);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	versions_submit(&w, id, receipt);
	versions_settle_due(&w, NULL, LETTER_HELD);
	assert_int_equal(outbox_get_next(w.store, id, &l), OK);
	assert_int_equal(act_take_back(w.store, l.id, "0317", NULL), OK);
	letter_fini(&l);
	versions_state_is(&w, id, "received");
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
	versions_deliver(&w, id, "N1");
	world_pass(&w, 1000);
	act(&w, id, ACT_REQUEST_CORRECTION);
	for (i = 0; i < 2; i++) {
		world_pass(&w, 1000);
		assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
		versions_submit(&w, id, receipt);
	}
	act(&w, id, ACT_ACCEPT);
	versions_settle_due(&w, NULL, LETTER_DELIVERED);
	versions_settle_due(&w, NULL, LETTER_HELD);
	versions_settle_due(&w, NULL, LETTER_HELD);
	assert_int_equal(outbox_get_application(w.store, id, &l), OK);
	assert_int_equal(act_take_back(w.store, l.id, "0317", NULL), OK);
	letter_fini(&l);
	assert_int_equal(outbox_counts(w.store, &c), OK);
	assert_int_equal(c.waiting + c.held, 0);
	versions_state_is(&w, id, "correcting");
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
	versions_deliver(&w, id, "N1");
	act(&w, id, ACT_REQUEST_CORRECTION);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	versions_submit(&w, id, receipt);
	for (i = 0; i < 2; i++) {
		versions_settle_due(&w, NULL, LETTER_HELD);
		assert_int_equal(outbox_get_next(w.store, id, &l), OK);
		assert_int_equal(act_take_back(w.store, l.id, "0317", NULL), OK);
		letter_fini(&l);
		versions_state_is(&w, id, "received");
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
	versions_submit(&w, id, receipt);
	accept_and_rate(&w, id);
	assert_int_equal(outbox_settle(w.store, &o, 1), OK);
	assert_int_equal(versions_letter_state(&w, o.id), LETTER_REPLACED);
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
	versions_submit(&w, id, receipt);
	act(&w, id, ACT_ACCEPT);
	versions_settle_due(&w, NULL, LETTER_HELD);
	versions_settle_due(&w, NULL, LETTER_HELD);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	versions_submit(&w, id, receipt);
	versions_state_is(&w, id, "accepted");
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
	versions_deliver(&w, id, "N1");
	act(&w, id, ACT_REQUEST_CORRECTION);
	versions_settle_due(&w, NULL, LETTER_DELIVERED);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	versions_submit(&w, id, receipt);
	act(&w, id, ACT_ACCEPT);
	versions_settle_due(&w, NULL, LETTER_HELD);
	assert_int_equal(outbox_get_application(w.store, id, &l), OK);
	assert_int_equal(act_take_back(w.store, l.id, "0317", NULL), OK);
	letter_fini(&l);
	assert_int_equal(outbox_counts(w.store, &c), OK);
	assert_int_equal(c.waiting + c.held, 0);
	versions_state_is(&w, id, "correcting");
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
	versions_deliver(&w, id, "N1");
	act(&w, id, ACT_REQUEST_CORRECTION);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	versions_submit(&w, id, receipt);
	act(&w, id, ACT_ACCEPT);
	versions_settle_due(&w, NULL, LETTER_HELD);
	assert_int_equal(outbox_get_next(w.store, id, &l), OK);
	assert_string_equal(l.kind, "correction");
	assert_int_equal(act_take_back(w.store, l.id, "0317", NULL), OK);
	letter_fini(&l);
	versions_state_is(&w, id, "accepted");
	expect_taken(&w, kinds, 2);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
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
