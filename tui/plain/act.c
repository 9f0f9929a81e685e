/* One act on one case: which, its few questions, then it is done. */
#include "tui/plain/desk.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/operator.h"
#include "core/station/store.h"
#include "tui/act_form.h"
#include "tui/act_keep.h"
#include "tui/plain/fill.h"
#include "tui/show.h"

struct doing {
	struct desk *desk;
	struct act_form *form;
	struct act_keep *keep;
};

/* ---- kept while it is answered ---- */

static enum err save(void *arg)
{
	struct doing *g = arg;
	bool was_over = g->keep->over;
	enum err e = act_keep_save(g->keep);

	if (g->keep->over && !was_over)
		talk_say(g->desk->talk, "%s",
			tr("这一件的状态刚才变了, 这一步已经不能办: 返回看办件现在怎样。"));
	return e;
}

static void note_place(void *arg, const char *place)
{
	act_keep_at(((struct doing *)arg)->keep, place);
}

/* ---- doing it ---- */

/* A void is confirmed by a second person, with a pass phrase. free() *second. */
static bool ask_second(struct desk *d, char **second)
{
	struct operator who = {0};
	struct buf number = {0}, pass = {0}, why = {0};
	bool good = false;

	if (menu_line(d->talk, tr("作废要另一位确认, 请他输入工号"), NULL, &number)) {
		if (strcmp(buf_str(&number), d->session->who.name) == 0)
			talk_say(d->talk, "%s", tr("确认的要是另一位工作人员。"));
		else if (talk_ask(d->talk,
				 &(struct question){.ask = tr("另一位的口令"), .secret = true},
				 &pass) == REPLY_TEXT)
			good = operator_sign_in(d->session->store, buf_str(&number), buf_str(&pass),
				       d->session->window, &who, &why) == OK;
		if (why.len > 0)
			talk_say(d->talk, "%s", why.data);
	}
	if (good)
		*second = mem_strdup(buf_str(&number));
	if (pass.data)
		memset(pass.data, 0, pass.cap);
	operator_fini(&who);
	buf_fini(&number);
	buf_fini(&pass);
	buf_fini(&why);
	return good;
}

static enum way finish(struct doing *g)
{
	struct session *s = g->desk->session;
	struct act_by by = {s->station, s->who.name, s->window, NULL};
	struct buf question = {0}, why = {0};
	char *second = NULL;
	enum way w = WAY_BACK;
	enum err e;

	buf_printf(&question, tr("%s: 就这样办? 办了不能撤回。"), case_act_label(g->form->act));
	if (menu_yes(g->desk->talk, buf_str(&question)) &&
		(g->form->act != ACT_VOID || ask_second(g->desk, &second))) {
		by.second = second;
		e = act_form_do(g->form, &by, &why);
		session_saved(s, e);
		if (e == OK) {
			w = WAY_ON;
			desk_wake(g->desk, false);
			talk_say(g->desk->talk, tr("%s: 已办, 存在本机, 自动报送中心。"),
				case_act_label(g->form->act));
		} else {
			talk_fail(g->desk->talk, tr("没有办成"), e, &why);
		}
	}
	free(second);
	buf_fini(&question);
	buf_fini(&why);
	return w;
}

static void say_begun(struct doing *g)
{
	struct buf when = {0};

	if (!g->keep->begun_ms)
		return;
	show_moment(&when, g->keep->begun_ms, desk_now(g->desk));
	talk_say(g->desk->talk, tr("接着填 %s 开始的 (%s)。"), buf_str(&when), g->keep->begun_by);
	buf_fini(&when);
}

static enum err open_act(
	struct doing *g, const char *any_number, enum case_act act, struct buf *why)
{
	struct session *s = g->desk->session;
	enum err e = act_form_open(
		&g->form, s->store, s->catalogue, any_number, act, s->correction_days, why);

	if (e == OK && act == ACT_DELIVER) /* most come themselves */
		entry_set_place(g->form->entry, "way", "hand");
	if (e == OK)
		e = act_keep_open(&g->keep, g->form, s->who.name, s->window, why);
	return e;
}

enum way desk_act(struct desk *d, const char *any_number, enum case_act act)
{
	struct doing g = {.desk = d};
	const struct fill_keeper keeper = {save, note_place, &g};
	struct buf why = {0};
	enum way w = WAY_BACK;
	enum err e = open_act(&g, any_number, act, &why);

	if (e != OK) {
		talk_fail(d->talk, tr("现在不能这样做"), e, &why);
	} else {
		char *place = mem_strdup(buf_str(&g.keep->place)); /* the keeper's own changes */
		say_begun(&g);
		do {
			w = fill_entry(d, g.form->entry, &keeper, place);
			if (w == WAY_ON && finish(&g) == WAY_ON)
				break;
		} while (w == WAY_ON && !g.keep->over && !talk_over(d->talk));
		free(place);
	}
	act_keep_free(g.keep);
	act_form_free(g.form);
	buf_fini(&why);
	return talk_over(d->talk) ? WAY_END : w;
}

/* ---- which one ---- */

enum way desk_acts(struct desk *d, const char *case_id)
{
	struct menu m = {.title = tr("现在能办的")};
	enum case_act open[CASE_ACT__MAX];
	struct case_view v;
	enum way w = WAY_ON;
	size_t n;
	long picked;

	if (case_get(d->session->store, case_id, &v) != OK)
		return WAY_BACK;
	n = acts_open_for(d->session->store, v.id, v.state, open);
	for (size_t i = 0; i < n; i++)
		menu_add(&m, case_act_label(open[i]));
	if (n == 0)
		m.title = tr("这个状态下窗口没有要办的。");
	picked = menu_ask(d->talk, &m, NULL);
	if (picked > 0)
		w = desk_act(d, v.id, open[picked - 1]);
	else if (picked == MENU_END)
		w = WAY_END;
	menu_fini(&m);
	case_view_fini(&v);
	return w == WAY_BACK ? WAY_ON : w;
}
