/* Looking back at acts, and taking back what the centre refused. */
#include "core/station/acts.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/acts_private.h"
#include "core/station/audit.h"
#include "core/station/cases.h"
#include "core/station/outbox.h"
#include "core/station/owed.h"
#include "core/station/store.h"

/* ---- looking back ---- */

/* What the window said in its letter; absent when there is none. */
static enum err said_here(
	struct store *s, const char *case_id, enum case_act act, struct buf *out, int64_t *at_ms)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT body, created_ms FROM letter WHERE case_id = ?1 AND kind = ?2 AND state <> 3"
		" ORDER BY seq DESC LIMIT 1");
	const void *body;
	size_t len = 0;
	json *letter = NULL;
	enum err e;

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, case_act_letter(act));
	if (db_row(st)) {
		body = db_blob(st, 0, &len);
		if (body != NULL && json_parse(&letter, body, len, NULL) == OK &&
			json_get(letter, "answers") != NULL) {
			json_write(out, json_get(letter, "answers"));
			*at_ms = db_int(st, 1);
		}
		json_free(letter);
	}
	e = db_done(st);
	return e == OK && out->len == 0 ? ERR_NOT_FOUND : e;
}

/* What the back office said, when that was later than what is in out. */
static enum err said_at_the_office(
	struct store *s, const char *case_id, enum case_act act, struct buf *out, int64_t *at_ms)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT facts, at_ms FROM event WHERE case_id = ?1 AND what = ?2 AND"
		" facts IS NOT NULL ORDER BY seq DESC LIMIT 1");

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, case_act_name(act));
	if (db_row(st) && (out->len == 0 || db_int(st, 1) > *at_ms)) {
		buf_clear(out);
		buf_adds(out, db_text(st, 0));
		*at_ms = db_int(st, 1);
	}
	return db_done(st);
}

enum err act_facts(
	struct store *s, const char *case_id, enum case_act act, struct buf *out, int64_t *at_ms)
{
	struct buf said = {0};
	int64_t said_ms = 0;
	enum err e = said_here(s, case_id, act, &said, &said_ms);

	if (e == OK || e == ERR_NOT_FOUND)
		e = said_at_the_office(s, case_id, act, &said, &said_ms);
	if (e == OK && said.len == 0)
		e = ERR_NOT_FOUND;
	if (e == OK) {
		buf_add(out, said.data, said.len);
		if (at_ms != NULL)
			*at_ms = said_ms;
	}
	buf_fini(&said);
	return e;
}

/* ---- taking back what the centre refused ---- */

struct refused_act {
	char case_id[ID_UUID_SIZE], *state, *kind;
	bool carried; /* of a case of another station */
	json *body;
};

/* built_on: one that waits behind the refused one. */
static enum err find_act(
	struct store *s, const char *letter_id, bool built_on, struct refused_act *r)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT l.case_id, c.state, l.kind, l.body FROM letter l JOIN case_ c ON c.id = l.case_id"
		" WHERE l.id = ?1 AND ((l.state = 1 AND l.hold = 1) OR (?2 AND l.state IN (0, 1)))"
		" AND (l.kind <> 'application' OR c.project_no IS NOT NULL OR c.state = 'carried')");
	const void *body;
	size_t len;
	bool found;
	enum err e;

	db_bind_text(st, 1, letter_id);
	db_bind_int(st, 2, built_on);
	found = db_row(st);
	if (found) {
		strncat(r->case_id, db_text(st, 0), sizeof r->case_id - 1);
		r->state = mem_strdup(db_text(st, 1));
		r->kind = mem_strdup(db_text(st, 2));
		r->carried = strcmp(r->state, "carried") == 0;
		body = db_blob(st, 3, &len);
		if (body == NULL || json_parse(&r->body, body, len, NULL) != OK)
			r->body = NULL;
	}
	e = db_done(st);
	return e == OK && !found ? ERR_STATE : e;
}

/* The centre has spoken of the case after the act was done here: its state is the centre's word. */
static bool is_told_since(struct store *s, const char *case_id, enum case_act act)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT 1 FROM event WHERE case_id = ?1 AND source IS NOT NULL AND seq >"
		" (SELECT max(seq) FROM event WHERE case_id = ?1 AND what = ?2 AND source IS NULL)");
	bool told;

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, case_act_name(act));
	told = db_row(st);
	db_done(st);
	return told;
}

/* A correction waits behind it: the state of the case is that one's doing. */
static bool is_corrected_since(struct store *s, const char *letter_id)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT 1 FROM letter l JOIN letter n ON n.case_id = l.case_id AND n.seq > l.seq"
		" WHERE l.id = ?1 AND n.kind = 'application' AND n.state IN (0, 1)");
	bool corrected;

	db_bind_text(st, 1, letter_id);
	corrected = db_row(st);
	db_done(st);
	return corrected;
}

/* Corrections were asked for, and nothing that the centre took has answered since. */
static bool is_asked(struct store *s, const char *case_id)
{
	struct buf facts = {0};
	int64_t asked_ms = 0;
	bool asked = act_facts(s, case_id, ACT_REQUEST_CORRECTION, &facts, &asked_ms) == OK;
	struct stmt *st = db_prepare(store_db(s),
		"SELECT 1 FROM letter WHERE case_id = ?1 AND kind IN ('application', ?3)"
		" AND state = 2 AND created_ms > ?2");

	db_bind_text(st, 1, case_id);
	db_bind_int(st, 2, asked_ms);
	db_bind_text(st, 3, case_act_letter(ACT_SUPPLEMENT));
	asked = asked && !db_row(st);
	db_done(st);
	buf_fini(&facts);
	return asked;
}

/* Its days as they were before. */
static enum err restore_due(
	struct store *s, const struct refused_act *r, const char *letter_id, enum case_state from)
{
	enum case_act led = from == CASE_CORRECTING ? ACT_REQUEST_CORRECTION : ACT_ACCEPT;
	struct buf text = {0};
	json *facts = NULL;
	enum err e;

	if (act_facts(s, r->case_id, led, &text, NULL) == OK &&
		json_parse(&facts, text.data, text.len, NULL) != OK)
		facts = NULL;
	e = dues_restore(s, r->case_id, from, letter_id, facts);
	json_free(facts);
	buf_fini(&text);
	return e;
}

/* Back to where it was, when it is still where the act had put it. */
static enum err go_back(struct store *s, const struct refused_act *r, const char *letter_id)
{
	const char *from_name = json_get_str(r->body, "from_state");
	enum case_state from, to;
	enum case_act act = ACT_REVISE; /* an application */
	enum err e;

	case_act_of_letter(r->kind, &act);
	if (from_name == NULL || !case_state_parse(from_name, &from) ||
		!lifecycle_next(from, act, acts_actor(act), &to, NULL) ||
		strcmp(case_state_name(to), r->state) != 0 || is_told_since(s, r->case_id, act) ||
		is_corrected_since(s, letter_id) ||
		(act == ACT_REVISE && from == CASE_CORRECTING && !is_asked(s, r->case_id)))
		return OK;
	e = acts_move(s, r->case_id, from_name);
	return e == OK ? restore_due(s, r, letter_id, from) : e;
}

/* What had come with it is owed again. */
static enum err undo(struct store *s, const struct refused_act *r, const char *letter_id)
{
	enum err e = go_back(s, r, letter_id);

	if (e == OK && strcmp(r->kind, case_act_letter(ACT_SUPPLY)) == 0)
		e = owed_again(s, r->case_id, json_get(r->body, "answers"));
	return e;
}

/* Of a carried case also what waits behind it: its own station has them all. */
static enum err end_letter(struct store *s, const char *letter_id, const struct refused_act *r)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE letter SET state = 3, hold = 0, since_ms = ?2 WHERE id = ?1"
		" OR (?3 AND case_id = ?4 AND state IN (0, 1)"
		" AND seq > (SELECT seq FROM letter WHERE id = ?1))");

	db_bind_text(st, 1, letter_id);
	db_bind_int(st, 2, store_now_ms(s));
	db_bind_int(st, 3, r->carried);
	db_bind_text(st, 4, r->case_id);
	return db_run(st);
}

/* Which step it was, for the history. */
static const char *label_of(const struct refused_act *r)
{
	enum case_act act = ACT_REVISE; /* an application */

	case_act_of_letter(r->kind, &act);
	return strcmp(r->kind, "evaluation") == 0 ? NULL : case_act_label(act);
}

/* Inside the caller's transaction. */
static enum err take_back_one(
	struct store *s, const char *letter_id, bool built_on, const char *operator_name)
{
	struct refused_act r = {0};
	enum err e = find_act(s, letter_id, built_on, &r);

	if (e == OK)
		e = end_letter(s, letter_id, &r);
	if (e == OK && !r.carried)
		e = undo(s, &r, letter_id);
	if (e == OK)
		e = case_add_event(s, r.case_id, operator_name, "taken-back", label_of(&r));
	if (e == OK)
		e = audit_put(s, operator_name, "act.take-back", letter_id, r.kind);
	free(r.state);
	free(r.kind);
	json_free(r.body);
	return e;
}

/* The last step that was built on this one and waits behind it; false: none. A correction that
 * answered a request is such a step as well; what was done after another correction is built on
 * that one. */
static bool find_built_on(struct store *s, const char *letter_id, char out[ID_UUID_SIZE])
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT n.id FROM letter l JOIN letter n ON n.case_id = l.case_id AND n.seq > l.seq"
		" WHERE l.id = ?1 AND l.state = 1 AND l.hold = 1"
		" AND l.kind <> 'evaluation' AND (l.kind <> 'application'"
		" OR json_extract(CAST(l.body AS TEXT), '$.from_state') IS NOT NULL)"
		" AND n.state IN (0, 1) AND n.kind NOT IN ('application', 'evaluation', 'note')"
		" AND NOT EXISTS (SELECT 1 FROM letter a WHERE a.case_id = l.case_id"
		" AND a.kind = 'application' AND a.state IN (0, 1) AND a.seq > l.seq"
		" AND a.seq < n.seq) ORDER BY n.seq DESC LIMIT 1");
	bool found;

	out[0] = '\0';
	db_bind_text(st, 1, letter_id);
	found = db_row(st);
	if (found)
		strncat(out, db_text(st, 0), ID_UUID_SIZE - 1);
	db_done(st);
	return found;
}

static bool is_replaced(struct store *s, const char *letter_id)
{
	struct stmt *st =
		db_prepare(store_db(s), "SELECT 1 FROM letter WHERE id = ?1 AND state = 3");
	bool replaced;

	db_bind_text(st, 1, letter_id);
	replaced = db_row(st);
	db_done(st);
	return replaced;
}

enum err act_take_back(
	struct store *s, const char *letter_id, const char *operator_name, struct buf *why)
{
	char last[ID_UUID_SIZE];
	size_t counted = 0;
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	e = outbox_count_as_refused(s, letter_id, operator_name, &counted);
	if (e == OK && counted > 0 && is_replaced(s, letter_id)) /* a newer version goes now */
		return db_finish(store_db(s), OK);
	while (e == OK && find_built_on(s, letter_id, last))
		e = take_back_one(s, last, true, operator_name);
	if (e == OK)
		e = take_back_one(s, letter_id, false, operator_name);
	if (e == ERR_STATE)
		buf_why(why, "%s",
			tr("只有被中心退回的办理步骤, 和中心已有这一件时的更正, 才能撤回; 申请本身请更正后重报。"));
	return db_finish(store_db(s), e);
}
