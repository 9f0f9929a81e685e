/* The station's file: operators, drafts, submission, outbox, audit trail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/station/audit.h"
#include "core/station/cases.h"
#include "core/station/draft.h"
#include "core/station/operator.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tests/unit/world.h"

static void operators_sign_in_and_wait_after_mistakes(void **state)
{
	struct world w;
	struct operator o = {0};
	struct buf why = {0};
	int i;

	(void)state;
	world_open(&w, 1);
	assert_int_equal(operator_add(w.store, "0317", "王示范", "short", &why), ERR_INVALID);
	assert_int_equal(
		operator_add(w.store, "03 17", "王示范", "long enough", &why), ERR_INVALID);
	assert_int_equal(operator_add(w.store, "0317", "王示范", "long enough", &why), OK);
	assert_int_equal(operator_add(w.store, "0317", "王示范", "long enough", &why), ERR_EXISTS);
	assert_int_equal(operator_sign_in(w.store, "0317", "long enough", "03", &o, &why), OK);
	assert_string_equal(o.full_name, "王示范");
	assert_string_equal(o.last_window, "03");
	operator_fini(&o);
	assert_int_equal(
		operator_sign_in(w.store, "9999", "long enough", "03", &o, &why), ERR_DENIED);
	for (i = 0; i < 5; i++)
		assert_int_equal(
			operator_sign_in(w.store, "0317", "wrong", "03", &o, &why), ERR_DENIED);
	assert_int_equal(
		operator_sign_in(w.store, "0317", "long enough", "03", &o, &why), ERR_DENIED);
	assert_non_null(strstr(why.data, "60"));
	world_pass(&w, 61 * 1000);
	assert_int_equal(operator_sign_in(w.store, "0317", "long enough", "03", &o, &why), OK);
	operator_fini(&o);
	assert_int_equal(operator_lock(w.store, "0317", true, &why), OK);
	assert_int_equal(
		operator_sign_in(w.store, "0317", "long enough", "03", &o, &why), ERR_DENIED);
	assert_int_equal(operator_lock(w.store, "nobody", true, &why), ERR_NOT_FOUND);
	buf_fini(&why);
	world_close(&w);
}

struct seen {
	int count;
	char last[200];
};

static void see_answer(void *arg, const char *place, const char *value)
{
	struct seen *s = arg;

	s->count++;
	snprintf(s->last, sizeof s->last, "%s=%s", place, value);
}

static void a_draft_survives_a_kill(void **state)
{
	const struct draft_answer answers[] = {{DRAFT_FORM, "applicant_name", "李样"},
		{DRAFT_FORM, "members[1]/name", "甲"}, {DRAFT_MATERIALS, "申请表", "received"}};
	const struct draft_answer later[] = {
		{DRAFT_FORM, "applicant_name", "李样例"}, {DRAFT_FORM, "members[1]/name", NULL}};
	char id[ID_UUID_SIZE];
	struct seen s = {0};
	struct world w;
	struct draft d;

	(void)state;
	world_open(&w, 2);
	world_draft(&w, id);
	assert_int_equal(draft_put(w.store, id, answers, 3), OK);
	assert_int_equal(draft_move(w.store, id, DRAFT_AT_FORM, "applicant_name", 2), OK);
	world_restart(&w);
	assert_int_equal(draft_put(w.store, id, later, 2), OK);
	world_restart(&w);
	draft_each_answer(w.store, id, DRAFT_FORM, see_answer, &s);
	assert_int_equal(s.count, 1);
	assert_string_equal(s.last, "applicant_name=李样例");
	assert_int_equal(draft_get(w.store, id, &d), OK);
	assert_int_equal(d.step, DRAFT_AT_FORM);
	assert_string_equal(d.place, "applicant_name");
	assert_int_equal(d.cursor_cps, 2);
	draft_fini(&d);
	assert_int_equal(draft_count(w.store, "0317"), 1);
	assert_int_equal(draft_count(w.store, "0318"), 0);
	assert_int_equal(draft_drop(w.store, id, "0317"), OK);
	assert_int_equal(draft_put(w.store, id, answers, 1), ERR_STATE);
	assert_int_equal(draft_get(w.store, id, &d), ERR_NOT_FOUND);
	world_close(&w);
}

static void a_submission_is_one_case_one_letter_one_receipt(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], again[LOCAL_RECEIPT_SIZE], second[LOCAL_RECEIPT_SIZE];
	char id[ID_UUID_SIZE], id2[ID_UUID_SIZE];
	const struct draft_answer late = {DRAFT_FORM, "applicant_name", "x"};
	struct application a;
	struct case_view c;
	struct letter l;
	struct world w;
	json *body;

	(void)state;
	world_open(&w, 3);
	world_submit(&w, receipt, id);
	assert_int_equal(strncmp(receipt, "L261124-03-", 11), 0);
	assert_int_equal(strncmp(receipt + 14, "01-", 3), 0);
	a = world_application(id);
	assert_int_equal(case_submit(w.store, &a, again, NULL), OK);
	assert_string_equal(again, receipt);
	world_submit(&w, second, id2);
	assert_int_equal(strncmp(second, receipt, 14), 0); /* the same mark */
	assert_int_equal(strncmp(second + 14, "02-", 3), 0);
	assert_int_equal(draft_put(w.store, id, &late, 1), ERR_STATE);
	assert_int_equal(case_get(w.store, receipt, &c), OK);
	assert_string_equal(c.id, id);
	assert_string_equal(c.letter_state, "waiting");
	assert_null(c.letter_hold);
	case_view_fini(&c);
	assert_int_equal(outbox_get(w.store, receipt, &l), OK);
	assert_int_equal(json_parse(&body, l.body, l.body_len, NULL), OK);
	assert_string_equal(json_get_str(body, "idempotency_key"), l.id);
	assert_string_equal(json_get_str(body, "local_receipt"), receipt);
	assert_string_equal(json_get_str(json_get(body, "answers"), "applicant_name"), "李样例");
	json_free(body);
	letter_fini(&l);
	assert_int_equal(case_count_day(w.store, clock_day(w.wall_ms)), 2);
	assert_int_equal(case_count_day(w.store, clock_day(w.wall_ms) - 1), 0);
	a.draft_id = "018bcfe5-6800-7000-8000-000000000000";
	assert_int_equal(case_submit(w.store, &a, again, NULL), ERR_NOT_FOUND);
	world_close(&w);
}

/* The centre refuses what nobody can see; a clerk could not mend it. */
static void a_letter_holds_nothing_that_cannot_be_seen(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct application a;
	struct letter l;
	struct world w;
	json *body;

	(void)state;
	world_open(&w, 4);
	world_draft(&w, id);
	a = world_application(id);
	a.station = "东\n厅";
	a.applyer_name = "李\xE2\x80\xAE样\x1B例";
	a.answers_json =
		"{\"applicant_name\":\"李\\u202e样例\\n\",\"n\":[1.50,true,null,\"\\u0085x\"]}";
	assert_int_equal(case_submit(w.store, &a, receipt, NULL), OK);
	assert_int_equal(outbox_get(w.store, receipt, &l), OK);
	assert_int_equal(json_parse(&body, l.body, l.body_len, NULL), OK);
	assert_string_equal(json_get_str(body, "station"), "东 厅");
	assert_string_equal(json_get_str(body, "applyer_name"), "李样例");
	assert_non_null(strstr(l.body,
		"\"answers\":{\"applicant_name\":\"李样例 \",\"n\":[1.5,true,null,\"x\"]}"));
	json_free(body);
	letter_fini(&l);
	world_close(&w);
}

static void letters_of_one_case_go_in_order(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE], sql[300];
	struct outbox_outcome o = {.state = LETTER_HELD, .hold = HOLD_REFUSED, .reason = "no"};
	struct letter due[4];
	struct world w;
	const char *busy[1];
	size_t n;

	(void)state;
	world_open(&w, 4);
	world_submit(&w, receipt, id);
	snprintf(sql, sizeof sql,
		"INSERT INTO letter (id, case_id, kind, path, body, created_ms)"
		" VALUES ('second', '%s', 'supplement', '/x', 'b', 0)",
		id);
	assert_int_equal(db_exec(store_db(w.store), sql), OK);
	n = outbox_due(w.store, w.wall_ms, NULL, 0, due, 4);
	assert_int_equal(n, 1);
	assert_string_equal(due[0].kind, "application");
	memcpy(o.id, due[0].id, sizeof o.id);
	letter_fini(&due[0]);
	busy[0] = id;
	assert_int_equal(outbox_due(w.store, w.wall_ms, busy, 1, due, 4), 0);
	/* refused: the second one must not overtake it */
	assert_int_equal(outbox_settle(w.store, &o, 1), OK);
	assert_int_equal(outbox_due(w.store, w.wall_ms, NULL, 0, due, 4), 0);
	assert_int_equal(outbox_next_ms(w.store, w.wall_ms), INT64_MAX);
	assert_int_equal(outbox_retry(w.store, o.id, "0317"), OK);
	o = (struct outbox_outcome){.state = LETTER_DELIVERED,
		.receipt = "{\"project_no\":\"N1\",\"query_password\":\"p\"}"};
	assert_int_equal(outbox_get(w.store, receipt, &due[0]), OK);
	letter_fini(&due[0]);
	n = outbox_due(w.store, w.wall_ms, NULL, 0, due, 4);
	memcpy(o.id, due[0].id, sizeof o.id);
	letter_fini(&due[0]);
	assert_int_equal(outbox_settle(w.store, &o, 1), OK);
	n = outbox_due(w.store, w.wall_ms, NULL, 0, due, 4);
	assert_int_equal(n, 1);
	assert_string_equal(due[0].id, "second");
	assert_string_equal(due[0].project_no, "N1");
	letter_fini(&due[0]);
	assert_int_equal(outbox_retry(w.store, o.id, "0317"), ERR_STATE);
	world_close(&w);
}

static void a_wrong_clock_delays_nothing(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct outbox_outcome o = {.state = LETTER_WAITING, .reason = "later"};
	struct letter due;
	struct world w;

	(void)state;
	world_open(&w, 5);
	world_submit(&w, receipt, id);
	assert_int_equal(outbox_due(w.store, w.wall_ms, NULL, 0, &due, 1), 1);
	memcpy(o.id, due.id, sizeof o.id);
	letter_fini(&due);
	o.next_ms = w.wall_ms + 60000;
	assert_int_equal(outbox_settle(w.store, &o, 1), OK);
	assert_int_equal(outbox_due(w.store, w.wall_ms, NULL, 0, &due, 1), 0);
	/* five years back: what was "in a minute" must not become "in five years" */
	assert_int_equal(
		outbox_due(w.store, w.wall_ms - 5LL * 365 * 86400000, NULL, 0, &due, 1), 1);
	assert_int_equal(due.tries, 1);
	letter_fini(&due);
	assert_int_equal(outbox_due(w.store, w.wall_ms + 60000, NULL, 0, &due, 1), 1);
	letter_fini(&due);
	world_close(&w);
}

static void tamper(struct world *w, const char *sql)
{
	struct buf why = {0};
	int64_t rows = 0;

	assert_int_equal(db_exec(store_db(w->store), sql), OK);
	if (audit_verify(w->store, &rows, &why) != ERR_DAMAGED)
		fail_msg("not seen: %s", sql);
	assert_true(why.len > 0);
	buf_fini(&why);
}

static void tampering_with_the_audit_trail_shows(void **state)
{
	static const char *const tricks[] = {"UPDATE audit SET who = 'x' WHERE seq = 2",
		"DELETE FROM audit WHERE seq = 2", "DELETE FROM audit WHERE seq = 8",
		"UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 1",
		"UPDATE audit SET act = 'a', object = 'b' WHERE seq = 3",
		"INSERT INTO audit (at_ms, who, act, object, detail, digest)"
		" VALUES (1, '', 'a', 'b', '', 'c')",
		/* as a damaged page may read */
		"ALTER TABLE audit RENAME TO gone;"
		"CREATE TABLE audit (seq INTEGER PRIMARY KEY AUTOINCREMENT, at_ms, who, act, object,"
		" detail, digest);"
		"INSERT INTO audit SELECT seq, at_ms, who, NULL, object, NULL, NULL FROM gone"};
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct world w;
	int64_t rows;
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < sizeof tricks / sizeof tricks[0]; i++) {
		world_open(&w, 6);
		for (k = 0; k < 4; k++)
			world_submit(&w, receipt, id);
		assert_int_equal(audit_verify(w.store, &rows, NULL), OK);
		assert_int_equal(rows, 8); /* a draft begun and a case submitted, four times */
		tamper(&w, tricks[i]);
		world_close(&w);
	}
}

static void see_used(void *arg, const char *code, double score)
{
	struct seen *s = arg;

	s->count++;
	if (s->count == 1)
		snprintf(s->last, sizeof s->last, "%s %.2f", code, score);
}

static void use_fades(void **state)
{
	struct seen s = {0};
	struct world w;
	int i;

	(void)state;
	world_open(&w, 7);
	for (i = 0; i < 4; i++)
		assert_int_equal(store_used(w.store, "old"), OK);
	world_pass(&w, 60LL * 86400000);
	assert_int_equal(store_used(w.store, "new"), OK);
	assert_int_equal(store_used(w.store, "new"), OK);
	store_each_used(w.store, 10, see_used, &s);
	assert_int_equal(s.count, 2);
	assert_string_equal(s.last, "new 2.00");
	assert_int_equal(store_set(w.store, "k", "一"), OK);
	assert_int_equal(store_set(w.store, "k", "二"), OK);
	char *value = store_get(w.store, "k");
	assert_string_equal(value, "二");
	free(value);
	assert_null(store_get(w.store, "absent"));
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operators_sign_in_and_wait_after_mistakes),
		cmocka_unit_test(a_draft_survives_a_kill),
		cmocka_unit_test(a_submission_is_one_case_one_letter_one_receipt),
		cmocka_unit_test(a_letter_holds_nothing_that_cannot_be_seen),
		cmocka_unit_test(letters_of_one_case_go_in_order),
		cmocka_unit_test(a_wrong_clock_delays_nothing),
		cmocka_unit_test(tampering_with_the_audit_trail_shows),
		cmocka_unit_test(use_fades),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
