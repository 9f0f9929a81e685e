/* Inside of told.c and told_say.c. */
#ifndef YIMEN_FORMS_TOLD_PRIVATE_H
#define YIMEN_FORMS_TOLD_PRIVATE_H

#include "forms/told.h"

enum told_kind {
	TOLD_ALWAYS,
	TOLD_NEVER,
	TOLD_FACT,
	TOLD_ALL,
	TOLD_ANY
};

struct told {
	enum told_kind kind;
	enum told_sort sort;
	bool denied;
	size_t choices;
	char *subject, *says, *denies, *value; /* as in struct told_fact */
	struct told **parts;		       /* ALL, ANY */
	size_t count;
};

bool told_same(const struct told *a, const struct told *b);
void told_take_out(struct told *t, size_t at);

/*
 * In an ANY: what is asked for under several choices of one question is said once, with those
 * choices together (told_gather.c). (picked a and p) or (picked b and p) is picked a or b, and p;
 * (picked a and (p or q)) or (picked b and p) is (picked a or b, and p) or (picked a and q).
 */
void told_gather(struct told *t);

#endif
