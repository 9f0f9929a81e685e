/* Versions of an application in the outbox: the newer one makes the refused ones and what was built
 * on them give way. */
#include "core/station/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/domain/lifecycle.h"
#include "core/station/audit.h"
#include "core/station/cases.h"
#include "core/station/outbox_private.h"
#include "core/station/refusal.h"
#include "core/station/store.h"

/* While the centre knows nothing of the case (else it takes the letters as they come): the first
 * version that it may still take, as seq; NULL: there is none. */
#define NEXT_VERSION \
	"(SELECT min(n.seq) FROM letter n JOIN case_ c ON c.id = n.case_id WHERE n.case_id = ?1" \
	" AND n.kind = 'application' AND (n.state = 0 OR (n.state = 1 AND n.hold <> 1))" \
	" AND c.project_no IS NULL AND c.current_key IS NULL)"
/* What was posted behind a version that the centre did not take, and before that one. */
#define IS_STRANDED \
	"l.case_id = ?1 AND l.kind <> 'application' AND l.state IN (0, 1) AND l.seq < " NEXT_VERSION \
	" AND EXISTS (SELECT 1 FROM letter e WHERE e.case_id = ?1 AND e.kind = 'application'" \
	" AND e.seq < l.seq AND (e.state = 3 OR (e.state = 1 AND e.hold = 1)))"

/* The ids, in order, of what is to go behind the next version: what is stranded, and what was
 * posted behind that version already, because it was done later. None when nothing is stranded.
 * free() it. */
static size_t stranded_ids(struct store *s, const char *case_id, char (**out)[ID_UUID_SIZE])
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT l.id FROM letter l WHERE (" IS_STRANDED ") OR (l.case_id = ?1"
		" AND l.state IN (0, 1) AND l.seq > " NEXT_VERSION
		" AND EXISTS (SELECT 1 FROM letter l WHERE " IS_STRANDED ")) ORDER BY l.seq");
	size_t count = 0;

	*out = NULL;
	db_bind_text(st, 1, case_id);
	while (db_row(st)) {
		*out = mem_resize(*out, count + 1, sizeof **out);
		(*out)[count][0] = '\0';
		strncat((*out)[count++], db_text(st, 0), ID_UUID_SIZE - 1);
	}
	db_done(st);
	return count;
}

enum err outbox_move_to_end(struct store *s, const char *letter_id)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE letter SET seq = (SELECT max(seq) + 1 FROM letter) WHERE id = ?1");

	db_bind_text(st, 1, letter_id);
	return db_run(st);
}

static enum err replace_refused(struct store *s, const char *case_id)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE letter SET state = 3, since_ms = ?2 WHERE case_id = ?1"
		" AND kind = 'application' AND state = 1 AND hold = 1 AND EXISTS (SELECT 1 FROM letter n"
		" WHERE n.case_id = ?1 AND n.kind = 'application' AND n.seq > letter.seq)");

	db_bind_text(st, 1, case_id);
	db_bind_int(st, 2, store_now_ms(s));
	return db_run(st);
}

enum err outbox_make_way(struct store *s, const char *case_id)
{
	char(*ids)[ID_UUID_SIZE];
	size_t count = stranded_ids(s, case_id, &ids), i;
	enum err e = OK;

	for (i = 0; e == OK && i < count; i++)
		e = outbox_move_to_end(s, ids[i]);
	free(ids);
	return e == OK ? replace_refused(s, case_id) : e;
}

/* The first request for corrections that the next version has answered: behind it it would ask
 * anew. false: none. */
static bool find_answered(struct store *s, const char *case_id, char out[ID_UUID_SIZE])
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT l.id FROM letter l WHERE " IS_STRANDED " AND l.kind = ?2"
		" AND (SELECT a.kind FROM letter a WHERE a.case_id = ?1 AND a.seq > l.seq"
		" AND a.kind NOT IN ('evaluation', 'note') ORDER BY a.seq LIMIT 1) = 'application'"
		" ORDER BY l.seq LIMIT 1");
	bool found;

	out[0] = '\0';
	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, case_act_letter(ACT_REQUEST_CORRECTION));
	found = db_row(st);
	if (found)
		strncat(out, db_text(st, 0), ID_UUID_SIZE - 1);
	return db_done(st) == OK && found;
}

static enum err end_answered(struct store *s, const char *case_id)
{
	char id[ID_UUID_SIZE];
	enum err e = OK;

	while (e == OK && find_answered(s, case_id, id)) {
		struct stmt *st = db_prepare(store_db(s),
			"UPDATE letter SET state = 3, hold = 1, since_ms = ?2 WHERE id = ?1");
		db_bind_text(st, 1, id);
		db_bind_int(st, 2, store_now_ms(s));
		e = db_run(st);
		if (e == OK)
			e = audit_put(s, "", "letter.answered", id, "");
	}
	return e;
}

enum err outbox_version_refused(struct store *s, const char *case_id)
{
	enum err e = end_answered(s, case_id);

	if (e == OK)
		e = outbox_make_way(s, case_id);
	return e == OK ? outbox_anew(s, case_id) : e;
}

/* ---- counted as refused ---- */

/* The first that waits with a refusal that was not read. false: there is none. */
static bool find_unread(struct store *s, const char *id, struct letter *out)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT " OUTBOX_COLUMNS "NULL" OUTBOX_FROM "WHERE (l.id = ?1 OR (l.case_id = ?1"
		" AND l.kind = 'application')) AND l.state = 0 AND l.problem = ?2"
		" ORDER BY l.seq LIMIT 1");
	bool found;

	db_bind_text(st, 1, id);
	db_bind_text(st, 2, refusal_unread);
	found = db_row(st);
	if (found)
		outbox_take(st, out);
	db_done(st);
	return found;
}

static enum err count_one(struct store *s, const struct letter *l, const char *operator_name)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE letter SET state = 1, hold = 1, next_ms = 0, since_ms = ?2 WHERE id = ?1");
	enum err e;

	db_bind_text(st, 1, l->id);
	db_bind_int(st, 2, store_now_ms(s));
	e = db_run(st);
	if (e == OK)
		e = case_add_event(s, l->case_id, operator_name, "refused", l->reason);
	if (e == OK)
		e = outbox_audit_held(s, l->id, l->case_id, HOLD_REFUSED);
	return e == OK && l->origin == NULL ? outbox_version_refused(s, l->case_id) : e;
}

enum err outbox_count_as_refused(
	struct store *s, const char *id, const char *operator_name, size_t *count)
{
	struct letter l;
	size_t n = 0;
	enum err e = OK;

	for (; e == OK && find_unread(s, id, &l); n++) {
		e = count_one(s, &l, operator_name);
		letter_fini(&l);
	}
	if (count != NULL)
		*count = n;
	return e;
}
