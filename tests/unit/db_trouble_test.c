/* A file that is closed, or whose disk takes no more writes, in the middle of something. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/db.h"
#include "core/base/paths.h"
#include "core/station/store.h"
#include "tests/unit/scratch.h"

long syscall(long number, ...);

static bool flushes_fail;
static bool folders_fail; /* theirs alone */

static bool is_folder(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
}

static int flush(long number, int fd)
{
	if (!flushes_fail && !(folders_fail && is_folder(fd)))
		return (int)syscall(number, fd);
	errno = EIO;
	return -1;
}

int fsync(int fd)
{
	return flush(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return flush(SYS_fdatasync, fd);
}

/* SQLite waits for another program by this. */
static long slept_us;

int usleep(useconds_t us)
{
	slept_us += us;
	return 0;
}

static int rows(struct db *db)
{
	struct stmt *s = db_prepare(db, "SELECT count(*) FROM t");
	int n = db_row(s) ? (int)db_int(s, 0) : -1;

	return db_done(s) == OK ? n : -1;
}

static struct db *with_rows(const char *path, enum db_mode mode, int count)
{
	struct db *db = NULL;

	assert_int_equal(db_open(&db, path, mode, NULL), OK);
	assert_int_equal(db_exec(db, "CREATE TABLE t (filler BLOB)"), OK);
	while (count-- > 0)
		assert_int_equal(db_exec(db, "INSERT INTO t VALUES (randomblob(4000))"), OK);
	return db;
}

/* The centre closes and opens its file when the outcome of a commit is open. */
static void a_file_is_opened_again_while_it_was_copied(void **state)
{
	char *dir = scratch_folder(), *path = paths_join(dir, "file"),
	     *to = paths_join(dir, "copy");
	struct db *db = with_rows(path, DB_SINGLE, 100);
	struct db_copy *copy;
	int64_t left, all;

	(void)state;
	assert_int_equal(db_copy_begin(&copy, db, to, NULL), OK);
	assert_int_equal(db_copy_step(copy, 10, &left, &all), OK);
	db_close(db);
	assert_int_equal(db_open(&db, path, DB_SINGLE, NULL), OK);
	assert_int_equal(rows(db), 100);
	assert_int_equal(db_copy_step(copy, 10, &left, &all), ERR_STATE);
	assert_false(db_copy_is_whole(copy));
	db_copy_end(copy);
	assert_int_not_equal(access(to, F_OK), 0);
	db_close(db);
	free(to);
	free(path);
	scratch_remove(dir);
}

/* A flush fails, and Linux takes no more writes to that disk: so disks die. */
static void a_disk_that_became_read_only_is_read(void **state)
{
	char *dir = scratch_folder(), *path = paths_join(dir, "file");
	struct db *db = with_rows(path, DB_SHARED, 1);

	(void)state;
	flushes_fail = true;
	assert_int_not_equal(db_exec(db, "INSERT INTO t VALUES (x'00')"), OK);
	flushes_fail = false;
	if (mount(dir, dir, NULL, MS_BIND, NULL) != 0) {
		db_close(db);
		skip();
	}
	assert_int_equal(mount(NULL, dir, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL), 0);
	assert_int_equal(rows(db), 1);
	assert_int_equal(db_exec(db, "INSERT INTO t VALUES (x'00')"), ERR_READ_ONLY);
	assert_int_equal(umount2(dir, MNT_DETACH), 0);
	assert_int_equal(rows(db), 1);
	db_close(db);
	free(path);
	scratch_remove(dir);
}

/* SQLite does not say that it could not flush the folder of a WAL: a power cut would take all that
 * is written into it. */
static void a_wal_whose_name_is_not_on_the_disk_is_not_used(void **state)
{
	char *dir = scratch_folder(), *path = paths_join(dir, "file");
	struct db *db = with_rows(path, DB_SINGLE, 1);

	(void)state;
	db_close(db);
	folders_fail = true;
	assert_int_equal(db_open(&db, path, DB_SINGLE, NULL), ERR_IO);
	folders_fail = false;
	assert_int_equal(db_open(&db, path, DB_SINGLE, NULL), OK);
	assert_int_equal(rows(db), 1);
	db_close(db);
	free(path);
	scratch_remove(dir);
}

static enum err read_one(struct db *db)
{
	struct stmt *s = db_prepare(db, "SELECT count(*) FROM t");

	db_row(s);
	return db_done(s);
}

/* What a failed flush has left in doubt is settled under the lock. While another program has that a
 * screen that reads for each key must not hang, nor believe what it reads; who writes waits. */
static void a_read_waits_a_moment_for_another_program(void **state)
{
	char *dir = scratch_folder(), *path = paths_join(dir, "file");
	struct db *db = with_rows(path, DB_SHARED, 1), *other;
	int i;

	(void)state;
	assert_int_equal(db_open(&other, path, DB_SHARED, NULL), OK);
	flushes_fail = true;
	assert_int_not_equal(db_exec(db, "INSERT INTO t VALUES (x'00')"), OK);
	flushes_fail = false;
	assert_int_equal(db_begin(other), OK);
	slept_us = 0;
	assert_int_equal(read_one(db), ERR_BUSY);
	assert_in_range(slept_us, 1, 300 * 1000);
	slept_us = 0;
	for (i = 0; i < 20; i++)
		assert_int_equal(read_one(db), ERR_BUSY);
	assert_int_equal(slept_us, 0);
	assert_int_equal(db_begin(db), ERR_BUSY);
	assert_in_range(slept_us, 4000 * 1000, 6000 * 1000);
	slept_us = 0;
	assert_int_equal(db_run(db_prepare(db, "INSERT INTO t VALUES (zeroblob(10))")), ERR_BUSY);
	assert_in_range(slept_us, 4000 * 1000, 6000 * 1000);
	db_rollback(other);
	slept_us = 0;
	assert_int_equal(rows(db), 1);
	assert_int_equal(db_run(db_prepare(db, "INSERT INTO t VALUES (zeroblob(10))")), OK);
	assert_int_equal(rows(db), 2);
	assert_int_equal(slept_us, 0);
	db_close(other);
	db_close(db);
	free(path);
	scratch_remove(dir);
}

/* Another program at work is no reason to wait for one that only opens the file. */
static void a_file_opens_while_another_program_writes(void **state)
{
	char *dir = scratch_folder(), *path = paths_join(dir, "file");
	struct db *db = with_rows(path, DB_SHARED, 1), *other;

	(void)state;
	assert_int_equal(db_begin(db), OK);
	slept_us = 0;
	assert_int_equal(db_open(&other, path, DB_SHARED, NULL), OK);
	assert_int_equal(rows(other), 1);
	assert_in_range(slept_us, 0, 300 * 1000);
	db_close(other);
	db_close(db);
	free(path);
	scratch_remove(dir);
}

/* Whether a receipt may be given hangs on what is read then. */
static void an_open_outcome_is_not_read_before_it_is_settled(void **state)
{
	char *dir = scratch_folder(), *path = paths_join(dir, "station.db");
	struct store *s;
	struct db *other;
	char *value;

	(void)state;
	assert_int_equal(store_open(&s, dir, &clock_system, &entropy_system, NULL), OK);
	assert_int_equal(db_open(&other, path, DB_SHARED, NULL), OK);
	flushes_fail = true;
	assert_int_not_equal(store_set(s, "a", "b"), OK);
	flushes_fail = false;
	assert_int_equal(db_begin(other), OK);
	assert_int_equal(store_reopen(s), ERR_BUSY);
	db_rollback(other);
	assert_int_equal(store_reopen(s), OK);
	assert_int_equal(store_set(s, "a", "c"), OK);
	value = store_get(s, "a");
	assert_string_equal(value, "c");
	free(value);
	db_close(other);
	store_close(s);
	free(path);
	scratch_remove(dir);
}

static enum err read_hidden(struct db *db)
{
	struct stmt *s = db_prepare(db, "SELECT count(*) FROM hidden");

	while (db_row(s))
		continue;
	return db_done(s);
}

/* Who handed out nothing could not say that it is not all: what follows from it is not kept. */
static void what_rests_on_a_read_that_failed_is_not_committed(void **state)
{
	char *dir = scratch_folder(), *path = paths_join(dir, "file");
	struct db *db = with_rows(path, DB_SHARED, 1), *other;
	enum err why;

	(void)state;
	assert_int_equal(db_open(&other, path, DB_SHARED, NULL), OK);
	assert_int_equal(db_begin(db), OK);
	assert_int_equal(db_begin_within(other, 1), ERR_BUSY); /* nothing was read by that */
	assert_int_equal(db_unread(other, NULL), 0);
	assert_int_equal(db_run(db_prepare(db, "INSERT INTO t VALUES (zeroblob(10))")), OK);
	assert_int_not_equal(read_hidden(db), OK);
	assert_int_equal(db_unread(db, &why), 1);
	assert_int_equal(db_commit(db), why);
	assert_int_equal(rows(db), 1);
	assert_int_equal(db_begin(db), OK); /* the next one begins anew */
	assert_int_equal(db_run(db_prepare(db, "INSERT INTO t VALUES (zeroblob(10))")), OK);
	assert_int_equal(db_commit(db), OK);
	assert_int_equal(rows(db), 2);
	assert_int_equal(db_unread(db, NULL), 1);
	db_close(other);
	db_close(db);
	free(path);
	scratch_remove(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_opened_again_while_it_was_copied),
		cmocka_unit_test(a_disk_that_became_read_only_is_read),
		cmocka_unit_test(a_wal_whose_name_is_not_on_the_disk_is_not_used),
		cmocka_unit_test(a_read_waits_a_moment_for_another_program),
		cmocka_unit_test(a_file_opens_while_another_program_writes),
		cmocka_unit_test(an_open_outcome_is_not_read_before_it_is_settled),
		cmocka_unit_test(what_rests_on_a_read_that_failed_is_not_committed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
