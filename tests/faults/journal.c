/*
 * What was read after trouble must be there after a power cut. One transaction over many pages is
 * broken off at each of its operations on the disk: the program is killed there, or that operation
 * fails and the program goes on. Then the file is read as a person would read it, the power is cut
 * (what was not flushed is in doubt, drawn from a seed), and it is read again: the same must stand
 * there, all of it or nothing of it, and what commit acknowledged. A kill may also be followed by
 * another program's transaction, with the power cut at each of that one's operations.
 *
 * CUTS: how many cuts are drawn for each operation.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/db.h"
#include "tests/faults/report.h"
#include "tests/faults/simdisk.h"

enum {
	ROWS = 12, /* wide ones: as many pages */
	UNREAD = -1,
	NOTES_MAX = 3
};

struct story {
	uint64_t seed;
	uint64_t first, second; /* the operations that trouble comes at, counted from a begin */
};

static const char *const path = "/simdisk/journal.db";

static struct db *opened(void)
{
	struct db *db = NULL;

	return db_open(&db, path, DB_SHARED, NULL) == OK ? db : NULL;
}

/* How many rows carry the new value, or UNREAD. */
static int read_rows(struct db *db)
{
	struct stmt *s;
	int n = UNREAD;

	if (db == NULL)
		return UNREAD;
	s = db_prepare(db, "SELECT count(*) FROM t WHERE v = 'new'");
	if (db_row(s))
		n = (int)db_int(s, 0);
	return db_done(s) == OK ? n : UNREAD;
}

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "journal: %s\n", what);
	exit(3);
}

/* A disk with a file of old rows, every story's beginning. */
static void lay_down(struct simdisk *disk)
{
	struct db *db;
	int i;

	simdisk_begin(disk, 1);
	db = opened();
	must(db != NULL && db_exec(db, "CREATE TABLE t (v TEXT, filler BLOB)") == OK, "no file");
	for (i = 0; i < ROWS; i++)
		must(db_exec(db, "INSERT INTO t VALUES ('old', randomblob(3000))") == OK, "no row");
	db_close(db);
	simdisk_keep(disk);
}

static enum err change_all(struct db *db, const char *sql)
{
	enum err e = db_begin(db);

	if (e == OK)
		e = db_exec(db, sql);
	if (e == OK)
		return db_commit(db);
	db_rollback(db);
	return e;
}

static struct db *after(struct simdisk *disk, struct db *db, bool power_cut)
{
	db_close(db);
	simdisk_revive(disk, power_cut);
	return opened();
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
	db = opened();
	must(db != NULL, "the file does not open");
	before = simdisk_operations(disk);
	if (kill)
		simdisk_die_after(disk, t->first);
	else
		simdisk_fail_after(disk, t->first);
	e = change_all(db, "UPDATE t SET v = 'new'");
	within = simdisk_operations(disk) - before > t->first;
	if (kill)
		db = after(disk, db, false);
	seen = read_rows(db);
	db = after(disk, db, true);
	left = read_rows(db);
	r->count++;
	compare(r, (seen == UNREAD || left == seen) && (e != OK || left == ROWS), t, e, seen, left);
	if ((left != 0 && left != ROWS) || db == NULL || db_check(db, NULL) != OK)
		r->other++;
	db_close(db);
	return within;
}

/*
 * Killed in one transaction; in the next, another program's that had the file open before, the
 * power is cut. What is left is what the first had come to, or the end of the second.
 */
static bool tell_on(struct simdisk *disk, const struct story *t, bool *within, struct row *r)
{
	struct db *db, *other;
	uint64_t before;
	bool within_second;
	enum err e;
	int seen, left;

	simdisk_begin(disk, t->seed);
	db = opened();
	other = opened();
	must(db != NULL && other != NULL, "the file does not open");
	before = simdisk_operations(disk);
	simdisk_die_after(disk, t->first);
	change_all(db, "UPDATE t SET v = 'new'");
	*within |= simdisk_operations(disk) - before > t->first;
	db_close(db);
	simdisk_revive(disk, false);
	seen = read_rows(other);
	before = simdisk_operations(disk);
	simdisk_die_after(disk, t->second);
	e = change_all(other, "UPDATE t SET v = iif(v = 'new', 'old', 'new'), filler = x'00'");
	within_second = simdisk_operations(disk) - before > t->second;
	db = after(disk, other, true);
	left = read_rows(db);
	r->count++;
	compare(r, left == ROWS - seen || (e != OK && left == seen), t, e, seen, left);
	if (db == NULL || db_check(db, NULL) != OK)
		r->other++;
	db_close(db);
	return within_second;
}

static bool tell_all(struct simdisk *disk, bool kill, struct row *r)
{
	uint64_t seeds = report_length("CUTS", 20, 300);
	struct story t = {0};
	bool within = true;

	for (t.first = 0; within; t.first++) {
		within = false;
		for (t.seed = 1; t.seed <= seeds; t.seed++)
			within |= tell(disk, &t, kill, r);
	}
	must(t.first > ROWS, "the transaction is too short");
	return report_row(r);
}

static bool tell_pairs(struct simdisk *disk, struct row *r)
{
	uint64_t seeds = (report_length("CUTS", 20, 300) + 19) / 20;
	struct story t = {0};
	bool within = true, within_second;

	for (t.first = 0; within; t.first++) {
		within = false;
		within_second = true;
		for (t.second = 0; within_second; t.second++) {
			within_second = false;
			for (t.seed = 1; t.seed <= seeds; t.seed++)
				within_second |= tell_on(disk, &t, &within, r);
		}
	}
	return report_row(r);
}

int main(void)
{
	struct row killed = {.part = "journal", .what = "killed in a commit, read, power cut"};
	struct row failed = {.part = "journal", .what = "failed commit, read, power cut"};
	struct row both = {.part = "journal", .what = "killed, power cut in the next"};
	struct simdisk *disk = simdisk_new();
	bool good;

	lay_down(disk);
	good = tell_all(disk, true, &killed);
	good = tell_all(disk, false, &failed) && good;
	good = tell_pairs(disk, &both) && good;
	simdisk_free(disk);
	return good ? 0 : 1;
}
