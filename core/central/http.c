#include "core/central/http.h"

#include <errno.h>
#include <fcntl.h>
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
#include "core/central/http_private.h"
#include "core/central/listen.h"
#include "core/central/share.h"

enum {
	SPARE_LINES = 32,	 /* accepted beyond the limit, only to be told 503 */
	HEADER_BYTES = 16 << 10, /* libmicrohttpd's memory for one line, headers included */
	SHARE_MAX = 32,		 /* so many lines at most are read in one turn */
	TURN_MS = 200,		 /* lines are looked at at least so often */
	STOP_MS = 5000,
	DAY_MS = 86400000
};

/* ---- signals: blocked except while waiting in pselect, so none can be missed ---- */

static volatile sig_atomic_t stop_asked, renewal_asked;

static void ask_stop(int signo)
{
	(void)signo;
	stop_asked = 1;
}

static void ask_renewal(int signo)
{
	(void)signo;
	renewal_asked = 1;
}

static bool has_terminal(void)
{
	int fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void catch_signals(struct httpd *h)
{
	static const int caught[] = {SIGTERM, SIGINT, SIGHUP};
	struct sigaction sa = {.sa_handler = ask_stop}, before;
	sigset_t block;
	size_t i;

	sigemptyset(&sa.sa_mask);
	sigemptyset(&block);
	for (i = 0; i < sizeof caught / sizeof *caught; i++)
		sigaddset(&block, caught[i]);
	sigprocmask(SIG_BLOCK, &block, &h->while_waiting);
	for (i = 0; i < sizeof caught / sizeof *caught; i++)
		sigdelset(&h->while_waiting, caught[i]);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sa.sa_handler = ask_renewal;
	sigaction(SIGHUP, &sa, &before);
	h->on_terminal = before.sa_handler != SIG_IGN && has_terminal(); /* ignored: nohup */
	sa.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &sa, NULL);
}

/* ---- the certificate ---- */

/* In the centre's own language: it is the administrator who reads it. */
static void doubt_certificate(struct httpd *h)
{
	struct buf b = {0};

	h->doubted_ms = h->now_ms;
	if (h->certificate == NULL)
		return;
	msg_speak(MSG_OWN);
	if (certificate_doubt(
		    h->certificate, h->config->tls_cert, clock_wall_ms(h->config->clock), &b))
		log_warn("tls", "%s", b.data);
	buf_fini(&b);
}

/* One that is over, or has not begun, is no better than what there is. */
static enum err read_renewed(struct httpd *h, struct certificate **out, struct buf *why)
{
	enum err e = certificate_read(out, h->config->tls_cert, h->config->tls_key, why);
	int64_t now_ms = clock_wall_ms(h->config->clock);

	if (e != OK || certificate_holds(*out, now_ms) ||
		!certificate_holds(h->certificate, now_ms))
		return e;
	certificate_doubt(*out, h->config->tls_cert, now_ms, why);
	certificate_free(*out);
	return ERR_INVALID;
}

static void renew_certificate(struct httpd *h)
{
	struct certificate *fresh = NULL;
	struct buf why = {0};
	char day[32];

	msg_speak(MSG_OWN);
	if (read_renewed(h, &fresh, &why) == OK) {
		certificate_follow(fresh, h->certificate);
		h->certificate = fresh;
		log_info("tls", tr("换上了证书 %s, 到 %s 为止; 已经接通的线路不断"),
			h->config->tls_cert,
			clock_format(
				certificate_until_ms(fresh), "%Y-%m-%d %H:%M", day, sizeof day));
		doubt_certificate(h);
	} else {
		log_error("tls", tr("证书没有换, 还用原来的。%s"), buf_str(&why));
	}
	buf_fini(&why);
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
		{MHD_OPTION_HTTPS_MEM_CERT, 0, tls ? certificate_chain(h->certificate) : NULL},
		{MHD_OPTION_HTTPS_MEM_KEY, 0, tls ? certificate_key(h->certificate) : NULL},
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

enum err httpd_open(struct httpd **out, const struct http_config *config,
	const struct http_service *service, struct buf *why)
{
	struct httpd *h = mem_alloc(sizeof *h);
	enum err e = OK;
	int fd = -1;

	h->config = config;
	h->service = service;
	h->now_ms = clock_mono_ms(config->clock);
	catch_signals(h);
	if (config->tls_cert != NULL)
		e = certificate_read(&h->certificate, config->tls_cert, config->tls_key, why);
	if (e == OK)
		doubt_certificate(h);
	if (e == OK) {
		buf_adds(&h->url, config->tls_cert != NULL ? "https://" : "http://");
		e = listen_tcp(config->listen, &fd, &h->url, &h->loopback, why);
	}
	if (e == OK && (h->stations = start(h, fd, false)) == NULL) {
		buf_why(why,
			tr("启动不了 HTTP 服务: 多半是内存或文件描述符不够 (ulimit -n), 请检查后再启动"));
		close(fd);
		e = ERR_IO;
	}
	if (e == OK && config->admin_path != NULL) {
		fd = listen_file(config->admin_path);
		if (fd < 0 || (h->admin = start(h, fd, true)) == NULL) {
			buf_why(why, tr("建不了管理套接字 %s: %s"), config->admin_path,
				err_cause(errno));
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
	certificate_free(h->certificate);
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

int64_t httpd_certificate_until_ms(const struct httpd *h)
{
	return h->certificate != NULL ? certificate_until_ms(h->certificate) : 0;
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

/* pselect lets no signal in when it finds something to read at once, as on a busy day each time.
 * SIGHUP: the service manager asks for it, or the terminal that it was started at is gone. */
static void heed_signals(struct httpd *h, int found)
{
	sigset_t blocked;

	if (found >= 0) {
		sigprocmask(SIG_SETMASK, &h->while_waiting, &blocked);
		sigprocmask(SIG_SETMASK, &blocked, NULL);
	}
	if (renewal_asked && h->on_terminal && !has_terminal())
		stop_asked = 1;
	else if (renewal_asked && h->certificate != NULL)
		renew_certificate(h);
	renewal_asked = 0;
	if (h->now_ms - h->doubted_ms > DAY_MS)
		doubt_certificate(h);
}

/* One look at all lines: wait, move bytes, let the service finish what came. */
static int64_t turn(struct httpd *h, int64_t wish_ms)
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
	n = pselect(s.max + 1, &s.read, &s.write, &s.except, wait_ms < 0 ? NULL : &ts,
		&h->while_waiting);
	h->now_ms = clock_mono_ms(h->config->clock);
	heed_signals(h, n);
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
	int64_t wish_ms = 0, until_ms;
	int listener;

	while (!stop_asked)
		wish_ms = turn(h, wish_ms);
	h->stopping = true;
	listener = MHD_quiesce_daemon(h->stations);
	if (listener >= 0)
		close(listener);
	h->service->stopping(h->service->arg);
	until_ms = h->now_ms + STOP_MS;
	do {
		wish_ms = turn(h, 10);
	} while (answering(h) && h->now_ms < until_ms);
	return OK;
}
