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
#include "core/base/db.h"
#include "core/station/delivery.h"
#include "core/station/papers.h"
#include "core/station/store.h"
#include "tests/unit/sender.h"

/* A case with one paper, as "材料N". */
static void submit_with(struct sender *s, char id[ID_UUID_SIZE], unsigned number, size_t size)
{
	char receipt[LOCAL_RECEIPT_SIZE];
	struct application a;

	world_draft(&s->w, id);
	if (size > 0)
		free(world_attach(&s->w, id, number, size));
	a = world_application(id);
	assert_int_equal(case_submit(s->w.store, &a, receipt, NULL), OK);
}

static struct letter letter_of(struct sender *s, const char *id)
{
	struct letter l;

	assert_int_equal(outbox_get(s->w.store, id, &l), OK);
	return l;
}

static void state_is(struct sender *s, const char *id, enum letter_state want)
{
	struct letter l = letter_of(s, id);

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
static const char *paper_of(struct sender *s, const char *id)
{
	static char sha256[PAPER_HEX_SIZE];

	papers_each(s->w.store, id, take_sha256, sha256);
	return sha256;
}

static void one_paper_of_ten_cases_is_sent_once(void **state)
{
	char ids[10][ID_UUID_SIZE];
	struct sender s;
	int i;

	(void)state;
	sender_open(&s, 1);
	for (i = 0; i < 10; i++)
		submit_with(&s, ids[i], 1, 150000);
	sender_turns(&s, 60);
	for (i = 0; i < 10; i++)
		state_is(&s, ids[i], LETTER_DELIVERED);
	assert_int_equal(s.f->paper_count, 1);
	assert_int_equal(s.f->papers[0].taken, 150000);
	assert_int_equal(s.f->largest_piece, 64 << 10);
	sender_close(&s);
}

static void a_case_waits_for_its_paper_and_no_other_does(void **state)
{
	char with[ID_UUID_SIZE], without[ID_UUID_SIZE];
	struct letter l;
	struct sender s;

	(void)state;
	sender_open(&s, 2);
	s.f->slow_ms = 5000;
	submit_with(&s, with, 1, 200000);
	submit_with(&s, without, 2, 0);
	sender_turns(&s, 4);
	state_is(&s, without, LETTER_DELIVERED);
	state_is(&s, with, LETTER_WAITING);
	l = letter_of(&s, with);
	assert_int_equal(l.papers_bytes, 200000);
	assert_true(l.papers_sent < 200000);
	letter_fini(&l);
	sender_turns(&s, 60);
	state_is(&s, with, LETTER_DELIVERED);
	sender_close(&s);
}

static void a_cut_paper_goes_on_where_it_was(void **state)
{
	char id[ID_UUID_SIZE];
	struct sender s;
	int i;

	(void)state;
	sender_open(&s, 3);
	submit_with(&s, id, 1, 1000000);
	for (i = 0; i < 12; i++) {
		sender_turns(&s, 3);
		sender_kill(&s);
	}
	sender_turns(&s, 60);
	state_is(&s, id, LETTER_DELIVERED);
	assert_true(s.f->papers[0].taken <= 1000000 + 12 * (64 << 10));
	assert_int_equal(s.f->papers[0].completed, 1);
	sender_close(&s);
}

static int64_t sent_of(struct sender *s, const char *id)
{
	struct letter l = letter_of(s, id);
	int64_t sent = l.papers_sent;

	letter_fini(&l);
	return sent;
}

/* The clerk who looks meanwhile reads how much is there, not that all of it begins again. */
static void what_has_arrived_is_still_told_while_the_line_is_down(void **state)
{
	char id[ID_UUID_SIZE];
	int64_t sent;
	struct sender s;
	int i;

	(void)state;
	sender_open(&s, 5);
	submit_with(&s, id, 1, 1000000);
	sender_turns(&s, 8);
	sent = sent_of(&s, id);
	assert_in_range(sent, 1, 999999);
	s.f->dead = true;
	for (i = 0; i < 20; i++) {
		sender_turns(&s, 1);
		assert_true(sent_of(&s, id) >= sent);
	}
	s.f->dead = false;
	sender_turns(&s, 80);
	state_is(&s, id, LETTER_DELIVERED);
	assert_int_equal(s.f->papers[0].completed, 1);
	sender_close(&s);
}

static void slow_lines_get_small_pieces(void **state)
{
	char id[ID_UUID_SIZE];
	size_t last;
	struct sender s;

	(void)state;
	sender_open(&s, 4);
	s.f->slow_ms = 25000;
	submit_with(&s, id, 1, 300000);
	sender_turns(&s, 150);
	s.f->largest_piece = 0;
	sender_turns(&s, 150);
	last = s.f->largest_piece;
	assert_true(last > 0 && last <= 4 << 10);
	s.f->slow_ms = 100;
	sender_turns(&s, 100);
	state_is(&s, id, LETTER_DELIVERED);
	assert_int_equal(s.f->largest_piece, 64 << 10); /* and large ones again */
	sender_close(&s);
}

static void a_refused_paper_holds_its_letters_with_a_way_out(void **state)
{
	char id[ID_UUID_SIZE], other[ID_UUID_SIZE];
	struct letter l;
	struct sender s;

	(void)state;
	sender_open(&s, 5);
	s.f->no_papers = true;
	submit_with(&s, id, 1, 5000);
	submit_with(&s, other, 2, 0);
	sender_turns(&s, 20);
	state_is(&s, other, LETTER_DELIVERED);
	l = letter_of(&s, id);
	assert_int_equal(l.state, LETTER_HELD);
	assert_int_equal(l.hold, HOLD_REFUSED);
	assert_non_null(strstr(l.reason, "扫描件"));
	s.f->no_papers = false;
	assert_int_equal(outbox_retry(s.w.store, l.id, "0317"), OK);
	letter_fini(&l);
	sender_turns(&s, 20);
	state_is(&s, id, LETTER_DELIVERED);
	sender_close(&s);
}

static void count_downs(void *arg, enum link_state state, int64_t round_trip_ms, const char *reason)
{
	(void)round_trip_ms;
	(void)reason;
	*(int *)arg += state == LINK_DOWN;
}

/* A centre whose disk has room for letters and not for papers has not gone: the line stays up, no
 * letter of another case waits, and the one whose paper waits tells why, how often and until when.
 */
static void no_room_for_papers_is_told_of_their_letters_alone(void **state)
{
	char id[ID_UUID_SIZE], other[ID_UUID_SIZE];
	int downs = 0;
	const struct delivery_events events = {.link = count_downs, .arg = &downs};
	struct letter l;
	struct sender h;

	(void)state;
	sender_open(&h, 12);
	delivery_free(h.d);
	h.d = delivery_new(h.w.store, fake_centre_transport(h.f), &events);
	h.f->papers_full = true;
	submit_with(&h, id, 1, 5000);
	sender_turns(&h, 20);
	submit_with(&h, other, 2, 0);
	sender_turns(&h, 20);
	state_is(&h, other, LETTER_DELIVERED);
	assert_int_equal(downs, 0);
	assert_int_equal(delivery_link(h.d), LINK_UP);
	l = letter_of(&h, id);
	assert_int_equal(l.state, LETTER_WAITING);
	assert_non_null(l.reason);
	assert_non_null(strstr(l.reason, "503"));
	assert_int_equal(l.tries, 0);
	assert_true(l.papers_tries > 1); /* that the centre answers how much it has is no success */
	assert_true(l.next_ms > 0);
	letter_fini(&l);
	h.f->papers_full = false;
	delivery_hurry(h.d);
	sender_turns(&h, 20);
	state_is(&h, id, LETTER_DELIVERED);
	l = letter_of(&h, id);
	assert_int_equal(l.papers_tries, 0);
	assert_null(l.reason);
	letter_fini(&l);
	sender_close(&h);
}

struct trips {
	int count;
	int64_t last;
};

static void note_trip(void *arg, enum link_state state, int64_t round_trip_ms, const char *reason)
{
	struct trips *t = arg;

	(void)reason;
	t->count += state == LINK_UP;
	t->last = state == LINK_UP ? round_trip_ms : t->last;
}

/* What was sent into a dead line and answered when it came back took as long as that: it is no
 * measure of the line. */
static void the_first_answer_after_a_cut_measures_nothing(void **state)
{
	char id[ID_UUID_SIZE];
	struct trips t = {0, -2};
	const struct delivery_events events = {.link = note_trip, .arg = &t};
	struct sender h;

	(void)state;
	sender_open(&h, 13);
	delivery_free(h.d);
	h.d = delivery_new(h.w.store, fake_centre_transport(h.f), &events);
	h.f->slow_ms = 7;
	submit_with(&h, id, 1, 0);
	sender_turns(&h, 20);
	assert_int_equal(t.last, 7);
	h.f->dead = true;
	submit_with(&h, id, 2, 0);
	sender_turns(&h, 20);
	assert_int_equal(delivery_link(h.d), LINK_DOWN);
	h.f->dead = false;
	t.count = 0;
	delivery_hurry(h.d);
	while (t.count == 0)
		sender_turns(&h, 1);
	assert_int_equal(t.last, -1);
	submit_with(&h, id, 3, 0);
	sender_turns(&h, 20);
	state_is(&h, id, LETTER_DELIVERED);
	assert_int_equal(t.last, 7);
	sender_close(&h);
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
		struct sender s;

		sender_open(&s, 6 + i);
		s.f->dead = true;
		submit_with(&s, id, 1, 5000);
		assert_int_equal(delivery_turn(s.d, 1000, NULL, 0), OK);
		{
			struct buf cmd = {0};
			buf_printf(&cmd,
				i == 0 ? "rm %s/papers/*"
				       : "printf x | dd of=$(echo "
					 "%s/papers/*) conv=notrunc status=none",
				s.w.folder);
			assert_int_equal(system(cmd.data), 0);
			buf_fini(&cmd);
		}
		s.f->dead = false;
		delivery_hurry(s.d);
		sender_turns(&s, 30);
		l = letter_of(&s, id);
		if (l.state != LETTER_HELD || l.hold != HOLD_REFUSED)
			fail_msg("%s: %s", harms[i], letter_state_name(l.state));
		letter_fini(&l);
		assert_int_equal(case_revise(s.w.store, id, "0317", NULL), OK);
		free(world_attach(&s.w, id, 1, 5000));
		a = world_application(id);
		assert_int_equal(case_submit(s.w.store, &a, receipt, NULL), OK);
		sender_turns(&s, 30);
		state_is(&s, id, LETTER_DELIVERED);
		sender_close(&s);
	}
}

/* The first version waits for a scan that is not here any more; the second does not need it. */
static void a_version_whose_copy_is_lost_gives_way(void **state)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct application a;
	char *first, *lost;
	struct letter l;
	struct sender s;

	(void)state;
	sender_open(&s, 11);
	submit_with(&s, id, 1, 5000);
	l = letter_of(&s, id);
	first = strdup(l.id);
	letter_fini(&l);
	lost = paper_path(s.w.store, paper_of(&s, id));
	assert_int_equal(case_revise(s.w.store, id, "0317", NULL), OK);
	assert_int_equal(paper_detach(s.w.store, id, "材料1", NULL, paper_of(&s, id)), OK);
	free(world_attach(&s.w, id, 2, 5000));
	a = world_application(id);
	assert_int_equal(case_submit(s.w.store, &a, receipt, NULL), OK);
	assert_int_equal(unlink(lost), 0);
	sender_turns(&s, 30);
	state_is(&s, first, LETTER_REPLACED);
	state_is(&s, id, LETTER_DELIVERED);
	free(first);
	free(lost);
	sender_close(&s);
}

/* Something between garbles the answers to one letter for ever: no other letter notices. */
static void one_bad_letter_stops_nobody(void **state)
{
	char ids[30][ID_UUID_SIZE];
	struct outbox_counts c;
	struct letter l;
	struct sender s;
	int i, sweep;

	(void)state;
	for (sweep = 0; sweep < 2; sweep++) {
		sender_open(&s, 8);
		for (i = 0; i < 30; i++)
			submit_with(&s, ids[i], 0, 0);
		l = letter_of(&s, ids[0]);
		snprintf(s.f->poison, sizeof s.f->poison, "%s", l.id);
		letter_fini(&l);
		if (sweep)
			delivery_sweep(s.d);
		for (i = 0; i < 120 && !(sweep && delivery_idle(s.d)); i++)
			sender_turns(&s, 1);
		assert_int_equal(outbox_counts(s.w.store, &c), OK);
		assert_int_equal(c.delivered, 29);
		assert_int_equal(c.waiting, 1);
		l = letter_of(&s, ids[0]);
		assert_true(l.tries < 20); /* and it is not hammered */
		letter_fini(&l);
		s.f->poison[0] = '\0';
		world_pass(&s.w, 6 * 60000);
		sender_turns(&s, 20);
		state_is(&s, ids[0], LETTER_DELIVERED);
		sender_close(&s);
	}
}

/* A login page answered for hours; when it is gone all that waited goes at once. */
static void what_waited_goes_at_once_when_the_line_is_back(void **state)
{
	char ids[20][ID_UUID_SIZE];
	struct outbox_counts c;
	struct sender s;
	int64_t before;
	int i;

	(void)state;
	sender_open(&s, 9);
	s.f->trouble_percent = 100;
	for (i = 0; i < 20; i++)
		submit_with(&s, ids[i], 0, 0);
	s.f->dead = true;
	sender_turns(&s, 200);
	s.f->dead = false;
	s.f->trouble_percent = 0;
	delivery_heard(s.d, true, 20, ""); /* the heartbeat got through */
	before = s.w.mono_ms;
	for (i = 0; i < 50; i++) {
		sender_turns(&s, 1);
		assert_int_equal(outbox_counts(s.w.store, &c), OK);
		if (c.waiting == 0)
			break;
	}
	assert_int_equal(c.waiting, 0);
	assert_true(s.w.mono_ms - before < 3000);
	sender_close(&s);
}

static int tries_of_all(struct sender *s, char ids[][ID_UUID_SIZE], size_t count)
{
	int tries = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		struct letter l = letter_of(s, ids[i]);
		tries += l.tries;
		letter_fini(&l);
	}
	return tries;
}

/* It answers each letter that it is busy and when to come again; its heartbeat is well. */
static void a_busy_centre_is_not_pressed_because_its_heart_beats(void **state)
{
	char ids[10][ID_UUID_SIZE];
	struct sender s;
	int i;

	(void)state;
	sender_open(&s, 12);
	for (i = 0; i < 10; i++)
		submit_with(&s, ids[i], 0, 0);
	s.f->busy = true;
	for (i = 0; i < 5; i++) {
		sender_turns(&s, 12);
		delivery_heard(s.d, true, 20, "");
	}
	assert_int_equal(tries_of_all(&s, ids, 10), 10);
	s.f->busy = false;
	delivery_hurry(s.d); /* whoever sits there may */
	sender_turns(&s, 20);
	state_is(&s, ids[9], LETTER_DELIVERED);
	sender_close(&s);
}

/* "Now", or a date that has passed by the clock of a station that runs years ahead. */
static void a_pause_of_nothing_is_none(void **state)
{
	static const char *const values[] = {"0", "Tue, 24 Nov 2009 02:00:00 GMT"};
	char ids[2][ID_UUID_SIZE];
	struct sender s;
	int64_t begun;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof values / sizeof values[0]; i++) {
		sender_open(&s, 13);
		submit_with(&s, ids[0], 0, 0);
		submit_with(&s, ids[1], 0, 0);
		s.f->busy = true;
		s.f->busy_until = values[i];
		begun = s.w.mono_ms;
		while (s.w.mono_ms - begun < 60 * 1000)
			sender_turns(&s, 1);
		assert_in_range(tries_of_all(&s, ids, 2), 2, 60);
		sender_close(&s);
	}
}

/* The centre was restored from a copy that knows nothing of two cases. */
static void what_a_restored_centre_lost_is_sent_again(void **state)
{
	char plain[ID_UUID_SIZE], scanned[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct application a;
	struct letter l;
	struct sender s;

	(void)state;
	sender_open(&s, 10);
	submit_with(&s, plain, 0, 0);
	submit_with(&s, scanned, 1, 5000);
	sender_turns(&s, 20);
	assert_int_equal(case_revise(s.w.store, plain, "0317", NULL), OK);
	a = world_application(plain);
	assert_int_equal(case_submit(s.w.store, &a, receipt, NULL), OK);
	assert_int_equal(outbox_send_again(s.w.store, "no such case", "0317"), ERR_STATE);
	sender_turns(&s, 20);
	assert_int_equal(s.f->letter_count, 3);
	fake_centre_fini(s.f);
	fake_centre_init(s.f, &s.w);
	assert_int_equal(outbox_send_again(s.w.store, plain, "0317"), OK);
	assert_int_equal(outbox_send_again(s.w.store, scanned, "0317"), OK);
	sender_turns(&s, 40);
	state_is(&s, plain, LETTER_DELIVERED);
	state_is(&s, scanned, LETTER_DELIVERED);
	assert_int_equal(s.f->case_count, 2);
	assert_int_equal(s.f->letter_count, 3);
	l = letter_of(&s, plain);
	assert_string_equal(fake_centre_case(s.f, plain)->key, l.id);
	assert_string_equal(fake_centre_case(s.f, plain)->number, l.project_no);
	letter_fini(&l);
	assert_true(s.f->papers[0].complete); /* asked for, and sent once more */
	sender_close(&s);
}

static void submit_corrected(struct sender *s, const char *id, char key[ID_UUID_SIZE])
{
	struct application a = world_application(id);
	char receipt[LOCAL_RECEIPT_SIZE];
	struct letter l;

	assert_int_equal(case_submit(s->w.store, &a, receipt, NULL), OK);
	l = letter_of(s, id);
	memcpy(key, l.id, ID_UUID_SIZE);
	letter_fini(&l);
}

static void correct(struct sender *s, const char *id, char key[ID_UUID_SIZE])
{
	assert_int_equal(case_revise(s->w.store, id, "0317", NULL), OK);
	submit_corrected(s, id, key);
}

/* The copy that the centre was restored from has the first version only, and before anybody
 * compared the lists a third one was sent, which names the second. */
static void what_a_restored_centre_refused_for_its_loss_is_sent_again_too(void **state)
{
	char id[ID_UUID_SIZE], first[ID_UUID_SIZE], second[ID_UUID_SIZE], third[ID_UUID_SIZE];
	struct letter l;
	struct sender s;

	(void)state;
	sender_open(&s, 14);
	submit_with(&s, id, 0, 0);
	l = letter_of(&s, id);
	memcpy(first, l.id, sizeof first);
	letter_fini(&l);
	sender_turns(&s, 20);
	correct(&s, id, second);
	sender_turns(&s, 20);
	state_is(&s, second, LETTER_DELIVERED);
	fake_centre_find(s.f, second)->key[0] = '\0';
	memcpy(fake_centre_case(s.f, id)->key, first, sizeof first);
	correct(&s, id, third);
	sender_turns(&s, 20);
	state_is(&s, third, LETTER_HELD);
	assert_int_equal(outbox_send_again(s.w.store, id, "0317"), OK);
	sender_turns(&s, 60);
	state_is(&s, third, LETTER_DELIVERED);
	assert_string_equal(fake_centre_case(s.f, id)->key, third);
	sender_close(&s);
}

/* The centre had decided on it, its scans were tidied away here, and then the centre lost it: there
 * is a way on. */
static void a_decided_case_that_was_lost_can_be_corrected(void **state)
{
	char id[ID_UUID_SIZE], key[ID_UUID_SIZE];
	struct buf why = {0};
	struct sender s;

	(void)state;
	sender_open(&s, 15);
	submit_with(&s, id, 1, 5000);
	sender_turns(&s, 20);
	state_is(&s, id, LETTER_DELIVERED);
	assert_int_equal(db_exec(store_db(s.w.store), "UPDATE case_ SET state = 'completed'"), OK);
	assert_int_equal(case_revise(s.w.store, id, "0317", &why), ERR_STATE);
	assert_int_equal(paper_tidy(s.w.store, NULL), OK);
	fake_centre_fini(s.f);
	fake_centre_init(s.f, &s.w);
	assert_int_equal(outbox_send_again(s.w.store, id, "0317"), OK);
	sender_turns(&s, 40);
	state_is(&s, id, LETTER_HELD);
	assert_int_equal(case_revise(s.w.store, id, "0317", &why), OK);
	free(world_attach(&s.w, id, 1, 5000));
	submit_corrected(&s, id, key);
	sender_turns(&s, 40);
	state_is(&s, key, LETTER_DELIVERED);
	assert_string_equal(fake_centre_case(s.f, id)->key, key);
	buf_fini(&why);
	sender_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_paper_of_ten_cases_is_sent_once),
		cmocka_unit_test(a_case_waits_for_its_paper_and_no_other_does),
		cmocka_unit_test(a_cut_paper_goes_on_where_it_was),
		cmocka_unit_test(what_has_arrived_is_still_told_while_the_line_is_down),
		cmocka_unit_test(the_first_answer_after_a_cut_measures_nothing),
		cmocka_unit_test(slow_lines_get_small_pieces),
		cmocka_unit_test(a_refused_paper_holds_its_letters_with_a_way_out),
		cmocka_unit_test(no_room_for_papers_is_told_of_their_letters_alone),
		cmocka_unit_test(a_lost_copy_is_said_and_mended),
		cmocka_unit_test(a_version_whose_copy_is_lost_gives_way),
		cmocka_unit_test(one_bad_letter_stops_nobody),
		cmocka_unit_test(what_waited_goes_at_once_when_the_line_is_back),
		cmocka_unit_test(a_busy_centre_is_not_pressed_because_its_heart_beats),
		cmocka_unit_test(a_pause_of_nothing_is_none),
		cmocka_unit_test(what_a_restored_centre_lost_is_sent_again),
		cmocka_unit_test(what_a_restored_centre_refused_for_its_loss_is_sent_again_too),
		cmocka_unit_test(a_decided_case_that_was_lost_can_be_corrected),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
