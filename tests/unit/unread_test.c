/* A refusal that is too long to be read is not believed: the letter goes on being sent. Whoever
 * sees it is told what it looked like, and may count it as refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/domain/refusal_size.h"
#include "core/station/acts.h"
#include "core/station/answer.h"
#include "core/station/cases.h"
#include "core/station/delivery.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tests/unit/carried.h"
#include "tests/unit/fake_centre.h"
#include "tests/unit/versions.h"
#include "tests/unit/world.h"

enum {
	TURNS = 8
};

/* ---- what is read ---- */

static void only_what_looks_like_a_refusal(void **state)
{
	static const struct {
		enum line_fault fault;
		long status;
		const char *type;
		size_t len;
		enum answer_meaning meaning;
		bool unread;
	} rows[] = {
		{LINE_OK, 422, "application/problem+json", REFUSAL_BYTES_MAX + 1, ANSWER_LATER,
			true},
		{LINE_OK, 409, "application/problem+json; charset=utf-8", REFUSAL_BYTES_MAX + 1,
			ANSWER_LATER, true},
		{LINE_OVERSIZE, 400, "application/problem+json", 8, ANSWER_LATER, true},
		{LINE_OK, 422, "application/problem+json", REFUSAL_BYTES_MAX, ANSWER_REFUSED,
			false},
		{LINE_OK, 422, "text/html", REFUSAL_BYTES_MAX + 1, ANSWER_LINE, false},
		{LINE_OVERSIZE, 422, "", 8, ANSWER_LINE, false},
		{LINE_OK, 401, "application/problem+json", REFUSAL_BYTES_MAX + 1, ANSWER_LINE,
			false},
		{LINE_OK, 429, "application/problem+json", REFUSAL_BYTES_MAX + 1, ANSWER_LINE,
			false},
		{LINE_OK, 503, "application/problem+json", REFUSAL_BYTES_MAX + 1, ANSWER_LINE,
			false},
		{LINE_OK, 201, "application/json", REFUSAL_BYTES_MAX + 1, ANSWER_LINE, false},
		{LINE_CUT, 422, "application/problem+json", 8, ANSWER_LINE, false},
	};
	static char body[REFUSAL_BYTES_MAX + 2];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct transport_answer a = {.fault = rows[i].fault,
			.status = rows[i].status,
			.content_type = rows[i].type,
			.retry_after = "",
			.key = "",
			.etag = "",
			.body = body,
			.body_len = rows[i].len};
		struct answer_reading r = {0};
		memset(body, ' ', sizeof body - 1);
		body[rows[i].len] = '\0';
		memcpy(body, "{\"a\":1}", 7);
		answer_read(&a, "018f0000-0000-7000-9000-000000000001", 0, &r);
		if (r.meaning != rows[i].meaning || r.unread != rows[i].unread)
			fail_msg("row %zu: %d %d", i, r.meaning, r.unread);
		answer_reading_fini(&r);
	}
}

/* ---- what becomes of it ---- */

struct hall {
	struct world w;
	struct fake_centre f;
	struct delivery *d;
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
};

static int set_up(void **state)
{
	struct hall *h = calloc(1, sizeof *h);

	world_open(&h->w, 7);
	fake_centre_init(&h->f, &h->w);
	h->d = delivery_new(h->w.store, fake_centre_transport(&h->f), NULL);
	world_submit(&h->w, h->receipt, h->id);
	h->f.wordy = true;
	*state = h;
	return 0;
}

static int tear_down(void **state)
{
	struct hall *h = *state;

	delivery_free(h->d);
	world_close(&h->w);
	fake_centre_fini(&h->f);
	free(h);
	return 0;
}

static void turns(struct hall *h)
{
	int i;

	for (i = 0; i < TURNS; i++)
		assert_int_equal(delivery_turn(h->d, 1000, NULL, 0), OK);
}

/* The last letter of the case waits; its key is kept in key (may be NULL). */
static void waits(struct hall *h, bool unread, char key[ID_UUID_SIZE])
{
	struct letter l;

	assert_int_equal(outbox_get(h->w.store, h->id, &l), OK);
	assert_int_equal(l.state, LETTER_WAITING);
	assert_int_equal(l.unread, unread);
	if (key != NULL)
		memcpy(key, l.id, ID_UUID_SIZE);
	letter_fini(&l);
}

static void it_goes_on_and_holds_nobody_up(void **state)
{
	struct hall *h = *state;
	char receipt[LOCAL_RECEIPT_SIZE], other[ID_UUID_SIZE];
	struct letter l;

	waits(h, false, h->f.refused);
	turns(h);
	assert_int_equal(outbox_get(h->w.store, h->id, &l), OK);
	assert_true(l.unread);
	assert_true(l.tries > 1);
	assert_non_null(strstr(l.reason, "中心看来退回了这一封"));
	letter_fini(&l);
	assert_int_equal(delivery_link(h->d), LINK_UP);
	world_submit(&h->w, receipt, other);
	turns(h);
	assert_int_equal(outbox_get(h->w.store, other, &l), OK);
	assert_int_equal(l.state, LETTER_DELIVERED);
	letter_fini(&l);
	/* What the line did last is what counts. */
	h->f.dead = true;
	world_pass(&h->w, 3600 * 1000);
	turns(h);
	waits(h, false, NULL);
	h->f.dead = false;
	world_pass(&h->w, 3600 * 1000);
	turns(h);
	waits(h, true, NULL);
	h->f.wordy = false;
	world_pass(&h->w, 3600 * 1000);
	turns(h);
	assert_int_equal(versions_letter_state(&h->w, h->f.refused), LETTER_HELD);
}

/* A clerk has kept it back while it was in the air: they said why. */
static void what_is_kept_back_stays_so(void **state)
{
	struct hall *h = *state;
	struct letter l;

	waits(h, false, h->f.refused);
	assert_int_equal(delivery_turn(h->d, 0, NULL, 0), OK);
	assert_int_equal(delivery_in_flight(h->d), 1);
	assert_int_equal(outbox_hold(h->w.store, h->f.refused, "0317", "等原件"), OK);
	turns(h);
	assert_int_equal(outbox_get(h->w.store, h->id, &l), OK);
	assert_int_equal(l.tries, 1);
	assert_int_equal(l.hold, HOLD_KEPT);
	assert_string_equal(l.reason, "等原件");
	assert_null(l.problem);
	letter_fini(&l);
}

static void a_correction_takes_its_place(void **state)
{
	struct hall *h = *state;
	char first[ID_UUID_SIZE];
	struct letter l;

	waits(h, false, first);
	memcpy(h->f.refused, first, sizeof first);
	assert_int_equal(case_revise(h->w.store, h->id, "0317", NULL), OK);
	assert_int_equal(case_revise_drop(h->w.store, h->id, "0317"), OK);
	waits(h, false, NULL); /* one that nothing is known of is not counted as refused */
	turns(h);
	assert_int_equal(case_revise(h->w.store, h->id, "0317", NULL), OK);
	assert_int_equal(outbox_get(h->w.store, h->id, &l), OK);
	assert_int_equal(l.state, LETTER_HELD);
	assert_int_equal(l.hold, HOLD_REFUSED);
	assert_false(l.unread);
	assert_non_null(strstr(l.reason, "中心看来退回了这一封"));
	letter_fini(&l);
	versions_submit(&h->w, h->id, h->receipt);
	assert_int_equal(versions_letter_state(&h->w, first), LETTER_REPLACED);
	turns(h);
	assert_int_equal(outbox_get(h->w.store, h->id, &l), OK);
	assert_int_equal(l.state, LETTER_DELIVERED);
	letter_fini(&l);
	assert_int_equal(h->f.letter_count, 1);
}

/* The correction was under way, or even waits, when its refusal came. */
static void a_correction_that_waits_goes_on(void **state)
{
	struct hall *h = *state;
	char first[ID_UUID_SIZE];
	struct letter l;

	waits(h, false, first);
	memcpy(h->f.refused, first, sizeof first);
	assert_int_equal(case_revise(h->w.store, h->id, "0317", NULL), OK);
	versions_submit(&h->w, h->id, h->receipt);
	turns(h);
	assert_int_equal(versions_letter_state(&h->w, first), LETTER_WAITING);
	assert_int_equal(case_revise(h->w.store, h->id, "0317", NULL), OK);
	assert_int_equal(versions_letter_state(&h->w, first), LETTER_REPLACED);
	assert_int_equal(case_revise_drop(h->w.store, h->id, "0317"), OK);
	turns(h);
	assert_int_equal(outbox_get(h->w.store, h->id, &l), OK);
	assert_int_equal(l.state, LETTER_DELIVERED);
	letter_fini(&l);
}

static void it_can_be_given_up(void **state)
{
	struct hall *h = *state;
	char first[ID_UUID_SIZE];

	waits(h, false, first);
	memcpy(h->f.refused, first, sizeof first);
	assert_int_equal(case_abandon(h->w.store, first, "0317", NULL), ERR_STATE);
	turns(h);
	assert_int_equal(case_abandon(h->w.store, first, "0317", NULL), OK);
	assert_int_equal(versions_letter_state(&h->w, first), LETTER_REPLACED);
	versions_state_is(&h->w, h->id, "withdrawn");
}

static void a_step_can_be_taken_back(void **state)
{
	struct hall *h = *state;
	const struct act_order accept = {.case_number = h->id,
		.act = ACT_ACCEPT,
		.station = "station-1",
		.operator_name = "0317",
		.window = "03",
		.facts = "{}"};
	char key[ID_UUID_SIZE];

	turns(h);
	assert_int_equal(act_do(h->w.store, &accept, NULL), OK);
	waits(h, false, key);
	memcpy(h->f.refused, key, sizeof key);
	assert_int_equal(act_take_back(h->w.store, key, "0317", NULL), ERR_STATE);
	turns(h);
	waits(h, true, NULL);
	assert_int_equal(act_take_back(h->w.store, key, "0317", NULL), OK);
	assert_int_equal(versions_letter_state(&h->w, key), LETTER_REPLACED);
	versions_state_is(&h->w, h->id, "received");
}

/* With the correction that waits behind it, too. */
static void it_can_be_given_up_with_its_correction(void **state)
{
	struct hall *h = *state;
	struct outbox_counts c;
	char first[ID_UUID_SIZE];

	waits(h, false, first);
	memcpy(h->f.refused, first, sizeof first);
	assert_int_equal(case_revise(h->w.store, h->id, "0317", NULL), OK);
	versions_submit(&h->w, h->id, h->receipt);
	turns(h);
	assert_int_equal(case_abandon(h->w.store, first, "0317", NULL), OK);
	assert_int_equal(outbox_counts(h->w.store, &c), OK);
	assert_int_equal(c.waiting + c.held, 0);
	versions_state_is(&h->w, h->id, "withdrawn");
}

/* A courier carries it no more, nor what stands behind it. */
static void a_courier_can_give_it_up(void **state)
{
	struct outbox_outcome o = {.state = LETTER_WAITING, .unread = true, .reason = "x"};
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct outbox_counts c;
	struct letter l;
	struct road r;

	(void)state;
	road_open(&r);
	world_submit(&r.here, receipt, id);
	assert_int_equal(case_revise(r.here.store, id, "0317", NULL), OK);
	versions_submit(&r.here, id, receipt);
	road_export_all(&r);
	road_import_all(&r);
	assert_int_equal(outbox_get_next(r.courier.store, id, &l), OK);
	memcpy(o.id, l.id, sizeof o.id);
	letter_fini(&l);
	assert_int_equal(act_take_back(r.courier.store, o.id, "0318", NULL), ERR_STATE);
	assert_int_equal(outbox_settle(r.courier.store, &o, 1), OK);
	assert_int_equal(act_take_back(r.courier.store, o.id, "0318", NULL), OK);
	assert_int_equal(outbox_counts(r.courier.store, &c), OK);
	assert_int_equal(c.waiting + c.held, 0);
	road_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_looks_like_a_refusal),
		cmocka_unit_test_setup_teardown(it_goes_on_and_holds_nobody_up, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_kept_back_stays_so, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_correction_takes_its_place, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_correction_that_waits_goes_on, set_up, tear_down),
		cmocka_unit_test_setup_teardown(it_can_be_given_up, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_step_can_be_taken_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			it_can_be_given_up_with_its_correction, set_up, tear_down),
		cmocka_unit_test(a_courier_can_give_it_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
