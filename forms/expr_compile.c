#include "forms/expr.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "forms/expr_grammar.h"
#include "forms/expr_parser.h"
#include "forms/regex.h"

static enum err check_text(const char *text, size_t *at_bytes, struct buf *why)
{
	size_t len = strlen(text);

	*at_bytes = 0;
	if (len > EXPR_MAX_BYTES) {
		buf_why(why, tr("表达式太长（最多 %zu 字节）；请拆成几个计算字段"), EXPR_MAX_BYTES);
		return ERR_INVALID;
	}
	if (!text_valid(text, len)) {
		buf_why(why, tr("表达式里有不是 UTF-8 的字节；请把文件另存为 UTF-8"));
		return ERR_INVALID;
	}
	return OK;
}

static enum err compile(
	struct expr **out, const char *text, bool lenient, size_t *at_bytes, struct buf *why)
{
	struct parser p = {.why = why, .lenient = lenient};
	size_t unused = 0;
	enum err err;

	at_bytes = at_bytes ? at_bytes : &unused;
	err = check_text(text, at_bytes, why);
	if (err)
		return err;
	p.e = mem_alloc(sizeof *p.e);
	p.e->source = mem_strdup(text);
	p.lexer.source = p.e->source;
	p.lexer.len = strlen(text);
	p.lexer.why = why;
	p.lexer.careful = !lenient;
	parser_advance(&p);
	if (!p.failed && p.token.type == TK_END) {
		buf_why(why, tr("表达式是空的；请写上内容，或把单元格清空"));
		parser_fail(&p, 0);
	}
	p.e->root = parse_expr(&p);
	if (!p.failed && p.token.type != TK_END)
		parser_unexpected(&p);
	if (p.failed) {
		*at_bytes = p.at;
		expr_free(p.e);
		return ERR_INVALID;
	}
	*out = p.e;
	return OK;
}

enum err expr_compile(struct expr **out, const char *text, size_t *at_bytes, struct buf *why)
{
	return compile(out, text, false, at_bytes, why);
}

enum err expr_compile_lenient(
	struct expr **out, const char *text, size_t *at_bytes, struct buf *why)
{
	return compile(out, text, true, at_bytes, why);
}

void expr_free(struct expr *e)
{
	if (!e)
		return;
	for (int32_t i = 0; i < e->count; i++)
		regex_free(e->nodes[i].pattern);
	free(e->nodes);
	free(e->source);
	buf_fini(&e->pool);
	free(e);
}

const char *expr_text(const struct expr *e, const struct enode *n)
{
	return e->pool.data + n->text;
}
