/* What Enter would open, seen before: below the list in a tall window, beside it in a wide one,
 * after a pause on a slow line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/screens/roads.h"

static bool below_row(struct inside *in, int row, const char *text)
{
	for (int r = row; r < 43; r++)
		if (strstr(term_row(inside_term(in), r), text))
			return true;
	return false;
}

/* 办件 with two of them, the later one first. */
static struct inside *two_cases(struct hall *copy, int rows, int cols, bool slow)
{
	const struct inside_options o = {"xterm-256color", "C.UTF-8", "", rows, cols, THEME_DEFAULT,
		.slow = slow, .chance = 3};
	struct inside *in;

	roads_copy(&roads_home, copy);
	in = inside_open(copy, &o);
	roads_submit(in, "孙立");
	roads_go(in, &(struct road){"cases", "<M-3>", 0});
	return in;
}

static void below_in_a_tall_window(void **state)
{
	struct hall copy;
	struct inside *in = two_cases(&copy, 30, 100, false);

	(void)state;
	assert_true(below_row(in, 21, "孙*"));
	assert_true(below_row(in, 21, "本地收件号"));
	assert_false(below_row(in, 21, "陈*燕"));
	roads_go(in, &(struct road){"down", "<Down>", 0});
	assert_true(below_row(in, 21, "陈*燕"));
	assert_false(below_row(in, 21, "孙*"));
	term_resize(inside_term(in), 24, 80); /* all rows are the list's again */
	roads_go(in, &(struct road){"", "", 0});
	assert_false(term_has(inside_term(in), "本地收件号"));
	assert_true(inside_same(in, NULL, 0));
	inside_close(in);
}

/* Masked or not, as the session has it at the moment. */
static void as_masked_as_the_list(void **state)
{
	struct hall copy;
	struct inside *in = two_cases(&copy, 43, 132, false);

	(void)state;
	assert_false(term_has(inside_term(in), "孙立"));
	roads_go(in, &(struct road){"unmask", "<C-v>", 0});
	assert_true(strstr(term_row(inside_term(in), 7), "孙立") != NULL);
	assert_true(strstr(term_row(inside_term(in), 7), "申请人") != NULL);
	inside_close(in);
}

static void after_a_pause_on_a_slow_line(void **state)
{
	struct hall copy;
	struct inside *in = two_cases(&copy, 30, 100, true);

	(void)state;
	assert_true(below_row(in, 21, "孙*"));
	term_keys(inside_term(in), "<Down>");
	inside_pass(in, 50);
	assert_true(below_row(in, 21, "孙*")); /* the hands move still */
	inside_pass(in, 400);
	assert_true(below_row(in, 21, "陈*燕"));
	inside_close(in);
}

/* A draft that was begun: how far, and what is there. */
static void a_draft_on_the_first_screen(void **state)
{
	static const struct road begun = {
		"begun", "残疾人证新<Enter><Enter>1<Enter>孙立<Enter><Esc><Esc><Esc><M-1>", 0};
	const struct inside_options o = {
		"xterm-256color", "C.UTF-8", "", 43, 132, THEME_DEFAULT, .chance = 3};
	struct hall copy;
	struct inside *in;

	(void)state;
	roads_copy(&roads_home, &copy);
	in = inside_open(&copy, &o);
	roads_go(in, &begun);
	roads_go(in, &(struct road){"drafts", "3", 0});
	assert_true(term_has(inside_term(in), "办到"));
	assert_true(term_has(inside_term(in), "居民身份证"));
	assert_false(term_has(inside_term(in), "孙立"));
	inside_close(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(below_in_a_tall_window),
		cmocka_unit_test(as_masked_as_the_list),
		cmocka_unit_test(after_a_pause_on_a_slow_line),
		cmocka_unit_test(a_draft_on_the_first_screen),
	};

	return cmocka_run_group_tests(tests, roads_setup, roads_teardown);
}
