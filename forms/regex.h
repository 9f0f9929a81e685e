/*
 * Regular expressions of form definitions: what an expression searches for anywhere in the text
 * (^ and $ anchor it, as the ODK XForms specification says of regex()). UTF-8; \d, \w and \s are
 * ASCII as in ECMAScript, \p{Han} works. The only home of PCRE2. Every match is bounded in steps
 * and memory, so no pattern and no answer can hold up a counter.
 */
#ifndef YIMEN_FORMS_REGEX_H
#define YIMEN_FORMS_REGEX_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct regex;

/* ERR_INVALID: why says what is wrong with the pattern, and where. */
enum err regex_compile(struct regex **out, const char *pattern, struct buf *why);
void regex_free(struct regex *r); /* NULL is fine */

/* *found: text holds a match. ERR_INVALID: finding out would take too long; why says so. */
enum err regex_search(const struct regex *r, const char *text, bool *found, struct buf *why);

#endif
