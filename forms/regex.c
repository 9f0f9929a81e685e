#include "forms/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"

#define PATTERN_MAX_BYTES  4096
#define NESTING_MAX	   50
#define STEPS_MAX	   100000
#define BACKTRACK_MAX	   20000
#define MEMORY_MAX_KIB	   4096
#define COMPILED_MAX_BYTES ((size_t)1 << 20)

/*
 * ECMAScript's reading where the two differ: \u00e9, $ only at the very end, a group that took no
 * part matches the empty string.
 */
#define OPTIONS \
	(PCRE2_UTF | PCRE2_ALT_BSUX | PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF | \
		PCRE2_NEVER_BACKSLASH_C)

struct regex {
	pcre2_code *code;
	pcre2_match_context *limits;
};

/* What is wrong with a pattern, in our words: PCRE2's are English only. */
static const char *fault_text(int code)
{
	static const struct {
		int code;
		const char *text;
	} faults[] = {
		{PCRE2_ERROR_END_BACKSLASH, N_("末尾的 \\ 后面缺一个字符")},
		{PCRE2_ERROR_QUANTIFIER_OUT_OF_ORDER, N_("{最少,最多} 的两个数写反了")},
		{PCRE2_ERROR_QUANTIFIER_TOO_BIG, N_("重复次数太大")},
		{PCRE2_ERROR_MISSING_SQUARE_BRACKET, N_("[ 没有配对的 ]")},
		{PCRE2_ERROR_CLASS_RANGE_ORDER, N_("[ ] 里的范围写反了")},
		{PCRE2_ERROR_QUANTIFIER_INVALID, N_("* + ? 或 {} 前面没有可重复的内容")},
		{PCRE2_ERROR_MISSING_CLOSING_PARENTHESIS, N_("( 没有配对的 )")},
		{PCRE2_ERROR_UNMATCHED_CLOSING_PARENTHESIS, N_(") 没有配对的 (")},
		{PCRE2_ERROR_UNKNOWN_UNICODE_PROPERTY,
			N_("\\p{ } 里的类别不认识；汉字请写 \\p{Han}")},
		{PCRE2_ERROR_PATTERN_TOO_LARGE, N_("太长")},
		{PCRE2_ERROR_PATTERN_STRING_TOO_LONG, N_("太长")},
		{PCRE2_ERROR_PARENTHESES_NEST_TOO_DEEP, N_("括号套得太深")},
	};

	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		if (faults[i].code == code)
			return tr(faults[i].text);
	return tr("请检查括号、方括号和 \\ 的写法");
}

/* A place in bytes as the number of the character, from 1. */
static size_t place_cps(const char *pattern, size_t at_bytes)
{
	size_t len = strlen(pattern), at = 0, cps = 1;
	uint32_t cp;

	for (; at < at_bytes && at < len; cps++)
		at += text_decode(pattern + at, len - at, &cp);
	return cps;
}

/* {99}{99}{99} multiplies: such a pattern is a page of nonsense, yet would fill the memory. */
static bool too_big(pcre2_code *code)
{
	size_t size = 0;

	pcre2_pattern_info(code, PCRE2_INFO_SIZE, &size);
	return size > COMPILED_MAX_BYTES;
}

/* The bytes of the class escape at s (\\w, \\p{Han}); 0: it is none. */
static size_t class_escape(const char *s)
{
	const char *end;

	if (s[0] != '\\' || s[1] == '\0' || strchr("dDwWsSpP", s[1]) == NULL)
		return 0;
	end = (s[1] == 'p' || s[1] == 'P') && s[2] == '{' ? strchr(s, '}') : NULL;
	return end != NULL ? (size_t)(end - s) + 1 : 2;
}

/*
 * [\w-.]: beside a class there is no range, and ECMAScript and Java take the hyphen for itself,
 * which PCRE2 does not. The pattern with such hyphens escaped.
 */
static void escape_hyphens(const char *pattern, struct buf *out)
{
	bool inside = false, after = false; /* a [ ]; a class escape */

	for (const char *s = pattern; *s != '\0';) {
		size_t n = inside ? class_escape(s) : 0;
		const bool escape = n > 0;

		if (inside && *s == '-' && s[1] != ']' && (after || class_escape(s + 1) > 0))
			buf_addc(out, '\\');
		if (n == 0)
			n = s[0] == '\\' && s[1] != '\0' ? 2 : 1;
		if (*s == '[')
			inside = true;
		else if (*s == ']')
			inside = false;
		buf_add(out, s, n);
		s += n;
		after = escape;
	}
}

/* Where in the pattern this byte of the escaped one stands. */
static size_t before_escapes(const char *pattern, const char *escaped, size_t at_bytes)
{
	size_t added = 0;

	for (size_t i = 0; i < at_bytes; i++)
		added += escaped[i] == '\\' && pattern[i - added] == '-';
	return at_bytes - added;
}

static pcre2_code *compile(
	const char *pattern, int *code, PCRE2_SIZE *at, pcre2_compile_context *context)
{
	struct buf escaped = {0};
	pcre2_code *compiled = pcre2_compile(
		(PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, OPTIONS, code, at, context);

	if (compiled || *code != PCRE2_ERROR_CLASS_INVALID_RANGE)
		return compiled;
	escape_hyphens(pattern, &escaped);
	compiled = pcre2_compile((PCRE2_SPTR)escaped.data, escaped.len, OPTIONS, code, at, context);
	if (!compiled)
		*at = before_escapes(pattern, escaped.data, *at);
	buf_fini(&escaped);
	return compiled;
}

enum err regex_compile(struct regex **out, const char *pattern, struct buf *why)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	PCRE2_SIZE at = 0;
	int code = 0;
	pcre2_code *compiled;
	struct regex *r;

	if (context == NULL)
		mem_exhausted();
	pcre2_set_max_pattern_length(context, PATTERN_MAX_BYTES);
	pcre2_set_parens_nest_limit(context, NESTING_MAX);
	compiled = compile(pattern, &code, &at, context);
	pcre2_compile_context_free(context);
	if (!compiled && code == PCRE2_ERROR_HEAP_FAILED)
		mem_exhausted(); /* not a fault of the pattern */
	if (!compiled) {
		buf_why(why, tr("正则表达式第 %zu 个字符处有误：%s"), place_cps(pattern, at),
			fault_text(code));
		return ERR_INVALID;
	}
	if (too_big(compiled)) {
		pcre2_code_free(compiled);
		buf_why(why, tr("正则表达式展开后太大；请减少重复次数"));
		return ERR_INVALID;
	}
	r = mem_alloc(sizeof *r);
	r->code = compiled;
	r->limits = pcre2_match_context_create(NULL);
	if (r->limits == NULL)
		mem_exhausted();
	pcre2_set_match_limit(r->limits, STEPS_MAX);
	pcre2_set_depth_limit(r->limits, BACKTRACK_MAX);
	pcre2_set_heap_limit(r->limits, MEMORY_MAX_KIB);
	*out = r;
	return OK;
}

void regex_free(struct regex *r)
{
	if (!r)
		return;
	pcre2_match_context_free(r->limits);
	pcre2_code_free(r->code);
	free(r);
}

enum err regex_search(const struct regex *r, const char *text, bool *found, struct buf *why)
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	int result;

	if (data == NULL)
		mem_exhausted();
	result = pcre2_match(r->code, (PCRE2_SPTR)text, strlen(text), 0, 0, data, r->limits);
	pcre2_match_data_free(data);
	if (result == PCRE2_ERROR_NOMEMORY)
		mem_exhausted();
	if (result >= 0 || result == PCRE2_ERROR_NOMATCH) {
		*found = result >= 0;
		return OK;
	}
	if (result <= PCRE2_ERROR_UTF8_ERR1 && result >= PCRE2_ERROR_UTF8_ERR21) {
		buf_why(why, tr("要检查的文字不是 UTF-8；请重新录入"));
		return ERR_INVALID;
	}
	buf_why(why, tr("正则表达式检查这段文字太费时，已停止；请简化规则（避免重复套重复）"));
	return ERR_INVALID;
}
