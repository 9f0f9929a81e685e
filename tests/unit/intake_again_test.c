/* The same person again: found by whatever is known, and what was answered before is offered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/station/people.h"
#include "forms/instance.h"
#include "tests/unit/desk.h"
#include "tui/intake.h"
#include "tui/offers.h"

static void submit_elder(struct desk *d, const char *name)
{
	struct intake *in = desk_begin(d, "失业登记");

	desk_answer(in->entry, "applicant_name", name);
	desk_answer(in->entry, "applicant_id", DESK_PERSON);
	desk_answer(in->entry, "applicant_mobile", "13800000002");
	desk_answer(in->entry, "applicant_town", "371323103");
	desk_answer(in->entry, "applicant_address", "示范村人民路18号");
	desk_submit(in, NULL);
	intake_free(in);
	world_pass(&d->w, 60000);
}

static void earlier_answers_are_offered(void **state)
{
	struct desk *d = *state;
	struct offers o = {0};
	struct intake *in;
	struct offer *x;

	submit_elder(d, "陈试例");
	in = desk_begin(d, "高龄津贴发放");
	assert_false(offers_update(&o, in));			      /* nobody yet */
	desk_answer(in->entry, "applicant_id", "37132319920512996X"); /* wrong: nobody's */
	assert_false(offers_update(&o, in));
	desk_answer(in->entry, "applicant_id", DESK_PERSON);
	assert_true(offers_update(&o, in));
	assert_false(offers_update(&o, in)); /* told once */
	x = offers_at(&o, in->entry, entry_find(in->entry, "applicant_town"));
	assert_non_null(x);
	assert_string_equal(x->value, "371323103");
	assert_string_equal(desk_value(in, "applicant_town"), ""); /* offered, not stored */
	x->refused = true;
	assert_int_equal(offers_take_all(&o, in->entry), 3);
	assert_string_equal(desk_value(in, "applicant_town"), "");
	assert_string_equal(desk_value(in, "applicant_name"), "陈试例");
	assert_string_equal(desk_value(in, "confirmed"), ""); /* a declaration is made anew */
	offers_fini(&o);
	intake_free(in);
}

static void see_person(void *arg, const struct person *p)
{
	struct buf *b = arg;

	buf_printf(b, "%s %s %s;", p->name, p->number, p->mobile);
}

static void found_by_whatever_is_known(void **state)
{
	static const char *const words[] = {"陈试例", "csl", "chensl", "chenshili", "试例",
		DESK_PERSON, "9964", "13800000002", "138-0000-0002", ""};
	static const char *const others[] = {"cx", "王", "11010", "chenx"};
	struct desk *d = *state;
	struct buf b = {0};

	submit_elder(d, "陈试例");
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		buf_clear(&b);
		people_find(d->w.store, words[i], "", 10, see_person, &b);
		if (strcmp(buf_str(&b), "陈试例 " DESK_PERSON " 13800000002;") != 0)
			fail_msg("%s: %s", words[i], buf_str(&b));
	}
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		buf_clear(&b);
		people_find(d->w.store, others[i], "", 10, see_person, &b);
		assert_string_equal(buf_str(&b), "");
	}
	buf_fini(&b);
}

static void count_draft(void *arg, const struct draft *d)
{
	(void)d;
	++*(size_t *)arg;
}

/* Where a landline is parted is nobody's to remember. */
static void a_draft_is_found_by_a_landline(void **state)
{
	static const char *const words[] = {"05392251234", "0539-2251234", "225-1234"};
	static const char *const others[] = {"05392251235", "-"};
	struct desk *d = *state;
	struct intake *in = desk_begin(d, "高龄津贴发放");
	size_t found = 0;

	desk_answer(in->entry, "applicant_mobile", "0539-2251234");
	assert_int_equal(intake_save(in), OK);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		draft_find(d->w.store, words[i], count_draft, &found);
		assert_int_equal(found, i + 1);
	}
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		draft_find(d->w.store, others[i], count_draft, &found);
	assert_int_equal(found, sizeof words / sizeof words[0]);
	intake_free(in);
}

static void who_is_being_filled_in_is_not_found(void **state)
{
	struct desk *d = *state;
	struct intake *in = desk_begin(d, "高龄津贴发放");
	struct buf b = {0};

	desk_answer(in->entry, "applicant_name", "王老例");
	desk_answer(in->entry, "applicant_id", DESK_PERSON);
	assert_int_equal(intake_save(in), OK);
	people_find(d->w.store, "王老例", in->draft_id, 10, see_person, &b);
	assert_string_equal(buf_str(&b), "");
	people_find(d->w.store, "王老例", "", 10, see_person, &b);
	assert_string_equal(buf_str(&b), "王老例 " DESK_PERSON " ;");
	buf_fini(&b);
	intake_free(in);
}

static void see_id(void *arg, const struct person_case *c)
{
	if (!((char *)arg)[0])
		strcpy(arg, c->id);
}

static void the_same_visit(void **state)
{
	struct desk *d = *state;
	struct intake *in;
	char id[ID_UUID_SIZE] = "";

	submit_elder(d, "陈试例");
	people_cases(d->w.store, DESK_PERSON, "", see_id, id);
	in = desk_begin(d, "高龄津贴发放");
	assert_int_equal(offers_same_visit(in, id), 5);
	assert_string_equal(desk_value(in, "applicant_address"), "示范村人民路18号");
	intake_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(earlier_answers_are_offered, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(found_by_whatever_is_known, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			who_is_being_filled_in_is_not_found, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			a_draft_is_found_by_a_landline, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(the_same_visit, desk_make, desk_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
