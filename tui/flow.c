#include "tui/flow.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/catalogue.h"
#include "core/station/matter.h"
#include "core/station/search.h"
#include "core/station/store.h"
#include "tui/app.h"
#include "tui/intake.h"
#include "tui/screens/screens.h"
#include "tui/session.h"

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
	if (!f->receipt[0])
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

void flow_begin(struct app *a, const char *task_code)
{
	struct session *s = app_session(a);
	struct intake *in;
	struct buf why = {0};
	enum err e =
		intake_open(&in, s->catalogue, s->store, task_code, s->who.name, s->window, &why);

	if (e != OK) {
		app_fail(a, tr("这个事项现在不能办"), e, &why);
	} else {
		struct flow *f = new_flow(a, in);
		enum draft_step first = DRAFT_AT_SITUATION;
		while (!has_step(f, first))
			first++;
		store_used(s->store, task_code);
		show(f, first, NULL);
	}
	buf_fini(&why);
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
	intake_note_version(in);
	buf_fini(&labels);
}

void flow_resume(struct app *a, const char *draft_id, const char *place)
{
	struct session *s = app_session(a);
	struct intake *in;
	struct draft d = {0};
	struct buf why = {0};
	enum err e = draft_get(s->store, draft_id, &d);

	if (e == OK)
		e = intake_resume(&in, s->catalogue, s->store, draft_id, &why);
	if (e != OK) {
		app_fail(a, tr("这份草稿打不开"), e, &why);
	} else {
		struct flow *f = new_flow(a, in);
		if (place)
			d.step = DRAFT_AT_FORM;
		for (enum draft_step step = DRAFT_AT_SITUATION; step <= d.step; step++)
			if (has_step(f, step))
				show(f, step, step < d.step ? NULL : place ? place : d.place);
		if (d.parked_note)
			draft_park(s->store, draft_id, NULL);
		if (in->began_seq != in->seq)
			tell_changes(a, in);
	}
	draft_fini(&d);
	buf_fini(&why);
}

void flow_next(struct flow *f, enum draft_step done)
{
	enum draft_step step = done + 1;

	while (!has_step(f, step))
		step++;
	flow_save(f);
	show(f, step, NULL);
}

void flow_title(const struct flow *f, const char *step, struct buf *out)
{
	buf_printf(out, "%s / %s", step, f->intake->matter->name);
}
