/*
 * What a check says of a value. Three outcomes that matter at a window: ok (info tells something
 * useful), warning (a clerk may accept it with a reason, which travels with the application) and
 * error (it cannot be true).
 */
#ifndef YIMEN_CORE_DOMAIN_FINDING_H
#define YIMEN_CORE_DOMAIN_FINDING_H

#include "core/base/buf.h"

enum verdict {
	VERDICT_OK,
	VERDICT_INFO,
	VERDICT_WARNING,
	VERDICT_ERROR
};

struct finding {
	enum verdict verdict;
	const char *rule;      /* stable name of the rule that spoke, e.g. "id-card.check-digit" */
	struct buf normalised; /* the value in canonical form; what was given when it is an error */
	struct buf message;    /* a sentence in the language in force; empty when ok */
};

/* A zeroed finding is ready for use. */
void finding_fini(struct finding *f);
void finding_clear(struct finding *f);
/* What the rule goes by, in words a clerk knows (the standard, the table, the form); never NULL. */
const char *finding_source(const char *rule);
/* "ok", "info", "warning", "error". */
const char *verdict_name(enum verdict v);

#endif
