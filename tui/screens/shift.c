/* The end of a shift: what is still open is named, handed over or kept parked; then the next one
 * signs in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/hand.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/shift_rows.h"
#include "tui/show.h"
#include "tui/widget_list.h"
#include "tui/widget_pager.h"

struct shift_page {
	struct screen base;
	struct shift_rows open;
	struct list list;
	struct hand hand;
	struct buf did; /* in figures */
};

static void shift_refresh(struct screen *s)
{
	struct shift_page *g = (struct shift_page *)s;
	struct session *session = app_session(s->app);

	shift_rows_read(&g->open, session);
	list_resize(&g->list, g->open.count);
	buf_clear(&g->did);
	shift_work_words(&g->did, session);
}

static void shift_title(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("交接班"));
}

static void shift_message(struct screen *s, struct buf *out)
{
	const struct shift_page *g = (struct shift_page *)s;

	if (g->open.count == 0)
		buf_adds(out, tr("没有没办完的。Ctrl-G 交班, 换人登录。"));
	else
		buf_adds(out, tr("要接着办的按回车交给别人; 其余的暂存着, 下次登录接着办。"));
}

static void draw_row(struct shift_page *g, struct canvas *c, int row, size_t i)
{
	const struct shift_row *r = &g->open.rows[i];
	bool small = canvas_cols(c) < FULL_COLS;
	int who_col = small ? 28 : 34, now_col = small ? 36 : 44;
	struct buf who = {0};

	show_name(&who, r->who ? r->who : "", !app_session(g->base.app)->unmasked);
	canvas_pad(c, row, 4, who_col - 6, ROLE_TEXT, r->what ? r->what : "");
	canvas_pad(c, row, who_col, 7, ROLE_TEXT, buf_str(&who));
	canvas_pad(c, row, now_col, canvas_cols(c) - now_col - 1,
		r->on_its_way ? ROLE_GOOD : ROLE_TEXT, r->now);
	list_mark(&g->list, c, i, row, 1, who_col - 3, app_slow(g->base.app), true);
	buf_fini(&who);
}

static void shift_draw(struct screen *s, struct canvas *c)
{
	struct shift_page *g = (struct shift_page *)s;
	struct session *session = app_session(s->app);
	int row = BODY_TOP, bottom = screen_bottom(c);
	int cols = canvas_cols(c) < FULL_COLS ? canvas_cols(c) - 2 : FULL_COLS - 2;
	struct buf b = {0};

	canvas_cursor(c, row, 0);
	buf_printf(&b, "%s  ",
		session->who.full_name && *session->who.full_name ? session->who.full_name
								  : session->who.name);
	buf_printf(&b, tr("%s号窗口"), session->window);
	canvas_put(c, row++, 1, cols, ROLE_STRONG, buf_str(&b));
	row += pager_put(c, row, 2, 1, cols, ROLE_TEXT, buf_str(&g->did));
	buf_clear(&b);
	if (session->letters.waiting + session->letters.held > 0)
		buf_printf(&b, tr("本机还有待发 %zu 件, 退回 %zu 件; 不用交, 换人后照样报送。"),
			session->letters.waiting, session->letters.held);
	if (b.len > 0)
		row += pager_put(c, row, 2, 1, cols, ROLE_TEXT, buf_str(&b));
	if (canvas_rows(c) >= 24)
		row += b.len > 0 ? 1 : 2;
	canvas_put(c, row, 1, 40, ROLE_STRONG, tr("没办完的"));
	buf_clear(&b);
	buf_printf(&b, tr("%zu 件"), g->open.count);
	canvas_right(c, row++, 41, 1 + cols, ROLE_TEXT, buf_str(&b));
	list_fit(&g->list, bottom - row);
	for (size_t i = g->list.top; i < g->open.count && i < g->list.top + g->list.rows; i++)
		draw_row(g, c, row++, i);
	buf_fini(&b);
}

static size_t shift_commands(struct screen *s, enum command *out)
{
	const struct shift_page *g = (struct shift_page *)s;
	size_t n = 0;

	if (g->open.count > 0) {
		out[n++] = CMD_HAND_THIS;
		out[n++] = CMD_SIGN_OFF;
		out[n++] = CMD_MOVE;
	} else {
		out[n++] = CMD_SIGN_OFF;
	}
	return n;
}

static void sign_off(struct shift_page *g)
{
	struct app *a = g->base.app;
	struct session *s = app_session(a);
	struct shift_open_items left;
	char window[32];
	enum err e = shift_sign_off(&g->open, s, &left);

	if (e != OK) {
		app_fail(a, tr("没有交班"), e, NULL);
		return;
	}
	snprintf(window, sizeof(window), "%s", s->window);
	session_sign_out(s);
	app_restart(a, sign_in_screen(a, window)); /* frees g */
	app_say(a, tr("已交班: 留下暂存 %zu 件, 交出 %zu 件。请下一位登录。"), left.drafts,
		left.handed);
}

static bool shift_command(struct screen *s, enum command c)
{
	struct shift_page *g = (struct shift_page *)s;

	if (c == CMD_HAND_THIS && g->open.count > 0) {
		hand_over(&g->hand, s->app, g->open.rows[g->list.selected].id);
		return true;
	}
	if (c == CMD_SIGN_OFF) {
		sign_off(g);
		return true;
	}
	return false;
}

static bool shift_key(struct screen *s, const struct key *k)
{
	struct shift_page *g = (struct shift_page *)s;
	bool picked, used = list_key(&g->list, k, true, &picked);

	if (picked)
		hand_over(&g->hand, s->app, g->open.rows[g->list.selected].id);
	return used;
}

static void shift_close(struct screen *s)
{
	struct shift_page *g = (struct shift_page *)s;

	shift_rows_fini(&g->open);
	buf_fini(&g->did);
	free(g);
}

static const struct screen_ops shift_ops = {.page = CMD_GO_TODAY,
	.draw = shift_draw,
	.title = shift_title,
	.message = shift_message,
	.commands = shift_commands,
	.command = shift_command,
	.key = shift_key,
	.refresh = shift_refresh,
	.close = shift_close};

struct screen *shift_screen(struct app *a)
{
	struct shift_page *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&shift_ops, a};
	return &g->base;
}
