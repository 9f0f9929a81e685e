/* A log of letters that does not fit its store's file (core/central/store_sqlite.h): of another
 * file, or with a letter that cannot be. It is put aside, never passed over, and the hall opens. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/paths.h"
#include "core/central/letter_log.h"
#include "core/central/outlook.h"
#include "core/central/posting.h"
#include "core/central/store.h"
#include "tests/unit/letters.h"
#include "tests/unit/store_bed.h"

static struct store_bed b;

static bool renames_fail;

/* This program's own stands before the system's. */
int rename(const char *from, const char *to)
{
	if (renames_fail) {
		errno = EACCES;
		return -1;
	}
	return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

static int begin(void **state)
{
	(void)state;
	renames_fail = false;
	store_bed_folders(&b);
	return 0;
}

static int end(void **state)
{
	(void)state;
	store_bed_end(&b);
	return 0;
}

static bool has_aside(const char *dir)
{
	char command[400];

	snprintf(command, sizeof command, "ls '%s'/letters.log.aside-* >/dev/null 2>&1", dir);
	return system(command) == 0;
}

/* It cannot be put aside: the centre does not start, says which file and where to, and changes
 * nothing; when it can be, it does. */
static void a_log_that_cannot_be_put_aside_is_told(void **state)
{
	struct central_store *s = NULL;
	struct buf why = {0};
	char *log = paths_join(b.copy, "letters.log");
	int i;

	(void)state;
	s = store_bed_open(b.copy);
	assert_non_null(s);
	assert_int_equal(store_bed_ask(s, 1), POSTING_TAKEN);
	s->ops->close(s);
	s = store_bed_open(b.dir);
	assert_non_null(s);
	for (i = 1; i <= 3; i++)
		assert_int_equal(store_bed_ask(s, i), POSTING_TAKEN);
	store_bed_run("cp '%s'/letters.log '%s'", b.dir, b.copy);
	s->ops->close(s);
	renames_fail = true;
	s = NULL;
	assert_int_not_equal(store_sqlite_open(&s, b.copy, &why), OK);
	assert_null(s);
	assert_non_null(strstr(buf_str(&why), log));
	assert_non_null(strstr(buf_str(&why), ": mv "));
	assert_null(strstr(buf_str(&why), "腾出空间"));
	assert_true(store_bed_has(b.copy, "letters.log"));
	renames_fail = false;
	s = store_bed_open(b.copy);
	assert_non_null(s);
	assert_true(has_aside(b.copy));
	assert_int_equal(store_bed_ask(s, 1), POSTING_AGAIN);
	s->ops->close(s);
	buf_fini(&why);
	free(log);
}

/* A letter as the store takes it, but for what is done to it. */
static struct posting *promised(int number)
{
	struct posting *p = store_bed_letter(number);

	p->result = POSTING_TAKEN;
	p->seq = number;
	p->local_receipt = "L-1";
	snprintf(p->project_no, sizeof p->project_no, "37132320231115%05d", number);
	buf_adds(&p->answer, "{}\n");
	return p;
}

/* A store with one letter, and beside it a log of its own with that one, the next, and a third. */
static void make_log(struct posting *last)
{
	struct posting *postings[] = {promised(1), promised(2), last};
	struct letter_log *log;
	struct central_store *s = store_bed_open(b.copy);
	char *path = paths_join(b.dir, "own.log"), owner[24];
	size_t i;

	assert_non_null(s);
	if (store_bed_ask(s, 1) != POSTING_TAKEN)
		fail();
	assert_int_equal(letter_log_make(&log, path), OK);
	for (i = 0; i < 3; i++)
		assert_int_equal(letter_log_put(log, &postings[i], 1), OK);
	snprintf(owner, sizeof owner, "%lld", (long long)letter_log_owner(log));
	assert_int_equal(s->ops->meta_set(s, "letters.log", owner), OK);
	letter_log_close(log);
	s->ops->close(s);
	store_bed_run("mv '%s'/own.log '%s'/letters.log", b.dir, b.copy);
	for (i = 0; i < 3; i++)
		letter_free(postings[i]);
	free(path);
}

static void no_task_code(struct posting *p)
{
	p->task_code = NULL;
}

static void no_applicant(struct posting *p)
{
	p->applyer_name = NULL;
}

static void no_kind(struct posting *p)
{
	p->kind = NULL;
}

static void no_region(struct posting *p)
{
	p->region = NULL;
}

static void unknown_kind(struct posting *p)
{
	p->kind = "no such kind";
}

static void unknown_actor(struct posting *p)
{
	p->actor = (enum case_actor)1024;
}

static void key_of_another(struct posting *p)
{
	snprintf(p->key, sizeof p->key, "018f0000-0000-7000-9000-%012d", 1);
}

static void (*const damages[])(struct posting *p) = {no_task_code, no_applicant, no_kind, no_region,
	unknown_kind, unknown_actor, key_of_another};

static void assert_opens_without(int number, bool aside)
{
	struct central_store *s = store_bed_open(b.copy);
	struct buf said = {0};

	assert_non_null(s);
	assert_int_equal(store_bed_ask(s, 1), POSTING_AGAIN);
	assert_int_equal(store_bed_ask(s, 2), POSTING_AGAIN);
	assert_int_equal(store_bed_ask(s, number), aside ? POSTING_TAKEN : POSTING_AGAIN);
	assert_int_equal(has_aside(b.copy), aside);
	outlook_letters(b.copy, &said);
	assert_int_equal(strstr(buf_str(&said), "letters.log.aside-") != NULL, aside);
	s->ops->close(s);
	buf_fini(&said);
}

/* Its sum is right, and it lacks something or says what cannot be: what came before it is taken,
 * the hall opens, and the log is kept and told of at each start. */
static void a_letter_that_cannot_be_is_put_aside(void **state)
{
	struct posting *last = promised(3);
	size_t i;

	(void)state;
	make_log(last);
	assert_opens_without(3, false);
	for (i = 0; i < sizeof damages / sizeof *damages; i++) {
		store_bed_run("rm -f '%s'/* '%s'/none", b.copy, b.copy);
		last = promised(3);
		damages[i](last);
		make_log(last);
		assert_opens_without(3, true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_log_that_cannot_be_put_aside_is_told, begin, end),
		cmocka_unit_test_setup_teardown(a_letter_that_cannot_be_is_put_aside, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
