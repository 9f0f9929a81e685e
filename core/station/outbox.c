#include "core/station/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/audit.h"
#include "core/station/outbox_private.h"
#include "core/station/refusal.h"
#include "core/station/store.h"

void letter_fini(struct letter *l)
{
	free(l->kind);
	free(l->path);
	free(l->body);
	free(l->reason);
	free(l->problem);
	free(l->receipt);
	free(l->origin);
	free(l->local_receipt);
	free(l->project_no);
	free(l->task_code);
	free(l->task_name);
	free(l->applyer_name);
	*l = (struct letter){0};
}

static const char *const state_names[LETTER_STATE__MAX] = {
	"waiting", "held", "delivered", "replaced"};

const char *letter_state_name(enum letter_state s)
{
	return state_names[s];
}

bool letter_state_parse(const char *name, enum letter_state *out)
{
	int i;

	for (i = 0; i < LETTER_STATE__MAX; i++) {
		if (strcmp(state_names[i], name) != 0)
			continue;
		*out = (enum letter_state)i;
		return true;
	}
	return false;
}

const char *letter_state_text(const struct letter *l)
{
	switch (l->state) {
	case LETTER_WAITING:
		return tr("待发");
	case LETTER_HELD:
		return l->hold == HOLD_REFUSED ? tr("退回")
		       : l->hold == HOLD_KEPT  ? tr("暂缓")
					       : tr("待处理");
	case LETTER_REPLACED:
		return l->hold == HOLD_REFUSED ? tr("已替换") : tr("已放弃");
	default:
		return tr("已收妥");
	}
}

/* When the letter that has waited longest was posted; 0: none waits. */
static enum err find_oldest(struct store *s, int64_t *out)
{
	struct stmt *st =
		db_prepare(store_db(s), "SELECT created_ms FROM letter INDEXED BY"
					" letter_waiting WHERE state = 0 ORDER BY seq LIMIT 1");

	*out = db_row(st) ? db_int(st, 0) : 0;
	return db_done(st);
}

static enum err count_held(struct store *s, struct outbox_counts *c)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT hold, count(*) FROM letter INDEXED BY letter_by_state WHERE state = ?1"
		" GROUP BY hold");

	db_bind_int(st, 1, LETTER_HELD);
	while (db_row(st)) {
		if (db_int(st, 0) == HOLD_PERSON)
			c->person = (size_t)db_int(st, 1);
		else if (db_int(st, 0) == HOLD_KEPT)
			c->kept = (size_t)db_int(st, 1);
	}
	return db_done(st);
}

/* From the index alone: the letters themselves may be many. The held ones are few. */
enum err outbox_counts(struct store *s, struct outbox_counts *out)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT state, count(*), min(next_ms) FROM letter"
						  " INDEXED BY letter_by_state GROUP BY state");
	struct outbox_counts c = {0};
	size_t *const counts[LETTER_STATE__MAX] = {&c.waiting, &c.held, &c.delivered, &c.replaced};
	enum err e;

	while (db_row(st)) {
		int64_t state = db_int(st, 0);
		if (state >= 0 && state < LETTER_STATE__MAX)
			*counts[state] = (size_t)db_int(st, 1);
		if (state == LETTER_WAITING)
			c.next_ms = db_int(st, 2);
	}
	e = db_done(st);
	if (e == OK)
		e = find_oldest(s, &c.oldest_waiting_ms);
	if (e == OK && c.held > 0)
		e = count_held(s, &c);
	if (e == OK)
		*out = c;
	return e;
}

/* From the held ones: they are few. */
static void keep_reason(void *arg, const struct letter *l)
{
	char **reason = arg;

	if (l->reason == NULL)
		return;
	free(*reason);
	*reason = mem_strdup(l->reason);
}

char *outbox_why_waiting(struct store *s)
{
	const struct outbox_filter waiting = {.state = LETTER_WAITING};
	char *reason = NULL;

	outbox_each(s, &waiting, keep_reason, &reason);
	return reason;
}

enum err outbox_count_behind(struct store *s, size_t *out)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT count(DISTINCT l.seq) FROM letter e INDEXED BY letter_by_state JOIN letter l"
		" ON l.case_id = e.case_id AND l.seq > e.seq WHERE e.state = 1 AND l.state = 0");

	*out = db_row(st) ? (size_t)db_int(st, 0) : 0;
	return db_done(st);
}

/* For whoever reads it now, in their language: what the centre said as it worded it in that one,
 * what the station itself said looked up. */
static void word_reason(struct letter *l)
{
	struct buf words = {0};

	if (refusal_is_unread(l->problem) && (l->unread || l->hold == HOLD_REFUSED)) {
		free(l->reason);
		l->reason = mem_strdup(refusal_unread_reason());
		return;
	}
	if (l->reason == NULL || l->state == LETTER_DELIVERED ||
		(l->state != LETTER_WAITING && l->hold != HOLD_REFUSED && l->hold != HOLD_PERSON))
		return;
	/* One that waits may have an older refusal beside what was said last. */
	if (l->state == LETTER_WAITING || l->problem == NULL || !refusal_reason(l->problem, &words))
		buf_adds(&words, tr(l->reason));
	free(l->reason);
	l->reason = buf_take(&words);
}

void outbox_take(struct stmt *st, struct letter *l)
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
	l->unread = l->state == LETTER_WAITING && refusal_is_unread(l->problem);
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
	l->since_ms = db_int(st, 19);
	l->version = (int)db_int(st, 20);
	l->origin = mem_strdup(db_text(st, 21));
	l->task_code = mem_strdup(db_text(st, 22));
	l->papers_bytes = db_int(st, 23);
	l->papers_sent = db_int(st, 24);
	l->papers_tries = (int)db_int(st, 25);
	if (db_int(st, 26) > l->next_ms)
		l->next_ms = db_int(st, 26);
	body = db_blob(st, 27, &len);
	if (body != NULL) {
		l->body = mem_strndup(body, len);
		l->body_len = len;
	}
	word_reason(l);
}

#define WITH_TEXT \
	" AND (?2 IS NULL OR instr(c.local_receipt, ?2) OR instr(c.project_no, ?2)" \
	" OR instr(c.task_name, ?2) OR instr(c.applyer_name, ?2) OR instr(c.origin, ?2)" \
	" OR l.id = ?2 OR l.case_id = ?2) ORDER BY l.seq DESC LIMIT ?3"
#define OF_ANY OUTBOX_FROM "WHERE (?1 = 4 OR l.state = ?1)" WITH_TEXT
/* What is delivered are nearly all; the others are found by their state, and as many of them read
 * as are wanted. */
#define OF_FEW \
	OUTBOX_FROM "WHERE l.seq IN (SELECT seq FROM letter INDEXED BY letter_by_state" \
		    " WHERE state = ?1)" WITH_TEXT

static const char *list_sql(const struct outbox_filter *f)
{
	bool few = f->state != LETTER_DELIVERED && f->state != LETTER_STATE__MAX;

	if (f->brief)
		return few ? "SELECT " OUTBOX_COLUMNS_BRIEF "NULL" OF_FEW
			   : "SELECT " OUTBOX_COLUMNS_BRIEF "NULL" OF_ANY;
	return few ? "SELECT " OUTBOX_COLUMNS "NULL" OF_FEW
		   : "SELECT " OUTBOX_COLUMNS "NULL" OF_ANY;
}

void outbox_each(struct store *s, const struct outbox_filter *filter,
	void (*each)(void *arg, const struct letter *l), void *arg)
{
	static const struct outbox_filter any = {.state = LETTER_STATE__MAX};
	const struct outbox_filter *f = filter != NULL ? filter : &any;
	struct stmt *st = db_prepare(store_db(s), list_sql(f));
	struct letter *all = NULL;
	size_t count = 0, i;

	db_bind_int(st, 1, f->state);
	db_bind_text(st, 2, f->text != NULL && f->text[0] != '\0' ? f->text : NULL);
	db_bind_int(st, 3, f->limit > 0 ? (int64_t)f->limit : -1);
	while (db_row(st)) {
		all = mem_resize(all, count + 1, sizeof *all);
		outbox_take(st, &all[count++]);
	}
	db_done(st);
	for (i = 0; i < count; i++) {
		each(arg, &all[i]);
		letter_fini(&all[i]);
	}
	free(all);
}

/* The letter of its case that goes before it, if one has not gone yet. */
static enum err look_ahead(struct store *s, struct letter *l)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT hold FROM letter WHERE case_id = ?1 AND seq < ?2 AND state IN (0, 1)"
		" ORDER BY seq LIMIT 1");

	db_bind_text(st, 1, l->case_id);
	db_bind_int(st, 2, l->seq);
	l->behind = l->state == LETTER_WAITING && db_row(st);
	if (l->behind)
		l->ahead = (enum hold_reason)db_int(st, 0);
	return db_done(st);
}

/* next: of several the first that is not at its end; else the last. By what has an index each: a
 * station keeps its letters for years, and a screen asks with every key. */
static enum err get(
	struct store *s, const char *any_number, const char *kind, bool next, struct letter *out)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT " OUTBOX_COLUMNS "l.body" OUTBOX_FROM
		"WHERE l.seq IN (SELECT seq FROM letter WHERE id = ?1 UNION ALL"
		" SELECT n.seq FROM case_ k JOIN letter n ON n.case_id = k.id"
		" WHERE k.id = ?1 OR k.local_receipt = ?1 OR k.project_no = ?1)"
		" AND (?2 IS NULL OR l.kind = ?2) ORDER BY l.id = ?1 DESC,"
		" iif(?3 AND l.state IN (0, 1), l.seq, NULL) NULLS LAST, l.seq DESC LIMIT 1");
	bool found;
	enum err e;

	db_bind_text(st, 1, any_number);
	db_bind_text(st, 2, kind);
	db_bind_int(st, 3, next);
	found = db_row(st);
	if (found)
		outbox_take(st, out);
	e = db_done(st);
	if (e == OK && found && (e = look_ahead(s, out)) != OK)
		letter_fini(out);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

enum err outbox_get(struct store *s, const char *any_number, struct letter *out)
{
	return get(s, any_number, NULL, false, out);
}

enum err outbox_get_next(struct store *s, const char *any_number, struct letter *out)
{
	return get(s, any_number, NULL, true, out);
}

enum err outbox_get_application(struct store *s, const char *any_number, struct letter *out)
{
	return get(s, any_number, "application", false, out);
}

/* ---- what a person can do ---- */

/* A paper that the centre refused is tried again with the letter that needs it. */
static enum err free_papers(struct store *s, const char *letter_id)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE paper SET state = iif(state = 2, 0, state), next_ms = 0"
		" WHERE state <> 1 AND sha256 IN"
		" (SELECT sha256 FROM letter_paper WHERE letter_id = ?1)");

	db_bind_text(st, 1, letter_id);
	return db_run(st);
}

/* Inside the caller's transaction: an UPDATE of one letter that is not at its end, with its audit
 * row. */
static enum err act_within(struct store *s, const char *sql, const char *id, const char *who,
	const char *name, const char *detail)
{
	struct stmt *st = db_prepare(store_db(s), sql);
	enum err e;

	db_bind_text(st, 1, id);
	db_bind_int(st, 2, store_now_ms(s));
	db_bind_text(st, 3, detail);
	e = db_run(st);
	if (e == OK && db_changes(store_db(s)) == 0)
		e = ERR_STATE;
	if (e == OK)
		e = free_papers(s, id);
	return e == OK ? audit_put(s, who, name, id, detail) : e;
}

static enum err act(struct store *s, const char *sql, const char *id, const char *who,
	const char *name, const char *detail)
{
	enum err e = db_begin(store_db(s));

	return e == OK ? db_finish(store_db(s), act_within(s, sql, id, who, name, detail)) : e;
}

static const char retry_sql[] =
	"UPDATE letter SET since_ms = iif(state = 0, since_ms, ?2),"
	" reason = iif(state = 1 AND hold = 3, NULL, reason), state = 0, hold = 0,"
	" next_ms = 0 WHERE id = ?1 AND state IN (0, 1) AND ?3 = ''";

enum err outbox_retry(struct store *s, const char *id, const char *operator_name)
{
	return act(s, retry_sql, id, operator_name, "letter.retry", "");
}

enum err outbox_release(struct store *s, const char *id, const char *operator_name)
{
	return act(s,
		"UPDATE letter SET since_ms = ?2, state = 0, hold = 0, next_ms = 0, reason = NULL"
		" WHERE id = ?1 AND state = 1 AND hold = 3 AND ?3 = ''",
		id, operator_name, "letter.release", "");
}

enum err outbox_hold(struct store *s, const char *id, const char *operator_name, const char *reason)
{
	return act(s,
		"UPDATE letter SET since_ms = ?2, state = 1, hold = 3, reason = ?3"
		" WHERE id = ?1 AND state = 0",
		id, operator_name, "letter.hold", reason);
}

enum err outbox_retry_all(struct store *s, const char *operator_name, size_t *count)
{
	struct db *db = store_db(s);
	enum err e = db_begin(db);
	struct stmt *st;
	int64_t freed;

	if (e != OK)
		return e;
	st = db_prepare(db, "UPDATE letter SET since_ms = iif(state = 0, since_ms, ?1), state = 0,"
			    " hold = 0, next_ms = 0 WHERE state = 0 OR (state = 1 AND hold = 2)");
	db_bind_int(st, 1, store_now_ms(s));
	e = db_run(st);
	freed = db_changes(db);
	if (e == OK)
		e = db_exec(db,
			"UPDATE paper SET state = 0, next_ms = 0 WHERE state <> 1 AND sha256 IN"
			" (SELECT lp.sha256 FROM letter_paper lp JOIN letter l"
			" ON l.id = lp.letter_id WHERE l.state = 0)");
	if (e == OK)
		e = audit_put(s, operator_name, "letter.retry", "*", "");
	e = db_finish(db, e);
	if (e == OK)
		*count = (size_t)freed;
	return e;
}

/* Which of the refused, by kind and the centre's document. */
typedef bool wanted(const char *kind, const char *problem_json);

static bool is_passing(const char *kind, const char *problem_json)
{
	(void)kind;
	return !refusal_is_final(problem_json);
}

static bool is_final(const char *kind, const char *problem_json)
{
	(void)kind;
	return refusal_is_final(problem_json);
}

/* It came before the centre had the case. An application that is refused so names a version of its
 * own: it is a clerk's to correct. */
static bool is_early(const char *kind, const char *problem_json)
{
	return strcmp(kind, "application") != 0 && refusal_is_unknown_case(problem_json);
}

/* The ids of such of a case (NULL: of all), one behind the other; free() it. */
static size_t refused_ids(
	struct store *s, const char *case_id, wanted *is_wanted, char (**out)[ID_UUID_SIZE])
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT id, kind, problem FROM letter WHERE state = 1 AND hold = 1"
		" AND (?1 IS NULL OR case_id = ?1) ORDER BY seq");
	size_t count = 0;

	*out = NULL;
	db_bind_text(st, 1, case_id);
	while (db_row(st)) {
		if (!is_wanted(db_text(st, 1), db_text(st, 2)))
			continue;
		*out = mem_resize(*out, count + 1, sizeof **out);
		(*out)[count][0] = '\0';
		strncat((*out)[count++], db_text(st, 0), ID_UUID_SIZE - 1);
	}
	db_done(st);
	return count;
}

/* Each stays in its place. */
static enum err retry_within(struct store *s, const char *case_id, wanted *is_wanted,
	const char *operator_name, size_t *count)
{
	char(*ids)[ID_UUID_SIZE];
	size_t i;
	enum err e = OK;

	*count = refused_ids(s, case_id, is_wanted, &ids);
	for (i = 0; e == OK && i < *count; i++)
		e = act_within(s, retry_sql, ids[i], operator_name, "letter.retry", "");
	free(ids);
	return e;
}

/* All at once: very many would else be flushed one by one. */
enum err outbox_retry_refused(struct store *s, const char *operator_name, size_t *count)
{
	enum err e = db_begin(store_db(s));
	size_t n = 0;

	if (e == OK)
		e = db_finish(store_db(s), retry_within(s, NULL, is_passing, operator_name, &n));
	if (e == OK)
		*count = n;
	return e;
}

enum err outbox_retry_final(struct store *s, const char *case_id, const char *operator_name)
{
	size_t count;

	return retry_within(s, case_id, is_final, operator_name, &count);
}

enum err outbox_free_early(struct store *s, const char *case_id, const char *operator_name)
{
	size_t count;

	return retry_within(s, case_id, is_early, operator_name, &count);
}
