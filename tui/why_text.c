#include "tui/why_text.h"

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/station/checklist.h"
#include "core/station/matter.h"
#include "forms/entry.h"
#include "forms/instance.h"
#include "tui/form_line.h"
#include "tui/intake.h"
#include "tui/widget_pager.h"

enum {
	LABEL_COLS = 22
};

struct why {
	struct entry *entry;
	const struct entry_line *line;
	const struct intake *intake;
};

static void add_current(const struct why *w, struct pager *p)
{
	const struct entry_line *l = w->line;
	struct buf b = {0};

	if (!l)
		return;
	pager_add(p, 0, ROLE_STRONG, field_label(l->field));
	if (!form_line_is_heading(l)) {
		const struct finding *f = entry_finding(w->entry, l->node);
		if (f->message.len)
			pager_add(p, 2, f->verdict == VERDICT_ERROR ? ROLE_ERROR : ROLE_TEXT,
				buf_str(&f->message));
		if (f->rule)
			pager_pair(p, 2, 10, tr("规则"), f->rule);
	}
	entry_why(w->entry, l->field->name, &b);
	pager_add(p, 2, ROLE_TEXT, buf_str(&b));
	buf_fini(&b);
}

/* Fields that are hidden now; of a hidden group the group alone. */
static void add_hidden(const struct why *w, struct pager *p)
{
	const struct form *form = entry_form(w->entry);
	struct buf b = {0};
	bool any = false;

	for (size_t i = 0; i < form->count; i++) {
		const struct field *f = &form->fields[i];
		const struct node *n = f->relevant ? entry_find(w->entry, f->name) : NULL;
		if (!n || n->relevant || (n->parent && !n->parent->relevant) ||
			f->type == FIELD_HIDDEN || f->type == FIELD_CALCULATE)
			continue;
		if (!any) {
			pager_gap(p);
			pager_add(p, 0, ROLE_STRONG, tr("现在没有问的栏"));
			any = true;
		}
		buf_clear(&b);
		entry_why(w->entry, f->name, &b);
		pager_pair(p, 2, LABEL_COLS, field_label(f), buf_str(&b));
	}
	buf_fini(&b);
}

static void add_papers(const struct why *w, struct pager *p)
{
	const struct intake *in = w->intake;
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

void why_text(struct pager *p, struct entry *e, const struct entry_line *l, const struct intake *in)
{
	const struct why w = {e, l, in};

	add_current(&w, p);
	add_hidden(&w, p);
	add_papers(&w, p);
}
