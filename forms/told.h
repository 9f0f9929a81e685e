/*
 * A condition on its way to a sentence: facts joined by "and" and "or", without what is said twice
 * or says nothing. Negation stands in the facts alone: each knows the words for its opposite.
 */
#ifndef YIMEN_FORMS_TOLD_H
#define YIMEN_FORMS_TOLD_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct told;

enum told_sort {
	TOLD_PLAIN,
	TOLD_VALUE,  /* the subject is one of several values: those of one subject join */
	TOLD_PICKED, /* the same where several can be picked at once */
	TOLD_FILLED, /* goes without saying beside another fact of its subject */
	TOLD_EMPTY,
	TOLD_FITS /* it is of some kind: reads well as "if" */
};

/* What one fact is made of; all texts are copied. */
struct told_fact {
	enum told_sort sort;
	const char *subject;	   /* "" when the words cannot be parted from it */
	const char *says, *denies; /* what is said of it: a phrase, or, with a value, a pattern with
				      one %s for it */
	const char *value;	   /* as it is shown; NULL: says and denies are phrases */
	bool denied;		   /* it is `denies` that is meant */
	size_t choices;		   /* how many values the subject can take; 0: not known */
};

struct told *told_fact(const struct told_fact *f);
/* A plain one of a phrase that says and one that denies, each with one %s for the value. */
struct told *told_phrases(
	const char *subject, const char *says, const char *denies, const char *value, bool denied);
/* The subject has an answer; `no`: it has none. */
struct told *told_filled(const char *subject, bool no);
/* Always true, or never. */
struct told *told_constant(bool truth);
/* Both take the parts. all: every one of them; else any. */
struct told *told_join(bool all, struct told **parts, size_t count);
struct told *told_pair(bool all, struct told *a, struct told *b);
void told_free(struct told *t);

/* It is made of nothing but whether something is filled in, or is of its kind. */
bool told_guards(const struct told *t);
/* Appends the sentence. */
void told_say(const struct told *t, struct buf *out);

#endif
