/* The poll loop: keyboard, signals, the deliverer, timers; one paint after all that waits is read.
 */
#include "tui/app_private.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/msg.h"
#include "core/station/operator.h"
#include "core/station/store.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/theme.h"

enum {
	POLL_FILE_MS = 1000, /* how often the file is asked whether others have written */
	REREAD_MS = 2000     /* after a read that failed: another program at work, a bad disk */
};

static int64_t earlier(int64_t a, int64_t b)
{
	return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

static const char *unread_sentence(void)
{
	return tr("有的数据没有读出来, 屏上不全, 稍后自动再读");
}

/* What is said now is that, or nothing: another sentence, why a submission failed, is not lost. */
static bool may_say(const struct app *a)
{
	return a->said.len == 0 || strstr(buf_str(&a->said), unread_sentence()) != NULL;
}

/*
 * A list or a count that could not be read is empty on its screen, and cases that seem to be gone
 * would be entered again. Told once for all screens, unless one has said what ails it, and read
 * again until it goes.
 */
static void tell_unread(struct app *a, int64_t now)
{
	enum err why;
	unsigned unread = session_unread(a->session, &why);
	bool trouble = a->reread_due >= 0;

	if (unread == a->unread && trouble && now >= a->reread_due) {
		a->reread_due = -1;
		app_reread(a);
		unread = session_unread(a->session, &why);
		if (unread == a->unread && may_say(a))
			app_say(a, "%s", tr("刚才没有读出来的, 现在都读出来了。"));
	}
	if (unread == a->unread)
		return;
	a->unread = unread;
	a->reread_due = now + REREAD_MS;
	if (a->said.len == 0 || a->said_role != ROLE_ERROR)
		app_fail(a, unread_sentence(), why, NULL);
}

/* Runs what is due; returns when the next thing is (monotonic ms). */
static int64_t run_timers(struct app *a)
{
	int64_t now = app_mono_ms(a), due = terminal_due(a->terminal), wall = app_wall_ms(a);
	struct screen *s;

	due = earlier(due, app_release_key(a));
	s = app_top(a);
	if (now >= a->file_due) {
		a->file_due = now + POLL_FILE_MS;
		if (session_poll(a->session))
			app_refresh_top(a);
	}
	due = earlier(due, a->file_due);
	tell_unread(a, now);
	due = earlier(due, a->reread_due);
	if (s->ops->tick)
		due = earlier(due, s->ops->tick(s, now));
	if (a->detail_due >= 0 && now >= a->detail_due) {
		a->detail_due = -1;
		a->dirty = true;
	}
	due = earlier(due, a->detail_due);
	due = earlier(due, a->deliverer_due);
	if (a->dirty)
		due = earlier(due, now + 50); /* the terminal is paused: look again */
	return earlier(due, now + (60000 - wall % 60000));
}

/* The canvas is as large as the terminal, however that was learnt. */
static void fit_canvas(struct app *a)
{
	int rows, cols;

	terminal_resize(a->terminal);
	rows = terminal_rows(a->terminal);
	cols = terminal_cols(a->terminal);
	if (rows != canvas_rows(a->canvas) || cols != canvas_cols(a->canvas))
		canvas_resize(a->canvas, rows, cols);
	app_refresh_top(a);
}

static void take_signals(struct app *a)
{
	struct signalfd_siginfo info;

	while (read(a->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		switch (info.ssi_signo) {
		case SIGWINCH:
			fit_canvas(a);
			break;
		case SIGTSTP:
			terminal_suspend(a->terminal);
			raise(SIGSTOP);
			terminal_resume(a->terminal);
			fit_canvas(a); /* the window may be another now */
			break;
		case SIGCONT:
			terminal_forget(a->terminal);
			a->dirty = true;
			break;
		case SIGHUP:
			a->gone = true;
			a->quit = true;
			break;
		default:
			a->quit = true;
			break;
		}
	}
}

static void take_events(struct app *a)
{
	char bytes[1024];
	ssize_t n = read(a->event_fd, bytes, sizeof(bytes));
	char *end;

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
		a->event_fd = a->options.wish_fd = -1; /* it is gone; the file is still polled */
		if (a->options.events_ended != NULL)
			a->options.events_ended(a->options.arg);
		if (a->options.start_deliverer != NULL)
			a->deliverer_due = app_mono_ms(a) + APP_DELIVERER_AGAIN_MS;
		session_alone(a->session);
		app_refresh_top(a);
		return;
	}
	if (n < 0)
		return;
	buf_add(&a->event, bytes, (size_t)n);
	while ((end = memchr(a->event.data, '\n', a->event.len)) != NULL) {
		size_t used = (size_t)(end - a->event.data) + 1;
		*end = '\0';
		if (session_event(a->session, a->event.data))
			app_refresh_top(a);
		memmove(a->event.data, a->event.data + used, a->event.len - used);
		a->event.len -= used;
	}
	if (a->event.len > 8192)
		buf_clear(&a->event);
}

static void take_input(struct app *a)
{
	struct pollfd p = {.fd = terminal_fd(a->terminal), .events = POLLIN};
	struct key k;

	do {
		if (!terminal_read(a->terminal)) {
			a->gone = a->quit = true;
			return;
		}
		while (!a->quit && terminal_key(a->terminal, &k))
			app_take_key(a, &k);
	} while (!a->quit && poll(&p, 1, 0) > 0 && (p.revents & POLLIN));
}

int64_t app_turn(struct app *a)
{
	int64_t due, minute = app_wall_ms(a) / 60000;
	struct key k;

	while (!a->quit && terminal_key(a->terminal, &k)) /* an Esc that turned out to be alone */
		app_take_key(a, &k);
	due = run_timers(a);
	if (minute != a->minute) {
		a->minute = minute;
		a->dirty = true;
	}
	app_paint(a);
	return due;
}

void app_take_input(struct app *a)
{
	struct pollfd p[3] = {{terminal_fd(a->terminal), POLLIN, 0}, {a->signal_fd, POLLIN, 0},
		{a->event_fd, POLLIN, 0}};

	if (poll(p, 3, 0) <= 0)
		return;
	if (p[1].revents)
		take_signals(a);
	if (p[2].revents)
		take_events(a);
	if (p[0].revents & POLLIN)
		take_input(a);
	else if (p[0].revents & (POLLHUP | POLLERR))
		a->gone = a->quit = true;
}

static void start_deliverer(struct app *a)
{
	if (a->deliverer_due < 0 || app_mono_ms(a) < a->deliverer_due)
		return;
	a->deliverer_due = -1;
	buf_clear(&a->event);
	a->options.start_deliverer(a->options.arg, &a->event_fd, &a->options.wish_fd);
}

static void loop(struct app *a)
{
	while (!a->quit) {
		int64_t due = app_turn(a), now = app_mono_ms(a);
		start_deliverer(a);
		struct pollfd p[3] = {{terminal_fd(a->terminal), POLLIN, 0},
			{a->signal_fd, POLLIN, 0}, {a->event_fd, POLLIN, 0}};
		if (poll(p, 3, due > now ? (int)(due - now) : 0) < 0 && errno != EINTR)
			break;
		app_take_input(a);
	}
}

static int open_signals(sigset_t *before)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTSTP);
	sigaddset(&set, SIGCONT);
	sigprocmask(SIG_BLOCK, &set, before);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

/* The first screen: today for one who is signed in, else the sign-in. */
static void begin(struct app *a)
{
	char *last = store_get(a->session->store, "last_window");
	const char *window = a->options.window ? a->options.window : last ? last : "";
	struct operator who = {0};

	if (a->options.operator_name &&
		operator_get(a->session->store, a->options.operator_name, &who) == OK) {
		session_sign_in(a->session, &who, *window ? window : "01");
		app_push(a, today_screen(a));
	} else {
		app_push(a, sign_in_screen(a, window));
	}
	free(last);
}

/* The theme that was chosen in the program, unless a setting says one. */
static enum theme first_theme(const struct app *a)
{
	char *kept = a->options.theme_set ? NULL : store_get(a->session->store, THEME_KEPT);
	enum theme theme = kept ? theme_parse(kept) : a->options.theme;

	free(kept);
	return theme;
}

enum err app_open(struct app *a, const struct app_options *options, struct buf *why)
{
	struct terminal_options how = {options->clock ? options->clock : &clock_system,
		options->theme, options->slow, options->alert};
	enum err e;

	*a = (struct app){.options = *options,
		.clock = how.clock,
		.event_fd = options->event_fd,
		.reread_due = -1,
		.deliverer_due = options->start_deliverer != NULL ? 0 : -1};
	e = session_open(&a->session, options, why);
	if (e != OK)
		return e;
	how.theme = first_theme(a);
	e = terminal_open(&a->terminal, &how, why);
	if (e != OK) {
		session_close(a->session);
		return e;
	}
	a->signal_fd = open_signals(&a->signals_before);
	a->canvas = canvas_new(terminal_rows(a->terminal), terminal_cols(a->terminal));
	a->before = canvas_new(terminal_rows(a->terminal), terminal_cols(a->terminal));
	a->detail_due = -1;
	a->dirty = true;
	begin(a);
	return OK;
}

void app_close(struct app *a)
{
	while (a->depth > 0)
		app_close_top(a);
	terminal_close(a->terminal);
	sigprocmask(SIG_SETMASK, &a->signals_before, NULL);
	close(a->signal_fd);
	canvas_free(a->canvas);
	canvas_free(a->before);
	session_close(a->session);
	buf_fini(&a->said);
	buf_fini(&a->event);
	free(a->question);
	line_fini(&a->prompt);
}

int app_run(const struct app_options *options)
{
	struct app a;
	struct buf why = {0};
	enum err e = app_open(&a, options, &why);

	if (e == OK) {
		loop(&a);
		app_close(&a);
	} else {
		fprintf(stderr, "yimen: %s\n", why.len ? buf_str(&why) : err_text(e));
	}
	buf_fini(&why);
	return e == OK ? (int)EXIT_DONE : (int)EXIT_ENV;
}
