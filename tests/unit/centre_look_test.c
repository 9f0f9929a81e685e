/* What is said of the centre to who asks for it, by its two answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/station/centre_look.h"
#include "core/station/changes.h"
#include "tests/unit/world.h"

static const char as_json[] = "application/json";
static const char as_problem[] = "application/problem+json";

struct told {
	enum line_fault fault;
	long status;
	const char *type, *body;
};

/* A line with an answer for each of the questions. */
struct post {
	struct told health, changes;
	const struct told *next;
	int asked;
};

static enum err take(void *arg, const struct transport_request *r)
{
	struct post *p = arg;

	assert_string_equal(r->method, "GET");
	assert_true(r->timeout_ms > 0 && r->timeout_ms < 10000);
	p->next = strcmp(r->path, "/health") == 0 ? &p->health : &p->changes;
	assert_true(p->next == &p->health || strncmp(r->path, "/v1/changes?wait=0", 18) == 0);
	p->asked++;
	return OK;
}

static size_t give(void *arg, int timeout_ms, const int *wake_fds, size_t wake_count,
	struct transport_answer *out, size_t max)
{
	const struct told *t = ((struct post *)arg)->next;

	(void)timeout_ms, (void)wake_fds, (void)wake_count;
	assert_true(max > 0);
	*out = (struct transport_answer){.fault = t->fault,
		.status = t->status,
		.content_type = t->type,
		.retry_after = "",
		.key = "",
		.etag = "",
		.body = t->body,
		.body_len = strlen(t->body),
		.elapsed_ms = 17};
	return 1;
}

static void look(struct post *p, enum err expected, const char *said)
{
	struct world w;
	struct buf finding = {0};

	world_open(&w, 1);
	assert_int_equal(
		centre_look(w.store, (struct transport){take, give, p}, &finding), expected);
	assert_non_null(strstr(buf_str(&finding), said));
	buf_fini(&finding);
	world_close(&w);
}

static const struct told well = {LINE_OK, 200, as_json, "{\"status\":\"ok\"}"};

static void it_answers_and_admits_us(void **state)
{
	struct post p = {
		well, {LINE_OK, 200, as_json, "{\"cursor\":\"7\",\"changes\":[]}"}, NULL, 0};

	(void)state;
	look(&p, OK, "连通, 往返 17 毫秒");
	assert_int_equal(p.asked, 2);
}

static void nobody_is_there(void **state)
{
	struct post p = {{LINE_NO_CONNECT, 0, "", ""}, well, NULL, 0};

	(void)state;
	look(&p, ERR_BUSY, line_fault_text(LINE_NO_CONNECT));
	assert_int_equal(p.asked, 1);
}

static void somebody_else_is_there(void **state)
{
	struct post p = {{LINE_OK, 200, "text/html", "<html>"}, well, NULL, 0};

	(void)state;
	look(&p, ERR_BUSY, "不是中心发的");
	p.health = (struct told){LINE_OK, 302, "text/html", ""};
	look(&p, ERR_BUSY, "不是中心发的");
}

/* It says why itself. */
static void it_can_take_nothing(void **state)
{
	struct post p = {
		{LINE_OK, 503, as_problem,
			"{\"type\":\"urn:yimen:problem:store-unavailable\",\"title\":\"x\","
			"\"detail\":\"盘满\",\"status\":503}"},
		well, NULL, 0};

	(void)state;
	look(&p, ERR_BUSY, "盘满");
}

static void it_does_not_admit_us(void **state)
{
	struct post p = {well,
		{LINE_OK, 401, as_problem,
			"{\"type\":\"urn:yimen:problem:not-admitted\",\"title\":\"x\",\"detail\":"
			"\"没有登记\",\"status\":401}"},
		NULL, 0};

	(void)state;
	look(&p, ERR_DENIED, "没有登记");
	p.changes = (struct told){LINE_CUT, 0, "", ""};
	look(&p, ERR_BUSY, line_fault_text(LINE_CUT));
}

/* Another province's may have none; a restored one does not know where we are. */
static void it_has_no_such_list(void **state)
{
	struct post p = {well, {LINE_OK, 404, as_problem, "{}"}, NULL, 0};

	(void)state;
	look(&p, OK, "连通");
	p.changes.status = 400;
	look(&p, OK, "连通");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_answers_and_admits_us),
		cmocka_unit_test(nobody_is_there),
		cmocka_unit_test(somebody_else_is_there),
		cmocka_unit_test(it_can_take_nothing),
		cmocka_unit_test(it_does_not_admit_us),
		cmocka_unit_test(it_has_no_such_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
