#include "core/station/recover.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/acts_private.h"
#include "core/station/audit.h"
#include "core/station/changes.h"
#include "core/station/draft_lock.h"
#include "core/station/fetch.h"
#include "core/station/letter_text.h"
#include "core/station/papers_private.h"
#include "core/station/receipt.h"
#include "core/station/store.h"
#include "core/station/watch.h"

enum {
	BATCHES_MAX = 100000,
	BODY_MAX_BYTES = 2 << 20 /* more than the centre takes */
};

/* An application or correction that the centre tells of. */
struct told_letter {
	const char *key, *case_id, *project_no;
	bool own;
	struct buf source; /* its mark among the events */
	int64_t at_ms;
};

/* What is here of its case. */
enum here {
	HERE_NOTHING,
	HERE_DRAFT, /* it was submitted after the copy was made */
	HERE_CASE,
	HERE_OTHER /* carried for another station, or the head of a bundle */
};

struct recovering {
	struct store *store;
	struct transport transport;
	struct recover_result result;
	struct buf *why;
};

/* ---- what is lacking ---- */

static bool is_letter_here(struct store *s, const char *key)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT 1 FROM letter WHERE id = ?1");
	bool here;

	db_bind_text(st, 1, key);
	here = db_row(st);
	db_done(st);
	return here;
}

static enum here look_for_case(struct store *s, const char *case_id)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT state FROM case_ WHERE id = ?1");
	enum here here = HERE_NOTHING;

	db_bind_text(st, 1, case_id);
	if (db_row(st)) {
		const char *state = db_text(st, 0);
		here = strcmp(state, "draft") == 0				       ? HERE_DRAFT
		       : strcmp(state, "carried") == 0 || strcmp(state, "bundle") == 0 ? HERE_OTHER
										       : HERE_CASE;
	}
	db_done(st);
	return here;
}

/* Whoever brought it: another window may have carried it for this one. Whose it is says the letter;
 * a version that was made elsewhere is told as ever. */
static bool is_lacking(struct store *s, const struct told_letter *l)
{
	return look_for_case(s, l->case_id) != HERE_OTHER && !is_letter_here(s, l->key);
}

static bool read_told(const json *change, int64_t now_ms, struct told_letter *l)
{
	const char *type = json_get_str(change, "type"), *kind = json_get_str(change, "kind"),
		   *project_no = json_get_str(change, "project_no");

	*l = (struct told_letter){.key = json_get_str(change, "key"),
		.case_id = json_get_str(change, "case_id"),
		.project_no = id_is_word(project_no, ID_NUMBER_MAX_BYTES) ? project_no : NULL,
		.own = json_get_bool(change, "own", false)};
	if (type == NULL || strcmp(type, "case") != 0 || kind == NULL ||
		strcmp(kind, "application") != 0 || !id_is_uuid(l->key) || !id_is_uuid(l->case_id))
		return false;
	changes_mark(change, now_ms, &l->source, &l->at_ms);
	return true;
}

/* ---- taking it in ---- */

static int64_t submitted_ms(const json *body, int64_t otherwise_ms)
{
	const char *at = json_get_str(body, "submitted_at");
	int64_t ms;

	return at != NULL && clock_parse_iso(at, &ms) ? ms : otherwise_ms;
}

static const char *or_empty(const json *body, const char *name)
{
	const char *value = json_get_str(body, name);

	return value != NULL ? value : "";
}

/* The row of the case as submitting had left it. Its receipt may have been given once more since
 * the copy was put in place: then the other case has it, and this one goes by its number, or by its
 * id. */
static enum err put_case(struct store *s, const struct told_letter *l, const json *body)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO case_ (id, letter_key, state, task_code, task_name, task_version,"
		" form_id, form_version, operator_name, window, applyer_name, person, mobile,"
		" local_receipt, project_no, created_ms, updated_ms, submitted_ms)"
		" VALUES (?1, ?2, 'received', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
		" (SELECT name FROM (SELECT 1 AS rank, ?13 AS name UNION ALL SELECT 2, ?14"
		" UNION ALL SELECT 3, ?1) WHERE name IS NOT NULL AND NOT EXISTS (SELECT 1 FROM case_"
		" WHERE local_receipt = name AND id <> ?1) ORDER BY rank LIMIT 1),"
		" ?14, ?15, ?16, ?15) ON CONFLICT (id) DO UPDATE SET state = 'received',"
		" letter_key = iif(revising, letter_key, excluded.letter_key), applyer_name = excluded.applyer_name,"
		" person = excluded.person, mobile = excluded.mobile,"
		" local_receipt = excluded.local_receipt, project_no = excluded.project_no,"
		" updated_ms = excluded.updated_ms, submitted_ms = excluded.submitted_ms,"
		" parked_note = iif(revising, parked_note, NULL)");

	db_bind_text(st, 1, l->case_id);
	db_bind_text(st, 2, l->key);
	db_bind_text(st, 3, or_empty(body, "task_code"));
	db_bind_text(st, 4, or_empty(body, "task_name"));
	db_bind_text(st, 5, json_get_str(body, "task_version"));
	db_bind_text(st, 6, json_get_str(body, "form_id"));
	db_bind_text(st, 7, json_get_str(body, "form_version"));
	db_bind_text(st, 8, or_empty(body, "operator"));
	db_bind_text(st, 9, or_empty(body, "window"));
	db_bind_text(st, 10, json_get_str(body, "applyer_name"));
	db_bind_text(st, 11, json_get_str(body, "applyer_page_code"));
	db_bind_text(st, 12, json_get_str(body, "contact_mobile"));
	db_bind_text(st, 13, json_get_str(body, "local_receipt"));
	db_bind_text(st, 14, l->project_no);
	db_bind_int(st, 15, submitted_ms(body, l->at_ms));
	db_bind_int(st, 16, store_now_ms(s));
	return db_run(st);
}

static enum err put_letter(struct store *s, const struct told_letter *l, const json *body,
	const char *text, size_t len)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO letter (id, case_id, kind, path, body, version, created_ms, since_ms,"
		" operator_name, window) VALUES (?1, ?2, 'application', '/v1/applications', ?3,"
		" 1 + (SELECT coalesce(max(version), 0) FROM letter WHERE case_id = ?2"
		" AND kind = 'application'), ?4, ?5, ?6, ?7)");

	db_bind_text(st, 1, l->key);
	db_bind_text(st, 2, l->case_id);
	db_bind_blob(st, 3, text, len);
	db_bind_int(st, 4, submitted_ms(body, l->at_ms));
	db_bind_int(st, 5, store_now_ms(s));
	db_bind_text(st, 6, or_empty(body, "operator"));
	db_bind_text(st, 7, or_empty(body, "window"));
	return db_run(st);
}

static enum err run_for(struct store *s, const char *sql, const struct told_letter *l)
{
	struct stmt *st = db_prepare(store_db(s), sql);

	db_bind_text(st, 1, l->case_id);
	db_bind_text(st, 2, l->key);
	return db_run(st);
}

/*
 * A draft in which somebody has typed after it was submitted, since the copy was put in place,
 * holds what is nowhere else: it becomes a correction of the case that it was. A correction goes on
 * under another key when it has what neither its letter nor the version before says; its time tells
 * too little, for news of the case changes it as well.
 */
static enum err keep_typing(struct recovering *r, const struct told_letter *l, const json *body,
	const char *text, size_t len)
{
	struct stmt *st = db_prepare(store_db(r->store),
		"WITH said (body) AS (SELECT iif(json_valid(CAST(?5 AS TEXT)), CAST(?5 AS TEXT), '{}'))"
		" UPDATE case_ SET revising = 1, letter_key = ?2 WHERE id = ?1 AND updated_ms > ?3"
		" AND (state = 'draft' OR (revising AND letter_key = ?4 AND"
		" (EXISTS (SELECT 1 FROM answer a WHERE a.case_id = ?1 AND NOT EXISTS (SELECT 1"
		" FROM answer_before b WHERE b.case_id = ?1 AND b.part = a.part"
		" AND b.place = a.place AND b.value = a.value) AND NOT EXISTS (SELECT 1"
		" FROM said, json_tree(said.body) t WHERE t.atom = a.value))"
		" OR EXISTS (SELECT 1 FROM case_paper, said WHERE case_id = ?1"
		" AND instr(said.body, sha256) = 0))))");
	char key[ID_UUID_SIZE];
	enum err e;

	id_uuid(store_entropy(r->store), store_now_ms(r->store), key);
	db_bind_text(st, 1, l->case_id);
	db_bind_text(st, 2, key);
	db_bind_int(st, 3, submitted_ms(body, l->at_ms));
	db_bind_text(st, 4, l->key);
	db_bind_blob(st, 5, text, len);
	e = db_run(st);
	r->result.kept += e == OK && db_changes(store_db(r->store)) > 0;
	return e;
}

/* What the copy has of the answers otherwise is older than the letter, which says what they came
 * to; typed under its key they have long been submitted. A correction that was begun under another
 * key, after the copy was put in place, stays: whoever ends it is told that the case went on. */
static enum err end_typing(struct store *s, const struct told_letter *l)
{
	static const char *const steps[] = {
		"UPDATE case_ SET changes = changes + 1 WHERE id = ?1 AND revising AND letter_key <> ?2",
		"UPDATE case_ SET revising = 0, parked_note = NULL WHERE id = ?1 AND letter_key = ?2",
		"DELETE FROM answer WHERE case_id = ?1 AND NOT EXISTS (SELECT 1 FROM case_"
		" WHERE id = ?1 AND revising AND letter_key <> ?2)",
		"DELETE FROM answer_before WHERE case_id = ?1 AND NOT EXISTS (SELECT 1 FROM case_"
		" WHERE id = ?1 AND revising AND letter_key <> ?2)"};
	enum err e = OK;
	size_t i;

	for (i = 0; e == OK && i < sizeof steps / sizeof *steps; i++)
		e = run_for(s, steps[i], l);
	return e;
}

/* For the trail: what a summary counts by, as when it was submitted. */
static enum err tell_trail(struct store *s, const struct told_letter *l, const json *body,
	bool first, struct buf *detail)
{
	struct stmt *st = db_prepare(
		store_db(s), "SELECT task_code, task_name, dept_name FROM case_ WHERE id = ?1");

	audit_word(detail, "letter", l->key);
	audit_word(detail, "receipt", json_get_str(body, "local_receipt"));
	audit_word(detail, "window", json_get_str(body, "window"));
	db_bind_text(st, 1, l->case_id);
	if (db_row(st)) {
		audit_word(detail, "matter", db_text(st, 0));
		audit_word(detail, "name", db_text(st, 1));
		audit_word(detail, "body", db_text(st, 2));
	}
	audit_word(detail, "what", first ? "submit" : "revise");
	audit_word(detail, "operator", json_get_str(body, "operator"));
	audit_word_int(detail, "at", submitted_ms(body, l->at_ms));
	return db_done(st);
}

/* In the history, as what it was, when it was; and in the trail as what it is now. */
static enum err put_event(
	struct store *s, const struct told_letter *l, const json *body, bool first)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT OR IGNORE INTO event (case_id, at_ms, who, what, source)"
		" VALUES (?1, ?2, ?3, ?4, ?5)");
	struct buf detail = {0};
	enum err e;

	db_bind_text(st, 1, l->case_id);
	db_bind_int(st, 2, l->at_ms);
	db_bind_text(st, 3, or_empty(body, "operator"));
	db_bind_text(st, 4, first ? "submit" : "revise");
	db_bind_text(st, 5, buf_str(&l->source));
	e = db_run(st);
	if (e == OK)
		e = tell_trail(s, l, body, first, &detail);
	if (e == OK)
		e = audit_put(s, "", "case.recovered", l->case_id, buf_str(&detail));
	buf_fini(&detail);
	return e;
}

static bool is_corrected_now(struct store *s, const char *case_id)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT 1 FROM case_ WHERE id = ?1 AND revising");
	bool is;

	db_bind_text(st, 1, case_id);
	is = db_row(st);
	db_done(st);
	return is;
}

static enum err put_all(struct recovering *r, const struct told_letter *l, const json *body,
	const char *text, size_t len)
{
	struct store *s = r->store;
	bool first = look_for_case(s, l->case_id) != HERE_CASE;
	enum err e = keep_typing(r, l, body, text, len);

	if (e == OK)
		e = end_typing(s, l);
	if (e == OK && first)
		e = put_case(s, l, body);
	if (e == OK)
		e = put_letter(s, l, body, text, len);
	if (e == OK)
		e = papers_recover(s, l->case_id, l->key, body, !is_corrected_now(s, l->case_id));
	if (e == OK && first)
		e = dues_set(s, l->case_id, CASE_RECEIVED, NULL);
	return e == OK ? put_event(s, l, body, first) : e;
}

/* What was typed under its key stands open on a screen: it is not taken away under the hands. */
static bool is_open(struct store *s, const struct told_letter *l)
{
	struct stmt *st =
		db_prepare(store_db(s), "SELECT 1 FROM case_ WHERE id = ?1"
					" AND (state = 'draft' OR (revising AND letter_key = ?2))");
	bool typed;

	db_bind_text(st, 1, l->case_id);
	db_bind_text(st, 2, l->key);
	typed = db_row(st);
	db_done(st);
	return typed && draft_lock_held(s, l->case_id);
}

/* In one transaction. While it was asked for, it may have been submitted here, or fetched by
 * another. */
static enum err put_if_lacking(struct recovering *r, const struct told_letter *l, const json *body,
	const char *text, size_t len)
{
	bool lacking, open;
	enum err e = db_begin(store_db(r->store));

	if (e != OK)
		return e;
	lacking = is_lacking(r->store, l);
	open = lacking && is_open(r->store, l);
	if (lacking && !open)
		e = put_all(r, l, body, text, len);
	e = db_finish(store_db(r->store), e);
	r->result.open += e == OK && open;
	r->result.letters += e == OK && lacking && !open;
	r->result.bundled += e == OK && lacking && !open && json_get_str(body, "bundle_no") != NULL;
	return e;
}

/* It is what was asked for: of this key and case, and whole; and no station sends what must never
 * reach a terminal. */
static bool is_the_letter(const json *body, const struct told_letter *l)
{
	const char *kind = json_get_str(body, "kind"), *case_id = json_get_str(body, "case_id"),
		   *key = json_get_str(body, "idempotency_key");

	return kind != NULL && strcmp(kind, "application") == 0 && case_id != NULL &&
	       strcasecmp(case_id, l->case_id) == 0 &&
	       (key == NULL || strcasecmp(key, l->key) == 0) && letter_text_is_clean(body);
}

/* Carried by another window for this one; an open centre tells the letters of all who send to it.
 */
static bool is_of_this_station(struct store *s, const json *body)
{
	char *name = store_get(s, "centre.station");
	bool is = name != NULL && strcmp(or_empty(body, "station"), name) == 0;

	free(name);
	return is;
}

static enum err take(
	struct recovering *r, const struct told_letter *l, const char *text, size_t len)
{
	json *body = NULL;
	enum err e = len > BODY_MAX_BYTES ? ERR_INVALID : json_parse(&body, text, len, NULL);

	if (e == OK && !is_the_letter(body, l))
		e = ERR_INVALID;
	if (e == ERR_INVALID) {
		json_free(body);
		r->result.left++;
		return OK;
	}
	if (e == OK && !l->own && !is_of_this_station(r->store, body)) {
		json_free(body);
		return OK;
	}
	if (e == OK)
		e = put_if_lacking(r, l, body, text, len);
	json_free(body);
	return e;
}

/* ---- asking for it ---- */

static enum err ask_for(struct recovering *r, const struct told_letter *l)
{
	struct transport_answer a = {.status = 0};
	struct buf path = {0};
	enum err e;

	buf_printf(&path, "/v1/letters/%s", l->key);
	e = fetch(r->transport, path.data, &a, r->why);
	if (e == OK && a.status == 200)
		e = take(r, l, a.body, a.body_len);
	else if (e == OK && a.status == 404)
		r->result.left++; /* a centre that cannot, or a case that is another's by now */
	else if (e == OK)
		e = fetch_failed(path.data, &a, r->why);
	buf_fini(&path);
	return e;
}

static enum err take_list(struct recovering *r, const json *list)
{
	const json *one;
	enum err e = OK;

	for (one = json_first(list); e == OK && one != NULL; one = json_next(one)) {
		struct told_letter l;
		if (!read_told(one, store_now_ms(r->store), &l))
			continue;
		if (is_lacking(r->store, &l))
			e = ask_for(r, &l);
		buf_fini(&l.source);
	}
	return e == OK ? changes_retell(r->store, list, &r->result.steps) : e;
}

/* One batch; *cursor becomes the place behind it. *more: there may be another one. */
static enum err go_on(struct recovering *r, char **cursor, bool *more)
{
	struct transport_answer a = {.status = 0};
	struct buf path = {0};
	json *doc = NULL;
	const char *next;
	enum err e;

	buf_adds(&path, "/v1/changes?own=1&cursor=");
	fetch_escape(&path, *cursor);
	e = fetch_good(r->transport, path.data, &a, r->why);
	buf_fini(&path);
	if (e == OK && json_parse(&doc, a.body, a.body_len, NULL) != OK)
		e = ERR_BUSY;
	next = json_get_str(doc, "cursor");
	if (e == OK && (next == NULL || json_type(json_get(doc, "changes")) != JSON_ARRAY))
		e = ERR_BUSY;
	if (e == OK && !json_get_bool(doc, "own", false)) {
		buf_why(r->why,
			tr("中心不会把本窗口送过的再说一遍 (多半是版本旧), 什么也没有取回: 请管理员升级中心再取"));
		e = ERR_BUSY;
	}
	if (e == OK)
		e = take_list(r, json_get(doc, "changes"));
	*more = e == OK && strcmp(next, *cursor) != 0;
	if (*more) {
		free(*cursor);
		*cursor = mem_strdup(next);
	}
	json_free(doc);
	return e;
}

enum err recover(struct store *s, struct transport t, const struct watch_sync_show *show,
	struct recover_result *out, struct buf *why)
{
	struct buf cause = {0};
	struct recovering r = {.store = s, .transport = t, .why = &cause};
	char *cursor = mem_strdup("0");
	bool more = true;
	enum err e = receipt_mark_set(s, NULL);
	int i;

	for (i = 0; e == OK && more && i < BATCHES_MAX; i++) {
		e = go_on(&r, &cursor, &more);
		if (show != NULL)
			show->batch(show->arg, i + 1, r.result.letters + r.result.steps);
	}
	free(cursor);
	if (e == OK)
		*out = r.result;
	else if (cause.len > 0)
		buf_why(why, "%s", cause.data);
	else
		buf_why(why, tr("没有取全: %s"), err_text(e));
	buf_fini(&cause);
	return e;
}

void recover_say(const struct recover_result *r, struct buf *out)
{
	buf_printf(out, tr("; 取回申请和更正 %zu 封"), r->letters);
	if (r->letters > 0)
		buf_adds(out, tr(", 报送一次就又有回执"));
	if (r->bundled > 0)
		buf_printf(out,
			tr("; 其中 %zu 封是一件事里的: 草稿里还有那一件的, 早已交过, 请删掉, 不要再交"),
			r->bundled);
	if (r->kept > 0)
		buf_printf(out, tr("; %zu 件提交以后又填过, 后来填的留作更正"), r->kept);
	if (r->open > 0)
		buf_printf(out, tr("; %zu 封没有取, 那一件正在屏幕上开着, 关上以后请再取一次"),
			r->open);
	if (r->left > 0)
		buf_printf(out, tr("; %zu 封中心没有给, 请告诉管理员"), r->left);
}
