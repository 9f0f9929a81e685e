/*
 * Inside of expr_explain.c and expr_tell.c: the parts of an expression in words.
 */
#ifndef YIMEN_FORMS_EXPR_TELL_H
#define YIMEN_FORMS_EXPR_TELL_H

#include "forms/expr_node.h"
#include "forms/fn.h"
#include "forms/told.h"

enum {
	TELL_DEPTH_MAX = 3,   /* nameless calculations within each other */
	TELL_WORK_MAX = 2000, /* nodes told of one rule, those of calculations among them */
	TELL_BYTES_MAX = 240  /* words for a nameless calculation */
};

/* One expression being told, and who knows the words. */
struct telling {
	const struct expr *e;
	const struct expr_words *words;
	int depth;
	int *work; /* shared with the calculations within */
};

const struct enode *tell_node(const struct telling *t, int32_t at);
/* What it gives, in words; "……" when too much was told already. */
void tell(const struct telling *t, int32_t at, struct buf *out);
/* A constant as it is compared with `beside` of that telling: the words of the choice, if it is
 * one. */
void tell_constant(const char *text, const struct telling *t, int32_t beside, struct buf *out);
/* The sentence of a function with its arguments; bare: without its {1}, which stands before it. */
void tell_says(const struct telling *t, int32_t call, const char *says, bool bare, struct buf *out);
/* The field a node speaks of, or NULL. */
const char *tell_field(const struct telling *t, int32_t at);
bool tell_is_day(const struct telling *t, int32_t at);
/* *inner tells the rule of the nameless calculation that the node means; false: it means none, or
 * they are too deep within each other. */
bool tell_origin(const struct telling *t, int32_t at, struct telling *inner);

/* The node as a condition; `no`: its opposite. */
struct told *tell_condition(const struct telling *t, int32_t at, bool no);

#endif
