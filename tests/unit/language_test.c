/* Which language whoever asks wants, however they write it; each thread keeps to its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <pthread.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/central/language.h"

#define NEITHER MSG_OWN
#define ZH	MSG_CHINESE
#define EN	MSG_ENGLISH

static enum msg_language best(const char *line)
{
	struct language_wish w = {0};

	language_wish_add(&w, line);
	return language_wish_best(&w);
}

static void accept_language(void **state)
{
	static const struct {
		const char *line;
		enum msg_language best;
	} rows[] = {
		{"zh", ZH},
		{"en", EN},
		{"EN", EN},
		{"zH-Hans-CN", ZH},
		{"zh-Hant-HK", ZH},
		{"en-GB", EN},
		{"en-US-x-twain", EN},
		{"zh-CN,zh;q=0.9,en;q=0.8", ZH}, /* a browser */
		{"en-US,en;q=0.5", EN},
		{"da, en-GB;q=0.8, en;q=0.7", EN}, /* RFC 9110 §12.5.4 */
		{"de", NEITHER},
		{"de, fr;q=0.5", NEITHER},
		{"", NEITHER},
		{" \t ", NEITHER},
		/* weights */
		{"zh;q=0.1, en;q=0.2", EN},
		{"zh;q=0.2, en;q=0.1", ZH},
		{"en;q=0.001, zh;q=0", EN},
		{"en;q=0, zh;q=0", NEITHER},
		{"en;q=0", NEITHER},
		{"zh;q=1.000, en;q=0.999", ZH},
		{"en;Q=0.9,zh;Q=0.8", EN},
		{"en ; q=0.3 , zh\t;\tq=0.4", ZH},
		{"en;q=0., zh;q=1.", ZH},
		{"de;q=1, en;q=0.2, zh;q=0.1", EN},
		/* the best of one language counts */
		{"en-US, zh;q=0.95, en;q=0.9", EN},
		{"zh-TW;q=0.1, en;q=0.5, zh;q=0.9", ZH},
		{"en-GB;q=0, en;q=0.5", EN},
		/* equal ones: the first */
		{"zh, en", ZH},
		{"en, zh", EN},
		{"en;q=0.5, zh;q=0.5", EN},
		{"zh;q=0.2, en;q=0.5, zh;q=0.5", EN},
		/* what is not named */
		{"*", NEITHER},
		{"*;q=0", NEITHER},
		{"de, *;q=0.5", NEITHER},
		{"*, zh;q=0", EN},
		{"*, en;q=0", ZH},
		{"en;q=0.2, *;q=0.8", ZH},
		{"en;q=0.8, *;q=0.2", EN},
		{"*;q=0.5, zh;q=0.5", EN}, /* equal: the first */
		{"zh;q=0.5, *;q=0.5", ZH},
		/* empty ones count for nothing (RFC 9110 §5.6.1) */
		{", ,,en,", EN},
		{",,,,", NEITHER},
		/* other languages that begin alike */
		{"eng", NEITHER},
		{"e", NEITHER},
		{"zho", NEITHER},
		{"zhx-CN, en;q=0.1", EN},
		{"i-en, x-zh", NEITHER},
		/* not as it is written: passed over, the rest holds */
		{"en;q=2, zh;q=0.1", ZH},
		{"en;q=1.001, zh;q=0.1", ZH},
		{"en;q=0.1234, zh;q=0.1", ZH},
		{"en;q=-1, zh;q=0.1", ZH},
		{"en;q=+1, zh;q=0.1", ZH},
		{"en;q=, zh;q=0.1", ZH},
		{"en;q, zh;q=0.1", ZH},
		{"en;, zh;q=0.1", ZH},
		{"en;q = 1, zh;q=0.1", ZH},
		{"en;q=\"1\", zh;q=0.1", ZH},
		{"en;q=1e0, zh;q=0.1", ZH},
		{"en;q=.9, zh;q=0.1", ZH},
		{"en;q=01, zh;q=0.1", ZH},
		{"en;q=0x1, zh;q=0.1", ZH},
		{"en;level=1, zh;q=0.1", ZH},
		{"en;q=1;q=1, zh;q=0.1", ZH},
		{"en q=1, zh;q=0.1", ZH},
		{"en zh", NEITHER},
		{"en_US, zh;q=0.1", ZH},
		{"en-, zh;q=0.1", ZH},
		{"-en, zh;q=0.1", ZH},
		{"en--US, zh;q=0.1", ZH},
		{"en-abcdefghi, zh;q=0.1", ZH},
		{"abcdefghi, zh;q=0.1", ZH},
		{"en-*, zh;q=0.1", ZH},
		{"**, zh;q=0.1", ZH},
		{"e*, zh;q=0.1", ZH},
		{"\"en\", zh;q=0.1", ZH},
		{"en\r\n, zh;q=0.1", ZH},
		{"e\x0E, zh;q=0.1", ZH},
		{"中文, zh;q=0.1", ZH},
		{"zh\xFF, en;q=0.1", EN},
		{"zh;q=\xEF\xBC\x91, en;q=0.1", EN}, /* a wide 1 */
		{"q=1", NEITHER},
		{";q=1", NEITHER},
		{"=", NEITHER},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		if (best(rows[i].line) != rows[i].best)
			fail_msg("%s: %d", rows[i].line, best(rows[i].line));
}

/* Several lines are one list (RFC 9110 §5.3). */
static void lines_are_one_list(void **state)
{
	struct language_wish w = {0};

	(void)state;
	assert_int_equal(language_wish_best(&w), NEITHER);
	language_wish_add(&w, "de, zh;q=0.3");
	language_wish_add(&w, "");
	assert_int_equal(language_wish_best(&w), ZH);
	language_wish_add(&w, "en;q=0.3");
	assert_int_equal(language_wish_best(&w), ZH);
	language_wish_add(&w, "en;q=0.4");
	assert_int_equal(language_wish_best(&w), EN);
}

/* As many as a request may hold, and many more. */
static void long_lists(void **state)
{
	struct buf b = {0};
	int i;

	(void)state;
	for (i = 0; i < 200000; i++)
		buf_adds(&b, i % 2 == 0 ? "xx;q=1," : "en;q=9,");
	buf_adds(&b, "en;q=0.001");
	assert_int_equal(best(b.data), EN);
	buf_clear(&b);
	for (i = 0; i < 1000000; i++)
		buf_addc(&b, 'e');
	assert_int_equal(best(b.data), NEITHER);
	buf_fini(&b);
}

/* ---- what is said ---- */

static void *say_own(void *out)
{
	*(const char **)out = tr(N_("不允许"));
	return NULL;
}

static void *say_chinese(void *out)
{
	msg_speak(MSG_CHINESE);
	return say_own(out);
}

static const char *in_thread(void *(*say)(void *out))
{
	const char *said = NULL;
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, say, &said), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	return said;
}

static void is_english(void)
{
	assert_string_equal(tr("不允许"), "Not allowed");
	assert_string_equal(trc("act", "不允许"), "Not allowed");
	assert_true(msg_english());
	assert_string_equal(msg_tag(), "en");
}

static void is_chinese(void)
{
	assert_string_equal(tr("不允许"), "不允许");
	assert_string_equal(trc("act", "不允许"), "不允许");
	assert_false(msg_english());
	assert_string_equal(msg_tag(), "zh");
}

/* A machine of the plainest kind: no locale is installed but C and C.UTF-8. */
static void a_program_of(const char *language)
{
	setenv("LC_ALL", "C", 1);
	setenv("LANGUAGE", language, 1);
	msg_init();
}

/* Who prefers Chinese and reads English as well, as a Chinese desktop has it, gets Chinese. */
static void lists_of_languages(void **state)
{
	static const struct {
		const char *list;
		bool english;
	} rows[] = {{"zh_CN:en", false}, {"zh_CN:zh:en_US:en", false}, {"zh:en", false},
		{"de:zh_TW.UTF-8:en", false}, {"en:zh", true}, {"en_GB:zh_CN", true},
		{"de:en", true}, {"zha:en", true}, {":en", true}, {"z:en", true}, {"de", false},
		{":", false}, {"", false}};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		a_program_of(rows[i].list);
		if (msg_english() != rows[i].english)
			fail_msg("%s", rows[i].list);
		msg_speak_both();
		assert_int_equal(msg_english(), rows[i].english);
	}
}

/* It begins as a program of a Chinese environment, then as one of an English. */
static void each_thread_has_its_language(void **state)
{
	(void)state;
	a_program_of("zh");
	is_chinese();
	msg_speak(MSG_ENGLISH); /* not yet both */
	is_chinese();
	msg_speak(MSG_OWN);
	msg_speak_both();
	is_chinese();
	msg_speak(MSG_ENGLISH);
	is_english();
	assert_string_equal(in_thread(say_own), "不允许");
	assert_string_equal(in_thread(say_chinese), "不允许");
	is_english();
	msg_speak(MSG_CHINESE);
	is_chinese();
	msg_speak(MSG_OWN);
	is_chinese();

	a_program_of("en");
	msg_speak_both();
	is_english();
	msg_speak(MSG_CHINESE);
	is_chinese();
	assert_string_equal(in_thread(say_own), "Not allowed");
	msg_speak(MSG_OWN);
	is_english();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accept_language),
		cmocka_unit_test(lines_are_one_list),
		cmocka_unit_test(long_lists),
		cmocka_unit_test(lists_of_languages),
		cmocka_unit_test(each_thread_has_its_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
