#include "core/station/documents/slip_ledger.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/audit.h"
#include "core/station/cases.h"
#include "core/station/documents/paper.h"
#include "core/station/documents/slip_facts.h"
#include "core/station/receipt.h"
#include "core/station/store.h"

static const struct copy {
	const char *name, *mark;
} copy_names[SLIP_COPY__MAX] = {
	[SLIP_ORIGINAL] = {"original", "正本"},
	[SLIP_STUB] = {"stub", "存根"},
};

bool slip_copy_parse(const char *name, enum slip_copy *out)
{
	for (int i = 0; i < SLIP_COPY__MAX; i++)
		if (strcmp(name, copy_names[i].name) == 0 ||
			strcmp(name, copy_names[i].mark) == 0) {
			*out = (enum slip_copy)i;
			return true;
		}
	return false;
}

void slip_record_fini(struct slip_record *r)
{
	free(r->number);
	free(r->subject);
	free(r->operator_name);
	free(r->facts);
	free(r->paper);
	free(r->paper_en);
	*r = (struct slip_record){0};
}

/* ---- numbers ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The last number in the name that the hall gave this station; "": it gave none, or none is in it.
 */
static void add_digits(struct buf *out, const struct conf *c)
{
	const char *name = conf_get(c, "station.name"), *end, *at;

	if (!conf_is_set(c, "station.name"))
		return;
	for (end = name + strlen(name); end > name && !is_digit(end[-1]); end--)
		continue;
	for (at = end; at > name && is_digit(at[-1]); at--)
		continue;
	buf_add(out, at, (size_t)(end - at));
}

/* What all numbers of this station begin with: the hall's mark, and what tells it from the hall's
 * other stations, so that no two give the same one. Stations without a name of their own are told
 * apart as their receipts are. */
static enum err add_mark(struct buf *out, struct store *s, const struct conf *c)
{
	const char *hall = conf_get(c, "slip.mark");
	char *drawn = NULL;
	size_t before;
	enum err e = OK;

	buf_printf(out, "%s/", hall != NULL ? hall : "");
	before = out->len;
	add_digits(out, c);
	if (out->len == before)
		e = receipt_mark(s, &drawn);
	if (drawn != NULL)
		buf_adds(out, drawn);
	free(drawn);
	return e;
}

static void add_number(
	struct buf *out, const struct conf *c, const char *mark, enum slip k, int year, int64_t seq)
{
	const char *hall = conf_get(c, "slip.mark"), *station = strrchr(mark, '/') + 1;

	buf_printf(out, "%s%s字〔%d〕%s%s%04lld号", hall != NULL ? hall : "", slip_word(k), year,
		station, *station != '\0' ? "-" : "", (long long)seq);
}

static enum err next_seq(struct store *s, const char *mark, enum slip k, int year, int64_t *out)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT coalesce(max(seq), 0) + 1 FROM slip"
						  " WHERE mark = ?1 AND kind = ?2 AND year = ?3");
	int64_t seq = 0;
	enum err e;

	db_bind_text(st, 1, mark);
	db_bind_text(st, 2, slip_name(k));
	db_bind_int(st, 3, year);
	if (db_row(st))
		seq = db_int(st, 0);
	e = db_done(st);
	if (e == OK)
		*out = seq;
	return e;
}

/* ---- reading ---- */

#define COLUMNS \
	"id, kind, number, subject, operator_name, issued_ms, originals, stubs, facts, paper," \
	" paper_en"

static void take(struct stmt *st, struct slip_record *r)
{
	*r = (struct slip_record){0};
	strncat(r->id, db_text(st, 0), sizeof r->id - 1);
	slip_parse(db_text(st, 1), &r->kind);
	r->number = mem_strdup(db_text(st, 2));
	r->subject = mem_strdup(db_text(st, 3));
	r->operator_name = mem_strdup(db_text(st, 4));
	r->issued_ms = db_int(st, 5);
	r->printed[SLIP_ORIGINAL] = (int)db_int(st, 6);
	r->printed[SLIP_STUB] = (int)db_int(st, 7);
	r->facts = mem_strdup(db_text(st, 8));
	r->paper = mem_strdup(db_text(st, 9));
	r->paper_en = mem_strdup(db_text(st, 10));
}

static enum err take_one(struct stmt *st, struct slip_record *out)
{
	bool found = db_row(st);
	enum err e;

	if (found)
		take(st, out);
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

enum err slip_find(struct store *s, enum slip kind, const char *number, struct slip_record *out)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT " COLUMNS
		" FROM slip WHERE (?2 IS NULL OR kind = ?2) AND (number = ?1 OR id = ?1"
		" OR subject = ?1 OR case_id IN (SELECT id FROM case_ WHERE id = ?1"
		" OR local_receipt = ?1 OR project_no = ?1)) ORDER BY issued_ms DESC, rowid DESC LIMIT 1");

	db_bind_text(st, 1, number);
	db_bind_text(st, 2, kind == SLIP__MAX ? NULL : slip_name(kind));
	return take_one(st, out);
}

void slip_each(struct store *s, const char *case_id,
	void (*each)(void *arg, const struct slip_record *r), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT id, kind, number, subject, operator_name, issued_ms, originals, stubs, '', '', ''"
		" FROM slip WHERE ?1 IS NULL OR case_id = ?1 ORDER BY issued_ms DESC, rowid DESC");
	struct slip_record *all = NULL;
	size_t count = 0;

	db_bind_text(st, 1, case_id);
	while (db_row(st)) {
		all = mem_resize(all, count + 1, sizeof *all);
		take(st, &all[count++]);
	}
	db_done(st);
	for (size_t i = 0; i < count; i++) {
		each(arg, &all[i]);
		slip_record_fini(&all[i]);
	}
	free(all);
}

/* ---- issuing ---- */

static enum err lay_out(
	char **out, const char *home, enum slip k, bool english, const json *facts, struct buf *why)
{
	struct paper p = {0};
	struct buf b = {0};
	enum err e = slip_compose(&p, home, k, english, facts, why);

	if (e == OK) {
		paper_write(&b, &p);
		*out = buf_take(&b);
	}
	paper_fini(&p);
	return e;
}

/* The facts with the number in them, and both papers of them. */
static enum err compose(struct store *s, struct slip_record *r, const json *given, struct buf *why)
{
	struct buf number = {0}, facts = {0};
	json *own = NULL, *whole = NULL;
	enum err e;

	buf_addc(&number, '{');
	json_member_str(&number, "document_no", r->number);
	buf_addc(&number, '}');
	e = json_parse(&own, number.data, number.len, why);
	if (e == OK) {
		slip_facts_merge(&facts, given, own);
		e = json_parse(&whole, facts.data, facts.len, why);
	}
	if (e == OK)
		e = lay_out(&r->paper, store_home(s), r->kind, false, whole, why);
	if (e == OK)
		e = lay_out(&r->paper_en, store_home(s), r->kind, true, whole, why);
	if (e == OK)
		r->facts = buf_take(&facts);
	json_free(own);
	json_free(whole);
	buf_fini(&number);
	buf_fini(&facts);
	return e;
}

static enum err insert(struct store *s, const struct slip_record *r, const char *mark, int year,
	int64_t seq, const char *case_id)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO slip (id, kind, mark, year, seq, number, case_id, subject, facts, paper,"
		" paper_en, operator_name, issued_ms)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");

	db_bind_text(st, 1, r->id);
	db_bind_text(st, 2, slip_name(r->kind));
	db_bind_text(st, 3, mark);
	db_bind_int(st, 4, year);
	db_bind_int(st, 5, seq);
	db_bind_text(st, 6, r->number);
	db_bind_text(st, 7, case_id);
	db_bind_text(st, 8, r->subject);
	db_bind_text(st, 9, r->facts);
	db_bind_text(st, 10, r->paper);
	db_bind_text(st, 11, r->paper_en);
	db_bind_text(st, 12, r->operator_name);
	db_bind_int(st, 13, r->issued_ms);
	return db_run(st);
}

/* Everything of one slip inside the open transaction. */
static enum err issue_rows(struct store *s, const struct conf *c, const struct slip_order *order,
	const json *given, struct slip_record *r, struct buf *why)
{
	int year = date_from_day(clock_day(r->issued_ms)).year;
	struct buf mark = {0}, number = {0};
	int64_t seq = 0;
	enum err e;

	e = add_mark(&mark, s, c);
	if (e == OK)
		e = next_seq(s, mark.data, r->kind, year, &seq);
	if (e == OK) {
		add_number(&number, c, mark.data, r->kind, year, seq);
		r->number = buf_take(&number);
		e = compose(s, r, given, why);
	}
	if (e == OK)
		e = insert(s, r, mark.data, year, seq, order->case_id);
	if (e == OK)
		e = audit_put(s, r->operator_name, "slip.issue", r->subject, r->number);
	buf_fini(&mark);
	return e;
}

static enum err issue(struct store *s, const struct conf *c, const struct slip_order *order,
	const json *given, struct slip_record *r, struct buf *why)
{
	char id[ID_UUID_SIZE];
	enum err e = db_begin(store_db(s));

	if (e == OK) {
		e = issue_rows(s, c, order, given, r, why);
		if (e != OK)
			db_rollback(store_db(s));
	}
	if (e == OK)
		e = db_commit(store_db(s));
	if (e == ERR_UNSURE) { /* is it there? */
		memcpy(id, r->id, sizeof id);
		e = store_reopen(s);
		slip_record_fini(r);
		if (e == OK)
			e = slip_find(s, order->kind, id, r);
	}
	return e;
}

static enum err parse_facts(json **out, const char *facts, struct buf *why)
{
	enum err e = json_parse(out, facts, strlen(facts), why);

	if (e == OK && json_type(*out) != JSON_OBJECT) {
		buf_why(why, "%s", tr("文书的内容应是一个 JSON 对象"));
		json_free(*out);
		*out = NULL;
		e = ERR_INVALID;
	}
	return e;
}

/* What it must not lack and does: ERR_INVALID, and of a case that has no such slip in its state why
 * it has not. case_id NULL: of no case. */
static enum err check_whole(
	struct store *s, enum slip k, const char *case_id, const json *facts, struct buf *why)
{
	struct buf missing = {0};
	struct case_view c = {0};
	enum case_state state;
	bool lacks = slip_lacks(k, facts, &missing);

	if (lacks && case_id != NULL && case_get(s, case_id, &c) != OK)
		c = (struct case_view){0};
	if (lacks && c.state != NULL && strcmp(c.state, CASE_BUNDLE) == 0)
		buf_why(why,
			tr("%s不按一件事的总号开: 请用 yimen case show %s 列出的各个事项的编号。"),
			slip_title(k), c.local_receipt);
	else if (lacks && case_state_parse(c.state, &state) &&
		 (k == SLIP_RESTART || !slip_is_of(k, state)))
		buf_why(why,
			tr("%s还不能开: 这件现在是“%s”, %s。缺 %s。请办完这一步, 或用 --facts 补上。"),
			slip_title(k), case_state_label(state), slip_since(k), missing.data);
	else if (lacks)
		buf_why(why, tr("%s还不能开: 缺 %s。请办完这一步, 或用 --facts 补上。"),
			slip_title(k), missing.data);
	case_view_fini(&c);
	buf_fini(&missing);
	return lacks ? ERR_INVALID : OK;
}

enum err slip_issue(struct store *s, const struct conf *c, const struct slip_order *order,
	struct slip_record *out, struct buf *why)
{
	struct slip_record r = {.kind = order->kind,
		.subject = mem_strdup(order->subject),
		.operator_name = mem_strdup(order->operator_name),
		.issued_ms = store_now_ms(s)};
	struct buf reason = {0};
	json *given = NULL;
	enum err e = parse_facts(&given, order->facts, why);

	id_uuid(store_entropy(s), r.issued_ms, r.id);
	if (e == OK)
		e = check_whole(s, order->kind, order->case_id, given, why);
	if (e == OK) {
		e = issue(s, c, order, given, &r, &reason);
		if (e != OK)
			buf_why(why, tr("文书没有开出, 没有占用编号: %s"),
				reason.len > 0 ? reason.data : err_text(e));
	}
	if (e == OK)
		*out = r;
	else
		slip_record_fini(&r);
	json_free(given);
	buf_fini(&reason);
	return e;
}

enum err slip_preview(struct paper *out, const char *home, enum slip kind, bool english,
	const char *facts, struct buf *why)
{
	json *given = NULL;
	enum err e = parse_facts(&given, facts, why);

	if (e == OK)
		e = slip_compose(out, home, kind, english, given, why);
	json_free(given);
	return e;
}

enum err slip_issue_from(const struct slip_source *s, enum slip k, const char *number,
	struct slip_record *out, struct buf *why)
{
	struct buf facts = {0};
	char case_id[ID_UUID_SIZE];
	enum err e = slip_facts_of(&facts, s, k, number, case_id, why);

	if (e == OK) {
		const struct slip_order order = {k, case_id[0] != '\0' ? case_id : NULL, number,
			buf_str(&facts), s->operator_name != NULL ? s->operator_name : "command"};
		e = slip_issue(s->store, s->conf, &order, out, why);
	}
	buf_fini(&facts);
	return e;
}

enum err slip_preview_from(const struct slip_source *s, enum slip k, const char *number,
	bool english, struct paper *out, struct buf *why)
{
	struct buf facts = {0};
	char case_id[ID_UUID_SIZE];
	json *all = NULL;
	enum err e = slip_facts_of(&facts, s, k, number, case_id, why);

	if (e == OK)
		e = parse_facts(&all, buf_str(&facts), why);
	if (e == OK)
		e = check_whole(s->store, k, case_id[0] != '\0' ? case_id : NULL, all, why);
	if (e == OK)
		e = slip_compose(out, store_home(s->store), k, english, all, why);
	json_free(all);
	buf_fini(&facts);
	return e;
}

/* ---- printing ---- */

static enum err count_copy(
	struct store *s, struct slip_record *r, enum slip_copy copy, const char *who)
{
	struct stmt *st = db_prepare(store_db(s),
		copy == SLIP_ORIGINAL
			? "UPDATE slip SET originals = originals + 1 WHERE id = ?1 RETURNING originals"
			: "UPDATE slip SET stubs = stubs + 1 WHERE id = ?1 RETURNING stubs");
	struct buf detail = {0};
	enum err e;

	db_bind_text(st, 1, r->id);
	while (db_row(st))
		r->printed[copy] = (int)db_int(st, 0);
	e = db_done(st);
	buf_printf(&detail, "%s %d", copy_names[copy].name, r->printed[copy]);
	if (e == OK)
		e = audit_put(s, who, r->printed[copy] > 1 ? "slip.reprint" : "slip.print",
			r->number, detail.data);
	buf_fini(&detail);
	return e;
}

/* The first paper of each copy is plain; any other says that it is not the first. */
static void add_marked(
	struct paper *out, const struct paper *p, enum slip_copy copy, int printed, bool english)
{
	static const char *const english_marks[SLIP_COPY__MAX] = {"ORIGINAL", "STUB"};
	struct buf mark = {0};

	buf_adds(&mark, english ? english_marks[copy] : copy_names[copy].mark);
	if (printed > 1)
		buf_printf(&mark, english ? " (REPRINT %d)" : " 补打 第%d次", printed - 1);
	paper_add_copy(out, p, mark.data);
	buf_fini(&mark);
}

enum err slip_print(struct store *s, struct slip_record *r, const enum slip_copy *copies,
	size_t count, bool english, const char *operator_name, struct paper *out, struct buf *why)
{
	const char *kept = english ? r->paper_en : r->paper;
	struct paper p = {0};
	enum err e = paper_read(&p, kept, strlen(kept), why);

	if (e == OK)
		e = db_begin(store_db(s));
	if (e == OK) {
		for (size_t i = 0; i < count && e == OK; i++)
			e = count_copy(s, r, copies[i], operator_name);
		e = db_finish(store_db(s), e);
	}
	for (size_t i = 0; i < count && e == OK; i++)
		add_marked(out, &p, copies[i], r->printed[copies[i]], english);
	if (e != OK)
		buf_why(why, tr("没有打印: %s"), err_text(e));
	paper_fini(&p);
	return e;
}
