/*
 * The facts of a slip (slip.h) from what the station knows: of a case and what was decided on it
 * (acts.h), or of a matter for a visitor who has no case. What the station does not know a person
 * adds as a JSON object with the same names; it goes before the decision, and that before the rest.
 */
#ifndef YIMEN_CORE_STATION_DOCUMENTS_SLIP_FACTS_H
#define YIMEN_CORE_STATION_DOCUMENTS_SLIP_FACTS_H

#include "core/base/err.h"
#include "core/base/id.h"
#include "core/base/json.h"
#include "core/station/documents/slip.h"

struct buf;
struct catalogue;
struct conf;
struct matter;
struct store;

struct slip_source {
	struct store *store;
	struct catalogue *catalogue;
	const struct conf *conf;	    /* settings.h */
	const char *operator_name, *window; /* NULL: those of the case */
	const json *given;		    /* what a person adds; NULL: nothing */
};

/*
 * Appends the facts of a case, by any of its numbers, as a JSON object. ERR_NOT_FOUND: no such
 * case, why says so. *case_id: of the case.
 */
enum err slip_facts_of_case(struct buf *out, const struct slip_source *s, enum slip k,
	const char *any_number, char case_id[ID_UUID_SIZE], struct buf *why);
/* The same of a matter by its code: everything a visitor must bring. */
enum err slip_facts_of_matter(
	struct buf *out, const struct slip_source *s, const char *code, struct buf *why);

/* Of a case; of a notice also by the code of a matter: *case_id is then "". */
enum err slip_facts_of(struct buf *out, const struct slip_source *s, enum slip k,
	const char *number, char case_id[ID_UUID_SIZE], struct buf *why);

/* Appends an object with the members of `over`, and those of `base` that it does not have. */
void slip_facts_merge(struct buf *out, const json *base, const json *over);

#endif
