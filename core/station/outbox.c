#include "core/station/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/audit.h"
#include "core/station/cases.h"
#include "core/station/store.h"

void letter_fini(struct letter *l)
{
	free(l->kind);
	free(l->path);
	free(l->body);
	free(l->reason);
	free(l->problem);
	free(l->receipt);
	free(l->local_receipt);
	free(l->project_no);
	free(l->task_name);
	free(l->applyer_name);
	*l = (struct letter){0};
}

const char *letter_state_name(enum letter_state s)
{
	static const char *const names[LETTER_STATE__MAX] = {"waiting", "held", "delivered"};

	return names[s];
}

const char *letter_state_text(const struct letter *l)
{
	switch (l->state) {
	case LETTER_WAITING:
		return tr("待发");
	case LETTER_HELD:
		return l->hold == HOLD_REFUSED ? tr("退回") : tr("待处理");
	default:
		return tr("已收妥");
	}
}

enum err outbox_counts(struct store *s, struct outbox_counts *out)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT state, count(*), min(created_ms), min(next_ms) FROM letter GROUP BY state");
	struct outbox_counts c = {0};
	enum err e;

	while (db_row(st)) {
		size_t n = (size_t)db_int(st, 1);
		switch (db_int(st, 0)) {
		case LETTER_WAITING:
			c.waiting = n;
			c.oldest_waiting_ms = db_int(st, 2);
			c.next_ms = db_int(st, 3);
			break;
		case LETTER_HELD:
			c.held = n;
			break;
		default:
			c.delivered = n;
		}
	}
	e = db_done(st);
	if (e == OK)
		*out = c;
	return e;
}

#define COLUMNS \
	"l.id, l.case_id, l.seq, l.kind, l.path, l.state, l.hold, l.reason, l.problem, l.receipt," \
	" l.tries, l.created_ms, l.next_ms, l.last_ms, l.delivered_ms, c.local_receipt," \
	" c.project_no, c.task_name, c.applyer_name, "
#define FROM " FROM letter l JOIN case_ c ON c.id = l.case_id "

static void take(struct stmt *st, struct letter *l)
{
	const void *body;
	size_t len;

	*l = (struct letter){0};
	strncat(l->id, db_text(st, 0), sizeof l->id - 1);
	strncat(l->case_id, db_text(st, 1), sizeof l->case_id - 1);
	l->seq = db_int(st, 2);
	l->kind = mem_strdup(db_text(st, 3));
	l->path = mem_strdup(db_text(st, 4));
	l->state = (enum letter_state)db_int(st, 5);
	l->hold = (enum hold_reason)db_int(st, 6);
	l->reason = mem_strdup(db_text(st, 7));
	l->problem = mem_strdup(db_text(st, 8));
	l->receipt = mem_strdup(db_text(st, 9));
	l->tries = (int)db_int(st, 10);
	l->created_ms = db_int(st, 11);
	l->next_ms = db_int(st, 12);
	l->last_ms = db_int(st, 13);
	l->delivered_ms = db_int(st, 14);
	l->local_receipt = mem_strdup(db_text(st, 15));
	l->project_no = mem_strdup(db_text(st, 16));
	l->task_name = mem_strdup(db_text(st, 17));
	l->applyer_name = mem_strdup(db_text(st, 18));
	body = db_blob(st, 19, &len);
	if (body != NULL) {
		l->body = mem_strndup(body, len);
		l->body_len = len;
	}
}

void outbox_each(struct store *s, enum letter_state state,
	void (*each)(void *arg, const struct letter *l), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT " COLUMNS "NULL" FROM "WHERE ?1 = 3 OR l.state = ?1 ORDER BY l.seq DESC");
	struct letter *all = NULL;
	size_t count = 0, i;

	db_bind_int(st, 1, state);
	while (db_row(st)) {
		all = mem_resize(all, count + 1, sizeof *all);
		take(st, &all[count++]);
	}
	db_done(st);
	for (i = 0; i < count; i++) {
		each(arg, &all[i]);
		letter_fini(&all[i]);
	}
	free(all);
}

enum err outbox_get(struct store *s, const char *any_number, struct letter *out)
{
	struct stmt *st =
		db_prepare(store_db(s), "SELECT " COLUMNS "l.body" FROM
					"WHERE l.id = ?1 OR l.case_id = ?1 OR c.local_receipt = ?1"
					" OR c.project_no = ?1 ORDER BY l.seq DESC LIMIT 1");
	bool found;
	enum err e;

	db_bind_text(st, 1, any_number);
	found = db_row(st);
	if (found)
		take(st, out);
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

/* Runs an UPDATE of one undelivered letter with its audit row. */
static enum err act(struct store *s, struct stmt *st, const char *id, const char *who,
	const char *name, const char *detail)
{
	struct db *db = store_db(s);
	enum err e = db_run(st);

	if (e == OK && db_changes(db) == 0)
		e = ERR_STATE;
	if (e == OK)
		e = audit_put(s, who, name, id, detail);
	if (e == OK)
		return db_commit(db);
	db_rollback(db);
	return e;
}

enum err outbox_retry(struct store *s, const char *id, const char *operator_name)
{
	enum err e = db_begin(store_db(s));
	struct stmt *st;

	if (e != OK)
		return e;
	st = db_prepare(store_db(s), "UPDATE letter SET state = 0, hold = 0, next_ms = 0"
				     " WHERE id = ?1 AND state <> 2");
	db_bind_text(st, 1, id);
	return act(s, st, id, operator_name, "letter.retry", "");
}

enum err outbox_hold(struct store *s, const char *id, const char *operator_name, const char *reason)
{
	enum err e = db_begin(store_db(s));
	struct stmt *st;

	if (e != OK)
		return e;
	st = db_prepare(store_db(s), "UPDATE letter SET state = 1, hold = 2, reason = ?2"
				     " WHERE id = ?1 AND state <> 2");
	db_bind_text(st, 1, id);
	db_bind_text(st, 2, reason);
	return act(s, st, id, operator_name, "letter.hold", reason);
}

static bool contains(const char *const *list, size_t count, const char *id)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(list[i], id) == 0)
			return true;
	return false;
}

/*
 * A letter may go when no earlier one of its case is undelivered. A next try further away than the
 * longest pause we ever set comes from a clock that was wrong then: it is due now.
 */
#define MAY_GO \
	"l.state = 0 AND NOT EXISTS (SELECT 1 FROM letter e WHERE e.case_id = l.case_id" \
	" AND e.seq < l.seq AND e.state <> 2)"

static size_t collect(struct stmt *st, const char *const *busy_cases, size_t busy_count,
	struct letter *out, size_t limit)
{
	size_t count = 0;

	while (count < limit && db_row(st)) {
		if (contains(busy_cases, busy_count, db_text(st, 1)))
			continue;
		take(st, &out[count++]);
	}
	db_done(st);
	return count;
}

size_t outbox_due(struct store *s, int64_t now_ms, const char *const *busy_cases, size_t busy_count,
	struct letter *out, size_t limit)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT " COLUMNS "l.body" FROM "WHERE " MAY_GO
		" AND (l.next_ms <= ?1 OR l.next_ms > ?1 + 3600000) ORDER BY l.seq LIMIT ?2");

	db_bind_int(st, 1, now_ms);
	db_bind_int(st, 2, (int64_t)(limit + busy_count));
	return collect(st, busy_cases, busy_count, out, limit);
}

size_t outbox_sweep(struct store *s, int64_t after, int64_t until, const char *const *busy_cases,
	size_t busy_count, struct letter *out, size_t limit)
{
	struct stmt *st =
		db_prepare(store_db(s), "SELECT " COLUMNS "l.body" FROM "WHERE " MAY_GO
					" AND l.seq > ?1 AND l.seq <= ?2 ORDER BY l.seq LIMIT ?3");

	db_bind_int(st, 1, after);
	db_bind_int(st, 2, until);
	db_bind_int(st, 3, (int64_t)(limit + busy_count));
	return collect(st, busy_cases, busy_count, out, limit);
}

int64_t outbox_newest(struct store *s)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT max(seq) FROM letter");
	int64_t seq = db_row(st) ? db_int(st, 0) : 0;

	db_done(st);
	return seq;
}

int64_t outbox_next_ms(struct store *s, int64_t now_ms)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT min(CASE WHEN l.next_ms > ?1 + 3600000 THEN ?1 ELSE max(l.next_ms, ?1) END)"
		" FROM letter l WHERE " MAY_GO);
	int64_t next = INT64_MAX;

	db_bind_int(st, 1, now_ms);
	if (db_row(st) && !db_is_null(st, 0))
		next = db_int(st, 0);
	db_done(st);
	return next;
}

static enum err settle_letter(struct store *s, const struct outbox_outcome *o)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE letter SET state = ?2, hold = ?3, reason = ?4, problem = ?5, receipt = ?6,"
		" next_ms = ?7, tries = tries + 1, last_ms = ?8, delivered_ms = ?9"
		" WHERE id = ?1 AND state <> 2");
	int64_t now = store_now_ms(s);

	db_bind_text(st, 1, o->id);
	db_bind_int(st, 2, o->state);
	db_bind_int(st, 3, o->hold);
	db_bind_text(st, 4, o->reason);
	db_bind_text(st, 5, o->problem);
	db_bind_text(st, 6, o->receipt);
	db_bind_int(st, 7, o->next_ms);
	db_bind_int(st, 8, now);
	db_bind_int(st, 9, o->state == LETTER_DELIVERED ? now : 0);
	return db_run(st);
}

static enum err settle_case(struct store *s, const struct outbox_outcome *o)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE case_ SET project_no = coalesce(?2, project_no),"
		" query_password = coalesce(?3, query_password), updated_ms = ?4"
		" WHERE id = (SELECT case_id FROM letter WHERE id = ?1)");
	json *receipt = NULL;
	enum err e;

	if (o->receipt != NULL && json_parse(&receipt, o->receipt, strlen(o->receipt), NULL) != OK)
		return ERR_INVALID; /* the deliverer has read it before: a mistake of ours */
	db_bind_text(st, 1, o->id);
	db_bind_text(st, 2, json_get_str(receipt, "project_no"));
	db_bind_text(st, 3, json_get_str(receipt, "query_password"));
	db_bind_int(st, 4, store_now_ms(s));
	e = db_run(st);
	json_free(receipt);
	return e;
}

static enum err note_event(struct store *s, const struct outbox_outcome *o)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT case_id FROM letter WHERE id = ?1");
	char case_id[ID_UUID_SIZE] = "";
	enum err e;

	db_bind_text(st, 1, o->id);
	if (db_row(st))
		strncat(case_id, db_text(st, 0), sizeof case_id - 1);
	e = db_done(st);
	if (e != OK || case_id[0] == '\0')
		return e;
	return case_add_event(
		s, case_id, "", o->state == LETTER_DELIVERED ? "delivered" : "refused");
}

static enum err settle_one(struct store *s, const struct outbox_outcome *o)
{
	enum err e = settle_letter(s, o);

	if (e != OK || db_changes(store_db(s)) == 0 || o->state == LETTER_WAITING)
		return e;
	e = note_event(s, o);
	if (e == OK && o->state == LETTER_DELIVERED)
		e = settle_case(s, o);
	if (e == OK)
		e = audit_put(s, "",
			o->state == LETTER_DELIVERED ? "letter.delivered" : "letter.held", o->id,
			"");
	return e;
}

enum err outbox_settle(struct store *s, const struct outbox_outcome *outcomes, size_t count)
{
	enum err e = db_begin(store_db(s));
	size_t i;

	if (e != OK)
		return e;
	for (i = 0; e == OK && i < count; i++)
		e = settle_one(s, &outcomes[i]);
	if (e == OK)
		return db_commit(store_db(s));
	db_rollback(store_db(s));
	return e;
}
