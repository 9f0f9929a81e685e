/*
 * Whether a few typed words mean a text, in short lists that are looked through as one types.
 */
#ifndef YIMEN_TUI_WORDS_H
#define YIMEN_TUI_WORDS_H

#include <stdbool.h>

/* A part of it, whatever the width and the case. "" is part of any. */
bool words_in(const char *text, const char *words);
/* Its pinyin, whole or by initials, in any reading. */
bool words_sound_like(const char *text, const char *words);

#endif
