/* The guide of one matter, by sections with numbers. */
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/catalogue.h"
#include "core/station/matter.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/flow.h"
#include "tui/guide_text.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/widget_pager.h"

enum {
	TEXT_MAX_COLS = 110 /* longer lines are hard to read */
};

struct guide {
	struct screen base;
	struct matter *matter;
	struct pager pager;
};

static void guide_title(struct screen *s, struct buf *out)
{
	const struct guide *g = (struct guide *)s;

	buf_printf(out, "%s / ", tr("办事指南"));
	buf_adds(out, g->matter->name);
}

static void guide_message(struct screen *s, struct buf *out)
{
	const struct guide *g = (struct guide *)s;
	size_t last = g->pager.top + (size_t)g->pager.rows;

	buf_printf(out, tr("第 %zu-%zu 行, 共 %zu 行"), g->pager.top + 1,
		last < g->pager.count ? last : g->pager.count, g->pager.count);
	if (*g->matter->version)
		buf_printf(out, tr("   版本 %s"), g->matter->version);
}

/* The section that the first row in view belongs to. */
static size_t section_in_view(const struct pager *p)
{
	size_t at = 0;

	for (size_t i = 0; i < p->section_count; i++)
		if (p->sections[i] <= p->top)
			at = i;
	return at;
}

static void guide_draw(struct screen *s, struct canvas *c)
{
	struct guide *g = (struct guide *)s;
	int width = canvas_cols(c) - 4, col = 1;

	if (width > TEXT_MAX_COLS)
		width = TEXT_MAX_COLS;
	if (g->pager.cols != width) {
		pager_clear(&g->pager, width);
		guide_fill(&g->pager, g->matter);
	}
	pager_draw(&g->pager, c, BODY_TOP + 2, screen_bottom(c) - BODY_TOP - 2, 1);
	for (int i = 0; i < GUIDE_SECTION__MAX; i++) {
		struct buf b = {0};
		buf_printf(&b, "%d%s", i + 1, guide_section_name((enum guide_section)i));
		col += 3 +
		       canvas_put(c, BODY_TOP, col, 20,
			       section_in_view(&g->pager) == (size_t)i ? ROLE_NAV_ON : ROLE_TEXT,
			       buf_str(&b));
		buf_fini(&b);
	}
	canvas_cursor(c, BODY_TOP + 2, 0);
}

static size_t guide_commands(struct screen *s, enum command *out)
{
	size_t n = 0;

	(void)s;
	out[n++] = CMD_START;
	out[n++] = CMD_SECTION;
	out[n++] = CMD_PAGE;
	return n;
}

static bool guide_command(struct screen *s, enum command c)
{
	struct guide *g = (struct guide *)s;

	if (c != CMD_START)
		return false;
	flow_begin(s->app, g->matter->code);
	return true;
}

static bool guide_key(struct screen *s, const struct key *k)
{
	struct guide *g = (struct guide *)s;

	if (k->code == K_CHAR && k->plain >= '1' && k->plain <= '7')
		return pager_jump(&g->pager, k->plain - '1');
	return pager_key(&g->pager, k);
}

static void guide_close(struct screen *s)
{
	struct guide *g = (struct guide *)s;

	pager_fini(&g->pager);
	matter_free(g->matter);
	free(g);
}

static const struct screen_ops guide_ops = {.page = CMD_GO_FIND,
	.draw = guide_draw,
	.title = guide_title,
	.message = guide_message,
	.commands = guide_commands,
	.command = guide_command,
	.key = guide_key,
	.close = guide_close};

struct screen *guide_screen(struct app *a, const char *task_code)
{
	struct matter *m;
	enum err e = catalogue_get(app_session(a)->catalogue, task_code, &m);
	struct guide *g;

	if (e != OK) {
		app_fail(a, tr("指南打不开"), e, NULL);
		return NULL;
	}
	g = mem_alloc(sizeof(*g));
	g->base = (struct screen){&guide_ops, a};
	g->matter = m;
	return &g->base;
}
