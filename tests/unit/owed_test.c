/* Materials owed (容缺): supplied later, with a scan, by somebody; or not in time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/outbox.h"
#include "core/station/owed.h"
#include "core/station/papers.h"
#include "core/station/store.h"
#include "tests/unit/world.h"

#define DAY_MS (86400 * 1000ll)

static const char two_owed[] =
	"{\"due_date\":\"2026-12-08\",\"owed\":[{\"name\":\"材料1\",\"due_date\":\"2026-12-01\"},"
	"{\"name\":\"户 口簿\",\"due_date\":\"2026-12-03\"}]}";

static enum err act(
	struct world *w, const char *id, enum case_act what, const char *facts, struct buf *why)
{
	const struct act_order o = {.case_number = id,
		.act = what,
		.station = "station-1",
		.operator_name = "0317",
		.window = "03",
		.facts = facts};

	return act_do(w->store, &o, why);
}

static void open_accepted(struct world *w, char id[ID_UUID_SIZE], uint64_t seed)
{
	char receipt[LOCAL_RECEIPT_SIZE];

	world_open(w, seed); /* 2026-11-24 */
	world_submit(w, receipt, id);
	assert_int_equal(act(w, id, ACT_ACCEPT, two_owed, NULL), OK);
	assert_int_equal(owed_count(w->store, id, 0), 2);
}

static void count_due(void *arg, const struct due *d)
{
	int *n = arg;

	n[d->kind]++;
}

static void add_note(void *arg, const struct case_event *e)
{
	buf_printf(arg, "%s(%s)", e->what, e->note != NULL ? e->note : "");
}

static bool is_open(struct world *w, const char *id, enum case_act what)
{
	enum case_act open[CASE_ACT__MAX];
	struct case_view v;
	size_t n, i;
	bool found = false;

	assert_int_equal(case_get(w->store, id, &v), OK);
	n = acts_open_for(w->store, id, v.state, open);
	for (i = 0; i < n; i++)
		found |= open[i] == what;
	case_view_fini(&v);
	return found;
}

static void each_comes_and_its_clock_ends(void **state)
{
	char id[ID_UUID_SIZE];
	struct case_view v;
	struct buf notes = {0};
	struct world w;
	int n[DUE__MAX] = {0};

	(void)state;
	open_accepted(&w, id, 1);
	assert_true(is_open(&w, id, ACT_SUPPLY));
	assert_int_equal(act(&w, id, ACT_SUPPLY,
				 "{\"supplied\":[\"材料1\"],\"supplied_by\":\"李样例\"}", NULL),
		OK);
	assert_int_equal(owed_count(w.store, id, 0), 1);
	dues_each(w.store, INT32_MAX, count_due, n);
	assert_int_equal(n[DUE_OWED], 1);
	assert_int_equal(n[DUE_DECIDE], 1); /* the clock of the case runs on */
	assert_int_equal(act(&w, id, ACT_SUPPLY,
				 "{\"supplied\":[\"户 口簿\"],\"supplied_by\":\"王样本\"}", NULL),
		OK);
	memset(n, 0, sizeof n);
	dues_each(w.store, INT32_MAX, count_due, n);
	assert_int_equal(n[DUE_OWED], 0);
	assert_int_equal(n[DUE_DECIDE], 1);
	assert_int_equal(case_get(w.store, id, &v), OK);
	assert_string_equal(v.state, "accepted");
	case_view_fini(&v);
	case_each_event(w.store, id, add_note, &notes);
	assert_non_null(strstr(notes.data, "supply(材料1, 李样例; 还欠 1 份)"));
	assert_non_null(strstr(notes.data, "supply(户 口簿, 王样本; 容缺材料已经补齐)"));
	assert_false(is_open(&w, id, ACT_SUPPLY));
	assert_int_equal(act(&w, id, ACT_SUPPLY, "{\"supplied\":[\"材料1\"]}", NULL), ERR_STATE);
	buf_fini(&notes);
	world_close(&w);
}

static void only_what_is_owed_can_come(void **state)
{
	static const char *const wrong[] = {"{}", "{\"supplied\":[]}", "{\"supplied\":\"材料1\"}",
		"{\"supplied\":[\"别的\"]}", "{\"supplied\":[\"材料1\",7]}"};
	char id[ID_UUID_SIZE];
	struct outbox_counts before, after;
	struct buf why = {0};
	struct world w;
	size_t i;

	(void)state;
	open_accepted(&w, id, 2);
	outbox_counts(w.store, &before);
	for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		buf_clear(&why);
		assert_int_equal(act(&w, id, ACT_SUPPLY, wrong[i], &why), ERR_INVALID);
		assert_true(why.len > 0);
	}
	outbox_counts(w.store, &after);
	assert_int_equal(before.waiting, after.waiting);
	assert_int_equal(owed_count(w.store, id, 0), 2);
	buf_fini(&why);
	world_close(&w);
}

static void count_paper(void *arg, const struct paper *p)
{
	(void)p;
	++*(int *)arg;
}

/* The scan waits with the letter, and is kept while the material is only announced. */
static void its_scan_goes_with_the_letter(void **state)
{
	char id[ID_UUID_SIZE];
	struct letter l;
	json *body = NULL;
	struct buf why = {0};
	struct world w;
	char *file;
	int n = 0;

	(void)state;
	open_accepted(&w, id, 3);
	file = world_attach(&w, id, 1, 5000);
	assert_int_equal(paper_attach(w.store, id, "材料9", NULL, file, &why), ERR_STATE);
	assert_int_equal(paper_tidy(w.store, NULL), OK);
	papers_each(w.store, id, count_paper, &n);
	assert_int_equal(n, 1);
	assert_int_equal(act(&w, id, ACT_SUPPLY, "{\"supplied\":[\"材料1\"]}", NULL), OK);
	assert_int_equal(outbox_get(w.store, id, &l), OK);
	assert_string_equal(l.kind, "supply");
	assert_int_equal(json_parse(&body, l.body, l.body_len, NULL), OK);
	assert_string_equal(
		json_get_str(json_first(json_get(body, "attachments")), "material_name"), "材料1");
	n = 0;
	papers_each_of_letter(w.store, l.id, count_paper, &n);
	assert_int_equal(n, 1);
	/* it has come: nothing more is attached to it */
	assert_int_equal(paper_attach(w.store, id, "材料1", NULL, file, &why), ERR_STATE);
	json_free(body);
	letter_fini(&l);
	free(file);
	buf_fini(&why);
	world_close(&w);
}

static void what_does_not_come_in_time_may_be_returned(void **state)
{
	char id[ID_UUID_SIZE];
	struct buf why = {0};
	struct case_view v;
	struct world w;

	(void)state;
	open_accepted(&w, id, 4);
	world_pass(&w, 7 * DAY_MS); /* the last day itself */
	assert_false(is_open(&w, id, ACT_RETURN));
	assert_int_equal(act(&w, id, ACT_RETURN, "{\"reason\":\"逾期\"}", &why), ERR_STATE);
	assert_non_null(strstr(why.data, "逾期"));
	world_pass(&w, DAY_MS);
	assert_int_equal(owed_count(w.store, id, clock_day(w.wall_ms)), 1);
	assert_true(is_open(&w, id, ACT_RETURN));
	assert_true(is_open(&w, id, ACT_SUPPLY)); /* late is better than not */
	assert_int_equal(act(&w, id, ACT_RETURN, "{\"reason\":\"逾期\"}", NULL), OK);
	assert_int_equal(case_get(w.store, id, &v), OK);
	assert_string_equal(v.state, "returned");
	case_view_fini(&v);
	buf_fini(&why);
	world_close(&w);
}

static void what_the_centre_refused_is_owed_again(void **state)
{
	char id[ID_UUID_SIZE];
	struct outbox_outcome o = {
		.state = LETTER_HELD, .hold = HOLD_REFUSED, .reason = "状态不能这样做"};
	struct world w;

	(void)state;
	open_accepted(&w, id, 5);
	assert_int_equal(
		act(&w, id, ACT_SUPPLY, "{\"supplied\":[\"材料1\",\"户 口簿\"]}", NULL), OK);
	assert_int_equal(owed_count(w.store, id, 0), 0);
	world_settle(&w, id, &o);
	assert_int_equal(act_take_back(w.store, o.id, "0317", NULL), OK);
	assert_int_equal(owed_count(w.store, id, 0), 2);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_comes_and_its_clock_ends),
		cmocka_unit_test(only_what_is_owed_can_come),
		cmocka_unit_test(its_scan_goes_with_the_letter),
		cmocka_unit_test(what_does_not_come_in_time_may_be_returned),
		cmocka_unit_test(what_the_centre_refused_is_owed_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
