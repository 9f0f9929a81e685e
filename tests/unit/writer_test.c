/* The thread that takes letters into a store: groups, order, rest, the end; and what was looked up
 * lately. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/central/posting.h"
#include "core/central/recent.h"
#include "core/central/writer.h"

enum {
	LETTERS = 3000,
	/* Longer than a thread takes to wake, shorter than it waits for the rest: what it waits for
	 * is nobody's to see. */
	WAKING_US = 2000
};

/* A store that counts, and can be made to stand still in the middle of a group. */
struct counting {
	pthread_mutex_t gate;
	int64_t next; /* seq of the next letter */
	size_t groups, tended, largest, crowd;
	int64_t flush_us;
	pthread_t by; /* who took the last group */
};

static void take(void *arg, struct posting **postings, size_t count)
{
	struct counting *c = arg;
	size_t i;

	pthread_mutex_lock(&c->gate);
	for (i = 0; i < count; i++) {
		postings[i]->seq = ++c->next;
		postings[i]->result = POSTING_TAKEN;
	}
	c->groups++;
	c->by = pthread_self();
	usleep((useconds_t)c->flush_us); /* how slow this store is */
	c->largest = count > c->largest ? count : c->largest;
	pthread_mutex_unlock(&c->gate);
}

static void tend(void *arg, size_t crowd)
{
	struct counting *c = arg;

	c->tended++;
	c->crowd = crowd > c->crowd ? crowd : c->crowd;
}

static struct posting letters[LETTERS];

struct got {
	size_t letters, groups;
	int64_t last;
};

static void get(void *arg, struct posting **postings, size_t count, int64_t took_us)
{
	struct got *g = arg;
	size_t i;

	assert_true(took_us >= 0);
	for (i = 0; i < count; i++) {
		assert_int_equal(postings[i]->seq, ++g->last);
		assert_ptr_equal(postings[i], &letters[g->last - 1]);
	}
	g->letters += count;
	g->groups++;
}

static struct writer *begin(struct counting *c)
{
	const struct writer_work work = {.take = take, .tend = tend, .arg = c};
	struct writer *w;

	*c = (struct counting){.gate = PTHREAD_MUTEX_INITIALIZER};
	w = writer_new(&work);
	assert_non_null(w);
	return w;
}

static bool is_readable(const struct writer *w)
{
	struct pollfd p = {.fd = writer_descriptor(w), .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

/* Each letter once, in the order in which it was posted, whatever groups they make. */
static void each_letter_comes_back_once_and_in_order(void **state)
{
	struct counting c;
	struct got g = {0};
	struct writer *w = begin(&c);
	size_t i;

	(void)state;
	for (i = 0; i < LETTERS; i++) {
		writer_post(w, &letters[i]);
		if (i % 7 == 0)
			writer_settled(w, get, &g);
	}
	while (g.letters < LETTERS)
		writer_settled(w, get, &g);
	writer_rest(w);
	assert_int_equal(g.letters, LETTERS);
	assert_int_equal(c.next, LETTERS);
	assert_int_equal(g.groups, c.groups);
	assert_in_range(c.tended, 1, c.groups);
	assert_false(is_readable(w));
	writer_free(w);
}

/* Letters one by one are soon taken without the thread, and by it again when they are more. */
static void a_slow_stream_is_taken_at_once(void **state)
{
	struct counting c;
	struct got g = {0};
	struct writer *w = begin(&c);
	size_t i;

	(void)state;
	for (i = 0; i < 20; i++) {
		writer_rest(w);
		writer_post(w, &letters[i]);
		writer_settled(w, get, &g);
	}
	assert_int_equal(g.letters, 20);
	assert_true(pthread_equal(c.by, pthread_self()));
	assert_false(is_readable(w));
	writer_post(w, &letters[20]);
	writer_post(w, &letters[21]);
	writer_settled(w, get, &g);
	writer_rest(w);
	writer_settled(w, get, &g);
	assert_int_equal(g.letters, 22);
	assert_false(pthread_equal(c.by, pthread_self()));
	writer_post(w, &letters[22]);
	writer_settled(w, get, &g);
	writer_free(w);
	assert_int_equal(c.next, 23);
	assert_false(pthread_equal(c.by, pthread_self()));
}

/* What came while it was busy is one group; what was posted before it began is one as well. */
static void letters_share_a_group_while_it_is_busy(void **state)
{
	struct counting c;
	struct got g = {0};
	struct writer *w = begin(&c);
	size_t i;

	(void)state;
	pthread_mutex_lock(&c.gate);
	for (i = 0; i < 3; i++)
		writer_post(w, &letters[i]);
	assert_int_equal(c.groups, 0);
	writer_settled(w, get, &g); /* now it begins, and stands still */
	assert_false(writer_is_idle(w));
	assert_int_equal(g.letters, 0);
	pthread_mutex_unlock(&c.gate);
	writer_rest(w);
	assert_true(writer_is_idle(w));
	assert_true(is_readable(w));
	assert_int_equal(c.groups, 1);
	assert_int_equal(c.largest, 3);
	writer_settled(w, get, &g);
	assert_int_equal(g.letters, 3);
	assert_false(is_readable(w));
	writer_free(w);
}

/* Those in the group and those who wait behind it, wherever the thread parted them. */
static void to_tend_is_to_know_how_many_are_about(void **state)
{
	struct counting c;
	struct got g = {0};
	struct writer *w = begin(&c);
	size_t i;

	(void)state;
	pthread_mutex_lock(&c.gate);
	for (i = 0; i < 3; i++)
		writer_post(w, &letters[i]);
	writer_settled(w, get, &g);
	for (i = 3; i < 5; i++)
		writer_post(w, &letters[i]);
	pthread_mutex_unlock(&c.gate);
	writer_rest(w);
	assert_int_equal(c.crowd, 5);
	writer_free(w);
}

/* The first are fewer than it is worth a flush for: it begins with them, and waits. */
static bool first_and_rest_share_a_flush(struct writer *w, struct counting *c)
{
	struct got g = {.last = c->next = 0};
	size_t i;

	for (i = 0; i < LETTERS; i++)
		writer_post(w, &letters[i]);
	while (g.letters < LETTERS)
		writer_settled(w, get, &g);
	c->next = g.last = 0;
	c->groups = 0;
	for (i = 0; i < LETTERS; i++) {
		writer_post(w, &letters[i]);
		if (i == LETTERS / 8) {
			writer_settled(w, get, &g);
			usleep(WAKING_US);
		}
	}
	writer_settled(w, get, &g);
	while (g.letters < 2 * LETTERS)
		writer_settled(w, get, &g);
	return c->groups == 1;
}

/* Where a flush is slow, those who were in the last group are waited for. Time passes on this
 * machine as it likes: once in twenty it must be so. */
static void a_slow_flush_waits_for_those_who_come_again(void **state)
{
	struct counting c;
	struct writer *w = begin(&c);
	int tries = 0;

	(void)state;
	c.flush_us = 2 * LETTERS * 50;
	while (!first_and_rest_share_a_flush(w, &c))
		assert_true(++tries < 20);
	writer_free(w);
}

/* To rest is to wait for letters that it has not begun with, too. */
static void rest_waits_for_all_that_was_posted(void **state)
{
	struct counting c;
	struct writer *w = begin(&c);

	(void)state;
	writer_rest(NULL);
	writer_rest(w);
	writer_post(w, &letters[0]);
	writer_rest(w);
	assert_int_equal(c.next, 1);
	writer_post(w, &letters[1]);
	writer_post(w, &letters[2]);
	writer_free(w);
	assert_int_equal(c.next, 3); /* the end waits as well */
}

static void it_tends_when_asked(void **state)
{
	struct counting c;
	struct writer *w = begin(&c);

	(void)state;
	writer_tend(w);
	writer_rest(w);
	assert_int_equal(c.tended, 1);
	assert_int_equal(c.groups, 0);
	assert_false(is_readable(w));
	writer_free(w);
	writer_free(NULL);
}

static void what_was_looked_up_is_remembered_for_a_time(void **state)
{
	static struct recent r;
	char name[RECENT_BYTES_MAX + 2];
	int64_t value = 0;
	int i, kept = 0;

	(void)state;
	assert_false(recent_get(&r, "窗口三", 0, &value));
	recent_put(&r, "窗口三", 100, 3);
	assert_true(recent_get(&r, "窗口三", 99, &value));
	assert_int_equal(value, 3);
	assert_false(recent_get(&r, "窗口三", 100, &value));
	assert_false(recent_get(&r, "窗口", 0, &value));
	recent_put(&r, "窗口三", 200, 4);
	assert_true(recent_get(&r, "窗口三", 150, &value));
	assert_int_equal(value, 4);
	/* However many there are, there are so many places. */
	for (i = 0; i < 20 * RECENT_PLACES; i++) {
		snprintf(name, sizeof name, "n%d", i);
		recent_put(&r, name, 100, i);
	}
	for (i = 0; i < 20 * RECENT_PLACES; i++) {
		snprintf(name, sizeof name, "n%d", i);
		if (recent_get(&r, name, 0, &value)) {
			assert_int_equal(value, i);
			kept++;
		}
	}
	assert_in_range(kept, 1, RECENT_PLACES);
	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	recent_put(&r, name, 100, 1);
	assert_false(recent_get(&r, name, 0, &value)); /* too long to be kept */
	recent_forget(&r);
	snprintf(name, sizeof name, "n%d", 20 * RECENT_PLACES - 1);
	assert_false(recent_get(&r, name, 0, &value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_letter_comes_back_once_and_in_order),
		cmocka_unit_test(a_slow_stream_is_taken_at_once),
		cmocka_unit_test(letters_share_a_group_while_it_is_busy),
		cmocka_unit_test(to_tend_is_to_know_how_many_are_about),
		cmocka_unit_test(a_slow_flush_waits_for_those_who_come_again),
		cmocka_unit_test(rest_waits_for_all_that_was_posted),
		cmocka_unit_test(it_tends_when_asked),
		cmocka_unit_test(what_was_looked_up_is_remembered_for_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
