/*
 * The exercise of a training hall: the line is cut and mended on demand, and what that means is
 * said (screens and lines alike).
 */
#ifndef YIMEN_TUI_EXERCISE_H
#define YIMEN_TUI_EXERCISE_H

#include <stdbool.h>

/* What to say, and to try, when the line was cut or mended. Translated. */
const char *exercise_words(bool cut);
/* Why the centre is not reached while it is cut. Translated. */
const char *exercise_reason(void);

#endif
