/* Whole screens, cell by cell, on the terminals and in the languages that windows have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/screens/hall.h"

static const struct look {
	const char *name, *type, *locale, *language, *today, *window, *find, *guide, *help;
	int rows, cols;
} looks[] = {
	{"zh-80x24", "xterm-256color", "C.UTF-8", "", "要您处理", "窗  口", "残疾人证换领", "概要",
		"遮屏", 24, 80},
	{"zh-132x43", "xterm-256color", "C.UTF-8", "", "要您处理", "窗  口", "残疾人证换领", "概要",
		"遮屏", 43, 132},
	{"en-80x24", "xterm-256color", "C.UTF-8", "en", "Wants you", "Window", "残疾人证换领",
		"Summary", "Blank", 24, 80},
	{"vt100-80x24", "vt100", "C.UTF-8", "", "要您处理", "窗  口", "残疾人证换领", "概要",
		"遮屏", 24, 80},
	{"gb18030-80x24", "xterm-256color", "zh_CN.GB18030", "", "要您处理", "窗  口",
		"残疾人证换领", "概要", "遮屏", 24, 80},
};

static void golden(struct term *t, const struct look *k, const char *screen)
{
	char name[128];

	snprintf(name, sizeof(name), "%s-%s.txt", screen, k->name);
	term_golden(t, name);
}

static void look_at(const struct look *k)
{
	struct hall hall;
	struct term *t;

	hall_make(&hall); /* one each: what one leaves behind is no other's today */
	t = hall_open(&hall, k->type, k->locale, k->language, k->rows, k->cols);

	term_wait(t, k->window);
	golden(t, k, "sign-in");
	hall_sign_in(t, k->today);
	golden(t, k, "today");
	term_keys(t, "残疾");
	term_wait(t, k->find);
	golden(t, k, "find");
	term_keys(t, "<Enter>");
	term_wait(t, k->guide);
	golden(t, k, "guide");
	term_keys(t, "?");
	term_wait(t, k->help);
	golden(t, k, "help");
	term_keys(t, "<Esc>");
	term_wait(t, k->guide);
	term_keys(t, "<Enter>");
	term_wait(t, "[ ]");
	term_keys(t, "1");
	term_wait(t, "[x]");
	golden(t, k, "checklist");
	term_keys(t, "<Enter>");
	term_wait(t, "1");
	term_keys(
		t, "陈晓燕<Enter>1<Enter>110101199003070011<Enter>13800138000<Enter>3月7日<Enter>");
	term_wait(t, "!");
	golden(t, k, "form");
	term_keys(t, "<Up><C-u><C-g>");
	term_wait(t, "138****8000");
	golden(t, k, "review");
	term_stop(t);
	hall_drop(&hall);
}

static void screens_are_as_they_were(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(looks) / sizeof(*looks); i++)
		look_at(&looks[i]);
}

/* The same cells whatever the charset of the line is. */
static void charset_changes_nothing(void **state)
{
	(void)state;
	char a[1 << 16], b[1 << 16];
	static const char *const screens[] = {"today", "find", "guide", "help"};

	for (size_t i = 0; i < sizeof(screens) / sizeof(*screens); i++) {
		char path[128];
		FILE *f, *g;
		size_t n, m;
		snprintf(path, sizeof(path), "tests/screens/golden/%s-zh-80x24.txt", screens[i]);
		f = fopen(path, "r");
		snprintf(path, sizeof(path), "tests/screens/golden/%s-gb18030-80x24.txt",
			screens[i]);
		g = fopen(path, "r");
		assert_true(f && g);
		n = fread(a, 1, sizeof(a), f);
		m = fread(b, 1, sizeof(b), g);
		fclose(f);
		fclose(g);
		assert_int_equal(n, m);
		assert_memory_equal(a, b, n);
	}
}

static struct hall hall;

static void one_sentence(const char *type, const char *locale, const char *want)
{
	struct term *t = hall_open(&hall, type, locale, "en", 24, 80);

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
}

static void small_windows(void **state)
{
	struct term *t = hall_open(&hall, "xterm-256color", "C.UTF-8", "", 24, 80);

	(void)state;
	hall_sign_in(t, "要您处理");
	term_resize(t, 12, 50);
	term_wait(t, "现为 50x12");
	term_resize(t, 24, 80);
	term_wait(t, "要您处理");
	term_resize(t, 20, 70);
	term_wait(t, "没办完的");
	term_resize(t, 43, 132);
	term_wait(t, "没办完的");
	term_stop(t);
}

static int make(void **state)
{
	(void)state;
	hall_make(&hall);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	hall_drop(&hall);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(screens_are_as_they_were),
		cmocka_unit_test(charset_changes_nothing),
		cmocka_unit_test(refuses_in_one_sentence),
		cmocka_unit_test(small_windows),
	};

	return cmocka_run_group_tests(tests, make, drop);
}
