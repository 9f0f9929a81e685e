/* A day or a month in figures, with bars; saved as PDF or table; from here to the day's end. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/station/documents/paper.h"
#include "core/station/documents/press.h"
#include "core/station/documents/summary_paper.h"
#include "core/station/store.h"
#include "core/station/summary.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/summary_view.h"
#include "tui/widget_list.h"

enum {
	LOOK_MS = 60,	   /* how often the press is looked at */
	SLICE_MS = 6,	   /* counting at a time; then keys are looked at */
	PATIENCE_MS = 300, /* after which it is said how far the counting is */
};

struct counts {
	struct screen base;
	int32_t day; /* the one looked at, or one of the month */
	bool month;
	bool of_month;		   /* what sum holds; that of a month follows when it is counted */
	struct summary_work *work; /* of a month; NULL: none is being counted */
	int64_t began_ms;	   /* the counting, monotonic */
	enum summary_view view;
	struct list list;
	int cols; /* of the window, from the last draw */
	struct summary sum;
	bool failed;
	struct press *press;
	char *path; /* of the PDF that is being made */
};

static int32_t today(const struct counts *g)
{
	return clock_day(app_wall_ms(g->base.app));
}

/* What was counted takes the place of what stood there. */
static void show(struct counts *g, struct summary *sum, enum err e)
{
	summary_fini(&g->sum);
	g->failed = e != OK;
	if (e == OK)
		g->sum = *sum;
	g->of_month = g->month;
	if (!g->month && g->view == VIEW_DAY)
		g->view = VIEW_ALL;
	list_resize(&g->list, g->failed ? 0 : summary_view_count(&g->sum, g->view));
}

/* A day is counted at once; a month of a busy hall takes two frames and more: in slices. */
static void counts_refresh(struct screen *s)
{
	struct counts *g = (struct counts *)s;
	struct session *session = app_session(s->app);
	int32_t from = g->day, to = g->day + 1;
	struct summary sum = {0};

	summary_drop(g->work);
	g->work = NULL;
	if (!g->month) {
		show(g, &sum, summary_make(&sum, session->store, from, to, session->late_minutes));
		return;
	}
	summary_month(g->day, &from, &to);
	g->work = summary_begin(session->store, from, to, session->late_minutes);
	g->began_ms = app_mono_ms(s->app);
}

/* When to go on; -1: nothing is being counted. */
static int64_t count_some(struct counts *g)
{
	struct app *a = g->base.app;
	int64_t until_ms = app_mono_ms(a) + SLICE_MS;
	struct summary sum = {0};
	bool more = true;
	enum err e;

	if (!g->work)
		return -1;
	while (more && app_mono_ms(a) < until_ms)
		more = summary_step(g->work);
	if (more) {
		if (app_mono_ms(a) - g->began_ms > PATIENCE_MS)
			app_dirty(a);
		return app_mono_ms(a);
	}
	e = summary_end(g->work, &sum);
	g->work = NULL;
	show(g, &sum, e);
	app_dirty(a);
	return -1;
}

static void counts_title(struct screen *s, struct buf *out)
{
	const struct counts *g = (struct counts *)s;

	buf_printf(out, "%s / ", tr("统计"));
	if (!g->of_month && g->sum.from_day == today(g))
		buf_adds(out, tr("今日"));
	else if (!g->failed)
		summary_put_period(out, &g->sum);
}

static void counts_message(struct screen *s, struct buf *out)
{
	const struct counts *g = (struct counts *)s;

	int done, all;

	if (g->work && app_mono_ms(s->app) - g->began_ms > PATIENCE_MS) {
		summary_progress(g->work, &done, &all);
		buf_printf(out, tr("正在数: %d/%d 天。"), done, all);
	} else if (g->failed)
		buf_adds(out, tr("数字没有读出来, 请稍后再看。"));
	else if (!summary_view_whole_name(
			 out, &g->sum, g->view, app_session(s->app)->store, &g->list, g->cols) &&
		 g->view != VIEW_ALL)
		buf_adds(out, tr("按期: 承诺时限内办结的; 用时: 窗口用时的中位, 分:秒。"));
	else if (g->view == VIEW_ALL)
		buf_adds(out, tr("本机的数字, 每个都可由操作记录重算。"));
}

static void counts_draw(struct screen *s, struct canvas *c)
{
	struct counts *g = (struct counts *)s;

	g->cols = canvas_cols(c);
	canvas_cursor(c, BODY_TOP, 0);
	summary_view_tabs(c, BODY_TOP, g->view, g->month);
	if (!g->failed)
		summary_view_draw(c, BODY_TOP + 2, screen_bottom(c), &g->sum, g->view,
			app_session(s->app)->store, &g->list);
}

static size_t counts_commands(struct screen *s, enum command *out)
{
	const struct counts *g = (struct counts *)s;
	size_t n = 0;

	out[n++] = CMD_GROUP;
	out[n++] = CMD_EARLIER;
	out[n++] = CMD_LATER;
	out[n++] = CMD_SPAN;
	if (!g->month)
		out[n++] = CMD_DAY_END;
	out[n++] = CMD_SUMMARY_PDF;
	out[n++] = CMD_SUMMARY_CSV;
	return n;
}

/* ---- saving ---- */

static void save_pdf(void *arg, const char *path)
{
	struct counts *g = arg;
	struct paper p = {0};
	struct buf why = {0};
	enum err e;

	if (path == NULL || *path == '\0' || g->failed || g->press != NULL)
		return;
	summary_paper(&p, &g->sum, app_session(g->base.app)->store, app_session(g->base.app)->hall);
	e = press_start(&g->press, &p, path, NULL, &why);
	if (e == OK) {
		free(g->path);
		g->path = mem_strdup(path);
	} else {
		app_error(g->base.app, "%s", buf_str(&why));
	}
	paper_fini(&p);
	buf_fini(&why);
}

static void save_csv(void *arg, const char *path)
{
	struct counts *g = arg;
	struct buf csv = {0};
	enum err e;

	if (path == NULL || *path == '\0' || g->failed)
		return;
	summary_csv(&csv, &g->sum);
	e = paths_replace(path, csv.data, csv.len);
	if (e == OK)
		app_say(g->base.app, tr("已存为 %s"), path);
	else
		app_error(g->base.app, tr("写不了 %s: %s"), path, err_text(e));
	buf_fini(&csv);
}

static void ask_path(
	struct counts *g, const char *ending, void (*save)(void *arg, const char *path))
{
	struct buf path = {0};

	buf_printf(&path, "%s/%s-", store_home(app_session(g->base.app)->store),
		g->of_month ? tr("窗口月报") : tr("窗口日报"));
	summary_put_period(&path, &g->sum);
	buf_adds(&path, ending);
	app_prompt(g->base.app, tr("存到"), path.data, save, g);
	buf_fini(&path);
}

static void ask_pdf(struct counts *g)
{
	struct buf why = {0};

	if (g->press != NULL)
		app_error(g->base.app, "%s", tr("正在做 PDF。"));
	else if (press_ready(&why) != OK)
		app_error(g->base.app, "%s", buf_str(&why));
	else
		ask_path(g, ".pdf", save_pdf);
	buf_fini(&why);
}

static int64_t counts_tick(struct screen *s, int64_t mono_ms)
{
	struct counts *g = (struct counts *)s;
	int64_t counting = count_some(g);
	struct buf why = {0};
	enum err e = OK;

	if (g->press == NULL)
		return counting;
	if (!press_look(g->press, false, &e, &why))
		return counting >= 0 ? counting : mono_ms + LOOK_MS;
	press_free(g->press);
	g->press = NULL;
	if (e == OK)
		app_say(s->app, tr("已存为 %s"), g->path);
	else
		app_error(s->app, "%s", buf_str(&why));
	buf_fini(&why);
	app_dirty(s->app);
	return counting;
}

/* ---- keys ---- */

static void show_view(struct counts *g, int view)
{
	if (view >= (g->month ? VIEW__MAX : VIEW_DAY))
		view = VIEW_ALL;
	g->view = (enum summary_view)view;
	list_reset(&g->list, g->failed ? 0 : summary_view_count(&g->sum, g->view));
}

static void move(struct counts *g, int by)
{
	int32_t from, to, day = g->day + by;

	if (g->month) {
		summary_month(g->day, &from, &to);
		day = by < 0 ? from - 1 : to;
	}
	if (day <= today(g))
		g->day = day;
	counts_refresh(&g->base);
}

static bool counts_command(struct screen *s, enum command c)
{
	struct counts *g = (struct counts *)s;

	switch (c) {
	case CMD_GROUP:
		show_view(g, (int)g->view + 1);
		return true;
	case CMD_EARLIER:
	case CMD_LATER:
		move(g, c == CMD_EARLIER ? -1 : 1);
		return true;
	case CMD_SPAN:
		g->month = !g->month;
		counts_refresh(s);
		return true;
	case CMD_DAY_END:
		app_push(s->app, day_end_screen(s->app, g->day));
		return true;
	case CMD_SUMMARY_PDF:
		ask_pdf(g);
		return true;
	case CMD_SUMMARY_CSV:
		ask_path(g, ".csv", save_csv);
		return true;
	default:
		return false;
	}
}

static bool counts_key(struct screen *s, const struct key *k)
{
	struct counts *g = (struct counts *)s;
	bool picked;

	if (k->code == K_CHAR && k->plain >= '1' && k->plain < '1' + VIEW__MAX) {
		if (k->plain - '1' < VIEW_DAY || g->month)
			show_view(g, (int)(k->plain - '1'));
		return true;
	}
	return list_key(&g->list, k, true, &picked);
}

static void counts_close(struct screen *s)
{
	struct counts *g = (struct counts *)s;

	summary_drop(g->work);
	summary_fini(&g->sum);
	press_free(g->press);
	free(g->path);
	free(g);
}

static const struct screen_ops counts_ops = {.page = CMD_GO_COUNTS,
	.draw = counts_draw,
	.title = counts_title,
	.message = counts_message,
	.commands = counts_commands,
	.command = counts_command,
	.key = counts_key,
	.tick = counts_tick,
	.refresh = counts_refresh,
	.close = counts_close};

struct screen *counts_screen(struct app *a)
{
	struct counts *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&counts_ops, a};
	g->day = clock_day(app_wall_ms(a));
	return &g->base;
}
