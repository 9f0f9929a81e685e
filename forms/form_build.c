#include "forms/form_build.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"

/* ---- faults ---- */

static void add_place(const struct builder *b, struct buf *out, int column)
{
	buf_printf(out, "%s:%d:%d: ", b->sheet != NULL ? b->sheet->file : "-",
		b->row != NULL ? b->row->number : 1, column > 0 ? column : 1);
}

void builder_fault(struct builder *b, int column, const char *fmt, ...)
{
	va_list ap;

	b->fault_count++;
	add_place(b, b->faults, column);
	va_start(ap, fmt);
	buf_vprintf(b->faults, fmt, ap);
	va_end(ap);
	buf_addc(b->faults, '\n');
}

void builder_doubt(struct builder *b, int column, const char *fmt, ...)
{
	va_list ap;

	add_place(b, b->doubts, column);
	buf_adds(b->doubts, tr("提醒: "));
	va_start(ap, fmt);
	buf_vprintf(b->doubts, fmt, ap);
	va_end(ap);
	buf_addc(b->doubts, '\n');
}

/* ---- headers ---- */

struct heading {
	const char *name;
	enum column column, english; /* english: its column when the language is English */
};

/* pyxform's names and aliases; letters of any case, blanks and underscores alike. */
static const struct heading headings[] = {
	{"type", COL_TYPE, COL_TYPE},
	{"command", COL_TYPE, COL_TYPE},
	{"name", COL_NAME, COL_NAME},
	{"value", COL_NAME, COL_NAME},
	{"label", COL_LABEL, COL_LABEL_EN},
	{"caption", COL_LABEL, COL_LABEL_EN},
	{"hint", COL_HINT, COL_HINT_EN},
	{"required", COL_REQUIRED, COL_REQUIRED},
	{"bind::required", COL_REQUIRED, COL_REQUIRED},
	{"required_message", COL_REQUIRED_MESSAGE, COL_REQUIRED_MESSAGE_EN},
	{"requiredmsg", COL_REQUIRED_MESSAGE, COL_REQUIRED_MESSAGE_EN},
	{"relevant", COL_RELEVANT, COL_RELEVANT},
	{"relevance", COL_RELEVANT, COL_RELEVANT},
	{"skip_logic", COL_RELEVANT, COL_RELEVANT},
	{"bind::relevant", COL_RELEVANT, COL_RELEVANT},
	{"constraint", COL_CONSTRAINT, COL_CONSTRAINT},
	{"bind::constraint", COL_CONSTRAINT, COL_CONSTRAINT},
	{"constraint_message", COL_CONSTRAINT_MESSAGE, COL_CONSTRAINT_MESSAGE_EN},
	{"constraining_message", COL_CONSTRAINT_MESSAGE, COL_CONSTRAINT_MESSAGE_EN},
	{"soft_constraint", COL_SOFT, COL_SOFT}, /* ours: what is rare, not wrong */
	{"soft_constraint_message", COL_SOFT_MESSAGE, COL_SOFT_MESSAGE_EN},
	{"calculation", COL_CALCULATION, COL_CALCULATION},
	{"calculate", COL_CALCULATION, COL_CALCULATION},
	{"bind::calculate", COL_CALCULATION, COL_CALCULATION},
	{"default", COL_DEFAULT, COL_DEFAULT},
	{"read_only", COL_READONLY, COL_READONLY},
	{"readonly", COL_READONLY, COL_READONLY},
	{"bind::readonly", COL_READONLY, COL_READONLY},
	{"appearance", COL_APPEARANCE, COL_APPEARANCE},
	{"control::appearance", COL_APPEARANCE, COL_APPEARANCE},
	{"choice_filter", COL_CHOICE_FILTER, COL_CHOICE_FILTER},
	{"repeat_count", COL_REPEAT_COUNT, COL_REPEAT_COUNT},
	{"count", COL_REPEAT_COUNT, COL_REPEAT_COUNT},
	{"jr:count", COL_REPEAT_COUNT, COL_REPEAT_COUNT},
	{"trigger", COL_TRIGGER, COL_TRIGGER},
	{"parameters", COL_PARAMETERS, COL_PARAMETERS},
	{"list_name", COL_LIST_NAME, COL_LIST_NAME},
	{"disabled", COL_DISABLED, COL_DISABLED},
	{"guidance_hint", COL_GUIDANCE, COL_GUIDANCE},
	{"save_to", COL_SAVE_TO, COL_SAVE_TO},
	{"media", COL_MEDIA, COL_MEDIA},
	{"image", COL_IMAGE, COL_IMAGE},
	{"big_image", COL_BIG_IMAGE, COL_BIG_IMAGE},
	{"audio", COL_MEDIA, COL_MEDIA},
	{"video", COL_MEDIA, COL_MEDIA},
	{"media::image", COL_IMAGE, COL_IMAGE},
	{"media::big_image", COL_BIG_IMAGE, COL_BIG_IMAGE},
	{"media::audio", COL_MEDIA, COL_MEDIA},
	{"media::video", COL_MEDIA, COL_MEDIA},
};

/* Lower case, blanks as underscores, into out. */
static void plain_name(const char *text, size_t len, struct buf *out)
{
	size_t i;

	while (len > 0 && text[len - 1] == ' ')
		len--;
	for (i = 0; i < len; i++)
		buf_addc(out, text[i] == ' ' || text[i] == '-'
				      ? '_'
				      : (char)tolower((unsigned char)text[i]));
}

static enum column find_heading(const char *name, bool english)
{
	size_t i;

	for (i = 0; i < sizeof headings / sizeof headings[0]; i++)
		if (strcmp(headings[i].name, name) == 0)
			return english ? headings[i].english : headings[i].column;
	return COL_EXTRA;
}

/* The language part names English: "English (en)", "en", "English". */
bool builder_english(const char *language)
{
	return strstr(language, "(en") != NULL || strncasecmp(language, "english", 7) == 0 ||
	       strcasecmp(language, "en") == 0;
}

/* "label::English", "media::image::English": where the language begins, :: before it. */
static const char *language_part(const char *header)
{
	const char *part = strstr(header, "::"), *next;

	while (part != NULL && (next = strstr(part + 2, "::")) != NULL)
		part = next;
	return part;
}

enum column builder_column(const char *header)
{
	const char *part = language_part(header);
	struct buf name = {0};
	enum column c;

	plain_name(header, strlen(header), &name);
	c = find_heading(buf_str(&name), false);
	if (c == COL_EXTRA && part == NULL && (part = strchr(header, ':')) != NULL && part > header)
		part--; /* one colon is written too: "label:English" */
	if (c == COL_EXTRA && part != NULL && part > header) {
		const char *language = part + 2 + strspn(part + 2, " :");
		buf_clear(&name);
		plain_name(header, (size_t)(part - header) + (part[0] != ':'), &name);
		c = find_heading(buf_str(&name), builder_english(language));
	}
	buf_fini(&name);
	return header[0] == '\0' ? COL_NONE : c;
}

/* Columns of which a sheet may have several, one a language or a kind. */
static bool may_repeat(enum column c)
{
	switch (c) {
	case COL_LABEL:
	case COL_LABEL_EN:
	case COL_HINT:
	case COL_HINT_EN:
	case COL_REQUIRED_MESSAGE:
	case COL_REQUIRED_MESSAGE_EN:
	case COL_CONSTRAINT_MESSAGE:
	case COL_CONSTRAINT_MESSAGE_EN:
	case COL_GUIDANCE:
	case COL_IMAGE:
	case COL_BIG_IMAGE:
	case COL_MEDIA:
	case COL_EXTRA:
	case COL_NONE:
		return true;
	default:
		return false;
	}
}

bool builder_header(struct builder *b)
{
	const struct sheet_row *header = &b->sheet->rows[0];
	size_t i, k;

	b->column_count = header->count;
	b->row = header;
	for (i = 0; i < header->count; i++) {
		b->columns[i] = builder_column(header->cells[i]);
		if (b->columns[i] == COL_EXTRA && !b->plain)
			check_heading(b, i);
		for (k = 0; k < i; k++) {
			if (header->cells[i][0] != '\0' &&
				strcasecmp(header->cells[i], header->cells[k]) == 0) {
				builder_fault(b, (int)i + 1, tr("有两列都叫 %s, 请删去一列"),
					header->cells[i]);
				return false;
			}
			if (!b->plain && b->columns[i] == b->columns[k] &&
				!may_repeat(b->columns[i])) {
				builder_fault(b, (int)i + 1,
					tr("%s 和 %s 是同一列的两个名字, 请删去一列"),
					header->cells[k], header->cells[i]);
				return false;
			}
		}
	}
	return true;
}

const char *builder_cell(const struct builder *b, enum column c, int *at)
{
	size_t i;

	for (i = 0; i < b->column_count && i < b->row->count; i++) {
		if (b->columns[i] != c || b->row->cells[i][0] == '\0')
			continue;
		if (at != NULL)
			*at = (int)i + 1;
		return b->row->cells[i];
	}
	for (i = 0; at != NULL && i < b->column_count; i++)
		if (b->columns[i] == c)
			*at = (int)i + 1;
	return "";
}

int builder_column_number(const struct builder *b, enum column c)
{
	for (size_t i = 0; i < b->column_count; i++)
		if (b->columns[i] == c)
			return (int)i + 1;
	return 1;
}

void builder_lose(struct builder *b)
{
	b->lost = mem_resize(b->lost, b->lost_count + 1, sizeof *b->lost);
	b->lost[b->lost_count++] = form_keep(b->form, builder_cell(b, COL_NAME, NULL));
}

bool builder_lost(const struct builder *b, const char *name)
{
	for (size_t i = 0; i < b->lost_count; i++)
		if (strcmp(b->lost[i], name) == 0)
			return true;
	return false;
}

/* Remembers each ${name} of a cell. */
/* "$ {name}" and the like would be shown as they stand. */
static void check_mention_marks(struct builder *b, const char *text, int column)
{
	static const char *const odd[] = {"$ {", "$｛", "＄{", "＄｛", "${｝", "¥{", "￥{"};

	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
		if (strstr(text, odd[i]) != NULL) {
			builder_doubt(b, column,
				tr("文字里的 %s 不会换成那一栏填的: 引用栏请写 ${栏名}, 用英文的 ${ 和 }"),
				odd[i]);
			return;
		}
}

void builder_mention(struct builder *b, const char *at, int column)
{
	check_mention_marks(b, at, column);
	for (; (at = strstr(at, "${")) != NULL; at += 2) {
		const char *end = strchr(at, '}');
		if (end == NULL)
			break;
		b->mentions = mem_resize(b->mentions, b->mention_count + 1, sizeof *b->mentions);
		b->mentions[b->mention_count++] = (struct mention){b->sheet->file,
			form_keepn(b->form, at + 2, (size_t)(end - at) - 2), b->row->number,
			column};
	}
}

void builder_mentions(struct builder *b)
{
	for (size_t i = 0; i < b->column_count && i < b->row->count; i++) {
		enum column c = b->columns[i];
		if (c == COL_EXTRA || c == COL_NONE || !may_repeat(c))
			continue;
		builder_mention(b, b->row->cells[i], (int)i + 1);
	}
}

/* ---- names ---- */

bool good_name(const char *name)
{
	const unsigned char *at = (const unsigned char *)name;

	if (!(isalpha(*at) || *at == '_' || *at >= 0x80))
		return false;
	for (; *at != '\0'; at++)
		if (!(isalnum(*at) || *at >= 0x80 || strchr("_-.", *at) != NULL))
			return false;
	/* the blanks of a Chinese keyboard and of web pages */
	return strstr(name, "\xE3\x80\x80") == NULL && strstr(name, "\xC2\xA0") == NULL &&
	       strstr(name, "\xE2\x80\x8B") == NULL;
}

/* ---- choices ---- */

const struct choice_list *form_list(const struct form *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->list_count; i++)
		if (strcmp(f->lists[i].name, name) == 0)
			return &f->lists[i];
	return NULL;
}

const struct choice_list *form_table(const struct form *f, const char *id)
{
	size_t n = strlen(id);

	for (size_t i = 0; i < f->list_count; i++) {
		const char *name = f->lists[i].name;
		if (strcmp(name, id) == 0 || (strncmp(name, id, n) == 0 && strlen(name) == n + 4 &&
						     form_list_file(name)))
			return &f->lists[i];
	}
	return NULL;
}

struct choice_list *builder_new_list(struct builder *b, const char *name)
{
	struct form *f = b->form;
	/* Fields point into the array: build_choices made room for every list there can be. */
	struct choice_list *l = &f->lists[f->list_count++];

	*l = (struct choice_list){.name = form_keep(f, name)};
	return l;
}

const struct choice_list *builder_external_list(const struct builder *b, const char *name)
{
	for (size_t i = b->external_first; i < b->external_end; i++)
		if (strcmp(b->form->lists[i].name, name) == 0)
			return &b->form->lists[i];
	return NULL;
}

struct choice_list *builder_copy_list(struct builder *b, const struct choice_list *list)
{
	struct choice_list *l = &b->form->lists[b->form->list_count++];

	*l = *list;
	/* as much room as new_choice() counts on, of its own */
	l->choices = form_alloc(b->form, list->count * 2, sizeof *l->choices);
	memcpy(l->choices, list->choices, list->count * sizeof *l->choices);
	return l;
}

static struct choice_list *list_for(struct builder *b, const char *name)
{
	struct choice_list *l =
		(struct choice_list *)(uintptr_t)(b->sheet == b->external
							  ? builder_external_list(b, name)
							  : form_list(b->form, name));

	if (l == NULL) {
		l = builder_new_list(b, name);
		if (b->sheet == b->external)
			b->external_end = b->form->list_count;
	}
	return l;
}

/* The sheet's columns that are not ours: filters of cascades and the like. */
static void keep_columns(struct builder *b, struct choice_list *l)
{
	size_t i, n = 0;

	l->column_names = form_alloc(b->form, b->column_count, sizeof *l->column_names);
	for (i = 0; i < b->column_count; i++)
		if (b->columns[i] == COL_EXTRA)
			l->column_names[n++] = form_keep(b->form, b->sheet->rows[0].cells[i]);
	l->column_count = n;
}

/* Of the present row, numbered from 1; "" for 0 or when the row is shorter. */
static const char *numbered_cell(const struct builder *b, int number)
{
	return number > 0 && (size_t)number <= b->row->count ? b->row->cells[number - 1] : "";
}

/* Its code and words, from the columns that stand for them. */
static void name_choice(const struct builder *b, struct choice *c, int *at)
{
	struct form *f = b->form;

	if (b->stand_in != NULL) {
		*at = b->stand_in->name;
		c->name = form_keep(f, numbered_cell(b, b->stand_in->name));
		c->label = form_keep(f, numbered_cell(b, b->stand_in->label));
		c->label_en = form_keep(f, numbered_cell(b, b->stand_in->label_en));
		return;
	}
	c->name = form_keep(f, builder_cell(b, COL_NAME, at));
	c->label = form_keep(f, builder_cell(b, COL_LABEL, NULL));
	c->label_en = form_keep(f, builder_cell(b, COL_LABEL_EN, NULL));
}

static struct choice *new_choice(struct form *f, struct choice_list *l)
{
	if ((l->count & (l->count - 1)) == 0) {
		struct choice *more = form_alloc(f, l->count > 0 ? l->count * 2 : 1, sizeof *more);
		if (l->count > 0)
			memcpy(more, l->choices, l->count * sizeof *more);
		l->choices = more;
	}
	return &l->choices[l->count++];
}

void builder_put_choice(struct builder *b, const struct choice_list *list, const char *name,
	const char *label, const char *label_en)
{
	struct choice_list *l = &b->form->lists[list - b->form->lists];
	struct choice *c = new_choice(b->form, l);

	*c = (struct choice){.name = name, .label = label, .label_en = label_en};
	c->columns = form_alloc(b->form, l->column_count + 1, sizeof *c->columns);
	for (size_t i = 0; i < l->column_count; i++)
		c->columns[i] = "";
}

static void note_spaced(struct builder *b, size_t list, const char *name, int column)
{
	b->spaced = mem_resize(b->spaced, b->spaced_count + 1, sizeof *b->spaced);
	b->spaced[b->spaced_count++] = (struct spaced_choice){
		form_keep(b->form, b->sheet->file), name, list, b->row->number, column};
}

/* 2026-01-02 */
static bool looks_like_day(const char *name)
{
	static const char shape[] = "dddd-dd-dd";
	size_t i = 0;

	while (shape[i] != '\0' &&
		(shape[i] == 'd' ? isdigit((unsigned char)name[i]) != 0 : name[i] == shape[i]))
		i++;
	return shape[i] == '\0' && name[i] == '\0';
}

static void add_choice(struct builder *b, struct choice_list *l)
{
	struct form *f = b->form;
	struct choice *c = new_choice(f, l);
	size_t i, n = 0;
	int at = 0;

	name_choice(b, c, &at);
	c->columns = form_alloc(f, l->column_count + 1, sizeof *c->columns);
	for (i = 0; i < b->column_count; i++)
		if (b->columns[i] == COL_EXTRA)
			c->columns[n++] = form_keep(f, i < b->row->count ? b->row->cells[i] : "");
	if (b->table)
		return;
	if (strchr(c->name, ' ') != NULL)
		note_spaced(b, (size_t)(l - f->lists), c->name, at);
	if (c->name[0] == '\0')
		builder_fault(b, at, tr("这个选项没有 name, 请填一个不带空格的代号"));
	if (looks_like_day(c->name))
		builder_doubt(b, at,
			tr("选项的 name %s 像是表格软件把 1-2 这样的文字改成了日期: 请把这一列设成文本再填"),
			c->name);
	for (i = 0; !b->allow_choice_duplicates && i + 1 < l->count; i++)
		if (c->name[0] != '\0' && strcmp(l->choices[i].name, c->name) == 0) {
			builder_fault(b, at,
				tr("选项 %s 在列表 %s 里出现了两次, 请改其中一个的 name"), c->name,
				l->name);
			break;
		}
}

/* A remark in the sheet has no name; what has one would be lost. */
static void say_no_list(struct builder *b)
{
	const char *name = builder_cell(b, COL_NAME, NULL);
	int at = builder_column_number(b, COL_LIST_NAME);

	if (name[0] != '\0')
		builder_fault(b, at,
			tr("选项 %s 这一行没有 list_name, 请填上是哪个列表的: "
			   "合并的单元格只有第一行有值, 要每行都填"),
			name);
}

void builder_list_rows(struct builder *b, struct choice_list *only)
{
	size_t i;

	for (i = 1; i < b->sheet->count; i++) {
		struct choice_list *l = only;
		const char *name;
		b->row = &b->sheet->rows[i];
		name = builder_cell(b, COL_LIST_NAME, NULL);
		if (only == NULL && name[0] == '\0') {
			say_no_list(b);
			continue;
		}
		if (only == NULL)
			l = list_for(b, name);
		if (l->column_names == NULL)
			keep_columns(b, l);
		add_choice(b, l);
		builder_mentions(b);
	}
}

/* Names of survey columns are any names here: type, default … are columns of the list. */
bool builder_choices_header(struct builder *b)
{
	bool good = builder_header(b);

	for (size_t i = 0; i < b->column_count; i++)
		switch (b->columns[i]) {
		case COL_NONE:
		case COL_LIST_NAME:
		case COL_NAME:
		case COL_LABEL:
		case COL_LABEL_EN:
		case COL_IMAGE:
		case COL_BIG_IMAGE:
		case COL_MEDIA:
			break;
		default:
			b->columns[i] = COL_EXTRA;
		}
	return good;
}

void build_choices(struct builder *b, const struct workbook *w)
{
	const struct sheet *survey = workbook_sheet(w, "survey"),
			   *external = workbook_sheet(w, "external_choices");
	const bool strict = b->allow_choice_duplicates;

	b->sheet = workbook_sheet(w, "choices");
	b->has_choices = b->sheet != NULL;
	b->file_lists = survey != NULL ? survey->count : 0;
	/* each list of the sheets may be copied once */
	b->form->lists = mem_array((b->sheet != NULL ? b->sheet->count : 0) * 2 +
					   (external != NULL ? external->count : 0) * 2 +
					   b->file_lists + BUILDER_TABLES_MAX + 1,
		sizeof *b->form->lists);
	if (b->sheet != NULL && b->sheet->count > 0 && builder_choices_header(b))
		builder_list_rows(b, NULL);
	if (external == NULL || external->count == 0)
		return;
	/* Choices of select_one_external: large cascades, where one name may stand under many. */
	b->sheet = b->external = external;
	b->external_first = b->external_end = b->form->list_count;
	b->allow_choice_duplicates = true;
	if (builder_choices_header(b))
		builder_list_rows(b, NULL);
	b->allow_choice_duplicates = strict;
}
