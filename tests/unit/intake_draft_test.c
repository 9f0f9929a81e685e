/* A draft on the disk: written later when it could not be, with what was accepted, carried over to
 * a newer form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/station/catalogue.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "forms/instance.h"
#include "tests/unit/desk.h"
#include "tui/intake.h"
#include "tui/review_text.h"

/* ---- what the disk refuses ---- */

static void count_answer(void *arg, const char *place, const char *value)
{
	int *count = arg;

	(void)value;
	*count += strcmp(place, "applicant_name") == 0 || strcmp(place, "applicant_mobile") == 0;
}

static void what_was_not_written_is_written_later(void **state)
{
	struct desk *d = *state;
	struct db *db = store_db(d->w.store);
	struct intake *in = desk_begin(d, "高龄津贴发放");
	int written = 0;

	desk_answer(in->entry, "applicant_name", "王老例");
	assert_int_equal(intake_save(in), OK);
	assert_int_equal(db_exec(db, "PRAGMA query_only = 1"), OK);
	desk_answer(in->entry, "applicant_mobile", "13800000000");
	assert_int_not_equal(intake_save(in), OK);
	assert_int_not_equal(intake_save(in), OK); /* still not, and it says so again */
	assert_int_equal(db_exec(db, "PRAGMA query_only = 0"), OK);
	draft_each_answer(d->w.store, in->draft_id, DRAFT_FORM, count_answer, &written);
	assert_int_equal(written, 1);
	assert_int_equal(intake_save(in), OK);
	written = 0;
	draft_each_answer(d->w.store, in->draft_id, DRAFT_FORM, count_answer, &written);
	assert_int_equal(written, 2);
	intake_free(in);
}

/* Opened without its answers it would look empty, and be saved so or sent. */
static void a_draft_that_cannot_be_read_is_not_opened(void **state)
{
	struct desk *d = *state;
	struct db *db = store_db(d->w.store);
	struct intake *in = desk_begin(d, "高龄津贴发放");
	char id[ID_UUID_SIZE];

	desk_answer(in->entry, "applicant_name", "王老例");
	assert_int_equal(intake_save(in), OK);
	memcpy(id, in->draft_id, sizeof id);
	intake_free(in);
	in = NULL;
	assert_int_equal(db_exec(db, "ALTER TABLE answer RENAME TO hidden"), OK);
	assert_int_not_equal(intake_resume(&in, d->catalogue, d->w.store, id, NULL), OK);
	assert_null(in);
	assert_int_equal(db_exec(db, "ALTER TABLE hidden RENAME TO answer"), OK);
	assert_int_equal(intake_resume(&in, d->catalogue, d->w.store, id, NULL), OK);
	assert_string_equal(desk_value(in, "applicant_name"), "王老例");
	intake_free(in);
}

/* A machine whose battery is dead is years back: it is not the code that is wrong. */
static void a_clock_years_back_is_named_not_the_matter(void **state)
{
	struct desk *d = *state;
	const char *code = desk_code_of(d, "高龄津贴发放");
	struct intake *in = NULL;
	struct buf why = {0};

	assert_int_equal(intake_open(&in, d->catalogue, d->w.store, "1234", "0317", "03", &why),
		ERR_NOT_FOUND);
	assert_non_null(strstr(buf_str(&why), "1234"));
	buf_clear(&why);
	d->w.wall_ms -= INT64_C(20) * 365 * 86400 * 1000;
	assert_int_equal(catalogue_advance(d->catalogue, clock_day(d->w.wall_ms)), OK);
	assert_int_equal(intake_open(&in, d->catalogue, d->w.store, code, "0317", "03", &why),
		ERR_NOT_FOUND);
	assert_non_null(strstr(buf_str(&why), "校准本机的日期"));
	buf_fini(&why);
}

static void accepted_of(void *arg, const char *place, const char *reason)
{
	buf_printf(arg, "%s=%s;", place, reason);
}

static void row_of(void *arg, const struct review_row *row)
{
	buf_printf(arg, "%s=%s;", row->label, row->text);
}

/* A warning that was accepted comes back with its reason, and the review shows it; with another
 * value it does not. */
static void what_was_accepted_goes_with_its_value(void **state)
{
	struct desk *d = *state;
	struct intake *in = desk_begin(d, "高龄津贴发放");
	struct buf kept = {0};
	char id[ID_UUID_SIZE];

	desk_answer(in->entry, "applicant_mobile", "16812345678"); /* a range not given out */
	assert_int_equal(
		entry_accept(in->entry, entry_find(in->entry, "applicant_mobile"), "核过"), OK);
	assert_int_equal(intake_save(in), OK);
	memcpy(id, in->draft_id, sizeof id);
	intake_free(in);
	draft_each_answer(d->w.store, id, DRAFT_ACCEPTED, accepted_of, &kept);
	assert_string_equal(buf_str(&kept), "applicant_mobile=核过;");
	in = desk_resume(d, id);
	buf_clear(&kept);
	review_answers(in, NULL, true, row_of, &kept);
	assert_non_null(strstr(buf_str(&kept), "=168****5678;  提醒已写明=核过;"));
	desk_answer(in->entry, "applicant_mobile", "16912345678");
	assert_int_equal(intake_save(in), OK);
	buf_clear(&kept);
	review_answers(in, NULL, true, row_of, &kept);
	assert_null(strstr(buf_str(&kept), "核过"));
	buf_clear(&kept);
	draft_each_answer(d->w.store, id, DRAFT_ACCEPTED, accepted_of, &kept);
	assert_string_equal(buf_str(&kept), "");
	buf_fini(&kept);
	intake_free(in);
}

static void write_form(struct desk *d, const char *version, const char *rows)
{
	struct buf path = {0}, text = {0};

	buf_printf(&path, "%s/forms", d->w.folder);
	mkdir(path.data, 0700);
	buf_adds(&path, "/elder-allowance");
	mkdir(path.data, 0700);
	buf_adds(&path, "/survey.csv");
	buf_printf(&text,
		"type,name,label,label::English (en),constraint,constraint_message,"
		"soft_constraint,soft_constraint_message\n%s",
		rows);
	assert_int_equal(paths_replace(path.data, text.data, text.len), OK);
	buf_clear(&path);
	buf_printf(&path, "%s/forms/elder-allowance/settings.csv", d->w.folder);
	buf_clear(&text);
	buf_printf(&text, "form_id,version\nelder-allowance,%s\n", version);
	assert_int_equal(paths_replace(path.data, text.data, text.len), OK);
	buf_fini(&path);
	buf_fini(&text);
}

/* ---- the questions before the list ---- */

static void write_matter(struct desk *d, int limit)
{
	struct buf line = {0};

	buf_printf(&line,
		"{\"task_code\":\"T-rare\",\"task_name\":\"试办事项\",\"form\":\"elder-allowance\","
		"\"situation\":[{\"name\":\"rooms\",\"type\":\"integer\",\"label\":\"房间数\","
		"\"soft_constraint\":\". < %d\",\"soft_constraint_message\":\"这么多间少见\"}]}\n",
		limit);
	desk_add_matter(d, buf_str(&line));
	buf_fini(&line);
}

static void letter_of(struct desk *d, const char *id, struct buf *out)
{
	struct letter l;

	assert_int_equal(outbox_get(d->w.store, id, &l), OK);
	buf_add(out, l.body, l.body_len);
	letter_fini(&l);
}

static void note_of(void *arg, const struct case_event *e)
{
	if (strcmp(e->what, "submit") == 0 && e->note != NULL)
		buf_adds(arg, e->note);
}

/* Likewise in the questions: kept, in the letter, told by the history, and in the correction. */
static void what_was_accepted_of_the_situation_is_kept(void **state)
{
	struct desk *d = *state;
	struct intake *in;
	struct buf text = {0}, why = {0};
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct node *rooms;

	write_form(d, "1", "text,applicant_name,姓名,,,,string-length(.) > 2,名字短\n");
	write_matter(d, 10);
	in = desk_begin(d, "试办事项");
	desk_answer(in->situation, "rooms", "12");
	desk_answer(in->entry, "applicant_name", "王老例");
	intake_follow(in);
	assert_int_equal(intake_check(in, false, &why), ERR_INVALID);
	assert_non_null(strstr(buf_str(&why), "房间数: 这么多间少见"));
	assert_int_equal(
		entry_accept(in->situation, entry_find(in->situation, "rooms"), "大院"), OK);
	assert_int_equal(intake_save(in), OK);
	memcpy(id, in->draft_id, sizeof id);
	intake_free(in);
	in = desk_resume(d, id);
	assert_string_equal(
		entry_reason(in->situation, entry_find(in->situation, "rooms")), "大院");
	intake_free(in);

	write_matter(d, 11); /* the guide has another rule: the reason was for the one of before */
	in = desk_resume(d, id);
	rooms = entry_find(in->situation, "rooms");
	assert_null(entry_reason(in->situation, rooms));
	assert_true(intake_carried(in));
	assert_int_equal(in->carry.unreasoned_count, 1);
	assert_string_equal(in->carry.unreasoned[0].label, "房间数");
	assert_int_equal(entry_accept(in->situation, rooms, "数过"), OK);
	desk_answer(in->entry, "applicant_name", "王大");
	assert_int_equal(
		entry_accept(in->entry, entry_find(in->entry, "applicant_name"), "叫这个"), OK);
	desk_submit(in, receipt);
	intake_free(in);
	letter_of(d, id, &text);
	assert_non_null(strstr(buf_str(&text),
		"\"situation_warnings\":[{\"field\":\"rooms\",\"label\":\"房间数\","
		"\"rule\":\"form.soft_constraint\",\"reason\":\"数过\","
		"\"message\":\"这么多间少见\"}]"));
	assert_non_null(
		strstr(buf_str(&text), "\"accepted_warnings\":[{\"field\":\"applicant_name\","));
	buf_clear(&text);
	case_each_event(d->w.store, id, note_of, &text);
	assert_string_equal(buf_str(&text),
		"提醒已写明原因: 房间数 (这么多间少见): 数过; 姓名 (名字短): 叫这个");
	in = desk_correct(d, receipt);
	assert_string_equal(
		entry_reason(in->situation, entry_find(in->situation, "rooms")), "数过");
	intake_free(in);
	buf_fini(&text);
	buf_fini(&why);
}

/* ---- a newer form ---- */

static void a_draft_is_carried_to_the_newer_form(void **state)
{
	struct desk *d = *state;
	struct intake *in;
	char id[ID_UUID_SIZE];

	write_form(d, "1", "text,applicant_name,姓名\ntext,nickname,小名\ninteger,rooms,房间数\n");
	in = desk_begin(d, "高龄津贴发放");
	desk_answer(in->entry, "applicant_name", "王老例");
	desk_answer(in->entry, "nickname", "老王");
	assert_int_equal(intake_save(in), OK);
	memcpy(id, in->draft_id, sizeof id);
	intake_free(in);
	in = desk_resume(d, id);
	assert_false(intake_carried(in)); /* the same form */
	intake_free(in);

	write_form(d, "2", "text,applicant_name,姓名\ninteger,rooms,房间数\ntext,carer,照料人\n");
	in = desk_resume(d, id);
	assert_true(intake_carried(in));
	assert_string_equal(in->carry.form_version, "1");
	assert_int_equal(in->carry.lost_count, 1);
	assert_string_equal(in->carry.lost[0].label, "小名");
	assert_string_equal(in->carry.lost[0].value, "老王");
	assert_int_equal(in->carry.gained_count, 1);
	assert_string_equal(in->carry.gained[0].label, "照料人");
	assert_string_equal(desk_value(in, "applicant_name"), "王老例");
	assert_int_equal(intake_note_version(in), OK);
	intake_free(in);
	in = desk_resume(d, id);
	assert_null(in->carry.form_version); /* told once; what was lost can still be seen */
	assert_string_equal(in->carry.lost[0].label, "小名"); /* in its words, not its code */
	assert_int_equal(in->carry.gained_count, 0);
	intake_free(in);
	write_form(d, "3", "text,applicant_name,姓名\ntext,carer,照料人\n");
	in = desk_resume(d, id);
	assert_string_equal(in->carry.form_version, "2");
	assert_string_equal(in->carry.lost[0].label, "小名"); /* lost two versions ago */
	intake_free(in);
}

/* Nothing of what the newer form refuses waits for the review to be seen. */
static void what_the_newer_form_does_not_take_is_told(void **state)
{
	struct desk *d = *state;
	struct intake *in;
	struct buf why = {0};
	char id[ID_UUID_SIZE];

	write_form(d, "1",
		"text,applicant_name,姓名,Name\ntext,nickname,小名,Nickname\n"
		"integer,rooms,房间数,Rooms\nbegin_repeat,child,孩子,Child\n"
		"integer,age,年龄,Age\nend_repeat\n");
	in = desk_begin(d, "高龄津贴发放");
	desk_answer(in->entry, "nickname", "老王");
	desk_answer(in->entry, "rooms", "12");
	desk_answer(in->entry, "child[1]/age", "20");
	assert_int_equal(intake_save(in), OK);
	memcpy(id, in->draft_id, sizeof id);
	intake_free(in);

	write_form(d, "2",
		"text,applicant_name,姓名,Name\n"
		"integer,rooms,房间数,Rooms,. < 10,最多 9 间\nbegin_repeat,child,孩子,Child\n"
		"integer,age,年龄,Age,. < 18,只填未成年的\nend_repeat\n");
	in = desk_resume(d, id);
	assert_int_equal(in->carry.refused_count, 2); /* the name, still open, is none */
	assert_string_equal(in->carry.refused[0].label, "房间数");
	assert_string_equal(in->carry.refused[0].value, "12");
	assert_string_equal(in->carry.refused[0].why, "最多 9 间");
	assert_string_equal(in->carry.refused[1].label, "年龄 (孩子 1)");
	assert_string_equal(in->carry.lost[0].label, "小名");
	/* a screen names the field as it is labelled, a file of answers by its inner name too */
	assert_int_equal(intake_check(in, false, &why), ERR_INVALID);
	assert_non_null(strstr(buf_str(&why), "房间数: 最多 9 间"));
	assert_non_null(strstr(buf_str(&why), "年龄 (孩子 1): "));
	assert_null(strstr(buf_str(&why), "rooms"));
	assert_int_equal(intake_check(in, true, &why), ERR_INVALID);
	assert_non_null(strstr(buf_str(&why), "房间数 (rooms): 最多 9 间"));
	intake_free(in);
	buf_fini(&why);

	setenv("LANGUAGE", "en", 1);
	msg_init();
	in = desk_resume(d, id);
	assert_string_equal(in->carry.lost[0].label, "Nickname");
	assert_string_equal(in->carry.refused[0].label, "Rooms");
	intake_free(in);
	unsetenv("LANGUAGE");
	msg_init();
}

/* A reason is for the rule that was told: the newer form's other rule wants its own, and what no
 * longer warns has none. */
static void a_reason_goes_with_its_rule(void **state)
{
	struct desk *d = *state;
	const struct draft_answer untold = {DRAFT_TOLD, "beds", NULL};
	struct intake *in;
	struct buf kept = {0};
	char id[ID_UUID_SIZE];

	write_form(d, "1",
		"text,applicant_name,姓名\ninteger,rooms,房间数,,,,. < 10,少见\n"
		"integer,doors,门数,,,,. < 20,少见\ninteger,age,年龄,,,,. < 110,少见\n"
		"integer,beds,床数,,,,. < 9,少见\n");
	in = desk_begin(d, "高龄津贴发放");
	desk_answer(in->entry, "rooms", "12");
	desk_answer(in->entry, "doors", "30");
	desk_answer(in->entry, "age", "111");
	desk_answer(in->entry, "beds", "11");
	assert_int_equal(entry_accept(in->entry, entry_find(in->entry, "rooms"), "大院"), OK);
	assert_int_equal(entry_accept(in->entry, entry_find(in->entry, "doors"), "门多"), OK);
	assert_int_equal(entry_accept(in->entry, entry_find(in->entry, "age"), "户口簿如此"), OK);
	assert_int_equal(entry_accept(in->entry, entry_find(in->entry, "beds"), "通铺"), OK);
	assert_int_equal(intake_save(in), OK);
	memcpy(id, in->draft_id, sizeof id);
	intake_free(in);
	/* as a draft that an earlier program wrote, which did not keep what was told */
	assert_int_equal(draft_put(d->w.store, id, &untold, 1), OK);
	in = desk_resume(d, id);
	assert_string_equal(entry_reason(in->entry, entry_find(in->entry, "rooms")), "大院");
	assert_string_equal(entry_reason(in->entry, entry_find(in->entry, "beds")), "通铺");
	assert_false(intake_carried(in));
	intake_free(in);

	write_form(d, "2",
		"text,applicant_name,姓名\ninteger,rooms,房间数,,,,. < 11,少见\n"
		"integer,doors,门数\ninteger,age,年龄,,,,.  <  110,很少见\n"
		"integer,beds,床数,,,,. < 9,少见\n");
	in = desk_resume(d, id);
	assert_null(entry_reason(in->entry, entry_find(in->entry, "rooms")));
	assert_null(entry_reason(in->entry, entry_find(in->entry, "beds")));
	assert_string_equal(entry_reason(in->entry, entry_find(in->entry, "age")), "户口簿如此");
	assert_int_equal(in->carry.unreasoned_count, 3);
	assert_string_equal(in->carry.unreasoned[0].label, "床数");
	assert_string_equal(in->carry.unreasoned[0].value, "通铺");
	assert_string_equal(in->carry.unreasoned[1].label, "门数");
	assert_string_equal(in->carry.unreasoned[2].label, "房间数");
	assert_int_equal(in->carry.refused_count, 2); /* what still warns asks again */
	assert_int_equal(intake_note_version(in), OK);
	intake_free(in);
	draft_each_answer(d->w.store, id, DRAFT_ACCEPTED, accepted_of, &kept);
	assert_string_equal(buf_str(&kept), "age=户口簿如此;");
	in = desk_resume(d, id);
	assert_int_equal(in->carry.unreasoned_count, 0);
	assert_null(entry_reason(in->entry, entry_find(in->entry, "beds")));
	intake_free(in);
	buf_fini(&kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_was_not_written_is_written_later, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			a_draft_that_cannot_be_read_is_not_opened, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			a_clock_years_back_is_named_not_the_matter, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			what_was_accepted_goes_with_its_value, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			what_the_newer_form_does_not_take_is_told, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(a_reason_goes_with_its_rule, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			what_was_accepted_of_the_situation_is_kept, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			a_draft_is_carried_to_the_newer_form, desk_make, desk_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
