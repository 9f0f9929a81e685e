/* A correction of what was submitted: begun, and given up. What it makes is case_submit.c's. */
#include "core/station/cases.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/station/audit.h"
#include "core/station/draft.h"
#include "core/station/outbox.h"
#include "core/station/papers_private.h"
#include "core/station/refused_reasons.h"
#include "core/station/store.h"

/* What stands for or against a correction. */
struct standing {
	char id[ID_UUID_SIZE];
	char *state;
	bool revising, has_letter;
	bool taken; /* the centre has it, in whatever version, as far as is known */
	enum letter_state letter;
	enum hold_reason hold;
	char *body; /* of the last letter */
	size_t body_len;
};

static void standing_fini(struct standing *t)
{
	free(t->state);
	free(t->body);
}

static enum err find_standing(struct store *s, const char *any_number, struct standing *t)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT c.id, c.state, c.revising, l.state, l.hold, l.body,"
		" (c.project_no IS NOT NULL OR c.current_key IS NOT NULL) AND EXISTS (SELECT 1"
		" FROM letter d WHERE d.case_id = c.id AND d.kind = 'application'"
		" AND d.state = 2) FROM case_ c"
		" LEFT JOIN letter l ON l.case_id = c.id AND l.kind = 'application' WHERE c.state <> 'carried' AND"
		" (c.id = ?1 OR c.local_receipt = ?1 OR c.project_no = ?1) ORDER BY l.seq DESC LIMIT 1");
	bool found;
	const void *body;
	enum err e;

	db_bind_text(st, 1, any_number);
	found = db_row(st);
	if (found) {
		strncat(t->id, db_text(st, 0), sizeof t->id - 1);
		t->state = mem_strdup(db_text(st, 1));
		t->revising = db_int(st, 2) != 0;
		t->has_letter = !db_is_null(st, 3);
		t->letter = (enum letter_state)db_int(st, 3);
		t->hold = (enum hold_reason)db_int(st, 4);
		body = db_blob(st, 5, &t->body_len);
		t->body = body != NULL ? mem_strndup(body, t->body_len) : NULL;
		t->taken = db_int(st, 6) != 0;
	}
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

/* Whatever was done with it here since waits behind a version that the centre did not take: without
 * another one none of it could ever go. A restored centre has lost even what it had decided. */
static bool must_revise(const struct standing *t)
{
	return t->has_letter && t->letter == LETTER_HELD && t->hold == HOLD_REFUSED && !t->taken;
}

static bool may_revise(const struct standing *t, struct buf *why)
{
	enum case_state state = CASE_STATE__MAX;
	bool known = case_state_parse(t->state, &state);

	if (strcmp(t->state, "draft") == 0) {
		buf_why(why, tr("这一件还没有提交, 直接填写即可。"));
	} else if (!t->has_letter) {
		buf_why(why, tr("一件事要更正的是其中的某一件, 请打开那一件。"));
	} else if (t->letter == LETTER_HELD && t->hold != HOLD_REFUSED) {
		buf_why(why, tr("这一件还扣在待发里, 请先在待发里重发或放行, 再更正。"));
	} else if (state != CASE_RECEIVED && state != CASE_CORRECTING && !must_revise(t)) {
		buf_why(why, tr("这一件已是“%s”, 不能再更正; 需要改动请联系承办部门。"),
			known ? case_state_label(state) : t->state);
	} else {
		return true;
	}
	return false;
}

/* ---- the answers ---- */

/* Where answers go that are read out of a frozen letter: a case of a bundle has them only there. */
struct reading {
	struct store *store;
	const char *case_id;
	enum draft_part part;
	enum err result;
};

static void put_answer(struct reading *r, const char *place, const char *value)
{
	struct stmt *st = db_prepare(store_db(r->store),
		"INSERT OR IGNORE INTO answer (case_id, part, place, value) VALUES (?1, ?2, ?3, ?4)");

	db_bind_text(st, 1, r->case_id);
	db_bind_int(st, 2, r->part);
	db_bind_text(st, 3, place);
	db_bind_text(st, 4, value);
	if (r->result == OK)
		r->result = db_run(st);
	else
		db_done(st);
}

static void put_text(struct buf *out, const json *v)
{
	if (json_str(v) != NULL)
		buf_adds(out, json_str(v));
	else
		json_write(out, v);
}

/* One member of the answers: a value, a list of choices, or repetitions. */
static void read_members(struct reading *r, const json *object, const char *before);

static void read_value(struct reading *r, const char *place, const json *v)
{
	const json *one = json_first(v);
	struct buf text = {0};
	int n = 0;

	if (json_type(v) == JSON_ARRAY && json_type(one) == JSON_OBJECT) {
		for (; one != NULL; one = json_next(one)) {
			buf_clear(&text);
			buf_printf(&text, "%s[%d]/", place, ++n);
			read_members(r, one, text.data);
		}
	} else if (json_type(v) == JSON_ARRAY) {
		for (; one != NULL; one = json_next(one)) {
			buf_adds(&text, text.len > 0 ? " " : "");
			put_text(&text, one);
		}
		put_answer(r, place, buf_str(&text));
	} else {
		put_text(&text, v);
		put_answer(r, place, buf_str(&text));
	}
	buf_fini(&text);
}

static void read_members(struct reading *r, const json *object, const char *before)
{
	struct buf place = {0};
	const json *v;

	for (v = json_first(object); v != NULL; v = json_next(v)) {
		buf_clear(&place);
		buf_printf(&place, "%s%s", before, json_key(v));
		read_value(r, place.data, v);
	}
	buf_fini(&place);
}

/* [{name_key: …, value_key: …}, …] */
static void read_pairs(
	struct reading *r, const json *list, const char *name_key, const char *value_key)
{
	const json *one;

	for (one = json_first(list); one != NULL; one = json_next(one)) {
		const char *name = json_get_str(one, name_key);
		const char *value = json_get_str(one, value_key);
		if (name != NULL && value != NULL)
			put_answer(r, name, value);
	}
}

static enum err read_body(struct store *s, const struct standing *t)
{
	struct reading r = {s, t->id, DRAFT_SITUATION, OK};
	json *body = NULL;

	if (t->body == NULL || json_parse(&body, t->body, t->body_len, NULL) != OK)
		return ERR_DAMAGED;
	read_members(&r, json_get(body, "situation"), "");
	r.part = DRAFT_FORM;
	read_members(&r, json_get(body, "answers"), "");
	r.part = DRAFT_MATERIALS;
	read_pairs(&r, json_get(body, "materials"), "material_name", "state");
	r.part = DRAFT_NOTE;
	read_pairs(&r, json_get(body, "materials"), "material_name", "note");
	r.part = DRAFT_ACCEPTED;
	read_pairs(&r, json_get(body, "accepted_warnings"), "field", "reason");
	r.part = DRAFT_SITUATION_ACCEPTED;
	read_pairs(&r, json_get(body, "situation_warnings"), "field", "reason");
	json_free(body);
	return r.result;
}

static bool has_answers(struct store *s, const char *case_id)
{
	struct stmt *st =
		db_prepare(store_db(s), "SELECT 1 FROM answer WHERE case_id = ?1 LIMIT 1");
	bool has;

	db_bind_text(st, 1, case_id);
	has = db_row(st);
	db_done(st);
	return has;
}

static enum err run_for(struct store *s, const char *sql, const char *case_id)
{
	struct stmt *st = db_prepare(store_db(s), sql);

	db_bind_text(st, 1, case_id);
	return db_run(st);
}

static enum err keep_answers(struct store *s, const struct standing *t)
{
	enum err e = has_answers(s, t->id) ? OK : read_body(s, t);

	if (e == OK)
		e = run_for(s,
			"INSERT OR REPLACE INTO answer_before (case_id, part, place, value)"
			" SELECT case_id, part, place, value FROM answer WHERE case_id = ?1",
			t->id);
	return e;
}

/* ---- beginning and giving up ---- */

bool case_made_elsewhere(struct store *s, const char *case_id)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT current_key IS NOT NULL AND current_key NOT IN"
		" (SELECT id FROM letter WHERE case_id = ?1) FROM case_ WHERE id = ?1");
	bool elsewhere;

	db_bind_text(st, 1, case_id);
	elsewhere = db_row(st) && db_int(st, 0) != 0;
	db_done(st);
	return elsewhere;
}

/* The new version's key is born with it. */
static enum err open_correction(struct store *s, const char *case_id)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE case_ SET revising = 1, known = changes - (changes > 0 AND ?5), letter_key = ?2, step = ?3,"
		" place = '', cursor_cps = 0, updated_ms = ?4 WHERE id = ?1");
	char key[ID_UUID_SIZE];

	id_uuid(store_entropy(s), store_now_ms(s), key);
	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, key);
	db_bind_int(st, 3, DRAFT_AT_FORM);
	db_bind_int(st, 4, store_now_ms(s));
	db_bind_int(st, 5, case_made_elsewhere(s, case_id)); /* it is asked about at the end */
	return db_run(st);
}

/* With what waits of it and looks refused held as refused. */
static enum err stand_anew(struct store *s, struct standing *t, const char *operator_name)
{
	char id[ID_UUID_SIZE];
	enum err e = outbox_count_as_refused(s, t->id, operator_name, NULL);

	memcpy(id, t->id, sizeof id);
	standing_fini(t);
	*t = (struct standing){0};
	return e == OK ? find_standing(s, id, t) : e;
}

enum err case_revise(
	struct store *s, const char *any_number, const char *operator_name, struct buf *why)
{
	struct standing t = {0};
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	e = find_standing(s, any_number, &t);
	if (e == ERR_NOT_FOUND)
		buf_why(why, tr("本机没有办件 %s"), any_number);
	if (e == OK)
		e = stand_anew(s, &t, operator_name);
	if (e == OK && !t.revising) {
		e = may_revise(&t, why) ? keep_answers(s, &t) : ERR_STATE;
		if (e == OK)
			e = refused_reasons_forget(s, t.id);
		if (e == OK)
			e = open_correction(s, t.id);
		if (e == OK)
			e = audit_put(s, operator_name, "case.correct", t.id, "");
	}
	standing_fini(&t);
	return db_finish(store_db(s), e);
}

bool case_may_revise(struct store *s, const char *case_id)
{
	struct standing t = {0};
	bool may = find_standing(s, case_id, &t) == OK && (t.revising || may_revise(&t, NULL));

	standing_fini(&t);
	return may;
}

static enum err restore_papers(struct store *s, const char *case_id)
{
	struct standing t = {0};
	enum err e = find_standing(s, case_id, &t);

	if (e == OK && t.body != NULL)
		e = papers_restore(s, case_id, t.body);
	standing_fini(&t);
	return e;
}

enum err case_revise_drop(struct store *s, const char *case_id, const char *operator_name)
{
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	e = run_for(s,
		"UPDATE case_ SET revising = 0, parked_note = NULL WHERE id = ?1 AND revising = 1",
		case_id);
	if (e == OK && db_changes(store_db(s)) == 0)
		e = ERR_STATE;
	if (e == OK)
		e = run_for(s, "DELETE FROM answer WHERE case_id = ?1", case_id);
	if (e == OK)
		e = run_for(s,
			"INSERT INTO answer (case_id, part, place, value)"
			" SELECT case_id, part, place, value FROM answer_before WHERE case_id = ?1",
			case_id);
	if (e == OK)
		e = run_for(s, "DELETE FROM answer_before WHERE case_id = ?1", case_id);
	if (e == OK)
		e = restore_papers(s, case_id);
	if (e == OK)
		e = audit_put(s, operator_name, "case.correct.drop", case_id, "");
	return db_finish(store_db(s), e);
}
