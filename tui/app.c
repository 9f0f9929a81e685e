#include "tui/app.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "tui/app_private.h"
#include "tui/screen.h"
#include "tui/session.h"

struct session *app_session(struct app *a)
{
	return a->session;
}

struct terminal *app_terminal(struct app *a)
{
	return a->terminal;
}

int64_t app_mono_ms(const struct app *a)
{
	return clock_mono_ms(a->clock);
}

int64_t app_wall_ms(const struct app *a)
{
	return clock_wall_ms(a->clock);
}

bool app_slow(const struct app *a)
{
	return terminal_slow(a->terminal);
}

const char *app_nothing(const struct app *a, const char *nothing)
{
	return a->reread_due >= 0 ? tr("没有读出来, 不等于没有。") : nothing;
}

void app_dirty(struct app *a)
{
	a->dirty = true;
}

struct screen *app_top(const struct app *a)
{
	return a->depth ? a->stack[a->depth - 1] : NULL;
}

void app_refresh_top(struct app *a)
{
	struct screen *s = app_top(a);

	if (s && s->ops->refresh)
		s->ops->refresh(s);
	a->dirty = true;
}

void app_reread(struct app *a)
{
	session_refresh(a->session);
	app_refresh_top(a);
}

void app_close_top(struct app *a)
{
	struct screen *s = a->stack[--a->depth];

	a->before_of = NULL;
	s->ops->close(s);
}

void app_push(struct app *a, struct screen *s)
{
	if (a->depth == STACK_MAX) { /* the oldest above the first makes room */
		a->stack[1]->ops->close(a->stack[1]);
		memmove(a->stack + 1, a->stack + 2, sizeof(*a->stack) * (STACK_MAX - 2));
		a->depth--;
	}
	a->stack[a->depth++] = s;
	app_refresh_top(a);
}

void app_pop(struct app *a)
{
	if (a->depth <= 1)
		return;
	app_close_top(a);
	app_refresh_top(a);
}

void app_pop_to(struct app *a, const struct screen *s)
{
	while (a->depth > 1 && app_top(a) != s)
		app_close_top(a);
	app_refresh_top(a);
}

void app_home(struct app *a)
{
	while (a->depth > 1)
		app_close_top(a);
	app_refresh_top(a);
}

void app_replace(struct app *a, struct screen *s)
{
	app_close_top(a);
	app_push(a, s);
}

void app_restart(struct app *a, struct screen *s)
{
	while (a->depth > 0)
		app_close_top(a);
	app_push(a, s);
}

struct screen *app_below(struct app *a, const struct screen *s)
{
	for (size_t i = a->depth; i-- > 1;)
		if (a->stack[i] == s)
			return a->stack[i - 1];
	return NULL;
}

void app_say(struct app *a, const char *fmt, ...)
{
	va_list ap;

	buf_clear(&a->said);
	a->said_role = ROLE_TEXT;
	va_start(ap, fmt);
	buf_vprintf(&a->said, fmt, ap);
	va_end(ap);
	a->dirty = true;
}

void app_say_unread(struct app *a)
{
	app_say(a, "%s",
		tr("读卡器或扫码枪读到的没有用上: 这里没有可填的栏。先到要填的栏, 再读一次。"));
}

void app_error(struct app *a, const char *fmt, ...)
{
	va_list ap;

	buf_clear(&a->said);
	buf_printf(&a->said, "%s ", tr("错误"));
	a->said_role = ROLE_ERROR;
	app_alert(a);
	va_start(ap, fmt);
	buf_vprintf(&a->said, fmt, ap);
	va_end(ap);
	a->dirty = true;
}

void app_alert(struct app *a)
{
	a->alert = true;
	a->dirty = true;
}

void app_fail(struct app *a, const char *what, enum err e, const struct buf *why)
{
	app_error(a, "%s: %s", what, why && why->len ? buf_str(why) : err_text(e));
}

void app_ask(struct app *a, const char *question, void (*answer)(void *arg, bool yes), void *arg)
{
	free(a->question);
	a->question = mem_strdup(question);
	a->answer = answer;
	a->prompted = NULL;
	a->answer_arg = arg;
	a->dirty = true;
}

void app_prompt(struct app *a, const char *label, const char *text,
	void (*answer)(void *arg, const char *text), void *arg)
{
	app_ask(a, label, NULL, arg);
	a->prompted = answer;
	a->prompt.secret = false;
	line_set(&a->prompt, text);
}

void app_prompt_secret(
	struct app *a, const char *label, void (*answer)(void *arg, const char *text), void *arg)
{
	app_prompt(a, label, "", answer, arg);
	a->prompt.secret = true;
}

void app_wake(struct app *a, bool retry)
{
	const char *wish = retry ? "retry\n" : "look\n";

	session_refresh(a->session);
	if (a->options.wish_fd >= 0 && write(a->options.wish_fd, wish, strlen(wish)) < 0)
		a->options.wish_fd = -1; /* it is gone: what waits is sent when it is back */
}

void app_quit(struct app *a)
{
	a->quit = true;
}
