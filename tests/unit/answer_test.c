/* What an answer to a letter means, whoever gave it, and when it is tried again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/station/answer.h"
#include "core/station/backoff.h"
#include "core/station/transport.h"
#include "tests/unit/table.h"
#include "tests/unit/world.h"

struct answer_case {
	long status;
	const char *type, *body, *header_key;
	enum answer_meaning meaning;
};

#define KEY	  "018bcfe5-6800-7000-8000-000000000001"
#define OTHER_KEY "018bcfe5-6800-7000-8000-000000000002"

static const struct answer_case answers[] = {
	{201, "application/json", "{\"idempotency_key\":\"" KEY "\",\"project_no\":\"N\"}", KEY,
		ANSWER_RECEIPT},
	{200, "application/json; charset=utf-8",
		"{\"idempotency_key\":\"" KEY "\",\"project_no\":\"N\"}", "", ANSWER_RECEIPT},
	{201, "application/json", "{\"idempotency_key\":\"" KEY "\",\"project_no\":\"N\"}",
		"\"" KEY "\"", ANSWER_RECEIPT},
	{201, "application/json", "{\"idempotency_key\":\"" KEY "\",\"project_no\":\"N\"}", "other",
		ANSWER_LINE},
	{201, "application/json", "{\"idempotency_key\":\"" KEY "\"}", KEY, ANSWER_LINE},
	{201, "application/json", "{\"project_no\":\"N\"}", KEY, ANSWER_LINE},
	/* a receipt of another letter, whatever its header says */
	{201, "application/json", "{\"idempotency_key\":\"" OTHER_KEY "\",\"project_no\":\"N\"}",
		KEY, ANSWER_LINE},
	{201, "application/json", "{\"idempotency_key\":\"" OTHER_KEY "\",\"project_no\":\"N\"}",
		"", ANSWER_LINE},
	{201, "application/jsonp", "{\"idempotency_key\":\"" KEY "\",\"project_no\":\"N\"}", KEY,
		ANSWER_LINE},
	{202, "application/json", "{\"idempotency_key\":\"" KEY "\",\"project_no\":\"N\"}", KEY,
		ANSWER_LINE},
	{200, "text/html", "<html>", "", ANSWER_LINE},
	{302, "text/html", "", "", ANSWER_LINE},
	{403, "text/html", "<html>", "", ANSWER_LINE},
	{403, "application/problem+json", "{\"title\":\"x\"}", "", ANSWER_PERSON},
	{401, "application/problem+json", "{\"title\":\"x\"}", "", ANSWER_PERSON},
	{404, "text/plain", "", "", ANSWER_LINE},
	/* a gateway that speaks JSON refuses no letter */
	{404, "application/json", "{\"message\":\"no Route matched\"}", "", ANSWER_LINE},
	{404, "application/problem+json", "{\"title\":\"x\"}", "", ANSWER_LINE},
	{404, "application/problem+json", "{\"type\":\"urn:yimen:problem:not-found\"}", "",
		ANSWER_REFUSED},
	{404, "application/json", "{\"errors\":[{\"detail\":\"x\"}]}", "", ANSWER_REFUSED},
	{401, "application/json", "{\"message\":\"No API key found\"}", "", ANSWER_LINE},
	{403, "application/json", "{\"message\":\"forbidden\"}", "", ANSWER_LINE},
	{405, "application/json", "{}", "", ANSWER_LINE},
	{410, "application/problem+json", "{}", "", ANSWER_LINE},
	{411, "application/json", "{}", "", ANSWER_LINE},
	{426, "application/json", "{}", "", ANSWER_LINE},
	{428, "application/json", "{}", "", ANSWER_LINE},
	{431, "application/json", "{}", "", ANSWER_LINE},
	{499, "application/json", "{}", "", ANSWER_LINE},
	{413, "application/problem+json", "{\"title\":\"x\"}", "", ANSWER_REFUSED},
	{413, "application/json", "{\"title\":\"x\"}", "", ANSWER_LINE},
	{409, "application/problem+json", "{\"type\":\"urn:yimen:problem:idempotency-key-reused\"}",
		"", ANSWER_REFUSED},
	{422, "application/problem+json", "{\"title\":\"x\"}", "", ANSWER_REFUSED},
	{400, "application/problem+json", "{\"title\":\"x\"", "", ANSWER_LINE},
	{409, "application/problem+json", "{}", "", ANSWER_LATER},
	{408, "", "", "", ANSWER_LATER},
	{425, "", "", "", ANSWER_LATER},
	{429, "", "", "", ANSWER_LINE},
	{500, "", "", "", ANSWER_LATER},
	{502, "", "", "", ANSWER_LINE},
	{599, "", "", "", ANSWER_LINE},
	{100, "", "", "", ANSWER_LINE},
};

/* What has come, without a header of the centre's. */
static struct transport_answer answer_of(long status, const char *type, const char *body)
{
	return (struct transport_answer){.status = status,
		.content_type = type,
		.retry_after = "",
		.key = "",
		.etag = "",
		.body = body,
		.body_len = strlen(body)};
}

static void is_read_as(
	const struct transport_answer *a, enum answer_meaning meaning, const char *reason)
{
	struct answer_reading r = {0};

	answer_read(a, KEY, 0, &r);
	assert_int_equal(r.meaning, meaning);
	assert_string_equal(r.reason.data, reason);
	assert_false(r.cut_off);
	answer_reading_fini(&r);
}

/* Busy is said by the centre in its own words, and by a gateway in none that are believed. */
static void why_the_centre_is_busy_is_told(void **state)
{
	static const char *const bodies[] = {
		"{\"type\":\"urn:yimen:problem:store\",\"detail\":\"磁盘满了\"}",
		"{\"type\":\"about:blank\",\"detail\":\"upstream\"}"};
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		const struct transport_answer a =
			answer_of(503, "application/problem+json", bodies[i]);
		is_read_as(&a, ANSWER_LINE,
			i == 0 ? "中心忙 (503), 稍后再发: 磁盘满了" : "中心忙 (503), 稍后再发");
	}
}

/* What stands before the centre has its own troubles, and another sentence for whom to tell. */
static void what_a_gateway_answers_is_told_as_its_own(void **state)
{
	static const struct {
		long status;
		const char *says;
	} rows[] = {
		{502, "网关在, 它后面的中心没有答复 (502), 稍后再发; 总是这样请告诉管理员"},
		{504, "网关在, 它后面的中心没有答复 (504), 稍后再发; 总是这样请告诉管理员"},
		{503, "中心忙 (503), 稍后再发"},
		{413, "太大, 被中间的网关拦下了 (413), 没有到中心; 件留着, 请管理员照 yimen-central "
		      "手册放宽网关的限制"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct transport_answer a =
			answer_of(rows[i].status, "text/html", "<html></html>");
		is_read_as(&a, ANSWER_LINE, rows[i].says);
	}
}

/* A step that the case's state forbids: which state that is. One that nobody knows is no word. */
static void a_refusal_names_the_state_there(void **state)
{
	static const char *const bodies[][2] = {
		{"{\"type\":\"urn:yimen:problem:case-state\",\"detail\":\"不能这样做\","
		 "\"state\":\"accepted\"}",
			"不能这样做; 中心那里现在是“受理”"},
		{"{\"type\":\"urn:yimen:problem:case-state\",\"detail\":\"不能这样做\","
		 "\"state\":\"\\u001b[31m\"}",
			"不能这样做"}};
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		const struct transport_answer a =
			answer_of(409, "application/problem+json", bodies[i][0]);
		is_read_as(&a, ANSWER_REFUSED, bodies[i][1]);
	}
}

/* What it says is kept and shown: not at any length. */
static void a_refusal_at_great_length_is_cut(void **state)
{
	struct transport_answer a;
	struct answer_reading r = {0};
	struct buf body = {0};
	int i;

	(void)state;
	buf_adds(&body, "{\"detail\":\"");
	for (i = 0; i < 5000; i++)
		buf_adds(&body, "长");
	buf_adds(&body, "\",\"errors\":[{\"detail\":\"错\"}");
	for (i = 0; i < 5000; i++)
		buf_printf(&body, ",{\"detail\":\"第 %d 处\"}", i);
	buf_adds(&body, "]}");
	a = answer_of(422, "application/problem+json", body.data);
	answer_read(&a, KEY, 0, &r);
	assert_int_equal(r.meaning, ANSWER_REFUSED);
	assert_true(r.reason.len < 6000);
	assert_non_null(strstr(r.reason.data, "长..; 错; 第 0 处"));
	assert_non_null(strstr(r.reason.data, " 处没有列出"));
	answer_reading_fini(&r);
	memset(&r, 0, sizeof r);
	for (i = 0; i < 300000; i++)
		buf_addc(&body, ' ');
	a = answer_of(422, "application/problem+json", body.data);
	answer_read(&a, KEY, 0, &r);
	assert_int_equal(r.meaning, ANSWER_LATER); /* nothing of it is believed */
	assert_null(strstr(r.reason.data, "长"));
	answer_reading_fini(&r);
	buf_fini(&body);
}

static void only_the_centre_is_believed(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		const struct answer_case *c = &answers[i];
		struct transport_answer a = answer_of(c->status, c->type, c->body);
		struct answer_reading r = {0};
		a.key = c->header_key;
		answer_read(&a, KEY, 0, &r);
		if (r.meaning != c->meaning)
			fail_msg("row %zu (%ld %s): %d, want %d", i, c->status, c->body, r.meaning,
				c->meaning);
		if (r.meaning != ANSWER_RECEIPT)
			assert_true(r.reason.len > 0);
		answer_reading_fini(&r);
	}
}

/* ---- when it is tried again ---- */

static void retry_after_row(const struct table_row *row)
{
	const char *value = row->cell[0];
	int64_t now = 0, delay = -1;
	bool good;

	if (strncmp(value, "now=", 4) == 0) {
		char iso[32];
		size_t n = strcspn(value, " ");
		snprintf(iso, sizeof iso, "%.*s", (int)n - 4, value + 4);
		assert_true(clock_parse_iso(iso, &now));
		value += n + 1;
	}
	good = backoff_retry_after(value, now, &delay);
	if (strcmp(row->cell[1], "invalid") == 0) {
		if (good)
			fail_msg("taken: %s", row->cell[0]);
	} else {
		int64_t want = atoll(row->cell[1]) * 1000;
		if (want > BACKOFF_RETRY_AFTER_MAX_MS)
			want = BACKOFF_RETRY_AFTER_MAX_MS;
		if (!good || delay != want)
			fail_msg("%s: %lld ms, want %lld", row->cell[0], (long long)delay,
				(long long)want);
	}
}

static void retry_after_is_read_with_care(void **state)
{
	int64_t delay;

	(void)state;
	assert_true(table_each("retry_after.tsv", retry_after_row) >= 10);
	assert_true(backoff_retry_after("99999999999999999999", 0, &delay));
	assert_int_equal(delay, BACKOFF_RETRY_AFTER_MAX_MS);
	assert_true(backoff_retry_after("Fri, 31 Dec 9999 23:59:59 GMT", 0, &delay));
	assert_int_equal(delay, BACKOFF_RETRY_AFTER_MAX_MS);
	assert_true(backoff_retry_after("Sunday, 06-Nov-94 08:49:37 GMT", 1700000000000, &delay));
	assert_int_equal(delay, 0);
	assert_true(backoff_retry_after("Sun Nov  6 08:49:37 1994", 784111776000, &delay));
	assert_int_equal(delay, 1000);
	assert_false(backoff_retry_after("", 0, &delay));
	assert_false(backoff_retry_after("Fri, 31 Feb 2025 23:59:59 GMT", 0, &delay));
}

static void pauses_grow_to_the_cap_and_no_further(void **state)
{
	struct world w;
	int tries, i;

	(void)state;
	world_open(&w, 103);
	for (tries = 1; tries < 2000; tries += tries < 20 ? 1 : 500) {
		int64_t top = tries < 10 ? (int64_t)BACKOFF_BASE_MS << (tries - 1) : BACKOFF_CAP_MS;
		for (i = 0; i < 50; i++) {
			int64_t pause = backoff_pause_ms(&w.entropy, tries);
			assert_true(pause >= 250);
			assert_true(pause <= (top < BACKOFF_CAP_MS ? top : BACKOFF_CAP_MS));
		}
	}
	world_close(&w);
}

/* "backoff factor=0.2 max=1 n=4", "GET status=503", "POST read-timeout no-idempotency-key". */
static double number_after(const char *text, const char *name, double absent)
{
	const char *at = strstr(text, name);

	return at != NULL ? strtod(at + strlen(name), NULL) : absent;
}

static bool answer_is_retried(long status)
{
	const struct transport_answer a =
		answer_of(status, status < 300 ? "application/json" : "application/problem+json",
			"{\"idempotency_key\":\"" KEY "\",\"project_no\":\"N\"}");
	struct answer_reading r = {0};
	bool again;

	answer_read(&a, KEY, 0, &r);
	again = r.meaning == ANSWER_LATER || r.meaning == ANSWER_LINE;
	answer_reading_fini(&r);
	return again;
}

static void policy_row(const struct table_row *row)
{
	const char *what = row->cell[0], *want = row->cell[1];
	bool again;

	if (strncmp(what, "backoff ", 8) == 0) {
		int64_t base = (int64_t)(number_after(what, "factor=", 0) * 1000);
		int64_t cap = (int64_t)(number_after(what, "max=", 1e9) * 1000);
		int64_t top = backoff_top_ms(base, cap, (int)number_after(what, " n=", 0));
		if (top != (int64_t)(strtod(want, NULL) * 1000))
			fail_msg("%s: %lld", what, (long long)top);
		return;
	}
	if (strstr(what, "status=") != NULL) {
		again = answer_is_retried((long)number_after(what, "status=", 0));
	} else {
		const struct transport_request r = {
			.method = strncmp(what, "POST", 4) == 0 ? "POST" : "GET",
			.path = "/v1/applications",
			.key = strstr(what, "no-idempotency-key") == NULL ? KEY : NULL};
		again = transport_may_repeat(&r);
	}
	if (again != (strncmp(want, "retry", 5) == 0))
		fail_msg("%s: %d", what, again);
}

static void what_is_tried_again_agrees_with_others(void **state)
{
	(void)state;
	assert_true(table_each("http_retry_policy.tsv", policy_row) >= 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_centre_is_believed),
		cmocka_unit_test(why_the_centre_is_busy_is_told),
		cmocka_unit_test(what_a_gateway_answers_is_told_as_its_own),
		cmocka_unit_test(a_refusal_names_the_state_there),
		cmocka_unit_test(a_refusal_at_great_length_is_cut),
		cmocka_unit_test(retry_after_is_read_with_care),
		cmocka_unit_test(pauses_grow_to_the_cap_and_no_further),
		cmocka_unit_test(what_is_tried_again_agrees_with_others),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
