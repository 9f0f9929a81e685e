/*
 * Inside of the parser: the rules of the grammar (XPath 1.0 §3, with ODK's ${name}) that are used
 * beyond their own file. Each reads from the word that is looked at and gives the node it made, or
 * EXPR_NONE when the parser has refused.
 *
 *	expr      = chains of operators between operands            expr_parse.c
 *	operand   = path | primary predicates [ "/" steps ]         expr_parse_operand.c
 *	primary   = number | literal | ${name} | call | "(" expr ")"
 *	path      = [ "/" ] steps                                   expr_parse_path.c
 *	steps     = step { "/" step }
 *	step      = ( "." | ".." | [ axis "::" ] test ) predicates
 */
#ifndef YIMEN_FORMS_EXPR_GRAMMAR_H
#define YIMEN_FORMS_EXPR_GRAMMAR_H

#include <stdbool.h>
#include <stdint.h>

struct parser;
struct token;

/* At most EXPR_MAX_DEPTH within each other. */
int32_t parse_expr(struct parser *p);
int32_t parse_operand(struct parser *p);

/* A step can begin with this word; a name may be a call as well. */
bool path_starts(const struct token *t);
int32_t parse_path(struct parser *p);
/* Steps behind what path has already, the last of which is `last`; gives path. */
int32_t parse_steps(struct parser *p, int32_t path, int32_t last);
/* [expr] [expr] … behind what parent has already. */
void parse_predicates(struct parser *p, int32_t parent, int32_t *last);
/* Refuses //. */
int32_t refuse_descendants(struct parser *p);

#endif
