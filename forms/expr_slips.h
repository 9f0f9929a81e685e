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
/* A function of ours called as a spreadsheet's of the same name is: if() of two, date() of three.
 * false: not known to be so. */
bool slip_arguments(const char *name, int count, struct buf *sentence);
/* What comes at `at` stands behind a function's name without the brackets it needs: not ${a}. */
bool slip_bare_function(const char *source, size_t at, struct buf *why);
/* A slash, and no field's name behind it: a division. */
void slip_division(struct buf *why);

#endif
