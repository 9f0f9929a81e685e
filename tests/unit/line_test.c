/* One line of text being typed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "core/base/text.h"
#include "tui/canvas.h"
#include "tui/widget_line.h"

static enum line_result press(struct line *l, enum key_code code)
{
	return line_key(l, &(struct key){.code = code});
}

static enum line_result control(struct line *l, char ch)
{
	return line_key(l, &(struct key){.code = K_CTRL, .ch = (uint32_t)ch});
}

static void type(struct line *l, const char *text)
{
	size_t len = strlen(text);

	for (size_t at = 0; at < len;) {
		struct key k = {.code = K_CHAR};
		at += text_decode(text + at, len - at, &k.ch);
		k.plain = k.ch;
		line_key(l, &k);
	}
}

static void types_and_erases(void **state)
{
	struct line l = {0};

	(void)state;
	type(&l, "人民路18号");
	assert_string_equal(line_text(&l), "人民路18号");
	assert_int_equal(press(&l, K_BACKSPACE), LINE_CHANGED);
	assert_string_equal(line_text(&l), "人民路18");
	press(&l, K_HOME);
	assert_int_equal(press(&l, K_DELETE), LINE_CHANGED);
	assert_string_equal(line_text(&l), "民路18");
	press(&l, K_RIGHT);
	type(&l, "主");
	assert_string_equal(line_text(&l), "民主路18");
	assert_int_equal(line_cursor_cps(&l), 2);
	line_fini(&l);
}

static void what_has_no_room_is_counted(void **state)
{
	struct line l = {.max_cps = 3};

	(void)state;
	assert_int_equal(
		line_key(&l, &(struct key){.code = K_PASTE, .text = "人民路18号"}), LINE_CHANGED);
	assert_string_equal(line_text(&l), "人民路");
	assert_int_equal(l.lost, 3);
	type(&l, "东");
	assert_int_equal(l.lost, 1);
	press(&l, K_BACKSPACE);
	assert_int_equal(l.lost, 0);
	type(&l, "东");
	assert_int_equal(l.lost, 0);
	line_fini(&l);
}

static void ends_are_walls(void **state)
{
	struct line l = {0};

	(void)state;
	assert_int_equal(press(&l, K_LEFT), LINE_IGNORED);
	assert_int_equal(press(&l, K_RIGHT), LINE_IGNORED);
	assert_int_equal(press(&l, K_BACKSPACE), LINE_MOVED);
	assert_int_equal(press(&l, K_DELETE), LINE_MOVED);
	assert_int_equal(press(&l, K_UP), LINE_IGNORED);
	assert_int_equal(press(&l, K_ENTER), LINE_IGNORED);
	assert_string_equal(line_text(&l), "");
	line_fini(&l);
}

/* What was cleared is never put in again by a key that means something else elsewhere. */
static void clears_for_good(void **state)
{
	struct line l = {0};

	(void)state;
	type(&l, "陈晓燕");
	assert_int_equal(control(&l, 'u'), LINE_CHANGED);
	assert_string_equal(line_text(&l), "");
	assert_int_equal(control(&l, 'u'), LINE_MOVED); /* nothing to clear */
	assert_int_equal(control(&l, 'y'), LINE_IGNORED);
	assert_string_equal(line_text(&l), "");
	assert_int_equal(control(&l, 'w'), LINE_IGNORED);
	line_fini(&l);
}

static void pastes_in_half_width(void **state)
{
	struct line l = {0};

	(void)state;
	assert_int_equal(
		line_key(&l, &(struct key){.code = K_PASTE, .text = "４４０１０６ｘ，东路"}),
		LINE_CHANGED);
	assert_string_equal(line_text(&l), "440106x，东路"); /* signs stay as they are */
	line_fini(&l);
}

static void stops_at_its_length(void **state)
{
	struct line l = {.max_cps = 3};

	(void)state;
	type(&l, "一二三四");
	assert_string_equal(line_text(&l), "一二三");
	line_key(&l, &(struct key){.code = K_PASTE, .text = "五"});
	assert_string_equal(line_text(&l), "一二三");
	line_fini(&l);
}

/* A letter with its mark is one step. */
static void moves_by_whole_characters(void **state)
{
	struct line l = {0};

	(void)state;
	type(&l, "ae\xcc\x81z");
	press(&l, K_LEFT);
	press(&l, K_BACKSPACE);
	assert_string_equal(line_text(&l), "az");
	line_fini(&l);
}

static void cursor_follows_columns(void **state)
{
	struct canvas *c = canvas_new(2, 40);
	struct line l = {0};
	int row, col;

	(void)state;
	type(&l, "中a文");
	line_draw(&l, c, 0, 5, 20, ROLE_FIELD, true);
	canvas_cursor_at(c, &row, &col);
	assert_int_equal(col, 5 + 5);
	press(&l, K_LEFT);
	line_draw(&l, c, 0, 5, 20, ROLE_FIELD, true);
	canvas_cursor_at(c, &row, &col);
	assert_int_equal(col, 5 + 3);
	line_set(&l, "……");
	line_draw(&l, c, 0, 5, 20, ROLE_FIELD, true); /* drawn as six dots */
	canvas_cursor_at(c, &row, &col);
	assert_int_equal(col, 5 + 6);
	line_fini(&l);
	canvas_free(c);
}

static void scrolls_to_the_cursor(void **state)
{
	struct canvas *c = canvas_new(2, 40);
	struct line l = {0};
	int row, col;

	(void)state;
	type(&l, "示范市示范区人民路十八号之一二楼");
	line_draw(&l, c, 0, 2, 10, ROLE_FIELD, true);
	canvas_cursor_at(c, &row, &col);
	assert_true(col >= 2 && col < 12);
	press(&l, K_HOME);
	line_draw(&l, c, 0, 2, 10, ROLE_FIELD, true);
	canvas_cursor_at(c, &row, &col);
	assert_int_equal(col, 2);
	assert_int_equal(canvas_row(c, 0)[2].cp, 0x793a);
	assert_int_equal(canvas_row(c, 0)[12].role, ROLE_TEXT); /* nothing outside its columns */
	line_fini(&l);
	canvas_free(c);
}

static void secrets_are_asterisks(void **state)
{
	struct canvas *c = canvas_new(2, 20);
	struct line l = {.secret = true};

	(void)state;
	type(&l, "密码a");
	line_draw(&l, c, 0, 0, 10, ROLE_FIELD, true);
	assert_int_equal(canvas_row(c, 0)[0].cp, '*');
	assert_int_equal(canvas_row(c, 0)[2].cp, '*');
	assert_int_equal(canvas_row(c, 0)[3].cp, ' ');
	line_fini(&l);
	canvas_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_and_erases),
		cmocka_unit_test(what_has_no_room_is_counted),
		cmocka_unit_test(ends_are_walls),
		cmocka_unit_test(clears_for_good),
		cmocka_unit_test(pastes_in_half_width),
		cmocka_unit_test(stops_at_its_length),
		cmocka_unit_test(moves_by_whole_characters),
		cmocka_unit_test(cursor_follows_columns),
		cmocka_unit_test(scrolls_to_the_cursor),
		cmocka_unit_test(secrets_are_asterisks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
