/* News until there is no more: from a centre that comes to an end, and from ones that never do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/paths.h"
#include "core/station/store.h"
#include "core/station/watch.h"
#include "tests/unit/world.h"

/* A centre in memory: what it answers to its n-th question for changes, from 0; the status. */
struct talk {
	struct world w;
	long (*say)(int n, struct buf *out);
	int asked, shown, fetched;
	struct buf body;
	bool for_changes;
};

/* A catalogue of one matter. */
static void write_catalogue(int fd)
{
	struct buf demo = {0};
	size_t len;

	assert_int_equal(paths_read(&demo, "data/demo/matters.jsonl", 1 << 20), OK);
	len = strcspn(demo.data, "\n") + 1;
	assert_int_equal(write(fd, demo.data, len), len);
	buf_fini(&demo);
}

static enum err take_question(void *arg, const struct transport_request *r)
{
	struct talk *t = arg;

	t->for_changes = strncmp(r->path, "/v1/changes", 11) == 0;
	if (!t->for_changes)
		write_catalogue(r->into_fd);
	t->fetched += !t->for_changes;
	return OK;
}

static size_t give_answer(void *arg, int timeout_ms, const int *wake_fds, size_t wake_count,
	struct transport_answer *out, size_t max)
{
	struct talk *t = arg;

	(void)timeout_ms, (void)wake_fds, (void)wake_count, (void)max;
	buf_clear(&t->body);
	*out = (struct transport_answer){.status = 200,
		.content_type = t->for_changes ? "application/json" : "application/jsonl",
		.retry_after = "",
		.key = "",
		.etag = ""};
	if (t->for_changes)
		out->status = t->say(t->asked++, &t->body);
	out->body = buf_str(&t->body);
	out->body_len = t->body.len;
	return 1;
}

static void see_batch(void *arg, int batches, size_t applied)
{
	struct talk *t = arg;

	(void)applied;
	assert_int_equal(batches, t->shown + 1);
	t->shown = batches;
}

static enum err sync_with(
	struct talk *t, long (*say)(int n, struct buf *out), size_t *applied, struct buf *why)
{
	const struct watch_sync_show show = {see_batch, t};

	t->say = say;
	t->asked = t->shown = t->fetched = 0;
	return watch_sync(
		t->w.store, (struct transport){take_question, give_answer, t}, &show, applied, why);
}

static void open_talk(struct talk *t)
{
	*t = (struct talk){.asked = 0};
	world_open(&t->w, 80);
}

static void close_talk(struct talk *t)
{
	buf_fini(&t->body);
	world_close(&t->w);
}

/* A batch with one notice, or none (seq 0). */
static void put_batch(struct buf *out, const char *cursor, int seq)
{
	buf_printf(out, "{\"cursor\":\"%s\",\"changes\":[", cursor);
	if (seq > 0)
		buf_printf(out,
			"{\"seq\":%d,\"type\":\"notice\",\"at\":\"2026-11-24T10:00:00+08:00\","
			"\"text\":\"通知 %d\"}",
			seq, seq);
	buf_adds(out, "]}");
}

static void put_numbered(struct buf *out, int cursor, int seq)
{
	char text[16];

	snprintf(text, sizeof text, "%d", cursor);
	put_batch(out, text, seq);
}

/* ---- centres ---- */

enum {
	MANY = 1500 /* with nothing in them for us between those with something */
};

static long ends(int n, struct buf *out)
{
	int last = n < 3 ? n : 3;

	put_numbered(out, last + 1, n < 3 ? n + 1 : 0);
	return 200;
}

static long has_nothing_yet(int n, struct buf *out)
{
	(void)n;
	put_batch(out, "0", 0);
	return 200;
}

/* Every tenth batch has something for this station. */
static long has_much(int n, struct buf *out)
{
	put_numbered(out, n < MANY ? n + 1 : MANY, n < MANY && n % 10 == 0 ? n + 1 : 0);
	return 200;
}

static long stands_still(int n, struct buf *out)
{
	put_batch(out, "7", n + 1);
	return 200;
}

static long goes_in_a_circle(int n, struct buf *out)
{
	put_numbered(out, 1 + n % 30, 1 + n % 30);
	return 200;
}

static long never_ends(int n, struct buf *out)
{
	put_numbered(out, n + 1, 0);
	return 200;
}

static long tells_the_same_for_ever(int n, struct buf *out)
{
	put_numbered(out, n + 1, 1);
	return 200;
}

static long invents_for_ever(int n, struct buf *out)
{
	put_numbered(out, n + 1, n + 1);
	return 200;
}

/* It gives cursors and then does not know them. */
static long forgets_its_cursors(int n, struct buf *out)
{
	put_numbered(out, n + 1, n + 1);
	return n % 2 == 0 ? 200 : 400;
}

/* ---- what becomes of it ---- */

static void it_ends_with_what_there_was(void **state)
{
	struct talk t;
	size_t applied = 0;

	(void)state;
	open_talk(&t);
	assert_int_equal(sync_with(&t, ends, &applied, NULL), OK);
	assert_int_equal(applied, 3);
	assert_int_equal(t.asked, 5);
	assert_int_equal(t.shown, 5);
	assert_int_equal(sync_with(&t, has_nothing_yet, &applied, NULL), OK);
	close_talk(&t);
	open_talk(&t);
	assert_int_equal(sync_with(&t, has_nothing_yet, &applied, NULL), OK);
	assert_int_equal(applied, 0);
	close_talk(&t);
}

static void as_long_as_it_gets_on_it_goes_on(void **state)
{
	struct talk t;
	size_t applied = 0;

	(void)state;
	open_talk(&t);
	assert_int_equal(sync_with(&t, has_much, &applied, NULL), OK);
	assert_int_equal(applied, MANY / 10);
	assert_true(t.asked > MANY);
	close_talk(&t);
}

static void expect_refused(struct talk *t, long (*say)(int n, struct buf *out), int most)
{
	struct buf why = {0};
	size_t applied = 99;

	assert_int_equal(sync_with(t, say, &applied, &why), ERR_BUSY);
	assert_int_equal(applied, 99);
	assert_non_null(strstr(buf_str(&why), "没有取全"));
	assert_in_range(t->asked, 1, most);
	assert_int_equal(t->fetched, 1); /* the catalogue does not wait for that */
	buf_fini(&why);
}

static void one_that_does_not_get_on_is_told(void **state)
{
	struct talk t;

	(void)state;
	open_talk(&t);
	expect_refused(&t, stands_still, 2);
	expect_refused(&t, goes_in_a_circle, 200);
	close_talk(&t);
}

/* What has come is kept: the next time goes on behind it. */
static void one_that_never_ends_is_told(void **state)
{
	struct talk t;
	char *cursor;
	int asked;

	(void)state;
	open_talk(&t);
	expect_refused(&t, never_ends, 1000);
	asked = t.asked;
	cursor = store_get(t.w.store, "changes.cursor");
	assert_int_equal(atoi(cursor), asked);
	free(cursor);
	expect_refused(&t, tells_the_same_for_ever, 1001);
	close_talk(&t);
}

static void one_that_invents_for_ever_is_told(void **state)
{
	struct talk t;

	(void)state;
	open_talk(&t);
	assert_int_equal(db_exec(store_db(t.w.store), "PRAGMA synchronous = OFF"), OK);
	expect_refused(&t, invents_for_ever, 10000);
	close_talk(&t);
}

static void one_that_forgets_its_cursors_is_told(void **state)
{
	struct buf why = {0};
	size_t applied = 99;
	struct talk t;

	(void)state;
	open_talk(&t);
	assert_int_equal(sync_with(&t, forgets_its_cursors, &applied, &why), ERR_BUSY);
	assert_true(why.len > 0);
	assert_in_range(t.asked, 1, 4);
	buf_fini(&why);
	close_talk(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_ends_with_what_there_was),
		cmocka_unit_test(as_long_as_it_gets_on_it_goes_on),
		cmocka_unit_test(one_that_does_not_get_on_is_told),
		cmocka_unit_test(one_that_never_ends_is_told),
		cmocka_unit_test(one_that_invents_for_ever_is_told),
		cmocka_unit_test(one_that_forgets_its_cursors_is_told),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
