/*
 * What the files of the catalogue share: the open file and the rule of what is in force. Not for
 * others.
 */
#ifndef YIMEN_CORE_STATION_CATALOGUE_PRIVATE_H
#define YIMEN_CORE_STATION_CATALOGUE_PRIVATE_H

#include "core/base/clock.h"
#include "core/base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct db;
struct matter;

struct catalogue {
	struct db *db;
	char *path;
	int32_t today;
};

/* A date as the catalogue compares it: YYYY-MM-DD from the beginning of text, or "" when there is
 * none. Returns out. */
const char *catalogue_date(const char *text, char out[DATE_SIZE]);

/* Chooses the version of this matter that is in force today and copies its columns from `newest`,
 * when that is the version chosen (may be NULL), or from its document. */
enum err catalogue_settle(
	struct catalogue *c, int64_t matter_id, const struct matter *newest, int newest_seq);

/* What is in force, added up matter by matter; begins as zeros. */
struct catalogue_count {
	int64_t after; /* the last one that was met */
	int64_t matters;
	uint64_t sum;
};

/* Adds the next ones, at most limit (-1: all). *more: there may be others. */
enum err catalogue_count(struct catalogue *c, struct catalogue_count *n, int limit, bool *more);

/* After anything in force has changed and all of it was counted: a new generation, the number, the
 * version. In the caller's transaction. */
enum err catalogue_bump(struct catalogue *c, const struct catalogue_count *n);

/* One value of the meta table. */
enum err catalogue_put_meta(struct catalogue *c, const char *key, int64_t value);
int64_t catalogue_meta(struct catalogue *c, const char *key, int64_t absent);

#endif
