/* Submitting: a draft becomes a case with its letter, a correction the next version's letter. */
#include "core/station/cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/acts_private.h"
#include "core/station/accepted.h"
#include "core/station/audit.h"
#include "core/station/letter_text.h"
#include "core/station/outbox.h"
#include "core/station/papers.h"
#include "core/station/store.h"

/* What the row of the case says, needed to write its letter. */
struct origin {
	char id[ID_UUID_SIZE], key[ID_UUID_SIZE];
	char *state, *task_code, *task_name, *task_version, *form_id, *form_version;
	char *operator_name, *window, *local_receipt, *current_key, *note, *dept_name;
	int64_t at_ms;		/* of this submission, in every table the same */
	bool revising, changed; /* changed: at the centre since the correction began */
	bool answers_request;	/* revising because of a request for corrections, also if the
				 * version before this one did, which was refused or still
				 * waits and may be */
	int version;		/* that this submission makes */
};

static void origin_fini(struct origin *o)
{
	free(o->state);
	free(o->task_code);
	free(o->task_name);
	free(o->task_version);
	free(o->form_id);
	free(o->form_version);
	free(o->operator_name);
	free(o->window);
	free(o->local_receipt);
	free(o->current_key);
	free(o->note);
	free(o->dept_name);
}

static enum err find_origin(struct store *s, const char *id, struct origin *o)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT id, letter_key, state, task_code, task_name, task_version, form_id,"
		" form_version, coalesce(keeper, operator_name), coalesce(keeper_window, window),"
		" local_receipt, current_key, note, revising,"
		" changes > known, (SELECT coalesce(max(version), 0) FROM letter"
		" WHERE case_id = case_.id AND kind = 'application'), dept_name, revising AND (state = 'correcting' OR EXISTS"
		" (SELECT 1 FROM letter WHERE case_id = case_.id AND kind = 'application' AND state IN (0, 1)"
		" AND json_extract(CAST(body AS TEXT), '$.from_state') = 'correcting'))"
		" FROM case_ WHERE id = ?1");
	bool found;
	enum err e;

	db_bind_text(st, 1, id);
	found = db_row(st);
	if (found) {
		strncat(o->id, db_text(st, 0), sizeof o->id - 1);
		strncat(o->key, db_text(st, 1), sizeof o->key - 1);
		o->state = mem_strdup(db_text(st, 2));
		o->task_code = mem_strdup(db_text(st, 3));
		o->task_name = mem_strdup(db_text(st, 4));
		o->task_version = mem_strdup(db_text(st, 5));
		o->form_id = mem_strdup(db_text(st, 6));
		o->form_version = mem_strdup(db_text(st, 7));
		o->operator_name = mem_strdup(db_text(st, 8));
		o->window = mem_strdup(db_text(st, 9));
		o->local_receipt = mem_strdup(db_text(st, 10));
		o->current_key = mem_strdup(db_text(st, 11));
		o->note = mem_strdup(db_text(st, 12));
		o->revising = db_int(st, 13) != 0;
		o->changed = db_int(st, 14) != 0;
		o->version = (int)db_int(st, 15) + 1;
		o->dept_name = mem_strdup(db_text(st, 16));
		o->answers_request = db_int(st, 17) != 0;
		o->at_ms = store_now_ms(s);
	}
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

static void put_raw(struct buf *b, const char *key, const char *raw_json, const char *absent)
{
	json_member(b, key);
	buf_adds(b, raw_json != NULL ? raw_json : absent);
}

/* The last one that this station itself has held, for want of a scan: a courier may have brought it
 * before that was lost. */
static enum err find_held_here(struct store *s, const struct origin *o, char out[ID_UUID_SIZE])
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT id FROM letter WHERE case_id = ?1 AND kind = 'application'"
		" AND state = 1 AND hold = 1 AND problem IS NULL ORDER BY seq DESC LIMIT 1");

	db_bind_text(st, 1, o->id);
	if (db_row(st))
		strncat(out, db_text(st, 0), ID_UUID_SIZE - 1);
	return db_done(st);
}

/*
 * The version that this one replaces: the last that is still under way, else the one the centre
 * goes by, else one that it may have without our knowing; "" when it has none.
 */
static enum err find_replaced(struct store *s, const struct origin *o, char out[ID_UUID_SIZE])
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT id FROM letter WHERE case_id = ?1 AND kind = 'application'"
		" AND (state = 0 OR (state = 1 AND hold <> 1)) ORDER BY seq DESC LIMIT 1");
	enum err e;

	out[0] = '\0';
	db_bind_text(st, 1, o->id);
	if (db_row(st))
		strncat(out, db_text(st, 0), ID_UUID_SIZE - 1);
	else if (o->current_key != NULL)
		strncat(out, o->current_key, ID_UUID_SIZE - 1);
	e = db_done(st);
	return e == OK && out[0] == '\0' ? find_held_here(s, o, out) : e;
}

static const char *or_null(const char *s)
{
	return s[0] != '\0' ? s : NULL;
}

/* The frozen bytes. Keys are the national exchange columns where there is one. */
static enum err write_body(struct store *s, struct buf *b, const struct application *a,
	const struct origin *o, const char *receipt, const struct buf *attachments)
{
	char iso[CLOCK_ISO_SIZE], replaces[ID_UUID_SIZE];
	char *enrolled = store_get(s, "centre.station");
	enum err e = find_replaced(s, o, replaces);

	buf_addc(b, '{');
	json_member_str(b, "kind", "application");
	json_member_str(b, "idempotency_key", o->key);
	json_member_str(b, "case_id", o->id);
	json_member_str(b, "replaces", or_null(replaces));
	if (o->answers_request)
		json_member_str(b, "from_state", case_state_name(CASE_CORRECTING));
	json_member_str(b, "local_receipt", receipt);
	json_member_str(b, "station", enrolled != NULL ? enrolled : a->station);
	json_member_str(b, "operator", o->operator_name);
	json_member_str(b, "window", o->window);
	json_member_str(b, "submitted_at", clock_iso(o->at_ms, iso));
	json_member_str(b, "bundle_no", a->bundle_no);
	json_member_str(b, "task_code", o->task_code);
	json_member_str(b, "task_name", o->task_name);
	json_member_str(b, "task_version", o->task_version);
	json_member_str(b, "form_id", o->form_id);
	json_member_str(b, "form_version", o->form_version);
	json_member_str(b, "applyer_name", a->applyer_name);
	json_member_str(b, "applyer_type", a->applyer_type);
	json_member_str(b, "applyer_page_type", a->applyer_page_type);
	json_member_str(b, "applyer_page_code", a->applyer_page_code);
	json_member_str(b, "contact_mobile", a->contact_mobile);
	put_raw(b, "situation", a->situation_json, "{}");
	put_raw(b, "materials", a->materials_json, "[]");
	put_raw(b, "answers", a->answers_json, "{}");
	put_raw(b, "accepted_warnings", a->accepted_json, "[]");
	if (accepted_any(a->situation_accepted_json))
		put_raw(b, "situation_warnings", a->situation_accepted_json, NULL);
	if (attachments->len > 0)
		put_raw(b, "attachments", attachments->data, NULL);
	buf_addc(b, '}');
	free(enrolled);
	return e;
}

static enum err post_letter(struct store *s, const struct origin *o, const struct buf *body)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO letter (id, case_id, kind, path, body, version, created_ms, since_ms,"
		" operator_name, window)"
		" VALUES (?1, ?2, 'application', '/v1/applications', ?3, ?4, ?5, ?5, ?6, ?7)");

	db_bind_text(st, 1, o->key);
	db_bind_text(st, 2, o->id);
	db_bind_blob(st, 3, body->data, body->len);
	db_bind_int(st, 4, o->version);
	db_bind_int(st, 5, o->at_ms);
	db_bind_text(st, 6, o->operator_name);
	db_bind_text(st, 7, o->window);
	return db_run(st);
}

/* Freezes the application into its letter, with its papers; those of `papers_of`'s draft. */
static enum err freeze(struct store *s, const struct application *a, const struct origin *o,
	const char *papers_of, const char *receipt)
{
	const struct paper_wants wants = {a->materials_json, a->answers_json};
	struct buf body = {0}, attachments = {0};
	enum err e = papers_list(s, papers_of, &wants, &attachments);

	if (e == OK)
		e = write_body(s, &body, a, o, receipt, &attachments);
	letter_text_clean(&body);
	if (e == OK)
		e = post_letter(s, o, &body);
	if (e == OK)
		e = papers_bind(s, papers_of, &wants, o->id, o->key);
	buf_fini(&attachments);
	buf_fini(&body);
	return e;
}

/* In the history, with why warnings were accepted. */
static enum err add_event(
	struct store *s, const struct application *a, const struct origin *o, const char *what)
{
	struct buf note = {0};
	enum err e;

	accepted_tell(a->situation_accepted_json, &note);
	accepted_tell(a->accepted_json, &note);
	e = case_add_event(s, o->id, o->operator_name, what, note.len > 0 ? note.data : NULL);
	buf_fini(&note);
	return e;
}

/* ---- the first version ---- */

static enum err move_case(
	struct store *s, const struct origin *o, const char *receipt, const char *applyer_name)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE case_ SET state = 'received', local_receipt = ?2, submitted_ms = ?3,"
		" updated_ms = ?3, applyer_name = coalesce(?4, applyer_name), parked_note = NULL"
		" WHERE id = ?1");

	db_bind_text(st, 1, o->id);
	db_bind_text(st, 2, receipt);
	db_bind_int(st, 3, o->at_ms);
	db_bind_text(st, 4, applyer_name);
	return db_run(st);
}

/* For the trail: what a summary counts by. */
static enum err audit_submit(struct store *s, const struct origin *o, const char *act,
	const char *receipt, const char *bundle_id)
{
	struct buf detail = {0};
	enum err e;

	audit_word(&detail, "receipt", receipt);
	audit_word(&detail, "window", o->window);
	audit_word(&detail, "letter", o->key);
	audit_word(&detail, "matter", o->task_code);
	audit_word(&detail, "name", o->task_name);
	audit_word(&detail, "body", o->dept_name);
	audit_word(&detail, "bundle", bundle_id);
	e = audit_put_at(s, o->at_ms, o->operator_name, act, o->id, buf_str(&detail));
	buf_fini(&detail);
	return e;
}

/* Everything of the submission inside the open transaction. */
static enum err submit_rows(struct store *s, const struct application *a, const struct origin *o,
	const char *papers_of, char receipt[LOCAL_RECEIPT_SIZE])
{
	enum err e = receipt_make(s, o->window, receipt);

	if (e == OK)
		e = freeze(s, a, o, papers_of, receipt);
	if (e == OK)
		e = move_case(s, o, receipt, a->applyer_name);
	if (e == OK)
		e = dues_set(s, o->id, CASE_RECEIVED, NULL);
	if (e == OK)
		e = add_event(s, a, o, "submit");
	if (e == OK)
		e = audit_submit(s, o, "case.submit", receipt,
			strcmp(papers_of, o->id) != 0 ? papers_of : NULL);
	return e == OK ? store_used(s, o->task_code) : e;
}

/* ---- the next version ---- */

/* A request for corrections that had to go behind the new version: it still has to be answered. */
static bool is_asked_after(struct store *s, const struct origin *o)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT 1 FROM letter WHERE case_id = ?1 AND kind = ?3 AND state IN (0, 1)"
		" AND seq > (SELECT seq FROM letter WHERE id = ?2)");
	bool asked;

	db_bind_text(st, 1, o->id);
	db_bind_text(st, 2, o->key);
	db_bind_text(st, 3, case_act_letter(ACT_REQUEST_CORRECTION));
	asked = db_row(st);
	db_done(st);
	return asked;
}

/* What was to be corrected has been: received once more, as at the centre, and its days run anew.
 * Not where steps have followed the answer that this one replaces: they still go, behind it. */
static enum err answer_request(struct store *s, const struct origin *o)
{
	bool moved_on = strcmp(o->state, case_state_name(CASE_CORRECTING)) != 0 &&
			strcmp(o->state, case_state_name(CASE_RECEIVED)) != 0;
	enum err e;

	if (!o->answers_request || moved_on || is_asked_after(s, o))
		return OK;
	e = acts_move(s, o->id, case_state_name(CASE_RECEIVED));
	return e == OK ? dues_set(s, o->id, CASE_RECEIVED, NULL) : e;
}

static enum err end_correction(struct store *s, const struct application *a, const struct origin *o)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE case_ SET revising = 0, seen = changes, parked_note = NULL, updated_ms = ?2,"
		" applyer_name = coalesce(?3, applyer_name) WHERE id = ?1");
	enum err e;

	db_bind_text(st, 1, o->id);
	db_bind_int(st, 2, store_now_ms(s));
	db_bind_text(st, 3, a->applyer_name);
	e = db_run(st);
	if (e != OK)
		return e;
	st = db_prepare(store_db(s), "DELETE FROM answer_before WHERE case_id = ?1");
	db_bind_text(st, 1, o->id);
	return db_run(st);
}

static enum err revise_rows(struct store *s, const struct application *a, const struct origin *o)
{
	enum err e = freeze(s, a, o, o->id, o->local_receipt);

	if (e == OK)
		e = outbox_make_way(s, o->id);
	if (e == OK)
		e = answer_request(s, o);
	if (e == OK)
		e = end_correction(s, a, o);
	if (e == OK)
		e = add_event(s, a, o, "revise");
	if (e == OK)
		e = audit_submit(s, o, "case.revise", o->local_receipt, NULL);
	return e;
}

/* ---- bundles ---- */

/* A case of its own for one matter of the bundle; *id is the new case's. */
static enum err open_member(struct store *s, const struct origin *bundle,
	const struct application *a, char id[ID_UUID_SIZE])
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO case_ (id, letter_key, state, task_code, task_name, task_version, form_id,"
		" form_version, operator_name, window, applyer_name, person, mobile, bundle,"
		" created_ms, updated_ms, dept_name)"
		" SELECT ?2, ?3, 'draft', ?4, ?5, ?6, ?7, ?8, operator_name, window, applyer_name,"
		" person, mobile, id, created_ms, ?9, ?10 FROM case_ WHERE id = ?1");
	char key[ID_UUID_SIZE];
	int64_t now = bundle->at_ms;

	id_uuid(store_entropy(s), now, id);
	id_uuid(store_entropy(s), now, key);
	db_bind_text(st, 1, bundle->id);
	db_bind_text(st, 2, id);
	db_bind_text(st, 3, key);
	db_bind_text(st, 4, a->matter->task_code);
	db_bind_text(st, 5, a->matter->task_name);
	db_bind_text(st, 6, a->matter->task_version);
	db_bind_text(st, 7, a->matter->form_id);
	db_bind_text(st, 8, a->matter->form_version);
	db_bind_int(st, 9, now);
	db_bind_text(st, 10, a->matter->dept_name);
	return db_run(st);
}

static enum err submit_member(struct store *s, const struct origin *bundle,
	const struct application *a, const char *bundle_no)
{
	struct application own = *a;
	struct origin o = {0};
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	enum err e = open_member(s, bundle, a, id);

	own.bundle_no = bundle_no;
	if (e == OK)
		e = find_origin(s, id, &o);
	if (e == OK)
		e = submit_rows(s, &own, &o, bundle->id, receipt);
	origin_fini(&o);
	return e;
}

/* The draft is the bundle from now on: it has a number and no letter of its own. */
static enum err close_bundle(struct store *s, const struct origin *o, const char *receipt)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE case_ SET state = '" CASE_BUNDLE "', local_receipt = ?2, updated_ms = ?3,"
		" parked_note = NULL WHERE id = ?1");
	enum err e;

	db_bind_text(st, 1, o->id);
	db_bind_text(st, 2, receipt);
	db_bind_int(st, 3, o->at_ms);
	e = db_run(st);
	if (e == OK)
		e = case_add_event(s, o->id, o->operator_name, "submit", NULL);
	if (e == OK)
		e = audit_put_at(s, o->at_ms, o->operator_name, "bundle.submit", o->id, receipt);
	return e == OK ? store_used(s, o->task_code) : e;
}

static enum err bundle_rows(struct store *s, const struct origin *o, const struct application *list,
	size_t count, char receipt[LOCAL_RECEIPT_SIZE])
{
	enum err e = receipt_make(s, o->window, receipt);
	size_t i;

	for (i = 0; i < count && e == OK; i++)
		e = submit_member(s, o, &list[i], receipt);
	return e == OK ? close_bundle(s, o, receipt) : e;
}

/* ---- submitting ---- */

/* After a commit whose outcome is open: what does the file say? */
static enum err look_again(
	struct store *s, const struct origin *o, char receipt[LOCAL_RECEIPT_SIZE])
{
	struct origin now = {0};
	enum err e = store_reopen(s);

	if (e == OK)
		e = find_origin(s, o->id, &now);
	if (e == OK && (now.local_receipt == NULL || now.revising))
		e = ERR_IO;
	if (e == OK)
		snprintf(receipt, LOCAL_RECEIPT_SIZE, "%s", now.local_receipt);
	origin_fini(&now);
	return e;
}

/* What is to be done with the draft: rows written, or the receipt it has already. */
static enum err submit_open(struct store *s, const struct application *list, size_t count,
	const struct origin *o, char receipt[LOCAL_RECEIPT_SIZE], struct buf *why)
{
	if (o->local_receipt != NULL)
		snprintf(receipt, LOCAL_RECEIPT_SIZE, "%s", o->local_receipt);
	if (o->revising && o->changed && !list[0].knowing) {
		buf_why(why,
			tr("更正期间中心那边变了: %s。没有提交; 看过之后仍要提交, 就再提交一次。"),
			o->note != NULL ? o->note : tr("办件有了新的状态或新的版本"));
		return ERR_STATE;
	}
	if (o->revising)
		return revise_rows(s, &list[0], o);
	if (strcmp(o->state, "draft") != 0)
		return ERR_STATE;
	return list[0].matter != NULL ? bundle_rows(s, o, list, count, receipt)
				      : submit_rows(s, &list[0], o, o->id, receipt);
}

/* One application of the draft's own matter, or (matter set) those of a bundle. */
static enum err submit(struct store *s, const struct application *list, size_t count,
	char receipt[LOCAL_RECEIPT_SIZE], struct buf *why)
{
	struct origin o = {0};
	char made[LOCAL_RECEIPT_SIZE] = "";
	bool again = false;
	struct buf cause = {0};
	enum err e = db_begin(store_db(s));

	if (e == OK)
		e = find_origin(s, list[0].draft_id, &o);
	if (e == OK)
		again = o.local_receipt != NULL && !o.revising; /* submitted before */
	if (e == OK && !again)
		e = submit_open(s, list, count, &o, made, &cause);
	if (e == OK && !again)
		e = db_commit(store_db(s));
	else
		db_rollback(store_db(s));
	if (e == ERR_UNSURE)
		e = look_again(s, &o, made);
	if (e == OK)
		snprintf(receipt, LOCAL_RECEIPT_SIZE, "%s", again ? o.local_receipt : made);
	else if (cause.len > 0)
		buf_why(why, "%s", cause.data);
	else
		buf_why(why, tr("没有提交成功: %s。填的都还在, 处理后再提交一次即可, 不会重复。"),
			err_text(e));
	buf_fini(&cause);
	origin_fini(&o);
	return e;
}

enum err case_submit(struct store *s, const struct application *a, char receipt[LOCAL_RECEIPT_SIZE],
	struct buf *why)
{
	return submit(s, a, 1, receipt, why);
}

enum err case_submit_bundle(struct store *s, const struct application *list, size_t count,
	char receipt[LOCAL_RECEIPT_SIZE], struct buf *why)
{
	return submit(s, list, count, receipt, why);
}
