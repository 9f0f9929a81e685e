#include "forms/guide_rule.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "forms/expr_node.h"
#include "forms/fn.h"
#include "forms/form_check.h"
#include "forms/near.h"

struct check {
	const struct expr *rule;
	const struct guide_rule_sources *sources;
	void (*each)(void *arg, const char *sentence);
	void *arg;
};

/* The question of this name, else the field; NULL: neither. */
static const struct field *named(const struct check *c, const char *name)
{
	const struct form *const forms[] = {c->sources->questions, c->sources->form};

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		int at = forms[i] != NULL ? form_find(forms[i], name) : -1;
		if (at >= 0)
			return &forms[i]->fields[at];
	}
	return NULL;
}

static void see_name(void *arg, const char *name, bool path)
{
	const struct check *c = arg;
	const struct form *const forms[] = {c->sources->questions, c->sources->form};
	struct near n = {name, NULL, 0};
	struct buf out = {0};

	if (path || named(c, name) != NULL)
		return;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		for (size_t k = 0; forms[i] != NULL && k < forms[i]->count; k++)
			near_try(&n, forms[i]->fields[k].name);
	if (n.best != NULL)
		buf_printf(&out,
			c->sources->form != NULL
				? tr("没有 ${%s} 这个情形问题, 表里也没有这一栏, 是不是 ${%s}?")
				: tr("没有 ${%s} 这个情形问题, 是不是 ${%s}? (本机没有这张表, "
				     "若是表里的栏就不用改)"),
			name, n.best);
	else if (c->sources->form != NULL)
		buf_printf(&out,
			tr("${%s} 不会有答案: 情形里没有这个问题, 本机的表 %s %s 里也没有这一栏; 请改名, "
			   "或在 situation 里补上这个问题"),
			name, c->sources->form->id, c->sources->form->version);
	if (out.len > 0)
		c->each(c->arg, out.data);
	buf_fini(&out);
}

static void check_answer(const struct check *c, const char *name, const char *answer)
{
	const struct field *f = named(c, name);
	struct buf out = {0}, which = {0};

	if (answer[0] == '\0' || f == NULL || !has_known_choices(f) ||
		is_choice(f->list, answer, strlen(answer)))
		return;
	say_choices(f->list, answer, &which);
	buf_printf(&out, tr("%s 没有 '%s' 这个答案; %s"), name, answer, buf_str(&which));
	c->each(c->arg, out.data);
	buf_fini(&out);
	buf_fini(&which);
}

/* Two operands side by side: one is ${name}, the other a constant. */
static void check_pair(const struct check *c, const struct enode *a, const struct enode *b)
{
	const struct enode *name = a->kind == EN_REF ? a : b, *other = name == a ? b : a;

	if (name->kind == EN_REF && other->kind == EN_STRING)
		check_answer(c, expr_text(c->rule, name), expr_text(c->rule, other));
}

void guide_rule_check(const struct expr *rule, const struct guide_rule_sources *s,
	void (*each)(void *arg, const char *sentence), void *arg)
{
	struct check c = {rule, s, each, arg};

	expr_references(rule, see_name, &c);
	for (int32_t i = 0; i < rule->count; i++) {
		const struct enode *n = &rule->nodes[i];
		const bool selects = n->kind == EN_CALL && n->fn->eval == fn_select_selected;
		if (n->kind != EN_COMPARE && !selects)
			continue;
		for (int32_t a = n->first; rule->nodes[a].next != EXPR_NONE;
			a = rule->nodes[a].next) {
			const struct enode *next = &rule->nodes[rule->nodes[a].next];
			if (selects || next->op2 == OP_EQ || next->op2 == OP_NE)
				check_pair(&c, &rule->nodes[a], next);
		}
	}
}
