/* Whoever asks is answered in the language they wish, whatever others wish at the same time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "core/base/json.h"
#include "tests/http/centre.h"

#define TYPE	"Content-Type: application/json\r\n"
#define ENGLISH "Accept-Language: en\r\n"
#define CHINESE "Accept-Language: zh\r\n"
#define KEY	"Idempotency-Key: 018f0000-0000-7000-9000-000000000777\r\n"
#define CASE	"\"case_id\":\"018f0000-0000-7000-8000-000000000001\""

/* No other locale is there than on the plainest machine. */
static int set_up_in(void **state, const char *language)
{
	centre_set_up(state);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("LANGUAGE", language, 1);
	centre_start(*state, "--region 371323");
	return 0;
}

static int set_up_chinese(void **state)
{
	return set_up_in(state, "zh");
}

static int set_up_english(void **state)
{
	return set_up_in(state, "en");
}

/* What a refusal says in the language that was not asked for goes from the body into other; "" when
 * it says nothing. */
static void cut_out_other(struct answer *a, struct buf *other)
{
	json *body = NULL;
	char *at;

	buf_clear(other);
	if (json_parse(&body, buf_str(&a->body), a->body.len, NULL) == OK &&
		json_get(body, "other_language") != NULL) {
		json_write(other, json_get(body, "other_language"));
		at = strstr(a->body.data, other->data);
		assert_non_null(at);
		memset(at, ' ', other->len);
	}
	json_free(body);
}

static void check(const struct answer *a, const char *language, const char *has, const char *whose)
{
	if (strcmp(answer_header(a, "Content-Language"), language) != 0 || !answer_has(a, has))
		fail_msg("%s: %s instead of %s: %s", whose, answer_header(a, "Content-Language"),
			language, buf_str(&a->body));
	assert_string_equal(answer_header(a, "Vary"), "Accept-Language");
}

/* A refused letter is kept and read by people of both languages. */
static void check_other(const struct buf *other, const char *language, const char *has)
{
	char head[40];

	snprintf(head, sizeof head, "{\"language\":\"%s\",\"title\":", language);
	if (strncmp(buf_str(other), head, strlen(head)) != 0 || strstr(other->data, has) == NULL)
		fail_msg("not “%s” in %s: %s", has, language, buf_str(other));
}

/* ---- what is wished ---- */

struct wish {
	const char *headers, *language;
};

static void ask_all(struct centre *c, const struct wish *rows, size_t count)
{
	struct answer a = {0};
	size_t i;

	for (i = 0; i < count; i++) {
		centre_ask(c, &a, "GET", "/v1/nowhere", rows[i].headers, NULL);
		assert_int_equal(a.status, 404);
		check(&a, rows[i].language,
			strcmp(rows[i].language, "en") == 0 ? "\"title\":\"No such address\""
							    : "\"title\":\"没有这个地址\"",
			rows[i].headers);
	}
	answer_fini(&a);
}

static void a_chinese_centre(void **state)
{
	static const struct wish rows[] = {
		{"", "zh"},
		{ENGLISH, "en"},
		{CHINESE, "zh"},
		{"accept-LANGUAGE:en-GB,en;q=0.9,zh;q=0.8\r\n", "en"},
		{"Accept-Language: zh-CN,zh;q=0.9,en;q=0.8\r\n", "zh"},
		{"Accept-Language: zh;q=0, *\r\n", "en"},
		{"Accept-Language: de\r\n", "zh"},
		{"Accept-Language:\r\n", "zh"},
		/* lines are one list */
		{"Accept-Language: de\r\nX-Other: zh\r\n" ENGLISH, "en"},
		{"Accept-Language: zh;q=0.1\r\nAccept-Language: en;q=0.2\r\n", "en"},
		{"Accept-Language: en;q=0.2\r\nAccept-Language: zh;q=0.1\r\n", "en"},
		/* nonsense is passed over */
		{"Accept-Language: \xFF\xFE\xE2\x80\xAE\r\n", "zh"},
		{"Accept-Language: \xFF, en;q=0.1\r\n", "en"},
		{"Accept-Language: %s%n%n, en;q=2\r\n", "zh"},
		{"Accept-Language: en;q=99999999999999999999\r\n", "zh"},
		{"Accept-Language: ;;;;,,,,====\"\"\"\r\n", "zh"},
	};

	ask_all(*state, rows, sizeof rows / sizeof *rows);
}

static void an_english_centre(void **state)
{
	static const struct wish rows[] = {
		{"", "en"},
		{ENGLISH, "en"},
		{CHINESE, "zh"},
		{"Accept-Language: de\r\n", "en"},
		{"Accept-Language: *, en;q=0\r\n", "zh"},
	};

	ask_all(*state, rows, sizeof rows / sizeof *rows);
}

/* As much as a request may hold, many times. */
static void long_lists(void **state)
{
	struct buf headers = {0};
	struct answer a = {0};
	int line, i;

	for (line = 0; line < 8; line++) {
		buf_adds(&headers, "Accept-Language: ");
		for (i = 0; i < 160; i++)
			buf_adds(&headers, "xx;q=1,");
		buf_adds(&headers, "en;q=0.001\r\n");
	}
	for (i = 0; i < 20; i++) {
		centre_ask(*state, &a, "GET", "/v1/nowhere", headers.data, NULL);
		assert_int_equal(a.status, 404);
		check(&a, "en", "No such address", "long");
	}
	buf_fini(&headers);
	answer_fini(&a);
}

/* A byte that no header may have is refused as ever, in the language of the clean line. */
static void a_broken_line(void **state)
{
	struct answer a = {0};

	centre_ask(*state, &a, "GET", "/health", ENGLISH "Accept-Language: z\x07h\r\n", NULL);
	assert_int_equal(a.status, 400);
	check(&a, "en", "The request is not well formed", "broken");
	answer_fini(&a);
}

/* ---- what is said ---- */

#define HEAD "{\"kind\":\"application\"," CASE ",\"task_code\":\"T\",\"applyer_name\":\"李样例\""

/* By all the parts of the centre: the server, the reader, the intake, the forms, the store. */
static void every_part(void **state)
{
	static const struct {
		const char *method, *path, *headers, *body;
		int status;
		const char *zh, *en;
	} rows[] = {
		{"GET", "/health", "Host: u\r\n", NULL, 400, "请求头 Host 写得不清楚",
			"the header Host"},
		{"DELETE", "/health", "", NULL, 405, "这个地址只接受 GET, HEAD",
			"this address takes only GET, HEAD"},
		{"GET", "/v1/changes?cursor=x", "", NULL, 400, "参数 cursor 应是 0 到 ",
			"the parameter cursor should be a whole number from 0 to "},
		{"GET", "/v1/cases/17", "", NULL, 404, "没有编号为 17 的办件",
			"there is no case 17"},
		{"GET", "/v1/cases", "Authorization: Bearer x\r\n", NULL, 401, "没有有效的令牌",
			"No valid token"},
		{"POST", "/v1/applications", TYPE, "{}", 400, "请在请求头里带 Idempotency-Key",
			"send an Idempotency-Key header"},
		{"POST", "/v1/applications", KEY, "{}", 415, "正文请用 Content-Type",
			"send the body as Content-Type: application/json (UTF-8)"},
		{"POST", "/v1/applications", KEY TYPE, "{", 400, "正文不是 JSON",
			"The body is not JSON"},
		{"POST", "/v1/applications", KEY TYPE, "{\"kind\":\"application\"}", 422,
			"缺少 case_id", "case_id is missing"},
		{"POST", "/v1/applications", KEY TYPE, HEAD ",\"answers\":{\"a\":\"\\u0007\"}}",
			422, "这一项里有换行或看不见的控制字符", "control character"},
		{"POST", "/v1/letters", KEY TYPE, "{\"kind\":\"note\"," CASE "}", 422,
			"中心没有收到过这个办件的申请",
			"the centre has no application of this case"},
		{"PATCH", "/v1/attachments/7", "Content-Type: application/offset+octet-stream\r\n",
			"x", 404, "64 位小写十六进制", "64 hexadecimal digits in lower case"},
		{"POST", "/v1/enrolments", TYPE, "{\"code\":\"x\"}", 403,
			"接入码不对、已用过或过期了",
			"the enrolment code is wrong, used or too old"},
		{"GET", "/q", "", NULL, 200, "<html lang=\"zh\">", "<html lang=\"en\">"},
		{"GET", "/q", "", NULL, 200, "查办理进度", "How your case stands"},
		{"POST", "/q", "Content-Type: application/x-www-form-urlencoded\r\n", "no=1", 400,
			"请填办件编号和查询密码", "Please give case number and query password"},
	};
	struct answer a = {0};
	struct buf other = {0};
	char headers[512];
	size_t i;
	int english;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (english = 0; english < 2; english++) {
			snprintf(headers, sizeof headers, "%s%s", english ? ENGLISH : CHINESE,
				rows[i].headers);
			centre_ask(*state, &a, rows[i].method, rows[i].path, headers, rows[i].body);
			if (a.status != rows[i].status)
				print_message("row %zu: %d\n", i, a.status);
			assert_int_equal(a.status, rows[i].status);
			cut_out_other(&a, &other);
			check(&a, english ? "en" : "zh", english ? rows[i].en : rows[i].zh,
				rows[i].path);
			assert_false(answer_has(&a, english ? rows[i].zh : rows[i].en));
			if (a.status == 422)
				check_other(&other, english ? "zh" : "en",
					english ? rows[i].zh : rows[i].en);
			else
				assert_int_equal(other.len, 0);
		}
	}
	buf_fini(&other);
	answer_fini(&a);
}

/* The names of fields and the sentences of the rules come from the form, which has both. */
static void the_rules_of_a_form(void **state)
{
	struct answer a = {0};
	struct buf body = {0}, other = {0};

	buf_printf(&body,
		HEAD ",\"form_id\":\"chronic-disease\",\"form_version\":\"%s\","
		     "\"submitted_at\":\"2026-11-24T12:00:00+08:00\","
		     "\"answers\":{\"applicant_id\":\"371323199003070003\"}}",
		shipped_version("chronic-disease"));
	centre_ask(*state, &a, "POST", "/v1/applications", ENGLISH KEY TYPE, body.data);
	assert_int_equal(a.status, 422);
	cut_out_other(&a, &other);
	check(&a, "en", "character 18, the check digit, should be 1", "rule");
	check_other(&other, "zh", "第 18 位校验码应为 1");
	centre_ask(*state, &a, "POST", "/v1/applications", KEY TYPE, body.data);
	assert_int_equal(a.status, 422);
	cut_out_other(&a, &other);
	check(&a, "zh", "第 18 位校验码应为 1", "rule");
	check_other(&other, "en", "character 18, the check digit, should be 1");
	buf_fini(&other);
	answer_fini(&a);
	buf_fini(&body);
}

/* ---- letters ---- */

static void letter_request(
	struct buf *out, int key_number, const char *kind, const char *more, const char *headers)
{
	struct buf body = {0};

	buf_printf(&body, "{\"kind\":\"%s\"," CASE "%s}", kind, more);
	buf_printf(out,
		"POST /v1/letters HTTP/1.1\r\nHost: t\r\n%s" TYPE
		"Idempotency-Key: 018f0000-0000-7000-a000-%012d\r\nContent-Length: %zu\r\n\r\n%s",
		headers, key_number, body.len, body.data);
	buf_fini(&body);
}

static void send_letter(struct centre *c, struct answer *a, int key_number, const char *kind,
	const char *more, const char *headers)
{
	struct buf b = {0};
	int fd = centre_dial(c);

	letter_request(&b, key_number, kind, more, headers);
	line_send(fd, b.data, b.len);
	line_answer(fd, a);
	close(fd);
	buf_fini(&b);
}

/* Decided by the store's thread, in one group, told to each in their language. */
static void many_at_once(void **state)
{
	enum {
		LINES = 24,
		ROUNDS = 10
	};
	struct centre *c = *state;
	struct answer a = {0};
	struct buf b = {0};
	int fds[LINES], i, round;

	post_application(c, &a, 1, 1, "");
	assert_int_equal(a.status, 201);
	for (i = 0; i < LINES; i++)
		fds[i] = centre_dial(c);
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < LINES; i++) {
			buf_clear(&b);
			letter_request(&b, round * LINES + i + 1, "supplement", "",
				i % 3 == 0   ? ENGLISH
				: i % 3 == 1 ? CHINESE
					     : "");
			line_send(fds[i], b.data, b.len);
		}
		for (i = 0; i < LINES; i++) {
			line_answer(fds[i], &a);
			assert_int_equal(a.status, 409);
			if (i % 3 == 0)
				check(&a, "en",
					"\"detail\":\"only after corrections were asked for\"",
					"en");
			else
				check(&a, "zh", "\"detail\":\"告知补正以后才有补正可收\"", "zh");
			assert_true(answer_has(&a, "\"state\":\"received\""));
		}
	}
	for (i = 0; i < LINES; i++)
		close(fds[i]);
	buf_fini(&b);
	answer_fini(&a);
}

static void a_service_evaluated_twice(void **state)
{
	static const char mark[] = ",\"satisfaction\":\"1\",\"service\":\"a\"";
	struct answer a = {0};

	post_application(*state, &a, 1, 1, "");
	send_letter(*state, &a, 1, "evaluation", mark, "");
	assert_int_equal(a.status, 201);
	send_letter(*state, &a, 2, "evaluation", mark, ENGLISH);
	assert_int_equal(a.status, 409);
	check(&a, "en", "this service has been evaluated already", "evaluation");
	send_letter(*state, &a, 2, "evaluation", mark, CHINESE);
	assert_int_equal(a.status, 409);
	check(&a, "zh", "这次服务已经评价过", "evaluation");
	answer_fini(&a);
}

static void post_in(struct centre *c, struct answer *a, int key_number, int case_number,
	const char *extra, const char *language)
{
	struct buf body = {0}, headers = {0};

	application(&body, case_number, extra);
	buf_printf(&headers, TYPE "%sIdempotency-Key: 018f0000-0000-7000-9000-%012d\r\n", language,
		key_number);
	centre_ask(c, a, "POST", "/v1/applications", headers.data, body.data);
	buf_fini(&body);
	buf_fini(&headers);
}

/* A repeat gets the first answer, in whichever language it asks; no word of it is of one. A refusal
 * is not kept: it is told anew. */
static void a_repeat_gets_the_first_answer(void **state)
{
	struct answer first = {0}, a = {0};

	post_in(*state, &first, 1, 1, "", CHINESE);
	assert_int_equal(first.status, 201);
	assert_string_equal(answer_header(&first, "Content-Language"), "");
	post_in(*state, &a, 1, 1, "", ENGLISH);
	assert_int_equal(a.status, 201);
	assert_string_equal(answer_header(&a, "Idempotency-Replayed"), "true");
	assert_string_equal(answer_header(&a, "Content-Language"), "");
	assert_int_equal(a.body.len, first.body.len);
	assert_memory_equal(a.body.data, first.body.data, a.body.len);

	post_in(*state, &a, 2, 2, ",\"submitted_at\":\"昨天\"", CHINESE);
	assert_int_equal(a.status, 422);
	check(&a, "zh", "submitted_at 应是带时区的时间", "refused");
	post_in(*state, &a, 2, 2, ",\"submitted_at\":\"昨天\"", ENGLISH);
	assert_int_equal(a.status, 422);
	check(&a, "en", "submitted_at should be a time with its zone", "refused again");
	post_in(*state, &a, 2, 2, "", ENGLISH);
	assert_int_equal(a.status, 201);
	post_in(*state, &a, 2, 3, "", ENGLISH);
	assert_int_equal(a.status, 422);
	check(&a, "en", "this Idempotency-Key was used for another body", "reused");
	answer_fini(&first);
	answer_fini(&a);
}

/* ---- what people wrote stays as they wrote it ---- */

static void the_words_of_people(void **state)
{
	struct centre *c = *state;
	struct answer a = {0};

	post_application(c, &a, 1, 1, "");
	assert_int_equal(centre_command(c, "notice 不允许", NULL), 0);
	centre_ask(c, &a, "GET", "/v1/changes?cursor=0", ENGLISH, NULL);
	assert_int_equal(a.status, 200);
	assert_true(answer_has(&a, "\"text\":\"不允许\""));
	assert_string_equal(answer_header(&a, "Content-Language"), "");
	centre_ask(c, &a, "GET", "/v1/cases", ENGLISH, NULL);
	check(&a, "en", "\"state_label\":\"received\"", "list");
	assert_true(answer_has(&a, "李样例"));
	centre_ask(c, &a, "GET", "/v1/cases", "", NULL);
	check(&a, "zh", "\"state_label\":\"收件\"", "list");
	answer_fini(&a);
}

/* ---- the administrator ---- */

/* What a command says to somebody of that language. */
static void command_says(struct centre *c, const char *language, const char *words, struct buf *out)
{
	const char *build = getenv("BUILD");
	char line[512], piece[256];
	FILE *f;
	size_t n;

	snprintf(line, sizeof line, "LANGUAGE=%s %s/yimen-central --data %s %s 2>&1", language,
		build != NULL ? build : "build", c->dir, words);
	buf_clear(out);
	f = popen(line, "r");
	assert_non_null(f);
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		buf_add(out, piece, n);
	pclose(f);
}

static void commands(void **state)
{
	static const struct {
		const char *words, *zh, *en;
	} rows[] = {
		{"case show 17", "没有编号为 17 的办件", "there is no case 17"},
		{"case advance 17", "没有编号为 17 的办件", "there is no case 17"},
		{"station revoke 17", "没有叫 17 的窗口机", "there is no station 17"},
	};
	struct centre *c = *state;
	struct buf out = {0};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		command_says(c, "en", rows[i].words, &out);
		if (strstr(buf_str(&out), rows[i].en) == NULL)
			fail_msg("%s: %s", rows[i].words, buf_str(&out));
		assert_null(strstr(out.data, rows[i].zh));
		assert_null(strstr(out.data, "。"));
		command_says(c, "zh", rows[i].words, &out);
		if (strstr(buf_str(&out), rows[i].zh) == NULL)
			fail_msg("%s: %s", rows[i].words, buf_str(&out));
	}
	buf_fini(&out);
}

/* Two files at once are not taken; the pieces of one come between the requests of others, who speak
 * another language: its lines are told in its own. */
static void an_import_among_others(void **state)
{
	struct centre *c = *state;
	struct answer a = {0};
	char line[600];
	const char *build = getenv("BUILD");
	FILE *f;
	int i;

	snprintf(line, sizeof line, "LANGUAGE=en %s/yimen-central --data %s import - >%s/said 2>&1",
		build != NULL ? build : "build", c->dir, c->dir);
	f = popen(line, "w");
	assert_non_null(f);
	for (i = 0; i < 5; i++) {
		fprintf(f, "[%d]\n", i);
		fflush(f);
		centre_ask(c, &a, "GET", "/v1/nowhere", CHINESE, NULL);
		check(&a, "zh", "没有这个地址", "meanwhile");
	}
	pclose(f);
	snprintf(line, sizeof line, "%s/said", c->dir);
	f = fopen(line, "r");
	assert_non_null(f);
	i = 0;
	while (fgets(line, sizeof line, f) != NULL)
		i += strstr(line, "this line is not a JSON object") != NULL;
	fclose(f);
	assert_int_equal(i, 5);
	answer_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_chinese_centre, set_up_chinese, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(
			an_english_centre, set_up_english, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(long_lists, set_up_chinese, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(
			a_broken_line, set_up_chinese, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(every_part, set_up_chinese, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(
			the_rules_of_a_form, set_up_chinese, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(
			many_at_once, set_up_chinese, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(
			a_service_evaluated_twice, set_up_chinese, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(
			a_repeat_gets_the_first_answer, set_up_chinese, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(
			the_words_of_people, set_up_chinese, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(commands, set_up_chinese, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(
			an_import_among_others, set_up_chinese, centre_tear_down_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
