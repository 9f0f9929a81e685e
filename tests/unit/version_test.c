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
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tests/unit/versions.h"
#include "tests/unit/world.h"

static const char another_key[] = "018bcfe5-6800-7000-8000-000000000abc";

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
	versions_settle(&w, id, LETTER_HELD, NULL, "{\"title\":\"x\"}");
	assert_int_equal(case_revise(w.store, receipt, "0317", NULL), OK);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK); /* goes on */
	put(&w, id, "李改正");
	world_restart(&w);
	assert_int_equal(case_get(w.store, id, &v), OK);
	assert_true(v.revising);
	case_view_fini(&v);
	assert_int_equal(draft_count(w.store, NULL), 1);
	versions_submit(&w, id, receipt);
	second = member(&w, id, "idempotency_key");
	assert_string_not_equal(first, second);
	expect_member(&w, id, "case_id", id);
	expect_member(&w, id, "replaces", ""); /* the centre has none */
	assert_int_equal(versions_letter_state(&w, first), LETTER_REPLACED);
	assert_int_equal(versions_letter_state(&w, second), LETTER_WAITING);
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
	versions_submit(&w, id, receipt); /* once more changes nothing */
	assert_int_equal(outbox_counts(w.store, &c), OK);
	assert_int_equal(c.waiting, 1);
	free(first);
	free(second);
	world_close(&w);
}

static void count_reasons(void *arg, const char *place, const char *reason)
{
	size_t *n = arg;

	(void)reason;
	assert_string_not_equal(place, "");
	(*n)++;
}

static size_t reasons(struct world *w, const char *case_id)
{
	size_t n = 0;

	draft_each_answer(w->store, case_id, DRAFT_ACCEPTED, count_reasons, &n);
	return n;
}

/* Reason and correction in one commit: begun again after whatever broke it off, it is still so. */
static void a_reason_that_was_refused_is_not_sent_again(void **state)
{
	static const struct draft_answer given[] = {
		{DRAFT_ACCEPTED, "applicant_name", "户口本上是这样"},
		{DRAFT_ACCEPTED, "members[1]/weight", "医院写的"},
		{DRAFT_ACCEPTED, "members[2]/weight", "医院写的"},
		{DRAFT_ACCEPTED, "wage", "合同上是这样"}};
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct application a;
	struct world w;

	(void)state;
	world_open(&w, 1);
	world_draft(&w, id);
	assert_int_equal(draft_put(w.store, id, given, 4), OK);
	a = world_application(id);
	assert_int_equal(case_submit(w.store, &a, receipt, NULL), OK);
	versions_settle(&w, id, LETTER_HELD, NULL,
		"{\"errors\":[{\"pointer\":\"/answers/applicant_name\",\"detail\":\"x\"},"
		"{\"pointer\":\"/answers/members/0/weight\",\"detail\":\"y\"}]}");
	assert_int_equal(reasons(&w, id), 4);
	assert_int_equal(case_revise(w.store, receipt, "0317", NULL), OK);
	assert_int_equal(reasons(&w, id), 1);
	/* written anew it stays, whoever goes on */
	assert_int_equal(draft_put(w.store, id, given, 1), OK);
	world_restart(&w);
	assert_int_equal(case_revise(w.store, receipt, "0317", NULL), OK);
	assert_int_equal(reasons(&w, id), 2);
	/* given up, all is as it was submitted */
	assert_int_equal(case_revise_drop(w.store, id, "0317"), OK);
	assert_int_equal(reasons(&w, id), 4);
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
	versions_deliver(&w, id, "N1");
	assert_int_equal(case_revise(w.store, "N1", "0317", NULL), OK);
	versions_submit(&w, id, receipt);
	expect_member(&w, id, "replaces", first);
	second = member(&w, id, "idempotency_key");
	/* still under way, and corrected once more: the third names the second */
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	versions_submit(&w, id, receipt);
	expect_member(&w, id, "replaces", second);
	/* the second is refused while the third waits: nobody has to look at it, the third goes on
	 */
	{
		struct outbox_outcome o = {
			.state = LETTER_HELD, .hold = HOLD_REFUSED, .reason = "x"};
		struct letter due[2];
		memcpy(o.id, second, sizeof o.id);
		assert_int_equal(outbox_settle(w.store, &o, 1), OK);
		assert_int_equal(versions_letter_state(&w, second), LETTER_REPLACED);
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
	versions_submit(&w, id, receipt);
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
	versions_deliver(&w, id, "N1");
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
	versions_deliver(&w, id, "N1");
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
	versions_settle(&w, id, LETTER_HELD, NULL,
		"{\"title\":\"x\",\"current_key\":\"018bcfe5-6800-7000-8000-000000000abc\","
		"\"project_no\":\"N7\"}");
	assert_int_equal(case_revise(w.store, "N7", "0317", NULL), OK);
	versions_submit(&w, id, receipt);
	expect_member(&w, id, "replaces", another_key);
	versions_settle(
		&w, id, LETTER_HELD, NULL, "{\"title\":\"x\",\"current_key\":\"no key at all\"}");
	assert_int_equal(case_revise(w.store, "N7", "0317", NULL), OK);
	versions_submit(&w, id, receipt);
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
	versions_deliver(&w, id, "N1");
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	versions_submit(&w, id, receipt);
	versions_settle(&w, id, LETTER_HELD, NULL,
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
	versions_settle(&w, id, LETTER_HELD, NULL, "{\"title\":\"x\"}");
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
	versions_deliver(&w, id, "N1");
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
	versions_deliver(&w, id, "N1");
	assert_int_equal(changes_apply(w.store, asked, strlen(asked), &done), OK);
	versions_state_is(&w, id, "correcting");
	assert_true(due_of_case(w.store, id, &last_day));
	/* refused and corrected once more: still the answer */
	for (i = 0; i < 2; i++) {
		assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
		versions_submit(&w, id, receipt);
		versions_state_is(&w, id, "received");
		expect_member(&w, id, "from_state", "correcting");
		assert_true(due_of_case(w.store, id, &due));
		assert_int_not_equal(due, last_day); /* its days run anew */
		versions_settle(&w, id, LETTER_HELD, NULL,
			"{\"type\":\"urn:yimen:problem:case-state\",\"title\":\"x\"}");
	}
	/* given up, it is again as the centre has it */
	assert_int_equal(outbox_get_application(w.store, id, &l), OK);
	assert_int_equal(act_take_back(w.store, l.id, "0317", NULL), OK);
	letter_fini(&l);
	versions_state_is(&w, id, "correcting");
	assert_true(due_of_case(w.store, id, &due));
	assert_int_equal(due, last_day);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refused_one_is_replaced_by_its_correction),
		cmocka_unit_test(a_reason_that_was_refused_is_not_sent_again),
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
	};

	setenv("TZ", "Asia/Shanghai", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
