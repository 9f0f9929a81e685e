#include "tui/flow.h"

#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/matter.h"
#include "core/station/store.h"
#include "tui/app.h"
#include "tui/intake.h"
#include "tui/offers.h"
#include "tui/road.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/visitors.h"

struct flow *flow_hold(struct flow *f)
{
	f->holders++;
	return f;
}

void flow_save(struct flow *f)
{
	if (!f->receipt[0] && !f->intake->consult)
		session_saved(app_session(f->app), intake_save(f->intake));
}

void flow_release(struct flow *f)
{
	flow_save(f);
	if (--f->holders > 0)
		return;
	intake_free(f->intake);
	free(f);
}

static struct flow *new_flow(struct app *a, struct intake *in)
{
	struct flow *f = mem_alloc(sizeof(*f));

	f->app = a;
	f->intake = in;
	return f;
}

static void show(struct flow *f, enum draft_step step, const char *place, int cursor_cps)
{
	switch (step) {
	case DRAFT_AT_SITUATION:
		app_push(f->app, situation_screen(f->app, f, place, cursor_cps));
		break;
	case DRAFT_AT_CHECKLIST:
		app_push(f->app, checklist_screen(f->app, f));
		break;
	case DRAFT_AT_FORM:
		app_push(f->app, form_screen(f->app, f, place, cursor_cps));
		break;
	default:
		app_push(f->app, review_screen(f->app, f));
		break;
	}
}

static struct flow *open_flow(struct app *a, const char *task_code)
{
	struct session *s = app_session(a);
	struct flow *f = NULL;
	struct intake *in;
	struct buf why = {0};
	enum err e;

	visitors_came(a);
	e = intake_open(&in, s->catalogue, s->store, task_code, s->who.name, s->window, &why);
	if (e == OK)
		f = new_flow(a, in);
	else
		app_fail(a, tr("这个事项现在不能办"), e, &why);
	buf_fini(&why);
	return f;
}

static void show_first(struct flow *f)
{
	enum draft_step first = DRAFT_AT_SITUATION;

	while (!road_has_step(f->intake, first))
		first++;
	show(f, first, NULL, -1);
}

void flow_begin(struct app *a, const char *task_code)
{
	struct session *s = app_session(a);
	struct flow *f = open_flow(a, task_code);
	size_t known;

	if (!f)
		return;
	known = s->visit[0] ? offers_same_visit(f->intake, s->visit) : 0;
	s->visit[0] = '\0';
	store_used(s->store, task_code);
	show_first(f);
	if (known > 0)
		app_say(a, tr("同一位办事人: 刚填过的 %zu 栏已带到这张表。"), known);
}

void flow_consult(struct app *a, const char *task_code)
{
	struct flow *f = open_flow(a, task_code);

	if (!f)
		return;
	f->intake->consult = true;
	show_first(f);
}

void flow_take_up(struct flow *f)
{
	f->intake->consult = false;
	store_used(app_session(f->app)->store, f->intake->matter->code);
	flow_next(f, DRAFT_AT_CHECKLIST);
}

static void fill_carried(void *arg, struct pager *p)
{
	road_carried(((const struct flow *)arg)->intake, p);
}

/* The guide has changed since the draft began: what in it, and that it is to be checked again. */
static void tell_changes(struct app *a, const struct intake *in)
{
	struct buf said = {0};

	road_changes(in, app_session(a)->catalogue, &said);
	app_error(a, "%s", buf_str(&said));
	buf_fini(&said);
}

/* A newer version is told once; from then on the draft goes by it. */
static void tell_carried(struct flow *f)
{
	struct intake *in = f->intake;

	if (intake_carried(in))
		app_push(f->app, page_screen(f->app, tr("有了新版"), fill_carried, f));
	if (in->began_seq != in->seq)
		tell_changes(f->app, in);
	if (in->began_seq != in->seq || intake_carried(in))
		intake_note_version(in);
}

/* A correction: what the centre said, and where it begins. */
static const char *tell_refusal(struct flow *f, const char *place)
{
	struct intake *in = f->intake;

	if (!in->revising)
		return place;
	if (in->refused.len > 0)
		app_error(f->app, tr("中心退回: %s"), in->refused.data);
	else if (in->refused_at == NULL)
		app_say(f->app, "%s", tr("更正已提交的一件: 改好后 Ctrl-G 核对, 再提交一次。"));
	return place != NULL ? place : in->refused_at;
}

void flow_resume(struct app *a, const char *draft_id, const char *place)
{
	struct session *s = app_session(a);
	struct intake *in = NULL;
	struct draft d = {0};
	struct buf why = {0}, before = {0};
	enum err e = road_resume(&in, s, draft_id, &d, &why);

	if (e != OK) {
		app_fail(a, tr("这份草稿打不开"), e, &why);
	} else {
		struct flow *f = new_flow(a, in);
		visitors_back(a, d.ticket);
		place = tell_refusal(f, place);
		if (place || (in->revising && d.step == DRAFT_AT_REVIEW))
			d.step = DRAFT_AT_FORM;
		for (enum draft_step step = DRAFT_AT_SITUATION; step <= d.step; step++)
			if (road_has_step(in, step)) {
				bool here = step == d.step;
				show(f, step, here ? place ? place : d.place : NULL,
					here && !place ? d.cursor_cps : -1);
			}
		tell_carried(f);
		road_before(s, &d, &before);
		if (before.len)
			app_say(a, "%s", before.data);
	}
	draft_fini(&d);
	buf_fini(&why);
	buf_fini(&before);
}

void flow_correct(struct app *a, const char *any_number)
{
	struct session *s = app_session(a);
	struct buf why = {0};
	char id[ID_UUID_SIZE];
	enum err e = intake_begin_correction(s->store, any_number, s->who.name, id, &why);

	if (e == OK)
		flow_resume(a, id, NULL);
	else
		app_fail(a, tr("现在不能更正"), e, &why);
	buf_fini(&why);
}

void flow_next(struct flow *f, enum draft_step done)
{
	char other[ID_UUID_SIZE];
	enum draft_step step = done + 1;

	while (!road_has_step(f->intake, step))
		step++;
	flow_save(f);
	if (step == DRAFT_AT_REVIEW && !f->compared && road_alike(f->intake, other))
		app_push(f->app, compare_screen(f->app, f, other));
	else
		show(f, step, NULL, -1);
}

void flow_title(const struct flow *f, const char *step, struct buf *out)
{
	buf_printf(out, "%s%s / %s",
		f->intake->revising  ? tr("更正 / ")
		: f->intake->consult ? tr("咨询 / ")
				     : "",
		step, f->intake->matter->name);
}
