#include "core/central/http.h"

#include <errno.h>
#include <limits.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/central/exchange.h"
#include "core/central/lines.h"
#include "core/central/listen.h"

enum {
	SPARE_LINES = 32,	 /* accepted beyond the limit, only to be told 503 */
	SPARE_MS = 2000,	 /* they have so long to ask */
	HEADER_BYTES = 16 << 10, /* libmicrohttpd's memory for one line, headers included */
	DRAIN_BYTES = 4 << 20, /* of a refused body, read and dropped so that the answer arrives */
	SLOWEST_BYTES_S = 256, /* the slowest line worth serving: 2 048 bit/s */
	TURN_MS = 200,	       /* lines are looked at at least so often */
	STOP_MS = 5000,
	CERT_BYTES = 256 << 10,
	CHUNK_BYTES = 32 << 10
};

/* One request on a line. */
struct call {
	struct exchange x;
	struct httpd *server;
	struct MHD_Connection *connection;
	char *query;
	bool admin, began, suspended, queued;
	bool taken;	    /* it came whole: it will be answered even if the centre is to stop */
	bool close;	    /* the line ends with this answer */
	size_t got_bytes;   /* of the body */
	size_t fresh_bytes; /* of them, since its deadline was last put off */
	size_t sent_bytes;
	int64_t start_us;
};

struct httpd {
	const struct http_config *config;
	const struct http_service *service;
	struct MHD_Daemon *stations, *admin;
	struct buf url, cert, key;
	struct lines lines;
	size_t bodies_bytes; /* memory of all bodies that are collected */
	int64_t now_ms;
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

static bool is_over(const struct httpd *h)
{
	return h->lines.count > h->config->connections;
}

static void line_opened(struct httpd *h, struct MHD_Connection *c, void **context)
{
	const union MHD_ConnectionInfo *fd =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	const union MHD_ConnectionInfo *peer =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct line *l = lines_add(&h->lines, fd->connect_fd,
		peer != NULL && listen_is_loopback(peer->client_addr),
		h->now_ms + h->config->idle_ms);

	*context = l;
	/* One more than may be: an idle one goes, or this one is told so, and soon. */
	if (is_over(h) && !lines_make_room(&h->lines, l))
		l->deadline_ms = h->now_ms + SPARE_MS;
}

static void on_line(void *arg, struct MHD_Connection *c, void **context,
	enum MHD_ConnectionNotificationCode what)
{
	struct httpd *h = arg;

	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		line_opened(h, c, context);
	else if (*context != NULL)
		lines_remove(&h->lines, *context);
}

static struct line *line_of(struct MHD_Connection *c)
{
	return MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

/* Who has stopped sending while an answer is awaited is most likely gone: nothing is kept for it.
 */
static void on_gone(struct line *l)
{
	struct call *call = l->request;

	l->waiting = false;
	if (call != NULL && call->x.gone != NULL)
		call->x.gone(&call->x);
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
	l->request = call;
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
	h->bodies_bytes -= call->x.body.cap;
	exchange_fini(&call->x);
	free(call->query);
	free(call);
	*con_cls = NULL;
	l->busy = l->waiting = false;
	l->request = NULL;
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

static bool coding_is_known(const struct exchange *x)
{
	const char *coding = x->headers[REQUEST_TRANSFER_ENCODING];

	return coding == NULL || strcasecmp(coding, "chunked") == 0;
}

/* Two readers of one request must agree where it ends (RFC 9112 §6.3). */
static bool framing_is_clear(const struct exchange *x)
{
	unsigned lengths = x->header_count[REQUEST_CONTENT_LENGTH];
	unsigned codings = x->header_count[REQUEST_TRANSFER_ENCODING];

	return lengths + codings <= 1 && coding_is_known(x);
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
	call->close = stop_asked || !framing_is_clear(x) || (!call->admin && is_over(h));
	if (!framing_is_clear(x))
		h->service->refuse(h->service->arg, x, 400);
	else if (call->close)
		h->service->refuse(h->service->arg, x, 503);
	else
		h->service->begin(h->service->arg, x);
}

/* What has been collected of it is let go at once. */
static void refuse_body(struct call *call, int status)
{
	struct httpd *h = call->server;

	h->bodies_bytes -= call->x.body.cap;
	buf_fini(&call->x.body);
	h->service->refuse(h->service->arg, &call->x, status);
}

static void keep(struct call *call, const char *data, size_t len_bytes)
{
	struct buf *body = &call->x.body;
	size_t before = body->cap;

	buf_add(body, data, len_bytes);
	call->server->bodies_bytes += body->cap - before;
}

/* A body may be large and its line slow, but it must not stand still: so much in each stretch of
 * time, or the rest of it. */
static void watch_body(struct call *call, size_t len_bytes)
{
	const struct httpd *h = call->server;

	call->fresh_bytes += len_bytes;
	if (!call->admin &&
		call->fresh_bytes < SLOWEST_BYTES_S * (size_t)h->config->request_ms / 1000)
		return;
	call->fresh_bytes = 0;
	line_of(call->connection)->deadline_ms = h->now_ms + h->config->request_ms;
}

static void collect(struct call *call, const char *data, size_t len_bytes)
{
	struct httpd *h = call->server;
	struct exchange *x = &call->x;

	call->got_bytes += len_bytes;
	watch_body(call, len_bytes);
	if (x->status != 0)
		return; /* answered already: read on only so that the answer arrives */
	if (call->got_bytes > x->body_limit)
		refuse_body(call, 413);
	else if (x->sink != NULL)
		x->sink(x, data, len_bytes);
	else if (h->bodies_bytes + len_bytes > h->config->bodies_bytes)
		refuse_body(call, 503);
	else
		keep(call, data, len_bytes);
}

/* libmicrohttpd only knows silence; a reader that takes a byte a minute is ours to stop. bytes:
 * what it is to take next. */
static void watch_answer(struct call *call, size_t bytes)
{
	const struct httpd *h = call->server;

	line_of(call->connection)->deadline_ms =
		h->now_ms + h->config->request_ms + (int64_t)bytes * 1000 / SLOWEST_BYTES_S;
}

static ssize_t read_answer(void *arg, uint64_t at, char *out, size_t room)
{
	struct call *call = arg;
	ssize_t n = call->x.reader.read(call->x.reader.arg, out, room);

	(void)at;
	if (n > 0) {
		call->sent_bytes += (size_t)n;
		watch_answer(call, (size_t)n);
	}
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
	if (call->close || stop_asked)
		MHD_add_response_header(r, "Connection", "close");
	return r;
}

static enum MHD_Result send_answer(struct call *call)
{
	struct line *l = line_of(call->connection);
	struct MHD_Response *r;
	enum MHD_Result result;

	l->waiting = false;
	if (call->x.drop || (r = make_response(call)) == NULL)
		return MHD_NO; /* the line is cut */
	call->queued = true;
	watch_answer(call, call->sent_bytes);
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
	if (!coding_is_known(&call->x))
		return false; /* nobody can tell where it ends */
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
		line_of(c)->deadline_ms = 0; /* the answer is ours to give */
		call->taken = true;
		h->service->finish(h->service->arg, &call->x);
	}
	if (call->x.status != 0)
		return send_answer(call);
	call->suspended = true;
	line_of(c)->waiting = true;
	MHD_suspend_connection(c);
	return MHD_YES;
}

/* ---- opening ---- */

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
		buf_adds(&h->url, config->tls_cert != NULL ? "https://" : "http://");
		e = listen_tcp(config->listen, &fd, &h->url, &h->loopback, why);
	}
	if (e == OK && (h->stations = start(h, fd, false)) == NULL) {
		buf_why(why, tr("启动不了服务: 请检查 TLS 证书与私钥是否配对"));
		close(fd);
		e = ERR_IO;
	}
	if (e == OK && config->admin_path != NULL) {
		fd = listen_file(config->admin_path);
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
	return h->lines.count;
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
	if (h->lines.count > 0 && (wait_ms < 0 || wait_ms > TURN_MS))
		wait_ms = TURN_MS;
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
	lines_sweep(&h->lines, h->now_ms, on_gone);
	return h->service->round(h->service->arg, h->now_ms);
}

/* Requests still arriving were not acknowledged and need not be waited for. */
static bool answering(const struct httpd *h)
{
	const struct line *l;

	for (l = h->lines.first; l != NULL; l = l->next) {
		const struct call *call = l->request;
		if (call != NULL && !l->shut && (call->taken || call->queued))
			return true;
	}
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
