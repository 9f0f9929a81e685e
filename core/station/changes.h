/*
 * News of the centre as they are applied to this station's file. A document is
 *	{"cursor": "…", "changes": [
 *		{"seq": 7, "type": "case", "at": …, "kind": "request-correction", "project_no": …,
 *		 "case_id": …, "state": …, "case_state": …, "note": …, "key": …, "who": …,
 *		 "facts": {…}},
 *		{"seq": 8, "type": "catalogue", "version": …},
 *		{"seq": 9, "type": "notice", "at": …, "text": …}]}
 * Each is taken once, also when the centre was restored from a copy and tells it again: its seq and
 * time are its mark. who and facts: the person of the back office and what was decided, under the
 * names of slips, for the history and for papers (act_facts). kind "application" with a key that is
 * not ours is a newer version from elsewhere. A station is not told its own letters: when one of
 * them has led to case_state, where the case stands by now, what came before it is history alone.
 * Unknown types and cases of other stations are passed over: a newer centre may say more.
 */
#ifndef YIMEN_CORE_STATION_CHANGES_H
#define YIMEN_CORE_STATION_CHANGES_H

#include "core/base/err.h"
#include "core/base/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct store;

struct changes_result {
	size_t applied; /* how many changed something here */
	bool moved;	/* the cursor is another one: there may be more */
	size_t told;	/* how many the document names */
};

/*
 * Applies one document and keeps its cursor, in one transaction. ERR_INVALID: not such a document;
 * nothing was changed.
 */
enum err changes_apply(
	struct store *s, const char *json_text, size_t len_bytes, struct changes_result *out);

/* A list of changes that is told out of turn: each is taken once all the same, in one transaction,
 * and the cursor stays. *applied grows. */
enum err changes_retell(struct store *s, const json *list, size_t *applied);
/* The mark under which a change is known, and when it was; now_ms when it does not say. Appends. */
void changes_mark(const json *change, int64_t now_ms, struct buf *source, int64_t *at_ms);

/*
 * Inside the caller's transaction: the centre has taken the last letter of ours that waited, and
 * says where the case stands by it. Meanwhile it may have told of what the office had done before
 * the letter came; what it has told of later holds, for an answer may be a repeat.
 */
enum err changes_settle(struct store *s, const char *case_id, const json *receipt);

/* The cursor is one that the centre does not know as its own: another centre's, or damaged. Each
 * change is taken once all the same. false: it was at the beginning already, or could not be
 * written. */
bool changes_begin_again(struct store *s);

/* The path to ask next, with the cursor reached. Appends. */
void changes_path(struct store *s, int wait_seconds, struct buf *out);

#endif
