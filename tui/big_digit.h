/*
 * Digits that are read from the other side of a counter: seven rows, ten columns, of solid cells.
 */
#ifndef YIMEN_TUI_BIG_DIGIT_H
#define YIMEN_TUI_BIG_DIGIT_H

#include "tui/canvas.h"

enum {
	BIG_DIGIT_ROWS = 7,
	BIG_DIGIT_COLS = 10
};

/* digit 1 to 5. In `role` cells (a background that is seen, e.g. ROLE_SELECTED), on a terminal
 * without any made of the digit itself. */
void big_digit_draw(struct canvas *c, int row, int col, int digit, enum role role);

#endif
