#include "core/central/http.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/central/exchange.h"

enum {
	SPARE_LINES = 32,	 /* accepted beyond the limit, only to be told 503 */
	HEADER_BYTES = 16 << 10, /* libmicrohttpd's memory for one line, headers included */
	DRAIN_BYTES = 4 << 20, /* of a refused body, read and dropped so that the answer arrives */
	SWEEP_MS = 200,	       /* how often deadlines of lines are looked at */
	STOP_MS = 5000,
	BACKLOG = 511,
	CERT_BYTES = 256 << 10,
	CHUNK_BYTES = 32 << 10
};

/* One line (connection). A suspended or answering one has no deadline of ours. */
struct line {
	struct httpd *server;
	struct line *prev, *next;
	int fd;
	bool loopback;
	bool busy;	     /* a request has begun on it */
	int64_t deadline_ms; /* 0: none */
};

/* One request on a line. */
struct call {
	struct exchange x;
	struct httpd *server;
	struct MHD_Connection *connection;
	char *query;
	bool admin, began, suspended, queued;
	size_t got_bytes; /* of the body */
	size_t sent_bytes;
	int64_t start_us;
};

struct httpd {
	const struct http_config *config;
	const struct http_service *service;
	struct MHD_Daemon *stations, *admin;
	struct buf url, cert, key;
	struct line *lines;
	unsigned line_count;
	unsigned busy; /* requests begun and not ended */
	size_t bodies_bytes;
	int64_t now_ms, swept_ms;
	bool loopback;
	bool woken; /* a suspended line was resumed: libmicrohttpd does not say so in its timeout */
};

/* ---- signals: blocked except while waiting in pselect, so none can be missed ---- */

static volatile sig_atomic_t stop_asked;

static void ask_stop(int signo)
{
	(void)signo;
	stop_asked = 1;
}

static void catch_signals(sigset_t *while_waiting)
{
	struct sigaction sa = {.sa_handler = ask_stop};
	sigset_t block;

	sigemptyset(&sa.sa_mask);
	sigemptyset(&block);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGINT);
	sigprocmask(SIG_BLOCK, &block, while_waiting);
	sigdelset(while_waiting, SIGTERM);
	sigdelset(while_waiting, SIGINT);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &sa, NULL);
	sigaction(SIGXFSZ, &sa, NULL); /* a limit on the size of files: a write error like others */
}

/* ---- lines ---- */

static bool is_loopback(const struct sockaddr *a)
{
	if (a == NULL)
		return false;
	if (a->sa_family == AF_INET)
		return ntohl(((const struct sockaddr_in *)(const void *)a)->sin_addr.s_addr) >>
			       24 ==
		       127;
	if (a->sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(
			&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr);
	return a->sa_family == AF_UNIX;
}

static void line_opened(struct httpd *h, struct MHD_Connection *c, void **context)
{
	const union MHD_ConnectionInfo *fd =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	const union MHD_ConnectionInfo *peer =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct line *l = mem_alloc(sizeof *l);

	l->server = h;
	l->fd = fd->connect_fd;
	l->loopback = peer != NULL && is_loopback(peer->client_addr);
	l->deadline_ms = h->now_ms + h->config->idle_ms;
	l->next = h->lines;
	if (h->lines != NULL)
		h->lines->prev = l;
	h->lines = l;
	h->line_count++;
	*context = l;
}

static void line_closed(struct httpd *h, struct line *l)
{
	if (l->next != NULL)
		l->next->prev = l->prev;
	if (l->prev != NULL)
		l->prev->next = l->next;
	else
		h->lines = l->next;
	h->line_count--;
	free(l);
}

static void on_line(void *arg, struct MHD_Connection *c, void **context,
	enum MHD_ConnectionNotificationCode what)
{
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		line_opened(arg, c, context);
	else if (*context != NULL)
		line_closed(arg, *context);
}

static struct line *line_of(struct MHD_Connection *c)
{
	return MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

/* libmicrohttpd only knows silence; a client that sends a byte a second is ours to stop. */
static void sweep(struct httpd *h)
{
	struct line *l;

	if (h->now_ms - h->swept_ms < SWEEP_MS)
		return;
	h->swept_ms = h->now_ms;
	for (l = h->lines; l != NULL; l = l->next) {
		if (l->deadline_ms != 0 && h->now_ms >= l->deadline_ms) {
			shutdown(l->fd, SHUT_RDWR);
			l->deadline_ms = 0;
		}
	}
}

/* ---- requests ---- */

static int64_t mono_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void wake(struct exchange *x)
{
	struct call *call = x->transport;

	if (call->suspended) {
		call->suspended = false;
		call->server->woken = true;
		MHD_resume_connection(call->connection);
	}
}

/* The request line is there: the time of this request runs from here. */
static void *on_request_line(void *arg, const char *uri, struct MHD_Connection *c)
{
	struct httpd *h = arg;
	struct call *call = mem_alloc(sizeof *call);
	struct line *l = line_of(c);

	(void)uri;
	call->server = h;
	call->connection = c;
	call->start_us = mono_us();
	call->x.transport = call;
	call->x.wake = wake;
	call->x.loopback = l->loopback;
	l->deadline_ms = h->now_ms + h->config->request_ms;
	l->busy = true;
	h->busy++;
	return call;
}

static void *on_admin_request_line(void *arg, const char *uri, struct MHD_Connection *c)
{
	struct call *call = on_request_line(arg, uri, c);

	call->admin = call->x.admin = true;
	return call;
}

static void on_completed(
	void *arg, struct MHD_Connection *c, void **con_cls, enum MHD_RequestTerminationCode why)
{
	struct httpd *h = arg;
	struct call *call = *con_cls;
	struct line *l = line_of(c);

	(void)why;
	if (call == NULL)
		return;
	if (call->began)
		h->service->ended(
			h->service->arg, &call->x, mono_us() - call->start_us, call->sent_bytes);
	h->bodies_bytes -= call->x.body.len;
	exchange_fini(&call->x);
	free(call->query);
	free(call);
	*con_cls = NULL;
	h->busy--;
	l->busy = false;
	l->deadline_ms = h->now_ms + h->config->idle_ms;
}

/* Paths and queries are decoded by those who know their parts: "%2F" is not "/". */
static size_t leave_escaped(void *arg, struct MHD_Connection *c, char *s)
{
	(void)arg;
	(void)c;
	return strlen(s);
}

static enum MHD_Result take_header(
	void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct exchange *x = arg;
	int i;

	(void)kind;
	for (i = 0; i < REQUEST_HEADER__MAX; i++) {
		if (strcasecmp(name, request_header_names[i]) != 0)
			continue;
		if (x->header_count[i]++ == 0)
			x->headers[i] = value != NULL ? value : "";
	}
	return MHD_YES;
}

static enum MHD_Result take_query(
	void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct buf *query = arg;

	(void)kind;
	if (query->len > 0)
		buf_addc(query, '&');
	buf_adds(query, name);
	buf_addc(query, '=');
	buf_adds(query, value != NULL ? value : "");
	return MHD_YES;
}

/* Two readers of one request must agree where it ends (RFC 9112 §6.3). */
static bool framing_is_clear(const struct exchange *x)
{
	unsigned lengths = x->header_count[REQUEST_CONTENT_LENGTH];
	unsigned codings = x->header_count[REQUEST_TRANSFER_ENCODING];

	return lengths <= 1 && codings <= 1 && lengths + codings <= 1;
}

static void begin(struct call *call, const char *path, const char *method)
{
	struct httpd *h = call->server;
	struct exchange *x = &call->x;
	struct buf query = {0};

	call->began = true;
	x->method = method;
	x->path = path;
	MHD_get_connection_values(call->connection, MHD_HEADER_KIND, take_header, x);
	MHD_get_connection_values(call->connection, MHD_GET_ARGUMENT_KIND, take_query, &query);
	x->query = call->query = buf_take(&query);
	if (!framing_is_clear(x))
		h->service->refuse(h->service->arg, x, 400);
	else if (!call->admin && (h->line_count > h->config->connections ||
					 h->bodies_bytes > h->config->bodies_bytes))
		h->service->refuse(h->service->arg, x, 503);
	else
		h->service->begin(h->service->arg, x);
}

static void collect(struct call *call, const char *data, size_t len_bytes)
{
	struct httpd *h = call->server;
	struct exchange *x = &call->x;

	call->got_bytes += len_bytes;
	if (x->status != 0)
		return; /* answered already: read on only so that the answer arrives */
	if (call->got_bytes > x->body_limit) {
		h->service->refuse(h->service->arg, x, 413);
		return;
	}
	if (x->sink != NULL) {
		x->sink(x, data, len_bytes);
		line_of(call->connection)->deadline_ms = h->now_ms + h->config->request_ms;
		return;
	}
	buf_add(&x->body, data, len_bytes);
	h->bodies_bytes += len_bytes;
}

static ssize_t read_answer(void *arg, uint64_t at, char *out, size_t room)
{
	struct call *call = arg;
	ssize_t n = call->x.reader.read(call->x.reader.arg, out, room);

	(void)at;
	if (n > 0)
		call->sent_bytes += (size_t)n;
	return n > 0	? n
	       : n == 0 ? MHD_CONTENT_READER_END_OF_STREAM
			: MHD_CONTENT_READER_END_WITH_ERROR;
}

static struct MHD_Response *make_response(struct call *call)
{
	struct exchange *x = &call->x;
	struct MHD_Response *r;
	size_t i;

	if (x->reader.read != NULL) {
		r = MHD_create_response_from_callback(
			MHD_SIZE_UNKNOWN, CHUNK_BYTES, read_answer, call, NULL);
	} else {
		call->sent_bytes = x->answer.len;
		r = MHD_create_response_from_buffer(
			x->answer.len, x->answer.data, MHD_RESPMEM_PERSISTENT);
	}
	if (r == NULL)
		return NULL;
	if (x->content_type != NULL)
		MHD_add_response_header(r, "Content-Type", x->content_type);
	for (i = 0; i < x->answer_header_count; i++)
		MHD_add_response_header(r, x->answer_headers[i].name, x->answer_headers[i].value);
	if (stop_asked)
		MHD_add_response_header(r, "Connection", "close");
	return r;
}

static enum MHD_Result send_answer(struct call *call)
{
	struct line *l = line_of(call->connection);
	struct MHD_Response *r;
	enum MHD_Result result;

	l->deadline_ms = 0; /* from here on libmicrohttpd's own timeout watches a stalled reader */
	if (call->x.drop || (r = make_response(call)) == NULL)
		return MHD_NO; /* the line is cut */
	call->queued = true;
	result = MHD_queue_response(call->connection, (unsigned)call->x.status, r);
	MHD_destroy_response(r);
	return result;
}

/* A refused request's body: worth reading to its end, or better cut off now? */
static bool worth_draining(const struct call *call)
{
	const char *length = call->x.headers[REQUEST_CONTENT_LENGTH];

	if (call->x.headers[REQUEST_EXPECT] != NULL)
		return false; /* the client waits for our word before it sends */
	return length == NULL || strtoull(length, NULL, 10) <= DRAIN_BYTES;
}

static bool has_body(const struct call *call)
{
	const char *length = call->x.headers[REQUEST_CONTENT_LENGTH];

	return call->x.headers[REQUEST_TRANSFER_ENCODING] != NULL ||
	       (length != NULL && strcmp(length, "0") != 0);
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *path,
	const char *method, const char *version, const char *data, size_t *len_bytes,
	void **con_cls)
{
	struct httpd *h = arg;
	struct call *call = *con_cls;

	(void)version;
	if (!call->began) {
		begin(call, path, method);
		if (call->x.status != 0 && has_body(call) && !worth_draining(call))
			return send_answer(call);
		return MHD_YES;
	}
	if (*len_bytes > 0) {
		collect(call, data, *len_bytes);
		*len_bytes = 0;
		return call->got_bytes > DRAIN_BYTES && call->x.status != 0 ? MHD_NO : MHD_YES;
	}
	if (call->x.status == 0) {
		line_of(c)->deadline_ms = 0;
		h->service->finish(h->service->arg, &call->x);
	}
	if (call->x.status != 0)
		return send_answer(call);
	call->suspended = true;
	MHD_suspend_connection(c);
	return MHD_YES;
}

/* ---- opening ---- */

static bool split_address(const char *listen, struct buf *host, const char **port)
{
	const char *colon = strrchr(listen, ':');

	if (colon == NULL || colon[1] == '\0' ||
		strspn(colon + 1, "0123456789") != strlen(colon + 1))
		return false;
	if (listen[0] == '[' && colon > listen && colon[-1] == ']')
		buf_add(host, listen + 1, (size_t)(colon - listen) - 2);
	else
		buf_add(host, listen, (size_t)(colon - listen));
	*port = colon + 1;
	return true;
}

static int bind_to(const struct addrinfo *ai)
{
	int one = 1, fd = socket(ai->ai_family, ai->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	one = errno;
	close(fd);
	errno = one;
	return -1;
}

static void describe(struct httpd *h, int fd)
{
	struct sockaddr_storage a;
	socklen_t len = sizeof a;
	char host[NI_MAXHOST] = "?", port[NI_MAXSERV] = "0";
	bool six;

	getsockname(fd, (struct sockaddr *)&a, &len);
	getnameinfo((struct sockaddr *)&a, len, host, sizeof host, port, sizeof port,
		NI_NUMERICHOST | NI_NUMERICSERV);
	six = a.ss_family == AF_INET6;
	buf_printf(&h->url, "%s://%s%s%s:%s", h->config->tls_cert != NULL ? "https" : "http",
		six ? "[" : "", host, six ? "]" : "", port);
	h->loopback = is_loopback((const struct sockaddr *)&a);
}

static int open_listener(struct httpd *h, struct buf *why)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
	struct addrinfo *found = NULL;
	struct buf host = {0};
	const char *port;
	int fd = -1;

	if (!split_address(h->config->listen, &host, &port)) {
		buf_why(why, tr("--listen 应写成 主机:端口, 例如 127.0.0.1:8080, 不是 %s"),
			h->config->listen);
	} else if (getaddrinfo(host.len > 0 ? host.data : NULL, port, &hints, &found) != 0) {
		buf_why(why, tr("找不到主机 %s, 请检查 --listen"), buf_str(&host));
	} else if ((fd = bind_to(found)) < 0) {
		buf_why(why, tr("不能在 %s 上接听: %s。换一个端口, 或先停掉占用它的程序。"),
			h->config->listen, strerror(errno));
	} else {
		describe(h, fd);
	}
	if (found != NULL)
		freeaddrinfo(found);
	buf_fini(&host);
	return fd;
}

/* A path may be longer than sockaddr_un's 108 bytes: go through the folder's descriptor. */
static int open_admin(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	char *dir = mem_strdup(path);
	char *slash = strrchr(dir, '/');
	struct buf name = {0};
	int folder, fd = -1;

	*slash = '\0';
	folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	buf_printf(&name, "/proc/self/fd/%d/%s", folder, slash + 1);
	if (folder >= 0 && name.len < sizeof a.sun_path) {
		memcpy(a.sun_path, name.data, name.len + 1);
		unlink(path);
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		if (fd >= 0 &&
			(bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 16) != 0)) {
			close(fd);
			fd = -1;
		}
	}
	if (folder >= 0)
		close(folder);
	free(dir);
	buf_fini(&name);
	return fd;
}

static void to_log(void *arg, const char *fmt, va_list ap)
{
	struct buf b = {0};

	(void)arg;
	buf_vprintf(&b, fmt, ap);
	log_debug("http", "%s", buf_str(&b));
	buf_fini(&b);
}

static struct MHD_Daemon *start(struct httpd *h, int fd, bool admin)
{
	bool tls = !admin && h->config->tls_cert != NULL;
	unsigned flags = MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | (tls ? MHD_USE_TLS : 0);
	static char priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3";
	struct MHD_OptionItem tls_options[] = {
		{MHD_OPTION_HTTPS_MEM_CERT, 0, h->cert.data},
		{MHD_OPTION_HTTPS_MEM_KEY, 0, h->key.data},
		{MHD_OPTION_HTTPS_PRIORITIES, 0, priorities},
		{MHD_OPTION_END, 0, NULL},
	};
	struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
	void *on_uri = admin ? (void *)on_admin_request_line : (void *)on_request_line;

	return MHD_start_daemon(flags, 0, NULL, NULL, on_request, h, MHD_OPTION_EXTERNAL_LOGGER,
		to_log, NULL, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
		admin ? 16u : h->config->connections + SPARE_LINES,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_BYTES,
		MHD_OPTION_CONNECTION_TIMEOUT, h->config->idle_ms / 1000 + 1,
		MHD_OPTION_NOTIFY_CONNECTION, on_line, h, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
		h, MHD_OPTION_URI_LOG_CALLBACK, on_uri, h, MHD_OPTION_UNESCAPE_CALLBACK,
		leave_escaped, NULL, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY,
		tls ? tls_options : none, MHD_OPTION_END);
}

static enum err read_tls(struct httpd *h, struct buf *why)
{
	const char *files[] = {h->config->tls_cert, h->config->tls_key};
	struct buf *into[] = {&h->cert, &h->key};
	int i;

	for (i = 0; i < 2; i++) {
		enum err e = paths_read(into[i], files[i], CERT_BYTES);
		if (e != OK) {
			buf_why(why, tr("读不到 TLS 文件 %s: %s"), files[i], err_text(e));
			return e;
		}
	}
	return OK;
}

enum err httpd_open(struct httpd **out, const struct http_config *config,
	const struct http_service *service, struct buf *why)
{
	struct httpd *h = mem_alloc(sizeof *h);
	enum err e = OK;
	int fd = -1;

	h->config = config;
	h->service = service;
	h->now_ms = clock_mono_ms(config->clock);
	if (config->tls_cert != NULL)
		e = read_tls(h, why);
	if (e == OK) {
		fd = open_listener(h, why);
		e = fd >= 0 ? OK : ERR_IO;
	}
	if (e == OK && (h->stations = start(h, fd, false)) == NULL) {
		buf_why(why, tr("启动不了服务: 请检查 TLS 证书与私钥是否配对"));
		close(fd);
		e = ERR_IO;
	}
	if (e == OK && config->admin_path != NULL) {
		fd = open_admin(config->admin_path);
		if (fd < 0 || (h->admin = start(h, fd, true)) == NULL) {
			buf_why(why, tr("建不了管理套接字 %s: %s"), config->admin_path,
				strerror(errno));
			e = ERR_IO;
		}
	}
	if (e != OK) {
		httpd_close(h);
		return e;
	}
	*out = h;
	return OK;
}

/* libmicrohttpd does not stop with suspended lines: the service has answered them in stopping(). */
void httpd_close(struct httpd *h)
{
	if (h == NULL)
		return;
	if (h->admin != NULL) {
		MHD_stop_daemon(h->admin);
		unlink(h->config->admin_path);
	}
	if (h->stations != NULL)
		MHD_stop_daemon(h->stations);
	buf_fini(&h->url);
	buf_fini(&h->cert);
	buf_fini(&h->key);
	free(h);
}

const char *httpd_url(const struct httpd *h)
{
	return buf_str(&h->url);
}

int httpd_is_loopback(const struct httpd *h)
{
	return h->loopback;
}

unsigned httpd_connections(const struct httpd *h)
{
	return h->line_count;
}

/* ---- the loop ---- */

struct sets {
	fd_set read, write, except;
	int max;
};

static void gather(struct httpd *h, struct sets *s)
{
	FD_ZERO(&s->read);
	FD_ZERO(&s->write);
	FD_ZERO(&s->except);
	s->max = -1;
	MHD_get_fdset2(h->stations, &s->read, &s->write, &s->except, &s->max, FD_SETSIZE);
	if (h->admin != NULL)
		MHD_get_fdset2(h->admin, &s->read, &s->write, &s->except, &s->max, FD_SETSIZE);
}

static int64_t shortest(struct MHD_Daemon *d, int64_t wait_ms)
{
	MHD_UNSIGNED_LONG_LONG ms;

	if (d == NULL || MHD_get_timeout(d, &ms) != MHD_YES || ms > INT_MAX)
		return wait_ms;
	return wait_ms < 0 || (int64_t)ms < wait_ms ? (int64_t)ms : wait_ms;
}

static int64_t how_long(struct httpd *h, int64_t wish_ms)
{
	int64_t wait_ms = shortest(h->admin, shortest(h->stations, wish_ms));

	if (h->woken)
		return 0;
	if (h->line_count > 0 && (wait_ms < 0 || wait_ms > SWEEP_MS))
		wait_ms = SWEEP_MS;
	return wait_ms;
}

/* One look at all lines: wait, move bytes, let the service finish what came. */
static int64_t turn(struct httpd *h, int64_t wish_ms, const sigset_t *while_waiting)
{
	struct sets s;
	struct timespec ts;
	int64_t wait_ms;
	int n;

	gather(h, &s);
	wait_ms = how_long(h, wish_ms);
	h->woken = false;
	ts.tv_sec = wait_ms / 1000;
	ts.tv_nsec = wait_ms % 1000 * 1000000;
	n = pselect(
		s.max + 1, &s.read, &s.write, &s.except, wait_ms < 0 ? NULL : &ts, while_waiting);
	h->now_ms = clock_mono_ms(h->config->clock);
	if (n < 0) {
		FD_ZERO(&s.read);
		FD_ZERO(&s.write);
		FD_ZERO(&s.except);
	}
	MHD_run_from_select(h->stations, &s.read, &s.write, &s.except);
	if (h->admin != NULL)
		MHD_run_from_select(h->admin, &s.read, &s.write, &s.except);
	sweep(h);
	return h->service->round(h->service->arg, h->now_ms);
}

/* Requests still arriving were not acknowledged and need not be waited for. */
static bool answering(const struct httpd *h)
{
	const struct line *l;

	for (l = h->lines; l != NULL; l = l->next)
		if (l->busy && l->deadline_ms == 0)
			return true;
	return false;
}

enum err httpd_run(struct httpd *h)
{
	sigset_t while_waiting;
	int64_t wish_ms = 0, until_ms;
	int listener;

	catch_signals(&while_waiting);
	while (!stop_asked)
		wish_ms = turn(h, wish_ms, &while_waiting);
	listener = MHD_quiesce_daemon(h->stations);
	if (listener >= 0)
		close(listener);
	h->service->stopping(h->service->arg);
	until_ms = h->now_ms + STOP_MS;
	do {
		wish_ms = turn(h, 10, &while_waiting);
	} while (answering(h) && h->now_ms < until_ms);
	return OK;
}
