/*
 * Keys of a whole application in the demo hall, on the real screens: first of somebody who is here
 * for the first time, then of the same person for another matter. What only the visitor knows (the
 * matter in his words, his name, which papers he has brought, the answers nobody could look up) is
 * put apart from the keys that the program asks for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/text.h"
#include "tests/screens/term.h"

enum {
	LIMIT = 15,
	/* The same two roads in version 0.1, counted there key by key: who came again was typed in
	 * whole, name, number and telephone. */
	FIRST_TIME_BEFORE = 16,
	COMES_AGAIN_BEFORE = 46
};

struct stroke {
	const char *facts; /* typed because the visitor says or shows it */
	const char *keys;  /* and what the program wants besides */
	const char *then;  /* stands on the screen when they have been taken */
};

static const struct stroke first_time[] = {
	{"高龄津贴", "", "共 3 项"},
	{"", "<Enter>", "1概要"},
	{"", "<Enter>", "老年人多大年纪"},
	{"1", "", "80至89周岁"},
	{"", "<Enter>", "> 是不是由别人代办"},
	{"2", "", "* 否"},
	{"", "<C-g>", "核对材料 /"},
	{"1", "", "已收 1"},
	{"3", "", "已收 2"},
	{"4", "", "已收 3"},
	{"", "<Enter>", "> 姓名"},
	{"陈老例", "<Enter>", "> 身份证号码"},
	{"371323194003070017", "<Enter>", "1940-03-07"},
	{"13800000000", "<Enter>", "> 乡镇(街道)"},
	{"1", "", "沂城街道  "},
	{"", "<Enter>", "> 村(社区)和门牌"},
	{"示范村18号", "<Enter>", "> 开户银行"},
	{"示范银行", "<Enter>", "> 银行卡号"},
	{"6217001608053082", "<Enter>", "再输一遍"},
	{"6217001608053082", "<Enter>", "> 已当面确认"},
	{"", " ", "[x]"},
	{"", "<C-g>", "请申请人当面确认"},
	{"", "y", "> y"},
	{"", "<Enter>", "今日受理 1"},
};

static const struct stroke comes_again[] = {
	{"", "<Enter>", "没有草稿"}, /* the next visitor: not of this application */
	{"老年人优待", "", "共 2 项"},
	{"", "<Enter>", "1概要"},
	{"", "<Enter>", "是不是由别人代办"},
	{"2", "", "* 否"},
	{"", "<C-g>", "核对材料 /"},
	{"1", "", "已收 1"},
	{"2", "", "已收 2"},
	{"", "<Enter>", "> 姓名"},
	{"", "<C-a>", "查办事人"},
	{"cll", "", "> 1 陈老例"},
	{"", "<Enter>", "2 栏有上次填的"},
	{"", "<C-f>", "> 紧急联系人"},
	{"陈小例", "<Enter>", "> 联系人手机"},
	{"13900000000", "<C-n>", "> 已当面确认"},
	{"", " ", "[x]"},
	{"", "<C-g>", "请申请人当面确认"},
	{"", "y", "> y"},
	{"", "<Enter>", "今日受理 2"},
};

/* <Enter> is one key. */
static size_t count_keys(const char *keys)
{
	size_t count = 0;

	for (const char *at = keys; *at != '\0'; count++) {
		const char *end = *at == '<' ? strchr(at, '>') : NULL;
		at = end != NULL ? end + 1 : at + text_next(at, strlen(at), 0);
	}
	return count;
}

static size_t apply(struct term *t, const struct stroke *strokes, size_t count, size_t *facts)
{
	size_t keys = 0;

	*facts = 0;
	for (size_t i = 0; i < count; i++) {
		if (strokes[i].facts[0] != '\0') {
			term_keys(t, strokes[i].facts);
			term_rest(t, 50); /* quicker would be a scanner */
		}
		term_keys(t, strokes[i].keys);
		term_wait(t, strokes[i].then);
		term_rest(t, 50);
		*facts += text_len_cps(strokes[i].facts);
		keys += count_keys(strokes[i].keys);
	}
	return keys;
}

static void keys_of_an_application(void **state)
{
	const char *build = getenv("BUILD");
	char program[256];
	const char *argv[] = {program, "demo", "--no-office", NULL};
	const struct term_options o = {24, 80, "xterm-256color", "C.UTF-8", "", NULL};
	size_t facts, keys, both;
	struct term *t;

	(void)state;
	snprintf(program, sizeof program, "%s/yimen", build != NULL ? build : "build");
	t = term_start(argv, &o);
	term_wait(t, "1今日");
	keys = apply(t, first_time, sizeof first_time / sizeof first_time[0], &facts);
	printf("  %-44s %3zu beside %zu of facts   version 0.1: %d\n",
		"keys: somebody's first application", keys, facts, FIRST_TIME_BEFORE);
	both = keys;
	keys = apply(t, comes_again, sizeof comes_again / sizeof comes_again[0], &facts) - 1;
	printf("  %-44s %3zu beside %zu of facts   version 0.1: %d, limit %d\n",
		"keys: who comes again, another matter", keys, facts, COMES_AGAIN_BEFORE, LIMIT);
	both += keys;
	printf("  %-44s %5.1f                  version 0.1: %.1f\n", "keys: the median of these",
		(double)both / 2, (FIRST_TIME_BEFORE + COMES_AGAIN_BEFORE) / 2.0);
	term_stop(t);
	assert_true(keys <= LIMIT);
	assert_true(both < FIRST_TIME_BEFORE + COMES_AGAIN_BEFORE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(keys_of_an_application)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
