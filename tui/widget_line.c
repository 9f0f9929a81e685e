#include "tui/widget_line.h"

#include <string.h>

#include "core/base/text.h"
#include "tui/glyph.h"

enum {
	DEFAULT_MAX_CPS = 4000
};

void line_fini(struct line *l)
{
	buf_fini(&l->text);
	l->at = l->first = 0;
}

void line_set(struct line *l, const char *text)
{
	buf_clear(&l->text);
	buf_adds(&l->text, text);
	l->at = l->text.len;
	l->first = 0;
}

const char *line_text(const struct line *l)
{
	return buf_str(&l->text);
}

size_t line_max_cps(const struct line *l)
{
	return l->max_cps ? l->max_cps : DEFAULT_MAX_CPS;
}

size_t line_cursor_cps(const struct line *l)
{
	size_t cps = 0;

	for (size_t at = 0; at < l->at; cps++) {
		uint32_t cp;
		at += text_decode(l->text.data + at, l->text.len - at, &cp);
	}
	return cps;
}

void line_move_cps(struct line *l, size_t cps)
{
	size_t at = 0;

	while (at < l->text.len && cps-- > 0) {
		uint32_t cp;
		at += text_decode(l->text.data + at, l->text.len - at, &cp);
	}
	l->at = at;
}

static void cut(struct line *l, size_t from, size_t to)
{
	memmove(l->text.data + from, l->text.data + to, l->text.len - to + 1);
	l->text.len -= to - from;
	l->at = from;
}

static enum line_result insert(struct line *l, const char *s, size_t n)
{
	size_t tail = l->text.len - l->at;

	if (n == 0)
		return LINE_MOVED;
	if (text_len_cps(line_text(l)) >= line_max_cps(l)) {
		l->lost++;
		return LINE_MOVED;
	}
	buf_reserve(&l->text, n);
	buf_add(&l->text, s, n);
	memmove(l->text.data + l->at + n, l->text.data + l->at, tail);
	memcpy(l->text.data + l->at, s, n);
	l->at += n;
	return LINE_CHANGED;
}

static enum line_result insert_paste(struct line *l, const char *text)
{
	enum line_result r = LINE_MOVED;
	size_t len = strlen(text);

	for (size_t at = 0; at < len;) {
		uint32_t cp;
		char out[4];
		at += text_decode(text + at, len - at, &cp);
		if ((cp >= 0xff10 && cp <= 0xff19) || (cp >= 0xff21 && cp <= 0xff3a) ||
			(cp >= 0xff41 && cp <= 0xff5a))
			cp = glyph_half(cp);
		if (insert(l, out, text_encode(cp, out)) == LINE_CHANGED)
			r = LINE_CHANGED;
	}
	return r;
}

static enum line_result control(struct line *l, uint32_t ch)
{
	if (ch == 'u') {
		if (l->text.len == 0)
			return LINE_MOVED;
		line_set(l, "");
		return LINE_CHANGED;
	}
	return LINE_IGNORED;
}

static enum line_result erase(struct line *l, enum key_code code)
{
	size_t len = l->text.len;

	if (code == K_BACKSPACE && l->at > 0)
		cut(l, text_prev(l->text.data, len, l->at), l->at);
	else if (code == K_DELETE && l->at < len)
		cut(l, l->at, text_next(l->text.data, len, l->at));
	else
		return LINE_MOVED;
	return LINE_CHANGED;
}

enum line_result line_key(struct line *l, const struct key *k)
{
	char out[4];

	l->lost = 0;
	switch (k->code) {
	case K_CHAR:
		return k->ch < 0x20 ? LINE_IGNORED : insert(l, out, text_encode(k->ch, out));
	case K_PASTE:
		return insert_paste(l, k->text);
	case K_CTRL:
		return control(l, k->ch);
	case K_BACKSPACE:
	case K_DELETE:
		return erase(l, k->code);
	case K_LEFT:
		if (l->at == 0)
			return LINE_IGNORED;
		l->at = text_prev(l->text.data, l->text.len, l->at);
		return LINE_MOVED;
	case K_RIGHT:
		if (l->at == l->text.len)
			return LINE_IGNORED;
		l->at = text_next(l->text.data, l->text.len, l->at);
		return LINE_MOVED;
	case K_HOME:
		l->at = 0;
		return LINE_MOVED;
	case K_END:
		l->at = l->text.len;
		return LINE_MOVED;
	default:
		return LINE_IGNORED;
	}
}

static int cols_between(const struct line *l, size_t from, size_t to)
{
	struct buf part = {0}, drawn = {0};
	int cols;

	if (to <= from)
		return 0;
	buf_add(&part, l->text.data + from, to - from);
	if (l->secret) {
		cols = (int)text_len_cps(buf_str(&part));
	} else {
		glyph_text(&drawn, part.data, part.len);
		cols = text_cols(buf_str(&drawn));
	}
	buf_fini(&drawn);
	buf_fini(&part);
	return cols;
}

/* Brings the cursor into view: a third of the width to the left when it ran out. */
static void scroll(struct line *l, int cols)
{
	if (l->first > l->text.len)
		l->first = 0;
	if (l->at < l->first)
		l->first = l->at;
	if (cols_between(l, l->first, l->at) < cols)
		return;
	while (l->first < l->at && cols_between(l, l->first, l->at) > cols - cols / 3 - 1)
		l->first = text_next(l->text.data, l->text.len, l->first);
}

void line_draw(
	struct line *l, struct canvas *c, int row, int col, int cols, enum role role, bool focus)
{
	struct buf stars = {0}, fitted = {0};

	if (cols < 2)
		return;
	if (focus)
		scroll(l, cols);
	else
		l->first = 0;
	canvas_fill(c, row, col, cols, role);
	if (l->secret) {
		for (size_t i = text_len_cps(line_text(l)); i > 0; i--)
			buf_addc(&stars, '*');
		canvas_put(c, row, col, cols, ROLE_TEXT, buf_str(&stars));
		buf_fini(&stars);
	} else if (focus) {
		canvas_put(c, row, col, cols, ROLE_TEXT, line_text(l) + l->first);
	} else {
		glyph_fit(&fitted, line_text(l), cols);
		canvas_put(c, row, col, cols, ROLE_TEXT, buf_str(&fitted));
		buf_fini(&fitted);
	}
	if (focus)
		canvas_cursor(c, row, col + cols_between(l, l->first, l->at));
}
