/* Paths through a form: ../name, /group/name, child::name[. > 1]. */
#include "forms/expr_grammar.h"

#include <string.h>

#include "core/base/msg.h"
#include "forms/expr_parser.h"
#include "forms/expr_slips.h"
#include "forms/fn.h"

void parse_predicates(struct parser *p, int32_t parent, int32_t *last)
{
	while (!p->failed && p->token.type == TK_OPEN_SQUARE) {
		parser_advance(p);
		parser_hang(p, parent, last, parse_expr(p));
		parser_expect(p, TK_CLOSE_SQUARE, "]");
	}
}

/* name() with something in its brackets: meant as a function, as a spreadsheet's text(…) is. */
static bool has_arguments(const struct parser *p)
{
	struct lexer ahead = p->lexer;
	struct token t;

	ahead.why = NULL;
	lexer_next(&ahead, &t);
	lexer_next(&ahead, &t);
	return t.type != TK_CLOSE && t.type != TK_END;
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
			parser_fail(p, t.at);
			return;
		}
		if (!token_is(&t, "node")) {
			if (has_arguments(p))
				slip_function(t.text, t.len, p->why);
			else
				buf_why(p->why, tr("路径里不支持 %.*s()；路径只能由字段名组成"),
					(int)t.len, t.text);
			parser_fail(p, t.at);
			return;
		}
		p->e->nodes[step].any = true;
		parser_advance(p);
		parser_advance(p);
		parser_expect(p, TK_CLOSE, ")");
		return;
	} else if (t.type == TK_NAME) {
		p->e->nodes[step].text = parser_keep(p, t.text, t.len);
		if (lexer_peek(&p->lexer) == ':') {
			buf_why(p->why, tr("路径里不支持命名空间“%.*s:”；请只写字段名"), (int)t.len,
				t.text);
			parser_fail(p, t.at);
			return;
		}
	} else if (t.type == TK_NUMBER || t.type == TK_LITERAL || t.type == TK_REF ||
		   t.type == TK_OPEN) {
		slip_division(p->why);
		parser_fail(p, t.at);
		return;
	} else {
		parser_unexpected(p);
		return;
	}
	parser_advance(p);
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
		parser_advance(p);
		parser_advance(p);
		parse_node_test(p, step);
		return;
	}
	buf_why(p->why,
		tr("不支持 XPath 的 %.*s 轴（只支持 child、parent、self）；请改用 ${字段名}"),
		(int)t.len, t.text);
	parser_fail(p, t.at);
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
	int32_t step = parser_add(p, EN_STEP, p->token.at);
	int32_t last = EXPR_NONE;

	switch (p->token.type) {
	case TK_DOT:
	case TK_DOT_DOT:
		p->e->nodes[step].op = p->token.type == TK_DOT ? AXIS_SELF : AXIS_PARENT;
		p->e->nodes[step].any = true;
		parser_advance(p);
		break;
	case TK_AT:
		buf_why(p->why, tr("不支持 XPath 的属性 @；表单里没有属性，请引用字段"));
		return parser_fail(p, p->token.at);
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

bool path_starts(const struct token *t)
{
	return t->type == TK_DOT || t->type == TK_DOT_DOT || t->type == TK_NAME ||
	       t->type == TK_STAR || t->type == TK_AT;
}

int32_t parse_steps(struct parser *p, int32_t path, int32_t last)
{
	while (!p->failed) {
		parser_hang(p, path, &last, parse_step(p));
		if (p->token.type != TK_SLASH)
			break;
		parser_advance(p);
	}
	return p->failed ? EXPR_NONE : path;
}

int32_t refuse_descendants(struct parser *p)
{
	buf_why(p->why, tr("不支持 //（任意深度的路径）；请写完整路径，或用 ${字段名}"));
	return parser_fail(p, p->token.at);
}

int32_t parse_path(struct parser *p)
{
	int32_t path = parser_add(p, EN_PATH, p->token.at);
	bool absolute = p->token.type == TK_SLASH;

	p->e->nodes[path].op = absolute ? PATH_ABSOLUTE : PATH_RELATIVE;
	if (absolute) {
		parser_advance(p);
		if (!path_starts(&p->token))
			return p->failed ? EXPR_NONE : path;
	}
	path = parse_steps(p, path, EXPR_NONE);
	return p->token.type == TK_SLASH_SLASH && !p->failed ? refuse_descendants(p) : path;
}
