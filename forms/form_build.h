/*
 * Inside of the form reader: from sheets to a definition. Shared by form_build*.c only.
 */
#ifndef YIMEN_FORMS_FORM_BUILD_H
#define YIMEN_FORMS_FORM_BUILD_H

#include "core/base/buf.h"
#include "forms/form.h"
#include "forms/sheet.h"

/* What a column of a sheet is for. */
enum column {
	COL_NONE,
	COL_TYPE,
	COL_NAME,
	COL_LABEL,
	COL_LABEL_EN,
	COL_HINT,
	COL_HINT_EN,
	COL_REQUIRED,
	COL_REQUIRED_MESSAGE,
	COL_REQUIRED_MESSAGE_EN,
	COL_RELEVANT,
	COL_CONSTRAINT,
	COL_CONSTRAINT_MESSAGE,
	COL_CONSTRAINT_MESSAGE_EN,
	COL_SOFT,
	COL_SOFT_MESSAGE,
	COL_SOFT_MESSAGE_EN,
	COL_CALCULATION,
	COL_DEFAULT,
	COL_READONLY,
	COL_APPEARANCE,
	COL_CHOICE_FILTER,
	COL_REPEAT_COUNT,
	COL_TRIGGER,
	COL_PARAMETERS,
	COL_LIST_NAME,
	COL_DISABLED,
	COL_SAVE_TO,
	COL_GUIDANCE,
	COL_IMAGE, /* of a label */
	COL_BIG_IMAGE,
	COL_MEDIA, /* audio, video of a label */
	COL_EXTRA, /* a column we do not know: kept for choices, passed over in the survey */
	COLUMN__MAX
};

/* A ${name} within a label, a hint or a message: checked when all fields are known. */
struct mention {
	const char *sheet, *name;
	int row, column;
};

/* A choice whose name has a blank: whether it may is known when all questions are read. */
struct spaced_choice {
	const char *sheet, *name;
	size_t list; /* of the form's lists */
	int row, column;
};

/* Columns of a choice file that stand for name and label, from 1; 0: none. */
struct stand_in {
	int name, label, label_en;
};

/* A row that names a data file: nothing to fill in, but a name among those of its group. */
struct file_row {
	const char *name;
	int parent, row;
};

enum {
	BUILDER_TABLES_MAX = 64 /* files that expressions look into */
};

struct builder {
	struct form *form;
	struct buf *faults, *doubts;
	const struct sheet *sheet; /* the one being read */
	enum column columns[SHEET_COLUMNS_MAX];
	size_t column_count;
	const struct sheet_row *row; /* the one being read */
	bool allow_choice_duplicates;
	const struct form_questions *asked; /* what guides ask before; NULL: not known */
	const char *folder; /* where files of select_one_from_file are; NULL: none */
	struct mention *mentions;
	size_t mention_count;
	struct spaced_choice *spaced;
	size_t spaced_count;
	bool table; /* what is read are the rows of a table, no choices */
	bool plain; /* the sheet's columns are what they are called, name and value two of them */
	int table_count;
	const struct stand_in *stand_in;     /* while the rows of a file are read; NULL: none */
	size_t file_lists;		     /* files of choices that there may still be */
	const struct sheet *external;	     /* choices of select_one_external; NULL: none */
	size_t external_first, external_end; /* of the form's lists, those that it has */
	bool has_choices;		     /* there is such a sheet */
	bool reads_files; /* csv-external rows: a form of nothing else is one too */
	bool instance_id; /* ${instanceID} may be mentioned */
	bool names_cases; /* the settings say what a case is called */
	int naming;	  /* the field that has this name; -1: none */
	const struct sheet *naming_sheet;
	int naming_column;
	bool naming_vain; /* it is the same for every case */
	bool root_named;  /* by the settings, or else by the first path from the top */
	size_t fault_count, rule_faults; /* all that were told; of them, expressions */
	bool survey_read;		 /* its rows were gone through */
	const char **lost;		 /* names of rows that are no fields, for they are faulty */
	size_t lost_count;
	int *field_rows; /* row number of each field, for faults found later */
	struct file_row *file_rows;
	size_t file_row_count;
};

/* Parts the rules, and their messages, that joined forms have at one question (form_merge.c). */
#define SOFT_PART "\x1e"

/* Text that lives as long as the form. "" for NULL. */
const char *form_keep(struct form *f, const char *text);
const char *form_keepn(struct form *f, const char *text, size_t len_bytes);
void *form_alloc(struct form *f, size_t count, size_t size);

/* The cell of this column in the present row, "" when there is none; *at its number from 1. */
const char *builder_cell(const struct builder *b, enum column c, int *at);
/* "file:row:column: sentence". column 0: of the whole row. */
void builder_fault(struct builder *b, int column, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The same of what a valid form may mean, but probably does not: told, not refused. */
void builder_doubt(struct builder *b, int column, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* What a header says: "label::中文 (zh)" is a label in a language, "bind::relevant" is one name. */
enum column builder_column(const char *header);
/* Knows the header of the present sheet; false when there are two columns for the same. */
bool builder_header(struct builder *b);

/* Says of a column not known that it is nearly one that is. */
void check_heading(struct builder *b, size_t column);
/* The same of sheets, when the one that is meant is not there. */
void check_sheet_names(struct builder *b, const struct workbook *w);
/* The survey has no types: where its headings are, or what they should be. */
void say_no_type(struct builder *b);
/* There is no survey: which sheets there are. */
void say_no_survey(struct builder *b, const struct workbook *w);

/* XML names less the colon; Chinese letters are letters. */
bool good_name(const char *name);
/* Remembers what a text of the present row mentions, or all of them. */
void builder_mention(struct builder *b, const char *text, int column);
void builder_mentions(struct builder *b);

/* The next name=value of a parameters cell, parted by blanks, commas or semicolons. */
bool parameters_next(const char **rest, struct buf *name, struct buf *value);
/* Says what a type ("range", "select", "file", "text", "image", "audit") does not take: false then.
 */
bool check_parameters(struct builder *b, const char *type);
/* The steps of a range into the field; says those that do not fit together. */
void read_range(struct builder *b, struct field *f);
/* Digits with at most one point, a sign before them. */
bool is_decimal(const char *text);

void build_settings(struct builder *b, const struct workbook *w);
/* When all fields are read: what a case is called (instance_name) as a computed field instanceName
 * in a group meta, as the form notes it of itself. Nothing when a field has this name already. */
void build_naming(struct builder *b, const struct workbook *w);
void build_choices(struct builder *b, const struct workbook *w);
/* The language part of a heading names English: "English (en)", "en", "English". */
bool builder_english(const char *language);
/* One more list; its name may be another's too. */
struct choice_list *builder_new_list(struct builder *b, const char *name);
/* Lists of the sheets choices and external_choices may have the same name, but are two. */
const struct choice_list *builder_external_list(const struct builder *b, const char *name);
/* A list of the form once more, under the same name, which still finds the first. At most once. */
struct choice_list *builder_copy_list(struct builder *b, const struct choice_list *list);
/* One more choice of a list of the form; the texts live as long as it. */
void builder_put_choice(struct builder *b, const struct choice_list *list, const char *name,
	const char *label, const char *label_en);
/* Knows the header of a sheet of choices; false when it is wrong. */
bool builder_choices_header(struct builder *b);
/* The rows of the present sheet, into one list or (NULL) those that they name. */
void builder_list_rows(struct builder *b, struct choice_list *only);
void build_survey(struct builder *b, const struct workbook *w);
/* A rule whose paths are followed. */
struct path_rule {
	const struct expr *expr;
	int field; /* whose it is */
	const char *column;
	int column_at;	 /* its number */
	bool of_choices; /* choice_filter: seen from each choice */
	bool *uses;	 /* NULL: what leads nowhere is said; else marks the fields paths lead to */
};
void check_paths(struct builder *b, const struct path_rule *rule);

/* After all is read: names that rules refer to, calculations that go round in a circle. */
void build_references(struct builder *b);
/* The present row is no field, for its fault is told: nor is it told that its name is missing. */
void builder_lose(struct builder *b);
/* It stands in the sheet, in such a row. */
bool builder_lost(const struct builder *b, const char *name);

/* The definition of a workbook read; folder: where its files are, NULL: none. asked: see
 * form_read_asked. */
enum err form_build(struct form **out, const struct workbook *w, const char *folder,
	const struct form_questions *asked, struct buf *faults);

/* NULL: no such list. */
const struct choice_list *form_list(const struct form *f, const char *name);
/* A list from a file of the form's folder, by its columns name and label or those that the present
 * row's parameters say (value=, label=); NULL with a fault. */
const struct choice_list *build_file_list(struct builder *b, const char *file, int column);
/* A table that expressions look into, from the file of this name and kind (".csv", ".xml") in the
 * form's folder: any columns. Nothing when it is known already, or when the sheets stand in no
 * folder. */
void build_table(struct builder *b, const char *name, const char *kind, int column);
/* The number, from 1, of the present sheet's first column of this kind; 1: there is none. */
int builder_column_number(const struct builder *b, enum column c);

#endif
