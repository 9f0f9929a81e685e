#include "tests/faults/proxy.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "tests/faults/program.h"

enum {
	PAIRS_MAX = 64,
	TICK_MS = 20
};

/* What has come in on one side and is to go out on the other. */
struct stream {
	int from, to; /* -1: closed */
	struct buf held;
	size_t passed;	/* bytes that have gone on */
	int64_t due_us; /* nothing goes on before */
};

struct pair {
	struct stream up, down; /* request, answer */
	bool suffers;
	bool again; /* PROXY_TWICE: the first answer is to be swallowed */
	struct buf request;
};

struct line {
	const struct proxy_plan *plan;
	int to_port;
	struct pair pairs[PAIRS_MAX];
	size_t count, seen;
};

/* ---- sockets ---- */

static int listen_anywhere(int *port)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t len = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 64) != 0 ||
		getsockname(fd, (struct sockaddr *)&a, &len) != 0) {
		perror("proxy");
		exit(3);
	}
	*port = ntohs(a.sin_port);
	return fd;
}

static int dial(int port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static void close_pair(struct pair *p)
{
	if (p->up.from >= 0)
		close(p->up.from);
	if (p->up.to >= 0)
		close(p->up.to);
	p->up.from = p->up.to = p->down.from = p->down.to = -1;
}

/* ---- one HTTP message ---- */

/* Length of the first whole message in b, 0 while it is not whole. */
static size_t message_len(const struct buf *b)
{
	const char *end = strstr(buf_str(b), "\r\n\r\n"), *at;
	size_t body = 0, head;

	if (end == NULL)
		return 0;
	head = (size_t)(end - b->data) + 4;
	for (at = b->data; at < end; at = strstr(at, "\r\n") + 2)
		if (strncasecmp(at, "Content-Length:", 15) == 0)
			body = strtoul(at + 15, NULL, 10);
	return b->len >= head + body ? head + body : 0;
}

/* ---- what goes on, and when ---- */

static void pass(struct stream *s, size_t len)
{
	size_t done = 0;

	if (len == 0)
		return;
	while (done < len) {
		ssize_t n = send(s->to, s->held.data + done, len - done, MSG_NOSIGNAL);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	s->passed += len;
	memmove(s->held.data, s->held.data + len, s->held.len - len);
	s->held.len -= len;
	s->held.data[s->held.len] = '\0';
}

static void cut_after(struct pair *p, struct stream *s, size_t at)
{
	size_t left = at > s->passed ? at - s->passed : 0;

	if (s->held.len < left) {
		pass(s, s->held.len);
		return;
	}
	pass(s, left);
	close_pair(p);
}

static void pass_slowly(struct stream *s, size_t bytes_a_second)
{
	int64_t now = program_now_us();
	size_t piece = bytes_a_second * TICK_MS / 1000 + 1;

	if (now < s->due_us)
		return;
	s->due_us = now + TICK_MS * 1000;
	pass(s, s->held.len < piece ? s->held.len : piece);
}

static void pass_late(struct stream *s, size_t ms)
{
	int64_t now = program_now_us();

	if (s->due_us == 0)
		s->due_us = now + (int64_t)ms * 1000;
	if (now < s->due_us)
		return;
	pass(s, s->held.len);
	s->due_us = 0;
}

static void say(struct pair *p, const char *text)
{
	if (message_len(&p->up.held) == 0)
		return;
	send(p->up.from, text, strlen(text), MSG_NOSIGNAL);
	close_pair(p);
}

/* The request goes again on the same connection when its first answer is there. */
static void twice(struct pair *p)
{
	size_t len = message_len(&p->up.held);

	if (len > 0) {
		buf_add(&p->request, p->up.held.data, len);
		p->again = true;
		pass(&p->up, len);
	}
	len = message_len(&p->down.held);
	if (len == 0)
		return;
	if (!p->again) {
		pass(&p->down, len);
		return;
	}
	p->again = false;
	buf_clear(&p->down.held);
	buf_add(&p->up.held, p->request.data, p->request.len);
	pass(&p->up, p->request.len);
}

static void swap(struct line *l, struct pair *p)
{
	struct pair *other = NULL;
	struct stream mine;
	size_t i;

	pass(&p->up, p->up.held.len);
	if (message_len(&p->down.held) == 0)
		return;
	for (i = 0; i < l->count && other == NULL; i++)
		if (&l->pairs[i] != p && l->pairs[i].suffers && l->pairs[i].down.from >= 0 &&
			message_len(&l->pairs[i].down.held) > 0)
			other = &l->pairs[i];
	if (other == NULL)
		return;
	mine = p->down;
	p->down.held = other->down.held;
	other->down.held = mine.held;
	p->suffers = other->suffers = false;
}

static void go_on(struct line *l, struct pair *p)
{
	const struct proxy_plan *plan = l->plan;

	switch (p->suffers ? plan->what : PROXY_NONE) {
	case PROXY_NONE:
		pass(&p->up, p->up.held.len);
		pass(&p->down, p->down.held.len);
		break;
	case PROXY_CUT_REQUEST:
		cut_after(p, &p->up, plan->at);
		pass(&p->down, p->down.held.len);
		break;
	case PROXY_CUT_ANSWER:
		pass(&p->up, p->up.held.len);
		if (p->down.held.len > 0)
			cut_after(p, &p->down, plan->at);
		break;
	case PROXY_DELAY:
		if (p->up.held.len > 0)
			pass_late(&p->up, plan->at);
		if (p->down.held.len > 0)
			pass_late(&p->down, plan->at);
		break;
	case PROXY_SLOW:
		pass_slowly(&p->up, plan->at);
		pass_slowly(&p->down, plan->at);
		break;
	case PROXY_DEAF:
		buf_clear(&p->up.held);
		break;
	case PROXY_TWICE:
		twice(p);
		break;
	case PROXY_SWAP:
		swap(l, p);
		break;
	case PROXY_SAY:
		say(p, plan->text);
		break;
	}
}

/* ---- the loop ---- */

static void take_connection(struct line *l, int listener)
{
	int client = accept(listener, NULL, NULL), server, on = 1;
	struct pair *p = NULL;
	size_t i;

	for (i = 0; i < PAIRS_MAX && p == NULL; i++)
		if (i >= l->count || l->pairs[i].up.from < 0)
			p = &l->pairs[i];
	if (client < 0 || p == NULL)
		exit(3);
	if (p == &l->pairs[l->count])
		l->count++;
	server = dial(l->to_port);
	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (server >= 0)
		setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	buf_fini(&p->up.held);
	buf_fini(&p->down.held);
	buf_fini(&p->request);
	*p = (struct pair){.up = {client, server, {0}, 0, 0}, .down = {server, client, {0}, 0, 0}};
	p->suffers = l->plan->what != PROXY_NONE &&
		     (l->plan->connections == 0 || l->seen < l->plan->connections);
	l->seen++;
	if (server < 0)
		close_pair(p);
}

/* false: that side has ended. */
static bool take_bytes(struct stream *s)
{
	char piece[16384];
	ssize_t n = recv(s->from, piece, sizeof piece, 0);

	if (n > 0)
		buf_add(&s->held, piece, (size_t)n);
	return n > 0;
}

static void turn(struct line *l, int listener)
{
	struct pollfd ready[2 * PAIRS_MAX + 1];
	size_t i, count = l->count;

	ready[0] = (struct pollfd){listener, POLLIN, 0};
	for (i = 0; i < count; i++) {
		ready[2 * i + 1] = (struct pollfd){l->pairs[i].up.from, POLLIN, 0};
		ready[2 * i + 2] = (struct pollfd){l->pairs[i].down.from, POLLIN, 0};
	}
	poll(ready, (nfds_t)(2 * count + 1), TICK_MS);
	for (i = 0; i < count; i++) {
		struct pair *p = &l->pairs[i];
		bool ended = false;
		if (p->up.from >= 0 && ready[2 * i + 1].revents != 0)
			ended = !take_bytes(&p->up);
		if (p->down.from >= 0 && ready[2 * i + 2].revents != 0 && !take_bytes(&p->down))
			ended = true;
		if (p->up.from >= 0)
			go_on(l, p);
		if (ended)
			close_pair(p);
	}
	if (ready[0].revents != 0)
		take_connection(l, listener);
}

void proxy_start(struct proxy *p, const struct proxy_plan *plan, int to_port)
{
	struct line *l;
	int listener = listen_anywhere(&p->port);

	p->pid = fork();
	if (p->pid < 0)
		exit(3);
	if (p->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		l = calloc(1, sizeof *l);
		l->plan = plan;
		l->to_port = to_port;
		for (;;)
			turn(l, listener);
	}
	close(listener);
}

void proxy_stop(struct proxy *p)
{
	if (p->pid > 0) {
		kill(p->pid, SIGKILL);
		waitpid(p->pid, NULL, 0);
	}
	p->pid = 0;
}
