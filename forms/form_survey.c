#include "forms/form_build.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/base/text.h"
#include "forms/expr.h"
#include "forms/form_check.h"
#include "forms/form_types.h"

enum {
	GROUP_DEPTH_MAX = 32
};

/* ---- cells ---- */

static struct expr *compile(struct builder *b, const char *text, int at)
{
	struct expr *e = NULL;
	struct buf why = {0};
	size_t where = 0;

	if (text[0] != '\0' && expr_compile(&e, text, &where, &why) != OK) {
		char *before = mem_strndup(text, where);
		b->rule_faults++;
		builder_fault(b, at, tr("表达式第 %zu 个字处: %s"), text_len_cps(before) + 1,
			buf_str(&why));
		free(before);
	}
	buf_fini(&why);
	return e;
}

static struct expr *rule(struct builder *b, enum column c)
{
	int at = 0;
	const char *text = builder_cell(b, c, &at);

	return compile(b, text, at);
}

static bool is_word(const char *cell, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcasecmp(cell, *words) == 0)
			return true;
	return false;
}

static const char *const yes_words[] = {
	"yes", "true", "true()", "1", "是", "y", "√", "必填", "必须", NULL};
static const char *const no_words[] = {
	"", "no", "false", "false()", "0", "否", "n", "不", "×", "选填", "非必填", NULL};

/* yes, no, or an expression. */
static void yes_or_rule(struct builder *b, enum column c, bool *always, struct expr **when)
{
	const char *cell = builder_cell(b, c, NULL);

	if (is_word(cell, yes_words))
		*always = true;
	else if (!is_word(cell, no_words))
		*when = rule(b, c);
}

static bool is_number(enum field_type type)
{
	return type == FIELD_INTEGER || type == FIELD_DECIMAL || type == FIELD_RANGE;
}

/* A default that calls functions is computed; anything else, but for what names fields, is the
 * value itself. */
static bool is_dynamic(const char *text, enum field_type type)
{
	if (type == FIELD_DATE || type == FIELD_DATETIME || type == FIELD_TIME)
		return strchr(text, '(') != NULL;
	if (is_number(type) && isdigit((unsigned char)text[0])) /* 1 + 1 */
		return !is_decimal(text);
	return strchr(text, '(') != NULL && strchr(text, ')') != NULL &&
	       (isalpha((unsigned char)text[0]) || text[0] == '(') && strchr(text, ' ') != text;
}

static void see_bare_name(void *arg, const char *name, bool path)
{
	bool *bare = arg;

	*bare = *bare || (path && strchr(name, '/') == NULL);
}

/* "(见附件)" is a text although it has brackets: what does not compile is taken as it is, and so is
 * a word that would be a path. */
static bool computes(const char *cell, struct expr **out)
{
	bool bare = false;
	size_t where;

	if (expr_compile(out, cell, &where, NULL) != OK)
		return false;
	expr_references(*out, see_bare_name, &bare);
	if (!bare)
		return true;
	expr_free(*out);
	*out = NULL;
	return false;
}

static void read_default(struct builder *b, struct field *f)
{
	const char *cell = builder_cell(b, COL_DEFAULT, NULL);

	if (cell[0] == '\0')
		return;
	if (strstr(cell, "${") != NULL)
		f->dynamic_default = rule(b, COL_DEFAULT);
	else if (!is_dynamic(cell, f->type) || !computes(cell, &f->dynamic_default))
		f->default_text = form_keep(b->form, cell);
}

static void read_texts(struct builder *b, struct field *f)
{
	struct form *m = b->form;

	f->label = form_keep(m, builder_cell(b, COL_LABEL, NULL));
	f->label_en = form_keep(m, builder_cell(b, COL_LABEL_EN, NULL));
	f->hint = form_keep(m, builder_cell(b, COL_HINT, NULL));
	f->hint_en = form_keep(m, builder_cell(b, COL_HINT_EN, NULL));
	f->required_message = form_keep(m, builder_cell(b, COL_REQUIRED_MESSAGE, NULL));
	f->required_message_en = form_keep(m, builder_cell(b, COL_REQUIRED_MESSAGE_EN, NULL));
	f->constraint_message = form_keep(m, builder_cell(b, COL_CONSTRAINT_MESSAGE, NULL));
	f->constraint_message_en = form_keep(m, builder_cell(b, COL_CONSTRAINT_MESSAGE_EN, NULL));
	f->appearance = form_keep(m, builder_cell(b, COL_APPEARANCE, NULL));
	read_appearance(b, f);
}

/* The start of the next name of a list parted by commas, of which there may be too many. */
static const char *past_commas(const char *cell)
{
	return cell + strspn(cell, " ,");
}

/* ${a}, ${b}: the names up to a NULL; NULL, with a fault unless empty, when it is no such list. */
static const char *const *read_trigger(struct builder *b)
{
	int at = 0;
	const char *cell = builder_cell(b, COL_TRIGGER, &at);
	const char **names;
	size_t n = 0;

	if (cell[0] == '\0')
		return NULL;
	names = form_alloc(b->form, strlen(cell) / 4 + 2, sizeof *names);
	for (cell = past_commas(cell); strncmp(cell, "${", 2) == 0;) {
		size_t len = strcspn(cell + 2, "}");
		if (len == 0 || cell[2 + len] == '\0')
			break;
		names[n++] = form_keepn(b->form, cell + 2, len);
		cell += len + 3;
		cell += strspn(cell, " ");
		if (*cell != '\0' && *cell != ',')
			break;
		cell = past_commas(cell);
		if (*cell == '\0')
			return names;
	}
	builder_fault(b, at, tr("这里要写成 ${栏名}, 几栏之间用逗号"));
	return NULL;
}

/* The next part of such a cell; "" behind the last. */
static const char *next_part(struct builder *b, const char **rest)
{
	const size_t len = strcspn(*rest, SOFT_PART);
	const char *part = form_keepn(b->form, *rest, len);

	*rest += len + ((*rest)[len] != '\0');
	return part;
}

static void read_soft(struct builder *b, struct field *f)
{
	int at = 0;
	const char *texts = builder_cell(b, COL_SOFT, &at);
	const char *messages = builder_cell(b, COL_SOFT_MESSAGE, NULL);
	const char *english = builder_cell(b, COL_SOFT_MESSAGE_EN, NULL);
	size_t parts = texts[0] != '\0';

	for (const char *p = texts; (p = strpbrk(p, SOFT_PART)) != NULL; p++)
		parts++;
	f->soft = parts > 0 ? form_alloc(b->form, parts, sizeof *f->soft) : NULL;
	while (*texts != '\0') {
		struct soft_rule *r = &f->soft[f->soft_count];
		r->text = next_part(b, &texts);
		r->message = next_part(b, &messages);
		r->message_en = next_part(b, &english);
		r->expr = compile(b, r->text, at);
		f->soft_count += r->expr != NULL;
	}
}

static void read_rules(struct builder *b, struct field *f)
{
	f->relevant = rule(b, COL_RELEVANT);
	f->constraint = rule(b, COL_CONSTRAINT);
	read_soft(b, f);
	f->calculation = rule(b, COL_CALCULATION);
	f->choice_filter = rule(b, COL_CHOICE_FILTER);
	if (f->type == FIELD_REPEAT)
		f->repeat_count = rule(b, COL_REPEAT_COUNT);
	yes_or_rule(b, COL_REQUIRED, &f->always_required, &f->required);
	yes_or_rule(b, COL_READONLY, &f->readonly, &f->readonly_if);
	f->trigger = read_trigger(b);
	read_default(b, f);
}

/* A field that stands in no row of its own: what is said beside its label. */
static void no_texts(struct field *f)
{
	f->hint = f->hint_en = f->required_message = f->required_message_en = "";
	f->constraint_message = f->constraint_message_en = "";
	f->appearance = "";
}

/* ---- rows ---- */

struct nest {
	int open[GROUP_DEPTH_MAX]; /* field index of each open group */
	int depth;
};

/* The group whose rows are read; -1: none. */
static int innermost(const struct nest *nest)
{
	return nest->depth > 0 ? nest->open[nest->depth - 1] : -1;
}

static struct field *new_field(struct builder *b, const struct nest *nest)
{
	struct form *f = b->form;

	f->fields = mem_resize(f->fields, f->count + 1, sizeof *f->fields);
	b->field_rows = mem_resize(b->field_rows, f->count + 1, sizeof *b->field_rows);
	b->field_rows[f->count] = b->row->number;
	f->fields[f->count] = (struct field){.parent = innermost(nest), .end = (int)f->count + 1};
	return &f->fields[f->count++];
}

/* A group need not have a name. */
static const char *group_name(const struct field *f)
{
	if (f->name[0] != '\0')
		return f->name;
	return f->type == FIELD_GROUP ? "begin_group" : "begin_repeat";
}

static const char *group_end(const struct field *f)
{
	return f->type == FIELD_GROUP ? "end_group" : "end_repeat";
}

static void end_group(struct builder *b, struct nest *nest, enum field_type type, int at)
{
	struct field *f;

	if (nest->depth == 0) {
		builder_fault(b, at, tr("多了一个 end, 没有与它对应的 begin"));
		return;
	}
	f = &b->form->fields[nest->open[nest->depth - 1]];
	if (f->type != type)
		builder_fault(b, at, tr("这里应该结束 %s (第 %d 行), 请写 %s"), group_name(f),
			b->field_rows[nest->open[nest->depth - 1]], group_end(f));
	f->end = (int)b->form->count;
	nest->depth--;
}

/* What XLSForm calls metadata and a station knows: the day and the moment it was begun. */
static void fill_metadata(struct builder *b, struct field *f)
{
	const char *type = builder_cell(b, COL_TYPE, NULL);
	const char *what = strncasecmp(type, "get ", 4) == 0 ? type + 4 : type;
	const char *rule = strcasecmp(what, "today") == 0 ? "today()"
			   : strcasecmp(what, "start") == 0 || strcasecmp(what, "start time") == 0
				   ? "now()"
				   : NULL;

	if (rule != NULL && f->dynamic_default == NULL && f->default_text == NULL)
		expr_compile(&f->dynamic_default, rule, NULL, NULL);
}

/* What nobody answers may go without a name: an audit, a note (named as pyxform names it). */
static void name_the_nameless(struct builder *b, struct field *f)
{
	char name[48];

	if (strcasecmp(builder_cell(b, COL_TYPE, NULL), "audit") == 0) {
		f->name = "audit";
	} else if (f->type == FIELD_NOTE) {
		snprintf(name, sizeof name, "generated_note_name_%d", b->row->number);
		f->name = form_keep(b->form, name);
	}
}

static void complete_field(struct builder *b, struct field *f, int type_at)
{
	int at = 0;

	read_texts(b, f);
	f->name = form_keep(b->form, builder_cell(b, COL_NAME, &at));
	if (f->name[0] == '\0')
		name_the_nameless(b, f);
	if (f->name[0] == '\0') {
		builder_fault(b, at > 0 ? at : type_at, tr("这一栏没有 name, 请填一个代号"));
		return;
	}
	check_name(b, f, at);
	read_rules(b, f);
	check_row(b, f, type_at);
	builder_mentions(b);
	if (f->type == FIELD_RANGE && check_parameters(b, "range"))
		read_range(b, f);
	if (f->type == FIELD_HIDDEN)
		fill_metadata(b, f);
	if (f->default_text != NULL)
		check_default(b, f);
	if (f->type == FIELD_CALCULATE && builder_cell(b, COL_CALCULATION, NULL)[0] == '\0' &&
		f->dynamic_default == NULL)
		builder_fault(
			b, type_at, tr("calculate 栏 %s 没有 calculation, 请填算式"), f->name);
}

/*
 * The list with the choice that is written out beside it. That is of the question alone: others
 * that take the list do not offer it, so it is a list of the same name, one for all or_other.
 */
static const struct choice_list *with_other(struct builder *b, const struct choice_list *list)
{
	struct choice_list *copy = NULL;

	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->choices[i].name, "other") == 0)
			return list;
	for (size_t i = (size_t)(list - b->form->lists) + 1; i < b->form->list_count; i++)
		if (b->form->lists[i].name == list->name)
			return &b->form->lists[i];
	copy = builder_copy_list(b, list);
	builder_put_choice(b, copy, "other", "其他", "Other");
	return copy;
}

/* or_other: one choice more, and a question after it that asks which. */
static void ask_which_other(struct builder *b, const struct nest *nest, int of, int at)
{
	struct buf name = {0}, rule = {0};
	struct field *f;

	if (b->form->fields[of].list == NULL || form_list_file(b->form->fields[of].list->name)) {
		builder_fault(b, at, tr("or_other 要配 choices 表里的选项列表"));
		return;
	}
	b->form->fields[of].list = with_other(b, b->form->fields[of].list);
	buf_printf(&name, "%s_other", b->form->fields[of].name);
	buf_printf(&rule, "selected(../%s, 'other')", b->form->fields[of].name);
	f = new_field(b, nest);
	f->type = FIELD_TEXT;
	f->name = form_keep(b->form, buf_str(&name));
	f->label = "其他（请写明）";
	f->label_en = "Specify other";
	no_texts(f);
	expr_compile(&f->relevant, buf_str(&rule), NULL, NULL);
	check_name(b, f, at);
	buf_fini(&name);
	buf_fini(&rule);
}

static void read_table(struct builder *b, const struct nest *nest)
{
	int at = 0;
	const char *name = builder_cell(b, COL_NAME, &at);

	b->reads_files = true;
	if (name[0] == '\0' || strchr(name, '/') != NULL)
		builder_fault(b, at, tr("找不到选项文件 %s, 请放进表单的文件夹"), name);
	else if (check_file_name(b, name, innermost(nest), at))
		build_table(b, name,
			strncasecmp(builder_cell(b, COL_TYPE, NULL), "xml", 3) == 0 ? ".xml"
										    : ".csv",
			at);
}

static void read_row(struct builder *b, struct nest *nest)
{
	struct field probe = {0};
	struct field *f;
	int at = 0;
	const char *cell = builder_cell(b, COL_TYPE, &at);
	enum type_word what;

	if (is_word(builder_cell(b, COL_DISABLED, NULL), yes_words))
		return;
	if (cell[0] == '\0') {
		if (builder_cell(b, COL_NAME, NULL)[0] != '\0')
			builder_fault(b, at, tr("这一栏没有 type, 请填类型"));
		builder_lose(b);
		return;
	}
	what = type_read(b, &probe, cell, at);
	if (what == WHAT_LEFT_OUT || what == WHAT_UNKNOWN)
		builder_lose(b);
	if (what == WHAT_LEFT_OUT) {
		builder_fault(
			b, at, tr("类型 %s 不支持 (%s), 请去掉这一栏"), cell, type_left_out(cell));
	} else if (what == WHAT_UNKNOWN) {
		say_unknown_type(b, cell, at);
	} else if (what == WHAT_END_LOOP) {
		builder_fault(b, at, tr("多了一个 end, 没有与它对应的 begin"));
	} else if (what == WHAT_FILE) {
		read_table(b, nest);
	} else if (what == WHAT_END) {
		end_group(b, nest, probe.type, at);
	} else if (what == WHAT_BEGIN && nest->depth == GROUP_DEPTH_MAX) {
		builder_fault(b, at, tr("分组嵌套超过 %d 层"), GROUP_DEPTH_MAX);
		builder_lose(b);
	} else {
		f = new_field(b, nest);
		f->type = probe.type;
		f->list = probe.list;
		complete_field(b, f, at);
		if (type_other(cell) != NULL && probe.list != NULL && f->name[0] != '\0')
			ask_which_other(b, nest, (int)b->form->count - 1, at);
		if (what == WHAT_BEGIN)
			nest->open[nest->depth++] = (int)b->form->count - 1;
	}
}

/* ---- loops: the rows once for each choice of a list, in a group of its name ---- */

/* The text with %(name)s and %(label)s of the choice. */
static char *for_choice(const char *text, const struct choice *c)
{
	struct buf out = {0};

	while (*text != '\0') {
		if (strncmp(text, "%(name)s", 8) == 0) {
			buf_adds(&out, c->name);
			text += 8;
		} else if (strncmp(text, "%(label)s", 9) == 0) {
			buf_adds(&out, c->label[0] != '\0' ? c->label : c->label_en);
			text += 9;
		} else {
			buf_addc(&out, *text++);
		}
	}
	return out.data != NULL ? buf_take(&out) : mem_strdup("");
}

static void read_rows(struct builder *b, struct nest *nest, size_t from, size_t to);

static void begin_loop_group(struct builder *b, struct nest *nest, const char *name,
	const char *label, const char *label_en)
{
	struct field *f = new_field(b, nest);

	f->type = FIELD_GROUP;
	f->name = name;
	f->label = label;
	f->label_en = label_en;
	no_texts(f);
	check_name(b, f, 0);
	nest->open[nest->depth++] = (int)b->form->count - 1;
}

static void end_loop_group(struct builder *b, struct nest *nest)
{
	b->form->fields[nest->open[--nest->depth]].end = (int)b->form->count;
}

/* The rows from..to with their texts for one choice. */
static void read_for_choice(
	struct builder *b, struct nest *nest, size_t from, size_t to, const struct choice *c)
{
	const struct sheet *whole = b->sheet;
	const struct sheet_row *begin = b->row;
	struct sheet part = *whole;
	size_t depth;

	part.rows = mem_array(to - from + 1, sizeof *part.rows);
	part.count = to - from;
	for (size_t i = 0; i < part.count; i++) {
		const struct sheet_row *row = &whole->rows[from + i];
		part.rows[i] = (struct sheet_row){
			row->number, mem_array(row->count + 1, sizeof(char *)), row->count};
		for (size_t k = 0; k < row->count; k++)
			part.rows[i].cells[k] = for_choice(row->cells[k], c);
	}
	b->sheet = &part;
	b->row = begin;
	begin_loop_group(b, nest, c->name, c->label, c->label_en);
	depth = (size_t)nest->depth;
	read_rows(b, nest, 0, part.count);
	if ((size_t)nest->depth != depth)
		builder_fault(b, 1, tr("begin_loop 里的分组没有成对"));
	nest->depth = (int)depth;
	end_loop_group(b, nest);
	b->sheet = whole;
	for (size_t i = 0; i < part.count; i++) {
		for (size_t k = 0; k < part.rows[i].count; k++)
			free(part.rows[i].cells[k]);
		free(part.rows[i].cells);
	}
	free(part.rows);
	b->row = begin;
}

/* The row of the end_loop that belongs to the begin_loop at row i; 0: none. */
static size_t end_of_loop(struct builder *b, size_t i)
{
	size_t open = 0;

	for (; i < b->sheet->count; i++) {
		enum field_type type;
		b->row = &b->sheet->rows[i];
		const char *cell = builder_cell(b, COL_TYPE, NULL);
		open += type_loop_list(cell) != NULL;
		open -= type_word_of(cell, &type) == WHAT_END_LOOP;
		if (open == 0)
			return i;
	}
	return 0;
}

/* Returns the row after which to go on. */
static size_t read_loop(struct builder *b, struct nest *nest, size_t i)
{
	size_t end = end_of_loop(b, i);
	const struct choice_list *list;
	int at = 0;

	b->row = &b->sheet->rows[i];
	list = form_list(b->form, type_loop_list(builder_cell(b, COL_TYPE, &at)));
	if (end == 0 || list == NULL || nest->depth + 2 > GROUP_DEPTH_MAX) {
		b->survey_read = false; /* the fields in it are not known */
		if (end == 0)
			builder_fault(
				b, at, tr("%s 没有结束, 请补上 %s"), "begin_loop", "end_loop");
		else
			builder_fault(b, at,
				list == NULL ? tr("begin_loop 的选项列表 choices 表里没有")
					     : tr("分组嵌套太深"));
		return end != 0 ? end : b->sheet->count;
	}
	begin_loop_group(b, nest, form_keep(b->form, builder_cell(b, COL_NAME, NULL)),
		form_keep(b->form, builder_cell(b, COL_LABEL, NULL)),
		form_keep(b->form, builder_cell(b, COL_LABEL_EN, NULL)));
	for (size_t k = 0; k < list->count; k++)
		read_for_choice(b, nest, i + 1, end, &list->choices[k]);
	end_loop_group(b, nest);
	return end;
}

static void read_rows(struct builder *b, struct nest *nest, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		b->row = &b->sheet->rows[i];
		if (type_loop_list(builder_cell(b, COL_TYPE, NULL)) != NULL)
			i = read_loop(b, nest, i);
		else
			read_row(b, nest);
	}
}

void build_survey(struct builder *b, const struct workbook *w)
{
	struct nest nest = {.depth = 0};
	size_t i;
	bool has_type = false;

	b->sheet = workbook_sheet(w, "survey");
	b->row = NULL;
	if (b->sheet == NULL || b->sheet->count == 0) {
		say_no_survey(b, w);
		return;
	}
	if (!builder_header(b))
		return;
	for (i = 0; i < b->column_count; i++)
		has_type = has_type || b->columns[i] == COL_TYPE;
	if (!has_type) {
		say_no_type(b);
		return;
	}
	b->survey_read = true;
	read_rows(b, &nest, 1, b->sheet->count);
	b->row = NULL;
	if (nest.depth > 0) {
		int open = nest.open[nest.depth - 1];
		const struct field *f = &b->form->fields[open];
		struct sheet_row row = {b->field_rows[open], NULL, 0};
		b->row = &row;
		builder_fault(b, builder_column_number(b, COL_TYPE), tr("%s 没有结束, 请补上 %s"),
			group_name(f), group_end(f));
		b->row = NULL;
	}
	if (b->form->count == 0 && !b->reads_files && b->faults->len == 0)
		builder_fault(b, 1, tr("survey 表里一栏也没有"));
}
