#include "core/central/store_postgres_group.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/central/store_postgres.h"

/* ---- which cases, keys and series there are ---- */

/* Places by a name: open addressing; 0: free, else the place plus one. */
struct places {
	size_t *slots, mask;
};

static struct places places_for(size_t count)
{
	struct places p = {NULL, 4};

	while (p.mask < 2 * count)
		p.mask *= 2;
	p.slots = mem_array(p.mask, sizeof *p.slots);
	p.mask--;
	return p;
}

static size_t start_of(const struct places *p, const char *name)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return h & p->mask;
}

static struct group_case *case_for(struct group *g, const struct places *p, const char *case_id)
{
	size_t at = start_of(p, case_id);

	while (p->slots[at] != 0 && strcmp(g->cases[p->slots[at] - 1].case_id, case_id) != 0)
		at = (at + 1) & p->mask;
	if (p->slots[at] == 0) {
		g->cases[g->case_count].case_id = case_id;
		p->slots[at] = ++g->case_count;
	}
	return &g->cases[p->slots[at] - 1];
}

static struct group_key *key_for(struct group *g, const struct places *p, const char *key)
{
	size_t at = start_of(p, key);

	while (p->slots[at] != 0 && strcmp(g->keys[p->slots[at] - 1].key, key) != 0)
		at = (at + 1) & p->mask;
	if (p->slots[at] == 0) {
		g->keys[g->key_count].key = key;
		p->slots[at] = ++g->key_count;
	}
	return &g->keys[p->slots[at] - 1];
}

/* One, or two at midnight. */
static struct group_series *series_for(struct group *g, const struct posting *p)
{
	struct group_series *s = &g->series[g->series_count];
	char day[12];
	size_t i;

	clock_format(p->now_ms, "%Y%m%d", day, sizeof day);
	snprintf(s->name, sizeof s->name, "%.12s%s", p->region, day);
	for (i = 0; i < g->series_count; i++)
		if (strcmp(g->series[i].name, s->name) == 0)
			return &g->series[i];
	g->series_count++;
	return s;
}

void group_init(struct group *g, struct posting **postings, size_t count)
{
	struct places cases = places_for(count), keys = places_for(2 * count);
	size_t i;

	*g = (struct group){.letters = mem_array(count, sizeof *g->letters),
		.cases = mem_array(count, sizeof *g->cases),
		.keys = mem_array(2 * count, sizeof *g->keys),
		.series = mem_array(count + 1, sizeof *g->series),
		.count = count};
	for (i = 0; i < count; i++)
		g->letters[i] = (struct group_letter){.posting = postings[i],
			.of = case_for(g, &cases, postings[i]->case_id),
			.key = key_for(g, &keys, postings[i]->key),
			.replaced = postings[i]->replaces[0] != '\0'
					    ? key_for(g, &keys, postings[i]->replaces)
					    : NULL,
			.series = series_for(g, postings[i])};
	free(cases.slots);
	free(keys.slots);
}

void group_fini(struct group *g)
{
	size_t i;

	for (i = 0; i < g->key_count; i++)
		free(g->keys[i].answer);
	for (i = 0; i < g->case_count; i++)
		free(g->cases[i].task_code);
	free(g->letters);
	free(g->cases);
	free(g->keys);
	free(g->series);
}

const char *group_task_code(const struct group_case *c)
{
	return c->application != NULL ? c->application->task_code : c->task_code;
}

/* ---- reading: each row says the place that it is for ---- */

static struct pg_stmt *ask_keys(const struct group *g, struct pg *pg)
{
	struct pg_stmt *st = pg_prepare(pg, "SELECT u.i, e.digest, e.answer, e.seq, e.project_no"
					    " FROM unnest($1::text[]) WITH ORDINALITY u (key, i)"
					    " JOIN event e ON e.key = u.key AND e.key IS NOT NULL");
	size_t i;

	pg_bind_texts(st, 1, g->key_count);
	for (i = 0; i < g->key_count; i++)
		pg_add_text(st, 1, g->keys[i].key);
	pg_send(st);
	return st;
}

static enum err take_keys(struct group *g, struct pg_stmt *st)
{
	while (pg_row(st)) {
		struct group_key *k = &g->keys[pg_int(st, 0) - 1];
		size_t len;
		const void *digest = pg_blob(st, 1, &len);
		k->found = true;
		if (len == sizeof k->digest)
			memcpy(k->digest, digest, len);
		k->answer = mem_strdup(pg_text(st, 2));
		k->seq = pg_int(st, 3);
		snprintf(k->project_no, sizeof k->project_no, "%s", pg_text(st, 4));
	}
	return pg_done(st);
}

static struct pg_stmt *ask_cases(const struct group *g, struct pg *pg)
{
	struct pg_stmt *st = pg_prepare(pg,
		"SELECT u.i, c.project_no, c.key, c.state, c.last_seq, c.station, c.query_password,"
		" c.task_code"
		" FROM unnest($1::text[]) WITH ORDINALITY u (case_id, i)"
		" JOIN case_ c ON c.case_id = u.case_id");
	size_t i;

	pg_bind_texts(st, 1, g->case_count);
	for (i = 0; i < g->case_count; i++)
		pg_add_text(st, 1, g->cases[i].case_id);
	pg_send(st);
	return st;
}

static enum err take_cases(struct group *g, struct pg_stmt *st)
{
	while (pg_row(st)) {
		struct group_case *c = &g->cases[pg_int(st, 0) - 1];
		c->found = true;
		snprintf(c->project_no, sizeof c->project_no, "%s", pg_text(st, 1));
		snprintf(c->key, sizeof c->key, "%s", pg_text(st, 2));
		snprintf(c->state, sizeof c->state, "%s", pg_text(st, 3));
		c->last_seq = pg_int(st, 4);
		c->station = pg_int(st, 5);
		snprintf(c->query_password, sizeof c->query_password, "%s", pg_text(st, 6));
		c->task_code = mem_strdup(pg_text(st, 7));
	}
	return pg_done(st);
}

static struct pg_stmt *ask_series(const struct group *g, struct pg *pg)
{
	struct pg_stmt *st =
		pg_prepare(pg, "SELECT u.i, s.n, (SELECT coalesce(max(seq), 0) FROM event)"
			       " FROM unnest($1::text[]) WITH ORDINALITY u (name, i)"
			       " LEFT JOIN series s ON s.name = u.name");
	size_t i;

	pg_bind_texts(st, 1, g->series_count);
	for (i = 0; i < g->series_count; i++)
		pg_add_text(st, 1, g->series[i].name);
	pg_send(st);
	return st;
}

static enum err take_series(struct group *g, struct pg_stmt *st)
{
	while (pg_row(st)) {
		g->series[pg_int(st, 0) - 1].n = pg_int(st, 1);
		g->last_seq = pg_int(st, 2);
	}
	return pg_done(st);
}

/* NULL: the group evaluates nothing. */
static struct pg_stmt *ask_evaluations(const struct group *g, struct pg *pg)
{
	struct pg_stmt *st;
	size_t i, count = 0;

	for (i = 0; i < g->count; i++)
		count += g->letters[i].posting->service != NULL;
	if (count == 0)
		return NULL;
	st = pg_prepare(pg,
		"SELECT u.i FROM unnest($1::bigint[], $2::text[], $3::text[]) u (i, case_id, service)"
		" JOIN case_ c ON c.case_id = u.case_id"
		" JOIN event e ON e.project_no = c.project_no AND e.service = u.service"
		" AND e.kind = 'evaluation'");
	pg_bind_ints(st, 1, count);
	pg_bind_texts(st, 2, count);
	pg_bind_texts(st, 3, count);
	for (i = 0; i < g->count; i++) {
		const struct posting *p = g->letters[i].posting;
		if (p->service == NULL)
			continue;
		pg_add_int(st, 1, (int64_t)i);
		pg_add_text(st, 2, p->case_id);
		pg_add_text(st, 3, p->service);
	}
	pg_send(st);
	return st;
}

static enum err take_evaluations(struct group *g, struct pg_stmt *st)
{
	if (st == NULL)
		return OK;
	while (pg_row(st))
		g->letters[pg_int(st, 0)].evaluated = true;
	return pg_done(st);
}

enum err group_read(struct group *g, struct pg *pg)
{
	struct pg_stmt *keys, *cases, *series, *evaluations;
	enum err e;

	keys = ask_keys(g, pg);
	cases = ask_cases(g, pg);
	series = ask_series(g, pg);
	evaluations = ask_evaluations(g, pg);
	e = take_keys(g, keys);
	if (e == OK)
		e = take_cases(g, cases);
	if (e == OK)
		e = take_series(g, series);
	return e == OK ? take_evaluations(g, evaluations) : e;
}

/* ---- writing: a statement for all rows of a table ---- */

/* unnest beside unnest, not FROM unnest(…, …): there each array is first written into a store of
 * its own, for one letter as for many, and the memory of two dozen stores is asked for and given
 * back with each group. All arrays of a statement are of one length. */

static const char *operator_of(const struct posting *p)
{
	return json_get_str(p->root, "operator");
}

static void put_event(struct pg_stmt *st, const struct group_letter *l)
{
	const struct posting *p = l->posting;

	pg_add_int(st, 1, p->seq);
	pg_add_int(st, 2, p->now_ms);
	pg_add_text(st, 3, p->kind);
	pg_add_text(st, 4, p->project_no);
	if (l->prev != 0)
		pg_add_int(st, 5, l->prev);
	else
		pg_add_null(st, 5);
	pg_add_text(st, 6, p->state);
	pg_add_int(st, 7, l->of->station);
	pg_add_int(st, 8, p->station);
	pg_add_text(st, 9, p->note);
	pg_add_text(st, 10, operator_of(p));
	pg_add_text(st, 11, p->service);
	pg_add_text(st, 12, p->key);
	pg_add_blob(st, 13, p->digest, sizeof p->digest);
	pg_add_blob(st, 14, p->body, p->body_len_bytes);
	pg_add_text(st, 15, buf_str(&p->answer));
}

static void write_events(const struct group *g, struct pg *pg)
{
	static const int ints[] = {1, 2, 5, 7, 8}, texts[] = {3, 4, 6, 9, 10, 11, 12, 15},
			 blobs[] = {13, 14};
	struct pg_stmt *st = pg_prepare(pg,
		"INSERT INTO event (seq, at_ms, kind, project_no, prev, state, owner, source, note,"
		" who, service, key, digest, body, answer) SELECT unnest($1::bigint[]),"
		" unnest($2::bigint[]), unnest($3::text[]), unnest($4::text[]),"
		" unnest($5::bigint[]), unnest($6::text[]), unnest($7::bigint[]),"
		" unnest($8::bigint[]), unnest($9::text[]), unnest($10::text[]),"
		" unnest($11::text[]), unnest($12::text[]), unnest($13::bytea[]),"
		" unnest($14::bytea[]), unnest($15::text[])");
	size_t i;

	for (i = 0; i < sizeof ints / sizeof *ints; i++)
		pg_bind_ints(st, ints[i], g->taken);
	for (i = 0; i < sizeof texts / sizeof *texts; i++)
		pg_bind_texts(st, texts[i], g->taken);
	for (i = 0; i < sizeof blobs / sizeof *blobs; i++)
		pg_bind_blobs(st, blobs[i], g->taken);
	for (i = 0; i < g->count; i++)
		if (g->letters[i].posting->result == POSTING_TAKEN)
			put_event(st, &g->letters[i]);
	pg_send(st);
}

static void put_new_case(struct pg_stmt *st, const struct group_case *c)
{
	const struct posting *p = c->application;

	pg_add_text(st, 1, c->project_no);
	pg_add_text(st, 2, c->case_id);
	pg_add_text(st, 3, c->key);
	pg_add_int(st, 4, c->station);
	pg_add_text(st, 5, p->task_code);
	pg_add_text(st, 6, p->task_name);
	pg_add_text(st, 7, p->applyer_name);
	pg_add_text(st, 8, c->local_receipt);
	pg_add_text(st, 9, c->query_password);
	pg_add_text(st, 10, c->state);
	pg_add_int(st, 11, c->received_ms);
	pg_add_int(st, 12, c->updated_ms);
	pg_add_int(st, 13, c->last_seq);
}

static void write_new_cases(const struct group *g, struct pg *pg, size_t count)
{
	struct pg_stmt *st = pg_prepare(pg,
		"INSERT INTO case_ (project_no, case_id, key, station, task_code, task_name,"
		" applyer_name, local_receipt, query_password, state, received_ms, updated_ms,"
		" last_seq) SELECT unnest($1::text[]), unnest($2::text[]), unnest($3::text[]),"
		" unnest($4::bigint[]), unnest($5::text[]), unnest($6::text[]),"
		" unnest($7::text[]), unnest($8::text[]), unnest($9::text[]),"
		" unnest($10::text[]), unnest($11::bigint[]), unnest($12::bigint[]),"
		" unnest($13::bigint[])");
	int k;
	size_t i;

	for (k = 1; k <= 13; k++)
		if (k == 4 || k > 10)
			pg_bind_ints(st, k, count);
		else
			pg_bind_texts(st, k, count);
	for (i = 0; i < g->case_count; i++)
		if (g->cases[i].is_new)
			put_new_case(st, &g->cases[i]);
	pg_send(st);
}

/* What an application says of its case is written anew by a later version. */
static void put_moved_case(struct pg_stmt *st, const struct group_case *c)
{
	const struct posting *p = c->application;

	pg_add_text(st, 1, c->project_no);
	pg_add_text(st, 2, c->state);
	pg_add_int(st, 3, c->updated_ms);
	pg_add_int(st, 4, c->last_seq);
	pg_add_text(st, 5, p != NULL ? p->key : NULL);
	pg_add_text(st, 6, p != NULL ? p->task_code : NULL);
	pg_add_text(st, 7, p != NULL ? p->task_name : NULL);
	pg_add_text(st, 8, p != NULL ? p->applyer_name : NULL);
}

static void write_moved_cases(const struct group *g, struct pg *pg, size_t count)
{
	struct pg_stmt *st = pg_prepare(pg,
		"UPDATE case_ c SET state = u.state, updated_ms = u.updated_ms,"
		" last_seq = u.last_seq, key = coalesce(u.key, c.key),"
		" task_code = CASE WHEN u.key IS NULL THEN c.task_code ELSE u.task_code END,"
		" task_name = CASE WHEN u.key IS NULL THEN c.task_name ELSE u.task_name END,"
		" applyer_name = CASE WHEN u.key IS NULL THEN c.applyer_name ELSE u.applyer_name"
		" END FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[],"
		" $6::text[], $7::text[], $8::text[]) u (project_no, state, updated_ms, last_seq,"
		" key, task_code, task_name, applyer_name) WHERE c.project_no = u.project_no");
	int k;
	size_t i;

	for (k = 1; k <= 8; k++)
		if (k == 3 || k == 4)
			pg_bind_ints(st, k, count);
		else
			pg_bind_texts(st, k, count);
	for (i = 0; i < g->case_count; i++)
		if (g->cases[i].moved && !g->cases[i].is_new)
			put_moved_case(st, &g->cases[i]);
	pg_send(st);
}

static void write_series(const struct group *g, struct pg *pg, size_t count)
{
	struct pg_stmt *st = pg_prepare(pg,
		"INSERT INTO series (name, n) SELECT unnest($1::text[]), unnest($2::bigint[])"
		" ON CONFLICT (name) DO UPDATE SET n = excluded.n");
	size_t i;

	pg_bind_texts(st, 1, count);
	pg_bind_ints(st, 2, count);
	for (i = 0; i < g->series_count; i++) {
		if (!g->series[i].moved)
			continue;
		pg_add_text(st, 1, g->series[i].name);
		pg_add_int(st, 2, g->series[i].n);
	}
	pg_send(st);
}

void group_write(struct group *g, struct pg *pg)
{
	size_t i, fresh = 0, moved = 0, series = 0;

	for (i = 0; i < g->case_count; i++) {
		fresh += g->cases[i].is_new;
		moved += g->cases[i].moved && !g->cases[i].is_new;
	}
	for (i = 0; i < g->series_count; i++)
		series += g->series[i].moved;
	if (g->taken > 0)
		write_events(g, pg);
	if (fresh > 0)
		write_new_cases(g, pg, fresh);
	if (moved > 0)
		write_moved_cases(g, pg, moved);
	if (series > 0)
		write_series(g, pg, series);
	if (g->news)
		pg_notify(pg, NEWS_EVENTS);
}
