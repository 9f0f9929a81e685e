/* What an expression says in plain words. */
#include "forms/expr.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/msg.h"
#include "forms/expr_node.h"
#include "forms/expr_number.h"
#include "forms/fn.h"

/* The sentence so far, and who knows the words for a field. */
struct telling {
	const struct expr *e;
	const char *(*label)(void *arg, const char *name);
	void *arg;
};

static void tell(const struct telling *t, int32_t at, struct buf *out);

static const char *words_for(const struct telling *t, const char *name)
{
	return t->label ? t->label(t->arg, name) : NULL;
}

static void tell_name(const struct telling *t, const char *name, struct buf *out)
{
	const char *label = words_for(t, name);

	buf_adds(out, label && label[0] ? label : name);
}

static void quote(const char *s, struct buf *out)
{
	buf_printf(out, tr("“%s”"), s);
}

/* A path by its last name: ../applicant_age is the age; . is the field itself. */
static void tell_path(const struct telling *t, const struct enode *path, struct buf *out)
{
	const struct enode *last = NULL;

	for (int32_t at = path->first; at != EXPR_NONE; at = t->e->nodes[at].next)
		if (t->e->nodes[at].kind == EN_STEP)
			last = &t->e->nodes[at];
	if (!last)
		buf_adds(out, tr("整张表"));
	else if (last->op == AXIS_CHILD && !last->any)
		tell_name(t, expr_text(t->e, last), out);
	else
		buf_adds(out, last->op == AXIS_SELF ? tr("本项") : tr("所在的一组"));
	if (last && last->first != EXPR_NONE) {
		struct buf which = {0};

		tell(t, last->first, &which);
		buf_printf(out, tr("（其中 %s）"), buf_str(&which));
		buf_fini(&which);
	}
}

/* The field a node speaks of, or NULL. */
static const char *field_of(const struct telling *t, int32_t at)
{
	const struct enode *n = &t->e->nodes[at];
	const struct enode *last = NULL;

	if (n->kind == EN_REF)
		return expr_text(t->e, n);
	if (n->kind != EN_PATH)
		return NULL;
	for (int32_t s = n->first; s != EXPR_NONE; s = t->e->nodes[s].next)
		last = &t->e->nodes[s];
	return last && last->kind == EN_STEP && last->op == AXIS_CHILD && !last->any
		       ? expr_text(t->e, last)
		       : NULL;
}

/* A constant that is compared with a field: the words of the choice, when it is one. */
static void tell_beside(const struct telling *t, int32_t at, int32_t beside, struct buf *out)
{
	const struct enode *n = &t->e->nodes[at];
	const char *field = field_of(t, beside), *label;
	struct buf key = {0};

	if (n->kind != EN_STRING || !field) {
		tell(t, at, out);
		return;
	}
	buf_printf(&key, "%s=%s", field, expr_text(t->e, n));
	label = words_for(t, buf_str(&key));
	quote(label && label[0] ? label : expr_text(t->e, n), out);
	buf_fini(&key);
}

static bool is_empty_text(const struct telling *t, int32_t at)
{
	const struct enode *n = &t->e->nodes[at];

	return n->kind == EN_STRING && expr_text(t->e, n)[0] == '\0';
}

static const char *comparison(enum oper op)
{
	switch (op) {
	case OP_EQ:
		return tr("%s 为 %s");
	case OP_NE:
		return tr("%s 不为 %s");
	case OP_LT:
		return tr("%s 小于 %s");
	case OP_LE:
		return tr("%s 不大于 %s");
	case OP_GT:
		return tr("%s 大于 %s");
	case OP_GE:
		return tr("%s 不小于 %s");
	case OP_ADD:
		return tr("%s 加 %s");
	case OP_SUB:
		return tr("%s 减 %s");
	case OP_MUL:
		return tr("%s 乘以 %s");
	case OP_DIV:
		return tr("%s 除以 %s");
	case OP_MOD:
		return tr("%s 除以 %s 的余数");
	default:
		return "%s %s";
	}
}

/* Replaces *left by "left op right". */
static void tell_pair(const struct telling *t, struct buf *left, int32_t before, int32_t at)
{
	enum oper op = (enum oper)t->e->nodes[at].op2;
	struct buf right = {0}, both = {0};

	if ((op == OP_EQ || op == OP_NE) && is_empty_text(t, at)) {
		buf_printf(&both, op == OP_EQ ? tr("%s 未填") : tr("%s 已填"), buf_str(left));
	} else {
		tell_beside(t, at, before, &right);
		buf_printf(&both, comparison(op), buf_str(left), buf_str(&right));
	}
	buf_fini(&right);
	buf_fini(left);
	*left = both;
}

static void tell_operators(const struct telling *t, int32_t at, struct buf *out)
{
	int32_t before = t->e->nodes[at].first;
	struct buf left = {0};

	tell_beside(t, before, t->e->nodes[before].next, &left);
	for (int32_t c = t->e->nodes[before].next; c != EXPR_NONE; c = t->e->nodes[c].next) {
		tell_pair(t, &left, before, c);
		before = c;
	}
	buf_add(out, buf_str(&left), left.len);
	buf_fini(&left);
}

/* As a condition: a field that stands alone means that it is filled in. */
static void tell_truth(const struct telling *t, int32_t at, enum node_kind around, struct buf *out)
{
	enum node_kind kind = (enum node_kind)t->e->nodes[at].kind;
	bool bracket = (kind == EN_OR || kind == EN_AND) && around != kind && around != EN_NUMBER;
	struct buf b = {0};

	tell(t, at, &b);
	if (kind == EN_REF || kind == EN_PATH)
		buf_printf(out, tr("%s 已填"), buf_str(&b));
	else if (bracket)
		buf_printf(out, tr("（%s）"), buf_str(&b));
	else
		buf_adds(out, buf_str(&b));
	buf_fini(&b);
}

static void tell_junction(const struct telling *t, int32_t at, struct buf *out)
{
	enum node_kind kind = (enum node_kind)t->e->nodes[at].kind;
	bool first = true;

	for (int32_t c = t->e->nodes[at].first; c != EXPR_NONE; c = t->e->nodes[c].next) {
		if (!first)
			buf_adds(out, kind == EN_AND ? tr("，并且 ") : tr("，或者 "));
		first = false;
		tell_truth(t, c, kind, out);
	}
}

/* Argument i (from 1) of a call, as its sentence needs it. */
static void tell_argument(const struct telling *t, int32_t call, int i, struct buf *out)
{
	const struct fn *fn = t->e->nodes[call].fn;
	int32_t first = t->e->nodes[call].first, at = first;

	while (at != EXPR_NONE && --i > 0)
		at = t->e->nodes[at].next;
	if (at == EXPR_NONE)
		buf_adds(out, tr("本项"));
	else if (fn->eval == fn_logic_not || (fn->eval == fn_logic_if && at == first))
		tell_truth(t, at, EN_NUMBER, out);
	else if (fn->eval == fn_select_selected && at != first)
		tell_beside(t, at, first, out);
	else
		tell(t, at, out);
}

/* regex(field, pattern) with a pattern that has words: the field is 6 digits. */
static bool tell_pattern(const struct telling *t, int32_t at, struct buf *out)
{
	int32_t first = t->e->nodes[at].first;
	const struct enode *pattern;
	struct buf words = {0}, field = {0};
	bool told = false;

	if (t->e->nodes[at].fn->eval != fn_string_regex)
		return false;
	pattern = &t->e->nodes[t->e->nodes[first].next];
	if (pattern->kind == EN_STRING && expr_pattern_says(expr_text(t->e, pattern), &words)) {
		tell(t, first, &field);
		buf_printf(out, tr("%s 是 %s"), buf_str(&field), buf_str(&words));
		told = true;
	}
	buf_fini(&words);
	buf_fini(&field);
	return told;
}

static void tell_call(const struct telling *t, int32_t at, struct buf *out)
{
	const struct enode *n = &t->e->nodes[at];
	const char *says = n->fn->says ? tr(n->fn->says) : NULL;
	bool first = true;

	if (tell_pattern(t, at, out))
		return;
	if (!says) {
		buf_printf(out, "%s(", n->fn->name);
		for (int32_t c = n->first; c != EXPR_NONE; c = t->e->nodes[c].next) {
			if (!first)
				buf_adds(out, ", ");
			first = false;
			tell(t, c, out);
		}
		buf_addc(out, ')');
		return;
	}
	for (const char *p = says; *p; p++) {
		if (p[0] == '{' && p[1] >= '1' && p[1] <= '9' && p[2] == '}') {
			buf_addc(out, ' ');
			tell_argument(t, at, p[1] - '0', out);
			buf_addc(out, ' ');
			p += 2;
		} else {
			buf_addc(out, *p);
		}
	}
}

static void tell(const struct telling *t, int32_t at, struct buf *out)
{
	const struct enode *n = &t->e->nodes[at];

	switch ((enum node_kind)n->kind) {
	case EN_NUMBER:
		number_write(out, n->number);
		break;
	case EN_STRING:
		quote(expr_text(t->e, n), out);
		break;
	case EN_REF:
		tell_name(t, expr_text(t->e, n), out);
		break;
	case EN_OR:
	case EN_AND:
		tell_junction(t, at, out);
		break;
	case EN_COMPARE:
	case EN_ARITH:
		tell_operators(t, at, out);
		break;
	case EN_NEG:
		buf_addc(out, '-');
		tell(t, n->first, out);
		break;
	case EN_CALL:
		tell_call(t, at, out);
		break;
	case EN_UNION:
	case EN_FILTER:
		tell(t, n->first, out);
		break;
	case EN_PATH:
		tell_path(t, n, out);
		break;
	case EN_STEP:
	case EN_REFUSED:
		break;
	}
}

/* One of the wide marks that need no blank beside them begins at s. */
static bool wide_mark(const char *s)
{
	return strncmp(s, "（", 3) == 0 || strncmp(s, "）", 3) == 0 || strncmp(s, "，", 3) == 0;
}

/* Blanks that the parts brought: one between words, none at an end or beside a bracket. */
static void add_tidy(const char *s, struct buf *out)
{
	const char *word = s; /* where the last word ended */
	bool blank = false;

	for (const char *p = s; *p; p++) {
		if (*p == ' ') {
			blank = true;
			continue;
		}
		if (blank && word > s && word[-1] != '(' && !strchr(",)", *p) && !wide_mark(p) &&
			!(word - s >= 3 && wide_mark(word - 3)))
			buf_addc(out, ' ');
		blank = false;
		buf_addc(out, *p);
		word = p + 1;
	}
}

void expr_explain(const struct expr *e, const char *(*label)(void *arg, const char *name),
	void *arg, struct buf *out)
{
	struct telling t = {e, label, arg};
	struct buf sentence = {0};

	tell_truth(&t, e->root, EN_NUMBER, &sentence);
	add_tidy(buf_str(&sentence), out);
	buf_fini(&sentence);
}
