/* What comes back from the centre: changes, notices, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/changes.h"
#include "core/station/notices.h"
#include "core/station/outbox.h"
#include "core/station/refusal.h"
#include "core/station/store.h"
#include "tests/unit/world.h"

#define AT "\"at\":\"2026-11-24T10:00:00+08:00\""

/* A delivered case with the number N1. */
static void deliver_one(struct world *w, char id[ID_UUID_SIZE])
{
	char receipt[LOCAL_RECEIPT_SIZE];
	struct outbox_outcome o = {.state = LETTER_DELIVERED, .receipt = "{\"project_no\":\"N1\"}"};

	world_submit(w, receipt, id);
	world_settle(w, id, &o);
}

static struct changes_result hear(struct world *w, const char *cursor, const char *changes)
{
	struct changes_result r = {99, false, 0};
	struct buf doc = {0};

	buf_printf(&doc, "{\"cursor\":\"%s\",\"changes\":[%s]}", cursor, changes);
	assert_int_equal(changes_apply(w->store, doc.data, doc.len, &r), OK);
	buf_fini(&doc);
	return r;
}

static void add_event(void *arg, const struct case_event *e)
{
	buf_printf(arg, "%s(%s) ", e->what, e->note != NULL ? e->note : "");
}

static void history_is(struct world *w, const char *id, const char *want)
{
	struct buf b = {0};

	case_each_event(w->store, id, add_event, &b);
	assert_string_equal(buf_str(&b), want);
	buf_fini(&b);
}

static void case_is(struct world *w, const char *id, const char *state, const char *note)
{
	struct case_view v;

	assert_int_equal(case_get(w->store, id, &v), OK);
	assert_string_equal(v.state, state);
	if (note == NULL)
		assert_null(v.note);
	else
		assert_string_equal(v.note, note);
	case_view_fini(&v);
}

#define CORRECT \
	"{\"seq\":5,\"type\":\"case\"," AT \
	",\"kind\":\"request-correction\",\"project_no\":\"N1\"," \
	"\"state\":\"correcting\",\"note\":\"照片\\u001b[31m太旧\"}"
#define ACCEPT \
	"{\"seq\":6,\"type\":\"case\"," AT ",\"kind\":\"accept\",\"project_no\":\"N1\"," \
	"\"state\":\"accepted\"}"
#define FOREIGN \
	"{\"seq\":7,\"type\":\"case\"," AT ",\"kind\":\"accept\",\"project_no\":\"N2\"," \
	"\"state\":\"accepted\"}"
#define NOTICE	  "{\"seq\":8,\"type\":\"notice\"," AT ",\"text\":\"明天 8 点\\n停机\"}"
#define CATALOGUE "{\"seq\":9,\"type\":\"catalogue\",\"version\":\"v7\"}"

static void each_change_is_taken_once(void **state)
{
	char id[ID_UUID_SIZE], *offered;
	struct changes_result r;
	struct world w;

	(void)state;
	world_open(&w, 1);
	deliver_one(&w, id);
	r = hear(&w, "5", CORRECT);
	assert_int_equal(r.applied, 1);
	assert_true(r.moved);
	case_is(&w, id, "correcting", "照片太旧"); /* nothing a terminal obeys */
	assert_int_equal(case_count_news(w.store), 1);
	r = hear(&w, "5", CORRECT); /* the same answer again */
	assert_int_equal(r.applied, 0);
	assert_false(r.moved);
	r = hear(&w, "9", ACCEPT "," FOREIGN "," NOTICE "," CATALOGUE);
	assert_int_equal(r.applied, 3);
	case_is(&w, id, "accepted", NULL);
	history_is(&w, id, "submit() delivered() request-correction(照片太旧) accept() ");
	assert_int_equal(notice_count_unseen(w.store), 1);
	offered = store_get(w.store, "catalogue.offered");
	assert_string_equal(offered, "v7");
	free(offered);
	assert_int_equal(case_seen(w.store, id), OK);
	/* restored from a copy, the centre begins again from its first change */
	r = hear(&w, "3", CORRECT "," NOTICE);
	assert_int_equal(r.applied, 0);
	case_is(&w, id, "correcting", "照片太旧"); /* what it says now is what holds */
	assert_int_equal(case_count_news(w.store), 0);
	assert_int_equal(notice_count_unseen(w.store), 1);
	world_close(&w);
}

static void rubbish_changes_nothing(void **state)
{
	static const char *const bad[] = {"", "x", "[]", "{}", "{\"cursor\":\"1\"}",
		"{\"cursor\":1,\"changes\":[]}", "{\"changes\":[]}",
		"{\"cursor\":\"1\",\"changes\":{}}", "<html>{\"cursor\":\"1\",\"changes\":[]}"};
	char id[ID_UUID_SIZE];
	struct changes_result r;
	struct world w;
	size_t i;

	(void)state;
	world_open(&w, 2);
	deliver_one(&w, id);
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(changes_apply(w.store, bad[i], strlen(bad[i]), &r), ERR_INVALID);
	r = hear(&w, "4",
		"{},3,null,{\"type\":\"case\"},{\"type\":\"case\",\"project_no\":7},"
		"{\"type\":\"notice\"},{\"type\":\"notice\",\"text\":\"\"},{\"type\":\"catalogue\"},"
		"{\"type\":\"unheard-of\",\"project_no\":\"N1\",\"state\":\"void\"},"
		"{\"type\":\"case\",\"project_no\":\"N2\",\"state\":\"void\"}");
	assert_int_equal(r.applied, 0);
	/* no centre can make a draft of a case, or a carried one */
	hear(&w, "5", "{\"seq\":1,\"type\":\"case\",\"project_no\":\"N1\",\"state\":\"draft\"}");
	hear(&w, "6", "{\"seq\":2,\"type\":\"case\",\"project_no\":\"N1\",\"state\":\"carried\"}");
	hear(&w, "7",
		"{\"seq\":3,\"type\":\"case\",\"project_no\":\"N1\",\"state\":\"\\u001b[2J\"}");
	case_is(&w, id, "received", NULL);
	world_close(&w);
}

/* The feed may know the number before the receipt has come. */
static void a_case_is_known_by_its_own_id(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE], change[400];
	struct case_view v;
	struct world w;

	(void)state;
	world_open(&w, 3);
	world_submit(&w, receipt, id);
	snprintf(change, sizeof change,
		"{\"seq\":1,\"type\":\"case\"," AT ",\"kind\":\"accept\",\"project_no\":\"N9\","
		"\"case_id\":\"%s\",\"state\":\"accepted\"}",
		id);
	assert_int_equal(hear(&w, "1", change).applied, 1);
	assert_int_equal(case_get(w.store, "N9", &v), OK);
	assert_string_equal(v.id, id);
	case_view_fini(&v);
	world_close(&w);
}

static void list_notice(void *arg, const struct notice *n)
{
	buf_printf(arg, "%s%s ", n->text, n->seen ? "" : "*");
}

static void notices_are_read_newest_first(void **state)
{
	struct buf b = {0};
	struct world w;
	bool fresh;

	(void)state;
	world_open(&w, 4);
	assert_int_equal(notice_put(w.store, "1 a", 1000, "一", &fresh), OK);
	assert_true(fresh);
	assert_int_equal(notice_put(w.store, "1 a", 1000, "一", &fresh), OK);
	assert_false(fresh);
	assert_int_equal(notice_put(w.store, "2 b", 2000, "二", &fresh), OK);
	assert_int_equal(notice_seen(w.store, 1), OK);
	notice_each(w.store, 0, list_notice, &b);
	assert_string_equal(b.data, "二* 一 ");
	buf_clear(&b);
	notice_each(w.store, 1, list_notice, &b);
	assert_string_equal(b.data, "二* ");
	buf_fini(&b);
	world_close(&w);
}

/* What the centre calls a case is shown, printed and read aloud: it has nothing in it that a
 * terminal obeys, whatever the document is that brings it. */
static void a_number_is_one_that_can_be_shown(void **state)
{
	static const char *const documents[] = {
		"{\"project_no\":\"\\u001b[2JN1\",\"query_password\":\"\\u001b[2J\"}",
		"{\"project_no\":\"N\\n1\",\"query_password\":\"\\u009b5m\"}",
		"{\"project_no\":\"\",\"query_password\":\"号 1\"}",
		"{\"project_no\":\"1234567890123456789012345678901234567890123456789012345678901234"
		"5\",\"query_password\":7}"};
	struct outbox_outcome o = {.state = LETTER_HELD, .hold = HOLD_REFUSED, .reason = "x"};
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct buf change = {0};
	struct letter l;
	struct case_view v;
	struct world w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof documents / sizeof *documents; i++) {
		world_open(&w, 3 + i);
		world_submit(&w, receipt, id);
		assert_int_equal(outbox_get(w.store, id, &l), OK);
		memcpy(o.id, l.id, sizeof o.id);
		letter_fini(&l);
		o.problem = documents[i];
		assert_int_equal(outbox_settle(w.store, &o, 1), OK);
		buf_clear(&change);
		buf_printf(&change,
			"{\"seq\":5,\"type\":\"case\"," AT
			",\"kind\":\"accept\",\"case_id\":\"%s\","
			"\"state\":\"accepted\",%s",
			id, documents[i] + 1);
		assert_int_equal(hear(&w, "5", change.data).applied, 1);
		assert_int_equal(case_get(w.store, id, &v), OK);
		assert_string_equal(v.state, "accepted");
		assert_null(v.project_no);
		assert_null(v.query_password);
		case_view_fini(&v);
		world_close(&w);
	}
	buf_fini(&change);
}

/* A centre restored from a copy has given the number of one to the other. */
static void a_change_goes_to_the_case_it_names_not_to_its_number(void **state)
{
	char first[ID_UUID_SIZE], second[ID_UUID_SIZE];
	struct buf change = {0};
	struct world w;

	(void)state;
	world_open(&w, 21);
	deliver_one(&w, first);
	deliver_one(&w, second);
	buf_printf(&change,
		"{\"seq\":6,\"type\":\"case\"," AT ",\"kind\":\"accept\",\"project_no\":\"N1\","
		"\"case_id\":\"%s\",\"state\":\"accepted\"}",
		second);
	assert_int_equal(hear(&w, "1", change.data).applied, 1);
	case_is(&w, first, "received", NULL);
	case_is(&w, second, "accepted", NULL);
	/* nor to that of another station */
	assert_int_equal(
		hear(&w, "2",
			"{\"seq\":7,\"type\":\"case\"," AT
			",\"kind\":\"accept\",\"project_no\":\"N1\",\"state\":\"accepted\","
			"\"case_id\":\"018f0000-0000-7000-9000-000000000abc\"}")
			.applied,
		0);
	case_is(&w, first, "received", NULL);
	buf_fini(&change);
	world_close(&w);
}

/* The applicant has the number of before on a slip: that it is another one now has to be told. */
static void another_number_is_told(void **state)
{
	struct outbox_outcome o = {.state = LETTER_DELIVERED, .receipt = "{\"project_no\":\"N9\"}"};
	char id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	world_open(&w, 22);
	deliver_one(&w, id);
	history_is(&w, id, "submit() delivered() ");
	assert_int_equal(outbox_send_again(w.store, id, "command"), OK);
	world_settle(&w, id, &o);
	history_is(&w, id,
		"submit() delivered() "
		"delivered(办件编号改为 N9, 原来是 N1; 请告诉申请人, 文书重开) ");
	assert_int_equal(outbox_send_again(w.store, id, "command"), OK);
	world_settle(&w, id, &o);
	history_is(&w, id,
		"submit() delivered() "
		"delivered(办件编号改为 N9, 原来是 N1; 请告诉申请人, 文书重开) delivered() ");
	world_close(&w);
}

/* A centre that begins anew tells all, but for what this station did itself: an old state that was
 * answered here does not come back. */
static void what_was_answered_here_does_not_come_back(void **state)
{
	struct outbox_outcome o = {.state = LETTER_DELIVERED, .receipt = "{\"project_no\":\"N1\"}"};
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct application a;
	struct letter l;
	struct world w;

	(void)state;
	world_open(&w, 24);
	deliver_one(&w, id);
	hear(&w, "5", CORRECT);
	case_is(&w, id, "correcting", "照片太旧");
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	a = world_application(id);
	assert_int_equal(case_submit(w.store, &a, receipt, NULL), OK);
	assert_int_equal(outbox_get(w.store, id, &l), OK);
	world_settle(&w, l.id, &o);
	letter_fini(&l);
	case_is(&w, id, "received", "照片太旧");
	assert_int_equal(hear(&w, "6", CORRECT).applied, 0);
	case_is(&w, id, "received", "照片太旧");
	/* what the office did since holds */
	assert_int_equal(hear(&w, "7", ACCEPT).applied, 1);
	assert_int_equal(hear(&w, "8", CORRECT "," ACCEPT).applied, 0);
	case_is(&w, id, "accepted", NULL);
	world_close(&w);
}

/* ---- the office and the window at the same time ---- */

/* Withdrawn here, and not sent yet; the id of that letter. */
static void withdraw(struct world *w, const char *id, char letter[ID_UUID_SIZE])
{
	const struct act_order order = {.case_number = id,
		.act = ACT_WITHDRAW,
		.station = "station-1",
		.operator_name = "0317",
		.window = "03",
		.facts = "{\"signed\":\"OK\",\"reason\":\"不办了\"}"};
	struct stmt *st;

	assert_int_equal(act_do(w->store, &order, NULL), OK);
	st = db_prepare(store_db(w->store),
		"SELECT id FROM letter WHERE case_id = ?1 ORDER BY seq DESC LIMIT 1");
	db_bind_text(st, 1, id);
	assert_true(db_row(st));
	snprintf(letter, ID_UUID_SIZE, "%s", db_text(st, 0));
	assert_int_equal(db_done(st), OK);
}

/* The centre had accepted the case (at ten) before the withdrawal came there, at this time. */
static void take_withdrawal(struct world *w, const char *letter, const char *at)
{
	struct outbox_outcome o = {.state = LETTER_DELIVERED};
	struct buf receipt = {0};

	buf_printf(&receipt,
		"{\"project_no\":\"N1\",\"state\":\"withdrawn\","
		"\"received_at\":\"2026-11-24T%s:00+08:00\"}",
		at);
	o.receipt = receipt.data;
	world_settle(w, letter, &o);
	buf_fini(&receipt);
}

/* The office had accepted it; this is where the case stands by now. */
static struct changes_result hear_of_acceptance(
	struct world *w, const char *cursor, const char *now)
{
	struct changes_result r;
	struct buf change = {0};

	buf_printf(&change,
		"{\"seq\":6,\"type\":\"case\"," AT ",\"kind\":\"accept\",\"project_no\":\"N1\","
		"\"state\":\"accepted\",\"case_state\":\"%s\"}",
		now);
	r = hear(w, cursor, change.data);
	buf_fini(&change);
	return r;
}

static void no_clock_runs(struct world *w, const char *id)
{
	int32_t day;

	assert_false(due_of_case(w->store, id, &day));
}

/* The withdrawal is answered first; what the office did before it is told later. */
static void what_came_before_our_act_is_history_alone(void **state)
{
	char id[ID_UUID_SIZE], letter[ID_UUID_SIZE];
	struct world w;

	(void)state;
	world_open(&w, 25);
	deliver_one(&w, id);
	withdraw(&w, id, letter);
	take_withdrawal(&w, letter, "10:30");
	assert_int_equal(hear_of_acceptance(&w, "6", "withdrawn").applied, 1);
	case_is(&w, id, "withdrawn", NULL);
	no_clock_runs(&w, id);
	/* told once more, by a centre that begins anew */
	assert_int_equal(hear_of_acceptance(&w, "7", "withdrawn").applied, 0);
	case_is(&w, id, "withdrawn", NULL);
	world_close(&w);
}

/* The other way round: told while the withdrawal waits. */
static void the_answer_says_where_the_case_stands(void **state)
{
	char id[ID_UUID_SIZE], letter[ID_UUID_SIZE];
	struct world w;

	(void)state;
	world_open(&w, 26);
	deliver_one(&w, id);
	withdraw(&w, id, letter);
	assert_int_equal(hear_of_acceptance(&w, "6", "accepted").applied, 1);
	case_is(&w, id, "accepted", NULL);
	take_withdrawal(&w, letter, "10:30");
	case_is(&w, id, "withdrawn", NULL);
	no_clock_runs(&w, id);
	world_close(&w);
}

/* An answer that was lost is given again: the office may have gone on since. */
static void a_repeated_answer_takes_nothing_back(void **state)
{
	char id[ID_UUID_SIZE], letter[ID_UUID_SIZE];
	struct world w;

	(void)state;
	world_open(&w, 27);
	deliver_one(&w, id);
	withdraw(&w, id, letter);
	assert_int_equal(hear_of_acceptance(&w, "6", "accepted").applied, 1);
	take_withdrawal(&w, letter, "09:30");
	case_is(&w, id, "accepted", NULL);
	world_close(&w);
}

/* ---- refusals ---- */

static void add_fault(void *arg, const char *place, const char *message)
{
	buf_printf(arg, "%s=%s;", place, message);
}

static void faults_are(const char *problem, const char *want)
{
	struct buf b = {0};

	refusal_each(problem, add_fault, &b);
	assert_string_equal(buf_str(&b), want);
	buf_fini(&b);
}

static void fault_is(const char *pointer, const char *want)
{
	char problem[200];

	snprintf(problem, sizeof problem,
		"{\"title\":\"t\",\"errors\":[{\"pointer\":\"%s\",\"detail\":\"d\"}]}", pointer);
	faults_are(problem, want);
}

static void faults_are_mapped_onto_the_form(void **state)
{
	(void)state;
	fault_is("/answers/applicant_name", "applicant_name=d;");
	fault_is("/answers/members/0/id", "members[1]/id=d;");
	fault_is("/answers/a/9/b/0/c", "a[10]/b[1]/c=d;");
	fault_is("/answers/a~1b~0c", "a/b~c=d;");
	fault_is("/answers/3", "3=d;");
	fault_is("/answers", "=d;");
	fault_is("/answers/", "=d;");
	fault_is("", "=d;");
	fault_is("/materials/2/state", "=d;");
	fault_is("/attachments/0", "=d;");
	fault_is("/answersx/a", "=d;");
	fault_is("/answers/members/99999999999/id", "members/99999999999/id=d;");
	faults_are("{\"title\":\"t\",\"detail\":\"全部不对\"}", "=全部不对;");
	faults_are("{\"title\":\"t\",\"errors\":[]}", "=t;");
	faults_are("{\"errors\":[{\"pointer\":7,\"detail\":\"\\u001b[2Jx\"},{\"detail\":\"y\"},3]}",
		"=x;=y;");
	faults_are("{}", "");
	faults_are("", "");
	faults_are("<html>", "");
	faults_are(NULL, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_is_taken_once),
		cmocka_unit_test(rubbish_changes_nothing),
		cmocka_unit_test(a_number_is_one_that_can_be_shown),
		cmocka_unit_test(a_case_is_known_by_its_own_id),
		cmocka_unit_test(notices_are_read_newest_first),
		cmocka_unit_test(faults_are_mapped_onto_the_form),
		cmocka_unit_test(a_change_goes_to_the_case_it_names_not_to_its_number),
		cmocka_unit_test(another_number_is_told),
		cmocka_unit_test(what_was_answered_here_does_not_come_back),
		cmocka_unit_test(what_came_before_our_act_is_history_alone),
		cmocka_unit_test(the_answer_says_where_the_case_stands),
		cmocka_unit_test(a_repeated_answer_takes_nothing_back),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
