#include "core/base/paths.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"

char *paths_join(const char *dir, const char *name)
{
	struct buf b = {0};

	buf_adds(&b, dir);
	if (b.len == 0 || b.data[b.len - 1] != '/')
		buf_addc(&b, '/');
	buf_adds(&b, name);
	return buf_take(&b);
}

/* The folder the running program lies in; free() it. */
static char *program_folder(void)
{
	char link[4096];
	ssize_t n = readlink("/proc/self/exe", link, sizeof link - 1);
	char *slash;

	if (n <= 0)
		return mem_strdup(".");
	link[n] = '\0';
	slash = strrchr(link, '/');
	if (slash == NULL)
		return mem_strdup(".");
	*slash = '\0';
	return mem_strdup(link);
}

/*
 * The build folder when the program runs from the source tree (it, or a folder above it such as
 * build/tests/unit, has the archive of all our objects in it), else NULL; free() it.
 */
static char *build_folder(void)
{
	char *dir = program_folder();
	int up;

	for (up = 0; up < 4; up++) {
		char *mark = paths_join(dir, "libyimen.a");
		bool here = access(mark, F_OK) == 0;
		char *slash;
		free(mark);
		if (here)
			return dir;
		slash = strrchr(dir, '/');
		if (slash == NULL || slash == dir)
			break;
		*slash = '\0';
	}
	free(dir);
	return NULL;
}

/* Of an installed program, from PREFIX/bin; its helpers lie in PREFIX/libexec/yimen. */
static char *installed(const char *under)
{
	static const char helpers[] = "/libexec/yimen";
	char *dir = program_folder();
	size_t len = strlen(dir), tail = sizeof helpers - 1;
	char *path;

	if (len >= tail && strcmp(dir + len - tail, helpers) == 0)
		memcpy(dir + len - tail, "/bin", sizeof "/bin");
	path = paths_join(dir, under);
	free(dir);
	return path;
}

static char *share_folder(void)
{
	const char *set = getenv("YIMEN_SHARE");
	char *build, *root;

	if (set != NULL && set[0] != '\0')
		return mem_strdup(set);
	build = build_folder();
	if (build == NULL)
		return installed("../share/yimen");
	root = paths_join(build, "..");
	free(build);
	return root;
}

char *paths_share(const char *name)
{
	char *dir = share_folder();
	char *path = paths_join(dir, name);

	free(dir);
	return path;
}

char *paths_messages(void)
{
	char *build = build_folder();
	char *path;

	if (build == NULL)
		return installed("../share/locale");
	path = paths_join(build, "locale");
	free(build);
	return path;
}

char *paths_program(const char *name)
{
	char *build = build_folder();
	char *dir = build != NULL ? build : program_folder();
	char *path = paths_join(dir, name);

	if (access(path, X_OK) != 0 && build == NULL) {
		free(path);
		path = installed("../libexec/yimen");
		free(dir);
		dir = path;
		path = paths_join(dir, name);
	}
	free(dir);
	return path;
}

static char *home_name(void)
{
	const char *set = getenv("YIMEN_HOME");
	const char *home;

	if (set != NULL && set[0] != '\0')
		return mem_strdup(set);
	set = getenv("XDG_DATA_HOME");
	if (set != NULL && set[0] == '/')
		return paths_join(set, "yimen");
	home = getenv("HOME");
	return paths_join(home != NULL && home[0] != '\0' ? home : ".", ".local/share/yimen");
}

/* mkdir -p with 0700 for each folder that is made. */
static int make_folders(const char *path)
{
	char *copy = mem_strdup(path);
	char *at = copy;
	int rc = 0;

	while (rc == 0 && at != NULL) {
		at = strchr(at + 1, '/');
		if (at != NULL)
			*at = '\0';
		rc = mkdir(copy, 0700) == 0 || errno == EEXIST ? 0 : -1;
		if (at != NULL)
			*at = '/';
	}
	free(copy);
	return rc;
}

enum err paths_home(char **out, struct buf *why)
{
	char *path = home_name();
	struct stat st;

	if (stat(path, &st) != 0 && (make_folders(path) != 0 || stat(path, &st) != 0)) {
		enum err e = errno == ENOSPC  ? ERR_FULL
			     : errno == EROFS ? ERR_READ_ONLY
					      : ERR_DENIED;
		buf_why(why,
			tr("建不了数据文件夹 %s (%s)。请检查上级文件夹的权限, 或用 YIMEN_HOME "
			   "指定别处。"),
			path, err_cause(errno));
		free(path);
		return e;
	}
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0) {
		buf_why(why,
			tr("数据文件夹 %s 不属于您或别人也能进。请运行 chmod 700 %s, 或用 "
			   "YIMEN_HOME 指定别处。"),
			path, path);
		free(path);
		return ERR_DENIED;
	}
	*out = path;
	return OK;
}

static enum err from_errno(const char *what, const char *path)
{
	int cause = errno;

	log_error("paths", "%s %s: %s", what, path, strerror(cause));
	switch (cause) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return ERR_FULL;
	case EACCES:
	case EPERM:
		return ERR_DENIED;
	case EROFS:
		return ERR_READ_ONLY;
	case ENOENT:
		return ERR_NOT_FOUND;
	default:
		return ERR_IO;
	}
}

static int sync_folder_of(const char *path)
{
	char *dir = mem_strdup(path);
	char *slash = strrchr(dir, '/');
	int fd, rc;

	if (slash != NULL)
		slash[slash == dir] = '\0';
	fd = open(slash != NULL ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	if (fd < 0)
		return -1;
	rc = fsync(fd);
	close(fd);
	return rc;
}

static int write_all(int fd, const char *data, unsigned long len_bytes)
{
	while (len_bytes > 0) {
		ssize_t n = write(fd, data, len_bytes);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		data += n;
		len_bytes -= (unsigned long)n;
	}
	return 0;
}

enum err paths_sync_folder(const char *path)
{
	return sync_folder_of(path) == 0 ? OK : from_errno("fsync folder of", path);
}

/* The name of the file that is written beside path. */
static void temporary_of(struct buf *out, const char *path)
{
	buf_printf(out, "%s.%ld.tmp", path, (long)getpid());
}

/* 0, or a value of errno. */
static int look_writable(const char *path)
{
	struct buf temp = {0};
	int fd, cause;

	if (path[0] == '\0' || path[strlen(path) - 1] == '/')
		return path[0] == '\0' ? ENOENT : EISDIR;
	temporary_of(&temp, path);
	fd = open(temp.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	cause = fd < 0 ? errno : 0;
	if (fd >= 0) {
		close(fd);
		unlink(temp.data);
	}
	buf_fini(&temp);
	return cause;
}

enum err paths_writable(const char *path, struct buf *why)
{
	struct stat st;
	bool other = stat(path, &st) == 0 && !S_ISREG(st.st_mode);
	int cause = other ? EISDIR : look_writable(path);
	enum err e;

	if (cause == 0)
		return OK;
	if (other && !S_ISDIR(st.st_mode)) /* a device would be replaced by a file */
		buf_why(why, tr("写不了 %s: 那不是普通文件。请换一个文件名。"), path);
	else
		buf_why(why, tr("写不了 %s: %s。请检查文件名和它所在的文件夹, 或换一个地方。"),
			path, err_cause(cause));
	errno = cause;
	e = from_errno("try", path);
	return e == ERR_NOT_FOUND ? ERR_IO : e;
}

enum err paths_replace(const char *path, const void *data, unsigned long len_bytes)
{
	struct buf temp = {0};
	enum err e = OK;
	int fd;

	temporary_of(&temp, path);
	fd = open(temp.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0) {
		e = from_errno("open", temp.data);
		goto out;
	}
	if (write_all(fd, data, len_bytes) != 0 || fsync(fd) != 0) {
		e = from_errno("write", temp.data);
		close(fd);
		unlink(temp.data);
		goto out;
	}
	close(fd);
	if (rename(temp.data, path) != 0) {
		e = from_errno("rename", temp.data);
		unlink(temp.data);
	} else if (sync_folder_of(path) != 0) {
		e = from_errno("fsync folder of", path);
	}
out:
	buf_fini(&temp);
	return e;
}

/* The number of a process in "BASE.NUMBER.tmp"; 0: it is no such name. */
static long writer_of(const char *name, const char *base)
{
	size_t len = strlen(base);
	char *end;
	long pid;

	if (strncmp(name, base, len) != 0 || name[len] != '.')
		return 0;
	pid = strtol(name + len + 1, &end, 10);
	return strcmp(end, ".tmp") == 0 && pid > 0 ? pid : 0;
}

void paths_tidy(const char *path)
{
	char *folder = mem_strdup(path), *slash = strrchr(folder, '/'), *half;
	DIR *d = NULL;
	struct dirent *entry;
	long pid;

	if (slash != NULL) {
		*slash = '\0';
		d = opendir(folder);
	}
	while (d != NULL && (entry = readdir(d)) != NULL) {
		pid = writer_of(entry->d_name, slash + 1);
		if (pid == 0 || kill((pid_t)pid, 0) == 0 || errno != ESRCH)
			continue;
		half = paths_join(folder, entry->d_name);
		unlink(half);
		free(half);
	}
	if (d != NULL)
		closedir(d);
	free(folder);
}

/* A file that a person named: when it is not there, or is none, it is the name that has to change.
 */
enum err paths_look_file(const char *path, struct buf *why)
{
	struct stat st;
	bool there = stat(path, &st) == 0;

	if (!there && (errno == ENOENT || errno == ENOTDIR)) {
		buf_why(why, tr("读不了 %s: 没有这个文件。请检查文件名和它所在的文件夹。"), path);
		return ERR_NOT_FOUND;
	}
	if (there && S_ISDIR(st.st_mode)) {
		buf_why(why, tr("读不了 %s: 这是文件夹, 这里要写文件名。"), path);
		return ERR_INVALID;
	}
	return OK; /* what else may be wrong reading it tells */
}

enum err paths_read(struct buf *out, const char *path, unsigned long max_bytes)
{
	char chunk[16384];
	size_t start = out->len;
	enum err e = OK;
	FILE *f = fopen(path, "re");
	size_t n;

	if (f == NULL)
		return errno == ENOENT ? ERR_NOT_FOUND : from_errno("open", path);
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0) {
		if (out->len - start + n > max_bytes) {
			e = ERR_INVALID;
			break;
		}
		buf_add(out, chunk, n);
	}
	if (ferror(f))
		e = from_errno("read", path);
	fclose(f);
	return e;
}
