/*
 * Words of the expression language (XPath 1.0 §3.7, with ODK's ${name}). A star and the words and,
 * or, div, mod are operators exactly where an operand has just ended.
 */
#ifndef YIMEN_FORMS_EXPR_LEX_H
#define YIMEN_FORMS_EXPR_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct buf;

enum token_type {
	TK_END,
	TK_BAD, /* why says it */
	TK_NUMBER,
	TK_LITERAL,
	TK_NAME,
	TK_REF,
	TK_OR,
	TK_AND,
	TK_EQ,
	TK_NE,
	TK_LT,
	TK_LE,
	TK_GT,
	TK_GE,
	TK_PLUS,
	TK_MINUS,
	TK_MUL,
	TK_DIV,
	TK_MOD,
	TK_PIPE,
	TK_OPEN,
	TK_CLOSE,
	TK_OPEN_SQUARE,
	TK_CLOSE_SQUARE,
	TK_COMMA,
	TK_DOT,
	TK_DOT_DOT,
	TK_SLASH,
	TK_SLASH_SLASH,
	TK_AXIS, /* :: */
	TK_AT,
	TK_STAR /* any name */
};

struct token {
	enum token_type type;
	size_t at; /* where it begins */
	const char
		*text; /* literal without its quotes, name, reference without ${}; not terminated */
	size_t len;
	double number;
};

struct lexer {
	const char *source;
	size_t len, at;
	bool operand; /* an operand has just ended */
	bool careful; /* days without quotes are slips, no subtractions */
	struct buf *why;
};

/* Reads the next word into *out. TK_BAD: why (if not NULL) says what is wrong and how to mend it.
 */
void lexer_next(struct lexer *l, struct token *out);
/* The first character after white space, '\0' at the end; "::" gives ':'. */
char lexer_peek(const struct lexer *l);
/* A name, and this one. */
static inline bool token_is(const struct token *t, const char *word)
{
	return t->type == TK_NAME && t->len == strlen(word) && memcmp(t->text, word, t->len) == 0;
}

#endif
