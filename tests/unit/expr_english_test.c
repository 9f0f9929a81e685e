/* Patterns in English: one is one, and several are several. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "forms/expr_node.h"

static void one_is_one(void **state)
{
	static const char *const cases[][2] = {
		{"^[0-9]$", "is 1 digit"},
		{"^[0-9]{1}$", "is 1 digit"},
		{"^[0-9]{6}$", "is 6 digits"},
		{"^\\d{1,}$", "is at least 1 digit"},
		{"^\\d{2,}$", "is at least 2 digits"},
		{"^\\p{Han}$", "is 1 Chinese character"},
		{"^\\p{Han}{2,4}$", "is 2 to 4 Chinese characters"},
		{"^[A-Z][0-9]{9}$", "is 1 capital letter, then 9 digits"},
		{"^[A-Za-z]{1}$", "is 1 letter"},
		{"^[A-Z0-9]{1,}$", "is at least 1 capital letter or digit"},
	};
	struct buf out = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_clear(&out);
		assert_true(expr_pattern_says(cases[i][0], &out));
		assert_string_equal(buf_str(&out), cases[i][1]);
	}
	buf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_one),
	};

	setenv("LANGUAGE", "en", 1);
	msg_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
