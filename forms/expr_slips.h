/*
 * What people write who know Excel or another language better than ours: the mend is known, and is
 * said instead of what the parser stumbles over. Inside of the expression language.
 */
#ifndef YIMEN_FORMS_EXPR_SLIPS_H
#define YIMEN_FORMS_EXPR_SLIPS_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* s begins with a day without quotes (2026-12-31, 2026/1/5, 2026.1.5, be there such a day or not),
 * which would be taken for a subtraction: how many bytes it has, with a sentence; 0: it does not.
 */
size_t slip_date(const char *s, struct buf *why);
/* There is no function of this name: the sentence, with the one that was meant. */
void slip_function(const char *name, size_t len_bytes, struct buf *sentence);
/* A word where an operator must be: AND, 并且. false: none that is known. */
bool slip_operator(const char *word, size_t len_bytes, struct buf *why);
/* A slash, and no field's name behind it: a division. */
void slip_division(struct buf *why);

#endif
