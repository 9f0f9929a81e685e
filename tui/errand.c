#include "tui/errand.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

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
