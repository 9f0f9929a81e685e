#include "core/station/handover.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/station/act_begun.h"
#include "core/station/audit.h"
#include "core/station/cases.h"
#include "core/station/draft.h"
#include "core/station/draft_lock.h"
#include "core/station/operator.h"
#include "core/station/store.h"

/* ---- what is handed over ---- */

struct thing {
	char id[ID_UUID_SIZE];
	char *state, *keeper, *window;
	bool opens; /* as a form */
	int64_t updated_ms;
};

static void thing_fini(struct thing *t)
{
	free(t->state);
	free(t->keeper);
	free(t->window);
}

static enum err find_thing(struct store *s, const char *number, struct thing *t, struct buf *why)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT id, state, coalesce(keeper, operator_name), coalesce(keeper_window, window),"
		" revising, updated_ms FROM case_ WHERE state NOT IN ('carried', '" CASE_BUNDLE "')"
		" AND (id = ?1 OR local_receipt = ?1 OR project_no = ?1)");
	bool found;
	enum err e;

	db_bind_text(st, 1, number);
	found = db_row(st);
	if (found) {
		strncat(t->id, db_text(st, 0), sizeof t->id - 1);
		t->state = mem_strdup(db_text(st, 1));
		t->keeper = mem_strdup(db_text(st, 2));
		t->window = mem_strdup(db_text(st, 3));
		t->opens = db_int(st, 4) != 0 || strcmp(t->state, "draft") == 0;
		t->updated_ms = db_int(st, 5);
	}
	e = db_done(st);
	if (e == OK && !found) {
		buf_why(why, tr("本机没有 %s 这一件"), number);
		return ERR_NOT_FOUND;
	}
	return e;
}

/* ---- giving ---- */

static enum err check_receiver(
	struct store *s, const struct handover_order *o, const struct thing *t, struct buf *why)
{
	struct operator to = {0};
	enum err e;

	if (o->to_operator == NULL && o->to_window == NULL) {
		buf_why(why, "%s", tr("交给谁? 请写工号或窗口。"));
		return ERR_INVALID;
	}
	if (o->to_operator == NULL) {
		if (strcmp(o->to_window, t->window) != 0)
			return OK;
		buf_why(why, tr("这一件就在 %s 号窗口, 不用交。"), t->window);
		return ERR_INVALID;
	}
	if (strcmp(o->to_operator, t->keeper) == 0) {
		buf_why(why, tr("这一件就在 %s 手里, 不用交。"), t->keeper);
		return ERR_INVALID;
	}
	e = operator_get(s, o->to_operator, &to);
	if (e == ERR_NOT_FOUND)
		buf_why(why, tr("没有工号 %s"), o->to_operator);
	else if (e == OK && to.locked) {
		buf_why(why, tr("工号 %s 已停用, 请交给别人"), o->to_operator);
		e = ERR_INVALID;
	}
	operator_fini(&to);
	return e;
}

static enum err check_thing(struct store *s, const struct thing *t, struct buf *why)
{
	enum case_state state;

	if (t->opens && draft_lock_held(s, t->id)) {
		buf_why(why, tr("%s 正在 %s 号窗口填这一件, 现在不能交; 请他先暂存或返回。"),
			t->keeper, t->window);
		return ERR_BUSY;
	}
	if (!t->opens && case_state_parse(t->state, &state) && case_state_ended(state)) {
		buf_why(why, tr("这一件已经“%s”, 没有要接着办的。"), case_state_label_of(t->state));
		return ERR_STATE;
	}
	return OK;
}

/* Whatever is on its way stops being so; taken_by NULL: nobody got it. */
static enum err end_open(struct store *s, const char *case_id, const char *taken_by, int64_t now)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE handover SET ended_ms = ?2, taken_by = ?3 WHERE case_id = ?1 AND ended_ms = 0");

	db_bind_text(st, 1, case_id);
	db_bind_int(st, 2, now);
	db_bind_text(st, 3, taken_by);
	return db_run(st);
}

static enum err insert_open(
	struct store *s, const struct handover_order *o, const char *case_id, int64_t now)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO handover (case_id, from_operator, from_window, to_operator, to_window,"
		" note, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, o->operator_name);
	db_bind_text(st, 3, o->window);
	db_bind_text(st, 4, o->to_operator);
	db_bind_text(st, 5, o->to_window);
	db_bind_text(st, 6, o->note);
	db_bind_int(st, 7, now);
	return db_run(st);
}

static enum err audit_step(struct store *s, const char *who, const char *act, const char *case_id,
	const char *window, const struct handover_order *to)
{
	struct buf detail = {0};
	enum err e;

	audit_word(&detail, "window", window);
	if (to != NULL) {
		audit_word(&detail, "to", to->to_operator);
		audit_word(&detail, "to-window", to->to_window);
	}
	e = audit_put(s, who, act, case_id, buf_str(&detail));
	buf_fini(&detail);
	return e;
}

static enum err give_rows(struct store *s, const struct handover_order *o, const struct thing *t)
{
	struct handover named = {
		.to_operator = mem_strdup(o->to_operator), .to_window = mem_strdup(o->to_window)};
	int64_t now = store_now_ms(s);
	struct buf to = {0};
	enum err e = end_open(s, t->id, NULL, now);

	handover_to(&named, &to);
	if (e == OK)
		e = insert_open(s, o, t->id, now);
	if (e == OK)
		e = case_add_event(s, t->id, o->operator_name, "handed", buf_str(&to));
	if (e == OK)
		e = audit_step(s, o->operator_name, "hand.give", t->id, o->window, o);
	buf_fini(&to);
	handover_fini(&named);
	return e;
}

enum err handover_give(struct store *s, const struct handover_order *o, struct buf *why)
{
	struct thing t = {.id = ""};
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	e = find_thing(s, o->number, &t, why);
	if (e == OK)
		e = check_thing(s, &t, why);
	if (e == OK)
		e = check_receiver(s, o, &t, why);
	if (e == OK)
		e = give_rows(s, o, &t);
	thing_fini(&t);
	return db_finish(store_db(s), e);
}

enum err handover_withdraw(
	struct store *s, const char *number, const char *operator_name, struct buf *why)
{
	struct thing t = {.id = ""};
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	e = find_thing(s, number, &t, why);
	if (e == OK)
		e = end_open(s, t.id, NULL, store_now_ms(s));
	if (e == OK && db_changes(store_db(s)) == 0) {
		buf_why(why, "%s", tr("这一件没有交给别人。"));
		e = ERR_STATE;
	}
	if (e == OK)
		e = audit_step(s, operator_name, "hand.withdraw", t.id, NULL, NULL);
	thing_fini(&t);
	return db_finish(store_db(s), e);
}

/* ---- taking ---- */

/* Whether this operator at this window may have it; *pending: it is on its way to somebody. */
static enum err check_taker(struct store *s, const struct thing *t, const char *who,
	const char *window, bool *pending, struct buf *why)
{
	struct handover h = {0};
	struct buf to = {0};
	enum err e = handover_find(s, t->id, &h);
	bool mine;

	*pending = e == OK;
	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e;
	mine = strcmp(h.from_operator, who) == 0 || strcmp(t->keeper, who) == 0 ||
	       (h.to_operator != NULL ? strcmp(h.to_operator, who) == 0
				      : strcmp(h.to_window, window) == 0);
	if (!mine) {
		handover_to(&h, &to);
		buf_why(why, tr("这一件已交给 %s, 等那边来接。"), buf_str(&to));
		e = ERR_DENIED;
	}
	buf_fini(&to);
	handover_fini(&h);
	return e;
}

/* It is theirs: a draft altogether, a case as far as who works on it. */
static enum err become_keeper(
	struct store *s, const struct thing *t, const char *who, const char *window)
{
	struct stmt *st = db_prepare(store_db(s),
		strcmp(t->state, "draft") == 0
			? "UPDATE case_ SET operator_name = ?2, window = ?3 WHERE id = ?1"
			: "UPDATE case_ SET keeper = ?2, keeper_window = ?3 WHERE id = ?1");

	db_bind_text(st, 1, t->id);
	db_bind_text(st, 2, who);
	db_bind_text(st, 3, window);
	return db_run(st);
}

static enum err take_rows(
	struct store *s, const struct thing *t, const char *who, const char *window, bool pending)
{
	bool other = strcmp(t->keeper, who) != 0;
	enum err e = become_keeper(s, t, who, window);

	if (e == OK)
		e = act_begun_take(s, t->id, who, window);
	if (e == OK && pending)
		e = end_open(s, t->id, other ? who : NULL, store_now_ms(s));
	if (e == OK && other)
		e = case_add_event(s, t->id, who, "taken-over", NULL);
	if (e == OK && (pending || other))
		e = audit_step(s, who, other ? "hand.take" : "hand.withdraw", t->id, window, NULL);
	return e;
}

enum err handover_take(struct store *s, const char *number, const char *operator_name,
	const char *window, struct buf *why)
{
	struct thing t = {.id = ""};
	bool pending = false;
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	e = find_thing(s, number, &t, why);
	if (e == OK)
		e = check_taker(s, &t, operator_name, window, &pending, why);
	if (e == OK && !pending) {
		buf_why(why, "%s", tr("这一件没有交给别人。"));
		e = ERR_STATE;
	}
	if (e == OK)
		e = take_rows(s, &t, operator_name, window, pending);
	thing_fini(&t);
	return db_finish(store_db(s), e);
}

/* How long it lay, and that it lies no more. */
static enum err wake(struct store *s, const struct thing *t, int64_t now)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE case_ SET parked_note = NULL, updated_ms = ?3,"
		" away_ms = away_ms + iif(state = 'draft', ?2, 0) WHERE id = ?1");

	db_bind_text(st, 1, t->id);
	db_bind_int(st, 2, now > t->updated_ms ? now - t->updated_ms : 0);
	db_bind_int(st, 3, now);
	return db_run(st);
}

static enum err audit_open(
	struct store *s, const struct thing *t, const char *who, const char *window, int64_t now)
{
	struct buf detail = {0};
	enum err e;

	audit_word(&detail, "window", window);
	audit_word_int(&detail, "since", t->updated_ms);
	e = audit_put_at(s, now, who, "draft.open", t->id, buf_str(&detail));
	buf_fini(&detail);
	return e;
}

enum err draft_open(struct store *s, const char *id, const char *operator_name, const char *window,
	struct buf *why)
{
	struct thing t = {.id = ""};
	int64_t now = store_now_ms(s);
	bool pending = false;
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	e = find_thing(s, id, &t, why);
	if (e == OK && !t.opens)
		e = ERR_STATE;
	if (e == OK)
		e = check_taker(s, &t, operator_name, window, &pending, why);
	if (e == OK)
		e = take_rows(s, &t, operator_name, window, pending);
	if (e == OK)
		e = wake(s, &t, now);
	if (e == OK)
		e = audit_open(s, &t, operator_name, window, now);
	thing_fini(&t);
	return db_finish(store_db(s), e);
}
