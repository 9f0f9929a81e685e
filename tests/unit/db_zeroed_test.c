/* The commit of a shared file (core/base/db.h) whose journal could be emptied, by which the commit
 * stands, while the disk says that it had no room for that: nobody is told that nothing was
 * changed. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/db.h"
#include "core/base/paths.h"
#include "tests/unit/fd_name.h"
#include "tests/unit/scratch.h"

enum trouble {
	NONE,
	WRITTEN, /* the journal is emptied, and there is no room */
	REFUSED	 /* there is no room, and it is not */
};

static enum trouble trouble;
static int struck;

/* What SQLite calls: this program's own stands before the system's. */
ssize_t pwrite64(int fd, const void *data, size_t len, off64_t at)
{
	ssize_t (*real)(int, const void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pwrite64");

	if (trouble == NONE || at != 0 || *(const char *)data != '\0' ||
		!fd_name_ends(fd, "-journal"))
		return real(fd, data, len, at);
	struck++;
	if (trouble == WRITTEN)
		assert_int_equal(real(fd, data, len, at), len);
	errno = ENOSPC;
	return -1;
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t at)
{
	return pwrite64(fd, data, len, at);
}

static int64_t count(struct db *db)
{
	struct stmt *s = db_prepare(db, "SELECT count(*) FROM t");
	int64_t n = db_row(s) ? db_int(s, 0) : -1;

	return db_done(s) == OK ? n : -1;
}

/* The file with two rows, and a third that is put in while there is trouble. */
static enum err put_in(enum trouble what, int64_t *rows)
{
	char *dir = scratch_folder(), *path = paths_join(dir, "t.db");
	struct db *db;
	enum err e;

	assert_int_equal(db_open(&db, path, DB_SHARED, NULL), OK);
	assert_int_equal(db_exec(db, "CREATE TABLE t (n); INSERT INTO t VALUES (1), (2)"), OK);
	assert_int_equal(db_begin(db), OK);
	assert_int_equal(db_exec(db, "INSERT INTO t VALUES (3)"), OK);
	struck = 0;
	trouble = what;
	e = db_commit(db);
	trouble = NONE;
	assert_true(struck > 0);
	db_close(db);
	assert_int_equal(db_open(&db, path, DB_SHARED, NULL), OK);
	*rows = count(db);
	db_close(db);
	scratch_remove(dir);
	free(path);
	return e;
}

static void what_stands_is_not_said_to_be_undone(void **state)
{
	int64_t rows;

	(void)state;
	assert_int_equal(put_in(WRITTEN, &rows), ERR_UNSURE);
	assert_int_equal(rows, 3);
}

static void what_was_undone_is_said_to_be(void **state)
{
	int64_t rows;

	(void)state;
	assert_int_equal(put_in(REFUSED, &rows), ERR_FULL);
	assert_int_equal(rows, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_stands_is_not_said_to_be_undone),
		cmocka_unit_test(what_was_undone_is_said_to_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
