/* A clock that is set back by less than the longest pause we ever set: what was to wait for some
 * minutes does not wait for the better part of an hour. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/station/backoff.h"
#include "core/station/delivery.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tests/unit/sender.h"

enum {
	MINUTE_MS = 60 * 1000,
	BACK_MS = 50 * MINUTE_MS
};

static enum letter_state state_of(struct sender *s, const char *case_id)
{
	struct letter l;
	enum letter_state state;

	assert_int_equal(outbox_get_application(s->w.store, case_id, &l), OK);
	state = l.state;
	letter_fini(&l);
	return state;
}

/* How long it takes by a clock that nobody sets; at most two hours. */
static int64_t until_delivered(struct sender *s, const char *case_id)
{
	int64_t begun = s->w.mono_ms;

	while (state_of(s, case_id) != LETTER_DELIVERED && s->w.mono_ms - begun < 120 * MINUTE_MS)
		sender_turns(s, 1);
	return s->w.mono_ms - begun;
}

/* By the deliverer that saw it happen, and by one that began after it. */
static void a_letter_that_had_failed_is_not_late(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct sender s;
	struct letter l;
	int killed;

	(void)state;
	for (killed = 0; killed < 2; killed++) {
		sender_open(&s, 21);
		world_submit(&s.w, receipt, id);
		assert_int_equal(outbox_get_application(s.w.store, id, &l), OK);
		snprintf(s.f->poison, sizeof s.f->poison, "%s", l.id);
		letter_fini(&l);
		while (s.w.mono_ms < 30 * MINUTE_MS)
			sender_turns(&s, 1);
		s.f->poison[0] = '\0';
		s.w.wall_ms -= BACK_MS;
		if (killed)
			sender_kill(&s);
		assert_in_range(until_delivered(&s, id), 0, BACKOFF_CAP_MS + MINUTE_MS);
		sender_close(&s);
	}
}

static void a_scan_that_had_failed_is_not_late(void **state)
{
	struct application a;
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct sender s;

	(void)state;
	sender_open(&s, 22);
	world_draft(&s.w, id);
	free(world_attach(&s.w, id, 1, 5000));
	a = world_application(id);
	assert_int_equal(case_submit(s.w.store, &a, receipt, NULL), OK);
	s.f->papers_full = true;
	while (s.w.mono_ms < 30 * MINUTE_MS)
		sender_turns(&s, 1);
	s.f->papers_full = false;
	s.w.wall_ms -= BACK_MS;
	assert_in_range(until_delivered(&s, id), 0, BACKOFF_CAP_MS + 2 * MINUTE_MS);
	sender_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_letter_that_had_failed_is_not_late),
		cmocka_unit_test(a_scan_that_had_failed_is_not_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
