/*
 * The file of one case (案卷) as its letters and the office's acts make it together: what was
 * handed in, by which day it must be decided, which materials are still owed (容缺).
 */
#ifndef YIMEN_CORE_CENTRAL_DOSSIER_H
#define YIMEN_CORE_CENTRAL_DOSSIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/json.h"

struct buf;
struct central_store;

struct dossier_owed {
	const char *name; /* borrowed from the dossier */
	int32_t day;	  /* the last day, since 1970 */
};

/* A letter about an act with why warnings of its form were accepted. */
struct dossier_act {
	const char *kind; /* of the letter */
	json *letter;
};

struct dossier {
	json *application; /* the newest version; NULL: there is none */
	json *accepting;   /* the letter or act by which it was accepted; NULL: there is none */
	const json *acceptance; /* what was said with it; NULL */
	int32_t due_day; /* promised when accepted, moved by what came after; 0: nobody said */
	int32_t accepted_day, suspended_day; /* 0: not */
	bool extended;
	struct dossier_owed *owed; /* not supplied yet */
	size_t owed_count;
	struct dossier_act *warned; /* the newest first */
	size_t warned_count;
};

enum err dossier_read(struct dossier *d, struct central_store *s, const char *project_no);
void dossier_fini(struct dossier *d);

/* Appends the names of what is owed, by "、"; only what was due before that day unless 0. */
void dossier_list_owed(const struct dossier *d, int32_t before_day, struct buf *out);
/* Something owed was due before that day. */
bool dossier_is_overdue(const struct dossier *d, int32_t day);

#endif
