#include "forms/form_lists.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "forms/form_items.h"
#include "forms/sheet.h"

struct joined_list {
	char *name, *text; /* text as of list_text */
};

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

static const struct joined_list *find_list(const struct joined_lists *j, const char *name)
{
	size_t i;

	for (i = 0; i < j->count; i++)
		if (strcmp(j->lists[i].name, name) == 0)
			return &j->lists[i];
	return NULL;
}

/* The name under which this list of this form stands in the joined one. free() it. */
static char *place_list(struct joined_lists *j, const struct sheet *choices, const char *name)
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
		j->lists = mem_resize(j->lists, j->count + 1, sizeof *j->lists);
		j->lists[j->count++] = (struct joined_list){
			mem_strdup(buf_str(&other)), mem_strdup(buf_str(&text))};
	}
	buf_fini(&text);
	return buf_take(&other);
}

void lists_place(struct joined_lists *j, const struct sheet *choices, struct item *in)
{
	size_t i;

	for (i = 0; i < in->count; i++) {
		struct item *x = in->inner[i];
		const char *type = item_cell(x, COL_TYPE), *list = strchr(type, ' ');
		bool select = type_begins(type, "select_") || type_begins(type, "rank ");
		if (select && list != NULL && choices != NULL) {
			size_t word = (size_t)(list - type), len = strcspn(list + 1, " ");
			char *name = mem_strndup(list + 1, len);
			char *placed = place_list(j, choices, name);
			struct buf joined = {0};
			buf_printf(&joined, "%.*s %s%s", (int)word, type, placed, list + 1 + len);
			item_set(x, COL_TYPE, buf_str(&joined));
			buf_fini(&joined);
			free(placed);
			free(name);
		}
		lists_place(j, choices, x);
	}
}

/* The column of a choice's property in the joined sheet, from 1 (0 is the list's name). */
static size_t column_for(struct joined_lists *j, const char *header, size_t len)
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
static void write_list(struct joined_lists *j, struct sheet *s, const struct joined_list *l)
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

void lists_write(struct joined_lists *j, struct sheet *s)
{
	const char **header;
	struct sheet rows = {0};
	size_t i;

	for (i = 0; i < j->count; i++)
		write_list(j, &rows, &j->lists[i]);
	header = mem_array(j->header_count + 1, sizeof *header);
	header[0] = "list_name";
	for (i = 0; i < j->header_count; i++)
		header[i + 1] = j->headers[i];
	items_write_texts(s, header, j->header_count + 1);
	for (i = 0; i < rows.count; i++)
		sheet_add_row(s, (int)s->count + 1, rows.rows[i].cells, rows.rows[i].count);
	free(rows.rows);
	free(header);
}

void lists_fini(struct joined_lists *j)
{
	size_t i;

	for (i = 0; i < j->count; i++) {
		free(j->lists[i].name);
		free(j->lists[i].text);
	}
	for (i = 0; i < j->header_count; i++)
		free(j->headers[i]);
	free(j->lists);
	free(j->headers);
}
