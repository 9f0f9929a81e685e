/* The end of a shift: what is open is heard, handed over or left parked; then the next signs in. */
#include "tui/plain/desk.h"

#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "tui/shift_rows.h"
#include "tui/show.h"

static void add_row(struct desk *d, struct menu *m, const struct shift_row *r)
{
	struct buf who = {0}, text = {0};

	show_name(&who, r->who ? r->who : "", !d->session->unmasked);
	buf_printf(&text, "%s%s%s, %s", r->what ? r->what : "", who.len ? ", " : "", buf_str(&who),
		r->now);
	menu_add(m, buf_str(&text));
	buf_fini(&who);
	buf_fini(&text);
}

static void say_work(struct desk *d)
{
	const struct session *s = d->session;
	struct buf did = {0};

	talk_say(d->talk, tr("%s, %s号窗口。"),
		s->who.full_name && *s->who.full_name ? s->who.full_name : s->who.name, s->window);
	shift_work_words(&did, d->session);
	if (did.len > 0)
		talk_say(d->talk, "%s", did.data);
	if (s->letters.waiting + s->letters.held > 0)
		talk_say(d->talk, tr("本机还有待发 %zu 件, 退回 %zu 件; 不用交, 换人后照样报送。"),
			s->letters.waiting, s->letters.held);
	buf_fini(&did);
}

static bool sign_off(struct desk *d, const struct shift_rows *r)
{
	struct shift_open_items left;
	enum err e = shift_sign_off(r, d->session, &left);

	if (e != OK) {
		talk_fail(d->talk, tr("没有交班"), e, NULL);
		return false;
	}
	session_sign_out(d->session);
	talk_say(d->talk, tr("已交班: 留下暂存 %zu 件, 交出 %zu 件。请下一位登录。"), left.drafts,
		left.handed);
	return true;
}

/* WAY_BACK: the shift has ended, somebody signs in. */
enum way desk_shift(struct desk *d)
{
	struct shift_rows r = {0};
	enum way w = WAY_ON;

	say_work(d);
	while (w == WAY_ON) {
		struct menu m = {.ask = tr("打数字交给别人")};
		struct buf title = {0};
		long picked;
		shift_rows_read(&r, d->session);
		buf_printf(&title, tr("没办完的 %zu 件"), r.count);
		m.title = buf_str(&title);
		for (size_t i = 0; i < r.count; i++)
			add_row(d, &m, &r.rows[i]);
		menu_command(&m, CMD_SIGN_OFF);
		picked = menu_ask(d->talk, &m, NULL);
		if (picked <= 0)
			w = picked == MENU_BACK ? WAY_HOME : WAY_END;
		else if ((size_t)picked <= r.count)
			w = desk_hand(d, r.rows[picked - 1].id);
		else if (sign_off(d, &r))
			w = WAY_BACK;
		menu_fini(&m);
		buf_fini(&title);
	}
	shift_rows_fini(&r);
	return talk_over(d->talk) ? WAY_END : w;
}
