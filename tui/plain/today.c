/* What wants this clerk, what is new, what is half done, what waits: one list, the first first. */
#include "tui/plain/desk.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/station/handover.h"
#include "core/station/notices.h"
#include "core/station/store.h"
#include "tui/show.h"
#include "tui/today_rows.h"
#include "tui/widget_pager.h"

enum {
	NOTICES_MAX = 50,
	LABEL_COLS = 1 << 10 /* a label stays with its text */
};

/* ---- notices ---- */

struct notices {
	struct desk *desk;
	struct pager *pager;
	int64_t newest; /* its seq */
};

static void add_notice(void *arg, const struct notice *n)
{
	struct notices *g = arg;
	struct buf when = {0}, text = {0};

	if (g->newest == 0)
		g->newest = n->seq;
	show_moment(&when, n->at_ms, desk_now(g->desk));
	buf_printf(&text, "%s%s", n->seen ? "" : tr("[新] "), n->text);
	pager_pair(g->pager, 0, LABEL_COLS, buf_str(&when), buf_str(&text));
	buf_fini(&when);
	buf_fini(&text);
}

static void fill_notices(void *arg, struct pager *p)
{
	struct notices *g = arg;

	g->pager = p;
	notice_each(g->desk->session->store, NOTICES_MAX, add_notice, g);
}

static void hear_notices(struct desk *d)
{
	struct notices g = {.desk = d};

	talk_text(d->talk, fill_notices, &g, 0, 1);
	if (g.newest > 0)
		notice_seen(d->session->store, g.newest);
	session_refresh(d->session);
}

/* ---- rows ---- */

static const char *group_name(enum today_group g)
{
	static const char *const names[TODAY__MAX] = {[TODAY_ACT] = N_("要处理"),
		[TODAY_NEWS] = N_("消息"),
		[TODAY_DRAFTS] = N_("没办完"),
		[TODAY_WAITING] = N_("待发")};

	return tr(names[g]);
}

static void put_part(struct buf *out, const char *text)
{
	if (text && *text)
		buf_printf(out, ", %s", text);
}

static void put_row(struct desk *d, const struct today_row *r, struct buf *out)
{
	struct buf who = {0};

	show_name(&who, r->who, !d->session->unmasked);
	buf_printf(out, "%s: %s", group_name(r->group), r->what);
	put_part(out, buf_str(&who));
	put_part(out, r->note);
	put_part(out, r->due);
	if (strcmp(r->when, "-") != 0)
		put_part(out, r->when);
	buf_fini(&who);
}

/* What was handed over is this operator's from now on. */
static enum way take(struct desk *d, const char *id)
{
	struct session *s = d->session;
	struct draft draft = {.id = ""};
	struct buf why = {0};
	enum err e = draft_get(s->store, id, &draft);

	if (e == OK) {
		draft_fini(&draft);
		return desk_resume(d, id);
	}
	e = handover_take(s->store, id, s->who.name, s->window, &why);
	if (e == OK)
		talk_say(d->talk, "%s", tr("已接过来。"));
	else
		talk_fail(d->talk, tr("没有接过来"), e, &why);
	buf_fini(&why);
	return e == OK ? desk_case(d, id) : WAY_BACK;
}

static enum way open_row(struct desk *d, const struct today_row *r)
{
	switch (r->kind) {
	case TODAY_ROW_LETTER:
		return desk_letter(d, r->id);
	case TODAY_ROW_CASE:
		return desk_case(d, r->id);
	case TODAY_ROW_DRAFT:
		return desk_draft(d, r->id);
	case TODAY_ROW_ACT:
		return desk_act(d, r->id, r->act);
	case TODAY_ROW_NOTICES:
		hear_notices(d);
		return WAY_BACK;
	case TODAY_ROW_LEDGER:
		return desk_ledger_entry(d, r->id);
	case TODAY_ROW_HANDED:
		return take(d, r->id);
	case TODAY_ROW_PICKUP:
		return desk_pickup(d);
	}
	return WAY_BACK;
}

enum way desk_today(struct desk *d)
{
	enum way w = WAY_BACK;

	while (w == WAY_BACK || w == WAY_ON) {
		struct menu m = {.title = tr("今日")};
		struct today_rows rows = {0};
		struct buf text = {0};
		long picked;
		today_rows_read(&rows, d->session);
		for (size_t i = 0; i < rows.count; i++) {
			buf_clear(&text);
			today_rows_tell(&rows, i, d->session);
			put_row(d, &rows.rows[i], &text);
			menu_add(&m, buf_str(&text));
		}
		if (rows.count == 0)
			m.title = tr("今日没有要处理的。");
		picked = menu_ask(d->talk, &m, NULL);
		w = picked > 0		  ? open_row(d, &rows.rows[picked - 1])
		    : picked == MENU_BACK ? WAY_HOME
					  : WAY_END;
		today_rows_fini(&rows);
		menu_fini(&m);
		buf_fini(&text);
	}
	return w;
}
