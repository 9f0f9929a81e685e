/* The queue of visitors: every state and act, who is next, several windows, the ticket machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/paths.h"
#include "core/station/audit.h"
#include "core/station/draft.h"
#include "core/station/queue.h"
#include "core/station/queue_feed.h"
#include "core/station/store.h"
#include "tests/unit/world.h"

/* What the field allows, written down once more: a row a state, in the order of the acts call,
 * recall, start, skip, pause, resume, transfer, finish, cancel. "-": not possible. */
static const struct {
	const char *from, *to[TICKET_ACT__MAX];
} life[] = {
	{"waiting", {"called", "-", "-", "-", "-", "-", "waiting", "-", "left"}},
	{"called", {"-", "called", "serving", "skipped", "-", "-", "waiting", "done", "left"}},
	{"serving", {"-", "-", "-", "-", "paused", "-", "waiting", "done", "-"}},
	{"skipped", {"called", "-", "-", "-", "-", "serving", "waiting", "-", "left"}},
	{"paused", {"called", "-", "-", "-", "-", "serving", "waiting", "done", "left"}},
	{"done", {"-", "-", "-", "-", "-", "-", "-", "-", "-"}},
	{"left", {"-", "-", "-", "-", "-", "-", "-", "-", "-"}},
};

static void draw(struct world *w, const char *letter, bool priority, char number[QUEUE_NUMBER_SIZE])
{
	struct queue_draw d = {letter, priority, "desk"};
	struct ticket t;

	assert_int_equal(queue_draw(w->store, &d, &t, NULL, NULL), OK);
	memcpy(number, t.number, QUEUE_NUMBER_SIZE);
	ticket_fini(&t);
	world_pass(w, 60000);
}

static enum err act(struct world *w, const char *number, enum ticket_act a, const char *window,
	struct ticket *out, struct buf *why)
{
	struct queue_order o = {.number = number,
		.act = a,
		.operator_name = "0317",
		.window = window,
		.outcome = TICKET_OUTCOME__MAX};

	world_pass(w, 1000);
	return queue_act(w->store, &o, out, why);
}

static void put_in_state(struct world *w, const char *number, const char *state)
{
	struct stmt *st = db_prepare(store_db(w->store),
		"UPDATE ticket SET state = ?2, window = '03' WHERE number = ?1");

	db_bind_text(st, 1, number);
	db_bind_text(st, 2, state);
	assert_int_equal(db_run(st), OK);
}

static int64_t audits(struct world *w)
{
	struct stmt *st = db_prepare(store_db(w->store), "SELECT count(*) FROM audit");
	int64_t n;

	assert_true(db_row(st));
	n = db_int(st, 0);
	db_done(st);
	return n;
}

static void every_act_in_every_state(void **state)
{
	char number[QUEUE_NUMBER_SIZE];
	struct buf why = {0};
	struct ticket t;
	struct world w;
	size_t i;
	int a;

	(void)state;
	world_open(&w, 1);
	assert_int_equal(sizeof life / sizeof *life, TICKET_STATE__MAX);
	for (i = 0; i < sizeof life / sizeof *life; i++)
		for (a = 0; a < TICKET_ACT__MAX; a++) {
			const char *to = life[i].to[a];
			bool allowed = *to != '-';
			int64_t before;
			draw(&w, "A", false, number);
			put_in_state(&w, number, life[i].from);
			before = audits(&w);
			buf_clear(&why);
			assert_int_equal(act(&w, number, (enum ticket_act)a, "03", NULL, &why),
				allowed ? OK : ERR_STATE);
			assert_int_equal(queue_get(w.store, number, &t), OK);
			assert_string_equal(
				ticket_state_name(t.state), allowed ? to : life[i].from);
			assert_int_equal(audits(&w) - before, allowed);
			assert_int_equal(why.len > 0, !allowed);
			ticket_fini(&t);
			put_in_state(&w, number, "left"); /* the window is free again */
		}
	buf_fini(&why);
	world_close(&w);
}

/* The times of one visit: called twice, came, went to copy something, came back, done. */
static void the_times_are_kept(void **state)
{
	char number[QUEUE_NUMBER_SIZE];
	struct ticket t;
	struct world w;
	int64_t rows;

	(void)state;
	world_open(&w, 2);
	draw(&w, "A", false, number);
	assert_string_equal(number, "A001");
	assert_int_equal(act(&w, number, TICKET_CALL, "03", NULL, NULL), OK);
	world_pass(&w, 30000);
	assert_int_equal(act(&w, number, TICKET_RECALL, "03", NULL, NULL), OK);
	world_pass(&w, 10000);
	assert_int_equal(act(&w, number, TICKET_START, "03", NULL, NULL), OK);
	world_pass(&w, 300000);
	assert_int_equal(act(&w, number, TICKET_PAUSE, "03", NULL, NULL), OK);
	world_pass(&w, 900000);
	assert_int_equal(act(&w, number, TICKET_RESUME, "05", NULL, NULL), OK);
	world_pass(&w, 60000);
	assert_int_equal(act(&w, number, TICKET_FINISH, "05", &t, NULL), OK);
	assert_int_equal(t.calls, 2);
	assert_int_equal(t.called_ms - t.taken_ms, 61000);
	assert_int_equal(t.started_ms - t.called_ms, 42000);
	assert_int_equal(t.served_ms, 301000 + 61000);
	assert_int_equal(t.finished_ms, t.since_ms);
	assert_string_equal(t.window, "05");
	assert_int_equal(t.outcome, TICKET_CONSULTED); /* nothing was submitted */
	ticket_fini(&t);
	assert_int_equal(audit_verify(w.store, &rows, NULL), OK);
	assert_int_equal(rows, 7);
	world_close(&w);
}

static const char *next(struct world *w, const char *window, const char *letters)
{
	static char number[QUEUE_NUMBER_SIZE];
	struct queue_caller c = {window, "0317", letters};
	struct queue_turn turn;

	world_pass(w, 1000);
	assert_int_equal(queue_next(w->store, &c, &turn, NULL), OK);
	if (!turn.called)
		return "";
	memcpy(number, turn.ticket.number, sizeof number);
	ticket_fini(&turn.ticket);
	return number;
}

static void the_right_one_is_next(void **state)
{
	char number[QUEUE_NUMBER_SIZE];
	struct queue_order send = {.number = "A002",
		.act = TICKET_TRANSFER,
		.operator_name = "0317",
		.window = "",
		.to_letter = "B",
		.to_window = "05"};
	struct queue_counts n;
	struct world w;

	(void)state;
	world_open(&w, 3);
	assert_string_equal(next(&w, "03", ""), "");
	draw(&w, "A", false, number);
	draw(&w, "A", false, number);
	draw(&w, "B", false, number);
	draw(&w, "A", true, number); /* A003, with priority */
	assert_string_equal(number, "A003");
	assert_int_equal(queue_act(w.store, &send, NULL, NULL), OK);
	assert_int_equal(queue_counts(w.store, " A ", "03", &n), OK);
	assert_int_equal(n.waiting, 2);
	assert_int_equal(n.taken, 4);
	assert_string_equal(n.next, "A003");
	assert_string_equal(next(&w, "03", " A "), "A003");
	assert_string_equal(next(&w, "03", " A "), "A001");
	assert_string_equal(next(&w, "03", " A "), ""); /* A002 is for window 05 alone */
	assert_string_equal(next(&w, "04", ""), "B001");
	assert_string_equal(next(&w, "04", ""), "");
	assert_string_equal(next(&w, "05", " B "), "A002");
	world_close(&w);
}

/* One key ends the visitor who was served and skips the one who did not come. */
static void calling_the_next_ends_the_one_before(void **state)
{
	char number[QUEUE_NUMBER_SIZE];
	struct queue_caller c = {"03", "0317", ""};
	struct queue_turn turn;
	struct buf why = {0};
	struct ticket t;
	struct world w;
	int i;

	(void)state;
	world_open(&w, 4);
	for (i = 0; i < 3; i++)
		draw(&w, "A", false, number);
	assert_string_equal(next(&w, "03", ""), "A001");
	assert_int_equal(queue_next(w.store, &c, &turn, NULL), OK);
	assert_string_equal(turn.ended, "A001");
	assert_int_equal(turn.ended_as, TICKET_SKIPPED);
	assert_string_equal(turn.ticket.number, "A002");
	ticket_fini(&turn.ticket);
	assert_int_equal(act(&w, "A002", TICKET_START, "03", NULL, NULL), OK);
	/* the one who was skipped turns up: not while somebody is at the window */
	assert_int_equal(act(&w, "A001", TICKET_RESUME, "03", NULL, &why), ERR_STATE);
	assert_non_null(strstr(buf_str(&why), "A002"));
	assert_int_equal(queue_next(w.store, &c, &turn, NULL), OK);
	assert_int_equal(turn.ended_as, TICKET_DONE);
	assert_int_equal(turn.outcome, TICKET_CONSULTED);
	ticket_fini(&turn.ticket);
	/* nobody waits: the last one is done all the same */
	assert_int_equal(act(&w, "A003", TICKET_START, "03", NULL, NULL), OK);
	assert_int_equal(queue_next(w.store, &c, &turn, NULL), OK);
	assert_false(turn.called);
	assert_int_equal(queue_get(w.store, "A003", &t), OK);
	assert_int_equal(t.state, TICKET_DONE);
	ticket_fini(&t);
	assert_int_equal(act(&w, "a001", TICKET_RESUME, "03", NULL, NULL), OK);
	c.window = "";
	assert_int_equal(queue_next(w.store, &c, &turn, &why), ERR_INVALID);
	buf_fini(&why);
	world_close(&w);
}

static void a_visitor_is_at_one_window_only(void **state)
{
	char number[QUEUE_NUMBER_SIZE];
	struct buf why = {0};
	struct world w;

	(void)state;
	world_open(&w, 5);
	draw(&w, "A", false, number);
	assert_string_equal(next(&w, "03", ""), "A001");
	assert_int_equal(act(&w, number, TICKET_FINISH, "04", NULL, &why), ERR_STATE);
	assert_non_null(strstr(buf_str(&why), "03"));
	assert_int_equal(act(&w, number, TICKET_CALL, "04", NULL, NULL), ERR_STATE);
	assert_int_equal(act(&w, number, TICKET_START, "", NULL, NULL), ERR_INVALID);
	assert_int_equal(act(&w, number, TICKET_CANCEL, "", NULL, NULL), OK); /* the guide desk */
	assert_int_equal(act(&w, "A099", TICKET_CALL, "04", NULL, &why), ERR_NOT_FOUND);
	buf_fini(&why);
	world_close(&w);
}

static void keep_draft(void *arg, const struct draft *d)
{
	snprintf(arg, QUEUE_NUMBER_SIZE, "%s", d->ticket != NULL ? d->ticket : "-");
}

/* A case begun for the visitor at the window has the number; what comes of it is the outcome. */
static void a_case_carries_the_ticket(void **state)
{
	char number[QUEUE_NUMBER_SIZE], receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	char seen[QUEUE_NUMBER_SIZE] = "";
	struct buf b = {0};
	struct ticket t;
	struct world w;

	(void)state;
	world_open(&w, 6);
	world_draft(&w, id); /* nobody was called */
	draft_each(w.store, NULL, keep_draft, seen);
	assert_string_equal(seen, "-");
	draft_drop(w.store, id, "0317");
	draw(&w, "A", false, number);
	assert_string_equal(next(&w, "03", ""), number);
	world_draft(&w, id);
	draft_each(w.store, NULL, keep_draft, seen);
	assert_string_equal(seen, number);
	seen[0] = '\0';
	draft_find(w.store, "a001", keep_draft, seen);
	assert_string_equal(seen, number);
	draft_drop(w.store, id, "0317");
	world_submit(&w, receipt, id);
	queue_number_of_case(w.store, id, &b);
	assert_string_equal(buf_str(&b), number);
	assert_int_equal(act(&w, number, TICKET_START, "03", NULL, NULL), OK);
	assert_int_equal(act(&w, number, TICKET_FINISH, "03", &t, NULL), OK);
	assert_int_equal(t.outcome, TICKET_ACCEPTED);
	ticket_fini(&t);
	buf_fini(&b);
	world_close(&w);
}

/* Yesterday's visitors are gone, and the numbers begin anew. */
static void a_day_is_a_day(void **state)
{
	char number[QUEUE_NUMBER_SIZE];
	struct queue_counts n;
	struct world w;

	(void)state;
	world_open(&w, 7);
	draw(&w, "A", false, number);
	assert_string_equal(next(&w, "03", ""), "A001");
	draw(&w, "A", false, number);
	world_pass(&w, 86400000);
	assert_int_equal(queue_counts(w.store, "", "03", &n), OK);
	assert_int_equal(n.taken + n.waiting, 0);
	assert_string_equal(n.here, "");
	draw(&w, "A", false, number);
	assert_string_equal(number, "A001");
	world_close(&w);
}

static void groups_are_read_from_the_settings(void **state)
{
	static const char groups[] = "A 综合受理, B 社保 医保 ,C";
	char letter[QUEUE_NUMBER_SIZE];
	struct buf b = {0};
	struct world w;
	struct ticket t;
	struct queue_draw bad = {"甲", false, "desk"};

	(void)state;
	assert_true(queue_group_name(groups, "B", &b));
	assert_string_equal(buf_str(&b), "社保 医保");
	assert_true(queue_group_find(groups, "综合受理", letter));
	assert_string_equal(letter, "A");
	assert_true(queue_group_find(groups, "C", letter));
	assert_false(queue_group_find(groups, "D", letter));
	assert_false(queue_group_find("", "", letter));
	buf_clear(&b);
	queue_served("03 A B, 05 C", "03", &b);
	assert_string_equal(buf_str(&b), " A B ");
	buf_clear(&b);
	queue_served("03 A B, 05 C", "04", &b);
	assert_string_equal(buf_str(&b), "");
	world_open(&w, 8);
	assert_int_equal(queue_draw(w.store, &bad, &t, NULL, &b), ERR_INVALID);
	world_close(&w);
	buf_fini(&b);
}

/* ---- the ticket machine ---- */

static void append(const char *path, const char *text, size_t len)
{
	FILE *f = fopen(path, "ab");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	fclose(f);
}

static struct queue_feed_result feed(struct world *w, const char *path)
{
	struct queue_feed_result r = {0};

	assert_int_equal(queue_feed_file(w->store, path, &r, NULL), OK);
	return r;
}

#define LINE_1 "2026-11-24T09:01:12+08:00\tA001\n"
#define LINE_2 "2026-11-24T09:02:12+08:00\tA002\n"
#define LINE_4 "2026-11-24T09:04:12+08:00\tA004\n"
#define LINE_7 "2026-11-24T09:07:12+08:00\tA007\n"

static void a_machine_writes_and_the_station_reads(void **state)
{
	struct queue_feed_result r;
	struct queue_counts n;
	struct world w;
	struct buf why = {0};
	char *path;

	(void)state;
	world_open(&w, 9);
	path = paths_join(w.folder, "tickets.tsv");
	assert_int_equal(feed(&w, path).taken, 0); /* the machine has not begun */
	append(path, LINE_1 "# comment\r\n\n" LINE_2, strlen(LINE_1 "# comment\r\n\n" LINE_2));
	r = feed(&w, path);
	assert_int_equal(r.taken, 2);
	assert_int_equal(r.refused, 0);
	/* a line arrives in two pieces */
	append(path, "2026-11-24T09:03:12+08:00\tA0", 28);
	assert_int_equal(feed(&w, path).taken, 0);
	world_restart(&w);
	append(path, "03\tpriority\r\n", 13);
	assert_int_equal(feed(&w, path).taken, 1);
	assert_int_equal(feed(&w, path).known, 0); /* not even looked at again */
	/* the file is begun anew with the same lines and one more */
	assert_int_equal(truncate(path, 0), 0);
	append(path, LINE_2 LINE_4, strlen(LINE_2 LINE_4));
	r = feed(&w, path);
	assert_int_equal(r.known, 1);
	assert_int_equal(r.taken, 1);
	assert_int_equal(queue_counts(w.store, "", "03", &n), OK);
	assert_int_equal(n.waiting, 4);
	assert_string_equal(n.next, "A003");
	/* by hand after the machine: no number twice */
	{
		char number[QUEUE_NUMBER_SIZE];
		draw(&w, "A", false, number);
		assert_string_equal(number, "A005");
	}
	assert_int_equal(queue_feed_file(w.store, w.folder, &r, &why), ERR_INVALID);
	assert_true(why.len > 0);
	buf_fini(&why);
	free(path);
	world_close(&w);
}

static void a_bad_line_harms_no_other(void **state)
{
	static const char *const bad[] = {"x", "\t", "2026-11-24T09:03:12+08:00",
		"2026-11-24T09:03:12+08:00\ta001", "2026-11-24T09:03:12+08:00\tA",
		"2026-11-24T09:03:12+08:00\tA123456", "2026-11-24T09:03:12+08:00\t001",
		"2026-11-24T09:03:12+08:00\tABCD1", "2026-11-24T09:03:12+08:00\tA1;DROP TABLE",
		"2026-11-24T09:03:12+08:00\tA001\t普通", "2026-11-23T09:03:12+08:00\tA001",
		"09:03\tA001", "2026-11-24T09:03:12+08:00\tA001\tpriority\tmore",
		"2026-11-24T09:03:12+08:00\t\xff\xfe", "\x1b[2J\tA001"};
	struct buf text = {0}, trouble = {0};
	struct queue_feed_result r = {.trouble = &trouble};
	struct world w;
	size_t i;

	(void)state;
	world_open(&w, 10);
	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		buf_printf(&text, "%s\n", bad[i]);
	buf_add(&text, "2026-11-24T09:03:12+08:00\tA0\0001\n", 32);
	for (i = 0; i < 5000; i++)
		buf_addc(&text, 'A');
	buf_adds(&text, "\n" LINE_7);
	/* another ticket under a number that is taken */
	buf_adds(&text, "2026-11-24T09:30:00+08:00\tA007\n");
	assert_int_equal(queue_feed_text(w.store, text.data, text.len, &r), OK);
	assert_int_equal(r.taken, 1);
	assert_int_equal(r.refused, sizeof bad / sizeof *bad + 3);
	assert_non_null(strstr(buf_str(&trouble), "第 1 行"));
	buf_fini(&text);
	buf_fini(&trouble);
	world_close(&w);
}

/* A line without an end fills no memory and stops nothing; a flood ends at the bound of a day. */
static void a_flood_is_bounded(void **state)
{
	struct queue_feed_result r = {0};
	struct buf text = {0};
	struct world w;
	char *path;
	int i;

	(void)state;
	world_open(&w, 11);
	path = paths_join(w.folder, "tickets.tsv");
	for (i = 0; i < 3 * QUEUE_FEED_BYTES; i++)
		buf_addc(&text, '9');
	buf_adds(&text, "\n" LINE_1);
	append(path, text.data, text.len);
	for (i = 0; i < 5; i++)
		queue_feed_file(w.store, path, &r, NULL);
	assert_int_equal(r.taken, 1);
	assert_int_equal(r.refused, 1);
	buf_clear(&text);
	for (i = 2; i < QUEUE_DAY_MAX + 10; i++)
		buf_printf(&text, "2026-11-24T09:03:12+08:00\tB%d\n", i);
	r = (struct queue_feed_result){0};
	assert_int_equal(queue_feed_text(w.store, text.data, text.len, &r), OK);
	assert_int_equal(r.taken, QUEUE_DAY_MAX - 1);
	assert_int_equal(r.refused, 9);
	buf_fini(&text);
	free(path);
	world_close(&w);
}

/* More than is read at once: it is said that there is more, until there is none. */
static void a_long_file_is_read_in_pieces(void **state)
{
	struct queue_feed_result r = {0};
	struct buf text = {0};
	struct world w;
	size_t calls = 0;
	char *path;

	(void)state;
	world_open(&w, 13);
	path = paths_join(w.folder, "tickets.tsv");
	while (text.len < 2 * QUEUE_FEED_BYTES)
		buf_adds(&text, "# the machine was mended\n");
	buf_adds(&text, LINE_1 "2026-11-24T09:02"); /* and it is still writing */
	append(path, text.data, text.len);
	do {
		r.more = false;
		assert_int_equal(queue_feed_file(w.store, path, &r, NULL), OK);
		assert_true(++calls < 10);
	} while (r.more);
	assert_int_equal(r.taken, 1);
	assert_int_equal(r.refused, 0);
	assert_true(calls > 2);
	buf_fini(&text);
	free(path);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_act_in_every_state),
		cmocka_unit_test(the_times_are_kept),
		cmocka_unit_test(the_right_one_is_next),
		cmocka_unit_test(calling_the_next_ends_the_one_before),
		cmocka_unit_test(a_visitor_is_at_one_window_only),
		cmocka_unit_test(a_case_carries_the_ticket),
		cmocka_unit_test(a_day_is_a_day),
		cmocka_unit_test(groups_are_read_from_the_settings),
		cmocka_unit_test(a_machine_writes_and_the_station_reads),
		cmocka_unit_test(a_bad_line_harms_no_other),
		cmocka_unit_test(a_long_file_is_read_in_pieces),
		cmocka_unit_test(a_flood_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
