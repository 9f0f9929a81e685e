/* Choice files and data tables that stand beside the sheets of a form. */
#include "forms/form_build.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"

enum {
	FILE_MAX_BYTES = 16 << 20
};

/* Which columns of a file stand for a choice's name and label; NULL: name, label. */
struct mapping {
	char *value, *label;
	int at; /* the parameters cell that says so */
};

static void take(char **to, const struct buf *value)
{
	free(*to);
	*to = mem_strdup(buf_str(value));
}

/* "value=code label=title" of the present row. */
static void read_mapping(const struct builder *b, struct mapping *m)
{
	struct buf name = {0}, value = {0};
	const char *cell = builder_cell(b, COL_PARAMETERS, &m->at);

	while (parameters_next(&cell, &name, &value))
		if (strcasecmp(buf_str(&name), "value") == 0 && value.len > 0)
			take(&m->value, &value);
		else if (strcasecmp(buf_str(&name), "label") == 0 && value.len > 0)
			take(&m->label, &value);
	buf_fini(&name);
	buf_fini(&value);
}

static void free_mapping(struct mapping *m)
{
	free(m->value);
	free(m->label);
}

static bool same_column(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The list of this file whose choices are named by the same columns, or NULL. */
static const struct choice_list *known_list(
	const struct form *f, const char *file, const struct mapping *m)
{
	for (size_t i = 0; i < f->list_count; i++) {
		const struct choice_list *l = &f->lists[i];
		if (strcmp(l->name, file) == 0 && same_column(l->value_column, m->value) &&
			same_column(l->label_column, m->label))
			return l;
	}
	return NULL;
}

/* Expressions name both alike: instance('states'). */
static bool same_as_list(const struct builder *b, const char *file)
{
	struct buf stem = {0};
	bool same;

	buf_add(&stem, file, strlen(file) - 4);
	same = form_list(b->form, buf_str(&stem)) != NULL;
	buf_fini(&stem);
	return same;
}

bool form_list_file(const char *name)
{
	size_t n = strlen(name);

	return n > 4 &&
	       (strcasecmp(name + n - 4, ".csv") == 0 || strcasecmp(name + n - 4, ".xml") == 0);
}

/* Of two files that differ only in their kind none could be meant by instance('states'). */
static bool only_one(struct builder *b, const char *file, int column)
{
	size_t stem = strlen(file) - 4;

	for (size_t i = 0; i < b->form->list_count; i++) {
		const char *other = b->form->lists[i].name;
		if (form_list_file(other) && strlen(other) == stem + 4 &&
			strncmp(other, file, stem) == 0 && strcmp(other, file) != 0) {
			builder_fault(b, column, tr("数据文件 %s 和 %s 同名不同类, 请改一个的名字"),
				other, file);
			return false;
		}
	}
	return true;
}

/* ---- the columns ---- */

/* The header's column of this name, from 1, in the language asked for ("title::English (en)");
 * 0: none. */
static int column_named(const struct sheet_row *header, const char *name, bool english)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < header->count; i++) {
		const char *cell = header->cells[i];
		if (strncmp(cell, name, n) != 0)
			continue;
		if (cell[n] == '\0' ? !english
				    : strncmp(cell + n, "::", 2) == 0 &&
					      builder_english(cell + n + 2) == english)
			return (int)i + 1;
	}
	return 0;
}

/* Where a choice's parts stand in the sheet's header. What is asked for and not there is put into
 * *missing, with the parameter that asks for it. */
static struct stand_in find_columns(const struct sheet_row *header, const struct mapping *m,
	const char **missing, const char **parameter)
{
	const char *value = m->value != NULL ? m->value : "name";
	const char *label = m->label != NULL ? m->label : "label";
	struct stand_in s = {column_named(header, value, false), column_named(header, label, false),
		column_named(header, label, true)};

	*missing = NULL;
	*parameter = "value";
	if (s.name == 0) {
		*missing = value;
	} else if (m->label != NULL && s.label == 0 && s.label_en == 0) {
		*missing = label;
		*parameter = "label";
	}
	return s;
}

/* ---- the rows ---- */

/* The builder is at a file's sheet, whose header has been read. */
static void read_rows(struct builder *b, struct choice_list *l)
{
	for (size_t i = 0; (b->table || l->own_columns) && i < b->column_count; i++)
		b->columns[i] = COL_EXTRA;
	builder_list_rows(b, l);
}

static bool has_names(const struct builder *b)
{
	for (size_t i = 0; i < b->column_count; i++)
		if (b->columns[i] == COL_NAME)
			return true;
	return false;
}

/* What the file lacks, said where the survey asks for it. */
static void say_missing(struct builder *b, int at, const struct choice_list *l, const char *column,
	const char *parameter)
{
	builder_fault(b, at, tr("选项文件 %s 没有 %s 这一列, 请在 parameters 写 %s=文件里的列名"),
		l->name, column, parameter);
}

/* Reads the rows of a file into the list, and goes on where the builder was. */
static void read_sheet(struct builder *b, const struct sheet *s, struct choice_list *l,
	const struct mapping *m, int column)
{
	const struct sheet *survey = b->sheet;
	const struct sheet_row *row = b->row;
	enum column columns[SHEET_COLUMNS_MAX];
	size_t column_count = b->column_count;
	const char *missing = NULL, *parameter = "value";
	struct stand_in stand_in = {0, 0, 0};

	memcpy(columns, b->columns, sizeof columns);
	b->sheet = s;
	b->plain = b->table || l->own_columns;
	if (builder_choices_header(b)) {
		if (l->own_columns)
			stand_in = find_columns(&s->rows[0], m, &missing, &parameter);
		else if (!b->table && !has_names(b))
			missing = "name";
		b->stand_in = l->own_columns ? &stand_in : NULL;
		if (missing == NULL)
			read_rows(b, l);
		b->stand_in = NULL;
	}
	b->plain = false;
	b->sheet = survey;
	b->row = row;
	b->column_count = column_count;
	memcpy(b->columns, columns, sizeof columns);
	if (missing != NULL)
		say_missing(b, l->own_columns ? m->at : column, l, missing, parameter);
}

static bool is_xml(const char *file)
{
	return strcasecmp(file + strlen(file) - 4, ".xml") == 0;
}

static void read_file(struct builder *b, const char *file, struct choice_list *l,
	const struct mapping *m, int column)
{
	struct workbook w = {.count = 0};
	struct buf text = {0};
	char *path = paths_join(b->folder, file);
	struct sheet *s = workbook_add(&w, file, file);

	if (paths_read(&text, path, FILE_MAX_BYTES) != OK)
		builder_fault(b, column, tr("找不到选项文件 %s, 请放进表单的文件夹"), file);
	else if ((is_xml(file) ? xml_rows_read : csv_read)(
			 s, buf_str(&text), text.len, b->faults) == OK &&
		 s->count > 0)
		read_sheet(b, s, l, m, column);
	workbook_fini(&w);
	buf_fini(&text);
	free(path);
}

/* ---- lists and tables ---- */

static const struct choice_list *new_file_list(
	struct builder *b, const char *file, const struct mapping *m, int column)
{
	struct choice_list *l;

	if (strchr(file, '/') != NULL || !form_list_file(file)) {
		builder_fault(
			b, column, tr("选项文件 %s 要是表单文件夹里的 .csv 或 .xml 文件"), file);
		return NULL;
	}
	if (same_as_list(b, file)) {
		builder_fault(b, column, tr("选项文件 %s 与 choices 表的列表同名, 请改一个"), file);
		return NULL;
	}
	if (!only_one(b, file, column))
		return NULL;
	if (b->file_lists == 0) { /* a loop makes many rows of one */
		builder_fault(b, column,
			tr("一张表里的选项文件不能比行还多, 请把 %s 放进 choices 表"), file);
		return NULL;
	}
	b->file_lists--;
	l = builder_new_list(b, file);
	l->own_columns = m->value != NULL || m->label != NULL;
	l->value_column = m->value != NULL ? form_keep(b->form, m->value) : NULL;
	l->label_column = m->label != NULL ? form_keep(b->form, m->label) : NULL;
	if (b->folder != NULL) /* sheets alone: the file is looked for when they stand in one */
		read_file(b, file, l, m, column);
	return l;
}

const struct choice_list *build_file_list(struct builder *b, const char *file, int column)
{
	struct mapping m = {NULL, NULL, 0};
	const struct choice_list *l;

	read_mapping(b, &m);
	l = known_list(b->form, file, &m);
	if (l == NULL)
		l = new_file_list(b, file, &m, column);
	free_mapping(&m);
	return l;
}

static void add_table(struct builder *b, const char *file, int column)
{
	static const struct mapping none = {NULL, NULL, 0};
	struct choice_list *l;

	if (!only_one(b, file, column))
		return;
	if (b->table_count == BUILDER_TABLES_MAX) {
		builder_fault(b, column, tr("一张表最多用 %d 个数据文件"), BUILDER_TABLES_MAX);
		return;
	}
	b->table_count++;
	l = builder_new_list(b, file);
	b->table = true;
	if (b->folder != NULL)
		read_file(b, file, l, &none, column);
	b->table = false;
}

void build_table(struct builder *b, const char *name, const char *kind, int column)
{
	struct buf file = {0};

	buf_adds(&file, name);
	if (!form_list_file(name))
		buf_adds(&file, kind);
	if (form_list(b->form, name) == NULL && form_list(b->form, file.data) == NULL &&
		strchr(name, '/') == NULL)
		add_table(b, file.data, column);
	buf_fini(&file);
}
