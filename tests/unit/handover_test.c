/* Handing over, shifts, the line, the day's end: what is kept and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/station/acts.h"
#include "core/station/audit.h"
#include "core/station/day_end.h"
#include "core/station/draft.h"
#include "core/station/draft_lock.h"
#include "core/station/handover.h"
#include "core/station/line.h"
#include "core/station/operator.h"
#include "core/station/reconcile.h"
#include "core/station/shift.h"
#include "core/station/store.h"
#include "tests/unit/world.h"

static void open_hall(struct world *w)
{
	world_open(w, 8);
	assert_int_equal(operator_add(w->store, "0317", "王小明", "xiaoming0317", NULL), OK);
	assert_int_equal(operator_add(w->store, "0318", "赵示例", "zhaoshili0318", NULL), OK);
	assert_int_equal(operator_add(w->store, "0319", "钱样例", "qianyangli0319", NULL), OK);
}

static void close_hall(struct world *w)
{
	assert_int_equal(audit_verify(w->store, &(int64_t){0}, NULL), OK);
	world_close(w);
}

static enum err give(
	struct world *w, const char *number, const char *to, const char *to_window, struct buf *why)
{
	const struct handover_order o = {.number = number,
		.operator_name = "0317",
		.window = "03",
		.to_operator = to,
		.to_window = to_window,
		.note = "等复印件"};

	return handover_give(w->store, &o, why);
}

/* How many rows of the trail have this act. */
static int rows(struct world *w, const char *act)
{
	struct stmt *st =
		db_prepare(store_db(w->store), "SELECT count(*) FROM audit WHERE act = ?1");
	int n;

	db_bind_text(st, 1, act);
	n = db_row(st) ? (int)db_int(st, 0) : -1;
	db_done(st);
	return n;
}

struct seen {
	size_t count;
	char note[64], id[ID_UUID_SIZE];
};

static void see(void *arg, const struct handover *h)
{
	struct seen *s = arg;

	s->count++;
	snprintf(s->note, sizeof s->note, "%s", h->note);
	snprintf(s->id, sizeof s->id, "%s", h->case_id);
}

static size_t waiting_for(struct world *w, const char *who, const char *window)
{
	struct seen s = {0};

	handover_each(w->store, who, window, see, &s);
	return s.count;
}

static void a_draft_goes_to_the_next_one(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct application a;
	struct case_view c = {.id = ""};
	struct buf why = {0};
	struct world w;

	(void)state;
	open_hall(&w);
	world_draft(&w, id);
	assert_int_equal(give(&w, id, "0318", NULL, &why), OK);
	assert_int_equal(waiting_for(&w, "0318", "05"), 1);
	assert_int_equal(waiting_for(&w, "0319", "05"), 0);
	assert_int_equal(draft_count(w.store, "0317"), 1); /* until it is taken */
	assert_int_equal(draft_open(w.store, id, "0319", "06", &why), ERR_DENIED);
	assert_non_null(strstr(buf_str(&why), "0318"));
	assert_int_equal(draft_open(w.store, id, "0318", "05", &why), OK);
	assert_int_equal(draft_count(w.store, "0317"), 0);
	assert_int_equal(draft_count(w.store, "0318"), 1);
	assert_int_equal(waiting_for(&w, NULL, NULL), 0);
	assert_int_equal(rows(&w, "hand.give"), 1);
	assert_int_equal(rows(&w, "hand.take"), 1);
	/* and is the taker's when it is submitted */
	a = world_application(id);
	assert_int_equal(case_submit(w.store, &a, receipt, NULL), OK);
	assert_int_equal(case_get(w.store, id, &c), OK);
	assert_string_equal(c.operator_name, "0318");
	assert_string_equal(c.window, "05");
	case_view_fini(&c);
	buf_fini(&why);
	close_hall(&w);
}

static void a_window_takes_what_was_sent_to_it(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct buf whose = {0}, why = {0};
	struct case_view c = {.id = ""};
	struct world w;

	(void)state;
	open_hall(&w);
	world_submit(&w, receipt, id);
	assert_int_equal(give(&w, receipt, NULL, "05", &why), OK);
	handover_whose(w.store, id, &whose);
	assert_string_equal(buf_str(&whose), "0317 (03号窗口), 已交 05号窗口, 还没有接");
	assert_int_equal(handover_take(w.store, receipt, "0319", "06", &why), ERR_DENIED);
	assert_int_equal(handover_take(w.store, receipt, "0319", "05", &why), OK);
	assert_int_equal(handover_take(w.store, receipt, "0319", "05", &why), ERR_STATE);
	buf_clear(&whose);
	handover_whose(w.store, id, &whose);
	assert_string_equal(buf_str(&whose), "0319 (05号窗口)");
	/* who took the application in stays who did */
	assert_int_equal(case_get(w.store, id, &c), OK);
	assert_string_equal(c.operator_name, "0317");
	case_view_fini(&c);
	buf_fini(&whose);
	buf_fini(&why);
	close_hall(&w);
}

/* A correction that the next one finishes is theirs in the trail and in the letter. */
static void a_correction_changes_hands(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct stmt *st;
	struct application a;
	struct world w;

	(void)state;
	open_hall(&w);
	world_submit(&w, receipt, id);
	assert_int_equal(case_revise(w.store, receipt, "0317", NULL), OK);
	assert_int_equal(give(&w, id, "0318", NULL, NULL), OK);
	assert_int_equal(draft_open(w.store, id, "0318", "05", NULL), OK);
	assert_int_equal(draft_count(w.store, "0318"), 1);
	a = world_application(id);
	assert_int_equal(case_submit(w.store, &a, receipt, NULL), OK);
	st = db_prepare(
		store_db(w.store), "SELECT operator_name, window FROM letter WHERE version = 2");
	assert_true(db_row(st));
	assert_string_equal(db_text(st, 0), "0318");
	assert_string_equal(db_text(st, 1), "05");
	db_done(st);
	close_hall(&w);
}

static void what_cannot_be_handed_over_says_why(void **state)
{
	const struct act_order withdraw = {.act = ACT_WITHDRAW,
		.station = "test",
		.operator_name = "0317",
		.window = "03",
		.facts = "{\"reason\":\"申请人撤回\"}"};
	struct act_order o = withdraw;
	char id[ID_UUID_SIZE], ended[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct draft_lock *lock = NULL, *second = NULL;
	struct buf why = {0};
	struct world w;

	(void)state;
	open_hall(&w);
	world_draft(&w, id);
	assert_int_equal(give(&w, id, NULL, NULL, &why), ERR_INVALID);
	assert_int_equal(give(&w, id, "0317", NULL, &why), ERR_INVALID);
	assert_int_equal(give(&w, id, NULL, "03", &why), ERR_INVALID);
	assert_int_equal(give(&w, id, "0399", NULL, &why), ERR_NOT_FOUND);
	assert_non_null(strstr(buf_str(&why), "0399"));
	assert_int_equal(give(&w, "nothing", "0318", NULL, &why), ERR_NOT_FOUND);
	assert_int_equal(operator_lock(w.store, "0319", true, NULL), OK);
	assert_int_equal(give(&w, id, "0319", NULL, &why), ERR_INVALID);
	/* while it stands open on a screen */
	assert_int_equal(draft_lock_take(&lock, w.store, id), OK);
	assert_int_equal(draft_lock_take(&second, w.store, id), ERR_BUSY);
	assert_true(draft_lock_held(w.store, id));
	assert_int_equal(give(&w, id, "0318", NULL, &why), ERR_BUSY);
	draft_lock_free(lock);
	assert_false(draft_lock_held(w.store, id));
	assert_int_equal(give(&w, id, "0318", NULL, &why), OK);
	/* what has ended */
	world_submit(&w, receipt, ended);
	o.case_number = receipt;
	assert_int_equal(act_do(w.store, &o, NULL), OK);
	assert_int_equal(give(&w, receipt, "0318", NULL, &why), ERR_STATE);
	assert_int_equal(rows(&w, "hand.give"), 1); /* a refusal leaves nothing behind */
	buf_fini(&why);
	close_hall(&w);
}

static void it_can_be_taken_back_and_sent_elsewhere(void **state)
{
	char id[ID_UUID_SIZE];
	struct seen s = {0};
	struct world w;

	(void)state;
	open_hall(&w);
	world_draft(&w, id);
	assert_int_equal(handover_withdraw(w.store, id, "0317", NULL), ERR_STATE);
	assert_int_equal(give(&w, id, "0318", NULL, NULL), OK);
	assert_int_equal(give(&w, id, "0319", NULL, NULL), OK); /* another one instead */
	assert_int_equal(waiting_for(&w, "0318", ""), 0);
	handover_each(w.store, "0319", "", see, &s);
	assert_int_equal(s.count, 1);
	assert_string_equal(s.note, "等复印件");
	assert_string_equal(s.id, id);
	assert_int_equal(handover_withdraw(w.store, id, "0317", NULL), OK);
	assert_int_equal(waiting_for(&w, NULL, NULL), 0);
	/* the note, which may name somebody, is not in the trail */
	assert_int_equal(
		db_exec(store_db(w.store), "CREATE TEMP TABLE found AS SELECT 1 FROM audit WHERE"
					   " instr(detail, '复印件') OR instr(object, '复印件')"),
		OK);
	assert_int_equal(db_exec(store_db(w.store), "DELETE FROM found"), OK);
	assert_int_equal(db_changes(store_db(w.store)), 0);
	/* its own clerk opening it is enough */
	assert_int_equal(give(&w, id, "0318", NULL, NULL), OK);
	assert_int_equal(draft_open(w.store, id, "0317", "03", NULL), OK);
	assert_int_equal(waiting_for(&w, NULL, NULL), 0);
	assert_int_equal(rows(&w, "hand.withdraw"), 2);
	close_hall(&w);
}

/* A draft that is dropped or submitted is on its way no more. */
static void what_is_gone_waits_for_nobody(void **state)
{
	char id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	open_hall(&w);
	world_draft(&w, id);
	assert_int_equal(give(&w, id, "0318", NULL, NULL), OK);
	assert_int_equal(draft_drop(w.store, id, "0317"), OK);
	assert_int_equal(waiting_for(&w, "0318", "05"), 0);
	close_hall(&w);
}

/* ---- shifts ---- */

static void one_shift_at_a_window(void **state)
{
	const struct shift_open_items left = {2, 1, 3};
	struct stmt *st;
	struct world w;
	int64_t since;

	(void)state;
	open_hall(&w);
	assert_int_equal(shift_begin(w.store, "0317", "03"), OK);
	since = w.wall_ms;
	world_pass(&w, 3600000);
	assert_int_equal(shift_begin(w.store, "0317", "03"), OK); /* as after a crash */
	assert_int_equal(shift_since(w.store, "0317", "03"), since);
	assert_int_equal(rows(&w, "shift.begin"), 1);
	assert_int_equal(shift_begin(w.store, "0318", "05"), OK); /* another window */
	assert_int_equal(shift_begin(w.store, "0318", "03"), OK); /* found open: ended */
	assert_int_equal(shift_since(w.store, "0317", "03"), 0);
	assert_int_equal(rows(&w, "shift.end"), 1);
	assert_int_equal(shift_end(w.store, "0317", "03", SHIFT_LEFT, &left), OK); /* not his */
	assert_int_equal(rows(&w, "shift.end"), 1);
	assert_int_equal(shift_end(w.store, "0318", "03", SHIFT_SIGNED_OFF, &left), OK);
	st = db_prepare(store_db(w.store),
		"SELECT detail FROM audit WHERE act = 'shift.end' ORDER BY seq DESC LIMIT 1");
	assert_true(db_row(st));
	assert_non_null(strstr(db_text(st, 0), "ending=signed-off\tdrafts=2\thanded=1\tletters=3"));
	db_done(st);
	/* the next morning a shift that nobody ended is not gone on with */
	world_pass(&w, 86400000);
	assert_int_equal(shift_begin(w.store, "0318", "05"), OK);
	assert_int_equal(rows(&w, "shift.begin"), 4);
	close_hall(&w);
}

static void the_line_is_noted_when_it_changes(void **state)
{
	struct world w;

	(void)state;
	open_hall(&w);
	assert_int_equal(line_note(w.store, true), OK);
	assert_int_equal(line_note(w.store, true), OK);
	assert_int_equal(line_note(w.store, false), OK);
	assert_int_equal(line_note(w.store, false), OK);
	assert_int_equal(line_note(w.store, true), OK);
	assert_int_equal(rows(&w, "line.up"), 2);
	assert_int_equal(rows(&w, "line.down"), 1);
	close_hall(&w);
}

/* ---- the day's end ---- */

static void see_line(void *arg, const struct reconcile_line *l)
{
	struct seen *s = arg;

	s->count++;
	snprintf(s->note, sizeof s->note, "%s %s", reconcile_name(l->kind), l->local_receipt);
}

static void the_last_reconciliation_is_kept(void **state)
{
	const struct reconcile_line lines[] = {{RECONCILE_WAITS, "c1", "L1", "", "", "", ""},
		{RECONCILE_ELSEWHERE, "c2", "L2", "P2", "P2", "", ""}};
	const struct reconcile_sum two = {9, 7, 2}, none = {9, 9, 0}, nothing = {0, 0, 0};
	struct day_check c;
	struct day_close d;
	struct seen s = {0};
	struct world w;

	(void)state;
	open_hall(&w);
	assert_int_equal(day_check_get(w.store, 20000, &c), OK);
	assert_int_equal(c.at_ms, 0);
	assert_int_equal(day_check_put(w.store, 20000, &two, lines, 2, NULL), OK);
	assert_int_equal(day_check_get(w.store, 20000, &c), OK);
	assert_int_equal(c.here, 9);
	assert_int_equal(c.differences, 2);
	assert_null(c.failure);
	day_check_each(w.store, 20000, see_line, &s);
	assert_int_equal(s.count, 2);
	assert_string_equal(s.note, "elsewhere L2");
	/* the next one takes its place; one that failed says so and claims nothing */
	assert_int_equal(day_check_put(w.store, 20000, &none, NULL, 0, NULL), OK);
	assert_int_equal(day_check_get(w.store, 20000, &c), OK);
	assert_int_equal(c.differences, 0);
	assert_int_equal(day_check_put(w.store, 20000, &nothing, lines, 1, "连不上中心"), OK);
	assert_int_equal(day_check_get(w.store, 20000, &c), OK);
	assert_string_equal(c.failure, "连不上中心");
	assert_int_equal(c.differences, 0);
	day_check_fini(&c);
	assert_int_equal(rows(&w, "day.reconcile"), 3);
	/* closed twice: the last word holds, both stand in the trail */
	assert_int_equal(day_close_last(w.store, 20000, &d), OK);
	assert_int_equal(d.at_ms, 0);
	assert_int_equal(day_close(w.store, 20000, "0317", "03", 4), OK);
	assert_int_equal(day_close(w.store, 20000, "0318", "05", 0), OK);
	assert_int_equal(day_close_last(w.store, 20000, &d), OK);
	assert_string_equal(d.operator_name, "0318");
	assert_int_equal(d.open_items, 0);
	day_close_fini(&d);
	assert_int_equal(rows(&w, "day.close"), 2);
	close_hall(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_draft_goes_to_the_next_one),
		cmocka_unit_test(a_window_takes_what_was_sent_to_it),
		cmocka_unit_test(a_correction_changes_hands),
		cmocka_unit_test(what_cannot_be_handed_over_says_why),
		cmocka_unit_test(it_can_be_taken_back_and_sent_elsewhere),
		cmocka_unit_test(what_is_gone_waits_for_nobody),
		cmocka_unit_test(one_shift_at_a_window),
		cmocka_unit_test(the_line_is_noted_when_it_changes),
		cmocka_unit_test(the_last_reconciliation_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
