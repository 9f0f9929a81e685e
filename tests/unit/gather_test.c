/* Writes gathered (core/base/db_gather.h): a commit is in the files, not in our memory; pages that
 * are wanted back before that are the newest; a write that fails undoes its transaction and no
 * other. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/paths.h"
#include "tests/unit/scratch.h"

enum {
	ROWS = 3000, /* of about 1 KB: many times what is held */
	FILE_BYTES_MAX = 64 << 20
};

static struct db *open_in(const char *dir)
{
	char *path = paths_join(dir, "t.db");
	struct db *db;

	assert_int_equal(db_open(&db, path, DB_SINGLE, NULL), OK);
	free(path);
	return db;
}

static enum err put(struct db *db, int64_t id, int64_t turn)
{
	struct stmt *st = db_prepare(db,
		"INSERT INTO t VALUES (?1, ?2, zeroblob(1000)) ON CONFLICT DO UPDATE SET turn = ?2");

	db_bind_int(st, 1, id);
	db_bind_int(st, 2, turn);
	return db_run(st);
}

static int64_t ask(struct db *db, const char *sql)
{
	struct stmt *st = db_prepare(db, sql);
	int64_t n = db_row(st) ? db_int(st, 0) : -1;

	assert_int_equal(db_done(st), OK);
	return n;
}

static void copy(const char *from_dir, const char *to_dir, const char *name)
{
	char *from = paths_join(from_dir, name), *to = paths_join(to_dir, name);
	struct buf b = {0};
	int fd = open(to, O_WRONLY | O_CREAT | O_EXCL, 0600);

	assert_int_equal(paths_read(&b, from, FILE_BYTES_MAX), OK);
	assert_int_equal(write(fd, b.data, b.len), b.len);
	close(fd);
	buf_fini(&b);
	free(from);
	free(to);
}

/* What a kill at this moment would leave. */
static struct db *open_as_left(const char *dir, char **copy_dir)
{
	*copy_dir = scratch_folder();
	copy(dir, *copy_dir, "t.db");
	copy(dir, *copy_dir, "t.db-wal");
	return open_in(*copy_dir);
}

static void a_commit_is_in_the_files(void **state)
{
	char *dir = scratch_folder(), *left_dir;
	struct db *db = open_in(dir), *left;
	int64_t id, turn;

	(void)state;
	assert_int_equal(
		db_exec(db, "PRAGMA cache_size = 10; CREATE TABLE t (id INTEGER PRIMARY KEY,"
			    " turn INTEGER, filler BLOB)"),
		OK);
	for (turn = 1; turn <= 3; turn++) {
		assert_int_equal(db_begin(db), OK);
		for (id = 1; id <= ROWS; id++) {
			assert_int_equal(put(db, id, turn), OK);
			/* pages that had no room in the cache come back from the WAL */
			if (id % 500 == 0)
				assert_int_equal(ask(db, "SELECT min(turn) FROM t"),
					id < ROWS && turn > 1 ? turn - 1 : turn);
		}
		assert_int_equal(db_commit(db), OK);
		left = open_as_left(dir, &left_dir);
		assert_int_equal(ask(left, "SELECT count(*) FROM t"), ROWS);
		assert_int_equal(ask(left, "SELECT min(turn) FROM t"), turn);
		assert_int_equal(db_check(left, NULL), OK);
		db_close(left);
		scratch_remove(left_dir);
		if (turn == 2)
			ask(db, "PRAGMA wal_checkpoint(PASSIVE)");
	}
	db_close(db);
	scratch_remove(dir);
}

static void limit_files(rlim_t bytes)
{
	struct rlimit r;

	getrlimit(RLIMIT_FSIZE, &r);
	r.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &r), 0);
}

static void a_write_that_fails_undoes_its_own(void **state)
{
	char *dir = scratch_folder();
	struct db *db = open_in(dir);
	int64_t id, failed = 0;
	rlim_t limit;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(db_exec(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, turn INTEGER,"
				     " filler BLOB)"),
		OK);
	assert_int_equal(put(db, 0, 1), OK);
	for (limit = 16 << 10; limit <= 512 << 10; limit += 8 << 10) {
		enum err e = db_begin(db);
		limit_files(limit);
		for (id = 1; id <= 200 && e == OK; id++)
			e = put(db, id, (int64_t)limit);
		if (e == OK)
			e = db_commit(db);
		else
			db_rollback(db);
		limit_files(RLIM_INFINITY);
		if (e == ERR_UNSURE) { /* the file knows */
			db_close(db);
			db = open_in(dir);
		}
		failed += e != OK;
		id = ask(db, "SELECT count(*) FROM t");
		assert_true(id == 1 || id == 201);
		if (e == OK)
			assert_int_equal(ask(db, "SELECT min(turn) FROM t WHERE id > 0"), limit);
		assert_int_equal(db_check(db, NULL), OK);
		assert_int_equal(put(db, 0, (int64_t)limit), OK); /* and it goes on */
	}
	assert_in_range(failed, 10, 60);
	db_close(db);
	scratch_remove(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_commit_is_in_the_files),
		cmocka_unit_test(a_write_that_fails_undoes_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
