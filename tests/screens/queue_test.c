/* The queue of visitors by keys: one key calls the next; the case carries the ticket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/station/cases.h"
#include "core/station/queue.h"
#include "core/station/store.h"
#include "tests/screens/hall.h"

static void draw(struct hall *h, int count)
{
	struct queue_draw d = {"A", false, "desk"};
	struct store *s = hall_store(h);
	struct ticket t;

	while (count-- > 0) {
		assert_int_equal(queue_draw(s, &d, &t, NULL, NULL), OK);
		ticket_fini(&t);
	}
	store_close(s);
}

static void is_now(struct hall *h, const char *number, enum ticket_state state, const char *window,
	enum ticket_outcome outcome)
{
	struct store *s = hall_store(h);
	struct ticket t;

	assert_int_equal(queue_get(s, number, &t), OK);
	assert_int_equal(t.state, state);
	assert_string_equal(t.window, window);
	assert_int_equal(t.outcome, outcome);
	ticket_fini(&t);
	store_close(s);
}

static void take_case(void *arg, const struct case_view *v)
{
	strcpy(arg, v->id);
}

/* Called, served by an application, and the next one called: three keys beside the work. */
static void a_visitor_comes_and_goes(void **state)
{
	char id[ID_UUID_SIZE] = "";
	struct buf number = {0};
	struct hall *h = *state;
	struct store *s;
	struct term *t;

	draw(h, 3);
	t = hall_today(h);
	term_wait(t, "等候 3 人, 下一号 A001 已等 0分");
	term_wait(t, "等候 3 人 0分"); /* in the status row of every screen */
	term_keys(t, "<M-9>");
	term_wait(t, "请 A001 到 03 号窗口");
	term_wait(t, "A001 已叫");
	is_now(h, "A001", TICKET_CALLED, "03", TICKET_OUTCOME__MAX);
	hall_submit(t); /* the visitor has come: the first key of work says so */
	is_now(h, "A001", TICKET_SERVING, "03", TICKET_OUTCOME__MAX);
	term_keys(t, "<Enter>");
	term_wait(t, "A001 办完 (受理)。请 A002 到 03 号窗口");
	is_now(h, "A001", TICKET_DONE, "03", TICKET_ACCEPTED);
	is_now(h, "A002", TICKET_CALLED, "03", TICKET_OUTCOME__MAX);
	s = hall_store(h);
	case_each(s, -1, "A001", take_case, id);
	queue_number_of_case(s, id, &number);
	assert_string_equal(buf_str(&number), "A001");
	store_close(s);
	buf_fini(&number);
	term_keys(t, "<M-3>");
	term_wait(t, "查办件");
	term_keys(t, "<Enter>");
	term_wait(t, "票号");
	/* nobody came: skipped at the second press only */
	term_keys(t, "<M-9>");
	term_wait(t, "A002 还没有来");
	is_now(h, "A002", TICKET_CALLED, "03", TICKET_OUTCOME__MAX);
	term_keys(t, "<M-9>");
	term_wait(t, "A002 过号。请 A003 到 03 号窗口");
	is_now(h, "A002", TICKET_SKIPPED, "03", TICKET_OUTCOME__MAX);
	term_stop(t);
}

/* Half a form, the visitor goes to copy something: aside with the draft, and back with it. */
static void a_draft_keeps_the_visitor(void **state)
{
	struct hall *h = *state;
	struct term *t;

	draw(h, 2);
	t = hall_today(h);
	term_wait(t, "等候 2 人");
	term_keys(t, "<M-9>");
	term_wait(t, "A001 已叫");
	hall_to_the_form(t);
	term_keys(t, "陈晓燕<Enter>");
	term_wait(t, "居民身份证  2");
	term_keys(t, "<M-1>");
	term_wait(t, "填表, A001"); /* among what is not finished */
	term_keys(t, "<M-9>");
	term_wait(t, "A001 暂离。请 A002");
	is_now(h, "A001", TICKET_PAUSED, "03", TICKET_OUTCOME__MAX);
	term_keys(t, "g"); /* A002 is here */
	term_wait(t, "查事项");
	term_keys(t, "<M-9>");
	term_wait(t, "A002 办完 (咨询)。没有人等候");
	term_keys(t, "3<Enter>");
	term_wait(t, "填表 / 残疾人证新办");
	is_now(h, "A001", TICKET_SERVING, "03", TICKET_OUTCOME__MAX);
	term_stop(t);
}

/* The selected row is one bar, what is remarked at its end too. */
static void bar_holds(struct term *t, const char *words)
{
	int row = 0, col = 79;

	while (row < 24 && strstr(term_row(t, row), words) == NULL)
		row++;
	assert_in_range(row, 0, 23);
	while (col > 0 && (term_cell(t, row, col).cp == ' ' || term_cell(t, row, col).cp == 0))
		col--;
	assert_true(term_cell(t, row, col).reverse);
}

static void the_queue_on_its_screen(void **state)
{
	struct hall *h = *state;
	struct term *t;

	t = hall_today(h);
	term_keys(t, "<M-8>");
	term_wait(t, "今天还没有号");
	term_keys(t, "<C-e>");
	term_wait(t, "发号, 优先");
	term_keys(t, "1");
	term_wait(t, "发号 A001, 前面还有 0 人");
	term_keys(t, "<C-e>");
	term_wait(t, "发号, 优先");
	term_keys(t, "2");
	term_wait(t, "发号 A002, 前面还有 1 人");
	term_wait(t, "下一号 A002");	     /* with priority */
	term_keys(t, "<Home><Down><Enter>"); /* A001, out of turn */
	term_wait(t, "A001: 叫号。");
	term_keys(t, "<C-r>");
	term_wait(t, "叫过 2 次");
	bar_holds(t, "叫过 2 次");
	term_keys(t, "<C-w>");
	term_wait(t, "A001: 过号。");
	term_keys(t, "<Enter>");
	term_wait(t, "A001: 继续。");
	term_keys(t, "<Enter>");
	term_wait(t, "按本次办理的情况");
	term_keys(t, "4"); /* 核验办结: those listed are 咨询 受理 领证 核验办结 其他 */
	term_wait(t, "A001: 办完。");
	is_now(h, "A001", TICKET_DONE, "03", TICKET_CHECKED);
	term_keys(t, "<Home><C-t>");
	term_wait(t, "转到窗口");
	term_keys(t, "1");
	term_wait(t, "A002: 转发。");
	term_keys(t, "<C-d>");
	term_wait(t, "取消 A002?");
	term_keys(t, "2");
	is_now(h, "A002", TICKET_WAITING, "", TICKET_OUTCOME__MAX);
	term_keys(t, "<C-d>");
	term_wait(t, "取消 A002?");
	term_keys(t, "1");
	term_wait(t, "A002: 取消。");
	is_now(h, "A002", TICKET_LEFT, "", TICKET_OUTCOME__MAX);
	term_stop(t);
}

/* What the machine writes is here within a second or so; a call is told to the hall's display. */
static void machine_and_display(void **state)
{
	struct hall *h = *state;
	char path[400], iso[CLOCK_ISO_SIZE], line[200] = "";
	struct term *t;
	FILE *f;

	snprintf(path, sizeof(path), "%s/yimen.conf", strchr(h->home_env, '=') + 1);
	f = fopen(path, "w");
	fprintf(f, "queue.file = %s/machine.tsv\nqueue.calls = %s/calls.tsv\n", h->folder,
		h->folder);
	fclose(f);
	t = hall_today(h);
	snprintf(path, sizeof(path), "%s/machine.tsv", h->folder);
	f = fopen(path, "w");
	fprintf(f, "%s\tK07\n\x1b[31mbad\n", clock_iso(clock_wall_ms(&clock_system), iso));
	fclose(f);
	term_wait(t, "下一号 K07");
	term_keys(t, "<M-8>");
	term_wait(t, "取号机的第 2 行没有收");
	term_keys(t, "<M-9>");
	term_wait(t, "请 K07 到 03 号窗口");
	snprintf(path, sizeof(path), "%s/calls.tsv", h->folder);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	fclose(f);
	assert_non_null(strstr(line, "\tK07\t03\tcall\n"));
	term_stop(t);
}

/* Where there is room, a ticket stands beside the list with what its visit has come to. */
static void a_ticket_beside_the_list(void **state)
{
	struct hall *h = *state;
	struct term *t;

	draw(h, 3);
	t = hall_open(h, "xterm-256color", "C.UTF-8", "", 43, 132);
	hall_sign_in(t, "等候 3 人");
	term_keys(t, "<M-8>");
	term_wait(t, "这一次办的");
	term_wait(t, "还没有办件");
	term_keys(t, "<End>");
	term_wait(t, "前面还有 2 人");
	term_keys(t, "<M-9>");
	term_wait(t, "A001 已叫");
	term_keys(t, "<M-1>");
	term_wait(t, "没有草稿");
	hall_to_the_form(t);
	term_keys(t, "陈晓燕<Enter>");
	term_wait(t, "居民身份证  2");
	term_keys(t, "<M-8><Home><Down><Down>"); /* those who wait come first */
	term_wait(t, "残疾人证新办");
	term_wait(t, "填表");
	term_wait(t, "陈*燕");
	term_wait_gone(t, "陈晓燕");
	term_stop(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_visitor_comes_and_goes, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_draft_keeps_the_visitor, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(the_queue_on_its_screen, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_ticket_beside_the_list, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(machine_and_display, hall_setup, hall_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
