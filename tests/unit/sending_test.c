/* Papers on the line, and letters that must not wait for each other. */
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
#include "core/station/delivery.h"
#include "core/station/papers.h"
#include "core/station/store.h"
#include "tests/unit/fake_centre.h"
#include "tests/unit/world.h"

/* A station, a centre, and what runs between them. */
struct hall {
	struct world w;
	struct fake_centre *f;
	struct delivery *d;
};

static void hall_open(struct hall *h, uint64_t seed)
{
	world_open(&h->w, seed);
	h->f = calloc(1, sizeof *h->f);
	fake_centre_init(h->f, &h->w);
	h->d = delivery_new(h->w.store, fake_centre_transport(h->f), NULL);
}

static void hall_close(struct hall *h)
{
	delivery_free(h->d);
	world_close(&h->w);
	fake_centre_fini(h->f);
	free(h->f);
}

static void hall_kill(struct hall *h)
{
	delivery_free(h->d);
	fake_centre_forget_flying(h->f);
	world_restart(&h->w);
	h->d = delivery_new(h->w.store, fake_centre_transport(h->f), NULL);
}

static void turns(struct hall *h, int n)
{
	while (n-- > 0)
		assert_int_equal(delivery_turn(h->d, 1000, NULL, 0), OK);
}

/* A case with one paper, as "材料N". */
static void submit_with(struct hall *h, char id[ID_UUID_SIZE], unsigned number, size_t size)
{
	char receipt[LOCAL_RECEIPT_SIZE];
	struct application a;

	world_draft(&h->w, id);
	if (size > 0)
		free(world_attach(&h->w, id, number, size));
	a = world_application(id);
	assert_int_equal(case_submit(h->w.store, &a, receipt, NULL), OK);
}

static struct letter letter_of(struct hall *h, const char *id)
{
	struct letter l;

	assert_int_equal(outbox_get(h->w.store, id, &l), OK);
	return l;
}

static void state_is(struct hall *h, const char *id, enum letter_state want)
{
	struct letter l = letter_of(h, id);

	if (l.state != want)
		fail_msg("%s is %s: %s", id, letter_state_name(l.state),
			l.reason != NULL ? l.reason : "");
	letter_fini(&l);
}

static void take_sha256(void *arg, const struct paper *p)
{
	snprintf(arg, PAPER_HEX_SIZE, "%s", p->sha256);
}

/* The last of a case's papers; until the next call. */
static const char *paper_of(struct hall *h, const char *id)
{
	static char sha256[PAPER_HEX_SIZE];

	papers_each(h->w.store, id, take_sha256, sha256);
	return sha256;
}

static void one_paper_of_ten_cases_is_sent_once(void **state)
{
	char ids[10][ID_UUID_SIZE];
	struct hall h;
	int i;

	(void)state;
	hall_open(&h, 1);
	for (i = 0; i < 10; i++)
		submit_with(&h, ids[i], 1, 150000);
	turns(&h, 60);
	for (i = 0; i < 10; i++)
		state_is(&h, ids[i], LETTER_DELIVERED);
	assert_int_equal(h.f->paper_count, 1);
	assert_int_equal(h.f->papers[0].taken, 150000);
	assert_int_equal(h.f->largest_piece, 64 << 10);
	hall_close(&h);
}

static void a_case_waits_for_its_paper_and_no_other_does(void **state)
{
	char with[ID_UUID_SIZE], without[ID_UUID_SIZE];
	struct letter l;
	struct hall h;

	(void)state;
	hall_open(&h, 2);
	h.f->slow_ms = 5000;
	submit_with(&h, with, 1, 200000);
	submit_with(&h, without, 2, 0);
	turns(&h, 4);
	state_is(&h, without, LETTER_DELIVERED);
	state_is(&h, with, LETTER_WAITING);
	l = letter_of(&h, with);
	assert_int_equal(l.papers_bytes, 200000);
	assert_true(l.papers_sent < 200000);
	letter_fini(&l);
	turns(&h, 60);
	state_is(&h, with, LETTER_DELIVERED);
	hall_close(&h);
}

static void a_cut_paper_goes_on_where_it_was(void **state)
{
	char id[ID_UUID_SIZE];
	struct hall h;
	int i;

	(void)state;
	hall_open(&h, 3);
	submit_with(&h, id, 1, 1000000);
	for (i = 0; i < 12; i++) {
		turns(&h, 3);
		hall_kill(&h);
	}
	turns(&h, 60);
	state_is(&h, id, LETTER_DELIVERED);
	assert_true(h.f->papers[0].taken <= 1000000 + 12 * (64 << 10));
	assert_int_equal(h.f->papers[0].completed, 1);
	hall_close(&h);
}

static int64_t sent_of(struct hall *h, const char *id)
{
	struct letter l = letter_of(h, id);
	int64_t sent = l.papers_sent;

	letter_fini(&l);
	return sent;
}

/* The clerk who looks meanwhile reads how much is there, not that all of it begins again. */
static void what_has_arrived_is_still_told_while_the_line_is_down(void **state)
{
	char id[ID_UUID_SIZE];
	int64_t sent;
	struct hall h;
	int i;

	(void)state;
	hall_open(&h, 5);
	submit_with(&h, id, 1, 1000000);
	turns(&h, 8);
	sent = sent_of(&h, id);
	assert_in_range(sent, 1, 999999);
	h.f->dead = true;
	for (i = 0; i < 20; i++) {
		turns(&h, 1);
		assert_true(sent_of(&h, id) >= sent);
	}
	h.f->dead = false;
	turns(&h, 80);
	state_is(&h, id, LETTER_DELIVERED);
	assert_int_equal(h.f->papers[0].completed, 1);
	hall_close(&h);
}

static void slow_lines_get_small_pieces(void **state)
{
	char id[ID_UUID_SIZE];
	size_t last;
	struct hall h;

	(void)state;
	hall_open(&h, 4);
	h.f->slow_ms = 25000;
	submit_with(&h, id, 1, 300000);
	turns(&h, 150);
	h.f->largest_piece = 0;
	turns(&h, 150);
	last = h.f->largest_piece;
	assert_true(last > 0 && last <= 4 << 10);
	h.f->slow_ms = 100;
	turns(&h, 100);
	state_is(&h, id, LETTER_DELIVERED);
	assert_int_equal(h.f->largest_piece, 64 << 10); /* and large ones again */
	hall_close(&h);
}

static void a_refused_paper_holds_its_letters_with_a_way_out(void **state)
{
	char id[ID_UUID_SIZE], other[ID_UUID_SIZE];
	struct letter l;
	struct hall h;

	(void)state;
	hall_open(&h, 5);
	h.f->no_papers = true;
	submit_with(&h, id, 1, 5000);
	submit_with(&h, other, 2, 0);
	turns(&h, 20);
	state_is(&h, other, LETTER_DELIVERED);
	l = letter_of(&h, id);
	assert_int_equal(l.state, LETTER_HELD);
	assert_int_equal(l.hold, HOLD_REFUSED);
	assert_non_null(strstr(l.reason, "扫描件"));
	h.f->no_papers = false;
	assert_int_equal(outbox_retry(h.w.store, l.id, "0317"), OK);
	letter_fini(&l);
	turns(&h, 20);
	state_is(&h, id, LETTER_DELIVERED);
	hall_close(&h);
}

/* The station's own copy is gone, or its bytes are others: said, and a new scan mends it. */
static void a_lost_copy_is_said_and_mended(void **state)
{
	static const char *const harms[] = {"gone", "changed"};
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
		struct application a;
		struct letter l;
		struct hall h;

		hall_open(&h, 6 + i);
		h.f->dead = true;
		submit_with(&h, id, 1, 5000);
		assert_int_equal(delivery_turn(h.d, 1000, NULL, 0), OK);
		{
			struct buf cmd = {0};
			buf_printf(&cmd,
				i == 0 ? "rm %s/papers/*"
				       : "printf x | dd of=$(echo "
					 "%s/papers/*) conv=notrunc status=none",
				h.w.folder);
			assert_int_equal(system(cmd.data), 0);
			buf_fini(&cmd);
		}
		h.f->dead = false;
		delivery_hurry(h.d);
		turns(&h, 30);
		l = letter_of(&h, id);
		if (l.state != LETTER_HELD || l.hold != HOLD_REFUSED)
			fail_msg("%s: %s", harms[i], letter_state_name(l.state));
		letter_fini(&l);
		assert_int_equal(case_revise(h.w.store, id, "0317", NULL), OK);
		free(world_attach(&h.w, id, 1, 5000));
		a = world_application(id);
		assert_int_equal(case_submit(h.w.store, &a, receipt, NULL), OK);
		turns(&h, 30);
		state_is(&h, id, LETTER_DELIVERED);
		hall_close(&h);
	}
}

/* The first version waits for a scan that is not here any more; the second does not need it. */
static void a_version_whose_copy_is_lost_gives_way(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct application a;
	char *first, *lost;
	struct letter l;
	struct hall h;

	(void)state;
	hall_open(&h, 11);
	submit_with(&h, id, 1, 5000);
	l = letter_of(&h, id);
	first = strdup(l.id);
	letter_fini(&l);
	lost = paper_path(h.w.store, paper_of(&h, id));
	assert_int_equal(case_revise(h.w.store, id, "0317", NULL), OK);
	assert_int_equal(paper_detach(h.w.store, id, "材料1", NULL, paper_of(&h, id)), OK);
	free(world_attach(&h.w, id, 2, 5000));
	a = world_application(id);
	assert_int_equal(case_submit(h.w.store, &a, receipt, NULL), OK);
	assert_int_equal(unlink(lost), 0);
	turns(&h, 30);
	state_is(&h, first, LETTER_REPLACED);
	state_is(&h, id, LETTER_DELIVERED);
	free(first);
	free(lost);
	hall_close(&h);
}

/* Something between garbles the answers to one letter for ever: no other letter notices. */
static void one_bad_letter_stops_nobody(void **state)
{
	char ids[30][ID_UUID_SIZE];
	struct outbox_counts c;
	struct letter l;
	struct hall h;
	int i, sweep;

	(void)state;
	for (sweep = 0; sweep < 2; sweep++) {
		hall_open(&h, 8);
		for (i = 0; i < 30; i++)
			submit_with(&h, ids[i], 0, 0);
		l = letter_of(&h, ids[0]);
		snprintf(h.f->poison, sizeof h.f->poison, "%s", l.id);
		letter_fini(&l);
		if (sweep)
			delivery_sweep(h.d);
		for (i = 0; i < 120 && !(sweep && delivery_idle(h.d)); i++)
			turns(&h, 1);
		assert_int_equal(outbox_counts(h.w.store, &c), OK);
		assert_int_equal(c.delivered, 29);
		assert_int_equal(c.waiting, 1);
		l = letter_of(&h, ids[0]);
		assert_true(l.tries < 20); /* and it is not hammered */
		letter_fini(&l);
		h.f->poison[0] = '\0';
		world_pass(&h.w, 6 * 60000);
		turns(&h, 20);
		state_is(&h, ids[0], LETTER_DELIVERED);
		hall_close(&h);
	}
}

/* A login page answered for hours; when it is gone all that waited goes at once. */
static void what_waited_goes_at_once_when_the_line_is_back(void **state)
{
	char ids[20][ID_UUID_SIZE];
	struct outbox_counts c;
	struct hall h;
	int64_t before;
	int i;

	(void)state;
	hall_open(&h, 9);
	h.f->trouble_percent = 100;
	for (i = 0; i < 20; i++)
		submit_with(&h, ids[i], 0, 0);
	h.f->dead = true;
	turns(&h, 200);
	h.f->dead = false;
	h.f->trouble_percent = 0;
	delivery_heard(h.d, true, 20, ""); /* the heartbeat got through */
	before = h.w.mono_ms;
	for (i = 0; i < 50; i++) {
		turns(&h, 1);
		assert_int_equal(outbox_counts(h.w.store, &c), OK);
		if (c.waiting == 0)
			break;
	}
	assert_int_equal(c.waiting, 0);
	assert_true(h.w.mono_ms - before < 3000);
	hall_close(&h);
}

static int tries_of_all(struct hall *h, char ids[][ID_UUID_SIZE], size_t count)
{
	int tries = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		struct letter l = letter_of(h, ids[i]);
		tries += l.tries;
		letter_fini(&l);
	}
	return tries;
}

/* It answers each letter that it is busy and when to come again; its heartbeat is well. */
static void a_busy_centre_is_not_pressed_because_its_heart_beats(void **state)
{
	char ids[10][ID_UUID_SIZE];
	struct hall h;
	int i;

	(void)state;
	hall_open(&h, 12);
	for (i = 0; i < 10; i++)
		submit_with(&h, ids[i], 0, 0);
	h.f->busy = true;
	for (i = 0; i < 5; i++) {
		turns(&h, 12);
		delivery_heard(h.d, true, 20, "");
	}
	assert_int_equal(tries_of_all(&h, ids, 10), 10);
	h.f->busy = false;
	delivery_hurry(h.d); /* whoever sits there may */
	turns(&h, 20);
	state_is(&h, ids[9], LETTER_DELIVERED);
	hall_close(&h);
}

/* "Now", or a date that has passed by the clock of a station that runs years ahead. */
static void a_pause_of_nothing_is_none(void **state)
{
	static const char *const values[] = {"0", "Tue, 24 Nov 2009 02:00:00 GMT"};
	char ids[2][ID_UUID_SIZE];
	struct hall h;
	int64_t begun;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof values / sizeof values[0]; i++) {
		hall_open(&h, 13);
		submit_with(&h, ids[0], 0, 0);
		submit_with(&h, ids[1], 0, 0);
		h.f->busy = true;
		h.f->busy_until = values[i];
		begun = h.w.mono_ms;
		while (h.w.mono_ms - begun < 60 * 1000)
			turns(&h, 1);
		assert_in_range(tries_of_all(&h, ids, 2), 2, 60);
		hall_close(&h);
	}
}

/* The centre was restored from a copy that knows nothing of two cases. */
static void what_a_restored_centre_lost_is_sent_again(void **state)
{
	char plain[ID_UUID_SIZE], scanned[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct application a;
	struct letter l;
	struct hall h;

	(void)state;
	hall_open(&h, 10);
	submit_with(&h, plain, 0, 0);
	submit_with(&h, scanned, 1, 5000);
	turns(&h, 20);
	assert_int_equal(case_revise(h.w.store, plain, "0317", NULL), OK);
	a = world_application(plain);
	assert_int_equal(case_submit(h.w.store, &a, receipt, NULL), OK);
	assert_int_equal(outbox_send_again(h.w.store, "no such case", "0317"), ERR_STATE);
	turns(&h, 20);
	assert_int_equal(h.f->letter_count, 3);
	fake_centre_fini(h.f);
	fake_centre_init(h.f, &h.w);
	assert_int_equal(outbox_send_again(h.w.store, plain, "0317"), OK);
	assert_int_equal(outbox_send_again(h.w.store, scanned, "0317"), OK);
	turns(&h, 40);
	state_is(&h, plain, LETTER_DELIVERED);
	state_is(&h, scanned, LETTER_DELIVERED);
	assert_int_equal(h.f->case_count, 2);
	assert_int_equal(h.f->letter_count, 3);
	l = letter_of(&h, plain);
	assert_string_equal(fake_centre_case(h.f, plain)->key, l.id);
	assert_string_equal(fake_centre_case(h.f, plain)->number, l.project_no);
	letter_fini(&l);
	assert_true(h.f->papers[0].complete); /* asked for, and sent once more */
	hall_close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_paper_of_ten_cases_is_sent_once),
		cmocka_unit_test(a_case_waits_for_its_paper_and_no_other_does),
		cmocka_unit_test(a_cut_paper_goes_on_where_it_was),
		cmocka_unit_test(what_has_arrived_is_still_told_while_the_line_is_down),
		cmocka_unit_test(slow_lines_get_small_pieces),
		cmocka_unit_test(a_refused_paper_holds_its_letters_with_a_way_out),
		cmocka_unit_test(a_lost_copy_is_said_and_mended),
		cmocka_unit_test(a_version_whose_copy_is_lost_gives_way),
		cmocka_unit_test(one_bad_letter_stops_nobody),
		cmocka_unit_test(what_waited_goes_at_once_when_the_line_is_back),
		cmocka_unit_test(a_busy_centre_is_not_pressed_because_its_heart_beats),
		cmocka_unit_test(a_pause_of_nothing_is_none),
		cmocka_unit_test(what_a_restored_centre_lost_is_sent_again),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
