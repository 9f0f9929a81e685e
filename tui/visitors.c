#include "tui/visitors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/queue_calls.h"
#include "core/station/queue_feed.h"
#include "core/station/store.h"
#include "tui/app.h"
#include "tui/session.h"
#include "tui/show.h"

struct visitors {
	char *groups, *windows, *file, *calls;
	char window[QUEUE_WINDOW_SIZE];
	struct buf letters; /* of the groups this window serves */
	struct queue_counts counts;
	struct buf trouble;
	char warned[QUEUE_NUMBER_SIZE]; /* pressing again skips this one */
};

struct visitors *visitors_new(const struct app_options *options)
{
	struct visitors *v = mem_alloc(sizeof(*v));

	v->groups = mem_strdup(options->queue_groups);
	v->windows = mem_strdup(options->queue_windows);
	v->file = mem_strdup(options->queue_file);
	v->calls = mem_strdup(options->queue_calls);
	return v;
}

void visitors_free(struct visitors *v)
{
	if (!v)
		return;
	free(v->groups);
	free(v->windows);
	free(v->file);
	free(v->calls);
	buf_fini(&v->letters);
	buf_fini(&v->trouble);
	free(v);
}

void visitors_at(struct visitors *v, const char *window)
{
	snprintf(v->window, sizeof(v->window), "%s", window);
	buf_clear(&v->letters);
	queue_served(v->windows, window, &v->letters);
}

bool visitors_refresh(struct visitors *v, struct store *s)
{
	struct queue_counts now;

	if (queue_counts(s, buf_str(&v->letters), v->window, &now) != OK ||
		memcmp(&now, &v->counts, sizeof(now)) == 0)
		return false;
	v->counts = now;
	return true;
}

bool visitors_read_machine(struct visitors *v, struct store *s)
{
	struct buf trouble = {0}, why = {0};
	struct queue_feed_result r = {.trouble = &trouble};

	if (!v->file)
		return false;
	if (queue_feed_file(s, v->file, &r, &why) != OK)
		buf_adds(&trouble, buf_str(&why));
	if (trouble.len > 0) {
		buf_fini(&v->trouble);
		v->trouble = trouble;
		trouble = (struct buf){0};
	}
	buf_fini(&trouble);
	buf_fini(&why);
	return r.taken > 0;
}

const struct queue_counts *visitors_counts(const struct visitors *v)
{
	return &v->counts;
}

const char *visitors_groups(const struct visitors *v)
{
	return v->groups;
}

const char *visitors_trouble(const struct visitors *v)
{
	return buf_str(&v->trouble);
}

bool visitors_in_use(const struct visitors *v)
{
	return v->counts.taken > 0;
}

void visitors_minutes(struct buf *out, int64_t since_ms, int64_t now_ms)
{
	buf_printf(out, tr("%d分"), now_ms > since_ms ? (int)((now_ms - since_ms) / 60000) : 0);
}

void visitors_status(const struct visitors *v, int64_t now_ms, struct buf *out)
{
	if (!visitors_in_use(v))
		return;
	buf_adds(out, "   ");
	buf_printf(out, tr("等候 %zu 人"), v->counts.waiting);
	if (v->counts.waiting > 0) {
		buf_addc(out, ' ');
		visitors_minutes(out, v->counts.oldest_ms, now_ms);
	}
}

void visitors_words(const struct visitors *v, int64_t now_ms, struct buf *out)
{
	const struct queue_counts *n = &v->counts;

	if (!visitors_in_use(v))
		return;
	if (n->here[0]) {
		buf_printf(out, "%s %s ", n->here, ticket_state_label(n->here_state));
		visitors_minutes(out, n->here_ms, now_ms);
		buf_adds(out, "   ");
	}
	if (n->waiting == 0) {
		buf_adds(out, tr("没有人等候"));
		return;
	}
	buf_printf(out, tr("等候 %zu 人, 下一号 %s 已等 "), n->waiting, n->next);
	visitors_minutes(out, n->next_ms, now_ms);
}

void visitors_announce(const struct visitors *v, const struct ticket *t, int64_t now_ms)
{
	queue_announce(v->calls, t, now_ms);
}

/* ---- acts ---- */

void visitors_turn_words(const struct queue_turn *t, struct buf *out)
{
	if (t->ended[0]) {
		buf_printf(out, "%s %s", t->ended, ticket_state_label(t->ended_as));
		if (t->ended_as == TICKET_DONE)
			buf_printf(out, " (%s)", ticket_outcome_label(t->outcome));
		buf_adds(out, tr("。"));
	}
	if (t->called)
		buf_printf(out, tr("请 %s 到 %s 号窗口。"), t->ticket.number, t->ticket.window);
	else
		buf_adds(out, tr("没有人等候。"));
}

enum err visitors_call(struct session *s, struct queue_turn *turn, struct buf *why)
{
	struct visitors *v = s->visitors;
	const struct queue_caller c = {s->window, s->who.name, buf_str(&v->letters)};
	enum err e = queue_next(s->store, &c, turn, why);

	if (e == OK && turn->called)
		visitors_announce(v, &turn->ticket, clock_wall_ms(s->clock));
	return e;
}

enum err visitors_do(struct session *s, const struct queue_order *o, struct buf *why)
{
	struct ticket t;
	enum err e = queue_act(s->store, o, &t, why);

	if (e == OK) {
		if (o->act == TICKET_CALL || o->act == TICKET_RECALL)
			visitors_announce(s->visitors, &t, clock_wall_ms(s->clock));
		ticket_fini(&t);
	}
	return e;
}

/* The first press only says what the second will do. */
static bool warns(struct app *a, struct visitors *v)
{
	const struct queue_counts *n = &v->counts;

	if (!n->here[0] || n->here_state != TICKET_CALLED || strcmp(v->warned, n->here) == 0)
		return false;
	memcpy(v->warned, n->here, sizeof(v->warned));
	app_say(a, tr("%s 还没有来? 再按一次就过号, 叫下一位。来了: Alt-8 回车。"), n->here);
	return true;
}

void visitors_next(struct app *a)
{
	struct session *s = app_session(a);
	struct visitors *v = s->visitors;
	struct queue_turn turn;
	struct buf why = {0}, said = {0};
	enum err e;

	visitors_refresh(v, s->store);
	if (warns(a, v))
		return;
	v->warned[0] = '\0';
	app_home(a); /* what is typed is saved as a draft of the visitor */
	e = visitors_call(s, &turn, &why);
	app_reread(a);
	if (e != OK) {
		app_fail(a, tr("没有叫号"), e, &why);
	} else {
		visitors_turn_words(&turn, &said);
		app_say(a, "%s", buf_str(&said));
		if (turn.called)
			ticket_fini(&turn.ticket);
	}
	buf_fini(&why);
	buf_fini(&said);
}

bool visitors_act(struct app *a, const struct queue_order *o)
{
	struct buf why = {0};
	enum err e = visitors_do(app_session(a), o, &why);

	if (e != OK)
		app_fail(a, ticket_act_label(o->act), e, &why);
	buf_fini(&why);
	return e == OK;
}

static void act_quietly(struct session *s, const char *number, enum ticket_act act)
{
	const struct queue_order o = {.number = number,
		.act = act,
		.operator_name = s->who.name,
		.window = s->window,
		.outcome = TICKET_OUTCOME__MAX};

	if (queue_act(s->store, &o, NULL, NULL) == OK)
		session_refresh(s);
}

void visitors_are_served(struct session *s)
{
	const struct queue_counts *n = &s->visitors->counts;

	if (n->here[0] && n->here_state == TICKET_CALLED)
		act_quietly(s, n->here, TICKET_START);
}

void visitors_are_back(struct session *s, const char *number)
{
	if (number && !s->visitors->counts.here[0])
		act_quietly(s, number, TICKET_RESUME);
	else
		visitors_are_served(s);
}

void visitors_came(struct app *a)
{
	visitors_are_served(app_session(a));
}

void visitors_back(struct app *a, const char *number)
{
	visitors_are_back(app_session(a), number);
}
