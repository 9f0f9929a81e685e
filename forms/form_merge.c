#include "forms/form_merge.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/form_build.h"

/* The columns that are carried over, and the header each gets in the joined sheet. */
static const struct {
	enum column column;
	const char *header;
} carried[] = {{COL_TYPE, "type"}, {COL_NAME, "name"}, {COL_LABEL, "label::中文 (zh)"},
	{COL_LABEL_EN, "label::English (en)"}, {COL_HINT, "hint::中文 (zh)"},
	{COL_HINT_EN, "hint::English (en)"}, {COL_REQUIRED, "required"},
	{COL_REQUIRED_MESSAGE, "required_message::中文 (zh)"},
	{COL_REQUIRED_MESSAGE_EN, "required_message::English (en)"}, {COL_RELEVANT, "relevant"},
	{COL_CONSTRAINT, "constraint"}, {COL_CONSTRAINT_MESSAGE, "constraint_message::中文 (zh)"},
	{COL_CONSTRAINT_MESSAGE_EN, "constraint_message::English (en)"},
	{COL_CALCULATION, "calculation"}, {COL_DEFAULT, "default"}, {COL_READONLY, "readonly"},
	{COL_APPEARANCE, "appearance"}, {COL_CHOICE_FILTER, "choice_filter"},
	{COL_REPEAT_COUNT, "repeat_count"}, {COL_TRIGGER, "trigger"},
	{COL_PARAMETERS, "parameters"}};

enum {
	CARRIED = sizeof carried / sizeof carried[0]
};

/* A row of a survey; a group or repeat has rows in it. */
struct item {
	char *cells[COLUMN__MAX]; /* NULL: empty */
	bool group, repeat;
	struct item **inner;
	size_t count;
	struct item *parent;
};

/* ---- items ---- */

static const char *cell(const struct item *x, enum column c)
{
	return x->cells[c] != NULL ? x->cells[c] : "";
}

static void set_cell(struct item *x, enum column c, const char *text)
{
	char *copy = mem_strdup(text);

	free(x->cells[c]);
	x->cells[c] = copy;
}

static void free_item(struct item *x)
{
	size_t i;

	for (i = 0; i < x->count; i++)
		free_item(x->inner[i]);
	for (i = 0; i < COLUMN__MAX; i++)
		free(x->cells[i]);
	free(x->inner);
	free(x);
}

static void add_inner(struct item *parent, struct item *x)
{
	parent->inner = mem_resize(parent->inner, parent->count + 1, sizeof *parent->inner);
	parent->inner[parent->count++] = x;
	x->parent = parent;
}

static bool is_inner(const struct item *x)
{
	return x->group || x->repeat;
}

/* The item of this name, group or not as asked, anywhere below. */
static struct item *find_item(struct item *in, const char *name, bool inner)
{
	struct item *found = NULL;
	size_t i;

	for (i = 0; i < in->count && found == NULL; i++) {
		struct item *x = in->inner[i];
		if (name[0] != '\0' && is_inner(x) == inner && strcmp(cell(x, COL_NAME), name) == 0)
			return x;
		found = find_item(x, name, inner);
	}
	return found;
}

/* ---- reading ---- */

static bool begins(const char *type, const char *word)
{
	size_t i;

	for (i = 0; word[i] != '\0'; i++)
		if (type[i] != word[i] && !(word[i] == '_' && type[i] == ' '))
			return false;
	return true;
}

static struct item *read_item(const struct sheet *s, size_t row)
{
	struct item *x = mem_alloc(sizeof *x);
	const struct sheet_row *header = &s->rows[0], *r = &s->rows[row];
	size_t i;

	for (i = 0; i < r->count && i < header->count; i++) {
		enum column c = builder_column(header->cells[i]);
		if (r->cells[i][0] != '\0' && x->cells[c] == NULL)
			x->cells[c] = mem_strdup(r->cells[i]);
	}
	x->group = begins(cell(x, COL_TYPE), "begin_group");
	x->repeat = begins(cell(x, COL_TYPE), "begin_repeat");
	return x;
}

/* The rows of a survey as a tree. */
static struct item *read_survey(const struct sheet *s)
{
	struct item *top = mem_alloc(sizeof *top), *at = top, *x;
	size_t i;

	for (i = 1; i < s->count; i++) {
		x = read_item(s, i);
		if (begins(cell(x, COL_TYPE), "end_")) {
			at = at->parent != NULL ? at->parent : at;
			free_item(x);
			continue;
		}
		add_inner(at, x);
		if (is_inner(x))
			at = x;
	}
	return top;
}

/* ---- joining expressions ---- */

/* (a) word (b); one of them when the other is empty. free() it. */
static char *join(const char *a, const char *word, const char *b)
{
	struct buf out = {0};

	if (a[0] == '\0' || b[0] == '\0' || strcmp(a, b) == 0)
		return mem_strdup(a[0] != '\0' ? a : b);
	buf_printf(&out, "(%s) %s (%s)", a, word, b);
	return buf_take(&out);
}

static void join_cell(struct item *x, enum column c, const char *word, const char *other)
{
	char *joined = join(cell(x, c), word, other);

	set_cell(x, c, joined);
	free(joined);
}

/* Asked when either asks: a rule that is empty says always. */
static void widen(struct item *x, const char *when)
{
	if (cell(x, COL_RELEVANT)[0] == '\0' || when[0] == '\0')
		set_cell(x, COL_RELEVANT, "");
	else
		join_cell(x, COL_RELEVANT, "or", when);
}

/* One of the messages, parted by "; ", is this one. */
static bool has_message(const char *messages, const char *one)
{
	size_t len = strlen(one);
	const char *p = messages;

	for (; (p = strstr(p, one)) != NULL; p += len)
		if ((p == messages || strncmp(p - 2, "; ", 2) == 0) &&
			(p[len] == '\0' || strncmp(p + len, "; ", 2) == 0))
			return true;
	return false;
}

/* Two messages about the same thing, one after the other. */
static void join_message(struct item *x, enum column c, const struct item *other)
{
	const char *a = cell(x, c), *b = cell(other, c);
	struct buf out = {0};

	if (b[0] == '\0' || has_message(a, b))
		return;
	buf_printf(&out, "%s%s%s", a, a[0] != '\0' ? "; " : "", b);
	set_cell(x, c, buf_str(&out));
	buf_fini(&out);
}

/* The same question in another form. What is derived there stays derived. */
static void join_leaf(struct item *x, const struct item *other, const char *when)
{
	if (strcmp(cell(x, COL_TYPE), "calculate") == 0)
		return;
	widen(x, when);
	if (cell(x, COL_REQUIRED)[0] == '\0')
		set_cell(x, COL_REQUIRED, cell(other, COL_REQUIRED));
	if (strcmp(cell(x, COL_CONSTRAINT), cell(other, COL_CONSTRAINT)) != 0) {
		join_message(x, COL_CONSTRAINT_MESSAGE, other);
		join_message(x, COL_CONSTRAINT_MESSAGE_EN, other);
		join_cell(x, COL_CONSTRAINT, "and", cell(other, COL_CONSTRAINT));
	}
}

/* ---- joining surveys ---- */

static struct item *copy_of(const struct item *x)
{
	struct item *made = mem_alloc(sizeof *made);
	size_t i;

	for (i = 0; i < COLUMN__MAX; i++)
		made->cells[i] = x->cells[i] != NULL ? mem_strdup(x->cells[i]) : NULL;
	made->group = x->group;
	made->repeat = x->repeat;
	return made;
}

/*
 * Puts the items of one form into the joined one. A group's rule goes down to its questions, since
 * another form may ask the same question under another rule; a repeat keeps its own.
 */
static void merge(struct item *all, struct item *into, const struct item *from, const char *when)
{
	size_t i;

	for (i = 0; i < from->count; i++) {
		const struct item *x = from->inner[i];
		/* the question's own reason first: it is the one that is told first */
		char *asked = join(cell(x, COL_RELEVANT), "and", when);
		struct item *same = find_item(all, cell(x, COL_NAME), is_inner(x));
		bool is_new = same == NULL;
		if (is_new) {
			same = copy_of(x);
			add_inner(into, same);
			set_cell(same, COL_RELEVANT, x->group ? "" : asked);
		} else if (!is_inner(x)) {
			join_leaf(same, x, asked);
		} else if (x->repeat) {
			widen(same, asked);
		}
		if (is_inner(x))
			merge(all, same, x, x->group ? asked : "");
		free(asked);
	}
}

/* What ends a form ends the joined one, in this order. */
static void move_last(struct item *all)
{
	static const char *const last[] = {"g_agent", "g_deliver", "confirmed"};
	size_t i, k;

	for (k = 0; k < sizeof last / sizeof last[0]; k++)
		for (i = 0; i < all->count; i++)
			if (strcmp(cell(all->inner[i], COL_NAME), last[k]) == 0) {
				struct item *x = all->inner[i];
				memmove(all->inner + i, all->inner + i + 1,
					(all->count - i - 1) * sizeof *all->inner);
				all->inner[all->count - 1] = x;
				break;
			}
}

/* ---- choices ---- */

/* Tabs and line ends part what is written: within a cell they become blanks. */
static void add_plain(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		buf_addc(out, *text == '\t' || *text == '\n' ? ' ' : *text);
	buf_addc(out, '\t');
}

/* The rows of one list of a choices sheet as one text, to compare them and to write them. */
static void list_text(const struct sheet *s, const char *list, struct buf *out)
{
	size_t i, k;
	int name = -1;

	for (k = 0; k < s->rows[0].count; k++)
		if (builder_column(s->rows[0].cells[k]) == COL_LIST_NAME)
			name = (int)k;
	for (i = 1; i < s->count && name >= 0; i++) {
		const struct sheet_row *r = &s->rows[i];
		if ((size_t)name >= r->count || strcmp(r->cells[name], list) != 0)
			continue;
		for (k = 0; k < r->count && k < s->rows[0].count; k++)
			if ((int)k != name && r->cells[k][0] != '\0' &&
				s->rows[0].cells[k][0] != '\0') {
				add_plain(out, s->rows[0].cells[k]);
				add_plain(out, r->cells[k]);
			}
		buf_addc(out, '\n');
	}
}

struct joined_list {
	char *name, *text; /* text as of list_text */
};

struct joining {
	struct item *all;
	struct joined_list *lists;
	size_t list_count;
	char **headers; /* of the choices' other columns */
	size_t header_count;
	struct buf version;
};

static const struct joined_list *find_list(const struct joining *j, const char *name)
{
	size_t i;

	for (i = 0; i < j->list_count; i++)
		if (strcmp(j->lists[i].name, name) == 0)
			return &j->lists[i];
	return NULL;
}

/* The name under which this list of this form stands in the joined one. free() it. */
static char *place_list(struct joining *j, const struct sheet *choices, const char *name)
{
	struct buf text = {0}, other = {0};
	const struct joined_list *same;
	int number = 1;

	list_text(choices, name, &text);
	buf_adds(&other, name);
	while ((same = find_list(j, buf_str(&other))) != NULL &&
		strcmp(same->text, buf_str(&text)) != 0) {
		buf_clear(&other);
		buf_printf(&other, "%s_%d", name, ++number);
	}
	if (same == NULL) {
		j->lists = mem_resize(j->lists, j->list_count + 1, sizeof *j->lists);
		j->lists[j->list_count++] = (struct joined_list){
			mem_strdup(buf_str(&other)), mem_strdup(buf_str(&text))};
	}
	buf_fini(&text);
	return buf_take(&other);
}

/* The selects of a form get the names their lists have in the joined one. */
static void place_lists(struct joining *j, const struct sheet *choices, struct item *in)
{
	size_t i;

	for (i = 0; i < in->count; i++) {
		struct item *x = in->inner[i];
		const char *type = cell(x, COL_TYPE), *list = strchr(type, ' ');
		bool select = begins(type, "select_") || begins(type, "rank ");
		if (select && list != NULL && choices != NULL) {
			size_t word = (size_t)(list - type), len = strcspn(list + 1, " ");
			char *name = mem_strndup(list + 1, len);
			char *placed = place_list(j, choices, name);
			struct buf joined = {0};
			buf_printf(&joined, "%.*s %s%s", (int)word, type, placed, list + 1 + len);
			set_cell(x, COL_TYPE, buf_str(&joined));
			buf_fini(&joined);
			free(placed);
			free(name);
		}
		place_lists(j, choices, x);
	}
}

/* ---- writing ---- */

static void add_cells(struct sheet *s, const char *const *texts, size_t count)
{
	char **cells = mem_array(count, sizeof *cells);
	size_t i;

	for (i = 0; i < count; i++)
		cells[i] = mem_strdup(texts[i] != NULL ? texts[i] : "");
	sheet_add_row(s, (int)s->count + 1, cells, count);
}

static void write_items(struct sheet *s, const struct item *in)
{
	const char *texts[CARRIED];
	size_t i, k;

	for (i = 0; i < in->count; i++) {
		const struct item *x = in->inner[i];
		for (k = 0; k < CARRIED; k++)
			texts[k] = x->cells[carried[k].column];
		add_cells(s, texts, CARRIED);
		if (!is_inner(x))
			continue;
		write_items(s, x);
		texts[0] = x->group ? "end_group" : "end_repeat";
		add_cells(s, texts, 1);
	}
}

/* The column of a choice's property in the joined sheet, from 1 (0 is the list's name). */
static size_t column_for(struct joining *j, const char *header, size_t len)
{
	size_t i;

	for (i = 0; i < j->header_count; i++)
		if (strlen(j->headers[i]) == len && memcmp(j->headers[i], header, len) == 0)
			return i + 1;
	j->headers = mem_resize(j->headers, j->header_count + 1, sizeof *j->headers);
	j->headers[j->header_count++] = mem_strndup(header, len);
	return j->header_count;
}

/* A list's text back into rows: header, tab, cell, tab … */
static void write_list(struct joining *j, struct sheet *s, const struct joined_list *l)
{
	const char *at = l->text;

	while (*at != '\0') {
		char **cells = mem_array(SHEET_COLUMNS_MAX, sizeof *cells);
		size_t i;
		cells[0] = mem_strdup(l->name);
		while (*at != '\n') {
			size_t header = strcspn(at, "\t"), len = strcspn(at + header + 1, "\t");
			size_t column = column_for(j, at, header);
			if (column < SHEET_COLUMNS_MAX && cells[column] == NULL)
				cells[column] = mem_strndup(at + header + 1, len);
			at += header + len + 2;
		}
		at++;
		for (i = 0; i <= j->header_count && i < SHEET_COLUMNS_MAX; i++)
			if (cells[i] == NULL)
				cells[i] = mem_strdup("");
		sheet_add_row(s, (int)s->count + 1, cells, i);
	}
}

static void write_choices(struct joining *j, struct workbook *w)
{
	struct sheet *s = workbook_add(w, "choices", "choices");
	const char **header;
	struct sheet rows = {0};
	size_t i;

	for (i = 0; i < j->list_count; i++)
		write_list(j, &rows, &j->lists[i]);
	header = mem_array(j->header_count + 1, sizeof *header);
	header[0] = "list_name";
	for (i = 0; i < j->header_count; i++)
		header[i + 1] = j->headers[i];
	add_cells(s, header, j->header_count + 1);
	for (i = 0; i < rows.count; i++)
		sheet_add_row(s, (int)s->count + 1, rows.rows[i].cells, rows.rows[i].count);
	free(rows.rows);
	free(header);
}

static void write_settings(
	struct workbook *w, const char *id, const char *title, const char *version)
{
	static const char *const header[] = {"form_id", "form_title", "version"};
	const char *const values[] = {id, title, version};
	struct sheet *s = workbook_add(w, "settings", "settings");

	add_cells(s, header, 3);
	add_cells(s, values, 3);
}

static void write_workbook(
	struct joining *j, struct workbook *w, const char *id, const char *title, const char *item)
{
	const char *header[CARRIED], *hidden[2] = {"hidden", item};
	struct sheet *s = workbook_add(w, "survey", "survey");
	size_t i;

	for (i = 0; i < CARRIED; i++)
		header[i] = carried[i].header;
	add_cells(s, header, CARRIED);
	add_cells(s, hidden, 2);
	write_items(s, j->all);
	write_choices(j, w);
	write_settings(w, id, title, buf_str(&j->version));
}

/* ---- all ---- */

static const char *setting(const struct workbook *w, const char *name)
{
	const struct sheet *s = workbook_sheet(w, "settings");
	size_t i;

	for (i = 0; s != NULL && s->count > 1 && i < s->rows[0].count && i < s->rows[1].count; i++)
		if (strcmp(s->rows[0].cells[i], name) == 0)
			return s->rows[1].cells[i];
	return "";
}

/* A question that reads a file would not find it: the forms lie in different folders. */
static bool reads_file(const struct item *in, struct buf *faults)
{
	size_t i;

	for (i = 0; i < in->count; i++) {
		const struct item *x = in->inner[i];
		if (strstr(cell(x, COL_TYPE), "_from_file") != NULL ||
			begins(cell(x, COL_TYPE), "csv-external") ||
			begins(cell(x, COL_TYPE), "xml-external") ||
			strstr(cell(x, COL_CALCULATION), "pulldata(") != NULL) {
			buf_printf(faults,
				tr("survey: %s 要读表单旁的文件, 不能并入一件事; 请把选项写进 "
				   "choices 表\n"),
				cell(x, COL_NAME));
			return true;
		}
		if (reads_file(x, faults))
			return true;
	}
	return false;
}

static enum err join_part(struct joining *j, const struct form_part *part, struct buf *faults)
{
	struct workbook w = {.count = 0};
	const struct sheet *survey;
	struct item *own = NULL;
	enum err e = workbook_read(&w, part->path, faults);

	survey = workbook_sheet(&w, "survey");
	if (e == OK && (survey == NULL || survey->count == 0)) {
		buf_printf(faults, tr("%s: 没有 survey 表, 请补上\n"), part->path);
		e = ERR_INVALID;
	}
	if (e == OK) {
		own = read_survey(survey);
		e = reads_file(own, faults) ? ERR_INVALID : OK;
	}
	if (e == OK) {
		place_lists(j, workbook_sheet(&w, "choices"), own);
		merge(j->all, j->all, own, part->when);
		buf_printf(
			&j->version, "%s%s", j->version.len > 0 ? "+" : "", setting(&w, "version"));
	}
	if (own != NULL)
		free_item(own);
	workbook_fini(&w);
	return e;
}

enum err form_read_merged(struct form **out, const char *id, const char *title, const char *item,
	const struct form_part *parts, size_t count, struct buf *faults)
{
	struct joining j = {.all = mem_alloc(sizeof *j.all)};
	struct workbook w = {.count = 0};
	enum err e = OK;
	size_t i;

	for (i = 0; i < count && e == OK; i++)
		e = join_part(&j, &parts[i], faults);
	if (e == OK) {
		move_last(j.all);
		write_workbook(&j, &w, id, title, item);
		e = form_build(out, &w, NULL, faults);
	}
	workbook_fini(&w);
	free_item(j.all);
	for (i = 0; i < j.list_count; i++) {
		free(j.lists[i].name);
		free(j.lists[i].text);
	}
	for (i = 0; i < j.header_count; i++)
		free(j.headers[i]);
	free(j.lists);
	free(j.headers);
	buf_fini(&j.version);
	return e;
}
