/*
 * JSON (RFC 8259). The only home of cJSON. Reading refuses what is ambiguous between two readers:
 * duplicate keys, broken \u escapes, control characters, text after the value, nesting deeper than
 * 64, ill-formed UTF-8, \u0000, numbers that are not finite or begin with 0 like 01. Writing is by
 * appending to a struct buf, keys in the order given.
 */
#ifndef YIMEN_CORE_BASE_JSON_H
#define YIMEN_CORE_BASE_JSON_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
typedef struct cJSON json; /* opaque outside json.c */

enum json_type {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

/* *out is the caller's: json_free. text NULL is as "". ERR_INVALID with a sentence in why (may be
 * NULL). */
enum err json_parse(json **out, const char *text, size_t len_bytes, struct buf *why);
void json_free(json *root);

/* All of these take NULL as "absent". Borrowed from the tree. */
enum json_type json_type(const json *v);
const json *json_get(const json *object, const char *key);     /* NULL: absent or not an object */
const char *json_str(const json *v);			       /* NULL: not a string */
const char *json_get_str(const json *object, const char *key); /* NULL: absent or not a string */
bool json_num(const json *v, double *out);		       /* false: not a number */
/* A number, or a string of digits (real data has both); otherwise `absent`. */
int64_t json_get_int(const json *object, const char *key, int64_t absent);
bool json_get_bool(const json *object, const char *key, bool absent); /* true, 1, "1" are true */

size_t json_count(const json *array_or_object);
const json *json_first(const json *array_or_object);
const json *json_next(const json *v);
const char *json_key(const json *member); /* of a member of an object */

/* Appends v compactly; numbers as short as they read back the same. */
void json_write(struct buf *out, const json *v);

/*
 * Writing by hand: json_put_str writes a quoted, escaped string (NULL writes null). A member is
 * `json_member(&b, "name")` then a value; both put the comma where one is due by looking at the
 * last byte written.
 */
void json_put_str(struct buf *out, const char *s);
void json_put_strn(struct buf *out, const char *s, size_t len_bytes);
void json_put_int(struct buf *out, int64_t n);
void json_put_num(struct buf *out, double n); /* not finite: null */
void json_comma(struct buf *out);	      /* before an element of an array, if one is due */
void json_member(struct buf *out, const char *key);
void json_member_str(struct buf *out, const char *key, const char *s); /* NULL: member left out */
void json_member_int(struct buf *out, const char *key, int64_t n);

#endif
