/* Large text: nothing is lost in a small window, whatever is written, and numbers are large where
 * they fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/text.h"
#include "tui/big_text.h"
#include "tui/large_text.h"

static const int sizes[][2] = {{16, 60}, {24, 80}, {30, 100}, {43, 132}};

/* What stands in a row, without blanks. */
static void add_row(const struct canvas *c, int row, struct buf *out)
{
	const struct cell *cells = canvas_row(c, row);

	for (int col = 0; col < canvas_cols(c); col++) {
		char bytes[4];
		if (cells[col].cols > 0 && cells[col].cp != ' ')
			buf_add(out, bytes, text_encode(cells[col].cp, bytes));
	}
}

/* All parts of page 0 in this size, without title and blanks. */
static void read_page(const struct large_text *t, int rows, int cols, struct buf *out)
{
	struct canvas *c = canvas_new(rows, cols);
	size_t parts = large_text_parts(t, 0, rows, cols);

	for (size_t part = 0; part < parts; part++) {
		canvas_clear(c);
		large_text_draw(t, 0, part, c);
		for (int row = 2; row < rows; row++)
			add_row(c, row, out);
		for (int col = 0; col < cols; col++) /* the keys' row */
			assert_int_equal(canvas_row(c, rows - 2)[col].cp, ' ');
	}
	canvas_free(c);
}

static void nothing_is_lost(void **state)
{
	struct large_text t = {0};
	struct buf text = {0}, want = {0}, have = {0};

	(void)state;
	for (int i = 0; i < 40; i++) {
		buf_printf(&text, "%s第%d份材料要原件, 在有效期内。", i ? "\n" : "", i);
		buf_printf(&want, "第%d份材料要原件,在有效期内。", i);
	}
	for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++) {
		large_text_begin(&t, "");
		large_text_add(&t, 0, NULL, buf_str(&text));
		buf_clear(&have);
		read_page(&t, sizes[s][0], sizes[s][1], &have);
		assert_string_equal(buf_str(&have), buf_str(&want));
	}
	large_text_fini(&t);
	buf_fini(&text);
	buf_fini(&want);
	buf_fini(&have);
}

static void spaced_as_people_read(void **state)
{
	struct large_text t = {0};
	struct canvas *c = canvas_new(24, 80);
	const struct cell *cells = NULL;

	(void)state;
	large_text_begin(&t, "残疾人证");
	large_text_add(&t, 0, NULL, "身份证");
	large_text_draw(&t, 0, 0, c);
	for (int row = 2; row < 24 && !cells; row++)
		for (int col = 0; col < 80; col++)
			if (canvas_row(c, row)[col].cp == 0x8eab) /* 身 */
				cells = &canvas_row(c, row)[col];
	assert_non_null(cells);
	assert_int_equal(cells[0].role, ROLE_STRONG);
	assert_int_equal(cells[2].cp, ' ');
	assert_int_equal(cells[3].cp, 0x4efd); /* 份 */
	assert_int_equal(cells[6].cp, 0x8bc1); /* 证 */
	canvas_free(c);
	large_text_fini(&t);
}

/* The digits of a number as they stand, its lines parted by a blank. */
static void read_number(const char *number, int rows, int cols, struct buf *out)
{
	struct large_text t = {0};
	struct canvas *c = canvas_new(rows, cols);

	large_text_begin(&t, "事项");
	large_text_add(&t, 0, number, "收件号");
	large_text_draw(&t, 0, 0, c);
	for (int top = 0; top < rows; top++) {
		char line[160] = "";
		bool any = false;
		for (int col = 0; col < cols; col++)
			any |= canvas_row(c, top)[col].role == ROLE_SELECTED;
		for (int y = 0; any && y < BIG_TEXT_ROWS; y++)
			for (int col = 0; col < cols; col++)
				if (canvas_row(c, top + y)[col].role == ROLE_SELECTED)
					line[col] = (char)canvas_row(c, top + y)[col].cp;
		if (any && out->len > 0)
			buf_addc(out, ' ');
		for (int col = 0; any && col < cols; col++) /* a blank pixel between two */
			if (line[col] && (col == 0 || !line[col - 1] || line[col] != line[col - 1]))
				buf_addc(out, line[col]);
		if (any)
			top += BIG_TEXT_ROWS;
	}
	canvas_free(c);
	large_text_fini(&t);
}

static void a_day_in_a_number_stays_whole(void **state)
{
	static const struct {
		const char *number;
		int rows, cols;
		const char *lines;
	} cases[] = {{"3713232026112400019", 24, 80, "371323 2026112400019"},
		{"3713232026112400019", 43, 80, "371323 2026112400019"},
		{"3713239999999900019", 24, 80, "3713239999999 900019"}, /* no day in it */
		{"L261124-03-0002-AXNZ", 24, 80, "L261124-03- 0002-AXNZ"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf have = {0};
		read_number(cases[i].number, cases[i].rows, cases[i].cols, &have);
		assert_string_equal(buf_str(&have), cases[i].lines);
		buf_fini(&have);
	}
}

/* A number that fits is solid cells, seven rows of them a line; else it is written in words. */
static void numbers_are_large_where_they_fit(void **state)
{
	static const struct {
		const char *number;
		int rows, cols;
		bool large;
	} cases[] = {{"3", 16, 60, true}, {"L261124-03-0002-AXNZ", 24, 80, true},
		{"L261124-03-0002-AXNZ", 43, 132, true}, {"L261124-03-0002-AXNZ", 16, 60, false},
		{"371323199003070003371323199003070003", 24, 80, false}, {"号 12", 24, 80, false}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct large_text t = {0};
		struct canvas *c = canvas_new(cases[i].rows, cases[i].cols);
		int solid = 0;
		struct buf have = {0};
		large_text_begin(&t, "事项");
		large_text_add(&t, 0, cases[i].number, "本地收件号\n陈*燕");
		large_text_draw(&t, 0, 0, c);
		for (int row = 0; row < cases[i].rows; row++)
			for (int col = 0; col < cases[i].cols; col++)
				solid += canvas_row(c, row)[col].role == ROLE_SELECTED;
		assert_int_equal(solid > 0, cases[i].large);
		read_page(&t, cases[i].rows, cases[i].cols, &have);
		assert_non_null(strstr(buf_str(&have), "本地收件号陈*燕"));
		if (!cases[i].large && big_text_can(cases[i].number))
			assert_non_null(strstr(buf_str(&have), cases[i].number));
		buf_fini(&have);
		canvas_free(c);
		large_text_fini(&t);
	}
}

static void every_digit_and_letter_has_its_shape(void **state)
{
	struct canvas *c = canvas_new(BIG_TEXT_ROWS, big_text_char_cols(1));
	struct buf seen[36] = {0};
	const char *all = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	(void)state;
	assert_true(big_text_can(all));
	assert_true(big_text_can("-"));
	assert_false(big_text_can("a"));
	for (size_t i = 0; i < 36; i++) {
		canvas_clear(c);
		big_text_draw(c, 0, 0, all + i, 1, 1, ROLE_SELECTED);
		for (int row = 0; row < BIG_TEXT_ROWS; row++)
			for (int col = 0; col < big_text_char_cols(1); col++)
				buf_addc(&seen[i], canvas_row(c, row)[col].cp == ' ' ? ' ' : '#');
		assert_non_null(strchr(buf_str(&seen[i]), '#'));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(buf_str(&seen[k]), buf_str(&seen[i]));
	}
	for (size_t i = 0; i < 36; i++)
		buf_fini(&seen[i]);
	canvas_free(c);
}

/* Whatever a catalogue holds: no end, no letters, ill-formed bytes, one word of a hundred letters.
 */
static void hostile_text(void **state)
{
	static const char *const texts[] = {"", "\n\n\n", " ", "\xff\xfe\x80", "\xe8\xba",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"\033[2J\a",
		"、、、、、、、、、、、、、、、、、、、、、、、、、、、、、、、、、、、、、、"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		for (int rows = 16; rows < 45; rows += 7)
			for (int cols = 60; cols < 140; cols += 13) {
				struct large_text t = {0};
				struct canvas *c = canvas_new(rows, cols);
				large_text_begin(&t, texts[i]);
				large_text_add(&t, 1, texts[i], texts[i]);
				for (size_t p = 0; p < large_text_parts(&t, 0, rows, cols); p++)
					large_text_draw(&t, 0, p, c);
				large_text_draw(&t, 0, 999, c); /* no such part */
				large_text_draw(&t, 7, 0, c);	/* no such page */
				for (int col = 0; col < cols; col++)
					assert_int_equal(canvas_row(c, rows - 2)[col].cp, ' ');
				canvas_free(c);
				large_text_fini(&t);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_lost),
		cmocka_unit_test(spaced_as_people_read),
		cmocka_unit_test(numbers_are_large_where_they_fit),
		cmocka_unit_test(a_day_in_a_number_stays_whole),
		cmocka_unit_test(every_digit_and_letter_has_its_shape),
		cmocka_unit_test(hostile_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
