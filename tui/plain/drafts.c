/* What this operator has begun and not finished. */
#include "tui/plain/desk.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/act_begun.h"
#include "core/station/acts.h"
#include "core/station/store.h"
#include "tui/case_lines.h"
#include "tui/show.h"
#include "tui/widget_pager.h"

struct open_item {
	char id[ID_UUID_SIZE];
	bool is_act; /* begun on a case: id is the case's */
	enum case_act act;
};

struct open_list {
	struct desk *desk;
	struct menu menu;
	struct open_item *items;
};

static struct open_item *add_item(struct open_list *l, const char *id, const struct buf *text)
{
	struct open_item *x;

	l->items = mem_resize(l->items, l->menu.count + 1, sizeof(*l->items));
	x = &l->items[l->menu.count];
	memset(x, 0, sizeof(*x));
	memcpy(x->id, id, sizeof(x->id));
	menu_add(&l->menu, buf_str(text));
	return x;
}

static void put_name(struct open_list *l, const char *name, struct buf *out)
{
	if (!name || !*name)
		return;
	buf_adds(out, ", ");
	show_name(out, name, !l->desk->session->unmasked);
}

static void add_draft(void *arg, const struct draft *d)
{
	struct open_list *l = arg;
	struct buf text = {0};

	buf_adds(&text, d->task_name);
	put_name(l, d->applyer_name, &text);
	buf_printf(&text, ", %s%s, ", d->revising ? tr("更正, ") : "", draft_step_text(d->step));
	show_moment(&text, d->updated_ms, desk_now(l->desk));
	if (d->parked_note && *d->parked_note)
		buf_printf(&text, tr(", 暂存: %s"), d->parked_note);
	add_item(l, d->id, &text);
	buf_fini(&text);
}

static void add_begun(void *arg, const struct act_begun *b)
{
	struct open_list *l = arg;
	struct open_item *x;
	struct buf text = {0};

	buf_adds(&text, b->task_name ? b->task_name : "");
	put_name(l, b->applyer_name, &text);
	buf_adds(&text, ", ");
	buf_printf(&text, tr("%s 没填完"), case_act_label(b->act));
	x = add_item(l, b->case_id, &text);
	x->is_act = true;
	x->act = b->act;
	buf_fini(&text);
}

static void fill_draft(void *arg, struct pager *p)
{
	struct open_list *l = arg;

	case_preview(p, l->desk->session, l->items[0].id, desk_now(l->desk));
}

static enum way drop(struct desk *d, const char *id)
{
	enum err e;

	if (!menu_yes(d->talk, tr("作废这份草稿? 填过的都删去, 不能找回。")))
		return WAY_ON;
	e = draft_drop(d->session->store, id, d->session->who.name);
	if (e == OK)
		talk_say(d->talk, "%s", tr("已作废。"));
	else
		talk_fail(d->talk, tr("没有作废"), e, NULL);
	return WAY_ON;
}

/* One draft: hear it, go on with it, or drop it. */
enum way desk_draft(struct desk *d, const char *id)
{
	struct menu m = {0};
	struct open_item one = {.is_act = false};
	struct open_list l = {.desk = d, .items = &one};
	enum way w = WAY_ON;
	long picked;

	memcpy(one.id, id, sizeof(one.id));
	menu_add(&m, tr("接着办"));
	menu_add(&m, tr("听一听"));
	menu_command(&m, CMD_DROP);
	menu_command(&m, CMD_HAND);
	while ((picked = menu_ask(d->talk, &m, NULL)) == 2)
		talk_text(d->talk, fill_draft, &l, 0, 1);
	if (picked == 1)
		w = desk_resume(d, id);
	else if (picked == 3)
		w = drop(d, id);
	else if (picked == 4)
		w = desk_hand(d, id);
	menu_fini(&m);
	return picked == MENU_END || talk_over(d->talk) ? WAY_END : w;
}

enum way desk_drafts(struct desk *d)
{
	enum way w = WAY_ON;

	while (w == WAY_ON || w == WAY_BACK) {
		struct open_list l = {.desk = d, .menu = {.title = tr("没办完的")}};
		struct session *s = d->session;
		long picked;
		draft_each(s->store, s->who.name, add_draft, &l);
		act_begun_each(s->store, s->who.name, NULL, add_begun, &l);
		if (l.menu.count == 0)
			l.menu.title = tr("没有没办完的。");
		picked = l.menu.count > 0 ? menu_ask(d->talk, &l.menu, NULL) : MENU_BACK;
		if (l.menu.count == 0)
			talk_say(d->talk, "%s", l.menu.title);
		if (picked > 0 && l.items[picked - 1].is_act)
			w = desk_act(d, l.items[picked - 1].id, l.items[picked - 1].act);
		else if (picked > 0)
			w = desk_draft(d, l.items[picked - 1].id);
		else
			w = picked == MENU_END ? WAY_END : WAY_HOME;
		free(l.items);
		menu_fini(&l.menu);
	}
	return w;
}
