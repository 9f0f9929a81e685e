/* Definitions and entry: what is refused when it is read, what follows from an answer, what is
 * wrong. */
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

static struct form *read(const char *markdown)
{
	struct buf faults = {0};
	struct form *f = NULL;

	if (form_read_markdown(&f, markdown, strlen(markdown), &faults) != OK)
		fail_msg("refused: %s", buf_str(&faults));
	buf_fini(&faults);
	return f;
}

static void refuse(const char *markdown, const char *place)
{
	struct buf faults = {0};
	struct form *f = NULL;

	assert_int_equal(form_read_markdown(&f, markdown, strlen(markdown), &faults), ERR_INVALID);
	if (strstr(buf_str(&faults), place) == NULL)
		fail_msg("%s not in: %s", place, buf_str(&faults));
	buf_fini(&faults);
}

static void faulty_definitions_are_refused_with_their_place(void **state)
{
	(void)state;
	refuse("| choices |", "survey:1:1");
	refuse("| survey |\n| | type | name | label |\n| | txt | a | a |\n", "survey:3:1");
	refuse("| survey |\n| | type | name | label |\n| | text | a | a |\n| | text | a | a |\n",
		"survey:4:2");
	refuse("| survey |\n| | type | name | label |\n| | begin_group | g | g |\n| | text | a | a |\n",
		"end_group");
	refuse("| survey |\n| | type | name | label |\n| | end_group | | |\n", "survey:3:1");
	refuse("| survey |\n| | type | name | label |\n| | select_one l | a | a |\n", "survey:3:1");
	refuse("| survey |\n| | type | name | label |\n| | geopoint | a | a |\n", "geopoint");
	refuse("| survey |\n| | type | name | label | relevant |\n| | text | a | a | ${b} = 1 |\n",
		"${b}");
	refuse("| survey |\n| | type | name | label | relevant |\n| | text | a | a | 1 + |\n",
		"survey:3:4");
	refuse("| survey |\n| | type | name | label | calculation |\n| | calculate | a | a | ${b} + 1 |\n"
	       "| | calculate | b | b | ${a} + 1 |\n",
		"survey:4:4: b 和 a");
	refuse("| survey |\n| | type | name | label | relevant |\n| | text | a | a | ${b} = 1 |\n",
		"survey:3:4: a 的 relevant");
}

/* Nobody mends one fault, checks again, and is told the next. */
static void all_faults_are_told_at_once(void **state)
{
	static const char many[] =
		"| survey |\n| | type | name | label | relevant | constraint |\n"
		"| | text | a | A | ${b} = | ${nope} = 1 |\n| | txt | c | C | | |\n"
		"| | integer | b | B ${gone} | ${c} = 1 | |\n| | text | a | A | | |\n"
		"| | text | d | D | ${a} = 1 or ${missing} | |\n";
	static const char rules[] =
		"| survey |\n| | type | name | label | relevant | calculation |\n"
		"| | text | a | A | ${b} = | |\n"
		"| | calculate | b | B | | ${c} + 1 |\n"
		"| | calculate | c | C | | ${b} + /data/nowhere |\n";
	struct buf faults = {0};
	struct form *f = NULL;

	(void)state;
	assert_int_equal(form_read_markdown(&f, many, strlen(many), &faults), ERR_INVALID);
	assert_non_null(strstr(buf_str(&faults), "survey:3:4"));
	assert_non_null(strstr(buf_str(&faults), "${nope}"));
	assert_non_null(strstr(buf_str(&faults), "survey:4:1"));
	assert_non_null(strstr(buf_str(&faults), "${gone}"));
	assert_non_null(strstr(buf_str(&faults), "survey:6:2"));
	assert_non_null(strstr(buf_str(&faults), "${missing}"));
	assert_null(strstr(buf_str(&faults), "${c}")); /* it is there, but of no type */
	assert_null(strstr(buf_str(&faults), "${a}"));
	buf_clear(&faults);
	assert_int_equal(form_read_markdown(&f, rules, strlen(rules), &faults), ERR_INVALID);
	assert_non_null(strstr(buf_str(&faults), "survey:3:4"));
	assert_non_null(strstr(buf_str(&faults), "nowhere"));
	assert_non_null(strstr(buf_str(&faults), "survey:5:5: c 和 b"));
	buf_fini(&faults);
}

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

static void json_is(struct entry *e, const char *want)
{
	struct buf b = {0};

	entry_json(e, &b);
	assert_string_equal(buf_str(&b), want);
	buf_fini(&b);
}

static void answers_lead_to_questions_and_sums(void **state)
{
	struct form *f = read(family);
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
	json_is(e,
		"{\"married\":\"yes\",\"spouse\":\"王示范\",\"member\":[{\"name\":\"甲\",\"income\":100.5},"
		"{\"name\":\"乙\",\"income\":20}],\"total\":\"120.5\"}");
	entry_json(e, &b);
	again = entry_new(f, &clock_system);
	assert_int_equal(entry_load(again, b.data, b.len, NULL), OK);
	json_is(again, b.data);
	entry_set_place(e, "married", "no"); /* hidden, kept, not exported */
	assert_int_equal(entry_repeat_remove(e, entry_find(e, "member[1]")), OK);
	json_is(e,
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
	struct form *f = read(family);
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
	struct form *f = read(family);
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
	struct form *f = read(nested);
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
	struct form *f = read(family);
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
	json_is(again, buf_str(&want));
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
	struct form *f = read(family);
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
	struct form *f = read(half_typed);
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
	entry_typing(e, children, "1");
	entry_changed(e, see_change, &c);
	assert_non_null(entry_find(e, "child[12]"));
	entry_set(e, children, "13");
	assert_string_equal(entry_find(e, "child[12]/name")->value, "陈小例");
	entry_typing(e, entry_find(e, "child[13]/name"), "陈");
	entry_set(e, children, "12"); /* the field goes in which it is typed */
	entry_saved(e);
	entry_free(e);
	form_free(f);
}

/* ---- the one form an answer is written in ---- */

static const char kinds_of_answers[] =
	"| survey |\n| | type | name | label | parameters |\n| | integer | n | n | |\n| | decimal | d | d | |\n"
	"| | date | day | day | |\n| | time | hour | hour | |\n| | dateTime | moment | moment | |\n"
	"| | select_multiple l | some | some | |\n| | rank l | order | order | |\n| | acknowledge | read | read | |\n"
	"| | range | marks | marks | start=1 end=9 step=2 |\n"
	"| choices |\n| | list_name | name | label |\n| | l | a | 甲 |\n| | l | b | 乙 |\n"
	"| | l | c | 丙 丁 |\n";

struct written {
	const char *place, *typed, *stands;
	bool wrong;
};

static void answers_have_one_form(void **state)
{
	static const struct written rows[] = {{"n", "１２,０００", "12000", false},
		{"n", "+5", "5", false}, {"n", "-1,234", "-1234", false},
		{"n", "12,00", "12,00", true}, {"n", "5元", "5元", true}, {"n", "1.5", "1.5", true},
		{"d", "1,234,567.5", "1234567.5", false}, {"d", "1e5", "1e5", true},
		{"d", "0x10", "0x10", true}, {"d", "nan", "nan", true}, {"d", "-", "-", true},
		{"n", "0012", "12", false}, {"n", "-0", "0", false}, {"n", "000", "0", false},
		{"n", "0,123", "0,123", true}, {"n", "-007", "-7", false},
		{"n", "123456789012345", "123456789012345", false},
		{"n", "1234567890123456", "1234567890123456", true}, {"d", ".5", "0.5", false},
		{"d", "00.50", "0.50", false}, {"d", "-.5", "-0.5", false}, {"d", "5.", "5", false},
		{"d", "1.2.3", "1.2.3", true}, {"d", ".", ".", true},
		{"d", "0.00000000000000012", "0.00000000000000012", false},
		{"d", "1.50000000000000000000", "1.50000000000000000000", false},
		{"d", "3.141592653589793", "3.141592653589793", true},
		{"hour", "1430", "14:30", false}, {"hour", "930", "09:30", false},
		{"hour", "１４３０", "14:30", false}, {"hour", "143005", "14:30:05", false},
		{"hour", "2430", "2430", true}, {"hour", "1460", "1460", true},
		{"hour", "14", "14", true}, {"moment", "20260102 1430", "2026-01-02T14:30", false},
		{"day", "2026年1月2日", "2026-01-02", false},
		{"day", "2026-01-01T10:00", "2026-01-01T10:00", true},
		{"day", "2026-01-01abc", "2026-01-01abc", true},
		{"day", "2026-02-30", "2026-02-30", true}, {"hour", "9:5", "09:05", false},
		{"hour", "9：05", "09:05", false}, {"hour", "14时30分", "14:30", false},
		{"hour", "9点", "09:00", false}, {"hour", "9:05:61", "09:05:61", true},
		{"hour", "24:00", "24:00", true}, {"hour", "12:00+08:00", "12:00+08:00", false},
		{"hour", "noon", "noon", true},
		{"moment", "2026/1/2 9:05", "2026-01-02T09:05", false},
		{"moment", "2026-01-02", "2026-01-02", true},
		{"moment", "2026-01-02T09:05:00+08:00", "2026-01-02T09:05:00+08:00", false},
		{"some", "b a b", "b a", false}, {"some", "乙、丙 丁", "b c", false},
		{"some", "甲, 戊", "甲, 戊", true}, {"order", "c a b", "c a b", false},
		{"order", "c a", "c a", true}, {"order", "丙 丁、甲、乙", "c a b", false},
		{"read", "是", "OK", false}, {"read", "no", "", false},
		{"read", "maybe", "maybe", true}, {"marks", "3", "3", false},
		{"marks", "4", "4", true}, {"marks", "11", "11", true}};
	struct form *f = read(kinds_of_answers);
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct node *n = entry_find(e, rows[i].place);
		entry_set(e, n, rows[i].typed);
		if (strcmp(n->value, rows[i].stands) != 0)
			fail_msg("%s: %s, want %s", rows[i].typed, n->value, rows[i].stands);
		if ((entry_finding(e, n)->verdict == VERDICT_ERROR) != rows[i].wrong)
			fail_msg("%s in %s: %s", rows[i].typed, rows[i].place,
				buf_str(&entry_finding(e, n)->message));
	}
	entry_free(e);
	form_free(f);
}

static void a_day_or_hour_that_is_none_is_told_so(void **state)
{
	static const struct written rows[] = {/* stands: what the sentence begins with */
		{"day", "19900230", "1990-02-30 不存在", true},
		{"day", "1990.2.30", "1990-02-30 不存在", true},
		{"day", "1990年2月30日", "1990-02-30 不存在", true},
		{"day", "1990-02-30", "1990-02-30 不存在", true},
		{"day", "1990/13/1", "1990-13-01 不存在", true},
		{"day", "90-2-3", "年份要写四位", true}, {"day", "1990", "日期要写成", true},
		{"day", "1990--2-3", "日期要写成", true},
		{"day", "2026-01-01T10:00", "日期要写成", true}, {"day", "1992-2-29", "", false},
		{"hour", "1460", "没有 14 时 60 分", true},
		{"hour", "24:00", "没有 24 时 00 分", true},
		{"hour", "2530", "没有 25 时 30 分", true},
		{"hour", "25点", "没有 25 时 00 分", true},
		{"hour", "9:5:61", "没有 9 时 05 分 61 秒", true},
		{"hour", "090561", "没有 9 时 05 分 61 秒", true},
		{"hour", "-1:30", "时间要写成", true}, {"hour", "12:00x", "时间要写成", true},
		{"moment", "19900230 1430", "1990-02-30 不存在", true},
		{"moment", "2026-1-2 2460", "没有 24 时 60 分", true},
		{"moment", "2026-01-02", "日期时间要写成", true},
		{"moment", "2026年100000000000月2日 9:00", "日期时间要写成", true},
		{"moment", "2026年11月24日 9:00", "", false}};
	struct form *f = read(kinds_of_answers);
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct node *n = entry_find(e, rows[i].place);
		const struct finding *found;
		entry_set(e, n, rows[i].typed);
		found = entry_finding(e, n);
		if ((found->verdict == VERDICT_ERROR) != rows[i].wrong ||
			strncmp(buf_str(&found->message), rows[i].stands, strlen(rows[i].stands)) !=
				0)
			fail_msg("%s: %s, want %s", rows[i].typed, buf_str(&found->message),
				rows[i].stands);
	}
	entry_free(e);
	form_free(f);
}

/* What is computed from a wrong answer stays empty: one fault, one finding, at the answer. */
static void one_wrong_answer_is_one_finding(void **state)
{
	static const char aged[] =
		"| survey |\n| | type | name | label | calculation |\n| | date | born | born | |\n"
		"| | calculate | birth | birth | ${born} |\n"
		"| | integer | age | age | if(${birth} != '', age(${birth}), '') |\n"
		"| | integer | next | next | age(${birth}) + 1 |\n"
		"| | text | word | word | |\n| | integer | of_word | of_word | age(${word}) |\n";
	struct form *f = read(aged);
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
	struct form *f = read(counted);
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	assert_int_equal(entry_set_place(e, "member[1]/name", "a"), ERR_NOT_FOUND);
	assert_int_equal(entry_set_place(e, "n", "2"), OK);
	assert_int_equal(entry_set_place(e, "member[2]/name", "b"), OK);
	assert_int_equal(entry_set_place(e, "member[3]/name", "c"), ERR_NOT_FOUND);
	entry_free(e);
	e = entry_new(f, &clock_system);
	assert_int_equal(entry_load(e, answers, strlen(answers), NULL), OK);
	json_is(e, "{\"member\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"n\":2,\"stamp\":\"kept\"}");
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
	struct form *f = read(multiplied);
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
	json_is(e, "{\"n\":0}");
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
	struct form *f = read(proposed);
	struct entry *e = entry_new(f, &clock_system);
	const struct entry_fault *faults;

	(void)state;
	assert_int_equal(entry_set_place(e, "asked", "limb"), OK);
	assert_int_equal(entry_check(e, &faults), 0);
	json_is(e, "{\"asked\":\"limb\",\"kind\":\"limb\"}");
	assert_int_equal(entry_set_place(e, "kind", "sight"), OK);
	json_is(e, "{\"asked\":\"limb\",\"kind\":\"sight\"}");
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
	struct form *f = read(stamped);
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
	struct form *f = read(circle);
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	assert_int_equal(entry_set_place(e, "a", "y"), OK);
	json_is(e, "{\"a\":\"y\",\"after\":\"!\"}");
	assert_int_equal(entry_set_place(e, "a", "x"), OK);
	assert_false(entry_find(e, "a")->relevant);
	json_is(e, "{\"t\":\"stop\",\"after\":\"stop!\"}");
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
	struct form *f = read(aged);
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
	struct form *f = read(shared);
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

/* The number of a paper is taken however it was typed. */
static void a_code_is_written_as_it_is_printed(void **state)
{
	struct form *f = NULL;
	struct entry *e;
	static const char md[] = "| survey |\n| | type | name | label | appearance | constraint |\n"
				 "| | text | no | 编号 | code | regex(., '^[A-Z][0-9]{4}$') |\n"
				 "| | text | other | 附注 | | |\n";

	(void)state;
	assert_int_equal(form_read_markdown(&f, md, strlen(md), NULL), OK);
	assert_string_equal(f->doubts, "");
	e = entry_new(f, &clock_system);
	entry_set_place(e, "no", " ｘ37 ０１ ");
	assert_string_equal(entry_find(e, "no")->value, "X3701");
	entry_set_place(e, "other", "ｘ37 ０１");
	assert_string_equal(entry_find(e, "other")->value, "ｘ37 ０１");
	entry_free(e);
	form_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_is_written_as_it_is_printed),
		cmocka_unit_test(answers_have_one_form),
		cmocka_unit_test(a_day_or_hour_that_is_none_is_told_so),
		cmocka_unit_test(one_wrong_answer_is_one_finding),
		cmocka_unit_test(a_quotient_is_rounded_or_cannot_be_had),
		cmocka_unit_test(what_an_answer_proposes_may_be_changed),
		cmocka_unit_test(a_trigger_need_not_stand_in_the_rule),
		cmocka_unit_test(a_trigger_may_take_itself_away),
		cmocka_unit_test(more_than_can_be_held_is_said),
		cmocka_unit_test(what_follows_follows_at_once),
		cmocka_unit_test(counted_repetitions_come_with_their_number),
		cmocka_unit_test(faulty_definitions_are_refused_with_their_place),
		cmocka_unit_test(all_faults_are_told_at_once),
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
