/* The public query: what the code on a slip leads to, and what it does not tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/http/centre.h"

#define CODE "/q/018f0000-0000-7000-8000-000000000001"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

static int set_up(void **state)
{
	char unused[128];

	centre_set_up(state);
	centre_start(*state, "");
	centre_enrol(*state, "一号窗", unused); /* from now on nothing is open to all */
	return 0;
}

/* One case of 李样例, taken by a station; number and password. */
static void take_in(struct centre *c, char no[64], char password[32])
{
	struct answer a = {0};
	struct buf body = {0};
	char token[128], headers[320];

	centre_enrol(c, "二号窗", token);
	application(&body, 1, "");
	snprintf(headers, sizeof headers,
		"%sContent-Type: application/json\r\n"
		"Idempotency-Key: 018f0000-0000-7000-9000-000000000001\r\n",
		token);
	centre_ask(c, &a, "POST", "/v1/applications", headers, body.data);
	assert_int_equal(a.status, 201);
	snprintf(no, 64, "%s", member(&a, "project_no"));
	snprintf(password, 32, "%s", member(&a, "query_password"));
	answer_fini(&a);
	buf_fini(&body);
}

static void the_code_shows_state_and_days_and_no_names(void **state)
{
	struct centre *c = *state;
	struct answer a = {0};
	char no[64], password[32], words[256];

	take_in(c, no, password);
	snprintf(words, sizeof words, "case return %s --defect 照片:李样例的脸看不清 --who 周示例",
		no);
	assert_int_equal(centre_command(c, words, NULL), 0);
	centre_ask(c, &a, "GET", CODE, "", NULL);
	assert_int_equal(a.status, 200);
	assert_string_equal(answer_header(&a, "Content-Type"), "text/html; charset=utf-8");
	assert_string_equal(answer_header(&a, "Cache-Control"), "no-store");
	assert_non_null(strstr(answer_header(&a, "Content-Security-Policy"), "default-src 'none'"));
	assert_string_equal(answer_header(&a, "Referrer-Policy"), "no-referrer");
	assert_true(answer_has(&a, "待补正"));
	assert_true(answer_has(&a, no));
	assert_true(answer_has(&a, "收下申请"));
	assert_true(answer_has(&a, "李**"));
	assert_false(answer_has(&a, "李样例"));
	assert_false(answer_has(&a, "看不清")); /* remarks may name people */
	assert_false(answer_has(&a, "周示例"));
	assert_false(answer_has(&a, password));
	answer_fini(&a);
}

static void what_is_unknown_is_not_told_apart(void **state)
{
	static const char *const paths[] = {"/q/018f0000-0000-7000-8000-000000000002",
		"/q/ffffffff-ffff-ffff-ffff-ffffffffffff"};
	struct centre *c = *state;
	struct answer a = {0};
	char no[64], password[32], path[96];
	size_t i;

	take_in(c, no, password);
	for (i = 0; i < 2; i++) {
		centre_ask(c, &a, "GET", paths[i], "", NULL);
		assert_int_equal(a.status, 404);
		assert_false(answer_has(&a, no));
	}
	/* a number, which can be counted through, only leads to the question for its password */
	snprintf(path, sizeof path, "/q/%s", no);
	centre_ask(c, &a, "GET", path, "", NULL);
	assert_int_equal(a.status, 200);
	assert_true(answer_has(&a, "name=\"password\""));
	assert_false(answer_has(&a, "class=\"now\""));
	assert_false(answer_has(&a, "李"));
	/* nor is anything let through into the page */
	centre_ask(c, &a, "GET", "/q/%22%3E%3Cscript%3Ex", "", NULL);
	assert_int_equal(a.status, 200);
	assert_false(answer_has(&a, "<script"));
	assert_true(answer_has(&a, "&quot;&gt;&lt;script&gt;x"));
	answer_fini(&a);
}

static void the_number_needs_its_password(void **state)
{
	struct centre *c = *state;
	struct answer a = {0};
	char no[64], password[32], body[160];
	int i;

	take_in(c, no, password);
	centre_ask(c, &a, "GET", "/q", "", NULL);
	assert_int_equal(a.status, 200);
	snprintf(body, sizeof body, "no=%s&password=%s", no, password);
	centre_ask(c, &a, "POST", "/q", FORM, body);
	assert_int_equal(a.status, 200);
	assert_true(answer_has(&a, "class=\"now\""));
	/* as one types it off paper */
	snprintf(body, sizeof body, "no=+%s+&password=%.4s+-%s", no, password, password + 4);
	for (i = 0; body[i] != '\0'; i++)
		if (body[i] >= 'A' && body[i] <= 'Z')
			body[i] = (char)(body[i] + 32);
	centre_ask(c, &a, "POST", "/q", FORM, body);
	assert_int_equal(a.status, 200);
	centre_ask(c, &a, "POST", "/q", FORM, "no=1");
	assert_int_equal(a.status, 400);
	centre_ask(c, &a, "POST", "/q", "Content-Type: application/json\r\n", "{}");
	assert_int_equal(a.status, 415);
	/* guessing is stopped, for a number that is there as for one that is not */
	for (i = 0; i < 60; i++) {
		snprintf(body, sizeof body, "no=%s&password=AAAAAA%02d", i % 2 ? no : "1234", i);
		centre_ask(c, &a, "POST", "/q", FORM, body);
		assert_int_equal(a.status, 404);
		assert_false(answer_has(&a, "class=\"now\""));
	}
	snprintf(body, sizeof body, "no=%s&password=%s", no, password);
	centre_ask(c, &a, "POST", "/q", FORM, body);
	assert_int_equal(a.status, 429);
	centre_ask(c, &a, "GET", CODE, "", NULL); /* who has the slip is not shut out */
	assert_int_equal(a.status, 200);
	answer_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_code_shows_state_and_days_and_no_names, set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_unknown_is_not_told_apart, set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			the_number_needs_its_password, set_up, centre_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
