/*
 * What was read after trouble must be there after a power cut, of a station's file (a journal) and
 * of the centre's (a WAL). One transaction over many pages is broken off at each of its operations
 * on the disk: the program is killed there, or that operation fails and the program goes on. Then
 * the file is read as a person would read it, the power is cut (what was not flushed is in doubt,
 * drawn from a seed), and it is read again: the same must stand there, all of it or nothing of it,
 * and what commit acknowledged. A kill may also be followed by another program's transaction, with
 * the power cut at each of that one's operations; and a failure by a second one, or by a kill, at
 * each operation by which the file is closed, opened again and read.
 *
 * CUTS: how many cuts are drawn for each operation.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/db.h"
#include "tests/faults/report.h"
#include "tests/faults/simdisk.h"

enum {
	ROWS = 12, /* wide ones: as many pages */
	UNREAD = -1,
	GOING_ON = 3,
	NOTES_MAX = 3
};

struct story {
	enum db_mode mode; /* DB_SHARED: a station's, DB_SINGLE: the centre's */
	uint64_t seed;
	uint64_t first, second; /* the operations that trouble comes at, counted from a begin */
	bool fails;		/* the first trouble is a failure; if not, a kill */
	bool then_killed;	/* the second is a kill */
};

static const char *const path = "/simdisk/journal.db";

static struct db *opened(enum db_mode mode)
{
	struct db *db = NULL;

	return db_open(&db, path, mode, NULL) == OK ? db : NULL;
}

/* How many rows carry the value, or UNREAD. */
static int rows_with(struct db *db, const char *value)
{
	struct stmt *s;
	int n = UNREAD;

	if (db == NULL)
		return UNREAD;
	s = db_prepare(db, "SELECT count(*) FROM t WHERE v = ?1");
	db_bind_text(s, 1, value);
	if (db_row(s))
		n = (int)db_int(s, 0);
	return db_done(s) == OK ? n : UNREAD;
}

static int read_rows(struct db *db)
{
	return rows_with(db, "new");
}

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "journal: %s\n", what);
	exit(3);
}

/* A disk with a file of old rows, every story's beginning. */
static void lay_down(struct simdisk *disk, enum db_mode mode)
{
	struct db *db;
	int i;

	simdisk_begin(disk, 1);
	simdisk_clear(disk);
	db = opened(mode);
	must(db != NULL &&
			db_exec(db,
				"CREATE TABLE t (v TEXT, filler BLOB); CREATE TABLE little (n); INSERT INTO little VALUES (0)") ==
				OK,
		"no file");
	for (i = 0; i < ROWS; i++)
		must(db_exec(db, "INSERT INTO t VALUES ('old', randomblob(3000))") == OK, "no row");
	db_close(db);
	simdisk_keep(disk);
}

/* The centre brings what it has committed into the file by and by; of each three stories one waits
 * for the flush, one puts it off until the WAL would begin again, and in one it does not for long;
 * in half of those a quiet moment follows. What the disk has not kept is taken from the WAL. *db
 * NULL: it does not open. */
static enum err checkpoint(struct db **db, const struct story *t)
{
	static const int64_t wal_bytes[] = {0, 1, 1 << 20};
	enum err e = OK;

	if (t->mode == DB_SINGLE)
		e = db_checkpoint(*db, wal_bytes[t->seed / 2 % 3]);
	if (t->mode == DB_SINGLE && e == OK && t->seed / 6 % 2 == 1)
		e = db_checkpoint(*db, 0);
	if (e != ERR_UNSURE)
		return e;
	db_close(*db);
	*db = opened(t->mode);
	return e;
}

/* Letters that touch one page, for which the WAL begins again: what was in it is in the file alone
 * from then on. */
static void go_on(struct db **at, const struct story *t)
{
	int i;

	checkpoint(at, t);
	for (i = 0; i < GOING_ON && t->mode == DB_SINGLE && *at != NULL; i++)
		if (db_exec(*at, "UPDATE little SET n = n + 1") == OK)
			checkpoint(at, t);
}

/* seen: what stood there before, UNREAD when it did not begin; may be NULL. */
static enum err change_all(struct db **at, const struct story *t, const char *sql, int *seen)
{
	struct db *db = *at;
	enum err e = db_begin(db);

	if (seen != NULL)
		*seen = e == OK ? read_rows(db) : UNREAD;
	if (e == OK)
		e = db_exec(db, sql);
	if (e == OK)
		e = db_commit(db);
	else
		db_rollback(db);
	if (e == OK)
		go_on(at, t);
	return e;
}

/* Open, and at work before: what a WAL held then is written over, or, every other time, is not in
 * the file yet. */
static struct db *at_work(const struct story *t)
{
	static const char work[] = "UPDATE t SET filler = randomblob(3000)";
	struct db *db = opened(t->mode);

	must(db != NULL, "the file does not open");
	if (t->mode == DB_SINGLE)
		must(change_all(&db, t, work, NULL) == OK, "no work before");
	if (t->mode == DB_SINGLE && t->seed % 2 == 0)
		must(db_exec(db, work) == OK, "no work after a checkpoint");
	return db;
}

static struct db *after(struct simdisk *disk, struct db *db, const struct story *t, bool power_cut)
{
	if (power_cut)
		simdisk_die(disk); /* nobody closes it first */
	db_close(db);
	simdisk_revive(disk, power_cut);
	return opened(t->mode);
}

static void compare(struct row *r, bool same, const struct story *t, enum err e, int seen, int left)
{
	if (!same && r->lost++ < NOTES_MAX)
		report_note(
			"seed %llu, operations %llu, %llu: commit gave %d, %d rows seen, %d left",
			(unsigned long long)t->seed, (unsigned long long)t->first,
			(unsigned long long)t->second, (int)e, seen, left);
}

/* One story; false: the operation lies behind the end of the transaction. */
static bool tell(struct simdisk *disk, const struct story *t, bool kill, struct row *r)
{
	struct db *db;
	uint64_t before;
	bool within;
	enum err e;
	int seen, left;

	simdisk_begin(disk, t->seed);
	db = at_work(t);
	before = simdisk_operations(disk);
	if (kill)
		simdisk_die_after(disk, t->first);
	else
		simdisk_fail_after(disk, t->first);
	e = change_all(&db, t, "UPDATE t SET v = 'new'", NULL);
	within = simdisk_operations(disk) - before > t->first;
	/* where the outcome is open, who asked closes and looks it up (db.h) */
	if (kill || (t->mode == DB_SINGLE && e == ERR_UNSURE))
		db = after(disk, db, t, false);
	seen = read_rows(db);
	db = after(disk, db, t, true);
	left = read_rows(db);
	r->count++;
	compare(r, (seen == UNREAD || left == seen) && (e != OK || left == ROWS), t, e, seen, left);
	if ((left != 0 && left != ROWS) || db == NULL || db_check(db, NULL) != OK)
		r->other++;
	db_close(db);
	return within;
}

/*
 * Killed in one transaction, or after it when it failed; in the next, another program's (of a
 * station's file one that had it open before), the power is cut. What is left is what the second
 * found when it had begun, or its end.
 */
static bool tell_on(struct simdisk *disk, const struct story *t, bool *within, struct row *r)
{
	struct db *db, *other;
	uint64_t before;
	bool within_second;
	enum err e;
	int seen, left, next;

	simdisk_begin(disk, t->seed);
	db = at_work(t);
	other = t->mode == DB_SHARED ? opened(t->mode) : NULL;
	before = simdisk_operations(disk);
	if (t->fails)
		simdisk_fail_after(disk, t->first);
	else
		simdisk_die_after(disk, t->first);
	change_all(&db, t, "UPDATE t SET v = 'new'", NULL);
	*within |= simdisk_operations(disk) - before > t->first;
	if (t->fails)
		simdisk_die(disk);
	db_close(db);
	simdisk_revive(disk, false);
	if (other == NULL)
		other = opened(t->mode);
	must(other != NULL, "the file does not open");
	before = simdisk_operations(disk);
	simdisk_die_after(disk, t->second);
	e = change_all(&other, t, "UPDATE t SET v = 'next', filler = x'00'", &seen);
	within_second = simdisk_operations(disk) - before > t->second;
	db = after(disk, other, t, true);
	left = read_rows(db);
	r->count++;
	next = rows_with(db, "next");
	compare(r, next == ROWS || (e != OK && (seen == UNREAD || left == seen)), t, e, seen, left);
	if ((left != 0 && left != ROWS) || (next != 0 && next != ROWS) || db == NULL ||
		db_check(db, NULL) != OK)
		r->other++;
	db_close(db);
	return within_second;
}

/* The outcome of a commit is open: who asked closes the file, opens it again and looks it up. A
 * station's is settled first (store_reopen); most of its programs go on with the file as it is. */
static int look_up(struct db **db, const struct story *t, enum err e)
{
	bool again = e == ERR_UNSURE && (t->mode == DB_SINGLE || t->seed % 2 == 0);

	if (again && db_settle(*db) == OK) {
		db_close(*db);
		*db = opened(t->mode);
	}
	return read_rows(*db);
}

/*
 * One operation of the transaction fails, and one of those by which the outcome is looked up fails
 * too, or the program is killed there. It goes on, or is started again when it cannot; then the
 * power is cut.
 */
static bool tell_twice(struct simdisk *disk, const struct story *t, bool *within, struct row *r)
{
	struct db *db;
	uint64_t before;
	bool within_second;
	enum err e;
	int seen, again, left;

	simdisk_begin(disk, t->seed);
	db = at_work(t);
	before = simdisk_operations(disk);
	simdisk_fail_after(disk, t->first);
	e = change_all(&db, t, "UPDATE t SET v = 'new'", NULL);
	*within |= simdisk_operations(disk) - before > t->first;
	before = simdisk_operations(disk);
	if (t->then_killed)
		simdisk_die_after(disk, t->second);
	else
		simdisk_fail_after(disk, t->second);
	if (t->then_killed && t->second == 0)
		simdisk_die(disk);
	seen = look_up(&db, t, e);
	within_second =
		(t->then_killed && t->second == 0) || simdisk_operations(disk) - before > t->second;
	if (t->then_killed)
		simdisk_die(disk);
	if (db != NULL && seen == UNREAD)
		checkpoint(&db, t); /* the centre's next quiet moment */
	if (t->then_killed || db == NULL)
		db = after(disk, db, t, false);
	again = read_rows(db);
	if (db != NULL && t->seed % 3 == 0)
		checkpoint(&db, t);
	db = after(disk, db, t, true);
	left = read_rows(db);
	r->count++;
	compare(r, again == left && (seen == UNREAD || seen == left) && (e != OK || left == ROWS),
		t, e, again, left);
	if ((left != 0 && left != ROWS) || db == NULL || db_check(db, NULL) != OK)
		r->other++;
	db_close(db);
	return within_second;
}

static bool tell_all(struct simdisk *disk, enum db_mode mode, bool kill, struct row *r)
{
	uint64_t seeds = report_length("CUTS", 20, 300);
	struct story t = {.mode = mode};
	bool within = true;

	for (t.first = 0; within; t.first++) {
		within = false;
		for (t.seed = 1; t.seed <= seeds; t.seed++)
			within |= tell(disk, &t, kill, r);
	}
	/* the pages of a WAL are written at once: its header, they, their flushes, the file */
	must(t.first > (mode == DB_SHARED ? ROWS : 5), "the transaction is too short");
	return report_row(r);
}

/* What is told with two troubles. */
struct tale {
	const char *what;
	struct story story;
	/* false: the second lies behind the end */
	bool (*tell)(struct simdisk *disk, const struct story *t, bool *within, struct row *r);
};

static bool tell_pairs(struct simdisk *disk, const struct tale *tale)
{
	struct row r = {.part = "journal", .what = tale->what};
	struct story t = tale->story;
	uint64_t seeds = (report_length("CUTS", 20, 300) + 19) / 20;
	bool within = true, within_second;

	if (t.mode == DB_SINGLE)
		seeds *= 4; /* it has few operations */
	for (t.first = 0; within; t.first++) {
		within = false;
		within_second = true;
		for (t.second = 0; within_second; t.second++) {
			within_second = false;
			for (t.seed = 1; t.seed <= seeds; t.seed++)
				within_second |= tale->tell(disk, &t, &within, &r);
		}
	}
	return report_row(&r);
}

static const struct tale of_station[] = {
	{"killed, power cut in the next", {.mode = DB_SHARED}, tell_on},
	{"failed, killed, cut in the next", {.mode = DB_SHARED, .fails = true}, tell_on},
	{"two failures, read, power cut", {.mode = DB_SHARED}, tell_twice},
	{"failed commit, killed, read, cut", {.mode = DB_SHARED, .then_killed = true}, tell_twice},
};

static const struct tale of_centre[] = {
	{"centre killed, cut in the next", {.mode = DB_SINGLE}, tell_on},
	{"centre failed, killed, cut in next", {.mode = DB_SINGLE, .fails = true}, tell_on},
	{"centre: two failures, read, cut", {.mode = DB_SINGLE}, tell_twice},
	{"centre: failed commit, killed, read", {.mode = DB_SINGLE, .then_killed = true},
		tell_twice},
};

static bool tell_of_station(struct simdisk *disk)
{
	struct row killed = {.part = "journal", .what = "killed in a commit, read, power cut"};
	struct row failed = {.part = "journal", .what = "failed commit, read, power cut"};
	bool good;
	size_t i;

	lay_down(disk, DB_SHARED);
	good = tell_all(disk, DB_SHARED, true, &killed);
	good = tell_all(disk, DB_SHARED, false, &failed) && good;
	for (i = 0; i < sizeof of_station / sizeof of_station[0]; i++)
		good = tell_pairs(disk, &of_station[i]) && good;
	return good;
}

static bool tell_of_centre(struct simdisk *disk)
{
	struct row killed = {.part = "journal", .what = "centre killed in a commit, read, cut"};
	struct row failed = {.part = "journal", .what = "centre's commit fails, read, cut"};
	bool good;
	size_t i;

	lay_down(disk, DB_SINGLE);
	good = tell_all(disk, DB_SINGLE, true, &killed);
	good = tell_all(disk, DB_SINGLE, false, &failed) && good;
	for (i = 0; i < sizeof of_centre / sizeof of_centre[0]; i++)
		good = tell_pairs(disk, &of_centre[i]) && good;
	return good;
}

int main(void)
{
	struct simdisk *disk = simdisk_new();
	bool good = tell_of_station(disk);

	good = tell_of_centre(disk) && good;
	simdisk_free(disk);
	return good ? 0 : 1;
}
