/* Templates: what each line becomes, and what is wrong with one, said as file:line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/station/documents/paper.h"
#include "core/station/documents/template.h"

static bool known(const char *list, const char *name)
{
	if (*list == '\0')
		return strcmp(name, "who") == 0 || strcmp(name, "list") == 0 ||
		       strcmp(name, "yes") == 0;
	return strcmp(name, "name") == 0;
}

static bool is_list(const char *name)
{
	return strcmp(name, "list") == 0;
}

static const struct template_names names = {known, is_list};

static void faults_name_file_and_line(void **state)
{
	static const struct {
		const char *text, *fault;
	} rows[] = {
		{"# 题\n{{whom}}\n", "t:2: 没有 {{whom}} 这一项\n"},
		{"# 题\n{{#list}}\n{{nmae}}\n{{/list}}\n",
			"t:3: 没有 {{nmae}} 这一项 (在 list 里, 各文书也没有)\n"},
		{"# 题\n{{name}}\n", "t:2: 没有 {{name}} 这一项\n"},
		{"# 题\n{{#list?}}\n{{name}}\n{{/list?}}\n", "t:3: 没有 {{name}} 这一项\n"},
		{"文\n", "t:1: 没有标题 (# 开头的一行)\n"},
		{"", "t:1: 没有标题 (# 开头的一行)\n"},
		{"# 题\n\n{{#list}}\n", "t:3: {{#list}} 没有 {{/list}} 收尾\n"},
		{"# 题\n{{/list}}\n", "t:2: {{/list}} 前面没有 {{#list}}\n"},
		{"# 题\n{{#list}}\n{{/who}}\n", "t:3: 这里应是 {{/list}}, 不是 {{/who}}\n"},
		{"# 题\n* 没有冒号\n", "t:2: 要写成 名称 : 内容 (冒号前后各一个空格)\n"},
		{"# 题\n| 甲 | 乙\n", "t:2: 这一行前面没有表头 (|= 开头的一行)\n"},
		{"# 题\n|= 甲 | 乙\n| 一\n", "t:3: 表头有 2 列, 这一行有 1 列\n"},
		{"# 题\n@blink x\n",
			"t:2: 没有 @blink 这种行 (有 issuer number to note rule seal sign qr)\n"},
		{"# 题\n@seal 甲\n", "t:2: @seal 要 2 到 3 项, 这里有 1 项\n"},
		{"# 题\n{{who\n", "t:2: {{ 没有 }} 收尾\n"},
		{"# 题\n甲{{#yes}}乙\n", "t:2: {{#yes}} 在这一行里没有 {{/yes}} 收尾\n"},
		{" 接\n# 题\n", "t:1: 这一行以空格开头, 前面却没有可接的行\n"},
		{"# 题\n\xff\xfe\n", "t:2: 不是 UTF-8 文字\n"},
		{"# 题\n{{a}}\n{{b}}\n", "t:2: 没有 {{a}} 这一项\nt:3: 没有 {{b}} 这一项\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct template *t = NULL;
		struct buf faults = {0};
		assert_int_equal(template_parse(&t, "t", rows[i].text, strlen(rows[i].text), &names,
					 &faults),
			ERR_INVALID);
		assert_string_equal(buf_str(&faults), rows[i].fault);
		assert_null(t);
		buf_fini(&faults);
	}
}

static void lines_become_blocks(void **state)
{
	static const struct {
		const char *text, *facts, *lines; /* lines: after the title */
	} rows[] = {
		{"甲{{who}}乙", "{\"who\": \"李\"}", "text\t甲李乙\n"},
		{"甲{{who}}", "{}", "text\t甲\n"},
		{"{{who}}", "{}", ""},
		{"// 不印\n\n文", "{}", "text\t文\n"},
		{"甲,\n 乙\n one\n two", "{}", "text\t甲, 乙one two\n"},
		{"* 名 : {{who}}", "{\"who\": \"李\"}", "pair\t名\t李\n"},
		{"* 名 : {{who}}", "{}", ""},
		{"_ 名 : {{who}}", "{}", "fill\t名\t\n"},
		{"_ 名 :", "{}", "fill\t名\t\n"},
		{"{{#list}}\n+ {{n}} {{name}}\n{{/list}}",
			"{\"list\": [{\"name\": \"甲\"}, {\"name\": \"乙\"}]}",
			"item\t1 甲\nitem\t2 乙\n"},
		{"{{#list}}\n+ {{.}}, {{who}}\n{{/list}}", "{\"who\": \"李\", \"list\": [\"甲\"]}",
			"item\t甲, 李\n"},
		{"{{#list}}\n+ {{name}}\n{{/list}}", "{\"list\": [\"甲\"]}", "item\t甲\n"},
		{"{{^list}}\n无\n{{/list}}", "{\"list\": []}", "text\t无\n"},
		{"{{^list}}\n无\n{{/list}}", "{\"list\": [\"甲\"]}", ""},
		{"{{#list?}}\n有\n{{/list?}}", "{\"list\": [\"甲\", \"乙\"]}", "text\t有\n"},
		{"{{#list}}{{name}}、{{/list}}止", "{\"list\": [\"甲\", \"乙\"]}",
			"text\t甲、乙、止\n"},
		{"{{#yes}}真{{/yes}}{{^yes}}假{{/yes}}", "{\"yes\": true}", "text\t真\n"},
		{"{{#yes}}真{{/yes}}{{^yes}}假{{/yes}}", "{\"yes\": false}", "text\t假\n"},
		{"{{#yes}}真{{/yes}}{{^yes}}假{{/yes}}", "{\"yes\": 0}", "text\t假\n"},
		{"{{#yes}}真{{/yes}}{{^yes}}假{{/yes}}", "{\"yes\": \"  \"}", "text\t假\n"},
		{"份数 {{yes}}", "{\"yes\": 0}", "text\t份数 0\n"},
		{"|= 甲 3 | 乙\n| {{who}} | |", "{\"who\": \"a|b\"}",
			"columns\t甲 3\t乙\nrow\ta|b\t\n"},
		{"@qr {{who}} | 扫", "{}", ""},
		{"@seal {{who}} | 日 | 章", "{}", "seal\t\t日\t章\n"},
		{"@rule", "{}", "rule\n"},
		{"{{who}}", "{\"who\": \"2026-01-09\"}", "text\t2026年1月9日\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct template *t = NULL;
		struct buf text = {0}, faults = {0}, lines = {0}, want = {0};
		struct paper p = {0};
		json *facts = NULL;
		buf_printf(&text, "# 题\n%s\n", rows[i].text);
		assert_int_equal(
			json_parse(&facts, rows[i].facts, strlen(rows[i].facts), NULL), OK);
		if (template_parse(&t, "t", text.data, text.len, &names, &faults) != OK)
			fail_msg("%s: %s", rows[i].text, buf_str(&faults));
		template_render(t, facts, true, &p);
		paper_write(&lines, &p);
		buf_printf(&want, "yimen-paper 1\ntitle\t题\n%s", rows[i].lines);
		assert_string_equal(lines.data, want.data);
		paper_fini(&p);
		template_free(t);
		json_free(facts);
		buf_fini(&text);
		buf_fini(&faults);
		buf_fini(&lines);
		buf_fini(&want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_name_file_and_line),
		cmocka_unit_test(lines_become_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
