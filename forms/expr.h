/*
 * The expression language: XPath 1.0 as the ODK XForms specification extends it, with XLSForm's
 * ${name}, and the clerk's own functions (id-card-valid, workday-add, rmb-words …). An expression
 * is compiled once; evaluation allocates only for strings and node sets.
 */
#ifndef YIMEN_FORMS_EXPR_H
#define YIMEN_FORMS_EXPR_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct clock;
struct node;
struct expr;

enum value_type {
	VALUE_STRING,
	VALUE_NUMBER,
	VALUE_BOOLEAN,
	VALUE_NODES
};

struct value {
	enum value_type type;
	union {
		char *string; /* owned */
		double number;
		bool boolean;
		struct {
			struct node **nodes; /* owned array, borrowed nodes, document order */
			size_t count;
		} set;
	} as;
};

void value_fini(struct value *v);
/*
 * Conversions of XPath 1.0 §4; a node set converts by its first node (string), as ODK does. A text
 * that is a date is a number too: days since 1970 UTC, read in the machine's zone.
 */
double value_number(const struct value *v);
bool value_boolean(const struct value *v);
void value_string(const struct value *v, struct buf *out);

/* Local time at the second that was asked for last: a form asks for its day again and again. */
struct zone_memo {
	bool known;
	int64_t utc_s, offset_ms;
};

/* Where an expression looks outside itself. All members but clock may be NULL. */
struct expr_env {
	const struct clock *clock; /* now(), today() */
	int32_t tz_minutes;	   /* offset of local time when tz_fixed; else the machine's zone */
	bool tz_fixed;
	struct zone_memo *zone; /* may be NULL */
	/* Tried out with no form at hand: paths lead to nothing, as to questions not answered,
	 * instead of being refused. */
	bool no_form;
	/*
	 * ${name} seen from context: the nodes it means (in a repeat: those of the nearest
	 * repetition that holds both). Appends to *nodes (array grown by the callee with
	 * mem_resize). context is the root of the form when all repetitions are meant, NULL when
	 * there is no form.
	 */
	void (*reference)(void *arg, struct node *context, const char *name, struct node ***nodes,
		size_t *count);
	/* The one node that ${name} means from wherever it is seen, or NULL: ask reference. */
	const struct node *(*sole)(void *arg, const char *name);
	/* What the form notes of itself: "meta", a child of its root that only a path by this name
	 * finds; NULL: nothing. */
	struct node *meta;
	/* current(), when that is not the context: a choice is looked at for a question. */
	struct node *origin;
	/* instance('id'): the root of a secondary instance, or NULL. */
	struct node *(*instance)(void *arg, const char *id);
	/* jr:choice-name(value, '${field}'): the label in the language in force, or NULL. */
	const char *(*choice_label)(void *arg, const char *field, const char *value);
	/* pulldata and other names only the host knows: false when it does not. */
	bool (*function)(void *arg, const char *name, const struct value *args, size_t count,
		struct value *out);
	void *arg;
};

/*
 * Compiles text. ERR_INVALID: why says what is wrong and how to mend it, *at_bytes where (from 0).
 * Unknown functions and what Yimen leaves out on purpose are refused by name.
 */
enum err expr_compile(struct expr **out, const char *text, size_t *at_bytes, struct buf *why);
/*
 * The same, but an unknown function, a wrong number of arguments or a wrong pattern is refused only
 * when evaluation gets there, as XPath's evaluators do (`false() and nonsense()` is false): for
 * expressions tried out by hand. Definitions are read with expr_compile.
 */
enum err expr_compile_lenient(
	struct expr **out, const char *text, size_t *at_bytes, struct buf *why);
void expr_free(struct expr *e);

/*
 * Evaluates with context node `context` (NULL: no document). ERR_INVALID: a value that cannot be
 * (a regex that does not compile, a function given nonsense where ODK refuses it). OK with a why
 * that was empty and is not: a divisor was 0, and *out is no number or tells of none.
 */
enum err expr_eval(const struct expr *e, const struct expr_env *env, struct node *context,
	struct value *out, struct buf *why);

/*
 * Calls visit for each ${name} (path false) and each path into the form (path true, its text). The
 * answer itself (.) and paths inside the tables of instance() are left out: they are no dependence
 * on another answer.
 */
void expr_references(
	const struct expr *e, void (*visit)(void *arg, const char *name, bool path), void *arg);
/* Calls visit for the name of each table that it looks into with pulldata(). */
void expr_tables(const struct expr *e, void (*visit)(void *arg, const char *name), void *arg);
/* Calls visit for the name of each table that it reads with instance(). */
void expr_instances(const struct expr *e, void (*visit)(void *arg, const char *name), void *arg);
/* Calls visit for each field whose choices' words it gives (jr:choice-name); NULL: whose, only its
 * evaluation tells. */
void expr_choice_names(
	const struct expr *e, void (*visit)(void *arg, const char *field), void *arg);
/* Depends on the time of day, chance or position, so it is computed again at each change. */
bool expr_volatile(const struct expr *e);

/* Who knows the words for what a rule speaks of. Every member may be NULL; texts are borrowed. */
struct expr_words {
	/* The words for a field, for "name=value" those of the choice, for "name=" those that stand
	 * for "label is" before its choices; NULL or "": none. */
	const char *(*label)(void *arg, const char *name);
	/* The rule that tells what a calculation without a label is; NULL: the field is none. */
	const struct expr *(*origin)(void *arg, const char *name);
	bool (*is_day)(void *arg, const char *name);	/* its answers are days or times */
	size_t (*choices)(void *arg, const char *name); /* how many it has; 0: none */
	/* What it belongs to, to tell it from another field of that label; NULL: no need. near: the
	 * field that is spoken of with it, or NULL. */
	const char *(*group)(void *arg, const char *name, const char *near);
	const char *self; /* the field that the rule belongs to */
	void *arg;
	/* Why the rule holds, not when it would: of what is joined by "or" only what holds is told.
	 * part: a condition within it, valid for the call. NULL: all is told. */
	bool (*holds)(void *arg, const struct expr *part);
};

/*
 * The rule as a plain sentence in the language in force, for "why not": `${age} >= 60` becomes
 * “年龄 不小于 60”. What is said twice is said once, what is common to several cases stands before
 * them, and no code stands where there are words. The first as a condition, the second as what it
 * gives.
 */
void expr_explain(const struct expr *e, const struct expr_words *words, struct buf *out);
void expr_explain_value(const struct expr *e, const struct expr_words *words, struct buf *out);

#endif
