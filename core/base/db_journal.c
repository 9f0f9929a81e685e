#include "core/base/db_journal.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdlib.h>

#include "core/base/mem.h"

/* All but opening is the default's; it is looked up anew so that nothing is kept here. */
static sqlite3_vfs *real(void)
{
	return sqlite3_vfs_find(NULL);
}

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *given)
{
	int rc = real()->xOpen(real(), name, file, flags, given);

	(void)vfs;
	/* to be written: to be read (is it hot?) it is opened without CREATE */
	if (rc != SQLITE_OK || !(flags & SQLITE_OPEN_MAIN_JOURNAL) || !(flags & SQLITE_OPEN_CREATE))
		return rc;
	rc = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
	if (rc != SQLITE_OK) {
		file->pMethods->xClose(file);
		file->pMethods = NULL;
	}
	return rc;
}

static int remove_file(sqlite3_vfs *vfs, const char *name, int flush_folder)
{
	(void)vfs;
	return real()->xDelete(real(), name, flush_folder);
}

static int access_file(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	(void)vfs;
	return real()->xAccess(real(), name, flags, out);
}

static int full_path(sqlite3_vfs *vfs, const char *name, int room, char *out)
{
	(void)vfs;
	return real()->xFullPathname(real(), name, room, out);
}

static int randomness(sqlite3_vfs *vfs, int len, char *out)
{
	(void)vfs;
	return real()->xRandomness(real(), len, out);
}

static int sleep_us(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	return real()->xSleep(real(), us);
}

static int current_time(sqlite3_vfs *vfs, double *out)
{
	(void)vfs;
	return real()->xCurrentTime(real(), out);
}

static int last_error(sqlite3_vfs *vfs, int room, char *out)
{
	(void)vfs;
	return real()->xGetLastError != NULL ? real()->xGetLastError(real(), room, out) : 0;
}

enum err db_journal_settle(struct sqlite3 *handle)
{
	const char *main_file = sqlite3_db_filename(handle, "main");
	const char *name = main_file != NULL && *main_file != '\0'
				   ? sqlite3_filename_journal(main_file)
				   : NULL;
	sqlite3_vfs *vfs = real();
	sqlite3_file *file;
	int there = 0, rc;

	if (name == NULL) /* a database in memory */
		return OK;
	rc = vfs->xAccess(vfs, name, SQLITE_ACCESS_EXISTS, &there);
	if (rc != SQLITE_OK || !there) /* there is none, or it holds nothing */
		return rc == SQLITE_OK ? OK : ERR_IO;
	file = mem_alloc((size_t)vfs->szOsFile);
	rc = vfs->xOpen(vfs, name, file, SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_JOURNAL, NULL);
	if (rc == SQLITE_OK)
		rc = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
	if (file->pMethods != NULL)
		file->pMethods->xClose(file);
	free(file);
	return rc == SQLITE_OK ? OK : ERR_IO;
}

const char *db_journal_vfs(void)
{
	/* SQLite keeps a list through it; nobody else writes to it once it is registered. */
	static sqlite3_vfs vfs = {.iVersion = 1,
		.zName = "yimen",
		.xOpen = open_file,
		.xDelete = remove_file,
		.xAccess = access_file,
		.xFullPathname = full_path,
		.xRandomness = randomness,
		.xSleep = sleep_us,
		.xCurrentTime = current_time,
		.xGetLastError = last_error};

	if (real() == NULL) /* SQLite cannot begin, for want of memory: opening will say so */
		return NULL;
	if (sqlite3_vfs_find(vfs.zName) == NULL) {
		vfs.szOsFile = real()->szOsFile;
		vfs.mxPathname = real()->mxPathname;
		sqlite3_vfs_register(&vfs, 0);
	}
	return vfs.zName;
}
