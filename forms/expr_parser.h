/*
 * Inside of the parser: where it stands in the words, the tree that it builds, and how it refuses.
 * The first refusal stands: where a second one is met on the way out, its place is not taken.
 * A rule of the grammar that finds `failed` gives EXPR_NONE.
 */
#ifndef YIMEN_FORMS_EXPR_PARSER_H
#define YIMEN_FORMS_EXPR_PARSER_H

#include "forms/expr_lex.h"
#include "forms/expr_node.h"

struct parser {
	struct expr *e; /* what is built */
	struct lexer lexer;
	struct token token; /* the word that is looked at */
	struct buf *why;    /* the sentence of the refusal */
	size_t at;	    /* of the refusal */
	int depth;
	bool lenient; /* a call that cannot be right is refused only when it is reached */
	bool failed;
};

/* ---- refusals; both give EXPR_NONE ---- */

/* Refuses at this byte of the text; the sentence is in p->why already. */
int32_t parser_fail(struct parser *p, size_t at);
/* Refuses the word that is looked at, when nothing better is known. */
int32_t parser_unexpected(struct parser *p);

/* ---- words ---- */

/* On to the next word. */
static inline void parser_advance(struct parser *p)
{
	lexer_next(&p->lexer, &p->token);
	if (p->token.type == TK_BAD)
		parser_fail(p, p->token.at);
}

/* Steps over a word of this type; false, refused, when it is another. text: how people write it. */
bool parser_expect(struct parser *p, enum token_type type, const char *text);

/* ---- the tree ---- */

/* A new node, hung nowhere yet; nodes that were pointed to may have moved. */
int32_t parser_add(struct parser *p, enum node_kind kind, size_t at);
/* Keeps a text; its offset, for a node's text. */
uint32_t parser_keep(struct parser *p, const char *s, size_t len_bytes);
/* Hangs child behind the last one (*last, EXPR_NONE before the first) of parent. */
static inline void parser_hang(struct parser *p, int32_t parent, int32_t *last, int32_t child)
{
	if (child == EXPR_NONE)
		return;
	if (*last == EXPR_NONE)
		p->e->nodes[parent].first = child;
	else
		p->e->nodes[*last].next = child;
	*last = child;
}

#endif
