/* What cannot be read is missing from screens, lists and counts: that is said, by the screen, by
 * the line mode and by the commands, and it is there again when it can be read. */
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
#include "core/station/store.h"
#include "tests/screens/lines.h"
#include "tests/screens/roads.h"
#include "tui/app.h"

/* Reading the cases fails from here on, or goes again; nothing else of the file changes. */
static void hide_cases(const struct hall *h, bool hidden)
{
	struct store *s = hall_store(h);

	assert_int_equal(
		db_exec(store_db(s),
			hidden ? "PRAGMA legacy_alter_table = 1; ALTER TABLE case_ RENAME TO hidden"
			       : "PRAGMA legacy_alter_table = 1; ALTER TABLE hidden RENAME TO case_"),
		OK);
	store_close(s);
}

/* The copies of a hall have one catalogue together: this one gets its own. */
static void part_catalogue(const struct hall *copy)
{
	char command[1000];

	snprintf(command, sizeof command, "cd '%s' && cp catalogue.db own && mv own catalogue.db",
		copy->folder);
	assert_int_equal(system(command), 0);
}

/* The same of the matters in the catalogue; their index beside it stays. */
static void hide_matters(const struct hall *h, bool hidden)
{
	char path[400];
	struct db *db;

	snprintf(path, sizeof path, "%s/catalogue.db", h->folder);
	assert_int_equal(db_open(&db, path, DB_SHARED, NULL), OK);
	assert_int_equal(
		db_exec(db,
			hidden ? "PRAGMA legacy_alter_table = 1; ALTER TABLE matter RENAME TO hidden"
			       : "PRAGMA legacy_alter_table = 1; ALTER TABLE hidden RENAME TO matter"),
		OK);
	db_close(db);
}

static const struct inside_options options = {
	"xterm-256color", "C.UTF-8", "", 24, 80, THEME_DEFAULT, .chance = 3};

static void a_screen_says_so_until_it_is_there_again(void **state)
{
	struct hall copy;
	struct inside *in;

	(void)state;
	roads_copy(&roads_home, &copy);
	in = inside_open(&copy, &options);
	hide_cases(&copy, true);
	roads_go(in, &(struct road){"cases", "<M-3>", 0});
	assert_false(term_has(inside_term(in), "陈*燕"));
	assert_true(term_has(inside_term(in), "错误 有的数据没有读出来"));
	assert_true(term_has(inside_term(in), "没有读出来, 不等于没有"));
	assert_false(term_has(inside_term(in), "这一天没有办件"));
	term_keys(inside_term(in), "<Down>"); /* a key takes the sentence away, not for good */
	inside_pass(in, 3000);
	assert_true(term_has(inside_term(in), "错误 有的数据没有读出来"));
	hide_cases(&copy, false);
	inside_pass(in, 3000);
	assert_true(term_has(inside_term(in), "现在都读出来了"));
	assert_true(term_has(inside_term(in), "陈*燕"));
	assert_true(inside_same(in, NULL, 0));
	inside_close(in);
}

/* A matter that seems not to be there sends somebody home. */
static void a_search_says_so_until_matters_are_there_again(void **state)
{
	struct hall copy;
	struct inside *in;

	(void)state;
	roads_copy(&roads_home, &copy);
	part_catalogue(&copy);
	in = inside_open(&copy, &options);
	hide_matters(&copy, true);
	roads_go(in, &(struct road){"find", "<M-1>残疾人证", 0});
	assert_true(term_has(inside_term(in), "有的数据没有读出来"));
	hide_matters(&copy, false);
	inside_pass(in, 3000);
	assert_true(term_has(inside_term(in), "现在都读出来了"));
	term_keys(inside_term(in), "<Enter>");
	inside_pass(in, 10);
	assert_true(term_has(inside_term(in), "办事指南 / 残疾人证新办"));
	inside_close(in);
}

/* Why a submission failed is not wiped away by good news of something else. */
static void another_error_stays(void **state)
{
	struct hall copy;
	struct inside *in;

	(void)state;
	roads_copy(&roads_home, &copy);
	in = inside_open(&copy, &options);
	hide_cases(&copy, true);
	roads_go(in, &(struct road){"cases", "<M-3>", 0});
	assert_true(term_has(inside_term(in), "错误 有的数据没有读出来"));
	app_error(inside_app(in), "%s", "没有提交成功");
	hide_cases(&copy, false);
	inside_pass(in, 3000);
	assert_true(term_has(inside_term(in), "错误 没有提交成功"));
	assert_true(term_has(inside_term(in), "陈*燕"));
	inside_close(in);
}

static void nothing_is_said_when_all_is_read(void **state)
{
	struct hall copy;
	struct inside *in;

	(void)state;
	roads_copy(&roads_home, &copy);
	in = inside_open(&copy, &options);
	roads_go(in, &(struct road){"cases", "<M-3>", 0});
	inside_pass(in, 3000);
	assert_false(term_has(inside_term(in), "没有读出来"));
	inside_close(in);
}

static void the_line_mode_says_so(void **state)
{
	static const char *const sign_in[] = {HALL_OPERATOR, HALL_PASS, "03", NULL};
	static const struct lines_options chinese = {"dumb", "C.UTF-8", "", false};
	struct hall copy;
	struct lines l;

	(void)state;
	roads_copy(&roads_home, &copy);
	lines_start(&l, &copy, &chinese);
	lines_answers(&l, sign_in);
	assert_true(lines_asked(&l));
	assert_null(strstr(buf_str(&l.said), "没有读出来"));
	hide_cases(&copy, true);
	lines_answer(&l, "3");
	lines_expect(&l, "错误: 有的数据没有读出来");
	lines_end(&l);
	lines_fini(&l);
}

/* Its exit code, with what it wrote on both its outputs. */
static int command(const struct hall *h, const char *words, struct buf *out)
{
	struct buf line = {0};
	char part[512];
	FILE *f;
	size_t n;

	buf_adds(&line, "env");
	for (n = 0; h->env[n] != NULL; n++)
		buf_printf(&line, " '%s'", h->env[n]);
	buf_printf(&line, " LC_ALL=C.UTF-8 LANGUAGE= ${BUILD:-build}/yimen %s 2>&1", words);
	buf_clear(out);
	f = popen(buf_str(&line), "r");
	assert_non_null(f);
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		buf_add(out, part, n);
	buf_fini(&line);
	return pclose(f) / 256;
}

static void a_command_says_so_and_is_no_success(void **state)
{
	struct buf out = {0};
	struct hall copy;

	(void)state;
	roads_copy(&roads_home, &copy);
	part_catalogue(&copy);
	assert_int_equal(command(&copy, "case list", &out), 0);
	assert_non_null(strstr(buf_str(&out), "残疾人证新办"));
	assert_null(strstr(buf_str(&out), "没有读出来"));
	hide_cases(&copy, true);
	assert_int_not_equal(command(&copy, "case list", &out), 0);
	assert_non_null(strstr(buf_str(&out), "有的数据没有读出来"));
	assert_int_equal(command(&copy, "search 残疾人证", &out), 0);
	assert_non_null(strstr(buf_str(&out), "残疾人证新办"));
	hide_matters(&copy, true);
	assert_int_not_equal(command(&copy, "search 残疾人证", &out), 0);
	assert_non_null(strstr(buf_str(&out), "有的数据没有读出来"));
	buf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_screen_says_so_until_it_is_there_again),
		cmocka_unit_test(a_search_says_so_until_matters_are_there_again),
		cmocka_unit_test(another_error_stays),
		cmocka_unit_test(nothing_is_said_when_all_is_read),
		cmocka_unit_test(the_line_mode_says_so),
		cmocka_unit_test(a_command_says_so_and_is_no_success),
	};

	return cmocka_run_group_tests(tests, roads_setup, roads_teardown);
}
