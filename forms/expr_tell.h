/*
 * Inside of what tells a rule in words: its values as phrases, its conditions as facts (told.h).
 * A node is named by its index in the expression that is told.
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
	const char
		*within; /* the repeat or group whose fields are picked by a condition, or NULL */
};

/* ---- nodes (expr_tell_field.c) ---- */

const struct enode *tell_node(const struct telling *t, int32_t at);
/* The node is a call of this function. */
bool tell_calls(
	const struct telling *t, int32_t at, enum err (*eval)(struct call *, struct value *));

/* ---- fields and constants (expr_tell_field.c) ---- */

/* The label of a field, or of a choice ("field=choice"); NULL: none. */
const char *tell_words(const struct telling *t, const char *name);
/* In quotation marks. */
void tell_quoted(const char *s, struct buf *out);
/* The field a node speaks of, or NULL. */
const char *tell_field(const struct telling *t, int32_t at);
bool tell_is_day(const struct telling *t, int32_t at);
/* *inner tells the rule of the nameless calculation that the node means; false: it means none, or
 * they are too deep within each other. */
bool tell_origin(const struct telling *t, int32_t at, struct telling *inner);
/* A field that a node speaks of, by its label, or by its rule when it has none. */
void tell_name(const struct telling *t, int32_t at, const char *name, struct buf *out);
/* A path by its last name: ../applicant_age is the age; . is the field itself. */
void tell_path(const struct telling *t, int32_t at, struct buf *out);
/* A constant as it is compared with `beside` of that telling: the words of the choice, if it is
 * one. */
void tell_constant(const char *text, const struct telling *t, int32_t beside, struct buf *out);

/* ---- values (expr_tell.c) ---- */

/* What it gives, in words; "……" when too much was told already. */
void tell(const struct telling *t, int32_t at, struct buf *out);
/* The conditions by which some of these nodes are picked; nothing when there are none. */
void tell_picked(const struct telling *t, int32_t what, struct buf *out);
/* The sentence of a function with its arguments; bare: without its {1}, which stands before it. */
void tell_says(const struct telling *t, int32_t call, const char *says, bool bare, struct buf *out);

/* ---- conditions; `no`: the opposite. told_free() them ---- */

/* The node as a condition (expr_explain.c). */
struct told *tell_condition(const struct telling *t, int32_t at, bool no);
/* A comparison (expr_tell_compare.c). */
struct told *tell_comparison(const struct telling *t, int32_t at, bool no);
/* A call that is true or false (expr_tell_truth.c). */
struct told *tell_truth(const struct telling *t, int32_t at, bool no);
/* person-id-type() gives this code: what it is called to (expr_tell_truth.c); NULL: no such code.
 */
struct told *tell_certificate(const struct telling *t, int32_t call, const char *code, bool no);

#endif
