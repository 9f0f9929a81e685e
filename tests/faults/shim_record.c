/*
 * A library for LD_PRELOAD: writes down what a program does to the files below one folder, in
 *order, so that any moment of it can be built again as a power cut would leave it. RECORD_ROOT the
 *folder		RECORD_LOG	the file to append to A record is a struct record of
 *record.h, then the path, then the bytes.
 */
#define _GNU_SOURCE
#include "tests/faults/record.h"
#include "tests/faults/shim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* What a preloaded library can keep nowhere else. */
static struct {
	int log; /* 0: not recording */
	char root[PATH_MAX];
	size_t root_len;
} plan;

__attribute__((constructor)) static void read_plan(void)
{
	const char *root = getenv("RECORD_ROOT"), *log = getenv("RECORD_LOG");
	int fd;

	if (root == NULL || log == NULL || realpath(root, plan.root) == NULL)
		return;
	plan.root_len = strlen(plan.root);
	fd = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0)
		plan.log = fcntl(fd, F_DUPFD_CLOEXEC, 200); /* out of the program's way */
}

/* One writev, so that the records of two programs do not mix. */
static void put(enum record_kind kind, const char *path, uint64_t at, const void *data, size_t len)
{
	struct record r = {.kind = kind, .at = at, .len = len, .path_len = strlen(path)};
	struct iovec parts[3] = {{&r, sizeof r}, {(void *)(uintptr_t)path, r.path_len},
		{(void *)(uintptr_t)data, len}};
	int saved = errno;

	if (writev(plan.log, parts, 3) < 0)
		abort();
	errno = saved;
}

/* The path below the root, or NULL. */
static const char *below(const char *path, char whole[PATH_MAX])
{
	char folder[PATH_MAX];
	const char *name = strrchr(path, '/');

	if (plan.log == 0 || name == NULL)
		return NULL;
	snprintf(folder, sizeof folder, "%.*s", (int)(name - path), path);
	if (realpath(folder, whole) == NULL)
		return NULL;
	strncat(whole, name, PATH_MAX - strlen(whole) - 1);
	if (strncmp(whole, plan.root, plan.root_len) != 0 || whole[plan.root_len] != '/')
		return NULL;
	return whole + plan.root_len + 1;
}

static const char *path_of(int fd, char whole[PATH_MAX])
{
	char link[64];
	ssize_t n;

	if (plan.log == 0)
		return NULL;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, whole, PATH_MAX - 1);
	if (n <= 0)
		return NULL;
	whole[n] = '\0';
	if (strncmp(whole, plan.root, plan.root_len) != 0)
		return NULL;
	return whole[plan.root_len] == '/' ? whole + plan.root_len + 1 : "";
}

static int opened(const char *path, int flags, int fd, bool existed)
{
	char whole[PATH_MAX];
	const char *at = fd >= 0 && (flags & (O_CREAT | O_TRUNC)) != 0 ? below(path, whole) : NULL;

	if (at != NULL && !existed)
		put(RECORD_CREATE, at, 0, NULL, 0);
	else if (at != NULL && (flags & O_TRUNC) != 0)
		put(RECORD_LENGTH, at, 0, NULL, 0);
	return fd;
}

int shim_open(const char *name, const char *path, int flags, unsigned mode)
{
	int (*real)(const char *, int, ...) = shim_next(name);
	bool existed = access(path, F_OK) == 0;

	return opened(path, flags, real(path, flags, mode), existed);
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t at)
{
	ssize_t (*real)(int, const void *, size_t, off_t) = shim_next("pwrite");
	ssize_t n = real(fd, data, len, at);
	char whole[PATH_MAX];
	const char *path = n > 0 ? path_of(fd, whole) : NULL;

	if (path != NULL)
		put(RECORD_WRITE, path, (uint64_t)at, data, (size_t)n);
	return n;
}

ssize_t pwrite64(int fd, const void *data, size_t len, off64_t at)
{
	return pwrite(fd, data, len, (off_t)at);
}

ssize_t write(int fd, const void *data, size_t len)
{
	ssize_t (*real)(int, const void *, size_t) = shim_next("write");
	ssize_t n = real(fd, data, len);
	char whole[PATH_MAX];
	const char *path = n > 0 ? path_of(fd, whole) : NULL;

	if (path != NULL)
		put(RECORD_WRITE, path, (uint64_t)(lseek(fd, 0, SEEK_CUR) - n), data, (size_t)n);
	return n;
}

static void flushed(int fd, int rc)
{
	char whole[PATH_MAX];
	const char *path = rc == 0 ? path_of(fd, whole) : NULL;

	if (path != NULL)
		put(RECORD_FLUSH, path, 0, NULL, 0);
}

int fsync(int fd)
{
	int (*real)(int) = shim_next("fsync");
	int rc = real(fd);

	flushed(fd, rc);
	return rc;
}

int fdatasync(int fd)
{
	int (*real)(int) = shim_next("fdatasync");
	int rc = real(fd);

	flushed(fd, rc);
	return rc;
}

int ftruncate(int fd, off_t len)
{
	int (*real)(int, off_t) = shim_next("ftruncate");
	int rc = real(fd, len);
	char whole[PATH_MAX];
	const char *path = rc == 0 ? path_of(fd, whole) : NULL;

	if (path != NULL)
		put(RECORD_LENGTH, path, (uint64_t)len, NULL, 0);
	return rc;
}

int ftruncate64(int fd, off64_t len)
{
	return ftruncate(fd, (off_t)len);
}

int unlink(const char *path)
{
	int (*real)(const char *) = shim_next("unlink");
	int rc = real(path);
	char whole[PATH_MAX];
	const char *at = rc == 0 ? below(path, whole) : NULL;

	if (at != NULL)
		put(RECORD_REMOVE, at, 0, NULL, 0);
	return rc;
}

int rename(const char *from, const char *to)
{
	int (*real)(const char *, const char *) = shim_next("rename");
	int rc = real(from, to);
	char whole[PATH_MAX], other[PATH_MAX];
	const char *a = rc == 0 ? below(from, whole) : NULL, *b = rc == 0 ? below(to, other) : NULL;

	if (a != NULL && b != NULL)
		put(RECORD_RENAME, a, 0, b, strlen(b));
	return rc;
}

/* ---- what is promised to others: a receipt on the screen, an answer on the line ---- */

int puts(const char *text)
{
	if (plan.log != 0 && text[0] == 'L')
		put(RECORD_PROMISE, "", 0, text, strlen(text));
	return fputs(text, stdout) < 0 || fputc('\n', stdout) == EOF ? EOF : 1;
}

/* What the centre sends; a station sends receipts too, but promises nothing by it. */
static void answered(const void *data, size_t len)
{
	bool centre = strcmp(program_invocation_short_name, "yimen-central") == 0;
	const char *at = centre && len > 0 ? memmem(data, len, "\"local_receipt\":\"", 17) : NULL;

	if (at != NULL)
		put(RECORD_PROMISE, "", 1, at + 17, strcspn(at + 17, "\""));
}

ssize_t send(int fd, const void *data, size_t len, int flags)
{
	ssize_t (*real)(int, const void *, size_t, int) = shim_next("send");

	if (plan.log != 0)
		answered(data, len);
	return real(fd, data, len, flags);
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	ssize_t (*real)(int, const struct msghdr *, int) = shim_next("sendmsg");
	size_t i;

	for (i = 0; plan.log != 0 && i < m->msg_iovlen; i++)
		answered(m->msg_iov[i].iov_base, m->msg_iov[i].iov_len);
	return real(fd, m, flags);
}
