/* Definitions: loops, choice files beside the form, and what is said of a fault and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/paths.h"
#include "forms/entry.h"
#include "forms/form.h"
#include "forms/form_examples.h"
#include "forms/instance.h"
#include "tests/unit/scratch.h"

#define CHOICES \
	"| choices |\n" \
	"| | list_name | name | label |\n" \
	"| | kin | father | Father |\n" \
	"| | kin | mother | Mother |\n"

static void refused(const char *markdown, const char *where)
{
	struct buf faults = {0};
	struct form *f = NULL;

	assert_int_equal(form_read_markdown(&f, markdown, strlen(markdown), &faults), ERR_INVALID);
	assert_null(f);
	if (strstr(buf_str(&faults), where) == NULL)
		fail_msg("%s, expected at %s", buf_str(&faults), where);
	buf_fini(&faults);
}

/* A heading or a sheet that is nearly known is asked about; others are the form's own. */
static void what_is_misspelt_is_asked_about(void **state)
{
	static const char *const headings[][2] = {{"relevent", "relevant"},
		{"requried", "required"}, {"constrain", "constraint"},
		{"calculaton", "calculation"}, {"choice_fliter", "choice_filter"},
		{"triger", "trigger"}, {"paramaters", "parameters"},
		{"lable::English (en)", "label"}, {"hints", "hint"},
		{"Repeat-cuont", "repeat_count"}};
	static const char own[] =
		"| survey |\n| | type | name | label | note | label2 | source | tags |\n"
		"| | select_one kin | a | A | x | x | x | x |\n"
		"| choices |\n| | list_name | name | label | county | hints | type |\n"
		"| | kin | father | Father | x | x | x |\n| other |\n| | x |\n";
	struct buf markdown = {0}, faults = {0};
	struct form *f = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof headings / sizeof headings[0]; i++) {
		buf_clear(&markdown);
		buf_printf(&markdown,
			"| survey |\n| | type | name | label | %s |\n| | text | a | A | |\n",
			headings[i][0]);
		buf_clear(&faults);
		buf_printf(&faults, "survey:2:4: 没有 %s 这一列, 是不是 %s?", headings[i][0],
			headings[i][1]);
		refused(buf_str(&markdown), buf_str(&faults));
	}
	refused("| survey |\n| | type | name | label |\n| | text | a | A |\n| example |\n| | x |\n",
		"example:1:1: 没有 example 这张表, 是不是 examples?");
	refused("| Tabelle |\n| | type |\n| choices |\n| | name |\n",
		"survey:1:1: 没有 survey 表; 找到的表: Tabelle, choices");
	buf_clear(&faults);
	if (form_read_markdown(&f, own, strlen(own), &faults) != OK)
		fail_msg("%s", buf_str(&faults));
	form_free(f);
	buf_fini(&faults);
	buf_fini(&markdown);
}

static void a_loop_asks_for_each_choice(void **state)
{
	static const char markdown[] = "| survey |\n"
				       "| | type | name | label |\n"
				       "| | begin_loop over kin | each | Kin |\n"
				       "| | text | who | Name of %(label)s |\n"
				       "| | integer | age | Age |\n"
				       "| | end_loop | | |\n"
				       "| | text | after | After |\n" CHOICES;
	struct buf faults = {0};
	struct form *f = NULL;

	(void)state;
	assert_int_equal(form_read_markdown(&f, markdown, strlen(markdown), &faults), OK);
	assert_int_equal(f->count, 8);
	assert_string_equal(f->fields[1].name, "father");
	assert_int_equal(f->fields[1].type, FIELD_GROUP);
	assert_string_equal(f->fields[2].label, "Name of Father");
	assert_int_equal(f->fields[2].parent, 1);
	assert_string_equal(f->fields[5].label, "Name of Mother");
	assert_int_equal(f->fields[4].end, 7);
	assert_int_equal(f->fields[0].end, 7);
	assert_int_equal(f->fields[7].parent, -1);
	form_free(f);
	buf_fini(&faults);
}

static void a_broken_loop_is_said(void **state)
{
	(void)state;
	refused("| survey |\n| | type | name | label |\n"
		"| | begin_loop over kin | each | Kin |\n| | text | who | Who |\n" CHOICES,
		"survey:3:");
	refused("| survey |\n| | type | name | label |\n"
		"| | begin_loop over none | each | Kin |\n| | text | who | Who |\n"
		"| | end_loop | | |\n" CHOICES,
		"survey:3:");
	refused("| survey |\n| | type | name | label |\n"
		"| | begin_loop over kin | each | Kin |\n| | end_group | | |\n"
		"| | end_loop | | |\n" CHOICES,
		"survey:");
	refused("| survey |\n| | type | name | label |\n| | end_loop | | |\n" CHOICES, "survey:3:");
}

/* A loop makes many rows of one: their files have no more room than there are rows. */
static void a_loop_over_files_is_bounded(void **state)
{
	struct buf markdown = {0};

	(void)state;
	buf_adds(&markdown,
		"| survey |\n| | type | name | label |\n| | begin_loop over many | each | Each |\n"
		"| | select_one_from_file %(name)s.csv | one | One |\n| | end_loop | | |\n"
		"| choices |\n| | list_name | name | label |\n");
	for (int i = 0; i < 300; i++)
		buf_printf(&markdown, "| | many | n%d | N |\n", i);
	refused(buf_str(&markdown), "survey:4:");
	buf_fini(&markdown);
}

static void texts_and_parameters_are_checked(void **state)
{
	(void)state;
	refused("| survey |\n| | type | name | label |\n| | text | a | about ${b} |\n",
		"survey:3:");
	refused("| survey |\n| | type | name | label | parameters |\n"
		"| | range | a | A | start=x |\n",
		"survey:3:");
	refused("| survey |\n| | type | name | label | parameters |\n"
		"| | select_one kin | a | A | step=2 |\n" CHOICES,
		"survey:3:");
	refused("| survey |\n| | type | name | label |\n| | text | meta | A |\n", "survey:3:");
	refused("| survey |\n| | type | name | value | label |\n| | text | a | b | A |\n",
		"survey:2:");
}

static void put(const char *folder, const char *name, const char *text)
{
	char *path = paths_join(folder, name);

	assert_int_equal(paths_replace(path, text, strlen(text)), OK);
	free(path);
}

static void choice_files_stand_beside_it(void **state)
{
	char *folder = scratch_folder();
	struct buf faults = {0};
	struct form *f = NULL;

	(void)state;
	put(folder, "survey.csv",
		"type,name,label\nselect_one_from_file streets.csv,street,Street\n"
		"csv-external,prices,\n");
	assert_int_equal(form_read_folder(&f, folder, &faults), ERR_INVALID);
	assert_non_null(strstr(buf_str(&faults), "streets.csv"));
	assert_non_null(strstr(buf_str(&faults), "prices.csv"));
	put(folder, "streets.csv", "name,label\n1,First Street\n2,Second Street\n");
	put(folder, "prices.csv", "name,price\na,1\n");
	buf_clear(&faults);
	assert_int_equal(form_read_folder(&f, folder, &faults), OK);
	assert_int_equal(f->count, 1);
	assert_int_equal(f->fields[0].list->count, 2);
	form_free(f);
	buf_fini(&faults);
	scratch_remove(folder);
}

static void choices_are(const struct choice_list *l, const char *name, const char *label)
{
	assert_int_equal(l->count, 2);
	assert_string_equal(l->choices[1].name, name);
	assert_string_equal(l->choices[1].label, label);
}

/* A file as another system gave it, by its own columns; they are read as such too. */
static void choices_go_by_the_columns_that_are_named(void **state)
{
	static const char survey[] =
		"type,name,label,choice_filter,parameters,calculation\n"
		"text,county,C,,,\n"
		"select_one_from_file towns.csv,t,T,name_of = ${county} or name = 'B',"
		"value=code label=name,\n"
		"select_one_from_file towns.csv,u,U,,value=name,\n"
		"calculate,title,,,,\"instance('towns')/root/item[code = ${t}]/name\"\n"
		"calculate,of,,,,\"pulldata('towns','name_of','code',${t})\"\n"
		"calculate,said,,,,\"jr:choice-name(${t},'${t}')\"\n";
	char *folder = scratch_folder();
	const struct choice *const *choices;
	struct buf faults = {0};
	struct form *f = NULL;
	struct entry *e;

	(void)state;
	put(folder, "survey.csv", survey);
	put(folder, "towns.csv",
		"code,name,name::English (en),label,name_of\n330106,甲,A,一,x\n330108,B,Bee,二,y\n");
	if (form_read_folder(&f, folder, &faults) != OK)
		fail_msg("refused: %s", buf_str(&faults));
	choices_are(f->fields[1].list, "330108", "B");
	assert_string_equal(f->fields[1].list->choices[1].label_en, "Bee");
	choices_are(f->fields[2].list, "B", "二");
	e = entry_new(f, &clock_system);
	assert_int_equal(entry_choices(e, entry_find(e, "t"), &choices), 1);
	entry_set_place(e, "county", "x");
	assert_int_equal(entry_choices(e, entry_find(e, "t"), &choices), 2);
	entry_set_place(e, "t", "330106");
	assert_string_equal(entry_find(e, "title")->value, "甲");
	assert_string_equal(entry_find(e, "of")->value, "x");
	assert_string_equal(entry_find(e, "said")->value, "甲");
	entry_free(e);
	form_free(f);
	put(folder, "survey.csv",
		"type,name,label,parameters\n"
		"select_one_from_file towns.csv,t,T,value=code label=title\n"
		"select_one_from_file towns.csv,u,U,label=name value=zip\n");
	assert_int_equal(form_read_folder(&f, folder, &faults), ERR_INVALID);
	assert_non_null(strstr(buf_str(&faults), "survey.csv:2:4: "));
	assert_non_null(strstr(buf_str(&faults), "title"));
	assert_non_null(strstr(buf_str(&faults), "survey.csv:3:4: "));
	assert_non_null(strstr(buf_str(&faults), "zip"));
	put(folder, "survey.csv", "type,name,label\nselect_one_from_file list.csv,t,T\n");
	put(folder, "list.csv", "code,title\n1,one\n2,two\n");
	buf_clear(&faults);
	assert_int_equal(form_read_folder(&f, folder, &faults), ERR_INVALID);
	assert_non_null(strstr(buf_str(&faults), "survey.csv:2:1: "));
	buf_fini(&faults);
	scratch_remove(folder);
}

/* What pulldata() and instance() look into: any columns, whether the file is named in a row or not.
 */
static void tables_are_looked_into(void **state)
{
	static const char survey[] =
		"type,name,calculation,label\ntext,k,,K\n"
		"calculate,price,\"pulldata('fees','price','type',${k})\"\n"
		"calculate,again,\"instance('rates')/root/item[type = ${k}]/rate\"\n"
		"csv-external,rates,\ntoday,began,\n";
	char *folder = scratch_folder(), *path = paths_join(folder, "survey.csv");
	char *fees = paths_join(folder, "fees.csv"), *rates = paths_join(folder, "rates.csv");
	struct buf faults = {0};
	struct form *f = NULL;
	struct entry *e;

	(void)state;
	assert_int_equal(paths_replace(path, survey, sizeof survey - 1), OK);
	assert_int_equal(paths_replace(rates, "type,rate\nb,7\n", strlen("type,rate\nb,7\n")), OK);
	assert_int_equal(form_read_folder(&f, folder, &faults), ERR_INVALID);
	assert_non_null(strstr(buf_str(&faults), "survey.csv:3:3: 找不到选项文件 fees.csv"));
	assert_int_equal(
		paths_replace(fees, "type,price\na,12\nb,15\n", strlen("type,price\na,12\nb,15\n")),
		OK);
	assert_int_equal(form_read_folder(&f, folder, &faults), OK);
	e = entry_new(f, &clock_system);
	assert_int_equal(entry_set_place(e, "k", "b"), OK);
	assert_string_equal(entry_find(e, "price")->value, "15");
	assert_string_equal(entry_find(e, "again")->value, "7");
	assert_int_equal(strlen(entry_find(e, "began")->value), 10);
	assert_int_equal(entry_set_place(e, "k", "no such"), OK);
	assert_string_equal(entry_find(e, "price")->value, "");
	entry_free(e);
	form_free(f);
	buf_fini(&faults);
	free(path);
	free(fees);
	free(rates);
	scratch_remove(folder);
}

/* The forms that are shipped hold what their own examples say: what passes, what fails and where.
 */
static void shipped_forms_hold_their_examples(void **state)
{
	DIR *d = opendir("forms/library");
	const struct dirent *one;
	int count = 0, wrong = 0;

	(void)state;
	assert_non_null(d);
	while ((one = readdir(d)) != NULL) {
		char *path = paths_join("forms/library", one->d_name);
		struct buf faults = {0};
		struct form *f = NULL;
		if (one->d_name[0] != '.') {
			count++;
			if (form_read_folder(&f, path, &faults) != OK ||
				!form_examples_hold(f, path, &faults)) {
				print_error("%s: %s", one->d_name, buf_str(&faults));
				wrong++;
			}
		}
		form_free(f);
		buf_fini(&faults);
		free(path);
	}
	closedir(d);
	assert_true(count >= 40);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_misspelt_is_asked_about),
		cmocka_unit_test(a_loop_asks_for_each_choice),
		cmocka_unit_test(a_broken_loop_is_said),
		cmocka_unit_test(a_loop_over_files_is_bounded),
		cmocka_unit_test(texts_and_parameters_are_checked),
		cmocka_unit_test(choice_files_stand_beside_it),
		cmocka_unit_test(choices_go_by_the_columns_that_are_named),
		cmocka_unit_test(tables_are_looked_into),
		cmocka_unit_test(shipped_forms_hold_their_examples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
