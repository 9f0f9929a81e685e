#include "core/station/documents/press.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/station/documents/paper.h"

enum {
	COMPLAINT_MAX_BYTES = 400
};

struct press {
	pid_t pid;	 /* 0: none is running */
	FILE *lines;	 /* what it reads */
	FILE *complaint; /* what it says on stderr */
	int pdf;	 /* what it writes */
	char *path;	 /* of the PDF when it is done; NULL: it goes to the printer */
	char *part;	 /* the same while it is written */
	char *command;	 /* of the printer; NULL once it runs */
	bool printing;
};

enum err press_ready(struct buf *why)
{
	char *program = paths_program("yimen-print");
	bool there = access(program, X_OK) == 0;

	free(program);
	if (there)
		return OK;
	buf_why(why, "%s",
		tr("本机没有 yimen-print, 出不了 PDF: 请在源码里运行 make pdf (装 libpango1.0-dev, "
		   "libqrencode-dev, fonts-noto-cjk 后编译)。"));
	return ERR_NOT_FOUND;
}

/* Its standard input, output and error are these; nothing else of ours is passed on. */
static enum err spawn(struct press *x, char *const argv[], int in, int out)
{
	int error = fileno(x->complaint);

	fflush(NULL);
	x->pid = fork();
	if (x->pid == 0) {
		setpgid(0, 0);
		if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
			dup2(error, STDERR_FILENO) < 0)
			_exit(127);
		execv(argv[0], argv);
		_exit(127);
	}
	return x->pid > 0 ? OK : ERR_IO;
}

static FILE *nameless(void)
{
	FILE *f = tmpfile();

	if (f != NULL)
		fcntl(fileno(f), F_SETFD, FD_CLOEXEC);
	return f;
}

static enum err open_files(struct press *x, const struct paper *p)
{
	struct buf text = {0};
	bool written;

	x->lines = nameless();
	x->complaint = nameless();
	if (x->path != NULL) {
		struct buf part = {0};
		buf_printf(&part, "%s.part-%ld", x->path, (long)getpid());
		x->part = buf_take(&part);
		unlink(x->part); /* of a program that died */
		x->pdf = open(x->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	} else {
		FILE *f = nameless();
		x->pdf = f != NULL ? fcntl(fileno(f), F_DUPFD_CLOEXEC, 3) : -1;
		if (f != NULL)
			fclose(f);
	}
	if (x->lines == NULL || x->complaint == NULL || x->pdf < 0)
		return errno == ENOSPC ? ERR_FULL : errno == EACCES ? ERR_DENIED : ERR_IO;
	paper_write(&text, p);
	written = fwrite(text.data, 1, text.len, x->lines) == text.len && fflush(x->lines) == 0;
	lseek(fileno(x->lines), 0, SEEK_SET);
	buf_fini(&text);
	return written ? OK : ERR_FULL;
}

enum err press_start(struct press **out, const struct paper *p, const char *path,
	const char *command, struct buf *why)
{
	struct press *x;
	char *program;
	enum err e = press_ready(why);

	if (e == OK && path != NULL)
		e = paths_writable(path, why);
	if (e != OK)
		return e;
	x = mem_alloc(sizeof *x);
	x->path = mem_strdup(path);
	x->command = mem_strdup(command);
	x->pdf = -1;
	e = open_files(x, p);
	if (e == OK) {
		program = paths_program("yimen-print");
		char *argv[] = {program, NULL};
		e = spawn(x, argv, fileno(x->lines), x->pdf);
		free(program);
	}
	if (e != OK) {
		buf_why(why, tr("写不了 %s: %s"), path != NULL ? path : tr("临时文件"),
			err_text(e));
		press_free(x);
		return e;
	}
	*out = x;
	return OK;
}

static enum err begin_printing(struct press *x)
{
	static char shell[] = "/bin/sh", flag[] = "-c";
	char *argv[] = {shell, flag, x->command, NULL};
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	enum err e = nowhere >= 0 && lseek(x->pdf, 0, SEEK_SET) == 0 &&
				     ftruncate(fileno(x->complaint), 0) == 0
			     ? OK
			     : ERR_IO;

	if (e == OK) {
		rewind(x->complaint);
		x->printing = true;
		e = spawn(x, argv, x->pdf, nowhere);
	}
	if (nowhere >= 0)
		close(nowhere);
	return e;
}

/* The first line of what it said. */
static void add_complaint(struct press *x, struct buf *out)
{
	char text[COMPLAINT_MAX_BYTES];
	size_t n;

	rewind(x->complaint);
	n = fread(text, 1, sizeof text - 1, x->complaint);
	text[n] = '\0';
	text[strcspn(text, "\r\n")] = '\0';
	buf_adds(out, text);
}

static enum err fail(struct press *x, struct buf *why)
{
	struct buf said = {0};

	add_complaint(x, &said);
	if (x->printing)
		buf_why(why, tr("打印机命令没有成功 (%s)。请检查打印机, 或改设置 print.command。"),
			said.len > 0 ? said.data : x->command);
	else
		buf_why(why, tr("PDF 没有做成: %s"), said.len > 0 ? said.data : err_text(ERR_IO));
	buf_fini(&said);
	return ERR_IO;
}

/* The file is there whole, or not at all; and there it stays when the folder is on the disk, too.
 */
static enum err keep(struct press *x, struct buf *why)
{
	enum err e;

	if (fsync(x->pdf) != 0 || rename(x->part, x->path) != 0) {
		buf_why(why, tr("写不了 %s: %s"), x->path, err_cause(errno));
		return errno == ENOSPC ? ERR_FULL : ERR_IO;
	}
	free(x->part);
	x->part = NULL;
	e = paths_sync_folder(x->path);
	if (e != OK)
		buf_why(why, tr("写不了 %s: %s"), x->path, err_text(e));
	return e;
}

bool press_look(struct press *x, bool wait, enum err *e, struct buf *why)
{
	int status = 0;
	pid_t done;

	do {
		done = waitpid(x->pid, &status, wait ? 0 : WNOHANG);
	} while (done < 0 && errno == EINTR);
	if (done == 0)
		return false;
	x->pid = 0;
	if (done < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		*e = fail(x, why);
		return true;
	}
	if (x->path != NULL) {
		*e = keep(x, why);
		return true;
	}
	*e = OK;
	if (x->printing)
		return true;
	*e = begin_printing(x);
	if (*e != OK) {
		fail(x, why);
		return true;
	}
	return wait ? press_look(x, wait, e, why) : false;
}

void press_free(struct press *x)
{
	if (x == NULL)
		return;
	if (x->pid > 0) {
		kill(x->pid, SIGTERM);
		while (waitpid(x->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	if (x->part != NULL)
		unlink(x->part);
	if (x->pdf >= 0)
		close(x->pdf);
	if (x->lines != NULL)
		fclose(x->lines);
	if (x->complaint != NULL)
		fclose(x->complaint);
	free(x->path);
	free(x->part);
	free(x->command);
	free(x);
}

static enum err to_the_end(
	const struct paper *p, const char *path, const char *command, struct buf *why)
{
	struct press *x;
	enum err e = press_start(&x, p, path, command, why);

	if (e != OK)
		return e;
	press_look(x, true, &e, why);
	press_free(x);
	return e;
}

enum err press_pdf(const struct paper *p, const char *path, struct buf *why)
{
	return to_the_end(p, path, NULL, why);
}

enum err press_printer(const struct paper *p, const char *command, struct buf *why)
{
	return to_the_end(p, NULL, command, why);
}
