/* Results to hand over: a name, and it is handed over with its slip; what is owed comes; a form
 * that is killed in the middle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/changes.h"
#include "core/station/outbox.h"
#include "core/station/owed.h"
#include "core/station/store.h"
#include "tests/screens/hall.h"

static void take_id(void *arg, const struct case_view *v)
{
	strcpy(arg, v->id);
}

/* The centre tells of the one case there is. */
static void tell(struct hall *h, int seq, const char *kind, const char *state, const char *facts)
{
	struct store *s = hall_store(h);
	struct changes_result r;
	char id[ID_UUID_SIZE] = "";
	struct buf doc = {0};

	case_each(s, -1, NULL, take_id, id);
	buf_printf(&doc,
		"{\"cursor\":\"%d\",\"changes\":[{\"seq\":%d,\"type\":\"case\",\"at\":"
		"\"2026-11-24T10:00:00.000+08:00\",\"kind\":\"%s\",\"case_id\":\"%s\","
		"\"project_no\":\"3713232026112400001\",\"state\":\"%s\",\"who\":\"孙样本\","
		"\"facts\":%s}]}",
		seq, seq, kind, id, state, facts);
	assert_int_equal(changes_apply(s, doc.data, doc.len, &r), OK);
	assert_int_equal(r.applied, 1);
	buf_fini(&doc);
	store_close(s);
}

static const char decided[] =
	"{\"documents\":[{\"name\":\"残疾人证\",\"number\":\"〔2026〕77号\",\"count\":1}]}";

/* Facts of the last letter of this kind. */
static json *letter_facts(struct hall *h, enum case_act act)
{
	struct store *s = hall_store(h);
	struct buf facts = {0};
	char id[ID_UUID_SIZE] = "";
	json *root = NULL;

	case_each(s, -1, NULL, take_id, id);
	assert_int_equal(act_facts(s, id, act, &facts, NULL), OK);
	assert_int_equal(json_parse(&root, buf_str(&facts), facts.len, NULL), OK);
	buf_fini(&facts);
	store_close(s);
	return root;
}

static struct term *with_a_result(struct hall *h)
{
	struct term *t = hall_today(h);

	hall_submit(t);
	tell(h, 1, "accept", "accepted", "{\"due_date\":\"2026-12-15\"}");
	tell(h, 2, "decide", "completed", decided);
	term_keys(t, "<M-1>");
	term_wait(t, "待取的结果 1 件");
	return t;
}

static void a_name_is_enough(void **state)
{
	struct hall *h = *state;
	struct term *t = with_a_result(h);
	json *facts;
	int row;

	term_keys(t, "<M-0>");
	term_wait(t, "残疾人证 〔2026〕77号");
	term_wait(t, "消息 1"); /* counted within a second */
	term_golden(t, "filled-pickup-zh-80x24.txt");
	term_keys(t, "zs");
	term_wait(t, "没有找到待取的结果");
	term_keys(t, "<C-u>cxy"); /* 陈晓燕 */
	term_wait(t, "待取 1 件");
	term_keys(t, "<Enter>");
	term_wait(t, "> 送达方式");
	term_wait(t, "送达时间  20"); /* proposed: now */
	term_keys(t, "<C-g>");
	term_wait(t, "送达: 就这样办?");
	term_keys(t, "1");
	term_wait(t, "送达回证"); /* the slip for the recipient to sign */
	term_keys(t, "<PgDn>");
	term_wait(t, "直接送达");
	term_wait(t, "送达时间  20"); /* as people write it */
	for (row = 0; row < 24; row++)
		if (strstr(term_row(t, row), "送达时间") != NULL)
			assert_null(strchr(term_row(t, row), 'T'));
	term_keys(t, "<Esc>");
	term_wait(t, "没有找到待取的结果"); /* it is gone from the list */
	facts = letter_facts(h, ACT_DELIVER);
	assert_string_equal(json_get_str(facts, "recipient"), "陈晓燕");
	assert_string_equal(
		json_get_str(json_first(json_get(facts, "documents")), "number"), "〔2026〕77号");
	json_free(facts);
	/* the history names who took it, and the back office */
	term_keys(t, "<M-3>");
	term_wait(t, "查办件");
	term_keys(t, "chenxy<Enter>");
	term_wait(t, "直接送达  陈晓燕");
	term_wait(t, "孙样本");
	assert_false(term_has(t, "更正重报")); /* it is decided: nothing to correct */
	assert_false(term_has(t, "中心说明"));
	term_stop(t);
}

static void a_proxy_is_named_with_a_certificate(void **state)
{
	struct hall *h = *state;
	struct term *t = with_a_result(h);
	json *facts;

	term_keys(t, "<M-0>");
	term_wait(t, "〔2026〕77号");
	term_resize(t, 43, 132); /* room to see the case beside it */
	term_wait(t, "事项编码");
	term_resize(t, 24, 80);
	term_wait_gone(t, "事项编码");
	term_keys(t, "<Enter>");
	term_wait(t, "> 送达方式");
	term_keys(t, "3");
	term_wait(t, "代收人证件号码");
	term_keys(t, "<C-g>");
	term_wait(t, "代收人、"); /* not without who took it */
	term_keys(t, "李样例<Enter>" HALL_PERSON "<Enter>");
	term_wait(t, "> 与受送达人的");
	term_keys(t, "女儿<Enter>");
	term_wait(t, "> 代收理由");
	term_keys(t, "本人住院不能到场由女儿带户口簿和本人身份证代收"); /* has room for it */
	term_wait(t, "本人住院不能到场由女儿带户口簿和本人身份证代收");
	term_keys(t, "<C-g>");
	term_wait(t, "送达: 就这样办?");
	term_keys(t, "1");
	term_wait(t, "送达: 已办");
	facts = letter_facts(h, ACT_DELIVER);
	assert_string_equal(json_get_str(facts, "taken_by"), "李样例");
	assert_string_equal(json_get_str(facts, "taken_page_code"), HALL_PERSON);
	json_free(facts);
	term_stop(t);
}

/* ---- what is owed ---- */

static struct term *with_owed(struct hall *h, const char *name, const char *day)
{
	struct term *t = hall_today(h);
	struct store *s;
	char id[ID_UUID_SIZE] = "";
	struct buf facts = {0}, why = {0};
	struct act_order o = {
		.act = ACT_ACCEPT, .station = "s", .operator_name = HALL_OPERATOR, .window = "03"};

	hall_submit(t);
	s = hall_store(h);
	case_each(s, -1, NULL, take_id, id);
	buf_printf(&facts,
		"{\"due_date\":\"2099-12-15\",\"owed\":[{\"name\":\"%s\",\"due_date\":\"%s\"}]}",
		name, day);
	o.case_number = id;
	o.facts = facts.data;
	assert_int_equal(act_do(s, &o, &why), OK);
	store_close(s);
	buf_fini(&facts);
	buf_fini(&why);
	return t;
}

static void what_was_owed_comes(void **state)
{
	struct hall *h = *state;
	struct term *t = with_owed(h, "户口簿", "2020-12-01");
	char path[300], keys[340];
	json *facts;
	FILE *f;

	term_keys(t, "<M-1>");
	term_wait(t, "欠 户口簿 逾期"); /* which paper, and since when */
	term_keys(t, "<Enter>");
	term_wait(t, "补交容缺材料、"); /* what can be done now */
	term_keys(t, "<C-\\>");		/* and what the visitor is shown of it */
	term_wait(t, "陈 * 燕");
	term_keys(t, "1");
	term_wait(t, "户 口 簿");
	term_wait(t, "2 0 2 0 - 1 2 - 0 1   前 补 交");
	term_keys(t, "<C-\\>");
	term_wait(t, "补交容缺材料、");
	term_keys(t, "<Enter>");
	term_wait(t, "办理这一件");
	term_keys(t, "1");
	term_wait(t, "补交的材料");
	snprintf(keys, sizeof keys, "<C-w>%s/none.pdf<Enter>", h->folder);
	term_keys(t, keys);
	term_wait(t, "没有附上");
	term_keys(t, "<C-w>");
	term_wait(t, "扫描件或照片在哪");
	snprintf(path, sizeof path, "%s/scan.pdf", h->folder);
	f = fopen(path, "w");
	fputs("%PDF-1.4 a scan", f);
	fclose(f);
	snprintf(keys, sizeof keys, "%s<Enter>", path);
	term_keys(t, keys);
	term_wait(t, "户口簿: 已附扫描件");
	term_keys(t, "<C-g>");
	term_wait(t, "补交容缺材料: 就这样办?");
	term_keys(t, "1");
	term_wait(t, "补交容缺材料: 已办");
	term_wait(t, "已补交");
	term_wait(t, "容缺材料已经补齐");
	term_keys(t, "<M-1>");
	term_wait(t, "没有退回的, 没有新的补正");
	facts = letter_facts(h, ACT_SUPPLY);
	assert_string_equal(json_str(json_first(json_get(facts, "supplied"))), "户口簿");
	assert_string_equal(json_get_str(facts, "supplied_by"), "陈晓燕");
	json_free(facts);
	term_stop(t);
}

/* 今日 names the paper and its day; of a long name the day stays to be read. */
static void what_is_owed_today_is_named(void **state)
{
	struct hall *h = *state;
	char day[DATE_SIZE];
	struct term *t = with_owed(h, "户口簿 (首页、本人页) 及婚姻状况证明",
		date_format(date_from_day(clock_day(clock_wall_ms(&clock_system))), day));

	term_keys(t, "<M-1>");
	term_wait(t, "欠 户口簿 (首... 今天到期");
	term_stop(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_name_is_enough, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_proxy_is_named_with_a_certificate, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(what_was_owed_comes, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			what_is_owed_today_is_named, hall_setup, hall_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
