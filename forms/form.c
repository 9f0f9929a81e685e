#include "forms/form.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/expr.h"
#include "forms/form_check.h"
#include "forms/form_plan.h"

enum {
	BLOCK_BYTES = 16 << 10
};

/* Everything a form owns: blocks that small pieces are cut from, large pieces by themselves. */
struct form_memory {
	void **blocks;
	size_t count;
	char *at; /* the room that is left in the last shared block */
	size_t left;
};

static void *add_block(struct form_memory *m, size_t count, size_t size)
{
	if ((m->count & (m->count - 1)) == 0)
		m->blocks =
			mem_resize(m->blocks, m->count > 0 ? m->count * 2 : 1, sizeof *m->blocks);
	m->blocks[m->count] = mem_array(count, size);
	return m->blocks[m->count++];
}

/* Zeroed bytes, for text. */
static char *cut(struct form_memory *m, size_t bytes)
{
	char *piece;

	if (bytes > BLOCK_BYTES / 8)
		return add_block(m, bytes, 1);
	if (bytes > m->left) {
		m->at = add_block(m, BLOCK_BYTES, 1);
		m->left = BLOCK_BYTES;
	}
	piece = m->at;
	m->at += bytes;
	m->left -= bytes;
	return piece;
}

void *form_alloc(struct form *f, size_t count, size_t size)
{
	return add_block(f->memory, count, size);
}

const char *form_keepn(struct form *f, const char *text, size_t len_bytes)
{
	char *copy;

	if (len_bytes == 0)
		return "";
	copy = cut(f->memory, len_bytes + 1);
	memcpy(copy, text, len_bytes);
	return copy;
}

const char *form_keep(struct form *f, const char *text)
{
	return text == NULL ? "" : form_keepn(f, text, strlen(text));
}

static struct choice_list *find_list(struct form *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->list_count; i++)
		if (strcmp(f->lists[i].name, name) == 0)
			return &f->lists[i];
	return NULL;
}

static const char *keep_unbroken(struct form *f, const char *name)
{
	struct buf b = {0};
	const char *kept;

	for (; *name != '\0'; name++)
		if (*name == ' ')
			buf_adds(&b, "\xC2\xA0");
		else
			buf_addc(&b, *name);
	kept = form_keep(f, buf_str(&b));
	buf_fini(&b);
	return kept;
}

enum err form_offer(
	struct form *f, const char *list, const char *const *names, size_t count, bool alone)
{
	struct choice_list *l = find_list(f, list);
	struct choice *all;
	size_t i, k, own;

	if (l == NULL)
		return ERR_NOT_FOUND;
	own = alone ? 0 : l->count;
	all = form_alloc(f, own + count + 1, sizeof *all);
	for (i = 0; i < count; i++) {
		const char *label = form_keep(f, names[i]);
		all[i] = (struct choice){keep_unbroken(f, names[i]), label, label,
			form_alloc(f, l->column_count + 1, sizeof(char *))};
		for (k = 0; k < l->column_count; k++)
			all[i].columns[k] = "";
	}
	if (own > 0)
		memcpy(all + count, l->choices, own * sizeof *all);
	l->choices = all;
	l->count = own + count;
	return OK;
}

void form_free(struct form *f)
{
	size_t i;

	if (f == NULL)
		return;
	for (i = 0; i < f->count; i++) {
		struct field *x = &f->fields[i];
		struct expr *rules[] = {x->relevant, x->constraint, x->calculation, x->required,
			x->readonly_if, x->dynamic_default, x->choice_filter, x->repeat_count};
		size_t k;
		for (k = 0; k < sizeof rules / sizeof rules[0]; k++)
			expr_free(rules[k]);
		for (k = 0; k < x->soft_count; k++)
			expr_free(x->soft[k].expr);
	}
	for (i = 0; i < f->memory->count; i++)
		free(f->memory->blocks[i]);
	free(f->memory->blocks);
	free(f->memory);
	free(f->fields);
	free(f->lists);
	free(f);
}

bool form_asks(const struct field *f)
{
	switch (f->type) {
	case FIELD_NOTE:
	case FIELD_CALCULATE:
	case FIELD_HIDDEN:
	case FIELD_GROUP:
	case FIELD_REPEAT:
		return false;
	default:
		return f->calculation == NULL || f->trigger != NULL;
	}
}

/* ---- by name ---- */

struct named {
	const char *name;
	int field;
};

static int by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : (x->field > y->field) - (x->field < y->field);
}

static void index_names(struct form *f)
{
	struct named *list = mem_array(f->count + 1, sizeof *list);
	int *order = form_alloc(f, f->count + 1, sizeof *order);
	size_t i;

	for (i = 0; i < f->count; i++)
		list[i] = (struct named){f->fields[i].name, (int)i};
	qsort(list, f->count, sizeof *list, by_name);
	for (i = 0; i < f->count; i++)
		order[i] = list[i].field;
	free(list);
	f->by_name = order;
}

/* As strcmp of the field's name and the first len bytes of name. */
static int compare_name(const struct form *f, size_t at, const char *name, size_t len)
{
	const char *own = f->fields[f->by_name[at]].name;
	int order = strncmp(own, name, len);

	return order != 0 ? order : own[len] != '\0';
}

size_t form_named_part(const struct form *f, const char *name, size_t len_bytes, const int **out)
{
	size_t low = 0, high = f->count, end;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (compare_name(f, middle, name, len_bytes) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < f->count && compare_name(f, end, name, len_bytes) == 0; end++)
		;
	*out = f->by_name + low;
	return end - low;
}

size_t form_named(const struct form *f, const char *name, const int **out)
{
	return form_named_part(f, name, strlen(name), out);
}

int form_find(const struct form *f, const char *name)
{
	const int *fields;

	return form_named(f, name, &fields) > 0 ? fields[0] : -1;
}

static const char *either(const char *zh, const char *en)
{
	bool has_zh = zh != NULL && zh[0] != '\0', has_en = en != NULL && en[0] != '\0';

	if (msg_english() ? has_en : !has_zh && has_en)
		return en;
	return has_zh ? zh : "";
}

const char *field_label(const struct field *f)
{
	const char *label = either(f->label, f->label_en);

	return label[0] != '\0' ? label : f->name;
}

const char *field_hint(const struct field *f)
{
	return either(f->hint, f->hint_en);
}

const char *field_constraint_message(const struct field *f)
{
	return either(f->constraint_message, f->constraint_message_en);
}

const char *soft_rule_message(const struct soft_rule *r)
{
	return either(r->message, r->message_en);
}

const char *field_required_message(const struct field *f)
{
	return either(f->required_message, f->required_message_en);
}

bool field_chooses(const struct field *f)
{
	return f->type == FIELD_SELECT_ONE || f->type == FIELD_SELECT_MULTIPLE ||
	       f->type == FIELD_RANK || f->type == FIELD_HIDDEN;
}

const char *choice_text(const struct choice *c)
{
	const char *label = either(c->label, c->label_en);

	return label[0] != '\0' ? label : c->name;
}

const char *form_title(const struct form *f)
{
	const char *title = either(f->title, f->title_en);

	return title[0] != '\0' ? title : f->id;
}

void form_adopt_words(struct form *f, const struct form *questions)
{
	size_t i;

	for (i = 0; i < f->count; i++) {
		struct field *x = &f->fields[i];
		int at = x->type == FIELD_HIDDEN && x->label[0] == '\0' && x->label_en[0] == '\0'
				 ? form_find(questions, x->name)
				 : -1;
		if (at < 0)
			continue;
		x->label = questions->fields[at].label;
		x->label_en = questions->fields[at].label_en;
		x->list = questions->fields[at].list;
		x->picked = questions->fields[at].picked;
		x->picked_en = questions->fields[at].picked_en;
	}
}

const char *form_words(const struct form *f, const char *name)
{
	size_t len = strcspn(name, "="), k;
	char *field = mem_strndup(name, len);
	int at = form_find(f, field);
	const struct choice_list *l = at >= 0 ? f->fields[at].list : NULL;

	free(field);
	if (name[len] == '\0')
		return at >= 0 ? field_label(&f->fields[at]) : NULL;
	if (name[len + 1] == '\0')
		return at >= 0 && f->fields[at].picked != NULL
			       ? either(f->fields[at].picked, f->fields[at].picked_en)
			       : NULL;
	for (k = 0; l != NULL && k < l->count; k++)
		if (strcmp(l->choices[k].name, name + len + 1) == 0)
			return choice_text(&l->choices[k]);
	return NULL;
}

static struct form *form_new(void)
{
	struct form *f = mem_alloc(sizeof *f);

	f->memory = mem_alloc(sizeof *f->memory);
	f->root = "data";
	f->id = f->version = f->title = f->title_en = f->doubts = "";
	return f;
}

/* Lists kept between forms are the centre's business; a form that counts on them would lose data.
 */
static void refuse_entities(struct builder *b, const struct workbook *w)
{
	b->sheet = workbook_sheet(w, "entities");
	b->row = NULL;
	if (b->sheet != NULL)
		builder_fault(b, 1, tr("entities (实体清单) 不支持, 请去掉这张表和 save_to 列"));
}

enum err form_build(struct form **out, const struct workbook *w, const char *folder,
	const struct form_questions *asked, struct buf *faults)
{
	struct buf found = {0}, doubts = {0};
	enum err e;
	struct builder b = {.form = form_new(),
		.faults = &found,
		.doubts = &doubts,
		.asked = asked,
		.folder = folder,
		.naming = -1};

	check_sheet_names(&b, w);
	build_settings(&b, w);
	refuse_entities(&b, w);
	build_choices(&b, w);
	build_survey(&b, w);
	if (b.survey_read)
		build_naming(&b, w);
	index_names(b.form);
	check_choice_names(&b);
	if (b.survey_read)
		build_references(&b);
	check_choice_words(&b, w);
	if (b.fault_count == 0) /* a row that is no field may be the one that uses it */
		check_unused_lists(&b, w);
	free(b.lost);
	free(b.field_rows);
	free(b.file_rows);
	free(b.mentions);
	free(b.spaced);
	b.form->doubts = form_keep(b.form, buf_str(&doubts));
	if (found.len > 0) {
		if (faults != NULL) /* all in one go: who mends the faults mends the rest too */
			buf_printf(faults, "%s%s", found.data, buf_str(&doubts));
		form_free(b.form);
	} else {
		form_plan_make(b.form);
		*out = b.form;
	}
	e = found.len > 0 ? ERR_INVALID : OK;
	buf_fini(&found);
	buf_fini(&doubts);
	return e;
}

/* What Excel wrote until 2003; WPS still offers it. */
static bool is_old_workbook(const char *path)
{
	size_t n = strlen(path);

	return n > 4 &&
	       (strcasecmp(path + n - 4, ".xls") == 0 || strcasecmp(path + n - 3, ".et") == 0);
}

/* Why there is no folder at the path. */
static const char *no_folder(const char *path)
{
	if (is_old_workbook(path))
		return tr("%s 是旧格式的表格, 读不了: 请在 Excel 或 WPS 里打开它, 另存为 .xlsx, "
			  "再用那一份\n");
	if (access(path, F_OK) == 0)
		return tr("%s 是单个文件: 用 CSV 写的表, 请写它所在的文件夹 (里面有 survey.csv)\n");
	return tr("没有表单文件夹 %s\n");
}

static enum err read_folder(
	struct form **out, const char *path, const struct form_questions *asked, struct buf *faults)
{
	struct workbook w = {.count = 0};
	enum err e = workbook_read_folder(&w, path, faults);

	if (e == OK)
		e = form_build(out, &w, path, asked, faults);
	else if (e == ERR_NOT_FOUND && faults != NULL)
		buf_printf(faults, no_folder(path), path);
	workbook_fini(&w);
	/* The folder's name is the form's id when the settings do not say. */
	if (e == OK && (*out)->id[0] == '\0') {
		const char *slash = strrchr(path, '/');
		(*out)->id = form_keep(*out, slash != NULL ? slash + 1 : path);
	}
	return e;
}

enum err form_read_markdown(
	struct form **out, const char *text, size_t len_bytes, struct buf *faults)
{
	struct workbook w = {.count = 0};
	enum err e = workbook_read_markdown(&w, text, len_bytes, faults);

	if (e == OK)
		e = form_build(out, &w, NULL, NULL, faults);
	workbook_fini(&w);
	return e;
}

/* A spreadsheet of one sheet is the survey, whatever the program called it: Sheet1. */
static void name_only_sheet(struct workbook *w)
{
	static const char *const others[] = {"choices", "settings", "external_choices", "entities"};

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (w->count != 1 || workbook_sheet(w, others[i]) != NULL)
			return;
	free(w->sheets[0].name);
	w->sheets[0].name = mem_strdup("survey");
}

static enum err read_xlsx(
	struct form **out, const char *path, const struct form_questions *asked, struct buf *faults)
{
	struct workbook w = {.count = 0};
	enum err e = workbook_read_xlsx(&w, path, faults);
	const char *slash = strrchr(path, '/');
	struct buf folder = {0};

	/* Its choice files stand beside it. */
	buf_add(&folder, slash ? path : ".", slash ? (size_t)(slash - path) + (slash == path) : 1);
	if (e == OK) {
		name_only_sheet(&w);
		e = form_build(out, &w, buf_str(&folder), asked, faults);
	}
	workbook_fini(&w);
	buf_fini(&folder);
	return e;
}

enum err form_read_folder(struct form **out, const char *path, struct buf *faults)
{
	return read_folder(out, path, NULL, faults);
}

enum err form_read_xlsx(struct form **out, const char *path, struct buf *faults)
{
	return read_xlsx(out, path, NULL, faults);
}

enum err form_read_asked(
	struct form **out, const char *path, const struct form_questions *asked, struct buf *faults)
{
	size_t n = strlen(path);

	return n > 5 && strcmp(path + n - 5, ".xlsx") == 0 ? read_xlsx(out, path, asked, faults)
							   : read_folder(out, path, asked, faults);
}

/* ---- 情形 questions: the same engine, from JSON ---- */

static void add_row(struct sheet *s, const char *const *texts, size_t count)
{
	char **cells = mem_array(count, sizeof *cells);
	size_t i;

	for (i = 0; i < count; i++)
		cells[i] = mem_strdup(texts[i] != NULL ? texts[i] : "");
	sheet_add_row(s, (int)s->count + 1, cells, count);
}

enum {
	QUESTION_COLUMNS = 11
};

static void add_question(struct sheet *survey, struct sheet *choices, const json *q)
{
	const char *name = json_get_str(q, "name"), *type = json_get_str(q, "type");
	bool select = type != NULL && strncmp(type, "select_", 7) == 0;
	const json *list = json_get(q, "choices"), *c;
	struct buf full_type = {0};
	const char *row[QUESTION_COLUMNS];

	buf_printf(&full_type, "%s%s%s", type != NULL ? type : "", select ? " " : "",
		select && name != NULL ? name : "");
	row[0] = full_type.data;
	row[1] = name;
	row[2] = json_get_str(q, "label");
	row[3] = json_get_str(q, "label_en");
	row[4] = json_get_str(q, "hint");
	row[5] = "yes";
	row[6] = json_get_str(q, "relevant");
	row[7] = json_get_str(q, "default");
	row[8] = json_get_str(q, "soft_constraint");
	row[9] = json_get_str(q, "soft_constraint_message");
	row[10] = json_get_str(q, "soft_constraint_message_en");
	add_row(survey, row, QUESTION_COLUMNS);
	for (c = json_first(list); c != NULL; c = json_next(c)) {
		const char *choice[4] = {name, json_get_str(c, "name"), json_get_str(c, "label"),
			json_get_str(c, "label_en")};
		add_row(choices, choice, 4);
	}
	buf_fini(&full_type);
}

/* What a sheet has no column for. */
static void keep_picked(struct form *f, const json *questions)
{
	const json *q;

	for (q = json_first(questions); q != NULL; q = json_next(q)) {
		const char *name = json_get_str(q, "name"), *zh = json_get_str(q, "picked");
		const int at = name != NULL ? form_find(f, name) : -1;
		if (at < 0 || zh == NULL)
			continue;
		f->fields[at].picked = form_keep(f, zh);
		f->fields[at].picked_en = form_keep(f, json_get_str(q, "picked_en"));
	}
}

enum err form_read_situation(
	struct form **out, const char *json_text, size_t len_bytes, struct buf *faults)
{
	static const char *const survey_header[QUESTION_COLUMNS] = {"type", "name",
		"label::中文 (zh)", "label::English (en)", "hint::中文 (zh)", "required",
		"relevant", "default", "soft_constraint", "soft_constraint_message::中文 (zh)",
		"soft_constraint_message::English (en)"};
	static const char *const choices_header[4] = {
		"list_name", "name", "label::中文 (zh)", "label::English (en)"};
	struct workbook w = {.count = 0};
	struct sheet *survey, *choices;
	json *questions = NULL;
	const json *q;
	enum err e = json_parse(&questions, json_text, len_bytes, faults);

	if (e != OK)
		return e;
	survey = workbook_add(&w, "survey", tr("情形"));
	choices = workbook_add(&w, "choices", tr("情形选项"));
	add_row(survey, survey_header, QUESTION_COLUMNS);
	add_row(choices, choices_header, 4);
	for (q = json_first(questions); q != NULL; q = json_next(q))
		add_question(survey, choices, q);
	e = form_build(out, &w, NULL, NULL, faults);
	if (e == OK)
		keep_picked(*out, questions);
	workbook_fini(&w);
	json_free(questions);
	return e;
}
