/*
 * A rule that stands outside of any form, in a guide: over the guide's questions (情形) and the
 * fields of the form that the guide uses. What it names and nobody can answer is told.
 */
#ifndef YIMEN_FORMS_GUIDE_RULE_H
#define YIMEN_FORMS_GUIDE_RULE_H

struct expr;
struct form;

struct guide_rule_sources {
	const struct form *questions; /* NULL: the guide asks none */
	/* NULL: not known here, so that what is no question may still be a field. */
	const struct form *form;
};

/* Each name that is neither question nor field, and each answer that the one which is has not; with
 * what was probably meant. sentence: borrowed for the call. */
void guide_rule_check(const struct expr *rule, const struct guide_rule_sources *s,
	void (*each)(void *arg, const char *sentence), void *arg);

#endif
