/* What an administrator is told at a centre's start although it starts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/central/outlook.h"
#include "tests/unit/letters.h"
#include "tests/unit/scratch.h"

enum {
	HOUR_MS = 3600000
};

struct room {
	char *dir;
	struct central_store *store;
	struct buf told;
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
	buf_fini(&r->told);
	free(r);
	return 0;
}

static const char *clock_at(struct room *r, int64_t now_ms)
{
	buf_clear(&r->told);
	outlook_clock(r->store, now_ms, &r->told);
	return buf_str(&r->told);
}

static void a_clock_before_the_last_letter_is_told(void **state)
{
	struct room *r = *state;
	int64_t now_ms = clock_wall_ms(&clock_system);

	assert_string_equal(clock_at(r, now_ms - HOUR_MS), "");
	assert_int_equal(letter_apply(r->store, 1, 1), POSTING_TAKEN);
	assert_int_equal(letter_apply(r->store, 2, 1), POSTING_TAKEN);
	assert_non_null(strstr(clock_at(r, now_ms - HOUR_MS), "timedatectl"));
	assert_string_equal(clock_at(r, now_ms + HOUR_MS), "");
	/* a clock that was set right by a minute is no trouble */
	assert_string_equal(clock_at(r, now_ms - 60000), "");
}

static void a_machine_that_woke_in_1970_is_told(void **state)
{
	struct room *r = *state;

	assert_non_null(strstr(clock_at(r, 86400000), "timedatectl"));
	assert_string_equal(clock_at(r, clock_wall_ms(&clock_system)), "");
}

/* In words of ours: the C library has English ones, unless the machine has a locale for others. */
static void causes_are_told_in_the_language_in_force(void **state)
{
	(void)state;
	assert_string_equal(err_cause(ENOENT), "没有这个文件或目录");
	assert_string_equal(err_cause(EADDRINUSE), "这个端口已被别的程序占用");
	assert_string_equal(err_cause(EPERM), err_cause(EACCES));
	assert_string_equal(err_cause(ENOTTY), strerror(ENOTTY)); /* a rare one */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_clock_before_the_last_letter_is_told, make, drop),
		cmocka_unit_test_setup_teardown(a_machine_that_woke_in_1970_is_told, make, drop),
		cmocka_unit_test(causes_are_told_in_the_language_in_force),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
