/* Why: the rules of the current field, and why other fields and papers are not asked for now. */
#include "tui/form_view.h"

#include "core/base/msg.h"
#include "core/station/checklist.h"
#include "core/station/matter.h"
#include "forms/instance.h"
#include "tui/app.h"
#include "tui/form_view_private.h"
#include "tui/intake.h"
#include "tui/screens/screens.h"
#include "tui/widget_pager.h"

enum {
	LABEL_COLS = 22
};

static void add_current(struct form_view *v, struct pager *p)
{
	const struct entry_line *l = form_view_current(v);
	struct buf b = {0};

	if (!l)
		return;
	pager_add(p, 0, ROLE_STRONG, field_label(l->field));
	if (!form_line_is_heading(l)) {
		const struct finding *f = entry_finding(v->entry, l->node);
		if (f->message.len)
			pager_add(p, 2, f->verdict == VERDICT_ERROR ? ROLE_ERROR : ROLE_TEXT,
				buf_str(&f->message));
		if (f->rule)
			pager_pair(p, 2, 10, tr("规则"), f->rule);
	}
	entry_why(v->entry, l->field->name, &b);
	pager_add(p, 2, ROLE_TEXT, buf_str(&b));
	buf_fini(&b);
}

/* Fields that are hidden now; of a hidden group the group alone. */
static void add_hidden(struct form_view *v, struct pager *p)
{
	const struct form *form = entry_form(v->entry);
	struct buf b = {0};
	bool any = false;

	for (size_t i = 0; i < form->count; i++) {
		const struct field *f = &form->fields[i];
		const struct node *n = f->relevant ? entry_find(v->entry, f->name) : NULL;
		if (!n || n->relevant || (n->parent && !n->parent->relevant) ||
			f->type == FIELD_HIDDEN || f->type == FIELD_CALCULATE)
			continue;
		if (!any) {
			pager_gap(p);
			pager_add(p, 0, ROLE_STRONG, tr("现在没有问的栏"));
			any = true;
		}
		buf_clear(&b);
		entry_why(v->entry, f->name, &b);
		pager_pair(p, 2, LABEL_COLS, field_label(f), buf_str(&b));
	}
	buf_fini(&b);
}

static void add_papers(struct form_view *v, struct pager *p)
{
	const struct intake *in = v->intake;
	struct buf b = {0};

	if (in == NULL || in->matter->material_count == 0)
		return;
	for (int asked = 1; asked >= 0; asked--) {
		bool any = false;
		for (size_t i = 0; i < in->matter->material_count; i++) {
			const struct matter_material *m = &in->matter->materials[i];
			if ((checklist_find(&in->checklist, m->name) != NULL) != asked)
				continue;
			if (!any) {
				pager_gap(p);
				pager_add(p, 0, ROLE_STRONG,
					asked ? tr("要收的材料, 为什么")
					      : tr("现在不收的材料, 什么时候收"));
				any = true;
			}
			buf_clear(&b);
			intake_why(in, m, &b);
			pager_pair(p, 2, LABEL_COLS, m->name, buf_str(&b));
		}
	}
	buf_fini(&b);
}

static void fill(void *arg, struct pager *p)
{
	struct form_view *v = arg;

	add_current(v, p);
	add_hidden(v, p);
	add_papers(v, p);
}

void form_view_why(struct form_view *v)
{
	form_view_leave(v);
	app_push(v->app, page_screen(v->app, tr("为什么"), fill, v));
}
