/*
 * Finding a case by whatever a visitor has: its number, the local receipt, a slip's or result's
 * number, a certificate, a telephone, the ticket, the name as written or by pinyin (whole or
 * initials), the matter.
 */
#ifndef YIMEN_CORE_STATION_CASE_FIND_H
#define YIMEN_CORE_STATION_CASE_FIND_H

#include <stddef.h>

struct case_view;
struct store;

struct case_wanted {
	const char *words; /* each, between blanks, must fit something; "": every case */
	const char *state; /* only in this state (core/domain/lifecycle.h); NULL: any */
	size_t max;
};

/*
 * Last submitted first. Whole numbers are found however old; parts of them, names and matters among
 * the last 20 000 cases. Each may use the store.
 */
void case_find(struct store *s, const struct case_wanted *w,
	void (*each)(void *arg, const struct case_view *c), void *arg);

#endif
