/* A card read somewhere in a form: whose it is, where its parts go, what is not touched. Persons
 * are invented; the check characters of their numbers are right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "forms/entry.h"
#include "forms/form.h"
#include "forms/instance.h"
#include "tui/card_fill.h"

#define CARD  "陈另例|女|汉|19920512|示范镇人民路18号|371323199205129964|示范县公安局"
#define OTHER "371323194501019935"

static const char asked[] = "| survey |\n| | type | name | label | appearance |\n"
			    "| | text | applicant_name | 姓名 | |\n"
			    "| | text | applicant_id | 身份证号码 | id-card |\n"
			    "| | text | applicant_address | 住址 | |\n"
			    "| | text | applicant_bank_name | 开户银行 | |\n"
			    "| | select_one town | town | 乡镇 | |\n"
			    "| | begin_repeat | holder | 股东 | |\n"
			    "| | text | holder_name | 姓名 | |\n"
			    "| | text | holder_id | 身份证号 | id-card |\n"
			    "| | end_repeat | | | |\n"
			    "| choices |\n| | list_name | name | label |\n| | town | a | 甲镇 |\n";

static struct form *form;
static struct entry *entry;
static struct buf filled; /* by the last reading */

static int make(void **state)
{
	struct buf faults = {0};

	(void)state;
	if (form_read_markdown(&form, asked, strlen(asked), &faults) != OK)
		fail_msg("%s", buf_str(&faults));
	entry = entry_new(form, &clock_system);
	buf_fini(&faults);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	entry_free(entry);
	form_free(form);
	buf_fini(&filled);
	return 0;
}

/* What is said of a card read in the field of that place; NULL: it was none. */
static const char *read_in(const char *place, const char *typed, const char *stood)
{
	static struct buf said;
	const struct entry_line *lines;
	struct node *n = entry_find(entry, place);
	size_t count = entry_lines(entry, &lines), i = 0;
	bool done;

	while (i < count && lines[i].node != n)
		i++;
	assert_true(i < count);
	buf_clear(&said);
	buf_clear(&filled);
	done = card_fill(entry, &lines[i], typed, stood, clock_day(clock_wall_ms(&clock_system)),
		&said, &filled);
	return done ? buf_str(&said) : NULL;
}

static void is(const char *place, const char *value)
{
	assert_string_equal(entry_find(entry, place)->value, value);
}

static void its_parts_go_to_their_fields_wherever_it_is_read(void **state)
{
	(void)state;
	assert_string_equal(read_in("applicant_bank_name", CARD, ""), "");
	is("applicant_name", "陈另例");
	is("applicant_id", "371323199205129964");
	is("applicant_address", "示范镇人民路18号");
	is("applicant_bank_name", "");
	assert_string_equal(buf_str(&filled), "applicant_name\napplicant_id\napplicant_address\n");
	assert_string_equal(read_in("applicant_bank_name", CARD, ""), ""); /* once more */
	assert_string_equal(buf_str(&filled), "");
}

static void where_one_chooses_it_is_the_person_asked_for_last(void **state)
{
	(void)state;
	assert_string_equal(read_in("town", CARD, NULL), "");
	is("applicant_id", "371323199205129964");
	is("town", "");
}

static void in_a_repetition_it_is_that_one(void **state)
{
	struct node *first;

	(void)state;
	entry_repeat_add(entry, entry_find(entry, "holder[1]"), &first);
	assert_string_equal(read_in("holder[2]/holder_name", CARD, ""), "");
	is("holder[2]/holder_id", "371323199205129964");
	is("holder[1]/holder_id", "");
	is("applicant_id", "");
}

static void of_another_person_nothing_is_taken(void **state)
{
	(void)state;
	entry_set_place(entry, "applicant_name", "陈试例");
	entry_set_place(entry, "applicant_id", OTHER);
	assert_string_equal(read_in("applicant_address", CARD, ""),
		"读出的与已填的不同: 身份证号码、姓名。是另一个人的证, 什么都没有改。");
	is("applicant_name", "陈试例");
	is("applicant_address", "");
	entry_set_place(entry, "applicant_id", "");
	assert_string_equal(read_in("applicant_address", CARD, ""),
		"读出的与已填的不同: 姓名。是另一个人的证, 什么都没有改。");
	/* behind a name that was typed and is no answer yet */
	entry_set_place(entry, "applicant_name", "");
	assert_non_null(read_in("applicant_name", CARD, "王试例"));
	is("applicant_name", "王试例");
	is("applicant_id", "");
	/* cleared first, it is read anew */
	assert_string_equal(read_in("applicant_name", CARD, ""), "");
	is("applicant_name", "陈另例");
}

static void what_differs_alone_is_named(void **state)
{
	(void)state;
	entry_set_place(entry, "applicant_address", "示范路8号");
	assert_string_equal(
		read_in("applicant_name", CARD, ""), "读出的与已填的不同, 没有改: 住址。请核对。");
	is("applicant_id", "371323199205129964");
	is("applicant_address", "示范路8号");
	assert_string_equal(buf_str(&filled), "applicant_name\napplicant_id\n");
}

static void a_wrong_card_is_no_text(void **state)
{
	(void)state;
	assert_string_equal(read_in("applicant_bank_name", "陈另例,女,汉,371323199205129965", ""),
		"读出的身份证号码校验不对, 没有填。请再读一次, 还不对就照原件输入。");
	is("applicant_bank_name", "");
}

static void other_text_is_text(void **state)
{
	(void)state;
	assert_null(read_in("applicant_bank_name", "示范农商银行", ""));
	assert_null(read_in("applicant_bank_name", OTHER, "")); /* an account may look like it */
	assert_null(read_in("applicant_id", OTHER, ""));	/* just typed */
	assert_string_equal(read_in("applicant_name", OTHER, ""), "");
	is("applicant_id", OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			its_parts_go_to_their_fields_wherever_it_is_read, make, drop),
		cmocka_unit_test_setup_teardown(
			where_one_chooses_it_is_the_person_asked_for_last, make, drop),
		cmocka_unit_test_setup_teardown(in_a_repetition_it_is_that_one, make, drop),
		cmocka_unit_test_setup_teardown(of_another_person_nothing_is_taken, make, drop),
		cmocka_unit_test_setup_teardown(what_differs_alone_is_named, make, drop),
		cmocka_unit_test_setup_teardown(a_wrong_card_is_no_text, make, drop),
		cmocka_unit_test_setup_teardown(other_text_is_text, make, drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
