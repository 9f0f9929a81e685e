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
#include <unistd.h>

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

/* What is broken or out of range is never taken as absent: a broken cursor would skip changes. */
static void broken_values(void **state)
{
	static const char *const paths[] = {"/v1/changes?cursor=1%zz", "/v1/changes?cursor=%00",
		"/v1/changes?cursor=%FF", "/v1/changes?cursor=-1", "/v1/changes?cursor=+1",
		"/v1/changes?cursor=", "/v1/changes?cursor=1234567890123456789",
		"/v1/changes?cursor=0&wait=61", "/v1/changes?cursor=0&wait=1x",
		"/v1/cases?after=%00", "/v1/cases?after=%C0%AF", "/v1/cases?limit=0",
		"/v1/cases?limit=501", "/v1/cases?limit=", "/v1/cases?limit=-1",
		"/v1/cases?day=%zz"};
	static const char *const good[] = {"/v1/changes", "/v1/changes?wait=60",
		"/v1/changes?cursor=999999999999999999", "/v1/changes?cursor=%30",
		"/v1/cases?limit=1", "/v1/cases?limit=500&after=%31"};
	struct answer a = {0};
	size_t i;

	for (i = 0; i < sizeof paths / sizeof *paths; i++) {
		centre_ask(*state, &a, "GET", paths[i], "", NULL);
		if (a.status != 400)
			print_message("%s: %d\n", paths[i], a.status);
		assert_int_equal(a.status, 400);
		assert_true(answer_has(&a, "urn:yimen:problem:bad-request"));
	}
	for (i = 0; i < sizeof good / sizeof *good; i++) {
		centre_ask(*state, &a, "GET", good[i], "", NULL);
		assert_int_equal(a.status, 200);
	}
	answer_fini(&a);
}

static int status_of(struct centre *c, const char *request)
{
	struct answer a = {0};
	int fd = centre_dial(c), status;

	line_sends(fd, request);
	line_answer(fd, &a);
	status = a.status;
	close(fd);
	answer_fini(&a);
	return status;
}

/* The whole address is an address too; what is said twice is not said. */
static void request_heads(void **state)
{
	static const struct {
		const char *request;
		int status;
	} rows[] = {
		{"GET http://t/health HTTP/1.1\r\nHost: t\r\n\r\n", 200},
		{"GET HTTP://t:80/health?x=1 HTTP/1.1\r\nHost: t\r\n\r\n", 200},
		{"GET http://t HTTP/1.1\r\nHost: t\r\n\r\n", 404},
		{"GET ftp://t/health HTTP/1.1\r\nHost: t\r\n\r\n", 404},
		{"GET /health HTTP/1.1\r\nHost: t\r\nHost: u\r\n\r\n", 400},
		{"GET /health HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer a\r\n"
		 "Authorization: Bearer b\r\n\r\n",
			400},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		int status = status_of(*state, rows[i].request);
		if (status != rows[i].status)
			print_message("row %zu: %d\n", i, status);
		assert_int_equal(status, rows[i].status);
	}
}

static void a_charset_is_utf8(void **state)
{
	static const struct {
		const char *parameters;
		int status;
	} rows[] = {
		{"", 422},
		{"; charset=UTF-8", 422},
		{";charset=\"utf-8\"; x=1", 422},
		{"; charset=gbk", 415},
		{"; x=1; Charset=gb18030", 415},
		{"; charset=", 415},
		{";charset=utf-80", 415},
	};
	struct answer a = {0};
	char headers[200];
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(headers, sizeof headers,
			"Content-Type: application/json%s\r\n"
			"Idempotency-Key: 018f0000-0000-7000-9000-000000000001\r\n",
			rows[i].parameters);
		centre_ask(*state, &a, "POST", "/v1/applications", headers, "{}");
		if (a.status != rows[i].status)
			print_message("%s: %d\n", rows[i].parameters, a.status);
		assert_int_equal(a.status, rows[i].status);
	}
	answer_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(empty_values, set_up, tear_down),
		cmocka_unit_test_setup_teardown(broken_values, set_up, tear_down),
		cmocka_unit_test_setup_teardown(request_heads, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_charset_is_utf8, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
