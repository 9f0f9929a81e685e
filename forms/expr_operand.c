/* What a rule compares and reckons with, and comparing (XPath 1.0 §3.4). */
#include <math.h>
#include <string.h>

#include "core/base/buf.h"
#include "forms/fn.h"
#include "forms/instance.h"

static const struct enode *node_at(const struct run *r, int32_t at)
{
	return &r->e->nodes[at];
}

/* Equal as money and measures are: 6.1 - 7.8 is -1.7 (the tolerance is JavaRosa's). */
static bool same_number(double a, double b)
{
	return a == b || fabs(a - b) < 1e-12;
}

static bool compare_numbers(enum oper op, double a, double b)
{
	switch (op) {
	case OP_EQ:
		return same_number(a, b);
	case OP_NE:
		return !same_number(a, b);
	case OP_LT:
		return a < b;
	case OP_LE:
		return a <= b;
	case OP_GT:
		return a > b;
	case OP_GE:
		return a >= b;
	default:
		return false;
	}
}

/* One item of a comparison: a value that is no set, or one node's text. */
struct item {
	enum value_type type;
	double number;
	bool boolean;
	struct str text;
};

static double item_number(const struct run *r, const struct item *i)
{
	if (i->type == VALUE_NUMBER)
		return i->number;
	if (i->type == VALUE_BOOLEAN)
		return i->boolean ? 1 : 0;
	return text_number(r->env, i->text.s);
}

static bool item_boolean(const struct item *i)
{
	if (i->type == VALUE_BOOLEAN)
		return i->boolean;
	if (i->type == VALUE_NUMBER)
		return i->number != 0 && !isnan(i->number);
	return i->text.s[0] != '\0';
}

/* XPath 1.0 §3.4 for two values that are no sets. */
static bool compare_items(
	const struct run *r, enum oper op, const struct item *a, const struct item *b)
{
	bool equality = op == OP_EQ || op == OP_NE;

	if (equality && (a->type == VALUE_BOOLEAN || b->type == VALUE_BOOLEAN))
		return (item_boolean(a) == item_boolean(b)) == (op == OP_EQ);
	if (equality && a->type == VALUE_STRING && b->type == VALUE_STRING)
		return (strcmp(a->text.s, b->text.s) == 0) == (op == OP_EQ);
	return compare_numbers(op, item_number(r, a), item_number(r, b));
}

/* Item i of a value. A set without nodes stands for one unanswered field: ODK compares it as ''. */
static void item_of(const struct value *v, size_t i, struct item *out)
{
	out->type = v->type == VALUE_NODES ? VALUE_STRING : v->type;
	out->text.own = NULL;
	out->text.s = "";
	switch (v->type) {
	case VALUE_NUMBER:
		out->number = v->as.number;
		break;
	case VALUE_BOOLEAN:
		out->boolean = v->as.boolean;
		break;
	case VALUE_STRING:
		out->text.s = v->as.string;
		break;
	case VALUE_NODES:
		if (i < v->as.set.count)
			node_str(v->as.set.nodes[i], &out->text);
		break;
	}
}

/*
 * What a rule compares or reckons with: a value, or what a leaf of the rule says, which is borrowed
 * from it or from the answer. Most operands are leaves, and nothing is allocated for them.
 */
struct operand {
	struct item first;
	bool held;
	struct value value; /* when held */
};

static void operand_fini(struct operand *o)
{
	str_fini(&o->first.text);
	if (o->held)
		value_fini(&o->value);
	o->held = false;
}

static size_t operand_count(const struct operand *o)
{
	return o->held && o->value.type == VALUE_NODES && o->value.as.set.count > 0
		       ? o->value.as.set.count
		       : 1;
}

static void operand_truth(struct operand *o, bool truth)
{
	o->held = false;
	o->first = (struct item){.type = VALUE_BOOLEAN, .boolean = truth, .text = {"", NULL}};
}

static void leaf_number(struct item *i, double n)
{
	*i = (struct item){.type = VALUE_NUMBER, .number = n, .text = {"", NULL}};
}

static void leaf_text(struct item *i, const char *s)
{
	*i = (struct item){.type = VALUE_STRING, .text = {s, NULL}};
}

/* The one node that ${name} means wherever it stands; NULL: it has to be looked for. */
static const struct node *sole(const struct run *r, const struct enode *n)
{
	return n->kind == EN_REF && r->env->sole ? r->env->sole(r->env->arg, expr_text(r->e, n))
						 : NULL;
}

static bool is_if(const struct enode *n)
{
	return n->kind == EN_CALL && n->fn->eval == fn_logic_if;
}

/* if() is the one of its two that is taken: steps into it. */
static enum err take_branch(struct run *r, int32_t *at, const struct ctx *ctx)
{
	int32_t condition = node_at(r, *at)->first, then = node_at(r, condition)->next;
	bool truth;
	enum err err = run_spend(r, 1);

	if (!err)
		err = run_boolean(r, condition, ctx, &truth);
	if (!err)
		*at = truth ? then : node_at(r, then)->next;
	return err;
}

static enum err run_operand(struct run *r, int32_t at, const struct ctx *ctx, struct operand *o)
{
	const struct enode *n;
	const struct node *answer;
	enum err err;

	while (is_if(node_at(r, at))) {
		err = take_branch(r, &at, ctx);
		if (err)
			return err;
	}
	n = node_at(r, at);
	answer = sole(r, n);
	o->held = false;
	if (answer) {
		leaf_text(&o->first, "");
		node_str(answer, &o->first.text);
		return OK;
	}
	if (n->kind == EN_NUMBER) {
		leaf_number(&o->first, n->number);
		return OK;
	}
	if (n->kind == EN_STRING) {
		leaf_text(&o->first, expr_text(r->e, n));
		return OK;
	}
	err = run_value(r, at, ctx, &o->value);
	if (err)
		return err;
	o->held = true;
	item_of(&o->value, 0, &o->first);
	return OK;
}

/* True when some pair of items compares true (XPath 1.0 §3.4). */
static enum err compare_operands(
	struct run *r, enum oper op, const struct operand *a, const struct operand *b, bool *out)
{
	size_t left = operand_count(a), right = operand_count(b);
	struct item x, y;
	enum err err = OK;

	*out = compare_items(r, op, &a->first, &b->first);
	if (left == 1 && right == 1)
		return run_spend(r, 1);
	for (size_t i = 0; i < left && !*out && !err; i++) {
		if (left > 1)
			item_of(&a->value, i, &x);
		else
			x = a->first;
		err = run_spend(r, right);
		for (size_t j = 0; j < right && !*out && !err; j++) {
			if (right > 1)
				item_of(&b->value, j, &y);
			else
				y = b->first;
			*out = compare_items(r, op, &x, &y);
			if (right > 1)
				str_fini(&y.text);
		}
		if (left > 1)
			str_fini(&x.text);
	}
	return err;
}

enum err run_compare(struct run *r, int32_t at, const struct ctx *ctx, bool *out)
{
	int32_t child = node_at(r, at)->first;
	struct operand left, right;
	bool truth = false;
	enum err err = run_operand(r, child, ctx, &left);

	if (err)
		return err;
	for (child = node_at(r, child)->next; child != EXPR_NONE; child = node_at(r, child)->next) {
		err = run_operand(r, child, ctx, &right);
		if (!err) {
			err = compare_operands(
				r, (enum oper)node_at(r, child)->op2, &left, &right, &truth);
			operand_fini(&right);
		}
		operand_fini(&left);
		if (err)
			return err;
		operand_truth(&left, truth);
	}
	*out = truth;
	return OK;
}

enum err run_number(struct run *r, int32_t at, const struct ctx *ctx, double *out)
{
	struct operand o;
	enum err err = run_operand(r, at, ctx, &o);

	if (err)
		return err;
	*out = item_number(r, &o.first);
	operand_fini(&o);
	return OK;
}

enum err run_boolean(struct run *r, int32_t at, const struct ctx *ctx, bool *out)
{
	struct operand o;
	enum err err = run_operand(r, at, ctx, &o);

	if (err)
		return err;
	*out = item_boolean(&o.first);
	operand_fini(&o);
	return OK;
}

enum err run_string(struct run *r, int32_t at, const struct ctx *ctx, struct str *out)
{
	const struct enode *n = node_at(r, at);
	const struct node *answer = sole(r, n);
	struct value v;
	struct buf b = {0};
	enum err err;

	out->own = NULL;
	if (answer) {
		node_str(answer, out);
		return OK;
	}
	if (n->kind == EN_STRING) {
		out->s = expr_text(r->e, n);
		return OK;
	}
	err = run_value(r, at, ctx, &v);
	if (err)
		return err;
	if (v.type == VALUE_STRING) {
		out->s = out->own = v.as.string;
		return OK;
	}
	if (v.type == VALUE_NODES && v.as.set.count > 0) {
		node_str(v.as.set.nodes[0], out);
	} else {
		value_string(&v, &b);
		out->s = out->own = buf_take(&b);
	}
	value_fini(&v);
	return OK;
}
