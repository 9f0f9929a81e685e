/*
 * What was read after trouble must be there after a power cut, of a station's file (a journal) and
 * of the centre's (a WAL). One transaction over many pages is broken off at each of its operations
 * on the disk: the program is killed there, or that operation fails and the program goes on. Then
 * the file is read as a person would read it, the power is cut (what was not flushed is in doubt,
 * drawn from a seed), and it is read again: the same must stand there, all of it or nothing of it,
 * and what commit acknowledged. A kill may also be followed by another program's transaction, with
 * the power cut at each of that one's operations.
 *
 * CUTS: how many cuts are drawn for each operation.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/db.h"
#include "tests/faults/report.h"
#include "tests/faults/simdisk.h"

enum {
	ROWS = 12, /* wide ones: as many pages */
	UNREAD = -1,
	NOTES_MAX = 3
};

struct story {
	enum db_mode mode; /* DB_SHARED: a station's, DB_SINGLE: the centre's */
	uint64_t seed;
	uint64_t first, second; /* the operations that trouble comes at, counted from a begin */
};

static const char *const path = "/simdisk/journal.db";

static struct db *opened(enum db_mode mode)
{
	struct db *db = NULL;

	return db_open(&db, path, mode, NULL) == OK ? db : NULL;
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
static void lay_down(struct simdisk *disk, enum db_mode mode)
{
	struct db *db;
	int i;

	simdisk_begin(disk, 1);
	simdisk_clear(disk);
	db = opened(mode);
	must(db != NULL && db_exec(db, "CREATE TABLE t (v TEXT, filler BLOB)") == OK, "no file");
	for (i = 0; i < ROWS; i++)
		must(db_exec(db, "INSERT INTO t VALUES ('old', randomblob(3000))") == OK, "no row");
	db_close(db);
	simdisk_keep(disk);
}

/* The centre brings what it has committed into the file by and by. */
static void checkpoint(struct db *db, enum db_mode mode)
{
	if (mode == DB_SINGLE)
		db_exec(db, "PRAGMA wal_checkpoint(PASSIVE)");
}

static enum err change_all(struct db *db, enum db_mode mode, const char *sql)
{
	enum err e = db_begin(db);

	if (e == OK)
		e = db_exec(db, sql);
	if (e == OK)
		e = db_commit(db);
	else
		db_rollback(db);
	if (e == OK)
		checkpoint(db, mode);
	return e;
}

/* Open, and at work before: what a WAL held then is written over. */
static struct db *at_work(enum db_mode mode)
{
	struct db *db = opened(mode);

	must(db != NULL, "the file does not open");
	if (mode == DB_SINGLE)
		must(change_all(db, mode, "UPDATE t SET filler = randomblob(3000)") == OK,
			"no work before");
	return db;
}

static struct db *after(struct simdisk *disk, struct db *db, const struct story *t, bool power_cut)
{
	if (power_cut)
		simdisk_die_after(disk, 0); /* nobody closes it first */
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
	db = at_work(t->mode);
	before = simdisk_operations(disk);
	if (kill)
		simdisk_die_after(disk, t->first);
	else
		simdisk_fail_after(disk, t->first);
	e = change_all(db, t->mode, "UPDATE t SET v = 'new'");
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
 * Killed in one transaction; in the next, another program's (of a station's file one that had it
 * open before), the power is cut. What is left is what the first had come to, or the end of the
 * second.
 */
static bool tell_on(struct simdisk *disk, const struct story *t, bool *within, struct row *r)
{
	struct db *db, *other;
	uint64_t before;
	bool within_second;
	enum err e;
	int seen, left;

	simdisk_begin(disk, t->seed);
	db = at_work(t->mode);
	other = t->mode == DB_SHARED ? opened(t->mode) : NULL;
	before = simdisk_operations(disk);
	simdisk_die_after(disk, t->first);
	change_all(db, t->mode, "UPDATE t SET v = 'new'");
	*within |= simdisk_operations(disk) - before > t->first;
	db_close(db);
	simdisk_revive(disk, false);
	if (other == NULL)
		other = opened(t->mode);
	must(other != NULL, "the file does not open");
	seen = read_rows(other);
	before = simdisk_operations(disk);
	simdisk_die_after(disk, t->second);
	e = change_all(
		other, t->mode, "UPDATE t SET v = iif(v = 'new', 'old', 'new'), filler = x'00'");
	within_second = simdisk_operations(disk) - before > t->second;
	db = after(disk, other, t, true);
	left = read_rows(db);
	r->count++;
	compare(r, left == ROWS - seen || (e != OK && left == seen), t, e, seen, left);
	if (db == NULL || db_check(db, NULL) != OK)
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

static bool tell_pairs(struct simdisk *disk, enum db_mode mode, struct row *r)
{
	uint64_t seeds = (report_length("CUTS", 20, 300) + 19) / 20;
	struct story t = {.mode = mode};
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

/* ---- another program's version ---- */

/* The file a newer program opens while ours, whose flush has failed, waits for the lock. */
static struct db *newer;
static bool came;

static int comes(unsigned what, void *arg, void *stmt, void *sql)
{
	(void)what;
	(void)arg;
	(void)stmt;
	if (newer != NULL && !came && strncmp(sql, "BEGIN IMMEDIATE", 15) == 0) {
		came = true;
		must(db_exec(newer, "PRAGMA user_version = 4") == OK, "no new version");
	}
	return 0;
}

static int listen_in(sqlite3 *handle, const char **why, const void *api)
{
	(void)why;
	(void)api;
	return sqlite3_trace_v2(handle, SQLITE_TRACE_STMT, comes, NULL);
}

static int version_of(struct db *db)
{
	struct stmt *s = db_prepare(db, "PRAGMA user_version");
	int version = db_row(s) ? (int)db_int(s, 0) : UNREAD;

	return db_done(s) == OK ? version : UNREAD;
}

static bool tell_version(struct simdisk *disk, uint64_t first, struct row *r, uint64_t *came_n)
{
	uint64_t before;
	struct db *db, *other;
	int version;
	bool within;

	simdisk_begin(disk, first + 1);
	db = opened(DB_SHARED);
	other = opened(DB_SHARED);
	must(db != NULL && other != NULL, "the file does not open");
	before = simdisk_operations(disk);
	simdisk_fail_after(disk, first);
	change_all(db, DB_SHARED, "UPDATE t SET v = 'new'");
	within = simdisk_operations(disk) - before > first;
	simdisk_revive(disk, false);
	came = false;
	newer = other;
	read_rows(db);
	newer = NULL;
	version = version_of(other);
	r->count++;
	*came_n += came;
	if (version != (came ? 4 : 0)) {
		r->other++;
		report_note("operation %llu: version %d", (unsigned long long)first, version);
	}
	db_close(db);
	db_close(other);
	return within;
}

static bool tell_versions(struct simdisk *disk)
{
	struct row r = {.part = "journal", .what = "failed flush, then a newer program"};
	uint64_t came_n = 0, first = 0;

	sqlite3_auto_extension((void (*)(void))listen_in);
	while (tell_version(disk, first, &r, &came_n))
		first++;
	sqlite3_reset_auto_extension();
	must(came_n > 0, "no flush has failed");
	return report_row(&r);
}

static bool tell_of_station(struct simdisk *disk)
{
	struct row killed = {.part = "journal", .what = "killed in a commit, read, power cut"};
	struct row failed = {.part = "journal", .what = "failed commit, read, power cut"};
	struct row both = {.part = "journal", .what = "killed, power cut in the next"};
	bool good;

	lay_down(disk, DB_SHARED);
	good = tell_all(disk, DB_SHARED, true, &killed);
	good = tell_all(disk, DB_SHARED, false, &failed) && good;
	good = tell_versions(disk) && good;
	return tell_pairs(disk, DB_SHARED, &both) && good;
}

static bool tell_of_centre(struct simdisk *disk)
{
	struct row killed = {.part = "journal", .what = "centre killed in a commit, read, cut"};
	struct row failed = {.part = "journal", .what = "centre's commit fails, read, cut"};
	struct row both = {.part = "journal", .what = "centre killed, cut in the next"};
	bool good;

	lay_down(disk, DB_SINGLE);
	good = tell_all(disk, DB_SINGLE, true, &killed);
	good = tell_all(disk, DB_SINGLE, false, &failed) && good;
	return tell_pairs(disk, DB_SINGLE, &both) && good;
}

int main(void)
{
	struct simdisk *disk = simdisk_new();
	bool good = tell_of_station(disk);

	good = tell_of_centre(disk) && good;
	simdisk_free(disk);
	return good ? 0 : 1;
}
