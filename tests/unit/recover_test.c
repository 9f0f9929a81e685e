/* A station whose file is an older copy gets back from the centre what it had sent since. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/station/cases.h"
#include "core/station/draft.h"
#include "core/station/draft_lock.h"
#include "core/station/outbox.h"
#include "core/station/recover.h"
#include "core/station/store.h"
#include "core/station/summary.h"
#include "tests/unit/recount.h"
#include "tests/unit/world.h"

#define AT	"\"at\":\"2026-11-24T10:00:00+08:00\""
#define LATER	"018f0000-0000-7000-9000-000000000abc"
#define SHA	"64834834800ed4aeaf3efcf494a3b45558cb58332d52e5e85ca4c659f86db1c3"
#define CARRIED "018f0000-0000-7000-9000-000000000aaa"
#define OTHER	"018f0000-0000-7000-9000-000000000def"

/* A centre that tells one list of changes, then nothing, and has one letter. */
struct script {
	struct buf changes, letter;
	long letter_status;
	enum line_fault letter_fault;
	char path[200];
	int asked;		      /* for the letter */
	void (*meanwhile)(void *arg); /* when the letter is asked for; NULL: nothing happens */
	void *arg;
};

static void script_fini(struct script *s)
{
	buf_fini(&s->changes);
	buf_fini(&s->letter);
}

static enum err script_send(void *arg, const struct transport_request *r)
{
	struct script *s = arg;

	assert_string_equal(r->method, "GET");
	snprintf(s->path, sizeof s->path, "%s", r->path);
	return OK;
}

static size_t script_poll(void *arg, int timeout_ms, const int *wake_fds, size_t wake_count,
	struct transport_answer *out, size_t max)
{
	struct script *s = arg;
	bool letter = strncmp(s->path, "/v1/letters/", 12) == 0;

	(void)timeout_ms;
	(void)wake_fds;
	(void)wake_count;
	(void)max;
	*out = (struct transport_answer){.status = 200,
		.content_type = "application/json",
		.retry_after = "",
		.key = "",
		.etag = "",
		.body = "{\"cursor\":\"7\",\"own\":true,\"changes\":[]}"};
	if (letter) {
		s->asked++;
		if (s->meanwhile != NULL)
			s->meanwhile(s->arg);
		out->status = s->letter_status;
		out->fault = s->letter_fault;
		out->body = buf_str(&s->letter);
	} else if (strcmp(s->path, "/v1/changes?own=1&cursor=0") == 0) {
		out->body = buf_str(&s->changes);
	} else {
		assert_string_equal(s->path, "/v1/changes?own=1&cursor=7");
	}
	out->body_len = strlen(out->body);
	return 1;
}

/* The centre has taken this version of the case; `own`: ",\"own\":true" or "". */
static void tell(
	struct script *s, const char *case_id, const char *key, const char *own, const char *more)
{
	buf_clear(&s->changes);
	buf_printf(&s->changes,
		"{\"cursor\":\"7\",\"own\":true,\"changes\":[{\"seq\":5,\"type\":\"case\"," AT
		",\"kind\":\"application\",\"project_no\":\"N1\",\"case_id\":\"%s\","
		"\"state\":\"received\",\"key\":\"%s\"%s}%s]}",
		case_id, key, own, more);
	buf_clear(&s->letter);
	buf_printf(&s->letter,
		"{\"kind\":\"application\",\"idempotency_key\":\"%s\",\"case_id\":\"%s\","
		"\"local_receipt\":\"L9\",\"operator\":\"0318\",\"window\":\"05\","
		"\"submitted_at\":\"2026-11-24T11:00:00+08:00\",\"task_code\":\"T1\","
		"\"task_name\":\"事项\",\"applyer_name\":\"陈试例\",\"answers\":{\"name\":\"新的\"},"
		"\"attachments\":[{\"sha256\":\"" SHA "\",\"sm3\":\"" SHA
		"\",\"size\":300009,\"media_type\":\"application/pdf\",\"name\":\"a.pdf\","
		"\"material_name\":\"照片\"}]}",
		key, case_id);
	s->letter_status = 200;
}

static enum err run(struct world *w, struct script *s, struct recover_result *r)
{
	const struct transport t = {script_send, script_poll, s};
	struct buf why = {0};
	enum err e;

	*r = (struct recover_result){0};
	e = recover(w->store, t, NULL, r, &why);
	assert_int_equal(e == OK, why.len == 0);
	buf_fini(&why);
	return e;
}

static int64_t count(struct world *w, const char *sql, const char *id)
{
	struct stmt *st = db_prepare(store_db(w->store), sql);
	int64_t n;

	db_bind_text(st, 1, id);
	assert_true(db_row(st));
	n = db_int(st, 0);
	db_done(st);
	return n;
}

static void key_of(struct world *w, const char *case_id, char out[ID_UUID_SIZE])
{
	struct stmt *st =
		db_prepare(store_db(w->store), "SELECT letter_key FROM case_ WHERE id = ?1");

	db_bind_text(st, 1, case_id);
	assert_true(db_row(st));
	snprintf(out, ID_UUID_SIZE, "%s", db_text(st, 0));
	db_done(st);
}

static void stands(struct world *w, const char *case_id, const char *state, const char *receipt)
{
	struct case_view v;

	assert_int_equal(case_get(w->store, case_id, &v), OK);
	assert_string_equal(v.state, state);
	assert_string_equal(v.local_receipt, receipt);
	assert_string_equal(v.project_no, "N1");
	case_view_fini(&v);
}

/* The letter waits under its key with its very bytes. */
static void waits(struct world *w, const struct script *s, const char *key)
{
	struct letter l;

	assert_int_equal(outbox_get(w->store, key, &l), OK);
	assert_int_equal(l.state, LETTER_WAITING);
	assert_int_equal(l.body_len, s->letter.len);
	assert_memory_equal(l.body, s->letter.data, l.body_len);
	letter_fini(&l);
}

/* ---- */

/* A station, its centre, and what came of the last time it was asked. */
static struct {
	struct world w;
	struct script s;
	struct recover_result r;
} b;

static int begin(void **state)
{
	(void)state;
	b.s = (struct script){.letter_status = 200};
	world_open(&b.w, 1);
	return 0;
}

static int end(void **state)
{
	(void)state;
	script_fini(&b.s);
	world_close(&b.w);
	return 0;
}

static void renew(void)
{
	end(NULL);
	begin(NULL);
}

static void what_is_not_here_comes_back_and_goes_on(void **state)
{
	static const char accepted[] =
		",{\"seq\":6,\"type\":\"case\"," AT
		",\"kind\":\"accept\",\"project_no\":\"N1\",\"case_id\":\"" OTHER
		"\",\"state\":\"accepted\",\"key\":\"" OTHER "\",\"own\":true}";
	int i;

	(void)state;
	tell(&b.s, OTHER, LATER, ",\"own\":true", accepted);
	for (i = 0; i < 2; i++) {
		assert_int_equal(run(&b.w, &b.s, &b.r), OK);
		assert_int_equal(b.r.letters, i == 0);
		assert_int_equal(b.r.steps, i == 0);
		assert_int_equal(b.r.left, 0);
		assert_int_equal(b.s.asked, 1); /* what is here is not asked for again */
		stands(&b.w, OTHER, "accepted", "L9");
		waits(&b.w, &b.s, LATER);
	}
	assert_int_equal(count(&b.w, "SELECT count(*) FROM event WHERE case_id = ?1", OTHER), 2);
}

/* Its draft has another id, which no letter names: whoever fetches is told. */
static void a_bundle_is_said_to_have_been_submitted(void **state)
{
	static const char mark[] = "\"kind\":\"application\",";
	struct buf said = {0}, letter = {0};

	(void)state;
	tell(&b.s, OTHER, LATER, ",\"own\":true", "");
	buf_printf(&letter, "{%s\"bundle_no\":\"B9\",%s", mark,
		buf_str(&b.s.letter) + 1 + strlen(mark));
	buf_clear(&b.s.letter);
	buf_adds(&b.s.letter, buf_str(&letter));
	assert_int_equal(run(&b.w, &b.s, &b.r), OK);
	assert_int_equal(b.r.bundled, 1);
	recover_say(&b.r, &said);
	assert_non_null(strstr(buf_str(&said), "请删掉, 不要再交"));
	assert_int_equal(run(&b.w, &b.s, &b.r), OK);
	assert_int_equal(b.r.bundled, 0);
	buf_clear(&said);
	recover_say(&b.r, &said);
	assert_null(strstr(buf_str(&said), "请删掉"));
	buf_fini(&said);
	buf_fini(&letter);
}

static void a_draft_that_was_submitted_is_one_no_more(void **state)
{
	char id[ID_UUID_SIZE], key[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct application a;

	(void)state;
	world_draft(&b.w, id);
	key_of(&b.w, id, key);
	tell(&b.s, id, key, ",\"own\":true", "");
	assert_int_equal(run(&b.w, &b.s, &b.r), OK);
	assert_int_equal(b.r.letters, 1);
	stands(&b.w, id, "received", "L9");
	waits(&b.w, &b.s, key);
	/* whoever has it open still and submits it gets the receipt that it has */
	a = world_application(id);
	assert_int_equal(case_submit(b.w.store, &a, receipt, NULL), OK);
	assert_string_equal(receipt, "L9");
	assert_int_equal(count(&b.w, "SELECT count(*) FROM letter WHERE case_id = ?1", id), 1);
}

static void deliver(struct world *w, const char *id)
{
	struct outbox_outcome o = {.state = LETTER_DELIVERED, .receipt = "{\"project_no\":\"N1\"}"};

	world_settle(w, id, &o);
}

/* The scan that the centre has goes along with the next version, and nothing waits for it. */
static void takes_the_scan_along(struct world *w, const char *case_id)
{
	struct letter l;

	assert_int_equal(outbox_get_application(w->store, case_id, &l), OK);
	assert_non_null(strstr(l.body, "\"sha256\":\"" SHA "\""));
	assert_non_null(strstr(l.body, "\"size\":300009"));
	letter_fini(&l);
	assert_int_equal(outbox_due(w->store, w->wall_ms, NULL, 0, &l, 1), 1);
	letter_fini(&l);
}

static void names(struct world *w, const char *case_id, const char *replaced)
{
	char want[80];
	struct letter l;

	assert_int_equal(outbox_get_application(w->store, case_id, &l), OK);
	snprintf(want, sizeof want, "\"replaces\":\"%s\"", replaced);
	assert_non_null(strstr(l.body, want));
	letter_fini(&l);
}

static void a_correction_that_was_submitted_is_ended(void **state)
{
	char id[ID_UUID_SIZE], key[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct application a;

	(void)state;
	world_submit(&b.w, receipt, id);
	deliver(&b.w, id);
	assert_int_equal(case_revise(b.w.store, id, "0317", NULL), OK);
	key_of(&b.w, id, key);
	tell(&b.s, id, key, ",\"own\":true", "");
	assert_int_equal(run(&b.w, &b.s, &b.r), OK);
	assert_int_equal(b.r.letters, 1);
	waits(&b.w, &b.s, key);
	stands(&b.w, id, "received", receipt);
	assert_int_equal(count(&b.w, "SELECT revising FROM case_ WHERE id = ?1", id), 0);
	/* the next one begins with what that one said, and names it */
	assert_int_equal(case_revise(b.w.store, id, "0317", NULL), OK);
	assert_int_equal(count(&b.w,
				 "SELECT count(*) FROM answer WHERE case_id = ?1"
				 " AND place = 'name' AND value = '新的'",
				 id),
		1);
	a = world_application(id);
	assert_int_equal(case_submit(b.w.store, &a, receipt, NULL), OK);
	names(&b.w, id, key);
	takes_the_scan_along(&b.w, id);
}

static void a_correction_begun_since_is_told_of_it(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct application a;

	(void)state;
	world_submit(&b.w, receipt, id);
	deliver(&b.w, id);
	assert_int_equal(case_revise(b.w.store, id, "0317", NULL), OK);
	tell(&b.s, id, LATER, ",\"own\":true", "");
	assert_int_equal(run(&b.w, &b.s, &b.r), OK);
	assert_int_equal(count(&b.w, "SELECT revising FROM case_ WHERE id = ?1", id), 1);
	a = world_application(id);
	assert_int_equal(case_submit(b.w.store, &a, receipt, NULL), ERR_STATE);
	a.knowing = true;
	assert_int_equal(case_submit(b.w.store, &a, receipt, NULL), OK);
	names(&b.w, id, LATER);
}

static void type(struct world *w, const char *id, const char *value)
{
	const struct draft_answer a = {DRAFT_FORM, "name", value};

	assert_int_equal(draft_put(w->store, id, &a, 1), OK);
}

#define TYPED "SELECT count(*) FROM answer WHERE case_id = ?1 AND value = '后来填的'"

/* Somebody went on with the draft after the copy was put in place: the case that it was is here,
 * and what was typed is a correction of it, with the scan that came then. */
static void what_was_typed_since_stays(void **state)
{
	char id[ID_UUID_SIZE], key[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct application a;

	(void)state;
	world_draft(&b.w, id);
	key_of(&b.w, id, key);
	tell(&b.s, id, key, ",\"own\":true", "");
	world_pass(&b.w, 2 * 3600 * 1000);
	type(&b.w, id, "后来填的");
	free(world_attach(&b.w, id, 1, 1000));
	assert_int_equal(run(&b.w, &b.s, &b.r), OK);
	assert_int_equal(count(&b.w, TYPED, id), 1);
	assert_int_equal(b.r.letters, 1);
	assert_int_equal(b.r.kept, 1);
	stands(&b.w, id, "received", "L9");
	waits(&b.w, &b.s, key);
	assert_int_equal(count(&b.w, "SELECT revising FROM case_ WHERE id = ?1", id), 1);
	assert_int_equal(world_papers(&b.w, id), 1);
	assert_int_equal(run(&b.w, &b.s, &b.r), OK);
	assert_int_equal(b.r.letters + b.r.kept, 0);
	a = world_application(id);
	assert_int_equal(case_submit(b.w.store, &a, receipt, NULL), ERR_STATE);
	a.knowing = true;
	assert_int_equal(case_submit(b.w.store, &a, receipt, NULL), OK);
	assert_string_equal(receipt, "L9");
	names(&b.w, id, key);
}

/* In a correction as well; news of the case alone is no typing. */
static void a_correction_typed_in_since_goes_on(void **state)
{
	char id[ID_UUID_SIZE], key[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	int typed;

	(void)state;
	for (typed = 0; typed < 2; typed++) {
		world_submit(&b.w, receipt, id);
		deliver(&b.w, id);
		assert_int_equal(case_revise(b.w.store, id, "0317", NULL), OK);
		key_of(&b.w, id, key);
		tell(&b.s, id, key, ",\"own\":true", "");
		world_pass(&b.w, 2 * 3600 * 1000);
		type(&b.w, id, typed ? "后来填的" : "新的"); /* which is what the letter says */
		assert_int_equal(run(&b.w, &b.s, &b.r), OK);
		assert_int_equal(count(&b.w, TYPED, id), typed);
		assert_int_equal(
			count(&b.w, "SELECT revising FROM case_ WHERE id = ?1", id), typed);
		assert_int_equal(b.r.letters, 1);
		assert_int_equal(b.r.kept, typed);
		waits(&b.w, &b.s, key);
		renew();
	}
}

static void what_stands_open_is_not_taken_away(void **state)
{
	char id[ID_UUID_SIZE], key[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct draft_lock *lock = NULL;
	int correction;

	(void)state;
	for (correction = 0; correction < 2; correction++) {
		if (correction) {
			world_submit(&b.w, receipt, id);
			deliver(&b.w, id);
			assert_int_equal(case_revise(b.w.store, id, "0317", NULL), OK);
		} else {
			world_draft(&b.w, id);
		}
		type(&b.w, id, "后来填的");
		key_of(&b.w, id, key);
		tell(&b.s, id, key, ",\"own\":true", "");
		assert_int_equal(draft_lock_take(&lock, b.w.store, id), OK);
		assert_int_equal(run(&b.w, &b.s, &b.r), OK);
		assert_int_equal(count(&b.w, TYPED, id), 1);
		assert_int_equal(b.r.open, 1);
		assert_int_equal(b.r.letters, 0);
		draft_lock_free(lock);
		lock = NULL;
		assert_int_equal(run(&b.w, &b.s, &b.r), OK);
		assert_int_equal(b.r.open, 0);
		assert_int_equal(b.r.letters, 1);
		waits(&b.w, &b.s, key);
		renew();
	}
}

static void figures_agree(struct world *w, const char *figure)
{
	int32_t day = clock_day(w->wall_ms);
	struct recount *r = recount_make(w->store, day, day + 1, 10);
	struct buf lines = {0}, said = {0};
	struct summary sum = {0};
	size_t wrong = 0;

	assert_int_equal(summary_make(&sum, w->store, day, day + 1, 10), OK);
	summary_json(&lines, &sum);
	assert_non_null(strstr(buf_str(&lines), figure));
	assert_true(recount_compare(r, buf_str(&lines), &wrong, &said) > 0);
	if (wrong > 0)
		fail_msg("%s", buf_str(&said));
	summary_fini(&sum);
	recount_free(r);
	buf_fini(&lines);
	buf_fini(&said);
}

/* What came back counts for the day on which it was submitted, and is found again in the trail: a
 * case that was not here, one that was a draft, a correction. */
static void the_figures_are_found_in_the_trail(void **state)
{
	char id[ID_UUID_SIZE], key[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];

	(void)state;
	world_submit(&b.w, receipt, id);
	deliver(&b.w, id);
	tell(&b.s, id, LATER, ",\"own\":true", "");
	world_pass(&b.w, 3 * 3600 * 1000);
	assert_int_equal(run(&b.w, &b.s, &b.r), OK);
	assert_int_equal(b.r.letters, 1);
	figures_agree(&b.w, "\"revised\":1");
	world_draft(&b.w, id);
	key_of(&b.w, id, key);
	tell(&b.s, id, key, ",\"own\":true", "");
	assert_int_equal(run(&b.w, &b.s, &b.r), OK);
	assert_int_equal(b.r.letters, 1);
	figures_agree(&b.w, "\"submitted\":2");
	tell(&b.s, OTHER, OTHER, ",\"own\":true", "");
	assert_int_equal(run(&b.w, &b.s, &b.r), OK);
	assert_int_equal(b.r.letters, 1);
	figures_agree(&b.w, "\"submitted\":3");
}

struct submitting {
	struct world *w;
	const char *id;
};

static void submit_meanwhile(void *arg)
{
	const struct submitting *m = arg;
	struct application a = world_application(m->id);
	char receipt[LOCAL_RECEIPT_SIZE];

	assert_int_equal(case_submit(m->w->store, &a, receipt, NULL), OK);
}

/* Submitted here, or fetched by another run, while it was asked for: the rest is fetched. */
static void what_comes_here_meanwhile_is_not_put_twice(void **state)
{
	char id[ID_UUID_SIZE], key[ID_UUID_SIZE];
	struct submitting m = {&b.w, id};

	(void)state;
	world_draft(&b.w, id);
	key_of(&b.w, id, key);
	tell(&b.s, id, key, ",\"own\":true", "");
	b.s.meanwhile = submit_meanwhile;
	b.s.arg = &m;
	assert_int_equal(run(&b.w, &b.s, &b.r), OK);
	assert_int_equal(b.r.letters, 0);
	assert_int_equal(count(&b.w, "SELECT count(*) FROM letter WHERE case_id = ?1", id), 1);
}

/* A version that another window made is told as ever, and is not this station's letter. */
static void a_version_from_elsewhere_is_not_taken_for_its_own(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];

	(void)state;
	world_submit(&b.w, receipt, id);
	deliver(&b.w, id);
	tell(&b.s, id, LATER, "", "");
	assert_int_equal(run(&b.w, &b.s, &b.r), OK);
	assert_int_equal(b.r.letters, 0);
	assert_int_equal(b.r.steps, 1);
	assert_int_equal(b.s.asked, 1); /* whose it is */
	assert_true(case_made_elsewhere(b.w.store, id));
}

/* Of a case that is not here the letter may have been carried by another window; one that another
 * window wrote is none of this station'b.s. */
static void a_letter_that_was_carried_is_its_writers(void **state)
{
	static const char *const names[] = {"02号窗口", "03号窗口"};
	struct case_view v;
	int i;

	(void)state;
	assert_int_equal(store_set(b.w.store, "centre.station", "03号窗口"), OK);
	for (i = 0; i < 2; i++) {
		tell(&b.s, OTHER, LATER, "", "");
		b.s.letter.data[--b.s.letter.len] = '\0'; /* the brace */
		buf_printf(&b.s.letter, ",\"station\":\"%s\"}", names[i]);
		assert_int_equal(run(&b.w, &b.s, &b.r), OK);
		assert_int_equal(b.r.letters, i);
		assert_int_equal(b.r.left, 0);
	}
	assert_int_equal(case_get(b.w.store, OTHER, &v), OK);
	case_view_fini(&v);
	/* a correction of what is here was carried as well */
	tell(&b.s, OTHER, CARRIED, "", "");
	b.s.letter.data[--b.s.letter.len] = '\0';
	buf_printf(&b.s.letter, ",\"station\":\"%s\"}", names[1]);
	assert_int_equal(run(&b.w, &b.s, &b.r), OK);
	assert_int_equal(b.r.letters, 1);
	waits(&b.w, &b.s, CARRIED);
	assert_false(case_made_elsewhere(b.w.store, OTHER));
}

/* The number on its paper was given to another one since: each keeps what names it alone. */
static void a_receipt_given_again_names_the_case_that_has_it(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct stmt *st;

	(void)state;
	world_submit(&b.w, receipt, id);
	st = db_prepare(store_db(b.w.store), "UPDATE case_ SET local_receipt = 'L9' WHERE id = ?1");
	db_bind_text(st, 1, id);
	assert_int_equal(db_run(st), OK);
	tell(&b.s, OTHER, LATER, ",\"own\":true", "");
	assert_int_equal(run(&b.w, &b.s, &b.r), OK);
	stands(&b.w, OTHER, "received", "N1");
	/* a centre that was restored itself has given its number twice, too */
	tell(&b.s, CARRIED, CARRIED, ",\"own\":true", "");
	assert_int_equal(run(&b.w, &b.s, &b.r), OK);
	stands(&b.w, CARRIED, "received", CARRIED);
}

/* What the centre does not give, or what is not what was asked for, leaves nothing behind; a line
 * that ends leaves what came. */
static void what_is_no_such_letter_is_left(void **state)
{
	static const char *const bodies[] = {"", "{", "[]", "{\"kind\":\"application\"}",
		"{\"kind\":\"accept\",\"case_id\":\"" OTHER "\"}",
		"{\"kind\":\"application\",\"case_id\":\"" LATER "\"}",
		"{\"kind\":\"application\",\"case_id\":\"" OTHER
		"\",\"task_name\":\"\\u001b]0;x\\u0007\"}",
		"{\"kind\":\"application\",\"case_id\":\"" OTHER "\",\"idempotency_key\":\"" OTHER
		"\"}"};
	struct case_view v;
	size_t i;

	(void)state;
	for (i = 0; i <= sizeof bodies / sizeof *bodies; i++) {
		tell(&b.s, OTHER, LATER, ",\"own\":true", "");
		buf_clear(&b.s.letter);
		if (i < sizeof bodies / sizeof *bodies)
			buf_adds(&b.s.letter, bodies[i]);
		else
			b.s.letter_status = 404;
		assert_int_equal(run(&b.w, &b.s, &b.r), OK);
		assert_int_equal(b.r.left, 1);
		assert_int_equal(b.r.letters, 0);
	}
	b.s.letter_status = 503;
	assert_int_equal(run(&b.w, &b.s, &b.r), ERR_BUSY);
	tell(&b.s, OTHER, LATER, ",\"own\":true", "");
	b.s.letter_fault = LINE_CUT;
	assert_int_equal(run(&b.w, &b.s, &b.r), ERR_BUSY);
	assert_int_equal(case_get(b.w.store, OTHER, &v), ERR_NOT_FOUND);
	b.s.letter_fault = LINE_OK;
	assert_int_equal(run(&b.w, &b.s, &b.r), OK);
	stands(&b.w, OTHER, "received", "L9");
	/* a centre that knows no such question leaves out what was asked for, and says nothing of
	 * it */
	buf_clear(&b.s.changes);
	buf_adds(&b.s.changes, "{\"cursor\":\"7\",\"changes\":[]}");
	assert_int_equal(run(&b.w, &b.s, &b.r), ERR_BUSY);
	/* no changes at all: a portal's page */
	buf_clear(&b.s.changes);
	buf_adds(&b.s.changes, "<html>");
	assert_int_equal(run(&b.w, &b.s, &b.r), ERR_BUSY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_is_not_here_comes_back_and_goes_on, begin, end),
		cmocka_unit_test_setup_teardown(
			a_bundle_is_said_to_have_been_submitted, begin, end),
		cmocka_unit_test_setup_teardown(
			a_draft_that_was_submitted_is_one_no_more, begin, end),
		cmocka_unit_test_setup_teardown(
			a_correction_that_was_submitted_is_ended, begin, end),
		cmocka_unit_test_setup_teardown(a_correction_begun_since_is_told_of_it, begin, end),
		cmocka_unit_test_setup_teardown(what_was_typed_since_stays, begin, end),
		cmocka_unit_test_setup_teardown(a_correction_typed_in_since_goes_on, begin, end),
		cmocka_unit_test_setup_teardown(what_stands_open_is_not_taken_away, begin, end),
		cmocka_unit_test_setup_teardown(
			what_comes_here_meanwhile_is_not_put_twice, begin, end),
		cmocka_unit_test_setup_teardown(the_figures_are_found_in_the_trail, begin, end),
		cmocka_unit_test_setup_teardown(
			a_version_from_elsewhere_is_not_taken_for_its_own, begin, end),
		cmocka_unit_test_setup_teardown(
			a_letter_that_was_carried_is_its_writers, begin, end),
		cmocka_unit_test_setup_teardown(
			a_receipt_given_again_names_the_case_that_has_it, begin, end),
		cmocka_unit_test_setup_teardown(what_is_no_such_letter_is_left, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
