/*
 * Rules told in plain words. What has a label is called by it. A calculation without one has only
 * a code name, which says nothing to a clerk: it is told by its own rule.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/msg.h"
#include "core/base/text.h"
#include "forms/entry_private.h"

enum {
	RULE_COLS_MAX = 140 /* beside the form's own words */
};

static const struct field *field_of(void *arg, const char *name)
{
	const struct entry *e = arg;
	int at = strchr(name, '=') == NULL ? form_find(e->form, name) : -1;

	return at >= 0 ? &e->form->fields[at] : NULL;
}

static bool has_label(const struct field *f)
{
	return f->label[0] != '\0' || f->label_en[0] != '\0';
}

const struct expr *entry_word_origin(void *arg, const char *name)
{
	const struct field *f = field_of(arg, name);

	if (f == NULL || has_label(f))
		return NULL;
	return f->calculation != NULL ? f->calculation : f->dynamic_default;
}

const char *entry_word_label(void *arg, const char *name)
{
	struct entry *e = arg;
	const struct field *f = field_of(arg, name);
	const char *words;

	if (f == NULL || has_label(f)) {
		words = form_words(e->form, name);
		return words != NULL ? entry_said(e, e->root, words, SAID_WORDS) : NULL;
	}
	if (entry_is_inner(f->type))
		return tr("表里的一组");
	return entry_word_origin(arg, name) != NULL ? NULL : tr("系统自带的一项");
}

bool entry_word_is_day(void *arg, const char *name)
{
	const struct field *f = field_of(arg, name);

	return f != NULL &&
	       (f->type == FIELD_DATE || f->type == FIELD_DATETIME || f->type == FIELD_TIME);
}

size_t entry_word_choices(void *arg, const char *name)
{
	const struct field *f = field_of(arg, name);

	return f != NULL && f->list != NULL ? f->list->count : 0;
}

/* Ends like the other: "Certificate number", "Agent's certificate number". */
static bool ends_alike(const char *label, const char *other)
{
	size_t n = strlen(label), m = strlen(other);

	return m >= n && strcasecmp(other + m - n, label) == 0;
}

/* The group around it that has words for itself, or -1. */
static int worded_group(const struct form *form, int at)
{
	do
		at = form->fields[at].parent;
	while (at >= 0 && !has_label(&form->fields[at]));
	return at;
}

static bool is_in(const struct form *form, int at, int group)
{
	while (at >= 0 && at != group)
		at = form->fields[at].parent;
	return at == group;
}

const char *entry_word_group(void *arg, const char *name, const char *near)
{
	const struct form *form = ((const struct entry *)arg)->form;
	const struct field *f = field_of(arg, name);
	int at = f != NULL ? (int)(f - form->fields) : -1;
	int group = at >= 0 ? worded_group(form, at) : -1;
	int beside = near != NULL ? form_find(form, near) : -1;

	if (group < 0 || (beside >= 0 && is_in(form, beside, group)) ||
		strstr(field_label(&form->fields[group]), "${") != NULL)
		return NULL;
	for (size_t i = 0; i < form->count; i++) {
		const struct field *other = &form->fields[i];
		if (form_asks(other) && !is_in(form, (int)i, group) && has_label(other) &&
			ends_alike(field_label(f), field_label(other)))
			return field_label(&form->fields[group]);
	}
	return NULL;
}

static struct expr_words words_of(struct entry *e, const struct field *f)
{
	return (struct expr_words){.label = entry_word_label,
		.origin = entry_word_origin,
		.is_day = entry_word_is_day,
		.choices = entry_word_choices,
		.group = entry_word_group,
		.self = f->name,
		.arg = e};
}

void entry_explain(struct entry *e, const struct field *f, const struct expr *rule, struct buf *out)
{
	const struct expr_words words = words_of(e, f);

	expr_explain(rule, &words, out);
}

static void line(struct buf *out, const char *head, const char *said)
{
	buf_printf(out, "%s%s%s", out->len > 0 ? "\n" : "", head, said);
}

static void why_rule(struct entry *e, const struct field *f, const struct expr *rule,
	const char *head, struct buf *out)
{
	struct buf said = {0};

	if (rule == NULL)
		return;
	entry_explain(e, f, rule, &said);
	line(out, head, buf_str(&said));
	buf_fini(&said);
}

/* The form's own words for what must hold, and what they come from, unless that says the same or
 * is so long that nobody would read it for the sake of what they leave out. */
static void why_held(struct entry *e, const struct field *f, const struct expr *held,
	const char *said, const char *head, struct buf *out)
{
	struct buf message = {0}, rule = {0};

	if (held == NULL)
		return;
	entry_say(e, e->root, said, &message);
	entry_explain(e, f, held, &rule);
	if (message.len > 0)
		line(out, head, buf_str(&message));
	if (message.len == 0 || (strstr(buf_str(&rule), buf_str(&message)) == NULL &&
					text_cols(buf_str(&rule)) <= RULE_COLS_MAX))
		line(out, message.len > 0 ? tr("规则: ") : head, buf_str(&rule));
	buf_fini(&message);
	buf_fini(&rule);
}

static void why_calculation(struct entry *e, const struct field *f, struct buf *out)
{
	const struct expr_words words = words_of(e, f);
	struct buf said = {0};

	if (f->calculation == NULL)
		return;
	expr_explain_value(f->calculation, &words, &said);
	line(out, tr("由别的栏算出: "), buf_str(&said));
	buf_fini(&said);
}

/* A group that is hidden hides what is in it. */
static void why_group(struct entry *e, const struct field *f, struct buf *out)
{
	struct buf head = {0};

	if (has_label(f))
		buf_printf(&head, tr("“%s”在这种情况下才有: "), field_label(f));
	else
		buf_adds(&head, tr("所在的一组在这种情况下才有: "));
	why_rule(e, f, f->relevant, buf_str(&head), out);
	buf_fini(&head);
}

void entry_why(struct entry *e, const char *field_name, struct buf *out)
{
	int i = form_find(e->form, field_name);
	const struct field *f = i >= 0 ? &e->form->fields[i] : NULL;

	if (f != NULL) {
		why_rule(e, f, f->relevant, tr("在这种情况下才问: "), out);
		why_rule(e, f, f->required, tr("在这种情况下必填: "), out);
		why_held(e, f, f->constraint, field_constraint_message(f), tr("要求: "), out);
		for (size_t k = 0; k < f->soft_count; k++)
			why_held(e, f, f->soft[k].expr, soft_rule_message(&f->soft[k]),
				tr("提醒 (核对后可写明理由): "), out);
		why_calculation(e, f, out);
		for (i = f->parent; i >= 0; i = e->form->fields[i].parent)
			why_group(e, &e->form->fields[i], out);
	}
	if (out->len == 0 && (f == NULL || f->kind == NULL))
		buf_adds(out, tr("这一栏没有附加条件"));
}

void entry_why_hidden(struct entry *e, const char *field_name, struct buf *out)
{
	int i = form_find(e->form, field_name);

	while (i >= 0 && e->form->fields[i].relevant == NULL)
		i = e->form->fields[i].parent;
	if (i >= 0)
		entry_explain(e, &e->form->fields[i], e->form->fields[i].relevant, out);
}
