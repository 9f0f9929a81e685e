/* What a line has to carry: the budgets of screens.md at 80x24, UTF-8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <time.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/paths.h"
#include "core/station/catalogue.h"
#include "core/station/index.h"
#include "tests/bench/corpus.h"
#include "tests/screens/roads.h"
#include "tui/app_private.h"

enum {
	REST_MS = 400, /* longer than the rest before a preview */
	STEP_MS = 120, /* shorter than that */
	FIRST_MAX = 2200,
	PAGE_MAX = 1900,
	STEP_MAX = 200,
	STEP_SLOW_MAX = 40,
	TURN_MAX = 800,	      /* half a page of a list */
	FIELD_TURN_MAX = 300, /* the next group of a form comes into view */
	AFTER_MAX = 500,      /* what follows a step when the hands rest */
	KEY_MAX = 12
};

static struct hall hall;

static int make(void **state)
{
	(void)state;
	hall_make(&hall);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	hall_drop(&hall);
	return 0;
}

/* Bytes until it rests. Of two minutes it tells nothing: the clock in the corner is drawn too. */
static size_t brought(struct term *t, const char *keys, int rest_ms)
{
	time_t minute;
	size_t n;

	do {
		minute = time(NULL) / 60;
		term_bytes(t);
		term_keys(t, keys);
		term_rest(t, rest_ms);
		n = term_bytes(t);
	} while (time(NULL) / 60 != minute);
	return n;
}

/* Since the last time; here too two minutes tell nothing. */
static void at_most(struct term *t, size_t max, const char *what)
{
	static time_t minute;
	const time_t before = minute;
	size_t n;

	term_rest(t, REST_MS);
	n = term_bytes(t);
	minute = time(NULL) / 60;
	if (n > max && minute == before)
		fail_msg("%s took %zu bytes, at most %zu", what, n, max);
}

static void a_line_carries_little(void **state)
{
	struct term *t = hall_open(&hall, "xterm-256color", "C.UTF-8", "", 24, 80);

	(void)state;
	term_wait(t, "终端自检");
	at_most(t, FIRST_MAX, "the first screen");
	term_keys(t, "0");
	at_most(t, KEY_MAX, "a key in a field");
	term_keys(t, "<BS>");
	hall_sign_in(t, "要您处理");
	at_most(t, PAGE_MAX, "today");
	term_keys(t, "残疾");
	term_wait(t, "残疾人证换领");
	at_most(t, 2 * PAGE_MAX, "two keys of a search");
	term_keys(t, "<M-1>");
	term_wait(t, "要您处理");
	at_most(t, PAGE_MAX, "a page");
	term_keys(t, "?");
	term_wait(t, "遮屏");
	at_most(t, PAGE_MAX, "help");
	assert_int_equal(brought(t, "", 1500), 0); /* past one look at the file */
	term_stop(t);
}

static void steps(bool slow, size_t max)
{
	struct term *t = hall_open(&hall, "xterm-256color", "C.UTF-8", "", 24, 80);

	hall_sign_in(t, "要您处理");
	if (slow) {
		term_keys(t, ":slow<Enter>");
		term_wait(t, "已启用慢线显示");
	}
	term_keys(t, "?");
	term_wait(t, "遮屏");
	term_rest(t, REST_MS);
	for (int i = 0; i < 6; i++) {
		size_t n = brought(t, "<Down>", slow ? STEP_MS : REST_MS);
		/* a slow machine lets the preview in, which is for the rest: once more */
		for (int again = 0; slow && n > max && again < 3; again++)
			n = brought(t, "<Down>", STEP_MS);
		if (n > max)
			fail_msg("a step down a list took %zu bytes, at most %zu", n, max);
	}
	term_stop(t);
}

static void a_step_is_short(void **state)
{
	(void)state;
	steps(false, STEP_MAX);
	steps(true, STEP_SLOW_MAX);
}

/* ---- every list there is ---- */

/* A county's catalogue in place of the four matters. */
static void import(const char *home)
{
	char *demo = paths_share("data/demo/matters.jsonl");
	char *db = paths_join(home, "catalogue.db"), *index = paths_join(home, "catalogue.idx");
	struct catalogue *cat = NULL;
	struct catalogue_import how = {.source = "bytes_test"};
	struct catalogue_result r = {0};
	struct corpus c;
	FILE *f = tmpfile();

	corpus_init(&c, demo, 300, 1200);
	for (size_t i = 0; i < c.rows; i++) {
		struct catalogue_row row = corpus_row(&c, i);
		corpus_print(f, &row);
	}
	rewind(f);
	assert_int_equal(catalogue_open(&cat, db, 20000, NULL), OK);
	assert_int_equal(catalogue_import(cat, f, &how, &r, NULL), OK);
	assert_int_equal(index_build(cat, index, NULL), OK);
	catalogue_close(cat);
	corpus_fini(&c);
	fclose(f);
	free(db);
	free(index);
	free(demo);
}

/* A hall with rows in its lists. */
static void full_hall(struct hall *h)
{
	static const char *const names[] = {"李样例", "王示范", "赵验", "欧阳测试"};
	struct inside_options o = {
		"xterm-256color", "C.UTF-8", "", 24, 80, THEME_DEFAULT, false, false, .chance = 9};
	struct inside *in;

	roads_hall(h);
	in = inside_open(h, &o);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		roads_submit(in, names[i]);
	inside_close(in);
	import(strchr(h->home_env, '=') + 1);
}

static size_t bytes_of(struct inside *in, const char *key)
{
	term_bytes(inside_term(in));
	term_keys(inside_term(in), key);
	while (term_turn(inside_term(in))) /* the frame of the key; pauses come after */
		continue;
	return term_bytes(inside_term(in));
}

/* What comes later: a preview, the keys, what is told of the row or field. */
static size_t bytes_after(struct inside *in, int ms)
{
	term_bytes(inside_term(in));
	inside_pass(in, ms);
	return term_bytes(inside_term(in));
}

/* On a line of 9 600 bit/s (ten bits a byte) with a round trip of 300 ms. */
static double shown_after_ms(size_t bytes)
{
	return 300 + (double)bytes * 10 / 9.6;
}

struct steps {
	size_t max;	 /* bytes of one */
	size_t turn_max; /* of one that brings other rows into view */
	double shown_ms; /* when it is to be seen on such a line; 0: no matter */
	int pause_ms;	 /* between two of them */
	int count;
	size_t most_after; /* bytes that followed one at leisure */
	bool heavy;
};

/* What a key brought at once. One in four or so may turn half a page. */
static bool is_light(const struct steps *s, size_t n, int step, int *turned)
{
	if (n > s->max && n <= s->turn_max && ++*turned <= step / 4 + 1)
		return true;
	return n <= s->max && (s->shown_ms <= 0 || shown_after_ms(n) <= s->shown_ms);
}

static void step_on(struct inside *in, const char *where, const char *key, struct steps *s)
{
	int turned = 0;

	for (int step = 1; step <= 24; step++) {
		size_t n = bytes_of(in, key), after = bytes_after(in, s->pause_ms);
		if (n == 0)
			break;
		s->count++;
		if (after > s->most_after)
			s->most_after = after;
		if (is_light(s, n, step, &turned) && after <= AFTER_MAX)
			continue;
		print_error("%s: step %d by %s, each after %d ms, took %zu bytes, at most %zu, "
			    "then %zu, at most %d\n",
			where, step, key, s->pause_ms, n, s->max, after, AFTER_MAX);
		s->heavy = true;
	}
}

/* At leisure, and with the key held down. */
static void step_through(struct hall *h, const struct road *r, bool slow, struct steps *s)
{
	static const int pauses_ms[] = {600, 33};
	struct inside_options o = {
		"xterm-256color", "C.UTF-8", "", 24, 80, THEME_DEFAULT, slow, false, .chance = 3};

	for (size_t i = 0; i < sizeof(pauses_ms) / sizeof(*pauses_ms); i++) {
		struct hall copy;
		struct inside *in;
		roads_copy(h, &copy);
		in = inside_open(&copy, &o);
		roads_go(in, r);
		s->pause_ms = pauses_ms[i];
		step_on(in, r->name, "<Down>", s);
		inside_pass(in, 600);
		step_on(in, r->name, "<Up>", s);
		inside_close(in);
	}
}

static void tell(const struct steps *fast, const struct steps *slow)
{
	print_message("%d steps, then at most %zu bytes; %d on a slow line, then at most %zu\n",
		fast->count, fast->most_after, slow->count, slow->most_after);
}

static void every_list_steps_lightly(void **state)
{
	struct steps fast = {STEP_MAX, TURN_MAX, 0, 0, 0, 0, false};
	struct steps slow = {STEP_SLOW_MAX, TURN_MAX, 320, 0, 0, 0, false};
	struct hall h;

	(void)state;
	full_hall(&h);
	for (size_t i = 0; i < roads_count; i++) {
		if (!(roads[i].what & ROAD_LIST))
			continue;
		step_through(&h, &roads[i], false, &fast);
		step_through(&h, &roads[i], true, &slow);
	}
	tell(&fast, &slow);
	assert_false(fast.heavy || slow.heavy);
	assert_true(fast.count > 400 && slow.count > 400);
	hall_drop(&h);
}

static void every_field_is_reached_lightly(void **state)
{
	struct steps fast = {STEP_MAX, FIELD_TURN_MAX, 0, 0, 0, 0, false};
	struct steps slow = {STEP_SLOW_MAX, FIELD_TURN_MAX, 330, 0, 0, 0, false};
	struct hall h;

	(void)state;
	roads_hall(&h);
	for (size_t i = 0; i < roads_count; i++) {
		if (strncmp(roads[i].name, "form", 4) != 0 ||
			strcmp(roads[i].name, "form-why") == 0)
			continue;
		step_through(&h, &roads[i], false, &fast);
		step_through(&h, &roads[i], true, &slow);
	}
	tell(&fast, &slow);
	assert_false(fast.heavy || slow.heavy);
	assert_true(fast.count > 200 && slow.count > 200);
	hall_drop(&h);
}

/* Any screen at all is a page; to the minute nothing is drawn. */
static void every_screen_is_a_page(void **state)
{
	struct hall h, copy;
	bool heavy = false;

	(void)state;
	full_hall(&h);
	for (size_t i = 0; i < roads_count; i++) {
		struct inside_options o = {"xterm-256color", "C.UTF-8", "", 24, 80, THEME_DEFAULT,
			false, false, .chance = 3};
		struct inside *in;
		size_t n;
		roads_copy(&h, &copy);
		in = inside_open(&copy, &o);
		roads_go(in, &roads[i]);
		terminal_forget(inside_app(in)->terminal);
		app_dirty(inside_app(in));
		term_bytes(inside_term(in));
		while (term_turn(inside_term(in)))
			continue;
		n = term_bytes(inside_term(in));
		if (n > FIRST_MAX) {
			print_error("%s: the whole screen took %zu bytes, at most %d\n",
				roads[i].name, n, FIRST_MAX);
			heavy = true;
		}
		if (!(roads[i].what & ROAD_TIMED)) {
			inside_pass(in, 30000);
			assert_int_equal(term_bytes(inside_term(in)), 0);
		}
		inside_close(in);
	}
	assert_false(heavy);
	hall_drop(&h);
}

/* Each key of a road: what it brings at once, and what follows when the hands rest. */
static bool press_all(struct inside *in, const struct road *r, size_t *most_after)
{
	bool heavy = false;
	size_t n;

	for (const char *p = r->keys; *p; p += n) {
		char key[16];
		size_t at_once, after;
		n = roads_key(p, key, sizeof(key));
		at_once = bytes_of(in, key);
		after = bytes_after(in, REST_MS);
		if (after > *most_after)
			*most_after = after;
		if (at_once <= PAGE_MAX && after <= PAGE_MAX)
			continue;
		print_error("%s: %s brought %zu bytes, then %zu, at most %d\n", r->name, key,
			at_once, after, PAGE_MAX);
		heavy = true;
	}
	return !heavy;
}

static void every_key_brings_a_page(void **state)
{
	struct hall h, copy;
	bool heavy = false;
	size_t most_after = 0;

	(void)state;
	full_hall(&h);
	for (size_t i = 0; i < 2 * roads_count; i++) {
		struct inside_options o = {"xterm-256color", "C.UTF-8", "", 24, 80, THEME_DEFAULT,
			i % 2, false, .chance = 3};
		struct inside *in;
		roads_copy(&h, &copy);
		in = inside_open(&copy, &o);
		inside_pass(in, REST_MS);
		heavy |= !press_all(in, &roads[i / 2], &most_after);
		inside_close(in);
	}
	print_message("after a key came %zu bytes at most\n", most_after);
	assert_false(heavy);
	hall_drop(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_carries_little),
		cmocka_unit_test(a_step_is_short),
		cmocka_unit_test(every_list_steps_lightly),
		cmocka_unit_test(every_field_is_reached_lightly),
		cmocka_unit_test(every_screen_is_a_page),
		cmocka_unit_test(every_key_brings_a_page),
	};

	return cmocka_run_group_tests(tests, make, drop);
}
