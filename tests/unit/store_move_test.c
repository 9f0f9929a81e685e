/* A centre moves from its file into a database: nothing is lost, nothing is other than it was, and
 * a move that was cut is not made twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <signal.h>

#include "core/base/mem.h"
#include "core/central/store_move.h"
#include "core/central/store.h"
#include "core/central/store_sqlite.h"
#include "tests/unit/letters.h"
#include "tests/unit/postgres.h"
#include "tests/unit/scratch.h"

enum {
	APPLICATIONS = 450 /* more than goes at a time */
};

static struct postgres server;

struct bench {
	char *dir;
	char conninfo[256];
	struct central_store *file, *database;
};

static const char *to_accepted(void *arg, const char *from)
{
	(void)arg;
	return strcmp(from, "received") == 0 ? "accepted" : NULL;
}

static void fill(struct central_store *s)
{
	static const unsigned char code[32] = "code", token[32] = "token", other[32] = "other";
	static const struct matter_row matters[] = {
		{"A", "甲", "{\"a\":1}"}, {"B", "乙", "{\"b\":2}"}};
	struct paper_row paper = {.size = 5, .station = 1, .at_ms = 2};
	struct case_advance step = {.note = "齐了",
		.facts = "{\"handle_user_name\":\"王示范\"}",
		.now_ms = 5,
		.judge = to_accepted};
	struct buf name = {0};
	char no[PROJECT_NO_SIZE];
	const char *state;
	char *large = mem_alloc(70000);
	int i;

	assert_int_equal(s->ops->station_add(s, "一号", false, code, 1000, 10), OK);
	assert_int_equal(s->ops->station_add(s, "二号", false, other, 1000, 10), OK);
	assert_int_equal(s->ops->station_enrol(s, code, token, 20, &name), OK);
	for (i = 1; i <= APPLICATIONS; i++)
		assert_int_equal(letter_apply(s, i, i % 3), POSTING_TAKEN);
	snprintf(large, 70000,
		",\"note\":\"%060000d\",\"replaces\":\"018f0000-0000-7000-9000-%012d\"", 7, 3);
	assert_int_equal(letter_take(s, letter_new("application", 1001, 3, large)), POSTING_TAKEN);
	assert_int_equal(letter_take(s, letter_new("evaluation", 1002, 1,
						",\"satisfaction\":\"1\",\"service\":\"d\"")),
		POSTING_TAKEN);
	assert_int_equal(letter_take(s, letter_new("note", 1003, 2, ",\"note\":\"家属\\n代办\"")),
		POSTING_TAKEN);
	step.project_no = letter_project_no(s, 4, no);
	assert_int_equal(s->ops->advance(s, &step, &state), OK);
	assert_int_equal(s->ops->notice(s, "明日停电", 6), OK);
	assert_int_equal(s->ops->import_begin(s), OK);
	assert_int_equal(s->ops->import_put(s, matters, 2), OK);
	assert_int_equal(s->ops->import_end(s, 7), OK);
	memset(paper.sha256, 'a', PAPER_DIGEST_SIZE - 1);
	assert_int_equal(s->ops->paper_put(s, &paper), OK);
	assert_int_equal(s->ops->meta_set(s, "region", "371323"), OK);
	assert_int_equal(s->ops->meta_set(s, "receipt.key", "K"), OK);
	free(large);
	buf_fini(&name);
}

/* ---- all that a store says ---- */

static const char *word(const char *s)
{
	return s != NULL ? s : "-";
}

static void see_event(void *arg, const struct event_record *e)
{
	buf_printf(arg, "E%lld %lld %s %s %s %s %s %s %s %s\n", (long long)e->seq,
		(long long)e->at_ms, e->kind, word(e->project_no), word(e->case_id), word(e->state),
		word(e->note), word(e->key), word(e->who), word(e->facts));
}

static void see_body(void *arg, const struct event_body *b)
{
	buf_printf(arg, "B%s %lld %d ", b->kind, (long long)b->at_ms, b->of_office);
	buf_add(arg, b->text, b->len_bytes);
}

static void see_touch(void *arg, const struct event_touch *t)
{
	buf_printf(arg, "T%lld %lld %lld\n", (long long)t->seq, (long long)t->owner,
		(long long)t->source);
}

static bool see_case(void *arg, const struct case_record *c)
{
	buf_printf(arg, "C%s %s %s %lld %s %s %s %s %s %s %lld %lld\n", c->project_no, c->case_id,
		c->key, (long long)c->station, c->task_code, word(c->task_name), c->applyer_name,
		word(c->local_receipt), c->query_password, c->state, (long long)c->received_ms,
		(long long)c->updated_ms);
	return true;
}

static void see_station(void *arg, const struct station_record *r)
{
	buf_printf(arg, "S%lld %s %lld %lld\n", (long long)r->id, r->name, (long long)r->added_ms,
		(long long)r->enrolled_ms);
}

static void see_matter(void *arg, const char *code, const char *body)
{
	buf_printf(arg, "M%s %s\n", code, body);
}

static void see_paper(void *arg, const struct paper_row *row)
{
	buf_printf(arg, "P%s %s %lld %lld %lld\n", row->sha256, row->sm3, (long long)row->size,
		(long long)row->station, (long long)row->at_ms);
}

static void see_evaluation(void *arg, const struct evaluation_record *r)
{
	buf_printf(arg, "V%lld %lld %s %s %s\n", (long long)r->seq, (long long)r->at_ms,
		r->project_no, word(r->task_name), r->body);
}

static void tell_all(struct central_store *s, struct buf *out)
{
	const struct case_filter all = {.limit = 100000};
	struct catalogue_state catalogue;
	char no[PROJECT_NO_SIZE];
	int64_t next;
	int i;

	assert_int_equal(s->ops->case_each(s, &all, see_case, out), OK);
	assert_int_equal(s->ops->changes(s, 0, false, 0, 100000, see_event, out, &next), OK);
	assert_int_equal(s->ops->touches(s, 0, 100000, see_touch, out), OK);
	for (i = 1; i <= 5; i++) {
		assert_int_equal(
			s->ops->history(s, letter_project_no(s, i, no), see_event, out), OK);
		assert_int_equal(s->ops->bodies(s, no, see_body, out), OK);
	}
	assert_int_equal(s->ops->station_each(s, see_station, out), OK);
	assert_int_equal(s->ops->matter_each(s, "", 100, see_matter, out), OK);
	assert_int_equal(s->ops->paper_each_part(s, -1, see_paper, out), OK);
	assert_int_equal(s->ops->evaluations(s, 0, 100, see_evaluation, out), OK);
	assert_int_equal(s->ops->catalogue(s, true, &catalogue), OK);
	buf_printf(out, "%s %lld\n", catalogue.version, (long long)catalogue.matters);
	assert_int_equal(s->ops->meta_get(s, "region", out), OK);
	assert_int_equal(s->ops->meta_get(s, "receipt.key", out), OK);
}

static int set_up(void **state)
{
	static int databases;
	struct bench *b = mem_alloc(sizeof *b);
	char name[16];

	b->dir = scratch_folder();
	snprintf(name, sizeof name, "t%d", ++databases);
	postgres_database(&server, name, b->conninfo);
	assert_int_equal(store_sqlite_open(&b->file, b->dir, NULL), OK);
	assert_int_equal(store_postgres_open(&b->database, b->conninfo, NULL), OK);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	b->file->ops->close(b->file);
	b->database->ops->close(b->database);
	scratch_remove(b->dir);
	free(b);
	return 0;
}

static enum err move(struct bench *b, struct move_result *out)
{
	struct buf why = {0};
	enum err e = store_move(b->file, b->database, out, &why);

	assert_true((why.len == 0) == (e == OK));
	buf_fini(&why);
	return e;
}

static void all_is_as_it_was(void **state)
{
	static const unsigned char token[32] = "token", code[32] = "third";
	struct bench *b = *state;
	struct central_store *s = b->database;
	struct buf before = {0}, after = {0};
	struct move_result r = {0};
	struct posting *again = letter_new("application", 2, 2, "");
	char no[PROJECT_NO_SIZE];
	int64_t id = 0;

	fill(b->file);
	tell_all(b->file, &before);
	assert_int_equal(move(b, &r), OK);
	assert_false(r.again);
	assert_int_equal(r.cases, APPLICATIONS);
	assert_int_equal(r.events, APPLICATIONS + 6);
	assert_int_equal(r.matters, 2);
	assert_int_equal(r.stations, 2);
	assert_int_equal(r.papers, 1);
	tell_all(s, &after);
	assert_string_equal(after.data, before.data);

	/* and it goes on from there */
	s->ops->take(s, &again, 1);
	assert_int_equal(again->result, POSTING_AGAIN);
	letter_free(again);
	assert_int_equal(letter_take(s, letter_new("evaluation", 2001, 1,
						",\"satisfaction\":\"5\",\"service\":\"d\"")),
		POSTING_STATE);
	assert_int_equal(letter_apply(s, APPLICATIONS + 1, 1), POSTING_TAKEN);
	assert_int_equal(atoi(letter_project_no(s, APPLICATIONS + 1, no) + 14), APPLICATIONS + 1);
	assert_int_equal(s->ops->station_of(s, token, &id), OK);
	assert_int_equal(id, 1);
	assert_int_equal(s->ops->station_add(s, "三号", false, code, 1000, 10), OK);
	assert_int_equal(s->ops->station_by_name(s, "三号", &id), OK);
	assert_int_equal(id, 3);
	buf_fini(&before);
	buf_fini(&after);
}

/* A day with more cases than its number has digits for. */
static void numbers_go_on(void **state)
{
	struct bench *b = *state;
	struct move_result r = {0};
	char no[PROJECT_NO_SIZE];
	int i;

	for (i = 1; i <= 3; i++)
		assert_int_equal(letter_apply(b->file, i, 0), POSTING_TAKEN);
	/* as if the second had been the 123 456th */
	assert_int_equal(
		db_exec(sqlite_store_of(b->file)->db,
			"UPDATE case_ SET project_no = substr(project_no, 1, 14) || '123456'"
			" WHERE case_id LIKE '%2'"),
		OK);
	assert_int_equal(move(b, &r), OK);
	assert_int_equal(postgres_ask(b->conninfo, "SELECT count(*) FROM series"), 1);
	assert_int_equal(postgres_ask(b->conninfo, "SELECT n FROM series"), 123456);
	assert_int_equal(letter_apply(b->database, 4, 0), POSTING_TAKEN);
	assert_string_equal(letter_project_no(b->database, 4, no) + 14, "123457");
}

static void an_empty_one(void **state)
{
	struct move_result r = {0};

	assert_int_equal(move(*state, &r), OK);
	assert_int_equal(r.cases + r.events + r.matters + r.stations + r.papers, 0);
}

static void not_into_another(void **state)
{
	struct bench *b = *state;
	struct move_result r = {0};

	assert_int_equal(letter_apply(b->file, 1, 0), POSTING_TAKEN);
	assert_int_equal(b->database->ops->meta_set(b->database, "region", "371323"), OK);
	assert_int_equal(move(b, &r), ERR_EXISTS);
	assert_int_equal(postgres_ask(b->conninfo, "SELECT count(*) FROM event"), 0);
}

static void twice_is_as_good_as_once(void **state)
{
	struct bench *b = *state;
	struct move_result r = {0};

	assert_int_equal(letter_apply(b->file, 1, 0), POSTING_TAKEN);
	assert_int_equal(move(b, &r), OK);
	assert_int_equal(move(b, &r), OK);
	assert_true(r.again);
	assert_int_equal(postgres_ask(b->conninfo, "SELECT count(*) FROM event"), 1);
	/* what was taken into the file since then is not there: it is another one */
	assert_int_equal(letter_apply(b->file, 2, 0), POSTING_TAKEN);
	assert_int_equal(move(b, &r), ERR_EXISTS);
}

/* A database that keeps something else than it was given. */
static void what_differs_is_seen(void **state)
{
	static const char *const bad[] = {
		"CREATE FUNCTION bad() RETURNS trigger LANGUAGE plpgsql AS"
		" 'BEGIN NEW.applyer_name := NEW.applyer_name || ''x''; RETURN NEW; END'",
		"CREATE TRIGGER bad BEFORE INSERT ON case_ FOR EACH ROW EXECUTE FUNCTION bad()",
	};
	static const char *const lossy[] = {
		"DROP TRIGGER bad ON case_",
		"CREATE FUNCTION lossy() RETURNS trigger LANGUAGE plpgsql AS"
		" 'BEGIN IF NEW.seq = 2 THEN RETURN NULL; END IF; RETURN NEW; END'",
		"CREATE TRIGGER lossy BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION lossy()",
	};
	struct bench *b = *state;
	struct move_result r = {0};
	size_t i;

	for (i = 1; i <= 3; i++)
		assert_int_equal(letter_apply(b->file, (int)i, 0), POSTING_TAKEN);
	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		postgres_ask(b->conninfo, bad[i]);
	assert_int_equal(move(b, &r), ERR_DAMAGED);
	for (i = 0; i < sizeof lossy / sizeof *lossy; i++)
		postgres_ask(b->conninfo, lossy[i]);
	assert_int_equal(move(b, &r), ERR_DAMAGED);
	assert_int_equal(postgres_ask(b->conninfo, "SELECT count(*) FROM case_"), 0);
	assert_int_equal(postgres_ask(b->conninfo, "SELECT count(*) FROM meta"), 0);
	postgres_ask(b->conninfo, "DROP TRIGGER lossy ON event");
	assert_int_equal(move(b, &r), OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_is_as_it_was, set_up, tear_down),
		cmocka_unit_test_setup_teardown(numbers_go_on, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_empty_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(not_into_another, set_up, tear_down),
		cmocka_unit_test_setup_teardown(twice_is_as_good_as_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_differs_is_seen, set_up, tear_down),
	};
	int failed;

	postgres_make(&server);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	postgres_remove(&server);
	return failed;
}
