/* Filling in a form: what follows from an answer, what is wrong, what is written to the disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "forms/entry.h"
#include "forms/instance.h"
#include "tests/unit/small_form.h"

static const char family[] =
	"| survey |\n"
	"| | type | name | label | relevant | constraint | calculation | required | appearance |\n"
	"| | select_one yn | married | married | | | | yes | |\n"
	"| | text | spouse | spouse | ${married} = 'yes' | | | yes | |\n"
	"| | begin_repeat | member | member | | | | | |\n"
	"| | text | name | name | | | | yes | |\n"
	"| | decimal | income | income | | . >= 0 | | | |\n"
	"| | end_repeat | | | | | | | |\n"
	"| | calculate | total | total | | | sum(${income}) | | |\n"
	"| | text | phone | phone | | | | | mobile |\n"
	"| choices |\n| | list_name | name | label |\n| | yn | yes | Yes |\n| | yn | no | No |\n";

static void answers_lead_to_questions_and_sums(void **state)
{
	struct form *f = small_form(family);
	struct entry *e = entry_new(f, &clock_system), *again;
	const struct entry_fault *faults;
	struct buf b = {0};

	(void)state;
	assert_int_equal(entry_check(e, &faults), 2); /* and the member nobody has filled in */
	assert_int_equal(entry_set_place(e, "married", "yes"), OK);
	assert_int_equal(entry_check(e, &faults), 2);
	assert_string_equal(faults[0].node->name, "spouse");
	assert_int_equal(entry_set_place(e, "spouse", " 王示范 "), OK);
	assert_int_equal(entry_set_place(e, "member[1]/name", "甲"), OK);
	assert_int_equal(entry_set_place(e, "member[1]/income", "１００.5"), OK);
	assert_int_equal(entry_set_place(e, "member[2]/name", "乙"), OK);
	assert_int_equal(entry_set_place(e, "member[2]/income", "20"), OK);
	assert_int_equal(entry_check(e, &faults), 0);
	small_form_answers(e,
		"{\"married\":\"yes\",\"spouse\":\"王示范\",\"member\":[{\"name\":\"甲\",\"income\":100.5},"
		"{\"name\":\"乙\",\"income\":20}],\"total\":\"120.5\"}");
	entry_json(e, &b);
	again = entry_new(f, &clock_system);
	assert_int_equal(entry_load(again, b.data, b.len, NULL), OK);
	small_form_answers(again, b.data);
	entry_set_place(e, "married", "no"); /* hidden, kept, not exported */
	assert_int_equal(entry_repeat_remove(e, entry_find(e, "member[1]")), OK);
	small_form_answers(e,
		"{\"married\":\"no\",\"member\":[{\"name\":\"乙\",\"income\":20}],\"total\":\"20\"}");
	entry_set_place(e, "married", "yes");
	assert_string_equal(entry_find(e, "spouse")->value, "王示范");
	assert_int_equal(entry_set_place(e, "nowhere", "x"), ERR_NOT_FOUND);
	assert_int_equal(entry_set_place(e, "total", "1"), ERR_STATE);
	entry_free(again);
	entry_free(e);
	form_free(f);
	buf_fini(&b);
}

static void what_is_wrong_is_found_and_a_warning_may_be_accepted(void **state)
{
	struct form *f = small_form(family);
	struct entry *e = entry_new(f, &clock_system);
	const struct entry_fault *faults;
	struct node *phone = entry_find(e, "phone");

	(void)state;
	entry_set_place(e, "married", "no");
	entry_set_place(e, "member[1]/name", "甲");
	entry_set(e, phone, "1380000");
	assert_int_equal(entry_finding(e, phone)->verdict, VERDICT_ERROR);
	assert_int_equal(entry_accept(e, phone, "reason"), ERR_STATE);
	entry_set(e, phone, "16812345678");
	assert_int_equal(entry_finding(e, phone)->verdict, VERDICT_WARNING);
	assert_int_equal(entry_check(e, &faults), 1);
	assert_int_equal(entry_accept(e, phone, "与本人核对过"), OK);
	assert_int_equal(entry_check(e, &faults), 0);
	entry_set(e, phone, "+86 138-0000-0000");
	assert_string_equal(phone->value, "13800000000");
	entry_set_place(e, "member[1]/income", "-1");
	assert_int_equal(entry_check(e, &faults), 1);
	entry_set_place(e, "member[1]/income", "many");
	assert_int_equal(entry_check(e, &faults), 1);
	entry_set_place(e, "married", "perhaps");
	assert_int_equal(entry_finding(e, entry_find(e, "married"))->verdict, VERDICT_ERROR);
	entry_free(e);
	form_free(f);
}

static void what_the_centre_objects_to_stands_until_the_answer_changes(void **state)
{
	struct form *f = small_form(family);
	struct entry *e = entry_new(f, &clock_system);
	const struct entry_fault *faults;
	struct node *phone = entry_find(e, "phone"), *spouse;

	(void)state;
	entry_set_place(e, "married", "no");
	entry_set_place(e, "member[1]/name", "甲");
	entry_set(e, phone, "13800000000");
	entry_object(e, phone, "号码已注销");
	assert_int_equal(entry_finding(e, phone)->verdict, VERDICT_WARNING);
	assert_string_equal(entry_finding(e, phone)->rule, "centre.refused");
	assert_non_null(strstr(entry_finding(e, phone)->message.data, "号码已注销"));
	assert_int_equal(entry_check(e, &faults), 1);
	entry_set(e, phone, "13800000001");
	assert_int_equal(entry_finding(e, phone)->verdict, VERDICT_OK);
	entry_set(e, phone, "13800000000"); /* the refused one again */
	assert_int_equal(entry_check(e, &faults), 1);
	assert_int_equal(entry_accept(e, phone, "已与本人核对"), OK);
	assert_int_equal(entry_check(e, &faults), 0);
	/* a fault of our own comes first, and an empty answer can be objected to as well */
	entry_set(e, phone, "1380000");
	entry_object(e, phone, "位数不对");
	assert_int_equal(entry_finding(e, phone)->verdict, VERDICT_ERROR);
	entry_set(e, phone, "");
	entry_object(e, phone, "要填");
	assert_int_equal(entry_check(e, &faults), 1);
	/* nothing that is hidden, and no group, is in the way */
	spouse = entry_find(e, "spouse");
	entry_object(e, spouse, "应填配偶");
	entry_object(e, spouse->parent, "整组不对");
	assert_int_equal(entry_check(e, &faults), 1);
	entry_free(e);
	form_free(f);
}

static const char nested[] =
	"| survey |\n| | type | name | label |\n| | begin_group | g | g |\n| | begin_repeat | child | child |\n"
	"| | text | who | who |\n| | begin_repeat | toy | toy |\n| | text | what | what |\n| | end_repeat | | |\n"
	"| | end_repeat | | |\n| | end_group | | |\n";

/* A repeat inside another has no place of its own: not found, at once. */
static void a_place_leads_through_every_repeat(void **state)
{
	struct form *f = small_form(nested);
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	assert_int_equal(entry_set_place(e, "toy[3]/what", "球"), ERR_NOT_FOUND);
	assert_int_equal(entry_set_place(e, "child[2]/toy[3]/what", "球"), OK);
	assert_string_equal(entry_find(e, "child[2]/toy[3]/what")->value, "球");
	assert_null(entry_find(e, "child[3]"));
	assert_int_equal(entry_set_place(e, "child[1]/child[1]/who", "甲"), ERR_NOT_FOUND);
	entry_free(e);
	form_free(f);
}

struct changes {
	int count;
	char last[200];
};

static void see_change(void *arg, const char *place, const char *value)
{
	struct changes *c = arg;

	c->count++;
	snprintf(c->last, sizeof c->last, "%s=%s", place, value != NULL ? value : "(gone)");
}

static void only_what_changed_is_reported(void **state)
{
	struct form *f = small_form(family);
	struct entry *e = entry_new(f, &clock_system);
	struct changes c = {0};

	(void)state;
	entry_set_place(e, "member[2]/name", "乙");
	entry_changed(e, see_change, &c);
	assert_int_equal(c.count, 1);
	assert_string_equal(c.last, "member[2]/name=乙");
	entry_changed(e, see_change, &c);
	assert_int_equal(c.count, 2); /* again: nobody said that it was written */
	entry_saved(e);
	entry_changed(e, see_change, &c);
	assert_int_equal(c.count, 2);
	entry_repeat_remove(e, entry_find(e, "member[2]"));
	entry_changed(e, see_change, &c);
	assert_int_equal(c.count, 3);
	assert_string_equal(c.last, "member[2]/name=(gone)");
	entry_free(e);
	form_free(f);
}

/* What is on disk after each save: places and values. */
struct disk {
	struct {
		char place[32], value[32];
	} rows[200];
	size_t count;
};

static void write_row(void *arg, const char *place, const char *value)
{
	struct disk *d = arg;
	size_t i;

	for (i = 0; i < d->count && strcmp(d->rows[i].place, place) != 0; i++)
		;
	if (value == NULL) {
		assert_true(i < d->count); /* nothing goes away that was not there */
		d->rows[i] = d->rows[--d->count];
		return;
	}
	assert_true(i < d->count || d->count < 200);
	assert_false(i < d->count && strcmp(d->rows[i].value, value) == 0);
	snprintf(d->rows[i].place, sizeof d->rows[i].place, "%s", place);
	snprintf(d->rows[i].value, sizeof d->rows[i].value, "%s", value);
	d->count += i == d->count;
}

static void resumes_as_it_was(const struct form *f, struct entry *e, const struct disk *d)
{
	struct entry *again = entry_new(f, &clock_system);
	struct buf want = {0};

	for (size_t i = 0; i < d->count; i++)
		assert_int_equal(entry_set_place(again, d->rows[i].place, d->rows[i].value), OK);
	entry_json(e, &want);
	small_form_answers(again, buf_str(&want));
	buf_fini(&want);
	entry_free(again);
}

static unsigned dice(unsigned *seed, unsigned sides)
{
	*seed = *seed * 1103515245u + 12345u;
	return (*seed >> 16) % sides;
}

static const char *on_disk(const struct disk *d, const char *place)
{
	for (size_t i = 0; i < d->count; i++)
		if (strcmp(d->rows[i].place, place) == 0)
			return d->rows[i].value;
	return "";
}

/* Text comes to a field, is saved as it comes, and the field is left as it was. */
static void type_and_leave(struct entry *e, struct disk *d, const char *place, const char *text)
{
	struct node *n = entry_find(e, place);

	if (n == NULL)
		return;
	entry_typing(e, n, text);
	entry_changed(e, write_row, d);
	entry_saved(e);
	assert_string_equal(on_disk(d, place), text);
	if (entry_set(e, n, n->value) != OK)
		entry_typing(e, NULL, NULL); /* it is hidden */
}

/* Whatever is typed, added and removed, and whichever save fails: the disk follows. */
static void the_disk_follows_every_change(void **state)
{
	static const char *const names[] = {"married", "spouse", "phone"};
	static const char *const values[] = {"", "yes", "no", "13800138000", "7"};
	struct form *f = small_form(family);
	struct entry *e = entry_new(f, &clock_system);
	struct disk *disk = calloc(2, sizeof *disk);
	unsigned seed = 1;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		char place[32];
		unsigned which = dice(&seed, 8), row = 1 + dice(&seed, 5);
		struct node *n;
		snprintf(place, sizeof place, "member[%u]%s", row,
			which < 3    ? "/income"
			: which == 7 ? ""
				     : "/name");
		if (which == 7 && (n = entry_find(e, place)) != NULL)
			assert_int_equal(entry_repeat_remove(e, n), OK);
		else if (which != 7)
			entry_set_place(e, dice(&seed, 2) ? place : names[dice(&seed, 3)],
				values[dice(&seed, 5)]);
		if (dice(&seed, 3) == 0)
			continue;
		disk[1] = disk[0];
		entry_changed(e, write_row, &disk[1]);
		if (dice(&seed, 4) == 0)
			continue; /* the disk was full */
		disk[0] = disk[1];
		entry_saved(e);
		resumes_as_it_was(f, e, &disk[0]);
		if (dice(&seed, 3) == 0)
			type_and_leave(e, &disk[0], dice(&seed, 2) ? "member[1]/name" : "married",
				values[dice(&seed, 5)]);
	}
	free(disk);
	entry_free(e);
	form_free(f);
}

static const char half_typed[] =
	"| survey |\n| | type | name | label | relevant | repeat_count | appearance |\n"
	"| | text | id | id | | | person-id |\n"
	"| | text | permit | permit | person-id-type(${id}) = '511' | | |\n"
	"| | integer | children | children | | | |\n"
	"| | begin_repeat | child | child | | ${children} | |\n"
	"| | text | name | name | | | |\n| | end_repeat | | | | | |\n";

/* Nothing goes by what is being typed: a repetition that half a number would take away stays, with
 * all that is in it. */
static void what_is_typed_is_no_answer_yet(void **state)
{
	struct form *f = small_form(half_typed);
	struct entry *e = entry_new(f, &clock_system);
	struct node *id = entry_find(e, "id"), *children = entry_find(e, "children");
	struct changes c = {0};

	(void)state;
	entry_typing(e, id, "12345678"); /* a permit's, so far */
	entry_changed(e, see_change, &c);
	assert_int_equal(c.count, 1);
	assert_string_equal(c.last, "id=12345678");
	assert_false(entry_find(e, "permit")->relevant);
	assert_string_equal(id->value, "");
	assert_string_equal(entry_standing(e, id), "12345678");
	entry_set(e, id, "12345678");
	assert_true(entry_find(e, "permit")->relevant);

	entry_set(e, children, "12");
	entry_set_place(e, "child[12]/name", "陈小例");
	entry_changed(e, see_change, &c);
	entry_saved(e);
	c.count = 0;
	entry_typing(e, children, "1");
	entry_changed(e, see_change, &c);
	assert_int_equal(c.count, 0); /* twelve are on disk, with what was answered in them */
	assert_non_null(entry_find(e, "child[12]"));
	entry_set(e, children, "13");
	assert_string_equal(entry_find(e, "child[12]/name")->value, "陈小例");
	entry_typing(e, entry_find(e, "child[13]/name"), "陈");
	entry_set(e, children, "12"); /* the field goes in which it is typed */
	entry_saved(e);
	entry_free(e);
	form_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_lead_to_questions_and_sums),
		cmocka_unit_test(what_is_wrong_is_found_and_a_warning_may_be_accepted),
		cmocka_unit_test(what_the_centre_objects_to_stands_until_the_answer_changes),
		cmocka_unit_test(a_place_leads_through_every_repeat),
		cmocka_unit_test(only_what_changed_is_reported),
		cmocka_unit_test(the_disk_follows_every_change),
		cmocka_unit_test(what_is_typed_is_no_answer_yet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
