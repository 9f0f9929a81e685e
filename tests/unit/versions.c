#include "tests/unit/versions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/station/cases.h"
#include "tests/unit/world.h"

void versions_settle(struct world *w, const char *case_id, enum letter_state state,
	const char *receipt, const char *problem)
{
	struct outbox_outcome o = {.state = state,
		.hold = state == LETTER_HELD ? HOLD_REFUSED : HOLD_NONE,
		.reason = state == LETTER_HELD ? "不符" : NULL,
		.receipt = receipt,
		.problem = problem};

	world_settle(w, case_id, &o);
}

void versions_settle_due(struct world *w, const char *kind, enum letter_state state)
{
	struct outbox_outcome o = {.state = state,
		.hold = state == LETTER_HELD ? HOLD_REFUSED : HOLD_NONE,
		.reason = state == LETTER_HELD ? "不符" : NULL,
		.receipt = state == LETTER_DELIVERED ? "{\"project_no\":\"N1\"}" : NULL};
	struct letter l;

	assert_int_equal(outbox_due(w->store, w->wall_ms, NULL, 0, &l, 1), 1);
	if (kind != NULL)
		assert_string_equal(l.kind, kind);
	memcpy(o.id, l.id, sizeof o.id);
	letter_fini(&l);
	assert_int_equal(outbox_settle(w->store, &o, 1), OK);
}

void versions_deliver(struct world *w, const char *case_id, const char *number)
{
	char receipt[100];

	snprintf(receipt, sizeof receipt, "{\"project_no\":\"%s\"}", number);
	versions_settle(w, case_id, LETTER_DELIVERED, receipt, NULL);
}

void versions_submit(struct world *w, const char *case_id, const char *receipt)
{
	struct application a = world_application(case_id);
	char again[LOCAL_RECEIPT_SIZE];

	assert_int_equal(case_submit(w->store, &a, again, NULL), OK);
	assert_string_equal(again, receipt);
}

void versions_state_is(struct world *w, const char *case_id, const char *want)
{
	struct case_view v;

	assert_int_equal(case_get(w->store, case_id, &v), OK);
	assert_string_equal(v.state, want);
	case_view_fini(&v);
}

enum letter_state versions_letter_state(struct world *w, const char *letter_id)
{
	enum letter_state state;
	struct letter l;

	assert_int_equal(outbox_get(w->store, letter_id, &l), OK);
	state = l.state;
	letter_fini(&l);
	return state;
}
