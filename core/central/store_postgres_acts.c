/* Events that the centre writes itself: steps of the back office, notices, a new catalogue. */
#include "core/central/store_postgres.h"

#include <string.h>

#include "core/base/json.h"
#include "core/base/log.h"

/* The person who decided, as the facts name them. */
static void bind_who(struct pg_stmt *st, int i, const char *facts, struct buf *held)
{
	json *root = NULL;
	const char *who = NULL;

	if (facts != NULL && json_parse(&root, facts, strlen(facts), NULL) == OK)
		who = json_get_str(root, "handle_user_name");
	if (who != NULL)
		buf_adds(held, who);
	pg_bind_text(st, i, who != NULL ? buf_str(held) : NULL);
	json_free(root);
}

void postgres_act_put(struct postgres_store *s, const struct postgres_act *act, int64_t seq)
{
	struct pg_stmt *st = pg_prepare(s->pg,
		"INSERT INTO event (seq, at_ms, kind, project_no, prev, state, owner, note, who,"
		" body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
	struct buf who = {0};

	pg_bind_int(st, 1, seq);
	pg_bind_int(st, 2, act->at_ms);
	pg_bind_text(st, 3, act->kind);
	pg_bind_text(st, 4, act->project_no);
	pg_bind_int_or_null(st, 5, act->prev, act->prev == 0);
	pg_bind_text(st, 6, act->state);
	pg_bind_int_or_null(st, 7, act->owner, act->project_no == NULL);
	pg_bind_text(st, 8, act->note);
	bind_who(st, 9, act->facts, &who);
	pg_bind_blob(st, 10, act->facts, act->facts != NULL ? strlen(act->facts) : 0);
	pg_send(st);
	buf_fini(&who);
	pg_notify(s->pg, NEWS_EVENTS);
}

static bool equal(const char *a, const char *b)
{
	return a != NULL && b != NULL ? strcmp(a, b) == 0 : a == b;
}

/* What stands under the number that we had is our act or somebody else's. */
static enum err look_up(struct postgres_store *s, const struct postgres_act *act, int64_t seq)
{
	struct pg_stmt *st;
	bool ours = false;
	enum err e = pg_ready(s->pg, POSTGRES_PATIENCE_MS);

	if (e != OK)
		return ERR_UNSURE;
	st = pg_prepare(s->pg, "SELECT at_ms, kind, project_no, note FROM event WHERE seq = $1");
	pg_bind_int(st, 1, seq);
	if (pg_row(st))
		ours = pg_int(st, 0) == act->at_ms && equal(pg_text(st, 1), act->kind) &&
		       equal(pg_text(st, 2), act->project_no) && equal(pg_text(st, 3), act->note);
	e = pg_done(st);
	log_warn("store", "event %lld: its commit was cut, and it %s", (long long)seq,
		ours ? "is there" : "is not there");
	return e != OK ? ERR_UNSURE : ours ? OK : ERR_BUSY;
}

enum err postgres_act_commit(struct postgres_store *s, const struct postgres_act *act, int64_t seq)
{
	enum err e = pg_commit(s->pg);

	return e == ERR_UNSURE ? look_up(s, act, seq) : e;
}

/* ---- a step ---- */

/* Reads the case and judges; *act is then what is to be written. */
static enum err judge(
	struct postgres_store *s, const struct case_advance *a, struct postgres_act *act)
{
	struct pg_stmt *st = pg_prepare(s->pg,
		"SELECT state, last_seq, station FROM case_ WHERE project_no = $1 FOR UPDATE");
	bool found;
	enum err e;

	pg_bind_text(st, 1, a->project_no);
	found = pg_row(st);
	if (found) {
		act->state = a->judge(a->arg, pg_text(st, 0));
		act->prev = pg_int(st, 1);
		act->owner = pg_int(st, 2);
	}
	e = pg_done(st);
	if (e != OK)
		return e;
	if (!found)
		return ERR_NOT_FOUND;
	if (a->before_seq != 0 && a->before_seq != act->prev)
		return ERR_EXISTS;
	return act->state != NULL ? OK : ERR_STATE;
}

static void move_case(struct postgres_store *s, const struct postgres_act *act, int64_t seq)
{
	struct pg_stmt *st =
		pg_prepare(s->pg, "UPDATE case_ SET state = $2, updated_ms = $3, last_seq = $4"
				  " WHERE project_no = $1");

	pg_bind_text(st, 1, act->project_no);
	pg_bind_text(st, 2, act->state);
	pg_bind_int(st, 3, act->at_ms);
	pg_bind_int(st, 4, seq);
	pg_send(st);
}

enum err postgres_advance(
	struct central_store *store, const struct case_advance *a, const char **state)
{
	struct postgres_store *s = postgres_store_of(store);
	struct postgres_act act = {.at_ms = a->now_ms,
		.kind = a->kind != NULL ? a->kind : "advance",
		.project_no = a->project_no,
		.note = a->note,
		.facts = a->facts};
	int64_t seq = 0;
	enum err e;

	pg_begin(s->pg);
	postgres_lock(s->pg);
	e = judge(s, a, &act);
	if (e == OK)
		e = postgres_next_seq(s->pg, &seq);
	if (e != OK) {
		pg_rollback(s->pg);
		return e;
	}
	postgres_act_put(s, &act, seq);
	move_case(s, &act, seq);
	e = postgres_act_commit(s, &act, seq);
	if (e == OK)
		*state = act.state;
	return e;
}

enum err postgres_notice(struct central_store *store, const char *text, int64_t now_ms)
{
	struct postgres_store *s = postgres_store_of(store);
	const struct postgres_act act = {.at_ms = now_ms, .kind = "notice", .note = text};
	int64_t seq = 0;
	enum err e;

	pg_begin(s->pg);
	postgres_lock(s->pg);
	e = postgres_next_seq(s->pg, &seq);
	if (e != OK) {
		pg_rollback(s->pg);
		return e;
	}
	postgres_act_put(s, &act, seq);
	return postgres_act_commit(s, &act, seq);
}
