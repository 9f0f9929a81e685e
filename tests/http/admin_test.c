/* Stations, catalogue, changes and the administrator's commands, with the centre running and not.
 */
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

static void write_matters(struct centre *c, char path[96], int from, int to, const char *tail)
{
	FILE *f;
	int i;

	snprintf(path, 96, "%s/matters.jsonl", c->dir);
	f = fopen(path, "w");
	assert_non_null(f);
	for (i = from; i < to; i++)
		fprintf(f, "{\"task_code\":\"T%d\",\"task_name\":\"事项%d\"}\n", i, i);
	fputs(tail, f);
	fclose(f);
}

static int count_lines(const struct buf *b)
{
	const char *at = buf_str(b);
	int n = 0;

	while ((at = strchr(at, '\n')) != NULL) {
		at++;
		n++;
	}
	return n;
}

static void catalogue(struct centre *c)
{
	struct answer a = {0};
	struct buf out = {0};
	char path[96], words[128], etag[64], header[96];

	write_matters(c, path, 0, 500, "not json\n{\"task_name\":\"x\"}\n\n");
	snprintf(words, sizeof words, "import %s", path);
	assert_int_equal(centre_command(c, words, &out), 1); /* two lines were not taken */
	assert_non_null(strstr(out.data, "500"));
	if (c->pid == 0)
		centre_start(c, "");
	centre_ask(c, &a, "GET", "/v1/catalogue", "", NULL);
	assert_int_equal(a.status, 200);
	assert_int_equal(count_lines(&a.body), 500);
	snprintf(etag, sizeof etag, "%s", answer_header(&a, "ETag"));
	snprintf(header, sizeof header, "If-None-Match: %s\r\n", etag);
	centre_ask(c, &a, "GET", "/v1/catalogue", header, NULL);
	assert_int_equal(a.status, 304);
	assert_int_equal(a.body.len, 0);
	/* The same content again is the same version; another matter is another one. */
	centre_command(c, words, &out);
	centre_ask(c, &a, "GET", "/v1/catalogue", header, NULL);
	assert_int_equal(a.status, 304);
	write_matters(c, path, 499, 502, "");
	assert_int_equal(centre_command(c, words, &out), 0);
	centre_ask(c, &a, "GET", "/v1/catalogue", header, NULL);
	assert_int_equal(a.status, 200);
	assert_int_equal(count_lines(&a.body), 502);
	/* Now a matter must be of the catalogue. */
	post_application(c, &a, 1, 501, "");
	assert_int_equal(a.status, 201);
	post_application(c, &a, 2, 502, "");
	assert_int_equal(a.status, 422);
	assert_true(answer_has(&a, "\"pointer\":\"/task_code\""));
	answer_fini(&a);
	buf_fini(&out);
}

static void catalogue_while_it_runs(void **state)
{
	centre_start(*state, "");
	catalogue(*state);
}

static void catalogue_while_it_does_not(void **state)
{
	catalogue(*state);
}

static void enrol_with_mark(struct centre *c, const char *name, const char *drawn, char mark[64])
{
	struct buf words = {0}, code = {0}, body = {0};
	struct answer a = {0};

	buf_printf(&words, "station add %s", name);
	assert_int_equal(centre_command(c, words.data, &code), 0);
	buf_printf(&body, "{\"code\":\"%.*s\",\"receipt_mark\":\"%s\"}",
		(int)strcspn(code.data, "\n"), code.data, drawn);
	centre_ask(
		c, &a, "POST", "/v1/enrolments", "Content-Type: application/json\r\n", body.data);
	assert_int_equal(a.status, 201);
	snprintf(mark, 64, "%s", member(&a, "receipt_mark"));
	answer_fini(&a);
	buf_fini(&words);
	buf_fini(&code);
	buf_fini(&body);
}

/* What two have drawn is the first one's; a mark that was given is given to no other. */
static void marks_of_receipts(void **state)
{
	static const char *const names[] = {"一号", "二号", "三号", "--renew 一号", "五号", "六号"},
				 *const drawn[] = {"K7Q", "K7Q", "K7Q", "K7Q", "7KQ", "KQ\\n"};
	char marks[6][64];
	int i, k;

	centre_start(*state, "");
	for (i = 0; i < 6; i++) {
		enrol_with_mark(*state, names[i], drawn[i], marks[i]);
		assert_int_equal(strlen(marks[i]), 3);
		assert_true(marks[i][0] >= 'A' && marks[i][0] <= 'Z');
		for (k = 0; k < i; k++)
			assert_string_not_equal(marks[i], marks[k]);
	}
	assert_string_equal(marks[0], "K7Q");
}

static void stations(void **state)
{
	struct centre *c = *state;
	struct answer a = {0};
	struct buf code = {0};
	char body[96], token[96], header[128];

	centre_start(c, "");
	centre_ask(c, &a, "GET", "/v1/cases", "", NULL);
	assert_int_equal(a.status, 200); /* loopback, and no station yet */
	assert_int_equal(centre_command(c, "station add 一号窗", &code), 0);
	code.data[strcspn(code.data, "\n")] = '\0';
	centre_ask(c, &a, "GET", "/v1/cases", "", NULL);
	assert_int_equal(a.status, 401);
	assert_string_equal(answer_header(&a, "WWW-Authenticate"), "Bearer realm=\"yimen\"");

	centre_ask(c, &a, "POST", "/v1/enrolments", "Content-Type: application/json\r\n",
		"{\"code\":\"0000-0000-0000\"}");
	assert_int_equal(a.status, 403);
	snprintf(body, sizeof body, "{\"code\":\"%s\"}", code.data);
	centre_ask(c, &a, "POST", "/v1/enrolments", "Content-Type: application/json\r\n", body);
	assert_int_equal(a.status, 201);
	assert_string_equal(member(&a, "station"), "一号窗");
	snprintf(token, sizeof token, "%s", member(&a, "token"));
	assert_int_equal(strlen(member(&a, "receipt_key")), 32);
	centre_ask(c, &a, "POST", "/v1/enrolments", "Content-Type: application/json\r\n", body);
	assert_int_equal(a.status, 403); /* used up */

	snprintf(header, sizeof header, "Authorization: Bearer %s\r\n", token);
	centre_ask(c, &a, "GET", "/v1/cases", header, NULL);
	assert_int_equal(a.status, 200);
	token[3] = token[3] == 'A' ? 'B' : 'A';
	centre_ask(c, &a, "GET", "/v1/cases", "Authorization: Bearer nonsense\r\n", NULL);
	assert_int_equal(a.status, 401);
	assert_int_equal(centre_command(c, "station add 一号窗", NULL), 1);
	assert_int_equal(centre_command(c, "station revoke 一号窗", NULL), 0);
	centre_ask(c, &a, "GET", "/v1/cases", header, NULL);
	assert_int_equal(a.status, 401);
	answer_fini(&a);
	buf_fini(&code);
}

static void changes(void **state)
{
	struct centre *c = *state;
	struct answer a = {0}, waiting = {0};
	struct buf out = {0};
	char words[96], request[160];
	int fd;

	centre_start(c, "");
	post_application(c, &a, 1, 1, "");
	snprintf(words, sizeof words, "case advance %s", member(&a, "project_no"));
	centre_ask(c, &a, "GET", "/v1/changes", "", NULL);
	assert_int_equal(a.status, 200);
	assert_true(answer_has(&a, "\"changes\":[]"));
	snprintf(request, sizeof request,
		"GET /v1/changes?cursor=%s&wait=60 HTTP/1.1\r\nHost: t\r\n\r\n",
		member(&a, "cursor"));
	fd = centre_dial(c);
	line_sends(fd, request);
	/* The step of the back office ends the wait. */
	assert_int_equal(centre_command(c, words, &out), 0);
	assert_non_null(strstr(out.data, "accepted"));
	line_answer(fd, &waiting);
	assert_int_equal(waiting.status, 200);
	assert_true(answer_has(&waiting, "\"state\":\"accepted\""));
	assert_true(answer_has(&waiting, "018f0000-0000-7000-8000-000000000001"));
	close(fd);
	/* Asked again from before, the same; from after, nothing. */
	fd = centre_dial(c);
	line_sends(fd, request);
	line_answer(fd, &a);
	assert_string_equal(a.body.data, waiting.body.data);
	close(fd);
	snprintf(request, sizeof request, "/v1/changes?cursor=%s", member(&waiting, "cursor"));
	centre_ask(c, &a, "GET", request, "", NULL);
	assert_true(answer_has(&a, "\"changes\":[]"));
	assert_int_equal(centre_command(c, "notice 今日停电", NULL), 0);
	centre_ask(c, &a, "GET", request, "", NULL);
	assert_true(answer_has(&a, "今日停电"));
	/* A step that is not allowed. */
	snprintf(request, sizeof request, "%s delivered", words);
	assert_int_equal(centre_command(c, request, NULL), 1);
	answer_fini(&a);
	answer_fini(&waiting);
	buf_fini(&out);
}

static void commands(void **state)
{
	struct centre *c = *state;
	struct answer a = {0};
	struct buf running = {0}, stopped = {0};
	char words[96];
	int i;

	assert_int_equal(centre_command(c, "case list", NULL), 3);    /* nothing is there, */
	assert_int_equal(centre_command(c, "station list", NULL), 3); /* nor is made by asking */
	centre_start(c, "");
	for (i = 0; i < 450; i++) {
		post_application(c, &a, i, i, "");
		assert_int_equal(a.status, 201);
	}
	snprintf(words, sizeof words, "case show %s", member(&a, "project_no"));
	assert_int_equal(centre_command(c, "case list --json", &running), 0);
	assert_int_equal(count_lines(&running), 450);
	assert_non_null(strstr(running.data, "\"applyer_name\":\"李样例\""));
	assert_int_equal(centre_command(c, words, NULL), 0);
	assert_int_equal(centre_command(c, "case show 1", NULL), 1);
	assert_int_equal(centre_command(c, "case", NULL), 2);
	assert_int_equal(centre_command(c, "import", NULL), 2);
	assert_int_equal(centre_command(c, "import /nowhere", NULL), 1);
	assert_int_equal(centre_command(c, "dance", NULL), 2);
	assert_int_equal(centre_command(c, "", NULL), 2);
	assert_int_equal(centre_command(c, "--listen 127.0.0.1:0", NULL), 3); /* it runs already */
	assert_int_equal(centre_stop(c, SIGTERM), 0);
	assert_int_equal(centre_command(c, "case list --json", &stopped), 0);
	assert_string_equal(running.data, stopped.data);
	assert_int_equal(centre_command(c, "case list", &stopped), 0);
	assert_null(strstr(stopped.data, "李样例"));
	assert_int_equal(centre_command(c, "--listen 0.0.0.0:0 --open", NULL), 1);
	assert_int_equal(centre_command(c, "--listen nonsense", NULL), 2);
	answer_fini(&a);
	buf_fini(&running);
	buf_fini(&stopped);
}

static void stopping_answers_who_waits(void **state)
{
	struct centre *c = *state;
	struct answer a = {0};
	int fd;

	centre_start(c, "");
	fd = centre_dial(c);
	/* Pipelined: the answer of the first says that the second has been read. */
	line_sends(fd, "GET /health HTTP/1.1\r\nHost: t\r\n\r\n"
		       "GET /v1/changes?cursor=0&wait=60 HTTP/1.1\r\nHost: t\r\n\r\n");
	line_answer(fd, &a);
	assert_int_equal(a.status, 200);
	centre_ask(c, &a, "GET", "/health", "", NULL);
	assert_int_equal(centre_stop(c, SIGTERM), 0);
	line_answer(fd, &a);
	assert_int_equal(a.status, 200);
	assert_true(answer_has(&a, "\"changes\":[]"));
	assert_true(line_ends(fd));
	close(fd);
	answer_fini(&a);
}

static void a_lost_answer_is_given_again(void **state)
{
	struct centre *c = *state;
	struct answer a = {0};

	centre_start(c, "--fault drop-answer=100,seed=1");
	post_application(c, &a, 1, 1, "");
	assert_int_equal(a.status, 0);
	centre_stop(c, SIGKILL);
	centre_start(c, "");
	post_application(c, &a, 1, 1, "");
	assert_int_equal(a.status, 201);
	assert_string_equal(answer_header(&a, "Idempotency-Replayed"), "true");
	answer_fini(&a);
}

static void metrics(void **state)
{
	struct answer a = {0};

	centre_start(*state, "");
	post_application(*state, &a, 1, 1, "");
	post_application(*state, &a, 1, 1, "");
	centre_ask(*state, &a, "GET", "/metrics", "", NULL);
	assert_int_equal(a.status, 200);
	assert_true(answer_has(&a, "yimen_letters_total{result=\"taken\"} 1\n"));
	assert_true(answer_has(&a, "yimen_letters_total{result=\"again\"} 1\n"));
	assert_true(answer_has(&a, "route=\"/v1/applications\",status=\"2xx\"} 2\n"));
	centre_ask(*state, &a, "GET", "/health", "", NULL);
	assert_string_equal(member(&a, "status"), "ok");
	answer_fini(&a);
}

/* Of a centre restored from an older copy: its numbers are given again, to other events. */
static void a_restored_copy_tells_all_that_is_new(void **state)
{
	static const char *const paths[] = {"/v1/changes?cursor=%s", "/v1/changes?cursor=3"};
	struct centre *c = *state, copy = {.pid = 0};
	struct answer a = {0};
	char words[128], path[96];
	size_t i;

	centre_start(c, "");
	post_application(c, &a, 1, 1, "");
	snprintf(copy.dir, sizeof copy.dir, "%.50s.copy", c->dir);
	snprintf(words, sizeof words, "backup %s", copy.dir);
	assert_int_equal(centre_command(c, words, NULL), 0);
	post_application(c, &a, 2, 2, "");
	post_application(c, &a, 3, 3, "");
	centre_ask(c, &a, "GET", "/v1/changes", "", NULL);
	snprintf(path, sizeof path, paths[0], member(&a, "cursor"));
	assert_int_equal(centre_stop(c, SIGTERM), 0);
	centre_start(&copy, "");
	assert_int_equal(centre_command(&copy, "notice 今日停电", NULL), 0);
	assert_int_equal(centre_command(&copy, "notice 上午来电", NULL), 0);
	assert_int_equal(centre_command(&copy, "notice 照常办理", NULL), 0);
	for (i = 0; i < 2; i++) {
		centre_ask(&copy, &a, "GET", i == 0 ? path : paths[i], "", NULL);
		assert_int_equal(a.status, 200);
		assert_true(answer_has(&a, "今日停电"));
		assert_true(answer_has(&a, "上午来电"));
		assert_true(answer_has(&a, "照常办理"));
	}
	/* and from there on as ever */
	snprintf(path, sizeof path, paths[0], member(&a, "cursor"));
	centre_ask(&copy, &a, "GET", path, "", NULL);
	assert_true(answer_has(&a, "\"changes\":[]"));
	assert_int_equal(centre_stop(&copy, SIGTERM), 0);
	centre_fini(&copy);
	answer_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			catalogue_while_it_runs, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			catalogue_while_it_does_not, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(marks_of_receipts, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(stations, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(changes, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(commands, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			stopping_answers_who_waits, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			a_lost_answer_is_given_again, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(metrics, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			a_restored_copy_tells_all_that_is_new, centre_set_up, centre_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
