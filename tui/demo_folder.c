#include "tui/demo_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"

static const char prefix[] = "yimen-demo-";

static const char *temporary(void)
{
	const char *temp = getenv("TMPDIR");

	return temp != NULL && temp[0] == '/' ? temp : "/tmp";
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_tree(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* -1: there is none, or somebody has it. */
static int take_lock(const char *folder, int flags)
{
	char *path = paths_join(folder, "lock");
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);

	free(path);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static bool is_mine(const char *folder)
{
	struct stat st;

	return lstat(folder, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid();
}

static void sweep_one(const char *folder)
{
	int fd = is_mine(folder) ? take_lock(folder, 0) : -1;

	if (fd < 0)
		return;
	remove_tree(folder);
	close(fd);
}

static void sweep(void)
{
	DIR *d = opendir(temporary());
	struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		char *folder;
		if (strncmp(entry->d_name, prefix, sizeof prefix - 1) != 0)
			continue;
		folder = paths_join(temporary(), entry->d_name);
		sweep_one(folder);
		free(folder);
	}
	if (d != NULL)
		closedir(d);
}

enum err demo_folder_make(struct demo_folder *f, struct buf *why)
{
	char *path = paths_join(temporary(), "yimen-demo-XXXXXX");

	sweep();
	if (mkdtemp(path) == NULL || (f->lock = take_lock(path, O_CREAT)) < 0) {
		buf_why(why, tr("建不了临时文件夹 %s (%s)"), path, err_cause(errno));
		free(path);
		return ERR_DENIED;
	}
	f->path = path;
	return OK;
}

void demo_folder_remove(struct demo_folder *f)
{
	if (f->path == NULL)
		return;
	remove_tree(f->path);
	close(f->lock);
	free(f->path);
	*f = (struct demo_folder){0};
}
