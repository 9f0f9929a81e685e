/* Letters that travel by hand: out of one outbox, into another, and exactly once at the centre. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/paths.h"
#include "core/station/acts.h"
#include "core/station/changes.h"
#include "core/station/outbox.h"
#include "core/station/outbox_file.h"
#include "core/station/papers.h"
#include "core/station/store.h"
#include "tests/unit/carried.h"
#include "tests/unit/fake_centre.h"
#include "tests/unit/versions.h"
#include "tests/unit/world.h"

static void each_letter_is_taken_once_by_either_way(void **state)
{
	char ids[6][ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct fake_centre *f = calloc(1, sizeof *f);
	struct outbox_file_result done;
	struct outbox_counts c;
	struct letter l, there;
	struct stat st;
	struct road r;
	int i;

	(void)state;
	road_open(&r);
	for (i = 0; i < 4; i++)
		world_submit(&r.here, receipt, ids[i]);
	road_submit_with_paper(&r.here, ids[4], 1);
	road_submit_with_paper(&r.here, ids[5], 1);
	done = road_export_all(&r);
	assert_int_equal(done.letters, 6);
	assert_int_equal(done.papers, 1);
	assert_int_equal(stat(r.file.data, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	done = road_import_all(&r);
	assert_int_equal(done.letters, 6);
	assert_int_equal(done.carried, 6);
	assert_int_equal(done.skipped, 0);
	done = road_import_all(&r);
	assert_int_equal(done.letters, 0);
	assert_int_equal(done.skipped, 6);
	/* seen in the outbox with their origin, not among its own cases */
	assert_int_equal(outbox_get(r.courier.store, ids[4], &l), OK);
	assert_string_equal(l.origin, "乡镇01");
	assert_int_equal(l.papers_bytes, 150000);
	letter_fini(&l);
	assert_int_equal(case_count_day(r.courier.store, clock_day(r.courier.wall_ms)), 0);
	assert_int_equal(case_revise(r.courier.store, ids[0], "0318", NULL), ERR_NOT_FOUND);
	fake_centre_init(f, &r.courier);
	road_deliver(&r.courier, f);
	assert_int_equal(f->case_count, 6);
	road_deliver(&r.here, f); /* the line is back: the same answers again */
	assert_int_equal(f->case_count, 6);
	assert_int_equal(f->letter_count, 6);
	assert_false(f->other_body_for_key);
	assert_int_equal(outbox_counts(r.here.store, &c), OK);
	assert_int_equal(c.delivered, 6);
	for (i = 0; i < 6; i++) {
		assert_int_equal(outbox_get(r.here.store, ids[i], &l), OK);
		assert_int_equal(outbox_get(r.courier.store, ids[i], &there), OK);
		assert_string_equal(l.project_no, there.project_no);
		assert_int_equal(l.body_len, there.body_len);
		assert_memory_equal(l.body, there.body, l.body_len);
		letter_fini(&l);
		letter_fini(&there);
	}
	assert_int_equal(f->papers[0].completed, 1);
	fake_centre_fini(f);
	free(f);
	road_close(&r);
}

/* The versions of one case keep their order on the way. */
static void versions_travel_in_order(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct fake_centre *f = calloc(1, sizeof *f);
	struct application a;
	struct road r;

	(void)state;
	road_open(&r);
	world_submit(&r.here, receipt, id);
	assert_int_equal(case_revise(r.here.store, id, "0317", NULL), OK);
	a = world_application(id);
	assert_int_equal(case_submit(r.here.store, &a, receipt, NULL), OK);
	assert_int_equal(road_export_all(&r).letters, 2);
	assert_int_equal(road_import_all(&r).letters, 2);
	fake_centre_init(f, &r.courier);
	f->strict = true;
	road_deliver(&r.courier, f);
	assert_int_equal(f->case_count, 1);
	assert_int_equal(f->cases[0].versions, 2);
	fake_centre_fini(f);
	free(f);
	road_close(&r);
}

static void the_news_of_a_carried_case_are_not_ours(void **state)
{
	static const char news[] =
		"{\"cursor\":\"1\",\"changes\":[{\"seq\":1,\"type\":\"case\",\"at\":\"x\",\"kind\":"
		"\"accept\",\"project_no\":\"N1\",\"state\":\"accepted\"}]}";
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct fake_centre *f = calloc(1, sizeof *f);
	struct changes_result done;
	struct road r;

	(void)state;
	road_open(&r);
	world_submit(&r.here, receipt, id);
	road_export_all(&r);
	road_import_all(&r);
	fake_centre_init(f, &r.courier);
	road_deliver(&r.courier, f);
	assert_int_equal(changes_apply(r.courier.store, news, strlen(news), &done), OK);
	assert_int_equal(done.applied, 0);
	assert_int_equal(case_count_news(r.courier.store), 0);
	fake_centre_fini(f);
	free(f);
	road_close(&r);
}

static void what_is_not_whole_leaves_nothing(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct outbox_file_result done;
	struct outbox_counts c;
	struct buf whole = {0}, why = {0};
	struct road r;
	size_t cut;

	(void)state;
	road_open(&r);
	world_submit(&r.here, receipt, id);
	road_submit_with_paper(&r.here, id, 1);
	road_export_all(&r);
	assert_int_equal(paths_read(&whole, r.file.data, 10 << 20), OK);
	for (cut = 0; cut < whole.len; cut += cut < 300 ? 7 : 9973) {
		enum err e;
		assert_int_equal(paths_replace(r.file.data, whole.data, cut), OK);
		e = outbox_import(r.courier.store, r.file.data, "0318", &done, &why);
		assert_true(e == ERR_INVALID || e == ERR_DAMAGED);
		assert_true(why.len > 0);
	}
	whole.data[whole.len / 2] ^= 1;
	assert_int_equal(paths_replace(r.file.data, whole.data, whole.len), OK);
	assert_int_equal(
		outbox_import(r.courier.store, r.file.data, "0318", &done, &why), ERR_DAMAGED);
	whole.data[whole.len / 2] ^= 1;
	assert_int_equal(outbox_counts(r.courier.store, &c), OK);
	assert_int_equal(c.waiting, 0);
	assert_int_equal(
		outbox_import(r.courier.store, "/no/such", "0318", &done, &why), ERR_NOT_FOUND);
	/* another hall */
	assert_int_equal(store_set(r.courier.store, "receipt.key", "another"), OK);
	assert_int_equal(paths_replace(r.file.data, whole.data, whole.len), OK);
	assert_int_equal(
		outbox_import(r.courier.store, r.file.data, "0318", &done, &why), ERR_DENIED);
	buf_fini(&whole);
	buf_fini(&why);
	road_close(&r);
}

static void one_exports_what_one_names(void **state)
{
	char a[ID_UUID_SIZE], b[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct outbox_file_result done;
	struct buf why = {0};
	struct road r;

	(void)state;
	road_open(&r);
	assert_int_equal(road_export(&r, NULL, &done, &why), ERR_NOT_FOUND);
	assert_int_not_equal(access(r.file.data, F_OK), 0);
	world_submit(&r.here, receipt, a);
	world_submit(&r.here, receipt, b);
	assert_int_equal(road_export(&r, receipt, &done, &why), OK);
	assert_int_equal(done.letters, 1);
	assert_int_equal(road_export(&r, "no such number", &done, &why), ERR_NOT_FOUND);
	buf_clear(&r.file);
	buf_printf(&r.file, "%s/no/folder/file", r.here.folder);
	assert_int_not_equal(road_export(&r, NULL, &done, &why), OK);
	assert_non_null(strstr(why.data, "no/folder"));
	buf_fini(&why);
	road_close(&r);
}

/* ---- what belongs together on the way ---- */

static void correct(struct world *w, const char *case_id)
{
	struct application a = world_application(case_id);
	char receipt[LOCAL_RECEIPT_SIZE];

	assert_int_equal(case_revise(w->store, case_id, "0317", NULL), OK);
	assert_int_equal(case_submit(w->store, &a, receipt, NULL), OK);
}

static size_t exported(struct road *r, const char *id)
{
	struct outbox_file_result done = {0};

	return road_export(r, id, &done, NULL) == OK ? done.letters : 0;
}

static void a_step_does_not_travel_without_its_application(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct outbox_file_result done;
	struct letter l;
	struct road r;

	(void)state;
	road_open(&r);
	world_submit(&r.here, receipt, id);
	world_accept(&r.here, id);
	assert_int_equal(exported(&r, receipt), 2);
	assert_int_equal(outbox_get(r.here.store, receipt, &l), OK);
	assert_string_equal(l.kind, "accept");
	assert_int_equal(exported(&r, l.id), 2);
	letter_fini(&l);
	assert_int_equal(outbox_get_next(r.here.store, receipt, &l), OK);
	assert_int_equal(exported(&r, l.id), 1); /* what follows can come later */
	/* kept back: what waits for it stays, too */
	assert_int_equal(outbox_hold(r.here.store, l.id, "0317", "等家属"), OK);
	letter_fini(&l);
	assert_int_equal(road_export(&r, NULL, &done, NULL), ERR_NOT_FOUND);
	assert_int_equal(exported(&r, receipt), 2); /* unless it is asked for */
	road_close(&r);
}

/* Its application has gone before: the courier still sees whose step it is. */
static void a_step_alone_tells_its_case(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct letter l;
	struct road r;

	(void)state;
	road_open(&r);
	world_submit(&r.here, receipt, id);
	versions_settle_due(&r.here, "application", LETTER_DELIVERED);
	world_accept(&r.here, id);
	assert_int_equal(road_export_all(&r).letters, 1);
	road_import_all(&r);
	assert_int_equal(outbox_get(r.courier.store, receipt, &l), OK);
	assert_string_equal(l.kind, "accept");
	assert_string_equal(l.local_receipt, receipt);
	assert_string_not_equal(l.task_name, "");
	assert_string_not_equal(l.applyer_name, "");
	letter_fini(&l);
	road_close(&r);
}

static void what_is_not_admitted_can_travel(void **state)
{
	struct outbox_outcome o = {.state = LETTER_HELD, .hold = HOLD_PERSON, .reason = "未接入"};
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct outbox_counts c;
	struct road r;

	(void)state;
	road_open(&r);
	world_submit(&r.here, receipt, id);
	world_settle(&r.here, id, &o);
	assert_int_equal(outbox_counts(r.here.store, &c), OK);
	assert_int_equal(c.held, 1);
	assert_int_equal(c.person, 1);
	assert_int_equal(c.kept, 0);
	assert_int_equal(road_export_all(&r).letters, 1);
	road_close(&r);
}

/* Without its papers a letter would wait at the courier for ever. */
static void what_cannot_be_read_whole_is_not_carried(void **state)
{
	static const char *const tables[] = {"letter_paper", "letter"};
	char id[ID_UUID_SIZE], sql[80];
	struct outbox_file_result result;
	struct road r;
	size_t i;

	(void)state;
	road_open(&r);
	road_submit_with_paper(&r.here, id, 1);
	for (i = 0; i < sizeof tables / sizeof *tables; i++) {
		snprintf(sql, sizeof sql,
			"PRAGMA legacy_alter_table = 1; ALTER TABLE %s RENAME TO hidden",
			tables[i]);
		assert_int_equal(db_exec(store_db(r.here.store), sql), OK);
		assert_int_equal(road_export(&r, NULL, &result, NULL), ERR_IO);
		assert_int_not_equal(access(r.file.data, F_OK), 0);
		snprintf(sql, sizeof sql, "ALTER TABLE hidden RENAME TO %s", tables[i]);
		assert_int_equal(db_exec(store_db(r.here.store), sql), OK);
	}
	assert_int_equal(road_export_all(&r).papers, 1);
	road_close(&r);
}

/* The courier has had the first version refused before the second comes by the next file. */
static void a_correction_follows_its_refused_version(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct outbox_counts c;
	struct road r;

	(void)state;
	road_open(&r);
	world_submit(&r.here, receipt, id);
	world_accept(&r.here, id);
	road_export_all(&r);
	road_import_all(&r);
	versions_settle_due(&r.courier, "application", LETTER_HELD);
	versions_settle_due(&r.here, "application", LETTER_HELD);
	correct(&r.here, id);
	assert_int_equal(road_export_all(&r).letters, 2);
	assert_int_equal(road_import_all(&r).letters, 1);
	versions_settle_due(&r.courier, "application", LETTER_DELIVERED);
	versions_settle_due(&r.courier, "accept", LETTER_DELIVERED);
	assert_int_equal(outbox_counts(r.courier.store, &c), OK);
	assert_int_equal(c.replaced, 1);
	assert_int_equal(c.waiting + c.held, 0);
	road_close(&r);
}

static void a_courier_need_not_keep_what_is_refused(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct outbox_counts c;
	struct letter l;
	struct road r;

	(void)state;
	road_open(&r);
	world_submit(&r.here, receipt, id);
	world_accept(&r.here, id);
	road_export_all(&r);
	road_import_all(&r);
	assert_int_equal(outbox_get_next(r.courier.store, receipt, &l), OK);
	assert_int_equal(act_take_back(r.courier.store, l.id, "0318", NULL), ERR_STATE);
	versions_settle_due(&r.courier, "application", LETTER_HELD);
	assert_int_equal(act_take_back(r.courier.store, l.id, "0318", NULL), OK);
	letter_fini(&l);
	assert_int_equal(outbox_counts(r.courier.store, &c), OK);
	assert_int_equal(c.waiting + c.held, 0);
	assert_int_equal(outbox_counts(r.here.store, &c), OK);
	assert_int_equal(c.waiting, 2); /* their own station has them */
	road_close(&r);
}

/* Its station has corrected it, and what the courier had given up comes once more behind that. */
static void what_was_given_up_is_carried_when_it_comes_again(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct outbox_file_result done;
	struct outbox_counts c;
	struct letter l;
	struct road r;

	(void)state;
	road_open(&r);
	world_submit(&r.here, receipt, id);
	world_accept(&r.here, id);
	road_export_all(&r);
	road_import_all(&r);
	versions_settle_due(&r.courier, "application", LETTER_HELD);
	assert_int_equal(outbox_get_next(r.courier.store, receipt, &l), OK);
	assert_int_equal(act_take_back(r.courier.store, l.id, "0318", NULL), OK);
	letter_fini(&l);
	versions_settle_due(&r.here, "application", LETTER_HELD);
	correct(&r.here, id);
	assert_int_equal(road_export_all(&r).letters, 2);
	done = road_import_all(&r);
	assert_int_equal(done.letters, 2);
	assert_int_equal(done.skipped, 0);
	versions_settle_due(&r.courier, "application", LETTER_DELIVERED);
	versions_settle_due(&r.courier, "accept", LETTER_DELIVERED);
	assert_int_equal(road_import_all(&r).skipped, 2);
	assert_int_equal(outbox_counts(r.courier.store, &c), OK);
	assert_int_equal(c.waiting + c.held, 0);
	road_close(&r);
}

/* The first file once more, after the correction has been brought: there is nothing left to do. */
static void what_a_newer_version_has_overtaken_is_not_carried_again(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct outbox_counts c;
	struct letter l;
	struct buf first = {0};
	struct road r;

	(void)state;
	road_open(&r);
	world_submit(&r.here, receipt, id);
	road_export_all(&r);
	assert_int_equal(paths_read(&first, r.file.data, 10 << 20), OK);
	road_import_all(&r);
	versions_settle_due(&r.courier, "application", LETTER_HELD);
	assert_int_equal(outbox_get(r.courier.store, receipt, &l), OK);
	assert_int_equal(act_take_back(r.courier.store, l.id, "0318", NULL), OK);
	letter_fini(&l);
	versions_settle_due(&r.here, "application", LETTER_HELD);
	correct(&r.here, id);
	assert_int_equal(road_export_all(&r).letters, 1);
	assert_int_equal(road_import_all(&r).letters, 1);
	versions_settle_due(&r.courier, "application", LETTER_DELIVERED);
	assert_int_equal(paths_replace(r.file.data, first.data, first.len), OK);
	assert_int_equal(road_import_all(&r).skipped, 1);
	assert_int_equal(outbox_counts(r.courier.store, &c), OK);
	assert_int_equal(c.waiting + c.held, 0);
	buf_fini(&first);
	road_close(&r);
}

static void note_version(void *arg, const struct letter *l)
{
	buf_printf(arg, "%s%d ", strcmp(l->kind, "application") == 0 ? "v" : "-", l->version);
}

/* Newest first. */
static void versions_are(struct world *w, const char *want)
{
	const struct outbox_filter f = {.state = LETTER_STATE__MAX, .brief = true};
	struct buf told = {0};

	outbox_each(w->store, &f, note_version, &told);
	assert_string_equal(buf_str(&told), want);
	buf_fini(&told);
}

/* The courier's list calls a correction what is one for the centre, not what came second here. */
static void a_correction_is_one_for_the_centre(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct road r;

	(void)state;
	road_open(&r);
	/* the first was refused at its own station: the second names none */
	world_submit(&r.here, receipt, id);
	versions_settle(&r.here, id, LETTER_HELD, NULL, "{\"title\":\"x\"}");
	correct(&r.here, id);
	world_accept(&r.here, id);
	road_export_all(&r);
	road_import_all(&r);
	versions_are(&r.courier, "-1 v1 ");
	versions_settle_due(&r.courier, "application", LETTER_DELIVERED);
	versions_settle_due(&r.courier, "accept", LETTER_DELIVERED);
	versions_are(&r.courier, "-1 v1 ");
	road_close(&r);
	/* it goes by the line, and only the correction of it by hand */
	road_open(&r);
	world_submit(&r.here, receipt, id);
	versions_settle_due(&r.here, "application", LETTER_DELIVERED);
	correct(&r.here, id);
	road_export_all(&r);
	road_import_all(&r);
	versions_are(&r.courier, "v2 ");
	road_close(&r);
}

/* Numbered as their own window counts them, though the first went by the line. */
static void carried_corrections_are_told_apart(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct road r;

	(void)state;
	road_open(&r);
	world_submit(&r.here, receipt, id);
	versions_settle_due(&r.here, "application", LETTER_DELIVERED);
	correct(&r.here, id);
	correct(&r.here, id);
	world_accept(&r.here, id);
	assert_int_equal(road_export_all(&r).letters, 3);
	assert_int_equal(road_import_all(&r).letters, 3);
	versions_are(&r.courier, "-1 v3 v2 ");
	road_close(&r);
}

/* It names one that is refused on the way: then it is the first, also once it has arrived. */
static void behind_a_refused_one_it_is_the_first(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct road r;

	(void)state;
	road_open(&r);
	world_submit(&r.here, receipt, id);
	correct(&r.here, id);
	correct(&r.here, id);
	road_export_all(&r);
	road_import_all(&r);
	versions_are(&r.courier, "v3 v2 v1 ");
	versions_settle_due(&r.courier, "application", LETTER_HELD);
	versions_are(&r.courier, "v3 v1 v1 ");
	versions_settle_due(&r.courier, "application", LETTER_DELIVERED);
	versions_are(&r.courier, "v3 v1 v1 ");
	versions_settle_due(&r.courier, "application", LETTER_HELD);
	versions_are(&r.courier, "v3 v1 v1 ");
	road_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_letter_is_taken_once_by_either_way),
		cmocka_unit_test(versions_travel_in_order),
		cmocka_unit_test(the_news_of_a_carried_case_are_not_ours),
		cmocka_unit_test(what_is_not_whole_leaves_nothing),
		cmocka_unit_test(one_exports_what_one_names),
		cmocka_unit_test(a_step_does_not_travel_without_its_application),
		cmocka_unit_test(a_step_alone_tells_its_case),
		cmocka_unit_test(what_is_not_admitted_can_travel),
		cmocka_unit_test(what_cannot_be_read_whole_is_not_carried),
		cmocka_unit_test(a_correction_follows_its_refused_version),
		cmocka_unit_test(a_courier_need_not_keep_what_is_refused),
		cmocka_unit_test(what_was_given_up_is_carried_when_it_comes_again),
		cmocka_unit_test(a_correction_is_one_for_the_centre),
		cmocka_unit_test(carried_corrections_are_told_apart),
		cmocka_unit_test(behind_a_refused_one_it_is_the_first),
		cmocka_unit_test(what_a_newer_version_has_overtaken_is_not_carried_again),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
