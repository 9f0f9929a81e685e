/* Who guesses is stopped, for a while and alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>

#include "core/central/guesses.h"
#include "core/central/listen.h"

#define MINUTE INT64_C(60000)

static void guess(struct guesses *g, uint64_t from, int64_t at_ms, int times)
{
	while (times-- > 0)
		guesses_wrong(g, from, at_ms);
}

static void who_guesses_waits_a_minute(void **state)
{
	struct guesses g = {0};

	(void)state;
	guess(&g, 7, 1000, GUESSES_A_MINUTE - 1);
	assert_false(guesses_spent(&g, 7, 1000));
	guess(&g, 7, 2000, 1);
	assert_true(guesses_spent(&g, 7, 2000));
	assert_true(guesses_spent(&g, 7, 1000 + MINUTE - 1));
	assert_false(guesses_spent(&g, 7, 1000 + MINUTE));
	guess(&g, 7, 1000 + MINUTE, 1);
	assert_false(guesses_spent(&g, 7, 1000 + MINUTE));
}

static uint64_t origin4(const char *text)
{
	struct sockaddr_in a = {.sin_family = AF_INET};

	assert_int_equal(inet_pton(AF_INET, text, &a.sin_addr), 1);
	return listen_origin((struct sockaddr *)&a);
}

static uint64_t origin6(const char *text)
{
	struct sockaddr_in6 a = {.sin6_family = AF_INET6};

	assert_int_equal(inet_pton(AF_INET6, text, &a.sin6_addr), 1);
	return listen_origin((struct sockaddr *)&a);
}

/* The windows of a hall have addresses one after the other. */
static void neighbours_do_not_wait(void **state)
{
	struct guesses g = {0};
	uint64_t guesser = origin4("192.0.2.17");
	int waiting = 0, i;

	(void)state;
	guess(&g, guesser, 1000, 10 * GUESSES_A_MINUTE);
	for (i = 1; i <= 16; i++)
		waiting +=
			guesses_spent(&g, guesser + i, 1000) + guesses_spent(&g, guesser - i, 1000);
	assert_true(guesses_spent(&g, guesser, 1000));
	assert_int_equal(waiting, 0);
}

/* A machine has a whole IPv6 network to come from; an IPv4 address is one, however it is written.
 */
static void an_origin_is_one_machine(void **state)
{
	(void)state;
	assert_true(origin6("2001:db8:1:2::1") == origin6("2001:db8:1:2:ffff::9"));
	assert_true(origin6("2001:db8:1:2::1") != origin6("2001:db8:1:3::1"));
	assert_true(origin6("::ffff:192.0.2.17") == origin4("192.0.2.17"));
	assert_true(origin4("192.0.2.17") != origin4("192.0.2.18"));
	assert_true(listen_origin(NULL) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_guesses_waits_a_minute),
		cmocka_unit_test(neighbours_do_not_wait),
		cmocka_unit_test(an_origin_is_one_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
