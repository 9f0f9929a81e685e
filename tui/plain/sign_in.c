/* Who is at which window. */
#include "tui/plain/desk.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/operator.h"
#include "core/station/store.h"
#include "tui/windows.h"

/* The windows of the settings, "01 综合受理" each; nothing when any may be typed. */
static void say_windows(struct desk *d)
{
	const char *list = d->session->windows;
	struct buf number = {0}, name = {0};

	while (list && *list) {
		buf_clear(&number);
		buf_clear(&name);
		list = windows_part(list, &number, &name);
		if (number.len > 0)
			talk_say(d->talk, tr("窗口 %s %s"), buf_str(&number), buf_str(&name));
	}
	buf_fini(&number);
	buf_fini(&name);
}

/* An empty answer is the window before. */
static bool ask_window(struct desk *d, struct buf *window)
{
	char *last = store_get(d->session->store, "last_window");
	struct buf ask = {0};
	bool known = last && *last;
	enum reply r;

	say_windows(d);
	buf_adds(&ask, tr("窗口号"));
	if (known)
		buf_printf(&ask, tr(", 回车是 %s"), last);
	do {
		r = talk_ask(d->talk,
			&(struct question){
				.ask = buf_str(&ask), .help = tr("您坐的窗口的号, 如 03。")},
			window);
	} while (r != REPLY_END && r != REPLY_BACK && r != REPLY_TEXT &&
		 !(r == REPLY_NONE && known));
	if (r == REPLY_NONE)
		buf_adds(window, last);
	free(last);
	buf_fini(&ask);
	return r == REPLY_TEXT || r == REPLY_NONE;
}

static bool enter(struct desk *d, const char *name, const char *pass, const char *window)
{
	struct operator who = {0};
	struct buf why = {0};
	enum err e = operator_sign_in(d->session->store, name, pass, window, &who, &why);

	if (e == OK) {
		session_sign_in(d->session, &who, window);
		talk_say(d->talk, tr("已登录: %s, %s号窗口。"), d->session->who.full_name, window);
	} else {
		talk_fail(d->talk, tr("没有登录"), e, &why);
	}
	buf_fini(&why);
	return e == OK;
}

static enum way one_try(struct desk *d)
{
	struct buf name = {0}, pass = {0}, window = {0};
	enum reply r = talk_ask(d->talk,
		&(struct question){.ask = tr("工号"),
			.help = tr("您的工号。口令打的时候不显示。- 回到工号。")},
		&name);
	enum way w = r == REPLY_END ? WAY_END : WAY_BACK;

	if (r == REPLY_TEXT)
		r = talk_ask(d->talk, &(struct question){.ask = tr("口令"), .secret = true}, &pass);
	if (r == REPLY_TEXT && ask_window(d, &window) &&
		enter(d, buf_str(&name), buf_str(&pass), buf_str(&window)))
		w = WAY_ON;
	if (talk_over(d->talk))
		w = WAY_END;
	if (pass.data)
		memset(pass.data, 0, pass.cap);
	buf_fini(&name);
	buf_fini(&pass);
	buf_fini(&window);
	return w;
}

enum way desk_sign_in(struct desk *d)
{
	enum way w = WAY_BACK;

	if (operator_count(d->session->store) == 0) {
		talk_say(d->talk, "%s",
			tr("本机还没有操作员。请管理员用 yimen operator add 工号 添加。"));
		return WAY_END;
	}
	while (w == WAY_BACK)
		w = one_try(d);
	return w;
}
