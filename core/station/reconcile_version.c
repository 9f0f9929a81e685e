#include "core/station/reconcile_private.h"

#include <string.h>
#include <strings.h>

#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/station/outbox.h"
#include "core/station/store.h"

/* The applications of a case as they were submitted here, against the one the centre goes by. */
struct versions {
	char newest[ID_UUID_SIZE];
	bool under_way;		   /* the newest is waiting or held */
	int64_t delivered, theirs; /* seq of the last one delivered, of theirs; 0: none */
};

static enum err read_versions(
	struct store *s, const char *case_id, const char *there, struct versions *v)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT id, seq, state FROM letter WHERE case_id = ?1 AND kind = 'application'"
		" ORDER BY seq DESC");

	db_bind_text(st, 1, case_id);
	while (db_row(st)) {
		const char *id = db_text(st, 0);
		int64_t seq = db_int(st, 1);
		enum letter_state state = (enum letter_state)db_int(st, 2);

		if (v->newest[0] == '\0') {
			strncat(v->newest, id, sizeof v->newest - 1);
			v->under_way = state == LETTER_WAITING || state == LETTER_HELD;
		}
		if (state == LETTER_DELIVERED && v->delivered == 0)
			v->delivered = seq;
		if (strcasecmp(id, there) == 0)
			v->theirs = seq;
	}
	return db_done(st);
}

enum err reconcile_version(
	struct store *s, const char *case_id, const char *there, struct version_verdict *out)
{
	struct versions v = {"", false, 0, 0};
	enum err e = read_versions(s, case_id, there, &v);

	*out = (struct version_verdict){.differs = true};
	memcpy(out->here, v.newest, sizeof out->here);
	if (v.theirs == 0)
		out->kind = RECONCILE_ELSEWHERE;
	else if (v.theirs > v.delivered)
		out->kind = RECONCILE_UNHEARD;
	else if (v.theirs < v.delivered)
		out->kind = RECONCILE_BEHIND;
	else if (v.under_way)
		out->kind = RECONCILE_WAITS;
	else
		out->differs = false;
	return e;
}

enum err reconcile_count_letters(struct store *s, const char *case_id, int64_t *count)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT count(*) FROM letter WHERE case_id = ?1 AND state = 2"); /* delivered */

	*count = 0;
	db_bind_text(st, 1, case_id);
	while (db_row(st))
		*count = db_int(st, 0);
	return db_done(st);
}

enum err reconcile_stands_elsewhere(
	struct store *s, const char *case_id, const char *state, bool *elsewhere)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT 1 FROM case_ WHERE id = ?1 AND state NOT IN ('draft', 'carried', 'bundle', ?2)"
		" AND NOT EXISTS (SELECT 1 FROM letter WHERE case_id = ?1 AND state IN (0, 1))");

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, state);
	*elsewhere = db_row(st);
	return db_done(st);
}

enum err reconcile_each_continued(struct store *s, int32_t day,
	void (*each)(void *arg, const char *case_id, const char *local_receipt, const char *number),
	void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT id, local_receipt, project_no FROM case_ WHERE id IN (SELECT case_id FROM letter"
		" WHERE (kind <> 'application' OR version > 1) AND created_ms >= ?1"
		" AND created_ms < ?2)"
		" AND state NOT IN ('draft', 'carried')"
		" AND (submitted_ms < ?1 OR submitted_ms >= ?2) ORDER BY submitted_ms DESC");

	db_bind_int(st, 1, clock_day_begin(day));
	db_bind_int(st, 2, clock_day_begin(day + 1));
	while (db_row(st))
		each(arg, db_text(st, 0), db_text(st, 1), db_text(st, 2));
	return db_done(st);
}
