#include "core/station/line.h"

#include "core/base/db.h"
#include "core/station/audit.h"
#include "core/station/store.h"

enum err line_last(struct store *s, int *up)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT up FROM line ORDER BY seq DESC LIMIT 1");

	*up = db_row(st) ? (int)db_int(st, 0) : -1;
	return db_done(st);
}

static enum err put_rows(struct store *s, bool up)
{
	struct stmt *st = db_prepare(store_db(s), "INSERT INTO line (at_ms, up) VALUES (?1, ?2)");
	int64_t now = store_now_ms(s);
	enum err e;

	db_bind_int(st, 1, now);
	db_bind_int(st, 2, up);
	e = db_run(st);
	return e == OK ? audit_put_at(s, now, "", up ? "line.up" : "line.down", "", "") : e;
}

enum err line_note(struct store *s, bool up)
{
	int known;
	enum err e = line_last(s, &known);

	if (e != OK || known == up)
		return e;
	e = db_begin(store_db(s));
	if (e != OK)
		return e;
	e = line_last(s, &known); /* another program may have been quicker */
	if (e == OK && known != up)
		e = put_rows(s, up);
	return db_finish(store_db(s), e);
}
