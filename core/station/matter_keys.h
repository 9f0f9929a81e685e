/*
 * The keys of a matter that we know: what type each has, where struct matter keeps it, and what a
 * person calls it. One table for reading, for differences and for the guide.
 */
#ifndef YIMEN_CORE_STATION_MATTER_KEYS_H
#define YIMEN_CORE_STATION_MATTER_KEYS_H

#include <stddef.h>

enum matter_key_kind {
	MATTER_KEY_TEXT,    /* a text or a number */
	MATTER_KEY_INT,	    /* a number or a text of digits */
	MATTER_KEY_FLAG,    /* 0 1 true false 是 否 */
	MATTER_KEY_LIST,    /* an array of texts, or one text */
	MATTER_KEY_OBJECTS, /* an array of objects */
	MATTER_KEY_KIND__MAX
};

#define MATTER_KEY_NOWHERE ((size_t)-1)

struct matter_key {
	const char *name;
	enum matter_key_kind kind;
	size_t at;	   /* offset in struct matter, or MATTER_KEY_NOWHERE */
	const char *label; /* N_() */
};

/* Closed by a NULL name. */
extern const struct matter_key matter_keys[];
const struct matter_key *matter_key_find(const char *name);
/* The label of a key of a matter or of its parts, in the language in force; the key itself when it
 * is not known. */
const char *matter_key_label(const char *name);

#endif
