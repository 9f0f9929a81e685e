#include "forms/form_examples.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "forms/entry.h"
#include "forms/form_check.h" /* names that are nearly a field's */
#include "forms/instance.h"
#include "forms/sheet.h"

enum {
	FILE_MAX_BYTES = 16 << 20
};

/* What must be found. */
enum outcome {
	OUTCOME_WRONG,
	OUTCOME_RIGHT,
	OUTCOME_WARNING /* warnings, and nothing worse */
};

/* Where the example stands, for faults. */
struct source {
	const char *file;
	int row;
	struct buf *faults;
};

static void list_found(
	struct entry *e, const struct entry_fault *found, size_t count, struct buf *out)
{
	size_t i;

	for (i = 0; i < count; i++) {
		buf_adds(out, "  ");
		entry_place(e, found[i].node, out);
		buf_printf(out, ": %s\n", found[i].message);
	}
}

static bool found_at(struct entry *e, const struct entry_fault *found, size_t count, const char *at)
{
	struct buf place = {0};
	bool same = false;
	size_t i;

	for (i = 0; i < count && !same; i++) {
		buf_clear(&place);
		entry_place(e, found[i].node, &place);
		same = strcmp(buf_str(&place), at) == 0;
	}
	buf_fini(&place);
	return same;
}

static bool only_warnings(const struct entry_fault *found, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (found[i].verdict != VERDICT_WARNING)
			return false;
	return true;
}

/* at "": found anywhere. */
static bool is_found(struct entry *e, enum outcome wanted, const char *at,
	const struct entry_fault *found, size_t count)
{
	if (wanted == OUTCOME_RIGHT)
		return count == 0;
	return count > 0 && (at[0] == '\0' || found_at(e, found, count, at)) &&
	       (wanted == OUTCOME_WRONG || only_warnings(found, count));
}

static bool holds(struct entry *e, enum outcome wanted, const char *at, const struct source *s)
{
	const struct entry_fault *found;
	size_t count = entry_check(e, &found);

	if (is_found(e, wanted, at, found, count))
		return true;
	if (wanted == OUTCOME_RIGHT)
		buf_printf(s->faults, tr("%s:%d:1: 这个例子应当通过, 却查出:\n"), s->file, s->row);
	else if (wanted == OUTCOME_WARNING)
		buf_printf(s->faults,
			tr("%s:%d:1: 这个例子应当在 %s 有提醒, 且没有错误, 却不是; 查出的是:\n"),
			s->file, s->row, at[0] != '\0' ? at : "*");
	else
		buf_printf(s->faults,
			tr("%s:%d:1: 这个例子应当在 %s 查出错误, 却没有; 查出的是:\n"), s->file,
			s->row, at[0] != '\0' ? at : "*");
	list_found(e, found, count, s->faults);
	return false;
}

/* The field that "members[2]/name" ends in, or NULL; a group takes no answer. */
static const struct field *field_at(const struct form *form, const char *place)
{
	const char *slash = strrchr(place, '/');
	int at = form_find(form, slash != NULL ? slash + 1 : place);
	const struct field *f = at >= 0 ? &form->fields[at] : NULL;

	return f != NULL && (f->type == FIELD_GROUP || f->type == FIELD_REPEAT) ? NULL : f;
}

/* The repeat that holds it, or NULL. */
static const struct field *repeat_of(const struct form *form, const struct field *f)
{
	int up = f->parent;

	while (up >= 0 && form->fields[up].type != FIELD_REPEAT)
		up = form->fields[up].parent;
	return up >= 0 ? &form->fields[up] : NULL;
}

/* Where a fault should be found is a field that can have one: "" is anywhere. */
static bool at_holds(const struct form *form, const char *at, size_t column, const struct source *s)
{
	const char *slash = strrchr(at, '/'), *name = slash != NULL ? slash + 1 : at, *near;
	const struct field *f = field_at(form, at), *repeat;

	if (at[0] == '\0')
		return true;
	repeat = f != NULL && slash == NULL ? repeat_of(form, f) : NULL;
	if (repeat != NULL)
		buf_printf(s->faults, tr("%s:%d:%zu: at 写的 %s 在重复组里, 请写成 %s[1]/%s\n"),
			s->file, s->row, column, at, repeat->name, at);
	if (f != NULL)
		return repeat == NULL;
	near = near_field(form, name);
	if (near != NULL)
		buf_printf(s->faults, tr("%s:%d:%zu: at 写的 %s 表里没有这一栏, 是不是 %s?\n"),
			s->file, s->row, column, at, near);
	else
		buf_printf(s->faults,
			tr("%s:%d:%zu: at 写的 %s 表里没有这一栏, 请写应当查出错误的那一栏的 name\n"),
			s->file, s->row, column, at);
	return false;
}

/* ---- JSON lines ---- */

static enum outcome outcome_of(const json *example)
{
	const char *word = json_get_str(example, "pass");

	if (word != NULL && strcmp(word, "warning") == 0)
		return OUTCOME_WARNING;
	return json_get_bool(example, "pass", true) ? OUTCOME_RIGHT : OUTCOME_WRONG;
}

static bool line_holds(const struct form *form, const char *line, const struct source *s)
{
	struct buf answers = {0}, why = {0};
	const char *at;
	json *example = NULL;
	struct entry *e;
	bool good;

	if (json_parse(&example, line, strlen(line), &why) != OK) {
		buf_printf(s->faults, "%s:%d:1: %s\n", s->file, s->row, buf_str(&why));
		buf_fini(&why);
		return false;
	}
	e = entry_new(form, &clock_system);
	at = json_get_str(example, "at");
	json_write(&answers, json_get(example, "answers"));
	at = at != NULL ? at : "";
	entry_load(e, buf_str(&answers), answers.len, &why);
	good = why.len == 0;
	if (!good)
		buf_printf(s->faults, tr("%s:%d:1: 这个例子里有放不进表的:\n  %s\n"), s->file,
			s->row, buf_str(&why));
	good = at_holds(form, at, 1, s) && good;
	good = good && holds(e, outcome_of(example), at, s);
	entry_free(e);
	json_free(example);
	buf_fini(&answers);
	buf_fini(&why);
	return good;
}

static bool file_holds(const struct form *form, const char *folder, struct buf *faults)
{
	char *file = paths_join(folder, "examples.jsonl"), *line, *next;
	struct source s = {"examples.jsonl", 0, faults};
	struct buf text = {0};
	bool good = true;

	if (paths_read(&text, file, FILE_MAX_BYTES) == OK) {
		for (line = text.data; line != NULL; line = next) {
			next = strchr(line, '\n');
			if (next != NULL)
				*next++ = '\0';
			s.row++;
			if (line[0] != '\0' && !line_holds(form, line, &s))
				good = false;
		}
	}
	buf_fini(&text);
	free(file);
	return good;
}

/* ---- a sheet ---- */

/* What a column of the sheet is for; any other is an answer. */
enum example_column {
	EXAMPLE_ANSWER,
	EXAMPLE_PASS,
	EXAMPLE_AT,
	EXAMPLE_NOTE,
	EXAMPLE_BLANK /* a column without a heading: nothing may stand in it */
};

static enum example_column kind_of(const char *heading)
{
	static const struct {
		const char *heading;
		enum example_column kind;
	} kinds[] = {{"pass", EXAMPLE_PASS}, {"at", EXAMPLE_AT}, {"note", EXAMPLE_NOTE},
		{"备注", EXAMPLE_NOTE}, {"", EXAMPLE_BLANK}};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcasecmp(kinds[i].heading, heading) == 0)
			return kinds[i].kind;
	return EXAMPLE_ANSWER;
}

/* false: no word for any of them. */
static bool outcome_in_words(const char *cell, enum outcome *out)
{
	static const char *const words[][8] = {
		[OUTCOME_WRONG] = {"no", "false", "0", "否", "fail", "不通过", "不能通过", NULL},
		[OUTCOME_RIGHT] = {"", "yes", "true", "1", "是", "pass", "通过", NULL},
		[OUTCOME_WARNING] = {"warning", "warn", "提醒", NULL}};

	for (size_t is = 0; is < sizeof words / sizeof words[0]; is++)
		for (const char *const *word = words[is]; *word != NULL; word++)
			if (strcasecmp(*word, cell) == 0) {
				*out = (enum outcome)is;
				return true;
			}
	return false;
}

static bool heading_holds(
	const struct form *form, const char *heading, size_t column, const struct source *s)
{
	const struct field *f = field_at(form, heading), *repeat;

	if (kind_of(heading) != EXAMPLE_ANSWER)
		return true;
	repeat = f != NULL && strchr(heading, '/') == NULL ? repeat_of(form, f) : NULL;
	if (f == NULL)
		buf_printf(s->faults,
			tr("%s:%d:%zu: 表里没有 %s 这一栏: 请改成栏名; 说明请写在 note 列\n"),
			s->file, s->row, column, heading);
	else if (repeat != NULL)
		buf_printf(s->faults, tr("%s:%d:%zu: %s 在重复组里, 请写成 %s[1]/%s\n"), s->file,
			s->row, column, heading, repeat->name, heading);
	return f != NULL && repeat == NULL;
}

/* A heading is wrong once, not once in every row. */
static bool header_holds(
	const struct form *form, const struct sheet_row *header, const struct source *s)
{
	bool good = true;

	for (size_t i = 0; i < header->count; i++)
		good = heading_holds(form, header->cells[i], i + 1, s) && good;
	return good;
}

static bool put_cell(struct entry *e, const char *heading, const char *cell, size_t column,
	const struct source *s)
{
	const char *why = NULL;

	if (cell[0] == '\0')
		return true;
	if (kind_of(heading) == EXAMPLE_BLANK)
		why = tr("这一列没有栏名, 请在第一行填上, 或者清空这一格");
	else if (entry_set_place(e, heading, cell) == ERR_NOT_FOUND)
		why = tr("这个例子里没有这一份: 重复组写成 组名[1]/栏名, 份数由别的栏定的不能多写");
	if (why != NULL)
		buf_printf(s->faults, "%s:%d:%zu: %s\n", s->file, s->row, column, why);
	return why == NULL;
}

static bool row_holds(const struct form *form, const struct sheet_row *header,
	const struct sheet_row *row, const struct source *s)
{
	struct entry *e = entry_new(form, &clock_system);
	const char *at = "";
	enum outcome wanted = OUTCOME_RIGHT;
	bool good = true;
	size_t i;

	for (i = 0; i < row->count; i++) {
		const char *heading = i < header->count ? header->cells[i] : "";
		const char *cell = row->cells[i];
		switch (kind_of(heading)) {
		case EXAMPLE_PASS:
			if (outcome_in_words(cell, &wanted))
				break;
			buf_printf(s->faults, tr("%s:%d:%zu: pass 请写 是、否 或 提醒, 不是 %s\n"),
				s->file, s->row, i + 1, cell);
			good = false;
			break;
		case EXAMPLE_AT:
			at = cell;
			good = at_holds(form, at, i + 1, s) && good;
			break;
		case EXAMPLE_NOTE:
			break;
		default:
			good = put_cell(e, heading, cell, i + 1, s) && good;
		}
	}
	good = good && holds(e, wanted, at, s);
	entry_free(e);
	return good;
}

static bool sheet_holds(const struct form *form, const char *path, struct buf *faults)
{
	struct workbook w = {.count = 0};
	const struct sheet *examples;
	struct source s = {"examples", 0, faults};
	bool good = true, all = true;
	size_t i;

	if (workbook_read_xlsx(&w, path, NULL) == OK) {
		examples = workbook_sheet(&w, "examples");
		if (examples != NULL && examples->count > 0) {
			s.row = examples->rows[0].number;
			good = header_holds(form, &examples->rows[0], &s);
		}
		for (i = 1; good && examples != NULL && i < examples->count; i++) {
			s.row = examples->rows[i].number;
			all = row_holds(form, &examples->rows[0], &examples->rows[i], &s) && all;
		}
	}
	workbook_fini(&w);
	return good && all;
}

bool form_examples_hold(const struct form *form, const char *path, struct buf *faults)
{
	size_t n = strlen(path);

	return n > 5 && strcmp(path + n - 5, ".xlsx") == 0 ? sheet_holds(form, path, faults)
							   : file_holds(form, path, faults);
}
