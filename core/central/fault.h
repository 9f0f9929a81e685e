/*
 * Trouble on demand, for trainers and tests: answers that get lost, requests that are turned away.
 * Off by default, and never on a listener that others than this machine can reach (main.c sees to
 * that). Chance comes from a seed, so a run can be repeated.
 */
#ifndef YIMEN_CORE_CENTRAL_FAULT_H
#define YIMEN_CORE_CENTRAL_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"

struct buf;

enum fault_kind {
	FAULT_DROP_ANSWER,  /* stored, but the line is cut instead of answering */
	FAULT_DROP_REQUEST, /* the line is cut before anything is done */
	FAULT_REFUSE,	    /* 503 with Retry-After */
	FAULT__MAX
};

struct fault {
	unsigned percent[FAULT__MAX];
	uint64_t seed;
};

/* "drop-answer=10,drop-request=5,refuse=5,seed=7" (percent). ERR_INVALID: why says what may be. */
enum err fault_parse(struct fault *f, const char *spec, struct buf *why);
/* Draws: does it happen this time? */
bool fault_strikes(struct fault *f, enum fault_kind kind);

#endif
