/* The words, the hits with the characters that found them, and the preview of the selected one. */
#include "tui/screens/find_private.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/glyph.h"
#include "tui/guide_text.h"
#include "tui/widget_pager.h"

enum {
	PREVIEW_ROWS = 6,
	NAME_COL = 3
};

/* Where the columns of a hit begin, and how wide they are. */
struct columns {
	int names, dept, depts, region;
};

static struct columns columns_of(const struct canvas *c)
{
	if (canvas_cols(c) < FULL_COLS)
		return (struct columns){26, 31, 16, 49};
	return (struct columns){40, 45, 16, 63};
}

static const char *kind_name(enum kind k)
{
	static const char *const names[KIND__MAX] = {[KIND_ALL] = N_("全部类别"),
		[KIND_PERSON] = N_("个人"),
		[KIND_BODY] = N_("单位"),
		[KIND_INSTANT] = N_("即办"),
		[KIND_ONLINE] = N_("可网办")};

	return tr(names[k]);
}

/* Why it was found: the characters that were typed, in whatever way. */
static void draw_marks(const struct hit *h, struct canvas *c, int row, bool selected)
{
	const struct columns at = columns_of(c);
	struct buf b = {0};

	for (int i = 0; i < h->mark_count; i++) {
		int col;
		buf_clear(&b);
		buf_add(&b, h->name, h->marks[i].at_bytes);
		col = glyph_cols(buf_str(&b));
		buf_clear(&b);
		buf_add(&b, h->name + h->marks[i].at_bytes, h->marks[i].len_bytes);
		if (col < at.names - 2)
			canvas_role(c, row, NAME_COL + col,
				col + glyph_cols(buf_str(&b)) < at.names ? glyph_cols(buf_str(&b))
									 : at.names - 2 - col,
				selected ? ROLE_MATCH_ON : ROLE_MATCH);
	}
	buf_fini(&b);
}

/* A body too long for its column goes without the region it is named after: that stands beside it.
 */
static const char *body_of(const struct hit *h, int cols)
{
	const char *at = *h->region && h->places <= 1 ? strstr(h->dept, h->region) : NULL;

	if (!at || glyph_cols(h->dept) <= cols || !at[strlen(h->region)])
		return h->dept;
	return at + strlen(h->region);
}

static void draw_hit(struct find *f, struct canvas *c, int row, size_t i, int width)
{
	const struct hit *h = &f->hits[i];
	const struct columns at = columns_of(c);
	struct buf b = {0};
	int used;

	if (i - f->list.top < 9)
		buf_printf(&b, "%zu", i - f->list.top + 1);
	canvas_put(c, row, 1, 2, ROLE_TEXT, buf_str(&b));
	buf_clear(&b);
	buf_adds(&b, h->name);
	if (*h->via)
		buf_printf(&b, " (%s)", h->via);
	canvas_pad(c, row, NAME_COL, at.names, ROLE_TEXT, buf_str(&b));
	used = glyph_cols(buf_str(&b));
	canvas_pad(c, row, at.dept, at.depts, ROLE_TEXT, body_of(h, at.depts));
	buf_clear(&b);
	buf_adds(&b, h->region);
	if (h->places > 1)
		buf_printf(&b, tr(" 等 %d 处"), h->places);
	if (width > at.region)
		canvas_pad(c, row, at.region, width - at.region, ROLE_TEXT, buf_str(&b));
	list_mark(&f->list, c, i, row, 1, 2 + (used < at.names ? used : at.names),
		app_slow(f->base.app), f->in_list);
	if (*line_text(&f->words) && !app_slow(f->base.app))
		draw_marks(h, c, row, i == f->list.selected);
	buf_fini(&b);
}

static void draw_list(struct find *f, struct canvas *c, int top, int bottom, int width)
{
	const struct columns at = columns_of(c);

	canvas_pad(c, top, NAME_COL, at.names, ROLE_LABEL, tr("事项"));
	canvas_pad(c, top, at.dept, at.depts, ROLE_LABEL, tr("部门"));
	canvas_put(c, top, at.region, 12, ROLE_LABEL, tr("地区"));
	list_fit(&f->list, bottom - top - 1);
	for (size_t i = f->list.top; i < f->list.count && i < f->list.top + f->list.rows; i++)
		draw_hit(f, c, top + 1 + (int)(i - f->list.top), i, width);
}

static void draw_preview(struct find *f, struct canvas *c, int row, int rows, int col)
{
	struct pager p;

	if (!f->matter || f->list.count == 0)
		return;
	pager_init(&p, canvas_cols(c) - col - 1);
	guide_preview(&p, f->matter);
	pager_draw(&p, c, row, rows, col);
	pager_fini(&p);
}

void find_draw(struct screen *s, struct canvas *c)
{
	struct find *f = (struct find *)s;
	int bottom = screen_bottom(c), cols = canvas_cols(c), col, from;
	bool wide = cols >= WIDE_COLS, full = canvas_rows(c) >= 24;
	struct buf b = {0};

	if (wide) {
		draw_list(f, c, BODY_TOP + 1, bottom, PANE_LEFT_COLS);
		draw_preview(f, c, BODY_TOP + 1, bottom - BODY_TOP - 1, PANE_RIGHT_COL);
	} else if (full) {
		draw_list(f, c, BODY_TOP + 1, bottom - PREVIEW_ROWS - 2, cols - 1);
		canvas_rule(c, bottom - PREVIEW_ROWS - 1, 0, cols - 1);
		draw_preview(f, c, bottom - PREVIEW_ROWS, PREVIEW_ROWS, 1);
	} else {
		draw_list(f, c, BODY_TOP + 1, bottom, cols - 1);
	}
	buf_adds(&b, f->dept ? f->depts[f->dept - 1] : tr("全部部门"));
	if (f->kind != KIND_ALL)
		buf_printf(&b, " / %s", kind_name(f->kind));
	from = cols < FULL_COLS ? cols - 2 - glyph_cols(buf_str(&b)) : columns_of(c).dept;
	canvas_put(c, BODY_TOP, from, 26, ROLE_TEXT, buf_str(&b));
	col = 2 + canvas_put(c, BODY_TOP, 1, 8, ROLE_LABEL, tr("查"));
	line_draw(&f->words, c, BODY_TOP, col, from - col - 3 < 40 ? from - col - 3 : 40,
		ROLE_FIELD, !f->in_list);
	buf_fini(&b);
}
