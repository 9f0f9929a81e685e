/* Slips in the sheets of a definition, their headings, types and files, and in its examples. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/paths.h"
#include "forms/form.h"
#include "forms/form_examples.h"
#include "tests/unit/scratch.h"

enum outcome {
	TAKEN,	 /* without a word */
	DOUBTED, /* taken, and said */
	REFUSED
};

/* Headings of settings are known in any case, with blanks for underscores, and in languages. */
static void settings_go_by_their_headings(void **state)
{
	static const char markdown[] =
		"| survey |\n| | type | name | label |\n| | text | a | A |\n"
		"| settings |\n| | Form ID | Version | form_title | Form_Title::English (en) |\n"
		"| | f7 | 3 | 表 | Form |\n";
	struct form *f = NULL;

	(void)state;
	assert_int_equal(form_read_markdown(&f, markdown, strlen(markdown), NULL), OK);
	assert_string_equal(f->id, "f7");
	assert_string_equal(f->version, "3");
	assert_string_equal(f->title, "表");
	assert_string_equal(f->title_en, "Form");
	form_free(f);
}

struct sheet_slip {
	const char *markdown;
	enum outcome outcome;
	const char *place, *said;
};

#define SURVEY "| survey |\n| | type | name | label |\n| | select_multiple l | a | A |\n"

static void each_sheet(const struct sheet_slip *slips, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct sheet_slip *s = &slips[i];
		struct buf faults = {0};
		struct form *f = NULL;
		enum err e = form_read_markdown(&f, s->markdown, strlen(s->markdown), &faults);
		const char *sentences = e == OK ? f->doubts : buf_str(&faults);
		if ((e == OK) != (s->outcome != REFUSED) ||
			(s->outcome == TAKEN && sentences[0] != '\0') ||
			strncmp(sentences, s->place, strlen(s->place)) != 0 ||
			strstr(sentences, s->said) == NULL)
			fail_msg("%zu: said %s instead of %s%s", i, sentences, s->place, s->said);
		form_free(f);
		buf_fini(&faults);
	}
}

/* Without a name they are called by their type. */
static void groups_without_a_name_are_told(void **state)
{
#define GROUP "| survey |\n| | type | name | label |\n| | begin "
	static const struct sheet_slip slips[] = {
		{GROUP "group | | G |\n| | text | q | Q |\n", REFUSED,
			"survey:3:2: ", "survey:3:1: begin_group 没有结束, 请补上 end_group"},
		{GROUP "repeat | | G |\n| | text | q | Q |\n", REFUSED,
			"survey:3:2: ", "survey:3:1: begin_repeat 没有结束, 请补上 end_repeat"},
		{GROUP "group | | G |\n| | text | q | Q |\n| | end repeat | | |\n", REFUSED,
			"survey:3:2: ",
			"survey:5:1: 这里应该结束 begin_group (第 3 行), 请写 end_group"},
		{GROUP "group | g | G |\n| | text | q | Q |\n| | end repeat | | |\n", REFUSED,
			"survey:5:1: ", "这里应该结束 g (第 3 行), 请写 end_group"},
	};

	(void)state;
	each_sheet(slips, sizeof slips / sizeof slips[0]);
}

static void rows_that_do_not_go_together_are_told(void **state)
{
#define ROWS "| survey |\n| | type | name | label | required | relevant | default | constraint |\n"
	static const struct sheet_slip slips[] = {
		{ROWS "| | text | Name | A | | | | |\n| | text | name | B | | | | |\n", DOUBTED,
			"survey:4:2: 提醒: ", "第 3 行的 Name 只差大小写"},
		{ROWS "| | text | name | A | | | | |\n| | begin_group | g | G | | | | |\n"
		      "| | text | name | B | | | | |\n| | end_group | | | | | | |\n",
			TAKEN, "", ""},
		{ROWS "| | integer | n | A | | | 3 | . >= 18 |\n", DOUBTED,
			"survey:3:6: 提醒: ", "default 3 不合"},
		{ROWS "| | text | n | A | | | 甲 | regex(., '^[0-9]+$') |\n", DOUBTED,
			"survey:3:6: 提醒: ", "default 甲 不合"},
		{ROWS "| | date | n | A | | | 2026/1/2 | . < '2020-01-01' |\n", DOUBTED,
			"survey:3:6: 提醒: ", "2026/1/2"},
		{ROWS "| | integer | n | A | | | 18 | . >= 18 |\n"
		      "| | integer | m | A | | | 3 | . > ${n} |\n"
		      "| | date | d | A | | | 2020-01-02 | . > today() |\n"
		      "| | integer | k | A | | | | . >= 18 |\n",
			TAKEN, "", ""},
		{ROWS "| | text | n | A | yes | false() | | |\n", DOUBTED,
			"survey:3:5: 提醒: ", "永远不会问"},
		{ROWS "| | begin_group | g | G | | not(true()) | | |\n| | text | n | A | yes | | | |\n"
		      "| | end_group | | | | | | |\n",
			DOUBTED, "survey:4:4: 提醒: ", "它在的 g (第 3 行)"},
		{ROWS "| | text | n | A | | false() | | |\n| | text | m | A | yes | true() | | |\n"
		      "| | text | k | A | yes | ${m} = 'x' | | |\n",
			TAKEN, "", ""},
		{SURVEY "| choices |\n| | list_name | name | label |\n| | l | a | A |\n"
			"| | l | b | |\n| | l | c | |\n",
			DOUBTED, "choices:6:1: 提醒: ", "2 个选项没有 label (从 b 起)"},
		{SURVEY "| choices |\n| | list_name | name | label | image |\n"
			"| | l | a | | a.png |\n",
			TAKEN, "", ""},
		{SURVEY "| choices |\n| | list_name | name | label::English (en) |\n"
			"| | l | a | A |\n",
			TAKEN, "", ""},
		{"| survey |\n| | type | name | label | parameters |\n"
		 "| | range | a | A | start=9 end=1 step=1 |\n",
			DOUBTED, "survey:3:4: 提醒: ", "start 9 到 end 1"},
		{"| survey |\n| | type | name | label | parameters |\n"
		 "| | range | a | A | start=1 end=9 step=1 |\n",
			TAKEN, "", ""},
	};

	(void)state;
	each_sheet(slips, sizeof slips / sizeof slips[0]);
}

static void sheets_are_whole(void **state)
{
	static const struct sheet_slip slips[] = {
		{SURVEY "| choices |\n| | list_name | name | label |\n| | l | a b | A |\n", REFUSED,
			"choices:6:2: ", "去掉这里的空格"},
		{"| survey |\n| | type | name | label |\n| | rank l | a | A |\n"
		 "| choices |\n| | list_name | name | label |\n| | l | a b | A |\n",
			REFUSED, "choices:6:2: ", "去掉这里的空格"},
		{"| survey |\n| | type | name | label |\n| | select_one l | a | A |\n"
		 "| choices |\n| | list_name | name | label |\n| | l | a b | A |\n",
			TAKEN, "", ""},
		{SURVEY "| choices |\n| | list_name | name | label |\n| | l | a | A |\n| | | b | B |\n",
			REFUSED, "choices:7:1: ", "没有 list_name"},
		{SURVEY "| choices |\n| | list_name | name | label |\n| | l | a | A |\n"
			"| | | | 上面是甲 |\n",
			TAKEN, "", ""},
		{SURVEY "| choices |\n| | list_name | name | label |\n| | l | a | A |\n| | l | a | B |\n",
			REFUSED, "choices:7:2: ", "出现了两次"},
		{SURVEY "| choices |\n| | list_name | name | label |\n| | l | a | A |\n| | k | a | B |\n",
			DOUBTED, "choices:7:1: 提醒: ", "列表 k 没有一栏用到"},
		{"| survey |\n| | type | name | label |\n| | select_one ll | a | A |\n"
		 "| choices |\n| | list_name | name | label |\n| | l | a | A |\n",
			REFUSED, "survey:3:1: ", "没有选项列表 ll"},
		{"| survey |\n| | type | name | label | calculation |\n"
		 "| | calculate | a | A | count(instance('l')/root/item) |\n"
		 "| choices |\n| | list_name | name | label |\n| | l | a | A |\n",
			TAKEN, "", ""},
		{"| survey |\n| | type | name | label |\n| | text | a | A |\n"
		 "| setings |\n| | form_id |\n| | f |\n",
			DOUBTED, "setings:1:1: 提醒: ", "是不是 settings"},
		{"| survey |\n| | type | name | label |\n| | text | a | A |\n"
		 "| settings |\n| | formid | version | style | 说明 |\n| | f | 1 | x | y |\n",
			DOUBTED, "settings:5:1: 提醒: ", "是不是 form_id"},
		{"| survey |\n| | type | name | label |\n| | text | a | A |\n"
		 "| settings |\n| | Form ID | Version | form_title::English (en) |\n| | f | 1 | x |\n",
			TAKEN, "", ""},
		{"| survey |\n| | type | name | label |\n| | text | a | A |\n"
		 "| choice |\n| | list_name | name | label |\n| | l | a | A |\n",
			REFUSED, "choice:1:1: ", "是不是 choices"},
	};

	(void)state;
	each_sheet(slips, sizeof slips / sizeof slips[0]);
}

static void rows_are_mended_in_words(void **state)
{
	static const struct {
		const char *type;
		enum outcome outcome;
		const char *said;
	} types[] = {
		{"select_oneh", REFUSED, "select_one 后面空一格"},
		{"select_one", REFUSED, "select_one 后面空一格"},
		{"selectone h", REFUSED, "是不是 select_one?"},
		{"select-one h", REFUSED, "是不是 select_one?"},
		{"单选 h", REFUSED, "是不是 select_one?"},
		{"文本", REFUSED, "是不是 text?"},
		{"intger", REFUSED, "是不是 integer?"},
		{"begin", REFUSED, "是不是 begin_group?"},
		{"dancing", REFUSED, "常用的有"},
		{"select_one\tH", REFUSED, "普通的空格"},
		{"select_one\xC2\xA0h", REFUSED, "普通的空格"},
		{"select_one hh", REFUSED, "没有选项列表 hh, 是不是 hhh?"},
		{"select_one hhh 其他", REFUSED, "列表 hhh 后面多了“其他”"},
		{"select_one hhh", TAKEN, ""},
		{"select one hhh or other", TAKEN, ""},
		{"select_multiple  hhh", TAKEN, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		struct buf text = {0};
		struct sheet_slip s = {NULL, types[i].outcome,
			types[i].outcome == TAKEN ? "" : "survey:3:1: ", types[i].said};
		buf_printf(&text,
			"| survey |\n| | type | name | label |\n| | %s | a | A |\n"
			"| | select_one hhh | b | B |\n"
			"| choices |\n| | list_name | name | label |\n| | hhh | x | X |\n",
			types[i].type);
		s.markdown = buf_str(&text);
		each_sheet(&s, 1);
		buf_fini(&text);
	}
}

static void headings_and_lone_columns_are_told(void **state)
{
	static const struct sheet_slip slips[] = {
		{"| survey |\n| | 高龄津贴申请表 | |\n| | type | name | label |\n"
		 "| | text | a | A |\n",
			REFUSED, "survey:2:1: ", "列名却在第 3 行"},
		{"| survey |\n| | 类型 | 名称 |\n| | text | a |\n", REFUSED,
			"survey:2:1: ", "没有 type 列"},
		{"| survey |\n| | type | name | label | 默认值 |\n| | text | a | A | 1 |\n",
			DOUBTED, "survey:2:4: ", "是不是 default"},
		{"| survey |\n| | type | name | label | 备注 |\n| | text | a | A | 1 |\n", TAKEN,
			"", ""},
		{"| survey |\n| | type | name | label | hint：：中文 |\n| | text | a | A | 1 |\n",
			REFUSED, "survey:2:4: ", "全角冒号"},
		{"| Tabelle |\n| | type |\n| choices |\n| | name |\n", REFUSED,
			"survey:1:1: ", "改名为 survey"},
		{"| survey |\n| | type | name | label |\n| | select_one h | a | A |\n", REFUSED,
			"survey:3:1: ", "没有 choices 表"},
		{"| survey |\n| | type | name | label |\n| | text | a　b | A |\n", REFUSED,
			"survey:3:2: ", "不能用"},
		{"| survey |\n| | type | name | label | required |\n| | text | a | A | 必填 |\n"
		 "| | text | b | A | √ |\n| | text | c | A | 选填 |\n",
			TAKEN, "", ""},
		{SURVEY "| choices |\n| | list_name | name | label |\n| | l | 2026-01-02 | 1-2 |\n",
			DOUBTED, "choices:6:2: ", "改成了日期"},
	};

	(void)state;
	each_sheet(slips, sizeof slips / sizeof slips[0]);
}

static void put(const char *folder, const char *name, const char *text)
{
	char *path = paths_join(folder, name);

	assert_int_equal(paths_replace(path, text, strlen(text)), OK);
	free(path);
}

/* What pulldata() takes from a file must be in the file. */
static void files_have_the_columns_that_are_pulled(void **state)
{
	static const struct {
		const char *call, *said;
	} cases[] = {
		{"pulldata('fees','price','type',${k})", NULL},
		{"pulldata('fees','pirce','type',${k})", "是不是 price"},
		{"pulldata('fees','price','kind',${k})", "它的列是: type, price"},
		{"pulldata('fees',${k},'type',${k})", NULL},
		{"pulldata('feees','price','type',${k})", "找不到选项文件 feees.csv"},
	};
	char *folder = scratch_folder();

	(void)state;
	put(folder, "fees.csv", "type,price\na,12\n");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf survey = {0}, faults = {0};
		struct form *f = NULL;
		enum err e;
		buf_printf(&survey, "type,name,label,calculation\ntext,k,K,\ncalculate,c,,\"%s\"\n",
			cases[i].call);
		put(folder, "survey.csv", buf_str(&survey));
		e = form_read_folder(&f, folder, &faults);
		if ((e == OK) != (cases[i].said == NULL) ||
			(e != OK && (strncmp(buf_str(&faults), "survey.csv:3:4: ", 16) != 0 ||
					    strstr(buf_str(&faults), cases[i].said) == NULL)))
			fail_msg("%s: %s", cases[i].call, buf_str(&faults));
		form_free(f);
		buf_fini(&faults);
		buf_fini(&survey);
	}
	scratch_remove(folder);
}

/* An example that speaks of fields that the form does not have tests nothing. */
static void examples_speak_of_fields_there_are(void **state)
{
	static const struct {
		const char *line, *said; /* NULL: it holds */
	} cases[] = {
		{"{\"pass\": false, \"at\": \"age\", \"answers\": {\"age\": \"x\"}}", NULL},
		{"{\"pass\": false, \"at\": \"kid[1]/call\", \"answers\": {\"kid\": [{\"call\": \"\"},"
		 "{\"call\": \"b\"}]}}",
			"examples.jsonl:2:1: "},
		{"{\"pass\": false, \"at\": \"aeg\", \"answers\": {\"age\": \"x\"}}",
			"examples.jsonl:2:1: at 写的 aeg 表里没有这一栏, 是不是 age?"},
		{"{\"pass\": false, \"at\": \"nothing\", \"answers\": {\"age\": \"x\"}}",
			"examples.jsonl:2:1: at 写的 nothing 表里没有这一栏, 请写"},
		{"{\"pass\": false, \"at\": \"call\", \"answers\": {\"age\": \"x\"}}",
			"examples.jsonl:2:1: at 写的 call 在重复组里, 请写成 kid[1]/call"},
		{"{\"pass\": true, \"answers\": {\"aeg\": 3}}",
			"examples.jsonl:2:1: 这个例子里有放不进表的:\n  表里没有 aeg 这一栏"},
		{"{\"pass\": false, \"answers\": {\"age\": \"x\"}}", NULL},
	};
	char *folder = scratch_folder();

	(void)state;
	put(folder, "survey.csv",
		"type,name,label\ninteger,age,A\nbegin_repeat,kid,K\ntext,call,C\nend_repeat,,\n");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf text = {0}, faults = {0};
		struct form *f = NULL;
		buf_printf(
			&text, "{\"pass\": true, \"answers\": {\"age\": 3}}\n%s\n", cases[i].line);
		put(folder, "examples.jsonl", buf_str(&text));
		assert_int_equal(form_read_folder(&f, folder, &faults), OK);
		if (form_examples_hold(f, folder, &faults) != (cases[i].said == NULL) ||
			(cases[i].said != NULL && strncmp(buf_str(&faults), cases[i].said,
							  strlen(cases[i].said)) != 0))
			fail_msg("%s: %s", cases[i].line, buf_str(&faults));
		form_free(f);
		buf_fini(&faults);
		buf_fini(&text);
	}
	scratch_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_go_by_their_headings),
		cmocka_unit_test(groups_without_a_name_are_told),
		cmocka_unit_test(rows_that_do_not_go_together_are_told),
		cmocka_unit_test(sheets_are_whole),
		cmocka_unit_test(rows_are_mended_in_words),
		cmocka_unit_test(headings_and_lone_columns_are_told),
		cmocka_unit_test(files_have_the_columns_that_are_pulled),
		cmocka_unit_test(examples_speak_of_fields_there_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
