/* One case: its numbers, its state, what happened to it so far. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/station/cases.h"
#include "core/station/evaluation.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/case_lines.h"
#include "tui/flow.h"
#include "tui/hand.h"
#include "tui/large_fill.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/widget_pager.h"

struct case_page {
	struct screen base;
	char *number;
	char id[ID_UUID_SIZE];
	bool revising, can_correct;
	struct pager pager;
	struct hand hand;
};

static void fill(struct case_page *g, int cols)
{
	struct session *s = app_session(g->base.app);
	struct case_view v;
	enum case_state state, then;

	pager_clear(&g->pager, cols);
	if (case_get(s->store, g->number, &v) != OK) {
		pager_add(&g->pager, 0, ROLE_ERROR, tr("这一件读不出来。"));
		return;
	}
	case_lines(&g->pager, s, &v, app_wall_ms(g->base.app));
	g->revising = v.revising;
	g->can_correct = (case_state_parse(v.state, &state) &&
				 lifecycle_next(state, ACT_REVISE, ACTOR_WINDOW, &then, NULL)) ||
			 case_may_revise(s->store, v.id);
	memcpy(g->id, v.id, sizeof(g->id));
	if (v.news && case_seen(s->store, v.id) == OK)
		session_refresh(s);
	case_view_fini(&v);
}

static void case_page_title(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("办件 / 一件"));
}

static void case_page_draw(struct screen *s, struct canvas *c)
{
	struct case_page *g = (struct case_page *)s;
	int width = canvas_cols(c) - 3;

	fill(g, width > 110 ? 110 : width);
	pager_draw(&g->pager, c, BODY_TOP, screen_bottom(c) - BODY_TOP, 1);
	canvas_cursor(c, BODY_TOP, 0);
}

static size_t case_page_commands(struct screen *s, enum command *out)
{
	const struct case_page *g = (struct case_page *)s;
	size_t n = 0;

	out[n++] = CMD_ACT;
	out[n++] = CMD_SLIPS;
	if (g->can_correct)
		out[n++] = CMD_CORRECT;
	if (g->revising)
		out[n++] = CMD_GIVE_UP;
	if (evaluation_possible(app_session(s->app)->store, g->number))
		out[n++] = CMD_EVALUATE;
	out[n++] = CMD_HAND;
	out[n++] = CMD_PAGE;
	out[n++] = CMD_UNMASK;
	out[n++] = CMD_LARGE;
	return n;
}

static void act_chosen(void *arg, const char *name)
{
	struct case_page *g = arg;
	enum case_act act;

	if (case_act_parse(name, &act))
		act_open(g->base.app, g->id, act);
}

static void choose_act(struct case_page *g)
{
	struct pick_row *rows = NULL;
	struct case_view v;
	size_t count = 0;

	if (case_get(app_session(g->base.app)->store, g->number, &v) != OK)
		return;
	act_rows(app_session(g->base.app)->store, v.id, v.state, &rows, &count);
	case_view_fini(&v);
	app_push(g->base.app,
		pick_screen(g->base.app, tr("办理这一件"), rows, count, act_chosen, g));
}

static void give_up(void *arg, bool yes)
{
	struct case_page *g = arg;
	struct session *s = app_session(g->base.app);
	enum err e;

	if (!yes)
		return;
	e = case_revise_drop(s->store, g->id, s->who.name);
	app_reread(g->base.app);
	if (e == OK)
		app_say(g->base.app, "%s", tr("已放弃更正, 办件还是提交时的样子。"));
	else
		app_fail(g->base.app, tr("没有放弃更正"), e, NULL);
}

static void offer_evaluation(struct case_page *g)
{
	struct screen *e = evaluation_screen(g->base.app, g->number);

	if (e)
		app_push(g->base.app, e);
}

static void fill_large(void *arg, struct large_text *t)
{
	struct case_page *g = arg;
	struct store *s = app_session(g->base.app)->store;
	struct case_view v;

	if (case_get(s, g->number, &v) != OK)
		return;
	large_case(t, s, &v);
	case_view_fini(&v);
}

static bool case_page_command(struct screen *s, enum command c)
{
	struct case_page *g = (struct case_page *)s;

	switch (c) {
	case CMD_ACT:
		choose_act(g);
		return true;
	case CMD_HAND:
		hand_over(&g->hand, s->app, g->id);
		return true;
	case CMD_LARGE:
		app_push(s->app, large_screen(s->app, fill_large, g));
		return true;
	case CMD_SLIPS:
		app_push(s->app, slip_screen(s->app, g->number, true));
		return true;
	case CMD_EVALUATE:
		offer_evaluation(g);
		return true;
	case CMD_CORRECT:
		flow_correct(s->app, g->number);
		return true;
	case CMD_GIVE_UP:
		app_ask(s->app, tr("放弃更正? 改过的不要了, 回到提交时的内容。"), give_up, g);
		return true;
	default:
		return false;
	}
}

static bool case_page_key(struct screen *s, const struct key *k)
{
	return pager_key(&((struct case_page *)s)->pager, k);
}

static void case_page_close(struct screen *s)
{
	struct case_page *g = (struct case_page *)s;

	pager_fini(&g->pager);
	free(g->number);
	free(g);
}

static const struct screen_ops case_page_ops = {.page = CMD_GO_CASES,
	.draw = case_page_draw,
	.title = case_page_title,
	.commands = case_page_commands,
	.command = case_page_command,
	.key = case_page_key,
	.close = case_page_close};

struct screen *case_screen(struct app *a, const char *any_number)
{
	struct case_page *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&case_page_ops, a};
	g->number = mem_strdup(any_number);
	return &g->base;
}
