/*
 * The papers of a backup. A paper never changes and has the SHA-256 of its bytes for a name, so one
 * that the backup has is not copied again; but a disk may lose what lay on it for a year. So what
 * is copied is summed up on the way, and each time a share of what the backup has is read over: the
 * papers of one day in 32, or all of them when that is asked for.
 */
#ifndef YIMEN_CORE_CENTRAL_BACKUP_PAPERS_H
#define YIMEN_CORE_CENTRAL_BACKUP_PAPERS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"

struct buf;

struct backup_papers {
	int32_t day;   /* clock_day: which share is read over */
	bool read_all; /* the whole of it instead */
	bool show;     /* how far it is, on a terminal */
	/* What became of them. */
	long long all, copied, read;
	long long mended; /* what the backup had was damaged, and was copied again */
	long long broken; /* damaged at the centre itself: not copied */
};

/* From dir/papers to folder/papers, made when absent. A paper that is broken is told, with what to
 * do, and counted; the others go on. */
enum err backup_papers(
	struct backup_papers *p, const char *dir, const char *folder, struct buf *why);

#endif
