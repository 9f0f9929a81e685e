/* A comparison as a fact: by what it is measured, and in which words. */
#include "forms/expr_tell.h"

#include <string.h>

#include "core/base/msg.h"
#include "forms/expr_number.h"

/* The words for an order; the second of each pair is the opposite of the first. */
struct scale {
	const char *is, *is_not, *above, *not_above, *from, *below; /* N_(), one %s each */
};

static const struct scale numbers = {
	N_("为 %s"), N_("不为 %s"), N_("大于 %s"), N_("不大于 %s"), N_("不小于 %s"), N_("小于 %s")};
static const struct scale fields = {N_("与 %s 相同"), N_("与 %s 不同"), N_("大于 %s"),
	N_("不大于 %s"), N_("不小于 %s"), N_("小于 %s")};
static const struct scale days = {
	N_("为 %s"), N_("不为 %s"), N_("晚于 %s"), N_("不晚于 %s"), N_("不早于 %s"), N_("早于 %s")};
static const struct scale ages = {N_("正好 %s 周岁"), N_("不是 %s 周岁"), N_("超过 %s 周岁"),
	N_("不超过 %s 周岁"), N_("已满 %s 周岁"), N_("未满 %s 周岁")};
static const struct scale letters = {N_("是 %s 个字"), N_("不是 %s 个字"), N_("多于 %s 个字"),
	N_("最多 %s 个字"), N_("至少 %s 个字"), N_("不到 %s 个字")};

static enum oper inverse(enum oper op)
{
	static const enum oper of[] = {[OP_EQ] = OP_NE,
		[OP_NE] = OP_EQ,
		[OP_LT] = OP_GE,
		[OP_GE] = OP_LT,
		[OP_GT] = OP_LE,
		[OP_LE] = OP_GT};

	return of[op];
}

/* subject op value, the value as it is to be shown. */
static struct told *ordered(
	const char *subject, const struct scale *s, enum oper op, const char *value)
{
	if (op == OP_EQ || op == OP_NE) {
		if (s == &ages || s == &letters)
			return told_phrases(subject, tr(s->is), tr(s->is_not), value, op == OP_NE);
		return told_fact(&(struct told_fact){.sort = TOLD_VALUE,
			.subject = subject,
			.says = tr(s->is),
			.denies = tr(s->is_not),
			.value = value,
			.denied = op == OP_NE});
	}
	if (op == OP_GT || op == OP_LE)
		return told_phrases(subject, tr(s->above), tr(s->not_above), value, op == OP_LE);
	return told_phrases(subject, tr(s->from), tr(s->below), value, op == OP_LT);
}

/* age(x) is x in years, string-length(x) is x in letters. */
static const struct scale *measured_call(const struct telling *t, int32_t at, struct buf *subject)
{
	const struct enode *n = tell_node(t, at);
	struct buf what = {0};

	if (n->first == EXPR_NONE)
		buf_adds(&what, tr("本项"));
	else
		tell(t, n->first, &what);
	if (n->fn->eval != fn_clerk_age)
		buf_adds(subject, buf_str(&what));
	else if (tell_node(t, n->first)->next == EXPR_NONE)
		buf_printf(subject, tr("按 %s"), buf_str(&what));
	else
		tell(t, at, subject);
	buf_fini(&what);
	if (n->fn->eval == fn_clerk_age)
		return tell_node(t, n->first)->next == EXPR_NONE ? &ages : &numbers;
	return &letters;
}

/* What is compared, and by what it is measured. */
static const struct scale *measured(
	const struct telling *t, int32_t left, int32_t right, struct buf *subject)
{
	bool number = tell_node(t, right)->kind == EN_NUMBER;
	struct telling inner;

	if (number && tell_origin(t, left, &inner) &&
		(tell_calls(&inner, inner.e->root, fn_clerk_age) ||
			tell_calls(&inner, inner.e->root, fn_string_length)))
		return measured_call(&inner, inner.e->root, subject);
	if (number && (tell_calls(t, left, fn_clerk_age) || tell_calls(t, left, fn_string_length)))
		return measured_call(t, left, subject);
	tell(t, left, subject);
	return tell_is_day(t, left) || tell_is_day(t, right) ? &days : &numbers;
}

/* A constant: its text, and whether it is one. */
static bool constant(const struct telling *t, int32_t at, struct buf *text)
{
	const struct enode *n = tell_node(t, at);

	if (n->kind == EN_STRING)
		buf_adds(text, expr_text(t->e, n));
	else if (n->kind == EN_NUMBER)
		number_write(text, n->number);
	return n->kind == EN_STRING || n->kind == EN_NUMBER;
}

/* at is (is not) that text: where a rule gives one of several, when it gives it. */
static struct told *gives(const struct telling *t, int32_t at, const char *text, bool no)
{
	struct buf own = {0}, subject = {0}, shown = {0};
	struct told *told;

	if (constant(t, at, &own)) {
		told = told_constant((strcmp(buf_str(&own), text) == 0) != no);
	} else if (tell_calls(t, at, fn_logic_if) && *t->work < TELL_WORK_MAX) {
		int32_t truth = tell_node(t, at)->first, a = tell_node(t, truth)->next;
		int32_t b = tell_node(t, a)->next;

		++*t->work;
		told = told_pair(false,
			told_pair(true, tell_condition(t, truth, false), gives(t, a, text, no)),
			told_pair(true, tell_condition(t, truth, true), gives(t, b, text, no)));
	} else if (tell_node(t, at)->kind == EN_COMPARE || tell_node(t, at)->kind == EN_AND ||
		   tell_node(t, at)->kind == EN_OR) {
		told = strcmp(text, "true") == 0    ? tell_condition(t, at, no)
		       : strcmp(text, "false") == 0 ? tell_condition(t, at, !no)
						    : told_constant(no);
	} else if (tell_calls(t, at, fn_clerk_person_type) &&
		   (told = tell_certificate(t, at, text, no)) != NULL) {
		;
	} else {
		tell(t, at, &subject);
		tell_constant(text, t, at, &shown);
		told = text[0] == '\0' ? told_filled(buf_str(&subject), !no)
				       : ordered(buf_str(&subject), &numbers, no ? OP_NE : OP_EQ,
						 buf_str(&shown));
	}
	buf_fini(&own);
	buf_fini(&subject);
	buf_fini(&shown);
	return told;
}

/* It gives one of several, or a truth: what it is compared with is put into its rule. */
static bool is_told_through(const struct telling *t)
{
	enum node_kind kind = (enum node_kind)tell_node(t, t->e->root)->kind;

	return kind == EN_COMPARE || kind == EN_AND || kind == EN_OR ||
	       tell_calls(t, t->e->root, fn_logic_if) ||
	       tell_calls(t, t->e->root, fn_clerk_person_type);
}

/* How many of some nodes compared with none: whether there is one at all. */
static bool asks_for_any(
	const struct telling *t, int32_t left, int32_t right, enum oper op, bool *none)
{
	double n = tell_node(t, right)->number;

	if (!tell_calls(t, left, fn_set_count) || tell_node(t, right)->kind != EN_NUMBER)
		return false;
	*none = (op == OP_EQ && n == 0) || (op == OP_LE && n == 0) || (op == OP_LT && n == 1);
	return *none || (op == OP_NE && n == 0) || (op == OP_GT && n == 0) ||
	       (op == OP_GE && n == 1);
}

/* Some of those that a condition picks; NULL: no condition picks them. */
static struct told *any_picked(const struct telling *t, int32_t count, bool none)
{
	int32_t nodes = tell_node(t, count)->first, what = tell_node(t, nodes)->first;
	struct buf subject = {0}, condition = {0};
	struct told *told = NULL;

	if (tell_node(t, nodes)->kind != EN_FILTER)
		return NULL;
	tell(t, what, &subject);
	tell_picked(t, what, &condition);
	if (condition.len > 0)
		told = told_phrases(buf_str(&subject), tr("里有（%s）的"), tr("里没有（%s）的"),
			buf_str(&condition), none);
	buf_fini(&subject);
	buf_fini(&condition);
	return told;
}

static bool is_field(const struct telling *t, int32_t at)
{
	enum node_kind kind = (enum node_kind)tell_node(t, at)->kind;

	return kind == EN_REF || kind == EN_PATH;
}

/* What left gives is a matter of its rule: told by that; NULL: it is none such. */
static struct told *told_through(const struct telling *t, int32_t left, const char *text, bool no)
{
	struct telling inner;

	if (tell_origin(t, left, &inner) && is_told_through(&inner))
		return gives(&inner, inner.e->root, text, no);
	if ((tell_calls(t, left, fn_logic_if) && text[0] != '\0') ||
		tell_calls(t, left, fn_clerk_person_type))
		return gives(t, left, text, no);
	return NULL;
}

static struct told *compare(const struct telling *t, int32_t left, int32_t right, bool no)
{
	enum oper op = (enum oper)tell_node(t, right)->op2;
	struct buf text = {0}, subject = {0}, value = {0};
	const struct scale *scale;
	struct told *told = NULL;
	bool equal, none;

	op = no ? inverse(op) : op;
	equal = op == OP_EQ || op == OP_NE;
	if (asks_for_any(t, left, right, op, &none))
		told = any_picked(t, left, none);
	else if (equal && constant(t, right, &text))
		told = told_through(t, left, buf_str(&text), op == OP_NE);
	buf_fini(&text);
	if (told)
		return told;
	scale = measured(t, left, right, &subject);
	if (equal && is_field(t, left) && is_field(t, right))
		scale = &fields;
	if (tell_node(t, left)->kind == EN_STRING) {
		buf_clear(&subject);
		tell_constant(expr_text(t->e, tell_node(t, left)), t, right, &subject);
	}
	if (tell_node(t, right)->kind == EN_STRING)
		tell_constant(expr_text(t->e, tell_node(t, right)), t, left, &value);
	else
		tell(t, right, &value);
	if (equal && tell_node(t, right)->kind == EN_STRING &&
		expr_text(t->e, tell_node(t, right))[0] == '\0')
		told = told_filled(buf_str(&subject), op == OP_EQ);
	else
		told = ordered(buf_str(&subject), scale, op, buf_str(&value));
	buf_fini(&subject);
	buf_fini(&value);
	return told;
}

/* a < b < c, which is (a < b) < c: rare enough to be told as it stands. */
static struct told *compare_chain(const struct telling *t, int32_t at, bool no)
{
	struct buf words = {0};
	struct told *told;
	int32_t c = tell_node(t, at)->first;

	tell(t, c, &words);
	for (c = tell_node(t, c)->next; c != EXPR_NONE; c = tell_node(t, c)->next) {
		struct told *pair;
		struct buf value = {0}, both = {0};

		tell(t, c, &value);
		pair = ordered(buf_str(&words), &numbers, (enum oper)tell_node(t, c)->op2,
			buf_str(&value));
		told_say(pair, &both);
		told_free(pair);
		buf_fini(&value);
		buf_fini(&words);
		words = both;
	}
	told = told_phrases("", "%s", tr("并非（%s）"), buf_str(&words), no);
	buf_fini(&words);
	return told;
}

struct told *tell_comparison(const struct telling *t, int32_t at, bool no)
{
	int32_t left = tell_node(t, at)->first, right = tell_node(t, left)->next;

	if (tell_node(t, right)->next != EXPR_NONE)
		return compare_chain(t, at, no);
	return compare(t, left, right, no);
}
