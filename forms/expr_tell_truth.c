/* A function that is true or false, as a fact. */
#include "forms/expr_tell.h"

#include <string.h>

#include "core/base/msg.h"

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
	{"contact-valid", N_("{1}不是联系电话")},
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

/* Words that stand for the field and that it is one of these; NULL: there are none. */
static const char *before_choices(const struct telling *t, const char *name)
{
	struct buf key = {0};
	const char *words = NULL;

	if (name == NULL)
		return NULL;
	buf_printf(&key, "%s=", name);
	words = tell_words(t, key.data);
	buf_fini(&key);
	return words != NULL && words[0] != '\0' ? words : NULL;
}

static struct told *picked(const struct telling *t, int32_t at, bool no)
{
	int32_t field = tell_node(t, at)->first, choice = tell_node(t, field)->next;
	const char *name = tell_field(t, field);
	struct buf subject = {0}, value = {0};
	const char *words = before_choices(t, name);
	struct told *told;

	if (words != NULL)
		buf_adds(&subject, words);
	else
		tell(t, field, &subject);
	if (tell_node(t, choice)->kind == EN_STRING)
		tell_constant(expr_text(t->e, tell_node(t, choice)), t, field, &value);
	else
		tell(t, choice, &value);
	told = told_fact(&(struct told_fact){.sort = TOLD_PICKED,
		.subject = buf_str(&subject),
		.says = words != NULL ? "%s" : tr("选了 %s"),
		.denies = words != NULL ? tr("不含 %s") : tr("没有选 %s"),
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
		told = told_phrases(
			buf_str(&subject), tr("合乎表里定的格式"), tr("不合表里定的格式"), "", no);
	} else {
		told = told_phrases(buf_str(&subject), "%s", tr("并非 %s"), buf_str(&words), no);
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

struct told *tell_certificate(const struct telling *t, int32_t call, const char *code, bool no)
{
	static const char *const types[][2] = {{"111", "id-card-valid"}, {"414", "passport-valid"},
		{"511", "tw-permit-valid"}, {"516", "hkm-permit-valid"},
		{"553", "foreigner-id-valid"}};
	const struct fn *fn = NULL;
	struct buf subject = {0};
	struct told *told = NULL;

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strcmp(types[i][0], code) == 0)
			fn = fn_find(types[i][1], strlen(types[i][1]));
	if (fn || !code[0])
		tell(t, tell_node(t, call)->first, &subject);
	if (fn)
		told = told_fact(&(struct told_fact){.sort = TOLD_FITS,
			.subject = buf_str(&subject),
			.says = tr(fn->says) + 3,
			.denies = denial_of(fn) + 3,
			.denied = no});
	else if (!code[0])
		told = told_filled(buf_str(&subject), !no);
	buf_fini(&subject);
	return told;
}

struct told *tell_truth(const struct telling *t, int32_t at, bool no)
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
