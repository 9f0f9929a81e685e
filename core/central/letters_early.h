/*
 * Letters of a file that the centre did not take: which are only early, and which can never be
 * taken as they are. One behind another of its case is early when it would be in its place were
 * those before it there; a step that would not be possible even then is refused for good.
 */
#ifndef YIMEN_CORE_CENTRAL_LETTERS_EARLY_H
#define YIMEN_CORE_CENTRAL_LETTERS_EARLY_H

#include "core/base/json.h"

struct parcel_letter;
struct letters_early;

/* Why a letter that was not taken may be taken yet. */
enum early {
	EARLY_NOT,     /* it may not: refused */
	EARLY_AHEAD,   /* it waits for one of its case that goes before it */
	EARLY_PAPER,   /* for a paper that is not in the file, or not as it is named */
	EARLY_RUNNING, /* its own station sends it at this moment */
	EARLY__MAX
};

struct letters_early *letters_early_new(void);
void letters_early_free(struct letters_early *f);

/*
 * Of one that was not taken, told in the order of the file. problem: what the centre said of it;
 * NULL: it was not asked, and the letter is refused. *why: of one that would not be possible behind
 * those before it either, a sentence (borrowed); else it is left alone. However many there are,
 * each takes as long.
 */
enum early letters_early_judge(struct letters_early *f, const struct parcel_letter *l,
	const json *problem, const char **why);

#endif
