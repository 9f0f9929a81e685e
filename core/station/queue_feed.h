/*
 * Tickets from a ticket machine: a text file to which it adds a line for each ticket it prints.
 * Lines end with LF (CR before it is ignored), fields are parted by TAB:
 *
 *	2026-11-24T09:03:12+08:00	A032	priority
 *
 * when it was taken (RFC 3339), its number (one to three letters that are its group, one to five
 * digits), and optionally "priority" or 优先. A line that is empty or begins with # says nothing.
 * The machine is not trusted: a line that is not like this, or not of today, is left out and
 * counted; the rest is taken. A ticket that is known already is taken no second time, so the file
 * may be read again, cut off, or begun anew.
 */
#ifndef YIMEN_CORE_STATION_QUEUE_FEED_H
#define YIMEN_CORE_STATION_QUEUE_FEED_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct store;

enum {
	QUEUE_FEED_BYTES = 1 << 18, /* read at once; the rest the next time */
	QUEUE_LINE_BYTES = 200	    /* a longer line is left out */
};

struct queue_feed_result {
	size_t taken, known, refused;
	struct buf *trouble; /* the first refusal, a sentence with its line; may be NULL */
	bool more; /* of a file: there is more to read now; otherwise it is left as it was */
};

/* The whole lines of a text. result is added to. */
enum err queue_feed_text(
	struct store *s, const char *text, size_t len_bytes, struct queue_feed_result *result);

/*
 * What has been added to the file since it was last read by anybody at this station; the place is
 * kept with the tickets, in the same transaction. A last line without its end waits for it. A file
 * that is shorter than before or another one is read from its beginning. A missing file is OK:
 * nothing. ERR_INVALID: it is no plain file. Nothing is locked when there is nothing new. At most
 * QUEUE_FEED_BYTES a call: result->more says that it is to be called again for the rest.
 */
enum err queue_feed_file(
	struct store *s, const char *path, struct queue_feed_result *result, struct buf *why);

#endif
