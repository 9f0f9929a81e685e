#include "core/central/http.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/central/http_private.h"
#include "core/central/listen.h"
#include "core/central/share.h"

enum {
	SPARE_LINES = 32,	 /* accepted beyond the limit, only to be told 503 */
	HEADER_BYTES = 16 << 10, /* libmicrohttpd's memory for one line, headers included */
	SHARE_MAX = 32,		 /* so many lines at most are read in one turn */
	TURN_MS = 200,		 /* lines are looked at at least so often */
	STOP_MS = 5000,
	CERT_BYTES = 256 << 10
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

/* ---- opening ---- */

static void to_log(void *arg, const char *fmt, va_list ap)
{
	struct buf b = {0};

	(void)arg;
	buf_vprintf(&b, fmt, ap);
	log_debug("http", "%s", buf_str(&b));
	buf_fini(&b);
}

/* Not strict: what that would add to what we look at ourselves (no Host, a blank in the target) it
 * refuses with HTML under a head that 0.9.75 sends twice, or not at all. */
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
	void *on_uri = admin ? (void *)http_on_admin_request_line : (void *)http_on_request_line;

	return MHD_start_daemon(flags, 0, NULL, NULL, http_on_request, h,
		MHD_OPTION_EXTERNAL_LOGGER, to_log, NULL, MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_CONNECTION_LIMIT, admin ? 16u : h->config->connections + SPARE_LINES,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_BYTES,
		MHD_OPTION_CONNECTION_TIMEOUT, h->config->idle_ms / 1000 + 1,
		MHD_OPTION_NOTIFY_CONNECTION, http_on_line, h, MHD_OPTION_NOTIFY_COMPLETED,
		http_on_completed, h, MHD_OPTION_URI_LOG_CALLBACK, on_uri, h,
		MHD_OPTION_UNESCAPE_CALLBACK, http_leave_escaped, NULL,
		MHD_OPTION_STRICT_FOR_CLIENT, 0, MHD_OPTION_ARRAY, tls ? tls_options : none,
		MHD_OPTION_END);
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

static void run(struct httpd *h, const struct sets *s)
{
	MHD_run_from_select(h->stations, &s->read, &s->write, &s->except);
	if (h->admin != NULL)
		MHD_run_from_select(h->admin, &s->read, &s->write, &s->except);
}

/*
 * What the service has just answered goes out without asking the system first: a line whose answer
 * was awaited has room for it, and one that has none says so. Resumed, written, ended: three steps
 * of libmicrohttpd.
 */
static void send_answers(struct httpd *h)
{
	struct sets s;
	int step;

	for (step = 0; step < 3; step++) {
		gather(h, &s);
		FD_ZERO(&s.read);
		FD_ZERO(&s.except);
		run(h, &s);
	}
}

static void add_descriptor(struct httpd *h, struct sets *s)
{
	int fd = h->service->descriptor(h->service->arg);

	if (fd < 0 || fd >= FD_SETSIZE)
		return;
	FD_SET(fd, &s->read);
	if (fd > s->max)
		s->max = fd;
}

/*
 * Not all that can be read is read in one turn: while the store makes one part's letters durable
 * the next part is read and checked, and whose answers are there does not wait for all the others.
 */
static void take_share(struct httpd *h, struct sets *s)
{
	unsigned share = h->lines.count / 2;

	share = share < 1 ? 1 : share > SHARE_MAX ? SHARE_MAX : share;
	share_take(&s->read, s->max, share, &h->served);
}

/* One look at all lines: wait, move bytes, let the service finish what came. */
static int64_t turn(struct httpd *h, int64_t wish_ms, const sigset_t *while_waiting)
{
	struct sets s;
	struct timespec ts;
	int64_t wait_ms;
	int n;

	gather(h, &s);
	add_descriptor(h, &s);
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
	take_share(h, &s);
	run(h, &s);
	lines_sweep(&h->lines, h->now_ms, http_on_gone);
	wish_ms = h->service->round(h->service->arg, h->now_ms);
	if (h->woken) {
		h->woken = false;
		send_answers(h);
	}
	return wish_ms;
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
	h->stopping = true;
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
