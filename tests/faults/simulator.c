/*
 * Stories: the real outbox, delivery, change feed and audit trail over SQLite, with clock, line,
 * centre and disk from a seed. The disk fails, the program is killed and the power cut at any file
 * operation; requests and answers are lost, repeated, garbled, late; the clock jumps by years. In
 * the end there is peace, and then: what was acknowledged is there, each letter is at the centre
 * exactly once under its receipt, each news was applied exactly once, nothing waits or is held, the
 * audit trail is whole. The same seed tells the same story: the first ones are told twice and
 * compared.
 *
 * SEEDS: how many stories; SEED: the first; STORY=n tells that one alone, with its log; FIRST stops
 * at the first that ends badly.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/log.h"
#include "core/station/audit.h"
#include "core/station/changes.h"
#include "core/station/delivery.h"
#include "core/station/draft.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tests/faults/report.h"
#include "tests/faults/simdisk.h"
#include "tests/unit/fake_centre.h"
#include "tests/unit/world.h"

enum {
	LETTERS = 4, /* every other one is corrected, the others get news */
	CORRECTIONS = 2,
	TURNS_OF_TROUBLE = 24,
	TURNS_OF_PEACE = 2000,
	OPENINGS = 50, /* how often a start may fail by trouble with the disk */
	STATES = 2,    /* news a case: accepted, completed */
	TOLD_TWICE = 100,
	NOTES_MAX = 3 /* a story and kind of fault */
};

/* One application from its first keystroke to the receipt. */
struct errand {
	char id[ID_UUID_SIZE];		  /* "" until the draft is known to be on disk */
	char receipt[LOCAL_RECEIPT_SIZE]; /* "" until it was given to a person */
	bool revising;			  /* a correction is under way */
	int corrections;
};

struct story {
	uint64_t seed;
	struct world world;
	struct simdisk *disk;
	struct fake_centre *centre;
	struct delivery *delivery;
	struct errand errands[LETTERS];
	size_t news[LETTERS];	       /* how many the centre has told of its n-th case */
	size_t feed[LETTERS * STATES]; /* the centre's news in order: whose */
	size_t feed_count;
	size_t kills, cuts, lost, twice, other;
	uint64_t digest; /* of all that happened */
};

static void fault(struct story *s, size_t *which, const char *what)
{
	if ((*which)++ < NOTES_MAX)
		report_note("story %llu: %s", (unsigned long long)s->seed, what);
}

/* FNV-1a over whatever the story depends on. */
static void note(struct story *s, uint64_t n)
{
	int i;

	for (i = 0; i < 8; i++, n >>= 8)
		s->digest = (s->digest ^ (n & 0xFF)) * 0x100000001B3u;
}

static uint64_t chance(struct story *s, uint64_t below)
{
	return world_chance(&s->world) % below;
}

/* ---- the program lives and dies ---- */

static void open_program(struct story *s)
{
	struct world *w = &s->world;
	int i;

	for (i = 0; i < OPENINGS; i++)
		if (store_open(&w->store, w->folder, &w->clock, &w->entropy, NULL) == OK) {
			s->delivery =
				delivery_new(w->store, fake_centre_transport(s->centre), NULL);
			return;
		}
	fault(s, &s->other, "the station's file does not open again");
	simdisk_trouble(s->disk, 0);
	exit(1);
}

static void close_program(struct story *s)
{
	delivery_free(s->delivery);
	fake_centre_forget_flying(s->centre);
	store_close(s->world.store);
	s->world.store = NULL;
}

static void check_promises(struct story *s)
{
	struct case_view v;
	struct draft d;
	size_t i;

	for (i = 0; i < LETTERS; i++) {
		struct errand *e = &s->errands[i];
		if (e->id[0] == '\0')
			continue;
		if (case_get(s->world.store, e->id, &v) == OK) {
			if (e->receipt[0] != '\0' && strcmp(e->receipt, v.local_receipt) != 0)
				fault(s, &s->other, "a receipt has changed");
			case_view_fini(&v);
		} else if (e->receipt[0] != '\0') {
			fault(s, &s->lost, "a receipt was given and its case is gone");
		} else if (draft_get(s->world.store, e->id, &d) == OK) {
			draft_fini(&d);
		} else {
			fault(s, &s->lost, "a draft is neither a draft nor a case");
		}
	}
}

/* If death has come it is noticed here: start again and look whether the promises hold. */
static bool reborn(struct story *s)
{
	bool cut = chance(s, 2) == 0;

	if (!simdisk_is_dead(s->disk))
		return false;
	close_program(s);
	simdisk_revive(s->disk, cut);
	*(cut ? &s->cuts : &s->kills) += 1;
	open_program(s);
	check_promises(s);
	note(s, cut ? 1 : 2);
	return true;
}

/* ---- the clerk ---- */

static void begin_or_submit(struct story *s, struct errand *e)
{
	static char code[] = "11371323X", name[] = "测试事项", who[] = "0317", window[] = "03";
	const struct draft origin = {
		.task_code = code, .task_name = name, .operator_name = who, .window = window};
	struct application a;
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	enum err result;

	if (e->id[0] == '\0') {
		result = draft_begin(s->world.store, &origin, id);
		if (result == OK)
			memcpy(e->id, id, sizeof e->id);
	} else {
		a = world_application(e->id);
		result = case_submit(s->world.store, &a, receipt, NULL);
		if (result == OK)
			memcpy(e->receipt, receipt, sizeof e->receipt);
	}
	note(s, result);
}

/* A correction goes one step on: begun, or submitted as the next version. */
static void correct(struct story *s, struct errand *e)
{
	char receipt[LOCAL_RECEIPT_SIZE];
	struct application a = world_application(e->id);
	enum err result;

	if (!e->revising) {
		result = case_revise(s->world.store, e->id, "0317", NULL);
		e->revising = result == OK;
	} else {
		result = case_submit(s->world.store, &a, receipt, NULL);
		e->revising = result != OK;
		e->corrections += result == OK;
	}
	note(s, result);
}

/* more: new corrections may be begun. */
static void clerk(struct story *s, bool more)
{
	size_t i;

	for (i = 0; i < LETTERS; i++)
		if (s->errands[i].receipt[0] == '\0') {
			begin_or_submit(s, &s->errands[i]);
			if (chance(s, 3) > 0)
				return;
			break;
		}
	for (i = 1; i < LETTERS; i += 2) {
		struct errand *e = &s->errands[i];
		if (e->receipt[0] != '\0' &&
			(e->revising || (more && e->corrections < CORRECTIONS)))
			correct(s, e);
	}
}

/* A correction whose beginning was not acknowledged may be under way all the same. */
static void look_at_corrections(struct story *s)
{
	struct case_view v;
	size_t i;

	for (i = 1; i < LETTERS; i += 2) {
		struct errand *e = &s->errands[i];
		if (e->receipt[0] == '\0' || case_get(s->world.store, e->id, &v) != OK)
			continue;
		e->revising = v.revising;
		case_view_fini(&v);
	}
}

/* ---- news of the centre ---- */

static bool is_corrected(const struct story *s, const char *case_id)
{
	size_t i;

	for (i = 1; i < LETTERS; i += 2)
		if (strcmp(s->errands[i].id, case_id) == 0)
			return true;
	return false;
}

/* The centre moves on a case that it has taken. */
static void back_office(struct story *s)
{
	size_t i = (size_t)chance(s, LETTERS);

	if (i >= s->centre->case_count || s->news[i] >= STATES ||
		is_corrected(s, s->centre->cases[i].id))
		return;
	s->news[i]++;
	s->feed[s->feed_count++] = i;
}

static void write_news(struct story *s, size_t seq, struct buf *out)
{
	static const char *const states[STATES] = {"accepted", "completed"};
	const struct fake_case *c = &s->centre->cases[s->feed[seq]];
	size_t before = 0, i;

	for (i = 0; i < seq; i++)
		before += s->feed[i] == s->feed[seq];
	buf_printf(out,
		"{\"seq\":%zu,\"type\":\"case\",\"at\":\"2026-11-24T10:00:00+08:00\","
		"\"kind\":\"advance\",\"project_no\":\"%s\",\"case_id\":\"%s\",\"state\":\"%s\"}",
		seq + 1, c->number, c->id, states[before]);
}

/* The news after the cursor that the station asks with, some of them. */
static void hear_news(struct story *s)
{
	char *cursor = store_get(s->world.store, "changes.cursor");
	size_t from = cursor != NULL ? strtoul(cursor, NULL, 10) : 0, to, i;
	struct changes_result result;
	struct buf b = {0};

	free(cursor);
	to = from + 1 + (size_t)chance(s, 4);
	if (to > s->feed_count)
		to = s->feed_count;
	buf_printf(&b, "{\"cursor\":\"%zu\",\"changes\":[", to);
	for (i = from; i < to; i++) {
		buf_adds(&b, i > from ? "," : "");
		write_news(s, i, &b);
	}
	buf_adds(&b, "]}");
	note(s, changes_apply(s->world.store, b.data, b.len, &result));
	buf_fini(&b);
}

/* ---- answers that come late ---- */

static void be_told_late(struct story *s, struct outbox_outcome *o, const char *key)
{
	memcpy(o->id, key, sizeof o->id);
	note(s, outbox_settle(s->world.store, o, 1));
}

/* The receipt of any letter that the centre has taken, of an older version, too: once more, or the
 * first time. */
static void hear_receipt_late(struct story *s, const struct fake_letter *l)
{
	char receipt[100];
	struct outbox_outcome o = {.state = LETTER_DELIVERED, .receipt = receipt};

	snprintf(receipt, sizeof receipt, "{\"project_no\":\"%s\",\"query_password\":\"pw\"}",
		l->number);
	be_told_late(s, &o, l->key);
}

/* What another try had met with, of one whose receipt is here. */
static void hear_failure_late(struct story *s, const struct fake_letter *l)
{
	static const struct outbox_outcome failures[] = {{.reason = "中心忙", .next_ms = 1},
		{.reason = "缺扫描件", .papers_missing = true},
		{.reason = "读不了", .unread = true},
		{.state = LETTER_HELD, .hold = HOLD_PERSON, .reason = "没有接纳", .problem = "{}"},
		{.state = LETTER_HELD, .hold = HOLD_REFUSED, .reason = "退回", .problem = "{}"}};
	struct outbox_outcome o = failures[chance(s, sizeof failures / sizeof failures[0])];
	struct letter here;

	if (outbox_get(s->world.store, l->key, &here) != OK)
		return;
	if (here.state == LETTER_DELIVERED)
		be_told_late(s, &o, l->key);
	letter_fini(&here);
}

static void hear_late(struct story *s)
{
	const struct fake_letter *l;

	if (s->centre->letter_count == 0)
		return;
	l = &s->centre->letters[chance(s, s->centre->letter_count)];
	if (chance(s, 2) == 0)
		hear_receipt_late(s, l);
	else
		hear_failure_late(s, l);
}

/* ---- the story ---- */

static void trouble(struct story *s)
{
	int64_t years;

	if (chance(s, 4) == 0)
		simdisk_die_after(s->disk, chance(s, 60));
	if (chance(s, 30) == 0) {
		years = (int64_t)chance(s, 11) - 5;
		s->world.wall_ms += years * 365 * 86400000;
	}
	simdisk_trouble(s->disk, chance(s, 6) == 0 ? 30 : 0);
}

static void turn(struct story *s, int max_wait_ms)
{
	note(s, delivery_turn(s->delivery, max_wait_ms, NULL, 0));
	note(s, (uint64_t)s->world.mono_ms);
	note(s, simdisk_operations(s->disk));
}

static bool is_over(struct story *s)
{
	struct outbox_counts c;
	char *cursor;
	size_t heard, i;

	for (i = 0; i < LETTERS; i++)
		if (s->errands[i].receipt[0] == '\0' || s->errands[i].revising)
			return false;
	if (outbox_counts(s->world.store, &c) != OK || c.waiting > 0)
		return c.held > 0;
	cursor = store_get(s->world.store, "changes.cursor");
	heard = cursor != NULL ? strtoul(cursor, NULL, 10) : 0;
	free(cursor);
	return heard == s->feed_count;
}

/* ---- the end ---- */

struct history {
	size_t accepted, completed;
};

static void see_event(void *arg, const struct case_event *e)
{
	struct history *h = arg;

	h->accepted += strcmp(e->what, "accepted") == 0;
	h->completed += strcmp(e->what, "completed") == 0;
}

struct letters {
	const char *case_id;
	size_t count;
	char newest[ID_UUID_SIZE];
	int64_t newest_seq;
};

static void see_letter(void *arg, const struct letter *l)
{
	struct letters *all = arg;

	if (strcmp(l->case_id, all->case_id) != 0)
		return;
	all->count++;
	if (l->seq > all->newest_seq) {
		all->newest_seq = l->seq;
		memcpy(all->newest, l->id, sizeof all->newest);
	}
}

static void check_case(struct story *s, const struct fake_case *c, size_t i)
{
	struct letters letters = {.count = 0};
	struct history h = {0};
	struct letter l;
	size_t news = s->news[i];

	if (outbox_get(s->world.store, c->key, &l) != OK) {
		fault(s, &s->other, "the centre has a case that no letter here made");
		return;
	}
	if (l.state != LETTER_DELIVERED || l.project_no == NULL ||
		strcmp(l.project_no, c->number) != 0)
		fault(s, &s->other, "the number differs on both sides");
	letters.case_id = c->id;
	outbox_each(s->world.store, NULL, see_letter, &letters);
	if (letters.count < (size_t)c->versions)
		fault(s, &s->twice, "more versions at the centre than here");
	if (letters.count > (size_t)c->versions)
		fault(s, &s->lost, "a version is not at the centre");
	if (strcmp(letters.newest, c->key) != 0)
		fault(s, &s->other, "the centre's version is not the last one");
	case_each_event(s->world.store, l.case_id, see_event, &h);
	if (h.accepted > 1 || h.completed > 1)
		fault(s, &s->twice, "a news was applied twice");
	if ((news >= 1 && h.accepted == 0) || (news >= 2 && h.completed == 0))
		fault(s, &s->lost, "a news was not applied");
	letter_fini(&l);
}

static void check_end(struct story *s)
{
	struct outbox_counts c = {0};
	int64_t rows;
	size_t i;

	outbox_counts(s->world.store, &c);
	if (c.waiting + c.held > 0)
		fault(s, &s->other, "a letter has not come to its end");
	if (s->centre->case_count > LETTERS)
		fault(s, &s->twice, "more cases than applications");
	if (s->centre->case_count < LETTERS)
		fault(s, &s->lost, "fewer cases than applications");
	if (s->centre->other_body_for_key)
		fault(s, &s->other, "a repeat looked different");
	for (i = 0; i < s->centre->case_count && i < LETTERS; i++)
		check_case(s, &s->centre->cases[i], i);
	check_promises(s);
	if (audit_verify(s->world.store, &rows, NULL) != OK)
		fault(s, &s->other, "the audit trail is broken");
	note(s, (uint64_t)rows);
}

static void tell(struct story *s, struct simdisk *disk, struct fake_centre *centre, uint64_t seed)
{
	static char folder[] = "/simdisk"; /* is nowhere: nothing of a story touches a real disk */
	int i;

	*s = (struct story){
		.seed = seed, .disk = disk, .centre = centre, .digest = 0xCBF29CE484222325u};
	world_init(&s->world, seed);
	s->world.folder = folder;
	simdisk_begin(disk, seed);
	fake_centre_init(centre, &s->world);
	centre->trouble_percent = 50;
	open_program(s);
	for (i = 0; i < TURNS_OF_TROUBLE; i++) {
		trouble(s);
		if (chance(s, 2) == 0)
			clerk(s, true);
		back_office(s);
		if (chance(s, 3) == 0)
			hear_late(s);
		if (chance(s, 3) == 0)
			hear_news(s);
		turn(s, 1000);
		reborn(s);
	}
	simdisk_trouble(disk, 0);
	simdisk_die_after(disk, 0); /* and once more, if the clerk has anything to write */
	clerk(s, true);
	if (!reborn(s))
		simdisk_revive(disk, false);
	centre->trouble_percent = 0;
	look_at_corrections(s);
	for (i = 0; i < TURNS_OF_PEACE && !is_over(s); i++) {
		clerk(s, false);
		hear_news(s);
		turn(s, 10000);
	}
	check_end(s);
	close_program(s);
	fake_centre_fini(centre);
	note(s, s->world.chance);
}

/* A station's file with its tables, made once. */
static void prepare(struct simdisk *disk)
{
	struct world w;

	world_init(&w, 1);
	simdisk_begin(disk, 1);
	if (store_open(&w.store, "/simdisk", &w.clock, &w.entropy, NULL) != OK)
		exit(1);
	store_close(w.store);
	simdisk_keep(disk);
}

int main(void)
{
	size_t seeds = report_length("SEEDS", 60, 5000);
	uint64_t first = report_length("SEED", 1, 1), only = report_length("STORY", 0, 0), i;
	struct row once = {.part = "simulator", .what = "stories, each letter exactly once"};
	struct row same = {.part = "simulator", .what = "told twice, the same story"};
	struct fake_centre *centre = calloc(1, sizeof *centre);
	struct simdisk *disk = simdisk_new();
	size_t kills = 0, cuts = 0, corrections = 0, k;
	bool at_first = getenv("FIRST") != NULL, good;
	struct story s;

	setenv("TZ", "Asia/Shanghai", 1);
	prepare(disk);
	if (only > 0) {
		log_open("-", LOG_LEVEL_INFO);
		first = only;
		seeds = 1;
	}
	for (i = first;
		i < first + seeds && (!at_first || once.lost + once.twice + once.other == 0); i++) {
		uint64_t digest;
		tell(&s, disk, centre, i);
		once.count++;
		once.lost += s.lost;
		once.twice += s.twice;
		once.other += s.other;
		kills += s.kills;
		cuts += s.cuts;
		for (k = 0; k < LETTERS; k++)
			corrections += (size_t)s.errands[k].corrections;
		if (i - first >= TOLD_TWICE)
			continue;
		digest = s.digest;
		tell(&s, disk, centre, i);
		same.count++;
		same.other += s.digest != digest;
	}
	report_note("%zu kills, %zu power cuts, %zu corrections in these stories", kills, cuts,
		corrections);
	good = report_row(&once);
	good &= report_row(&same);
	simdisk_free(disk);
	free(centre);
	return good ? 0 : 1;
}
