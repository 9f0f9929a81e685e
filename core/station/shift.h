/*
 * Shifts: who was at which window from when to when. One at a time per window; its beginning and
 * its end stand in the audit trail. A program that died leaves its shift open: the same operator
 * goes on with it, another one ends it.
 */
#ifndef YIMEN_CORE_STATION_SHIFT_H
#define YIMEN_CORE_STATION_SHIFT_H

#include "core/base/err.h"

#include <stddef.h>
#include <stdint.h>

struct store;

enum shift_ending {
	SHIFT_SIGNED_OFF, /* handed to the next one */
	SHIFT_LEFT,	  /* the program was left */
	SHIFT_LOST,	  /* nobody ended it: the next one found it open */
	SHIFT__MAX
};

/* What is left open by the one who goes; for the trail. */
struct shift_open_items {
	size_t drafts, handed, letters;
};

/* Goes on with one that is open for the same operator at this window since today. */
enum err shift_begin(struct store *s, const char *operator_name, const char *window);
/* Nothing when none is open. */
enum err shift_end(struct store *s, const char *operator_name, const char *window,
	enum shift_ending ending, const struct shift_open_items *left);
/* When the open one began; 0: none is. */
int64_t shift_since(struct store *s, const char *operator_name, const char *window);

/* What this operator has open now. */
void shift_count_open(struct store *s, const char *operator_name, struct shift_open_items *out);

#endif
