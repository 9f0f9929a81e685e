/* A scan is believed, at the window and at the centre, only when its name is on the disk: a file
 * that was renamed into place is gone after a power cut until its folder was flushed. */
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
#include "core/base/crypto.h"
#include "core/base/paths.h"
#include "core/central/papers.h"
#include "core/central/store.h"
#include "tests/unit/fd_name.h"
#include "tests/unit/scratch.h"
#include "tests/unit/world.h"

long syscall(long number, ...);

/* ---- the names of a folder that is called "papers" ---- */

static bool names_fail;	    /* its flushes do, once something has got a name in it */
static int names_unflushed; /* so many were given since the last that went well */
static bool folder_unnamed; /* it is new, and what it lies in was not flushed */

static const char papers[] = "/papers/";

int rename(const char *from, const char *to)
{
	names_unflushed += strstr(to, papers) != NULL;
	return (int)syscall(SYS_renameat2, -100, from, -100, to, 0);
}

int mkdir(const char *path, mode_t mode)
{
	int rc = (int)syscall(SYS_mkdirat, -100, path, mode);

	if (rc == 0 && strcmp(strrchr(path, '/'), "/papers") == 0)
		folder_unnamed = true;
	return rc;
}

static bool is_papers(int fd, bool *holds_it)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISDIR(st.st_mode))
		return false;
	*holds_it = fstatat(fd, "papers", &st, 0) == 0;
	return fd_name_ends(fd, "/papers");
}

int fsync(int fd)
{
	bool holds_it = false, it = is_papers(fd, &holds_it);
	int rc;

	if (it && names_fail && names_unflushed > 0) {
		errno = EIO;
		return -1;
	}
	rc = (int)syscall(SYS_fsync, fd);
	if (rc == 0 && it)
		names_unflushed = 0;
	if (rc == 0 && holds_it)
		folder_unnamed = false;
	return rc;
}

/* ---- at the window ---- */

static void a_scan_at_the_window(void **state)
{
	char id[ID_UUID_SIZE], *scan;
	struct world w;

	(void)state;
	world_open(&w, 1);
	world_draft(&w, id);
	scan = paths_join(w.folder, "scan.pdf");
	assert_int_equal(paths_replace(scan, "%PDF-1.4 scan", 13), OK);
	names_fail = true;
	names_unflushed = 0;
	/* it gets its name, and the name does not get to the disk */
	assert_int_not_equal(world_try_attach(&w, id, scan), OK);
	assert_int_equal(names_unflushed, 1);
	assert_int_equal(world_papers(&w, id), 0);
	/* nor now that a good copy is there: whoever wrote it may have been killed */
	assert_int_not_equal(world_try_attach(&w, id, scan), OK);
	assert_int_equal(names_unflushed, 1);
	assert_int_equal(world_papers(&w, id), 0);
	names_fail = false;
	assert_int_equal(world_try_attach(&w, id, scan), OK);
	assert_int_equal(names_unflushed, 0);
	assert_false(folder_unnamed);
	assert_int_equal(world_papers(&w, id), 1);
	free(scan);
	world_close(&w);
}

/* ---- at the centre ---- */

static enum err send(struct papers *p, const char *sha256, const char *bytes)
{
	const struct paper_piece piece = {
		.sha256 = sha256, .station = 0, .size = (int64_t)strlen(bytes), .now_ms = 1};
	struct paper_writer *w;
	struct paper_state now;
	enum err e = papers_begin(p, &piece, &w, &now);

	if (e == OK)
		e = papers_write(w, bytes, strlen(bytes));
	return e == OK ? papers_end(w, &now) : e;
}

/* Whether its row says that it is whole: that is what counts after the next start. */
static bool is_whole(struct central_store *s, const char *sha256)
{
	struct paper_row row = {0};

	return s->ops->paper_get(s, sha256, &row) == OK && row.sm3[0] != '\0';
}

static void a_scan_at_the_centre(void **state)
{
	static const char bytes[] = "%PDF-1.4 scan";
	char *dir = scratch_folder(), sha256[CRYPTO_HEX_SIZE];
	struct central_store *s;
	struct paper_state now;
	struct papers *p;

	(void)state;
	crypto_hex(DIGEST_SHA256, bytes, strlen(bytes), sha256);
	assert_int_equal(store_sqlite_open(&s, dir, NULL), OK);
	assert_int_equal(papers_open(&p, s, dir, NULL), OK);
	assert_false(folder_unnamed);
	names_fail = true;
	names_unflushed = 0;
	assert_int_not_equal(send(p, sha256, bytes), OK);
	assert_int_equal(names_unflushed, 1);
	assert_false(is_whole(s, sha256));
	/* the file is there and the row does not say so: killed in between */
	assert_int_not_equal(papers_look(p, sha256, &now), OK);
	assert_int_not_equal(send(p, sha256, bytes), ERR_EXISTS);
	assert_int_equal(names_unflushed, 1);
	assert_false(is_whole(s, sha256));
	names_fail = false;
	assert_int_equal(papers_look(p, sha256, &now), OK);
	assert_true(now.complete);
	assert_int_equal(names_unflushed, 0);
	assert_true(is_whole(s, sha256));
	papers_close(p);
	s->ops->close(s);
	scratch_remove(dir);
}

/* Its disk is not mounted for a while: no scan is gone, and none is asked for again. */
static void a_folder_that_is_away(void **state)
{
	static const char bytes[] = "%PDF-1.4 scan";
	char *dir = scratch_folder(), *folder = paths_join(dir, "papers"),
	     *away = paths_join(dir, "away"), sha256[CRYPTO_HEX_SIZE];
	struct central_store *s;
	struct paper_state now;
	struct papers *p;

	(void)state;
	crypto_hex(DIGEST_SHA256, bytes, strlen(bytes), sha256);
	assert_int_equal(store_sqlite_open(&s, dir, NULL), OK);
	assert_int_equal(papers_open(&p, s, dir, NULL), OK);
	assert_int_equal(send(p, sha256, bytes), OK);
	assert_int_equal(rename(folder, away), 0);
	assert_int_equal(papers_look(p, sha256, &now), ERR_IO);
	assert_true(is_whole(s, sha256));
	assert_int_equal(rename(away, folder), 0);
	assert_int_equal(papers_look(p, sha256, &now), OK);
	assert_true(now.complete);
	papers_close(p);
	s->ops->close(s);
	scratch_remove(dir);
	free(folder);
	free(away);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scan_at_the_window),
		cmocka_unit_test(a_scan_at_the_centre),
		cmocka_unit_test(a_folder_that_is_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
