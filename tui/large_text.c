#include "tui/large_text.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "tui/big_text.h"
#include "tui/glyph.h"

enum {
	MARGIN = 2,
	LOW_ROWS = 20, /* in a window lower than this no row is given away */
	KEYS_ROWS = 1, /* beside the last row, which stays empty */
	HANGING = 3    /* columns kept for a sign that must not begin a line */
};

void large_text_begin(struct large_text *t, const char *title)
{
	large_text_fini(t);
	t->title = mem_strdup(title);
}

void large_text_add(struct large_text *t, int number, const char *big, const char *text)
{
	t->pages = mem_resize(t->pages, t->count + 1, sizeof(*t->pages));
	t->pages[t->count++] =
		(struct large_page){number, big ? mem_strdup(big) : NULL, mem_strdup(text)};
}

void large_text_fini(struct large_text *t)
{
	for (size_t i = 0; i < t->count; i++) {
		free(t->pages[i].big);
		free(t->pages[i].text);
	}
	free(t->pages);
	free(t->title);
	*t = (struct large_text){0};
}

/* ---- words, widely spaced ---- */

struct spaced {
	char **lines;
	size_t count;
	struct buf line; /* the one that is being made */
	int used;
};

static void end_line(struct spaced *s)
{
	s->lines = mem_resize(s->lines, s->count + 1, sizeof(*s->lines));
	s->lines[s->count++] = buf_take(&s->line);
	s->used = 0;
}

static void spaced_fini(struct spaced *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->lines[i]);
	free(s->lines);
	buf_fini(&s->line);
}

/* A character, `gap` cells after what stands before it. */
static void put(struct spaced *s, const char *text, size_t len, int cols, int gap, int room)
{
	if (s->used > 0 && s->used + gap + cols > room) {
		end_line(s);
		gap = 0;
	}
	for (; s->used > 0 && gap > 0; gap--, s->used++)
		buf_addc(&s->line, ' ');
	buf_add(&s->line, text, len);
	s->used += cols;
}

/* Numbers are spaced as characters are; words of letters stay together: so they are read best. */
static void put_word(struct spaced *s, const char *word, size_t len, int gap, int room)
{
	bool letters = false, digits = false;

	for (size_t i = 0; i < len; i++) {
		letters = letters || ((word[i] | 0x20) >= 'a' && (word[i] | 0x20) <= 'z');
		digits = digits || (word[i] >= '0' && word[i] <= '9');
	}
	if (letters && !digits && (int)len <= room) {
		put(s, word, len, (int)len, gap > 2 ? 2 : gap, room);
		return;
	}
	if (s->used > 0 && s->used + gap + (int)len * 2 - 1 > room && (int)len * 2 - 1 <= room)
		end_line(s);
	for (size_t i = 0; i < len; i++)
		put(s, word + i, 1, 1, i ? 1 : gap, room);
}

static bool hangs(uint32_t cp)
{
	return cp == 0x3001 || cp == 0x3002 || cp == 0xff0c || cp == 0xff1b || cp == 0xff1a ||
	       cp == 0xff09 || cp == 0x300b || cp == 0x301e;
}

/* One paragraph, as it may be drawn. */
static void space_out(struct spaced *s, const char *text, size_t len, int cols)
{
	int gap = 1;

	for (size_t at = 0; at < len;) {
		uint32_t cp;
		size_t n = text_decode(text + at, len - at, &cp);
		if (cp == ' ') {
			gap = 3;
		} else if (cp < 0x80) {
			n = 0;
			while (at + n < len && text[at + n] > ' ' && text[at + n] < 0x7f)
				n++;
			put_word(s, text + at, n, gap, cols - HANGING);
			gap = 1;
		} else {
			put(s, text + at, n, text_cp_cols(cp), gap,
				hangs(cp) ? cols : cols - HANGING);
			gap = 1;
		}
		at += n;
	}
	if (s->used > 0)
		end_line(s);
}

static void space_out_all(struct spaced *s, const char *text, int cols)
{
	struct buf drawn = {0};

	while (*text) {
		size_t n = strcspn(text, "\n");
		buf_clear(&drawn);
		glyph_text(&drawn, text, n);
		space_out(s, buf_str(&drawn), drawn.len, cols);
		text += n + (text[n] == '\n');
	}
	buf_fini(&drawn);
}

/* ---- numbers ---- */

static int digits_at(const char *s, int n)
{
	int value = 0;

	for (; n > 0; n--)
		value = value * 10 + (*s++ - '0');
	return value;
}

/* The day within a case's number: 20261124. */
static bool is_day(const char *s)
{
	int year, month, day;

	if (strspn(s, "0123456789") < 8)
		return false;
	year = digits_at(s, 4);
	month = digits_at(s + 4, 2);
	day = digits_at(s + 6, 2);
	return year >= 1900 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* Where a number may be broken: after its hyphens, before and after a day in it, else anywhere. */
static size_t number_line(const char *number, size_t most)
{
	size_t len = strlen(number), good = 0;

	if (len <= most)
		return len;
	for (size_t i = 1; i <= most; i++)
		if (number[i - 1] == '-' || is_day(number + i) ||
			(i >= 8 && is_day(number + i - 8)))
			good = i;
	return good ? good : most;
}

static int number_rows(const char *number, int pixel_cols, int cols)
{
	size_t most = (size_t)((cols + pixel_cols) / ((BIG_TEXT_PIXELS + 1) * pixel_cols));
	int lines = 0;

	for (; *number && most > 0; number += number_line(number, most))
		lines++;
	return lines ? lines * (BIG_TEXT_ROWS + 1) - 1 : 0;
}

/* How wide a pixel of it can be: 2, 1, or 0 when it does not fit into so many rows. */
static int number_pixel(const char *number, int rows, int cols)
{
	if (!big_text_can(number))
		return 0;
	for (int pixel = 2; pixel > 0; pixel--)
		if (number_rows(number, pixel, cols) <= rows)
			return pixel;
	return 0;
}

static int centre(const struct canvas *c, int cols)
{
	return cols < canvas_cols(c) ? (canvas_cols(c) - cols) / 2 : 0;
}

static void draw_number(struct canvas *c, int row, const char *number, int pixel_cols)
{
	size_t most =
		(size_t)((canvas_cols(c) - 2 + pixel_cols) / ((BIG_TEXT_PIXELS + 1) * pixel_cols));

	while (*number) {
		size_t n = number_line(number, most);
		big_text_draw(c, row, centre(c, big_text_cols(n, pixel_cols)), number, n,
			pixel_cols, ROLE_SELECTED);
		row += BIG_TEXT_ROWS + 1;
		number += n;
	}
}

/* ---- a page ---- */

struct layout {
	bool tight;
	int top, rows;	      /* of what is under the title */
	int pixel;	      /* of the number; 0: there is none, or among the words */
	int number_rows;      /* with the gap below it */
	struct spaced words;  /* all lines of the page */
	size_t first_n, more; /* lines in the first part, in each further one */
};

static size_t lines_in(int rows)
{
	return rows > 0 ? (size_t)(rows + 1) / 2 : 1;
}

/* tight: rows are given to the number rather than left blank. false: it does not fit so. */
static bool lay_out_rows(
	struct layout *l, const struct large_page *p, int rows, int cols, bool tight)
{
	int gap = tight ? 1 : 2, words = tight ? 3 : 5; /* rows of two lines, of three */

	l->top = tight ? 2 : 4;
	l->rows = rows - KEYS_ROWS - l->top - gap;
	l->pixel = l->number_rows = 0;
	if (!p->big)
		return true;
	l->pixel = number_pixel(p->big, l->rows - gap - words, cols);
	if (l->pixel)
		l->number_rows = number_rows(p->big, l->pixel, cols) + gap;
	return l->pixel > 0;
}

static void lay_out(struct layout *l, const struct large_page *p, int rows, int cols)
{
	int number_cols = cols - 2;

	cols -= 2 * MARGIN;
	*l = (struct layout){.top = 0};
	l->tight = rows < LOW_ROWS || !lay_out_rows(l, p, rows, number_cols, false);
	if (l->tight && !lay_out_rows(l, p, rows, number_cols, true))
		space_out_all(&l->words, p->big, cols);
	space_out_all(&l->words, p->text, cols);
	l->first_n = lines_in(l->rows - l->number_rows);
	l->more = lines_in(l->rows);
}

static size_t parts_of(const struct layout *l)
{
	if (l->words.count <= l->first_n)
		return 1;
	return 1 + (l->words.count - l->first_n + l->more - 1) / l->more;
}

size_t large_text_parts(const struct large_text *t, size_t i, int rows, int cols)
{
	struct layout l;
	size_t n;

	if (i >= t->count)
		return 1;
	lay_out(&l, &t->pages[i], rows, cols);
	n = parts_of(&l);
	spaced_fini(&l.words);
	return n;
}

static void draw_title(const struct large_text *t, struct canvas *c, int row)
{
	int room = canvas_cols(c) - 2 * MARGIN;
	struct spaced s = {0};
	struct buf fit = {0};

	space_out_all(&s, t->title, room);
	if (s.count == 1) {
		buf_adds(&fit, s.lines[0]);
	} else {
		glyph_fit(&fit, t->title, room);
	}
	canvas_put(c, row, centre(c, glyph_cols(buf_str(&fit))), room, ROLE_TEXT, buf_str(&fit));
	buf_fini(&fit);
	spaced_fini(&s);
}

void large_text_draw(const struct large_text *t, size_t i, size_t part, struct canvas *c)
{
	struct layout l;
	size_t from, n;
	int row, used;

	if (i >= t->count)
		return;
	lay_out(&l, &t->pages[i], canvas_rows(c), canvas_cols(c));
	draw_title(t, c, l.tight ? 0 : 1);
	from = part == 0 ? 0 : l.first_n + (part - 1) * l.more;
	n = part == 0 ? l.first_n : l.more;
	if (from + n > l.words.count)
		n = l.words.count > from ? l.words.count - from : 0;
	used = (part == 0 ? l.number_rows : 0) + (n ? (int)n * 2 - 1 : 0);
	row = l.top + (l.rows > used ? (l.rows - used) / 2 : 0);
	if (part == 0 && l.pixel) {
		draw_number(c, row, t->pages[i].big, l.pixel);
		row += l.number_rows;
	}
	canvas_cursor(c, row, 0);
	for (size_t k = 0; k < n; k++, row += 2)
		canvas_put(c, row, centre(c, text_cols(l.words.lines[from + k])), canvas_cols(c),
			ROLE_STRONG, l.words.lines[from + k]);
	spaced_fini(&l.words);
}
