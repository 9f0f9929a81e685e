/* One paint: the top screen between its frame. */
#include "tui/app_private.h"

#include "core/base/msg.h"
#include "tui/frame.h"
#include "tui/glyph.h"
#include "tui/screen.h"
#include "tui/session.h"
#include "tui/widget_pager.h"

enum {
	MIN_ROWS = 16,
	MIN_COLS = 60,
	DETAIL_AFTER_MS = 100, /* a key held down comes sooner again */
	DETAIL_SLOW_MS = 250,
	PROMPT_COLS = 20 /* at least, for an answer that is typed */
};

static void draw_too_small(struct app *a)
{
	int rows = canvas_rows(a->canvas), cols = canvas_cols(a->canvas), used;
	struct buf text = {0};

	buf_printf(&text, tr("窗口太小, 请调到 80x24 以上 (现为 %dx%d)"), cols, rows);
	used = pager_put(a->canvas, 0, rows, 0, cols, ROLE_TEXT, buf_str(&text));
	pager_put(a->canvas, used, rows - used, 0, cols, ROLE_TEXT,
		tr("或退出后用逐行问答: yimen --plain"));
	buf_fini(&text);
}

static void frame_message(struct app *a, struct screen *s, struct frame *f, struct buf *out)
{
	f->message_role = ROLE_TEXT;
	if (a->question) {
		if (a->prompted && a->prompt.lost > 0)
			buf_printf(out, tr("这一栏最多 %zu 字, 多出来的没有放进去。"),
				line_max_cps(&a->prompt));
		if (out->len > 0)
			buf_adds(out, "  ");
		buf_adds(out, a->question);
		f->message_role = ROLE_WARN;
		f->answers = a->prompted ? "" : tr("1 是  2 否");
		f->answer_cols = a->prompted ? PROMPT_COLS : 0;
	} else if (a->said.len) {
		buf_adds(out, buf_str(&a->said));
		f->message_role = a->said_role;
	} else if (s->ops->message) {
		s->ops->message(s, out);
	}
}

/* A window that is worked in although it is small: said always, in few words. */
static void add_smallness(const struct canvas *c, struct buf *out)
{
	if (canvas_rows(c) < FULL_ROWS || canvas_cols(c) < FULL_COLS)
		buf_printf(out, tr("窗口小 %dx%d  "), canvas_cols(c), canvas_rows(c));
}

/* The keys follow when the hands rest, and what the screen tells of the current row or field. */
static void hold_frame(struct app *a, struct canvas *c, const struct frame *f)
{
	int message = screen_bottom(c), keys = canvas_rows(c) - 2;
	int top = frame_message_top(c, f->message, f->below);

	app_draws_detail(a, c, keys, 1, 0);
	app_draws_detail(a, c, 1, 1, 0);
	if (top < message)
		message = top;
	if (!a->said.len)
		app_draws_detail(a, c, message, keys - message, 0);
}

static void draw(struct app *a)
{
	struct screen *s = app_top(a);
	struct canvas *c = a->canvas;
	struct buf title = {0}, whose = {0}, brief = {0}, message = {0}, below = {0}, left = {0},
		   right = {0};
	enum command commands[COMMANDS_MAX];
	struct frame f = {0};

	canvas_clear(c);
	if (a->blanked)
		return;
	if (canvas_rows(c) < MIN_ROWS || canvas_cols(c) < MIN_COLS) {
		draw_too_small(a);
		return;
	}
	if (!s->ops->bare)
		canvas_clip(c, BODY_TOP, screen_bottom(c));
	s->ops->draw(s, c);
	if (s->ops->bare)
		return;
	canvas_clip(c, 0, canvas_rows(c));
	s->ops->title(s, &title);
	session_whose(a->session, false, &whose);
	session_whose(a->session, true, &brief);
	session_status_left(a->session, &left);
	add_smallness(c, &right);
	session_status_right(a->session, &right);
	frame_message(a, s, &f, &message);
	f.title = buf_str(&title);
	f.whose = buf_str(&whose);
	f.whose_brief = buf_str(&brief);
	f.typing = app_typing(s);
	f.page = a->session->signed_in ? s->ops->page : CMD_QUIT;
	f.message = buf_str(&message);
	if (!a->question && s->ops->below)
		s->ops->below(s, &below);
	f.below = buf_str(&below);
	f.commands = commands;
	f.command_count = app_footer(a, s, commands);
	f.status_left = buf_str(&left);
	f.status_right = buf_str(&right);
	frame_draw(c, &f);
	if (!a->question && !a->before_asked)
		hold_frame(a, c, &f);
	if (a->question) {
		int row, col;
		frame_question(c, &f, &row, &col);
		canvas_cursor(c, row, col);
		if (a->prompted)
			line_draw(&a->prompt, c, row, col, canvas_cols(c) - col - 2, ROLE_FIELD,
				true);
	}
	buf_fini(&title);
	buf_fini(&whose);
	buf_fini(&brief);
	buf_fini(&message);
	buf_fini(&below);
	buf_fini(&left);
	buf_fini(&right);
}

bool app_draws_moved(struct app *a, struct canvas *c, int row, int rows, int col, int by)
{
	int64_t rest = a->key_ms + (app_slow(a) ? DETAIL_SLOW_MS : DETAIL_AFTER_MS);

	if ((!app_slow(a) && !a->stepped) || app_mono_ms(a) >= rest || a->before_of != app_top(a) ||
		canvas_cols(a->before) != canvas_cols(c) ||
		canvas_rows(a->before) != canvas_rows(c))
		return true;
	for (int r = row; r < row + rows; r++)
		if (r + by >= row && r + by < row + rows)
			canvas_copy_part(c, r, a->before, r + by, 1, col);
	a->detail_due = rest;
	return false;
}

bool app_draws_detail(struct app *a, struct canvas *c, int row, int rows, int col)
{
	return app_draws_moved(a, c, row, rows, col, 0);
}

/* Keeps the frame that is on the terminal now. */
static void keep_frame(struct app *a)
{
	struct canvas *shown = a->canvas;

	a->canvas = a->before;
	a->before = shown;
	if (canvas_rows(a->canvas) != canvas_rows(shown) ||
		canvas_cols(a->canvas) != canvas_cols(shown))
		canvas_resize(a->canvas, canvas_rows(shown), canvas_cols(shown));
	a->before_of = a->blanked ? NULL : app_top(a);
	a->before_asked = a->question != NULL;
}

void app_paint(struct app *a)
{
	if (!a->dirty || a->gone)
		return;
	draw(a);
	a->dirty = !terminal_paint(a->terminal, a->canvas);
	if (!a->dirty)
		keep_frame(a);
	if (!a->dirty && a->alert) {
		a->alert = false;
		terminal_alert(a->terminal);
	}
}
