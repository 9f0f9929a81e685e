/* The life of a case: which act leads from which state, and by whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/domain/lifecycle.h"

/* Every letter asks for one act; what the office does next is one of the steps. */
static void letters_and_ordinary_steps(void **state)
{
	enum case_state s = CASE_RECEIVED, to;
	enum case_act act;
	int steps = 0;

	(void)state;
	assert_true(case_act_of_letter("correction", &act));
	assert_int_equal(act, ACT_REQUEST_CORRECTION);
	assert_true(case_act_of_letter("void", &act));
	assert_int_equal(act, ACT_VOID);
	assert_false(case_act_of_letter("submit", &act));
	assert_false(case_act_of_letter("note", &act));
	assert_false(case_act_of_letter(NULL, &act));
	for (; lifecycle_ordinary(s, &to); s = to, steps++)
		assert_true(lifecycle_leads(s, to));
	assert_int_equal(s, CASE_ARCHIVED);
	assert_int_equal(steps, 4);
	assert_false(lifecycle_leads(CASE_ARCHIVED, CASE_RECEIVED));
	assert_string_equal(case_state_label_of("received"), "收件");
	assert_string_equal(case_state_label_of("weightless"), "weightless");
}

/* Every state x every act x every actor: what is possible leads somewhere else, what is not says
 * why. */
static void every_act_in_every_state(void **state)
{
	bool reached[CASE_STATE__MAX] = {[CASE_DRAFT] = true};
	int s, a, who, possible = 0;

	(void)state;
	for (s = 0; s < CASE_STATE__MAX; s++) {
		enum case_state back;
		assert_true(case_state_parse(case_state_name((enum case_state)s), &back));
		assert_int_equal(back, s);
		for (a = 0; a < CASE_ACT__MAX; a++) {
			for (who = 0; who < CASE_ACTOR__MAX; who++) {
				enum case_state to = CASE_STATE__MAX;
				const char *why = NULL;
				if (lifecycle_next((enum case_state)s, (enum case_act)a,
					    (enum case_actor)who, &to, &why)) {
					assert_true(to < CASE_STATE__MAX &&
						    ((int)to != s || a == ACT_REVISE ||
							    a == ACT_SUPPLY || a == ACT_EXTEND));
					assert_false(case_state_ended((enum case_state)s));
					reached[to] = true;
					possible++;
				} else {
					assert_int_equal(to, CASE_STATE__MAX);
					assert_true(why != NULL && why[0] != '\0');
				}
			}
		}
	}
	for (s = 0; s < CASE_STATE__MAX; s++)
		assert_true(reached[s]);
	assert_int_equal(possible, 35);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_act_in_every_state),
		cmocka_unit_test(letters_and_ordinary_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
