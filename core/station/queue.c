#include "core/station/queue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/audit.h"
#include "core/station/queue_private.h"
#include "core/station/store.h"

static int32_t today(const struct store *s)
{
	return clock_day(store_now_ms(s));
}

/* at_ms: as it stands in the ticket. */
static enum err note(struct store *s, int64_t at_ms, const char *who, const char *act,
	const char *number, const char *window, const char *more)
{
	char name[40], detail[120];

	snprintf(name, sizeof name, "ticket.%s", act);
	snprintf(detail, sizeof detail, "%s%s%s", window, *window && *more ? " " : "", more);
	return audit_put_at(s, at_ms, who, name, number, detail);
}

/* The write of a commit whose outcome is open shows in the ticket itself. */
static enum err commit(struct store *s, const struct ticket *t)
{
	enum err e = db_commit(store_db(s));
	struct ticket now;

	if (e != ERR_UNSURE)
		return e;
	e = store_reopen(s);
	if (e == OK)
		e = queue_get(s, t->number, &now);
	if (e == OK) {
		e = now.state == t->state && now.since_ms == t->since_ms ? OK : ERR_IO;
		ticket_fini(&now);
	}
	return e;
}

/* ---- drawing ---- */

static int64_t count_of_day(struct store *s, int32_t day)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT count(*) FROM ticket WHERE day = ?1");
	int64_t n;

	db_bind_int(st, 1, day);
	n = db_row(st) ? db_int(st, 0) : 0;
	db_done(st);
	return n;
}

enum err queue_insert(
	struct store *s, const struct ticket *t, const char *operator_name, struct buf *why)
{
	struct stmt *st;
	enum err e;

	if (count_of_day(s, t->day) >= QUEUE_DAY_MAX) {
		buf_why(why, tr("今天已发 %d 个号, 不能再多; 请查看取号机是否出了故障。"),
			(int)QUEUE_DAY_MAX);
		return ERR_STATE;
	}
	st = db_prepare(store_db(s),
		"INSERT INTO ticket (id, day, number, letter, priority, machine, state,"
		" taken_ms, since_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', ?7, ?7)");
	db_bind_text(st, 1, t->id);
	db_bind_int(st, 2, t->day);
	db_bind_text(st, 3, t->number);
	db_bind_text(st, 4, t->letter);
	db_bind_int(st, 5, t->priority);
	db_bind_int(st, 6, t->machine);
	db_bind_int(st, 7, t->taken_ms);
	e = db_run(st);
	return e == OK ? note(s, t->taken_ms, operator_name, "take", t->number, "",
				 t->machine ? "machine" : "hand")
		       : e;
}

static int64_t last_of_group(struct store *s, int32_t day, const char *letter)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT max(CAST(substr(number, length(letter) + 1) AS INTEGER)) FROM ticket"
		" WHERE day = ?1 AND letter = ?2");
	int64_t n;

	db_bind_int(st, 1, day);
	db_bind_text(st, 2, letter);
	n = db_row(st) ? db_int(st, 0) : 0;
	db_done(st);
	return n;
}

static size_t waiting_of_group(struct store *s, int32_t day, const char *letter)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT count(*) FROM ticket WHERE day = ?1 AND letter = ?2 AND state = 'waiting'");
	size_t n;

	db_bind_int(st, 1, day);
	db_bind_text(st, 2, letter);
	n = db_row(st) ? (size_t)db_int(st, 0) : 0;
	db_done(st);
	return n;
}

static bool is_letter(const char *s)
{
	size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	return n >= 1 && n <= 3 && s[n] == '\0';
}

static enum err draw(struct store *s, const struct queue_draw *d, struct ticket *t, size_t *ahead,
	struct buf *why)
{
	int64_t now = store_now_ms(s);

	t->day = clock_day(now);
	t->taken_ms = t->since_ms = now;
	t->priority = d->priority;
	snprintf(t->letter, sizeof t->letter, "%s", d->letter);
	snprintf(t->number, sizeof t->number, "%s%03lld", d->letter,
		(long long)(last_of_group(s, t->day, d->letter) + 1) % 10000000);
	id_uuid(store_entropy(s), now, t->id);
	*ahead = waiting_of_group(s, t->day, d->letter);
	return queue_insert(s, t, d->operator_name, why);
}

enum err queue_draw(struct store *s, const struct queue_draw *d, struct ticket *out, size_t *ahead,
	struct buf *why)
{
	struct ticket t = {.outcome = TICKET_OUTCOME__MAX};
	size_t before = 0;
	enum err e;

	if (!is_letter(d->letter)) {
		buf_why(why, tr("没有 %s 这一类; 类别在设置 queue.groups 里。"), d->letter);
		return ERR_INVALID;
	}
	e = db_begin(store_db(s));
	if (e != OK)
		return e;
	e = draw(s, d, &t, &before, why);
	if (e == OK)
		e = commit(s, &t);
	else
		db_rollback(store_db(s));
	if (e == OK) {
		if (ahead != NULL)
			*ahead = before;
		t.operator_name = mem_strdup("");
		*out = t;
	}
	return e;
}

/* ---- acts ---- */

static bool needs_window(enum ticket_act a)
{
	return a == TICKET_CALL || a == TICKET_START || a == TICKET_RESUME;
}

/* The guide desk may send on and cancel; the rest is of the window where the visitor is. */
static bool is_elsewhere(const struct ticket *t, const struct queue_order *o)
{
	return ticket_is_current(t->state) && strcmp(t->window, o->window) != 0 &&
	       o->act != TICKET_TRANSFER && o->act != TICKET_CANCEL;
}

static enum err check_place(
	struct store *s, const struct ticket *t, const struct queue_order *o, struct buf *why)
{
	struct ticket other;

	if (needs_window(o->act) && o->window[0] == '\0') {
		buf_why(why, tr("%s要说明在哪个窗口 (--window)。"), ticket_act_label(o->act));
		return ERR_INVALID;
	}
	if (is_elsewhere(t, o)) {
		buf_why(why, tr("%s 在 %s 号窗口, 这里不能%s。"), t->number, t->window,
			ticket_act_label(o->act));
		return ERR_STATE;
	}
	if (!needs_window(o->act) || ticket_is_current(t->state) ||
		queue_current(s, o->window, &other) != OK)
		return OK;
	buf_why(why, tr("本窗口还有 %s (%s), 请先办完、过号或暂离。"), other.number,
		ticket_state_label(other.state));
	ticket_fini(&other);
	return ERR_STATE;
}

/* What the act changes beside the state. */
static void apply(struct ticket *t, const struct queue_order *o, enum ticket_state to, int64_t now)
{
	if (t->state == TICKET_SERVING && now > t->since_ms)
		t->served_ms += now - t->since_ms;
	if (o->act == TICKET_CALL || o->act == TICKET_RECALL) {
		t->calls++;
		if (t->called_ms == 0)
			t->called_ms = now;
	}
	if (to == TICKET_SERVING && t->started_ms == 0)
		t->started_ms = now;
	if (ticket_ended(to))
		t->finished_ms = now;
	if (needs_window(o->act))
		snprintf(t->window, sizeof t->window, "%s", o->window);
	if (o->act == TICKET_TRANSFER) {
		snprintf(t->for_window, sizeof t->for_window, "%s",
			o->to_window != NULL ? o->to_window : "");
		if (o->to_letter != NULL)
			snprintf(t->letter, sizeof t->letter, "%s", o->to_letter);
	}
	t->state = to;
	t->since_ms = now;
}

static enum err update(struct store *s, const struct ticket *t, const char *operator_name)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE ticket SET letter = ?2, for_window = ?3, state = ?4, window = ?5,"
		" operator_name = ?6, outcome = ?7, calls = ?8, called_ms = ?9, started_ms = ?10,"
		" served_ms = ?11, finished_ms = ?12, since_ms = ?13 WHERE id = ?1");

	db_bind_text(st, 1, t->id);
	db_bind_text(st, 2, t->letter);
	db_bind_text(st, 3, t->for_window);
	db_bind_text(st, 4, ticket_state_name(t->state));
	db_bind_text(st, 5, t->window);
	db_bind_text(st, 6, operator_name);
	db_bind_text(
		st, 7, t->outcome < TICKET_OUTCOME__MAX ? ticket_outcome_name(t->outcome) : NULL);
	db_bind_int(st, 8, t->calls);
	db_bind_int(st, 9, t->called_ms);
	db_bind_int(st, 10, t->started_ms);
	db_bind_int(st, 11, t->served_ms);
	db_bind_int(st, 12, t->finished_ms);
	db_bind_int(st, 13, t->since_ms);
	return db_run(st);
}

static enum err note_act(struct store *s, const struct ticket *t, const struct queue_order *o)
{
	char goal[80] = "";

	if (o->act == TICKET_FINISH)
		snprintf(goal, sizeof goal, "%s", ticket_outcome_name(t->outcome));
	else if (o->act == TICKET_TRANSFER)
		snprintf(goal, sizeof goal, "-> %s%s%s", t->letter, *t->for_window ? " " : "",
			t->for_window);
	return note(s, t->since_ms, o->operator_name, ticket_act_name(o->act), t->number, o->window,
		goal);
}

/* One step of a ticket inside the transaction. */
static enum err step(
	struct store *s, struct ticket *t, const struct queue_order *o, struct buf *why)
{
	const char *reason = "";
	enum ticket_state to;
	enum err e;

	if (!ticket_next(t->state, o->act, &to, &reason)) {
		buf_why(why, tr("%s 现在是“%s”, 不能%s: %s。"), t->number,
			ticket_state_label(t->state), ticket_act_label(o->act), reason);
		return ERR_STATE;
	}
	e = check_place(s, t, o, why);
	if (e != OK)
		return e;
	if (o->act == TICKET_FINISH)
		t->outcome = o->outcome < TICKET_OUTCOME__MAX ? o->outcome : queue_outcome(s, t);
	apply(t, o, to, store_now_ms(s));
	e = update(s, t, o->operator_name);
	return e == OK ? note_act(s, t, o) : e;
}

static enum err check_goal(const struct queue_order *o, struct buf *why)
{
	if (o->act != TICKET_TRANSFER || o->to_letter == NULL || is_letter(o->to_letter))
		return OK;
	buf_why(why, tr("没有 %s 这一类; 类别在设置 queue.groups 里。"), o->to_letter);
	return ERR_INVALID;
}

enum err queue_act(
	struct store *s, const struct queue_order *o, struct ticket *out, struct buf *why)
{
	struct ticket t = {0};
	enum err e = check_goal(o, why);

	if (e == OK)
		e = db_begin(store_db(s));
	if (e != OK)
		return e;
	e = queue_get(s, o->number, &t);
	if (e == ERR_NOT_FOUND)
		buf_why(why, tr("今天没有 %s 这个号。"), o->number);
	if (e == OK)
		e = step(s, &t, o, why);
	if (e == OK)
		e = commit(s, &t);
	else
		db_rollback(store_db(s));
	if (e == OK && out != NULL)
		*out = t;
	else
		ticket_fini(&t);
	return e;
}

/* ---- the next one ---- */

static enum err end_current(
	struct store *s, const struct queue_caller *c, struct queue_turn *turn, struct buf *why)
{
	struct queue_order o = {.operator_name = c->operator_name,
		.window = c->window,
		.outcome = TICKET_OUTCOME__MAX};
	struct ticket t;
	enum err e = queue_current(s, c->window, &t);

	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e;
	o.act = t.state == TICKET_CALLED     ? TICKET_SKIP
		: queue_is_unfinished(s, &t) ? TICKET_PAUSE
					     : TICKET_FINISH;
	e = step(s, &t, &o, why);
	memcpy(turn->ended, t.number, sizeof turn->ended);
	turn->ended_as = t.state;
	turn->outcome = t.outcome;
	turn->ticket = t; /* settles the commit when nobody is called */
	return e;
}

static enum err call_first(
	struct store *s, const struct queue_caller *c, struct queue_turn *turn, struct buf *why)
{
	struct queue_order o = {
		.act = TICKET_CALL, .operator_name = c->operator_name, .window = c->window};
	struct stmt *st = db_prepare(
		store_db(s), "SELECT " QUEUE_COLUMNS QUEUE_WAITING QUEUE_ORDER " LIMIT 1");
	struct ticket t;
	bool found;
	enum err e;

	db_bind_int(st, 1, today(s));
	db_bind_text(st, 2, c->letters);
	db_bind_text(st, 3, c->window);
	found = db_row(st);
	if (found)
		queue_take_row(st, &t);
	e = db_done(st);
	if (!found)
		return e;
	if (e == OK)
		e = step(s, &t, &o, why);
	ticket_fini(&turn->ticket);
	turn->ticket = t;
	turn->called = true;
	return e;
}

enum err queue_next(
	struct store *s, const struct queue_caller *c, struct queue_turn *out, struct buf *why)
{
	struct queue_turn turn = {.outcome = TICKET_OUTCOME__MAX};
	enum err e;

	if (c->window[0] == '\0') {
		buf_why(why, tr("%s要说明在哪个窗口 (--window)。"), ticket_act_label(TICKET_CALL));
		return ERR_INVALID;
	}
	e = db_begin(store_db(s));
	if (e != OK)
		return e;
	e = end_current(s, c, &turn, why);
	if (e == OK)
		e = call_first(s, c, &turn, why);
	if (e == OK)
		e = turn.ticket.id[0] != '\0' ? commit(s, &turn.ticket) : db_commit(store_db(s));
	else
		db_rollback(store_db(s));
	if (e != OK || !turn.called)
		ticket_fini(&turn.ticket);
	if (e == OK)
		*out = turn;
	return e;
}
