#include "core/station/day_end.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/station/audit.h"
#include "core/station/reconcile.h"
#include "core/station/store.h"

void day_check_fini(struct day_check *c)
{
	free(c->failure);
	*c = (struct day_check){0};
}

void day_close_fini(struct day_close *c)
{
	free(c->operator_name);
	free(c->window);
	*c = (struct day_close){0};
}

/* ---- reconciliation ---- */

static enum err clear_lines(struct store *s, int32_t day)
{
	struct stmt *st = db_prepare(store_db(s), "DELETE FROM day_difference WHERE day = ?1");

	db_bind_int(st, 1, day);
	return db_run(st);
}

static enum err put_line(struct store *s, int32_t day, size_t seq, const struct reconcile_line *l)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO day_difference (day, seq, kind, case_id, local_receipt, here, there)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

	db_bind_int(st, 1, day);
	db_bind_int(st, 2, (int64_t)seq);
	db_bind_text(st, 3, reconcile_name(l->kind));
	db_bind_text(st, 4, l->case_id);
	db_bind_text(st, 5, l->local_receipt);
	db_bind_text(st, 6, l->here);
	db_bind_text(st, 7, l->there);
	return db_run(st);
}

static enum err put_check(
	struct store *s, int32_t day, const struct reconcile_sum *sum, const char *failure)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT OR REPLACE INTO day_check (day, at_ms, here, there, failure)"
		" VALUES (?1, ?2, ?3, ?4, ?5)");

	db_bind_int(st, 1, day);
	db_bind_int(st, 2, store_now_ms(s));
	db_bind_int(st, 3, (int64_t)sum->here);
	db_bind_int(st, 4, (int64_t)sum->there);
	db_bind_text(st, 5, failure);
	return db_run(st);
}

static enum err audit_check(
	struct store *s, int32_t day, const struct reconcile_sum *sum, const char *failure)
{
	struct buf detail = {0};
	char date[DATE_SIZE];
	enum err e;

	if (failure != NULL)
		audit_word(&detail, "failed", "yes");
	audit_word_int(&detail, "here", (int64_t)sum->here);
	audit_word_int(&detail, "there", (int64_t)sum->there);
	audit_word_int(&detail, "differences", (int64_t)sum->differences);
	e = audit_put(
		s, "", "day.reconcile", date_format(date_from_day(day), date), buf_str(&detail));
	buf_fini(&detail);
	return e;
}

enum err day_check_put(struct store *s, int32_t day, const struct reconcile_sum *sum,
	const struct reconcile_line *lines, size_t count, const char *failure)
{
	enum err e = db_begin(store_db(s));
	size_t i;

	if (e != OK)
		return e;
	e = clear_lines(s, day);
	for (i = 0; i < count && failure == NULL && e == OK; i++)
		e = put_line(s, day, i, &lines[i]);
	if (e == OK)
		e = put_check(s, day, sum, failure);
	if (e == OK)
		e = audit_check(s, day, sum, failure);
	return db_finish(store_db(s), e);
}

enum err day_check_get(struct store *s, int32_t day, struct day_check *out)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT at_ms, here, there, failure,"
		" (SELECT count(*) FROM day_difference d WHERE d.day = day_check.day)"
		" FROM day_check WHERE day = ?1");

	*out = (struct day_check){0};
	db_bind_int(st, 1, day);
	if (db_row(st))
		*out = (struct day_check){db_int(st, 0), (size_t)db_int(st, 1),
			(size_t)db_int(st, 2), (size_t)db_int(st, 4), mem_strdup(db_text(st, 3))};
	return db_done(st);
}

static enum reconcile_kind kind_of(const char *name)
{
	for (int k = 0; k < RECONCILE__MAX; k++)
		if (strcmp(reconcile_name((enum reconcile_kind)k), name) == 0)
			return (enum reconcile_kind)k;
	return RECONCILE_UNKNOWN;
}

struct kept_line {
	enum reconcile_kind kind;
	char *case_id, *local_receipt, *here, *there;
};

void day_check_each(struct store *s, int32_t day,
	void (*each)(void *arg, const struct reconcile_line *l), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT kind, case_id, local_receipt, here, there FROM day_difference"
		" WHERE day = ?1 ORDER BY seq");
	struct kept_line *all = NULL;
	size_t count = 0, i;

	db_bind_int(st, 1, day);
	while (db_row(st)) {
		all = mem_resize(all, count + 1, sizeof *all);
		all[count++] = (struct kept_line){kind_of(db_text(st, 0)),
			mem_strdup(db_text(st, 1)), mem_strdup(db_text(st, 2)),
			mem_strdup(db_text(st, 3)), mem_strdup(db_text(st, 4))};
	}
	db_done(st);
	for (i = 0; i < count; i++) {
		const struct reconcile_line l = {all[i].kind, all[i].case_id, all[i].local_receipt,
			all[i].here, all[i].there, "", ""};
		each(arg, &l);
		free(all[i].case_id);
		free(all[i].local_receipt);
		free(all[i].here);
		free(all[i].there);
	}
	free(all);
}

/* ---- closing ---- */

static enum err put_close(struct store *s, int32_t day, const char *operator_name,
	const char *window, size_t open_items, int64_t now)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO day_close (day, at_ms, operator_name, window, open_items)"
		" VALUES (?1, ?2, ?3, ?4, ?5)");

	db_bind_int(st, 1, day);
	db_bind_int(st, 2, now);
	db_bind_text(st, 3, operator_name);
	db_bind_text(st, 4, window);
	db_bind_int(st, 5, (int64_t)open_items);
	return db_run(st);
}

enum err day_close(struct store *s, int32_t day, const char *operator_name, const char *window,
	size_t open_items)
{
	int64_t now = store_now_ms(s);
	struct buf detail = {0};
	char date[DATE_SIZE];
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	audit_word(&detail, "window", window);
	audit_word_int(&detail, "open", (int64_t)open_items);
	e = put_close(s, day, operator_name, window, open_items, now);
	if (e == OK)
		e = audit_put_at(s, now, operator_name, "day.close",
			date_format(date_from_day(day), date), buf_str(&detail));
	buf_fini(&detail);
	return db_finish(store_db(s), e);
}

enum err day_close_last(struct store *s, int32_t day, struct day_close *out)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT at_ms, operator_name, window, open_items FROM day_close WHERE day = ?1"
		" ORDER BY seq DESC LIMIT 1");

	*out = (struct day_close){0};
	db_bind_int(st, 1, day);
	if (db_row(st))
		*out = (struct day_close){db_int(st, 0), mem_strdup(db_text(st, 1)),
			mem_strdup(db_text(st, 2)), (size_t)db_int(st, 3)};
	return db_done(st);
}
