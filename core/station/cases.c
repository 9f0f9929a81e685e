#include "core/station/cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/crypto.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/audit.h"
#include "core/station/draft.h"
#include "core/station/store.h"

void case_view_fini(struct case_view *c)
{
	free(c->task_code);
	free(c->task_name);
	free(c->applyer_name);
	free(c->local_receipt);
	free(c->project_no);
	free(c->query_password);
	free(c->state);
	free(c->operator_name);
	free(c->window);
	free(c->letter_state);
	*c = (struct case_view){0};
}

/* What the row of the case says, needed to write its letter. */
struct origin {
	char id[ID_UUID_SIZE], key[ID_UUID_SIZE];
	char *state, *task_code, *task_name, *task_version, *form_id, *form_version;
	char *operator_name, *window, *local_receipt;
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
}

static enum err find_origin(struct store *s, const char *id, struct origin *o)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT id, letter_key, state, task_code, task_name, task_version, form_id,"
		" form_version, operator_name, window, local_receipt FROM case_ WHERE id = ?1");
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
	}
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

/* The next number of a series, inside the open transaction: without gaps. */
static enum err next_number(struct store *s, const char *series, int64_t *out)
{
	struct stmt *st = db_prepare(store_db(s), "INSERT INTO counter (name, value) VALUES (?1, 1)"
						  " ON CONFLICT DO UPDATE SET value = value + 1"
						  " RETURNING value");
	int64_t n = 0;
	enum err e;

	db_bind_text(st, 1, series);
	while (db_row(st))
		n = db_int(st, 0);
	e = db_done(st);
	if (e == OK)
		*out = n;
	return e;
}

/* The key of the check code: the hall's, given at enrolment; until then one of this station. */
static enum err receipt_key(struct store *s, char **out)
{
	char made[33];
	enum err e = OK;

	*out = store_get(s, "receipt.key");
	if (*out == NULL) {
		id_code(store_entropy(s), 32, made);
		e = store_set(s, "receipt.key", made);
		*out = mem_strdup(made);
	}
	return e;
}

static enum err make_receipt(struct store *s, const char *window, char out[LOCAL_RECEIPT_SIZE])
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	char day[8], digits[3] = "00", hmac[CRYPTO_HEX_SIZE], check[5];
	struct buf b = {0};
	char *key;
	int64_t n;
	int i;
	enum err e = receipt_key(s, &key);

	for (i = 0; i < 2 && window[i] >= '0' && window[i] <= '9'; i++)
		digits[i] = window[i];
	clock_format(store_now_ms(s), "%y%m%d", day, sizeof day);
	buf_printf(&b, "receipt %s-%s", day, digits);
	if (e == OK)
		e = next_number(s, b.data, &n);
	if (e == OK) {
		buf_clear(&b);
		buf_printf(&b, "L%s-%s-%04lld", day, digits, (long long)n);
		crypto_hmac(key, strlen(key), b.data, b.len, hmac);
		for (i = 0; i < 4; i++) {
			char pair[3] = {hmac[2 * i], hmac[2 * i + 1], '\0'};
			check[i] = alphabet[strtoul(pair, NULL, 16) & 31];
		}
		check[4] = '\0';
		snprintf(out, LOCAL_RECEIPT_SIZE, "%s-%s", b.data, check);
	}
	free(key);
	buf_fini(&b);
	return e;
}

static void put_raw(struct buf *b, const char *key, const char *raw_json, const char *absent)
{
	json_member(b, key);
	buf_adds(b, raw_json != NULL ? raw_json : absent);
}

/* The frozen bytes. Keys are the national exchange columns where there is one. */
static void write_body(struct buf *b, const struct application *a, const struct origin *o,
	const char *receipt, int64_t now_ms)
{
	char iso[CLOCK_ISO_SIZE];

	buf_addc(b, '{');
	json_member_str(b, "kind", "application");
	json_member_str(b, "idempotency_key", o->key);
	json_member_str(b, "case_id", o->id);
	json_member_str(b, "local_receipt", receipt);
	json_member_str(b, "station", a->station);
	json_member_str(b, "operator", o->operator_name);
	json_member_str(b, "window", o->window);
	json_member_str(b, "submitted_at", clock_iso(now_ms, iso));
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
	buf_addc(b, '}');
}

static enum err post_letter(struct store *s, const struct origin *o, const struct buf *body)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO letter (id, case_id, kind, path, body, created_ms)"
		" VALUES (?1, ?2, 'application', '/v1/applications', ?3, ?4)");

	db_bind_text(st, 1, o->key);
	db_bind_text(st, 2, o->id);
	db_bind_blob(st, 3, body->data, body->len);
	db_bind_int(st, 4, store_now_ms(s));
	return db_run(st);
}

static enum err move_case(
	struct store *s, const struct origin *o, const char *receipt, const char *applyer_name)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE case_ SET state = 'received', local_receipt = ?2, submitted_ms = ?3,"
		" updated_ms = ?3, applyer_name = coalesce(?4, applyer_name), parked_note = NULL"
		" WHERE id = ?1");

	db_bind_text(st, 1, o->id);
	db_bind_text(st, 2, receipt);
	db_bind_int(st, 3, store_now_ms(s));
	db_bind_text(st, 4, applyer_name);
	return db_run(st);
}

enum err case_add_event(struct store *s, const char *case_id, const char *who, const char *what)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO event (case_id, at_ms, who, what) VALUES (?1, ?2, ?3, ?4)");

	db_bind_text(st, 1, case_id);
	db_bind_int(st, 2, store_now_ms(s));
	db_bind_text(st, 3, who);
	db_bind_text(st, 4, what);
	return db_run(st);
}

/* Everything of the submission inside the open transaction. */
static enum err submit_rows(struct store *s, const struct application *a, const struct origin *o,
	char receipt[LOCAL_RECEIPT_SIZE])
{
	struct buf body = {0};
	enum err e = make_receipt(s, o->window, receipt);

	if (e == OK) {
		write_body(&body, a, o, receipt, store_now_ms(s));
		e = post_letter(s, o, &body);
	}
	if (e == OK)
		e = move_case(s, o, receipt, a->applyer_name);
	if (e == OK)
		e = case_add_event(s, o->id, o->operator_name, "submit");
	if (e == OK)
		e = audit_put(s, o->operator_name, "case.submit", o->id, receipt);
	if (e == OK)
		e = store_used(s, o->task_code);
	buf_fini(&body);
	return e;
}

/* After a commit whose outcome is open: what does the file say? */
static enum err look_again(struct store *s, const char *id, char receipt[LOCAL_RECEIPT_SIZE])
{
	struct origin o = {0};
	enum err e = store_reopen(s);

	if (e == OK)
		e = find_origin(s, id, &o);
	if (e == OK && o.local_receipt == NULL)
		e = ERR_IO;
	if (e == OK)
		snprintf(receipt, LOCAL_RECEIPT_SIZE, "%s", o.local_receipt);
	origin_fini(&o);
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
		" created_ms, updated_ms)"
		" SELECT ?2, ?3, 'draft', ?4, ?5, ?6, ?7, ?8, operator_name, window, applyer_name,"
		" person, mobile, id, created_ms, ?9 FROM case_ WHERE id = ?1");
	char key[ID_UUID_SIZE];
	int64_t now = store_now_ms(s);

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
		e = submit_rows(s, &own, &o, receipt);
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
	db_bind_int(st, 3, store_now_ms(s));
	e = db_run(st);
	if (e == OK)
		e = case_add_event(s, o->id, o->operator_name, "submit");
	if (e == OK)
		e = audit_put(s, o->operator_name, "bundle.submit", o->id, receipt);
	return e == OK ? store_used(s, o->task_code) : e;
}

static enum err bundle_rows(struct store *s, const struct origin *o, const struct application *list,
	size_t count, char receipt[LOCAL_RECEIPT_SIZE])
{
	enum err e = make_receipt(s, o->window, receipt);
	size_t i;

	for (i = 0; i < count && e == OK; i++)
		e = submit_member(s, o, &list[i], receipt);
	return e == OK ? close_bundle(s, o, receipt) : e;
}

/* ---- submitting ---- */

/* One application of the draft's own matter, or (matter set) those of a bundle. */
static enum err submit(struct store *s, const struct application *list, size_t count,
	char receipt[LOCAL_RECEIPT_SIZE], struct buf *why)
{
	struct origin o = {0};
	char made[LOCAL_RECEIPT_SIZE];
	enum err e = db_begin(store_db(s));

	if (e != OK)
		goto out;
	e = find_origin(s, list[0].draft_id, &o);
	if (e == OK && o.local_receipt != NULL) {
		db_rollback(store_db(s)); /* submitted before: the same receipt again */
		snprintf(receipt, LOCAL_RECEIPT_SIZE, "%s", o.local_receipt);
		goto out;
	}
	if (e == OK && strcmp(o.state, "draft") != 0)
		e = ERR_STATE;
	if (e == OK)
		e = list[0].matter != NULL ? bundle_rows(s, &o, list, count, made)
					   : submit_rows(s, &list[0], &o, made);
	if (e != OK) {
		db_rollback(store_db(s));
		goto out;
	}
	e = db_commit(store_db(s));
	if (e == ERR_UNSURE)
		e = look_again(s, list[0].draft_id, made);
	if (e == OK)
		memcpy(receipt, made, sizeof made);
out:
	if (e != OK)
		buf_why(why,
			tr("没有提交成功: %s。所填内容都在草稿里, 处理后再提交一次即可, 不会重复。"),
			err_text(e));
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

#define COLUMNS \
	"id, task_code, task_name, applyer_name, local_receipt, project_no, query_password, state," \
	" operator_name, window, submitted_ms, updated_ms, (SELECT CASE state WHEN 0 THEN 'waiting'" \
	" WHEN 1 THEN 'held' ELSE 'delivered' END FROM letter WHERE case_id = case_.id" \
	" ORDER BY seq DESC LIMIT 1)"

static void take(struct stmt *st, struct case_view *c)
{
	*c = (struct case_view){0};
	strncat(c->id, db_text(st, 0), sizeof c->id - 1);
	c->task_code = mem_strdup(db_text(st, 1));
	c->task_name = mem_strdup(db_text(st, 2));
	c->applyer_name = mem_strdup(db_text(st, 3));
	c->local_receipt = mem_strdup(db_text(st, 4));
	c->project_no = mem_strdup(db_text(st, 5));
	c->query_password = mem_strdup(db_text(st, 6));
	c->state = mem_strdup(db_text(st, 7));
	c->operator_name = mem_strdup(db_text(st, 8));
	c->window = mem_strdup(db_text(st, 9));
	c->submitted_ms = db_int(st, 10);
	c->updated_ms = db_int(st, 11);
	c->letter_state = mem_strdup(db_text(st, 12));
}

enum err case_get(struct store *s, const char *any_number, struct case_view *out)
{
	struct stmt *st =
		db_prepare(store_db(s), "SELECT " COLUMNS " FROM case_ WHERE state <> 'draft'"
					" AND (id = ?1 OR local_receipt = ?1 OR project_no = ?1)");
	bool found;
	enum err e;

	db_bind_text(st, 1, any_number);
	found = db_row(st);
	if (found)
		take(st, out);
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

/* The local day as a half-open range of milliseconds; all time for day -1. */
static void day_range(int32_t day, int64_t *from_ms, int64_t *to_ms)
{
	char iso[CLOCK_ISO_SIZE];
	int64_t noon = ((int64_t)day * 86400 + 43200) * 1000, at;

	*from_ms = 0;
	*to_ms = INT64_MAX;
	if (day < 0)
		return;
	/* The zone's offset is read off a moment of that day (no zone of ours changes at midnight).
	 */
	clock_iso(noon, iso);
	memcpy(iso + 11, "00:00:00.000", 12);
	date_format(date_from_day(day), iso);
	iso[10] = 'T';
	if (clock_parse_iso(iso, &at)) {
		*from_ms = at;
		*to_ms = at + 86400000;
	}
}

/* Hands out the rows after the statement ended, so that the callback may use the store. */
static void each_row(struct stmt *st, void (*each)(void *arg, const struct case_view *c), void *arg)
{
	struct case_view *all = NULL;
	size_t count = 0, i;

	while (db_row(st)) {
		all = mem_resize(all, count + 1, sizeof *all);
		take(st, &all[count++]);
	}
	db_done(st);
	for (i = 0; i < count; i++) {
		each(arg, &all[i]);
		case_view_fini(&all[i]);
	}
	free(all);
}

void case_each_in_bundle(struct store *s, const char *bundle_id,
	void (*each)(void *arg, const struct case_view *c), void *arg)
{
	struct stmt *st = db_prepare(
		store_db(s), "SELECT " COLUMNS " FROM case_ WHERE bundle = ?1 ORDER BY rowid");

	db_bind_text(st, 1, bundle_id);
	each_row(st, each, arg);
}

void case_each(struct store *s, int32_t day, const char *text,
	void (*each)(void *arg, const struct case_view *c), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT " COLUMNS " FROM case_ WHERE state <> 'draft'"
		" AND submitted_ms >= ?1 AND submitted_ms < ?2 AND (?3 IS NULL"
		" OR instr(task_name, ?3) OR instr(applyer_name, ?3) OR instr(local_receipt, ?3)"
		" OR instr(project_no, ?3) OR instr(person, ?3) OR instr(mobile, ?3)) ORDER BY submitted_ms DESC, rowid DESC");
	int64_t from, to;

	day_range(day, &from, &to);
	db_bind_int(st, 1, from);
	db_bind_int(st, 2, to);
	db_bind_text(st, 3, text);
	each_row(st, each, arg);
}

size_t case_count_day(struct store *s, int32_t day)
{
	struct stmt *st =
		db_prepare(store_db(s), "SELECT count(*) FROM case_ WHERE state <> 'draft'"
					" AND submitted_ms >= ?1 AND submitted_ms < ?2");
	int64_t from, to;
	size_t n;

	day_range(day, &from, &to);
	db_bind_int(st, 1, from);
	db_bind_int(st, 2, to);
	n = db_row(st) ? (size_t)db_int(st, 0) : 0;
	db_done(st);
	return n;
}

void case_each_event(struct store *s, const char *case_id,
	void (*each)(void *arg, int64_t at_ms, const char *who, const char *what), void *arg)
{
	struct stmt *st = db_prepare(
		store_db(s), "SELECT at_ms, who, what FROM event WHERE case_id = ?1 ORDER BY seq");

	db_bind_text(st, 1, case_id);
	while (db_row(st))
		each(arg, db_int(st, 0), db_text(st, 1), db_text(st, 2));
	db_done(st);
}
