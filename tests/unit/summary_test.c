/* A day in figures: by hand, and against the audit trail in many random days. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/station/acts.h"
#include "core/station/audit.h"
#include "core/station/changes.h"
#include "core/station/draft.h"
#include "core/station/line.h"
#include "core/station/outbox.h"
#include "core/station/queue.h"
#include "core/station/store.h"
#include "core/station/summary.h"
#include "tests/unit/recount.h"
#include "tests/unit/world.h"

enum {
	MINUTE = 60 * 1000,
	LATE = 10,
	CASES_MAX = 400
};

static int32_t today(const struct world *w)
{
	return clock_day(w->wall_ms);
}

/* A day at a time it is the same, to the byte. */
static void check_slices(struct world *w, int32_t from, int32_t to, const struct buf *whole)
{
	struct summary_work *work = summary_begin(w->store, from, to, LATE);
	struct summary sum = {0};
	struct buf lines = {0};
	int done = 0, all = 0, steps = 0;

	do {
		summary_progress(work, &done, &all);
		assert_int_equal(done, steps++);
		assert_int_equal(all, to - from);
	} while (summary_step(work));
	assert_int_equal(steps, to - from);
	assert_int_equal(summary_end(work, &sum), OK);
	summary_json(&lines, &sum);
	assert_string_equal(buf_str(&lines), buf_str(whole));
	buf_fini(&lines);
	summary_fini(&sum);
	work = summary_begin(w->store, from, to + 1, LATE);
	summary_step(work);
	assert_int_equal(summary_end(work, &sum), ERR_STATE); /* not all is counted */
}

static void check_against_trail(struct world *w, int32_t from, int32_t to, struct summary *sum)
{
	struct recount *r = recount_make(w->store, from, to, LATE);
	struct buf lines = {0}, said = {0};
	size_t wrong = 0, same;

	assert_int_equal(summary_make(sum, w->store, from, to, LATE), OK);
	summary_json(&lines, sum);
	check_slices(w, from, to, &lines);
	same = recount_compare(r, buf_str(&lines), &wrong, &said);
	if (wrong > 0)
		fail_msg("%s", buf_str(&said));
	assert_int_equal(
		same, 31 * (sum->counts[SUMMARY_ALL] + sum->counts[SUMMARY_DAY] +
				   sum->counts[SUMMARY_MATTER] + sum->counts[SUMMARY_BODY] +
				   sum->counts[SUMMARY_OPERATOR]));
	recount_free(r);
	buf_fini(&lines);
	buf_fini(&said);
}

/* ---- by hand ---- */

static void begin(struct world *w, const char *matter, const char *body, const char *who,
	const char *window, char id[ID_UUID_SIZE])
{
	char code[40], name[40], dept[40], operator_name[40], at[40];
	const struct draft origin = {.task_code = code,
		.task_name = name,
		.dept_name = dept,
		.operator_name = operator_name,
		.window = at};

	snprintf(code, sizeof code, "%s", matter);
	snprintf(name, sizeof name, "事项%s", matter);
	snprintf(dept, sizeof dept, "%s", body);
	snprintf(operator_name, sizeof operator_name, "%s", who);
	snprintf(at, sizeof at, "%s", window);
	assert_int_equal(draft_begin(w->store, &origin, id), OK);
}

static void submit(struct world *w, const char *id)
{
	struct application a = world_application(id);
	char receipt[LOCAL_RECEIPT_SIZE];

	assert_int_equal(case_submit(w->store, &a, receipt, NULL), OK);
}

static enum err act(struct world *w, const char *id, enum case_act what, const char *facts)
{
	const struct act_order o = {.case_number = id,
		.act = what,
		.station = "test",
		.operator_name = "0318",
		.window = "05",
		.second = what == ACT_VOID ? "0317" : NULL,
		.facts = facts};

	return act_do(w->store, &o, NULL);
}

static void settle(
	struct world *w, const char *letter, enum letter_state state, enum hold_reason hold)
{
	struct outbox_outcome o = {.state = state,
		.hold = hold,
		.reason = state == LETTER_DELIVERED ? NULL : "号码不对",
		.receipt = state == LETTER_DELIVERED ? "{\"project_no\":\"P1\"}" : NULL};

	snprintf(o.id, sizeof o.id, "%s", letter);
	assert_int_equal(outbox_settle(w->store, &o, 1), OK);
}

static void last_letter(struct world *w, const char *case_id, char out[ID_UUID_SIZE])
{
	struct letter l = {.id = ""};

	assert_int_equal(outbox_get(w->store, case_id, &l), OK);
	snprintf(out, ID_UUID_SIZE, "%s", l.id);
	letter_fini(&l);
}

static int64_t all(const struct summary *s, enum figure f)
{
	return summary_all(s)->figures[f];
}

static void a_morning_by_hand(void **state)
{
	char a[ID_UUID_SIZE], b[ID_UUID_SIZE], letter[ID_UUID_SIZE];
	const struct summary_line *l;
	struct summary s = {0};
	struct world w;

	(void)state;
	world_open(&w, 1);
	/* six minutes; the line is down; it arrives eleven minutes later */
	begin(&w, "A", "民政局", "0317", "03", a);
	world_pass(&w, 6 * MINUTE);
	assert_int_equal(line_note(w.store, false), OK);
	submit(&w, a);
	last_letter(&w, a, letter);
	world_pass(&w, 11 * MINUTE);
	assert_int_equal(line_note(w.store, true), OK);
	settle(&w, letter, LETTER_DELIVERED, HOLD_NONE);
	/* ten minutes, of which seven lay on the desk; accepted at once; arrives within ten */
	begin(&w, "B", "残联", "0318", "05", b);
	world_pass(&w, 1 * MINUTE);
	assert_int_equal(draft_park(w.store, b, "去复印"), OK);
	world_pass(&w, 7 * MINUTE);
	assert_int_equal(draft_open(w.store, b, "0318", "05", NULL), OK);
	world_pass(&w, 2 * MINUTE);
	submit(&w, b);
	last_letter(&w, b, letter);
	world_pass(&w, 10 * MINUTE);
	settle(&w, letter, LETTER_DELIVERED, HOLD_NONE);
	assert_int_equal(act(&w, b, ACT_ACCEPT, "{\"due_date\":\"2026-12-01\"}"), OK);
	check_against_trail(&w, today(&w), today(&w) + 1, &s);
	assert_int_equal(all(&s, FIGURE_SUBMITTED), 2);
	assert_int_equal(all(&s, FIGURE_ACCEPTED), 1);
	assert_int_equal(all(&s, FIGURE_ANSWERS), 1);
	assert_int_equal(all(&s, FIGURE_ANSWERS_IN_TIME), 1);
	assert_int_equal(all(&s, FIGURE_LETTERS), 3);
	assert_int_equal(all(&s, FIGURE_ARRIVED), 2);
	assert_int_equal(all(&s, FIGURE_LATE), 1);
	assert_int_equal(all(&s, FIGURE_OFFLINE), 1);
	assert_int_equal(all(&s, FIGURE_WAITING), 1);
	assert_int_equal(all(&s, FIGURE_TIMED), 2);
	assert_int_equal(all(&s, FIGURE_TIME), 9 * MINUTE);
	assert_int_equal(all(&s, FIGURE_TIME_MEDIAN), 3 * MINUTE);
	assert_int_equal(all(&s, FIGURE_TIME_LONGEST), 6 * MINUTE);
	assert_int_equal(s.counts[SUMMARY_OPERATOR], 2);
	l = &s.lines[SUMMARY_OPERATOR][1];
	assert_string_equal(l->key, "0318");
	assert_string_equal(l->name, "05");
	assert_int_equal(l->figures[FIGURE_ACCEPTED], 1);
	assert_int_equal(l->figures[FIGURE_TIME_LONGEST], 3 * MINUTE);
	assert_int_equal(s.counts[SUMMARY_BODY], 2);
	summary_fini(&s);
	/* the day after nothing has happened */
	check_against_trail(&w, today(&w) + 1, today(&w) + 2, &s);
	assert_int_equal(all(&s, FIGURE_LETTERS), 0);
	assert_int_equal(s.counts[SUMMARY_MATTER], 0);
	summary_fini(&s);
	world_close(&w);
}

/* With a ticket the visit begins with its call, and the next case of the same visitor with the one
 * before. */
static void a_visit_begins_with_the_call(void **state)
{
	const struct queue_draw d = {.letter = "A", .operator_name = "0317"};
	const struct queue_caller c = {"03", "0317", ""};
	struct queue_turn turn = {.called = false};
	char a[ID_UUID_SIZE], b[ID_UUID_SIZE];
	struct ticket t = {.id = ""};
	struct summary s = {0};
	struct world w;

	(void)state;
	world_open(&w, 4);
	assert_int_equal(queue_draw(w.store, &d, &t, NULL, NULL), OK);
	ticket_fini(&t);
	world_pass(&w, 20 * MINUTE); /* waiting is no time at the window */
	assert_int_equal(queue_next(w.store, &c, &turn, NULL), OK);
	assert_true(turn.called);
	ticket_fini(&turn.ticket);
	world_pass(&w, 2 * MINUTE);
	begin(&w, "A", "民政局", "0317", "03", a);
	world_pass(&w, 5 * MINUTE);
	submit(&w, a);
	world_pass(&w, 1 * MINUTE);
	begin(&w, "B", "残联", "0317", "03", b);
	world_pass(&w, 3 * MINUTE);
	submit(&w, b);
	check_against_trail(&w, today(&w), today(&w) + 1, &s);
	assert_int_equal(all(&s, FIGURE_TIME_LONGEST), 7 * MINUTE);
	assert_int_equal(all(&s, FIGURE_TIME), 11 * MINUTE);
	summary_fini(&s);
	world_close(&w);
}

/* The matters of a bundle share the visit, and what is corrected later does not lengthen it. */
static void a_bundle_shares_its_time(void **state)
{
	static const struct application_matter one = {"A1", "设立登记", "1", NULL, NULL, "市场局"},
					       two = {"A2", "税务登记", "1", NULL, NULL, "税务局"};
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct application list[2];
	struct summary s = {0};
	struct world w;

	(void)state;
	world_open(&w, 2);
	begin(&w, "B", "", "0317", "03", id);
	world_pass(&w, 8 * MINUTE);
	list[0] = list[1] = world_application(id);
	list[0].matter = &one;
	list[1].matter = &two;
	assert_int_equal(case_submit_bundle(w.store, list, 2, receipt, NULL), OK);
	check_against_trail(&w, today(&w), today(&w) + 1, &s);
	assert_int_equal(all(&s, FIGURE_SUBMITTED), 2);
	assert_int_equal(all(&s, FIGURE_TIMED), 2);
	assert_int_equal(all(&s, FIGURE_TIME), 8 * MINUTE);
	assert_int_equal(all(&s, FIGURE_TIME_LONGEST), 4 * MINUTE);
	assert_int_equal(s.counts[SUMMARY_BODY], 2);
	summary_fini(&s);
	world_close(&w);
}

/* What the centre refused and what was taken back is no decision. */
static void an_act_taken_back_does_not_count(void **state)
{
	char id[ID_UUID_SIZE], letter[ID_UUID_SIZE];
	struct summary s = {0};
	struct world w;

	(void)state;
	world_open(&w, 3);
	begin(&w, "A", "民政局", "0317", "03", id);
	submit(&w, id);
	last_letter(&w, id, letter);
	settle(&w, letter, LETTER_DELIVERED, HOLD_NONE);
	assert_int_equal(act(&w, id, ACT_REFUSE, "{\"reason\":\"不属本机关\"}"), OK);
	last_letter(&w, id, letter);
	settle(&w, letter, LETTER_HELD, HOLD_REFUSED);
	check_against_trail(&w, today(&w), today(&w) + 1, &s);
	assert_int_equal(all(&s, FIGURE_REFUSED), 1);
	assert_int_equal(all(&s, FIGURE_BOUNCED), 1);
	summary_fini(&s);
	assert_int_equal(act_take_back(w.store, letter, "0318", NULL), OK);
	check_against_trail(&w, today(&w), today(&w) + 1, &s);
	assert_int_equal(all(&s, FIGURE_REFUSED), 0);
	assert_int_equal(all(&s, FIGURE_ANSWERS), 0);
	assert_int_equal(all(&s, FIGURE_LETTERS), 2);
	assert_int_equal(all(&s, FIGURE_WAITING), 0);
	summary_fini(&s);
	world_close(&w);
}

/* ---- many days ---- */

struct story {
	struct world w;
	char ids[CASES_MAX][ID_UUID_SIZE];
	char drafts[CASES_MAX][ID_UUID_SIZE];
	size_t count, draft_count;
	int told;
	int64_t seen[FIGURE__MAX];
};

static uint64_t dice(struct story *s, uint64_t n)
{
	return world_chance(&s->w) % n;
}

/* The next one is called; some were skipped, sent on or have paused before. */
static void some_visitor(struct story *s)
{
	static const char *const windows[] = {"03", "05"};
	const struct queue_draw d = {.letter = "A", .operator_name = "0317"};
	const struct queue_caller c = {windows[dice(s, 2)], "0317", ""};
	struct queue_order o = {.act = TICKET_START,
		.operator_name = "0317",
		.window = c.window,
		.outcome = TICKET_OUTCOME__MAX};
	struct queue_turn turn = {.called = false};
	struct ticket t = {.id = ""};

	assert_int_equal(queue_draw(s->w.store, &d, &t, NULL, NULL), OK);
	ticket_fini(&t);
	world_pass(&s->w, (int64_t)dice(s, 9 * MINUTE));
	assert_int_equal(queue_next(s->w.store, &c, &turn, NULL), OK);
	if (!turn.called)
		return;
	o.number = turn.ticket.number;
	world_pass(&s->w, (int64_t)dice(s, 2 * MINUTE));
	if (dice(s, 3) == 0) {
		o.act = TICKET_RECALL;
		queue_act(s->w.store, &o, NULL, NULL);
		o.act = TICKET_START;
		world_pass(&s->w, 1234);
	}
	if (dice(s, 4) > 0)
		queue_act(s->w.store, &o, NULL, NULL);
	ticket_fini(&turn.ticket);
}

static void some_draft(struct story *s)
{
	static const char *const matters[] = {"A", "B", "C x", "=D"};
	static const char *const bodies[] = {"民政局", "残联", "人社局"};
	static const char *const people[] = {"0317", "0318", "0319"};
	static const char *const windows[] = {"03", "05"};

	if (s->draft_count == CASES_MAX || s->count == CASES_MAX)
		return;
	if (dice(s, 2) == 0)
		some_visitor(s);
	begin(&s->w, matters[dice(s, 4)], bodies[dice(s, 3)], people[dice(s, 3)],
		windows[dice(s, 2)], s->drafts[s->draft_count++]);
}

static void some_submit(struct story *s)
{
	size_t i;

	if (s->draft_count == 0 || s->count == CASES_MAX)
		return;
	i = dice(s, s->draft_count);
	if (dice(s, 3) == 0)
		draft_open(s->w.store, s->drafts[i], "0319", "05", NULL);
	submit(&s->w, s->drafts[i]);
	memcpy(s->ids[s->count++], s->drafts[i], ID_UUID_SIZE);
	memmove(s->drafts[i], s->drafts[--s->draft_count], ID_UUID_SIZE);
}

static void some_act(struct story *s)
{
	static const char facts[] =
		"{\"reason\":\"r\",\"due_date\":\"2026-11-25\",\"last_day\":\"2026-12-20\","
		"\"corrections\":[{\"name\":\"照片\",\"defect\":\"模糊\"}],"
		"\"owed\":[{\"name\":\"照片\",\"due_date\":\"2026-12-20\"}],\"supplied\":[\"照片\"]}";

	enum case_act open[CASE_ACT__MAX];
	struct case_view c = {.id = ""};
	const char *id;
	size_t n;

	if (s->count == 0)
		return;
	id = s->ids[dice(s, s->count)];
	assert_int_equal(case_get(s->w.store, id, &c), OK);
	n = acts_open(c.state, open);
	if (n > 0) {
		enum case_act what = open[dice(s, n)];
		if (what == ACT_VOID || what == ACT_WITHDRAW) /* not so often */
			what = open[dice(s, n)];
		act(&s->w, id, what, facts);
	}
	case_view_fini(&c);
}

static void some_outcome(struct story *s)
{
	struct letter l = {.id = ""};

	if (outbox_due(s->w.store, INT64_MAX, NULL, 0, &l, 1) == 0)
		return;
	if (dice(s, 8) > 0)
		settle(&s->w, l.id, LETTER_DELIVERED, HOLD_NONE);
	else
		settle(&s->w, l.id, LETTER_HELD, dice(s, 3) > 0 ? HOLD_REFUSED : HOLD_PERSON);
	letter_fini(&l);
}

/* What was refused is tried again, taken back or corrected. */
static void some_way_out(struct story *s)
{
	char letter[ID_UUID_SIZE];
	const char *id;

	if (s->count == 0)
		return;
	id = s->ids[dice(s, s->count)];
	last_letter(&s->w, id, letter);
	if (dice(s, 3) == 0)
		outbox_retry(s->w.store, letter, "0317");
	else if (act_take_back(s->w.store, letter, "0317", NULL) != OK &&
		 case_revise(s->w.store, id, "0318", NULL) == OK) {
		struct application a = world_application(id);
		char receipt[LOCAL_RECEIPT_SIZE];
		draft_open(s->w.store, id, "0318", "03", NULL);
		a.knowing = true;
		assert_int_equal(case_submit(s->w.store, &a, receipt, NULL), OK);
	}
}

/* One that is accepted, when there is one among a few. */
static const char *some_accepted(struct story *s)
{
	const char *id = NULL;
	bool found = false;

	for (int k = 0; k < 20 && !found; k++) {
		struct case_view c = {.id = ""};
		id = s->ids[dice(s, s->count)];
		assert_int_equal(case_get(s->w.store, id, &c), OK);
		found = strcmp(c.state, "accepted") == 0;
		case_view_fini(&c);
	}
	return id;
}

static void some_news(struct story *s)
{
	static const char *const states[] = {"completed", "completed", "suspended", "completed"};
	struct changes_result result;
	struct buf text = {0};
	char iso[CLOCK_ISO_SIZE];

	if (s->count == 0)
		return;
	s->told++;
	buf_printf(&text,
		"{\"cursor\":\"%d\",\"changes\":[{\"type\":\"case\",\"seq\":%d,\"at\":\"%s\","
		"\"case_id\":\"%s\",\"state\":\"%s\"}]}",
		s->told, s->told, clock_iso(s->w.wall_ms - 3 * MINUTE, iso), some_accepted(s),
		states[dice(s, 4)]);
	assert_int_equal(changes_apply(s->w.store, text.data, text.len, &result), OK);
	buf_fini(&text);
}

static void some_step(struct story *s)
{
	switch (dice(s, 14)) {
	case 0:
	case 1:
		some_draft(s);
		break;
	case 2:
	case 3:
		some_submit(s);
		break;
	case 4:
		if (s->draft_count > 0)
			draft_park(s->w.store, s->drafts[dice(s, s->draft_count)], "等");
		break;
	case 5:
		line_note(s->w.store, dice(s, 2) == 0);
		break;
	case 6:
		some_way_out(s);
		break;
	case 7:
		some_news(s);
		break;
	case 8:
	case 9:
		some_outcome(s);
		break;
	case 10:
		if (s->count > 0 && dice(s, 8) == 0)
			outbox_send_again(s->w.store, s->ids[dice(s, s->count)], "0317");
		break;
	default:
		some_act(s);
		break;
	}
	world_pass(&s->w, (int64_t)dice(s, 25 * MINUTE));
}

static void tell_story(struct story *s, uint64_t seed)
{
	int32_t first, from, to;
	struct summary sum = {0};

	world_open(&s->w, seed);
	s->count = s->draft_count = 0;
	s->told = 0;
	first = today(&s->w);
	for (int i = 0; i < 250; i++)
		some_step(s);
	for (int32_t day = first; day <= today(&s->w); day++) {
		check_against_trail(&s->w, day, day + 1, &sum);
		summary_fini(&sum);
	}
	for (int k = 0; k < 2; k++) { /* it goes on into the month after */
		summary_month(k ? today(&s->w) : first, &from, &to);
		check_against_trail(&s->w, from, to, &sum);
		for (int f = 0; f < FIGURE__MAX; f++)
			s->seen[f] += all(&sum, (enum figure)f);
		summary_fini(&sum);
	}
	assert_int_equal(audit_verify(s->w.store, &(int64_t){0}, NULL), OK);
	world_close(&s->w);
}

static void random_days_are_found_again_in_the_trail(void **state)
{
	struct story *s = calloc(1, sizeof *s);

	(void)state;
	for (uint64_t seed = 1; seed <= 6; seed++)
		tell_story(s, seed);
	for (int f = 0; f < FIGURE__MAX; f++) /* or it would have proved nothing */
		if (s->seen[f] == 0)
			fail_msg("%s never happened", figure_name((enum figure)f));
	free(s);
}

/* The proof can fail: a table that was changed beside the trail shows. */
static void a_table_that_was_changed_shows(void **state)
{
	static const char *const tricks[] = {
		"UPDATE letter SET delivered_ms = delivered_ms + 3600000",
		"UPDATE letter SET operator_name = '0399'", "UPDATE case_ SET dept_name = '别的局'",
		"UPDATE case_ SET away_ms = away_ms + 5000", "DELETE FROM clock",
		"INSERT INTO line (at_ms, up) VALUES (0, 0)",
		"UPDATE letter SET kind = 'reject' WHERE kind = 'accept'"};
	char id[ID_UUID_SIZE], letter[ID_UUID_SIZE];
	struct buf lines = {0}, said = {0};
	struct summary s = {0};
	struct recount *r;
	struct world w;
	size_t wrong;

	(void)state;
	for (size_t i = 0; i < sizeof tricks / sizeof tricks[0]; i++) {
		world_open(&w, 5);
		begin(&w, "A", "民政局", "0317", "03", id);
		world_pass(&w, 6 * MINUTE);
		submit(&w, id);
		last_letter(&w, id, letter);
		settle(&w, letter, LETTER_DELIVERED, HOLD_NONE);
		assert_int_equal(act(&w, id, ACT_ACCEPT, "{\"due_date\":\"2026-12-01\"}"), OK);
		assert_int_equal(db_exec(store_db(w.store), tricks[i]), OK);
		assert_int_equal(summary_make(&s, w.store, today(&w), today(&w) + 1, LATE), OK);
		buf_clear(&lines);
		summary_json(&lines, &s);
		r = recount_make(w.store, today(&w), today(&w) + 1, LATE);
		recount_compare(r, buf_str(&lines), &wrong, &said);
		if (wrong == 0)
			fail_msg("not seen: %s", tricks[i]);
		recount_free(r);
		summary_fini(&s);
		world_close(&w);
	}
	buf_fini(&lines);
	buf_fini(&said);
}

/* ---- shapes ---- */

static void months_and_shares(void **state)
{
	const struct date december = {2026, 12, 31}, february = {2028, 2, 10};
	int32_t from, to;

	(void)state;
	summary_month(date_to_day(december), &from, &to);
	assert_int_equal(from, date_to_day((struct date){2026, 12, 1}));
	assert_int_equal(to, date_to_day((struct date){2027, 1, 1}));
	summary_month(date_to_day(february), &from, &to);
	assert_int_equal(to - from, 29);
	assert_int_equal(clock_day(clock_day_begin(from)), from);
	assert_int_equal(clock_day(clock_day_begin(from) - 1), from - 1);
	assert_int_equal(summary_share(1, 3), 33);
	assert_int_equal(summary_share(3, 3), 100);
	assert_int_equal(summary_share(0, 0), -1);
}

static void what_looks_like_a_formula_is_text(void **state)
{
	char id[ID_UUID_SIZE];
	struct summary s = {0};
	struct buf csv = {0};
	struct world w;

	(void)state;
	world_open(&w, 6);
	begin(&w, "=HYPERLINK(\"x\")", "民政局, \"一科\"", "0317", "03", id);
	submit(&w, id);
	check_against_trail(&w, today(&w), today(&w) + 1, &s);
	summary_csv(&csv, &s);
	assert_non_null(strstr(csv.data, "\"'=HYPERLINK(\"\"x\"\")\""));
	assert_non_null(strstr(csv.data, "\"民政局, \"\"一科\"\"\""));
	assert_memory_equal(csv.data, "\xEF\xBB\xBF", 3);
	summary_fini(&s);
	buf_fini(&csv);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_morning_by_hand),
		cmocka_unit_test(a_visit_begins_with_the_call),
		cmocka_unit_test(a_bundle_shares_its_time),
		cmocka_unit_test(an_act_taken_back_does_not_count),
		cmocka_unit_test(random_days_are_found_again_in_the_trail),
		cmocka_unit_test(a_table_that_was_changed_shows),
		cmocka_unit_test(months_and_shares),
		cmocka_unit_test(what_looks_like_a_formula_is_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
