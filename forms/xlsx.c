/*
 * Office Open XML spreadsheets (ECMA-376 part 1 §18) as sheets of texts. Bounded: a part of the
 * package is at most 32 MiB unpacked, all of them 128 MiB; entities are not expanded.
 */
#include "forms/sheet.h"

#include <expat.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "forms/expr_number.h"
#include "forms/package.h"

enum {
	STRINGS_MAX = 500000
};

/* ---- what the parsers collect ---- */

struct names {
	char **list;
	size_t count;
};

static void names_add(struct names *n, char *text)
{
	if ((n->count & (n->count - 1)) == 0)
		n->list = mem_resize(n->list, n->count > 0 ? n->count * 2 : 1, sizeof *n->list);
	n->list[n->count++] = text;
}

static void names_fini(struct names *n)
{
	while (n->count > 0)
		free(n->list[--n->count]);
	free(n->list);
	n->list = NULL;
}

/* How the numbers of a cell format are meant. */
enum meaning {
	MEANS_NUMBER,
	MEANS_DATE,
	MEANS_TIME
};

enum {
	FORMATS_MAX = 4096,
	DAYS_MAX = 2958466 /* the day after 9999-12-31 */
};

struct formats {
	struct {
		int id;
		enum meaning means;
	} custom[256];
	size_t custom_count;
	enum meaning cells[FORMATS_MAX]; /* by the cell's style number */
	size_t cell_count;
	bool in_cells; /* inside <cellXfs> */
	bool from_1904;
};

struct reader {
	XML_Parser parser;
	struct names strings;	  /* shared strings */
	struct names sheet_names; /* of the workbook, in order */
	struct names sheet_ids;	  /* the relation of each */
	struct names sheet_parts; /* the part of each, NULL: not known */
	struct formats formats;
	struct sheet *sheet; /* the one being read */
	struct buf text;
	bool in_text;	  /* inside <t> or <v> */
	bool in_item;	  /* inside <si> */
	bool in_phonetic; /* inside <rPh>: how to read it, not what it says */
	char type[16];	  /* of the present cell */
	size_t style;	  /* likewise */
	struct names row;
	int row_number;
	size_t column;
	bool bad;
};

static const char *attribute(const XML_Char **atts, const char *name)
{
	for (; atts[0] != NULL; atts += 2)
		if (strcmp(atts[0], name) == 0)
			return atts[1];
	return NULL;
}

/* The name without its namespace prefix. */
static const char *local(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon != NULL ? colon + 1 : name;
}

static void XMLCALL on_text(void *arg, const XML_Char *s, int len)
{
	struct reader *r = arg;

	if (!r->in_text || r->in_phonetic)
		return;
	if (r->text.len + (size_t)len > SHEET_CELL_MAX_BYTES) {
		r->bad = true;
		XML_StopParser(r->parser, XML_FALSE);
		return;
	}
	buf_add(&r->text, s, (size_t)len);
}

/* ---- the workbook: names of sheets ---- */

static void XMLCALL workbook_start(void *arg, const XML_Char *name, const XML_Char **atts)
{
	struct reader *r = arg;
	const char *sheet = strcmp(local(name), "sheet") == 0 ? attribute(atts, "name") : NULL;
	const char *value;

	if (strcmp(local(name), "workbookPr") == 0) {
		value = attribute(atts, "date1904");
		r->formats.from_1904 =
			value != NULL && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
	}
	if (sheet == NULL || r->sheet_names.count >= WORKBOOK_SHEETS_MAX)
		return;
	value = attribute(atts, "r:id");
	names_add(&r->sheet_names, mem_strdup(sheet));
	names_add(&r->sheet_ids, mem_strdup(value != NULL ? value : ""));
}

/* ---- relations: which part is which sheet ---- */

static void XMLCALL relations_start(void *arg, const XML_Char *name, const XML_Char **atts)
{
	struct reader *r = arg;
	const char *id = attribute(atts, "Id"), *target = attribute(atts, "Target");
	struct buf part = {0};
	size_t i;

	if (strcmp(local(name), "Relationship") != 0 || id == NULL || target == NULL)
		return;
	buf_printf(&part, "%s%s", target[0] == '/' ? "" : "xl/", target + (target[0] == '/'));
	for (i = 0; i < r->sheet_ids.count; i++)
		if (r->sheet_parts.list[i] == NULL && strcmp(r->sheet_ids.list[i], id) == 0)
			r->sheet_parts.list[i] = mem_strdup(buf_str(&part));
	buf_fini(&part);
}

/* Without relations sheets are numbered in the order of the workbook. */
static void name_parts(struct reader *r)
{
	char name[64];
	size_t i;

	for (i = 0; i < r->sheet_parts.count; i++) {
		if (r->sheet_parts.list[i] != NULL)
			continue;
		snprintf(name, sizeof name, "xl/worksheets/sheet%zu.xml", i + 1);
		r->sheet_parts.list[i] = mem_strdup(name);
	}
}

/* ---- styles: which numbers are dates ---- */

/* What a format code shows (ECMA-376 part 1 §18.8.31); quoted and bracketed parts do not count. */
static enum meaning meaning_of_code(const char *code)
{
	bool date = false, hours = false;

	for (; *code != '\0' && *code != ';'; code++) {
		if (*code == '"' || *code == '[') {
			const char *end = strchr(code + 1, *code == '"' ? '"' : ']');
			code = end != NULL ? end : code + strlen(code) - 1;
		} else if (*code == '\\' && code[1] != '\0') {
			code++;
		} else {
			date = date || strchr("yYdDeE", *code) != NULL;
			hours = hours || strchr("hHsS", *code) != NULL;
		}
		if (strncasecmp(code, "General", 7) == 0) /* LibreOffice's GENERAL too */
			return MEANS_NUMBER;
		if ((*code == '0' || *code == '#') && !hours)
			return MEANS_NUMBER; /* "0.00E+00" */
	}
	return date ? MEANS_DATE : hours ? MEANS_TIME : MEANS_NUMBER;
}

/* §18.8.30: the formats that need no code; 27-36 and 50-58 are those of East Asian dates. */
static enum meaning meaning_of(const struct formats *f, int id)
{
	size_t i;

	for (i = 0; i < f->custom_count; i++)
		if (f->custom[i].id == id)
			return f->custom[i].means;
	if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 ||
		(id >= 50 && id <= 54) || id == 57 || id == 58)
		return MEANS_DATE;
	if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) ||
		id == 55 || id == 56)
		return MEANS_TIME;
	return MEANS_NUMBER;
}

static void XMLCALL styles_start(void *arg, const XML_Char *name, const XML_Char **atts)
{
	struct formats *f = &((struct reader *)arg)->formats;
	const char *id = attribute(atts, "numFmtId"), *code = attribute(atts, "formatCode");

	name = local(name);
	if (strcmp(name, "cellXfs") == 0) {
		f->in_cells = true;
	} else if (strcmp(name, "numFmt") == 0 && id != NULL && code != NULL &&
		   f->custom_count < sizeof f->custom / sizeof f->custom[0]) {
		f->custom[f->custom_count].id = atoi(id);
		f->custom[f->custom_count++].means = meaning_of_code(code);
	} else if (strcmp(name, "xf") == 0 && f->in_cells && f->cell_count < FORMATS_MAX) {
		f->cells[f->cell_count++] = meaning_of(f, id != NULL ? atoi(id) : 0);
	}
}

static void XMLCALL styles_end(void *arg, const XML_Char *name)
{
	if (strcmp(local(name), "cellXfs") == 0)
		((struct reader *)arg)->formats.in_cells = false;
}

/* A serial number as the date and time it stands for: days since 1899-12-30 (or 1904-01-01). */
static bool show_serial(
	const struct formats *f, enum meaning means, const char *text, char *out, size_t size)
{
	char *end, date[DATE_SIZE];
	double serial = strtod(text, &end);
	int64_t all_minutes;
	int32_t day;
	int minutes;

	if (end == text || *end != '\0' || !(serial >= 0 && serial < DAYS_MAX))
		return false;
	all_minutes = (int64_t)floor(serial * 1440 + 0.5);
	if (all_minutes >= (int64_t)DAYS_MAX * 1440)
		return false;
	day = (int32_t)(all_minutes / 1440) - (f->from_1904 ? 24107 : 25569);
	minutes = (int)(all_minutes % 1440);
	if (means == MEANS_TIME && serial < 1)
		snprintf(out, size, "%02d:%02d", minutes / 60, minutes % 60);
	else if (minutes == 0)
		snprintf(out, size, "%s", date_format(date_from_day(day), date));
	else
		snprintf(out, size, "%sT%02d:%02d", date_format(date_from_day(day), date),
			minutes / 60, minutes % 60);
	return true;
}

/* ---- shared strings ---- */

static void XMLCALL strings_start(void *arg, const XML_Char *name, const XML_Char **atts)
{
	struct reader *r = arg;

	(void)atts;
	name = local(name);
	if (strcmp(name, "si") == 0) {
		buf_clear(&r->text);
		r->in_item = true;
	} else if (strcmp(name, "rPh") == 0) {
		r->in_phonetic = true;
	} else if (strcmp(name, "t") == 0) {
		r->in_text = r->in_item;
	}
}

static void XMLCALL strings_end(void *arg, const XML_Char *name)
{
	struct reader *r = arg;

	name = local(name);
	if (strcmp(name, "t") == 0) {
		r->in_text = false;
	} else if (strcmp(name, "rPh") == 0) {
		r->in_phonetic = false;
	} else if (strcmp(name, "si") == 0) {
		r->in_item = false;
		if (r->strings.count < STRINGS_MAX)
			names_add(&r->strings, mem_strdup(buf_str(&r->text)));
	}
}

/* ---- a sheet ---- */

/* "BC12" -> 54 (columns from 0). SHEET_COLUMNS_MAX: beyond what is taken. */
static size_t column_of(const char *reference)
{
	size_t column = 0;

	for (; *reference >= 'A' && *reference <= 'Z'; reference++) {
		column = column * 26 + (size_t)(*reference - 'A' + 1);
		if (column > SHEET_COLUMNS_MAX)
			return SHEET_COLUMNS_MAX;
	}
	return column > 0 ? column - 1 : 0;
}

static void XMLCALL sheet_start(void *arg, const XML_Char *name, const XML_Char **atts)
{
	struct reader *r = arg;
	const char *value;

	name = local(name);
	if (strcmp(name, "row") == 0) {
		value = attribute(atts, "r");
		r->row_number = value != NULL ? atoi(value) : r->row_number + 1;
		r->column = 0;
	} else if (strcmp(name, "c") == 0) {
		value = attribute(atts, "r");
		if (value != NULL)
			r->column = column_of(value);
		value = attribute(atts, "t");
		snprintf(r->type, sizeof r->type, "%s", value != NULL ? value : "n");
		value = attribute(atts, "s");
		r->style = value != NULL ? (size_t)strtoul(value, NULL, 10) : 0;
		buf_clear(&r->text);
	} else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0) {
		r->in_text = true;
	} else if (strcmp(name, "rPh") == 0) {
		r->in_phonetic = true;
	}
}

/* A number as it was typed: the file has the double that is nearest to it, with 17 digits or an
 * exponent. What is short, or no number, stays as it is. */
static char *number_text(const char *text)
{
	struct buf shown = {0};
	char *end, *typed;
	double n = strtod(text, &end);

	if (end == text || *end != '\0' || isnan(n) || isinf(n) || fabs(n) >= 1e100 ||
		(n != 0 && fabs(n) < 1e-100) || (strlen(text) <= 15 && strpbrk(text, "eE") == NULL))
		return mem_strdup(text);
	number_write(&shown, number_sure(n));
	typed = mem_strdup(buf_str(&shown));
	buf_fini(&shown);
	return typed;
}

/* What the cell shows, as a person would type it. */
static char *cell_text(struct reader *r)
{
	const struct formats *f = &r->formats;
	enum meaning means = r->style < f->cell_count ? f->cells[r->style] : MEANS_NUMBER;
	char *text, shown[64];
	size_t at;

	if (strcmp(r->type, "s") == 0) {
		at = (size_t)strtoul(buf_str(&r->text), NULL, 10);
		text = mem_strdup(at < r->strings.count ? r->strings.list[at] : "");
	} else if (strcmp(r->type, "b") == 0) {
		text = mem_strdup(strcmp(buf_str(&r->text), "1") == 0 ? "true" : "false");
	} else if (strcmp(r->type, "n") == 0 && means != MEANS_NUMBER &&
		   show_serial(f, means, buf_str(&r->text), shown, sizeof shown)) {
		text = mem_strdup(shown);
	} else if (strcmp(r->type, "n") == 0) {
		text = number_text(buf_str(&r->text));
	} else {
		text = mem_strdup(buf_str(&r->text));
	}
	text_trim(text);
	return text;
}

static void end_cell(struct reader *r)
{
	if (r->column >= SHEET_COLUMNS_MAX)
		return;
	while (r->row.count < r->column)
		names_add(&r->row, mem_strdup(""));
	if (r->row.count == r->column)
		names_add(&r->row, cell_text(r));
	r->column++;
}

static void end_row(struct reader *r)
{
	if (r->row.count == 0)
		return;
	if (!sheet_add_row(r->sheet, r->row_number, r->row.list, r->row.count)) {
		r->bad = true;
		XML_StopParser(r->parser, XML_FALSE);
	}
	r->row = (struct names){NULL, 0};
}

static void XMLCALL sheet_end(void *arg, const XML_Char *name)
{
	struct reader *r = arg;

	name = local(name);
	if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
		r->in_text = false;
	else if (strcmp(name, "rPh") == 0)
		r->in_phonetic = false;
	else if (strcmp(name, "c") == 0)
		end_cell(r);
	else if (strcmp(name, "row") == 0)
		end_row(r);
}

/* ---- parsing ---- */

/* A document type is no part of a spreadsheet: entities would be the only reason for one. */
static void XMLCALL on_doctype(void *arg, const XML_Char *name, const XML_Char *system,
	const XML_Char *public, int has_internal)
{
	struct reader *r = arg;

	(void)name;
	(void)system;
	(void)public;
	(void)has_internal;
	r->bad = true;
	XML_StopParser(r->parser, XML_FALSE);
}

static enum err parse(struct reader *r, const struct buf *part, XML_StartElementHandler start,
	XML_EndElementHandler end)
{
	enum XML_Status status;

	r->parser = XML_ParserCreate(NULL);
	if (r->parser == NULL)
		return ERR_IO;
	r->bad = r->in_text = r->in_item = r->in_phonetic = false;
	buf_clear(&r->text);
	XML_SetUserData(r->parser, r);
	XML_SetElementHandler(r->parser, start, end);
	XML_SetCharacterDataHandler(r->parser, on_text);
	XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
	status = XML_Parse(r->parser, buf_str(part), (int)part->len, 1);
	XML_ParserFree(r->parser);
	return status == XML_STATUS_OK && !r->bad ? OK : ERR_INVALID;
}

static enum err read_sheets(struct reader *r, struct package *p, struct workbook *w)
{
	struct buf part = {0};
	enum err e = OK;
	size_t i;

	for (i = 0; e == OK && i < r->sheet_names.count; i++) {
		r->sheet = workbook_add(w, r->sheet_names.list[i], r->sheet_names.list[i]);
		if (r->sheet == NULL)
			break;
		buf_clear(&part);
		e = package_part(p, r->sheet_parts.list[i], &part);
		r->row_number = 0;
		if (e == OK)
			e = parse(r, &part, sheet_start, sheet_end);
		else if (e == ERR_NOT_FOUND)
			e = OK;
		names_fini(&r->row);
	}
	buf_fini(&part);
	return e;
}

static enum err read_package(struct package *p, struct workbook *w)
{
	struct reader *r = mem_alloc(sizeof *r);
	struct buf part = {0};
	enum err e = package_part(p, "xl/workbook.xml", &part);

	if (e == OK)
		e = parse(r, &part, workbook_start, NULL);
	buf_clear(&part);
	while (r->sheet_parts.count < r->sheet_names.count)
		names_add(&r->sheet_parts, NULL);
	if (e == OK && package_part(p, "xl/_rels/workbook.xml.rels", &part) == OK)
		e = parse(r, &part, relations_start, NULL);
	name_parts(r);
	buf_clear(&part);
	if (e == OK && package_part(p, "xl/styles.xml", &part) == OK)
		e = parse(r, &part, styles_start, styles_end);
	buf_clear(&part);
	if (e == OK && package_part(p, "xl/sharedStrings.xml", &part) == OK)
		e = parse(r, &part, strings_start, strings_end);
	if (e == OK)
		e = read_sheets(r, p, w);
	names_fini(&r->strings);
	names_fini(&r->sheet_names);
	names_fini(&r->sheet_ids);
	names_fini(&r->sheet_parts);
	buf_fini(&r->text);
	buf_fini(&part);
	free(r);
	return e == ERR_NOT_FOUND ? ERR_INVALID : e;
}

/* What is locked with a password, and what Excel wrote until 2003, is no package but this. */
static bool is_compound(const char *path)
{
	static const char mark[] = "\xD0\xCF\x11\xE0";
	char begin[4] = {0};
	FILE *f = fopen(path, "rb");
	bool is = f != NULL && fread(begin, 1, sizeof begin, f) == sizeof begin &&
		  memcmp(begin, mark, sizeof begin) == 0;

	if (f != NULL)
		fclose(f);
	return is;
}

/* Why it could not be opened. */
static const char *refusal(enum err e, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return tr("%s 是文件夹, 这里要 .xlsx 文件; CSV 写的表用 form check 查过, "
			  "整个文件夹放进数据目录的 forms 就能用\n");
	if (e != ERR_NOT_FOUND && is_compound(path))
		return tr("%s 有密码, 或是改了名的旧格式: 请在 Excel 或 WPS 里打开, 去掉密码, "
			  "另存为 .xlsx, 再用那一份\n");
	if (e == ERR_NOT_FOUND)
		return tr("没有文件 %s\n");
	if (e == ERR_STATE)
		return tr("%s 读不了: 这台机器没有装 libzip, 请安装它或另存为 CSV\n");
	return tr("%s 不是 .xlsx 文件, 请另存为 .xlsx\n");
}

enum err workbook_read_xlsx(struct workbook *w, const char *path, struct buf *faults)
{
	struct package *p;
	enum err e = package_open(&p, path);

	if (e != OK) {
		if (faults != NULL)
			buf_printf(faults, refusal(e, path), path);
		return e;
	}
	e = read_package(p, w);
	package_close(p);
	if (e != OK && faults != NULL && faults->len == 0)
		buf_printf(faults, tr("%s 读不懂: 已损坏, 太大, 或不是电子表格\n"), path);
	return e;
}
