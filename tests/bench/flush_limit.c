#include "tests/bench/flush_limit.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum {
	PAGE_BYTES = 4096, /* a page of its own each: none is written twice in the same flush */
	PAGES = 512,
	BODY_BYTES = 2048
};

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void sleep_until(int64_t at_us)
{
	const struct timespec at = {(time_t)(at_us / 1000000), (long)(at_us % 1000000 * 1000)};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) != 0)
		;
}

/* -1: the folder takes no file. */
static int make_file(const char *path)
{
	static const char page[PAGE_BYTES];
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), i;

	for (i = 0; fd >= 0 && i < PAGES; i++)
		if (write(fd, page, sizeof page) != (ssize_t)sizeof page)
			break;
	if (fd >= 0 && (i < PAGES || fsync(fd) != 0)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int write_one(int fd, size_t n)
{
	static const char body[BODY_BYTES] = "x";

	return pwrite(fd, body, sizeof body, (off_t)(n % PAGES * PAGE_BYTES)) ==
				       (ssize_t)sizeof body &&
			       fdatasync(fd) == 0
		       ? 0
		       : -1;
}

size_t flush_limit(const char *dir, double seconds, int rate, unsigned *took_us, size_t max)
{
	char path[160];
	int64_t began_us, due_us;
	size_t n;
	int fd;

	snprintf(path, sizeof path, "%s/flush", dir);
	fd = make_file(path);
	began_us = now_us();
	for (n = 0; fd >= 0 && n < max; n++) {
		due_us = rate > 0 ? began_us + (int64_t)n * 1000000 / rate : now_us();
		if (due_us - began_us >= (int64_t)(seconds * 1e6))
			break;
		sleep_until(due_us);
		if (write_one(fd, n) != 0)
			break;
		took_us[n] = (unsigned)(now_us() - due_us);
	}
	if (fd >= 0)
		close(fd);
	unlink(path);
	return n;
}
