/* The day's end: what both sides have, and each way in which they may differ. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/outbox.h"
#include "core/station/reconcile.h"
#include "core/station/store.h"
#include "tests/unit/world.h"

/* A centre of a few answers. */
struct script {
	struct page {
		const char *path_part, *body, *type;
		long status;
	} pages[8];
	char path[200];
	enum line_fault fault;
};

static enum err script_send(void *arg, const struct transport_request *r)
{
	struct script *s = arg;

	snprintf(s->path, sizeof s->path, "%s", r->path);
	return OK;
}

static size_t script_poll(void *arg, int timeout_ms, const int *wake_fds, size_t wake_count,
	struct transport_answer *out, size_t max)
{
	struct script *s = arg;
	size_t i;

	(void)timeout_ms;
	(void)wake_fds;
	(void)wake_count;
	(void)max;
	*out = (struct transport_answer){.fault = s->fault,
		.status = 404,
		.content_type = "application/problem+json",
		.retry_after = "",
		.key = "",
		.etag = "",
		.body = "{\"title\":\"x\"}"};
	for (i = 0; i < 8 && s->pages[i].path_part != NULL; i++) {
		const struct page *p = &s->pages[i];
		if (strstr(s->path, p->path_part) == NULL)
			continue;
		out->status = p->status;
		out->content_type = p->type != NULL ? p->type : "application/json";
		out->body = p->body;
		break;
	}
	out->body_len = strlen(out->body);
	return 1;
}

struct seen {
	struct buf lines;
};

static void see(void *arg, const struct reconcile_line *l)
{
	struct seen *s = arg;

	assert_true(reconcile_text(l->kind)[0] != '\0');
	buf_printf(&s->lines, "%s:%s:%s ", reconcile_name(l->kind), l->here, l->there);
}

static void expect(struct world *w, struct script *script, const char *want)
{
	const struct transport t = {script_send, script_poll, script};
	struct reconcile_sum sum;
	struct seen s = {{0}};
	struct buf why = {0};

	if (reconcile_day(w->store, t, clock_day(w->wall_ms), see, &s, &sum, &why) != OK)
		fail_msg("%s", buf_str(&why));
	assert_string_equal(buf_str(&s.lines), want);
	assert_int_equal(sum.differences == 0, want[0] == '\0');
	buf_fini(&s.lines);
	buf_fini(&why);
}

static void deliver(struct world *w, const char *id, const char *number)
{
	struct outbox_outcome o = {.state = LETTER_DELIVERED};
	char receipt[100];

	snprintf(receipt, sizeof receipt, "{\"project_no\":\"%s\"}", number);
	o.receipt = receipt;
	world_settle(w, id, &o);
}

/* The key of the last application of a case. */
static const char *key_of(struct world *w, const char *id, char out[ID_UUID_SIZE])
{
	struct letter l;

	assert_int_equal(outbox_get_application(w->store, id, &l), OK);
	memcpy(out, l.id, ID_UUID_SIZE);
	letter_fini(&l);
	return out;
}

static void correct(struct world *w, const char *id)
{
	struct application a = world_application(id);
	char receipt[LOCAL_RECEIPT_SIZE];

	assert_int_equal(case_revise(w->store, id, "0317", NULL), OK);
	assert_int_equal(case_submit(w->store, &a, receipt, NULL), OK);
}

/* One page with one case, as a centre has it that goes by the version `key`. */
static void page_of(struct script *s, struct buf *b, const char *id, const char *key)
{
	buf_clear(b);
	buf_printf(b,
		"{\"cases\":[{\"case_id\":\"%s\",\"project_no\":\"N1\",\"idempotency_key\":\"%s\"}]}",
		id, key);
	s->pages[0] = (struct page){"day=2026-11-24", b->data, NULL, 200};
}

/* Of one case that both have under one number: each way in which the versions may differ. */
static void versions_are_compared(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE], first[ID_UUID_SIZE],
		second[ID_UUID_SIZE];
	struct script s = {0};
	struct buf b = {0};
	struct world w;

	(void)state;
	world_open(&w, 4);
	world_submit(&w, receipt, id);
	deliver(&w, id, "N1");
	page_of(&s, &b, id, key_of(&w, id, first));
	expect(&w, &s, "");
	/* sent by another way: neither side lacks the case, and they do not say the same */
	page_of(&s, &b, id, "018f0000-0000-7000-9000-000000000abc");
	expect(&w, &s, "elsewhere:N1:N1 ");
	/* corrected here, and the correction is not there yet */
	correct(&w, id);
	key_of(&w, id, second);
	page_of(&s, &b, id, first);
	expect(&w, &s, "waits:N1:N1 ");
	page_of(&s, &b, id, "018f0000-0000-7000-9000-000000000abc");
	expect(&w, &s, "elsewhere:N1:N1 ");
	page_of(&s, &b, id, second);
	expect(&w, &s, "unheard:N1:N1 ");
	deliver(&w, second, "N1");
	expect(&w, &s, "");
	/* restored from a copy of before the correction */
	page_of(&s, &b, id, first);
	expect(&w, &s, "behind:N1:N1 ");
	/* a centre that does not tell its versions, or not as keys, claims nothing about them */
	page_of(&s, &b, id, "2");
	expect(&w, &s, "");
	buf_fini(&b);
	world_close(&w);
}

/* Both have all that was sent from here, and the case stands elsewhere at the centre: this file is
 * an older copy, or the news have not come. */
static void where_a_case_stands_is_compared(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE], key[ID_UUID_SIZE], page[400];
	static const struct {
		const char *state, *want;
	} told[] = {{"received", ""}, {"accepted", "lags:N1:N1 "}, {"correcting", "lags:N1:N1 "},
		{"nonsense", ""}};
	struct script s = {0};
	struct world w;
	size_t i;

	(void)state;
	world_open(&w, 8);
	world_submit(&w, receipt, id);
	deliver(&w, id, "N1");
	key_of(&w, id, key);
	s.pages[0] = (struct page){"day=2026-11-24", page, NULL, 200};
	for (i = 0; i < sizeof told / sizeof *told; i++) {
		snprintf(page, sizeof page,
			"{\"cases\":[{\"case_id\":\"%s\",\"project_no\":\"N1\","
			"\"idempotency_key\":\"%s\",\"letters\":1,\"state\":\"%s\"}]}",
			id, key, told[i].state);
		expect(&w, &s, told[i].want);
	}
	/* what was done here and waits is no difference of this kind */
	world_accept(&w, id);
	snprintf(page, sizeof page,
		"{\"cases\":[{\"case_id\":\"%s\",\"project_no\":\"N1\","
		"\"idempotency_key\":\"%s\",\"letters\":1,\"state\":\"received\"}]}",
		id, key);
	expect(&w, &s, "");
	world_close(&w);
}

/* Submitted yesterday, corrected today: it belongs to today's reckoning as well. */
static void a_correction_of_an_older_case_is_reconciled_on_its_day(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE], first[ID_UUID_SIZE],
		second[ID_UUID_SIZE], answer[200];
	struct script s = {0};
	struct world w;

	(void)state;
	world_open(&w, 5);
	world_submit(&w, receipt, id);
	deliver(&w, id, "N1");
	key_of(&w, id, first);
	world_pass(&w, 86400000);
	s.pages[0] = (struct page){"?day", "{\"cases\":[]}", NULL, 200};
	s.pages[1] = (struct page){"/v1/cases/N1", answer, NULL, 200};
	snprintf(
		answer, sizeof answer, "{\"project_no\":\"N1\",\"idempotency_key\":\"%s\"}", first);
	expect(&w, &s, "");
	correct(&w, id);
	expect(&w, &s, "waits:N1:N1 ");
	deliver(&w, key_of(&w, id, second), "N1");
	expect(&w, &s, "behind:N1:N1 ");
	snprintf(answer, sizeof answer, "{\"project_no\":\"N1\",\"idempotency_key\":\"%s\"}",
		second);
	expect(&w, &s, "");
	s.pages[1].path_part = NULL; /* the centre has lost it */
	expect(&w, &s, "missing:N1: ");
	world_close(&w);
}

/* Of a case whose version is the same at both, the centre may have lost what was done since. */
static void a_step_that_the_centre_has_lost_is_named(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE], version[ID_UUID_SIZE], list[300],
		answer[200];
	const struct act_order withdrawal = {.case_number = id,
		.act = ACT_WITHDRAW,
		.station = "station-1",
		.operator_name = "0317",
		.window = "03",
		.facts = "{\"reason\":\"申请人要求\"}"};
	struct script s = {0};
	struct world w;

	(void)state;
	world_open(&w, 5);
	world_submit(&w, receipt, id);
	deliver(&w, id, "N1");
	key_of(&w, id, version);
	s.pages[0] = (struct page){"?day", list, NULL, 200};
	snprintf(list, sizeof list,
		"{\"cases\":[{\"case_id\":\"%s\",\"project_no\":\"N1\",\"idempotency_key\":\"%s\","
		"\"letters\":1}]}",
		id, version);
	expect(&w, &s, "");
	world_accept(&w, id);
	expect(&w, &s, ""); /* it waits, as it may */
	deliver(&w, id, "N1");
	expect(&w, &s, "steps:N1:N1 ");
	list[strlen(list) - 4] = '3'; /* another window has done something, too */
	expect(&w, &s, "");
	world_pass(&w, 86400000); /* a step of another day than its case */
	s.pages[0].body = "{\"cases\":[]}";
	s.pages[1] = (struct page){"/v1/cases/N1", answer, NULL, 200};
	snprintf(answer, sizeof answer,
		"{\"project_no\":\"N1\",\"idempotency_key\":\"%s\",\"letters\":1}", version);
	expect(&w, &s, ""); /* yesterday's matter */
	assert_int_equal(act_do(w.store, &withdrawal, NULL), OK);
	expect(&w, &s, "steps:N1:N1 "); /* that of yesterday */
	deliver(&w, id, "N1");
	expect(&w, &s, "steps:N1:N1 ");
	snprintf(answer, sizeof answer, "{\"project_no\":\"N1\",\"idempotency_key\":\"%s\"}",
		version); /* another province's does not count them */
	expect(&w, &s, "");
	world_close(&w);
}

/* A centre restored from a copy gives the numbers it lost to others. */
static void a_number_given_to_another_is_no_case_of_ours(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE], key[ID_UUID_SIZE], other[ID_UUID_SIZE],
		answer[300];
	struct script s = {0};
	struct world w;

	(void)state;
	world_open(&w, 6);
	world_submit(&w, receipt, id);
	deliver(&w, id, "N1");
	memcpy(other, id, sizeof other);
	other[ID_UUID_SIZE - 2] = other[ID_UUID_SIZE - 2] == '0' ? '1' : '0';
	s.pages[0] = (struct page){"?day", "{\"cases\":[]}", NULL, 200};
	s.pages[1] = (struct page){"/v1/cases/N1", answer, NULL, 200};
	snprintf(answer, sizeof answer,
		"{\"project_no\":\"N1\",\"case_id\":\"%s\",\"idempotency_key\":\"%s\"}", other,
		other);
	expect(&w, &s, "missing:N1: ");
	snprintf(answer, sizeof answer,
		"{\"project_no\":\"N1\",\"case_id\":\"%s\",\"idempotency_key\":\"%s\"}", id,
		key_of(&w, id, key));
	expect(&w, &s, "");
	world_close(&w);
}

static void put_case(struct buf *b, const char *id, const char *number)
{
	buf_printf(b, "%s{\"case_id\":\"%s\",\"project_no\":\"%s\",\"local_receipt\":\"L\"}",
		b->len > 0 ? "," : "", id, number);
}

static void each_difference_has_its_name(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], ids[5][ID_UUID_SIZE];
	struct buf cases = {0}, page = {0}, second = {0};
	struct script s = {0};
	struct world w;
	int i;

	(void)state;
	world_open(&w, 1);
	for (i = 0; i < 5; i++)
		world_submit(&w, receipt, ids[i]);
	deliver(&w, ids[0], "N1"); /* the same on both sides, on the second page */
	deliver(&w, ids[1], "N2"); /* other number there */
	deliver(&w, ids[2], "N3"); /* gone there */
	/* 3 still waits; 4 is there, its receipt not here */
	put_case(&cases, ids[1], "N7");
	put_case(&cases, ids[4], "N5");
	put_case(&cases, "018bcfe5-6800-7000-8000-000000000abc", "N6"); /* never seen here */
	buf_printf(&page, "{\"cases\":[%s],\"next\":\"N&6\"}", cases.data);
	buf_clear(&cases);
	put_case(&cases, ids[0], "N1");
	buf_printf(&second, "{\"cases\":[%s]}", cases.data);
	s.pages[0] = (struct page){"after=N%266", second.data, NULL, 200};
	s.pages[1] = (struct page){"day=2026-11-24", page.data, NULL, 200};
	expect(&w, &s, "unheard::N5 waits:: missing:N3: numbers:N2:N7 unknown::N6 ");
	/* received on another day: asked for by its number */
	s.pages[2] = (struct page){"/v1/cases/N3", "{\"project_no\":\"N3\"}", NULL, 200};
	expect(&w, &s, "unheard::N5 waits:: numbers:N2:N7 unknown::N6 ");
	buf_fini(&cases);
	buf_fini(&page);
	buf_fini(&second);
	world_close(&w);
}

static void an_even_day_has_no_difference(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct script s = {0};
	struct buf b = {0};
	struct world w;

	(void)state;
	world_open(&w, 2);
	s.pages[0] = (struct page){"/v1/cases?", "{\"cases\":[]}", NULL, 200};
	expect(&w, &s, "");
	world_submit(&w, receipt, id);
	deliver(&w, id, "N1");
	buf_adds(&b, "{\"cases\":[");
	buf_printf(&b, "{\"case_id\":\"%s\",\"project_no\":\"N1\"}]}", id);
	s.pages[0].body = b.data;
	expect(&w, &s, "");
	/* submitted yesterday, received today: no difference of today's */
	world_pass(&w, 86400000);
	expect(&w, &s, "");
	buf_fini(&b);
	world_close(&w);
}

static void only_the_centre_is_believed(void **state)
{
	static const struct page pages[] = {{"/v1/", "<html>", "text/html", 200},
		{"/v1/", "{\"cases\":{}}", NULL, 200}, {"/v1/", "{\"cases\":[3]}", NULL, 200},
		{"/v1/", "{\"cases\":[{\"case_id\":\"x\",\"project_no\":\"N\"}]}", NULL, 200},
		{"/v1/", "{}", NULL, 403}};
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct script s = {0};
	const struct transport t = {script_send, script_poll, &s};
	struct reconcile_sum sum;
	struct seen seen = {{0}};
	struct buf why = {0};
	struct world w;
	size_t i;

	(void)state;
	world_open(&w, 3);
	world_submit(&w, receipt, id);
	deliver(&w, id, "N1");
	for (i = 0; i < sizeof pages / sizeof pages[0]; i++) {
		s.pages[0] = pages[i];
		assert_int_equal(
			reconcile_day(w.store, t, clock_day(w.wall_ms), see, &seen, &sum, &why),
			ERR_BUSY);
		assert_true(why.len > 0);
	}
	/* a portal's page is no proof that a case is gone, nor that it is there */
	s.pages[0] = (struct page){"?day", "{\"cases\":[]}", NULL, 200};
	s.pages[1] = (struct page){"/v1/cases/N1", "<html>", "text/html", 404};
	assert_int_equal(
		reconcile_day(w.store, t, clock_day(w.wall_ms), see, &seen, &sum, &why), ERR_BUSY);
	s.pages[1] = (struct page){"/v1/cases/N1", "<html>", "text/html", 200};
	assert_int_equal(
		reconcile_day(w.store, t, clock_day(w.wall_ms), see, &seen, &sum, &why), ERR_BUSY);
	/* one that is there and cannot is not asked to admit the station */
	for (i = 0; i < 2; i++) {
		s.pages[i] = (struct page){i == 0 ? "?day" : "/v1/cases/N1",
			"{\"type\":\"urn:yimen:problem:store-unavailable\",\"title\":\"x\","
			"\"detail\":\"数据库没有连上\"}",
			"application/problem+json", 503};
		s.pages[1 - i] = (struct page){"?day", "{\"cases\":[]}", NULL, 200};
		buf_clear(&why);
		assert_int_equal(
			reconcile_day(w.store, t, clock_day(w.wall_ms), see, &seen, &sum, &why),
			ERR_BUSY);
		assert_non_null(strstr(buf_str(&why), "中心忙 (503)"));
		assert_non_null(strstr(buf_str(&why), "数据库没有连上"));
	}
	s.fault = LINE_NO_CONNECT;
	assert_int_equal(
		reconcile_day(w.store, t, clock_day(w.wall_ms), see, &seen, &sum, &why), ERR_BUSY);
	assert_int_equal(seen.lines.len, 0);
	buf_fini(&why);
	world_close(&w);
}

/* Four here and six there, and no difference: that wants a word. */
static void unequal_numbers_are_explained(void **state)
{
	(void)state;
	assert_string_not_equal(reconcile_remark(4, 6, 0), "");
	assert_string_equal(reconcile_remark(4, 4, 0), "");
	assert_string_equal(reconcile_remark(4, 6, 2), ""); /* each is listed */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unequal_numbers_are_explained),
		cmocka_unit_test(each_difference_has_its_name),
		cmocka_unit_test(where_a_case_stands_is_compared),
		cmocka_unit_test(versions_are_compared),
		cmocka_unit_test(a_correction_of_an_older_case_is_reconciled_on_its_day),
		cmocka_unit_test(a_step_that_the_centre_has_lost_is_named),
		cmocka_unit_test(a_number_given_to_another_is_no_case_of_ours),
		cmocka_unit_test(an_even_day_has_no_difference),
		cmocka_unit_test(only_the_centre_is_believed),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
