/* A letter on standard output: who refused which answer, and what a person does now. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/db.h"
#include "core/station/outbox.h"
#include "core/station/settings.h"
#include "core/station/store.h"
#include "tests/unit/desk.h"
#include "tui/cmd_station.h"
#include "tui/intake.h"
#include "tui/letter_tell.h"

/* What is printed of the letter of this case, until the next call. */
static const char *told(struct desk *d, const char *case_id)
{
	static char text[8000];
	struct cmd_station st = {.home = d->w.folder, .store = d->w.store};
	FILE *kept = tmpfile();
	struct letter l;
	int out = dup(STDOUT_FILENO);

	assert_int_equal(settings_load(&st.conf, d->w.folder, NULL), OK);
	assert_int_equal(outbox_get(d->w.store, case_id, &l), OK);
	fflush(stdout);
	dup2(fileno(kept), STDOUT_FILENO);
	letter_tell(&st, &l, clock_wall_ms(&d->w.clock));
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	close(out);
	rewind(kept);
	text[fread(text, 1, sizeof text - 1, kept)] = '\0';
	fclose(kept);
	letter_fini(&l);
	conf_free(st.conf);
	return text;
}

static void says(const char *text, const char *wanted)
{
	if (strstr(text, wanted) == NULL)
		fail_msg("not said: %s\nbut:\n%s", wanted, text);
}

static void submit(struct desk *d, char case_id[ID_UUID_SIZE])
{
	struct intake *in = desk_begin(d, "最低生活保障");

	desk_submit(in, NULL);
	memcpy(case_id, in->draft_id, ID_UUID_SIZE);
	intake_free(in);
}

static void refuse(struct desk *d, const char *case_id, const char *problem)
{
	struct outbox_outcome o = {.state = LETTER_HELD,
		.hold = HOLD_REFUSED,
		.reason = "中心退回",
		.problem = problem};

	world_settle(&d->w, case_id, &o);
}

/* The clerk reads the label; the name of the form is for who looks after it. */
static void a_refused_field_is_named_by_its_label(void **state)
{
	struct desk *d = *state;
	char id[ID_UUID_SIZE];
	const char *text;

	submit(d, id);
	refuse(d, id,
		"{\"title\":\"核对没有通过\",\"errors\":[{\"pointer\":\"/answers/applicant_mobile\","
		"\"detail\":\"手机号已注销\"},{\"pointer\":\"/answers/no_such_field\",\"detail\":\"多余\"},"
		"{\"pointer\":\"/materials/0\",\"detail\":\"材料看不清\"}]}");
	text = told(d, id);
	says(text, "手机号码 (applicant_mobile): 手机号已注销\n");
	says(text, "  栏 no_such_field: 多余\n");
	says(text, "  材料看不清\n");
	says(text, "最近答复    核对没有通过\n");
	assert_null(strstr(strstr(text, "手机号已注销") + 1, "手机号已注销"));
}

/* Without a place the sentence says all there is, once. */
static void a_refusal_of_no_field_is_said_once(void **state)
{
	struct desk *d = *state;
	char id[ID_UUID_SIZE];
	const char *text;

	submit(d, id);
	refuse(d, id,
		"{\"title\":\"核对没有通过\",\"errors\":[{\"pointer\":\"/materials/0\","
		"\"detail\":\"材料看不清\"}]}");
	text = told(d, id);
	says(text, "最近答复    核对没有通过; 材料看不清\n");
	assert_null(strstr(strstr(text, "材料看不清") + 1, "材料看不清"));
}

/* A clerk's own reason is not taken for what the centre said before. */
static void what_the_clerk_wrote_stays(void **state)
{
	struct desk *d = *state;
	char id[ID_UUID_SIZE];
	struct letter l;

	submit(d, id);
	refuse(d, id,
		"{\"title\":\"核对没有通过\",\"errors\":[{\"pointer\":\"/answers/applicant_mobile\","
		"\"detail\":\"手机号已注销\"}]}");
	assert_int_equal(outbox_get(d->w.store, id, &l), OK);
	assert_int_equal(outbox_retry(d->w.store, l.id, "0317"), OK);
	assert_int_equal(outbox_hold(d->w.store, l.id, "0317", "等户口簿"), OK);
	letter_fini(&l);
	says(told(d, id), "暂缓原因    等户口簿\n");
}

/* No other correction would be taken either. */
static void one_that_comes_too_late_is_given_up(void **state)
{
	struct desk *d = *state;
	char id[ID_UUID_SIZE];

	submit(d, id);
	assert_int_equal(db_exec(store_db(d->w.store), "UPDATE case_ SET project_no = 'N1'"), OK);
	refuse(d, id, "{\"type\":\"urn:yimen:problem:case-state\",\"title\":\"现在不能更正\"}");
	says(told(d, id), "现在不收更正: 放弃这一版 yimen outbox give-up L");
	assert_null(strstr(told(d, id), "case correct"));
}

static void who_waits_is_told_who_delivers(void **state)
{
	struct desk *d = *state;
	char id[ID_UUID_SIZE];

	submit(d, id);
	says(told(d, id), "下次        接入中心以后\n");
	assert_int_equal(store_set(d->w.store, "centre.url", "http://127.0.0.1:9"), OK);
	says(told(d, id), "下次        报送程序一开就报\n");
	says(told(d, id), "打开工作台, 或用 yimen deliver --once");
	assert_null(strstr(told(d, id), "不用守着"));
	assert_null(strstr(told(d, id), "outbox retry"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_refused_field_is_named_by_its_label, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			a_refusal_of_no_field_is_said_once, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(what_the_clerk_wrote_stays, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			one_that_comes_too_late_is_given_up, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			who_waits_is_told_who_delivers, desk_make, desk_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
