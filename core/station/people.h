/*
 * Whom this station has served before: persons by number, name or telephone, and what they
 * answered then. Drawn from the cases in the station's file; nothing is kept beside them.
 */
#ifndef YIMEN_CORE_STATION_PEOPLE_H
#define YIMEN_CORE_STATION_PEOPLE_H

#include "core/base/id.h"

#include <stddef.h>
#include <stdint.h>

struct store;

struct person {
	const char *number;	   /* certificate number of the applicant, whole */
	const char *name, *mobile; /* of the last case; "" unknown */
	const char *task_name;	   /* of the last case */
	int64_t at_ms;
};

/*
 * Those whose name, number or telephone begins with or holds the words; names also by pinyin or
 * initials. Last seen first, at most max. words "": the last ones. The draft of except_id ("":
 * none) makes nobody known.
 */
void people_find(struct store *s, const char *words, const char *except_id, size_t max,
	void (*each)(void *arg, const struct person *p), void *arg);

struct person_case {
	const char *id, *task_code, *task_name, *form_id;
	const char *state;   /* of core/domain/lifecycle.h, or "draft" */
	const char *receipt; /* local receipt number, "" for a draft */
	int64_t at_ms;	     /* submitted, or last touched */
};

/* The cases and drafts of one person, newest first; without the one of this id ("": all). Each may
 * use the store. */
void people_cases(struct store *s, const char *number, const char *except_id,
	void (*each)(void *arg, const struct person_case *c), void *arg);

/* The last different values of one field at this station, newest first, at most max. */
void people_recent(struct store *s, const char *place, const char *except_id, size_t max,
	void (*each)(void *arg, const char *value), void *arg);

/* The id of the case submitted last at this window; "" if none. */
void people_previous(struct store *s, const char *window, char id[ID_UUID_SIZE]);

#endif
