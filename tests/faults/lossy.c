/*
 * A disk that loses what was not flushed, mounted (FUSE): lossy FOLDER. It says "mounted" when it
 * is there. Files live in memory as platter.h has them: what readers see, and what a power cut
 * would leave. A name is on the platter when its folder was flushed, bytes when their file was.
 * Folders and sockets are there at once.
 *
 * The file /.power at its root takes one line: "cut OPERATIONS SEED". After that many more writes,
 * flushes, removals and renames the power fails: what was not flushed is lost in part, drawn from
 * the seed, and whatever was open before gives EIO for ever. "cut 0 SEED" is at once. "stop
 * OPERATIONS": the same, but nothing is lost, as when programs are killed. "keep": all that is
 * there now is flushed.
 */
#define FUSE_USE_VERSION 31
#include <errno.h>
#include <signal.h>
#include <fuse3/fuse.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/faults/chance.h"
#include "tests/faults/platter.h"

enum {
	OTHERS_MAX = 64,
	BLOCK = 4096,
	BLOCKS = 1 << 20 /* 4 GiB, never filled */
};

static const char power[] = "/.power";

static struct disk {
	struct platter files;
	struct other {
		char path[PLATTER_NAME_MAX]; /* "": unused */
		bool socket;
	} others[OTHERS_MAX];
	struct chance chance;
	unsigned long operations, dies_at; /* 0: never */
	bool stops;			   /* it dies by a kill: nothing is lost */
	uint64_t life;			   /* how often the power came back */
} disk;

/* ---- names ---- */

static bool fits(const char *path)
{
	return strlen(path) < PLATTER_NAME_MAX;
}

/* The folder or socket of that path, or NULL. */
static struct other *other_at(const char *path)
{
	for (int i = 0; i < OTHERS_MAX; i++)
		if (strcmp(disk.others[i].path, path) == 0)
			return &disk.others[i];
	return NULL;
}

static struct platter_file *file_at(const char *path)
{
	struct platter_file *f = platter_find(&disk.files, path, false);

	return f != NULL && f->now.exists ? f : NULL;
}

/* The last part of the path of what lies directly in the folder, else NULL. */
static const char *name_within(const char *folder, const char *path)
{
	size_t n = strcmp(folder, "/") == 0 ? 0 : strlen(folder);

	if (path[0] == '\0' || strncmp(path, folder, n) != 0 || path[n] != '/' ||
		path[n + 1] == '\0' || strchr(path + n + 1, '/') != NULL)
		return NULL;
	return path + n + 1;
}

/* ---- the power ---- */

static void cut(void)
{
	if (!disk.stops)
		platter_lose(&disk.files, &disk.chance);
	disk.dies_at = 0;
	disk.life++;
}

static void keep(void)
{
	for (size_t i = 0; i < disk.files.count; i++) {
		platter_flush(disk.files.files[i]);
		platter_flush_entry(disk.files.files[i]);
	}
}

/* Counts what changes the disk; true: the power failed instead. */
static bool fails_now(void)
{
	disk.operations++;
	if (disk.dies_at == 0 || disk.operations < disk.dies_at)
		return false;
	cut();
	return true;
}

static bool from_before(const struct fuse_file_info *info)
{
	return info != NULL && info->fh != disk.life;
}

static int take_order(const char *text, size_t len)
{
	char line[80];
	unsigned long after, seed;

	snprintf(line, sizeof line, "%.*s", (int)len, text);
	if (strcmp(line, "keep\n") == 0) {
		keep();
		return (int)len;
	}
	disk.stops = sscanf(line, "stop %lu", &after) == 1;
	if (!disk.stops && sscanf(line, "cut %lu %lu", &after, &seed) != 2)
		return -EINVAL;
	if (!disk.stops)
		disk.chance.state = seed;
	if (after == 0)
		cut();
	else
		disk.dies_at = disk.operations + after;
	return (int)len;
}

/* ---- what the kernel asks ---- */

static int get_attributes(const char *path, struct stat *st, struct fuse_file_info *info)
{
	const struct platter_file *f;
	const struct other *other;

	(void)info;
	memset(st, 0, sizeof *st);
	st->st_uid = getuid();
	st->st_gid = getgid();
	st->st_nlink = 1;
	st->st_mode = S_IFREG | 0600;
	if (strcmp(path, "/") == 0)
		st->st_mode = S_IFDIR | 0700;
	else if ((other = other_at(path)) != NULL)
		st->st_mode = other->socket ? S_IFSOCK | 0600 : S_IFDIR | 0700;
	else if ((f = file_at(path)) != NULL)
		st->st_size = (off_t)f->now.len;
	else if (strcmp(path, power) != 0)
		return -ENOENT;
	return 0;
}

static int open_file(const char *path, struct fuse_file_info *info)
{
	info->fh = disk.life;
	return strcmp(path, power) == 0 || file_at(path) != NULL ? 0 : -ENOENT;
}

static int create_file(const char *path, mode_t mode, struct fuse_file_info *info)
{
	(void)mode;
	if (!fits(path))
		return -ENAMETOOLONG;
	if (fails_now())
		return -EIO;
	platter_create(platter_find(&disk.files, path, true));
	return open_file(path, info);
}

static int read_file(const char *path, char *out, size_t len, off_t at, struct fuse_file_info *info)
{
	const struct platter_file *f = file_at(path);
	size_t have;

	if (from_before(info) || f == NULL)
		return -EIO;
	have = (size_t)at < f->now.len ? f->now.len - (size_t)at : 0;
	if (have > len)
		have = len;
	if (have > 0)
		memcpy(out, f->now.bytes + at, have);
	return (int)have;
}

static int write_file(
	const char *path, const char *data, size_t len, off_t at, struct fuse_file_info *info)
{
	if (strcmp(path, power) == 0)
		return take_order(data, len);
	if (from_before(info) || fails_now() || file_at(path) == NULL)
		return -EIO;
	platter_write(file_at(path), data, len, (size_t)at);
	return (int)len;
}

static int set_length(const char *path, off_t len, struct fuse_file_info *info)
{
	if (strcmp(path, power) == 0)
		return 0;
	if (from_before(info) || fails_now() || file_at(path) == NULL)
		return -EIO;
	platter_length(file_at(path), (size_t)len);
	return 0;
}

static int flush_file(const char *path, int data_only, struct fuse_file_info *info)
{
	(void)data_only;
	if (strcmp(path, power) == 0)
		return 0;
	if (from_before(info) || fails_now() || file_at(path) == NULL)
		return -EIO;
	platter_flush(file_at(path));
	return 0;
}

static int open_folder(const char *path, struct fuse_file_info *info)
{
	(void)path;
	info->fh = disk.life;
	return 0;
}

static int flush_folder(const char *path, int data_only, struct fuse_file_info *info)
{
	(void)data_only;
	if (from_before(info) || fails_now())
		return -EIO;
	for (size_t i = 0; i < disk.files.count; i++)
		if (name_within(path, disk.files.files[i]->name) != NULL)
			platter_flush_entry(disk.files.files[i]);
	return 0;
}

static int remove_file(const char *path)
{
	struct other *other = other_at(path);

	if (other != NULL) {
		other->path[0] = '\0';
		return 0;
	}
	if (fails_now())
		return -EIO;
	if (file_at(path) == NULL)
		return -ENOENT;
	platter_remove(file_at(path));
	return 0;
}

static int rename_file(const char *from, const char *to, unsigned flags)
{
	if (flags != 0 || other_at(from) != NULL)
		return -EINVAL;
	if (!fits(to))
		return -ENAMETOOLONG;
	if (fails_now())
		return -EIO;
	if (file_at(from) == NULL)
		return -ENOENT;
	platter_rename(file_at(from), platter_find(&disk.files, to, true));
	return 0;
}

static int make_other(const char *path, bool socket)
{
	struct other *unused = other_at("");

	if (!fits(path) || unused == NULL)
		return -ENOSPC;
	memcpy(unused->path, path, strlen(path) + 1);
	unused->socket = socket;
	return 0;
}

static int make_folder(const char *path, mode_t mode)
{
	(void)mode;
	return make_other(path, false);
}

static int make_node(const char *path, mode_t mode, dev_t device)
{
	(void)device;
	return S_ISSOCK(mode) ? make_other(path, true) : -EPERM;
}

static int list_folder(const char *path, void *out, fuse_fill_dir_t fill, off_t at,
	struct fuse_file_info *info, enum fuse_readdir_flags flags)
{
	const char *name;
	int i;

	(void)at;
	(void)info;
	(void)flags;
	for (i = 0; i < OTHERS_MAX; i++)
		if ((name = name_within(path, disk.others[i].path)) != NULL)
			fill(out, name, NULL, 0, 0);
	for (size_t k = 0; k < disk.files.count; k++)
		if (disk.files.files[k]->now.exists &&
			(name = name_within(path, disk.files.files[k]->name)) != NULL)
			fill(out, name, NULL, 0, 0);
	return 0;
}

static int say_room(const char *path, struct statvfs *out)
{
	(void)path;
	memset(out, 0, sizeof *out);
	out->f_bsize = out->f_frsize = BLOCK;
	out->f_blocks = out->f_bfree = out->f_bavail = BLOCKS;
	out->f_namemax = PLATTER_NAME_MAX / 2;
	return 0;
}

/* Modes, owners and times are not kept: all is ours, 0600 and 0700. */
static int keep_mode(const char *path, mode_t mode, struct fuse_file_info *info)
{
	(void)path;
	(void)mode;
	(void)info;
	return 0;
}

static int keep_times(const char *path, const struct timespec times[2], struct fuse_file_info *info)
{
	(void)path;
	(void)times;
	(void)info;
	return 0;
}

static void *begin(struct fuse_conn_info *connection, struct fuse_config *config)
{
	(void)connection;
	config->entry_timeout = config->attr_timeout = config->negative_timeout = 0;
	puts("mounted");
	fflush(stdout);
	return NULL;
}

int main(int argc, char **argv)
{
	static const struct fuse_operations operations = {
		.init = begin,
		.getattr = get_attributes,
		.open = open_file,
		.create = create_file,
		.read = read_file,
		.write = write_file,
		.truncate = set_length,
		.fsync = flush_file,
		.opendir = open_folder,
		.readdir = list_folder,
		.fsyncdir = flush_folder,
		.unlink = remove_file,
		.rename = rename_file,
		.mkdir = make_folder,
		.mknod = make_node,
		.rmdir = remove_file,
		.statfs = say_room,
		.chmod = keep_mode,
		.utimens = keep_times,
	};
	static char foreground[] = "-f", one_thread[] = "-s";
	char *words[] = {argv[0], foreground, one_thread, argv[1], NULL};

	if (argc != 2) {
		fprintf(stderr, "usage: lossy FOLDER\n");
		return 2;
	}
	prctl(PR_SET_PDEATHSIG, SIGTERM); /* it unmounts itself, however the test ends */
	return fuse_main(4, words, &operations, NULL);
}
