/* Several yimen-central on one PostgreSQL database: what one takes the others know, and whoever is
 * killed, nothing is lost and nothing is there twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "tests/http/centre.h"
#include "tests/unit/postgres.h"

static struct postgres server;

struct hall {
	struct centre a, b;
	char conninfo[256], options[400];
};

/* One folder of papers for both. */
static void share_papers(const struct centre *of, const struct centre *with)
{
	char from[80], to[80];

	snprintf(from, sizeof from, "%s/papers", of->dir);
	snprintf(to, sizeof to, "%s/papers", with->dir);
	assert_int_equal(symlink(from, to), 0);
}

static int set_up(void **state)
{
	static int databases;
	struct hall *h = calloc(1, sizeof *h);
	char name[16];

	snprintf(name, sizeof name, "h%d", ++databases);
	postgres_database(&server, name, h->conninfo);
	snprintf(h->options, sizeof h->options, "--region 371323 --store %s", h->conninfo);
	centre_init(&h->a);
	centre_init(&h->b);
	centre_start(&h->a, h->options);
	share_papers(&h->a, &h->b);
	centre_start(&h->b, h->options);
	*state = h;
	return 0;
}

static int tear_down(void **state)
{
	struct hall *h = *state;

	centre_fini(&h->b);
	centre_fini(&h->a);
	free(h);
	return 0;
}

static int64_t now_ms(void)
{
	return clock_mono_ms(&clock_system);
}

/* ---- what one takes the other knows ---- */

/* It is told of what another one did within a moment. */
static void comes_to_refuse(
	const struct centre *c, struct answer *a, const char *path, const char *token)
{
	int64_t began_ms = now_ms();

	do {
		centre_ask(c, a, "GET", path, token, NULL);
	} while (a->status == 200 && now_ms() - began_ms < 2000);
	assert_int_equal(a->status, 401);
}

static void what_one_takes_the_other_tells(void **state)
{
	struct hall *h = *state;
	struct answer a = {0}, news = {0};
	struct buf request = {0}, out = {0};
	char token[128], other_token[128], no[48], words[128], path[64], now[32], after[32];
	int64_t began_ms;
	int line, other;

	centre_ask(&h->b, &a, "GET", "/v1/changes?cursor=0", "", NULL); /* open to all */
	assert_int_equal(a.status, 200);
	centre_enrol(&h->a, "二号", other_token);
	comes_to_refuse(&h->b, &a, "/v1/changes?cursor=0", "");
	centre_enrol(&h->a, "一号", token);
	application_request(&request, 1, 1, "");
	centre_ask(&h->b, &a, "GET", "/v1/changes?cursor=0", token, NULL); /* let in here too */
	assert_int_equal(a.status, 200);
	line = centre_dial(&h->a);
	buf_clear(&request);
	buf_printf(&request,
		"POST /v1/applications HTTP/1.1\r\nHost: t\r\n%s"
		"Content-Type: application/json\r\nIdempotency-Key: "
		"018f0000-0000-7000-9000-000000000001\r\nContent-Length: ",
		token);
	application(&out, 1, "");
	buf_printf(&request, "%zu\r\n\r\n%s", out.len, out.data);
	line_send(line, request.data, request.len);
	line_answer(line, &a);
	assert_int_equal(a.status, 201);
	snprintf(no, sizeof no, "%s", member(&a, "project_no"));
	line_send(line, request.data, request.len); /* the same letter at the other */
	line_answer(line, &news);
	assert_string_equal(buf_str(&news.body), buf_str(&a.body));
	close(line);
	snprintf(path, sizeof path, "/v1/cases/%s", no);
	centre_ask(&h->b, &a, "GET", path, token, NULL);
	assert_int_equal(a.status, 200);
	/* A wait at one ends when the office works at the other. */
	centre_ask(&h->b, &a, "GET", "/v1/changes", token, NULL);
	snprintf(now, sizeof now, "%s", member(&a, "cursor"));
	line = centre_dial(&h->b);
	buf_clear(&request);
	buf_printf(&request, "GET /v1/changes?cursor=%s&wait=15 HTTP/1.1\r\nHost: t\r\n%s\r\n", now,
		token);
	line_send(line, request.data, request.len);
	other = centre_dial(&h->b); /* whose case it is not hears nothing */
	buf_clear(&request);
	buf_printf(&request, "GET /v1/changes?cursor=%s&wait=3 HTTP/1.1\r\nHost: t\r\n%s\r\n", now,
		other_token);
	line_send(other, request.data, request.len);
	snprintf(words, sizeof words, "case advance %s accepted", no);
	assert_int_equal(centre_command(&h->a, words, &out), 0);
	began_ms = now_ms();
	line_answer(line, &news);
	assert_int_equal(news.status, 200);
	assert_true(answer_has(&news, "\"state\":\"accepted\"") && answer_has(&news, no));
	snprintf(after, sizeof after, "%s", member(&news, "cursor"));
	assert_true(now_ms() - began_ms < 2000);
	close(line);
	line_answer(other, &news);
	assert_true(answer_has(&news, "\"changes\":[]"));
	assert_string_equal(
		member(&news, "cursor"), after); /* it is behind that step all the same */
	assert_true(now_ms() - began_ms > 1500);
	close(other);
	assert_int_equal(centre_command(&h->b, "station revoke 一号", &out), 0);
	comes_to_refuse(&h->a, &a, path, token);
	answer_fini(&a);
	answer_fini(&news);
	buf_fini(&request);
	buf_fini(&out);
}

/* A matter that is imported at one is what the other tells, and asks letters for. */
static void a_catalogue_for_all(void **state)
{
	struct hall *h = *state;
	struct answer a = {0}, b = {0};
	char path[80], words[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/matters", h->a.dir);
	f = fopen(path, "w");
	fputs("{\"task_code\":\"T1\",\"task_name\":\"甲\"}\n", f);
	fclose(f);
	post_application(&h->b, &b, 2, 2, ""); /* no catalogue yet: anything goes */
	assert_int_equal(b.status, 201);
	snprintf(words, sizeof words, "import %s", path);
	assert_int_equal(centre_command(&h->a, words, NULL), 0);
	centre_ask(&h->a, &a, "GET", "/v1/catalogue", "", NULL);
	centre_ask(&h->b, &b, "GET", "/v1/catalogue", "", NULL);
	assert_string_equal(buf_str(&a.body), buf_str(&b.body));
	assert_true(answer_has(&b, "T1"));
	post_application(&h->b, &b, 3, 3, "");
	assert_int_equal(b.status, 422);
	post_application(&h->b, &b, 1, 1, "");
	assert_int_equal(b.status, 201);
	answer_fini(&a);
	answer_fini(&b);
}

static void ask_piece(const struct centre *c, struct answer *a, const char *sha256, int offset,
	const char *bytes, int size)
{
	char path[100], headers[200];

	snprintf(path, sizeof path, "/v1/attachments/%s", sha256);
	snprintf(headers, sizeof headers,
		"Content-Type: application/offset+octet-stream\r\nUpload-Offset: %d\r\n"
		"Upload-Length: %d\r\n",
		offset, size);
	centre_ask(c, a, "PATCH", path, headers, bytes);
}

/* The pieces of one paper come now to one, now to the other; between them somebody sends rubbish
 * under its name. */
static void a_paper_in_pieces_by_both(void **state)
{
	struct hall *h = *state;
	struct answer a = {0};
	char sha256[CRYPTO_HEX_SIZE], path[CRYPTO_HEX_SIZE + 20];

	crypto_hex(DIGEST_SHA256, "onetwosix", 9, sha256);
	snprintf(path, sizeof path, "/v1/attachments/%s", sha256);
	ask_piece(&h->a, &a, sha256, 0, "one", 9);
	assert_int_equal(a.status, 200);
	ask_piece(&h->b, &a, sha256, 3, "xxxxxx", 9); /* the whole is wrong: thrown away */
	assert_int_equal(a.status, 422);
	ask_piece(&h->b, &a, sha256, 0, "one", 9);
	ask_piece(&h->b, &a, sha256, 3, "two", 9);
	assert_int_equal(a.status, 200);
	ask_piece(&h->a, &a, sha256, 3, "two", 9);
	assert_int_equal(a.status, 409); /* the bytes that came to the other count */
	ask_piece(&h->a, &a, sha256, 6, "six", 9);
	assert_int_equal(a.status, 200);
	assert_true(answer_has(&a, "\"complete\":true"));
	centre_ask(&h->b, &a, "GET", path, "", NULL);
	assert_true(answer_has(&a, "\"complete\":true"));
	answer_fini(&a);
}

/* ---- folders ---- */

static void a_folder_knows_its_store(void **state)
{
	struct hall *h = *state;
	struct centre third, plain;
	struct buf out = {0};
	char words[500], path[80];
	struct stat st;

	centre_init(&third);
	centre_init(&plain);
	snprintf(words, sizeof words, "--listen 127.0.0.1:0 %s", h->options);
	assert_int_equal(centre_command(&third, words, NULL), 3); /* papers of its own */
	snprintf(path, sizeof path, "%s/papers", third.dir);
	assert_int_equal(rmdir(path), 0);
	share_papers(&h->a, &third);
	/* Commands find the store without being told, whether the centre of the folder runs or not.
	 */
	assert_int_equal(centre_command(&third, "station add 三号", &out), 0);
	centre_stop(&h->a, SIGTERM);
	assert_int_equal(centre_command(&h->a, "station list", &out), 0);
	assert_non_null(strstr(out.data, "三号"));
	centre_start(&h->a, "");
	snprintf(path, sizeof path, "%s/store", h->a.dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	/* One centre has one store. */
	assert_int_equal(centre_command(&plain, "station add 四号", &out), 0);
	assert_int_equal(centre_command(&plain, words, NULL), 2);
	assert_int_equal(
		centre_command(&plain, "--listen 127.0.0.1:0 --store /some/file", NULL), 2);
	assert_int_equal(centre_command(&third,
				 "--listen 127.0.0.1:0 --store "
				 "postgresql:///none?host=/nowhere",
				 NULL),
		3);
	centre_fini(&third);
	centre_fini(&plain);
	buf_fini(&out);
}

/* ---- killed under load ---- */

enum {
	CLIENTS = 3,
	LETTERS = 120
};

/* Each letter until it is taken (a byte goes into told); then once more, and it is told as it was.
 */
static int send_letters(const struct hall *h, int client, int told)
{
	struct answer first = {0}, again = {0};
	int64_t until_ms = now_ms() + 90000;
	int i, wrong = 0;

	for (i = 0; i < LETTERS && now_ms() < until_ms; i++) {
		const struct centre *c = (i + client) % 2 == 0 ? &h->a : &h->b;
		int number = client * 1000 + i;
		do {
			post_application(c, &first, number, number, "");
		} while ((first.status == 503 || first.status == 0) && now_ms() < until_ms);
		wrong += write(told, "", 1) != 1;
		do {
			post_application(&h->a, &again, number, number, "");
		} while ((again.status == 503 || again.status == 0) && now_ms() < until_ms);
		if (first.status != 201 || again.status != 201 ||
			strcmp(buf_str(&first.body), buf_str(&again.body)) != 0)
			wrong++;
	}
	answer_fini(&first);
	answer_fini(&again);
	return wrong + LETTERS - i > 0;
}

static void wait_for_letters(int told, int count)
{
	struct pollfd p = {.fd = told, .events = POLLIN};
	char byte;

	while (count-- > 0) {
		assert_int_equal(poll(&p, 1, 60000), 1);
		assert_int_equal(read(told, &byte, 1), 1);
	}
}

static void says_that_it_is_away(const struct centre *c)
{
	struct answer a = {0};

	centre_ask(c, &a, "GET", "/health", "", NULL);
	assert_int_equal(a.status, 503);
	assert_string_equal(answer_header(&a, "Content-Type"), "application/problem+json");
	assert_string_not_equal(answer_header(&a, "Retry-After"), "");
	centre_ask(c, &a, "GET", "/v1/cases", "Authorization: Bearer x\r\n", NULL);
	assert_int_equal(a.status, 503); /* and not: you are locked out */
	centre_ask(c, &a, "GET", "/metrics", "", NULL);
	assert_int_equal(a.status, 200);
	assert_true(answer_has(&a, "\nyimen_store_up 0\n"));
	answer_fini(&a);
}

static void is_back(const struct centre *c)
{
	int64_t until_ms = now_ms() + 10000;
	struct answer a = {0};

	do {
		centre_ask(c, &a, "GET", "/health", "", NULL);
	} while (a.status != 200 && now_ms() < until_ms);
	assert_int_equal(a.status, 200);
	centre_ask(c, &a, "GET", "/metrics", "", NULL);
	assert_true(answer_has(&a, "\nyimen_store_up 1\n"));
	answer_fini(&a);
}

static void the_database_is_killed_under_load(void **state)
{
	struct hall *h = *state;
	pid_t pids[CLIENTS];
	int i, status, told[2];

	assert_int_equal(pipe(told), 0);
	for (i = 0; i < CLIENTS; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(send_letters(h, i + 1, told[1]));
	}
	close(told[1]);
	for (i = 1; i <= 3; i++) {
		wait_for_letters(told[0], 70);
		postgres_stop(&server, SIGQUIT);
		says_that_it_is_away(&h->a);
		says_that_it_is_away(&h->b);
		postgres_start(&server);
		is_back(&h->a);
		is_back(&h->b);
	}
	for (i = 0; i < CLIENTS; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	close(told[0]);
	assert_int_equal(
		postgres_ask(h->conninfo, "SELECT count(*) FROM event"), CLIENTS * LETTERS);
	assert_int_equal(postgres_ask(h->conninfo, "SELECT count(DISTINCT key) FROM event"),
		CLIENTS * LETTERS);
	assert_int_equal(postgres_ask(h->conninfo, "SELECT count(DISTINCT project_no) FROM case_"),
		CLIENTS * LETTERS);
	assert_int_equal(
		postgres_ask(h->conninfo, "SELECT max(seq) FROM event"), CLIENTS * LETTERS);
}

/* Stops or continues what the database runs for the centres. */
static int signal_backends(const long *pids, int signo)
{
	int i;

	for (i = 0; pids[i] != 0; i++)
		kill((pid_t)pids[i], signo);
	return i;
}

static void list_backends(const struct hall *h, long pids[16])
{
	char sql[256];
	int i;

	for (i = 0; i < 15; i++) {
		snprintf(sql, sizeof sql,
			"SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND"
			" pid <> pg_backend_pid() ORDER BY pid OFFSET %d LIMIT 1",
			i);
		pids[i] = postgres_ask(h->conninfo, sql);
	}
	pids[15] = 0;
}

/* A database that says nothing more is given up after a while; whoever only asks how the centre is
 * has an answer at once. */
static void the_database_falls_silent(void **state)
{
	enum {
		LONE = 20
	};
	struct hall *h = *state;
	struct answer a = {0};
	struct buf request = {0};
	int64_t began_ms;
	long pids[16];
	int line, i;

	centre_stop(&h->a, SIGTERM);
	centre_start(&h->a, "--open"); /* who is let in need not be asked of the database */
	for (i = 1; i <= LONE; i++) {  /* one by one: such letters too are nobody else's burden */
		post_application(&h->a, &a, i, i, "");
		assert_int_equal(a.status, 201);
	}
	list_backends(h, pids);
	assert_true(signal_backends(pids, SIGSTOP) >= 3);
	line = centre_dial(&h->a);
	application_request(&request, i, i, "");
	line_send(line, request.data, request.len);
	began_ms = now_ms();
	centre_ask(&h->a, &a, "GET", "/health", "", NULL);
	assert_int_equal(a.status, 200);
	assert_true(now_ms() - began_ms < 1000);
	line_answer(line, &a);
	assert_int_equal(a.status, 503);
	assert_true(now_ms() - began_ms < 12000);
	signal_backends(pids, SIGCONT);
	is_back(&h->a);
	do {
		post_application(&h->a, &a, i, i, "");
	} while (a.status == 503 && now_ms() - began_ms < 20000);
	assert_int_equal(a.status, 201);
	assert_int_equal(postgres_ask(h->conninfo, "SELECT count(*) FROM event"), LONE + 1);
	close(line);
	answer_fini(&a);
	buf_fini(&request);
}

/* One of the two is killed: the other goes on, and knows all that was promised. */
static void a_centre_is_killed_under_load(void **state)
{
	struct hall *h = *state;
	struct answer first = {0}, again = {0};
	int i;

	for (i = 1; i <= 60; i++) {
		post_application(&h->a, &first, i, i, "");
		assert_int_equal(first.status, 201);
	}
	centre_stop(&h->a, SIGKILL);
	post_application(&h->b, &again, 60, 60, "");
	assert_string_equal(buf_str(&again.body), buf_str(&first.body));
	post_application(&h->b, &again, 61, 61, "");
	assert_string_equal(member(&again, "project_no") + 14, "00061");
	centre_start(&h->a, "");
	post_application(&h->a, &again, 61, 61, "");
	assert_int_equal(again.status, 201);
	assert_string_equal(answer_header(&again, "Idempotency-Replayed"), "true");
	answer_fini(&first);
	answer_fini(&again);
}

/* A centre with a file of its own becomes one with a database: the same folder, the same answers.
 */
static void a_centre_moves(void **state)
{
	struct centre c;
	struct answer a = {0};
	char conninfo[256], header[128], words[300], first[64], path[100];

	(void)state;
	postgres_database(&server, "moved", conninfo);
	snprintf(words, sizeof words, "move %s", conninfo);
	centre_init(&c);
	assert_int_equal(centre_command(&c, words, NULL), 2); /* nothing to move yet */
	centre_start(&c, "--region 371323");
	post_application(&c, &a, 1, 1, "");
	assert_int_equal(a.status, 201);
	snprintf(first, sizeof first, "%s", member(&a, "project_no"));
	centre_enrol(&c, "一号", header);
	assert_int_equal(centre_command(&c, words, NULL), 3); /* it runs */
	assert_int_equal(centre_stop(&c, SIGTERM), 0);
	assert_int_equal(centre_command(&c, "move central.db", NULL), 2);
	assert_int_equal(centre_command(&c, words, NULL), 0);
	assert_int_equal(centre_command(&c, words, NULL), 2); /* it has gone */
	snprintf(path, sizeof path, "%s/central.db.moved", c.dir);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(postgres_ask(conninfo, "SELECT count(*) FROM case_"), 1);

	centre_start(&c, "");
	snprintf(path, sizeof path, "/v1/cases/%s", first);
	centre_ask(&c, &a, "GET", path, header, NULL);
	assert_int_equal(a.status, 200);
	snprintf(path, sizeof path, "%s/central.db", c.dir);
	assert_int_not_equal(access(path, F_OK), 0);
	answer_fini(&a);
	centre_fini(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_one_takes_the_other_tells, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_catalogue_for_all, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_paper_in_pieces_by_both, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_folder_knows_its_store, set_up, tear_down),
		cmocka_unit_test(a_centre_moves),
		cmocka_unit_test_setup_teardown(
			the_database_is_killed_under_load, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_database_falls_silent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_centre_is_killed_under_load, set_up, tear_down),
	};
	int failed;

	postgres_make(&server);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	postgres_remove(&server);
	return failed;
}
