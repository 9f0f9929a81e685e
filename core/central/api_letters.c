#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "core/base/crypto.h"
#include "core/base/id.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/central/api_internal.h"
#include "core/central/fault.h"
#include "core/central/intake.h"
#include "core/central/papers.h"

enum {
	WAIT_PART = 4 /* of the last commit's time, to wait for others to join */
};

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
		problem_say(x, PROBLEM_KEY_MISSING,
			tr("请在请求头里带 Idempotency-Key: 函件自己的 UUID, 重发时不变"));
	else if (x->header_count[REQUEST_IDEMPOTENCY_KEY] > 1)
		problem_say(x, PROBLEM_KEY_MALFORMED, tr("Idempotency-Key 只能有一个"));
	else if (!parse_key(header, key))
		problem_say(x, PROBLEM_KEY_MALFORMED,
			tr("Idempotency-Key 应是 UUID (8-4-4-4-12 位十六进制), 可带引号"));
}

static bool is_running(const struct api *a, const char *key)
{
	size_t i;

	for (i = 0; i < a->group_count; i++)
		if (strcmp(a->group[i]->key, key) == 0)
			return true;
	return false;
}

static bool matter_known(void *arg, const char *task_code)
{
	struct api *a = arg;
	struct catalogue_state c;

	if (a->store->ops->catalogue(a->store, &c) != OK || c.matters == 0)
		return true;
	return a->store->ops->matter_known(a->store, task_code);
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

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void join_group(struct api *a, struct posting *p)
{
	if (a->group_count == 0)
		a->group_since_us = now_us();
	if (a->group_count == a->group_cap) {
		a->group_cap = a->group_cap > 0 ? 2 * a->group_cap : 64;
		a->group = mem_resize(a->group, a->group_cap, sizeof *a->group);
	}
	a->group[a->group_count++] = p;
}

/* What an exchange keeps while its letter is in the group: the posting and what was wrong. */
struct parked {
	struct posting *posting;
	struct problem problem;
};

static void forget(struct exchange *x)
{
	struct parked *parked = x->parked;

	if (parked->posting != NULL)
		parked->posting->owner = NULL;
	problem_fini(&parked->problem);
	free(parked);
}

/* A case is of the station that its letter names, when we know that one: a courier may bring it. */
static int64_t owner_of(struct api *a, const json *letter, int64_t sender)
{
	const char *name = json_get_str(letter, "station");
	int64_t id = name != NULL ? a->store->ops->station_by_name(a->store, name) : 0;

	return id != 0 ? id : sender;
}

static void take(struct api *a, struct exchange *x, const char *kind_wanted)
{
	struct intake_context context = {.forms = a->forms,
		.now_ms = api_now_ms(a),
		.matter_known = matter_known,
		.paper = find_paper,
		.arg = a};
	enum intake_verdict verdict;
	struct parked *parked;
	struct posting *p;
	char key[ID_UUID_SIZE];
	unsigned char digest[64];
	json *root = api_body(x);

	if (root == NULL)
		return;
	parse_key(x->headers[REQUEST_IDEMPOTENCY_KEY], key);
	if (is_running(a, key)) {
		json_free(root);
		problem_say(x, PROBLEM_RUNNING, tr("同一个函件正在处理, 稍后用同样的内容再试"));
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
	p->of_station = owner_of(a, root, x->station);
	p->now_ms = context.now_ms;
	p->region = buf_str(&a->region);
	p->owner = x;
	crypto_digest(DIGEST_SHA256, p->body, p->body_len_bytes, digest);
	memcpy(p->digest, digest, sizeof p->digest);
	check_key(root, key, &parked->problem);
	verdict = intake_examine(root, kind_wanted, &context, &parked->problem);
	if (verdict == INTAKE_GOOD) {
		intake_fill(p, root);
		id_code(a->config.entropy, QUERY_PASSWORD_CHARS, p->query_password);
	} else {
		p->objection = verdict == INTAKE_NO_PAPER ? POSTING_NO_PAPER : POSTING_INVALID;
	}
	join_group(a, p);
}

void api_application(struct api *a, struct exchange *x)
{
	take(a, x, "application");
}

void api_letter(struct api *a, struct exchange *x)
{
	take(a, x, NULL);
}

/* ---- answering ---- */

static void answer_taken(struct exchange *x, struct posting *p)
{
	char location[64];

	snprintf(location, sizeof location, "/v1/cases/%s", p->project_no);
	exchange_header(x, "Location", location);
	exchange_header(x, "Idempotency-Key", p->key);
	if (p->result == POSTING_AGAIN)
		exchange_header(x, "Idempotency-Replayed", "true");
	x->answer = p->answer;
	p->answer = (struct buf){0};
	api_answer_json(x, 201);
}

static void answer_problem(struct exchange *x, struct posting *p)
{
	struct parked *parked = x->parked;
	struct problem problem = parked->problem;

	parked->problem = (struct problem){0};
	switch (p->result) {
	case POSTING_OTHER_BODY:
		problem.type = PROBLEM_KEY_REUSED;
		break;
	case POSTING_CASE_EXISTS:
		problem.type = PROBLEM_CASE_EXISTS;
		problem_member(&problem, "current_key", p->current_key);
		problem_member(&problem, "project_no", p->project_no);
		problem_at(&problem, "/case_id", "exists",
			tr("这个办件已用另一个 Idempotency-Key 收过, 编号 %s"), p->project_no);
		break;
	case POSTING_STALE:
		problem.type = PROBLEM_STALE;
		problem_member(&problem, "current_key", p->current_key);
		problem_member(&problem, "project_no", p->project_no);
		problem_at(&problem, "/replaces", "stale",
			tr("所替换的申请已被更新的版本替换, 请先取回最新的"));
		break;
	case POSTING_NO_CASE:
		problem.type = PROBLEM_UNKNOWN_CASE;
		problem_at(&problem, "/case_id", "unknown", tr("中心没有收到过这个办件的申请"));
		break;
	case POSTING_STATE:
		problem.type = PROBLEM_CASE_STATE;
		problem_member(&problem, "project_no", p->project_no);
		problem_member(&problem, "state", p->current_state);
		problem_at(&problem, "/kind", "state", "%s", p->why);
		break;
	case POSTING_NO_PAPER:
		problem.type = PROBLEM_NO_PAPER;
		break;
	case POSTING_INVALID:
		problem.type = PROBLEM_INVALID;
		break;
	default:
		problem.type = PROBLEM_STORE;
		buf_adds(&problem.detail, tr("没有存下来, 请稍后用同样的内容再试"));
		break;
	}
	problem_answer(x, &problem);
}

/* A station that sent its own first version knows of it already. */
static bool is_news(const struct posting *p)
{
	return !p->acts || p->act != ACT_SUBMIT || p->replaces != NULL ||
	       p->of_station != p->station;
}

static void settle(struct api *a, struct posting *p)
{
	struct exchange *x = p->owner;

	a->counters.postings[p->result]++;
	if (p->result == POSTING_TAKEN && is_news(p))
		a->changed = true;
	if (x != NULL) {
		((struct parked *)x->parked)->posting = NULL;
		if (a->config.fault != NULL)
			x->drop = fault_strikes(a->config.fault, FAULT_DROP_ANSWER);
		if (p->result == POSTING_TAKEN || p->result == POSTING_AGAIN)
			answer_taken(x, p);
		else
			answer_problem(x, p);
	}
	posting_free(p);
}

static void commit(struct api *a)
{
	int64_t start_us = now_us();
	size_t i;

	a->store->ops->take(a->store, a->group, a->group_count);
	a->last_commit_us = now_us() - start_us;
	a->counters.commit_us += (uint64_t)a->last_commit_us;
	a->counters.groups++;
	a->counters.group_letters += a->group_count;
	a->last_groups[1] = a->last_groups[0];
	a->last_groups[0] = a->group_count;
	for (i = 0; i < a->group_count; i++)
		settle(a, a->group[i]);
	a->group_count = 0;
}

/*
 * Those who were in the last groups have their answers and are about to ask again: to wait for them
 * a part of the time that one more flush would take makes one group of two.
 */
static int64_t worth_waiting_ms(const struct api *a)
{
	size_t usual =
		a->last_groups[0] > a->last_groups[1] ? a->last_groups[0] : a->last_groups[1];
	int64_t patience_us = a->last_commit_us / WAIT_PART;

	if (a->stopping || a->group_count >= usual || now_us() - a->group_since_us >= patience_us)
		return -1;
	return patience_us / 1000;
}

int64_t api_commit_group(struct api *a)
{
	int64_t wait_ms = a->group_count > 0 ? worth_waiting_ms(a) : -1;

	if (a->group_count > 0 && wait_ms < 0)
		commit(a);
	return wait_ms;
}
