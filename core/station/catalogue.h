/*
 * The catalogue of matters: one SQLite file, replaceable, that keeps every version of every matter.
 * A matter is in force when it has a version whose effective date has come, whose cancel date has
 * not, and which was not withdrawn. "Today" is the caller's. The search index (search.h) is
 * derived from what is in force and knows by the generation whether it is still true.
 */
#ifndef YIMEN_CORE_STATION_CATALOGUE_H
#define YIMEN_CORE_STATION_CATALOGUE_H

#include "core/base/clock.h"
#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct buf;
struct catalogue;
struct matter;

/*
 * Opens or makes the file. today: days since 1970 (clock_day). When the day has changed since the
 * file was last opened, versions whose date has come take effect.
 */
enum err catalogue_open(struct catalogue **out, const char *path, int32_t today, struct buf *why);
void catalogue_close(struct catalogue *c); /* NULL does nothing */
/* How much of the file stays in memory once it was read; an import wants all it has (2 MB). */
void catalogue_keep_kb(struct catalogue *c, int kb);
/* Called when the day changes while it is open: what takes effect or ends today. */
enum err catalogue_advance(struct catalogue *c, int32_t today);

struct catalogue_info {
	int64_t in_force;    /* matters */
	int64_t generation;  /* differs whenever what is in force differs */
	int64_t imported_ms; /* of the last import; 0: never */
	char source[256];    /* of the last import */
	char version[17]; /* of what is in force: equal content, equal version, on every machine */
	int64_t identity; /* random, born with the file */
};
enum err catalogue_info(struct catalogue *c, struct catalogue_info *out);
/* What to say when nothing can be found because nothing is in force: the catalogue is empty, or the
 * clock stands before the day it came. NULL: something is. */
const char *catalogue_none(const struct catalogue_info *i, int64_t now_ms);
/* Why there is no matter of this code: nothing is, as above, or the catalogue has none. */
void catalogue_say_missing(struct catalogue *c, const char *code, int64_t now_ms, struct buf *why);
const char *catalogue_path(const struct catalogue *c);
/* How many reads of the file have failed: what they should have brought is missing from lists and
 * looks as if there were none. *why: of the last one. */
unsigned catalogue_unread(const struct catalogue *c, enum err *why);

/* The version in force; matter_free(*out). ERR_NOT_FOUND: none of this code (or not in force). */
enum err catalogue_get(struct catalogue *c, const char *code, struct matter **out);
/* Version seq of it, in force or not: a case keeps the one it began with. */
enum err catalogue_get_version(struct catalogue *c, const char *code, int seq, struct matter **out);
/* The seq in force, 0 if none: differs from the case's when the matter has changed meanwhile. */
int catalogue_seq(struct catalogue *c, const char *code);

/* The matters in force whose form this is; each must not use the catalogue. */
enum err catalogue_each_of_form(struct catalogue *c, const char *form,
	void (*each)(void *arg, const struct matter *m), void *arg);

struct catalogue_version {
	int seq;
	const char *task_version, *digest, *source, *effective_date, *cancel_date;
	int64_t imported_ms;
	bool in_force;
};
/* Oldest first. */
enum err catalogue_versions(struct catalogue *c, const char *code,
	void (*each)(void *arg, const struct catalogue_version *v), void *arg);

/* What lists and the index need of a matter in force; borrowed for the time of the call. */
struct catalogue_row {
	int64_t id;
	const char *code, *name, *dept_code, *dept_name, *region_code, *region_name;
	const char *type, *level, *catalog_code;
	bool for_person, for_body, instant, online; /* instant: 即办件 */
	const char *topics;			    /* separated by '\n', "" if none */
	const char *aliases;			    /* likewise */
};
/* In order of code; each returns false to stop. each must not use the catalogue. */
enum err catalogue_each(
	struct catalogue *c, bool (*each)(void *arg, const struct catalogue_row *row), void *arg);
/* The rows with an id above after_id, in order of id, at most limit: for work in slices. */
enum err catalogue_slice(struct catalogue *c, int64_t after_id, int limit,
	bool (*each)(void *arg, const struct catalogue_row *row), void *arg);
/* One of them by id, or by the first characters of its code (in order of code). */
enum err catalogue_row(struct catalogue *c, int64_t id,
	void (*each)(void *arg, const struct catalogue_row *row), void *arg);
enum err catalogue_by_code(struct catalogue *c, const char *prefix, int limit,
	bool (*each)(void *arg, const struct catalogue_row *row), void *arg);

/* Between the two, reads see one state of the file and lock it once. Not for writing. */
void catalogue_hold(struct catalogue *c);
void catalogue_let_go(struct catalogue *c);

/* ---- import ---- */

struct catalogue_import {
	const char *source;   /* shown in the guide: a file's name, the centre's address */
	const char *complete; /* not NULL: the stream is the whole set of this name; matters of the
				 set that are missing from it are withdrawn */
	int64_t now_ms;
	/* A line that could not be taken; line counts from 1, reason is a sentence. May be NULL. */
	void (*bad)(void *arg, int64_t line, const char *reason);
	/* A matter that is new or differs from what is here. May be NULL. */
	void (*taken)(void *arg, int64_t line, const struct matter *m);
	/* Now and then; bytes read so far. false: stop, and nothing is changed. May be NULL. */
	bool (*progress)(void *arg, int64_t lines, int64_t bytes);
	void *arg;
};
struct catalogue_result {
	int64_t id; /* of this import, for catalogue_changes */
	int64_t lines, bad, added, changed, same, withdrawn;
};
/*
 * Reads JSON lines (matter.h) to the end; interrupted or failed, nothing in force has changed. A
 * code that is known gets a new version only when the content differs. Lines may have a BOM, CR LF,
 * be empty. OK also when lines were bad: see result->bad. ERR_STATE: progress said stop. ERR_BUSY:
 * another program wrote, or imported at the same time. The index is not touched: index_build
 * afterwards.
 */
enum err catalogue_import(struct catalogue *c, FILE *in, const struct catalogue_import *how,
	struct catalogue_result *result, struct buf *why);

/*
 * The same in slices of some tens of milliseconds, for who has other things to do. What is read is
 * put aside, each slice in a small transaction of its own, and then comes into force, all of it in
 * one. Until its commit who reads the file finds what was there before, and waits for no more than
 * a slice. Another import that is in the file is waited for in slices of 20 ms, a minute in all.
 * Who is killed leaves only what was put aside: nobody sees it, and the next import takes its
 * place. Meanwhile c is not for anything else. c and in are borrowed, how is copied.
 */
struct catalogue_intake;
enum err catalogue_intake_open(struct catalogue_intake **out, struct catalogue *c, FILE *in,
	const struct catalogue_import *how);
/* false: nothing is left to do, or it failed. */
bool catalogue_intake_step(struct catalogue_intake *im);
/* Tells how it went, and frees it. Before the end: ERR_STATE, nothing in force has changed. */
enum err catalogue_intake_close(
	struct catalogue_intake *im, struct catalogue_result *result, struct buf *why);

enum catalogue_change_kind {
	CATALOGUE_ADDED,
	CATALOGUE_CHANGED,
	CATALOGUE_WITHDRAWN,
	CATALOGUE_CHANGE__MAX
};
/* One field that differs: "promise_day", "materials[NAME].accept_stand". "" = absent there. */
struct catalogue_field {
	const char *path, *label; /* label: what a person calls it, in the language in force */
	const char *before, *after;
};
struct catalogue_change {
	enum catalogue_change_kind kind;
	const char *code, *name, *dept_name, *region_name;
	int seq_before, seq_after; /* 0: none */
	int64_t import_id, at_ms;
	const char *source;
};
/* What imports at or after since_ms (and with id import_id, when that is not 0) changed, in order.
 */
enum err catalogue_changes(struct catalogue *c, int64_t since_ms, int64_t import_id,
	void (*each)(void *arg, const struct catalogue_change *change), void *arg);
/* The fields in which two versions of one matter differ; seq 0 = nothing. */
enum err catalogue_diff(struct catalogue *c, const char *code, int seq_before, int seq_after,
	void (*each)(void *arg, const struct catalogue_field *field), void *arg);

#endif
