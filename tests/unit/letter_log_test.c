/* The log of letters (core/central/letter_log.h): what was put comes back as it was, byte for byte;
 * what is torn, of an older round, of another file or no log at all does not. */
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
#include "core/base/mem.h"
#include "core/base/paths.h"
#include "core/central/letter_log.h"
#include "tests/unit/letters.h"
#include "tests/unit/scratch.h"

enum {
	PAGE = 4096,
	MANY = 2000
};

struct bench {
	char *dir, *path;
	struct letter_log *log;
	uint64_t owner;
};

static struct bench b;

static int begin(void **state)
{
	(void)state;
	b.dir = scratch_folder();
	b.path = paths_join(b.dir, "letters.log");
	if (letter_log_make(&b.log, b.path) != OK)
		return 1;
	b.owner = letter_log_owner(b.log);
	return 0;
}

static int end(void **state)
{
	(void)state;
	letter_log_close(b.log);
	free(b.path);
	scratch_remove(b.dir);
	return 0;
}

/* As a store leaves it. */
static struct posting *taken(const char *kind, int number)
{
	struct posting *p = letter_new(kind, number, number, ",\"local_receipt\":\"L-王\"");

	p->result = POSTING_TAKEN;
	p->seq = number;
	snprintf(p->project_no, sizeof p->project_no, "37132320261130%05d", number);
	buf_printf(&p->answer, "{\"n\":%d}\n", number);
	return p;
}

static enum err put_one(int number)
{
	struct posting *p = taken("application", number);
	enum err e = letter_log_put(b.log, &p, 1);

	letter_free(p);
	return e;
}

/* ---- reading it ---- */

struct seen {
	size_t count;
	int64_t last;
	size_t most; /* stops there; 0: never */
};

static bool see(void *arg, struct posting *p)
{
	struct seen *s = arg;

	s->count++;
	s->last = p->seq;
	return s->most == 0 || s->count < s->most;
}

/* As the next program does, which does not know what was put. */
static struct seen read_back(void)
{
	struct letter_log *l;
	struct seen s = {0};

	assert_int_equal(letter_log_open(&l, b.path), OK);
	assert_int_equal(letter_log_each(l, b.owner, see, &s), OK);
	letter_log_close(l);
	return s;
}

static void assert_text(const char *a, const char *b_)
{
	if (a == NULL || b_ == NULL)
		assert_ptr_equal(a, b_);
	else
		assert_string_equal(a, b_);
}

static bool compare(void *arg, struct posting *p)
{
	const struct posting *was = *(struct posting **)arg;

	assert_string_equal(p->key, was->key);
	assert_memory_equal(p->digest, was->digest, sizeof p->digest);
	assert_int_equal(p->body_len_bytes, was->body_len_bytes);
	assert_memory_equal(p->body, was->body, p->body_len_bytes);
	assert_int_equal(p->station, was->station);
	assert_int_equal(p->of_station, was->of_station);
	assert_int_equal(p->now_ms, was->now_ms);
	assert_text(p->region, was->region);
	assert_text(p->kind, was->kind);
	assert_text(p->case_id, was->case_id);
	assert_text(p->task_code, was->task_code);
	assert_text(p->task_name, was->task_name);
	assert_text(p->applyer_name, was->applyer_name);
	assert_text(p->local_receipt, was->local_receipt);
	assert_text(p->replaces, was->replaces);
	assert_text(p->note, was->note);
	assert_text(p->service, was->service);
	assert_int_equal(p->acts, was->acts);
	assert_int_equal(p->act, was->act);
	assert_int_equal(p->actor, was->actor);
	assert_string_equal(p->query_password, was->query_password);
	assert_string_equal(p->project_no, was->project_no);
	assert_int_equal(p->seq, was->seq);
	assert_string_equal(p->first_answer, buf_str(&was->answer));
	*(struct posting **)arg = NULL;
	return true;
}

static void what_was_put_comes_back_as_it_was(void **state)
{
	static const char *const kinds[] = {
		"application", "supplement", "correction", "evaluation", "withdraw", "void"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct posting *p = taken(kinds[i], (int)i + 1), *left = p;
		p->station = INT64_MAX;
		p->of_station = -1;
		if (i % 2 == 1)
			p->note = "补正: “再看一眼”\n\x01";
		snprintf(p->replaces, sizeof p->replaces, "%s", i % 3 == 0 ? p->key : "");
		assert_int_equal(letter_log_put(b.log, &p, 1), OK);
		assert_int_equal(letter_log_each(b.log, b.owner, compare, &left), OK);
		assert_null(left);
		letter_log_begin_again(b.log);
		letter_free(p);
	}
}

static void only_what_was_taken_is_in_it(void **state)
{
	struct posting *group[3] = {
		taken("application", 1), taken("application", 2), taken("application", 3)};
	struct seen s;
	size_t i;

	(void)state;
	group[1]->result = POSTING_AGAIN;
	assert_int_equal(letter_log_put(b.log, group, 3), OK);
	s = read_back();
	assert_int_equal(s.count, 2);
	assert_int_equal(s.last, 3);
	s = (struct seen){.most = 1};
	assert_int_equal(letter_log_each(b.log, b.owner, see, &s), OK);
	assert_int_equal(s.count, 1);
	for (i = 0; i < 3; i++)
		letter_free(group[i]);
}

/* ---- what is not whole ---- */

static char *file_bytes(size_t *len)
{
	char *bytes = mem_alloc(3 * PAGE);
	FILE *f = fopen(b.path, "r");

	assert_non_null(f);
	*len = fread(bytes, 1, 3 * PAGE, f);
	fclose(f);
	return bytes;
}

static void overwrite(size_t at, const void *bytes, size_t len)
{
	FILE *f = fopen(b.path, "r+");

	assert_non_null(f);
	assert_int_equal(fseek(f, (long)at, SEEK_SET), 0);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static void a_byte_that_differs_ends_it_there(void **state)
{
	struct seen s;
	char *bytes;
	size_t len, i, used = PAGE;

	(void)state;
	for (i = 1; i <= 3; i++)
		assert_int_equal(put_one((int)i), OK);
	bytes = file_bytes(&len);
	assert_int_equal(len, 3 * PAGE);
	while (bytes[PAGE + used - 1] == 0)
		used--;
	for (i = 0; i < PAGE; i += i < used ? 3 : 500) {
		char other = (char)(bytes[PAGE + i] ^ 0x10);
		overwrite(PAGE + i, &other, 1);
		assert_int_equal(read_back().count, i < used ? 1 : 3);
		/* who has put three knows that two are missing */
		s = (struct seen){0};
		assert_int_equal(letter_log_each(b.log, b.owner, see, &s), i < used ? ERR_IO : OK);
		overwrite(PAGE + i, &bytes[PAGE + i], 1);
	}
	assert_int_equal(read_back().count, 3);
	free(bytes);
}

static void a_file_cut_short_has_what_was_whole(void **state)
{
	size_t cuts[] = {3 * PAGE, 3 * PAGE - 1, 2 * PAGE + 200, 2 * PAGE + 1, 2 * PAGE, PAGE + 90,
		PAGE, 40, 0};
	size_t most[] = {3, 3, 2, 2, 2, 1, 1, 0, 0}, i;

	(void)state;
	for (i = 1; i <= 3; i++)
		assert_int_equal(put_one((int)i), OK);
	for (i = 0; i < sizeof cuts / sizeof *cuts; i++) {
		assert_int_equal(truncate(b.path, (off_t)cuts[i]), 0);
		assert_int_equal(read_back().count, most[i]);
	}
}

static void an_older_round_does_not_follow(void **state)
{
	(void)state;
	assert_int_equal(put_one(1), OK);
	assert_int_equal(put_one(2), OK);
	assert_int_equal(put_one(3), OK);
	letter_log_begin_again(b.log);
	assert_int_equal(read_back().count, 3); /* nothing was written yet: they are still there */
	assert_int_equal(put_one(4), OK);
	assert_int_equal(read_back().count, 1);
	assert_int_equal(read_back().last, 4);
}

static void rubbish_is_no_log(void **state)
{
	uint32_t c = 7;
	char page[PAGE];
	size_t i, turn;

	(void)state;
	for (turn = 0; turn < 200; turn++) {
		assert_int_equal(put_one(1), OK);
		letter_log_begin_again(b.log);
		for (i = 0; i < PAGE; i++)
			page[i] = (char)((c = c * 1664525 + 1013904223) >> 24);
		/* the magic, the version and the sum as they were, or nothing */
		overwrite(turn % 2 == 0 ? 0 : 12, page, turn % 2 == 0 ? PAGE : 36);
		assert_int_equal(read_back().count, 0);
	}
}

static void another_version_and_another_owner_are_told(void **state)
{
	struct seen s = {0};
	char newer = 2;

	(void)state;
	assert_int_equal(put_one(1), OK);
	assert_int_equal(letter_log_each(b.log, b.owner + 1, see, &s), ERR_INVALID);
	overwrite(8, &newer, 1);
	assert_int_equal(letter_log_each(b.log, b.owner, see, &s), ERR_STATE);
	assert_int_equal(s.count, 0);
}

/* Its sums are right, so it may have been promised: it is not passed over as one that was torn. */
static void one_that_is_whole_and_strange_is_told(void **state)
{
	struct posting *p[] = {taken("application", 2), taken("application", 2)};
	struct letter_log *l;
	struct seen s;
	size_t i;

	(void)state;
	p[0]->actor = (enum case_actor)1024;
	p[1]->region = NULL;
	for (i = 0; i < 2; i++) {
		s = (struct seen){0};
		assert_int_equal(put_one(1), OK);
		assert_int_equal(letter_log_put(b.log, &p[i], 1), OK);
		assert_int_equal(letter_log_open(&l, b.path), OK);
		assert_int_equal(letter_log_each(l, b.owner, see, &s), ERR_INVALID);
		assert_int_equal(s.count, 1); /* what came before it */
		letter_log_close(l);
		letter_log_begin_again(b.log);
		letter_free(p[i]);
	}
}

/* ---- room ---- */

static void it_does_not_grow(void **state)
{
	int n = 0;
	enum err e = OK;

	(void)state;
	while (n < MANY && (e = put_one(n + 1)) == OK)
		n++;
	assert_int_equal(e, ERR_FULL);
	assert_int_equal(n, (2 << 20) / PAGE);
	assert_false(letter_log_is_broken(b.log));
	assert_int_equal(read_back().count, n);
	letter_log_begin_again(b.log);
	assert_int_equal(put_one(MANY), OK);
}

static void limit_files(rlim_t bytes)
{
	struct rlimit r;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &r), 0);
	r.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &r), 0);
}

static void what_cannot_be_written_breaks_it(void **state)
{
	struct letter_log *other = NULL;
	char *path = paths_join(b.dir, "other.log");

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(put_one(1), OK);
	limit_files(PAGE);
	assert_int_equal(put_one(2), ERR_IO);
	assert_int_not_equal(letter_log_make(&other, path), OK);
	limit_files(RLIM_INFINITY);
	assert_int_not_equal(access(path, F_OK), 0); /* what was begun of it takes no room */
	assert_true(letter_log_is_broken(b.log));
	assert_int_equal(put_one(2), ERR_IO);
	assert_int_equal(read_back().count, 1);
	free(path);
}

static void one_that_was_removed_promises_nothing(void **state)
{
	(void)state;
	assert_int_equal(put_one(1), OK);
	assert_int_equal(unlink(b.path), 0);
	assert_int_equal(put_one(2), ERR_IO);
	assert_true(letter_log_is_broken(b.log));
}

static void one_that_is_not_there_is_not_made(void **state)
{
	struct letter_log *other = NULL;
	char *path = paths_join(b.dir, "other.log");

	(void)state;
	assert_int_equal(letter_log_open(&other, path), ERR_NOT_FOUND);
	assert_int_not_equal(access(path, F_OK), 0);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_put_comes_back_as_it_was, begin, end),
		cmocka_unit_test_setup_teardown(only_what_was_taken_is_in_it, begin, end),
		cmocka_unit_test_setup_teardown(a_byte_that_differs_ends_it_there, begin, end),
		cmocka_unit_test_setup_teardown(a_file_cut_short_has_what_was_whole, begin, end),
		cmocka_unit_test_setup_teardown(an_older_round_does_not_follow, begin, end),
		cmocka_unit_test_setup_teardown(rubbish_is_no_log, begin, end),
		cmocka_unit_test_setup_teardown(
			another_version_and_another_owner_are_told, begin, end),
		cmocka_unit_test_setup_teardown(one_that_is_whole_and_strange_is_told, begin, end),
		cmocka_unit_test_setup_teardown(it_does_not_grow, begin, end),
		cmocka_unit_test_setup_teardown(what_cannot_be_written_breaks_it, begin, end),
		cmocka_unit_test_setup_teardown(one_that_was_removed_promises_nothing, begin, end),
		cmocka_unit_test_setup_teardown(one_that_is_not_there_is_not_made, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
