#include "core/domain/statutory.h"

#include <stdbool.h>
#include <stddef.h>

#include "core/base/msg.h"

struct fixed {
	int month, first, last;
	int since, until; /* years, both in */
	const char *name; /* N_() */
};

enum {
	EVER = 9999
};

static const struct fixed fixed[] = {
	{1, 1, 1, 1950, EVER, N_("元旦")},
	{5, 1, 1, 1950, EVER, N_("劳动节")},
	{5, 2, 3, 2000, 2007, N_("劳动节")},
	{5, 2, 2, 2025, EVER, N_("劳动节")},
	{10, 1, 2, 1950, EVER, N_("国庆节")},
	{10, 3, 3, 2000, EVER, N_("国庆节")},
};

/* The first day of the first month, Pure Brightness, the fifth of the fifth, the fifteenth of the
 * eighth, as month * 100 + day. */
struct lunar {
	int year, spring, tomb, boat, moon;
};

static const struct lunar lunar[] = {
	{2027, 206, 405, 609, 915},
	{2028, 126, 404, 528, 1003},
	{2029, 213, 404, 616, 922},
	{2030, 203, 405, 605, 912},
	{2031, 123, 405, 624, 1001},
	{2032, 211, 404, 612, 919},
	{2033, 131, 404, 601, 908},
	{2034, 219, 405, 620, 927},
	{2035, 208, 405, 610, 916},
};

static const char *lunar_day(struct date d)
{
	int is = d.month * 100 + d.day;
	size_t i;

	for (i = 0; i < sizeof lunar / sizeof lunar[0]; i++) {
		const struct lunar *l = &lunar[i];
		const struct date spring = {l->year, l->spring / 100, l->spring % 100};
		int32_t after = date_to_day(d) - date_to_day(spring);
		if (l->year != d.year)
			continue;
		/* the eve and three days, since 2025 */
		return after >= -1 && after <= 2 ? N_("春节")
		       : is == l->tomb		 ? N_("清明节")
		       : is == l->boat		 ? N_("端午节")
		       : is == l->moon		 ? N_("中秋节")
						 : NULL;
	}
	return NULL;
}

const char *statutory_day(struct date d)
{
	size_t i;

	for (i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
		const struct fixed *f = &fixed[i];
		if (d.month == f->month && d.day >= f->first && d.day <= f->last &&
			d.year >= f->since && d.year <= f->until)
			return f->name;
	}
	return lunar_day(d);
}
