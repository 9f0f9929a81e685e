/* Groups that are written with what is hoped to be so: when that is tried, and that it never tells
 * in what is taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <signal.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/central/store_postgres_group.h"
#include "core/central/store_postgres_hope.h"
#include "tests/unit/letters.h"
#include "tests/unit/postgres.h"

/* ---- when ---- */

static struct group group_of(struct posting **letters, size_t count)
{
	struct group g;

	group_init(&g, letters, count);
	return g;
}

/* A hope that has seen five events and three numbers. */
static struct hope after_some(struct posting *letter)
{
	struct group g = group_of(&letter, 1);
	struct hope h = {.known = false};

	g.last_seq = 5;
	g.series[0].n = 3;
	hope_learn(&h, &g, 7, false);
	group_fini(&g);
	return h;
}

static void new_cases_need_not_be_read(void **state)
{
	struct posting *letters[] = {
		letter_new("application", 1, 1, ""), letter_new("application", 2, 2, "")};
	struct hope h = {.known = false};
	struct group g = group_of(letters, 2);

	(void)state;
	assert_false(hope_fill(&h, &g, 7)); /* nothing is known */
	h = after_some(letters[0]);
	assert_true(hope_fill(&h, &g, 7));
	assert_int_equal(g.last_seq, 5);
	assert_int_equal(g.series[0].n, 3);
	assert_false(hope_fill(&h, &g, 8)); /* the connection is another one */
	letters[1]->objection = POSTING_INVALID;
	assert_false(hope_fill(&h, &g, 7));
	group_fini(&g);
	letter_free(letters[0]);
	letter_free(letters[1]);
}

static void what_looks_back_is_read(void **state)
{
	static const struct {
		const char *kind;
		int key, of_case;
		const char *extra;
	} seconds[] = {
		{"application", 1, 2, ""}, /* the same key */
		{"application", 2, 1, ""}, /* the same case */
		{"supplement", 2, 2, ""},
		{"evaluation", 2, 2, ",\"satisfaction\":\"1\""},
		{"application", 2, 2, ",\"replaces\":\"018f0000-0000-7000-9000-000000000009\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof seconds / sizeof seconds[0]; i++) {
		struct posting *letters[] = {letter_new("application", 1, 1, ""),
			letter_new(seconds[i].kind, seconds[i].key, seconds[i].of_case,
				seconds[i].extra)};
		struct hope h = after_some(letters[0]);
		struct group g = group_of(letters, 2);
		if (hope_fill(&h, &g, 7))
			fail_msg("row %zu", i);
		group_fini(&g);
		letter_free(letters[0]);
		letter_free(letters[1]);
	}
}

static void another_day_is_read(void **state)
{
	struct posting *letters[] = {
		letter_new("application", 1, 1, ""), letter_new("application", 2, 2, "")};
	struct hope h = after_some(letters[0]);
	struct group g;

	(void)state;
	letters[1]->now_ms += INT64_C(86400000);
	g = group_of(letters, 2); /* midnight within the group */
	assert_false(hope_fill(&h, &g, 7));
	hope_learn(&h, &g, 7, false);
	assert_false(h.known);
	group_fini(&g);
	h = after_some(letters[0]);
	g = group_of(letters + 1, 1);
	assert_false(hope_fill(&h, &g, 7));
	group_fini(&g);
	letter_free(letters[0]);
	letter_free(letters[1]);
}

/* How many groups of new cases are read until hope is tried again. */
static int read_after(struct hope *h, struct group *g)
{
	int count = 0;

	hope_fail(h);
	while (!hope_fill(h, g, 7)) {
		hope_learn(h, g, 7, false);
		assert_true(count++ < 5000);
	}
	return count;
}

static void failing_often_it_is_tried_seldom(void **state)
{
	struct posting *letter = letter_new("application", 1, 1, "");
	struct hope h = after_some(letter);
	struct group g = group_of(&letter, 1);
	int i;

	(void)state;
	assert_int_equal(read_after(&h, &g), 1);
	assert_int_equal(read_after(&h, &g), 2);
	assert_int_equal(read_after(&h, &g), 4);
	for (i = 0; i < 20; i++)
		read_after(&h, &g);
	assert_int_equal(read_after(&h, &g), 1024);
	hope_learn(&h, &g, 7, true);
	assert_int_equal(read_after(&h, &g), 1);
	group_fini(&g);
	letter_free(letter);
}

/* ---- what is taken ---- */

static struct postgres server;

static struct central_store *open_at(const char *conninfo)
{
	struct central_store *s = NULL;

	assert_int_equal(store_postgres_open(&s, conninfo, NULL), OK);
	return s;
}

/* Number and answer are those of the n-th case. */
static void is_the(struct central_store *s, int of_case, int n)
{
	char no[PROJECT_NO_SIZE];

	assert_int_equal(atoi(letter_project_no(s, of_case, no) + 14), n);
}

/* Two programs, one database: what one has left there is over when the other has written. */
static void another_program_writes_between(void **state)
{
	char conninfo[256];
	struct central_store *a, *b;

	(void)state;
	postgres_database(&server, "between", conninfo);
	a = open_at(conninfo);
	b = open_at(conninfo);
	assert_int_equal(letter_apply(a, 1, 0), POSTING_TAKEN);
	assert_int_equal(letter_apply(a, 2, 0), POSTING_TAKEN); /* as hoped */
	assert_int_equal(letter_apply(b, 3, 0), POSTING_TAKEN);
	assert_int_equal(letter_apply(a, 4, 0), POSTING_TAKEN); /* not as hoped */
	assert_int_equal(letter_apply(b, 5, 0), POSTING_TAKEN); /* nor this */
	assert_int_equal(letter_apply(a, 6, 0), POSTING_TAKEN);
	assert_int_equal(letter_apply(a, 7, 0), POSTING_TAKEN);
	for (int i = 1; i <= 7; i++)
		is_the(a, i, i);
	assert_int_equal(postgres_ask(conninfo, "SELECT count(*) FROM event"), 7);
	assert_int_equal(postgres_ask(conninfo, "SELECT max(seq) FROM event"), 7);
	assert_int_equal(postgres_ask(conninfo, "SELECT n FROM series"), 7);
	a->ops->close(a);
	b->ops->close(b);
}

/* A key or a case that is there is found, whether it was hoped for or not. */
static void what_is_there_is_found(void **state)
{
	char conninfo[256];
	struct central_store *s;
	struct posting *p;
	int i;

	(void)state;
	postgres_database(&server, "found", conninfo);
	s = open_at(conninfo);
	for (i = 1; i <= 3; i++)
		assert_int_equal(letter_apply(s, i, 0), POSTING_TAKEN);
	p = letter_new("application", 2, 2, "");
	s->ops->take(s, &p, 1);
	assert_int_equal(p->result, POSTING_AGAIN);
	assert_int_equal(p->seq, 2);
	assert_non_null(strstr(buf_str(&p->answer), p->project_no));
	letter_free(p);
	for (i = 4; i <= 8; i++)
		assert_int_equal(letter_apply(s, i, 0), POSTING_TAKEN);
	assert_int_equal(
		letter_take(s, letter_new("application", 8, 8, ",\"x\":1")), POSTING_OTHER_BODY);
	for (i = 9; i <= 20; i++)
		assert_int_equal(letter_apply(s, i, 0), POSTING_TAKEN);
	assert_int_equal(
		letter_take(s, letter_new("application", 21, 20, "")), POSTING_CASE_EXISTS);
	for (i = 21; i <= 40; i++)
		assert_int_equal(letter_apply(s, i, 0), POSTING_TAKEN);
	for (i = 1; i <= 40; i++)
		is_the(s, i, i);
	assert_int_equal(postgres_ask(conninfo, "SELECT count(*) FROM event"), 40);
	assert_int_equal(postgres_ask(conninfo, "SELECT n FROM series"), 40);
	s->ops->close(s);
}

/* How often keys were looked up for the first `count` letters, by the server's own count, which a
 * session hands in when it leaves. */
static long looked_up(const char *conninfo, long count)
{
	int64_t until_ms = clock_mono_ms(&clock_system) + 20000;

	while (postgres_ask(conninfo,
		       "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'event'") < count)
		assert_true(clock_mono_ms(&clock_system) < until_ms);
	return postgres_ask(conninfo,
		"SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'event_key'");
}

/* One round trip less: keys are not looked up. */
static void as_hoped_nothing_is_read(void **state)
{
	char conninfo[256];
	struct central_store *s;
	long first;
	int i;

	(void)state;
	postgres_database(&server, "reads", conninfo);
	s = open_at(conninfo);
	assert_int_equal(letter_apply(s, 1, 0), POSTING_TAKEN);
	s->ops->close(s);
	first = looked_up(conninfo, 1);
	s = open_at(conninfo);
	for (i = 2; i <= 50; i++)
		assert_int_equal(letter_apply(s, i, 0), POSTING_TAKEN);
	s->ops->close(s);
	assert_int_equal(looked_up(conninfo, 50), first + 1); /* of the first group */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_cases_need_not_be_read),
		cmocka_unit_test(what_looks_back_is_read),
		cmocka_unit_test(another_day_is_read),
		cmocka_unit_test(failing_often_it_is_tried_seldom),
		cmocka_unit_test(another_program_writes_between),
		cmocka_unit_test(what_is_there_is_found),
		cmocka_unit_test(as_hoped_nothing_is_read),
	};
	int failed;

	postgres_make(&server);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	postgres_stop(&server, SIGINT);
	postgres_remove(&server);
	return failed;
}
