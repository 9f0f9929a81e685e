/* The matters, forms and bundles that come with the program: what they tell, which papers they
 * want. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/station/catalogue.h"
#include "forms/fn.h"
#include "forms/form_library.h"
#include "forms/instance.h"
#include "tests/unit/scratch.h"
#include "tests/unit/world.h"
#include "tui/form_asked.h"
#include "tui/intake.h"

enum {
	MATTERS_MAX = 200,
	CLAUSES_MAX = 64,
	LONGEST_WORDS_BYTES = 600 /* what a clerk reads of one rule */
};

struct hall {
	struct world w;
	struct catalogue *catalogue;
	char codes[MATTERS_MAX][64];
	size_t count;
};

static bool see_matter(void *arg, const struct catalogue_row *m)
{
	struct hall *h = arg;

	assert_true(h->count < MATTERS_MAX);
	snprintf(h->codes[h->count++], sizeof h->codes[0], "%s", m->code);
	return true;
}

static int make(void **state)
{
	struct hall *h = calloc(1, sizeof *h);
	struct catalogue_result result;
	struct buf why = {0};
	FILE *in = fopen("data/demo/matters.jsonl", "r");
	char *path;

	world_open(&h->w, 4);
	path = paths_join(h->w.folder, "catalogue.db");
	assert_non_null(in);
	assert_int_equal(catalogue_open(&h->catalogue, path, clock_day(h->w.wall_ms), NULL), OK);
	if (catalogue_import(h->catalogue, in,
		    &(struct catalogue_import){.source = "demo", .now_ms = h->w.wall_ms}, &result,
		    &why) != OK)
		fail_msg("%s", buf_str(&why));
	catalogue_each(h->catalogue, see_matter, h);
	assert_true(h->count > 50);
	fclose(in);
	free(path);
	buf_fini(&why);
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

static struct intake *begin(struct hall *h, size_t matter)
{
	struct buf why = {0};
	struct intake *in = NULL;

	if (intake_open(&in, h->catalogue, h->w.store, h->codes[matter], "0317", "03", &why) != OK)
		fail_msg("%s: %s", h->codes[matter], buf_str(&why));
	intake_follow(in);
	buf_fini(&why);
	return in;
}

/* ---- what is told ---- */

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* A name with a line in it, org_legal_id, is one of the inside; words for people have none. */
static bool has_inner_name(const char *s)
{
	for (const char *p = strchr(s, '_'); p != NULL; p = strchr(p + 1, '_'))
		if (p > s && is_word(p[-1]) && is_word(p[1]))
			return true;
	return false;
}

/* How long a joint of a sentence stands at p; 0: none does. */
static size_t joint_at(const char *p)
{
	static const char *const joints[] = {"，并且 ", "，或者 ", "，并且", "，或者", ", and ",
		", or ", "（", "）", "；否则为 ", "；", "; otherwise ", ": "};

	for (size_t i = 0; i < sizeof joints / sizeof *joints; i++)
		if (strncmp(p, joints[i], strlen(joints[i])) == 0)
			return strlen(joints[i]);
	return 0;
}

/* The same thing asked for twice: one clause of a line is another's. "Otherwise 0" may come again.
 */
static bool is_doubled(const char *line)
{
	struct buf text = {0};
	const char *clauses[CLAUSES_MAX];
	size_t count = 0;
	bool doubled = false;
	char *rest, *clause;

	for (const char *p = line; *p;) {
		size_t skip = joint_at(p);
		if (skip > 0)
			buf_addc(&text, '\n');
		else if (!strchr("()", *p))
			buf_addc(&text, *p);
		p += skip > 0 ? skip : 1;
	}
	rest = text.data;
	while ((clause = strsep(&rest, "\n")) != NULL && count < CLAUSES_MAX) {
		for (size_t i = 0; i < count; i++)
			doubled = doubled || strcmp(clauses[i], clause) == 0;
		if (strchr(clause, ' ') != NULL)
			clauses[count++] = clause;
	}
	buf_fini(&text);
	return doubled;
}

/* In quotation marks stands what is no word for people: 111, divorced. */
static bool has_code(const char *line, const char *open, const char *close)
{
	for (const char *p = strstr(line, open); p != NULL; p = strstr(p + 1, open)) {
		const char *word = p + strlen(open), *end = word;
		while ((*end >= 'a' && *end <= 'z') || (*end >= '0' && *end <= '9'))
			end++;
		if (end > word && strncmp(end, close, strlen(close)) == 0)
			return true;
	}
	return false;
}

/* What a clerk would not understand; NULL: nothing. */
static const char *unclear(const char *line)
{
	static const struct {
		const char *part, *what;
	} inner[] = {{"${", "a name of the inside"}, {"系统算出", "an unnamed calculation"},
		{"系统自带", "an unnamed value"}, {"something the system", "an unnamed value"},
		{"[0-9", "a pattern"}, {"\\d", "a pattern"}, {"表里定的格式", "a pattern"},
		{"format that the form", "a pattern"}, {"……", "too much"},
		{"““", "quotes in quotes"}, {"指南里的条件读不懂", "a rule that does not compile"},
		{"，则 证件号码 未填", "a reason told backwards"}};

	for (size_t i = 0; i < sizeof inner / sizeof *inner; i++)
		if (strstr(line, inner[i].part) != NULL)
			return inner[i].what;
	if (has_inner_name(line))
		return "a name of the inside";
	if (has_code(line, "“", "”") || has_code(line, "\"", "\""))
		return "a code";
	if (strlen(line) > LONGEST_WORDS_BYTES)
		return "too long";
	return is_doubled(line) ? "a reason told twice" : NULL;
}

static void judge(const struct intake *in, const char *of, const char *words, int *bad)
{
	char *lines = strdup(words), *rest = lines, *line;

	while ((line = strsep(&rest, "\n")) != NULL) {
		const char *what = unclear(line);
		if (what == NULL)
			continue;
		print_error("%s, %s: %s\n    %s\n", in->matter->name, of, what, line);
		++*bad;
	}
	free(lines);
}

static void judge_form(const struct intake *in, struct entry *e, const struct form *f, int *bad)
{
	struct buf why = {0};

	for (size_t i = 0; e != NULL && i < f->count; i++) {
		const struct field *x = &f->fields[i];
		if (x->type == FIELD_HIDDEN || (x->type == FIELD_CALCULATE && !*field_label(x)))
			continue;
		buf_clear(&why);
		entry_why(e, x->name, &why);
		judge(in, x->name, buf_str(&why), bad);
		buf_clear(&why);
		entry_why_hidden(e, x->name, &why);
		judge(in, x->name, buf_str(&why), bad);
	}
	buf_fini(&why);
}

static void every_reason_is_plain(void **state)
{
	struct hall *h = *state;
	struct buf why = {0};
	int bad = 0;

	for (size_t i = 0; i < h->count; i++) {
		struct intake *in = begin(h, i);
		for (size_t k = 0; k < in->matter->material_count; k++) {
			buf_clear(&why);
			intake_why(in, &in->matter->materials[k], &why);
			judge(in, in->matter->materials[k].name, buf_str(&why), &bad);
		}
		judge_form(in, in->situation, in->situation_form, &bad);
		judge_form(in, in->entry, in->form, &bad);
		intake_free(in);
	}
	buf_fini(&why);
	assert_int_equal(bad, 0);
}

static void every_reason_is_plain_in_english(void **state)
{
	setenv("LANGUAGE", "en", 1);
	msg_init();
	assert_true(msg_english());
	every_reason_is_plain(state);
	setenv("LANGUAGE", "zh", 1);
	msg_init();
	assert_false(msg_english());
}

static void the_judge_can_refuse(void **state)
{
	(void)state;
	assert_null(unclear("证件号码 未填 或 是居民身份证号"));
	assert_null(unclear("危险等级 不为 “C级(局部危险)”，或者 本项 不为 “拆除重建”"));
	assert_string_equal(unclear("org_legal_id 已填"), "a name of the inside");
	assert_string_equal(unclear("婚姻 为 “divorced”"), "a code");
	assert_string_equal(unclear("证件号码 是居民身份证号 时为 “111”"), "a code");
	assert_string_equal(unclear("本项 合乎表里定的格式"), "a pattern");
	assert_string_equal(
		unclear("年龄 大于 3，并且（姓名 已填，或者 年龄 大于 3）"), "a reason told twice");
	assert_string_equal(unclear("(A is above 3, and B is No), or (A is above 3, and C is No)"),
		"a reason told twice");
}

/* ---- papers ---- */

static size_t wants(const struct intake *in, bool *out)
{
	for (size_t i = 0; i < in->matter->material_count; i++)
		out[i] = checklist_find(&in->checklist, in->matter->materials[i].name) != NULL;
	return in->matter->material_count;
}

static void type_in(struct intake *in, const char *name, const char *value)
{
	entry_set(in->entry, entry_find(in->entry, name), value);
	intake_follow(in);
}

enum {
	PAPERS_MAX = 64
};

/* What the right number or, unless it is another kind's, the empty field asks for is still there
 * with the mistyped one. Returns how many are not. */
static int lost(struct intake *in, const char *name, const char *right, const char *wrong,
	bool of_the_usual_kind)
{
	bool empty[PAPERS_MAX], before[PAPERS_MAX], after[PAPERS_MAX];
	size_t count;
	int gone = 0;

	assert_true(in->matter->material_count <= PAPERS_MAX);
	type_in(in, name, "");
	wants(in, empty);
	type_in(in, name, right);
	wants(in, before);
	type_in(in, name, wrong);
	count = wants(in, after);
	for (size_t i = 0; i < count; i++) {
		if (after[i] || !(before[i] || (of_the_usual_kind && empty[i])))
			continue;
		print_error("%s, %s: %s takes away %s\n", in->matter->name, name, wrong,
			in->matter->materials[i].name);
		gone++;
	}
	type_in(in, name, "");
	return gone;
}

/* A slip in a number is mended in the number: no paper goes for it. */
static void a_slip_in_a_number_takes_no_paper(void **state)
{
	static const struct {
		const char *kind, *right, *wrong;
		bool usual;
	} numbers[] = {
		{"person-id", "371323199003070001", "371323199003070003", true},
		{"person-id", "371323199003070001", "37132319900307000", true},
		{"person-id", "371323199003070001", "3713", true},
		{"person-id", "911124198108030024", "911124198108030025", false},
		{"person-id", "KAZ110190123102", "KAZ110190123103", false},
		{"person-id", "E12345678", "E1234567890123", false},
		{"id-card", "371323199003070001", "371323199003070003", true},
		{"uscc", "91371323MA3C00002L", "91371323MA3C00002M", true},
		{"bank-card", "6222020000000000003", "6222020000000000004", true},
		{"contact", "13800000002", "138000000", true},
	};
	struct hall *h = *state;
	int gone = 0, tried = 0;

	for (size_t i = 0; i < h->count; i++) {
		struct intake *in = begin(h, i);
		for (size_t k = 0; in->form != NULL && k < in->form->count; k++) {
			const struct field *f = &in->form->fields[k];
			for (size_t n = 0; f->kind && n < sizeof numbers / sizeof *numbers; n++) {
				if (strcmp(f->kind, numbers[n].kind) != 0 ||
					!entry_find(in->entry, f->name))
					continue;
				gone += lost(in, f->name, numbers[n].right, numbers[n].wrong,
					numbers[n].usual);
				tried++;
			}
		}
		intake_free(in);
	}
	assert_true(tried > 500);
	assert_int_equal(gone, 0);
}

/* ---- texts that say nothing ---- */

/* Points alone answer no question that must be answered. */
static void points_are_no_answer(void **state)
{
	struct hall *h = *state;
	int taken = 0, tried = 0;

	for (size_t i = 0; i < h->count; i++) {
		struct intake *in = begin(h, i);
		for (size_t k = 0; in->form != NULL && k < in->form->count; k++) {
			const struct field *f = &in->form->fields[k];
			struct node *n = entry_find(in->entry, f->name);
			if (f->type != FIELD_TEXT || !f->always_required || n == NULL ||
				f->calculation != NULL || f->kind != NULL)
				continue;
			/* nor does a digit say where somebody lives */
			entry_set(in->entry, n, strstr(f->name, "address") != NULL ? "1" : "。。");
			tried++;
			if (f->constraint != NULL &&
				(node_hidden(n) ||
					entry_finding(in->entry, n)->verdict == VERDICT_ERROR))
				continue;
			print_error("%s: %s\n", in->matter->name, f->name);
			taken++;
		}
		intake_free(in);
	}
	assert_true(tried > 200);
	assert_int_equal(taken, 0);
}

/* ---- answers that guides give ---- */

static void no_form_waits_for_an_answer_that_no_guide_has(void **state)
{
	struct hall *h = *state;
	size_t known = 0;

	for (size_t i = 0; i < h->count; i++) {
		struct intake *in = begin(h, i);
		struct form_questions asked = {0};
		struct form *f = NULL;
		char *path = form_library_path(NULL, in->form->id);
		if (in->member_count == 0)
			asked = form_asked(h->w.folder, in->form->id);
		if (asked.count > 0) {
			known++;
			assert_int_equal(form_read_asked(&f, path, &asked, NULL), OK);
			assert_string_equal(f->doubts, "");
		}
		form_free(f);
		form_asked_free(&asked);
		free(path);
		intake_free(in);
	}
	assert_in_range(known, 20, MATTERS_MAX);
}

/* A form of three hidden fields as of two guides, read with them. */
static void asked_doubts(const char *rule, const char *want)
{
	static const char *const guides[] = {
		"[{\"name\":\"who\",\"type\":\"select_one\",\"label\":\"谁\",\"choices\":["
		"{\"name\":\"child\",\"label\":\"孩子\"},{\"name\":\"self\",\"label\":\"本人\"}]},"
		"{\"name\":\"what\",\"type\":\"select_multiple\",\"label\":\"什么\",\"choices\":["
		"{\"name\":\"a\",\"label\":\"甲\"},{\"name\":\"b\",\"label\":\"乙\"}]},"
		"{\"name\":\"many\",\"type\":\"integer\",\"label\":\"几个\"}]",
		"[{\"name\":\"who\",\"type\":\"select_one\",\"label\":\"谁\",\"choices\":["
		"{\"name\":\"self\",\"label\":\"本人\"},{\"name\":\"other\",\"label\":\"别人\"}]}]"};
	struct form *asked[2] = {NULL, NULL}, *f = NULL;
	const struct form_questions questions = {(const struct form *const *)asked, 2};
	char *folder = scratch_folder(), *path = paths_join(folder, "survey.csv");
	struct buf text = {0}, faults = {0};

	for (size_t i = 0; i < 2; i++)
		assert_int_equal(
			form_read_situation(&asked[i], guides[i], strlen(guides[i]), NULL), OK);
	buf_printf(&text,
		"type,name,label,relevant\nhidden,who,,\nhidden,what,,\nhidden,many,,\n"
		"hidden,whoo,,\nhidden,own,,\ntext,t,字,\"%s\"\n",
		rule);
	assert_int_equal(paths_replace(path, text.data, text.len), OK);
	if (form_read_asked(&f, folder, &questions, &faults) != OK)
		fail_msg("%s", buf_str(&faults));
	assert_string_equal(f->doubts, want);
	form_free(f);
	assert_int_equal(form_read_asked(&f, folder, NULL, NULL), OK);
	assert_string_equal(f->doubts, ""); /* nothing is known of guides */
	form_free(f);
	form_free(asked[0]);
	form_free(asked[1]);
	buf_fini(&text);
	buf_fini(&faults);
	free(path);
	scratch_remove(folder);
}

static void an_answer_that_no_guide_has_is_told(void **state)
{
#define AT "survey.csv:7:4: 提醒: t 的 relevant "
	(void)state;
	asked_doubts("${who} = 'child' or ${who} = 'other'", "");
	asked_doubts("${who} = '' and ${many} = 3 and ${own} = 'anything'", "");
	asked_doubts("selected(${what}, 'a') or ${what} = 'a b'", "");
	asked_doubts("${who} = 'chld'",
		AT "里拿情形 who 与 'chld' 比, 用这张表的指南里没有这个答案; 是不是 'child'?\n");
	asked_doubts("'孩子' != ${who}",
		AT "里拿情形 who 与 '孩子' 比, 用这张表的指南里没有这个答案; 那是选项的文字, "
		   "请写它的代号 'child'\n");
	asked_doubts("selected(${what}, 'c')",
		AT "里拿情形 what 与 'c' 比, 用这张表的指南里没有这个答案; 选项有: a, b\n");
	asked_doubts(
		"${whoo} = 'child'", AT "要看情形 whoo, 用这张表的指南没有问这个, 是不是 who?\n");
#undef AT
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_judge_can_refuse),
		cmocka_unit_test_setup_teardown(every_reason_is_plain, make, drop),
		cmocka_unit_test_setup_teardown(every_reason_is_plain_in_english, make, drop),
		cmocka_unit_test_setup_teardown(a_slip_in_a_number_takes_no_paper, make, drop),
		cmocka_unit_test_setup_teardown(
			no_form_waits_for_an_answer_that_no_guide_has, make, drop),
		cmocka_unit_test_setup_teardown(points_are_no_answer, make, drop),
		cmocka_unit_test(an_answer_that_no_guide_has_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
