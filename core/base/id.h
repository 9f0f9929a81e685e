/*
 * Identifiers made here. Randomness comes in as a function, so tests repeat.
 */
#ifndef YIMEN_CORE_BASE_ID_H
#define YIMEN_CORE_BASE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct entropy {
	void (*fill)(void *arg, void *out, size_t len_bytes);
	void *arg;
};

/* The kernel's (getrandom). */
extern const struct entropy entropy_system;

#define ID_UUID_SIZE	    37
#define ID_NUMBER_MAX_BYTES 64 /* of a case at the centre, and of its password */
/* A UUID version 7 (RFC 9562 §5.7): sorts by the time it was made. Lower case. Returns out. */
const char *id_uuid(const struct entropy *e, int64_t wall_ms, char out[ID_UUID_SIZE]);
/* Any version, canonical form 8-4-4-4-12, hexadecimal. */
bool id_is_uuid(const char *s);

/* What another program calls something by, and we show, print and send back: visible ASCII without
 * blanks, 1 to most_bytes of it. NULL is none. */
bool id_is_word(const char *s, size_t most_bytes);

/*
 * n characters of Crockford's base 32 without vowels-lookalikes (0-9 A-Z less I L O U), for codes
 * that are read aloud. out has n + 1 bytes. Returns out.
 */
const char *id_code(const struct entropy *e, int n, char *out);

#define ID_MARK_SIZE 4
/* The mark of a station in its receipts' numbers, drawn by lot: three such characters, the first a
 * letter ("K7Q"), one of 22 528. Returns out. */
const char *id_mark(const struct entropy *e, char out[ID_MARK_SIZE]);
bool id_is_mark(const char *s); /* NULL is none */

#endif
