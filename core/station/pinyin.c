#include "core/station/pinyin.h"

#include <stdlib.h>

#include "pinyin_table.h"

unsigned pinyin_set(uint32_t cp)
{
	if (cp == 0x3007) /* 〇, outside the table's range, reads as 零 */
		cp = 0x96F6;
	return cp >= FIRST_CHAR && cp <= LAST_CHAR ? set_of[cp - FIRST_CHAR] : 0;
}

size_t pinyin_set_count(void)
{
	return sizeof sets / sizeof *sets;
}

size_t pinyin_readings(unsigned set, const uint16_t **out)
{
	*out = sets[set] + 1;
	return sets[set][0];
}

const char *pinyin_syllable(unsigned syllable)
{
	return syllables[syllable];
}

size_t pinyin_syllable_count(void)
{
	return sizeof syllables / sizeof *syllables;
}

size_t pinyin_alike(unsigned syllable, uint16_t *out, size_t max)
{
	size_t n = 0;
	while (n < max && n < sizeof alike[0] / sizeof alike[0][0] && alike[syllable][n] != 0) {
		out[n] = alike[syllable][n];
		n++;
	}
	return n;
}

static int compare_pair(const void *key, const void *pair)
{
	return (int)*(const uint32_t *)key - (int)((const uint16_t *)pair)[0];
}

uint32_t pinyin_simplify(uint32_t cp)
{
	if (cp < FIRST_CHAR || cp > LAST_CHAR)
		return cp;
	const uint16_t *pair = bsearch(&cp, simplified_of,
		sizeof simplified_of / sizeof *simplified_of, sizeof *simplified_of, compare_pair);
	return pair ? pair[1] : cp;
}

uint32_t pinyin_fingerprint(void)
{
	return fingerprint;
}
