/* Conditions that exclude each other, joined by and: never met. Conditions of which one always
 * holds, joined by or: always met. Told of two bounds or values of the same thing. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/msg.h"
#include "forms/expr_number.h"
#include "forms/expr_time.h"
#include "forms/form_place.h"

enum {
	CONDITIONS_MAX = 24 /* of one junction that are looked at */
};

/* operand op constant */
enum {
	SHOWN_MAX = 48 /* bytes of a constant in a sentence */
};

struct condition {
	int32_t operand;
	struct place place;
	enum oper op;
	bool text, whole; /* not ordered; its values are whole numbers */
	double value;
	const char *word; /* the constant when it is written as a text, else "" */
};

/* ---- reading ---- */

/* Both are written the same. */
static bool alike(const struct survey_of *s, int32_t a, int32_t b)
{
	const struct enode *x = path_node(s, a), *y = path_node(s, b);
	const bool words = x->kind == EN_STRING || x->kind == EN_REF ||
			   (x->kind == EN_STEP && !x->any && x->op == AXIS_CHILD);

	if (x->kind != y->kind || x->op != y->op || x->op2 != y->op2 || x->fn != y->fn ||
		x->any != y->any || (x->kind == EN_NUMBER && x->number != y->number))
		return false;
	if (words && strcmp(expr_text(s->rule->expr, x), expr_text(s->rule->expr, y)) != 0)
		return false;
	for (a = x->first, b = y->first; a != EXPR_NONE && b != EXPR_NONE;
		a = path_node(s, a)->next, b = path_node(s, b)->next)
		if (!alike(s, a, b))
			return false;
	return a == b;
}

/* There is one of it where the rule stands: a question asked of each repetition may be both. */
static bool is_single(const struct survey_of *s, struct place p)
{
	const struct form *f = s->b->form;

	if (p.kind != PLACE_FIELD || p.field < 0)
		return false;
	for (int up = f->fields[p.field].parent; up >= 0; up = f->fields[up].parent)
		if (f->fields[up].type == FIELD_REPEAT &&
			(s->rule->field <= up || s->rule->field >= f->fields[up].end))
			return false;
	return f->fields[p.field].type != FIELD_REPEAT;
}

/* Functions of one value, that is the same each time. */
static bool is_counted(const struct survey_of *s, int32_t at)
{
	return path_calls(s, at, fn_string_length) || path_calls(s, at, fn_set_count) ||
	       path_calls(s, at, fn_set_count_non_empty) || path_calls(s, at, fn_select_count);
}

static bool is_measured(const struct survey_of *s, int32_t at)
{
	return is_counted(s, at) || path_calls(s, at, fn_number_number) ||
	       path_calls(s, at, fn_number_sum) || path_calls(s, at, fn_clerk_age);
}

static bool read_constant(const struct survey_of *s, int32_t at, struct condition *c)
{
	const struct expr_env env = {.tz_fixed = true};
	const struct enode *n = path_node(s, at);
	const bool minus = n->kind == EN_NEG;
	int64_t ms;

	if (minus)
		n = path_node(s, n->first);
	if (n->kind == EN_NUMBER) {
		c->value = minus ? -n->number : n->number;
		c->word = "";
		return true;
	}
	if (minus || n->kind != EN_STRING)
		return false;
	c->word = expr_text(s->rule->expr, n);
	if (strlen(c->word) + 3 > SHOWN_MAX || c->word[0] == '\0')
		return false;
	if (is_decimal(c->word))
		c->value = strtod(c->word, NULL);
	else if (time_read(&env, c->word, &ms))
		c->value = (double)ms;
	else
		c->text = true;
	return true;
}

static enum oper turned(enum oper op)
{
	static const enum oper turn[] = {
		[OP_LT] = OP_GT, [OP_LE] = OP_GE, [OP_GT] = OP_LT, [OP_GE] = OP_LE};

	return op == OP_EQ || op == OP_NE ? op : turn[op];
}

static bool read_condition(struct survey_of *s, int32_t at, struct place here, struct condition *c)
{
	const struct enode *n = path_node(s, at);
	int32_t a = n->first, b;

	*c = (struct condition){.operand = a, .word = ""};
	if (n->kind != EN_COMPARE || path_node(s, b = path_node(s, a)->next)->next != EXPR_NONE)
		return false;
	c->op = (enum oper)path_node(s, b)->op2;
	if (!read_constant(s, b, c)) {
		if (!read_constant(s, a, c))
			return false;
		c->operand = b;
		c->op = turned(c->op);
	}
	if (c->text && c->op != OP_EQ && c->op != OP_NE)
		return false;
	c->place = path_visit(s, c->operand, here);
	c->whole = is_counted(s, c->operand) ||
		   (c->place.kind == PLACE_FIELD && c->place.field >= 0 &&
			   s->b->form->fields[c->place.field].type == FIELD_INTEGER);
	return is_single(s, c->place) || is_measured(s, c->operand);
}

/* ---- judging ---- */

struct span {
	double low, high;
	bool low_in, high_in;
};

static struct span span_of(const struct condition *c)
{
	struct span r = {-INFINITY, INFINITY, false, false};

	if (c->op == OP_EQ || c->op == OP_GE || c->op == OP_GT) {
		r.low = c->value;
		r.low_in = c->op != OP_GT;
	}
	if (c->op == OP_EQ || c->op == OP_LE || c->op == OP_LT) {
		r.high = c->value;
		r.high_in = c->op != OP_LT;
	}
	if (c->whole && !r.low_in && isfinite(r.low)) {
		r.low = floor(r.low) + 1;
		r.low_in = true;
	}
	if (c->whole && !r.high_in && isfinite(r.high)) {
		r.high = ceil(r.high) - 1;
		r.high_in = true;
	}
	return r;
}

static bool before(struct span a, struct span b)
{
	return a.high < b.low || (a.high == b.low && !(a.high_in && b.low_in));
}

static bool never_both(const struct condition *x, const struct condition *y)
{
	struct span a, b;

	if (x->text || y->text)
		return x->text && y->text && x->op == OP_EQ && y->op == OP_EQ &&
		       strcmp(x->word, y->word) != 0;
	if (x->op == OP_NE || y->op == OP_NE)
		return x->value == y->value && (x->op == OP_EQ || y->op == OP_EQ);
	a = span_of(x);
	b = span_of(y);
	return before(a, b) || before(b, a);
}

/* From a on up and from b on down is everything. */
static bool cover(const struct condition *up, const struct condition *down)
{
	struct span a = span_of(up), b = span_of(down);

	if (!isinf(a.high) || !isinf(b.low) || isinf(a.low) || isinf(b.high))
		return false;
	return a.low < b.high || (a.low == b.high && (a.low_in || b.high_in)) ||
	       (up->whole && a.low <= b.high + 1);
}

static bool always_one(const struct condition *x, const struct condition *y)
{
	if (x->op == OP_NE && y->op == OP_NE)
		return x->text && y->text ? strcmp(x->word, y->word) != 0
					  : !x->text && !y->text && x->value != y->value;
	if (x->text || y->text || x->op == OP_NE || y->op == OP_NE)
		return false;
	return cover(x, y) || cover(y, x);
}

static bool of_the_same(
	const struct survey_of *s, const struct condition *x, const struct condition *y)
{
	if (x->place.kind == PLACE_FIELD && y->place.kind == PLACE_FIELD)
		return x->place.field == y->place.field;
	return alike(s, x->operand, y->operand);
}

/* The constant as the rule writes it. */
static const char *shown(const struct condition *c, char out[SHOWN_MAX])
{
	struct buf number = {0};

	if (c->word[0] != '\0') {
		snprintf(out, SHOWN_MAX, "'%s'", c->word);
		return out;
	}
	number_write(&number, c->value);
	snprintf(out, SHOWN_MAX, "%s", buf_str(&number));
	buf_fini(&number);
	return out;
}

static void say_never(
	struct survey_of *s, bool at_root, const struct condition *x, const struct condition *y)
{
	const struct field *f = &s->b->form->fields[s->rule->field];
	const bool decides = s->rule->expr == f->constraint || s->rule->expr == f->relevant;
	struct buf sentence = {0};
	char a[SHOWN_MAX], b[SHOWN_MAX];

	buf_printf(&sentence,
		tr("%s 的 %s 既要 %s %s 又要 %s %s, 没有一个值两样都合: 两样有一样就行请写 or, 大小写反了请换过来"),
		f->name, s->rule->column, path_sign(x->op), shown(x, a), path_sign(y->op),
		shown(y, b));
	if (at_root && decides)
		builder_fault(s->b, s->rule->column_at, "%s", buf_str(&sentence));
	else
		builder_doubt(s->b, s->rule->column_at, "%s", buf_str(&sentence));
	buf_fini(&sentence);
}

static void say_always(struct survey_of *s, const struct condition *x, const struct condition *y)
{
	char a[SHOWN_MAX], b[SHOWN_MAX];

	builder_doubt(s->b, s->rule->column_at,
		tr("%s 的 %s 写着 %s %s 或者 %s %s, 填什么都成立: 两样都要请写 and"),
		s->b->form->fields[s->rule->field].name, s->rule->column, path_sign(x->op),
		shown(x, a), path_sign(y->op), shown(y, b));
}

void path_junction(struct survey_of *s, int32_t at, struct place here)
{
	const struct enode *n = path_node(s, at);
	struct condition c[CONDITIONS_MAX];
	size_t count = 0;

	if (s->rule->uses != NULL || s->said)
		return;
	for (int32_t a = n->first; a != EXPR_NONE && count < CONDITIONS_MAX;
		a = path_node(s, a)->next)
		count += read_condition(s, a, here, &c[count]);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++) {
			const bool same = of_the_same(s, &c[k], &c[i]);
			if (same && n->kind == EN_AND && never_both(&c[k], &c[i])) {
				say_never(s, at == s->rule->expr->root, &c[k], &c[i]);
				return;
			}
			if (same && n->kind == EN_OR && always_one(&c[k], &c[i])) {
				say_always(s, &c[k], &c[i]);
				return;
			}
		}
}
