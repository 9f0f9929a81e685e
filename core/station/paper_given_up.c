/* A paper that is not to be had, neither here nor by the line: what becomes of its letters. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/audit.h"
#include "core/station/outbox_private.h"
#include "core/station/papers_private.h"
#include "core/station/store.h"

#define ITS_WAITING_LETTERS \
	"state = 0 AND id IN (SELECT letter_id FROM letter_paper WHERE sha256 = ?1)"

/* As they stand here: they are looked up when they are shown (outbox_take), in the language of
 * then. */
static const char lost[] = N_("本机存的文件不见了或被改动了, 请更正这一件, 重新扫描放进来");
static const char lost_of_letter[] =
	N_("材料扫描件送不上去: 本机存的文件不见了或被改动了, 请更正这一件, 重新扫描放进来");

static enum err mark_refused(struct store *s, const char *sha256, const char *reason)
{
	struct stmt *st = db_prepare(store_db(s), "UPDATE paper SET state = 2, reason = ?2,"
						  " sent = 0, tries = tries + 1 WHERE sha256 = ?1");

	db_bind_text(st, 1, sha256);
	db_bind_text(st, 2, reason);
	return db_run(st);
}

static enum err note_held(struct store *s, const char *sha256, const char *sentence)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO event (case_id, at_ms, who, what, note)"
		" SELECT case_id, ?2, '', 'refused', ?3 FROM letter WHERE " ITS_WAITING_LETTERS);

	db_bind_text(st, 1, sha256);
	db_bind_int(st, 2, store_now_ms(s));
	db_bind_text(st, 3, sentence);
	return db_run(st);
}

static enum err hold_letters(
	struct store *s, const char *sha256, enum hold_reason hold, const char *sentence)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE letter SET state = 1, hold = ?2, reason = ?3, problem = NULL,"
		" since_ms = ?4, last_ms = ?4 WHERE " ITS_WAITING_LETTERS);

	db_bind_text(st, 1, sha256);
	db_bind_int(st, 2, hold);
	db_bind_text(st, 3, sentence);
	db_bind_int(st, 4, store_now_ms(s));
	return db_run(st);
}

struct waiting {
	char id[ID_UUID_SIZE], case_id[ID_UUID_SIZE];
};

/* free() it. */
static size_t letters_of(struct store *s, const char *sha256, struct waiting **out)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT id, case_id FROM letter WHERE " ITS_WAITING_LETTERS " ORDER BY seq");
	size_t count = 0;

	*out = NULL;
	db_bind_text(st, 1, sha256);
	while (db_row(st)) {
		struct waiting *one;
		*out = mem_resize(*out, count + 1, sizeof **out);
		one = &(*out)[count++];
		*one = (struct waiting){{0}, {0}};
		strncat(one->id, db_text(st, 0), sizeof one->id - 1);
		strncat(one->case_id, db_text(st, 1), sizeof one->case_id - 1);
	}
	db_done(st);
	return count;
}

/* In the trail; and a newer version goes on without a refused one. */
static enum err settle_letters(
	struct store *s, const struct waiting *list, size_t count, enum hold_reason hold)
{
	enum err e = OK;
	size_t i;

	for (i = 0; e == OK && i < count; i++)
		e = outbox_audit_held(s, list[i].id, list[i].case_id, hold);
	for (i = 0; e == OK && hold == HOLD_REFUSED && i < count; i++)
		e = outbox_version_refused(s, list[i].case_id);
	return e;
}

enum err paper_give_up(
	struct store *s, const char *sha256, enum hold_reason hold, const char *reason)
{
	struct buf sentence = {0};
	struct waiting *list;
	size_t count = letters_of(s, sha256, &list);
	enum err e;

	if (reason == NULL)
		buf_adds(&sentence, lost_of_letter);
	else
		buf_printf(&sentence, tr("材料扫描件送不上去: %s"), reason);
	e = mark_refused(s, sha256, reason != NULL ? reason : lost);
	if (e == OK)
		e = note_held(s, sha256, tr(sentence.data));
	if (e == OK)
		e = hold_letters(s, sha256, hold, sentence.data);
	if (e == OK)
		e = audit_put(s, "", "paper.held", sha256, "");
	if (e == OK)
		e = settle_letters(s, list, count, hold);
	free(list);
	buf_fini(&sentence);
	return e;
}
