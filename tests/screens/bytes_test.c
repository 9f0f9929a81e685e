/* What a line has to carry: the budgets of screens.md at 80x24, UTF-8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <time.h>

#include "tests/screens/hall.h"

enum {
	REST_MS = 400, /* longer than the rest before a preview */
	FIRST_MAX = 2200,
	PAGE_MAX = 1900,
	STEP_MAX = 200,
	STEP_SLOW_MAX = 40,
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

static void at_most(struct term *t, size_t max, const char *what)
{
	size_t n;

	term_rest(t, REST_MS);
	n = term_bytes(t);
	if (n > max)
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
		size_t n = brought(t, "<Down>", REST_MS);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_carries_little),
		cmocka_unit_test(a_step_is_short),
	};

	return cmocka_run_group_tests(tests, make, drop);
}
