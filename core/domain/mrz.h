/*
 * The two lines of 44 that a passport reader sends (ICAO Doc 9303 part 4, TD3), run together; line
 * breaks and blanks are gone. The second line alone will do: all that is checked stands there.
 */
#ifndef YIMEN_CORE_DOMAIN_MRZ_H
#define YIMEN_CORE_DOMAIN_MRZ_H

#include <stdbool.h>

enum {
	MRZ_NUMBER_SIZE = 10
};

enum mrz {
	MRZ_NONE,   /* it is something else */
	MRZ_LENGTH, /* begun, but not 44 or 88 characters long */
	MRZ_WRONG,  /* a check digit does not fit */
	MRZ_PASSPORT
};

/* number: the passport's, without its fillers. *what: the part that is wrong, an N_(). */
enum mrz mrz_read(const char *s, char number[MRZ_NUMBER_SIZE], const char **what);

/* A check digit over n characters: weights 7 3 1, letters from 10, filler 0 (part 3, 4.9). */
int mrz_sum(const char *s, int n, int before);

#endif
