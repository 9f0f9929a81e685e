/* What comes in is hostile: slow, cut, huge, ambiguous, garbage. The centre ends each of them and
 * goes on answering others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/http/centre.h"

#define HEAD \
	"POST /v1/applications HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n" \
	"Idempotency-Key: 018f0000-0000-7000-9000-000000000001\r\n"

static int set_up(void **state)
{
	centre_set_up(state);
	centre_start(*state, "--connections 8 --request-timeout 1 --idle-timeout 3");
	return 0;
}

static void slow_clients_are_cut(void **state)
{
	static const char *const beginnings[] = {
		"",
		"GET /hea",
		"GET /health HTTP/1.1\r\nHost: t\r\nX-Slow: ",
		HEAD "Content-Length: 400\r\n\r\n{\"kind\":",
		HEAD "Transfer-Encoding: chunked\r\n\r\n10\r\n{\"kind\":",
	};
	size_t i;

	for (i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
		int fd = centre_dial(*state);
		line_sends(fd, beginnings[i]);
		assert_true(line_ends(fd));
		close(fd);
	}
}

static void a_cut_body_is_no_letter(void **state)
{
	struct buf request = {0};
	struct answer a = {0};
	size_t cut;

	application_request(&request, 1, 1, "");
	for (cut = 1; cut < request.len; cut += 37) {
		int fd = centre_dial(*state);
		line_send(fd, request.data, cut);
		shutdown(fd, SHUT_WR);
		line_answer(fd, &a);
		assert_int_not_equal(a.status, 201);
		close(fd);
	}
	post_application(*state, &a, 1, 1, "");
	assert_int_equal(a.status, 201);
	assert_string_equal(answer_header(&a, "Idempotency-Replayed"), "");
	buf_fini(&request);
	answer_fini(&a);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
	struct buf b = {0};
	struct answer a = {0};
	int fd = centre_dial(*state), i;
	char key[8];

	for (i = 1; i <= 5; i++)
		application_request(&b, i, i, "");
	buf_adds(&b, "GET /health HTTP/1.1\r\nHost: t\r\n\r\n");
	line_send(fd, b.data, b.len);
	for (i = 1; i <= 5; i++) {
		line_answer(fd, &a);
		assert_int_equal(a.status, 201);
		snprintf(key, sizeof key, "%05d", i);
		assert_string_equal(member(&a, "project_no") + 14, key);
	}
	line_answer(fd, &a);
	assert_int_equal(a.status, 200);
	close(fd);
	buf_fini(&b);
	answer_fini(&a);
}

static void byte_by_byte_is_whole(void **state)
{
	struct buf b = {0};
	struct answer a = {0};
	int fd = centre_dial(*state);
	size_t i;

	application_request(&b, 1, 1, "");
	for (i = 0; i < b.len; i++)
		line_send(fd, b.data + i, 1);
	line_answer(fd, &a);
	assert_int_equal(a.status, 201);
	close(fd);
	buf_fini(&b);
	answer_fini(&a);
}

static void fill(struct buf *b, size_t len_bytes)
{
	static const char blanks[1024] = {0};
	size_t i;

	for (i = 0; i < len_bytes; i += sizeof blanks)
		buf_add(b, blanks, sizeof blanks);
	memset(b->data + b->len - i, ' ', i);
}

static void huge_headers(void **state)
{
	struct buf b = {0};
	struct answer a = {0};
	int fd = centre_dial(*state);

	buf_adds(&b, "GET /health HTTP/1.1\r\nHost: t\r\nX-Huge: ");
	fill(&b, 1 << 20);
	memset(b.data + 40, 'x', b.len - 40);
	line_send(fd, b.data, b.len);
	line_answer(fd, &a);
	assert_true(a.status == 0 || a.status == 431 || a.status == 400 || a.status == 413);
	close(fd);
	buf_clear(&b);
	buf_adds(&b, "GET /");
	fill(&b, 1 << 16);
	memset(b.data + 5, 'y', b.len - 5);
	fd = centre_dial(*state);
	line_send(fd, b.data, b.len);
	line_answer(fd, &a);
	assert_true(a.status == 0 || a.status == 414 || a.status == 431 || a.status == 400);
	close(fd);
	buf_fini(&b);
	answer_fini(&a);
}

static void bodies_over_the_limit(void **state)
{
	struct buf b = {0};
	struct answer a = {0};
	int fd = centre_dial(*state);

	/* Sent whole: read over, then refused. */
	buf_adds(&b, HEAD "Content-Length: 2097152\r\n\r\n");
	fill(&b, 2 << 20);
	line_send(fd, b.data, b.len);
	line_answer(fd, &a);
	assert_int_equal(a.status, 413);
	close(fd);
	/* Asked first: refused before a byte of it. */
	fd = centre_dial(*state);
	line_sends(fd, HEAD "Content-Length: 2097152\r\nExpect: 100-continue\r\n\r\n");
	line_answer(fd, &a);
	assert_int_equal(a.status, 413);
	close(fd);
	/* Announced beyond all reason. */
	fd = centre_dial(*state);
	line_sends(fd, HEAD "Content-Length: 1099511627776\r\n\r\n");
	line_answer(fd, &a);
	assert_int_equal(a.status, 413);
	close(fd);
	/* Not announced. */
	buf_clear(&b);
	buf_adds(&b, HEAD "Transfer-Encoding: chunked\r\n\r\n180000\r\n");
	fill(&b, 0x180000);
	buf_adds(&b, "\r\n0\r\n\r\n");
	fd = centre_dial(*state);
	line_send(fd, b.data, b.len);
	line_answer(fd, &a);
	assert_int_equal(a.status, 413);
	close(fd);
	buf_fini(&b);
	answer_fini(&a);
}

static void ambiguous_framing(void **state)
{
	static const char *const rows[] = {
		HEAD "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
		HEAD "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
		HEAD "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		HEAD "Content-Length: -1\r\n\r\n{}",
		HEAD "Content-Length: 2x\r\n\r\n{}",
		HEAD "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
		HEAD "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
		HEAD "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	};
	struct answer a = {0};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		int fd = centre_dial(*state);
		line_sends(fd, rows[i]);
		line_answer(fd, &a);
		if (a.status != 400)
			print_message("row %zu: %d\n", i, a.status);
		assert_int_equal(a.status, 400);
		close(fd);
	}
	answer_fini(&a);
}

/* Whatever can be read as a request is refused by the centre itself, with a problem document; the
 * others, which its HTTP library refuses, have the right status at least. */
static void broken_requests_are_told_so(void **state)
{
	static const struct {
		const char *request;
		int status;
		bool problem;
	} rows[] = {
		{"BREW /health HTTP/1.1\r\nHost: t\r\n\r\n", 405, true},
		{"CONNECT a:1 HTTP/1.1\r\nHost: t\r\n\r\n", 404, true},
		{"OPTIONS * HTTP/1.1\r\nHost: t\r\n\r\n", 404, true},
		{"GET /health HTTP/1.1\r\nHost: t\r\nHost: u\r\n\r\n", 400, true},
		{"GET /health HTTP/1.1\r\nHost: t\r\nX-A: b\001c\r\n\r\n", 400, true},
		{"GET /health HTTP/1.1\r\nHost: t\r\nX-A: b\rc\r\n\r\n", 400, true},
		{HEAD "Transfer-Encoding: gzip\r\n\r\n", 400, true},
		{HEAD "Transfer-Encoding: gzip, chunked\r\n\r\n", 400, true},
		{HEAD "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
			true},
		{HEAD "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400, true},
		{HEAD "Content-Length: 1000000000\r\n\r\n", 413, true},
		{"GET /health\r\nHost: t\r\n\r\n", 400, false},
		{"GET /health HTTP/1.1\r\n\r\n", 400, true},
		{"GET /health HTTP/1.2\r\n\r\n", 400, true},
		{"GET /hea lth HTTP/1.1\r\nHost: t\r\n\r\n", 400, true},
		{"GET /health?a b HTTP/1.1\r\nHost: t\r\n\r\n", 400, true},
		{"GET /health\ta HTTP/1.1\r\nHost: t\r\n\r\n", 400, true},
		{"GET /health HTTP/1.1\r\nHost : t\r\n\r\n", 400, true},
		{"GET /health HTTP/1.1\r\nHost: t\r\nX : y\r\n\r\n", 400, true},
		{"GET /health HTTP/1.1\r\n Host: t\r\n\r\n", 400, true},
		{"GET /health\r\n", 400, false},
		{"GET /health http/1.1\r\nHost: t\r\n\r\n", 400, false},
		{"GET /health HTTP/1.10\r\nHost: t\r\n\r\n", 400, false},
		{"GET /health HTTP/3.7\r\nHost: t\r\n\r\n", 505, false},
		{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, false},
		{"GET /health HTTP/1.1\r\nHost: t\r\nnonsense\r\n\r\n", 400, false},
		{HEAD "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nnonsense\r\n\r\n", 400,
			false},
		{HEAD "Content-Length: x\r\n\r\n", 400, false},
		{HEAD "Content-Length: 2, 2\r\n\r\n{}", 400, false},
		{HEAD "Content-Length: 99999999999999999999999\r\n\r\n", 413, false},
	};
	struct answer a = {0};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		int fd = centre_dial(*state);
		line_sends(fd, rows[i].request);
		line_answer(fd, &a);
		if (a.status != rows[i].status)
			print_message("row %zu: %d\n", i, a.status);
		assert_int_equal(a.status, rows[i].status);
		if (rows[i].problem)
			assert_string_equal(
				answer_header(&a, "Content-Type"), "application/problem+json");
		else /* of no type, and so not taken for the centre's word */
			assert_string_equal(answer_header(&a, "Content-Type"), "");
		close(fd);
	}
	answer_fini(&a);
}

/* Who reads a length here, and who reads none, see the next request in different places. */
static void a_length_with_a_blank_hides_no_request(void **state)
{
	static const char *const rows[] = {
		HEAD "Content-Length : 35\r\n\r\nGET /health HTTP/1.1\r\nHost: t\r\n\r\n",
		HEAD "Transfer-Encoding : chunked\r\n\r\nGET /health HTTP/1.1\r\nHost: t\r\n\r\n",
		HEAD "Content-Length\t: 35\r\n\r\nGET /health HTTP/1.1\r\nHost: t\r\n\r\n",
	};
	struct answer a = {0};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		int fd = centre_dial(*state);
		line_sends(fd, rows[i]);
		line_answer(fd, &a);
		assert_int_equal(a.status, 400);
		assert_true(line_ends(fd));
		close(fd);
	}
	answer_fini(&a);
}

/* Chunks that lie about themselves, or never end. */
static void broken_chunks(void **state)
{
	static const char *const rows[] = {
		"FFFFFFFFFFFFFFFFFF\r\n{}",
		"-2\r\n{}\r\n0\r\n\r\n",
		"zz\r\n{}\r\n0\r\n\r\n",
		"2\r\n{}}}\r\n0\r\n\r\n",
		"\r\n\r\n\r\n",
	};
	struct answer a = {0};
	struct buf b = {0};
	size_t i;
	int fd;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		fd = centre_dial(*state);
		line_sends(fd, HEAD "Transfer-Encoding: chunked\r\n\r\n");
		line_sends(fd, rows[i]);
		shutdown(fd, SHUT_WR);
		line_answer(fd, &a);
		if (a.status != 0 && a.status != 400 && a.status != 413)
			print_message("row %zu: %d\n", i, a.status);
		assert_true(a.status == 0 || a.status == 400 || a.status == 413);
		close(fd);
	}
	/* A chunk's extension, and a trailer, of a megabyte. */
	for (i = 0; i < 2; i++) {
		buf_clear(&b);
		buf_adds(&b, HEAD "Transfer-Encoding: chunked\r\n\r\n");
		buf_adds(&b, i == 0 ? "2;x=" : "2\r\n{}\r\n0\r\nX: ");
		fill(&b, 1 << 20);
		fd = centre_dial(*state);
		line_send(fd, b.data, b.len);
		line_answer(fd, &a);
		assert_int_not_equal(a.status, 201);
		close(fd);
	}
	buf_fini(&b);
	answer_fini(&a);
}

static void nul_and_garbage(void **state)
{
	static const struct {
		const char *data;
		size_t len;
	} rows[] = {
		{"\0\0\0\0\r\n\r\n", 8},
		{"\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03\r\n\r\n", 15},
		{"GET /health\0 HTTP/1.1\r\nHost: t\r\n\r\n", 34},
		{"GET /health HTTP/1.1\r\nHost: t\r\nX: \0\r\n\r\n", 39},
		{"GET\r\n\r\n", 7},
		{"GET  HTTP/1.1\r\n\r\n", 17},
		{"\r\n\r\n\r\n\r\n", 8},
		{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 24},
		{"GET /v1/cases/%00 HTTP/1.1\r\nHost: t\r\n\r\n", 39},
		{"GET /v1/cases/%zz HTTP/1.1\r\nHost: t\r\n\r\n", 39},
		{"GET /v1/../health HTTP/1.1\r\nHost: t\r\n\r\n", 39},
		{"GET /v1/cases/%C0%AF HTTP/1.1\r\nHost: t\r\n\r\n", 42},
	};
	struct answer a = {0};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		int fd = centre_dial(*state);
		line_send(fd, rows[i].data, rows[i].len);
		shutdown(fd, SHUT_WR);
		line_answer(fd, &a);
		if (i >= 8)
			assert_int_equal(a.status, 404);
		close(fd);
	}
	answer_fini(&a);
}

static void deep_json(void **state)
{
	struct buf b = {0};
	struct answer a = {0};
	int i;

	for (i = 0; i < 100000; i++)
		buf_addc(&b, '[');
	centre_ask(*state, &a, "POST", "/v1/applications",
		"Content-Type: application/json\r\n"
		"Idempotency-Key: 018f0000-0000-7000-9000-000000000001\r\n",
		b.data);
	assert_int_equal(a.status, 400);
	buf_fini(&b);
	answer_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			slow_clients_are_cut, set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(
			a_cut_body_is_no_letter, set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(
			pipelined_requests_are_answered_in_order, set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(
			byte_by_byte_is_whole, set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(huge_headers, set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(
			bodies_over_the_limit, set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(ambiguous_framing, set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(
			broken_requests_are_told_so, set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(
			a_length_with_a_blank_hides_no_request, set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(broken_chunks, set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(nul_and_garbage, set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(deep_json, set_up, centre_tear_down_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
