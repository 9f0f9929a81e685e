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

static void act(struct desk *d, const char *number, enum ticket_act which)
{
	struct session *s = d->session;
	const struct queue_order o = {.number = number,
		.act = which,
		.operator_name = s->who.name,
		.window = s->window,
		.outcome = TICKET_OUTCOME__MAX};
	struct buf why = {0};
	enum err e = visitors_do(s, &o, &why);

	session_refresh(s);
	if (e == OK)
		talk_say(d->talk, "%s: %s", number, ticket_act_label(which));
	else
		talk_fail(d->talk, ticket_act_label(which), e, &why);
	buf_fini(&why);
}

/* The acts that its state allows. */
static enum way one_ticket(struct desk *d, const char *number)
{
	struct ticket t;
	struct menu m = {0};
	enum ticket_act acts[TICKET_ACT__MAX];
	enum ticket_state to;
	size_t n = 0;
	long picked;

	if (queue_get(d->session->store, number, &t) != OK)
		return WAY_BACK;
	for (int a = 0; a < TICKET_ACT__MAX; a++)
		if (a != TICKET_TRANSFER && ticket_next(t.state, (enum ticket_act)a, &to, NULL)) {
			menu_add(&m, ticket_act_label((enum ticket_act)a));
			acts[n++] = (enum ticket_act)a;
		}
	ticket_fini(&t);
	picked = menu_ask(d->talk, &m, NULL);
	if (picked > 0)
		act(d, number, acts[picked - 1]);
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
		struct tickets q = {.desk = d, .before = 1};
		struct buf title = {0};
		long picked;
		session_refresh(s);
		visitors_words(s->visitors, desk_now(d), &title);
		q.menu.title = buf_str(&title);
		menu_command(&q.menu, CMD_CALL_NEXT);
		queue_each(s->store, clock_day(desk_now(d)), add_ticket, &q);
		picked = menu_ask(d->talk, &q.menu, NULL);
		if (picked == 1)
			desk_call_next(d);
		else if (picked > 1)
			w = one_ticket(d, q.numbers[picked - 2]);
		else
			w = picked == MENU_BACK ? WAY_HOME : WAY_END;
		free(q.numbers);
		menu_fini(&q.menu);
		buf_fini(&title);
	}
	return w;
}
