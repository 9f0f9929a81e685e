/* Looking at the queue: tickets, counts, what a visit has come to; and the settings of groups. */
#include "core/station/queue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/station/queue_private.h"
#include "core/station/store.h"

void ticket_fini(struct ticket *t)
{
	free(t->operator_name);
	*t = (struct ticket){0};
}

static void copy(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text != NULL ? text : "");
}

void queue_take_row(struct stmt *st, struct ticket *t)
{
	*t = (struct ticket){.outcome = TICKET_OUTCOME__MAX};
	copy(t->id, sizeof t->id, db_text(st, 0));
	t->day = (int32_t)db_int(st, 1);
	copy(t->number, sizeof t->number, db_text(st, 2));
	copy(t->letter, sizeof t->letter, db_text(st, 3));
	copy(t->for_window, sizeof t->for_window, db_text(st, 4));
	t->priority = db_int(st, 5) != 0;
	t->machine = db_int(st, 6) != 0;
	ticket_state_parse(db_text(st, 7), &t->state);
	copy(t->window, sizeof t->window, db_text(st, 8));
	t->operator_name = mem_strdup(db_text(st, 9));
	ticket_outcome_parse(db_text(st, 10), &t->outcome);
	t->calls = (int)db_int(st, 11);
	t->taken_ms = db_int(st, 12);
	t->called_ms = db_int(st, 13);
	t->started_ms = db_int(st, 14);
	t->finished_ms = db_int(st, 15);
	t->served_ms = db_int(st, 16);
	t->since_ms = db_int(st, 17);
}

static enum err first(struct stmt *st, struct ticket *out)
{
	bool found = db_row(st);
	enum err e;

	if (found)
		queue_take_row(st, out);
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

enum err queue_get(struct store *s, const char *number, struct ticket *out)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT " QUEUE_COLUMNS " FROM ticket WHERE day = ?1 AND number = upper(?2)");

	db_bind_int(st, 1, clock_day(store_now_ms(s)));
	db_bind_text(st, 2, number);
	return first(st, out);
}

enum err queue_current(struct store *s, const char *window, struct ticket *out)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT " QUEUE_COLUMNS " FROM ticket WHERE day = ?1 AND window = ?2"
		" AND state IN ('called', 'serving') ORDER BY since_ms DESC LIMIT 1");

	db_bind_int(st, 1, clock_day(store_now_ms(s)));
	db_bind_text(st, 2, window);
	return first(st, out);
}

void queue_each(
	struct store *s, int32_t day, void (*each)(void *arg, const struct ticket *t), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT " QUEUE_COLUMNS " FROM ticket WHERE day = ?1 ORDER BY CASE state"
		" WHEN 'waiting' THEN 0 WHEN 'called' THEN 1 WHEN 'serving' THEN 1"
		" WHEN 'skipped' THEN 2 WHEN 'paused' THEN 2 ELSE 3 END,"
		" iif(state = 'waiting', priority, 0) DESC,"
		" iif(state = 'waiting', taken_ms, -since_ms), number");
	struct ticket *all = NULL;
	size_t count = 0, i;

	db_bind_int(st, 1, day);
	while (db_row(st)) {
		all = mem_resize(all, count + 1, sizeof *all);
		queue_take_row(st, &all[count++]);
	}
	db_done(st);
	for (i = 0; i < count; i++) {
		each(arg, &all[i]);
		ticket_fini(&all[i]);
	}
	free(all);
}

void queue_number_of_case(struct store *s, const char *case_id, struct buf *out)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT t.number FROM case_ c JOIN ticket t ON t.id = c.ticket WHERE c.id = ?1");

	db_bind_text(st, 1, case_id);
	if (db_row(st))
		buf_adds(out, db_text(st, 0));
	db_done(st);
}

void queue_each_case(struct store *s, const struct ticket *t,
	void (*each)(void *arg, const char *case_or_draft_id), void *arg)
{
	struct stmt *st = db_prepare(
		store_db(s), "SELECT id FROM case_ WHERE ticket = ?1 ORDER BY created_ms, id");
	char(*ids)[ID_UUID_SIZE] = NULL;
	size_t count = 0;

	db_bind_text(st, 1, t->id);
	while (db_row(st)) {
		ids = mem_resize(ids, count + 1, sizeof *ids);
		snprintf(ids[count++], ID_UUID_SIZE, "%s", db_text(st, 0));
	}
	db_done(st);
	for (size_t i = 0; i < count; i++)
		each(arg, ids[i]);
	free(ids);
}

static bool exists(struct stmt *st)
{
	bool found = db_row(st);

	db_done(st);
	return found;
}

static bool submitted_for(struct store *s, const struct ticket *t)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT 1 FROM case_ WHERE ticket = ?1 AND submitted_ms IS NOT NULL LIMIT 1");

	db_bind_text(st, 1, t->id);
	return exists(st);
}

bool queue_is_unfinished(struct store *s, const struct ticket *t)
{
	struct stmt *st = db_prepare(
		store_db(s), "SELECT 1 FROM case_ WHERE ticket = ?1 AND state = 'draft' LIMIT 1");

	db_bind_text(st, 1, t->id);
	return exists(st);
}

/* By the one who called, since the visitor came. */
static bool handed_over(struct store *s, const struct ticket *t)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT 1 FROM event WHERE what = 'deliver' AND at_ms >= ?1 AND who = ?2 LIMIT 1");

	db_bind_int(st, 1, t->called_ms);
	db_bind_text(st, 2, t->operator_name);
	return exists(st);
}

enum ticket_outcome queue_outcome(struct store *s, const struct ticket *t)
{
	if (submitted_for(s, t))
		return TICKET_ACCEPTED;
	return handed_over(s, t) ? TICKET_COLLECTED : TICKET_CONSULTED;
}

/* ---- counts ---- */

static enum err count_states(struct store *s, const char *letters, struct queue_counts *c)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT state, count(*), sum(?2 = '' OR instr(?2, ' ' || letter || ' ')) FROM ticket"
		" WHERE day = ?1 GROUP BY state");

	db_bind_int(st, 1, clock_day(store_now_ms(s)));
	db_bind_text(st, 2, letters);
	while (db_row(st)) {
		enum ticket_state state;
		c->taken += (size_t)db_int(st, 1);
		if (ticket_state_parse(db_text(st, 0), &state) &&
			(state == TICKET_SKIPPED || state == TICKET_PAUSED))
			c->aside += (size_t)db_int(st, 2);
	}
	return db_done(st);
}

static enum err count_waiting(
	struct store *s, const char *letters, const char *window, struct queue_counts *c)
{
	struct stmt *st =
		db_prepare(store_db(s), "SELECT number, taken_ms" QUEUE_WAITING QUEUE_ORDER);

	db_bind_int(st, 1, clock_day(store_now_ms(s)));
	db_bind_text(st, 2, letters);
	db_bind_text(st, 3, window);
	while (db_row(st)) {
		if (c->waiting++ == 0) {
			copy(c->next, sizeof c->next, db_text(st, 0));
			c->next_ms = db_int(st, 1);
		}
		if (c->oldest_ms == 0 || db_int(st, 1) < c->oldest_ms)
			c->oldest_ms = db_int(st, 1);
	}
	return db_done(st);
}

enum err queue_counts(
	struct store *s, const char *letters, const char *window, struct queue_counts *out)
{
	struct queue_counts c;
	struct ticket here;
	enum err e;

	memset(&c, 0, sizeof c); /* compared byte by byte */
	e = count_states(s, letters, &c);
	if (e == OK)
		e = count_waiting(s, letters, window, &c);
	if (e == OK && queue_current(s, window, &here) == OK) {
		copy(c.here, sizeof c.here, here.number);
		c.here_state = here.state;
		c.here_ms = here.since_ms;
		ticket_fini(&here);
	}
	if (e == OK)
		*out = c;
	return e;
}

/* ---- settings ---- */

/* The next item of a list parted by commas , without blanks around it: false at
 * the end. *word: its first word, *rest: what follows it. */
struct item {
	const char *word, *rest;
	size_t word_len, rest_len;
};

static bool next_item(const char **list, struct item *out)
{
	const char *s = *list + strspn(*list, " ,"), *end;

	if (*s == '\0')
		return false;
	end = s + strcspn(s, ",");
	out->word = s;
	out->word_len = strcspn(s, " ,");
	out->rest = s + out->word_len;
	while (out->rest < end && *out->rest == ' ')
		out->rest++;
	out->rest_len = (size_t)(end - out->rest);
	while (out->rest_len > 0 && out->rest[out->rest_len - 1] == ' ')
		out->rest_len--;
	*list = end;
	return true;
}

static bool is_text(const char *s, size_t len, const char *text)
{
	return strlen(text) == len && memcmp(s, text, len) == 0;
}

bool queue_group_name(const char *groups, const char *letter, struct buf *out)
{
	struct item i;

	while (groups != NULL && next_item(&groups, &i))
		if (is_text(i.word, i.word_len, letter)) {
			buf_add(out, i.rest, i.rest_len);
			return true;
		}
	return false;
}

bool queue_group_find(const char *groups, const char *text, char letter[QUEUE_NUMBER_SIZE])
{
	struct item i;

	while (groups != NULL && next_item(&groups, &i))
		if (i.word_len < QUEUE_NUMBER_SIZE &&
			(is_text(i.word, i.word_len, text) || is_text(i.rest, i.rest_len, text))) {
			memcpy(letter, i.word, i.word_len);
			letter[i.word_len] = '\0';
			return true;
		}
	return false;
}

void queue_served(const char *windows, const char *window, struct buf *letters)
{
	struct item i;

	while (windows != NULL && next_item(&windows, &i))
		if (is_text(i.word, i.word_len, window)) {
			buf_printf(letters, " %.*s ", (int)i.rest_len, i.rest);
			return;
		}
}
