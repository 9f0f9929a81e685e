#include "tui/case_lines.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/station/act_begun.h"
#include "core/station/cases.h"
#include "core/station/catalogue.h"
#include "core/station/checklist.h"
#include "core/station/handover.h"
#include "core/station/operator.h"
#include "core/station/outbox.h"
#include "core/station/queue.h"
#include "tui/case_story.h"
#include "tui/letter_view.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/widget_pager.h"

enum {
	LABEL_COLS = 14,
	LETTER_LABEL_COLS = 8
};

struct lines {
	struct pager *pager;
	const struct session *session;
	int64_t now_ms;
	size_t answers; /* of a draft */
};

static void pair(struct lines *l, const char *label, const char *text)
{
	if (text && *text)
		pager_pair(l->pager, 2, LABEL_COLS, label, text);
}

static void take_seq(void *arg, const char *place, const char *value)
{
	int *seq = arg;

	if (strcmp(place, "seq") == 0)
		*seq = atoi(value);
}

/* The version of the guide it began with; whether another is in force now. */
static void add_version(struct lines *l, const struct case_view *v)
{
	const struct session *s = l->session;
	struct buf b = {0};
	int began = 0, now = catalogue_seq(s->catalogue, v->task_code);

	draft_each_answer(s->store, v->id, DRAFT_GUIDE, take_seq, &began);
	if (began == 0)
		return;
	buf_printf(&b, tr("第 %d 版"), began);
	if (now == 0)
		buf_printf(&b, tr("; 该事项现已取消, 本件仍按原指南办"));
	else if (now != began)
		buf_printf(&b, tr("; 现行为第 %d 版, 本件仍按原指南办"), now);
	pair(l, tr("办事指南"), buf_str(&b));
	buf_fini(&b);
}

/* Who has it now, when that is not who took it in. */
static void add_keeper(struct lines *l, const struct case_view *v)
{
	struct store *s = l->session->store;
	struct buf now = {0}, took = {0};

	handover_whose(s, v->id, &now);
	buf_printf(&took, "%s (", v->operator_name ? operator_shown(v->operator_name) : "");
	buf_printf(&took, tr("%s号窗口"), v->window ? v->window : "");
	buf_adds(&took, ")");
	if (strcmp(buf_str(&now), buf_str(&took)) != 0)
		pair(l, tr("现在由"), buf_str(&now));
	buf_fini(&now);
	buf_fini(&took);
}

static void add_applicant(struct lines *l, const char *name)
{
	struct buf b = {0};

	show_name(&b, name ? name : "", !l->session->unmasked);
	pair(l, tr("申请人"), buf_str(&b));
	buf_fini(&b);
}

/* An act that was begun and not done. */
static void add_begun(void *arg, const struct act_begun *begun)
{
	struct lines *l = arg;
	struct buf b = {0};

	buf_printf(&b, "%s: ", case_act_label(begun->act));
	show_moment(&b, begun->begun_ms, l->now_ms);
	buf_printf(&b, tr(" 开始填, 还没有办; %s (%s号窗口)"), operator_shown(begun->operator_name),
		begun->window);
	pair(l, tr("没办完"), buf_str(&b));
	buf_fini(&b);
}

static void add_application(struct lines *l, const struct case_view *v)
{
	struct buf b = {0};

	if (v->version <= 1 && !v->revising)
		return;
	buf_printf(&b, tr("第 %d 版"), v->version);
	if (v->revising)
		buf_adds(&b, tr("; 正在更正, 还没有提交"));
	pair(l, tr("申请"), buf_str(&b));
	buf_fini(&b);
}

/* What of it the centre has not got and will not get by itself, and where one sees to that. */
static void add_held(struct lines *l, const struct case_view *v)
{
	struct buf b = {0};
	struct letter letter;
	enum case_act act;

	if (!v->letter_id || outbox_get(l->session->store, v->letter_id, &letter) != OK)
		return;
	if (letter.state == LETTER_HELD) {
		buf_printf(&b, tr("%s: %s, 到待发 (Alt-4) 里处理"),
			case_act_of_letter(letter.kind, &act) ? case_act_label(act) : tr("申请"),
			letter_state_text(&letter));
		pair(l, tr("信件"), buf_str(&b));
	}
	letter_fini(&letter);
	buf_fini(&b);
}

void case_lines(struct pager *p, const struct session *s, const struct case_view *v, int64_t now_ms)
{
	struct lines l = {p, s, now_ms, 0};
	struct buf b = {0};

	pager_add(p, 0, ROLE_STRONG, v->task_name ? v->task_name : "");
	pager_gap(p);
	add_applicant(&l, v->applyer_name);
	pair(&l, tr("本地收件号"), v->local_receipt);
	pair(&l, tr("办件编号"), v->project_no);
	if (s->unmasked)
		pair(&l, tr("查询密码"), v->query_password);
	pair(&l, tr("状态"), show_alone(&b, show_case_state(v)));
	buf_clear(&b);
	add_held(&l, v);
	act_begun_each(s->store, NULL, v->id, add_begun, &l);
	add_application(&l, v);
	pair(&l, tr("事项编码"), v->task_code);
	add_version(&l, v);
	buf_printf(&b, tr("%s号窗口"), v->window ? v->window : "");
	buf_printf(&b, " %s", v->operator_name ? operator_shown(v->operator_name) : "");
	pair(&l, tr("经办"), buf_str(&b));
	add_keeper(&l, v);
	buf_clear(&b);
	queue_number_of_case(s->store, v->id, &b);
	pair(&l, tr("票号"), buf_str(&b));
	case_story(p, s, v, LABEL_COLS, now_ms);
	buf_fini(&b);
}

/* ---- drafts ---- */

const char *draft_step_text(enum draft_step step)
{
	static const char *const steps[DRAFT_STEP__MAX] = {
		[DRAFT_AT_SITUATION] = N_("问到情形"),
		[DRAFT_AT_CHECKLIST] = N_("核对材料"),
		[DRAFT_AT_FORM] = N_("填表"),
		[DRAFT_AT_REVIEW] = N_("待核对提交"),
	};

	return tr(steps[step]);
}

static void count_answer(void *arg, const char *place, const char *value)
{
	struct lines *l = arg;

	(void)place;
	l->answers += *value != '\0';
}

static void add_paper(void *arg, const char *material, const char *state)
{
	struct lines *l = arg;
	enum checklist_state known;
	struct buf b = {0};

	if (checklist_state_parse(state, &known))
		pair(l, show_alone(&b, checklist_state_label(known)), material);
	buf_fini(&b);
}

void draft_lines(struct pager *p, const struct session *s, const struct draft *d, int64_t now_ms)
{
	struct lines l = {p, s, now_ms, 0};
	struct buf b = {0};

	pager_add(p, 0, ROLE_STRONG, d->task_name ? d->task_name : "");
	pager_gap(p);
	add_applicant(&l, d->applyer_name);
	buf_printf(&b, "%s%s", d->revising ? tr("更正, ") : "", draft_step_text(d->step));
	pair(&l, tr("办到"), buf_str(&b));
	draft_each_answer(s->store, d->id, DRAFT_FORM, count_answer, &l);
	buf_clear(&b);
	buf_printf(&b, l.answers == 1 ? tr("1 栏") : tr("%zu 栏"), l.answers);
	pair(&l, tr("已填"), l.answers ? buf_str(&b) : "");
	buf_clear(&b);
	show_moment(&b, d->updated_ms, now_ms);
	pair(&l, tr("上次"), buf_str(&b));
	pair(&l, tr("票号"), d->ticket);
	pair(&l, tr("暂存"), d->parked_note);
	buf_clear(&b);
	handover_whose(s->store, d->id, &b);
	pair(&l, tr("现在由"), buf_str(&b));
	pager_gap(p);
	pager_add(p, 0, ROLE_STRONG, tr("材料"));
	draft_each_answer(s->store, d->id, DRAFT_MATERIALS, add_paper, &l);
	buf_fini(&b);
}

/* ---- previews ---- */

void case_preview(
	struct pager *p, const struct session *s, const char *case_or_draft_id, int64_t now_ms)
{
	struct draft d = {.id = ""};
	struct case_view v;

	if (draft_get(s->store, case_or_draft_id, &d) == OK) {
		draft_lines(p, s, &d, now_ms);
		draft_fini(&d);
	} else if (case_get(s->store, case_or_draft_id, &v) == OK) {
		case_lines(p, s, &v, now_ms);
		case_view_fini(&v);
	} else {
		pager_add(p, 0, ROLE_ERROR, tr("这一件读不出来。"));
	}
}

void letter_preview(struct pager *p, const struct session *s, const char *letter_id, int64_t now_ms)
{
	struct letter l;

	if (outbox_get(s->store, letter_id, &l) != OK) {
		pager_add(p, 0, ROLE_ERROR, tr("这一件读不出来。"));
		return;
	}
	letter_lines(p, LETTER_LABEL_COLS, s, &l, now_ms, 0);
	letter_fini(&l);
}
