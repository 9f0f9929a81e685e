/* What a station that was restored from an older copy asks of the centre: what it sent itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/http/centre.h"

#define KEY "018f0000-0000-7000-8000-000000000001"

static void post_as(struct centre *c, struct answer *a, const char *header, const struct buf *body)
{
	char headers[400];

	snprintf(headers, sizeof headers,
		"%sIdempotency-Key: " KEY "\r\nContent-Type: application/json\r\n", header);
	centre_ask(c, a, "POST", "/v1/applications", headers, body->data);
}

static void own_letters_are_told_and_given_back(void **state)
{
	static const char *const nothing[] = {"/v1/letters/018f0000-0000-7000-8000-000000000002",
		"/v1/letters/1", "/v1/letters/%zz", "/v1/letters/"};
	struct centre *c = *state;
	char one[128], two[128];
	struct answer a = {0};
	struct buf body = {0}, first = {0};
	size_t i;

	centre_start(c, "");
	centre_enrol(c, "一号窗", one);
	centre_enrol(c, "二号窗", two);
	application(&body, 1, ",\"note\":\"a  b\"");
	post_as(c, &a, one, &body);
	assert_int_equal(a.status, 201);
	buf_add(&first, a.body.data, a.body.len);

	centre_ask(c, &a, "GET", "/v1/changes?cursor=0", one, NULL);
	assert_false(answer_has(&a, "\"type\":\"case\"")); /* no news to who did it */
	centre_ask(c, &a, "GET", "/v1/changes?cursor=0&own=0", one, NULL);
	assert_false(answer_has(&a, "\"type\":\"case\""));
	/* and it does not wait for what it has done */
	centre_ask(c, &a, "GET", "/v1/changes?cursor=0&own=1&wait=60", one, NULL);
	assert_int_equal(a.status, 200);
	assert_true(answer_has(&a, "\"key\":\"" KEY "\",\"own\":true"));
	assert_true(answer_has(&a, "\"own\":true,\"changes\":["));
	centre_ask(c, &a, "GET", "/v1/changes?cursor=0&own=1", two, NULL);
	assert_int_equal(a.status, 200);
	assert_false(answer_has(&a, "\"type\":\"case\""));
	centre_ask(c, &a, "GET", "/v1/changes?cursor=0&own=2", one, NULL);
	assert_int_equal(a.status, 400);

	/* the very bytes, and with them the very answer */
	centre_ask(c, &a, "GET", "/v1/letters/" KEY, one, NULL);
	assert_int_equal(a.status, 200);
	assert_string_equal(answer_header(&a, "Content-Type"), "application/json");
	assert_int_equal(a.body.len, body.len);
	assert_memory_equal(a.body.data, body.data, body.len);
	post_as(c, &a, one, &a.body);
	assert_int_equal(a.status, 201);
	assert_string_equal(a.body.data, first.data);

	/* nobody else's business */
	centre_ask(c, &a, "GET", "/v1/letters/" KEY, two, NULL);
	assert_int_equal(a.status, 404);
	assert_false(answer_has(&a, "a  b"));
	assert_true(answer_has(&a, "urn:yimen:problem:not-found"));
	centre_ask(c, &a, "GET", "/v1/letters/" KEY, "", NULL);
	assert_int_equal(a.status, 401);
	for (i = 0; i < sizeof nothing / sizeof *nothing; i++) {
		centre_ask(c, &a, "GET", nothing[i], one, NULL);
		assert_int_equal(a.status, 404);
		assert_true(answer_has(&a, "urn:yimen:problem:not-found"));
	}
	answer_fini(&a);
	buf_fini(&body);
	buf_fini(&first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			own_letters_are_told_and_given_back, centre_set_up, centre_tear_down_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
