#include "core/station/plain.h"

#include <stdbool.h>
#include <string.h>

#include "core/station/pinyin.h"

struct typed {
	const uint32_t *q;
	size_t n;
};

static uint64_t bit(size_t i)
{
	return (uint64_t)1 << i;
}

/* The typed places after the character cp, begun at place i; *ends: what was typed may end within
 * it. */
static uint64_t after(const struct typed *t, size_t i, uint32_t cp, bool *ends)
{
	uint64_t places = 0;
	if (t->q[i] == cp) {
		places |= bit(i + 1);
		*ends |= i + 1 == t->n;
	}
	const uint16_t *readings;
	size_t count = pinyin_readings(pinyin_set(cp), &readings);
	for (size_t r = 0; r < count; r++) {
		const char *s = pinyin_syllable(readings[r]);
		size_t l = 0;
		while (s[l] && i + l < t->n &&
			(t->q[i + l] == (uint32_t)s[l] || (s[l] == 'v' && t->q[i + l] == 'u')))
			l++;
		if (l == 0)
			continue;
		places |= bit(i + 1);
		if (l >= 2 && s[1] == 'h')
			places |= bit(i + 2);
		if (!s[l])
			places |= bit(i + l);
		*ends |= i + l == t->n;
	}
	return places;
}

static uint64_t after_all(const struct typed *t, uint64_t places, uint32_t cp, bool *ends)
{
	uint64_t next = 0;
	for (size_t i = 0; i < t->n; i++)
		if (places & bit(i))
			next |= after(t, i, cp, ends);
	return next;
}

static enum pattern_level from(
	const struct typed *t, const uint32_t *text, size_t len, size_t begin)
{
	enum pattern_level best = PATTERN_NONE;
	uint64_t places = 1;
	for (size_t j = begin; j < len && places; j++) {
		bool ends = false;
		places = after_all(t, places, text[j], &ends);
		if (ends && begin == 0 && j + 1 == len)
			return PATTERN_WHOLE;
		if (ends)
			best = begin == 0 ? PATTERN_BEGINNING : PATTERN_PART;
	}
	return best;
}

static bool with_gaps(const struct typed *t, const uint32_t *text, size_t len)
{
	uint64_t places = 1;
	for (size_t j = 0; j < len; j++) {
		bool ends = false;
		places |= after_all(t, places, text[j], &ends);
		if (ends)
			return true;
	}
	return false;
}

enum pattern_level plain_match(const uint32_t *typed, size_t n, const uint32_t *text, size_t len)
{
	const struct typed t = {typed, n < PATTERN_MAX ? n : PATTERN_MAX};
	enum pattern_level best = PATTERN_NONE;
	if (t.n == 0)
		return PATTERN_NONE;
	for (size_t begin = 0; begin < len; begin++) {
		enum pattern_level level = from(&t, text, len, begin);
		best = level > best ? level : best;
	}
	return best == PATTERN_NONE && with_gaps(&t, text, len) ? PATTERN_GAP : best;
}

uint64_t plain_consume(
	const uint32_t *typed, size_t n, size_t start, const uint32_t *text, size_t len)
{
	const struct typed t = {typed, n < PATTERN_MAX ? n : PATTERN_MAX};
	uint64_t places = bit(start);
	for (size_t j = 0; j < len && places; j++) {
		bool ends = false;
		places = after_all(&t, places, text[j], &ends);
		if (ends && j + 1 == len)
			places |= bit(t.n);
	}
	return len > 0 ? places : 0;
}
