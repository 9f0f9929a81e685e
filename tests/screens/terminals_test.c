/*
 * The whole road, from the search to the receipt, on each terminal a window has; and with every
 * letter and digit replaced by what a Chinese input method makes of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screens/roads.h"
#include "tests/screens/term.h"
#include "tui/app_private.h"
#include "tui/session.h"

static const char *const types[] = {
	"xterm", "xterm-256color", "vt100", "vt220", "putty", "linux", "screen", "tmux-256color"};
static const char *const charsets[] = {"C.UTF-8", "zh_CN.GB18030"};

/* Composed text only: full-width digits and signs, 是 for yes; no letter, no half-width digit. */
static const struct road composed = {"composed",
	"残疾人证新<Enter><Enter>１２<Enter>"
	"陈晓燕<Enter>１<Enter>１１０１０１１９９００３０７００１１<Enter>１３８００１３８０００<Enter>"
	"<Down>示范村１８号<Enter><C-g><Enter>是<Enter>",
	0};

static bool went(struct inside *in, const char *type, const char *charset)
{
	char why[256] = "";
	bool good = inside_app(in)->session->today == 2 && term_has(inside_term(in), "已提交");

	good = inside_same(in, why, sizeof(why)) && good;
	if (!good) {
		fprintf(stderr, "%s in %s: %s\n", type, charset, why);
		for (int row = 0; row < 24; row++)
			fprintf(stderr, "%3d|%s\n", row, term_row(inside_term(in), row));
	}
	return good;
}

/* In a process of its own, in a copy of the hall. */
static bool travel(const char *type, const char *charset, bool slow, const struct road *r)
{
	struct inside_options o = {
		type, charset, "", 24, 80, THEME_DEFAULT, slow, false, .chance = 4};
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct hall copy;
		struct inside *in;
		bool good;
		roads_copy(&roads_home, &copy);
		in = inside_open(&copy, &o);
		if (r)
			roads_go(in, r);
		else
			roads_submit(in, "陈晓燕");
		good = went(in, type, charset);
		inside_close(in);
		_exit(good ? 0 : 1);
	}
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static void the_road_on_each_terminal(void **state)
{
	bool good = true;

	(void)state;
	for (size_t t = 0; t < sizeof(types) / sizeof(*types); t++)
		for (size_t c = 0; c < 2; c++)
			good = travel(types[t], charsets[c], t % 2 == 0, NULL) && good;
	assert_true(good);
}

static void the_road_with_an_input_method_on(void **state)
{
	(void)state;
	assert_true(travel("xterm-256color", "C.UTF-8", false, &composed));
	assert_true(travel("vt100", "zh_CN.GB18030", true, &composed));
}

/* What is typed faster than a paused line takes it is all there, and drawn once. */
static void nothing_typed_is_swallowed(void **state)
{
	struct term *t = hall_open(*state, "xterm-256color", "C.UTF-8", "", 24, 80);
	size_t bytes;

	hall_sign_in(t, "要您处理");
	hall_to_the_form(t);
	term_rest(t, 200);
	kill(term_pid(t), SIGSTOP); /* as long as the line is stopped */
	for (int i = 0; i < 12; i++)
		term_keys(t, "陈");
	term_bytes(t);
	kill(term_pid(t), SIGCONT);
	term_wait(t, "陈陈陈陈陈陈陈陈陈陈陈陈");
	term_rest(t, 200);
	bytes = term_bytes(t);
	assert_true(bytes < 2600); /* the frame after the pause, not twelve */
	term_keys(t, "<Enter><Up>");
	term_wait(t, "陈陈陈陈陈陈陈陈陈陈陈陈");
	term_stop(t);
}

/* What a command is told at such a terminal, and what it says there. */
static void commands_speak_the_charset(void **state)
{
	char program[256], locales[512], here[256];
	const char *build = getenv("BUILD"), *const env[] = {locales, NULL};
	const char *const argv[] = {
		program, "validate", "id-card", "\xCD\xF5\xCA\xBE\xB7\xB6", NULL};
	const struct term_options o = {24, 80, "vt100", "zh_CN.GB18030", "", env};
	struct term *t;

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	if (!build)
		build = "build";
	snprintf(program, sizeof(program), "%s/yimen", build);
	snprintf(locales, sizeof(locales), "LOCPATH=%s/%s/locales", here, build);
	t = term_start(argv, &o);
	term_wait(t, "王示范");
	term_wait(t, "身份证号码只有数字");
	term_stop(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_road_on_each_terminal),
		cmocka_unit_test(the_road_with_an_input_method_on),
		cmocka_unit_test(nothing_typed_is_swallowed),
		cmocka_unit_test(commands_speak_the_charset),
	};

	return cmocka_run_group_tests(tests, roads_setup, roads_teardown);
}
