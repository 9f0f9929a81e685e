/* What an expression depends on. */
#include "forms/expr.h"

#include <string.h>

#include "forms/expr_node.h"
#include "forms/fn.h"

/* Who is told what an expression refers to. */
struct visitor {
	const struct expr *e;
	void (*visit)(void *arg, const char *name, bool path);
	void *arg;
};

/* The steps from at on as text: ../b/c */
static void path_text(const struct expr *e, int32_t at, bool absolute, struct buf *out)
{
	bool slash = absolute;

	if (absolute && at == EXPR_NONE)
		buf_addc(out, '/');
	for (; at != EXPR_NONE; at = e->nodes[at].next) {
		const struct enode *step = &e->nodes[at];

		if (slash)
			buf_addc(out, '/');
		slash = true;
		if (step->op == AXIS_CHILD)
			buf_adds(out, step->any ? "*" : expr_text(e, step));
		else
			buf_adds(out, step->op == AXIS_SELF ? "." : "..");
	}
}

static bool calls(const struct expr *e, int32_t at, enum err (*fn)(struct call *, struct value *))
{
	return e->nodes[at].kind == EN_CALL && e->nodes[at].fn->eval == fn;
}

/* What the steps of a path are seen from: the row of a table is no part of the form. */
static bool over_table(const struct visitor *v, const struct enode *path, bool in_table)
{
	int32_t start = path->first;

	if (path->op != PATH_FROM)
		return path->op == PATH_RELATIVE && in_table;
	if (v->e->nodes[start].kind == EN_FILTER)
		start = v->e->nodes[start].first;
	return calls(v->e, start, fn_set_instance);
}

static void tell_path_reference(const struct visitor *v, const struct enode *path)
{
	const struct expr *e = v->e;
	struct buf text = {0};
	int32_t steps = path->first;

	if (path->op == PATH_FROM) {
		if (!calls(e, steps, fn_set_current))
			buf_adds(&text, "*/");
		steps = e->nodes[steps].next;
	}
	path_text(e, steps, path->op == PATH_ABSOLUTE, &text);
	if (strcmp(buf_str(&text), ".") != 0)
		v->visit(v->arg, buf_str(&text), true);
	buf_fini(&text);
}

static void references(const struct visitor *v, int32_t at, bool in_table)
{
	const struct enode *n = &v->e->nodes[at];
	int32_t child = n->first;

	if (n->kind == EN_REF)
		v->visit(v->arg, expr_text(v->e, n), false);
	if (n->kind == EN_PATH) {
		bool table = over_table(v, n, in_table);

		if (!table)
			tell_path_reference(v, n);
		if (n->op == PATH_FROM) {
			references(v, child, in_table);
			child = v->e->nodes[child].next;
		}
		in_table = table;
	}
	for (; child != EXPR_NONE; child = v->e->nodes[child].next)
		references(v, child, in_table);
}

void expr_references(
	const struct expr *e, void (*visit)(void *arg, const char *name, bool path), void *arg)
{
	struct visitor v = {e, visit, arg};

	references(&v, e->root, false);
}

void expr_tables(const struct expr *e, void (*visit)(void *arg, const char *name), void *arg)
{
	for (int32_t i = 0; i < e->count; i++)
		if (calls(e, i, fn_set_pulldata) && e->nodes[e->nodes[i].first].kind == EN_STRING)
			visit(arg, expr_text(e, &e->nodes[e->nodes[i].first]));
}

void expr_instances(const struct expr *e, void (*visit)(void *arg, const char *name), void *arg)
{
	for (int32_t i = 0; i < e->count; i++)
		if (calls(e, i, fn_set_instance) && e->nodes[e->nodes[i].first].kind == EN_STRING)
			visit(arg, expr_text(e, &e->nodes[e->nodes[i].first]));
}

void expr_choice_names(const struct expr *e, void (*visit)(void *arg, const char *field), void *arg)
{
	for (int32_t i = 0; i < e->count; i++) {
		const struct enode *field;
		struct buf name = {0};
		if (!calls(e, i, fn_select_choice_name))
			continue;
		field = &e->nodes[e->nodes[e->nodes[i].first].next];
		if (field->kind == EN_STRING)
			fn_field_name(expr_text(e, field), &name);
		visit(arg, field->kind == EN_STRING ? buf_str(&name) : NULL);
		buf_fini(&name);
	}
}

bool expr_volatile(const struct expr *e)
{
	for (int32_t i = 0; i < e->count; i++)
		if (e->nodes[i].kind == EN_CALL && (e->nodes[i].fn->flags & FN_VOLATILE))
			return true;
	return false;
}
