/* The day's end: every open thing by name, the reconciliation with the centre, the figures; closed
 * by somebody who has been told what is open. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/day_end.h"
#include "core/station/reconcile.h"
#include "core/station/summary.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/glyph.h"
#include "tui/day_items.h"
#include "tui/errand.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/widget_list.h"
#include "tui/widget_pager.h"

enum {
	LOOK_MS = 100
};

struct day_end {
	struct screen base;
	int32_t day;
	struct day_items open;
	struct list list;
	struct day_check check;
	struct day_close closed;
	struct buf figures;
	struct errand *errand;
};

static void write_figures(struct day_end *g)
{
	struct session *s = app_session(g->base.app);
	struct summary sum = {0};
	const int64_t *n;

	buf_clear(&g->figures);
	if (summary_make(&sum, s->store, g->day, g->day + 1, s->late_minutes) != OK)
		return;
	n = summary_all(&sum)->figures;
	buf_printf(&g->figures,
		tr("收件 %lld  受理 %lld  补正 %lld  不予受理 %lld  办结 %lld  用时中位 "),
		(long long)n[FIGURE_SUBMITTED], (long long)n[FIGURE_ACCEPTED],
		(long long)n[FIGURE_CORRECTION], (long long)n[FIGURE_REFUSED],
		(long long)n[FIGURE_DECIDED]);
	summary_put_time(&g->figures, n[FIGURE_TIME_MEDIAN], n[FIGURE_TIMED] > 0);
	summary_fini(&sum);
}

static void day_end_refresh(struct screen *s)
{
	struct day_end *g = (struct day_end *)s;
	struct store *store = app_session(s->app)->store;

	day_check_fini(&g->check);
	day_close_fini(&g->closed);
	day_check_get(store, g->day, &g->check);
	day_close_last(store, g->day, &g->closed);
	day_items_read(&g->open, store, g->day);
	list_resize(&g->list, g->open.count);
	write_figures(g);
}

static void day_end_title(struct screen *s, struct buf *out)
{
	const struct day_end *g = (struct day_end *)s;
	char date[DATE_SIZE];

	buf_printf(out, "%s / %s / %s", tr("统计"), tr("日结"),
		date_format(date_from_day(g->day), date));
}

static void day_end_message(struct screen *s, struct buf *out)
{
	const struct day_end *g = (struct day_end *)s;

	if (g->open.count == 0)
		buf_adds(out, tr("没有还开着的。Ctrl-G 记下日结。"));
	else
		buf_adds(out, tr("以上是还开着的; 回车打开一件。日结以后照样可以接着办。"));
}

/* ---- drawing ---- */

static void put_check(const struct day_end *g, struct buf *out, enum role *role)
{
	const char *remark;
	char hm[16];

	*role = ROLE_WARN;
	if (g->errand != NULL) {
		buf_adds(out, tr("正在和中心对账..."));
	} else if (g->check.at_ms == 0) {
		buf_adds(out, tr("还没有和中心对账: 按 Ctrl-R。"));
	} else if (g->check.failure != NULL) {
		buf_printf(out, tr("%s 没有对成: %s"),
			clock_format(g->check.at_ms, "%m-%d %H:%M", hm, sizeof(hm)),
			g->check.failure);
	} else {
		buf_printf(out, tr("%s 和中心对账: 本机 %zu 件, 中心 %zu 件, 对不上 %zu 件。"),
			clock_format(g->check.at_ms, "%m-%d %H:%M", hm, sizeof(hm)), g->check.here,
			g->check.there, g->check.differences);
		remark = reconcile_remark(g->check.here, g->check.there, g->check.differences);
		buf_printf(out, "%s%s", remark[0] != '\0' ? " " : "", remark);
		if (g->check.differences == 0)
			*role = ROLE_GOOD;
	}
}

static void put_open(const struct day_end *g, struct buf *out)
{
	for (int k = 0; k < DAY__MAX; k++)
		buf_printf(out, "%s%s %zu", k ? "   " : "", day_kind_name((enum day_kind)k),
			g->open.of[k]);
}

static void draw_item(struct day_end *g, struct canvas *c, int row, size_t i)
{
	const struct day_item *it = &g->open.items[i];
	struct buf who = {0};

	day_items_tell(&g->open, i, app_session(g->base.app));
	show_name(&who, it->who, !app_session(g->base.app)->unmasked);
	canvas_pad(c, row, 2, 8, ROLE_LABEL, day_kind_name(it->kind));
	canvas_pad(c, row, 11, 26, ROLE_TEXT, it->what);
	canvas_pad(c, row, 38, 8, ROLE_TEXT, buf_str(&who));
	canvas_pad(c, row, 47, canvas_cols(c) - 48,
		it->kind == DAY_DIFFERENCE || it->kind == DAY_HELD ? ROLE_WARN : ROLE_TEXT,
		it->note);
	list_mark(&g->list, c, i, row, 1, 36, app_slow(g->base.app), true);
	buf_fini(&who);
}

/* Returns the row after it: in a small window a line may need two. */
static int put_line(struct canvas *c, int row, enum role role, const char *label, const char *text)
{
	int cols = canvas_cols(c) - 12;

	canvas_pad(c, row, 1, 9, ROLE_LABEL, label);
	if (glyph_cols(text) > cols)
		return row + pager_put(c, row, 2, 11, cols, role, text);
	canvas_put(c, row, 11, cols, role, text);
	return row + 1;
}

static void day_end_draw(struct screen *s, struct canvas *c)
{
	struct day_end *g = (struct day_end *)s;
	int row = BODY_TOP, bottom = screen_bottom(c);
	struct buf b = {0};
	char when[16];
	enum role role;

	canvas_cursor(c, row, 0);
	row = put_line(c, row, ROLE_TEXT, tr("数字"), buf_str(&g->figures));
	put_check(g, &b, &role);
	row = put_line(c, row, role, tr("对账"), buf_str(&b));
	buf_clear(&b);
	if (g->closed.at_ms > 0)
		buf_printf(&b, tr("%s 由 %s 记下, 那时还开着 %zu 件。"),
			clock_format(g->closed.at_ms, "%m-%d %H:%M", when, sizeof(when)),
			g->closed.operator_name, g->closed.open_items);
	else
		buf_adds(&b, tr("还没有记下。"));
	row = put_line(c, row, ROLE_TEXT, tr("日结"), buf_str(&b));
	buf_clear(&b);
	put_open(g, &b);
	row = put_line(c, row, ROLE_STRONG, tr("还开着的"), buf_str(&b));
	if (canvas_rows(c) >= 24)
		row++;
	list_fit(&g->list, bottom - row);
	for (size_t i = g->list.top; i < g->open.count && i < g->list.top + g->list.rows; i++)
		draw_item(g, c, row++, i);
	buf_fini(&b);
}

/* ---- acts ---- */

static size_t day_end_commands(struct screen *s, enum command *out)
{
	const struct day_end *g = (struct day_end *)s;
	size_t n = 0;

	if (g->errand == NULL)
		out[n++] = CMD_RECONCILE;
	out[n++] = CMD_DAY_CLOSE;
	if (g->open.count > 0) {
		out[n++] = CMD_OPEN;
		out[n++] = CMD_MOVE;
	}
	return n;
}

static void reconcile(struct day_end *g)
{
	char date[DATE_SIZE];

	if (g->errand != NULL)
		return;
	g->errand = errand_start("reconcile", date_format(date_from_day(g->day), date));
	if (g->errand == NULL)
		app_error(g->base.app, "%s", tr("对账没有开始, 请稍后再试。"));
}

static int64_t day_end_tick(struct screen *s, int64_t mono_ms)
{
	struct day_end *g = (struct day_end *)s;
	int code;

	if (g->errand == NULL)
		return -1;
	if (!errand_look(g->errand, &code))
		return mono_ms + LOOK_MS;
	errand_free(g->errand);
	g->errand = NULL;
	day_end_refresh(s);
	if (code == EXIT_DONE)
		app_say(s->app, "%s", tr("对账一致, 没有差别。"));
	else if (code == EXIT_REFUSED)
		app_say(s->app, "%s", tr("有对不上的, 列在最前面。"));
	else
		app_error(s->app, "%s", tr("没有对成; 连上中心以后再按 Ctrl-R。"));
	app_dirty(s->app);
	return -1;
}

static void answer_close(void *arg, bool yes)
{
	struct day_end *g = arg;
	struct session *s = app_session(g->base.app);
	enum err e;

	if (!yes)
		return;
	e = day_close(s->store, g->day, s->who.name, s->window, day_items_all(&g->open));
	session_saved(s, e);
	day_end_refresh(&g->base);
	if (e == OK)
		app_say(g->base.app, "%s", tr("已记下日结。"));
	else
		app_fail(g->base.app, tr("日结没有记下"), e, NULL);
}

/* The question says all that is open: nobody closes a day unknowing. */
static void ask_close(struct day_end *g)
{
	struct buf q = {0};

	day_items_words(&g->open, &g->check, &q);
	buf_adds(&q, tr("。记下日结?"));
	app_ask(g->base.app, buf_str(&q), answer_close, g);
	buf_fini(&q);
}

static void open_item(struct day_end *g)
{
	const struct day_item *it = &g->open.items[g->list.selected];
	struct app *a = g->base.app;

	switch (it->kind) {
	case DAY_HELD:
	case DAY_WAITING:
		app_push(a, letter_screen(a, it->id));
		break;
	case DAY_DRAFT:
	case DAY_HANDED: /* they are opened by whose they are, on the first screen */
		app_home(a);
		break;
	default:
		app_push(a, case_screen(a, it->id));
		break;
	}
}

static bool day_end_command(struct screen *s, enum command c)
{
	struct day_end *g = (struct day_end *)s;

	switch (c) {
	case CMD_RECONCILE:
		reconcile(g);
		return true;
	case CMD_DAY_CLOSE:
		ask_close(g);
		return true;
	case CMD_OPEN:
		if (g->open.count > 0)
			open_item(g);
		return true;
	default:
		return false;
	}
}

static bool day_end_key(struct screen *s, const struct key *k)
{
	struct day_end *g = (struct day_end *)s;
	bool picked, used = list_key(&g->list, k, true, &picked);

	if (picked)
		open_item(g);
	return used;
}

static void day_end_close(struct screen *s)
{
	struct day_end *g = (struct day_end *)s;

	day_items_fini(&g->open);
	day_check_fini(&g->check);
	day_close_fini(&g->closed);
	buf_fini(&g->figures);
	errand_free(g->errand);
	free(g);
}

static const struct screen_ops day_end_ops = {.page = CMD_GO_COUNTS,
	.draw = day_end_draw,
	.title = day_end_title,
	.message = day_end_message,
	.commands = day_end_commands,
	.command = day_end_command,
	.key = day_end_key,
	.tick = day_end_tick,
	.refresh = day_end_refresh,
	.close = day_end_close};

struct screen *day_end_screen(struct app *a, int32_t day)
{
	struct day_end *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&day_end_ops, a};
	g->day = day;
	return &g->base;
}
