/* A correction held against the version that it replaces: what is told as changed, and what not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/paths.h"
#include "forms/instance.h"
#include "tests/unit/desk.h"
#include "tui/correction.h"
#include "tui/intake.h"
#include "tui/review_text.h"

static const char rows[] =
	"type,name,label,relevant,default,appearance,calculation,soft_constraint,"
	"soft_constraint_message\n"
	"text,applicant_name,姓名\n"
	"text,applicant_mobile,手机,,,contact\n"
	"text,nickname,小名,,无\n"
	"decimal,area,面积,,,,,. < 900,面积少见\n"
	"calculate,half,一半,,,,${area} div 2\n"
	"text,landlord,房东,${area} > 100\n"
	"begin_repeat,member,成员\n"
	"text,member_name,成员姓名\n"
	"end_repeat\n"
	"file,photo,照片\n";

static void write_file(struct desk *d, const char *name, const char *text)
{
	char *path = paths_join(d->w.folder, name);

	assert_int_equal(paths_replace(path, text, strlen(text)), OK);
	free(path);
}

static void make_folder(struct desk *d, const char *name)
{
	char *path = paths_join(d->w.folder, name);

	mkdir(path, 0700);
	free(path);
}

static void attach(struct desk *d, struct intake *in, const char *material, const char *name)
{
	char *path = paths_join(d->w.folder, name);
	struct buf text = {0}, why = {0};

	buf_printf(&text, "\x89PNG\r\n\x1a\n %s of nobody", name);
	write_file(d, name, buf_str(&text));
	if (intake_attach(in, material, path, &why) != OK)
		fail_msg("%s", buf_str(&why));
	buf_fini(&text);
	buf_fini(&why);
	free(path);
}

static void learn(struct desk *d)
{
	make_folder(d, "forms");
	make_folder(d, "forms/elder-allowance");
	write_file(d, "forms/elder-allowance/survey.csv", rows);
	write_file(d, "forms/elder-allowance/settings.csv", "form_id,version\nelder-allowance,1\n");
	desk_add_matter(d,
		"{\"task_code\":\"T-again\",\"task_name\":\"试办事项\",\"form\":\"elder-allowance\","
		"\"situation\":[{\"name\":\"agent\",\"type\":\"text\",\"label\":\"代办人\"}],"
		"\"materials\":[{\"material_name\":\"申请书\",\"is_need\":\"1\"},"
		"{\"material_name\":\"照片\",\"is_need\":\"1\"},"
		"{\"material_name\":\"委托书\",\"is_need\":\"1\",\"relevant\":\"${agent} != '无'\"}]}\n");
}

static void tick(struct intake *in, const char *material)
{
	assert_int_equal(checklist_set(&in->checklist, material, CHECKLIST_RECEIVED, NULL), OK);
}

/* Closes the intake: opened again, it is the correction of what was submitted. */
static struct intake *submit(struct desk *d, struct intake *in)
{
	struct buf why = {0};
	char id[ID_UUID_SIZE];

	if (intake_check(in, true, &why) != OK)
		fail_msg("%s", buf_str(&why));
	desk_submit(in, NULL);
	world_pass(&d->w, 60000);
	memcpy(id, in->draft_id, sizeof id);
	intake_free(in);
	buf_fini(&why);
	return desk_correct(d, id);
}

/* An answer, of which the form's own value was taken out, with a reason; a scan; two members, one
 * of them left empty, so that the letter counts otherwise. */
static struct intake *first_version(struct desk *d)
{
	struct intake *in;

	learn(d);
	in = desk_begin(d, "试办事项");
	desk_answer(in->situation, "agent", "赵代例");
	intake_follow(in);
	desk_answer(in->entry, "applicant_name", "王老例");
	desk_answer(in->entry, "applicant_mobile", "13800138000");
	desk_answer(in->entry, "nickname", "");
	desk_answer(in->entry, "area", "950.50");
	assert_int_equal(entry_accept(in->entry, entry_find(in->entry, "area"), "大院"), OK);
	desk_answer(in->entry, "landlord", "钱房例");
	desk_answer(in->entry, "member[1]/member_name", "");
	desk_answer(in->entry, "member[2]/member_name", "王小例");
	intake_follow(in);
	tick(in, "申请书");
	tick(in, "照片");
	tick(in, "委托书");
	attach(d, in, "照片", "front.png");
	in = submit(d, in);
	desk_answer(in->entry, "nickname", ""); /* the form has given it again */
	return in;
}

static void put_row(void *arg, const struct review_row *row)
{
	if (row->changed)
		buf_printf(arg, "%s%s%s=%s;", row->heading ? row->heading : "",
			row->heading ? "/" : "", row->label, row->text);
}

/* All that differs, as the review shows it; the count is of just these. */
static void differs(struct intake *in, bool mask, size_t count, const char *wanted)
{
	struct correction *c = correction_open(in);
	struct buf told = {0};

	assert_non_null(c);
	review_answers(in, c, mask, put_row, &told);
	for (size_t i = 0; i < in->checklist.count; i++) {
		struct buf text = {0};
		if (correction_material(c, &in->checklist.items[i], &text))
			buf_printf(&told, "%s=%s;", in->checklist.items[i].material->name,
				buf_str(&text));
		buf_fini(&text);
	}
	assert_string_equal(buf_str(&told), wanted);
	assert_int_equal(review_changes(in, c, NULL), count);
	correction_free(c);
	buf_fini(&told);
}

static void says(struct intake *in, const char *wanted)
{
	struct correction *c = correction_open(in);
	struct buf out = {0};

	review_changes(in, c, &out);
	assert_string_equal(buf_str(&out), wanted);
	correction_free(c);
	buf_fini(&out);
}

static void nothing_changed_is_seen(void **state)
{
	struct desk *d = *state;
	struct intake *in = first_version(d);

	differs(in, true, 0, "");
	says(in, "与上一版相同, 没有改动。");
	intake_free(in);
}

/* The first few by their names, however many there are. */
static void what_changed_is_named(void **state)
{
	struct desk *d = *state;
	struct intake *in = first_version(d);

	desk_answer(in->entry, "applicant_name", "王新例");
	assert_int_equal(entry_accept(in->entry, entry_find(in->entry, "area"), "量过"), OK);
	assert_int_equal(checklist_note(&in->checklist, "委托书", "公证过"), OK);
	says(in, "与上一版相比改了 3 处: 姓名、提醒已写明、委托书");
	desk_answer(in->entry, "nickname", "老王");
	desk_answer(in->entry, "member[2]/member_name", "王大例");
	desk_answer(in->entry, "landlord", "孙房例");
	says(in, "与上一版相比改了 6 处: 姓名、小名、提醒已写明、房东、成员姓名、委托书");
	desk_answer(in->entry, "applicant_mobile", "13900138000");
	says(in, "与上一版相比改了 7 处: 姓名、手机、小名、提醒已写明、房东、成员姓名 等");
	intake_free(in);
}

static void what_is_no_correction_has_no_version_before(void **state)
{
	struct desk *d = *state;
	struct intake *in;

	learn(d);
	in = desk_begin(d, "试办事项");
	desk_answer(in->entry, "applicant_name", "王老例");
	assert_int_equal(intake_save(in), OK);
	assert_null(correction_open(in));
	assert_int_equal(review_changes(in, NULL, NULL), 0);
	correction_free(NULL);
	intake_free(in);
}

static void answers_tell_what_stood_there(void **state)
{
	struct desk *d = *state;
	struct intake *in = first_version(d);

	desk_answer(in->entry, "applicant_name", "王新例");
	desk_answer(in->entry, "nickname", "老王");
	differs(in, true, 2, "姓名=王新例 (原为 王老例);小名=老王 (新填);");
	desk_answer(in->entry, "applicant_name", "");
	desk_answer(in->entry, "nickname", "");
	differs(in, true, 1, "姓名=没有填 (原为 王老例);");
	desk_answer(in->entry, "applicant_name", "王老例");
	differs(in, true, 0, "");
	desk_answer(in->entry, "member[2]/member_name", "王大例");
	differs(in, true, 1, "成员 2/成员姓名=王大例 (原为 王小例);");
	intake_free(in);
}

/* Two numbers that are masked alike are told as different, and what is masked stays so. */
static void what_is_masked_stays_masked(void **state)
{
	struct desk *d = *state;
	struct intake *in = first_version(d);

	desk_answer(in->entry, "applicant_mobile", "13900138000");
	differs(in, true, 1, "手机=139****8000 (原为 138****8000);");
	desk_answer(in->entry, "applicant_mobile", "13800238000");
	differs(in, true, 1, "手机=138****8000 (原为 138****8000, 遮住的几位不同);");
	differs(in, false, 1, "手机=13800238000 (原为 13800138000);");
	intake_free(in);
}

/* What follows from an answer has changed with it; what is not asked for any more is told last, and
 * a reason as well. */
static void what_follows_is_told_with_it(void **state)
{
	struct desk *d = *state;
	struct intake *in = first_version(d);

	assert_int_equal(entry_accept(in->entry, entry_find(in->entry, "area"), "量过"), OK);
	differs(in, true, 1, "  提醒已写明=量过 (原为 大院);");
	desk_answer(in->entry, "area", "80");
	differs(in, true, 3,
		"面积=80 (原为 950.5);一半=40 (原为 475.25);"
		"上一版有, 这一版没有/房东=钱房例;");
	intake_free(in);
}

static void a_member_taken_out_is_told(void **state)
{
	struct desk *d = *state;
	struct intake *in = first_version(d);
	struct node *member = entry_find(in->entry, "member[2]");

	assert_int_equal(entry_repeat_remove(in->entry, member), OK);
	differs(in, true, 1, "上一版有, 这一版没有/成员姓名=王小例;");
	intake_free(in);
}

static void materials_tell_what_they_were(void **state)
{
	struct desk *d = *state;
	struct intake *in = first_version(d);

	assert_int_equal(checklist_set(&in->checklist, "申请书", CHECKLIST_MISSING, NULL), OK);
	assert_int_equal(checklist_note(&in->checklist, "委托书", "公证过"), OK);
	attach(d, in, "照片", "back.png");
	differs(in, true, 3, "申请书= (原为 已收);照片= (换了扫描件);委托书= (备注原为 空);");
	intake_free(in);
}

static void a_list_that_changes_is_told(void **state)
{
	struct desk *d = *state;
	struct intake *in = first_version(d);

	desk_answer(in->situation, "agent", "无");
	intake_follow(in);
	differs(in, true, 2, "代办人=无 (原为 赵代例);上一版有, 这一版没有/委托书=已收;");
	in = submit(d, in);
	differs(in, true, 1, "小名=无 (新填);");
	desk_answer(in->entry, "nickname", "");
	desk_answer(in->situation, "agent", "孙代例");
	intake_follow(in);
	differs(in, true, 2, "代办人=孙代例 (原为 无);委托书= (原来不要);");
	intake_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_changed_is_seen, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(what_changed_is_named, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			what_is_no_correction_has_no_version_before, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			answers_tell_what_stood_there, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(what_is_masked_stays_masked, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(what_follows_is_told_with_it, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(a_member_taken_out_is_told, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			materials_tell_what_they_were, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(a_list_that_changes_is_told, desk_make, desk_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
