/* Clocks: which day a case wants something by, set when it moves. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/deadline.h"
#include "core/domain/workday.h"
#include "core/station/acts.h"
#include "core/station/acts_private.h"
#include "core/station/audit.h"
#include "core/station/store.h"

static bool day_of(const char *text, int32_t *out)
{
	struct date d;

	if (text == NULL || !date_parse(text, &d))
		return false;
	*out = date_to_day(d);
	return true;
}

/* false: no clock runs, or nobody said when it ends. */
static bool due_day(struct store *s, enum case_state state, const json *facts, int32_t *out)
{
	int32_t today = clock_day(store_now_ms(s));

	switch (state) {
	case CASE_RECEIVED:
		*out = calendar_add(calendar_shipped(), today, DEEMED_WORKDAYS);
		return true;
	case CASE_CORRECTING:
		return day_of(json_get_str(facts, "last_day"), out);
	case CASE_ACCEPTED:
		return day_of(json_get_str(facts, "due_date"), out);
	case CASE_DECIDED:
		*out = calendar_add(calendar_shipped(), today, DELIVER_WORKDAYS);
		return true;
	default:
		return false;
	}
}

static enum err put_owed(struct store *s, const char *case_id, const char *material, int32_t day)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO owed (case_id, material, due_day) VALUES (?1, ?2, ?3)"
		" ON CONFLICT DO UPDATE SET due_day = excluded.due_day, supplied_ms = 0");

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, material);
	db_bind_int(st, 3, day);
	return db_run(st);
}

enum err dues_set(struct store *s, const char *case_id, enum case_state state, const json *facts)
{
	struct stmt *st = db_prepare(store_db(s), "UPDATE case_ SET due_day = ?2 WHERE id = ?1");
	const json *one;
	int32_t day;
	enum err e;

	db_bind_text(st, 1, case_id);
	if (due_day(s, state, facts, &day))
		db_bind_int(st, 2, day);
	else
		db_bind_null(st, 2);
	e = db_run(st);
	for (one = json_first(json_get(facts, "owed")); e == OK && one != NULL;
		one = json_next(one))
		if (json_get_str(one, "name") != NULL &&
			day_of(json_get_str(one, "due_date"), &day))
			e = put_owed(s, case_id, json_get_str(one, "name"), day);
	return e;
}

/* When the clock would have ended that this act stopped; false: it stopped none. */
static bool stopped_day(struct store *s, const char *letter_id, int32_t *day)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT due_day FROM clock WHERE letter_id = ?1");
	bool found;

	db_bind_text(st, 1, letter_id);
	found = db_row(st);
	if (found)
		*day = (int32_t)db_int(st, 0);
	db_done(st);
	return found;
}

enum err dues_restore(struct store *s, const char *case_id, enum case_state state,
	const char *letter_id, const json *facts)
{
	struct stmt *st;
	int32_t day;
	bool runs = stopped_day(s, letter_id, &day) || due_day(s, state, facts, &day);

	st = db_prepare(store_db(s), "UPDATE case_ SET due_day = ?2 WHERE id = ?1");
	db_bind_text(st, 1, case_id);
	if (runs)
		db_bind_int(st, 2, day);
	else
		db_bind_null(st, 2);
	return db_run(st);
}

/* Moves a clock is meant to end with; NULL: the state's clock does not end well by this. */
static const char *ends_well(enum case_state from, enum case_state to)
{
	switch (from) {
	case CASE_RECEIVED:
		return to == CASE_ACCEPTED || to == CASE_CORRECTING || to == CASE_REFUSED ? "accept"
											  : NULL;
	case CASE_ACCEPTED:
		return to == CASE_DECIDED ? "decide" : NULL;
	case CASE_DECIDED:
		return to == CASE_DELIVERED ? "deliver" : NULL;
	default:
		return NULL;
	}
}

static enum err put_clock(struct store *s, const char *case_id, const char *kind, int32_t due,
	int64_t at_ms, const char *letter_id)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO clock (case_id, kind, due_day, ended_ms, letter_id)"
		" VALUES (?1, ?2, ?3, ?4, ?5)");

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, kind);
	db_bind_int(st, 3, due);
	db_bind_int(st, 4, at_ms);
	db_bind_text(st, 5, letter_id);
	return db_run(st);
}

enum err clock_close(struct store *s, const char *case_id, enum case_state to, int64_t at_ms,
	const char *letter_id, struct buf *trail)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT state, due_day FROM case_ WHERE id = ?1 AND due_day IS NOT NULL");
	enum case_state from;
	const char *kind = NULL;
	char date[DATE_SIZE];
	int32_t due = 0;
	enum err e;

	db_bind_text(st, 1, case_id);
	if (db_row(st) && case_state_parse(db_text(st, 0), &from)) {
		kind = ends_well(from, to);
		due = (int32_t)db_int(st, 1);
	}
	e = db_done(st);
	if (e != OK || kind == NULL)
		return e;
	audit_word(trail, "clock", kind);
	audit_word(trail, "due", date_format(date_from_day(due), date));
	return put_clock(s, case_id, kind, due, at_ms, letter_id);
}

bool due_of_case(struct store *s, const char *case_id, int32_t *day)
{
	struct stmt *st = db_prepare(
		store_db(s), "SELECT due_day FROM case_ WHERE id = ?1 AND due_day IS NOT NULL");
	bool runs;

	db_bind_text(st, 1, case_id);
	runs = db_row(st);
	if (runs)
		*day = (int32_t)db_int(st, 0);
	db_done(st);
	return runs;
}

const char *due_label(enum due_kind k)
{
	static const char *const labels[DUE__MAX] = {
		[DUE_ACCEPT] = N_("满 5 日视为受理"),
		[DUE_SUPPLEMENT] = N_("补正到期"),
		[DUE_DECIDE] = N_("办结到期"),
		[DUE_OWED] = N_("容缺到期"),
		[DUE_DELIVER] = N_("送达到期"),
	};

	return tr(labels[k]);
}

static enum due_kind kind_of(const char *state)
{
	enum case_state s = CASE_RECEIVED;

	case_state_parse(state, &s);
	switch (s) {
	case CASE_CORRECTING:
		return DUE_SUPPLEMENT;
	case CASE_ACCEPTED:
		return DUE_DECIDE;
	case CASE_DECIDED:
		return DUE_DELIVER;
	default:
		return DUE_ACCEPT;
	}
}

struct kept_due {
	char *case_id, *task_name, *applyer_name, *state, *material;
	int32_t day;
};

void dues_each(
	struct store *s, int32_t until, void (*each)(void *arg, const struct due *d), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT id, task_name, applyer_name, state, '', due_day FROM case_"
		" WHERE due_day <= ?1 AND state NOT IN ('draft', 'carried', 'bundle')"
		" UNION ALL SELECT c.id, c.task_name, c.applyer_name, c.state, o.material, o.due_day"
		" FROM owed o JOIN case_ c ON c.id = o.case_id WHERE o.supplied_ms = 0 AND"
		" o.due_day <= ?1 AND c.state IN ('accepted', 'suspended', 'completed') ORDER BY 6");
	struct kept_due *all = NULL;
	size_t count = 0, i;

	db_bind_int(st, 1, until);
	while (db_row(st)) {
		all = mem_resize(all, count + 1, sizeof *all);
		all[count++] =
			(struct kept_due){mem_strdup(db_text(st, 0)), mem_strdup(db_text(st, 1)),
				mem_strdup(db_text(st, 2)), mem_strdup(db_text(st, 3)),
				mem_strdup(db_text(st, 4)), (int32_t)db_int(st, 5)};
	}
	db_done(st);
	for (i = 0; i < count; i++) {
		struct kept_due *k = &all[i];
		const struct due d = {k->case_id, k->task_name,
			k->applyer_name != NULL ? k->applyer_name : "",
			k->material[0] != '\0' ? DUE_OWED : kind_of(k->state), k->material, k->day};
		each(arg, &d);
		free(k->case_id);
		free(k->task_name);
		free(k->applyer_name);
		free(k->state);
		free(k->material);
	}
	free(all);
}
