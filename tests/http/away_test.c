/* A centre whose disk takes no flush for longer than a moment: it stays, says so, tells nobody that
 * a case is not there, and goes on by itself when the disk does. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/http/centre.h"

enum {
	TALLY_BYTES = 24, /* tests/faults/shim_fail.c */
	PATIENCE = 100	  /* tenths of a second */
};

/* In a page of memory that the centre has as a file: its third number makes every flush fail. */
static volatile uint64_t *make_tally(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	void *map;

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, TALLY_BYTES), 0);
	map = mmap(NULL, TALLY_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(map != MAP_FAILED);
	close(fd);
	return map;
}

/* The library of a sanitizer that this program has, and so the centre: it has to come first. */
static const char *sanitizer(void)
{
	void *its = dlsym(RTLD_DEFAULT, "__asan_init");
	Dl_info of;

	return its != NULL && dladdr(its, &of) != 0 ? of.dli_fname : "";
}

static volatile uint64_t *start(struct centre *c)
{
	const char *build = getenv("BUILD");
	char preload[900], here[400], path[120];
	volatile uint64_t *tally;

	snprintf(path, sizeof path, "%s/tally", c->dir);
	tally = make_tally(path);
	assert_non_null(getcwd(here, sizeof here));
	snprintf(preload, sizeof preload, "%s %s/%s/tests/faults/shim_fail.so", sanitizer(), here,
		build != NULL ? build : "build");
	assert_int_equal(access(strchr(preload, ' ') + 1, R_OK), 0);
	setenv("LD_PRELOAD", preload, 1);
	setenv("FAULT_CALL", "sync", 1);
	setenv("FAULT_NTH", "0", 1);
	setenv("FAULT_HOW", "5", 1); /* EIO */
	setenv("FAULT_TALLY", path, 1);
	centre_start(c, "");
	unsetenv("LD_PRELOAD");
	return tally;
}

static void ask(const struct centre *c, struct answer *a, const char *path)
{
	centre_ask(c, a, "GET", path, "", NULL);
}

static void assert_tried_later(const struct answer *a)
{
	assert_int_equal(a->status, 503);
	assert_true(atoi(answer_header(a, "Retry-After")) > 0);
	assert_true(answer_has(a, "请稍后再试") || answer_has(a, "再试"));
}

static void wait_until_well(const struct centre *c, struct answer *a)
{
	const struct timespec pause = {0, 100000000};
	int i;

	for (i = 0; i < PATIENCE; i++) {
		ask(c, a, "/health");
		if (a->status == 200)
			return;
		nanosleep(&pause, NULL);
	}
	fail_msg("still %d", a->status);
}

static void it_stays_and_comes_back(void **state)
{
	struct centre *c = *state;
	volatile uint64_t *tally = start(c);
	struct answer a = {0};
	char known[64], unknown[] = "/v1/cases/018f0000-0000-7000-8000-0000000fffff";

	post_application(c, &a, 1, 1, "");
	assert_int_equal(a.status, 201);
	snprintf(known, sizeof known, "/v1/cases/%s", member(&a, "project_no"));
	ask(c, &a, known);
	assert_int_equal(a.status, 200);
	tally[2] = 1;
	post_application(c, &a, 2, 2, "");
	assert_tried_later(&a);
	ask(c, &a, "/health");
	assert_tried_later(&a);
	ask(c, &a, known);
	assert_tried_later(&a);
	ask(c, &a, unknown);
	assert_tried_later(&a);
	post_application(c, &a, 1, 1, "");
	assert_tried_later(&a);
	ask(c, &a, "/metrics");
	assert_true(answer_has(&a, "yimen_store_up 0\n"));
	assert_true(answer_has(&a, "yimen_store_losses_total 1\n"));
	tally[2] = 0;
	wait_until_well(c, &a);
	post_application(c, &a, 1, 1, "");
	assert_int_equal(a.status, 201);
	assert_string_equal(answer_header(&a, "Idempotency-Replayed"), "true");
	post_application(c, &a, 2, 2, "");
	assert_int_equal(a.status, 201);
	ask(c, &a, unknown);
	assert_int_equal(a.status, 404);
	answer_fini(&a);
	munmap((void *)(uintptr_t)tally, TALLY_BYTES);
}

/* Ended while its disk is like that, it ends in order and has lost nothing. */
static void it_ends_in_order(void **state)
{
	struct centre *c = *state;
	volatile uint64_t *tally = start(c);
	struct answer a = {0};

	post_application(c, &a, 1, 1, "");
	assert_int_equal(a.status, 201);
	tally[2] = 1;
	post_application(c, &a, 2, 2, "");
	assert_tried_later(&a);
	assert_int_equal(centre_stop(c, SIGTERM), 0);
	tally[2] = 0;
	centre_start(c, "");
	post_application(c, &a, 1, 1, "");
	assert_int_equal(a.status, 201);
	assert_string_equal(answer_header(&a, "Idempotency-Replayed"), "true");
	answer_fini(&a);
	munmap((void *)(uintptr_t)tally, TALLY_BYTES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			it_stays_and_comes_back, centre_set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(
			it_ends_in_order, centre_set_up, centre_tear_down_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
