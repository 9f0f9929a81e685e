/*
 * A whole day at the window, by keys: so many visitors with their tickets, at two windows, with the
 * real deliverer and centre. They apply, ask, come back with what was missing, are refused, give
 * marks, go for a photocopy. The line drops twice, the workstation is killed once in the middle of
 * a form, the shift changes. In the end everything has arrived once, and every figure of the day is
 * what the audit trail gives when it is counted anew, and what this script has done.
 *
 * VISITORS: how many (60 is a day).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/id.h"
#include "core/base/json.h"
#include "core/station/audit.h"
#include "core/station/operator.h"
#include "core/station/queue.h"
#include "core/station/settings.h"
#include "core/station/store.h"
#include "tests/faults/count.h"
#include "tests/faults/stage.h"
#include "tests/screens/hall.h"
#include "tests/unit/recount.h"

enum {
	VISITORS_BRIEF = 12,
	LATE_MINUTES = 10,
	PEACE_ROUNDS = 20
};

/* What a visitor comes for; every tenth visitor brings the same. */
enum errand {
	APPLIES,
	IS_ACCEPTED,
	GIVES_A_MARK,
	ASKS,
	LACKS_SOMETHING,
	IS_REFUSED,
	GOES_FOR_A_COPY,
	NOBODY_COMES,
	ERRAND__MAX
};

static const enum errand usual[] = {APPLIES, IS_ACCEPTED, ASKS, IS_ACCEPTED, GIVES_A_MARK,
	LACKS_SOMETHING, GOES_FOR_A_COPY, APPLIES, IS_REFUSED, NOBODY_COMES};

struct window {
	const char *number, *operator_name, *pass;
	struct term *term;
	size_t drafts; /* of visitors who went for a copy */
	size_t handed; /* taken over from the shift before */
};

struct day {
	struct hall hall;
	struct stage stage;
	struct window windows[2];
	size_t visitors, came, tally[ERRAND__MAX];
	size_t submitted, people;
};

/* ---- the hall ---- */

static void open_hall(struct day *d)
{
	struct queue_draw draw = {"A", false, "desk"};
	struct store *s;
	struct ticket ticket;

	stage_open(&d->stage);
	hall_make(&d->hall);
	snprintf(d->stage.home, sizeof d->stage.home, "%s/home", d->hall.folder);
	snprintf(d->stage.env_home, sizeof d->stage.env_home, "%s", d->hall.home_env);
	strcat(d->stage.data, "2"); /* an empty centre: the matters are the hall's own */
	assert_true(stage_centre_start(&d->stage, NULL, NULL));
	d->hall.env[3] = d->stage.env_url;
	d->hall.env[4] = NULL;
	s = hall_store(&d->hall);
	assert_int_equal(operator_add(s, "0318", "赵示例", "zhaoshili0318", NULL), OK);
	assert_int_equal(operator_add(s, "0319", "孙样本", "sunyangben0319", NULL), OK);
	for (size_t i = 0; i < d->visitors; i++) {
		assert_int_equal(queue_draw(s, &draw, &ticket, NULL, NULL), OK);
		ticket_fini(&ticket);
	}
	store_close(s);
	d->windows[0] = (struct window){"03", HALL_OPERATOR, HALL_PASS, NULL, 0, 0};
	d->windows[1] = (struct window){"05", "0319", "sunyangben0319", NULL, 0, 0};
}

static void close_hall(struct day *d)
{
	for (int i = 0; i < 2; i++)
		term_stop(d->windows[i].term);
	stage_centre_stop(&d->stage);
	hall_drop(&d->hall);
	stage_close(&d->stage);
}

static void sign_in(struct window *w)
{
	char keys[120];

	term_wait(w->term, "口  令");
	snprintf(keys, sizeof keys, "<C-u>%s<Tab>%s<Tab><C-u>%s<Enter>", w->operator_name, w->pass,
		w->number);
	term_keys(w->term, keys);
	term_wait(w->term, "要您处理");
}

static void open_window(struct day *d, struct window *w)
{
	w->term = hall_open(&d->hall, "xterm-256color", "C.UTF-8", "", 24, 80);
	sign_in(w);
}

/* ---- visitors ---- */

static void fill_in(struct day *d, struct term *t)
{
	char id[HALL_PERSON_SIZE];

	hall_person(d->people++, id);
	hall_to_the_form(t);
	term_keys(t, "陈晓燕<Enter>");
	term_wait(t, "居民身份证  2");
	term_keys(t, "1<Enter>");
	term_keys(t, id);
	term_keys(t, "<Enter>");
	term_wait(t, id);
}

/* mobile: what is still to be typed of it. */
static void submit(struct day *d, struct term *t, const char *mobile)
{
	term_keys(t, mobile);
	term_keys(t, "<Tab>");
	term_wait(t, "13800138000");
	term_keys(t, "<C-g>");
	term_wait(t, "请申请人当面确认");
	term_keys(t, "y<Enter>");
	term_wait(t, "已提交, 存在本机");
	d->submitted++;
}

static void apply(struct day *d, struct term *t)
{
	fill_in(d, t);
	submit(d, t, "13800138000");
}

/* From the receipt to the acts of the case just submitted. */
static void to_the_acts(struct term *t)
{
	term_keys(t, "<M-3>");
	term_wait(t, "查办件");
	term_keys(t, "<Enter>");
	term_wait(t, "经过");
	term_keys(t, "<Enter>");
	term_wait(t, "办理这一件");
}

static void accept(struct term *t)
{
	to_the_acts(t);
	term_keys(t, "1");
	term_wait(t, "办结到期日");
	term_keys(t, "<C-g>");
	term_wait(t, "受理: 就这样办?");
	term_keys(t, "1");
	term_wait(t, "受理: 已办");
}

static void ask_for_corrections(struct term *t)
{
	to_the_acts(t);
	term_keys(t, "2");
	term_wait(t, "> 材料或内容");
	term_keys(t, "2<Enter>");
	term_wait(t, "两寸免冠照片");
	term_keys(t, "不是白底<Enter>");
	term_wait(t, "> 怎样补正");
	term_keys(t, "重拍<Enter>");
	term_wait(t, "重拍");
	term_keys(t, "<C-g>");
	term_wait(t, "一次性告知补正: 就这样办?");
	term_keys(t, "1");
	term_wait(t, "两寸免冠照片: 不是白底");
}

static void refuse(struct term *t)
{
	to_the_acts(t);
	term_keys(t, "3");
	term_wait(t, "> 情形");
	term_keys(t, "1<Enter>");
	term_wait(t, "> 理由");
	term_keys(t, "户籍不在本县<Enter>");
	term_wait(t, "户籍不在本县");
	term_keys(t, "<C-g>");
	term_wait(t, "不予受理: 就这样办?");
	term_keys(t, "1");
	term_wait(t, "不予受理: 已办");
}

static void ask(struct term *t)
{
	hall_to_the_guide(t);
	term_keys(t, "<C-k>");
	term_wait(t, "咨询 / 核对材料");
	term_keys(t, "1");
	term_wait(t, "已收 1");
	term_keys(t, "<Enter>");
	term_wait(t, "一次性告知单");
}

static void give_a_mark(struct term *t)
{
	term_keys(t, "<C-w>");
	term_wait(t, "请按一个数字");
	term_keys(t, "1");
	term_wait(t, "您选的是 1 非常满意");
	term_keys(t, "<Enter>");
	term_wait(t, "按 Esc 回到办理");
	term_keys(t, "<Esc>");
	term_wait(t, "已提交, 存在本机");
}

static void home(struct term *t)
{
	term_keys(t, "<M-1>");
	term_wait(t, "要您处理");
}

/* The next one is called; whoever was here is done. */
static void call(struct term *t)
{
	term_keys(t, "<M-9>");
	term_wait(t, "号窗口");
	term_wait(t, "已叫");
}

static void serve(struct day *d, struct window *w, enum errand errand)
{
	struct term *t = w->term;

	call(t);
	switch (errand) {
	case APPLIES:
		apply(d, t);
		break;
	case IS_ACCEPTED:
		apply(d, t);
		accept(t);
		break;
	case GIVES_A_MARK:
		apply(d, t);
		give_a_mark(t);
		break;
	case LACKS_SOMETHING:
		apply(d, t);
		ask_for_corrections(t);
		break;
	case IS_REFUSED:
		apply(d, t);
		refuse(t);
		break;
	case GOES_FOR_A_COPY:
		fill_in(d, t);
		w->drafts++;
		break;
	case ASKS:
		ask(t);
		break;
	default: /* nobody comes: skipped by the call that follows, pressed twice */
		term_keys(t, "<M-9>");
		term_wait(t, "还没有来");
	}
	d->tally[errand]++;
	home(t);
}

/* Whoever went for a copy is back: the draft that `keys` open goes on where it was. */
static void finish_a_draft(struct day *d, struct window *w, const char *keys, const char *mobile)
{
	home(w->term);
	term_keys(w->term, keys);
	term_wait(w->term, "填表 / 残疾人证新办");
	submit(d, w->term, mobile);
	home(w->term);
}

static void finish_drafts(struct day *d, struct window *w)
{
	for (; w->handed > 0; w->handed--) {
		term_wait(w->term, "移交给您");
		finish_a_draft(d, w, "<Enter>", "13800138000");
	}
	for (; w->drafts > 0; w->drafts--)
		finish_a_draft(d, w, "3<Enter>", "13800138000");
}

/* ---- what happens to the hall ---- */

/* In the middle of a number; the workstation that is opened then goes on with its next digit. */
static void kill_in_a_form(struct day *d, struct window *w)
{
	fill_in(d, w->term);
	term_keys(w->term, "1380013");
	hall_wait_on_disk(&d->hall, w->term, "applicant_mobile", "1380013");
	kill(term_pid(w->term), SIGKILL);
	term_stop(w->term);
	open_window(d, w);
	finish_a_draft(d, w, "3<Enter>", "8000");
}

/* The one who goes hands what is open to the one who comes, who signs on at the same screen. */
static void change_shift(struct window *w)
{
	char said[80];

	home(w->term);
	term_keys(w->term, "<C-x>sign-out<Enter>");
	term_wait(w->term, "交接班");
	for (; w->drafts > 0; w->drafts--) {
		term_keys(w->term, "<Enter>");
		term_wait(w->term, "交给谁");
		term_keys(w->term, "1");
		term_wait(w->term, "给 0318 的话");
		term_keys(w->term, "等他的复印件<Enter>");
		term_wait(w->term, "已交 0318: 等他的复印件");
		term_keys(w->term, "<Down>");
		w->handed++;
	}
	snprintf(said, sizeof said, "已交班: 留下暂存 0 件, 交出 %zu 件", w->handed);
	term_keys(w->term, "<C-g>");
	term_wait(w->term, said);
	w->operator_name = "0318";
	w->pass = "zhaoshili0318";
	sign_in(w);
}

static void live_through(struct day *d)
{
	const size_t n = d->visitors;

	for (size_t i = 0; i < n; i++) {
		struct window *w = &d->windows[i % 3 == 2];
		if (i == n / 5 || i == n * 3 / 5) /* the line drops */
			stage_centre_kill(&d->stage);
		if (i == n * 2 / 5 || i == n * 4 / 5)
			assert_true(stage_centre_start(&d->stage, NULL, NULL));
		if (i == n / 2)
			kill_in_a_form(d, &d->windows[0]);
		if (i == n * 2 / 3)
			change_shift(&d->windows[0]);
		serve(d, w, usual[i % (sizeof usual / sizeof usual[0])]);
	}
}

/* ---- the evening ---- */

/* The sum of a figure in the lines of `yimen day --json` for the whole day. */
static long figure(const char *lines, const char *name)
{
	const char *all = strstr(lines, "\"all\"");
	char member[40];
	const char *at;

	snprintf(member, sizeof member, "\"%s\":", name);
	at = all != NULL ? strstr(all, member) : NULL;
	assert_non_null(at);
	return atol(at + strlen(member));
}

static void add_up(struct day *d)
{
	const char *const words[] = {"yimen", "day", "--json", NULL};
	const size_t *n = d->tally;
	struct program p = {0};
	struct buf said = {0};
	struct store *s;
	struct recount *r;
	size_t same, wrong;
	int32_t day;

	assert_int_equal(stage_station(&d->stage, &p, words), 0);
	assert_int_equal(figure(p.said.data, "submitted"), d->submitted);
	assert_int_equal(figure(p.said.data, "accepted"), n[IS_ACCEPTED]);
	assert_int_equal(figure(p.said.data, "corrections"), n[LACKS_SOMETHING]);
	assert_int_equal(figure(p.said.data, "refused"), n[IS_REFUSED]);
	assert_int_equal(figure(p.said.data, "waiting"), 0);
	assert_int_equal(figure(p.said.data, "arrived"), figure(p.said.data, "letters"));
	s = hall_store(&d->hall);
	day = clock_day(store_now_ms(s));
	r = recount_make(s, day, day + 1, LATE_MINUTES);
	same = recount_compare(r, p.said.data, &wrong, &said);
	printf("  %zu visitors, %zu applications, %zu figures counted anew from the trail, %zu "
	       "differ\n%s",
		d->visitors, d->submitted, same, wrong, buf_str(&said));
	assert_int_equal(wrong, 0);
	assert_true(same > 30);
	assert_int_equal(audit_verify(s, &(int64_t){0}, NULL), OK);
	recount_free(r);
	store_close(s);
	buf_fini(&said);
	program_fini(&p);
}

static void a_day(void **state)
{
	const char *wanted = getenv("VISITORS");
	struct day d = {.visitors = wanted != NULL ? (size_t)atol(wanted) : VISITORS_BRIEF};
	struct count c;

	(void)state;
	open_hall(&d);
	open_window(&d, &d.windows[0]);
	open_window(&d, &d.windows[1]);
	live_through(&d);
	finish_drafts(&d, &d.windows[0]);
	finish_drafts(&d, &d.windows[1]);
	assert_true(stage_peace(&d.stage, PEACE_ROUNDS));
	count_both(&d.stage, &c);
	assert_int_equal(c.lost + c.twice + c.unequal + c.stuck + c.broken, 0);
	add_up(&d);
	close_hall(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_day)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
