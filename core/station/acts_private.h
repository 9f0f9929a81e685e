/* Shared by acts.c, dues.c and what moves cases by the centre's word (changes.c), inside the
 * caller's transaction. Nobody else includes this. */
#ifndef YIMEN_CORE_STATION_ACTS_PRIVATE_H
#define YIMEN_CORE_STATION_ACTS_PRIVATE_H

#include "core/base/err.h"
#include "core/base/json.h"
#include "core/domain/lifecycle.h"

struct buf;
struct store;

enum err acts_post(struct store *s, const char *key, const char *case_id, const char *kind,
	const struct buf *body);

/* The clock of the state a case has just reached. facts: of the act (due_date, last_day, owed);
 * NULL: somebody else moved it. */
enum err dues_set(struct store *s, const char *case_id, enum case_state state, const json *facts);

#endif
