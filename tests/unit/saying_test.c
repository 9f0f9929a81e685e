/* What a centre said, read at a station of either language: of one that was asked in it, and of an
 * older one that speaks its own whoever asks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/station/answer.h"
#include "core/station/refusal.h"

#define TYPE "{\"type\":\"urn:yimen:problem:invalid\",\"title\":"

static const struct {
	const char *problem;
	const char *zh, *en; /* as it is told at a station */
} rows[] = {
	/* an older centre: what has no figures is found by its text, the rest stays */
	{TYPE "\"内容没有通过检查\",\"errors\":[{\"pointer\":\"/answers/a\",\"detail\":\"日期太早了\"}]}",
		"内容没有通过检查; 日期太早了",
		"The content did not pass the checks; The date is too early"},
	{TYPE "\"内容没有通过检查\",\"errors\":[{\"pointer\":\"/answers/a\",\"detail\":\"a 超过 5 个字\"}]}",
		"内容没有通过检查; a 超过 5 个字",
		"The content did not pass the checks; a 超过 5 个字"},
	/* one that was asked in English, or in Chinese */
	{TYPE "\"The content did not pass the checks\",\"errors\":[{\"pointer\":\"/answers/a\","
	      "\"detail\":\"a has more characters than 5\"}]}",
		"The content did not pass the checks; a has more characters than 5",
		"The content did not pass the checks; a has more characters than 5"},
	/* of somebody else: as it came */
	{TYPE "\"办不了\",\"detail\":\"请到三楼办\"}", "请到三楼办", "请到三楼办"},
};

static void speak(const char *language)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("LANGUAGE", language, 1);
	msg_init();
}

static void take_message(void *arg, const char *place, const char *message)
{
	struct buf *all = arg;

	(void)place;
	buf_adds(all, message);
}

/* The sentence that is kept with the letter, and the one beside the field. */
static void are_told(const char *language)
{
	size_t i;

	speak(language);
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct transport_answer a = {.status = 422,
			.content_type = "application/problem+json",
			.retry_after = "",
			.key = "",
			.etag = "",
			.body = rows[i].problem,
			.body_len = strlen(rows[i].problem)};
		const char *want = strcmp(language, "en") == 0 ? rows[i].en : rows[i].zh;
		const char *last = strstr(want, "; ");
		struct answer_reading r = {0};
		struct buf beside = {0};

		answer_read(&a, "018f0000-0000-7000-9000-000000000001", 0, &r);
		assert_int_equal(r.meaning, ANSWER_REFUSED);
		assert_string_equal(r.reason.data, want);
		refusal_each(rows[i].problem, take_message, &beside);
		assert_string_equal(beside.data, last != NULL ? last + 2 : want);
		answer_reading_fini(&r);
		buf_fini(&beside);
	}
}

static void at_a_chinese_station(void **state)
{
	(void)state;
	are_told("zh");
}

static void at_an_english_station(void **state)
{
	(void)state;
	are_told("en");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_a_chinese_station),
		cmocka_unit_test(at_an_english_station),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
