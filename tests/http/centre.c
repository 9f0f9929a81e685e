#include "tests/http/centre.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/json.h"
#include "forms/form.h"
#include "forms/form_library.h"

enum {
	WORDS_MAX = 32,
	GIVE_UP_S = 20
};

static const char *program(void)
{
	static char path[256];
	const char *build = getenv("BUILD");

	snprintf(path, sizeof path, "%s/yimen-central", build != NULL ? build : "build");
	return path;
}

/* Splits at blanks, in place. */
static void split(char *text, const char **words, size_t at)
{
	char *word;

	for (word = strtok(text, " "); word != NULL && at < WORDS_MAX - 1; word = strtok(NULL, " "))
		words[at++] = word;
	words[at] = NULL;
}

static pid_t spawn(const char **words, int *out)
{
	int ends[2], null = open("/dev/null", O_RDWR);
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* none outlives the test, however that ends */
		dup2(null, STDIN_FILENO);
		dup2(ends[1], STDOUT_FILENO);
		if (getenv("VERBOSE") == NULL)
			dup2(null, STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		execv(program(), (char **)(uintptr_t)words); /* POSIX: not changed */
		_exit(127);
	}
	close(null);
	close(ends[1]);
	*out = ends[0];
	return pid;
}

void centre_init(struct centre *c)
{
	*c = (struct centre){.dir = "/tmp/yimen-http-XXXXXX"};
	assert_non_null(mkdtemp(c->dir));
	signal(SIGPIPE, SIG_IGN);
}

void centre_start(struct centre *c, const char *options)
{
	char text[512], line[128] = "";
	const char *words[WORDS_MAX] = {
		"yimen-central", "--data", c->dir, "--listen", "127.0.0.1:0"};
	size_t n = 0;
	int out;

	snprintf(text, sizeof text, "%s", options);
	split(text, words, 5);
	c->pid = spawn(words, &out);
	while (n < sizeof line - 1 && read(out, line + n, 1) == 1 && line[n] != '\n')
		n++;
	close(out);
	assert_int_equal(sscanf(line, "yimen-central ready http://127.0.0.1:%d", &c->port), 1);
}

static int status_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int centre_stop(struct centre *c, int signo)
{
	int status;

	kill(c->pid, signo);
	status = status_of(c->pid);
	c->pid = 0;
	return status;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void centre_fini(struct centre *c)
{
	if (c->pid != 0)
		centre_stop(c, SIGKILL);
	nftw(c->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int centre_set_up(void **state)
{
	struct centre *c = calloc(1, sizeof *c);

	centre_init(c);
	*state = c;
	return 0;
}

int centre_tear_down(void **state)
{
	centre_fini(*state);
	free(*state);
	return 0;
}

int centre_tear_down_well(void **state)
{
	struct answer a = {0};

	centre_ask(*state, &a, "GET", "/health", "", NULL);
	assert_int_equal(a.status, 200);
	answer_fini(&a);
	assert_int_equal(centre_stop(*state, SIGTERM), 0);
	return centre_tear_down(state);
}

pid_t centre_begin(struct centre *c, const char *words, int *fd)
{
	const char *argv[WORDS_MAX] = {"yimen-central", "--data", c->dir};
	char text[512];

	snprintf(text, sizeof text, "%s", words);
	split(text, argv, 3);
	return spawn(argv, fd);
}

int centre_command(struct centre *c, const char *words, struct buf *out)
{
	char piece[512];
	int fd;
	pid_t pid = centre_begin(c, words, &fd);
	ssize_t n;

	if (out != NULL)
		buf_clear(out);
	while ((n = read(fd, piece, sizeof piece)) > 0)
		if (out != NULL)
			buf_add(out, piece, (size_t)n);
	close(fd);
	return status_of(pid);
}

/* ---- lines ---- */

int centre_dial(const struct centre *c)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)c->port)};
	struct timeval patience = {GIVE_UP_S, 0};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	return fd;
}

/* A server that has refused may close while we send. */
void line_send(int fd, const void *data, size_t len_bytes)
{
	const char *at = data;

	while (len_bytes > 0) {
		ssize_t n = send(fd, at, len_bytes, MSG_NOSIGNAL);
		if (n <= 0)
			return;
		at += n;
		len_bytes -= (size_t)n;
	}
}

void line_sends(int fd, const char *text)
{
	line_send(fd, text, strlen(text));
}

void answer_fini(struct answer *a)
{
	buf_fini(&a->head);
	buf_fini(&a->body);
	*a = (struct answer){0};
}

static const char *value_of(const char *head, const char *name)
{
	static char value[512];
	const char *at = head;
	size_t len = strlen(name);

	value[0] = '\0';
	while ((at = strstr(at, "\r\n")) != NULL) {
		at += 2;
		if (strncasecmp(at, name, len) != 0 || at[len] != ':')
			continue;
		at += len + 1 + strspn(at + len + 1, " ");
		snprintf(value, sizeof value, "%.*s", (int)strcspn(at, "\r"), at);
		break;
	}
	return value;
}

const char *answer_header(const struct answer *a, const char *name)
{
	return value_of(buf_str(&a->head), name);
}

bool answer_has(const struct answer *a, const char *text)
{
	return strstr(buf_str(&a->body), text) != NULL;
}

static bool read_bytes(int fd, struct buf *out, size_t count)
{
	char piece[4096];

	while (count > 0) {
		ssize_t n = recv(fd, piece, count < sizeof piece ? count : sizeof piece, 0);
		if (n <= 0)
			return false;
		buf_add(out, piece, (size_t)n);
		count -= (size_t)n;
	}
	return true;
}

static bool read_until(int fd, struct buf *out, const char *end)
{
	size_t len = strlen(end), start = out->len;

	while (out->len - start < len || memcmp(out->data + out->len - len, end, len) != 0)
		if (!read_bytes(fd, out, 1))
			return false;
	return true;
}

static bool read_chunks(int fd, struct buf *out)
{
	struct buf line = {0};
	size_t size = 1;
	bool good = true;

	while (good && size > 0) {
		buf_clear(&line);
		good = read_until(fd, &line, "\r\n");
		size = good ? strtoull(line.data, NULL, 16) : 0;
		good = good && read_bytes(fd, out, size);
		buf_clear(&line);
		good = good && read_until(fd, &line, "\r\n");
	}
	buf_fini(&line);
	return good;
}

void line_answer(int fd, struct answer *a)
{
	bool good;

	a->status = 0;
	buf_clear(&a->head);
	buf_clear(&a->body);
	do { /* over "100 Continue" */
		buf_clear(&a->head);
		good = read_until(fd, &a->head, "\r\n\r\n");
	} while (good && strncmp(a->head.data, "HTTP/1.1 100", 12) == 0);
	if (!good || strncmp(a->head.data, "HTTP/1.", 7) != 0)
		return;
	if (strcasecmp(answer_header(a, "Transfer-Encoding"), "chunked") == 0)
		good = read_chunks(fd, &a->body);
	else
		good = read_bytes(
			fd, &a->body, strtoull(answer_header(a, "Content-Length"), NULL, 10));
	if (good)
		a->status = atoi(a->head.data + 9);
}

bool line_ends(int fd)
{
	char byte;
	ssize_t n = recv(fd, &byte, 1, 0);

	return n == 0 || (n < 0 && errno == ECONNRESET);
}

void centre_ask(const struct centre *c, struct answer *a, const char *method, const char *path,
	const char *headers, const char *body)
{
	struct buf b = {0};
	int fd = centre_dial(c);

	buf_printf(
		&b, "%s %s HTTP/1.1\r\nHost: t\r\nConnection: close\r\n%s", method, path, headers);
	if (body != NULL)
		buf_printf(&b, "Content-Length: %zu\r\n", strlen(body));
	buf_printf(&b, "\r\n%s", body != NULL ? body : "");
	line_send(fd, b.data, b.len);
	line_answer(fd, a);
	close(fd);
	buf_fini(&b);
}

void centre_enrol(struct centre *c, const char *name, char header[128])
{
	struct answer a = {0};
	struct buf code = {0}, body = {0}, words = {0};

	buf_printf(&words, "station add %s", name);
	assert_int_equal(centre_command(c, words.data, &code), 0);
	buf_printf(&body, "{\"code\":\"%.*s\"}", (int)strcspn(code.data, "\n"), code.data);
	centre_ask(
		c, &a, "POST", "/v1/enrolments", "Content-Type: application/json\r\n", body.data);
	assert_int_equal(a.status, 201);
	snprintf(header, 128, "Authorization: Bearer %s\r\n", member(&a, "token"));
	answer_fini(&a);
	buf_fini(&code);
	buf_fini(&body);
	buf_fini(&words);
}

/* ---- applications ---- */

void application(struct buf *out, int case_number, const char *extra)
{
	buf_printf(out,
		"{\"kind\":\"application\",\"case_id\":\"018f0000-0000-7000-8000-%012d\","
		"\"task_code\":\"T%d\",\"task_name\":\"事项\",\"applyer_name\":\"李样例\","
		"\"situation\":{},\"materials\":[],\"answers\":{\"n\":\"%d\"},"
		"\"accepted_warnings\":[]%s}",
		case_number, case_number, case_number, extra);
}

void application_request(struct buf *out, int key_number, int case_number, const char *extra)
{
	struct buf body = {0};

	application(&body, case_number, extra);
	buf_printf(out,
		"POST /v1/applications HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
		"Idempotency-Key: 018f0000-0000-7000-9000-%012d\r\nContent-Length: %zu\r\n\r\n%s",
		key_number, body.len, body.data);
	buf_fini(&body);
}

void post_application(const struct centre *c, struct answer *a, int key_number, int case_number,
	const char *extra)
{
	struct buf b = {0};
	int fd = centre_dial(c);

	application_request(&b, key_number, case_number, extra);
	line_send(fd, b.data, b.len);
	line_answer(fd, a);
	close(fd);
	buf_fini(&b);
}

const char *shipped_version(const char *form_id)
{
	static char version[64];
	struct buf faults = {0};
	struct form *form = NULL;

	assert_int_equal(form_library_read(&form, NULL, form_id, &faults), OK);
	snprintf(version, sizeof version, "%s", form->version);
	form_free(form);
	buf_fini(&faults);
	return version;
}

const char *member(const struct answer *a, const char *name)
{
	static char value[512];
	const char *s = NULL;
	json *root = NULL;

	if (json_parse(&root, buf_str(&a->body), a->body.len, NULL) == OK)
		s = json_get_str(root, name);
	snprintf(value, sizeof value, "%s", s != NULL ? s : "");
	json_free(root);
	return value;
}
