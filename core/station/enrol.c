#include "core/station/enrol.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/db.h"
#include "core/base/id.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/changes.h"
#include "core/station/http.h"
#include "core/station/outbox.h"
#include "core/station/receipt.h"
#include "core/station/store.h"

enum {
	TIMEOUT_MS = 20 * 1000,
	NAME_MAX_BYTES = 300,
	SAYING_MAX_BYTES = 900,
	TOKEN_MAX_BYTES = 1000,
	KEY_MAX_BYTES = 1000
};

static bool is_admission(const json *answer)
{
	const char *key = json_get_str(answer, "receipt_key");

	return id_is_word(json_get_str(answer, "token"), TOKEN_MAX_BYTES) &&
	       (key == NULL || strlen(key) <= KEY_MAX_BYTES);
}

static enum err keep_each(struct store *s, const char *url, const json *answer, const char *name)
{
	const char *hall_key = json_get_str(answer, "receipt_key");
	char *before = store_get(s, "centre.url");
	enum err e = store_set(s, "centre.url", url);

	if (e == OK && before != NULL && strcmp(before, url) != 0)
		changes_begin_again(s); /* another centre counts anew */
	free(before);
	if (e == OK)
		e = store_set(s, "centre.token", json_get_str(answer, "token"));
	if (e == OK && *name != '\0')
		e = store_set(s, "centre.station", name);
	if (e == OK && hall_key != NULL)
		e = receipt_key_set(s, hall_key);
	return e == OK ? receipt_mark_set(s, json_get_str(answer, "receipt_mark")) : e;
}

/* All or nothing: the token of one centre must not go to the address of another. */
static enum err keep(struct store *s, const char *url, const json *answer, const char *name)
{
	enum err e = db_begin(store_db(s));

	if (e == OK)
		e = keep_each(s, url, answer, name);
	if (e == OK)
		return db_commit(store_db(s));
	db_rollback(store_db(s));
	return e;
}

/* What the centre did not admit before may go now. */
static int64_t free_letters(struct store *s)
{
	struct stmt *st =
		db_prepare(store_db(s), "SELECT count(*) FROM letter WHERE state = 1 AND hold = 2");
	int64_t held = db_row(st) ? db_int(st, 0) : 0;
	size_t count;

	if (db_done(st) != OK || held == 0 || outbox_retry_all(s, "enrol", &count) != OK)
		return 0;
	return held;
}

/* A code is good once: when the answer cannot be kept, it needs another one. */
static enum err take_in(struct store *s, const char *url, const json *answer, struct buf *why)
{
	const char *station = json_get_str(answer, "station");
	struct buf name = {0};
	int64_t held;
	enum err e;

	text_clean_some(&name, station != NULL ? station : "", NAME_MAX_BYTES);
	e = keep(s, url, answer, buf_str(&name));
	if (e != OK) {
		buf_why(why,
			tr("中心接纳了, 但本机数据文件写不进去 (%s); 处理后请管理员重发接入码 (station add 名称 --renew)"),
			err_text(e));
		buf_fini(&name);
		return e;
	}
	held = free_letters(s);
	if (held > 0)
		buf_why(why, tr("已接入 %s, 在那里登记为 %s; 先前没有被接纳的 %lld 件马上再报"),
			url, buf_str(&name), (long long)held);
	else
		buf_why(why, tr("已接入 %s, 在那里登记为 %s"), url, buf_str(&name));
	buf_fini(&name);
	return OK;
}

static void say_refused(const json *answer, struct buf *why)
{
	const char *detail = json_get_str(answer, "detail");
	struct buf said = {0};

	if (detail != NULL)
		text_clean_some(&said, tr(detail), SAYING_MAX_BYTES);
	buf_why(why, tr("中心没有接受接入码: %s"), buf_str(&said));
	buf_fini(&said);
}

static void say_no_centre(const char *url, const struct transport_answer *a, struct buf *why)
{
	buf_why(why, tr("%s 有答复 (%ld), 但不是中心, 请检查网址"), url, a->status);
}

static enum err read_answer(
	struct store *s, const char *url, const struct transport_answer *a, struct buf *why)
{
	json *answer = NULL;
	enum err e;

	if (a->fault != LINE_OK) {
		buf_why(why, tr("%s: %s。请检查网址和网络。"), url, line_fault_text(a->fault));
		return ERR_BUSY;
	}
	if (json_parse(&answer, a->body, a->body_len, NULL) != OK) {
		say_no_centre(url, a, why);
		return ERR_BUSY;
	}
	if (a->status == 201 && is_admission(answer)) {
		e = take_in(s, url, answer, why);
	} else if (a->status / 100 == 2) {
		say_no_centre(url, a, why);
		e = ERR_BUSY;
	} else {
		say_refused(answer, why);
		e = ERR_DENIED;
	}
	json_free(answer);
	return e;
}

enum err enrol(struct store *s, const struct conf *conf, const char *url, const char *code,
	struct buf *why)
{
	const struct http_options o = {.url = url,
		.ca_file = conf_get(conf, "centre.ca"),
		.proxy = conf_get(conf, "centre.proxy"),
		.user_agent = "yimen",
		.timeout_ms = TIMEOUT_MS};
	struct transport_request r = {.method = "POST", .path = "/v1/enrolments"};
	struct transport_answer a;
	struct transport t;
	struct buf body = {0};
	char *mark = NULL;
	struct http *h;
	enum err e = http_open(&h, &o, why);

	if (e != OK)
		return e;
	buf_addc(&body, '{');
	json_member_str(&body, "code", code);
	json_member_str(&body, "station", conf_get(conf, "station.name"));
	if (receipt_mark(s, &mark) == OK)
		json_member_str(&body, "receipt_mark", mark);
	free(mark);
	buf_addc(&body, '}');
	r.body = body.data;
	r.body_len = body.len;
	t = http_transport(h);
	e = t.send(t.arg, &r);
	if (e == OK) {
		while (t.poll(t.arg, TIMEOUT_MS, NULL, 0, &a, 1) == 0)
			continue;
		e = read_answer(s, url, &a, why);
	}
	http_close(h);
	buf_fini(&body);
	return e;
}
