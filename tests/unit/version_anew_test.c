/* A version is refused while a newer one waits behind it, and the centre goes by an older one: what
 * the newer one says is not to be typed, or submitted, once more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/station/acts.h"
#include "core/station/delivery.h"
#include "core/station/outbox.h"
#include "core/station/papers_private.h"
#include "core/station/store.h"
#include "tests/unit/carried.h"
#include "tests/unit/fake_centre.h"
#include "tests/unit/versions.h"
#include "tests/unit/world.h"

enum {
	VERSIONS_MAX = 4
};

/* A case with its versions, the first of which the centre has. */
struct told {
	struct world w;
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	char keys[VERSIONS_MAX][ID_UUID_SIZE];
};

static void key_of_last(struct world *w, const char *id, char out[ID_UUID_SIZE])
{
	struct letter l;

	assert_int_equal(outbox_get_application(w->store, id, &l), OK);
	memcpy(out, l.id, ID_UUID_SIZE);
	letter_fini(&l);
}

static void correct(struct told *t, int version)
{
	assert_int_equal(case_revise(t->w.store, t->id, "0317", NULL), OK);
	versions_submit(&t->w, t->id, t->receipt);
	key_of_last(&t->w, t->id, t->keys[version - 1]);
}

static void told_open(struct told *t, uint64_t seed, int versions)
{
	int i;

	memset(t, 0, sizeof *t);
	world_open(&t->w, seed);
	world_submit(&t->w, t->receipt, t->id);
	key_of_last(&t->w, t->id, t->keys[0]);
	versions_deliver(&t->w, t->id, "N1");
	for (i = 2; i <= versions; i++)
		correct(t, i);
}

static void act(struct told *t, enum case_act act)
{
	const struct act_order order = {.case_number = t->id,
		.act = act,
		.station = "station-1",
		.operator_name = "0317",
		.window = "03",
		.facts = "{}"};

	assert_int_equal(act_do(t->w.store, &order, NULL), OK);
}

/* The one letter that may go, which is an application: what it names. l: free it. */
static void due_names(struct told *t, struct letter *l, const char *replaces)
{
	json *body;

	assert_int_equal(outbox_due(t->w.store, t->w.wall_ms, NULL, 0, l, 1), 1);
	assert_string_equal(l->kind, "application");
	assert_int_equal(json_parse(&body, l->body, l->body_len, NULL), OK);
	assert_string_equal(json_get_str(body, "replaces"), replaces);
	assert_string_equal(json_get_str(body, "idempotency_key"), l->id);
	json_free(body);
}

static void the_third_goes_in_the_place_of_the_second(void **state)
{
	struct letter sealed, old, l;
	struct outbox_counts c;
	struct told t;

	(void)state;
	told_open(&t, 1, 3);
	act(&t, ACT_ACCEPT);
	assert_int_equal(outbox_get(t.w.store, t.keys[2], &sealed), OK);
	versions_settle_due(&t.w, "application", LETTER_HELD);
	due_names(&t, &l, t.keys[0]);
	assert_string_not_equal(l.id, t.keys[2]);
	assert_int_equal(l.version, 3);
	assert_int_equal(l.created_ms, sealed.created_ms);
	assert_int_equal(l.body_len, sealed.body_len);
	/* the third itself is as it was, and at its end */
	assert_int_equal(outbox_get(t.w.store, t.keys[2], &old), OK);
	assert_int_equal(old.state, LETTER_REPLACED);
	assert_memory_equal(old.body, sealed.body, sealed.body_len);
	assert_int_equal(outbox_retry(t.w.store, t.keys[2], "0317"), ERR_STATE);
	/* and what was decided after it comes after it */
	versions_settle_due(&t.w, "application", LETTER_DELIVERED);
	versions_settle_due(&t.w, "accept", LETTER_DELIVERED);
	assert_int_equal(outbox_counts(t.w.store, &c), OK);
	assert_int_equal(c.waiting + c.held, 0);
	letter_fini(&sealed);
	letter_fini(&old);
	letter_fini(&l);
	world_close(&t.w);
}

static void the_fourth_follows_the_third(void **state)
{
	struct letter third, fourth;
	struct told t;

	(void)state;
	told_open(&t, 2, 4);
	versions_settle_due(&t.w, "application", LETTER_HELD);
	due_names(&t, &third, t.keys[0]);
	versions_settle_due(&t.w, "application", LETTER_DELIVERED);
	due_names(&t, &fourth, third.id);
	assert_int_equal(fourth.version, 4);
	letter_fini(&third);
	letter_fini(&fourth);
	/* the third refused as well: the fourth names the first */
	world_close(&t.w);
	told_open(&t, 3, 4);
	versions_settle_due(&t.w, "application", LETTER_HELD);
	versions_settle_due(&t.w, "application", LETTER_HELD);
	due_names(&t, &fourth, t.keys[0]);
	letter_fini(&fourth);
	versions_settle_due(&t.w, "application", LETTER_DELIVERED);
	key_of_last(&t.w, t.id, t.keys[3]);
	/* the next one is the fifth, and names it */
	assert_int_equal(case_revise(t.w.store, t.id, "0317", NULL), OK);
	versions_submit(&t.w, t.id, t.receipt);
	due_names(&t, &fourth, t.keys[3]);
	assert_int_equal(fourth.version, 5);
	letter_fini(&fourth);
	world_close(&t.w);
}

/* The centre has a version that was made elsewhere: that has to be looked at. */
static void nothing_goes_over_what_was_made_elsewhere(void **state)
{
	struct outbox_outcome o = {.state = LETTER_HELD,
		.hold = HOLD_REFUSED,
		.reason = "x",
		.problem = "{\"type\":\"urn:yimen:problem:stale-version\","
			   "\"current_key\":\"018bcfe5-6800-7000-8000-000000000abc\"}"};
	struct letter l;
	struct told t;

	(void)state;
	told_open(&t, 4, 3);
	memcpy(o.id, t.keys[1], sizeof o.id);
	assert_int_equal(outbox_settle(t.w.store, &o, 1), OK);
	due_names(&t, &l, t.keys[1]);
	assert_string_equal(l.id, t.keys[2]);
	letter_fini(&l);
	world_close(&t.w);
}

/* What its owner keeps back stays kept back; a correction that is under way names it. */
static void a_kept_one_stays_kept(void **state)
{
	struct letter l, next;
	struct told t;

	(void)state;
	told_open(&t, 5, 3);
	assert_int_equal(outbox_hold(t.w.store, t.keys[2], "0317", "等家属"), OK);
	versions_settle_due(&t.w, "application", LETTER_HELD);
	assert_int_equal(outbox_due(t.w.store, t.w.wall_ms, NULL, 0, &l, 1), 0);
	assert_int_equal(outbox_get_application(t.w.store, t.id, &l), OK);
	assert_int_equal(l.hold, HOLD_KEPT);
	assert_string_equal(l.reason, "等家属");
	assert_int_equal(outbox_release(t.w.store, l.id, "0317"), OK);
	assert_int_equal(case_revise(t.w.store, t.id, "0317", NULL), OK);
	versions_submit(&t.w, t.id, t.receipt);
	versions_settle_due(&t.w, "application", LETTER_DELIVERED);
	due_names(&t, &next, l.id);
	letter_fini(&l);
	letter_fini(&next);
	world_close(&t.w);
}

static void count_paper(void *arg, const struct paper *p)
{
	(void)p;
	++*(int *)arg;
}

/* The third waits for the scan that it names, under whichever key it goes. */
static void its_scans_go_along(void **state)
{
	struct letter l;
	struct told t;
	int papers = 0;

	(void)state;
	told_open(&t, 6, 2);
	assert_int_equal(case_revise(t.w.store, t.id, "0317", NULL), OK);
	free(world_attach(&t.w, t.id, 1, 5000));
	versions_submit(&t.w, t.id, t.receipt);
	versions_settle_due(&t.w, "application", LETTER_HELD);
	assert_int_equal(outbox_due(t.w.store, t.w.wall_ms, NULL, 0, &l, 1), 0);
	assert_int_equal(outbox_get_application(t.w.store, t.id, &l), OK);
	papers_each_of_letter(t.w.store, l.id, count_paper, &papers);
	assert_int_equal(papers, 1);
	letter_fini(&l);
	world_close(&t.w);
}

static void correct_with_scan(struct told *t, int version)
{
	assert_int_equal(case_revise(t->w.store, t->id, "0317", NULL), OK);
	free(world_attach(&t->w, t->id, 1, 5000));
	versions_submit(&t->w, t->id, t->receipt);
	key_of_last(&t->w, t->id, t->keys[version - 1]);
}

static void take_sha(void *arg, const struct paper *p)
{
	memcpy(arg, p->sha256, PAPER_HEX_SIZE);
}

/* Without the scan that those before it wait for; which then turns out to be lost. */
static void correct_and_lose_scan(struct told *t)
{
	struct store *s = t->w.store;
	char sha256[PAPER_HEX_SIZE] = "";

	papers_each(s, t->id, take_sha, sha256);
	assert_int_equal(case_revise(s, t->id, "0317", NULL), OK);
	assert_int_equal(paper_detach(s, t->id, "材料1", NULL, sha256), OK);
	versions_submit(&t->w, t->id, t->receipt);
	assert_int_equal(db_begin(store_db(s)), OK);
	assert_int_equal(db_finish(store_db(s), paper_give_up(s, sha256, HOLD_REFUSED, NULL)), OK);
	assert_int_equal(versions_letter_state(&t->w, t->keys[2]), LETTER_REPLACED);
}

/* The third is held for its scan while the second still waits: the fourth follows the second,
 * whatever becomes of that. */
static void one_in_the_middle_gives_way_first(void **state)
{
	struct letter l;
	struct told t;
	int refused;

	(void)state;
	for (refused = 0; refused < 2; refused++) {
		told_open(&t, 8, 2);
		correct_with_scan(&t, 3);
		correct_and_lose_scan(&t);
		due_names(&t, &l, t.keys[0]);
		assert_string_equal(l.id, t.keys[1]);
		letter_fini(&l);
		versions_settle_due(&t.w, "application", refused ? LETTER_HELD : LETTER_DELIVERED);
		due_names(&t, &l, refused ? t.keys[0] : t.keys[1]);
		assert_int_equal(l.version, 4);
		letter_fini(&l);
		world_close(&t.w);
	}
}

/* The second and the third wait for the same scan: the fourth goes in the place of both. */
static void two_give_way_at_once(void **state)
{
	struct letter l;
	struct told t;

	(void)state;
	told_open(&t, 9, 1);
	correct_with_scan(&t, 2);
	correct(&t, 3);
	correct_and_lose_scan(&t);
	due_names(&t, &l, t.keys[0]);
	assert_int_equal(l.version, 4);
	letter_fini(&l);
	world_close(&t.w);
}

/* A courier carries letters; it does not write them. */
static void a_courier_writes_no_versions(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE], third[ID_UUID_SIZE];
	struct letter l;
	struct road r;
	int i;

	(void)state;
	road_open(&r);
	world_submit(&r.here, receipt, id);
	for (i = 0; i < 2; i++) {
		assert_int_equal(case_revise(r.here.store, id, "0317", NULL), OK);
		versions_submit(&r.here, id, receipt);
	}
	key_of_last(&r.here, id, third);
	road_export_all(&r);
	road_import_all(&r);
	versions_settle_due(&r.courier, "application", LETTER_DELIVERED);
	versions_settle_due(&r.courier, "application", LETTER_HELD);
	assert_int_equal(outbox_due(r.courier.store, r.courier.wall_ms, NULL, 0, &l, 1), 1);
	assert_string_equal(l.id, third);
	letter_fini(&l);
	road_close(&r);
}

/* By a single round of the deliverer, and once at the centre. */
static void one_round_brings_it(void **state)
{
	struct fake_centre *f = calloc(1, sizeof *f);
	struct outbox_counts c;
	struct delivery *d;
	struct told t;

	(void)state;
	memset(&t, 0, sizeof t);
	world_open(&t.w, 7);
	fake_centre_init(f, &t.w);
	world_submit(&t.w, t.receipt, t.id);
	correct(&t, 2);
	correct(&t, 3);
	snprintf(f->refused, sizeof f->refused, "%s", t.keys[1]);
	d = delivery_new(t.w.store, fake_centre_transport(f), NULL);
	delivery_sweep(d);
	while (!delivery_idle(d))
		assert_int_equal(delivery_turn(d, 1000, NULL, 0), OK);
	delivery_free(d);
	assert_int_equal(outbox_counts(t.w.store, &c), OK);
	assert_int_equal(c.waiting + c.held, 0);
	assert_int_equal(f->letter_count, 2);
	key_of_last(&t.w, t.id, t.keys[2]);
	assert_string_equal(fake_centre_case(f, t.id)->key, t.keys[2]);
	fake_centre_fini(f);
	free(f);
	world_close(&t.w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_third_goes_in_the_place_of_the_second),
		cmocka_unit_test(the_fourth_follows_the_third),
		cmocka_unit_test(nothing_goes_over_what_was_made_elsewhere),
		cmocka_unit_test(a_kept_one_stays_kept),
		cmocka_unit_test(its_scans_go_along),
		cmocka_unit_test(one_in_the_middle_gives_way_first),
		cmocka_unit_test(two_give_way_at_once),
		cmocka_unit_test(a_courier_writes_no_versions),
		cmocka_unit_test(one_round_brings_it),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
