/* The queue: who is here, who waits; calling, and what becomes of a ticket. */
#include "tui/plain/desk.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/queue.h"
#include "core/station/store.h"
#include "tui/pick_rows.h"
#include "tui/ticket_rows.h"
#include "tui/visitors.h"

/* Ends who is here; one who was called and has not come is skipped only when that is said. */
void desk_call_next(struct desk *d)
{
	struct session *s = d->session;
	const struct queue_counts *n = visitors_counts(s->visitors);
	struct queue_turn turn;
	struct buf why = {0}, said = {0};
	enum err e;

	if (n->here[0] && n->here_state == TICKET_CALLED) {
		buf_printf(&said, tr("%s 还没有来, 过号叫下一位?"), n->here);
		if (!menu_yes(d->talk, buf_str(&said)))
			goto out;
		buf_clear(&said);
	}
	e = visitors_call(s, &turn, &why);
	session_refresh(s);
	if (e != OK) {
		talk_fail(d->talk, tr("没有叫号"), e, &why);
		goto out;
	}
	visitors_turn_words(&turn, &said);
	talk_say(d->talk, "%s", buf_str(&said));
	if (turn.called)
		ticket_fini(&turn.ticket);
out:
	buf_fini(&why);
	buf_fini(&said);
}

/* ---- one ticket ---- */

static void act(struct desk *d, const char *number, struct queue_order *o)
{
	struct session *s = d->session;
	struct buf why = {0};
	enum err e;

	o->number = number;
	o->operator_name = s->who.name;
	o->window = s->window;
	e = visitors_do(s, o, &why);
	session_refresh(s);
	if (e == OK)
		talk_say(d->talk, "%s: %s", number, ticket_act_label(o->act));
	else
		talk_fail(d->talk, ticket_act_label(o->act), e, &why);
	buf_fini(&why);
}

/* One of the rows; NULL: none. Takes them over; free() what comes back. */
static char *pick_value(struct desk *d, const char *title, struct pick_row *rows, size_t count)
{
	struct menu m = {.title = title};
	struct buf text = {0};
	char *value = NULL;
	long picked;

	for (size_t i = 0; i < count; i++) {
		buf_clear(&text);
		buf_printf(&text, "%s%s%s", rows[i].from, *rows[i].shown ? " " : "", rows[i].shown);
		menu_add(&m, buf_str(&text));
	}
	picked = count > 0 ? menu_ask(d->talk, &m, NULL) : MENU_BACK;
	if (picked > 0)
		value = mem_strdup(rows[picked - 1].value);
	pick_free(rows, count);
	menu_fini(&m);
	buf_fini(&text);
	return value;
}

/* The outcome that the work shows comes first. */
static void finish(struct desk *d, const struct ticket *t)
{
	struct queue_order o = {.act = TICKET_FINISH};
	struct pick_row *rows = NULL;
	size_t count = 0;
	char *value;

	ticket_rows_outcomes(queue_outcome(d->session->store, t), &rows, &count);
	value = pick_value(d, tr("办完, 结果是"), rows, count);
	if (value && ticket_outcome_parse(value, &o.outcome))
		act(d, t->number, &o);
	free(value);
}

static void transfer(struct desk *d, const char *number)
{
	struct queue_order o = {.act = TICKET_TRANSFER, .outcome = TICKET_OUTCOME__MAX};
	struct pick_row *rows = NULL;
	size_t count = 0;
	char *value;

	ticket_rows_goals(
		d->session->windows, visitors_groups(d->session->visitors), &rows, &count);
	value = pick_value(d, tr("转到哪里"), rows, count);
	if (value && *value == 'g')
		o.to_letter = value + 1;
	else if (value)
		o.to_window = value + 1;
	if (value)
		act(d, number, &o);
	free(value);
}

/* A number for somebody who has come, told to him. */
static void draw_ticket(struct desk *d)
{
	struct session *s = d->session;
	struct pick_row *rows = NULL;
	struct buf why = {0};
	size_t count = 0, ahead;
	struct ticket t;
	char *value;
	enum err e;

	ticket_rows_groups(visitors_groups(s->visitors), &rows, &count);
	value = pick_value(d, tr("发哪一类的号"), rows, count);
	if (!value)
		return;
	e = queue_draw(s->store, &(struct queue_draw){value + 1, *value == 'p', s->who.name}, &t,
		&ahead, &why);
	session_refresh(s);
	if (e == OK) {
		talk_say(
			d->talk, tr("发号 %s, 前面还有 %zu 人。请告诉来人号码。"), t.number, ahead);
		ticket_fini(&t);
	} else {
		talk_fail(d->talk, tr("没有发号"), e, &why);
	}
	free(value);
	buf_fini(&why);
}

static void do_act(struct desk *d, const struct ticket *t, enum ticket_act which)
{
	struct queue_order o = {.act = which, .outcome = TICKET_OUTCOME__MAX};

	if (which == TICKET_FINISH)
		finish(d, t);
	else if (which == TICKET_TRANSFER)
		transfer(d, t->number);
	else
		act(d, t->number, &o);
}

/* The acts that its state allows. */
static enum way one_ticket(struct desk *d, const char *number)
{
	struct ticket t;
	struct menu m = {.title = number};
	enum ticket_act acts[TICKET_ACT__MAX];
	enum ticket_state to;
	size_t n = 0;
	long picked;

	if (queue_get(d->session->store, number, &t) != OK)
		return WAY_BACK;
	for (int a = 0; a < TICKET_ACT__MAX; a++)
		if (ticket_next(t.state, (enum ticket_act)a, &to, NULL)) {
			menu_add(&m, ticket_act_label((enum ticket_act)a));
			acts[n++] = (enum ticket_act)a;
		}
	picked = menu_ask(d->talk, &m, NULL);
	if (picked > 0)
		do_act(d, &t, acts[picked - 1]);
	ticket_fini(&t);
	menu_fini(&m);
	return picked == MENU_END ? WAY_END : WAY_BACK;
}

/* ---- all ---- */

struct tickets {
	struct desk *desk;
	struct menu menu;
	char (*numbers)[QUEUE_NUMBER_SIZE];
	size_t before; /* items of the menu that are no tickets */
};

static void add_ticket(void *arg, const struct ticket *t)
{
	struct tickets *q = arg;
	size_t n = q->menu.count - q->before;
	struct buf text = {0};

	if (ticket_ended(t->state))
		return;
	q->numbers = mem_resize(q->numbers, n + 1, sizeof(*q->numbers));
	memcpy(q->numbers[n], t->number, sizeof(q->numbers[n]));
	buf_printf(&text, "%s, %s", t->number, ticket_state_label(t->state));
	if (t->window[0]) {
		buf_adds(&text, ", ");
		buf_printf(&text, tr("%s号窗口"), t->window);
	}
	buf_adds(&text, ", ");
	visitors_minutes(&text, t->taken_ms, desk_now(q->desk));
	menu_add(&q->menu, buf_str(&text));
	buf_fini(&text);
}

enum way desk_queue(struct desk *d)
{
	enum way w = WAY_BACK;

	while (w == WAY_BACK) {
		struct session *s = d->session;
		struct tickets q = {.desk = d, .before = 2};
		struct buf title = {0};
		long picked;
		session_refresh(s);
		visitors_words(s->visitors, desk_now(d), &title);
		q.menu.title = title.len ? buf_str(&title) : tr("没有人等候");
		menu_command(&q.menu, CMD_CALL_NEXT);
		menu_command(&q.menu, CMD_TICKET_DRAW);
		queue_each(s->store, clock_day(desk_now(d)), add_ticket, &q);
		picked = menu_ask(d->talk, &q.menu, NULL);
		if (picked == 1)
			desk_call_next(d);
		else if (picked == 2)
			draw_ticket(d);
		else if (picked > 2)
			w = one_ticket(d, q.numbers[picked - 3]);
		else
			w = picked == MENU_BACK ? WAY_HOME : WAY_END;
		free(q.numbers);
		menu_fini(&q.menu);
		buf_fini(&title);
	}
	return w;
}
