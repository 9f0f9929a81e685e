#include "tui/flow.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/station/catalogue.h"
#include "core/station/draft_lock.h"
#include "core/station/matter.h"
#include "core/station/people.h"
#include "core/station/search.h"
#include "core/station/store.h"
#include "tui/app.h"
#include "tui/intake.h"
#include "tui/offers.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/visitors.h"
#include "tui/widget_pager.h"

enum {
	LABELS_MAX_BYTES = 60 /* of what changed, in one message */
};

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

static void show(struct flow *f, enum draft_step step, const char *place)
{
	switch (step) {
	case DRAFT_AT_SITUATION:
		app_push(f->app, situation_screen(f->app, f, place));
		break;
	case DRAFT_AT_CHECKLIST:
		app_push(f->app, checklist_screen(f->app, f));
		break;
	case DRAFT_AT_FORM:
		app_push(f->app, form_screen(f->app, f, place));
		break;
	default:
		app_push(f->app, review_screen(f->app, f));
		break;
	}
}

/* A step that has nothing to ask is not shown. */
static bool has_step(const struct flow *f, enum draft_step step)
{
	if (step == DRAFT_AT_SITUATION)
		return f->intake->situation != NULL;
	if (step == DRAFT_AT_CHECKLIST)
		return f->intake->matter->material_count > 0;
	return true;
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

	while (!has_step(f, first))
		first++;
	show(f, first, NULL);
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

static void add_label(void *arg, const struct catalogue_field *field)
{
	struct buf *b = arg;

	if (b->len < LABELS_MAX_BYTES && !strstr(buf_str(b), field->label))
		buf_printf(b, "%s%s", b->len ? ", " : "", field->label);
}

/* The guide has changed since the draft began: what in it, and that it is to be checked again. */
static void tell_changes(struct app *a, struct intake *in)
{
	struct buf labels = {0};

	catalogue_diff(app_session(a)->catalogue, in->matter->code, in->began_seq, in->seq,
		add_label, &labels);
	app_error(a, tr("指南在暂存以后变了 (第 %d 版 -> 第 %d 版): %s。请再核对材料和填写。"),
		in->began_seq, in->seq, buf_str(&labels));
	buf_fini(&labels);
}

static void add_names(struct pager *p, const char *heading, char *const *names, size_t count)
{
	if (count == 0)
		return;
	pager_gap(p);
	pager_add(p, 0, ROLE_STRONG, heading);
	for (size_t i = 0; i < count; i++)
		pager_add(p, 2, ROLE_TEXT, names[i]);
}

/* What a newer form or guide asks for and what it has no place for any more. */
static void fill_carried(void *arg, struct pager *p)
{
	const struct flow *f = arg;
	const struct intake_carry *c = &f->intake->carry;
	struct buf b = {0};

	pager_add(p, 0, ROLE_TEXT,
		tr("这份草稿开始以后, 表单或指南有了新版。填过的已逐栏带过来, 请看有什么不同。"));
	if (c->form_version) {
		buf_printf(
			&b, tr("表单: %s 版 -> %s 版"), c->form_version, f->intake->form->version);
		pager_gap(p);
		pager_add(p, 0, ROLE_TEXT, buf_str(&b));
	}
	if (c->lost_count > 0) {
		pager_gap(p);
		pager_add(p, 0, ROLE_STRONG, tr("新表没有这些栏, 原来填的是"));
		for (size_t i = 0; i < c->lost_count; i++)
			pager_pair(p, 2, 20, c->lost[i].label, c->lost[i].value);
	}
	if (c->gained_count > 0) {
		pager_gap(p);
		pager_add(p, 0, ROLE_STRONG, tr("新表多了这些栏"));
		for (size_t i = 0; i < c->gained_count; i++)
			pager_add(p, 2, ROLE_TEXT, c->gained[i].label);
	}
	add_names(p, tr("多要的材料"), c->papers_gained, c->papers_gained_count);
	add_names(p, tr("不再要的材料"), c->papers_lost, c->papers_lost_count);
	buf_fini(&b);
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

/* It is this operator's from now on, and stands open here; d: how it was before. */
static enum err open_draft(struct session *s, const char *id, struct draft_lock **lock,
	struct draft *d, struct buf *why)
{
	enum err e = draft_get(s->store, id, d);

	if (e != OK)
		return e;
	if (draft_lock_take(lock, s->store, id) == ERR_BUSY) {
		buf_why(why, tr("%s 正在 %s 号窗口填这一件"), d->operator_name, d->window);
		return ERR_BUSY;
	}
	return draft_open(s->store, id, s->who.name, s->window, why);
}

/* Whose it was, when it was somebody else's. */
static void tell_before(struct app *a, const struct session *s, const struct draft *d)
{
	if (strcmp(d->operator_name, s->who.name) != 0)
		app_say(a, tr("这一件原来在 %s (%s号窗口) 手里, 现在由您接着办。"),
			d->operator_name, d->window);
}

void flow_resume(struct app *a, const char *draft_id, const char *place)
{
	struct session *s = app_session(a);
	struct intake *in = NULL;
	struct draft_lock *lock = NULL;
	struct draft d = {0};
	struct buf why = {0};
	enum err e = open_draft(s, draft_id, &lock, &d, &why);

	if (e == OK)
		e = intake_resume(&in, s->catalogue, s->store, draft_id, &why);
	if (e != OK) {
		draft_lock_free(lock);
		app_fail(a, tr("这份草稿打不开"), e, &why);
	} else {
		struct flow *f = new_flow(a, in);
		in->lock = lock;
		visitors_back(a, d.ticket);
		place = tell_refusal(f, place);
		if (place || (in->revising && d.step == DRAFT_AT_REVIEW))
			d.step = DRAFT_AT_FORM;
		for (enum draft_step step = DRAFT_AT_SITUATION; step <= d.step; step++)
			if (has_step(f, step))
				show(f, step, step < d.step ? NULL : place ? place : d.place);
		tell_carried(f);
		tell_before(a, s, &d);
	}
	draft_fini(&d);
	buf_fini(&why);
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

/* ---- one application too many ---- */

struct alike {
	const struct flow *flow;
	char id[ID_UUID_SIZE];
};

/* Still open: a draft, or a case that is not ended. */
static void see_case(void *arg, const struct person_case *c)
{
	struct alike *x = arg;
	enum case_state state;

	if (x->id[0] || strcmp(c->task_code, x->flow->intake->matter->code) != 0)
		return;
	if (case_state_parse(c->state, &state) && state <= CASE_DECIDED)
		memcpy(x->id, c->id, strlen(c->id) + 1);
}

static bool has_alike(struct flow *f, struct alike *x)
{
	const char *person = intake_person(f->intake);

	if (f->compared || f->intake->revising || !*person)
		return false;
	people_cases(f->intake->store, person, f->intake->draft_id, see_case, x);
	return x->id[0] != '\0';
}

void flow_next(struct flow *f, enum draft_step done)
{
	struct alike x = {f, ""};
	enum draft_step step = done + 1;

	while (!has_step(f, step))
		step++;
	flow_save(f);
	if (step == DRAFT_AT_REVIEW && has_alike(f, &x))
		app_push(f->app, compare_screen(f->app, f, x.id));
	else
		show(f, step, NULL);
}

void flow_title(const struct flow *f, const char *step, struct buf *out)
{
	buf_printf(out, "%s%s / %s",
		f->intake->revising  ? tr("更正 / ")
		: f->intake->consult ? tr("咨询 / ")
				     : "",
		step, f->intake->matter->name);
}
