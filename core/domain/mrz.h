/*
 * What the readers of passports and cards send. The two lines of 44 that a passport reader sends
 * (ICAO Doc 9303 part 4, TD3), run together; line breaks and blanks are gone. The second line alone
 * will do: all that is checked stands there.
 */
#ifndef YIMEN_CORE_DOMAIN_MRZ_H
#define YIMEN_CORE_DOMAIN_MRZ_H

#include <stdbool.h>

enum {
	MRZ_NUMBER_SIZE = 10,
	MRZ_CARD_NUMBER_SIZE = 26
};

enum mrz {
	MRZ_NONE,   /* it is something else */
	MRZ_LENGTH, /* begun, but not as long as it must be: 44 or 88 characters; a card's 90 */
	MRZ_WRONG,  /* a check digit does not fit */
	MRZ_PASSPORT,
	MRZ_CARD
};

/* number: the passport's, without its fillers. *what: the part that is wrong, an N_(). */
enum mrz mrz_read(const char *s, char number[MRZ_NUMBER_SIZE], const char **what);

/*
 * The three lines of 30 of a card (part 5, TD1), run together. number: the document's, put together
 * when it is longer than its nine places (a foreigner's permanent residence card has 15 or 18
 * characters); optional: what stands behind it, where some issuers put the holder's number.
 */
struct mrz_card {
	char number[MRZ_CARD_NUMBER_SIZE], optional[MRZ_CARD_NUMBER_SIZE];
};
enum mrz mrz_read_card(const char *s, struct mrz_card *out, const char **what);

/* A check digit over n characters: weights 7 3 1, letters from 10, filler 0 (part 3, 4.9). */
int mrz_sum(const char *s, int n, int before);

#endif
