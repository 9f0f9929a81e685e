/*
 * Digits, capital letters and the hyphen that are read from the other side of a counter: solid
 * cells, seven rows high, five pixels wide.
 */
#ifndef YIMEN_TUI_BIG_TEXT_H
#define YIMEN_TUI_BIG_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/canvas.h"

enum {
	BIG_TEXT_ROWS = 7,
	BIG_TEXT_PIXELS = 5
};

/* Columns of one character when a pixel is pixel_cols (1 or 2) cells wide. */
int big_text_char_cols(int pixel_cols);
/* Columns of `len` characters, the blank pixel between them included. */
int big_text_cols(size_t len, int pixel_cols);
/* Whether every character has a shape. */
bool big_text_can(const char *text);
/* Draws `len` of them. In `role` cells (a background that is seen, e.g. ROLE_SELECTED); the cells
 * hold the character itself, so that it is there without any looks too. */
void big_text_draw(struct canvas *c, int row, int col, const char *text, size_t len, int pixel_cols,
	enum role role);

#endif
