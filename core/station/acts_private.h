/* Shared by acts.c, dues.c and what moves cases by the centre's word (changes.c), inside the
 * caller's transaction. Nobody else includes this. */
#ifndef YIMEN_CORE_STATION_ACTS_PRIVATE_H
#define YIMEN_CORE_STATION_ACTS_PRIVATE_H

#include "core/base/err.h"
#include "core/base/json.h"
#include "core/domain/lifecycle.h"

#include <stdint.h>

struct buf;
struct store;

/* Who has to do this act at a window. */
enum case_actor acts_actor(enum case_act act);
enum err acts_move(struct store *s, const char *id, const char *state);
enum err acts_post(
	struct store *s, const char *key, const char *case_id, const char *kind, struct buf *body);

/* The clock of the state a case has just reached. facts: of the act (due_date, last_day, owed);
 * NULL: somebody else moved it. */
enum err dues_set(struct store *s, const char *case_id, enum case_state state, const json *facts);

/* After an act was taken back: the clock of the state the case has again, as the act that is undone
 * (letter_id) found it, or as facts, of the act that had led there, say. */
enum err dues_restore(struct store *s, const char *case_id, enum case_state state,
	const char *letter_id, const json *facts);

/*
 * Before a case moves: whether the clock of the state it leaves ends as it should (an answer within
 * five days, a decision, a delivery). If so it is noted, and its words are appended to those of the
 * audit trail. letter_id: of the act; NULL: the centre told.
 */
enum err clock_close(struct store *s, const char *case_id, enum case_state to, int64_t at_ms,
	const char *letter_id, struct buf *trail);

/* What was typed of an act (act_begun.h) goes: it is done; or, after the case moved, those that are
 * not possible any more. */
enum err act_begun_end(struct store *s, const char *case_id, enum case_act act);
enum err act_begun_prune(struct store *s, const char *case_id);

#endif
