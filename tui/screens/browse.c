/* Browsing without typing: themes, bodies, places, types or levels, and how many matters each has.
 */
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/search.h"
#include "tui/app.h"
#include "tui/browse_text.h"
#include "tui/canvas.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/widget_list.h"

enum {
	VALUES_MAX = 5000,
	LABEL_COL = 3,
	COUNT_COL = 55
};

struct value {
	char *value, *label;
	int matters;
};

struct browse {
	struct screen base;
	enum search_facet facet;
	struct value *rows;
	struct list list;
};

static void drop(struct browse *b)
{
	for (size_t i = 0; i < b->list.count; i++) {
		free(b->rows[i].value);
		free(b->rows[i].label);
	}
	b->list.count = 0;
}

static void add_value(void *arg, const char *value, const char *label, int matters)
{
	struct browse *b = arg;

	if (b->list.count == VALUES_MAX || !*value)
		return;
	b->rows = mem_resize(b->rows, b->list.count + 1, sizeof(*b->rows));
	b->rows[b->list.count++] = (struct value){
		mem_strdup(value), mem_strdup(browse_value_label(b->facet, value, label)), matters};
}

static void load(struct browse *b)
{
	drop(b);
	search_facets(app_session(b->base.app)->search, b->facet, NULL, add_value, b);
	list_reset(&b->list, b->list.count);
}

static void browse_title(struct screen *s, struct buf *out)
{
	const struct browse *b = (struct browse *)s;

	buf_printf(out, "%s / %s", tr("浏览"), browse_facet_name(b->facet));
}

static void browse_message(struct screen *s, struct buf *out)
{
	const struct browse *b = (struct browse *)s;

	if (b->list.count == 0)
		buf_adds(out, tr("事项目录里没有写明这一类; 按 Tab 换一种分法。"));
	else
		buf_printf(
			out, tr("共 %zu 类, 回车看其中的事项; 按 Tab 换一种分法。"), b->list.count);
}

static int count_col(const struct canvas *c)
{
	return canvas_cols(c) < FULL_COLS ? canvas_cols(c) - 8 : COUNT_COL;
}

static int label_cols(const struct canvas *c)
{
	return count_col(c) - LABEL_COL - 2;
}

static void draw_row(struct browse *b, struct canvas *c, int row, size_t i)
{
	struct buf n = {0};

	if (i - b->list.top < 9)
		buf_printf(&n, "%zu", i - b->list.top + 1);
	canvas_put(c, row, 1, 2, ROLE_TEXT, buf_str(&n));
	canvas_pad(c, row, LABEL_COL, label_cols(c), ROLE_TEXT, b->rows[i].label);
	buf_clear(&n);
	buf_printf(&n, "%6d", b->rows[i].matters);
	canvas_put(c, row, count_col(c), 8, ROLE_TEXT, buf_str(&n));
	list_mark(&b->list, c, i, row, 1, label_cols(c), app_slow(b->base.app), true);
	buf_fini(&n);
}

static void browse_draw(struct screen *s, struct canvas *c)
{
	struct browse *b = (struct browse *)s;
	int col = LABEL_COL, top = BODY_TOP;

	for (int f = 0; f < SEARCH_FACET__MAX; f++)
		col += 3 + canvas_put(c, top, col, 16, (int)b->facet == f ? ROLE_NAV_ON : ROLE_TEXT,
				   browse_facet_name((enum search_facet)f));
	canvas_put(c, top, count_col(c), 12, ROLE_LABEL, tr("事项数"));
	canvas_cursor(c, top + 1, 0);
	list_fit(&b->list, screen_bottom(c) - top - 1);
	for (size_t i = b->list.top; i < b->list.count && i < b->list.top + b->list.rows; i++)
		draw_row(b, c, top + 1 + (int)(i - b->list.top), i);
}

static size_t browse_commands(struct screen *s, enum command *out)
{
	const struct browse *b = (struct browse *)s;
	size_t n = 0;

	if (b->list.count > 0) {
		out[n++] = CMD_OPEN;
		out[n++] = CMD_PICK;
	}
	out[n++] = CMD_FACET;
	return n;
}

static void open_value(struct browse *b)
{
	const struct value *v = &b->rows[b->list.selected];

	app_push(b->base.app, find_within(b->base.app, b->facet, v->value, v->label));
}

static bool browse_command(struct screen *s, enum command c)
{
	struct browse *b = (struct browse *)s;

	if (c == CMD_OPEN && b->list.count > 0) {
		open_value(b);
		return true;
	}
	if (c != CMD_FACET)
		return false;
	b->facet = (b->facet + 1) % SEARCH_FACET__MAX;
	load(b);
	return true;
}

static bool browse_key(struct screen *s, const struct key *k)
{
	struct browse *b = (struct browse *)s;
	bool picked, used = list_key(&b->list, k, true, &picked);

	if (picked)
		open_value(b);
	return used;
}

static void browse_close(struct screen *s)
{
	struct browse *b = (struct browse *)s;

	drop(b);
	free(b->rows);
	free(b);
}

static const struct screen_ops browse_ops = {.page = CMD_GO_FIND,
	.draw = browse_draw,
	.title = browse_title,
	.message = browse_message,
	.commands = browse_commands,
	.command = browse_command,
	.key = browse_key,
	.close = browse_close};

struct screen *browse_screen(struct app *a)
{
	struct browse *b = mem_alloc(sizeof(*b));

	b->base = (struct screen){&browse_ops, a};
	load(b);
	return &b->base;
}
