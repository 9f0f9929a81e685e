/*
 * UTF-8 text. Bytes, code points and columns are three different numbers: names say which
 * (_bytes, _cps, _cols). The only home of libutf8proc (Unicode 15 width and normalisation).
 * Ambiguous-width characters count one column; screens replace them before drawing.
 */
#ifndef YIMEN_CORE_BASE_TEXT_H
#define YIMEN_CORE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Decodes one code point at s (len_bytes > 0 left). Returns the bytes consumed, at least 1. An
 * ill-formed byte yields U+FFFD and consumes 1 (Unicode 15 §3.9: overlong forms, surrogates and
 * values over 10FFFF are ill-formed).
 */
size_t text_decode(const char *s, size_t len_bytes, uint32_t *cp);

/* Encodes cp into out (4 bytes of room); returns the bytes written. Not terminated. */
size_t text_encode(uint32_t cp, char out[4]);

bool text_valid(const char *s, size_t len_bytes);
size_t text_len_cps(const char *s);

/* Columns of one code point: 0 (combining, control), 1 or 2. */
int text_cp_cols(uint32_t cp);

/* Columns of a NUL-terminated string. */
int text_cols(const char *s);

/*
 * The longest prefix of s that fits in max_cols without splitting a code point or leaving a
 * combining mark behind; *used_cols (may be NULL) is its width. Returns its length in bytes.
 */
size_t text_fit(const char *s, int max_cols, int *used_cols);

/*
 * Appends s cut to exactly `cols` columns: padded with spaces, or cut with ".." at its end when it
 * is longer (two columns of dots, so that what is left out can be seen).
 */
void text_pad(struct buf *out, const char *s, int cols);

/* Start of the next / previous grapheme cluster from byte offset at; stays inside [0, len]. */
size_t text_next(const char *s, size_t len_bytes, size_t at);
size_t text_prev(const char *s, size_t len_bytes, size_t at);

/* What cp is without its marks and its kind of writing, when that is one character (é: e, ⼩: 小,
 * ｶ: カ); else cp. */
uint32_t text_base(uint32_t cp);

/* A letter or a mark of any script, Roman numerals among them; no digit. */
bool text_is_letter(uint32_t cp);
/* A digit of any script, also one in a circle or raised. */
bool text_is_digit(uint32_t cp);

/* Full-width ASCII and the ideographic space to half width; appends to out. */
void text_halfwidth(struct buf *out, const char *s);

/* NFKC and case folding for comparing and searching; appends to out. */
void text_fold(struct buf *out, const char *s);

/* White space of every kind, joiners, soft hyphens and marks of direction: text that is copied out
 * of a chat or an address book comes between them (U+202D … U+202C). */
bool text_is_unseen(uint32_t cp);

/* The dot between the parts of a name (买买提·艾力), as the input methods write it. */
bool text_is_name_dot(uint32_t cp);

/* Removes what nobody sees at both ends, in place. */
void text_trim(char *s);

/*
 * Appends s without what must never reach a terminal or a log line: control characters (C0, DEL,
 * C1) with the whole command that one begins, bidirectional overrides, line separators. Tab and
 * line feed become one space; ill-formed bytes become U+FFFD.
 */
void text_clean(struct buf *out, const char *s, size_t len_bytes);
/* The same of what others say at whatever length: most_bytes of s, not cut within a character, and
 * ".." for what is left out. */
void text_clean_some(struct buf *out, const char *s, size_t most_bytes);

/* There is nothing in s that text_clean would take out or change; lines: tabs and ends of lines may
 * be. */
bool text_is_plain(const char *s, bool lines);

/* A moment as forms and letters hold it (ISO 8601: 2026-11-28T04:49), in place as people write it:
 * with a blank. Anything else stays as it is. */
void text_moment(char *s);

/*
 * Appends s masked for logs and screens: keeps `head` and `tail` code points, the rest become '*'.
 * A string of head + tail code points or fewer is masked whole.
 */
void text_mask(struct buf *out, const char *s, int head, int tail);

#endif
