/* The centre's store in one file and its log of letters (core/central/store_sqlite.h): what was
 * promised is there after a kill and a power cut, and nobody reads a file that lacks it. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/paths.h"
#include "core/central/posting.h"
#include "core/central/store.h"
#include "core/central/store_sqlite.h"
#include "tests/unit/letters.h"
#include "tests/unit/store_bed.h"
#include "tests/unit/watched_files.h"

enum {
	QUIET_MS = 1000,
	CROWD = 40,
	PROMISES_MAX = 4000,
	LITTLE = 32 << 10 /* bytes that a file may have: the log's first pages, not a commit's */
};

static struct store_bed b;

/* What was answered: which letter has which number. */
static struct {
	int number;
	char no[PROJECT_NO_SIZE];
} promises[PROMISES_MAX];
static size_t promise_count;

static int begin(void **state)
{
	(void)state;
	promise_count = 0;
	return store_bed_begin(&b) ? 0 : 1;
}

static int end(void **state)
{
	(void)state;
	store_bed_end(&b);
	return 0;
}

/* ---- letters ---- */

static size_t results[POSTING__MAX];

static void note_promise(const struct posting *p)
{
	assert_true(promise_count < PROMISES_MAX);
	promises[promise_count].number = atoi(p->key + 24);
	snprintf(promises[promise_count++].no, PROJECT_NO_SIZE, "%s", p->project_no);
}

static void note(void *arg, struct posting **postings, size_t count, int64_t took_us)
{
	size_t i;

	(void)arg;
	(void)took_us;
	for (i = 0; i < count; i++) {
		results[postings[i]->result]++;
		if (postings[i]->result == POSTING_TAKEN)
			note_promise(postings[i]);
		letter_free(postings[i]);
	}
}

static void post_one(struct posting *p)
{
	assert_true(b.s->ops->post(b.s, p));
}

static void post_some(int first, int count)
{
	for (; count > 0; count--)
		post_one(store_bed_letter(first++));
}

/* By the thread of the store, so that nobody ends the transaction that they are left in. */
static void post(int first, int count)
{
	memset(results, 0, sizeof results);
	post_some(first, count);
	b.s->ops->settled(b.s, true, note, NULL);
}

static void posts_taken(int first, int count)
{
	post(first, count);
	assert_int_equal(results[POSTING_TAKEN], count);
}

static enum posting_result ask(struct central_store *s, int number, char no[PROJECT_NO_SIZE])
{
	struct posting *p = store_bed_letter(number);
	enum posting_result result;

	s->ops->take(s, &p, 1);
	result = p->result;
	snprintf(no, PROJECT_NO_SIZE, "%s", p->project_no);
	letter_free(p);
	return result;
}

/* All are there under the numbers they were given, and the next is given the next. */
static void assert_all_there(struct central_store *s, int count)
{
	char no[PROJECT_NO_SIZE], expected[8];
	int i;

	for (i = 1; i <= count; i++) {
		assert_int_equal(ask(s, i, no), POSTING_AGAIN);
		snprintf(expected, sizeof expected, "%05d", i);
		assert_string_equal(no + strlen(no) - 5, expected);
	}
	assert_int_equal(ask(s, count + 1, no), POSTING_TAKEN);
	snprintf(expected, sizeof expected, "%05d", count + 1);
	assert_string_equal(no + strlen(no) - 5, expected);
}

static void assert_promises(struct central_store *s)
{
	char no[PROJECT_NO_SIZE];
	size_t i;

	assert_true(promise_count > 0);
	for (i = 0; i < promise_count; i++) {
		assert_int_equal(ask(s, promises[i].number, no), POSTING_AGAIN);
		assert_string_equal(no, promises[i].no);
	}
}

/* ---- files ---- */

static void rests(void)
{
	b.s->ops->idle(b.s, QUIET_MS);
	b.s->ops->settled(b.s, true, note, NULL);
}

static void what_a_kill_leaves_has_them(void **state)
{
	struct central_store *s;

	(void)state;
	posts_taken(1, 1);
	posts_taken(2, 3);
	posts_taken(5, CROWD);
	posts_taken(5 + CROWD, 1);
	store_bed_run("cp '%s'/* '%s'", b.dir, b.copy);
	s = store_bed_open(b.copy);
	assert_non_null(s);
	assert_false(store_bed_has(b.copy, "letters.log"));
	assert_all_there(s, 5 + CROWD);
	s->ops->close(s);
}

/* Nothing of the WAL has reached the disk since it was flushed last. */
static void what_a_power_cut_leaves_has_them(void **state)
{
	struct central_store *s;
	char no[PROJECT_NO_SIZE];

	(void)state;
	posts_taken(1, 3);
	rests();
	posts_taken(4, 4);
	assert_int_equal(strlen(letter_project_no(b.s, 4, no)), 19); /* committed, not flushed */
	posts_taken(8, 2);
	store_bed_run("cp '%s'/central.db '%s'", b.dir, b.copy);
	store_bed_run("cp '%s'/letters.log '%s'", b.dir, b.copy);
	s = store_bed_open(b.copy);
	assert_non_null(s);
	assert_all_there(s, 9);
	s->ops->close(s);
}

static void a_repeat_has_its_first_answer_after_a_kill(void **state)
{
	struct posting *first = store_bed_letter(1), *again = store_bed_letter(1);
	struct central_store *s;

	(void)state;
	b.s->ops->take(b.s, &first, 1);
	assert_int_equal(first->result, POSTING_TAKEN);
	store_bed_run("cp '%s'/* '%s'", b.dir, b.copy);
	s = store_bed_open(b.copy);
	assert_non_null(s);
	s->ops->take(s, &again, 1);
	assert_int_equal(again->result, POSTING_AGAIN);
	assert_string_equal(buf_str(&again->answer), buf_str(&first->answer));
	assert_int_equal(again->seq, first->seq);
	letter_free(first);
	letter_free(again);
	s->ops->close(s);
}

/* Acts of the office and whatever else is written is in the file before it is acknowledged, with
 * all that was promised before it. */
static void what_is_no_letter_comes_after_them(void **state)
{
	struct central_store *s;
	struct buf value = {0};

	(void)state;
	posts_taken(1, 2);
	assert_int_equal(b.s->ops->meta_set(b.s, "k", "v"), OK);
	assert_false(files[THE_WAL].unflushed);
	posts_taken(3, 2);
	store_bed_run("cp '%s'/* '%s'", b.dir, b.copy);
	s = store_bed_open(b.copy);
	assert_non_null(s);
	assert_int_equal(s->ops->meta_get(s, "k", &value), OK);
	assert_all_there(s, 4);
	buf_fini(&value);
	s->ops->close(s);
}

static void a_clean_end_leaves_one_file(void **state)
{
	struct central_store *s;

	(void)state;
	posts_taken(1, 3);
	assert_true(store_bed_has(b.dir, "letters.log"));
	b.s->ops->close(b.s);
	assert_false(store_bed_has(b.dir, "letters.log"));
	assert_false(store_bed_has(b.dir, "central.db-wal"));
	store_bed_run("cp '%s'/central.db '%s'", b.dir, b.copy);
	s = store_bed_open(b.copy);
	assert_all_there(s, 3);
	s->ops->close(s);
	b.s = store_bed_open(b.dir);
	assert_non_null(b.s);
}

static void the_log_of_another_file_is_put_aside(void **state)
{
	struct central_store *s;
	char no[PROJECT_NO_SIZE];

	(void)state;
	s = store_bed_open(b.copy);
	assert_non_null(s);
	assert_int_equal(ask(s, 1, no), POSTING_TAKEN);
	s->ops->close(s);
	posts_taken(1, 3);
	store_bed_run("cp '%s'/letters.log '%s'", b.dir, b.copy);
	s = store_bed_open(b.copy);
	assert_non_null(s);
	assert_false(store_bed_has(b.copy, "letters.log"));
	store_bed_run("%s '%s'/letters.log.aside-*", "test -f", b.copy);
	assert_all_there(s, 1);
	s->ops->close(s);
}

/* ---- groups that fail ---- */

/* One that no table takes undoes the transaction that others before it are in. */
static void one_that_fails_takes_none_along(void **state)
{
	struct posting *bad = store_bed_letter(4);

	(void)state;
	posts_taken(1, 2);
	bad->applyer_name = NULL;
	memset(results, 0, sizeof results);
	assert_true(b.s->ops->post(b.s, store_bed_letter(3)));
	assert_true(b.s->ops->post(b.s, bad));
	assert_true(b.s->ops->post(b.s, store_bed_letter(5)));
	b.s->ops->settled(b.s, true, note, NULL);
	assert_int_equal(results[POSTING_TAKEN], 2);
	assert_int_equal(results[POSTING_FAILED], 1);
	post(1, 5);
	assert_int_equal(results[POSTING_AGAIN], 4);
	assert_int_equal(results[POSTING_TAKEN], 1);
}

/* ---- flushes and reads that fail ---- */

static void assert_promises_after_a_kill(void)
{
	struct central_store *s;

	store_bed_run("cp '%s'/* '%s'", b.dir, b.copy);
	s = store_bed_open(b.copy);
	assert_non_null(s);
	assert_promises(s);
	s->ops->close(s);
}

static struct db *db(void)
{
	return sqlite_store_at_once(b.s)->db;
}

/* Letters until a checkpoint has put off its flush, and two more, whose transaction is open; the
 * next read of a page waits for that flush, which fails. The number of the next letter. */
static int make_next_read_fail(void)
{
	int n = 1;

	do {
		posts_taken(n++, 1);
		b.s->ops->idle(b.s, 0);
		b.s->ops->settled(b.s, true, note, NULL);
	} while (db_flush_of(db()) != DB_PUT_OFF && n < PROMISES_MAX / 2);
	posts_taken(n, 2);
	assert_int_equal(db_exec(db(), "PRAGMA shrink_memory"), OK);
	files[THE_FILE].failing = 1;
	return n + 2;
}

/* SQLite ends the whole transaction for a read that fails: no letter of the group may stand on what
 * is left of it. */
static void a_read_that_fails_in_a_group_loses_none(void **state)
{
	int n = make_next_read_fail();

	(void)state;
	memset(results, 0, sizeof results);
	assert_true(b.s->ops->post(b.s, store_bed_letter(n)));
	assert_true(b.s->ops->post(b.s, store_bed_letter(1)));
	assert_true(b.s->ops->post(b.s, store_bed_letter(n + 1)));
	b.s->ops->settled(b.s, true, note, NULL);
	assert_int_equal(files[THE_FILE].failing, 0);
	assert_promises_after_a_kill();
	assert_promises(b.s);
	post(n, 2);
	assert_int_equal(results[POSTING_FAILED], 0);
	assert_promises(b.s);
}

/* … and the store gets over it by itself. */
static void a_flush_lost_under_an_open_transaction_is_got_over(void **state)
{
	int n = make_next_read_fail();

	(void)state;
	post(1, 1);
	assert_int_equal(files[THE_FILE].failing, 0);
	assert_int_equal(b.s->ops->ready(b.s), OK);
	posts_taken(n, 3);
	assert_promises(b.s);
	rests();
	assert_int_equal(db_flush_of(db()), DB_FLUSHED);
	assert_promises_after_a_kill();
}

/* What the office did was not acknowledged, and stands in the WAL as a kill leaves it: the number
 * in the order of events that it has there is given to no letter. */
static void an_act_that_failed_takes_no_letters_place(void **state)
{
	(void)state;
	posts_taken(1, 1);
	rests();
	assert_int_equal(b.s->ops->meta_set(b.s, "k", "v"), OK);
	files[THE_WAL].failing = 1;
	assert_int_not_equal(b.s->ops->notice(b.s, "停电通知", 1700000000000), OK);
	posts_taken(2, 1);
	assert_promises_after_a_kill();
	posts_taken(3, 2);
	assert_promises(b.s);
}

/* The disk fails again while the file is closed and opened for that: it is tried once more. Then
 * what the office did is found in it, and the office hears so. */
static void a_file_is_opened_when_its_disk_can(void **state)
{
	(void)state;
	posts_taken(1, 1);
	rests();
	posts_taken(2, 2);
	assert_int_equal(b.s->ops->meta_set(b.s, "k", "v"), OK);
	files[THE_WAL].failing = 4;
	assert_int_equal(b.s->ops->notice(b.s, "停电通知", 1700000000000), OK);
	posts_taken(4, 1);
	assert_int_equal(files[THE_WAL].failing, 0);
	assert_promises_after_a_kill();
}

/* Letters were committed for a reader and not flushed: the log is all that they have on the disk.
 */
static void a_commit_that_fails_leaves_the_log_to_those_before_it(void **state)
{
	char no[PROJECT_NO_SIZE];

	(void)state;
	posts_taken(1, 1);
	rests();
	posts_taken(2, 4);
	letter_project_no(b.s, 2, no);
	assert_true(files[THE_WAL].unflushed);
	wal_is_full = true;
	post(100, CROWD);
	wal_is_full = false;
	assert_int_equal(results[POSTING_FAILED], CROWD);
	posts_taken(200, 1); /* the first of a new round */
	assert_false(files[THE_WAL].unflushed);
	assert_promises_after_a_kill();
	assert_promises(b.s);
}

/* A crowd is committed, the commit fails, and who opens the file does not find it: what was refused
 * for a letter of the same group is not refused for good either. */
static void a_refusal_is_not_final_when_its_reason_is_lost(void **state)
{
	struct posting *invalid = store_bed_letter(300);

	(void)state;
	posts_taken(1, 1);
	rests();
	memset(results, 0, sizeof results);
	post_some(2, CROWD);
	post_one(letter_new("application", 200, 2, ""));       /* the case is there */
	post_one(letter_new("application", 3, 3, ",\"x\":1")); /* the key is another letter's */
	post_one(letter_new("withdraw", 201, 4, ""));
	post_one(letter_new("withdraw", 202, 4, "")); /* it is withdrawn already */
	post_one(store_bed_letter(5));
	invalid->objection = POSTING_INVALID;
	post_one(invalid);
	files[THE_WAL].unwritten = 1;
	b.s->ops->settled(b.s, true, note, NULL);
	assert_int_equal(files[THE_WAL].unwritten, 0);
	assert_int_equal(results[POSTING_INVALID], 1);
	assert_int_equal(results[POSTING_FAILED], CROWD + 5);
	/* without the first of them it is taken */
	assert_int_equal(letter_take(b.s, letter_new("application", 200, 2, "")), POSTING_TAKEN);
}

/* … and when it is found there, they stand. */
static void a_refusal_stands_when_its_reason_does(void **state)
{
	(void)state;
	posts_taken(1, 1);
	memset(results, 0, sizeof results);
	post_some(2, CROWD);
	post_one(letter_new("application", 200, 2, ""));
	files[THE_WAL].failing = 2; /* the WAL stays when it is closed */
	b.s->ops->settled(b.s, true, note, NULL);
	assert_int_equal(files[THE_WAL].failing, 0);
	assert_int_equal(results[POSTING_AGAIN], CROWD);
	assert_int_equal(results[POSTING_CASE_EXISTS], 1);
}

/* Letters come one by one, as they do when nobody else is there: whatever is done for the next one,
 * there is a quiet moment to be waited for. */
static void what_is_left_to_a_quiet_moment_is_not_forgotten(void **state)
{
	int n = 1, wishes = 0;

	(void)state;
	do {
		post_one(store_bed_letter(n++));
		b.s->ops->settled(b.s, false, note, NULL);
		b.s->ops->settled(b.s, true, note, NULL);
		wishes += b.s->ops->idle(b.s, 0) > 0;
		b.s->ops->settled(b.s, true, note, NULL);
	} while (db_flush_of(db()) != DB_PUT_OFF && n < PROMISES_MAX / 2);
	assert_int_equal(db_flush_of(db()), DB_PUT_OFF);
	assert_int_equal(wishes, n - 1);
	rests();
	assert_int_equal(db_flush_of(db()), DB_FLUSHED);
	assert_int_equal(b.s->ops->idle(b.s, 0), -1);
}

/* A number has the day in it, and the day is that of the hall. */
static void another_time_zone_changes_no_number(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	posts_taken(1, 2); /* 22:13 */
	setenv("TZ", "Asia/Shanghai", 1);
	tzset();
	assert_promises_after_a_kill();
	assert_false(store_bed_has(b.copy, "letters.log"));
}

static void limit_files(rlim_t bytes)
{
	struct rlimit r;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &r), 0);
	r.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &r), 0);
}

/* The log has them and the file takes nothing: nobody is told that there is no such case, no letter
 * is taken, no copy made; when there is room again all is as if nothing had been. */
static void a_file_that_lacks_them_is_not_read(void **state)
{
	const struct case_filter all = {.limit = 10};
	struct db_copy *copy = NULL;
	struct buf why = {0};
	char no[PROJECT_NO_SIZE], *path = paths_join(b.copy, "copy.db");

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	posts_taken(1, 1);
	rests();
	posts_taken(2, 4);
	limit_files(LITTLE);
	assert_int_equal(b.s->ops->case_get(b.s, letter_case_id(3, no), NULL, NULL), ERR_IO);
	assert_int_not_equal(b.s->ops->case_each(b.s, &all, NULL, NULL), OK);
	post(6, 1);
	assert_int_equal(results[POSTING_FAILED], 1);
	post(2, 1);
	assert_int_equal(results[POSTING_FAILED], 1);
	rests();
	assert_int_not_equal(store_sqlite_copy(&copy, b.s, path, &why), OK);
	assert_true(why.len > 0);
	assert_int_not_equal(b.s->ops->ready(b.s), OK);
	limit_files(RLIM_INFINITY);
	assert_int_equal(b.s->ops->ready(b.s), OK);
	post(2, 1);
	assert_int_equal(results[POSTING_AGAIN], 1);
	assert_all_there(b.s, 5);
	buf_fini(&why);
	free(path);
}

/* Whoever asked for a copy has hung up while letters were on their way: the thread that takes them
 * writes into the copy too, and is done with it before it is gone. */
static void a_copy_ends_when_nobody_writes_to_it(void **state)
{
	struct db_copy *copy = NULL;
	char *path = paths_join(b.copy, "copy.db");
	int64_t left, all;

	(void)state;
	posts_taken(1, CROWD);
	assert_int_equal(store_sqlite_copy(&copy, b.s, path, NULL), OK);
	assert_int_equal(store_sqlite_copy_step(b.s, copy, &left, &all), OK);
	memset(results, 0, sizeof results);
	post_some(1 + CROWD, CROWD);
	store_sqlite_copy_end(b.s, copy);
	b.s->ops->settled(b.s, false, note, NULL);
	assert_int_equal(results[POSTING_TAKEN], CROWD);
	free(path);
}

/* … or the program ends meanwhile, and another one is begun. */
static void what_could_not_be_committed_outlives_the_program(void **state)
{
	char no[PROJECT_NO_SIZE];

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	posts_taken(1, 1);
	rests();
	posts_taken(2, 4);
	limit_files(LITTLE);
	assert_int_equal(b.s->ops->case_get(b.s, letter_case_id(3, no), NULL, NULL), ERR_IO);
	b.s->ops->close(b.s);
	assert_true(store_bed_has(b.dir, "letters.log"));
	assert_null(store_bed_open(b.dir));
	assert_true(store_bed_has(b.dir, "letters.log"));
	limit_files(RLIM_INFINITY);
	b.s = store_bed_open(b.dir);
	assert_non_null(b.s);
	assert_all_there(b.s, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_a_kill_leaves_has_them, begin, end),
		cmocka_unit_test_setup_teardown(what_a_power_cut_leaves_has_them, begin, end),
		cmocka_unit_test_setup_teardown(
			a_repeat_has_its_first_answer_after_a_kill, begin, end),
		cmocka_unit_test_setup_teardown(what_is_no_letter_comes_after_them, begin, end),
		cmocka_unit_test_setup_teardown(a_clean_end_leaves_one_file, begin, end),
		cmocka_unit_test_setup_teardown(the_log_of_another_file_is_put_aside, begin, end),
		cmocka_unit_test_setup_teardown(one_that_fails_takes_none_along, begin, end),
		cmocka_unit_test_setup_teardown(
			a_read_that_fails_in_a_group_loses_none, begin, end),
		cmocka_unit_test_setup_teardown(
			a_flush_lost_under_an_open_transaction_is_got_over, begin, end),
		cmocka_unit_test_setup_teardown(
			an_act_that_failed_takes_no_letters_place, begin, end),
		cmocka_unit_test_setup_teardown(
			a_commit_that_fails_leaves_the_log_to_those_before_it, begin, end),
		cmocka_unit_test_setup_teardown(a_file_is_opened_when_its_disk_can, begin, end),
		cmocka_unit_test_setup_teardown(
			a_refusal_is_not_final_when_its_reason_is_lost, begin, end),
		cmocka_unit_test_setup_teardown(a_refusal_stands_when_its_reason_does, begin, end),
		cmocka_unit_test_setup_teardown(
			what_is_left_to_a_quiet_moment_is_not_forgotten, begin, end),
		cmocka_unit_test_setup_teardown(another_time_zone_changes_no_number, begin, end),
		cmocka_unit_test_setup_teardown(a_file_that_lacks_them_is_not_read, begin, end),
		cmocka_unit_test_setup_teardown(a_copy_ends_when_nobody_writes_to_it, begin, end),
		cmocka_unit_test_setup_teardown(
			what_could_not_be_committed_outlives_the_program, begin, end),
	};

	return cmocka_run_group_tests(tests, watch, NULL);
}
