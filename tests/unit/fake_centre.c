#include "tests/unit/fake_centre.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/crypto.h"
#include "core/base/json.h"
#include "core/domain/refusal_size.h"
#include "tests/unit/world.h"

void fake_centre_init(struct fake_centre *f, struct world *w)
{
	memset(f, 0, sizeof *f);
	f->world = w;
}

void fake_centre_forget_flying(struct fake_centre *f)
{
	while (f->flying_count > 0)
		free(f->flying[--f->flying_count].body);
}

void fake_centre_fini(struct fake_centre *f)
{
	fake_centre_forget_flying(f);
	while (f->letter_count > 0)
		free(f->letters[--f->letter_count].body);
	while (f->paper_count > 0)
		buf_fini(&f->papers[--f->paper_count].bytes);
}

struct fake_letter *fake_centre_find(struct fake_centre *f, const char *key)
{
	size_t i;

	for (i = 0; i < f->letter_count; i++)
		if (strcmp(f->letters[i].key, key) == 0)
			return &f->letters[i];
	return NULL;
}

struct fake_case *fake_centre_case(struct fake_centre *f, const char *case_id)
{
	size_t i;

	for (i = 0; i < f->case_count; i++)
		if (strcmp(f->cases[i].id, case_id) == 0)
			return &f->cases[i];
	return NULL;
}

struct fake_paper *fake_centre_paper(struct fake_centre *f, const char *sha256)
{
	size_t i;

	for (i = 0; i < f->paper_count; i++)
		if (strcmp(f->papers[i].sha256, sha256) == 0)
			return &f->papers[i];
	return NULL;
}

static uint64_t chance(struct fake_centre *f, uint64_t n)
{
	return world_chance(f->world) % n;
}

/* ---- answers ---- */

static void say(struct transport_answer *a, struct fake_lent *lent, long status, const char *body)
{
	a->status = status;
	a->content_type =
		status < 300 ? "application/json; charset=utf-8" : "application/problem+json";
	snprintf(lent->body, sizeof lent->body, "%s", body);
}

static void say_problem(struct transport_answer *a, struct fake_lent *lent, long status,
	const char *type, const char *more)
{
	char body[400];

	snprintf(body, sizeof body,
		"{\"type\":\"urn:yimen:problem:%s\",\"title\":\"退回\",\"detail\":"
		"\"户籍地址与户口簿不符\"%s}",
		type, more);
	say(a, lent, status, body);
}

/* ---- letters ---- */

static bool has_papers(struct fake_centre *f, const json *body)
{
	const json *one;

	for (one = json_first(json_get(body, "attachments")); one != NULL; one = json_next(one)) {
		struct fake_paper *p = fake_centre_paper(f, json_get_str(one, "sha256"));
		if (p == NULL || !p->complete)
			return false;
	}
	return true;
}

static struct fake_letter *keep(
	struct fake_centre *f, const struct fake_flight *x, const char *case_id)
{
	struct fake_case *c = fake_centre_case(f, case_id);
	struct fake_letter *l;

	if (f->letter_count == FAKE_LETTERS_MAX)
		abort();
	if (c == NULL) {
		c = &f->cases[f->case_count++];
		snprintf(c->id, sizeof c->id, "%s", case_id);
		snprintf(c->number, sizeof c->number, "N%zu", f->case_count);
	}
	snprintf(c->key, sizeof c->key, "%s", x->key);
	c->versions++;
	l = &f->letters[f->letter_count++];
	snprintf(l->key, sizeof l->key, "%s", x->key);
	snprintf(l->case_id, sizeof l->case_id, "%s", case_id);
	snprintf(l->number, sizeof l->number, "%s", c->number);
	l->body = strdup(x->body);
	return l;
}

/* A letter that it has not taken before: NULL with a refusal in the answer. */
static struct fake_letter *judge(struct fake_centre *f, const struct fake_flight *x,
	const json *body, struct transport_answer *a, struct fake_lent *lent)
{
	const char *case_id = json_get_str(body, "case_id");
	const char *replaces = json_get_str(body, "replaces");
	struct fake_case *c = fake_centre_case(f, case_id);
	char current[160] = "";

	if (c != NULL)
		snprintf(current, sizeof current, ",\"current_key\":\"%s\",\"project_no\":\"%s\"",
			c->key, c->number);
	if (f->refuse || strcmp(x->key, f->refused) == 0 || (int)chance(f, 100) < f->refuse_percent)
		say_problem(a, lent, 422, "invalid", "");
	else if (f->forbid)
		say_problem(a, lent, 403, "forbidden", "");
	else if (c != NULL && replaces == NULL)
		say_problem(a, lent, 409, "case-exists", current);
	else if (c != NULL && strcmp(c->key, replaces) != 0)
		say_problem(a, lent, 409, "stale-version", current);
	else if (c == NULL && replaces != NULL && f->strict)
		say_problem(a, lent, 422, "unknown-case", "");
	else if (!has_papers(f, body))
		say_problem(a, lent, 409, "attachment-missing", "");
	else
		return keep(f, x, case_id);
	return NULL;
}

/* The first time it makes a case or a version, then gives the same answer. */
static void take_letter(struct fake_centre *f, const struct fake_flight *x, const char *key,
	struct transport_answer *a, struct fake_lent *lent)
{
	struct fake_letter *l = fake_centre_find(f, x->key);
	json *body = NULL;
	char text[300];

	if (l != NULL && strcmp(l->body, x->body) != 0)
		f->other_body_for_key = true;
	if (l == NULL && json_parse(&body, x->body, x->body_len, NULL) != OK)
		abort();
	if (l == NULL)
		l = judge(f, x, body, a, lent);
	json_free(body);
	if (l == NULL)
		return;
	snprintf(lent->key, sizeof lent->key, "%s", key);
	a->key = lent->key;
	snprintf(text, sizeof text,
		"{\"idempotency_key\":\"%s\",\"project_no\":\"%s%s\",\"query_password\":\"pw\"}",
		key, strcmp(key, x->key) == 0 ? "" : "FOREIGN-", l->number);
	say(a, lent, 201, text);
	l->heard++;
}

/* ---- papers ---- */

static struct fake_paper *open_paper(struct fake_centre *f, const char *sha256, int64_t size)
{
	struct fake_paper *p = fake_centre_paper(f, sha256);

	if (p != NULL)
		return p;
	if (f->paper_count == FAKE_PAPERS_MAX)
		abort();
	p = &f->papers[f->paper_count++];
	snprintf(p->sha256, sizeof p->sha256, "%s", sha256);
	p->size = size;
	return p;
}

static void say_progress(
	struct transport_answer *a, struct fake_lent *lent, const struct fake_paper *p)
{
	char text[300];

	snprintf(text, sizeof text,
		"{\"sha256\":\"%s\",\"size\":%lld,\"received\":%zu,\"complete\":%s}", p->sha256,
		(long long)p->size, p->bytes.len, p->complete ? "true" : "false");
	say(a, lent, 200, text);
}

static void check_whole(struct fake_centre *f, struct fake_paper *p)
{
	char hex[CRYPTO_HEX_SIZE];

	if ((int64_t)p->bytes.len != p->size)
		return;
	if (strcmp(crypto_hex(DIGEST_SHA256, p->bytes.data, p->bytes.len, hex), p->sha256) != 0) {
		f->paper_not_as_named = true;
		buf_clear(&p->bytes);
		return;
	}
	p->complete = true;
	p->completed++;
}

static void take_piece(struct fake_centre *f, const struct fake_flight *x, const char *sha256,
	struct transport_answer *a, struct fake_lent *lent)
{
	struct fake_paper *p = open_paper(f, sha256, x->length);
	char more[60];

	p->taken += x->body_len;
	if (x->body_len > f->largest_piece)
		f->largest_piece = x->body_len;
	if (!p->complete && x->offset != (int64_t)p->bytes.len) {
		snprintf(more, sizeof more, ",\"received\":%zu", p->bytes.len);
		say_problem(a, lent, 409, "offset", more);
		return;
	}
	if (!p->complete) {
		buf_add(&p->bytes, x->body, x->body_len);
		check_whole(f, p);
	}
	if (!p->complete && (int64_t)p->bytes.len == 0)
		say_problem(a, lent, 422, "digest", "");
	else
		say_progress(a, lent, p);
}

static void take_paper(struct fake_centre *f, const struct fake_flight *x,
	struct transport_answer *a, struct fake_lent *lent)
{
	const char *sha256 = strrchr(x->path, '/') + 1;
	struct fake_paper *p = fake_centre_paper(f, sha256);

	if (f->no_papers)
		say_problem(a, lent, 404, "not-found", "");
	else if (f->papers_full && strcmp(x->method, "PATCH") == 0)
		say_problem(a, lent, 503, "busy", "");
	else if (strcmp(x->method, "PATCH") == 0)
		take_piece(f, x, sha256, a, lent);
	else if (p == NULL)
		say_problem(a, lent, 404, "not-found", "");
	else
		say_progress(a, lent, p);
}

/* ---- the line ---- */

static enum err fake_send(void *arg, const struct transport_request *r)
{
	struct fake_centre *f = arg;
	struct fake_flight *x;

	if (f->flying_count == FAKE_FLYING_MAX)
		return ERR_BUSY;
	x = &f->flying[f->flying_count++];
	if (f->flying_count > f->most_in_flight)
		f->most_in_flight = f->flying_count;
	*x = (struct fake_flight){.tag = r->tag,
		.offset = r->upload_offset,
		.length = r->upload_length,
		.body_len = r->body_len};
	snprintf(x->method, sizeof x->method, "%s", r->method);
	snprintf(x->path, sizeof x->path, "%s", r->path);
	snprintf(x->key, sizeof x->key, "%s", r->key != NULL ? r->key : "");
	x->body = calloc(1, r->body_len + 1);
	if (r->body_len > 0)
		memcpy(x->body, r->body, r->body_len);
	if ((int)chance(f, 100) < f->trouble_percent)
		x->fate = (enum fake_fate)chance(f, FATE__MAX);
	x->due_mono = f->world->mono_ms + (int64_t)chance(f, 500);
	if (r->upload_length > 0)
		x->due_mono += f->slow_ms;
	return OK;
}

static void take(struct fake_centre *f, const struct fake_flight *x, const char *key,
	struct transport_answer *a, struct fake_lent *lent)
{
	if (x->key[0] != '\0')
		take_letter(f, x, key, a, lent);
	else
		take_paper(f, x, a, lent);
}

/* Half of a piece arrives and is kept, then the line is cut. */
static void take_half(struct fake_centre *f, const struct fake_flight *x,
	struct transport_answer *a, struct fake_lent *lent)
{
	struct fake_flight half = *x;

	half.body_len /= 2;
	if (x->length > 0 && half.body_len > 0)
		take_paper(f, &half, a, lent);
}

static void say_at_length(struct transport_answer *a)
{
	static char words[REFUSAL_BYTES_MAX + 2];

	memset(words, ' ', sizeof words - 1);
	memcpy(words, a->body, a->body_len);
	a->body = words;
	a->body_len = sizeof words - 1;
}

static void answer(struct fake_centre *f, const struct fake_flight *x, struct transport_answer *a,
	struct fake_lent *lent)
{
	static const char other[] = "00000000-0000-7000-8000-000000000000";
	const struct transport_answer none = {.tag = x->tag,
		.content_type = "",
		.retry_after = "",
		.key = "",
		.etag = "",
		.body = lent->body,
		.elapsed_ms = f->slow_ms};
	enum fake_fate fate = x->fate;

	*a = none;
	lent->body[0] = '\0';
	if (f->dead) {
		a->fault = LINE_NO_CONNECT;
		return;
	}
	if (f->busy) {
		a->status = 503;
		a->retry_after = f->busy_until != NULL ? f->busy_until : "600";
		return;
	}
	if (f->poison[0] != '\0' && strcmp(f->poison, x->key) == 0)
		fate = FATE_PORTAL;
	switch (fate) {
	case FATE_REQUEST_LOST:
		a->fault = LINE_NO_CONNECT;
		break;
	case FATE_ANSWER_LOST:
		take(f, x, x->key, a, lent);
		*a = none;
		a->fault = LINE_CUT;
		break;
	case FATE_HALF:
		take_half(f, x, a, lent);
		*a = none;
		a->fault = LINE_TIMEOUT;
		break;
	case FATE_PORTAL:
		a->status = 200;
		a->content_type = "text/html";
		snprintf(lent->body, sizeof lent->body, "<html>请先登录</html>");
		break;
	case FATE_REDIRECT:
		a->status = 302;
		break;
	case FATE_FOREIGN:
		take(f, x, other, a, lent);
		if (x->key[0] == '\0' && a->status == 200)
			snprintf(lent->body, sizeof lent->body,
				"{\"sha256\":\"%s\",\"complete\":true}", other);
		break;
	case FATE_CUT:
		take(f, x, x->key, a, lent);
		lent->body[strlen(lent->body) / 2] = '\0';
		break;
	case FATE_ERROR_500:
		a->status = 500;
		break;
	case FATE_BUSY_503:
		a->status = 503;
		a->retry_after = "7";
		break;
	case FATE_RUNNING_409:
		a->status = 409;
		break;
	case FATE_TWICE:
		take(f, x, x->key, a, lent);
		take(f, x, x->key, a, lent);
		break;
	default:
		take(f, x, x->key, a, lent);
	}
	a->body_len = strlen(lent->body);
	if (f->wordy && a->status == 422)
		say_at_length(a);
}

static size_t fake_poll(void *arg, int timeout_ms, const int *wake_fds, size_t wake_count,
	struct transport_answer *out, size_t max)
{
	struct fake_centre *f = arg;
	int64_t earliest = f->world->mono_ms + timeout_ms;
	size_t i, n = 0;

	(void)wake_fds;
	(void)wake_count;
	for (i = 0; i < f->flying_count; i++)
		if (f->flying[i].due_mono < earliest)
			earliest = f->flying[i].due_mono;
	if (earliest > f->world->mono_ms)
		world_pass(f->world, earliest - f->world->mono_ms);
	for (i = 0; i < f->flying_count && n < max;) {
		if (f->flying[i].due_mono > f->world->mono_ms) {
			i++;
			continue;
		}
		answer(f, &f->flying[i], &out[n], &f->lent[n]);
		n++;
		free(f->flying[i].body);
		f->flying[i] = f->flying[--f->flying_count];
	}
	return n;
}

struct transport fake_centre_transport(struct fake_centre *f)
{
	return (struct transport){fake_send, fake_poll, f};
}
