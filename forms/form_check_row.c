/* What a row of the survey may say: its name, what its type takes, its words. */
#include "forms/form_check.h"

#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/form_types.h"

static void say_twice(struct builder *b, const char *name, int row, int at)
{
	builder_fault(b, at, tr("栏名 %s 与第 %d 行重复, 请改名"), name, row);
}

/* The row of a data file of this name in the group; 0: none. */
static int file_row(const struct builder *b, const char *name, int parent)
{
	for (size_t i = 0; i < b->file_row_count; i++)
		if (b->file_rows[i].parent == parent && strcmp(b->file_rows[i].name, name) == 0)
			return b->file_rows[i].row;
	return 0;
}

void check_name(struct builder *b, const struct field *f, int at)
{
	size_t i;
	int row;

	if (!good_name(f->name)) {
		builder_fault(b, at,
			tr("栏名 %s 不能用: 以字母或下划线开头, 只有字母、数字、_ - ."), f->name);
		return;
	}
	if (strcmp(f->name, "meta") == 0) {
		builder_fault(b, at, tr("栏名 meta 留给表单自己的说明, 请改名"));
		return;
	}
	if (f->type == FIELD_REPEAT && strcmp(f->name, b->form->root) == 0) {
		builder_fault(b, at, tr("重复组 %s 与整张表同名, 请改名"), f->name);
		return;
	}
	for (i = 0; i < b->form->count - 1; i++) {
		const struct field *x = &b->form->fields[i];
		bool repeats = f->type == FIELD_REPEAT && x->type == FIELD_REPEAT;
		if ((repeats || x->parent == f->parent) && strcmp(x->name, f->name) == 0) {
			say_twice(b, f->name, b->field_rows[i], at);
			return;
		}
	}
	if ((row = file_row(b, f->name, f->parent)) != 0)
		say_twice(b, f->name, row, at);
}

bool check_file_name(struct builder *b, const char *name, int parent, int at)
{
	int row = file_row(b, name, parent);

	for (size_t i = 0; row == 0 && i < b->form->count; i++)
		if (b->form->fields[i].parent == parent &&
			strcmp(b->form->fields[i].name, name) == 0)
			row = b->field_rows[i];
	if (row != 0)
		say_twice(b, name, row, at);
	b->file_rows = mem_resize(b->file_rows, b->file_row_count + 1, sizeof *b->file_rows);
	b->file_rows[b->file_row_count++] =
		(struct file_row){form_keep(b->form, name), parent, b->row->number};
	return row == 0;
}

/* What only some types may have. */
static void check_kind(struct builder *b, struct field *f, int type_at)
{
	const char *type = builder_cell(b, COL_TYPE, NULL);
	int at = 0;

	if (builder_cell(b, COL_SAVE_TO, &at)[0] != '\0')
		builder_fault(b, at, tr("save_to (存入实体清单) 不支持, 请去掉这一列"));
	if (f->list != NULL)
		check_parameters(
			b, strstr(type, "from_file") != NULL || strstr(type, "from file") != NULL
				   ? "file"
				   : "select");
	else if (f->type == FIELD_TEXT)
		check_parameters(b, "text");
	else if (strcasecmp(type, "image") == 0) /* a drawing is made by no other program */
		check_parameters(
			b, f->appearance[0] == '\0' || strstr(f->appearance, "annotate") != NULL
				   ? "image"
				   : "drawing");
	else if (strcasecmp(type, "audit") == 0)
		check_parameters(b, "audit");
	if (strstr(type, "from_file") != NULL && strstr(f->appearance, "search(") != NULL)
		builder_fault(b, type_at, tr("从文件选择的栏不能再用 search()"));
	if (f->list != NULL && f->choice_filter != NULL && type_other(type) != NULL)
		builder_fault(b, type_at, tr("or_other 和 choice_filter 不能同用, 请去掉一个"));
	if (strcasecmp(type, "audit") == 0 && strcmp(f->name, "audit") != 0)
		builder_fault(b, type_at, tr("audit 栏只能叫 audit"));
}

static bool has_words(const struct field *f)
{
	return f->label[0] != '\0' || f->label_en[0] != '\0' || f->hint[0] != '\0' ||
	       f->hint_en[0] != '\0';
}

/* A question is asked in words, or by a picture; what only computes is asked of no one. */
static void check_words(struct builder *b, const struct field *f)
{
	bool image = builder_cell(b, COL_IMAGE, NULL)[0] != '\0',
	     media = image || builder_cell(b, COL_BIG_IMAGE, NULL)[0] != '\0' ||
		     builder_cell(b, COL_MEDIA, NULL)[0] != '\0';
	bool computes = builder_cell(b, COL_CALCULATION, NULL)[0] != '\0' || f->trigger != NULL;
	int at = 0;

	if (f->type == FIELD_GROUP || f->type == FIELD_REPEAT || f->type == FIELD_CALCULATE ||
		f->type == FIELD_HIDDEN || (computes && !has_words(f)))
		return;
	if (builder_cell(b, COL_BIG_IMAGE, &at)[0] != '\0' && !image)
		builder_fault(b, at, tr("%s 有 big-image 就要有 image"), f->name);
	builder_cell(b, COL_LABEL, &at);
	if (has_words(f) || media)
		return;
	if (builder_cell(b, COL_GUIDANCE, NULL)[0] != '\0')
		builder_fault(b, builder_column_number(b, COL_GUIDANCE),
			tr("%s 只有 guidance_hint, 请填 label 或 hint"), f->name);
	else
		builder_fault(b, at, tr("%s 没有 label 也没有 hint, 请填写要问什么"), f->name);
}

/* A repeat that counts by an expression has the number in a field NAME_count of its own. */
static void check_count(struct builder *b, const struct field *f)
{
	struct buf name = {0};
	int at = 0;
	const char *cell = builder_cell(b, COL_REPEAT_COUNT, &at);
	bool plain = strncmp(cell, "${", 2) == 0 && strchr(cell, '}') == cell + strlen(cell) - 1;

	buf_printf(&name, "%s_count", f->name);
	for (size_t i = 0; f->repeat_count != NULL && !plain && i < b->form->count; i++)
		if (b->form->fields[i].parent == f->parent &&
			strcmp(b->form->fields[i].name, buf_str(&name)) == 0)
			builder_fault(b, at,
				tr("%s 留给 %s 的份数, 请给第 %d 行改名, 或者 repeat_count 只写 "
				   "${栏名}"),
				buf_str(&name), f->name, b->field_rows[i]);
	buf_fini(&name);
}

void check_row(struct builder *b, struct field *f, int type_at)
{
	check_kind(b, f, type_at);
	check_words(b, f);
	check_lone_columns(b, f);
	if (f->type == FIELD_REPEAT)
		check_count(b, f);
}
