/*
 * Names that are nearly the same: what was probably meant by one that is not known. Letters of any
 * case are alike; slips are letters put in, left out, changed, or changed about with the next one.
 * Names of up to five letters may have one, longer ones two; in names of one or two Latin letters,
 * and in those with digits (label2 is one more on purpose), there is no slip.
 */
#ifndef YIMEN_FORMS_NEAR_H
#define YIMEN_FORMS_NEAR_H

#include <stddef.h>

/* Begin with {written}; best is the nearest of those tried so far, borrowed; NULL: none is near. */
struct near {
	const char *written;
	const char *best;
	size_t fewest; /* slips of best */
};

void near_try(struct near *n, const char *known);
/* The nearest of a list that a NULL ends, or NULL. */
const char *near_of(const char *written, const char *const *known);

#endif
