/*
 * Large text: the screen is turned to a visitor, or an old one looks. It shows what is his and
 * nothing else, and none of the clerk's keys opens anything on it: it is paged, it is blanked, and
 * the key that brought it takes it away.
 */
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/frame.h"
#include "tui/large_text.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"

struct large {
	struct screen base;
	struct large_text text;
	void (*fill)(void *arg, struct large_text *t);
	void *arg;
	size_t page, part;
	int rows, cols; /* as drawn last */
};

static size_t parts(const struct large *g, size_t page)
{
	return large_text_parts(&g->text, page, g->rows, g->cols);
}

static void next(struct large *g)
{
	if (g->part + 1 < parts(g, g->page)) {
		g->part++;
	} else if (g->page + 1 < g->text.count) {
		g->page++;
		g->part = 0;
	}
}

static void previous(struct large *g)
{
	if (g->part > 0) {
		g->part--;
	} else if (g->page > 0) {
		g->page--;
		g->part = parts(g, g->page) - 1;
	}
}

/* To the page that has this digit. */
static void jump(struct large *g, int number)
{
	for (size_t i = 0; i < g->text.count; i++)
		if (g->text.pages[i].number == number) {
			g->page = i;
			g->part = 0;
			return;
		}
}

static void large_refresh(struct screen *s)
{
	struct large *g = (struct large *)s;

	g->fill(g->arg, &g->text);
	if (g->page >= g->text.count)
		g->page = g->part = 0;
}

static size_t large_commands(struct screen *s, enum command *out)
{
	const struct large *g = (struct large *)s;
	size_t n = 0;

	if (g->text.count > 1)
		out[n++] = CMD_PAGE;
	out[n++] = CMD_BACK;
	out[n++] = CMD_LARGE; /* the same */
	return n;
}

static void large_draw(struct screen *s, struct canvas *c)
{
	struct large *g = (struct large *)s;
	enum command keys[3];
	struct buf where = {0};
	int row = canvas_rows(c) - 2, end = canvas_cols(c) - 1;

	g->rows = canvas_rows(c);
	g->cols = canvas_cols(c);
	if (g->part >= parts(g, g->page))
		g->part = parts(g, g->page) - 1;
	large_text_draw(&g->text, g->page, g->part, c);
	if (g->text.count > 1)
		buf_printf(&where, tr("第 %zu 页, 共 %zu 页"), g->page + 1, g->text.count);
	end = canvas_right(c, row, 0, end, ROLE_TEXT, buf_str(&where));
	frame_keys(c, row, end - 1,
		&(struct frame){.commands = keys, .command_count = large_commands(s, keys) - 1});
	buf_fini(&where);
}

static void large_title(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("大字"));
}

static bool large_command(struct screen *s, enum command c)
{
	if (c == CMD_LARGE || c == CMD_BACK) {
		app_pop(s->app); /* frees s */
		return true;
	}
	return c != CMD_REDRAW && c != CMD_BLANK;
}

static bool large_key(struct screen *s, const struct key *k)
{
	struct large *g = (struct large *)s;

	switch (k->code) {
	case K_DOWN:
	case K_RIGHT:
	case K_PGDN:
	case K_ENTER:
		next(g);
		return true;
	case K_UP:
	case K_LEFT:
	case K_PGUP:
		previous(g);
		return true;
	case K_HOME:
		g->page = g->part = 0;
		return true;
	case K_END:
		g->page = g->text.count ? g->text.count - 1 : 0;
		g->part = parts(g, g->page) - 1;
		return true;
	case K_CHAR:
		if (k->plain == ' ')
			next(g);
		else if (k->plain >= '1' && k->plain <= '9')
			jump(g, (int)(k->plain - '0'));
		return true;
	default:
		return false;
	}
}

static void large_close(struct screen *s)
{
	struct large *g = (struct large *)s;

	large_text_fini(&g->text);
	free(g);
}

static const struct screen_ops large_ops = {.bare = true,
	.page = CMD_QUIT,
	.draw = large_draw,
	.title = large_title,
	.commands = large_commands,
	.command = large_command,
	.key = large_key,
	.refresh = large_refresh,
	.close = large_close};

struct screen *large_screen(struct app *a, void (*fill)(void *arg, struct large_text *t), void *arg)
{
	struct large *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&large_ops, a};
	g->fill = fill;
	g->arg = arg;
	return &g->base;
}
