#include "core/central/commands_backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/central/admin.h"
#include "core/central/api.h"
#include "core/central/backup_files.h"
#include "core/central/backup_papers.h"
#include "core/central/commands_call.h"

/* ---- where it goes ---- */

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

/* Whose backup is there, for the centre to judge; "" when there is none, or it does not say: one
 * made before centres had names, or one that nobody can read any more. */
static enum err look_whose(const char *to, struct buf *holds, struct buf *why)
{
	char *path = paths_join(to, "central.db");
	enum err e =
		db_peek(path, "SELECT value FROM meta WHERE key = '" API_META_CENTRE "'", holds);

	if (e == ERR_INVALID)
		buf_why(why, tr("%s 不是中心的备份, 没有动它: 请备份到另一个目录, 或先把它挪走"),
			path);
	else if (e == ERR_DAMAGED)
		fprintf(stderr, tr("原来的备份 %s 读不出来了, 由这一次的代替\n"), path);
	else if (e == ERR_IO)
		buf_why(why, tr("读不了原来的备份 %s: 请检查备份的那块磁盘, 或备份到另一个目录"),
			path);
	free(path);
	return e == ERR_NOT_FOUND || e == ERR_DAMAGED ? OK : e;
}

static enum err prepare(const char *dir, const char *to, bool *made, struct buf *why)
{
	enum err e = backup_folder(to, made, why);

	if (e == OK && is_inside(to, dir)) {
		buf_why(why,
			tr("%s 在中心自己的数据目录里, 请备份到它外面的目录, 最好在另一块磁盘上"),
			to);
		e = ERR_INVALID;
	}
	/* the lock is of a centre that has run there: its data are not to be written over */
	if (e == OK && backup_has(to, "lock", -1)) {
		buf_why(why, tr("%s 是一个中心的数据目录, 请备份到另一个目录"), to);
		e = ERR_INVALID;
	}
	return e;
}

/* ---- the file of the centre ---- */

struct progress {
	struct buf held;
	struct buf failed; /* why it came to nothing */
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
			const char *failed = json_get_str(row, "failed");
			p->whole |= json_get_bool(row, "whole", false);
			buf_adds(&p->failed, failed != NULL ? failed : "");
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
static int copy_store(const char *dir, const char *holds, const char *half, struct buf *why)
{
	struct buf asked = {0};
	struct progress p = {.show = isatty(STDERR_FILENO) == 1};
	struct admin_request r = {.method = "GET", .piece = take_piece, .arg = &p};
	char *made = paths_join(dir, API_BACKUP_NAME);
	int code;

	buf_adds(&asked, "/admin/backup");
	if (holds[0] != '\0') {
		buf_addc(&asked, '/');
		command_escape(&asked, holds);
	}
	r.path = asked.data;
	code = command_call(dir, &r, NULL);
	if (p.show)
		fputs("\r\033[K", stderr);
	if (code == EXIT_DONE && !p.whole) {
		buf_why(why, "%s",
			p.failed.len > 0 ? p.failed.data : tr("备份没有做完, 请看中心的日志"));
		code = EXIT_ENV;
	}
	if (code == EXIT_DONE && backup_copy(made, half, NULL, why) != OK)
		code = EXIT_ENV;
	if (code == EXIT_DONE || p.whole)
		unlink(made);
	buf_fini(&p.held);
	buf_fini(&p.failed);
	buf_fini(&asked);
	free(made);
	return code;
}

/* ---- all of it ---- */

/* One at a time from a data folder: another would take away the copy that this one is reading; and
 * one into a folder: two of a centre that was restored beside itself would write the same files. */
static enum err take_turn(const char *dir, int *turn, struct buf *why)
{
	*turn = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*turn < 0 || flock(*turn, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
		return OK; /* what is no folder the centre will say */
	buf_why(why, "%s", tr("另一次备份还没有结束"));
	return ERR_BUSY;
}

struct backup {
	const char *dir, *to;
	struct buf holds;   /* whose backup is there */
	bool replace_newer; /* also one that has what the centre has lost */
	struct backup_papers papers;
};

/* ---- whether the last backup knows more ---- */

#define EVENT "SELECT seq || ' ' || at_ms || ' ' || coalesce(key, '') FROM event "

static void say_newer(const struct backup *b, const char *mark, struct buf *why)
{
	const char *at = strchr(mark, ' ');
	char when[32];

	clock_format(at != NULL ? strtoll(at, NULL, 10) : 0, "%Y-%m-%d %H:%M", when, sizeof when);
	buf_why(why,
		tr("%s 里的备份有中心现在没有的: 它的最后一笔记于 %s (中心可能用更旧的备份恢复过)。没有动它: "
		   "请备份到另一个目录; 那一份确实不要了的, 加 --replace-newer"),
		b->to, when);
}

/* Nothing is ever taken out of a centre's events: the last one of a backup that is older than this
 * one is in this one. */
static enum err look_newer(
	const struct backup *b, const char *half, const char *path, struct buf *why)
{
	struct buf mark = {0}, same = {0}, sql = {0};
	enum err e = db_peek(path, EVENT "ORDER BY seq DESC LIMIT 1", &mark), found = OK;

	if (e == ERR_IO)
		buf_why(why, tr("读不了原来的备份 %s: 请检查备份的那块磁盘, 或备份到另一个目录"),
			path);
	if (e == OK) {
		buf_printf(&sql, EVENT "WHERE seq = %lld", strtoll(mark.data, NULL, 10));
		found = db_peek(half, sql.data, &same);
	}
	if (found != OK && found != ERR_NOT_FOUND) {
		buf_why(why, tr("写不了备份 %s: %s"), half, err_text(found));
		e = found;
	} else if (e == OK && strcmp(mark.data, buf_str(&same)) != 0) {
		say_newer(b, mark.data, why);
		e = ERR_INVALID;
	} else if (e != ERR_IO) {
		e = OK; /* none is there, or none that can be read */
	}
	buf_fini(&mark);
	buf_fini(&same);
	buf_fini(&sql);
	return e;
}

static int copy_all(struct backup *b, struct buf *why)
{
	char *half = paths_join(b->to, "central.db.new"), *path = paths_join(b->to, "central.db");
	int code = copy_store(b->dir, buf_str(&b->holds), half, why);
	bool there = code == EXIT_DONE;

	if (code == EXIT_DONE && b->holds.len > 0 && !b->replace_newer)
		code = (int)err_exit(look_newer(b, half, path, why));
	/* after the file: every paper that it knows is there by now */
	if (code == EXIT_DONE)
		code = (int)err_exit(backup_papers(&b->papers, b->dir, b->to, why));
	if (code == EXIT_DONE)
		code = (int)err_exit(backup_name(half, path, why));
	else if (there)
		unlink(half);
	if (code == EXIT_DONE)
		code = (int)err_exit(backup_sync(b->to, why));
	free(half);
	free(path);
	return code;
}

/* With a paper that cannot be had it is a backup still, but whoever looks after it is to look. */
static int report(const struct backup *b)
{
	const struct backup_papers *p = &b->papers;

	printf(tr("备份好了: %s, 附件 %lld 份, 新抄 %lld 份, 重读 %lld 份\n"), b->to, p->all,
		p->copied, p->read);
	if (p->broken == 0)
		return EXIT_DONE;
	fprintf(stderr, tr("备份里少 %lld 份附件, 见上\n"), p->broken);
	return EXIT_ENV;
}

int commands_backup(const char *dir, char **words)
{
	struct backup b = {.dir = dir};
	struct buf why = {0};
	bool made = false;
	enum err e;
	int code, turn = -1, place = -1;

	b.papers.read_all = command_flag(words, "--check");
	b.replace_newer = command_flag(words, "--replace-newer");
	b.papers.day = clock_day(clock_wall_ms(&clock_system));
	b.papers.show = isatty(STDERR_FILENO) == 1;
	if (!command_words(words, 1, 1))
		return command_usage(tr("backup 目录 [--check] [--replace-newer]"));
	b.to = words[0];
	e = take_turn(dir, &turn, &why);
	if (e == OK)
		e = prepare(dir, b.to, &made, &why);
	if (e == OK)
		e = take_turn(b.to, &place, &why);
	if (e == OK)
		e = look_whose(b.to, &b.holds, &why);
	code = e == OK ? copy_all(&b, &why) : (int)err_exit(e);
	if (code != EXIT_DONE && made)
		rmdir(b.to); /* while nothing is in it */
	if (why.len > 0)
		fprintf(stderr, "%s\n", why.data);
	if (code == EXIT_DONE)
		code = report(&b);
	if (turn >= 0)
		close(turn);
	if (place >= 0)
		close(place);
	buf_fini(&why);
	buf_fini(&b.holds);
	return code;
}
