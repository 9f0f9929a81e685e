#include "core/station/pinyin.h"

#include <stdlib.h>
#include <string.h>

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

static unsigned find_syllable(const char *name)
{
	for (unsigned i = 1; i < pinyin_syllable_count(); i++)
		if (strcmp(syllables[i], name) == 0)
			return i;
	return 0;
}

static bool is_vowel(char c)
{
	return c && strchr("aeiouv", c) != NULL;
}

/* The same syllable with the beginning that is mixed up with its own; false: there is none. */
static bool other_beginning(const char *s, char *out)
{
	if (strchr("zcs", s[0])) {
		if (s[1] == 'h') {
			out[0] = s[0];
			strcpy(out + 1, s + 2);
		} else {
			out[0] = s[0];
			out[1] = 'h';
			strcpy(out + 2, s + 1);
		}
		return true;
	}
	if (s[0] == 'n' || s[0] == 'l') {
		strcpy(out, s);
		out[0] = s[0] == 'n' ? 'l' : 'n';
		return true;
	}
	return false;
}

static bool other_end(const char *s, char *out)
{
	size_t n = strlen(s);
	strcpy(out, s);
	if (n >= 3 && s[n - 1] == 'g' && s[n - 2] == 'n' && strchr("aei", s[n - 3])) {
		out[n - 1] = '\0';
		return true;
	}
	if (n >= 2 && s[n - 1] == 'n' && is_vowel(s[n - 2]) && strchr("aei", s[n - 2])) {
		strcpy(out + n, "g");
		return true;
	}
	return false;
}

static size_t add(uint16_t *out, size_t n, size_t max, const char *name)
{
	unsigned syllable = find_syllable(name);
	if (syllable && n < max)
		out[n++] = (uint16_t)syllable;
	return n;
}

size_t pinyin_alike(unsigned syllable, uint16_t *out, size_t max)
{
	char beginning[16], end[16], both[16];
	const char *s = syllables[syllable];
	size_t n = 0;
	if (max > 0)
		out[n++] = (uint16_t)syllable;
	bool b = other_beginning(s, beginning), e = other_end(s, end);
	if (b)
		n = add(out, n, max, beginning);
	if (e)
		n = add(out, n, max, end);
	if (b && e && other_beginning(end, both))
		n = add(out, n, max, both);
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
