/* What goes once more because a centre that was restored from an old copy has lost its case. */
#include "core/station/outbox.h"

#include "core/base/db.h"
#include "core/station/audit.h"
#include "core/station/outbox_private.h"
#include "core/station/store.h"

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
