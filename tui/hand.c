#include "tui/hand.h"

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/station/handover.h"
#include "core/station/operator.h"
#include "tui/app.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/windows.h"

static const char back[] = "-"; /* it stays here after all */

struct listing {
	const struct session *session;
	struct pick_row *rows;
	size_t count;
};

static void add_operator(void *arg, const struct operator* o)
{
	struct listing *l = arg;
	struct buf value = {0};

	if (o->locked || strcmp(o->name, l->session->who.name) == 0)
		return;
	buf_printf(&value, "o%s", o->name);
	pick_add(&l->rows, &l->count, o->name, o->full_name, buf_str(&value));
	buf_fini(&value);
}

static void add_windows(struct listing *l)
{
	struct buf number = {0}, name = {0}, from = {0}, value = {0};
	const char *list = l->session->windows;

	while (list && *list) {
		list = windows_part(list, &number, &name);
		if (number.len == 0 || strcmp(buf_str(&number), l->session->window) == 0)
			continue;
		buf_clear(&from);
		buf_clear(&value);
		buf_printf(&from, tr("%s号窗口"), buf_str(&number));
		buf_printf(&value, "w%s", buf_str(&number));
		pick_add(&l->rows, &l->count, buf_str(&from), buf_str(&name), buf_str(&value));
	}
	buf_fini(&number);
	buf_fini(&name);
	buf_fini(&from);
	buf_fini(&value);
}

static void add_back(struct listing *l, const char *case_id)
{
	struct handover h = {.case_id = ""};
	struct buf to = {0};

	if (handover_find(l->session->store, case_id, &h) != OK)
		return;
	handover_to(&h, &to);
	buf_adds(&to, tr(" 还没有接"));
	pick_add(&l->rows, &l->count, tr("收回, 不交了"), buf_str(&to), back);
	buf_fini(&to);
	handover_fini(&h);
}

static void noted(void *arg, const char *note)
{
	struct hand *h = arg;
	struct session *s = app_session(h->app);
	const struct handover_order o = {.number = h->id,
		.operator_name = s->who.name,
		.window = s->window,
		.to_operator = h->to_window ? NULL : h->to,
		.to_window = h->to_window ? h->to : NULL,
		.note = note};
	struct buf why = {0};
	enum err e;

	if (!note)
		return;
	e = handover_give(s->store, &o, &why);
	session_saved(s, e);
	app_reread(h->app);
	if (e == OK)
		app_say(h->app,
			h->to_window ? tr("已交给 %s 号窗口; 那边接过去以前还在这里。")
				     : tr("已交给 %s; 那边接过去以前还在这里。"),
			h->to);
	else
		app_fail(h->app, tr("没有交出去"), e, &why);
	buf_fini(&why);
}

static void taken_back(struct hand *h)
{
	struct session *s = app_session(h->app);
	struct buf why = {0};
	enum err e = handover_withdraw(s->store, h->id, s->who.name, &why);

	app_reread(h->app);
	if (e == OK)
		app_say(h->app, "%s", tr("已收回, 还由您办。"));
	else
		app_fail(h->app, tr("没有收回"), e, &why);
	buf_fini(&why);
}

static void picked(void *arg, const char *value)
{
	struct hand *h = arg;
	struct buf label = {0};

	if (strcmp(value, back) == 0) {
		taken_back(h);
		return;
	}
	h->to_window = value[0] == 'w';
	snprintf(h->to, sizeof(h->to), "%s", value + 1);
	buf_printf(&label,
		h->to_window ? tr("给 %s 号窗口的话 (可以不写)") : tr("给 %s 的话 (可以不写)"),
		h->to);
	app_prompt(h->app, buf_str(&label), "", noted, h);
	buf_fini(&label);
}

void hand_over(struct hand *h, struct app *a, const char *case_id)
{
	struct listing l = {app_session(a), NULL, 0};

	h->app = a;
	snprintf(h->id, sizeof(h->id), "%s", case_id);
	add_back(&l, case_id);
	operator_each(l.session->store, add_operator, &l);
	add_windows(&l);
	if (l.count == 0) {
		app_error(a, "%s", tr("本机没有别的工号, 也没有别的窗口可交。"));
		return;
	}
	app_push(a, pick_screen(a, tr("交给谁"), l.rows, l.count, picked, h));
}
