/*
 * Which of our languages whoever asks wants to read: Accept-Language (RFC 9110 §12.5.4), matched as
 * RFC 4647 §3.4 looks up: "zh-Hant-HK" is served with "zh", "en-GB" with "en".
 */
#ifndef YIMEN_CORE_CENTRAL_LANGUAGE_H
#define YIMEN_CORE_CENTRAL_LANGUAGE_H

#include "core/base/msg.h"

enum language_range {
	RANGE_CHINESE,
	RANGE_ENGLISH,
	RANGE_ANY, /* "*": what is not named */
	LANGUAGE_RANGE__MAX
};

/* Zeroed: nothing was said. */
struct language_wish {
	struct {
		unsigned at; /* its place in the list, from 1; 0: not named */
		int quality; /* the best one it was named with, in thousandths */
	} ranges[LANGUAGE_RANGE__MAX];
	unsigned count; /* languages named so far, ours or not */
};

/* Takes in one field line; several are one list. What is not written as the standard has it is
 * passed over, as if it did not stand there. */
void language_wish_add(struct language_wish *w, const char *line);

/* The one with the higher quality, of equal ones the first. MSG_OWN: neither is wanted, or both
 * alike. */
enum msg_language language_wish_best(const struct language_wish *w);

#endif
