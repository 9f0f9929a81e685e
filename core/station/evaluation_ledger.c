/* The ledger of bad marks: who has looked into it, by when, what was found and done. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/workday.h"
#include "core/station/audit.h"
#include "core/station/evaluation.h"
#include "core/station/store.h"

enum {
	VERIFY_DAYS = 1,
	MEND_DAYS = 5,
	EXTEND_DAYS = 15,
	TEXTS = 11
};

struct complaint_days complaint_days_of(const struct conf *c)
{
	return (struct complaint_days){(int)conf_get_long(c, "evaluation.verify_days", VERIFY_DAYS),
		(int)conf_get_long(c, "evaluation.mend_days", MEND_DAYS),
		(int)conf_get_long(c, "evaluation.extend_days", EXTEND_DAYS)};
}

struct kept {
	char *text[TEXTS];
	struct complaint c;
};

static void keep(struct stmt *st, struct kept *k)
{
	char **t = k->text;
	int i;

	for (i = 0; i < TEXTS; i++)
		t[i] = mem_strdup(db_text(st, i) != NULL ? db_text(st, i) : "");
	k->c = (struct complaint){.id = t[0],
		.case_id = t[1],
		.local_receipt = t[2],
		.task_name = t[3],
		.operator_name = t[4],
		.window = t[5],
		.finding = t[6],
		.verified_by = t[7],
		.extension = t[8],
		.mended = t[9],
		.ended_by = t[10],
		.mark = (int)db_int(st, 11),
		.due_day = (int32_t)db_int(st, 14),
		.at_ms = db_int(st, 15),
		.verified_ms = db_int(st, 16),
		.ended_ms = db_int(st, 17)};
	complaint_cause_parse(db_text(st, 12), &k->c.cause);
	complaint_state_parse(db_text(st, 13), &k->c.state);
}

#define COLUMNS \
	"SELECT e.id, e.case_id, c.local_receipt, c.task_name, e.operator_name, e.window," \
	" l.finding, l.verified_by, l.extension, l.mended, l.ended_by, e.mark, e.cause, l.state," \
	" l.due_day, e.ended_ms, l.verified_ms, l.ended_ms FROM complaint l" \
	" JOIN evaluation e ON e.id = l.evaluation_id JOIN case_ c ON c.id = e.case_id"

static void each_of(struct stmt *st, void (*each)(void *arg, const struct complaint *c), void *arg)
{
	struct kept *all = NULL;
	size_t count = 0, i;
	int k;

	while (db_row(st)) {
		all = mem_resize(all, count + 1, sizeof *all);
		keep(st, &all[count++]);
	}
	db_done(st);
	for (i = 0; i < count; i++) {
		each(arg, &all[i].c);
		for (k = 0; k < TEXTS; k++)
			free(all[i].text[k]);
	}
	free(all);
}

void complaint_each(
	struct store *s, bool ended, void (*each)(void *arg, const struct complaint *c), void *arg)
{
	each_of(db_prepare(store_db(s), COLUMNS " WHERE l.due_day >= 0 ORDER BY l.due_day, e.id"),
		each, arg);
	if (ended)
		each_of(db_prepare(store_db(s),
				COLUMNS " WHERE l.due_day < 0 ORDER BY l.ended_ms DESC, e.id"),
			each, arg);
}

/* ---- acts ---- */

struct entry {
	char id[ID_UUID_SIZE];
	char *served_by;
	int32_t day;
	enum complaint_state state;
};

/* By the id or a beginning of it that fits no other. */
static enum err find_entry(struct store *s, const char *id, struct entry *out)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT e.id, e.operator_name, e.day, l.state FROM complaint l JOIN evaluation e"
		" ON e.id = l.evaluation_id WHERE substr(e.id, 1, length(?1)) = ?1 AND ?1 <> ''"
		" LIMIT 2");
	int found = 0;
	enum err e;

	db_bind_text(st, 1, id);
	while (db_row(st)) {
		if (found++ > 0)
			continue;
		strncat(out->id, db_text(st, 0), sizeof out->id - 1);
		out->served_by = mem_strdup(db_text(st, 1));
		out->day = (int32_t)db_int(st, 2);
		complaint_state_parse(db_text(st, 3), &out->state);
	}
	e = db_done(st);
	return e == OK && found != 1 ? ERR_NOT_FOUND : e;
}

/* Which text and whose name the act writes. */
static const char *update_of(enum complaint_act act)
{
	switch (act) {
	case COMPLAINT_VERIFY:
		return "UPDATE complaint SET state = ?2, due_day = ?3, finding = ?4, verified_by = ?5,"
		       " verified_ms = ?6 WHERE evaluation_id = ?1";
	case COMPLAINT_DISMISS:
		return "UPDATE complaint SET state = ?2, due_day = ?3, finding = ?4, verified_by = ?5,"
		       " verified_ms = ?6, ended_by = ?5, ended_ms = ?6 WHERE evaluation_id = ?1";
	case COMPLAINT_EXTEND:
		return "UPDATE complaint SET state = ?2, due_day = ?3, extension = ?4 WHERE"
		       " evaluation_id = ?1 AND ?5 IS NOT NULL AND ?6 > 0";
	default:
		return "UPDATE complaint SET state = ?2, due_day = ?3, mended = ?4, ended_by = ?5,"
		       " ended_ms = ?6 WHERE evaluation_id = ?1";
	}
}

static enum err write_act(
	struct store *s, const struct complaint_order *o, struct entry *at, enum complaint_state to)
{
	struct stmt *st = db_prepare(store_db(s), update_of(o->act));
	char name[40];
	enum err e;

	db_bind_text(st, 1, at->id);
	db_bind_text(st, 2, complaint_state_name(to));
	db_bind_int(st, 3, complaint_due(calendar_shipped(), at->day, to, &o->days));
	db_bind_text(st, 4, o->text);
	db_bind_text(st, 5, o->operator_name);
	db_bind_int(st, 6, store_now_ms(s));
	snprintf(name, sizeof name, "complaint.%s", complaint_act_name(o->act));
	e = db_run(st);
	return e == OK ? audit_put(s, o->operator_name, name, at->id, complaint_state_name(to)) : e;
}

static enum err do_act(
	struct store *s, const struct complaint_order *o, struct entry *at, struct buf *why)
{
	const char *reason = "";
	enum complaint_state to;
	enum err e = find_entry(s, o->id, at);

	if (e == ERR_NOT_FOUND)
		buf_why(why, tr("台账里没有 %s 这一条, 或不止一条。"), o->id);
	if (e != OK)
		return e;
	if (strcmp(at->served_by, o->operator_name) == 0) {
		buf_why(why, "%s", tr("这是对您自己的评价, 要由别人来核实和处理。"));
		return ERR_STATE;
	}
	if (!complaint_next(at->state, o->act, &to, &reason)) {
		buf_why(why, tr("现在是“%s”, 不能%s: %s。"), complaint_state_label(at->state),
			complaint_act_label(o->act), reason);
		return ERR_STATE;
	}
	return write_act(s, o, at, to);
}

enum err complaint_do(struct store *s, const struct complaint_order *o, struct buf *why)
{
	struct entry at = {0};
	enum err e;

	if (o->text == NULL || o->text[strspn(o->text, " ")] == '\0') {
		buf_why(why, tr("%s: 要写明情况。"), complaint_act_label(o->act));
		return ERR_INVALID;
	}
	e = db_begin(store_db(s));
	if (e != OK)
		return e;
	e = do_act(s, o, &at, why);
	e = db_finish(store_db(s), e);
	free(at.served_by);
	return e;
}
