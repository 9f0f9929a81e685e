#include "core/station/deliver_lock.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/paths.h"

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
	l->wish_fd = l->turn_fd >= 0 ? open_file(home, "deliver.want") : -1;
	return l->wish_fd >= 0 ? OK : ERR_IO;
}

void deliver_lock_close(struct deliver_lock *l)
{
	if (l->turn_fd >= 0)
		close(l->turn_fd);
	if (l->wish_fd >= 0)
		close(l->wish_fd);
	*l = (struct deliver_lock){-1, -1};
}

bool deliver_lock_take(struct deliver_lock *l)
{
	return flock(l->turn_fd, LOCK_EX | LOCK_NB) == 0;
}

bool deliver_lock_wish(struct deliver_lock *l)
{
	return flock(l->wish_fd, LOCK_EX | LOCK_NB) == 0;
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
