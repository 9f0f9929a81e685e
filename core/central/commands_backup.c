#include "core/central/commands_backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/central/admin.h"
#include "core/central/api.h"
#include "core/central/commands_call.h"
#include "core/central/papers.h"

enum {
	PIECE_BYTES = 256 << 10
};

/* ---- files ---- */

static enum err complain(struct buf *why, const char *path)
{
	enum err e = errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_IO;

	buf_why(why, tr("写不了备份 %s: %s"), path, strerror(errno));
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

static bool copy_bytes(int from, int to)
{
	char *piece = mem_array(PIECE_BYTES, 1);
	bool good = true;
	ssize_t n = 1;

	while (good && n > 0) {
		n = read(from, piece, PIECE_BYTES);
		good = n >= 0 && write_all(to, piece, (size_t)n);
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

/* Whole or not at all. */
static enum err copy_bytes_of(const char *from, const char *to, struct buf *why)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out = -1;
	enum err e = OK;

	if (in >= 0)
		out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (in < 0 || out < 0)
		e = complain(why, in < 0 ? from : to);
	if (e == OK)
		e = keep_room(in, out, to, why);
	if (e == OK && !copy_bytes(in, out))
		e = complain(why, to);
	if (e != OK && out >= 0)
		unlink(to);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return e;
}

static enum err give_name(const char *half, const char *to, struct buf *why)
{
	enum err e = rename(half, to) == 0 ? OK : complain(why, to);

	if (e != OK)
		unlink(half);
	return e;
}

/* Under another name first: a backup that was cut has no half file. */
static enum err copy_file(const char *from, const char *to, struct buf *why)
{
	struct buf half = {0};
	enum err e;

	buf_printf(&half, "%s.new", to);
	e = copy_bytes_of(from, half.data, why);
	if (e == OK)
		e = give_name(half.data, to, why);
	buf_fini(&half);
	return e;
}

static bool is_there(const char *folder, const char *name, int64_t size)
{
	char *path = paths_join(folder, name);
	struct stat st;
	bool there = stat(path, &st) == 0 && (size < 0 || st.st_size == size);

	free(path);
	return there;
}

static enum err make_folder(const char *path, bool *made, struct buf *why)
{
	struct stat st;

	*made = mkdir(path, 0700) == 0;
	if (!*made && errno != EEXIST)
		return complain(why, path);
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
		(st.st_mode & 077) == 0)
		return OK;
	buf_why(why, tr("备份的目录 %s 不是本用户独有的, 请先 chmod 700 并检查属主"), path);
	return ERR_DENIED;
}

static enum err sync_folder(const char *folder)
{
	char *inside = paths_join(folder, ".");
	enum err e = paths_sync_folder(inside);

	free(inside);
	return e;
}

/* What lies inside goes with the data when their folder or their disk does. */
static bool is_inside(const char *path, const char *folder)
{
	char *inner = realpath(path, NULL), *outer = realpath(folder, NULL);
	size_t len = outer != NULL ? strlen(outer) : 0;
	bool inside = inner != NULL && len > 1 && strncmp(inner, outer, len) == 0 &&
		      (inner[len] == '/' || inner[len] == '\0');

	free(inner);
	free(outer);
	return inside;
}

static enum err prepare(const char *dir, const char *to, bool *made, struct buf *why)
{
	enum err e = make_folder(to, made, why);

	if (e == OK && is_inside(to, dir)) {
		buf_why(why,
			tr("%s 在中心自己的数据目录里, 请备份到它外面的目录, 最好在另一块磁盘上"),
			to);
		e = ERR_INVALID;
	}
	/* the lock is of a centre that has run there: its data are not to be written over */
	if (e == OK && is_there(to, "lock", -1)) {
		buf_why(why, tr("%s 是一个中心的数据目录, 请备份到另一个目录"), to);
		e = ERR_INVALID;
	}
	return e;
}

/* ---- the file of the centre ---- */

struct progress {
	struct buf held;
	bool show, whole;
};

static void take_piece(void *arg, const char *data, size_t len_bytes)
{
	struct progress *p = arg;
	char *end;

	buf_add(&p->held, data, len_bytes);
	while (p->held.len > 0 && (end = memchr(p->held.data, '\n', p->held.len)) != NULL) {
		json *row = NULL;
		size_t n = (size_t)(end - p->held.data);
		if (json_parse(&row, p->held.data, n, NULL) == OK) {
			p->whole |= json_get_bool(row, "whole", false);
			if (p->show)
				fprintf(stderr, "\r%lld/%lld",
					(long long)(json_get_int(row, "all", 0) -
						    json_get_int(row, "left", 0)),
					(long long)json_get_int(row, "all", 0));
		}
		json_free(row);
		p->held.len -= n + 1;
		memmove(p->held.data, end + 1, p->held.len);
	}
}

/* Its name is not central.db yet: until the papers are there too, the last backup is the backup. */
static int copy_store(const char *dir, const char *half, struct buf *why)
{
	struct progress p = {.show = isatty(STDERR_FILENO) == 1};
	struct admin_request r = {
		.method = "GET", .path = "/admin/backup", .piece = take_piece, .arg = &p};
	char *made = paths_join(dir, API_BACKUP_NAME);
	int code = command_call(dir, &r, NULL);

	if (p.show)
		fputs("\r\033[K", stderr);
	if (code == EXIT_DONE && !p.whole) {
		buf_why(why, tr("备份没有做完, 请看中心的日志"));
		code = EXIT_ENV;
	}
	if (code == EXIT_DONE && copy_bytes_of(made, half, why) != OK)
		code = EXIT_ENV;
	if (code == EXIT_DONE || p.whole)
		unlink(made);
	buf_fini(&p.held);
	free(made);
	return code;
}

/* ---- the papers ---- */

struct papers_count {
	long long all, copied;
};

/* They never change once they are whole; what is still arriving is asked for again. */
static bool is_paper(const char *name)
{
	return name[0] != '.' && strchr(name, '.') == NULL;
}

static enum err copy_paper(
	const char *from, const char *to, const char *name, struct papers_count *n, struct buf *why)
{
	char *source = paths_join(from, name), *target = paths_join(to, name);
	struct stat st;
	enum err e = OK;

	if (stat(source, &st) == 0 && S_ISREG(st.st_mode)) { /* else it is gone meanwhile */
		n->all++;
		if (!is_there(to, name, st.st_size)) {
			e = copy_file(source, target, why);
			n->copied += e == OK;
		}
	}
	free(source);
	free(target);
	return e;
}

static enum err copy_papers(
	const char *dir, const char *to, struct papers_count *n, struct buf *why)
{
	char *from = paths_join(dir, "papers"), *target = paths_join(to, "papers");
	bool made;
	enum err e = make_folder(target, &made, why);
	DIR *folder = e == OK ? opendir(from) : NULL;
	struct dirent *entry;

	if (e == OK && folder == NULL)
		e = complain(why, from);
	while (e == OK && (entry = readdir(folder)) != NULL)
		if (is_paper(entry->d_name))
			e = copy_paper(from, target, entry->d_name, n, why);
	if (folder != NULL)
		closedir(folder);
	if (e == OK)
		e = sync_folder(target);
	free(from);
	free(target);
	return e;
}

/* ---- all of it ---- */

/* One at a time: another would take away the copy that this one is reading. */
static enum err take_turn(const char *dir, int *turn, struct buf *why)
{
	*turn = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*turn < 0 || flock(*turn, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
		return OK; /* what is no folder the centre will say */
	buf_why(why, "%s", tr("另一次备份还没有结束"));
	return ERR_BUSY;
}

static int copy_all(const char *dir, const char *to, struct papers_count *n, struct buf *why)
{
	char *half = paths_join(to, "central.db.new"), *path = paths_join(to, "central.db");
	int code = copy_store(dir, half, why);
	bool there = code == EXIT_DONE;

	/* after the file: every paper that it knows is there by now */
	if (code == EXIT_DONE)
		code = (int)err_exit(copy_papers(dir, to, n, why));
	if (code == EXIT_DONE)
		code = (int)err_exit(give_name(half, path, why));
	else if (there)
		unlink(half);
	if (code == EXIT_DONE)
		code = (int)err_exit(sync_folder(to));
	free(half);
	free(path);
	return code;
}

int commands_backup(const char *dir, char **words)
{
	struct papers_count n = {0, 0};
	struct buf why = {0};
	bool made = false;
	enum err e;
	int code, turn = -1;

	if (words[0] == NULL || words[1] != NULL)
		return command_usage(tr("backup 目录"));
	e = take_turn(dir, &turn, &why);
	if (e == OK)
		e = prepare(dir, words[0], &made, &why);
	code = e == OK ? copy_all(dir, words[0], &n, &why) : (int)err_exit(e);
	if (code != EXIT_DONE && made)
		rmdir(words[0]); /* while nothing is in it */
	if (why.len > 0)
		fprintf(stderr, "%s\n", why.data);
	if (code == EXIT_DONE)
		printf(tr("备份好了: %s, 附件 %lld 份, 新抄 %lld 份\n"), words[0], n.all, n.copied);
	if (turn >= 0)
		close(turn);
	buf_fini(&why);
	return code;
}
