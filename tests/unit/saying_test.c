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
#include "core/station/outbox.h"
#include "core/station/refusal.h"
#include "tests/unit/carried.h"
#include "tests/unit/world.h"

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
	/* one that says both, asked in either */
	{TYPE "\"内容没有通过检查\",\"other_language\":{\"language\":\"en\",\"title\":\"Not passed\","
	      "\"errors\":[{\"pointer\":\"/answers/a\",\"detail\":\"more than 5\"}]},"
	      "\"errors\":[{\"pointer\":\"/answers/a\",\"detail\":\"超过 5 个字\"}]}",
		"内容没有通过检查; 超过 5 个字", "Not passed; more than 5"},
	{TYPE "\"Not passed\",\"errors\":[{\"pointer\":\"/answers/a\",\"detail\":\"more than 5\"}],"
	      "\"other_language\":{\"language\":\"zh\",\"title\":\"没有通过\","
	      "\"errors\":[{\"pointer\":\"/answers/a\",\"detail\":\"超过 5 个字\"}]}}",
		"没有通过; 超过 5 个字", "Not passed; more than 5"},
	/* nonsense there is passed over */
	{TYPE "\"没有通过\",\"other_language\":{\"language\":7}}", "没有通过", "没有通过"},
	{TYPE "\"没有通过\",\"other_language\":[\"en\"]}", "没有通过", "没有通过"},
	{TYPE "\"没有通过\",\"other_language\":{\"language\":\"en\"}}", "没有通过", "没有通过"},
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

static void is_told(const char *language, const char *problem, const char *reason, const char *last)
{
	struct buf all = {0}, words = {0};

	speak(language);
	assert_true(refusal_reason(problem, &words));
	assert_string_equal(words.data, reason);
	refusal_each(problem, take_message, &all);
	assert_non_null(strstr(all.data, last));
	buf_fini(&all);
	buf_fini(&words);
}

/* Nobody thinks that all is right once the places that are named are. The same said of several
 * places is said once in a sentence. */
static void what_is_left_out_is_counted(void **state)
{
	static const char few[] = TYPE
		"\"没有通过\",\"errors\":[{\"detail\":\"日期太早了\"},{\"detail\":\"日期太早了\"}],"
		"\"errors_left_out\":10}";
	static const char nonsense[] = TYPE
		"\"没有通过\",\"errors\":[{\"detail\":\"日期太早了\"}],\"errors_left_out\":-7}";
	struct buf many = {0};
	int i;

	(void)state;
	is_told("zh", few, "没有通过; 日期太早了; 另有 10 处没有列出", "太早了另有 10 处没有列出");
	is_told("en", few, "没有通过; The date is too early; 10 more not listed",
		"10 more are not");
	is_told("zh", nonsense, "没有通过; 日期太早了", "日期太早了");
	buf_adds(&many, "{\"title\":\"错\",\"errors_left_out\":2,\"errors\":[{}");
	for (i = 0; i < 52; i++)
		buf_printf(&many, ",{\"detail\":\"%d\"}", i);
	buf_adds(&many, "]}");
	speak("zh");
	is_told("zh", many.data,
		"错; 0; 1; 2; 3; 4; 5; 6; 7; 8; 9; 10; 11; 12; 13; 14; 15; 16; 17; 18; 19; 20; 21; "
		"22; 23; 24; 25; 26; 27; 28; 29; 30; 31; 32; 33; 34; 35; 36; 37; 38; 39; 40; 41; "
		"42; 43; 44; 45; 46; 47; 48; 49; 50; 51; 另有 2 处没有列出",
		"48另有 5 处没有列出");
	buf_fini(&many);
}

/* ---- what is kept ---- */

static void reason_is(struct world *w, const char *case_id, const char *want)
{
	struct letter l;

	assert_int_equal(outbox_get(w->store, case_id, &l), OK);
	assert_string_equal(l.reason != NULL ? l.reason : "", want);
	letter_fini(&l);
}

static void note_reason(void *arg, const struct letter *l)
{
	buf_adds(arg, l->reason != NULL ? l->reason : "-");
	assert_true((l->problem != NULL) == (l->reason != NULL));
	assert_int_equal(l->hold, HOLD_REFUSED);
	assert_string_equal(l->applyer_name, "李样例");
}

static void is_listed(struct world *w, bool brief, const char *reason)
{
	const struct outbox_filter f = {.state = LETTER_HELD, .brief = brief};
	struct buf told = {0};

	outbox_each(w->store, &f, note_reason, &told);
	assert_string_equal(buf_str(&told), reason);
	buf_fini(&told);
}

/* The clerk of the next shift reads the other language. */
static void a_held_letter_speaks_to_whoever_reads_it(void **state)
{
	struct outbox_outcome o = {.state = LETTER_HELD,
		.hold = HOLD_REFUSED,
		.reason = "未接受",
		.problem = "{\"title\":\"未接受\",\"state\":\"accepted\",\"other_language\":"
			   "{\"language\":\"en\",\"title\":\"Not taken\"}}"};
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	speak("zh");
	world_open(&w, 1);
	world_submit(&w, receipt, id);
	world_settle(&w, id, &o);
	reason_is(&w, id, "未接受; 中心那里现在是“受理”");
	speak("en");
	reason_is(&w, id, "Not taken; at the centre it is accepted now");
	is_listed(&w, false, "Not taken; at the centre it is accepted now");
	is_listed(&w, true, "-"); /* nobody waits for the wording of very many */
	/* tried again, it is refused by somebody who speaks the one language only */
	assert_int_equal(outbox_retry(w.store, id, "0317"), ERR_STATE);
	assert_int_equal(outbox_retry(w.store, o.id, "0317"), OK);
	o.problem = "{\"detail\":\"请到三楼办\"}";
	assert_int_equal(outbox_settle(w.store, &o, 1), OK);
	reason_is(&w, id, "请到三楼办");
	/* what could not be read is told in either */
	assert_int_equal(outbox_retry(w.store, o.id, "0317"), OK);
	o.problem = refusal_unread;
	assert_int_equal(outbox_settle(w.store, &o, 1), OK);
	reason_is(&w, id,
		"the centre seems to refuse this letter, but in more than 256 KB, too long to be "
		"read, so it does not count");
	speak("zh");
	reason_is(&w, id, "中心看来退回了这一封, 但它的话超过 256 KB, 读不了, 不算答复");
	speak("en");
	/* what its owner says is nobody's to word again */
	assert_int_equal(outbox_retry(w.store, o.id, "0317"), OK);
	assert_int_equal(outbox_hold(w.store, o.id, "0317", "完成"), OK);
	reason_is(&w, id, "完成");
	world_close(&w);
}

/* Of one that waits there is only what was said last, by a program that spoke the other language.
 */
static void a_waiting_letter_speaks_to_whoever_reads_it(void **state)
{
	struct outbox_outcome o = {.state = LETTER_WAITING,
		.reason = "收到的答复不是中心发的, 请检查网络是否要先登录认证"};
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	speak("zh");
	world_open(&w, 1);
	world_submit(&w, receipt, id);
	world_settle(&w, id, &o);
	reason_is(&w, id, o.reason);
	speak("en");
	reason_is(&w, id, "the answer is not the centre's; does the network want a log-in first?");
	/* why its owner kept it back is no answer of the centre's when it is sent after all */
	assert_int_equal(outbox_hold(w.store, o.id, "0317", "等家属"), OK);
	reason_is(&w, id, "等家属");
	assert_int_equal(outbox_retry(w.store, o.id, "0317"), OK);
	reason_is(&w, id, "");
	world_close(&w);
}

/* Held by the station itself, and read then. */
static void a_lost_scan_is_told_in_either_language(void **state)
{
	struct outbox_file_result done;
	char id[ID_UUID_SIZE];
	struct road r;

	(void)state;
	speak("en");
	road_open(&r);
	road_submit_with_paper(&r.here, id, 1);
	{
		struct buf papers = {0};
		buf_printf(&papers, "rm %s/papers/*", r.here.folder);
		assert_int_equal(system(papers.data), 0);
		buf_fini(&papers);
	}
	assert_int_equal(road_export(&r, NULL, &done, NULL), ERR_INVALID);
	reason_is(&r.here, id,
		"A scanned paper cannot be sent: the file kept here is gone or was changed: correct "
		"this one and scan the paper again");
	speak("zh");
	reason_is(&r.here, id,
		"材料扫描件送不上去: 本机存的文件不见了或被改动了, 请更正这一件, 重新扫描放进来");
	road_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_a_chinese_station),
		cmocka_unit_test(at_an_english_station),
		cmocka_unit_test(what_is_left_out_is_counted),
		cmocka_unit_test(a_held_letter_speaks_to_whoever_reads_it),
		cmocka_unit_test(a_waiting_letter_speaks_to_whoever_reads_it),
		cmocka_unit_test(a_lost_scan_is_told_in_either_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
