/* Who asks through a proxy: what a named one says is read, and nothing else is believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "core/base/buf.h"
#include "core/central/behind.h"
#include "core/central/listen.h"

static struct sockaddr_storage address(const char *text)
{
	struct sockaddr_storage a = {.ss_family = strchr(text, ':') ? AF_INET6 : AF_INET};
	struct sockaddr_in *four = (struct sockaddr_in *)(void *)&a;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)(void *)&a;

	if (a.ss_family == AF_INET6)
		assert_int_equal(inet_pton(AF_INET6, text, &six->sin6_addr), 1);
	else
		assert_int_equal(inet_pton(AF_INET, text, &four->sin_addr), 1);
	return a;
}

static uint64_t origin(const char *text)
{
	struct sockaddr_storage a = address(text);

	return listen_origin((const struct sockaddr *)&a);
}

static bool names(const struct behind *b, const char *text)
{
	struct sockaddr_storage a = address(text);

	return behind_names(b, (const struct sockaddr *)&a);
}

static struct behind named(const char *list)
{
	struct behind b = {0};
	struct buf why = {0};

	assert_int_equal(behind_add(&b, list, &why), OK);
	assert_int_equal(why.len, 0);
	return b;
}

static void only_who_is_named_is_a_proxy(void **state)
{
	struct behind none = {0}, b = named("127.0.0.1,10.1.2.0/23,fd00:1::/32,::1");
	struct sockaddr_storage file = {.ss_family = AF_UNIX};

	(void)state;
	assert_true(names(&b, "127.0.0.1") && names(&b, "::1"));
	assert_true(names(&b, "::ffff:127.0.0.1")); /* one listener for both */
	assert_true(names(&b, "10.1.2.0") && names(&b, "10.1.3.255"));
	assert_true(names(&b, "fd00:1:ffff::9"));
	assert_false(names(&b, "127.0.0.2") || names(&b, "10.1.4.0") || names(&b, "10.1.1.255"));
	assert_false(names(&b, "fd00:2::") || names(&b, "::2") || names(&b, "::127.0.0.1"));
	assert_false(names(&none, "127.0.0.1") || names(&none, "::1") || names(&none, "0.0.0.0"));
	assert_false(behind_names(&b, NULL) || behind_names(&b, (const struct sockaddr *)&file));
}

static void a_name_is_an_address_or_a_network(void **state)
{
	static const char *const bad[] = {"", ",", "127.0.0.1,", ",127.0.0.1", "127.0.0.1,,::1",
		"localhost", "127.0.0.1:80", "[::1]", "10.0.0.0/", "10.0.0.0/0", "10.0.0.0/33",
		"10.0.0.0/8x", "10.0.0.0/-8", "10.0.0.0/8/8", "::/0", "::/129",
		"10.0.0.0/4294967304", "10.0.0", "010.0.0.1", "*", "10.0.0.1 ",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dddd"};
	struct behind b = {0};
	struct buf why = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		b = (struct behind){0};
		buf_clear(&why);
		if (behind_add(&b, bad[i], &why) == OK)
			fail_msg("\"%s\" was taken", bad[i]);
		assert_non_null(strstr(buf_str(&why), "--behind"));
	}
	b = (struct behind){0};
	for (i = 0; i < BEHIND_MAX; i++)
		assert_int_equal(behind_add(&b, "127.0.0.1", &why), OK);
	assert_int_equal(behind_add(&b, "127.0.0.1", &why), ERR_INVALID);
	buf_fini(&why);
}

/* The last is whom the proxy saw; what stands before it the client may have made up. */
static void the_last_is_who_asks(void **state)
{
	static const struct {
		const char *forwarded, *client;
	} good[] = {
		{"192.0.2.7", "192.0.2.7"},
		{" \t192.0.2.7\t ", "192.0.2.7"},
		{"198.51.100.1, 192.0.2.7", "192.0.2.7"},
		{"198.51.100.1,192.0.2.7", "192.0.2.7"},
		{"nonsense, ,,\"x\", 192.0.2.7", "192.0.2.7"},
		{",192.0.2.7", "192.0.2.7"},
		{"192.0.2.7:51234", "192.0.2.7"},
		{"2001:db8:1:2::9", "2001:db8:1:2::9"},
		{"[2001:db8:1:2::9]", "2001:db8:1:2::9"},
		{"[2001:db8:1:2::9]:443", "2001:db8:1:2::9"},
		{"::ffff:192.0.2.7", "192.0.2.7"},
		{"[::ffff:192.0.2.7]:1", "192.0.2.7"},
		/* behind a second proxy that is named too, and a third */
		{"198.51.100.1, 192.0.2.7, 10.1.2.3", "192.0.2.7"},
		{"192.0.2.7, 10.1.2.3, [fd00:1::1]:80, 127.0.0.1", "192.0.2.7"},
		{"garbage, 10.1.2.3", "10.1.2.3"},
		{", 10.1.2.3", "10.1.2.3"},
		{"10.1.2.3", "10.1.2.3"},
	};
	struct behind b = named("127.0.0.1,10.1.2.0/23,fd00:1::/32");
	struct sockaddr_storage client;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof good / sizeof *good; i++) {
		if (!behind_client(&b, good[i].forwarded, &client))
			fail_msg("\"%s\" was not read", good[i].forwarded);
		if (listen_origin((const struct sockaddr *)&client) != origin(good[i].client))
			fail_msg("\"%s\" is not %s", good[i].forwarded, good[i].client);
	}
}

static void what_is_no_address_is_nobody(void **state)
{
	static const char *const bad[] = {"", " ", ",", "192.0.2.7,", "192.0.2.7, ", "unknown",
		"_hidden", "localhost", "192.0.2", "192.0.2.256", "192.0.2.7.8", "0x7f.1",
		"192.0.2.7:", "192.0.2.7:x", "192.0.2.7:123456", "192.0.2.7:80:80", "[192.0.2.7]",
		"[192.0.2.7]:80", "[", "]", "[]", "[:]", "[::1", "[::1]x", "[::1]:", "[::1]:x",
		"::1]", "[[::1]]", "2001:db8::1%eth0", "fe80::1%1", ":", ":80", "::1:g",
		"\"192.0.2.7\"", "192.0.2.7;proto=https", "192.0.2.7 192.0.2.8", "\xff\xfe",
		"192.0.2.7\x01", "1111:2222:3333:4444:5555:6666:7777:8888:9999",
		"00000000000000000000000000000000000000000000000000192.0.2.7"};
	struct behind b = named("127.0.0.1");
	struct sockaddr_storage client = address("203.0.113.1");
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		if (behind_client(&b, bad[i], &client))
			fail_msg("\"%s\" was read", bad[i]);
	assert_true(listen_origin((const struct sockaddr *)&client) == origin("203.0.113.1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_who_is_named_is_a_proxy),
		cmocka_unit_test(a_name_is_an_address_or_a_network),
		cmocka_unit_test(the_last_is_who_asks),
		cmocka_unit_test(what_is_no_address_is_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
