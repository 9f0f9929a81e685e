/*
 * Letters in groups: one round trip reads all that the group needs to know, the group is decided in
 * memory, a second one writes it and commits. Both are under the lock of the events, so that what
 * was read is still true when it is written. A group of new cases is written first with what is
 * hoped to be so (store_postgres_hope.h): then there is no first one.
 */
#include <stdio.h>
#include <string.h>

#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/central/store_postgres.h"
#include "core/central/store_postgres_group.h"
#include "core/central/store_postgres_hope.h"

enum {
	TRIES = 3 /* of a group that lost its connection: its keys tell what is there by then */
};

/* ---- one letter ---- */

static bool seen_before(struct group *g, struct group_letter *l)
{
	const struct group_key *k = l->key;
	struct posting *p = l->posting;

	if (!k->found)
		return false;
	if (memcmp(k->digest, p->digest, sizeof p->digest) != 0) {
		p->result = POSTING_OTHER_BODY;
		return true;
	}
	p->result = POSTING_AGAIN;
	buf_clear(&p->answer);
	buf_adds(&p->answer, k->answer);
	p->seq = k->seq;
	memcpy(p->project_no, k->project_no, sizeof p->project_no);
	g->again++;
	return true;
}

static void take(struct group *g, struct group_letter *l)
{
	struct group_case *c = l->of;
	struct group_key *k = l->key;
	struct posting *p = l->posting;

	p->result = POSTING_TAKEN;
	p->seq = ++g->last_seq;
	posting_write_answer(p);
	l->prev = c->last_seq;
	c->moved = true;
	c->last_seq = p->seq;
	c->updated_ms = p->now_ms;
	snprintf(c->state, sizeof c->state, "%s", p->state);
	k->found = true;
	memcpy(k->digest, p->digest, sizeof k->digest);
	k->answer = mem_strdup(buf_str(&p->answer));
	k->seq = p->seq;
	memcpy(k->project_no, p->project_no, sizeof k->project_no);
	g->taken++;
	g->news |= posting_is_news(p);
}

static void make_case(struct group_letter *l)
{
	struct group_case *c = l->of;
	struct posting *p = l->posting;

	snprintf(p->project_no, sizeof p->project_no, "%s%05lld", l->series->name,
		(long long)++l->series->n);
	l->series->moved = true;
	c->found = c->is_new = true;
	c->station = p->of_station;
	c->local_receipt = p->local_receipt;
	c->received_ms = p->now_ms;
	memcpy(c->project_no, p->project_no, sizeof c->project_no);
	memcpy(c->query_password, p->query_password, sizeof c->query_password);
}

/* 0: it may take its place. What it replaces may have been refused after it was written: then it
 * is the first we take. */
static enum posting_result judge_place(const struct group_letter *l)
{
	const struct group_case *c = l->of;
	const struct group_key *r = l->replaced;

	if (r == NULL)
		return c->found ? POSTING_CASE_EXISTS : 0;
	if (r->found && (!c->found || strcmp(r->project_no, c->project_no) != 0))
		return POSTING_OTHER_CASE;
	l->posting->unknown = !r->found;
	return c->found && strcmp(c->key, r->key) != 0 ? POSTING_STALE : 0;
}

static void take_application(struct group *g, struct group_letter *l)
{
	struct group_case *c = l->of;
	struct posting *p = l->posting;

	p->result = judge_place(l);
	if (p->result != 0)
		return;
	if (c->found && strcmp(group_task_code(c), p->task_code) != 0) {
		p->result = POSTING_OTHER_MATTER;
		return;
	}
	p->state = posting_judge(p, c->found ? c->state : NULL);
	if (p->state == NULL) {
		p->result = POSTING_STATE;
		return;
	}
	if (c->found)
		memcpy(p->query_password, c->query_password, sizeof p->query_password);
	else
		make_case(l);
	snprintf(c->key, sizeof c->key, "%s", p->key);
	c->application = p;
	take(g, l);
}

/* One service is evaluated once, whoever sends it under whichever key. */
static bool is_evaluated(const struct group *g, const struct group_letter *l)
{
	const struct group_letter *before;

	for (before = g->letters; before < l; before++)
		if (before->of == l->of && before->posting->service != NULL &&
			before->posting->result == POSTING_TAKEN &&
			strcmp(before->posting->service, l->posting->service) == 0)
			return true;
	return l->evaluated;
}

static void take_act(struct group *g, struct group_letter *l)
{
	struct group_case *c = l->of;
	struct posting *p = l->posting;

	p->state = c->found ? posting_judge(p, c->state) : NULL;
	if (p->state == NULL) {
		p->result = c->found ? POSTING_STATE : POSTING_NO_CASE;
	} else if (p->service != NULL && is_evaluated(g, l)) {
		p->evaluated = true;
		p->result = POSTING_STATE;
	} else {
		take(g, l);
	}
}

static void decide(struct group *g, struct group_letter *l)
{
	struct posting *p = l->posting;
	const struct group_case *c = l->of;

	if (seen_before(g, l))
		return;
	if (p->objection != 0) {
		p->result = p->objection;
		return;
	}
	if (c->found) {
		memcpy(p->project_no, c->project_no, sizeof p->project_no);
		memcpy(p->current_key, c->key, sizeof p->current_key);
		memcpy(p->current_state, c->state, sizeof p->current_state);
	}
	if (strcmp(p->kind, "application") == 0)
		take_application(g, l);
	else
		take_act(g, l);
}

/* ---- the group ---- */

/* What was answered once is promised again only when a standby has it as well: a commit waits for
 * that when it has written something. */
static void write_something(struct pg *pg)
{
	pg_send(pg_prepare(
		pg, "SELECT pg_logical_emit_message(true, '" POSTGRES_CHANNEL "', '')::text"));
}

static enum err settle(struct group *g, struct pg *pg, bool hoped)
{
	size_t i;
	enum err e;

	pg_begin(pg);
	postgres_lock(pg);
	e = hoped ? OK : group_read(g, pg);
	for (i = 0; i < g->count && e == OK; i++)
		decide(g, &g->letters[i]);
	if (e == OK && g->taken + g->again > 0) {
		group_write(g, pg);
		if (g->taken == 0)
			write_something(pg);
		return pg_commit(pg);
	}
	pg_rollback(pg);
	return e;
}

static enum err take_group(
	struct pg *pg, struct hope *hope, struct posting **postings, size_t count)
{
	struct group g;
	bool hoped;
	enum err e;

	group_init(&g, postings, count);
	hoped = hope_fill(hope, &g, pg_losses(pg));
	e = settle(&g, pg, hoped);
	if (hoped && e == ERR_EXISTS) {
		hope_fail(hope);
		hoped = false;
		group_fini(&g);
		group_init(&g, postings, count);
		e = settle(&g, pg, false);
	}
	if (e == OK)
		hope_learn(hope, &g, pg_losses(pg), hoped);
	group_fini(&g);
	return e;
}

static void fail_all(struct posting **postings, size_t count, enum err e)
{
	size_t i;

	log_error("store", "a group of %zu letters was not made durable: %s", count, err_text(e));
	for (i = 0; i < count; i++) {
		postings[i]->result = POSTING_FAILED;
		postings[i]->failed_for = e;
	}
}

/* A commit that was cut is done or not, and may be done yet: the group is taken again, and what is
 * there by then is told as it is. Nothing is lost by failing: whoever sent a letter sends it again.
 */
static enum err take_persistently(
	struct pg *pg, struct hope *hope, struct posting **postings, size_t count)
{
	enum err e = ERR_IO;
	int tries;

	for (tries = 0; tries < TRIES && (e == ERR_IO || e == ERR_UNSURE); tries++) {
		if (pg_ready(pg, POSTGRES_PATIENCE_MS) != OK)
			return ERR_BUSY;
		e = take_group(pg, hope, postings, count);
	}
	return e;
}

/* A letter that the database does not take fails alone: found by halving. */
static void take_halves(struct pg *pg, struct hope *hope, struct posting **postings, size_t count)
{
	size_t half = count / 2;
	enum err e = take_persistently(pg, hope, postings, count);

	if (e == OK)
		return;
	if (count == 1 || (e != ERR_INVALID && e != ERR_EXISTS)) {
		fail_all(postings, count, e);
		return;
	}
	take_halves(pg, hope, postings, half);
	take_halves(pg, hope, postings + half, count - half);
}

void postgres_take_group(struct pg *pg, struct hope *hope, struct posting **postings, size_t count)
{
	if (count > 0)
		take_halves(pg, hope, postings, count);
}

void postgres_take(struct central_store *store, struct posting **postings, size_t count)
{
	struct postgres_store *s = postgres_store_of(store);

	postgres_take_group(s->pg, &s->hope, postings, count);
}
