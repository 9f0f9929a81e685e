/* Deadlines: each row of tests/unit/data/deadline.tsv. A day with ? is provisional. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/domain/deadline.h"
#include "core/domain/workday.h"
#include "tests/unit/table.h"

enum {
	ARGUMENTS_MAX = 8,
	ANSWER_SIZE = 32
};

static int wrong_rows;

static int32_t day(const char *text)
{
	struct date d;

	if (!date_parse(text, &d))
		fail_msg("%s is not a day", text);
	return date_to_day(d);
}

static void put_deadline(char out[ANSWER_SIZE], struct deadline d)
{
	char text[DATE_SIZE];

	snprintf(out, ANSWER_SIZE, "%s%s", date_format(date_from_day(d.day), text),
		d.provisional ? "?" : "");
}

static void put_number(char out[ANSWER_SIZE], int n)
{
	snprintf(out, ANSWER_SIZE, "%d", n);
}

static void after(char out[ANSWER_SIZE], char *const *a)
{
	put_deadline(out,
		deadline_after(calendar_shipped(), day(a[0]), atoi(a[1]), a[2][0], atoi(a[3])));
}

static struct limit limit(const char *text)
{
	return (struct limit){atoi(text), text[strlen(text) - 1]};
}

static void decide(char out[ANSWER_SIZE], char *const *a)
{
	struct deadline d;

	if (deadline_decide(
		    calendar_shipped(), day(a[0]), limit(a[1]), limit(a[2]), atoi(a[3]), &d))
		put_deadline(out, d);
	else
		strcpy(out, "none");
}

static void instant(char out[ANSWER_SIZE], char *const *a)
{
	put_deadline(out, deadline_instant(calendar_shipped(), day(a[0]), deadline_minute(a[1]),
				  deadline_minute(a[2])));
}

static void left(char out[ANSWER_SIZE], char *const *a)
{
	put_number(out, deadline_left(calendar_shipped(), day(a[0]), day(a[1])));
}

static void alarm_of(char out[ANSWER_SIZE], char *const *a)
{
	static const char *const names[] = {"none", "yellow", "red"};

	strcpy(out, names[deadline_alarm(calendar_shipped(), day(a[0]), day(a[1]), atoi(a[2]))]);
}

static void stopped(char out[ANSWER_SIZE], char *const *a)
{
	struct stop stops[2];
	size_t n = 0;

	for (; n < 2 && a[1 + 2 * n] != NULL; n++)
		stops[n] = (struct stop){day(a[1 + 2 * n]), day(a[2 + 2 * n])};
	put_number(out, deadline_stopped(calendar_shipped(), stops, n, a[0][0]));
}

static void legal(char out[ANSWER_SIZE], char *const *a)
{
	put_number(out, deadline_legal_workdays(*a[0] != '-', *a[1] != '-'));
}

static void minute(char out[ANSWER_SIZE], char *const *a)
{
	put_number(out, deadline_minute(a[0]));
}

static void row(const struct table_row *r)
{
	static const struct {
		const char *name;
		void (*answer)(char out[ANSWER_SIZE], char *const *a);
	} rules[] = {{"after", after}, {"decide", decide}, {"instant", instant}, {"left", left},
		{"alarm", alarm_of}, {"stopped", stopped}, {"legal", legal}, {"minute", minute}};
	char *a[ARGUMENTS_MAX] = {NULL}, *rest = r->cell[1], got[ANSWER_SIZE] = "no such rule";

	for (size_t i = 0; i < ARGUMENTS_MAX - 1; i++)
		if ((a[i] = strtok_r(rest, " ", &rest)) == NULL)
			break;
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		if (strcmp(rules[i].name, r->cell[0]) == 0)
			rules[i].answer(got, a);
	if (strcmp(got, r->cell[2]) == 0)
		return;
	wrong_rows++;
	print_error("line %d: %s: %s, want %s (%s)\n", r->line, r->cell[0], got, r->cell[2],
		r->cell[3]);
}

static void every_row_holds(void **state)
{
	(void)state;
	wrong_rows = 0;
	assert_true(table_each("deadline.tsv", row) > 50);
	assert_int_equal(wrong_rows, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
