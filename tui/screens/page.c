/* A page of text on top of another screen: why something is asked, what a newer form changed. */
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/widget_pager.h"

struct page {
	struct screen base;
	char *title;
	struct pager pager;
	void (*fill)(void *arg, struct pager *p);
	void *arg;
};

static void page_title(struct screen *s, struct buf *out)
{
	buf_adds(out, ((struct page *)s)->title);
}

static void page_draw(struct screen *s, struct canvas *c)
{
	struct page *g = (struct page *)s;
	int width = canvas_cols(c) - 3;

	if (width > 100)
		width = 100;
	if (g->pager.cols != width) {
		pager_clear(&g->pager, width);
		g->fill(g->arg, &g->pager);
	}
	canvas_cursor(c, BODY_TOP, 0);
	pager_draw(&g->pager, c, BODY_TOP, screen_bottom(c) - BODY_TOP, 1);
}

static size_t page_commands(struct screen *s, enum command *out)
{
	size_t n = 0;

	(void)s;
	out[n++] = CMD_CLOSE;
	out[n++] = CMD_PAGE;
	return n;
}

static bool page_command(struct screen *s, enum command c)
{
	if (c != CMD_CLOSE)
		return false;
	app_pop(s->app); /* frees s */
	return true;
}

static bool page_key(struct screen *s, const struct key *k)
{
	return pager_key(&((struct page *)s)->pager, k);
}

static void page_close(struct screen *s)
{
	struct page *g = (struct page *)s;

	pager_fini(&g->pager);
	free(g->title);
	free(g);
}

static const struct screen_ops page_ops = {.page = CMD_NONE,
	.draw = page_draw,
	.title = page_title,
	.commands = page_commands,
	.command = page_command,
	.key = page_key,
	.close = page_close};

struct screen *page_screen(
	struct app *a, const char *title, void (*fill)(void *arg, struct pager *p), void *arg)
{
	struct page *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&page_ops, a};
	g->title = mem_strdup(title);
	g->fill = fill;
	g->arg = arg;
	return &g->base;
}
