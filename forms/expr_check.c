/* Whether a call can be right, as far as its text tells: wrong rules are refused when they are
 * read. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/msg.h"
#include "forms/expr_node.h"
#include "forms/expr_slips.h"
#include "forms/fn.h"
#include "forms/regex.h"

/* Counts what was given against what the function takes; a sentence when it does not fit. */
static bool count_fits(const struct fn *fn, int count, struct buf *sentence)
{
	if (count < fn->min || (fn->max >= 0 && count > fn->max)) {
		if (slip_arguments(fn->name, count, sentence))
			return false;
		if (fn->min == fn->max)
			buf_why(sentence, tr("%s() 要 %d 个参数，这里给了 %d 个"), fn->name,
				fn->min, count);
		else if (fn->max < 0)
			buf_why(sentence, tr("%s() 至少要 %d 个参数，这里给了 %d 个"), fn->name,
				fn->min, count);
		else
			buf_why(sentence, tr("%s() 要 %d 到 %d 个参数，这里给了 %d 个"), fn->name,
				fn->min, fn->max, count);
		return false;
	}
	if ((fn->flags & FN_PAIRS) && (count - fn->min) % 2 != 0) {
		buf_why(sentence, tr("%s() 后面的参数要成对；请检查是否少写了一个"), fn->name);
		return false;
	}
	return true;
}

/* A pattern that is a constant is compiled now, and a wrong one refused now. */
static bool compile_pattern(struct expr *e, int32_t call, struct buf *sentence)
{
	struct enode *n = &e->nodes[call];
	const struct enode *pattern;

	if (n->fn->eval != fn_string_regex)
		return true;
	pattern = &e->nodes[e->nodes[n->first].next];
	if (pattern->kind != EN_STRING && e->nodes[n->first].kind == EN_STRING &&
		strpbrk(expr_text(e, &e->nodes[n->first]), "^$[\\") != NULL) {
		buf_why(sentence,
			tr("regex() 的两个参数写反了：先写要查的，再写格式，如 regex(., '^[0-9]{6}$')"));
		return false;
	}
	if (pattern->kind != EN_STRING)
		return true;
	return regex_compile(&n->pattern, expr_text(e, pattern), sentence) == OK;
}

/* The first argument of count() and its like is no number or text. */
static bool kind_fits(const struct expr *e, int32_t call, struct buf *sentence)
{
	const struct enode *n = &e->nodes[call];
	enum node_kind kind;

	if (!(n->fn->flags & FN_OF_NODES) || n->first == EXPR_NONE)
		return true;
	kind = (enum node_kind)e->nodes[n->first].kind;
	if (kind == EN_REF || kind == EN_PATH || kind == EN_UNION || kind == EN_FILTER ||
		kind == EN_CALL || kind == EN_REFUSED)
		return true;
	buf_why(sentence, tr("%s() 的第一个参数要是字段或路径，如 ${字段名}"), n->fn->name);
	return false;
}

/* Tries a call that has only constants, where a wrong one can be told before any form is filled. */
static bool constants_fit(struct expr *e, int32_t call, struct buf *sentence)
{
	const struct enode *n = &e->nodes[call];
	const struct expr_env env = {.clock = &clock_system};
	struct run run = {.e = e, .env = &env, .why = sentence};
	const struct ctx ctx = {NULL, 0, 0};
	struct value v;

	if (!(n->fn->flags & FN_CHECKED))
		return true;
	for (int32_t a = n->first; a != EXPR_NONE; a = e->nodes[a].next)
		if (e->nodes[a].kind != EN_NUMBER && e->nodes[a].kind != EN_STRING)
			return true;
	if (run_value(&run, call, &ctx, &v) != OK)
		return false;
	value_fini(&v);
	return true;
}

bool expr_call_fits(struct expr *e, int32_t call, int count, struct buf *sentence)
{
	return count_fits(e->nodes[call].fn, count, sentence) && kind_fits(e, call, sentence) &&
	       compile_pattern(e, call, sentence) && constants_fit(e, call, sentence);
}
