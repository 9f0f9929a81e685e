/* What the parts of an expression give, in plain words. */
#include "forms/expr_tell.h"

#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/expr_number.h"

/* ---- sums ---- */

static const char *operation(enum oper op)
{
	switch (op) {
	case OP_ADD:
		return tr("加");
	case OP_SUB:
		return tr("减");
	case OP_MUL:
		return tr("乘以");
	case OP_DIV:
		return tr("除以");
	default:
		return NULL;
	}
}

static bool is_if(const struct telling *t, int32_t at)
{
	return tell_node(t, at)->kind == EN_CALL && tell_node(t, at)->fn->eval == fn_logic_if;
}

/* As a part of something longer: what has parts itself is bracketed. */
static void tell_part(const struct telling *t, int32_t at, struct buf *out)
{
	enum node_kind kind = (enum node_kind)tell_node(t, at)->kind;
	struct buf part = {0};

	tell(t, at, &part);
	if (kind == EN_ARITH || kind == EN_COMPARE || kind == EN_OR || kind == EN_AND ||
		(is_if(t, at) && strstr(buf_str(&part), tr("；"))))
		buf_printf(out, tr("（%s）"), buf_str(&part));
	else
		buf_adds(out, buf_str(&part));
	buf_fini(&part);
}

static void tell_sum(const struct telling *t, int32_t at, struct buf *out)
{
	struct buf left = {0};

	tell_part(t, tell_node(t, at)->first, &left);
	for (int32_t c = tell_node(t, tell_node(t, at)->first)->next; c != EXPR_NONE;
		c = tell_node(t, c)->next) {
		const char *op = operation((enum oper)tell_node(t, c)->op2);
		struct buf right = {0}, both = {0};

		tell_part(t, c, &right);
		if (op)
			buf_printf(&both, "%s %s %s", buf_str(&left), op, buf_str(&right));
		else
			buf_printf(&both, tr("%s 除以 %s 的余数"), buf_str(&left), buf_str(&right));
		buf_fini(&left);
		buf_fini(&right);
		left = both;
	}
	buf_adds(out, buf_str(&left));
	buf_fini(&left);
}

/* ---- if ---- */

/* What a rule gives is an answer of the field that it belongs to: its words, if it is a choice. */
static void tell_given(const struct telling *t, int32_t at, struct buf *out)
{
	const struct enode *n = tell_node(t, at);
	const char *label = NULL;
	struct buf key = {0};

	if (n->kind == EN_STRING && t->words->self && t->depth == 0) {
		buf_printf(&key, "%s=%s", t->words->self, expr_text(t->e, n));
		label = tell_words(t, buf_str(&key));
	}
	if (label && label[0])
		tell_quoted(label, out);
	else if (n->kind == EN_STRING)
		tell_quoted(trc("value", expr_text(t->e, n)), out);
	else if (is_if(t, at))
		tell_part(t, at, out);
	else
		tell(t, at, out);
	buf_fini(&key);
}

/* It is true or false, rather than an answer. */
static bool is_truth(const struct telling *t, int32_t at)
{
	const struct enode *n = tell_node(t, at);

	return n->kind == EN_COMPARE || n->kind == EN_AND || n->kind == EN_OR ||
	       (n->kind == EN_CALL && (n->fn->flags & FN_BOOLEAN) != 0);
}

static bool is_empty_text(const struct telling *t, int32_t at)
{
	return tell_node(t, at)->kind == EN_STRING && expr_text(t->e, tell_node(t, at))[0] == '\0';
}

/* if(filled(x), f(x), '') is f(x): that nothing comes of nothing goes without saying. */
static void tell_case(
	const struct telling *t, const struct told *when, int32_t value, bool *any, struct buf *out)
{
	struct buf condition = {0}, given = {0};

	if (is_empty_text(t, value) && told_guards(when))
		return;
	if (*any)
		buf_adds(out, tr("；"));
	*any = true;
	told_say(when, &condition);
	if (is_empty_text(t, value))
		buf_adds(&given, tr("空白"));
	else
		tell_given(t, value, &given);
	buf_printf(out, is_truth(t, value) ? tr("%s 时要 %s") : tr("%s 时为 %s"),
		buf_str(&condition), buf_str(&given));
	buf_fini(&condition);
	buf_fini(&given);
}

/* The words for x = 'a' that the words of if(x = 'a', 'A', …) repeat: adds them to both. */
static bool repeats(const struct telling *t, int32_t at, struct buf *subject, struct buf *words)
{
	int32_t truth = tell_node(t, at)->first, value = tell_node(t, truth)->next;
	int32_t left = tell_node(t, truth)->first, right;
	struct buf given = {0};
	bool same = false;

	if (tell_node(t, truth)->kind != EN_COMPARE || tell_node(t, value)->kind != EN_STRING)
		return false;
	right = tell_node(t, left)->next;
	if (tell_node(t, right)->kind == EN_STRING && tell_node(t, right)->next == EXPR_NONE &&
		tell_node(t, right)->op2 == OP_EQ) {
		tell(t, left, subject);
		tell_constant(expr_text(t->e, tell_node(t, right)), t, left, words);
		tell_given(t, value, &given);
		same = strcmp(buf_str(&given), buf_str(words)) == 0;
	}
	buf_fini(&given);
	return same;
}

/* How many answers are possible to what the first of these cases asks for; 0: not known. */
static size_t answers(const struct telling *t, int32_t at)
{
	const struct enode *truth = tell_node(t, tell_node(t, at)->first);
	const char *field;

	if (truth->kind != EN_COMPARE)
		return 0;
	if (tell_calls(t, truth->first, fn_clerk_sex))
		return 2;
	field = tell_field(t, truth->first);
	return field && t->words->choices ? t->words->choices(t->words->arg, field) : 0;
}

/* if(x = 'a', 'A', if(x = 'b', 'B', '')) with the words of all its answers is x: adds it. */
static bool tell_itself(const struct telling *t, int32_t at, struct buf *out)
{
	size_t count = 0, all = answers(t, at);
	struct buf first = {0};
	bool same = all > 0;

	for (; same && is_if(t, at); count++) {
		int32_t value = tell_node(t, tell_node(t, at)->first)->next;
		struct buf subject = {0}, words = {0};

		same = repeats(t, at, &subject, &words) &&
		       (count == 0 || strcmp(buf_str(&first), buf_str(&subject)) == 0);
		if (count == 0)
			buf_adds(&first, buf_str(&subject));
		buf_fini(&subject);
		buf_fini(&words);
		at = tell_node(t, value)->next;
	}
	/* the last one needs no condition of its own */
	count += same && tell_node(t, at)->kind == EN_STRING && !is_empty_text(t, at);
	same = same && tell_node(t, at)->kind == EN_STRING && count == all;
	if (same)
		buf_adds(out, buf_str(&first));
	buf_fini(&first);
	return same;
}

static bool is_itself(const struct telling *t, int32_t at)
{
	struct buf words = {0};
	bool is = tell_itself(t, at, &words);

	buf_fini(&words);
	return is;
}

/* The answer itself: what it was before. */
static bool is_self(const struct telling *t, int32_t at)
{
	return t->depth == 0 && t->words->self && tell_node(t, at)->kind == EN_PATH &&
	       tell_field(t, at) && strcmp(tell_field(t, at), t->words->self) == 0;
}

static void tell_if(const struct telling *t, int32_t at, struct buf *out)
{
	bool any = false;
	struct buf cases = {0}, rest = {0};

	if (tell_itself(t, at, out))
		return;
	while (is_if(t, at) && !is_itself(t, at)) {
		int32_t truth = tell_node(t, at)->first, value = tell_node(t, truth)->next;
		struct told *when = tell_condition(t, truth, false);
		bool alone =
			!any && told_guards(when) && is_empty_text(t, tell_node(t, value)->next);

		if (!alone)
			tell_case(t, when, value, &any, &cases);
		told_free(when);
		at = alone ? value : tell_node(t, value)->next;
		if (alone)
			break;
	}
	if (!any) {
		tell(t, at, out);
	} else if (is_empty_text(t, at)) {
		buf_adds(out, buf_str(&cases));
	} else if (is_self(t, at)) {
		buf_printf(out, tr("%s；否则不变"), buf_str(&cases));
	} else {
		tell_given(t, at, &rest);
		buf_printf(out, is_truth(t, at) ? tr("%s；否则要 %s") : tr("%s；否则为 %s"),
			buf_str(&cases), buf_str(&rest));
	}
	buf_fini(&cases);
	buf_fini(&rest);
}

/* ---- calls ---- */

static void tell_argument(const struct telling *t, int32_t call, int i, struct buf *out)
{
	int32_t first = tell_node(t, call)->first, at = first;

	while (at != EXPR_NONE && --i > 0)
		at = tell_node(t, at)->next;
	if (at == EXPR_NONE)
		buf_adds(out, tr("本项"));
	else if (tell_node(t, at)->kind == EN_STRING && at != first)
		tell_constant(expr_text(t->e, tell_node(t, at)), t, first, out);
	else
		tell_part(t, at, out);
}

void tell_says(const struct telling *t, int32_t call, const char *says, bool bare, struct buf *out)
{
	for (const char *p = says + (bare ? 3 : 0); *p; p++) {
		if (p[0] == '{' && p[1] >= '1' && p[1] <= '9' && p[2] == '}') {
			buf_addc(out, ' ');
			tell_argument(t, call, p[1] - '0', out);
			buf_addc(out, ' ');
			p += 2;
		} else {
			buf_addc(out, *p);
		}
	}
}

/* A function that has no sentence: what goes into it, at least. */
static void tell_arguments(const struct telling *t, int32_t call, const char *words,
	const char *between, struct buf *out)
{
	struct buf all = {0};

	for (int32_t c = tell_node(t, call)->first; c != EXPR_NONE; c = tell_node(t, c)->next) {
		if (all.len > 0)
			buf_adds(&all, between);
		tell_part(t, c, &all);
	}
	buf_printf(out, words, buf_str(&all));
	buf_fini(&all);
}

static void tell_call(const struct telling *t, int32_t at, struct buf *out)
{
	const struct enode *n = tell_node(t, at);
	int32_t second = n->first != EXPR_NONE ? tell_node(t, n->first)->next : EXPR_NONE;

	if (n->fn->eval == fn_logic_if)
		tell_if(t, at, out);
	else if (n->fn->eval == fn_string_concat)
		tell_arguments(t, at, "%s", tr(" 接上 "), out);
	else if (n->fn->eval == fn_string_substring)
		tell_says(t, at,
			tell_node(t, second)->next != EXPR_NONE ? tr("{1}从第{2}位起的{3}位")
								: tr("{1}第{2}位起的部分"),
			false, out);
	else if (n->fn->says)
		tell_says(t, at, tr(n->fn->says), false, out);
	else
		tell_arguments(t, at, tr("由 %s 算出的结果"), tr("、"), out);
}

/* A number picks by its place, and is not told. */
void tell_picked(const struct telling *t, int32_t what, struct buf *out)
{
	struct telling inner = *t;
	struct told **parts = NULL, *all;
	size_t count = 0;

	inner.within = tell_field(t, what);
	for (int32_t p = tell_node(t, what)->next; p != EXPR_NONE; p = tell_node(t, p)->next) {
		if (!is_truth(t, p))
			continue;
		parts = mem_resize(parts, count + 1, sizeof *parts);
		parts[count++] = tell_condition(&inner, p, false);
	}
	if (count == 0)
		return;
	all = told_join(true, parts, count);
	told_say(all, out);
	told_free(all);
}

/* Those of it that meet the conditions in brackets. */
static void tell_filtered(const struct telling *t, int32_t what, struct buf *out)
{
	struct buf condition = {0};

	tell(t, what, out);
	tell_picked(t, what, &condition);
	if (condition.len > 0)
		buf_printf(out, tr("（%s）"), buf_str(&condition));
	buf_fini(&condition);
}

void tell(const struct telling *t, int32_t at, struct buf *out)
{
	const struct enode *n = tell_node(t, at);

	if (++*t->work > TELL_WORK_MAX) {
		if (*t->work == TELL_WORK_MAX + 1)
			buf_adds(out, tr("……"));
		return;
	}
	switch ((enum node_kind)n->kind) {
	case EN_NUMBER:
		number_write(out, n->number);
		break;
	case EN_STRING:
		tell_quoted(expr_text(t->e, n), out);
		break;
	case EN_REF:
		tell_name(t, at, expr_text(t->e, n), out);
		break;
	case EN_OR:
	case EN_AND:
	case EN_COMPARE: {
		struct told *truth = tell_condition(t, at, false);
		told_say(truth, out);
		told_free(truth);
		break;
	}
	case EN_ARITH:
		tell_sum(t, at, out);
		break;
	case EN_NEG:
		buf_addc(out, '-');
		tell_part(t, n->first, out);
		break;
	case EN_CALL:
		if ((n->fn->flags & FN_BOOLEAN) != 0) {
			struct told *truth = tell_condition(t, at, false);
			told_say(truth, out);
			told_free(truth);
		} else {
			tell_call(t, at, out);
		}
		break;
	case EN_UNION:
		tell(t, n->first, out);
		break;
	case EN_FILTER:
		tell_filtered(t, n->first, out);
		break;
	case EN_PATH:
		tell_path(t, at, out);
		break;
	case EN_STEP:
	case EN_REFUSED:
		break;
	}
}
