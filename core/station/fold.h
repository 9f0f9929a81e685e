/*
 * Text as the search compares it: one code point a character, simplified, half width, lower case,
 * without blanks and punctuation; and where each came from in the text as written.
 */
#ifndef YIMEN_CORE_STATION_FOLD_H
#define YIMEN_CORE_STATION_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FOLD_MAX = 255 /* characters; what is longer is cut */
};

struct fold {
	uint32_t cp[FOLD_MAX];
	uint16_t at_bytes[FOLD_MAX + 1]; /* where it begins in the text; */
	uint16_t len_bytes[FOLD_MAX];	 /* and how long it is there */
	bool gap_before[FOLD_MAX];	 /* a blank stood before it */
	size_t len;
};

/* Any bytes; ill-formed ones are left out. */
void fold_text(struct fold *f, const char *text, size_t len_bytes);

/* A Chinese character (it may have readings). */
bool fold_is_han(uint32_t cp);

#endif
