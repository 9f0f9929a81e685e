#include "core/station/evaluation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/workday.h"
#include "core/station/acts_private.h"
#include "core/station/audit.h"
#include "core/station/cases.h"
#include "core/station/store.h"

static const struct {
	const char *name, *label, *audit;
} states[EVALUATION_STATE__MAX] = {
	[EVALUATION_OFFERED] = {"offered", N_("已请评价"), "evaluation.offer"},
	[EVALUATION_ANSWERED] = {"answered", N_("已评价"), "evaluation.answer"},
	[EVALUATION_DECLINED] = {"declined", N_("不愿评价"), "evaluation.decline"},
	[EVALUATION_TIMED_OUT] = {"timed-out", N_("没有作答"), "evaluation.time-out"},
};

static const char *const sources[EVALUATION_SOURCE__MAX] = {
	[EVALUATION_SCREEN] = "screen",
	[EVALUATION_DEVICE] = "device",
	[EVALUATION_PAPER] = "paper",
};

const char *evaluation_state_name(enum evaluation_state s)
{
	return states[s].name;
}

const char *evaluation_state_label(enum evaluation_state s)
{
	return tr(states[s].label);
}

const char *evaluation_source_name(enum evaluation_source s)
{
	return sources[s];
}

bool evaluation_source_parse(const char *name, enum evaluation_source *out)
{
	int i;

	for (i = 0; i < EVALUATION_SOURCE__MAX; i++)
		if (strcmp(sources[i], name) == 0) {
			*out = (enum evaluation_source)i;
			return true;
		}
	return false;
}

static enum evaluation_state state_of(const char *name)
{
	int i;

	for (i = 0; i < EVALUATION_STATE__MAX; i++)
		if (strcmp(states[i].name, name) == 0)
			return (enum evaluation_state)i;
	return EVALUATION_TIMED_OUT;
}

/* ---- the offer ---- */

/* The case that a letter can name: of a bundle the first of its cases. */
static enum err find_case(struct store *s, const char *number, char case_id[ID_UUID_SIZE])
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT iif(state = 'bundle', (SELECT m.id FROM case_ m WHERE m.bundle = case_.id"
		" ORDER BY m.rowid LIMIT 1), id) FROM case_ WHERE state NOT IN ('draft', 'carried')"
		" AND (id = ?1 OR local_receipt = ?1 OR project_no = ?1)");
	bool found;
	enum err e;

	case_id[0] = '\0';
	db_bind_text(st, 1, number);
	found = db_row(st) && !db_is_null(st, 0);
	if (found)
		strncat(case_id, db_text(st, 0), ID_UUID_SIZE - 1);
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

/* What the service of today has come to; ERR_NOT_FOUND: it was not offered yet. */
static enum err find_offer(
	struct store *s, const char *case_id, char id[ID_UUID_SIZE], enum evaluation_state *state)
{
	struct stmt *st = db_prepare(
		store_db(s), "SELECT id, state FROM evaluation WHERE case_id = ?1 AND day = ?2");
	bool found;
	enum err e;

	db_bind_text(st, 1, case_id);
	db_bind_int(st, 2, clock_day(store_now_ms(s)));
	found = db_row(st);
	if (found) {
		id[0] = '\0';
		strncat(id, db_text(st, 0), ID_UUID_SIZE - 1);
		*state = state_of(db_text(st, 1));
	}
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

bool evaluation_possible(struct store *s, const char *case_number)
{
	char case_id[ID_UUID_SIZE], id[ID_UUID_SIZE];
	enum evaluation_state state = EVALUATION_OFFERED;

	if (find_case(s, case_number, case_id) != OK)
		return false;
	return find_offer(s, case_id, id, &state) == ERR_NOT_FOUND || state == EVALUATION_OFFERED;
}

static enum err put_offer(
	struct store *s, const struct evaluation_offer *o, const char *case_id, const char *id)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO evaluation (id, case_id, day, operator_name, window, state, offered_ms)"
		" VALUES (?1, ?2, ?3, ?4, ?5, 'offered', ?6)");
	int64_t now = store_now_ms(s);

	db_bind_text(st, 1, id);
	db_bind_text(st, 2, case_id);
	db_bind_int(st, 3, clock_day(now));
	db_bind_text(st, 4, o->operator_name);
	db_bind_text(st, 5, o->window);
	db_bind_int(st, 6, now);
	return db_run(st);
}

static enum err begin(
	struct store *s, const struct evaluation_offer *o, char id[ID_UUID_SIZE], struct buf *why)
{
	enum evaluation_state state = EVALUATION_OFFERED;
	char case_id[ID_UUID_SIZE];
	enum err e = find_case(s, o->case_number, case_id);
	bool again;

	if (e == ERR_NOT_FOUND)
		buf_why(why, tr("本机没有 %s 这一件"), o->case_number);
	if (e != OK)
		return e;
	e = find_offer(s, case_id, id, &state);
	again = e == OK;
	if (again && state != EVALUATION_OFFERED) {
		buf_why(why, tr("这次服务已经请过评价 (%s), 一次服务只评一次。"),
			evaluation_state_label(state));
		return ERR_EXISTS;
	}
	if (e == ERR_NOT_FOUND) {
		id_uuid(store_entropy(s), store_now_ms(s), id);
		e = put_offer(s, o, case_id, id);
	}
	return e == OK ? audit_put(s, o->operator_name, states[EVALUATION_OFFERED].audit, id,
				 again ? "again" : case_id)
		       : e;
}

enum err evaluation_begin(
	struct store *s, const struct evaluation_offer *o, char id[ID_UUID_SIZE], struct buf *why)
{
	char made[ID_UUID_SIZE];
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	e = begin(s, o, made, why);
	e = db_finish(store_db(s), e);
	if (e == OK)
		memcpy(id, made, sizeof made);
	return e;
}

/* ---- the end of it ---- */

struct offer {
	char case_id[ID_UUID_SIZE];
	char *operator_name, *window;
	int32_t day;
	int64_t offered_ms;
};

static void offer_fini(struct offer *o)
{
	free(o->operator_name);
	free(o->window);
}

/* ERR_STATE: it has ended. */
static enum err open_offer(struct store *s, const char *id, struct offer *o)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT case_id, operator_name, window, day, offered_ms FROM evaluation"
		" WHERE id = ?1 AND state = 'offered'");
	bool found;
	enum err e;

	*o = (struct offer){0};
	db_bind_text(st, 1, id);
	found = db_row(st);
	if (found) {
		strncat(o->case_id, db_text(st, 0), sizeof o->case_id - 1);
		o->operator_name = mem_strdup(db_text(st, 1));
		o->window = mem_strdup(db_text(st, 2));
		o->day = (int32_t)db_int(st, 3);
		o->offered_ms = db_int(st, 4);
	}
	e = db_done(st);
	return e == OK && !found ? ERR_STATE : e;
}

static enum err end_row(struct store *s, const char *id, enum evaluation_state how,
	const struct evaluation_answer *a)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE evaluation SET state = ?2, ended_ms = ?3, mark = ?4, cause = ?5, source = ?6"
		" WHERE id = ?1");

	db_bind_text(st, 1, id);
	db_bind_text(st, 2, states[how].name);
	db_bind_int(st, 3, store_now_ms(s));
	if (a != NULL)
		db_bind_int(st, 4, a->mark);
	else
		db_bind_null(st, 4);
	db_bind_text(st, 5, complaint_cause_name(a != NULL ? a->cause : CAUSE_NONE));
	db_bind_text(st, 6, sources[a != NULL ? a->source : EVALUATION_SCREEN]);
	return db_run(st);
}

/* By the visitor, not by the clerk: who "" is the program, which writes it down for him. */
static enum err note_end(struct store *s, const char *id, const struct offer *o,
	enum evaluation_state how, const struct evaluation_answer *a)
{
	int64_t took_s = (store_now_ms(s) - o->offered_ms) / 1000;
	char detail[80];

	if (a != NULL)
		snprintf(detail, sizeof detail, "mark=%d source=%s took=%llds", a->mark,
			sources[a->source], (long long)took_s);
	else
		snprintf(detail, sizeof detail, "took=%llds", (long long)took_s);
	return audit_put(s, "", states[how].audit, id, detail);
}

static enum err post_letter(
	struct store *s, const char *id, const struct offer *o, const struct evaluation_answer *a)
{
	char *enrolled = store_get(s, "centre.station");
	char iso[CLOCK_ISO_SIZE], mark[2] = {(char)('0' + a->mark), '\0'}, day[DATE_SIZE];
	struct buf b = {0};
	enum err e;

	buf_addc(&b, '{');
	json_member_str(&b, "kind", "evaluation");
	json_member_str(&b, "idempotency_key", id);
	json_member_str(&b, "case_id", o->case_id);
	json_member_str(&b, "station", enrolled != NULL ? enrolled : a->station);
	json_member_str(&b, "operator", o->operator_name);
	json_member_str(&b, "window", o->window);
	json_member_str(&b, "satisfaction", mark);
	if (a->cause != CAUSE_NONE)
		json_member_str(&b, "cause", complaint_cause_name(a->cause));
	json_member_str(&b, "source", sources[a->source]);
	json_member_str(&b, "service", date_format(date_from_day(o->day), day));
	json_member_str(&b, "submitted_at", clock_iso(store_now_ms(s), iso));
	buf_addc(&b, '}');
	e = acts_post(s, id, o->case_id, "evaluation", &b);
	buf_fini(&b);
	free(enrolled);
	return e;
}

static enum err open_complaint(
	struct store *s, const char *id, const struct offer *o, const struct complaint_days *days)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO complaint (evaluation_id, state, due_day) VALUES (?1, ?2, ?3)");

	db_bind_text(st, 1, id);
	db_bind_text(st, 2, complaint_state_name(COMPLAINT_OPEN));
	db_bind_int(st, 3, complaint_due(calendar_shipped(), o->day, COMPLAINT_OPEN, days));
	return db_run(st);
}

static enum err end(struct store *s, const char *id, enum evaluation_state how,
	const struct evaluation_answer *a)
{
	struct offer o;
	enum err e = open_offer(s, id, &o);

	if (e == OK)
		e = end_row(s, id, how, a);
	if (e == OK && a != NULL)
		e = post_letter(s, id, &o, a);
	if (e == OK && a != NULL)
		e = case_add_event(s, o.case_id, "", "evaluated", NULL); /* not how */
	if (e == OK && a != NULL && mark_is_bad(a->mark))
		e = open_complaint(s, id, &o, &a->days);
	if (e == OK)
		e = note_end(s, id, &o, how, a);
	offer_fini(&o);
	return e;
}

static bool ended_as(struct store *s, const char *id, enum evaluation_state how)
{
	struct stmt *st =
		db_prepare(store_db(s), "SELECT 1 FROM evaluation WHERE id = ?1 AND state = ?2");
	bool found;

	db_bind_text(st, 1, id);
	db_bind_text(st, 2, states[how].name);
	found = db_row(st);
	db_done(st);
	return found;
}

static enum err end_once(struct store *s, const char *id, enum evaluation_state how,
	const struct evaluation_answer *a)
{
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	e = end(s, id, how, a);
	if (e != OK) {
		db_rollback(store_db(s));
		return e;
	}
	e = db_commit(store_db(s));
	if (e == ERR_UNSURE && (e = store_reopen(s)) == OK)
		e = ended_as(s, id, how) ? OK : ERR_IO;
	return e;
}

enum err evaluation_answer(
	struct store *s, const char *id, const struct evaluation_answer *a, struct buf *why)
{
	enum err e;

	if (!mark_valid(a->mark)) {
		buf_why(why, "%s", tr("评价应是 1 (非常满意) 到 5 (非常不满意)"));
		return ERR_INVALID;
	}
	e = end_once(s, id, EVALUATION_ANSWERED, a);
	if (e == ERR_STATE)
		buf_why(why, "%s", tr("这次服务已经请过评价, 一次服务只评一次。"));
	return e;
}

enum err evaluation_end(struct store *s, const char *id, enum evaluation_state how)
{
	return how == EVALUATION_DECLINED || how == EVALUATION_TIMED_OUT
		       ? end_once(s, id, how, NULL)
		       : ERR_INVALID;
}

/* ---- looking ---- */

struct kept {
	char *text[6];
	struct evaluation e;
};

static void keep(struct stmt *st, struct kept *k)
{
	enum complaint_cause cause = CAUSE_NONE;
	enum evaluation_source source = EVALUATION_SCREEN;
	int i;

	for (i = 0; i < 6; i++)
		k->text[i] = mem_strdup(db_text(st, i) != NULL ? db_text(st, i) : "");
	complaint_cause_parse(db_text(st, 8), &cause);
	evaluation_source_parse(db_text(st, 9), &source);
	k->e = (struct evaluation){k->text[0], k->text[1], k->text[2], k->text[3], k->text[4],
		k->text[5], state_of(db_text(st, 6)), source, (int)db_int(st, 7), cause,
		db_int(st, 10), db_int(st, 11)};
}

void evaluation_each(struct store *s, int32_t from, int32_t until,
	void (*each)(void *arg, const struct evaluation *e), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT e.id, e.case_id, c.local_receipt, c.task_name, e.operator_name, e.window,"
		" e.state, e.mark, e.cause, e.source, e.offered_ms, e.ended_ms FROM evaluation e"
		" JOIN case_ c ON c.id = e.case_id WHERE e.day BETWEEN ?1 AND ?2"
		" ORDER BY e.offered_ms, e.id");
	struct kept *all = NULL;
	size_t count = 0, i;
	int k;

	db_bind_int(st, 1, from);
	db_bind_int(st, 2, until);
	while (db_row(st)) {
		all = mem_resize(all, count + 1, sizeof *all);
		keep(st, &all[count++]);
	}
	db_done(st);
	for (i = 0; i < count; i++) {
		each(arg, &all[i].e);
		for (k = 0; k < 6; k++)
			free(all[i].text[k]);
	}
	free(all);
}
