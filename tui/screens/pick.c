/* A few values to take one from, each with where it comes from; a digit or Enter takes it. */
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/glyph.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/widget_list.h"

struct picking {
	struct screen base;
	char *title;
	struct pick_row *rows;
	struct list list;
	int room; /* columns of a value, at the last drawing */
	void (*picked)(void *arg, const char *value);
	void *arg;
};

enum {
	FROM_COL = 4,
	VALUE_COL = 34
};

static void pick_title(struct screen *s, struct buf *out)
{
	buf_adds(out, ((struct picking *)s)->title);
}

static void pick_message(struct screen *s, struct buf *out)
{
	const struct picking *g = (struct picking *)s;

	if (g->list.count == 0)
		buf_adds(out, tr("没有可取用的。按 Esc 返回, 照常填写。"));
	else if (glyph_cols(g->rows[g->list.selected].shown) > g->room)
		buf_adds(out, g->rows[g->list.selected].shown); /* it was cut in its row */
}

/* Where the values begin: in a small window right behind what is said of them. */
static int value_col(const struct picking *g, const struct canvas *c)
{
	int widest = 8;

	if (canvas_cols(c) >= FULL_COLS)
		return VALUE_COL;
	for (size_t i = 0; i < g->list.count; i++) {
		int cols = glyph_cols(g->rows[i].from);
		widest = cols > widest ? cols : widest;
	}
	return FROM_COL + widest + 2 < VALUE_COL ? FROM_COL + widest + 2 : VALUE_COL;
}

static void pick_draw(struct screen *s, struct canvas *c)
{
	struct picking *g = (struct picking *)s;
	int width = canvas_cols(c), at = value_col(g, c);
	struct buf number = {0};

	g->room = width - at - 1;
	canvas_cursor(c, BODY_TOP, 0);
	list_fit(&g->list, screen_bottom(c) - BODY_TOP);
	for (size_t i = g->list.top; i < g->list.count && i < g->list.top + g->list.rows; i++) {
		int row = BODY_TOP + (int)(i - g->list.top);
		buf_clear(&number);
		if (i - g->list.top < 9)
			buf_printf(&number, "%zu", i - g->list.top + 1);
		canvas_put(c, row, 2, 1, ROLE_TEXT, buf_str(&number));
		canvas_pad(c, row, FROM_COL, at - FROM_COL - 2, ROLE_LABEL, g->rows[i].from);
		canvas_pad(c, row, at, g->room, ROLE_TEXT, g->rows[i].shown);
		list_mark(&g->list, c, i, row, 1, at - 3, app_slow(s->app), true);
	}
	buf_fini(&number);
}

static size_t pick_commands(struct screen *s, enum command *out)
{
	size_t n = 0;

	if (((struct picking *)s)->list.count > 0) {
		out[n++] = CMD_TAKE;
		out[n++] = CMD_MOVE;
		out[n++] = CMD_PICK;
	}
	return n;
}

static void take(struct picking *g)
{
	void (*picked)(void *, const char *) = g->picked;
	void *arg = g->arg;
	char *value;

	if (g->list.count == 0)
		return;
	value = mem_strdup(g->rows[g->list.selected].value);
	app_pop(g->base.app); /* frees g */
	picked(arg, value);
	free(value);
}

static bool pick_command(struct screen *s, enum command c)
{
	if (c != CMD_TAKE)
		return false;
	take((struct picking *)s);
	return true;
}

static bool pick_key(struct screen *s, const struct key *k)
{
	struct picking *g = (struct picking *)s;
	bool picked, used = list_key(&g->list, k, true, &picked);

	if (picked)
		take(g);
	return used;
}

static void pick_close(struct screen *s)
{
	struct picking *g = (struct picking *)s;

	pick_free(g->rows, g->list.count);
	free(g->title);
	free(g);
}

static const struct screen_ops pick_ops = {.page = CMD_NONE,
	.by_hand = true,
	.draw = pick_draw,
	.title = pick_title,
	.message = pick_message,
	.commands = pick_commands,
	.command = pick_command,
	.key = pick_key,
	.close = pick_close};

struct screen *pick_screen(struct app *a, const char *title, struct pick_row *rows, size_t count,
	void (*picked)(void *arg, const char *value), void *arg)
{
	struct picking *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&pick_ops, a};
	g->title = mem_strdup(title);
	g->rows = rows;
	g->picked = picked;
	g->arg = arg;
	list_reset(&g->list, count);
	return &g->base;
}
