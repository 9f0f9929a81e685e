#include "tui/widget_pager.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "tui/glyph.h"

void pager_init(struct pager *p, int cols)
{
	memset(p, 0, sizeof(*p));
	p->cols = cols;
}

static void drop_lines(struct pager *p)
{
	for (size_t i = 0; i < p->count; i++) {
		free(p->lines[i].text);
		free(p->lines[i].label);
	}
	p->count = 0;
	p->section_count = 0;
}

void pager_fini(struct pager *p)
{
	drop_lines(p);
	free(p->lines);
	p->lines = NULL;
}

void pager_clear(struct pager *p, int cols)
{
	drop_lines(p);
	p->cols = cols;
}

static struct pager_line *new_line(struct pager *p, int indent, enum role role, char *text)
{
	p->lines = mem_resize(p->lines, p->count + 1, sizeof(*p->lines));
	p->lines[p->count] = (struct pager_line){.text = text, .indent = indent, .role = role};
	return &p->lines[p->count++];
}

/* Signs that do not begin a line. */
static bool closing(uint32_t cp)
{
	return cp == 0x3001 || cp == 0x3002 || cp == 0xff0c || cp == 0xff1b || cp == 0xff1a ||
	       cp == 0xff09 || cp == 0x300b || cp == 0x3009 || cp == 0x301e || cp == 0xff1f ||
	       cp == 0xff01 || cp == 0x3011 || cp == 0x300d || cp == ',' || cp == '.' ||
	       cp == ';' || cp == ':' || cp == ')' || cp == '?' || cp == '!';
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A break here would part a short number from what it counts: "8 其他", "10 个工作日". */
static bool parts_number(const char *s, size_t len, size_t at)
{
	size_t blank = s[at] == ' ' ? at : at - 1, from = blank, next = blank + 1;

	while (from > 0 && digit(s[from - 1]))
		from--;
	if (s[blank] != ' ' || from == blank || blank - from > 2)
		return false;
	return (from == 0 || s[from - 1] == ' ') && next < len && s[next] != ' ' && !digit(s[next]);
}

/* Bytes of s that go on a line of `cols` columns: at a blank or between wide characters. */
static size_t break_at(const char *s, size_t len, int cols)
{
	size_t at = 0, good = 0;
	int used = 0;
	uint32_t before = 0;

	while (at < len) {
		uint32_t cp;
		size_t n = text_decode(s + at, len - at, &cp);
		int w = text_cp_cols(cp);
		if (at > 0 && !closing(cp) &&
			(cp == ' ' || before == ' ' || w == 2 || text_cp_cols(before) == 2) &&
			!parts_number(s, len, at))
			good = at;
		if (used + w > cols)
			return good ? good : at ? at : n;
		used += w;
		at += n;
		before = cp;
	}
	return len;
}

static void wrap(struct pager *p, int indent, enum role role, const char *s, size_t len)
{
	int least = p->cols < 8 ? p->cols : 8;
	int cols = p->cols - indent > least ? p->cols - indent : least;

	do {
		size_t n = break_at(s, len, cols), end = n;
		while (end > 0 && s[end - 1] == ' ')
			end--;
		new_line(p, indent, role, mem_strndup(s, end));
		while (n < len && s[n] == ' ')
			n++;
		s += n;
		len -= n;
	} while (len > 0);
}

/* Real guides hold line feeds and tabs: each line is a paragraph, drawn characters only. */
void pager_add(struct pager *p, int indent, enum role role, const char *text)
{
	struct buf drawn = {0};

	while (*text) {
		size_t n = strcspn(text, "\r\n");
		buf_clear(&drawn);
		glyph_text(&drawn, text, n);
		if (drawn.len > 0)
			text_trim(drawn.data);
		if (drawn.len > 0 && *drawn.data)
			wrap(p, indent, role, drawn.data, strlen(drawn.data));
		text += n;
		text += strspn(text, "\r\n");
	}
	buf_fini(&drawn);
}

void pager_pair(struct pager *p, int indent, int label_cols, const char *label, const char *text)
{
	bool fits = glyph_cols(label) < label_cols;
	size_t at;

	if (!fits)
		pager_add(p, indent, ROLE_LABEL, label);
	at = p->count;
	pager_add(p, indent + label_cols, ROLE_TEXT, *text ? text : "-");
	if (p->count == at || !fits)
		return;
	p->lines[at].label = mem_strdup(label);
	p->lines[at].label_cols = label_cols;
}

void pager_gap(struct pager *p)
{
	if (p->count > 0)
		new_line(p, 0, ROLE_TEXT, mem_strdup(""));
}

void pager_shorten(struct pager *p, size_t at, size_t count)
{
	struct pager_line *l = &p->lines[at];
	struct buf whole = {0}, fits = {0};

	if (count == 0)
		return;
	buf_printf(&whole, "%s %s", l->text, l[1].text);
	glyph_fit(&fits, whole.data, p->cols - l->indent);
	free(l->text);
	l->text = buf_take(&fits);
	for (size_t i = 1; i <= count; i++) {
		free(l[i].text);
		free(l[i].label);
	}
	p->count -= count;
	memmove(l + 1, l + 1 + count, (p->count - at - 1) * sizeof(*l));
	buf_fini(&whole);
}

void pager_section(struct pager *p)
{
	if (p->section_count < sizeof(p->sections) / sizeof(*p->sections))
		p->sections[p->section_count++] = p->count;
}

static size_t last_top(const struct pager *p)
{
	size_t rows = p->rows > 0 ? (size_t)p->rows : 1;

	return p->count > rows ? p->count - rows : 0;
}

bool pager_jump(struct pager *p, size_t section)
{
	if (section >= p->section_count)
		return false;
	p->top = p->sections[section];
	if (p->top > last_top(p))
		p->top = last_top(p);
	return true;
}

bool pager_key(struct pager *p, const struct key *k)
{
	size_t page = p->rows > 2 ? (size_t)p->rows - 1 : 1, last = last_top(p);
	size_t down = 0, up = 0;

	if (k->code == K_DOWN || (k->code == K_CHAR && k->plain == 'j'))
		down = 1;
	else if (k->code == K_UP || (k->code == K_CHAR && k->plain == 'k'))
		up = 1;
	else if (k->code == K_PGDN || (k->code == K_CHAR && k->plain == ' ') ||
		 (k->code == K_CTRL && k->ch == 'f'))
		down = page;
	else if (k->code == K_PGUP)
		up = page;
	else if (k->code == K_HOME)
		up = p->count;
	else if (k->code == K_END)
		down = p->count;
	else
		return false;
	p->top = up > p->top ? 0 : p->top - up + down;
	if (p->top > last)
		p->top = last;
	return true;
}

void pager_draw(struct pager *p, struct canvas *c, int row, int rows, int col)
{
	p->rows = rows;
	if (p->top > last_top(p))
		p->top = last_top(p);
	for (int i = 0; i < rows && p->top + (size_t)i < p->count; i++) {
		const struct pager_line *l = &p->lines[p->top + (size_t)i];
		int at = col + l->indent;
		if (l->label)
			canvas_put(c, row + i, at - l->label_cols, l->label_cols, ROLE_LABEL,
				l->label);
		canvas_put(c, row + i, at, p->cols - l->indent, l->role, l->text);
	}
}

int pager_put(
	struct canvas *c, int row, int rows, int col, int cols, enum role role, const char *text)
{
	struct buf rest = {0}, last = {0};
	struct pager p;
	int used;

	if (rows <= 0)
		return 0;
	pager_init(&p, cols);
	pager_add(&p, 0, role, text);
	used = p.count < (size_t)rows ? (int)p.count : rows;
	pager_draw(&p, c, row, used, col);
	if (p.count > (size_t)rows) { /* one sees that there is more */
		buf_printf(&rest, "%s%s", p.lines[rows - 1].text, p.lines[rows].text);
		glyph_fit(&last, buf_str(&rest), cols);
		canvas_pad(c, row + rows - 1, col, cols, role, buf_str(&last));
	}
	pager_fini(&p);
	buf_fini(&rest);
	buf_fini(&last);
	return used;
}
