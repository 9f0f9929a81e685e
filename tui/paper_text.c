#include "tui/paper_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "core/station/documents/paper.h"
#include "tui/glyph.h"
#include "tui/widget_pager.h"

enum {
	COLS = PAPER_TEXT_COLS,
	INDENT_COLS = 4, /* of the first line of a paragraph: two ideographs */
	LABEL_MIN_COLS = 10,
	LABEL_MAX_COLS = 24,
	GAP_COLS = 2, /* between the columns of a table */
	COLUMNS_MAX = 16,
	SEAL_COLS = 30,
	BLANK_COLS = 24 /* a line to write on */
};

struct writing {
	struct buf *out;
	int pair_col, label_cols; /* of the pairs at hand */
	size_t item;		  /* number of the last item; 0: none before this */
	int widths[COLUMNS_MAX];  /* of the table at hand */
	size_t columns;
};

static void put_spaces(struct buf *out, int n)
{
	for (; n > 0; n--)
		buf_addc(out, ' ');
}

static void put_many(struct buf *out, char c, int n)
{
	for (; n > 0; n--)
		buf_addc(out, c);
	buf_addc(out, '\n');
}

/* One line, drawn characters only, at a column; cut when it is too wide. */
static void put_at(struct buf *out, int col, const char *text)
{
	put_spaces(out, col);
	glyph_fit(out, text, COLS - col);
	buf_addc(out, '\n');
}

static void put_centred(struct buf *out, const char *text)
{
	int cols = glyph_cols(text);

	put_at(out, cols < COLS ? (COLS - cols) / 2 : 0, text);
}

static void put_right(struct buf *out, const char *text)
{
	int cols = glyph_cols(text);

	put_at(out, cols < COLS ? COLS - cols : 0, text);
}

/* Wrapped from column `col`; `before` stands on the first line, in place of the indent. */
static void put_wrapped(struct buf *out, const char *before, int col, const char *text)
{
	struct pager p;

	pager_init(&p, COLS - col);
	pager_add(&p, 0, ROLE_TEXT, text);
	if (p.count == 0)
		put_at(out, 0, before);
	for (size_t i = 0; i < p.count; i++) {
		if (i == 0)
			text_pad(out, before, col);
		else
			put_spaces(out, col);
		buf_adds(out, p.lines[i].text);
		buf_addc(out, '\n');
	}
	pager_fini(&p);
}

/* A paragraph: its first line is indented. Two ideographs hold the place while it is wrapped. */
static void put_paragraph(struct buf *out, const char *text)
{
	static const char held[] = "口口";
	struct buf b = {0};
	struct pager p;

	buf_printf(&b, "%s%s", held, text);
	pager_init(&p, COLS);
	pager_add(&p, 0, ROLE_TEXT, buf_str(&b));
	for (size_t i = 0; i < p.count; i++) {
		if (i == 0)
			put_spaces(out, INDENT_COLS);
		buf_adds(out, p.lines[i].text + (i == 0 ? strlen(held) : 0));
		buf_addc(out, '\n');
	}
	pager_fini(&p);
	buf_fini(&b);
}

/* ---- pairs ---- */

static bool is_pair(const struct paper_block *b)
{
	return b->kind == PAPER_PAIR || b->kind == PAPER_FILL;
}

/* The labels of neighbouring pairs are as wide as the widest of them. */
static int label_cols(const struct paper *p, size_t at)
{
	int widest = LABEL_MIN_COLS;

	for (; at < p->count && is_pair(&p->blocks[at]); at++) {
		int cols = glyph_cols(p->blocks[at].fields[0]) + GAP_COLS;
		if (cols > widest)
			widest = cols;
	}
	return widest > LABEL_MAX_COLS ? LABEL_MAX_COLS : widest;
}

static void put_pair(struct writing *w, const struct paper_block *b)
{
	struct buf label = {0}, value = {0};

	put_spaces(&label, w->pair_col);
	glyph_fit(&label, b->fields[0], w->label_cols - GAP_COLS);
	buf_adds(&value, b->fields[1]);
	if (value.len == 0)
		for (int i = 0; i < BLANK_COLS; i++)
			buf_addc(&value, '_');
	put_wrapped(w->out, buf_str(&label), w->pair_col + w->label_cols, buf_str(&value));
	buf_fini(&label);
	buf_fini(&value);
}

/* ---- tables ---- */

/* Each column at least as wide as its head, the rest by weight, all of the line used. */
static void set_widths(struct writing *w, const struct paper_block *b)
{
	int weights[COLUMNS_MAX] = {0}, sum = 0, room, used = 0, widest = 0;

	w->columns = b->count < COLUMNS_MAX ? b->count : COLUMNS_MAX;
	room = COLS - GAP_COLS * ((int)w->columns - 1);
	for (size_t i = 0; i < w->columns; i++) {
		size_t label;
		sum += weights[i] = paper_weight(b->fields[i], &label);
	}
	for (size_t i = 0; i < w->columns; i++) {
		size_t len;
		char *label;
		int cols;
		paper_weight(b->fields[i], &len);
		label = mem_strndup(b->fields[i], len);
		cols = glyph_cols(label);
		free(label);
		w->widths[i] = weights[i] * room / (sum > 0 ? sum : 1);
		if (w->widths[i] < cols && cols < room / (int)w->columns)
			w->widths[i] = cols;
		if (w->widths[i] < 2)
			w->widths[i] = 2;
		used += w->widths[i];
		widest = w->widths[i] > w->widths[widest] ? (int)i : widest;
	}
	w->widths[widest] += room - used;
}

/* The cells of one row, each wrapped within its column; the row is as high as the highest. */
static void put_row(struct writing *w, char *const *cells, size_t count)
{
	struct pager columns[COLUMNS_MAX];
	size_t high = 1;

	for (size_t i = 0; i < w->columns; i++) {
		pager_init(&columns[i], w->widths[i]);
		pager_add(&columns[i], 0, ROLE_TEXT, i < count ? cells[i] : "");
		if (columns[i].count > high)
			high = columns[i].count;
	}
	for (size_t line = 0; line < high; line++) {
		for (size_t i = 0; i < w->columns; i++) {
			const char *text =
				line < columns[i].count ? columns[i].lines[line].text : "";
			text_pad(w->out, text, w->widths[i]);
			if (i + 1 < w->columns)
				put_spaces(w->out, GAP_COLS);
		}
		while (w->out->len > 0 && w->out->data[w->out->len - 1] == ' ')
			w->out->data[--w->out->len] = '\0';
		buf_addc(w->out, '\n');
	}
	for (size_t i = 0; i < w->columns; i++)
		pager_fini(&columns[i]);
}

static void put_head(struct writing *w, const struct paper_block *b)
{
	char *labels[COLUMNS_MAX];

	set_widths(w, b);
	for (size_t i = 0; i < w->columns; i++) {
		size_t len;
		paper_weight(b->fields[i], &len);
		labels[i] = mem_strndup(b->fields[i], len);
	}
	put_many(w->out, '-', COLS);
	put_row(w, labels, w->columns);
	put_many(w->out, '-', COLS);
	for (size_t i = 0; i < w->columns; i++)
		free(labels[i]);
}

/* ---- the rest ---- */

static void put_item(struct writing *w, const struct paper_block *b)
{
	struct buf number = {0};

	buf_printf(&number, "%zu.", ++w->item);
	put_wrapped(w->out, number.data, INDENT_COLS, b->fields[0]);
	buf_fini(&number);
}

/* Who seals, a word for the place, the date: centred at the right. */
static void put_seal(struct writing *w, const struct paper_block *b)
{
	const char *lines[3] = {paper_field(b, 0), paper_field(b, 2), paper_field(b, 1)};

	buf_addc(w->out, '\n');
	for (int i = 0; i < 3; i++) {
		struct buf text = {0};
		int cols;
		if (i == 1 && *lines[i] != '\0')
			buf_printf(&text, "(%s)", lines[i]);
		else
			buf_adds(&text, lines[i]);
		cols = glyph_cols(buf_str(&text));
		if (cols > SEAL_COLS)
			put_right(w->out, buf_str(&text));
		else if (cols > 0)
			put_at(w->out, COLS - SEAL_COLS + (SEAL_COLS - cols) / 2, buf_str(&text));
		buf_fini(&text);
	}
}

static void put_sign(struct writing *w, const struct paper_block *b)
{
	int room = COLS / (int)b->count;

	buf_addc(w->out, '\n');
	for (size_t i = 0; i < b->count; i++) {
		struct buf label = {0};
		int used;
		glyph_fit(&label, b->fields[i], room - 12);
		buf_adds(&label, ": ");
		used = text_cols(label.data);
		buf_adds(w->out, label.data);
		for (; used < room - (i + 1 < b->count ? GAP_COLS : 0); used++)
			buf_addc(w->out, '_');
		if (i + 1 < b->count)
			put_spaces(w->out, GAP_COLS);
		buf_fini(&label);
	}
	buf_addc(w->out, '\n');
}

static void put_qr(struct writing *w, const struct paper_block *b)
{
	buf_addc(w->out, '\n');
	if (b->count > 1)
		put_wrapped(w->out, "", 0, b->fields[1]);
	put_wrapped(w->out, "", INDENT_COLS, b->fields[0]);
}

static void put_copy(struct writing *w, const struct paper_block *b)
{
	struct buf mark = {0};

	buf_printf(&mark, "[%s]", b->fields[0]);
	put_right(w->out, mark.data);
	buf_fini(&mark);
}

static void put_block(struct writing *w, const struct paper_block *b)
{
	switch (b->kind) {
	case PAPER_ISSUER:
	case PAPER_TITLE:
		put_centred(w->out, b->fields[0]);
		break;
	case PAPER_NUMBER:
		put_right(w->out, b->fields[0]);
		break;
	case PAPER_TO:
	case PAPER_NOTE:
		put_wrapped(w->out, "", 0, b->fields[0]);
		break;
	case PAPER_HEADING:
		buf_addc(w->out, '\n');
		put_wrapped(w->out, "", 0, b->fields[0]);
		break;
	case PAPER_PAIR:
	case PAPER_FILL:
		put_pair(w, b);
		break;
	case PAPER_ITEM:
		put_item(w, b);
		break;
	case PAPER_COLUMNS:
		put_head(w, b);
		break;
	case PAPER_ROW:
		put_row(w, b->fields, b->count);
		break;
	case PAPER_RULE:
		put_many(w->out, '-', COLS);
		break;
	case PAPER_SEAL:
		put_seal(w, b);
		break;
	case PAPER_SIGN:
		put_sign(w, b);
		break;
	case PAPER_QR:
		put_qr(w, b);
		break;
	case PAPER_COPY:
		put_copy(w, b);
		break;
	case PAPER_PAGE:
		buf_addc(w->out, '\f');
		break;
	default:
		put_paragraph(w->out, b->fields[0]);
		break;
	}
}

static bool is_table(enum paper_kind kind)
{
	return kind == PAPER_COLUMNS || kind == PAPER_ROW;
}

/* Items are numbered through the pairs that stand between them. */
static bool goes_on(const struct paper_block *b)
{
	return b->kind == PAPER_ITEM || is_pair(b);
}

void paper_text(struct buf *out, const struct paper *p)
{
	struct writing w = {.out = out, .label_cols = LABEL_MIN_COLS};

	for (size_t i = 0; i < p->count; i++) {
		const struct paper_block *b = &p->blocks[i];
		enum paper_kind before = i > 0 ? p->blocks[i - 1].kind : PAPER_PAGE;
		if (is_table(before) && !is_table(b->kind))
			put_many(out, '-', COLS);
		if (is_pair(b) && before != PAPER_PAIR && before != PAPER_FILL) {
			w.label_cols = label_cols(p, i);
			w.pair_col = before == PAPER_ITEM ? INDENT_COLS : 0;
		}
		if (!goes_on(b))
			w.item = 0;
		put_block(&w, b);
		if (b->kind == PAPER_NUMBER || (b->kind == PAPER_TITLE && i + 1 < p->count &&
						       p->blocks[i + 1].kind != PAPER_NUMBER))
			buf_addc(out, '\n');
	}
}
