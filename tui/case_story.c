#include "tui/case_story.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/deadline.h"
#include "core/domain/workday.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/documents/slip_ledger.h"
#include "core/station/operator.h"
#include "core/station/owed.h"
#include "core/station/store.h"
#include "tui/case_text.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/widget_pager.h"

struct story {
	struct pager *pager;
	const struct session *session;
	const char *case_id;
	int label_cols;
	int64_t now_ms;
	int count; /* of what is being listed */
};

static void pair(struct story *t, const char *label, const char *text)
{
	if (text && *text)
		pager_pair(t->pager, 2, t->label_cols, label, text);
}

static json *facts_of(struct store *s, const char *case_id, enum case_act act)
{
	struct buf text = {0};
	json *facts = NULL;

	if (act_facts(s, case_id, act, &text, NULL) != OK ||
		json_parse(&facts, buf_str(&text), text.len, NULL) != OK)
		facts = NULL;
	buf_fini(&text);
	return facts;
}

static void add_part(struct buf *out, const char *before, const char *text)
{
	if (text && *text)
		buf_printf(out, "%s%s", out->len ? before : "", text);
}

/* ---- the result ---- */

void case_result(struct store *s, const char *case_id, struct buf *out)
{
	json *facts = facts_of(s, case_id, ACT_DECIDE);
	const json *one = json_first(json_get(facts, "documents"));

	for (; one; one = json_next(one)) {
		add_part(out, "; ", json_get_str(one, "name"));
		add_part(out, " ", json_get_str(one, "number"));
	}
	json_free(facts);
}

/* Who has it: still here, or who took it and how. */
static void add_result(struct story *t, const struct case_view *v)
{
	struct store *s = t->session->store;
	struct buf text = {0};
	json *handed;

	case_result(s, v->id, &text);
	pair(t, tr("结果"), buf_str(&text));
	buf_clear(&text);
	handed = facts_of(s, v->id, ACT_DELIVER);
	add_part(&text, "", json_get_str(handed, "delivery_way"));
	add_part(&text, "  ",
		json_get_str(handed, json_get(handed, "taken_by") ? "taken_by" : "recipient"));
	add_part(&text, "  ", json_get_str(handed, "tracking_no"));
	pair(t, trc("label", "送达"), buf_str(&text));
	json_free(handed);
	buf_fini(&text);
}

/* ---- what is wanted of the applicant ---- */

void case_corrections(struct store *s, const char *case_id,
	void (*each)(void *arg, const char *name, const char *defect, const char *how), void *arg)
{
	json *facts = facts_of(s, case_id, ACT_REQUEST_CORRECTION);
	const json *one = json_first(json_get(facts, "corrections"));

	for (; one; one = json_next(one))
		each(arg, json_get_str(one, "name"), json_get_str(one, "defect"),
			json_get_str(one, "how"));
	json_free(facts);
}

static void add_correction(void *arg, const char *name, const char *defect, const char *how)
{
	struct story *t = arg;
	struct buf text = {0};

	buf_printf(&text, "%d ", ++t->count);
	add_part(&text, "", name);
	add_part(&text, ": ", defect);
	add_part(&text, "; ", how);
	pair(t, t->count == 1 ? tr("要补正") : "", buf_str(&text));
	buf_fini(&text);
}

static void add_corrections(struct story *t, const struct case_view *v)
{
	struct buf text = {0};
	json *facts;

	if (strcmp(v->state, case_state_name(CASE_CORRECTING)) != 0) {
		case_result(t->session->store, v->id, &text);
		if (v->note == NULL || strcmp(v->note, buf_str(&text)) != 0) /* said already */
			pair(t, tr("中心说明"), v->note);
		buf_fini(&text);
		return;
	}
	t->count = 0;
	case_corrections(t->session->store, v->id, add_correction, t);
	if (t->count == 0)
		pair(t, tr("中心说明"), v->note);
	facts = facts_of(t->session->store, v->id, ACT_REQUEST_CORRECTION);
	pair(t, tr("补正最后一天"), json_get_str(facts, "last_day"));
	json_free(facts);
}

static void add_owed(void *arg, const struct owed *o)
{
	struct story *t = arg;
	struct buf text = {0};
	char day[DATE_SIZE];
	int32_t today = clock_day(t->now_ms);

	buf_printf(&text, "%s  ", o->material);
	if (o->supplied_ms) {
		buf_adds(&text, tr("已补交 "));
		show_moment(&text, o->supplied_ms, t->now_ms);
		add_part(&text, "  ", o->supplied_by);
	} else {
		buf_printf(&text, tr("%s 前补交"), date_format(date_from_day(o->due_day), day));
		if (o->due_day < today)
			buf_printf(&text, tr(", 已过 %d 天"), (int)(today - o->due_day));
	}
	pair(t, t->count++ == 0 ? tr("容缺材料") : "", buf_str(&text));
	buf_fini(&text);
}

/* What can be done now about something owed that did not come. */
static void add_lawful_acts(struct story *t, const struct case_view *v)
{
	struct buf text = {0};

	if (owed_count(t->session->store, v->id, clock_day(t->now_ms)) == 0)
		return;
	case_acts_text(t->session->store, v->id, v->state, &text);
	pair(t, tr("现在可以"), buf_str(&text));
	buf_fini(&text);
}

/* ---- papers ---- */

static void add_slip(void *arg, const struct slip_record *r)
{
	struct story *t = arg;
	struct buf text = {0};

	show_moment(&text, r->issued_ms, t->now_ms);
	buf_printf(&text, "  %s  %s", slip_title(r->kind), r->number);
	pair(t, t->count++ == 0 ? tr("文书") : "", buf_str(&text));
	buf_fini(&text);
}

/* ---- the history ---- */

/* "0317" as "0317 王示范"; a program without an operator in words; whoever is not of this hall is
 * told as the centre tells it. */
static void add_person(struct story *t, const char *who, struct buf *out)
{
	struct operator o = {0};

	if (operator_get(t->session->store, who, &o) == OK) {
		add_part(out, "  ", who);
		add_part(out, " ", o.full_name);
		operator_fini(&o);
	} else {
		add_part(out, "  ", operator_shown(who));
	}
}

/* Some events name who did it (中心退回); what else has nobody of this hall is the centre's. */
static bool names_itself(const char *what)
{
	return strcmp(what, "delivered") == 0 || strcmp(what, "evaluated") == 0 ||
	       strcmp(what, "refused") == 0;
}

static void add_event(struct story *t, const struct case_event *e)
{
	struct buf when = {0}, text = {0};

	show_moment(&when, e->at_ms, t->now_ms);
	show_alone(&text, case_event_text(e->what));
	add_part(&text, "  ", e->note);
	if (e->who && *e->who)
		add_person(t, e->who, &text);
	else if (!names_itself(e->what))
		add_part(&text, "  ", tr("中心"));
	pager_pair(t->pager, 2, t->label_cols, buf_str(&when), buf_str(&text));
	buf_fini(&when);
	buf_fini(&text);
}

/* Kept first: persons are looked up in the same file. */
struct kept_events {
	struct kept_event {
		int64_t at_ms;
		char *who, *what, *note;
	} * list;
	size_t count;
};

static void keep_event(void *arg, const struct case_event *e)
{
	struct kept_events *all = arg;

	all->list = mem_resize(all->list, all->count + 1, sizeof(*all->list));
	all->list[all->count++] = (struct kept_event){
		e->at_ms, mem_strdup(e->who), mem_strdup(e->what), mem_strdup(e->note)};
}

static void add_history(struct story *t)
{
	struct kept_events all = {0};
	size_t i;

	case_each_event(t->session->store, t->case_id, keep_event, &all);
	for (i = 0; i < all.count; i++) {
		struct kept_event *k = &all.list[i];
		add_event(t, &(struct case_event){k->at_ms, k->who, k->what, k->note});
		free(k->who);
		free(k->what);
		free(k->note);
	}
	free(all.list);
}

void case_story(struct pager *p, const struct session *s, const struct case_view *v, int label_cols,
	int64_t now_ms)
{
	struct story t = {p, s, v->id, label_cols, now_ms, 0};

	add_result(&t, v);
	add_corrections(&t, v);
	t.count = 0;
	owed_each(s->store, v->id, add_owed, &t);
	add_lawful_acts(&t, v);
	t.count = 0;
	slip_each(s->store, v->id, add_slip, &t);
	pager_gap(p);
	pager_add(p, 0, ROLE_STRONG, tr("经过"));
	add_history(&t);
}
