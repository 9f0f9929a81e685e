/* The centre behind a proxy: who guesses waits alone, and nobody can guess in another's name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/http/centre.h"

enum {
	GUESSES = 60 /* so many a minute */
};

/* A wrong code, from `from` if the centre believes it: 401, or 429 when there were too many. */
static int guess(struct centre *c, const char *from)
{
	struct answer a = {0};
	int status;

	centre_ask(c, &a, "POST", "/v1/enrolments", from, "{\"code\":\"AAAA-BBBB-CCCC\"}");
	status = a.status;
	answer_fini(&a);
	return status;
}

static void guess_often(struct centre *c, const char *from)
{
	int first = guess(c, from), i;

	assert_int_not_equal(first, 429);
	for (i = 1; i < GUESSES; i++)
		assert_int_equal(guess(c, from), first);
	assert_int_equal(guess(c, from), 429);
}

#define FROM "Content-Type: application/json\r\nX-Forwarded-For: "

static void who_guesses_through_a_proxy_waits_alone(void **state)
{
	struct centre *c = *state;
	struct buf code = {0};
	struct answer a = {0};
	char body[128], *line;

	centre_start(c, "--region 371323 --behind 10.0.0.0/8,127.0.0.1");
	guess_often(c, FROM "192.0.2.7\r\n");
	assert_int_not_equal(guess(c, FROM "192.0.2.8\r\n"), 429);
	assert_int_not_equal(guess(c, FROM "2001:db8::1\r\n"), 429);
	/* what the guesser writes itself changes nothing: in front, or in a header before */
	assert_int_equal(guess(c, FROM "192.0.2.9, 192.0.2.7\r\n"), 429);
	assert_int_equal(guess(c, FROM "192.0.2.9\r\nx-forwarded-for: 192.0.2.7:5\r\n"), 429);
	assert_int_equal(guess(c, FROM "192.0.2.7, 10.1.1.1\r\n"), 429);
	/* another window enrols meanwhile */
	assert_int_equal(centre_command(c, "station add 03", &code), 0);
	line = strtok(code.data, "\n");
	snprintf(body, sizeof body, "{\"code\":\"%s\"}", line);
	centre_ask(c, &a, "POST", "/v1/enrolments", FROM "192.0.2.7\r\n", body);
	assert_int_equal(a.status, 429);
	centre_ask(c, &a, "POST", "/v1/enrolments", FROM "192.0.2.10\r\n", body);
	assert_int_equal(a.status, 201);
	answer_fini(&a);
	buf_fini(&code);
}

/* Then the proxy itself is who guesses: none gets more guesses by writing nonsense. */
static void what_no_address_says_is_the_proxys_own(void **state)
{
	static const char *const unclear[] = {
		"unknown", "", "192.0.2.7, ", "[192.0.2.7", "\xe4\xb8"};
	struct centre *c = *state;
	char headers[160];
	size_t i;

	centre_start(c, "--region=371323 --behind=127.0.0.1");
	guess_often(c, "Content-Type: application/json\r\n");
	for (i = 0; i < sizeof unclear / sizeof *unclear; i++) {
		snprintf(headers, sizeof headers, FROM "%s\r\n", unclear[i]);
		assert_int_equal(guess(c, headers), 429);
	}
	assert_int_not_equal(guess(c, FROM "192.0.2.7\r\n"), 429);
}

static void who_is_not_named_is_not_believed(void **state)
{
	static const char *const options[] = {
		"", "--region 371323 --behind 127.0.0.2,10.0.0.0/8,::1"};
	struct centre *c = *state;
	char headers[160];
	size_t i;
	int k;

	for (i = 0; i < 2; i++) {
		centre_start(c, options[i]);
		for (k = 0; k < GUESSES; k++) {
			snprintf(headers, sizeof headers, FROM "192.0.2.%d\r\n", k);
			assert_int_not_equal(guess(c, headers), 429);
		}
		assert_int_equal(guess(c, FROM "192.0.2.99\r\n"), 429);
		assert_int_equal(centre_stop(c, 15), 0);
	}
}

/* Until a station is added a centre on loopback asks nobody for a token: it is alone with itself.
 * Behind a proxy it is not. */
static void behind_a_proxy_nothing_stands_open(void **state)
{
	struct centre *c = *state;
	struct answer a = {0};

	centre_start(c, "--region 371323 --behind 127.0.0.1");
	centre_ask(c, &a, "GET", "/v1/changes", "", NULL);
	assert_int_equal(a.status, 401);
	assert_int_equal(centre_stop(c, 15), 0);
	centre_start(c, "");
	centre_ask(c, &a, "GET", "/v1/changes", "", NULL);
	assert_int_equal(a.status, 200);
	answer_fini(&a);
	assert_int_equal(centre_stop(c, 15), 0);
	assert_int_equal(
		centre_command(c, "--listen 127.0.0.1:0 --open --behind 127.0.0.1", NULL), 2);
	assert_int_equal(centre_command(c, "--listen 127.0.0.1:0 --behind localhost", NULL), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			who_guesses_through_a_proxy_waits_alone, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			what_no_address_says_is_the_proxys_own, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			who_is_not_named_is_not_believed, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			behind_a_proxy_nothing_stands_open, centre_set_up, centre_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
