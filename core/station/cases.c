#include "core/station/cases.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/db.h"
#include "core/base/mem.h"
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
	free(c->letter_id);
	free(c->letter_hold);
	free(c->note);
	*c = (struct case_view){0};
}

/* The first that is not at its end: it says how the case stands; else the last. */
#define NEXT_LETTER \
	" FROM letter WHERE case_id = case_.id AND kind <> 'evaluation'" \
	" ORDER BY iif(state IN (0, 1), seq, NULL) NULLS LAST, seq DESC LIMIT 1)"
#define COLUMNS \
	"id, task_code, task_name, applyer_name, local_receipt, project_no, query_password, state," \
	" operator_name, window, iif(state = '" CASE_BUNDLE \
	"', updated_ms, submitted_ms), updated_ms, (SELECT CASE state WHEN 0 THEN 'waiting'" \
	" WHEN 1 THEN 'held' WHEN 2 THEN 'delivered' ELSE 'replaced' END" NEXT_LETTER \
	", (SELECT id" NEXT_LETTER ", (SELECT version FROM letter WHERE case_id = case_.id" \
	" AND kind = 'application' ORDER BY seq DESC LIMIT 1)" \
	", revising, note, changes > seen, (SELECT CASE WHEN state <> 1 THEN NULL" \
	" WHEN hold = 1 THEN 'refused' WHEN hold = 3 THEN 'kept' ELSE 'person' END" NEXT_LETTER
/* What this station took itself and submitted. */
#define OURS "state NOT IN ('draft', 'carried')"

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
	c->letter_id = mem_strdup(db_text(st, 13));
	c->version = (int)db_int(st, 14);
	c->revising = db_int(st, 15) != 0;
	c->note = mem_strdup(db_text(st, 16));
	c->news = db_int(st, 17) != 0;
	c->letter_hold = mem_strdup(db_text(st, 18));
}

enum err case_get(struct store *s, const char *any_number, struct case_view *out)
{
	struct stmt *st =
		db_prepare(store_db(s), "SELECT " COLUMNS " FROM case_ WHERE " OURS
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
		"SELECT " COLUMNS " FROM case_ WHERE " OURS
		" AND submitted_ms >= ?1 AND submitted_ms < ?2 AND (?3 IS NULL"
		" OR instr(task_name, ?3) OR instr(applyer_name, ?3) OR instr(local_receipt, ?3)"
		" OR instr(project_no, ?3) OR instr(person, ?3) OR instr(mobile, ?3)"
		" OR ticket IN (SELECT id FROM ticket WHERE number = upper(?3)))"
		" ORDER BY submitted_ms DESC, rowid DESC");
	int64_t from, to;

	day_range(day, &from, &to);
	db_bind_int(st, 1, from);
	db_bind_int(st, 2, to);
	db_bind_text(st, 3, text);
	each_row(st, each, arg);
}

size_t case_count_day(struct store *s, int32_t day)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT count(*) FROM case_ WHERE " OURS
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

size_t case_count_state(struct store *s, const char *state)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT count(*) FROM case_ WHERE state = ?1");
	size_t n;

	db_bind_text(st, 1, state);
	n = db_row(st) ? (size_t)db_int(st, 0) : 0;
	db_done(st);
	return n;
}

void case_each_news(struct store *s, void (*each)(void *arg, const struct case_view *c), void *arg)
{
	each_row(db_prepare(store_db(s), "SELECT " COLUMNS " FROM case_ WHERE " OURS
					 " AND changes > seen ORDER BY updated_ms DESC"),
		each, arg);
}

size_t case_count_news(struct store *s)
{
	struct stmt *st = db_prepare(
		store_db(s), "SELECT count(*) FROM case_ WHERE " OURS " AND changes > seen");
	size_t n = db_row(st) ? (size_t)db_int(st, 0) : 0;

	db_done(st);
	return n;
}

enum err case_seen(struct store *s, const char *case_id)
{
	struct stmt *st = db_prepare(
		store_db(s), "UPDATE case_ SET seen = changes WHERE id = ?1 AND seen <> changes");

	db_bind_text(st, 1, case_id);
	return db_run(st);
}

/* ---- history ---- */

enum err case_add_event(
	struct store *s, const char *case_id, const char *who, const char *what, const char *note)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO event (case_id, at_ms, who, what, note) VALUES (?1, ?2, ?3, ?4, ?5)");

	db_bind_text(st, 1, case_id);
	db_bind_int(st, 2, store_now_ms(s));
	db_bind_text(st, 3, who);
	db_bind_text(st, 4, what);
	db_bind_text(st, 5, note);
	return db_run(st);
}

void case_each_event(struct store *s, const char *case_id,
	void (*each)(void *arg, const struct case_event *e), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT at_ms, who, what, note FROM event WHERE case_id = ?1 ORDER BY seq");

	db_bind_text(st, 1, case_id);
	while (db_row(st))
		each(arg, &(struct case_event){
				  db_int(st, 0), db_text(st, 1), db_text(st, 2), db_text(st, 3)});
	db_done(st);
}
