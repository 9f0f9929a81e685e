/* What goes once more because a centre that was restored from an old copy has lost its case. */
#include "core/station/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/station/audit.h"
#include "core/station/outbox_private.h"
#include "core/station/refusal.h"
#include "core/station/store.h"

/* What was refused because the centre did not have the case, one behind the other; free() it. An
 * application that is refused so names a version of its own: it is a clerk's to correct. */
static size_t early_ids(struct store *s, const char *case_id, char (**out)[ID_UUID_SIZE])
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT id, problem FROM letter WHERE case_id = ?1 AND kind <> 'application'"
		" AND state = 1 AND hold = 1 ORDER BY seq");
	size_t count = 0;

	*out = NULL;
	db_bind_text(st, 1, case_id);
	while (db_row(st)) {
		if (!refusal_is_unknown_case(db_text(st, 1)))
			continue;
		*out = mem_resize(*out, count + 1, sizeof **out);
		(*out)[count][0] = '\0';
		strncat((*out)[count++], db_text(st, 0), ID_UUID_SIZE - 1);
	}
	db_done(st);
	return count;
}

/* It stays in its place, which is behind the application's. */
static enum err wait_again(struct store *s, const char *letter_id, const char *operator_name)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE letter SET state = 0, hold = 0, next_ms = 0, since_ms = ?2 WHERE id = ?1");
	enum err e;

	db_bind_text(st, 1, letter_id);
	db_bind_int(st, 2, store_now_ms(s));
	e = db_run(st);
	return e == OK ? audit_put(s, operator_name, "letter.retry", letter_id, "") : e;
}

enum err outbox_free_early(struct store *s, const char *case_id, const char *operator_name)
{
	char(*ids)[ID_UUID_SIZE];
	size_t count = early_ids(s, case_id, &ids), i;
	enum err e = OK;

	for (i = 0; e == OK && i < count; i++)
		e = wait_again(s, ids[i], operator_name);
	free(ids);
	return e;
}

enum err outbox_send_again(struct store *s, const char *case_id, const char *operator_name)
{
	struct db *db = store_db(s);
	enum err e = db_begin(db);
	struct stmt *st;

	if (e != OK)
		return e;
	st = db_prepare(db, "UPDATE letter SET state = 0, hold = 0, next_ms = 0, delivered_ms = 0,"
			    " since_ms = ?2 WHERE case_id = ?1 AND state = 2");
	db_bind_text(st, 1, case_id);
	db_bind_int(st, 2, store_now_ms(s));
	e = db_run(st);
	if (e == OK && db_changes(db) == 0)
		e = ERR_STATE;
	if (e == OK) /* it was what the centre had lost that they did not fit to */
		e = outbox_retry_final(s, case_id, operator_name);
	if (e == OK)
		e = outbox_free_early(s, case_id, operator_name);
	if (e == OK)
		e = audit_put(s, operator_name, "letter.again", case_id, "");
	return db_finish(db, e);
}
