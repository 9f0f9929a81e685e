/* What store.h promises of letters: each taken once, numbered without gaps, each against those
 * before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/central/store.h"
#include "tests/unit/letters.h"
#include "tests/unit/store_bench.h"

static void a_letter_is_taken_once(void **state)
{
	struct central_store *s = ((struct store_bench *)*state)->s;
	struct posting *first = letter_new("application", 1, 1, ""),
		       *again = letter_new("application", 1, 1, ""),
		       *other = letter_new("application", 1, 1, ",\"note\":\"x\"");

	s->ops->take(s, &first, 1);
	assert_int_equal(first->result, POSTING_TAKEN);
	assert_int_equal(first->seq, 1);
	assert_string_equal(first->project_no + 14, "00001");
	assert_string_equal(first->state, "received");
	store_bench_reopen(*state);
	s = ((struct store_bench *)*state)->s;
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
	/* what it replaces was never here: the centre may have been restored from an old copy */
	{"application", 23, 1, ",\"replaces\":\"018f0000-0000-7000-9000-000000000098\"", 0,
		POSTING_STALE},
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
		if (p[i]->result == POSTING_STALE && p[i]->unknown != (road[i].key == 23))
			fail_msg("row %d: what it replaces is said to be %s", i,
				p[i]->unknown ? "unknown" : "known");
		assert_true(p[i]->result != POSTING_STATE || *posting_why(p[i]) != '\0');
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

static int64_t taken_of(int of_case)
{
	int64_t n = 0;
	size_t i;

	for (i = 0; i < ROAD; i++)
		n += road[i].of_case == of_case && road[i].result == POSTING_TAKEN;
	return n;
}

static void see_letters(void *arg, const struct case_record *c)
{
	*(int64_t *)arg = c->letters;
}

static bool add_letters(void *arg, const struct case_record *c)
{
	*(int64_t *)arg += c->letters;
	return true;
}

/* What was taken of each case, and nothing else: a station holds its receipts against it. */
static void check_counts(struct central_store *s)
{
	static const int cases[] = {1, 2, 21};
	struct case_filter all = {.limit = 100, .count_letters = true};
	char id[ID_UUID_SIZE];
	int64_t letters = 0;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(
			s->ops->case_get(s, letter_case_id(cases[i], id), see_letters, &letters),
			OK);
		assert_int_equal(letters, taken_of(cases[i]));
	}
	letters = 0;
	assert_int_equal(s->ops->case_each(s, &all, add_letters, &letters), OK);
	assert_int_equal(letters, taken_of(1) + taken_of(2) + taken_of(21));
	letters = 0;
	all.count_letters = false;
	assert_int_equal(s->ops->case_each(s, &all, add_letters, &letters), OK);
	assert_int_equal(letters, -3);
}

static void walk(void **state, size_t step)
{
	struct central_store *s = ((struct store_bench *)*state)->s;
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
	check_counts(s);
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
	struct central_store *s = ((struct store_bench *)*state)->s;
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
	struct central_store *s = ((struct store_bench *)*state)->s;
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
	store_bench_reopen(*state);
	s = ((struct store_bench *)*state)->s;
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
	struct central_store *s = ((struct store_bench *)*state)->s;
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
	struct central_store *s = ((struct store_bench *)*state)->s;
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

static const struct store_promise promises[] = {
	{"a letter is taken once", a_letter_is_taken_once},
	{"letters one by one", letters_one_by_one},
	{"letters in one group", letters_in_one_group},
	{"letters in groups", letters_in_groups},
	{"a bad letter fails alone", a_bad_letter_fails_alone},
	{"numbers by region and day", numbers_by_region_and_day},
	{"a large group", a_large_group},
	{"letters that are posted", letters_that_are_posted},
};

int main(void)
{
	return stores_keep(promises, sizeof promises / sizeof *promises);
}
