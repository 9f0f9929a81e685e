/*
 * What the store was asked lately and answered the same way each time: letters name the same few
 * matters and stations again and again, and to ask for one would wait for the commit under way. A
 * fixed number of places; a name that meets another at its place takes it.
 */
#ifndef YIMEN_CORE_CENTRAL_RECENT_H
#define YIMEN_CORE_CENTRAL_RECENT_H

#include <stdbool.h>
#include <stdint.h>

enum {
	RECENT_PLACES = 1024,
	RECENT_BYTES_MAX = 256 /* longer names are not remembered */
};

/* Zeroed: nothing is remembered. */
struct recent {
	struct recent_place {
		char *name; /* NULL: free */
		int64_t value, until_ms;
	} places[RECENT_PLACES];
};

/* true with *value: put under this name, and until_ms is still to come. */
bool recent_get(const struct recent *r, const char *name, int64_t now_ms, int64_t *value);
void recent_put(struct recent *r, const char *name, int64_t until_ms, int64_t value);
void recent_forget(struct recent *r); /* all */

#endif
