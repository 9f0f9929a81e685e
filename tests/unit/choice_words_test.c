/* The words of choices: with what was answered in them; and the choice that is written out. */
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

static struct form *read(const char *markdown)
{
	struct buf faults = {0};
	struct form *f = NULL;

	if (form_read_markdown(&f, markdown, strlen(markdown), &faults) != OK)
		fail_msg("refused: %s", buf_str(&faults));
	assert_string_equal(f->doubts, "");
	buf_fini(&faults);
	return f;
}

static void refused(const char *markdown, const char *want)
{
	struct buf faults = {0};
	struct form *f = NULL;

	assert_int_equal(form_read_markdown(&f, markdown, strlen(markdown), &faults), ERR_INVALID);
	if (strncmp(buf_str(&faults), want, strlen(want)) != 0)
		fail_msg("%s", buf_str(&faults));
	buf_fini(&faults);
}

static void offers(struct entry *e, const char *place, size_t which, const char *want)
{
	struct node *n = entry_find(e, place);
	const struct choice *const *choices;

	assert_true(entry_choices(e, n, &choices) > which);
	assert_string_equal(entry_choice_label(e, n, choices[which]), want);
}

static void shows(struct entry *e, const char *place, const char *want)
{
	struct buf out = {0};

	entry_text(e, entry_find(e, place), true, &out);
	assert_string_equal(buf_str(&out), want);
	buf_fini(&out);
}

#define MENTIONS \
	"| choices |\n| | list_name | name | label::中文 (zh) | label::English (en) |\n" \
	"| | l | self | ${who} 本人 | ${who} |\n| | l | spouse | ${who}的配偶 ${mate} | |\n" \
	"| | l | none | 都不是 | |\n"

static void what_was_answered_stands_in_a_choice(void **state)
{
	struct form *f = read(
		"| survey |\n| | type | name | label | calculation | relevant | constraint |\n"
		"| | text | who | 姓名 | | | |\n| | text | mate | 配偶姓名 | | ${who} != '' | |\n"
		"| | select_one l | q | 谁来办? | | | |\n| | select_multiple l | m | 还有谁 | | | |\n"
		"| | calculate | told | 说 | jr:choice-name(${q}, '${q}') | | |\n"
		"| | text | t | 备注 | | ${q} = 'spouse' | |\n" MENTIONS);
	struct entry *e = entry_new(f, &clock_system);
	struct buf why = {0};

	(void)state;
	offers(e, "q", 0, "[姓名] 本人");
	offers(e, "q", 1, "[姓名]的配偶 [配偶姓名]");
	offers(e, "q", 2, "都不是");
	entry_set_place(e, "who", "张三");
	entry_set_place(e, "mate", "李四");
	offers(e, "q", 1, "张三的配偶 李四");
	entry_set_place(e, "q", "spouse");
	entry_set_place(e, "m", "self none");
	shows(e, "q", "张三的配偶 李四");
	shows(e, "m", "张三 本人、都不是");
	shows(e, "told", "张三的配偶 李四");
	entry_why(e, "t", &why);
	assert_string_equal(buf_str(&why), "在这种情况下才问: “谁来办?” 为 “张三的配偶 李四”");
	entry_set_place(e, "who", ""); /* what is hidden says nothing */
	shows(e, "q", "[姓名]的配偶 [配偶姓名]");
	buf_fini(&why);
	entry_free(e);
	form_free(f);
}

static void put(struct entry *e, const char *place, const char *answer)
{
	assert_int_equal(entry_set(e, entry_find(e, place), answer), OK);
}

/* Words that are computed follow each answer in them, those in the words of another choice too. */
static void computed_words_follow(void **state)
{
	struct form *f = read(
		"| survey |\n| | type | name | label | calculation | relevant |\n"
		"| | calculate | told | 说 | jr:choice-name(${q}, '${q}') | |\n"
		"| | note | seen | 看 | | jr:choice-name(${q}, '${q}') = '由李四代办' |\n"
		"| | select_one l | q | 谁来办? | | |\n| | select_one k | kin | 是谁 | | |\n"
		"| | text | name | 姓名 | | ${hide} = '' |\n| | text | hide | 不问 | | |\n"
		"| choices |\n| | list_name | name | label |\n"
		"| | l | agent | 由${kin}代办 |\n| | k | named | ${name} |\n| | k | no | 别人 |\n");
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	put(e, "q", "agent");
	shows(e, "told", "由[是谁]代办");
	put(e, "kin", "named");
	shows(e, "told", "由[姓名]代办");
	put(e, "name", "张三");
	shows(e, "told", "由张三代办");
	assert_false(entry_find(e, "seen")->relevant);
	put(e, "name", "李四");
	shows(e, "told", "由李四代办");
	assert_true(entry_find(e, "seen")->relevant);
	put(e, "hide", "x");
	shows(e, "told", "由[姓名]代办");
	assert_false(entry_find(e, "seen")->relevant);
	put(e, "kin", "no");
	shows(e, "told", "由别人代办");
	entry_free(e);
	form_free(f);
}

/* The same words, read from the list as a table. */
static void words_of_a_table_follow(void **state)
{
	struct form *f = read(
		"| survey |\n| | type | name | label | calculation |\n| | text | who | 姓名 | |\n"
		"| | calculate | told | 说 | instance('l')/root/item[name = 'self']/label |\n"
		"| | calculate | pulled | 取 | pulldata('l', 'label', 'name', 'self') |\n"
		"| | calculate | found | 找 | instance('l')/root/item[label = '张三本人']/name |\n"
		"| | select_one l | q | 谁 | |\n"
		"| choices |\n| | list_name | name | label |\n"
		"| | l | self | ${who}本人 |\n| | l | no | 别人 |\n");
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	shows(e, "told", "[姓名]本人");
	put(e, "who", "张三");
	shows(e, "told", "张三本人");
	shows(e, "pulled", "张三本人");
	shows(e, "found", "self");
	put(e, "who", "李四");
	shows(e, "told", "李四本人");
	shows(e, "pulled", "李四本人");
	shows(e, "found", "");
	entry_free(e);
	form_free(f);
}

/* Words cannot be made of themselves. */
static void computed_words_in_a_circle(void **state)
{
	(void)state;
	refused("| survey |\n| | type | name | label | calculation |\n| | select_one l | q | 问 | |\n"
		"| | calculate | c | 说 | jr:choice-name(${q}, '${q}') |\n"
		"| choices |\n| | list_name | name | label |\n| | l | a | 甲 ${c} |\n",
		"survey:4:4: c 和 c 互相推算");
}

/* In a repetition it is the answer of the same one. */
static void of_its_own_repetition(void **state)
{
	struct form *f = read(
		"| survey |\n| | type | name | label |\n| | begin_repeat | r | 成员 |\n"
		"| | text | who | 姓名 |\n| | text | mate | 配偶 |\n| | select_one l | q | 谁 |\n"
		"| | end_repeat | | |\n" MENTIONS);
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	entry_set_place(e, "r[1]/who", "张三");
	entry_set_place(e, "r[2]/who", "李四");
	offers(e, "r[1]/q", 0, "张三 本人");
	offers(e, "r[2]/q", 0, "李四 本人");
	entry_free(e);
	form_free(f);
}

/* Words that lead back to themselves come to an end, however often they are mentioned. */
static void words_within_words(void **state)
{
	struct buf text = {0};
	struct form *f;
	struct entry *e;

	(void)state;
	buf_adds(&text, "| survey |\n| | type | name | label |\n| | select_one l | q | 问 |\n"
			"| | select_one k | p | 另问 |\n"
			"| choices |\n| | list_name | name | label |\n| | l | a | ");
	for (int i = 0; i < 40; i++)
		buf_adds(&text, "${q}${p}");
	buf_adds(&text, " |\n| | k | a | ${q} |\n");
	f = read(buf_str(&text));
	e = entry_new(f, &clock_system);
	entry_set_place(e, "q", "a");
	entry_set_place(e, "p", "a");
	buf_clear(&text);
	entry_text(e, entry_find(e, "q"), false, &text);
	assert_true(text.len < 300 << 10);
	assert_null(strstr(buf_str(&text), "${"));
	buf_clear(&text);
	entry_text(e, entry_find(e, "p"), false, &text);
	assert_null(strstr(buf_str(&text), "${"));
	for (int i = 0; i < 5000; i++)
		buf_adds(&text, "已有的文字");
	entry_set_place(e, "q", "");
	entry_text(e, entry_find(e, "p"), false, &text); /* after much else */
	assert_string_equal(buf_str(&text) + text.len - strlen("[问]"), "[问]");
	entry_free(e);
	form_free(f);
	buf_fini(&text);
}

/* Choices of one language have no words in the other: nothing is none of them. */
static void no_answer_is_no_choice(void **state)
{
	struct form *f = read("| survey |\n| | type | name | label |\n| | select_one l | q | 问 |\n"
			      "| | select_multiple l | m | 多 |\n"
			      "| choices |\n| | list_name | name | label |\n| | l | a | 甲 |\n");
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	for (int i = 0; i < 2; i++) {
		const char *place = i == 0 ? "q" : "m";
		entry_set_place(e, place, "甲");
		assert_string_equal(entry_find(e, place)->value, "a");
		entry_set_place(e, place, "");
		assert_string_equal(entry_find(e, place)->value, "");
		entry_set_place(e, place, " ");
		assert_string_equal(entry_find(e, place)->value, "");
	}
	entry_free(e);
	form_free(f);
}

static void a_name_in_a_choice_is_checked(void **state)
{
	(void)state;
	refused("| survey |\n| | type | name | label |\n| | text | who | 姓名 |\n"
		"| | select_one l | q | 谁 |\n"
		"| choices |\n| | list_name | name | label |\n| | l | a | ${woh} 本人 |\n",
		"choices:7:3: 文字里提到了 ${woh}");
	refused("| survey |\n| | type | name | label |\n| | text | who | 姓名 |\n"
		"| | select_one l | q | 谁 |\n| choices |\n"
		"| | list_name | name | label | label::English (en) |\n| | l | a | 甲 | ${woh} |\n",
		"choices:7:4: 文字里提到了 ${woh}");
}

/* ---- or_other ---- */

static size_t count_of(const struct form *f, const char *name)
{
	return f->fields[form_find(f, name)].list->count;
}

/* It is of the question that says so: others that share the list do not offer it. */
static void other_is_of_its_question(void **state)
{
	static const char sheet[] =
		"| survey |\n| | type | name | label |\n| | select_one l | a | 甲 |\n"
		"| | select_one l or_other | b | 乙 |\n| | select_multiple l | c | 丙 |\n"
		"| | select_multiple l or_other | d | 丁 |\n| | select_one k or_other | e | 戊 |\n"
		"| | select_one k | f | 己 |\n"
		"| choices |\n| | list_name | name | label | x |\n| | l | 1 | 一 | p |\n"
		"| | l | 2 | 二 | q |\n| | l | 3 | 三 | q |\n| | l | 4 | 四 | q |\n"
		"| | k | 1 | 一 | |\n| | k | other | 别的 | |\n";
	struct form *f = read(sheet);
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	assert_int_equal(count_of(f, "a"), 4);
	assert_int_equal(count_of(f, "b"), 5);
	assert_int_equal(count_of(f, "c"), 4);
	assert_int_equal(count_of(f, "d"), 5);
	assert_int_equal(count_of(f, "e"), 2); /* it has one of its own */
	assert_int_equal(count_of(f, "f"), 2);
	assert_int_equal(form_table(f, "l")->count, 4);
	offers(e, "b", 4, "其他");
	offers(e, "d", 3, "四");
	offers(e, "e", 1, "别的");
	entry_set_place(e, "a", "other");
	assert_int_equal(entry_finding(e, entry_find(e, "a"))->verdict, VERDICT_ERROR);
	entry_set_place(e, "b", "other");
	assert_int_equal(entry_finding(e, entry_find(e, "b"))->verdict, VERDICT_OK);
	shows(e, "b", "其他");
	assert_true(entry_find(e, "b_other")->relevant);
	entry_free(e);
	form_free(f);
}

/* What is checked of a list is checked for all who take it, and told once. */
static void lists_with_other_are_checked_too(void **state)
{
	struct buf faults = {0};
	struct form *f = NULL;
	static const char waits[] =
		"| survey |\n| | type | name | label | relevant |\n"
		"| | select_one l or_other | a | 甲 | |\n| | select_one l | b | 乙 | ${a} = 'other' |\n"
		"| | text | c | 丙 | ${b} = 'other' |\n"
		"| choices |\n| | list_name | name | label |\n| | l | 1 | 一 |\n";
	static const char bare[] =
		"| survey |\n| | type | name | label |\n| | select_one l | a | 甲 |\n"
		"| | select_one l or_other | b | 乙 |\n"
		"| choices |\n| | list_name | name | label |\n| | l | 1 | |\n";

	(void)state;
	refused("| survey |\n| | type | name | label |\n| | select_multiple l or_other | a | 甲 |\n"
		"| choices |\n| | list_name | name | label |\n| | l | a b | 一 |\n",
		"choices:6:2: ");
	assert_int_equal(form_read_markdown(&f, waits, strlen(waits), &faults), OK);
	assert_non_null(strstr(f->doubts, "survey:5:4: 提醒: c 的 relevant 里拿 b 与 'other' 比"));
	assert_ptr_equal(strchr(f->doubts, '\n'), strrchr(f->doubts, '\n'));
	form_free(f);
	assert_int_equal(form_read_markdown(&f, bare, strlen(bare), &faults), OK);
	assert_non_null(strstr(f->doubts, "没有 label"));
	assert_ptr_equal(strchr(f->doubts, '\n'), strrchr(f->doubts, '\n'));
	form_free(f);
	buf_fini(&faults);
}

/* In a loop each round has the question, all of them with one list. */
static void other_in_a_loop(void **state)
{
	struct buf text = {0};
	struct form *f;

	(void)state;
	buf_adds(&text, "| survey |\n| | type | name | label |\n"
			"| | begin_loop over l | g | %(label)s |\n"
			"| | select_one l or_other | q | 问 |\n| | end_loop | | |\n"
			"| choices |\n| | list_name | name | label |\n");
	for (int i = 0; i < 100; i++)
		buf_printf(&text, "| | l | n%d | 第 %d |\n", i, i);
	f = read(buf_str(&text));
	assert_int_equal(f->list_count, 2);
	assert_int_equal(form_table(f, "l")->count, 100);
	form_free(f);
	buf_fini(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_answered_stands_in_a_choice),
		cmocka_unit_test(computed_words_follow),
		cmocka_unit_test(words_of_a_table_follow),
		cmocka_unit_test(computed_words_in_a_circle),
		cmocka_unit_test(of_its_own_repetition),
		cmocka_unit_test(words_within_words),
		cmocka_unit_test(no_answer_is_no_choice),
		cmocka_unit_test(a_name_in_a_choice_is_checked),
		cmocka_unit_test(other_is_of_its_question),
		cmocka_unit_test(lists_with_other_are_checked_too),
		cmocka_unit_test(other_in_a_loop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
