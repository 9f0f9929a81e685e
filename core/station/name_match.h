/* Names of persons by what one types on a Latin keyboard. */
#ifndef YIMEN_CORE_STATION_NAME_MATCH_H
#define YIMEN_CORE_STATION_NAME_MATCH_H

#include <stdbool.h>

/* Letters (a to z) spell the name from its beginning: whole syllables of pinyin, without tones, or
 * the first letters of them, mixed: "chenxy", "cxy", "chen". "" spells every name. */
bool name_sounds_like(const char *name, const char *letters);
/* All of it is letters a to z, and there are some. */
bool name_is_letters(const char *s);
/* It may be a person's: two to four Chinese characters, more around a middle dot, or two and more
 * words of Latin letters. */
bool name_is_likely(const char *s);

#endif
