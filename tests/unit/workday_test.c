/* Working days and days off, by notice and by law; when something is due. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/clock.h"
#include "core/domain/workday.h"
#include "tests/unit/table.h"

static int wrong_rows; /* how many rows of a table disagreed */

static int32_t day(const char *text)
{
	struct date d;

	assert_true(date_parse(text, &d));
	return date_to_day(d);
}

static void days_that_are_law(void **state)
{
	static const char *const off[] = {"2003-05-01", "2003-10-03", "1998-10-02", "2027-01-01",
		"2027-02-05", "2027-02-08", "2027-05-01", "2028-05-02", "2027-10-03", "2028-04-04"};
	static const char *const work[] = {
		"1998-10-05", "2003-05-08", "2027-02-04", "2027-01-04", "2027-05-04"};
	const struct calendar *c = calendar_shipped();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof off / sizeof off[0]; i++) {
		assert_false(calendar_is_work(c, day(off[i])));
		assert_false(calendar_provisional(c, day(off[i])));
	}
	for (i = 0; i < sizeof work / sizeof work[0]; i++) {
		assert_true(calendar_is_work(c, day(work[i])));
		assert_true(calendar_provisional(c, day(work[i])));
	}
	assert_string_equal(calendar_why(c, day("2027-01-01")), "元旦");
	/* a table decides: 2024-05-03 was off by notice, 05-02 too, though law until 2025 had one
	 */
	assert_false(calendar_provisional(c, day("2024-05-02")));
}

static void workday_row(const struct table_row *r)
{
	const struct calendar *c = calendar_shipped();
	char verb[20], a[20], b[20] = "", got[20] = "";
	int n;

	sscanf(r->cell[0], "%19s %19s %19s", verb, a, b);
	if (strcmp(verb, "isWorkday") == 0)
		snprintf(got, sizeof got, "%s", calendar_is_work(c, day(a)) ? "true" : "false");
	else if (strcmp(verb, "isHoliday") == 0)
		snprintf(got, sizeof got, "%s", calendar_is_work(c, day(a)) ? "false" : "true");
	else if (strcmp(verb, "countWorkdays") == 0)
		snprintf(got, sizeof got, "%d", (int)calendar_count(c, day(a), day(b)));
	else if (strcmp(verb, "addWorkdays") == 0)
		date_format(date_from_day(calendar_add(c, day(a), atoi(b))), got);
	else if (strcmp(verb, "findWorkday") == 0) {
		n = atoi(a);
		date_format(date_from_day(calendar_add(c, day(b), n)), got);
	} else
		return; /* isInLieu: a day off in exchange, a notion no clock of ours needs */
	if (strcmp(got, r->cell[1]) != 0) {
		wrong_rows++;
		print_error("%s: %s, want %s\n", r->cell[0], got, r->cell[1]);
	}
}

static void working_days(void **state)
{
	const struct calendar *c = calendar_shipped();

	(void)state;
	wrong_rows = 0;
	assert_true(table_each("workday.tsv", workday_row) > 15);
	assert_true(table_each("workday_gen.tsv", workday_row) > 700);
	assert_int_equal(wrong_rows, 0);
	assert_int_equal(calendar_count(c, day("2024-01-01"), day("2024-12-31")), 251);
	assert_int_equal(calendar_count(c, day("2025-01-01"), day("2025-12-31")), 248);
	assert_int_equal(calendar_count(c, day("2026-01-01"), day("2026-12-31")), 248);
	assert_false(calendar_provisional(c, day("2026-12-31")));
	assert_true(calendar_provisional(c, day("2027-01-04")));
	/* the start day never counts; working days, calendar days, suspension */
	assert_int_equal(calendar_due(c, day("2026-09-24"), 5, 'G', 0), day("2026-10-09"));
	assert_int_equal(calendar_due(c, day("2026-11-24"), 10, 'Z', 0), day("2026-12-04"));
	assert_int_equal(calendar_due(c, day("2026-11-24"), 5, 'G', 2), day("2026-12-03"));
	assert_int_equal(calendar_due(c, day("2026-11-28"), 0, 'G', 0), day("2026-11-30"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_that_are_law),
		cmocka_unit_test(working_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
