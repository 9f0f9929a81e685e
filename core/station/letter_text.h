/*
 * The last look at a letter before its bytes are frozen: the centre refuses texts with characters
 * in them that nobody can see, and no clerk can mend what cannot be seen. Answers and notes were
 * cleaned when they were typed; this is for what came another way (a name in the settings, a
 * catalogue, a draft of an older version).
 */
#ifndef YIMEN_CORE_STATION_LETTER_TEXT_H
#define YIMEN_CORE_STATION_LETTER_TEXT_H

#include "core/base/json.h"

#include <stdbool.h>

struct buf;

/* Every text in the JSON is as text_clean leaves it; names of members stay. What is clean already,
 * or is no JSON, stays byte by byte. */
void letter_text_clean(struct buf *body);
/* Nothing would be changed in it. */
bool letter_text_is_clean(const json *body);

#endif
