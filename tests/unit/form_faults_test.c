/* Definitions that are refused when they are read: with the place, and all faults at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "forms/form.h"

static void refuse(const char *markdown, const char *place)
{
	struct buf faults = {0};
	struct form *f = NULL;

	assert_int_equal(form_read_markdown(&f, markdown, strlen(markdown), &faults), ERR_INVALID);
	if (strstr(buf_str(&faults), place) == NULL)
		fail_msg("%s not in: %s", place, buf_str(&faults));
	buf_fini(&faults);
}

static void faulty_definitions_are_refused_with_their_place(void **state)
{
	(void)state;
	refuse("| choices |", "survey:1:1");
	refuse("| survey |\n| | type | name | label |\n| | txt | a | a |\n", "survey:3:1");
	refuse("| survey |\n| | type | name | label |\n| | text | a | a |\n| | text | a | a |\n",
		"survey:4:2");
	refuse("| survey |\n| | type | name | label |\n| | begin_group | g | g |\n| | text | a | a |\n",
		"end_group");
	refuse("| survey |\n| | type | name | label |\n| | end_group | | |\n", "survey:3:1");
	refuse("| survey |\n| | type | name | label |\n| | select_one l | a | a |\n", "survey:3:1");
	refuse("| survey |\n| | type | name | label |\n| | geopoint | a | a |\n", "geopoint");
	refuse("| survey |\n| | type | name | label | relevant |\n| | text | a | a | ${b} = 1 |\n",
		"${b}");
	refuse("| survey |\n| | type | name | label | relevant |\n| | text | a | a | 1 + |\n",
		"survey:3:4");
	refuse("| survey |\n| | type | name | label | calculation |\n| | calculate | a | a | ${b} + 1 |\n"
	       "| | calculate | b | b | ${a} + 1 |\n",
		"survey:4:4: b 和 a");
	refuse("| survey |\n| | type | name | label | relevant |\n| | text | a | a | ${b} = 1 |\n",
		"survey:3:4: a 的 relevant");
}

/* Nobody mends one fault, checks again, and is told the next. */
static void all_faults_are_told_at_once(void **state)
{
	static const char many[] =
		"| survey |\n| | type | name | label | relevant | constraint |\n"
		"| | text | a | A | ${b} = | ${nope} = 1 |\n| | txt | c | C | | |\n"
		"| | integer | b | B ${gone} | ${c} = 1 | |\n| | text | a | A | | |\n"
		"| | text | d | D | ${a} = 1 or ${missing} | |\n";
	static const char rules[] =
		"| survey |\n| | type | name | label | relevant | calculation |\n"
		"| | text | a | A | ${b} = | |\n"
		"| | calculate | b | B | | ${c} + 1 |\n"
		"| | calculate | c | C | | ${b} + /data/nowhere |\n";
	struct buf faults = {0};
	struct form *f = NULL;

	(void)state;
	assert_int_equal(form_read_markdown(&f, many, strlen(many), &faults), ERR_INVALID);
	assert_non_null(strstr(buf_str(&faults), "survey:3:4"));
	assert_non_null(strstr(buf_str(&faults), "${nope}"));
	assert_non_null(strstr(buf_str(&faults), "survey:4:1"));
	assert_non_null(strstr(buf_str(&faults), "${gone}"));
	assert_non_null(strstr(buf_str(&faults), "survey:6:2"));
	assert_non_null(strstr(buf_str(&faults), "${missing}"));
	assert_null(strstr(buf_str(&faults), "${c}")); /* it is there, but of no type */
	assert_null(strstr(buf_str(&faults), "${a}"));
	buf_clear(&faults);
	assert_int_equal(form_read_markdown(&f, rules, strlen(rules), &faults), ERR_INVALID);
	assert_non_null(strstr(buf_str(&faults), "survey:3:4"));
	assert_non_null(strstr(buf_str(&faults), "nowhere"));
	assert_non_null(strstr(buf_str(&faults), "survey:5:5: c 和 b"));
	buf_fini(&faults);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faulty_definitions_are_refused_with_their_place),
		cmocka_unit_test(all_faults_are_told_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
