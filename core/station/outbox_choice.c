#include "core/station/outbox_choice.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/cases.h"
#include "core/station/outbox.h"
#include "core/station/outbox_file.h"
#include "core/station/store.h"

void outbox_choice_fini(struct outbox_choice *c)
{
	free(c->list);
	*c = (struct outbox_choice){0};
}

/* Those of a statement that gives seq, id and case. */
static enum err add_rows(struct outbox_choice *c, struct stmt *st)
{
	while (db_row(st)) {
		struct outbox_chosen *one;
		c->list = mem_resize(c->list, c->count + 1, sizeof *c->list);
		one = &c->list[c->count++];
		*one = (struct outbox_chosen){.seq = db_int(st, 0)};
		strncat(one->id, db_text(st, 1), sizeof one->id - 1);
		strncat(one->case_id, db_text(st, 2), sizeof one->case_id - 1);
	}
	return db_done(st);
}

/* Of this case what is not at its end: nobody takes a step of a case without what goes
 * before it.
 */
static enum err add_case(
	struct store *s, struct outbox_choice *c, const char *case_id, int64_t until_seq)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT seq, id, case_id FROM letter WHERE case_id = ?1 AND seq <= ?2"
		" AND state IN (0, 1)");

	db_bind_text(st, 1, case_id);
	db_bind_int(st, 2, until_seq);
	return add_rows(c, st);
}

/* All that only the line or an admission keeps here. What waits behind one that is refused
 * or kept back cannot be taken anywhere. */
static enum err add_waiting(struct store *s, struct outbox_choice *c)
{
	return add_rows(
		c, db_prepare(store_db(s),
			   "SELECT seq, id, case_id FROM letter l"
			   " WHERE (state = 0 OR (state = 1 AND hold = 2))"
			   " AND NOT EXISTS (SELECT 1 FROM letter e WHERE e.case_id = l.case_id"
			   " AND e.seq < l.seq AND e.state = 1 AND e.hold <> 2)"));
}

static int by_seq(const void *a, const void *b)
{
	const struct outbox_chosen *x = a, *y = b;

	return (x->seq > y->seq) - (x->seq < y->seq);
}

struct members {
	struct store *store;
	struct outbox_choice *choice;
	bool any;
	enum err result;
};

static void add_member(void *arg, const struct case_view *v)
{
	struct members *m = arg;

	m->any |= v->letter_id != NULL;
	if (m->result == OK)
		m->result = add_case(m->store, m->choice, v->id, INT64_MAX);
}

/* The number is a bundle's: those of its letters that are still here to be sent. ERR_STATE:
 * none of them is. */
static enum err choose_members(struct store *s, const char *id, struct outbox_choice *c)
{
	struct members m = {s, c, false, OK};
	size_t before = c->count;
	struct case_view v;
	enum err e = case_get(s, id, &v);

	if (e != OK)
		return e;
	if (strcmp(v.state, CASE_BUNDLE) == 0)
		case_each_in_bundle(s, v.id, add_member, &m);
	case_view_fini(&v);
	if (m.result != OK)
		return m.result;
	if (!m.any)
		return ERR_NOT_FOUND;
	return c->count > before ? OK : ERR_STATE;
}

static bool is_open(const struct letter *l)
{
	return l->state == LETTER_WAITING || l->state == LETTER_HELD;
}

/* A newer version has replaced it, and something of its case is still to be sent. */
static bool has_followers(struct store *s, const struct letter *l)
{
	struct letter next;
	bool open;

	if (l->state != LETTER_REPLACED || l->hold != HOLD_REFUSED ||
		outbox_get_next(s, l->case_id, &next) != OK)
		return false;
	open = is_open(&next);
	letter_fini(&next);
	return open;
}

static enum err choose_one(
	struct store *s, const char *id, struct outbox_choice *c, struct buf *why)
{
	struct letter l;
	enum err e = outbox_get_next(s, id, &l);

	if (e == ERR_NOT_FOUND && (e = choose_members(s, id, c)) == OK)
		return OK;
	if (e == ERR_NOT_FOUND)
		buf_why(why, tr("没有 %s 这封信件, 请用 yimen outbox list 查看"), id);
	if (e == OK) {
		bool last = strcmp(l.id, id) == 0 && is_open(&l);
		e = is_open(&l) || has_followers(s, &l)
			    ? add_case(s, c, l.case_id, last ? l.seq : INT64_MAX)
			    : ERR_STATE;
		letter_fini(&l);
	}
	if (e == ERR_STATE)
		buf_why(why, tr("%s 已经了结, 不用导出"), id);
	return e;
}

/* Named twice, by its number and its bundle's: written once. */
static void drop_repeated(struct outbox_choice *c)
{
	size_t kept = 0, i;

	for (i = 0; i < c->count; i++)
		if (kept == 0 || c->list[i].seq != c->list[kept - 1].seq)
			c->list[kept++] = c->list[i];
	c->count = kept;
}

enum err outbox_choose(struct store *s, const struct outbox_order *order, struct outbox_choice *out,
	struct buf *why)
{
	struct outbox_choice c = {0};
	enum err e = order->count == 0 ? add_waiting(s, &c) : OK;
	size_t i;

	for (i = 0; e == OK && i < order->count; i++)
		e = choose_one(s, order->ids[i], &c, why);
	if (e != OK) {
		outbox_choice_fini(&c);
		return e;
	}
	if (c.count > 0)
		qsort(c.list, c.count, sizeof *c.list, by_seq);
	drop_repeated(&c);
	*out = c;
	return OK;
}

enum err outbox_choose_held(struct store *s, struct outbox_choice *out)
{
	struct outbox_choice c = {0};
	enum err e = add_rows(&c,
		db_prepare(store_db(s),
			"SELECT DISTINCT l.seq, l.id, l.case_id FROM letter e JOIN letter l"
			" ON l.case_id = e.case_id AND l.seq >= e.seq AND l.state IN (0, 1)"
			" WHERE e.state = 1 AND e.hold = 1 AND EXISTS (SELECT 1 FROM letter_paper lp"
			" JOIN paper p ON p.sha256 = lp.sha256 WHERE lp.letter_id = e.id"
			" AND p.state = 2) ORDER BY l.seq"));

	if (e == OK)
		*out = c;
	else
		outbox_choice_fini(&c);
	return e;
}
