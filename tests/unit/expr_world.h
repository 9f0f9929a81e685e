/*
 * Expressions over a small form: an applicant, two family members, a hidden field; a table of towns
 * and a list of letters. It is 2026-11-24, 14:00 in China.
 */
#ifndef YIMEN_TESTS_UNIT_EXPR_WORLD_H
#define YIMEN_TESTS_UNIT_EXPR_WORLD_H

#include "forms/expr.h"

#include <stddef.h>

struct buf;
struct node;

struct expr_world {
	struct node *data, *towns, *letters;
	struct node *income; /* of the second family member */
	struct expr_env env;
};

struct expr_row {
	const char *expr, *value;
};

/* Set-up and tear-down of a cmocka test: *state is a struct expr_world. */
int expr_world_make(void **state);
int expr_world_drop(void **state);

/* A further child; value may be NULL. The parent owns it. */
struct node *expr_world_add(struct node *parent, const char *name, const char *value);
/* Replaces out: the value as text; "!" and the refusal when there is none. */
void expr_world_value(struct expr_world *w, struct node *at, const char *text, struct buf *out);
/* Each expression at that node has its value; the test ends at the first that has another. */
void expr_world_rows(
	struct expr_world *w, struct node *at, const struct expr_row *rows, size_t count);

#endif
