/* XLSForm as markdown tables: `| survey |` names a sheet, the rows after it begin with an empty
 * cell. */
#include "forms/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"

/* Splits "| a | b |" into cells; a bar after a backslash belongs to the cell. */
static char **split(const char *line, size_t len, size_t *count)
{
	struct buf cell = {0};
	char **cells = NULL;
	size_t i, n = 0;
	bool begun = false;

	for (i = 0; i < len; i++) {
		if (line[i] == '\\' && i + 1 < len && line[i + 1] == '|') {
			buf_addc(&cell, line[++i]);
		} else if (line[i] != '|') {
			buf_addc(&cell, line[i]);
		} else if (begun) {
			cells = mem_resize(cells, n + 1, sizeof *cells);
			cells[n] = mem_strdup(buf_str(&cell));
			text_trim(cells[n++]);
			buf_clear(&cell);
		} else {
			begun = true;
			buf_clear(&cell);
		}
	}
	buf_fini(&cell);
	*count = n;
	return cells;
}

static bool is_ruler(char **cells, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (cells[i][0] != '\0' && cells[i][strspn(cells[i], "-: ")] != '\0')
			return false;
	return count > 1 && strchr(cells[1], '-') != NULL;
}

static void drop(char **cells, size_t count)
{
	while (count > 0)
		free(cells[--count]);
	free(cells);
}

/* The first cell is the sheet's name, or empty in a row of the sheet. */
static bool take_row(struct workbook *w, struct sheet **s, char **cells, size_t count, int number)
{
	bool more = false;
	size_t i;

	if (count == 0 || is_ruler(cells, count)) {
		drop(cells, count);
		return true;
	}
	if (cells[0][0] != '\0') {
		*s = workbook_add(w, cells[0], cells[0]);
		for (i = 1; i < count; i++)
			more = more || cells[i][0] != '\0';
		if (*s == NULL || !more) {
			drop(cells, count);
			return *s != NULL;
		}
	}
	if (*s == NULL) {
		drop(cells, count);
		return true;
	}
	free(cells[0]);
	memmove(cells, cells + 1, (count - 1) * sizeof *cells);
	return sheet_add_row(*s, number, cells, count - 1);
}

enum err workbook_read_markdown(
	struct workbook *w, const char *text, size_t len_bytes, struct buf *faults)
{
	const char *at = text, *end = text + len_bytes;
	struct sheet *s = NULL;
	int number = 0;

	if (!text_valid(text, len_bytes)) {
		buf_printf(faults, "markdown:1:1: %s\n", tr("文件不是 UTF-8 编码, 请另存为 UTF-8"));
		return ERR_INVALID;
	}
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((stop != NULL ? stop : end) - at), count;
		char **cells = split(at, len, &count);
		number++;
		if (!take_row(w, &s, cells, count, number)) {
			buf_printf(faults, "markdown:%d:1: %s\n", number,
				tr("行或表太多, 请拆成几个表单"));
			return ERR_INVALID;
		}
		at += len + 1;
	}
	return OK;
}
