#include "tui/today_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/deadline.h"
#include "core/domain/workday.h"
#include "core/station/act_begun.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/draft.h"
#include "core/station/evaluation.h"
#include "core/station/handover.h"
#include "core/station/notices.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tui/case_lines.h"
#include "tui/case_text.h"
#include "tui/ledger_text.h"
#include "tui/letter_view.h"
#include "tui/session.h"
#include "tui/show.h"

struct reading {
	struct today_rows *out;
	const struct session *session;
};

static void drop_rows(struct today_rows *t)
{
	for (size_t i = 0; i < t->count; i++) {
		free(t->rows[i].when);
		free(t->rows[i].what);
		free(t->rows[i].who);
		free(t->rows[i].note);
		free(t->rows[i].due);
	}
	t->count = 0;
	memset(t->in_group, 0, sizeof(t->in_group));
}

static struct today_row *new_row(struct reading *t, enum today_group group,
	enum today_row_kind kind, const char *id, int64_t at_ms)
{
	struct buf when = {0};
	struct today_row *r;

	t->out->rows = mem_resize(t->out->rows, t->out->count + 1, sizeof(*t->out->rows));
	r = &t->out->rows[t->out->count++];
	memset(r, 0, sizeof(*r));
	r->group = group;
	r->kind = kind;
	snprintf(r->id, sizeof(r->id), "%s", id);
	show_moment(&when, at_ms, clock_wall_ms(t->session->clock));
	r->when = buf_take(&when);
	t->out->in_group[group]++;
	return r;
}

static void add_letter(void *arg, const struct letter *l)
{
	struct reading *t = arg;
	struct today_row *r = new_row(t, l->state == LETTER_HELD ? TODAY_ACT : TODAY_WAITING,
		TODAY_ROW_LETTER, l->id, l->since_ms ? l->since_ms : l->created_ms);
	struct buf note = {0};

	letter_subject(&note, l);
	r->what = buf_take(&note);
	r->who = mem_strdup(l->applyer_name ? l->applyer_name : "");
}

/* What the centre said of a case: to be corrected, or only to be known. */
static void add_news(void *arg, const struct case_view *v)
{
	struct reading *t = arg;
	enum case_state state;
	bool act = case_state_parse(v->state, &state) && state == CASE_CORRECTING;
	struct today_row *r =
		new_row(t, act ? TODAY_ACT : TODAY_NEWS, TODAY_ROW_CASE, v->id, v->updated_ms);
	struct buf note = {0};

	r->what = mem_strdup(v->task_name ? v->task_name : "");
	r->who = mem_strdup(v->applyer_name ? v->applyer_name : "");
	buf_adds(&note, case_state_text(v->state));
	if (v->note && *v->note)
		buf_printf(&note, ": %s", v->note);
	r->note = buf_take(&note);
}

static void add_wanted(void *arg, const struct case_view *v)
{
	if (strcmp(v->state, case_state_name(CASE_CORRECTING)) == 0)
		add_news(arg, v);
}

/* What falls due by then is shown: today, and so many working days (黄牌). */
static int32_t last_due_day(const struct session *s)
{
	return calendar_add(calendar_shipped(), clock_day(clock_wall_ms(s->clock)), s->yellow_days);
}

static void add_due_words(const struct due *d, int32_t today, struct buf *out)
{
	const struct calendar *c = calendar_shipped();

	buf_printf(out, "%s  ", due_label(d->kind));
	if (deadline_alarm(c, today, d->day, 0) == ALARM_RED)
		buf_printf(out, tr("红牌: 已过 %d 天"), (int)(today - d->day));
	else if (d->day == today)
		buf_adds(out, tr("今天"));
	else
		buf_printf(out, tr("黄牌: 剩 %d 个工作日"), deadline_left(c, today, d->day));
	if (calendar_provisional(c, d->day))
		buf_adds(out, tr(" (暂定)"));
}

/* By when something is owed: short, for it stands beside the name of what is owed. */
static char *owed_due(const struct due *d, int32_t today)
{
	const struct calendar *c = calendar_shipped();
	struct buf b = {0};

	if (d->day < today)
		buf_printf(&b, tr("逾期 %d 天"), (int)(today - d->day));
	else if (d->day == today)
		buf_adds(&b, tr("今天到期"));
	else
		buf_printf(&b, tr("剩 %d 个工作日"), deadline_left(c, today, d->day));
	if (calendar_provisional(c, d->day))
		buf_adds(&b, tr(" (暂定)"));
	return buf_take(&b);
}

static void add_due(void *arg, const struct due *d)
{
	struct reading *t = arg;
	struct today_row *r = new_row(t, TODAY_ACT, TODAY_ROW_CASE, d->case_id, 0);
	int32_t today = clock_day(clock_wall_ms(t->session->clock));
	struct buf note = {0};
	char day[DATE_SIZE];

	free(r->when);
	r->when = mem_strdup(date_format(date_from_day(d->day), day) + 5); /* MM-DD */
	r->what = mem_strdup(d->task_name);
	r->who = mem_strdup(d->applyer_name);
	if (d->kind == DUE_OWED) { /* which paper is the point */
		buf_printf(&note, tr("欠 %s"), d->material);
		r->due = owed_due(d, today);
	} else {
		add_due_words(d, today, &note);
	}
	r->note = buf_take(&note);
}

/* A bad mark to look into; not one's own. */
static void add_complaint(void *arg, const struct complaint *c)
{
	struct reading *t = arg;
	struct buf what = {0}, note = {0};
	struct today_row *r;
	char day[DATE_SIZE];

	if (strcmp(c->operator_name, t->session->who.name) == 0)
		return;
	r = new_row(t, TODAY_ACT, TODAY_ROW_LEDGER, c->id, c->at_ms);
	free(r->when);
	r->when = mem_strdup(date_format(date_from_day(c->due_day), day) + 5); /* MM-DD */
	buf_printf(&what, tr("差评: %s"), c->task_name);
	r->what = buf_take(&what);
	r->who = mem_strdup("");
	buf_printf(&note, "%s  ", complaint_state_label(c->state));
	ledger_due_words(&note, c->due_day, clock_day(clock_wall_ms(t->session->clock)));
	r->note = buf_take(&note);
}

static void add_other_news(void *arg, const struct case_view *v)
{
	if (strcmp(v->state, case_state_name(CASE_CORRECTING)) != 0)
		add_news(arg, v);
}

/* One row for all of them: the newest, and how many. */
static void add_notice(void *arg, const struct notice *n)
{
	struct reading *t = arg;
	struct today_row *r;
	struct buf what = {0};
	size_t unseen = notice_count_unseen(t->session->store);

	if (n->seen)
		return;
	r = new_row(t, TODAY_NEWS, TODAY_ROW_NOTICES, "", n->at_ms);
	buf_printf(&what, tr("通知 %zu 条"), unseen);
	r->what = buf_take(&what);
	r->who = mem_strdup("");
	r->note = mem_strdup(n->text);
}

static void add_handed(void *arg, const struct handover *h)
{
	struct reading *t = arg;
	struct today_row *r = new_row(t, TODAY_ACT, TODAY_ROW_HANDED, h->case_id, h->at_ms);
	struct buf note = {0};

	r->what = mem_strdup(h->task_name ? h->task_name : "");
	r->who = mem_strdup(h->applyer_name ? h->applyer_name : "");
	buf_printf(&note, tr("%s 移交给您"), h->from_operator);
	if (*h->note)
		buf_printf(&note, ": %s", h->note);
	r->note = buf_take(&note);
}

/* Handed to somebody else, and not taken yet. */
static void add_on_its_way(struct store *s, const char *id, struct buf *note)
{
	struct handover h = {.case_id = ""};

	if (handover_find(s, id, &h) != OK)
		return;
	buf_adds(note, tr(", 已交 "));
	handover_to(&h, note);
	handover_fini(&h);
}

/* One row for all results that wait to be fetched; a name is enough there. */
static void add_pickup(struct reading *t)
{
	size_t waiting = case_count_state(t->session->store, case_state_name(CASE_DECIDED));
	struct buf what = {0};
	struct today_row *r;

	if (waiting == 0)
		return;
	r = new_row(t, TODAY_NEWS, TODAY_ROW_PICKUP, "", 0);
	free(r->when);
	r->when = mem_strdup(tr("取件"));
	buf_printf(&what, tr("待取的结果 %zu 件"), waiting);
	r->what = buf_take(&what);
	r->who = mem_strdup("");
	r->note = mem_strdup(tr("来人说姓名就能找到"));
}

static void add_draft(void *arg, const struct draft *d)
{
	struct reading *t = arg;
	struct today_row *r = new_row(t, TODAY_DRAFTS, TODAY_ROW_DRAFT, d->id, d->updated_ms);
	struct buf note = {0};

	r->what = mem_strdup(d->task_name ? d->task_name : "");
	r->who = mem_strdup(d->applyer_name ? d->applyer_name : "");
	if (d->revising)
		buf_adds(&note, tr("更正, "));
	buf_adds(&note, draft_step_text(d->step));
	if (d->ticket)
		buf_printf(&note, ", %s", d->ticket);
	add_on_its_way(t->session->store, d->id, &note);
	if (d->parked_note && *d->parked_note)
		buf_printf(&note, ", %s", d->parked_note);
	r->note = buf_take(&note);
}

static void add_begun(void *arg, const struct act_begun *b)
{
	struct reading *t = arg;
	struct today_row *r = new_row(t, TODAY_DRAFTS, TODAY_ROW_ACT, b->case_id, b->touched_ms);
	struct buf note = {0};

	r->act = b->act;
	r->what = mem_strdup(b->task_name);
	r->who = mem_strdup(b->applyer_name);
	buf_printf(&note, tr("%s 没填完"), case_act_label(b->act));
	r->note = buf_take(&note);
}

void today_rows_read(struct today_rows *t, const struct session *session)
{
	struct reading r = {t, session};
	struct store *s = session->store;

	drop_rows(t);
	handover_each(s, session->who.name, session->window, add_handed, &r);
	outbox_each(
		s, &(struct outbox_filter){.state = LETTER_HELD, .brief = true}, add_letter, &r);
	case_each_news(s, add_wanted, &r);
	dues_each(s, last_due_day(session), add_due, &r);
	complaint_each(s, false, add_complaint, &r);
	case_each_news(s, add_other_news, &r);
	add_pickup(&r);
	notice_each(s, 1, add_notice, &r);
	draft_each(s, session->who.name, add_draft, &r);
	act_begun_each(s, session->who.name, NULL, add_begun, &r);
	outbox_each(
		s, &(struct outbox_filter){.state = LETTER_WAITING, .brief = true}, add_letter, &r);
}

void today_rows_tell(struct today_rows *t, size_t i, const struct session *session)
{
	struct today_row *r = &t->rows[i];
	struct buf note = {0};

	if (r->note != NULL || r->kind != TODAY_ROW_LETTER)
		return;
	letter_note(&note, session, r->id);
	r->note = mem_strdup(buf_str(&note));
	buf_fini(&note);
}

void today_rows_fini(struct today_rows *t)
{
	drop_rows(t);
	free(t->rows);
	t->rows = NULL;
}
