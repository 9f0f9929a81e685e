#define _GNU_SOURCE /* F_OFD_SETLK: locks of an open file, not of a process */
#include "core/station/draft_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/paths.h"
#include "core/station/store.h"

struct draft_lock {
	int fd;
};

/* Which byte stands for it: FNV-1a of the id, 62 bits. */
static off_t byte_of(const char *id)
{
	uint64_t h = 14695981039346656037U;

	for (; *id != '\0'; id++)
		h = (h ^ (unsigned char)*id) * 1099511628211U;
	return (off_t)(h >> 2);
}

static int open_file(const struct store *s)
{
	char *path = paths_join(store_home(s), "drafts.lock");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	free(path);
	return fd;
}

enum err draft_lock_take(struct draft_lock **out, const struct store *s, const char *draft_id)
{
	struct flock want = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte_of(draft_id), .l_len = 1};
	int fd = open_file(s);
	enum err e = ERR_IO;

	if (fd >= 0 && fcntl(fd, F_OFD_SETLK, &want) == 0) {
		*out = mem_alloc(sizeof **out);
		(*out)->fd = fd;
		return OK;
	}
	if (fd >= 0) {
		e = errno == EAGAIN || errno == EACCES ? ERR_BUSY : ERR_IO;
		close(fd);
	}
	return e;
}

void draft_lock_free(struct draft_lock *l)
{
	if (l == NULL)
		return;
	close(l->fd);
	free(l);
}

bool draft_lock_held(const struct store *s, const char *draft_id)
{
	struct flock look = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte_of(draft_id), .l_len = 1};
	int fd = open_file(s);
	bool held;

	if (fd < 0)
		return false;
	held = fcntl(fd, F_OFD_GETLK, &look) == 0 && look.l_type != F_UNLCK;
	close(fd);
	return held;
}
