/* What stands between operators: a constant, a reference, a call, brackets, a path. */
#include "forms/expr_grammar.h"

#include "core/base/msg.h"
#include "forms/expr_parser.h"
#include "forms/expr_slips.h"
#include "forms/fn.h"

/* The call is refused where it stands; leniently, only when evaluation gets there. */
static int32_t refuse(struct parser *p, int32_t call, struct buf *sentence)
{
	struct enode *n = &p->e->nodes[call];

	if (p->lenient) {
		n->kind = EN_REFUSED;
		n->text = parser_keep(p, buf_str(sentence), sentence->len);
	} else {
		buf_why(p->why, "%s", buf_str(sentence));
		call = parser_fail(p, n->at);
	}
	buf_fini(sentence);
	return call;
}

/* What the name and the number of its arguments make of a call. */
static int32_t finish_call(struct parser *p, int32_t call, const struct token *name, int count)
{
	const struct fn *fn = fn_find(name->text, name->len);
	struct buf sentence = {0};

	p->e->nodes[call].fn = fn;
	if (fn) {
		if (expr_call_fits(p->e, call, count, &sentence))
			return call;
		return refuse(p, call, &sentence);
	}
	if (fn_left_out(name->text, name->len))
		buf_why(&sentence, tr("不支持函数 %.*s()：%s"), (int)name->len, name->text,
			fn_left_out(name->text, name->len));
	else
		slip_function(name->text, name->len, &sentence);
	return refuse(p, call, &sentence);
}

static int32_t parse_call(struct parser *p)
{
	struct token name = p->token;
	int32_t call = parser_add(p, EN_CALL, name.at);
	int32_t last = EXPR_NONE;
	int count = 0;

	parser_advance(p);
	parser_advance(p);
	while (!p->failed && p->token.type != TK_CLOSE) {
		parser_hang(p, call, &last, parse_expr(p));
		count++;
		if (p->token.type != TK_COMMA)
			break;
		parser_advance(p);
		if (p->token.type == TK_CLOSE)
			parser_unexpected(p);
	}
	if (!parser_expect(p, TK_CLOSE, tr("逗号或 )")))
		return EXPR_NONE;
	return finish_call(p, call, &name, count);
}

static int32_t parse_primary(struct parser *p)
{
	struct token t = p->token;
	int32_t n;

	switch (t.type) {
	case TK_NUMBER:
		n = parser_add(p, EN_NUMBER, t.at);
		p->e->nodes[n].number = t.number;
		break;
	case TK_LITERAL:
	case TK_REF:
		n = parser_add(p, t.type == TK_REF ? EN_REF : EN_STRING, t.at);
		p->e->nodes[n].text = parser_keep(p, t.text, t.len);
		break;
	case TK_NAME:
		return parse_call(p);
	case TK_OPEN:
		parser_advance(p);
		n = parse_expr(p);
		return parser_expect(p, TK_CLOSE, ")") ? n : EXPR_NONE;
	default:
		return parser_unexpected(p);
	}
	parser_advance(p);
	return n;
}

static bool calls_function(const struct parser *p)
{
	static const char *const types[] = {"node", "text", "comment", "processing-instruction"};

	if (p->token.type != TK_NAME || lexer_peek(&p->lexer) != '(')
		return false;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (token_is(&p->token, types[i]))
			return false;
	return true;
}

static bool is_constant(const struct parser *p, int32_t n)
{
	return p->e->nodes[n].kind == EN_NUMBER || p->e->nodes[n].kind == EN_STRING;
}

int32_t parse_operand(struct parser *p)
{
	int32_t n, filter, path, last;

	if (p->token.type == TK_SLASH_SLASH)
		return refuse_descendants(p);
	if (p->token.type == TK_SLASH || (path_starts(&p->token) && !calls_function(p)))
		return parse_path(p);
	n = parse_primary(p);
	if (!p->failed && p->token.type == TK_OPEN_SQUARE) {
		filter = parser_add(p, EN_FILTER, p->token.at);
		last = EXPR_NONE;
		parser_hang(p, filter, &last, n);
		parse_predicates(p, filter, &last);
		n = filter;
	}
	if (!p->failed && !p->lenient && p->token.type == TK_SLASH && is_constant(p, n)) {
		slip_division(p->why);
		return parser_fail(p, p->token.at);
	}
	if (!p->failed && p->token.type == TK_SLASH) {
		path = parser_add(p, EN_PATH, p->token.at);
		last = EXPR_NONE;
		p->e->nodes[path].op = PATH_FROM;
		parser_hang(p, path, &last, n);
		parser_advance(p);
		n = parse_steps(p, path, last);
	}
	return p->token.type == TK_SLASH_SLASH && !p->failed ? refuse_descendants(p) : n;
}
