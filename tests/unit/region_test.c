/* Regions of today and of the past, and what a number tells of its owner. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/clock.h"
#include "core/domain/identifier.h"
#include "core/domain/region.h"
#include "tests/unit/table.h"

static int wrong_rows; /* how many rows of a table disagreed */

static void a_number_tells_birth_sex_and_region(void **state)
{
	struct id_card_facts f;

	(void)state;
	assert_true(id_card_facts("371323199003070010", &f));
	assert_int_equal(f.birth.year, 1990);
	assert_int_equal(f.birth.day, 7);
	assert_true(f.male);
	assert_string_equal(f.region, "371323");
	assert_int_equal(id_card_age(f.birth, date_to_day((struct date){2026, 3, 6})), 35);
	assert_int_equal(id_card_age(f.birth, date_to_day((struct date){2026, 3, 7})), 36);
	assert_false(id_card_facts("371323199013070010", &f));
	assert_string_equal(region_name("371323", 2016), "沂水县");
	assert_null(region_name("379999", 2016));
}

static void region_row(const struct table_row *r)
{
	const char *name;
	char code[7];

	snprintf(code, sizeof code, "%.6s", r->cell[0]);
	name = region_name(code, atoi(r->cell[0] + 7));
	if (strcmp(r->cell[1], "-") != 0 &&
		(!region_ever(code) || name == NULL || strcmp(name, r->cell[1]) != 0)) {
		wrong_rows++;
		print_error("%s: %s, want %s\n", r->cell[0], name, r->cell[1]);
	}
}

static void regions_of_the_past_are_known(void **state)
{
	(void)state;
	wrong_rows = 0;
	assert_true(table_each("region_history.tsv", region_row) > 200);
	assert_int_equal(wrong_rows, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_tells_birth_sex_and_region),
		cmocka_unit_test(regions_of_the_past_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
