/* What is asked wrongly is refused in so many words, and never stops the centre. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <signal.h>

#include "tests/http/centre.h"

static int set_up(void **state)
{
	struct centre *c = calloc(1, sizeof *c);

	centre_init(c);
	centre_start(c, "");
	*state = c;
	return 0;
}

/* Whatever was asked, it answers and ends in order. */
static int tear_down(void **state)
{
	struct centre *c = *state;
	struct answer a = {0};

	centre_ask(c, &a, "GET", "/health", "", NULL);
	assert_int_equal(a.status, 200);
	answer_fini(&a);
	assert_int_equal(centre_stop(c, SIGTERM), 0);
	centre_fini(c);
	free(c);
	return 0;
}

/* A value that is there and empty is a value, whatever is made of it. */
static void empty_values(void **state)
{
	static const char *const forms[] = {"no=1&password=", "no=&password=1",
		"no=&password=", "no&password", "no=+&password=+"};
	static const char *const paths[] = {"/v1/changes?cursor=", "/v1/changes?cursor",
		"/v1/changes?wait=", "/v1/changes?cursor=1&wait=", "/v1/cases?day=",
		"/v1/cases?limit=", "/v1/cases?after=", "/v1/cases?day"};
	struct answer a = {0};
	size_t i;

	for (i = 0; i < sizeof forms / sizeof *forms; i++) {
		centre_ask(*state, &a, "POST", "/q",
			"Content-Type: application/x-www-form-urlencoded\r\n", forms[i]);
		assert_true(a.status >= 200 && a.status < 500);
	}
	for (i = 0; i < sizeof paths / sizeof *paths; i++) {
		centre_ask(*state, &a, "GET", paths[i], "", NULL);
		assert_true(a.status >= 200 && a.status < 500);
	}
	answer_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(empty_values, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
