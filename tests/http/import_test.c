/* Letters that came by hand: a sealed file goes into the centre like the line would have brought
 * it. */
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

#include "core/base/crypto.h"
#include "core/base/id.h"
#include "core/base/seal.h"
#include "core/domain/parcel.h"
#include "tests/http/centre.h"

enum {
	PAPER_BYTES = 100000
};

struct hall {
	struct centre centre;
	char header[128]; /* of station 一号窗 */
	char key[64];	  /* the hall's */
	char file[96];
	char paper[PAPER_BYTES];
	char sha256[CRYPTO_HEX_SIZE];
};

static int set_up(void **state)
{
	struct hall *h = calloc(1, sizeof *h);
	struct buf code = {0}, body = {0};
	struct answer a = {0};
	size_t i;

	centre_init(&h->centre);
	centre_start(&h->centre, "");
	assert_int_equal(centre_command(&h->centre, "station add 一号窗", &code), 0);
	buf_printf(&body, "{\"code\":\"%.*s\"}", (int)strcspn(code.data, "\n"), code.data);
	centre_ask(&h->centre, &a, "POST", "/v1/enrolments", "Content-Type: application/json\r\n",
		body.data);
	snprintf(h->key, sizeof h->key, "%s", member(&a, "receipt_key"));
	snprintf(h->header, sizeof h->header, "Authorization: Bearer %s\r\n", member(&a, "token"));
	snprintf(h->file, sizeof h->file, "%s/outbox.sealed", h->centre.dir);
	for (i = 0; i < PAPER_BYTES; i++)
		h->paper[i] = (char)(i * i >> 7);
	crypto_hex(DIGEST_SHA256, h->paper, PAPER_BYTES, h->sha256);
	answer_fini(&a);
	buf_fini(&code);
	buf_fini(&body);
	*state = h;
	return 0;
}

static int tear_down(void **state)
{
	struct hall *h = *state;

	centre_fini(&h->centre);
	free(h);
	return 0;
}

static void put_paper(const struct hall *h, struct buf *b)
{
	size_t at;

	parcel_write_paper(b, h->sha256, PAPER_BYTES, "image/png");
	for (at = 0; at < PAPER_BYTES; at += PARCEL_PIECE_BYTES)
		parcel_write_piece(b, h->paper + at,
			PAPER_BYTES - at < PARCEL_PIECE_BYTES ? PAPER_BYTES - at
							      : PARCEL_PIECE_BYTES);
}

static void put_letter(struct buf *b, int number, int case_number, const char *extra)
{
	struct buf body = {0};
	char id[ID_UUID_SIZE], case_id[ID_UUID_SIZE];

	application(&body, case_number, extra);
	snprintf(id, sizeof id, "018f0000-0000-7000-9000-%012d", number);
	snprintf(case_id, sizeof case_id, "018f0000-0000-7000-8000-%012d", case_number);
	parcel_write_letter(b, &(struct parcel_letter){.id = id,
				       .case_id = case_id,
				       .kind = "application",
				       .path = "/v1/applications",
				       .created_at = "2026-11-24T10:00:00.000+08:00",
				       .body = body.data,
				       .body_len = body.len});
	buf_fini(&body);
}

static void write_sealed(const struct hall *h, const char *key, const struct buf *text)
{
	FILE *f = fopen(h->file, "wb");
	struct seal *s;

	assert_non_null(f);
	assert_int_equal(seal_begin(&s, f, key, &entropy_system), OK);
	assert_int_equal(seal_add(s, text->data, text->len), OK);
	assert_int_equal(seal_end(s), OK);
	assert_int_equal(fclose(f), 0);
}

static int import(struct hall *h, struct buf *out)
{
	char words[160];

	snprintf(words, sizeof words, "letters import %s", h->file);
	return centre_command(&h->centre, words, out);
}

/* Two good letters, one of them with a paper, and one that is not. */
static void write_outbox(const struct hall *h)
{
	struct buf text = {0}, named = {0};

	parcel_write_head(&text, "一号窗", "2026-11-24T10:00:00.000+08:00");
	put_paper(h, &text);
	buf_printf(&named,
		",\"station\":\"一号窗\",\"attachments\":[{\"sha256\":\"%s\",\"size\":%d}]",
		h->sha256, PAPER_BYTES);
	put_letter(&text, 1, 1, named.data);
	put_letter(&text, 2, 2, ",\"station\":\"一号窗\",\"operator\":7");
	put_letter(&text, 3, 3, ",\"station\":\"一号窗\"");
	parcel_write_end(&text, 3, 1);
	write_sealed(h, h->key, &text);
	buf_fini(&text);
	buf_fini(&named);
}

static void expect_outbox(struct hall *h, const char *word)
{
	struct buf out = {0}, line = {0};

	assert_int_equal(import(h, &out), 1); /* one is refused */
	buf_printf(&line, "018f0000-0000-7000-9000-000000000001\t%s\t000000", word);
	assert_non_null(strstr(buf_str(&out), line.data));
	assert_non_null(strstr(buf_str(&out), "018f0000-0000-7000-9000-000000000002\trefused\t"));
	buf_clear(&line);
	buf_printf(&line, "018f0000-0000-7000-9000-000000000003\t%s\t000000", word);
	assert_non_null(strstr(buf_str(&out), line.data));
	buf_fini(&out);
	buf_fini(&line);
}

static void come_once(struct hall *h)
{
	struct answer a = {0}, own = {0};
	struct buf headers = {0}, body = {0};

	write_outbox(h);
	expect_outbox(h, "taken");
	expect_outbox(h, "again");
	if (h->centre.pid == 0)
		centre_start(&h->centre, "");
	/* It is its own station's, which hears of it, and whose own delivery gets the same answer.
	 */
	centre_ask(&h->centre, &a, "GET", "/v1/cases", h->header, NULL);
	assert_true(answer_has(&a, "018f0000-0000-7000-8000-000000000001"));
	assert_true(answer_has(&a, "018f0000-0000-7000-8000-000000000003"));
	assert_false(answer_has(&a, "018f0000-0000-7000-8000-000000000002"));
	centre_ask(&h->centre, &a, "GET", "/v1/changes?cursor=0", h->header, NULL);
	assert_true(answer_has(&a, "\"key\":\"018f0000-0000-7000-9000-000000000003\""));
	buf_printf(&headers,
		"%sContent-Type: application/json\r\n"
		"Idempotency-Key: 018f0000-0000-7000-9000-000000000003\r\n",
		h->header);
	application(&body, 3, ",\"station\":\"一号窗\"");
	centre_ask(&h->centre, &own, "POST", "/v1/applications", headers.data, body.data);
	assert_int_equal(own.status, 201);
	assert_string_equal(answer_header(&own, "Idempotency-Replayed"), "true");
	buf_clear(&headers);
	buf_printf(&headers, "/v1/attachments/%s", h->sha256);
	centre_ask(&h->centre, &a, "GET", headers.data, h->header, NULL);
	assert_true(answer_has(&a, "\"complete\":true"));
	answer_fini(&a);
	answer_fini(&own);
	buf_fini(&headers);
	buf_fini(&body);
}

static void while_it_runs(void **state)
{
	come_once(*state);
}

static void while_it_does_not(void **state)
{
	struct hall *h = *state;

	assert_int_equal(centre_stop(&h->centre, SIGTERM), 0);
	come_once(h);
}

static void a_file_that_is_cut_goes_on_later(void **state)
{
	struct hall *h = *state;
	struct buf out = {0};
	FILE *f;
	long size;

	write_outbox(h);
	f = fopen(h->file, "rb");
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	fclose(f);
	assert_int_equal(truncate(h->file, size - 20), 0);
	assert_int_equal(import(h, &out), 1);
	assert_null(strstr(buf_str(&out), "018f0000-0000-7000-9000-000000000003\ttaken\t"));
	write_outbox(h);
	assert_int_equal(import(h, &out), 1);
	assert_non_null(strstr(buf_str(&out), "018f0000-0000-7000-9000-000000000003\ttaken\t"));
	buf_fini(&out);
}

static void what_is_not_ours_is_left(void **state)
{
	struct hall *h = *state;
	struct buf text = {0}, out = {0};
	struct answer a = {0};
	FILE *f;

	parcel_write_head(&text, "一号窗", "2026-11-24T10:00:00.000+08:00");
	put_letter(&text, 1, 1, "");
	parcel_write_end(&text, 1, 0);
	write_sealed(h, "another hall's", &text);
	assert_int_equal(import(h, &out), 1);
	assert_string_equal(buf_str(&out), "");
	f = fopen(h->file, "wb");
	fputs("nothing of the kind", f);
	fclose(f);
	assert_int_equal(import(h, NULL), 1);
	unlink(h->file);
	assert_int_equal(import(h, NULL), 1);
	assert_int_equal(centre_command(&h->centre, "letters", NULL), 2);
	centre_ask(&h->centre, &a, "GET", "/v1/cases", h->header, NULL);
	assert_true(answer_has(&a, "\"cases\":[]"));
	answer_fini(&a);
	buf_fini(&text);
	buf_fini(&out);
}

/* A paper whose bytes are not those of its name does not come in, nor do letters that name it. */
static void a_forged_paper(void **state)
{
	struct hall *h = *state;
	struct buf text = {0}, out = {0}, named = {0};

	h->paper[5] ^= 1;
	parcel_write_head(&text, "一号窗", "2026-11-24T10:00:00.000+08:00");
	put_paper(h, &text);
	buf_printf(&named, ",\"attachments\":[{\"sha256\":\"%s\"}]", h->sha256);
	put_letter(&text, 1, 1, named.data);
	put_letter(&text, 2, 2, "");
	parcel_write_end(&text, 2, 1);
	write_sealed(h, h->key, &text);
	assert_int_equal(import(h, &out), 1);
	assert_non_null(strstr(buf_str(&out), "018f0000-0000-7000-9000-000000000001\twaits\t"));
	assert_non_null(strstr(buf_str(&out), "018f0000-0000-7000-9000-000000000002\ttaken\t"));
	buf_fini(&text);
	buf_fini(&named);
	buf_fini(&out);
}

static void put_act(struct buf *b, int number, int case_number, const char *kind)
{
	struct buf body = {0};
	char id[ID_UUID_SIZE], case_id[ID_UUID_SIZE];

	snprintf(id, sizeof id, "018f0000-0000-7000-9000-%012d", number);
	snprintf(case_id, sizeof case_id, "018f0000-0000-7000-8000-%012d", case_number);
	buf_printf(&body, "{\"kind\":\"%s\",\"case_id\":\"%s\"}", kind, case_id);
	parcel_write_letter(b, &(struct parcel_letter){.id = id,
				       .case_id = case_id,
				       .kind = kind,
				       .path = "/v1/letters",
				       .created_at = "2026-11-24T10:00:00.000+08:00",
				       .body = body.data,
				       .body_len = body.len});
	buf_fini(&body);
}

static void becomes(const struct buf *out, int number, const char *word)
{
	char line[80];

	snprintf(line, sizeof line, "018f0000-0000-7000-9000-%012d\t%s\t", number, word);
	if (strstr(buf_str(out), line) == NULL)
		fail_msg("not “%s” in:\n%s", line, buf_str(out));
}

#define BAD	 ",\"operator\":7"
#define REPLACES ",\"replaces\":\"018f0000-0000-7000-9000-00000000000"

/* Behind a letter that is refused, or that is in another file, one is early and no more. */
static void what_is_only_early_is_not_refused(void **state)
{
	struct hall *h = *state;
	struct buf text = {0}, out = {0}, other = {0};

	parcel_write_head(&text, "一号窗", "2026-11-24T10:00:00.000+08:00");
	put_letter(&text, 1, 1, BAD);
	put_act(&text, 2, 1, "accept");
	put_letter(&text, 3, 2, "");
	put_letter(&text, 4, 2, BAD REPLACES "3\"");
	put_letter(&text, 5, 2, REPLACES "4\"");
	put_act(&text, 6, 2, "supplement");
	put_act(&text, 7, 3, "accept");
	put_letter(&text, 8, 4, "");
	put_act(&text, 9, 4, "supplement"); /* nothing stands before it: nobody asked for any */
	parcel_write_end(&text, 9, 0);
	write_sealed(h, h->key, &text);
	assert_int_equal(import(h, &out), 1);
	becomes(&out, 1, "refused");
	becomes(&out, 2, "waits");
	becomes(&out, 3, "taken");
	becomes(&out, 4, "refused");
	becomes(&out, 5, "waits");
	becomes(&out, 6, "refused"); /* nobody asks for any behind those two either */
	becomes(&out, 7, "waits");
	becomes(&out, 8, "taken");
	becomes(&out, 9, "refused");
	/* the file with its application, and then the first once more */
	parcel_write_head(&other, "一号窗", "2026-11-24T10:00:00.000+08:00");
	put_letter(&other, 10, 3, "");
	parcel_write_end(&other, 1, 0);
	write_sealed(h, h->key, &other);
	assert_int_equal(import(h, &out), 0);
	write_sealed(h, h->key, &text);
	assert_int_equal(import(h, &out), 1);
	becomes(&out, 3, "again");
	becomes(&out, 7, "taken");
	buf_fini(&text);
	buf_fini(&other);
	buf_fini(&out);
}

/* Behind a letter that is refused, what would not be possible even were that one there never
 * comes. */
static void what_can_never_come_is_refused(void **state)
{
	struct hall *h = *state;
	struct buf text = {0}, out = {0};

	parcel_write_head(&text, "一号窗", "2026-11-24T10:00:00.000+08:00");
	/* the centre has nothing of it */
	put_letter(&text, 1, 1, BAD);
	put_act(&text, 2, 1, "supplement"); /* none was asked for */
	put_act(&text, 3, 1, "correction");
	put_act(&text, 4, 1, "supplement"); /* for that one it was */
	put_act(&text, 5, 1, "accept");
	put_act(&text, 6, 1, "accept"); /* twice */
	put_act(&text, 7, 1, "note");
	/* it has a version */
	put_letter(&text, 11, 2, "");
	put_letter(&text, 12, 2, BAD REPLACES "3\""); /* of another case */
	put_letter(&text, 13, 2, REPLACES "1\"");
	put_letter(&text, 14, 2, ",\"replaces\":\"018f0000-0000-7000-9000-000000000013\"");
	put_act(&text, 15, 2, "supplement");
	put_act(&text, 16, 2, "correction");
	put_act(&text, 17, 2, "correction"); /* once more, should 12 have answered */
	put_act(&text, 18, 2, "note");
	/* of what is written by a newer program nothing is known */
	parcel_write_letter(
		&text, &(struct parcel_letter){.id = "018f0000-0000-7000-9000-000000000021",
			       .case_id = "018f0000-0000-7000-8000-000000000003",
			       .kind = "application",
			       .path = "/v1/others",
			       .created_at = "2026-11-24T10:00:00.000+08:00",
			       .body = "{}",
			       .body_len = 2});
	put_act(&text, 22, 3, "supplement");
	parcel_write_end(&text, 17, 0);
	write_sealed(h, h->key, &text);
	assert_int_equal(import(h, &out), 1);
	becomes(&out, 1, "refused");
	becomes(&out, 2, "refused");
	becomes(&out, 3, "waits");
	becomes(&out, 4, "waits");
	becomes(&out, 5, "waits");
	becomes(&out, 6, "refused");
	becomes(&out, 7, "waits");
	becomes(&out, 11, "taken");
	becomes(&out, 12, "refused");
	becomes(&out, 13, "refused");
	becomes(&out, 14, "waits");
	becomes(&out, 15, "refused");
	becomes(&out, 16, "taken");
	becomes(&out, 17, "waits");
	becomes(&out, 18, "taken");
	becomes(&out, 21, "refused");
	becomes(&out, 22, "waits");
	buf_fini(&text);
	buf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(while_it_runs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(while_it_does_not, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_file_that_is_cut_goes_on_later, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_not_ours_is_left, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_forged_paper, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_only_early_is_not_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_can_never_come_is_refused, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
