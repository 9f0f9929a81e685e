/* A refused application is opened again: what the centre said stands where it belongs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/domain/finding.h"
#include "core/station/outbox.h"
#include "forms/instance.h"
#include "tests/unit/desk.h"
#include "tui/intake.h"

static void refuse(struct desk *d, const char *case_id, const char *problem)
{
	struct outbox_outcome o = {.state = LETTER_HELD,
		.hold = HOLD_REFUSED,
		.reason = "中心退回",
		.problem = problem};
	struct letter l;

	assert_int_equal(outbox_get_application(d->w.store, case_id, &l), OK);
	memcpy(o.id, l.id, sizeof o.id);
	letter_fini(&l);
	assert_int_equal(outbox_settle(d->w.store, &o, 1), OK);
}

/* A member that was left empty is not in the letter: there the one behind it is the first. What was
 * said for its name before is no answer to the centre. */
static void what_is_refused_is_found_behind_what_was_not_sent(void **state)
{
	static const char place[] = "family_member[2]/member_name";
	struct desk *d = *state;
	struct intake *in = desk_begin(d, "最低生活保障");
	struct node *n;
	char case_id[ID_UUID_SIZE];

	desk_answer(in->entry, "family_member[1]/member_name", "");
	desk_answer(in->entry, place, "李□");
	assert_int_equal(entry_accept(in->entry, entry_find(in->entry, place), "户口簿如此"), OK);
	desk_submit(in, NULL);
	world_pass(&d->w, 60000);
	memcpy(case_id, in->draft_id, sizeof case_id);
	intake_free(in);
	refuse(d, case_id,
		"{\"errors\":[{\"pointer\":\"/answers/family_member/0/member_name\","
		"\"detail\":\"查无此人\"}]}");
	in = desk_correct(d, case_id);
	n = entry_find(in->entry, place);
	assert_string_equal(n->value, "李□");
	assert_string_equal(entry_finding(in->entry, n)->rule, "centre.refused");
	assert_null(entry_reason(in->entry, n));
	assert_string_equal(in->refused_at, place);
	intake_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_is_refused_is_found_behind_what_was_not_sent, desk_make, desk_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
