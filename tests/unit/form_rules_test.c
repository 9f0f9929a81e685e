/* Rules of a definition that could never be computed are refused where they stand; legal ones are
 * taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "forms/entry.h"
#include "forms/form.h"
#include "forms/instance.h"

#define CHOICES \
	"| choices |\n" \
	"| | list_name | name | label | type |\n" \
	"| | l | a | A | x |\n" \
	"| | l | b | B | y |\n"
#define HEAD \
	"| survey |\n" \
	"| | type | name | label | calculation | relevant | choice_filter | repeat_count |\n"
/* A choice s, a repeat r of a number x; what is added stands in row 8. */
#define BEFORE \
	HEAD "| | integer | n | N | | | | |\n" \
	     "| | select_one l | s | S | | | | |\n" \
	     "| | begin_repeat | r | R | | | | |\n" \
	     "| | integer | x | X | | | | |\n" \
	     "| | end_repeat | | | | | | |\n"

static enum err read_form(const char *markdown, struct form **f, struct buf *faults)
{
	return form_read_markdown(f, markdown, strlen(markdown), faults);
}

/* A fault that begins at where and says what, and no other fault. */
static void refused(const char *markdown, const char *where, const char *what)
{
	struct buf faults = {0};
	struct form *f = NULL;

	assert_int_equal(read_form(markdown, &f, &faults), ERR_INVALID);
	if (strncmp(buf_str(&faults), where, strlen(where)) != 0 ||
		strstr(buf_str(&faults), what) == NULL ||
		strchr(buf_str(&faults), '\n') != strrchr(buf_str(&faults), '\n'))
		fail_msg("%s, expected one at %s: %s", buf_str(&faults), where, what);
	buf_fini(&faults);
}

static void taken(const char *markdown)
{
	struct buf faults = {0};
	struct form *f = NULL;

	if (read_form(markdown, &f, &faults) != OK)
		fail_msg("%s", buf_str(&faults));
	form_free(f);
	buf_fini(&faults);
}

/* Taken, with one doubt that begins so. */
static void doubted(const char *markdown, const char *doubt)
{
	struct form *f = NULL;

	assert_int_equal(read_form(markdown, &f, NULL), OK);
	if (strncmp(f->doubts, doubt, strlen(doubt)) != 0 ||
		strchr(f->doubts, '\n') != strrchr(f->doubts, '\n'))
		fail_msg("%s, expected one: %s", f->doubts, doubt);
	form_free(f);
}

/* The form with a calculation of this rule. */
static void calculating(struct buf *form, const char *rule)
{
	buf_printf(form, "%s| | calculate | c | | %s | | | |\n%s", BEFORE, rule, CHOICES);
}

static void rule_refused(const char *rule, const char *what)
{
	struct buf form = {0};

	calculating(&form, rule);
	refused(buf_str(&form), "survey:8:4: ", what);
	buf_fini(&form);
}

static void rule_taken(const char *rule)
{
	struct buf form = {0};

	calculating(&form, rule);
	taken(buf_str(&form));
	buf_fini(&form);
}

/* A note is answered by nobody: nothing needs to call it by a name. */
static void only_a_note_may_go_without_a_name(void **state)
{
	(void)state;
	taken("| survey |\n| | type | name | label |\n| | note | | A |\n| | note | | B |\n"
	      "| | text | a | C |\n");
	refused("| survey |\n| | type | name | label |\n| | note | n | A |\n| | text | | B |\n",
		"survey:4:2: ", "name");
}

static void paths_to_nothing_are_said(void **state)
{
	(void)state;
	rule_refused("sum(${r}/xx)", "xx");
	rule_refused("../nope + 1", "nope");
	rule_refused("/data/r/xx", "xx");
	rule_refused("/data/n + /other/r/x", "other");
	rule_refused("/s/r/x", "s");
	rule_refused("../../../n", "..");
	rule_refused("n + 1", "${");
	rule_refused("姓名 + 1", "姓名");
	rule_refused("£¥§©®₱₩", "£¥§©®₱₩");
	rule_refused("count(${r}[xx > 1])", "xx");
	rule_refused("instance('nolist')/root/item/label", "nolist");
	rule_refused("instance('l')/root/item[nam='a']/label", "nam");
	rule_refused("instance('l')/root/item[name='a']/labl", "labl");
	rule_refused("indexed-repeat(${x}, ${n}, 1)", "indexed-repeat");
	rule_refused("indexed-repeat(${n}, ${r}, 1)", "indexed-repeat");
	rule_refused("jr:choice-name(${n}, '${n}')", "n");
	rule_refused("jr:choice-name(${s}, '${nope}')", "nope");
	refused(BEFORE "| | select_one l | q | Q | | | typ='x' | |\n" CHOICES,
		"survey:8:6: ", "是不是 type");
	refused(BEFORE "| | calculate | c | | /other/n | | | |\n" CHOICES
		       "| settings |\n| | name |\n| | request |\n",
		"survey:8:4: ", "other");
}

/* Empty for every choice, as the specification has it: the form may be meant so. */
static void columns_a_list_lacks_are_doubted(void **state)
{
	(void)state;
	doubted(BEFORE "| | select_one l | q | Q | | | kind='x' | |\n" CHOICES,
		"survey:8:6: 提醒: q 的 choice_filter 里写了 kind");
	doubted(BEFORE
		"| | calculate | c | | instance('l')/root/item[kind='x']/label | | | |\n" CHOICES,
		"survey:8:4: 提醒: c 的 calculation 里写了 kind");
}

static void legal_paths_are_taken(void **state)
{
	(void)state;
	rule_taken("sum(${r}/x) + sum(/data/r/x) + ../n + position(..)");
	rule_taken("count(${r}[x > 1]) + count(/data/r[x = current()/../n]) + count(/data/*)");
	rule_taken("instance('l')/root/item[name = ${s} and type = 'x']/label");
	rule_taken("instance('l')/item[position() = 1]/type");
	rule_taken("indexed-repeat(${x}, ${r}, 1) + indexed-repeat(/data/r/x, /data/r, 2)");
	rule_taken("jr:choice-name(${s}, '${s}')");
	rule_taken("/data/meta/instanceID");
	rule_taken("/request/n + sum(/request/r/x)");
	taken(BEFORE
		"| | select_one l | q | Q | | | type = ${s} and name != current()/../s | |\n" CHOICES);
	taken("| settings |\n| | name | form_id |\n| | my | f7 |\n| survey |\n"
	      "| | type | name | label | calculation |\n| | integer | a | A | |\n"
	      "| | calculate | b | | /my/a + 1 |\n");
}

static void what_asks_for_itself_is_a_circle(void **state)
{
	(void)state;
	refused(HEAD "| | begin_group | g | G | | ${a} = 1 | | |\n"
		     "| | integer | a | A | | | | |\n"
		     "| | end_group | | | | | | |\n",
		"survey:", "圈");
	refused(HEAD "| | begin_group | g | G | | ../g/h/a = 1 | | |\n"
		     "| | begin_group | h | H | | | | |\n"
		     "| | integer | a | A | | | | |\n"
		     "| | end_group | | | | | | |\n"
		     "| | end_group | | | | | | |\n",
		"survey:", "圈");
	refused(HEAD "| | begin_repeat | g | G | | | | ${a} |\n"
		     "| | integer | a | A | | | | |\n"
		     "| | end_repeat | | | | | | |\n",
		"survey:", "圈");
	refused(HEAD "| | calculate | a | A | ../b + 1 | | | |\n"
		     "| | calculate | b | B | ../a + 1 | | | |\n",
		"survey:", "圈");
	taken(HEAD "| | integer | k | K | | | | |\n"
		   "| | begin_group | g | G | | ${k} = 1 | | |\n"
		   "| | begin_repeat | r | R | | | | ../../k |\n"
		   "| | integer | a | A | | | | |\n"
		   "| | calculate | c | C | count(${r}) + ${a} + position(..) | | | |\n"
		   "| | end_repeat | | | | | | |\n"
		   "| | end_group | | | | | | |\n");
}

/* Paths go where they were seen to lead. */
static void paths_lead_where_they_were_checked(void **state)
{
	static const char markdown[] =
		"| settings |\n| | form_id |\n| | f7 |\n" HEAD
		"| | select_one l | s | S | | | | |\n"
		"| | integer | n | N | | | | |\n"
		"| | select_one l | q | Q | | | name != current()/../s and type='y' | |\n"
		"| | calculate | c | | /data/n + 1 | | | |\n"
		"| | begin_repeat | r | R | | | | ../n |\n"
		"| | integer | a | A | | | | |\n"
		"| | end_repeat | | | | | | |\n" CHOICES;
	struct form *f = NULL;
	struct entry *e;
	const struct choice *const *choices;

	(void)state;
	assert_int_equal(read_form(markdown, &f, NULL), OK);
	e = entry_new(f, &clock_system);
	entry_set(e, entry_find(e, "n"), "2");
	entry_set(e, entry_find(e, "s"), "a");
	assert_string_equal(entry_find(e, "c")->value, "3");
	assert_non_null(entry_find(e, "r[2]/a"));
	assert_null(entry_find(e, "r[3]/a"));
	assert_int_equal(entry_choices(e, entry_find(e, "q"), &choices), 1);
	assert_string_equal(choices[0]->name, "b");
	entry_set(e, entry_find(e, "s"), "b");
	assert_int_equal(entry_choices(e, entry_find(e, "q"), &choices), 0);
	entry_free(e);
	form_free(f);
}

static void definitions_are_refused_as_elsewhere(void **state)
{
	(void)state;
	refused("| survey |\n| | type | name | parameters |\n"
		"| | audit | audit | location-max-age=3 location-min-interval=1 |\n",
		"survey:3:3: ", "location-priority");
	refused("| survey |\n| | type | name | parameters |\n| | audit | audit | "
		"location-priority=foo location-min-interval=1 location-max-age=2 |\n",
		"survey:3:3: ", "foo");
	refused("| survey |\n| | type | name | parameters |\n| | audit | audit | "
		"location-priority=balanced location-min-interval=-1 location-max-age=2 |\n",
		"survey:3:3: ", "-1");
	refused("| survey |\n| | type | name | parameters |\n"
		"| | audit | audit | track-changes-reasons=foo |\n",
		"survey:3:3: ", "foo");
	refused("| survey |\n| | type | name | label | parameters |\n"
		"| | select_one l | s | S | seed=42 |\n" CHOICES,
		"survey:3:4: ", "randomize");
	refused("| survey |\n| | type | name | label |\n| | begin repeat | data | R |\n"
		"| | text | q | Q |\n| | end repeat | | |\n",
		"survey:3:2: ", "data");
	refused("| survey |\n| | type | name | label |\n| | begin group | g | G |\n"
		"| | begin repeat | r | R |\n| | text | a | A |\n| | end repeat | | |\n"
		"| | end group | | |\n| | begin repeat | r | R |\n| | text | b | B |\n"
		"| | end repeat | | |\n",
		"survey:8:2: ", "r");
	refused("| survey |\n| | type | name | label |\n| | begin loop over l | o | O |\n"
		"| | begin repeat | r | R |\n| | text | a | A |\n| | end repeat | | |\n"
		"| | end loop | | |\n" CHOICES,
		"survey:4:2: ", "r");
	refused("| settings |\n| | name |\n| | bad@filename |\n"
		"| survey |\n| | type | name | label |\n| | text | q | Q |\n",
		"settings:", "bad@filename");
	refused("| settings |\n| | instance_name |\n| | ${q2} |\n"
		"| survey |\n| | type | name | label |\n| | text | q | Q |\n",
		"settings:3:1: ", "${q2}");
#define QUESTION "| survey |\n| | type | name | label | calculation |\n| | text | q | Q | |\n"
	refused("| settings |\n| | form_id | instance_name |\n| | a | ${q |\n" QUESTION,
		"settings:3:2: ", "instance_name 要写成算式");
	refused("| settings |\n| | instance_name |\n| | ${c} |\n" QUESTION
		"| | calculate | c | | concat(${instanceName}, ${q}) |\n",
		"s", "互相推算");
	refused("| settings |\n| | instance_name |\n| | ${c} |\n" QUESTION
		"| | calculate | c | | string(/data/meta/instanceName) |\n",
		"s", "互相推算");
	refused("| settings |\n| | instance_name |\n| | concat(${q}, x) |\n" QUESTION,
		"settings:3:1: ", "x");
	refused(QUESTION "| | calculate | c | | ${instanceName} |\n",
		"survey:4:4: ", "instance_name");
	taken("| settings |\n| | instance_name |\n| | x |\n" QUESTION);
	refused("| survey |\n| | type | name | label |\n| | begin group | g | G |\n"
		"| | text | q | Q |\n",
		"survey:3:1: ", "end_group");
	refused("| survey |\n| | type | name | label |\n| | gps | q | Q |\n",
		"survey:3:1: ", "窗口不采集位置");
	refused("| survey |\n| | type | name | label |\n| | select_one_from_file q.geojson | q | Q |\n",
		"survey:3:1: ", "q.geojson");
	refused("| survey |\n| | type | name | label |\n| | csv-external | q | |\n"
		"| | begin group | g | G |\n| | xml-external | q | |\n| | text | a | A |\n"
		"| | end group | | |\n",
		"survey:5:2: ", "q.csv 和 q.xml");
	refused("| survey |\n| | type | name |\n| | xml-external | q |\n| | xml-external | q |\n",
		"survey:4:2: ", "栏名 q 与第 3 行重复");
	refused("| survey |\n| | type | name | label |\n| | csv-external | q | |\n"
		"| | text | q | Q |\n",
		"survey:4:2: ", "栏名 q 与第 3 行重复");
	refused("| survey |\n| | type | name | label |\n| | text | q | Q |\n"
		"| | csv-external | q | |\n",
		"survey:4:2: ", "栏名 q 与第 3 行重复");
	taken("| survey |\n| | type | name | label |\n| | csv-external | q | |\n"
	      "| | begin group | g | G |\n| | csv-external | q | |\n| | text | a | A |\n"
	      "| | end group | | |\n");
	rule_refused("'身份证' +", "第 8 个字处");
	taken("| survey |\n| | type | name | label | calculation |\n| | imei | i | | |\n"
	      "| | add select one prompt using l | s | S ${instanceID} | |\n"
	      "| | q date | d | D | |\n| | add integer prompt | n | N | |\n"
	      "| | text | t | T | ${instanceID} |\n" CHOICES);
}

/* A change of any of them computes it. */
static void a_trigger_may_be_several(void **state)
{
	static const char markdown[] =
		"| survey |\n| | type | name | label | calculation | trigger |\n"
		"| | integer | a | A | | |\n| | integer | b | B | | |\n| | integer | n | N | | |\n"
		"| | calculate | c | | ${n} | ${a}, ${b} |\n";
	struct form *f = NULL;
	struct entry *e;

	(void)state;
	assert_int_equal(read_form(markdown, &f, NULL), OK);
	e = entry_new(f, &clock_system);
	entry_set(e, entry_find(e, "n"), "1");
	assert_string_equal(entry_find(e, "c")->value, "");
	entry_set(e, entry_find(e, "b"), "1");
	assert_string_equal(entry_find(e, "c")->value, "1");
	entry_set(e, entry_find(e, "n"), "2");
	assert_string_equal(entry_find(e, "c")->value, "1");
	entry_set(e, entry_find(e, "a"), "1");
	assert_string_equal(entry_find(e, "c")->value, "2");
	entry_free(e);
	form_free(f);
	refused("| survey |\n| | type | name | label | calculation | trigger |\n"
		"| | integer | a | A | | |\n| | calculate | c | | 1 | ${a} ${a} |\n",
		"survey:4:5: ", "逗号");
	refused("| survey |\n| | type | name | label | calculation | trigger |\n"
		"| | integer | a | A | | |\n| | calculate | c | | 1 | ${a},${z} |\n",
		"survey:4:5: ", "z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_note_may_go_without_a_name),
		cmocka_unit_test(paths_to_nothing_are_said),
		cmocka_unit_test(columns_a_list_lacks_are_doubted),
		cmocka_unit_test(legal_paths_are_taken),
		cmocka_unit_test(what_asks_for_itself_is_a_circle),
		cmocka_unit_test(paths_lead_where_they_were_checked),
		cmocka_unit_test(definitions_are_refused_as_elsewhere),
		cmocka_unit_test(a_trigger_may_be_several),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
