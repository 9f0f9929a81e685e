#include "tests/unit/fake_centre.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/world.h"

void fake_centre_init(struct fake_centre *f, struct world *w)
{
	memset(f, 0, sizeof *f);
	f->world = w;
}

struct fake_case *fake_centre_find(struct fake_centre *f, const char *key)
{
	size_t i;

	for (i = 0; i < f->case_count; i++)
		if (strcmp(f->cases[i].key, key) == 0)
			return &f->cases[i];
	return NULL;
}

/* The centre takes a letter: the first time it makes a case, then gives the same answer. */
static struct fake_case *take(struct fake_centre *f, const struct fake_flight *x)
{
	struct fake_case *c = fake_centre_find(f, x->key);

	if (c == NULL) {
		if (f->case_count == FAKE_CASES_MAX)
			abort();
		c = &f->cases[f->case_count++];
		memcpy(c->key, x->key, sizeof c->key);
		memcpy(c->body, x->body, sizeof c->body);
		snprintf(c->number, sizeof c->number, "N%zu", f->case_count);
	} else if (strcmp(c->body, x->body) != 0) {
		f->other_body_for_key = true;
	}
	return c;
}

static enum err fake_send(void *arg, const struct transport_request *r)
{
	struct fake_centre *f = arg;
	struct fake_flight *x;

	if (f->flying_count == FAKE_FLYING_MAX)
		return ERR_BUSY;
	x = &f->flying[f->flying_count++];
	if (f->flying_count > f->most_in_flight)
		f->most_in_flight = f->flying_count;
	memset(x, 0, sizeof *x);
	x->tag = r->tag;
	snprintf(x->key, sizeof x->key, "%s", r->key);
	snprintf(x->body, sizeof x->body, "%.*s", (int)r->body_len, r->body);
	if ((int)(world_chance(f->world) % 100) < f->trouble_percent)
		x->fate = (enum fake_fate)(world_chance(f->world) % FATE__MAX);
	x->due_mono = f->world->mono_ms + (int64_t)(world_chance(f->world) % 500);
	return OK;
}

static void receipt(struct fake_centre *f, const struct fake_flight *x, const char *key,
	struct transport_answer *a, struct fake_lent *lent)
{
	struct fake_case *c = take(f, x);

	a->status = 201;
	a->content_type = "application/json; charset=utf-8";
	snprintf(lent->key, sizeof lent->key, "%s", key);
	a->key = lent->key;
	snprintf(lent->body, sizeof lent->body,
		"{\"idempotency_key\":\"%s\",\"project_no\":\"%s%zu\",\"query_password\":\"pw\"}",
		lent->key, strcmp(key, x->key) == 0 ? "N" : "FOREIGN-", (size_t)(c - f->cases) + 1);
	c->heard++;
}

static void answer(struct fake_centre *f, const struct fake_flight *x, struct transport_answer *a,
	struct fake_lent *lent)
{
	static const char other[] = "00000000-0000-7000-8000-000000000000";

	*a = (struct transport_answer){.tag = x->tag,
		.content_type = "",
		.retry_after = "",
		.key = "",
		.etag = "",
		.body = lent->body};
	lent->body[0] = '\0';
	if (f->dead) {
		a->fault = LINE_NO_CONNECT;
		return;
	}
	if (f->refuse || f->forbid) {
		a->status = f->refuse ? 422 : 403;
		a->content_type = "application/problem+json";
		snprintf(lent->body, sizeof lent->body,
			"{\"title\":\"退回\",\"detail\":\"户籍地址与户口簿不符\"}");
		a->body_len = strlen(lent->body);
		return;
	}
	switch (x->fate) {
	case FATE_REQUEST_LOST:
		a->fault = LINE_NO_CONNECT;
		break;
	case FATE_ANSWER_LOST:
		take(f, x);
		a->fault = LINE_CUT;
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
		receipt(f, x, other, a, lent);
		break;
	case FATE_CUT:
		receipt(f, x, x->key, a, lent);
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
		take(f, x);
		receipt(f, x, x->key, a, lent);
		break;
	default:
		receipt(f, x, x->key, a, lent);
	}
	a->body_len = strlen(lent->body);
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
		f->flying[i] = f->flying[--f->flying_count];
	}
	return n;
}

struct transport fake_centre_transport(struct fake_centre *f)
{
	return (struct transport){fake_send, fake_poll, f};
}
