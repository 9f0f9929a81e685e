/*
 * Whole screens, cell by cell with their looks: every screen there is (roads.h), on the terminals,
 * in the charsets, sizes and languages that windows have. A golden file has the screen of one
 * language and size once: its text, its looks in colour and its looks without. All terminals with
 * colours must show the first, vt100 the second, whatever the charset of the line is.
 *
 * YIMEN_UPDATE_GOLDEN=1 writes them anew from xterm-256color and vt100; ROAD=name looks at one
 * only.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "tests/screens/roads.h"
#include "tui/app_private.h"
#include "tui/screen.h"
#include "tui/widget_pager.h"

enum {
	GOLDEN_MAX = 1 << 17
};

static const char *const types[] = {"xterm-256color", "vt100", "putty", "linux"};
static const char *const charsets[] = {"C.UTF-8", "zh_CN.GB18030"};
static const char *const languages[] = {"", "en"};
static const int sizes[][2] = {{24, 80}, {43, 132}};
static const char mono_rule[] = "==== without colours\n";

static bool is_mono(const struct inside_options *o)
{
	return strcmp(o->type, "vt100") == 0;
}

static void path_of(char *out, size_t size, const struct road *r, const struct inside_options *o)
{
	snprintf(out, size, "tests/screens/golden/%s-%s-%dx%d.txt", r->name,
		*o->language ? "en" : "zh", o->cols, o->rows);
}

static char *read_golden(const char *path)
{
	char *out = calloc(1, GOLDEN_MAX);
	FILE *f = fopen(path, "r");

	if (f) {
		out[fread(out, 1, GOLDEN_MAX - 1, f)] = '\0';
		fclose(f);
	}
	return out;
}

/* What a terminal of this kind should show: the text, and the looks of its kind. */
static char *wanted(const char *path, bool mono)
{
	char *all = read_golden(path), *looks = strstr(all, "----\n"), *other, *out;

	other = strstr(all, mono_rule);
	if (!looks || !other) /* it tells what terminal it stands on: one only */
		return all;
	out = calloc(1, GOLDEN_MAX);
	memcpy(out, all, (size_t)((mono ? looks + 5 : other) - all));
	if (mono)
		strcat(out, other + strlen(mono_rule));
	free(all);
	return out;
}

/* The first terminal writes the file, vt100 adds its looks. */
static void update(const char *path, const char *have, bool mono)
{
	FILE *f = fopen(path, mono ? "a" : "w");

	assert_non_null(f);
	if (mono)
		fprintf(f, "%s%s", mono_rule, strstr(have, "----\n") + 5);
	else
		fputs(have, f);
	fclose(f);
}

static void print_difference(const char *want, const char *have)
{
	for (int line = 0; *want || *have; line++) {
		size_t a = strcspn(want, "\n"), b = strcspn(have, "\n");
		if (a != b || memcmp(want, have, a) != 0)
			fprintf(stderr, "%3d -|%.*s\n    +|%.*s\n", line, (int)a, want, (int)b,
				have);
		want += a + (want[a] == '\n');
		have += b + (have[b] == '\n');
	}
}

static bool as_it_was(struct inside *in, const struct road *r, const struct inside_options *o)
{
	char path[256], *have = term_render(inside_term(in)), *want;
	bool same;

	path_of(path, sizeof(path), r, o);
	want = wanted(path, is_mono(o));
	same = strcmp(want, have) == 0;
	if (!same && getenv("YIMEN_UPDATE_GOLDEN")) {
		update(path, have, is_mono(o));
		same = true;
	}
	if (!same)
		print_difference(want, have);
	free(want);
	free(have);
	return same;
}

/*
 * What every terminal can show, however wide it draws characters of ambiguous width: ASCII, and
 * characters that are wide everywhere and part of GBK.
 */
static bool is_safe(uint32_t cp, iconv_t gbk)
{
	char in[4], out[8], *from = in, *to = out;
	size_t left = text_encode(cp, in), room = sizeof(out);

	if (cp < 0x7f)
		return cp >= ' ';
	return text_cp_cols(cp) == 2 && iconv(gbk, &from, &left, &to, &room) != (size_t)-1;
}

static bool all_safe(struct inside *in)
{
	const struct canvas *c = inside_app(in)->before;
	iconv_t gbk = iconv_open("GBK", "UTF-8");
	bool safe = true;

	for (int row = 0; row < canvas_rows(c); row++) {
		const struct cell *cells = canvas_row(c, row);
		for (int col = 0; col < canvas_cols(c); col++)
			if (cells[col].cols && !is_safe(cells[col].cp, gbk)) {
				fprintf(stderr, "U+%04X at row %d column %d\n",
					(unsigned)cells[col].cp, row, col);
				safe = false;
			}
	}
	iconv_close(gbk);
	return safe;
}

/* Where the acts stand, the way out and the way to help stand last, whatever else had no room. */
static bool has_ways_out(struct inside *in)
{
	static const char *const ends[] = {"Esc 返回  ? 帮助", "Esc 返回  F1 帮助",
		"? 帮助  Ctrl-C 退出", "F1 帮助  Ctrl-C 退出", "Esc 不, 回去", "Esc Back  ? Help",
		"Esc Back  F1 Help", "? Help  Ctrl-C Quit", "F1 Help  Ctrl-C Quit", "Esc No, back"};
	struct app *a = inside_app(in);
	const char *row = term_row(inside_term(in), canvas_rows(a->canvas) - 2);

	if (app_top(a)->ops->bare)
		return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t n = strlen(ends[i]), len = strlen(row);
		if (len >= n && strcmp(row + len - n, ends[i]) == 0)
			return true;
	}
	fprintf(stderr, "no way out or no help: %s\n", row);
	return false;
}

/* A screen draws in the rows of its body only: what it has too much of is not hidden by the frame.
 */
static bool stays_in_its_body(struct inside *in)
{
	struct app *a = inside_app(in);
	struct canvas *c = canvas_new(canvas_rows(a->before), canvas_cols(a->before));
	bool good = true;

	app_top(a)->ops->draw(app_top(a), c);
	for (int row = 0; row < canvas_rows(c) && !app_top(a)->ops->bare; row++)
		for (int col = 0; col < canvas_cols(c); col++)
			if ((row < BODY_TOP || row >= screen_bottom(c)) &&
				canvas_row(c, row)[col].cp != ' ') {
				fprintf(stderr, "the body goes into row %d\n", row);
				good = false;
				break;
			}
	canvas_free(c);
	return good;
}

static bool look_at(const struct road *r, const struct inside_options *o, bool golden)
{
	struct hall copy;
	struct inside *in;
	char why[256] = "";
	bool good;

	roads_copy(&roads_home, &copy);
	in = inside_open(&copy, o);
	roads_go(in, r);
	good = inside_same(in, why, sizeof(why));
	good = all_safe(in) && good;
	good = has_ways_out(in) && good;
	good = stays_in_its_body(in) && good;
	if (golden && !((r->what & ROAD_TELLS) &&
			      (is_mono(o) || o->type != types[0] || o->locale != charsets[0])))
		good = as_it_was(in, r, o) && good;
	if (!good)
		fprintf(stderr, "^ %s on %s, %s, %s, %dx%d. %s\n", r->name, o->type, o->locale,
			*o->language ? "English" : "Chinese", o->cols, o->rows, why);
	inside_close(in);
	return good;
}

/* In a process of its own, as all of them. */
static bool look_at_one(const char *name, const struct inside_options *o)
{
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	for (size_t i = 0; child == 0 && i < roads_count; i++)
		if (strcmp(name, roads[i].name) == 0)
			_exit(look_at(&roads[i], o, true) ? 0 : 1);
	if (child == 0)
		_exit(2); /* no such road */
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* In a process of its own: a charset and a language are a process's. */
static bool look_at_all(const struct inside_options *o, bool golden)
{
	const char *only = getenv("ROAD");
	pid_t child;
	int status, bad = 0;

	if (golden && getenv("YIMEN_UPDATE_GOLDEN") &&
		(o->locale != charsets[0] || (o->type != types[0] && o->type != types[1])))
		return true; /* nothing to write from */
	fflush(stdout);
	child = fork();
	if (child == 0) {
		for (size_t i = 0; i < roads_count; i++)
			if (!only || strcmp(only, roads[i].name) == 0)
				bad += !look_at(&roads[i], o, golden);
		_exit(bad ? 1 : 0);
	}
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static void screens_are_as_they_were(void **state)
{
	bool good = true;

	(void)state;
	for (size_t t = 0; t < sizeof(types) / sizeof(*types); t++)
		for (size_t c = 0; c < sizeof(charsets) / sizeof(*charsets); c++)
			for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++)
				for (size_t l = 0; l < sizeof(languages) / sizeof(*languages); l++)
					good = look_at_all(&(struct inside_options){types[t],
								   charsets[c], languages[l],
								   sizes[s][0], sizes[s][1],
								   .chance = 2},
						       true) &&
					       good;
	assert_true(good);
}

/* What a clerk works with, in the smallest window there is: nothing is lost there unseen. */
static void small_screens_are_as_they_were(void **state)
{
	static const char *const names[] = {"sign-in", "today", "find", "guide", "checklist",
		"form", "review", "review-same", "review-changed", "receipt", "cases", "case",
		"acts", "act", "outbox", "queue", "counts", "day-end", "help"};
	bool good = true;

	(void)state;
	for (size_t l = 0; l < sizeof(languages) / sizeof(*languages); l++)
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
			good = look_at_one(names[i], &(struct inside_options){types[0], charsets[0],
							     languages[l], 16, 60, .chance = 2}) &&
			       good;
	assert_true(good);
}

/* The whole of what an act does stands below the list, the longest of them too. */
static bool explains_in(const char *language, int cols, int rows)
{
	bool good = true;

	setenv("LANGUAGE", language, 1);
	for (int i = CMD_NONE + 1; i < CMD__MAX; i++) {
		struct buf text = {0};
		struct pager p;
		buf_printf(&text, "(%s) %s", tr("这一屏现在不能"),
			tr(command_info((enum command)i)->help));
		pager_init(&p, cols - 4);
		pager_add(&p, 0, ROLE_TEXT, buf_str(&text));
		if (p.count > (size_t)rows) {
			fprintf(stderr, "%d columns, %zu rows: %s\n", cols, p.count,
				buf_str(&text));
			good = false;
		}
		pager_fini(&p);
		buf_fini(&text);
	}
	return good;
}

static void nobody(void *arg, bool yes)
{
	(void)arg;
	(void)yes;
}

static void nothing(void *arg, const char *text)
{
	(void)arg;
	(void)text;
}

static bool any_row_has(struct inside *in, int rows, const char *text)
{
	for (int row = 0; row < rows; row++)
		if (strstr(term_row(inside_term(in), row), text))
			return true;
	return false;
}

/* What is asked is read whole before it is answered, however narrow the window. */
static void no_question_is_cut(void **state)
{
	static const int windows[][2] = {{16, 60}, {24, 80}};
	static const char asked[] = "首先甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥甲乙丙丁戊己庚"
				    "辛壬癸子丑寅卯辰巳午未申酉戌亥, 真的这样办到底?";

	(void)state;
	for (size_t i = 0; i < sizeof(windows) / sizeof(*windows); i++) {
		int rows = windows[i][0];
		struct inside_options o = {
			"xterm-256color", "C.UTF-8", "", rows, windows[i][1], .chance = 2};
		struct hall copy;
		struct inside *in;

		roads_copy(&roads_home, &copy);
		in = inside_open(&copy, &o);
		app_ask(inside_app(in), asked, nobody, NULL);
		roads_go(in, &(struct road){"asked", "", 0});
		assert_true(any_row_has(in, rows, " 首先甲"));
		assert_true(any_row_has(in, rows, "办到底?"));
		assert_non_null(strstr(term_row(inside_term(in), rows - 3), " 1 是  2 否"));
		roads_go(in, &(struct road){"no", "<Esc>", 0});
		app_prompt(inside_app(in), asked, "", nothing, NULL);
		roads_go(in, &(struct road){"prompted", "答", 0});
		assert_true(any_row_has(in, rows, " 首先甲"));
		assert_true(any_row_has(in, rows, "办到底?"));
		assert_non_null(strstr(term_row(inside_term(in), rows - 3), " 答"));
		inside_close(in);
	}
}

/* In a process of its own: a language is a process's. */
static void every_act_is_explained_whole(void **state)
{
	static const char *const marks[] = {"下一页", "Space, PgDn"};

	(void)state;
	for (size_t l = 0; l < sizeof(languages) / sizeof(*languages); l++) {
		struct inside_options o = {
			"xterm-256color", "C.UTF-8", languages[l], 24, 80, .chance = 2};
		struct hall copy;
		pid_t child;
		int status;
		fflush(stdout);
		child = fork();
		if (child == 0) {
			roads_copy(&roads_home, &copy);
			inside_close(inside_open(&copy, &o));
			_exit(explains_in(languages[l], 80, 2) &&
						explains_in(languages[l], 60, 3) &&
						strstr(tr(command_info(CMD_PAGE)->help), marks[l])
					? 0
					: 1);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
}

/* The smallest window that is worked in, and each theme: what is shown is what is meant. */
static void themes_and_small_windows(void **state)
{
	(void)state;
	for (int theme = 0; theme < THEME__MAX; theme++) {
		struct inside_options small = {"xterm-256color", "C.UTF-8", theme % 2 ? "en" : "",
			16, 60, (enum theme)theme, .chance = 2};
		struct inside_options usual = {"putty", "C.UTF-8", "", 24, 80, (enum theme)theme,
			.slow = true, .chance = 2};
		assert_true(look_at_all(&small, false));
		assert_true(look_at_all(&usual, false));
	}
}

/* NO_COLOR on a terminal with colours looks as a terminal without. */
static void no_colour_is_no_colour(void **state)
{
	struct inside_options with = {"xterm-256color", "C.UTF-8", "", 24, 80, .chance = 2};
	struct hall copy;
	struct inside *in;

	(void)state;
	setenv("NO_COLOR", "1", 1);
	for (int theme = 0; theme < THEME__MAX; theme++) {
		with.theme = (enum theme)theme;
		roads_copy(&roads_home, &copy);
		in = inside_open(&copy, &with);
		roads_go(in, &(struct road){"find", "残疾", 0});
		for (int row = 0; row < 24; row++)
			for (int col = 0; col < 80; col++) {
				struct term_cell cell = term_cell(inside_term(in), row, col);
				assert_int_equal(cell.fg, -1);
				assert_int_equal(cell.bg, -1);
			}
		inside_close(in);
	}
	unsetenv("NO_COLOR");
}

static enum theme theme_now(struct inside *in)
{
	char why[256] = "";

	if (!inside_same(in, why, sizeof(why)))
		fail_msg("theme %d: %s", (int)terminal_theme(inside_app(in)->terminal), why);
	return terminal_theme(inside_app(in)->terminal);
}

/* By the palette, in turn; what is on the terminal is what the theme says, and it is kept. */
static void themes_change_in_the_program(void **state)
{
	static const struct road change = {"theme", ":theme<Enter>", 0};
	struct inside_options o = {"xterm-256color", "C.UTF-8", "", 24, 80, .chance = 2};
	struct hall copy;
	struct inside *in;

	(void)state;
	roads_copy(&roads_home, &copy);
	in = inside_open(&copy, &o);
	roads_go(in, &(struct road){"", "", 0});
	assert_int_equal(theme_now(in), THEME_DEFAULT);
	for (int i = 1; i <= THEME__MAX + 1; i++) {
		roads_go(in, &change);
		assert_int_equal(theme_now(in), i % THEME__MAX);
		assert_true(term_has(inside_term(in), "配色"));
	}
	inside_close(in);
	in = inside_open(&copy, &o);
	roads_go(in, &(struct road){"", "", 0});
	assert_int_equal(theme_now(in), THEME_CONTRAST);
	inside_close(in);
	o.theme = THEME_MONO; /* a setting comes before what was chosen, and colours can follow */
	o.theme_set = true;
	in = inside_open(&copy, &o);
	roads_go(in, &(struct road){"", "", 0});
	assert_int_equal(theme_now(in), THEME_MONO);
	roads_go(in, &change);
	assert_int_equal(theme_now(in), THEME_DEFAULT);
	inside_close(in);
	o.type = "vt100"; /* there is nothing to choose */
	in = inside_open(&copy, &o);
	roads_go(in, &change);
	assert_int_equal(theme_now(in), THEME_MONO);
	assert_true(term_has(inside_term(in), "只有单色"));
	inside_close(in);
}

static void one_sentence(const char *type, const char *locale, const char *want)
{
	struct term *t = hall_open(&roads_home, type, locale, "en", 24, 80);

	term_wait(t, want);
	assert_int_equal(term_wait_exit(t), 3);
	term_stop(t);
}

static void refuses_in_one_sentence(void **state)
{
	(void)state;
	one_sentence("dumb", "C.UTF-8", "cannot move its cursor");
	one_sentence("no-such-terminal", "C.UTF-8", "is not known");
	one_sentence("vt100", "C", "has no Chinese");
	one_sentence("dumb", "C", "has no Chinese");
}

static void small_windows(void **state)
{
	struct term *t = hall_open(&roads_home, "xterm-256color", "C.UTF-8", "", 24, 80);

	(void)state;
	hall_sign_in(t, "要您处理");
	term_resize(t, 12, 50);
	term_wait(t, "现为 50x12");
	term_resize(t, 24, 80);
	term_wait(t, "要您处理");
	term_resize(t, 20, 70);
	term_wait(t, "没办完的");
	term_wait(t, "窗口小 70x20");
	term_resize(t, 16, 60);
	term_wait(t, "窗口小 60x16");
	term_wait(t, "4 待发  ");
	term_resize(t, 43, 132);
	term_wait(t, "没办完的");
	term_stop(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(screens_are_as_they_were),
		cmocka_unit_test(small_screens_are_as_they_were),
		cmocka_unit_test(no_question_is_cut),
		cmocka_unit_test(every_act_is_explained_whole),
		cmocka_unit_test(themes_and_small_windows),
		cmocka_unit_test(themes_change_in_the_program),
		cmocka_unit_test(no_colour_is_no_colour),
		cmocka_unit_test(refuses_in_one_sentence),
		cmocka_unit_test(small_windows),
	};

	return cmocka_run_group_tests(tests, roads_setup, roads_teardown);
}
