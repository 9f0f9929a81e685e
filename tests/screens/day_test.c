/* Handing over, the change of shift, the figures of the day and its end, by keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/station/audit.h"
#include "core/station/draft.h"
#include "core/station/handover.h"
#include "core/station/operator.h"
#include "core/station/store.h"
#include "core/station/summary.h"
#include "tests/screens/day_fill.h"
#include "tests/screens/hall.h"
#include "tests/unit/recount.h"

static const char *home_of(const struct hall *h)
{
	return strchr(h->home_env, '=') + 1;
}

static void second_operator(const struct hall *h)
{
	struct store *s = hall_store(h);

	assert_int_equal(operator_add(s, "0318", "赵示例", "zhaoshili0318", NULL), OK);
	store_close(s);
}

static int rows_of_trail(const struct hall *h, const char *act, const char *who)
{
	struct store *s = hall_store(h);
	struct stmt *st =
		db_prepare(store_db(s), "SELECT count(*) FROM audit WHERE act = ?1 AND who = ?2");
	int n;

	db_bind_text(st, 1, act);
	db_bind_text(st, 2, who);
	n = db_row(st) ? (int)db_int(st, 0) : -1;
	db_done(st);
	assert_int_equal(audit_verify(s, &(int64_t){0}, NULL), OK);
	store_close(s);
	return n;
}

static void see_draft(void *arg, const struct draft *d)
{
	*(struct draft *)arg = (struct draft){0};
	memcpy(((struct draft *)arg)->id, d->id, sizeof d->id);
}

static void draft_id(const struct hall *h, const char *who, char out[ID_UUID_SIZE])
{
	struct store *s = hall_store(h);
	struct draft d = {.id = ""};

	draft_each(s, who, see_draft, &d);
	memcpy(out, d.id, ID_UUID_SIZE);
	store_close(s);
}

static void sign_in_as(struct term *t, const char *number, const char *pass)
{
	term_wait(t, "口  令");
	term_keys(t, number);
	term_keys(t, "<Enter>");
	term_keys(t, pass);
	term_keys(t, "<Enter>");
	term_wait(t, "要您处理");
}

/* The whole way: typed by one, named at the end of the shift, handed over with a note, typed on by
 * the other from where it was. */
static void a_shift_changes_and_nothing_is_lost(void **state)
{
	struct hall *h = *state;
	char id[ID_UUID_SIZE];
	struct term *t;

	second_operator(h);
	t = hall_today(h);
	hall_to_the_form(t);
	term_keys(t, "陈晓燕<Enter>");
	term_wait(t, "居民身份证  2");
	term_keys(t, "1<Enter>");
	term_keys(t, "<C-x>sign-out<Enter>"); /* in the middle of the form */
	term_wait(t, "交接班");
	term_wait(t, "留着, 交班时暂存");
	term_golden(t, "filled-shift-zh-80x24.txt");
	term_keys(t, "<Enter>");
	term_wait(t, "交给谁");
	term_keys(t, "1");
	term_wait(t, "给 0318 的话");
	term_keys(t, "等他的复印件<Enter>");
	term_wait(t, "已交 0318: 等他的复印件");
	term_keys(t, "<C-g>");
	term_wait(t, "已交班: 留下暂存 0 件, 交出 1 件");
	assert_int_equal(rows_of_trail(h, "shift.end", "0317"), 1);
	assert_int_equal(rows_of_trail(h, "hand.give", "0317"), 1);
	sign_in_as(t, "0318", "zhaoshili0318");
	assert_int_equal(rows_of_trail(h, "shift.begin", "0318"), 1);
	term_wait(t, "0317 移交给您");
	term_keys(t, "<Enter>"); /* one key */
	term_wait(t, "原来在 0317");
	term_wait(t, "验屏申请表");
	term_wait(t, "陈晓燕");
	assert_int_equal(rows_of_trail(h, "hand.take", "0318"), 1);
	draft_id(h, "0318", id);
	assert_string_not_equal(id, "");
	term_keys(t, "<Esc><Esc><M-1>");
	term_wait(t, "要您处理");
	term_wait_gone(t, "移交给您");
	term_stop(t);
}

/* What is neither handed over nor parked is parked, and waits for its clerk. */
static void what_is_kept_is_parked(void **state)
{
	struct hall *h = *state;
	struct term *t;

	second_operator(h);
	t = hall_today(h);
	hall_to_the_form(t);
	term_keys(t, "陈晓燕<Enter>");
	term_wait(t, "居民身份证  2");
	term_keys(t, "<C-x>sign-out<Enter>");
	term_wait(t, "留着, 交班时暂存");
	term_keys(t, "<C-g>");
	term_wait(t, "留下暂存 1 件, 交出 0 件");
	sign_in_as(t, "0318", "zhaoshili0318");
	term_wait(t, "没有草稿"); /* it is not theirs */
	term_keys(t, "<C-x>sign-out<Enter>");
	term_wait(t, "没有没办完的");
	term_keys(t, "<C-g>");
	sign_in_as(t, HALL_OPERATOR, HALL_PASS);
	term_wait(t, "交班时留下");
	term_keys(t, "<Down><Enter>");
	term_wait(t, "陈晓燕");
	term_stop(t);
}

/* A draft that stands open on a screen is handed over by nobody. */
static void what_is_being_filled_is_not_handed_over(void **state)
{
	struct hall *h = *state;
	struct handover_order o = {
		.operator_name = "0317", .window = "03", .to_operator = "0318", .note = ""};
	char id[ID_UUID_SIZE];
	struct buf why = {0};
	struct store *s;
	struct term *t;

	second_operator(h);
	t = hall_today(h);
	hall_to_the_form(t);
	term_keys(t, "陈晓燕<Enter>");
	term_wait(t, "居民身份证  2");
	draft_id(h, "0317", id);
	o.number = id;
	s = hall_store(h);
	assert_int_equal(handover_give(s, &o, &why), ERR_BUSY);
	assert_non_null(strstr(buf_str(&why), "0317 正在 03 号窗口填这一件"));
	term_keys(t, "<M-1>");
	term_wait(t, "没办完的");
	assert_int_equal(handover_give(s, &o, &why), OK);
	store_close(s);
	term_wait(t, "已交 0318"); /* seen without a key */
	/* whose it was can still take it back: it opens */
	term_keys(t, "3<Enter>");
	term_wait(t, "陈晓燕");
	assert_int_equal(rows_of_trail(h, "hand.withdraw", "0317"), 1);
	term_stop(t);
	buf_fini(&why);
}

/* Two screens of one station: what stands open on one is neither opened nor dropped on the other.
 */
static void a_draft_stands_open_on_one_screen_only(void **state)
{
	struct hall *h = *state;
	struct term *one = hall_today(h), *two;

	hall_to_the_form(one);
	term_keys(one, "陈晓燕<Enter>");
	term_wait(one, "居民身份证  2");
	two = hall_today(h);
	term_keys(two, "3<Enter>");
	term_wait(two, "0317 正在 03 号窗口填这一件");
	term_keys(two, "<C-x>zfcg<Enter>");
	term_wait(two, "作废这份草稿?");
	term_keys(two, "1");
	term_wait(two, "正在别处打开");
	term_keys(one, "<M-1>");
	term_wait(one, "没办完的");
	term_keys(two, "<Enter>");
	term_wait(two, "验屏申请表");
	term_stop(one);
	term_stop(two);
}

/* A submitted case changes hands on its page, and says who has it. */
static void a_case_changes_hands(void **state)
{
	struct hall *h = *state;
	struct term *t;

	second_operator(h);
	t = hall_today(h);
	hall_submit(t);
	term_keys(t, "<M-3>");
	term_wait(t, "查办件");
	term_keys(t, "<Enter>");
	term_wait(t, "经办");
	term_keys(t, "<C-t>");
	term_wait(t, "交给谁");
	term_keys(t, "1");
	term_wait(t, "给 0318 的话");
	term_keys(t, "<Enter>");
	term_wait(t, "已交 0318, 还没有接");
	term_keys(t, "<C-x>sign-out<Enter>");
	term_wait(t, "没有没办完的");
	term_keys(t, "<C-g>");
	sign_in_as(t, "0318", "zhaoshili0318");
	term_keys(t, "1<Enter>");
	term_wait(t, "现在由");
	term_wait(t, "0318 (03号窗口)");
	term_wait(t, "接手");
	term_stop(t);
}

static void open_counts(struct hall *h, struct term **t, const char *language)
{
	day_fill(home_of(h));
	*t = hall_open(h, "xterm-256color", "C.UTF-8", language, 24, 80);
	hall_sign_in(*t, *language ? "Wants you" : "要您处理");
	term_keys(*t, "<M-5>");
	term_wait(*t, "60% (3/5)");
}

static void the_day_in_figures(void **state)
{
	struct hall *h = *state;
	struct term *t;

	open_counts(h, &t, "");
	term_golden(t, "filled-summary-zh-80x24.txt");
	term_keys(t, "<Tab>");
	term_wait(t, "按期");
	term_wait(t, "1/3");
	term_golden(t, "filled-summary-matter-zh-80x24.txt");
	term_keys(t, "<Tab>");
	term_wait(t, "沂水县民政局");
	term_keys(t, "<Tab>");
	term_wait(t, "0318  05号窗口");
	term_golden(t, "filled-summary-operator-zh-80x24.txt");
	term_keys(t, "<C-t>"); /* the month has its days too */
	term_wait(t, "5 按日");
	term_keys(t, "5");
	term_wait(t, "日期");
	term_wait(t, "3/5");
	term_keys(t, "<C-t><Left>");
	term_wait_gone(t, "3/5"); /* nothing was done the day before */
	term_stop(t);
}

static void the_day_in_english(void **state)
{
	struct hall *h = *state;
	struct term *t;

	open_counts(h, &t, "en");
	term_golden(t, "filled-summary-en-80x24.txt");
	term_keys(t, "2");
	term_wait(t, "Kept: decided");
	term_golden(t, "filled-summary-matter-en-80x24.txt");
	term_keys(t, "<Enter>");
	term_wait(t, "Not reconciled");
	term_golden(t, "filled-day-end-en-80x24.txt");
	term_stop(t);
}

/* The table that is saved says what the trail says. */
static void the_table_is_saved(void **state)
{
	struct hall *h = *state;
	const int32_t today = clock_day(clock_wall_ms(&clock_system));
	struct buf lines = {0}, said = {0};
	struct summary sum = {0};
	char path[400];
	struct recount *r;
	struct store *s;
	struct term *t;
	size_t wrong;

	open_counts(h, &t, "");
	snprintf(path, sizeof path, "%s/day.csv", h->folder);
	term_keys(t, "<C-y>");
	term_wait(t, "存到");
	term_keys(t, "<C-u>");
	term_keys(t, path);
	term_keys(t, "<Enter>");
	term_wait(t, "已存为");
	assert_int_equal(remove(path), 0);
	s = hall_store(h);
	assert_int_equal(summary_make(&sum, s, today, today + 1, 10), OK);
	summary_json(&lines, &sum);
	r = recount_make(s, today, today + 1, 10);
	assert_true(recount_compare(r, buf_str(&lines), &wrong, &said) > 200);
	assert_int_equal(wrong, 0);
	recount_free(r);
	summary_fini(&sum);
	store_close(s);
	buf_fini(&lines);
	buf_fini(&said);
	term_stop(t);
}

/* The day is closed by somebody who has been told what is open; the centre is not there. */
static void the_day_is_closed_knowingly(void **state)
{
	struct hall *h = *state;
	struct term *t;

	open_counts(h, &t, "");
	term_keys(t, "<Enter>");
	term_wait(t, "还没有和中心对账");
	term_wait(t, "到期 1");
	term_golden(t, "filled-day-end-zh-80x24.txt");
	term_keys(t, "<C-r>");
	term_wait(t, "没有对成");
	term_keys(t, "<C-g>");
	term_wait(t, "还有到期 1 件, 待发 1 件, 没有和中心对账。记下日结?");
	term_keys(t, "2");
	term_wait(t, "还没有记下");
	term_keys(t, "<C-g>");
	term_wait(t, "记下日结?");
	term_keys(t, "1");
	term_wait(t, "由 0317 记下, 那时还开着 2 件");
	assert_int_equal(rows_of_trail(h, "day.close", "0317"), 1);
	term_stop(t);
}

/* One who leaves ends the shift; one whose line drops goes on with it. */
static void shifts_end_and_go_on(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	term_stop(t); /* as when the line drops */
	t = hall_today(h);
	assert_int_equal(rows_of_trail(h, "shift.begin", "0317"), 1);
	assert_int_equal(rows_of_trail(h, "shift.end", "0317"), 0);
	term_keys(t, "<C-c>");
	term_wait(t, "退出工作台?");
	term_keys(t, "1");
	term_wait_exit(t);
	assert_int_equal(rows_of_trail(h, "shift.end", "0317"), 1);
	term_stop(t);
}

static void draft_lay(const struct hall *h, int days)
{
	struct store *s = hall_store(h);
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE case_ SET updated_ms = updated_ms - ?1 * 86400000 WHERE state = 'draft'");

	db_bind_int(st, 1, days);
	assert_int_equal(db_run(st), OK);
	store_close(s);
}

static void an_old_draft_is_told(void **state)
{
	struct hall *h = *state;
	struct term *t = hall_today(h);

	hall_to_the_form(t);
	term_keys(t, "陈晓燕<Enter>");
	term_wait(t, "居民身份证  2");
	term_stop(t);
	draft_lay(h, 29);
	t = hall_today(h);
	term_keys(t, "<M-5>");
	term_wait(t, "统计 / 今日");
	term_keys(t, "<Enter>");
	term_wait(t, "草稿 1");
	assert_false(term_has(t, "没有动过"));
	term_stop(t);
	draft_lay(h, 1);
	t = hall_today(h);
	term_keys(t, "<M-5>");
	term_wait(t, "统计 / 今日");
	term_keys(t, "<Enter>");
	term_wait(t, "30 天没有动过, 不办了请作废");
	term_stop(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_shift_changes_and_nothing_is_lost, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(what_is_kept_is_parked, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			what_is_being_filled_is_not_handed_over, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_draft_stands_open_on_one_screen_only, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(a_case_changes_hands, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(the_day_in_figures, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(the_day_in_english, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(the_table_is_saved, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			the_day_is_closed_knowingly, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(shifts_end_and_go_on, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(an_old_draft_is_told, hall_setup, hall_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
