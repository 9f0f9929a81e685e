/* Papers: in pieces, once, never half, never another's; letters wait for those they name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/crypto.h"
#include "core/base/json.h"
#include "tests/http/centre.h"

enum {
	PAPER_BYTES = 200000,
	PIECE = 65536
};

struct paper {
	char *data;
	size_t len;
	char sha256[CRYPTO_HEX_SIZE], sm3[CRYPTO_HEX_SIZE];
};

struct world {
	struct centre centre;
	struct paper paper;
};

/* Bytes that do not repeat; another seed, another paper. */
static void draw_paper(struct paper *p, size_t len, unsigned seed)
{
	size_t i;

	p->data = malloc(len);
	p->len = len;
	for (i = 0; i < len; i++) {
		seed = seed * 1103515245 + 12345;
		p->data[i] = (char)(seed >> 16);
	}
	crypto_hex(DIGEST_SHA256, p->data, len, p->sha256);
	crypto_hex(DIGEST_SM3, p->data, len, p->sm3);
}

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	centre_init(&w->centre);
	centre_start(&w->centre, "");
	draw_paper(&w->paper, PAPER_BYTES, 1);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	centre_fini(&w->centre);
	free(w->paper.data);
	free(w);
	return 0;
}

static void put_head(struct buf *b, const char *sha256, size_t offset, size_t size, size_t piece,
	const char *headers)
{
	buf_printf(b,
		"PATCH /v1/attachments/%s HTTP/1.1\r\nHost: t\r\nUpload-Offset: %zu\r\n"
		"Upload-Length: %zu\r\nContent-Length: %zu\r\n%s\r\n",
		sha256, offset, size, piece, headers);
}

#define PATCH_TYPE "Content-Type: application/offset+octet-stream\r\n"

static void send_piece(
	struct world *w, struct answer *a, const struct paper *p, size_t offset, size_t len)
{
	struct buf b = {0};
	int fd = centre_dial(&w->centre);

	put_head(&b, p->sha256, offset, p->len, len, PATCH_TYPE);
	buf_add(&b, p->data + offset, len);
	line_send(fd, b.data, b.len);
	line_answer(fd, a);
	close(fd);
	buf_fini(&b);
}

static void look(struct world *w, struct answer *a, const char *sha256)
{
	char path[192];

	snprintf(path, sizeof path, "/v1/attachments/%s", sha256);
	centre_ask(&w->centre, a, "GET", path, "", NULL);
}

static long number(const struct answer *a, const char *name)
{
	json *root = NULL;
	long n = -1;

	if (json_parse(&root, buf_str(&a->body), a->body.len, NULL) == OK)
		n = (long)json_get_int(root, name, -1);
	json_free(root);
	return n;
}

/* From where the centre says it is, to the end. */
static void send_rest(struct world *w, const struct paper *p)
{
	struct answer a = {0};
	size_t at;

	look(w, &a, p->sha256);
	at = a.status == 200 ? (size_t)number(&a, "received") : 0;
	while (at < p->len) {
		size_t n = p->len - at < PIECE ? p->len - at : PIECE;
		send_piece(w, &a, p, at, n);
		assert_int_equal(a.status, 200);
		at += n;
		assert_int_equal(number(&a, "received"), at);
	}
	look(w, &a, p->sha256);
	assert_true(answer_has(&a, "\"complete\":true"));
	answer_fini(&a);
}

static void in_pieces(void **state)
{
	struct world *w = *state;
	struct answer a = {0};

	look(w, &a, w->paper.sha256);
	assert_int_equal(a.status, 404);
	send_piece(w, &a, &w->paper, 0, PIECE);
	assert_int_equal(a.status, 200);
	assert_string_equal(member(&a, "sha256"), w->paper.sha256);
	assert_int_equal(number(&a, "size"), PAPER_BYTES);
	assert_int_equal(number(&a, "received"), PIECE);
	assert_true(answer_has(&a, "\"complete\":false"));
	send_rest(w, &w->paper);
	/* Once more, anything of it: it is there. */
	send_piece(w, &a, &w->paper, 0, PIECE);
	assert_int_equal(a.status, 200);
	assert_true(answer_has(&a, "\"complete\":true"));
	assert_int_equal(number(&a, "received"), PAPER_BYTES);
	answer_fini(&a);
}

static void name_paper(struct buf *b, const struct paper *p, const char *sm3, size_t size)
{
	buf_printf(b,
		"{\"sha256\":\"%s\",\"sm3\":\"%s\",\"size\":%zu,\"media_type\":\"image/png\","
		"\"name\":\"照片.png\",\"material_name\":\"照片\"}",
		p->sha256, sm3, size);
}

static void a_letter_waits_for_its_papers(void **state)
{
	struct world *w = *state;
	struct paper other = {0};
	struct answer a = {0};
	struct buf both = {0}, wrong = {0};

	draw_paper(&other, 1000, 2);
	send_rest(w, &w->paper);
	send_piece(w, &a, &other, 0, 999);
	buf_adds(&both, ",\"attachments\":[");
	name_paper(&both, &w->paper, w->paper.sm3, PAPER_BYTES);
	buf_addc(&both, ',');
	name_paper(&both, &other, other.sm3, 1000);
	buf_addc(&both, ']');
	post_application(&w->centre, &a, 1, 1, both.data);
	assert_int_equal(a.status, 409);
	assert_true(answer_has(&a, "urn:yimen:problem:attachment-missing"));
	assert_true(answer_has(&a, "\"pointer\":\"/attachments/1\""));
	assert_false(answer_has(&a, "\"pointer\":\"/attachments/0\""));
	send_rest(w, &other);
	post_application(&w->centre, &a, 1, 1, both.data);
	assert_int_equal(a.status, 201);

	buf_adds(&wrong, ",\"attachments\":[");
	name_paper(&wrong, &w->paper, other.sm3, PAPER_BYTES);
	buf_adds(&wrong, "]");
	post_application(&w->centre, &a, 2, 2, wrong.data);
	assert_int_equal(a.status, 422);
	assert_true(answer_has(&a, "\"pointer\":\"/attachments/0/sm3\""));
	buf_clear(&wrong);
	buf_adds(&wrong, ",\"attachments\":[");
	name_paper(&wrong, &w->paper, w->paper.sm3, 7);
	buf_adds(&wrong, ",{},{\"sha256\":\"XYZ\"}]");
	post_application(&w->centre, &a, 3, 3, wrong.data);
	assert_int_equal(a.status, 422);
	assert_true(answer_has(&a, "\"pointer\":\"/attachments/0/size\""));
	assert_true(answer_has(&a, "\"pointer\":\"/attachments/1/sha256\""));
	assert_true(answer_has(&a, "\"pointer\":\"/attachments/2/sha256\""));
	free(other.data);
	answer_fini(&a);
	buf_fini(&both);
	buf_fini(&wrong);
}

static void a_wrong_offset_is_told_the_right_one(void **state)
{
	struct world *w = *state;
	struct answer a = {0};
	struct buf b = {0};
	int fd;

	send_piece(w, &a, &w->paper, 100, PIECE);
	assert_int_equal(a.status, 409);
	assert_true(answer_has(&a, "urn:yimen:problem:offset"));
	assert_true(answer_has(&a, "\"header\":\"Upload-Offset\""));
	assert_int_equal(number(&a, "received"), 0);
	send_piece(w, &a, &w->paper, 0, 1000);
	send_piece(w, &a, &w->paper, 0, 1000);
	assert_int_equal(a.status, 409);
	assert_int_equal(number(&a, "received"), 1000);
	/* Asked first: told before a byte of it is sent. */
	put_head(&b, w->paper.sha256, 5000, PAPER_BYTES, PIECE,
		PATCH_TYPE "Expect: 100-continue\r\n");
	fd = centre_dial(&w->centre);
	line_send(fd, b.data, b.len);
	line_answer(fd, &a);
	assert_int_equal(a.status, 409);
	close(fd);
	send_rest(w, &w->paper);
	answer_fini(&a);
	buf_fini(&b);
}

/* A slip of the pen in Upload-Length costs nothing; beginning anew is said by a piece at 0. */
static void another_length_keeps_what_came(void **state)
{
	struct world *w = *state;
	struct answer a = {0};
	struct paper shorter = w->paper;

	shorter.len = PAPER_BYTES - 1;
	send_piece(w, &a, &w->paper, 0, 40000);
	assert_int_equal(a.status, 200);
	send_piece(w, &a, &shorter, 40000, 1000);
	assert_int_equal(a.status, 409);
	assert_true(answer_has(&a, "urn:yimen:problem:offset"));
	assert_true(answer_has(&a, "\"header\":\"Upload-Length\""));
	assert_int_equal(number(&a, "size"), PAPER_BYTES);
	look(w, &a, w->paper.sha256);
	assert_int_equal(number(&a, "received"), 40000);
	assert_int_equal(number(&a, "size"), PAPER_BYTES);
	send_piece(w, &a, &shorter, 0, 1000);
	assert_int_equal(a.status, 200);
	assert_int_equal(number(&a, "size"), PAPER_BYTES - 1);
	send_piece(w, &a, &w->paper, 0, 1000);
	assert_int_equal(a.status, 200);
	send_rest(w, &w->paper);
	answer_fini(&a);
}

static void other_bytes_are_thrown_away(void **state)
{
	struct world *w = *state;
	struct answer a = {0};
	struct paper forged = w->paper;

	forged.data = malloc(PAPER_BYTES);
	memcpy(forged.data, w->paper.data, PAPER_BYTES);
	forged.data[150000] ^= 1;
	send_piece(w, &a, &forged, 0, 150001);
	assert_int_equal(a.status, 200);
	send_piece(w, &a, &forged, 150001, PAPER_BYTES - 150001);
	assert_int_equal(a.status, 422);
	assert_true(answer_has(&a, "urn:yimen:problem:digest"));
	assert_true(answer_has(&a, "\"pointer\":\"\",\"rule\":\"digest\""));
	look(w, &a, w->paper.sha256);
	assert_int_equal(a.status, 404);
	send_rest(w, &w->paper);
	free(forged.data);
	answer_fini(&a);
}

static void what_is_no_piece(void **state)
{
	struct world *w = *state;
	static const struct {
		const char *path, *headers;
		int status;
		const char *has;
	} rows[] = {
		{"/v1/attachments/ABC", "Upload-Offset: 0\r\nUpload-Length: 9\r\n" PATCH_TYPE, 404,
			"SHA-256"},
		{NULL, "Upload-Offset: 0\r\n" PATCH_TYPE, 400, "Upload-Length"},
		{NULL, "Upload-Length: 9\r\n" PATCH_TYPE, 400, "Upload-Offset"},
		{NULL, "Upload-Offset: -1\r\nUpload-Length: 9\r\n" PATCH_TYPE, 400,
			"Upload-Offset"},
		{NULL, "Upload-Offset: 0\r\nUpload-Length: 99999999999999999999\r\n" PATCH_TYPE,
			400, "Upload-Length"},
		{NULL, "Upload-Offset: 0\r\nUpload-Length: 0\r\n" PATCH_TYPE, 413,
			"body-too-large"},
		{NULL, "Upload-Offset: 0\r\nUpload-Length: 20971521\r\n" PATCH_TYPE, 413,
			"body-too-large"},
		{NULL, "Upload-Offset: 10\r\nUpload-Length: 9\r\n" PATCH_TYPE, 413,
			"body-too-large"},
		{NULL, "Upload-Offset: 0\r\nUpload-Length: 2\r\n" PATCH_TYPE, 400, "Upload-Length"},
		{NULL, "Upload-Offset: 0\r\nUpload-Length: 9\r\nContent-Type: image/png\r\n", 415,
			"offset+octet-stream"},
		{NULL, "Upload-Offset: 0\r\nUpload-Length: 9\r\nContent-Encoding: gzip\r\n" PATCH_TYPE,
			415, "offset+octet-stream"},
	};
	struct answer a = {0};
	char path[192];
	size_t i;

	snprintf(path, sizeof path, "/v1/attachments/%s", w->paper.sha256);
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		centre_ask(&w->centre, &a, "PATCH", rows[i].path != NULL ? rows[i].path : path,
			rows[i].headers, "abc");
		if (a.status != rows[i].status || !answer_has(&a, rows[i].has))
			print_message("row %zu: %d %s\n", i, a.status, buf_str(&a.body));
		assert_int_equal(a.status, rows[i].status);
		assert_true(answer_has(&a, rows[i].has));
	}
	answer_fini(&a);
}

static void a_piece_over_the_limit(void **state)
{
	struct world *w = *state;
	struct paper large = {0};
	struct answer a = {0};

	draw_paper(&large, 300000, 3);
	send_piece(w, &a, &large, 0, 262145);
	assert_int_equal(a.status, 413);
	send_piece(w, &a, &large, 0, 262144);
	assert_int_equal(a.status, 200);
	free(large.data);
	answer_fini(&a);
}

/* Asks until the centre has read so many bytes: it reads while the request is still arriving. */
static void wait_received(struct world *w, const char *sha256, long bytes)
{
	struct answer a = {0};

	do {
		look(w, &a, sha256);
	} while (a.status == 404 || number(&a, "received") < bytes);
	assert_int_equal(number(&a, "received"), bytes);
	answer_fini(&a);
}

static void killed_at_any_byte_it_goes_on(void **state)
{
	static const size_t cuts[] = {1, 2, 1000, 16383, 16384, 65535};
	struct world *w = *state;
	struct answer a = {0};
	struct buf b = {0};
	size_t at = 0, i;

	for (i = 0; i < sizeof cuts / sizeof *cuts; i++) {
		int fd = centre_dial(&w->centre);
		buf_clear(&b);
		put_head(&b, w->paper.sha256, at, PAPER_BYTES, PIECE, PATCH_TYPE);
		buf_add(&b, w->paper.data + at, cuts[i]);
		line_send(fd, b.data, b.len);
		at += cuts[i];
		wait_received(w, w->paper.sha256, (long)at);
		centre_stop(&w->centre, SIGKILL);
		close(fd);
		centre_start(&w->centre, "");
		look(w, &a, w->paper.sha256);
		assert_int_equal(number(&a, "received"), at);
	}
	send_rest(w, &w->paper);
	centre_stop(&w->centre, SIGKILL);
	centre_start(&w->centre, "");
	look(w, &a, w->paper.sha256);
	assert_true(answer_has(&a, "\"complete\":true"));
	answer_fini(&a);
	buf_fini(&b);
}

static void file_name(const struct world *w, char path[256], const char *ending)
{
	snprintf(path, 256, "%s/papers/%s%s", w->centre.dir, w->paper.sha256, ending);
}

static void append(const char *path, const char *data, size_t len)
{
	FILE *f = fopen(path, "ab");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	fclose(f);
}

/* The moments between the last byte, the name and the row, each left as a kill would leave it. */
static void killed_between_the_last_byte_and_the_row(void **state)
{
	struct world *w = *state;
	struct answer a = {0};
	char part[256], whole[256];
	int named;

	for (named = 0; named < 2; named++) {
		send_piece(w, &a, &w->paper, 0, PIECE);
		assert_int_equal(a.status, 200);
		centre_stop(&w->centre, SIGKILL);
		file_name(w, part, ".part");
		file_name(w, whole, "");
		append(part, w->paper.data + PIECE, PAPER_BYTES - PIECE);
		if (named)
			assert_int_equal(rename(part, whole), 0);
		centre_start(&w->centre, "");
		look(w, &a, w->paper.sha256);
		assert_true(answer_has(&a, "\"complete\":true"));
		/* And a file that went away is asked for again. */
		assert_int_equal(unlink(whole), 0);
		look(w, &a, w->paper.sha256);
		assert_int_equal(a.status, 404);
	}
	answer_fini(&a);
}

static void the_newer_line_goes_on(void **state)
{
	struct world *w = *state;
	struct answer a = {0};
	struct buf b = {0};
	int old = centre_dial(&w->centre);

	put_head(&b, w->paper.sha256, 0, PAPER_BYTES, PIECE, PATCH_TYPE);
	buf_add(&b, w->paper.data, 5000);
	line_send(old, b.data, b.len);
	wait_received(w, w->paper.sha256, 5000);
	send_rest(w, &w->paper);
	line_send(old, w->paper.data + 5000, PIECE - 5000);
	line_answer(old, &a);
	assert_int_equal(a.status, 409);
	assert_int_equal(number(&a, "received"), PAPER_BYTES);
	close(old);
	look(w, &a, w->paper.sha256);
	assert_true(answer_has(&a, "\"complete\":true"));
	answer_fini(&a);
	buf_fini(&b);
}

static void make_old(const struct world *w, const char *sha256, int days)
{
	struct timespec times[2] = {{0}};
	char path[256];

	clock_gettime(CLOCK_REALTIME, &times[0]);
	times[0].tv_sec -= days * 86400;
	times[1] = times[0];
	snprintf(path, sizeof path, "%s/papers/%s.part", w->centre.dir, sha256);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void what_nobody_goes_on_with_is_removed(void **state)
{
	struct world *w = *state;
	struct answer a = {0};
	struct paper young = {0};

	draw_paper(&young, 1000, 4);
	send_piece(w, &a, &w->paper, 0, PIECE);
	send_piece(w, &a, &young, 0, 10);
	make_old(w, w->paper.sha256, 8);
	make_old(w, young.sha256, 6);
	centre_stop(&w->centre, SIGTERM);
	centre_start(&w->centre, "");
	look(w, &a, young.sha256);
	assert_int_equal(a.status, 200);
	look(w, &a, w->paper.sha256);
	assert_int_equal(a.status, 404);
	free(young.data);
	answer_fini(&a);
}

static void the_oldest_unfinished_makes_room(void **state)
{
	struct world *w = *state;
	struct answer a = {0};
	char third[CRYPTO_HEX_SIZE] = "";
	int i, there = 0;

	for (i = 0; i < 65; i++) {
		struct paper p = {0};
		draw_paper(&p, 1000, (unsigned)(100 + i));
		send_piece(w, &a, &p, 0, 10);
		assert_int_equal(a.status, 200);
		if (i == 3) {
			memcpy(third, p.sha256, sizeof third);
			make_old(w, third, 1);
		}
		free(p.data);
	}
	for (i = 0; i < 65; i++) {
		struct paper p = {0};
		draw_paper(&p, 1000, (unsigned)(100 + i));
		look(w, &a, p.sha256);
		there += a.status == 200;
		assert_int_equal(a.status, i == 3 ? 404 : 200);
		free(p.data);
	}
	assert_int_equal(there, 64);
	answer_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(in_pieces, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_letter_waits_for_its_papers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_wrong_offset_is_told_the_right_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(another_length_keeps_what_came, set_up, tear_down),
		cmocka_unit_test_setup_teardown(other_bytes_are_thrown_away, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_piece, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_piece_over_the_limit, set_up, tear_down),
		cmocka_unit_test_setup_teardown(killed_at_any_byte_it_goes_on, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			killed_between_the_last_byte_and_the_row, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_newer_line_goes_on, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_nobody_goes_on_with_is_removed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_oldest_unfinished_makes_room, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
