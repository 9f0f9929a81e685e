#include "core/base/db_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/mem.h"

enum {
	PIECE_BYTES = 64 << 10,
	HEAD_BYTES = 512 /* by 28 of them a journal says whether it holds anything */
};

/* ---- what the journal holds ---- */

/* NULL for a database in memory. */
static const char *journal_of(struct sqlite3 *handle)
{
	const char *file = sqlite3_db_filename(handle, "main");

	return file == NULL || file[0] == '\0' ? NULL : sqlite3_filename_journal(file);
}

/* So many bytes, as they are. */
static int write_again(sqlite3_file *file, sqlite3_int64 len)
{
	char *piece = mem_alloc(PIECE_BYTES);
	int rc = SQLITE_OK, len_bytes;
	sqlite3_int64 at;

	for (at = 0; at < len && rc == SQLITE_OK; at += len_bytes) {
		len_bytes = len - at < PIECE_BYTES ? (int)(len - at) : PIECE_BYTES;
		rc = file->pMethods->xRead(file, piece, len_bytes, at);
		if (rc == SQLITE_OK)
			rc = file->pMethods->xWrite(file, piece, len_bytes, at);
	}
	free(piece);
	return rc;
}

static int write_head_again(sqlite3_file *journal)
{
	sqlite3_int64 len = 0;
	int rc = journal->pMethods->xFileSize(journal, &len);

	return rc == SQLITE_OK ? write_again(journal, len < HEAD_BYTES ? len : HEAD_BYTES) : rc;
}

static enum err flush(sqlite3_vfs *vfs, const char *name, bool anew)
{
	const int how = anew ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
	sqlite3_file *file = mem_alloc((size_t)vfs->szOsFile);
	int rc = vfs->xOpen(vfs, name, file, how | SQLITE_OPEN_MAIN_JOURNAL, NULL);

	if (rc == SQLITE_OK && anew)
		rc = write_head_again(file);
	if (rc == SQLITE_OK)
		rc = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
	if (file->pMethods != NULL)
		file->pMethods->xClose(file);
	free(file);
	return rc == SQLITE_OK ? OK : rc == SQLITE_FULL ? ERR_FULL : ERR_IO;
}

static bool can(sqlite3_vfs *vfs, const char *name, int what)
{
	int yes = 0;

	/* what cannot be looked at is tried */
	return vfs->xAccess(vfs, name, what, &yes) != SQLITE_OK || yes != 0;
}

bool db_journal_holds_any(struct sqlite3 *handle)
{
	const char *name = journal_of(handle);

	return name != NULL && can(sqlite3_vfs_find(NULL), name, SQLITE_ACCESS_EXISTS);
}

bool db_journal_undoes(struct sqlite3 *handle)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	sqlite3_file *file;
	char first = '\0';
	int rc;

	if (!db_journal_holds_any(handle))
		return false;
	file = mem_alloc((size_t)vfs->szOsFile);
	rc = vfs->xOpen(vfs, journal_of(handle), file,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_JOURNAL, NULL);
	if (rc == SQLITE_OK)
		rc = file->pMethods->xRead(file, &first, 1, 0);
	if (file->pMethods != NULL)
		file->pMethods->xClose(file);
	free(file);
	return rc == SQLITE_OK && first != '\0';
}

enum err db_journal_flush(struct sqlite3 *handle)
{
	if (!db_journal_holds_any(handle))
		return OK;
	return flush(sqlite3_vfs_find(NULL), journal_of(handle), false);
}

enum err db_journal_renew(struct sqlite3 *handle)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);

	if (!db_journal_holds_any(handle))
		return OK;
	return can(vfs, journal_of(handle), SQLITE_ACCESS_READWRITE)
		       ? flush(vfs, journal_of(handle), true)
		       : ERR_DENIED;
}

/* ---- its name in the folder ---- */

/*
 * A journal whose name is on the disk. The file is kept open so that no other can get its number
 * while we compare; SQLite locks the database and never the journal, so closing it frees no lock.
 */
struct kept {
	struct kept *next;
	char *name;
	int fd;
};

static struct kept *all_kept;

static void forget(const char *name)
{
	for (struct kept **at = &all_kept; *at != NULL; at = &(*at)->next) {
		struct kept *k = *at;
		if (strcmp(k->name, name) != 0)
			continue;
		*at = k->next;
		close(k->fd);
		free(k->name);
		free(k);
		return;
	}
}

void db_journal_forget(struct sqlite3 *handle)
{
	const char *name = handle != NULL ? journal_of(handle) : NULL;

	if (name != NULL)
		forget(name);
}

/* The file of this name is the one whose name we flushed: it was not removed or replaced since. */
static bool is_kept(const char *name)
{
	struct stat now, then;
	struct kept *k = all_kept;

	while (k != NULL && strcmp(k->name, name) != 0)
		k = k->next;
	return k != NULL && stat(name, &now) == 0 && fstat(k->fd, &then) == 0 &&
	       now.st_dev == then.st_dev && now.st_ino == then.st_ino;
}

static bool flush_folder(const char *name)
{
	const char *slash = strrchr(name, '/');
	char *folder =
		slash != NULL ? mem_strndup(name, (size_t)(slash - name) + 1) : mem_strdup(".");
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;
	int cause = errno;

	if (fd >= 0)
		close(fd);
	free(folder);
	errno = cause;
	return good;
}

/* What fails so is not tried again behind our back: SQLite does not heed how that goes. Others say
 * that this file system has no such flush. */
static bool is_loss(int cause)
{
	return cause == EIO || cause == ENOSPC || cause == EDQUOT;
}

/* Made again, it is a change of the folder again, which the next flush has to write. One that holds
 * something is somebody's. */
static void remove_empty(const char *name)
{
	struct stat st;

	if (lstat(name, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0)
		unlink(name);
}

/* Not remembered when the file system does not tell: then SQLite goes on flushing the folder
 * itself. false: the name may be lost at a power cut, and with it the way back. */
static bool keep(const char *name)
{
	struct kept *k;
	int fd = open(name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return true;
	if (!flush_folder(name)) {
		bool lost = is_loss(errno);
		close(fd);
		return !lost;
	}
	k = mem_alloc(sizeof *k);
	*k = (struct kept){.next = all_kept, .name = mem_strdup(name), .fd = fd};
	all_kept = k;
	return true;
}

/*
 * A journal is opened in each transaction, under the lock that lets one program write: its file
 * does not change between our look and the opening. SQLite flushes the folder of a journal that it
 * was allowed to make.
 */
static int open_journal(sqlite3_vfs *system, const char *name, sqlite3_file *f, int flags, int *got)
{
	int rc;

	if (is_kept(name))
		return system->xOpen(system, name, f, flags & ~SQLITE_OPEN_CREATE, got);
	forget(name);
	rc = system->xOpen(system, name, f, flags, got);
	if (rc != SQLITE_OK || keep(name))
		return rc;
	f->pMethods->xClose(f);
	f->pMethods = NULL;
	remove_empty(name);
	return SQLITE_IOERR_DIR_FSYNC;
}

static int open_file(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *got)
{
	sqlite3_vfs *system = v->pAppData;

	if (name != NULL && (flags & SQLITE_OPEN_MAIN_JOURNAL) && (flags & SQLITE_OPEN_CREATE))
		return open_journal(system, name, f, flags, got);
	return system->xOpen(system, name, f, flags, got);
}

/* NULL: not the usual one, and its files are none that we could look at. */
static sqlite3_vfs *usual_system(void)
{
	sqlite3_vfs *system = sqlite3_vfs_find(NULL);

	return system != NULL && strcmp(system->zName, "unix") == 0 ? system : NULL;
}

const char *db_journal_vfs(void)
{
	static const char name[] = "journal";
	static sqlite3_vfs journal;
	sqlite3_vfs *system = usual_system();

	if (system == NULL)
		return NULL;
	if (sqlite3_vfs_find(name) != NULL)
		return name;
	journal = *system;
	journal.zName = name;
	journal.pNext = NULL;
	journal.pAppData = system;
	journal.xOpen = open_file;
	return sqlite3_vfs_register(&journal, 0) == SQLITE_OK ? name : NULL;
}

/* ---- what a WAL holds ---- */

/* An empty one holds nothing. SQLite flushes the folder of a WAL too, but does not say if it could
 * not. */
int db_journal_renew_wal(sqlite3_file *wal, const char *name)
{
	sqlite3_int64 size = 0;
	int rc = wal->pMethods->xFileSize(wal, &size);

	if (rc == SQLITE_OK && size > 0)
		rc = write_again(wal, size);
	if (rc == SQLITE_OK && size > 0)
		rc = wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL);
	if (rc == SQLITE_OK && usual_system() != NULL && !flush_folder(name))
		rc = SQLITE_IOERR_DIR_FSYNC;
	return rc;
}
