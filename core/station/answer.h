/*
 * What the centre's answer to a letter or a piece of a paper means. A receipt is believed only when
 * it is complete, ours and of the right type; a refusal only when it is a problem document that
 * speaks of what was sent (a type of ours, named faults, or a status that can only be about the
 * content). Everything else is not the centre talking (a captive portal, a proxy, another host) and
 * what was sent simply stays waiting. So does a letter whose refusal is longer than
 * REFUSAL_BYTES_MAX: nothing over its limit is believed, but a person is told what it looked like.
 */
#ifndef YIMEN_CORE_STATION_ANSWER_H
#define YIMEN_CORE_STATION_ANSWER_H

#include "core/base/buf.h"
#include "core/station/outbox.h"
#include "core/station/transport.h"

#include <stdbool.h>

enum answer_meaning {
	ANSWER_RECEIPT, /* delivered; of a paper: so much of it has arrived */
	ANSWER_REFUSED, /* held, to be corrected */
	ANSWER_PERSON,	/* held, the station is not admitted */
	ANSWER_PAPERS,	/* papers of the letter are missing at the centre */
	ANSWER_LATER,	/* this one again */
	ANSWER_LINE	/* trouble with the line or the centre as a whole */
};

struct answer_reading {
	enum answer_meaning meaning;
	struct buf reason;     /* a sentence; empty for a receipt */
	struct buf project_no; /* of a letter's receipt */
	int64_t received;      /* of a paper: bytes at the centre; -1: not said */
	bool complete;	       /* of a paper: all of it, and its digest is right */
	bool cut_off;	       /* ANSWER_LINE: nobody was reached at all */
	bool unread;	       /* ANSWER_LATER: by its head it was a refusal, too long to be read */
	bool has_delay;	       /* the centre said when */
	int64_t delay_ms;
};

/* key: the letter's. A zeroed reading is ready for use; free with answer_reading_fini. */
void answer_read(const struct transport_answer *a, const char *key, int64_t now_wall_ms,
	struct answer_reading *out);
/* Of GET, or of PATCH with a piece, /v1/attachments/sha256. GET of one that is not known there is
 * ANSWER_RECEIPT with received 0. */
void answer_read_paper(const struct transport_answer *a, const char *sha256, bool piece,
	int64_t now_wall_ms, struct answer_reading *out);
/* Appends why an answer 429 or 5xx did not help: the centre's own words with it when it is the
 * centre that speaks. */
void answer_say_busy(const struct transport_answer *a, struct buf *out);
void answer_reading_fini(struct answer_reading *r);

#endif
