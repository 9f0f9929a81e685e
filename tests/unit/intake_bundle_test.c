/* A bundle: every question and paper once, a letter for each matter, a part of it alone. */
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
#include "core/base/json.h"
#include "core/base/paths.h"
#include "core/station/catalogue.h"
#include "core/station/store.h"
#include "forms/instance.h"
#include "tests/unit/desk.h"
#include "tui/intake.h"

static const char *const bundles[] = {"开办企业一件事", "新生儿出生一件事", "公民身后一件事",
	"灵活就业一件事", "企业员工录用一件事"};

static void every_question_and_paper_once(void **state)
{
	struct desk *d = *state;

	for (size_t b = 0; b < sizeof bundles / sizeof bundles[0]; b++) {
		struct intake *in = desk_begin(d, bundles[b]);
		assert_true(in->member_count >= 3);
		for (size_t i = 0; i < in->form->count; i++)
			for (size_t k = i + 1; k < in->form->count; k++)
				assert_string_not_equal(
					in->form->fields[i].name, in->form->fields[k].name);
		for (size_t i = 0; i < in->matter->material_count; i++)
			for (size_t k = i + 1; k < in->matter->material_count; k++)
				assert_string_not_equal(in->matter->materials[i].name,
					in->matter->materials[k].name);
		/* Whatever a member asks for stands in the one form and the one list. */
		for (size_t m = 0; m < in->member_count; m++) {
			const struct intake_member *x = &in->members[m];
			for (size_t i = 0; i < x->form->count; i++)
				assert_true(x->form->fields[i].type == FIELD_NOTE ||
					    form_find(in->form, x->form->fields[i].name) >= 0);
		}
		intake_free(in);
	}
}

/* The answers of each member's own first example, put together. */
static void load_examples(struct intake *in)
{
	for (size_t m = 0; m < in->member_count; m++) {
		struct buf path = {0}, text = {0}, answers = {0};
		json *example = NULL;
		char *file, *end;
		buf_printf(&path, "forms/library/%s/examples.jsonl", in->members[m].form->id);
		file = paths_share(path.data);
		assert_int_equal(paths_read(&text, file, 1 << 20), OK);
		end = strchr(text.data, '\n');
		assert_int_equal(
			json_parse(&example, text.data, (size_t)(end - text.data), NULL), OK);
		json_write(&answers, json_get(example, "answers"));
		entry_load(in->entry, answers.data, answers.len, &path);
		if (in->situation)
			entry_load(in->situation, answers.data, answers.len, &path);
		json_free(example);
		free(file);
		buf_fini(&path);
		buf_fini(&text);
		buf_fini(&answers);
	}
}

static void receive_all(struct intake *in)
{
	for (size_t i = 0; i < in->checklist.count; i++)
		if (in->checklist.items[i].state == CHECKLIST_MISSING)
			checklist_set(&in->checklist, in->checklist.items[i].material->name,
				CHECKLIST_RECEIVED, NULL);
}

static void fill_staff_bundle(struct intake *in)
{
	load_examples(in);
	intake_follow(in);
	receive_all(in);
}

/* Something stands in the way at this place. */
static bool refused_at(struct intake *in, const char *place)
{
	const struct node *n = entry_find(in->entry, place);
	const struct entry_fault *faults;
	size_t count = entry_check(in->entry, &faults);

	for (size_t i = 0; i < count; i++)
		if (faults[i].node == n)
			return true;
	return false;
}

/* The bundle of a birth insures the child, not the parent who applies: whom is answered already. A
 * birth that is entered late is no newborn's insurance; without that it is entered. */
static void a_birth_insures_the_child(void **state)
{
	struct desk *d = *state;
	struct intake *in = desk_begin(d, bundles[1]);
	const struct entry_fault *faults;
	struct buf others = {0};

	intake_follow(in);
	assert_string_equal(entry_find(in->entry, "who")->value, "newborn");
	load_examples(in);
	desk_answer(in->situation, "who", "newborn");
	intake_follow(in);
	assert_string_equal(entry_find(in->entry, "insured_name")->value,
		entry_find(in->entry, "child_name")->value);
	if (entry_check(in->entry, &faults) > 0)
		fail_msg("%s: %s", entry_node_label(in->entry, faults[0].node), faults[0].message);
	desk_answer(
		in->entry, "child_birth", "2026-11-02"); /* of its year, though the next is open */
	assert_string_equal(entry_find(in->entry, "insure_year")->value, "2026");
	assert_false(refused_at(in, "insure_year"));
	desk_answer(in->entry, "insure_year", "2027");
	assert_false(refused_at(in, "insure_year"));
	desk_answer(in->entry, "child_birth", "2025-12-01"); /* too late for its own year */
	assert_string_equal(entry_find(in->entry, "insure_year")->value, "2026");
	desk_answer(in->entry, "insure_year", "2025");
	assert_true(refused_at(in, "insure_year"));
	desk_answer(in->entry, "child_birth", "2020-01-01");
	assert_true(refused_at(in, "insure_year"));
	for (size_t m = 0; m < in->member_count; m++)
		if (strcmp(in->members[m].form->id, "resident-medical") != 0)
			buf_printf(&others, "%s%s", others.len > 0 ? " " : "",
				in->members[m].matter->code);
	desk_answer(in->situation, "bundle_items", buf_str(&others));
	intake_follow(in);
	if (entry_check(in->entry, &faults) > 0)
		fail_msg("%s: %s", entry_node_label(in->entry, faults[0].node), faults[0].message);
	intake_free(in);
	buf_fini(&others);
}

/* A mother who declares the birth has given her mobile for the maternity pay. */
static void a_mother_gives_her_mobile_once(void **state)
{
	struct desk *d = *state;
	struct intake *in = desk_begin(d, bundles[1]);
	const struct form *f = in->form;

	load_examples(in);
	assert_in_range(form_find(f, "mother_mobile"), form_find(f, "g_mother"),
		form_find(f, "applicant_is"));
	desk_answer(in->entry, "applicant_mobile", "");
	desk_answer(in->entry, "mother_mobile", "13800000005");
	desk_answer(in->entry, "applicant_is", "mother");
	assert_string_equal(entry_find(in->entry, "applicant_mobile")->value, "13800000005");
	desk_answer(in->entry, "mother_mobile", "13800000006"); /* corrected: there too */
	assert_string_equal(entry_find(in->entry, "applicant_mobile")->value, "13800000006");
	desk_answer(in->entry, "applicant_mobile", "13800000007"); /* another one is one's own */
	assert_string_equal(entry_find(in->entry, "mother_mobile")->value, "13800000006");
	desk_answer(in->entry, "applicant_is", "other");
	assert_string_equal(entry_find(in->entry, "applicant_mobile")->value, "13800000007");
	intake_free(in);
}

static bool asked_for(const struct intake *in, const char *material)
{
	for (size_t i = 0; i < in->checklist.count; i++)
		if (strcmp(in->checklist.items[i].material->name, material) == 0)
			return true;
	return false;
}

/* Whoever reports a death and inherits is one person with one paper, whichever it is. */
static void one_person_brings_one_paper(void **state)
{
	struct desk *d = *state;
	struct intake *in = desk_begin(d, "公民身后一件事");
	static const char card[] = "申请人居民身份证",
			  other[] = "申请人通行证、护照或永久居留身份证";
	size_t cards = 0;

	for (size_t i = 0; i < in->matter->material_count; i++)
		cards += strstr(in->matter->materials[i].name, "人居民身份证") != NULL;
	assert_int_equal(cards, 1);
	assert_true(asked_for(in, card));
	desk_answer(in->entry, "applicant_id", "H12345678");
	desk_answer(in->entry, "applicant_born", "1990-03-07");
	intake_follow(in);
	assert_false(refused_at(in, "applicant_id"));
	assert_string_equal(entry_find(in->entry, "applicant_birth")->value, "1990-03-07");
	assert_false(asked_for(in, card));
	assert_true(asked_for(in, other));
	intake_free(in);
}

static void why_is(struct intake *in, const char *material, const char *want)
{
	struct buf why = {0};

	for (size_t i = 0; i < in->matter->material_count; i++)
		if (strcmp(in->matter->materials[i].name, material) == 0)
			intake_why(in, &in->matter->materials[i], &why);
	assert_string_equal(buf_str(&why), want);
	buf_fini(&why);
}

/* Shareholders, the legal representative and the accountant bring the paper whose number they gave.
 */
static void papers_of_a_company_follow_the_certificates(void **state)
{
	static const char card[] = "股东和法定代表人居民身份证",
			  other[] = "股东和法定代表人通行证、护照或永久居留身份证",
			  finance[] = "财务负责人身份证",
			  finance_other[] = "财务负责人通行证、护照或永久居留身份证";
	struct intake *in = desk_begin(*state, bundles[0]);
	char codes[160];

	intake_follow(in);
	assert_true(asked_for(in, card) && asked_for(in, finance)); /* nothing is known yet */
	assert_false(asked_for(in, other) || asked_for(in, finance_other));
	load_examples(in);
	intake_follow(in);
	assert_true(asked_for(in, card) && asked_for(in, finance));
	assert_false(asked_for(in, other) || asked_for(in, finance_other));
	desk_answer(in->entry, "holder[2]/holder_id", "911156198512140031");
	intake_follow(in);
	assert_true(asked_for(in, card) && asked_for(in, other));
	desk_answer(in->entry, "holder[1]/holder_id", "E12345678");
	desk_answer(in->entry, "org_legal_id", "911156198512140031");
	desk_answer(in->entry, "finance_id", "911156198512140031");
	intake_follow(in);
	assert_true(asked_for(in, other) && asked_for(in, finance_other));
	assert_false(asked_for(in, card) || asked_for(in, finance));
	why_is(in, other,
		"法定代表人的证件号码 已填 且 不是居民身份证号，或者（股东 里有（证件号码 已填 且 "
		"不是居民身份证号）的，并且 办 “公司设立登记”）");
	/* of several matters those that are done and need it; when it is not asked for, all */
	why_is(in, "营业执照",
		"办 “印章刻制备案”、“新办纳税人登记”、“用人单位社会保险登记” 或 “单位住房公积金缴存登记”");
	snprintf(codes, sizeof codes, "%s", desk_code_of(*state, "公司设立登记"));
	desk_answer(in->situation, "bundle_items", codes);
	intake_follow(in);
	why_is(in, "营业执照",
		"办 “印章刻制备案”、“新办纳税人登记”、“用人单位社会保险登记” 或 “单位住房公积金缴存登记”");
	snprintf(codes + strlen(codes), sizeof codes - strlen(codes), " %s",
		desk_code_of(*state, "印章刻制备案"));
	desk_answer(in->situation, "bundle_items", codes);
	intake_follow(in);
	why_is(in, "营业执照", "办 “印章刻制备案”");
	intake_free(in);
}

static int64_t number(struct store *s, const char *sql)
{
	struct stmt *st = db_prepare(store_db(s), sql);
	int64_t n = db_row(st) ? db_int(st, 0) : -1;

	db_done(st);
	return n;
}

struct counted {
	size_t count;
	char task[4][128];
};

static void count_member(void *arg, const struct case_view *v)
{
	struct counted *c = arg;

	assert_string_equal(v->state, "received");
	assert_string_equal(v->letter_state, "waiting");
	if (c->count < 4)
		snprintf(c->task[c->count], sizeof c->task[0], "%s", v->task_name);
	c->count++;
}

static void a_letter_for_each_matter(void **state)
{
	struct desk *d = *state;
	struct intake *in = desk_begin(d, "企业员工录用一件事");
	struct buf why = {0};
	struct counted c = {0};
	struct case_view v;
	char receipt[LOCAL_RECEIPT_SIZE], again[LOCAL_RECEIPT_SIZE];

	fill_staff_bundle(in);
	if (intake_check(in, false, &why) != OK)
		fail_msg("%s", buf_str(&why));
	desk_submit(in, receipt);
	assert_int_equal(number(d->w.store, "SELECT count(*) FROM letter"), 4);
	assert_int_equal(case_get(d->w.store, receipt, &v), OK);
	assert_string_equal(v.state, CASE_BUNDLE);
	case_each_in_bundle(d->w.store, v.id, count_member, &c);
	assert_int_equal(c.count, 4);
	assert_string_equal(c.task[0], "就业登记");
	/* Each letter has its own matter's answers alone, and the bundle's number. */
	assert_int_equal(
		number(d->w.store, "SELECT count(*) FROM letter WHERE body ->> '$.bundle_no' ="
				   " (SELECT local_receipt FROM case_ WHERE state = 'bundle')"),
		4);
	assert_int_equal(number(d->w.store,
				 "SELECT count(*) FROM letter WHERE body ->> '$.answers.fund_rate'"
				 " IS NOT NULL"),
		1);
	assert_int_equal(
		number(d->w.store, "SELECT count(DISTINCT body ->> '$.answers.applicant_id')"
				   " FROM letter"),
		1);
	assert_int_equal(case_count_day(d->w.store, clock_day(d->w.wall_ms)), 4);
	/* Once more: the same number, no new letter. */
	assert_int_equal(intake_submit(in, "station-1", again, &why), OK);
	assert_string_equal(again, receipt);
	assert_int_equal(number(d->w.store, "SELECT count(*) FROM letter"), 4);
	case_view_fini(&v);
	intake_free(in);
	buf_fini(&why);
}

static bool shows(struct intake *in, const char *name)
{
	const struct entry_line *lines;
	size_t n = entry_lines(in->entry, &lines);

	for (size_t i = 0; i < n; i++)
		if (strcmp(lines[i].field->name, name) == 0)
			return true;
	return false;
}

/* What is not wanted is not asked, and its letter is not written. */
static void a_part_of_a_bundle(void **state)
{
	struct desk *d = *state;
	struct intake *in = desk_begin(d, "企业员工录用一件事");
	struct buf why = {0};
	char code[64];

	fill_staff_bundle(in);
	assert_true(shows(in, "fund_rate"));
	assert_true(shows(in, "post_name"));
	snprintf(code, sizeof code, "%s", desk_code_of(d, "住房公积金个人账户设立"));
	desk_answer(in->situation, "bundle_items", code);
	intake_follow(in);
	assert_true(shows(in, "fund_rate"));
	assert_false(shows(in, "post_name"));
	assert_true(shows(in, "applicant_name"));
	receive_all(in);
	desk_submit(in, NULL);
	assert_int_equal(number(d->w.store, "SELECT count(*) FROM letter"), 1);
	intake_free(in);
	in = desk_begin(d, "企业员工录用一件事");
	desk_answer(in->situation, "bundle_items", "");
	intake_follow(in);
	assert_int_equal(intake_check(in, false, &why), ERR_INVALID);
	intake_free(in);
	buf_fini(&why);
}

/* The reason for a warning is asked for once as well, and stands in the letters of those who warn.
 */
static void a_warning_is_accepted_once_for_all(void **state)
{
	struct desk *d = *state;
	struct intake *in = desk_begin(d, "企业员工录用一件事");
	struct node *mobile, *wage;
	struct buf why = {0};

	fill_staff_bundle(in);
	wage = entry_find(in->entry, "month_wage");
	mobile = entry_find(in->entry, "applicant_mobile");
	desk_answer(in->entry, "month_wage", "1200");
	intake_follow(in);
	assert_int_equal(intake_check(in, false, &why), ERR_INVALID);
	assert_int_equal(entry_accept(in->entry, wage, "非全日制"), OK);
	if (intake_check(in, false, &why) != OK)
		fail_msg("%s", buf_str(&why));
	desk_answer(in->entry, "applicant_mobile", "16812345678");
	assert_int_equal(intake_check(in, false, &why), ERR_INVALID);
	assert_int_equal(entry_accept(in->entry, mobile, "新号段"), OK);
	desk_submit(in, NULL);
	assert_int_equal(number(d->w.store, "SELECT count(*) FROM letter WHERE"
					    " json_array_length(body, '$.accepted_warnings') = 2"),
		4);
	intake_free(in);
	buf_fini(&why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			papers_of_a_company_follow_the_certificates, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			every_question_and_paper_once, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(a_letter_for_each_matter, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(a_part_of_a_bundle, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			a_warning_is_accepted_once_for_all, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(a_birth_insures_the_child, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(one_person_brings_one_paper, desk_make, desk_drop),
		cmocka_unit_test_setup_teardown(
			a_mother_gives_her_mobile_once, desk_make, desk_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
