#define _GNU_SOURCE /* sync_file_range */
#include "core/base/db_gather.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/db_journal.h"

enum {
	HELD_BYTES = 120 << 10, /* the system's own methods take less than 128 KiB at once */
	READER_1 = 4,		/* the lock of the first of those who read the WAL */
	INDEX_PARTS = 1 << 10,	/* 4 096 pages each: many times the longest WAL */
	PIECES_MAX = 1 << 10	/* where there are more the system begins when it likes */
};

/* Of a file, and that the system was not told to begin with yet. */
struct piece {
	sqlite3_int64 at, bytes;
};

/* Of a file, not of its WAL. */
struct alone {
	bool locked;
	void *index[INDEX_PARTS]; /* of the WAL */
	struct gathering *file;
	struct gathering *wal; /* NULL: none is open */
	bool putting_off, lingering;
	bool put_off; /* a flush was, and has not gone well since */
	bool lost;    /* … and never will */
	int64_t wal_bytes;
	struct piece pieces[PIECES_MAX]; /* of the put-off flush, from `begun` on */
	size_t piece_count, begun;
};

struct gathering {
	sqlite3_file public; /* first: SQLite knows this part */
	char *held;	     /* NULL: nothing was written yet */
	sqlite3_int64 at;    /* where in the file it belongs */
	int len_bytes;
	int touched; /* something was written since the last flush that went well, or nobody knows
		      */
	int owed;    /* a failure that could not be told when it happened */
	bool lingered, lost; /* a WAL: commits did since its last flush; the flush has failed */
	bool in_doubt;	     /* a write or a flush has failed */
	bool fresh;	     /* a WAL that was begun, and not flushed since */
	int beginner;	     /* to tell the system to begin writing; -1: it does when it likes */
	struct alone *alone; /* NULL: it is a WAL, */
	struct alone *of;    /* of this file */
	sqlite3_file *real;
};

static struct gathering *gathering_of(sqlite3_file *f)
{
	return (struct gathering *)(void *)f;
}

static sqlite3_file *real_of(sqlite3_file *f)
{
	return gathering_of(f)->real;
}

/* ---- holding and handing on ---- */

static bool has_all_of(struct gathering *g, int len_bytes)
{
	char *there = malloc((size_t)len_bytes);
	int rc = SQLITE_NOMEM;

	if (there != NULL)
		rc = g->real->pMethods->xRead(g->real, there, len_bytes, g->at);
	if (rc == SQLITE_OK && memcmp(there, g->held, (size_t)len_bytes) != 0)
		rc = SQLITE_IOERR_SHORT_READ;
	free(there);
	return rc != SQLITE_IOERR_SHORT_READ;
}

/* Of a commit that found no room the last piece, which makes it one, is not whole; but there are
 * disks that say so of what they have taken. What cannot be looked at is in doubt. */
static bool is_in_doubt(struct gathering *g, int rc, int len_bytes)
{
	if (rc != SQLITE_FULL || g->of == NULL)
		return rc != SQLITE_OK;
	return len_bytes > 0 && has_all_of(g, len_bytes);
}

static void note_piece(struct alone *a, sqlite3_int64 at, int bytes)
{
	if (a->putting_off && a->piece_count < PIECES_MAX)
		a->pieces[a->piece_count++] = (struct piece){at, bytes};
}

/* What the system did not take is dropped: SQLite learns of it and undoes what it belonged to. */
static int hand_on(struct gathering *g)
{
	int len_bytes = g->len_bytes, rc = g->owed;

	g->len_bytes = 0;
	g->owed = SQLITE_OK;
	if (rc == SQLITE_OK && len_bytes > 0)
		rc = g->real->pMethods->xWrite(g->real, g->held, len_bytes, g->at);
	if (rc == SQLITE_OK && len_bytes > 0 && g->alone != NULL)
		note_piece(g->alone, g->at, len_bytes);
	g->in_doubt |= is_in_doubt(g, rc, len_bytes);
	return rc;
}

/* Where nobody listens to a failure. */
static void hand_on_quietly(struct gathering *g)
{
	g->owed = hand_on(g);
}

/* ---- flushing ---- */

/* A flush that failed may have taken pages from the system's list of what is to be written: the
 * next one would go well and prove nothing. */
static int flush_now(struct gathering *g, int flags)
{
	struct alone *a = g->alone;
	int rc = g->lost || (a != NULL && a->lost) ? SQLITE_IOERR_FSYNC : hand_on(g);

	if (rc != SQLITE_OK || !g->touched)
		return rc;
	rc = g->real->pMethods->xSync(g->real, flags);
	g->touched = rc != SQLITE_OK;
	g->in_doubt |= rc != SQLITE_OK;
	g->fresh &= rc != SQLITE_OK;
	g->lost = g->lingered && rc != SQLITE_OK;
	g->lingered = g->lost;
	if (a != NULL) {
		a->lost = a->put_off && rc != SQLITE_OK;
		a->put_off = a->lost;
		a->piece_count = a->begun = 0;
	}
	return rc;
}

/* What the system begins to write now is not waited for later. bytes 0: all of the file. */
static void begin_writing(const struct gathering *g, sqlite3_int64 at, sqlite3_int64 bytes)
{
	if (g->beginner >= 0)
		sync_file_range(g->beginner, at, bytes, SYNC_FILE_RANGE_WRITE);
}

static int put_off(struct gathering *g)
{
	int rc = g->alone->lost ? SQLITE_IOERR_FSYNC : hand_on(g);

	g->alone->put_off |= rc == SQLITE_OK && g->touched;
	return rc;
}

static int linger(struct gathering *g)
{
	int rc = hand_on(g);

	g->lingered = true;
	if (rc == SQLITE_OK)
		begin_writing(g, 0, 0);
	return rc;
}

/* A checkpoint flushes the WAL that each commit has flushed already: what has not been touched
 * since is on the disk. */
static int flush(sqlite3_file *f, int flags)
{
	struct gathering *g = gathering_of(f);

	if (g->alone != NULL && g->alone->putting_off)
		return put_off(g);
	if (g->of == NULL || !g->of->lingering || g->fresh || g->lost)
		return flush_now(g, flags);
	return linger(g);
}

static int catch_up(struct gathering *g)
{
	return g->alone != NULL && g->alone->put_off ? flush_now(g, SQLITE_SYNC_NORMAL) : SQLITE_OK;
}

/* Before a WAL is written over from its beginning, or cut. */
static int let_go(struct gathering *wal)
{
	return wal->of != NULL ? catch_up(wal->of->file) : SQLITE_OK;
}

/* ---- writing ---- */

static int write_at(sqlite3_file *f, const void *data, int len_bytes, sqlite3_int64 at)
{
	struct gathering *g = gathering_of(f);
	int rc = SQLITE_OK;

	if (at == 0)
		rc = let_go(g);
	if (rc != SQLITE_OK)
		return rc;
	g->touched = 1;
	g->fresh |= at == 0;
	if (g->owed != SQLITE_OK || at != g->at + g->len_bytes ||
		len_bytes > HELD_BYTES - g->len_bytes)
		rc = hand_on(g);
	if (g->held == NULL)
		g->held = malloc(HELD_BYTES);
	if (rc == SQLITE_OK && (g->held == NULL || len_bytes > HELD_BYTES)) {
		rc = g->real->pMethods->xWrite(g->real, data, len_bytes, at);
		g->in_doubt |= rc != SQLITE_OK;
		return rc;
	}
	if (rc != SQLITE_OK)
		return rc;
	if (g->len_bytes == 0)
		g->at = at;
	memcpy(g->held + g->len_bytes, data, (size_t)len_bytes);
	g->len_bytes += len_bytes;
	return SQLITE_OK;
}

/* ---- what needs the bytes to be there ---- */

static int read_at(sqlite3_file *f, void *out, int len_bytes, sqlite3_int64 at)
{
	int rc = catch_up(gathering_of(f));

	if (rc == SQLITE_OK)
		rc = hand_on(gathering_of(f));
	return rc == SQLITE_OK ? real_of(f)->pMethods->xRead(real_of(f), out, len_bytes, at) : rc;
}

static int truncate_to(sqlite3_file *f, sqlite3_int64 size)
{
	int rc = let_go(gathering_of(f));

	if (rc == SQLITE_OK)
		rc = hand_on(gathering_of(f));
	gathering_of(f)->touched = 1;
	return rc == SQLITE_OK ? real_of(f)->pMethods->xTruncate(real_of(f), size) : rc;
}

static int file_size(sqlite3_file *f, sqlite3_int64 *size)
{
	int rc = hand_on(gathering_of(f));

	return rc == SQLITE_OK ? real_of(f)->pMethods->xFileSize(real_of(f), size) : rc;
}

static int control(sqlite3_file *f, int what, void *arg)
{
	hand_on_quietly(gathering_of(f));
	if (what == SQLITE_FCNTL_SIZE_HINT)
		gathering_of(f)->touched = 1;
	return real_of(f)->pMethods->xFileControl(real_of(f), what, arg);
}

/* ---- one connection alone ---- */

static int lock(sqlite3_file *f, int level)
{
	struct alone *a = gathering_of(f)->alone;
	sqlite3_file *real = real_of(f);
	int rc = SQLITE_OK;

	(void)level;
	if (a->locked)
		return SQLITE_OK;
	rc = real->pMethods->xLock(real, SQLITE_LOCK_SHARED);
	if (rc == SQLITE_OK)
		rc = real->pMethods->xLock(real, SQLITE_LOCK_EXCLUSIVE);
	if (rc != SQLITE_OK)
		real->pMethods->xUnlock(real, SQLITE_LOCK_NONE);
	a->locked = rc == SQLITE_OK;
	return rc;
}

/* It stays locked until it is closed. */
static int unlock(sqlite3_file *f, int level)
{
	(void)level;
	hand_on_quietly(gathering_of(f));
	return SQLITE_OK;
}

/* By another: nobody. */
static int reserved(sqlite3_file *f, int *out)
{
	(void)f;
	*out = 0;
	return SQLITE_OK;
}

static int index_part(sqlite3_file *f, int part, int size, int extend, void volatile **out)
{
	void **at;

	if (part >= INDEX_PARTS)
		return SQLITE_NOMEM;
	at = &gathering_of(f)->alone->index[part];
	if (*at == NULL && extend)
		*at = calloc(1, (size_t)size);
	*out = *at;
	if (*at != NULL || !extend)
		return SQLITE_OK;
	/* for a commit whose frames may be on the disk, and which is undone now */
	if (gathering_of(f)->alone->wal != NULL)
		gathering_of(f)->alone->wal->in_doubt = true;
	return SQLITE_NOMEM;
}

static int drop_index(sqlite3_file *f, int remove)
{
	struct alone *a = gathering_of(f)->alone;
	size_t i;

	(void)remove;
	for (i = 0; i < INDEX_PARTS; i++) {
		free(a->index[i]);
		a->index[i] = NULL;
	}
	return SQLITE_OK;
}

/* Who is alone has all locks. That of all readers but the one of the file is asked for when all of
 * the WAL is in the file, to begin it again: refused, it is written on behind its end. */
static int lock_index(sqlite3_file *f, int at, int count, int flags)
{
	struct gathering *g = gathering_of(f);
	const struct alone *a = g->alone;
	bool begins =
		at == READER_1 && count > 1 && flags == (SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE);

	if (!begins || !a->put_off)
		return SQLITE_OK;
	if (a->wal != NULL && a->wal->at < a->wal_bytes)
		return SQLITE_BUSY;
	return catch_up(g) == SQLITE_OK ? SQLITE_OK : SQLITE_BUSY;
}

static void index_barrier(sqlite3_file *f)
{
	(void)f; /* one thread at a time */
}

/* ---- the end ---- */

static void close_alone(struct gathering *g)
{
	if (g->alone == NULL)
		return;
	drop_index(&g->public, 0);
	free(g->alone);
}

static int close_file(sqlite3_file *f)
{
	struct gathering *g = gathering_of(f);
	int rc;

	hand_on_quietly(g);
	free(g->held);
	if (g->of != NULL)
		g->of->wal = NULL;
	rc = g->real->pMethods->xClose(g->real);
	if (g->beginner >= 0)
		close(g->beginner); /* after the file: closed before, it takes its locks along */
	close_alone(g);
	return rc;
}

/* ---- as the system has it ---- */

static int sector_size(sqlite3_file *f)
{
	return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int characteristics(sqlite3_file *f)
{
	return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

/* Version 2: no mapped pages, which could be older than what is held. */
static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = close_file,
	.xRead = read_at,
	.xWrite = write_at,
	.xTruncate = truncate_to,
	.xSync = flush,
	.xFileSize = file_size,
	.xLock = lock,
	.xUnlock = unlock,
	.xCheckReservedLock = reserved,
	.xFileControl = control,
	.xSectorSize = sector_size,
	.xDeviceCharacteristics = characteristics,
	.xShmMap = index_part,
	.xShmLock = lock_index,
	.xShmBarrier = index_barrier,
	.xShmUnmap = drop_index,
};

/* ---- opening ---- */

static sqlite3_vfs *system_vfs(sqlite3_vfs *v)
{
	return v->pAppData;
}

static int adopt_wal(struct gathering *g, const char *name)
{
	int rc = db_journal_renew_wal(g->real, name);

	if (rc != SQLITE_OK)
		return rc;
	g->of = gathering_of(sqlite3_database_file_object(name))->alone;
	g->of->wal = g;
	return SQLITE_OK;
}

static int be_alone(struct gathering *g)
{
	g->alone = calloc(1, sizeof *g->alone);
	if (g->alone == NULL)
		return SQLITE_NOMEM;
	g->alone->file = g;
	return SQLITE_OK;
}

/* The file and its WAL; all others, journals and sorting, are the system's as they are. Who opens
 * one in vain does not close it. */
static int open_file(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *flags_got)
{
	sqlite3_vfs *system = system_vfs(v);
	struct gathering *g = gathering_of(f);
	int rc;

	if ((flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0)
		return system->xOpen(system, name, f, flags, flags_got);
	*g = (struct gathering){
		.touched = 1, .beginner = -1, .real = (sqlite3_file *)(void *)(g + 1)};
	rc = system->xOpen(system, name, g->real, flags, flags_got);
	if (rc == SQLITE_OK)
		rc = (flags & SQLITE_OPEN_WAL) != 0 ? adopt_wal(g, name) : be_alone(g);
	if (rc == SQLITE_OK && name != NULL)
		g->beginner = open(name, O_RDONLY | O_CLOEXEC);
	if (rc != SQLITE_OK && g->real->pMethods != NULL) {
		g->real->pMethods->xClose(g->real);
		g->real->pMethods = NULL;
	}
	g->public.pMethods = g->real->pMethods != NULL ? &methods : NULL;
	return rc;
}

const char *db_gather_vfs(void)
{
	static const char name[] = "gather";
	static sqlite3_vfs gather;
	sqlite3_vfs *system = sqlite3_vfs_find(NULL);

	if (sqlite3_vfs_find(name) != NULL || system == NULL)
		return name;
	gather = *system;
	gather.zName = name;
	gather.pNext = NULL;
	gather.pAppData = system;
	gather.szOsFile += (int)sizeof(struct gathering);
	gather.xOpen = open_file;
	sqlite3_vfs_register(&gather, 0);
	return name;
}

/* ---- the connection's part ---- */

static struct gathering *file_of(sqlite3 *handle)
{
	sqlite3_file *f = NULL;

	if (handle != NULL)
		sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &f);
	return f != NULL && f->pMethods == &methods ? gathering_of(f) : NULL;
}

void db_gather_put_off(struct sqlite3 *handle, int64_t wal_bytes)
{
	struct gathering *g = file_of(handle);

	if (g == NULL)
		return;
	g->alone->putting_off = wal_bytes > 0;
	if (wal_bytes > 0)
		g->alone->wal_bytes = wal_bytes;
}

void db_gather_begin(struct sqlite3 *handle, size_t pieces)
{
	struct gathering *g = file_of(handle);
	struct alone *a = g != NULL ? g->alone : NULL;

	for (; a != NULL && a->begun < a->piece_count && pieces > 0; pieces--, a->begun++)
		begin_writing(g, a->pieces[a->begun].at, a->pieces[a->begun].bytes);
	if (a != NULL && a->begun == a->piece_count)
		a->begun = a->piece_count = 0;
}

int db_gather_catch_up(struct sqlite3 *handle)
{
	struct gathering *g = file_of(handle);

	return g != NULL ? catch_up(g) : SQLITE_OK;
}

void db_gather_linger(struct sqlite3 *handle, bool on)
{
	struct gathering *g = file_of(handle);

	if (g != NULL)
		g->alone->lingering = on;
}

int db_gather_flush_wal(struct sqlite3 *handle)
{
	struct gathering *g = file_of(handle);

	return g != NULL && g->alone->wal != NULL ? flush_now(g->alone->wal, SQLITE_SYNC_NORMAL)
						  : SQLITE_OK;
}

bool db_gather_is_behind(struct sqlite3 *handle)
{
	struct gathering *g = file_of(handle);

	return g != NULL && g->alone->put_off;
}

bool db_gather_is_lost(struct sqlite3 *handle)
{
	struct gathering *g = file_of(handle);

	return g != NULL && (g->alone->lost || (g->alone->wal != NULL && g->alone->wal->lost));
}

bool db_gather_is_in_doubt(struct sqlite3 *handle)
{
	struct gathering *g = file_of(handle);

	return g != NULL && g->alone->wal != NULL && g->alone->wal->in_doubt;
}
