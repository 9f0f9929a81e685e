/*
 * What changed in the catalogue on one day: matters added, withdrawn or with other contents, and
 * for the selected one each field, before and after.
 */
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/catalogue.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/change_rows.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/widget_list.h"
#include "tui/widget_pager.h"

enum {
	DETAIL_ROWS = 8,
	KIND_COL = 3,
	NAME_COL = 10
};

static int dept_col(const struct canvas *c)
{
	return canvas_cols(c) < FULL_COLS ? 42 : 55;
}

struct changes {
	struct screen base;
	int32_t day;
	struct change_rows read;
	struct list list;
};

static void changes_refresh(struct screen *s)
{
	struct changes *g = (struct changes *)s;

	change_rows_read(&g->read, app_session(s->app)->catalogue, g->day);
	list_resize(&g->list, g->read.count);
}

static void changes_title(struct screen *s, struct buf *out)
{
	const struct changes *g = (struct changes *)s;
	char date[DATE_SIZE];

	if (g->day == clock_day(app_wall_ms(s->app)))
		buf_adds(out, tr("今日变更"));
	else
		buf_printf(
			out, "%s / %s", tr("目录变更"), date_format(date_from_day(g->day), date));
}

static void changes_message(struct screen *s, struct buf *out)
{
	const struct changes *g = (struct changes *)s;

	if (g->list.count == 0)
		buf_adds(out, tr("这一天事项目录没有变更; 按左右键看别的日期。"));
	else
		buf_printf(out, tr("变更 %zu 项, 取消 %zu 项, 新增 %zu 项。"),
			g->read.by_kind[CATALOGUE_CHANGED], g->read.by_kind[CATALOGUE_WITHDRAWN],
			g->read.by_kind[CATALOGUE_ADDED]);
}

static void add_field(void *arg, const struct catalogue_field *f)
{
	struct pager *p = arg;

	pager_add(p, 2, ROLE_LABEL, f->label);
	if (*f->before)
		pager_pair(p, 4, 4, tr("旧"), f->before);
	if (*f->after)
		pager_pair(p, 4, 4, tr("新"), f->after);
}

static void draw_detail(struct changes *g, struct canvas *c, int row, int rows, int col)
{
	const struct change_row *x = &g->read.rows[g->list.selected];
	struct pager p;

	if (!app_draws_detail(g->base.app, c, row, rows, col))
		return;
	pager_init(&p, canvas_cols(c) - col - 2);
	pager_add(&p, 0, ROLE_STRONG, x->name);
	if (x->kind == CATALOGUE_CHANGED)
		catalogue_diff(app_session(g->base.app)->catalogue, x->code, x->before, x->after,
			add_field, &p);
	else if (x->kind == CATALOGUE_WITHDRAWN)
		pager_add(&p, 2, ROLE_WARN, tr("这个事项已取消, 不再受理; 已受理的继续办。"));
	else
		pager_add(&p, 2, ROLE_TEXT, tr("新增的事项, 回车看指南。"));
	pager_draw(&p, c, row, rows, col);
	pager_fini(&p);
}

static void draw_row(struct changes *g, struct canvas *c, int row, size_t i, int width)
{
	const struct change_row *x = &g->read.rows[i];
	enum role role = x->kind == CATALOGUE_WITHDRAWN ? ROLE_WARN : ROLE_TEXT;
	struct buf b = {0};

	canvas_pad(c, row, KIND_COL, NAME_COL - KIND_COL - 1, role,
		show_alone(&b, change_kind_name(x->kind)));
	canvas_pad(c, row, NAME_COL, dept_col(c) - NAME_COL - 1, ROLE_TEXT, x->name);
	canvas_pad(c, row, dept_col(c), width - dept_col(c), ROLE_TEXT, x->dept);
	list_mark(&g->list, c, i, row, 1, NAME_COL + 20, app_slow(g->base.app), true);
	buf_fini(&b);
}

static void changes_draw(struct screen *s, struct canvas *c)
{
	struct changes *g = (struct changes *)s;
	int cols = canvas_cols(c), bottom = screen_bottom(c), top = BODY_TOP, end;
	bool wide = cols >= WIDE_COLS, full = canvas_rows(c) >= 24;
	int width = wide ? PANE_LEFT_COLS : cols - 1;

	canvas_put(c, top, NAME_COL, 20, ROLE_LABEL, tr("事项"));
	canvas_put(c, top, dept_col(c), 16, ROLE_LABEL, tr("部门"));
	canvas_cursor(c, top + 1, 0);
	end = wide || !full ? bottom : bottom - DETAIL_ROWS - 1;
	list_fit(&g->list, end - top - 1);
	for (size_t i = g->list.top; i < g->list.count && i < g->list.top + g->list.rows; i++)
		draw_row(g, c, top + 1 + (int)(i - g->list.top), i, width);
	if (g->list.count == 0)
		return;
	if (wide) {
		draw_detail(g, c, top, bottom - top, PANE_RIGHT_COL);
	} else if (full) {
		canvas_rule(c, bottom - DETAIL_ROWS - 1, 0, cols - 1);
		draw_detail(g, c, bottom - DETAIL_ROWS, DETAIL_ROWS, 1);
	}
}

static size_t changes_commands(struct screen *s, enum command *out)
{
	const struct changes *g = (struct changes *)s;
	size_t n = 0;

	if (g->list.count > 0)
		out[n++] = CMD_OPEN;
	out[n++] = CMD_EARLIER;
	out[n++] = CMD_LATER;
	return n;
}

static void open_change(struct changes *g)
{
	const struct change_row *x = &g->read.rows[g->list.selected];
	struct screen *guide;

	if (x->kind == CATALOGUE_WITHDRAWN) {
		app_say(g->base.app, tr("这个事项已取消, 不再受理; 已受理的继续办。"));
		return;
	}
	guide = guide_screen(g->base.app, x->code);
	if (guide)
		app_push(g->base.app, guide);
}

static bool changes_command(struct screen *s, enum command c)
{
	struct changes *g = (struct changes *)s;

	if (c == CMD_OPEN && g->list.count > 0) {
		open_change(g);
		return true;
	}
	if (c == CMD_EARLIER)
		g->day--;
	else if (c == CMD_LATER && g->day < clock_day(app_wall_ms(s->app)))
		g->day++;
	else if (c != CMD_LATER)
		return false;
	g->list.selected = 0;
	changes_refresh(s);
	return true;
}

static bool changes_key(struct screen *s, const struct key *k)
{
	struct changes *g = (struct changes *)s;
	bool picked, used = list_key(&g->list, k, true, &picked);

	if (picked)
		open_change(g);
	return used;
}

static void changes_close(struct screen *s)
{
	struct changes *g = (struct changes *)s;

	change_rows_fini(&g->read);
	free(g);
}

static const struct screen_ops changes_ops = {.page = CMD_GO_TODAY,
	.draw = changes_draw,
	.title = changes_title,
	.message = changes_message,
	.commands = changes_commands,
	.command = changes_command,
	.key = changes_key,
	.refresh = changes_refresh,
	.close = changes_close};

struct screen *changes_screen(struct app *a)
{
	struct changes *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&changes_ops, a};
	g->day = clock_day(app_wall_ms(a));
	changes_refresh(&g->base);
	return &g->base;
}
