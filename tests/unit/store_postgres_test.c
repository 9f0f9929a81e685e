/* What is peculiar to a store that several programs share and that can go away: order of numbers,
 * races, commits that were cut, a server that is killed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/central/store.h"
#include "tests/unit/cutter.h"
#include "tests/unit/letters.h"
#include "tests/unit/postgres.h"

static struct postgres server;

static struct central_store *open_at(const char *conninfo)
{
	struct central_store *s = NULL;

	assert_int_equal(store_postgres_open(&s, conninfo, NULL), OK);
	return s;
}

static void database(const char *name, char conninfo[256])
{
	postgres_database(&server, name, conninfo);
}

/* ---- the schema ---- */

static pid_t in_child(int (*run)(const char *conninfo, int arg), const char *conninfo, int arg)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(run(conninfo, arg));
	return pid;
}

static int exit_of(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static int open_and_close(const char *conninfo, int arg)
{
	struct central_store *s;

	(void)arg;
	if (store_postgres_open(&s, conninfo, NULL) != OK)
		return 1;
	s->ops->close(s);
	return 0;
}

static void many_make_the_schema_at_once(void **state)
{
	char conninfo[256];
	pid_t pids[6];
	int i;

	(void)state;
	database("schema", conninfo);
	for (i = 0; i < 6; i++)
		pids[i] = in_child(open_and_close, conninfo, 0);
	for (i = 0; i < 6; i++)
		assert_int_equal(exit_of(pids[i]), 0);
	assert_int_equal(postgres_ask(conninfo, "SELECT count(*) FROM yimen_schema"), 1);
}

static void a_database_that_is_not_for_us(void **state)
{
	struct central_store *s = NULL;
	struct buf why = {0};
	char conninfo[256], latin[256];

	(void)state;
	database("newer", conninfo);
	s = open_at(conninfo);
	s->ops->close(s);
	postgres_ask(conninfo, "UPDATE yimen_schema SET version = 99");
	assert_int_equal(store_postgres_open(&s, conninfo, &why), ERR_STATE);
	assert_non_null(strstr(why.data, "99"));
	postgres_ask(conninfo, "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'");
	snprintf(latin, sizeof latin, "postgresql:///latin?host=%s&user=yimen", server.dir);
	assert_int_equal(store_postgres_open(&s, latin, &why), ERR_INVALID);
	assert_non_null(strstr(why.data, "LATIN1"));
	assert_int_not_equal(
		store_postgres_open(&s, "postgresql:///x?host=/nowhere&user=x", &why), OK);
	assert_non_null(strstr(why.data, "/nowhere"));
	buf_fini(&why);
}

/* ---- several programs ---- */

enum {
	WRITERS = 3,
	GROUPS = 40,
	GROUP = 5
};

/* Groups of letters, and a step of the office now and then. */
static const char *always(void *arg, const char *from)
{
	(void)arg;
	(void)from;
	return "received";
}

static int write_groups(const char *conninfo, int writer)
{
	struct central_store *s;
	struct posting *p[GROUP];
	char no[PROJECT_NO_SIZE];
	const char *after;
	int g, i, wrong = 0;

	if (store_postgres_open(&s, conninfo, NULL) != OK)
		return 1;
	for (g = 0; g < GROUPS; g++) {
		int first = writer * 10000 + g * GROUP;
		struct case_advance a = {.now_ms = first + 1, .judge = always};
		for (i = 0; i < GROUP; i++)
			p[i] = letter_new("application", first + i, first + i, "");
		s->ops->take(s, p, GROUP);
		for (i = 0; i < GROUP; i++) {
			wrong += p[i]->result != POSTING_TAKEN;
			letter_free(p[i]);
		}
		a.project_no = letter_project_no(s, first, no);
		wrong += s->ops->advance(s, &a, &after) != OK;
	}
	s->ops->close(s);
	return wrong > 0;
}

/* Every number is seen, in order, as it comes. */
static void see_next(void *arg, const struct event_record *e)
{
	int64_t *last = arg;

	assert_int_equal(e->seq, *last + 1);
	*last = e->seq;
}

static void no_cursor_skips_an_event(void **state)
{
	enum {
		ALL = WRITERS * GROUPS * (GROUP + 1)
	};
	struct central_store *s;
	char conninfo[256];
	int64_t last = 0, cursor = 0, until_ms;
	pid_t pids[WRITERS];
	int i;

	(void)state;
	database("feed", conninfo);
	s = open_at(conninfo);
	for (i = 0; i < WRITERS; i++)
		pids[i] = in_child(write_groups, conninfo, i + 1);
	until_ms = clock_mono_ms(&clock_system) + 60000;
	while (cursor < ALL && clock_mono_ms(&clock_system) < until_ms) {
		assert_int_equal(
			s->ops->changes(s, 0, false, cursor, 50, see_next, &last, &cursor), OK);
		assert_int_equal(cursor, last);
	}
	for (i = 0; i < WRITERS; i++)
		assert_int_equal(exit_of(pids[i]), 0);
	assert_int_equal(last, ALL);
	/* Numbers of cases: each once, none left out. */
	assert_int_equal(postgres_ask(conninfo, "SELECT count(DISTINCT project_no) FROM case_"),
		WRITERS * GROUPS * GROUP);
	assert_int_equal(
		postgres_ask(conninfo, "SELECT max(substr(project_no, 15)::bigint) FROM case_"),
		WRITERS * GROUPS * GROUP);
	s->ops->close(s);
}

/* The same letters and the same steps by all: each has one effect. */
static int race(const char *conninfo, int arg)
{
	struct central_store *s;
	char no[PROJECT_NO_SIZE];
	const char *after;
	int won = 0, i;

	(void)arg;
	if (store_postgres_open(&s, conninfo, NULL) != OK)
		return 200;
	for (i = 0; i < 30; i++) {
		struct case_advance a = {.now_ms = i + 1, .judge = always, .before_seq = i + 1};
		a.project_no = letter_project_no(s, 1, no);
		while (s->ops->last_seq(s, &a.before_seq) == OK && a.before_seq < i + 1)
			continue;
		a.before_seq = i + 1;
		won += s->ops->advance(s, &a, &after) == OK;
	}
	s->ops->close(s);
	return won;
}

static void a_step_is_made_once(void **state)
{
	struct central_store *s;
	char conninfo[256];
	pid_t pids[WRITERS];
	int i, won = 0;

	(void)state;
	database("race", conninfo);
	s = open_at(conninfo);
	assert_int_equal(letter_apply(s, 1, 0), POSTING_TAKEN);
	for (i = 0; i < WRITERS; i++)
		pids[i] = in_child(race, conninfo, 0);
	for (i = 0; i < WRITERS; i++)
		won += exit_of(pids[i]);
	assert_int_equal(won, 30);
	assert_int_equal(postgres_ask(conninfo, "SELECT count(*) FROM event"), 31);
	s->ops->close(s);
}

static unsigned hears(struct central_store *s)
{
	int64_t until_ms = clock_mono_ms(&clock_system) + 5000;

	unsigned news = 0;

	while (news == 0 && clock_mono_ms(&clock_system) < until_ms)
		news = s->ops->news(s);
	return news;
}

static void others_hear_of_it(void **state)
{
	static const struct matter_row rows[] = {{"A", "甲", "{1}"}}, more[] = {{"B", "乙", "{2}"}};
	static const unsigned char code[32] = "c", token[32] = "t";
	struct central_store *a, *b;
	struct catalogue_state at_a, at_b;
	struct posting *p;
	struct buf name = {0};
	char conninfo[256];
	int64_t id;

	(void)state;
	database("news", conninfo);
	a = open_at(conninfo);
	b = open_at(conninfo);
	assert_int_equal(b->ops->catalogue(b, false, &at_b), OK);
	assert_int_equal(a->ops->import_begin(a), OK);
	assert_int_equal(b->ops->import_begin(b), ERR_BUSY); /* one at a time */
	assert_int_equal(a->ops->import_put(a, rows, 1), OK);
	assert_false(b->ops->matter_known(b, "A"));
	assert_int_equal(a->ops->import_end(a, 1), OK);
	assert_int_equal(hears(b), NEWS_EVENTS);
	assert_int_equal(a->ops->catalogue(a, false, &at_a), OK);
	assert_int_equal(b->ops->catalogue(b, false, &at_b), OK);
	assert_string_equal(at_a.version, at_b.version);
	assert_true(b->ops->matter_known(b, "A"));
	/* In the moment before it is heard, no answer has the matters of two versions. */
	assert_int_equal(a->ops->import_begin(a), OK);
	assert_int_equal(a->ops->import_put(a, more, 1), OK);
	assert_int_equal(a->ops->import_end(a, 2), OK);
	assert_int_equal(b->ops->matter_each(b, "", 10, NULL, NULL), ERR_BUSY);
	assert_true(hears(b));
	/* A first version concerns nobody else; an act does. */
	assert_int_equal(letter_apply(a, 1, 7), POSTING_TAKEN);
	p = letter_new("supply", 2, 1, ",\"answers\":{\"supplied\":[\"a\"]}");
	p->station = 7;
	assert_int_equal(letter_take(a, letter_new("accept", 3, 1, "")), POSTING_TAKEN);
	letter_free(p);
	assert_true(hears(b));
	assert_int_equal(a->ops->news(a), 0); /* one's own is none */
	/* Who is let in, or locked out. */
	assert_int_equal(a->ops->station_add(a, "一号", false, code, 1000, 1), OK);
	assert_int_equal(hears(b), NEWS_STATIONS);
	assert_int_equal(b->ops->station_enrol(b, code, token, 2, &name), OK);
	assert_int_equal(a->ops->station_of(a, token, &id), OK);
	assert_int_equal(a->ops->station_revoke(a, "一号"), OK);
	assert_true(hears(b));
	assert_int_equal(b->ops->station_of(b, token, &id), ERR_NOT_FOUND);
	a->ops->close(a);
	b->ops->close(b);
	buf_fini(&name);
}

/* A program that stands still in the middle of a transaction holds up nobody for long. */
static void a_lock_that_is_held(void **state)
{
	struct central_store *s;
	char conninfo[256];
	pid_t pid;

	(void)state;
	database("held", conninfo);
	s = open_at(conninfo);
	pid = fork();
	if (pid == 0) {
		postgres_ask(conninfo,
			"SELECT pg_advisory_lock(hashtextextended('yimen_event', 0)),"
			" pg_sleep(20)");
		_exit(0);
	}
	while (postgres_ask(conninfo, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
				      " AND granted") == 0)
		continue;
	assert_int_equal(letter_apply(s, 1, 0), POSTING_FAILED);
	assert_int_equal(s->ops->ready(s), OK);
	postgres_ask(conninfo, "SELECT count(pg_terminate_backend(pid)) FROM pg_locks"
			       " WHERE locktype = 'advisory' AND granted");
	kill(pid, SIGKILL);
	exit_of(pid);
	assert_int_equal(letter_apply(s, 1, 0), POSTING_TAKEN);
	s->ops->close(s);
}

/* ---- commits that were cut ---- */

static long events(const char *conninfo)
{
	return postgres_ask(conninfo, "SELECT count(*) FROM event");
}

static void is_back(struct central_store *s)
{
	int64_t until_ms = clock_mono_ms(&clock_system) + 10000;

	while (s->ops->ready(s) != OK && clock_mono_ms(&clock_system) < until_ms)
		s->ops->idle(s, 0);
	assert_int_equal(s->ops->ready(s), OK);
}

static void a_commit_whose_answer_is_cut(void **state)
{
	static const unsigned char code[32] = "c", token[32] = "t";
	static const struct matter_row rows[] = {{"A", "甲", "{1}"}};
	struct central_store *s;
	struct cutter c;
	struct case_advance a = {.now_ms = 5, .judge = always, .note = "一"};
	const char *after = NULL;
	char direct[256], cut[256], no[PROJECT_NO_SIZE];
	struct buf name = {0};

	(void)state;
	database("answer", direct);
	cutter_start(&c, &server, "answer", cut);
	s = open_at(cut);
	*c.cut = CUT_ANSWER;
	assert_int_equal(letter_apply(s, 1, 0), POSTING_AGAIN); /* it is there after all */
	assert_int_equal(*c.cut, CUT_NOTHING);
	assert_int_equal(events(direct), 1);
	assert_int_equal(letter_apply(s, 1, 0), POSTING_AGAIN);
	a.project_no = letter_project_no(s, 1, no);
	*c.cut = CUT_ANSWER;
	assert_int_equal(s->ops->advance(s, &a, &after), OK);
	assert_string_equal(after, "received");
	assert_int_equal(events(direct), 2);
	*c.cut = CUT_ANSWER;
	assert_int_equal(s->ops->notice(s, "通知", 6), OK);
	assert_int_equal(events(direct), 3);
	assert_int_equal(s->ops->station_add(s, "一号", false, code, 1000, 1), OK);
	*c.cut = CUT_ANSWER;
	assert_int_equal(s->ops->station_enrol(s, code, token, 2, &name), OK);
	assert_string_equal(buf_str(&name), "一号");
	assert_int_equal(s->ops->import_begin(s), OK);
	assert_int_equal(s->ops->import_put(s, rows, 1), OK);
	*c.cut = CUT_ANSWER;
	assert_int_equal(s->ops->import_end(s, 7), OK);
	assert_int_equal(*c.cut, CUT_NOTHING);
	/* the first is read, the second written without a look */
	assert_int_equal(letter_apply(s, 2, 0), POSTING_TAKEN);
	*c.cut = CUT_ANSWER;
	assert_int_equal(letter_apply(s, 3, 0), POSTING_AGAIN);
	assert_int_equal(*c.cut, CUT_NOTHING);
	assert_true(s->ops->losses(s) == 6);
	s->ops->close(s);
	cutter_stop(&c);
	buf_fini(&name);
}

static void a_commit_that_does_not_get_there(void **state)
{
	struct central_store *s;
	struct cutter c;
	struct case_advance a = {.now_ms = 5, .judge = always, .note = "一"};
	const char *after = NULL;
	char direct[256], cut[256], no[PROJECT_NO_SIZE];

	(void)state;
	database("lost", direct);
	cutter_start(&c, &server, "lost", cut);
	s = open_at(cut);
	assert_int_equal(letter_apply(s, 1, 0), POSTING_TAKEN);
	*c.cut = CUT_FIRST; /* a new case is written without a look */
	assert_int_equal(letter_apply(s, 2, 0), POSTING_TAKEN);
	assert_int_equal(*c.cut, CUT_NOTHING);
	assert_int_equal(events(direct), 2);
	*c.cut = CUT_COMMIT; /* another version looks first */
	assert_int_equal(
		letter_take(s, letter_new("application", 3, 2,
				       ",\"replaces\":\"018f0000-0000-7000-9000-000000000002\"")),
		POSTING_TAKEN);
	assert_int_equal(*c.cut, CUT_NOTHING);
	assert_int_equal(events(direct), 3);
	a.project_no = letter_project_no(s, 1, no);
	*c.cut = CUT_COMMIT;
	assert_int_not_equal(s->ops->advance(s, &a, &after), OK);
	assert_null(after);
	is_back(s);
	assert_int_equal(events(direct), 3);
	assert_int_equal(s->ops->advance(s, &a, &after), OK);
	assert_int_equal(events(direct), 4);
	/* Nobody there at all: it fails, and nothing is promised. */
	*c.cut = CUT_COMMIT;
	assert_int_not_equal(s->ops->notice(s, "x", 1), OK);
	*c.cut = CUT_REFUSE;
	s->ops->close(s);
	assert_int_not_equal(store_postgres_open(&s, cut, NULL), OK);
	cutter_stop(&c);
}

/* ---- a server that is killed ---- */

static void a_server_that_is_killed(void **state)
{
	static const struct matter_row rows[] = {{"A", "甲", "{1}"}};
	struct central_store *s;
	char conninfo[256];
	struct buf b = {0};
	int64_t began_ms, id;

	(void)state;
	database("killed", conninfo);
	s = open_at(conninfo);
	assert_int_equal(letter_apply(s, 1, 0), POSTING_TAKEN);
	assert_int_equal(s->ops->import_begin(s), OK);
	assert_int_equal(s->ops->import_put(s, rows, 1), OK);
	assert_true(s->ops->descriptor(s) >= 0);
	postgres_stop(&server, SIGQUIT);
	s->ops->idle(s, 0); /* its last words */
	assert_true(s->ops->idle(s, 0) >= 0);
	assert_int_equal(s->ops->ready(s), ERR_BUSY);
	began_ms = clock_mono_ms(&clock_system);
	assert_int_equal(letter_apply(s, 2, 0), POSTING_FAILED);
	assert_int_not_equal(s->ops->meta_get(s, "k", &b), OK);
	assert_int_not_equal(
		s->ops->station_of(
			s, (const unsigned char *)"0123456789abcdef0123456789abcdef", &id),
		OK);
	assert_int_not_equal(
		s->ops->station_of(
			s, (const unsigned char *)"0123456789abcdef0123456789abcdef", &id),
		ERR_NOT_FOUND);
	assert_true(clock_mono_ms(&clock_system) - began_ms < 5000);
	postgres_start(&server);
	is_back(s);
	assert_true(s->ops->news(s));
	assert_int_equal(letter_apply(s, 1, 0), POSTING_AGAIN);
	assert_int_equal(letter_apply(s, 2, 0), POSTING_TAKEN);
	/* The import is over, and the next one is free to begin. */
	assert_int_equal(s->ops->import_put(s, rows, 1), ERR_IO);
	assert_int_equal(s->ops->import_end(s, 1), ERR_IO);
	s->ops->import_drop(s);
	assert_int_equal(s->ops->import_begin(s), OK);
	s->ops->import_drop(s);
	assert_true(s->ops->losses(s) == 1);
	s->ops->close(s);
	buf_fini(&b);
}

/* ---- a standby ---- */

static void a_standby_takes_over(void **state)
{
	struct postgres standby;
	struct central_store *s;
	char here[256], there[256], both[400];
	int i;

	(void)state;
	database("hosts", here);
	postgres_make_standby(&standby, &server);
	snprintf(there, sizeof there, "postgresql:///hosts?host=%s&user=yimen", standby.dir);
	snprintf(both, sizeof both, "postgresql:///hosts?host=%s,%s&user=yimen", standby.dir,
		server.dir);
	s = open_at(both); /* the first one only reads: the second is taken */
	for (i = 1; i <= 20; i++)
		assert_int_equal(letter_apply(s, i, 0), POSTING_TAKEN);
	postgres_stop(&server, SIGQUIT);
	postgres_promote(&standby);
	is_back(s);
	for (i = 1; i <= 20; i++)
		assert_int_equal(letter_apply(s, i, 0), POSTING_AGAIN);
	assert_int_equal(letter_apply(s, 21, 0), POSTING_TAKEN);
	assert_int_equal(events(there), 21);
	s->ops->close(s);
	postgres_remove(&standby);
	postgres_start(&server);
	assert_int_equal(events(here), 20);
}

/* What the standby has not confirmed is not acknowledged: neither at first nor when it is sent
 * again and found here. */
static void a_standby_that_is_silent(void **state)
{
	struct postgres standby;
	struct central_store *s;
	char conninfo[256];

	(void)state;
	database("silent", conninfo);
	postgres_make_standby(&standby, &server);
	s = open_at(conninfo);
	assert_int_equal(letter_apply(s, 1, 0), POSTING_TAKEN);
	postgres_stop(&standby, SIGQUIT);
	assert_int_equal(letter_apply(s, 2, 0), POSTING_FAILED);
	/* Somebody cancels the wait: the letter can be seen, and still nothing is promised. */
	postgres_ask(conninfo, "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity"
			       " WHERE wait_event = 'SyncRep'");
	is_back(s);
	assert_int_equal(letter_apply(s, 2, 0), POSTING_FAILED);
	postgres_start(&standby);
	is_back(s);
	assert_int_equal(letter_apply(s, 2, 0), POSTING_AGAIN);
	s->ops->close(s);
	postgres_remove(&standby);
	postgres_ask(conninfo, "ALTER SYSTEM RESET synchronous_standby_names");
	postgres_ask(conninfo, "SELECT pg_reload_conf()");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_make_the_schema_at_once),
		cmocka_unit_test(a_database_that_is_not_for_us),
		cmocka_unit_test(no_cursor_skips_an_event),
		cmocka_unit_test(a_step_is_made_once),
		cmocka_unit_test(others_hear_of_it),
		cmocka_unit_test(a_lock_that_is_held),
		cmocka_unit_test(a_commit_whose_answer_is_cut),
		cmocka_unit_test(a_commit_that_does_not_get_there),
		cmocka_unit_test(a_server_that_is_killed),
		cmocka_unit_test(a_standby_that_is_silent),
		cmocka_unit_test(a_standby_takes_over),
	};
	int failed;

	postgres_make(&server);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	postgres_remove(&server);
	return failed;
}
