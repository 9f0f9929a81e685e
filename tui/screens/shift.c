/* The end of a shift: what is still open is named, handed over or kept parked; then the next one
 * signs in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/station/act_begun.h"
#include "core/station/draft.h"
#include "core/station/handover.h"
#include "core/station/shift.h"
#include "core/station/summary.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/flow.h"
#include "tui/hand.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/widget_list.h"

struct row {
	char id[ID_UUID_SIZE];
	char *what, *who, *now;
	bool on_its_way, parked;
};

struct shift_page {
	struct screen base;
	struct row *rows;
	size_t count;
	struct list list;
	struct hand hand;
	struct buf did; /* in figures */
};

static void drop_rows(struct shift_page *g)
{
	for (size_t i = 0; i < g->count; i++) {
		free(g->rows[i].what);
		free(g->rows[i].who);
		free(g->rows[i].now);
	}
	g->count = 0;
}

/* Where it is on its way to, if it is; `kept` says what becomes of it otherwise. */
static void add_row(struct shift_page *g, const char *id, const char *what, const char *who,
	const struct buf *kept)
{
	struct session *s = app_session(g->base.app);
	struct handover h = {.case_id = ""};
	struct buf now = {0};
	struct row *r;

	g->rows = mem_resize(g->rows, g->count + 1, sizeof(*g->rows));
	r = &g->rows[g->count++];
	*r = (struct row){.what = mem_strdup(what), .who = mem_strdup(who)};
	strncat(r->id, id, sizeof(r->id) - 1);
	if (handover_find(s->store, id, &h) == OK) {
		r->on_its_way = true;
		buf_adds(&now, tr("已交 "));
		handover_to(&h, &now);
		if (*h.note)
			buf_printf(&now, ": %s", h.note);
		handover_fini(&h);
	} else {
		buf_adds(&now, buf_str(kept));
	}
	r->now = buf_take(&now);
}

static void add_draft(void *arg, const struct draft *d)
{
	struct shift_page *g = arg;
	struct buf kept = {0};

	buf_adds(&kept, d->parked_note ? tr("留着, 暂存") : tr("留着, 交班时暂存"));
	if (d->parked_note && *d->parked_note)
		buf_printf(&kept, ": %s", d->parked_note);
	add_row(g, d->id, d->task_name, d->applyer_name, &kept);
	g->rows[g->count - 1].parked = d->parked_note != NULL;
	buf_fini(&kept);
}

/* An act begun on a case: with the case goes what was typed. */
static void add_begun(void *arg, const struct act_begun *b)
{
	struct shift_page *g = arg;
	struct buf kept = {0};

	buf_printf(&kept, tr("留着, %s 没填完"), case_act_label(b->act));
	add_row(g, b->case_id, b->task_name, b->applyer_name, &kept);
	g->rows[g->count - 1].parked = true; /* nothing is to be done for it */
	buf_fini(&kept);
}

/* What this operator did here today. */
static void count_work(struct shift_page *g)
{
	struct session *s = app_session(g->base.app);
	int32_t today = clock_day(app_wall_ms(g->base.app));
	int64_t since = shift_since(s->store, s->who.name, s->window);
	struct summary sum = {0};
	char hm[16];

	buf_clear(&g->did);
	if (since > 0)
		buf_printf(
			&g->did, tr("%s 上岗"), clock_format(since, "%m-%d %H:%M", hm, sizeof(hm)));
	if (summary_make(&sum, s->store, today, today + 1, s->late_minutes) != OK)
		return;
	for (size_t i = 0; i < sum.counts[SUMMARY_OPERATOR]; i++) {
		const struct summary_line *l = &sum.lines[SUMMARY_OPERATOR][i];
		if (strcmp(l->key, s->who.name) != 0 || strcmp(l->name, s->window) != 0)
			continue;
		buf_printf(&g->did, tr("   今天收件 %lld, 受理 %lld, 补正 %lld, 不予受理 %lld"),
			(long long)l->figures[FIGURE_SUBMITTED],
			(long long)l->figures[FIGURE_ACCEPTED],
			(long long)l->figures[FIGURE_CORRECTION],
			(long long)l->figures[FIGURE_REFUSED]);
	}
	summary_fini(&sum);
}

static void shift_refresh(struct screen *s)
{
	struct shift_page *g = (struct shift_page *)s;
	struct session *session = app_session(s->app);

	drop_rows(g);
	draft_each(session->store, session->who.name, add_draft, g);
	act_begun_each(session->store, session->who.name, NULL, add_begun, g);
	list_resize(&g->list, g->count);
	count_work(g);
}

static void shift_title(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("交接班"));
}

static void shift_message(struct screen *s, struct buf *out)
{
	const struct shift_page *g = (struct shift_page *)s;

	if (g->count == 0)
		buf_adds(out, tr("没有没办完的。Ctrl-G 交班, 换人登录。"));
	else
		buf_adds(out, tr("要接着办的按回车交给别人; 其余的暂存着, 下次登录接着办。"));
}

static void draw_row(struct shift_page *g, struct canvas *c, int row, size_t i)
{
	const struct row *r = &g->rows[i];
	struct buf who = {0};

	show_name(&who, r->who ? r->who : "", !app_session(g->base.app)->unmasked);
	canvas_pad(c, row, 4, 28, ROLE_TEXT, r->what ? r->what : "");
	canvas_pad(c, row, 34, 8, ROLE_TEXT, buf_str(&who));
	canvas_pad(c, row, 44, canvas_cols(c) - 45, r->on_its_way ? ROLE_GOOD : ROLE_TEXT, r->now);
	list_mark(&g->list, c, i, row, 1, 31, app_slow(g->base.app), true);
	buf_fini(&who);
}

static void shift_draw(struct screen *s, struct canvas *c)
{
	struct shift_page *g = (struct shift_page *)s;
	struct session *session = app_session(s->app);
	int row = BODY_TOP, bottom = screen_bottom(c);
	struct buf b = {0};

	canvas_cursor(c, row, 0);
	buf_printf(&b, "%s  ",
		session->who.full_name && *session->who.full_name ? session->who.full_name
								  : session->who.name);
	buf_printf(&b, tr("%s号窗口"), session->window);
	canvas_put(c, row++, 1, 78, ROLE_STRONG, buf_str(&b));
	canvas_put(c, row++, 1, 78, ROLE_TEXT, buf_str(&g->did));
	buf_clear(&b);
	if (session->letters.waiting + session->letters.held > 0)
		buf_printf(&b, tr("本机还有待发 %zu 件, 退回 %zu 件; 不用交, 换人后照样报送。"),
			session->letters.waiting, session->letters.held);
	canvas_put(c, row++, 1, 78, ROLE_TEXT, buf_str(&b));
	row++;
	canvas_put(c, row, 1, 40, ROLE_STRONG, tr("没办完的"));
	buf_clear(&b);
	buf_printf(&b, tr("%zu 件"), g->count);
	canvas_right(c, row++, 41, 79, ROLE_TEXT, buf_str(&b));
	list_fit(&g->list, bottom - row);
	for (size_t i = g->list.top; i < g->count && i < g->list.top + g->list.rows; i++)
		draw_row(g, c, row++, i);
	buf_fini(&b);
}

static size_t shift_commands(struct screen *s, enum command *out)
{
	const struct shift_page *g = (struct shift_page *)s;
	size_t n = 0;

	if (g->count > 0) {
		out[n++] = CMD_HAND_THIS;
		out[n++] = CMD_MOVE;
	}
	out[n++] = CMD_SIGN_OFF;
	return n;
}

/* What was neither parked nor handed over stays, parked, with a word about when. */
static enum err park_the_rest(struct shift_page *g, size_t *handed)
{
	struct session *s = app_session(g->base.app);
	enum err e = OK;

	for (size_t i = 0; i < g->count && e == OK; i++) {
		*handed += g->rows[i].on_its_way;
		if (!g->rows[i].parked && !g->rows[i].on_its_way)
			e = draft_park(s->store, g->rows[i].id, tr("交班时留下"));
	}
	return e;
}

static void sign_off(struct shift_page *g)
{
	struct app *a = g->base.app;
	struct session *s = app_session(a);
	struct shift_open_items left = {
		.drafts = g->count, .letters = s->letters.waiting + s->letters.held};
	char window[32];
	enum err e = park_the_rest(g, &left.handed);

	left.drafts -= left.handed;
	if (e == OK)
		e = shift_end(s->store, s->who.name, s->window, SHIFT_SIGNED_OFF, &left);
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

	if (c == CMD_HAND_THIS && g->count > 0) {
		hand_over(&g->hand, s->app, g->rows[g->list.selected].id);
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
		hand_over(&g->hand, s->app, g->rows[g->list.selected].id);
	return used;
}

static void shift_close(struct screen *s)
{
	struct shift_page *g = (struct shift_page *)s;

	drop_rows(g);
	free(g->rows);
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
