/*
 * Letters that were promised and are not in the store's file for good yet. A commit of that file
 * writes each page that it touches as a whole, 40 KiB for a letter of 2; here one group stands
 * behind the other as it came, in a file that was made long enough before: one short write and one
 * flush, and the sender has its answer. The rows are committed with many others, when there are
 * enough of them or somebody wants to read; should the power fail before that, they are made again
 * from here (store_sqlite_log.c).
 *
 * The file, numbers with the lowest byte first: records, each from a page of its own, so that what
 * was promised is never written again:
 *	"YMLETTRS", u32 version, u32 letters, u64 owner, u64 mark, u32 number, u32 bytes of the
 *	heads, u64 bytes of the bodies, SHA-256 of all that and of the heads; the heads; the bodies
 * A body's own SHA-256 stands in its head. All records of a round have its mark, drawn by lot, and
 * count from nought: the first that does not, or whose sums are wrong, is not there, nor is what
 * follows it. The owner is a number that the store's file has too.
 */
#ifndef YIMEN_CORE_CENTRAL_LETTER_LOG_H
#define YIMEN_CORE_CENTRAL_LETTER_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

/* Of one that is put aside, behind its name; a number follows. */
#define LETTER_LOG_ASIDE ".aside-"

struct letter_log;
struct posting;

/* One that is there. ERR_NOT_FOUND: there is none. */
enum err letter_log_open(struct letter_log **out, const char *path);
/* A new one in place of what may be there, empty; its name is on the disk. ERR_FULL: see put. Its
 * owner is drawn by lot. */
enum err letter_log_make(struct letter_log **out, const char *path);
uint64_t letter_log_owner(const struct letter_log *l);
void letter_log_close(struct letter_log *l); /* NULL does nothing */

/*
 * Those that say TAKEN, as one record behind the others; OK: they are on the disk. ERR_FULL: there
 * is no room for them, or so little on the disk that the rows might find none later: promise
 * nothing by this log. Any other failure: nobody knows what the disk has, and nothing more is put
 * before letter_log_make.
 */
enum err letter_log_put(struct letter_log *l, struct posting **postings, size_t count);
/* All that stands in it is elsewhere for good: the next record is the first of a new round. */
void letter_log_begin_again(struct letter_log *l);
bool letter_log_is_broken(const struct letter_log *l); /* a put failed in that way */

/*
 * Each letter as it was taken, with its number, seq and answer (posting.first_answer), in order;
 * false stops. Borrowed for the time of the call. ERR_STATE: a newer program has written it.
 * ERR_INVALID: what follows is another owner's, or is whole and not to be understood. ERR_IO: it
 * cannot be read, or not all that was put is there.
 */
enum err letter_log_each(struct letter_log *l, uint64_t owner,
	bool (*each)(void *arg, struct posting *p), void *arg);

#endif
