/*
 * A desk without a screen: the catalogue of the demo hall, a station of its own, and applications
 * begun and answered at it.
 */
#ifndef YIMEN_TESTS_UNIT_DESK_H
#define YIMEN_TESTS_UNIT_DESK_H

#include "tests/unit/world.h"

struct catalogue;
struct entry;
struct intake;

/* An invented person of Yishui, born in 1992. */
#define DESK_PERSON "371323199205129964"

struct desk {
	struct world w;
	struct catalogue *catalogue;
};

/* Set-up and tear-down of a cmocka test: *state is a struct desk. */
int desk_make(void **state);
int desk_drop(void **state);

/* One more matter (a line of a catalogue file), beside those of the demo hall. */
void desk_add_matter(struct desk *d, const char *line);
/* The code of a matter by its name, until the next call. The test ends when there is none. */
const char *desk_code_of(struct desk *d, const char *name);
/* Begins an application for the matter of that name; intake_free it. The test ends with the reason
 * when it cannot be begun. */
struct intake *desk_begin(struct desk *d, const char *name);
/* Opens that draft again; intake_free it. */
struct intake *desk_resume(struct desk *d, const char *draft_id);
/* Submits it; receipt may be NULL. The test ends with the reason when that cannot be. */
void desk_submit(struct intake *in, char receipt[LOCAL_RECEIPT_SIZE]);
/* Opens what was submitted as its correction, by 0317 and by any of its numbers; intake_free it. */
struct intake *desk_correct(struct desk *d, const char *any_number);

/* Answers the field at place; the test ends when there is no such field. */
void desk_answer(struct entry *e, const char *place, const char *value);
/* What the field at place holds, until it changes; "(none)": there is no such field. */
const char *desk_value(struct intake *in, const char *place);

#endif
