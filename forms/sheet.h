/*
 * Sheets: a workbook as rows of cells, whatever file it came from. Row and column numbers are those
 * a person sees in the file, from 1.
 */
#ifndef YIMEN_FORMS_SHEET_H
#define YIMEN_FORMS_SHEET_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;

enum {
	SHEET_CELL_MAX_BYTES = 64 << 10,
	SHEET_ROWS_MAX = 200000,
	SHEET_COLUMNS_MAX = 500,
	WORKBOOK_SHEETS_MAX = 64
};

struct sheet_row {
	int number;   /* in the file */
	char **cells; /* trimmed; never NULL */
	size_t count;
};

struct sheet {
	char *name;		/* "survey" */
	char *file;		/* for faults: "survey.csv", or the sheet's name */
	struct sheet_row *rows; /* the first one is the header; rows without a cell are left out */
	size_t count;
};

struct workbook {
	struct sheet sheets[WORKBOOK_SHEETS_MAX];
	size_t count;
};

void workbook_fini(struct workbook *w);
/* NULL: there is none of this name (letters of any case). */
const struct sheet *workbook_sheet(const struct workbook *w, const char *name);
/* A new empty sheet at the end; NULL when there are too many. */
struct sheet *workbook_add(struct workbook *w, const char *name, const char *file);
/* Takes ownership of cells and their texts. false: too many rows or columns; they are freed. */
bool sheet_add_row(struct sheet *s, int number, char **cells, size_t count);

/* Readers. ERR_INVALID: faults has "file:row:column: …" lines. ERR_NOT_FOUND: no such file or
 * folder. */
enum err csv_read(struct sheet *s, const char *text, size_t len_bytes, struct buf *faults);
/* The rows of a choice file in XML: root, rows, columns. */
enum err xml_rows_read(struct sheet *s, const char *text, size_t len_bytes, struct buf *faults);
enum err workbook_read_folder(struct workbook *w, const char *path, struct buf *faults);
enum err workbook_read_markdown(
	struct workbook *w, const char *text, size_t len_bytes, struct buf *faults);

/* A folder, or an .xlsx file by its name. */
enum err workbook_read(struct workbook *w, const char *path, struct buf *faults);

/* A spreadsheet in Office Open XML (ECMA-376), texts as shown; bounded against zip bombs. */
enum err workbook_read_xlsx(struct workbook *w, const char *path, struct buf *faults);

#endif
