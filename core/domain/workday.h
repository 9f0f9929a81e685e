/*
 * Working days. Weekends are off, the State Council's yearly notice moves holidays and make-up
 * workdays: tables in data/calendars, from 2004 on. Beyond the last year that has a table only
 * weekends and the days that are law (core/domain/statutory.h) are known: but for those days
 * results are provisional. Days are counted since 1970-01-01 (core/base/clock.h).
 */
#ifndef YIMEN_CORE_DOMAIN_WORKDAY_H
#define YIMEN_CORE_DOMAIN_WORKDAY_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct calendar;

/* Reads every .tsv of a folder (date, kind off|work, name). why may be NULL. */
enum err calendar_open(struct calendar **out, const char *folder, struct buf *why);
/* The shipped ones, read once and kept. Empty tables if they cannot be read: then all is
 * provisional. */
const struct calendar *calendar_shipped(void);
void calendar_free(struct calendar *c);

bool calendar_is_work(const struct calendar *c, int32_t day);
/* Why: the holiday's or make-up day's name, or the day of the week; borrowed. */
const char *calendar_why(const struct calendar *c, int32_t day);
/* No table of that year, and the day is not off by law. */
bool calendar_provisional(const struct calendar *c, int32_t day);

/* The nth working day strictly after day (n > 0) or before it (n < 0); n = 0: day itself when it is
 * a working day, else the next one. */
int32_t calendar_add(const struct calendar *c, int32_t day, int n);
/* Working days from a to b, both ends in; negative when b is before a. */
int32_t calendar_count(const struct calendar *c, int32_t a, int32_t b);

/*
 * Legal clocks (domain rules of 行政许可法): the start day never counts. unit 'G' working days, 'Z'
 * calendar days; suspended: working days the clock stood still. The last day is in, until 23:59.
 */
int32_t calendar_due(
	const struct calendar *c, int32_t start_day, int limit, char unit, int suspended);

#endif
