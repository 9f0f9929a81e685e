/* Shared by acts.c, dues.c and what moves cases by the centre's word (changes.c), inside the
 * caller's transaction. Nobody else includes this. */
#ifndef YIMEN_CORE_STATION_ACTS_PRIVATE_H
#define YIMEN_CORE_STATION_ACTS_PRIVATE_H

#include "core/base/err.h"
#include "core/base/json.h"
#include "core/domain/lifecycle.h"

struct buf;
struct store;

/* Who has to do this act at a window. */
enum case_actor acts_actor(enum case_act act);
enum err acts_move(struct store *s, const char *id, const char *state);
enum err acts_post(struct store *s, const char *key, const char *case_id, const char *kind,
	const struct buf *body);

/* The clock of the state a case has just reached. facts: of the act (due_date, last_day, owed);
 * NULL: somebody else moved it. */
enum err dues_set(struct store *s, const char *case_id, enum case_state state, const json *facts);

#endif
