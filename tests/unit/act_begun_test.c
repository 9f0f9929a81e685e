/* What was typed into the form of an act that is not done: kept, put back, and gone when it should
 * be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/paths.h"
#include "core/station/act_begun.h"
#include "core/station/acts.h"
#include "core/station/audit.h"
#include "core/station/cases.h"
#include "core/station/changes.h"
#include "core/station/handover.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "forms/entry.h"
#include "forms/instance.h"
#include "tests/unit/scratch.h"
#include "tests/unit/world.h"
#include "tui/act_form.h"
#include "tui/act_keep.h"

/* ---- in the station's file ---- */

static struct act_begun by(const char *case_id, enum case_act act)
{
	return (struct act_begun){.case_id = case_id,
		.act = act,
		.operator_name = "0317",
		.window = "03",
		.place = "reason"};
}

static enum err put(struct world *w, const char *case_id, enum case_act act, const char *place,
	const char *value)
{
	const struct act_begun b = by(case_id, act);
	const struct act_answer a = {place, value};

	return act_begun_save(w->store, &b, &(struct act_typed){&a, 1, NULL, 0});
}

static void list_one(void *arg, const struct act_begun *b)
{
	buf_printf(
		arg, "%s@%s/%s,%s;", case_act_name(b->act), b->operator_name, b->window, b->place);
}

static void list_answer(void *arg, const char *place, const char *value)
{
	buf_printf(arg, "%s=%s;", place, value);
}

static void begun_are(struct world *w, const char *operator_name, const char *want)
{
	struct buf have = {0};

	act_begun_each(w->store, operator_name, NULL, list_one, &have);
	assert_string_equal(buf_str(&have), want);
	buf_fini(&have);
}

static void answers_are(struct world *w, const char *case_id, enum case_act act, const char *want)
{
	struct buf have = {0};

	act_begun_each_answer(w->store, case_id, act, list_answer, &have);
	assert_string_equal(buf_str(&have), want);
	buf_fini(&have);
}

static int64_t count(struct world *w, const char *sql)
{
	struct stmt *st = db_prepare(store_db(w->store), sql);
	int64_t n = db_row(st) ? db_int(st, 0) : -1;

	assert_int_equal(db_done(st), OK);
	return n;
}

static void open_case(struct world *w, char id[ID_UUID_SIZE], uint64_t seed)
{
	char receipt[LOCAL_RECEIPT_SIZE];

	world_open(w, seed);
	world_submit(w, receipt, id);
}

static void what_was_typed_is_there_after_a_kill(void **state)
{
	char id[ID_UUID_SIZE];
	int64_t rows;
	struct world w;

	(void)state;
	open_case(&w, id, 1);
	assert_int_equal(put(&w, id, ACT_REFUSE, "reason", "不属本机"), OK);
	assert_int_equal(put(&w, id, ACT_REFUSE, "reason", "不属本机关职权; x=1\n"), OK);
	assert_int_equal(put(&w, id, ACT_REFUSE, "body", ""), OK);
	world_pass(&w, 1000);
	assert_int_equal(put(&w, id, ACT_REQUEST_CORRECTION, "corrections[1]/how", "重拍"), OK);
	assert_int_equal(act_begun_move(w.store, id, ACT_REFUSE, "remedy"), OK);
	world_restart(&w);
	begun_are(&w, NULL, "request-correction@0317/03,reason;refuse@0317/03,remedy;");
	begun_are(&w, "0318", "");
	answers_are(&w, id, ACT_REFUSE, "body=;reason=不属本机关职权; x=1\n;");
	answers_are(&w, id, ACT_REQUEST_CORRECTION, "corrections[1]/how=重拍;");
	assert_int_equal(count(&w, "SELECT count(*) FROM audit WHERE act = 'act.begin'"), 2);
	assert_int_equal(audit_verify(w.store, &rows, NULL), OK);
	world_close(&w);
}

static void who_has_the_case_now_has_it(void **state)
{
	char id[ID_UUID_SIZE];
	const struct handover_order to = {.number = id,
		.operator_name = "0317",
		.window = "03",
		.to_window = "04",
		.note = ""};
	struct world w;

	(void)state;
	open_case(&w, id, 2);
	assert_int_equal(put(&w, id, ACT_REFUSE, "reason", "x"), OK);
	assert_int_equal(handover_give(w.store, &to, NULL), OK);
	begun_are(&w, "0317", "refuse@0317/03,reason;"); /* until it is taken */
	assert_int_equal(handover_take(w.store, id, "0318", "04", NULL), OK);
	begun_are(&w, "0318", "refuse@0318/04,reason;");
	begun_are(&w, "0317", "");
	assert_int_equal(put(&w, id, ACT_REFUSE, "reason", "xy"), OK); /* whoever typed last */
	begun_are(&w, "0317", "refuse@0317/03,reason;");
	world_close(&w);
}

static void all_as_proposed_is_nothing_begun(void **state)
{
	char id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	open_case(&w, id, 3);
	assert_int_equal(put(&w, id, ACT_REFUSE, "reason", "x"), OK);
	assert_int_equal(put(&w, id, ACT_REFUSE, "reason", NULL), OK);
	begun_are(&w, NULL, "");
	assert_int_equal(act_begun_move(w.store, id, ACT_REFUSE, "reason"), OK);
	assert_int_equal(act_begun_save(w.store, &(struct act_begun){.case_id = id},
				 &(struct act_typed){NULL, 0, NULL, 0}),
		OK);
	begun_are(&w, NULL, "");
	world_close(&w);
}

static void what_is_not_possible_is_not_kept(void **state)
{
	char id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	open_case(&w, id, 4);
	assert_int_equal(put(&w, id, ACT_DELIVER, "recipient", "x"), ERR_STATE);
	assert_int_equal(put(&w, id, ACT_SUPPLY, "supplied_by", "x"), ERR_STATE);
	assert_int_equal(put(&w, "none", ACT_REFUSE, "reason", "x"), ERR_STATE);
	assert_int_equal(count(&w, "SELECT count(*) FROM act_begun"), 0);
	assert_int_equal(count(&w, "SELECT count(*) FROM audit WHERE act = 'act.begin'"), 0);
	world_close(&w);
}

static void begun_anew_takes_it_away(void **state)
{
	char id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	open_case(&w, id, 5);
	assert_int_equal(put(&w, id, ACT_REFUSE, "reason", "x"), OK);
	assert_int_equal(put(&w, id, ACT_WITHDRAW, "reason", "y"), OK);
	assert_int_equal(act_begun_drop(w.store, id, ACT_REFUSE, "0317"), OK);
	assert_int_equal(act_begun_drop(w.store, id, ACT_REFUSE, "0317"), ERR_NOT_FOUND);
	begun_are(&w, NULL, "withdraw@0317/03,reason;");
	assert_int_equal(count(&w, "SELECT count(*) FROM act_answer"), 1);
	assert_int_equal(count(&w, "SELECT count(*) FROM audit WHERE act = 'act.drop'"), 1);
	world_close(&w);
}

static enum err act(struct world *w, const char *id, enum case_act what, const char *facts)
{
	const struct act_order o = {.case_number = id,
		.act = what,
		.station = "station-1",
		.operator_name = "0317",
		.window = "03",
		.facts = facts};

	return act_do(w->store, &o, NULL);
}

static const char corrections[] =
	"{\"last_day\":\"2026-12-31\",\"corrections\":[{\"name\":\"照片\",\"defect\":\"不是白底\"}]}";

/* With the act goes what was typed for it, and for whatever is not possible after it. */
static void it_ends_with_the_act(void **state)
{
	char id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	open_case(&w, id, 6);
	assert_int_equal(put(&w, id, ACT_REQUEST_CORRECTION, "remark", "x"), OK);
	assert_int_equal(put(&w, id, ACT_ACCEPT, "remark", "y"), OK);
	assert_int_equal(put(&w, id, ACT_WITHDRAW, "reason", "z"), OK);
	assert_int_equal(act(&w, id, ACT_REQUEST_CORRECTION, "{}"), ERR_INVALID);
	assert_int_equal(count(&w, "SELECT count(*) FROM act_begun"), 3);
	assert_int_equal(act(&w, id, ACT_REQUEST_CORRECTION, corrections), OK);
	begun_are(&w, NULL, "withdraw@0317/03,reason;");
	assert_int_equal(count(&w, "SELECT count(*) FROM act_answer"), 1);
	world_close(&w);
}

static const char owed[] =
	"{\"due_date\":\"2026-12-08\",\"owed\":[{\"name\":\"照片\",\"due_date\":\"2026-12-01\"},"
	"{\"name\":\"户口簿\",\"due_date\":\"2026-12-03\"}]}";

/* An act that leaves the case where it is ends what was typed too. */
static void what_was_owed_comes_once(void **state)
{
	char id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	open_case(&w, id, 7);
	assert_int_equal(act(&w, id, ACT_ACCEPT, owed), OK);
	assert_int_equal(put(&w, id, ACT_SUPPLY, "supplied_by", "李样例"), OK);
	assert_int_equal(act(&w, id, ACT_SUPPLY, "{\"supplied\":[\"照片\"]}"), OK);
	begun_are(&w, NULL, "");
	world_close(&w);
}

static void told(struct world *w, const char *id, int seq, const char *kind, const char *to,
	const char *facts)
{
	struct changes_result r;
	struct buf doc = {0};

	buf_printf(&doc,
		"{\"cursor\":\"%d\",\"changes\":[{\"seq\":%d,\"type\":\"case\",\"at\":"
		"\"2026-11-24T10:00:00.000+08:00\",\"kind\":\"%s\",\"case_id\":\"%s\","
		"\"project_no\":\"370001\",\"state\":\"%s\",\"facts\":%s}]}",
		seq, seq, kind, id, to, facts);
	assert_int_equal(changes_apply(w->store, doc.data, doc.len, &r), OK);
	assert_int_equal(r.applied, 1);
	buf_fini(&doc);
}

static void it_ends_when_the_centre_moves_the_case(void **state)
{
	char id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	open_case(&w, id, 8);
	assert_int_equal(put(&w, id, ACT_REFUSE, "reason", "x"), OK);
	assert_int_equal(put(&w, id, ACT_WITHDRAW, "reason", "y"), OK);
	told(&w, id, 1, "accept", "accepted", "{}");
	begun_are(&w, NULL, "withdraw@0317/03,reason;");
	told(&w, id, 2, "decide", "completed", "{}");
	begun_are(&w, NULL, "");
	assert_int_equal(count(&w, "SELECT count(*) FROM act_answer"), 0);
	world_close(&w);
}

/* ---- with the form ---- */

struct filling {
	struct act_form *form;
	struct act_keep *keep;
};

static struct filling fill_in(struct world *w, const char *id, enum case_act act)
{
	struct filling f = {NULL, NULL};
	struct buf why = {0};

	if (act_form_open(&f.form, w->store, NULL, id, act, 90, &why) != OK)
		fail_msg("%s", buf_str(&why));
	assert_int_equal(act_keep_open(&f.keep, f.form, "0317", "03", &why), OK);
	buf_fini(&why);
	return f;
}

static void end(struct filling *f)
{
	act_keep_free(f->keep);
	act_form_free(f->form);
}

static const char *at(struct filling *f, const char *place)
{
	const struct node *n = entry_find(f->form->entry, place);

	return n != NULL ? n->value : NULL;
}

static void set(struct filling *f, const char *place, const char *value)
{
	assert_int_equal(entry_set_place(f->form->entry, place, value), OK);
	assert_int_equal(act_keep_save(f->keep), OK);
}

static void remove_first_document(struct filling *f)
{
	const struct entry_line *lines;
	size_t n = entry_lines(f->form->entry, &lines), i;

	for (i = 0; i < n && lines[i].repetition != 1; i++)
		;
	assert_true(i < n);
	assert_int_equal(entry_repeat_remove(f->form->entry, lines[i].node), OK);
	assert_int_equal(act_keep_save(f->keep), OK);
}

static const char two_documents[] =
	"{\"documents\":[{\"name\":\"决定书\",\"number\":\"1号\",\"count\":1},"
	"{\"name\":\"残疾人证\",\"number\":\"2号\",\"count\":2}]}";

static void a_handing_over_goes_on_where_it_was(void **state)
{
	char id[ID_UUID_SIZE];
	struct filling f;
	struct world w;

	(void)state;
	open_case(&w, id, 9);
	told(&w, id, 1, "accept", "accepted", "{}");
	told(&w, id, 2, "decide", "completed", two_documents);
	f = fill_in(&w, id, ACT_DELIVER);
	assert_int_equal(f.keep->begun_ms, 0);
	assert_string_equal(at(&f, "documents[2]/number"), "2号");
	assert_int_equal(act_keep_save(f.keep), OK); /* nothing typed: nothing begun */
	begun_are(&w, NULL, "");
	act_keep_at(f.keep, "taken_by");
	set(&f, "taken_by", "李样例");
	set(&f, "way", "proxy");
	set(&f, "recipient", ""); /* taken out of what was proposed */
	remove_first_document(&f);
	end(&f); /* killed, or left */
	world_restart(&w);
	world_pass(&w, 3600 * 1000);
	f = fill_in(&w, id, ACT_DELIVER);
	assert_int_equal(f.keep->begun_ms, w.wall_ms - 3600 * 1000);
	assert_string_equal(f.keep->begun_by, "0317");
	assert_string_equal(buf_str(&f.keep->place), "taken_by");
	assert_string_equal(at(&f, "taken_by"), "李样例");
	assert_string_equal(at(&f, "way"), "proxy");
	assert_string_equal(at(&f, "recipient"), "");
	assert_string_equal(at(&f, "documents[1]/number"), "2号");
	assert_string_equal(at(&f, "documents[1]/count"), "2");
	assert_null(at(&f, "documents[2]/number"));
	assert_string_equal(
		at(&f, "delivery_time"), "2026-11-24T11:00"); /* nobody had touched it */
	assert_int_equal(act_keep_save(f.keep), OK);	      /* what was put back is no change */
	set(&f, "delivery_time", "2026-11-24T09:30");
	end(&f);
	world_pass(&w, 3600 * 1000);
	f = fill_in(&w, id, ACT_DELIVER);
	assert_string_equal(at(&f, "delivery_time"), "2026-11-24T09:30"); /* somebody had */
	assert_null(at(&f, "documents[2]/number"));
	assert_int_equal(act_keep_drop(f.keep), OK);
	set(&f, "remark", "x"); /* kept by nobody any more */
	end(&f);
	f = fill_in(&w, id, ACT_DELIVER);
	assert_int_equal(f.keep->begun_ms, 0);
	assert_string_equal(at(&f, "documents[2]/number"), "2号");
	end(&f);
	world_close(&w);
}

/* One repetition that the form shows by itself stays, when all typed in it was taken out again. */
static void an_empty_repetition_of_the_form_stays(void **state)
{
	char id[ID_UUID_SIZE];
	struct filling f;
	struct world w;

	(void)state;
	open_case(&w, id, 10);
	f = fill_in(&w, id, ACT_REQUEST_CORRECTION);
	set(&f, "corrections[1]/how", "重拍");
	set(&f, "corrections[2]/defect", "过期");
	set(&f, "corrections[1]/how", "");
	end(&f);
	f = fill_in(&w, id, ACT_REQUEST_CORRECTION);
	assert_string_equal(at(&f, "corrections[1]/how"), "");
	assert_string_equal(at(&f, "corrections[2]/defect"), "过期");
	end(&f);
	world_close(&w);
}

static void two_do_not_fill_it_in_at_once(void **state)
{
	char id[ID_UUID_SIZE];
	struct filling f;
	struct act_form *other = NULL;
	struct act_keep *keep = NULL;
	struct buf why = {0};
	struct world w;

	(void)state;
	open_case(&w, id, 11);
	f = fill_in(&w, id, ACT_REFUSE);
	assert_int_equal(act_form_open(&other, w.store, NULL, id, ACT_ACCEPT, 90, NULL), OK);
	assert_int_equal(act_keep_open(&keep, other, "0318", "04", &why), ERR_BUSY);
	assert_null(keep);
	assert_non_null(strstr(buf_str(&why), "正在别处填写"));
	end(&f);
	assert_int_equal(act_keep_open(&keep, other, "0318", "04", NULL), OK);
	act_keep_free(keep);
	act_form_free(other);
	buf_fini(&why);
	world_close(&w);
}

/* It would be put over what is on the disk. */
static void what_was_begun_and_cannot_be_read_is_not_gone(void **state)
{
	char id[ID_UUID_SIZE];
	struct filling f;
	struct act_keep *keep = NULL;
	struct world w;

	(void)state;
	open_case(&w, id, 11);
	f = fill_in(&w, id, ACT_REFUSE);
	assert_int_equal(entry_set_place(f.form->entry, "reason", "另有规定"), OK);
	assert_int_equal(act_keep_save(f.keep), OK);
	act_keep_free(f.keep);
	assert_int_equal(db_exec(store_db(w.store), "ALTER TABLE act_answer RENAME TO hidden"), OK);
	assert_int_not_equal(act_keep_open(&keep, f.form, "0317", "03", NULL), OK);
	assert_null(keep);
	assert_int_equal(db_exec(store_db(w.store), "ALTER TABLE hidden RENAME TO act_answer"), OK);
	assert_int_equal(act_keep_open(&f.keep, f.form, "0317", "03", NULL), OK);
	assert_true(f.keep->begun_ms != 0);
	end(&f);
	world_close(&w);
}

static void the_case_moves_on_meanwhile(void **state)
{
	char id[ID_UUID_SIZE];
	struct filling f;
	struct world w;

	(void)state;
	open_case(&w, id, 12);
	f = fill_in(&w, id, ACT_REFUSE);
	set(&f, "reason", "不属本机关职权");
	told(&w, id, 1, "accept", "accepted", "{}");
	assert_false(f.keep->over);
	set(&f, "reason", "不属本机关职权范围");
	assert_true(f.keep->over);
	begun_are(&w, NULL, "");
	end(&f);
	world_close(&w);
}

/* ---- why a warning was accepted ---- */

/* The shared files, but for the form of a withdrawal: a telephone whose kind warns, a number of
 * which the form does. */
static char *share_with_warnings(const char *scratch)
{
	static const char survey[] =
		"type,name,label,appearance,soft_constraint,soft_constraint_message\n"
		"text,reason,撤回原因,,,\ntext,phone,电话,mobile,,\n"
		"integer,copies,退回份数,,. < 10,退回这么多份少见\n";
	char *share = paths_join(scratch, "share"), *file, *data = realpath("data", NULL);
	char *link = paths_join(share, "data");
	static const char *const folders[] = {"", "/forms", "/forms/acts", "/forms/acts/withdraw"};
	struct buf path = {0};

	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		buf_clear(&path);
		buf_printf(&path, "%s%s", share, folders[i]);
		assert_int_equal(mkdir(path.data, 0700), 0);
	}
	assert_int_equal(symlink(data, link), 0);
	file = paths_join(path.data, "survey.csv");
	assert_int_equal(paths_replace(file, survey, strlen(survey)), OK);
	free(file);
	free(link);
	free(data);
	buf_fini(&path);
	return share;
}

static void note_of(void *arg, const struct case_event *e)
{
	if (strcmp(e->what, "withdraw") == 0)
		buf_adds(arg, e->note);
}

static void accept_at(struct filling *f, const char *place, const char *reason)
{
	assert_int_equal(
		entry_accept(f->form->entry, entry_find(f->form->entry, place), reason), OK);
	assert_int_equal(act_keep_save(f->keep), OK);
}

static void reason_is(struct filling *f, const char *place, const char *want)
{
	const char *have = entry_reason(f->form->entry, entry_find(f->form->entry, place));

	if (want == NULL)
		assert_null(have);
	else
		assert_string_equal(have, want);
}

/* It is on disk with its field, goes with the letter, and the history tells it. */
static void why_a_warning_was_accepted_is_kept(void **state)
{
	char id[ID_UUID_SIZE];
	struct act_by who = {"station-1", "0317", "03", NULL};
	struct filling f;
	struct letter l;
	struct buf why = {0}, note = {0};
	struct world w;
	char *share, *scratch = scratch_folder();

	(void)state;
	share = share_with_warnings(scratch);
	setenv("YIMEN_SHARE", share, 1);
	open_case(&w, id, 13);
	f = fill_in(&w, id, ACT_WITHDRAW);
	set(&f, "reason", "改在别处办");
	set(&f, "phone", "+85261234567");
	set(&f, "copies", "12");
	assert_int_equal(act_form_do(f.form, &who, &why), ERR_INVALID);
	accept_at(&f, "phone", "在香港工作");
	accept_at(&f, "copies", "数过");
	end(&f); /* killed, or left */
	world_restart(&w);
	f = fill_in(&w, id, ACT_WITHDRAW);
	reason_is(&f, "phone", "在香港工作");
	reason_is(&f, "copies", "数过");
	set(&f, "copies", "13"); /* another value: its reason goes from the disk too */
	assert_int_equal(count(&w, "SELECT count(*) FROM act_reason"), 1);
	accept_at(&f, "copies", "又数过");
	assert_int_equal(count(&w, "SELECT count(*) FROM act_reason"), 2);
	if (act_form_do(f.form, &who, &why) != OK)
		fail_msg("%s", buf_str(&why));
	end(&f);
	assert_int_equal(count(&w, "SELECT count(*) FROM act_reason"), 0);
	assert_int_equal(outbox_get(w.store, id, &l), OK);
	assert_non_null(strstr(l.body,
		"\"accepted_warnings\":[{\"field\":\"phone\",\"label\":\"电话\","
		"\"rule\":\"mobile.abroad\",\"reason\":\"在香港工作\",\"message\":\""));
	assert_non_null(strstr(l.body,
		"{\"field\":\"copies\",\"label\":\"退回份数\",\"rule\":\"form.soft_constraint\","
		"\"reason\":\"又数过\",\"message\":\"退回这么多份少见\"}]"));
	assert_non_null(strstr(l.body, "\"reason\":\"改在别处办\",\"answers\""));
	case_each_event(w.store, id, note_of, &note);
	assert_non_null(strstr(buf_str(&note), "改在别处办; 提醒已写明原因: 电话 ("));
	assert_non_null(
		strstr(buf_str(&note), "): 在香港工作; 退回份数 (退回这么多份少见): 又数过"));
	letter_fini(&l);
	world_close(&w);
	setenv("YIMEN_SHARE", ".", 1);
	scratch_remove(scratch);
	free(share);
	buf_fini(&note);
	buf_fini(&why);
}

/* A proposal that warns by itself needs no answer to have its reason kept. */
static void a_reason_alone_begins_an_act(void **state)
{
	const struct act_reason given = {"phone", "在香港工作", "mobile.abroad"},
				taken = {"phone", NULL, NULL};
	char id[ID_UUID_SIZE];
	struct act_begun b;
	struct world w;

	(void)state;
	open_case(&w, id, 14);
	b = by(id, ACT_REFUSE);
	assert_int_equal(act_begun_save(w.store, &b, &(struct act_typed){NULL, 0, &given, 1}), OK);
	begun_are(&w, NULL, "refuse@0317/03,reason;");
	assert_int_equal(act_begun_save(w.store, &b, &(struct act_typed){NULL, 0, &taken, 1}), OK);
	begun_are(&w, NULL, "");
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_typed_is_there_after_a_kill),
		cmocka_unit_test(who_has_the_case_now_has_it),
		cmocka_unit_test(all_as_proposed_is_nothing_begun),
		cmocka_unit_test(what_is_not_possible_is_not_kept),
		cmocka_unit_test(begun_anew_takes_it_away),
		cmocka_unit_test(it_ends_with_the_act),
		cmocka_unit_test(what_was_owed_comes_once),
		cmocka_unit_test(it_ends_when_the_centre_moves_the_case),
		cmocka_unit_test(a_handing_over_goes_on_where_it_was),
		cmocka_unit_test(an_empty_repetition_of_the_form_stays),
		cmocka_unit_test(two_do_not_fill_it_in_at_once),
		cmocka_unit_test(what_was_begun_and_cannot_be_read_is_not_gone),
		cmocka_unit_test(the_case_moves_on_meanwhile),
		cmocka_unit_test(why_a_warning_was_accepted_is_kept),
		cmocka_unit_test(a_reason_alone_begins_an_act),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	setenv("YIMEN_SHARE", ".", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
