/* Bytes of the keyboard to keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <string.h>

#include "tui/decode.h"
#include "tui/keys.h"

static struct key next(struct decoder *d, bool quiet)
{
	struct key k = {.code = K_NONE};

	if (!decoder_next(d, quiet, &k))
		k.code = K_NONE;
	return k;
}

static void feed(struct decoder *d, const char *bytes, int64_t at_ms)
{
	decoder_feed(d, bytes, strlen(bytes), at_ms);
}

static void plain_and_control_keys(void **state)
{
	struct decoder *d = decoder_new();
	struct key k;

	(void)state;
	feed(d, "a\r\t\x7f\x07？", 0);
	k = next(d, false);
	assert_int_equal(k.code, K_CHAR);
	assert_int_equal(k.ch, 'a');
	assert_int_equal(next(d, false).code, K_ENTER);
	assert_int_equal(next(d, false).code, K_TAB);
	assert_int_equal(next(d, false).code, K_BACKSPACE);
	k = next(d, false);
	assert_int_equal(k.code, K_CTRL);
	assert_int_equal(k.ch, 'g');
	k = next(d, false);
	assert_int_equal(k.ch, 0xff1f);
	assert_int_equal(k.plain, '?');
	assert_int_equal(next(d, false).code, K_NONE);
	decoder_free(d);
}

/* A slow arrow key is not an Esc, and an Esc alone is one once the line is quiet. */
static void escape_waits_without_blocking(void **state)
{
	struct decoder *d = decoder_new();

	(void)state;
	feed(d, "\033", 0);
	assert_int_equal(next(d, false).code, K_NONE);
	assert_true(decoder_pending(d));
	feed(d, "[", 40);
	assert_int_equal(next(d, false).code, K_NONE);
	feed(d, "A", 80);
	assert_int_equal(next(d, false).code, K_UP);
	assert_false(decoder_pending(d));
	feed(d, "\033", 100);
	assert_int_equal(next(d, true).code, K_ESC);
	decoder_free(d);
}

static void escape_then_digit(void **state)
{
	struct decoder *d = decoder_new();
	struct key k;

	(void)state;
	feed(d, "\0333", 0);
	k = next(d, false);
	assert_int_equal(k.code, K_ALT);
	assert_int_equal(k.ch, '3');
	feed(d, "\033\033", 0);
	assert_int_equal(next(d, false).code, K_ESC);
	assert_int_equal(next(d, true).code, K_ESC);
	feed(d, "\033\r", 0);
	assert_int_equal(next(d, false).code, K_ESC);
	assert_int_equal(next(d, false).code, K_ENTER);
	decoder_free(d);
}

static void knows_many_terminals(void **state)
{
	static const struct {
		const char *bytes;
		enum key_code code;
		uint32_t ch;
	} cases[] = {{"\033OB", K_DOWN, 0}, {"\033[B", K_DOWN, 0}, {"\033[5~", K_PGUP, 0},
		{"\033[1;5C", K_RIGHT, 0}, {"\033[Z", K_BACKTAB, 0}, {"\033[[B", K_F, 2},
		{"\033OQ", K_F, 2}, {"\033[12~", K_F, 2}, {"\033[3~", K_DELETE, 0}};
	struct decoder *d = decoder_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct key k;
		feed(d, cases[i].bytes, 0);
		k = next(d, false);
		assert_int_equal(k.code, cases[i].code);
		assert_int_equal(k.ch, cases[i].ch);
	}
	decoder_bind(d, "\033Ox", K_HOME, 0);
	feed(d, "\033Ox", 0);
	assert_int_equal(next(d, false).code, K_HOME);
	feed(d, "\033[99;1u", 0); /* unknown: swallowed whole */
	assert_int_equal(next(d, false).code, K_NONE);
	assert_false(decoder_pending(d));
	decoder_free(d);
}

static void paste_is_one_event(void **state)
{
	struct decoder *d = decoder_new();
	struct key k;

	(void)state;
	feed(d, "\033[200~440106\r\n1990\x01\x07", 0);
	assert_int_equal(next(d, false).code, K_NONE);
	feed(d, "陈\033[20", 10);
	assert_int_equal(next(d, false).code, K_NONE);
	feed(d, "1~x", 20);
	k = next(d, false);
	assert_int_equal(k.code, K_PASTE);
	assert_string_equal(k.text, "440106 1990陈");
	assert_int_equal(next(d, false).ch, 'x');
	decoder_free(d);
}

static void scanner_is_told_from_hands(void **state)
{
	struct decoder *d = decoder_new();
	struct key k = {0};

	(void)state;
	feed(d, "6901\r", 1000);
	for (int i = 0; i < 4; i++)
		k = next(d, false);
	assert_int_equal(k.run, 3);
	assert_int_equal(next(d, false).run, 4); /* its Enter, too */
	feed(d, "y", 1001);
	assert_int_equal(next(d, false).run, 0);
	feed(d, "y", 2000);
	assert_int_equal(next(d, false).run, 0);
	feed(d, "y", 2029);
	assert_int_equal(next(d, false).run, 1);
	decoder_free(d);
}

/* What stands behind a character is told with it; a line's end is one, whatever it is made of. */
static void a_readers_line_is_known_from_its_first(void **state)
{
	struct decoder *d = decoder_new();
	struct key k;

	(void)state;
	feed(d, "6901234\r\n", 1000);
	k = next(d, false);
	assert_int_equal(k.run, 0);
	assert_int_equal(k.ahead, 6);
	for (int i = 0; i < 6; i++)
		k = next(d, false);
	assert_int_equal(k.ahead, 0);
	k = next(d, false);
	assert_int_equal(k.code, K_ENTER);
	assert_int_equal(k.run, 7);
	assert_int_equal(next(d, false).code, K_NONE); /* one end of it */
	feed(d, "138\t\r\r", 2000); /* a Tab and its Enter are one end, too; the next is another */
	for (int i = 0; i < 3; i++)
		k = next(d, false);
	assert_int_equal(next(d, false).code, K_TAB);
	k = next(d, false);
	assert_int_equal(k.code, K_ENTER);
	assert_int_equal(k.run, 0);
	assert_int_equal(k.burst, 5);
	assert_true(key_ends_scan(&k));
	assert_int_equal(next(d, false).code, K_NONE);
	feed(d, "6901\t\r\n", 2500);
	for (int i = 0; i < 4; i++)
		k = next(d, false);
	assert_int_equal(next(d, false).code, K_TAB);
	assert_int_equal(next(d, false).code, K_NONE);
	feed(d, "\t\r", 2700); /* a hand's, on a line that stood */
	assert_int_equal(next(d, false).code, K_TAB);
	k = next(d, false);
	assert_int_equal(k.code, K_ENTER);
	assert_false(key_ends_scan(&k));
	feed(d, "残疾人证新办", 3000);
	assert_int_equal(next(d, false).ahead, 0); /* composed by an input method */
	decoder_free(d);
}

static void an_arrow_that_is_torn_apart(void **state)
{
	static const char *const tails[] = {"[B", "OA", "[5~", "[1;5C"};

	(void)state;
	for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++) {
		struct decoder *d = decoder_new();
		feed(d, "\033", 0);
		assert_int_equal(next(d, true).code, K_ESC);
		assert_false(decoder_torn(d));
		feed(d, tails[i], 200);
		assert_int_equal(next(d, false).code, K_NONE);
		assert_true(decoder_torn(d));
		feed(d, tails[i], 250); /* without an Esc before it, it is what was typed */
		assert_int_equal(next(d, false).code, K_CHAR);
		decoder_free(d);
	}
}

/* Much later, with more behind it, or of no key: it is text. */
static void what_is_no_tail(void **state)
{
	static const struct {
		const char *text;
		int64_t at_ms;
	} typed[] = {{"[B", 1200}, {"[Bx", 100}, {"[", 100}, {"OK", 100}, {"B", 100}};

	(void)state;
	for (size_t i = 0; i < sizeof(typed) / sizeof(*typed); i++) {
		struct decoder *d = decoder_new();
		feed(d, "\033", 0);
		assert_int_equal(next(d, true).code, K_ESC);
		feed(d, typed[i].text, typed[i].at_ms);
		assert_int_equal(next(d, true).code, K_CHAR);
		assert_false(decoder_torn(d));
		decoder_free(d);
	}
}

/* The mark of its end never came: the keyboard is not lost with it. */
static void a_paste_without_end(void **state)
{
	struct decoder *d = decoder_new();
	struct key k;

	(void)state;
	feed(d, "\033[200~陈晓", 1000);
	assert_int_equal(next(d, true).code, K_NONE);
	feed(d, "燕", 3900); /* a slow line */
	assert_int_equal(next(d, true).code, K_NONE);
	feed(d, "\rx", 7000);
	k = next(d, false);
	assert_int_equal(k.code, K_PASTE);
	assert_string_equal(k.text, "陈晓燕");
	assert_int_equal(next(d, false).code, K_ENTER);
	assert_int_equal(next(d, false).ch, 'x');
	decoder_free(d);
}

static void report_of_the_cursor(void **state)
{
	struct decoder *d = decoder_new();
	struct key k;

	(void)state;
	feed(d, "\033[24;80R", 312);
	k = next(d, false);
	assert_int_equal(k.code, K_REPORT);
	assert_int_equal(k.ch, 24);
	assert_int_equal(k.plain, 80);
	assert_int_equal(k.at_ms, 312); /* the round trip is reckoned from it */
	decoder_free(d);
}

static void split_characters(void **state)
{
	struct decoder *d = decoder_new();

	(void)state;
	feed(d, "\xe4\xb8", 0);
	assert_int_equal(next(d, false).code, K_NONE);
	feed(d,
		"\xad\xff"
		"b",
		1);
	assert_int_equal(next(d, false).ch, 0x4e2d);
	assert_int_equal(next(d, false).ch, 'b'); /* the broken byte is gone */
	decoder_free(d);
}

/* Any bytes at all: it never hangs and always comes to an end. */
static void hostile_bytes(void **state)
{
	struct decoder *d = decoder_new();
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		char bytes[16];
		struct key k;
		for (size_t i = 0; i < sizeof(bytes); i++) {
			seed = seed * 1664525u + 1013904223u;
			bytes[i] = (char)((seed >> 24) % 4 == 0 ? 033 : seed >> 16);
		}
		decoder_feed(d, bytes, sizeof(bytes), round);
		while (decoder_next(d, round % 2 == 0, &k))
			assert_in_range(k.code, K_CHAR, K__MAX - 1);
	}
	decoder_free(d);
}

/* ---- the table of commands ---- */

static void every_command_is_described(void **state)
{
	(void)state;
	for (int c = CMD_NONE + 1; c < CMD__MAX; c++) {
		const struct command_info *info = command_info((enum command)c);
		assert_non_null(info->word);
		assert_true(*info->word && *info->name && *info->help && *info->initials);
		for (int other = c + 1; other < CMD__MAX; other++)
			assert_string_not_equal(
				info->word, command_info((enum command)other)->word);
	}
}

/* No act needs a letter or a function key alone: the palette reaches it, and its own keys, if it
 * has any, hold one that is neither. */
static void no_act_needs_a_letter(void **state)
{
	(void)state;
	for (int c = CMD_NONE + 1; c < CMD__MAX; c++) {
		const struct command_key *keys = command_info((enum command)c)->keys;
		bool any = false, free_key = false;
		for (int i = 0; i < 5 && keys[i].code != K_NONE; i++) {
			any = true;
			free_key |=
				keys[i].code != K_F &&
				!(keys[i].code == K_CHAR && keys[i].ch >= 'A' && keys[i].ch <= 'z');
		}
		if (any && !free_key)
			fail_msg("%s needs a letter or a function key",
				command_info((enum command)c)->word);
	}
}

static void finds_the_command_of_a_key(void **state)
{
	static const enum command among[] = {CMD_OPEN, CMD_HELP, CMD_TICK};
	struct key question = {.code = K_CHAR, .ch = 0xff1f, .plain = '?'};
	struct key x = {.code = K_CHAR, .ch = 'x', .plain = 'x'};

	(void)state;
	assert_int_equal(command_of_key(&question, among, 3, TYPING_NONE), CMD_HELP);
	assert_int_equal(command_of_key(&question, among, 3, TYPING_WORDS), CMD_HELP);
	assert_int_equal(command_of_key(&question, among, 3, TYPING_TEXT), CMD_NONE);
	assert_int_equal(command_of_key(&x, among, 3, TYPING_NONE), CMD_TICK);
	assert_int_equal(command_of_key(&x, among, 3, TYPING_WORDS), CMD_NONE);
	assert_int_not_equal(command_match(CMD_GO_FIND, "csx"), MATCH_NONE);
	assert_int_not_equal(command_match(CMD_GO_FIND, "事项"), MATCH_NONE);
	assert_int_not_equal(command_match(CMD_GO_FIND, "go-f"), MATCH_NONE);
	assert_int_equal(command_match(CMD_GO_FIND, "待发"), MATCH_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_and_control_keys),
		cmocka_unit_test(escape_waits_without_blocking),
		cmocka_unit_test(escape_then_digit),
		cmocka_unit_test(knows_many_terminals),
		cmocka_unit_test(paste_is_one_event),
		cmocka_unit_test(scanner_is_told_from_hands),
		cmocka_unit_test(a_readers_line_is_known_from_its_first),
		cmocka_unit_test(an_arrow_that_is_torn_apart),
		cmocka_unit_test(what_is_no_tail),
		cmocka_unit_test(a_paste_without_end),
		cmocka_unit_test(report_of_the_cursor),
		cmocka_unit_test(split_characters),
		cmocka_unit_test(hostile_bytes),
		cmocka_unit_test(every_command_is_described),
		cmocka_unit_test(no_act_needs_a_letter),
		cmocka_unit_test(finds_the_command_of_a_key),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
