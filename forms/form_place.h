/*
 * Inside of the check of paths (form_paths.c, form_compare.c): where in a definition the parts of a
 * rule lead, seen from its field.
 */
#ifndef YIMEN_FORMS_FORM_PLACE_H
#define YIMEN_FORMS_FORM_PLACE_H

#include "forms/expr_node.h"
#include "forms/fn.h"
#include "forms/form_check.h"

enum place_kind {
	PLACE_UNKNOWN,
	PLACE_NOWHERE,
	PLACE_FIELD, /* of the form */
	PLACE_LIST,
	PLACE_ITEM,
	PLACE_CELL,
	PLACE_DAY /* no place: what today() gives */
};

struct place {
	enum place_kind kind;
	int field; /* PLACE_FIELD; -1: the form itself */
	const struct choice_list *list;
	const char *column; /* PLACE_CELL */
};

struct survey_of {
	struct builder *b;
	const struct path_rule *rule;
	struct place origin; /* current() */
	bool said;	     /* one sentence a rule */
	bool counted;	     /* it was said that a number of its is none */
};

/* What the node at leads to, seen from here; says what is wrong below it. */
struct place path_visit(struct survey_of *s, int32_t at, struct place here);
const struct enode *path_node(const struct survey_of *s, int32_t at);
bool path_calls(
	const struct survey_of *s, int32_t at, enum err (*fn)(struct call *, struct value *));
bool list_has_column(const struct choice_list *l, const char *name);

/* form_check_number.c: what is counted with and yet is no number but an identity number, a card's,
 * a telephone's; a sentence a rule */

/* Given to a function; operand of an operator; compared with another operand. */
void path_counted_call(struct survey_of *s, const struct enode *call, struct place argument);
void path_counted(struct survey_of *s, struct place operand, enum oper op);
void path_counted_compare(
	struct survey_of *s, struct place with, enum oper op, const struct enode *other);

/* As it is written. */
const char *path_sign(enum oper op);

/* form_check_contrary.c: an and that is never met, an or that always is. */
void path_junction(struct survey_of *s, int32_t at, struct place here);

/* form_compare.c */

/* A comparison: path_visit of its parts, and of a constant whether the other part can be it. */
void path_compare(struct survey_of *s, const struct enode *n, struct place here);
void path_constant(struct survey_of *s, struct place with, int32_t constant, bool one);
/* The columns of a pulldata(), whose first argument is the table. */
void path_pulled(struct survey_of *s, int32_t table);
/* The constants that the value of a select may be computed to. */
void path_results(struct survey_of *s, int32_t at);

#endif
