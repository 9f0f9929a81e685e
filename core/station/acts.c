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
#include "core/station/store.h"

enum {
	NOTE_MAX_BYTES = 400 /* of what the history says */
};

static enum case_actor actor_of(enum case_act act)
{
	return act == ACT_VOID ? ACTOR_SECOND : ACTOR_WINDOW;
}

static bool is_of_window(enum case_act act)
{
	return act != ACT_SUBMIT && act != ACT_REVISE;
}

size_t acts_open(const char *state, enum case_act *out)
{
	enum case_state from, to;
	size_t n = 0;
	int act;

	if (!case_state_parse(state, &from))
		return 0;
	for (act = 0; act < CASE_ACT__MAX; act++)
		if (is_of_window((enum case_act)act) &&
			lifecycle_next(
				from, (enum case_act)act, actor_of((enum case_act)act), &to, NULL))
			out[n++] = (enum case_act)act;
	return n;
}

/* ---- what the case is, and what the order says ---- */

struct moving {
	const struct act_order *order;
	char id[ID_UUID_SIZE], key[ID_UUID_SIZE];
	char *from_name;
	enum case_state from, to;
	bool refused, revising; /* the application itself is in question */
	json *facts;
	struct buf note; /* the reason, or the defects, for the history */
};

static void moving_fini(struct moving *m)
{
	free(m->from_name);
	json_free(m->facts);
	buf_fini(&m->note);
}

static enum err find_case(struct store *s, const char *number, struct moving *m)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT id, state, revising, EXISTS (SELECT 1 FROM letter WHERE case_id = case_.id AND"
		" kind = 'application' AND state = 1 AND hold = 1) FROM case_"
		" WHERE state NOT IN ('draft', 'carried', 'bundle') AND (id = ?1 OR local_receipt = ?1 OR project_no = ?1)");
	bool found;
	enum err e;

	db_bind_text(st, 1, number);
	found = db_row(st);
	if (found) {
		strncat(m->id, db_text(st, 0), sizeof m->id - 1);
		m->from_name = mem_strdup(db_text(st, 1));
		m->revising = db_int(st, 2) != 0;
		m->refused = db_int(st, 3) != 0;
	}
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

static enum err check_step(struct moving *m, struct buf *why)
{
	const char *reason = tr("办件的状态本机不认识, 请先同步");

	if (m->refused || m->revising) {
		buf_why(why, "%s",
			tr("申请被中心退回或正在更正: 请先更正重报 (或放弃更正), 再办这一步。"));
		return ERR_STATE;
	}
	if (is_of_window(m->order->act) && case_state_parse(m->from_name, &m->from) &&
		lifecycle_next(m->from, m->order->act, actor_of(m->order->act), &m->to, &reason))
		return OK;
	buf_why(why, tr("现在是“%s”, 不能%s: %s。"), case_state_label_of(m->from_name),
		case_act_label(m->order->act), reason);
	return ERR_STATE;
}

/* Acts against the applicant's wish, or that stop the clock, must say why. */
static bool needs_reason(enum case_act act)
{
	return act == ACT_REFUSE || act == ACT_SUSPEND || act == ACT_WITHDRAW ||
	       act == ACT_RETURN || act == ACT_VOID;
}

static void take_note(struct moving *m)
{
	const char *reason = json_get_str(m->facts, "reason");
	const json *one;

	if (reason != NULL)
		buf_adds(&m->note, reason);
	for (one = json_first(json_get(m->facts, "corrections"));
		one != NULL && m->note.len < NOTE_MAX_BYTES; one = json_next(one)) {
		const char *name = json_get_str(one, "name"), *defect = json_get_str(one, "defect");
		buf_printf(&m->note, "%s%s: %s", m->note.len > 0 ? "; " : "",
			name != NULL ? name : "", defect != NULL ? defect : "");
	}
}

static enum err check_facts(struct moving *m, struct buf *why)
{
	const struct act_order *o = m->order;
	const char *text = o->facts != NULL ? o->facts : "{}";

	if (json_parse(&m->facts, text, strlen(text), NULL) != OK ||
		json_type(m->facts) != JSON_OBJECT) {
		buf_why(why, "%s", tr("办理内容应是一个 JSON 对象"));
		return ERR_INVALID;
	}
	take_note(m);
	if (needs_reason(o->act) && m->note.len == 0) {
		buf_why(why, tr("%s要写明理由 (reason)。"), case_act_label(o->act));
		return ERR_INVALID;
	}
	if (o->act == ACT_REQUEST_CORRECTION &&
		json_count(json_get(m->facts, "corrections")) == 0) {
		buf_why(why, "%s", tr("补正要一次列全: 至少写一处要补正的内容 (corrections)。"));
		return ERR_INVALID;
	}
	if (o->act == ACT_VOID && (o->second == NULL || strcmp(o->second, o->operator_name) == 0)) {
		buf_why(why, "%s", tr("作废要由另一位工作人员确认, 请他输入自己的工号和口令。"));
		return ERR_INVALID;
	}
	return OK;
}

/* ---- what is written ---- */

static void write_letter(struct store *s, const struct moving *m, struct buf *b)
{
	const struct act_order *o = m->order;
	char *enrolled = store_get(s, "centre.station");
	char iso[CLOCK_ISO_SIZE];

	buf_addc(b, '{');
	json_member_str(b, "kind", case_act_letter(o->act));
	json_member_str(b, "idempotency_key", m->key);
	json_member_str(b, "case_id", m->id);
	json_member_str(b, "station", enrolled != NULL ? enrolled : o->station);
	json_member_str(b, "operator", o->operator_name);
	json_member_str(b, "window", o->window);
	json_member_str(b, "confirmed_by", o->second);
	json_member_str(b, "submitted_at", clock_iso(store_now_ms(s), iso));
	json_member_str(b, "from_state", m->from_name);
	if (m->note.len > 0)
		json_member_str(b, "reason", m->note.data);
	json_member(b, "answers");
	json_write(b, m->facts);
	buf_addc(b, '}');
	free(enrolled);
}

enum err acts_post(struct store *s, const char *key, const char *case_id, const char *kind,
	const struct buf *body)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO letter (id, case_id, kind, path, body, created_ms, since_ms)"
		" VALUES (?1, ?2, ?3, '/v1/letters', ?4, ?5, ?5)");

	db_bind_text(st, 1, key);
	db_bind_text(st, 2, case_id);
	db_bind_text(st, 3, kind);
	db_bind_blob(st, 4, body->data, body->len);
	db_bind_int(st, 5, store_now_ms(s));
	return db_run(st);
}

static enum err move_case(struct store *s, const char *id, const char *state)
{
	struct stmt *st = db_prepare(
		store_db(s), "UPDATE case_ SET state = ?2, updated_ms = ?3 WHERE id = ?1");

	db_bind_text(st, 1, id);
	db_bind_text(st, 2, state);
	db_bind_int(st, 3, store_now_ms(s));
	return db_run(st);
}

static enum err write_rows(struct store *s, struct moving *m)
{
	const struct act_order *o = m->order;
	struct buf body = {0}, who = {0};
	enum err e;

	id_uuid(store_entropy(s), store_now_ms(s), m->key);
	write_letter(s, m, &body);
	buf_adds(&who, o->operator_name);
	if (o->second != NULL)
		buf_printf(&who, ", %s", o->second);
	e = acts_post(s, m->key, m->id, case_act_letter(o->act), &body);
	if (e == OK)
		e = move_case(s, m->id, case_state_name(m->to));
	if (e == OK)
		e = case_add_event(s, m->id, buf_str(&who), case_act_name(o->act),
			m->note.len > 0 ? m->note.data : NULL);
	if (e == OK)
		e = dues_set(s, m->id, m->to, m->facts);
	if (e == OK)
		e = audit_put(s, o->operator_name, case_act_name(o->act), m->id,
			o->second != NULL ? o->second : "");
	buf_fini(&body);
	buf_fini(&who);
	return e;
}

/* A commit whose outcome is open: the letter's key tells. */
static enum err look_again(struct store *s, const char *key)
{
	struct stmt *st;
	bool found;
	enum err e = store_reopen(s);

	if (e != OK)
		return e;
	st = db_prepare(store_db(s), "SELECT 1 FROM letter WHERE id = ?1");
	db_bind_text(st, 1, key);
	found = db_row(st);
	e = db_done(st);
	return e == OK && !found ? ERR_IO : e;
}

enum err act_do(struct store *s, const struct act_order *o, struct buf *why)
{
	struct moving m = {.order = o};
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	e = find_case(s, o->case_number, &m);
	if (e == ERR_NOT_FOUND)
		buf_why(why, tr("本机没有 %s 这一件"), o->case_number);
	if (e == OK)
		e = check_step(&m, why);
	if (e == OK)
		e = check_facts(&m, why);
	if (e == OK)
		e = write_rows(s, &m);
	if (e != OK)
		db_rollback(store_db(s));
	else if ((e = db_commit(store_db(s))) == ERR_UNSURE)
		e = look_again(s, m.key);
	moving_fini(&m);
	return e;
}

/* ---- looking back ---- */

enum err act_facts(
	struct store *s, const char *case_id, enum case_act act, struct buf *out, int64_t *at_ms)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT body, created_ms FROM letter WHERE case_id = ?1 AND kind = ?2 AND state <> 3"
		" ORDER BY seq DESC LIMIT 1");
	const void *body;
	size_t len = 0;
	int64_t created_ms = 0;
	json *letter = NULL;
	enum err e;

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, case_act_letter(act));
	if (db_row(st)) {
		created_ms = db_int(st, 1);
		body = db_blob(st, 0, &len);
		if (body == NULL || json_parse(&letter, body, len, NULL) != OK)
			letter = NULL;
	}
	e = db_done(st);
	if (e == OK && json_get(letter, "answers") == NULL)
		e = ERR_NOT_FOUND;
	if (e == OK)
		json_write(out, json_get(letter, "answers"));
	if (e == OK && at_ms != NULL)
		*at_ms = created_ms;
	json_free(letter);
	return e;
}

/* ---- taking back what the centre refused ---- */

struct refused_act {
	char case_id[ID_UUID_SIZE], *state, *kind;
	json *body;
};

static enum err find_refused(struct store *s, const char *letter_id, struct refused_act *r)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT l.case_id, c.state, l.kind, l.body FROM letter l JOIN case_ c ON c.id = l.case_id"
		" WHERE l.id = ?1 AND l.state = 1 AND l.hold = 1 AND l.kind <> 'application'"
		" AND c.state <> 'carried'");
	const void *body;
	size_t len;
	bool found;
	enum err e;

	db_bind_text(st, 1, letter_id);
	found = db_row(st);
	if (found) {
		strncat(r->case_id, db_text(st, 0), sizeof r->case_id - 1);
		r->state = mem_strdup(db_text(st, 1));
		r->kind = mem_strdup(db_text(st, 2));
		body = db_blob(st, 3, &len);
		if (body == NULL || json_parse(&r->body, body, len, NULL) != OK)
			r->body = NULL;
	}
	e = db_done(st);
	return e == OK && !found ? ERR_STATE : e;
}

/* Back to where it was, when it is still where the act had put it. */
static enum err go_back(struct store *s, const struct refused_act *r)
{
	const char *from_name = json_get_str(r->body, "from_state");
	enum case_state from, to;
	enum case_act act;

	if (!case_act_of_letter(r->kind, &act) || !case_state_parse(from_name, &from) ||
		!lifecycle_next(from, act, actor_of(act), &to, NULL) ||
		strcmp(case_state_name(to), r->state) != 0)
		return OK;
	return move_case(s, r->case_id, from_name);
}

static enum err end_letter(struct store *s, const char *letter_id)
{
	struct stmt *st = db_prepare(
		store_db(s), "UPDATE letter SET state = 3, hold = 0, since_ms = ?2 WHERE id = ?1");

	db_bind_text(st, 1, letter_id);
	db_bind_int(st, 2, store_now_ms(s));
	return db_run(st);
}

enum err act_take_back(
	struct store *s, const char *letter_id, const char *operator_name, struct buf *why)
{
	struct refused_act r = {0};
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	e = find_refused(s, letter_id, &r);
	if (e == ERR_STATE)
		buf_why(why, "%s", tr("只有被中心退回的办理步骤才能撤回; 申请本身请更正后重报。"));
	if (e == OK)
		e = end_letter(s, letter_id);
	if (e == OK)
		e = go_back(s, &r);
	if (e == OK)
		e = case_add_event(s, r.case_id, operator_name, "taken-back", r.kind);
	if (e == OK)
		e = audit_put(s, operator_name, "act.take-back", letter_id, r.kind);
	if (e == OK)
		e = db_commit(store_db(s));
	else
		db_rollback(store_db(s));
	free(r.state);
	free(r.kind);
	json_free(r.body);
	return e;
}
