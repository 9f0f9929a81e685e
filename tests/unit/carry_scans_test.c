/* Letters whose scans are not here as they should be do not keep the others from travelling. */
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
#include "core/station/papers.h"
#include "core/station/store.h"
#include "tests/unit/carried.h"
#include "tests/unit/fake_centre.h"
#include "tests/unit/versions.h"

static void take_path(void *arg, const struct paper *p)
{
	char **path = arg;

	free(*path);
	*path = strdup(p->sha256);
}

/* Where this station keeps the last scan of a case; free() it. */
static char *copy_of(struct world *w, const char *case_id)
{
	char *sha256 = NULL, *path;

	papers_each(w->store, case_id, take_path, &sha256);
	assert_non_null(sha256);
	path = paper_path(w->store, sha256);
	free(sha256);
	return path;
}

static void lose(struct world *w, const char *case_id)
{
	char *path = copy_of(w, case_id);

	assert_int_equal(unlink(path), 0);
	free(path);
}

/* As long as it was, and other bytes. */
static void change(struct world *w, const char *case_id)
{
	char *path = copy_of(w, case_id);
	struct buf bytes = {0};

	assert_int_equal(paths_read(&bytes, path, PAPER_MAX_BYTES), OK);
	bytes.data[bytes.len / 2] ^= 1;
	assert_int_equal(paths_replace(path, bytes.data, bytes.len), OK);
	buf_fini(&bytes);
	free(path);
}

/* A folder in its place: there, and not to be read. */
static void block(struct world *w, const char *case_id)
{
	char *path = copy_of(w, case_id);

	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	free(path);
}

/* With another scan for the same material: the one that was lost is not taken out by hand. */
static void correct(struct world *w, const char *case_id)
{
	struct application a = world_application(case_id);
	char receipt[LOCAL_RECEIPT_SIZE], *file;

	assert_int_equal(case_revise(w->store, case_id, "0317", NULL), OK);
	file = world_attach(w, case_id, 2, 7000);
	assert_int_equal(paper_attach(w->store, case_id, "材料1", NULL, file, NULL), OK);
	assert_int_equal(case_submit(w->store, &a, receipt, NULL), OK);
	free(file);
}

/* The scan that is lost is taken out, before anybody has told that it is. */
static void correct_without(struct world *w, const char *case_id)
{
	char *copy = copy_of(w, case_id);

	assert_int_equal(case_revise(w->store, case_id, "0317", NULL), OK);
	assert_int_equal(
		paper_detach(w->store, case_id, "材料1", NULL, strrchr(copy, '/') + 1), OK);
	correct(w, case_id);
	free(copy);
}

static void expect_told(const struct road *r, const char *const *words, size_t count)
{
	const char *at = buf_str(&r->told);
	size_t i;

	for (i = 0; i < count; i++) {
		size_t len = strcspn(at, "\n");
		const char *found = strstr(at, words[i]);
		if (at[len] == '\0' || found == NULL || found > at + len)
			fail_msg("no “%s” in line %zu of\n%s", words[i], i + 1, buf_str(&r->told));
		at += len + (at[len] != '\0');
	}
	assert_string_equal(at, "");
}

static enum hold_reason hold_of(struct world *w, const char *number)
{
	struct letter l;
	enum hold_reason hold;

	assert_int_equal(outbox_get_next(w->store, number, &l), OK);
	hold = l.state == LETTER_HELD ? l.hold : HOLD_NONE;
	letter_fini(&l);
	return hold;
}

static void one_lost_scan_keeps_nobody_else(void **state)
{
	static const char *const told[] = {
		"application: “材料1”的扫描件在本机不见了或被改动了: 请更正", "accept: 同一件前面"};
	char plain[ID_UUID_SIZE], lost[ID_UUID_SIZE], good[ID_UUID_SIZE];
	char receipt[LOCAL_RECEIPT_SIZE];
	struct outbox_file_result done;
	struct road r;
	int harm;

	(void)state;
	for (harm = 0; harm < 2; harm++) {
		road_open(&r);
		world_submit(&r.here, receipt, plain);
		road_submit_with_paper(&r.here, lost, 1);
		world_accept(&r.here, lost);
		road_submit_with_paper(&r.here, good, 2);
		(harm == 0 ? lose : change)(&r.here, lost);
		done = road_export_all(&r);
		assert_int_equal(done.letters, 2);
		assert_int_equal(done.papers, 1);
		assert_int_equal(done.left, 2);
		expect_told(&r, told, 2);
		assert_int_equal(hold_of(&r.here, lost), HOLD_REFUSED);
		assert_int_equal(road_import_all(&r).letters, 2);
		/* once more: the same */
		done = road_export_all(&r);
		assert_int_equal(done.letters, 2);
		expect_told(&r, told, 2);
		assert_int_equal(road_import_all(&r).skipped, 2);
		/* and mended it goes, with what was decided meanwhile behind it */
		correct(&r.here, lost);
		done = road_export_all(&r);
		assert_int_equal(done.letters, 4);
		assert_int_equal(done.left, 0);
		assert_int_equal(road_import_all(&r).letters, 2);
		road_close(&r);
	}
}

static void what_cannot_be_read_now_stays_as_it_is(void **state)
{
	static const char *const told[] = {"application: “材料1”的扫描件现在读不出来"};
	char plain[ID_UUID_SIZE], blocked[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct road r;

	(void)state;
	road_open(&r);
	road_submit_with_paper(&r.here, blocked, 1);
	world_submit(&r.here, receipt, plain);
	block(&r.here, blocked);
	assert_int_equal(road_export_all(&r).left, 1);
	expect_told(&r, told, 1);
	assert_int_equal(hold_of(&r.here, blocked), HOLD_NONE);
	road_close(&r);
}

/* One scan of two cases: looked at once, both are told. */
static void a_scan_of_two_cases_is_told_of_both(void **state)
{
	static const char *const told[] = {"“材料1”", "“材料1”"};
	char ids[2][ID_UUID_SIZE], plain[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct road r;

	(void)state;
	road_open(&r);
	road_submit_with_paper(&r.here, ids[0], 1);
	road_submit_with_paper(&r.here, ids[1], 1);
	world_submit(&r.here, receipt, plain);
	lose(&r.here, ids[0]);
	assert_int_equal(road_export_all(&r).letters, 1);
	expect_told(&r, told, 2);
	assert_int_equal(hold_of(&r.here, ids[1]), HOLD_REFUSED);
	road_close(&r);
}

/* The line has brought the scan before it died: the letter needs no other way. */
static void a_lost_scan_that_the_centre_has_holds_nothing(void **state)
{
	static const char *const told[] = {"中心已经有它"};
	char first[ID_UUID_SIZE], second[ID_UUID_SIZE];
	struct fake_centre *f = calloc(1, sizeof *f);
	struct outbox_file_result done;
	struct buf why = {0};
	struct road r;

	(void)state;
	road_open(&r);
	fake_centre_init(f, &r.here);
	road_submit_with_paper(&r.here, first, 1);
	road_deliver(&r.here, f);
	road_submit_with_paper(&r.here, second, 1);
	lose(&r.here, second);
	assert_int_equal(road_export(&r, NULL, &done, &why), ERR_INVALID);
	assert_true(why.len > 0);
	expect_told(&r, told, 1);
	assert_int_equal(hold_of(&r.here, second), HOLD_NONE);
	road_deliver(&r.here, f);
	assert_int_equal(f->case_count, 2);
	fake_centre_fini(f);
	free(f);
	buf_fini(&why);
	road_close(&r);
}

/* All of them are at the centre. */
static void papers_have_arrived(struct world *w)
{
	assert_int_equal(db_exec(store_db(w->store), "UPDATE paper SET state = 1"), OK);
}

/* The second version does not need the scan of the first: it goes, and the step behind it. */
static void a_newer_version_goes_in_its_stead(void **state)
{
	char id[ID_UUID_SIZE], first[ID_UUID_SIZE];
	struct outbox_file_result done;
	struct letter l;
	struct road r;
	int named;

	(void)state;
	for (named = 0; named < 2; named++) {
		road_open(&r);
		road_submit_with_paper(&r.here, id, 1);
		assert_int_equal(outbox_get(r.here.store, id, &l), OK);
		memcpy(first, l.id, sizeof first);
		letter_fini(&l);
		lose(&r.here, id);
		correct_without(&r.here, id);
		world_accept(&r.here, id);
		assert_int_equal(road_export(&r, named ? first : NULL, &done, NULL), OK);
		assert_int_equal(done.letters, 2);
		assert_int_equal(done.left, 0);
		assert_int_equal(versions_letter_state(&r.here, first), LETTER_REPLACED);
		assert_int_equal(road_import_all(&r).letters, 2);
		papers_have_arrived(&r.courier);
		versions_settle_due(&r.courier, "application", LETTER_DELIVERED);
		versions_settle_due(&r.courier, "accept", LETTER_DELIVERED);
		road_close(&r);
	}
}

/* Asked for by its number, and nothing else is: no file, and the one that is there stays. */
static void what_alone_cannot_go_writes_nothing(void **state)
{
	static const char *const told[] = {"“材料1”"};
	char id[ID_UUID_SIZE];
	struct outbox_file_result done = {0};
	struct buf why = {0}, before = {0}, after = {0};
	struct road r;

	(void)state;
	road_open(&r);
	road_submit_with_paper(&r.here, id, 1);
	road_export_all(&r);
	assert_int_equal(paths_read(&before, r.file.data, 10 << 20), OK);
	lose(&r.here, id);
	assert_int_equal(road_export(&r, id, &done, &why), ERR_INVALID);
	expect_told(&r, told, 1);
	assert_int_equal(road_export(&r, id, &done, &why), ERR_INVALID);
	expect_told(&r, told, 1);
	assert_int_equal(paths_read(&after, r.file.data, 10 << 20), OK);
	assert_int_equal(before.len, after.len);
	assert_memory_equal(before.data, after.data, before.len);
	buf_fini(&why);
	buf_fini(&before);
	buf_fini(&after);
	road_close(&r);
}

/* It was removed here after the centre had it; then the centre lost the case. */
static void what_is_not_kept_any_more_waits_for_the_line(void **state)
{
	static const char *const told[] = {"本机已不再保存"};
	static const char news[] =
		"{\"cursor\":\"1\",\"changes\":[{\"seq\":1,\"type\":\"case\",\"at\":\"x\",\"kind\":"
		"\"accept\",\"project_no\":\"N1\",\"state\":\"accepted\"}]}";
	struct changes_result applied;
	char id[ID_UUID_SIZE], plain[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct road r;

	(void)state;
	road_open(&r);
	road_submit_with_paper(&r.here, id, 1);
	versions_deliver(&r.here, id, "N1");
	assert_int_equal(changes_apply(r.here.store, news, strlen(news), &applied), OK);
	assert_int_equal(paper_tidy(r.here.store, NULL), OK);
	assert_int_equal(outbox_send_again(r.here.store, id, "0317"), OK);
	world_submit(&r.here, receipt, plain);
	assert_int_equal(road_export_all(&r).letters, 1);
	expect_told(&r, told, 1);
	assert_int_equal(hold_of(&r.here, id), HOLD_NONE);
	assert_int_equal(road_import_all(&r).letters, 1);
	/* nor when another case has the same scan since */
	road_submit_with_paper(&r.here, plain, 1);
	assert_int_equal(road_export_all(&r).letters, 2);
	expect_told(&r, told, 1);
	assert_int_equal(road_import_all(&r).letters, 1);
	road_close(&r);
}

/* The courier has lost it; the file has it still. */
static void the_file_brings_a_lost_scan_again(void **state)
{
	char id[ID_UUID_SIZE];
	struct fake_centre *f = calloc(1, sizeof *f);
	struct outbox_file_result done;
	char *copy;
	struct road r;

	(void)state;
	road_open(&r);
	road_submit_with_paper(&r.here, id, 1);
	road_export_all(&r);
	road_import_all(&r);
	copy = copy_of(&r.here, id);
	{
		char *there = paper_path(r.courier.store, strrchr(copy, '/') + 1);
		assert_int_equal(unlink(there), 0);
		free(there);
	}
	fake_centre_init(f, &r.courier);
	road_deliver(&r.courier, f);
	assert_int_equal(hold_of(&r.courier, id), HOLD_REFUSED);
	done = road_import_all(&r);
	assert_int_equal(done.letters, 1);
	assert_int_equal(done.skipped, 0);
	road_deliver(&r.courier, f);
	assert_int_equal(f->case_count, 1);
	assert_int_equal(road_import_all(&r).skipped, 1);
	fake_centre_fini(f);
	free(f);
	free(copy);
	road_close(&r);
}

/* The courier has brought it before it was lost: the correction is a version of what is there. */
static void what_was_carried_before_it_was_lost_is_corrected(void **state)
{
	struct fake_centre *f = calloc(1, sizeof *f);
	struct outbox_file_result done;
	char id[ID_UUID_SIZE];
	struct road r;

	(void)state;
	road_open(&r);
	fake_centre_init(f, &r.courier);
	road_submit_with_paper(&r.here, id, 1);
	road_export_all(&r);
	road_import_all(&r);
	road_deliver(&r.courier, f);
	lose(&r.here, id);
	assert_int_equal(road_export(&r, NULL, &done, NULL), ERR_INVALID);
	correct(&r.here, id);
	road_deliver(&r.here, f);
	assert_int_equal(f->case_count, 1);
	assert_int_equal(f->cases[0].versions, 2);
	assert_int_equal(hold_of(&r.here, id), HOLD_NONE);
	fake_centre_fini(f);
	free(f);
	road_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_lost_scan_keeps_nobody_else),
		cmocka_unit_test(what_cannot_be_read_now_stays_as_it_is),
		cmocka_unit_test(a_scan_of_two_cases_is_told_of_both),
		cmocka_unit_test(a_lost_scan_that_the_centre_has_holds_nothing),
		cmocka_unit_test(a_newer_version_goes_in_its_stead),
		cmocka_unit_test(what_alone_cannot_go_writes_nothing),
		cmocka_unit_test(what_is_not_kept_any_more_waits_for_the_line),
		cmocka_unit_test(the_file_brings_a_lost_scan_again),
		cmocka_unit_test(what_was_carried_before_it_was_lost_is_corrected),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	setenv("LANGUAGE", "zh", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
