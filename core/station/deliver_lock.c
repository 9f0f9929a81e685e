#include "core/station/deliver_lock.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/paths.h"

static const char WANT[] = "deliver.want";
static const char WATCH[] = "deliver.watch";

static int open_file(const char *home, const char *name)
{
	char *path = paths_join(home, name);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	free(path);
	return fd;
}

enum err deliver_lock_open(struct deliver_lock *l, const char *home)
{
	l->turn_fd = open_file(home, "deliver.lock");
	l->wish_fd = l->turn_fd >= 0 ? open_file(home, WANT) : -1;
	l->watch_fd = l->wish_fd >= 0 ? open_file(home, WATCH) : -1;
	return l->watch_fd >= 0 ? OK : ERR_IO;
}

void deliver_lock_close(struct deliver_lock *l)
{
	if (l->turn_fd >= 0)
		close(l->turn_fd);
	if (l->wish_fd >= 0)
		close(l->wish_fd);
	if (l->watch_fd >= 0)
		close(l->watch_fd);
	*l = (struct deliver_lock){-1, -1, -1};
}

bool deliver_lock_take(struct deliver_lock *l)
{
	return flock(l->turn_fd, LOCK_EX | LOCK_NB) == 0;
}

bool deliver_lock_wish(struct deliver_lock *l)
{
	return flock(l->wish_fd, LOCK_EX | LOCK_NB) == 0;
}

bool deliver_lock_watch(struct deliver_lock *l)
{
	return flock(l->watch_fd, LOCK_SH | LOCK_NB) == 0;
}

void deliver_lock_give(struct deliver_lock *l)
{
	flock(l->turn_fd, LOCK_UN);
}

bool deliver_lock_is_wished(const struct deliver_lock *l)
{
	if (flock(l->wish_fd, LOCK_SH | LOCK_NB) != 0)
		return true;
	flock(l->wish_fd, LOCK_UN);
	return false;
}

bool deliver_lock_is_watched(const char *home)
{
	int fd = open_file(home, WATCH);
	bool free_of_any = fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0;

	if (fd >= 0)
		close(fd);
	return !free_of_any;
}

bool deliver_lock_is_manned(const char *home)
{
	int fd = open_file(home, WANT);
	bool is_free = fd < 0 || flock(fd, LOCK_SH | LOCK_NB) == 0;

	if (fd >= 0)
		close(fd);
	return !is_free;
}
