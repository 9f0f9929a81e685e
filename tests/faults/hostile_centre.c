#define _GNU_SOURCE /* strcasestr */
#include "tests/faults/hostile_centre.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/buf.h"

static bool say(int fd, const char *text)
{
	return send(fd, text, strlen(text), MSG_NOSIGNAL) > 0;
}

static void say_json(int fd, const char *status, const char *body)
{
	struct buf b = {0};

	buf_printf(&b,
		"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
		"Connection: close\r\n\r\n%s",
		status, strlen(body), body);
	say(fd, b.data);
	buf_fini(&b);
}

/* ---- the manners ---- */

static void always_500(int fd, const char *request)
{
	(void)request;
	say_json(fd, "500 Internal Server Error", "{}");
}

static void always_409(int fd, const char *request)
{
	(void)request;
	say_json(fd, "409 Conflict", "{}");
}

static void refuses_at_length(int fd, const char *request)
{
	static char body[300001];

	(void)request;
	memset(body, ' ', sizeof body - 1);
	memcpy(body, "{\"title\":\"EVIL\"}", 16);
	say(fd, "HTTP/1.1 422 Unprocessable Content\r\nContent-Type: application/problem+json\r\n"
		"Content-Length: 300000\r\nConnection: close\r\n\r\n");
	say(fd, body);
}

static void come_back_in_a_century(int fd, const char *request)
{
	(void)request;
	say(fd, "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3155760000\r\n"
		"Content-Length: 0\r\nConnection: close\r\n\r\n");
}

static void gigabyte(int fd, const char *request)
{
	static char piece[65537];
	int i;

	(void)request;
	memset(piece, ' ', sizeof piece - 1);
	say(fd, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		"Content-Length: 1073741824\r\n\r\n");
	for (i = 0; i < 16384 && say(fd, piece); i++)
		continue;
}

static void endless_chunks(int fd, const char *request)
{
	(void)request;
	say(fd, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		"Transfer-Encoding: chunked\r\n\r\n");
	while (say(fd, "10\r\n{\"a\":\"aaaaaaaaa\"\r\n"))
		continue;
}

static void endless_headers(int fd, const char *request)
{
	(void)request;
	say(fd, "HTTP/1.1 200 OK\r\n");
	while (say(fd, "X-More: and more, and more, and more, and more, and more\r\n"))
		continue;
}

static void endless_continue(int fd, const char *request)
{
	(void)request;
	while (say(fd, "HTTP/1.1 100 Continue\r\n\r\n"))
		continue;
}

static void garbage(int fd, const char *request)
{
	(void)request;
	say(fd, "\x16\x03\x01\x02\x01\xfc\xff not HTTP at all \x1b[2J\x07\r\n\r\n");
}

static void silence(int fd, const char *request)
{
	(void)request;
	shutdown(fd, SHUT_RDWR);
}

static void slowloris(int fd, const char *request)
{
	const struct timespec pace = {0, 100 * 1000000}; /* its nature, not a wait */

	(void)request;
	say(fd, "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
		"Content-Length: 100000\r\n\r\n");
	while (say(fd, " "))
		nanosleep(&pace, NULL);
}

static void another_key(int fd, const char *request)
{
	(void)request;
	say_json(fd, "201 Created",
		"{\"idempotency_key\":\"00000000-0000-7000-8000-000000000000\","
		"\"project_no\":\"EVIL-1\",\"query_password\":\"x\"}");
}

static void no_key(int fd, const char *request)
{
	(void)request;
	say_json(fd, "201 Created", "{\"project_no\":\"EVIL-2\"}");
}

/* The key of the request, "" when it has none. */
static void key_of(const char *request, char out[40])
{
	const char *at = strcasestr(request, "Idempotency-Key: ");

	snprintf(out, 40, "%.36s", at != NULL ? at + 17 : "");
}

static void wrong_type(int fd, const char *request)
{
	struct buf b = {0};
	char key[40];

	key_of(request, key);
	buf_printf(&b,
		"HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
		"{\"idempotency_key\":\"%s\",\"project_no\":\"EVIL-3\"}",
		key);
	say(fd, b.data);
	buf_fini(&b);
}

static void cut_receipt(int fd, const char *request)
{
	struct buf b = {0};
	char key[40];

	key_of(request, key);
	buf_printf(&b,
		"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
		"Content-Length: 4000\r\n\r\n{\"idempotency_key\":\"%s\",\"project_no\":\"EVIL-4\"}",
		key);
	say(fd, b.data);
	buf_fini(&b);
}

static void repeated_key(int fd, const char *request)
{
	struct buf b = {0};
	char key[40];

	key_of(request, key);
	buf_printf(&b,
		"{\"idempotency_key\":\"%s\",\"project_no\":\"EVIL-5\",\"project_no\":\"EVIL-6\"}",
		key);
	say_json(fd, "201 Created", b.data);
	buf_fini(&b);
}

static void deep_json(int fd, const char *request)
{
	struct buf b = {0};
	int i;

	(void)request;
	for (i = 0; i < 1000000; i++)
		buf_adds(&b, "[{\"a\":");
	say_json(fd, "201 Created", b.data);
	buf_fini(&b);
}

static void two_answers(int fd, const char *request)
{
	another_key(fd, request);
	another_key(fd, request);
}

static bool asks(const char *request, const char *path)
{
	const char *at = strchr(request, ' ');

	return at != NULL && strncmp(at + 1, path, strlen(path)) == 0;
}

/* Alive, takes nothing, and tells at once of a hundred thousand foreign cases, for ever. */
static void flood_of_news(int fd, const char *request)
{
	struct buf b = {0};
	int i;

	if (asks(request, "/health")) {
		say_json(fd, "200 OK", "{\"status\":\"ok\"}");
		return;
	}
	if (!asks(request, "/v1/changes")) {
		say_json(fd, "503 Service Unavailable", "{}");
		return;
	}
	buf_adds(&b, "{\"cursor\":\"7\",\"changes\":[");
	for (i = 0; i < 50000; i++)
		buf_printf(&b,
			"%s{\"seq\":%d,\"type\":\"case\",\"project_no\":\"F%d\",\"state\":\"\\u001b[2J\","
			"\"case_id\":17,\"at\":\"yesterday\"}",
			i > 0 ? "," : "", i, i);
	buf_adds(&b, "]}");
	say_json(fd, "200 OK", b.data);
	buf_fini(&b);
}

/* The same news at once, whatever the station asks: there is always something to hear. */
static void news_without_pause(int fd, const char *request)
{
	if (asks(request, "/health"))
		say_json(fd, "200 OK", "{\"status\":\"ok\"}");
	else if (asks(request, "/v1/changes"))
		say_json(fd, "200 OK", "{\"cursor\":\"7\",\"changes\":[]}");
	else
		say_json(fd, "503 Service Unavailable", "{}");
}

/* Alive and quiet; its catalogue is five megabytes of what no catalogue is. */
static void rubbish_for_a_catalogue(int fd, const char *request)
{
	struct buf b = {0};
	int i;

	if (!asks(request, "/v1/catalogue")) {
		news_without_pause(fd, request);
		return;
	}
	for (i = 0; i < 50000; i++)
		buf_printf(&b, "{\"task_code\":[%d],\"task_name\":{\"a\":null}}\n[]\n\x1b[2J\xff\n",
			i);
	say_json(fd, "200 OK", b.data);
	buf_fini(&b);
}

/* Alive and quiet, and it has a new catalogue. false: it was asked for that. */
static bool offers_a_catalogue(int fd, const char *request)
{
	if (asks(request, "/v1/catalogue"))
		return false;
	if (asks(request, "/v1/changes"))
		say_json(fd, "200 OK",
			"{\"cursor\":\"8\",\"changes\":[{\"seq\":8,\"type\":\"catalogue\","
			"\"version\":\"v8\",\"at\":\"2026-11-24T10:00:00+08:00\"}]}");
	else
		news_without_pause(fd, request);
	return true;
}

/* Sixty thousand bytes a piece, six a line. */
static void say_lines(int fd, size_t pieces)
{
	static char piece[60001];
	size_t i;

	for (i = 0; i < sizeof piece - 1; i += 6)
		memcpy(piece + i, "{\"a\":\n", 6);
	while (pieces-- > 0 && say(fd, piece))
		continue;
}

static void huge_catalogue(int fd, const char *request)
{
	if (offers_a_catalogue(fd, request))
		return;
	say(fd, "HTTP/1.1 200 OK\r\nContent-Type: application/jsonl\r\n"
		"Content-Length: 3221225472\r\n\r\n");
	say_lines(fd, SIZE_MAX);
}

static void endless_catalogue(int fd, const char *request)
{
	if (offers_a_catalogue(fd, request))
		return;
	say(fd, "HTTP/1.1 200 OK\r\nContent-Type: application/jsonl\r\n\r\n");
	say_lines(fd, SIZE_MAX);
}

static void unreadable_catalogue(int fd, const char *request)
{
	int i;

	if (offers_a_catalogue(fd, request))
		return;
	say(fd, "HTTP/1.1 200 OK\r\nContent-Type: application/jsonl\r\n"
		"Content-Length: 6000000\r\n\r\n");
	for (i = 0; i < 1000000; i++)
		say(fd, "{\"a\":\n");
}

#define COMMANDS "\\u001b]0;EVIL\\u0007\\u001b[2J\\u009b5m\\r\\n\\u202e"

static void admits_with_commands(int fd, const char *request)
{
	(void)request;
	say_json(fd, "201 Created",
		"{\"token\":\"t0k3n\",\"station\":\"示范" COMMANDS
		"三号窗\",\"receipt_key\":\"k\"}");
}

static void refuses_with_commands(int fd, const char *request)
{
	(void)request;
	say_json(fd, "401 Unauthorized", "{\"detail\":\"示范" COMMANDS "三号窗\"}");
}

static void admits_with_a_header(int fd, const char *request)
{
	(void)request;
	say_json(fd, "201 Created", "{\"token\":\"t\\r\\nX-Evil: 1\",\"station\":\"示范三号窗\"}");
}

const struct manner refusal_at_length = {"a refusal of 300 KB", refuses_at_length};
const struct manner admission_with_commands = {"an admission with commands", admits_with_commands};
const struct manner refusal_with_commands = {"a refusal with commands", refuses_with_commands};
const struct manner admission_with_a_header = {"a token with a header in it", admits_with_a_header};
const struct manner catalogue_without_end = {"a catalogue without end", endless_catalogue};
const struct manner catalogue_of_3_gb = {"a catalogue of 3 GB", huge_catalogue};
const struct manner catalogue_unreadable = {"a catalogue nobody can read", unreadable_catalogue};

const struct manner manners[] = {
	{"500 for ever", always_500},
	{"Retry-After of a century", come_back_in_a_century},
	{"a body of 1 GB", gigabyte},
	{"a refusal of 300 KB", refuses_at_length},
	{"a receipt of another letter", another_key},
	{"409 for ever", always_409},
	{"chunks without end", endless_chunks},
	{"headers without end", endless_headers},
	{"100 Continue without end", endless_continue},
	{"garbage", garbage},
	{"closes at once", silence},
	{"slowloris", slowloris},
	{"a receipt without a key", no_key},
	{"a receipt as text/plain", wrong_type},
	{"a receipt cut short", cut_receipt},
	{"a receipt with a member twice", repeated_key},
	{"a million brackets", deep_json},
	{"two answers to a request", two_answers},
	{"a flood of foreign news", flood_of_news},
	{"news without pause", news_without_pause},
	{"rubbish for a catalogue", rubbish_for_a_catalogue},
	{"a catalogue of 3 GB", huge_catalogue},
	{"a catalogue nobody can read", unreadable_catalogue},
	{NULL, NULL},
};

/* ---- the server ---- */

/* Reads one request whole, as far as it fits. */
static void serve(int fd, const struct manner *m, volatile uint64_t *asked)
{
	static char request[65536];
	size_t len = 0, body = 0;
	const char *end = NULL, *at;
	ssize_t n;

	while (len < sizeof request - 1 &&
		(n = recv(fd, request + len, sizeof request - 1 - len, 0)) > 0) {
		len += (size_t)n;
		request[len] = '\0';
		end = strstr(request, "\r\n\r\n");
		if (end == NULL)
			continue;
		at = strcasestr(request, "Content-Length:");
		body = at != NULL && at < end ? strtoul(at + 15, NULL, 10) : 0;
		if (len >= (size_t)(end - request) + 4 + body)
			break;
	}
	if (end == NULL)
		return;
	__sync_fetch_and_add(asked, 1);
	m->answer(fd, request);
}

static void run(int listener, const struct manner *m, volatile uint64_t *asked)
{
	signal(SIGCHLD, SIG_IGN); /* the children need no burial */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		int fd = accept(listener, NULL, NULL);
		if (fd < 0)
			continue;
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(listener);
			serve(fd, m, asked);
			_exit(0);
		}
		close(fd);
	}
}

void hostile_start(struct hostile *h, const struct manner *m)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t len = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	void *shared = mmap(
		NULL, sizeof *h->asked, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || shared == MAP_FAILED || bind(fd, (struct sockaddr *)&a, sizeof a) != 0 ||
		listen(fd, 64) != 0 || getsockname(fd, (struct sockaddr *)&a, &len) != 0) {
		perror("hostile centre");
		exit(3);
	}
	h->port = ntohs(a.sin_port);
	h->asked = shared;
	h->pid = fork();
	if (h->pid == 0) {
		setpgid(0, 0); /* its children end with it */
		run(fd, m, h->asked);
	}
	setpgid(h->pid, h->pid);
	close(fd);
}

void hostile_stop(struct hostile *h)
{
	kill(-h->pid, SIGKILL);
	waitpid(h->pid, NULL, 0);
	munmap((void *)(uintptr_t)h->asked, sizeof *h->asked);
	h->pid = 0;
}
