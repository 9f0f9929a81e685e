/* What the centre tells all its stations, newest first. */
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/notices.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/widget_pager.h"

enum {
	NOTICES_MAX = 200,
	LABEL_COLS = 14,
	TEXT_COLS_MAX = 110
};

struct notices {
	struct screen base;
	struct pager pager;
	int64_t newest; /* shown; 0: none */
	size_t count;
};

static void add_notice(void *arg, const struct notice *n)
{
	struct notices *g = arg;
	struct buf when = {0}, text = {0};

	if (g->newest == 0)
		g->newest = n->seq;
	show_moment(&when, n->at_ms, app_wall_ms(g->base.app));
	buf_printf(&text, "%s%s", n->seen ? "" : tr("[新] "), n->text);
	pager_pair(&g->pager, 0, LABEL_COLS, buf_str(&when), buf_str(&text));
	pager_gap(&g->pager);
	g->count++;
	buf_fini(&when);
	buf_fini(&text);
}

static void fill(struct notices *g, int cols)
{
	pager_clear(&g->pager, cols);
	g->newest = 0;
	g->count = 0;
	notice_each(app_session(g->base.app)->store, NOTICES_MAX, add_notice, g);
	if (g->count == 0)
		pager_add(&g->pager, 0, ROLE_TEXT, tr("中心没有发来通知。"));
}

static void notices_refresh(struct screen *s)
{
	((struct notices *)s)->pager.cols = 0; /* filled anew when it is drawn */
}

static void notices_title(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("通知"));
}

static void notices_draw(struct screen *s, struct canvas *c)
{
	struct notices *g = (struct notices *)s;
	int width = canvas_cols(c) - 3;

	if (width > TEXT_COLS_MAX)
		width = TEXT_COLS_MAX;
	if (g->pager.cols != width)
		fill(g, width);
	pager_draw(&g->pager, c, BODY_TOP, screen_bottom(c) - BODY_TOP, 1);
	canvas_cursor(c, BODY_TOP, 0);
}

static size_t notices_commands(struct screen *s, enum command *out)
{
	const struct pager *p = &((const struct notices *)s)->pager;

	out[0] = CMD_PAGE;
	return p->count > (size_t)p->rows; /* else there is no other page */
}

static bool notices_key(struct screen *s, const struct key *k)
{
	return pager_key(&((struct notices *)s)->pager, k);
}

static void notices_close(struct screen *s)
{
	struct notices *g = (struct notices *)s;

	if (g->newest > 0)
		notice_seen(app_session(s->app)->store, g->newest);
	session_refresh(app_session(s->app));
	pager_fini(&g->pager);
	free(g);
}

static const struct screen_ops notices_ops = {.page = CMD_NONE,
	.draw = notices_draw,
	.title = notices_title,
	.commands = notices_commands,
	.key = notices_key,
	.refresh = notices_refresh,
	.close = notices_close};

struct screen *notices_screen(struct app *a)
{
	struct notices *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&notices_ops, a};
	return &g->base;
}
