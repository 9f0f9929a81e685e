#include "core/station/shift.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/station/audit.h"
#include "core/station/draft.h"
#include "core/station/store.h"

static const char *const endings[SHIFT__MAX] = {"signed-off", "left", "lost"};

struct open_shift {
	char *operator_name;
	int64_t begun_ms;
};

static enum err find_open(struct store *s, const char *window, struct open_shift *out)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT operator_name, begun_ms FROM shift WHERE window = ?1 AND ended_ms = 0");

	*out = (struct open_shift){NULL, 0};
	db_bind_text(st, 1, window);
	if (db_row(st))
		*out = (struct open_shift){mem_strdup(db_text(st, 0)), db_int(st, 1)};
	return db_done(st);
}

static enum err end_rows(struct store *s, const struct open_shift *open, const char *window,
	enum shift_ending ending, const struct shift_open_items *left)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE shift SET ended_ms = ?2, ending = ?3 WHERE window = ?1 AND ended_ms = 0");
	int64_t now = store_now_ms(s);
	struct buf detail = {0};
	enum err e;

	db_bind_text(st, 1, window);
	db_bind_int(st, 2, now);
	db_bind_text(st, 3, endings[ending]);
	e = db_run(st);
	audit_word_int(&detail, "begun", open->begun_ms);
	audit_word(&detail, "ending", endings[ending]);
	if (left != NULL) {
		audit_word_int(&detail, "drafts", (int64_t)left->drafts);
		audit_word_int(&detail, "handed", (int64_t)left->handed);
		audit_word_int(&detail, "letters", (int64_t)left->letters);
	}
	if (e == OK)
		e = audit_put_at(
			s, now, open->operator_name, "shift.end", window, buf_str(&detail));
	buf_fini(&detail);
	return e;
}

static enum err begin_rows(struct store *s, const char *operator_name, const char *window)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO shift (operator_name, window, begun_ms) VALUES (?1, ?2, ?3)");
	int64_t now = store_now_ms(s);
	enum err e;

	db_bind_text(st, 1, operator_name);
	db_bind_text(st, 2, window);
	db_bind_int(st, 3, now);
	e = db_run(st);
	return e == OK ? audit_put_at(s, now, operator_name, "shift.begin", window, "") : e;
}

enum err shift_begin(struct store *s, const char *operator_name, const char *window)
{
	struct open_shift open = {NULL, 0};
	bool goes_on;
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	e = find_open(s, window, &open);
	goes_on = open.operator_name != NULL && strcmp(open.operator_name, operator_name) == 0 &&
		  clock_day(open.begun_ms) == clock_day(store_now_ms(s));
	if (e == OK && open.operator_name != NULL && !goes_on)
		e = end_rows(s, &open, window, SHIFT_LOST, NULL);
	if (e == OK && !goes_on)
		e = begin_rows(s, operator_name, window);
	free(open.operator_name);
	return db_finish(store_db(s), e);
}

enum err shift_end(struct store *s, const char *operator_name, const char *window,
	enum shift_ending ending, const struct shift_open_items *left)
{
	struct open_shift open = {NULL, 0};
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	e = find_open(s, window, &open);
	if (e == OK && open.operator_name != NULL && strcmp(open.operator_name, operator_name) == 0)
		e = end_rows(s, &open, window, ending, left);
	free(open.operator_name);
	return db_finish(store_db(s), e);
}

int64_t shift_since(struct store *s, const char *operator_name, const char *window)
{
	struct open_shift open = {NULL, 0};
	int64_t since = 0;

	if (find_open(s, window, &open) == OK && open.operator_name != NULL &&
		strcmp(open.operator_name, operator_name) == 0)
		since = open.begun_ms;
	free(open.operator_name);
	return since;
}

void shift_count_open(struct store *s, const char *operator_name, struct shift_open_items *out)
{
	struct stmt *st;

	*out = (struct shift_open_items){.drafts = draft_count(s, operator_name)};
	st = db_prepare(store_db(s),
		"SELECT count(*) FROM handover WHERE ended_ms = 0 AND from_operator = ?1");
	db_bind_text(st, 1, operator_name);
	if (db_row(st))
		out->handed = (size_t)db_int(st, 0);
	db_done(st);
	st = db_prepare(store_db(s), "SELECT count(*) FROM letter WHERE state IN (0, 1)");
	if (db_row(st))
		out->letters = (size_t)db_int(st, 0);
	db_done(st);
}
