/*
 * The rows of a choice file in XML, as the ODK XForms specification has secondary instances: a
 * root, an element for each row, in it one for each column. Other namespaces and attributes say
 * nothing.
 */
#include "forms/sheet.h"

#include <expat.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"

enum depth {
	DEPTH_ROOT = 1,
	DEPTH_ROW,
	DEPTH_COLUMN
};

struct reader {
	XML_Parser parser;
	struct sheet *sheet;
	struct buf *faults;
	char **columns; /* their names in the order of their first row */
	size_t column_count, column_cap;
	char **cells;  /* of the row being read: NULL where nothing was said */
	size_t column; /* being read */
	struct buf text;
	int depth;
	bool keeps; /* the second time through: the columns are known */
	bool bad;
};

__attribute__((format(printf, 2, 3))) static void fault(struct reader *r, const char *fmt, ...)
{
	va_list ap;

	if (r->bad)
		return;
	r->bad = true;
	XML_StopParser(r->parser, XML_FALSE);
	if (r->faults == NULL)
		return;
	buf_printf(r->faults, "%s:%lu:%lu: ", r->sheet->file,
		(unsigned long)XML_GetCurrentLineNumber(r->parser),
		(unsigned long)XML_GetCurrentColumnNumber(r->parser) + 1);
	va_start(ap, fmt);
	buf_vprintf(r->faults, fmt, ap);
	va_end(ap);
	buf_addc(r->faults, '\n');
}

static size_t column_of(struct reader *r, const char *name)
{
	size_t i = 0;

	while (i < r->column_count && strcmp(r->columns[i], name) != 0)
		i++;
	if (i < r->column_count || i == SHEET_COLUMNS_MAX)
		return i;
	if (r->column_count == r->column_cap) {
		r->column_cap = r->column_cap > 0 ? r->column_cap * 2 : 8;
		r->columns = mem_resize(r->columns, r->column_cap, sizeof *r->columns);
	}
	r->columns[r->column_count++] = mem_strdup(name);
	return i;
}

static void XMLCALL on_start(void *arg, const XML_Char *name, const XML_Char **atts)
{
	struct reader *r = arg;
	const char *colon = strchr(name, ':');

	(void)atts;
	r->depth++;
	if (r->depth == DEPTH_ROW && r->keeps)
		r->cells = mem_array(r->column_count + 1, sizeof *r->cells);
	if (r->depth > DEPTH_COLUMN)
		fault(r, tr("选项文件只有三层: 根、一条、一列; %s 太深了"), name);
	if (r->depth != DEPTH_COLUMN || r->bad)
		return;
	buf_clear(&r->text);
	r->column = column_of(r, colon != NULL ? colon + 1 : name);
	if (r->column == SHEET_COLUMNS_MAX)
		fault(r, tr("一张表最多 %d 列"), SHEET_COLUMNS_MAX);
	else if (r->keeps && r->cells[r->column] != NULL)
		fault(r, tr("这一条里有两个 %s, 请去掉一个"), name);
}

static void XMLCALL on_text(void *arg, const XML_Char *s, int len)
{
	struct reader *r = arg;

	if (r->depth != DEPTH_COLUMN || !r->keeps)
		return;
	buf_add(&r->text, s, (size_t)len);
	if (r->text.len > SHEET_CELL_MAX_BYTES)
		fault(r, "%s", tr("这一格太长 (超过 64 KB), 请拆短"));
}

static void end_row(struct reader *r)
{
	char **cells = r->cells;

	for (size_t i = 0; i < r->column_count; i++)
		if (cells[i] == NULL)
			cells[i] = mem_strdup("");
	r->cells = NULL;
	if (!sheet_add_row(
		    r->sheet, (int)XML_GetCurrentLineNumber(r->parser), cells, r->column_count))
		fault(r, tr("一张表最多 %d 行"), SHEET_ROWS_MAX);
}

static void XMLCALL on_end(void *arg, const XML_Char *name)
{
	struct reader *r = arg;

	(void)name;
	if (r->keeps && r->depth == DEPTH_COLUMN) {
		r->cells[r->column] = mem_strdup(buf_str(&r->text));
		text_trim(r->cells[r->column]);
	} else if (r->keeps && r->depth == DEPTH_ROW) {
		end_row(r);
	}
	r->depth--;
}

/* Entities would be the only reason for a document type, and the way to make much of little. */
static void XMLCALL on_doctype(void *arg, const XML_Char *name, const XML_Char *system,
	const XML_Char *public, int has_internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)has_internal;
	fault(arg, tr("选项文件里不能有 DOCTYPE, 请删去这一行"));
}

static bool pass(struct reader *r, const char *text, size_t len)
{
	r->parser = XML_ParserCreate(NULL);
	if (r->parser == NULL)
		return false;
	r->depth = 0;
	XML_SetUserData(r->parser, r);
	XML_SetElementHandler(r->parser, on_start, on_end);
	XML_SetCharacterDataHandler(r->parser, on_text);
	XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
	if (XML_Parse(r->parser, text, (int)len, 1) != XML_STATUS_OK)
		fault(r, tr("不是完整的 XML: %s"), XML_ErrorString(XML_GetErrorCode(r->parser)));
	XML_ParserFree(r->parser);
	return !r->bad;
}

enum err xml_rows_read(struct sheet *s, const char *text, size_t len_bytes, struct buf *faults)
{
	struct reader r = {.sheet = s, .faults = faults};
	bool good = len_bytes <= INT32_MAX && pass(&r, text, len_bytes);

	if (good && r.column_count > 0) {
		char **names = mem_array(r.column_count, sizeof *names);

		for (size_t i = 0; i < r.column_count; i++)
			names[i] = mem_strdup(r.columns[i]);
		sheet_add_row(s, 1, names, r.column_count);
		r.keeps = true;
		good = pass(&r, text, len_bytes);
	}
	for (size_t i = 0; i < r.column_count; i++) {
		if (r.cells != NULL)
			free(r.cells[i]);
		free(r.columns[i]);
	}
	free(r.cells);
	free(r.columns);
	buf_fini(&r.text);
	return good ? OK : ERR_INVALID;
}
