/* A file that was renamed into place, and a folder that was made, are there after a power cut when
 * the folder that holds them was flushed: until then nobody says that they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/paths.h"
#include "core/central/backup_files.h"
#include "core/central/backup_papers.h"
#include "core/station/documents/paper.h"
#include "core/station/documents/press.h"
#include "tests/unit/scratch.h"

long syscall(long number, ...);

/* ---- the flushes of folders ---- */

static bool folders_fail;
static int folders_flushed;

int fsync(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISDIR(st.st_mode))
		return (int)syscall(SYS_fsync, fd);
	if (folders_fail) {
		errno = EIO;
		return -1;
	}
	folders_flushed++;
	return (int)syscall(SYS_fsync, fd);
}

static void flushes_fail(bool fail)
{
	folders_fail = fail;
	folders_flushed = 0;
}

/* ---- a backup ---- */

static void the_folder_of_a_backup(void **state)
{
	static const char *const names[] = {"backup", "other/"};
	char *scratch = scratch_folder();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		char *path = paths_join(scratch, names[i]);
		struct buf why = {0};
		bool made = true;

		flushes_fail(true);
		assert_int_not_equal(backup_folder(path, &made, &why), OK);
		assert_false(made);
		assert_true(why.len > 0);
		assert_int_not_equal(
			access(path, F_OK), 0); /* or the next time it would be taken */
		flushes_fail(false);
		assert_int_equal(backup_folder(path, &made, NULL), OK);
		assert_true(made);
		assert_int_equal(folders_flushed, 1);
		assert_int_equal(backup_folder(path, &made, NULL), OK);
		assert_false(made);
		buf_fini(&why);
		free(path);
	}
	scratch_remove(scratch);
}

static void put(const char *folder, const char *name, const char *text)
{
	char *path = paths_join(folder, name);

	assert_int_equal(paths_replace(path, text, strlen(text)), OK);
	free(path);
}

/* The names of its papers come before the name of the file that knows them: told, not only an exit
 * status. */
static void the_papers_of_a_backup(void **state)
{
	struct backup_papers p = {0};
	char *scratch = scratch_folder(), *papers = paths_join(scratch, "papers");
	char *to = paths_join(scratch, "to"), *inside = paths_join(to, "papers");
	struct buf why = {0};

	(void)state;
	assert_int_equal(mkdir(papers, 0700) | mkdir(to, 0700) | mkdir(inside, 0700), 0);
	put(papers, "aa", "scan");
	flushes_fail(true);
	assert_int_not_equal(backup_papers(&p, scratch, to, &why), OK);
	assert_non_null(strstr(buf_str(&why), inside));
	flushes_fail(false);
	assert_int_equal(backup_papers(&p, scratch, to, NULL), OK);
	assert_true(folders_flushed > 0);
	buf_fini(&why);
	free(inside);
	free(to);
	free(papers);
	scratch_remove(scratch);
}

/* ---- a journal ---- */

/* Without its journal's name a power cut would leave half a transaction. */
static void the_journal_of_a_database(void **state)
{
	char *scratch = scratch_folder(), *path = paths_join(scratch, "own.db"),
	     *journal = paths_join(scratch, "own.db-journal");
	struct db *db;

	(void)state;
	assert_int_equal(db_open(&db, path, DB_SHARED, NULL), OK);
	flushes_fail(true);
	assert_int_equal(db_exec(db, "CREATE TABLE t (n)"), ERR_IO);
	assert_int_not_equal(access(journal, F_OK), 0);
	flushes_fail(false);
	assert_int_equal(db_exec(db, "CREATE TABLE t (n)"), OK);
	assert_int_equal(folders_flushed, 1);
	assert_int_equal(access(journal, F_OK), 0);
	assert_int_equal(db_exec(db, "INSERT INTO t VALUES (1)"), OK);
	assert_int_equal(folders_flushed, 1);
	db_close(db);
	free(journal);
	free(path);
	scratch_remove(scratch);
}

/* ---- a slip as PDF ---- */

static void a_slip_in_a_file(void **state)
{
	static const char *const title[] = {"收件凭证"};
	struct buf why = {0};
	char *scratch, *path;
	struct paper p = {0};

	(void)state;
	if (press_ready(NULL) != OK)
		skip();
	scratch = scratch_folder();
	path = paths_join(scratch, "slip.pdf");
	paper_add(&p, PAPER_TITLE, title, 1);
	flushes_fail(true);
	assert_int_not_equal(press_pdf(&p, path, &why), OK);
	assert_non_null(strstr(buf_str(&why), path));
	flushes_fail(false);
	assert_int_equal(press_pdf(&p, path, NULL), OK);
	assert_int_equal(folders_flushed, 1);
	assert_int_equal(access(path, R_OK), 0);
	paper_fini(&p);
	buf_fini(&why);
	free(path);
	scratch_remove(scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_folder_of_a_backup),
		cmocka_unit_test(the_papers_of_a_backup),
		cmocka_unit_test(the_journal_of_a_database),
		cmocka_unit_test(a_slip_in_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
