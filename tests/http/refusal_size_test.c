/* However large a letter is and whatever is wrong with it, what the centre says of it can be read
 * by a station: a longer answer would be taken for none, and the letter would come again and again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/json.h"
#include "core/domain/refusal_size.h"
#include "tests/http/centre.h"

enum {
	BODY_BYTES = 1 << 20, /* of the largest letter that is taken */
	PLACES = 60,
	PLACES_NAMED = 50,
	NAME_MOST_BYTES = 512
};

#define HEADERS \
	"Content-Type: application/json\r\n" \
	"Idempotency-Key: 018f0000-0000-7000-9000-000000000001\r\n"

static int set_up(void **state)
{
	centre_set_up(state);
	centre_start(*state, "");
	return 0;
}

static void add_times(struct buf *out, const char *text, size_t times)
{
	while (times-- > 0)
		buf_adds(out, text);
}

/* Sixty answers that nobody can read, under a name of which `times` times `part` is the end. */
static void under_a_name(struct buf *out, const char *part, size_t times)
{
	struct buf extra = {0};
	int i;

	buf_adds(&extra, ",\"more\":{\"");
	add_times(&extra, part, times);
	buf_adds(&extra, "\":[");
	for (i = 0; i < PLACES; i++)
		buf_adds(&extra, i > 0 ? ",\"\\u0007\"" : "\"\\u0007\"");
	buf_adds(&extra, "]}");
	application(out, 1, extra.data);
	buf_fini(&extra);
	assert_true(out->len <= BODY_BYTES);
}

static void posts(void **state, struct answer *a, struct buf *body)
{
	centre_ask(*state, a, "POST", "/v1/applications", HEADERS, body->data);
	print_message("a letter of %zu bytes: %d, %zu bytes\n", body->len, a->status, a->body.len);
	assert_true(a->body.len < REFUSAL_BYTES_MAX);
	buf_clear(body);
}

/* How many places are named; each by something that can be shown. */
static size_t named(const json *words)
{
	const json *one;
	size_t count = 0;

	for (one = json_first(json_get(words, "errors")); one != NULL; one = json_next(one)) {
		assert_non_null(json_get_str(one, "pointer"));
		assert_true(strlen(json_get_str(one, "pointer")) <= NAME_MOST_BYTES);
		assert_non_null(json_get_str(one, "detail"));
		count++;
	}
	return count;
}

/* Both languages name the same places, and it is said how many there are besides. */
static void names_fifty_of_sixty(const struct answer *a, const char *pointer)
{
	json *problem = NULL;
	const json *first;

	assert_int_equal(a->status, 422);
	assert_int_equal(json_parse(&problem, a->body.data, a->body.len, NULL), OK);
	assert_int_equal(named(problem), PLACES_NAMED);
	assert_int_equal(named(json_get(problem, "other_language")), PLACES_NAMED);
	assert_int_equal(json_get_int(problem, "errors_left_out", 0), PLACES - PLACES_NAMED);
	first = json_first(json_get(problem, "errors"));
	assert_string_equal(json_get_str(first, "pointer"), pointer);
	json_free(problem);
}

/* What is in a thing whose name is too long to tell is told of what holds that. */
static void long_names(void **state)
{
	struct answer a = {0};
	struct buf body = {0};

	under_a_name(&body, "n", 400);
	posts(state, &a, &body);
	body.len = 0;
	buf_adds(&body, "/more/");
	add_times(&body, "n", 400);
	buf_adds(&body, "/0");
	names_fifty_of_sixty(&a, body.data);
	buf_clear(&body);
	under_a_name(&body, "n", 1000 * 1000);
	posts(state, &a, &body);
	names_fifty_of_sixty(&a, "/more");
	under_a_name(&body, "~", 1000 * 1000);
	posts(state, &a, &body);
	names_fifty_of_sixty(&a, "/more");
	under_a_name(&body, "\\\"", 260);
	posts(state, &a, &body);
	names_fifty_of_sixty(&a, "/more");
	under_a_name(&body, "办", 170);
	posts(state, &a, &body);
	names_fifty_of_sixty(&a, "/more");
	answer_fini(&a);
	buf_fini(&body);
}

/* A sentence that names what was sent is no longer than one can read. */
static void long_sentences(void **state)
{
	struct answer a = {0};
	struct buf body = {0}, extra = {0};
	json *problem = NULL;
	int i;

	buf_adds(&extra, ",\"more\":{");
	for (i = 0; i < 2; i++) {
		buf_adds(&extra, i > 0 ? ",\"" : "\"");
		add_times(&extra, "n", 400 * 1000);
		buf_adds(&extra, "\":1");
	}
	buf_adds(&extra, "}");
	application(&body, 1, extra.data);
	posts(state, &a, &body);
	assert_int_equal(a.status, 400);
	assert_int_equal(json_parse(&problem, a.body.data, a.body.len, NULL), OK);
	assert_true(a.body.len < 4000);
	json_free(problem);
	answer_fini(&a);
	buf_fini(&body);
	buf_fini(&extra);
}

/* All that can be wrong with the papers, the materials and the warnings of one letter. */
static void everything_wrong(void **state)
{
	struct answer a = {0};
	struct buf body = {0}, extra = {0};
	json *problem = NULL;
	int i;

	buf_adds(&extra, ",\"station\":7,\"window\":7,\"operator\":7,\"attachments\":[");
	for (i = 0; i < 200; i++)
		buf_printf(&extra, "%s{\"sha256\":\"x\",\"name\":7}", i > 0 ? "," : "");
	buf_adds(&extra, "],\"situation_warnings\":[");
	for (i = 0; i < 1000; i++)
		buf_adds(&extra, i > 0 ? ",{}" : "{}");
	buf_adds(&extra, "]");
	application(&body, 1, extra.data);
	posts(state, &a, &body);
	assert_int_equal(a.status, 422);
	assert_int_equal(json_parse(&problem, a.body.data, a.body.len, NULL), OK);
	assert_int_equal(named(problem), PLACES_NAMED);
	assert_true(json_get_int(problem, "errors_left_out", 0) > 2000);
	json_free(problem);
	answer_fini(&a);
	buf_fini(&body);
	buf_fini(&extra);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(long_names, set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(long_sentences, set_up, centre_tear_down_well),
		cmocka_unit_test_setup_teardown(everything_wrong, set_up, centre_tear_down_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
