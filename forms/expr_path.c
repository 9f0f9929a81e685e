/* Paths and predicates (XPath 1.0 §2) over the tree of answers. Hidden nodes are not there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/fn.h"
#include "forms/instance.h"

struct set {
	struct node **nodes;
	size_t count, cap;
};

static void set_add(struct set *s, struct node *n)
{
	if (s->count == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 4;
		s->nodes = mem_resize(s->nodes, s->cap, sizeof(struct node *));
	}
	s->nodes[s->count++] = n;
}

static enum err set_give(struct set *s, struct value *out)
{
	out->type = VALUE_NODES;
	out->as.set.nodes = s->nodes;
	out->as.set.count = s->count;
	return OK;
}

static struct node *top_of(struct node *n)
{
	while (n && n->parent)
		n = n->parent;
	return n;
}

static const struct enode *node_at(const struct run *r, int32_t at)
{
	return &r->e->nodes[at];
}

static bool named(const struct run *r, const struct enode *step, const struct node *n)
{
	return step->any || strcmp(n->name, expr_text(r->e, step)) == 0;
}

/*
 * Keeps the nodes from `from` on that the predicate lets through. A number means a position
 * (XPath 1.0 §2.4).
 */
static enum err keep(struct run *r, int32_t predicate, struct set *s, size_t from)
{
	size_t kept = from, size = s->count - from;
	enum err err = OK;

	for (size_t i = 0; i < size; i++) {
		struct ctx ctx = {s->nodes[from + i], i + 1, size};
		struct value v;
		bool in;

		err = run_spend(r, 1);
		if (!err)
			err = run_value(r, predicate, &ctx, &v);
		if (err)
			return err;
		in = v.type == VALUE_NUMBER ? v.as.number == (double)(i + 1) : value_boolean(&v);
		value_fini(&v);
		if (in)
			s->nodes[kept++] = ctx.node;
	}
	s->count = kept;
	return OK;
}

static enum err keep_all(struct run *r, int32_t predicate, struct set *s, size_t from)
{
	enum err err = OK;

	for (; predicate != EXPR_NONE && !err; predicate = node_at(r, predicate)->next)
		err = keep(r, predicate, s, from);
	return err;
}

static enum err add_children(
	struct run *r, const struct enode *step, const struct node *parent, struct set *out)
{
	struct node *meta = r->env->meta;
	size_t seen = 0;

	if (meta && !parent->parent && !step->any && named(r, step, meta))
		set_add(out, meta);
	for (struct node *c = parent->first; c; c = c->next) {
		seen++;
		if (c->relevant && named(r, step, c))
			set_add(out, c);
	}
	return run_spend(r, seen);
}

/* One step from one node. */
static enum err step_from(struct run *r, int32_t at, struct node *n, struct set *out)
{
	const struct enode *step = node_at(r, at);
	size_t from = out->count;
	enum err err = run_spend(r, 1);

	if (err)
		return err;
	switch ((enum axis)step->op) {
	case AXIS_SELF:
		if (named(r, step, n))
			set_add(out, n);
		break;
	case AXIS_PARENT:
		/* siblings stand together: their parent is the one that was added last */
		if (n->parent && named(r, step, n->parent) &&
			!(out->count > 0 && out->nodes[out->count - 1] == n->parent))
			set_add(out, n->parent);
		break;
	case AXIS_CHILD:
		err = add_children(r, step, n, out);
		break;
	}
	return err ? err : keep_all(r, step->first, out, from);
}

static enum err steps(struct run *r, int32_t at, struct set *s)
{
	enum err err = OK;

	for (; at != EXPR_NONE && !err; at = node_at(r, at)->next) {
		struct set next = {0};

		for (size_t i = 0; i < s->count && !err; i++)
			err = step_from(r, at, s->nodes[i], &next);
		free(s->nodes);
		*s = next;
	}
	return err;
}

/*
 * The first step from the top of a tree, which is below a document that the tree has no node for:
 * /data/x names the top itself, instance('x')/root/item too; instance('x')/item, as the
 * specification also writes it, starts at its children.
 */
static enum err step_from_top(struct run *r, int32_t at, struct node *top, struct set *out)
{
	const struct enode *step = node_at(r, at);

	if (step->op != AXIS_CHILD || !named(r, step, top) || !top->relevant)
		return OK;
	set_add(out, top);
	return keep_all(r, step->first, out, 0);
}

static enum err no_document(struct run *r)
{
	return run_refuse(r, tr("这里没有表单，路径和 ${字段} 没有所指；请在表单里使用这条规则"));
}

static enum err path_absolute(struct run *r, int32_t first, struct set *s)
{
	struct node *top = top_of(r->origin);
	enum err err;

	if (!top)
		return r->env->no_form ? OK : no_document(r);
	if (first == EXPR_NONE) {
		set_add(s, top);
		return OK;
	}
	err = step_from_top(r, first, top, s);
	return err ? err : steps(r, node_at(r, first)->next, s);
}

static bool is_instance_call(const struct run *r, int32_t at)
{
	const struct enode *n = node_at(r, at);

	return n->kind == EN_CALL && n->fn->eval == fn_set_instance;
}

static enum err path_from(struct run *r, int32_t start, const struct ctx *ctx, struct set *s)
{
	struct value v;
	int32_t step = node_at(r, start)->next;
	enum err err = run_nodes(r, start, ctx, &v);

	if (err)
		return err;
	if (is_instance_call(r, start) && v.as.set.count == 1) {
		err = step_from_top(r, step, v.as.set.nodes[0], s);
		if (err || s->count > 0) {
			value_fini(&v);
			return err ? err : steps(r, node_at(r, step)->next, s);
		}
	}
	s->nodes = v.as.set.nodes;
	s->count = s->cap = v.as.set.count;
	return steps(r, step, s);
}

static enum err path(struct run *r, int32_t at, const struct ctx *ctx, struct value *out)
{
	const struct enode *n = node_at(r, at);
	struct set s = {0};
	enum err err;

	if (n->op == PATH_ABSOLUTE) {
		err = path_absolute(r, n->first, &s);
	} else if (n->op == PATH_FROM) {
		err = path_from(r, n->first, ctx, &s);
	} else if (!ctx->node) {
		err = r->env->no_form ? OK : no_document(r);
	} else {
		set_add(&s, ctx->node);
		err = steps(r, n->first, &s);
	}
	if (err) {
		free(s.nodes);
		return err;
	}
	return set_give(&s, out);
}

/* Document order of two nodes: negative when a comes first. */
static int document_order(const struct node *a, const struct node *b)
{
	const struct node *x = a, *y = b;
	int deep_a = 0, deep_b = 0;

	for (; x->parent; x = x->parent)
		deep_a++;
	for (; y->parent; y = y->parent)
		deep_b++;
	if (x != y)
		return x < y ? -1 : 1; /* of different trees: any order that stays the same */
	for (x = a; deep_a > deep_b; deep_a--)
		x = x->parent;
	for (y = b; deep_b > deep_a; deep_b--)
		y = y->parent;
	if (x == y)
		return x == a && y == b ? 0 : x == a ? -1 : 1;
	while (x->parent != y->parent) {
		x = x->parent;
		y = y->parent;
	}
	for (; x; x = x->next)
		if (x == y)
			return -1;
	return 1;
}

static int by_document_order(const void *a, const void *b)
{
	return document_order(*(struct node *const *)a, *(struct node *const *)b);
}

static enum err run_union(struct run *r, int32_t at, const struct ctx *ctx, struct value *out)
{
	struct set s = {0};
	size_t kept = 0;
	enum err err = OK;

	for (int32_t c = node_at(r, at)->first; c != EXPR_NONE && !err; c = node_at(r, c)->next) {
		struct value v;

		err = run_nodes(r, c, ctx, &v);
		if (err)
			break;
		err = run_spend(r, v.as.set.count);
		for (size_t i = 0; i < v.as.set.count; i++)
			set_add(&s, v.as.set.nodes[i]);
		value_fini(&v);
	}
	if (err) {
		free(s.nodes);
		return err;
	}
	if (s.count > 1)
		qsort(s.nodes, s.count, sizeof(struct node *), by_document_order);
	for (size_t i = 0; i < s.count; i++)
		if (i == 0 || s.nodes[i] != s.nodes[kept - 1])
			s.nodes[kept++] = s.nodes[i];
	s.count = kept;
	return set_give(&s, out);
}

enum err run_path(struct run *r, int32_t at, const struct ctx *ctx, struct value *out)
{
	return node_at(r, at)->kind == EN_UNION ? run_union(r, at, ctx, out)
						: path(r, at, ctx, out);
}

enum err run_filter(struct run *r, int32_t at, const struct ctx *ctx, struct value *out)
{
	int32_t primary = node_at(r, at)->first;
	struct value v;
	struct set s = {0};
	enum err err = run_nodes(r, primary, ctx, &v);

	if (err)
		return err;
	s.nodes = v.as.set.nodes;
	s.count = s.cap = v.as.set.count;
	err = keep_all(r, node_at(r, primary)->next, &s, 0);
	if (err) {
		free(s.nodes);
		return err;
	}
	return set_give(&s, out);
}

/*
 * In a predicate over the form's own nodes ${name} is seen from the node that is tried, so that
 * ${member}[${age} > 17] means each member's own age; in one over a list, from the question.
 */
enum err run_reference(struct run *r, const char *name, struct node *from, struct value *out)
{
	struct set s = {0};
	size_t kept = 0;

	if (!r->env->reference)
		return no_document(r);
	if (from != r->origin && top_of(from) != top_of(r->origin))
		from = r->origin;
	r->env->reference(r->env->arg, from, name, &s.nodes, &s.count);
	for (size_t i = 0; i < s.count; i++)
		if (!node_hidden(s.nodes[i]))
			s.nodes[kept++] = s.nodes[i];
	s.count = kept;
	return set_give(&s, out);
}
