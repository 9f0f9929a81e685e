/* Which rows of a list are in view. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/widget_list.h"

enum {
	ROWS = 8,
	COUNT = 50
};

static void press(struct list *l, enum key_code code)
{
	bool picked;

	list_key(l, &(struct key){.code = code}, false, &picked);
	list_fit(l, ROWS);
}

static void a_step_beyond_turns_half_the_page(void **state)
{
	struct list l = {0};

	(void)state;
	list_reset(&l, COUNT);
	list_fit(&l, ROWS);
	for (int i = 0; i < ROWS - 1; i++)
		press(&l, K_DOWN);
	assert_int_equal(l.top, 0);
	press(&l, K_DOWN);
	assert_int_equal(l.selected, ROWS);
	assert_int_equal(l.top, ROWS / 2); /* the other half stays */
	for (int i = 0; i < ROWS / 2; i++)
		press(&l, K_UP);
	assert_int_equal(l.selected, l.top);
	press(&l, K_UP);
	assert_int_equal(l.selected, ROWS / 2 - 1);
	assert_int_equal(l.top, 0);
}

static void the_ends_fill_the_view(void **state)
{
	struct list l = {0};

	(void)state;
	list_reset(&l, COUNT);
	list_fit(&l, ROWS);
	press(&l, K_END);
	assert_int_equal(l.selected, COUNT - 1);
	assert_int_equal(l.top, COUNT - ROWS);
	press(&l, K_HOME);
	assert_int_equal(l.top, 0);
	list_resize(&l, 3);
	list_fit(&l, ROWS);
	press(&l, K_END);
	press(&l, K_DOWN);
	assert_int_equal(l.selected, 2);
	assert_int_equal(l.top, 0);
}

static void another_height_keeps_the_row_in_view(void **state)
{
	struct list l = {0};

	(void)state;
	list_reset(&l, COUNT);
	list_fit(&l, 20);
	for (int i = 0; i < 15; i++)
		press(&l, K_DOWN);
	for (int rows = 20; rows > 0; rows--) {
		list_fit(&l, rows);
		assert_true(l.selected >= l.top && l.selected < l.top + (size_t)rows);
	}
	list_fit(&l, 0);
	assert_int_equal(l.top, l.selected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_step_beyond_turns_half_the_page),
		cmocka_unit_test(the_ends_fill_the_view),
		cmocka_unit_test(another_height_keeps_the_row_in_view),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
