#include "tests/unit/cutter.h"

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	PIECE = 1 << 16
};

static struct sockaddr_un address(const char *dir)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};

	snprintf(a.sun_path, sizeof a.sun_path, "%.60s/.s.PGSQL.5432", dir);
	return a;
}

static bool has_commit(const char *data, size_t len)
{
	size_t i;

	for (i = 0; i + 7 <= len; i++)
		if (memcmp(data + i, "COMMIT", 7) == 0)
			return true;
	return false;
}

/* Each piece of the program is a round trip. */
static bool is_to_be_cut(
	volatile int *cut, int *turns, bool of_server, const char *data, size_t len)
{
	if (*cut == CUT_NOTHING)
		*turns = 0;
	if ((*cut == CUT_FIRST || *cut == CUT_COMMIT) && !of_server)
		return ++*turns == (*cut == CUT_FIRST ? 1 : 2);
	return *cut == CUT_ANSWER && of_server && has_commit(data, len);
}

static bool pass_on(int from, int to, bool of_server, volatile int *cut, int *turns)
{
	static char piece[PIECE];
	ssize_t n = recv(from, piece, sizeof piece, 0), sent = 0;

	if (n <= 0)
		return false;
	if (is_to_be_cut(cut, turns, of_server, piece, (size_t)n)) {
		*cut = CUT_NOTHING;
		return false;
	}
	while (sent < n) {
		ssize_t k = send(to, piece + sent, (size_t)(n - sent), MSG_NOSIGNAL);
		if (k <= 0)
			return false;
		sent += k;
	}
	return true;
}

static _Noreturn void carry(int client, const char *server_dir, volatile int *cut)
{
	struct sockaddr_un a = address(server_dir);
	int server = socket(AF_UNIX, SOCK_STREAM, 0), turns = 0;
	struct pollfd p[2] = {{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
	bool good = *cut != CUT_REFUSE && connect(server, (struct sockaddr *)&a, sizeof a) == 0;

	while (good && poll(p, 2, -1) > 0) {
		if (p[0].revents != 0)
			good = pass_on(client, server, false, cut, &turns);
		if (good && p[1].revents != 0)
			good = pass_on(server, client, true, cut, &turns);
	}
	_exit(0);
}

static _Noreturn void listen_on(int fd, const char *server_dir, volatile int *cut)
{
	signal(SIGCHLD, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		int client = accept(fd, NULL, NULL);
		if (client < 0)
			_exit(0);
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			carry(client, server_dir, cut);
		}
		close(client);
	}
}

void cutter_start(struct cutter *c, const struct postgres *p, const char *name, char conninfo[256])
{
	struct sockaddr_un a;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(c->dir, sizeof c->dir, "/tmp/yimen-cut-XXXXXX");
	if (mkdtemp(c->dir) == NULL)
		abort();
	a = address(c->dir);
	c->cut = mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 16) != 0)
		abort();
	c->pid = fork();
	if (c->pid == 0)
		listen_on(fd, p->dir, c->cut);
	close(fd);
	snprintf(conninfo, 256, "postgresql:///%s?host=%s&user=yimen", name, c->dir);
}

void cutter_stop(struct cutter *c)
{
	struct sockaddr_un a = address(c->dir);

	kill(c->pid, SIGKILL);
	unlink(a.sun_path);
	rmdir(c->dir);
	munmap((void *)(uintptr_t)c->cut, sizeof(int));
}
