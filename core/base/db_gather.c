#include "core/base/db_gather.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/db_journal.h"

enum {
	HELD_BYTES = 120 << 10 /* the system's own methods take less than 128 KiB at once */
};

struct gathering {
	sqlite3_file public; /* first: SQLite knows this part */
	char *held;	     /* NULL: nothing was written yet */
	sqlite3_int64 at;    /* where in the file it belongs */
	int len_bytes;
	int touched; /* something was written since the last flush that went well, or nobody knows
		      */
	int owed;    /* a failure that could not be told when it happened */
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

/* What the system did not take is dropped: SQLite learns of it and undoes what it belonged to. */
static int hand_on(struct gathering *g)
{
	int len_bytes = g->len_bytes, rc = g->owed;

	g->len_bytes = 0;
	g->owed = SQLITE_OK;
	if (rc == SQLITE_OK && len_bytes > 0)
		rc = g->real->pMethods->xWrite(g->real, g->held, len_bytes, g->at);
	return rc;
}

/* Where nobody listens to a failure. */
static void hand_on_quietly(struct gathering *g)
{
	g->owed = hand_on(g);
}

static int write_at(sqlite3_file *f, const void *data, int len_bytes, sqlite3_int64 at)
{
	struct gathering *g = gathering_of(f);
	int rc = SQLITE_OK;

	g->touched = 1;
	if (g->owed != SQLITE_OK || at != g->at + g->len_bytes ||
		len_bytes > HELD_BYTES - g->len_bytes)
		rc = hand_on(g);
	if (g->held == NULL)
		g->held = malloc(HELD_BYTES);
	if (rc == SQLITE_OK && (g->held == NULL || len_bytes > HELD_BYTES))
		return g->real->pMethods->xWrite(g->real, data, len_bytes, at);
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
	int rc = hand_on(gathering_of(f));

	return rc == SQLITE_OK ? real_of(f)->pMethods->xRead(real_of(f), out, len_bytes, at) : rc;
}

/* A checkpoint flushes the WAL that each commit has flushed already: what has not been touched
 * since is on the disk. */
static int flush(sqlite3_file *f, int flags)
{
	struct gathering *g = gathering_of(f);
	int rc = hand_on(g);

	if (rc == SQLITE_OK && g->touched)
		rc = real_of(f)->pMethods->xSync(real_of(f), flags);
	if (rc == SQLITE_OK)
		g->touched = 0;
	return rc;
}

static int truncate_to(sqlite3_file *f, sqlite3_int64 size)
{
	int rc = hand_on(gathering_of(f));

	gathering_of(f)->touched = 1;
	return rc == SQLITE_OK ? real_of(f)->pMethods->xTruncate(real_of(f), size) : rc;
}

static int file_size(sqlite3_file *f, sqlite3_int64 *size)
{
	int rc = hand_on(gathering_of(f));

	return rc == SQLITE_OK ? real_of(f)->pMethods->xFileSize(real_of(f), size) : rc;
}

static int unlock(sqlite3_file *f, int level)
{
	hand_on_quietly(gathering_of(f));
	return real_of(f)->pMethods->xUnlock(real_of(f), level);
}

static int control(sqlite3_file *f, int what, void *arg)
{
	hand_on_quietly(gathering_of(f));
	if (what == SQLITE_FCNTL_SIZE_HINT)
		gathering_of(f)->touched = 1;
	return real_of(f)->pMethods->xFileControl(real_of(f), what, arg);
}

static int close_file(sqlite3_file *f)
{
	struct gathering *g = gathering_of(f);

	hand_on_quietly(g);
	free(g->held);
	return g->real->pMethods->xClose(g->real);
}

/* ---- what does not ---- */

static int lock(sqlite3_file *f, int level)
{
	return real_of(f)->pMethods->xLock(real_of(f), level);
}

static int reserved(sqlite3_file *f, int *out)
{
	return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}

static int sector_size(sqlite3_file *f)
{
	return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int characteristics(sqlite3_file *f)
{
	return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **out)
{
	return real_of(f)->pMethods->xShmMap(real_of(f), region, size, extend, out);
}

static int shm_lock(sqlite3_file *f, int at, int count, int flags)
{
	return real_of(f)->pMethods->xShmLock(real_of(f), at, count, flags);
}

static void shm_barrier(sqlite3_file *f)
{
	real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int shm_unmap(sqlite3_file *f, int remove)
{
	return real_of(f)->pMethods->xShmUnmap(real_of(f), remove);
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
	.xShmMap = shm_map,
	.xShmLock = shm_lock,
	.xShmBarrier = shm_barrier,
	.xShmUnmap = shm_unmap,
};

/* ---- opening ---- */

static sqlite3_vfs *system_vfs(sqlite3_vfs *v)
{
	return v->pAppData;
}

/* Who opens the file in vain does not close it. */
static int renew_wal(sqlite3_file *wal, const char *name)
{
	int rc = db_journal_renew_wal(wal, name);

	if (rc != SQLITE_OK) {
		wal->pMethods->xClose(wal);
		wal->pMethods = NULL;
	}
	return rc;
}

/* The file and its WAL; all others, journals and sorting, are the system's as they are. */
static int open_file(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *flags_got)
{
	sqlite3_vfs *system = system_vfs(v);
	struct gathering *g = gathering_of(f);
	int rc;

	if ((flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0)
		return system->xOpen(system, name, f, flags, flags_got);
	*g = (struct gathering){.touched = 1, .real = (sqlite3_file *)(void *)(g + 1)};
	rc = system->xOpen(system, name, g->real, flags, flags_got);
	if (rc == SQLITE_OK && (flags & SQLITE_OPEN_WAL) != 0)
		rc = renew_wal(g->real, name);
	if (g->real->pMethods != NULL)
		g->public.pMethods = &methods;
	return rc;
}

const char *db_gather_vfs(void)
{
	static const char name[] = "gather";
	static sqlite3_vfs gather;
	sqlite3_vfs *system;

	if (sqlite3_vfs_find(name) != NULL)
		return name;
	system = sqlite3_vfs_find(NULL);
	if (system == NULL)
		return NULL;
	gather = *system;
	gather.zName = name;
	gather.pNext = NULL;
	gather.pAppData = system;
	gather.szOsFile += (int)sizeof(struct gathering);
	gather.xOpen = open_file;
	return sqlite3_vfs_register(&gather, 0) == SQLITE_OK ? name : NULL;
}
