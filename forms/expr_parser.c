#include "forms/expr_parser.h"

#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "forms/expr_slips.h"

int32_t parser_fail(struct parser *p, size_t at)
{
	if (!p->failed)
		p->at = at;
	p->failed = true;
	return EXPR_NONE;
}

int32_t parser_unexpected(struct parser *p)
{
	const struct token *t = &p->token;
	size_t shown = 0, cp = 0;
	const char *s = p->e->source + t->at;

	if (p->failed)
		return EXPR_NONE;
	if (t->type == TK_END) {
		buf_why(p->why, tr("表达式没有写完；请补上后面的部分，或删去末尾的运算符"));
		return parser_fail(p, t->at);
	}
	if (t->type == TK_NAME && slip_operator(t->text, t->len, p->why))
		return parser_fail(p, t->at);
	if (slip_bare_function(p->e->source, t->at, p->why))
		return parser_fail(p, t->at);
	if (t->type >= TK_LT && t->type <= TK_GE && t->at == strspn(p->e->source, " ")) {
		buf_why(p->why, tr("前面少了拿来比的：本栏写 .，如 . >= 18"));
		return parser_fail(p, t->at);
	}
	if (t->type == TK_EQ && t->at == strspn(p->e->source, " ")) {
		buf_why(p->why, tr("表达式前面不写 =，请删去"));
		return parser_fail(p, t->at);
	}
	while (s[shown] && cp < 12) {
		uint32_t c;

		shown += text_decode(s + shown, strlen(s + shown), &c);
		cp++;
	}
	buf_why(p->why, tr("在“%.*s”处看不懂；请检查前面是否缺少运算符、逗号或括号"), (int)shown,
		s);
	return parser_fail(p, t->at);
}

bool parser_expect(struct parser *p, enum token_type type, const char *text)
{
	if (p->failed)
		return false;
	if (p->token.type != type) {
		if (p->token.type != TK_NAME || !slip_operator(p->token.text, p->token.len, p->why))
			buf_why(p->why, tr("这里应为 %s；请检查括号是否配对"), text);
		parser_fail(p, p->token.at);
		return false;
	}
	parser_advance(p);
	return !p->failed;
}

int32_t parser_add(struct parser *p, enum node_kind kind, size_t at)
{
	struct expr *e = p->e;
	struct enode *n;

	if (e->count == e->cap) {
		/* a word has three or four bytes */
		e->cap = e->cap ? e->cap * 2 : (int32_t)(p->lexer.len / 4) + 8;
		e->nodes = mem_resize(e->nodes, (size_t)e->cap, sizeof *e->nodes);
	}
	n = &e->nodes[e->count];
	memset(n, 0, sizeof *n);
	n->kind = (uint8_t)kind;
	n->at = (uint32_t)at;
	n->first = n->next = EXPR_NONE;
	return e->count++;
}

uint32_t parser_keep(struct parser *p, const char *s, size_t len_bytes)
{
	uint32_t offset = (uint32_t)p->e->pool.len;

	buf_add(&p->e->pool, s, len_bytes);
	buf_addc(&p->e->pool, '\0');
	return offset;
}
