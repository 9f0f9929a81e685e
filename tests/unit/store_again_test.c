/* The centre's store in one file (core/central/store_sqlite.h) when its disk fails in rare ways: it
 * is opened again, or is away until it can be; nobody hears meanwhile that something is not there,
 * what was promised is kept, and what was refused is not there either. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/db_private.h"
#include "core/base/mem.h"
#include "core/base/paths.h"
#include "core/central/posting.h"
#include "core/central/store.h"
#include "core/central/store_sqlite.h"
#include "tests/unit/fd_name.h"
#include "tests/unit/letters.h"
#include "tests/unit/store_bed.h"
#include "tests/unit/watched_files.h"

enum {
	QUIET_MS = 1000,
	CROWD = 24, /* not by the log; their pages are one write */
	FOR_EVER = 100000,
	AGAIN_MS = 1100 /* the next try to open a file that is away */
};

static const int64_t now_ms = 1700000000000;

static struct store_bed b;

/* ---- the system's calls: this program's own stand before them ---- */

static bool log_says_full;

/* A thin disk that has no room, and says so of what it has taken. What it has is not taken back. */
ssize_t pwrite(int fd, const void *data, size_t len, off_t at)
{
	ssize_t (*real)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite");

	if (!log_says_full || !fd_name_ends(fd, "/letters.log"))
		return real(fd, data, len, at);
	if (len % 4096 == 0)
		assert_int_equal(real(fd, data, len, at), len);
	errno = ENOSPC;
	return -1;
}

/* ---- a store ---- */

static int begin(void **state)
{
	(void)state;
	files[THE_WAL].failing = 0;
	files[THE_FILE].unwritten = wal_says_full = 0;
	log_says_full = wal_is_full = false;
	return store_bed_begin(&b) ? 0 : 1;
}

static int end(void **state)
{
	(void)state;
	files[THE_WAL].failing = 0;
	store_bed_end(&b);
	return 0;
}

static struct sqlite_store *inside(void)
{
	return sqlite_store_at_once(b.s);
}

static size_t results[POSTING__MAX];
static enum err failed_for;

static void note(void *arg, struct posting **postings, size_t count, int64_t took_us)
{
	size_t i;

	(void)arg;
	(void)took_us;
	for (i = 0; i < count; i++) {
		results[postings[i]->result]++;
		failed_for = postings[i]->failed_for;
		letter_free(postings[i]);
	}
}

/* By the thread of the store. */
static void post(int first, int count)
{
	memset(results, 0, sizeof results);
	for (; count > 0; count--)
		assert_true(b.s->ops->post(b.s, store_bed_letter(first++)));
	b.s->ops->settled(b.s, true, note, NULL);
}

static void posts_taken(int first, int count)
{
	post(first, count);
	assert_int_equal(results[POSTING_TAKEN], count);
}

static void posts_known(int first, int count)
{
	post(first, count);
	assert_int_equal(results[POSTING_AGAIN], count);
}

static void rests(void)
{
	b.s->ops->idle(b.s, QUIET_MS);
	b.s->ops->settled(b.s, true, note, NULL);
}

static void leave_as_a_kill_does(void)
{
	store_bed_run("cp '%s'/* '%s'", b.dir, b.copy);
}

static void wait_for_a_try(void)
{
	const struct timespec pause = {AGAIN_MS / 1000, AGAIN_MS % 1000 * 1000000};

	nanosleep(&pause, NULL);
}

/* So that the WAL has its header, and what comes next is one write. */
static void begin_wal(void)
{
	posts_taken(1, 1);
	rests();
	assert_int_equal(b.s->ops->meta_set(b.s, "k", "v"), OK);
}

/* ---- a file that cannot be opened again ---- */

static void each_case(void *arg, const struct case_record *c)
{
	(void)c;
	(*(int *)arg)++;
}

static enum err look(int number, int *seen)
{
	char id[ID_UUID_SIZE];

	*seen = 0;
	return b.s->ops->case_get(b.s, letter_case_id(number, id), each_case, seen);
}

/* Letters wait for the disk in the log, a crowd is committed, and nothing can be flushed. */
static void go_away(void)
{
	begin_wal();
	posts_taken(2, 3);
	files[THE_WAL].failing = FOR_EVER;
	post(100, CROWD);
	assert_int_equal(results[POSTING_FAILED], CROWD);
}

static void assert_away(void)
{
	int seen;

	assert_int_not_equal(b.s->ops->ready(b.s), OK);
	assert_int_equal(look(1, &seen), ERR_IO);
	assert_int_equal(look(3, &seen), ERR_IO);
	assert_int_equal(look(999, &seen), ERR_IO);
	post(1, 1);
	assert_int_equal(results[POSTING_FAILED], 1);
	post(5, 1);
	assert_int_equal(results[POSTING_FAILED], 1);
	assert_int_not_equal(b.s->ops->notice(b.s, "停电通知", now_ms), OK);
	assert_int_equal(b.s->ops->losses(b.s), 1);
}

static void a_disk_that_takes_nothing_is_waited_for(void **state)
{
	int seen;

	(void)state;
	go_away();
	assert_away();
	wait_for_a_try();
	assert_away();
	files[THE_WAL].failing = 0;
	wait_for_a_try();
	assert_int_equal(b.s->ops->ready(b.s), OK);
	assert_int_equal(look(3, &seen), OK);
	assert_int_equal(seen, 1);
	posts_known(1, 4);
	assert_int_equal(look(999, &seen), ERR_NOT_FOUND);
	posts_taken(5, 1);
}

/* Nobody asks: it comes back by itself. */
static void it_comes_back_when_it_is_quiet(void **state)
{
	(void)state;
	go_away();
	rests();
	files[THE_WAL].failing = 0;
	wait_for_a_try();
	assert_true(b.s->ops->idle(b.s, QUIET_MS) > 0);
	b.s->ops->settled(b.s, true, note, NULL);
	assert_int_equal(inside()->away, OK);
	posts_known(1, 4);
}

/* The log has what was promised: the program may be ended and begun again. */
static void ended_while_away_it_has_lost_nothing(void **state)
{
	int seen;

	(void)state;
	go_away();
	b.s->ops->close(b.s);
	files[THE_WAL].failing = 0;
	b.s = store_bed_open(b.dir);
	assert_non_null(b.s);
	posts_known(1, 4);
	assert_int_equal(look(3, &seen), OK);
}

/* The disk itself has gone, and an empty folder is in its place. */
static void no_empty_file_is_made_in_its_place(void **state)
{
	char *path = paths_join(b.dir, "central.db");

	(void)state;
	posts_taken(1, 1);
	rests();
	store_bed_run("mv '%s'/central.db* '%s'", b.dir, b.copy);
	files[THE_WAL].failing = 1;
	post(100, CROWD);
	assert_int_equal(results[POSTING_FAILED], CROWD);
	assert_away();
	assert_int_equal(access(path, F_OK), -1);
	store_bed_run("mv '%s'/central.db* '%s'", b.copy, b.dir);
	wait_for_a_try();
	assert_int_equal(b.s->ops->ready(b.s), OK);
	posts_known(1, 1);
	free(path);
}

/* ---- a full disk ---- */

/* It says so of a commit that it has taken whole, and that is lost when the file is closed: a kill
 * would find no more than was said. */
static void what_a_full_disk_has_taken_is_not_found_later(void **state)
{
	struct central_store *s;

	(void)state;
	begin_wal();
	wal_says_full = 1;
	post(100, CROWD);
	assert_int_equal(wal_says_full, 0);
	assert_int_equal(results[POSTING_FAILED], CROWD);
	leave_as_a_kill_does();
	s = store_bed_open(b.copy);
	assert_non_null(s);
	assert_int_equal(store_bed_ask(s, 100), POSTING_TAKEN);
	s->ops->close(s);
	posts_known(1, 1);
}

/* … or found, when the file is opened again: then it is answered. */
static void what_a_full_disk_has_taken_is_answered(void **state)
{
	(void)state;
	begin_wal();
	wal_says_full = 1;
	files[THE_FILE].unwritten = 1; /* the WAL stays when it is closed */
	post(100, CROWD);
	assert_int_equal(files[THE_FILE].unwritten, 0);
	assert_int_equal(results[POSTING_AGAIN], CROWD);
	posts_known(100, CROWD);
}

/* What has not been written at all is in no doubt: nothing is opened again for it. */
static void what_a_full_disk_has_not_taken_is_refused(void **state)
{
	(void)state;
	begin_wal();
	wal_is_full = true;
	post(100, CROWD);
	assert_int_equal(results[POSTING_FAILED], CROWD);
	assert_int_equal(failed_for, ERR_FULL);
	assert_false(db_is_in_doubt(inside()->db));
	wal_is_full = false;
	posts_taken(100, CROWD);
}

static const char *to_completed(void *arg, const char *from)
{
	(void)arg;
	return strcmp(from, "completed") == 0 ? NULL : "completed";
}

static enum err advance(int number, const char **state)
{
	char no[PROJECT_NO_SIZE];
	const struct case_advance a = {.project_no = letter_project_no(b.s, number, no),
		.now_ms = now_ms,
		.judge = to_completed};

	return b.s->ops->advance(b.s, &a, state);
}

/* The office hears that its act is done when it is. */
static void an_act_that_stands_is_acknowledged(void **state)
{
	const char *after = "";

	(void)state;
	begin_wal();
	wal_says_full = 1;
	files[THE_FILE].unwritten = 1;
	assert_int_equal(advance(1, &after), OK);
	assert_int_equal(wal_says_full, 0);
	assert_string_equal(after, "completed");
	assert_int_equal(advance(1, &after), ERR_STATE);
}

/* … and what does not stand is nowhere to be read, and can be done again. */
static void an_act_that_does_not_stand_is_done_again(void **state)
{
	const char *after = "";

	(void)state;
	begin_wal();
	wal_says_full = 1;
	assert_int_equal(advance(1, &after), ERR_IO);
	assert_int_equal(wal_says_full, 0);
	assert_int_equal(advance(1, &after), OK);
	assert_string_equal(after, "completed");
}

/* A code works once: a window that was let in is told so. */
static void a_code_that_is_used_up_lets_its_window_in(void **state)
{
	const unsigned char code[32] = {1}, token[32] = {2};
	struct buf name = {0};
	int64_t id;

	(void)state;
	begin_wal();
	assert_int_equal(
		b.s->ops->station_add(b.s, "03号窗口", false, code, now_ms + 1, now_ms), OK);
	wal_says_full = 1;
	files[THE_FILE].unwritten = 1;
	assert_int_equal(b.s->ops->station_enrol(b.s, code, token, now_ms, &name), OK);
	assert_int_equal(wal_says_full, 0);
	assert_string_equal(buf_str(&name), "03号窗口");
	assert_int_equal(b.s->ops->station_of(b.s, token, &id), OK);
	buf_fini(&name);
}

/* The catalogue that is in force is acknowledged. */
static void an_import_that_stands_is_acknowledged(void **state)
{
	const struct matter_row row = {"T1", "事项", "{\"task_code\":\"T1\"}"};
	struct catalogue_state now;

	(void)state;
	begin_wal();
	assert_int_equal(b.s->ops->import_begin(b.s), OK);
	assert_int_equal(b.s->ops->import_put(b.s, &row, 1), OK);
	wal_says_full = 1;
	files[THE_FILE].unwritten = 1;
	assert_int_equal(b.s->ops->import_end(b.s, now_ms), OK);
	assert_int_equal(wal_says_full, 0);
	assert_int_equal(b.s->ops->catalogue(b.s, true, &now), OK);
	assert_int_equal(now.matters, 1);
}

/* The log has taken a letter whole, says that it has no room, and cannot take it back; the file has
 * no room either. The letter was refused for now, and is there after a kill: its repeat is answered
 * as what it is, and what leant on it was not refused for good. */
static void what_the_log_has_taken_against_its_word_is_one_letter(void **state)
{
	struct central_store *s;

	(void)state;
	begin_wal();
	posts_taken(2, 1);
	log_says_full = true;
	wal_is_full = true;
	memset(results, 0, sizeof results);
	assert_true(b.s->ops->post(b.s, store_bed_letter(3)));
	assert_true(b.s->ops->post(b.s, letter_new("application", 200, 3, "")));
	b.s->ops->settled(b.s, true, note, NULL);
	assert_int_equal(results[POSTING_FAILED], 2);
	leave_as_a_kill_does();
	log_says_full = wal_is_full = false;
	s = store_bed_open(b.copy);
	assert_non_null(s);
	assert_int_equal(store_bed_ask(s, 3), POSTING_AGAIN);
	assert_int_equal(
		letter_take(s, letter_new("application", 200, 3, "")), POSTING_CASE_EXISTS);
	s->ops->close(s);
}

/* … and the next letter gets its number, as nobody was told it. */
static void what_the_log_has_taken_against_its_word_takes_no_number(void **state)
{
	struct central_store *s;
	char no[PROJECT_NO_SIZE];

	(void)state;
	begin_wal();
	log_says_full = wal_is_full = true;
	post(3, 1);
	assert_int_equal(results[POSTING_FAILED], 1);
	leave_as_a_kill_does();
	store_bed_run("mv '%s'/letters.log '%s'/refused.log", b.copy, b.copy);
	wal_is_full = false;
	posts_taken(4, 1);
	leave_as_a_kill_does(); /* before the log is removed */
	store_bed_run("mv '%s'/refused.log '%s'/letters.log", b.copy, b.copy);
	s = store_bed_open(b.copy);
	assert_non_null(s);
	assert_int_equal(store_bed_ask(s, 4), POSTING_AGAIN);
	letter_project_no(s, 4, no);
	assert_string_equal(no + strlen(no) - 5, "00002");
	assert_int_equal(store_bed_ask(s, 3), POSTING_TAKEN);
	letter_project_no(s, 3, no);
	assert_string_equal(no + strlen(no) - 5, "00003");
	s->ops->close(s);
}

/* ---- what cannot be undone ---- */

static int forbid_rollback_to(
	void *arg, int what, const char *how, const char *name, const char *c, const char *d)
{
	(void)arg;
	(void)name;
	(void)c;
	(void)d;
	return what == SQLITE_SAVEPOINT && strcmp(how, "ROLLBACK") == 0 ? SQLITE_DENY : SQLITE_OK;
}

/* A letter of which one row was written and the other could not be, and which cannot be undone
 * alone: none of its group is taken, none of it is in the file, and what came before it is. */
static void half_a_letter_is_not_kept(void **state)
{
	struct posting *bad = store_bed_letter(4);
	int seen;

	(void)state;
	posts_taken(1, 2);
	bad->applyer_name = NULL;
	sqlite3_set_authorizer(inside()->db->handle, forbid_rollback_to, NULL);
	memset(results, 0, sizeof results);
	assert_true(b.s->ops->post(b.s, store_bed_letter(3)));
	assert_true(b.s->ops->post(b.s, bad));
	assert_true(b.s->ops->post(b.s, store_bed_letter(5)));
	b.s->ops->settled(b.s, true, note, NULL);
	assert_int_equal(results[POSTING_FAILED], 3);
	posts_known(1, 2);
	posts_taken(3, 3);
	assert_int_equal(look(4, &seen), OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_disk_that_takes_nothing_is_waited_for, begin, end),
		cmocka_unit_test_setup_teardown(it_comes_back_when_it_is_quiet, begin, end),
		cmocka_unit_test_setup_teardown(ended_while_away_it_has_lost_nothing, begin, end),
		cmocka_unit_test_setup_teardown(no_empty_file_is_made_in_its_place, begin, end),
		cmocka_unit_test_setup_teardown(
			what_a_full_disk_has_taken_is_not_found_later, begin, end),
		cmocka_unit_test_setup_teardown(what_a_full_disk_has_taken_is_answered, begin, end),
		cmocka_unit_test_setup_teardown(
			what_a_full_disk_has_not_taken_is_refused, begin, end),
		cmocka_unit_test_setup_teardown(an_act_that_stands_is_acknowledged, begin, end),
		cmocka_unit_test_setup_teardown(
			an_act_that_does_not_stand_is_done_again, begin, end),
		cmocka_unit_test_setup_teardown(
			a_code_that_is_used_up_lets_its_window_in, begin, end),
		cmocka_unit_test_setup_teardown(an_import_that_stands_is_acknowledged, begin, end),
		cmocka_unit_test_setup_teardown(
			what_the_log_has_taken_against_its_word_is_one_letter, begin, end),
		cmocka_unit_test_setup_teardown(
			what_the_log_has_taken_against_its_word_takes_no_number, begin, end),
		cmocka_unit_test_setup_teardown(half_a_letter_is_not_kept, begin, end),
	};

	return cmocka_run_group_tests(tests, watch, NULL);
}
