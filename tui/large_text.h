/*
 * Large text for a visitor, as far as cells of one size can be large: numbers of solid cells seven
 * rows high; Chinese with a cell between the characters and a blank row between the lines; one item
 * a page and nothing else on the screen. What does not fit goes on in a further part of its page.
 *
 * Why Chinese is spaced and not drawn: a character needs 16x16 points. Of two cells a point it is
 * 32 columns by 16 rows, two characters on a screen of 80x24; of one cell a point four, half as
 * wide as they are high. A visitor would read a sentence in ten screens; half-block characters,
 * which would double that, are of ambiguous width. What a visitor has to take away is a number, a
 * date, an amount, and those are drawn. Lines of double height (DECDHL, ESC # 3 and 4) would be the
 * right means: but no capability and no answer tells who knows them, and a terminal that does not
 * (screen, tmux, the Linux console) shows each line twice. The terminal's own larger font serves
 * better.
 */
#ifndef YIMEN_TUI_LARGE_TEXT_H
#define YIMEN_TUI_LARGE_TEXT_H

#include <stddef.h>

#include "tui/canvas.h"

struct large_page {
	int number; /* a digit that leads to it; 0: none does */
	char *big;  /* a number, NULL: none */
	char *text; /* lines; the few words of this page */
};

struct large_text {
	char *title; /* above each page */
	struct large_page *pages;
	size_t count;
};

/* A zeroed one is empty. Takes all pages out and gives it this title. */
void large_text_begin(struct large_text *t, const char *title);
void large_text_add(struct large_text *t, int number, const char *big, const char *text);
void large_text_fini(struct large_text *t);

/* Of how many parts page i is made on a screen of this size, at least 1. */
size_t large_text_parts(const struct large_text *t, size_t i, int rows, int cols);
/* Draws one part from row 0 up to the last but two rows; the cursor is at its first line. */
void large_text_draw(const struct large_text *t, size_t i, size_t part, struct canvas *c);

#endif
