/*
 * Rules told in plain words. What has a label is called by it. A calculation without one has only
 * a code name, which says nothing to a clerk: it is told by its own rule.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/entry_private.h"

enum {
	TOLD_DEPTH_MAX = 3, /* calculations within each other */
	TOLD_BYTES_MAX = 240
};

static bool has_label(const struct field *f)
{
	return f->label[0] != '\0' || f->label_en[0] != '\0';
}

static const char *label_of(void *arg, const char *name)
{
	return entry_words(arg, name);
}

/* What it is computed from, or begins with; NULL: nothing tells. */
static const struct expr *origin_of(const struct field *f)
{
	return f->calculation != NULL ? f->calculation : f->dynamic_default;
}

static const char *by_its_rule(struct entry *e, const struct expr *rule)
{
	struct buf told = {0}, words = {0};

	if (rule == NULL || e->telling == TOLD_DEPTH_MAX)
		return rule == NULL ? tr("系统自带的一项") : tr("系统算出的一项");
	e->telling++;
	expr_explain(rule, label_of, e, &words);
	buf_printf(&told, tr("（%s）"), buf_str(&words));
	buf_fini(&words);
	e->telling--;
	if (told.len > TOLD_BYTES_MAX) {
		buf_fini(&told);
		return tr("系统算出的一项");
	}
	buf_fini(&e->told);
	e->told = told;
	return buf_str(&e->told);
}

const char *entry_words(struct entry *e, const char *name)
{
	int at = strchr(name, '=') == NULL ? form_find(e->form, name) : -1;
	const struct field *f = at >= 0 ? &e->form->fields[at] : NULL;

	if (f == NULL || has_label(f))
		return form_words(e->form, name);
	return entry_is_inner(f->type) ? tr("表里的一组") : by_its_rule(e, origin_of(f));
}

void entry_explain(struct entry *e, const struct expr *rule, struct buf *out)
{
	expr_explain(rule, label_of, e, out);
}

static void why_rule(struct entry *e, const struct expr *rule, const char *head, struct buf *out)
{
	if (rule == NULL)
		return;
	buf_adds(out, out->len > 0 ? "; " : "");
	buf_adds(out, head);
	entry_explain(e, rule, out);
}

void entry_why(struct entry *e, const char *field_name, struct buf *out)
{
	int i = form_find(e->form, field_name);

	for (; i >= 0; i = e->form->fields[i].parent) {
		const struct field *f = &e->form->fields[i];
		why_rule(e, f->relevant, tr("在这种情况下才问: "), out);
		why_rule(e, f->required, tr("在这种情况下必填: "), out);
		why_rule(e, f->constraint, tr("要求: "), out);
		why_rule(e, f->calculation, tr("由别的栏算出: "), out);
	}
	if (out->len == 0)
		buf_adds(out, tr("这一栏没有附加条件"));
}
