/* Deadlines: each row of tests/unit/data/deadline.tsv. A day with ? is provisional. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/domain/deadline.h"
#include "core/domain/workday.h"
#include "core/station/matter.h"
#include "core/station/promise.h"
#include "core/station/settings.h"
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

static void supplement(char out[ANSWER_SIZE], char *const *a)
{
	char text[DATE_SIZE];
	int32_t last = deadline_supplement(calendar_shipped(), day(a[0]), atoi(a[1]));

	strcpy(out, date_format(date_from_day(last), text));
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
		{"alarm", alarm_of}, {"stopped", stopped}, {"legal", legal}, {"minute", minute},
		{"supplement", supplement}};
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

/* What a hall has that sets nothing is what the centre takes when it is told no day. */
static void a_hall_that_sets_no_days_has_the_usual_ones(void **state)
{
	struct conf *c = conf_new(settings_keys);

	(void)state;
	assert_int_equal(conf_get_long(c, "hall.correction_days", 0), SUPPLEMENT_DAYS);
	conf_free(c);
}

/* The promise of a guide, from a moment: of a day at 16:00 and after closing. */
static void promises_of_guides(void **state)
{
	static const struct {
		const char *guide, *moment, *due;
	} rows[] = {
		{"\"promise_day\": 5, \"anticipate_day\": 20", "2026-11-24T16:00:00+08:00",
			"2026-12-01"},
		{"\"promise_day\": 30, \"anticipate_day\": 20", "2026-11-24T16:00:00+08:00",
			"2026-12-22"},
		{"\"promise_day\": 5, \"promise_type\": \"Z\"", "2026-11-24T16:00:00+08:00",
			"2026-11-29"},
		{"\"project_type\": \"1\"", "2026-11-24T16:59:59+08:00", "2026-11-24"},
		{"\"project_type\": \"1\"", "2026-11-24T17:00:00+08:00", "2026-11-25"},
		{"\"promise_day\": 0", "2026-11-27T18:00:00+08:00", "2026-11-30"},
		{"\"task_type\": \"01\"", "2026-11-24T16:00:00+08:00", "2026-12-22"},
		{"\"task_type\": \"05\"", "2026-11-24T16:00:00+08:00", "none"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct matter *m = NULL;
		struct deadline d;
		char text[300], got[ANSWER_SIZE] = "none";
		int64_t at_ms = 0;
		snprintf(text, sizeof text, "{\"task_code\": \"1\", \"task_name\": \"事\", %s}",
			rows[i].guide);
		assert_int_equal(matter_parse(&m, text, strlen(text), NULL), OK);
		assert_true(clock_parse_iso(rows[i].moment, &at_ms));
		if (promise_due(m, at_ms, deadline_minute("17:00"), &d))
			put_deadline(got, d);
		assert_string_equal(got, rows[i].due);
		matter_free(m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_holds),
		cmocka_unit_test(a_hall_that_sets_no_days_has_the_usual_ones),
		cmocka_unit_test(promises_of_guides),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
