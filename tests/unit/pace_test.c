/* What is on its way to a terminal, and when the next paint waits for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/pace.h"

static void a_quick_line_is_asked_once_and_never_waited_for(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p);
	assert_true(pace_may_paint(&p, 0));
	assert_true(pace_painted(&p, 1900, 0));
	assert_false(pace_answered(&p, 3));
	assert_true(p.sure);
	assert_false(p.slow);
	assert_int_equal(p.round_trip_ms, 3);
	assert_int_equal(p.under_way, 0);
}

/* One late answer may be chance: it is asked again. */
static void chance_is_not_slowness(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p);
	pace_painted(&p, 1900, 0);
	assert_true(pace_answered(&p, 400));
	assert_false(p.sure);
	pace_answered(&p, 405);
	assert_true(p.sure);
	assert_false(p.slow);
	assert_int_equal(p.round_trip_ms, 5);
}

static void far_or_narrow_is_slow(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p);
	pace_painted(&p, 800, 0);
	assert_true(pace_answered(&p, 300 + 833));
	pace_answered(&p, 300 + 833 + 304);
	assert_true(p.slow);
	assert_int_equal(p.round_trip_ms, 304);

	pace_init(&p); /* near, 960 bytes a second */
	pace_painted(&p, 800, 0);
	assert_true(pace_answered(&p, 20 + 833));
	pace_answered(&p, 20 + 833 + 20);
	assert_true(p.slow);
}

static void a_frame_waits_for_the_one_before(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p);
	pace_painted(&p, 10, 0);
	pace_answered(&p, 1);
	assert_true(pace_painted(&p, 1200, 1000));
	assert_false(pace_may_paint(&p, 1001));
	assert_false(pace_may_paint(&p, 2000));
	assert_false(pace_answered(&p, 2500));
	assert_true(pace_may_paint(&p, 2500));
}

static void steps_pass(void **state)
{
	struct pace p;
	int asked = 0;

	(void)state;
	pace_init(&p);
	pace_painted(&p, 10, 0);
	pace_answered(&p, 1);
	for (int i = 0; i < 12; i++) {
		assert_true(pace_may_paint(&p, 1000 + i));
		asked += pace_painted(&p, 20, 1000 + i);
	}
	assert_int_equal(asked, 0);
	for (int i = 0; i < 20; i++)
		asked += pace_painted(&p, 20, 1100);
	assert_int_equal(asked, 1);
	assert_false(pace_may_paint(&p, 1100));
}

/* What was painted after the question is still under way when its answer comes. */
static void the_answer_is_for_what_was_before(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p);
	pace_painted(&p, 10, 0);
	pace_answered(&p, 1);
	assert_true(pace_painted(&p, 200, 10));
	assert_true(pace_may_paint(&p, 11));
	assert_false(pace_painted(&p, 450, 11));
	assert_false(pace_may_paint(&p, 12));
	assert_true(pace_answered(&p, 320));
	assert_int_equal(p.under_way, 450);
	assert_false(pace_may_paint(&p, 321));
	pace_answered(&p, 700);
	assert_true(pace_may_paint(&p, 700));
}

static void who_does_not_answer_is_left_alone(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p);
	assert_true(pace_painted(&p, 2000, 0));
	assert_false(pace_may_paint(&p, 9999));
	assert_true(pace_may_paint(&p, 10000));
	assert_false(pace_painted(&p, 2000, 10000));
	assert_true(pace_may_paint(&p, 10001));
	assert_true(pace_answered(&p, 20000)); /* it does after all: late */
	assert_false(pace_may_paint(&p, 20001));
}

static void an_answer_nobody_asked_for(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p);
	assert_false(pace_answered(&p, 5));
	assert_int_equal(p.round_trip_ms, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_quick_line_is_asked_once_and_never_waited_for),
		cmocka_unit_test(chance_is_not_slowness),
		cmocka_unit_test(far_or_narrow_is_slow),
		cmocka_unit_test(a_frame_waits_for_the_one_before),
		cmocka_unit_test(steps_pass),
		cmocka_unit_test(the_answer_is_for_what_was_before),
		cmocka_unit_test(who_does_not_answer_is_left_alone),
		cmocka_unit_test(an_answer_nobody_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
