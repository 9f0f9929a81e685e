#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "core/base/id.h"
#include "core/base/log.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/central/api_internal.h"

enum {
	TOKEN_CHARS = 52, /* 5 bits each: 260 bits */
	CODE_CHARS = 12,
	CODE_HOURS = 72,
	MARK_TRIES = 100,
	CACHE_MS = 60000, /* another program tells of what it changed; in case it could not */
	NONE_MS = 1000,	  /* the same of the first station, which closes what was open */
	NAME_BYTES_MAX = 300
};

/* Digest of a token or code as typed: case and hyphens do not matter. */
static void digest_of(const char *secret, size_t len_bytes, unsigned char out[32])
{
	unsigned char raw[64];
	struct buf b = {0};
	size_t i;

	for (i = 0; i < len_bytes; i++) {
		char c = secret[i];
		if (c != '-' && c != ' ')
			buf_addc(&b, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
	}
	crypto_digest(DIGEST_SHA256, buf_str(&b), b.len, raw);
	memcpy(out, raw, 32);
	buf_fini(&b);
}

/* ---- who asks ---- */

static void saw_station(void *arg, const struct station_record *r)
{
	struct api *a = arg;

	(void)r;
	a->has_stations = true;
}

void api_look_for_stations(struct api *a)
{
	if (!a->has_stations)
		a->store->ops->station_each(a->store, saw_station, a);
	a->no_stations_until_ms = a->mono_ms + NONE_MS;
}

bool api_is_open(struct api *a)
{
	if (a->config.open || !a->config.open_until_stations)
		return a->config.open;
	if (a->store->ops->shared && a->mono_ms >= a->no_stations_until_ms)
		api_look_for_stations(a); /* another program may have let one in */
	return !a->has_stations;
}

static enum err station_of(struct api *a, const unsigned char digest[32], int64_t *station)
{
	size_t slot = digest[0] % TOKEN_CACHE;

	if (a->tokens[slot].station == 0 || a->tokens[slot].until_ms < a->mono_ms ||
		!crypto_equal(a->tokens[slot].digest, digest, 32)) {
		int64_t id = 0;
		enum err e = a->store->ops->station_of(a->store, digest, &id);
		if (e != OK)
			return e;
		memcpy(a->tokens[slot].digest, digest, 32);
		a->tokens[slot].station = id;
		a->tokens[slot].until_ms = a->mono_ms + CACHE_MS;
	}
	*station = a->tokens[slot].station;
	return OK;
}

enum err api_station_by_name(struct api *a, const char *name, int64_t *id)
{
	enum err e = OK;

	if (!recent_get(&a->station_names, name, a->mono_ms, id)) {
		*id = 0;
		e = a->store->ops->station_by_name(a->store, name, id);
		if (e == OK || e == ERR_NOT_FOUND)
			recent_put(&a->station_names, name, a->mono_ms + CACHE_MS, *id);
	}
	return e == OK && *id == 0 ? ERR_NOT_FOUND : e;
}

void api_forget_stations(struct api *a)
{
	memset(a->tokens, 0, sizeof a->tokens);
	recent_forget(&a->station_names);
}

bool api_authenticate(struct api *a, struct exchange *x, int64_t *station)
{
	const char *header = x->headers[REQUEST_AUTHORIZATION];
	unsigned char digest[32];
	enum err e = ERR_NOT_FOUND;

	if (x->admin || (header == NULL && api_is_open(a))) {
		*station = 0;
		return true;
	}
	if (header != NULL && strncasecmp(header, "Bearer ", 7) == 0) {
		digest_of(header + 7, strlen(header + 7), digest);
		e = station_of(a, digest, station);
	}
	if (e == OK)
		return true;
	if (e != ERR_NOT_FOUND) {
		api_store_failed(x);
		return false;
	}
	problem_say_at(x, PROBLEM_TOKEN, "header", "Authorization", "token",
		tr("这台窗口机还没有登记, 或令牌已停用: 请管理员发接入码, 再运行 yimen enrol"));
	return false;
}

/* ---- enrolment ---- */

/* Each mark is given once, to whoever is first: the one that the station has drawn, else another.
 */
static bool take_mark(struct api *a, const char *name, const char *mark)
{
	char key[32];

	if (!id_is_mark(mark))
		return false;
	snprintf(key, sizeof key, "receipt.mark.%s", mark);
	return a->store->ops->meta_add(a->store, key, name) == OK;
}

/* false: none could be had; the station draws one by itself. */
static bool give_mark(struct api *a, const char *name, const char *drawn, char out[ID_MARK_SIZE])
{
	int i;

	if (take_mark(a, name, drawn)) {
		memcpy(out, drawn, ID_MARK_SIZE);
		return true;
	}
	for (i = 0; i < MARK_TRIES; i++)
		if (take_mark(a, name, id_mark(a->config.entropy, out)))
			return true;
	return false;
}

static void answer_enrolled(struct api *a, struct exchange *x, const char *name, const char *token,
	const char *drawn_mark)
{
	char mark[ID_MARK_SIZE];
	struct buf key = {0}, *b = &x->answer;

	/* Stations of one centre check each other's receipts with the same key. */
	if (a->store->ops->meta_get(a->store, "receipt.key", &key) == ERR_NOT_FOUND) {
		char made[33];
		id_code(a->config.entropy, 32, made);
		a->store->ops->meta_add(a->store, "receipt.key", made);
		a->store->ops->meta_get(a->store, "receipt.key", &key);
	}
	buf_addc(b, '{');
	json_member_str(b, "station", name);
	json_member_str(b, "token", token);
	if (key.len > 0)
		json_member_str(b, "receipt_key", key.data);
	if (give_mark(a, name, drawn_mark, mark))
		json_member_str(b, "receipt_mark", mark);
	buf_adds(b, "}\n");
	api_answer_json(x, 201);
	buf_fini(&key);
}

void api_enrol(struct api *a, struct exchange *x)
{
	unsigned char code_digest[32], token_digest[32];
	char token[TOKEN_CHARS + 1];
	struct buf name = {0};
	const char *code;
	json *root;
	enum err e;

	if (api_guessing(a, x) || (root = api_body(x)) == NULL)
		return;
	code = json_get_str(root, "code");
	if (code == NULL) {
		problem_say_at(
			x, PROBLEM_INVALID, "pointer", "/code", "required", tr("缺少接入码 code"));
		json_free(root);
		return;
	}
	digest_of(code, strlen(code), code_digest);
	id_code(a->config.entropy, TOKEN_CHARS, token);
	digest_of(token, TOKEN_CHARS, token_digest);
	e = a->store->ops->station_enrol(a->store, code_digest, token_digest, api_now_ms(a), &name);
	if (e == OK) {
		api_forget_stations(a);
		log_info("stations", "enrolled: %s", name.data);
		answer_enrolled(a, x, name.data, token, json_get_str(root, "receipt_mark"));
	} else if (e == ERR_NOT_FOUND) {
		api_guessed_wrong(a, x);
		problem_say_at(x, PROBLEM_FORBIDDEN, "pointer", "/code", "unknown",
			tr("接入码不对、已用过或过期了 (有效 %d 小时), 请管理员重发"), CODE_HOURS);
	} else {
		api_store_failed(x);
	}
	json_free(root);
	buf_fini(&name);
}

/* ---- the administrator's side ---- */

static void answer_code(struct exchange *x, const char *name, const char *code, int64_t until_ms)
{
	char iso[CLOCK_ISO_SIZE];
	struct buf *b = &x->answer;

	buf_addc(b, '{');
	json_member_str(b, "name", name);
	json_member(b, "code");
	buf_printf(b, "\"%.4s-%.4s-%.4s\"", code, code + 4, code + 8);
	json_member_str(b, "until", clock_iso(until_ms, iso));
	buf_adds(b, "}\n");
	api_answer_json(x, 201);
}

void api_admin_station_add(struct api *a, struct exchange *x)
{
	json *root = api_body(x);
	const char *name = json_get_str(root, "name");
	int64_t now_ms = api_now_ms(a), until_ms = now_ms + CODE_HOURS * 3600000ll;
	unsigned char digest[32];
	char code[CODE_CHARS + 1];
	enum err e;

	if (root == NULL)
		return;
	if (name == NULL || *name == '\0' || strlen(name) > NAME_BYTES_MAX ||
		!text_is_plain(name, false)) {
		problem_say_at(x, PROBLEM_INVALID, "pointer", "/name", "required",
			tr("请给窗口机起一个名字, 不超过 100 字, 里面没有控制字符"));
		json_free(root);
		return;
	}
	id_code(a->config.entropy, CODE_CHARS, code);
	digest_of(code, CODE_CHARS, digest);
	e = a->store->ops->station_add(
		a->store, name, json_get_bool(root, "renew", false), digest, until_ms, now_ms);
	if (e == OK)
		a->has_stations = true;
	if (e == OK)
		answer_code(x, name, code, until_ms);
	else if (e == ERR_EXISTS)
		problem_say_at(x, PROBLEM_INVALID, "pointer", "/name", "exists",
			tr("窗口机 %s 已经登记。要换新机器, 请加 --renew; 旧令牌到新码用掉时才失效。"),
			name);
	else
		api_store_failed(x);
	json_free(root);
}

/* For the administrator's own commands: what a station sealed is opened with it. */
void api_admin_receipt_key(struct api *a, struct exchange *x)
{
	struct buf key = {0};
	enum err e = a->store->ops->meta_get(a->store, "receipt.key", &key);

	if (e == OK) {
		buf_addc(&x->answer, '{');
		json_member_str(&x->answer, "receipt_key", key.data);
		buf_adds(&x->answer, "}\n");
		api_answer_json(x, 200);
	} else if (e == ERR_NOT_FOUND) {
		problem_say(x, PROBLEM_NO_PATH, tr("还没有窗口机登记过"));
	} else {
		api_store_failed(x);
	}
	buf_fini(&key);
}

static void write_station(void *arg, const struct station_record *r)
{
	struct buf *b = arg;
	char iso[CLOCK_ISO_SIZE];

	buf_addc(b, '{');
	json_member_str(b, "name", r->name);
	json_member_str(b, "added_at", clock_iso(r->added_ms, iso));
	if (r->enrolled_ms > 0)
		json_member_str(b, "enrolled_at", clock_iso(r->enrolled_ms, iso));
	buf_adds(b, "}\n");
}

void api_admin_station_list(struct api *a, struct exchange *x)
{
	if (a->store->ops->station_each(a->store, write_station, &x->answer) != OK) {
		buf_clear(&x->answer);
		api_store_failed(x);
		return;
	}
	exchange_answer(x, 200, "application/jsonl");
}

void api_admin_station_revoke(struct api *a, struct exchange *x)
{
	struct buf name = {0};
	enum err e;

	if (!api_param(x, &name))
		goto out;
	e = a->store->ops->station_revoke(a->store, name.data);
	api_forget_stations(a);
	if (e == OK) {
		buf_adds(&x->answer, "{}\n");
		api_answer_json(x, 200);
	} else if (e == ERR_NOT_FOUND) {
		problem_say(x, PROBLEM_NO_PATH, tr("没有叫 %s 的窗口机"), name.data);
	} else {
		api_store_failed(x);
	}
out:
	buf_fini(&name);
}
