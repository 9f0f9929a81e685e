/* What the visitor has with them, one material after the other. */
#include "tui/plain/desk.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/station/checklist.h"
#include "core/station/matter.h"
#include "core/station/store.h"
#include "tui/guide_text.h"
#include "tui/intake.h"
#include "tui/material_text.h"
#include "tui/paper_list.h"
#include "tui/widget_pager.h"

struct checking {
	struct desk *desk;
	struct intake *intake;
	const struct checklist_item *item; /* being told */
};

static void put_item(const struct intake *in, const struct checklist_item *x, struct buf *out)
{
	struct buf form = {0};

	guide_material_form(&form, in->matter, (size_t)(x->material - in->matter->materials));
	buf_printf(out, "%s, %s", x->material->name, checklist_state_label(x->state));
	if (form.len > 0 && x->state != CHECKLIST_EXEMPT)
		buf_printf(out, ", %s", buf_str(&form));
	if (x->note && *x->note)
		buf_printf(out, " (%s)", x->note);
	buf_fini(&form);
}

static void save(struct checking *g)
{
	if (!g->intake->consult)
		desk_saved(g->desk, intake_save(g->intake));
}

static void fill_item(void *arg, struct pager *p)
{
	struct checking *g = arg;
	struct paper_list papers = {0};

	paper_list_read(&papers, g->desk->session->store, g->intake->draft_id);
	material_text(p, g->intake, g->item, &papers);
	paper_list_fini(&papers);
}

static void set_state(struct checking *g, const char *name, enum checklist_state state)
{
	struct buf why = {0};
	struct checklist_item *x;
	enum err e = checklist_set(&g->intake->checklist, name, state, &why);

	if (e != OK) {
		talk_fail(g->desk->talk, tr("不能这样记"), e, &why);
	} else {
		save(g);
		x = checklist_find(&g->intake->checklist, name);
		if (x)
			talk_pair(g->desk->talk, name, checklist_state_label(x->state));
	}
	buf_fini(&why);
}

static void remark(struct checking *g, const char *name)
{
	struct buf text = {0};

	if (menu_line(g->desk->talk, tr("备注"), NULL, &text)) {
		checklist_note(&g->intake->checklist, name, buf_str(&text));
		save(g);
	}
	buf_fini(&text);
}

static void attach(struct checking *g, const char *name)
{
	struct buf path = {0}, why = {0};
	struct checklist_item *x = checklist_find(&g->intake->checklist, name);
	enum err e;

	if (menu_line(g->desk->talk, tr("扫描件或照片在哪 (文件的位置)"), NULL, &path)) {
		e = intake_attach(g->intake, name, buf_str(&path), &why);
		if (e != OK)
			talk_fail(g->desk->talk, tr("没有附上"), e, &why);
		else
			talk_say(g->desk->talk, tr("已附上, 随件报送: %s"), buf_str(&path));
		if (e == OK && x && x->state == CHECKLIST_MISSING)
			set_state(g, name, CHECKLIST_RECEIVED);
	}
	buf_fini(&path);
	buf_fini(&why);
}

/* Which states this one may have, beside having been received. */
static size_t states_of(
	const struct checklist_item *x, enum checklist_state states[CHECKLIST_STATE__MAX])
{
	const struct matter_material *m = x->material;
	size_t n = 0;

	states[n++] = CHECKLIST_RECEIVED;
	states[n++] = m->need == MATTER_NEED_OPTIONAL ? CHECKLIST_NONE : CHECKLIST_MISSING;
	if (m->need == MATTER_NEED_DEFERRABLE)
		states[n++] = CHECKLIST_DEFERRED;
	if (m->exempt || *m->certificate)
		states[n++] = CHECKLIST_EXEMPT;
	return n;
}

/* One of them: what is wanted of it, and what is here. */
static enum way one_item(struct checking *g, size_t index)
{
	enum checklist_state states[CHECKLIST_STATE__MAX];
	const struct checklist_item *x = &g->intake->checklist.items[index];
	const char *name = x->material->name; /* the list may be made anew */
	size_t count = states_of(x, states);
	struct menu m = {.ask = tr("这份材料怎样")};
	long picked;

	g->item = x;
	talk_text(g->desk->talk, fill_item, g, 0, 1);
	for (size_t i = 0; i < count; i++)
		menu_add(&m, checklist_state_label(states[i]));
	if (!g->intake->consult) {
		menu_command(&m, CMD_REMARK);
		menu_command(&m, CMD_ATTACH);
	}
	picked = menu_ask(g->desk->talk, &m, NULL);
	if (picked > 0 && (size_t)picked <= count)
		set_state(g, name, states[picked - 1]);
	else if (picked > 0 && m.items[picked - 1].command == CMD_REMARK)
		remark(g, name);
	else if (picked > 0)
		attach(g, name);
	menu_fini(&m);
	return picked == MENU_END ? WAY_END : WAY_ON;
}

/* ---- the list ---- */

static void say_conclusion(struct checking *g)
{
	struct checklist_summary sum;
	struct buf b = {0};

	checklist_sum(&g->intake->checklist, &sum);
	checklist_conclusion_text(&b, &sum);
	talk_pair(g->desk->talk, tr("结论"), buf_str(&b));
	buf_fini(&b);
}

/* One that is missing; an empty line leaves it as it is. */
static enum reply ask_one(struct checking *g, size_t index)
{
	const struct checklist_item *x = &g->intake->checklist.items[index];
	struct buf ask = {0}, answer = {0};
	enum reply r;
	long n = -1;

	buf_printf(&ask, tr("%s带来了吗"), x->material->name);
	do {
		r = talk_ask(g->desk->talk,
			&(struct question){.ask = buf_str(&ask),
				.help = tr(
					"看到材料、符合要求才算收到。2 听要求和常见的退回原因。")},
			&answer);
		n = r == REPLY_TEXT ? talk_number(buf_str(&answer), 2) : 0;
		if (n < 0)
			talk_say(g->desk->talk, "%s", tr("请打 1 或 2, 或空着回车。"));
	} while (n < 0);
	if (n == 1)
		set_state(g, x->material->name, CHECKLIST_RECEIVED);
	else if (n == 2 && one_item(g, index) == WAY_END)
		r = REPLY_END;
	buf_fini(&ask);
	buf_fini(&answer);
	return r;
}

static enum way ask_missing(struct checking *g)
{
	struct checklist *c = &g->intake->checklist;
	enum reply r = REPLY_NONE;

	for (size_t i = 0; i < c->count && r != REPLY_END && r != REPLY_BACK; i++)
		if (c->items[i].state == CHECKLIST_MISSING)
			r = ask_one(g, i);
	return r == REPLY_END ? WAY_END : r == REPLY_BACK ? WAY_BACK : WAY_ON;
}

static void make_list(struct checking *g, struct menu *m)
{
	struct checklist *c = &g->intake->checklist;
	struct buf text = {0};

	menu_add(m, g->intake->consult ? tr("就听到这里") : tr("下一步"));
	menu_add(m, tr("告知单: 还要带什么"));
	if (g->intake->consult)
		menu_command(m, CMD_TAKE_UP);
	for (size_t i = 0; i < c->count; i++) {
		buf_clear(&text);
		put_item(g->intake, &c->items[i], &text);
		menu_add(m, buf_str(&text));
	}
	buf_fini(&text);
}

static void take_up(struct checking *g)
{
	g->intake->consult = false;
	store_used(g->desk->session->store, g->intake->matter->code);
	save(g);
}

/* What was picked in the list. *here: the list again. */
static enum way use_item(struct checking *g, enum command c, long picked, bool *here)
{
	long fixed = g->intake->consult ? 3 : 2;

	*here = false;
	if (picked == 1)
		return WAY_ON;
	if (picked == MENU_END)
		return WAY_END;
	if (picked == MENU_BACK)
		return WAY_BACK;
	if (c == CMD_TAKE_UP) {
		take_up(g);
		return WAY_ON;
	}
	*here = true;
	if (picked == 2)
		return desk_notice(g->desk, g->intake->matter->code, g->intake);
	return one_item(g, (size_t)(picked - fixed - 1));
}

/* The list with what can be done, until one goes on. */
static enum way use_list(struct checking *g)
{
	enum way w = WAY_BACK;
	bool here = true;

	while (here && w != WAY_END) {
		struct menu m = {.title = tr("材料清单"), .enter = tr("下一步"), .page = 12};
		long picked;
		say_conclusion(g);
		make_list(g, &m);
		picked = menu_ask(g->desk->talk, &m, NULL);
		w = use_item(g, picked > 0 ? m.items[picked - 1].command : CMD_NONE, picked, &here);
		menu_fini(&m);
	}
	return w;
}

enum way desk_materials(struct desk *d, struct intake *in)
{
	struct checking g = {d, in, NULL};
	struct checklist_summary sum;
	enum way w;

	checklist_sum(&in->checklist, &sum);
	talk_say(d->talk, tr("核对材料, 共 %zu 份: 已收 %zu, 免交 %zu, 缺 %zu。"),
		in->checklist.count, sum.by_state[CHECKLIST_RECEIVED],
		sum.by_state[CHECKLIST_EXEMPT], sum.by_state[CHECKLIST_MISSING]);
	if (sum.by_state[CHECKLIST_MISSING] > 0)
		talk_say(d->talk, "%s", tr("看到了、合要求的打 1, 细听打 2, 没带就回车。"));
	intake_at(in, DRAFT_AT_CHECKLIST, "", 0);
	w = ask_missing(&g);
	if (w == WAY_ON)
		w = use_list(&g);
	if (!in->consult && w != WAY_END)
		save(&g);
	return w;
}
