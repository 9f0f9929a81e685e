/* The figures of a day with versions that give way are found again in the trail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/station/acts.h"
#include "core/station/outbox.h"
#include "core/station/outbox_file.h"
#include "core/station/papers.h"
#include "core/station/store.h"
#include "core/station/summary.h"
#include "tests/unit/carried.h"
#include "tests/unit/recount.h"
#include "tests/unit/versions.h"
#include "tests/unit/world.h"

enum {
	LATE = 10
};

/* Of all lines, so many of a figure. */
static void figures_agree(struct world *w)
{
	int32_t day = clock_day(w->wall_ms);
	struct recount *r = recount_make(w->store, day, day + 1, LATE);
	struct buf lines = {0}, said = {0};
	struct summary sum = {0};
	size_t wrong = 0;

	assert_int_equal(summary_make(&sum, w->store, day, day + 1, LATE), OK);
	summary_json(&lines, &sum);
	assert_true(recount_compare(r, buf_str(&lines), &wrong, &said) > 0);
	if (wrong > 0)
		fail_msg("%s", buf_str(&said));
	summary_fini(&sum);
	recount_free(r);
	buf_fini(&lines);
	buf_fini(&said);
}

static void act(struct world *w, const char *id, enum case_act act)
{
	const struct act_order order = {.case_number = id,
		.act = act,
		.station = "station-1",
		.operator_name = "0317",
		.window = "03",
		.facts = "{\"corrections\":[{\"name\":\"照片\",\"defect\":\"不是白底\"}]}"};

	assert_int_equal(act_do(w->store, &order, NULL), OK);
}

static void correct(struct world *w, const char *id, const char *receipt)
{
	assert_int_equal(case_revise(w->store, id, "0317", NULL), OK);
	versions_submit(w, id, receipt);
}

static void a_version_that_goes_anew_is_counted_once(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	world_open(&w, 1);
	world_submit(&w, receipt, id);
	versions_deliver(&w, id, "N1");
	correct(&w, id, receipt);
	correct(&w, id, receipt);
	figures_agree(&w);
	versions_settle_due(&w, "application", LETTER_HELD);
	figures_agree(&w);
	versions_settle_due(&w, "application", LETTER_DELIVERED);
	figures_agree(&w);
	world_close(&w);
}

static void a_request_that_was_answered_does_not_count(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	world_open(&w, 2);
	world_submit(&w, receipt, id);
	act(&w, id, ACT_REQUEST_CORRECTION);
	correct(&w, id, receipt);
	figures_agree(&w);
	versions_settle_due(&w, "application", LETTER_HELD);
	figures_agree(&w);
	world_close(&w);
}

/* Lost here, or neither here nor at the centre; with a newer version behind it or not. */
static void a_lost_scan_is_a_letter_that_came_back(void **state)
{
	struct outbox_outcome o = {
		.state = LETTER_WAITING, .papers_missing = true, .reason = "缺扫描件"};
	struct outbox_file_result done;
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct letter l;
	struct road r;
	int newer, way;

	(void)state;
	for (way = 0; way < 2; way++) {
		for (newer = 0; newer < 2; newer++) {
			road_open(&r);
			if (way == 0)
				road_submit_with_paper(&r.here, id, 1);
			else
				world_submit(&r.here, receipt, id);
			assert_int_equal(outbox_get(r.here.store, id, &l), OK);
			memcpy(o.id, l.id, sizeof o.id);
			if (newer)
				correct(&r.here, id, l.local_receipt);
			letter_fini(&l);
			if (way == 0) {
				struct buf papers = {0};
				buf_printf(&papers, "rm %s/papers/*", r.here.folder);
				assert_int_equal(system(papers.data), 0);
				buf_fini(&papers);
				road_export(&r, NULL, &done, NULL);
			} else {
				assert_int_equal(outbox_settle(r.here.store, &o, 1), OK);
			}
			figures_agree(&r.here);
			road_close(&r);
		}
	}
}

/* The file of the station itself has the scan still: as if it had never been away. */
static void a_scan_that_is_brought_back_is_nothing_that_came_back(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct outbox_file_result done;
	struct buf papers = {0};
	struct letter l;
	struct road r;

	(void)state;
	road_open(&r);
	road_submit_with_paper(&r.here, id, 1);
	road_export_all(&r);
	buf_printf(&papers, "rm %s/papers/*", r.here.folder);
	assert_int_equal(system(papers.data), 0);
	road_export(&r, id, &done, NULL); /* not over the good file: nothing can go */
	assert_int_equal(outbox_get(r.here.store, id, &l), OK);
	assert_int_equal(l.state, LETTER_HELD);
	snprintf(receipt, sizeof receipt, "%s", l.local_receipt);
	letter_fini(&l);
	assert_int_equal(outbox_import(r.here.store, r.file.data, "0318", &done, NULL), OK);
	assert_int_equal(done.letters, 1);
	figures_agree(&r.here);
	/* a correction replaces one that waits, and no refused one */
	correct(&r.here, id, receipt);
	figures_agree(&r.here);
	assert_int_equal(db_exec(store_db(r.here.store), "UPDATE paper SET state = 1"), OK);
	versions_settle_due(&r.here, "application", LETTER_DELIVERED);
	figures_agree(&r.here);
	buf_fini(&papers);
	road_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_version_that_goes_anew_is_counted_once),
		cmocka_unit_test(a_request_that_was_answered_does_not_count),
		cmocka_unit_test(a_lost_scan_is_a_letter_that_came_back),
		cmocka_unit_test(a_scan_that_is_brought_back_is_nothing_that_came_back),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
