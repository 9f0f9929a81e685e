/* CSV as RFC 4180 has it, with what spreadsheets really write: a BOM, LF or CR LF, ragged rows. */
#include "forms/sheet.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/base/text.h"

enum {
	FILE_MAX_BYTES = 16 << 20
};

struct reader {
	const char *at, *end;
	const char *file;
	int line; /* of the file, for faults */
	struct buf cell;
	struct buf *faults;
	char **cells;
	size_t count;
};

static void fault(struct reader *r, const char *sentence)
{
	if (r->faults != NULL)
		buf_printf(r->faults, "%s:%d:%zu: %s\n", r->file, r->line, r->count + 1, sentence);
}

static void end_cell(struct reader *r)
{
	char *text = mem_strndup(buf_str(&r->cell), r->cell.len);

	text_trim(text);
	if ((r->count & (r->count - 1)) == 0)
		r->cells = mem_resize(r->cells, r->count > 0 ? r->count * 2 : 1, sizeof *r->cells);
	r->cells[r->count++] = text;
	buf_clear(&r->cell);
}

/* Adds what comes before any of the marks. false: the cell is too long. */
static bool take_until(struct reader *r, char a, char b, char c)
{
	const char *from = r->at;

	while (r->at < r->end && *r->at != a && *r->at != b && *r->at != c)
		r->at++;
	buf_add(&r->cell, from, (size_t)(r->at - from));
	return r->cell.len <= SHEET_CELL_MAX_BYTES;
}

/* After the opening quote. false: no closing one. */
static bool quoted(struct reader *r)
{
	while (take_until(r, '"', '\r', '\n') && r->at < r->end) {
		char c = *r->at++;
		bool pair = r->at < r->end && *r->at == (c == '"' ? '"' : '\n');
		r->line += c == '\n';
		if (c == '"' && !pair)
			return true;
		if (c != '\r' || !pair)
			buf_addc(&r->cell, c);
		r->at += c == '"';
	}
	return false;
}

static bool read_cell(struct reader *r)
{
	if (r->at < r->end && *r->at == '"') {
		r->at++;
		if (!quoted(r)) {
			fault(r, r->cell.len > SHEET_CELL_MAX_BYTES
					 ? tr("这一格太长 (超过 64 KB), 请拆短")
					 : tr("引号没有闭合, 请在这一格末尾补上 \""));
			return false;
		}
	}
	if (!take_until(r, ',', '\r', '\n')) {
		fault(r, tr("这一格太长 (超过 64 KB), 请拆短"));
		return false;
	}
	end_cell(r);
	return true;
}

static bool read_row(struct reader *r)
{
	r->cells = NULL;
	r->count = 0;
	for (;;) {
		if (!read_cell(r))
			return false;
		if (r->count > SHEET_COLUMNS_MAX) {
			fault(r, tr("列太多, 请删去多余的列"));
			return false;
		}
		if (r->at == r->end || *r->at != ',')
			break;
		r->at++;
	}
	if (r->at < r->end && *r->at == '\r')
		r->at++;
	if (r->at < r->end && *r->at == '\n')
		r->at++;
	return true;
}

enum err csv_read(struct sheet *s, const char *text, size_t len_bytes, struct buf *faults)
{
	struct reader r = {text, text + len_bytes, s->file, 1, {0}, faults, NULL, 0};
	enum err e = OK;

	if (len_bytes >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		r.at += 3;
	if (!text_valid(text, len_bytes) || memchr(text, '\0', len_bytes) != NULL) {
		fault(&r, tr("文件不是 UTF-8 编码, 请另存为 CSV UTF-8"));
		return ERR_INVALID;
	}
	while (e == OK && r.at < r.end) {
		int first = r.line;
		bool good = read_row(&r);
		r.line++;
		if (!good) {
			size_t i;
			for (i = 0; i < r.count; i++)
				free(r.cells[i]);
			free(r.cells);
			e = ERR_INVALID;
		} else if (!sheet_add_row(s, first, r.cells, r.count)) {
			r.count = 0;
			fault(&r, tr("行太多, 请拆成几个表单"));
			e = ERR_INVALID;
		}
	}
	buf_fini(&r.cell);
	return e;
}

static enum err read_file(
	struct workbook *w, const char *folder, const char *file, struct buf *faults)
{
	char *path = paths_join(folder, file);
	char *name = mem_strndup(file, strlen(file) - 4);
	struct sheet *s = workbook_add(w, name, file);
	struct buf text = {0};
	enum err e = s == NULL ? ERR_INVALID : paths_read(&text, path, FILE_MAX_BYTES);

	if (e == OK)
		e = csv_read(s, buf_str(&text), text.len, faults);
	buf_fini(&text);
	free(name);
	free(path);
	return e;
}

enum err workbook_read_folder(struct workbook *w, const char *path, struct buf *faults)
{
	DIR *d = opendir(path);
	const struct dirent *entry;
	enum err e = OK;

	if (d == NULL)
		return errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_IO;
	while (e == OK && (entry = readdir(d)) != NULL) {
		size_t n = strlen(entry->d_name);
		if (n > 4 && strcmp(entry->d_name + n - 4, ".csv") == 0)
			e = read_file(w, path, entry->d_name, faults);
	}
	closedir(d);
	return e;
}
