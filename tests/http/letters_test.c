/* Letters: once, durable, the same answer again; every refusal with its status, type and place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <signal.h>
#include <unistd.h>

#include "tests/http/centre.h"

#define KEY  "Idempotency-Key: 018f0000-0000-7000-9000-000000000999\r\n"
#define TYPE "Content-Type: application/json\r\n"
#define PLAIN \
	"{\"kind\":\"application\",\"case_id\":\"018f0000-0000-7000-8000-000000000999\"," \
	"\"task_code\":\"T\",\"applyer_name\":\"李样例\",\"answers\":{}"

static int set_up(void **state)
{
	centre_set_up(state);
	centre_start(*state, "--region 371323");
	return 0;
}

static void refusals(void **state)
{
	static const struct {
		const char *method, *path, *headers, *body;
		int status;
		const char *has;
	} rows[] = {
		{"POST", "/v1/applications", TYPE, PLAIN "}", 400, "idempotency-key-missing"},
		{"POST", "/v1/applications", TYPE "Idempotency-Key: 17\r\n", PLAIN "}", 400,
			"idempotency-key-malformed"},
		{"POST", "/v1/applications", TYPE "Idempotency-Key: \r\n", PLAIN "}", 400,
			"idempotency-key-malformed"},
		{"POST", "/v1/applications", TYPE KEY KEY, PLAIN "}", 400,
			"idempotency-key-malformed"},
		{"POST", "/v1/applications", KEY "Content-Type: text/plain\r\n", PLAIN "}", 415,
			"unsupported-media-type"},
		{"POST", "/v1/applications", KEY, PLAIN "}", 415, "unsupported-media-type"},
		{"POST", "/v1/applications", KEY TYPE "Content-Encoding: gzip\r\n", PLAIN "}", 415,
			"unsupported-media-type"},
		{"POST", "/v1/applications", KEY TYPE, PLAIN, 400, "not-json"},
		{"POST", "/v1/applications", KEY TYPE, "", 400, "not-json"},
		{"POST", "/v1/applications", KEY TYPE, PLAIN "}x", 400, "not-json"},
		{"POST", "/v1/applications", KEY TYPE, PLAIN ",\"kind\":\"application\"}", 400,
			"not-json"},
		{"POST", "/v1/applications", KEY TYPE, PLAIN ",\"note\":\"\\u0000\"}", 400,
			"not-json"},
		{"POST", "/v1/applications", KEY TYPE, PLAIN ",\"note\":\"\xFF\"}", 400,
			"not-json"},
		{"POST", "/v1/applications", KEY TYPE, "[]", 422, "\"pointer\":\"\""},
		{"POST", "/v1/applications", KEY TYPE, "{}", 422, "\"pointer\":\"/case_id\""},
		{"POST", "/v1/applications", KEY TYPE, "{\"kind\":\"letter\"}", 422,
			"\"pointer\":\"/kind\""},
		{"POST", "/v1/applications", KEY TYPE, PLAIN ",\"materials\":{}}", 422,
			"\"pointer\":\"/materials\""},
		{"POST", "/v1/applications", KEY TYPE, PLAIN ",\"materials\":[{}]}", 422,
			"\"pointer\":\"/materials/0/material_name\""},
		{"POST", "/v1/applications", KEY TYPE,
			PLAIN ",\"materials\":[{\"material_name\":\"x\",\"status\":\"lost\"}]}",
			422, "\"pointer\":\"/materials/0/status\""},
		{"POST", "/v1/applications", KEY TYPE, PLAIN ",\"operator\":\"a\\u0007\"}", 422,
			"control-character"},
		{"POST", "/v1/applications", KEY TYPE, PLAIN ",\"submitted_at\":\"gestern\"}", 422,
			"date-time"},
		{"POST", "/v1/applications", KEY TYPE, PLAIN ",\"accepted_warnings\":[{}]}", 422,
			"\"pointer\":\"/accepted_warnings/0/reason\""},
		{"POST", "/v1/applications", KEY TYPE, PLAIN ",\"situation_warnings\":[{}]}", 422,
			"\"pointer\":\"/situation_warnings/0/reason\""},
		{"POST", "/v1/letters", KEY TYPE,
			"{\"kind\":\"withdraw\",\"case_id\":\"018f0000-0000-7000-8000-000000000997\","
			"\"accepted_warnings\":[{\"field\":\"x\"}]}",
			422, "\"pointer\":\"/accepted_warnings/0/reason\""},
		{"POST", "/v1/applications", KEY TYPE,
			PLAIN ",\"idempotency_key\":\"018f0000-0000-7000-9000-000000000998\"}", 422,
			"\"pointer\":\"/idempotency_key\""},
		{"POST", "/v1/letters", KEY TYPE, PLAIN "}", 422, "\"pointer\":\"/kind\""},
		{"POST", "/v1/letters", KEY TYPE, "{\"kind\":\"spell\"}", 422,
			"\"pointer\":\"/kind\""},
		{"POST", "/v1/letters", KEY TYPE,
			"{\"kind\":\"withdraw\",\"case_id\":\"018f0000-0000-7000-8000-000000000997\"}",
			422, "unknown-case"},
		{"GET", "/v2/applications", "", NULL, 404, "not-found"},
		{"GET", "/", "", NULL, 404, "not-found"},
		{"GET", "/v1/cases/1/2", "", NULL, 404, "not-found"},
		{"GET", "/admin/cases", "", NULL, 404, "not-found"},
		{"GET", "/v1/applications", "", NULL, 405, "POST"},
		{"DELETE", "/v1/catalogue", "", NULL, 405, "GET, HEAD"},
		{"GET", "/v1/cases/37132320261124", "", NULL, 404, "case-not-found"},
		{"GET", "/v1/changes?cursor=x", "", NULL, 400, "bad-request"},
		{"GET", "/v1/changes?cursor=-1", "", NULL, 400, "bad-request"},
		{"GET", "/v1/cases?day=2026-02-30", "", NULL, 400, "bad-request"},
	};
	struct answer a = {0};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		centre_ask(*state, &a, rows[i].method, rows[i].path, rows[i].headers, rows[i].body);
		if (a.status != rows[i].status || !answer_has(&a, rows[i].has))
			print_message("row %zu: %d %s\n", i, a.status, buf_str(&a.body));
		assert_int_equal(a.status, rows[i].status);
		assert_true(answer_has(&a, rows[i].has));
		assert_string_equal(answer_header(&a, "Content-Type"), "application/problem+json");
		assert_int_equal(atoi(strstr(a.body.data, "\"status\":") + 9), a.status);
		if (a.status == 405)
			assert_string_equal(answer_header(&a, "Allow"), rows[i].has);
	}
	/* Nothing of all that left a trace. */
	centre_ask(*state, &a, "GET", "/v1/cases", "", NULL);
	assert_true(answer_has(&a, "\"cases\":[]"));
	answer_fini(&a);
}

static void the_same_answer_again(void **state)
{
	struct centre *c = *state;
	struct answer first = {0}, again = {0};

	post_application(c, &first, 1, 1, "");
	assert_int_equal(first.status, 201);
	assert_string_equal(
		member(&first, "idempotency_key"), "018f0000-0000-7000-9000-000000000001");
	assert_string_equal(
		answer_header(&first, "Idempotency-Key"), "018f0000-0000-7000-9000-000000000001");
	assert_int_equal(strlen(member(&first, "project_no")), 19);
	assert_memory_equal(member(&first, "project_no"), "371323", 6);
	assert_string_equal(member(&first, "project_no") + 14, "00001");
	assert_int_equal(strlen(member(&first, "query_password")), 8);
	assert_string_equal(answer_header(&first, "Idempotency-Replayed"), "");

	post_application(c, &again, 1, 1, "");
	assert_int_equal(again.status, 201);
	assert_string_equal(again.body.data, first.body.data);
	assert_string_equal(answer_header(&again, "Idempotency-Replayed"), "true");

	/* The power of a kill between: what was answered is there. */
	assert_int_equal(centre_stop(c, SIGKILL), 128 + SIGKILL);
	centre_start(c, "");
	post_application(c, &again, 1, 1, "");
	assert_int_equal(again.status, 201);
	assert_string_equal(again.body.data, first.body.data);

	post_application(c, &again, 1, 1, ",\"operator\":\"x\"");
	assert_int_equal(again.status, 422);
	assert_true(answer_has(&again, "idempotency-key-reused"));
	assert_true(answer_has(&again, "\"header\":\"Idempotency-Key\",\"rule\":\"reused\""));
	/* that the other body is wrong as well is not told beside it */
	post_application(c, &again, 1, 1, ",\"operator\":1");
	assert_int_equal(again.status, 422);
	assert_true(answer_has(&again, "idempotency-key-reused"));
	assert_false(answer_has(&again, "/operator"));
	post_application(c, &again, 2, 1, "");
	assert_int_equal(again.status, 409);
	assert_true(answer_has(&again, "case-exists"));
	assert_true(answer_has(&again, "\"pointer\":\"/case_id\""));
	post_application(c, &again, 2, 2, "");
	assert_int_equal(again.status, 201);
	assert_string_equal(member(&again, "project_no") + 14, "00002");
	answer_fini(&first);
	answer_fini(&again);
}

static void a_quoted_key_is_the_key(void **state)
{
	struct answer bare = {0}, quoted = {0};

	centre_ask(*state, &bare, "POST", "/v1/applications", TYPE KEY, PLAIN "}");
	centre_ask(*state, &quoted, "POST", "/v1/applications",
		TYPE "Idempotency-Key: \"018F0000-0000-7000-9000-000000000999\"\r\n", PLAIN "}");
	assert_int_equal(bare.status, 201);
	assert_int_equal(quoted.status, 201);
	assert_string_equal(bare.body.data, quoted.body.data);
	answer_fini(&bare);
	answer_fini(&quoted);
}

enum {
	AT_ONCE = 24
};

/* Requests that lie ready together when the centre looks: it is stopped while they are sent. */
static void all_at_once(struct centre *c, struct answer *answers, struct buf *requests)
{
	int lines[AT_ONCE], i;

	for (i = 0; i < AT_ONCE; i++) {
		lines[i] = centre_dial(c);
		line_sends(lines[i], "GET /health HTTP/1.1\r\nHost: t\r\n\r\n");
		line_answer(lines[i], &answers[i]);
		assert_int_equal(answers[i].status, 200);
	}
	kill(c->pid, SIGSTOP);
	for (i = 0; i < AT_ONCE; i++)
		line_send(lines[i], requests[i].data, requests[i].len);
	kill(c->pid, SIGCONT);
	for (i = 0; i < AT_ONCE; i++) {
		line_answer(lines[i], &answers[i]);
		close(lines[i]);
		buf_fini(&requests[i]);
	}
}

static void one_key_at_once(void **state)
{
	struct answer answers[AT_ONCE] = {{0}}, later = {0};
	struct buf requests[AT_ONCE] = {{0}};
	int i, taken = 0, running = 0;

	for (i = 0; i < AT_ONCE; i++)
		application_request(&requests[i], 5, 5, "");
	all_at_once(*state, answers, requests);
	post_application(*state, &later, 5, 5, "");
	assert_int_equal(later.status, 201);
	for (i = 0; i < AT_ONCE; i++) {
		if (answers[i].status == 201) {
			assert_string_equal(answers[i].body.data, later.body.data);
			taken += *answer_header(&answers[i], "Idempotency-Replayed") == '\0';
		} else {
			assert_int_equal(answers[i].status, 409);
			assert_true(answer_has(&answers[i], "in-progress"));
			assert_true(answer_has(&answers[i], "\"header\":\"Idempotency-Key\""));
			assert_string_equal(answer_header(&answers[i], "Retry-After"), "1");
			running++;
		}
		answer_fini(&answers[i]);
	}
	assert_int_equal(taken, 1);
	assert_true(running > 0);
	answer_fini(&later);
}

static void a_bad_one_fails_alone(void **state)
{
	struct answer answers[AT_ONCE] = {{0}}, a = {0};
	struct buf requests[AT_ONCE] = {{0}};
	char seen[AT_ONCE + 1] = "";
	int i, n;

	for (i = 0; i < AT_ONCE; i++)
		application_request(
			&requests[i], i, i == 7 ? 3 : i, i == 9 ? ",\"operator\":1" : "");
	all_at_once(*state, answers, requests);
	for (i = 0; i < AT_ONCE; i++) {
		if (i != 3 && i != 7 && i != 9)
			assert_int_equal(answers[i].status, 201);
		if (answers[i].status == 201) {
			n = atoi(member(&answers[i], "project_no") + 14);
			assert_in_range(n, 1, AT_ONCE - 2);
			assert_int_equal(seen[n]++, 0);
		}
	}
	/* Cases 3 and 7 are one: whichever came first has it. */
	assert_int_equal(answers[3].status + answers[7].status, 201 + 409);
	assert_int_equal(answers[9].status, 422);
	post_application(*state, &a, 100, 100, "");
	assert_int_equal(atoi(member(&a, "project_no") + 14), AT_ONCE - 2 + 1);
	for (i = 0; i < AT_ONCE; i++)
		answer_fini(&answers[i]);
	answer_fini(&a);
}

static void letter(struct centre *c, struct answer *a, int key, const char *kind, const char *extra)
{
	char headers[160], body[256];

	snprintf(headers, sizeof headers, TYPE "Idempotency-Key: 018f0000-0000-7000-a000-%012d\r\n",
		key);
	snprintf(body, sizeof body,
		"{\"kind\":\"%s\",\"case_id\":\"018f0000-0000-7000-8000-000000000001\"%s}", kind,
		extra);
	centre_ask(c, a, "POST", "/v1/letters", headers, body);
}

static void other_matter(const struct centre *c, struct answer *a)
{
	centre_ask(c, a, "POST", "/v1/applications", KEY TYPE,
		"{\"kind\":\"application\",\"case_id\":\"018f0000-0000-7000-8000-000000000001\","
		"\"task_code\":\"another\",\"applyer_name\":\"李样例\",\"answers\":{},"
		"\"replaces\":\"018f0000-0000-7000-9000-000000000002\"}");
}

static void a_new_version_names_the_old(void **state)
{
	struct answer a = {0};
	char first[64];

	post_application(*state, &a, 1, 1, "");
	snprintf(first, sizeof first, "%s", member(&a, "project_no"));
	post_application(
		*state, &a, 2, 1, ",\"replaces\":\"018f0000-0000-7000-9000-000000000001\"");
	assert_int_equal(a.status, 201);
	assert_string_equal(member(&a, "project_no"), first);
	post_application(
		*state, &a, 3, 1, ",\"replaces\":\"018f0000-0000-7000-9000-000000000001\"");
	assert_int_equal(a.status, 409);
	assert_true(answer_has(&a, "stale-version"));
	assert_true(answer_has(&a, "\"pointer\":\"/replaces\",\"rule\":\"stale\""));
	assert_string_equal(member(&a, "current_key"), "018f0000-0000-7000-9000-000000000002");
	assert_string_equal(member(&a, "project_no"), first);
	assert_false(answer_has(&a, "没有收到过"));
	/* A version that never came, as to a centre that was restored from an old copy. */
	post_application(
		*state, &a, 5, 1, ",\"replaces\":\"018f0000-0000-7000-9000-000000000098\"");
	assert_int_equal(a.status, 409);
	assert_true(answer_has(&a, "stale-version"));
	assert_true(answer_has(&a, "所替换的那一版中心没有收到过"));
	/* Without naming any it is the same case again, and the one in force is named. */
	post_application(*state, &a, 4, 1, "");
	assert_int_equal(a.status, 409);
	assert_true(answer_has(&a, "case-exists"));
	assert_string_equal(member(&a, "current_key"), "018f0000-0000-7000-9000-000000000002");
	assert_string_equal(member(&a, "project_no"), first);
	/* It stays the matter that it was. */
	other_matter(*state, &a);
	assert_int_equal(a.status, 422);
	assert_true(answer_has(&a, "\"pointer\":\"/task_code\",\"rule\":\"replaces\""));
	assert_string_equal(member(&a, "project_no"), first);
	/* What is accepted is not changed any more. */
	letter(*state, &a, 1, "accept", "");
	assert_int_equal(a.status, 201);
	post_application(
		*state, &a, 5, 1, ",\"replaces\":\"018f0000-0000-7000-9000-000000000002\"");
	assert_int_equal(a.status, 409);
	assert_true(answer_has(&a, "case-state"));
	assert_string_equal(member(&a, "state"), "accepted");
	/* The repeat of the replaced one is still answered as it was. */
	post_application(*state, &a, 1, 1, "");
	assert_int_equal(a.status, 201);
	answer_fini(&a);
}

/* It names the version before of its own case, in whichever letters a UUID is written; the list of
 * the day tells the version in force. */
static void what_it_replaces_is_of_its_case(void **state)
{
	static const char *const first = "018f0000-0000-7000-9000-000000000001";
	struct answer a = {0};
	char of_another[80];

	snprintf(of_another, sizeof of_another, ",\"replaces\":\"%s\"", first);
	post_application(*state, &a, 1, 1, "");
	post_application(*state, &a, 3, 2, of_another);
	assert_int_equal(a.status, 422);
	assert_true(answer_has(&a, "\"pointer\":\"/replaces\",\"rule\":\"other-case\""));
	post_application(*state, &a, 3, 2, "");
	assert_int_equal(a.status, 201);
	post_application(*state, &a, 4, 2, of_another);
	assert_int_equal(a.status, 422);
	assert_true(answer_has(&a, "\"pointer\":\"/replaces\",\"rule\":\"other-case\""));
	centre_ask(*state, &a, "GET", "/v1/cases", "", "");
	assert_true(answer_has(&a, first));
	post_application(
		*state, &a, 2, 1, ",\"replaces\":\"018F0000-0000-7000-9000-000000000001\"");
	assert_int_equal(a.status, 201);
	centre_ask(*state, &a, "GET", "/v1/cases", "", "");
	assert_false(answer_has(&a, first));
	assert_true(answer_has(&a, "\"idempotency_key\":\"018f0000-0000-7000-9000-000000000002\""));
	answer_fini(&a);
}

/* A correction was written while the first version was still under way, and that one was refused.
 */
static void a_version_whose_forerunner_was_refused_is_taken(void **state)
{
	struct answer a = {0};
	char first[64];

	post_application(
		*state, &a, 2, 1, ",\"replaces\":\"018f0000-0000-7000-9000-000000000001\"");
	assert_int_equal(a.status, 201);
	snprintf(first, sizeof first, "%s", member(&a, "project_no"));
	/* a late copy of the forerunner does not come back to life */
	post_application(*state, &a, 1, 1, "");
	assert_int_equal(a.status, 409);
	assert_true(answer_has(&a, "case-exists"));
	assert_string_equal(member(&a, "project_no"), first);
	answer_fini(&a);
}

static void letters_of_a_case(void **state)
{
	struct answer a = {0};

	post_application(*state, &a, 1, 1, "");
	letter(*state, &a, 1, "supplement", "");
	assert_int_equal(a.status, 409);
	assert_true(answer_has(&a, "case-state"));
	letter(*state, &a, 2, "evaluation", "");
	assert_int_equal(a.status, 422);
	assert_true(answer_has(&a, "/satisfaction"));
	letter(*state, &a, 2, "evaluation", ",\"satisfaction\":\"1\"");
	assert_int_equal(a.status, 201);
	assert_string_equal(member(&a, "state"), "received");
	letter(*state, &a, 7, "evaluation", ",\"satisfaction\":\"5\"");
	assert_int_equal(a.status, 409); /* the same service again */
	assert_true(answer_has(&a, "case-state"));
	letter(*state, &a, 8, "evaluation",
		",\"satisfaction\":\"5\",\"service\":\"2026-11-25\",\"cause\":\"speed\"");
	assert_int_equal(a.status, 201);
	letter(*state, &a, 9, "evaluation", ",\"satisfaction\":\"6\"");
	assert_int_equal(a.status, 422);
	letter(*state, &a, 9, "evaluation", ",\"satisfaction\":\"4\",\"service\":7");
	assert_int_equal(a.status, 422);
	assert_true(answer_has(&a, "/service"));
	letter(*state, &a, 3, "withdraw", ",\"reason\":\"不办了\"");
	assert_int_equal(a.status, 201);
	assert_string_equal(member(&a, "state"), "withdrawn");
	assert_string_equal(member(&a, "query_password"), "");
	letter(*state, &a, 3, "withdraw", ",\"reason\":\"不办了\"");
	assert_int_equal(a.status, 201);
	letter(*state, &a, 4, "withdraw", "");
	assert_int_equal(a.status, 409);
	answer_fini(&a);
}

/* The kinds of letters and what each asks of the one state machine. */
static void letters_move_a_case_as_its_life_allows(void **state)
{
	static const struct {
		const char *kind, *extra;
		int status;
		const char *after; /* state, or what the refusal has */
	} rows[] = {
		{"suspend", "", 409, "case-state"},
		{"correction", ",\"reason\":\"缺照片\"", 201, "correcting"},
		{"reject", "", 409, "case-state"},
		{"supplement", "", 201, "received"},
		{"accept", ",\"confirmed_by\":\"乙\"", 201, "accepted"},
		{"accept", "", 409, "case-state"},
		{"suspend", "", 201, "suspended"},
		{"resume", "", 201, "accepted"},
		{"deliver", "", 409, "case-state"},
		{"decide", "", 422, "/kind"},
		{"submit", "", 422, "/kind"},
		{"note", ",\"note\":\"x\"", 201, "accepted"},
		{"void", ",\"confirmed_by\":\"乙\"", 422, "/reason"},
		{"void", ",\"reason\":\"重复\"", 422, "/confirmed_by"},
		{"void", ",\"reason\":\"重复\",\"operator\":\"甲\",\"confirmed_by\":\"甲\"", 422,
			"/confirmed_by"},
		{"void", ",\"reason\":\"重复\",\"operator\":\"甲\",\"confirmed_by\":\"乙\"", 201,
			"voided"},
		{"withdraw", "", 409, "case-state"},
		{"note", "", 201, "voided"},
	};
	struct answer a = {0};
	size_t i;

	post_application(*state, &a, 1, 1, "");
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		letter(*state, &a, (int)i, rows[i].kind, rows[i].extra);
		if (a.status != rows[i].status || !answer_has(&a, rows[i].after))
			print_message("row %zu: %d %s\n", i, a.status, buf_str(&a.body));
		assert_int_equal(a.status, rows[i].status);
		if (a.status == 201)
			assert_string_equal(member(&a, "state"), rows[i].after);
		else
			assert_true(answer_has(&a, rows[i].after));
	}
	answer_fini(&a);
}

static void a_case_is_shown_to_who_may_see_it(void **state)
{
	struct centre *c = *state;
	struct answer a = {0};
	char path[80], header[64];
	int i;

	post_application(c, &a, 1, 1, "");
	snprintf(path, sizeof path, "/v1/cases/%s", member(&a, "project_no"));
	snprintf(header, sizeof header, "Query-Password: %s\r\n", member(&a, "query_password"));
	centre_ask(c, &a, "GET", path, header, NULL);
	assert_int_equal(a.status, 200);
	assert_string_equal(member(&a, "applyer_name"), "李**");
	assert_string_equal(member(&a, "case_id"), "");
	assert_true(answer_has(&a, "\"history\":[{"));
	for (i = 0; i < 60; i++) {
		centre_ask(c, &a, "GET", path, "Query-Password: ABCDEFGH\r\n", NULL);
		assert_int_equal(a.status, 404);
	}
	centre_ask(c, &a, "GET", path, header, NULL);
	assert_int_equal(a.status, 429);
	centre_ask(c, &a, "GET", path, "", NULL);
	assert_int_equal(a.status, 200);
	assert_string_equal(member(&a, "applyer_name"), "李样例");
	answer_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(refusals, set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(the_same_answer_again, set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(a_quoted_key_is_the_key, set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(one_key_at_once, set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(a_bad_one_fails_alone, set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			a_new_version_names_the_old, set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			what_it_replaces_is_of_its_case, set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			a_version_whose_forerunner_was_refused_is_taken, set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(letters_of_a_case, set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			letters_move_a_case_as_its_life_allows, set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			a_case_is_shown_to_who_may_see_it, set_up, centre_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
