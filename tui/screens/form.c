/*
 * Questions being answered: the form of an application, and before it the questions about the
 * situation. Both are entries and look alike; they differ in what comes after.
 */
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/checklist.h"
#include "core/station/matter.h"
#include "forms/entry.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/flow.h"
#include "tui/form_view.h"
#include "tui/glyph.h"
#include "tui/intake.h"
#include "tui/road.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/show.h"

struct form_screen {
	struct screen base;
	struct flow *flow;
	struct form_view view;
};

static bool is_situation(const struct form_screen *g)
{
	return g->view.step == DRAFT_AT_SITUATION;
}

static void form_screen_title(struct screen *s, struct buf *out)
{
	const struct form_screen *g = (struct form_screen *)s;

	flow_title(g->flow, is_situation(g) ? tr("情形") : tr("填表"), out);
}

static void form_screen_message(struct screen *s, struct buf *out)
{
	form_view_message(&((struct form_screen *)s)->view, out);
}

static void form_screen_below(struct screen *s, struct buf *out)
{
	form_view_below(&((struct form_screen *)s)->view, out);
}

/* How much is asked for in this situation: seen at once when an answer changes it. */
static void add_materials(const struct form_screen *g, struct buf *out)
{
	struct checklist_summary sum;

	checklist_sum(&g->flow->intake->checklist, &sum);
	buf_printf(out, tr("要收材料 %zu 份"),
		g->flow->intake->checklist.count - sum.by_state[CHECKLIST_EXEMPT]);
	if (sum.by_state[CHECKLIST_EXEMPT])
		buf_printf(out, tr(", 免交 %zu 份"), sum.by_state[CHECKLIST_EXEMPT]);
}

static void add_counts(const struct form_view *v, struct buf *out)
{
	buf_printf(out, v->fields == 1 ? tr("共 1 栏") : tr("共 %zu 栏"), v->fields);
	if (v->errors)
		buf_printf(out, tr(", 有错 %zu"), v->errors);
	if (v->warnings)
		buf_printf(out, tr(", 提醒 %zu"), v->warnings);
	if (v->missing)
		buf_printf(out, tr(", 必填未填 %zu"), v->missing);
	if (v->below)
		buf_printf(out, tr(", 下面还有 %zu"), v->below);
}

/* Wide terminals: what the current field is about, and under it the papers. */
static void draw_aside(struct form_screen *g, struct canvas *c, int row, int bottom)
{
	const struct checklist *list = &g->flow->intake->checklist;
	int col = PANE_RIGHT_COL + 2, half = row + (bottom - row) / 2;
	struct buf b = {0};

	form_view_aside(&g->view, c, row, half - row - 1, col);
	if (list->count > 0)
		canvas_put(c, half++, col, 30, ROLE_STRONG, tr("材料"));
	for (size_t i = 0; i < list->count && half < bottom; i++) {
		buf_clear(&b);
		buf_printf(&b, "%s %s", show_material_mark(list->items[i].state),
			list->items[i].material->name);
		canvas_put(c, half++, col, canvas_cols(c) - col - 1, ROLE_TEXT, buf_str(&b));
	}
	buf_fini(&b);
}

static void form_screen_draw(struct screen *s, struct canvas *c)
{
	struct form_screen *g = (struct form_screen *)s;
	bool wide = canvas_cols(c) >= WIDE_COLS;
	int cols = wide ? PANE_LEFT_COLS + 2 : canvas_cols(c), bottom = screen_bottom(c), from;
	struct buf b = {0};

	form_view_draw(&g->view, c, BODY_TOP + 2, bottom - BODY_TOP - 2, cols);
	if (is_situation(g))
		add_materials(g, &b);
	else
		add_counts(&g->view, &b);
	from = canvas_right(c, BODY_TOP, cols / 4, cols - 1,
		g->view.errors && !is_situation(g) ? ROLE_ERROR : ROLE_TEXT, buf_str(&b));
	canvas_pad(c, BODY_TOP, 1, from - 3, ROLE_STRONG,
		is_situation(g) ? tr("先问清情形, 只收该收的材料")
				: form_title(entry_form(g->view.entry)));
	app_draws_detail(s->app, c, BODY_TOP, 1, 0);
	if (wide && app_draws_detail(
			    s->app, c, BODY_TOP + 2, bottom - BODY_TOP - 2, PANE_RIGHT_COL + 2))
		draw_aside(g, c, BODY_TOP + 2, bottom);
	buf_fini(&b);
}

static size_t form_screen_commands(struct screen *s, enum command *out)
{
	struct form_screen *g = (struct form_screen *)s;
	size_t n = form_view_commands(&g->view, is_situation(g) ? CMD_NEXT_STEP : CMD_REVIEW, out);

	out[n++] = CMD_PARK;
	return n;
}

static void go_on(struct form_screen *g)
{
	if (form_view_complete(&g->view))
		flow_next(g->flow, g->view.step);
}

static void parked(void *arg, const char *note)
{
	struct form_screen *g = arg;
	struct app *a = g->base.app;

	if (!note)
		return;
	form_view_leave(&g->view);
	flow_save(g->flow);
	if (g->flow->intake->draft_id[0])
		session_saved(app_session(a),
			draft_park(app_session(a)->store, g->flow->intake->draft_id, note));
	app_home(a); /* frees g */
	app_say(a, "%s", tr("已暂存, 在 没办完的 里接着办。"));
}

static void doubted(void *arg, const char *words)
{
	struct form_screen *g = arg;
	struct form_view *v = &g->view;
	struct app *a = g->base.app;

	if (!words || !v->at)
		return;
	session_saved(app_session(a),
		road_doubt(g->flow->intake, app_session(a), buf_str(&v->place), words));
	app_home(a); /* frees g */
	app_say(a, "%s", tr("已记下存疑的规则并暂存这一件; 管理员在审计记录里看得到。"));
}

static bool form_screen_command(struct screen *s, enum command c)
{
	struct form_screen *g = (struct form_screen *)s;

	switch (c) {
	case CMD_NEXT_FIELD:
		if (form_view_lost_scan(&g->view))
			return true;
		if (!form_view_next(&g->view) && !app_scan_ended(s->app))
			go_on(g);
		return true;
	case CMD_REVIEW:
	case CMD_NEXT_STEP:
	case CMD_CONTINUE:
		go_on(g);
		return true;
	case CMD_PARK:
		app_prompt(s->app, tr("暂存, 记一句 (如 去拿户口簿)"), "", parked, g);
		return true;
	case CMD_DOUBT:
		app_prompt(s->app, tr("哪里可疑 (如 证件是真的, 系统不认)"), "", doubted, g);
		return true;
	case CMD_BACK:
		form_view_leave(&g->view);
		flow_save(g->flow);
		return false; /* the program takes the screen off */
	default:
		return form_view_command(&g->view, c);
	}
}

static bool form_screen_key(struct screen *s, const struct key *k)
{
	return form_view_key(&((struct form_screen *)s)->view, k);
}

static enum typing form_screen_typing(struct screen *s)
{
	return form_view_typing(&((struct form_screen *)s)->view);
}

static void form_screen_before(struct screen *s, const struct key *k)
{
	struct form_screen *g = (struct form_screen *)s;

	g->view.run = k->run;
}

static int64_t form_screen_tick(struct screen *s, int64_t mono_ms)
{
	return form_view_tick(&((struct form_screen *)s)->view, mono_ms);
}

static void form_screen_close(struct screen *s)
{
	struct form_screen *g = (struct form_screen *)s;

	if (!g->flow->receipt[0])
		form_view_leave(&g->view);
	form_view_fini(&g->view);
	flow_release(g->flow);
	free(g);
}

static const struct screen_ops form_screen_ops = {.page = CMD_NONE,
	.draw = form_screen_draw,
	.title = form_screen_title,
	.message = form_screen_message,
	.below = form_screen_below,
	.commands = form_screen_commands,
	.command = form_screen_command,
	.before = form_screen_before,
	.key = form_screen_key,
	.typing = form_screen_typing,
	.tick = form_screen_tick,
	.close = form_screen_close};

static struct screen *make(
	struct app *a, struct flow *f, enum draft_step step, const char *place, int cursor_cps)
{
	struct form_screen *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&form_screen_ops, a};
	g->flow = flow_hold(f);
	form_view_init(&g->view, a, f->intake, step, place);
	if (cursor_cps >= 0)
		form_view_caret(&g->view, (size_t)cursor_cps);
	return &g->base;
}

struct screen *situation_screen(struct app *a, struct flow *f, const char *place, int cursor_cps)
{
	return make(a, f, DRAFT_AT_SITUATION, place, cursor_cps);
}

struct screen *form_screen(struct app *a, struct flow *f, const char *place, int cursor_cps)
{
	return make(a, f, DRAFT_AT_FORM, place, cursor_cps);
}
