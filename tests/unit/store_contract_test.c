/* What store.h promises, of both stores: the same cases over a file and over a database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <signal.h>

#include "core/base/mem.h"
#include "core/central/store.h"
#include "core/domain/lifecycle.h"
#include "tests/unit/letters.h"
#include "tests/unit/postgres.h"
#include "tests/unit/scratch.h"

/* One store of one case. */
struct bench {
	bool in_database;
	char *dir;
	char conninfo[256];
	struct central_store *s;
};

static struct postgres server;

static void open_store(struct bench *b)
{
	enum err e = b->in_database ? store_postgres_open(&b->s, b->conninfo, NULL)
				    : store_sqlite_open(&b->s, b->dir, NULL);

	assert_int_equal(e, OK);
}

static void reopen(struct bench *b)
{
	b->s->ops->close(b->s);
	open_store(b);
}

static int set_up(void **state)
{
	static int databases;
	struct bench *b = mem_alloc(sizeof *b);
	char name[16];

	b->in_database = *state != NULL;
	b->dir = scratch_folder();
	snprintf(name, sizeof name, "t%d", ++databases);
	if (b->in_database)
		postgres_database(&server, name, b->conninfo);
	open_store(b);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	b->s->ops->close(b->s);
	scratch_remove(b->dir);
	free(b);
	return 0;
}

/* ---- letters ---- */

static void a_letter_is_taken_once(void **state)
{
	struct central_store *s = ((struct bench *)*state)->s;
	struct posting *first = letter_new("application", 1, 1, ""),
		       *again = letter_new("application", 1, 1, ""),
		       *other = letter_new("application", 1, 1, ",\"note\":\"x\"");

	s->ops->take(s, &first, 1);
	assert_int_equal(first->result, POSTING_TAKEN);
	assert_int_equal(first->seq, 1);
	assert_string_equal(first->project_no + 14, "00001");
	assert_string_equal(first->state, "received");
	reopen(*state);
	s = ((struct bench *)*state)->s;
	s->ops->take(s, &again, 1);
	assert_int_equal(again->result, POSTING_AGAIN);
	assert_int_equal(again->seq, 1);
	assert_string_equal(again->project_no, first->project_no);
	assert_string_equal(buf_str(&again->answer), buf_str(&first->answer));
	s->ops->take(s, &other, 1);
	assert_int_equal(other->result, POSTING_OTHER_BODY);
	letter_free(first);
	letter_free(again);
	letter_free(other);
}

/* Each row against what those before it have left, in one group and one by one. */
static const struct {
	const char *kind;
	int key, of_case;
	const char *extra;
	enum posting_result objection, result;
} road[] = {
	{"application", 1, 1, "", 0, POSTING_TAKEN},
	{"application", 1, 1, "", 0, POSTING_AGAIN},
	{"application", 1, 1, ",\"x\":1", 0, POSTING_OTHER_BODY},
	{"application", 2, 1, "", 0, POSTING_CASE_EXISTS},
	{"application", 3, 1, ",\"replaces\":\"018f0000-0000-7000-9000-000000000001\"", 0,
		POSTING_TAKEN},
	{"application", 4, 1, ",\"replaces\":\"018f0000-0000-7000-9000-000000000001\"", 0,
		POSTING_STALE},
	{"application", 5, 2, ",\"replaces\":\"018f0000-0000-7000-9000-000000000099\"", 0,
		POSTING_TAKEN},
	{"supplement", 6, 9, "", 0, POSTING_NO_CASE},
	{"supplement", 7, 1, "", 0, POSTING_STATE},
	{"accept", 8, 1, "", 0, POSTING_TAKEN},
	{"accept", 9, 1, "", 0, POSTING_STATE},
	{"application", 10, 10, "", POSTING_INVALID, POSTING_INVALID},
	{"application", 11, 11, "", POSTING_NO_PAPER, POSTING_NO_PAPER},
	{"application", 1, 1, "", POSTING_INVALID, POSTING_AGAIN},
	{"withdrawal", 12, 2, "", 0, POSTING_TAKEN},
	{"evaluation", 13, 1, ",\"satisfaction\":\"1\",\"service\":\"a\"", 0, POSTING_TAKEN},
	{"evaluation", 14, 1, ",\"satisfaction\":\"5\",\"service\":\"a\"", 0, POSTING_STATE},
	{"evaluation", 15, 1, ",\"satisfaction\":\"1\",\"service\":\"b\"", 0, POSTING_TAKEN},
	{"evaluation", 16, 1, ",\"satisfaction\":\"1\"", 0, POSTING_TAKEN},
	{"evaluation", 17, 1, ",\"satisfaction\":\"1\"", 0, POSTING_STATE},
	{"evaluation", 18, 2, ",\"satisfaction\":\"1\",\"service\":\"a\"", 0, POSTING_TAKEN},
	{"application", 19, 1, ",\"replaces\":\"018f0000-0000-7000-9000-000000000003\"", 0,
		POSTING_OTHER_MATTER},
	/* of another case, whether its own is here or not; and the same key in capitals */
	{"application", 20, 20, ",\"replaces\":\"018f0000-0000-7000-9000-000000000005\"", 0,
		POSTING_OTHER_CASE},
	{"application", 21, 1, ",\"replaces\":\"018f0000-0000-7000-9000-000000000005\"", 0,
		POSTING_OTHER_CASE},
	{"application", 22, 20, ",\"replaces\":\"018f0000-0000-7000-9000-000000000008\"", 0,
		POSTING_OTHER_CASE},
	{"application", 171, 21, "", 0, POSTING_TAKEN},
	{"application", 172, 21, ",\"replaces\":\"018F0000-0000-7000-9000-000000000171\"", 0,
		POSTING_TAKEN},
};
enum {
	ROAD = sizeof road / sizeof *road
};

static void check_road(struct posting **p)
{
	int i;

	for (i = 0; i < ROAD; i++) {
		if (p[i]->result != road[i].result)
			fail_msg("row %d: %d instead of %d", i, p[i]->result, road[i].result);
		assert_true(p[i]->result != POSTING_STATE || p[i]->why != NULL);
	}
	assert_string_equal(p[0]->project_no + 14, "00001");
	assert_string_equal(p[6]->project_no + 14, "00002");
	assert_string_equal(p[3]->current_key, p[0]->key);
	assert_string_equal(p[5]->current_key, p[4]->key);
	assert_string_equal(p[7]->current_key, "");
	assert_string_equal(p[8]->current_state, "received");
	assert_string_equal(buf_str(&p[1]->answer), buf_str(&p[0]->answer));
	assert_string_equal(buf_str(&p[13]->answer), buf_str(&p[0]->answer));
	assert_string_equal(p[4]->project_no, p[0]->project_no);
	assert_string_equal(p[4]->query_password, "ABCD2345");
}

static void walk(void **state, size_t step)
{
	struct central_store *s = ((struct bench *)*state)->s;
	struct posting *p[ROAD];
	int64_t seq;
	size_t i;

	for (i = 0; i < ROAD; i++) {
		p[i] = letter_new(road[i].kind, road[i].key, road[i].of_case, road[i].extra);
		p[i]->objection = road[i].objection;
		if (road[i].result == POSTING_OTHER_MATTER)
			p[i]->task_code = "T9";
	}
	for (i = 0; i < ROAD; i += step)
		s->ops->take(s, p + i, ROAD - i < step ? ROAD - i : step);
	check_road(p);
	assert_int_equal(s->ops->last_seq(s, &seq), OK);
	assert_int_equal(seq, 11);
	for (i = 0; i < ROAD; i++)
		letter_free(p[i]);
}

static void letters_one_by_one(void **state)
{
	walk(state, 1);
}

static void letters_in_one_group(void **state)
{
	walk(state, ROAD);
}

static void letters_in_groups(void **state)
{
	walk(state, 11);
}

/* A row that the store refuses fails alone, and its number is given to the next. */
static void a_bad_letter_fails_alone(void **state)
{
	struct central_store *s = ((struct bench *)*state)->s;
	struct posting *p[9];
	int i, number = 0;

	for (i = 0; i < 9; i++) {
		p[i] = letter_new("application", i, i, "");
		if (i == 2 || i == 8)
			p[i]->task_code = NULL; /* NOT NULL in both */
	}
	s->ops->take(s, p, 9);
	for (i = 0; i < 9; i++) {
		bool bad = i == 2 || i == 8;
		assert_int_equal(p[i]->result, bad ? POSTING_FAILED : POSTING_TAKEN);
		assert_true(bad || atoi(p[i]->project_no + 14) == ++number);
	}
	for (i = 0; i < 9; i++) {
		letter_free(p[i]);
		p[i] = letter_new("application", i, i, "");
	}
	s->ops->take(s, p, 9);
	for (i = 0; i < 9; i++) {
		assert_int_equal(p[i]->result, i == 2 || i == 8 ? POSTING_TAKEN : POSTING_AGAIN);
		letter_free(p[i]);
	}
	s->ops->take(s, p, 0);
}

/* Numbers are without gaps in each region and day. */
static void numbers_by_region_and_day(void **state)
{
	static const char *const regions[] = {"371323", "371324", "371323", "371323"};
	static const char *const endings[] = {"00001", "00001", "00002", "00001"};
	struct central_store *s = ((struct bench *)*state)->s;
	struct posting *p[4];
	int i;

	for (i = 0; i < 4; i++) {
		p[i] = letter_new("application", i, i, "");
		p[i]->region = regions[i];
		p[i]->now_ms += i == 3 ? 86400000 : 0;
	}
	s->ops->take(s, p, 4);
	for (i = 0; i < 4; i++) {
		assert_memory_equal(p[i]->project_no, regions[i], 6);
		assert_string_equal(p[i]->project_no + 14, endings[i]);
		letter_free(p[i]);
	}
	reopen(*state);
	s = ((struct bench *)*state)->s;
	p[0] = letter_new("application", 9, 9, "");
	s->ops->take(s, p, 1);
	assert_string_equal(p[0]->project_no + 14, "00003");
	letter_free(p[0]);
}

/* Many, and large ones: more than fits a line's buffer either way. */
static void a_large_group(void **state)
{
	enum {
		COUNT = 600,
		LARGE = 60000
	};
	struct central_store *s = ((struct bench *)*state)->s;
	static struct posting *p[COUNT];
	char *extra = mem_alloc(LARGE + 16);
	int i;

	snprintf(extra, LARGE + 16, ",\"x\":\"%0*d\"", LARGE, 7);
	for (i = 0; i < COUNT; i++)
		p[i] = letter_new("application", i, i, i % 4 == 0 ? extra : "");
	s->ops->take(s, p, COUNT);
	for (i = 0; i < COUNT; i++) {
		assert_int_equal(p[i]->result, POSTING_TAKEN);
		assert_int_equal(atoi(p[i]->project_no + 14), i + 1);
	}
	s->ops->take(s, p, COUNT);
	for (i = 0; i < COUNT; i++) {
		assert_int_equal(p[i]->result, POSTING_AGAIN);
		letter_free(p[i]);
	}
	free(extra);
}

/* Given back in the order in which they were posted, each once. */
static void see_settled(void *arg, struct posting **postings, size_t count, int64_t took_us)
{
	int *number = arg;
	size_t i;

	assert_true(took_us >= 0);
	for (i = 0; i < count; i++) {
		assert_int_equal(postings[i]->result, POSTING_TAKEN);
		assert_int_equal(atoi(postings[i]->project_no + 14), ++*number);
		letter_free(postings[i]);
	}
}

static void letters_that_are_posted(void **state)
{
	struct central_store *s = ((struct bench *)*state)->s;
	struct pollfd p = {.events = POLLIN};
	char no[PROJECT_NO_SIZE];
	int i, settled = 0;

	for (i = 1; i <= 40; i++) {
		assert_true(s->ops->post(s, letter_new("application", i, i, "")));
		if (i % 8 == 0)
			s->ops->settled(s, false, see_settled, &settled);
	}
	while (settled < 20) {
		p.fd = s->ops->descriptor(s);
		assert_int_equal(poll(&p, 1, 10000), 1);
		s->ops->news(s);
		s->ops->settled(s, false, see_settled, &settled);
	}
	s->ops->settled(s, true, see_settled, &settled);
	assert_int_equal(settled, 40);
	assert_string_equal(letter_project_no(s, 40, no) + 14, "00040");
	assert_int_equal(letter_apply(s, 41, 0), POSTING_TAKEN);
}

/* ---- cases ---- */

struct seen {
	int count;
	char last[PROJECT_NO_SIZE];
	struct buf text;
};

static void see_case(void *arg, const struct case_record *c)
{
	struct seen *seen = arg;

	seen->count++;
	buf_printf(&seen->text, "%s|%s|%lld|%s|%s|%s|%s|%s|%s;", c->case_id + 34, c->key + 34,
		(long long)c->station, c->task_code, c->task_name, c->applyer_name,
		c->local_receipt != NULL ? c->local_receipt : "-", c->query_password, c->state);
	assert_true(c->received_ms > 0 && c->updated_ms >= c->received_ms);
}

static bool see_in_order(void *arg, const struct case_record *c)
{
	struct seen *seen = arg;

	assert_true(strcmp(c->project_no, seen->last) > 0);
	snprintf(seen->last, sizeof seen->last, "%s", c->project_no);
	return ++seen->count < 3;
}

static void cases_are_found(void **state)
{
	struct central_store *s = ((struct bench *)*state)->s;
	struct seen seen = {0};
	char no[PROJECT_NO_SIZE], id[ID_UUID_SIZE];
	struct posting *p = letter_new("application", 1, 1, ",\"local_receipt\":\"L1\"");

	p->station = 7;
	p->of_station = 8;
	assert_int_equal(letter_take(s, p), POSTING_TAKEN);
	assert_int_equal(letter_apply(s, 2, 7), POSTING_TAKEN);
	assert_int_equal(s->ops->case_get(s, letter_project_no(s, 1, no), see_case, &seen), OK);
	assert_int_equal(s->ops->case_get(s, letter_case_id(2, id), see_case, &seen), OK);
	assert_string_equal(seen.text.data,
		"01|01|8|T1|事项|李样例|L1|ABCD2345|received;02|02|7|T2|事项|李样例|-|ABCD2345|received;");
	assert_int_equal(s->ops->case_get(s, "nothing", see_case, &seen), ERR_NOT_FOUND);
	assert_int_equal(seen.count, 2);
	buf_fini(&seen.text);
}

static void cases_are_listed(void **state)
{
	struct central_store *s = ((struct bench *)*state)->s;
	struct case_filter f = {.limit = 10};
	struct seen seen = {0};
	char no[PROJECT_NO_SIZE];
	int i;

	for (i = 1; i <= 6; i++)
		assert_int_equal(letter_apply(s, i, i % 2 + 1), POSTING_TAKEN);
	assert_int_equal(s->ops->case_each(s, &f, see_in_order, &seen), OK);
	assert_int_equal(seen.count, 3); /* it said so */
	f = (struct case_filter){.limit = 2, .station = 2};
	seen = (struct seen){0};
	assert_int_equal(s->ops->case_each(s, &f, see_in_order, &seen), OK);
	assert_int_equal(seen.count, 2);
	f = (struct case_filter){.limit = 10, .after = letter_project_no(s, 5, no)};
	seen = (struct seen){0};
	assert_int_equal(s->ops->case_each(s, &f, see_in_order, &seen), OK);
	assert_int_equal(seen.count, 1);
	f = (struct case_filter){.limit = 10, .from_ms = 1, .until_ms = 1000};
	seen = (struct seen){0};
	assert_int_equal(s->ops->case_each(s, &f, see_in_order, &seen), OK);
	assert_int_equal(seen.count, 0);
}

/* ---- acts of the office, history ---- */

static const char *to_accepted(void *arg, const char *from)
{
	int *asked = arg;

	++*asked;
	return strcmp(from, "received") == 0 ? "accepted" : NULL;
}

static void see_event(void *arg, const struct event_record *e)
{
	struct buf *b = arg;

	buf_printf(b, "%lld %s %s %s %s %s;", (long long)e->seq, e->kind,
		e->state != NULL ? e->state : "-", e->note != NULL ? e->note : "-",
		e->who != NULL ? e->who : "-", e->facts != NULL ? e->facts : "-");
}

static void see_body(void *arg, const struct event_body *body)
{
	buf_printf(arg, "%s %d %.*s;", body->kind, body->of_office,
		(int)body->len_bytes > 9 ? 9 : (int)body->len_bytes, body->text);
}

static void a_step_of_the_office(void **state)
{
	struct central_store *s = ((struct bench *)*state)->s;
	char no[PROJECT_NO_SIZE];
	int asked = 0;
	struct case_advance a = {.project_no = "nothing",
		.note = "说明",
		.facts = "{\"handle_user_name\":\"赵办\"}",
		.now_ms = 1700000000000,
		.judge = to_accepted,
		.arg = &asked};
	const char *after = NULL;
	struct buf b = {0};

	assert_int_equal(letter_apply(s, 1, 3), POSTING_TAKEN);
	assert_int_equal(letter_apply(s, 2, 3), POSTING_TAKEN);
	assert_int_equal(s->ops->advance(s, &a, &after), ERR_NOT_FOUND);
	a.project_no = letter_project_no(s, 1, no);
	a.before_seq = 2;
	assert_int_equal(s->ops->advance(s, &a, &after), ERR_EXISTS);
	assert_null(after);
	a.before_seq = 1;
	assert_int_equal(s->ops->advance(s, &a, &after), OK);
	assert_string_equal(after, "accepted");
	a.before_seq = 0;
	a.kind = "decide";
	assert_int_equal(s->ops->advance(s, &a, &after), ERR_STATE);
	reopen(*state);
	s = ((struct bench *)*state)->s;
	assert_int_equal(s->ops->history(s, no, see_event, &b), OK);
	assert_string_equal(b.data, "3 advance accepted 说明 赵办 {\"handle_user_name\":\"赵办\"};"
				    "1 application received - 王示范 -;");
	buf_clear(&b);
	assert_int_equal(s->ops->bodies(s, no, see_body, &b), OK);
	assert_string_equal(b.data, "advance 1 {\"handle_;application 0 {\"kind\":\";");
	assert_int_equal(s->ops->history(s, "nothing", see_event, &b), ERR_NOT_FOUND);
	assert_int_equal(s->ops->bodies(s, "nothing", see_body, &b), ERR_NOT_FOUND);
	buf_fini(&b);
}

/* ---- the feed ---- */

static void feed(struct central_store *s, int64_t station, int64_t cursor, size_t limit,
	const char *wanted, int64_t next_wanted)
{
	struct buf b = {0};
	int64_t next = -1;

	assert_int_equal(s->ops->changes(s, station, cursor, limit, see_event, &b, &next), OK);
	assert_string_equal(buf_str(&b), wanted);
	assert_int_equal(next, next_wanted);
	buf_fini(&b);
}

static void the_feed(void **state)
{
	struct central_store *s = ((struct bench *)*state)->s;
	struct posting *p;
	char no[PROJECT_NO_SIZE];
	int asked = 0;
	struct case_advance a = {.now_ms = 1, .judge = to_accepted, .arg = &asked};
	const char *after;
	int64_t seq = -1;

	assert_int_equal(s->ops->last_seq(s, &seq), OK);
	assert_int_equal(seq, 0);
	feed(s, 0, 0, 10, "", 0);
	assert_int_equal(letter_apply(s, 1, 3), POSTING_TAKEN); /* 1: its own */
	p = letter_new("application", 2, 2, "");		/* 2: brought by another */
	p->station = 4;
	p->of_station = 3;
	assert_int_equal(letter_take(s, p), POSTING_TAKEN);
	assert_int_equal(letter_apply(s, 3, 4), POSTING_TAKEN); /* 3: not of 3 */
	a.project_no = letter_project_no(s, 1, no);
	assert_int_equal(s->ops->advance(s, &a, &after), OK); /* 4 */
	assert_int_equal(s->ops->notice(s, "停电", 5), OK);   /* 5 */
	feed(s, 3, 0, 10,
		"2 application received - 王示范 -;4 advance accepted - - -;5 notice - 停电 - -;",
		5);
	feed(s, 3, 0, 1, "2 application received - 王示范 -;", 2);
	feed(s, 3, 2, 1, "4 advance accepted - - -;", 4);
	feed(s, 3, 5, 10, "", 5);
	feed(s, 4, 0, 10, "5 notice - 停电 - -;", 5);
	feed(s, 9, 3, 10, "5 notice - 停电 - -;", 5);
	feed(s, 0, 3, 10, "4 advance accepted - - -;5 notice - 停电 - -;", 5);
	assert_int_equal(s->ops->last_seq(s, &seq), OK);
	assert_int_equal(seq, 5);
}

static void see_touch(void *arg, const struct event_touch *t)
{
	buf_printf(arg, "%lld %lld %lld;", (long long)t->seq, (long long)t->owner,
		(long long)t->source);
}

static void who_should_hear(void **state)
{
	struct central_store *s = ((struct bench *)*state)->s;
	struct posting *p = letter_new("application", 1, 1, "");
	char no[PROJECT_NO_SIZE];
	int asked = 0;
	struct case_advance a = {.now_ms = 1, .judge = to_accepted, .arg = &asked};
	const char *after;
	struct buf b = {0};

	p->station = 4;
	p->of_station = 3;
	assert_int_equal(letter_take(s, p), POSTING_TAKEN);
	assert_int_equal(letter_apply(s, 2, 0), POSTING_TAKEN);
	a.project_no = letter_project_no(s, 1, no);
	assert_int_equal(s->ops->advance(s, &a, &after), OK);
	assert_int_equal(s->ops->notice(s, "停电", 5), OK);
	assert_int_equal(s->ops->touches(s, 0, 10, see_touch, &b), OK);
	assert_string_equal(buf_str(&b), "1 3 4;2 0 0;3 3 -1;4 -1 -1;");
	buf_clear(&b);
	assert_int_equal(s->ops->touches(s, 1, 2, see_touch, &b), OK);
	assert_string_equal(buf_str(&b), "2 0 0;3 3 -1;");
	buf_fini(&b);
}

static void see_evaluation(void *arg, const struct evaluation_record *r)
{
	buf_printf(arg, "%lld %s %s;", (long long)r->seq, r->task_name,
		strstr(r->body, "\"satisfaction\""));
}

static void evaluations_are_listed(void **state)
{
	struct central_store *s = ((struct bench *)*state)->s;
	struct buf b = {0};
	int i;

	assert_int_equal(letter_apply(s, 1, 0), POSTING_TAKEN);
	for (i = 0; i < 3; i++) {
		char extra[64];
		snprintf(extra, sizeof extra, ",\"service\":\"%d\",\"satisfaction\":\"%d\"", i,
			i + 1);
		assert_int_equal(
			letter_take(s, letter_new("evaluation", 10 + i, 1, extra)), POSTING_TAKEN);
	}
	assert_int_equal(s->ops->evaluations(s, 0, 2, see_evaluation, &b), OK);
	assert_string_equal(
		b.data, "2 事项 \"satisfaction\":\"1\"};3 事项 \"satisfaction\":\"2\"};");
	buf_clear(&b);
	assert_int_equal(s->ops->evaluations(s, 3, 2, see_evaluation, &b), OK);
	assert_string_equal(b.data, "4 事项 \"satisfaction\":\"3\"};");
	buf_fini(&b);
}

/* ---- the catalogue ---- */

static void see_matter(void *arg, const char *code, const char *body)
{
	buf_printf(arg, "%s=%s;", code, body);
}

static void matters_are(struct central_store *s, const char *wanted)
{
	struct buf b = {0};

	assert_int_equal(s->ops->matter_each(s, "", 100, see_matter, &b), OK);
	assert_string_equal(buf_str(&b), wanted);
	buf_fini(&b);
}

static void import(struct central_store *s, const struct matter_row *rows, size_t count)
{
	assert_int_equal(s->ops->import_begin(s), OK);
	assert_int_equal(s->ops->import_put(s, rows, count), OK);
	assert_int_equal(s->ops->import_end(s, 9), OK);
}

static void an_import_is_unseen_until_its_end(void **state)
{
	static const struct matter_row first[] = {{"B", "乙", "{1}"}, {"A", "甲", "{2}"},
		{"B", "乙", "{3}"}},
				       second[] = {{"A", "甲", "{4}"}, {"C", "丙", "{5}"}};
	struct central_store *s = ((struct bench *)*state)->s;
	struct catalogue_state before, now;
	struct buf body = {0};
	int64_t seq;

	assert_int_equal(s->ops->catalogue(s, false, &now), OK);
	assert_string_equal(now.version, "");
	import(s, first, 3);
	matters_are(s, "A={2};B={3};");
	assert_int_equal(s->ops->catalogue(s, false, &before), OK);
	assert_int_equal(before.matters, 2);
	assert_string_equal(before.version, "1cb94a1f0ce41b4b");
	assert_int_equal(s->ops->import_begin(s), OK);
	assert_int_equal(s->ops->import_begin(s), ERR_BUSY);
	assert_int_equal(s->ops->import_put(s, second, 2), OK);
	matters_are(s, "A={2};B={3};");
	assert_false(s->ops->matter_known(s, "C"));
	assert_true(s->ops->matter_known(s, "A"));
	assert_int_equal(s->ops->matter_get(s, "C", &body), ERR_NOT_FOUND);
	assert_int_equal(s->ops->matter_get(s, "A", &body), OK);
	assert_string_equal(body.data, "{2}");
	assert_int_equal(s->ops->import_end(s, 10), OK);
	matters_are(s, "A={4};B={3};C={5};");
	assert_int_equal(s->ops->catalogue(s, false, &now), OK);
	assert_int_equal(now.matters, 3);
	assert_string_not_equal(now.version, before.version);
	reopen(*state);
	s = ((struct bench *)*state)->s;
	assert_int_equal(s->ops->catalogue(s, false, &before), OK);
	assert_string_equal(before.version, now.version);
	assert_true(s->ops->matter_known(s, "C"));
	assert_int_equal(s->ops->last_seq(s, &seq), OK);
	assert_int_equal(seq, 2);
	import(s, second, 2); /* the same again: nobody is told */
	assert_int_equal(s->ops->last_seq(s, &seq), OK);
	assert_int_equal(seq, 2);
	buf_fini(&body);
}

static void an_import_that_is_dropped_has_never_been(void **state)
{
	static const struct matter_row first[] = {{"A", "甲", "{1}"}},
				       second[] = {{"A", "甲", "{2}"}, {"B", "乙", "{3}"}};
	struct central_store *s = ((struct bench *)*state)->s;

	import(s, first, 1);
	assert_int_equal(s->ops->import_begin(s), OK);
	assert_int_equal(s->ops->import_put(s, second, 2), OK);
	s->ops->import_drop(s);
	matters_are(s, "A={1};");
	/* As after a kill: nothing of it is in the next one. */
	assert_int_equal(s->ops->import_begin(s), OK);
	assert_int_equal(s->ops->import_put(s, second, 2), OK);
	reopen(*state);
	s = ((struct bench *)*state)->s;
	matters_are(s, "A={1};");
	import(s, first, 1);
	matters_are(s, "A={1};");
}

static void matters_in_slices(void **state)
{
	struct central_store *s = ((struct bench *)*state)->s;
	struct matter_row rows[3] = {{"a", "1", "{}"}, {"Z", "2", "{}"}, {"中", "3", "{}"}};
	struct buf b = {0};

	import(s, rows, 3);
	assert_int_equal(s->ops->matter_each(s, "", 2, see_matter, &b), OK);
	assert_int_equal(s->ops->matter_each(s, "a", 2, see_matter, &b), OK);
	assert_string_equal(b.data, "Z={};a={};中={};"); /* by their bytes */
	buf_fini(&b);
}

/* ---- stations, papers, small facts ---- */

static void see_station(void *arg, const struct station_record *r)
{
	buf_printf(
		arg, "%s %lld %lld;", r->name, (long long)r->added_ms, (long long)r->enrolled_ms);
}

static void stations(void **state)
{
	static const unsigned char code[32] = "code", other[32] = "other", token[32] = "token",
				   token_2[32] = "token 2";
	struct central_store *s = ((struct bench *)*state)->s;
	struct buf b = {0};
	int64_t id = 0, same = 0;

	assert_int_equal(s->ops->station_add(s, "二号", false, code, 1000, 10), OK);
	assert_int_equal(s->ops->station_add(s, "二号", false, code, 1000, 11), OK);
	assert_int_equal(s->ops->station_add(s, "一号", false, other, 1000, 12), OK);
	assert_int_equal(s->ops->station_of(s, token, &id), ERR_NOT_FOUND);
	assert_int_equal(s->ops->station_enrol(s, code, token, 1001, &b), ERR_NOT_FOUND);
	assert_int_equal(s->ops->station_enrol(s, code, token, 1000, &b), OK);
	assert_string_equal(b.data, "二号");
	assert_int_equal(s->ops->station_enrol(s, code, token_2, 20, &b), ERR_NOT_FOUND);
	assert_int_equal(s->ops->station_of(s, token, &id), OK);
	assert_int_equal(s->ops->station_by_name(s, "二号", &same), OK);
	assert_true(id > 0 && id == same);
	assert_int_equal(s->ops->station_by_name(s, "三号", &same), ERR_NOT_FOUND);
	assert_int_equal(s->ops->station_add(s, "二号", false, code, 1000, 30), ERR_EXISTS);
	assert_int_equal(s->ops->station_add(s, "二号", true, code, 1000, 30), OK);
	assert_int_equal(s->ops->station_of(s, token, &same), OK); /* until the code is used */
	buf_clear(&b);
	assert_int_equal(s->ops->station_enrol(s, code, token_2, 40, &b), OK);
	assert_int_equal(s->ops->station_of(s, token, &same), ERR_NOT_FOUND);
	assert_int_equal(s->ops->station_of(s, token_2, &same), OK);
	assert_int_equal(same, id);
	buf_clear(&b);
	assert_int_equal(s->ops->station_each(s, see_station, &b), OK);
	assert_string_equal(b.data, "一号 12 0;二号 10 40;");
	assert_int_equal(s->ops->station_revoke(s, "三号"), ERR_NOT_FOUND);
	assert_int_equal(s->ops->station_revoke(s, "二号"), OK);
	assert_int_equal(s->ops->station_of(s, token_2, &same), ERR_NOT_FOUND);
	assert_int_equal(s->ops->station_by_name(s, "二号", &same), OK);
	buf_fini(&b);
}

static void see_part(void *arg, const struct paper_row *row)
{
	buf_printf(arg, "%.1s %lld;", row->sha256, (long long)row->size);
}

static void papers(void **state)
{
	struct central_store *s = ((struct bench *)*state)->s;
	struct paper_row row = {.size = 5, .station = 1, .at_ms = 2}, found;
	struct buf b = {0};

	memset(row.sha256, 'a', PAPER_DIGEST_SIZE - 1);
	assert_int_equal(s->ops->paper_get(s, row.sha256, &found), ERR_NOT_FOUND);
	assert_int_equal(s->ops->paper_put(s, &row), OK);
	memset(row.sha256, 'b', PAPER_DIGEST_SIZE - 1);
	row.station = 2;
	assert_int_equal(s->ops->paper_put(s, &row), OK);
	assert_int_equal(s->ops->paper_each_part(s, 2, see_part, &b), OK);
	assert_int_equal(s->ops->paper_each_part(s, 9, see_part, &b), OK);
	assert_string_equal(b.data, "b 5;");
	memset(row.sm3, 'c', PAPER_DIGEST_SIZE - 1);
	row.size = 6;
	assert_int_equal(s->ops->paper_put(s, &row), OK);
	assert_int_equal(s->ops->paper_get(s, row.sha256, &found), OK);
	assert_string_equal(found.sm3, row.sm3);
	assert_true(found.size == 6 && found.station == 2 && found.at_ms == 2);
	buf_clear(&b);
	assert_int_equal(s->ops->paper_each_part(s, -1, see_part, &b), OK);
	assert_string_equal(b.data, "a 5;");
	assert_int_equal(s->ops->paper_drop(s, row.sha256), OK);
	assert_int_equal(s->ops->paper_drop(s, row.sha256), OK);
	assert_int_equal(s->ops->paper_get(s, row.sha256, &found), ERR_NOT_FOUND);
	buf_fini(&b);
}

static void small_facts(void **state)
{
	struct central_store *s = ((struct bench *)*state)->s;
	struct buf b = {0};

	assert_int_equal(s->ops->meta_get(s, "k", &b), ERR_NOT_FOUND);
	assert_int_equal(s->ops->meta_add(s, "k", "一"), OK);
	assert_int_equal(s->ops->meta_add(s, "k", "二"), ERR_EXISTS);
	assert_int_equal(s->ops->meta_get(s, "k", &b), OK);
	assert_int_equal(s->ops->meta_set(s, "k", "三"), OK);
	assert_int_equal(s->ops->meta_get(s, "k", &b), OK);
	assert_string_equal(b.data, "一三"); /* appended */
	assert_int_equal(s->ops->ready(s), OK);
	buf_fini(&b);
}

/* ---- both stores ---- */

static const struct {
	const char *name;
	CMUnitTestFunction run;
} cases[] = {
	{"a letter is taken once", a_letter_is_taken_once},
	{"letters one by one", letters_one_by_one},
	{"letters in one group", letters_in_one_group},
	{"letters in groups", letters_in_groups},
	{"a bad letter fails alone", a_bad_letter_fails_alone},
	{"numbers by region and day", numbers_by_region_and_day},
	{"a large group", a_large_group},
	{"letters that are posted", letters_that_are_posted},
	{"cases are found", cases_are_found},
	{"cases are listed", cases_are_listed},
	{"a step of the office", a_step_of_the_office},
	{"the feed", the_feed},
	{"who should hear", who_should_hear},
	{"evaluations are listed", evaluations_are_listed},
	{"an import is unseen until its end", an_import_is_unseen_until_its_end},
	{"an import that is dropped has never been", an_import_that_is_dropped_has_never_been},
	{"matters in slices", matters_in_slices},
	{"stations", stations},
	{"papers", papers},
	{"small facts", small_facts},
};
enum {
	CASES = sizeof cases / sizeof *cases
};

int main(void)
{
	static char names[2 * CASES][80];
	struct CMUnitTest tests[2 * CASES];
	size_t i;
	int failed;

	for (i = 0; i < sizeof tests / sizeof *tests; i++) {
		bool in_database = i >= CASES;
		snprintf(names[i], sizeof names[i], "%s: %s", in_database ? "postgresql" : "sqlite",
			cases[i % CASES].name);
		tests[i] = (struct CMUnitTest){names[i], cases[i % CASES].run, set_up, tear_down,
			in_database ? &server : NULL};
	}
	postgres_make(&server);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	postgres_remove(&server);
	return failed;
}
