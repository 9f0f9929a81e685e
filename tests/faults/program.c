#include "tests/faults/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	STUBBORN_US = 10 * 1000 * 1000, /* from a polite signal to SIGKILL */
	ENV_MAX = 32
};

int64_t program_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void become(const char *const *argv, const char *const *env, const int *ends)
{
	const char *build = getenv("BUILD");
	char path[512];
	int null = open("/dev/null", O_RDONLY);

	prctl(PR_SET_PDEATHSIG, SIGKILL); /* none outlives the test, however that ends */
	dup2(null, STDIN_FILENO);
	dup2(ends[0], STDOUT_FILENO);
	dup2(ends[1], STDERR_FILENO);
	snprintf(path, sizeof path, "%s/%s", build != NULL ? build : "build", argv[0]);
	if (strchr(argv[0], '/') != NULL)
		snprintf(path, sizeof path, "%s", argv[0]);
	for (; env != NULL && *env != NULL; env++)
		putenv((char *)(uintptr_t)*env); /* POSIX: kept, not changed */
	execv(path, (char *const *)(uintptr_t)argv);
	_exit(127);
}

static void make_pipe(int *read_end, int *write_end)
{
	int ends[2];

	if (pipe(ends) != 0) {
		perror("pipe");
		exit(3);
	}
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	*read_end = ends[0];
	*write_end = ends[1];
}

void program_start(struct program *p, const char *const *argv, const char *const *env)
{
	int ends[2];

	buf_clear(&p->said);
	buf_clear(&p->sighed);
	p->late = false;
	p->peak_kib = 0;
	make_pipe(&p->fds[0], &ends[0]);
	make_pipe(&p->fds[1], &ends[1]);
	p->pid = fork();
	if (p->pid == 0)
		become(argv, env, ends);
	close(ends[0]);
	close(ends[1]);
	if (p->pid < 0) {
		perror("fork");
		exit(3);
	}
}

static void take(int *fd, struct buf *into)
{
	char piece[4096];
	ssize_t n = read(*fd, piece, sizeof piece);

	if (n > 0) {
		buf_add(into, piece, (size_t)n);
	} else if (n == 0 || errno != EINTR) {
		close(*fd);
		*fd = -1;
	}
}

/* Waits for output until the moment; false: both ends are closed or the time is over. */
static bool listen_until(struct program *p, int64_t until_us)
{
	int64_t left = until_us - program_now_us();
	struct timespec wait = {left / 1000000, left % 1000000 * 1000};
	fd_set ready;
	int i;

	if ((p->fds[0] < 0 && p->fds[1] < 0) || left <= 0)
		return false;
	FD_ZERO(&ready);
	for (i = 0; i < 2; i++)
		if (p->fds[i] >= 0)
			FD_SET(p->fds[i], &ready);
	if (pselect(FD_SETSIZE, &ready, NULL, NULL, &wait, NULL) < 0)
		return errno == EINTR;
	if (p->fds[0] >= 0 && FD_ISSET(p->fds[0], &ready))
		take(&p->fds[0], &p->said);
	if (p->fds[1] >= 0 && FD_ISSET(p->fds[1], &ready))
		take(&p->fds[1], &p->sighed);
	return true;
}

bool program_says(struct program *p, const char *text, int64_t patience_us)
{
	int64_t until = program_now_us() + patience_us;

	while (strstr(buf_str(&p->said), text) == NULL)
		if (p->fds[0] < 0 || !listen_until(p, until))
			return false;
	return true;
}

int program_end(struct program *p, int64_t patience_us, int signal_number)
{
	int64_t until = program_now_us() + patience_us;
	struct rusage use;
	int status;

	while (listen_until(p, until))
		continue;
	if (p->fds[0] >= 0 || p->fds[1] >= 0) {
		p->late = true;
		kill(p->pid, signal_number);
		until = program_now_us() + STUBBORN_US;
		while (listen_until(p, until))
			continue;
		if (p->fds[0] >= 0 || p->fds[1] >= 0)
			kill(p->pid, SIGKILL);
	}
	while (wait4(p->pid, &status, 0, &use) < 0 && errno == EINTR)
		continue;
	p->peak_kib = use.ru_maxrss;
	p->pid = 0;
	if (p->fds[0] >= 0)
		close(p->fds[0]);
	if (p->fds[1] >= 0)
		close(p->fds[1]);
	p->fds[0] = p->fds[1] = -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int program_run(struct program *p, const char *const *argv, const char *const *env)
{
	program_start(p, argv, env);
	return program_end(p, PROGRAM_PATIENCE_US, SIGKILL);
}

void program_fini(struct program *p)
{
	if (p->pid > 0)
		program_end(p, 0, SIGKILL);
	buf_fini(&p->said);
	buf_fini(&p->sighed);
}
