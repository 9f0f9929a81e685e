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
#include "forms/instance.h"
#include "forms/sheet.h"

enum {
	FILE_MAX_BYTES = 16 << 20
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

/* at "": found wrong anywhere. */
static bool holds(struct entry *e, bool pass, const char *at, const struct source *s)
{
	const struct entry_fault *found;
	size_t count = entry_check(e, &found);
	bool good =
		pass ? count == 0 : count > 0 && (at[0] == '\0' || found_at(e, found, count, at));

	if (good)
		return true;
	if (pass)
		buf_printf(s->faults, tr("%s:%d:1: 这个例子应当通过, 却查出:\n"), s->file, s->row);
	else
		buf_printf(s->faults,
			tr("%s:%d:1: 这个例子应当在 %s 查出错误, 却没有; 查出的是:\n"), s->file,
			s->row, at[0] != '\0' ? at : "*");
	list_found(e, found, count, s->faults);
	return false;
}

/* ---- JSON lines ---- */

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
	entry_load(e, buf_str(&answers), answers.len, NULL);
	good = holds(e, json_get_bool(example, "pass", true), at != NULL ? at : "", s);
	entry_free(e);
	json_free(example);
	buf_fini(&answers);
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

static bool is_no(const char *cell)
{
	return strcasecmp(cell, "no") == 0 || strcasecmp(cell, "false") == 0 ||
	       strcmp(cell, "0") == 0 || strcmp(cell, "否") == 0;
}

static bool row_holds(const struct form *form, const struct sheet_row *header,
	const struct sheet_row *row, const struct source *s)
{
	struct entry *e = entry_new(form, &clock_system);
	const char *at = "";
	bool pass = true, good = true;
	size_t i;

	for (i = 0; i < row->count && i < header->count; i++) {
		const char *name = header->cells[i], *cell = row->cells[i];
		if (strcasecmp(name, "pass") == 0) {
			pass = !is_no(cell);
		} else if (strcasecmp(name, "at") == 0) {
			at = cell;
		} else if (cell[0] != '\0' && strcasecmp(name, "note") != 0 &&
			   entry_set_place(e, name, cell) == ERR_NOT_FOUND) {
			buf_printf(s->faults, tr("%s:%d:%zu: 表里没有 %s 这一栏\n"), s->file,
				s->row, i + 1, name);
			good = false;
		}
	}
	good = good && holds(e, pass, at, s);
	entry_free(e);
	return good;
}

static bool sheet_holds(const struct form *form, const char *path, struct buf *faults)
{
	struct workbook w = {.count = 0};
	const struct sheet *examples;
	struct source s = {"examples", 0, faults};
	bool good = true;
	size_t i;

	if (workbook_read_xlsx(&w, path, NULL) == OK) {
		examples = workbook_sheet(&w, "examples");
		for (i = 1; examples != NULL && i < examples->count; i++) {
			s.row = examples->rows[i].number;
			if (!row_holds(form, &examples->rows[0], &examples->rows[i], &s))
				good = false;
		}
	}
	workbook_fini(&w);
	return good;
}

bool form_examples_hold(const struct form *form, const char *path, struct buf *faults)
{
	size_t n = strlen(path);

	return n > 5 && strcmp(path + n - 5, ".xlsx") == 0 ? sheet_holds(form, path, faults)
							   : file_holds(form, path, faults);
}
