/*
 * The public query: what the code on a slip points to. GET /q/{code} is one case by its case_id, a
 * random number that stands on its own slips only; GET /q asks for case number and query password,
 * as on the receipt. A small page for a telephone: state and days, the name masked, no remarks.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "core/base/id.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/central/api_internal.h"
#include "core/central/dossier.h"
#include "core/domain/lifecycle.h"

enum {
	STEPS_MAX = 100,
	TYPED_MAX_BYTES = 64
};

/* ---- the page ---- */

static void put_text(struct buf *b, const char *s)
{
	for (; s != NULL && *s != '\0'; s++) {
		if (*s == '<')
			buf_adds(b, "&lt;");
		else if (*s == '>')
			buf_adds(b, "&gt;");
		else if (*s == '&')
			buf_adds(b, "&amp;");
		else if (*s == '"')
			buf_adds(b, "&quot;");
		else if ((unsigned char)*s >= 0x20)
			buf_addc(b, *s);
	}
}

static void begin_page(struct buf *b)
{
	buf_printf(b, "<!DOCTYPE html>\n<html lang=\"%s\">", msg_tag());
	buf_adds(b, "<head><meta charset=\"utf-8\">"
		    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
		    "<title>");
	buf_adds(b, tr("办理进度"));
	buf_adds(b, "</title><style>body{font:1.05em/1.6 sans-serif;max-width:36em;margin:1em auto;"
		    "padding:0 1em;color:#111;background:#fff}h1{font-size:1.3em}"
		    "dt{color:#555}dd{margin:0 0 .5em;overflow-wrap:anywhere}"
		    "td{padding:.15em 1em .15em 0}.now{font-size:1.3em;font-weight:bold}"
		    "input,button{font:inherit;padding:.4em;width:100%;box-sizing:border-box;"
		    "margin:.2em 0 .8em}</style></head><body>\n");
}

/* Nothing of it is kept on the way, found by a search engine, or lets another site in. */
static void end_page(struct exchange *x, int status)
{
	buf_adds(&x->answer, "</body></html>\n");
	exchange_worded(x);
	exchange_header(x, "Cache-Control", "no-store");
	exchange_header(x, "Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; form-action 'self';"
		" base-uri 'none'; frame-ancestors 'none'");
	exchange_header(x, "Referrer-Policy", "no-referrer");
	exchange_header(x, "X-Content-Type-Options", "nosniff");
	exchange_header(x, "X-Robots-Tag", "noindex");
	exchange_answer(x, status, "text/html; charset=utf-8");
}

static void put_heading(struct buf *b, const char *text)
{
	buf_printf(b, "<h1>%s</h1>\n", text);
}

static void put_pair(struct buf *b, const char *label, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	buf_printf(b, "<dt>%s</dt><dd>", label);
	put_text(b, text);
	buf_adds(b, "</dd>\n");
}

static void put_form(struct buf *b, const char *number)
{
	buf_printf(b, "<form method=\"post\" action=\"/q\"><label>%s<input name=\"no\" value=\"",
		tr("办件编号"));
	put_text(b, number);
	buf_printf(b,
		"\" autocomplete=\"off\" required></label>\n"
		"<label>%s<input name=\"password\" autocomplete=\"off\" required></label>\n"
		"<button>%s</button></form>\n",
		tr("查询密码 (在凭证上)"), tr("查询"));
}

static void answer_form(struct exchange *x, int status, const char *sentence, const char *number)
{
	buf_clear(&x->answer);
	begin_page(&x->answer);
	put_heading(&x->answer, tr("查办理进度"));
	if (sentence != NULL)
		buf_printf(&x->answer, "<p>%s</p>\n", sentence);
	put_form(&x->answer, number);
	end_page(x, status);
}

/* ---- one case ---- */

struct shown {
	struct buf *out;
	const char *password; /* NULL: the code is enough */
	bool admitted;
	char project_no[PROJECT_NO_SIZE];
	enum case_state state;
	int steps;
};

/* What the applicant does now. */
static const char *advice(enum case_state s)
{
	switch (s) {
	case CASE_RECEIVED:
		return tr("已经收下, 窗口正在核对材料; 受理与否会另行告知。");
	case CASE_CORRECTING:
		return tr("材料要补正: 请照补正告知书补齐后到窗口, 或打凭证上的电话。");
	case CASE_ACCEPTED:
		return tr("正在办理。");
	case CASE_SUSPENDED:
		return tr("正在进行特别程序 (如核查、听证), 这段时间不计入办理期限。");
	case CASE_DECIDED:
		return tr("已经办结: 请带本人有效证件到窗口领取结果; 约定邮寄的等候邮件。");
	case CASE_DELIVERED:
	case CASE_ARCHIVED:
		return tr("结果已经送达。");
	case CASE_REFUSED:
		return tr("没有受理: 理由和救济途径见不予受理通知书。");
	case CASE_RETURNED:
		return tr("已经退件: 原因见退件通知。需要时可以重新申请。");
	case CASE_WITHDRAWN:
		return tr("申请已由申请人撤回。");
	default:
		return tr("这一件已经作废。");
	}
}

static void put_moment(struct buf *b, int64_t ms)
{
	char text[24];

	buf_adds(b, clock_format(ms, "%Y-%m-%d %H:%M", text, sizeof text));
}

static void show_case(void *arg, const struct case_record *c)
{
	struct shown *s = arg;
	struct buf name = {0}, when = {0};
	size_t len = strlen(c->query_password);

	s->admitted =
		s->password == NULL ||
		(strlen(s->password) == len && crypto_equal(s->password, c->query_password, len));
	if (!s->admitted || !case_state_parse(c->state, &s->state))
		return;
	strncat(s->project_no, c->project_no, sizeof s->project_no - 1);
	put_heading(s->out, tr("办理进度"));
	buf_printf(s->out, "<p class=\"now\">%s</p>\n<p>%s</p>\n<dl>\n", case_state_label(s->state),
		advice(s->state));
	put_pair(s->out, tr("事项"), c->task_name);
	put_pair(s->out, tr("办件编号"), c->project_no);
	text_mask(&name, c->applyer_name, 1, 0);
	put_pair(s->out, tr("申请人"), buf_str(&name));
	put_moment(&when, c->received_ms);
	put_pair(s->out, tr("收件时间"), buf_str(&when));
	buf_fini(&name);
	buf_fini(&when);
}

/* The day something is wanted by: of the applicant, or of the office. */
static void put_days(struct api *a, struct shown *s)
{
	struct dossier d;
	struct buf owed = {0};
	char day[DATE_SIZE];

	if (dossier_read(&d, a->store, s->project_no) != OK)
		return;
	if (s->state == CASE_ACCEPTED && d.due_day != 0)
		put_pair(s->out, tr("办结到期日"), date_format(date_from_day(d.due_day), day));
	if (!case_state_ended(s->state))
		dossier_list_owed(&d, 0, &owed);
	put_pair(s->out, tr("还要补交的材料"), buf_str(&owed));
	buf_fini(&owed);
	dossier_fini(&d);
}

/* NULL: not a step for the public. */
static const char *label_of(const struct event_record *e)
{
	enum case_act act;

	if (strcmp(e->kind, "application") == 0)
		return tr("收下申请");
	if (case_act_of_letter(e->kind, &act) || case_act_parse(e->kind, &act))
		return case_act_label(act);
	if (strcmp(e->kind, "advance") == 0 && e->state != NULL)
		return case_state_label_of(e->state);
	return NULL;
}

static void put_step(void *arg, const struct event_record *e)
{
	struct shown *s = arg;
	const char *label = label_of(e);

	if (label == NULL || s->steps++ >= STEPS_MAX)
		return;
	buf_adds(s->out, "<tr><td>");
	put_moment(s->out, e->at_ms);
	buf_adds(s->out, "</td><td>");
	put_text(s->out, label);
	buf_adds(s->out, "</td></tr>\n");
}

/* 404 without a word whether there is such a case: missing says what to do. */
static void answer_case(struct api *a, struct exchange *x, const char *by, const char *password,
	const char *missing)
{
	struct shown s = {.out = &x->answer, .password = password};
	enum err e;

	begin_page(&x->answer);
	e = a->store->ops->case_get(a->store, by, show_case, &s);
	if (e != OK && e != ERR_NOT_FOUND) {
		buf_clear(&x->answer);
		api_store_failed(x);
		return;
	}
	if (s.project_no[0] == '\0') {
		if (password != NULL)
			api_guessed_wrong(a, x);
		answer_form(x, 404, missing, password != NULL ? by : "");
		return;
	}
	put_days(a, &s);
	buf_printf(&x->answer, "</dl>\n<h1>%s</h1>\n<table>\n", tr("经过"));
	if (a->store->ops->history(a->store, s.project_no, put_step, &s) != OK) {
		buf_clear(&x->answer);
		api_store_failed(x);
		return;
	}
	buf_adds(&x->answer, "</table>\n");
	end_page(x, 200);
}

/* ---- requests ---- */

void api_query_form(struct api *a, struct exchange *x)
{
	(void)a;
	answer_form(x, 200, NULL, "");
}

/* By the code of a slip. Anything else (a case number typed after the address) is asked for with
 * its password. */
void api_query_code(struct api *a, struct exchange *x)
{
	struct buf code = {0};
	char id[ID_UUID_SIZE];
	size_t i;

	if (!api_param(x, &code))
		goto out;
	if (!id_is_uuid(code.data)) {
		answer_form(x, 200, NULL, code.len <= TYPED_MAX_BYTES ? code.data : "");
		goto out;
	}
	for (i = 0; i < ID_UUID_SIZE; i++)
		id[i] = (char)tolower((unsigned char)code.data[i]);
	answer_case(a, x, id, NULL,
		tr("没有查到这一件: 刚在窗口收下的请过一会儿再扫, 或者凭办件编号和查询密码查。"));
out:
	buf_fini(&code);
}

/* As it is read off paper: blanks out, upper case, signs that look alike are one (id_code). */
static void tidy_password(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++) {
		char c = (char)toupper((unsigned char)*s);
		if (c == ' ' || c == '-')
			continue;
		*to++ = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
	}
	*to = '\0';
}

void api_query_ask(struct api *a, struct exchange *x)
{
	struct buf no = {0}, password = {0};
	size_t i;

	if (api_guesses_spent(a, x)) {
		answer_form(x, 429, tr("输错的次数太多, 请一分钟后再试"), "");
		return;
	}
	for (i = 0; i < x->body.len; i++)
		if (x->body.data[i] == '+')
			x->body.data[i] = ' ';
	x->query = buf_str(&x->body);
	if (exchange_query(x, "no", &no) != QUERY_GIVEN ||
		exchange_query(x, "password", &password) != QUERY_GIVEN || no.len == 0 ||
		no.len > TYPED_MAX_BYTES || password.len > TYPED_MAX_BYTES) {
		answer_form(x, 400, tr("请填办件编号和查询密码"), "");
	} else {
		text_trim(no.data);
		tidy_password(password.data);
		answer_case(
			a, x, no.data, password.data, tr("办件编号和查询密码对不上, 请照凭证核对"));
	}
	buf_fini(&no);
	buf_fini(&password);
}
