/* After submitting: a refusal corrected at its field, a letter kept back and released, what the
 * centre tells, scans that go along. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/station/cases.h"
#include "core/station/changes.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tests/screens/hall.h"

static struct term *open_with_one_letter(struct hall *h, char receipt[LOCAL_RECEIPT_SIZE])
{
	struct term *t = hall_today(h);

	hall_submit(t);
	assert_true(term_word(t, "L2", receipt, LOCAL_RECEIPT_SIZE));
	return t;
}

/* By the list of cases, which has this one alone. */
static void open_the_case(struct term *t)
{
	term_keys(t, "<M-3>");
	term_wait(t, "查办件");
	term_keys(t, "<Enter>");
}

static void begin_correction(struct term *t)
{
	open_the_case(t);
	term_wait(t, "Ctrl-E 更正重报");
	term_keys(t, "<C-e>");
	term_wait(t, "更正 / 填表");
}

/* From the case that is being corrected. */
static void give_up(struct term *t)
{
	term_keys(t, "<C-d>");
	term_wait(t, "放弃更正? 改过的不要了");
	term_keys(t, "1");
	term_wait(t, "已放弃更正");
}

/* What the deliverer writes when the centre has answered. */
static void settle(struct hall *h, const char *number, const struct outbox_outcome *how)
{
	struct outbox_outcome o = *how;
	struct store *s = hall_store(h);
	struct letter l;

	assert_int_equal(outbox_get(s, number, &l), OK);
	memcpy(o.id, l.id, sizeof(o.id));
	assert_int_equal(outbox_settle(s, &o, 1), OK);
	letter_fini(&l);
	store_close(s);
}

static void refuse(struct hall *h, const char *number, const char *problem)
{
	const struct outbox_outcome o = {.state = LETTER_HELD,
		.hold = HOLD_REFUSED,
		.reason = "核对没有通过: 手机号已注销",
		.problem = problem};

	settle(h, number, &o);
}

static void accept(struct hall *h, const char *number)
{
	const struct outbox_outcome o = {.state = LETTER_DELIVERED,
		.receipt =
			"{\"project_no\":\"37012300000020261128000001\",\"query_password\":\"ABCD2345\"}"};

	settle(h, number, &o);
}

static void tell(struct hall *h, const char *changes)
{
	struct store *s = hall_store(h);
	struct changes_result r;

	assert_int_equal(changes_apply(s, changes, strlen(changes), &r), OK);
	assert_true(r.applied > 0);
	store_close(s);
}

static const char mobile_refused[] =
	"{\"type\":\"urn:yimen:problem:invalid\",\"title\":\"核对没有通过\",\"status\":422,\"errors\":"
	"[{\"pointer\":\"/answers/applicant_mobile\",\"detail\":\"手机号已注销\"},"
	"{\"pointer\":\"/materials/0\",\"detail\":\"身份证过期\"}]}";

/* The letter's new version names no refused one, and the old one is done with. */
static void check_versions(struct hall *h, const char *receipt)
{
	struct store *s = hall_store(h);
	struct outbox_counts n;
	struct letter l;
	json *body = NULL;

	assert_int_equal(outbox_counts(s, &n), OK);
	assert_int_equal(n.waiting, 1);
	assert_int_equal(n.held, 0);
	assert_int_equal(n.replaced, 1);
	assert_int_equal(outbox_get(s, receipt, &l), OK);
	assert_int_equal(l.version, 2);
	assert_int_equal(json_parse(&body, l.body, l.body_len, NULL), OK);
	assert_string_equal(
		json_get_str(json_get(body, "answers"), "applicant_mobile"), "13900139000");
	assert_null(json_get_str(body, "replaces"));
	assert_string_equal(json_get_str(body, "local_receipt"), receipt);
	json_free(body);
	letter_fini(&l);
	store_close(s);
}

static void a_refusal_is_corrected_at_its_field(void **state)
{
	struct hall *h = *state;
	char receipt[LOCAL_RECEIPT_SIZE];
	struct term *t = open_with_one_letter(h, receipt);

	refuse(h, receipt, mobile_refused);
	term_keys(t, "<Enter>");
	term_wait(t, "退回 1");
	term_keys(t, "<M-4>");
	term_wait(t, "Ctrl-E 更正重报");
	term_keys(t, "<Enter>");
	term_wait(t, "身份证过期");
	term_wait(t, "  联系电话      手机号已注销"); /* by its label */
	term_wait_gone(t, "applicant_mobile");
	term_keys(t, "<C-e>");
	term_wait(t, "更正 / 填表");
	term_wait(t, "> 联系电话");
	term_wait(t, "? 中心退回: 手机号已注销");
	/* not before it is changed (or a reason given) */
	term_keys(t, "<C-g>");
	term_wait(t, "> 联系电话");
	term_keys(t, "<C-u>13900139000<Enter>");
	term_wait_gone(t, "? 中心退回");
	term_keys(t, "<C-g>");
	term_wait(t, "这一版接替原来的");
	term_keys(t, "1<Enter>");
	term_wait(t, "已提交, 存在本机");
	term_wait(t, receipt);
	check_versions(h, receipt);
	term_keys(t, "<M-4>");
	term_wait(t, "已替换");
	term_wait(t, "待发");
	term_stop(t);
}

/* A version that changes nothing goes only when it is meant to; what changes is marked, and what
 * stood there before is as masked as what stands there now. */
static void a_correction_without_a_change_is_told(void **state)
{
	struct hall *h = *state;
	char receipt[LOCAL_RECEIPT_SIZE];
	struct term *t = open_with_one_letter(h, receipt);

	accept(h, receipt);
	begin_correction(t);
	term_keys(t, "<C-g>");
	term_wait(t, "与上一版相同, 没有改动。");
	term_keys(t, "1<Enter>");
	term_wait(t, "仍要提交?");
	term_keys(t, "2");
	term_wait(t, "还没有提交");
	assert_int_equal(hall_waiting(h), 0);
	term_keys(t, "<Esc>");
	term_wait(t, "更正 / 填表");
	term_keys(t, "<Up><C-u>13900139000<Enter><C-g>");
	term_wait(t, "与上一版相比改了 1 处: 联系电话");
	term_wait(t, " * 联系电话            139****9000 (原为 138****8000)");
	term_keys(t, "<Esc>");
	term_wait(t, "更正 / 填表");
	term_keys(t, "<Up><C-u>" HALL_MOBILE "<Enter><C-g>");
	term_wait(t, "与上一版相同, 没有改动。");
	term_keys(t, "1<Enter>");
	term_wait(t, "仍要提交?");
	term_keys(t, "1");
	term_wait(t, "已提交, 存在本机");
	assert_int_equal(hall_waiting(h), 1);
	term_stop(t);
}

/* The cursor and the objection are there again after a kill; giving up brings the old answer back.
 */
static void a_correction_can_be_left_and_given_up(void **state)
{
	struct hall *h = *state;
	char receipt[LOCAL_RECEIPT_SIZE];
	struct term *t = open_with_one_letter(h, receipt);

	refuse(h, receipt, mobile_refused);
	term_keys(t, "<M-4>");
	term_wait(t, "Ctrl-E 更正重报");
	term_keys(t, "<C-e>");
	term_wait(t, "? 中心退回: 手机号已注销");
	term_keys(t, "<Down><Down>2<Enter>");
	term_wait(t, "> 银行卡号");
	term_stop(t);
	t = hall_today(h);
	term_wait(t, "更正, 填表");
	term_keys(t, "3<Enter>");
	term_wait(t, "中心退回");
	term_keys(t, "<Esc>");
	open_the_case(t);
	term_wait(t, "正在更正, 还没有提交");
	give_up(t);
	term_wait_gone(t, "正在更正, 还没有提交");
	term_stop(t);
}

static void a_letter_is_kept_back_and_released(void **state)
{
	struct hall *h = *state;
	char receipt[LOCAL_RECEIPT_SIZE];
	struct term *t = open_with_one_letter(h, receipt);

	term_keys(t, "<M-4>");
	term_wait(t, "Ctrl-T 暂缓");
	term_keys(t, "<C-t>");
	term_wait(t, "为什么暂缓");
	term_keys(t, "<Enter>");
	term_wait(t, "请写明为什么");
	term_keys(t, "<C-t>");
	term_wait(t, "为什么暂缓");
	term_keys(t, "等户口簿<Enter>");
	term_wait(t, "已暂缓");
	term_wait(t, "等户口簿");
	term_keys(t, "<Down>");
	term_wait(t, "Ctrl-T 放行");
	term_keys(t, "<C-t>");
	term_wait(t, "已放行");
	term_wait_gone(t, "等户口簿");
	term_stop(t);
}

/* The line is dead: what waits goes into a file, and another window (here the same) takes it in. */
static void letters_leave_and_come_in_a_file(void **state)
{
	struct hall *h = *state;
	char receipt[LOCAL_RECEIPT_SIZE], keys[400];
	struct term *t = open_with_one_letter(h, receipt);

	term_keys(t, "<M-4>");
	term_wait(t, "Ctrl-T 暂缓");
	term_keys(t, ":export<Enter>");
	term_wait(t, "导出到哪个文件");
	snprintf(keys, sizeof(keys), "%s/letters.sealed<Enter>", h->folder);
	term_keys(t, keys);
	term_wait(t, "1 件和 0 份扫描件封在");
	term_keys(t, ":import<Enter>");
	term_wait(t, "从哪个文件收下");
	term_keys(t, keys);
	term_wait(t, "没有新的: 文件里的 1 件以前收过。");
	term_keys(t, ":import<Enter>");
	term_wait(t, "从哪个文件收下");
	term_keys(t, "/nowhere<Enter>");
	term_wait(t, "没有导入");
	term_stop(t);
}

static void what_the_centre_tells_is_seen_and_acted_on(void **state)
{
	struct hall *h = *state;
	char receipt[LOCAL_RECEIPT_SIZE];
	struct term *t = open_with_one_letter(h, receipt);

	accept(h, receipt);
	tell(h, "{\"cursor\":\"3\",\"changes\":[{\"seq\":2,\"type\":\"case\",\"at\":"
		"\"2026-11-28T10:00:00.000+08:00\",\"kind\":\"correction\",\"project_no\":"
		"\"37012300000020261128000001\",\"state\":\"correcting\",\"note\":\"照片不是白底\"},"
		"{\"seq\":3,\"type\":\"notice\",\"at\":\"2026-11-28T10:00:00.000+08:00\",\"text\":"
		"\"今晚八点停机\"}]}");
	term_keys(t, "<Enter>");
	term_wait(t, "照片不是白底");
	term_wait(t, "通知 1 条");
	term_wait(t, "消息 2");
	term_keys(t, "2<Enter>");
	term_wait(t, "[新] 今晚八点停机");
	term_keys(t, "<Esc>");
	term_wait(t, "消息 1");
	term_keys(t, "1<Enter>");
	term_wait(t, "中心说明");
	term_keys(t, "<C-e>");
	term_wait(t, "更正 / 填表");
	/* the centre moves the case meanwhile: nothing is overwritten unasked */
	tell(h, "{\"cursor\":\"4\",\"changes\":[{\"seq\":4,\"type\":\"case\",\"at\":"
		"\"2026-11-28T10:05:00.000+08:00\",\"kind\":\"note\",\"project_no\":"
		"\"37012300000020261128000001\",\"state\":\"correcting\",\"note\":\"还要签名\"}]}");
	term_keys(t, "<C-g>");
	term_wait(t, "这一版接替原来的");
	term_keys(t, "1<Enter>");
	term_wait(t, "与上一版相同, 没有改动: 中心会再收到一遍同样的内容。仍要提交?");
	term_keys(t, "1");
	term_wait(t, "仍要提交更正? (待补正: 还要签名)");
	term_keys(t, "1");
	term_wait(t, "已提交, 存在本机");
	term_stop(t);
}

/* What the centre will not take any more is said before it goes. */
static void a_correction_that_comes_too_late_is_told(void **state)
{
	struct hall *h = *state;
	char receipt[LOCAL_RECEIPT_SIZE];
	struct term *t = open_with_one_letter(h, receipt);

	accept(h, receipt);
	begin_correction(t);
	tell(h, "{\"cursor\":\"3\",\"changes\":[{\"seq\":2,\"type\":\"case\",\"at\":"
		"\"2026-11-28T10:00:00.000+08:00\",\"kind\":\"accept\",\"project_no\":"
		"\"37012300000020261128000001\",\"state\":\"accepted\",\"note\":\"\"}]}");
	term_keys(t, "<C-g>");
	term_wait(t, "这一版接替原来的");
	term_keys(t, "1<Enter>");
	term_wait(t, "仍要提交?");
	term_keys(t, "1");
	term_wait(t, "更正交去会退回");
	term_keys(t, "2<Esc><Esc>");
	open_the_case(t);
	term_wait(t, "正在更正, 还没有提交");
	term_wait(t, "Ctrl-D 放弃更正");
	give_up(t);
	term_stop(t);
}

static void a_scan_goes_along(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);
	char path[300], keys[320];
	FILE *f;

	snprintf(path, sizeof(path), "%s/scan.png", h->folder);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("\x89PNG\r\n\x1a\n a scan of nobody", f);
	fclose(f);
	hall_to_the_papers(t);
	term_keys(t, "<C-w>");
	term_wait(t, "扫描件或照片在哪");
	term_keys(t, "/nowhere/scan.png<Enter>");
	term_wait(t, "没有附上");
	term_keys(t, "<C-w>");
	term_wait(t, "扫描件或照片在哪");
	snprintf(keys, sizeof(keys), "%s<Enter>", path);
	term_keys(t, keys);
	term_wait(t, "扫描 1");
	term_wait(t, "已收 1");
	term_wait(t, "scan.png  1 KB");
	term_keys(t, "<C-d>");
	term_wait(t, "已去掉 scan.png");
	term_wait_gone(t, "扫描 1");
	term_stop(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_refusal_is_corrected_at_its_field, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_correction_without_a_change_is_told, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_correction_can_be_left_and_given_up, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_letter_is_kept_back_and_released, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			what_the_centre_tells_is_seen_and_acted_on, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_correction_that_comes_too_late_is_told, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			letters_leave_and_come_in_a_file, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(a_scan_goes_along, hall_setup, hall_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
