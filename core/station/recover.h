/*
 * What a station lacks because its file is an older copy (it was restored from a backup): the
 * centre is gone through from the beginning, this time with what the station sent itself. A case
 * that is not here, or is a draft still, becomes one again by the bytes of its letters; they wait
 * here under their keys, and the next delivery gets the centre's first answers again (the receipt
 * with number and query password), as after any answer that was lost. What was done with a case
 * afterwards is told as changes are (changes.h), in its order. What is here already stays as it is,
 * and what was typed in a draft since the copy was put in place; the same again finds nothing more.
 * Receipts have another mark from then on (receipt.h): the copy cannot know which numbers were
 * given since.
 *
 * Of scans the station knows again which the centre has; their bytes stay there. Not at the centre,
 * and so not found: drafts, slips, tickets, and whose bundle a case was of.
 */
#ifndef YIMEN_CORE_STATION_RECOVER_H
#define YIMEN_CORE_STATION_RECOVER_H

#include "core/base/err.h"
#include "core/station/transport.h"

#include <stddef.h>

struct buf;
struct store;
struct watch_sync_show;

struct recover_result {
	size_t letters; /* applications and corrections of this station that are here again */
	size_t bundled; /* of these, of a bundle: its draft may be here still */
	size_t steps;	/* changes that were new here */
	size_t kept;	/* cases in which was typed since: that is a correction now */
	size_t open;	/* letters whose draft or correction stands open on a screen: not taken */
	size_t left;	/* letters that the centre did not give back */
};

/* show may be NULL. ERR_BUSY: the centre cannot be reached or says no such thing; what has come is
 * kept. why says how. */
enum err recover(struct store *s, struct transport t, const struct watch_sync_show *show,
	struct recover_result *out, struct buf *why);
/* Appends to a sentence what came of it. */
void recover_say(const struct recover_result *r, struct buf *out);

#endif
