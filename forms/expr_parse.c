/* Chains of operators, from or, which binds least, to the union of paths. */
#include "forms/expr_grammar.h"

#include "core/base/msg.h"
#include "forms/expr_parser.h"

/* How closely an operator binds. The minus before an operand comes between product and union. */
enum binding {
	BINDS_NOT, /* no operator */
	BINDS_OR,
	BINDS_AND,
	BINDS_EQUAL,
	BINDS_ORDER,
	BINDS_SUM,
	BINDS_PRODUCT,
	BINDS_UNION
};

/* What a word is between operands. */
static const struct {
	uint8_t binds; /* enum binding */
	uint8_t kind;  /* enum node_kind: of the chain that it makes */
	uint8_t op;    /* enum oper */
} operators[TK_STAR + 1] = {
	[TK_OR] = {BINDS_OR, EN_OR, OP_NONE},
	[TK_AND] = {BINDS_AND, EN_AND, OP_NONE},
	[TK_EQ] = {BINDS_EQUAL, EN_COMPARE, OP_EQ},
	[TK_NE] = {BINDS_EQUAL, EN_COMPARE, OP_NE},
	[TK_LT] = {BINDS_ORDER, EN_COMPARE, OP_LT},
	[TK_LE] = {BINDS_ORDER, EN_COMPARE, OP_LE},
	[TK_GT] = {BINDS_ORDER, EN_COMPARE, OP_GT},
	[TK_GE] = {BINDS_ORDER, EN_COMPARE, OP_GE},
	[TK_PLUS] = {BINDS_SUM, EN_ARITH, OP_ADD},
	[TK_MINUS] = {BINDS_SUM, EN_ARITH, OP_SUB},
	[TK_MUL] = {BINDS_PRODUCT, EN_ARITH, OP_MUL},
	[TK_DIV] = {BINDS_PRODUCT, EN_ARITH, OP_DIV},
	[TK_MOD] = {BINDS_PRODUCT, EN_ARITH, OP_MOD},
	[TK_PIPE] = {BINDS_UNION, EN_UNION, OP_NONE},
};

static int32_t parse_level(struct parser *p, uint8_t level);

/* first, and what operators that bind as the one that is looked at join to it. */
static int32_t parse_chain(struct parser *p, int32_t first)
{
	uint8_t level = operators[p->token.type].binds;
	int32_t chain, last = EXPR_NONE;

	if (p->failed)
		return EXPR_NONE;
	chain = parser_add(p, operators[p->token.type].kind, p->e->nodes[first].at);
	parser_hang(p, chain, &last, first);
	while (!p->failed && operators[p->token.type].binds == level) {
		uint8_t op = operators[p->token.type].op;
		int32_t operand;

		parser_advance(p);
		operand = level < BINDS_UNION ? parse_level(p, level + 1) : parse_operand(p);
		if (operand != EXPR_NONE)
			p->e->nodes[operand].op2 = op;
		parser_hang(p, chain, &last, operand);
	}
	return chain;
}

/* An operand with the unions behind it, and the minuses before them. */
static int32_t parse_minus(struct parser *p)
{
	size_t at = p->token.at;
	int minuses = 0;
	int32_t operand, n, last = EXPR_NONE;

	while (!p->failed && p->token.type == TK_MINUS) {
		minuses++;
		parser_advance(p);
	}
	operand = parse_operand(p);
	if (p->token.type == TK_PIPE)
		operand = parse_chain(p, operand);
	if (minuses == 0 || p->failed)
		return operand;
	n = parser_add(p, EN_NEG, at);
	p->e->nodes[n].op = minuses % 2 ? OP_SUB : OP_ADD;
	parser_hang(p, n, &last, operand);
	return n;
}

/* What binds at this level or closer. The closest first: most operands have no operator at all. */
static int32_t parse_level(struct parser *p, uint8_t level)
{
	int32_t n;

	if (p->failed)
		return EXPR_NONE;
	n = parse_minus(p);
	while (!p->failed && operators[p->token.type].binds >= level &&
		operators[p->token.type].binds < BINDS_UNION)
		n = parse_chain(p, n);
	return p->failed ? EXPR_NONE : n;
}

int32_t parse_expr(struct parser *p)
{
	int32_t n;

	if (p->failed)
		return EXPR_NONE;
	if (++p->depth > EXPR_MAX_DEPTH) {
		buf_why(p->why, tr("括号套得太深（最多 %d 层）；请拆成几个计算字段"),
			EXPR_MAX_DEPTH);
		parser_fail(p, p->token.at);
	}
	n = parse_level(p, BINDS_OR);
	p->depth--;
	return n;
}
