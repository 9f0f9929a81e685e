/* Giving up a case whose application the centre has refused, and never taken in any version. */
#include "core/station/cases.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/station/acts_private.h"
#include "core/station/audit.h"
#include "core/station/outbox.h"
#include "core/station/store.h"

/* ERR_STATE: the centre has it, or nothing of it is refused, or it is being corrected. */
static enum err find(
	struct store *s, const char *letter_id, bool counted, char case_id[ID_UUID_SIZE])
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT c.id FROM letter l JOIN case_ c ON c.id = l.case_id WHERE l.id = ?1"
		" AND l.kind = 'application' AND ((l.state = 1 AND l.hold = 1) OR ?2) AND c.revising = 0"
		" AND c.project_no IS NULL AND c.current_key IS NULL AND c.state <> 'carried'");
	bool found;
	enum err e;

	case_id[0] = '\0';
	db_bind_text(st, 1, letter_id);
	db_bind_int(st, 2, counted);
	found = db_row(st);
	if (found)
		strncat(case_id, db_text(st, 0), ID_UUID_SIZE - 1);
	e = db_done(st);
	return e == OK && !found ? ERR_STATE : e;
}

static enum err end_letters(struct store *s, const char *case_id)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE letter SET state = 3, hold = 0, since_ms = ?2 WHERE case_id = ?1"
		" AND state IN (0, 1)");

	db_bind_text(st, 1, case_id);
	db_bind_int(st, 2, store_now_ms(s));
	return db_run(st);
}

static enum err end_case(struct store *s, const char *case_id, const char *operator_name)
{
	enum err e = acts_move(s, case_id, case_state_name(CASE_WITHDRAWN));

	if (e == OK)
		e = dues_set(s, case_id, CASE_WITHDRAWN, NULL);
	if (e == OK)
		e = case_add_event(s, case_id, operator_name, "taken-back", NULL);
	return e;
}

enum err case_abandon(
	struct store *s, const char *letter_id, const char *operator_name, struct buf *why)
{
	char case_id[ID_UUID_SIZE];
	size_t counted = 0; /* as refused by this; a version behind it may have made it replaced */
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	e = outbox_count_as_refused(s, letter_id, operator_name, &counted);
	if (e == OK)
		e = find(s, letter_id, counted > 0, case_id);
	if (e == ERR_STATE)
		buf_why(why, "%s",
			tr("只有中心退回、从来没有收下的申请才能不办; 正在更正的先放弃更正。"));
	if (e == OK)
		e = end_letters(s, case_id);
	if (e == OK)
		e = end_case(s, case_id, operator_name);
	if (e == OK)
		e = audit_put(s, operator_name, "act.take-back", letter_id, "application");
	return db_finish(store_db(s), e);
}
