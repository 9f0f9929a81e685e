/* Whose case it is and who hears of it: a letter may be brought by another station than its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "tests/http/centre.h"

struct hall {
	struct centre centre;
	char one[128], two[128]; /* headers of two stations */
};

static int set_up(void **state)
{
	struct hall *h = calloc(1, sizeof *h);

	centre_init(&h->centre);
	centre_start(&h->centre, "");
	centre_enrol(&h->centre, "一号窗", h->one);
	centre_enrol(&h->centre, "二号窗", h->two);
	*state = h;
	return 0;
}

static int tear_down(void **state)
{
	struct hall *h = *state;

	centre_fini(&h->centre);
	free(h);
	return 0;
}

/* Case 1 under a key, sent by who has this header. */
static void post(struct hall *h, struct answer *a, const char *header, int key, const char *extra)
{
	struct buf headers = {0}, body = {0};

	buf_printf(&headers,
		"%sContent-Type: application/json\r\n"
		"Idempotency-Key: 018f0000-0000-7000-9000-%012d\r\n",
		header, key);
	application(&body, 1, extra);
	centre_ask(&h->centre, a, "POST", "/v1/applications", headers.data, body.data);
	buf_fini(&headers);
	buf_fini(&body);
}

static void changes(struct hall *h, struct answer *a, const char *header)
{
	centre_ask(&h->centre, a, "GET", "/v1/changes?cursor=0", header, NULL);
	assert_int_equal(a->status, 200);
}

static bool lists_the_case(struct hall *h, const char *header)
{
	struct answer a = {0};
	bool has;

	centre_ask(&h->centre, &a, "GET", "/v1/cases", header, NULL);
	assert_int_equal(a.status, 200);
	has = answer_has(&a, "018f0000-0000-7000-8000-000000000001");
	answer_fini(&a);
	return has;
}

static void a_carried_letter_is_its_own_stations(void **state)
{
	struct hall *h = *state;
	struct answer a = {0}, again = {0};

	post(h, &a, h->two, 1, ",\"station\":\"一号窗\"");
	assert_int_equal(a.status, 201);
	assert_true(lists_the_case(h, h->one));
	assert_false(lists_the_case(h, h->two));
	changes(h, &again, h->one);
	assert_true(answer_has(&again, "\"kind\":\"application\""));
	assert_true(answer_has(&again, "\"key\":\"018f0000-0000-7000-9000-000000000001\""));
	changes(h, &again, h->two);
	assert_true(answer_has(&again, "\"changes\":[]"));
	/* The origin's own delivery gets the first answer again. */
	post(h, &again, h->one, 1, ",\"station\":\"一号窗\"");
	assert_int_equal(again.status, 201);
	assert_string_equal(again.body.data, a.body.data);
	answer_fini(&a);
	answer_fini(&again);
}

static void an_unknown_station_is_the_senders(void **state)
{
	struct hall *h = *state;
	struct answer a = {0};

	post(h, &a, h->two, 1, ",\"station\":\"九号窗\"");
	assert_int_equal(a.status, 201);
	assert_true(lists_the_case(h, h->two));
	changes(h, &a, h->two);
	assert_true(answer_has(&a, "\"changes\":[]")); /* its own doing */
	answer_fini(&a);
}

static void a_newer_version_from_elsewhere_is_told(void **state)
{
	struct hall *h = *state;
	struct answer a = {0};
	struct buf request = {0};
	int fd;

	post(h, &a, h->one, 1, ",\"station\":\"一号窗\"");
	assert_int_equal(a.status, 201);
	changes(h, &a, h->one);
	buf_printf(&request,
		"GET /health HTTP/1.1\r\nHost: t\r\n\r\n"
		"GET /v1/changes?cursor=%s&wait=60 HTTP/1.1\r\nHost: t\r\n%s\r\n",
		member(&a, "cursor"), h->one);
	fd = centre_dial(&h->centre);
	line_send(fd, request.data, request.len);
	line_answer(fd, &a);
	assert_int_equal(a.status, 200); /* so the second has been read */
	post(h, &a, h->two, 2,
		",\"station\":\"一号窗\","
		"\"replaces\":\"018f0000-0000-7000-9000-000000000001\"");
	assert_int_equal(a.status, 201);
	line_answer(fd, &a);
	assert_int_equal(a.status, 200);
	assert_true(answer_has(&a, "\"key\":\"018f0000-0000-7000-9000-000000000002\""));
	assert_true(lists_the_case(h, h->one));
	close(fd);
	answer_fini(&a);
	buf_fini(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_carried_letter_is_its_own_stations, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_unknown_station_is_the_senders, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_newer_version_from_elsewhere_is_told, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
