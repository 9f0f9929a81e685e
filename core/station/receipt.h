/*
 * Local receipt numbers, "L261124-03-K7Q18-7F3": L, date, window, the station's mark with the
 * running number of the day, check code. The mark is drawn by lot when a data folder is new, and at
 * each enrolment the centre confirms it or, when another station has had it, gives a new one; so
 * that a number names one receipt of the hall: two windows of the same name, a PC that took
 * another's place or a lost folder count apart. No number of the centre begins
 * with L. The check code is made with the key that a hall's stations share (given at enrolment):
 * each of them can tell whether a receipt is one of the hall's, whoever wrote it. Numbers of
 * before, without a mark ("L261124-03-0018-7F3A"), are still known.
 */
#ifndef YIMEN_CORE_STATION_RECEIPT_H
#define YIMEN_CORE_STATION_RECEIPT_H

#include "core/base/err.h"

#include <stdbool.h>

struct store;

#define LOCAL_RECEIPT_SIZE 32
/* The next one, inside the caller's transaction: numbers have no gaps, but for those that are here
 * already. */
enum err receipt_make(struct store *s, const char *window, char out[LOCAL_RECEIPT_SIZE]);

enum receipt_verdict {
	RECEIPT_GENUINE,
	RECEIPT_FALSE, /* the check code is not this hall's: altered, misread or of another hall */
	RECEIPT_MALFORMED, /* not such a number at all */
};
/* Case and surrounding blanks do not matter, nor letters read for digits (O 0, I L 1). *normal (may
 * be NULL) is the number as it is written. */
enum receipt_verdict receipt_check(
	struct store *s, const char *number, char normal[LOCAL_RECEIPT_SIZE]);

/* false: one of before (as *normal gives it); another station may have given out the same. */
bool receipt_names_station(const char *normal);

/* The hall's key; until enrolment one of this station's own. free() it. */
enum err receipt_key(struct store *s, char **out);
/* At enrolment. Receipts written with the key before are still known as genuine here. */
enum err receipt_key_set(struct store *s, const char *key);
/* The mark; drawn now when there is none yet. free() it. */
enum err receipt_mark(struct store *s, char **out);
/* At enrolment: what the centre gave. NULL or no mark (a centre that gives none): drawn anew. */
enum err receipt_mark_set(struct store *s, const char *mark);

/* The centre has a receipt of this station that is not here. When it bears our mark, this file is
 * an old copy or one of two: from now on another mark, so that the number is not given twice. */
enum err receipt_unknown_here(struct store *s, const char *number);

#endif
