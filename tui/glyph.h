/*
 * What may stand on a screen: ASCII and characters that every terminal draws two cells wide. All
 * others (quotes, dashes, circled numbers, arrows: one cell here, two there) are replaced when they
 * are drawn, never in the data, so that the same rows stand right on every terminal.
 */
#ifndef YIMEN_TUI_GLYPH_H
#define YIMEN_TUI_GLYPH_H

#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Appends text as it may be drawn. Control characters become one space, combining marks go
 * with all that joins a character (a family or a flag is one 〓: terminals draw them two, four or
 * eight cells wide), letters lose their accents, characters of ambiguous width become their ASCII
 * or full-width likeness, what has no likeness becomes '?' (narrow) or the geta mark 〓 (wide,
 * outside GBK and not an ideograph). Ideographs outside GBK stay: the name of a person is written
 * as it is.
 */
void glyph_text(struct buf *out, const char *text, size_t len_bytes);

/* Appends text as it may be drawn, cut with ".." when it is wider than cols. */
void glyph_fit(struct buf *out, const char *text, int cols);

/* Columns of text once it is replaced. */
int glyph_cols(const char *text);

/* The half-width twin of a full-width sign, digit or letter (and of 、 and 。 as / and .); else cp.
 */
uint32_t glyph_half(uint32_t cp);

#endif
