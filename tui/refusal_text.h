/*
 * What the centre refused in a letter, told with the labels of its form, and each thing once.
 */
#ifndef YIMEN_TUI_REFUSAL_TEXT_H
#define YIMEN_TUI_REFUSAL_TEXT_H

#include <stddef.h>

struct letter;
struct store;

struct refusal_told {
	char *reason; /* why, as a sentence: without what stands below; NULL: nothing was said */
	struct refusal_fault {
		char *place;   /* the answer's, as the form names it; "": of no answer */
		char *field;   /* its label, and which repetition; "": of no answer, or the form (or
				* the field in it) is not here */
		char *message; /* a sentence */
	} * faults;
	size_t count;
};

/* By the form of the letter's answers, which is read anew: once for a letter, not for each paint.
 * l: with its body. */
void refusal_tell(struct store *s, const struct letter *l, struct refusal_told *out);
void refusal_told_fini(struct refusal_told *t);

#endif
