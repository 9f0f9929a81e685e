#include "core/station/owed.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/msg.h"
#include "core/station/store.h"

void owed_each(struct store *s, const char *case_id, void (*each)(void *arg, const struct owed *o),
	void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT material, due_day, supplied_ms, coalesce(supplied_by, '') FROM owed"
		" WHERE case_id = ?1 ORDER BY supplied_ms > 0, due_day, material");

	db_bind_text(st, 1, case_id);
	while (db_row(st))
		each(arg, &(struct owed){db_text(st, 0), (int32_t)db_int(st, 1), db_int(st, 2),
				  db_text(st, 3)});
	db_done(st);
}

size_t owed_count(struct store *s, const char *case_id, int32_t before)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT count(*) FROM owed WHERE case_id = ?1 AND supplied_ms = 0"
		" AND (?2 = 0 OR due_day < ?2)");
	size_t n;

	db_bind_text(st, 1, case_id);
	db_bind_int(st, 2, before);
	n = db_row(st) ? (size_t)db_int(st, 0) : 0;
	db_done(st);
	return n;
}

bool owed_is(struct store *s, const char *case_id, const char *material)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT 1 FROM owed WHERE case_id = ?1 AND material = ?2 AND supplied_ms = 0");
	bool is;

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, material);
	is = db_row(st);
	db_done(st);
	return is;
}

enum err owed_check(struct store *s, const char *case_id, const json *facts, struct buf *why)
{
	const json *list = json_get(facts, "supplied"), *one;

	if (json_type(list) != JSON_ARRAY || json_count(list) == 0) {
		buf_why(why, "%s", tr("要写明补交了哪些材料 (supplied)。"));
		return ERR_INVALID;
	}
	for (one = json_first(list); one != NULL; one = json_next(one)) {
		const char *name = json_str(one);
		if (name != NULL && owed_is(s, case_id, name))
			continue;
		buf_why(why, tr("%s 不在欠交的容缺材料里。"), name != NULL ? name : "?");
		return ERR_INVALID;
	}
	return OK;
}

static enum err mark(
	struct store *s, const char *case_id, const char *material, int64_t at_ms, const char *by)
{
	struct stmt *st =
		db_prepare(store_db(s), "UPDATE owed SET supplied_ms = ?3, supplied_by = ?4"
					" WHERE case_id = ?1 AND material = ?2");

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, material);
	db_bind_int(st, 3, at_ms);
	db_bind_text(st, 4, by);
	return db_run(st);
}

static enum err mark_all(
	struct store *s, const char *case_id, const json *facts, int64_t at_ms, const char *by)
{
	const json *one = json_first(json_get(facts, "supplied"));
	enum err e = OK;

	for (; e == OK && one != NULL; one = json_next(one))
		if (json_str(one) != NULL)
			e = mark(s, case_id, json_str(one), at_ms, by);
	return e;
}

enum err owed_supply(struct store *s, const char *case_id, const json *facts, size_t *left)
{
	enum err e =
		mark_all(s, case_id, facts, store_now_ms(s), json_get_str(facts, "supplied_by"));

	if (e == OK)
		*left = owed_count(s, case_id, 0);
	return e;
}

enum err owed_again(struct store *s, const char *case_id, const json *facts)
{
	return mark_all(s, case_id, facts, 0, NULL);
}
