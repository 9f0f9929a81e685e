#include "tui/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/msg.h"
#include "core/domain/workday.h"

static bool read_day(const char *text, size_t len, int32_t *day)
{
	char copy[DATE_SIZE] = "";
	struct date d;

	if (len != 10)
		return false;
	memcpy(copy, text, len);
	if (!date_parse(copy, &d))
		return false;
	*day = date_to_day(d);
	return true;
}

/* On stderr, so that the answer itself stays one line for scripts. */
static void say_provisional(const struct calendar *c, int32_t day)
{
	if (calendar_provisional(c, day))
		fprintf(stderr, tr("%d 年的放假安排本机还没有, 结果是暂定的\n"),
			date_from_day(day).year);
}

static int is_work(const struct calendar *c, int32_t day)
{
	printf("%s\t%s\n", calendar_is_work(c, day) ? "work" : "off", calendar_why(c, day));
	say_provisional(c, day);
	return EXIT_DONE;
}

static int shifted(const struct calendar *c, int32_t day, const char *offset)
{
	char text[DATE_SIZE], *end;
	long n = strtol(offset, &end, 10);
	int32_t result;

	if (end == offset || *end != '\0' || n > 100000 || n < -100000)
		return -1;
	result = calendar_add(c, day, (int)n);
	if (!date_valid(date_from_day(result))) {
		fprintf(stderr, "%s\n", tr("那一天在 1 年以前或 9999 年以后, 算不出来。"));
		return EXIT_REFUSED;
	}
	puts(date_format(date_from_day(result), text));
	say_provisional(c, result);
	return EXIT_DONE;
}

static int counted(const struct calendar *c, int32_t a, int32_t b)
{
	printf("%d\n", (int)calendar_count(c, a, b));
	say_provisional(c, a > b ? a : b);
	return EXIT_DONE;
}

int cmd_workday(int argc, char **argv)
{
	const struct calendar *c = calendar_shipped();
	const char *dots = argc > 1 ? strstr(argv[1], "..") : NULL;
	int32_t a, b;
	int code = -1;

	if (argc == 2 && dots != NULL) {
		if (read_day(argv[1], (size_t)(dots - argv[1]), &a) &&
			read_day(dots + 2, strlen(dots + 2), &b))
			code = counted(c, a, b);
	} else if (argc >= 2 && argc <= 3 && read_day(argv[1], strlen(argv[1]), &a)) {
		code = argc == 2 ? is_work(c, a) : shifted(c, a, argv[2]);
	}
	return code >= 0 ? code
			 : cmd_usage(tr("workday 日期 | 日期 +N | 日期 -N | 日期..日期   (日期写成 "
					"2026-11-24)"));
}
