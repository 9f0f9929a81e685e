/* Slips on the screen: from the case, looked at, filled in, numbered, printed, printed again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/station/cases.h"
#include "core/station/documents/slip_ledger.h"
#include "core/station/draft.h"
#include "core/station/store.h"
#include "tests/screens/hall.h"

static const char *home_of(const struct hall *h)
{
	return h->home_env + strlen("YIMEN_HOME=");
}

/* A case that was submitted at this window. */
static void add_case(const struct hall *h)
{
	static char code[] = "11371323000000001A4000000000001", name[] = "测试事项",
		    who[] = HALL_OPERATOR, window[] = "03";
	const struct draft origin = {
		.task_code = code, .task_name = name, .operator_name = who, .window = window};
	struct application a = {.station = "test",
		.applyer_name = "李样例",
		.applyer_type = "1",
		.materials_json = "[{\"material_name\": \"照片\", \"get_type\": \"原件\","
				  " \"originals\": 1, \"copies\": 0, \"state\": \"received\"}]",
		.answers_json = "{\"applicant_name\": \"李样例\"}"};
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct store *s;

	if (store_open(&s, home_of(h), &clock_system, &entropy_system, NULL) != OK ||
		draft_begin(s, &origin, id) != OK)
		abort();
	a.draft_id = id;
	if (case_submit(s, &a, receipt, NULL) != OK)
		abort();
	store_close(s);
}

static int make(void **state)
{
	struct hall *h = calloc(1, sizeof(*h));

	hall_make(h);
	add_case(h);
	*state = h;
	return 0;
}

static int drop(void **state)
{
	hall_drop(*state);
	free(*state);
	return 0;
}

/* At the slips of the case. */
static struct term *open_slips(struct hall *h)
{
	struct term *t = hall_today(h);

	term_keys(t, "<M-3>");
	term_wait(t, "李*");
	term_keys(t, "<Down><Enter>");
	term_wait(t, "办件 / 一件");
	term_keys(t, "<C-p>");
	term_wait(t, "文书 / 收件凭证");
	return t;
}

static void count(void *arg, const struct slip_record *r)
{
	*(int *)arg += r->printed[SLIP_ORIGINAL];
}

static int printed(const struct hall *h)
{
	struct store *s;
	int n = 0;

	assert_int_equal(store_open(&s, home_of(h), &clock_system, &entropy_system, NULL), OK);
	slip_each(s, NULL, count, &n);
	store_close(s);
	return n;
}

static void looked_at_printed_and_printed_again(void **state)
{
	struct term *t = open_slips(*state);

	term_wait(t, "还没有编号");
	assert_true(term_has(t, "李样例:"));
	assert_int_equal(printed(*state), 0);
	term_keys(t, "<C-p>");
	term_wait(t, "正本和存根已送往终端的打印机");
	assert_int_equal(printed(*state), 1);
	term_keys(t, "<Down>");
	term_wait(t, "已印正本 1 次");
	term_keys(t, "<C-p>");
	term_wait(t, "已送往终端的打印机");
	term_keys(t, "<Down>");
	term_wait(t, "已印正本 2 次");
	term_stop(t);
}

static void what_lacks_is_filled_in(void **state)
{
	struct term *t = open_slips(*state);

	term_keys(t, "<Tab>");
	term_wait(t, "不予受理通知书");
	term_keys(t, "6");
	term_wait(t, "不予受理以后才有。确实要开, 按 Ctrl-E 填 理由");
	term_keys(t, "<C-p>");
	term_wait(t, "还不能开");
	term_keys(t, "<C-e>");
	term_wait(t, "理由");
	term_keys(t, "不属于本机关职权范围<Enter>");
	term_wait(t, "还没有编号");
	term_keys(t, "<C-p>");
	term_wait(t, "已送往终端的打印机");
	term_stop(t);
}

static void a_list_is_filled_in(void **state)
{
	struct term *t = open_slips(*state);

	term_keys(t, "<Tab>");
	term_wait(t, "补正告知书");
	term_keys(t, "4");
	term_wait(t, "告知补正以后才有。确实要开, 按 Ctrl-E 填 要补正的材料和内容");
	term_keys(t, "<C-e>");
	term_wait(t, "材料: 问题");
	term_keys(t, "照片：不是近照；户口簿：缺首页<Enter>");
	term_wait(t, "还没有编号");
	term_keys(t, "<PgDn>");
	term_wait(t, "缺首页");
	term_stop(t);
}

static void saved_as_pdf(void **state)
{
	const struct hall *h = *state;
	struct term *t = open_slips(*state);
	char path[600], keys[700];
	struct stat st;

	snprintf(path, sizeof(path), "%s/s.pdf", h->folder);
	snprintf(keys, sizeof(keys), "<C-u>%s<Enter>", path);
	term_keys(t, "<C-y>");
	term_wait(t, "存到");
	term_keys(t, keys);
	term_wait(t, "已存为");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	term_stop(t);
}

static void looks(void **state)
{
	static const struct {
		const char *type, *locale, *language, *name;
		int rows, cols;
	} looks[] = {
		{"xterm-256color", "C.UTF-8", "", "slip-zh-80x24.txt", 24, 80},
		{"xterm-256color", "zh_CN.GB18030", "", "slip-gb18030-80x24.txt", 24, 80},
		{"xterm-256color", "C.UTF-8", "", "slip-zh-132x43.txt", 43, 132},
	};

	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		struct term *t = hall_open(*state, looks[i].type, looks[i].locale,
			looks[i].language, looks[i].rows, looks[i].cols);
		hall_sign_in(t, "要您处理");
		term_keys(t, "残疾人证新<Enter>");
		term_wait(t, "1概要");
		term_keys(t, "<C-p>");
		term_wait(t, "文书 / 一次性告知单");
		term_golden(t, looks[i].name);
		term_stop(t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(looked_at_printed_and_printed_again, make, drop),
		cmocka_unit_test_setup_teardown(what_lacks_is_filled_in, make, drop),
		cmocka_unit_test_setup_teardown(a_list_is_filled_in, make, drop),
		cmocka_unit_test_setup_teardown(saved_as_pdf, make, drop),
		cmocka_unit_test_setup_teardown(looks, make, drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
