#include "tests/screens/lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tui/charset.h"

enum {
	PATIENCE_MS = 30 * 1000
};

static void wrong(const struct lines *l, const char *what, const char *detail)
{
	size_t from = l->said.len > 1500 ? l->said.len - 1500 : 0;

	fprintf(stderr, "%s: %s\n---\n%s\n---\n", what, detail, buf_str(&l->said) + from);
	fail();
}

static void add_env(char **env, size_t *n, const char *name, const char *value)
{
	struct buf b = {0};

	if (value == NULL)
		return;
	buf_printf(&b, "%s=%s", name, value);
	env[(*n)++] = buf_take(&b);
}

static void run(struct hall *h, const struct lines_options *o)
{
	char *env[24] = {NULL}, program[300];
	const char *build = getenv("BUILD");
	size_t n = 0;

	add_env(env, &n, "PATH", getenv("PATH"));
	add_env(env, &n, "TZ", "Asia/Shanghai");
	add_env(env, &n, "HOME", h->folder);
	add_env(env, &n, "TERM", o->type);
	add_env(env, &n, "LC_ALL", o->locale);
	add_env(env, &n, "LANGUAGE", o->language);
	for (int i = 0; h->env[i]; i++)
		env[n++] = strdup(h->env[i]);
	snprintf(program, sizeof(program), "%s/yimen", build ? build : "build");
	execle(program, program, "--plain", (char *)NULL, env);
	_exit(127);
}

void lines_start(struct lines *l, struct hall *h, const struct lines_options *o)
{
	int to[2], from[2], master = -1;

	memset(l, 0, sizeof(*l));
	l->pty = o->pty;
	l->charset = strstr(o->locale, "GB18030") ? "GB18030" : "UTF-8";
	if (o->pty) {
		l->pid = forkpty(&master, NULL, NULL, NULL);
		if (l->pid == 0)
			run(h, o);
		l->in = l->out = master;
		return;
	}
	if (pipe(to) != 0 || pipe(from) != 0)
		wrong(l, "pipe", strerror(errno));
	l->pid = fork();
	if (l->pid == 0) {
		dup2(to[0], STDIN_FILENO);
		dup2(from[1], STDOUT_FILENO);
		close(to[0]);
		close(to[1]);
		close(from[0]);
		close(from[1]);
		run(h, o);
	}
	close(to[0]);
	close(from[1]);
	l->in = to[1];
	l->out = from[0];
}

/* What it said, without the carriage returns of a terminal. */
static void keep(struct lines *l, const char *bytes, size_t n)
{
	struct buf decoded = {0};

	charset_decode(&decoded, l->charset, bytes, n);
	for (size_t i = 0; i < decoded.len; i++)
		if (decoded.data[i] != '\r')
			buf_addc(&l->said, decoded.data[i]);
	buf_fini(&decoded);
}

/* A question ends in a colon; on a terminal a long one has the line to itself. */
static bool asks(const struct lines *l)
{
	const char *s = buf_str(&l->said);
	size_t n = l->said.len;

	return (n > 2 && strcmp(s + n - 2, ": ") == 0) ||
	       (l->pty && n > 2 && strcmp(s + n - 2, ":\n") == 0);
}

/* More of it; false: it has ended. */
static bool read_more(struct lines *l)
{
	static char bytes[1 << 16];
	struct pollfd p = {l->out, POLLIN, 0};
	ssize_t n;

	if (poll(&p, 1, PATIENCE_MS) <= 0)
		wrong(l, "it says nothing", "after 30 s");
	n = read(l->out, bytes, sizeof(bytes));
	if (n <= 0)
		return false;
	keep(l, bytes, (size_t)n);
	return true;
}

bool lines_asked(struct lines *l)
{
	struct pollfd p = {l->out, POLLIN, 0};

	/* On a terminal a colon may end what is only half written. */
	while (!asks(l) || (l->pty && poll(&p, 1, 30) > 0))
		if (!read_more(l))
			return false;
	return true;
}

static void send(struct lines *l, const void *bytes, size_t n)
{
	const char *at = bytes;

	while (n > 0) {
		struct pollfd p[2] = {{l->in, POLLOUT, 0}, {l->out, POLLIN, 0}};
		ssize_t did;
		if (poll(p, 2, PATIENCE_MS) <= 0)
			wrong(l, "it takes nothing", "after 30 s");
		if ((p[1].revents & POLLIN) && !read_more(l))
			return;
		if (!(p[0].revents & POLLOUT))
			continue;
		did = write(l->in, at, n < 2048 ? n : 2048);
		if (did <= 0)
			return;
		at += did;
		n -= (size_t)did;
	}
}

/* Until it says more, what stands there is no question. */
static void send_line(struct lines *l, const void *bytes, size_t len_bytes)
{
	size_t before = l->said.len;

	l->bytes_from = before;
	buf_addc(&l->said, '\001');
	send(l, bytes, len_bytes);
	send(l, "\n", 1);
	while (l->said.len == before + 1 && read_more(l))
		continue;
	memmove(l->said.data + before, l->said.data + before + 1, l->said.len - before);
	l->said.len--;
}

void lines_bytes(struct lines *l, const void *bytes, size_t len_bytes)
{
	if (!lines_asked(l))
		wrong(l, "it has ended", "before its answer");
	send_line(l, bytes, len_bytes);
}

void lines_answer(struct lines *l, const char *text)
{
	struct buf coded = {0};

	if (!lines_asked(l))
		wrong(l, "it has ended before", text);
	if (!l->pty) /* as a terminal would show it */
		buf_adds(&l->said, text);
	charset_encode(&coded, l->charset, text);
	send_line(l, buf_str(&coded), coded.len);
	buf_fini(&coded);
}

void lines_answers(struct lines *l, const char *const *answers)
{
	for (; *answers; answers++)
		lines_answer(l, *answers);
}

void lines_expect(struct lines *l, const char *text)
{
	lines_asked(l);
	if (strstr(buf_str(&l->said) + l->bytes_from, text) == NULL)
		wrong(l, "was not said", text);
}

static int wait_end(struct lines *l)
{
	int status = 0;

	waitpid(l->pid, &status, 0);
	l->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int lines_end(struct lines *l)
{
	lines_asked(l);
	if (l->pty)
		send(l, "\004", 1);
	else
		close(l->in);
	buf_addc(&l->said, '\n');
	while (read_more(l))
		continue;
	close(l->out);
	return wait_end(l);
}

void lines_kill(struct lines *l)
{
	kill(l->pid, SIGKILL);
	wait_end(l);
	close(l->out);
	if (!l->pty)
		close(l->in);
}

void lines_fini(struct lines *l)
{
	buf_fini(&l->said);
}

/* ---- golden ---- */

static bool digits(const char *s, const char *shape)
{
	for (; *shape; shape++, s++)
		if (*shape == '#' ? !isdigit((unsigned char)*s) : *s != *shape)
			return false;
	return true;
}

/* Digits of dates, times and local receipts become #. */
static char *without_time(const char *text)
{
	static const char *const shapes[] = {"####-##-##", "##:##", "##-## "};
	char *out = strdup(text);

	for (size_t i = 0; out[i]; i++) {
		if (digits(out + i, "######-##-") && i > 0 && out[i - 1] == 'L') {
			memcpy(out + i, "######", 6);
			for (size_t k = i + 10; isalnum((unsigned char)out[k]) || out[k] == '-';
				k++)
				if (out[k] != '-')
					out[k] = '#';
		}
		if (digits(out + i, "L # # # # # #,")) {
			for (size_t k = 2; out[i + k] && out[i + k] != '\n'; k++)
				if (isalnum((unsigned char)out[i + k]))
					out[i + k] = '#';
		}
		if (i > 0 && isdigit((unsigned char)out[i - 1]))
			continue;
		for (size_t k = 0; k < sizeof(shapes) / sizeof(*shapes); k++)
			if (digits(out + i, shapes[k])) {
				memcpy(out + i, shapes[k], strlen(shapes[k]));
				break;
			}
	}
	return out;
}

static void say_difference(const char *name, const char *now, const char *then)
{
	size_t line = 1, at = 0;

	while (now[at] && now[at] == then[at])
		line += now[at++] == '\n';
	fprintf(stderr, "%s differs from line %zu on:\n--- now\n%.300s\n--- then\n%.300s\n", name,
		line, now + at, then + at);
}

void lines_golden(const struct lines *l, const char *name)
{
	char path[300];
	struct buf then = {0};
	char *now = without_time(buf_str(&l->said));
	char bytes[4096];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "tests/screens/golden/%s", name);
	f = fopen(path, getenv("YIMEN_UPDATE_GOLDEN") ? "w" : "r");
	if (f == NULL)
		wrong(l, path, strerror(errno));
	if (getenv("YIMEN_UPDATE_GOLDEN")) {
		fputs(now, f);
	} else {
		while ((n = fread(bytes, 1, sizeof(bytes), f)) > 0)
			buf_add(&then, bytes, n);
		if (strcmp(now, buf_str(&then)) != 0) {
			say_difference(path, now, buf_str(&then));
			fail();
		}
	}
	fclose(f);
	free(now);
	buf_fini(&then);
}
