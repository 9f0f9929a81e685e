/*
 * What a proof prints: a row a case, readable at 80 columns.
 *	part  case  count  lost  twice  other  ok | NOT OK | skipped: why
 * The limit of lost, twice and other is 0. "other" is whatever else must not be: a receipt that
 * differs on both sides, a letter that needs a person, an exit code without a sentence.
 */
#ifndef YIMEN_TESTS_FAULTS_REPORT_H
#define YIMEN_TESTS_FAULTS_REPORT_H

#include <stdbool.h>
#include <stddef.h>

struct row {
	const char *part, *what;
	size_t count, lost, twice, other;
};

/* Prints it at once. false: NOT OK. A case that was never tried (count 0) is not ok either. */
bool report_row(const struct row *r);
void report_skipped(const char *part, const char *what, const char *why);
/* A line for whoever looks for the cause, under the row that follows. */
void report_note(const char *fmt, ...);

/* A number from the environment (N, SEEDS …); else a short one when SHORT is set, as in make test,
 * else the default. */
size_t report_length(const char *name, size_t brief, size_t otherwise);

#endif
