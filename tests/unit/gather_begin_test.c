/* What a checkpoint lays into the file is handed to the disk a piece at a time
 * (core/base/db_gather.h): each piece once, none before it is asked for, and none after the flush
 * that has brought all of them there. The system's call is taken from it and written down. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/paths.h"
#include "tests/unit/scratch.h"

enum {
	LONG_WAL = 1 << 20,
	ROWS = 40,
	PAGES_MAX = 1 << 10,
	PAGE_BYTES = 4096
};

static struct {
	size_t calls, wholes;
	unsigned char of_page[PAGES_MAX]; /* how often it was asked for */
} begun;

int sync_file_range(int fd, off64_t at, off64_t bytes, unsigned flags)
{
	(void)fd;
	assert_int_equal(flags, SYNC_FILE_RANGE_WRITE);
	begun.calls++;
	begun.wholes += bytes == 0;
	for (; bytes > 0; at += PAGE_BYTES, bytes -= PAGE_BYTES) {
		assert_int_equal(at % PAGE_BYTES, 0);
		assert_in_range(at / PAGE_BYTES, 0, PAGES_MAX - 1);
		begun.of_page[at / PAGE_BYTES]++;
	}
	return 0;
}

static size_t pages_begun(void)
{
	size_t n = 0, i;

	for (i = 0; i < PAGES_MAX; i++) {
		assert_in_range(begun.of_page[i], 0, 1);
		n += begun.of_page[i];
	}
	return n;
}

static void forget(void)
{
	memset(&begun, 0, sizeof begun);
}

static char *path;

static struct db *open_in(const char *dir)
{
	struct db *db;

	path = paths_join(dir, "t.db");
	assert_int_equal(db_open(&db, path, DB_SINGLE, NULL), OK);
	assert_int_equal(
		db_exec(db,
			"CREATE TABLE t (n INTEGER PRIMARY KEY, body BLOB); CREATE TABLE u (n)"),
		OK);
	assert_int_equal(db_checkpoint(db, 0), OK);
	forget();
	return db;
}

static void close_in(struct db *db, char *dir)
{
	db_close(db);
	free(path);
	scratch_remove(dir);
}

/* Rows of a page each in one table, and one in the other: pages here and there in the file. */
static void put_rows(struct db *db)
{
	int i;

	assert_int_equal(db_begin(db), OK);
	for (i = 0; i < ROWS; i++)
		assert_int_equal(db_exec(db, "INSERT INTO t (body) VALUES (zeroblob(3000))"), OK);
	assert_int_equal(db_exec(db, "INSERT INTO u VALUES (1)"), OK);
	assert_int_equal(db_commit(db), OK);
}

static void each_piece_is_begun_once_when_it_is_asked_for(void **state)
{
	char *dir = scratch_folder();
	struct db *db = open_in(dir);
	struct stat st;
	size_t turns = 0, calls = 0;

	(void)state;
	put_rows(db);
	assert_int_equal(db_checkpoint(db, LONG_WAL), OK);
	assert_int_equal(begun.calls, 0);
	for (;; turns++) {
		db_begin_writing(db, 1);
		if (begun.calls == calls)
			break;
		assert_int_equal(begun.calls, ++calls);
	}
	assert_true(turns >= 2);
	/* all that the file has got, and the pages of both tables */
	assert_int_equal(stat(path, &st), 0);
	assert_true(pages_begun() >= ROWS);
	assert_true(pages_begun() <= (size_t)st.st_size / PAGE_BYTES);
	assert_int_equal(begun.wholes, 0);
	/* begun is not done */
	assert_int_equal(db_flush_of(db), DB_PUT_OFF);
	close_in(db, dir);
}

static void several_at_once_are_as_many_as_were_asked_for(void **state)
{
	char *dir = scratch_folder();
	struct db *db = open_in(dir);
	size_t first;

	(void)state;
	put_rows(db);
	assert_int_equal(db_checkpoint(db, LONG_WAL), OK);
	db_begin_writing(db, 2);
	assert_int_equal(begun.calls, 2);
	first = pages_begun();
	db_begin_writing(db, SIZE_MAX);
	assert_true(pages_begun() >= first);
	assert_true(pages_begun() >= ROWS);
	/* those of the next checkpoint are others */
	forget();
	put_rows(db);
	assert_int_equal(db_checkpoint(db, LONG_WAL), OK);
	db_begin_writing(db, SIZE_MAX);
	assert_true(pages_begun() >= ROWS);
	close_in(db, dir);
}

static void after_the_flush_nothing_is_left_to_begin(void **state)
{
	char *dir = scratch_folder();
	struct db *db = open_in(dir);

	(void)state;
	db_begin_writing(db, SIZE_MAX);
	assert_int_equal(begun.calls, 0);
	put_rows(db);
	assert_int_equal(db_checkpoint(db, LONG_WAL), OK);
	db_begin_writing(db, 1);
	assert_int_equal(db_checkpoint(db, 0), OK);
	assert_int_equal(db_flush_of(db), DB_FLUSHED);
	forget();
	db_begin_writing(db, SIZE_MAX);
	assert_int_equal(begun.calls, 0);
	/* one that waits for its flush leaves nothing either */
	put_rows(db);
	assert_int_equal(db_checkpoint(db, 0), OK);
	db_begin_writing(db, SIZE_MAX);
	assert_int_equal(begun.calls, 0);
	close_in(db, dir);
}

/* A WAL is written from one end to the other: all of it at once. */
static void a_commit_that_lingers_is_begun_whole(void **state)
{
	char *dir = scratch_folder();
	struct db *db = open_in(dir);

	(void)state;
	put_rows(db); /* the WAL's beginning, which is flushed */
	forget();
	assert_int_equal(db_begin(db), OK);
	assert_int_equal(db_exec(db, "INSERT INTO u VALUES (2)"), OK);
	assert_int_equal(db_commit_unflushed(db), OK);
	assert_int_equal(begun.calls, 1);
	assert_int_equal(begun.wholes, 1);
	close_in(db, dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_piece_is_begun_once_when_it_is_asked_for),
		cmocka_unit_test(several_at_once_are_as_many_as_were_asked_for),
		cmocka_unit_test(after_the_flush_nothing_is_left_to_begin),
		cmocka_unit_test(a_commit_that_lingers_is_begun_whole),
	};

	return cmocka_run_group_tests_name("gather_begin", tests, NULL, NULL);
}
