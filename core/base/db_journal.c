#include "core/base/db_journal.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdlib.h>

#include "core/base/mem.h"

static enum err flush(sqlite3_vfs *vfs, const char *name)
{
	sqlite3_file *file = mem_alloc((size_t)vfs->szOsFile);
	int rc = vfs->xOpen(vfs, name, file, SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_JOURNAL, NULL);

	if (rc == SQLITE_OK)
		rc = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
	if (file->pMethods != NULL)
		file->pMethods->xClose(file);
	free(file);
	return rc == SQLITE_OK ? OK : ERR_IO;
}

enum err db_journal_settle(struct sqlite3 *handle)
{
	const char *main_file = sqlite3_db_filename(handle, "main"), *name;
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	int there = 0;

	if (main_file == NULL || main_file[0] == '\0') /* a database in memory */
		return OK;
	name = sqlite3_filename_journal(main_file);
	if (vfs->xAccess(vfs, name, SQLITE_ACCESS_EXISTS, &there) != SQLITE_OK)
		return ERR_IO;
	return there ? flush(vfs, name) : OK; /* an empty one holds nothing */
}
