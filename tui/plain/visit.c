/* One application, step by step; back and forth between its steps. */
#include "tui/plain/desk.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/station/cases.h"
#include "core/station/matter.h"
#include "core/station/store.h"
#include "tui/intake.h"
#include "tui/offers.h"
#include "tui/plain/fill.h"
#include "tui/road.h"
#include "tui/visitors.h"
#include "tui/widget_pager.h"

struct visit {
	struct desk *desk;
	struct intake *intake;
	char receipt[LOCAL_RECEIPT_SIZE]; /* "" until submitted */
	bool compared;			  /* the clerk knows of the one that looks like this */
};

/* ---- one application too many ---- */

static void say_other(struct desk *d, const char *id)
{
	struct case_view v;
	struct draft other = {.id = ""};

	if (draft_get(d->session->store, id, &other) == OK)
		talk_say(d->talk, tr("这个人同一事项已有一件没办完: %s, 在没办完的里。"),
			other.task_name);
	else if (case_get(d->session->store, id, &v) == OK) {
		talk_say(d->talk, tr("这个人同一事项已有一件: %s。"),
			v.project_no ? v.project_no : v.local_receipt);
		case_view_fini(&v);
	}
	draft_fini(&other);
}

/* Once, before the review. WAY_ON: it is no duplicate. */
static enum way compare(struct visit *v)
{
	struct desk *d = v->desk;
	char other[ID_UUID_SIZE];
	struct menu m = {.title = tr("是不是重复了?")};
	long picked;

	if (v->compared || !road_alike(v->intake, other))
		return WAY_ON;
	say_other(d, other);
	menu_add(&m, tr("不是重复, 接着办"));
	menu_add(&m, tr("听那一件"));
	while ((picked = menu_ask(d->talk, &m, NULL)) == 2)
		desk_case(d, other);
	menu_fini(&m);
	v->compared = picked == 1;
	return picked == 1 ? WAY_ON : picked == MENU_END ? WAY_END : WAY_BACK;
}

/* ---- steps ---- */

static enum way one_step(struct visit *v, enum draft_step step, const char *place)
{
	enum way w;

	switch (step) {
	case DRAFT_AT_SITUATION:
	case DRAFT_AT_FORM:
		return fill_intake(v->desk, v->intake, step, place);
	case DRAFT_AT_CHECKLIST:
		return desk_materials(v->desk, v->intake);
	default:
		w = compare(v);
		return w == WAY_ON ? desk_review(v->desk, v->intake, v->receipt) : w;
	}
}

static bool is_last(const struct visit *v, enum draft_step step)
{
	return step == (v->intake->consult ? DRAFT_AT_CHECKLIST : DRAFT_AT_REVIEW);
}

static enum draft_step after(const struct visit *v, enum draft_step step)
{
	do {
		step++;
	} while (!road_has_step(v->intake, step));
	return step;
}

/* *none: there is no step before. */
static enum draft_step before(const struct visit *v, enum draft_step step, bool *none)
{
	enum draft_step at = step;

	*none = false;
	while (at > DRAFT_AT_SITUATION)
		if (road_has_step(v->intake, --at))
			return at;
	*none = true;
	return step;
}

/* What is not on disk yet goes there; the intake is freed. */
static void leave(struct visit *v)
{
	if (!v->receipt[0] && !v->intake->consult)
		session_saved(v->desk->session, intake_save(v->intake));
	if (!v->receipt[0] && !v->intake->consult && v->intake->draft_id[0])
		talk_say(v->desk->talk, "%s", tr("这一件存着, 在没办完的里接着办。"));
	intake_free(v->intake);
	v->intake = NULL;
}

static enum way walk(struct visit *v, enum draft_step step, const char *place)
{
	enum way w = WAY_ON;
	bool none = false;

	while (w == WAY_ON || w == WAY_BACK) {
		w = one_step(v, step, place);
		place = w == WAY_BACK ? FILL_LAST : NULL;
		if (w == WAY_ON && is_last(v, step)) {
			w = WAY_HOME;
			break;
		}
		if (w == WAY_ON)
			step = after(v, step);
		else if (w == WAY_BACK)
			step = before(v, step, &none);
		if (none)
			break;
	}
	leave(v);
	if (v->receipt[0])
		desk_receipt(v->desk, v->receipt);
	return talk_over(v->desk->talk) ? WAY_END : w;
}

/* ---- beginning ---- */

enum way desk_begin(struct desk *d, const char *task_code, bool consult)
{
	struct session *s = d->session;
	struct visit v = {.desk = d};
	struct buf why = {0};
	enum draft_step first = DRAFT_AT_SITUATION;
	size_t known;
	enum err e;

	visitors_are_served(s);
	e = intake_open(&v.intake, s->catalogue, s->store, task_code, s->who.name, s->window, &why);
	if (e != OK) {
		talk_fail(d->talk, tr("这个事项现在不能办"), e, &why);
		buf_fini(&why);
		return WAY_BACK;
	}
	buf_fini(&why);
	v.intake->consult = consult;
	known = !consult && s->visit[0] ? offers_same_visit(v.intake, s->visit) : 0;
	s->visit[0] = '\0';
	if (!consult)
		store_used(s->store, task_code);
	talk_say(d->talk, "%s: %s", consult ? tr("咨询") : tr("开始办理"), v.intake->matter->name);
	if (known > 0)
		talk_say(d->talk, tr("同一位办事人: 刚填过的 %zu 栏已带到这张表。"), known);
	while (!road_has_step(v.intake, first))
		first++;
	return walk(&v, first, NULL);
}

static void fill_carried(void *arg, struct pager *p)
{
	road_carried(arg, p);
}

/* Newer versions, whose it was, what the centre said. */
static void tell(struct visit *v, const struct draft *d)
{
	struct intake *in = v->intake;
	struct talk *t = v->desk->talk;
	struct buf said = {0};

	road_before(v->desk->session, d, &said);
	if (said.len)
		talk_say(t, "%s", said.data);
	buf_clear(&said);
	if (intake_carried(in))
		talk_text(t, fill_carried, in, 0, 1);
	if (in->began_seq != in->seq) {
		road_changes(in, v->desk->session->catalogue, &said);
		talk_say(t, "%s", buf_str(&said));
	}
	if (in->began_seq != in->seq || intake_carried(in))
		intake_note_version(in);
	if (in->revising && in->refused.len > 0)
		talk_say(t, tr("中心退回: %s"), in->refused.data);
	else if (in->revising)
		talk_say(t, "%s", tr("更正已提交的一件: 改好再提交一次, 收件号不变。"));
	buf_fini(&said);
}

enum way desk_resume(struct desk *d, const char *draft_id)
{
	struct visit v = {.desk = d};
	struct draft was = {.id = ""};
	struct buf why = {0};
	enum way w = WAY_BACK;
	enum err e = road_resume(&v.intake, d->session, draft_id, &was, &why);

	if (e != OK) {
		talk_fail(d->talk, tr("这份草稿打不开"), e, &why);
	} else {
		const char *place = v.intake->revising ? v.intake->refused_at : NULL;
		visitors_are_back(d->session, was.ticket);
		talk_say(d->talk, tr("接着办: %s"), v.intake->matter->name);
		tell(&v, &was);
		if (place || (v.intake->revising && was.step == DRAFT_AT_REVIEW))
			was.step = DRAFT_AT_FORM;
		w = walk(&v, was.step, place ? place : was.place);
	}
	draft_fini(&was);
	buf_fini(&why);
	return w;
}
