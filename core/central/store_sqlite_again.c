#include "core/central/store_sqlite.h"

#include <sys/stat.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/base/log.h"

enum {
	OPEN_TRIES = 10, /* a disk that has just failed may need a moment */
	OPEN_PAUSE_NS = 100000000,
	AGAIN_MS = 1000 /* between two tries when it needs longer */
};

enum err sqlite_trouble(enum err e)
{
	return e == OK || e == ERR_FULL || e == ERR_READ_ONLY ? e : ERR_IO;
}

/* Where the disk itself has gone, an empty file would be made in its place. */
static bool is_there(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_size > 0;
}

static enum err try_to_open(struct sqlite_store *s)
{
	enum err e = ERR_IO;

	db_close(s->db);
	s->db = NULL;
	if (is_there(s->path))
		e = sqlite_trouble(sqlite_open_file(s, NULL));
	if (e != OK) {
		db_close(s->db);
		s->db = db_none(e);
	}
	s->away = e;
	s->away_ms = clock_mono_ms(&clock_system);
	if (s->wal_bytes == 0)
		s->wal_bytes = 1; /* what its WAL has is worked off at the next quiet moment */
	return e;
}

enum err sqlite_open_file_again(struct sqlite_store *s)
{
	const struct timespec pause = {0, OPEN_PAUSE_NS};
	int tries;

	s->open = false;
	s->open_bytes = 0;
	s->series_n = -1;
	for (tries = 1; try_to_open(s) != OK && tries < OPEN_TRIES; tries++)
		nanosleep(&pause, NULL);
	if (s->away == OK)
		return OK;
	s->losses++;
	log_error("store",
		"%s cannot be opened again: %s. Nothing is taken and nothing read until it can be,"
		" which is tried every second; nothing that was answered is lost. See to its disk"
		" (df, dmesg); the centre need not be started again",
		s->path, err_text(s->away));
	return s->away;
}

enum err sqlite_come_back(struct sqlite_store *s)
{
	if (s->away == OK || clock_mono_ms(&clock_system) - s->away_ms < AGAIN_MS)
		return s->away;
	if (try_to_open(s) == OK)
		log_info("store", "%s is open again", s->path);
	return s->away;
}
