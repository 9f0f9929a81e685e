#include "tests/faults/simdisk.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tests/faults/chance.h"

enum {
	FILES_MAX = 8,
	NAME_MAX_BYTES = 120,
	SECTOR = 512
};

/* A file twice: as readers see it and as the platter has it. */
struct image {
	unsigned char *bytes;
	size_t len, room;
	bool exists;
};

struct file {
	char name[NAME_MAX_BYTES];
	struct image now, platter;
	unsigned char *dirty; /* a mark a sector of `now` written since the last flush */
	size_t dirty_room;
	bool length_dirty;
	bool entry_dirty; /* made or removed, and the folder not flushed since */
	bool another;	  /* the platter's is an older file of this name */
};

struct simdisk {
	sqlite3_vfs vfs;
	sqlite3_vfs *real;
	struct file files[FILES_MAX];
	struct file kept[FILES_MAX];
	struct chance chance;
	uint64_t operations, dies_at; /* dies_at 0: never */
	unsigned per_mille;
	bool dead;
};

struct handle {
	sqlite3_file base;
	struct simdisk *disk;
	struct file *file;
};

/* ---- images ---- */

static void image_length(struct image *i, size_t len)
{
	if (len > i->room) {
		i->room = len < 65536 ? 65536 : len * 2;
		i->bytes = mem_resize(i->bytes, i->room, 1);
	}
	if (len > i->len)
		memset(i->bytes + i->len, 0, len - i->len);
	i->len = len;
}

static void image_copy(struct image *to, const struct image *from)
{
	to->len = 0;
	image_length(to, from->len);
	if (from->len > 0)
		memcpy(to->bytes, from->bytes, from->len);
	to->exists = from->exists;
}

static void mark(struct file *f, size_t from, size_t to)
{
	size_t i, need = to / SECTOR + 1;

	if (need > f->dirty_room) {
		size_t room = need < 256 ? 256 : need * 2;
		f->dirty = mem_resize(f->dirty, room, 1);
		memset(f->dirty + f->dirty_room, 0, room - f->dirty_room);
		f->dirty_room = room;
	}
	for (i = from / SECTOR; i * SECTOR < to; i++)
		f->dirty[i] = 1;
}

static void clean(struct file *f)
{
	if (f->dirty_room > 0)
		memset(f->dirty, 0, f->dirty_room);
	f->length_dirty = f->entry_dirty = f->another = false;
}

static void flush(struct file *f)
{
	image_copy(&f->platter, &f->now);
	clean(f);
}

static void forget(struct file *f)
{
	free(f->now.bytes);
	free(f->platter.bytes);
	free(f->dirty);
	*f = (struct file){0};
}

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
	return d->per_mille > 0 && chance_below(&d->chance, 1000) < d->per_mille;
}

/* What a cut leaves of one file. */
static void lose(struct simdisk *d, struct file *f)
{
	struct image *p = &f->platter;
	size_t i, end;

	if (f->another && chance_below(&d->chance, 2) == 0) {
		image_copy(&f->now, p); /* the folder still names the older one */
		clean(f);
		return;
	}
	if (f->another)
		image_length(p, 0);
	if (f->entry_dirty && chance_below(&d->chance, 2) == 0)
		p->exists = f->now.exists;
	if (f->length_dirty && chance_below(&d->chance, 2) == 0)
		image_length(p, f->now.len);
	for (i = 0; i < f->dirty_room && i * SECTOR < f->now.len; i++) {
		if (!f->dirty[i] || chance_below(&d->chance, 2) == 0)
			continue;
		end = (i + 1) * SECTOR < f->now.len ? (i + 1) * SECTOR : f->now.len;
		if (p->len < end)
			image_length(p, end);
		memcpy(p->bytes + i * SECTOR, f->now.bytes + i * SECTOR, end - i * SECTOR);
	}
	image_copy(&f->now, p);
	clean(f);
}

void simdisk_revive(struct simdisk *d, bool power_cut)
{
	size_t i;

	d->dead = false;
	d->dies_at = 0;
	for (i = 0; power_cut && i < FILES_MAX; i++)
		lose(d, &d->files[i]);
}

/* ---- the methods of a file ---- */

static struct file *file_of(sqlite3_file *base, struct simdisk **d)
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
	struct file *f = file_of(base, &d);
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
	struct file *f = file_of(base, &d);
	bool last, short_of_it;

	if (d->dead)
		return SQLITE_IOERR_WRITE;
	last = last_breath(d);
	short_of_it = last || strikes(d);
	if (short_of_it) /* a part of it may have got there */
		len = (int)chance_below(&d->chance, (uint64_t)len);
	if (len > 0 && (size_t)at + (size_t)len > f->now.len) {
		image_length(&f->now, (size_t)at + (size_t)len);
		f->length_dirty = true;
	}
	if (len > 0) {
		memcpy(f->now.bytes + at, data, (size_t)len);
		mark(f, (size_t)at, (size_t)at + (size_t)len);
	}
	if (last)
		return SQLITE_IOERR_WRITE;
	if (short_of_it)
		return chance_below(&d->chance, 2) == 0 ? SQLITE_FULL : SQLITE_IOERR_WRITE;
	return SQLITE_OK;
}

static int sim_truncate(sqlite3_file *base, sqlite3_int64 len)
{
	struct simdisk *d;
	struct file *f = file_of(base, &d);

	if (d->dead || last_breath(d) || strikes(d))
		return SQLITE_IOERR_TRUNCATE;
	image_length(&f->now, (size_t)len);
	f->length_dirty = true;
	return SQLITE_OK;
}

static int sim_sync(sqlite3_file *base, int flags)
{
	struct simdisk *d;
	struct file *f = file_of(base, &d);

	(void)flags;
	if (d->dead || last_breath(d) || strikes(d))
		return SQLITE_IOERR_FSYNC;
	flush(f);
	return SQLITE_OK;
}

static int sim_size(sqlite3_file *base, sqlite3_int64 *out)
{
	struct simdisk *d;
	struct file *f = file_of(base, &d);

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
	return SECTOR;
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

static struct simdisk *disk_of(sqlite3_vfs *vfs)
{
	return (struct simdisk *)(void *)vfs; /* its first member */
}

static struct file *find(struct simdisk *d, const char *name, bool make)
{
	struct file *free_one = NULL;
	size_t i;

	for (i = 0; i < FILES_MAX; i++) {
		if (strcmp(d->files[i].name, name) == 0)
			return &d->files[i];
		if (d->files[i].name[0] == '\0' && free_one == NULL)
			free_one = &d->files[i];
	}
	if (!make)
		return NULL;
	if (free_one == NULL)
		abort();
	snprintf(free_one->name, sizeof free_one->name, "%s", name);
	return free_one;
}

static int sim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *given)
{
	struct simdisk *d = disk_of(vfs);
	struct handle *h = (struct handle *)base;
	struct file *f;

	base->pMethods = NULL;
	if (d->dead)
		return SQLITE_CANTOPEN;
	f = find(d, name != NULL ? name : "nameless", true);
	if (!f->now.exists && (flags & SQLITE_OPEN_CREATE) == 0)
		return SQLITE_CANTOPEN;
	if (!f->now.exists) {
		f->now.exists = true;
		f->entry_dirty = true;
		f->length_dirty = f->now.len > 0;
		image_length(&f->now, 0);
		f->another = f->platter.exists;
		if (!f->another) /* not the bytes of one removed long ago */
			image_length(&f->platter, 0);
		if (f->dirty_room > 0)
			memset(f->dirty, 0, f->dirty_room);
	}
	*h = (struct handle){{&methods}, d, f};
	if (given != NULL)
		*given = flags;
	return SQLITE_OK;
}

static int sim_delete(sqlite3_vfs *vfs, const char *name, int flush_folder)
{
	struct simdisk *d = disk_of(vfs);
	struct file *f = find(d, name, false);

	if (d->dead || last_breath(d) || strikes(d))
		return SQLITE_IOERR_DELETE;
	if (f == NULL || !f->now.exists)
		return SQLITE_IOERR_DELETE_NOENT;
	f->now.exists = false;
	f->entry_dirty = true;
	if (flush_folder) {
		if (last_breath(d))
			return SQLITE_IOERR_DIR_FSYNC;
		f->platter.exists = false;
		f->entry_dirty = false;
	}
	return SQLITE_OK;
}

static int sim_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	struct simdisk *d = disk_of(vfs);
	struct file *f = find(d, name, false);

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

	for (i = 0; i < len; i++)
		out[i] = (char)chance_below(&disk_of(vfs)->chance, 256);
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
	d->real = sqlite3_vfs_find(NULL);
	d->vfs = (sqlite3_vfs){.iVersion = 1,
		.szOsFile = sizeof(struct handle),
		.mxPathname = NAME_MAX_BYTES - 1,
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
	size_t i;

	sqlite3_vfs_register(d->real, 1);
	sqlite3_vfs_unregister(&d->vfs);
	for (i = 0; i < FILES_MAX; i++) {
		forget(&d->files[i]);
		forget(&d->kept[i]);
	}
	free(d);
}

void simdisk_begin(struct simdisk *d, uint64_t seed)
{
	size_t i;

	for (i = 0; i < FILES_MAX; i++) {
		struct file *f = &d->files[i];
		memcpy(f->name, d->kept[i].name, sizeof f->name);
		image_copy(&f->now, &d->kept[i].now);
		flush(f);
	}
	d->chance.state = seed;
	d->operations = d->dies_at = 0;
	d->per_mille = 0;
	d->dead = false;
	sqlite3_randomness(0, NULL); /* its generator too begins anew, from xRandomness */
}

void simdisk_keep(struct simdisk *d)
{
	size_t i;

	for (i = 0; i < FILES_MAX; i++) {
		memcpy(d->kept[i].name, d->files[i].name, sizeof d->kept[i].name);
		image_copy(&d->kept[i].now, &d->files[i].now);
	}
}

void simdisk_die_after(struct simdisk *d, uint64_t operations)
{
	d->dies_at = d->operations + operations + 1;
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
