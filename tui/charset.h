/*
 * The character set at the edge of the program: everything inside is UTF-8, a terminal or a pipe
 * may speak GB18030 or GBK.
 */
#ifndef YIMEN_TUI_CHARSET_H
#define YIMEN_TUI_CHARSET_H

#include <stddef.h>

#include "core/base/err.h"

enum {
	CHARSET_SIZE = 16
};

struct buf;

/*
 * Takes the locale of the environment; where that says nothing at all, terminals of today speak
 * UTF-8. ERR_DENIED with a sentence (in English: Chinese could not be read): the locale is not
 * installed.
 */
enum err charset_take_locale(struct buf *why);
/* The name of the one in force. ERR_DENIED likewise: it has no Chinese. */
enum err charset_name(char out[CHARSET_SIZE], struct buf *why);

/* Appends UTF-8 text in this charset; a character it lacks becomes ?. */
void charset_encode(struct buf *out, const char *charset, const char *text);
/* Appends bytes of this charset as UTF-8; what is ill-formed becomes U+FFFD, or in
 * UTF-8 stays for text_clean. */
void charset_decode(struct buf *out, const char *charset, const char *bytes, size_t len_bytes);

#endif
