/* Handing a case or a draft to somebody else. */
#include "tui/plain/desk.h"

#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/station/handover.h"
#include "core/station/operator.h"
#include "core/station/store.h"
#include "tui/windows.h"

struct whom {
	struct desk *desk;
	struct buf said;
};

static void add_operator(void *arg, const struct operator* o)
{
	struct whom *w = arg;

	if (!o->locked)
		buf_printf(&w->said, "%s%s %s", w->said.len ? tr("、") : "", o->name,
			o->full_name ? o->full_name : "");
}

/* A number of an operator, else of a window. */
static enum err give(
	struct desk *d, const char *id, const char *to, const char *note, struct buf *why)
{
	struct session *s = d->session;
	struct operator known = {0};
	bool person = operator_get(s->store, to, &known) == OK;
	const struct handover_order order = {.number = id,
		.operator_name = s->who.name,
		.window = s->window,
		.to_operator = person ? to : NULL,
		.to_window = person ? NULL : to,
		.note = note};

	operator_fini(&known);
	if (!person && windows_have(s->windows, s->window) && !windows_have(s->windows, to)) {
		buf_why(why, tr("没有 %s 这个工号, 也没有这个窗口。"), to);
		return ERR_NOT_FOUND;
	}
	return handover_give(s->store, &order, why);
}

enum way desk_hand(struct desk *d, const char *id)
{
	struct whom w = {.desk = d};
	struct buf to = {0}, note = {0}, why = {0};
	enum way way = WAY_ON;
	enum reply r;
	enum err e;

	operator_each(d->session->store, add_operator, &w);
	talk_pair(d->talk, tr("本机的工作人员"), buf_str(&w.said));
	if (!menu_line(d->talk, tr("交给谁, 工号或窗口号"), tr("减号是不交了。"), &to))
		goto out;
	r = talk_ask(d->talk, &(struct question){.ask = tr("附一句话, 可以空着")}, &note);
	if (r != REPLY_TEXT && r != REPLY_NONE)
		goto out;
	e = give(d, id, buf_str(&to), buf_str(&note), &why);
	if (e == OK)
		talk_say(d->talk, tr("已交给 %s, 对方接过去以前还在这里。"), buf_str(&to));
	else
		talk_fail(d->talk, tr("没有交出去"), e, &why);
out:
	if (talk_over(d->talk))
		way = WAY_END;
	buf_fini(&w.said);
	buf_fini(&to);
	buf_fini(&note);
	buf_fini(&why);
	return way;
}
