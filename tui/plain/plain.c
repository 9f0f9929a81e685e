#include "tui/plain/plain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/msg.h"
#include "core/station/operator.h"
#include "core/station/store.h"
#include "tui/app_options.h"
#include "tui/plain/desk.h"

int64_t desk_now(const struct desk *d)
{
	return clock_wall_ms(d->session->clock);
}

void desk_wake(struct desk *d, bool retry)
{
	const char *wish = retry ? "retry\n" : "look\n";

	session_refresh(d->session);
	if (d->wish_fd >= 0 && write(d->wish_fd, wish, strlen(wish)) < 0)
		d->wish_fd = -1; /* it is gone: what waits is sent when it is back */
}

void desk_saved(struct desk *d, enum err e)
{
	session_saved(d->session, e);
	if (e != OK)
		talk_say(d->talk, tr("没有存进本机: %s。填的还在, 下一栏再存一次。"), err_text(e));
}

/* ---- while something is waited for ---- */

static void take_event(void *arg, char *line)
{
	struct desk *d = arg;

	if (line != NULL) {
		session_event(d->session, line);
		return;
	}
	d->wish_fd = -1;
	if (d->options->events_ended)
		d->options->events_ended(d->options->arg);
	session_alone(d->session);
	if (d->options->start_deliverer)
		d->deliverer_due = clock_mono_ms(d->session->clock) + APP_DELIVERER_AGAIN_MS;
}

static void start_deliverer(struct desk *d)
{
	int event_fd = -1;

	d->deliverer_due = -1;
	d->options->start_deliverer(d->options->arg, &event_fd, &d->wish_fd);
	talk_listen(d->talk, event_fd);
}

static void look_at_file(void *arg)
{
	struct desk *d = arg;

	session_poll(d->session);
	if (d->deliverer_due >= 0 && clock_mono_ms(d->session->clock) >= d->deliverer_due)
		start_deliverer(d);
}

/* What could not be read was left out of what was said. */
static void say_unread(struct desk *d)
{
	enum err why;
	unsigned unread = session_unread(d->session, &why);

	if (unread != d->said_unread)
		talk_say(d->talk, tr("错误: 有的数据没有读出来 (%s): 刚才说的不全, 请再看一次。"),
			err_text(why));
	d->said_unread = unread;
}

/* What has changed since the last question, a line each. */
static void say_news(void *arg)
{
	struct desk *d = arg;
	const struct session *s = d->session;

	say_unread(d);
	if (!s->signed_in)
		return;
	if (s->link != d->said_link && s->link == CENTRE_OFFLINE)
		talk_say(d->talk,
			tr("消息: 网络断了。照常办, 提交的存在本机, 恢复后自动报送, 不会重复。"));
	if (s->link != d->said_link && s->link == CENTRE_ONLINE && d->said_link == CENTRE_OFFLINE)
		talk_say(d->talk, "%s", tr("消息: 网络恢复了。"));
	if (s->letters.held > d->said_held)
		talk_say(d->talk, tr("消息: 有 %zu 件退回或等人处理, 在待发里。"), s->letters.held);
	if (s->news > d->said_news)
		talk_say(d->talk, tr("消息: 中心有 %zu 条新情况, 在今日里。"), s->news);
	desk_tell_number(d);
	if (s->link != CENTRE_UNKNOWN)
		d->said_link = s->link;
	d->said_held = s->letters.held;
	d->said_news = s->news;
}

/* ---- beginning and end ---- */

static enum way sign_in_at_once(struct desk *d, const struct app_options *o)
{
	struct operator who = {0};

	if (operator_get(d->session->store, o->operator_name, &who) != OK)
		return desk_sign_in(d);
	session_sign_in(d->session, &who, o->window ? o->window : "01");
	return WAY_ON;
}

static void say_waiting(struct desk *d)
{
	struct buf b = {0};

	session_left_waiting(d->session, &b);
	if (b.len > 0)
		talk_say(d->talk, "%s", b.data);
	buf_fini(&b);
}

static void work(struct desk *d, const struct app_options *o)
{
	enum way w;

	talk_say(d->talk, tr("一门, %s。逐行问答: 每行一问, 答完按回车。任何时候打问号是帮助。"),
		o->hall ? o->hall : "");
	if (o->banner)
		talk_say(d->talk, tr("%s: 数据是演示的, 不会报送真实的中心。"), o->banner);
	w = o->operator_name ? sign_in_at_once(d, o) : desk_sign_in(d);
	while (w != WAY_END) {
		w = desk_menu(d);
		if (w != WAY_END)
			w = desk_sign_in(d);
	}
	if (o->training == NULL && d->session->signed_in)
		say_waiting(d);
	session_leave(d->session);
	talk_say(d->talk, "%s", tr("再见。填过的都存着。"));
}

int plain_run(const struct app_options *options)
{
	struct desk d = {.options = options,
		.wish_fd = options->wish_fd,
		.deliverer_due = -1,
		.said_link = CENTRE_UNKNOWN};
	struct talk_options how = {STDIN_FILENO, STDOUT_FILENO, options->event_fd, take_event,
		look_at_file, say_news, &d};
	struct buf why = {0};
	enum err e = talk_open(&d.talk, &how, &why);

	if (e == OK)
		e = session_open(&d.session, options, &why);
	if (e == OK) {
		if (options->start_deliverer)
			start_deliverer(&d);
		work(&d, options);
	} else {
		fprintf(stderr, "%s\n", why.len ? buf_str(&why) : err_text(e));
	}
	session_close(d.session);
	talk_close(d.talk);
	buf_fini(&why);
	return e == OK ? EXIT_DONE : err_exit(e);
}
