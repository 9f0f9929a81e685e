/* How text is broken into lines, and where labels stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/widget_pager.h"

static void a_label_stands_beside_its_text_or_above_it(void **state)
{
	struct pager p;

	(void)state;
	pager_init(&p, 40);
	pager_pair(&p, 3, 10, "时限", "10 个工作日");
	pager_pair(&p, 3, 10, "Condition", "户籍在本县");
	pager_pair(&p, 3, 10, "Conditions", "户籍在本县");
	pager_pair(&p, 3, 10, "办理地点说", "");
	assert_int_equal(p.count, 6);
	assert_string_equal(p.lines[0].label, "时限");
	assert_string_equal(p.lines[1].label, "Condition"); /* a blank is left after it */
	assert_null(p.lines[2].label);
	assert_string_equal(p.lines[2].text, "Conditions");
	assert_int_equal(p.lines[2].indent, 3);
	assert_int_equal(p.lines[2].role, ROLE_LABEL);
	assert_string_equal(p.lines[3].text, "户籍在本县");
	assert_int_equal(p.lines[3].indent, 13);
	assert_string_equal(p.lines[5].text, "-"); /* nothing is said to be nothing */
	pager_fini(&p);
}

static void lines_break_where_they_may(void **state)
{
	struct pager p;

	(void)state;
	pager_init(&p, 10);
	pager_add(&p, 0, ROLE_TEXT, "一二三四五。六七");
	assert_int_equal(p.count, 2);
	assert_string_equal(p.lines[0].text, "一二三四"); /* no line begins with a full stop */
	assert_string_equal(p.lines[1].text, "五。六七");
	pager_clear(&p, 10);
	pager_add(&p, 0, ROLE_TEXT, "one two three\r\n\r\n\tfour");
	assert_int_equal(p.count, 3);
	assert_string_equal(p.lines[0].text, "one two");
	assert_string_equal(p.lines[1].text, "three");
	assert_string_equal(p.lines[2].text, "four");
	pager_clear(&p, 10);
	pager_add(&p, 0, ROLE_TEXT, "371323196303070018X"); /* nowhere to break: cut */
	assert_int_equal(p.count, 2);
	assert_string_equal(p.lines[1].text, "303070018X" + 1);
	pager_clear(&p, 10);
	pager_add(&p, 0, ROLE_TEXT, "7 干部  8 其他"); /* a number goes with its choice */
	assert_int_equal(p.count, 2);
	assert_string_equal(p.lines[0].text, "7 干部");
	assert_string_equal(p.lines[1].text, "8 其他");
	pager_clear(&p, 10);
	pager_add(&p, 0, ROLE_TEXT, "pay in 10 days"); /* and with what it counts */
	assert_string_equal(p.lines[0].text, "pay in");
	pager_clear(&p, 10);
	pager_add(&p, 0, ROLE_TEXT, "370123 18 12"); /* but not with another number */
	assert_string_equal(p.lines[0].text, "370123 18");
	pager_fini(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_label_stands_beside_its_text_or_above_it),
		cmocka_unit_test(lines_break_where_they_may),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
