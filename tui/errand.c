#include "tui/errand.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/paths.h"

struct errand {
	pid_t pid; /* 0: it has ended */
};

struct errand *errand_start(const char *command, const char *argument)
{
	char *program = paths_program("yimen-deliver");
	char *argv[4] = {program, mem_strdup(command), mem_strdup(argument), NULL};
	struct errand *e = NULL;
	pid_t pid = fork();

	if (pid == 0) {
		int nowhere = open("/dev/null", O_RDWR);
		dup2(nowhere, STDIN_FILENO);
		dup2(nowhere, STDOUT_FILENO);
		dup2(nowhere, STDERR_FILENO);
		setpgid(0, 0);
		execv(argv[0], argv);
		_exit(127);
	}
	if (pid > 0) {
		e = mem_alloc(sizeof *e);
		e->pid = pid;
	}
	for (int i = 0; i < 3; i++)
		free(argv[i]);
	return e;
}

bool errand_look(struct errand *e, int *code)
{
	int status = 0;
	pid_t done;

	do {
		done = waitpid(e->pid, &status, WNOHANG);
	} while (done < 0 && errno == EINTR);
	if (done == 0)
		return false;
	e->pid = 0;
	*code = done > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return true;
}

void errand_free(struct errand *e)
{
	if (e == NULL)
		return;
	if (e->pid > 0) {
		kill(e->pid, SIGTERM);
		while (waitpid(e->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	free(e);
}

/* Until it has ended. */
static void read_all(int fd, struct buf *out)
{
	char part[1024];
	ssize_t n;

	while ((n = read(fd, part, sizeof part)) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			buf_add(out, part, (size_t)n);
}

int errand_wait(const char *command, struct buf *said)
{
	char *program = paths_program("yimen-deliver");
	char *argv[3] = {program, mem_strdup(command), NULL};
	int ends[2], status = 0;
	bool open_ends = pipe(ends) == 0;
	pid_t pid = open_ends ? fork() : -1, done;

	buf_clear(said);
	if (pid == 0) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		execv(argv[0], argv);
		_exit(127);
	}
	free(argv[0]);
	free(argv[1]);
	if (open_ends)
		close(ends[1]);
	if (open_ends && pid < 0)
		close(ends[0]);
	if (pid < 0)
		return -1;
	read_all(ends[0], said);
	close(ends[0]);
	do {
		done = waitpid(pid, &status, 0);
	} while (done < 0 && errno == EINTR);
	return done > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
