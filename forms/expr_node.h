/*
 * Inside of the expression language, shared by its parser, evaluator and function files, and
 * by form_paths.c: the
 * compiled tree. Nodes live in one array and name each other by index, so an expression is two
 * pieces of memory. A chain of operators of one level (a + b - c) is one node with many operands:
 * the tree is as deep as its brackets, never as deep as the text is long.
 */
#ifndef YIMEN_FORMS_EXPR_NODE_H
#define YIMEN_FORMS_EXPR_NODE_H

#include "core/base/buf.h"
#include "forms/expr.h"

struct regex;
struct fn;

#define EXPR_MAX_DEPTH 200		 /* brackets in brackets */
#define EXPR_MAX_BYTES ((size_t)1 << 20) /* longer than any rule a person writes */
#define EXPR_NONE      (-1)

enum node_kind {
	EN_NUMBER,
	EN_STRING,
	EN_REF, /* ${name} */
	EN_OR,	/* chains: operands are children, each with the operator before it */
	EN_AND,
	EN_COMPARE,
	EN_ARITH,
	EN_UNION,
	EN_NEG,	   /* unary minus */
	EN_CALL,   /* a function; children are its arguments */
	EN_FILTER, /* primary expression, then predicates */
	EN_PATH,   /* steps; with start: an expression first */
	EN_STEP,   /* one step; children are predicates */
	EN_REFUSED /* compiled leniently: refused when it is reached; text is the sentence */
};

enum oper {
	OP_NONE,
	OP_EQ,
	OP_NE,
	OP_LT,
	OP_LE,
	OP_GT,
	OP_GE,
	OP_ADD,
	OP_SUB,
	OP_MUL,
	OP_DIV,
	OP_MOD
};

enum path_start {
	PATH_RELATIVE,
	PATH_ABSOLUTE,
	PATH_FROM /* the first child is the expression it starts from */
};

enum axis {
	AXIS_CHILD,
	AXIS_SELF,
	AXIS_PARENT
};

struct enode {
	uint8_t kind;  /* enum node_kind */
	uint8_t op;    /* EN_PATH path_start; EN_STEP axis; EN_NEG OP_SUB or, for -- , OP_ADD */
	uint8_t op2;   /* enum oper before it in a chain */
	bool any;      /* EN_STEP: any name */
	uint32_t at;   /* where it begins in the text */
	uint32_t text; /* EN_STRING, EN_REF, EN_STEP, EN_REFUSED: offset into the pool */
	int32_t first, next;
	double number;
	const struct fn *fn;
	struct regex *pattern; /* owned: a pattern that is a constant, compiled once */
};

struct expr {
	struct enode *nodes;
	int32_t count, cap;
	int32_t root;
	struct buf pool; /* NUL-terminated strings */
	char *source;
};

/* The text of a node that has one; borrowed. */
const char *expr_text(const struct expr *e, const struct enode *n);

/* A call of a known function with its arguments: false, with a sentence, when it cannot be right.
 * Compiles a constant pattern into the node. */
bool expr_call_fits(struct expr *e, int32_t call, int count, struct buf *sentence);
/* Appends what a pattern asks ("is 6 digits") when it is one of the common ones. */
bool expr_pattern_says(const char *pattern, struct buf *out);

#endif
