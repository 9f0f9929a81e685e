#include "core/central/posting.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "core/base/msg.h"

enum {
	ANSWER_BYTES = 500 /* about so long */
};

void posting_free(struct posting *p)
{
	if (p == NULL)
		return;
	buf_fini(&p->answer);
	json_free(p->root);
	free(p);
}

/* What it asks for of a case that is here: of that it is another version. */
static enum case_act act_on(const struct posting *p, const char *from)
{
	return p->act == ACT_SUBMIT && from != NULL ? ACT_REVISE : p->act;
}

const char *posting_judge(const struct posting *p, const char *from)
{
	enum case_state before = CASE_DRAFT, after;

	if (from != NULL && !case_state_parse(from, &before))
		return NULL;
	if (!p->acts)
		return case_state_name(before);
	return lifecycle_next(before, act_on(p, from), p->actor, &after, NULL)
		       ? case_state_name(after)
		       : NULL;
}

const char *posting_why(const struct posting *p)
{
	enum case_state before, after;
	const char *why = "";

	if (p->evaluated)
		return tr("这次服务已经评价过, 一次服务只评一次");
	if (!case_state_parse(p->current_state, &before))
		return tr("办件的状态是本程序不认识的, 请升级中心的程序");
	lifecycle_next(before, act_on(p, p->current_state), p->actor, &after, &why);
	return why;
}

void posting_sum(struct posting **postings, size_t count)
{
	unsigned char digest[64];
	size_t i;

	for (i = 0; i < count; i++) {
		struct posting *p = postings[i];
		crypto_digest(DIGEST_SHA256, p->body, p->body_len_bytes, digest);
		memcpy(p->digest, digest, sizeof p->digest);
	}
}

bool posting_is_news(const struct posting *p)
{
	return !p->acts || p->act != ACT_SUBMIT || p->replaces[0] != '\0' ||
	       p->of_station != p->station;
}

/* A member whose value needs no escape: begin is all that stands before it, with its quote. */
static void put_plain(struct buf *out, const char *begin, const char *value)
{
	buf_adds(out, begin);
	buf_adds(out, value);
	buf_addc(out, '"');
}

static void put_digest(struct buf *out, const unsigned char digest[POSTING_DIGEST_BYTES])
{
	static const char hex[] = "0123456789abcdef";
	char text[2 * POSTING_DIGEST_BYTES];
	size_t i;

	for (i = 0; i < POSTING_DIGEST_BYTES; i++) {
		text[2 * i] = hex[digest[i] >> 4];
		text[2 * i + 1] = hex[digest[i] & 15];
	}
	buf_add(out, text, sizeof text);
}

static void write_answer(struct posting *p)
{
	bool application = strcmp(p->kind, "application") == 0;
	char iso[CLOCK_ISO_SIZE];
	struct buf *b = &p->answer;

	buf_reserve(b, ANSWER_BYTES);
	put_plain(b, "{\"idempotency_key\":\"", p->key);
	put_plain(b, ",\"kind\":\"", p->kind);
	json_member_str(b, "project_no", p->project_no);
	if (application)
		put_plain(b, ",\"query_password\":\"", p->query_password);
	put_plain(b, ",\"case_id\":\"", p->case_id);
	json_member_str(b, "local_receipt", p->local_receipt);
	json_member_str(b, "task_code", p->task_code);
	put_plain(b, ",\"state\":\"", p->state);
	put_plain(b, ",\"received_at\":\"", clock_iso(p->now_ms, iso));
	buf_adds(b, ",\"body_sha256\":\"");
	put_digest(b, p->digest);
	buf_adds(b, "\"}\n");
}

void posting_write_answer(struct posting *p)
{
	buf_clear(&p->answer);
	if (p->first_answer != NULL)
		buf_adds(&p->answer, p->first_answer);
	else
		write_answer(p);
}
