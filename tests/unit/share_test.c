/* Whose turn it is to be read: nobody waits while others have two. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/central/share.h"

enum {
	LOW = 5, /* 0 … 4 are never ready, as the program's own files */
	HIGH = 132,
	TURNS = 5000
};

static uint32_t dice = 20261129;

static unsigned roll(unsigned sides)
{
	dice = dice * 1664525 + 1013904223;
	return (dice >> 8) % sides;
}

static unsigned count(const fd_set *s)
{
	unsigned n = 0;
	int fd;

	for (fd = 0; fd <= HIGH; fd++)
		n += FD_ISSET(fd, s) != 0;
	return n;
}

static void all_ready(fd_set *s)
{
	int fd;

	FD_ZERO(s);
	for (fd = LOW; fd <= HIGH; fd++)
		FD_SET(fd, s);
}

static void each_has_its_turn_before_any_has_two(void **state)
{
	unsigned turns[HIGH + 1] = {0}, i;
	int last = 0, fd;

	(void)state;
	for (i = 1; i <= TURNS; i++) {
		fd_set ready;
		all_ready(&ready);
		share_take(&ready, HIGH, 32, &last);
		assert_int_equal(count(&ready), 32);
		for (fd = LOW; fd <= HIGH; fd++)
			turns[fd] += FD_ISSET(fd, &ready) != 0;
		for (fd = LOW; fd <= HIGH; fd++)
			assert_in_range(turns[fd], i * 32 / (HIGH - LOW + 1),
				i * 32 / (HIGH - LOW + 1) + 1);
	}
}

/* Lines come and go between the turns: one that stays ready waits for each other once at most. */
static void one_that_stays_is_not_passed_over(void **state)
{
	const int stays = LOW + 40;
	unsigned before = 0, i;
	int last = HIGH + 300; /* of a line that is gone */

	(void)state;
	for (i = 0; i < TURNS; i++) {
		fd_set ready;
		int max = stays + (int)roll(HIGH - stays + 1), fd;
		unsigned most = 1 + roll(40), had;

		FD_ZERO(&ready);
		for (fd = LOW; fd <= max; fd++)
			if (fd == stays || roll(3) > 0)
				FD_SET(fd, &ready);
		had = count(&ready);
		share_take(&ready, max, most, &last);
		assert_int_equal(count(&ready), most < had ? most : had);
		before = FD_ISSET(stays, &ready) ? 0 : before + count(&ready);
		assert_in_range(before, 0, HIGH - LOW);
	}
}

static void few_are_all_taken(void **state)
{
	fd_set ready;
	int last = 77;

	(void)state;
	FD_ZERO(&ready);
	share_take(&ready, 90, 4, &last);
	assert_int_equal(count(&ready), 0);
	assert_int_equal(last, 77);
	share_take(&ready, -1, 4, &last); /* there is no line at all */
	FD_SET(6, &ready);
	FD_SET(90, &ready);
	share_take(&ready, 90, 4, &last);
	assert_true(FD_ISSET(6, &ready) && FD_ISSET(90, &ready));
	assert_int_equal(last, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_its_turn_before_any_has_two),
		cmocka_unit_test(one_that_stays_is_not_passed_over),
		cmocka_unit_test(few_are_all_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
