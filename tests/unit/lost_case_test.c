/* A centre that was restored from an old copy has lost a case: what it refused for want of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/station/evaluation.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tests/unit/versions.h"
#include "tests/unit/world.h"

static const char unknown[] =
	"{\"type\":\"urn:yimen:problem:unknown-case\",\"title\":\"没有这个办件\","
	"\"detail\":\"中心没有收到过这个办件的申请\"}";

/* Delivered, accepted and rated since; nothing of that has gone yet. */
static void submit_accept_rate(struct world *w, char id[ID_UUID_SIZE])
{
	static const struct evaluation_answer mark = {.mark = 1,
		.cause = CAUSE_NONE,
		.source = EVALUATION_SCREEN,
		.station = "station-1"};
	char receipt[LOCAL_RECEIPT_SIZE], evaluation[ID_UUID_SIZE];
	struct evaluation_offer offer;

	world_submit(w, receipt, id);
	versions_deliver(w, id, "N1");
	world_accept(w, id);
	offer = (struct evaluation_offer){id, "0317", "03"};
	assert_int_equal(evaluation_begin(w->store, &offer, evaluation, NULL), OK);
	assert_int_equal(evaluation_answer(w->store, evaluation, &mark, NULL), OK);
}

/* The one that may go now is refused with this problem; letter: which it is. */
static void refuse_due(struct world *w, const char *problem, char letter[ID_UUID_SIZE])
{
	struct outbox_outcome o = {
		.state = LETTER_HELD, .hold = HOLD_REFUSED, .reason = "不收", .problem = problem};
	struct letter l;

	assert_int_equal(outbox_due(w->store, w->wall_ms, NULL, 0, &l, 1), 1);
	memcpy(letter, l.id, ID_UUID_SIZE);
	memcpy(o.id, l.id, sizeof o.id);
	letter_fini(&l);
	assert_int_equal(outbox_settle(w->store, &o, 1), OK);
}

static void expect_nothing_left(struct world *w)
{
	struct outbox_counts c;

	assert_int_equal(outbox_counts(w->store, &c), OK);
	assert_int_equal(c.waiting + c.held, 0);
}

static void expect_all_in_order(struct world *w)
{
	versions_settle_due(w, "application", LETTER_DELIVERED);
	versions_settle_due(w, "accept", LETTER_DELIVERED);
	versions_settle_due(w, "evaluation", LETTER_DELIVERED);
	expect_nothing_left(w);
}

static void what_was_refused_for_want_of_the_case_goes_behind_it(void **state)
{
	char id[ID_UUID_SIZE], step[ID_UUID_SIZE];
	struct world w;

	(void)state;
	world_open(&w, 40);
	submit_accept_rate(&w, id);
	refuse_due(&w, unknown, step);
	assert_int_equal(versions_letter_state(&w, step), LETTER_HELD);
	assert_int_equal(outbox_send_again(w.store, id, "0317"), OK);
	expect_all_in_order(&w);
	world_close(&w);
}

/* Its answer comes when the application waits again already. */
static void a_refusal_that_comes_late_does_not_stand_either(void **state)
{
	char id[ID_UUID_SIZE];
	struct outbox_outcome o = {
		.state = LETTER_HELD, .hold = HOLD_REFUSED, .reason = "不收", .problem = unknown};
	struct letter l;
	struct world w;

	(void)state;
	world_open(&w, 41);
	submit_accept_rate(&w, id);
	assert_int_equal(outbox_due(w.store, w.wall_ms, NULL, 0, &l, 1), 1);
	memcpy(o.id, l.id, sizeof o.id);
	letter_fini(&l);
	assert_int_equal(outbox_send_again(w.store, id, "0317"), OK);
	assert_int_equal(outbox_settle(w.store, &o, 1), OK);
	assert_int_equal(versions_letter_state(&w, o.id), LETTER_HELD);
	expect_all_in_order(&w);
	world_close(&w);
}

/* The administrator has restored a newer copy: whoever sits there may try. */
static void it_can_be_sent_again_as_it_is(void **state)
{
	char id[ID_UUID_SIZE], step[ID_UUID_SIZE];
	size_t count = 0;
	struct world w;

	(void)state;
	world_open(&w, 42);
	submit_accept_rate(&w, id);
	refuse_due(&w, unknown, step);
	assert_int_equal(outbox_retry(w.store, step, "0317"), OK);
	refuse_due(&w, unknown, step);
	assert_int_equal(outbox_retry_refused(w.store, "0317", &count), OK);
	assert_int_equal(count, 1);
	versions_settle_due(&w, "accept", LETTER_DELIVERED);
	versions_settle_due(&w, "evaluation", LETTER_DELIVERED);
	expect_nothing_left(&w);
	world_close(&w);
}

/* It was refused for what it says: that the case is sent again changes nothing. */
static void other_refusals_stand(void **state)
{
	static const char *const problems[] = {
		"{\"type\":\"urn:yimen:problem:invalid\",\"title\":\"没有通过检查\"}",
		"{\"title\":\"unknown-case\"}", NULL};
	char id[ID_UUID_SIZE], step[ID_UUID_SIZE];
	struct world w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof problems / sizeof problems[0]; i++) {
		world_open(&w, 43);
		submit_accept_rate(&w, id);
		refuse_due(&w, problems[i], step);
		assert_int_equal(outbox_send_again(w.store, id, "0317"), OK);
		versions_settle_due(&w, "application", LETTER_DELIVERED);
		assert_int_equal(versions_letter_state(&w, step), LETTER_HELD);
		world_close(&w);
	}
}

/* It did not fit to what the centre had left: with what is sent again it may. */
static void what_did_not_fit_is_tried_again(void **state)
{
	char id[ID_UUID_SIZE], step[ID_UUID_SIZE];
	struct world w;

	(void)state;
	world_open(&w, 43);
	submit_accept_rate(&w, id);
	refuse_due(
		&w, "{\"type\":\"urn:yimen:problem:case-state\",\"title\":\"不能这样做\"}", step);
	assert_int_equal(outbox_send_again(w.store, id, "0317"), OK);
	assert_int_equal(versions_letter_state(&w, step), LETTER_WAITING);
	world_close(&w);
}

/* Another case's receipt is none of its. */
static void another_case_frees_nothing(void **state)
{
	char id[ID_UUID_SIZE], other[ID_UUID_SIZE], step[ID_UUID_SIZE];
	char receipt[LOCAL_RECEIPT_SIZE];
	struct world w;

	(void)state;
	world_open(&w, 44);
	submit_accept_rate(&w, id);
	refuse_due(&w, unknown, step);
	world_submit(&w, receipt, other);
	versions_deliver(&w, other, "N2");
	assert_int_equal(versions_letter_state(&w, step), LETTER_HELD);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_refused_for_want_of_the_case_goes_behind_it),
		cmocka_unit_test(a_refusal_that_comes_late_does_not_stand_either),
		cmocka_unit_test(it_can_be_sent_again_as_it_is),
		cmocka_unit_test(other_refusals_stand),
		cmocka_unit_test(what_did_not_fit_is_tried_again),
		cmocka_unit_test(another_case_frees_nothing),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
