/* 差评台账: bad marks of others, by when they are to be looked into; one of them and its acts. */
#include "tui/plain/desk.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/evaluation.h"
#include "tui/ledger_text.h"

struct ledger {
	struct desk *desk;
	struct menu menu;
	char (*ids)[ID_UUID_SIZE];
	const char *wanted; /* only the one with this id; NULL: all */
	enum complaint_state state;
	struct buf facts;
};

/* What concerns the one who has signed in is for others. */
static void add_entry(void *arg, const struct complaint *c)
{
	struct ledger *g = arg;
	struct buf text = {0};

	if (strcmp(c->operator_name, g->desk->session->who.name) == 0 ||
		(g->wanted && strcmp(c->id, g->wanted) != 0))
		return;
	g->ids = mem_resize(g->ids, g->menu.count + 1, sizeof(*g->ids));
	memset(g->ids[g->menu.count], 0, sizeof(*g->ids));
	strncat(g->ids[g->menu.count], c->id, sizeof(*g->ids) - 1);
	buf_printf(&text, "%s, %s, ", c->task_name, mark_label(c->mark));
	buf_printf(&text, tr("%s号窗口"), c->window);
	buf_printf(&text, ", %s", complaint_state_label(c->state));
	if (c->due_day >= 0) {
		buf_adds(&text, ", ");
		ledger_due_words(&text, c->due_day, clock_day(desk_now(g->desk)));
	}
	menu_add(&g->menu, buf_str(&text));
	g->state = c->state;
	buf_clear(&g->facts);
	ledger_facts(&g->facts, c, desk_now(g->desk));
	buf_fini(&text);
}

static void drop(struct ledger *g)
{
	free(g->ids);
	menu_fini(&g->menu);
	buf_fini(&g->facts);
}

static void say_facts(struct desk *d, const char *facts)
{
	char *lines = mem_strdup(facts), *rest = lines, *line;

	while ((line = strtok_r(NULL, "\n", &rest)) != NULL) {
		char *text = strchr(line, '\t');
		if (!text)
			continue;
		*text++ = '\0';
		talk_pair(d->talk, line, text);
	}
	free(lines);
}

static void act(struct desk *d, const char *id, enum complaint_act which)
{
	struct session *s = d->session;
	struct buf text = {0}, why = {0};
	struct complaint_order o = {
		.id = id, .act = which, .operator_name = s->who.name, .days = s->complaint_days};
	enum err e;

	if (menu_line(d->talk, ledger_act_ask(which), tr("要写明情况; 减号是先不办。"), &text)) {
		o.text = buf_str(&text);
		e = complaint_do(s->store, &o, &why);
		session_refresh(s);
		if (e == OK)
			talk_say(d->talk, tr("%s: 已记入台账。"), complaint_act_label(which));
		else
			talk_fail(d->talk, complaint_act_label(which), e, &why);
	} else if (!talk_over(d->talk)) {
		talk_say(d->talk, "%s", tr("没有记下。"));
	}
	buf_fini(&text);
	buf_fini(&why);
}

enum way desk_ledger_entry(struct desk *d, const char *id)
{
	struct ledger g = {.desk = d, .wanted = id};
	enum complaint_act acts[COMPLAINT_ACT__MAX];
	enum complaint_state to;
	struct menu m = {.title = tr("可以办的")};
	size_t n = 0;
	long picked = MENU_BACK;

	complaint_each(d->session->store, true, add_entry, &g);
	if (g.menu.count == 0) {
		talk_say(d->talk, "%s", tr("没有这一条; 对您自己的评价由别人处理。"));
	} else {
		talk_say(d->talk, "%s", g.menu.items[0].text);
		say_facts(d, buf_str(&g.facts));
		for (int a = 0; a < COMPLAINT_ACT__MAX; a++)
			if (complaint_next(g.state, (enum complaint_act)a, &to, NULL)) {
				menu_add(&m, complaint_act_label((enum complaint_act)a));
				acts[n++] = (enum complaint_act)a;
			}
		if (n > 0)
			picked = menu_ask(d->talk, &m, NULL);
		if (picked > 0)
			act(d, id, acts[picked - 1]);
	}
	menu_fini(&m);
	drop(&g);
	return talk_over(d->talk) ? WAY_END : WAY_BACK;
}

enum way desk_ledger(struct desk *d)
{
	enum way w = WAY_BACK;
	bool all = false;

	while (w == WAY_BACK) {
		struct ledger g = {.desk = d};
		struct buf title = {0};
		long picked;
		complaint_each(d->session->store, all, add_entry, &g);
		buf_printf(&title,
			all ? tr("差评台账, 全部 %zu 条") : tr("差评台账, 没有了结的 %zu 条"),
			g.menu.count);
		g.menu.title = buf_str(&title);
		menu_add(&g.menu, all ? tr("只看没有了结的") : tr("了结的也列出来"));
		picked = menu_ask(d->talk, &g.menu, NULL);
		if (picked <= 0)
			w = picked == MENU_BACK ? WAY_HOME : WAY_END;
		else if ((size_t)picked == g.menu.count)
			all = !all;
		else
			w = desk_ledger_entry(d, g.ids[picked - 1]);
		buf_fini(&title);
		drop(&g);
	}
	return w;
}
