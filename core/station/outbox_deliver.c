/* What the deliverer does with the outbox: which letters may go, and what became of them. */
#include "core/station/outbox.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/station/audit.h"
#include "core/station/cases.h"
#include "core/station/changes.h"
#include "core/station/outbox_private.h"
#include "core/station/refusal.h"
#include "core/station/store.h"

static bool contains(const char *const *list, size_t count, const char *id)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(list[i], id) == 0)
			return true;
	return false;
}

/*
 * A letter may go when each earlier one of its case is at its end and its papers are at the centre.
 * A next try further away than the longest pause we ever set comes from a clock that was wrong
 * then: it is due now. So is a letter whose last try is still to come by the clock of now, which
 * was set back since.
 */
#define CLOCK_WAS_WRONG "(l.next_ms > ?1 + 3600000 OR (l.next_ms > 0 AND l.last_ms > ?1))"
#define MAY_GO \
	"l.state = 0 AND NOT EXISTS (SELECT 1 FROM letter e WHERE e.case_id = l.case_id" \
	" AND e.seq < l.seq AND e.state IN (0, 1)) AND NOT EXISTS (SELECT 1 FROM letter_paper lp" \
	" JOIN paper p ON p.sha256 = lp.sha256 WHERE lp.letter_id = l.id AND p.state <> 1)"

static size_t collect(struct stmt *st, const struct outbox_range *range,
	const char *const *busy_cases, size_t busy_count, struct letter *out, size_t limit)
{
	size_t count = 0;

	while (count < limit && db_row(st)) {
		if (contains(busy_cases, busy_count, db_text(st, 1)) ||
			(range != NULL && range->skip != NULL &&
				range->skip(range->arg, db_int(st, 2))))
			continue;
		outbox_take(st, &out[count++]);
	}
	db_done(st);
	return count;
}

size_t outbox_due(struct store *s, int64_t now_ms, const char *const *busy_cases, size_t busy_count,
	struct letter *out, size_t limit)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT " OUTBOX_COLUMNS "l.body" OUTBOX_FROM_WAITING "WHERE " MAY_GO
		" AND (l.next_ms <= ?1 OR " CLOCK_WAS_WRONG ") ORDER BY l.seq LIMIT ?2");

	db_bind_int(st, 1, now_ms);
	db_bind_int(st, 2, (int64_t)(limit + busy_count));
	return collect(st, NULL, busy_cases, busy_count, out, limit);
}

size_t outbox_sweep(struct store *s, const struct outbox_range *range,
	const char *const *busy_cases, size_t busy_count, struct letter *out, size_t limit)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT " OUTBOX_COLUMNS "l.body" OUTBOX_FROM_WAITING "WHERE " MAY_GO
		" AND l.seq > ?1 AND l.seq <= ?2 ORDER BY l.seq");

	db_bind_int(st, 1, range->after);
	db_bind_int(st, 2, range->until);
	return collect(st, range, busy_cases, busy_count, out, limit);
}

enum err outbox_hurry(struct store *s)
{
	enum err e = db_exec(
		store_db(s), "UPDATE letter SET next_ms = 0 WHERE state = 0 AND next_ms > 0");

	return e == OK ? db_exec(store_db(s),
				 "UPDATE paper SET next_ms = 0 WHERE state = 0 AND next_ms > 0")
		       : e;
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
		"SELECT min(CASE WHEN " CLOCK_WAS_WRONG " THEN ?1 ELSE max(l.next_ms, ?1) END)"
		" FROM letter l INDEXED BY letter_waiting WHERE " MAY_GO);
	int64_t next = INT64_MAX;

	db_bind_int(st, 1, now_ms);
	if (db_row(st) && !db_is_null(st, 0))
		next = db_int(st, 0);
	db_done(st);
	return next;
}

/* ---- what became of them ---- */

/* It stays as it is and is tried again: a clerk may have kept it back meanwhile. A refusal that was
 * not read is the last answer's or none. */
static enum err note_try(struct store *s, const struct outbox_outcome *o)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE letter SET tries = tries + 1, last_ms = ?2, next_ms = ?3,"
		" reason = iif(state = 0, ?4, reason),"
		" problem = iif(state = 0 AND (?6 OR problem = ?5), iif(?6, ?5, NULL), problem)"
		" WHERE id = ?1 AND state IN (0, 1)");

	db_bind_text(st, 1, o->id);
	db_bind_int(st, 2, store_now_ms(s));
	db_bind_int(st, 3, o->next_ms);
	db_bind_text(st, 4, o->reason);
	db_bind_text(st, 5, refusal_unread);
	db_bind_int(st, 6, o->unread);
	return db_run(st);
}

enum err outbox_audit_held(
	struct store *s, const char *letter_id, const char *case_id, enum hold_reason hold)
{
	struct buf detail = {0};
	enum err e;

	audit_word(&detail, "case", case_id);
	audit_word(&detail, "hold", hold == HOLD_REFUSED ? "refused" : "person");
	e = audit_put_at(s, store_now_ms(s), "", "letter.held", letter_id, buf_str(&detail));
	buf_fini(&detail);
	return e;
}

/* There is nothing to send: it would wait for ever. */
static enum err hold_without_papers(struct store *s, const char *letter_id, const char *case_id)
{
	static const char reason[] =
		N_("中心缺这一件的扫描件, 本机已不再保存; 请更正这一件, 重新扫描放进来");
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE letter SET state = 1, hold = 1, since_ms = ?2, reason = ?3, problem = NULL"
		" WHERE id = ?1 AND state = 0");
	enum err e;

	db_bind_text(st, 1, letter_id);
	db_bind_int(st, 2, store_now_ms(s));
	db_bind_text(st, 3, reason); /* looked up when it is shown */
	e = db_run(st);
	if (e != OK || db_changes(store_db(s)) == 0)
		return e;
	e = case_add_event(s, case_id, "", "refused", tr(reason));
	return e == OK ? outbox_audit_held(s, letter_id, case_id, HOLD_REFUSED) : e;
}

/* The centre lacks some of them: each is asked for, and sent as far as it is missing. */
static enum err send_papers_again(struct store *s, const char *letter_id, const char *case_id)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE paper SET state = 0, sent = 0, next_ms = 0 WHERE sha256 IN"
		" (SELECT sha256 FROM letter_paper WHERE letter_id = ?1)");
	enum err e;

	db_bind_text(st, 1, letter_id);
	e = db_run(st);
	return e == OK && db_changes(store_db(s)) == 0 ? hold_without_papers(s, letter_id, case_id)
						       : e;
}

/*
 * A refused version that a newer one already follows is replaced: nobody has to correct it. Answers
 * may come late, after another try was answered. A receipt says that the centre has it, whatever
 * was made of it here; one that is delivered stays so, one that is held is only held for more: as
 * refused, once its content was seen.
 */
static enum err end_letter(struct store *s, const struct outbox_outcome *o, int64_t now)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE letter SET state = iif(?2 = 1 AND ?3 = 1 AND EXISTS (SELECT 1 FROM letter n"
		" WHERE n.case_id = letter.case_id AND n.seq > letter.seq"
		" AND n.kind = 'application' AND letter.kind = 'application'),"
		" 3, ?2), hold = ?3, reason = ?4, problem = ?5, receipt = ?6, tries = tries + 1,"
		" next_ms = 0, last_ms = ?7, since_ms = ?7, delivered_ms = iif(?2 = 2, ?7, 0)"
		" WHERE id = ?1 AND (state = 0 OR (state = 1 AND hold <> 1 AND ?3 = 1)"
		" OR (state <> 2 AND ?2 = 2))");

	db_bind_text(st, 1, o->id);
	db_bind_int(st, 2, o->state);
	db_bind_int(st, 3, o->hold);
	db_bind_text(st, 4, o->reason);
	db_bind_text(st, 5, o->problem);
	db_bind_text(st, 6, o->receipt);
	db_bind_int(st, 7, now);
	return db_run(st);
}

/* A number or password that the centre gives; NULL: none that could be shown and printed. */
static const char *given_word(const json *answer, const char *name)
{
	const char *word = json_get_str(answer, name);

	return id_is_word(word, ID_NUMBER_MAX_BYTES) ? word : NULL;
}

/* It is a version, and none that came after it has been taken: answers may come late. */
static bool is_newest(struct store *s, const char *letter_id)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT 1 FROM letter l WHERE l.id = ?1 AND l.kind = 'application'"
		" AND NOT EXISTS (SELECT 1 FROM letter n WHERE n.case_id = l.case_id"
		" AND n.seq > l.seq AND n.kind = 'application' AND n.state = 2)");
	bool newest;

	db_bind_text(st, 1, letter_id);
	newest = db_row(st);
	db_done(st);
	return newest;
}

/* NULL: as it was. */
static const char *version_told(struct store *s, const struct outbox_outcome *o, const json *answer)
{
	const char *told = json_get_str(answer, "current_key");

	if (o->receipt != NULL)
		return is_newest(s, o->id) ? o->id : NULL;
	return id_is_uuid(told) ? told : NULL;
}

/* The number, and which version the centre goes by: ours once delivered, else what it named. */
static enum err settle_case(struct store *s, const struct outbox_outcome *o, const char *case_id)
{
	const char *text = o->receipt != NULL ? o->receipt : o->problem;
	struct stmt *st;
	json *answer = NULL;
	enum err e;

	if (text == NULL)
		return OK;
	if (json_parse(&answer, text, strlen(text), NULL) != OK)
		return ERR_INVALID; /* the deliverer has read it before: a mistake of ours */
	st = db_prepare(store_db(s),
		"UPDATE case_ SET project_no = coalesce(?2, project_no),"
		" query_password = coalesce(?3, query_password),"
		" current_key = coalesce(?4, current_key), updated_ms = ?5 WHERE id = ?1");
	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, given_word(answer, "project_no"));
	db_bind_text(st, 3, given_word(answer, "query_password"));
	db_bind_text(st, 4, version_told(s, o, answer));
	db_bind_int(st, 5, store_now_ms(s));
	e = db_run(st);
	if (e == OK && o->receipt != NULL)
		e = changes_settle(s, case_id, answer);
	json_free(answer);
	return e;
}

/* A centre that had lost the case gives it another number: the applicant has the one of before,
 * which may be somebody else's by now. */
static enum err note_number(
	struct store *s, const struct outbox_outcome *o, const char *case_id, struct buf *note)
{
	struct stmt *st = db_prepare(
		store_db(s), "SELECT project_no FROM case_ WHERE id = ?1 AND state <> 'carried'");
	json *answer = NULL;
	const char *given, *had;

	if (o->receipt != NULL && json_parse(&answer, o->receipt, strlen(o->receipt), NULL) != OK)
		answer = NULL; /* settle_case says so */
	given = given_word(answer, "project_no");
	db_bind_text(st, 1, case_id);
	had = db_row(st) ? db_text(st, 0) : NULL;
	if (had != NULL && given != NULL && strcmp(had, given) != 0)
		buf_printf(
			note, tr("办件编号改为 %s, 原来是 %s; 请告诉申请人, 文书重开"), given, had);
	json_free(answer);
	return db_done(st);
}

static enum err find_case(struct store *s, const char *letter_id, char case_id[ID_UUID_SIZE])
{
	struct stmt *st = db_prepare(store_db(s), "SELECT case_id FROM letter WHERE id = ?1");

	case_id[0] = '\0';
	db_bind_text(st, 1, letter_id);
	if (db_row(st))
		strncat(case_id, db_text(st, 0), ID_UUID_SIZE - 1);
	return db_done(st);
}

static enum err audit_outcome(
	struct store *s, const struct outbox_outcome *o, const char *case_id, int64_t now)
{
	struct buf detail = {0};
	enum err e;

	if (o->state == LETTER_HELD)
		return outbox_audit_held(s, o->id, case_id, o->hold);
	audit_word(&detail, "case", case_id);
	e = audit_put_at(s, now, "", "letter.delivered", o->id, buf_str(&detail));
	buf_fini(&detail);
	return e;
}

/* It waits on; or, when it can never go, makes way for a newer version as a refused one does. */
static enum err settle_waiting(struct store *s, const struct outbox_outcome *o)
{
	char case_id[ID_UUID_SIZE];
	enum err e = note_try(s, o);

	if (e != OK || db_changes(store_db(s)) == 0 || !o->papers_missing)
		return e;
	e = find_case(s, o->id, case_id);
	if (e == OK)
		e = send_papers_again(s, o->id, case_id);
	return e == OK ? outbox_version_refused(s, case_id) : e;
}

/* The centre has the application, perhaps once more: what came too early for it goes, too. */
static enum err free_early(struct store *s, const char *letter_id, const char *case_id)
{
	struct stmt *st = db_prepare(
		store_db(s), "SELECT 1 FROM letter WHERE id = ?1 AND kind = 'application'");
	bool application;
	enum err e;

	db_bind_text(st, 1, letter_id);
	application = db_row(st);
	e = db_done(st);
	return e == OK && application ? outbox_free_early(s, case_id, "") : e;
}

static enum err settle_one(struct store *s, const struct outbox_outcome *o)
{
	bool delivered = o->state == LETTER_DELIVERED;
	char case_id[ID_UUID_SIZE];
	int64_t now = store_now_ms(s);
	struct buf note = {0};
	enum err e;

	if (o->state == LETTER_WAITING)
		return settle_waiting(s, o);
	e = end_letter(s, o, now);
	if (e != OK || db_changes(store_db(s)) == 0)
		return e;
	e = find_case(s, o->id, case_id);
	if (e == OK && delivered)
		e = note_number(s, o, case_id, &note);
	if (e == OK)
		e = case_add_event(s, case_id, "", delivered ? "delivered" : "refused",
			note.len > 0 ? note.data : o->reason);
	buf_fini(&note);
	if (e == OK)
		e = settle_case(s, o, case_id);
	if (e == OK && delivered)
		e = free_early(s, o->id, case_id);
	if (e == OK)
		e = audit_outcome(s, o, case_id, now);
	if (e == OK && o->hold == HOLD_REFUSED)
		e = outbox_version_refused(s, case_id);
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
	return db_finish(store_db(s), e);
}
