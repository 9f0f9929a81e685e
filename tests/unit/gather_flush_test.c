/* Flushes of a database whose writes are gathered (core/base/db_gather.h): none is left out that a
 * promise hangs on, and none is made of a file that is on the disk already. The system's files are
 * watched from below: what was written since the last flush that went well, and how many there
 * were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <stdio.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/db_gather.h"
#include "core/base/paths.h"
#include "core/central/store_sqlite.h"
#include "tests/unit/letters.h"
#include "tests/unit/scratch.h"
#include "tests/unit/watched_files.h"

/* ---- the method itself ---- */

static int flush_above(sqlite3_file *f)
{
	return f->pMethods->xSync(f, SQLITE_SYNC_NORMAL);
}

static void what_was_touched_is_flushed_once(void **state)
{
	char *dir = scratch_folder(), *path = paths_join(dir, "t.db"), page[512] = {1};
	sqlite3_int64 size = 1 << 16;
	sqlite3_file *f;
	sqlite3 *db;

	(void)state;
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
				 db_gather_vfs()),
		SQLITE_OK);
	assert_int_equal(
		sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &f), SQLITE_OK);
	flushes(THE_FILE);
	/* nobody knows what the one before us left */
	assert_int_equal(flush_above(f), SQLITE_OK);
	assert_int_equal(flushes(THE_FILE), 1);
	assert_int_equal(flush_above(f), SQLITE_OK);
	assert_int_equal(flushes(THE_FILE), 0);
	assert_int_equal(f->pMethods->xWrite(f, page, sizeof page, 0), SQLITE_OK);
	assert_int_equal(flush_above(f), SQLITE_OK);
	assert_int_equal(flushes(THE_FILE), 1);
	assert_int_equal(f->pMethods->xTruncate(f, 256), SQLITE_OK);
	assert_int_equal(flush_above(f), SQLITE_OK);
	assert_int_equal(flushes(THE_FILE), 1);
	assert_int_equal(f->pMethods->xFileControl(f, SQLITE_FCNTL_SIZE_HINT, &size), SQLITE_OK);
	assert_int_equal(flush_above(f), SQLITE_OK);
	assert_int_equal(flushes(THE_FILE), 1);
	/* handed on by a reading, and still not flushed */
	assert_int_equal(f->pMethods->xWrite(f, page, sizeof page, 0), SQLITE_OK);
	assert_int_equal(f->pMethods->xRead(f, page, sizeof page, 0), SQLITE_OK);
	assert_int_equal(flush_above(f), SQLITE_OK);
	assert_int_equal(flushes(THE_FILE), 1);
	/* one that failed has flushed nothing */
	assert_int_equal(f->pMethods->xWrite(f, page, sizeof page, 0), SQLITE_OK);
	failing = 1;
	assert_int_equal(flush_above(f), SQLITE_IOERR_FSYNC);
	assert_int_equal(flush_above(f), SQLITE_OK);
	assert_int_equal(flushes(THE_FILE), 2);
	assert_false(files[THE_FILE].unflushed);
	assert_int_equal(flush_above(f), SQLITE_OK);
	assert_int_equal(flushes(THE_FILE), 0);
	sqlite3_close(db);
	free(path);
	scratch_remove(dir);
}

/* ---- a database as the centre has it ---- */

static struct db *open_in(const char *dir)
{
	char *path = paths_join(dir, "t.db");
	struct db *db;

	assert_int_equal(db_open(&db, path, DB_SINGLE, NULL), OK);
	assert_int_equal(db_exec(db, "CREATE TABLE t (filler BLOB); INSERT INTO t VALUES (1)"), OK);
	assert_int_equal(db_exec(db, "PRAGMA wal_checkpoint(PASSIVE)"), OK);
	flushes(THE_FILE);
	flushes(THE_WAL);
	written_too_soon = 0;
	free(path);
	return db;
}

static enum err put(struct db *db)
{
	return db_exec(db, "INSERT INTO t VALUES (zeroblob(20000))");
}

static enum err checkpoint(struct db *db)
{
	return db_exec(db, "PRAGMA wal_checkpoint(PASSIVE)");
}

static void a_checkpoint_flushes_the_file_alone(void **state)
{
	char *dir = scratch_folder();
	struct db *db = open_in(dir);
	int turn, i;

	(void)state;
	for (turn = 0; turn < 4; turn++) {
		for (i = 0; i < 3; i++) {
			assert_int_equal(put(db), OK);
			assert_false(files[THE_WAL].unflushed);
			/* a WAL that begins anew flushes its header as well */
			assert_int_equal(flushes(THE_WAL), i == 0 ? 2 : 1);
		}
		assert_int_equal(flushes(THE_FILE), 0);
		assert_int_equal(checkpoint(db), OK);
		assert_int_equal(flushes(THE_WAL), 0);
		assert_int_equal(flushes(THE_FILE), 1);
		assert_false(files[THE_FILE].unflushed);
	}
	assert_int_equal(written_too_soon, 0);
	db_close(db);
	scratch_remove(dir);
}

/* Commits that flush nothing, or whose flush failed, leave it to the checkpoint. */
static void a_checkpoint_flushes_what_no_commit_has(void **state)
{
	char *dir = scratch_folder();
	struct db *db = open_in(dir);

	(void)state;
	assert_int_equal(put(db), OK);
	failing = 1;
	assert_int_not_equal(put(db), OK);
	assert_true(files[THE_WAL].unflushed);
	flushes(THE_WAL);
	assert_int_equal(checkpoint(db), OK);
	assert_int_equal(flushes(THE_WAL), 1);
	assert_int_equal(db_exec(db, "PRAGMA synchronous = NORMAL"), OK);
	assert_int_equal(put(db), OK);
	assert_int_equal(put(db), OK);
	flushes(THE_WAL);
	assert_int_equal(checkpoint(db), OK);
	assert_int_equal(flushes(THE_WAL), 1);
	/* the file's own flush fails: the WAL is kept until it has gone well */
	assert_int_equal(db_exec(db, "PRAGMA synchronous = FULL"), OK);
	assert_int_equal(put(db), OK);
	failing = 1;
	assert_int_not_equal(checkpoint(db), OK);
	assert_true(files[THE_FILE].unflushed);
	assert_int_equal(checkpoint(db), OK);
	assert_false(files[THE_FILE].unflushed);
	assert_int_equal(written_too_soon, 0);
	db_close(db);
	scratch_remove(dir);
}

/* ---- flushes that are put off ---- */

enum {
	LONG_WAL = 200000 /* of some ten rows */
};

static int64_t rows(struct db *db)
{
	struct stmt *s = db_prepare(db, "SELECT count(*) FROM t");
	int64_t n = db_row(s) ? db_int(s, 0) : -1;

	return db_done(s) == OK ? n : -1;
}

static bool is_there(const char *path, const char *ending)
{
	char name[300];
	struct stat st;

	snprintf(name, sizeof name, "%s%s", path, ending);
	return stat(name, &st) == 0;
}

/* The WAL is written on behind its end meanwhile, without a new header; then, when it is long, it
 * begins again, after the file's flush. */
static void a_flush_put_off_comes_before_the_wal_begins_again(void **state)
{
	char *dir = scratch_folder();
	struct db *db = open_in(dir);
	int turn, begun = 0;

	(void)state;
	for (turn = 0; turn < 40; turn++) {
		int of_file, of_wal;
		assert_int_equal(put(db), OK);
		assert_false(files[THE_WAL].unflushed);
		of_file = flushes(THE_FILE);
		of_wal = flushes(THE_WAL);
		assert_int_equal(of_wal, of_file == 1 || turn == 0 ? 2 : 1);
		begun += of_file;
		assert_int_equal(db_checkpoint(db, LONG_WAL), OK);
		assert_int_equal(flushes(THE_FILE), 0);
		assert_true(files[THE_FILE].unflushed);
	}
	assert_true(begun >= 2 && begun <= 8);
	assert_int_equal(db_checkpoint(db, 0), OK);
	assert_int_equal(flushes(THE_FILE), 1);
	assert_false(files[THE_FILE].unflushed);
	assert_int_equal(db_checkpoint(db, 0), OK);
	assert_int_equal(flushes(THE_FILE), 0);
	assert_int_equal(written_too_soon, 0);
	assert_int_equal(rows(db), 41);
	db_close(db);
	scratch_remove(dir);
}

static void what_is_read_of_the_file_waits_for_its_flush(void **state)
{
	char *dir = scratch_folder();
	struct db *db = open_in(dir);

	(void)state;
	assert_int_equal(put(db), OK);
	assert_int_equal(db_checkpoint(db, LONG_WAL), OK);
	assert_int_equal(rows(db), 2); /* what is in memory needs no file */
	assert_int_equal(flushes(THE_FILE), 0);
	assert_int_equal(db_exec(db, "PRAGMA shrink_memory"), OK);
	assert_int_equal(rows(db), 2);
	assert_int_equal(flushes(THE_FILE), 1);
	assert_false(files[THE_FILE].unflushed);
	db_close(db);
	scratch_remove(dir);
}

static void closing_waits_for_what_was_put_off(void **state)
{
	char *dir = scratch_folder(), *path = paths_join(dir, "t.db");
	struct db *db = open_in(dir);

	(void)state;
	assert_int_equal(put(db), OK);
	assert_int_equal(db_checkpoint(db, LONG_WAL), OK);
	assert_true(is_there(path, "-wal"));
	db_close(db);
	assert_int_equal(flushes(THE_FILE), 1);
	assert_false(files[THE_FILE].unflushed);
	assert_false(is_there(path, "-wal"));
	free(path);
	scratch_remove(dir);
}

/* Closed and opened again it is taken from the WAL, which has stayed and is whole. */
static void lose_what_was_put_off(struct db *db, const char *path)
{
	assert_int_equal(db_exec(db, "PRAGMA shrink_memory"), OK);
	assert_int_equal(rows(db), -1); /* what may not be there is not read */
	assert_int_equal(db_checkpoint(db, 0), ERR_UNSURE);
	assert_int_equal(db_checkpoint(db, LONG_WAL), ERR_UNSURE);
	flushes(THE_FILE);
	db_close(db);
	assert_int_equal(flushes(THE_FILE), 0); /* another flush would prove nothing */
	assert_true(is_there(path, "-wal"));
	assert_int_equal(db_open(&db, path, DB_SINGLE, NULL), OK);
	assert_int_equal(rows(db), 3);
	files[THE_FILE].written = 0;
	assert_int_equal(db_checkpoint(db, 0), OK);
	assert_true(files[THE_FILE].written > 40000); /* all of it once more */
	assert_false(files[THE_FILE].unflushed);
	assert_int_equal(put(db), OK);
	assert_int_equal(rows(db), 4);
	db_close(db);
}

static struct db *put_off_in(const char *dir)
{
	struct db *db = open_in(dir);

	assert_int_equal(put(db), OK);
	assert_int_equal(put(db), OK);
	assert_int_equal(db_checkpoint(db, LONG_WAL), OK);
	return db;
}

static void a_flush_put_off_that_fails_loses_nothing(void **state)
{
	char *dir = scratch_folder(), *path = paths_join(dir, "t.db");
	struct db *db = put_off_in(dir);

	(void)state;
	failing = 1;
	assert_int_equal(db_checkpoint(db, 0), ERR_UNSURE);
	lose_what_was_put_off(db, path);
	/* and when it is read that tells */
	scratch_remove(dir);
	dir = scratch_folder();
	free(path);
	path = paths_join(dir, "t.db");
	db = put_off_in(dir);
	failing = 1;
	lose_what_was_put_off(db, path);
	free(path);
	scratch_remove(dir);
}

/* The commit that would have begun the WAL again goes behind its end. */
static void a_commit_outlives_a_flush_put_off_that_fails(void **state)
{
	char *dir = scratch_folder(), *path = paths_join(dir, "t.db");
	struct db *db = put_off_in(dir);

	(void)state;
	/* long enough to begin again */
	assert_int_equal(put(db), OK);
	assert_int_equal(db_checkpoint(db, 1), OK);
	flushes(THE_FILE);
	flushes(THE_WAL);
	failing = 1;
	assert_int_equal(put(db), OK);
	assert_int_equal(flushes(THE_FILE), 1);
	assert_int_equal(flushes(THE_WAL), 1);
	assert_int_equal(put(db), OK);
	assert_int_equal(flushes(THE_FILE), 0);
	assert_int_equal(written_too_soon, 0);
	assert_int_equal(db_checkpoint(db, 1), ERR_UNSURE);
	db_close(db);
	assert_int_equal(db_open(&db, path, DB_SINGLE, NULL), OK);
	assert_int_equal(rows(db), 6);
	db_close(db);
	free(path);
	scratch_remove(dir);
}

/* ---- the centre's store on such a disk ---- */

/* Letters without a pause, until a checkpoint has put off its flush. The number of the last. */
static int take_until_put_off_again(struct central_store *s, int n)
{
	do {
		assert_int_equal(letter_apply(s, ++n, 1), POSTING_TAKEN);
		s->ops->idle(s, 0);
	} while (db_flush_of(sqlite_store_at_once(s)->db) != DB_PUT_OFF && n < 2000);
	assert_true(files[THE_FILE].unflushed);
	return n;
}

static int take_until_put_off(struct central_store *s)
{
	return take_until_put_off_again(s, 0);
}

/* A reader is the first to learn that the disk has not kept what it took. No quiet moment comes,
 * and no letter gets in that could make the WAL longer: the store opens its file again at once. */
static void a_store_without_a_pause_gets_over_a_lost_flush(void **state)
{
	char *dir = scratch_folder(), number[PROJECT_NO_SIZE];
	struct central_store *s;
	int64_t last = 0;
	int n;

	(void)state;
	assert_int_equal(store_sqlite_open(&s, dir, NULL), OK);
	n = take_until_put_off(s);
	assert_int_equal(db_exec(sqlite_store_at_once(s)->db, "PRAGMA shrink_memory"), OK);
	failing = 1;
	assert_int_not_equal(s->ops->last_seq(s, &last), OK);
	assert_int_equal(failing, 0);
	assert_int_equal(db_flush_of(sqlite_store_at_once(s)->db), DB_LOST);
	s->ops->idle(s, 0);
	assert_int_equal(s->ops->last_seq(s, &last), OK);
	assert_int_equal(last, n);
	assert_int_equal(letter_apply(s, n + 1, 1), POSTING_TAKEN);
	/* … or a letter is the next: none is refused for it */
	n = take_until_put_off_again(s, n + 1);
	assert_int_equal(db_exec(sqlite_store_at_once(s)->db, "PRAGMA shrink_memory"), OK);
	failing = 1;
	assert_int_not_equal(s->ops->last_seq(s, &last), OK);
	assert_int_equal(letter_apply(s, n + 1, 1), POSTING_TAKEN);
	assert_string_not_equal(letter_project_no(s, 1, number), "");
	/* and works all of it off when there is time */
	s->ops->idle(s, 1000);
	assert_false(files[THE_FILE].unflushed);
	assert_int_equal(db_flush_of(sqlite_store_at_once(s)->db), DB_FLUSHED);
	assert_int_equal(s->ops->idle(s, 1000), -1);
	s->ops->close(s);
	scratch_remove(dir);
}

/* ---- a WAL that somebody left ---- */

static void copy_file(const char *from, const char *to)
{
	struct buf bytes = {0};

	assert_int_equal(paths_read(&bytes, from, 1 << 24), OK);
	assert_int_equal(paths_replace(to, bytes.data, bytes.len), OK);
	buf_fini(&bytes);
}

/* As if the program had been killed: its file and its WAL, under another name. The length of the
 * WAL. */
static sqlite3_int64 leave_behind(const char *dir, const char *left)
{
	char *path = paths_join(dir, "t.db"), wal[300], left_wal[300];
	struct db *db = open_in(dir);
	struct stat st;

	assert_int_equal(put(db), OK);
	snprintf(wal, sizeof wal, "%s-wal", path);
	snprintf(left_wal, sizeof left_wal, "%s-wal", left);
	copy_file(path, left);
	copy_file(wal, left_wal);
	assert_int_equal(stat(left_wal, &st), 0);
	db_close(db);
	free(path);
	return st.st_size;
}

/* Another flush does not make good one that has failed, so all of it is written once more. */
static void a_wal_that_is_there_is_written_again(void **state)
{
	char *dir = scratch_folder(), *left = paths_join(dir, "left.db");
	sqlite3_int64 len_bytes = leave_behind(dir, left);
	struct db *db = NULL;

	(void)state;
	assert_true(len_bytes > 20000);
	failing = 1;
	assert_int_not_equal(db_open(&db, left, DB_SINGLE, NULL), OK);
	assert_int_equal(failing, 0);
	files[THE_WAL].written = 0;
	flushes(THE_WAL);
	assert_int_equal(db_open(&db, left, DB_SINGLE, NULL), OK);
	assert_true(files[THE_WAL].written == len_bytes);
	assert_int_equal(flushes(THE_WAL), 1);
	assert_false(files[THE_WAL].unflushed);
	assert_int_equal(rows(db), 2);
	db_close(db);
	free(left);
	scratch_remove(dir);
}

static void nobody_writes_the_wal_of_another(void **state)
{
	char *dir = scratch_folder(), *path = paths_join(dir, "t.db");
	struct db *db = open_in(dir), *second = NULL;

	(void)state;
	assert_int_equal(put(db), OK);
	files[THE_WAL].written = 0;
	flushes(THE_WAL);
	assert_int_equal(db_open(&second, path, DB_SINGLE, NULL), ERR_BUSY);
	assert_true(files[THE_WAL].written == 0);
	assert_int_equal(flushes(THE_WAL), 0);
	db_close(db);
	free(path);
	scratch_remove(dir);
}

/* ---- commits that linger ---- */

static enum err put_lingering(struct db *db)
{
	enum err e = db_begin(db);

	if (e == OK)
		e = put(db);
	return e == OK ? db_commit_unflushed(db) : e;
}

static void a_commit_that_lingers_is_flushed_with_the_next(void **state)
{
	char *dir = scratch_folder();
	struct db *db = open_in(dir);

	(void)state;
	/* but for the header of a WAL that begins */
	assert_int_equal(put_lingering(db), OK);
	assert_int_equal(flushes(THE_WAL), 1);
	assert_int_equal(put_lingering(db), OK);
	assert_int_equal(put_lingering(db), OK);
	assert_int_equal(flushes(THE_WAL), 0);
	assert_true(files[THE_WAL].unflushed);
	assert_int_equal(put(db), OK);
	assert_int_equal(flushes(THE_WAL), 1);
	assert_false(files[THE_WAL].unflushed);
	assert_int_equal(put_lingering(db), OK);
	assert_int_equal(db_checkpoint(db, LONG_WAL), OK);
	assert_int_equal(flushes(THE_WAL), 1);
	assert_int_equal(put_lingering(db), OK);
	assert_int_equal(db_checkpoint(db, 0), OK);
	assert_false(files[THE_WAL].unflushed);
	assert_int_equal(rows(db), 7);
	flushes(THE_WAL);
	assert_int_equal(put_lingering(db), OK);
	assert_int_equal(flushes(THE_WAL), 1);
	assert_int_equal(written_too_soon, 0);
	db_close(db);
	scratch_remove(dir);
}

/* The system may hold for written what is not: no later flush proves anything. */
static void what_lingered_and_failed_is_not_believed(void **state)
{
	char *dir = scratch_folder(), *path = paths_join(dir, "t.db");
	struct db *db = open_in(dir);

	(void)state;
	assert_int_equal(put_lingering(db), OK);
	failing = 1;
	assert_int_not_equal(put(db), OK);
	assert_int_equal(db_flush_of(db), DB_LOST);
	assert_int_not_equal(put(db), OK);
	assert_int_not_equal(put_lingering(db), OK);
	assert_int_equal(db_checkpoint(db, 0), ERR_UNSURE);
	db_close(db);
	assert_int_equal(db_open(&db, path, DB_SINGLE, NULL), OK);
	assert_int_equal(db_flush_of(db), DB_FLUSHED);
	assert_false(files[THE_WAL].unflushed);
	assert_int_equal(put(db), OK);
	assert_int_equal(written_too_soon, 0);
	db_close(db);
	free(path);
	scratch_remove(dir);
}

/* A checkpoint's own flush of it fails: nothing of it goes into the file. */
static void what_lingers_and_fails_goes_nowhere(void **state)
{
	char *dir = scratch_folder();
	struct db *db = open_in(dir);

	(void)state;
	assert_int_equal(put_lingering(db), OK);
	flushes(THE_FILE);
	failing = 1;
	assert_int_equal(db_checkpoint(db, LONG_WAL), ERR_UNSURE);
	assert_int_equal(db_checkpoint(db, 0), ERR_UNSURE);
	assert_int_equal(flushes(THE_FILE), 0);
	assert_int_equal(written_too_soon, 0);
	db_close(db);
	scratch_remove(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_commit_that_lingers_is_flushed_with_the_next),
		cmocka_unit_test(what_lingered_and_failed_is_not_believed),
		cmocka_unit_test(what_lingers_and_fails_goes_nowhere),
		cmocka_unit_test(what_was_touched_is_flushed_once),
		cmocka_unit_test(a_checkpoint_flushes_the_file_alone),
		cmocka_unit_test(a_checkpoint_flushes_what_no_commit_has),
		cmocka_unit_test(a_flush_put_off_comes_before_the_wal_begins_again),
		cmocka_unit_test(what_is_read_of_the_file_waits_for_its_flush),
		cmocka_unit_test(closing_waits_for_what_was_put_off),
		cmocka_unit_test(a_flush_put_off_that_fails_loses_nothing),
		cmocka_unit_test(a_commit_outlives_a_flush_put_off_that_fails),
		cmocka_unit_test(a_store_without_a_pause_gets_over_a_lost_flush),
		cmocka_unit_test(a_wal_that_is_there_is_written_again),
		cmocka_unit_test(nobody_writes_the_wal_of_another),
	};

	return cmocka_run_group_tests(tests, watch, NULL);
}
