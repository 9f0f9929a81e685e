#include "core/station/acts.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/accepted.h"
#include "core/station/acts_private.h"
#include "core/station/audit.h"
#include "core/station/cases.h"
#include "core/station/letter_text.h"
#include "core/station/owed.h"
#include "core/station/papers.h"
#include "core/station/store.h"

enum {
	NOTE_MAX_BYTES = 400 /* of what the history says */
};

enum case_actor acts_actor(enum case_act act)
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
			lifecycle_next(from, (enum case_act)act, acts_actor((enum case_act)act),
				&to, NULL))
			out[n++] = (enum case_act)act;
	return n;
}

const char *act_obstacle(struct store *s, const char *case_id, const char *state, enum case_act act)
{
	if (act == ACT_SUPPLY && owed_count(s, case_id, 0) == 0)
		return tr("没有欠交的容缺材料");
	if (act == ACT_RETURN && strcmp(state, case_state_name(CASE_ACCEPTED)) == 0 &&
		owed_count(s, case_id, clock_day(store_now_ms(s))) == 0)
		return tr("已经受理的, 只有容缺材料逾期没有补交才能退件");
	return NULL;
}

size_t acts_open_for(struct store *s, const char *case_id, const char *state, enum case_act *out)
{
	size_t n = acts_open(state, out), kept = 0, i;

	for (i = 0; i < n; i++)
		if (act_obstacle(s, case_id, state, out[i]) == NULL)
			out[kept++] = out[i];
	return kept;
}

/* ---- what the case is, and what the order says ---- */

struct moving {
	const struct act_order *order;
	char id[ID_UUID_SIZE], key[ID_UUID_SIZE];
	char *from_name;
	enum case_state from, to;
	bool refused, revising; /* the application itself is in question */
	json *facts;
	struct buf note;  /* the reason, or the defects, for the history */
	struct buf trail; /* words of the audit trail */
};

static void moving_fini(struct moving *m)
{
	free(m->from_name);
	json_free(m->facts);
	buf_fini(&m->note);
	buf_fini(&m->trail);
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

static enum err check_step(struct store *s, struct moving *m, struct buf *why)
{
	const char *obstacle;
	const char *reason = tr("办件的状态本机不认识, 请先同步");

	if (m->refused || m->revising) {
		buf_why(why, "%s",
			tr("申请被中心退回或正在更正: 请先更正重报 (或放弃更正), 再办这一步。"));
		return ERR_STATE;
	}
	if (is_of_window(m->order->act) && case_state_parse(m->from_name, &m->from) &&
		lifecycle_next(
			m->from, m->order->act, acts_actor(m->order->act), &m->to, &reason)) {
		obstacle = act_obstacle(s, m->id, m->from_name, m->order->act);
		if (obstacle == NULL)
			return OK;
		reason = obstacle;
	}
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

static void note_part(struct moving *m, const char *text)
{
	if (text != NULL && text[0] != '\0' && m->note.len < NOTE_MAX_BYTES)
		buf_printf(&m->note, "%s%s", m->note.len > 0 ? ", " : "", text);
}

/* Who brought or took what. */
static void note_persons(struct moving *m)
{
	static const char *const names[] = {
		"supplied_by", "delivery_way", "recipient", "taken_by", "tracking_no"};
	const json *one;
	size_t i;

	for (one = json_first(json_get(m->facts, "supplied"));
		m->order->act == ACT_SUPPLY && one != NULL; one = json_next(one))
		note_part(m, json_str(one));
	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		note_part(m, json_get_str(m->facts, names[i]));
}

static void take_note(struct moving *m)
{
	const char *reason = json_get_str(m->facts, "reason");
	const json *one;

	if (reason != NULL)
		buf_adds(&m->note, reason);
	if (m->order->act == ACT_SUPPLY || m->order->act == ACT_DELIVER)
		note_persons(m);
	for (one = json_first(json_get(m->facts, "corrections"));
		one != NULL && m->note.len < NOTE_MAX_BYTES; one = json_next(one)) {
		const char *name = json_get_str(one, "name"), *defect = json_get_str(one, "defect");
		buf_printf(&m->note, "%s%s: %s", m->note.len > 0 ? "; " : "",
			name != NULL ? name : "", defect != NULL ? defect : "");
	}
}

static enum err check_facts(struct store *s, struct moving *m, struct buf *why)
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
	if (o->act == ACT_SUPPLY)
		return owed_check(s, m->id, m->facts, why);
	if (o->act == ACT_VOID && (o->second == NULL || strcmp(o->second, o->operator_name) == 0)) {
		buf_why(why, "%s", tr("作废要由另一位工作人员确认, 请他输入自己的工号和口令。"));
		return ERR_INVALID;
	}
	return OK;
}

/* ---- what is written ---- */

/* The papers of what was supplied go along: their materials as papers.h wants them named. */
static void name_supplied(const struct moving *m, struct buf *b)
{
	const json *one = json_first(json_get(m->facts, "supplied"));

	buf_addc(b, '[');
	for (; m->order->act == ACT_SUPPLY && one != NULL; one = json_next(one)) {
		json_comma(b);
		buf_addc(b, '{');
		json_member_str(b, "material_name", json_str(one));
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

static void write_letter(
	struct store *s, const struct moving *m, const struct buf *attachments, struct buf *b)
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
	if (accepted_any(o->accepted)) {
		json_member(b, "accepted_warnings");
		buf_adds(b, o->accepted);
	}
	if (attachments->len > 0) {
		json_member(b, "attachments");
		buf_adds(b, attachments->data);
	}
	buf_addc(b, '}');
	free(enrolled);
}

enum err acts_post(
	struct store *s, const char *key, const char *case_id, const char *kind, struct buf *body)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO letter (id, case_id, kind, path, body, created_ms, since_ms)"
		" VALUES (?1, ?2, ?3, '/v1/letters', ?4, ?5, ?5)");

	letter_text_clean(body);
	db_bind_text(st, 1, key);
	db_bind_text(st, 2, case_id);
	db_bind_text(st, 3, kind);
	db_bind_blob(st, 4, body->data, body->len);
	db_bind_int(st, 5, store_now_ms(s));
	return db_run(st);
}

enum err acts_move(struct store *s, const char *id, const char *state)
{
	struct stmt *st = db_prepare(
		store_db(s), "UPDATE case_ SET state = ?2, updated_ms = ?3 WHERE id = ?1");
	enum err e;

	db_bind_text(st, 1, id);
	db_bind_text(st, 2, state);
	db_bind_int(st, 3, store_now_ms(s));
	e = db_run(st);
	return e == OK ? act_begun_prune(s, id) : e;
}

/* The letter, with the papers of what was supplied. */
static enum err post(struct store *s, struct moving *m)
{
	struct buf materials = {0}, attachments = {0}, body = {0};
	struct paper_wants supplied = {NULL, "{}"};
	enum err e;

	name_supplied(m, &materials);
	supplied.materials_json = materials.data;
	id_uuid(store_entropy(s), store_now_ms(s), m->key);
	e = papers_list(s, m->id, &supplied, &attachments);
	if (e == OK) {
		write_letter(s, m, &attachments, &body);
		e = acts_post(s, m->key, m->id, case_act_letter(m->order->act), &body);
	}
	if (e == OK)
		e = papers_bind(s, m->id, &supplied, m->id, m->key);
	buf_fini(&materials);
	buf_fini(&attachments);
	buf_fini(&body);
	return e;
}

/* Where the case is now, and its clock; what was owed has come. */
static enum err settle(struct store *s, struct moving *m, int64_t now)
{
	size_t left = 0;
	enum err e;

	if (m->order->act != ACT_SUPPLY) {
		e = clock_close(s, m->id, m->to, now, m->key, &m->trail);
		if (e == OK)
			e = acts_move(s, m->id, case_state_name(m->to));
		return e == OK ? dues_set(s, m->id, m->to, m->facts) : e;
	}
	e = owed_supply(s, m->id, m->facts, &left);
	if (e == OK)
		e = acts_move(s, m->id, m->from_name);
	if (left == 0)
		buf_printf(&m->note, "; %s", tr("容缺材料已经补齐"));
	else
		buf_printf(&m->note, tr("; 还欠 %zu 份"), left);
	return e;
}

/* Whose letter it is, for counting. */
static enum err sign_letter(struct store *s, const struct moving *m, int64_t now)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE letter SET operator_name = ?2, window = ?3, created_ms = ?4 WHERE id = ?1");

	db_bind_text(st, 1, m->key);
	db_bind_text(st, 2, m->order->operator_name);
	db_bind_text(st, 3, m->order->window);
	db_bind_int(st, 4, now);
	return db_run(st);
}

static enum err write_rows(struct store *s, struct moving *m)
{
	const struct act_order *o = m->order;
	struct buf who = {0};
	int64_t now = store_now_ms(s);
	enum err e;

	buf_adds(&who, o->operator_name);
	if (o->second != NULL)
		buf_printf(&who, ", %s", o->second);
	e = post(s, m);
	accepted_tell(o->accepted, &m->note); /* the letter has them beside its reason */
	audit_word(&m->trail, "window", o->window);
	audit_word(&m->trail, "second", o->second);
	audit_word(&m->trail, "letter", m->key);
	if (e == OK)
		e = sign_letter(s, m, now);
	if (e == OK)
		e = settle(s, m, now);
	if (e == OK)
		e = act_begun_end(s, m->id, o->act);
	if (e == OK)
		e = case_add_event(s, m->id, buf_str(&who), case_act_name(o->act),
			m->note.len > 0 ? m->note.data : NULL);
	if (e == OK)
		e = audit_put_at(
			s, now, o->operator_name, case_act_name(o->act), m->id, buf_str(&m->trail));
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
		e = check_step(s, &m, why);
	if (e == OK)
		e = check_facts(s, &m, why);
	if (e == OK)
		e = write_rows(s, &m);
	if (e != OK)
		db_rollback(store_db(s));
	else if ((e = db_commit(store_db(s))) == ERR_UNSURE)
		e = look_again(s, m.key);
	moving_fini(&m);
	return e;
}
