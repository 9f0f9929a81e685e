#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/id.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/central/api_internal.h"
#include "core/central/intake.h"
#include "core/central/papers.h"

/* Bare or as a quoted string (RFC 8941); lower case. */
static bool parse_key(const char *header, char out[ID_UUID_SIZE])
{
	size_t len = strlen(header), i;

	if (len == ID_UUID_SIZE + 1 && header[0] == '"' && header[len - 1] == '"') {
		header++;
		len -= 2;
	}
	if (len != ID_UUID_SIZE - 1)
		return false;
	for (i = 0; i < len; i++)
		out[i] = (char)tolower((unsigned char)header[i]);
	out[len] = '\0';
	return id_is_uuid(out);
}

/* The key is looked at before the body is read. */
void api_letter_begin(struct api *a, struct exchange *x)
{
	const char *header = x->headers[REQUEST_IDEMPOTENCY_KEY];
	char key[ID_UUID_SIZE];

	(void)a;
	if (header == NULL)
		problem_say_at(x, PROBLEM_KEY_MISSING, "header", "Idempotency-Key", "required",
			tr("请在请求头里带 Idempotency-Key: 函件自己的 UUID, 重发时不变"));
	else if (x->header_count[REQUEST_IDEMPOTENCY_KEY] > 1)
		problem_say_at(x, PROBLEM_KEY_MALFORMED, "header", "Idempotency-Key", "once",
			tr("Idempotency-Key 只能有一个"));
	else if (!parse_key(header, key))
		problem_say_at(x, PROBLEM_KEY_MALFORMED, "header", "Idempotency-Key", "uuid",
			tr("Idempotency-Key 应是 UUID (8-4-4-4-12 位十六进制), 可带引号"));
}

static bool matter_known(void *arg, const char *task_code)
{
	struct api *a = arg;
	struct catalogue_state c;
	int64_t known;

	if (a->store->ops->catalogue(a->store, false, &c) != OK || c.matters == 0)
		return true;
	if (strcmp(a->matters_version, c.version) != 0) {
		recent_forget(&a->matters);
		memcpy(a->matters_version, c.version, sizeof a->matters_version);
	}
	if (recent_get(&a->matters, task_code, a->mono_ms, &known))
		return true;
	if (!a->store->ops->matter_known(a->store, task_code))
		return false;
	recent_put(&a->matters, task_code, INT64_MAX, 1);
	return true;
}

static enum err find_paper(void *arg, const char *sha256, int64_t *size, char sm3[65])
{
	struct api *a = arg;
	struct paper_state now;
	enum err e = papers_look(a->config.papers, sha256, &now);

	if (e != OK || !now.complete)
		return e != OK ? e : ERR_NOT_FOUND;
	*size = now.size;
	memcpy(sm3, now.sm3, sizeof now.sm3);
	return OK;
}

/* The body names its key as well, so that a letter can travel as a file. */
static void check_key(const json *root, const char *key, struct problem *p)
{
	const char *inside = json_get_str(root, "idempotency_key");

	if (json_get(root, "idempotency_key") == NULL)
		return;
	if (inside == NULL || strcasecmp(inside, key) != 0)
		problem_at(p, "/idempotency_key", "mismatch",
			tr("正文里的 idempotency_key 与请求头不同"));
}

static void forget(struct exchange *x)
{
	struct parked *parked = x->parked;

	if (parked->posting != NULL)
		parked->posting->owner = NULL;
	problem_fini(&parked->problem);
	problem_fini(&parked->other);
	free(parked);
}

/* A case is of the station that its letter names, when we know that one: a courier may bring it. */
static enum err find_owner(struct api *a, const json *letter, int64_t sender, int64_t *owner)
{
	const char *name = json_get_str(letter, "station");
	enum err e = name != NULL ? api_station_by_name(a, name, owner) : ERR_NOT_FOUND;

	if (e == ERR_NOT_FOUND)
		*owner = sender;
	return e == ERR_NOT_FOUND ? OK : e;
}

/* Many passwords by one question to the system. What was given out is not kept. */
static void draw(void *arg, void *out, size_t len_bytes)
{
	struct api *a = arg;
	unsigned char *from;

	if (a->chance.left < len_bytes) {
		a->config.entropy->fill(
			a->config.entropy->arg, a->chance.bytes, sizeof a->chance.bytes);
		a->chance.left = sizeof a->chance.bytes;
	}
	a->chance.left -= len_bytes;
	from = a->chance.bytes + a->chance.left;
	memcpy(out, from, len_bytes);
	explicit_bzero(from, len_bytes);
}

/* Without an escape its texts are what stands there. */
static bool is_plain(const struct buf *body)
{
	return memchr(body->data, '\\', body->len) == NULL && text_is_plain(body->data, true);
}

static enum intake_verdict examine(const struct posting *p, const char *kind_wanted,
	const struct intake_context *context, struct problem *problem)
{
	check_key(p->root, p->key, problem);
	return intake_examine(p->root, kind_wanted, context, problem);
}

static void take(struct api *a, struct exchange *x, const char *kind_wanted)
{
	const struct entropy drawn = {draw, a};
	struct intake_context context = {.forms = a->forms,
		.now_ms = api_now_ms(a),
		.matter_known = matter_known,
		.paper = find_paper,
		.arg = a};
	enum intake_verdict verdict;
	struct parked *parked;
	struct posting *p;
	char key[ID_UUID_SIZE];
	int64_t owner = 0;
	json *root = api_body(x);

	if (root == NULL)
		return;
	parse_key(x->headers[REQUEST_IDEMPOTENCY_KEY], key);
	if (api_is_running(a, key)) {
		json_free(root);
		problem_say_at(x, PROBLEM_RUNNING, "header", "Idempotency-Key", "running",
			tr("同一个函件正在处理, 稍后用同样的内容再试"));
		return;
	}
	if (find_owner(a, root, x->station, &owner) != OK) {
		json_free(root);
		api_store_failed(x);
		return;
	}
	parked = mem_alloc(sizeof *parked);
	p = mem_alloc(sizeof *p);
	parked->posting = p;
	x->parked = parked;
	x->forget = forget;
	memcpy(p->key, key, sizeof p->key);
	p->root = root;
	p->body = x->body.data;
	p->body_len_bytes = x->body.len;
	p->station = x->station;
	p->of_station = owner;
	p->now_ms = context.now_ms;
	p->region = buf_str(&a->region);
	p->owner = x;
	context.plain = is_plain(&x->body);
	verdict = examine(p, kind_wanted, &context, &parked->problem);
	if (verdict == INTAKE_UNREAD) {
		parked->posting = NULL;
		posting_free(p);
		api_store_failed(x);
		return;
	}
	if (verdict == INTAKE_GOOD) {
		intake_fill(p, root);
		id_code(&drawn, QUERY_PASSWORD_CHARS, p->query_password);
	} else {
		p->objection = verdict == INTAKE_NO_PAPER ? POSTING_NO_PAPER : POSTING_INVALID;
		if (exchange_speak_other(x)) /* a station keeps it and shows it to both */
			examine(p, kind_wanted, &context, &parked->other);
		exchange_speak(x);
	}
	api_send_letter(a, p);
}

void api_application(struct api *a, struct exchange *x)
{
	take(a, x, "application");
}

void api_letter(struct api *a, struct exchange *x)
{
	take(a, x, NULL);
}

/* For a station that was restored from an older copy: of cases that are its own alone. */
void api_letter_again(struct api *a, struct exchange *x)
{
	char key[ID_UUID_SIZE];
	struct buf given = {0};
	int64_t owner = 0;
	enum err e = ERR_NOT_FOUND;

	if (!api_param(x, &given))
		goto out;
	if (parse_key(given.data, key))
		e = a->store->ops->letter_get(a->store, key, &owner, &x->answer);
	if (e == OK && (x->station == 0 || owner == x->station)) {
		api_answer_json(x, 200);
	} else if (e == OK || e == ERR_NOT_FOUND) {
		buf_clear(&x->answer);
		problem_say(x, PROBLEM_NO_PATH, tr("本窗口的办件里没有这封函件"));
	} else {
		api_store_failed(x);
	}
out:
	buf_fini(&given);
}
