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
	centre_set_up(state);
	centre_start(*state, "");
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
		"/v1/cases?day=%zz", "/v1/changes?cursor=1&cursor=2",
		"/v1/changes?cursor=&cursor=2", "/v1/changes?wait=0&cursor=1&wait=0",
		"/v1/cases?limit=1&limit=1"};
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

/* What should stand there is called by its own name, in both languages. */
static void types_are_named(void **state)
{
	static const struct {
		const char *language, *member, *sentence;
	} rows[] = {
		{"en", "\"answers\":\"x\"", "answers should be a JSON object"},
		{"en", "\"situation\":[]", "situation should be a JSON object"},
		{"en", "\"materials\":{}", "materials should be an array"},
		{"en", "\"operator\":{}", "operator should be text"},
		{"zh", "\"answers\":\"x\"", "answers 应是 JSON 对象"},
		{"zh", "\"materials\":{}", "materials 应是数组"},
	};
	struct answer a = {0};
	char headers[200], body[64];
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(headers, sizeof headers,
			"Accept-Language: %s\r\nContent-Type: application/json\r\n"
			"Idempotency-Key: 018f0000-0000-7000-9000-000000000001\r\n",
			rows[i].language);
		snprintf(body, sizeof body, "{\"kind\":\"application\",%s}", rows[i].member);
		centre_ask(*state, &a, "POST", "/v1/applications", headers, body);
		assert_int_equal(a.status, 422);
		if (!answer_has(&a, rows[i].sentence))
			print_message("%s\n", a.body.data);
		assert_true(answer_has(&a, rows[i].sentence));
	}
	answer_fini(&a);
}

/* Whoever reads a refusal by program finds the place: in the query, in the headers, in the body. */
static void places(void **state)
{
#define KEY  "Idempotency-Key: 018f0000-0000-7000-9000-000000000001\r\n"
#define TYPE "Content-Type: application/json\r\n"
#define HEAD \
	"{\"kind\":\"application\",\"case_id\":\"018f0000-0000-7000-8000-000000000001\"," \
	"\"task_code\":\"T\",\"applyer_name\":\"李样例\",\"answers\":{}"
	static const struct {
		const char *method, *path, *headers, *body;
		int status;
		const char *has;
	} rows[] = {
		{"GET", "/v1/changes?cursor=x", "", NULL, 400, "\"parameter\":\"cursor\""},
		{"GET", "/v1/changes?cursor=1&wait=61", "", NULL, 400, "\"parameter\":\"wait\""},
		{"GET", "/v1/cases?after=%FF", "", NULL, 400, "\"parameter\":\"after\""},
		{"GET", "/v1/cases?after=%E2%80%AE1", "", NULL, 400, "\"parameter\":\"after\""},
		{"GET", "/v1/cases?after=1%0A", "", NULL, 400, "\"parameter\":\"after\""},
		{"GET", "/v1/cases?day=1", "", NULL, 400, "\"parameter\":\"day\""},
		{"GET", "/v1/cases?limit=0", "", NULL, 400, "\"parameter\":\"limit\""},
		{"GET", "/v1/cases", "Authorization: Bearer x\r\n", NULL, 401,
			"\"header\":\"Authorization\""},
		{"GET", "/health", "Authorization: a\r\nAuthorization: b\r\n", NULL, 400,
			"\"header\":\"Authorization\""},
		{"GET", "/health",
			"Query-Password: \xE2\x80\xAE"
			"A\r\n",
			NULL, 400, "\"header\":\"Query-Password\""},
		{"GET", "/health",
			"Query-Password: a\x07"
			"b\r\n",
			NULL, 400, "\"header\":\"Query-Password\""},
		{"GET", "/health",
			"X-Other: a\x07"
			"b\r\n",
			NULL, 400, "bad-request"},
		{"GET", "/health", "X-Other: 李\r\n", NULL, 200, "ok"},
		{"POST", "/v1/applications", TYPE, "{}", 400, "\"header\":\"Idempotency-Key\""},
		{"POST", "/v1/applications", TYPE KEY KEY, "{}", 400,
			"\"header\":\"Idempotency-Key\""},
		{"POST", "/v1/applications", KEY, "{}", 415, "\"header\":\"Content-Type\""},
		{"POST", "/v1/applications", KEY TYPE "Content-Encoding: gzip\r\n", "{}", 415,
			"\"header\":\"Content-Encoding\""},
		{"POST", "/v1/applications", KEY TYPE, "{", 400, "\"pointer\":\"\""},
		{"POST", "/v1/enrolments", TYPE, "{}", 422, "\"pointer\":\"/code\""},
		{"PATCH",
			"/v1/attachments/0000000000000000000000000000000000000000000000000000000000000000",
			"Content-Type: application/offset+octet-stream\r\nUpload-Offset: x\r\n", "",
			400, "\"header\":\"Upload-Offset\""},
		{"POST", "/v1/applications", KEY TYPE, HEAD ",\"station\":\"a\\nb\"}", 422,
			"\"pointer\":\"/station\",\"rule\":\"control-character\""},
		{"POST", "/v1/applications", KEY TYPE, HEAD ",\"operator\":\"a\\u202eb\"}", 422,
			"\"pointer\":\"/operator\",\"rule\":\"control-character\""},
		{"POST", "/v1/applications", KEY TYPE, HEAD ",\"operator\":\"a\xE2\x80\xAE\"}", 422,
			"\"pointer\":\"/operator\",\"rule\":\"control-character\""},
		{"POST", "/v1/applications", KEY TYPE, HEAD ",\"window\":\"\\u0085\"}", 422,
			"\"pointer\":\"/window\",\"rule\":\"control-character\""},
		{"POST", "/v1/applications", KEY TYPE, HEAD ",\"x\":[{\"y/z\":\"\\u001b[31m\"}]}",
			422, "\"pointer\":\"/x/0/y~1z\",\"rule\":\"control-character\""},
		{"POST", "/v1/applications", KEY TYPE, HEAD ",\"situation\":{\"a\\u202eb\":1}}",
			422, "\"rule\":\"control-character\""},
		{"POST", "/v1/applications", KEY TYPE, HEAD ",\"window\":\"\\u0000\"}", 400,
			"not-json"},
		{"POST", "/v1/letters", KEY TYPE, "{\"kind\":\"note\",\"note\":\"a\\u202eb\"}", 422,
			"\"pointer\":\"/note\",\"rule\":\"control-character\""},
		/* a remark may have lines: only its case is unknown */
		{"POST", "/v1/letters", KEY TYPE,
			"{\"kind\":\"note\",\"case_id\":\"018f0000-0000-7000-8000-000000000001\","
			"\"note\":\"a\\nb\"}",
			422, "unknown-case"},
	};
	struct answer a = {0};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		centre_ask(*state, &a, rows[i].method, rows[i].path, rows[i].headers, rows[i].body);
		if (a.status != rows[i].status || !answer_has(&a, rows[i].has))
			print_message("row %zu: %d %s\n", i, a.status, buf_str(&a.body));
		assert_int_equal(a.status, rows[i].status);
		assert_true(answer_has(&a, rows[i].has));
		if (a.status != 200)
			assert_string_equal(
				answer_header(&a, "Content-Type"), "application/problem+json");
	}
	answer_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(empty_values, set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(broken_values, set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(request_heads, set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(a_charset_is_utf8, set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(types_are_named, set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(places, set_up, centre_tear_down_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
