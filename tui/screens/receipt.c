/* It is submitted: the number to tell the applicant; the centre's number when it comes. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/cases.h"
#include "core/station/evaluation.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/large_fill.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/widget_pager.h"
#include "tui/visitors.h"

enum {
	LEFT = 6,
	VALUE = 22
};

struct receipt {
	struct screen base;
	char *number;
	struct case_view view;
	bool found;
};

static void receipt_refresh(struct screen *s)
{
	struct receipt *g = (struct receipt *)s;

	if (g->found)
		case_view_fini(&g->view);
	g->found = case_get(app_session(s->app)->store, g->number, &g->view) == OK;
}

static void receipt_title(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("回执"));
}

static void pair(struct canvas *c, int row, const char *label, enum role role, const char *value)
{
	canvas_put(c, row, LEFT, VALUE - LEFT - 1, ROLE_LABEL, label);
	canvas_put(c, row, VALUE, canvas_cols(c) - VALUE - 1, role, value ? value : "-");
}

struct drawing {
	struct canvas *canvas;
	int row, bottom;
};

static void draw_member(void *arg, const struct case_view *v)
{
	struct drawing *d = arg;
	int width = canvas_cols(d->canvas);

	if (d->row >= d->bottom)
		return;
	canvas_pad(d->canvas, d->row, LEFT, 34, ROLE_TEXT, v->task_name);
	canvas_put(d->canvas, d->row++, LEFT + 36, width - LEFT - 37,
		v->project_no ? ROLE_STRONG : ROLE_WARN,
		v->project_no ? v->project_no : tr("等中心给号"));
}

/* 一件事: one number for the bundle, a case and a letter for each matter. */
static void draw_bundle(struct receipt *g, struct canvas *c, int row)
{
	struct drawing d = {c, row + 1, screen_bottom(c)};

	canvas_put(c, row, LEFT, 70, ROLE_TEXT, tr("一件事, 各事项分别报送, 各有办件编号:"));
	case_each_in_bundle(app_session(g->base.app)->store, g->view.id, draw_member, &d);
}

/* What is to be said to the applicant, in the rows that are left. */
static void put_words(struct canvas *c, int row, const char *words)
{
	int cols = canvas_cols(c) - LEFT - 2;

	pager_put(c, row, screen_bottom(c) - row, LEFT, cols < 76 ? cols : 76, ROLE_TEXT, words);
}

static void receipt_draw(struct screen *s, struct canvas *c)
{
	struct receipt *g = (struct receipt *)s;
	int gap = canvas_rows(c) >= 24 ? 1 : 0; /* a small window has no rows for nothing */
	int row = BODY_TOP + gap;

	canvas_cursor(c, row, 0);
	if (!g->found) {
		canvas_put(c, row, LEFT, 60, ROLE_ERROR, tr("这一件读不出来。请到 办件 里查看。"));
		return;
	}
	canvas_put(c, row, LEFT, 60, ROLE_GOOD, tr("已提交, 存在本机, 不会丢。"));
	row += 1 + gap;
	pair(c, row++, tr("事项"), ROLE_TEXT, g->view.task_name);
	pair(c, row++, tr("申请人"), ROLE_TEXT, g->view.applyer_name);
	row += gap;
	pair(c, row++, tr("本地收件号"), ROLE_STRONG, g->view.local_receipt);
	if (strcmp(g->view.state, CASE_BUNDLE) == 0) {
		draw_bundle(g, c, row + gap);
		return;
	}
	if (g->view.project_no) {
		pair(c, row++, tr("办件编号"), ROLE_STRONG, g->view.project_no);
		pair(c, row++, tr("查询密码"), ROLE_STRONG, g->view.query_password);
		put_words(c, row + gap, tr("请把办件编号和查询密码告诉申请人, 凭它查办理进度。"));
	} else {
		pair(c, row++, tr("办件编号"), ROLE_WARN, tr("等中心给号"));
		put_words(c, row + 2 * gap,
			tr("现在可以先给申请人本地收件号; 中心收到后给出办件编号, 可以补打。"));
	}
}

static const char *where_it_is(enum centre_link link)
{
	if (link == CENTRE_OFFLINE)
		return tr("网络已断, 这一件在待发里, 恢复后自动报送一次。");
	if (link == CENTRE_NONE)
		return tr("本机还没有接入中心, 这一件在待发里, 接入后自动报送一次。");
	return tr("正在报送中心。");
}

static void receipt_message(struct screen *s, struct buf *out)
{
	const struct receipt *g = (struct receipt *)s;

	if (g->found && !g->view.project_no && strcmp(g->view.state, CASE_BUNDLE) != 0)
		buf_adds(out, where_it_is(app_session(s->app)->link));
}

static size_t receipt_commands(struct screen *s, enum command *out)
{
	size_t n = 0;

	out[n++] = CMD_DONE;
	out[n++] = CMD_SLIPS;
	if (evaluation_possible(app_session(s->app)->store, ((struct receipt *)s)->number))
		out[n++] = CMD_EVALUATE;
	if (visitors_in_use(app_session(s->app)->visitors))
		out[n++] = CMD_CALL_NEXT;
	out[n++] = CMD_SAME_PERSON;
	out[n++] = CMD_GO_FIND;
	if (((struct receipt *)s)->found)
		out[n++] = CMD_LARGE;
	out[n++] = CMD_GO_CASES;
	return n;
}

static void fill_large(void *arg, struct large_text *t)
{
	struct receipt *g = arg;

	receipt_refresh(&g->base);
	if (g->found)
		large_receipt(t, app_session(g->base.app)->store, &g->view);
}

static bool receipt_command(struct screen *s, enum command c)
{
	struct receipt *g = (struct receipt *)s;
	struct app *a = s->app;

	if (c == CMD_SAME_PERSON && g->found) {
		memcpy(app_session(a)->visit, g->view.id, sizeof(g->view.id));
		app_replace(a, find_screen(a, "")); /* frees g */
		app_say(a, "%s", tr("同一位办事人: 找到要办的事项, 刚填过的会带过去。"));
		return true;
	}
	if (c == CMD_EVALUATE) {
		struct screen *e = evaluation_screen(a, g->number);
		if (e)
			app_push(a, e);
		return true;
	}
	if (c == CMD_LARGE && g->found) {
		app_push(a, large_screen(a, fill_large, g));
		return true;
	}
	if (c == CMD_SLIPS && g->found) {
		app_push(a, slip_screen(a, g->number, true));
		return true;
	}
	if (c != CMD_DONE)
		return false;
	if (visitors_in_use(app_session(a)->visitors))
		visitors_next(a); /* frees it */
	else
		app_home(a); /* likewise */
	return true;
}

static void receipt_close(struct screen *s)
{
	struct receipt *g = (struct receipt *)s;

	if (g->found)
		case_view_fini(&g->view);
	free(g->number);
	free(g);
}

static const struct screen_ops receipt_ops = {.page = CMD_NONE,
	.draw = receipt_draw,
	.title = receipt_title,
	.message = receipt_message,
	.commands = receipt_commands,
	.command = receipt_command,
	.refresh = receipt_refresh,
	.close = receipt_close};

struct screen *receipt_screen(struct app *a, const char *any_number)
{
	struct receipt *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&receipt_ops, a};
	g->number = mem_strdup(any_number);
	return &g->base;
}
