/* What an answer changes, in the list of papers and in the form, follows when its field is left,
 * not before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/screens/roads.h"

static const struct inside_options options = {
	"xterm-256color", "C.UTF-8", "", 24, 80, THEME_DEFAULT, .chance = 3};

/* 残疾人证换领 asks for the household register when the number is an identity card's. */
static const struct road to_the_number = {
	"number", "残疾人证换<Enter><Enter><Enter>陈晓燕<Enter>1<Enter>", 0};

static void go(struct inside *in, const char *keys)
{
	roads_go(in, &(struct road){"", keys, 0});
}

static void pause_of_a_second(struct inside *in)
{
	for (int ms = 0; ms < 1000; ms += 50)
		inside_pass(in, 50);
}

static void said_when_the_field_is_left(void **state)
{
	struct hall copy;
	struct inside *in;
	struct term *t;

	(void)state;
	roads_copy(&roads_home, &copy);
	in = inside_open(&copy, &options);
	t = inside_term(in);
	roads_go(in, &to_the_number);
	assert_true(term_has(t, "> 证件号码"));
	go(in, HALL_PERSON);
	pause_of_a_second(in); /* it is on the disk now */
	assert_false(term_has(t, "材料多了"));
	go(in, "<Enter>");
	assert_true(term_has(t, "材料多了: 户口簿"));
	go(in, "<Up><C-u>1101");
	pause_of_a_second(in);
	assert_false(term_has(t, "不再要"));
	go(in, "<Enter>");
	assert_true(term_has(t, "不再要: 户口簿"));
	inside_close(in);
}

/* Eight digits of an identity card's number could be a whole permit of Taiwan; they are not while
 * the number goes on, however slowly, and the list beside the form stays as it is. */
static void a_number_half_typed_is_no_permit(void **state)
{
	static const char matter[] =
		"{\"task_code\":\"11370000000000001A237000100009\",\"task_name\":\"证件种类试办\","
		"\"dept_name\":\"县残疾人联合会\",\"form\":\"probe\",\"materials\":["
		"{\"material_name\":\"居民身份证\",\"relevant\":\"person-id-type(${applicant_id}) = ''"
		" or person-id-type(${applicant_id}) = '111'\"},{\"material_name\":\"台湾通行证\","
		"\"relevant\":\"person-id-type(${applicant_id}) = '511'\"}]}";
	struct inside_options wide = options;
	struct hall copy;
	struct inside *in;
	struct term *t;

	(void)state;
	wide.rows = 40;
	wide.cols = 140;
	hall_learn(&roads_home, &inside_clock, matter);
	roads_copy(&roads_home, &copy);
	in = inside_open(&copy, &wide);
	t = inside_term(in);
	go(in, "证件种类试办<Enter><Enter><Enter>陈晓燕<Enter>1<Enter>");
	assert_true(term_has(t, "> 证件号码"));
	assert_true(term_has(t, "居民身份证"));
	for (const char *at = HALL_PERSON; *at != '\0'; at++) {
		const char key[2] = {*at, '\0'};
		go(in, key);
		pause_of_a_second(in); /* each digit is on the disk */
		assert_true(term_has(t, "居民身份证"));
		assert_false(term_has(t, "台湾通行证"));
	}
	go(in, "<Enter>");
	assert_true(term_has(t, "居民身份证"));
	assert_false(term_has(t, "台湾通行证"));
	go(in, "<Up><C-u>12345678<Enter>"); /* left as it is: that is what it is */
	assert_true(term_has(t, "台湾通行证"));
	go(in, "<Up><C-u>11010119");
	pause_of_a_second(in);
	assert_true(term_has(t, "台湾通行证")); /* of the last one that was left */
	inside_close(in);
}

/* Fields and repetitions neither come nor go with every pause in a number, and what was filled in
 * below it is not lost on the way from 3 to 2. */
static void half_a_number_changes_no_field(void **state)
{
	static const char matter[] =
		"{\"task_code\":\"11370000000000001A237000100010\",\"task_name\":\"逐字填写试办\","
		"\"dept_name\":\"县残疾人联合会\",\"form\":\"typed\",\"materials\":[]}";
	struct hall copy;
	struct inside *in;
	struct term *t;

	(void)state;
	hall_learn(&roads_home, &inside_clock, matter);
	roads_copy(&roads_home, &copy);
	in = inside_open(&copy, &options);
	t = inside_term(in);
	go(in, "逐字填写试办<Enter><Enter>陈晓燕<Enter>11010119"); /* a permit's, so far */
	pause_of_a_second(in);
	assert_false(term_has(t, "签注有效期"));
	go(in, "<Enter>");
	assert_true(term_has(t, "签注有效期"));
	go(in, "<Up><End>900307");
	pause_of_a_second(in);
	assert_true(term_has(t, "签注有效期")); /* of the last one that was left */
	go(in, "0011<Enter>");
	assert_false(term_has(t, "签注有效期"));
	assert_true(term_has(t, "> 子女人数"));
	go(in, "3<Enter>陈大<Enter>陈二<Enter>陈三<Up>");
	assert_true(term_has(t, "陈三"));
	go(in, "<Up><Up><C-u>1"); /* of 12 */
	assert_true(term_has(t, "> 子女人数"));
	pause_of_a_second(in);
	assert_true(term_has(t, "陈三"));
	assert_true(term_has(t, "共3人"));
	go(in, "2<Enter>");
	assert_true(term_has(t, "陈三"));
	assert_true(term_has(t, "共12人"));
	inside_close(in);
}

/* Ended in the middle of the number, and begun again: the papers are those of what was typed. */
static void right_after_an_end_in_the_field(void **state)
{
	struct hall copy;
	struct inside *in;

	(void)state;
	roads_copy(&roads_home, &copy);
	in = inside_open(&copy, &options);
	roads_go(in, &to_the_number);
	go(in, HALL_PERSON);
	pause_of_a_second(in);
	inside_close(in);
	in = inside_open(&copy, &options);
	go(in, "<M-1>3<Enter>");
	assert_true(term_has(inside_term(in), "> 证件号码* " HALL_PERSON));
	go(in, "<Esc>");
	assert_true(term_has(inside_term(in), "户口簿"));
	inside_close(in);
}

/* How many originals and copies of each is read whole: names, long here, give way. */
static void originals_and_copies_are_seen_whole(void **state)
{
	static const char matter[] =
		"{\"task_code\":\"11370000000000001A237000100011\",\"task_name\":\"份数试办\","
		"\"dept_name\":\"县残疾人联合会\",\"form\":\"typed\",\"materials\":["
		"{\"material_name\":\"法定代表人或者负责人的授权委托书和居民身份证\","
		"\"originals\":1,\"copies\":1}]}";
	static const struct {
		int rows, cols;
		const char *language, *seen;
	} rows[] = {
		{24, 80, "", "原件 1 复印件 1"},
		{24, 80, "en", "1 original 1 copy"},
		{16, 60, "", "原件 1 复印件 1"},
		{43, 132, "en", "1 original 1 copy"},
	};

	(void)state;
	hall_learn(&roads_home, &inside_clock, matter);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct inside_options o = options;
		struct hall copy;
		struct inside *in;
		o.rows = rows[i].rows;
		o.cols = rows[i].cols;
		o.language = rows[i].language;
		roads_copy(&roads_home, &copy);
		in = inside_open(&copy, &o);
		go(in, "份数试办<Enter><Enter>");
		if (!term_has(inside_term(in), rows[i].seen))
			print_message("%dx%d %s:\n%s\n", o.cols, o.rows, o.language,
				term_render(inside_term(in)));
		assert_true(term_has(inside_term(in), rows[i].seen));
		inside_close(in);
	}
}

/* A digit reaches nine choices: that there are more, and how they are seen, is said beside them. */
static void more_choices_than_digits_are_told(void **state)
{
	static const char matter[] =
		"{\"task_code\":\"11370000000000001A237000100012\",\"task_name\":\"十二镇试办\","
		"\"dept_name\":\"县残疾人联合会\",\"form\":\"towns\",\"materials\":[]}";
	struct hall copy;
	struct inside *in;

	(void)state;
	hall_learn(&roads_home, &inside_clock, matter);
	roads_copy(&roads_home, &copy);
	in = inside_open(&copy, &options);
	go(in, "十二镇试办<Enter><Enter>");
	assert_true(term_has(inside_term(in), "9 示范九镇  空格看全部 12 项"));
	go(in, " ");
	assert_true(term_has(inside_term(in), "示范十二镇"));
	inside_close(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(said_when_the_field_is_left),
		cmocka_unit_test(a_number_half_typed_is_no_permit),
		cmocka_unit_test(half_a_number_changes_no_field),
		cmocka_unit_test(right_after_an_end_in_the_field),
		cmocka_unit_test(originals_and_copies_are_seen_whole),
		cmocka_unit_test(more_choices_than_digits_are_told),
	};

	return cmocka_run_group_tests(tests, roads_setup, roads_teardown);
}
