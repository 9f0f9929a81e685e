#include "core/station/name_match.h"

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/base/text.h"
#include "core/station/pinyin.h"

bool name_sounds_like(const char *name, const char *letters)
{
	size_t len = strlen(name), next = text_next(name, len, 0), count, i, k;
	const uint16_t *syllables;
	uint32_t cp;

	if (letters[0] == '\0')
		return true;
	if (name[0] == '\0')
		return false;
	text_decode(name, len, &cp);
	count = pinyin_readings(pinyin_set(pinyin_simplify(cp)), &syllables);
	for (i = 0; i < count; i++) {
		const char *syllable = pinyin_syllable(syllables[i]);
		for (k = 1; syllable[k - 1] != '\0' && letters[k - 1] == syllable[k - 1]; k++)
			if (name_sounds_like(name + next, letters + k))
				return true;
	}
	return false;
}

bool name_is_letters(const char *s)
{
	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++)
		if (!islower((unsigned char)*s))
			return false;
	return true;
}

static bool is_han(uint32_t cp)
{
	return (cp >= 0x3400 && cp <= 0x9fff) || (cp >= 0x20000 && cp <= 0x323af);
}

static bool is_latin(uint32_t cp)
{
	return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') || cp == '-' || cp == '\'' ||
	       (cp >= 0xc0 && cp <= 0x24f && cp != 0xd7 && cp != 0xf7);
}

bool name_is_likely(const char *s)
{
	size_t len = strlen(s), han = 0, latin = 0, dots = 0, blanks = 0;

	while (len > 0 && s[len - 1] == ' ')
		len--;
	for (size_t at = 0; at < len;) {
		uint32_t cp;
		at += text_decode(s + at, len - at, &cp);
		han += is_han(cp);
		latin += is_latin(cp);
		dots += text_is_name_dot(cp);
		blanks += cp == ' ';
		if (!is_han(cp) && !is_latin(cp) && !text_is_name_dot(cp) && cp != ' ')
			return false;
	}
	if (han > 0)
		return latin + blanks == 0 && han >= 2 && (han <= 4 || dots > 0);
	return latin >= 2 && blanks > 0 && dots == 0 && s[0] != ' ';
}
