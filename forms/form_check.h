/*
 * Inside of the form reader: checks of single rows and rules, each of which tells what is wrong
 * where it stands (builder_fault) or is probably not meant (builder_doubt). They change nothing.
 */
#ifndef YIMEN_FORMS_FORM_CHECK_H
#define YIMEN_FORMS_FORM_CHECK_H

#include "forms/form_build.h"

/* ---- a row of the survey; b is at it ---- */

/* The name of the newest field, from column at. */
void check_name(struct builder *b, const struct field *f, int at);
/* The same of a data file in the group parent, -1: in none; its name counts from then on. */
bool check_file_name(struct builder *b, const char *name, int parent, int at);
/* What only some types may have, the words it is asked in, the number of a repeat. */
void check_row(struct builder *b, struct field *f, int type_at);
/* A constant default that could never be an answer. */
void check_default(struct builder *b, const struct field *f);
/* Messages without their rule, rules of another type. */
void check_lone_columns(struct builder *b, const struct field *f);
/* It is no type, no list of choices. */
void say_unknown_type(struct builder *b, const char *cell, int at);
void say_unknown_list(struct builder *b, const char *name, int at);
/* Takes kind and same_as from the field's appearance; says words that are nearly ours. */
void read_appearance(struct builder *b, struct field *f);

/* ---- the choices ---- */

/* Answers of several are parted by blanks: the names of choices may have none then. */
void check_choice_names(struct builder *b);
/* Choices of the sheets that questions offer without words for them. */
void check_choice_words(struct builder *b, const struct workbook *w);
/* Lists that nothing uses. */
void check_unused_lists(struct builder *b, const struct workbook *w);
/* What is written is none of the choices: the rest of the sentence, which one was meant or which
 * there are; true: one was meant. */
bool say_choices(const struct choice_list *l, const char *written, struct buf *out);
/* The answers of this field are choices that the sheets have, all of them. */
bool has_known_choices(const struct field *f);
bool is_choice(const struct choice_list *l, const char *name, size_t len_bytes);

/* ---- rules, when all fields are known ---- */

/* A constant that a field is compared with; one: a single choice, not several. Numbers are given
 * as text. */
struct compared {
	const struct path_rule *rule;
	const struct field *with;
	const char *text;
	bool number, one;
};
/* It can never be an answer of the field, so that the rule is always or never true. */
void check_compared(struct builder *b, const struct compared *c);
/* pulldata() asks for a column that the file does not have. */
void say_no_column(struct builder *b, const struct path_rule *rule, const struct choice_list *l,
	const char *column);
/* A rule of this column speaks of a name that no field has. */
void say_no_field(struct builder *b, int at, int field, const char *column, const char *name);
/* The column of the list whose name is nearly this, or NULL. */
const char *near_column(const struct choice_list *l, const char *name);
/* The field whose name is nearly this, or NULL. */
const char *near_field(const struct form *f, const char *name);
/* It is right as an expression, but is always the same. */
void check_rule(struct builder *b, const struct path_rule *rule);
/* A number that stands in it has more digits than are kept. */
void check_long_numbers(struct builder *b, const struct path_rule *rule);
/* Names of fields that differ only in the case of letters. */
void check_name_case(struct builder *b);
/* A default that the field's own constraint refuses; b is at the field's row. */
void check_default_meets(struct builder *b, int field);
/* It must be answered, and what shows it never holds; b is at the field's row. */
void check_never_asked(struct builder *b, int field);
/* What same-as and trigger name; b is at the field's row. */
void check_same_as(struct builder *b, int field);
void check_trigger(struct builder *b, int field, const char *name);
/* repeat_count is a number from 0; b is at the field's row. */
void check_count_rule(struct builder *b, int field);

#endif
