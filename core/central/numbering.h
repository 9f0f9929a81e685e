/* With which division code a centre's case numbers begin: the one its administrator gave, kept. */
#ifndef YIMEN_CORE_CENTRAL_NUMBERING_H
#define YIMEN_CORE_CENTRAL_NUMBERING_H

#include <stdbool.h>

#include "core/base/err.h"

struct buf;
struct central_store;

/*
 * Keeps the code that was given now (NULL: none). Numbers of a centre that was never given one
 * begin with 000000, which is no place, and a number once given stays: ERR_INVALID before the first
 * case when in_earnest; otherwise OK, and warning is a sentence with what to do. A classroom gives
 * 000000 itself and hears nothing more.
 */
enum err numbering_settle(struct central_store *s, const char *region, bool in_earnest,
	struct buf *warning, struct buf *why);

#endif
