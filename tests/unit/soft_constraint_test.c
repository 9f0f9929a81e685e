/* soft_constraint: what is rare and may be true is taken with a reason, and only so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "forms/entry.h"
#include "forms/form_examples.h"
#include "forms/form_merge.h"
#include "forms/instance.h"
#include "tests/unit/scratch.h"

static const char child[] =
	"| survey |\n| | type | name | label::中文 (zh) | constraint | soft_constraint "
	"| soft_constraint_message::中文 (zh) | soft_constraint_message::English (en) | appearance |\n"
	"| | integer | usual | 常见 | | | | | |\n"
	"| | integer | weight | 体重 | . > 0 | . >= ${usual} | ${usual} 克以下少见, 请核对 | Rare | |\n"
	"| | integer | rank | 胎次 | | . < 9 | | | |\n"
	"| | text | phone | 手机 | | . != '16812345678' | 少见 | Rare | mobile |\n";

static enum err reads(struct form **out, const char *markdown, struct buf *faults)
{
	buf_clear(faults);
	return form_read_markdown(out, markdown, strlen(markdown), faults);
}

static void finding_is(struct entry *e, const char *place, const char *value, enum verdict verdict,
	const char *rule, const char *message)
{
	const struct finding *found;

	entry_set_place(e, place, value);
	found = entry_finding(e, entry_find(e, place));
	assert_int_equal(found->verdict, verdict);
	if (rule != NULL)
		assert_string_equal(found->rule, rule);
	if (message != NULL)
		assert_string_equal(found->message.data, message);
}

struct kept {
	struct buf place, reason, told;
};

static void keep_reason(void *arg, const char *place, const char *reason, const char *told)
{
	struct kept *k = arg;

	buf_adds(&k->place, place);
	buf_adds(&k->reason, reason);
	buf_adds(&k->told, told);
}

static void what_is_rare_waits_for_a_reason(void **state)
{
	struct buf faults = {0}, sent = {0};
	struct form *f = NULL;
	const struct entry_fault *found;
	struct entry *e;

	(void)state;
	assert_int_equal(reads(&f, child, &faults), OK);
	assert_string_equal(f->doubts, "");
	e = entry_new(f, &clock_system);
	entry_set_place(e, "usual", "500");
	finding_is(e, "weight", "500", VERDICT_OK, NULL, NULL);
	finding_is(e, "weight", "499", VERDICT_WARNING, "form.soft_constraint",
		"500 克以下少见, 请核对");
	assert_int_equal(entry_check(e, &found), 1);
	assert_int_equal(found[0].verdict, VERDICT_WARNING);
	assert_int_equal(entry_accept(e, entry_find(e, "weight"), "与出生医学证明核对过"), OK);
	assert_int_equal(entry_check(e, &found), 0);
	entry_accepted_sent(e, &sent);
	assert_string_equal(buf_str(&sent),
		"[{\"field\":\"weight\",\"label\":\"体重\",\"rule\":\"form.soft_constraint\","
		"\"reason\":\"与出生医学证明核对过\",\"message\":\"500 克以下少见, 请核对\"}]");
	/* another value is another question; what cannot be is an error before it is rare */
	entry_set_place(e, "weight", "498");
	assert_int_equal(entry_check(e, &found), 1);
	finding_is(e, "weight", "0", VERDICT_ERROR, "form.constraint", NULL);
	/* without words of its own the rule is told; what the kind says comes first */
	finding_is(e, "rank", "12", VERDICT_WARNING, NULL, "少见, 请核对: 本项 小于 9");
	finding_is(e, "phone", "16812345678", VERDICT_WARNING, "mobile.segment", NULL);
	/* and what the rule looks at may change */
	entry_set_place(e, "weight", "499");
	entry_set_place(e, "usual", "400");
	assert_int_equal(entry_finding(e, entry_find(e, "weight"))->verdict, VERDICT_OK);
	entry_free(e);
	form_free(f);
	buf_fini(&sent);
	buf_fini(&faults);
}

/* Two warnings of one answer, one after the other: the reason for the first is none for the second.
 */
static void a_reason_is_for_one_rule(void **state)
{
	static const char pair[] =
		"| survey |\n| | type | name | label | soft_constraint | appearance |\n"
		"| | text | kept | Kept | | |\n"
		"| | text | phone | Phone | . != ${kept} | mobile |\n";
	struct buf faults = {0}, sent = {0};
	struct form *f = NULL;
	const struct entry_fault *found;
	struct entry *e;
	struct node *phone;

	(void)state;
	assert_int_equal(reads(&f, pair, &faults), OK);
	e = entry_new(f, &clock_system);
	phone = entry_find(e, "phone");
	entry_set_place(e, "kept", "13800000000");
	entry_set(e, phone, "13800000000");
	assert_int_equal(entry_accept(e, phone, "就是这个号"), OK);
	assert_int_equal(entry_check(e, &found), 0);
	entry_set_place(e, "kept", "");
	assert_null(entry_reason(e, phone));
	entry_accepted_sent(e, &sent);
	assert_string_equal(buf_str(&sent), "[]");
	entry_object(e, phone, "号码已注销");
	assert_int_equal(entry_check(e, &found), 1);
	assert_null(entry_reason(e, phone));
	assert_int_equal(entry_accept(e, phone, "已恢复"), OK);
	assert_int_equal(entry_check(e, &found), 0);
	assert_string_equal(entry_reason(e, phone), "已恢复");
	entry_free(e);
	form_free(f);
	buf_fini(&sent);
	buf_fini(&faults);
}

/* What the kind of the field doubts and what the form finds rare are told both, and a reason given
 * for one of them is none for both. */
static void what_kind_and_form_doubt_is_told_together(void **state)
{
	static const char pair[] =
		"| survey |\n| | type | name | label | soft_constraint | soft_constraint_message | appearance |\n"
		"| | text | kept | Kept | | | |\n"
		"| | text | phone | Phone | . != ${kept} | 与留过的号码一样 | mobile |\n";
	struct buf faults = {0};
	struct form *f = NULL;
	struct entry *e;
	struct node *phone;
	const char *told;

	(void)state;
	assert_int_equal(reads(&f, pair, &faults), OK);
	e = entry_new(f, &clock_system);
	phone = entry_find(e, "phone");
	entry_set(e, phone, "+85261234567");
	assert_int_equal(entry_doubts(e, phone), 1);
	assert_int_equal(entry_accept(e, phone, "在香港工作"), OK);
	entry_set_place(e, "kept", "+85261234567");
	assert_int_equal(entry_doubts(e, phone), 2);
	told = buf_str(&entry_finding(e, phone)->message);
	assert_string_equal(entry_finding(e, phone)->rule, "mobile.abroad");
	assert_non_null(strstr(told, "; 2) 与留过的号码一样"));
	assert_null(entry_reason(e, phone));
	assert_int_equal(entry_accept(e, phone, "一家人用一个香港号码"), OK);
	assert_string_equal(entry_reason(e, phone), "一家人用一个香港号码");
	/* what was given for both is still one for what is left of them */
	entry_set_place(e, "kept", "13800000000");
	assert_string_equal(entry_reason(e, phone), "一家人用一个香港号码");
	entry_free(e);
	form_free(f);
	buf_fini(&faults);
}

/* A reason that comes back from disk stands for what it was given for, in any language; another
 * rule wants its own. */
static void a_reason_comes_back_for_what_was_told(void **state)
{
	static const char changed[] =
		"| survey |\n| | type | name | label | soft_constraint |\n"
		"| | integer | usual | 常见 | |\n| | integer | weight | 体重 | . >= 600 |\n";
	struct buf faults = {0};
	struct form *before = NULL, *now = NULL;
	struct entry *e;
	struct node *weight;
	struct kept kept = {0};

	(void)state;
	assert_int_equal(reads(&before, child, &faults), OK);
	e = entry_new(before, &clock_system);
	entry_set_place(e, "usual", "500");
	entry_set_place(e, "weight", "499");
	weight = entry_find(e, "weight");
	assert_int_equal(entry_accept(e, weight, "称过\n两次"), OK);
	entry_each_reason(e, keep_reason, &kept);
	assert_string_equal(buf_str(&kept.place), "weight");
	assert_string_equal(buf_str(&kept.reason), "称过\n两次");
	entry_free(e);
	setenv("LANGUAGE", "en", 1);
	msg_init();
	e = entry_new(before, &clock_system);
	entry_set_place(e, "usual", "500");
	entry_set_place(e, "weight", "499");
	weight = entry_find(e, "weight");
	assert_true(entry_restore_reason(e, weight, "称过", buf_str(&kept.told)));
	assert_string_equal(entry_reason(e, weight), "称过");
	assert_string_equal(buf_str(&entry_finding(e, weight)->message), "Rare");
	unsetenv("LANGUAGE");
	msg_init();
	entry_free(e);
	assert_int_equal(reads(&now, changed, &faults), OK);
	e = entry_new(now, &clock_system);
	entry_set_place(e, "weight", "499");
	weight = entry_find(e, "weight");
	assert_false(entry_restore_reason(e, weight, "称过", buf_str(&kept.told)));
	assert_null(entry_reason(e, weight));
	entry_free(e);
	form_free(before);
	form_free(now);
	buf_fini(&kept.place);
	buf_fini(&kept.reason);
	buf_fini(&kept.told);
	buf_fini(&faults);
}

/* A repetition in which nothing was answered is not sent: those behind it move up, and the reasons
 * with them. */
static void reasons_arrive_where_their_answers_do(void **state)
{
	static const char family[] =
		"| survey |\n| | type | name | label | soft_constraint |\n"
		"| | begin_group | g | G | |\n| | begin_repeat | child | 子女 | |\n"
		"| | integer | weight | 体重 | . >= 500 |\n| | begin_repeat | visit | 体检 | |\n"
		"| | integer | length | 身长 | . >= 50 |\n| | end_repeat | | | |\n"
		"| | end_repeat | | | |\n| | end_group | | | |\n";
	struct buf faults = {0}, answers = {0}, sent = {0};
	struct form *f = NULL;
	const struct entry_fault *found;
	struct entry *here, *there;
	json *list = NULL;

	(void)state;
	assert_int_equal(reads(&f, family, &faults), OK);
	here = entry_new(f, &clock_system);
	there = entry_new(f, &clock_system);
	entry_set_place(here, "child[1]/weight", "");
	entry_set_place(here, "child[2]/weight", "499");
	entry_set_place(here, "child[2]/visit[1]/length", "");
	entry_set_place(here, "child[2]/visit[2]/length", "49");
	assert_int_equal(entry_accept(here, entry_find(here, "child[2]/weight"), "称过"), OK);
	assert_int_equal(
		entry_accept(here, entry_find(here, "child[2]/visit[2]/length"), "量过"), OK);
	assert_int_equal(entry_check(here, &found), 0);
	entry_json(here, &answers);
	entry_accepted_sent(here, &sent);
	assert_string_equal(buf_str(&sent),
		"[{\"field\":\"child[1]/weight\",\"label\":\"体重\","
		"\"rule\":\"form.soft_constraint\",\"reason\":\"称过\","
		"\"message\":\"少见, 请核对: 本项 不小于 500\"},"
		"{\"field\":\"child[1]/visit[1]/length\",\"label\":\"身长\","
		"\"rule\":\"form.soft_constraint\",\"reason\":\"量过\","
		"\"message\":\"少见, 请核对: 本项 不小于 50\"}]");
	assert_int_equal(entry_load(there, answers.data, answers.len, NULL), OK);
	assert_int_equal(entry_check(there, &found), 2);
	assert_int_equal(json_parse(&list, sent.data, sent.len, NULL), OK);
	entry_load_accepted(there, list);
	assert_int_equal(entry_check(there, &found), 0);
	json_free(list);
	entry_free(here);
	entry_free(there);
	form_free(f);
	buf_fini(&answers);
	buf_fini(&sent);
	buf_fini(&faults);
}

/* A value that the form puts there anew is another value too. */
static void a_reason_goes_when_the_form_puts_another_value(void **state)
{
	static const char put[] =
		"| survey |\n| | type | name | label | trigger | calculation | soft_constraint |\n"
		"| | integer | parts | Parts | | | |\n"
		"| | integer | price | Price | ${parts} | ${parts} * 100 | . < 300 |\n";
	struct buf faults = {0};
	struct form *f = NULL;
	struct entry *e;
	struct node *price;

	(void)state;
	assert_int_equal(reads(&f, put, &faults), OK);
	e = entry_new(f, &clock_system);
	price = entry_find(e, "price");
	entry_set_place(e, "parts", "3");
	assert_int_equal(entry_accept(e, price, "就这么贵"), OK);
	assert_string_equal(entry_reason(e, price), "就这么贵");
	entry_set_place(e, "parts", "9");
	assert_string_equal(price->value, "900");
	assert_null(entry_reason(e, price));
	entry_free(e);
	form_free(f);
	buf_fini(&faults);
}

static void why_tells_it(void **state)
{
	struct buf faults = {0}, why = {0};
	struct form *f = NULL;
	struct entry *e;

	(void)state;
	assert_int_equal(reads(&f, child, &faults), OK);
	e = entry_new(f, &clock_system);
	entry_set_place(e, "usual", "500");
	entry_why(e, "rank", &why);
	assert_string_equal(buf_str(&why), "提醒 (核对后可写明理由): 本项 小于 9");
	buf_clear(&why);
	entry_why(e, "weight", &why);
	assert_string_equal(buf_str(&why), "要求: 本项 大于 0\n"
					   "提醒 (核对后可写明理由): 500 克以下少见, 请核对\n"
					   "规则: 本项 不小于 常见");
	entry_free(e);
	form_free(f);
	buf_fini(&why);
	buf_fini(&faults);
}

/* Where nobody fills anything in, nobody could give a reason. */
static void a_warning_is_written_where_somebody_can_answer_it(void **state)
{
	static const struct {
		const char *row;
		enum err want;
		const char *said;
	} rows[] = {
		{"| | calculate | x | X | 1 | . > 2 | |\n", ERR_INVALID, "x 不是填的栏"},
		{"| | note | x | X | | . > 2 | |\n", ERR_INVALID, "x 不是填的栏"},
		{"| | begin_group | x | X | | . > 2 | |\n| | text | y | Y | | | |\n"
		 "| | end_group | | | | | |\n",
			ERR_INVALID, "x 不是填的栏"},
		{"| | integer | x | X | | . > ${no} | |\n", ERR_INVALID, "no"},
		{"| | integer | x | X | | . > | |\n", ERR_INVALID, "survey:3:5"},
		{"| | integer | x | X | | 1 = 1 | |\n", OK, "x 的 soft_constraint 不看任何一栏"},
		{"| | integer | x | X | | | Rare |\n", OK, "x 写了 soft_constraint_message"},
		{"| | integer | x | X | | . < 2 and . > 3 | |\n", OK, "没有一个值两样都合"},
	};
	struct buf text = {0}, faults = {0};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct form *f = NULL;
		buf_clear(&text);
		buf_printf(&text,
			"| survey |\n| | type | name | label | calculation | soft_constraint | "
			"soft_constraint_message |\n%s",
			rows[i].row);
		assert_int_equal(reads(&f, buf_str(&text), &faults), rows[i].want);
		if (strstr(rows[i].want == OK ? f->doubts : buf_str(&faults), rows[i].said) == NULL)
			fail_msg("%s: %s", rows[i].row,
				rows[i].want == OK ? f->doubts : buf_str(&faults));
		form_free(f);
	}
	buf_fini(&text);
	buf_fini(&faults);
}

static void a_heading_that_is_nearly_it_is_refused(void **state)
{
	struct buf faults = {0};
	struct form *f = NULL;

	(void)state;
	assert_int_equal(reads(&f,
				 "| survey |\n| | type | name | label | soft_constrain |\n"
				 "| | integer | x | X | . > 2 |\n",
				 &faults),
		ERR_INVALID);
	assert_non_null(strstr(buf_str(&faults), "是不是 soft_constraint?"));
	form_free(f);
	buf_fini(&faults);
}

static char *folder_of(
	const char *scratch, const char *name, const char *soft, const char *examples)
{
	char *folder = paths_join(scratch, name), *file;
	struct buf text = {0};

	assert_int_equal(mkdir(folder, 0700), 0);
	file = paths_join(folder, "survey.csv");
	buf_printf(&text,
		"type,name,label,soft_constraint,soft_constraint_message\ninteger,age,年龄,%s\n",
		soft);
	assert_int_equal(paths_replace(file, buf_str(&text), text.len), OK);
	free(file);
	file = paths_join(folder, "examples.jsonl");
	assert_int_equal(paths_replace(file, examples, strlen(examples)), OK);
	free(file);
	buf_fini(&text);
	return folder;
}

/* The words of a form may have lines and tabs, and so may a reason that a program brings: a letter
 * with them would be refused for its control characters. What nobody can read is no reason. */
static void what_a_letter_says_of_it_is_one_line(void **state)
{
	char *scratch = scratch_folder();
	struct buf faults = {0}, sent = {0};
	struct form *f = NULL;
	struct entry *e;
	char *folder = folder_of(scratch, "lines", ". > 2,\"少见,\n请核对\t(克)\"", "");

	(void)state;
	assert_int_equal(form_read_folder(&f, folder, &faults), OK);
	e = entry_new(f, &clock_system);
	entry_set_place(e, "age", "2");
	assert_int_equal(entry_accept(e, entry_find(e, "age"), " \n\u3000\x07"), ERR_STATE);
	assert_null(entry_reason(e, entry_find(e, "age")));
	assert_int_equal(entry_accept(e, entry_find(e, "age"), "核对过:\n是真的"), OK);
	entry_accepted_sent(e, &sent);
	assert_string_equal(buf_str(&sent),
		"[{\"field\":\"age\",\"label\":\"年龄\",\"rule\":\"form.soft_constraint\","
		"\"reason\":\"核对过: 是真的\",\"message\":\"少见, 请核对 (克)\"}]");
	entry_free(e);
	form_free(f);
	free(folder);
	buf_fini(&sent);
	buf_fini(&faults);
	scratch_remove(scratch);
}

/* Asked once for both matters, it is rare when either finds it so. */
static void a_bundle_keeps_the_warnings_of_its_forms(void **state)
{
	char *scratch = scratch_folder();
	struct buf faults = {0};
	struct form *f = NULL;
	struct entry *e;
	struct form_part parts[4] = {{NULL, ""}, {NULL, ""}, {NULL, ""}, {NULL, ""}};
	char *young, *old, *again, *none;
	struct buf sent = {0};
	struct node *age;

	(void)state;
	young = folder_of(scratch, "young", ". >= 3,年纪太小", "");
	old = folder_of(scratch, "old", ". <= 110,年纪太大", "");
	again = folder_of(scratch, "again", ". >= 3,还没到年纪", ""); /* the same rule */
	none = folder_of(scratch, "none", ". >= 0,不是年纪", "");
	parts[0].path = young;
	parts[1].path = old;
	parts[2].path = again;
	parts[3].path = none;
	assert_int_equal(form_read_merged(&f, "both", "两件", "items", parts, 4, &faults), OK);
	e = entry_new(f, &clock_system);
	age = entry_find(e, "age");
	finding_is(e, "age", "50", VERDICT_OK, NULL, NULL);
	finding_is(e, "age", "2", VERDICT_WARNING, "form.soft_constraint", "年纪太小");
	assert_int_equal(entry_accept(e, age, "户口簿如此"), OK);
	finding_is(e, "age", "111", VERDICT_WARNING, "form.soft_constraint", "年纪太大");
	assert_null(entry_reason(e, age));
	/* two at once are told both, and the reason says of each that it is for it */
	finding_is(e, "age", "-1", VERDICT_WARNING, "form.soft_constraint",
		"1) 年纪太小; 2) 不是年纪");
	assert_int_equal(entry_doubts(e, age), 2);
	assert_int_equal(entry_accept(e, age, "抄错"), OK);
	entry_accepted_sent(e, &sent);
	assert_string_equal(buf_str(&sent),
		"[{\"field\":\"age\",\"label\":\"年龄\",\"rule\":\"form.soft_constraint\","
		"\"reason\":\"抄错\",\"message\":\"年纪太小\"},"
		"{\"field\":\"age\",\"label\":\"年龄\",\"rule\":\"form.soft_constraint\","
		"\"reason\":\"抄错\",\"message\":\"不是年纪\"}]");
	buf_fini(&sent);
	entry_free(e);
	form_free(f);
	free(young);
	free(old);
	free(again);
	free(none);
	buf_fini(&faults);
	scratch_remove(scratch);
}

static void an_example_may_ask_for_a_warning(void **state)
{
	static const struct {
		const char *examples;
		bool hold;
	} rows[] = {
		{"{\"pass\": \"warning\", \"answers\": {\"age\": 2}, \"at\": \"age\"}\n", true},
		{"{\"pass\": \"warning\", \"answers\": {\"age\": 2}}\n", true},
		{"{\"pass\": \"warning\", \"answers\": {\"age\": 3}}\n", false},
		{"{\"pass\": \"warning\", \"answers\": {\"age\": \"two\"}}\n", false},
		{"{\"pass\": true, \"answers\": {\"age\": 2}}\n", false},
		{"{\"pass\": false, \"answers\": {\"age\": 2}, \"at\": \"age\"}\n", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *scratch = scratch_folder();
		struct buf faults = {0};
		struct form *f = NULL;
		char *folder;
		folder = folder_of(scratch, "young", ". >= 3,年纪太小", rows[i].examples);
		assert_int_equal(form_read_folder(&f, folder, &faults), OK);
		if (form_examples_hold(f, folder, &faults) != rows[i].hold)
			fail_msg("%s: %s", rows[i].examples, buf_str(&faults));
		assert_int_equal(faults.len == 0, rows[i].hold);
		form_free(f);
		free(folder);
		buf_fini(&faults);
		scratch_remove(scratch);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_rare_waits_for_a_reason),
		cmocka_unit_test(a_reason_is_for_one_rule),
		cmocka_unit_test(what_kind_and_form_doubt_is_told_together),
		cmocka_unit_test(what_a_letter_says_of_it_is_one_line),
		cmocka_unit_test(a_reason_comes_back_for_what_was_told),
		cmocka_unit_test(reasons_arrive_where_their_answers_do),
		cmocka_unit_test(a_reason_goes_when_the_form_puts_another_value),
		cmocka_unit_test(why_tells_it),
		cmocka_unit_test(a_warning_is_written_where_somebody_can_answer_it),
		cmocka_unit_test(a_heading_that_is_nearly_it_is_refused),
		cmocka_unit_test(a_bundle_keeps_the_warnings_of_its_forms),
		cmocka_unit_test(an_example_may_ask_for_a_warning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
