/* What store.h promises of cases: found, listed, moved on by the office, told to their stations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/central/store.h"
#include "tests/unit/letters.h"
#include "tests/unit/store_bench.h"

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
	struct central_store *s = ((struct store_bench *)*state)->s;
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
	struct central_store *s = ((struct store_bench *)*state)->s;
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

	buf_printf(b, "%lld %s %s %s %s %s%s;", (long long)e->seq, e->kind,
		e->state != NULL ? e->state : "-", e->note != NULL ? e->note : "-",
		e->who != NULL ? e->who : "-", e->facts != NULL ? e->facts : "-",
		e->own ? " own" : "");
}

static void see_body(void *arg, const struct event_body *body)
{
	buf_printf(arg, "%s %d %.*s;", body->kind, body->of_office,
		(int)body->len_bytes > 9 ? 9 : (int)body->len_bytes, body->text);
}

static void a_step_of_the_office(void **state)
{
	struct central_store *s = ((struct store_bench *)*state)->s;
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
	store_bench_reopen(*state);
	s = ((struct store_bench *)*state)->s;
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

static void ask_feed(struct central_store *s, int64_t station, bool own, int64_t cursor,
	size_t limit, const char *wanted, int64_t next_wanted)
{
	struct buf b = {0};
	int64_t next = -1;

	assert_int_equal(s->ops->changes(s, station, own, cursor, limit, see_event, &b, &next), OK);
	assert_string_equal(buf_str(&b), wanted);
	assert_int_equal(next, next_wanted);
	buf_fini(&b);
}

static void feed(struct central_store *s, int64_t station, int64_t cursor, size_t limit,
	const char *wanted, int64_t next_wanted)
{
	ask_feed(s, station, false, cursor, limit, wanted, next_wanted);
}

static void the_feed(void **state)
{
	struct central_store *s = ((struct store_bench *)*state)->s;
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
	/* of a station that was restored: what it sent itself, too */
	ask_feed(s, 3, true, 0, 10,
		"1 application received - 王示范 - own;2 application received - 王示范 -;"
		"4 advance accepted - - -;5 notice - 停电 - -;",
		5);
	ask_feed(s, 4, true, 2, 1, "3 application received - 王示范 - own;", 3);
	assert_int_equal(s->ops->last_seq(s, &seq), OK);
	assert_int_equal(seq, 5);
}

static void a_letter_is_given_back(void **state)
{
	struct central_store *s = ((struct store_bench *)*state)->s;
	struct posting *p = letter_new("application", 2, 2, "");
	struct buf body = {0}, was = {0};
	char key[ID_UUID_SIZE];
	int64_t owner = 0;

	snprintf(key, sizeof key, "%s", p->key);
	p->station = 4;
	p->of_station = 3;
	buf_add(&was, p->body, p->body_len_bytes);
	assert_int_equal(s->ops->letter_get(s, key, &owner, &body), ERR_NOT_FOUND);
	assert_int_equal(letter_take(s, p), POSTING_TAKEN);
	assert_int_equal(s->ops->letter_get(s, key, &owner, &body), OK);
	assert_int_equal(owner, 3);
	assert_string_equal(body.data, was.data);
	buf_fini(&body);
	buf_fini(&was);
}

static void see_touch(void *arg, const struct event_touch *t)
{
	buf_printf(arg, "%lld %lld %lld;", (long long)t->seq, (long long)t->owner,
		(long long)t->source);
}

static void who_should_hear(void **state)
{
	struct central_store *s = ((struct store_bench *)*state)->s;
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
	struct central_store *s = ((struct store_bench *)*state)->s;
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

static const struct store_promise promises[] = {
	{"cases are found", cases_are_found},
	{"cases are listed", cases_are_listed},
	{"a step of the office", a_step_of_the_office},
	{"the feed", the_feed},
	{"a letter is given back", a_letter_is_given_back},
	{"who should hear", who_should_hear},
	{"evaluations are listed", evaluations_are_listed},
};

int main(void)
{
	return stores_keep(promises, sizeof promises / sizeof *promises);
}
