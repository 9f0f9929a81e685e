/* What the watch asks the centre, and when again: a transport that only notes what was asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/paths.h"
#include "core/station/catalogue.h"
#include "core/station/catalogue_fetch.h"
#include "core/station/delivery.h"
#include "core/station/watch.h"
#include "tests/unit/world.h"

struct post {
	struct world w;
	struct delivery *d;
	struct watch *watch;
	void *beat; /* the tag of the heartbeat in the air */
	void *feed; /* the tag of the question for changes that is in the air; NULL: none */
	int asked;
	char path[200];
	struct transport_request catalogue; /* as it was asked for last */
	int fetches;
	const char *lines; /* what comes then */
	int letters;	   /* that went out */
	int waited_ms;	   /* so long the last turn would have waited */
};

static enum err note(void *arg, const struct transport_request *r)
{
	struct post *p = arg;

	if (strcmp(r->path, CATALOGUE_PATH) == 0) {
		p->catalogue = *r;
		p->fetches++;
		if (p->lines != NULL)
			assert_true(write(r->into_fd, p->lines, strlen(p->lines)) > 0);
	}
	p->letters += strcmp(r->method, "POST") == 0;
	if (strcmp(r->path, "/health") == 0)
		p->beat = r->tag;
	if (strncmp(r->path, "/v1/changes", 11) != 0)
		return OK;
	p->feed = r->tag;
	p->asked++;
	snprintf(p->path, sizeof p->path, "%s", r->path);
	return OK;
}

static size_t nothing(void *arg, int timeout_ms, const int *wake_fds, size_t wake_count,
	struct transport_answer *out, size_t max)
{
	struct post *p = arg;

	(void)wake_fds, (void)wake_count, (void)out, (void)max;
	p->waited_ms = timeout_ms;
	return 0;
}

static void post_open(struct post *p)
{
	*p = (struct post){0};
	world_open(&p->w, 1);
	p->d = delivery_new(p->w.store, (struct transport){note, nothing, p}, NULL);
	p->watch = watch_new(p->w.store, p->d);
	delivery_heard(p->d, true, 20, "");
}

static void post_close(struct post *p)
{
	watch_free(p->watch);
	delivery_free(p->d);
	world_close(&p->w);
}

static void answer(struct post *p, long status, const char *body, int64_t elapsed_ms)
{
	const struct transport_answer a = {.tag = p->feed,
		.status = status,
		.content_type = "application/json",
		.retry_after = "",
		.key = "",
		.etag = "",
		.body = body,
		.body_len = strlen(body),
		.elapsed_ms = elapsed_ms};

	assert_non_null(p->feed);
	p->feed = NULL;
	watch_answer(p->watch, &a);
}

/* Questions within so many ms, when each is answered like that. */
static int questions(struct post *p, int64_t ms, const char *body, int64_t elapsed_ms)
{
	int before = p->asked;
	int64_t t;

	for (t = 0; t < ms; t += 100) {
		watch_turn(p->watch);
		if (p->feed != NULL)
			answer(p, 200, body, elapsed_ms);
		world_pass(&p->w, 100);
	}
	return p->asked - before;
}

static void who_answers_at_once_is_not_asked_at_once(void **state)
{
	struct post p;

	(void)state;
	post_open(&p);
	questions(&p, 100, "{\"cursor\":\"7\",\"changes\":[]}", 0);
	assert_in_range(questions(&p, 60000, "{\"cursor\":\"7\",\"changes\":[]}", 3), 1, 13);
	post_close(&p);
}

static void who_waits_as_asked_is_asked_again_at_once(void **state)
{
	struct post p;

	(void)state;
	post_open(&p);
	assert_in_range(questions(&p, 6000, "{\"cursor\":\"7\",\"changes\":[]}", 25000), 59, 61);
	post_close(&p);
}

/* A gateway said that there is no such page while the centre was being changed. */
static void a_page_that_was_not_there_is_looked_for_again(void **state)
{
	struct post p;

	(void)state;
	post_open(&p);
	watch_turn(p.watch);
	answer(&p, 404, "<html>", 3);
	assert_int_equal(questions(&p, 60000, "{\"cursor\":\"7\",\"changes\":[]}", 25000), 0);
	assert_true(questions(&p, 300000, "{\"cursor\":\"7\",\"changes\":[]}", 25000) > 0);
	post_close(&p);
}

static void beat(struct post *p)
{
	const struct transport_answer a = {.tag = p->beat,
		.status = 200,
		.content_type = "application/json",
		.retry_after = "",
		.key = "",
		.etag = "",
		.body = "{}",
		.body_len = 2,
		.elapsed_ms = 20};

	assert_non_null(p->beat);
	p->beat = NULL;
	watch_answer(p->watch, &a);
}

/* Its heart beats for everybody; news come only to who is admitted. */
static void who_is_not_admitted_hears_of_it(void **state)
{
	struct post p;

	(void)state;
	post_open(&p);
	watch_turn(p.watch);
	answer(&p, 401, "{\"type\":\"urn:yimen:problem:token\",\"detail\":\"令牌已停用\"}", 3);
	assert_int_equal(delivery_link(p.d), LINK_DOWN);
	beat(&p);
	assert_int_equal(delivery_link(p.d), LINK_DOWN);
	/* admitted again with the token it has: it is asked for, and heard */
	assert_int_equal(questions(&p, 6000, "{\"cursor\":\"7\",\"changes\":[]}", 25000), 1);
	beat(&p);
	assert_int_equal(delivery_link(p.d), LINK_UP);
	/* a page of something between is no word of the centre's */
	watch_turn(p.watch);
	answer(&p, 401, "<html>", 3);
	assert_int_equal(delivery_link(p.d), LINK_UP);
	post_close(&p);
}

/* The window was at another centre before, whose cursors are words. */
static void a_cursor_that_the_centre_does_not_know_is_dropped(void **state)
{
	struct post p;

	(void)state;
	post_open(&p);
	questions(&p, 100, "{\"cursor\":\"page-x7\",\"changes\":[]}", 25000);
	watch_turn(p.watch);
	assert_non_null(strstr(p.path, "cursor=page-x7"));
	answer(&p, 400, "{\"type\":\"urn:yimen:problem:bad-request\"}", 3);
	world_pass(&p.w, 10000);
	watch_turn(p.watch);
	assert_non_null(strstr(p.path, "cursor=0"));
	post_close(&p);
}

/* Fetches within so many minutes, and what the last one came to; the feed is quiet. */
static int fetches(struct post *p, int minutes, enum line_fault fault)
{
	int before = p->fetches, i;

	for (i = 0; i < minutes * 60; i++) {
		int had = p->fetches;
		watch_turn(p->watch);
		if (p->fetches > had) {
			const struct transport_answer a = {.tag = p->catalogue.tag,
				.fault = fault,
				.status = fault == LINE_OK ? 200 : 0,
				.content_type = "application/jsonl",
				.body = ""};
			watch_answer(p->watch, &a);
			while (watch_is_working(p->watch))
				watch_work(p->watch);
		}
		world_pass(&p->w, 1000);
	}
	return p->fetches - before;
}

static void offer(struct post *p, const char *version)
{
	char body[200];

	snprintf(body, sizeof body,
		"{\"cursor\":\"%s\",\"changes\":[{\"seq\":8,\"type\":\"catalogue\",\"version\":\"%s\"}]}",
		version, version);
	watch_turn(p->watch);
	answer(p, 200, body, 25000);
}

static void trouble_is(struct post *p, const char *words)
{
	char *trouble = catalogue_fetch_trouble(p->w.store);

	if (words == NULL)
		assert_null(trouble);
	else
		assert_non_null(strstr(trouble != NULL ? trouble : "", words));
	free(trouble);
}

/* What is too much is asked for again, but the line is mostly the letters'. */
static void a_catalogue_that_is_too_much_is_tried_again_later(void **state)
{
	struct post p;

	(void)state;
	post_open(&p);
	offer(&p, "v1");
	assert_int_equal(fetches(&p, 30, LINE_OVERSIZE), 1);
	assert_in_range(p.catalogue.into_max_bytes, 1 << 30, INT64_C(4) << 30);
	assert_in_range(p.catalogue.into_spare_bytes, 1 << 20, 1 << 30);
	trouble_is(&p, "太大");
	assert_int_equal(fetches(&p, 60, LINE_NO_ROOM), 1);
	trouble_is(&p, "磁盘");
	assert_int_equal(fetches(&p, 60, LINE_CUT), 6); /* a bad line is tried sooner */
	trouble_is(&p, "磁盘");
	assert_int_equal(fetches(&p, 60, LINE_OK), 1);
	trouble_is(&p, NULL);
	post_close(&p);
}

static int64_t matters_here(struct post *p)
{
	char *path = paths_join(p->w.folder, "catalogue.db");
	struct catalogue_info info;
	struct catalogue *c;

	assert_int_equal(catalogue_open(&c, path, clock_day(p->w.wall_ms), NULL), OK);
	assert_int_equal(catalogue_info(c, &info), OK);
	catalogue_close(c);
	free(path);
	return info.in_force;
}

/* A matter, and then lines that are none. */
static void fill_lines(struct buf *out, int bad)
{
	struct buf demo = {0};

	assert_int_equal(paths_read(&demo, "data/demo/matters.jsonl", 1 << 20), OK);
	buf_clear(out);
	buf_add(out, demo.data, strcspn(demo.data, "\n") + 1);
	while (bad-- > 0)
		buf_adds(out, "{\n");
	buf_fini(&demo);
}

/* The centre's first catalogue is here: one matter. */
static void open_with_a_matter(struct post *p, struct buf *lines)
{
	post_open(p);
	fill_lines(lines, 0);
	p->lines = lines->data;
	offer(p, "v1");
	assert_int_equal(fetches(p, 30, LINE_OK), 1);
}

/* The administrator has put the one before back in its place. */
static void what_is_offered_no_more_is_no_trouble(void **state)
{
	struct buf lines = {0};
	struct post p;

	(void)state;
	open_with_a_matter(&p, &lines);
	offer(&p, "v2");
	assert_int_equal(fetches(&p, 30, LINE_OVERSIZE), 1);
	trouble_is(&p, "太大");
	offer(&p, "v1");
	assert_int_equal(fetches(&p, 90, LINE_OVERSIZE), 0);
	trouble_is(&p, NULL);
	post_close(&p);
	buf_fini(&lines);
}

static void what_nobody_can_read_is_not_read_to_its_end(void **state)
{
	struct buf lines = {0};
	struct post p;

	(void)state;
	post_open(&p);
	fill_lines(&lines, 20000);
	p.lines = lines.data;
	offer(&p, "v1");
	assert_int_equal(fetches(&p, 30, LINE_OK), 1);
	trouble_is(&p, "看不懂");
	assert_int_equal(matters_here(&p), 0); /* none of it */
	fill_lines(&lines, 900);
	p.lines = lines.data; /* a few are left out, as ever */
	assert_int_equal(fetches(&p, 60, LINE_OK), 1);
	trouble_is(&p, NULL);
	assert_int_equal(matters_here(&p), 1);
	post_close(&p);
	buf_fini(&lines);
}

/* Few lines, and none of them a matter: these are no slips in a catalogue, and nothing is
 * withdrawn. */
static void what_holds_no_matter_at_all_changes_nothing(void **state)
{
	struct buf lines = {0};
	struct post p;

	(void)state;
	open_with_a_matter(&p, &lines);
	assert_int_equal(matters_here(&p), 1);
	p.lines = "{\n\n{\n";
	offer(&p, "v2");
	assert_int_equal(fetches(&p, 30, LINE_OK), 1);
	trouble_is(&p, "看不懂");
	p.lines = " \r\n\n"; /* as good as empty */
	assert_int_equal(fetches(&p, 60, LINE_OK), 1);
	trouble_is(&p, NULL);
	assert_int_equal(matters_here(&p), 1);
	post_close(&p);
	buf_fini(&lines);
}

/* So many matters as are taken in in a good number of slices. */
static void fill_matters(struct buf *out, int count)
{
	int i;

	for (i = 0; i < count; i++)
		buf_printf(out, "{\"task_code\":\"T%05d\",\"task_name\":\"事项%d\"}\n", i, i);
}

/* One letter for each slice goes out before the next one is begun. */
static void letters_go_on_while_a_catalogue_is_taken_in(void **state)
{
	enum {
		MATTERS = 3000,
		FLYING = 16 /* so many go out without an answer */
	};
	char receipt[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE];
	struct transport_answer a = {
		.status = 200, .content_type = "application/jsonl", .body = ""};
	struct buf lines = {0};
	struct post p;
	int slices = 0, taken = 0;

	(void)state;
	post_open(&p);
	fill_matters(&lines, MATTERS);
	p.lines = lines.data;
	offer(&p, "v1");
	watch_turn(p.watch);
	assert_int_equal(p.fetches, 1);
	a.tag = p.catalogue.tag;
	assert_false(watch_answer(p.watch, &a));
	assert_int_equal(delivery_turn(p.d, 0, NULL, 0), OK);
	assert_int_equal(p.waited_ms, 0); /* nor does the catalogue wait for letters */
	for (; watch_is_working(p.watch); slices++) {
		world_submit(&p.w, receipt, id);
		assert_int_equal(delivery_turn(p.d, 0, NULL, 0), OK);
		if (slices < FLYING)
			assert_int_equal(p.letters, slices + 1);
		assert_int_equal(taken, 0);
		taken += watch_work(p.watch);
	}
	assert_true(slices > FLYING);
	assert_int_equal(taken, 1);
	assert_int_equal(matters_here(&p), MATTERS);
	trouble_is(&p, NULL);
	post_close(&p);
	buf_fini(&lines);
}

/* Stopped in between: what was there stays, and it is fetched again. */
static void a_catalogue_given_up_is_still_to_be_taken(void **state)
{
	struct transport_answer a = {
		.status = 200, .content_type = "application/jsonl", .body = ""};
	struct buf one = {0}, lines = {0};
	struct post p;

	(void)state;
	open_with_a_matter(&p, &one);
	fill_matters(&lines, 1000);
	p.lines = lines.data;
	offer(&p, "v2");
	world_pass(&p.w, 60000);
	watch_turn(p.watch);
	assert_int_equal(p.fetches, 2);
	a.tag = p.catalogue.tag;
	watch_answer(p.watch, &a);
	watch_work(p.watch);
	assert_true(watch_is_working(p.watch));
	watch_free(p.watch);
	assert_int_equal(matters_here(&p), 1);
	trouble_is(&p, NULL);
	assert_true(catalogue_fetch_is_due(p.w.store));
	p.watch = watch_new(p.w.store, p.d);
	assert_int_equal(fetches(&p, 1, LINE_OK), 1);
	assert_int_equal(matters_here(&p), 1000);
	assert_false(catalogue_fetch_is_due(p.w.store));
	post_close(&p);
	buf_fini(&one);
	buf_fini(&lines);
}

/* Another one is offered while the first is still under way on a slow line. */
static void what_is_offered_meanwhile_is_fetched_too(void **state)
{
	struct transport_answer a = {
		.status = 200, .content_type = "application/jsonl", .body = ""};
	struct buf lines = {0}, more = {0};
	struct post p;

	(void)state;
	post_open(&p);
	fill_matters(&lines, 2);
	p.lines = lines.data;
	offer(&p, "v1");
	watch_turn(p.watch);
	assert_int_equal(p.fetches, 1);
	a.tag = p.catalogue.tag;
	offer(&p, "v2");
	watch_answer(p.watch, &a);
	while (watch_is_working(p.watch))
		watch_work(p.watch);
	assert_int_equal(matters_here(&p), 2);
	fill_matters(&more, 3);
	p.lines = more.data;
	assert_int_equal(fetches(&p, 10, LINE_OK), 1);
	assert_int_equal(matters_here(&p), 3);
	post_close(&p);
	buf_fini(&lines);
	buf_fini(&more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_answers_at_once_is_not_asked_at_once),
		cmocka_unit_test(who_waits_as_asked_is_asked_again_at_once),
		cmocka_unit_test(a_cursor_that_the_centre_does_not_know_is_dropped),
		cmocka_unit_test(who_is_not_admitted_hears_of_it),
		cmocka_unit_test(a_page_that_was_not_there_is_looked_for_again),
		cmocka_unit_test(a_catalogue_that_is_too_much_is_tried_again_later),
		cmocka_unit_test(what_is_offered_no_more_is_no_trouble),
		cmocka_unit_test(what_nobody_can_read_is_not_read_to_its_end),
		cmocka_unit_test(what_holds_no_matter_at_all_changes_nothing),
		cmocka_unit_test(letters_go_on_while_a_catalogue_is_taken_in),
		cmocka_unit_test(a_catalogue_given_up_is_still_to_be_taken),
		cmocka_unit_test(what_is_offered_meanwhile_is_fetched_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
