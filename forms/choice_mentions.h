/*
 * What the words of choices mention (${name}): a rule that gives such words (jr:choice-name,
 * the label of instance() and pulldata()) depends on the answers in them.
 */
#ifndef YIMEN_FORMS_CHOICE_MENTIONS_H
#define YIMEN_FORMS_CHOICE_MENTIONS_H

#include <stdbool.h>

struct expr;
struct form;

/* Sets, of the form's count flags, those of the fields that the words in the rule mention, and that
 * the words of their answers mention in turn. Returns whether they mention what is no field: what
 * identifies the case. */
bool choice_mentions(const struct form *form, const struct expr *rule, bool *fields);

#endif
