/*
 * Rows of flags, one a field: what uses what. Few of many are set, so they are looked for by the
 * word and not one by one.
 */
#ifndef YIMEN_FORMS_FLAGS_H
#define YIMEN_FORMS_FLAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The first that is set at or after `from`; count when there is none. */
static inline size_t flags_next(const bool *flags, size_t count, size_t from)
{
	const void *at = NULL;

	if (from < count)
		at = memchr(flags + from, 1, count - from);
	return at != NULL ? (size_t)((const bool *)at - flags) : count;
}

#endif
