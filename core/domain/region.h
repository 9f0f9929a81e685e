/*
 * Administrative divisions by their six-digit codes (GB/T 2260), those no longer in force included:
 * a citizen's number keeps the code of the place and time it was given. The table is
 * data/regions/history.tsv, read on first use.
 */
#ifndef YIMEN_CORE_DOMAIN_REGION_H
#define YIMEN_CORE_DOMAIN_REGION_H

#include <stdbool.h>

/* In any table of any year. true also when the table cannot be read: a doubt needs a ground. */
bool region_ever(const char *six);
/* Some county in the table lies in the city whose code has these first four digits. */
bool region_is_city(const char *six);
/* The name in that year, or the one nearest to it; NULL when the code is in no table. Borrowed. */
const char *region_name(const char *six, int year);

#endif
