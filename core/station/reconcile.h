/*
 * The day's end: this station's local receipts held against the centre's list, and the versions
 * that both go by. The difference is nought, or it is named case by case.
 */
#ifndef YIMEN_CORE_STATION_RECONCILE_H
#define YIMEN_CORE_STATION_RECONCILE_H

#include "core/base/err.h"
#include "core/station/transport.h"

#include <stddef.h>
#include <stdint.h>

struct buf;
struct store;

enum reconcile_kind {
	RECONCILE_WAITS,   /* submitted, and not at the centre yet: waiting or held here; or so the
			    * newest version of one that is there */
	RECONCILE_UNHEARD, /* at the centre; its receipt has not come here yet */
	RECONCILE_MISSING, /* we have its receipt, and the centre does not have it */
	RECONCILE_NUMBERS, /* both have it, under different numbers */
	RECONCILE_UNKNOWN, /* the centre has it as ours, and it is not here */
	RECONCILE_BEHIND,  /* the centre goes by an older version than the one whose receipt we have
			    */
	RECONCILE_ELSEWHERE, /* the centre goes by a version that was not submitted here */
	RECONCILE_STEPS,     /* both have it, and the centre has fewer letters of it than we have
			      * receipts: steps taken here are lost there */
	RECONCILE_LAGS, /* both have it, nothing of it waits here, and it has another state there */
	RECONCILE__MAX
};

struct reconcile_line {
	enum reconcile_kind kind;
	const char *case_id;
	const char *local_receipt; /* "" unknown */
	const char *here, *there;  /* the centre's number as each side has it; "" none */
	/* Of one that both have: the key of the version submitted here last, and of the one that
	 * the centre goes by; "" not compared. */
	const char *version_here, *version_there;
};
const char *reconcile_name(enum reconcile_kind k); /* "waits" … for programs */
const char *reconcile_text(enum reconcile_kind k); /* a sentence: what it is and what to do */

struct reconcile_sum {
	size_t here, there; /* submitted that day; received that day */
	size_t differences;
};

/* Why the two numbers differ when nothing else does; "" where there is nothing to explain. */
const char *reconcile_remark(size_t here, size_t there, size_t differences);

/* Those submitted, received or corrected that day, which is in days since 1970.
 * ERR_BUSY: the centre was not reached, or did not answer as one. */
enum err reconcile_day(struct store *s, struct transport t, int32_t day,
	void (*each)(void *arg, const struct reconcile_line *l), void *arg,
	struct reconcile_sum *sum, struct buf *why);

#endif
