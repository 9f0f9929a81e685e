#include "forms/expr.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/fn.h"
#include "forms/instance.h"

/* Enough for a thousand rows against a thousand rows; a rule that needs more holds up the clerk. */
#define WORK_MAX 20000000u

enum err run_refuse(struct run *r, const char *fmt, ...)
{
	struct buf sentence = {0};
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&sentence, fmt, ap);
	va_end(ap);
	buf_why(r->why, "%s", buf_str(&sentence));
	buf_fini(&sentence);
	return ERR_INVALID;
}

enum err run_spend(struct run *r, size_t steps)
{
	if (steps <= WORK_MAX - r->work) {
		r->work += (uint32_t)steps;
		return OK;
	}
	return run_refuse(r, tr("这条规则要算的太多，已停止；请简化（避免方括号套方括号）"));
}

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

static size_t item_count(const struct value *v)
{
	return v->type == VALUE_NODES && v->as.set.count > 0 ? v->as.set.count : 1;
}

/* True when some pair of items compares true (XPath 1.0 §3.4). */
static enum err compare_values(
	struct run *r, enum oper op, const struct value *a, const struct value *b, bool *out)
{
	struct item x, y;
	bool found = false;
	enum err err = OK;

	for (size_t i = 0; i < item_count(a) && !found && !err; i++) {
		item_of(a, i, &x);
		err = run_spend(r, item_count(b));
		for (size_t j = 0; j < item_count(b) && !found && !err; j++) {
			item_of(b, j, &y);
			found = compare_items(r, op, &x, &y);
			str_fini(&y.text);
		}
		str_fini(&x.text);
	}
	if (!err)
		*out = found;
	return err;
}

static enum err run_compare(struct run *r, int32_t at, const struct ctx *ctx, bool *out)
{
	int32_t child = node_at(r, at)->first;
	struct value left, right;
	bool truth = false;
	enum err err = run_value(r, child, ctx, &left);

	if (err)
		return err;
	for (child = node_at(r, child)->next; child != EXPR_NONE; child = node_at(r, child)->next) {
		err = run_value(r, child, ctx, &right);
		if (!err) {
			err = compare_values(
				r, (enum oper)node_at(r, child)->op2, &left, &right, &truth);
			value_fini(&right);
		}
		value_fini(&left);
		if (err)
			return err;
		put_boolean(&left, truth);
	}
	*out = truth;
	return OK;
}

static double arith(enum oper op, double a, double b)
{
	switch (op) {
	case OP_ADD:
		return a + b;
	case OP_SUB:
		return a - b;
	case OP_MUL:
		return a * b;
	case OP_DIV:
		return a / b;
	case OP_MOD:
		return fmod(a, b); /* the sign of the dividend, as XPath has it */
	default:
		return NAN;
	}
}

static bool is_division(int op)
{
	return op == OP_DIV || op == OP_MOD;
}

static enum err run_arith(struct run *r, int32_t at, const struct ctx *ctx, double *out)
{
	int32_t child = node_at(r, at)->first;
	double sum, operand;
	enum err err = run_number(r, child, ctx, &sum);

	if (err)
		return err;
	for (child = node_at(r, child)->next; child != EXPR_NONE; child = node_at(r, child)->next) {
		err = run_number(r, child, ctx, &operand);
		if (err)
			return err;
		r->by_zero = r->by_zero || (operand == 0 && is_division(node_at(r, child)->op2));
		sum = arith((enum oper)node_at(r, child)->op2, sum, operand);
	}
	*out = sum;
	return OK;
}

static enum err run_negate(struct run *r, int32_t at, const struct ctx *ctx, double *out)
{
	double n;
	enum err err = run_number(r, node_at(r, at)->first, ctx, &n);

	if (!err)
		*out = node_at(r, at)->op == OP_SUB ? -n : n;
	return err;
}

/* or, and: stops at the first operand that decides. */
static enum err run_junction(struct run *r, int32_t at, const struct ctx *ctx, bool *out)
{
	bool decides = node_at(r, at)->kind == EN_OR;
	bool truth = !decides;
	enum err err = OK;

	for (int32_t c = node_at(r, at)->first; c != EXPR_NONE && truth != decides;
		c = node_at(r, c)->next) {
		err = run_boolean(r, c, ctx, &truth);
		if (err)
			return err;
	}
	*out = truth;
	return OK;
}

static enum err run_call(struct run *r, int32_t at, const struct ctx *ctx, struct value *out)
{
	struct call c = {r, ctx, at, 0};
	enum err err = run_spend(r, 1);

	for (int32_t a = node_at(r, at)->first; a != EXPR_NONE; a = node_at(r, a)->next)
		c.count++;
	return err ? err : node_at(r, at)->fn->eval(&c, out);
}

enum err run_value(struct run *r, int32_t at, const struct ctx *ctx, struct value *out)
{
	const struct enode *n = node_at(r, at);
	double number;
	bool truth;
	enum err err;

	switch ((enum node_kind)n->kind) {
	case EN_NUMBER:
		return put_number(out, n->number);
	case EN_STRING:
		return put_string(out, expr_text(r->e, n));
	case EN_REF:
		return run_reference(r, expr_text(r->e, n), ctx->node, out);
	case EN_OR:
	case EN_AND:
		err = run_junction(r, at, ctx, &truth);
		return err ? err : put_boolean(out, truth);
	case EN_COMPARE:
		err = run_compare(r, at, ctx, &truth);
		return err ? err : put_boolean(out, truth);
	case EN_ARITH:
		err = run_arith(r, at, ctx, &number);
		return err ? err : put_number(out, number);
	case EN_NEG:
		err = run_negate(r, at, ctx, &number);
		return err ? err : put_number(out, number);
	case EN_CALL:
		return run_call(r, at, ctx, out);
	case EN_UNION:
	case EN_PATH:
		return run_path(r, at, ctx, out);
	case EN_FILTER:
		return run_filter(r, at, ctx, out);
	case EN_STEP:
		break;
	case EN_REFUSED:
		return run_refuse(r, "%s", expr_text(r->e, n));
	}
	return ERR_INVALID;
}

enum err run_number(struct run *r, int32_t at, const struct ctx *ctx, double *out)
{
	struct value v;
	struct item i;
	enum err err = run_value(r, at, ctx, &v);

	if (err)
		return err;
	item_of(&v, 0, &i);
	*out = item_number(r, &i);
	str_fini(&i.text);
	value_fini(&v);
	return OK;
}

enum err run_boolean(struct run *r, int32_t at, const struct ctx *ctx, bool *out)
{
	struct value v;
	enum err err = run_value(r, at, ctx, &v);

	if (err)
		return err;
	*out = value_boolean(&v);
	value_fini(&v);
	return OK;
}

enum err run_string(struct run *r, int32_t at, const struct ctx *ctx, struct str *out)
{
	struct value v;
	struct buf b = {0};
	enum err err;

	out->own = NULL;
	if (node_at(r, at)->kind == EN_STRING) {
		out->s = expr_text(r->e, node_at(r, at));
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

enum err run_nodes(struct run *r, int32_t at, const struct ctx *ctx, struct value *out)
{
	enum err err = run_value(r, at, ctx, out);

	if (err || out->type == VALUE_NODES)
		return err;
	value_fini(out);
	return run_refuse(r, tr("这里要的是字段或路径，给的却是一个值；请引用字段，如 ${字段名}"));
}

/* What a division by 0 leaves, by itself or written into a text. */
static bool is_spoilt(const struct value *v)
{
	if (v->type == VALUE_NUMBER)
		return isnan(v->as.number) || isinf(v->as.number);
	return v->type == VALUE_STRING &&
	       (strstr(v->as.string, "Infinity") != NULL || strstr(v->as.string, "NaN") != NULL);
}

enum err expr_eval(const struct expr *e, const struct expr_env *env, struct node *context,
	struct value *out, struct buf *why)
{
	struct run r = {.e = e,
		.env = env,
		.origin = env->origin != NULL ? env->origin : context,
		.why = why};
	struct ctx ctx = {context, 0, 0};
	enum err err = run_value(&r, e->root, &ctx, out);

	if (!err && r.by_zero && is_spoilt(out))
		buf_why(why, "%s", tr("除数是 0"));
	return err;
}

int32_t call_arg(const struct call *c, int i)
{
	int32_t at = c->run->e->nodes[c->at].first;

	while (at != EXPR_NONE && i-- > 0)
		at = c->run->e->nodes[at].next;
	return at;
}

enum err call_value(struct call *c, int i, struct value *out)
{
	return run_value(c->run, call_arg(c, i), c->ctx, out);
}

enum err call_number(struct call *c, int i, double *out)
{
	return run_number(c->run, call_arg(c, i), c->ctx, out);
}

enum err call_boolean(struct call *c, int i, bool *out)
{
	return run_boolean(c->run, call_arg(c, i), c->ctx, out);
}

enum err call_string(struct call *c, int i, struct str *out)
{
	return run_string(c->run, call_arg(c, i), c->ctx, out);
}

enum err call_nodes(struct call *c, int i, struct value *out)
{
	return run_nodes(c->run, call_arg(c, i), c->ctx, out);
}

enum err call_string_or_self(struct call *c, int i, struct str *out)
{
	if (i < c->count)
		return call_string(c, i, out);
	if (!c->ctx->node)
		return run_refuse(c->run, tr("%s() 没有写参数，而这里没有当前字段；请补上参数"),
			c->run->e->nodes[c->at].fn->name);
	node_str(c->ctx->node, out);
	return OK;
}

enum err call_each(struct call *c, int i,
	enum err (*each)(void *arg, const struct value *v, const struct node *n), void *arg)
{
	enum err err = OK;
	struct value v;

	for (int32_t at = call_arg(c, i); at != EXPR_NONE && !err; at = c->run->e->nodes[at].next) {
		err = run_value(c->run, at, c->ctx, &v);
		if (err)
			return err;
		if (v.type != VALUE_NODES)
			err = each(arg, &v, NULL);
		for (size_t k = 0; v.type == VALUE_NODES && k < v.as.set.count && !err; k++)
			err = each(arg, &v, v.as.set.nodes[k]);
		value_fini(&v);
	}
	return err;
}
