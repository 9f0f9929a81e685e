/*
 * 评价: the screen is turned to the visitor. It shows this service and nothing else, and it takes
 * nothing but his choice: no key of the clerk's leaves it, chooses on it or shortens it. It begins
 * with a moment in which no key counts (the screen is being turned), and ends with an answer, with
 * 0, or with time. What was chosen is not shown to the window.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/cases.h"
#include "core/station/evaluation.h"
#include "tui/app.h"
#include "tui/big_text.h"
#include "tui/canvas.h"
#include "tui/glyph.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"

enum {
	TURN_MS = 2500, /* while the screen is turned no key counts */
	THANK_MS = 1500,
	BURST = 3, /* so many characters within moments are no person's */
	CHOICES = MARK_WORST,
	PIXEL_COLS = 2, /* of the digits */
	BLOCK_ROWS = 16 /* from the name of the hall to the last sentence */
};

enum phase {
	PHASE_TURN,
	PHASE_MARK,
	PHASE_CAUSE,  /* of a bad mark; may be left open */
	PHASE_THANKS, /* the visitor's last keys are swallowed */
	PHASE_BACK    /* the clerk may go back */
};

struct rating {
	struct screen base;
	char id[ID_UUID_SIZE];
	char *task_name;
	enum phase phase;
	int64_t until_ms; /* monotonic: of this phase; 0: from the first tick */
	int mark, cause;  /* as chosen now; 0: nothing yet */
	bool declining;	  /* 0 was chosen */
	const char *bye;  /* N_(): what is said at the end */
};

static int64_t phase_ms(const struct rating *g)
{
	switch (g->phase) {
	case PHASE_TURN:
		return TURN_MS;
	case PHASE_THANKS:
		return THANK_MS;
	default:
		return (int64_t)app_session(g->base.app)->evaluation_seconds * 1000;
	}
}

static void enter(struct rating *g, enum phase phase)
{
	g->phase = phase;
	g->until_ms = app_mono_ms(g->base.app) + phase_ms(g);
	app_dirty(g->base.app);
}

static void leave(struct rating *g, const char *bye)
{
	g->bye = bye;
	g->mark = g->cause = 0;
	enter(g, PHASE_THANKS);
}

/* ---- what is written ---- */

static void failed(struct rating *g, enum err e, const struct buf *why)
{
	app_fail(g->base.app, tr("评价没有存下"), e, why); /* said when the clerk is back */
	leave(g, N_("评价没有存下, 请告诉工作人员"));
}

static void answer(struct rating *g)
{
	struct session *s = app_session(g->base.app);
	const struct evaluation_answer a = {.mark = g->mark,
		.cause = (enum complaint_cause)g->cause,
		.source = EVALUATION_SCREEN,
		.station = s->station,
		.days = s->complaint_days};
	struct buf why = {0};
	enum err e = evaluation_answer(s->store, g->id, &a, &why);

	if (e == OK) {
		app_wake(g->base.app, false);
		leave(g, N_("谢谢您的评价"));
	} else {
		failed(g, e, &why);
	}
	buf_fini(&why);
}

static void end(struct rating *g, enum evaluation_state how)
{
	enum err e = evaluation_end(app_session(g->base.app)->store, g->id, how);

	if (e == OK)
		leave(g, how == EVALUATION_DECLINED ? N_("谢谢, 祝您一切顺利")
						    : N_("评价时间已过, 谢谢"));
	else
		failed(g, e, NULL);
}

static int64_t rating_tick(struct screen *s, int64_t mono_ms)
{
	struct rating *g = (struct rating *)s;

	if (g->phase == PHASE_BACK)
		return -1;
	if (mono_ms < g->until_ms)
		return g->until_ms;
	switch (g->phase) {
	case PHASE_TURN:
		enter(g, PHASE_MARK);
		return g->until_ms;
	case PHASE_MARK:
		end(g, EVALUATION_TIMED_OUT);
		return g->until_ms;
	case PHASE_CAUSE: /* the mark was confirmed: it counts without a cause */
		g->cause = CAUSE_NONE;
		answer(g);
		return g->until_ms;
	case PHASE_THANKS:
		enter(g, PHASE_BACK);
		return -1;
	default:
		return -1;
	}
}

/* ---- drawing ---- */

static void centred(struct canvas *c, int row, enum role role, const char *text)
{
	int cols = canvas_cols(c), width = glyph_cols(text);

	canvas_put(c, row, width < cols ? (cols - width) / 2 : 0, cols, role, text);
}

static void draw_service(struct rating *g, struct canvas *c, int row)
{
	const struct session *s = app_session(g->base.app);
	struct buf b = {0};

	buf_printf(&b, tr("%s号窗口"), s->window);
	buf_printf(&b, " %s   %s",
		s->who.full_name && *s->who.full_name ? s->who.full_name : s->who.name,
		g->task_name);
	centred(c, row, ROLE_TEXT, buf_str(&b));
	buf_fini(&b);
}

static void draw_marks(struct rating *g, struct canvas *c, int row)
{
	int width = canvas_cols(c) / CHOICES;

	for (int i = 0; i < CHOICES; i++) {
		const char *label = mark_label(i + 1);
		int left = i * width, cols = glyph_cols(label);
		bool chosen = g->mark == i + 1;
		char digit = (char)('1' + i);
		big_text_draw(c, row, left + (width - big_text_char_cols(PIXEL_COLS)) / 2, &digit,
			1, PIXEL_COLS, ROLE_SELECTED);
		if (chosen) /* told by signs too, not by looks alone */
			canvas_put(c, row + 8, left + (width - cols) / 2 - 2, 1, ROLE_STRONG, ">");
		canvas_put(c, row + 8, left + (width - cols) / 2, width,
			chosen ? ROLE_SELECTED : ROLE_STRONG, label);
	}
}

static void draw_choice(struct rating *g, struct canvas *c, int row)
{
	struct buf b = {0};

	if (g->declining)
		buf_adds(&b, tr("您选的是不评价。按回车确定, 或者改按 1 到 5。"));
	else if (g->mark == 0)
		buf_adds(&b, tr("请按一个数字: 1 最满意, 5 最不满意。不想评价按 0。"));
	else
		buf_printf(&b, tr("您选的是 %d %s。按回车确定, 或者改按别的数字。"), g->mark,
			mark_label(g->mark));
	canvas_cursor(c, row, 0);
	centred(c, row, g->mark || g->declining ? ROLE_STRONG : ROLE_TEXT, buf_str(&b));
	centred(c, row + 1, ROLE_TEXT, tr("评不评、怎么评都由您; 您选了什么, 不给窗口人员看。"));
	buf_fini(&b);
}

static void draw_causes(struct rating *g, struct canvas *c, int row)
{
	struct buf b = {0};

	centred(c, row, ROLE_STRONG, tr("哪里让您不满意? 可以不说, 直接按回车。"));
	for (int i = 1; i < COMPLAINT_CAUSE__MAX; i++) {
		buf_clear(&b);
		buf_printf(&b, "%s %d  %s", g->cause == i ? ">" : " ", i,
			complaint_cause_label((enum complaint_cause)i));
		canvas_put(c, row + 1 + i, canvas_cols(c) / 2 - 10, 40,
			g->cause == i ? ROLE_SELECTED : ROLE_TEXT, buf_str(&b));
	}
	centred(c, row + 9, ROLE_TEXT, tr("选好按回车。"));
	buf_fini(&b);
}

static void rating_draw(struct screen *s, struct canvas *c)
{
	struct rating *g = (struct rating *)s;
	int top = (canvas_rows(c) - BLOCK_ROWS) / 2;

	centred(c, top, ROLE_TEXT, app_session(s->app)->hall ? app_session(s->app)->hall : "");
	canvas_cursor(c, top, 0);
	switch (g->phase) {
	case PHASE_TURN:
		centred(c, top + 6, ROLE_STRONG, tr("请把屏幕转向办事人"));
		centred(c, top + 8, ROLE_TEXT, tr("马上开始评价; 现在按键不算。"));
		break;
	case PHASE_MARK:
		centred(c, top + 1, ROLE_STRONG, tr("请您评价这次服务"));
		draw_service(g, c, top + 2);
		draw_marks(g, c, top + 4);
		draw_choice(g, c, top + 14);
		break;
	case PHASE_CAUSE:
		draw_causes(g, c, top + 3);
		break;
	case PHASE_THANKS:
	case PHASE_BACK:
		centred(c, top + 6, ROLE_STRONG, tr(g->bye));
		if (g->phase == PHASE_BACK)
			centred(c, top + 9, ROLE_TEXT, tr("请把屏幕转回窗口, 按 Esc 回到办理。"));
		break;
	}
}

/* ---- keys: the visitor's ---- */

static void mark_key(struct rating *g, const struct key *k)
{
	if (k->code == K_CHAR && k->plain >= '0' && k->plain <= '5') {
		g->mark = (int)(k->plain - '0');
		g->declining = g->mark == 0;
	} else if (k->code == K_ENTER && g->declining)
		end(g, EVALUATION_DECLINED);
	else if (k->code == K_ENTER && mark_is_bad(g->mark))
		enter(g, PHASE_CAUSE);
	else if (k->code == K_ENTER && g->mark > 0)
		answer(g);
}

static void cause_key(struct rating *g, const struct key *k)
{
	if (k->code == K_CHAR && k->plain >= '0' && k->plain < '0' + COMPLAINT_CAUSE__MAX)
		g->cause = (int)(k->plain - '0');
	else if (k->code == K_ENTER)
		answer(g);
}

/* A scanner or a paste is nobody's choice. */
static bool rating_key(struct screen *s, const struct key *k)
{
	struct rating *g = (struct rating *)s;

	if (k->run >= BURST || k->ahead >= BURST || k->burst >= KEY_BURST || k->code == K_PASTE)
		return true;
	if (g->phase == PHASE_MARK)
		mark_key(g, k);
	else if (g->phase == PHASE_CAUSE)
		cause_key(g, k);
	return true;
}

static size_t rating_commands(struct screen *s, enum command *out)
{
	(void)s;
	(void)out;
	return 0;
}

/* Everything that the program would do is kept away; the way back opens when all is over. */
static bool rating_command(struct screen *s, enum command c)
{
	struct rating *g = (struct rating *)s;

	if (g->phase == PHASE_BACK && c == CMD_BACK) {
		app_pop(s->app); /* frees g */
		return true;
	}
	if (c == CMD_REDRAW)
		return false;
	return true;
}

static enum typing rating_typing(struct screen *s)
{
	(void)s;
	return TYPING_TEXT;
}

static void rating_title(struct screen *s, struct buf *out)
{
	(void)s;
	(void)out;
}

/* The program ends: an offer without an answer stays open and is taken up the next time. */
static void rating_close(struct screen *s)
{
	struct rating *g = (struct rating *)s;

	free(g->task_name);
	free(g);
}

static const struct screen_ops rating_ops = {.bare = true,
	.page = CMD_QUIT,
	.draw = rating_draw,
	.title = rating_title,
	.commands = rating_commands,
	.command = rating_command,
	.key = rating_key,
	.typing = rating_typing,
	.tick = rating_tick,
	.close = rating_close};

struct screen *evaluation_screen(struct app *a, const char *any_number)
{
	struct session *s = app_session(a);
	const struct evaluation_offer o = {any_number, s->who.name, s->window};
	struct case_view v = {0};
	struct buf why = {0};
	struct rating *g;
	char id[ID_UUID_SIZE];
	enum err e = evaluation_begin(s->store, &o, id, &why);

	if (e == OK)
		e = case_get(s->store, any_number, &v);
	if (e != OK) {
		app_fail(a, tr("现在不能请评价"), e, &why);
		buf_fini(&why);
		return NULL;
	}
	g = mem_alloc(sizeof(*g));
	g->base = (struct screen){&rating_ops, a};
	memcpy(g->id, id, sizeof(g->id));
	g->task_name = mem_strdup(v.task_name ? v.task_name : "");
	enter(g, PHASE_TURN);
	case_view_fini(&v);
	return &g->base;
}
