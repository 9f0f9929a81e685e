#include "core/station/answer.h"

#include <string.h>
#include <strings.h>

#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/domain/refusal_size.h"
#include "core/station/backoff.h"
#include "core/station/refusal.h"

void answer_reading_fini(struct answer_reading *r)
{
	buf_fini(&r->reason);
	buf_fini(&r->project_no);
}

/* The media type without its parameters. */
static bool has_type(const char *content_type, const char *type)
{
	size_t n = strlen(type);

	return strncasecmp(content_type, type, n) == 0 &&
	       (content_type[n] == '\0' || content_type[n] == ';' || content_type[n] == ' ');
}

/* The body of an answer that is the centre's by its type; NULL: it is not, or is cut. */
static json *parse_body(const struct transport_answer *a, bool problem)
{
	json *body = NULL;

	if (!has_type(a->content_type, "application/json") &&
		!(problem && has_type(a->content_type, "application/problem+json")))
		return NULL;
	if (json_parse(&body, a->body, a->body_len, NULL) != OK)
		return NULL;
	if (json_type(body) == JSON_OBJECT)
		return body;
	json_free(body);
	return NULL;
}

/* ---- receipts ---- */

/* Header or body must carry our key; a header of another key is a foreign answer. */
static bool echoes(const struct transport_answer *a, const json *body, const char *key)
{
	const char *in_body = json_get_str(body, "idempotency_key");
	const char *in_header = a->key;
	char bare[ID_UUID_SIZE + 1] = "";

	if (in_header[0] == '"') /* a structured-field string */
		in_header = strncat(bare, in_header + 1, ID_UUID_SIZE - 1);
	if (in_header[0] != '\0' && strcasecmp(in_header, key) != 0)
		return false;
	return in_body != NULL && strcasecmp(in_body, key) == 0;
}

static void read_receipt(
	const struct transport_answer *a, const char *key, struct answer_reading *out)
{
	json *body = parse_body(a, false);
	const char *number = json_get_str(body, "project_no");

	out->meaning = ANSWER_LINE;
	if (body == NULL) {
		buf_adds(&out->reason, tr("收到的答复不是中心发的, 请检查网络是否要先登录认证"));
	} else if (!echoes(a, body, key) || !id_is_word(number, ID_NUMBER_MAX_BYTES)) {
		buf_adds(&out->reason, tr("收到的回执不是这一件的, 不予采信"));
	} else {
		out->meaning = ANSWER_RECEIPT;
		buf_adds(&out->project_no, number);
	}
	json_free(body);
}

static void read_progress(
	const struct transport_answer *a, const char *sha256, struct answer_reading *out)
{
	json *body = parse_body(a, false);
	const char *echo = json_get_str(body, "sha256");

	out->meaning = ANSWER_LINE;
	if (echo == NULL || strcmp(echo, sha256) != 0) {
		buf_adds(&out->reason, tr("收到的答复不是中心发的, 请检查网络是否要先登录认证"));
	} else {
		out->meaning = ANSWER_RECEIPT;
		out->received = json_get_int(body, "received", -1);
		out->complete = json_get_bool(body, "complete", false);
	}
	json_free(body);
}

/* ---- refusals ---- */

static void refuse(const struct transport_answer *a, struct answer_reading *out)
{
	out->meaning = a->status == 401 || a->status == 403 ? ANSWER_PERSON : ANSWER_REFUSED;
	if (!refusal_reason(a->body, &out->reason))
		buf_printf(&out->reason, tr("中心退回 (%ld), 没有说明原因"), a->status);
}

static bool is_type(const json *problem, const char *name)
{
	static const char prefix[] = "urn:yimen:problem:";
	const char *type = json_get_str(problem, "type");

	return type != NULL && strncmp(type, prefix, sizeof prefix - 1) == 0 &&
	       strcmp(type + sizeof prefix - 1, name) == 0;
}

static bool is_own(const json *problem)
{
	static const char prefix[] = "urn:yimen:problem:";
	const char *type = json_get_str(problem, "type");

	return type != NULL && strncmp(type, prefix, sizeof prefix - 1) == 0;
}

/*
 * Whether an answer of the 4xx kind speaks of this letter. What stands between us and the centre
 * answers in JSON too: it is the centre's when it carries a type of ours or names faults, or is a
 * problem document of a status that can only be about what was sent.
 */
static bool is_of_centre(const struct transport_answer *a, const json *problem)
{
	static const long of_content[] = {400, 401, 403, 409, 413, 422};
	size_t i;

	if (problem == NULL)
		return false;
	if (is_own(problem) || json_count(json_get(problem, "errors")) > 0)
		return true;
	for (i = 0; i < sizeof of_content / sizeof of_content[0]; i++)
		if (a->status == of_content[i])
			return has_type(a->content_type, "application/problem+json");
	return false;
}

/* Only what names itself a refusal is one; any other conflict passes by itself. */
static void read_conflict(
	const struct transport_answer *a, const json *problem, struct answer_reading *out)
{
	static const char *const refusals[] = {
		"case-exists", "stale-version", "stale", "case-state", "idempotency-key-reused"};
	size_t i;

	for (i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
		if (is_type(problem, refusals[i])) {
			refuse(a, out);
			return;
		}
	if (is_type(problem, "attachment-missing")) {
		out->meaning = ANSWER_PAPERS;
		buf_adds(&out->reason, tr("中心还缺这一件的材料扫描件, 补传后再发"));
	} else {
		out->meaning = ANSWER_LATER;
		out->received = json_get_int(problem, "received", -1);
		buf_adds(&out->reason, tr("中心正在处理同一件, 稍后再问结果"));
	}
}

/* ---- all of it ---- */

static void line(struct answer_reading *out, const char *fmt, long status)
{
	out->meaning = ANSWER_LINE;
	buf_printf(&out->reason, fmt, status);
}

/* What the centre itself says of why it cannot, if it is the centre; 502 and 504 are what a gateway
 * says when it is there and the centre behind it is not. */
void answer_say_busy(const struct transport_answer *a, struct buf *out)
{
	json *problem = parse_body(a, true);
	bool own = is_own(problem), gateway = a->status == 502 || a->status == 504;

	if (gateway && !own)
		buf_printf(out,
			tr("网关在, 它后面的中心没有答复 (%ld), 稍后再发; 总是这样请告诉管理员"),
			a->status);
	else
		buf_printf(out, tr("中心忙 (%ld), 稍后再发"), a->status);
	if (own) {
		buf_adds(out, ": ");
		refusal_sentence(problem, out);
	}
	json_free(problem);
}

/* 4xx without a word of the centre's. */
static void read_stranger(const struct transport_answer *a, struct answer_reading *out)
{
	long status = a->status;

	if (status == 401 || status == 403 || status == 400 || status == 422)
		line(out, tr("收到 %ld 答复, 但不是中心发的, 请检查网络和中心网址"), status);
	else if (status == 413)
		line(out,
			tr("太大, 被中间的网关拦下了 (%ld), 没有到中心; 件留着, 请管理员照 yimen-central "
			   "手册放宽网关的限制"),
			status);
	else
		line(out,
			tr("中心网址那里不收件 (%ld): 网址不对, 或被中间的网关拦下了; 件都留着, 请管理员检查 "
			   "centre.url"),
			status);
}

/* What is neither a receipt nor one of the paper's own answers. */
static void read_rest(const struct transport_answer *a, struct answer_reading *out)
{
	long status = a->status;
	json *problem = status >= 400 && status < 500 ? parse_body(a, true) : NULL;
	bool of_centre = is_of_centre(a, problem);

	if (status == 408 || status == 425 || status == 500 || (status == 409 && !of_centre)) {
		out->meaning = ANSWER_LATER;
		buf_printf(&out->reason, tr("中心这次没有办成 (%ld), 稍后再发"), status);
	} else if (status == 429 || status >= 500) {
		out->meaning = ANSWER_LINE;
		answer_say_busy(a, &out->reason);
	} else if (status == 409) {
		read_conflict(a, problem, out);
	} else if (status >= 400 && of_centre) {
		refuse(a, out);
	} else if (status >= 400) {
		read_stranger(a, out);
	} else if (status >= 300 && status != 304) {
		line(out, tr("答复 %ld 要转到别处, 不予采信; 请检查中心网址"), status);
	} else {
		line(out,
			tr("答复 %ld 里没有回执, 不算收妥; 件留着再发, 总是这样请管理员检查中心网址"),
			status);
	}
	json_free(problem);
}

static enum line_fault fault_of(const struct transport_answer *a)
{
	return a->fault == LINE_OK && a->body_len > REFUSAL_BYTES_MAX ? LINE_OVERSIZE : a->fault;
}

/* A refusal of this letter by all that can be read of it, which is its head. The centre of this
 * project never sends such a one, another may. */
static bool is_unread(const struct transport_answer *a)
{
	static const long others[] = {401, 403, 408, 425, 429};
	size_t i;

	if (fault_of(a) != LINE_OVERSIZE || a->status < 400 || a->status >= 500)
		return false;
	for (i = 0; i < sizeof others / sizeof others[0]; i++)
		if (a->status == others[i])
			return false;
	return has_type(a->content_type, "application/problem+json");
}

static void read_unread(struct answer_reading *out)
{
	out->meaning = ANSWER_LATER;
	out->unread = true;
	out->received = -1;
	buf_adds(&out->reason, refusal_unread_reason());
}

static bool is_unreached(enum line_fault f)
{
	return f == LINE_NO_NAME || f == LINE_NO_CONNECT || f == LINE_TLS || f == LINE_TLS_DATE ||
	       f == LINE_TLS_NAME || f == LINE_TLS_ISSUER || f == LINE_NO_TLS || f == LINE_NO_CA;
}

/* false: there was no answer at all. */
static bool begin(const struct transport_answer *a, int64_t now_wall_ms, struct answer_reading *out)
{
	enum line_fault fault = fault_of(a);

	out->received = -1;
	if (fault != LINE_OK) {
		out->meaning = ANSWER_LINE;
		out->cut_off = is_unreached(fault);
		buf_adds(&out->reason, line_fault_text(fault));
		return false;
	}
	/* "At once", or a moment that has passed by our clock, which may be years ahead: whoever
	 * could not answer is not pressed without a pause. */
	if (a->retry_after[0] != '\0')
		out->has_delay = backoff_retry_after(a->retry_after, now_wall_ms, &out->delay_ms) &&
				 out->delay_ms > 0;
	return true;
}

void answer_read(const struct transport_answer *a, const char *key, int64_t now_wall_ms,
	struct answer_reading *out)
{
	if (is_unread(a)) {
		read_unread(out);
		return;
	}
	if (!begin(a, now_wall_ms, out))
		return;
	if (a->status == 200 || a->status == 201)
		read_receipt(a, key, out);
	else
		read_rest(a, out);
}

void answer_read_paper(const struct transport_answer *a, const char *sha256, bool piece,
	int64_t now_wall_ms, struct answer_reading *out)
{
	json *problem;

	if (!begin(a, now_wall_ms, out))
		return;
	if (a->status == 200) {
		read_progress(a, sha256, out);
		return;
	}
	problem = parse_body(a, true);
	if (a->status == 404 && !piece && is_type(problem, "not-found")) {
		out->meaning = ANSWER_RECEIPT;
		out->received = 0;
	} else if (a->status == 422 && is_type(problem, "digest")) {
		out->meaning = ANSWER_LATER; /* thrown away there: once more from the beginning */
		out->received = 0;
		refusal_sentence(problem, &out->reason);
	} else if (a->status == 503 && piece && is_type(problem, "busy")) {
		out->meaning =
			ANSWER_LATER; /* no room for papers: letters are taken all the same */
		answer_say_busy(a, &out->reason);
	} else {
		read_rest(a, out);
	}
	json_free(problem);
}
