/*
 * Bytes from the keyboard to keys. The terminal's own sequences are bound by tui/terminal.c from
 * terminfo; the common ones of xterm, VT and the Linux console are known besides. Characters come
 * in the locale's charset (UTF-8, GB18030). Nothing here waits: an unfinished sequence stays until
 * more bytes come or the caller says that the line is quiet; a paste whose end was lost on the way
 * ends where there was silence for three seconds.
 */
#ifndef YIMEN_TUI_DECODE_H
#define YIMEN_TUI_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/key.h"

struct decoder;

struct decoder *decoder_new(void);
void decoder_free(struct decoder *d);
/* The sequence of a key on this terminal; ch for K_F. Empty or NULL sequences are ignored. */
void decoder_bind(struct decoder *d, const char *sequence, enum key_code code, uint32_t ch);
/* Bytes read at a moment (monotonic). */
void decoder_feed(struct decoder *d, const void *bytes, size_t len_bytes, int64_t at_ms);
/*
 * The next key; false: none, or not complete. quiet: no more bytes came for the time an escape
 * sequence may take, so what is there is taken as it is (a lone Esc is Esc).
 */
bool decoder_next(struct decoder *d, bool quiet, struct key *out);
/* An arrow came in parts so far from each other that its Esc was taken for a lone one; the rest of
 * it was no text. Whoever waits for an Esc to be alone should wait longer on this line. */
bool decoder_torn(const struct decoder *d);
/* Bytes wait for their continuation. */
bool decoder_pending(const struct decoder *d);

#endif
