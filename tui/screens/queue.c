/* The tickets of today: who waits, who is at which window, who was skipped or has gone aside. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/queue.h"
#include "core/station/store.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/glyph.h"
#include "tui/preview.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/ticket_lines.h"
#include "tui/ticket_rows.h"
#include "tui/visitors.h"
#include "tui/show.h"
#include "tui/widget_list.h"

enum {
	NUMBER_COL = 4,
	GROUP_COL = 12,
	STATE_COL = 34,
	WINDOW_COL = 44,
	TAKEN_COL = 52,
	TIME_COL = 60,
	REMARK_COL = 70,
	LIST_TOP = BODY_TOP + 3
};

struct queue {
	struct screen base;
	struct ticket *tickets;
	size_t count;
	struct list list;
	struct preview preview;
};

static void drop_tickets(struct queue *q)
{
	for (size_t i = 0; i < q->count; i++)
		ticket_fini(&q->tickets[i]);
	q->count = 0;
}

static void keep_ticket(void *arg, const struct ticket *t)
{
	struct queue *q = arg;

	q->tickets = mem_resize(q->tickets, q->count + 1, sizeof(*q->tickets));
	q->tickets[q->count] = *t;
	q->tickets[q->count++].operator_name = mem_strdup(t->operator_name);
}

static struct ticket *selected(const struct queue *q)
{
	return q->count ? &q->tickets[q->list.selected] : NULL;
}

/* The row of a number; the first one when it is not there. */
static void select_number(struct queue *q, const char *number)
{
	for (size_t i = 0; i < q->count; i++)
		if (strcmp(q->tickets[i].number, number) == 0)
			q->list.selected = i;
}

static void queue_refresh(struct screen *s)
{
	struct queue *q = (struct queue *)s;
	struct session *session = app_session(s->app);
	char number[QUEUE_NUMBER_SIZE] = "";

	if (selected(q))
		memcpy(number, selected(q)->number, sizeof(number));
	session_refresh(session);
	drop_tickets(q);
	preview_forget(&q->preview);
	queue_each(session->store, session->day, keep_ticket, q);
	list_resize(&q->list, q->count);
	select_number(q, number[0] ? number : visitors_counts(session->visitors)->here);
}

static void queue_title(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("排队叫号"));
}

static void queue_message(struct screen *s, struct buf *out)
{
	const struct session *session = app_session(s->app);

	if (*visitors_trouble(session->visitors))
		buf_adds(out, visitors_trouble(session->visitors));
	else if (((struct queue *)s)->count == 0)
		buf_adds(out,
			tr("今天还没有号。按 Ctrl-E 给来人发一个; 有取号机的见设置 queue.file。"));
}

/* ---- drawing ---- */

/* In a window that is too narrow for all columns the hour goes and the group is short. */
static bool is_narrow(const struct canvas *c)
{
	return canvas_cols(c) < 80;
}

static int place(const struct canvas *c, int col)
{
	if (!is_narrow(c))
		return col;
	return col >= TIME_COL ? col - 20 : col >= STATE_COL ? col - 12 : col;
}

static void draw_head(struct queue *q, struct canvas *c)
{
	const struct session *session = app_session(q->base.app);
	const struct queue_counts *n = visitors_counts(session->visitors);
	int end = is_narrow(c) ? canvas_cols(c) - 1 : 79, from;
	struct buf b = {0};

	visitors_words(session->visitors, app_wall_ms(q->base.app), &b);
	from = 3 + canvas_put(c, BODY_TOP, 1, end - 1, ROLE_STRONG,
			   b.len ? buf_str(&b) : tr("没有人等候"));
	buf_clear(&b);
	buf_printf(&b, tr("过号暂离 %zu, 今天 %zu 号"), n->aside, n->taken);
	if (glyph_cols(buf_str(&b)) <= end - from)
		canvas_right(c, BODY_TOP, from, end, ROLE_TEXT, buf_str(&b));
	buf_fini(&b);
	canvas_put(c, LIST_TOP - 1, NUMBER_COL, 7, ROLE_LABEL, tr("号码"));
	canvas_put(c, LIST_TOP - 1, GROUP_COL, is_narrow(c) ? 8 : 20, ROLE_LABEL, tr("类别"));
	canvas_put(c, LIST_TOP - 1, place(c, STATE_COL), 9, ROLE_LABEL, trc("column", "现在"));
	canvas_put(c, LIST_TOP - 1, place(c, WINDOW_COL), 7, ROLE_LABEL, tr("窗口"));
	if (!is_narrow(c))
		canvas_put(c, LIST_TOP - 1, TAKEN_COL, 7, ROLE_LABEL, tr("取号"));
	canvas_put(c, LIST_TOP - 1, place(c, TIME_COL), 9, ROLE_LABEL, tr("已有"));
}

static void add_remark(const struct ticket *t, struct buf *out)
{
	if (t->state == TICKET_DONE && t->outcome < TICKET_OUTCOME__MAX)
		buf_adds(out, ticket_outcome_label(t->outcome));
	else if (t->priority)
		buf_adds(out, tr("优先"));
	else if (t->calls > 1)
		buf_printf(out, tr("叫过 %d 次"), t->calls);
}

static void draw_row(struct queue *q, struct canvas *c, int row, size_t i, int cols)
{
	const struct ticket *t = &q->tickets[i];
	const struct session *session = app_session(q->base.app);
	enum role role = ticket_ended(t->state)	       ? ROLE_LABEL
			 : ticket_is_current(t->state) ? ROLE_GOOD
						       : ROLE_TEXT;
	struct buf b = {0};
	char hm[16];

	canvas_pad(c, row, NUMBER_COL, 7, ROLE_STRONG, t->number);
	if (!queue_group_name(visitors_groups(session->visitors), t->letter, &b))
		buf_adds(&b, t->letter);
	canvas_pad(c, row, GROUP_COL, is_narrow(c) ? 9 : 21, ROLE_TEXT, buf_str(&b));
	canvas_pad(
		c, row, place(c, STATE_COL), 9, role, show_alone(&b, ticket_state_label(t->state)));
	canvas_pad(c, row, place(c, WINDOW_COL), 7, ROLE_TEXT,
		t->state == TICKET_WAITING ? t->for_window : t->window);
	if (!is_narrow(c))
		canvas_put(c, row, TAKEN_COL, 7, ROLE_TEXT,
			clock_format(t->taken_ms, "%H:%M", hm, sizeof(hm)));
	buf_clear(&b);
	if (!ticket_ended(t->state))
		visitors_minutes(&b, t->state == TICKET_WAITING ? t->taken_ms : t->since_ms,
			app_wall_ms(q->base.app));
	else if (t->served_ms > 0)
		visitors_minutes(&b, 0, t->served_ms);
	canvas_pad(c, row, place(c, TIME_COL), 9, ROLE_TEXT, buf_str(&b));
	buf_clear(&b);
	add_remark(t, &b);
	canvas_pad(
		c, row, place(c, REMARK_COL), cols - place(c, REMARK_COL), ROLE_TEXT, buf_str(&b));
	list_mark(&q->list, c, i, row, 1,
		b.len ? place(c, REMARK_COL) - 1 + glyph_cols(buf_str(&b))
		      : place(c, REMARK_COL) - 2,
		app_slow(q->base.app), true);
	buf_fini(&b);
}

/* Those of its group that would be called before it. */
static size_t ahead_of(const struct queue *q, size_t row)
{
	size_t n = 0;

	for (size_t i = 0; i < row; i++)
		n += q->tickets[i].state == TICKET_WAITING &&
		     strcmp(q->tickets[i].letter, q->tickets[row].letter) == 0;
	return n;
}

static void fill_preview(void *arg, struct pager *p)
{
	struct queue *q = arg;

	ticket_lines(p, app_session(q->base.app), selected(q), ahead_of(q, q->list.selected),
		app_wall_ms(q->base.app));
}

static void queue_draw_screen(struct screen *s, struct canvas *c)
{
	struct queue *q = (struct queue *)s;
	struct preview_place at = preview_place(c, LIST_TOP);
	char of[PREVIEW_OF_SIZE] = "";

	draw_head(q, c);
	canvas_cursor(c, BODY_TOP, 0);
	list_fit(&q->list, at.list_end - LIST_TOP);
	for (size_t i = q->list.top; i < q->count && i < q->list.top + q->list.rows; i++)
		draw_row(q, c, LIST_TOP + (int)(i - q->list.top), i, at.list_cols);
	if (q->count) /* its waiting grows by the minute */
		snprintf(of, sizeof(of), "%s %lld", selected(q)->number,
			(long long)(app_wall_ms(s->app) / 60000));
	preview_draw(&q->preview, s->app, c, &at, of, fill_preview, q);
}

/* ---- what can be done ---- */

static bool is_mine(const struct queue *q, const struct ticket *t)
{
	return strcmp(t->window, app_session(q->base.app)->window) == 0;
}

static bool can(const struct queue *q, const struct ticket *t, enum ticket_act act)
{
	enum ticket_state to;

	if (ticket_is_current(t->state) && !is_mine(q, t) && act != TICKET_TRANSFER &&
		act != TICKET_CANCEL)
		return false;
	return ticket_next(t->state, act, &to, NULL);
}

/* What Enter does; CMD_NONE: nothing. */
static enum command ordinary(const struct queue *q, const struct ticket *t)
{
	switch (t->state) {
	case TICKET_WAITING:
		return CMD_TICKET_CALL;
	case TICKET_CALLED:
		return is_mine(q, t) ? CMD_TICKET_START : CMD_NONE;
	case TICKET_SERVING:
		return is_mine(q, t) ? CMD_TICKET_FINISH : CMD_NONE;
	case TICKET_SKIPPED:
	case TICKET_PAUSED:
		return CMD_TICKET_RESUME;
	default:
		return CMD_NONE;
	}
}

static bool can_call_back(const struct ticket *t)
{
	return t->state == TICKET_SKIPPED || t->state == TICKET_PAUSED;
}

static size_t queue_commands(struct screen *s, enum command *out)
{
	const struct queue *q = (struct queue *)s;
	const struct ticket *t = selected(q);
	size_t n = 0;

	if (t && ordinary(q, t) != CMD_NONE)
		out[n++] = ordinary(q, t);
	out[n++] = CMD_CALL_NEXT;
	if (t && (can(q, t, TICKET_RECALL) || can_call_back(t)))
		out[n++] = CMD_TICKET_RECALL;
	if (t && (can(q, t, TICKET_SKIP) || can(q, t, TICKET_PAUSE)))
		out[n++] = CMD_TICKET_ASIDE;
	if (t && can(q, t, TICKET_TRANSFER))
		out[n++] = CMD_TICKET_SEND;
	out[n++] = CMD_TICKET_DRAW;
	if (t && can(q, t, TICKET_CANCEL))
		out[n++] = CMD_TICKET_CANCEL;
	return n;
}

/* One act of this window on the selected ticket, and what it is now. */
static void act(struct queue *q, struct queue_order *o)
{
	struct session *s = app_session(q->base.app);
	char number[QUEUE_NUMBER_SIZE];
	struct ticket now;
	struct buf done = {0};

	if (!selected(q))
		return;
	memcpy(number, selected(q)->number, sizeof(number));
	o->number = number;
	o->operator_name = s->who.name;
	o->window = s->window;
	if (!visitors_act(q->base.app, o))
		return;
	queue_refresh(&q->base);
	if (queue_get(s->store, number, &now) == OK) {
		app_say(q->base.app, "%s: %s%s", number,
			show_alone(&done, ticket_act_label(o->act)), tr("。"));
		ticket_fini(&now);
	}
	buf_fini(&done);
}

static void act_plain(struct queue *q, enum ticket_act which)
{
	struct queue_order o = {.act = which, .outcome = TICKET_OUTCOME__MAX};

	act(q, &o);
}

static void finish_as(void *arg, const char *value)
{
	struct queue_order o = {.act = TICKET_FINISH};

	if (ticket_outcome_parse(value, &o.outcome))
		act(arg, &o);
}

/* The outcome that the work shows comes first: Enter twice. */
static void choose_outcome(struct queue *q)
{
	struct pick_row *rows = NULL;
	size_t count = 0;

	ticket_rows_outcomes(
		queue_outcome(app_session(q->base.app)->store, selected(q)), &rows, &count);
	app_push(q->base.app,
		pick_screen(q->base.app, tr("叫号 / 办完, 结果是"), rows, count, finish_as, q));
}

static void send_to(void *arg, const char *value)
{
	struct queue_order o = {.act = TICKET_TRANSFER, .outcome = TICKET_OUTCOME__MAX};

	if (*value == 'g')
		o.to_letter = value + 1;
	else
		o.to_window = value + 1;
	act(arg, &o);
}

static void choose_goal(struct queue *q)
{
	const struct session *s = app_session(q->base.app);
	struct pick_row *rows = NULL;
	size_t count = 0;

	ticket_rows_goals(s->windows, visitors_groups(s->visitors), &rows, &count);
	app_push(q->base.app, pick_screen(q->base.app, tr("叫号 / 转发"), rows, count, send_to, q));
}

static void draw_ticket(void *arg, const char *value)
{
	struct queue *q = arg;
	struct app *a = q->base.app;
	struct session *s = app_session(a);
	struct queue_draw d = {value + 1, *value == 'p', s->who.name};
	struct buf why = {0};
	struct ticket t;
	size_t ahead;
	enum err e = queue_draw(s->store, &d, &t, &ahead, &why);

	if (e == OK) {
		queue_refresh(&q->base);
		app_say(a, tr("发号 %s, 前面还有 %zu 人。请告诉来人号码。"), t.number, ahead);
		ticket_fini(&t);
	} else {
		app_fail(a, tr("没有发号"), e, &why);
	}
	buf_fini(&why);
}

static void choose_group(struct queue *q)
{
	struct pick_row *rows = NULL;
	size_t count = 0;

	ticket_rows_groups(visitors_groups(app_session(q->base.app)->visitors), &rows, &count);
	app_push(q->base.app,
		pick_screen(q->base.app, tr("叫号 / 发号"), rows, count, draw_ticket, q));
}

static void answer_cancel(void *arg, bool yes)
{
	if (yes)
		act_plain(arg, TICKET_CANCEL);
}

static void ask_cancel(struct queue *q)
{
	char question[120];

	snprintf(
		question, sizeof(question), tr("取消 %s? 人已经走了才取消。"), selected(q)->number);
	app_ask(q->base.app, question, answer_cancel, q);
}

static bool command_on(struct queue *q, const struct ticket *t, enum command c)
{
	switch (c) {
	case CMD_TICKET_CALL:
		act_plain(q, TICKET_CALL);
		return true;
	case CMD_TICKET_START:
		act_plain(q, TICKET_START);
		return true;
	case CMD_TICKET_RESUME:
		act_plain(q, TICKET_RESUME);
		return true;
	case CMD_TICKET_FINISH:
		choose_outcome(q);
		return true;
	case CMD_TICKET_RECALL:
		act_plain(q, can_call_back(t) ? TICKET_CALL : TICKET_RECALL);
		return true;
	case CMD_TICKET_ASIDE:
		act_plain(q, t->state == TICKET_CALLED ? TICKET_SKIP : TICKET_PAUSE);
		return true;
	case CMD_TICKET_SEND:
		choose_goal(q);
		return true;
	case CMD_TICKET_CANCEL:
		ask_cancel(q);
		return true;
	default:
		return false;
	}
}

static bool queue_command(struct screen *s, enum command c)
{
	struct queue *q = (struct queue *)s;

	if (c == CMD_TICKET_DRAW) {
		choose_group(q);
		return true;
	}
	return selected(q) && command_on(q, selected(q), c);
}

static bool queue_key(struct screen *s, const struct key *k)
{
	bool picked;

	return list_key(&((struct queue *)s)->list, k, true, &picked);
}

static void queue_close(struct screen *s)
{
	struct queue *q = (struct queue *)s;

	drop_tickets(q);
	free(q->tickets);
	preview_fini(&q->preview);
	free(q);
}

static const struct screen_ops queue_ops = {.page = CMD_GO_TODAY,
	.draw = queue_draw_screen,
	.title = queue_title,
	.message = queue_message,
	.commands = queue_commands,
	.command = queue_command,
	.key = queue_key,
	.refresh = queue_refresh,
	.close = queue_close};

struct screen *queue_screen(struct app *a)
{
	struct queue *q = mem_alloc(sizeof(*q));

	q->base = (struct screen){&queue_ops, a};
	return &q->base;
}
