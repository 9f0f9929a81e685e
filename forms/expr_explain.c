/* What a rule asks, as a sentence: its conditions as facts, joined and made short in told.c. */
#include "forms/expr.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/expr_number.h"
#include "forms/expr_tell.h"

/* ---- comparisons ---- */

/* The words for an order; the second of each pair is the opposite of the first. */
struct scale {
	const char *is, *is_not, *above, *not_above, *from, *below; /* N_(), one %s each */
};

static const struct scale numbers = {
	N_("为 %s"), N_("不为 %s"), N_("大于 %s"), N_("不大于 %s"), N_("不小于 %s"), N_("小于 %s")};
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

static struct told *phrases(
	const char *subject, const char *says, const char *denies, const char *value, bool denied)
{
	struct buf a = {0}, b = {0};
	struct told *t;

	buf_printf(&a, says, value);
	buf_printf(&b, denies, value);
	t = told_fact(&(struct told_fact){
		.subject = subject, .says = buf_str(&a), .denies = buf_str(&b), .denied = denied});
	buf_fini(&a);
	buf_fini(&b);
	return t;
}

static struct told *filled(const char *subject, bool no)
{
	return told_fact(&(struct told_fact){.sort = no ? TOLD_EMPTY : TOLD_FILLED,
		.subject = subject,
		.says = trc("fact", "已填"),
		.denies = trc("fact", "未填"),
		.denied = no});
}

/* subject op value, the value as it is to be shown. */
static struct told *ordered(
	const char *subject, const struct scale *s, enum oper op, const char *value)
{
	if (op == OP_EQ || op == OP_NE) {
		if (s != &numbers && s != &days)
			return phrases(subject, tr(s->is), tr(s->is_not), value, op == OP_NE);
		return told_fact(&(struct told_fact){.sort = TOLD_VALUE,
			.subject = subject,
			.says = tr(s->is),
			.denies = tr(s->is_not),
			.value = value,
			.denied = op == OP_NE});
	}
	if (op == OP_GT || op == OP_LE)
		return phrases(subject, tr(s->above), tr(s->not_above), value, op == OP_LE);
	return phrases(subject, tr(s->from), tr(s->below), value, op == OP_LT);
}

static bool calls(
	const struct telling *t, int32_t at, enum err (*eval)(struct call *, struct value *))
{
	return tell_node(t, at)->kind == EN_CALL && tell_node(t, at)->fn->eval == eval;
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
		(calls(&inner, inner.e->root, fn_clerk_age) ||
			calls(&inner, inner.e->root, fn_string_length)))
		return measured_call(&inner, inner.e->root, subject);
	if (number && (calls(t, left, fn_clerk_age) || calls(t, left, fn_string_length)))
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
	} else if (calls(t, at, fn_logic_if) && *t->work < TELL_WORK_MAX) {
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
	} else {
		tell(t, at, &subject);
		tell_constant(text, t, at, &shown);
		told = text[0] == '\0' ? filled(buf_str(&subject), !no)
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
	       calls(t, t->e->root, fn_logic_if);
}

static struct told *compare(const struct telling *t, int32_t left, int32_t right, bool no)
{
	enum oper op = (enum oper)tell_node(t, right)->op2;
	struct buf text = {0}, subject = {0}, value = {0};
	const struct scale *scale;
	struct telling inner;
	struct told *told;

	op = no ? inverse(op) : op;
	if ((op == OP_EQ || op == OP_NE) && constant(t, right, &text) &&
		tell_origin(t, left, &inner) && is_told_through(&inner)) {
		told = gives(&inner, inner.e->root, buf_str(&text), op == OP_NE);
		buf_fini(&text);
		return told;
	}
	if ((op == OP_EQ || op == OP_NE) && calls(t, left, fn_logic_if) && text.len > 0) {
		told = gives(t, left, buf_str(&text), op == OP_NE);
		buf_fini(&text);
		return told;
	}
	scale = measured(t, left, right, &subject);
	if (tell_node(t, left)->kind == EN_STRING) {
		buf_clear(&subject);
		tell_constant(expr_text(t->e, tell_node(t, left)), t, right, &subject);
	}
	if (tell_node(t, right)->kind == EN_STRING)
		tell_constant(expr_text(t->e, tell_node(t, right)), t, left, &value);
	else
		tell(t, right, &value);
	if ((op == OP_EQ || op == OP_NE) && tell_node(t, right)->kind == EN_STRING &&
		expr_text(t->e, tell_node(t, right))[0] == '\0')
		told = filled(buf_str(&subject), op == OP_EQ);
	else
		told = ordered(buf_str(&subject), scale, op, buf_str(&value));
	buf_fini(&text);
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
	told = phrases("", "%s", tr("并非（%s）"), buf_str(&words), no);
	buf_fini(&words);
	return told;
}

/* ---- functions that say something true or false ---- */

static const struct {
	const char *name, *denies;
} denials[] = {
	{"contains", N_("{1}不含{2}")},
	{"starts-with", N_("{1}不以{2}开头")},
	{"ends-with", N_("{1}不以{2}结尾")},
	{"boolean", N_("{1}没有内容")},
	{"boolean-from-string", N_("{1}不为真")},
	{"id-card-valid", N_("{1}不是居民身份证号")},
	{"uscc-valid", N_("{1}不是统一社会信用代码")},
	{"org-code-valid", N_("{1}不是组织机构代码")},
	{"mobile-valid", N_("{1}不是手机号")},
	{"phone-valid", N_("{1}不是电话号码")},
	{"postcode-valid", N_("{1}不是邮政编码")},
	{"bank-card-valid", N_("{1}不是银行卡号")},
	{"passport-valid", N_("{1}不是护照号")},
	{"hkm-permit-valid", N_("{1}不是港澳居民通行证号")},
	{"tw-permit-valid", N_("{1}不是台湾居民通行证号")},
	{"foreigner-id-valid", N_("{1}不是外国人永久居留证号")},
	{"business-reg-valid", N_("{1}不是工商注册号")},
	{"region-valid", N_("{1}不是行政区划代码")},
	{"person-id-valid", N_("{1}不是有效的证件号码")},
};

static const char *denial_of(const struct fn *fn)
{
	for (size_t i = 0; i < sizeof denials / sizeof *denials; i++)
		if (strcmp(denials[i].name, fn->name) == 0)
			return tr(denials[i].denies);
	return NULL;
}

static struct told *picked(const struct telling *t, int32_t at, bool no)
{
	int32_t field = tell_node(t, at)->first, choice = tell_node(t, field)->next;
	const char *name = tell_field(t, field);
	struct buf subject = {0}, value = {0};
	struct told *told;

	tell(t, field, &subject);
	if (tell_node(t, choice)->kind == EN_STRING)
		tell_constant(expr_text(t->e, tell_node(t, choice)), t, field, &value);
	else
		tell(t, choice, &value);
	told = told_fact(&(struct told_fact){.sort = TOLD_PICKED,
		.subject = buf_str(&subject),
		.says = tr("选了 %s"),
		.denies = tr("没有选 %s"),
		.value = buf_str(&value),
		.denied = no,
		.choices = name && t->words->choices ? t->words->choices(t->words->arg, name) : 0});
	buf_fini(&subject);
	buf_fini(&value);
	return told;
}

static struct told *patterned(const struct telling *t, int32_t at, bool no)
{
	int32_t first = tell_node(t, at)->first;
	const struct enode *pattern = tell_node(t, tell_node(t, first)->next);
	struct buf subject = {0}, words = {0};
	struct told *told;

	tell(t, first, &subject);
	if (pattern->kind != EN_STRING || !expr_pattern_says(expr_text(t->e, pattern), &words)) {
		buf_clear(&words);
		told = phrases(
			buf_str(&subject), tr("合乎表里定的格式"), tr("不合表里定的格式"), "", no);
	} else {
		told = phrases(buf_str(&subject), "%s", tr("并非 %s"), buf_str(&words), no);
	}
	buf_fini(&subject);
	buf_fini(&words);
	return told;
}

static struct told *function(const struct telling *t, int32_t at, bool no)
{
	const struct fn *fn = tell_node(t, at)->fn;
	const char *says = fn->says ? tr(fn->says) : NULL, *denies = denial_of(fn);
	bool bare =
		says && denies && strncmp(says, "{1}", 3) == 0 && strncmp(denies, "{1}", 3) == 0;
	struct buf subject = {0}, yes = {0}, denied = {0};
	struct told *told;

	if (bare && tell_node(t, at)->first != EXPR_NONE)
		tell(t, tell_node(t, at)->first, &subject);
	else if (bare)
		buf_adds(&subject, tr("本项"));
	if (says)
		tell_says(t, at, says, bare, &yes);
	else
		buf_adds(&yes, tr("表里定的几个条件成立的个数合适"));
	if (bare)
		tell_says(t, at, denies, true, &denied);
	else
		buf_printf(&denied, tr("并非（%s）"), buf_str(&yes));
	told = told_fact(
		&(struct told_fact){.sort = fn->eval == fn_clerk_valid ? TOLD_FITS : TOLD_PLAIN,
			.subject = buf_str(&subject),
			.says = buf_str(&yes),
			.denies = buf_str(&denied),
			.denied = no});
	buf_fini(&subject);
	buf_fini(&yes);
	buf_fini(&denied);
	return told;
}

/* ---- conditions ---- */

static struct told *junction(const struct telling *t, int32_t at, bool no)
{
	bool all = (tell_node(t, at)->kind == EN_AND) != no;
	struct told **parts = NULL;
	size_t count = 0;

	for (int32_t c = tell_node(t, at)->first; c != EXPR_NONE; c = tell_node(t, c)->next) {
		parts = mem_resize(parts, count + 1, sizeof *parts);
		parts[count++] = tell_condition(t, c, no);
		if (*t->work > TELL_WORK_MAX)
			break;
	}
	return told_join(all, parts, count);
}

static struct told *call(const struct telling *t, int32_t at, bool no)
{
	const struct enode *n = tell_node(t, at);

	if (n->fn->eval == fn_logic_not)
		return tell_condition(t, n->first, !no);
	if (n->fn->eval == fn_logic_true || n->fn->eval == fn_logic_false)
		return told_constant((n->fn->eval == fn_logic_true) != no);
	if (n->fn->eval == fn_select_selected)
		return picked(t, at, no);
	if (n->fn->eval == fn_string_regex)
		return patterned(t, at, no);
	return function(t, at, no);
}

static struct told *plain(const struct telling *t, int32_t at, bool no)
{
	enum node_kind kind = (enum node_kind)tell_node(t, at)->kind;
	struct buf words = {0};
	struct told *told;

	tell(t, at, &words);
	told = kind == EN_REF || kind == EN_PATH
		       ? filled(buf_str(&words), no)
		       : phrases("", "%s", tr("并非（%s）"), buf_str(&words), no);
	buf_fini(&words);
	return told;
}

struct told *tell_condition(const struct telling *t, int32_t at, bool no)
{
	const struct enode *n = tell_node(t, at);

	if (++*t->work > TELL_WORK_MAX)
		return told_fact(&(struct told_fact){
			.subject = "", .says = tr("……"), .denies = tr("……"), .denied = no});
	switch ((enum node_kind)n->kind) {
	case EN_OR:
	case EN_AND:
		return junction(t, at, no);
	case EN_COMPARE:
		if (tell_node(t, tell_node(t, n->first)->next)->next != EXPR_NONE)
			return compare_chain(t, at, no);
		return compare(t, n->first, tell_node(t, n->first)->next, no);
	case EN_CALL:
		if ((n->fn->flags & FN_BOOLEAN) != 0)
			return call(t, at, no);
		return plain(t, at, no);
	default:
		return plain(t, at, no);
	}
}

/* ---- the whole ---- */

/* One of the wide marks that need no blank beside them begins at s. */
static bool wide_mark(const char *s)
{
	return strncmp(s, "（", 3) == 0 || strncmp(s, "）", 3) == 0 || strncmp(s, "，", 3) == 0 ||
	       strncmp(s, "、", 3) == 0 || strncmp(s, "；", 3) == 0;
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
		if (blank && word > s && word[-1] != '(' && !strchr(",;)", *p) && !wide_mark(p) &&
			!(word - s >= 3 && wide_mark(word - 3)))
			buf_addc(out, ' ');
		blank = false;
		buf_addc(out, *p);
		word = p + 1;
	}
}

void expr_explain(const struct expr *e, const struct expr_words *words, struct buf *out)
{
	int work = 0;
	struct telling t = {e, words, 0, &work};
	struct told *told = tell_condition(&t, e->root, false);
	struct buf sentence = {0};

	told_say(told, &sentence);
	told_free(told);
	add_tidy(buf_str(&sentence), out);
	buf_fini(&sentence);
}

void expr_explain_value(const struct expr *e, const struct expr_words *words, struct buf *out)
{
	int work = 0;
	struct telling t = {e, words, 0, &work};
	struct buf sentence = {0};

	tell(&t, e->root, &sentence);
	add_tidy(buf_str(&sentence), out);
	buf_fini(&sentence);
}
