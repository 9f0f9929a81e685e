/*
 * What the centre found wrong, held against the form: a problem document (RFC 9457) with
 * "errors": [{"pointer": "/answers/members/0/id", "detail": …}, …].
 */
#ifndef YIMEN_CORE_STATION_REFUSAL_H
#define YIMEN_CORE_STATION_REFUSAL_H

#include <stdbool.h>

/* What was sent again as it is would be refused again: the centre has another version of the case,
 * or the case itself. */
bool refusal_is_final(const char *problem_json);

/*
 * Hands out each fault: place as in forms/entry.h ("members[1]/id"), "" for what is no answer of
 * the form (a material, a paper, the letter as a whole); message: a sentence, cleaned for a
 * terminal. A document without errors gives its own sentence once; one that cannot be read nothing.
 * Both are borrowed during the call.
 */
void refusal_each(const char *problem_json,
	void (*each)(void *arg, const char *place, const char *message), void *arg);

#endif
