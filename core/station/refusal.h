/*
 * What the centre found wrong, held against the form: a problem document (RFC 9457) with
 * "errors": [{"pointer": "/answers/members/0/id", "detail": …}, …].
 */
#ifndef YIMEN_CORE_STATION_REFUSAL_H
#define YIMEN_CORE_STATION_REFUSAL_H

#include "core/base/json.h"

#include <stdbool.h>

struct buf;

/*
 * Appends what the document says, in one line: its sentence and those of every place that is wrong,
 * cleaned for a terminal. In the language in force, if the centre has worded it in that one too
 * ("other_language"); else, as far as they have no figures, its sentences are looked up here. What
 * is too long to say, and the places that the centre left out ("errors_left_out"), are counted.
 */
void refusal_sentence(const json *problem, struct buf *out);
/* The same of a letter that was refused, and in which state its case is there. false, and nothing
 * appended: it cannot be read, or says nothing. */
bool refusal_reason(const char *problem_json, struct buf *out);

/* The same without the sentences of the places: where those stand beside it. */
bool refusal_lead(const char *problem_json, struct buf *out);

/* What was sent again as it is would be refused again: the centre has another version of the case,
 * or the case itself. */
bool refusal_is_final(const char *problem_json);

/* Of these: the case has gone so far there that this is not taken now, whatever it says. */
bool refusal_is_too_late(const char *problem_json);

/* The centre does not have the case: what is sent again as it is may be taken once it has. */
bool refusal_is_unknown_case(const char *problem_json);

/* Stands in the place of the document of a refusal that was too long to be read; it says nothing.
 */
extern const char refusal_unread[];
bool refusal_is_unread(const char *problem_json);
/* What is told of such a one instead, in the language in force. */
const char *refusal_unread_reason(void);

/*
 * Hands out each fault: place as in forms/entry.h ("members[1]/id"), "" for what is no answer of
 * the form (a material, a paper, the letter as a whole); message: a sentence, cleaned for a
 * terminal. A document without errors gives its own sentence once; one that cannot be read nothing;
 * one that names too many, or leaves some out, a last sentence of no place with their number.
 * Both are borrowed during the call.
 */
void refusal_each(const char *problem_json,
	void (*each)(void *arg, const char *place, const char *message), void *arg);

#endif
