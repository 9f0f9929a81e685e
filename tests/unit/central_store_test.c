/* The centre's store by itself: what goes into one commit, and what a failing row does to others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/paths.h"
#include "core/central/posting.h"
#include "core/central/store.h"
#include "core/central/store_sqlite.h"
#include "tests/unit/letters.h"
#include "tests/unit/scratch.h"

enum {
	FILLING_BYTES = 64 << 10 /* more than the free room of a file without a row */
};

static void prepare(struct posting *p, int number, const char *task_code)
{
	*p = (struct posting){.kind = "application",
		.acts = true,
		.act = ACT_SUBMIT,
		.actor = ACTOR_WINDOW,
		.task_code = task_code,
		.applyer_name = "李样例",
		.body = "{}",
		.body_len_bytes = 2,
		.region = "371323",
		.now_ms = clock_wall_ms(&clock_system)};
	snprintf(p->key, sizeof p->key, "018f0000-0000-7000-9000-%012d", number);
	snprintf(p->case_id, sizeof p->case_id, "018f0000-0000-7000-8000-%012d", number);
}

static enum posting_result take_one(struct central_store *s, struct posting *p)
{
	struct posting *group[] = {p};

	s->ops->take(s, group, 1);
	buf_fini(&p->answer);
	return p->result;
}

/* Whoever sent it is told that the disk is full, not only that it failed. */
static void a_full_disk_is_named(void **state)
{
	struct central_store *s;
	struct posting p;
	char *dir = scratch_folder(), *body = mem_alloc(FILLING_BYTES);

	(void)state;
	assert_int_equal(store_sqlite_open(&s, dir, NULL), OK);
	assert_int_equal(db_exec(sqlite_store_of(s)->db, "PRAGMA max_page_count = 1"), OK);
	prepare(&p, 1, "T");
	p.body = body;
	p.body_len_bytes = FILLING_BYTES;
	assert_int_equal(take_one(s, &p), POSTING_FAILED);
	assert_int_equal(p.failed_for, ERR_FULL);
	assert_int_equal(db_exec(sqlite_store_of(s)->db, "PRAGMA max_page_count = 100000"), OK);
	assert_int_equal(take_one(s, &p), POSTING_TAKEN);
	s->ops->close(s);
	free(body);
	scratch_remove(dir);
}

/* A row that the file refuses fails alone, and its number is given to the next. */
static void a_row_that_fails_fails_alone(void **state)
{
	struct central_store *s;
	struct posting p[5];
	struct posting *group[5];
	char *dir = scratch_folder();
	int i;

	(void)state;
	assert_int_equal(store_sqlite_open(&s, dir, NULL), OK);
	for (i = 0; i < 5; i++) {
		prepare(&p[i], i, i == 1 || i == 3 ? NULL : "T"); /* NOT NULL in the table */
		group[i] = &p[i];
	}
	s->ops->take(s, group, 5);
	for (i = 0; i < 5; i++)
		assert_int_equal(p[i].result, i == 1 || i == 3 ? POSTING_FAILED : POSTING_TAKEN);
	assert_string_equal(p[0].project_no + 14, "00001");
	assert_string_equal(p[2].project_no + 14, "00002");
	assert_string_equal(p[4].project_no + 14, "00003");
	/* The same group again: what was taken is told as it was. */
	for (i = 0; i < 5; i++) {
		buf_fini(&p[i].answer);
		prepare(&p[i], i, "T");
	}
	s->ops->take(s, group, 5);
	for (i = 0; i < 5; i++) {
		assert_int_equal(p[i].result, i == 1 || i == 3 ? POSTING_TAKEN : POSTING_AGAIN);
		buf_fini(&p[i].answer);
	}
	assert_string_equal(p[1].project_no + 14, "00004");
	assert_string_equal(p[3].project_no + 14, "00005");
	s->ops->close(s);
	scratch_remove(dir);
}

static const char *const first_version[] = {
#include "sql_central_1.h"
};

static void count_event(void *arg, const struct event_record *e)
{
	int64_t *last = arg;

	assert_true(e->seq > *last);
	*last = e->seq;
}

static void is_whole(const char *dir)
{
	struct paper_row row = {.size = 1, .station = 0, .at_ms = 1}, found;
	struct central_store *s;

	memset(row.sha256, 'a', PAPER_DIGEST_SIZE - 1);
	assert_int_equal(store_sqlite_open(&s, dir, NULL), OK);
	assert_int_equal(s->ops->paper_put(s, &row), OK);
	assert_int_equal(s->ops->paper_get(s, row.sha256, &found), OK);
	s->ops->close(s);
}

/* A file of the first version keeps all that it had, and goes on with its numbers. */
static void a_file_of_the_first_version(void **state)
{
	struct central_store *s;
	struct db *db;
	struct posting p, *group[] = {&p};
	char *dir = scratch_folder(), *path = paths_join(dir, "central.db");
	int64_t last = 0, next = 0;

	(void)state;
	assert_int_equal(db_open(&db, path, DB_SINGLE, NULL), OK);
	assert_int_equal(db_migrate(db, first_version, 1, NULL), OK);
	assert_int_equal(db_exec(db, "INSERT INTO event (seq, at_ms, kind, note) VALUES"
				     " (1, 1, 'notice', 'a'), (7, 2, 'notice', 'b')"),
		OK);
	db_close(db);
	assert_int_equal(store_sqlite_open(&s, dir, NULL), OK);
	assert_int_equal(s->ops->changes(s, 0, false, 0, 10, count_event, &last, &next), OK);
	assert_int_equal(last, 7);
	prepare(&p, 1, "T");
	s->ops->take(s, group, 1);
	assert_int_equal(p.result, POSTING_TAKEN);
	assert_int_equal(p.seq, 8);
	buf_fini(&p.answer);
	s->ops->close(s);
	is_whole(dir); /* and has what later versions brought */
	free(path);
	scratch_remove(dir);
}

/* Each is one text: two or three steps as if they were one. */
static const char *const called_first[] = {
#include "sql_central_1.h"
#include "sql_central_2.h"
	,
#include "sql_central_1.h"
#include "sql_central_2.h"
#include "sql_central_3.h"
};

/* Files that were made like that are taken as well. */
static void a_file_that_calls_itself_the_first(void **state)
{
	struct db *db;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof called_first / sizeof *called_first; i++) {
		char *dir = scratch_folder(), *path = paths_join(dir, "central.db");
		assert_int_equal(db_open(&db, path, DB_SINGLE, NULL), OK);
		assert_int_equal(db_migrate(db, &called_first[i], 1, NULL), OK);
		db_close(db);
		is_whole(dir);
		is_whole(dir); /* and again: it is of the last version now */
		free(path);
		scratch_remove(dir);
	}
}

/* ---- evaluations ---- */

static void evaluation(struct posting *p, int key, const char *service)
{
	prepare(p, 1, NULL);
	p->kind = "evaluation";
	p->acts = false;
	p->service = service;
	p->body = service[0] == 'a'    ? "{\"service\":\"a\"}"
		  : service[0] != '\0' ? "{\"service\":\"b\"}"
				       : "{}";
	p->body_len_bytes = strlen(p->body);
	snprintf(p->key, sizeof p->key, "018f0000-0000-7000-a000-%012d", key);
	memset(p->digest, service[0] + 1, sizeof p->digest);
}

static void count_evaluation(void *arg, const struct evaluation_record *r)
{
	assert_non_null(r->project_no);
	++*(int *)arg;
}

/* Whoever sends it under whichever key, also within one group. */
static void a_service_is_evaluated_once(void **state)
{
	static const struct {
		int key;
		const char *service;
		enum posting_result result;
	} rows[] = {{1, "a", POSTING_TAKEN}, {2, "a", POSTING_STATE}, {3, "b", POSTING_TAKEN},
		{4, "", POSTING_TAKEN}, {5, "", POSTING_STATE}, {1, "a", POSTING_AGAIN}};
	enum {
		COUNT = sizeof rows / sizeof *rows
	};
	struct central_store *s;
	struct posting first, p[COUNT], *group[COUNT], *one[] = {&first};
	char *dir = scratch_folder();
	int i, count = 0;

	(void)state;
	assert_int_equal(store_sqlite_open(&s, dir, NULL), OK);
	prepare(&first, 1, "T");
	s->ops->take(s, one, 1);
	assert_int_equal(first.result, POSTING_TAKEN);
	buf_fini(&first.answer);
	for (i = 0; i < COUNT; i++) {
		evaluation(&p[i], rows[i].key, rows[i].service);
		group[i] = &p[i];
	}
	s->ops->take(s, group, COUNT);
	for (i = 0; i < COUNT; i++) {
		assert_int_equal(p[i].result, rows[i].result);
		assert_true(p[i].result != POSTING_STATE || *posting_why(&p[i]) != '\0');
		buf_fini(&p[i].answer);
	}
	assert_int_equal(s->ops->evaluations(s, 0, 2, count_evaluation, &count), OK);
	assert_int_equal(count, 2);
	assert_int_equal(s->ops->evaluations(s, 0, 100, count_evaluation, &count), OK);
	assert_int_equal(count, 5);
	s->ops->close(s);
	scratch_remove(dir);
}

/* ---- letters that are left to the store ---- */

struct given {
	struct posting *first;
	int count, groups;
};

static void give(void *arg, struct posting **postings, size_t count, int64_t took_us)
{
	struct given *g = arg;
	size_t i;

	assert_true(took_us > 0);
	for (i = 0; i < count; i++) {
		assert_ptr_equal(postings[i], g->first + g->count++);
		assert_int_equal(postings[i]->result, POSTING_TAKEN);
		buf_fini(&postings[i]->answer);
	}
	g->groups++;
}

/* They are in before anything else is looked at, and what was asked meanwhile is right. */
static void what_was_posted_is_in_before_it_is_asked_for(void **state)
{
	enum {
		COUNT = 400
	};
	static struct posting p[COUNT];
	struct central_store *s;
	struct given g = {.first = p};
	char *dir = scratch_folder();
	int64_t last;
	int i;

	(void)state;
	assert_int_equal(store_sqlite_open(&s, dir, NULL), OK);
	assert_int_equal(s->ops->descriptor(s), -1);
	for (i = 0; i < COUNT; i++) {
		prepare(&p[i], i, "T");
		assert_true(s->ops->post(s, &p[i]));
		if (i % 10 == 0) {
			assert_int_equal(s->ops->last_seq(s, &last), OK);
			assert_int_equal(last, i + 1);
		}
		s->ops->settled(s, false, give, &g);
		s->ops->idle(s, i % 3 == 0 ? 1000 : 0); /* a checkpoint now and then */
	}
	assert_true(s->ops->descriptor(s) >= 0);
	s->ops->settled(s, true, give, &g);
	assert_int_equal(g.count, COUNT);
	assert_in_range(g.groups, COUNT / 10, COUNT);
	assert_string_equal(p[COUNT - 1].project_no + 14, "00400");
	/* What is posted and not asked for again is durable when the store is closed. */
	prepare(&p[0], COUNT, "T");
	assert_true(s->ops->post(s, &p[0]));
	s->ops->close(s);
	buf_fini(&p[0].answer);
	assert_int_equal(store_sqlite_open(&s, dir, NULL), OK);
	assert_int_equal(s->ops->last_seq(s, &last), OK);
	assert_int_equal(last, COUNT + 1);
	s->ops->close(s);
	scratch_remove(dir);
}

enum {
	COPIED_MATTERS = 3000
};

/* Some megabytes, so that a copy has several slices. */
static void put_matters(struct central_store *s)
{
	char code[16], body[2000];
	struct matter_row row = {code, "matter", body};
	int i;

	memset(body, 'x', sizeof body - 1);
	body[sizeof body - 1] = '\0';
	assert_int_equal(s->ops->import_begin(s), OK);
	for (i = 0; i < COPIED_MATTERS; i++) {
		snprintf(code, sizeof code, "T%05d", i);
		assert_int_equal(s->ops->import_put(s, &row, 1), OK);
	}
	assert_int_equal(s->ops->import_end(s, 1), OK);
}

/* A slice, letters, a slice …: the copy is of its last moment, and is a store. */
static void a_copy_has_what_came_while_it_was_made(void **state)
{
	char *dir = scratch_folder(), *there = scratch_folder(), *path;
	struct central_store *s, *again;
	struct catalogue_state known;
	struct db_copy *copy;
	int64_t left = 1, all = 0;
	int number = 0, i;

	(void)state;
	assert_int_equal(store_sqlite_open(&s, dir, NULL), OK);
	put_matters(s);
	assert_int_equal(letter_apply(s, number++, 1), POSTING_TAKEN);
	path = paths_join(there, "central.db");
	assert_int_equal(store_sqlite_copy(&copy, s, path, NULL), OK);
	while (!db_copy_is_whole(copy)) {
		assert_int_equal(store_sqlite_copy_step(s, copy, &left, &all), OK);
		if (!db_copy_is_whole(copy))
			assert_int_equal(letter_apply(s, number++, 1), POSTING_TAKEN);
	}
	assert_true(number > 3);
	store_sqlite_copy_end(s, copy);
	assert_int_equal(letter_apply(s, number, 1), POSTING_TAKEN); /* too late */
	assert_int_equal(store_sqlite_open(&again, there, NULL), OK);
	for (i = 0; i < number; i++)
		assert_int_equal(letter_apply(again, i, 1), POSTING_AGAIN);
	assert_int_equal(letter_apply(again, number, 1), POSTING_TAKEN);
	assert_int_equal(again->ops->catalogue(again, true, &known), OK);
	assert_int_equal(known.matters, COPIED_MATTERS);
	again->ops->close(again);
	/* given up: nothing is left */
	unlink(path);
	assert_int_equal(store_sqlite_copy(&copy, s, path, NULL), OK);
	assert_int_equal(store_sqlite_copy_step(s, copy, &left, &all), OK);
	store_sqlite_copy_end(s, copy);
	assert_int_not_equal(access(path, F_OK), 0);
	s->ops->close(s);
	free(path);
	scratch_remove(dir);
	scratch_remove(there);
}

/* Rows that cannot be removed, as on a full disk, are in nobody's catalogue. */
static void a_dropped_import_stays_unseen(void **state)
{
	char *dir = scratch_folder(), *path = paths_join(dir, "central.db");
	const struct matter_row row = {"T1", "matter", "{}"};
	struct central_store *s;
	struct db *db;

	(void)state;
	assert_int_equal(store_sqlite_open(&s, dir, NULL), OK);
	s->ops->close(s);
	assert_int_equal(db_open(&db, path, DB_SINGLE, NULL), OK);
	assert_int_equal(db_exec(db, "CREATE TRIGGER stays BEFORE DELETE ON matter"
				     " BEGIN SELECT RAISE(ABORT, 'no'); END"),
		OK);
	db_close(db);
	assert_int_equal(store_sqlite_open(&s, dir, NULL), OK);
	assert_int_equal(s->ops->import_begin(s), OK);
	assert_int_equal(s->ops->import_begin(s), ERR_BUSY); /* one at a time */
	assert_int_equal(s->ops->import_put(s, &row, 1), OK);
	s->ops->import_drop(s);
	assert_false(s->ops->matter_known(s, "T1"));
	assert_int_not_equal(s->ops->import_begin(s), OK); /* they are in the way … */
	assert_false(s->ops->matter_known(s, "T1"));
	s->ops->close(s);
	assert_int_equal(store_sqlite_open(&s, dir, NULL), OK);
	assert_false(s->ops->matter_known(s, "T1"));
	s->ops->close(s);
	assert_int_equal(db_open(&db, path, DB_SINGLE, NULL), OK);
	assert_int_equal(db_exec(db, "DROP TRIGGER stays"), OK);
	db_close(db);
	assert_int_equal(store_sqlite_open(&s, dir, NULL), OK); /* … until they can be removed */
	assert_false(s->ops->matter_known(s, "T1"));
	assert_int_equal(s->ops->import_begin(s), OK);
	s->ops->import_drop(s);
	s->ops->close(s);
	free(path);
	scratch_remove(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dropped_import_stays_unseen),
		cmocka_unit_test(a_copy_has_what_came_while_it_was_made),
		cmocka_unit_test(a_full_disk_is_named),
		cmocka_unit_test(a_row_that_fails_fails_alone),
		cmocka_unit_test(a_file_of_the_first_version),
		cmocka_unit_test(a_file_that_calls_itself_the_first),
		cmocka_unit_test(a_service_is_evaluated_once),
		cmocka_unit_test(what_was_posted_is_in_before_it_is_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
