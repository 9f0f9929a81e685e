/*
 * The days off that are law (全国年节及纪念日放假办法, in force since 2000, amended 2008, 2014 and
 * 2025): they need no yearly notice. The notice only adds days exchanged with weekends.
 */
#ifndef YIMEN_CORE_DOMAIN_STATUTORY_H
#define YIMEN_CORE_DOMAIN_STATUTORY_H

#include "core/base/clock.h"

/*
 * The day's name, an N_(), borrowed; NULL: no such day, or one by the lunar calendar of a year
 * without a row in the table (2027 to 2035).
 */
const char *statutory_day(struct date d);

#endif
