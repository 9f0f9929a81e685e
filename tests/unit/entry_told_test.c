/* What a form tells of itself: why a question is asked, what a calculation could not give. */
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

static void why_is(struct entry *e, const char *field, const char *want)
{
	struct buf out = {0};

	entry_why(e, field, &out);
	assert_string_equal(buf_str(&out), want);
	buf_fini(&out);
}

/* A code name says nothing to a clerk. */
static void a_calculation_without_a_label_is_told_by_its_rule(void **state)
{
	static const char aged[] =
		"| survey |\n| | type | name | label | relevant | calculation | constraint |\n"
		"| | date | born | 出生日期 | | | |\n"
		"| | calculate | n_age | | | age(${born}) | |\n"
		"| | calculate | n_old | | | ${n_age} >= 60 | |\n"
		"| | calculate | told | 年龄段 | | ${n_age} div 10 | |\n"
		"| | text | card | 优待证号 | ${n_age} >= 60 | | |\n"
		"| | text | pension | 养老金 | ${n_old} = 'true' | | . != ${n_age} |\n"
		"| | text | band | 档 | ${told} > 6 | | |\n"
		"| | hidden | sent | | | | |\n| | text | sub | 附注 | ${sent} = 'x' | | |\n";
	struct form *f = small_form(aged);
	struct entry *e = entry_new(f, &clock_system);
	struct buf out = {0};

	(void)state;
	why_is(e, "card", "在这种情况下才问: 按 出生日期 已满 60 周岁");
	why_is(e, "band", "在这种情况下才问: 年龄段 大于 6");
	why_is(e, "sub", "在这种情况下才问: 系统自带的一项 为 “x”");
	entry_why(e, "pension", &out);
	assert_null(strstr(buf_str(&out), "n_"));
	assert_non_null(strstr(buf_str(&out), "在这种情况下才问: 按 出生日期 已满 60 周岁"));
	buf_fini(&out);
	entry_free(e);
	form_free(f);
}

/* Of two of the same words each is called by its group, unless it stands in the same one. */
static void what_is_called_alike_is_told_apart(void **state)
{
	static const char pair[] =
		"| survey |\n| | type | name | label | relevant | constraint | calculation |\n"
		"| | begin_group | g | 申请人 | | | |\n| | text | a_id | 证件号码 | | | |\n"
		"| | text | a_note | 附注 | ${a_id} != '' | | |\n| | end_group | | | | | |\n"
		"| | begin_group | h | 代办人 | ${a_id} != '' | | |\n"
		"| | text | b_id | 代办人证件号码 | | . != ${a_id} | |\n"
		"| | text | b_town | 镇 | ${b_id} != '' | | |\n| | end_group | | | | | |\n"
		"| | text | town | 地址 | ${b_town} != '' | | |\n";
	struct form *f = small_form(pair);
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	why_is(e, "a_note", "在这种情况下才问: 证件号码 已填");
	why_is(e, "b_id",
		"要求: 本项 与 申请人的证件号码 不同\n“代办人”在这种情况下才有: 申请人的证件号码 已填");
	why_is(e, "town", "在这种情况下才问: 镇 已填");
	entry_free(e);
	form_free(f);
}

/* A rule that gives each answer its own words gives the answer; what stays says so. */
static void a_rule_that_repeats_an_answer_is_that_answer(void **state)
{
	static const char repeating[] =
		"| survey |\n| | type | name | label | calculation |\n| | text | n | 证件号码 | |\n"
		"| | select_one l | s | 性别(按证件) | |\n"
		"| | calculate | sex | 性别 | if(id-card-valid(${n}), if(id-card-sex(${n}) = '1', "
		"'男', '女'), if(${s} = '1', '男', if(${s} = '2', '女', ''))) |\n"
		"| | calculate | half | 半 | if(${s} = '1', '男', '') |\n"
		"| | calculate | other | 别 | if(${s} = '1', '女', if(${s} = '2', '男', '')) |\n"
		"| | select_one l | t | 另 | if(${n} = '', '1', .) |\n"
		"| choices |\n| | list_name | name | label |\n| | l | 1 | 男 |\n| | l | 2 | 女 |\n";
	struct form *f = small_form(repeating);
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	why_is(e, "sex",
		"由别的栏算出: 证件号码 是居民身份证号 时为 证件号码 上的性别；否则为 性别(按证件)");
	why_is(e, "half", "由别的栏算出: 性别(按证件) 为 “男” 时为 “男”");
	why_is(e, "other",
		"由别的栏算出: 性别(按证件) 为 “男” 时为 “女”；性别(按证件) 为 “女” 时为 “男”");
	why_is(e, "t", "由别的栏算出: 证件号码 未填 时为 “男”；否则不变");
	entry_free(e);
	form_free(f);
}

/* The form's own words are not said again as a rule. */
static void a_message_that_is_the_rule_is_said_once(void **state)
{
	static const char twice[] =
		"| survey |\n| | type | name | label | constraint | constraint_message |\n"
		"| | text | a | 编号 | regex(., '^[0-9]{9,12}$') | 9 到 12 位数字 |\n"
		"| | integer | b | 数 | . > 3 | 太小 |\n";
	struct form *f = small_form(twice);
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	why_is(e, "a", "要求: 9 到 12 位数字");
	why_is(e, "b", "要求: 太小\n规则: 本项 大于 3");
	entry_free(e);
	form_free(f);
}

/* Each of them twice in the next: the whole of it would fill the screen, and memory. */
static void rules_within_rules_are_told_briefly(void **state)
{
	struct buf text = {0}, out = {0};
	struct form *f;
	struct entry *e;

	(void)state;
	buf_adds(&text, "| survey |\n| | type | name | label | calculation | relevant |\n"
			"| | integer | n | 数量 | | |\n| | calculate | c_0 | | ${n} + 1 | |\n");
	for (int i = 1; i < 40; i++)
		buf_printf(
			&text, "| | calculate | c_%d | | ${c_%d} + ${c_%d} | |\n", i, i - 1, i - 1);
	buf_adds(&text, "| | text | t | 备注 | | ${c_39} > 5 |\n");
	f = small_form(buf_str(&text));
	e = entry_new(f, &clock_system);
	entry_why(e, "t", &out);
	assert_null(strstr(buf_str(&out), "c_"));
	assert_true(out.len < 600);
	entry_free(e);
	form_free(f);
	buf_fini(&text);
	buf_fini(&out);
}

static const char money[] = "| survey |\n| | type | name | label | calculation |\n"
			    "| | decimal | yuan | 金额 | |\n| | decimal | times | 倍数 | |\n"
			    "| | calculate | sum | | ${yuan} * ${times} |\n"
			    "| | calculate | words | 大写 | rmb-words(${yuan}) |\n"
			    "| | calculate | all | | rmb-words(${sum}) |\n";

/* What was computed before is of other answers: it does not stay, and nothing is empty in silence.
 */
static void what_cannot_be_computed_is_said(void **state)
{
	struct form *f = small_form(money);
	struct entry *e = entry_new(f, &clock_system);
	const struct entry_fault *faults;

	(void)state;
	entry_set_place(e, "yuan", "100");
	entry_set_place(e, "times", "2");
	assert_string_equal(entry_find(e, "words")->value, "壹佰元整");
	assert_string_equal(entry_find(e, "all")->value, "贰佰元整");
	assert_int_equal(entry_check(e, &faults), 0);
	entry_set_place(e, "times", "999999999999999");
	assert_string_equal(entry_find(e, "all")->value, "");
	/* the calculation has no line: its fault stands at what it is made from */
	assert_int_equal(entry_check(e, &faults), 1);
	assert_string_equal(faults[0].node->name, "yuan");
	assert_string_equal(faults[0].rule, "form.calculation");
	assert_non_null(strstr(faults[0].message, "金额太大"));
	assert_int_equal(entry_finding(e, entry_find(e, "words"))->verdict, VERDICT_OK);
	entry_set_place(e, "yuan", "99999999999999999");
	assert_string_equal(entry_find(e, "words")->value, "");
	/* too many digits: that is said at the sum itself, and there alone */
	assert_int_equal(entry_finding(e, entry_find(e, "yuan"))->verdict, VERDICT_ERROR);
	assert_int_equal(entry_finding(e, entry_find(e, "words"))->verdict, VERDICT_OK);
	assert_int_equal(entry_check(e, &faults), 1);
	assert_string_equal(faults[0].rule, "number.digits");
	entry_set_place(e, "yuan", "1");
	entry_set_place(e, "times", "3");
	assert_string_equal(entry_find(e, "all")->value, "叁元整");
	assert_int_equal(entry_check(e, &faults), 0);
	entry_free(e);
	form_free(f);
}

static bool has_line(struct entry *e, const char *name)
{
	const struct entry_line *lines;
	size_t count = entry_lines(e, &lines);

	for (size_t i = 0; i < count; i++)
		if (strcmp(lines[i].field->name, name) == 0)
			return true;
	return false;
}

/* Where the number tells the day of birth it is shown, where it does not it is asked: not both. */
static void a_fact_has_one_line(void **state)
{
	static const char unknown[] = "| survey |\n| | type | name | label | appearance |\n"
				      "| | text | t | T | w1 same-as:nope |\n";
	struct form *f = NULL;
	struct buf faults = {0};
	struct entry *e;

	(void)state;
	assert_int_equal(form_read_folder(&f, "forms/library/medical-transfer", &faults), OK);
	e = entry_new(f, &clock_system);
	entry_set_place(e, "applicant_id", "110101199003071233");
	assert_true(has_line(e, "applicant_birth") && has_line(e, "applicant_sex"));
	assert_false(has_line(e, "applicant_born") || has_line(e, "applicant_gender"));
	entry_set_place(e, "applicant_id", "E12345678");
	entry_set_place(e, "applicant_born", "1990-03-07");
	assert_true(has_line(e, "applicant_born") && has_line(e, "applicant_gender"));
	assert_false(has_line(e, "applicant_birth") || has_line(e, "applicant_sex"));
	assert_string_equal(entry_find(e, "applicant_birth")->value, "1990-03-07");
	entry_free(e);
	form_free(f);
	assert_int_equal(form_read_markdown(&f, unknown, strlen(unknown), &faults), ERR_INVALID);
	assert_non_null(strstr(buf_str(&faults), "survey:3:4: "));
	buf_fini(&faults);
}

static void the_form_knows_its_case(void **state)
{
	struct form *f = small_form(
		"| survey |\n| | type | name | label | calculation |\n| | text | t | T | |\n"
		"| | calculate | own | | concat('no ', ${instanceID}) |\n"
		"| | calculate | path | | /data/meta/instanceID |\n"
		"| | calculate | all | | count(/data/*) |\n");
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	assert_string_equal(entry_find(e, "own")->value, "no ");
	entry_identify(e, "01890a5d-ac96-774b-bcce-b302099a8057");
	assert_string_equal(
		entry_find(e, "own")->value, "no uuid:01890a5d-ac96-774b-bcce-b302099a8057");
	assert_string_equal(
		entry_find(e, "path")->value, "uuid:01890a5d-ac96-774b-bcce-b302099a8057");
	assert_string_equal(entry_find(e, "all")->value, "4");
	entry_free(e);
	form_free(f);
}

/* Each way to ask for it by itself: what a form does not ask for is not computed anew. */
static void each_way_to_ask_for_the_case_is_followed(void **state)
{
	static const char *const rules[] = {"${instanceID}", "/data/meta/instanceID",
		"jr:choice-name('a', '${s}')", "if(true(), jr:choice-name(${s}, '${s}'), '')"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rules / sizeof *rules; i++) {
		struct buf text = {0};
		struct form *f;
		struct entry *e;

		buf_printf(&text,
			"| survey |\n| | type | name | label | calculation | default |\n"
			"| | select_one l | s | S | | a |\n"
			"| | calculate | said | | concat('of ', %s) | |\n"
			"| choices |\n| | list_name | name | label |\n| | l | a | A ${instanceID} |\n",
			rules[i]);
		f = small_form(buf_str(&text));
		e = entry_new(f, &clock_system);
		entry_identify(e, "01890a5d-ac96-774b-bcce-b302099a8057");
		assert_non_null(strstr(entry_find(e, "said")->value, "uuid:01890a5d"));
		entry_free(e);
		form_free(f);
		buf_fini(&text);
	}
}

/* What a case is called follows from the answers, and what asks for it follows it. */
static void the_form_names_its_case(void **state)
{
	struct form *f = small_form(
		"| settings |\n| | form_id | instance_name | omit_instanceID |\n"
		"| | x | concat(${who}, ' ', ${kin_count}) | yes |\n"
		"| survey |\n| | type | name | label | calculation |\n"
		"| | calculate | before | | concat('<', ${instanceName}, '>') |\n"
		"| | text | who | T | |\n| | begin_repeat | kin | K | |\n| | text | kin_name | N | |\n"
		"| | calculate | inside | | concat(${kin_name}, ' of ', ${instanceName}) |\n"
		"| | end_repeat | | | |\n| | calculate | kin_count | | count(${kin}) |\n"
		"| | calculate | path | | string-length(/data/meta/instanceName) |\n");
	struct entry *e = entry_new(f, &clock_system);
	const struct entry_line *lines;
	struct buf out = {0}, why = {0};

	(void)state;
	assert_string_equal(f->doubts, "");
	entry_set_place(e, "who", "李样例");
	assert_string_equal(entry_find(e, "instanceName")->value, "李样例 1");
	assert_string_equal(entry_find(e, "before")->value, "<李样例 1>");
	entry_set_place(e, "kin[1]/kin_name", "李");
	entry_set_place(e, "kin[2]/kin_name", "王");
	assert_string_equal(entry_find(e, "before")->value, "<李样例 2>");
	assert_string_equal(entry_find(e, "kin[2]/inside")->value, "王 of 李样例 2");
	entry_set_place(e, "who", "A");
	assert_string_equal(entry_find(e, "before")->value, "<A 2>");
	assert_string_equal(entry_find(e, "path")->value, "3");
	/* nobody sets it, nobody is shown a line for it, and it goes with the letter */
	assert_int_equal(entry_set_place(e, "instanceName", "B"), ERR_STATE);
	for (size_t i = 0; i < entry_lines(e, &lines); i++)
		assert_string_not_equal(lines[i].field->name, "meta");
	entry_json(e, &out);
	assert_non_null(strstr(buf_str(&out), "\"instanceName\":\"A 2\""));
	entry_free(e);
	e = entry_new(f, &clock_system);
	assert_int_equal(entry_load(e, buf_str(&out), out.len, &why), OK);
	assert_string_equal(buf_str(&why), "");
	assert_string_equal(entry_find(e, "instanceName")->value, "A 2");
	entry_free(e);
	form_free(f);
	buf_fini(&out);
	buf_fini(&why);
}

/* A field of this name is the form's own, and no other is made. */
static void an_own_field_is_the_name_of_the_case(void **state)
{
	struct form *f = small_form(
		"| settings |\n| | instance_name |\n| | ${t} |\n"
		"| survey |\n| | type | name | label | calculation |\n| | text | t | T | |\n"
		"| | calculate | instanceName | | concat('own ', ${t}) |\n"
		"| | calculate | c | | ${instanceName} |\n");
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	assert_int_equal(f->count, 3);
	entry_set_place(e, "t", "x");
	assert_string_equal(entry_find(e, "c")->value, "own x");
	entry_free(e);
	form_free(f);
}

static const struct entry_line *line_of(struct entry *e, const char *name, int which)
{
	const struct entry_line *lines;
	size_t n = entry_lines(e, &lines);

	for (size_t i = 0; i < n; i++)
		if (strcmp(lines[i].field->name, name) == 0 && which-- == 0)
			return &lines[i];
	fail_msg("no line %s", name);
	return NULL;
}

/* The number of one person looks alike wherever it is shown. */
static void a_number_is_masked_alike(void **state)
{
	static const char *const masked[][3] = {{"id", "110101199003071233", "110101********1233"},
		{"any", "110101199003071233", "110101********1233"},
		{"any", "E12345678", "E1*****78"}, {"reach", "13800000001", "138****0001"},
		{"reach", "0539-2251234", "0539******34"}, {"reach", "22512341", "******41"},
		{"reach", "2251234", "*****34"}, {"reach", "+85291234567", "+852******67"},
		{"wired", "2251234", "*****34"}, {"wired", "0539-2251234", "0539******34"}};
	struct form *f = small_form("| survey |\n| | type | name | label | appearance |\n"
				    "| | text | id | 证件 | id-card |\n"
				    "| | text | any | 证件 | person-id |\n"
				    "| | text | reach | 联系电话 | contact |\n"
				    "| | text | wired | 电话 | phone |\n");
	struct entry *e = entry_new(f, &clock_system);

	(void)state;
	for (size_t i = 0; i < sizeof masked / sizeof *masked; i++) {
		struct buf text = {0};
		entry_set_place(e, masked[i][0], masked[i][1]);
		entry_text(e, entry_find(e, masked[i][0]), true, &text);
		assert_string_equal(buf_str(&text), masked[i][2]);
		buf_fini(&text);
	}
	entry_free(e);
	form_free(f);
}

/* Labels, hints and messages say what was answered, each repetition its own. */
static void words_mention_answers(void **state)
{
	struct form *f = small_form(
		"| survey |\n| | type | name | label | hint | constraint | constraint_message | "
		"appearance | required_message | required |\n"
		"| | text | who | 姓名 | | | | | | |\n"
		"| | text | id | 证件 | | | | id-card | | |\n"
		"| | select_one l | sex | ${who} 的性别 | ${sex} | | | | | |\n"
		"| | note | told | ${who} (${sex}) ${id} 收 ${n${ | | | | | | |\n"
		"| | integer | n | ${who} 的件数 | | . < 5 | ${who} 最多 5 件 | | 请 ${who} 填件数 | yes "
		"|\n"
		"| | begin_repeat | kin | 家人 | | | | | | |\n"
		"| | text | kin_name | 名 | | | | | | |\n"
		"| | text | kin_job | ${kin_name} 的工作 | | | | | | |\n"
		"| | end_repeat | | | | | | | | |\n"
		"| choices |\n| | list_name | name | label |\n| | l | f | 女 |\n");
	struct entry *e = entry_new(f, &clock_system);
	const struct entry_fault *faults;
	struct buf why = {0};

	(void)state;
	assert_string_equal(entry_label(line_of(e, "sex", 0)), "[姓名] 的性别");
	assert_string_equal(entry_hint(line_of(e, "sex", 0)), "[sex]");
	entry_set_place(e, "who", "李 ${id}");
	entry_set_place(e, "sex", "f");
	entry_set_place(e, "id", "110101199003071233");
	/* what was answered is no label; numbers are masked; what is no mention stays */
	assert_string_equal(
		entry_label(line_of(e, "told", 0)), "李 ${id} (女) 110101********1233 收 ${n${");
	assert_int_equal(entry_check(e, &faults), 1);
	assert_string_equal(faults[0].message, "请 李 ${id} 填件数");
	entry_set_place(e, "n", "7");
	assert_int_equal(entry_check(e, &faults), 1);
	assert_string_equal(faults[0].message, "李 ${id} 最多 5 件");
	entry_set_place(e, "who", "王");
	assert_string_equal(entry_finding(e, entry_find(e, "n"))->message.data, "王 最多 5 件");
	entry_why(e, "n", &why);
	assert_non_null(strstr(buf_str(&why), "王 最多 5 件"));
	entry_set_place(e, "kin[1]/kin_name", "甲");
	entry_set_place(e, "kin[2]/kin_name", "乙");
	assert_string_equal(entry_label(line_of(e, "kin_job", 0)), "甲 的工作");
	assert_string_equal(entry_node_label(e, line_of(e, "kin_job", 0)->node), "甲 的工作");
	assert_string_equal(entry_label(line_of(e, "kin_job", 1)), "乙 的工作");
	assert_string_equal(entry_label(line_of(e, "kin", 2)), "家人"); /* adds one more */
	entry_free(e);
	form_free(f);
	buf_fini(&why);
}

/* A star is a promise: what is starred is asked for, or the whole repetition goes. */
static void an_untouched_repetition_is_filled_or_taken_away(void **state)
{
	static const char family[] =
		"| survey |\n| | type | name | label | required | default |\n"
		"| | text | who | 姓名 | yes | |\n| | begin_repeat | kin | 家人 | | |\n"
		"| | text | kin_name | 家人姓名 | yes | |\n| | text | kin_note | 备注 | | |\n"
		"| | text | kin_kind | 种类 | yes | 甲 |\n| | end_repeat | | | | |\n"
		"| | begin_repeat | pet | 宠物 | | |\n| | text | pet_name | 名字 | | |\n"
		"| | end_repeat | | | | |\n";
	struct form *f = small_form(family);
	struct entry *e = entry_new(f, &clock_system);
	const struct entry_fault *faults;
	struct buf out = {0};

	(void)state;
	entry_set_place(e, "who", "李样例");
	/* said once, at the first that is asked for; what asks for nothing is let be */
	assert_int_equal(entry_check(e, &faults), 1);
	assert_string_equal(faults[0].node->name, "kin_name");
	assert_string_equal(faults[0].message, "没有填: 填好, 或删去这一份");
	/* a default that was changed is an answer, and each star counts then */
	entry_set_place(e, "kin[1]/kin_kind", "乙");
	assert_int_equal(entry_check(e, &faults), 1);
	assert_string_equal(faults[0].message, "必填, 还没有填");
	entry_set_place(e, "kin[1]/kin_kind", "甲");
	/* with another one there it was added in vain */
	entry_set_place(e, "kin[2]/kin_name", "王示范");
	assert_int_equal(entry_check(e, &faults), 0);
	assert_int_equal(entry_repeat_remove(e, entry_find(e, "kin[1]")), OK);
	assert_int_equal(entry_check(e, &faults), 0);
	assert_int_equal(entry_repeat_remove(e, entry_find(e, "kin[1]")), OK);
	assert_int_equal(entry_check(e, &faults), 0);
	entry_json(e, &out);
	assert_string_equal(buf_str(&out), "{\"who\":\"李样例\"}");
	entry_free(e);
	/* answers handed over whole have no others than they name */
	e = entry_new(f, &clock_system);
	assert_int_equal(entry_load(e, out.data, out.len, NULL), OK);
	assert_int_equal(entry_check(e, &faults), 0);
	assert_null(entry_find(e, "kin"));
	entry_free(e);
	form_free(f);
	buf_fini(&out);
}

/* A form may let it be: then there is no star until something is answered. */
static void a_repetition_may_be_none(void **state)
{
	struct form *f =
		small_form("| survey |\n| | type | name | label | required | appearance |\n"
			   "| | begin_repeat | kin | 家人 | | optional |\n"
			   "| | text | kin_name | 家人姓名 | yes | |\n"
			   "| | text | kin_note | 备注 | | |\n| | end_repeat | | | | |\n");
	struct entry *e = entry_new(f, &clock_system);
	const struct entry_fault *faults;
	const struct entry_line *lines;

	(void)state;
	assert_int_equal(entry_check(e, &faults), 0);
	entry_lines(e, &lines);
	assert_string_equal(lines[1].field->name, "kin_name");
	assert_false(lines[1].required);
	entry_set_place(e, "kin[1]/kin_note", "在外地");
	assert_int_equal(entry_check(e, &faults), 1);
	entry_lines(e, &lines);
	assert_true(lines[1].required);
	entry_free(e);
	form_free(f);
}

static void keep(void *arg, const char *place, const char *value)
{
	struct entry *again = arg;

	if (value != NULL)
		assert_int_equal(entry_set_place(again, place, value), OK);
}

/* That there is none is on disk like any other answer. */
static void what_was_taken_away_stays_away(void **state)
{
	struct form *f =
		small_form("| survey |\n| | type | name | label | required |\n"
			   "| | begin_group | g | 组 | |\n| | begin_repeat | kin | 家人 | |\n"
			   "| | text | kin_name | 家人姓名 | yes |\n| | end_repeat | | | |\n"
			   "| | end_group | | | |\n");
	struct entry *e = entry_new(f, &clock_system), *again = entry_new(f, &clock_system);
	const struct entry_fault *faults;
	struct node *first;

	(void)state;
	assert_int_equal(entry_repeat_remove(e, entry_find(e, "kin")), OK);
	entry_changed(e, keep, again);
	entry_saved(e);
	assert_null(entry_find(again, "kin"));
	assert_int_equal(entry_check(again, &faults), 0);
	/* and one that comes back is there */
	{
		const struct entry_line *lines;
		size_t count = entry_lines(e, &lines);
		assert_int_equal(entry_repeat_add(e, lines[count - 1].node, &first), OK);
	}
	entry_set_place(e, "kin[1]/kin_name", "王示范");
	entry_changed(e, keep, again);
	assert_non_null(entry_find(again, "kin[1]/kin_name"));
	entry_free(e);
	entry_free(again);
	form_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_calculation_without_a_label_is_told_by_its_rule),
		cmocka_unit_test(what_is_called_alike_is_told_apart),
		cmocka_unit_test(a_rule_that_repeats_an_answer_is_that_answer),
		cmocka_unit_test(a_message_that_is_the_rule_is_said_once),
		cmocka_unit_test(rules_within_rules_are_told_briefly),
		cmocka_unit_test(what_cannot_be_computed_is_said),
		cmocka_unit_test(an_untouched_repetition_is_filled_or_taken_away),
		cmocka_unit_test(a_repetition_may_be_none),
		cmocka_unit_test(what_was_taken_away_stays_away),
		cmocka_unit_test(a_fact_has_one_line),
		cmocka_unit_test(the_form_knows_its_case),
		cmocka_unit_test(each_way_to_ask_for_the_case_is_followed),
		cmocka_unit_test(the_form_names_its_case),
		cmocka_unit_test(a_number_is_masked_alike),
		cmocka_unit_test(words_mention_answers),
		cmocka_unit_test(an_own_field_is_the_name_of_the_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
