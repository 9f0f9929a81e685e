/* What is on its way, to whom, and who has what. */
#include "core/station/handover.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/operator.h"
#include "core/station/store.h"

void handover_fini(struct handover *h)
{
	free(h->task_name);
	free(h->applyer_name);
	free(h->local_receipt);
	free(h->from_operator);
	free(h->from_window);
	free(h->to_operator);
	free(h->to_window);
	free(h->note);
	*h = (struct handover){0};
}

#define COLUMNS \
	"h.case_id, c.task_name, c.applyer_name, c.local_receipt," \
	" c.state = 'draft' OR c.revising = 1, h.from_operator, h.from_window, h.to_operator," \
	" h.to_window, h.note, h.at_ms FROM handover h JOIN case_ c ON c.id = h.case_id"

static void take_row(struct stmt *st, struct handover *h)
{
	*h = (struct handover){0};
	strncat(h->case_id, db_text(st, 0), sizeof h->case_id - 1);
	h->task_name = mem_strdup(db_text(st, 1));
	h->applyer_name = mem_strdup(db_text(st, 2));
	h->local_receipt = mem_strdup(db_text(st, 3));
	h->draft = db_int(st, 4) != 0;
	h->from_operator = mem_strdup(db_text(st, 5));
	h->from_window = mem_strdup(db_text(st, 6));
	h->to_operator = mem_strdup(db_text(st, 7));
	h->to_window = mem_strdup(db_text(st, 8));
	h->note = mem_strdup(db_text(st, 9));
	h->at_ms = db_int(st, 10);
}

void handover_each(struct store *s, const char *operator_name, const char *window,
	void (*each)(void *arg, const struct handover *h), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT " COLUMNS " WHERE h.ended_ms = 0 AND (?1 IS NULL OR h.to_operator = ?1"
		" OR (h.to_operator IS NULL AND h.to_window = ?2)) ORDER BY h.seq");
	struct handover *all = NULL;
	size_t count = 0, i;

	db_bind_text(st, 1, operator_name);
	db_bind_text(st, 2, window);
	while (db_row(st)) {
		all = mem_resize(all, count + 1, sizeof *all);
		take_row(st, &all[count++]);
	}
	db_done(st);
	for (i = 0; i < count; i++) {
		each(arg, &all[i]);
		handover_fini(&all[i]);
	}
	free(all);
}

enum err handover_find(struct store *s, const char *case_id, struct handover *out)
{
	struct stmt *st = db_prepare(
		store_db(s), "SELECT " COLUMNS " WHERE h.ended_ms = 0 AND h.case_id = ?1");
	bool found;
	enum err e;

	db_bind_text(st, 1, case_id);
	found = db_row(st);
	if (found)
		take_row(st, out);
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

void handover_to(const struct handover *h, struct buf *out)
{
	if (h->to_operator != NULL)
		buf_adds(out, h->to_operator);
	if (h->to_window != NULL) {
		buf_adds(out, h->to_operator != NULL ? " " : "");
		buf_printf(out, tr("%s号窗口"), h->to_window);
	}
}

/* The one who has it. */
static void put_keeper(struct store *s, const char *case_id, struct buf *out)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT coalesce(keeper, operator_name), coalesce(keeper_window, window) FROM case_"
		" WHERE id = ?1");

	db_bind_text(st, 1, case_id);
	if (db_row(st)) {
		buf_printf(out, "%s (", operator_shown(db_text(st, 0)));
		buf_printf(out, tr("%s号窗口"), db_text(st, 1));
		buf_adds(out, ")");
	}
	db_done(st);
}

void handover_whose(struct store *s, const char *case_id, struct buf *out)
{
	struct handover h = {0};
	struct buf to = {0};

	put_keeper(s, case_id, out);
	if (handover_find(s, case_id, &h) == OK) {
		handover_to(&h, &to);
		buf_printf(out, tr(", 已交 %s, 还没有接"), buf_str(&to));
		handover_fini(&h);
	}
	buf_fini(&to);
}
