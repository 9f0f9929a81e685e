/*
 * Delivery under fire, in a simulated world: the real outbox, delivery and SQLite, with clock,
 * chance and line from a seed. SEEDS=n explores more stories; the same seed always tells the same
 * one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/db.h"
#include "core/station/delivery.h"
#include "core/station/papers.h"
#include "core/station/store.h"
#include "tests/unit/sender.h"

enum {
	CASES = 12,
	SHARED_SCANS = 3,
	TURNS_OF_TROUBLE = 120,
	TURNS_OF_PEACE = 4000
};

static void jump(struct world *w)
{
	int64_t years = (int64_t)(world_chance(w) % 11) - 5;

	w->wall_ms += years * 365 * 86400000;
}

/* ---- what clerks do ---- */

/* A story's papers: some that many cases carry, some of one case alone. */
static void attach_some(struct world *w, const char *draft_id, unsigned own)
{
	if (world_chance(w) % 3 == 0)
		free(world_attach(w, draft_id, (unsigned)(world_chance(w) % SHARED_SCANS), 3000));
	if (world_chance(w) % 6 == 0)
		free(world_attach(w, draft_id, 100 + own, world_chance(w) % 4 == 0 ? 150000 : 700));
}

static void submit_draft(struct world *w, const char *id)
{
	struct application a = world_application(id);
	char receipt[LOCAL_RECEIPT_SIZE];

	a.materials_json = NULL;
	assert_int_equal(case_submit(w->store, &a, receipt, NULL), OK);
}

static void submit_new(struct world *w, char id[ID_UUID_SIZE], unsigned own)
{
	world_draft(w, id);
	attach_some(w, id, own);
	submit_draft(w, id);
}

/* A correction where one is possible: begun, sometimes given up, mostly submitted. */
static void revise(struct world *w, const char *id, unsigned own)
{
	if (case_revise(w->store, id, "0317", NULL) != OK)
		return;
	attach_some(w, id, own);
	if (world_chance(w) % 4 == 0)
		assert_int_equal(case_revise_drop(w->store, id, "0317"), OK);
	else
		submit_draft(w, id);
}

struct held {
	char ids[64][ID_UUID_SIZE], cases[64][ID_UUID_SIZE];
	enum hold_reason reasons[64];
	size_t count;
};

static void note_held(void *arg, const struct letter *l)
{
	struct held *h = arg;

	if (h->count == 64)
		return;
	memcpy(h->ids[h->count], l->id, ID_UUID_SIZE);
	memcpy(h->cases[h->count], l->case_id, ID_UUID_SIZE);
	h->reasons[h->count++] = l->hold;
}

/* Whatever is held has a way out: correct it, retry it, release it. */
static void tend_held(struct world *w)
{
	const struct outbox_filter f = {.state = LETTER_HELD};
	struct held h = {.count = 0};
	size_t i;

	outbox_each(w->store, &f, note_held, &h);
	for (i = 0; i < h.count; i++) {
		if (h.reasons[i] == HOLD_KEPT)
			assert_int_equal(outbox_release(w->store, h.ids[i], "0317"), OK);
		else if (h.reasons[i] == HOLD_REFUSED && world_chance(w) % 2 == 0)
			revise(w, h.cases[i], 0);
		else
			assert_int_equal(outbox_retry(w->store, h.ids[i], "0317"), OK);
	}
}

static void keep_one_back(struct world *w, const char *case_id)
{
	struct letter l;

	assert_int_equal(outbox_get(w->store, case_id, &l), OK);
	if (l.state == LETTER_WAITING)
		assert_int_equal(outbox_hold(w->store, l.id, "0317", "等家属"), OK);
	letter_fini(&l);
}

/* ---- the end of a story ---- */

static void check_letter(void *arg, const struct letter *l)
{
	struct fake_centre *f = arg;
	struct fake_letter *there = fake_centre_find(f, l->id);

	if (l->state == LETTER_DELIVERED) {
		assert_non_null(there);
		assert_string_equal(l->project_no, there->number);
	} else {
		assert_int_equal(l->state, LETTER_REPLACED);
		assert_null(there); /* refused, so never taken */
	}
}

static void check_case(struct world *w, struct fake_centre *f, const char *case_id)
{
	struct fake_case *c = fake_centre_case(f, case_id);
	struct letter last;

	assert_non_null(c);
	assert_int_equal(outbox_get(w->store, case_id, &last), OK);
	assert_string_equal(last.id, c->key); /* the last version is the one the centre has */
	letter_fini(&last);
}

static void check_end(struct sender *s, char cases[][ID_UUID_SIZE], uint64_t seed)
{
	struct outbox_counts c;
	size_t i;

	assert_int_equal(outbox_counts(s->w.store, &c), OK);
	if (c.waiting + c.held > 0 || s->f->case_count != CASES)
		fail_msg("seed %llu: %zu delivered, %zu waiting, %zu held, %zu cases at the centre",
			(unsigned long long)seed, c.delivered, c.waiting, c.held, s->f->case_count);
	assert_int_equal(c.delivered, s->f->letter_count);
	assert_false(s->f->other_body_for_key);
	assert_false(s->f->paper_not_as_named);
	outbox_each(s->w.store, NULL, check_letter, s->f);
	for (i = 0; i < CASES; i++)
		check_case(&s->w, s->f, cases[i]);
	for (i = 0; i < s->f->paper_count; i++)
		assert_true(s->f->papers[i].completed <= 1);
}

static void one_story(uint64_t seed)
{
	char cases[CASES][ID_UUID_SIZE];
	struct outbox_counts c;
	struct sender s;
	unsigned i, posted = 0;

	sender_open(&s, seed);
	assert_int_equal(db_exec(store_db(s.w.store), "PRAGMA synchronous = OFF"), OK);
	s.f->trouble_percent = 60;
	s.f->refuse_percent = 10;
	s.f->strict = seed % 2 == 0;
	s.f->wordy = seed % 3 == 0;
	for (i = 0; i < TURNS_OF_TROUBLE; i++) {
		if (posted < CASES && world_chance(&s.w) % 3 == 0) {
			submit_new(&s.w, cases[posted], posted);
			posted++;
		}
		if (posted > 0 && world_chance(&s.w) % 9 == 0)
			revise(&s.w, cases[world_chance(&s.w) % posted], posted);
		if (posted > 0 && world_chance(&s.w) % 30 == 0)
			keep_one_back(&s.w, cases[world_chance(&s.w) % posted]);
		if (world_chance(&s.w) % 10 == 0)
			tend_held(&s.w);
		assert_int_equal(delivery_turn(s.d, 1000, NULL, 0), OK);
		if (world_chance(&s.w) % 20 == 0)
			sender_kill(&s);
		if (world_chance(&s.w) % 40 == 0)
			jump(&s.w);
	}
	for (; posted < CASES; posted++)
		submit_new(&s.w, cases[posted], posted);
	s.f->trouble_percent = s.f->refuse_percent = 0;
	for (i = 0; i < TURNS_OF_PEACE; i++) {
		tend_held(&s.w);
		assert_int_equal(delivery_turn(s.d, 10000, NULL, 0), OK);
		assert_int_equal(outbox_counts(s.w.store, &c), OK);
		if (c.waiting + c.held == 0)
			break;
	}
	assert_true(s.f->most_in_flight <= 16);
	check_end(&s, cases, seed);
	sender_close(&s);
}

static void every_story_ends_with_each_letter_once(void **state)
{
	const char *set = getenv("SEEDS");
	uint64_t seeds = set != NULL ? strtoull(set, NULL, 10) : 60, i;

	(void)state;
	for (i = 1; i <= seeds; i++)
		one_story(i);
}

/* A centre that refuses: the letter is held with its reason, and the others are not touched. */
static void a_refusal_is_held_with_its_reason(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct letter l;
	struct sender s;

	(void)state;
	sender_open(&s, 100);
	world_submit(&s.w, receipt, id);
	s.f->refuse = true;
	sender_turns(&s, 5);
	assert_int_equal(outbox_get(s.w.store, receipt, &l), OK);
	assert_int_equal(l.state, LETTER_HELD);
	assert_int_equal(l.hold, HOLD_REFUSED);
	assert_string_equal(l.reason, "户籍地址与户口簿不符");
	assert_int_equal(l.tries, 1);
	assert_int_equal(delivery_link(s.d), LINK_UP);
	letter_fini(&l);
	s.f->refuse = false;
	assert_int_equal(outbox_get(s.w.store, receipt, &l), OK);
	assert_int_equal(outbox_retry(s.w.store, l.id, "0317"), OK);
	letter_fini(&l);
	sender_turns(&s, 5);
	assert_int_equal(outbox_get(s.w.store, receipt, &l), OK);
	assert_int_equal(l.state, LETTER_DELIVERED);
	letter_fini(&l);
	sender_close(&s);
}

static void a_sweep_tries_each_letter_once(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct outbox_counts c;
	struct sender s;
	int64_t before = 0;
	int i;

	(void)state;
	sender_open(&s, 101);
	for (i = 0; i < 40; i++)
		world_submit(&s.w, receipt, id);
	delivery_sweep(s.d);
	for (i = 0; i < 1000 && !delivery_idle(s.d); i++) {
		before = s.w.mono_ms;
		assert_int_equal(delivery_turn(s.d, 1000, NULL, 0), OK);
	}
	assert_int_equal(s.w.mono_ms, before); /* its end is not waited for */
	assert_true(delivery_idle(s.d));
	assert_int_equal(outbox_counts(s.w.store, &c), OK);
	assert_int_equal(c.delivered, 40);
	assert_int_equal(s.f->most_in_flight, 16);
	sender_close(&s);
}

static void the_line_is_probed_with_one_letter(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct sender s;
	int i;

	(void)state;
	sender_open(&s, 102);
	for (i = 0; i < 20; i++)
		world_submit(&s.w, receipt, id);
	s.f->dead = true;
	sender_turns(&s, 20); /* the first round goes up in the air together */
	assert_int_equal(delivery_link(s.d), LINK_DOWN);
	for (i = 0; i < 50; i++) {
		sender_turns(&s, 1);
		assert_true(delivery_in_flight(s.d) <= 1);
	}
	s.f->dead = false;
	delivery_hurry(s.d);
	sender_turns(&s, 50);
	assert_int_equal(delivery_link(s.d), LINK_UP);
	assert_int_equal(s.f->case_count, 20);
	sender_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_story_ends_with_each_letter_once),
		cmocka_unit_test(a_refusal_is_held_with_its_reason),
		cmocka_unit_test(a_sweep_tries_each_letter_once),
		cmocka_unit_test(the_line_is_probed_with_one_letter),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0); /* these stories are not about the disk */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
