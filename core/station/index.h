/*
 * The search index: a file derived from the catalogue, mapped into memory, rebuilt whole. Distinct
 * names once, in order of length; beside each its rows (place, body, attributes). All arrays are
 * flat. A header carries the format's version, the catalogue's identity and generation and a
 * checksum; a file that is not wholly right is refused, never used.
 */
#ifndef YIMEN_CORE_STATION_INDEX_H
#define YIMEN_CORE_STATION_INDEX_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct catalogue;
struct catalogue_row;

/* Builds the index of what is in force and puts it in place: temporary file, fsync, rename. */
enum err index_build(struct catalogue *c, const char *index_path, struct buf *why);

/* The same in slices, for who has other things to do: rows, then each part of the file. c is
 * borrowed. */
struct index_making;
struct index_making *index_making_begin(struct catalogue *c, const char *index_path);
/* false: nothing is left to do, or it failed. */
bool index_making_step(struct index_making *m);
/* Tells how it went, and frees it. Before the end: ERR_STATE. */
enum err index_making_end(struct index_making *m, struct buf *why);

/* The same from rows of any origin, for the benchmark and tests. */
struct index_builder;
struct index_builder *index_builder_new(void);
void index_builder_free(struct index_builder *b); /* NULL does nothing */
/* The row is copied. */
void index_builder_add(struct index_builder *b, const struct catalogue_row *row);
/* Once; identity and generation are those of the catalogue the rows came from. */
enum err index_builder_write(
	struct index_builder *b, const char *path, int64_t identity, int64_t generation);

#endif
