/*
 * Pinyin for searching: every reading of a character, without tones, v for u-umlaut. From Unihan
 * (Unicode 15) with our list of exceptions; see data/pinyin. Characters of the Basic Plane.
 */
#ifndef YIMEN_CORE_STATION_PINYIN_H
#define YIMEN_CORE_STATION_PINYIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PINYIN_READINGS_MAX = 8
};

/* The number of the set of readings of cp, from 1; 0: it has none. */
unsigned pinyin_set(uint32_t cp);
size_t pinyin_set_count(void); /* sets are numbered below this */

/* The syllables of a set; returns how many (at most PINYIN_READINGS_MAX). */
size_t pinyin_readings(unsigned set, const uint16_t **syllables);

const char *pinyin_syllable(unsigned syllable); /* "zhang" */
size_t pinyin_syllable_count(void);		/* syllables are numbered from 1, below this */

/* The syllables that people mix up with this one (zh/z, ch/c, sh/s, n/l, an/ang, en/eng, in/ing),
 * itself first; returns how many were written, at most max. */
size_t pinyin_alike(unsigned syllable, uint16_t *out, size_t max);

/* The simplified form (Unihan kSimplifiedVariant), or cp itself. */
uint32_t pinyin_simplify(uint32_t cp);

/* Changes whenever the tables do: derived files remember it. */
uint32_t pinyin_fingerprint(void);

#endif
