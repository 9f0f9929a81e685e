#include "tui/words.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/station/fold.h"
#include "core/station/plain.h"

bool words_in(const char *text, const char *words)
{
	struct buf have = {0}, want = {0};
	bool found;

	text_fold(&have, text);
	text_fold(&want, words);
	found = strstr(buf_str(&have), buf_str(&want)) != NULL;
	buf_fini(&have);
	buf_fini(&want);
	return found;
}

bool words_sound_like(const char *text, const char *words)
{
	struct fold typed, name;

	fold_text(&typed, words, strlen(words));
	fold_text(&name, text, strlen(text));
	return plain_match(typed.cp, typed.len, name.cp, name.len) >= PATTERN_PART;
}
