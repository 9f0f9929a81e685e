/*
 * Answers that come late: of an earlier try of a letter that another try has settled, or that a
 * clerk has decided about meanwhile; of an older version after a newer one. A receipt holds, a
 * failure changes nothing that is settled, and a refusal keeps its reason.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/db.h"
#include "core/base/json.h"
#include "core/station/acts.h"
#include "core/station/outbox.h"
#include "core/station/papers.h"
#include "core/station/store.h"
#include "tests/unit/sender.h"
#include "tests/unit/versions.h"
#include "tests/unit/world.h"

#define INVALID "{\"type\":\"urn:yimen:problem:invalid\",\"title\":\"没有通过检查\"}"
#define CLOSED	"{\"type\":\"urn:yimen:problem:unauthorized\",\"title\":\"没有有效的令牌\"}"

enum answer {
	A_RECEIPT,
	A_REFUSAL, /* 422 */
	A_CLOSED,  /* 401 */
	A_BUSY,	   /* 503, or the line was cut */
	A_PAPERS,  /* 409, papers are missing */
	A_UNREAD   /* a refusal that is too long */
};

static void settle(struct world *w, const char *letter_id, enum answer answer)
{
	static const struct outbox_outcome outcomes[] = {
		[A_RECEIPT] = {.state = LETTER_DELIVERED, .receipt = "{\"project_no\":\"N1\"}"},
		[A_REFUSAL] = {.state = LETTER_HELD,
			.hold = HOLD_REFUSED,
			.reason = "没有通过检查",
			.problem = INVALID},
		[A_CLOSED] = {.state = LETTER_HELD,
			.hold = HOLD_PERSON,
			.reason = "没有有效的令牌",
			.problem = CLOSED},
		[A_BUSY] = {.reason = "中心忙", .next_ms = 1},
		[A_PAPERS] = {.reason = "还缺扫描件", .papers_missing = true, .next_ms = 1},
		[A_UNREAD] = {.reason = "读不了", .unread = true, .next_ms = 1}};
	struct outbox_outcome o = outcomes[answer];

	memcpy(o.id, letter_id, sizeof o.id);
	assert_int_equal(outbox_settle(w->store, &o, 1), OK);
}

static void last_letter(struct world *w, const char *case_id, char out[ID_UUID_SIZE])
{
	struct letter l;

	assert_int_equal(outbox_get(w->store, case_id, &l), OK);
	memcpy(out, l.id, ID_UUID_SIZE);
	letter_fini(&l);
}

/* A case whose application waits, and may be in the air. */
static void open_with_letter(
	struct world *w, uint64_t seed, char case_id[ID_UUID_SIZE], char letter_id[ID_UUID_SIZE])
{
	char receipt[LOCAL_RECEIPT_SIZE];

	world_open(w, seed);
	world_submit(w, receipt, case_id);
	last_letter(w, case_id, letter_id);
}

static void count_event(void *arg, const struct case_event *e)
{
	(void)e;
	++*(int *)arg;
}

static int events(struct world *w, const char *case_id)
{
	int count = 0;

	case_each_event(w->store, case_id, count_event, &count);
	return count;
}

static const char *or_nothing(const char *text)
{
	return text != NULL ? text : "";
}

static void expect(struct world *w, const char *letter_id, enum letter_state state,
	enum hold_reason hold, const char *reason)
{
	struct letter l;

	assert_int_equal(outbox_get(w->store, letter_id, &l), OK);
	assert_int_equal(l.state, state);
	assert_int_equal(l.hold, hold);
	assert_string_equal(or_nothing(l.reason), reason);
	letter_fini(&l);
}

static void what_is_delivered_stays_so(void **state)
{
	static const enum answer late[] = {A_BUSY, A_PAPERS, A_UNREAD, A_CLOSED, A_REFUSAL};
	char case_id[ID_UUID_SIZE], id[ID_UUID_SIZE];
	struct letter l;
	struct world w;
	size_t i;
	int before;

	(void)state;
	open_with_letter(&w, 60, case_id, id);
	settle(&w, id, A_RECEIPT);
	before = events(&w, case_id);
	for (i = 0; i < sizeof late / sizeof late[0]; i++) {
		settle(&w, id, late[i]);
		assert_int_equal(outbox_get(w.store, id, &l), OK);
		assert_int_equal(l.state, LETTER_DELIVERED);
		assert_string_equal(l.project_no, "N1");
		assert_string_equal(l.receipt, "{\"project_no\":\"N1\"}");
		assert_int_equal(l.tries, 1);
		letter_fini(&l);
	}
	assert_int_equal(events(&w, case_id), before);
	world_close(&w);
}

static void see_state(void *arg, const struct paper *p)
{
	*(enum paper_state *)arg = p->state;
}

static enum paper_state paper_state(struct world *w, const char *letter_id)
{
	enum paper_state state = PAPER_STATE__MAX;

	papers_each_of_letter(w->store, letter_id, see_state, &state);
	return state;
}

/* The centre has them: its own copy may be gone by then, and would be missed. */
static void the_papers_of_what_is_delivered_are_not_sent_again(void **state)
{
	char case_id[ID_UUID_SIZE], id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct application a;
	struct sender s;

	(void)state;
	sender_open(&s, 61);
	world_draft(&s.w, case_id);
	free(world_attach(&s.w, case_id, 1, 5000));
	a = world_application(case_id);
	assert_int_equal(case_submit(s.w.store, &a, receipt, NULL), OK);
	sender_turns(&s, 20);
	last_letter(&s.w, case_id, id);
	assert_int_equal(versions_letter_state(&s.w, id), LETTER_DELIVERED);
	assert_int_equal(paper_state(&s.w, id), PAPER_SENT);
	settle(&s.w, id, A_PAPERS);
	assert_int_equal(paper_state(&s.w, id), PAPER_SENT);
	sender_close(&s);
}

static void what_is_refused_keeps_its_reason(void **state)
{
	static const enum answer late[] = {A_BUSY, A_UNREAD, A_CLOSED};
	char case_id[ID_UUID_SIZE], id[ID_UUID_SIZE];
	struct letter l;
	struct world w;
	size_t i;

	(void)state;
	open_with_letter(&w, 62, case_id, id);
	settle(&w, id, A_REFUSAL);
	for (i = 0; i < sizeof late / sizeof late[0]; i++) {
		settle(&w, id, late[i]);
		expect(&w, id, LETTER_HELD, HOLD_REFUSED, "没有通过检查");
		assert_int_equal(outbox_get(w.store, id, &l), OK);
		assert_string_equal(l.problem, INVALID);
		letter_fini(&l);
	}
	world_close(&w);
}

/* Another try got through to where the content is looked at. */
static void a_refusal_says_more_than_a_closed_door(void **state)
{
	char case_id[ID_UUID_SIZE], id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	open_with_letter(&w, 63, case_id, id);
	settle(&w, id, A_CLOSED);
	expect(&w, id, LETTER_HELD, HOLD_PERSON, "没有有效的令牌");
	settle(&w, id, A_REFUSAL);
	expect(&w, id, LETTER_HELD, HOLD_REFUSED, "没有通过检查");
	world_close(&w);
}

/* Else it would go with all the others when the station is admitted again. */
static void what_a_clerk_keeps_back_stays_kept(void **state)
{
	static const enum answer late[] = {A_BUSY, A_UNREAD, A_CLOSED};
	char case_id[ID_UUID_SIZE], id[ID_UUID_SIZE];
	struct world w;
	size_t i;

	(void)state;
	open_with_letter(&w, 64, case_id, id);
	assert_int_equal(outbox_hold(w.store, id, "0317", "等申请人来电话"), OK);
	for (i = 0; i < sizeof late / sizeof late[0]; i++) {
		settle(&w, id, late[i]);
		expect(&w, id, LETTER_HELD, HOLD_KEPT, "等申请人来电话");
	}
	settle(&w, id, A_REFUSAL);
	expect(&w, id, LETTER_HELD, HOLD_REFUSED, "没有通过检查");
	world_close(&w);
}

static void keep_back(struct world *w, const char *case_id, const char *id)
{
	(void)case_id;
	assert_int_equal(outbox_hold(w->store, id, "0317", "等"), OK);
}

static void refuse(struct world *w, const char *case_id, const char *id)
{
	(void)case_id;
	settle(w, id, A_REFUSAL);
}

static void shut_out(struct world *w, const char *case_id, const char *id)
{
	(void)case_id;
	settle(w, id, A_CLOSED);
}

static void correct(struct world *w, const char *case_id, const char *id)
{
	struct case_view v;

	settle(w, id, A_UNREAD);
	assert_int_equal(case_revise(w->store, case_id, "0317", NULL), OK);
	assert_int_equal(case_get(w->store, case_id, &v), OK);
	versions_submit(w, case_id, v.local_receipt);
	case_view_fini(&v);
	assert_int_equal(versions_letter_state(w, id), LETTER_REPLACED);
}

static void give_up(struct world *w, const char *case_id, const char *id)
{
	settle(w, id, A_UNREAD);
	assert_int_equal(case_abandon(w->store, id, "0317", NULL), OK);
	assert_int_equal(versions_letter_state(w, id), LETTER_REPLACED);
	versions_state_is(w, case_id, "withdrawn");
}

/* Whatever was made of the letter here while it was in the air: the centre has it. */
static void a_receipt_wins_over_everything(void **state)
{
	static void (*const meanwhile[])(struct world *, const char *, const char *) = {
		keep_back, refuse, shut_out, correct, give_up};
	char case_id[ID_UUID_SIZE], id[ID_UUID_SIZE];
	struct case_view v;
	struct world w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof meanwhile / sizeof meanwhile[0]; i++) {
		open_with_letter(&w, 65 + i, case_id, id);
		meanwhile[i](&w, case_id, id);
		settle(&w, id, A_RECEIPT);
		expect(&w, id, LETTER_DELIVERED, HOLD_NONE, "");
		assert_int_equal(case_get(w.store, case_id, &v), OK);
		assert_string_equal(v.project_no, "N1");
		case_view_fini(&v);
		world_close(&w);
	}
}

/* The centre's receipt says where the case stands: what was given up here stands there. */
static void a_case_given_up_that_the_centre_has_is_open_again(void **state)
{
	struct outbox_outcome o = {.state = LETTER_DELIVERED,
		.receipt = "{\"project_no\":\"N1\",\"state\":\"received\","
			   "\"received_at\":\"2026-11-24T10:00:00+08:00\"}"};
	char case_id[ID_UUID_SIZE], id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	open_with_letter(&w, 71, case_id, id);
	give_up(&w, case_id, id);
	memcpy(o.id, id, sizeof o.id);
	assert_int_equal(outbox_settle(w.store, &o, 1), OK);
	versions_state_is(&w, case_id, "received");
	world_close(&w);
}

/* ---- versions and steps ---- */

static void next_version(struct world *w, const char *case_id, char letter_id[ID_UUID_SIZE])
{
	struct case_view v;

	assert_int_equal(case_revise(w->store, case_id, "0317", NULL), OK);
	assert_int_equal(case_get(w->store, case_id, &v), OK);
	versions_submit(w, case_id, v.local_receipt);
	case_view_fini(&v);
	last_letter(w, case_id, letter_id);
}

static void expect_replaces(struct world *w, const char *letter_id, const char *want)
{
	struct letter l;
	json *body;

	assert_int_equal(outbox_get(w->store, letter_id, &l), OK);
	assert_int_equal(json_parse(&body, l.body, l.body_len, NULL), OK);
	assert_string_equal(or_nothing(json_get_str(body, "replaces")), want);
	json_free(body);
	letter_fini(&l);
}

static void an_older_receipt_does_not_put_an_older_version_in_force(void **state)
{
	char case_id[ID_UUID_SIZE], first[ID_UUID_SIZE], second[ID_UUID_SIZE], third[ID_UUID_SIZE];
	struct world w;

	(void)state;
	open_with_letter(&w, 72, case_id, first);
	next_version(&w, case_id, second);
	settle(&w, second, A_RECEIPT);
	settle(&w, first, A_RECEIPT);
	next_version(&w, case_id, third);
	expect_replaces(&w, third, second);
	world_close(&w);
}

/* A step is no version: the centre would not take a correction in its place. */
static void a_correction_replaces_a_version_and_no_step(void **state)
{
	char case_id[ID_UUID_SIZE], first[ID_UUID_SIZE], step[ID_UUID_SIZE], second[ID_UUID_SIZE];
	struct world w;
	const struct act_order o = {.case_number = case_id,
		.act = ACT_REQUEST_CORRECTION,
		.station = "station-1",
		.operator_name = "0317",
		.window = "03",
		.facts = "{\"corrections\":[{\"name\":\"照片\",\"defect\":\"不是白底\"}]}"};

	(void)state;
	open_with_letter(&w, 73, case_id, first);
	settle(&w, first, A_RECEIPT);
	assert_int_equal(act_do(w.store, &o, NULL), OK);
	last_letter(&w, case_id, step);
	assert_string_not_equal(step, first);
	settle(&w, step, A_RECEIPT);
	next_version(&w, case_id, second);
	expect_replaces(&w, second, first);
	world_close(&w);
}

/* Of a station that has taken a step for a version, by the program that did: version 15 of its
 * file. */
static void a_file_that_names_a_step_is_put_right(void **state)
{
	char case_id[ID_UUID_SIZE], first[ID_UUID_SIZE], step[ID_UUID_SIZE], second[ID_UUID_SIZE];
	struct world w;
	struct stmt *st;

	(void)state;
	open_with_letter(&w, 74, case_id, first);
	settle(&w, first, A_RECEIPT);
	world_accept(&w, case_id);
	last_letter(&w, case_id, step);
	settle(&w, step, A_RECEIPT);
	st = db_prepare(
		store_db(w.store), "UPDATE case_ SET current_key = ?1, state = 'correcting'");
	db_bind_text(st, 1, step);
	assert_int_equal(db_run(st), OK);
	assert_int_equal(db_exec(store_db(w.store), "PRAGMA user_version = 15"), OK);
	world_restart(&w);
	next_version(&w, case_id, second);
	expect_replaces(&w, second, first);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_delivered_stays_so),
		cmocka_unit_test(the_papers_of_what_is_delivered_are_not_sent_again),
		cmocka_unit_test(what_is_refused_keeps_its_reason),
		cmocka_unit_test(a_refusal_says_more_than_a_closed_door),
		cmocka_unit_test(what_a_clerk_keeps_back_stays_kept),
		cmocka_unit_test(a_receipt_wins_over_everything),
		cmocka_unit_test(a_case_given_up_that_the_centre_has_is_open_again),
		cmocka_unit_test(an_older_receipt_does_not_put_an_older_version_in_force),
		cmocka_unit_test(a_correction_replaces_a_version_and_no_step),
		cmocka_unit_test(a_file_that_names_a_step_is_put_right),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
