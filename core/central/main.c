/* yimen-central, the reference central service: options, the data folder, the parts together. */
#include <errno.h>
#include <malloc.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/log.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/base/standard.h"
#include "core/base/version.h"
#include "core/central/admin.h"
#include "core/central/api.h"
#include "core/central/commands.h"
#include "core/central/fault.h"
#include "core/central/http.h"
#include "core/central/notify.h"
#include "core/central/numbering.h"
#include "core/central/options.h"
#include "core/central/outlook.h"
#include "core/central/papers.h"
#include "core/central/store.h"

enum {
	BODIES_BYTES_MAX = 64 << 20
};

/* A limit on the size of files: a write error like others. */
static void outlive_limits(void)
{
	signal(SIGXFSZ, SIG_IGN);
}

/* Nothing of what people handed in may end in a core file or be readable by others. */
static void keep_private(void)
{
	const struct rlimit none = {0, 0};

	standard_keep();
	umask(077);
	setrlimit(RLIMIT_CORE, &none);
}

/* Buffers of all requests come and go: memory given back to the system is asked for again at once.
 */
static void keep_memory(void)
{
	mallopt(M_MMAP_THRESHOLD, 8 << 20);
	mallopt(M_TRIM_THRESHOLD, 16 << 20);
}

/* Whose it is, for who runs this as somebody else: mostly root, for the service's folder. */
static void say_owner(const char *dir, uid_t uid, struct buf *why)
{
	const struct passwd *owner = getpwuid(uid);

	if (owner != NULL)
		buf_why(why,
			tr("数据目录 %s 属于用户 %s, 请以该用户运行: sudo -u %s yimen-central …"),
			dir, owner->pw_name, owner->pw_name);
	else
		buf_why(why, tr("数据目录 %s 不是本用户独有的, 请先 chmod 700 并检查属主"), dir);
}

static enum err prepare_folder(const char *dir, bool *made, struct buf *why)
{
	struct stat st;

	*made = mkdir(dir, 0700) == 0;
	if (!*made && errno == ENOENT) {
		buf_why(why,
			tr("建不了数据目录 %s: 它的上一级目录还没有; 请检查 --data, 写对了的先建好上一级"),
			dir);
		return ERR_DENIED;
	}
	if (!*made && errno != EEXIST) {
		buf_why(why, tr("建不了数据目录 %s: %s; 请检查 --data"), dir, err_cause(errno));
		return ERR_DENIED;
	}
	if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode)) {
		buf_why(why, tr("%s 不是目录, 请检查 --data"), dir);
		return ERR_DENIED;
	}
	if (st.st_uid != geteuid()) {
		say_owner(dir, st.st_uid, why);
		return ERR_DENIED;
	}
	if ((st.st_mode & 077) != 0) {
		buf_why(why, tr("数据目录 %s 不是本用户独有的, 请先 chmod 700 并检查属主"), dir);
		return ERR_DENIED;
	}
	return OK;
}

static unsigned connections(void *arg)
{
	return httpd_connections(*(struct httpd **)arg);
}

static int64_t certificate_until(void *arg)
{
	return httpd_certificate_until_ms(*(struct httpd **)arg);
}

/* What stands open is only ever open to this machine. */
static enum err check_openness(const struct options *o, const struct httpd *h, struct buf *why)
{
	if (httpd_is_loopback(h))
		return OK;
	if (o->open || o->fault != NULL) {
		buf_why(why, tr("--open 与 --fault 只能在本机接听 (127.0.0.1 或 [::1]) 时用"));
		return ERR_INVALID;
	}
	if (o->tls_cert == NULL)
		log_warn("main", "listening beyond this machine without TLS: put a proxy in front");
	return OK;
}

struct centre {
	struct http_config http;
	struct api_config api_config;
	struct http_service service;
	struct fault fault;
	struct httpd *httpd;
	struct api *api;
	char *socket;
	int lock;
};

/* A proxy is there for those beyond this machine. */
static enum err settle_numbers(struct centre *c, const struct options *o, struct buf *why)
{
	bool in_earnest = !httpd_is_loopback(c->httpd) || o->behind.count > 0;
	struct buf warning = {0};
	enum err e = numbering_settle(c->api_config.store, o->region, in_earnest, &warning, why);

	if (warning.len > 0)
		fprintf(stderr, "%s\n", warning.data);
	buf_fini(&warning);
	return e;
}

static void look_out(const struct centre *c)
{
	struct buf b = {0};

	outlook_clock(c->api_config.store, clock_wall_ms(c->api_config.clock), &b);
	outlook_disks(c->api_config.store, c->api_config.data, &b);
	outlook_letters(c->api_config.data, &b);
	fputs(buf_str(&b), stderr);
	buf_fini(&b);
}

/* Of one that was never taken away: the command was killed. */
static void forget_backup(const char *dir)
{
	char *path = paths_join(dir, API_BACKUP_NAME);

	unlink(path);
	free(path);
}

static enum err open_parts(struct centre *c, const struct options *o, struct buf *why)
{
	enum err e = admin_lock(o->data, &c->lock, why);

	if (e == OK)
		forget_backup(o->data);
	if (e == OK)
		e = central_store_open(&c->api_config.store, o->data, why);
	if (e == OK)
		e = papers_open(&c->api_config.papers, c->api_config.store, o->data, why);
	if (e == OK)
		e = httpd_open(&c->httpd, &c->http, &c->service, why);
	if (e == OK)
		e = check_openness(o, c->httpd, why);
	if (e == OK)
		e = settle_numbers(c, o, why);
	if (e != OK)
		return e;
	look_out(c);
	c->api_config.open = o->open;
	c->api_config.posts = true;
	c->api_config.waiters_max = (o->connections * 3 + 3) / 4;
	c->api_config.open_until_stations = httpd_is_loopback(c->httpd) && o->behind.count == 0;
	c->api = api_new(&c->api_config);
	c->service.arg = c->api;
	return OK;
}

static void close_parts(struct centre *c)
{
	httpd_close(c->httpd);
	api_free(c->api);
	papers_close(c->api_config.papers);
	if (c->api_config.store != NULL)
		c->api_config.store->ops->close(c->api_config.store);
	if (c->lock >= 0)
		close(c->lock);
	free(c->socket);
}

static void say_failure(const char *dir, enum err e, const struct buf *why)
{
	if (why->len > 0)
		fprintf(stderr, "%s\n", why->data);
	else if (e == ERR_DAMAGED)
		fprintf(stderr,
			tr("数据目录 %s 里的数据坏了, 没有启动: 请把整个目录挪开, 换回最近的备份再启动 "
			   "(见手册里的 backup)\n"),
			dir);
	else
		fprintf(stderr, tr("数据目录 %s 里的数据用不了, 没有启动: %s\n"), dir, err_text(e));
}

static int serve(const struct options *o)
{
	struct centre c = {
		.http = {.listen = o->listen,
			.tls_cert = o->tls_cert,
			.tls_key = o->tls_key,
			.connections = o->connections,
			.request_ms = o->request_ms,
			.idle_ms = o->idle_ms,
			.behind = &o->behind,
			.bodies_bytes = BODIES_BYTES_MAX,
			.clock = &clock_system},
		.service = {.begin = api_begin,
			.finish = api_finish,
			.ended = api_ended,
			.round = api_round,
			.descriptor = api_descriptor,
			.stopping = api_stopping,
			.refuse = api_refuse},
		.lock = -1,
	};
	struct buf why = {0};
	enum err e = OK;

	msg_speak_both(); /* before the store has a thread */
	c.socket = paths_join(o->data, ADMIN_SOCKET);
	c.http.admin_path = c.socket;
	c.api_config = (struct api_config){.data = o->data,
		.clock = &clock_system,
		.entropy = &entropy_system,
		.connections = connections,
		.certificate_until_ms = certificate_until,
		.transport = &c.httpd};
	if (o->fault != NULL) {
		e = fault_parse(&c.fault, o->fault, &why);
		c.api_config.fault = &c.fault;
	}
	if (e == OK)
		e = open_parts(&c, o, &why);
	if (e == OK) {
		printf("yimen-central ready %s\n", httpd_url(c.httpd));
		fflush(stdout);
		notify_ready();
		e = httpd_run(c.httpd);
	} else {
		say_failure(o->data, e, &why);
	}
	close_parts(&c);
	buf_fini(&why);
	return (int)err_exit(e == ERR_INVALID ? e : e == OK ? OK : ERR_IO);
}

static enum err open_log(const struct options *o, struct buf *why)
{
	enum err e = log_open(o->log, o->quiet ? LOG_LEVEL_WARN : LOG_LEVEL_INFO);

	if (e != OK)
		buf_why(why, tr("写不了日志 %s: %s; 请检查 --log"), o->log, err_cause(errno));
	return e;
}

int main(int argc, char **argv)
{
	struct options o;
	struct buf why = {0};
	bool made = false;
	enum err e;
	int code;

	keep_private();
	outlive_limits();
	keep_memory();
	msg_init();
	if (options_parse(&o, argc, argv, &why) != OK) {
		fprintf(stderr, "%s\n", buf_str(&why));
		buf_fini(&why);
		return EXIT_USAGE;
	}
	if (o.help || o.version) {
		fputs(o.help ? options_usage() : "yimen-central " YIMEN_VERSION "\n", stdout);
		return EXIT_DONE;
	}
	e = prepare_folder(o.data, &made, &why);
	if (e == OK)
		e = open_log(&o, &why);
	if (e == OK && o.store != NULL)
		e = central_store_note(o.data, o.store, &why);
	if (e == OK) {
		code = o.command[0] != NULL ? commands_run(o.data, o.command) : serve(&o);
	} else {
		fprintf(stderr, "%s\n", why.len > 0 ? why.data : err_text(e));
		code = e == ERR_INVALID ? EXIT_USAGE : EXIT_ENV;
	}
	if (made && code != EXIT_DONE)
		rmdir(o.data); /* a name that was mistyped: while nothing is in it */
	log_close();
	buf_fini(&why);
	return code;
}
