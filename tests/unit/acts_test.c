/* What the window does with a case: every state and act, what is written, and the way back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/changes.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tests/unit/world.h"

/* Facts that satisfy every act. */
static const char facts[] =
	"{\"reason\":\"申请人要求\",\"corrections\":[{\"name\":\"照片\",\"defect\":\"不是白底\",\"how\":"
	"\"重拍\"}],\"last_day\":\"2026-12-31\",\"due_date\":\"2026-12-08\",\"owed\":[{\"name\":"
	"\"户口簿\",\"due_date\":\"2026-12-01\"}]}";

static struct act_order order_for(const char *id, enum case_act act)
{
	return (struct act_order){.case_number = id,
		.act = act,
		.station = "station-1",
		.operator_name = "0317",
		.window = "03",
		.second = act == ACT_VOID ? "0318" : NULL,
		.facts = facts};
}

static void put_in_state(struct world *w, const char *id, enum case_state state)
{
	struct stmt *st =
		db_prepare(store_db(w->store), "UPDATE case_ SET state = ?2 WHERE id = ?1");

	db_bind_text(st, 1, id);
	db_bind_text(st, 2, case_state_name(state));
	assert_int_equal(db_run(st), OK);
}

static bool is_open(const enum case_act *list, size_t n, enum case_act act)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (list[i] == act)
			return true;
	return false;
}

/* 受理, 补正, 不予受理: as the law has them, not as somebody came to think of them. */
static void they_are_listed_as_the_procedure_goes(void **state)
{
	static const enum case_act received[] = {
		ACT_ACCEPT, ACT_REQUEST_CORRECTION, ACT_REFUSE, ACT_WITHDRAW, ACT_VOID};
	enum case_act open[CASE_ACT__MAX];

	(void)state;
	assert_int_equal(acts_open(case_state_name(CASE_RECEIVED), open),
		sizeof received / sizeof received[0]);
	assert_memory_equal(open, received, sizeof received);
}

/* What the table allows is done and tells the centre; what it does not changes nothing and says
 * why. */
static void every_act_in_every_state(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct outbox_counts before, after;
	enum case_act open[CASE_ACT__MAX];
	enum case_state to;
	struct case_view v;
	struct buf why = {0};
	struct world w;
	int from, act;

	(void)state;
	world_open(&w, 1);
	for (from = CASE_RECEIVED; from < CASE_STATE__MAX; from++)
		for (act = 0; act < CASE_ACT__MAX; act++) {
			struct act_order o;
			size_t n = acts_open(case_state_name((enum case_state)from), open);
			bool allowed = is_open(open, n, (enum case_act)act);
			world_submit(&w, receipt, id);
			put_in_state(&w, id, (enum case_state)from);
			allowed = allowed &&
				  act_obstacle(w.store, id, case_state_name((enum case_state)from),
					  (enum case_act)act) == NULL;
			o = order_for(receipt, (enum case_act)act);
			outbox_counts(w.store, &before);
			buf_clear(&why);
			assert_int_equal(act_do(w.store, &o, &why), allowed ? OK : ERR_STATE);
			outbox_counts(w.store, &after);
			assert_int_equal(after.waiting - before.waiting, allowed);
			assert_int_equal(case_get(w.store, id, &v), OK);
			if (allowed) {
				assert_true(lifecycle_next((enum case_state)from,
					(enum case_act)act,
					act == ACT_VOID ? ACTOR_SECOND : ACTOR_WINDOW, &to, NULL));
				assert_string_equal(v.state, case_state_name(to));
			} else {
				assert_string_equal(
					v.state, case_state_name((enum case_state)from));
				assert_true(why.len > 0);
			}
			case_view_fini(&v);
		}
	buf_fini(&why);
	world_close(&w);
}

static void what_is_lacking_is_said_and_nothing_happens(void **state)
{
	static const struct {
		enum case_act act;
		const char *facts, *second, *says;
	} rows[] = {
		{ACT_REFUSE, "{}", NULL, "理由"},
		{ACT_REFUSE, "[]", NULL, "JSON"},
		{ACT_REFUSE, "{\"reason\":", NULL, "JSON"},
		{ACT_REQUEST_CORRECTION, "{\"corrections\":[]}", NULL, "列全"},
		{ACT_VOID, facts, NULL, "另一位"},
		{ACT_VOID, facts, "0317", "另一位"},
		{ACT_DECIDE, facts, NULL, "审批部门"},
	};
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct outbox_counts n;
	struct buf why = {0};
	struct world w;
	size_t i;

	(void)state;
	world_open(&w, 2);
	world_submit(&w, receipt, id);
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct act_order o = order_for(id, rows[i].act);
		o.facts = rows[i].facts;
		o.second = rows[i].second;
		if (rows[i].act == ACT_DECIDE)
			put_in_state(&w, id, CASE_ACCEPTED);
		buf_clear(&why);
		assert_int_not_equal(act_do(w.store, &o, &why), OK);
		if (strstr(buf_str(&why), rows[i].says) == NULL)
			fail_msg("%zu: %s not in: %s", i, rows[i].says, buf_str(&why));
	}
	assert_int_equal(outbox_counts(w.store, &n), OK);
	assert_int_equal(n.waiting, 1);
	{
		struct act_order o = order_for("L999999-00-0000-0000", ACT_ACCEPT);
		assert_int_equal(act_do(w.store, &o, &why), ERR_NOT_FOUND);
	}
	buf_fini(&why);
	world_close(&w);
}

static void the_letter_says_what_was_decided(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct act_order o;
	struct letter l;
	struct buf kept = {0};
	json *body = NULL;
	struct world w;

	(void)state;
	world_open(&w, 3);
	world_submit(&w, receipt, id);
	o = order_for(id, ACT_REQUEST_CORRECTION);
	assert_int_equal(act_do(w.store, &o, NULL), OK);
	assert_int_equal(outbox_get(w.store, id, &l), OK);
	assert_string_equal(l.kind, "correction");
	assert_string_equal(l.path, "/v1/letters");
	assert_int_equal(json_parse(&body, l.body, l.body_len, NULL), OK);
	assert_string_equal(json_get_str(body, "idempotency_key"), l.id);
	assert_string_equal(json_get_str(body, "case_id"), id);
	assert_string_equal(json_get_str(body, "from_state"), "received");
	assert_string_equal(
		json_get_str(
			json_first(json_get(json_get(body, "answers"), "corrections")), "defect"),
		"不是白底");
	assert_int_equal(act_facts(w.store, id, ACT_REQUEST_CORRECTION, &kept, NULL), OK);
	assert_non_null(strstr(kept.data, "不是白底"));
	assert_int_equal(act_facts(w.store, id, ACT_ACCEPT, &kept, NULL), ERR_NOT_FOUND);
	json_free(body);
	letter_fini(&l);
	buf_fini(&kept);
	world_close(&w);
}

/* ---- clocks ---- */

struct seen {
	int count;
	enum due_kind kinds[8];
	int32_t days[8];
	char material[64];
};

static void see(void *arg, const struct due *d)
{
	struct seen *s = arg;

	assert_true(s->count < 8);
	s->kinds[s->count] = d->kind;
	s->days[s->count++] = d->day;
	if (d->kind == DUE_OWED)
		strncpy(s->material, d->material, sizeof s->material - 1);
}

static int32_t day(int y, int m, int d)
{
	return date_to_day((struct date){y, m, d});
}

static void a_clock_runs_in_each_state(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct act_order o;
	struct seen s = {0};
	struct world w;

	(void)state;
	world_open(&w, 4); /* 2026-11-24, a Tuesday */
	world_submit(&w, receipt, id);
	dues_each(w.store, INT32_MAX, see, &s);
	assert_int_equal(s.count, 1);
	assert_int_equal(s.kinds[0], DUE_ACCEPT);
	assert_int_equal(s.days[0], day(2026, 12, 1));
	o = order_for(id, ACT_ACCEPT);
	assert_int_equal(act_do(w.store, &o, NULL), OK);
	s = (struct seen){0};
	dues_each(w.store, INT32_MAX, see, &s);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.kinds[0], DUE_OWED);
	assert_string_equal(s.material, "户口簿");
	assert_int_equal(s.days[0], day(2026, 12, 1));
	assert_int_equal(s.kinds[1], DUE_DECIDE);
	assert_int_equal(s.days[1], day(2026, 12, 8));
	s = (struct seen){0};
	dues_each(w.store, day(2026, 12, 1), see, &s);
	assert_int_equal(s.count, 1);
	o = order_for(id, ACT_SUSPEND);
	assert_int_equal(act_do(w.store, &o, NULL), OK);
	s = (struct seen){0};
	dues_each(w.store, INT32_MAX, see, &s);
	assert_int_equal(s.count, 1); /* what is owed is owed all the same */
	o = order_for(id, ACT_WITHDRAW);
	assert_int_equal(act_do(w.store, &o, NULL), OK);
	s = (struct seen){0};
	dues_each(w.store, INT32_MAX, see, &s);
	assert_int_equal(s.count, 0);
	world_close(&w);
}

/* ---- refused by the centre ---- */

static void refuse_last(struct world *w, const char *id, char letter[ID_UUID_SIZE])
{
	struct outbox_outcome o = {
		.state = LETTER_HELD, .hold = HOLD_REFUSED, .reason = "状态不能这样做"};

	world_settle(w, id, &o);
	memcpy(letter, o.id, sizeof o.id);
}

static void a_refused_act_is_taken_back(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE], letter[ID_UUID_SIZE];
	int32_t due = 0, due_again = 0;
	struct act_order o;
	struct case_view v;
	struct buf why = {0};
	struct letter l;
	struct world w;

	(void)state;
	world_open(&w, 5);
	world_submit(&w, receipt, id);
	assert_int_equal(outbox_get(w.store, id, &l), OK);
	assert_int_equal(act_take_back(w.store, l.id, "0317", &why), ERR_STATE);
	assert_true(why.len > 0);
	letter_fini(&l);
	assert_true(due_of_case(w.store, id, &due));
	world_pass(&w, 2 * 86400 * 1000LL);
	o = order_for(id, ACT_ACCEPT);
	assert_int_equal(act_do(w.store, &o, NULL), OK);
	refuse_last(&w, id, letter);
	/* what was decided cannot be undone by correcting the application */
	assert_int_equal(case_revise(w.store, id, "0317", &why), ERR_STATE);
	assert_int_equal(act_take_back(w.store, letter, "0317", NULL), OK);
	assert_int_equal(case_get(w.store, id, &v), OK);
	assert_string_equal(v.state, "received");
	case_view_fini(&v);
	assert_true(due_of_case(w.store, id, &due_again)); /* the days that ran before */
	assert_int_equal(due_again, due);
	assert_int_equal(act_take_back(w.store, letter, "0317", NULL), ERR_STATE);
	/* the centre has moved it since: its word stays */
	o = order_for(id, ACT_ACCEPT);
	assert_int_equal(act_do(w.store, &o, NULL), OK);
	refuse_last(&w, id, letter);
	put_in_state(&w, id, CASE_CORRECTING);
	assert_int_equal(act_take_back(w.store, letter, "0317", NULL), OK);
	assert_int_equal(case_get(w.store, id, &v), OK);
	assert_string_equal(v.state, "correcting");
	case_view_fini(&v);
	buf_fini(&why);
	world_close(&w);
}

/* The office did the same while the window was offline: the letter is refused, and the case is what
 * the centre says it is. */
static void taken_back_it_is_what_the_centre_told(void **state)
{
	static const char news[] =
		"{\"cursor\":\"1\",\"changes\":[{\"seq\":1,\"type\":\"case\",\"at\":"
		"\"2026-11-24T10:00:00+08:00\",\"kind\":\"accept\",\"project_no\":\"N1\","
		"\"state\":\"accepted\"}]}";
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE], letter[ID_UUID_SIZE];
	struct outbox_outcome o = {.state = LETTER_DELIVERED, .receipt = "{\"project_no\":\"N1\"}"};
	struct changes_result done;
	struct act_order order;
	struct case_view v;
	struct world w;

	(void)state;
	world_open(&w, 9);
	world_submit(&w, receipt, id);
	world_settle(&w, id, &o);
	order = order_for(id, ACT_ACCEPT);
	assert_int_equal(act_do(w.store, &order, NULL), OK);
	assert_int_equal(changes_apply(w.store, news, strlen(news), &done), OK);
	refuse_last(&w, id, letter);
	assert_int_equal(act_take_back(w.store, letter, "0317", NULL), OK);
	assert_int_equal(case_get(w.store, id, &v), OK);
	assert_string_equal(v.state, "accepted");
	case_view_fini(&v);
	world_close(&w);
}

/* Accepted and suspended offline, and the acceptance is refused: neither stands. */
static void what_was_built_on_it_goes_with_it(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE], accept[ID_UUID_SIZE];
	struct outbox_outcome o = {.state = LETTER_DELIVERED, .receipt = "{\"project_no\":\"N1\"}"};
	struct outbox_counts c;
	struct act_order order;
	struct case_view v;
	struct world w;

	(void)state;
	world_open(&w, 10);
	world_submit(&w, receipt, id);
	world_settle(&w, id, &o);
	order = order_for(id, ACT_ACCEPT);
	assert_int_equal(act_do(w.store, &order, NULL), OK);
	refuse_last(&w, id, accept);
	assert_int_equal(outbox_retry(w.store, accept, "0317"), OK);
	order = order_for(id, ACT_SUSPEND);
	assert_int_equal(act_do(w.store, &order, NULL), OK);
	o = (struct outbox_outcome){
		.state = LETTER_HELD, .hold = HOLD_REFUSED, .reason = "不能这样做"};
	memcpy(o.id, accept, sizeof o.id);
	assert_int_equal(outbox_settle(w.store, &o, 1), OK);
	assert_int_equal(act_take_back(w.store, accept, "0317", NULL), OK);
	assert_int_equal(case_get(w.store, id, &v), OK);
	assert_string_equal(v.state, "received");
	case_view_fini(&v);
	assert_int_equal(outbox_counts(w.store, &c), OK);
	assert_int_equal(c.waiting + c.held, 0);
	order = order_for(id, ACT_ACCEPT); /* once more, as it should be */
	assert_int_equal(act_do(w.store, &order, NULL), OK);
	world_close(&w);
}

/* An application that the centre refused, or that is being corrected, is not decided on. */
static void nothing_is_decided_on_what_is_in_question(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE], letter[ID_UUID_SIZE];
	struct act_order o;
	struct buf why = {0};
	struct world w;

	(void)state;
	world_open(&w, 6);
	world_submit(&w, receipt, id);
	refuse_last(&w, id, letter);
	o = order_for(id, ACT_ACCEPT);
	assert_int_equal(act_do(w.store, &o, &why), ERR_STATE);
	assert_non_null(strstr(why.data, "更正"));
	world_submit(&w, receipt, id);
	assert_int_equal(case_revise(w.store, id, "0317", &why), OK);
	o = order_for(id, ACT_ACCEPT);
	assert_int_equal(act_do(w.store, &o, &why), ERR_STATE);
	assert_int_equal(case_revise_drop(w.store, id, "0317"), OK);
	assert_int_equal(act_do(w.store, &o, &why), OK);
	buf_fini(&why);
	world_close(&w);
}

/* A centre without stations' names tells us our own acts: no news, and nothing is set back. */
static void our_own_letters_are_no_news(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct changes_result r;
	struct act_order o;
	struct case_view v;
	struct buf told = {0};
	struct letter l;
	struct world w;

	(void)state;
	world_open(&w, 7);
	world_submit(&w, receipt, id);
	o = order_for(id, ACT_ACCEPT);
	assert_int_equal(act_do(w.store, &o, NULL), OK);
	assert_int_equal(outbox_get(w.store, id, &l), OK);
	o = order_for(id, ACT_SUSPEND);
	assert_int_equal(act_do(w.store, &o, NULL), OK);
	buf_printf(&told,
		"{\"cursor\":\"9\",\"changes\":[{\"seq\":9,\"type\":\"case\",\"at\":"
		"\"2026-11-24T10:00:00.000+08:00\",\"kind\":\"accept\",\"case_id\":\"%s\","
		"\"project_no\":\"370001\",\"state\":\"accepted\",\"key\":\"%s\"}]}",
		id, l.id);
	assert_int_equal(changes_apply(w.store, told.data, told.len, &r), OK);
	assert_int_equal(r.applied, 0);
	assert_int_equal(case_get(w.store, id, &v), OK);
	assert_string_equal(v.state, "suspended");
	assert_false(v.news);
	case_view_fini(&v);
	letter_fini(&l);
	buf_fini(&told);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_are_listed_as_the_procedure_goes),
		cmocka_unit_test(every_act_in_every_state),
		cmocka_unit_test(what_is_lacking_is_said_and_nothing_happens),
		cmocka_unit_test(the_letter_says_what_was_decided),
		cmocka_unit_test(a_clock_runs_in_each_state),
		cmocka_unit_test(a_refused_act_is_taken_back),
		cmocka_unit_test(taken_back_it_is_what_the_centre_told),
		cmocka_unit_test(what_was_built_on_it_goes_with_it),
		cmocka_unit_test(nothing_is_decided_on_what_is_in_question),
		cmocka_unit_test(our_own_letters_are_no_news),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
