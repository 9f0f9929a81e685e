#include "forms/sheet.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"

void workbook_fini(struct workbook *w)
{
	size_t i, r, c;

	for (i = 0; i < w->count; i++) {
		struct sheet *s = &w->sheets[i];
		for (r = 0; r < s->count; r++) {
			for (c = 0; c < s->rows[r].count; c++)
				free(s->rows[r].cells[c]);
			free(s->rows[r].cells);
		}
		free(s->rows);
		free(s->name);
		free(s->file);
	}
	w->count = 0;
}

const struct sheet *workbook_sheet(const struct workbook *w, const char *name)
{
	size_t i;

	for (i = 0; i < w->count; i++)
		if (strcasecmp(w->sheets[i].name, name) == 0)
			return &w->sheets[i];
	return NULL;
}

struct sheet *workbook_add(struct workbook *w, const char *name, const char *file)
{
	struct sheet *s;

	if (w->count == WORKBOOK_SHEETS_MAX)
		return NULL;
	s = &w->sheets[w->count++];
	*s = (struct sheet){.name = mem_strdup(name), .file = mem_strdup(file)};
	return s;
}

static void free_cells(char **cells, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		free(cells[i]);
	free(cells);
}

bool sheet_add_row(struct sheet *s, int number, char **cells, size_t count)
{
	size_t i;

	for (i = 0; i < count && cells[i][0] == '\0'; i++)
		continue;
	if (i == count) { /* nothing in it */
		free_cells(cells, count);
		return true;
	}
	if (s->count == SHEET_ROWS_MAX || count > SHEET_COLUMNS_MAX) {
		free_cells(cells, count);
		return false;
	}
	if ((s->count & (s->count - 1)) == 0)
		s->rows = mem_resize(s->rows, s->count > 0 ? s->count * 2 : 1, sizeof *s->rows);
	s->rows[s->count++] = (struct sheet_row){number, cells, count};
	return true;
}

enum err workbook_read(struct workbook *w, const char *path, struct buf *faults)
{
	size_t n = strlen(path);

	return n > 5 && strcmp(path + n - 5, ".xlsx") == 0 ? workbook_read_xlsx(w, path, faults)
							   : workbook_read_folder(w, path, faults);
}
