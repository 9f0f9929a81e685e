/*
 * A library for LD_PRELOAD: one call of one kind fails, once.
 *	FAULT_CALL	the kind, a name of `kinds` below
 *	FAULT_NTH	which one, from 1
 *	FAULT_HOW	an errno, or "short": a write that takes half
 *	FAULT_TALLY	a file where numbers of 8 bytes are kept: calls of that kind so far, and
 *			whether the fault has struck. While a third, which others write, is not 0,
 *			every call of that kind fails.
 */
#define _GNU_SOURCE
#include "tests/faults/shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum kind {
	KIND_NONE,
	KIND_WRITE,
	KIND_SYNC,
	KIND_RENAME,
	KIND_UNLINK,
	KIND_OPEN,
	KIND_TRUNCATE,
	KIND_CONNECT,
	KIND_SEND,
	KIND_RECV,
	KIND_ACCEPT,
	KIND_MEMORY,
	KIND__MAX
};

static const char *const kinds[KIND__MAX] = {
	[KIND_NONE] = "",
	[KIND_WRITE] = "write",
	[KIND_SYNC] = "sync",
	[KIND_RENAME] = "rename",
	[KIND_UNLINK] = "unlink",
	[KIND_OPEN] = "open",
	[KIND_TRUNCATE] = "truncate",
	[KIND_CONNECT] = "connect",
	[KIND_SEND] = "send",
	[KIND_RECV] = "recv",
	[KIND_ACCEPT] = "accept",
	[KIND_MEMORY] = "memory",
};

/* What a preloaded library can keep nowhere else. */
static struct {
	enum kind kind;
	uint64_t nth;
	int how; /* 0: short */
	volatile uint64_t *tally;
} plan;

__attribute__((constructor)) static void read_plan(void)
{
	const char *call = getenv("FAULT_CALL"), *nth = getenv("FAULT_NTH");
	const char *how = getenv("FAULT_HOW"), *path = getenv("FAULT_TALLY");
	int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1, i;
	void *map = MAP_FAILED;

	if (call == NULL || nth == NULL || how == NULL || fd < 0)
		return;
	map = mmap(NULL, 24, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return;
	plan.nth = strtoull(nth, NULL, 10);
	plan.how = atoi(how);
	plan.tally = map;
	for (i = 1; i < KIND__MAX; i++)
		if (strcmp(kinds[i], call) == 0)
			plan.kind = (enum kind)i;
}

/* true: this is the call that fails; errno is set. */
static bool strikes(enum kind kind)
{
	if (plan.kind != kind || kind == KIND_NONE ||
		(++plan.tally[0] != plan.nth && plan.tally[2] == 0))
		return false;
	plan.tally[1] = 1;
	errno = plan.how;
	return true;
}

ssize_t write(int fd, const void *data, size_t len)
{
	ssize_t (*real)(int, const void *, size_t) = shim_next("write");

	if (strikes(KIND_WRITE)) {
		if (plan.how != 0)
			return -1;
		len /= 2;
	}
	return real(fd, data, len);
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t at)
{
	ssize_t (*real)(int, const void *, size_t, off_t) = shim_next("pwrite");

	if (strikes(KIND_WRITE)) {
		if (plan.how != 0)
			return -1;
		len /= 2;
	}
	return real(fd, data, len, at);
}

ssize_t pwrite64(int fd, const void *data, size_t len, off64_t at)
{
	return pwrite(fd, data, len, (off_t)at);
}

int fsync(int fd)
{
	int (*real)(int) = shim_next("fsync");

	return strikes(KIND_SYNC) ? -1 : real(fd);
}

int fdatasync(int fd)
{
	int (*real)(int) = shim_next("fdatasync");

	return strikes(KIND_SYNC) ? -1 : real(fd);
}

int rename(const char *from, const char *to)
{
	int (*real)(const char *, const char *) = shim_next("rename");

	return strikes(KIND_RENAME) ? -1 : real(from, to);
}

int unlink(const char *path)
{
	int (*real)(const char *) = shim_next("unlink");

	return strikes(KIND_UNLINK) ? -1 : real(path);
}

int shim_open(const char *name, const char *path, int flags, unsigned mode)
{
	int (*real)(const char *, int, ...) = shim_next(name);

	return strikes(KIND_OPEN) ? -1 : real(path, flags, mode);
}

FILE *fopen(const char *path, const char *mode)
{
	FILE *(*real)(const char *, const char *) = shim_next("fopen");

	return strikes(KIND_OPEN) ? NULL : real(path, mode);
}

int ftruncate(int fd, off_t len)
{
	int (*real)(int, off_t) = shim_next("ftruncate");

	return strikes(KIND_TRUNCATE) ? -1 : real(fd, len);
}

int ftruncate64(int fd, off64_t len)
{
	return ftruncate(fd, (off_t)len);
}

int connect(int fd, const struct sockaddr *to, socklen_t len)
{
	int (*real)(int, const struct sockaddr *, socklen_t) = shim_next("connect");

	return strikes(KIND_CONNECT) ? -1 : real(fd, to, len);
}

ssize_t send(int fd, const void *data, size_t len, int flags)
{
	ssize_t (*real)(int, const void *, size_t, int) = shim_next("send");

	return strikes(KIND_SEND) ? -1 : real(fd, data, len, flags);
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	ssize_t (*real)(int, const struct msghdr *, int) = shim_next("sendmsg");

	return strikes(KIND_SEND) ? -1 : real(fd, m, flags);
}

ssize_t recv(int fd, void *out, size_t len, int flags)
{
	ssize_t (*real)(int, void *, size_t, int) = shim_next("recv");

	return strikes(KIND_RECV) ? -1 : real(fd, out, len, flags);
}

int accept4(int fd, struct sockaddr *from, socklen_t *len, int flags)
{
	int (*real)(int, struct sockaddr *, socklen_t *, int) = shim_next("accept4");

	return strikes(KIND_ACCEPT) ? -1 : real(fd, from, len, flags);
}

/* The allocator's own names: dlsym itself allocates. */
extern void *__libc_malloc(size_t len);
extern void *__libc_calloc(size_t count, size_t len);
extern void *__libc_realloc(void *p, size_t len);

void *malloc(size_t len)
{
	return strikes(KIND_MEMORY) ? NULL : __libc_malloc(len);
}

void *calloc(size_t count, size_t len)
{
	return strikes(KIND_MEMORY) ? NULL : __libc_calloc(count, len);
}

void *realloc(void *p, size_t len)
{
	return strikes(KIND_MEMORY) ? NULL : __libc_realloc(p, len);
}
