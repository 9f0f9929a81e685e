/*
 * A growing byte string. `data` is always NUL-terminated (never NULL after the first call that
 * adds), `len` counts bytes without that NUL. A zeroed struct buf is an empty one.
 */
#ifndef YIMEN_CORE_BASE_BUF_H
#define YIMEN_CORE_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct buf {
	char *data;
	size_t len;
	size_t cap;
};

void buf_fini(struct buf *b);
void buf_clear(struct buf *b); /* keeps the memory */
void buf_reserve(struct buf *b, size_t more_bytes);
void buf_add(struct buf *b, const void *data, size_t len_bytes);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* "" for an empty one; borrowed until the next change. */
const char *buf_str(const struct buf *b);

/* Hands the bytes to the caller (free() them; never NULL) and leaves b empty. */
char *buf_take(struct buf *b);

/* A refusal for a person: replaces what b held. b may be NULL: then nothing happens. */
void buf_why(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
