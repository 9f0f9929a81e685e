#include "core/central/admin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/central/api.h"
#include "core/central/exchange.h"
#include "core/central/papers.h"
#include "core/central/store.h"

enum {
	PIECE_BYTES = 32 << 10,
	HEAD_BYTES_MAX = 16 << 10,
	CONNECT_TRIES = 50, /* a centre that is just starting or stopping: up to 5 s */
	CONNECT_PAUSE_MS = 100
};

enum err admin_lock(const char *dir, int *fd, struct buf *why)
{
	char *path = paths_join(dir, "lock");
	int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	enum err e = OK;

	if (lock < 0) {
		e = errno == ENOENT ? ERR_NOT_FOUND : ERR_DENIED;
		buf_why(why, tr("打不开数据目录 %s: %s"), dir, err_cause(errno));
	} else if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
		e = ERR_BUSY;
		buf_why(why,
			tr("数据目录 %s 正被另一个程序使用, 多半是已经开着的中心: 一个目录只能开一个; "
			   "要重开, 先停掉它 (systemctl stop yimen-central)"),
			dir);
		close(lock);
	} else {
		*fd = lock;
	}
	free(path);
	return e;
}

/* ---- in this process ---- */

static enum err feed_body(const struct admin_request *r, struct exchange *x)
{
	char piece[PIECE_BYTES];
	ssize_t n;

	if (r->more == NULL)
		return OK;
	while ((n = r->more(r->arg, piece, sizeof piece)) > 0) {
		if (x->sink != NULL)
			x->sink(x, piece, (size_t)n);
		else
			buf_add(&x->body, piece, (size_t)n);
	}
	return n == 0 ? OK : ERR_STATE;
}

static enum err take_answer(const struct admin_request *r, struct exchange *x, struct buf *answer)
{
	char piece[PIECE_BYTES];
	ssize_t n;

	if (x->reader.read == NULL) {
		if (r->piece != NULL && x->status < 300)
			r->piece(r->arg, buf_str(&x->answer), x->answer.len);
		else
			buf_add(answer, buf_str(&x->answer), x->answer.len);
		return OK;
	}
	while ((n = x->reader.read(x->reader.arg, piece, sizeof piece)) > 0) {
		if (r->piece != NULL)
			r->piece(r->arg, piece, (size_t)n);
		else
			buf_add(answer, piece, (size_t)n);
	}
	return n == 0 ? OK : ERR_IO;
}

/* The request's headers as the transport would give them; storage holds their texts. */
static void give_headers(const struct admin_request *r, struct exchange *x, struct buf *storage)
{
	char *at, *end, *colon;
	int i;

	buf_adds(storage, r->headers != NULL ? r->headers : "");
	for (at = storage->data; at != NULL && (end = strstr(at, "\r\n")) != NULL; at = end + 2) {
		*end = '\0';
		colon = strchr(at, ':');
		if (colon == NULL)
			continue;
		*colon = '\0';
		for (i = 0; i < REQUEST_HEADER__MAX; i++) {
			if (strcasecmp(at, request_header_names[i]) == 0) {
				x->headers[i] = colon + 1 + strspn(colon + 1, " ");
				x->header_count[i]++;
			}
		}
	}
}

static bool has_header(const struct exchange *x, const char *name)
{
	size_t i;

	for (i = 0; name != NULL && i < x->answer_header_count; i++)
		if (strcasecmp(x->answer_headers[i].name, name) == 0)
			return true;
	return false;
}

static enum err call_here(
	const char *dir, struct admin_request *r, int *status, struct buf *answer, struct buf *why)
{
	struct api_config config = {
		.data = dir, .clock = &clock_system, .entropy = &entropy_system};
	struct exchange x = {
		.method = r->method, .path = r->path, .query = "", .admin = true, .loopback = true};
	struct buf headers = {0};
	struct api *api;
	enum err e = central_store_open(&config.store, dir, why);

	if (e != OK)
		return e;
	e = papers_open(&config.papers, config.store, dir, why);
	if (e != OK) {
		config.store->ops->close(config.store);
		return e;
	}
	api = api_new(&config);
	give_headers(r, &x, &headers);
	api_begin(api, &x);
	if (x.status == 0)
		e = feed_body(r, &x);
	if (e == OK && x.status == 0)
		api_finish(api, &x);
	while (e == OK && x.status == 0) /* a letter waits for its commit */
		api_round(api, clock_mono_ms(&clock_system));
	if (e == OK) {
		r->found = has_header(&x, r->look_for);
		*status = x.status;
		e = take_answer(r, &x, answer);
	}
	exchange_fini(&x);
	buf_fini(&headers);
	api_free(api);
	papers_close(config.papers);
	config.store->ops->close(config.store);
	return e;
}

/* ---- through the running centre: HTTP/1.1 on its socket ---- */

static int dial(const char *dir)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	struct buf name = {0};
	int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = -1;

	buf_printf(&name, "/proc/self/fd/%d/" ADMIN_SOCKET, folder);
	if (folder >= 0 && name.len < sizeof a.sun_path) {
		memcpy(a.sun_path, name.data, name.len + 1);
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) != 0) {
			close(fd);
			fd = -1;
		}
	}
	if (folder >= 0)
		close(folder);
	buf_fini(&name);
	return fd;
}

static bool send_all(int fd, const char *data, size_t len_bytes)
{
	while (len_bytes > 0) {
		ssize_t n = send(fd, data, len_bytes, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data += n;
		len_bytes -= (size_t)n;
	}
	return true;
}

/* A server that has answered already may stop reading: that is no failure of ours. */
static enum err send_request(int fd, const struct admin_request *r)
{
	char piece[PIECE_BYTES], size[24];
	struct buf head = {0};
	ssize_t n = 0;
	bool sent;

	buf_printf(&head, "%s %s HTTP/1.1\r\nHost: centre\r\nConnection: close\r\n", r->method,
		r->path);
	buf_printf(&head, "Accept-Language: %s\r\n%s%s\r\n", msg_tag(),
		r->headers != NULL ? r->headers : "",
		r->more != NULL ? "Transfer-Encoding: chunked\r\n" : "");
	sent = send_all(fd, head.data, head.len);
	buf_fini(&head);
	while (sent && r->more != NULL && (n = r->more(r->arg, piece, sizeof piece)) > 0) {
		snprintf(size, sizeof size, "%zx\r\n", (size_t)n);
		sent = send_all(fd, size, strlen(size)) && send_all(fd, piece, (size_t)n) &&
		       send_all(fd, "\r\n", 2);
	}
	if (n < 0)
		return ERR_STATE;
	if (sent && r->more != NULL)
		send_all(fd, "0\r\n\r\n", 5);
	return OK;
}

/* Reading by pieces with a little memory. */
struct inlet {
	int fd;
	struct buf held;
	size_t at;
};

static bool fill(struct inlet *in)
{
	char piece[PIECE_BYTES];
	ssize_t n;

	do {
		n = recv(in->fd, piece, sizeof piece, 0);
	} while (n < 0 && errno == EINTR);
	if (n <= 0)
		return false;
	if (in->at == in->held.len) {
		buf_clear(&in->held);
		in->at = 0;
	}
	buf_add(&in->held, piece, (size_t)n);
	return true;
}

/* The next line without its end, replaces out. */
static bool read_line(struct inlet *in, struct buf *out)
{
	buf_clear(out);
	for (;;) {
		const char *start = buf_str(&in->held) + in->at;
		const char *end = memchr(start, '\n', in->held.len - in->at);
		if (end != NULL) {
			size_t len = (size_t)(end - start);
			in->at += len + 1;
			buf_add(out, start, len > 0 && end[-1] == '\r' ? len - 1 : len);
			return true;
		}
		if (in->held.len - in->at > HEAD_BYTES_MAX || !fill(in))
			return false;
	}
}

static bool copy_bytes(struct inlet *in, size_t want, const struct admin_request *r, int status,
	struct buf *answer)
{
	while (want > 0) {
		size_t n = in->held.len - in->at;
		if (n == 0 && !fill(in))
			return false;
		n = in->held.len - in->at;
		if (n > want)
			n = want;
		if (r->piece != NULL && status < 300)
			r->piece(r->arg, in->held.data + in->at, n);
		else
			buf_add(answer, in->held.data + in->at, n);
		in->at += n;
		want -= n;
	}
	return true;
}

static bool copy_chunks(
	struct inlet *in, const struct admin_request *r, int status, struct buf *answer)
{
	struct buf line = {0};
	bool good = false;

	while (read_line(in, &line)) {
		size_t size = strtoull(line.data, NULL, 16);
		good = size == 0 && line.len > 0;
		if (good || !copy_bytes(in, size, r, status, answer) || !read_line(in, &line))
			break;
	}
	buf_fini(&line);
	return good;
}

static bool is_header(const char *line, const char *name)
{
	size_t len = name != NULL ? strlen(name) : 0;

	return len > 0 && strncasecmp(line, name, len) == 0 && line[len] == ':';
}

static enum err read_answer(int fd, struct admin_request *r, int *status, struct buf *answer)
{
	struct inlet in = {.fd = fd};
	struct buf line = {0};
	bool chunked = false, good = false;
	size_t length = 0;
	int code = 0;

	if (!read_line(&in, &line) || sscanf(line.data, "HTTP/1.1 %3d", &code) != 1)
		goto out;
	while (read_line(&in, &line) && line.len > 0) {
		if (strncasecmp(line.data, "Content-Length:", 15) == 0)
			length = strtoull(line.data + 15, NULL, 10);
		else if (strcasecmp(line.data, "Transfer-Encoding: chunked") == 0)
			chunked = true;
		r->found |= is_header(line.data, r->look_for);
	}
	good = chunked ? copy_chunks(&in, r, code, answer)
		       : copy_bytes(&in, length, r, code, answer);
out:
	if (good)
		*status = code;
	buf_fini(&line);
	buf_fini(&in.held);
	return good ? OK : ERR_IO;
}

static enum err call_there(
	int fd, struct admin_request *r, int *status, struct buf *answer, struct buf *why)
{
	enum err e = send_request(fd, r);

	if (e == OK)
		e = read_answer(fd, r, status, answer);
	if (e == ERR_IO)
		buf_why(why, tr("与运行中的中心的连接断了, 请再试一次"));
	close(fd);
	return e;
}

enum err admin_call(
	const char *dir, struct admin_request *r, int *status, struct buf *answer, struct buf *why)
{
	const struct timespec pause = {0, CONNECT_PAUSE_MS * 1000000l};
	enum err e = ERR_BUSY;
	int tries, fd;

	if (r->running) {
		fd = dial(dir);
		if (fd < 0)
			buf_why(why, "%s", tr("中心没有在运行"));
		return fd < 0 ? ERR_BUSY : call_there(fd, r, status, answer, why);
	}
	if (strcmp(r->method, "GET") == 0 && !central_store_exists(dir)) {
		buf_why(why, tr("%s 里没有中心的数据, 请检查 --data"), dir);
		return ERR_NOT_FOUND;
	}
	for (tries = 0; tries < CONNECT_TRIES && e == ERR_BUSY; tries++) {
		e = admin_lock(dir, &fd, why);
		if (e == OK) {
			e = call_here(dir, r, status, answer, why);
			close(fd);
			return e;
		}
		if (e == ERR_BUSY && (fd = dial(dir)) >= 0) {
			if (why != NULL)
				buf_clear(why); /* it is busy with being there */
			return call_there(fd, r, status, answer, why);
		}
		if (e == ERR_BUSY)
			nanosleep(&pause, NULL);
	}
	return e;
}
