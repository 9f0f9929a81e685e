/*
 * What is to be computed anew when an answer changes, and in which order: found from a form's rules
 * once, when it is read, for all that are filled in by it.
 */
#ifndef YIMEN_FORMS_FORM_PLAN_H
#define YIMEN_FORMS_FORM_PLAN_H

#include <stdbool.h>
#include <stddef.h>

struct form;

struct form_plan {
	bool unordered;	 /* a rule goes by a path: what it uses may come after it */
	bool identified; /* a rule may use what identifies the case: it is no field */
	size_t *order;	 /* fields so that what a rule uses comes before it */
	bool *affects;	 /* count x count: row i, column j: a change of i touches j */
};

/* Of a form whose fields and names are complete; freed with it. */
void form_plan_make(struct form *form);

#endif
