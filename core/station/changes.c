#include "core/station/changes.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/station/cases.h"
#include "core/station/store.h"

static const char cursor_key[] = "changes.cursor";

void changes_path(struct store *s, int wait_seconds, struct buf *out)
{
	char *cursor = store_get(s, cursor_key);
	const char *at;

	/* Without a cursor a centre begins with now: a new station wants all that concerns it. */
	buf_printf(out, "/v1/changes?wait=%d&cursor=%s", wait_seconds, cursor == NULL ? "0" : "");
	/* A cursor is the centre's own text: whatever it is, it goes back unharmed. */
	for (at = cursor; at != NULL && *at != '\0'; at++) {
		if (isalnum((unsigned char)*at) || strchr("-._~", *at) != NULL)
			buf_addc(out, *at);
		else
			buf_printf(out, "%%%02X", (unsigned char)*at);
	}
	free(cursor);
}

/* The case's id, "" when it is not one of ours. */
static enum err find_case(struct store *s, const char *project_no, char id[ID_UUID_SIZE])
{
	struct stmt *st = db_prepare(store_db(s), "SELECT id FROM case_ WHERE project_no = ?1");

	id[0] = '\0';
	db_bind_text(st, 1, project_no);
	if (db_row(st))
		strncat(id, db_text(st, 0), ID_UUID_SIZE - 1);
	return db_done(st);
}

static enum err apply_case(struct store *s, const json *change, size_t *applied)
{
	const char *project_no = json_get_str(change, "project_no");
	const char *state = json_get_str(change, "state");
	char id[ID_UUID_SIZE];
	struct stmt *st;
	enum err e;

	if (project_no == NULL || state == NULL || strlen(state) > 40)
		return OK;
	e = find_case(s, project_no, id);
	if (e != OK || id[0] == '\0')
		return e;
	st = db_prepare(store_db(s),
		"UPDATE case_ SET state = ?2, updated_ms = ?3 WHERE id = ?1 AND state <> ?2");
	db_bind_text(st, 1, id);
	db_bind_text(st, 2, state);
	db_bind_int(st, 3, store_now_ms(s));
	e = db_run(st);
	if (e != OK || db_changes(store_db(s)) == 0)
		return e;
	(*applied)++;
	return case_add_event(s, id, "", state);
}

static enum err apply_one(struct store *s, const json *change, size_t *applied)
{
	const char *kind = json_get_str(change, "type");
	const char *version = json_get_str(change, "version");

	if (kind == NULL)
		return OK;
	if (strcmp(kind, "case") == 0)
		return apply_case(s, change, applied);
	if (strcmp(kind, "catalogue") == 0 && version != NULL) {
		(*applied)++;
		return store_set(s, "catalogue.offered", version);
	}
	return OK;
}

enum err changes_apply(struct store *s, const char *json_text, size_t len_bytes, size_t *applied)
{
	json *doc = NULL;
	const json *list, *one;
	const char *cursor;
	char *was;
	size_t count = 0;
	enum err e = json_parse(&doc, json_text, len_bytes, NULL);

	if (e != OK)
		return e;
	cursor = json_get_str(doc, "cursor");
	list = json_get(doc, "changes");
	if (cursor == NULL || json_type(list) != JSON_ARRAY) {
		json_free(doc);
		return ERR_INVALID;
	}
	was = store_get(s, cursor_key);
	if (was == NULL || strcmp(was, cursor) != 0) {
		e = db_begin(store_db(s));
		for (one = json_first(list); e == OK && one != NULL; one = json_next(one))
			e = apply_one(s, one, &count);
		if (e == OK)
			e = store_set(s, cursor_key, cursor);
		if (e == OK)
			e = db_commit(store_db(s));
		else
			db_rollback(store_db(s));
	}
	free(was);
	json_free(doc);
	if (e == OK)
		*applied = count;
	return e;
}
