/* One request on its line: its headers, its body, its answer. */
#include "core/central/http_private.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/central/behind.h"
#include "core/central/listen.h"

enum {
	SPARE_MS = 2000,       /* a line beyond the limit has so long to ask, and be told 503 */
	DRAIN_BYTES = 4 << 20, /* of a refused body, read and dropped so that the answer arrives */
	SLOWEST_BYTES_S = 256, /* the slowest line worth serving: 2 048 bit/s */
	CHUNK_BYTES = 32 << 10
};

/* ---- lines ---- */

static bool is_over(const struct httpd *h)
{
	return h->lines.count > h->config->connections;
}

/* That of now: a renewed one is for those who come after it. */
static void show_certificate(const struct httpd *h, struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *tls =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_GNUTLS_SESSION);

	if (tls != NULL && h->certificate != NULL)
		certificate_show(h->certificate, tls->tls_session);
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
	show_certificate(h, c);
	l->origin = peer != NULL ? listen_origin(peer->client_addr) : 0;
	l->proxied = peer != NULL && h->config->behind != NULL &&
		     behind_names(h->config->behind, peer->client_addr);
	/* One more than may be: an idle one goes, or this one is told so, and soon. */
	if (is_over(h) && !lines_make_room(&h->lines, l))
		l->deadline_ms = h->now_ms + SPARE_MS;
}

void http_on_line(void *arg, struct MHD_Connection *c, void **context,
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
void http_on_gone(struct line *l)
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

/* A blank in it: two readers may not agree where it ends (RFC 9112 3.2). */
static bool is_target(const char *uri)
{
	for (; *uri != '\0'; uri++)
		if ((unsigned char)*uri <= 0x20 || *uri == 0x7F)
			return false;
	return true;
}

/* The request line is there: the time of this request runs from here. */
void *http_on_request_line(void *arg, const char *uri, struct MHD_Connection *c)
{
	struct httpd *h = arg;
	struct call *call = mem_alloc(sizeof *call);
	struct line *l = line_of(c);

	call->server = h;
	call->connection = c;
	call->start_us = mono_us();
	call->x.transport = call;
	call->x.wake = wake;
	call->x.loopback = l->loopback;
	call->x.origin = l->origin;
	call->unclear = !is_target(uri);
	l->deadline_ms = h->now_ms + h->config->request_ms;
	l->busy = true;
	l->request = call;
	return call;
}

void *http_on_admin_request_line(void *arg, const char *uri, struct MHD_Connection *c)
{
	struct call *call = http_on_request_line(arg, uri, c);

	call->admin = call->x.admin = true;
	return call;
}

void http_on_completed(
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
size_t http_leave_escaped(void *arg, struct MHD_Connection *c, char *s)
{
	(void)arg;
	(void)c;
	return strlen(s);
}

/* No control character but the tab (RFC 9110 5.5). */
static bool is_value(const char *s)
{
	for (; *s != '\0'; s++)
		if (((unsigned char)*s < 0x20 && *s != '\t') || *s == 0x7F)
			return false;
	return true;
}

static bool is_ascii(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

/* A token (RFC 9110 5.6.2). "Content-Length : 9" has none: who reads it as a length and who does
 * not would see two requests in different places (RFC 9112 5.1). */
static bool is_token(const char *s)
{
	static const char others[] = "!#$%&'*+-.^_`|~";

	for (; *s != '\0'; s++) {
		bool letter = (*s | 0x20) >= 'a' && (*s | 0x20) <= 'z';
		bool digit = *s >= '0' && *s <= '9';
		if (!letter && !digit && strchr(others, *s) == NULL)
			return false;
	}
	return true;
}

/* Case does not count; most differ in their first letter. */
static bool is_name(const char *name, const char *known)
{
	return (name[0] | 0x20) == (known[0] | 0x20) && strcasecmp(name, known) == 0;
}

static enum MHD_Result take_header(
	void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct call *call = arg;
	struct exchange *x = &call->x;
	int i;

	(void)kind;
	value = value != NULL ? value : "";
	if (!is_token(name) || !is_value(value))
		call->unclear = true;
	if (is_name(name, "X-Forwarded-For"))
		call->forwarded = value; /* a proxy adds to the one it got, or one more behind it */
	if (is_name(name, "Accept-Language"))
		language_wish_add(&x->languages, value);
	for (i = 0; i < REQUEST_HEADER__MAX; i++) {
		if (!is_name(name, request_header_names[i]))
			continue;
		if (x->header_count[i]++ == 0)
			x->headers[i] = value;
		if (!is_ascii(value) || !is_value(value))
			x->broken_header = request_header_names[i];
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

/* One of two would be believed, and who can say which. */
static void find_broken_header(struct exchange *x)
{
	static const enum request_header once[] = {REQUEST_HOST, REQUEST_AUTHORIZATION,
		REQUEST_CONTENT_LENGTH, REQUEST_TRANSFER_ENCODING};
	size_t i;

	for (i = 0; i < sizeof once / sizeof *once; i++)
		if (x->header_count[once[i]] > 1)
			x->broken_header = request_header_names[once[i]];
	if (x->broken_header == NULL && !coding_is_known(x))
		x->broken_header = request_header_names[REQUEST_TRANSFER_ENCODING];
}

static bool headers_are_clear(const struct call *call)
{
	return !call->unclear && call->x.broken_header == NULL && framing_is_clear(&call->x);
}

/* "http://host/path" is what a proxy is asked; a server takes it too (RFC 9112 3.2.2). */
static const char *path_of(const char *target)
{
	const char *rest = strncasecmp(target, "http://", 7) == 0    ? target + 7
			   : strncasecmp(target, "https://", 8) == 0 ? target + 8
								     : NULL;

	if (rest == NULL)
		return target;
	rest += strcspn(rest, "/");
	return *rest != '\0' ? rest : "/";
}

/* A proxy on this machine that is not named: those who ask through it are taken for one. */
static void tell_of_proxy(struct call *call)
{
	if (call->server->told_proxy || !call->x.loopback || call->admin)
		return;
	call->server->told_proxy = true;
	log_warn("http",
		"a proxy on this machine is not named (--behind): wrong codes and passwords "
		"of all who come through it are counted together");
}

/* Where it comes from, if the line is that of a proxy which says so. */
static void find_origin(struct call *call)
{
	struct sockaddr_storage client;

	if (call->forwarded == NULL)
		return;
	if (!line_of(call->connection)->proxied) {
		tell_of_proxy(call);
	} else if (behind_client(call->server->config->behind, call->forwarded, &client)) {
		call->x.origin = listen_origin((const struct sockaddr *)&client);
		call->x.loopback = listen_is_loopback((const struct sockaddr *)&client);
	}
}

/* From HTTP/1.1 on (RFC 9112 3.2). */
static bool must_name_host(const char *version)
{
	return strcmp(version, "HTTP/1.0") != 0;
}

static void begin(struct call *call, const char *path, const char *method, const char *version)
{
	struct httpd *h = call->server;
	struct exchange *x = &call->x;
	struct buf query = {0};

	call->began = true;
	x->method = method;
	x->path = path_of(path);
	MHD_get_connection_values(call->connection, MHD_HEADER_KIND, take_header, call);
	find_origin(call);
	find_broken_header(x);
	if (must_name_host(version) && x->header_count[REQUEST_HOST] == 0)
		x->broken_header = request_header_names[REQUEST_HOST];
	MHD_get_connection_values(call->connection, MHD_GET_ARGUMENT_KIND, take_query, &query);
	x->query = call->query = buf_take(&query);
	call->close =
		call->server->stopping || !headers_are_clear(call) || (!call->admin && is_over(h));
	if (!headers_are_clear(call))
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
	if (call->close || call->server->stopping)
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

enum MHD_Result http_on_request(void *arg, struct MHD_Connection *c, const char *path,
	const char *method, const char *version, const char *data, size_t *len_bytes,
	void **con_cls)
{
	struct httpd *h = arg;
	struct call *call = *con_cls;

	if (!call->began) {
		begin(call, path, method, version);
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
