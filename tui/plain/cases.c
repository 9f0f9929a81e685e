/* The cases of this station: a day's, or found by words; one of them with its story. */
#include "tui/plain/desk.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/station/case_find.h"
#include "core/station/cases.h"
#include "core/station/evaluation.h"
#include "core/station/store.h"
#include "tui/case_lines.h"
#include "tui/intake.h"
#include "tui/show.h"
#include "tui/widget_pager.h"

enum {
	FOUND_MAX = 200
};

struct cases {
	struct desk *desk;
	struct menu menu;
	char (*ids)[ID_UUID_SIZE];
};

static void add_id(struct cases *g, const char *id, const struct buf *text)
{
	g->ids = mem_resize(g->ids, g->menu.count + 1, sizeof(*g->ids));
	memcpy(g->ids[g->menu.count], id, ID_UUID_SIZE);
	menu_add(&g->menu, buf_str(text));
}

static void add_case(void *arg, const struct case_view *v)
{
	struct cases *g = arg;
	struct buf text = {0};

	buf_printf(&text, "%s, ", v->task_name);
	show_name(&text, v->applyer_name ? v->applyer_name : "", !g->desk->session->unmasked);
	buf_printf(&text, ", %s, %s, ", show_case_state(v),
		v->project_no ? v->project_no : v->local_receipt);
	show_moment(&text, v->submitted_ms, desk_now(g->desk));
	add_id(g, v->id, &text);
	buf_fini(&text);
}

/* ---- one ---- */

struct one_case {
	struct desk *desk;
	const char *number;
};

static void fill_case(void *arg, struct pager *p)
{
	struct one_case *g = arg;

	case_preview(p, g->desk->session, g->number, desk_now(g->desk));
}

static void give_up(struct desk *d, const char *id)
{
	enum err e;

	if (!menu_yes(d->talk, tr("放弃更正? 改过的不要了, 回到提交时的内容。")))
		return;
	e = case_revise_drop(d->session->store, id, d->session->who.name);
	if (e == OK)
		talk_say(d->talk, "%s", tr("已放弃更正, 办件还是提交时的样子。"));
	else
		talk_fail(d->talk, tr("没有放弃更正"), e, NULL);
}

enum way desk_correct(struct desk *d, const char *any_number)
{
	struct session *s = d->session;
	struct buf why = {0};
	char id[ID_UUID_SIZE];
	enum way w = WAY_BACK;
	enum err e = intake_begin_correction(s->store, any_number, s->who.name, id, &why);

	if (e == OK)
		w = desk_resume(d, id);
	else
		talk_fail(d->talk, tr("现在不能更正"), e, &why);
	buf_fini(&why);
	return w;
}

static enum way use_case(struct desk *d, const struct case_view *v, enum command c)
{
	switch (c) {
	case CMD_ACT:
		return desk_acts(d, v->id);
	case CMD_SLIPS:
		return desk_slips(d, v->id);
	case CMD_CORRECT:
		return desk_correct(d, v->id);
	case CMD_HAND:
		return desk_hand(d, v->id);
	case CMD_GIVE_UP:
		give_up(d, v->id);
		return WAY_ON;
	case CMD_EVALUATE:
		desk_evaluate(d, v->id);
		return WAY_ON;
	default:
		return WAY_BACK;
	}
}

static bool can_correct(struct desk *d, const struct case_view *v)
{
	enum case_state state, then;

	return (case_state_parse(v->state, &state) &&
		       lifecycle_next(state, ACT_REVISE, ACTOR_WINDOW, &then, NULL)) ||
	       case_may_revise(d->session->store, v->id);
}

enum way desk_case(struct desk *d, const char *any_number)
{
	struct one_case g = {d, any_number};
	enum way w = WAY_ON;

	while (w == WAY_ON) {
		struct menu m = {0};
		struct case_view v;
		long picked;
		talk_text(d->talk, fill_case, &g, 0, 1);
		if (case_get(d->session->store, any_number, &v) != OK)
			return talk_over(d->talk) ? WAY_END : WAY_BACK;
		if (v.news && case_seen(d->session->store, v.id) == OK)
			session_refresh(d->session);
		menu_command(&m, CMD_ACT);
		menu_command(&m, CMD_SLIPS);
		if (can_correct(d, &v))
			menu_command(&m, CMD_CORRECT);
		if (v.revising)
			menu_command(&m, CMD_GIVE_UP);
		menu_command(&m, CMD_HAND);
		if (evaluation_possible(d->session->store, v.id))
			menu_command(&m, CMD_EVALUATE);
		picked = menu_ask(d->talk, &m, NULL);
		w = use_case(d, &v, picked > 0 ? m.items[picked - 1].command : CMD_NONE);
		menu_fini(&m);
		case_view_fini(&v);
	}
	return talk_over(d->talk) ? WAY_END : w;
}

/* ---- many ---- */

/* words "": today's. */
static void read_cases(struct cases *g, const char *words)
{
	struct store *s = g->desk->session->store;

	if (*words)
		case_find(s, &(struct case_wanted){words, NULL, FOUND_MAX}, add_case, g);
	else
		case_each(s, clock_day(desk_now(g->desk)), NULL, add_case, g);
}

enum way desk_cases(struct desk *d)
{
	struct buf words = {0};
	enum way w = WAY_BACK;

	while (w == WAY_BACK) {
		struct cases g = {.desk = d, .menu = {.words = tr("查所有日期的")}};
		struct buf title = {0};
		long picked;
		read_cases(&g, buf_str(&words));
		if (words.len > 0)
			buf_printf(&title, tr("%s 找到 %zu 件"), words.data, g.menu.count);
		else
			buf_printf(&title, tr("今天收的办件, %zu 件"), g.menu.count);
		g.menu.title = buf_str(&title);
		picked = menu_ask(d->talk, &g.menu, &words);
		if (picked == MENU_END)
			w = WAY_END;
		else if (picked == MENU_BACK && words.len > 0)
			buf_clear(&words);
		else if (picked == MENU_BACK)
			w = WAY_HOME;
		else if (picked > 0)
			w = desk_case(d, g.ids[picked - 1]);
		free(g.ids);
		menu_fini(&g.menu);
		buf_fini(&title);
	}
	buf_fini(&words);
	return w;
}
