/* What the facts of a case are made of: its row, its application, its matter, what was decided.
 * Only slip_facts.c needs it. */
#ifndef YIMEN_CORE_STATION_DOCUMENTS_SLIP_GATHER_H
#define YIMEN_CORE_STATION_DOCUMENTS_SLIP_GATHER_H

#include "core/base/err.h"
#include "core/base/json.h"
#include "core/station/cases.h"
#include "core/station/documents/slip_facts.h"
#include "core/station/outbox.h"

/* What is gathered before a word is written. */
struct slip_gathered {
	struct case_view view;
	struct letter letter;
	json *body;	       /* the application as it was sent; NULL: not readable */
	struct matter *matter; /* NULL: not in the catalogue any more */
	int32_t from_day;      /* the clock begins */
};

/* By any number of the case; a bundle is gathered from its members. ERR_NOT_FOUND. */
enum err slip_gather(struct slip_gathered *g, const struct slip_source *s, const char *any_number);
void slip_gathered_fini(struct slip_gathered *g);

/* Appends the facts of the decision that this slip puts on paper; nothing when there was none.
 * When it was made; 0: there was none. */
int64_t slip_decided(struct buf *out, struct store *s, enum slip k, const char *case_id);

/* When what had been asked for was handed in as a corrected version of the application; 0: it was
 * not, or nothing had been asked for. */
int64_t slip_corrected_at(struct store *s, const struct slip_gathered *g);

#endif
