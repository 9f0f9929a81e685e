/* The centre (core/central/api.h) when one row of its store cannot be read and the next can:
 * nothing is refused for good, and nothing is decided, as if that row were not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/central/api.h"
#include "core/central/exchange.h"
#include "core/central/papers.h"
#include "core/central/store.h"
#include "tests/unit/letters.h"
#include "tests/unit/store_bed.h"

#define SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define KEY    "018f0000-0000-7000-9000-000000000077"

static struct store_bed b;
static struct central_store_ops ops; /* the store's own, but for what cannot be read */
static struct api_config config;
static struct api *api;

static int begin(void **state)
{
	struct buf why = {0};

	(void)state;
	if (!store_bed_begin(&b))
		return 1;
	ops = *b.s->ops;
	b.s->ops = &ops;
	config = (struct api_config){
		.store = b.s, .data = b.dir, .clock = &clock_system, .entropy = &entropy_system};
	if (papers_open(&config.papers, b.s, b.dir, &why) != OK)
		return 1;
	api = api_new(&config);
	return 0;
}

static int end(void **state)
{
	(void)state;
	api_free(api);
	papers_close(config.papers);
	store_bed_end(&b);
	return 0;
}

static enum err unread_paper(struct central_store *s, const char *sha256, struct paper_row *out)
{
	(void)s;
	(void)sha256;
	(void)out;
	return ERR_IO;
}

static enum err unread_matter(struct central_store *s, const char *code, struct buf *out)
{
	(void)s;
	(void)code;
	(void)out;
	return ERR_IO;
}

/* The status of its answer. */
static int ask(const char *path, const char *body)
{
	struct exchange x = {
		.method = "POST", .path = path, .query = "", .admin = true, .loopback = true};
	int status;

	x.headers[REQUEST_CONTENT_TYPE] = "application/json";
	x.headers[REQUEST_IDEMPOTENCY_KEY] = KEY;
	x.header_count[REQUEST_CONTENT_TYPE] = x.header_count[REQUEST_IDEMPOTENCY_KEY] = 1;
	api_begin(api, &x);
	if (x.status == 0) {
		buf_adds(&x.body, body);
		api_finish(api, &x);
	}
	while (x.status == 0) /* a letter waits for its commit */
		api_round(api, clock_mono_ms(&clock_system));
	status = x.status;
	exchange_fini(&x);
	return status;
}

/* The window would send a scan again that is here, and keep the letter as refused meanwhile. */
static void a_paper_that_cannot_be_looked_up_is_not_missing(void **state)
{
	static const char letter[] =
		"{\"kind\":\"application\",\"case_id\":\"018f0000-0000-7000-8000-000000000077\","
		"\"task_code\":\"T1\",\"applyer_name\":\"李样例\",\"answers\":{},\"attachments\":[{\"sha256\":"
		"\"" SHA256 "\",\"name\":\"a.pdf\"}]}";

	(void)state;
	assert_int_equal(ask("/v1/applications", letter), 409);
	ops.paper_get = unread_paper;
	assert_int_equal(ask("/v1/applications", letter), 503);
}

static void take_state(void *arg, const struct case_record *c)
{
	snprintf(arg, CASE_STATE_SIZE, "%s", c->state);
}

/* The day by which an accepted case is due is by its matter, and is kept for good. */
static void nothing_is_accepted_by_a_matter_that_cannot_be_read(void **state)
{
	static const char act[] = "{\"act\":\"accept\",\"handle_user_name\":\"周示例\"}";
	enum err (*matter_get)(struct central_store *, const char *, struct buf *) = ops.matter_get;
	char no[PROJECT_NO_SIZE], path[120], was[CASE_STATE_SIZE] = "", now[CASE_STATE_SIZE] = "";

	(void)state;
	assert_int_equal(store_bed_ask(b.s, 1), POSTING_TAKEN);
	letter_project_no(b.s, 1, no);
	snprintf(path, sizeof path, "/admin/cases/%s/acts", no);
	ops.matter_get = unread_matter;
	assert_int_equal(ops.case_get(b.s, no, take_state, was), OK);
	assert_int_equal(ask(path, act), 503);
	assert_int_equal(ops.case_get(b.s, no, take_state, now), OK);
	assert_string_equal(now, was);
	ops.matter_get = matter_get;
	assert_int_equal(ask(path, act), 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_paper_that_cannot_be_looked_up_is_not_missing, begin, end),
		cmocka_unit_test_setup_teardown(
			nothing_is_accepted_by_a_matter_that_cannot_be_read, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
