/* The list of papers follows the answers: what comes, goes and is kept of it, how it is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "tests/unit/desk.h"
#include "tui/intake.h"

/* What was said of the age does not hide what the number tells: the guardian's papers follow it. */
static void papers_of_a_child_follow_the_number(void **state)
{
	static const struct {
		const char *matter, *question, *grown;
	} cases[] = {{"社会保障卡申领", "who", "adult"}, {"居民身份证申领", "minor", "no"},
		{"残疾人证新办", "minor", "no"}};
	struct desk *d = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct intake *in = desk_begin(d, cases[i].matter);
		desk_answer(in->situation, cases[i].question, cases[i].grown);
		intake_follow(in);
		desk_answer(in->entry, "applicant_id", DESK_PERSON);
		intake_follow(in);
		assert_null(checklist_find(&in->checklist, "监护人居民身份证"));
		desk_answer(in->entry, "applicant_id", "371323202601010038"); /* born in 2026 */
		assert_true(intake_follow(in));
		assert_non_null(checklist_find(&in->checklist, "监护人居民身份证"));
		intake_free(in);
	}
}

/* A number mistyped for a moment, a question answered otherwise: the paper stays in the hands. */
static void a_tick_outlives_its_paper_leaving_the_list(void **state)
{
	static const char *const paper = "授权委托书";
	struct desk *d = *state;
	struct intake *in = desk_begin(d, "高龄津贴发放");
	char id[ID_UUID_SIZE];

	desk_answer(in->situation, "agent", "yes");
	intake_follow(in);
	assert_int_equal(checklist_set(&in->checklist, paper, CHECKLIST_RECEIVED, NULL), OK);
	assert_int_equal(checklist_note(&in->checklist, paper, "公证过"), OK);
	assert_int_equal(intake_save(in), OK);
	desk_answer(in->situation, "agent", "no");
	intake_follow(in);
	assert_null(checklist_find(&in->checklist, paper));
	desk_answer(in->situation, "agent", "yes");
	intake_follow(in);
	assert_int_equal(checklist_find(&in->checklist, paper)->state, CHECKLIST_RECEIVED);
	assert_string_equal(checklist_find(&in->checklist, paper)->note, "公证过");

	desk_answer(in->situation, "agent", "no");
	intake_follow(in);
	assert_int_equal(intake_save(in), OK);
	memcpy(id, in->draft_id, sizeof id);
	intake_free(in);
	in = desk_resume(d, id);
	assert_null(checklist_find(&in->checklist, paper));
	desk_answer(in->situation, "agent", "yes");
	intake_follow(in);
	assert_int_equal(checklist_find(&in->checklist, paper)->state, CHECKLIST_RECEIVED);
	assert_string_equal(checklist_find(&in->checklist, paper)->note, "公证过");
	assert_int_equal(
		checklist_restore(&in->checklist, "没有这份", CHECKLIST_RECEIVED), ERR_NOT_FOUND);
	intake_free(in);
}

static void what_a_situation_changes_is_told(void **state)
{
	struct desk *d = *state;
	struct intake *in = desk_begin(d, "高龄津贴发放");

	assert_string_equal(buf_str(&in->followed), "");
	desk_answer(in->situation, "agent", "yes");
	assert_true(intake_follow(in));
	assert_string_equal(
		buf_str(&in->followed), "材料多了: 授权委托书、代办人居民身份证; 表里多 4 栏");
	desk_answer(in->situation, "agent", "no");
	assert_true(intake_follow(in));
	assert_string_equal(
		buf_str(&in->followed), "不再要: 授权委托书、代办人居民身份证; 表里少 4 栏");
	assert_false(intake_follow(in));
	intake_free(in);
}

/* Who is sent home for one paper and comes back without the other was told half of it. */
static void what_is_missing_is_told_at_once(void **state)
{
	struct desk *d = *state;
	struct intake *in = desk_begin(d, "预防接种证办理");
	struct buf why = {0};

	assert_int_equal(intake_check(in, false, &why), ERR_INVALID);
	if (strstr(buf_str(&why), "缺材料: 出生医学证明、父母居民身份证。请收齐后再提交。") == NULL)
		fail_msg("%s", buf_str(&why));
	checklist_set(&in->checklist, "出生医学证明", CHECKLIST_RECEIVED, NULL);
	buf_clear(&why);
	assert_int_equal(intake_check(in, false, &why), ERR_INVALID);
	assert_non_null(strstr(buf_str(&why), "缺材料: 父母居民身份证。"));
	intake_free(in);
	buf_fini(&why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_is_missing_is_told_at_once, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			papers_of_a_child_follow_the_number, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			a_tick_outlives_its_paper_leaving_the_list, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			what_a_situation_changes_is_told, desk_make, desk_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
