/*
 * The examples a form carries: answers that must pass, answers that must be found wrong and where,
 * and answers that are rare and give a warning there and nothing worse. A folder has them in
 * examples.jsonl ({"pass": true, false or "warning", "at": place, "answers": {…}} a line); a
 * spreadsheet in a sheet `examples` with the columns pass (yes, no or warning), at, and places.
 */
#ifndef YIMEN_FORMS_FORM_EXAMPLES_H
#define YIMEN_FORMS_FORM_EXAMPLES_H

#include <stdbool.h>

#include "forms/form.h"

/*
 * true: all hold, or there are none. Otherwise faults has "file:row:1: sentence" for each that does
 * not, and under it what was found instead.
 */
bool form_examples_hold(const struct form *form, const char *path, struct buf *faults);

#endif
