#include "core/central/api.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/statvfs.h>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/central/api_internal.h"
#include "core/central/fault.h"
#include "core/central/form_rules.h"
#include "core/central/papers.h"

enum {
	IMPORT_BYTES_MAX = 1 << 30,
	TIDY_MS = 3600000
};

#define JSON_TYPE  "application/json"
#define FORM_TYPE  "application/x-www-form-urlencoded"
#define PIECE_TYPE "application/offset+octet-stream"

const struct route api_routes[] = {
	{"POST", "/v1/applications", ACCESS_STATION, API_BODY_BYTES, JSON_TYPE, api_letter_begin,
		api_application},
	{"POST", "/v1/letters", ACCESS_STATION, API_BODY_BYTES, JSON_TYPE, api_letter_begin,
		api_letter},
	{"GET", "/v1/letters/{key}", ACCESS_STATION, 0, NULL, NULL, api_letter_again},
	{"GET", "/v1/attachments/{sha256}", ACCESS_STATION, 0, NULL, NULL, api_paper},
	{"PATCH", "/v1/attachments/{sha256}", ACCESS_STATION, PAPER_PIECE_BYTES_MAX, PIECE_TYPE,
		api_paper_piece_begin, api_paper_piece},
	{"GET", "/v1/cases", ACCESS_STATION, 0, NULL, NULL, api_case_list},
	{"GET", "/v1/cases/{project_no}", ACCESS_PUBLIC, 0, NULL, NULL, api_case},
	{"GET", "/v1/catalogue", ACCESS_PUBLIC, 0, NULL, NULL, api_catalogue},
	{"GET", "/v1/changes", ACCESS_STATION, 0, NULL, NULL, api_changes},
	{"POST", "/v1/enrolments", ACCESS_PUBLIC, 4096, JSON_TYPE, NULL, api_enrol},
	{"GET", "/q", ACCESS_PUBLIC, 0, NULL, NULL, api_query_form},
	{"POST", "/q", ACCESS_PUBLIC, 4096, FORM_TYPE, NULL, api_query_ask},
	{"GET", "/q/{code}", ACCESS_PUBLIC, 0, NULL, NULL, api_query_code},
	{"GET", "/health", ACCESS_PUBLIC, 0, NULL, NULL, api_health},
	{"GET", "/metrics", ACCESS_PUBLIC, 0, NULL, NULL, api_metrics},
	{"POST", "/admin/catalogue", ACCESS_ADMIN, IMPORT_BYTES_MAX, NULL, api_admin_import_begin,
		api_admin_import},
	{"GET", "/admin/cases", ACCESS_ADMIN, 0, NULL, NULL, api_admin_case_list},
	{"GET", "/admin/cases/{project_no}", ACCESS_ADMIN, 0, NULL, NULL, api_admin_case},
	{"POST", "/admin/cases/{project_no}/advance", ACCESS_ADMIN, 65536, NULL, NULL,
		api_admin_advance},
	{"POST", "/admin/cases/{project_no}/acts", ACCESS_ADMIN, 1 << 20, NULL, NULL,
		api_admin_act},
	{"GET", "/admin/evaluations", ACCESS_ADMIN, 0, NULL, NULL, api_admin_evaluation_list},
	{"GET", "/admin/changes", ACCESS_ADMIN, 0, NULL, NULL, api_changes},
	{"GET", "/admin/receipt-key", ACCESS_ADMIN, 0, NULL, NULL, api_admin_receipt_key},
	{"GET", "/admin/backup", ACCESS_ADMIN, 0, NULL, NULL, api_admin_backup},
	{"GET", "/admin/backup/{centre}", ACCESS_ADMIN, 0, NULL, NULL, api_admin_backup_again},
	{"GET", "/admin/stations", ACCESS_ADMIN, 0, NULL, NULL, api_admin_station_list},
	{"POST", "/admin/stations", ACCESS_ADMIN, 65536, NULL, NULL, api_admin_station_add},
	{"DELETE", "/admin/stations/{name}", ACCESS_ADMIN, 0, NULL, NULL, api_admin_station_revoke},
	{"POST", "/admin/notices", ACCESS_ADMIN, 65536, NULL, NULL, api_admin_notice},
	{NULL, NULL, ACCESS_PUBLIC, 0, NULL, NULL, NULL},
};

struct api *api_new(const struct api_config *config)
{
	struct api *a = mem_alloc(sizeof *a);

	a->config = *config;
	a->store = config->store;
	a->forms = form_rules_new();
	a->mono_ms = clock_mono_ms(config->clock);
	a->last_letter_ms = a->mono_ms;
	api_look_for_stations(a);
	if (a->store->ops->meta_get(a->store, "region", &a->region) != OK)
		buf_adds(&a->region, "000000");
	return a;
}

void api_free(struct api *a)
{
	if (a == NULL)
		return;
	form_rules_free(a->forms);
	recent_forget(&a->station_names);
	recent_forget(&a->matters);
	buf_fini(&a->region);
	free(a->group);
	free(a);
}

/* Of the disk of the data, which may be another one than that of the papers. */
bool api_has_room(const struct api *a, int64_t bytes)
{
	struct statvfs fs;

	return a->config.data == NULL || statvfs(a->config.data, &fs) != 0 ||
	       (int64_t)fs.f_bavail * (int64_t)fs.f_frsize >= bytes + PAPERS_ROOM_BYTES;
}

int64_t api_now_ms(const struct api *a)
{
	return clock_wall_ms(a->config.clock);
}

/* ---- finding the route ---- */

/* Compares a path with a template part by part; *param is where {…} stands. */
static bool matches(const char *template, const char *path, const char **param, size_t *param_len)
{
	while (*template != '\0') {
		if (*template == '{') {
			size_t len = strcspn(path, "/");
			if (len == 0)
				return false;
			*param = path;
			*param_len = len;
			path += len;
			template = strchr(template, '}') + 1;
		} else if (*template ++ != *path++) {
			return false;
		}
	}
	return *path == '\0';
}

static bool method_is(const char *wanted, const char *method)
{
	return strcmp(wanted, method) == 0 ||
	       (strcmp(wanted, "GET") == 0 && strcmp(method, "HEAD") == 0);
}

static const struct route *find_route(struct exchange *x, struct buf *allow)
{
	const struct route *r;

	for (r = api_routes; r->method != NULL; r++) {
		if (r->access == ACCESS_ADMIN && !x->admin)
			continue;
		if (!matches(r->template, x->path, &x->param, &x->param_len_bytes))
			continue;
		x->route = r->template;
		if (method_is(r->method, x->method))
			return r;
		buf_printf(allow, "%s%s", allow->len > 0 ? ", " : "", r->method);
		if (strcmp(r->method, "GET") == 0)
			buf_adds(allow, ", HEAD");
	}
	return NULL;
}

static void no_route(struct exchange *x, const struct buf *allow)
{
	if (allow->len == 0) {
		problem_say(
			x, PROBLEM_NO_PATH, tr("这里没有这个地址, 接口说明见 data/openapi.yaml"));
		return;
	}
	exchange_header(x, "Allow", allow->data);
	problem_say(x, PROBLEM_METHOD, tr("这个地址只接受 %s"), allow->data);
}

/* Parameters of a type: a charset, when named, is UTF-8. */
static bool charset_fits(const char *parameters)
{
	static const char name[] = "charset=";
	const char *at;

	for (at = parameters; (at = strchr(at, ';')) != NULL;) {
		at += 1 + strspn(at + 1, " \t");
		if (strncasecmp(at, name, sizeof name - 1) != 0)
			continue;
		at += sizeof name - 1;
		at += *at == '"';
		if (strncasecmp(at, "utf-8", 5) != 0 || strchr("\"; \t", at[5]) == NULL)
			return false;
	}
	return true;
}

static bool packed(const struct exchange *x)
{
	const char *coding = x->headers[REQUEST_CONTENT_ENCODING];

	return coding != NULL && strcasecmp(coding, "identity") != 0;
}

/* The type that is asked for, with or without parameters, and nothing packed. */
static bool media_type_fits(const struct exchange *x, const struct route *r)
{
	const char *type = x->headers[REQUEST_CONTENT_TYPE];
	size_t len;

	if (packed(x))
		return false;
	if (r->media_type == NULL)
		return true;
	len = strlen(r->media_type);
	return type != NULL && strncasecmp(type, r->media_type, len) == 0 &&
	       (type[len] == '\0' || type[len] == ';' || type[len] == ' ') &&
	       charset_fits(type + len);
}

static void refuse_media_type(struct exchange *x, const struct route *r)
{
	const char *type = r->media_type != NULL ? r->media_type : JSON_TYPE;

	exchange_header(x, strcmp(r->method, "PATCH") == 0 ? "Accept-Patch" : "Accept-Post", type);
	problem_say_at(x, PROBLEM_MEDIA_TYPE, "header",
		packed(x) ? "Content-Encoding" : "Content-Type", "media-type",
		tr("正文请用 Content-Type: %s (UTF-8), 不要压缩"), type);
}

static bool announces_too_much(const struct exchange *x, const struct route *r)
{
	const char *length = x->headers[REQUEST_CONTENT_LENGTH];

	return length != NULL && r->body_limit_bytes > 0 &&
	       strtoull(length, NULL, 10) > r->body_limit_bytes;
}

/* On demand only: see fault.h. */
static bool trouble(struct fault *f, struct exchange *x)
{
	if (fault_strikes(f, FAULT_DROP_REQUEST)) {
		x->drop = true;
		api_refuse(NULL, x, 503);
	} else if (fault_strikes(f, FAULT_REFUSE)) {
		api_refuse(NULL, x, 503);
	}
	return x->status != 0;
}

/* Another program has written: whoever was locked out or let in there is so here as well. Asked
 * once in a look at the lines: what comes with it was sent before it began. */
static void take_in_news(struct api *a)
{
	unsigned news;

	if (a->heard)
		return;
	a->heard = true;
	news = a->store->ops->news(a->store);
	if (news == 0)
		return;
	if ((news & NEWS_STATIONS) != 0) {
		api_forget_stations(a);
		api_look_for_stations(a);
	}
	a->changed = true;
}

void api_begin(void *api, struct exchange *x)
{
	struct api *a = api;
	struct buf allow = {0};
	const struct route *r = find_route(x, &allow);

	exchange_speak(x);
	if (r == NULL) {
		no_route(x, &allow);
		buf_fini(&allow);
		return;
	}
	buf_fini(&allow);
	x->chosen = r;
	/* A body where none is asked for is read over, within reason. */
	x->body_limit = r->body_limit_bytes > 0 ? r->body_limit_bytes : 4096;
	if (a->config.fault != NULL && r->access != ACCESS_ADMIN && trouble(a->config.fault, x))
		return;
	take_in_news(a);
	if (r->handle != api_metrics && a->store->ops->ready(a->store) != OK) {
		api_store_failed(x);
		return;
	}
	if (r->access == ACCESS_STATION && !api_authenticate(a, x, &x->station))
		return;
	if (!media_type_fits(x, r))
		refuse_media_type(x, r);
	else if (announces_too_much(x, r))
		api_refuse(a, x, 413);
	else if (r->begin != NULL)
		r->begin(a, x);
}

void api_finish(void *api, struct exchange *x)
{
	const struct route *r = x->chosen;

	exchange_speak(x);
	r->handle(api, x);
}

void api_refuse(void *api, struct exchange *x, int status)
{
	(void)api;
	exchange_speak(x);
	if (status == 413)
		problem_say_at(x, PROBLEM_TOO_LARGE, "pointer", "", "too-large",
			tr("正文超过 %zu 字节"),
			x->body_limit > 0 ? x->body_limit : (size_t)API_BODY_BYTES);
	else if (status == 503)
		problem_say(x, PROBLEM_BUSY, tr("中心的连接或内存已到上限, 请稍后再试"));
	else if (x->broken_header == request_header_names[REQUEST_HOST] &&
		 x->header_count[REQUEST_HOST] == 0)
		problem_say_at(x, PROBLEM_BAD_REQUEST, "header", request_header_names[REQUEST_HOST],
			"required", tr("请求里没有 Host 请求头"));
	else if (x->broken_header != NULL)
		problem_say_at(x, PROBLEM_BAD_REQUEST, "header", x->broken_header, "header",
			tr("请求头 %s 写得不清楚: 只能有一个, 里面不能有看不见的字符"),
			x->broken_header);
	else
		problem_say(x, problem_for_status(status),
			tr("请求行或请求头写得不清楚: 里面不能有看不见的字符, 网址和名称里不能有空白, "
			   "Content-Length 与 Transfer-Encoding 只能有一个"));
}

/* ---- the round ---- */

static int64_t sooner(int64_t a_ms, int64_t b_ms)
{
	return a_ms < 0 ? b_ms : b_ms < 0 || a_ms < b_ms ? a_ms : b_ms;
}

int api_descriptor(void *api)
{
	struct api *a = api;

	return a->store->ops->descriptor(a->store);
}

int64_t api_round(void *api, int64_t mono_ms)
{
	struct api *a = api;
	struct waiter *w;
	int64_t wish_ms;

	a->mono_ms = mono_ms;
	msg_speak(MSG_OWN);
	if (a->tidied_ms == 0 || mono_ms - a->tidied_ms > TIDY_MS) {
		papers_tidy(a->config.papers, api_now_ms(a));
		a->tidied_ms = mono_ms;
	}
	wish_ms = api_settle_letters(a);
	take_in_news(a);
	api_serve_waiters(a);
	for (w = a->waiters; w != NULL; w = w->next)
		wish_ms = sooner(wish_ms, w->until_ms - mono_ms);
	a->heard = false;
	return sooner(wish_ms, a->store->ops->idle(a->store, mono_ms - a->last_letter_ms));
}

void api_stopping(void *api)
{
	struct api *a = api;

	a->stopping = true;
	a->changed = true;
}

static size_t time_bucket(int64_t took_us)
{
	size_t i = 0;
	int64_t limit_us = 250;

	while (i < TIME_BUCKETS && took_us > limit_us) {
		limit_us *= 2;
		i++;
	}
	return i;
}

/* A method is what the client wrote, whatever that is: only known ones are written down. */
static const char *method_for_log(const char *method)
{
	static const char *const known[] = {
		"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"};
	size_t i;

	for (i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i], method) == 0)
			return known[i];
	return "OTHER";
}

void api_ended(void *api, const struct exchange *x, int64_t took_us, size_t bytes)
{
	struct api *a = api;
	const struct route *r = x->chosen;
	size_t route = r != NULL ? (size_t)(r - api_routes) : ROUTES_MAX;

	if (x->status >= 100 && x->status < 600)
		a->counters.requests[route][x->status / 100]++;
	else
		a->counters.requests[route][0]++;
	a->counters.took[time_bucket(took_us)]++;
	a->counters.took_us += (uint64_t)took_us;
	a->counters.took_count++;
	log_info("http", "%s %s %d %lld.%03lldms %zuB", method_for_log(x->method),
		x->route != NULL ? x->route : "-", x->drop ? 0 : x->status,
		(long long)(took_us / 1000), (long long)(took_us % 1000), bytes);
}

/* ---- what the handlers share ---- */

bool api_guesses_spent(struct api *a, const struct exchange *x)
{
	return guesses_spent(&a->guesses, x->origin, a->mono_ms);
}

bool api_guessing(struct api *a, struct exchange *x)
{
	if (!api_guesses_spent(a, x))
		return false;
	problem_say(x, PROBLEM_TOO_MANY, tr("输错的次数太多, 请一分钟后再试"));
	return true;
}

void api_guessed_wrong(struct api *a, const struct exchange *x)
{
	guesses_wrong(&a->guesses, x->origin, a->mono_ms);
}

void api_answer_json(struct exchange *x, int status)
{
	exchange_header(x, "Cache-Control", "no-store");
	exchange_answer(x, status, "application/json");
}

void api_answer_words(struct exchange *x, int status)
{
	exchange_worded(x);
	api_answer_json(x, status);
}

void api_store_failed(struct exchange *x)
{
	exchange_speak(x);
	problem_say(x, PROBLEM_STORE, tr("中心的数据暂时读写不了, 请稍后再试; 管理员请看日志"));
}
