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
