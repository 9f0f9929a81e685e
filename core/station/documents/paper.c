#include "core/station/documents/paper.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"

static const char first_line[] = "yimen-paper 1\n";

enum {
	FIELDS_MAX = 16,
	WEIGHT_UNSAID = 10
};

static const struct shape {
	const char *word;
	size_t least, most;
} shapes[PAPER_KIND__MAX] = {
	[PAPER_ISSUER] = {"issuer", 1, 1},
	[PAPER_TITLE] = {"title", 1, 1},
	[PAPER_NUMBER] = {"number", 1, 1},
	[PAPER_TO] = {"to", 1, 1},
	[PAPER_TEXT] = {"text", 1, 1},
	[PAPER_HEADING] = {"heading", 1, 1},
	[PAPER_PAIR] = {"pair", 2, 2},
	[PAPER_FILL] = {"fill", 2, 2},
	[PAPER_ITEM] = {"item", 1, 1},
	[PAPER_COLUMNS] = {"columns", 1, FIELDS_MAX},
	[PAPER_ROW] = {"row", 1, FIELDS_MAX},
	[PAPER_NOTE] = {"note", 1, 1},
	[PAPER_RULE] = {"rule", 0, 0},
	[PAPER_SEAL] = {"seal", 2, 3},
	[PAPER_SIGN] = {"sign", 1, 4},
	[PAPER_QR] = {"qr", 1, 2},
	[PAPER_COPY] = {"copy", 1, 1},
	[PAPER_PAGE] = {"page", 0, 0},
};

void paper_fields(enum paper_kind kind, size_t *least, size_t *most)
{
	*least = shapes[kind].least;
	*most = shapes[kind].most;
}

void paper_fini(struct paper *p)
{
	for (size_t i = 0; i < p->count; i++) {
		for (size_t j = 0; j < p->blocks[i].count; j++)
			free(p->blocks[i].fields[j]);
		free(p->blocks[i].fields);
	}
	free(p->blocks);
	*p = (struct paper){0};
}

void paper_add(struct paper *p, enum paper_kind kind, const char *const *fields, size_t count)
{
	struct paper_block b = {kind, mem_array(count + 1, sizeof *b.fields), count};

	for (size_t i = 0; i < count; i++)
		b.fields[i] = mem_strdup(fields[i]);
	/* Room grows by doubling: full at every power of two. */
	if ((p->count & (p->count - 1)) == 0)
		p->blocks = mem_resize(p->blocks, p->count ? p->count * 2 : 1, sizeof *p->blocks);
	p->blocks[p->count++] = b;
}

void paper_add_copy(struct paper *p, const struct paper *of, const char *mark)
{
	if (p->count > 0)
		paper_add(p, PAPER_PAGE, NULL, 0);
	paper_add(p, PAPER_COPY, &mark, 1);
	for (size_t i = 0; i < of->count; i++)
		paper_add(p, of->blocks[i].kind, (const char *const *)of->blocks[i].fields,
			of->blocks[i].count);
}

const char *paper_field(const struct paper_block *b, size_t i)
{
	return i < b->count ? b->fields[i] : "";
}

int paper_weight(const char *field, size_t *label_bytes)
{
	const char *blank = strrchr(field, ' ');
	int weight = blank != NULL ? atoi(blank + 1) : 0;

	*label_bytes = weight > 0 ? (size_t)(blank - field) : strlen(field);
	return weight <= 0 ? WEIGHT_UNSAID : weight > 100 ? 100 : weight;
}

static void write_field(struct buf *out, const char *field)
{
	buf_addc(out, '\t');
	for (; *field != '\0'; field++) {
		const char *as = *field == '\t'	  ? "\\t"
				 : *field == '\n' ? "\\n"
				 : *field == '\\' ? "\\\\"
						  : NULL;
		if (as != NULL)
			buf_adds(out, as);
		else
			buf_addc(out, *field);
	}
}

void paper_write(struct buf *out, const struct paper *p)
{
	buf_adds(out, first_line);
	for (size_t i = 0; i < p->count; i++) {
		buf_adds(out, shapes[p->blocks[i].kind].word);
		for (size_t j = 0; j < p->blocks[i].count; j++)
			write_field(out, p->blocks[i].fields[j]);
		buf_addc(out, '\n');
	}
}

static char *read_field(const char *at, size_t len)
{
	struct buf b = {0};

	for (size_t i = 0; i < len; i++) {
		if (at[i] != '\\' || i + 1 == len)
			buf_addc(&b, at[i]);
		else if (at[++i] == 't' || at[i] == 'n')
			buf_addc(&b, at[i] == 't' ? '\t' : '\n');
		else
			buf_addc(&b, at[i]);
	}
	return buf_take(&b);
}

static bool find_word(const char *line, size_t len, enum paper_kind *out)
{
	for (int k = 0; k < PAPER_KIND__MAX; k++)
		if (strlen(shapes[k].word) == len && memcmp(shapes[k].word, line, len) == 0) {
			*out = (enum paper_kind)k;
			return true;
		}
	return false;
}

/* One line without its line feed. false: not a block. */
static bool read_line(struct paper *p, const char *line, size_t len)
{
	const char *tab = memchr(line, '\t', len), *end = line + len;
	char *fields[FIELDS_MAX];
	enum paper_kind kind;
	size_t count = 0;
	bool good;

	if (!find_word(line, tab != NULL ? (size_t)(tab - line) : len, &kind))
		return false;
	while (tab != NULL && count < FIELDS_MAX) {
		const char *next = memchr(tab + 1, '\t', (size_t)(end - tab - 1));
		fields[count++] =
			read_field(tab + 1, (size_t)((next != NULL ? next : end) - tab - 1));
		tab = next;
	}
	good = tab == NULL && count >= shapes[kind].least && count <= shapes[kind].most;
	if (good)
		paper_add(p, kind, (const char *const *)fields, count);
	while (count > 0)
		free(fields[--count]);
	return good;
}

enum err paper_read(struct paper *out, const char *text, size_t len_bytes, struct buf *why)
{
	const char *end = text + len_bytes;
	size_t line = 1;

	if (len_bytes < sizeof first_line - 1 ||
		memcmp(text, first_line, sizeof first_line - 1) != 0) {
		buf_why(why, "%s", tr("这不是文书 (第 1 行应为 yimen-paper 1)"));
		return ERR_INVALID;
	}
	for (text += sizeof first_line - 1; text < end;) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		if (stop == NULL)
			stop = end;
		line++;
		if (!read_line(out, text, (size_t)(stop - text))) {
			buf_why(why, tr("文书第 %zu 行看不懂"), line);
			paper_fini(out);
			return ERR_INVALID;
		}
		text = stop + 1;
	}
	return OK;
}
