#include "forms/expr.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "forms/expr_lex.h"
#include "forms/expr_node.h"
#include "forms/expr_slips.h"
#include "forms/fn.h"
#include "forms/regex.h"

struct parser {
	struct expr *e;
	struct lexer lexer;
	struct token token; /* the word that is looked at */
	struct buf *why;
	size_t at; /* of the refusal */
	int depth;
	bool lenient;
	bool failed;
};

static int32_t parse_level(struct parser *p, int level);

static int32_t fail(struct parser *p, size_t at)
{
	if (!p->failed)
		p->at = at;
	p->failed = true;
	return EXPR_NONE;
}

static void advance(struct parser *p)
{
	lexer_next(&p->lexer, &p->token);
	if (p->token.type == TK_BAD)
		fail(p, p->token.at);
}

static int32_t add(struct parser *p, enum node_kind kind, size_t at)
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

static uint32_t keep_text(struct parser *p, const char *s, size_t len)
{
	uint32_t offset = (uint32_t)p->e->pool.len;

	buf_add(&p->e->pool, s, len);
	buf_addc(&p->e->pool, '\0');
	return offset;
}

/* Hangs child behind the last one (*last) of parent. */
static void hang(struct parser *p, int32_t parent, int32_t *last, int32_t child)
{
	if (child == EXPR_NONE)
		return;
	if (*last == EXPR_NONE)
		p->e->nodes[parent].first = child;
	else
		p->e->nodes[*last].next = child;
	*last = child;
}

/* What is wrong at this word, when nothing better is known. */
static int32_t unexpected(struct parser *p)
{
	const struct token *t = &p->token;
	size_t shown = 0, cp = 0;
	const char *s = p->e->source + t->at;

	if (p->failed)
		return EXPR_NONE;
	if (t->type == TK_END) {
		buf_why(p->why, tr("表达式没有写完；请补上后面的部分，或删去末尾的运算符"));
		return fail(p, t->at);
	}
	if (t->type == TK_NAME && slip_operator(t->text, t->len, p->why))
		return fail(p, t->at);
	if (t->type >= TK_LT && t->type <= TK_GE && t->at == strspn(p->e->source, " ")) {
		buf_why(p->why, tr("前面少了拿来比的：本栏写 .，如 . >= 18"));
		return fail(p, t->at);
	}
	if (t->type == TK_EQ && t->at == strspn(p->e->source, " ")) {
		buf_why(p->why, tr("表达式前面不写 =，请删去"));
		return fail(p, t->at);
	}
	while (s[shown] && cp < 12) {
		uint32_t c;

		shown += text_decode(s + shown, strlen(s + shown), &c);
		cp++;
	}
	buf_why(p->why, tr("在“%.*s”处看不懂；请检查前面是否缺少运算符、逗号或括号"), (int)shown,
		s);
	return fail(p, t->at);
}

static bool expect(struct parser *p, enum token_type type, const char *text)
{
	if (p->failed)
		return false;
	if (p->token.type != type) {
		if (p->token.type != TK_NAME || !slip_operator(p->token.text, p->token.len, p->why))
			buf_why(p->why, tr("这里应为 %s；请检查括号是否配对"), text);
		fail(p, p->token.at);
		return false;
	}
	advance(p);
	return !p->failed;
}

/* The call is refused where it stands; leniently, only when evaluation gets there. */
static int32_t refuse(struct parser *p, int32_t call, struct buf *sentence)
{
	struct enode *n = &p->e->nodes[call];

	if (p->lenient) {
		n->kind = EN_REFUSED;
		n->text = keep_text(p, buf_str(sentence), sentence->len);
	} else {
		buf_why(p->why, "%s", buf_str(sentence));
		call = fail(p, n->at);
	}
	buf_fini(sentence);
	return call;
}

static int32_t parse_expr(struct parser *p)
{
	int32_t n;

	if (p->failed)
		return EXPR_NONE;
	if (++p->depth > EXPR_MAX_DEPTH) {
		buf_why(p->why, tr("括号套得太深（最多 %d 层）；请拆成几个计算字段"),
			EXPR_MAX_DEPTH);
		fail(p, p->token.at);
	}
	n = parse_level(p, 0);
	p->depth--;
	return n;
}

static void parse_predicates(struct parser *p, int32_t parent, int32_t *last)
{
	while (!p->failed && p->token.type == TK_OPEN_SQUARE) {
		advance(p);
		hang(p, parent, last, parse_expr(p));
		expect(p, TK_CLOSE_SQUARE, "]");
	}
}

static bool token_is(const struct token *t, const char *word)
{
	return t->type == TK_NAME && t->len == strlen(word) && memcmp(t->text, word, t->len) == 0;
}

/* The node test after an axis: a name, *, node(). */
static void parse_node_test(struct parser *p, int32_t step)
{
	struct token t = p->token;

	if (t.type == TK_STAR) {
		p->e->nodes[step].any = true;
	} else if (t.type == TK_NAME && lexer_peek(&p->lexer) == '(') {
		if (fn_find(t.text, t.len) != NULL) {
			slip_division(p->why);
			fail(p, t.at);
			return;
		}
		if (!token_is(&t, "node")) {
			buf_why(p->why, tr("路径里不支持 %.*s()；路径只能由字段名组成"), (int)t.len,
				t.text);
			fail(p, t.at);
			return;
		}
		p->e->nodes[step].any = true;
		advance(p);
		advance(p);
		expect(p, TK_CLOSE, ")");
		return;
	} else if (t.type == TK_NAME) {
		p->e->nodes[step].text = keep_text(p, t.text, t.len);
		if (lexer_peek(&p->lexer) == ':') {
			buf_why(p->why, tr("路径里不支持命名空间“%.*s:”；请只写字段名"), (int)t.len,
				t.text);
			fail(p, t.at);
			return;
		}
	} else if (t.type == TK_NUMBER || t.type == TK_LITERAL || t.type == TK_REF ||
		   t.type == TK_OPEN) {
		slip_division(p->why);
		fail(p, t.at);
		return;
	} else {
		unexpected(p);
		return;
	}
	advance(p);
}

static void parse_axis(struct parser *p, int32_t step)
{
	static const struct {
		const char *name;
		enum axis axis;
	} axes[] = {{"child", AXIS_CHILD}, {"self", AXIS_SELF}, {"parent", AXIS_PARENT}};
	struct token t = p->token;

	for (size_t i = 0; i < sizeof axes / sizeof *axes; i++) {
		if (!token_is(&t, axes[i].name))
			continue;
		p->e->nodes[step].op = axes[i].axis;
		advance(p);
		advance(p);
		parse_node_test(p, step);
		return;
	}
	buf_why(p->why,
		tr("不支持 XPath 的 %.*s 轴（只支持 child、parent、self）；请改用 ${字段名}"),
		(int)t.len, t.text);
	fail(p, t.at);
}

/* :: after the name that is looked at. */
static bool axis_follows(const struct parser *p)
{
	struct lexer ahead = p->lexer;
	struct token t;

	ahead.why = NULL;
	if (lexer_peek(&ahead) != ':')
		return false;
	lexer_next(&ahead, &t);
	return t.type == TK_AXIS;
}

static int32_t parse_step(struct parser *p)
{
	int32_t step = add(p, EN_STEP, p->token.at);
	int32_t last = EXPR_NONE;

	switch (p->token.type) {
	case TK_DOT:
	case TK_DOT_DOT:
		p->e->nodes[step].op = p->token.type == TK_DOT ? AXIS_SELF : AXIS_PARENT;
		p->e->nodes[step].any = true;
		advance(p);
		break;
	case TK_AT:
		buf_why(p->why, tr("不支持 XPath 的属性 @；表单里没有属性，请引用字段"));
		return fail(p, p->token.at);
	case TK_NAME:
		if (axis_follows(p)) {
			parse_axis(p, step);
			break;
		}
		/* fallthrough */
	default:
		parse_node_test(p, step);
	}
	parse_predicates(p, step, &last);
	return p->failed ? EXPR_NONE : step;
}

static bool starts_step(const struct token *t)
{
	return t->type == TK_DOT || t->type == TK_DOT_DOT || t->type == TK_NAME ||
	       t->type == TK_STAR || t->type == TK_AT;
}

/* step / step / step behind what path has already. */
static int32_t parse_steps(struct parser *p, int32_t path, int32_t last)
{
	while (!p->failed) {
		hang(p, path, &last, parse_step(p));
		if (p->token.type != TK_SLASH)
			break;
		advance(p);
	}
	return p->failed ? EXPR_NONE : path;
}

static int32_t refuse_descendants(struct parser *p)
{
	buf_why(p->why, tr("不支持 //（任意深度的路径）；请写完整路径，或用 ${字段名}"));
	return fail(p, p->token.at);
}

static int32_t parse_path(struct parser *p)
{
	int32_t path = add(p, EN_PATH, p->token.at);
	bool absolute = p->token.type == TK_SLASH;

	p->e->nodes[path].op = absolute ? PATH_ABSOLUTE : PATH_RELATIVE;
	if (absolute) {
		advance(p);
		if (!starts_step(&p->token))
			return p->failed ? EXPR_NONE : path;
	}
	path = parse_steps(p, path, EXPR_NONE);
	return p->token.type == TK_SLASH_SLASH && !p->failed ? refuse_descendants(p) : path;
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
	int32_t call = add(p, EN_CALL, name.at);
	int32_t last = EXPR_NONE;
	int count = 0;

	advance(p);
	advance(p);
	while (!p->failed && p->token.type != TK_CLOSE) {
		hang(p, call, &last, parse_expr(p));
		count++;
		if (p->token.type != TK_COMMA)
			break;
		advance(p);
		if (p->token.type == TK_CLOSE)
			unexpected(p);
	}
	if (!expect(p, TK_CLOSE, tr("逗号或 )")))
		return EXPR_NONE;
	return finish_call(p, call, &name, count);
}

static int32_t parse_primary(struct parser *p)
{
	struct token t = p->token;
	int32_t n;

	switch (t.type) {
	case TK_NUMBER:
		n = add(p, EN_NUMBER, t.at);
		p->e->nodes[n].number = t.number;
		break;
	case TK_LITERAL:
	case TK_REF:
		n = add(p, t.type == TK_REF ? EN_REF : EN_STRING, t.at);
		p->e->nodes[n].text = keep_text(p, t.text, t.len);
		break;
	case TK_NAME:
		return parse_call(p);
	case TK_OPEN:
		advance(p);
		n = parse_expr(p);
		return expect(p, TK_CLOSE, ")") ? n : EXPR_NONE;
	default:
		return unexpected(p);
	}
	advance(p);
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

/* A path, or a primary expression with predicates and steps behind it. */
static int32_t parse_operand(struct parser *p)
{
	int32_t n, filter, path, last;

	if (p->token.type == TK_SLASH_SLASH)
		return refuse_descendants(p);
	if (p->token.type == TK_SLASH || (starts_step(&p->token) && !calls_function(p)))
		return parse_path(p);
	n = parse_primary(p);
	if (!p->failed && p->token.type == TK_OPEN_SQUARE) {
		filter = add(p, EN_FILTER, p->token.at);
		last = EXPR_NONE;
		hang(p, filter, &last, n);
		parse_predicates(p, filter, &last);
		n = filter;
	}
	if (!p->failed && !p->lenient && p->token.type == TK_SLASH && is_constant(p, n)) {
		slip_division(p->why);
		return fail(p, p->token.at);
	}
	if (!p->failed && p->token.type == TK_SLASH) {
		path = add(p, EN_PATH, p->token.at);
		last = EXPR_NONE;
		p->e->nodes[path].op = PATH_FROM;
		hang(p, path, &last, n);
		advance(p);
		n = parse_steps(p, path, last);
	}
	return p->token.type == TK_SLASH_SLASH && !p->failed ? refuse_descendants(p) : n;
}

/* A chain of operands with one kind of operator between them. */
struct level {
	enum node_kind kind;
	enum token_type tokens[4];
	enum oper ops[4];
	int count;
};

static const struct level levels[] = {
	{EN_OR, {TK_OR}, {OP_NONE}, 1},
	{EN_AND, {TK_AND}, {OP_NONE}, 1},
	{EN_COMPARE, {TK_EQ, TK_NE}, {OP_EQ, OP_NE}, 2},
	{EN_COMPARE, {TK_LT, TK_LE, TK_GT, TK_GE}, {OP_LT, OP_LE, OP_GT, OP_GE}, 4},
	{EN_ARITH, {TK_PLUS, TK_MINUS}, {OP_ADD, OP_SUB}, 2},
	{EN_ARITH, {TK_MUL, TK_DIV, TK_MOD}, {OP_MUL, OP_DIV, OP_MOD}, 3},
	{EN_NEG, {TK_END}, {OP_NONE}, 0}, /* unary minus binds here */
	{EN_UNION, {TK_PIPE}, {OP_NONE}, 1},
};
#define LEVELS	  ((int)(sizeof levels / sizeof *levels))
#define NEG_LEVEL (LEVELS - 2)

static int32_t parse_chain(struct parser *p, int level, int32_t first);

/* The level whose operator this word is, or -1. */
static int operator_level(enum token_type t)
{
	for (int level = 0; level < LEVELS; level++)
		for (int i = 0; i < levels[level].count; i++)
			if (levels[level].tokens[i] == t)
				return level;
	return -1;
}

static bool may_be_operator(enum token_type t)
{
	return t != TK_END && t != TK_COMMA && t != TK_CLOSE && t != TK_CLOSE_SQUARE;
}

/* An operand with the unions behind it, and the minuses before them. */
static int32_t parse_minus(struct parser *p)
{
	size_t at = p->token.at;
	int minuses = 0;
	int32_t operand, n, last = EXPR_NONE;

	while (!p->failed && p->token.type == TK_MINUS) {
		minuses++;
		advance(p);
	}
	operand = parse_operand(p);
	if (p->token.type == TK_PIPE)
		operand = parse_chain(p, LEVELS - 1, operand);
	if (minuses == 0 || p->failed)
		return operand;
	n = add(p, EN_NEG, at);
	p->e->nodes[n].op = minuses % 2 ? OP_SUB : OP_ADD;
	hang(p, n, &last, operand);
	return n;
}

static int operator_index(const struct level *l, enum token_type t)
{
	for (int i = 0; i < l->count; i++)
		if (l->tokens[i] == t)
			return i;
	return -1;
}

/* first and what operators of one level join to it. */
static int32_t parse_chain(struct parser *p, int level, int32_t first)
{
	const struct level *l = &levels[level];
	int32_t chain, last = EXPR_NONE;
	int op;

	if (p->failed)
		return EXPR_NONE;
	chain = add(p, l->kind, p->e->nodes[first].at);
	hang(p, chain, &last, first);
	while (!p->failed && (op = operator_index(l, p->token.type)) >= 0) {
		int32_t operand;

		advance(p);
		operand = level + 1 < LEVELS ? parse_level(p, level + 1) : parse_operand(p);
		if (operand != EXPR_NONE)
			p->e->nodes[operand].op2 = (uint8_t)l->ops[op];
		hang(p, chain, &last, operand);
	}
	return chain;
}

/* What binds at this level or closer. The closest first: most operands have no operator at all. */
static int32_t parse_level(struct parser *p, int level)
{
	int32_t n;
	int found;

	if (p->failed)
		return EXPR_NONE;
	n = parse_minus(p);
	while (!p->failed && may_be_operator(p->token.type) &&
		(found = operator_level(p->token.type)) >= level && found < NEG_LEVEL)
		n = parse_chain(p, found, n);
	return p->failed ? EXPR_NONE : n;
}

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
	advance(&p);
	if (!p.failed && p.token.type == TK_END) {
		buf_why(why, tr("表达式是空的；请写上内容，或把单元格清空"));
		fail(&p, 0);
	}
	p.e->root = parse_expr(&p);
	if (!p.failed && p.token.type != TK_END)
		unexpected(&p);
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
