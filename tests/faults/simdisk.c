#include "tests/faults/simdisk.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tests/faults/chance.h"
#include "tests/faults/platter.h"

struct simdisk {
	sqlite3_vfs vfs;
	sqlite3_vfs *real;
	struct platter files, kept;
	struct chance chance;
	uint64_t operations, dies_at, fails_at; /* 0: never */
	unsigned per_mille;
	bool dead;
};

struct handle {
	sqlite3_file base;
	struct simdisk *disk;
	struct platter_file *file;
};

/* ---- what goes wrong ---- */

/* Counts an operation; true: it happens now that all is over. */
static bool last_breath(struct simdisk *d)
{
	d->operations++;
	if (d->dies_at == 0 || d->operations < d->dies_at)
		return false;
	d->dead = true;
	return true;
}

static bool strikes(struct simdisk *d)
{
	if (d->operations == d->fails_at)
		return true;
	return d->per_mille > 0 && chance_below(&d->chance, 1000) < d->per_mille;
}

void simdisk_revive(struct simdisk *d, bool power_cut)
{
	d->dead = false;
	d->dies_at = d->fails_at = 0;
	if (power_cut)
		platter_lose(&d->files, &d->chance);
}

/* ---- the methods of a file ---- */

static struct platter_file *file_of(sqlite3_file *base, struct simdisk **d)
{
	struct handle *h = (struct handle *)base;

	*d = h->disk;
	return h->file;
}

static int sim_close(sqlite3_file *base)
{
	(void)base;
	return SQLITE_OK;
}

static int sim_read(sqlite3_file *base, void *out, int len, sqlite3_int64 at)
{
	struct simdisk *d;
	struct platter_file *f = file_of(base, &d);
	size_t have = (size_t)at < f->now.len ? f->now.len - (size_t)at : 0;

	if (d->dead)
		return SQLITE_IOERR_READ;
	if (have > (size_t)len)
		have = (size_t)len;
	if (have > 0)
		memcpy(out, f->now.bytes + at, have);
	memset((char *)out + have, 0, (size_t)len - have);
	return have < (size_t)len ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int sim_write(sqlite3_file *base, const void *data, int len, sqlite3_int64 at)
{
	struct simdisk *d;
	struct platter_file *f = file_of(base, &d);
	bool last, short_of_it;

	if (d->dead)
		return SQLITE_IOERR_WRITE;
	last = last_breath(d);
	short_of_it = last || strikes(d);
	if (short_of_it) /* a part of it may have got there */
		len = (int)chance_below(&d->chance, (uint64_t)len);
	platter_write(f, data, (size_t)len, (size_t)at);
	if (last)
		return SQLITE_IOERR_WRITE;
	if (short_of_it)
		return chance_below(&d->chance, 2) == 0 ? SQLITE_FULL : SQLITE_IOERR_WRITE;
	return SQLITE_OK;
}

static int sim_truncate(sqlite3_file *base, sqlite3_int64 len)
{
	struct simdisk *d;
	struct platter_file *f = file_of(base, &d);

	if (d->dead || last_breath(d) || strikes(d))
		return SQLITE_IOERR_TRUNCATE;
	platter_length(f, (size_t)len);
	return SQLITE_OK;
}

static int sim_sync(sqlite3_file *base, int flags)
{
	struct simdisk *d;
	struct platter_file *f = file_of(base, &d);

	(void)flags;
	if (d->dead || last_breath(d))
		return SQLITE_IOERR_FSYNC;
	if (strikes(d)) {
		platter_forsake(f);
		return SQLITE_IOERR_FSYNC;
	}
	platter_flush(f);
	platter_flush_entry(f); /* SQLite on Unix flushes the folder of a new file with it */
	return SQLITE_OK;
}

static int sim_size(sqlite3_file *base, sqlite3_int64 *out)
{
	struct simdisk *d;
	struct platter_file *f = file_of(base, &d);

	if (d->dead)
		return SQLITE_IOERR_FSTAT;
	*out = (sqlite3_int64)f->now.len;
	return SQLITE_OK;
}

/* One program at a time: locks are always to be had. */
static int sim_lock(sqlite3_file *base, int level)
{
	(void)base;
	(void)level;
	return SQLITE_OK;
}

static int sim_reserved(sqlite3_file *base, int *out)
{
	(void)base;
	*out = 0;
	return SQLITE_OK;
}

static int sim_control(sqlite3_file *base, int op, void *arg)
{
	(void)base;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int sim_sector(sqlite3_file *base)
{
	(void)base;
	return PLATTER_SECTOR;
}

static int sim_abilities(sqlite3_file *base)
{
	(void)base;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE; /* as SQLite takes it on Linux */
}

static const sqlite3_io_methods methods = {
	.iVersion = 1,
	.xClose = sim_close,
	.xRead = sim_read,
	.xWrite = sim_write,
	.xTruncate = sim_truncate,
	.xSync = sim_sync,
	.xFileSize = sim_size,
	.xLock = sim_lock,
	.xUnlock = sim_lock,
	.xCheckReservedLock = sim_reserved,
	.xFileControl = sim_control,
	.xSectorSize = sim_sector,
	.xDeviceCharacteristics = sim_abilities,
};

/* ---- the methods of the disk ---- */

/* One a process: what stands on it may hand on its own VFS with our methods (db_gather.c). */
static struct simdisk *the_disk;

static int sim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *given)
{
	struct simdisk *d = the_disk;
	struct handle *h = (struct handle *)base;
	struct platter_file *f;

	(void)vfs;
	base->pMethods = NULL;
	if (d->dead)
		return SQLITE_CANTOPEN;
	f = platter_find(&d->files, name != NULL ? name : "nameless", true);
	if (!f->now.exists && (flags & SQLITE_OPEN_CREATE) == 0)
		return SQLITE_CANTOPEN;
	if (!f->now.exists)
		platter_create(f);
	*h = (struct handle){{&methods}, d, f};
	if (given != NULL)
		*given = flags;
	return SQLITE_OK;
}

static int sim_delete(sqlite3_vfs *vfs, const char *name, int flush_folder)
{
	struct simdisk *d = the_disk;
	struct platter_file *f = platter_find(&d->files, name, false);

	(void)vfs;
	if (d->dead || last_breath(d) || strikes(d))
		return SQLITE_IOERR_DELETE;
	if (f == NULL || !f->now.exists)
		return SQLITE_IOERR_DELETE_NOENT;
	platter_remove(f);
	if (flush_folder) {
		if (last_breath(d))
			return SQLITE_IOERR_DIR_FSYNC;
		platter_flush_entry(f);
	}
	return SQLITE_OK;
}

static int sim_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	struct simdisk *d = the_disk;
	struct platter_file *f = platter_find(&d->files, name, false);

	(void)vfs;
	*out = f != NULL && f->now.exists && (flags != SQLITE_ACCESS_EXISTS || f->now.len > 0);
	return d->dead ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

static int sim_full_path(sqlite3_vfs *vfs, const char *name, int room, char *out)
{
	(void)vfs;
	sqlite3_snprintf(room, out, "%s", name);
	return SQLITE_OK;
}

static int sim_randomness(sqlite3_vfs *vfs, int len, char *out)
{
	int i;

	(void)vfs;
	for (i = 0; i < len; i++)
		out[i] = (char)chance_below(&the_disk->chance, 256);
	return len;
}

static int sim_time(sqlite3_vfs *vfs, double *out)
{
	(void)vfs;
	*out = 2461000.5; /* nothing of ours asks SQLite for the time */
	return SQLITE_OK;
}

struct simdisk *simdisk_new(void)
{
	struct simdisk *d = mem_alloc(sizeof *d);

	/* One thread, no statistics: half of a story is SQLite's own bookkeeping otherwise. */
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 1200, 500);
	the_disk = d;
	d->real = sqlite3_vfs_find(NULL);
	d->vfs = (sqlite3_vfs){.iVersion = 1,
		.szOsFile = sizeof(struct handle),
		.mxPathname = PLATTER_NAME_MAX - 1,
		.zName = "simdisk",
		.xOpen = sim_open,
		.xDelete = sim_delete,
		.xAccess = sim_access,
		.xFullPathname = sim_full_path,
		.xRandomness = sim_randomness,
		.xSleep = d->real->xSleep,
		.xCurrentTime = sim_time};
	sqlite3_vfs_register(&d->vfs, 1);
	return d;
}

void simdisk_free(struct simdisk *d)
{
	sqlite3_vfs_register(d->real, 1);
	sqlite3_vfs_unregister(&d->vfs);
	platter_fini(&d->files);
	platter_fini(&d->kept);
	free(d);
}

void simdisk_begin(struct simdisk *d, uint64_t seed)
{
	platter_copy(&d->files, &d->kept);
	d->chance.state = seed;
	d->operations = d->dies_at = d->fails_at = 0;
	d->per_mille = 0;
	d->dead = false;
	sqlite3_randomness(0, NULL); /* its generator too begins anew, from xRandomness */
}

void simdisk_clear(struct simdisk *d)
{
	platter_fini(&d->files);
	d->files = (struct platter){0};
}

void simdisk_keep(struct simdisk *d)
{
	platter_copy(&d->kept, &d->files);
}

void simdisk_die_after(struct simdisk *d, uint64_t operations)
{
	d->dies_at = d->operations + operations + 1;
}

void simdisk_die(struct simdisk *d)
{
	d->dead = true;
}

void simdisk_fail_after(struct simdisk *d, uint64_t operations)
{
	d->fails_at = d->operations + operations + 1;
}

bool simdisk_is_dead(const struct simdisk *d)
{
	return d->dead;
}

void simdisk_trouble(struct simdisk *d, unsigned per_mille)
{
	d->per_mille = per_mille;
}

uint64_t simdisk_operations(const struct simdisk *d)
{
	return d->operations;
}
