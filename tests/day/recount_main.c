/*
 * recount HOME DAY|MONTH [LATE_MINUTES]: holds the lines of `yimen day --json` (standard input)
 * against the audit trail of the station in HOME, counted anew. Prints what differs; exits 1 then.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/station/store.h"
#include "tests/unit/recount.h"

static bool period(const char *text, int32_t *from, int32_t *to)
{
	char whole[32];
	struct date d;

	snprintf(whole, sizeof whole, "%s%s", text, strlen(text) == 7 ? "-01" : "");
	if (!date_parse(whole, &d))
		return false;
	*from = date_to_day(d);
	*to = *from + 1;
	if (strlen(text) == 7) {
		d.year += d.month == 12;
		d.month = d.month % 12 + 1;
		*to = date_to_day(d);
	}
	return true;
}

int main(int argc, char **argv)
{
	struct buf text = {0}, said = {0}, why = {0};
	struct store *s = NULL;
	struct recount *r;
	int32_t from, to;
	size_t same, wrong;
	char chunk[4096];
	size_t n;

	if (argc < 3 || argc > 4 || !period(argv[2], &from, &to)) {
		fprintf(stderr, "usage: recount HOME YYYY-MM-DD|YYYY-MM [LATE_MINUTES] <lines\n");
		return 2;
	}
	if (store_open(&s, argv[1], &clock_system, &entropy_system, &why) != OK) {
		fprintf(stderr, "%s\n", buf_str(&why));
		return 3;
	}
	while ((n = fread(chunk, 1, sizeof chunk, stdin)) > 0)
		buf_add(&text, chunk, n);
	r = recount_make(s, from, to, argc > 3 ? atoi(argv[3]) : 10);
	same = recount_compare(r, buf_str(&text), &wrong, &said);
	fputs(buf_str(&said), stdout);
	printf("%zu figures the same, %zu not\n", same, wrong);
	recount_free(r);
	store_close(s);
	buf_fini(&text);
	buf_fini(&said);
	buf_fini(&why);
	return wrong == 0 && same > 0 ? 0 : 1;
}
