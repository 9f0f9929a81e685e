/*
 * Numbers as XPath 1.0 writes and reads them (§3.5, §4.2, §4.4): decimal, never an exponent; and
 * rounding in decimal, so that 1.005 rounds to 1.01 as it does on paper.
 */
#ifndef YIMEN_FORMS_EXPR_NUMBER_H
#define YIMEN_FORMS_EXPR_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* Digits with at most one point, surrounded by white space, after an optional minus; else NaN. */
double number_read(const char *s, size_t len_bytes);

/* Appends NaN, Infinity, -Infinity, or the shortest decimal that reads back the same. */
void number_write(struct buf *out, double n);

/* To 15 significant digits, as many as a double is sure of: 33.333333333333336 is 33.3333333333333.
 */
double number_sure(double n);

/* More significant digits than a double is sure of: such an amount was rounded already. */
bool number_unsure(double n);

/* To `places` decimals (negative: tens, hundreds); a half goes towards positive infinity. More
 * than 30 places either way is NaN. */
double number_round(double n, int places);

#endif
