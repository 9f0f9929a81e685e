#include "core/central/store_sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/msg.h"
#include "core/central/posting.h"

/* ---- numbers: region, day, running number of the day without gaps ---- */

static enum err recall_series(struct sqlite_store *s, const char *series)
{
	struct stmt *st = db_prepare(s->db,
		"SELECT max(CAST(substr(project_no, length(?1) + 1) AS INTEGER)) FROM case_"
		" WHERE project_no >= ?1 AND project_no < ?1 || ':'");
	int64_t n = 0;
	enum err e;

	db_bind_text(st, 1, series);
	while (db_row(st))
		n = db_int(st, 0);
	e = db_done(st);
	if (e == OK) {
		snprintf(s->series, sizeof s->series, "%s", series);
		s->series_n = n;
	}
	return e;
}

/* The same for a whole minute. */
static const char *day_of(struct sqlite_store *s, int64_t now_ms)
{
	int64_t minute = now_ms / 60000;

	if (minute != s->day_minute || s->day[0] == '\0') {
		clock_format(now_ms, "%Y%m%d", s->day, sizeof s->day);
		s->day_minute = minute;
	}
	return s->day;
}

/* The next number; it counts as given only when series_n is raised after the row is in. */
static enum err next_number(struct sqlite_store *s, struct posting *p)
{
	char series[24];
	enum err e = OK;

	snprintf(series, sizeof series, "%.12s%s", p->region, day_of(s, p->now_ms));
	if (p->first_answer != NULL)
		return OK; /* it has the one that it was given */
	if (s->series_n < 0 || strcmp(series, s->series) != 0)
		e = recall_series(s, series);
	if (e == OK)
		snprintf(p->project_no, sizeof p->project_no, "%s%05lld", series,
			(long long)s->series_n + 1);
	return e;
}

/* ---- one letter inside the group's transaction ---- */

static bool seen_before(struct sqlite_store *s, struct posting *p, enum err *e)
{
	struct stmt *st = db_prepare(
		s->db, "SELECT digest, answer, seq, project_no FROM event WHERE key = ?1");
	const void *digest;
	size_t len;
	bool seen;

	db_lend_text(st, 1, p->key);
	seen = db_row(st);
	if (seen) {
		digest = db_blob(st, 0, &len);
		if (len == sizeof p->digest && memcmp(digest, p->digest, len) == 0) {
			p->result = POSTING_AGAIN;
			buf_clear(&p->answer);
			buf_adds(&p->answer, db_text(st, 1));
			p->seq = db_int(st, 2);
			snprintf(p->project_no, sizeof p->project_no, "%s", db_text(st, 3));
		} else {
			p->result = POSTING_OTHER_BODY;
		}
	}
	*e = db_done(st);
	return seen;
}

/* What the file knows of the letter's case. */
struct known_case {
	bool found, same_matter;
	char key[ID_UUID_SIZE], query_password[QUERY_PASSWORD_CHARS + 1], state[CASE_STATE_SIZE];
	int64_t last_seq, station;
};

static enum err find_case(struct sqlite_store *s, struct posting *p, struct known_case *k)
{
	struct stmt *st = db_prepare(s->db,
		"SELECT project_no, key, state, last_seq, station, query_password, task_code = ?2"
		" FROM case_ WHERE case_id = ?1");

	db_lend_text(st, 1, p->case_id);
	db_lend_text(st, 2, p->task_code);
	k->found = db_row(st);
	if (k->found) {
		snprintf(p->project_no, sizeof p->project_no, "%s", db_text(st, 0));
		snprintf(k->key, sizeof k->key, "%s", db_text(st, 1));
		snprintf(k->state, sizeof k->state, "%s", db_text(st, 2));
		memcpy(p->current_key, k->key, sizeof p->current_key);
		memcpy(p->current_state, k->state, sizeof p->current_state);
		k->last_seq = db_int(st, 3);
		k->station = db_int(st, 4);
		snprintf(k->query_password, sizeof k->query_password, "%s", db_text(st, 5));
		k->same_matter = db_int(st, 6) != 0;
	}
	return db_done(st);
}

static enum err put_event(struct sqlite_store *s, struct posting *p, const struct known_case *k)
{
	struct event_row row = {
		.at_ms = p->now_ms,
		.kind = p->kind,
		.project_no = p->project_no,
		.prev = k->last_seq,
		.state = p->state,
		.owner = k->found ? k->station : p->of_station,
		.source = p->station,
		.note = p->note,
		.letter = p,
	};

	posting_write_answer(p);
	return sqlite_event_put(s, &row, &p->seq);
}

/* What an application says of its case, of the first version as of a later one. */
static void lend_case(struct stmt *st, const struct posting *p)
{
	db_lend_text(st, 1, p->project_no);
	db_lend_text(st, 2, p->key);
	db_lend_text(st, 3, p->task_code);
	db_lend_text(st, 4, p->task_name);
	db_lend_text(st, 5, p->applyer_name);
	db_lend_text(st, 6, p->state);
	db_bind_int(st, 7, p->now_ms);
	db_bind_int(st, 8, p->seq);
}

static enum err put_case(struct sqlite_store *s, const struct posting *p)
{
	struct stmt *st = db_prepare(s->db,
		"INSERT INTO case_ (project_no, key, task_code, task_name, applyer_name, state,"
		" received_ms, updated_ms, last_seq, case_id, station, local_receipt,"
		" query_password) VALUES (?1,?2,?3,?4,?5,?6,?7,?7,?8,?9,?10,?11,?12)");

	lend_case(st, p);
	db_lend_text(st, 9, p->case_id);
	db_bind_int(st, 10, p->of_station);
	db_lend_text(st, 11, p->local_receipt);
	db_lend_text(st, 12, p->query_password);
	return db_run(st);
}

static enum err renew_case(struct sqlite_store *s, const struct posting *p)
{
	struct stmt *st = db_prepare(s->db,
		"UPDATE case_ SET key = ?2, task_code = ?3, task_name = ?4, applyer_name = ?5,"
		" state = ?6, updated_ms = ?7, last_seq = ?8 WHERE project_no = ?1");

	lend_case(st, p);
	return db_run(st);
}

/* Whether what it replaces is here, and of another case. */
static enum err find_replaced(
	struct sqlite_store *s, struct posting *p, const struct known_case *k, bool *elsewhere)
{
	struct stmt *st = db_prepare(s->db, "SELECT project_no FROM event WHERE key = ?1");

	db_lend_text(st, 1, p->replaces);
	p->unknown = !db_row(st);
	*elsewhere = !p->unknown && (!k->found || strcmp(db_text(st, 0), p->project_no) != 0);
	return db_done(st);
}

/* 0: it may take its place. What it replaces may have been refused after it was written: then it
 * is the first we take. */
static enum err judge_place(struct sqlite_store *s, struct posting *p, const struct known_case *k,
	enum posting_result *refusal)
{
	bool elsewhere = false;
	enum err e = OK;

	*refusal = 0;
	if (p->replaces[0] == '\0') {
		*refusal = k->found ? POSTING_CASE_EXISTS : 0;
	} else if (!k->found || strcmp(k->key, p->replaces) != 0) {
		e = find_replaced(s, p, k, &elsewhere);
		*refusal = elsewhere ? POSTING_OTHER_CASE : k->found ? POSTING_STALE : 0;
	}
	return e;
}

static enum err take_application(struct sqlite_store *s, struct posting *p, struct known_case *k)
{
	enum posting_result refusal;
	enum err e = judge_place(s, p, k, &refusal);

	if (e != OK || refusal != 0) {
		p->result = refusal;
		return e;
	}
	if (k->found && !k->same_matter) {
		p->result = POSTING_OTHER_MATTER;
		return OK;
	}
	p->state = posting_judge(p, k->found ? k->state : NULL);
	if (p->state == NULL) {
		p->result = POSTING_STATE;
		return OK;
	}
	if (k->found)
		memcpy(p->query_password, k->query_password, sizeof p->query_password);
	else
		e = next_number(s, p);
	if (e == OK)
		e = put_event(s, p, k);
	if (e == OK)
		e = k->found ? renew_case(s, p) : put_case(s, p);
	if (e == OK) {
		p->result = POSTING_TAKEN;
		s->series_n += !k->found;
	}
	return e;
}

/* One service is evaluated once, whoever sends it under whichever key. */
static enum err find_evaluation(
	struct sqlite_store *s, const char *service, int64_t last_seq, bool *found)
{
	enum err e = OK;

	*found = false;
	while (e == OK && last_seq != 0 && !*found) {
		struct stmt *st = db_prepare(s->db,
			"SELECT prev, kind = 'evaluation' AND"
			" coalesce(json_extract(CAST(body AS TEXT), '$.service'), '') = ?2"
			" FROM event WHERE seq = ?1");
		db_bind_int(st, 1, last_seq);
		db_bind_text(st, 2, service);
		last_seq = 0;
		while (db_row(st)) {
			last_seq = db_int(st, 0);
			*found = db_int(st, 1) != 0;
		}
		e = db_done(st);
	}
	return e;
}

static enum err take_act(struct sqlite_store *s, struct posting *p, struct known_case *k)
{
	struct stmt *st;
	enum err e;

	p->state = k->found ? posting_judge(p, k->state) : NULL;
	if (p->state == NULL) {
		p->result = k->found ? POSTING_STATE : POSTING_NO_CASE;
		return OK;
	}
	if (p->service != NULL) {
		bool found;
		e = find_evaluation(s, p->service, k->last_seq, &found);
		if (e != OK)
			return e;
		if (found) {
			p->evaluated = true;
			p->result = POSTING_STATE;
			return OK;
		}
	}
	e = put_event(s, p, k);
	if (e != OK)
		return e;
	st = db_prepare(s->db, "UPDATE case_ SET state = ?2, updated_ms = ?3, last_seq = ?4"
			       " WHERE project_no = ?1");
	db_bind_text(st, 1, p->project_no);
	db_bind_text(st, 2, p->state);
	db_bind_int(st, 3, p->now_ms);
	db_bind_int(st, 4, p->seq);
	e = db_run(st);
	if (e == OK)
		p->result = POSTING_TAKEN;
	return e;
}

enum err sqlite_take_rows(struct sqlite_store *s, struct posting *p)
{
	struct known_case k = {0};
	enum err e = OK;

	if (seen_before(s, p, &e) || e != OK)
		return e;
	if (p->objection != 0) {
		p->result = p->objection;
		return OK;
	}
	e = find_case(s, p, &k);
	if (e != OK)
		return e;
	return strcmp(p->kind, "application") == 0 ? take_application(s, p, &k)
						   : take_act(s, p, &k);
}

static void fail(struct posting *p, enum err e)
{
	p->result = POSTING_FAILED;
	p->failed_for = e;
}

/* One that failed is undone alone. */
static void take_one(struct sqlite_store *s, struct posting *p)
{
	enum err e = db_savepoint(s->db);

	fail(p, e);
	if (e != OK)
		return;
	e = sqlite_take_rows(s, p);
	if (e == OK)
		e = db_release(s->db);
	else
		db_rollback_to(s->db); /* failed, it has ended the transaction */
	if (e != OK) {
		fail(p, e);
		s->series_n = -1;
		log_error("store", "letter %s not stored: %s", p->key, err_text(e));
	}
}

/* ---- the group ---- */

/* Taken, or a repeat in the same group, which stands and falls with what it repeats. */
static bool is_promised(const struct posting *p)
{
	return p->result == POSTING_TAKEN || p->result == POSTING_AGAIN;
}

/* What is wrong with it by itself is so whatever the file has. */
static bool may_stand_on_others(const struct posting *p)
{
	return p->objection == 0 || p->result != p->objection;
}

/* The commit's outcome is open: the file, which was opened again, knows. Where it lacks the group,
 * nothing may be refused for good for what was in it. */
static void settle_unsure(struct sqlite_store *s, struct posting **postings, size_t count)
{
	enum err e = OK;
	bool lost = false;
	size_t i;

	for (i = 0; i < count; i++)
		if (is_promised(postings[i]) && (!seen_before(s, postings[i], &e) || e != OK)) {
			fail(postings[i], ERR_IO);
			lost = true;
		}
	for (i = 0; lost && i < count; i++)
		if (!is_promised(postings[i]) && may_stand_on_others(postings[i]))
			fail(postings[i], ERR_IO);
}

/* A disk that is full takes the whole transaction: of the commit there is only to be heard that
 * there is none. */
static enum err cause_of(struct posting **postings, size_t count, enum err e)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (postings[i]->result == POSTING_FAILED && postings[i]->failed_for == ERR_FULL)
			return ERR_FULL;
	return e;
}

static void fail_all(struct posting **postings, size_t count, enum err e)
{
	size_t i;

	e = cause_of(postings, count, e);
	for (i = 0; i < count; i++)
		fail(postings[i], e);
}

/* All of them without a point to go back to each: so it nearly always goes. */
static enum err take_plainly(struct sqlite_store *s, struct posting **postings, size_t count)
{
	enum err e = OK;
	size_t i;

	for (i = 0; i < count && e == OK; i++)
		e = sqlite_take_rows(s, postings[i]);
	return e;
}

/* Where one took the whole transaction along none of them is in. */
static enum err take_each(struct sqlite_store *s, struct posting **postings, size_t count)
{
	enum err e = db_begin(s->db);
	size_t i;

	for (i = 0; i < count && e == OK; i++) {
		take_one(s, postings[i]);
		e = db_in_transaction(s->db) ? OK : ERR_IO;
	}
	if (e != OK)
		db_rollback(s->db);
	return e;
}

/* Into the open transaction, which goes on until there is enough in it (store_sqlite_log.c). */
static enum err take_all(struct sqlite_store *s, struct posting **postings, size_t count)
{
	enum err e = s->open ? OK : db_begin(s->db);

	if (e == OK && take_plainly(s, postings, count) != OK) {
		e = sqlite_undo(s);
		if (e == OK)
			e = take_each(s, postings, count);
	}
	return e;
}

static bool any_taken(struct posting **postings, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (postings[i]->result == POSTING_TAKEN)
			return true;
	return false;
}

void sqlite_take_group(struct sqlite_store *s, struct posting **postings, size_t count)
{
	enum err e;

	e = sqlite_settle(s);
	if (e == OK) {
		sqlite_want_log(s);
		e = take_all(s, postings, count);
	}
	if (e != OK) {
		fail_all(postings, count, e);
		return;
	}
	if (!any_taken(postings, count)) {
		if (!s->open)
			db_rollback(s->db); /* of nothing */
		return;
	}
	e = sqlite_keep_group(s, postings, count);
	if (e == OK)
		return;
	log_error("store", "a group of %zu letters was not made durable: %s", count, err_text(e));
	if (e == ERR_UNSURE)
		settle_unsure(s, postings, count);
	else
		fail_all(postings, count, e);
}

void sqlite_take(struct central_store *store, struct posting **postings, size_t count)
{
	sqlite_take_group(sqlite_store_of(store), postings, count);
}
