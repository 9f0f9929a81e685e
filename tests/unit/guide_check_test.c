/* Conditions in guides that name what nobody can answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/paths.h"
#include "core/station/catalogue_check.h"
#include "core/station/matter.h"
#include "tui/guide_check.h"

static void gather(void *arg, const char *fault)
{
	buf_printf(arg, "%s\n", fault);
}

#define ILL \
	"{\"name\":\"ill\",\"type\":\"select_one\",\"label\":\"病了?\",\"choices\":[" \
	"{\"name\":\"yes\",\"label\":\"是\"},{\"name\":\"no\",\"label\":\"否\"}]}"

/* A guide with one paper, asked for when the rule holds. */
static char *guide(const char *form, const char *situation, const char *rule)
{
	struct buf b = {0};

	buf_printf(&b,
		"{\"task_code\":\"a\",\"task_name\":\"甲\",\"dept_name\":\"某局\",\"form\":\"%s\","
		"\"situation\":[%s],\"materials\":[{\"material_name\":\"病历\",\"relevant\":\"%s\"}]}",
		form, situation, rule);
	return buf_take(&b);
}

static void says(const char *form, const char *situation, const char *rule, const char *want)
{
	struct guide_check *c = guide_check_new(NULL);
	char *text = guide(form, situation, rule);
	struct buf said = {0};
	struct matter *m;

	assert_int_equal(matter_parse(&m, text, strlen(text), NULL), OK);
	guide_check_matter(c, m, gather, &said);
	if (strncmp(buf_str(&said), want, strlen(want)) != 0 ||
		(want[0] == '\0') != (said.len == 0))
		fail_msg("%s: %s", rule, buf_str(&said));
	matter_free(m);
	free(text);
	buf_fini(&said);
	guide_check_free(c);
}

#define PAPER "材料 病历 的条件 (relevant): "

static void answers_that_nobody_can_give(void **state)
{
	(void)state;
	says("", ILL, "${ill} = 'yes'", "");
	says("", ILL, "'no' != ${ill} or selected(${ill}, 'yes')", "");
	says("", ILL, "${ill} = ''", "");
	says("", ILL, "${ill} = 'yess'", PAPER "ill 没有 'yess' 这个答案; 是不是 'yes'?\n");
	says("", ILL, "not('maybe' = ${ill})",
		PAPER "ill 没有 'maybe' 这个答案; 选项有: yes, no\n");
	says("", ILL, "selected(${ill}, '是')",
		PAPER "ill 没有 '是' 这个答案; 那是选项的文字, 请写它的代号 'yes'\n");
	says("", ILL, "${ill} = 'yes", PAPER "引号");
}

static void questions_that_nobody_asks(void **state)
{
	(void)state;
	says("", ILL, "${illl} = 'yes'",
		PAPER "没有 ${illl} 这个情形问题, 表里也没有这一栏, 是不是 ${ill}?\n");
	says("", "", "${nowhere} = 'yes'",
		PAPER "${nowhere} 不会有答案: 情形里没有这个问题, 本机的表 general ");
	says("", "", "${applicant_name} != ''", ""); /* a field of the form */
	says("id-card", "", "${applicant_age} < 16", "");
	says("id-card", "", "${applicant_agee} < 16",
		PAPER "没有 ${applicant_agee} 这个情形问题, 表里也没有这一栏, 是不是 "
		      "${applicant_age}?\n");
}

/* What a form has that is not here, nobody here can say. */
static void a_form_that_is_not_here_is_no_fault(void **state)
{
	(void)state;
	says("not-here", ILL, "${nowhere} = 'x'", "");
	says("not-here", ILL, "${ill} = 'yess'", PAPER "ill 没有 'yess'");
	says("not-here", ILL, "${illl} = 'yes'",
		PAPER "没有 ${illl} 这个情形问题, 是不是 ${ill}? (本机没有这张表, "
		      "若是表里的栏就不用改)\n");
}

/* Questions that cannot be read stop every application: that is told, and no more. */
static void questions_among_themselves(void **state)
{
	(void)state;
	says("",
		ILL ",{\"name\":\"q\",\"type\":\"text\",\"label\":\"问\",\"relevant\":"
		    "\"${il} = 'yes'\"}",
		"${ill} = 'no'",
		"情形:3:7: q 的 relevant 提到了 ${il}, 但没有这一栏, 是不是 ${ill}?\n");
	says("",
		ILL ",{\"name\":\"q\",\"type\":\"text\",\"label\":\"问\",\"relevant\":"
		    "\"${ill} = 'yess'\"}",
		"${q} = 'no'", "情形:3:7: q 的 relevant 里拿 ill 与 'yess' 比");
}

/* ---- in the report ---- */

static void check(void *arg, const struct matter *m, void (*say)(void *to, const char *), void *to)
{
	guide_check_matter(arg, m, say, to);
}

static void count_condition(void *arg, int64_t line, enum quality_rule rule, const char *body,
	const char *code, const char *name, const char *fault)
{
	int *n = arg;

	(void)body;
	(void)code;
	(void)name;
	if (rule != QUALITY_RELEVANT)
		return;
	assert_int_equal(line, 1);
	assert_string_equal(fault, PAPER "ill 没有 'yess' 这个答案; 是不是 'yes'?");
	++*n;
}

static void count_body(void *arg, const struct quality_body *b)
{
	(void)arg;
	assert_int_equal(b->faults[QUALITY_RELEVANT], 1);
}

static void the_report_counts_them(void **state)
{
	struct quality_more more = {check, guide_check_new(NULL)};
	char *text = guide("", ILL, "${ill} = 'yess'");
	FILE *in = fmemopen(text, strlen(text), "r");
	int64_t matters, faulty;
	int found = 0;

	(void)state;
	assert_non_null(in);
	assert_int_equal(
		quality_check(in, &more, count_condition, count_body, &found, &matters, &faulty),
		OK);
	assert_int_equal(found, 1);
	assert_int_equal(faulty, 1);
	fclose(in);
	free(text);
	guide_check_free(more.arg);
}

static void none(void *arg, int64_t line, enum quality_rule rule, const char *body,
	const char *code, const char *name, const char *fault)
{
	(void)arg;
	(void)line;
	(void)body;
	(void)rule;
	fail_msg("%s %s: %s", code, name, fault);
}

static void no_body(void *arg, const struct quality_body *b)
{
	(void)arg;
	(void)b;
}

/* How many faults a matter with such a result has in its result. */
static void count_result(void *arg, int64_t line, enum quality_rule rule, const char *body,
	const char *code, const char *name, const char *fault)
{
	(void)line;
	(void)body;
	(void)code;
	(void)name;
	(void)fault;
	*(int *)arg += rule == QUALITY_RESULT;
}

static int result_faults(const char *type, const char *name)
{
	int64_t matters, faulty;
	char text[200];
	int found = 0;
	FILE *in;

	snprintf(text, sizeof(text),
		"{\"task_code\":\"a\",\"task_name\":\"甲\",\"dept_name\":\"某局\",\"result_type\":\"%s\","
		"\"result_name\":\"%s\"}",
		type, name);
	in = fmemopen(text, strlen(text), "r");
	assert_non_null(in);
	assert_int_equal(
		quality_check(in, NULL, count_result, no_body, &found, &matters, &faulty), OK);
	fclose(in);
	return found;
}

/* A 凭证 is no 证照: it tells that something was done. */
static void a_certificate_is_said_to_be_one(void **state)
{
	(void)state;
	assert_int_equal(result_faults("99", "食品经营许可证"), 1);
	assert_int_equal(result_faults("99", "营业执照"), 1);
	assert_int_equal(result_faults("99", "生育登记凭证"), 0);
	assert_int_equal(result_faults("99", "确认通知书"), 0);
	assert_int_equal(result_faults("10", "结婚证"), 0);
	assert_int_equal(result_faults("10", ""), 1);
}

/* Of no kind: the report on the demo's own guides is clean. */
static void shipped_guides_have_none(void **state)
{
	struct quality_more more = {check, guide_check_new(NULL)};
	char *file = paths_share("data/demo/matters.jsonl");
	FILE *in = fopen(file, "re");
	int64_t matters, faulty;

	(void)state;
	assert_non_null(in);
	assert_int_equal(quality_check(in, &more, none, no_body, NULL, &matters, &faulty), OK);
	assert_true(matters > 50);
	fclose(in);
	free(file);
	guide_check_free(more.arg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_that_nobody_can_give),
		cmocka_unit_test(questions_that_nobody_asks),
		cmocka_unit_test(a_form_that_is_not_here_is_no_fault),
		cmocka_unit_test(questions_among_themselves),
		cmocka_unit_test(the_report_counts_them),
		cmocka_unit_test(a_certificate_is_said_to_be_one),
		cmocka_unit_test(shipped_guides_have_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
