#include "tests/faults/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool report_row(const struct row *r)
{
	bool good = r->count > 0 && r->lost + r->twice + r->other == 0;

	printf("%-9s %-37s %7zu %5zu %5zu %5zu %s\n", r->part, r->what, r->count, r->lost, r->twice,
		r->other, good ? "ok" : "NOT OK");
	fflush(stdout);
	return good;
}

void report_skipped(const char *part, const char *what, const char *why)
{
	printf("%-9s %-37s skipped: %s\n", part, what, why);
	fflush(stdout);
}

void report_note(const char *fmt, ...)
{
	va_list ap;

	fputs("# ", stdout);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

size_t report_length(const char *name, size_t brief, size_t otherwise)
{
	const char *set = getenv(name);
	unsigned long n = set != NULL ? strtoul(set, NULL, 10) : 0;

	if (n > 0)
		return n;
	return getenv("SHORT") != NULL ? brief : otherwise;
}
