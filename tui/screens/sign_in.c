/* Who is at which window. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/draft.h"
#include "core/station/operator.h"
#include "core/station/store.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/terminal.h"
#include "tui/widget_line.h"
#include "tui/windows.h"

enum {
	AT_NAME,
	AT_PASS,
	AT_WINDOW,
	FIELDS,
	LABEL_COLS = 12,
	VALUE_COLS = 20
};

/* Where the labels begin, and what stands beside them. */
static int left(const struct canvas *c)
{
	return canvas_cols(c) < FULL_COLS ? 10 : 24;
}

static int value(const struct canvas *c)
{
	return left(c) + LABEL_COLS;
}

struct sign_in {
	struct screen base;
	struct line lines[FIELDS];
	int at;
	bool nobody; /* no operator is known to this station */
};

/* The name of a window, "" if the settings have none of this number. */
static void window_name(const char *list, const char *number, struct buf *out)
{
	struct buf one = {0}, name = {0};

	while (list && *list) {
		list = windows_part(list, &one, &name);
		if (strcmp(buf_str(&one), number) == 0)
			buf_adds(out, buf_str(&name));
	}
	buf_fini(&one);
	buf_fini(&name);
}

/* The next window of the list after the one that stands there. */
static void next_window(struct sign_in *g, const char *list)
{
	struct buf one = {0}, name = {0}, first = {0};
	const char *now = line_text(&g->lines[AT_WINDOW]);
	bool seen = false, done = false;

	while (list && *list && !done) {
		list = windows_part(list, &one, &name);
		if (first.len == 0)
			buf_adds(&first, buf_str(&one));
		done = seen && one.len > 0;
		seen = seen || strcmp(buf_str(&one), now) == 0;
	}
	if (first.len > 0)
		line_set(&g->lines[AT_WINDOW], buf_str(done ? &one : &first));
	buf_fini(&one);
	buf_fini(&name);
	buf_fini(&first);
}

static void sign_in_title(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("政务服务综合窗口工作台"));
}

static void draw_field(struct sign_in *g, struct canvas *c, int row, int field, const char *label)
{
	bool here = g->at == field;

	canvas_pad(c, row, left(c), LABEL_COLS - 2, ROLE_LABEL, label);
	if (here)
		canvas_put(c, row, value(c) - 2, 1, ROLE_STRONG, ">");
	line_draw(&g->lines[field], c, row, value(c), field == AT_WINDOW ? 5 : VALUE_COLS,
		ROLE_FIELD, here);
}

static void draw_self_test(struct sign_in *g, struct canvas *c, int row)
{
	struct terminal *t = app_terminal(g->base.app);
	struct buf b = {0};

	canvas_put(c, row, left(c), 12, ROLE_LABEL, tr("终端自检"));
	buf_printf(&b, "%s  %dx%d  ", terminal_charset(t), canvas_cols(c), canvas_rows(c));
	if (terminal_colours(t))
		buf_printf(&b, tr("%d色"), terminal_colours(t));
	else
		buf_adds(&b, tr("单色"));
	canvas_put(c, row, value(c), 40, ROLE_TEXT, buf_str(&b));
	if (app_slow(g->base.app))
		canvas_put(c, row + 1, value(c), 40, ROLE_WARN, tr("线路较慢, 已启用慢线显示"));
	buf_fini(&b);
}

static void sign_in_draw(struct screen *s, struct canvas *c)
{
	struct sign_in *g = (struct sign_in *)s;
	struct session *session = app_session(s->app);
	size_t drafts = draft_count(session->store, NULL);
	int small = canvas_rows(c) < 24, row = small ? BODY_TOP : 5;
	struct buf b = {0};

	canvas_put(c, row, left(c), 54, ROLE_STRONG, session->hall ? session->hall : "");
	canvas_put(c, row + 1, left(c), 54, ROLE_TEXT, tr("综合窗口工作台"));
	row += small ? 3 : 4;
	draw_field(g, c, row, AT_NAME, tr("工  号"));
	draw_field(g, c, row + 1, AT_PASS, tr("口  令"));
	draw_field(g, c, row + 2, AT_WINDOW, tr("窗  口"));
	window_name(session->windows, line_text(&g->lines[AT_WINDOW]), &b);
	canvas_put(c, row + 2, value(c) + 6, VALUE_COLS, ROLE_TEXT, buf_str(&b));
	if (g->at == AT_WINDOW && session->windows)
		canvas_put(c, row + 2, value(c) + VALUE_COLS + 2, 20, ROLE_TEXT, tr("空格换窗口"));
	buf_clear(&b);
	row += small ? 3 : 5;
	if (drafts > 0) {
		canvas_put(c, row, left(c), 12, ROLE_LABEL, tr("上次未完"));
		buf_printf(&b, tr("%zu 件草稿, 登录后可继续"), drafts);
		canvas_put(c, row, value(c), 40, ROLE_TEXT, buf_str(&b));
		row += small ? 1 : 2;
	}
	draw_self_test(g, c, row);
	buf_fini(&b);
}

static void sign_in_message(struct screen *s, struct buf *out)
{
	const struct sign_in *g = (struct sign_in *)s;

	if (g->nobody)
		buf_adds(out, tr("本机还没有操作员。请管理员用 yimen operator add 工号 添加。"));
	else if (app_session(s->app)->banner)
		buf_adds(out, tr("数据为演示数据, 不会报送真实的中心。"));
}

static size_t sign_in_commands(struct screen *s, enum command *out)
{
	size_t n = 0;

	(void)s;
	out[n++] = CMD_SIGN_IN;
	out[n++] = CMD_NEXT;
	out[n++] = CMD_PREVIOUS;
	out[n++] = CMD_CLEAR;
	return n;
}

static void try_sign_in(struct sign_in *g)
{
	struct session *session = app_session(g->base.app);
	struct operator who = {0};
	struct buf why = {0};
	struct app *a = g->base.app;
	const char *window = line_text(&g->lines[AT_WINDOW]);
	enum err e;

	e = operator_sign_in(session->store, line_text(&g->lines[AT_NAME]),
		line_text(&g->lines[AT_PASS]), window, &who, &why);
	line_set(&g->lines[AT_PASS], "");
	if (e == OK) {
		session_sign_in(session, &who, window);
		app_restart(a, today_screen(a)); /* frees g */
	} else {
		g->at = AT_PASS;
		app_error(a, "%s", why.len ? buf_str(&why) : err_text(e));
	}
	buf_fini(&why);
}

static bool sign_in_command(struct screen *s, enum command c)
{
	struct sign_in *g = (struct sign_in *)s;

	switch (c) {
	case CMD_SIGN_IN:
		for (int i = g->at + 1; i < FIELDS + g->at; i++)
			if (!*line_text(&g->lines[i % FIELDS])) {
				g->at = i % FIELDS;
				return true;
			}
		if (app_scan_ended(s->app)) /* Tab on a line that stood still, too */
			g->at = (g->at + 1) % FIELDS;
		else if (*line_text(&g->lines[g->at]))
			try_sign_in(g);
		return true;
	case CMD_NEXT:
		g->at = (g->at + 1) % FIELDS;
		return true;
	case CMD_PREVIOUS:
		g->at = (g->at + FIELDS - 1) % FIELDS;
		return true;
	case CMD_CLEAR:
		line_set(&g->lines[g->at], "");
		return true;
	default:
		return false;
	}
}

static bool sign_in_key(struct screen *s, const struct key *k)
{
	struct sign_in *g = (struct sign_in *)s;

	if (k->code == K_BACKTAB) {
		g->at = (g->at + FIELDS - 1) % FIELDS;
		return true;
	}
	if (g->at == AT_WINDOW && k->code == K_CHAR && k->plain == ' ') {
		next_window(g, app_session(s->app)->windows);
		return true;
	}
	return line_key(&g->lines[g->at], k) != LINE_IGNORED;
}

static enum typing sign_in_typing(struct screen *s)
{
	const struct sign_in *g = (struct sign_in *)s;

	return g->at == AT_PASS ? TYPING_TEXT : TYPING_WORDS;
}

static void sign_in_close(struct screen *s)
{
	struct sign_in *g = (struct sign_in *)s;

	for (int i = 0; i < FIELDS; i++) {
		if (g->lines[i].secret && g->lines[i].text.data)
			memset(g->lines[i].text.data, 0, g->lines[i].text.cap);
		line_fini(&g->lines[i]);
	}
	free(g);
}

static const struct screen_ops sign_in_ops = {.page = CMD_QUIT,
	.draw = sign_in_draw,
	.title = sign_in_title,
	.message = sign_in_message,
	.commands = sign_in_commands,
	.command = sign_in_command,
	.key = sign_in_key,
	.typing = sign_in_typing,
	.close = sign_in_close};

struct screen *sign_in_screen(struct app *a, const char *window)
{
	struct sign_in *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&sign_in_ops, a};
	g->lines[AT_PASS].secret = true;
	line_set(&g->lines[AT_WINDOW], window);
	if (!*window)
		next_window(g, app_session(a)->windows);
	g->nobody = operator_count(app_session(a)->store) == 0;
	return &g->base;
}
