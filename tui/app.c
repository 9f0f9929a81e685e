#include "tui/app.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/operator.h"
#include "core/station/store.h"
#include "tui/canvas.h"
#include "tui/frame.h"
#include "tui/glyph.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/widget_line.h"

enum {
	STACK_MAX = 32,
	MIN_ROWS = 16,
	MIN_COLS = 60,
	FULL_ROWS = 24,
	FULL_COLS = 80,
	POLL_FILE_MS = 1000 /* how often the file is asked whether others have written */
};

struct app {
	struct app_options options;
	const struct clock *clock;
	struct terminal *terminal;
	struct canvas *canvas;
	struct session *session;
	struct screen *stack[STACK_MAX];
	size_t depth;
	struct buf said;
	enum role said_role;
	char *question; /* in the message row: a question, or the label of a prompt */
	void (*answer)(void *arg, bool yes);
	void (*prompted)(void *arg, const char *text); /* not NULL: it is a prompt */
	void *answer_arg;
	struct line prompt;
	struct buf event; /* an unfinished line of the deliverer */
	int signal_fd, event_fd;
	bool dirty, blanked, quit, gone, asked;
	int64_t file_due;
};

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

void app_dirty(struct app *a)
{
	a->dirty = true;
}

static struct screen *top(const struct app *a)
{
	return a->depth ? a->stack[a->depth - 1] : NULL;
}

static void refresh_top(struct app *a)
{
	struct screen *s = top(a);

	if (s && s->ops->refresh)
		s->ops->refresh(s);
	a->dirty = true;
}

static void close_top(struct app *a)
{
	struct screen *s = a->stack[--a->depth];

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
	refresh_top(a);
}

void app_pop(struct app *a)
{
	if (a->depth <= 1)
		return;
	close_top(a);
	refresh_top(a);
}

void app_pop_to(struct app *a, const struct screen *s)
{
	while (a->depth > 1 && top(a) != s)
		close_top(a);
	refresh_top(a);
}

void app_home(struct app *a)
{
	while (a->depth > 1)
		close_top(a);
	refresh_top(a);
}

void app_replace(struct app *a, struct screen *s)
{
	close_top(a);
	app_push(a, s);
}

void app_restart(struct app *a, struct screen *s)
{
	while (a->depth > 0)
		close_top(a);
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

void app_error(struct app *a, const char *fmt, ...)
{
	va_list ap;

	buf_clear(&a->said);
	buf_printf(&a->said, "%s ", tr("错误"));
	a->said_role = ROLE_ERROR;
	va_start(ap, fmt);
	buf_vprintf(&a->said, fmt, ap);
	va_end(ap);
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
	line_set(&a->prompt, text);
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

/* --- commands --------------------------------------------------------------------------------- */

static size_t add_commands(enum command *out, size_t n, const enum command *more, size_t count)
{
	for (size_t i = 0; i < count && n < COMMANDS_MAX; i++) {
		size_t j = 0;
		while (j < n && out[j] != more[i])
			j++;
		if (j == n)
			out[n++] = more[i];
	}
	return n;
}

size_t app_commands(struct app *a, struct screen *s, enum command *out)
{
	static const enum command always[] = {
		CMD_HELP, CMD_PALETTE, CMD_BACK, CMD_QUIT, CMD_REDRAW, CMD_BLANK};
	static const enum command signed_in[] = {CMD_GO_TODAY, CMD_GO_FIND, CMD_GO_CASES,
		CMD_GO_OUTBOX, CMD_GO_COUNTS, CMD_UNMASK, CMD_SLOW, CMD_SIGN_OUT};
	size_t n = s->ops->commands(s, out);

	n = add_commands(out, n, always, sizeof(always) / sizeof(*always));
	if (a->session->signed_in)
		n = add_commands(out, n, signed_in, sizeof(signed_in) / sizeof(*signed_in));
	return n;
}

/* What the footer shows: the screen's own acts and the way out; the pages' row has the rest. */
static size_t footer_commands(struct app *a, struct screen *s, enum command *out)
{
	static const enum command out_of_screen[] = {CMD_BACK, CMD_HELP};
	static const enum command out_of_program[] = {CMD_HELP, CMD_QUIT};
	size_t n = s->ops->commands(s, out);

	return add_commands(out, n, a->depth > 1 ? out_of_screen : out_of_program, 2);
}

static void answer_quit(void *arg, bool yes)
{
	struct app *a = arg;

	if (yes)
		app_quit(a);
}

static void answer_sign_out(void *arg, bool yes)
{
	struct app *a = arg;
	char window[32];

	if (!yes)
		return;
	snprintf(window, sizeof(window), "%s", a->session->window);
	while (a->depth > 0)
		close_top(a);
	session_sign_out(a->session);
	app_push(a, sign_in_screen(a, window));
}

static void go(struct app *a, struct screen *(*make)(struct app *a))
{
	app_home(a);
	if (make)
		app_push(a, make(a));
}

static bool go_page(struct app *a, enum command c)
{
	if (!a->session->signed_in)
		return false;
	switch (c) {
	case CMD_GO_TODAY:
		go(a, NULL);
		return true;
	case CMD_GO_FIND:
		app_home(a);
		app_push(a, find_screen(a, ""));
		return true;
	case CMD_GO_CASES:
		go(a, cases_screen);
		return true;
	case CMD_GO_OUTBOX:
		go(a, outbox_screen);
		return true;
	case CMD_GO_COUNTS:
		go(a, counts_screen);
		return true;
	default:
		return false;
	}
}

static void back(struct app *a)
{
	if (a->depth > 1)
		app_pop(a);
	else
		app_command(a, CMD_QUIT);
}

void app_command(struct app *a, enum command c)
{
	struct screen *s = top(a);

	a->dirty = true;
	if (s->ops->command && s->ops->command(s, c))
		return;
	switch (c) {
	case CMD_HELP:
		app_push(a, help_screen(a, s));
		break;
	case CMD_PALETTE:
		app_push(a, palette_screen(a, s));
		break;
	case CMD_BACK:
		back(a);
		break;
	case CMD_QUIT:
		app_ask(a, tr("退出工作台? 草稿和待发都在本机, 下次接着办。"), answer_quit, a);
		break;
	case CMD_SIGN_OUT:
		app_ask(a, tr("换人登录? 草稿都在。"), answer_sign_out, a);
		break;
	case CMD_REDRAW:
		terminal_forget(a->terminal);
		break;
	case CMD_BLANK:
		a->blanked = true;
		break;
	case CMD_SLOW:
		terminal_set_slow(a->terminal, !app_slow(a));
		app_say(a, "%s", app_slow(a) ? tr("已启用慢线显示。") : tr("已恢复平常显示。"));
		break;
	case CMD_UNMASK:
		a->session->unmasked = !a->session->unmasked;
		refresh_top(a);
		break;
	default:
		go_page(a, c);
		break;
	}
}

/* --- keys ------------------------------------------------------------------------------------- */

static void key_of_prompt(struct app *a, const struct key *k)
{
	void (*prompted)(void *, const char *) = a->prompted;

	if (k->code != K_ENTER && k->code != K_ESC) {
		line_key(&a->prompt, k);
		return;
	}
	free(a->question);
	a->question = NULL;
	prompted(a->answer_arg, k->code == K_ENTER ? line_text(&a->prompt) : NULL);
}

static void key_of_question(struct app *a, const struct key *k)
{
	void (*answer)(void *, bool) = a->answer;
	bool yes = k->code == K_CHAR && k->run == 0 &&
		   (k->plain == 'y' || k->plain == 'Y' || k->plain == '1' || k->ch == 0x662f);
	bool no = k->code == K_ESC || k->code == K_ENTER || (k->code == K_CTRL && k->ch == 'c') ||
		  (k->code == K_CHAR && (k->plain == 'n' || k->plain == 'N' || k->plain == '2' ||
						k->ch == 0x5426));

	if (!yes && !no)
		return;
	free(a->question);
	a->question = NULL;
	answer(a->answer_arg, yes);
}

static void take_key(struct app *a, const struct key *k)
{
	struct screen *s = top(a);
	enum command commands[COMMANDS_MAX], c;
	size_t n;

	a->dirty = true;
	if (a->blanked) {
		a->blanked = false;
		return;
	}
	if (a->question) {
		if (a->prompted)
			key_of_prompt(a, k);
		else
			key_of_question(a, k);
		return;
	}
	buf_clear(&a->said);
	if (s->ops->before)
		s->ops->before(s, k);
	n = app_commands(a, s, commands);
	c = command_of_key(k, commands, n, s->ops->typing ? s->ops->typing(s) : TYPING_NONE);
	if (c != CMD_NONE)
		app_command(a, c);
	else if (s->ops->key)
		s->ops->key(s, k);
}

/* --- painting --------------------------------------------------------------------------------- */

static void draw_too_small(struct app *a)
{
	struct buf text = {0};

	buf_printf(&text, tr("窗口太小, 请调到 80x24 以上 (现为 %dx%d)"), canvas_cols(a->canvas),
		canvas_rows(a->canvas));
	canvas_put(a->canvas, 0, 0, canvas_cols(a->canvas), ROLE_TEXT, buf_str(&text));
	buf_fini(&text);
}

static void frame_message(struct app *a, struct screen *s, struct frame *f, struct buf *out)
{
	f->message_role = ROLE_TEXT;
	if (a->question) {
		buf_printf(out, "%s  ", a->question);
		if (!a->prompted)
			buf_printf(out, "%s ", tr("1 是  2 否"));
		f->message_role = ROLE_WARN;
	} else if (a->said.len) {
		buf_adds(out, buf_str(&a->said));
		f->message_role = a->said_role;
	} else if (s->ops->message) {
		s->ops->message(s, out);
	}
	if (out->len == 0 &&
		(canvas_rows(a->canvas) < FULL_ROWS || canvas_cols(a->canvas) < FULL_COLS))
		buf_printf(out, tr("窗口太小, 请调到 80x24 以上 (现为 %dx%d)"),
			canvas_cols(a->canvas), canvas_rows(a->canvas));
}

static void draw(struct app *a)
{
	struct screen *s = top(a);
	struct canvas *c = a->canvas;
	struct buf title = {0}, whose = {0}, message = {0}, left = {0}, right = {0};
	enum command commands[COMMANDS_MAX];
	struct frame f = {0};

	canvas_clear(c);
	if (a->blanked)
		return;
	if (canvas_rows(c) < MIN_ROWS || canvas_cols(c) < MIN_COLS) {
		draw_too_small(a);
		return;
	}
	s->ops->draw(s, c);
	s->ops->title(s, &title);
	session_whose(a->session, &whose);
	session_status_left(a->session, &left);
	session_status_right(a->session, &right);
	frame_message(a, s, &f, &message);
	f.title = buf_str(&title);
	f.whose = buf_str(&whose);
	f.page = a->session->signed_in ? s->ops->page : CMD_QUIT;
	f.message = buf_str(&message);
	f.commands = commands;
	f.command_count = a->question ? 0 : footer_commands(a, s, commands);
	f.status_left = buf_str(&left);
	f.status_right = buf_str(&right);
	frame_draw(c, &f);
	if (a->question) {
		int col = 1 + glyph_cols(f.message);
		canvas_cursor(c, frame_message_row(c), col);
		if (a->prompted)
			line_draw(&a->prompt, c, frame_message_row(c), col,
				canvas_cols(c) - col - 2, ROLE_FIELD, true);
	}
	buf_fini(&title);
	buf_fini(&whose);
	buf_fini(&message);
	buf_fini(&left);
	buf_fini(&right);
}

static void paint(struct app *a)
{
	if (!a->dirty || a->gone)
		return;
	draw(a);
	a->dirty = !terminal_paint(a->terminal, a->canvas);
	if (!a->dirty && !a->asked) {
		a->asked = true;
		terminal_ask(a->terminal);
	}
}

/* --- the loop --------------------------------------------------------------------------------- */

static int64_t earlier(int64_t a, int64_t b)
{
	return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

/* Runs what is due; returns when the next thing is (monotonic ms). */
static int64_t run_timers(struct app *a)
{
	int64_t now = app_mono_ms(a), due = terminal_due(a->terminal), wall = app_wall_ms(a);
	struct screen *s = top(a);

	if (now >= a->file_due) {
		a->file_due = now + POLL_FILE_MS;
		if (session_poll(a->session))
			refresh_top(a);
	}
	due = earlier(due, a->file_due);
	if (s->ops->tick)
		due = earlier(due, s->ops->tick(s, now));
	if (a->dirty)
		due = earlier(due, now + 50); /* the terminal is paused: look again */
	return earlier(due, now + (60000 - wall % 60000));
}

static void take_signals(struct app *a)
{
	struct signalfd_siginfo info;

	while (read(a->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		switch (info.ssi_signo) {
		case SIGWINCH:
			if (terminal_resize(a->terminal))
				canvas_resize(a->canvas, terminal_rows(a->terminal),
					terminal_cols(a->terminal));
			refresh_top(a);
			break;
		case SIGTSTP:
			terminal_suspend(a->terminal);
			raise(SIGSTOP);
			terminal_resume(a->terminal);
			a->dirty = true;
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
		a->event_fd = -1; /* the deliverer is gone; the file is still polled */
		return;
	}
	if (n < 0)
		return;
	buf_add(&a->event, bytes, (size_t)n);
	while ((end = memchr(a->event.data, '\n', a->event.len)) != NULL) {
		size_t used = (size_t)(end - a->event.data) + 1;
		*end = '\0';
		if (session_event(a->session, a->event.data))
			refresh_top(a);
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
			take_key(a, &k);
	} while (!a->quit && poll(&p, 1, 0) > 0 && (p.revents & POLLIN));
}

static void loop(struct app *a)
{
	int64_t minute = app_wall_ms(a) / 60000;

	while (!a->quit) {
		struct key k;
		while (terminal_key(a->terminal, &k)) /* an Esc that turned out to be alone */
			take_key(a, &k);
		int64_t due = run_timers(a), now;
		if (app_wall_ms(a) / 60000 != minute) {
			minute = app_wall_ms(a) / 60000;
			a->dirty = true;
		}
		paint(a);
		now = app_mono_ms(a);
		struct pollfd p[3] = {{terminal_fd(a->terminal), POLLIN, 0},
			{a->signal_fd, POLLIN, 0}, {a->event_fd, POLLIN, 0}};
		if (poll(p, 3, due > now ? (int)(due - now) : 0) < 0 && errno != EINTR)
			break;
		if (p[1].revents)
			take_signals(a);
		if (p[2].revents)
			take_events(a);
		if (p[0].revents & POLLIN)
			take_input(a);
		else if (p[0].revents & (POLLHUP | POLLERR))
			a->gone = a->quit = true;
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

int app_run(const struct app_options *options)
{
	struct terminal_options how = {
		options->clock ? options->clock : &clock_system, options->theme, options->slow};
	struct app a = {.options = *options, .clock = how.clock, .event_fd = options->event_fd};
	struct buf why = {0};
	sigset_t before;
	enum err e;

	e = session_open(&a.session, options, &why);
	if (e == OK)
		e = terminal_open(&a.terminal, &how, &why);
	if (e != OK) {
		fprintf(stderr, "yimen: %s\n", why.len ? buf_str(&why) : err_text(e));
		session_close(a.session);
		buf_fini(&why);
		return (int)EXIT_ENV;
	}
	a.signal_fd = open_signals(&before);
	a.canvas = canvas_new(terminal_rows(a.terminal), terminal_cols(a.terminal));
	a.dirty = true;
	begin(&a);
	loop(&a);
	while (a.depth > 0)
		close_top(&a);
	terminal_close(a.terminal);
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(a.signal_fd);
	canvas_free(a.canvas);
	session_close(a.session);
	buf_fini(&a.said);
	buf_fini(&a.event);
	buf_fini(&why);
	free(a.question);
	line_fini(&a.prompt);
	return (int)EXIT_DONE;
}
