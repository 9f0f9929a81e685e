/*
 * The line to the centre, as the deliverer finds it: when it was lost, when it came back. Kept so
 * that a summary of the day can say which letters were written while there was none.
 */
#ifndef YIMEN_CORE_STATION_LINE_H
#define YIMEN_CORE_STATION_LINE_H

#include "core/base/err.h"

#include <stdbool.h>

struct store;

/* Own commit, with its row in the audit trail; nothing when it is known already. */
enum err line_note(struct store *s, bool up);

/* 1: it is up, 0: down, as it was noted last; -1: it never was. */
enum err line_last(struct store *s, int *up);

#endif
