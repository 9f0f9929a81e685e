#include "tui/ticket_lines.h"

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/msg.h"
#include "core/station/cases.h"
#include "core/station/draft.h"
#include "core/station/queue.h"
#include "tui/case_lines.h"
#include "tui/case_text.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/visitors.h"
#include "tui/widget_pager.h"

enum {
	LABEL_COLS = 8
};

struct lines {
	struct pager *pager;
	const struct session *session;
	size_t cases;
};

static void pair(struct lines *l, const char *label, const struct buf *text)
{
	pager_pair(l->pager, 2, LABEL_COLS, label, buf_str(text));
}

/* "14:02  " when it has been. */
static void begin_at(struct buf *b, int64_t ms)
{
	char hm[16];

	buf_clear(b);
	buf_printf(b, "%s  ", clock_format(ms, "%H:%M", hm, sizeof(hm)));
}

static void add_taken(struct lines *l, const struct ticket *t, struct buf *b)
{
	begin_at(b, t->taken_ms);
	buf_adds(b, t->machine ? tr("取号机") : tr("手工发号"));
	if (t->priority)
		buf_printf(b, ", %s", tr("优先"));
	pair(l, tr("取号"), b);
	if (t->state != TICKET_WAITING || !*t->for_window)
		return;
	buf_clear(b);
	buf_printf(b, tr("只在 %s号窗口"), t->for_window);
	pair(l, tr("转到"), b);
}

static void add_called(struct lines *l, const struct ticket *t, struct buf *b)
{
	if (!t->called_ms)
		return;
	begin_at(b, t->called_ms);
	buf_printf(b, tr("%s号窗口"), t->window);
	if (t->calls > 1) {
		buf_adds(b, ", ");
		buf_printf(b, tr("叫过 %d 次"), t->calls);
	}
	pair(l, tr("呼叫"), b);
}

static void add_served(struct lines *l, const struct ticket *t, struct buf *b)
{
	if (t->started_ms) {
		begin_at(b, t->started_ms);
		buf_adds(b, t->operator_name);
		pair(l, tr("到窗口"), b);
	}
	if (!t->finished_ms)
		return;
	begin_at(b, t->finished_ms);
	buf_adds(b, t->state == TICKET_DONE && t->outcome < TICKET_OUTCOME__MAX
			    ? ticket_outcome_label(t->outcome)
			    : ticket_state_label(t->state));
	if (t->served_ms > 0) {
		buf_printf(b, ", %s ", tr("在窗口"));
		visitors_minutes(b, 0, t->served_ms);
	}
	pair(l, tr("结束"), b);
}

static void add_now(
	struct lines *l, const struct ticket *t, size_t ahead, int64_t now_ms, struct buf *b)
{
	if (ticket_ended(t->state))
		return;
	buf_clear(b);
	buf_printf(b, "%s ", ticket_state_label(t->state));
	visitors_minutes(b, t->state == TICKET_WAITING ? t->taken_ms : t->since_ms, now_ms);
	if (t->state == TICKET_WAITING && ahead > 0) {
		buf_adds(b, ", ");
		buf_printf(b, tr("前面还有 %zu 人"), ahead);
	}
	pair(l, trc("column", "现在"), b);
}

static void add_draft(struct lines *l, const struct draft *d, struct buf *b)
{
	buf_adds(b, d->applyer_name ? "  " : "");
	show_name(b, d->applyer_name ? d->applyer_name : "", !l->session->unmasked);
	pager_add(l->pager, 2, ROLE_TEXT, d->task_name ? d->task_name : "");
	pager_add(l->pager, 4, ROLE_WARN, draft_step_text(d->step));
	if (b->len)
		pager_add(l->pager, 4, ROLE_TEXT, buf_str(b));
}

static void add_submitted(struct lines *l, const struct case_view *v, struct buf *b)
{
	buf_printf(b, "%s  ", case_state_text(v->state));
	show_name(b, v->applyer_name ? v->applyer_name : "", !l->session->unmasked);
	pager_add(l->pager, 2, ROLE_TEXT, v->task_name ? v->task_name : "");
	pager_add(l->pager, 4, ROLE_TEXT, buf_str(b));
	buf_clear(b);
	buf_printf(b, "%s  %s", v->local_receipt ? v->local_receipt : "",
		v->project_no ? v->project_no : "");
	pager_add(l->pager, 4, ROLE_TEXT, buf_str(b));
}

static void add_case(void *arg, const char *id)
{
	struct lines *l = arg;
	struct store *s = l->session->store;
	struct case_view v;
	struct draft d = {.id = ""};
	struct buf b = {0};

	if (draft_get(s, id, &d) == OK) {
		add_draft(l, &d, &b);
		draft_fini(&d);
		l->cases++;
	} else if (case_get(s, id, &v) == OK) {
		add_submitted(l, &v, &b);
		case_view_fini(&v);
		l->cases++;
	}
	buf_fini(&b);
}

void ticket_lines(struct pager *p, const struct session *s, const struct ticket *t, size_t ahead,
	int64_t now_ms)
{
	struct lines l = {p, s, 0};
	struct buf b = {0};

	buf_printf(&b, "%s  ", t->number);
	queue_group_name(visitors_groups(s->visitors), t->letter, &b);
	pager_add(p, 0, ROLE_STRONG, buf_str(&b));
	add_now(&l, t, ahead, now_ms, &b);
	pager_gap(p);
	pager_add(p, 0, ROLE_STRONG, tr("这一次办的"));
	queue_each_case(s->store, t, add_case, &l);
	if (l.cases == 0)
		pager_add(p, 2, ROLE_TEXT, tr("还没有办件"));
	pager_gap(p);
	add_taken(&l, t, &b);
	add_called(&l, t, &b);
	add_served(&l, t, &b);
	buf_fini(&b);
}
