#include "tui/why_text.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
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
	pager_add(p, 0, ROLE_STRONG, entry_label(l));
	if (!form_line_is_heading(l)) {
		const struct finding *f = entry_finding(w->entry, l->node);
		const char *rule = f->rule ? f->rule : l->field->kind;
		if (f->message.len)
			pager_add(p, 2, f->verdict == VERDICT_ERROR ? ROLE_ERROR : ROLE_TEXT,
				buf_str(&f->message));
		if (rule)
			pager_pair(p, 2, 10, tr("规则来源"), finding_source(rule));
	}
	entry_why(w->entry, l->field->name, &b);
	if (b.len)
		pager_add(p, 2, ROLE_TEXT, buf_str(&b));
	buf_fini(&b);
}

/* Names that have one and the same reason. */
struct reason {
	char *why;
	struct buf names;
	int count;
};

struct reasons {
	struct reason *list;
	size_t count;
};

/* Takes the reason: what it held is empty afterwards. */
static void add_reason(struct reasons *r, const char *name, struct buf *why)
{
	size_t i;

	for (i = 0; i < r->count && strcmp(r->list[i].why, buf_str(why)) != 0; i++)
		;
	if (i == r->count) {
		r->list = mem_resize(r->list, r->count + 1, sizeof *r->list);
		r->list[r->count++] = (struct reason){.why = mem_strdup(buf_str(why))};
	}
	if (r->list[i].count++ > 0)
		buf_adds(&r->list[i].names, tr("、"));
	buf_adds(&r->list[i].names, name);
	buf_clear(why);
}

/* Beside its name it would take more than two rows; under it there is more room. */
static bool is_long(const struct pager *p, const char *why)
{
	return text_cols(why) > 2 * (p->cols - 2 - LABEL_COLS);
}

/* Under the heading, each reason once; empties them. */
static void show_reasons(struct reasons *r, const char *heading, struct pager *p)
{
	if (r->count > 0) {
		pager_gap(p);
		pager_add(p, 0, ROLE_STRONG, heading);
	}
	for (size_t i = 0; i < r->count; i++) {
		struct reason *x = &r->list[i];
		if (x->count == 1 && !is_long(p, x->why)) {
			pager_pair(p, 2, LABEL_COLS, buf_str(&x->names), x->why);
		} else {
			pager_add(p, 2, ROLE_LABEL, buf_str(&x->names));
			pager_add(p, 4, ROLE_TEXT, x->why);
		}
		buf_fini(&x->names);
		free(x->why);
	}
	free(r->list);
	*r = (struct reasons){0};
}

/* Fields that are hidden now; of a hidden group the group alone. */
static void add_hidden(const struct why *w, struct pager *p)
{
	const struct form *form = entry_form(w->entry);
	struct reasons reasons = {0};
	struct buf b = {0};

	for (size_t i = 0; i < form->count; i++) {
		const struct field *f = &form->fields[i];
		struct node *n = f->relevant ? entry_find(w->entry, f->name) : NULL;
		if (!n || n->relevant || (n->parent && !n->parent->relevant) ||
			f->type == FIELD_HIDDEN || f->type == FIELD_CALCULATE)
			continue;
		entry_why_hidden(w->entry, f->name, &b);
		add_reason(&reasons, entry_node_label(w->entry, n), &b);
	}
	show_reasons(&reasons, tr("现在没有问的栏, 什么时候问"), p);
	buf_fini(&b);
}

static void add_papers(const struct why *w, struct pager *p)
{
	const struct intake *in = w->intake;
	struct reasons reasons = {0};
	struct buf b = {0};

	if (in == NULL)
		return;
	for (int asked = 1; asked >= 0; asked--) {
		for (size_t i = 0; i < in->matter->material_count; i++) {
			const struct matter_material *m = &in->matter->materials[i];
			if ((checklist_find(&in->checklist, m->name) != NULL) != asked)
				continue;
			intake_why(in, m, &b);
			add_reason(&reasons, m->name, &b);
		}
		show_reasons(&reasons,
			asked ? tr("要收的材料, 为什么") : tr("现在不收的材料, 什么时候收"), p);
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
