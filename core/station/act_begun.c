#include "core/station/act_begun.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/id.h"
#include "core/base/mem.h"
#include "core/station/acts.h"
#include "core/station/acts_private.h"
#include "core/station/audit.h"
#include "core/station/store.h"

/* The state of a case; NULL: there is no such case. Free it. */
static char *state_of(struct store *s, const char *case_id)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT state FROM case_ WHERE id = ?1");
	char *state = NULL;

	db_bind_text(st, 1, case_id);
	if (db_row(st))
		state = mem_strdup(db_text(st, 0));
	db_done(st);
	return state;
}

static bool is_possible(struct store *s, const char *case_id, const char *state, enum case_act act)
{
	enum case_act open[CASE_ACT__MAX];
	size_t n = acts_open_for(s, case_id, state, open), i;

	for (i = 0; i < n; i++)
		if (open[i] == act)
			return true;
	return false;
}

/* ---- saving ---- */

static enum err log_words(struct store *s, const char *what, const struct act_begun *by)
{
	struct buf detail = {0};
	enum err e;

	audit_word(&detail, "window", by->window);
	audit_word(&detail, "act", case_act_name(by->act));
	e = audit_put(s, by->operator_name, what, by->case_id, buf_str(&detail));
	buf_fini(&detail);
	return e;
}

/* The row of the act; born with the first answer. */
static enum err touch(struct store *s, const struct act_begun *by)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE act_begun SET operator_name = ?3, window = ?4, touched_ms = ?5, place = ?6"
		" WHERE case_id = ?1 AND act = ?2");
	int round;
	enum err e = OK;

	for (round = 0; round < 2; round++) {
		db_bind_text(st, 1, by->case_id);
		db_bind_text(st, 2, case_act_name(by->act));
		db_bind_text(st, 3, by->operator_name);
		db_bind_text(st, 4, by->window);
		db_bind_int(st, 5, store_now_ms(s));
		db_bind_text(st, 6, by->place != NULL ? by->place : "");
		e = db_run(st);
		if (e != OK || round > 0 || db_changes(store_db(s)) > 0)
			return e;
		e = log_words(s, "act.begin", by);
		if (e != OK)
			return e;
		st = db_prepare(store_db(s),
			"INSERT INTO act_begun (case_id, act, operator_name, window, begun_ms,"
			" touched_ms, place) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)");
	}
	return e;
}

static enum err put_answer(
	struct store *s, const char *case_id, enum case_act act, const struct act_answer *a)
{
	struct stmt *st = db_prepare(store_db(s),
		a->value != NULL
			? "INSERT INTO act_answer (case_id, act, place, value) VALUES (?1, ?2, ?3, ?4)"
			  " ON CONFLICT DO UPDATE SET value = excluded.value"
			: "DELETE FROM act_answer WHERE case_id = ?1 AND act = ?2 AND place = ?3");

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, case_act_name(act));
	db_bind_text(st, 3, a->place);
	if (a->value != NULL)
		db_bind_text(st, 4, a->value);
	return db_run(st);
}

static enum err put_reason(
	struct store *s, const char *case_id, enum case_act act, const struct act_reason *r)
{
	struct stmt *st = db_prepare(store_db(s),
		r->reason != NULL
			? "INSERT OR REPLACE INTO act_reason (case_id, act, place, reason, told)"
			  " VALUES (?1, ?2, ?3, ?4, ?5)"
			: "DELETE FROM act_reason WHERE case_id = ?1 AND act = ?2 AND place = ?3");

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, case_act_name(act));
	db_bind_text(st, 3, r->place);
	if (r->reason != NULL) {
		db_bind_text(st, 4, r->reason);
		db_bind_text(st, 5, r->told);
	}
	return db_run(st);
}

/* All is as the form proposes it: nothing is begun. */
static enum err end_when_empty(struct store *s, const struct act_begun *by)
{
	struct stmt *st = db_prepare(store_db(s),
		"DELETE FROM act_begun WHERE case_id = ?1 AND act = ?2 AND NOT EXISTS"
		" (SELECT 1 FROM act_answer a WHERE a.case_id = ?1 AND a.act = ?2) AND NOT EXISTS"
		" (SELECT 1 FROM act_reason r WHERE r.case_id = ?1 AND r.act = ?2)");

	db_bind_text(st, 1, by->case_id);
	db_bind_text(st, 2, case_act_name(by->act));
	return db_run(st);
}

enum err act_begun_save(struct store *s, const struct act_begun *by, const struct act_typed *typed)
{
	char *state;
	size_t i;
	enum err e;

	if (typed->answer_count + typed->reason_count == 0)
		return OK;
	e = db_begin(store_db(s));
	if (e != OK)
		return e;
	state = state_of(s, by->case_id);
	if (state == NULL || !is_possible(s, by->case_id, state, by->act))
		e = ERR_STATE;
	free(state);
	if (e == OK)
		e = touch(s, by);
	for (i = 0; e == OK && i < typed->answer_count; i++)
		e = put_answer(s, by->case_id, by->act, &typed->answers[i]);
	for (i = 0; e == OK && i < typed->reason_count; i++)
		e = put_reason(s, by->case_id, by->act, &typed->reasons[i]);
	if (e == OK)
		e = end_when_empty(s, by);
	return db_finish(store_db(s), e);
}

enum err act_begun_move(struct store *s, const char *case_id, enum case_act act, const char *place)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE act_begun SET place = ?3 WHERE case_id = ?1 AND act = ?2 AND place <> ?3");

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, case_act_name(act));
	db_bind_text(st, 3, place);
	return db_run(st);
}

/* ---- reading ---- */

struct kept {
	char *case_id, *act, *operator_name, *window, *place, *task_name, *applyer_name;
	int64_t begun_ms, touched_ms;
};

static void take(struct stmt *st, struct kept *k)
{
	*k = (struct kept){mem_strdup(db_text(st, 0)), mem_strdup(db_text(st, 1)),
		mem_strdup(db_text(st, 2)), mem_strdup(db_text(st, 3)), mem_strdup(db_text(st, 4)),
		mem_strdup(db_text(st, 5)), mem_strdup(db_text(st, 6)), db_int(st, 7),
		db_int(st, 8)};
}

static void hand_out(
	const struct kept *k, void (*each)(void *arg, const struct act_begun *b), void *arg)
{
	enum case_act act;

	if (case_act_parse(k->act, &act))
		each(arg,
			&(struct act_begun){k->case_id, k->task_name, k->applyer_name, act,
				k->operator_name, k->window, k->begun_ms, k->touched_ms, k->place});
}

void act_begun_each(struct store *s, const char *operator_name, const char *case_id,
	void (*each)(void *arg, const struct act_begun *b), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT b.case_id, b.act, b.operator_name, b.window, b.place,"
		" coalesce(c.task_name, ''), coalesce(c.applyer_name, ''), b.begun_ms, b.touched_ms"
		" FROM act_begun b JOIN case_ c ON c.id = b.case_id"
		" WHERE (?1 IS NULL OR b.operator_name = ?1)"
		" AND (?2 IS NULL OR b.case_id = ?2) ORDER BY b.touched_ms DESC, b.act");
	struct kept *all = NULL;
	size_t count = 0, i;

	db_bind_text(st, 1, operator_name);
	db_bind_text(st, 2, case_id);
	while (db_row(st)) {
		all = mem_resize(all, count + 1, sizeof *all);
		take(st, &all[count++]);
	}
	db_done(st);
	for (i = 0; i < count; i++) {
		struct kept *k = &all[i];
		hand_out(k, each, arg);
		free(k->case_id);
		free(k->act);
		free(k->operator_name);
		free(k->window);
		free(k->place);
		free(k->task_name);
		free(k->applyer_name);
	}
	free(all);
}

void act_begun_each_answer(struct store *s, const char *case_id, enum case_act act,
	void (*each)(void *arg, const char *place, const char *value), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT place, value FROM act_answer WHERE case_id = ?1 AND act = ?2"
		" ORDER BY place");

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, case_act_name(act));
	while (db_row(st))
		each(arg, db_text(st, 0), db_text(st, 1));
	db_done(st);
}

void act_begun_each_reason(struct store *s, const char *case_id, enum case_act act,
	void (*each)(void *arg, const struct act_reason *r), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT place, reason, told FROM act_reason WHERE case_id = ?1 AND act = ?2"
		" ORDER BY place");

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, case_act_name(act));
	while (db_row(st))
		each(arg, &(struct act_reason){db_text(st, 0), db_text(st, 1), db_text(st, 2)});
	db_done(st);
}

/* ---- another person ---- */

enum err act_begun_take(
	struct store *s, const char *case_id, const char *operator_name, const char *window)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE act_begun SET operator_name = ?2, window = ?3 WHERE case_id = ?1");

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, operator_name);
	db_bind_text(st, 3, window);
	return db_run(st);
}

/* ---- the end of it ---- */

enum err act_begun_end(struct store *s, const char *case_id, enum case_act act)
{
	struct stmt *st =
		db_prepare(store_db(s), "DELETE FROM act_begun WHERE case_id = ?1 AND act = ?2");

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, case_act_name(act));
	return db_run(st);
}

struct ending {
	struct store *store;
	const char *state;
	enum err result;
};

static void end_impossible(void *arg, const struct act_begun *b)
{
	struct ending *g = arg;

	if (g->result == OK && !is_possible(g->store, b->case_id, g->state, b->act))
		g->result = act_begun_end(g->store, b->case_id, b->act);
}

enum err act_begun_prune(struct store *s, const char *case_id)
{
	char *state = state_of(s, case_id);
	struct ending g = {s, state, OK};

	if (state != NULL)
		act_begun_each(s, NULL, case_id, end_impossible, &g);
	free(state);
	return g.result;
}

enum err act_begun_drop(
	struct store *s, const char *case_id, enum case_act act, const char *operator_name)
{
	const struct act_begun by = {
		.case_id = case_id, .act = act, .operator_name = operator_name};
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	e = act_begun_end(s, case_id, act);
	if (e == OK && db_changes(store_db(s)) == 0)
		e = ERR_NOT_FOUND;
	if (e == OK)
		e = log_words(s, "act.drop", &by);
	return db_finish(store_db(s), e);
}
