/*
 * A paper as text for a terminal, its printer or a pipe: 80 columns, ASCII and wide characters only
 * (tui/glyph.h), so that every line ends where it should on any device.
 */
#ifndef YIMEN_TUI_PAPER_TEXT_H
#define YIMEN_TUI_PAPER_TEXT_H

struct buf;
struct paper;

enum {
	PAPER_TEXT_COLS = 80
};

/* Appends it; a new sheet begins with a form feed. No line is wider than PAPER_TEXT_COLS. */
void paper_text(struct buf *out, const struct paper *p);

#endif
