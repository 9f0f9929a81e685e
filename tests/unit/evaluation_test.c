/* 好差评: once a service, one letter, what is written down; the ledger over every state and act. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/domain/workday.h"
#include "core/station/audit.h"
#include "core/station/cases.h"
#include "core/station/evaluation.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tests/unit/world.h"

static const struct complaint_days days = {1, 5, 15};

static enum err offer(struct world *w, const char *number, char id[ID_UUID_SIZE], struct buf *why)
{
	const struct evaluation_offer o = {number, "0317", "03"};

	world_pass(w, 1000);
	return evaluation_begin(w->store, &o, id, why);
}

static enum err answer(struct world *w, const char *id, int mark, enum complaint_cause cause)
{
	const struct evaluation_answer a = {mark, cause, EVALUATION_SCREEN, "station-1", days};

	world_pass(w, 12000);
	return evaluation_answer(w->store, id, &a, NULL);
}

static size_t waiting(struct world *w)
{
	struct outbox_counts n;

	assert_int_equal(outbox_counts(w->store, &n), OK);
	return n.waiting;
}

/* The trail of this act: how many rows, and the detail of the last one. */
static int audits(struct world *w, const char *act, char detail[200])
{
	struct stmt *st = db_prepare(
		store_db(w->store), "SELECT detail FROM audit WHERE act = ?1 ORDER BY seq");
	int n = 0;

	db_bind_text(st, 1, act);
	for (; db_row(st); n++)
		snprintf(detail, 200, "%s", db_text(st, 0));
	db_done(st);
	return n;
}

static void an_answer_is_one_letter(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], case_id[ID_UUID_SIZE], id[ID_UUID_SIZE],
		again[ID_UUID_SIZE];
	char detail[200] = "";
	struct case_view v;
	struct buf why = {0};
	struct letter l;
	struct world w;
	json *body = NULL;

	(void)state;
	world_open(&w, 1);
	world_submit(&w, receipt, case_id);
	assert_true(evaluation_possible(w.store, receipt));
	assert_int_equal(offer(&w, receipt, id, NULL), OK);
	/* the program is killed on the turned screen: the same offer goes on */
	world_restart(&w);
	assert_true(evaluation_possible(w.store, case_id));
	assert_int_equal(offer(&w, case_id, again, NULL), OK);
	assert_string_equal(again, id);
	assert_int_equal(answer(&w, id, 2, CAUSE_NONE), OK);
	assert_int_equal(waiting(&w), 2); /* the application and this */
	assert_int_equal(outbox_get(w.store, id, &l), OK);
	assert_string_equal(l.kind, "evaluation");
	assert_string_equal(l.path, "/v1/letters");
	assert_int_equal(json_parse(&body, l.body, l.body_len, NULL), OK);
	assert_string_equal(json_get_str(body, "idempotency_key"), id);
	assert_string_equal(json_get_str(body, "case_id"), case_id);
	assert_string_equal(json_get_str(body, "satisfaction"), "2");
	assert_string_equal(json_get_str(body, "service"), "2026-11-24");
	assert_null(json_get_str(body, "cause"));
	json_free(body);
	letter_fini(&l);
	/* nothing more is taken, whatever is tried */
	assert_int_equal(answer(&w, id, 1, CAUSE_NONE), ERR_STATE);
	assert_int_equal(evaluation_end(w.store, id, EVALUATION_DECLINED), ERR_STATE);
	assert_int_equal(offer(&w, receipt, again, &why), ERR_EXISTS);
	assert_non_null(strstr(buf_str(&why), "一次"));
	assert_false(evaluation_possible(w.store, receipt));
	assert_int_equal(waiting(&w), 2);
	/* the case stays what it is for lists: its own last letter, not this one */
	assert_int_equal(case_get(w.store, receipt, &v), OK);
	assert_string_not_equal(v.letter_id, id);
	case_view_fini(&v);
	assert_int_equal(audits(&w, "evaluation.offer", detail), 2);
	assert_string_equal(detail, "again");
	assert_int_equal(audits(&w, "evaluation.answer", detail), 1);
	assert_string_equal(detail, "mark=2 source=screen took=13s");
	/* the next visit for this case is another service */
	world_pass(&w, 86400000);
	assert_int_equal(offer(&w, receipt, again, NULL), OK);
	assert_string_not_equal(again, id);
	buf_fini(&why);
	world_close(&w);
}

static void no_answer_is_written_down_and_not_sent(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], case_id[ID_UUID_SIZE], id[ID_UUID_SIZE], detail[200] = "";
	static const enum evaluation_state ends[] = {EVALUATION_DECLINED, EVALUATION_TIMED_OUT};
	static const char *const acts[] = {"evaluation.decline", "evaluation.time-out"};
	struct world w;
	int64_t rows;
	size_t i;

	(void)state;
	world_open(&w, 2);
	for (i = 0; i < 2; i++) {
		world_submit(&w, receipt, case_id);
		assert_int_equal(offer(&w, receipt, id, NULL), OK);
		assert_int_equal(evaluation_end(w.store, id, ends[i]), OK);
		assert_int_equal(audits(&w, acts[i], detail), 1);
		assert_int_equal(answer(&w, id, 1, CAUSE_NONE), ERR_STATE);
		assert_int_equal(offer(&w, receipt, id, NULL), ERR_EXISTS);
	}
	assert_int_equal(waiting(&w), 2); /* the applications */
	assert_int_equal(evaluation_end(w.store, id, EVALUATION_ANSWERED), ERR_INVALID);
	assert_int_equal(audit_verify(w.store, &rows, NULL), OK);
	world_close(&w);
}

static void what_is_wrong_is_refused(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], case_id[ID_UUID_SIZE], id[ID_UUID_SIZE],
		draft[ID_UUID_SIZE];
	static const int marks[] = {0, -1, 6, 1000000};
	struct world w;
	size_t i;

	(void)state;
	world_open(&w, 3);
	world_draft(&w, draft);
	assert_int_equal(offer(&w, draft, id, NULL), ERR_NOT_FOUND); /* no service yet */
	assert_int_equal(offer(&w, "L1'; DROP TABLE case_", id, NULL), ERR_NOT_FOUND);
	world_submit(&w, receipt, case_id);
	assert_int_equal(offer(&w, receipt, id, NULL), OK);
	for (i = 0; i < sizeof marks / sizeof *marks; i++)
		assert_int_equal(answer(&w, id, marks[i], CAUSE_NONE), ERR_INVALID);
	assert_int_equal(answer(&w, "not an offer", 1, CAUSE_NONE), ERR_STATE);
	assert_int_equal(answer(&w, id, 3, CAUSE_NONE), OK);
	world_close(&w);
}

/* ---- the ledger ---- */

static void keep(void *arg, const struct complaint *c)
{
	struct buf *b = arg;

	buf_printf(b, "%s %d %s;", complaint_state_name(c->state), c->due_day, c->finding);
}

static void only_bad_marks_are_entered(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], case_id[ID_UUID_SIZE], id[ID_UUID_SIZE];
	struct buf b = {0};
	struct world w;
	int mark;

	(void)state;
	world_open(&w, 4);
	for (mark = 1; mark <= 5; mark++) {
		world_submit(&w, receipt, case_id);
		assert_int_equal(offer(&w, receipt, id, NULL), OK);
		assert_int_equal(answer(&w, id, mark, mark == 5 ? CAUSE_SPEED : CAUSE_NONE), OK);
		buf_clear(&b);
		complaint_each(w.store, false, keep, &b);
		assert_int_equal(b.len == 0, mark < 4);
	}
	/* 2026-11-24 is a Tuesday: to be looked into on the next day */
	{
		struct date d = {2026, 11, 25};
		struct buf want = {0};
		buf_printf(&want, "open %d ;open %d ;", date_to_day(d), date_to_day(d));
		assert_string_equal(buf_str(&b), buf_str(&want));
		buf_fini(&want);
	}
	buf_fini(&b);
	world_close(&w);
}

/* A row a state, in the order verify, dismiss, extend, mend. "-": not possible. */
static const struct {
	const char *from, *to[COMPLAINT_ACT__MAX];
} life[] = {
	{"open", {"verified", "dismissed", "-", "-"}},
	{"verified", {"-", "-", "extended", "mended"}},
	{"extended", {"-", "-", "-", "mended"}},
	{"mended", {"-", "-", "-", "-"}},
	{"dismissed", {"-", "-", "-", "-"}},
};

static void set_state(struct world *w, const char *id, const char *state)
{
	struct stmt *st = db_prepare(
		store_db(w->store), "UPDATE complaint SET state = ?2 WHERE evaluation_id = ?1");

	db_bind_text(st, 1, id);
	db_bind_text(st, 2, state);
	assert_int_equal(db_run(st), OK);
}

static void get_state(struct world *w, const char *id, char out[20])
{
	struct stmt *st = db_prepare(
		store_db(w->store), "SELECT state FROM complaint WHERE evaluation_id = ?1");

	db_bind_text(st, 1, id);
	assert_true(db_row(st));
	snprintf(out, 20, "%s", db_text(st, 0));
	db_done(st);
}

static void every_act_in_every_state(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], case_id[ID_UUID_SIZE], id[ID_UUID_SIZE], now[20];
	struct complaint_order o = {id, COMPLAINT_VERIFY, "0318", "查看录像", days};
	struct buf why = {0};
	struct world w;
	size_t i;
	int a;

	(void)state;
	world_open(&w, 5);
	world_submit(&w, receipt, case_id);
	assert_int_equal(offer(&w, receipt, id, NULL), OK);
	assert_int_equal(answer(&w, id, 4, CAUSE_NONE), OK);
	assert_int_equal(sizeof life / sizeof *life, COMPLAINT_STATE__MAX);
	for (i = 0; i < sizeof life / sizeof *life; i++)
		for (a = 0; a < COMPLAINT_ACT__MAX; a++) {
			bool allowed = life[i].to[a][0] != '-';
			set_state(&w, id, life[i].from);
			o.act = (enum complaint_act)a;
			buf_clear(&why);
			assert_int_equal(complaint_do(w.store, &o, &why), allowed ? OK : ERR_STATE);
			get_state(&w, id, now);
			assert_string_equal(now, allowed ? life[i].to[a] : life[i].from);
			assert_int_equal(why.len > 0, !allowed);
		}
	buf_fini(&why);
	world_close(&w);
}

static int32_t due(struct world *w)
{
	struct stmt *st = db_prepare(store_db(w->store), "SELECT due_day FROM complaint");
	int32_t day;

	assert_true(db_row(st));
	day = (int32_t)db_int(st, 0);
	db_done(st);
	return day;
}

/* From a Tuesday: 1, 5 and 5 + 15 working days, whatever day the steps are done on. */
static void the_timer_goes_by_working_days(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], case_id[ID_UUID_SIZE], id[ID_UUID_SIZE];
	struct complaint_order o = {id, COMPLAINT_VERIFY, "0317", "情况属实", days};
	struct buf why = {0}, b = {0};
	struct world w;

	(void)state;
	world_open(&w, 6);
	world_submit(&w, receipt, case_id);
	assert_int_equal(offer(&w, receipt, id, NULL), OK);
	assert_int_equal(answer(&w, id, 5, CAUSE_ATTITUDE), OK);
	/* not by the one who is meant, not without a word */
	assert_int_equal(complaint_do(w.store, &o, &why), ERR_STATE);
	assert_non_null(strstr(buf_str(&why), "您自己"));
	o.operator_name = "0318";
	o.text = "  ";
	assert_int_equal(complaint_do(w.store, &o, &why), ERR_INVALID);
	o.text = NULL;
	assert_int_equal(complaint_do(w.store, &o, &why), ERR_INVALID);
	o.text = "情况属实";
	o.id = "";
	assert_int_equal(complaint_do(w.store, &o, &why), ERR_NOT_FOUND);
	o.id = id;
	world_pass(&w, 86400000);
	assert_int_equal(complaint_do(w.store, &o, NULL), OK);
	assert_int_equal(due(&w), date_to_day((struct date){2026, 12, 1}));
	o.act = COMPLAINT_EXTEND;
	assert_int_equal(complaint_do(w.store, &o, NULL), OK);
	assert_int_equal(due(&w), date_to_day((struct date){2026, 12, 22}));
	o.act = COMPLAINT_MEND;
	o.text = "已道歉并改正";
	assert_int_equal(complaint_do(w.store, &o, NULL), OK);
	assert_int_equal(due(&w), -1);
	complaint_each(w.store, false, keep, &b);
	assert_int_equal(b.len, 0);
	complaint_each(w.store, true, keep, &b);
	assert_string_equal(buf_str(&b), "mended -1 情况属实;");
	buf_fini(&b);
	buf_fini(&why);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_one_letter),
		cmocka_unit_test(no_answer_is_written_down_and_not_sent),
		cmocka_unit_test(what_is_wrong_is_refused),
		cmocka_unit_test(only_bad_marks_are_entered),
		cmocka_unit_test(every_act_in_every_state),
		cmocka_unit_test(the_timer_goes_by_working_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
