/*
 * Inside of the expression language: what a function's code sees, and the table of functions. A
 * function evaluates its own arguments, so that if() and once() leave alone what they do not need.
 */
#ifndef YIMEN_FORMS_FN_H
#define YIMEN_FORMS_FN_H

#include "forms/expr_node.h"

/* One evaluation of one expression. */
struct run {
	const struct expr *e;
	const struct expr_env *env;
	struct node *origin; /* current() */
	struct buf *why;
	bool by_zero;  /* a divisor was 0 */
	uint32_t work; /* counts nodes visited: a rule that never ends is stopped */
};

/* Where it stands. Position and size are those of the predicate it is in, or 0. */
struct ctx {
	struct node *node;
	size_t position, size;
};

/* A string that is mostly borrowed (a constant, an answer). */
struct str {
	const char *s;
	char *own;
};
void str_fini(struct str *s);

/* Evaluation of node `at` of the compiled tree; out is written only on OK. */
enum err run_value(struct run *r, int32_t at, const struct ctx *ctx, struct value *out);
enum err run_number(struct run *r, int32_t at, const struct ctx *ctx, double *out);
enum err run_boolean(struct run *r, int32_t at, const struct ctx *ctx, bool *out);
enum err run_string(struct run *r, int32_t at, const struct ctx *ctx, struct str *out);
/* ERR_INVALID, with a sentence, when it is not a node set. */
enum err run_nodes(struct run *r, int32_t at, const struct ctx *ctx, struct value *out);
enum err run_path(struct run *r, int32_t at, const struct ctx *ctx, struct value *out);
enum err run_filter(struct run *r, int32_t at, const struct ctx *ctx, struct value *out);
enum err run_compare(struct run *r, int32_t at, const struct ctx *ctx, bool *out);
enum err run_reference(struct run *r, const char *name, struct node *from, struct value *out);
/* Counts work; ERR_INVALID when there was too much of it. */
enum err run_spend(struct run *r, size_t steps);

/* A call of a function: its arguments are the children of `at`. */
struct call {
	struct run *run;
	const struct ctx *ctx;
	int32_t at;
	int count;
};

struct fn {
	const char *name;
	short min, max; /* arguments; max -1: any number */
	unsigned flags;
	enum err (*eval)(struct call *c, struct value *out);
	const char *says; /* N_() pattern of its plain sentence, {1} {2} its arguments; or NULL */
};

enum fn_flag {
	FN_VOLATILE = 1, /* depends on time, chance or position */
	FN_BOOLEAN = 2,	 /* says something true or false: its sentence stands by itself */
	FN_PAIRS = 4,	 /* arguments after the fewest come in pairs */
	FN_CHECKED = 8,	 /* constants it would refuse are refused when the rule is read */
	FN_OF_NODES = 16 /* the first argument is a field or a path */
};

const struct fn *fn_find(const char *name, size_t len_bytes);
/* The names of all, one after another; NULL: there are no more. */
const char *fn_name(size_t i);
/* Why a function of other systems is not here, or NULL: a sentence in the language in force. */
const char *fn_left_out(const char *name, size_t len_bytes);

int32_t call_arg(const struct call *c, int i); /* EXPR_NONE: not given */
enum err call_value(struct call *c, int i, struct value *out);
enum err call_number(struct call *c, int i, double *out);
enum err call_boolean(struct call *c, int i, bool *out);
enum err call_string(struct call *c, int i, struct str *out);
enum err call_nodes(struct call *c, int i, struct value *out);
/* Its argument i, or, when it was not given, the text of the node it is asked at. */
enum err call_string_or_self(struct call *c, int i, struct str *out);

/* Results. */
enum err put_number(struct value *out, double n);
enum err put_boolean(struct value *out, bool b);
enum err put_string(struct value *out, const char *s);
enum err put_bytes(struct value *out, const char *s, size_t len_bytes);
enum err put_buf(struct value *out, struct buf *b); /* takes the bytes */
/* The refusal: fills why, gives ERR_INVALID. */
enum err run_refuse(struct run *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Text of a string value as a number: plain, or a date as days since 1970 UTC (ODK's number()). */
double text_number(const struct expr_env *env, const char *s);
/* Length in bytes of what a sentence shows of s: at most 20 code points. For "%.*s". */
int shown_bytes(const char *s);
/* A node's text; borrowed when it is a leaf. */
void node_str(const struct node *n, struct str *out);
/* The field's name in '${name}', '/data/group/name' or 'name'. Appends. */
void fn_field_name(const char *s, struct buf *out);
/* It or a node above it is hidden. */
bool node_hidden(const struct node *n);

/* Calls each with the text of every item of the arguments from i on: of every node of a set, of a
 * single value otherwise. Stops at the first result that is not OK. */
enum err call_each(struct call *c, int i,
	enum err (*each)(void *arg, const struct value *v, const struct node *n), void *arg);

/* fn_*.c */
enum err fn_string_concat(struct call *c, struct value *out);
enum err fn_string_join(struct call *c, struct value *out);
enum err fn_string_substr(struct call *c, struct value *out);
enum err fn_string_substring(struct call *c, struct value *out);
enum err fn_string_before(struct call *c, struct value *out);
enum err fn_string_after(struct call *c, struct value *out);
enum err fn_string_translate(struct call *c, struct value *out);
enum err fn_string_length(struct call *c, struct value *out);
enum err fn_string_normalize(struct call *c, struct value *out);
enum err fn_string_contains(struct call *c, struct value *out);
enum err fn_string_starts(struct call *c, struct value *out);
enum err fn_string_ends(struct call *c, struct value *out);
enum err fn_string_string(struct call *c, struct value *out);
enum err fn_string_regex(struct call *c, struct value *out);
enum err fn_string_uuid(struct call *c, struct value *out);
enum err fn_string_digest(struct call *c, struct value *out);
enum err fn_string_base64(struct call *c, struct value *out);

enum err fn_logic_if(struct call *c, struct value *out);
enum err fn_logic_coalesce(struct call *c, struct value *out);
enum err fn_logic_once(struct call *c, struct value *out);
enum err fn_logic_true(struct call *c, struct value *out);
enum err fn_logic_false(struct call *c, struct value *out);
enum err fn_logic_boolean(struct call *c, struct value *out);
enum err fn_logic_from_string(struct call *c, struct value *out);
enum err fn_logic_not(struct call *c, struct value *out);
enum err fn_logic_checklist(struct call *c, struct value *out);
enum err fn_logic_weighted(struct call *c, struct value *out);
enum err fn_logic_depend(struct call *c, struct value *out);

enum err fn_number_number(struct call *c, struct value *out);
enum err fn_number_int(struct call *c, struct value *out);
enum err fn_number_round(struct call *c, struct value *out);
enum err fn_number_floor(struct call *c, struct value *out);
enum err fn_number_ceiling(struct call *c, struct value *out);
enum err fn_number_abs(struct call *c, struct value *out);
enum err fn_number_pow(struct call *c, struct value *out);
enum err fn_number_log(struct call *c, struct value *out);
enum err fn_number_log10(struct call *c, struct value *out);
enum err fn_number_exp(struct call *c, struct value *out);
enum err fn_number_exp10(struct call *c, struct value *out);
enum err fn_number_sqrt(struct call *c, struct value *out);
enum err fn_number_pi(struct call *c, struct value *out);
enum err fn_number_random(struct call *c, struct value *out);
enum err fn_number_sum(struct call *c, struct value *out);
enum err fn_number_min(struct call *c, struct value *out);
enum err fn_number_max(struct call *c, struct value *out);

/* date() of a value: YYYY-MM-DD, with its time of day when it has one; '' stays ''. */
enum err fn_date_of(struct call *c, const struct value *v, struct value *out);
enum err fn_date_today(struct call *c, struct value *out);
enum err fn_date_now(struct call *c, struct value *out);
enum err fn_date_date(struct call *c, struct value *out);
enum err fn_date_decimal(struct call *c, struct value *out);
enum err fn_date_decimal_time(struct call *c, struct value *out);
enum err fn_date_format(struct call *c, struct value *out);

enum err fn_set_count(struct call *c, struct value *out);
enum err fn_set_count_non_empty(struct call *c, struct value *out);
enum err fn_set_position(struct call *c, struct value *out);
enum err fn_set_last(struct call *c, struct value *out);
enum err fn_set_current(struct call *c, struct value *out);
enum err fn_set_instance(struct call *c, struct value *out);
enum err fn_set_name(struct call *c, struct value *out);
enum err fn_set_randomize(struct call *c, struct value *out);
enum err fn_set_indexed_repeat(struct call *c, struct value *out);
enum err fn_set_pulldata(struct call *c, struct value *out);

enum err fn_select_selected(struct call *c, struct value *out);
enum err fn_select_at(struct call *c, struct value *out);
enum err fn_select_count(struct call *c, struct value *out);
enum err fn_select_choice_name(struct call *c, struct value *out);

enum err fn_clerk_valid(struct call *c, struct value *out);
enum err fn_clerk_birth(struct call *c, struct value *out);
enum err fn_clerk_person_type(struct call *c, struct value *out);
enum err fn_clerk_sex(struct call *c, struct value *out);
enum err fn_clerk_region(struct call *c, struct value *out);
enum err fn_clerk_age(struct call *c, struct value *out);
enum err fn_clerk_rmb_words(struct call *c, struct value *out);
enum err fn_clerk_number_words(struct call *c, struct value *out);
enum err fn_clerk_workday_add(struct call *c, struct value *out);
enum err fn_clerk_workday_count(struct call *c, struct value *out);

#endif
