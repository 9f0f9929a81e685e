/*
 * The one table of keys, held against every screen: a key is one act there, the acts that are
 * everywhere keep their keys everywhere, nothing needs a letter or a function key, and every screen
 * is reached from every other and left again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "tests/screens/roads.h"
#include "tui/app_private.h"
#include "tui/screen.h"

static const enum command everywhere[] = {CMD_HELP, CMD_PALETTE, CMD_BACK, CMD_QUIT, CMD_REDRAW,
	CMD_BLANK, CMD_UNMASK, CMD_BROWSE, CMD_GO_TODAY, CMD_GO_FIND, CMD_GO_CASES, CMD_GO_OUTBOX,
	CMD_GO_COUNTS, CMD_GO_CHANGES, CMD_GO_NOTICES};

static bool share_a_key(enum command a, enum command b)
{
	const struct command_key *x = command_info(a)->keys, *y = command_info(b)->keys;

	for (int i = 0; i < 5 && x[i].code != K_NONE; i++)
		for (int j = 0; j < 5 && y[j].code != K_NONE; j++)
			if (x[i].code == y[j].code && x[i].ch == y[j].ch)
				return true;
	return false;
}

static void what_is_everywhere_keeps_its_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(everywhere) / sizeof(*everywhere); i++)
		for (int c = CMD_NONE + 1; c < CMD__MAX; c++)
			if (everywhere[i] != (enum command)c &&
				share_a_key(everywhere[i], (enum command)c))
				fail_msg("%s has a key of %s", command_info((enum command)c)->word,
					command_info(everywhere[i])->word);
}

/* Input methods swallow letters, terminals take function keys: each is one of several ways. */
static void no_act_needs_a_letter_or_a_function_key(void **state)
{
	(void)state;
	for (int c = CMD_NONE + 1; c < CMD__MAX; c++) {
		const struct command_info *info = command_info((enum command)c);
		bool other = info->keys[0].code == K_NONE; /* the palette, or movement */
		for (int i = 0; i < 5 && info->keys[i].code != K_NONE; i++)
			other = other ||
				(info->keys[i].code != K_F &&
					!(info->keys[i].code == K_CHAR && info->keys[i].ch >= 'a'));
		if (!other)
			fail_msg("%s has no key but a letter or a function key", info->word);
		assert_true(*info->name && *info->word && *info->help);
		assert_int_not_equal(command_match((enum command)c, info->name), MATCH_NONE);
		assert_int_not_equal(command_match((enum command)c, info->initials), MATCH_NONE);
	}
}

static void by_pinyin_too(void **state)
{
	(void)state;
	assert_int_not_equal(command_match(CMD_EXPORT, "daochu"), MATCH_NONE);
	assert_int_not_equal(command_match(CMD_EXPORT, "dcdf"), MATCH_NONE);
	assert_int_not_equal(command_match(CMD_SLIP_PRINT, "DAYIN"), MATCH_NONE);
	assert_int_not_equal(command_match(CMD_RETRY, "chongshi"), MATCH_NONE);
	assert_int_not_equal(command_match(CMD_BLANK, "遮"), MATCH_NONE);
	assert_int_equal(command_match(CMD_BLANK, "daochu"), MATCH_NONE);
	/* 暂存 is meant, not 规则存疑: its letters begin so, they do not stand inside. */
	assert_int_equal(command_match(CMD_PARK, "zc"), MATCH_BEGINS);
	assert_int_equal(command_match(CMD_DOUBT, "zc"), MATCH_INSIDE);
	assert_int_equal(command_match(CMD_PARK, ""), MATCH_INSIDE);
}

static const struct inside_options usual = {
	"xterm-256color", "C.UTF-8", "", 24, 80, THEME_DEFAULT, false, false, .chance = 2};

/* Two acts of one key at the same time: only the first would ever be done. */
static void a_key_is_one_act(void **state)
{
	(void)state;
	for (size_t r = 0; r < roads_count; r++) {
		struct hall copy;
		enum command c[COMMANDS_MAX];
		struct inside *in;
		size_t n;
		roads_copy(&roads_home, &copy);
		in = inside_open(&copy, &usual);
		roads_go(in, &roads[r]);
		n = app_commands(inside_app(in), app_top(inside_app(in)), c);
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j < i; j++)
				if (share_a_key(c[i], c[j]))
					fail_msg("%s: one key is %s and %s", roads[r].name,
						command_info(c[i])->word, command_info(c[j])->word);
		inside_close(in);
	}
}

static char *title_now(struct inside *in)
{
	struct screen *s = app_top(inside_app(in));
	struct buf b = {0};

	s->ops->title(s, &b);
	return buf_take(&b);
}

/* As from wherever one is: what is asked is answered no, a turned screen is turned back, then
 * Alt-1.
 */
static void go_home(struct inside *in)
{
	static const struct road home = {"home", "<Esc><M-1>", 0};

	if (inside_app(in)->question || app_top(inside_app(in))->ops->bare)
		roads_go(in, &home);
	else
		roads_go(in, &(struct road){"home", "<M-1>", 0});
}

static bool can_be_left(const struct road *r)
{
	return strcmp(r->name, "sign-in") != 0 && !(r->what & ROAD_ONCE);
}

/* WALK=all for all pairs; else each third. */
static void every_screen_from_every_other(void **state)
{
	size_t step = getenv("WALK") ? 1 : 7, walked = 0;
	struct hall copy;
	struct inside *in;

	(void)state;
	roads_copy(&roads_home, &copy);
	in = inside_open(&copy, &usual);
	for (size_t a = 0; a < roads_count; a++)
		for (size_t b = a % step; b < roads_count; b += step) {
			char *first, *again;
			if (!can_be_left(&roads[a]) || !can_be_left(&roads[b]))
				continue;
			roads_go(in, &roads[a]);
			first = title_now(in);
			go_home(in);
			roads_go(in, &roads[b]);
			go_home(in);
			roads_go(in, &roads[a]);
			again = title_now(in);
			if (strcmp(first, again) != 0)
				print_error("%s, after %s:\n", roads[a].name, roads[b].name);
			assert_string_equal(first, again);
			free(first);
			free(again);
			for (int i = 0; i < 16 && inside_app(in)->depth > 1; i++)
				roads_go(in, &(struct road){"back", "<Esc>", 0});
			assert_int_equal(inside_app(in)->depth, 1);
			go_home(in);
			assert_true(inside_same(in, NULL, 0));
			walked++;
		}
	inside_close(in);
	print_message("%zu ways and back\n", walked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_everywhere_keeps_its_keys),
		cmocka_unit_test(no_act_needs_a_letter_or_a_function_key),
		cmocka_unit_test(by_pinyin_too),
		cmocka_unit_test(a_key_is_one_act),
		cmocka_unit_test(every_screen_from_every_other),
	};

	return cmocka_run_group_tests(tests, roads_setup, roads_teardown);
}
