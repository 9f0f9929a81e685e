/* What an answer changes in the list of papers is said when its field is left, not before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/screens/roads.h"

static const struct inside_options options = {
	"xterm-256color", "C.UTF-8", "", 24, 80, THEME_DEFAULT, .chance = 3};

/* 残疾人证换领 asks for the household register when the number is an identity card's. */
static const struct road to_the_number = {
	"number", "残疾人证换<Enter><Enter><Enter>陈晓燕<Enter>1<Enter>", 0};

static void go(struct inside *in, const char *keys)
{
	roads_go(in, &(struct road){"", keys, 0});
}

static void pause_of_a_second(struct inside *in)
{
	for (int ms = 0; ms < 1000; ms += 50)
		inside_pass(in, 50);
}

static void said_when_the_field_is_left(void **state)
{
	struct hall copy;
	struct inside *in;
	struct term *t;

	(void)state;
	roads_copy(&roads_home, &copy);
	in = inside_open(&copy, &options);
	t = inside_term(in);
	roads_go(in, &to_the_number);
	assert_true(term_has(t, "> 证件号码"));
	go(in, HALL_PERSON);
	pause_of_a_second(in); /* it is on the disk now */
	assert_false(term_has(t, "材料多了"));
	go(in, "<Enter>");
	assert_true(term_has(t, "材料多了: 户口簿"));
	go(in, "<Up><C-u>1101");
	pause_of_a_second(in);
	assert_false(term_has(t, "不再要"));
	go(in, "<Enter>");
	assert_true(term_has(t, "不再要: 户口簿"));
	inside_close(in);
}

/* Ended in the middle of the number, and begun again: the papers are those of what was typed. */
static void right_after_an_end_in_the_field(void **state)
{
	struct hall copy;
	struct inside *in;

	(void)state;
	roads_copy(&roads_home, &copy);
	in = inside_open(&copy, &options);
	roads_go(in, &to_the_number);
	go(in, HALL_PERSON);
	pause_of_a_second(in);
	inside_close(in);
	in = inside_open(&copy, &options);
	go(in, "<M-1>3<Enter>");
	assert_true(term_has(inside_term(in), "> 证件号码* " HALL_PERSON));
	go(in, "<Esc>");
	assert_true(term_has(inside_term(in), "户口簿"));
	inside_close(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(said_when_the_field_is_left),
		cmocka_unit_test(right_after_an_end_in_the_field),
	};

	return cmocka_run_group_tests(tests, roads_setup, roads_teardown);
}
