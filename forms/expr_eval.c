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
