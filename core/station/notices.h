/*
 * Notices of the centre to its stations, as they came with the change feed: each once.
 */
#ifndef YIMEN_CORE_STATION_NOTICES_H
#define YIMEN_CORE_STATION_NOTICES_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

struct notice {
	int64_t seq;
	int64_t at_ms;	  /* when the centre said it */
	const char *text; /* clean for a terminal; borrowed during the call */
	bool seen;
};

/* Newest first, at most limit (0: all). Each may use the store. */
void notice_each(
	struct store *s, size_t limit, void (*each)(void *arg, const struct notice *n), void *arg);
size_t notice_count_unseen(struct store *s);
/* All up to this one have been read. */
enum err notice_seen(struct store *s, int64_t seq);
/* Of the feed, inside its transaction; source: the centre's own mark of it. *fresh: it was not here
 * before. */
enum err notice_put(
	struct store *s, const char *source, int64_t at_ms, const char *text, bool *fresh);

#endif
