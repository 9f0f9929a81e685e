/* Bounds: lines, time and memory. Whoever is slow, gone or too many costs others nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/http/centre.h"

enum {
	LINES = 8,
	MANY = 900,
	RSS_KIB_MAX = 160 << 10 /* 64 MiB of bodies, 16 KiB a line, and what the program is */
};

#define HEALTH "GET /health HTTP/1.1\r\nHost: t\r\n\r\n"
#define HEAD \
	"POST /v1/applications HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n" \
	"Idempotency-Key: 018f0000-0000-7000-9000-000000000001\r\n"

static void is_well(struct centre *c)
{
	struct answer a = {0};

	centre_ask(c, &a, "GET", "/health", "", NULL);
	assert_int_equal(a.status, 200);
	answer_fini(&a);
}

static double metric(struct centre *c, const char *name)
{
	struct answer a = {0};
	const char *at;
	double n;

	centre_ask(c, &a, "GET", "/metrics", "", NULL);
	at = strstr(buf_str(&a.body), name);
	assert_non_null(at);
	n = strtod(at + strlen(name), NULL);
	answer_fini(&a);
	return n;
}

/* Until only the line that asks is left. */
static void all_others_end(struct centre *c)
{
	while (metric(c, "\nyimen_connections ") > 1)
		continue;
}

static void idle_lines_make_room(void **state)
{
	struct centre *c = *state;
	struct answer a = {0};
	int lines[LINES], i;

	centre_start(c, "--connections 8");
	for (i = 0; i < LINES; i++) {
		lines[i] = centre_dial(c);
		line_sends(lines[i], HEALTH);
		line_answer(lines[i], &a);
		assert_int_equal(a.status, 200);
	}
	is_well(c);
	assert_true(line_ends(lines[0])); /* it had been idle for longest */
	line_sends(lines[LINES - 1], HEALTH);
	line_answer(lines[LINES - 1], &a);
	assert_int_equal(a.status, 200);
	for (i = 0; i < LINES; i++)
		close(lines[i]);
	answer_fini(&a);
}

/* Requests that are under way are not cut for newer ones: those are told to come back. */
static void busy_lines_do_not(void **state)
{
	struct centre *c = *state;
	struct answer a = {0};
	int lines[LINES], i, extra;

	centre_start(c, "--connections 8 --request-timeout 30");
	for (i = 0; i < LINES; i++) {
		lines[i] = centre_dial(c);
		line_sends(lines[i], HEALTH HEAD "Content-Length: 400\r\n\r\n{");
		line_answer(lines[i], &a); /* so the second has begun */
		assert_int_equal(a.status, 200);
	}
	extra = centre_dial(c);
	line_sends(extra, HEALTH);
	line_answer(extra, &a);
	assert_int_equal(a.status, 503);
	assert_string_equal(answer_header(&a, "Retry-After"), "1");
	assert_string_equal(answer_header(&a, "Connection"), "close");
	assert_true(line_ends(extra));
	close(extra);
	/* The places beyond the limit are not kept by those who say nothing. */
	extra = centre_dial(c);
	assert_true(line_ends(extra));
	close(extra);
	for (i = 0; i < LINES; i++)
		close(lines[i]);
	all_others_end(c);
	answer_fini(&a);
}

/* A byte now and then is not enough, for the body of a request as for the reading of an answer. */
static void a_drip_is_cut(void **state)
{
	struct centre *c = *state;
	struct timeval tick = {0, 50000};
	int fd, i;
	char byte;

	centre_start(c, "--request-timeout 1 --idle-timeout 30");
	fd = centre_dial(c);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof tick);
	line_sends(fd, HEAD "Content-Length: 100000\r\n\r\n");
	for (i = 0; i < 2000; i++) { /* each time round takes a tick, or ends it */
		ssize_t n = recv(fd, &byte, 1, 0);
		if (n == 0 || (n < 0 && errno != EAGAIN))
			break;
		line_sends(fd, "x");
	}
	assert_true(i < 2000);
	close(fd);
}

/* A slow line that goes on is served, however long it takes. */
static void a_slow_line_is_served(void **state)
{
	struct centre *c = *state;
	struct timeval tick = {0, 100000};
	struct answer a = {0};
	struct buf b = {0}, extra = {0};
	size_t at;
	char byte;
	int fd;

	centre_start(c, "--request-timeout 1");
	buf_adds(&extra, ",\"note\":\"");
	for (at = 0; at < 1500; at++)
		buf_addc(&extra, 'x');
	buf_adds(&extra, "\"");
	application_request(&b, 1, 1, extra.data);
	fd = centre_dial(c);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof tick);
	for (at = 0; at < b.len;
		at += 100) { /* 1 000 bytes a second: longer than a request may stand still */
		line_send(fd, b.data + at, b.len - at < 100 ? b.len - at : 100);
		if (at + 100 < b.len)
			assert_int_equal(recv(fd, &byte, 1, 0), -1);
	}
	tick.tv_sec = 20;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof tick);
	line_answer(fd, &a);
	assert_int_equal(a.status, 201);
	close(fd);
	answer_fini(&a);
	buf_fini(&b);
	buf_fini(&extra);
}

static void import_much(struct centre *c)
{
	char path[96], words[128];
	FILE *f;
	int i;

	snprintf(path, sizeof path, "%s/matters.jsonl", c->dir);
	f = fopen(path, "w");
	assert_non_null(f);
	for (i = 0; i < 20000; i++)
		fprintf(f, "{\"task_code\":\"T%d\",\"task_name\":\"%01000d\"}\n", i, i);
	fclose(f);
	snprintf(words, sizeof words, "import %s", path);
	assert_int_equal(centre_command(c, words, NULL), 0);
}

static int dial_with_little_room(struct centre *c)
{
	int fd = centre_dial(c), room = 4096;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
	return fd;
}

static void who_does_not_read_is_cut(void **state)
{
	struct centre *c = *state;
	int fd;

	import_much(c);
	centre_start(c, "--request-timeout 1 --idle-timeout 2");
	fd = dial_with_little_room(c);
	line_sends(fd, "GET /v1/catalogue HTTP/1.1\r\nHost: t\r\n\r\n");
	is_well(c);
	all_others_end(c);
	close(fd);
}

static void who_waits_and_is_gone_is_let_go(void **state)
{
	struct centre *c = *state;
	int lines[LINES], i;

	centre_start(c, "--connections 64");
	for (i = 0; i < LINES; i++) {
		lines[i] = centre_dial(c);
		line_sends(
			lines[i], "GET /v1/changes?cursor=0&wait=60 HTTP/1.1\r\nHost: t\r\n\r\n");
	}
	while (metric(c, "\nyimen_waiting ") < LINES)
		continue;
	for (i = 0; i < LINES; i++)
		close(lines[i]);
	all_others_end(c);
	assert_true(metric(c, "\nyimen_waiting ") == 0);
}

static void waiting_does_not_take_all_lines(void **state)
{
	struct centre *c = *state;
	struct answer a = {0};
	int lines[LINES], i;

	centre_start(c, "--connections 8"); /* six may wait */
	for (i = 0; i < 7; i++) {
		lines[i] = centre_dial(c);
		line_sends(lines[i], HEALTH "GET /v1/changes?cursor=0&wait=60 HTTP/1.1\r\n"
					    "Host: t\r\n\r\n");
		line_answer(lines[i], &a); /* so the second has been read before the next line's */
		assert_int_equal(a.status, 200);
	}
	line_answer(lines[0], &a); /* who has waited longest has its answer now */
	assert_int_equal(a.status, 200);
	assert_true(answer_has(&a, "\"changes\":[]"));
	assert_true(metric(c, "\nyimen_waiting ") == 6);
	for (i = 0; i < 7; i++)
		close(lines[i]);
	answer_fini(&a);
}

static long rss_kib(const struct centre *c)
{
	char path[40], line[128];
	long kib = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/status", (int)c->pid);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL)
		if (sscanf(line, "VmHWM: %ld", &kib) == 1)
			break;
	fclose(f);
	return kib;
}

/* Nine hundred lines, each with most of a large letter: memory has its bound, and others are served
 * as soon as there is room. */
static void memory_has_its_bound(void **state)
{
	struct rlimit files = {2048, 2048};
	struct centre *c = *state;
	struct answer a = {0};
	struct buf piece = {0};
	int *lines, i, refused = 0;

#ifdef __SANITIZE_ADDRESS__
	skip(); /* the program carries its shadow */
#endif
	lines = calloc(MANY, sizeof *lines);
	setrlimit(RLIMIT_NOFILE, &files);
	centre_start(c, "--connections 900 --request-timeout 60");
	buf_adds(&piece, HEAD "Content-Length: 1000000\r\n\r\n");
	for (i = 0; i < 300000; i++)
		buf_addc(&piece, ' ');
	for (i = 0; i < MANY - 1; i++) {
		lines[i] = centre_dial(c);
		line_send(lines[i], piece.data, piece.len);
	}
	for (i = 0; i < MANY - 1; i++) {
		char byte;
		refused += recv(lines[i], &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 1;
	}
	is_well(c);
	assert_true(refused < MANY - 1);
	print_message("%d lines of 300 KB, %ld KiB at most\n", MANY - 1, rss_kib(c));
	assert_true(rss_kib(c) < RSS_KIB_MAX);
	for (i = 0; i < MANY - 1; i++)
		close(lines[i]);
	all_others_end(c);
	post_application(c, &a, 2, 2, "");
	assert_int_equal(a.status, 201);
	free(lines);
	answer_fini(&a);
	buf_fini(&piece);
}

/* ---- the end ---- */

static bool still_listens(struct centre *c)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)c->port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool good;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	good = connect(fd, (struct sockaddr *)&a, sizeof a) == 0;
	close(fd);
	return good;
}

/* Told to stop while someone does not read its answer: it takes nothing new, and does not wait for
 * ever. */
static void stopping_takes_nothing_new(void **state)
{
	struct centre *c = *state;
	struct answer a = {0};
	struct buf request = {0};
	int reader, line;

	import_much(c);
	centre_start(c, "");
	reader = dial_with_little_room(c);
	line_sends(reader, "GET /v1/catalogue HTTP/1.1\r\nHost: t\r\n\r\n");
	line = centre_dial(c);
	line_sends(line, HEALTH);
	line_answer(line, &a);
	assert_int_equal(a.status, 200);
	kill(c->pid, SIGTERM);
	while (still_listens(c))
		continue;
	application_request(&request, 1, 1, "");
	line_send(line, request.data, request.len);
	line_answer(line, &a);
	assert_int_equal(a.status, 503);
	assert_true(line_ends(line));
	assert_int_equal(centre_stop(c, SIGTERM), 0);
	close(line);
	close(reader);
	centre_start(c, "");
	post_application(c, &a, 1, 1, "");
	assert_string_equal(answer_header(&a, "Idempotency-Replayed"), "");
	answer_fini(&a);
	buf_fini(&request);
}

/* Letters come without pause while it is told to stop: what was acknowledged is there. */
static void stopping_keeps_what_it_acknowledged(void **state)
{
	struct centre *c = *state;
	struct answer a = {0};
	struct buf b = {0};
	int round, i, taken;

	for (round = 0; round < 3; round++) {
		int fd, sent = 0;
		centre_start(c, "");
		fd = centre_dial(c);
		for (i = 0; i < 200; i++) /* pipelined: it has them all before it */
			application_request(&b, round * 1000 + i, round * 1000 + i, "");
		line_send(fd, b.data, b.len);
		buf_clear(&b);
		for (taken = 0;; taken++) {
			line_answer(fd, &a);
			if (a.status != 201)
				break;
			if (taken == 10 * (round + 1) && sent++ == 0)
				kill(c->pid, SIGTERM);
		}
		close(fd);
		assert_true(taken > 10 * (round + 1));
		assert_int_equal(centre_stop(c, SIGTERM), 0);
		centre_start(c, "");
		for (i = 0; i < taken; i++) {
			post_application(c, &a, round * 1000 + i, round * 1000 + i, "");
			assert_int_equal(a.status, 201);
			assert_string_equal(answer_header(&a, "Idempotency-Replayed"), "true");
		}
		assert_int_equal(centre_stop(c, SIGTERM), 0);
	}
	answer_fini(&a);
	buf_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			idle_lines_make_room, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(busy_lines_do_not, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(a_drip_is_cut, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			a_slow_line_is_served, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			who_does_not_read_is_cut, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			who_waits_and_is_gone_is_let_go, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			waiting_does_not_take_all_lines, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			memory_has_its_bound, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			stopping_takes_nothing_new, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			stopping_keeps_what_it_acknowledged, centre_set_up, centre_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
