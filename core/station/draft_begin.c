/* A draft is born: whose visit it belongs to, and when that began. */
#include "core/station/draft.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/station/audit.h"
#include "core/station/store.h"

struct visit {
	char ticket[ID_UUID_SIZE]; /* "": no ticket is at the window */
	char number[16];	   /* of that ticket */
	int64_t began_ms;
};

/*
 * With a ticket at the window the first draft began with its call; one more for the same visitor
 * with the submission before it, or now while another is still open. Of a ticket that was called
 * more than once, or has paused, only since when it is in its state is known. Without a ticket:
 * now.
 */
static enum err find_visit(struct store *s, const char *window, int64_t now, struct visit *v)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT t.id, t.number, iif(t.calls = 1 AND t.served_ms = 0, t.called_ms, t.since_ms),"
		" (SELECT max(iif(c.state = 'bundle', c.updated_ms, c.submitted_ms)) FROM case_ c"
		" WHERE c.ticket = t.id), EXISTS (SELECT 1 FROM case_ c WHERE c.ticket = t.id"
		" AND c.state = 'draft') FROM ticket t WHERE t.day = ?1 AND t.window = ?2"
		" AND t.state IN ('called', 'serving') ORDER BY t.since_ms DESC LIMIT 1");
	int64_t began = now;

	*v = (struct visit){.began_ms = now};
	db_bind_int(st, 1, clock_day(now));
	db_bind_text(st, 2, window);
	if (db_row(st)) {
		strncat(v->ticket, db_text(st, 0), sizeof v->ticket - 1);
		strncat(v->number, db_text(st, 1), sizeof v->number - 1);
		if (!db_is_null(st, 3))
			began = db_int(st, 3);
		else if (db_int(st, 4) == 0)
			began = db_int(st, 2);
	}
	if (began > 0 && began < now) /* a clock that was set back makes no time */
		v->began_ms = began;
	return db_done(st);
}

static enum err insert_draft(struct store *s, const struct draft *origin,
	const char id[ID_UUID_SIZE], int64_t now, const struct visit *v)
{
	char key[ID_UUID_SIZE];
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO case_ (id, letter_key, state, task_code, task_name, task_version, form_id,"
		" form_version, operator_name, window, applyer_name, created_ms, updated_ms,"
		" dept_name, began_ms, ticket)"
		" VALUES (?1, ?2, 'draft', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?12, ?13, ?14)");

	id_uuid(store_entropy(s), now, key);
	db_bind_text(st, 1, id);
	db_bind_text(st, 2, key);
	db_bind_text(st, 3, origin->task_code);
	db_bind_text(st, 4, origin->task_name);
	db_bind_text(st, 5, origin->task_version);
	db_bind_text(st, 6, origin->form_id);
	db_bind_text(st, 7, origin->form_version);
	db_bind_text(st, 8, origin->operator_name);
	db_bind_text(st, 9, origin->window);
	db_bind_text(st, 10, origin->applyer_name);
	db_bind_int(st, 11, now);
	db_bind_text(st, 12, origin->dept_name);
	db_bind_int(st, 13, v->began_ms);
	db_bind_text(st, 14, v->ticket[0] != '\0' ? v->ticket : NULL);
	return db_run(st);
}

static enum err audit_begin(struct store *s, const struct draft *origin, const char *id,
	int64_t now, const struct visit *v)
{
	struct buf detail = {0};
	enum err e;

	audit_word(&detail, "window", origin->window);
	audit_word(&detail, "matter", origin->task_code);
	audit_word(&detail, "ticket", v->number);
	if (v->began_ms != now)
		audit_word_int(&detail, "began", v->began_ms);
	e = audit_put_at(s, now, origin->operator_name, "draft.begin", id, buf_str(&detail));
	buf_fini(&detail);
	return e;
}

/* A commit whose outcome is open: the file knows. A draft that is there and has no owner would be a
 * second one beside what is typed on. */
static enum err look_again(struct store *s, const char *id)
{
	struct draft d;
	enum err e = store_reopen(s);

	if (e == OK)
		e = draft_get(s, id, &d);
	if (e == OK)
		draft_fini(&d);
	return e == ERR_NOT_FOUND ? ERR_IO : e;
}

enum err draft_begin(struct store *s, const struct draft *origin, char id[ID_UUID_SIZE])
{
	int64_t now = store_now_ms(s);
	char made[ID_UUID_SIZE];
	struct visit v;
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	id_uuid(store_entropy(s), now, made);
	e = find_visit(s, origin->window, now, &v);
	if (e == OK)
		e = insert_draft(s, origin, made, now, &v);
	if (e == OK)
		e = audit_begin(s, origin, made, now, &v);
	e = db_finish(store_db(s), e);
	if (e == ERR_UNSURE)
		e = look_again(s, made);
	if (e == OK)
		memcpy(id, made, sizeof made);
	return e;
}
