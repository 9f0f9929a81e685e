/* The fields that an expression speaks of, and the constants beside them, by their words. */
#include "forms/expr_tell.h"

#include <string.h>

#include "core/base/msg.h"

const struct enode *tell_node(const struct telling *t, int32_t at)
{
	return &t->e->nodes[at];
}

const char *tell_words(const struct telling *t, const char *name)
{
	return t->words->label ? t->words->label(t->words->arg, name) : NULL;
}

/* Quotation marks within are the inner ones: ‘三属’ in “”. */
void tell_quoted(const char *s, struct buf *out)
{
	struct buf inner = {0};

	for (; *s; s++) {
		if (strncmp(s, "“", 3) == 0 || strncmp(s, "”", 3) == 0) {
			buf_adds(&inner, strncmp(s, "“", 3) == 0 ? "‘" : "’");
			s += 2;
		} else {
			buf_addc(&inner, *s);
		}
	}
	buf_printf(out, tr("“%s”"), buf_str(&inner));
	buf_fini(&inner);
}

bool tell_calls(
	const struct telling *t, int32_t at, enum err (*eval)(struct call *, struct value *))
{
	return tell_node(t, at)->kind == EN_CALL && tell_node(t, at)->fn->eval == eval;
}

static const struct enode *last_step(const struct telling *t, const struct enode *path)
{
	const struct enode *last = NULL;

	for (int32_t s = path->first; s != EXPR_NONE; s = t->e->nodes[s].next)
		if (t->e->nodes[s].kind == EN_STEP)
			last = &t->e->nodes[s];
	return last;
}

const char *tell_field(const struct telling *t, int32_t at)
{
	const struct enode *n = tell_node(t, at), *last;

	if (n->kind == EN_REF)
		return expr_text(t->e, n);
	if (n->kind == EN_CALL && n->first != EXPR_NONE &&
		(n->fn->eval == fn_logic_coalesce || n->fn->eval == fn_logic_once ||
			n->fn->eval == fn_string_string))
		return tell_field(t, n->first);
	if (n->kind == EN_CALL && n->fn->eval == fn_string_join &&
		tell_node(t, n->first)->next != EXPR_NONE)
		return tell_field(t, tell_node(t, n->first)->next);
	if (n->kind != EN_PATH)
		return NULL;
	last = last_step(t, n);
	if (!last)
		return NULL;
	if (last->op == AXIS_SELF)
		return t->depth == 0 ? t->words->self : NULL;
	return last->op == AXIS_CHILD && !last->any ? expr_text(t->e, last) : NULL;
}

bool tell_is_day(const struct telling *t, int32_t at)
{
	const struct enode *n = tell_node(t, at);
	const char *field = tell_field(t, at);

	if (n->kind == EN_CALL &&
		(n->fn->eval == fn_date_today || n->fn->eval == fn_date_now ||
			n->fn->eval == fn_date_date || n->fn->eval == fn_clerk_birth ||
			n->fn->eval == fn_clerk_workday_add))
		return true;
	return field && t->words->is_day && t->words->is_day(t->words->arg, field);
}

bool tell_origin(const struct telling *t, int32_t at, struct telling *inner)
{
	const struct enode *n = tell_node(t, at);
	const char *field = n->kind == EN_REF || n->kind == EN_PATH ? tell_field(t, at) : NULL;
	const char *label = field ? tell_words(t, field) : NULL;
	const struct expr *rule;

	if (!field || (label && label[0]) || !t->words->origin || t->depth >= TELL_DEPTH_MAX)
		return false;
	rule = t->words->origin(t->words->arg, field);
	*inner = (struct telling){rule, t->words, t->depth + 1, t->work, t->within};
	return rule != NULL;
}

/* A calculation that has no label says nothing to a clerk by its code name: its rule does. */
static void tell_rule(const struct telling *inner, struct buf *out)
{
	enum node_kind kind = (enum node_kind)tell_node(inner, inner->e->root)->kind;
	struct buf words = {0};

	tell(inner, inner->e->root, &words);
	if (words.len > TELL_BYTES_MAX)
		buf_adds(out, tr("系统算出的一项"));
	else if (kind == EN_REF || kind == EN_PATH)
		buf_adds(out, buf_str(&words));
	else
		buf_printf(out, tr("（%s）"), buf_str(&words));
	buf_fini(&words);
}

static void tell_label(
	const struct telling *t, const char *name, const char *label, struct buf *out)
{
	const char *near = t->within ? t->within : t->words->self;
	const char *group = t->words->group ? t->words->group(t->words->arg, name, near) : NULL;
	struct buf own = {0};

	buf_adds(&own, label); /* the next word may be borrowed from the same place */
	if (group)
		buf_printf(out, tr("%s的%s"), group, buf_str(&own));
	else
		buf_adds(out, buf_str(&own));
	buf_fini(&own);
}

void tell_name(const struct telling *t, int32_t at, const char *name, struct buf *out)
{
	const char *label = tell_words(t, name);
	struct telling inner;

	if (label && label[0] && label[strlen(label) - 1] == '?')
		tell_quoted(label, out); /* a question within a sentence */
	else if (label && label[0])
		tell_label(t, name, label, out);
	else if (tell_origin(t, at, &inner))
		tell_rule(&inner, out);
	else
		buf_adds(out, t->words->origin && t->words->origin(t->words->arg, name)
				      ? tr("系统算出的一项")
				      : name);
}

void tell_path(const struct telling *t, int32_t at, struct buf *out)
{
	const struct enode *last = last_step(t, tell_node(t, at));

	if (!last)
		buf_adds(out, tr("整张表"));
	else if (last->op == AXIS_CHILD && !last->any)
		tell_name(t, at, expr_text(t->e, last), out);
	else
		buf_adds(out, last->op == AXIS_SELF ? tr("本项") : tr("所在的一组"));
	if (last && last->first != EXPR_NONE) {
		struct told *which = tell_condition(t, last->first, false);
		struct buf words = {0};

		told_say(which, &words);
		buf_printf(out, tr("（其中 %s）"), buf_str(&words));
		buf_fini(&words);
		told_free(which);
	}
}

/* ---- constants ---- */

void tell_constant(const char *text, const struct telling *t, int32_t beside, struct buf *out)
{
	const struct enode *n = tell_node(t, beside);
	const char *field = tell_field(t, beside), *label = NULL;
	struct buf key = {0};

	if (n->kind == EN_CALL && n->fn->eval == fn_clerk_sex) {
		label = trc("value", strcmp(text, "1") == 0 ? N_("男") : N_("女"));
	} else if (field) {
		buf_printf(&key, "%s=%s", field, text);
		label = tell_words(t, buf_str(&key));
	}
	if (!label || !label[0])
		label = strcmp(text, "yes") == 0  ? tr("是")
			: strcmp(text, "no") == 0 ? tr("否")
						  : text;
	tell_quoted(label, out);
	buf_fini(&key);
}
