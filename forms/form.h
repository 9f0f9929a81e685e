/*
 * A form definition, read from XLSForm sheets (CSV folder, markdown table, .xlsx). Immutable once
 * read; it knows its fields in document order, its choice lists and, for each field, its compiled
 * rules. A definition with a fault is refused as a whole, every fault listed as file:row:column;
 * what is only doubtful is kept with the form, for who writes it, or told after the faults.
 */
#ifndef YIMEN_FORMS_FORM_H
#define YIMEN_FORMS_FORM_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct expr;
struct form_memory;
struct form_plan;

enum field_type {
	FIELD_TEXT,
	FIELD_INTEGER,
	FIELD_DECIMAL,
	FIELD_DATE,
	FIELD_TIME,
	FIELD_DATETIME,
	FIELD_SELECT_ONE,
	FIELD_SELECT_MULTIPLE,
	FIELD_NOTE,
	FIELD_CALCULATE,
	FIELD_HIDDEN,
	FIELD_ACKNOWLEDGE,
	FIELD_RANGE,
	FIELD_RANK,
	FIELD_FILE,
	FIELD_GROUP,
	FIELD_REPEAT,
	FIELD__MAX
};

struct choice {
	const char *name;
	const char *label;    /* Chinese, or the only language there is */
	const char *label_en; /* NULL: none */
	const char **columns; /* values of the list's other columns, in the list's order */
};

struct choice_list {
	const char *name;
	struct choice *choices;
	size_t count;
	const char **column_names;
	size_t column_count;
	/* The columns of a file that stand for name and label; NULL: name, label. */
	const char *value_column, *label_column;
	bool own_columns; /* a file where others stand for them: its rows have just its columns */
};

/* What is rare, not wrong: where it does not hold, a reason is asked for. */
struct soft_rule {
	struct expr *expr;
	const char *text;		  /* as the form writes it */
	const char *message, *message_en; /* "" when the form has none */
};

struct field {
	enum field_type type;
	const char *name;
	int parent; /* index of the enclosing group or repeat; -1: the root */
	int end;    /* group, repeat: index after its last descendant; else own index + 1 */
	const char *label, *label_en;
	const char *hint, *hint_en;
	const char *picked, *picked_en; /* stands for "label is" before its choices; NULL: none */
	const char *required_message, *required_message_en;
	const char *constraint_message, *constraint_message_en;
	const char *appearance; /* words separated by blanks, "" if none */
	const char *kind;	/* checked type from appearance ("id-card", "mobile" …) or NULL */
	const char *default_text; /* constant default, NULL if none or dynamic */
	const char
		*same_as; /* a question of the same fact: no line of its own while that is asked */
	bool readonly;
	bool always_required;
	bool is_code;	  /* a number on a paper: no blanks in it, capitals, half width */
	bool may_be_none; /* repeat: if nothing was answered in its only repetition, there is none
			   */
	const struct choice_list *list; /* selects and rank */
	struct expr *relevant, *constraint, *calculation, *required, *readonly_if, *dynamic_default,
		*choice_filter, *repeat_count;
	struct soft_rule *soft; /* more than one: of the forms that a bundle joined */
	size_t soft_count;
	/* NULL, or the fields, up to a NULL, any of which triggers the calculation by its change */
	const char *const *trigger;
	double range_start, range_end, range_step;
};

struct form {
	const char *id, *version, *title, *title_en;
	/* What a valid form may mean, but this one probably does not: "file:row:column: sentence" a
	 * line; "": nothing. */
	const char *doubts;
	const char *root; /* what paths call the form itself: /data/name */
	struct field *fields;
	size_t count;
	struct choice_list *lists;
	size_t list_count;
	const int *by_name;	      /* private: field numbers in the order of names */
	const struct form_plan *plan; /* private: form_plan.h */
	struct form_memory *memory;   /* private: what is freed with it */
};

/* In the language in force, falling back to the other; "" when there is none. */
const char *field_label(const struct field *f);
const char *field_hint(const struct field *f);
const char *field_constraint_message(const struct field *f);
const char *soft_rule_message(const struct soft_rule *r);
const char *field_required_message(const struct field *f);
const char *choice_text(const struct choice *c);
const char *form_title(const struct form *f);
/* The words for a field's name, for "name=value" those of the choice, for "name=" those that a rule
 * has before its choices; NULL: there is none. As expr_explain asks for them. */
const char *form_words(const struct form *f, const char *name);

/*
 * Reads a folder of survey.csv, choices.csv, settings.csv. ERR_INVALID: faults holds one line a
 * fault, "file:row:column: what and how to mend it".
 */
enum err form_read_folder(struct form **out, const char *path, struct buf *faults);
enum err form_read_markdown(
	struct form **out, const char *text, size_t len_bytes, struct buf *faults);
enum err form_read_xlsx(struct form **out, const char *path, struct buf *faults);
/*
 * The questions (情形) of the guides that use a form: what its hidden fields of their names are
 * given. A rule of the form that names an answer which none of them has is a doubt.
 */
struct form_questions {
	const struct form *const *forms;
	size_t count;
};
/* A folder, or an .xlsx file by its name; asked: NULL when no guide is known. */
enum err form_read_asked(struct form **out, const char *path, const struct form_questions *asked,
	struct buf *faults);
/* The 情形 questions of a matter: a JSON array of
 * {name,type,label,label_en,hint,picked,picked_en,choices,relevant,default,soft_constraint,soft_constraint_message,
 * soft_constraint_message_en}.
 */
enum err form_read_situation(
	struct form **out, const char *json_text, size_t len_bytes, struct buf *faults);
/* Hidden fields that are named like a question take its words: what they hold can be told then.
 * questions must outlive the form. Only before an entry is made of it. */
void form_adopt_words(struct form *f, const struct form *questions);
/*
 * Puts these choices (names and labels at once) before those of a list, or, when alone, in their
 * place: what only the moment knows, like the materials of one case. Blanks in a name stand as
 * no-break spaces, so that an answer of several keeps them apart. Only before an entry is made of
 * it. ERR_NOT_FOUND: no such list.
 */
enum err form_offer(
	struct form *f, const char *list, const char *const *names, size_t count, bool alone);
/* What instance(id) means: a list, or that of the file id.csv or id.xml; NULL: none. */
const struct choice_list *form_table(const struct form *f, const char *id);
/* The name is one of a file of choices or data: .csv, .xml. */
bool form_list_file(const char *name);
void form_free(struct form *f);
/* It has choices, or may be given them: see form_adopt_words. */
bool field_chooses(const struct field *f);
/* A person answers it, as against notes, groups, what is hidden or computed. */
bool form_asks(const struct field *f);
int form_find(const struct form *f, const char *name); /* index of the first of this name, or -1 */
/* All fields of this name (in different groups), in document order; borrowed. Returns how many. */
size_t form_named(const struct form *f, const char *name, const int **out);
/* The same of the first len_bytes of name. */
size_t form_named_part(const struct form *f, const char *name, size_t len_bytes, const int **out);

#endif
