/*
 * Taking an application without a screen: bundles with every question and paper once and a letter
 * each, earlier answers offered, drafts carried over to a newer form.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/station/catalogue.h"
#include "core/station/people.h"
#include "core/station/store.h"
#include "forms/instance.h"
#include "tests/unit/world.h"
#include "tui/intake.h"
#include "tui/offers.h"
#include "tui/review_text.h"

#define PERSON "371323199205129964"

struct hall {
	struct world w;
	struct catalogue *catalogue;
};

static void import_file(struct hall *h, const char *path)
{
	struct buf why = {0};
	FILE *in = fopen(path, "r");
	struct catalogue_result result;
	const struct catalogue_import how = {.source = path, .now_ms = h->w.wall_ms};

	assert_non_null(in);
	if (catalogue_import(h->catalogue, in, &how, &result, &why) != OK)
		fail_msg("%s", buf_str(&why));
	fclose(in);
	buf_fini(&why);
}

static int make(void **state)
{
	struct hall *h = calloc(1, sizeof *h);
	char *path;

	world_open(&h->w, 4);
	path = paths_join(h->w.folder, "catalogue.db");
	if (catalogue_open(&h->catalogue, path, clock_day(h->w.wall_ms), NULL) != OK)
		return 1;
	free(path);
	import_file(h, "data/demo/matters.jsonl");
	*state = h;
	return 0;
}

static int drop(void **state)
{
	struct hall *h = *state;

	catalogue_close(h->catalogue);
	world_close(&h->w);
	free(h);
	return 0;
}

struct wanted {
	const char *name;
	char code[64];
};

static bool see_matter(void *arg, const struct catalogue_row *m)
{
	struct wanted *w = arg;

	if (strcmp(m->name, w->name) == 0)
		snprintf(w->code, sizeof w->code, "%s", m->code);
	return true;
}

/* The code of a matter of the demo hall by its name. */
static const char *code_of(struct hall *h, const char *name)
{
	static struct wanted w;

	w = (struct wanted){name, ""};
	catalogue_each(h->catalogue, see_matter, &w);
	if (!w.code[0])
		fail_msg("no matter %s", name);
	return w.code;
}

static struct intake *begin(struct hall *h, const char *name)
{
	struct buf why = {0};
	struct intake *in = NULL;

	if (intake_open(&in, h->catalogue, h->w.store, code_of(h, name), "0317", "03", &why) != OK)
		fail_msg("%s: %s", name, buf_str(&why));
	buf_fini(&why);
	return in;
}

static void answer(struct entry *e, const char *place, const char *value)
{
	if (entry_set_place(e, place, value) != OK)
		fail_msg("%s takes nothing", place);
}

/* ---- bundles ---- */

static const char *const bundles[] = {"开办企业一件事", "新生儿出生一件事", "公民身后一件事",
	"灵活就业一件事", "企业员工录用一件事"};

static void every_question_and_paper_once(void **state)
{
	struct hall *h = *state;

	for (size_t b = 0; b < sizeof bundles / sizeof bundles[0]; b++) {
		struct intake *in = begin(h, bundles[b]);
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
	struct hall *h = *state;
	struct intake *in = begin(h, bundles[1]);
	const struct entry_fault *faults;
	struct buf others = {0};

	intake_follow(in);
	assert_string_equal(entry_find(in->entry, "who")->value, "newborn");
	load_examples(in);
	answer(in->situation, "who", "newborn");
	intake_follow(in);
	assert_string_equal(entry_find(in->entry, "insured_name")->value,
		entry_find(in->entry, "child_name")->value);
	if (entry_check(in->entry, &faults) > 0)
		fail_msg("%s: %s", entry_node_label(in->entry, faults[0].node), faults[0].message);
	answer(in->entry, "child_birth", "2026-11-02"); /* of its year, though the next is open */
	assert_string_equal(entry_find(in->entry, "insure_year")->value, "2026");
	assert_false(refused_at(in, "insure_year"));
	answer(in->entry, "insure_year", "2027");
	assert_false(refused_at(in, "insure_year"));
	answer(in->entry, "child_birth", "2025-12-01"); /* too late for its own year */
	assert_string_equal(entry_find(in->entry, "insure_year")->value, "2026");
	answer(in->entry, "insure_year", "2025");
	assert_true(refused_at(in, "insure_year"));
	answer(in->entry, "child_birth", "2020-01-01");
	assert_true(refused_at(in, "insure_year"));
	for (size_t m = 0; m < in->member_count; m++)
		if (strcmp(in->members[m].form->id, "resident-medical") != 0)
			buf_printf(&others, "%s%s", others.len > 0 ? " " : "",
				in->members[m].matter->code);
	answer(in->situation, "bundle_items", buf_str(&others));
	intake_follow(in);
	if (entry_check(in->entry, &faults) > 0)
		fail_msg("%s: %s", entry_node_label(in->entry, faults[0].node), faults[0].message);
	intake_free(in);
	buf_fini(&others);
}

/* A mother who declares the birth has given her mobile for the maternity pay. */
static void a_mother_gives_her_mobile_once(void **state)
{
	struct hall *h = *state;
	struct intake *in = begin(h, bundles[1]);
	const struct form *f = in->form;

	load_examples(in);
	assert_in_range(form_find(f, "mother_mobile"), form_find(f, "g_mother"),
		form_find(f, "applicant_is"));
	answer(in->entry, "applicant_mobile", "");
	answer(in->entry, "mother_mobile", "13800000005");
	answer(in->entry, "applicant_is", "mother");
	assert_string_equal(entry_find(in->entry, "applicant_mobile")->value, "13800000005");
	answer(in->entry, "mother_mobile", "13800000006"); /* corrected: there too */
	assert_string_equal(entry_find(in->entry, "applicant_mobile")->value, "13800000006");
	answer(in->entry, "applicant_mobile", "13800000007"); /* another one is one's own */
	assert_string_equal(entry_find(in->entry, "mother_mobile")->value, "13800000006");
	answer(in->entry, "applicant_is", "other");
	assert_string_equal(entry_find(in->entry, "applicant_mobile")->value, "13800000007");
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
	struct hall *h = *state;
	struct intake *in = begin(h, "公民身后一件事");
	static const char card[] = "申请人居民身份证",
			  other[] = "申请人通行证、护照或永久居留身份证";
	size_t cards = 0;

	for (size_t i = 0; i < in->matter->material_count; i++)
		cards += strstr(in->matter->materials[i].name, "人居民身份证") != NULL;
	assert_int_equal(cards, 1);
	assert_true(asked_for(in, card));
	answer(in->entry, "applicant_id", "H12345678");
	answer(in->entry, "applicant_born", "1990-03-07");
	intake_follow(in);
	assert_false(refused_at(in, "applicant_id"));
	assert_string_equal(entry_find(in->entry, "applicant_birth")->value, "1990-03-07");
	assert_false(asked_for(in, card));
	assert_true(asked_for(in, other));
	intake_free(in);
}

/* Shareholders, the legal representative and the accountant bring the paper whose number they gave.
 */
static void papers_of_a_company_follow_the_certificates(void **state)
{
	static const char card[] = "股东和法定代表人居民身份证",
			  other[] = "股东和法定代表人通行证、护照或永久居留身份证",
			  finance[] = "财务负责人身份证",
			  finance_other[] = "财务负责人通行证、护照或永久居留身份证";
	struct intake *in = begin(*state, bundles[0]);
	struct buf why = {0};

	intake_follow(in);
	assert_true(asked_for(in, card) && asked_for(in, finance)); /* nothing is known yet */
	assert_false(asked_for(in, other) || asked_for(in, finance_other));
	load_examples(in);
	intake_follow(in);
	assert_true(asked_for(in, card) && asked_for(in, finance));
	assert_false(asked_for(in, other) || asked_for(in, finance_other));
	answer(in->entry, "holder[2]/holder_id", "911156198512140031");
	intake_follow(in);
	assert_true(asked_for(in, card) && asked_for(in, other));
	answer(in->entry, "holder[1]/holder_id", "E12345678");
	answer(in->entry, "org_legal_id", "911156198512140031");
	answer(in->entry, "finance_id", "911156198512140031");
	intake_follow(in);
	assert_true(asked_for(in, other) && asked_for(in, finance_other));
	assert_false(asked_for(in, card) || asked_for(in, finance));
	for (size_t i = 0; i < in->checklist.count; i++)
		if (strcmp(in->checklist.items[i].material->name, other) == 0)
			intake_why(in, in->checklist.items[i].material, &why);
	assert_non_null(strstr(buf_str(&why),
		"法定代表人的证件号码 已填 且 不是居民身份证号，或者（一并办理的事项 选了"
		" “公司设立登记”，并且 股东 里有（证件号码 已填 且 不是居民身份证号）的）"));
	assert_null(strstr(buf_str(&why), "holder"));
	intake_free(in);
	buf_fini(&why);
}

static void a_letter_for_each_matter(void **state)
{
	struct hall *h = *state;
	struct intake *in = begin(h, "企业员工录用一件事");
	struct buf why = {0};
	struct counted c = {0};
	struct case_view v;
	char receipt[LOCAL_RECEIPT_SIZE], again[LOCAL_RECEIPT_SIZE];

	fill_staff_bundle(in);
	if (intake_check(in, false, &why) != OK)
		fail_msg("%s", buf_str(&why));
	if (intake_submit(in, "station-1", receipt, &why) != OK)
		fail_msg("%s", buf_str(&why));
	assert_int_equal(number(h->w.store, "SELECT count(*) FROM letter"), 4);
	assert_int_equal(case_get(h->w.store, receipt, &v), OK);
	assert_string_equal(v.state, CASE_BUNDLE);
	case_each_in_bundle(h->w.store, v.id, count_member, &c);
	assert_int_equal(c.count, 4);
	assert_string_equal(c.task[0], "就业登记");
	/* Each letter has its own matter's answers alone, and the bundle's number. */
	assert_int_equal(
		number(h->w.store, "SELECT count(*) FROM letter WHERE body ->> '$.bundle_no' ="
				   " (SELECT local_receipt FROM case_ WHERE state = 'bundle')"),
		4);
	assert_int_equal(number(h->w.store,
				 "SELECT count(*) FROM letter WHERE body ->> '$.answers.fund_rate'"
				 " IS NOT NULL"),
		1);
	assert_int_equal(
		number(h->w.store, "SELECT count(DISTINCT body ->> '$.answers.applicant_id')"
				   " FROM letter"),
		1);
	assert_int_equal(case_count_day(h->w.store, clock_day(h->w.wall_ms)), 4);
	/* Once more: the same number, no new letter. */
	assert_int_equal(intake_submit(in, "station-1", again, &why), OK);
	assert_string_equal(again, receipt);
	assert_int_equal(number(h->w.store, "SELECT count(*) FROM letter"), 4);
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
	struct hall *h = *state;
	struct intake *in = begin(h, "企业员工录用一件事");
	struct buf why = {0};
	char receipt[LOCAL_RECEIPT_SIZE], code[64];

	fill_staff_bundle(in);
	assert_true(shows(in, "fund_rate"));
	assert_true(shows(in, "post_name"));
	snprintf(code, sizeof code, "%s", code_of(h, "住房公积金个人账户设立"));
	answer(in->situation, "bundle_items", code);
	intake_follow(in);
	assert_true(shows(in, "fund_rate"));
	assert_false(shows(in, "post_name"));
	assert_true(shows(in, "applicant_name"));
	receive_all(in);
	if (intake_submit(in, "station-1", receipt, &why) != OK)
		fail_msg("%s", buf_str(&why));
	assert_int_equal(number(h->w.store, "SELECT count(*) FROM letter"), 1);
	intake_free(in);
	in = begin(h, "企业员工录用一件事");
	answer(in->situation, "bundle_items", "");
	intake_follow(in);
	assert_int_equal(intake_check(in, false, &why), ERR_INVALID);
	intake_free(in);
	buf_fini(&why);
}

/* ---- the same person again ---- */

static void submit_elder(struct hall *h, const char *name)
{
	struct intake *in = begin(h, "失业登记");
	struct buf why = {0};
	char receipt[LOCAL_RECEIPT_SIZE];

	answer(in->entry, "applicant_name", name);
	answer(in->entry, "applicant_id", PERSON);
	answer(in->entry, "applicant_mobile", "13800000002");
	answer(in->entry, "applicant_town", "371323103");
	answer(in->entry, "applicant_address", "示范村人民路18号");
	assert_int_equal(intake_submit(in, "station-1", receipt, &why), OK);
	intake_free(in);
	buf_fini(&why);
	world_pass(&h->w, 60000);
}

static const char *value_at(struct intake *in, const char *place)
{
	const struct node *n = entry_find(in->entry, place);

	return n && n->value ? n->value : "(none)";
}

static void earlier_answers_are_offered(void **state)
{
	struct hall *h = *state;
	struct offers o = {0};
	struct intake *in;
	struct offer *x;

	submit_elder(h, "陈试例");
	in = begin(h, "高龄津贴发放");
	assert_false(offers_update(&o, in));			 /* nobody yet */
	answer(in->entry, "applicant_id", "37132319920512996X"); /* wrong: nobody's */
	assert_false(offers_update(&o, in));
	answer(in->entry, "applicant_id", PERSON);
	assert_true(offers_update(&o, in));
	assert_false(offers_update(&o, in)); /* told once */
	x = offers_at(&o, in->entry, entry_find(in->entry, "applicant_town"));
	assert_non_null(x);
	assert_string_equal(x->value, "371323103");
	assert_string_equal(value_at(in, "applicant_town"), ""); /* offered, not stored */
	x->refused = true;
	assert_int_equal(offers_take_all(&o, in->entry), 3);
	assert_string_equal(value_at(in, "applicant_town"), "");
	assert_string_equal(value_at(in, "applicant_name"), "陈试例");
	assert_string_equal(value_at(in, "confirmed"), ""); /* a declaration is made anew */
	offers_fini(&o);
	intake_free(in);
}

static void see_person(void *arg, const struct person *p)
{
	struct buf *b = arg;

	buf_printf(b, "%s %s %s;", p->name, p->number, p->mobile);
}

static void found_by_whatever_is_known(void **state)
{
	static const char *const words[] = {
		"陈试例", "csl", "chensl", "chenshili", "试例", PERSON, "9964", "13800000002", ""};
	static const char *const others[] = {"cx", "王", "11010", "chenx"};
	struct hall *h = *state;
	struct buf b = {0};

	submit_elder(h, "陈试例");
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		buf_clear(&b);
		people_find(h->w.store, words[i], "", 10, see_person, &b);
		if (strcmp(buf_str(&b), "陈试例 " PERSON " 13800000002;") != 0)
			fail_msg("%s: %s", words[i], buf_str(&b));
	}
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		buf_clear(&b);
		people_find(h->w.store, others[i], "", 10, see_person, &b);
		assert_string_equal(buf_str(&b), "");
	}
	buf_fini(&b);
}

static void who_is_being_filled_in_is_not_found(void **state)
{
	struct hall *h = *state;
	struct intake *in = begin(h, "高龄津贴发放");
	struct buf b = {0};

	answer(in->entry, "applicant_name", "王老例");
	answer(in->entry, "applicant_id", PERSON);
	assert_int_equal(intake_save(in), OK);
	people_find(h->w.store, "王老例", in->draft_id, 10, see_person, &b);
	assert_string_equal(buf_str(&b), "");
	people_find(h->w.store, "王老例", "", 10, see_person, &b);
	assert_string_equal(buf_str(&b), "王老例 " PERSON " ;");
	buf_fini(&b);
	intake_free(in);
}

/* What was said of the age does not hide what the number tells: the guardian's papers follow it. */
static void papers_of_a_child_follow_the_number(void **state)
{
	static const struct {
		const char *matter, *question, *grown;
	} cases[] = {{"社会保障卡申领", "who", "adult"}, {"居民身份证申领", "minor", "no"},
		{"残疾人证新办", "minor", "no"}};
	struct hall *h = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct intake *in = begin(h, cases[i].matter);
		answer(in->situation, cases[i].question, cases[i].grown);
		intake_follow(in);
		answer(in->entry, "applicant_id", PERSON);
		intake_follow(in);
		assert_null(checklist_find(&in->checklist, "监护人居民身份证"));
		answer(in->entry, "applicant_id", "371323202601010038"); /* born in 2026 */
		assert_true(intake_follow(in));
		assert_non_null(checklist_find(&in->checklist, "监护人居民身份证"));
		intake_free(in);
	}
}

/* A number mistyped for a moment, a question answered otherwise: the paper stays in the hands. */
static void a_tick_outlives_its_paper_leaving_the_list(void **state)
{
	static const char *const paper = "授权委托书";
	struct hall *h = *state;
	struct intake *in = begin(h, "高龄津贴发放");
	char id[ID_UUID_SIZE];

	answer(in->situation, "agent", "yes");
	intake_follow(in);
	assert_int_equal(checklist_set(&in->checklist, paper, CHECKLIST_RECEIVED, NULL), OK);
	assert_int_equal(checklist_note(&in->checklist, paper, "公证过"), OK);
	assert_int_equal(intake_save(in), OK);
	answer(in->situation, "agent", "no");
	intake_follow(in);
	assert_null(checklist_find(&in->checklist, paper));
	answer(in->situation, "agent", "yes");
	intake_follow(in);
	assert_int_equal(checklist_find(&in->checklist, paper)->state, CHECKLIST_RECEIVED);
	assert_string_equal(checklist_find(&in->checklist, paper)->note, "公证过");

	answer(in->situation, "agent", "no");
	intake_follow(in);
	assert_int_equal(intake_save(in), OK);
	memcpy(id, in->draft_id, sizeof id);
	intake_free(in);
	assert_int_equal(intake_resume(&in, h->catalogue, h->w.store, id, NULL), OK);
	assert_null(checklist_find(&in->checklist, paper));
	answer(in->situation, "agent", "yes");
	intake_follow(in);
	assert_int_equal(checklist_find(&in->checklist, paper)->state, CHECKLIST_RECEIVED);
	assert_string_equal(checklist_find(&in->checklist, paper)->note, "公证过");
	assert_int_equal(
		checklist_restore(&in->checklist, "没有这份", CHECKLIST_RECEIVED), ERR_NOT_FOUND);
	intake_free(in);
}

static void what_a_situation_changes_is_told(void **state)
{
	struct hall *h = *state;
	struct intake *in = begin(h, "高龄津贴发放");

	assert_string_equal(buf_str(&in->followed), "");
	answer(in->situation, "agent", "yes");
	assert_true(intake_follow(in));
	assert_string_equal(
		buf_str(&in->followed), "材料多了: 授权委托书、代办人居民身份证; 表里多 4 栏");
	answer(in->situation, "agent", "no");
	assert_true(intake_follow(in));
	assert_string_equal(
		buf_str(&in->followed), "不再要: 授权委托书、代办人居民身份证; 表里少 4 栏");
	assert_false(intake_follow(in));
	intake_free(in);
}

static void see_id(void *arg, const struct person_case *c)
{
	if (!((char *)arg)[0])
		strcpy(arg, c->id);
}

static void the_same_visit(void **state)
{
	struct hall *h = *state;
	struct intake *in;
	char id[ID_UUID_SIZE] = "";

	submit_elder(h, "陈试例");
	people_cases(h->w.store, PERSON, "", see_id, id);
	in = begin(h, "高龄津贴发放");
	assert_int_equal(offers_same_visit(in, id), 5);
	assert_string_equal(value_at(in, "applicant_address"), "示范村人民路18号");
	intake_free(in);
}

/* ---- what the disk refuses ---- */

static void count_answer(void *arg, const char *place, const char *value)
{
	int *count = arg;

	(void)value;
	*count += strcmp(place, "applicant_name") == 0 || strcmp(place, "applicant_mobile") == 0;
}

static void what_was_not_written_is_written_later(void **state)
{
	struct hall *h = *state;
	struct db *db = store_db(h->w.store);
	struct intake *in = begin(h, "高龄津贴发放");
	int written = 0;

	answer(in->entry, "applicant_name", "王老例");
	assert_int_equal(intake_save(in), OK);
	assert_int_equal(db_exec(db, "PRAGMA query_only = 1"), OK);
	answer(in->entry, "applicant_mobile", "13800000000");
	assert_int_not_equal(intake_save(in), OK);
	assert_int_not_equal(intake_save(in), OK); /* still not, and it says so again */
	assert_int_equal(db_exec(db, "PRAGMA query_only = 0"), OK);
	draft_each_answer(h->w.store, in->draft_id, DRAFT_FORM, count_answer, &written);
	assert_int_equal(written, 1);
	assert_int_equal(intake_save(in), OK);
	written = 0;
	draft_each_answer(h->w.store, in->draft_id, DRAFT_FORM, count_answer, &written);
	assert_int_equal(written, 2);
	intake_free(in);
}

static void accepted_of(void *arg, const char *place, const char *reason)
{
	buf_printf(arg, "%s=%s;", place, reason);
}

static void row_of(void *arg, const char *heading, const char *label, const char *text)
{
	(void)heading;
	buf_printf(arg, "%s=%s;", label, text);
}

/* A warning that was accepted comes back with its reason, and the review shows it; with another
 * value it does not. */
static void what_was_accepted_goes_with_its_value(void **state)
{
	struct hall *h = *state;
	struct intake *in = begin(h, "高龄津贴发放");
	struct buf kept = {0};
	char id[ID_UUID_SIZE];

	answer(in->entry, "applicant_mobile", "16812345678"); /* a range not given out */
	assert_int_equal(
		entry_accept(in->entry, entry_find(in->entry, "applicant_mobile"), "核过"), OK);
	assert_int_equal(intake_save(in), OK);
	memcpy(id, in->draft_id, sizeof id);
	intake_free(in);
	draft_each_answer(h->w.store, id, DRAFT_ACCEPTED, accepted_of, &kept);
	assert_string_equal(buf_str(&kept), "applicant_mobile=核过;");
	assert_int_equal(intake_resume(&in, h->catalogue, h->w.store, id, NULL), OK);
	buf_clear(&kept);
	review_each(in->entry, true, row_of, &kept);
	assert_non_null(strstr(buf_str(&kept), "=168****5678;  提醒已写明=核过;"));
	answer(in->entry, "applicant_mobile", "16912345678");
	assert_int_equal(intake_save(in), OK);
	buf_clear(&kept);
	review_each(in->entry, true, row_of, &kept);
	assert_null(strstr(buf_str(&kept), "核过"));
	buf_clear(&kept);
	draft_each_answer(h->w.store, id, DRAFT_ACCEPTED, accepted_of, &kept);
	assert_string_equal(buf_str(&kept), "");
	buf_fini(&kept);
	intake_free(in);
}

/* ---- a newer form ---- */

static void write_form(struct hall *h, const char *version, const char *rows)
{
	struct buf path = {0}, text = {0};

	buf_printf(&path, "%s/forms", h->w.folder);
	mkdir(path.data, 0700);
	buf_adds(&path, "/elder-allowance");
	mkdir(path.data, 0700);
	buf_adds(&path, "/survey.csv");
	buf_printf(&text, "type,name,label,label::English (en),constraint,constraint_message\n%s",
		rows);
	assert_int_equal(paths_replace(path.data, text.data, text.len), OK);
	buf_clear(&path);
	buf_printf(&path, "%s/forms/elder-allowance/settings.csv", h->w.folder);
	buf_clear(&text);
	buf_printf(&text, "form_id,version\nelder-allowance,%s\n", version);
	assert_int_equal(paths_replace(path.data, text.data, text.len), OK);
	buf_fini(&path);
	buf_fini(&text);
}

static void a_draft_is_carried_to_the_newer_form(void **state)
{
	struct hall *h = *state;
	struct intake *in;
	char id[ID_UUID_SIZE];

	write_form(h, "1", "text,applicant_name,姓名\ntext,nickname,小名\ninteger,rooms,房间数\n");
	in = begin(h, "高龄津贴发放");
	answer(in->entry, "applicant_name", "王老例");
	answer(in->entry, "nickname", "老王");
	assert_int_equal(intake_save(in), OK);
	memcpy(id, in->draft_id, sizeof id);
	intake_free(in);
	assert_int_equal(intake_resume(&in, h->catalogue, h->w.store, id, NULL), OK);
	assert_false(intake_carried(in)); /* the same form */
	intake_free(in);

	write_form(h, "2", "text,applicant_name,姓名\ninteger,rooms,房间数\ntext,carer,照料人\n");
	assert_int_equal(intake_resume(&in, h->catalogue, h->w.store, id, NULL), OK);
	assert_true(intake_carried(in));
	assert_string_equal(in->carry.form_version, "1");
	assert_int_equal(in->carry.lost_count, 1);
	assert_string_equal(in->carry.lost[0].label, "小名");
	assert_string_equal(in->carry.lost[0].value, "老王");
	assert_int_equal(in->carry.gained_count, 1);
	assert_string_equal(in->carry.gained[0].label, "照料人");
	assert_string_equal(value_at(in, "applicant_name"), "王老例");
	assert_int_equal(intake_note_version(in), OK);
	intake_free(in);
	assert_int_equal(intake_resume(&in, h->catalogue, h->w.store, id, NULL), OK);
	assert_null(in->carry.form_version); /* told once; what was lost can still be seen */
	assert_string_equal(in->carry.lost[0].label, "小名"); /* in its words, not its code */
	assert_int_equal(in->carry.gained_count, 0);
	intake_free(in);
	write_form(h, "3", "text,applicant_name,姓名\ntext,carer,照料人\n");
	assert_int_equal(intake_resume(&in, h->catalogue, h->w.store, id, NULL), OK);
	assert_string_equal(in->carry.form_version, "2");
	assert_string_equal(in->carry.lost[0].label, "小名"); /* lost two versions ago */
	intake_free(in);
}

/* Nothing of what the newer form refuses waits for the review to be seen. */
static void what_the_newer_form_does_not_take_is_told(void **state)
{
	struct hall *h = *state;
	struct intake *in;
	struct buf why = {0};
	char id[ID_UUID_SIZE];

	write_form(h, "1",
		"text,applicant_name,姓名,Name\ntext,nickname,小名,Nickname\n"
		"integer,rooms,房间数,Rooms\nbegin_repeat,child,孩子,Child\n"
		"integer,age,年龄,Age\nend_repeat\n");
	in = begin(h, "高龄津贴发放");
	answer(in->entry, "nickname", "老王");
	answer(in->entry, "rooms", "12");
	answer(in->entry, "child[1]/age", "20");
	assert_int_equal(intake_save(in), OK);
	memcpy(id, in->draft_id, sizeof id);
	intake_free(in);

	write_form(h, "2",
		"text,applicant_name,姓名,Name\n"
		"integer,rooms,房间数,Rooms,. < 10,最多 9 间\nbegin_repeat,child,孩子,Child\n"
		"integer,age,年龄,Age,. < 18,只填未成年的\nend_repeat\n");
	assert_int_equal(intake_resume(&in, h->catalogue, h->w.store, id, NULL), OK);
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
	assert_int_equal(intake_resume(&in, h->catalogue, h->w.store, id, NULL), OK);
	assert_string_equal(in->carry.lost[0].label, "Nickname");
	assert_string_equal(in->carry.refused[0].label, "Rooms");
	intake_free(in);
	unsetenv("LANGUAGE");
	msg_init();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			papers_of_a_company_follow_the_certificates, make, drop),
		cmocka_unit_test_setup_teardown(every_question_and_paper_once, make, drop),
		cmocka_unit_test_setup_teardown(a_letter_for_each_matter, make, drop),
		cmocka_unit_test_setup_teardown(a_part_of_a_bundle, make, drop),
		cmocka_unit_test_setup_teardown(a_birth_insures_the_child, make, drop),
		cmocka_unit_test_setup_teardown(one_person_brings_one_paper, make, drop),
		cmocka_unit_test_setup_teardown(a_mother_gives_her_mobile_once, make, drop),
		cmocka_unit_test_setup_teardown(earlier_answers_are_offered, make, drop),
		cmocka_unit_test_setup_teardown(found_by_whatever_is_known, make, drop),
		cmocka_unit_test_setup_teardown(who_is_being_filled_in_is_not_found, make, drop),
		cmocka_unit_test_setup_teardown(papers_of_a_child_follow_the_number, make, drop),
		cmocka_unit_test_setup_teardown(
			a_tick_outlives_its_paper_leaving_the_list, make, drop),
		cmocka_unit_test_setup_teardown(what_a_situation_changes_is_told, make, drop),
		cmocka_unit_test_setup_teardown(the_same_visit, make, drop),
		cmocka_unit_test_setup_teardown(what_was_not_written_is_written_later, make, drop),
		cmocka_unit_test_setup_teardown(what_was_accepted_goes_with_its_value, make, drop),
		cmocka_unit_test_setup_teardown(
			what_the_newer_form_does_not_take_is_told, make, drop),
		cmocka_unit_test_setup_teardown(a_draft_is_carried_to_the_newer_form, make, drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
