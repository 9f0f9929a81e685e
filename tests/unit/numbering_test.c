/* What a centre says of its numbers when it starts, and that the service manager hears of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/central/notify.h"
#include "core/central/numbering.h"
#include "tests/unit/letters.h"
#include "tests/unit/scratch.h"

struct room {
	char *dir;
	struct central_store *store;
	struct buf warning, why;
};

static int make(void **state)
{
	struct room *r = calloc(1, sizeof *r);

	r->dir = scratch_folder();
	*state = r;
	return store_sqlite_open(&r->store, r->dir, NULL) == OK ? 0 : -1;
}

static int drop(void **state)
{
	struct room *r = *state;

	r->store->ops->close(r->store);
	scratch_remove(r->dir);
	buf_fini(&r->warning);
	buf_fini(&r->why);
	free(r);
	return 0;
}

static enum err settle(struct room *r, const char *region, bool in_earnest)
{
	buf_clear(&r->warning);
	buf_clear(&r->why);
	return numbering_settle(r->store, region, in_earnest, &r->warning, &r->why);
}

static void in_earnest_the_first_number_wants_its_region(void **state)
{
	struct room *r = *state;

	assert_int_equal(settle(r, NULL, true), ERR_INVALID);
	assert_non_null(strstr(buf_str(&r->why), "--region"));
	assert_int_equal(settle(r, "371323", true), OK);
	assert_int_equal(r->warning.len, 0);
	assert_int_equal(settle(r, NULL, true), OK);
	assert_int_equal(r->warning.len, 0);
}

static void practice_is_warned(void **state)
{
	struct room *r = *state;

	assert_int_equal(settle(r, NULL, false), OK);
	assert_non_null(strstr(buf_str(&r->warning), "--region"));
	assert_int_equal(settle(r, "000000", false), OK);
	assert_int_equal(settle(r, NULL, false), OK);
	assert_int_equal(r->warning.len, 0);
}

/* A hall that has given such numbers for a year is not shut by a new version. */
static void a_centre_that_has_given_numbers_goes_on(void **state)
{
	struct room *r = *state;

	assert_int_equal(letter_apply(r->store, 1, 1), POSTING_TAKEN);
	assert_int_equal(settle(r, NULL, true), OK);
	assert_non_null(strstr(buf_str(&r->warning), "--region"));
}

static void hears_ready(const char *name, const struct sockaddr_un *a, socklen_t len)
{
	char said[32] = "";
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	assert_int_equal(bind(fd, (const struct sockaddr *)a, len), 0);
	setenv("NOTIFY_SOCKET", name, 1);
	notify_ready();
	assert_int_equal(recv(fd, said, sizeof said - 1, MSG_DONTWAIT), strlen("READY=1"));
	assert_string_equal(said, "READY=1");
	close(fd);
}

static void the_service_manager_hears_that_it_is_ready(void **state)
{
	struct room *r = *state;
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	char name[64];
	size_t len;

	snprintf(a.sun_path, sizeof a.sun_path, "%s/notify", r->dir);
	hears_ready(a.sun_path, &a, sizeof a);
	len = (size_t)snprintf(name, sizeof name, "@yimen-notify-%ld", (long)getpid());
	memcpy(a.sun_path, name, len);
	a.sun_path[0] = '\0';
	hears_ready(name, &a, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
	setenv("NOTIFY_SOCKET", "nowhere", 1);
	notify_ready(); /* is not understood, and does no harm */
	unsetenv("NOTIFY_SOCKET");
	notify_ready();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			in_earnest_the_first_number_wants_its_region, make, drop),
		cmocka_unit_test_setup_teardown(practice_is_warned, make, drop),
		cmocka_unit_test_setup_teardown(
			a_centre_that_has_given_numbers_goes_on, make, drop),
		cmocka_unit_test_setup_teardown(
			the_service_manager_hears_that_it_is_ready, make, drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
