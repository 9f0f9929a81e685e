#include "core/central/backup_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/central/papers.h"

enum {
	PIECE_BYTES = 256 << 10
};

static enum err complain(struct buf *why, const char *path)
{
	enum err e = errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_IO;

	buf_why(why, tr("写不了备份 %s: %s"), path, err_cause(errno));
	return e;
}

static bool write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

static bool copy_bytes(int from, int to, struct crypto_run *run)
{
	char *piece = mem_array(PIECE_BYTES, 1);
	bool good = true;
	ssize_t n = 1;

	while (good && n > 0) {
		n = read(from, piece, PIECE_BYTES);
		good = n >= 0 && write_all(to, piece, (size_t)n);
		if (good && run != NULL)
			crypto_run_add(run, piece, (size_t)n);
	}
	free(piece);
	return good && fsync(to) == 0;
}

/* The disk may be the one that letters come to. */
static enum err keep_room(int in, int out, const char *to, struct buf *why)
{
	struct statvfs fs;
	struct stat st;

	if (fstat(in, &st) != 0 || fstatvfs(out, &fs) != 0 ||
		(int64_t)fs.f_bavail * (int64_t)fs.f_frsize >= st.st_size + PAPERS_ROOM_BYTES)
		return OK;
	buf_why(why, tr("写不了备份 %s: 磁盘的地方不够, 要留 64 MB; 请备份到另一块磁盘"), to);
	return ERR_FULL;
}

enum err backup_copy(const char *from, const char *to, char sum[CRYPTO_HEX_SIZE], struct buf *why)
{
	struct crypto_run *run = sum != NULL ? crypto_run_new(DIGEST_SHA256) : NULL;
	int in = open(from, O_RDONLY | O_CLOEXEC), out = -1;
	enum err e = OK;

	if (in >= 0)
		out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (in < 0 || out < 0)
		e = complain(why, in < 0 ? from : to);
	if (e == OK)
		e = keep_room(in, out, to, why);
	if (e == OK && !copy_bytes(in, out, run))
		e = complain(why, to);
	if (e != OK && out >= 0)
		unlink(to);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	if (e == OK && sum != NULL)
		crypto_run_end(run, sum);
	crypto_run_free(run);
	return e;
}

enum err backup_name(const char *half, const char *to, struct buf *why)
{
	enum err e = rename(half, to) == 0 ? OK : complain(why, to);

	if (e != OK)
		unlink(half);
	return e;
}

bool backup_has(const char *folder, const char *name, int64_t size_bytes)
{
	char *path = paths_join(folder, name);
	struct stat st;
	bool there = stat(path, &st) == 0 && (size_bytes < 0 || st.st_size == size_bytes);

	free(path);
	return there;
}

/* A folder that was there is not flushed again, so one that could not be is not left there. */
static enum err name_folder(const char *path, bool *made, struct buf *why)
{
	char *name = mem_strdup(path);
	size_t len = strlen(name);
	enum err e;

	while (len > 1 && name[len - 1] == '/')
		name[--len] = '\0';
	e = paths_sync_folder(name);
	free(name);
	if (e == OK)
		return OK;
	*made = false;
	rmdir(path);
	buf_why(why, tr("建不了备份的目录 %s: %s"), path, err_text(e));
	return e;
}

enum err backup_folder(const char *path, bool *made, struct buf *why)
{
	struct stat st;

	*made = mkdir(path, 0700) == 0;
	if (*made)
		return name_folder(path, made, why);
	if (errno == ENOENT) {
		buf_why(why,
			tr("建不了备份的目录 %s: 它的上一级目录还没有, 请先建好, 或换一个目录"),
			path);
		return ERR_IO;
	}
	if (errno != EEXIST)
		return complain(why, path);
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
		buf_why(why, tr("%s 不是目录, 请备份到一个目录"), path);
		return ERR_INVALID;
	}
	if (st.st_uid == geteuid() && (st.st_mode & 077) == 0)
		return OK;
	buf_why(why, tr("备份的目录 %s 不是本用户独有的, 请先 chmod 700 并检查属主"), path);
	return ERR_DENIED;
}

enum err backup_sync(const char *folder, struct buf *why)
{
	char *inside = paths_join(folder, ".");
	enum err e = paths_sync_folder(inside);

	if (e != OK)
		buf_why(why,
			tr("%s 里的文件名没有写到磁盘上 (%s), 停电就可能不见: 请检查备份的那块磁盘, 再备份一次"),
			folder, err_text(e));
	free(inside);
	return e;
}
