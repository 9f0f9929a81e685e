#include "forms/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"

#define PATTERN_MAX_BYTES  4096
#define NESTING_MAX	   50
#define STEPS_MAX	   200000
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

/* {99}{99}{99} multiplies: such a pattern is a page of nonsense, yet would fill the memory. */
static bool too_big(pcre2_code *code)
{
	size_t size = 0;

	pcre2_pattern_info(code, PCRE2_INFO_SIZE, &size);
	return size > COMPILED_MAX_BYTES;
}

enum err regex_compile(struct regex **out, const char *pattern, struct buf *why)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	PCRE2_UCHAR said[128];
	PCRE2_SIZE at = 0;
	int code = 0;
	pcre2_code *compiled;
	struct regex *r;

	pcre2_set_max_pattern_length(context, PATTERN_MAX_BYTES);
	pcre2_set_parens_nest_limit(context, NESTING_MAX);
	compiled = pcre2_compile(
		(PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, OPTIONS, &code, &at, context);
	pcre2_compile_context_free(context);
	if (!compiled) {
		pcre2_get_error_message(code, said, sizeof said);
		buf_why(why, tr("正则表达式“%.60s”第 %zu 个字节处有误（%s）；请改正"), pattern,
			at + 1, (char *)said);
		return ERR_INVALID;
	}
	if (too_big(compiled)) {
		pcre2_code_free(compiled);
		buf_why(why, tr("正则表达式“%.60s”展开后太大；请减少重复次数"), pattern);
		return ERR_INVALID;
	}
	r = mem_alloc(sizeof *r);
	r->code = compiled;
	r->limits = pcre2_match_context_create(NULL);
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
	int result = pcre2_match(r->code, (PCRE2_SPTR)text, strlen(text), 0, 0, data, r->limits);

	pcre2_match_data_free(data);
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
