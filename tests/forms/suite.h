/*
 * Suites of other implementations, run against ours. A suite is a table of cases in
 * tests/forms/conformance; exclusions.tsv there lists, with its reason, each case that we do not
 * agree with on purpose. An exclusion that no case needs any more is a failure: the list stays
 * honest.
 */
#ifndef YIMEN_TESTS_FORMS_SUITE_H
#define YIMEN_TESTS_FORMS_SUITE_H

#include <stdbool.h>
#include <stddef.h>

struct suite;

enum {
	SUITE_CELLS_MAX = 8
};

/* Ends the program when the exclusions cannot be read. */
struct suite *suite_open(const char *name);
/* Prints "ok N - name: P passed, E excluded, F failed"; returns the failures. Frees s. */
int suite_close(struct suite *s);

/*
 * Calls each for every row of conformance/NAME.tsv: cells separated by TAB with \t \n \r \\
 * undone, "" beyond the row. The first line names the columns; "# " begins a remark. Ends the
 * program when the file cannot be read.
 */
void suite_rows(
	struct suite *s, void (*each)(struct suite *s, char *cell[SUITE_CELLS_MAX], int line));

/* Counts the case as excluded if an exclusion says `text`, or "name()" and text calls name. */
bool suite_excluded(struct suite *s, const char *text);
void suite_passed(struct suite *s);
void suite_failed(struct suite *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
