/* What a type takes in its parameters column, what may only be said together, and the words that a
 * question must have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "forms/entry.h"
#include "forms/fn.h"
#include "forms/form.h"
#include "forms/instance.h"

struct row {
	const char *type, *parameters, *appearance;
	bool good;
};

/* A form of this one question, beside lists for the marks of a ladder. */
static bool taken(const struct row *r, struct buf *faults)
{
	struct buf text = {0};
	struct form *f = NULL;
	enum err e;

	buf_printf(&text,
		"| survey |\n| | type | name | label | parameters | appearance |\n"
		"| | integer | n | N | | |\n| | %s | q | Q | %s | %s |\n"
		"| choices |\n| | list_name | name | label |\n"
		"| | ends | 1 | low |\n| | ends | 10 | high |\n"
		"| | some | 1 | low |\n| | some | 4 | middle |\n"
		"| | words | low | low |\n| | outside | 11 | too high |\n",
		r->type, r->parameters, r->appearance);
	buf_clear(faults);
	e = form_read_markdown(&f, buf_str(&text), text.len, faults);
	form_free(f);
	buf_fini(&text);
	return e == OK;
}

static void all(const struct row *rows, size_t count)
{
	struct buf faults = {0};

	for (size_t i = 0; i < count; i++) {
		bool good = taken(&rows[i], &faults);
		if (good != rows[i].good ||
			(!good && strncmp(buf_str(&faults), "survey:4:", 9) != 0))
			fail_msg("%s %s %s: %s %s", rows[i].type, rows[i].parameters,
				rows[i].appearance, good ? "taken" : "refused", buf_str(&faults));
	}
	buf_fini(&faults);
}

static void a_ladder_fits_together(void **state)
{
	static const struct row rows[] = {
		{"range", "", "", true},
		{"range", "start=10 end=0 step=2", "", true},
		{"range", "start=0;end=1;step=0.1", "", true},
		{"range", "start=-1.5, end=+2.5, step=.5", "", true},
		{"range", "step=0", "", false},
		{"range", "start=0 end=10 step=11", "", false},
		{"range", "end=infinity", "", false},
		{"range", "end=nan", "", false},
		{"range", "end=0x10", "", false},
		{"range", "end=1.2.3", "", false},
		{"range", "end=", "", false},
		{"range", "stop=3", "", false},
		{"range", "start=0 end=1 step=0.1 tick_interval=0.3", "", true},
		{"range", "start=0 end=10 step=2 tick_interval=4", "", true},
		{"range", "start=0 end=10 step=2 tick_interval=3", "", false},
		{"range", "start=0 end=10 tick_interval=11", "", false},
		{"range", "tick_interval=0", "", false},
		{"range", "start=-3 end=3 step=2 placeholder=-1", "", true},
		{"range", "start=-3 end=3 step=2 placeholder=0", "", false},
		{"range", "start=3 end=7 step=2 placeholder=9", "", false},
		{"range", "start=7 end=3 step=2 placeholder=1", "", false},
		{"range", "start=7 end=3 step=2 placeholder=5", "", true},
		{"range", "tick_labelset=ends", "", true},
		{"range", "tick_labelset=some", "", true},
		{"range", "tick_labelset=none", "", false},
		{"range", "tick_labelset=words", "", false},
		{"range", "tick_labelset=outside", "", false},
		{"range", "step=3 tick_labelset=some", "", true},
		{"range", "step=2 tick_labelset=some", "", false},
		{"range", "tick_interval=2 tick_labelset=some", "", false},
		{"range", "tick_labelset=ends", "no-ticks", true},
		{"range", "tick_labelset=some", "no-ticks", false},
		{"range", "end=9 tick_labelset=some", "vertical", true},
		{"range", "tick_labelset=ends", "picker", false},
		{"range", "tick_interval=3", "rating", false},
		{"range", "placeholder=3", "w4", false},
		{"range", "step=3", "picker", true},
	};
	(void)state;
	all(rows, sizeof rows / sizeof *rows);
}

static void each_type_has_its_own(void **state)
{
	static const struct row rows[] = {
		{"text", "rows=5", "", true},
		{"text", "rows=5.5", "", false},
		{"text", "rows=few", "", false},
		{"text", "lines=5", "", false},
		{"image", "max-pixels=640", "", true},
		{"image", "max-pixels=640.5", "", false},
		{"image", "app=org.example.camera_2", "", true},
		{"image", "app=org.example.camera", "annotate", true},
		{"image", "app=camera", "", false},
		{"image", "app=org..camera", "annotate", false},
		{"image", "app=org.example.", "", false},
		{"image", "app=org._camera", "", false},
		{"image", "app=org.2camera", "", false},
		{"image", "app=org.cam-era", "", false},
		{"image", "app=camera", "signature", true},
		{"image", "size=3", "draw", false},
		{"select_one ends", "randomize=true seed=${n}", "", true},
		{"select_one ends", "seed=3", "", false},
		{"select_one ends", "value=id", "", false},
		{"select_one_from_file ends2.csv", "value=id, label=words", "", true},
		{"select_one_from_file ends2.csv", "value=编号", "", true},
		{"select_multiple_from_file ends2.csv", "value=7id", "", false},
		{"select_one_from_file ends2.csv", "label=i%d", "", false},
		{"select_one_from_file ends2.csv", "label=", "", false},
	};
	(void)state;
	all(rows, sizeof rows / sizeof *rows);
}

/* Rows of type, name, label, hint, media::image, media::big-image, guidance_hint, calculation,
 * trigger below two questions n and m. */
static void words_of(const char *row, const char *place)
{
	struct buf text = {0}, faults = {0};
	struct form *f = NULL;
	enum err e;

	buf_printf(&text,
		"| survey |\n| | type | name | label | hint | media::image | media::big-image | "
		"guidance_hint | calculation | trigger |\n"
		"| | integer | n | N | | | | | | |\n| | integer | m | M | | | | | | |\n| | %s |\n",
		row);
	e = form_read_markdown(&f, buf_str(&text), text.len, &faults);
	if (place == NULL ? e != OK : strncmp(buf_str(&faults), place, strlen(place)) != 0)
		fail_msg("%s: %s, expected %s", row, buf_str(&faults),
			place != NULL ? place : "none");
	form_free(f);
	buf_fini(&faults);
	buf_fini(&text);
}

static void a_question_is_asked_in_words(void **state)
{
	(void)state;
	words_of("text | q | Q | | | | | | ", NULL);
	words_of("text | q | | a hint | | | | | ", NULL);
	words_of("text | q | | | a.png | | | | ", NULL);
	words_of("text | q | | | a.png | b.png | | | ", NULL);
	words_of("text | q | | | | | | ${n} + 1 | ", NULL);
	words_of("text | q | | | | | | | ${n}", NULL);
	words_of("calculate | q | | | | | | 1 | ", NULL);
	words_of("hidden | q | | | | | | | ", NULL);
	words_of("today | q | | | | | | | ", NULL);
	words_of("text | q | | | | | | | ", "survey:5:3: ");
	words_of("note | q | | | | | | | ", "survey:5:3: ");
	words_of("text | q | | | | | more | | ", "survey:5:7: ");
	words_of("text | q | | | | b.png | | | ", "survey:5:6: ");
	words_of("text | q | Q | | | b.png | | | ", "survey:5:6: ");
}

static void commas_too_many_in_a_trigger_say_nothing(void **state)
{
	(void)state;
	words_of("text | q | Q | | | | | now() | ${n},${m}", NULL);
	words_of("text | q | Q | | | | | now() | , ${n} ,, ${m} , ", NULL);
	words_of("text | q | Q | | | | | now() | ,", "survey:5:9: ");
	words_of("text | q | Q | | | | | now() | ${n} ${m}", "survey:5:9: ");
	words_of("text | q | Q | | | | | now() | ${n}, m", "survey:5:9: ");
}

/* A list of external_choices, and none of it. */
static void external_choices_have_a_sheet(void **state)
{
	static const char survey[] = "| survey |\n| | type | name | label | choice_filter |\n"
				     "| | text | a | A | |\n"
				     "| | select_one_external towns | t | T | a=${a} |\n";
	static const char *const sheets[] = {"",
		"| choices |\n| | list_name | name | label | a |\n| | towns | x | X | 1 |\n",
		"| external_choices |\n| | list_name | name | label | a |\n| | other | x | X | 1 |\n",
		"| external_choices |\n| | list_name | name | label | a |\n| | towns | x | X | 1 |\n"};

	(void)state;
	for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++) {
		struct buf text = {0}, faults = {0};
		struct form *f = NULL;

		buf_printf(&text, "%s%s", survey, sheets[i]);
		assert_int_equal(form_read_markdown(&f, buf_str(&text), text.len, &faults),
			i == 3 ? OK : ERR_INVALID);
		if (i < 3)
			assert_non_null(strstr(buf_str(&faults), "survey:4:1: external_choices"));
		form_free(f);
		buf_fini(&text);
		buf_fini(&faults);
	}
}

/* Lists of one name on two sheets are two, each with the columns of its own sheet. */
static void external_choices_are_lists_of_their_own(void **state)
{
	static const char text[] =
		"| survey |\n| | type | name | label | choice_filter |\n"
		"| | select_one towns | s | S | |\n"
		"| | select_one_external towns | t | T | region='n' and size='2' |\n"
		"| choices |\n| | list_name | name | label |\n| | towns | x | X |\n"
		"| external_choices |\n| | list_name | name | label | region | size | a | b | c |\n"
		"| | towns | y | Y | n | 2 | 3 | 4 | 5 |\n| | towns | z | Z | n | 2 | 3 | 4 | 5 |\n";
	struct buf faults = {0};
	struct form *f = NULL;
	const struct choice_list *s, *t;

	(void)state;
	if (form_read_markdown(&f, text, strlen(text), &faults) != OK)
		fail_msg("%s", buf_str(&faults));
	s = f->fields[0].list;
	t = f->fields[1].list;
	assert_int_equal(s->count, 1);
	assert_int_equal(s->column_count, 0);
	assert_int_equal(t->count, 2);
	assert_int_equal(t->column_count, 5);
	assert_string_equal(t->choices[1].columns[4], "5");
	assert_string_equal(f->doubts, "");
	form_free(f);
	buf_fini(&faults);
}

/* A question of this type, then a text of this name. */
static void refused_other(const char *type, const char *name, const char *place)
{
	struct buf text = {0}, faults = {0};
	struct form *f = NULL;

	buf_printf(&text,
		"| survey |\n| | type | name | label |\n| | %s | q | Q |\n| | text | %s | T |\n"
		"| choices |\n| | list_name | name | label |\n| | l | a | A |\n",
		type, name);
	assert_int_equal(form_read_markdown(&f, buf_str(&text), text.len, &faults), ERR_INVALID);
	if (strncmp(buf_str(&faults), place, strlen(place)) != 0)
		fail_msg("%s: %s", type, buf_str(&faults));
	buf_fini(&text);
	buf_fini(&faults);
}

/* Each spelling adds the choice once and a question that is asked when it is taken. */
static void other_is_asked_for(void **state)
{
	static const char *const words[] = {"or_other", "or other", "OR specify other"};

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct buf text = {0}, faults = {0};
		struct form *f = NULL;
		struct entry *e;

		buf_printf(&text,
			"| survey |\n| | type | name | label |\n| | select_one l %s | q | Q |\n"
			"| | select_multiple l %s | m | M |\n| | text | t | T |\n"
			"| choices |\n| | list_name | name | label | x |\n| | l | a | A | 1 |\n",
			words[i], words[i]);
		assert_int_equal(form_read_markdown(&f, buf_str(&text), text.len, &faults), OK);
		assert_int_equal(f->count, 5);
		assert_string_equal(f->fields[1].name, "q_other");
		assert_int_equal(f->fields[0].list->count, 2);
		assert_string_equal(f->fields[2].list->choices[1].name, "other");
		e = entry_new(f, &clock_system);
		assert_true(node_hidden(entry_find(e, "q_other")));
		assert_int_equal(entry_set_place(e, "q", "other"), OK);
		assert_false(node_hidden(entry_find(e, "q_other")));
		assert_true(node_hidden(entry_find(e, "m_other")));
		entry_free(e);
		form_free(f);
		buf_fini(&text);
		buf_fini(&faults);
	}
	refused_other("select_one_from_file towns.csv or_other", "q", "survey:3:1: ");
	refused_other("select_one l or_other", "q_other", "survey:4:2: ");
}

/* Elder words for what a form has today. */
static void elder_words_are_known(void **state)
{
	static const char *const types[] = {"phone number", "get device id", "uri:deviceid",
		"uri:phonenumber", "sim id", "subscriber id", "start time", "get end time",
		"get today"};

	(void)state;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		struct row r = {types[i], "", "", true};
		all(&r, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ladder_fits_together),
		cmocka_unit_test(each_type_has_its_own),
		cmocka_unit_test(a_question_is_asked_in_words),
		cmocka_unit_test(commas_too_many_in_a_trigger_say_nothing),
		cmocka_unit_test(external_choices_have_a_sheet),
		cmocka_unit_test(external_choices_are_lists_of_their_own),
		cmocka_unit_test(other_is_asked_for),
		cmocka_unit_test(elder_words_are_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
