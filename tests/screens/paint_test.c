/*
 * Painting alone: canvases at random, one after the other, on each kind of terminal. After every
 * paint the terminal shows cell by cell what the canvas has. The edges are favoured: the last
 * columns, the last row, wide characters that end there, rows that were reversed before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screens/inside.h"
#include "tui/app_private.h"
#include "tui/big_text.h"
#include "tui/canvas.h"

enum {
	PAINTS = 1500, /* on each; PAINTS=n for more */
	ROWS = 24,
	COLS = 80
};

static const struct {
	const char *type, *locale;
	enum theme theme;
} terminals[] = {
	{"xterm-256color", "C.UTF-8", THEME_DEFAULT},
	{"xterm-256color", "C.UTF-8", THEME_MONO},
	{"putty", "C.UTF-8", THEME_DEFAULT},
	{"putty", "zh_CN.GB18030", THEME_MONO},
	{"vt100", "C.UTF-8", THEME_DEFAULT},
	{"vt220", "zh_CN.GB18030", THEME_DEFAULT},
	{"linux", "C.UTF-8", THEME_CONTRAST},
	{"screen", "C.UTF-8", THEME_DEFAULT},
	{"tmux-256color", "C.UTF-8", THEME_MONO},
};

static uint64_t state64 = 1;

static int below(int n)
{
	uint64_t z = (state64 += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (int)((z ^ (z >> 31)) % (uint64_t)n);
}

/* Up to the edge of a row one time in two, and it is the last row one time in three. */
static void put_something(struct canvas *c)
{
	static const char *const parts[] = {
		"一", "门", "a", "7", " ", "  ", "残疾人证", "Esc", "-"};
	int row = below(3) == 0 ? ROWS - 1 : below(ROWS), cols = 0, want = 1 + below(40), col;
	char text[256] = "";

	while (cols < want && strlen(text) < sizeof(text) - 16) {
		const char *part = parts[below(sizeof(parts) / sizeof(*parts))];
		strcat(text, part);
		cols += (unsigned char)*part < 0x80 ? (int)strlen(part) : (int)strlen(part) / 3 * 2;
	}
	col = below(2) == 0 ? COLS - cols - below(2) : below(COLS);
	canvas_put(c, row, col < 0 ? 0 : col, COLS, (enum role)below(ROLE__MAX), text);
}

/* Rows from `top` up to `end` take what stood `by` rows further down (up, when negative). */
static void move_rows(struct canvas *c, int top, int end, int by)
{
	struct canvas *was = canvas_new(ROWS, COLS);

	canvas_copy_part(was, 0, c, 0, ROWS, 0);
	for (int row = top; row < end; row++)
		if (row + by >= top && row + by < end)
			canvas_copy_part(c, row, was, row + by, 1, 0);
	canvas_free(was);
}

static void change(struct canvas *c)
{
	int row = below(3) == 0 ? ROWS - 1 : below(ROWS);

	switch (below(12)) {
	case 10:
	case 11: { /* over what stands there, or alone in its rows */
		int top = below(ROWS);
		if (below(2) == 0)
			for (int r = top; r < top + BIG_TEXT_ROWS; r++)
				canvas_fill(c, r, 0, COLS, ROLE_TEXT);
		big_text_draw(
			c, top, below(20), "L26-0KW", 7, 1 + below(2), (enum role)below(ROLE__MAX));
		break;
	}
	case 8:
		move_rows(c, below(6), ROWS - 1 - below(6), below(13) - 6);
		break;
	case 9:
		for (int r = 2; r < ROWS - 3; r++)
			canvas_put(c, r, 2, 70, ROLE_TEXT, "7 残疾人证新办   残联   10 日   免费");
		break;
	case 0:
		canvas_clear(c);
		break;
	case 1:
		canvas_fill(c, row, 0, COLS, (enum role)below(ROLE__MAX));
		break;
	case 2:
		canvas_role(c, row, below(COLS), below(COLS), (enum role)below(ROLE__MAX));
		break;
	case 3:
		canvas_fill(c, row, below(COLS), below(COLS), (enum role)below(ROLE__MAX));
		break;
	default:
		put_something(c);
	}
	canvas_cursor(c, below(ROWS), below(COLS));
}

static int paints(void)
{
	const char *set = getenv("PAINTS");

	return set && *set ? atoi(set) : PAINTS;
}

/* The program stands still; only its terminal is used. */
static bool paint_all(struct hall *h, size_t k)
{
	struct inside_options o = {terminals[k].type, terminals[k].locale, "", ROWS, COLS,
		terminals[k].theme, .chance = 1, .theme_set = true};
	struct inside *in = inside_open(h, &o);
	struct app *a = inside_app(in);
	char what[256];
	bool same = true;

	a->quit = true;
	for (int i = 0; i < paints() && same; i++) {
		for (int n = 1 + below(4); n > 0; n--)
			change(a->before);
		if (below(40) == 0)
			terminal_forget(a->terminal);
		terminal_paint(a->terminal, a->before);
		while (term_turn(inside_term(in)))
			continue;
		same = inside_same(in, what, sizeof(what));
		if (!same)
			fprintf(stderr, "%s %s, paint %d: %s\n", o.type, o.locale, i, what);
	}
	inside_close(in);
	return same;
}

/* A process has one terminal: each kind in a child. */
static void in_each_terminal(struct hall *h, bool (*does)(struct hall *h, size_t k))
{
	bool same = true;

	for (size_t k = 0; k < sizeof(terminals) / sizeof(*terminals); k++) {
		int status;
		pid_t child = fork();
		if (child == 0)
			_exit(does(h, k) ? 0 : 1);
		assert_true(child > 0 && waitpid(child, &status, 0) == child);
		same &= status == 0;
	}
	assert_true(same);
}

static void any_canvas_is_painted_right(void **state)
{
	in_each_terminal(*state, paint_all);
}

/* A list of eighteen rows, the first nine numbered where they stand, turned by half. */
static void draw_list(struct canvas *c, int first, int marked)
{
	canvas_clear(c);
	for (int i = 0; i < 18; i++) {
		char text[128];
		snprintf(text, sizeof(text),
			"%d %c 事项名称甲乙丙丁戊己庚辛 %d 号, 残疾人联合会 %d 日", first + i,
			'A' + (first + i) % 26, (first + i) * 7919, first + i);
		canvas_put(c, 3 + i, 3, 70, ROLE_TEXT, text);
		if (i < 9)
			canvas_put(c, 3 + i, 1, 1, ROLE_TEXT, (char[]){(char)('1' + i), 0});
		if (i == marked)
			canvas_role(c, 3 + i, 1, 50, ROLE_SELECTED);
	}
	canvas_cursor(c, 3 + marked, 0);
}

static size_t bytes_of_list(struct inside *in, int first, int marked)
{
	struct app *a = inside_app(in);

	draw_list(a->before, first, marked);
	term_bytes(inside_term(in));
	terminal_paint(a->terminal, a->before);
	while (term_turn(inside_term(in)))
		continue;
	assert_true(inside_same(in, NULL, 0));
	return term_bytes(inside_term(in));
}

/* What stays on the terminal is moved there: each row that comes is paid, the others are not. */
static void moved_rows_are_not_drawn_anew(void **state)
{
	for (size_t k = 0; k < sizeof(terminals) / sizeof(*terminals); k++) {
		int status;
		pid_t child = fork();
		if (child == 0) {
			struct inside_options o = {terminals[k].type, terminals[k].locale, "", ROWS,
				COLS, terminals[k].theme, .chance = 1, .theme_set = true};
			struct inside *in = inside_open(*state, &o);
			size_t whole, down, up;
			inside_app(in)->quit = true;
			whole = bytes_of_list(in, 100, 17);
			down = bytes_of_list(in, 109, 9);
			bytes_of_list(in, 109, 0);
			up = bytes_of_list(in, 100, 8);
			if (down > whole * 3 / 4 || up > whole * 3 / 4)
				fprintf(stderr, "%s: %zu, then %zu down, %zu up\n", o.type, whole,
					down, up);
			inside_close(in);
			_exit(down > whole * 3 / 4 || up > whole * 3 / 4);
		}
		assert_true(child > 0 && waitpid(child, &status, 0) == child);
		assert_int_equal(status, 0);
	}
}

/* A row with one word, then one with a label and a text: characters inserted within a wide one
 * would push what stood there to where nobody wipes it. */
static bool labels_after_words(struct hall *h, size_t k)
{
	static const char *const words[] = {"需要。", "需要", "a需要。", "标准", "要"};
	struct inside_options o = {terminals[k].type, terminals[k].locale, "", ROWS, COLS,
		terminals[k].theme, .chance = 1, .theme_set = true};
	struct inside *in = inside_open(h, &o);
	struct app *a = inside_app(in);
	char what[256];
	bool same = true;

	a->quit = true;
	for (int i = 0; i < 5 * 4 * 8 && same; i++) {
		for (int pass = 0; pass < 2; pass++) {
			canvas_clear(a->before);
			if (pass == 0) {
				canvas_put(a->before, 5, i / 5 % 4, 10, ROLE_TEXT, words[i % 5]);
			} else {
				canvas_put(a->before, 5, 1 + i / 20, 10, ROLE_LABEL, "标准");
				canvas_put(a->before, 5, 15, 30, ROLE_TEXT, "近期白底彩色照片。");
			}
			terminal_paint(a->terminal, a->before);
			while (term_turn(inside_term(in)))
				continue;
			same = same && inside_same(in, what, sizeof(what));
		}
	}
	if (!same)
		fprintf(stderr, "%s %s: %s\n", o.type, o.locale, what);
	inside_close(in);
	return same;
}

static void a_wide_character_is_not_pushed_away(void **state)
{
	in_each_terminal(*state, labels_after_words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			any_canvas_is_painted_right, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			a_wide_character_is_not_pushed_away, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(
			moved_rows_are_not_drawn_anew, hall_setup, hall_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
