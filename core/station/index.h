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

#endif
