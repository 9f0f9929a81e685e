/* Versions of an application, and the steps between them, as a test moves them on. */
#ifndef YIMEN_TESTS_UNIT_VERSIONS_H
#define YIMEN_TESTS_UNIT_VERSIONS_H

#include "core/station/outbox.h"

struct world;

/* What became of the last letter of a case; a held one is refused. receipt, problem: may be NULL.
 */
void versions_settle(struct world *w, const char *case_id, enum letter_state state,
	const char *receipt, const char *problem);
/* The same of the one letter that may go now; kind: what it must be, NULL: any. A delivered one
 * gets the number N1. */
void versions_settle_due(struct world *w, const char *kind, enum letter_state state);
/* The last letter has arrived, and the case has this number at the centre. */
void versions_deliver(struct world *w, const char *case_id, const char *number);
/* The correction under way goes as a version under the same receipt. */
void versions_submit(struct world *w, const char *case_id, const char *receipt);
/* Fails the test unless the case is in that state. */
void versions_state_is(struct world *w, const char *case_id, const char *want);
enum letter_state versions_letter_state(struct world *w, const char *letter_id);

#endif
