/*
 * Large text for a visitor, as far as cells of one size can be large: numbers of solid cells seven
 * rows high; Chinese with a cell between the characters and a blank row between the lines; one item
 * a page and nothing else on the screen. What does not fit goes on in a further part of its page.
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
