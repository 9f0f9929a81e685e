/* What is reckoned from answers: calculations, triggers, counted repetitions; and when nothing can
 * be reckoned. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "forms/entry.h"
#include "forms/instance.h"
#include "tests/unit/small_form.h"

/* What is computed from a wrong answer stays empty: one fault, one finding, at the answer. */
static void one_wrong_answer_is_one_finding(void **state)
{
	static const char aged[] =
		"| survey |\n| | type | name | label | calculation |\n| | date | born | born | |\n"
		"| | calculate | birth | birth | ${born} |\n"
		"| | integer | age | age | if(${birth} != '', age(${birth}), '') |\n"
		"| | integer | next | next | age(${birth}) + 1 |\n"
		"| | text | word | word | |\n| | integer | of_word | of_word | age(${word}) |\n";
	struct form *f = small_form(aged);
	struct entry *e = entry_new(f, &clock_system);
	const struct entry_fault *faults;
	size_t empty;

	(void)state;
	entry_set_place(e, "born", "2020-01-01");
	empty = entry_check(e, &faults); /* what has no word to be made of */
	assert_int_equal(entry_set_place(e, "born", "19900230"), OK);
	assert_int_equal(entry_check(e, &faults), empty + 1);
	assert_ptr_equal(faults[0].node, entry_find(e, "born"));
	assert_string_equal(entry_find(e, "age")->value, "");
	assert_int_equal(entry_finding(e, entry_find(e, "age"))->verdict, VERDICT_OK);
	assert_int_equal(entry_finding(e, entry_find(e, "next"))->verdict, VERDICT_OK);
	entry_set_place(e, "born", "2020-01-01");
	assert_int_equal(entry_check(e, &faults), empty);
	/* an answer that is right, and of which nothing can be made, is still told */
	entry_set_place(e, "word", "noon");
	assert_int_equal(entry_finding(e, entry_find(e, "of_word"))->verdict, VERDICT_ERROR);
	entry_free(e);
	form_free(f);
}

/* Repetitions that a number counts do not come by an answer inside of them, only by the number. */
static void counted_repetitions_come_with_their_number(void **state)
{
	static const char counted[] =
		"| survey |\n| | type | name | label | repeat_count | trigger | calculation |\n"
		"| | begin_repeat | member | member | ${n} | | |\n| | text | name | name | | | |\n"
		"| | end_repeat | | | | | |\n| | integer | n | n | | | |\n"
		"| | text | stamp | stamp | | ${n} | 'new' |\n";
	static const char answers[] =
		"{\"member\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}],"
		"\"n\":2,\"stamp\":\"kept\"}";
	struct form *f = small_form(counted);
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	assert_int_equal(entry_set_place(e, "member[1]/name", "a"), ERR_NOT_FOUND);
	assert_int_equal(entry_set_place(e, "n", "2"), OK);
	assert_int_equal(entry_set_place(e, "member[2]/name", "b"), OK);
	assert_int_equal(entry_set_place(e, "member[3]/name", "c"), ERR_NOT_FOUND);
	entry_free(e);
	e = entry_new(f, &clock_system);
	assert_int_equal(entry_load(e, answers, strlen(answers), NULL), OK);
	small_form_answers(
		e, "{\"member\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"n\":2,\"stamp\":\"kept\"}");
	entry_free(e);
	form_free(f);
}

/* Counts in each other multiply: what no machine could hold is not made, and said at the number. */
static void more_than_can_be_held_is_said(void **state)
{
	static const char multiplied[] =
		"| survey |\n| | type | name | label | repeat_count |\n| | integer | n | N | |\n"
		"| | begin_repeat | row | Rows | ${n} |\n| | begin_repeat | cell | Cells | ${n} |\n"
		"| | text | x | X | |\n| | end_repeat | | | |\n| | end_repeat | | | |\n";
	struct form *f = small_form(multiplied);
	struct entry *e = entry_new(f, &clock_system);
	const struct entry_fault *faults;

	(void)state;
	assert_int_equal(entry_set_place(e, "n", "1000000000"), OK);
	assert_int_equal(entry_check(e, &faults), 1);
	assert_ptr_equal(faults[0].node, entry_find(e, "n"));
	assert_string_equal(faults[0].message, "Rows: 各层合计最多 1000 份, 请核对填的数");
	assert_int_equal(entry_set_place(e, "n", "31"), OK); /* 31 and 31 x 31 */
	assert_int_equal(entry_check(e, &faults), 0);
	assert_int_equal(entry_set_place(e, "n", "32"), OK);
	assert_int_equal(entry_check(e, &faults), 1);
	assert_int_equal(entry_set_place(e, "n", "0"), OK);
	assert_int_equal(entry_check(e, &faults), 0);
	small_form_answers(e, "{\"n\":0}");
	entry_free(e);
	form_free(f);
}

/* A calculation with a trigger proposes an answer; the person may say otherwise and must say
 * something. */
static void what_an_answer_proposes_may_be_changed(void **state)
{
	static const char proposed[] =
		"| survey |\n| | type | name | label | required | trigger | calculation |\n"
		"| | hidden | asked | asked | | | |\n"
		"| | select_one kind | kind | kind | yes | ${asked} | if(${asked} = 'mind', '', ${asked}) |\n"
		"| choices |\n| | list_name | name | label |\n| | kind | sight | S |\n"
		"| | kind | limb | L |\n";
	struct form *f = small_form(proposed);
	struct entry *e = entry_new(f, &clock_system);
	const struct entry_fault *faults;

	(void)state;
	assert_int_equal(entry_set_place(e, "asked", "limb"), OK);
	assert_int_equal(entry_check(e, &faults), 0);
	small_form_answers(e, "{\"asked\":\"limb\",\"kind\":\"limb\"}");
	assert_int_equal(entry_set_place(e, "kind", "sight"), OK);
	small_form_answers(e, "{\"asked\":\"limb\",\"kind\":\"sight\"}");
	assert_int_equal(entry_set_place(e, "asked", "mind"), OK);
	assert_int_equal(entry_check(e, &faults), 1); /* required, and nothing is proposed */
	assert_ptr_equal(faults[0].node, entry_find(e, "kind"));
	entry_free(e);
	form_free(f);
}

/* A trigger sets its calculation going although the rule does not name it; what comes out as it was
 * sets nothing going. */
static void a_trigger_need_not_stand_in_the_rule(void **state)
{
	static const char stamped[] =
		"| survey |\n| | type | name | label | trigger | calculation |\n"
		"| | text | a | a | | |\n| | text | stamp | stamp | ${a} | 'new' |\n"
		"| | calculate | big | big | | ${n} > 10 |\n| | integer | n | n | | |\n"
		"| | text | said | said | ${n} | concat('n ', ${n}) |\n"
		"| | calculate | shown | shown | | concat(${big}, ' ', ${said}) |\n";
	struct form *f = small_form(stamped);
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	assert_int_equal(entry_set_place(e, "a", "x"), OK);
	assert_string_equal(entry_find(e, "stamp")->value, "new");
	assert_int_equal(entry_set_place(e, "n", "20"), OK);
	assert_string_equal(entry_find(e, "shown")->value, "true n 20");
	assert_int_equal(entry_set_place(e, "stamp", "mine"), OK);
	assert_int_equal(entry_set_place(e, "n", "30"), OK);
	assert_string_equal(entry_find(e, "stamp")->value, "mine");
	assert_string_equal(entry_find(e, "shown")->value, "true n 30");
	entry_free(e);
	form_free(f);
}

/* The answer that sets a calculation going may be taken away by what comes out. */
static void a_trigger_may_take_itself_away(void **state)
{
	static const char circle[] =
		"| survey |\n| | type | name | label | relevant | trigger | calculation |\n"
		"| | text | t | t | | ${a} | if(${a} = 'x', 'stop', '') |\n"
		"| | text | a | a | ${t} != 'stop' | | |\n"
		"| | calculate | after | after | | | concat(${t}, '!') |\n";
	struct form *f = small_form(circle);
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	assert_int_equal(entry_set_place(e, "a", "y"), OK);
	small_form_answers(e, "{\"a\":\"y\",\"after\":\"!\"}");
	assert_int_equal(entry_set_place(e, "a", "x"), OK);
	assert_false(entry_find(e, "a")->relevant);
	small_form_answers(e, "{\"t\":\"stop\",\"after\":\"stop!\"}");
	entry_free(e);
	form_free(f);
}

/* age() knows the day, which belongs to no field: what asks for the age still comes after it, and
 * all is right when many answers came at once. */
static void what_follows_follows_at_once(void **state)
{
	static const char aged[] =
		"| survey |\n| | type | name | label | relevant | calculation | required |\n"
		"| | text | why | why | ${age} < 80 | | yes |\n| | begin_group | g | g | ${age} < 18 | | |\n"
		"| | text | guardian | guardian | | | yes |\n| | end_group | | | | | |\n"
		"| | calculate | age | age | | if(${birth} != '', age(${birth}), '') | |\n"
		"| | calculate | birth | birth | | ${born} | |\n| | date | born | born | | | |\n"
		"| | calculate | path | path | | ../chain + 1 | |\n| | calculate | chain | chain | | ../n * 2 | |\n"
		"| | integer | n | n | | | |\n";
	static const char answers[] = "{\"born\":\"2020-01-01\",\"n\":4}";
	struct form *f = small_form(aged);
	struct entry *e = entry_new(f, &clock_system);
	const struct entry_fault *faults;

	(void)state;
	assert_int_equal(entry_load(e, answers, strlen(answers), NULL), OK);
	assert_int_equal(entry_check(e, &faults), 2);
	assert_string_equal(entry_find(e, "path")->value, "9");
	assert_int_equal(entry_set_place(e, "born", "1930-01-01"), OK);
	assert_int_equal(entry_check(e, &faults), 0);
	entry_free(e);
	form_free(f);
}

static const struct finding *found_at(struct entry *e, const char *name)
{
	return entry_finding(e, entry_find(e, name));
}

/* What does not divide evenly is rounded, not refused; what cannot be divided is said. */
static void a_quotient_is_rounded_or_cannot_be_had(void **state)
{
	static const char shared[] =
		"| survey |\n| | type | name | label | calculation |\n| | integer | z | Z | |\n"
		"| | integer | n | N | |\n| | decimal | p | P | ${z} div ${n} |\n"
		"| | calculate | q | | ${z} div ${n} |\n| | text | t | T | concat('x', ${z} div ${n}) |\n";
	struct form *f = small_form(shared);
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	assert_int_equal(entry_set_place(e, "z", "100"), OK);
	assert_string_equal(entry_find(e, "p")->value, "");
	assert_int_equal(found_at(e, "p")->verdict, VERDICT_OK); /* not answered yet */
	assert_int_equal(entry_set_place(e, "n", "3"), OK);
	assert_string_equal(entry_find(e, "p")->value, "33.3333333333333");
	assert_string_equal(entry_find(e, "q")->value, "33.3333333333333");
	assert_int_equal(found_at(e, "p")->verdict, VERDICT_OK);
	assert_int_equal(entry_set_place(e, "z", "1234567890123456789"), OK);
	assert_int_equal(found_at(e, "p")->verdict, VERDICT_OK);
	assert_int_equal(entry_set_place(e, "z", "100"), OK);
	assert_int_equal(entry_set_place(e, "n", "0"), OK);
	for (const char *const *name = (const char *const[]){"p", "q", "t", NULL}; *name; name++) {
		assert_string_equal(entry_find(e, *name)->value, "");
		assert_string_equal(buf_str(&found_at(e, *name)->message), "算不出来: 除数是 0");
	}
	assert_int_equal(entry_set_place(e, "z", "0"), OK);
	assert_string_equal(buf_str(&found_at(e, "q")->message), "算不出来: 除数是 0");
	entry_free(e);
	form_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_wrong_answer_is_one_finding),
		cmocka_unit_test(a_quotient_is_rounded_or_cannot_be_had),
		cmocka_unit_test(what_an_answer_proposes_may_be_changed),
		cmocka_unit_test(a_trigger_need_not_stand_in_the_rule),
		cmocka_unit_test(a_trigger_may_take_itself_away),
		cmocka_unit_test(more_than_can_be_held_is_said),
		cmocka_unit_test(what_follows_follows_at_once),
		cmocka_unit_test(counted_repetitions_come_with_their_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
