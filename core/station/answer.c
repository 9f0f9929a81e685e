#include "core/station/answer.h"

#include <string.h>
#include <strings.h>

#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/backoff.h"

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
	json *body = NULL;
	const char *number;

	out->meaning = ANSWER_LINE;
	if (!has_type(a->content_type, "application/json") ||
		json_parse(&body, a->body, a->body_len, NULL) != OK) {
		buf_adds(&out->reason, tr("收到的答复不是中心发的, 请检查网络是否要先登录认证"));
		return;
	}
	number = json_get_str(body, "project_no");
	if (!echoes(a, body, key) || number == NULL || number[0] == '\0') {
		buf_adds(&out->reason, tr("收到的回执不是这一件的, 不予采信"));
	} else {
		out->meaning = ANSWER_RECEIPT;
		text_clean(&out->project_no, number, strlen(number));
	}
	json_free(body);
}

/* RFC 9457: title, detail, and our errors: [{pointer, detail}]. */
static void problem_sentence(const json *problem, struct buf *out)
{
	const char *title = json_get_str(problem, "title");
	const char *detail = json_get_str(problem, "detail");
	const json *e;

	if (detail == NULL)
		detail = title;
	if (detail != NULL)
		text_clean(out, detail, strlen(detail));
	for (e = json_first(json_get(problem, "errors")); e != NULL; e = json_next(e)) {
		const char *what = json_get_str(e, "detail");
		if (what == NULL)
			continue;
		buf_adds(out, out->len > 0 ? "; " : "");
		text_clean(out, what, strlen(what));
	}
}

static void read_refusal(const struct transport_answer *a, struct answer_reading *out)
{
	json *problem = NULL;
	bool is_problem = (has_type(a->content_type, "application/problem+json") ||
				  has_type(a->content_type, "application/json")) &&
			  json_parse(&problem, a->body, a->body_len, NULL) == OK;

	if (!is_problem) {
		out->meaning = ANSWER_LINE;
		buf_printf(&out->reason, tr("收到 %ld 答复, 但不是中心发的, 请检查网络和中心网址"),
			a->status);
		return;
	}
	out->meaning = a->status == 401 || a->status == 403 ? ANSWER_PERSON : ANSWER_REFUSED;
	problem_sentence(problem, &out->reason);
	if (out->reason.len == 0)
		buf_printf(&out->reason, tr("中心退回 (%ld), 没有说明原因"), a->status);
	json_free(problem);
}

void answer_read(const struct transport_answer *a, const char *key, int64_t now_wall_ms,
	struct answer_reading *out)
{
	long status = a->status;

	if (a->retry_after[0] != '\0')
		out->has_delay = backoff_retry_after(a->retry_after, now_wall_ms, &out->delay_ms);
	if (a->fault != LINE_OK) {
		out->meaning = ANSWER_LINE;
		buf_adds(&out->reason, line_fault_text(a->fault));
	} else if (status == 200 || status == 201) {
		read_receipt(a, key, out);
	} else if (status == 409) {
		out->meaning = ANSWER_LATER;
		buf_adds(&out->reason, tr("中心正在处理同一件, 稍后再问结果"));
	} else if (status == 408 || status == 425 || status == 500) {
		out->meaning = ANSWER_LATER;
		buf_printf(&out->reason, tr("中心这次没有办成 (%ld), 稍后再发"), status);
	} else if (status == 429 || status >= 500) {
		out->meaning = ANSWER_LINE;
		buf_printf(&out->reason, tr("中心忙 (%ld), 稍后再发"), status);
	} else if (status >= 400) {
		read_refusal(a, out);
	} else {
		out->meaning = ANSWER_LINE;
		buf_printf(
			&out->reason, tr("答复 %ld 要转到别处, 不予采信; 请检查中心网址"), status);
	}
}
