/* The canvas: columns are exact whatever is put, and only drawable characters reach it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/text.h"
#include "tui/canvas.h"
#include "tui/frame.h"
#include "tui/glyph.h"

/* A row as text; the right half of a wide character adds nothing. */
static const char *row_text(const struct canvas *c, int row, char *out)
{
	size_t n = 0;

	for (int i = 0; i < canvas_cols(c); i++) {
		const struct cell *cell = &canvas_row(c, row)[i];
		if (cell->cols > 0)
			n += text_encode(cell->cp, out + n);
	}
	out[n] = '\0';
	return out;
}

static void puts_and_clips(void **state)
{
	struct canvas *c = canvas_new(3, 10);
	char out[128];

	(void)state;
	assert_int_equal(canvas_put(c, 0, 0, 10, ROLE_TEXT, "中文abc"), 7);
	assert_string_equal(row_text(c, 0, out), "中文abc   ");
	assert_int_equal(
		canvas_put(c, 1, 7, 10, ROLE_TEXT, "中文"), 2); /* half a character is none */
	assert_string_equal(row_text(c, 1, out), "       中 ");
	assert_int_equal(canvas_put(c, 0, 0, 3, ROLE_TEXT, "一二"), 2);
	assert_int_equal(canvas_put(c, -1, 0, 3, ROLE_TEXT, "x"), 0);
	assert_int_equal(canvas_put(c, 3, 0, 3, ROLE_TEXT, "x"), 0);
	assert_int_equal(canvas_put(c, 0, -1, 1, ROLE_TEXT, "x"), 1); /* left of the screen */
	assert_string_equal(row_text(c, 0, out), "一文abc   ");
	assert_int_equal(canvas_put(c, 0, 12, 3, ROLE_TEXT, "x"), 0);
	canvas_free(c);
}

static void left_of_the_screen_and_outside_of_the_clip(void **state)
{
	struct canvas *c = canvas_new(3, 8);
	char out[128];

	(void)state;
	canvas_put(c, 0, -4, 12, ROLE_TEXT, "一二三abc");
	assert_string_equal(row_text(c, 0, out), "三abc   ");
	canvas_put(c, 1, -1, 12, ROLE_TEXT, "一二"); /* half of one is none */
	assert_string_equal(row_text(c, 1, out), " 二     ");
	canvas_clip(c, 1, 2);
	canvas_put(c, 0, 0, 8, ROLE_TEXT, "x");
	canvas_fill(c, 2, 0, 8, ROLE_STATUS);
	canvas_rule(c, 2, 0, 8);
	canvas_role(c, 0, 0, 8, ROLE_ERROR);
	canvas_put(c, 1, 0, 8, ROLE_TEXT, "y");
	assert_string_equal(row_text(c, 0, out), "三abc   ");
	assert_string_equal(row_text(c, 1, out), "y二     ");
	assert_string_equal(row_text(c, 2, out), "        ");
	assert_int_equal(canvas_row(c, 0)[0].role, ROLE_TEXT);
	assert_int_equal(canvas_row(c, 2)[0].role, ROLE_TEXT);
	canvas_clear(c);
	canvas_put(c, 0, 0, 8, ROLE_TEXT, "x");
	assert_string_equal(row_text(c, 0, out), "x       ");
	canvas_free(c);
}

static void last_cell_stays_empty(void **state)
{
	struct canvas *c = canvas_new(2, 6);
	char out[64];

	(void)state;
	canvas_fill(c, 1, 0, 6, ROLE_STATUS);
	canvas_put(c, 1, 0, 6, ROLE_STATUS, "abcdef");
	assert_string_equal(row_text(c, 1, out), "abcde ");
	assert_int_equal(canvas_row(c, 1)[5].role, ROLE_TEXT);
	canvas_put(c, 1, 0, 6, ROLE_STATUS, "一二三");
	assert_string_equal(row_text(c, 1, out), "一二e ");
	canvas_free(c);
}

/* A wide character would end there: it is left out, and what stands at the right moves. */
static void nothing_wide_before_the_last_cell(void **state)
{
	struct canvas *c = canvas_new(2, 7);
	char out[64];

	(void)state;
	canvas_put(c, 1, 0, 7, ROLE_TEXT, "一二三");
	assert_string_equal(row_text(c, 1, out), "一二   ");
	canvas_clear(c);
	assert_int_equal(canvas_right(c, 1, 0, 6, ROLE_TEXT, "二三"), 1);
	assert_string_equal(row_text(c, 1, out), " 二三  ");
	canvas_clear(c);
	assert_int_equal(canvas_right(c, 1, 0, 6, ROLE_TEXT, "二a"), 3);
	assert_string_equal(row_text(c, 1, out), "   二a ");
	assert_int_equal(canvas_right(c, 0, 0, 7, ROLE_TEXT, "二三"), 3);
	assert_string_equal(row_text(c, 0, out), "   二三");
	canvas_free(c);
}

/* Overwriting half of a wide character leaves no orphan. */
static void no_half_characters(void **state)
{
	struct canvas *c = canvas_new(1, 12);
	char out[64];

	(void)state;
	canvas_put(c, 0, 0, 10, ROLE_TEXT, "一二三");
	canvas_put(c, 0, 1, 1, ROLE_TEXT, "x");
	assert_string_equal(row_text(c, 0, out), " x二三      ");
	canvas_put(c, 0, 2, 1, ROLE_TEXT, "y");
	assert_string_equal(row_text(c, 0, out), " xy 三      ");
	canvas_put(c, 0, 3, 2, ROLE_TEXT, "四");
	assert_string_equal(row_text(c, 0, out), " xy四       ");
	canvas_free(c);
}

static void pads_exactly(void **state)
{
	struct canvas *c = canvas_new(1, 12);
	char out[64];

	(void)state;
	canvas_put(c, 0, 0, 12, ROLE_TEXT, "xxxxxxxxxxxx");
	canvas_pad(c, 0, 1, 7, ROLE_TEXT, "一二三四");
	assert_string_equal(row_text(c, 0, out), "x一二...xxx ");
	canvas_pad(c, 0, 1, 6, ROLE_TEXT, "一");
	assert_string_equal(row_text(c, 0, out), "x一    .xxx ");
	canvas_free(c);
}

static void right_aligned(void **state)
{
	struct canvas *c = canvas_new(2, 12);
	char out[64];

	(void)state;
	assert_int_equal(canvas_right(c, 0, 0, 11, ROLE_TEXT, "三件"), 7);
	assert_string_equal(row_text(c, 0, out), "       三件 ");
	assert_int_equal(canvas_right(c, 0, 5, 11, ROLE_TEXT, "一二三四五"), 5);
	canvas_free(c);
}

static void replaced(const char *text, const char *want)
{
	struct buf b = {0};

	glyph_text(&b, text, strlen(text));
	assert_string_equal(buf_str(&b), want);
	buf_fini(&b);
}

static void replaces_what_has_two_widths(void **state)
{
	(void)state;
	replaced("“一门”……", "〝一门〞......");
	replaced("欧阳·建国", "欧阳-建国");
	replaced("①②⑳", "(1)(2)(20)");
	replaced("甲—乙→丙", "甲－乙->丙");
	replaced("Ⅳ级 ≤3 ×2", "IV级 <=3 x2");
	replaced("\033[31m\a甲\x7f乙", " [31m 甲 乙");
	replaced("\xff\xfe", "??");
	replaced("e\xcc\x81", "e");
	replaced("\xf0\x9f\x98\x80", "〓");		  /* an emoji */
	replaced("\xf0\xa0\xae\xb7", "\xf0\xa0\xae\xb7"); /* a rare character of a name */
	replaced("한", "〓");
	replaced("Jos\xc3\xa9 Mu\xc3\xb1oz, \xc5\x81ukasz", "Jose Munoz, Lukasz");
	replaced("\xe2\xbc\xa9\xe6\x98\x8e", "小明"); /* a radical, as copied from a PDF */
	replaced("\xef\xbd\xb6", "カ");
	replaced("", "");
}

/* Clusters that terminals draw in one, two, four or eight cells: always two. */
static void replaces_clusters(void **state)
{
	static const char family[] =
		"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7";
	static const char flag[] = "\xf0\x9f\x87\xa8\xf0\x9f\x87\xb3";
	static const char hand[] = "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd"; /* with a tone of skin */
	struct buf b = {0};

	(void)state;
	replaced(family, "〓");
	replaced(flag, "〓");
	replaced(hand, "〓");
	buf_printf(&b, "陈%s%s%s燕", family, flag, flag);
	replaced(buf_str(&b), "陈〓〓〓燕");
	assert_int_equal(glyph_cols(buf_str(&b)), 10);
	buf_fini(&b);
	replaced("1\xef\xb8\x8f\xe2\x83\xa3", "1");		      /* a keycap */
	replaced("\xe8\x91\x9b\xf3\xa0\x84\x80\xe6\x9c\xa8", "葛木"); /* a variant of 葛 */
	replaced("\xe4\xb8\x80\xcc\x84二", "一二");
	replaced("a\xcc\x8a\xcc\x81\xcc\xa7"
		 "b",
		"ab");
	replaced("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "〓"); /* a syllable in parts */
	replaced("\xe2\x80\x8d甲\xe2\x80\x8d\xef\xb8\x8f", "甲");
	replaced("\xf0\x9f\x87\xa8甲", "〓甲"); /* half a flag */
}

/* Every code point comes out as ASCII or as characters two cells wide. */
static void nothing_of_other_width(void **state)
{
	(void)state;
	for (uint32_t cp = 1; cp < 0x30000; cp++) {
		struct buf b = {0};
		char s[4];
		if (cp >= 0xd800 && cp < 0xe000)
			continue;
		size_t n = text_encode(cp, s);
		glyph_text(&b, s, n);
		for (size_t at = 0; at < b.len;) {
			uint32_t out;
			at += text_decode(b.data + at, b.len - at, &out);
			if (out >= 0x7f && text_cp_cols(out) != 2)
				fail_msg("U+%04X comes out as U+%04X", cp, out);
			if (out < 0x20)
				fail_msg("U+%04X comes out as a control character", cp);
		}
		buf_fini(&b);
	}
}

static void half_width_twins(void **state)
{
	(void)state;
	assert_int_equal(glyph_half(0xff1f), '?');
	assert_int_equal(glyph_half(0xff11), '1');
	assert_int_equal(glyph_half(0xff59), 'y');
	assert_int_equal(glyph_half(0x3000), ' ');
	assert_int_equal(glyph_half(0x3001), '/');
	assert_int_equal(glyph_half(0x4e00), 0x4e00);
}

/* What is said is read whole: over the body's end, never over the row that is worked in. */
static void a_long_message_takes_rows_of_the_body(void **state)
{
	char text[400] = "";
	struct canvas *c = canvas_new(24, 80);

	(void)state;
	assert_int_equal(frame_message_top(c, "short", ""), 21);
	memset(text, 'x', 79);
	canvas_cursor(c, 5, 3);
	assert_int_equal(frame_message_top(c, text, ""), 20);
	canvas_cursor(c, 20, 3);
	assert_int_equal(frame_message_top(c, text, ""), 21);
	memset(text, 'x', 399);
	assert_int_equal(frame_message_top(c, text, ""), 21);
	canvas_cursor(c, 19, 3);
	assert_int_equal(frame_message_top(c, text, ""), 20);
	canvas_cursor(c, 5, 3);
	assert_int_equal(frame_message_top(c, text, ""), 19);
	assert_int_equal(frame_message_top(c, "", "1 yes  2 no"), 21);
	assert_int_equal(frame_message_top(c, "short", "1 yes  2 no"), 20);
	assert_int_equal(frame_message_top(c, "two\nlines", ""), 20);
	assert_int_equal(frame_message_top(c, text, "1 yes  2 no"), 19);
	canvas_resize(c, 16, 60);
	canvas_cursor(c, 5, 3);
	assert_int_equal(frame_message_top(c, "short", ""), 13);
	text[59] = '\0';
	assert_int_equal(frame_message_top(c, text, ""), 12);
	canvas_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(puts_and_clips),
		cmocka_unit_test(left_of_the_screen_and_outside_of_the_clip),
		cmocka_unit_test(last_cell_stays_empty),
		cmocka_unit_test(nothing_wide_before_the_last_cell),
		cmocka_unit_test(no_half_characters),
		cmocka_unit_test(pads_exactly),
		cmocka_unit_test(right_aligned),
		cmocka_unit_test(replaces_what_has_two_widths),
		cmocka_unit_test(replaces_clusters),
		cmocka_unit_test(nothing_of_other_width),
		cmocka_unit_test(half_width_twins),
		cmocka_unit_test(a_long_message_takes_rows_of_the_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
